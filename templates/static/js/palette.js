// palette.js: what Ctrl-K opens: everything that may be found, what one looked at last, and where one can go. All of it is asked
// of the API as live queries, so that it is what this person may see now; kept in the browser are only the ids of what
// was looked at. Keys as in the combobox pattern of ARIA. Without script the box is a form, and /search answers it.
import { api } from './api.js';
import { onPage } from './page.js';

const TYPED = 60;                 // milliseconds of rest before it asks
const FOUND = 20;                 // results that are shown
const LOOKED_AT = 6;              // and of what was looked at last
const named = { contacts: 'full_name', deals: 'title' };

const make = (tag, properties = {}, ...children) => {
	const node = Object.assign(document.createElement(tag), properties);
	node.append(...children);
	return node;
};
function icon(name) {
	const href = document.querySelector('use').getAttribute('href').split('#')[0];
	const holder = make('span', { className: 'palette-icon' });
	holder.innerHTML = `<svg class="i" aria-hidden="true"><use href="${href}#${name}"/></svg>`;
	return holder;
}

const marked = (parts) => parts.map(({ text, found }) => (found ? make('mark', { textContent: text }) : text));

// ---- what was looked at last: ids alone, of this person

const storeName = () => `muster-seen ${document.body.dataset.me}`;
function seen() {
	try {
		return JSON.parse(localStorage.getItem(storeName())) ?? [];
	} catch {
		return []; // no storage, or somebody else's text in it
	}
}
function keep() {
	const [, kind, id] = location.pathname.match(/^\/(contacts|deals)\/([0-9a-f-]{36})$/) ?? [];
	if (!id || document.querySelector('.fault')) return;
	const rest = seen().filter((one) => one.id !== id);
	try {
		localStorage.setItem(storeName(), JSON.stringify([{ kind, id }, ...rest].slice(0, LOOKED_AT)));
	} catch {
		// without storage nothing is remembered
	}
}

// ---- where one can go: what the page offers this person, with each link once

function places(words) {
	const links = [...document.querySelectorAll('.nav a[href], #commands a')];
	const all = new Map(links.map((link) => [link.textContent.trim(), {
		page: link.getAttribute('href'),
		icon: link.dataset.icon ?? link.querySelector('use')?.getAttribute('href').split('#')[1] ?? 'settings',
		title: [{ text: link.textContent.trim() }],
	}]));
	return [...all.entries()].filter(([title]) => words.every((word) => title.toLowerCase().split(' ').some((one) => one.startsWith(word)))).map(([, place]) => place);
}
// Who has typed most of a place's name means the place, whatever else is found by these words or ones that are like them.
const isMeant = (text) => ({ title: [{ text: name }] }) => name.toLowerCase().startsWith(text.toLowerCase()) && text.length * 2 > name.length;

// ---- the dialog

function build() {
	const input = make('input', { type: 'text', id: 'palette-q', autocomplete: 'off', enterKeyHint: 'go', maxLength: 200, placeholder: 'Search, or go to …' });
	const list = make('div', { id: 'palette-list', className: 'palette-list' });
	const close = make('button', { type: 'button', className: 'btn btn-quiet', textContent: 'Close' }); // where there is no Escape
	const status = make('p', { className: 'sr', role: 'status' });
	const empty = make('p', { className: 'palette-empty', hidden: true });
	for (const [name, value] of Object.entries({ role: 'combobox', 'aria-label': 'Search, or go to', 'aria-expanded': 'true', 'aria-controls': list.id, 'aria-autocomplete': 'list' }))
		input.setAttribute(name, value);
	list.setAttribute('role', 'listbox');
	list.setAttribute('aria-label', 'Results');
	const dialog = make('dialog', { id: 'palette', className: 'palette' }, make('div', { className: 'palette-box' }, icon('search'), input, close), list, empty, status);
	dialog.setAttribute('aria-label', 'Search');
	document.body.append(dialog);
	close.addEventListener('click', () => dialog.close());
	return { dialog, input, list, status, empty };
}

// Why the API cannot search for it, which says it of the parameter: "has no letter …".
function refused(text, { problem }) {
	const why = problem.errors?.find(({ pointer }) => pointer === '/q')?.detail;
	return `“${text}” cannot be searched for${why ? `: it ${why}` : ''}`;
}

