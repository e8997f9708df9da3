// selection.js: the tick boxes of a list, "all on this page", and the shortcut to the search box.
import { onPage } from './page.js';

const picks = () => [...document.querySelectorAll('.pick')];

function count() {
	const all = picks();
	const picked = all.filter((box) => box.checked).length;
	const head = document.querySelector('[data-pick-all]');
	if (head) {
		head.checked = picked > 0 && picked === all.length;
		head.indeterminate = picked > 0 && picked < all.length;
	}
	const label = document.querySelector('[data-pick-count]');
	if (label) label.textContent = `${picked} selected`;
}

function pickAll(yes) {
	for (const box of picks()) box.checked = yes;
	count();
}

export function startSelection() {
	onPage(count);
	document.addEventListener('change', ({ target }) => {
		if (target.matches('[data-pick-all]')) pickAll(target.checked);
		else if (target.matches('.pick')) count();
	});
	document.addEventListener('click', ({ target }) => target.closest('[data-pick-none]') && pickAll(false));
	const mac = /Mac|iPhone|iPad/.test(navigator.platform);
	onPage(() => document.querySelectorAll('.search kbd').forEach((hint) => { hint.textContent = mac ? '⌘ K' : 'Ctrl K'; }));
	document.addEventListener('keydown', (event) => {
		if (event.key !== 'k' || !(mac ? event.metaKey : event.ctrlKey)) return;
		const search = [...document.querySelectorAll('[data-key=k], main input[type=search]')].find((box) => box.checkVisibility());
		if (!search) return;
		event.preventDefault();
		search.focus();
		search.select();
	});
}
