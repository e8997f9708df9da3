// themes.js: the button that goes from the system's theme to light to dark. theme.js applies the choice before the
// first paint of each page.
import { onPage } from './page.js';

const order = ['system', 'light', 'dark'];
const root = document.documentElement;
const chosen = () => root.dataset.theme ?? 'system';

function choose(theme) {
	if (theme === 'system') delete root.dataset.theme;
	else root.dataset.theme = theme;
	try {
		localStorage.setItem('theme', theme);
	} catch {
		// Storage is refused: it holds for this page.
	}
}

export function startTheme() {
	const name = () => document.querySelectorAll('[data-theme-name]').forEach((node) => { node.textContent = chosen(); });
	onPage(name);
	document.addEventListener('click', ({ target }) => {
		if (!target.closest('[data-theme-next]')) return;
		choose(order[(order.indexOf(chosen()) + 1) % order.length]);
		name();
	});
	addEventListener('storage', ({ key, newValue }) => {
		if (key !== 'theme') return;
		choose(newValue ?? 'system');
		name();
	});
}
