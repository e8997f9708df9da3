/*
 * readers.mjs: the clients of a run, and what is checked of every answer that one of them gets.
 *
 * All moments are those at which the one process of the test sees an event. For an answer,
 *   low   is the greatest version that was acknowledged to its writer before the request was sent, or that an earlier answer to this client claimed;
 *   high  is the greatest version of all writes that had been begun when the last byte had come.
 * What the database held while the answer was made lies between them, because a write commits between its beginning and its acknowledgement.
 * `claimed` is the answer's Muster-Version: from there on it says what is true. So, for every answer:
 *   1. low <= claimed <= high: it is not stale, and a client never goes back;
 *   2. what it says (status and content) is what the model says at one version from `claimed` to `high`;
 *      304, and what POST /v1/live does not name, says "what you have"; so a lost wake-up is seen as soon as a wait runs out;
 *   3. every row's value that its bytes name could be seen by its reader at one version from `claimed` to `high`;
 *   4. of an answer to whoever waits: when a later write has taken the row away, that write had not been acknowledged more than `grace`
 *      milliseconds before the answer's first byte came, and what a trivial request took at that time: the bytes of an answer that was sent
 *      before the commit may be on their way for a moment, and no longer. (Which of two sockets the kernel shows us first says nothing of
 *      which was written first.) An answer to a request that does not wait may have its moment anywhere between its beginning and its end.
 */

import { sleep } from '../harness.mjs';
import { Lost, ask, isFault, stream } from './world.mjs';
import { list, loose, me, namesIn, one, report, tables } from './model.mjs';

const WAIT = 60; // seconds: nobody's wait runs out while it is looked for the last change
const KEPT = 12; // answers that are told of a client that failed

// Where the row's value was seen last by `who`, from version `from` to `to`; undefined: nowhere.
function lastSeen(company, who, row, token, from, to) {
	for (let v = to; v >= from; v--) if (company.seen(who, row, v)?.token === token) return v;
	return undefined;
}

export class Reader {
	version = 0; // the greatest that an answer claimed
	told = []; // the last answers, for a failure
	constructor(world, company, seat, name) {
		Object.assign(this, { world, company, seat, name, luck: world.chance(`reader ${name}`) });
		this.who = seat.who;
	}

	remember(text) {
		this.told.push(`${((performance.now() - this.world.began) / 1000).toFixed(3)} ${text}`);
		if (this.told.length > KEPT) this.told.shift();
	}
	fail(what, more = {}) {
		const { version } = this;
		this.world.fail(Object.assign(new Error(`${this.name} (${this.who.name}): ${what}`), { reader: this, from: version, to: version, ...more }));
	}

	// Asks, and gives the answer with what is to be checked against; undefined when there is none because of a fault.
	async ask(method, path, options = {}) {
		const low = Math.max(this.company.acknowledged(performance.now()), this.version);
		const who = this.who;
		// Some go away in the middle of their wait.
		const control = new AbortController();
		const leaves = this.luck.is(0.04) && setTimeout(() => control.abort(), this.luck.below(300));
		this.control = control;
		let answer;
		try {
			answer = await ask(this.world.url(this.luck), method, path, { token: who.token, signal: control.signal, ...options });
		} catch (error) {
			if (!(error instanceof Lost)) throw error;
			if (!control.signal.aborted && !this.world.faulty) this.fail(`${path}: no answer, although nothing was broken: ${error.message}`);
			this.remember(`${path}: ${control.signal.aborted ? 'went away' : 'no answer'}`);
			if (!control.signal.aborted) await sleep(50 + this.luck.below(100));
			return undefined;
		} finally {
			clearTimeout(leaves);
		}
		if (isFault(answer.status) || answer.status === 429) {
			if (!this.world.faulty) this.fail(`${path}: ${answer.status} ${answer.text}, although nothing was broken`);
			this.remember(`${path}: ${answer.status}`);
			await sleep(50 + this.luck.below(150));
			return undefined;
		}
		if (answer.status >= 500) this.fail(`${path}: ${answer.status} ${answer.text}`);
		this.world.counts.answers++;
		const upTo = this.company.upTo();
		if (answer.version !== undefined) this.version = Math.max(this.version, answer.version);
		const waited = method === 'POST' || path.startsWith('/v1/changes') || Boolean(options.headers?.prefer);
		return Object.assign(answer, { low, upTo, who, waited, claimed: answer.version ?? low });
	}

