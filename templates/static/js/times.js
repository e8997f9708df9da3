// times.js: the server reads and writes instants in UTC; here they are put into the reader's time zone and back, the
// recent ones as "3 h ago", and what is overdue is marked.
import { isDirty, onPage } from './page.js';

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const full = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' });
const ago = new Intl.RelativeTimeFormat('en-GB', { style: 'narrow', numeric: 'auto' });
const MINUTE = 60_000, HOUR = 60 * MINUTE, DAY = 24 * HOUR;

function since(ms) {
	if (ms < MINUTE) return 'just now';
	if (ms < HOUR) return ago.format(-Math.floor(ms / MINUTE), 'minute');
	if (ms < DAY) return ago.format(-Math.floor(ms / HOUR), 'hour');
	return ago.format(-Math.floor(ms / DAY), 'day');
}

function write(node) {
	const { dateTime } = node;
	if (!dateTime) return;
	const instant = dateTime.includes('T');
	const when = new Date(instant ? dateTime : `${dateTime}T23:59:59`);
	if (Number.isNaN(when.getTime())) return;
	const past = Date.now() - when;
	if ('due' in node.dataset) node.classList.toggle('late', past > 0);
	if (!instant) return;
	// Months as the server writes them: a longer text would move what stands below.
	let text = ('full' in node.dataset ? full : day).format(when).replace('Sept ', 'Sep ');
	if ('ago' in node.dataset && past >= 0 && past < 7 * DAY) text = since(past);
	if (node.textContent !== text) node.textContent = text;
	node.title = full.format(when);
}

function fill(control) {
	const at = new Date(control.dataset.instant);
	if (control.type !== 'datetime-local' || Number.isNaN(at.getTime()) || isDirty(control)) return;
	const here = new Date(at - at.getTimezoneOffset() * MINUTE).toISOString().slice(0, 16);
	if (control.defaultValue === here) return;
	control.defaultValue = here;
	control.value = here;
}

// A form as the server reads it. A day alone lasts until its end.
export function sentOf(form, submitter) {
	const data = new FormData(form, submitter);
	for (const { name, value, type } of form.querySelectorAll('[data-instant]')) {
		const at = new Date(type === 'date' ? `${value}T23:59` : value);
		if (!Number.isNaN(at.getTime())) data.set(name, at.toISOString());
	}
	return data;
}

// The zone in which whoever signs up is, and those that there are to choose from.
function zones() {
	for (const control of document.querySelectorAll('[data-zone]')) control.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? '';
	for (const list of document.querySelectorAll('[data-zones]:empty'))
		list.append(...(Intl.supportedValuesOf?.('timeZone') ?? []).map((zone) => new Option(zone, zone)));
}

export function startTimes() {
	const all = () => {
		zones();
		document.querySelectorAll('time').forEach(write);
		document.querySelectorAll('[data-instant]').forEach(fill);
	};
	onPage(all);
	setInterval(all, MINUTE);
}
