// selection.js: the tick boxes of a list, and "all on this page".
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
	// The boxes belong to the first form of the bar; what other forms send is about the same rows.
	document.addEventListener('formdata', ({ target, formData }) => {
		if (target.hasAttribute('data-picks')) for (const { checked, value } of picks()) if (checked) formData.append('ids', value);
	});
	document.addEventListener('click', ({ target }) => target.closest('[data-pick-none]') && pickAll(false));
}
