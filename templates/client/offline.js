// offline.js: a copy of some tables that goes on working without a connection. Reads come from the copy, which follows the feed of changes
// (GET /v1/changes); mutations are kept in a queue, shown at once, and sent in their order, each with its own Idempotency-Key, so that the
// server does each of them once, however often it is sent and whenever this program was stopped: for the 24 hours that it remembers a key,
// and a create with an id of the client's for ever.
import { within } from './catalog.js';
import { keepAsking } from './time.js';
import { memoryStorage } from './storage.js';

const WAIT = 25;                  // seconds that the server may hold the question for changes
const MANY = 100;                 // rows in a page, and ids in a question
const BUCKETS = 64;               // items in which a table is stored: a change writes one of them
const TRIES = 8;                  // of a mutation at which the server itself fails

const bucketOf = (id) => parseInt(id.slice(-2), 16) % BUCKETS;

// What creating, changing and deleting a row does to the copy; of other mutations it is said by whoever sends them.
function effectOf({ operation, input }) {
	const [table, verb] = operation.split('.');
	const { id, ...fields } = input ?? {};
	if (verb === 'create' && id) return { [table]: { [id]: { id, ...fields } } };
	if (verb === 'update') return { [table]: { [id]: fields } };
	if (verb === 'delete') return { [table]: { [id]: null } };
	return {};
}

