// forms.js: sends forms without leaving the page. An accepted change shows the page that the server answers with; a
// refused one shows its errors where they belong and takes back what was shown in advance.
import { follow, leaveForLogin } from './live.js';
import { notify } from './notices.js';
import { hold, isDirty, parse, release, settle, showPage, showRefusal } from './page.js';
import { sentOf } from './times.js';

const sending = new WeakMap();    // what is being sent
const again = new WeakMap(); // those that were submitted once more meanwhile, and by which button
export const isSending = (form) => sending.has(form);
const here = () => location.pathname + location.search;
let shown = here(); // the address of the page that is there

// Shows what a fetch came back with, at its own address.
function arrive(reply, html, { replace = false } = {}) {
	const url = new URL(reply.url);
	// An answer that is shown once comes at the form's own address: it belongs to the page that is there.
	const once = url.pathname.startsWith('/do/');
	const to = once ? here() : url.pathname + url.search;
	const moved = to !== here();
	const next = parse(html);
	if (url.origin !== location.origin || !document.body.hasAttribute('data-live') || !showPage(next)) {
		location.assign(to);
		return null;
	}
	if (moved) {
		history[replace ? 'replaceState' : 'pushState'](null, '', to);
		shown = to;
		if (!replace) {
			scrollTo(0, 0);
			document.getElementById('main').focus({ preventScroll: true });
		}
	}
	if (once) follow(to);
	else follow(to, reply.headers.get('ETag'), Number(reply.headers.get('Muster-Version')));
	return next;
}

async function problem(reply) {
	const text = await reply.text();
	if (reply.headers.get('Content-Type')?.includes('json')) return { detail: JSON.parse(text).detail };
	const next = parse(text);
	const said = next.querySelector('#refused > span') ?? next.querySelector('.fault > .detail');
	return { next, detail: said?.textContent.trim() };
}

// Posts to an operation. `undo` takes back what was shown in advance. Resolves to whether it was accepted.
async function send(action, body, { form, undo, quiet } = {}) {
	hold();
	try {
		const reply = await fetch(action, { method: 'POST', body });
		if (reply.status === 401) {
			leaveForLogin();
			return false;
		}
		if (!reply.ok) {
			undo?.();
			const { next, detail } = await problem(reply);
			const counterpart = form && next?.getElementById(form.getAttribute('id'));
			const inPlace = counterpart?.querySelector('[aria-invalid=true]') && !form.hasAttribute('data-inline');
			const stale = reply.status === 412; // somebody else was faster: who saw that may send it again
			if (inPlace || (stale && counterpart)) showRefusal(form, counterpart);
			if (stale || !inPlace) notify(detail || 'That could not be saved.', 'bad');
			if (inPlace) form.querySelector('[aria-invalid=true]').focus();
			return false;
		}
		const html = await reply.text();
		if (form) {
			if (keepsValue(form) || form.hasAttribute('data-filled')) settle(form, body);
			else form.reset();
			form.closest('[popover]')?.hidePopover();
		}
		const next = arrive(reply, html);
		const flash = !quiet && next?.querySelector('[data-flash]');
		if (flash) notify(flash.querySelector('span').textContent, 'good', flash.querySelector('form'));
		const toast = form?.closest('.toast'); // what it offered is done
		if (toast?.contains(document.activeElement)) document.getElementById('main').focus({ preventScroll: true });
		toast?.remove();
		return true;
	} catch {
		undo?.();
		notify('The server could not be reached. Nothing was saved.', 'bad');
		return false;
	} finally {
		release();
	}
}

export function field(name) {
	return document.querySelector(`input[name=${name}]`)?.value ?? '';
}

// Shows what is stored, so that an accepted change stays in it; other forms are empty again.
const keepsValue = (form) => form.hasAttribute('data-inline') || form.hasAttribute('data-submit');

// What a tick shows before the answer is there.
function inAdvance(form) {
	const row = form.hasAttribute('data-tick') && form.closest('.task');
	if (!row) return undefined;
	row.classList.toggle('is-done');
	return () => row.classList.toggle('is-done');
}

async function submit(form, submitter) {
	const data = sentOf(form, submitter);
	const body = form.enctype === 'multipart/form-data' ? data : new URLSearchParams(data);
	if (sending.has(form)) {
		// Enter both changes a field and sends it: the same once more is nothing new.
		const isNew = submitter?.hasAttribute('formaction') || String(body) !== String(sending.get(form));
		if (keepsValue(form) && isNew) again.set(form, submitter);
		return;
	}
	sending.set(form, body);
	const button = submitter ?? form.querySelector('button');
	button?.setAttribute('aria-busy', 'true');
	const undo = keepsValue(form) ? () => again.has(form) || form.reset() : inAdvance(form);
	const action = submitter?.getAttribute('formaction') ?? form.getAttribute('action');
	const quiet = ['data-inline', 'data-tick', 'data-quiet'].some((name) => form.hasAttribute(name));
	const accepted = await send(action, body, { form, undo, quiet });
	button?.removeAttribute('aria-busy');
	sending.delete(form);
	if (again.has(form)) sendAgain(form, accepted);
}

// What was changed meanwhile is sent now, and a button of its own that was pressed does what it says.
function sendAgain(form, accepted) {
	const pressed = again.get(form);
	again.delete(form);
	const acts = accepted && pressed?.form === form && pressed.hasAttribute('formaction');
	if (acts) form.requestSubmit(pressed);
	else if ([...form.elements].some(isDirty)) form.requestSubmit();
}

// Filters: the list follows while one types.
let asking = new AbortController();
async function filter(form, replace) {
	asking.abort();
	asking = new AbortController();
	const data = new FormData(form);
	const query = new URLSearchParams([...data].filter(([, value]) => value));
	const url = form.getAttribute('action') + (query.size ? `?${query}` : '');
	try {
		const reply = await fetch(url, { signal: asking.signal, cache: 'no-store' });
		const html = await reply.text();
		if (replace && reply.status === 400) return; // a sign with which a search begins is none yet
		if (!reply.ok) return void location.assign(url);
		settle(form, data);
		arrive(reply, html, { replace });
	} catch (fault) {
		if (fault.name !== 'AbortError') location.assign(url);
	}
}

export function startForms() {
	document.addEventListener('submit', (event) => {
		const form = event.target;
		if (event.defaultPrevented || form.hasAttribute('data-native')) return;
		if (form.hasAttribute('data-auto')) {
			event.preventDefault();
			form.querySelector(':popover-open')?.hidePopover();
			filter(form, false);
		} else if (form.method === 'post') {
			event.preventDefault();
			submit(form, event.submitter);
		}
	});
	let timer;
	document.addEventListener('input', ({ target }) => {
		const form = target.form;
		if (!form?.hasAttribute('data-auto')) return;
		clearTimeout(timer);
		const typing = target.matches('input');
		timer = setTimeout(() => filter(form, typing || form.dataset.auto === 'stay'), typing ? 250 : 0);
	});
	// Back and forward; not the way to another place on this page.
	addEventListener('popstate', () => here() === shown || location.reload());
	// A form that the browser sends itself is sent once.
	document.addEventListener('submit', ({ target }) => {
		if (target.hasAttribute('data-native')) target.querySelector('button')?.setAttribute('aria-busy', 'true');
	});
	addEventListener('pageshow', () => document.querySelectorAll('[data-native] [aria-busy]').forEach((node) => node.removeAttribute('aria-busy')));
	document.querySelector('main [aria-invalid=true]')?.focus();
}
