// live.js: keeps the page current. It asks for the page's own URL and lets the server hold the request until the
// answer changes (RFC 7240, Prefer: wait). Tabs with the same URL share one request: who holds the lock asks,
// the others listen. A hidden tab stops asking and catches up when it is seen again.
import { offerPage, parse } from './page.js';

const WAIT = 25;                  // seconds that the server may hold a request
const LOST = (WAIT + 15) * 1000;  // milliseconds after which a request is held to be lost
const HIDDEN = 15_000;            // milliseconds until a hidden tab stops
const LONGEST = 30_000;           // milliseconds between two tries, at most

let run = null;                   // { url, stop, etag, html }: what is followed now
let pill = null;

const sleep = (ms, signal) =>
	new Promise((resolve) => {
		const timer = setTimeout(resolve, ms);
		signal.addEventListener('abort', () => { clearTimeout(timer); resolve(); }, { once: true });
	});

function connected(yes) {
	if (yes) {
		pill?.remove();
		pill = null;
	} else if (!pill) {
		pill = Object.assign(document.createElement('div'), { className: 'pill', role: 'status', textContent: 'Reconnecting…' });
		document.body.append(pill);
	}
}

function show(html) {
	if (!offerPage(parse(html))) location.reload();
}

// Asks once. Returns how many milliseconds to rest before the next question; throws when there was no answer.
async function ask(me, signal) {
	const headers = {};
	const wait = me.etag && !pill; // while it is in doubt, an answer has to come at once
	if (me.etag) headers['If-None-Match'] = me.etag;
	if (wait) headers.Prefer = `wait=${WAIT}`;
	const began = performance.now();
	const reply = await fetch(me.url, { headers, cache: 'no-store', signal: AbortSignal.any([signal, AbortSignal.timeout(LOST)]) });
	const held = reply.headers.has('Preference-Applied') || performance.now() - began > 2000;
	if (reply.status === 401 || (reply.redirected && new URL(reply.url).pathname === '/login')) {
		location.reload();
		return LONGEST;
	}
	if (reply.status === 429 || reply.status >= 500)
		throw Object.assign(new Error('busy'), { after: Number(reply.headers.get('Retry-After')) * 1000 || 0 });
	connected(true);
	// A server that does not hold the request is asked less often.
	if (reply.status === 304) return held || !wait ? 0 : 5000;
	const html = await reply.text();
	const known = me.etag;
	me.etag = reply.headers.get('ETag');
	if (html !== me.html) {
		me.html = html;
		show(html);
		me.channel.postMessage({ url: me.url, etag: me.etag, html });
	}
	if (!reply.ok) return 10_000;
	if (!me.etag) return 5000;
	return !known || held ? 0 : 1000;
}

const backOff = (tries) => Math.min(LONGEST, 500 * 2 ** tries) * (0.5 + Math.random() / 2);

async function askForEver(me, signal) {
	for (let tries = 0; !signal.aborted; ) {
		let rest;
		try {
			rest = await ask(me, signal);
			tries = 0;
		} catch (fault) {
			if (signal.aborted) return;
			connected(false);
			rest = Math.max(fault.after ?? 0, backOff(tries++));
		}
		const wake = new AbortController();
		me.wake = () => wake.abort();
		if (rest) await sleep(rest, AbortSignal.any([signal, wake.signal]));
	}
}

// Follows a URL in place of what was followed before. `etag` is known when the page just came from there.
export function follow(url, etag = null) {
	stop();
	const control = new AbortController();
	const me = { url, etag, html: null, wake() {}, channel: new BroadcastChannel('muster-live') };
	run = { url, stop: () => { control.abort(); me.channel.close(); }, wake: () => me.wake() };
	me.channel.onmessage = ({ data }) => {
		if (data.url !== url) return;
		if (data.hello) {
			if (me.html) me.channel.postMessage({ url, etag: me.etag, html: me.html });
		} else if (data.html !== me.html) {
			Object.assign(me, { html: data.html, etag: data.etag });
			show(data.html);
		}
	};
	if (!etag) me.channel.postMessage({ url, hello: true });
	const asked = navigator.locks
		? navigator.locks.request(`muster-live ${url}`, { signal: control.signal }, () => askForEver(me, control.signal))
		: askForEver(me, control.signal);
	asked.catch((fault) => {
		if (fault.name !== 'AbortError') throw fault;
	});
}

function stop() {
	run?.stop();
	run = null;
}

export function startLive() {
	if (!document.body.hasAttribute('data-live')) return;
	const here = () => location.pathname + location.search;
	const resume = () => (run ? run.wake() : follow(here()));
	let timer;
	document.addEventListener('visibilitychange', () => {
		clearTimeout(timer);
		if (document.hidden) timer = setTimeout(stop, HIDDEN);
		else resume();
	});
	addEventListener('offline', () => connected(false));
	addEventListener('online', () => follow(here()));
	document.addEventListener('submit', ({ target }) => target.hasAttribute('data-native') && stop());
	addEventListener('pagehide', stop);
	addEventListener('pageshow', (event) => event.persisted && resume());
	// What is there is drawn first.
	const idle = window.requestIdleCallback ?? setTimeout;
	idle(() => run || document.hidden || follow(here()), { timeout: 1000 });
}
