// reference.js: on /docs, a call of the API is tried as whoever is logged in. It is sent as it was written, right or
// wrong, and its answer is shown as it came: so not by the client, which would not let a wrong one through.
import { field } from './forms.js';

// { url, options } of what the form says.
function read(form) {
	let path = form.dataset.path;
	const query = new URLSearchParams();
	const headers = {};
	const data = new FormData();
	let body;
	for (const control of form.elements) {
		const { name, value } = control;
		const { in: place } = control.dataset;
		const given = place === 'form' && control.type === 'file' ? control.files[0] : value;
		if (place === 'path') path = path.replace(`{${name}}`, encodeURIComponent(value));
		else if (!given) continue;
		else if (place === 'query') query.set(name, value);
		else if (place === 'header') headers[name] = value;
		else if (place === 'form') body = (data.set(name, given), data);
		else if (place === 'body') {
			body = value;
			headers['Content-Type'] = 'application/json';
		}
	}
	const { method } = form.dataset;
	if (method !== 'GET') headers['X-CSRF-Token'] = field('_csrf');
	return { url: path + (query.size ? `?${query}` : ''), options: { method, headers, body, cache: 'no-store' } };
}

// Of the headers of an answer; the others are the same with each.
const TOLD = /^(content-type|etag|idempotent-replayed|location|muster-version|preference-applied|ratelimit|retry-after|x-request-id)/;

const part = (name, text, className = '') => Object.assign(document.createElement(name), { textContent: text, className });

function show(answer, reply, text, took) {
	const json = /[/+]json/.test(reply.headers.get('Content-Type') ?? '');
	const title = part('p', `${reply.status} ${reply.statusText} `);
	title.prepend(part('span', reply.ok || reply.status === 304 ? 'Answered ' : 'Refused ', 'sr'));
	title.append(part('span', `${took} ms`, 'muted'));
	const headers = [...reply.headers].filter(([name]) => TOLD.test(name)).map(([name, value]) => `${name}: ${value}`).join('\n');
	answer.replaceChildren(title, part('pre', headers, 'docs-code muted'), part('pre', json && text ? JSON.stringify(JSON.parse(text), null, 2) : text, 'docs-code'));
	answer.dataset.is = reply.ok ? 'good' : 'bad';
}

async function attempt(form) {
	const answer = form.parentElement.querySelector('.docs-answer');
	const button = form.querySelector('button');
	const { url, options } = read(form);
	const began = performance.now();
	button.setAttribute('aria-busy', 'true');
	try {
		const reply = await fetch(url, options);
		show(answer, reply, await reply.text(), Math.round(performance.now() - began));
	} catch {
		answer.replaceChildren(part('p', 'The server could not be reached.', 'error'));
	} finally {
		button.removeAttribute('aria-busy');
	}
}

export function startReference() {
	document.addEventListener('submit', (event) => {
		if (!event.target.hasAttribute('data-try')) return;
		event.preventDefault();
		attempt(event.target);
	});
}
