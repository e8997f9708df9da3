// page.js: brings the page that is shown to what the server sent, in place. It keeps focus, caret, scroll, open
// details and dialogs, and it never overwrites a control that somebody has changed and not yet sent.
import { Idiomorph } from 'idiomorph';

const regions = ['side', 'main'];
const afterwards = [];
let holds = 0;
let waiting = null;

// Called after each change of the page, and once now.
export function onPage(listener) {
	afterwards.push(listener);
	listener();
}

export function parse(html) {
	return new DOMParser().parseFromString(html, 'text/html');
}

const isControl = (node) => node.matches('input, textarea, select');

export function isDirty(control) {
	if (!isControl(control) || control.type === 'hidden') return false; // a form has buttons and fieldsets, too
	if (control.type === 'checkbox' || control.type === 'radio') return control.checked !== control.defaultChecked;
	if (control.type === 'file') return control.files.length > 0;
	if (control.tagName !== 'SELECT') return control.value !== control.defaultValue;
	const options = [...control.options];
	const first = options.some((option) => option.defaultSelected) ? null : control.options[0];
	return options.some((option) => option.selected !== (option.defaultSelected || (!control.multiple && option === first)));
}

// What was sent counts as known to the server from now on; what somebody changed since then does not.
export function settle(form, sent) {
	for (const control of form.elements) {
		if (!control.name || control.disabled) continue;
		const values = sent.getAll(control.name);
		if (control.type === 'checkbox' || control.type === 'radio') control.defaultChecked = values.includes(control.value);
		else if (control.tagName === 'SELECT') for (const option of control.options) option.defaultSelected = values.includes(option.value);
		else if (control.tagName === 'TEXTAREA' || (control.tagName === 'INPUT' && control.type !== 'file')) control.defaultValue = values[0] ?? control.value;
	}
}

function mayMorph(node, next) {
	if (node.nodeType !== Node.ELEMENT_NODE) return true;
	if (node.hasAttribute('data-keep')) return false;
	// What was put into the reader's time zone.
	if (node.tagName === 'TIME' && node.dateTime === next.dateTime) return false;
	if (node.dataset.instant && node.dataset.instant === next.dataset.instant) return false;
	// What was wrong in a form is said until it is sent again: a page that comes by itself knows nothing of it.
	if (node.tagName === 'FORM' && node.querySelector('[aria-invalid=true]') && [...node.elements].some(isDirty)) return false;
	// What one has begun to change is changed from what one saw then.
	if (node.name === '_if_match' && [...node.form.elements].some(isDirty)) return false;
	return !(isControl(node) && isDirty(node));
}

function mayRemove(node) {
	if (node.nodeType !== Node.ELEMENT_NODE) return true;
	// What is shown once, such as a new key, stays until the page is left.
	if (node.hasAttribute('data-stay')) return false;
	const focused = document.activeElement;
	return !(node.contains(focused) && isControl(focused) && isDirty(focused));
}

const mayChange = (name, node) => !(name === 'open' && node.matches('details, dialog'));

const reached = 'a[href], button, input:not([type=hidden]), select, textarea';

// Where the focus goes when what has it goes away with its row: to the same place in the next row, or the one before.
function places(focused) {
	const row = focused.closest('tr, li');
	const at = row ? [...row.querySelectorAll(reached)].indexOf(focused) : -1;
	if (at < 0) return [];
	const rows = [...row.parentElement.children];
	const i = rows.indexOf(row);
	return [...rows.slice(i + 1), ...rows.slice(0, i).reverse()].map((one) => [...one.querySelectorAll(reached)][at]).filter(Boolean);
}

function morph(node, next) {
	const focused = node.contains(document.activeElement) ? document.activeElement : null;
	const { id } = focused ?? {};
	const others = focused ? places(focused) : [];
	Idiomorph.morph(node, next, {
		morphStyle: 'outerHTML',
		// It passes over all that is in what has the focus: right for a control, not for the board or the page.
		ignoreActiveValue: isControl(document.activeElement ?? node),
		callbacks: { beforeNodeMorphed: mayMorph, beforeNodeRemoved: mayRemove, beforeAttributeUpdated: mayChange },
	});
	if (!focused || document.activeElement !== document.body) return;
	const place = [id && document.getElementById(id), ...others, document.getElementById('main')].find((one) => one?.isConnected);
	place?.focus({ preventScroll: true });
}

// The errors of a refused form appear in it; what was typed stays.
export function showRefusal(form, next) {
	Idiomorph.morph(form, next, {
		morphStyle: 'outerHTML',
		callbacks: {
			beforeNodeMorphed(node, counterpart) {
				if (node.nodeType !== Node.ELEMENT_NODE) return true;
				if (node.hasAttribute('data-keep')) return false;
				if (!isControl(node) || node.type === 'hidden') return true;
				for (const name of ['aria-invalid', 'aria-describedby']) {
					if (counterpart.hasAttribute(name)) node.setAttribute(name, counterpart.getAttribute(name));
					else node.removeAttribute(name);
				}
				return false;
			},
			beforeAttributeUpdated: mayChange,
		},
	});
}

// What is in sight stays where it is. A browser sees to that itself, but not within what scrolls sideways, as tables do. One
// of the three may be what moves.
function keepPlace() {
	if (!scrollY) return () => {};
	const seen = [0.25, 0.5, 0.75].map((part) => document.elementFromPoint(innerWidth / 2, innerHeight * part)?.closest('main [id]'));
	const before = new Map(seen.filter(Boolean).map((node) => [node, node.getBoundingClientRect().top]));
	return () => {
		const moved = [...before].filter(([node]) => node.isConnected).map(([node, top]) => node.getBoundingClientRect().top - top);
		const by = moved.sort((a, b) => a - b)[moved.length >> 1];
		if (by) scrollBy({ top: by, behavior: 'instant' });
	};
}

// False: the document has another frame (the login page), so the browser has to load it.
export function showPage(next) {
	if (!regions.every((id) => next.getElementById(id) && document.getElementById(id))) return false;
	waiting = null;
	document.title = next.title;
	const stay = keepPlace();
	for (const id of regions) morph(document.getElementById(id), next.getElementById(id));
	stay();
	for (const listener of afterwards) listener();
	return true;
}

// A page that came by itself waits while something is being dragged, chosen or sent, or a character is being composed.
export function offerPage(next) {
	if (holds) {
		waiting = next;
		return true;
	}
	return showPage(next);
}

// What came before a change that is answered shows the page as it was.
export function forget() {
	waiting = null;
}

export function hold() {
	holds++;
}

export function release() {
	holds--;
	if (!holds && waiting && !showPage(waiting)) location.reload();
}

// What is current in a strip that scrolls sideways, such as tabs on a phone, is in sight; afterwards it is the reader's.
const seen = new WeakSet();
function showCurrent() {
	for (const current of document.querySelectorAll('main [aria-current]')) {
		if (seen.has(current)) continue;
		seen.add(current);
		const strip = current.closest('.tabs, .path, .docs-groups');
		if (!strip || strip.scrollWidth <= strip.clientWidth) continue;
		const [inner, outer] = [current, strip].map((node) => node.getBoundingClientRect());
		strip.scrollBy({ left: inner.left + inner.width / 2 - outer.left - outer.width / 2, behavior: 'instant' });
	}
}

let composing = false;
function compose(yes) {
	if (composing === yes) return;
	composing = yes;
	if (yes) hold();
	else release();
}

export function startPage() {
	onPage(showCurrent);
	document.addEventListener('compositionstart', () => compose(true));
	for (const end of ['compositionend', 'focusout']) document.addEventListener(end, () => compose(false));
}
