// typed.js: what somebody had typed when the session ended. It waits in the tab, as texts of the forms that it was typed into,
// and is there again when the same person has logged in and sees the same page. Another person never gets it.
import { notify } from './notices.js';
import { isDirty } from './page.js';

const KEY = 'muster-typed';
const DAY = 24 * 60 * 60 * 1000;
const me = () => document.body.dataset.me;
const here = () => location.pathname + location.search;

const isTick = (control) => control.type === 'checkbox' || control.type === 'radio';
const mayKeep = (control) => control.name && !control.disabled && !['password', 'file', 'hidden'].includes(control.type);

// How a control is found again. Ticks of one name differ by their values.
const named = (control) => (isTick(control) ? `${control.name}=${control.value}` : control.name);

function textOf(control) {
	if (isTick(control)) return control.checked;
	if (control.tagName !== 'SELECT') return control.value;
	const chosen = control.selectedOptions[0]; // a lookup's option is not on the next page
	return chosen ? { value: chosen.value, label: chosen.text } : null;
}

function putBack(control, text) {
	if (isTick(control)) control.checked = text;
	else if (control.tagName !== 'SELECT') control.value = text;
	else if (text) {
		if (![...control.options].some(({ value }) => value === text.value)) control.add(new Option(text.label, text.value));
		control.value = text.value;
	}
}

// For when the session ends. What is sent as soon as it is changed is not kept.
export function keepTyped() {
	const forms = {};
	for (const form of document.querySelectorAll('main form[method=post][id]:not([data-inline], [data-submit])')) {
		const dirty = [...form.elements].filter((control) => mayKeep(control) && isDirty(control));
		if (dirty.length) forms[form.getAttribute('id')] = dirty.map((control) => [named(control), textOf(control)]);
	}
	const shown = [...document.querySelectorAll('main input[type=radio][id]:checked')].filter(({ form }) => !form).map(({ id }) => id);
	try {
		if (Object.keys(forms).length) sessionStorage.setItem(KEY, JSON.stringify({ me: me(), path: here(), at: Date.now(), forms, shown }));
	} catch {
		// without storage, or without room in it, it is lost: the session is over all the same
	}
}

function read() {
	try {
		return JSON.parse(sessionStorage.getItem(KEY));
	} catch {
		return null; // no storage, or something else in it
	}
}

// Last of all that listens, so that what depends on a control follows.
export function startTyped() {
	const kept = read();
	if (!kept || !me()) return;
	const good = kept.me === me() && Date.now() - kept.at < DAY;
	if (good && kept.path !== here()) return; // perhaps on the next page
	sessionStorage.removeItem(KEY);
	if (!good) return;
	const found = [];
	for (const [id, texts] of Object.entries(kept.forms)) {
		const form = document.getElementById(id);
		for (const [name, text] of texts) {
			const control = [...(form?.elements ?? [])].find((one) => mayKeep(one) && named(one) === name);
			if (!control) continue;
			putBack(control, text);
			found.push(control);
		}
		form?.closest('[popover]')?.showPopover();
	}
	for (const id of kept.shown) document.getElementById(id)?.click();
	for (const control of found) for (const type of ['input', 'change']) control.dispatchEvent(new Event(type, { bubbles: true }));
	if (found.length) notify('What you had typed before you were logged out is here again.', 'good');
}
