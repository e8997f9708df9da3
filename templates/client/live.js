// live.js: live queries of a client: one request for all of them, which the server holds until an answer changes (POST /v1/live). What is shown
// in advance lies over the answers until they have reached the version of the mutation.
import { MusterError } from './client.js';
import { keepAsking } from './time.js';

const WAIT = 25;                  // seconds that the server may hold a request
const PAUSE = 100;                // milliseconds between an answer and the next question
const GATHER = 20;                // milliseconds in which queries that come together are gathered
const SETTLE = 300;               // milliseconds in which a mutation usually shows by itself
const MOST = 100;                 // queries in one request

export function createLive(request, connection) {
	const queries = new Map();      // path -> { operation, input, path, etag, answer, error, watchers }
	let overlays = [];              // { patches, input, version }, the oldest first
	let version = 0;                // that the answers have reached
	let wanted = 0;                 // that they have to reach
	let loop, timer, up = true;

	const shown = ({ operation, answer, input }) =>
		overlays.reduce((seen, { patches }) => (patches[operation] ? patches[operation](seen, input ?? {}) : seen), answer);
	function tell(query, watchers = query.watchers) {
		for (const { change, fault } of watchers)
			if (query.error) fault?.(query.error);
			else if (query.answer !== undefined) change(shown(query));
	}
	const tellPatched = ({ patches }) => queries.forEach((query) => patches[query.operation] && tell(query));
	function settle(overlay) {
		overlays = overlays.filter((one) => one !== overlay);
	}
	function say(yes) {
		if (up !== yes) connection(up = yes);
	}

	async function ask(signal) {
		const asked = [...queries.values()];
		let reply;
		if (!asked.length) return Infinity;
		try {
			const wait = wanted > version || !up ? 0 : WAIT;
			const body = { queries: asked.map(({ path, etag }) => ({ path, etag })), wait };
			reply = (await request('POST', '/v1/live', body, { signal, wait, retries: 0 })).body;
		} catch (error) {
			if (signal.aborted || error.temporary !== false) throw error;
			for (const query of asked) tell(Object.assign(query, { error, etag: undefined }));
			return Infinity; // until there is another login, or another query
		}
		say(true);
		version = Math.max(version, reply.version);
		const reached = overlays.filter((overlay) => overlay.version <= version);
		reached.forEach(settle);
		const news = new Set();
		for (const { index, status, etag, body } of reply.changed) {
			const good = status < 400;
			news.add(Object.assign(asked[index], { etag, answer: good ? body : undefined, error: good ? undefined : new MusterError(body) }));
		}
		for (const query of asked)
			if (queries.get(query.path) === query && (news.has(query) || reached.some(({ patches }) => patches[query.operation]))) tell(query);
		return news.size || wanted > version ? PAUSE : 0;
	}

	function soon(ms) {
		clearTimeout(timer);
		timer = setTimeout(() => (loop ? loop.again() : start()), ms);
	}
	function start() {
		if (queries.size) loop ??= keepAsking(ask, () => say(false));
	}

	return {
		// Calls onChange with the answer of a query, and whenever there is another one. Gives a function that ends it.
		live(call, onChange, onError) {
			const { operation, input, path } = call;
			if (!queries.has(path) && queries.size === MOST) throw new RangeError(`at most ${MOST} queries are watched at a time`);
			const query = queries.get(path) ?? { operation, input, path, watchers: new Set() };
			const watcher = { change: onChange, fault: onError };
			query.watchers.add(watcher);
			if (queries.has(path)) tell(query, [watcher]);
			else soon(GATHER);
			queries.set(path, query);
			return () => {
				query.watchers.delete(watcher);
				if (query.watchers.size || queries.get(path) !== query) return;
				queries.delete(path);
				if (queries.size) return;
				clearTimeout(timer);
				loop?.stop();
				loop = undefined;
			};
		},

		// Sends a mutation and shows meanwhile what `patches` make of the answers of live queries, by operation: { 'deals.get': (deal) => ({ ...deal,
		// status: 'won' }) }. Refused, it is taken back, and the promise is rejected.
		async optimistic(call, patches) {
			const overlay = { patches, version: Infinity };
			overlays.push(overlay);
			tellPatched(overlay);
			try {
				const reply = await call.response();
				overlay.version = reply.version ?? 0;
				if (!queries.size || overlay.version <= version) {
					settle(overlay);
					tellPatched(overlay);
				} else {
					wanted = Math.max(wanted, overlay.version);
					soon(SETTLE);
				}
				return reply.body;
			} catch (error) {
				settle(overlay);
				tellPatched(overlay);
				throw error;
			}
		},

		// Asks at once: the network came back, or somebody logged in.
		wake: () => soon(0),
	};
}
