// notices.js: short messages at the edge of the page. Good news goes by itself, bad news stays until it is closed.
const SHOWN = 6_000;              // milliseconds
const OFFERED = 20_000;           // of one that offers something to do

const icon = (name) => {
	const href = document.querySelector('use').getAttribute('href').split('#')[0];
	return `<svg class="i" aria-hidden="true"><use href="${href}#${name}"/></svg>`;
};

function arm(notice, stays) {
	const close = document.createElement('button');
	close.type = 'button';
	close.className = 'btn btn-quiet btn-icon btn-small';
	close.setAttribute('aria-label', 'Close');
	close.innerHTML = icon('close');
	close.addEventListener('click', () => notice.remove());
	notice.append(close);
	if (stays) return;
	let timer;
	const start = () => {
		clearTimeout(timer);
		timer = setTimeout(() => notice.remove(), notice.querySelector('form') ? OFFERED : SHOWN);
	};
	for (const near of ['pointerenter', 'focusin']) notice.addEventListener(near, () => clearTimeout(timer));
	for (const gone of ['pointerleave', 'focusout']) notice.addEventListener(gone, start);
	start();
}

// `form`: how what it tells can be taken back.
export function notify(text, kind = 'good', form = null) {
	const notice = document.createElement('div');
	notice.className = 'toast';
	notice.dataset.is = kind;
	notice.innerHTML = icon(kind === 'bad' ? 'alert' : 'check');
	notice.append(Object.assign(document.createElement('span'), { textContent: text }));
	if (form) notice.append(form);
	arm(notice, kind === 'bad');
	document.getElementById('notices').append(notice);
}

export function startNotices() {
	document.querySelectorAll('[data-flash]').forEach((notice) => arm(notice, false));
	document.addEventListener('click', async ({ target }) => {
		const button = target.closest('[data-copy]');
		if (!button) return;
		await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
		notify('Copied');
	});
}
