// live.js: keeps the page current. The tabs of a browser that belong to one login choose one of them by a lock, and that
// one asks the server for all (asker.js); the others hear from it. When it is closed, hidden or asleep, the next one
// asks. A tab that is hidden takes no part, and catches up when it is seen again.
import { createAsker, tabLock } from './asker.js';
import { offerPage, parse } from './page.js';
import { keepTyped } from './typed.js';

const HIDDEN = 15_000;            // milliseconds until a hidden tab takes no part
const ASLEEP = 90_000;            // milliseconds of silence after which the tab that asks is held to be asleep
const LOOK = 5_000;               // milliseconds between two looks at the clock

const id = Math.random().toString(36).slice(2);
const here = () => location.pathname + location.search;
const shown = { path: here(), etag: undefined, version: 0 };
let run = null;                   // { login, move, announce, wake, stop }: while this tab takes part
let pill = null;

function connected(yes) {
	if (yes) {
		pill?.remove();
		pill = null;
	} else if (!pill) {
		pill = Object.assign(document.createElement('div'), { className: 'pill', role: 'status', textContent: 'Reconnecting…' });
		document.body.append(pill);
	}
}

function show({ path, etag, version, html }) {
	// An older one was on its way while a form brought a newer one.
	if (path !== shown.path || etag === shown.etag || version < shown.version) return;
	Object.assign(shown, { etag, version });
	if (!offerPage(parse(html))) location.reload();
}

// The token of the page's forms stands for the login that the page was made for: another login never gets its pages.
const login = () => document.querySelector('input[name=_csrf]')?.value;

function takePart(of) {
	const control = new AbortController();
	const { signal } = control;
	const channel = new BroadcastChannel(`muster-live ${of}`);
	let heard = Date.now();
	let asker = null;
	let leave = () => {};
	let steal = new AbortController();

	function hear(message) {
		if (signal.aborted) return;
		if (message.look) asker?.look(message.look, message.etag);
		else if (message.roll) announce();
		else heard = Date.now();
		if (message.over) leaveForLogin();
		if ('lost' in message) connected(!message.lost);
		if (message.html) show(message);
	}
	function say(message) {
		channel.postMessage(message);
		hear(message);
	}
	const announce = () => say({ look: id, etag: shown.etag });
	channel.onmessage = ({ data }) => hear(data);

	// Says by a lock what this tab shows, then by a word that this is new. One move after the other.
	async function changeLock() {
		const before = leave;
		if (navigator.locks)
			await new Promise((there) => {
				const name = tabLock(of, id, shown.path);
				navigator.locks.request(name, () => new Promise((gone) => { leave = gone; there(); }));
			});
		before();
		if (signal.aborted) leave();
		else announce();
	}
	let moved = Promise.resolve();
	const move = () => (moved = moved.then(changeLock));

	async function askForAll(lost) {
		const ends = AbortSignal.any([signal, lost]);
		asker = createAsker({ login: of, own: () => ({ tab: id, path: shown.path }), say, doubtful: () => pill !== null, signal: ends });
		announce();
		channel.postMessage({ roll: true });
		await asker.askUntilStopped();
		asker = null;
	}

	// Waits for its turn to ask, and again when the turn was taken away because this tab was asleep: what was said
	// meanwhile it may have missed.
	async function takeTurns() {
		while (!signal.aborted) {
			const lost = new AbortController();
			const how = steal.signal.aborted ? { steal: true } : { signal: AbortSignal.any([signal, steal.signal]) };
			if (steal.signal.aborted) steal = new AbortController();
			try {
				if (navigator.locks) await navigator.locks.request(`muster-live ${of}`, how, () => askForAll(lost.signal));
				else await askForAll(lost.signal);
			} catch (fault) {
				if (fault.name !== 'AbortError') throw fault;
			}
			lost.abort();
			if (!signal.aborted) announce();
		}
	}

	// The clock also shows that the machine slept: what was asked before is lost then.
	let looked = Date.now();
	const clock = setInterval(() => {
		const slept = Date.now() - looked > 3 * LOOK;
		looked = Date.now();
		if (slept) heard = looked;
		if (slept) announce();
		else if (!asker && looked - heard > ASLEEP) {
			heard = looked;
			steal.abort();
		}
	}, LOOK);
	move().then(takeTurns);
	return {
		login: of,
		move,
		announce,
		stop() {
			control.abort();
			clearInterval(clock);
			channel.close();
			leave();
		},
	};
}

function stop() {
	run?.stop();
	run = null;
}

// The session is over: the log-in page takes the place of this one. Until it has come nothing is asked: the answer would
// be to leave, again and again.
export function leaveForLogin() {
	stop();
	keepTyped();
	location.reload();
}

function start() {
	const of = login();
	if (of) run = takePart(of);
}

// Follows a page in place of the one that was followed before. `etag` and `version` are known when it just came.
export function follow(path, etag, version = 0) {
	const moved = path !== shown.path;
	Object.assign(shown, { path, etag, version });
	if (run?.login !== login()) {
		stop();
		start();
	} else if (moved) {
		run.move();
	} else {
		run.announce();
	}
}

export function startLive() {
	if (!document.body.hasAttribute('data-live')) return;
	const resume = () => (run ? run.announce() : start());
	let timer;
	document.addEventListener('visibilitychange', () => {
		clearTimeout(timer);
		if (document.hidden) timer = setTimeout(stop, HIDDEN);
		else resume();
	});
	document.addEventListener('freeze', stop);
	document.addEventListener('resume', resume);
	addEventListener('offline', () => connected(false));
	addEventListener('online', resume);
	document.addEventListener('submit', ({ target }) => target.hasAttribute('data-native') && stop());
	addEventListener('pagehide', stop);
	addEventListener('pageshow', (event) => event.persisted && resume());
	// What is there is drawn first.
	const idle = window.requestIdleCallback ?? setTimeout;
	idle(() => run || document.hidden || start(), { timeout: 1000 });
}
