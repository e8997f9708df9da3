// times.js: the server writes instants in UTC; here they are put into the reader's time zone, the recent ones as "3 h
// ago", and what is overdue is marked.
import { onPage } from './page.js';

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

export function startTimes() {
	const all = () => document.querySelectorAll('time').forEach(write);
	onPage(all);
	setInterval(all, MINUTE);
}
