// world.mjs: what all actors of a run share: the seed, requests whose moments are known, the first failure, and how a write whose answer
// was lost is settled.

import { Agent, request as httpRequest } from 'node:http';
import { sleep } from '../harness.mjs';

// A generator of its own for each actor, from the seed and the actor's name, so that one actor's luck does not depend on another's pace.
export function chance(seed, name) {
	let h = 1779033703 ^ name.length;
	for (const c of `${seed} ${name}`) {
		h = Math.imul(h ^ c.charCodeAt(0), 3432918353);
		h = (h << 13) | (h >>> 19);
	}
	const next = () => {
		h = (h + 0x6d2b79f5) | 0;
		let t = Math.imul(h ^ (h >>> 15), 1 | h);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
	return {
		next,
		below: (n) => Math.floor(next() * n),
		any: (list) => list[Math.floor(next() * list.length)],
		is: (share) => next() < share,
		id: () => { // a UUIDv7 that is the seed's
			const hex = (n) => Array.from({ length: n }, () => Math.floor(next() * 16).toString(16)).join('');
			return `${Date.now().toString(16).padStart(12, '0').replace(/^(.{8})/, '$1-')}-7${hex(3)}-a${hex(3)}-${hex(12)}`;
		},
	};
}

// A request, and when its parts were seen: `sent`, `head` (the first byte of the answer), `end`.
export class Lost extends Error {}
const agent = new Agent({ keepAlive: true, maxSockets: Infinity });
export function ask(url, method, path, { token, body, headers = {}, signal } = {}) {
	return new Promise((done, fail) => {
		const content = body === undefined ? undefined : JSON.stringify(body);
		const answer = { sent: performance.now() };
		const sent = httpRequest(url + path, {
			method, agent, signal,
			headers: {
				...(token && { authorization: `Bearer ${token}` }),
				...(content !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(content) }),
				...headers,
			},
		}, (got) => {
			let text = '';
			answer.head = performance.now();
			got.setEncoding('utf8').on('data', (part) => (text += part));
			got.on('error', (error) => fail(new Lost(String(error))));
			got.on('end', () => {
				const json = /[/+]json/.test(got.headers['content-type'] ?? '');
				const version = got.headers['muster-version'];
				try {
					done(Object.assign(answer, { end: performance.now(), status: got.statusCode, headers: got.headers, text,
						body: json && text ? JSON.parse(text) : undefined, version: version === undefined ? undefined : Number(version) }));
				} catch (error) {
					fail(new Lost(`${got.statusCode} and no JSON: ${error.message}`));
				}
			});
		});
		sent.on('error', (error) => fail(new Lost(String(error))));
		sent.end(content);
	});
}

// A GET of server-sent events; the reply is the caller's to read. It has a connection of its own.
export function stream(url, path, { token, last }, reply) {
	const call = httpRequest(url + path, {
		agent: false, headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream', ...(last !== undefined && { 'last-event-id': last }) },
	}, reply);
	call.end();
	return call;
}

// What is not an answer of Muster's: a process or the database had been killed.
export const isFault = (status) => status === 502 || status === 503 || status === 504;

export class World {
	failed = undefined;
	over = false; // clients stop
	phase = 0;
	counts = { steps: 0, writes: 0, refused: 0, lost: 0, answers: 0, checks: 0, faults: 0, unparked: 0 };
	late = { worst: 0, n: 0 };
	ways = []; // of trivial requests: { sent, end }
	diary = []; // faults, with their moment
	constructor({ seed, all, faulty, grace }) {
		Object.assign(this, { seed, all, faulty, grace, began: performance.now() });
	}
	chance(name) {
		return chance(this.seed, name);
	}
	// The first failure is the one that is told.
	fail(error) {
		this.failed ??= error;
		this.over = true;
	}
	tell(text) {
		this.diary.push({ at: performance.now(), text });
	}
	// How long the way is: a trivial request, again and again.
	async measure() {
		while (!this.over) {
			const way = { sent: performance.now(), end: undefined };
			this.ways.push(way);
			for (const url of this.all.urls) await ask(url, 'GET', '/healthz').catch(() => {});
			await sleep(10); // as long as it takes: this process may be the slow one
			way.end = performance.now();
			if (this.ways.length > 1000) this.ways.shift();
		}
	}
	// The longest that one took that was on its way between these moments.
	wayAt(from, to) {
		const now = performance.now();
		return this.ways.reduce((most, { sent, end = now }) => (sent <= to && end >= from ? Math.max(most, end - sent) : most), 0);
	}
	url(luck) {
		return luck.any(this.all.urls);
	}

	/*
	 * A write, until it is settled: gives its answer with `version` when it was done, or the refusal. `where` finds what it
	 * changes in the log of changes: when an answer was lost, the log says whether and as which version the write was done. What `repeats` is done again by each try.
	 */
	async write(company, luck, { as, method, path, body, where, text, apply, once, repeats, marks = [] }) {
		const write = { version: undefined };
		let settle;
		write.done = new Promise((done) => (settle = done));
		company.inFlight.add(write);
		const before = company.complete;
		const key = once && { 'idempotency-key': luck.id() };
		try {
			let lost = 0, answer;
			for (;;) {
				answer = await ask(this.url(luck), method, path, { token: as.token, body, headers: key || {} }).catch((error) => {
					if (error instanceof Lost) return undefined;
					throw error;
				});
				const unsure = !answer || isFault(answer.status) || (answer.status === 409 && answer.body?.detail?.includes('still being answered'));
				if (!unsure) break;
				if (!this.faulty) throw new Error(`${method} ${path}: ${answer?.status ?? 'no answer'} ${answer?.text ?? ''}, although nothing was broken`);
				lost++;
				this.counts.lost++;
				if (this.failed) return { status: 0, done: false };
				await sleep(20 + luck.below(80));
			}
			let version = answer.status < 300 ? answer.version : undefined;
			if (lost) {
				let found = await this.lookUp(company, where, before);
				if (repeats && version) {
					for (const other of found) if (other !== version) company.note(other, `${text}, its answer was lost`);
					found = [version];
				}
				if (found.length > 1) throw new Error(`${text} was done ${found.length} times: as ${found}`);
				if (once && answer.status < 300 && found.length && answer.body?.version !== found[0])
					throw new Error(`${text} was done as ${found[0]}, and its repetition says ${answer.body?.version}`);
				version = found[0];
			} else if (answer.status >= 500) {
				throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
			}
			this.counts[version ? 'writes' : 'refused']++;
			if (version) {
				write.version = version;
				apply(version, answer);
				company.note(version, text, marks);
				company.acknowledge(performance.now());
			}
			return Object.assign(answer, { done: Boolean(version), version });
		} finally {
			company.inFlight.delete(write);
			settle();
		}
	}

	// The versions after `before` at which the log has a change of this row that no write of the run is known to have made.
	async lookUp(company, where, before) {
		for (;;) {
			try {
				const rows = await this.all.database.query(
					`SELECT DISTINCT version FROM changes WHERE company_id = '${company.id}' AND version > ${before} AND ${where} ORDER BY version`);
				return rows.map(([version]) => Number(version)).filter((version) => !company.log.has(version));
			} catch {
				await sleep(100); // MariaDB is being started
			}
		}
	}
}
