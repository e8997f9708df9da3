// model.mjs: what is true in a company at each of its versions, as the writers of a run have been told by the answers to
// their writes: who may see what, and what each question must be answered with. It knows nothing of the program under test but
// the rules of access: a level is none, own, team or all; "team" is a row whose team is one of mine, or whose owner is in one.

export const tables = { c: 'contacts', d: 'deals', t: 'tasks', n: 'notes' };
const order = ['none', 'own', 'team', 'all'];

// A value that changes at versions.
export class Cell {
	versions = [];
	values = [];
	constructor(version, value) {
		this.set(version, value);
	}
	set(version, value) {
		let i = this.versions.length;
		while (i && this.versions[i - 1] > version) i--;
		if (i && this.versions[i - 1] === version) this.values[i - 1] = value;
		else {
			this.versions.splice(i, 0, version);
			this.values.splice(i, 0, value);
		}
	}
	at(version) {
		let i = this.versions.length;
		while (i && this.versions[i - 1] > version) i--;
		return this.values[i - 1];
	}
	get now() {
		return this.values.at(-1);
	}
}

// One company. `base` is the version at which the model begins to know it.
export class Company {
	agents = [];
	roles = [];
	rows = []; // contacts, deals, tasks and notes in the order of their making
	byName = new Map(); // "c12" -> row
	log = new Map(); // version -> { text, marks } for what a failure tells
	acks = []; // { at, version }: the greatest version acknowledged until then
	inFlight = new Set(); // writes begun and not settled: { done, version }
	waiting = [];
	constructor(number, id, base) {
		Object.assign(this, { number, id, base, complete: base, greatest: base });
	}

	// A write was settled: it made this version, or none.
	note(version, text, marks = []) {
		if (this.log.has(version)) throw new Error(`version ${version} was made twice: ${this.log.get(version).text}, and ${text}`);
		this.log.set(version, { text, marks });
		this.greatest = Math.max(this.greatest, version);
		while (this.log.has(this.complete + 1)) this.complete++;
		for (const wake of this.waiting.splice(0)) wake();
	}
	changed() {
		return new Promise((done) => this.waiting.push(done));
	}
	acknowledge(at) {
		this.acks.push({ at, version: this.greatest });
	}
	// The greatest version whose write had been acknowledged at that moment.
	acknowledged(at) {
		let low = 0, high = this.acks.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if (this.acks[middle].at <= at) low = middle + 1;
			else high = middle;
		}
		return low ? this.acks[low - 1].version : this.base;
	}
	// When this version, or a later one, was acknowledged.
	acknowledgedAt(version) {
		return this.acks.find((ack) => ack.version >= version)?.at ?? Infinity;
	}
	// Call it when an answer has come: gives, later, the greatest version that can be in it.
	upTo() {
		const known = this.greatest, begun = [...this.inFlight];
		return async () => {
			await Promise.all(begun.map((write) => write.done));
			const high = Math.max(known, ...begun.map((write) => write.version ?? 0));
			while (this.complete < high) await this.changed();
			return high;
		};
	}

	// ---- who may see what

	level(who, permission, v) {
		const agent = who.agent;
		if (!who.alive.at(v) || agent.status.at(v) !== 'active') return undefined;
		const own = (agent.role.at(v).levels.at(v) ?? {})[permission] ?? 'none';
		if (!who.role) return own;
		const keys = who.role.levels.at(v)[permission] ?? 'none';
		return order[Math.min(order.indexOf(own), order.indexOf(keys))];
	}
	inScope(who, level, owner, team, v) {
		if (level === 'all') return true;
		if (level === 'none' || !level) return false;
		if (owner === who.agent.id) return true;
		if (level === 'own') return false;
		const mine = who.agent.teams.at(v);
		if (team && mine.includes(team)) return true;
		const other = owner && this.agents.find((agent) => agent.id === owner);
		return Boolean(other && other.teams.at(v).some((id) => mine.includes(id)));
	}
	// The value of the row at v if `who` may see it then.
	seen(who, row, v) {
		const value = row.cell.at(v);
		if (!value || value.gone) return undefined;
		const level = this.level(who, `${tables[row.kind]}.view`, v);
		if (!this.inScope(who, level, value.owner, value.team, v)) return undefined;
		if (row.subject?.cell.at(v).gone) return undefined; // it went with what it is about
		if (row.parent) {
			const parent = row.parent.cell.at(v);
			if (!this.inScope(who, this.level(who, `${tables[row.parent.kind]}.view`, v), parent.owner, parent.team, v)) return undefined;
		}
		return value;
	}
	all(who, kind, v) {
		const found = [];
		for (const row of this.rows) {
			const value = row.kind === kind && this.seen(who, row, v);
			if (value) found.push({ row, ...value });
		}
		return found;
	}
}

