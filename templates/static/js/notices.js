// notices.js: short messages at the edge of the page. Good news goes by itself, bad news stays until it is closed.
const SHOWN = 6000;               // milliseconds

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
	const start = () => { timer = setTimeout(() => notice.remove(), SHOWN); };
	notice.addEventListener('pointerenter', () => clearTimeout(timer));
	notice.addEventListener('pointerleave', start);
	start();
}

export function notify(text, kind = 'good') {
	const notice = document.createElement('div');
	notice.className = 'toast';
	notice.dataset.is = kind;
	notice.innerHTML = icon(kind === 'bad' ? 'alert' : 'check');
	notice.append(Object.assign(document.createElement('span'), { textContent: text }));
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