	// Rules 1 to 4, when it is known what had been begun. `says` is [question, what it says] for each question that was asked.
	check(answer, says, text = answer.text) {
		const { world, company } = this;
		const { who, low, claimed } = answer;
		const before = [...this.told];
		return answer.upTo().then((high) => {
			world.counts.checks++;
			const more = { from: Math.min(low, claimed), to: high, told: before, who };
			if (claimed < low) return this.fail(`an answer at version ${claimed}, after version ${low} was known to it`, more);
			if (claimed > high) return this.fail(`an answer at version ${claimed}, when ${high} was the last that anybody had begun`, more);
			for (const [question, said] of says) {
				let good = false;
				for (let v = claimed; v <= high && !good; v++) good = said === question.must(company, who, v);
				if (!good) {
					const wanted = new Set();
					for (let v = claimed; v <= high; v++) wanted.add(question.must(company, who, v));
					return this.fail(`${question.path} at ${claimed} to ${high} said\n  ${said}\nand had to say\n  ${[...wanted].slice(-4).join('\n  ')}`, { ...more, question });
				}
			}
			return this.names(answer, high, text, more);
		}).catch((error) => world.fail(error));
	}
	names(answer, high, text, more) {
		const { company } = this, { who, claimed } = answer;
		for (const { company: number, name, token } of namesIn(text)) {
			if (number !== company.number) return this.fail(`${token} is another company's`, more);
			const row = company.byName.get(name);
			if (!row) return this.fail(`${token} is of a row that nobody made`, more);
			const last = lastSeen(company, who, row, token, claimed, high);
			if (last === undefined) return this.fail(`${token} could not be seen at any version from ${claimed} to ${high}`, { ...more, row });
			if (last < high && !company.seen(who, row, last + 1)) this.taken(last + 1, token, answer, { ...more, row });
		}
		return undefined;
	}
	// Rule 4: what the answer names was taken away by this version.
	taken(version, name, { head, claimed, waited }, more) {
		const { world, company } = this, since = company.acknowledgedAt(version);
		if (since >= head || !waited) return;
		const way = world.wayAt(since, head);
		world.late.n++;
		world.late.worst = Math.max(world.late.worst, head - since - way);
		if (head - since > world.grace + way)
			this.fail(`${name} came at ${claimed}, ${(head - since).toFixed(0)} ms after version ${version} had taken it away and that was acknowledged, when a request took ${way.toFixed(0)} ms`, more);
	}

	// Until the run is over; a new session or key of the seat is a new beginning.
	async run() {
		while (!this.world.over) {
			if (this.who !== this.seat.who) {
				this.who = this.seat.who;
				this.forget();
			}
			await this.round();
		}
	}
	stop() {
		this.control?.abort();
	}
	// What is wrong with what it has, when the model stands at `v`; undefined: nothing.
	wrong(v) {
		for (const question of this.questions) {
			const said = this.have.get(question)?.said, must = question.must(this.company, this.who, v);
			if (said !== must) return `${question.path} says\n  ${said}\nand has to say\n  ${must}`;
		}
		return undefined;
	}
	// The same, asked anew with the same credential.
	async fresh() {
		for (const question of this.questions) {
			const answer = await ask(this.world.all.urls[0], 'GET', question.path, { token: this.who.token });
			const said = answer.status === 200 ? question.told(answer.body) : String(answer.status);
			const had = this.have.get(question);
			const content = answer.status === 200 ? plain(answer.body) : undefined;
			if (said !== had.said || (had.said.startsWith('200') && content !== had.content))
				return `${question.path} was left with\n  ${had.said} ${had.content}\nand a new GET says\n  ${said} ${content}`;
		}
		return undefined;
	}
}

