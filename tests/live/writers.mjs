// writers.mjs: the random steps of a run. Each takes what it changes for itself until it is settled, so that a row has one writer at a time
// and the model one truth; different rows, people and roles are changed at once.

import { sleep } from '../harness.mjs';
import { addSession, levels, managed, nextName } from './company.mjs';
import { Cell, tables } from './model.mjs';

const label = { c: 'first_name', d: 'title', t: 'title', n: 'body' };
const holder = { c: 'owner_id', d: 'owner_id', t: 'assignee_id' };
const MOST = 30; // rows of a kind that are not deleted: a list shows all of them

function taken(company, things, work) {
	if (things.some((thing) => company.locks.has(thing))) return undefined;
	for (const thing of things) company.locks.add(thing);
	return work().finally(() => things.forEach((thing) => company.locks.delete(thing)));
}

// How the log of changes names what a write changes.
const logged = (object, id) => `object = '${object}' AND row_id = '${id}'`;
const begun = (object, owner) => `object = '${object}' AND kind = 'created' AND owner_after = '${owner}'`;

// What is about a contact goes and comes with it, and is nobody's to write while that is deleted.
const there = (row) => !row.subject?.cell.now.gone;
const alive = (company, kind) => company.rows.filter((row) => row.kind === kind && !row.cell.now.gone && there(row));
const gone = (company, kind) => company.rows.filter((row) => row.kind === kind && row.cell.now.gone && there(row));
const withSubject = ({ name, subject }) => (subject ? [name, subject.name] : [name]);
const short = (company, id) => {
	const agent = company.agents.findIndex((a) => a.id === id), team = company.teams.indexOf(id);
	return agent >= 0 ? `agent ${agent}` : team >= 0 ? `team ${team}` : String(id ?? 'nobody');
};

// Whose the row will be: often somebody's of the same role, so that both are told of one change, by different answers.
function another(company, luck, now) {
	const agent = company.agents.find((one) => one.id === now);
	const alike = agent ? company.agents.filter((one) => one !== agent && one.role.now === agent.role.now) : [];
	return alike.length && luck.is(0.5) ? luck.any(alike).id : luck.is(0.9) ? luck.any(company.agents).id : null;
}

// Who writes: mostly somebody who may do everything; sometimes one of the others, who may be refused.
function writer(company, luck) {
	const seat = luck.is(0.15) && luck.any(company.seats);
	return seat ? seat.who : company.owner;
}

function create(world, company, luck, kind) {
	const parent = kind === 'n' ? luck.any(alive(company, 'c')) : kind === 't' && luck.is(0.5) ? luck.any(alive(company, 'c')) : undefined;
	if (kind === 'n' && !parent) return undefined;
	const by = (kind === 'c' || kind === 'n') && luck.is(0.2) ? luck.any(company.seats).who : company.owner;
	const number = ++company.numbers[kind], name = kind + number, id = luck.id();
	const value = { token: nextName(company, kind, number) };
	const body = { id, [label[kind]]: value.token };
	if (kind === 'n') value.owner = by.agent.id;
	else if (by !== company.owner) value.owner = by.agent.id; // one's own, unless one says otherwise
	else value.owner = body[holder[kind]] = luck.is(0.9) ? luck.any(company.agents).id : null;
	if ((kind === 'c' || kind === 'd') && by === company.owner) value.team = body.team_id = luck.is(0.4) ? luck.any(company.teams) : null;
	if (kind === 'c') body.kind = 'person';
	if (kind === 'd') {
		value.stage = body.stage_id = luck.any(company.stages);
		value.amount = `${1 + luck.below(1000)}.00`;
		body.amount = { amount: value.amount, currency: 'EUR' };
	}
	if (kind === 't') value.status = 'open';
	if (parent) body.subject = { object: 'contact', id: parent.id };
	const row = { kind, number, name, id, cell: undefined, ...(kind === 'n' && { parent }), subject: parent };
	return taken(company, withSubject(row), () => world.write(company, luck, {
		as: by, method: 'POST', path: `/v1/${tables[kind]}`, body, once: true, where: logged(tables[kind], id), marks: [name],
		text: `${by.name} creates ${name}: ${value.token}, ${short(company, value.owner)}, ${short(company, value.team)}`,
		apply(version) {
			row.cell = new Cell(0, { gone: true, owner: value.owner, team: value.team });
			row.cell.set(version, value);
			company.rows.push(row);
			company.byName.set(name, row);
		},
	}));
}