const wordsOf = (text) => text.toLowerCase().split(/\s+/).filter(Boolean);

export function startPalette() {
	if (!document.getElementById('commands')) return;
	let view;                       // once it was opened
	let ends = [];                  // of the live queries behind it
	let timer;
	let text = '';
	let found = null;               // the newest answer; null: not there yet
	let answered = '';              // the text that it answers, or an older one
	let entered = null;             // Enter was pressed before the answer to the text had come
	let fault = null;               // why there is none
	let last = [];                  // what was looked at last, as the API tells it
	let chosen = false;             // another than the first was pointed at

	const options = () => [...view.list.querySelectorAll('[role=option]')];
	const current = () => view.list.querySelector('[aria-selected=true]');
	function point(option) {
		current()?.setAttribute('aria-selected', 'false');
		if (!option) return view.input.removeAttribute('aria-activedescendant');
		option.setAttribute('aria-selected', 'true');
		option.scrollIntoView({ block: 'nearest' });
		view.input.setAttribute('aria-activedescendant', option.id);
	}

	function group(name, items) {
		if (!items.length) return [];
		const label = make('div', { className: 'palette-label', id: `palette-${name.replaceAll(' ', '-')}`, textContent: name });
		const node = make('div', {}, label);
		node.setAttribute('role', 'group');
		node.setAttribute('aria-labelledby', label.id);
		for (const { page, icon: sign, title, more = [] } of items) {
			const about = make('small', {}, ...more.map((parts) => make('span', {}, ...marked(parts), ' ')));
			const option = make('div', { id: `palette-at-${page}` }, icon(sign), make('span', {}, make('b', {}, ...marked(title)), ...(more.length ? [about] : [])));
			option.setAttribute('role', 'option');
			option.setAttribute('aria-selected', 'false');
			option.dataset.page = page;
			node.append(option);
		}
		return [node];
	}

	// What is about somebody says about whom; an organisation is followed by the way to those who belong to it.
	const result = ({ kind, title, title_parts, subtitle, page, matches, members, more_members, members_page }) => [
		{ page, icon: kind, title: title_parts, more: [...(subtitle ? [[{ text: subtitle }]] : []), ...matches.map(({ parts }) => parts)] },
		...(members_page ? [{ page: members_page, icon: kind, title: [{ text: `${members}${more_members ? '+' : ''} ${members === 1 ? 'contact' : 'contacts'} at ${title}` }] }] : []),
	];

	function draw() {
		const words = wordsOf(text);
		const results = text ? (found?.data ?? []).flatMap(result) : [];
		const where = places(words);
		const meant = where.filter(isMeant(text));
		const before = chosen && current()?.id;
		const everything = { page: `/search?q=${encodeURIComponent(text)}`, icon: 'search', title: [{ text: `All results for “${text}”` }] };
		view.list.replaceChildren(
			...group('Go to', meant),
			...(text ? group(found?.meta.alike ? 'Spelt much like it' : 'Found', results) : group('Looked at last', last)),
			...group(meant.length ? 'Go to as well' : 'Go to', words.length ? where.filter((one) => !meant.includes(one)) : where.slice(0, 12)),
			...(found?.meta.has_more ? group('More', [everything]) : []),
		);
		point(options().find(({ id }) => id === before) ?? options()[0]);
		const nothing = text && !options().length && (found || fault) ? fault ?? `Nothing matches “${text}”` : '';
		const partly = text && found?.meta.indexed ? `The search is being made ready again: ${found.meta.indexed} % is done, and until then not everything is found.` : '';
		view.empty.hidden = !nothing && !partly;
		view.empty.replaceChildren(nothing, ...(nothing && partly ? [make('br')] : []), partly);
		view.status.textContent = !text ? '' : fault ? fault : found ? `${found.data.length}${found.meta.has_more ? '+' : ''} found` : '';
		view.list.setAttribute('aria-busy', String(Boolean(text) && answered !== text));
		view.dialog.classList.toggle('palette-waits', Boolean(entered));
	}

	function stop() {
		ends.forEach((end) => end());
		ends = [];
	}
	function told(asked, answer, why) {
		if (why && asked !== text) return;
		[answered, found, fault] = [asked, answer, why];
		const goOn = asked === text && entered;
		if (goOn) entered = null;
		draw();
		if (goOn && !why) go(current(), goOn.elsewhere);
	}
	async function ask() {
		const asked = text;
		let client;
		try {
			client = await api();
		} catch {
			return told(asked, null, 'There is no connection');
		}
		if (asked !== text || !view.dialog.open) return;
		stop();
		if (text) {
			ends.push(client.live(client.search.list({ q: asked, limit: FOUND }), (answer) => told(asked, answer, null),
				(error) => told(asked, null, error.kind === 'malformed' ? refused(asked, error) : error.message)));
			return;
		}
		const rows = new Map();
		const kept = seen();
		for (const { kind, id } of kept) {
			const row = client[kind].get({ id, fields: ['id', named[kind]] });
			const tell = (answer) => {
				rows.set(id, answer);
				last = kept.filter((one) => rows.get(one.id)).map((one) => ({ page: `/${one.kind}/${one.id}`, icon: one.kind, title: [{ text: rows.get(one.id)[named[one.kind]] }] }));
				draw();
			};
			ends.push(client.live(row, tell, () => tell(null)));
		}
	}
	function type(value) {
		text = value.trim();
		fault = null;
		chosen = false;
		entered = null;
		if (!text) [found, answered] = [null, ''];
		draw();
		clearTimeout(timer);
		timer = setTimeout(ask, TYPED);
	}

	function go(option, elsewhere) {
		if (!option) return;
		if (elsewhere) return open(option.dataset.page);
		view.dialog.close();
		location.assign(option.dataset.page);
	}
	// What stands there may be of an older text: the answer to this one is waited for, unless something was chosen.
	function enter(elsewhere) {
		if (!text || chosen || answered === text) return go(current(), elsewhere);
		entered = { elsewhere };
		draw();
	}
	function start() {
		view = build();
		view.input.addEventListener('input', () => type(view.input.value));
		view.input.addEventListener('keydown', (event) => {
			const all = options();
			const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
			if (event.isComposing) return;
			if (by) {
				event.preventDefault();
				chosen = true;
				point(all[(all.indexOf(current()) + by + all.length) % all.length]);
			} else if (event.key === 'Enter') {
				event.preventDefault();
				enter(event.ctrlKey || event.metaKey);
			}
		});
		view.list.addEventListener('pointermove', ({ target }) => {
			const option = target.closest('[role=option]');
			if (!option || option === current()) return;
			chosen = true;
			point(option);
		});
		view.list.addEventListener('click', (event) => go(event.target.closest('[role=option]'), event.ctrlKey || event.metaKey));
		view.dialog.addEventListener('click', ({ target }) => target === view.dialog && view.dialog.close());
		view.dialog.addEventListener('close', () => {
			clearTimeout(timer);
			entered = null;
			stop();
		});
	}
	function show(value = '') {
		if (!view) start();
		if (!view.dialog.open) view.dialog.showModal();
		view.input.value = value;
		view.input.focus();
		[found, answered] = [null, ''];
		type(value);
	}

	onPage(keep);
	const mac = /Mac|iPhone|iPad/.test(navigator.platform);
	onPage(() => document.querySelectorAll('.search kbd').forEach((hint) => { hint.textContent = mac ? '⌘ K' : 'Ctrl K'; }));
	// With Caps Lock it is a K, and where keyboards have no Latin letters the key that is one elsewhere.
	const isK = ({ key, code }) => key.toLowerCase() === 'k' || (code === 'KeyK' && !/^[a-z]$/i.test(key));
	document.addEventListener('keydown', (event) => {
		if (!(mac ? event.metaKey : event.ctrlKey) || event.shiftKey || event.altKey || !isK(event)) return;
		event.preventDefault();
		if (view?.dialog.open) view.dialog.close();
		else show();
	});
	// The box of the page opens it by a click, or by being typed into: not by the focus alone, which only passes by.
	document.addEventListener('click', (event) => {
		if (!event.target.closest('[data-palette]') || event.ctrlKey || event.metaKey) return;
		event.preventDefault();
		show();
	});
	document.addEventListener('input', ({ target }) => {
		if (!target.matches('[data-palette]')) return;
		const { value } = target;
		target.value = '';
		show(value);
	});
}
