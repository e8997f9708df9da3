// lookup.js: a list that may be long becomes a box to search in. The API answers the search, so that it finds what
// this person may see. Without script the plain list stays. Keys as in the combobox pattern of ARIA.
import { api } from './api.js';
import { onPage } from './page.js';

const TYPED = 200;                // milliseconds of rest before it asks
let serial = 0;

async function search(kind, text, signal) {
	if (kind === 'agent') {
		const { data } = await (await api()).agents.list({ q: text || undefined, limit: 8, fields: ['id', 'full_name', 'email'] }, { signal });
		return data.map(({ id, full_name, email }) => ({ id, name: full_name, more: email }));
	}
	const { data } = await (await api()).contacts.list({ kind, q: text || undefined, limit: 8, fields: ['id', 'full_name', 'emails'] }, { signal });
	return data.map(({ id, full_name, emails }) => ({ id, name: full_name, more: emails[0]?.address ?? '' }));
}

function enhance(select) {
	const id = `lookup-${++serial}`;
	const input = document.createElement('input');
	const list = document.createElement('ul');
	const box = document.createElement('div');
	const chosen = () => (select.value ? select.selectedOptions[0].text : '');
	const [first] = select.options;
	const none = select.dataset.lookup === 'agent' && first?.value === '' ? first.text : null; // one of what is found
	box.className = 'lookup';
	select.closest('.field, .picker').setAttribute('data-keep', '');
	list.id = id;
	list.className = 'lookup-list';
	list.setAttribute('role', 'listbox');
	list.setAttribute('aria-label', 'Matches');
	list.hidden = true;
	input.type = 'text';
	input.autocomplete = 'off';
	input.placeholder = none ?? 'Type a name';
	input.value = chosen();
	for (const [name, value] of Object.entries({ role: 'combobox', 'aria-expanded': 'false', 'aria-controls': id, 'aria-autocomplete': 'list' }))
		input.setAttribute(name, value);
	const label = select.labels[0];
	input.id = `${id}-input`;
	if (label) label.htmlFor = input.id;
	else input.setAttribute('aria-label', select.getAttribute('aria-label'));
	input.required = select.required;
	select.required = false;
	select.hidden = true;
	select.after(box);
	box.append(input, list);

	let asking = new AbortController();
	let timer;
	const options = () => [...list.children];
	const current = () => list.querySelector('[aria-selected=true]');
	function close() {
		list.hidden = true;
		input.setAttribute('aria-expanded', 'false');
		input.removeAttribute('aria-activedescendant');
	}
	function point(option) {
		current()?.setAttribute('aria-selected', 'false');
		if (!option) return;
		option.setAttribute('aria-selected', 'true');
		option.scrollIntoView({ block: 'nearest' });
		input.setAttribute('aria-activedescendant', option.id);
	}
	function take(value, text) {
		if (value && ![...select.options].some((option) => option.value === value)) select.add(new Option(text, value));
		select.value = value;
		for (const type of ['input', 'change']) select.dispatchEvent(new Event(type, { bubbles: true })); // as the browser does
		close();
	}
	const choose = ({ dataset: { value, name } }) => take(value, value ? name : '');
	async function ask() {
		asking.abort();
		asking = new AbortController();
		let found;
		try {
			found = await search(select.dataset.lookup, input.value.trim(), asking.signal);
		} catch {
			return;
		}
		if (none !== null && !input.value.trim()) found.unshift({ id: '', name: none, more: '' });
		list.replaceChildren(...found.map(({ id: value, name, more }, i) => {
			const option = document.createElement('li');
			option.id = `${id}-${i}`;
			option.setAttribute('role', 'option');
			option.setAttribute('aria-selected', 'false');
			option.dataset.value = value;
			option.dataset.name = name;
			option.append(Object.assign(document.createElement('b'), { textContent: name }), Object.assign(document.createElement('span'), { className: 'sub', textContent: more }));
			return option;
		}));
		if (document.activeElement !== input) return;
		list.hidden = found.length === 0;
		input.setAttribute('aria-expanded', String(found.length > 0));
	}
	input.addEventListener('input', (event) => {
		event.stopPropagation();
		clearTimeout(timer);
		if (!input.value.trim() && none === null) return take('', '');
		timer = setTimeout(ask, TYPED);
	});
	input.addEventListener('keydown', (event) => {
		const all = options();
		const at = all.indexOf(current());
		if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
			event.preventDefault();
			if (list.hidden) ask();
			else point(all.at((at + (event.key === 'ArrowDown' ? 1 : -1) + all.length) % all.length));
		} else if (event.key === 'Enter' && !list.hidden && current()) {
			event.preventDefault();
			choose(current());
		} else if (event.key === 'Escape' && !list.hidden) {
			event.preventDefault();
			close();
		}
	});
	select.addEventListener('change', () => { input.value = chosen(); });
	// What was typed and not chosen is not a choice.
	input.addEventListener('blur', () => { close(); input.value = chosen(); });
	list.addEventListener('pointerdown', (event) => {
		event.preventDefault();
		const option = event.target.closest('[role=option]');
		if (option) choose(option);
	});
}

export function startLookups() {
	onPage(() => document.querySelectorAll('select[data-lookup]:not([hidden])').forEach(enhance));
}