// An answer's content: the version beside it says nothing of it.
function plain(body) {
	const { version, ...rest } = body;
	return JSON.stringify(rest);
}

function keep(reader, question, status, etag, body) {
	const said = status === 200 ? question.told(body) : String(status);
	reader.have.set(question, { said, etag: status === 200 || etag ? etag : undefined, content: status === 200 ? plain(body) : undefined });
	return said;
}

// One question by GET, Prefer: wait.
export class Getter extends Reader {
	have = new Map();
	constructor(world, company, seat, question) {
		super(world, company, seat, `GET ${question.path}`);
		this.questions = [question];
	}
	forget() {
		this.have.clear();
		this.version = 0;
	}
	async round() {
		const [question] = this.questions, had = this.have.get(question);
		const wait = this.luck.is(0.1) && !this.world.ending ? 1 : WAIT;
		const headers = had?.etag ? { 'if-none-match': had.etag, prefer: `wait=${wait}` } : {};
		const answer = await this.ask('GET', question.path, { headers });
		if (!answer) return;
		if (answer.status === 304) {
			this.remember(`304 at ${answer.claimed}`);
			if (wait === WAIT && answer.end - answer.sent > WAIT * 900) this.world.counts.expired = (this.world.counts.expired ?? 0) + 1;
			this.check(answer, [[question, had.said]]);
			return;
		}
		const said = keep(this, question, answer.status, answer.headers.etag, answer.body);
		this.remember(`${said} at ${answer.claimed}`);
		this.check(answer, [[question, said]]);
		if (answer.status !== 200) await sleep(100 + this.luck.below(200)); // nothing to wait for
	}
}

// Many questions by POST /v1/live.
export class Poller extends Reader {
	have = new Map();
	constructor(world, company, seat, questions) {
		super(world, company, seat, `POST /v1/live of ${questions.length}`);
		this.questions = questions;
	}
	forget() {
		this.have.clear();
		this.version = 0;
	}
	async round() {
		const { questions } = this;
		const wait = this.luck.is(0.1) && !this.world.ending ? 1 : WAIT;
		const queries = questions.map((question) => ({ path: question.path, ...(this.have.get(question)?.etag && { etag: this.have.get(question).etag }) }));
		const answer = await this.ask('POST', '/v1/live', { body: { queries, wait } });
		if (!answer) return;
		if (answer.status === 401) {
			for (const question of questions) keep(this, question, 401);
			this.remember(`401 at ${answer.claimed}`);
			this.check(answer, [[questions[0], '401']]);
			await sleep(100 + this.luck.below(200));
			return;
		}
		if (answer.status !== 200) {
			this.fail(`${answer.status} ${answer.text}`);
			return;
		}
		if (answer.claimed !== answer.body.version) this.fail(`version ${answer.body.version} in the body, ${answer.claimed} in the header`);
		for (const part of answer.body.changed) keep(this, questions[part.index], part.status, part.etag, part.body);
		this.remember(`${answer.body.changed.map((part) => `${questions[part.index].path}: ${this.have.get(questions[part.index]).said}`).join('; ') || 'nothing changed'} at ${answer.claimed}`);
		this.check(answer, questions.map((question) => [question, this.have.get(question).said]));
	}
}