function change(world, company, luck, kind) {
	const row = luck.any(alive(company, kind));
	if (!row) return undefined;
	const by = writer(company, luck);
	return taken(company, withSubject(row), () => {
		const value = { ...row.cell.now, token: nextName(company, kind, row.number) }, body = { [label[kind]]: value.token };
		if (by === company.owner) {
			if (holder[kind] && luck.is(0.5)) value.owner = body[holder[kind]] = another(company, luck, value.owner);
			if ('team' in value && luck.is(0.4)) value.team = body.team_id = luck.is(0.6) ? luck.any(company.teams) : null;
			if (kind === 'd' && luck.is(0.3)) value.stage = body.stage_id = luck.any(company.stages);
			if (kind === 'd' && luck.is(0.5)) {
				value.amount = `${1 + luck.below(1000)}.00`;
				body.amount = { amount: value.amount, currency: 'EUR' };
			}
		}
		return world.write(company, luck, {
			as: by, method: 'PATCH', path: `/v1/${tables[kind]}/${row.id}`, body, where: logged(tables[kind], row.id), marks: [row.name],
			text: `${by.name} changes ${row.name}: ${value.token}, ${short(company, value.owner)}, ${short(company, value.team)}`,
			apply: (version) => row.cell.set(version, value),
		});
	});
}

function remove(world, company, luck, kind) {
	const row = luck.any(alive(company, kind));
	if (!row) return undefined;
	return taken(company, withSubject(row), () => world.write(company, luck, {
		as: company.owner, method: 'DELETE', path: `/v1/${tables[kind]}/${row.id}`, where: logged(tables[kind], row.id), marks: [row.name],
		text: `${row.name} is deleted`,
		apply: (version) => row.cell.set(version, { ...row.cell.now, gone: true }),
	}));
}

function restore(world, company, luck, kind) {
	const row = luck.any(gone(company, kind));
	if (!row) return undefined;
	return taken(company, withSubject(row), () => world.write(company, luck, {
		as: company.owner, method: 'POST', path: `/v1/${tables[kind]}/${row.id}/restore`, once: true, where: logged(tables[kind], row.id), marks: [row.name],
		text: `${row.name} is restored`,
		apply: (version) => row.cell.set(version, { ...row.cell.now, gone: false }),
	}));
}

function finish(world, company, luck) {
	const row = luck.any(alive(company, 't'));
	if (!row) return undefined;
	return taken(company, withSubject(row), () => {
		const open = row.cell.now.status === 'open';
		return world.write(company, luck, {
			as: company.owner, method: 'POST', path: `/v1/tasks/${row.id}/${open ? 'complete' : 'reopen'}`, once: true, where: logged('tasks', row.id),
			marks: [row.name], text: `${row.name} is ${open ? 'done' : 'opened again'}`,
			apply: (version) => row.cell.set(version, { ...row.cell.now, status: open ? 'done' : 'open' }),
		});
	});
}

// ---- people

const aColleague = (company, luck) => luck.any(company.agents.slice(1));
const patchAgent = (world, company, luck, agent, body, text, apply) => world.write(company, luck, {
	as: company.owner, method: 'PATCH', path: `/v1/agents/${agent.id}`, body, where: logged('agents', agent.id), marks: [agent.id], text, apply,
});

function moveTeams(world, company, luck) {
	const agent = aColleague(company, luck);
	return taken(company, [agent.id], () => {
		const one = luck.any(company.teams), before = agent.teams.now;
		const teams = before.includes(one) ? before.filter((id) => id !== one) : [...before, one];
		return patchAgent(world, company, luck, agent, { team_ids: teams },
			`${short(company, agent.id)} is in ${teams.map((id) => short(company, id)).join(' and ') || 'no team'}`,
			(version) => agent.teams.set(version, teams));
	});
}

function changeRole(world, company, luck) {
	const agent = aColleague(company, luck);
	return taken(company, [agent.id], () => {
		const role = luck.any(company.roles.filter((one) => one !== agent.role.now));
		return patchAgent(world, company, luck, agent, { role_id: role.id }, `${short(company, agent.id)} has role ${company.roles.indexOf(role)}`,
			(version) => agent.role.set(version, role));
	});
}

function setLevels(world, company, luck) {
	const role = luck.any(company.roles.slice(1));
	return taken(company, [role.id], () => {
		const before = role.levels.now, permissions = {};
		for (const p of luck.is(0.5) ? [luck.any(managed)] : managed.filter(() => luck.is(0.5)))
			permissions[p] = p === 'agents.view' ? luck.any(['none', 'all']) : luck.any(levels);
		if (Object.keys(permissions).every((p) => permissions[p] === before[p])) {
			const p = luck.any(['contacts.view', 'deals.view']);
			permissions[p] = luck.any(levels.filter((level) => level !== before[p]));
		}
		return putLevels(world, company, luck, role, permissions);
	});
}
const putLevels = (world, company, luck, role, permissions) => world.write(company, luck, {
	as: company.owner, method: 'PUT', path: `/v1/roles/${role.id}/permissions`, body: { permissions }, where: logged('roles', role.id),
	marks: [role.id], text: `role ${company.roles.indexOf(role)}: ${JSON.stringify(permissions)}`,
	apply: (version) => role.levels.set(version, { ...role.levels.now, ...permissions }),
});

