// company.mjs: a company as a run begins with it: people with all sorts of roles, in teams, logged in and with keys, and a model that knows
// all of this. See model.mjs.

import { api, until } from '../harness.mjs';
import { join, makeKey, makeRole, makeTeam, signUp } from '../http/company.mjs';
import { Cell, Company, nameOf } from './model.mjs';

const views = ['contacts.view', 'deals.view', 'tasks.view', 'notes.view'];
const edits = ['contacts', 'deals', 'tasks', 'notes'].flatMap((o) => [`${o}.create`, `${o}.edit`]);
export const managed = [...views, 'contacts.edit', 'contacts.create', 'activities.view', 'agents.view'];
const fixed = Object.fromEntries(['teams.view', 'tags.view', 'pipelines.view', 'stages.view', 'sources.view'].map((p) => [p, 'all']));
export const levels = ['none', 'own', 'team', 'all'];

export async function makeCompany(world, number, people = 7) {
	const luck = world.chance(`company ${number}`);
	const owner = await signUp({ name: `Model ${number}` });
	const teams = [];
	for (let i = 0; i < 3; i++) teams.push((await makeTeam(owner)).id);
	const custom = [];
	for (let i = 0; i < 3; i++) {
		const mixed = Object.fromEntries(views.map((p) => [p, luck.any([...levels, 'team', 'team'])]));
		for (const p of edits) mixed[p] = luck.any(levels);
		custom.push(await makeRole(owner, { ...fixed, ...mixed, 'activities.view': 'all', 'agents.view': 'all', 'contacts.assign': 'all', 'api_keys.create': 'all' }));
	}
	const roleRows = [owner.roles.owner, owner.roles.team_leader, owner.roles.agent, ...custom];
	const someTeams = () => teams.filter(() => luck.is(0.45));
	const staff = [{ ...owner, role: 0, teams: [] }, ...(await Promise.all(Array.from({ length: people }, async (_, i) => {
		const role = i < 4 ? 1 + i : 1 + luck.below(3), team_ids = someTeams();
		return { ...(await join(owner, roleRows[role].id, { team_ids, full_name: `Agent ${i}` })), role, teams: team_ids };
	})))];
	// Keys of the owner's, of somebody who can hold less than its key says, and of a custom role.
	const keys = [];
	for (const [maker, role] of [[0, 2], [0, 3], [0, 0], [3, 3]]) {
		const who = staff[maker];
		const key = await api(world.all.urls[0], who.token).post('/v1/api_keys', { name: 'Program', role_id: roleRows[role].id });
		if (key.status === 201) keys.push({ maker, role, token: key.body.key, id: key.body.id });
	}
	const stages = (await owner.get('/v1/stages?limit=100')).body.data.filter((s) => s.kind === 'open').map((s) => s.id);

	// What began with these (mails, say) has ended when the version stands still.
	let base = -1;
	await until(async () => {
		const { headers } = await owner.get('/v1/me');
		const still = base === Number(headers.get('muster-version'));
		base = Number(headers.get('muster-version'));
		return still;
	}, { every: 300, what: 'the end of the beginning' });
	const company = new Company(number, owner.company.id, base);
	Object.assign(company, { teams, stages, locks: new Set(), seats: [], values: 0, numbers: { c: 0, d: 0, t: 0, n: 0 } });
	for (const row of roleRows) {
		const { permissions } = (await owner.get(`/v1/roles/${row.id}/permissions`)).body;
		company.roles.push({ id: row.id, kind: row.kind, levels: new Cell(base, permissions) });
	}
	for (const person of staff)
		company.agents.push({
			id: person.agent.id, email: person.email, sessions: [],
			role: new Cell(base, company.roles[person.role]), teams: new Cell(base, person.teams), status: new Cell(base, 'active'),
		});
	for (const [i, person] of staff.entries()) addSession(company, company.agents[i], base, person.token);
	company.owner = company.agents[0].sessions[0];
	for (const agent of company.agents.slice(1))
		company.seats.push({ name: `session of agent ${company.agents.indexOf(agent)}`, agent, who: agent.sessions[0] });
	for (const key of keys) {
		const agent = company.agents[key.maker];
		const who = { token: key.token, id: key.id, agent, role: company.roles[key.role], alive: new Cell(base, true), name: `key of agent ${key.maker}, role ${key.role}` };
		company.seats.push({ name: who.name, agent, role: who.role, who });
	}
	return company;
}

export function addSession(company, agent, version, token) {
	const number = company.agents.indexOf(agent);
	const session = { token, agent, alive: new Cell(version, true), name: `session ${agent.sessions.length} of agent ${number}` };
	agent.sessions.push(session);
	return session;
}

export function nextName(company, kind, number) {
	return nameOf(company, kind, number, ++company.values);
}
