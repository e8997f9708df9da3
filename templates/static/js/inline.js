// inline.js: cells that are edited where they stand. A text is sent when it is left; an owner is chosen from a list
// that opens in place of the name. Escape takes an edit back.
import { change } from './api.js';
import { isSending } from './forms.js';
import { hold, isDirty, release } from './page.js';

function choose(button) {
	const select = document.getElementById(button.dataset.pickFrom).content.firstElementChild.cloneNode(true);
	select.value = button.dataset.value;
	button.hidden = true;
	button.after(select);
	hold();
	let open = true;
	const close = () => {
		if (!open) return;
		open = false;
		const focused = select.contains(document.activeElement);
		select.remove();
		button.hidden = false;
		if (focused) button.focus();
		release();
	};
	select.addEventListener('change', () => {
		const [option] = select.selectedOptions;
		const before = [...button.childNodes];
		close();
		const name = Object.assign(document.createElement('span'), { className: 'clip', textContent: option.text });
		button.replaceChildren(name);
		button.classList.add('optimistic');
		change(button.dataset.operation, { id: button.dataset.id, [select.name]: option.value || null }, () => {
			button.replaceChildren(...before);
			button.classList.remove('optimistic');
		});
	});
	select.addEventListener('blur', close);
	select.addEventListener('keydown', (event) => event.key === 'Escape' && close());
	select.focus();
	try {
		select.showPicker();
	} catch {
		// The list opens with the next key or click.
	}
}

export function startInline() {
	document.addEventListener('click', ({ target }) => {
		const button = target.closest('[data-pick-from]');
		if (button) choose(button);
	});
	document.addEventListener('change', ({ target }) => {
		const { form } = target;
		if (form?.hasAttribute('data-inline') && (isDirty(target) || isSending(form))) form.requestSubmit();
		if (form?.hasAttribute('data-submit')) form.requestSubmit();
	});
	document.addEventListener('keydown', (event) => {
		if (event.key !== 'Escape' || !event.target.form?.hasAttribute('data-inline')) return;
		event.target.form.reset();
		event.target.blur();
	});
}