// Those of a role may see all of a table, and while they look for it, none of it; then what they could see before, or their team's.
export function giveAndTake(world, company, luck, table) {
	const held = company.agents.map((agent) => agent.role.now), role = luck.any(company.roles.slice(1).filter((one) => held.includes(one)));
	return role && taken(company, [role.id], async () => {
		const view = `${table}.view`, before = role.levels.now[view] ?? 'none';
		const put = (level) => level !== role.levels.now[view] && putLevels(world, company, luck, role, { [view]: level });
		await put('all');
		await sleep(luck.below(200));
		await put(luck.any(['none', 'own']));
		await sleep(luck.below(500));
		await put(before === 'all' ? 'team' : before);
	});
}

function suspend(world, company, luck) {
	const agent = aColleague(company, luck);
	return taken(company, [agent.id], () => {
		const status = agent.status.now === 'active' ? 'suspended' : 'active';
		return patchAgent(world, company, luck, agent, { status }, `${short(company, agent.id)} is ${status}`, (version) => {
			agent.status.set(version, status);
			if (status === 'suspended') for (const session of agent.sessions) if (session.alive.now) session.alive.set(version, false);
		});
	});
}

function signOut(world, company, luck) {
	const agent = aColleague(company, luck);
	const sessions = agent.sessions.filter((session) => session.alive.now);
	if (!sessions.length) return undefined;
	return taken(company, [agent.id], () => world.write(company, luck, {
		as: company.owner, method: 'DELETE', path: `/v1/agents/${agent.id}/sessions`, where: `object = 'sessions' AND kind = 'deleted' AND owner_before = '${agent.id}'`, marks: [agent.id],
		text: `every session of ${short(company, agent.id)} ends`,
		apply: (version) => sessions.forEach((session) => session.alive.set(version, false)),
	}));
}

// Whoever was sent away comes again.
export function comeBack(world, company, luck) {
	const seat = luck.any(company.seats.filter(({ who, agent, role }) => !who.alive.now && (role || agent.status.now === 'active')));
	if (!seat) return undefined;
	const { agent, role } = seat;
	if (role)
		return taken(company, [agent.id], () => world.write(company, luck, {
			as: company.owner, method: 'POST', path: '/v1/api_keys', body: { name: 'Program', role_id: role.id }, where: begun('api_keys', agent.id),
			repeats: true, marks: [agent.id], text: `a new key of ${short(company, agent.id)}`,
			apply(version, answer) {
				seat.who = { token: answer.body.key, id: answer.body.id, agent, role, alive: new Cell(version, true), name: `${seat.name}, made at ${version}` };
			},
		}));
	return taken(company, [agent.id], () => world.write(company, luck, {
		as: {}, method: 'POST', path: '/v1/sessions', body: { email: agent.email, password: 'correct horse battery' }, where: begun('sessions', agent.id),
		repeats: true, marks: [agent.id], text: `${short(company, agent.id)} logs in`,
		apply(version, answer) {
			seat.who = addSession(company, agent, version, answer.body.token);
		},
	}));
}

function revokeKey(world, company, luck) {
	// A key that the owner made can be made anew.
	const seat = luck.any(company.seats.filter((s) => s.role && s.agent === company.agents[0] && s.who.alive.now));
	if (!seat) return undefined;
	const { who } = seat;
	return taken(company, [who.id], () => world.write(company, luck, {
		as: company.owner, method: 'DELETE', path: `/v1/api_keys/${who.id}`, where: logged('api_keys', who.id), marks: [who.agent.id],
		text: `${who.name} is revoked`,
		apply: (version) => who.alive.set(version, false),
	}));
}

// ---- one step

const people = [[moveTeams, 6], [changeRole, 3], [setLevels, 4], [suspend, 2], [signOut, 1], [revokeKey, 1], [comeBack, 8]];
const total = people.reduce((sum, [, weight]) => sum + weight, 0);

// One of the changes after which people see something else, although no row has changed.
export async function stepOfPeople(world, company, luck) {
	let at = luck.next() * total;
	for (const [work, weight] of people) if ((at -= weight) < 0) return work(world, company, luck);
	return undefined;
}

export async function step(world, company, luck) {
	world.counts.steps++;
	if (luck.is(0.3)) return stepOfPeople(world, company, luck);
	const kind = luck.any(['c', 'c', 'c', 'd', 'd', 't', 'n']);
	const n = alive(company, kind).length;
	if (n < 4 || (n < MOST && luck.is(0.12))) return gone(company, kind).length && luck.is(0.3) ? restore(world, company, luck, kind) : create(world, company, luck, kind);
	if (n >= MOST || luck.is(0.1)) return remove(world, company, luck, kind);
	if (kind === 't' && luck.is(0.3)) return finish(world, company, luck);
	return change(world, company, luck, kind);
}
