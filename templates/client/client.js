// client.js: calls of the API. An operation makes a *call*, which is a value: awaited, it is sent, once; given to live(), optimistic() or an
// offline store, it is watched, shown in advance, or kept until there is a connection.
import { operations } from './catalog.js';
import { createLive } from './live.js';
import { backOff, sleep, timed } from './time.js';

const TIMEOUT = 30_000;           // milliseconds for an answer, beside what the server may wait
const RETRIES = 2;                // of what may be repeated

// Every failure: `kind` says which (the end of the problem's type), `problem` is the whole document (RFC 9457), `after` how many
// milliseconds to wait before the next try. `unreachable` is the client's own: there was no answer.
export class MusterError extends Error {
	constructor(problem, after = 0) {
		super(problem.detail ?? problem.title);
		Object.assign(this, { name: 'MusterError', problem, after, kind: problem.type.split(':').pop(), status: problem.status });
	}
	// The same once more may be accepted later.
	get temporary() {
		return ['unreachable', 'unavailable', 'busy', 'limited', 'internal'].includes(this.kind) ||
			Boolean(this.problem.errors?.some(({ code }) => code === 'in_progress'));
	}
}

const failed = (type, status, title) => ({ type, status, title });

// A new id (UUID version 7): what is created offline has its id from the start.
export function newId() {
	const bytes = Array.from({ length: 16 }, () => Math.floor(Math.random() * 256));
	globalThis.crypto?.getRandomValues?.(new Uint8Array(16)).forEach((byte, i) => { bytes[i] = byte; });
	for (let i = 5, ms = Date.now(); i >= 0; i--, ms = Math.floor(ms / 256)) bytes[i] = ms % 256;
	bytes[6] = (bytes[6] & 15) | 112;
	bytes[8] = (bytes[8] & 63) | 128;
	return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('').replace(/(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

const metas = new WeakMap();      // answer -> { etag, version }
// The ETag with which an answer came, for ifMatch.
export const etagOf = (answer) => metas.get(answer)?.etag;

function queryString(input) {
	const pairs = Object.entries(input).filter(([, value]) => value !== undefined);
	const text = pairs.map(([name, value]) => `${name}=${encodeURIComponent(Array.isArray(value) ? value.join(',') : value)}`).join('&');
	return text && `?${text}`;
}

function multipart(input) {
	const form = new FormData();
	for (const [name, value] of Object.entries(input))
		if (value !== undefined) form.append(name, name === 'file' || typeof value !== 'object' ? value : JSON.stringify(value));
	return form;
}

// What is sent for an operation: 'contacts.update' and its input become PATCH, /v1/contacts/..., and a body.
export function requestOf(operation, input = {}) {
	const [group, verb] = operation.split('.');
	const [method, template, form] = operations[group][verb].split(' ');
	const { fields, expand, ...rest } = input;
	const path = template.replace(/{(\w+)}/g, (_, name) => {
		const value = rest[name];
		if (value === undefined || value === '') throw new TypeError(`${operation} needs ${name}`);
		delete rest[name];
		return encodeURIComponent(value);
	});
	const get = method === 'GET';
	const body = get || !Object.keys(rest).length ? undefined : form ? multipart(rest) : rest;
	return { method, path: `/v1${path}${queryString({ ...(get && rest), fields, expand })}`, body };
}

export function createClient({ baseUrl = '', key, session, fetch = globalThis.fetch, connection = () => {} } = {}) {
	const client = { baseUrl, token: key ?? session?.token ?? session };

	async function exchange(method, path, body, { ifMatch, known, wait, idempotencyKey, signal, timeout = TIMEOUT }) {
		const etag = known && (metas.get(known)?.etag ?? known);
		const match = metas.get(ifMatch)?.etag ?? ifMatch;
		const json = body !== undefined && !(globalThis.FormData && body instanceof FormData);
		const limit = timed(timeout + (wait ?? 0) * 1000, signal);
		let reply, answer;
		try {
			reply = await fetch(client.baseUrl + path, {
				method,
				headers: {
					...(client.token && { Authorization: `Bearer ${client.token}` }),
					...(json && { 'Content-Type': 'application/json' }),
					...(etag && { 'If-None-Match': etag }),
					...(match && { 'If-Match': match }),
					...(wait !== undefined && { Prefer: `wait=${wait}` }),
					...(idempotencyKey && { 'Idempotency-Key': idempotencyKey }),
				},
				body: json ? JSON.stringify(body) : body,
				cache: 'no-store',
				signal: limit.signal,
			});
			const text = await reply.text();
			if (/[/+]json/.test(reply.headers.get('Content-Type') ?? '') && text) answer = JSON.parse(text);
		} catch (error) {
			if (signal?.aborted) throw error;
			throw new MusterError(failed('unreachable', 0, 'The server cannot be reached'));
		} finally {
			limit.end();
		}
		if (!reply.ok && reply.status !== 304)
			throw new MusterError(answer?.type ? answer : failed(reply.status < 500 ? 'malformed' : 'unavailable', reply.status, `HTTP status ${reply.status}`),
				Number(reply.headers.get('Retry-After')) * 1000 || 0);
		const meta = { etag: reply.headers.get('ETag') ?? undefined, version: Number(reply.headers.get('Muster-Version')) || undefined };
		if (reply.status === 304) answer = typeof known === 'object' ? known : undefined;
		else if (answer) metas.set(answer, meta);
		return { ...meta, status: reply.status, body: answer };
	}

	// Repeats what it may: reads, and what has a key by which the server knows it again.
	client.request = async (method, path, body, options = {}) => {
		const repeatable = method === 'GET' || (client.token && options.idempotencyKey);
		for (let tries = 0; ; tries++)
			try {
				return await exchange(method, path, body, options);
			} catch (error) {
				if (!error.temporary || !repeatable || tries >= (options.retries ?? RETRIES)) throw error;
				await sleep(backOff(tries, error), options.signal);
			}
	};

	client.call = (operation, input, options) => {
		const { method, path, body } = requestOf(operation, input);
		const key = options?.idempotencyKey ?? (method === 'GET' ? undefined : newId());
		let sent;
		const response = () => (sent ??= client.request(method, path, body, { ...options, idempotencyKey: key }));
		const answer = () => response().then((reply) => reply.body);
		return {
			operation, input, path, key, response,
			then: (good, bad) => answer().then(good, bad),
			catch: (bad) => answer().catch(bad),
			finally: (end) => answer().finally(end),
			// All rows of a list, page by page.
			async *[Symbol.asyncIterator]() {
				for (let page = await answer(); ; page = await client.call(operation, { ...input, cursor: page.meta.next_cursor }, options)) {
					yield* page.data;
					if (!page.meta.has_more) return;
				}
			},
		};
	};

	for (const [group, verbs] of Object.entries(operations)) {
		client[group] = {};
		for (const verb of Object.keys(verbs)) client[group][verb] = (input, options) => client.call(`${group}.${verb}`, input, options);
	}
	client.signIn = async (input) => {
		const session = await client.sessions.create(input);
		client.token = session.token;
		client.wake();
		return session;
	};
	client.signOut = async () => {
		await client.sessions.delete_current();
		client.token = undefined;
	};
	return Object.assign(client, createLive(client.request, connection));
}