// ---- questions: a path, what its answer says (as one text), and what it must say at a version

const line = {
	c: (id, v) => [id, v.token, v.owner, v.team],
	d: (id, v) => [id, v.token, v.owner, v.team, v.amount, v.stage],
	t: (id, v) => [id, v.token, v.owner, v.status],
	n: (id, v) => [id, v.token, v.owner],
};
const read = {
	c: (b) => line.c(b.id, { token: b.first_name, owner: b.owner_id, team: b.team_id }),
	d: (b) => line.d(b.id, { token: b.title, owner: b.owner_id, team: b.team_id, amount: b.amount?.amount, stage: b.stage_id }),
	t: (b) => line.t(b.id, { token: b.title, owner: b.assignee_id, status: b.status }),
	n: (b) => line.n(b.id, { token: b.body, owner: b.author_id }),
};
const text = (lines) => JSON.stringify(lines.map((l) => l.map((x) => x ?? null)));
const byId = (a, b) => (a[0] < b[0] ? -1 : 1);

// 401, 403 and 404 are told by what is asked for alone.
const guarded = (permission, say) => (company, who, v) => {
	const level = company.level(who, permission, v);
	if (!level) return '401';
	return level === 'none' ? '403' : say(company, who, v);
};

export function list(kind, { filter = '', matches = () => true, first, sort } = {}) {
	return {
		path: `/v1/${tables[kind]}?limit=${first ?? 100}${sort ? `&sort=${sort}` : ''}${filter}`,
		told: (body) => {
			const lines = body.data.map(read[kind]);
			return `200 ${text(sort ? lines : lines.sort(byId))}`;
		},
		must: guarded(`${tables[kind]}.view`, (company, who, v) => {
			let found = company.all(who, kind, v).filter(matches);
			if (sort) found = found.sort((a, b) => (a.token < b.token ? -1 : 1)).slice(0, first);
			const lines = found.map((f) => line[kind](f.row.id, f));
			return `200 ${text(sort ? lines : lines.sort(byId))}`;
		}),
	};
}

export function one(row) {
	return {
		path: `/v1/${tables[row.kind]}/${row.id}`,
		told: (body) => `200 ${text([read[row.kind](body)])}`,
		must: guarded(`${tables[row.kind]}.view`, (company, who, v) => {
			const value = company.seen(who, row, v);
			return value ? `200 ${text([line[row.kind](row.id, value)])}` : '404';
		}),
	};
}

// Counts and sums: nothing of a row that is out of scope may be in them either.
export function report(by) {
	const field = { owner: 'owner', team: 'team', stage: 'stage' }[by];
	return {
		path: `/v1/reports/deals?group_by=${by}`,
		told: (body) => `200 ${text(body.data.map((l) => [l.key ?? '', l.count, Number(l.amount?.amount ?? 0)]).sort(byId))}`,
		must: guarded('deals.view', (company, who, v) => {
			const groups = new Map();
			for (const deal of company.all(who, 'd', v)) {
				const key = deal[field] ?? '';
				const group = groups.get(key) ?? [key, 0, 0];
				group[1]++;
				group[2] += Number(deal.amount);
				groups.set(key, group);
			}
			return `200 ${text([...groups.values()].sort(byId))}`;
		}),
	};
}

const views = Object.values(tables).map((name) => `${name}.view`);
export const me = {
	path: '/v1/me',
	told: (body) => `200 ${JSON.stringify([body.role.id, [...(body.agent.team_ids ?? [])].sort(), views.map((p) => body.permissions[p])])}`,
	must: (company, who, v) => {
		if (!company.level(who, views[0], v)) return '401';
		const role = who.role ?? who.agent.role.at(v);
		return `200 ${JSON.stringify([role.id, [...who.agent.teams.at(v)].sort(), views.map((p) => company.level(who, p, v))])}`;
	},
};

// Questions whose answers the model does not write out: what they name must be in scope (as in every answer), whether there is an answer
// is known, and what it is in the end is asked anew.
export function loose(path, permission, row) {
	return {
		path,
		loose: true,
		told: () => '200',
		must: guarded(permission, (company, who, v) => {
			if (row && company.level(who, `${tables[row.kind]}.view`, v) === 'none') return '404';
			return !row || company.seen(who, row, v) ? '200' : '404';
		}),
	};
}

// ---- what an answer names

const token = /k(\d+)([cdtn])(\d+)x(\d+)/g;
export const nameOf = (company, kind, number, value) =>
	`k${company.number}${kind}${String(number).padStart(4, '0')}x${String(value).padStart(6, '0')}`;

// Every row's value that the text names: { company, name, token }.
export function namesIn(answer) {
	const found = new Map();
	for (const [whole, company, kind, number] of answer.matchAll(token))
		found.set(whole, { company: Number(company), name: kind + Number(number), token: whole });
	return [...found.values()];
}
