// asker.js: the one tab of a browser that asks the server, for all of them: one request with the pages of all tabs,
// which the server holds until one of them changes (POST /live). A browser opens six connections to a host, so a
// request for each tab would leave none for anything else.
import { keepAsking, sleep } from 'muster-client';

const WAIT = 25;                  // seconds that the server may hold a request
const SILENT = 40_000;            // milliseconds after which a request is held to be lost
const LONGEST = 30_000;           // milliseconds between two looks when there is nothing to ask
const PAUSE = 250;                // milliseconds between an answer and the next question
const GATHER = 50;                // milliseconds in which tabs that come together are gathered
const MOST = 32;                  // pages in one request
const LENGTH = 2000;              // of an address; one that is longer is not asked for

// The lock that a tab has for as long as it shows a page: the browser gives it back when the tab is closed or crashes.
export const tabLock = (login, tab, path) => `muster-tab ${login} ${tab} ${path}`;

// `own()` gives this tab's { tab, path }, `say` tells all tabs, this one too: a page that is new, or whether there is
// a connection; `doubtful()` is whether there may be none. look() is called when a tab shows something else than before.
export function createAsker({ login, own, say, doubtful, signal }) {
	const etags = new Map(); // tab -> ETag of what it shows
	let asking = null;
	let timer;

	// Each page once, with the ETag that all tabs have that show it.
	async function pages() {
		const tabs = [own()];
		const { held } = (await navigator.locks?.query()) ?? { held: [] };
		for (const { name } of held) {
			const [kind, of, tab, ...path] = name.split(' ');
			if (kind === 'muster-tab' && of === login && tab !== tabs[0].tab) tabs.push({ tab, path: path.join(' ') });
		}
		for (const tab of etags.keys()) if (!tabs.some((one) => one.tab === tab)) etags.delete(tab);
		const asked = new Map();
		for (const { tab, path } of tabs) {
			if (path.length > LENGTH) continue;
			const page = asked.get(path) ?? { path, etag: etags.get(tab), tabs: [] };
			if (page.etag !== etags.get(tab)) page.etag = undefined;
			page.tabs.push(tab);
			asked.set(path, page);
		}
		return [...asked.values()].slice(0, MOST);
	}

	// Returns how many milliseconds to rest before the next question; throws when there was no answer.
	async function ask(interrupted) {
		const asked = await pages();
		if (!asked.length) return LONGEST;
		const reply = await fetch('/live', {
			method: 'POST',
			headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': login },
			// While it is in doubt, an answer has to come at once.
			body: JSON.stringify({ wait: doubtful() ? 0 : WAIT, pages: asked.map(({ path, etag }) => ({ path, etag })) }),
			cache: 'no-store',
			signal: AbortSignal.any([signal, interrupted, AbortSignal.timeout(SILENT)]),
		});
		if (reply.status === 401) {
			say({ over: true });
			return LONGEST;
		}
		if (!reply.ok) throw Object.assign(new Error(`${reply.status}`), { after: Number(reply.headers.get('Retry-After')) * 1000 || 0 });
		const { changed, version } = await reply.json();
		say({ lost: false });
		for (const { index, etag, body } of changed) {
			for (const tab of asked[index].tabs) etags.set(tab, etag);
			if (body) say({ path: asked[index].path, etag, version, html: body });
		}
		return changed.length ? PAUSE : 0;
	}

	async function askUntilStopped() {
		await sleep(GATHER, signal); // the other tabs say what they show
		if (signal.aborted) return;
		asking = keepAsking(ask, () => say({ lost: true }));
		signal.addEventListener('abort', asking.stop);
		await asking.done;
	}

	return {
		askUntilStopped,
		look(tab, etag) {
			etags.set(tab, etag);
			clearTimeout(timer);
			timer = setTimeout(() => asking?.again(), GATHER);
		},
	};
}