// A copy of the contacts, deals, tasks and notes in scope, kept up to date by GET /v1/changes: rows that come, change, leave and are deleted. What
// hangs on a contact that comes into view or leaves it is not told one by one.
export class Copier extends Reader {
	copy = new Map(); // row name -> what the row says
	next = undefined; // the version up to which the copy knows everything
	static kinds = ['c', 'd', 't', 'n'];
	static objects = Object.fromEntries(Copier.kinds.map((kind) => [tables[kind], kind]));
	lists = Object.fromEntries(Copier.kinds.map((kind) => [kind, list(kind)]));
	constructor(world, company, seat) {
		super(world, company, seat, 'GET /v1/changes');
	}
	forget() {
		this.copy.clear();
		this.next = undefined;
		this.version = 0;
	}
	// All rows of a kind, in place of what was known of them. Gives the version of the list; undefined: it goes on later.
	async readList(kind) {
		const question = this.lists[kind], answer = await this.ask('GET', question.path);
		if (!answer) return undefined;
		const said = answer.status === 200 ? question.told(answer.body) : String(answer.status);
		this.remember(`${question.path}: ${said} at ${answer.claimed}`);
		this.check(answer, [[question, said]]);
		if (answer.status === 401) return void (await sleep(100 + this.luck.below(200)));
		for (const [id, row] of this.copy) if (row.kind === kind) this.copy.delete(id);
		for (const row of answer.status === 200 ? answer.body.data : []) this.copy.set(row.id, { kind, said: question.told({ data: [row] }) });
		return answer.claimed;
	}
	async readAll() {
		this.copy.clear();
		let from;
		for (const kind of Copier.kinds) {
			const version = await this.readList(kind);
			if (version === undefined) return;
			from ??= version;
		}
		this.next = from;
	}
	async readOne(kind, id) {
		const row = this.company.rows.find((one) => one.id === id);
		const answer = await this.ask('GET', `/v1/${tables[kind]}/${id}`);
		if (!answer) return false;
		const said = answer.status === 200 ? this.lists[kind].told({ data: [answer.body] }) : String(answer.status);
		if (row) this.check(answer, [[one(row), answer.status === 200 ? one(row).told(answer.body) : said]]);
		if (answer.status === 200) this.copy.set(id, { kind, said });
		else this.copy.delete(id);
		return true;
	}
	// What the feed tells of a row, its reader could see just before it or just after it; and rule 4.
	checkItems(answer, { items, next }) {
		const { company, world } = this, { who, claimed, head } = answer, told = [...this.told];
		return answer.upTo().then((high) => {
			const more = { from: Math.min(answer.low, claimed), to: high, told, who };
			world.counts.checks++;
			if (claimed < answer.low) this.fail(`a feed at version ${claimed}, after version ${answer.low} was known to it`, more);
			if (claimed > high) this.fail(`a feed at version ${claimed}, when ${high} was the last that anybody had begun`, more);
			for (const item of items) {
				const row = company.rows.find((one) => one.id === item.row_id);
				if (!row || item.object !== tables[row.kind]) continue;
				let last = high;
				while (last >= item.version - 1 && !company.seen(who, row, last)) last--;
				if (last < item.version - 1)
					return this.fail(`the feed tells of ${row.name} at ${item.version} (${item.kind}), which could not be seen from ${item.version - 1} to ${high}`, { ...more, row });
				// What is gone by the end of what it tells, it tells of as gone (of a note also: that what it hangs on has left); what went later, it may not tell of for long.
				if (last === high) continue;
				const gone = items.some((later) => later.version >= item.version
					&& (later.kind === 'rescoped' ? later.object === item.object : (later.row_id === row.id && (later.left || later.kind === 'deleted')) || (later.row_id === row.parent?.id && later.left)));
				if (last < next && !gone) return this.fail(`the feed tells of ${row.name} at ${item.version}, and not that it was gone at ${last + 1}`, { ...more, row });
				if (last >= next) this.taken(last + 1, `${row.name} at ${item.version}`, answer, { ...more, row });
			}
			return undefined;
		}).catch((error) => world.fail(error));
	}
	// Takes what the feed says into the copy. False: a row could not be read, and it must be asked again from the version before.
	async take({ items, next }) {
		const again = new Map(), lists = new Set();
		for (const item of items) {
			const kind = Copier.objects[item.object];
			if (!kind) continue;
			if (kind === 'c' && (item.kind === 'entered' || item.left)) lists.add('n');
			if (item.kind === 'rescoped') lists.add(kind);
			else if (item.left || item.kind === 'deleted') {
				this.copy.delete(item.row_id);
				again.delete(item.row_id);
			} else again.set(item.row_id, kind);
		}
		for (const kind of lists) if ((await this.readList(kind)) === undefined) return false;
		for (const [id, kind] of again) if (!lists.has(kind) && !(await this.readOne(kind, id))) return false;
		this.next = next;
		return true;
	}
	note(since, { items, next }) {
		this.remember(`since ${since}: ${items.map((item) => `${item.kind} ${item.row_id} at ${item.version}`).join(', ') || 'nothing'}; next ${next}`);
		if (next < since) this.fail(`the feed goes back from ${since} to ${next}`);
	}
	async round() {
		if (this.next === undefined) return this.readAll();
		const wait = this.luck.is(0.1) && !this.world.ending ? 1 : WAIT;
		const since = this.next;
		const answer = await this.ask('GET', `/v1/changes?since=${since}&wait=${wait}`);
		if (!answer) return undefined;
		if (answer.status === 410 || answer.status === 401) {
			this.remember(`${answer.status}`);
			this.next = undefined;
			if (answer.status === 401) await sleep(100 + this.luck.below(200));
			return undefined;
		}
		if (answer.status !== 200) return this.fail(`/v1/changes: ${answer.status} ${answer.text}`);
		this.note(since, answer.body);
		this.checkItems(answer, answer.body);
		await this.take(answer.body);
		return undefined;
	}
	wrong(v) {
		const { company, who } = this;
		if (!company.level(who, 'contacts.view', v)) return undefined; // it cannot ask
		for (const kind of Copier.kinds) {
			const must = this.lists[kind].must(company, who, v);
			const lines = [...this.copy.values()].filter((row) => row.kind === kind).flatMap((row) => JSON.parse(row.said.slice(4)));
			const said = `200 ${JSON.stringify(lines.sort((a, b) => (a[0] < b[0] ? -1 : 1)))}`;
			if (said !== (must === '403' ? '200 []' : must)) return `its ${tables[kind]} are\n  ${said}\nand have to be\n  ${must}`;
		}
		return undefined;
	}
	async fresh() {
		if (!this.company.level(this.who, 'contacts.view', this.company.complete)) return undefined;
		for (const kind of Copier.kinds) {
			const answer = await ask(this.world.all.urls[0], 'GET', this.lists[kind].path, { token: this.who.token });
			const rows = answer.status === 200 ? answer.body.data : [];
			for (const row of rows)
				if (this.copy.get(row.id)?.said !== this.lists[kind].told({ data: [row] })) return `${tables[kind]} ${row.id} is ${this.copy.get(row.id)?.said}`;
			const mine = [...this.copy.values()].filter((row) => row.kind === kind).length;
			if (mine !== rows.length) return `${mine} ${tables[kind]}, and a new GET has ${rows.length}`;
		}
		return undefined;
	}
}