export async function openOffline(client, { tables, storage = memoryStorage(), name = 'muster', change = () => {}, refused = () => {}, connection = () => {} }) {
	const rows = Object.fromEntries(tables.map((table) => [table, new Map()]));
	const item = (...parts) => [name, ...parts].join('/');
	const load = async (key, none) => JSON.parse((await storage.getItem(key)) ?? 'null') ?? none;
	let since = await load(item('since'), null);
	let queue = await load(item('queue'), []);
	let whose = await load(item('whose'), null), sure = {}; // the agent of the copy, and the credential with which it was looked up
	let pulling, pushing, idle = true, up = true;
	for (const table of tables)
		for (let i = 0; since !== null && i < BUCKETS; i++)
			for (const row of await load(item(table, i), [])) rows[table].set(row.id, row);

	// Texts are written one after the other, in the order in which they were meant.
	let writing = Promise.resolve();
	const save = (key, value) => (writing = writing.then(() => storage.setItem(key, JSON.stringify(value))));
	const saveQueue = () => save(item('queue'), queue);

	const dirty = new Map();        // buckets that are not as they are stored -> their table
	function put(table, id, row) {
		if (row) rows[table].set(id, row);
		else rows[table].delete(id);
		dirty.set(item(table, bucketOf(id)), table);
	}
	async function saveRows() {
		const kept = {};
		for (const table of new Set(dirty.values()))
			for (const row of rows[table].values()) (kept[item(table, bucketOf(row.id))] ??= []).push(row);
		for (const key of dirty.keys()) save(key, kept[key] ?? []);
		dirty.clear();
		return writing;
	}

	// ---- what is shown: the copy, and over it the mutations that it does not have yet ----

	function shown(table) {
		const seen = new Map(rows[table]);
		for (const { operation, effect } of queue)
			for (const [id, fields] of Object.entries(effect[table] ?? {}))
				if (fields === null) seen.delete(id);
				else if (seen.has(id) || operation === `${table}.create`) seen.set(id, { ...seen.get(id), ...fields });
		return seen;
	}
	const changed = (named) => change(new Set(named));

	// ---- from the server ----

	// What somebody left here is nothing for who logs in next, and is not done in that one's name.
	async function own(signal) {
		const { token } = client;
		if (sure === token) return;
		const { agent } = await client.me.get({}, { signal });
		if (whose !== null && whose !== agent.id) await forget();
		if (whose !== agent.id) await save(item('whose'), whose = agent.id);
		sure = token;
	}
	async function forget() {
		for (const table of tables) {
			rows[table].clear();
			for (let i = 0; i < BUCKETS; i++) await storage.removeItem(item(table, i));
		}
		dirty.clear();
		for (const one of ['since', 'queue', 'whose']) await storage.removeItem(item(one));
		since = whose = null;
		queue = [];
		changed(tables);
	}

	async function list(table, input, signal) {
		const found = [];
		try {
			for (let cursor; ;) {
				const page = await client[table].list({ limit: MANY, ...input, cursor }, { signal });
				found.push(...page.data);
				if (!page.meta.has_more) return found;
				cursor = page.meta.next_cursor;
			}
		} catch (error) {
			if (error.kind !== 'forbidden') throw error;
			return found; // nothing of it may be seen now
		}
	}

	// Takes what was listed for what there is, of all rows for which `asked` holds.
	function take(table, found, asked = () => true) {
		for (const row of [...rows[table].values()]) if (asked(row)) put(table, row.id);
		for (const row of found) put(table, row.id, row);
	}

	// Everything anew. What changes meanwhile is in the feed after the version from before the first list.
	async function resync(signal) {
		const { version } = await client.me.get({}, { signal }).response();
		for (const table of tables) take(table, await list(table, {}, signal));
		await advance(version);
	}

	async function follow(items, signal) {
		const touched = {}, anew = new Set(), children = new Map();
		for (const { object, row_id: id, kind } of items) {
			if (kind === 'rescoped') anew.add(object);
			else (touched[object] ??= new Set()).add(id);
			// What hangs on a row is seen with it, and not told one by one.
			if (['entered', 'left', 'deleted', 'restored'].includes(kind))
				for (const table of tables)
					if (within[table]?.[object]) children.set(`${table} ${id}`, { table, column: within[table][object], id });
		}
		for (const table of tables) {
			if (anew.has(table)) {
				take(table, await list(table, {}, signal));
				continue;
			}
			const ids = [...(touched[table] ?? [])];
			for (let i = 0; i < ids.length; i += MANY) {
				const some = ids.slice(i, i + MANY);
				take(table, await list(table, { id: some }, signal), (row) => some.includes(row.id));
			}
		}
		for (const { table, column, id } of children.values())
			take(table, await list(table, { [column]: id }, signal), (row) => row[column] === id || row.subject?.id === id);
	}

	// Rows first: a program that is stopped in between asks for the same changes once more.
	async function advance(to) {
		const tables = [...dirty.values()];
		await saveRows();
		if (since !== to) await save(item('since'), since = to);
		await settle(tables);
	}
	// Mutations that the copy has are shown from there.
	async function settle(tables = []) {
		const done = queue.filter(({ version }) => version <= since);
		queue = queue.filter((entry) => !done.includes(entry));
		if (done.length) await saveQueue();
		const all = [...tables, ...done.flatMap(({ effect }) => Object.keys(effect))];
		if (all.length) changed(all);
	}

	const waiting = () => queue.find(({ version }) => version === undefined);
	const behind = () => queue.some(({ version }) => version > since);

	// Takes over what changed; with `wait`, as soon as something does. Gives whether there is more.
	async function pull({ wait = 0, signal } = {}) {
		await own(signal);
		if (since === null) await resync(signal);
		let feed;
		try {
			feed = await client.changes.list({ since }, { signal, ...(wait && { wait }) });
		} catch (error) {
			if (error.kind !== 'gone') throw error;
			await resync(signal);
			return true;
		}
		if (!feed) return false;
		await follow(feed.items, signal);
		await advance(feed.next);
		return feed.has_more;
	}

	// ---- to the server ----

	// Sends the oldest of those that were not done yet; what has no answer is sent again another time, with the same key. Gives whether there are more.
	async function push({ signal } = {}) {
		let reply;
		if (!waiting()) return false;
		await own(signal);
		const entry = waiting();
		if (!entry) return false;
		try {
			reply = await client.call(entry.operation, entry.input, { idempotencyKey: entry.key, retries: 0, signal }).response();
		} catch (error) {
			if (error.kind === 'internal') entry.failures = (entry.failures ?? 0) + 1;
			if (signal?.aborted || error.kind === 'unauthenticated' || (error.temporary && !(entry.failures >= TRIES))) throw error;
			queue = queue.filter((one) => one !== entry);
			refused(error, entry);
			changed(Object.keys(entry.effect));
			await saveQueue();
			return Boolean(waiting());
		}
		entry.version = reply.version ?? 0;
		await saveQueue();
		await settle();
		return Boolean(waiting());
	}

	function say(yes, error) {
		if (up !== yes) connection(up = yes, error);
	}
	const lost = (error) => say(false, error);

	const offline = {
		// The rows of a table as they are shown, by id; and one of them.
		all: (table) => shown(table),
		get: (table, id) => shown(table).get(id),
		// The mutations that the copy does not have yet: sent, or to be sent.
		get pending() { return queue.map((entry) => ({ ...entry })); },
		get since() { return since; },

		// Keeps a mutation until the server has done it. Resolves when it is stored: from then on it is not lost. `effect` says what it does to the
		// rows, where that does not follow from its name: { deals: { [id]: { status: 'won' } } }; null for a row that is gone.
		async send(call, effect = effectOf(call)) {
			queue.push({ operation: call.operation, input: call.input, key: call.key, effect });
			changed(Object.keys(effect));
			await saveQueue();
			if (idle) pushing?.again();
		},

		pull,
		push,

		// Follows the server until stop().
		start() {
			pulling ??= keepAsking(async (signal) => {
				await pull({ wait: behind() || !up ? 0 : WAIT, signal });
				say(true);
				return 0;
			}, lost);
			pushing ??= keepAsking(async (signal) => {
				idle = false;
				await push({ signal });
				if (waiting()) return 0;
				idle = true;
				if (behind()) pulling?.again();
				return Infinity;
			}, lost);
		},
		async stop() {
			const ends = [pulling, pushing].map((loop) => (loop?.stop(), loop?.done));
			pulling = pushing = undefined;
			await Promise.all(ends);
			await writing;
		},
		// The network came back, or somebody logged in.
		wake() {
			sure = {};
			pulling?.again();
			pushing?.again();
		},
		// Forgets everything, as when somebody logs out.
		async clear() {
			await offline.stop();
			await forget();
		},
	};
	return offline;
}