// The same by server-sent events: whoever comes again tells the last event that it had.
export class Streamer extends Copier {
	constructor(world, company, seat) {
		super(world, company, seat);
		this.name = 'GET /v1/changes, streamed';
	}
	async round() {
		if (this.next === undefined) return this.readAll();
		const { who } = this;
		let work = Promise.resolve(), version = this.next, broken = false;
		const from = Math.max(this.company.acknowledged(performance.now()), this.version);
		const hear = (event, head) => {
			const data = JSON.parse(event.data), upTo = this.company.upTo();
			if (event.event === 'problem') {
				this.remember(`problem ${data.status}`);
				if (isFault(data.status) && this.world.faulty) return; // it goes on from where it was
				if (![401, 410].includes(data.status)) this.fail(`an event says ${event.data}`);
				work = work.then(() => (this.next = undefined));
				return;
			}
			this.world.counts.answers++;
			if (event.id !== String(data.next)) this.fail(`event ${event.id} says it goes up to ${data.next}`);
			this.note(version, data);
			version = data.next;
			this.checkItems({ low: 0, claimed: data.next, waited: true, head, upTo, who }, data);
			work = work.then(async () => {
				if (broken || (await this.take(data))) return;
				broken = true; // once more from the last event that was taken whole
				this.call.destroy();
			});
		};
		const status = await this.listen(who, hear);
		await work;
		if (status === 200 || status === undefined) return undefined; // it goes on with what it has
		this.remember(`${status} at ${from}`);
		if (status === 410 || status === 401) this.next = undefined;
		else if (!isFault(status) || !this.world.faulty) return this.fail(`/v1/changes as a stream: ${status}`);
		await sleep(50 + this.luck.below(200));
		return undefined;
	}
	// Until the stream ends: its status; undefined when there was none.
	listen(who, hear) {
		return new Promise((done) => {
			let status, rest = '';
			const begun = this.luck.is(0.5) ? { path: `since=${this.next}` } : { path: 'since=0', last: String(this.next) };
			const call = stream(this.world.url(this.luck), `/v1/changes?${begun.path}`, { token: who.token, last: begun.last }, (reply) => {
				status = reply.statusCode;
				this.open = status === 200;
				reply.setEncoding('utf8').on('data', (part) => {
					const head = performance.now(), blocks = (rest + part).split('\n\n');
					rest = blocks.pop();
					for (const block of status === 200 ? blocks : []) {
						const event = Object.fromEntries(block.split('\n').filter((one) => !one.startsWith(':')).map((one) => /^([^:]*): ?(.*)$/.exec(one).slice(1)));
						if (event.data) hear(event, head);
					}
				}).on('error', () => {});
			});
			this.call = call;
			const leaves = this.luck.is(0.3) && setTimeout(() => call.destroy(), this.luck.below(4000));
			call.on('error', () => {}).on('close', () => {
				clearTimeout(leaves);
				this.open = false;
				done(status);
			});
		});
	}
	stop() {
		super.stop();
		this.call?.destroy();
	}
	wrong(v) {
		if (this.open && !this.company.level(this.who, 'contacts.view', v)) return 'its stream goes on, although it may not ask any more';
		return super.wrong(v);
	}
}

// The readers of a company: for each seat some questions by GET, many in one poll, and a copy.
export function makeReaders(world, company, each) {
	const luck = world.chance(`readers of ${company.number}`);
	const all = [];
	const rows = (kind) => company.rows.filter((row) => row.kind === kind);
	const question = (seat) => {
		const team = luck.any(company.teams), owner = luck.is(0.5) ? seat.agent.id : luck.any(company.agents).id;
		const kind = luck.any(['c', 'c', 'd', 't', 'n']);
		const contact = luck.any(rows('c')), deal = luck.any(rows('d'));
		return luck.any([
			() => list(kind),
			() => list('c'),
			() => list('c', { first: 5, sort: 'full_name' }),
			() => list('d', { first: 3, sort: 'title' }),
			() => list('c', { filter: `&owner_id=${owner}`, matches: (row) => row.owner === owner }),
			() => list('d', { filter: `&team_id=${team}`, matches: (row) => row.team === team }),
			() => list('t', { filter: `&assignee_id=${owner}&status=open`, matches: (row) => row.owner === owner && row.status === 'open' }),
			() => one(luck.any(rows(kind))),
			() => one(contact),
			() => report(luck.any(['owner', 'team', 'stage'])),
			() => me,
			() => loose(`/v1/timeline?contact_id=${contact.id}&limit=100`, 'activities.view', contact),
			() => loose(`/v1/timeline?deal_id=${deal.id}&limit=100`, 'activities.view', deal),
			() => loose('/v1/deals/board', 'deals.view'),
			() => loose('/v1/contacts?limit=100&expand=owner', 'contacts.view'),
		])();
	};
	for (const seat of company.seats) {
		for (let i = 0; i < each; i++) all.push(new Getter(world, company, seat, i ? question(seat) : list('c'))); // many ask the same
		const several = new Map();
		for (let i = 0; i < 8; i++) {
			const one = question(seat);
			several.set(one.path, one);
		}
		all.push(new Poller(world, company, seat, [...several.values()]));
		all.push(new Copier(world, company, seat), new Streamer(world, company, seat));
	}
	return all;
}
