// Signing up, logging in and out, and GET /v1/me.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { api, musterUrl } from '../harness.mjs';
import { join, password, permissionsOf, signUp, someEmail } from './company.mjs';

const anonymous = async () => api(await musterUrl());
const logIn = async (email, word = password) => (await anonymous()).post('/v1/sessions', { email, password: word });

test('a sign-up makes a company with an owner who may do everything and is logged in', async () => {
	const answer = await (await anonymous()).post('/v1/companies', {
		company_name: 'Anvils & Sons', full_name: 'Wile E.', email: someEmail(), password,
	});
	assert.equal(answer.status, 201);
	assert.match(answer.body.token, /^[\w-]{43}$/);
	assert.equal(answer.body.company.name, 'Anvils & Sons');
	const me = (await api(await musterUrl(), answer.body.token).get('/v1/me')).body;
	assert.equal(me.agent.full_name, 'Wile E.');
	assert.deepEqual(me.agent.team_ids, []);
	assert.equal(me.role.name, 'Owner');
	assert.equal(me.company.currency, 'EUR');
	assert.ok(Object.keys(me.permissions).length > 40);
	assert.deepEqual([...new Set(Object.values(me.permissions))], ['all']);
});

test('a new company has the three built-in roles, a pipeline with its stages, and sources', async () => {
	const owner = await signUp();
	assert.deepEqual((await owner.get('/v1/roles')).body.data.map((r) => [r.name, r.kind]).sort(), [
		['Agent', 'agent'], ['Owner', 'owner'], ['Team Leader', 'team_leader'],
	]);
	assert.deepEqual((await owner.get('/v1/stages?sort=position')).body.data.map((s) => s.name), [
		'New lead', 'Qualified', 'Proposal', 'Negotiation', 'Won', 'Lost',
	]);
	assert.ok((await owner.get('/v1/sources')).body.data.length > 0);
});

test('an Agent starts with its own rows, a Team Leader with those of the team', async () => {
	const owner = await signUp();
	const agent = await permissionsOf(await join(owner, owner.roles.agent.id));
	const leader = await permissionsOf(await join(owner, owner.roles.team_leader.id));
	for (const object of ['contacts', 'deals', 'tasks'])
		for (const action of ['view', 'create', 'edit', 'delete', 'assign']) {
			assert.equal(agent[`${object}.${action}`], 'own', `${object}.${action}`);
			assert.equal(leader[`${object}.${action}`], 'team', `${object}.${action}`);
		}
	for (const object of ['notes', 'activities'])
		for (const [of, level] of [[agent, 'own'], [leader, 'team']]) {
			assert.equal(of[`${object}.view`], 'all');
			assert.equal(of[`${object}.edit`], level);
		}
	for (const forbidden of ['roles.view', 'roles.edit', 'agents.edit', 'agents.create', 'api_keys.create', 'company.edit', 'tags.create'])
		for (const of of [agent, leader]) assert.equal(of[forbidden], 'none', forbidden);
	for (const seen of ['agents.view', 'teams.view', 'tags.view', 'sources.view', 'pipelines.view', 'stages.view'])
		for (const of of [agent, leader]) assert.equal(of[seen], 'all', seen);
});

test('a taken e-mail is a conflict, whatever its case', async () => {
	const owner = await signUp();
	const again = await (await anonymous()).post('/v1/companies', {
		company_name: 'Other', full_name: 'Other', email: owner.email.toUpperCase(), password,
	});
	assert.equal(again.status, 409);
	assert.equal(again.body.errors[0].pointer, '/email');
	assert.equal((await logIn(owner.email.toUpperCase())).status, 201);
});

test('every bad field of a sign-up is named at once', async () => {
	const answer = await (await anonymous()).post('/v1/companies', { company_name: '', email: 'nobody', password: 'short' });
	assert.equal(answer.status, 422);
	assert.deepEqual(answer.body.errors.map((e) => e.pointer).sort(), ['/company_name', '/email', '/full_name', '/password']);
});

test('a password that is the e-mail address is refused', async () => {
	const email = someEmail();
	const answer = await (await anonymous()).post('/v1/companies', { company_name: 'X', full_name: 'X', email, password: email.toUpperCase() });
	assert.equal(answer.status, 422);
	assert.equal(answer.body.errors[0].pointer, '/password');
});

test('columns that are nobody\'s to give are unknown fields', async () => {
	const owner = await signUp();
	const other = await signUp();
	const tries = [
		[() => owner.post('/v1/companies', { company_name: 'X', full_name: 'X', email: someEmail(), password, kind: 'owner' }), '/kind'],
		[() => owner.patch(`/v1/agents/${owner.agent.id}`, { company_id: other.company.id }), '/company_id'],
		[() => owner.patch(`/v1/agents/${owner.agent.id}`, { password_hash: 'x' }), '/password_hash'],
		[() => owner.patch(`/v1/agents/${owner.agent.id}`, { email: someEmail() }), '/email'],
		[() => owner.post('/v1/roles', { name: 'Mine', kind: 'owner' }), '/kind'],
		[() => owner.patch(`/v1/roles/${owner.roles.agent.id}`, { revision: 7 }), '/revision'],
		[() => owner.post('/v1/api_keys', { name: 'K', role_id: owner.roles.agent.id, agent_id: other.agent.id }), '/agent_id'],
		[() => owner.post('/v1/api_keys', { name: 'K', role_id: owner.roles.agent.id, key_hash: 'x' }), '/key_hash'],
		[() => owner.post('/v1/invitations', { email: someEmail(), role_id: owner.roles.agent.id, invited_by: other.agent.id }), '/invited_by'],
		[() => owner.patch('/v1/me', { role_id: owner.roles.agent.id }), '/role_id'],
		[() => owner.patch('/v1/company', { id: other.company.id }), '/id'],
		[() => owner.post('/v1/sessions', { email: owner.email, password, company_id: other.company.id }), '/company_id'],
	];
	for (const [send, pointer] of tries) {
		const answer = await send();
		assert.equal(answer.status, 400, pointer);
		assert.deepEqual(answer.body.errors.map((e) => [e.pointer, e.code]), [[pointer, 'unknown_field']]);
	}
});

test('an unknown address, a wrong password and a suspended agent get one and the same answer', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	await owner.patch(`/v1/agents/${agent.agent.id}`, { status: 'suspended' });
	const answers = await Promise.all([logIn(someEmail('nobody')), logIn(owner.email, 'wrong horse'), logIn(agent.email)]);
	const seen = answers.map(({ status, headers, body }) => {
		delete body.request_id;
		return { status, body, headers: [...headers.keys()].sort() };
	});
	assert.equal(seen[0].status, 401);
	assert.deepEqual(seen[1], seen[0]);
	assert.deepEqual(seen[2], seen[0]);
});

test('an unknown address takes as long as a wrong password', async () => {
	const owner = await signUp();
	const time = async (email) => {
		const took = [];
		for (let i = 0; i < 15; i++) {
			const began = performance.now();
			await logIn(email, 'wrong horse');
			took.push(performance.now() - began);
		}
		return took.sort((a, b) => a - b)[7];
	};
	const [known, unknown] = [await time(owner.email), await time(someEmail('nobody'))];
	assert.ok(unknown > known * 0.4 && unknown < known * 2.5, `${known} ms against ${unknown} ms`);
});

test('a session that has just ended is nobody\'s', async () => {
	const owner = await signUp();
	const second = api(owner.url, (await logIn(owner.email)).body.token);
	assert.equal((await second.get('/v1/me')).status, 200);
	assert.equal((await second.delete('/v1/sessions/current')).status, 204);
	assert.equal((await second.get('/v1/me')).status, 401);
	assert.equal((await owner.get('/v1/me')).status, 200);
});

test('one sees and ends one\'s own sessions, and nobody else\'s', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const second = api(owner.url, (await logIn(owner.email)).body.token);
	const sessions = (await second.get('/v1/sessions')).body.data;
	assert.equal(sessions.length, 2);
	assert.deepEqual(sessions.map((s) => s.current), [true, false]);
	assert.deepEqual(Object.keys(sessions[0]).sort(), ['created_at', 'current', 'expires_at', 'id', 'ip', 'user_agent']);
	const { version, ...one } = (await second.get(`/v1/sessions/${sessions[1].id}`)).body;
	assert.deepEqual(one, sessions[1]);
	assert.equal((await agent.get(`/v1/sessions/${sessions[1].id}`)).status, 404);
	assert.equal((await agent.delete(`/v1/sessions/${sessions[1].id}`)).status, 404);
	assert.equal((await second.delete(`/v1/sessions/${sessions[1].id}`)).status, 204);
	assert.equal((await second.get(`/v1/sessions/${sessions[1].id}`)).status, 404);
	assert.equal((await owner.get('/v1/me')).status, 401);
	assert.equal((await agent.get('/v1/me')).status, 200);
});

test('all other sessions can be ended at once', async () => {
	const owner = await signUp();
	const others = await Promise.all([1, 2, 3].map(async () => api(owner.url, (await logIn(owner.email)).body.token)));
	assert.equal((await owner.delete('/v1/sessions')).status, 204);
	for (const other of others) assert.equal((await other.get('/v1/me')).status, 401);
	assert.equal((await owner.get('/v1/me')).status, 200);
});

test('who may edit agents may end their sessions', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	assert.equal((await agent.delete(`/v1/agents/${owner.agent.id}/sessions`)).status, 403);
	assert.equal((await owner.delete(`/v1/agents/${agent.agent.id}/sessions`)).status, 204);
	assert.equal((await agent.get('/v1/me')).status, 401);
	assert.equal((await logIn(agent.email)).status, 201);
});

test('a token that is no token is refused, and so is the hash of one', async () => {
	const url = await musterUrl();
	const owner = await signUp();
	for (const token of ['', 'x', 'a'.repeat(5000), owner.agent.id, 'mk_live_aaaaaaaa_bbbb', `${owner.token}x`, owner.token.slice(0, -1)])
		assert.equal((await api(url, token || ' ').get('/v1/me')).status, 401, token.slice(0, 60));
	assert.equal((await api(url).get('/v1/me')).status, 401);
});

test('anybody changes their own name, with a session', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const answer = await agent.patch('/v1/me', { full_name: 'Ada Lovelace' });
	assert.equal(answer.status, 200);
	assert.equal(answer.body.full_name, 'Ada Lovelace');
	assert.equal((await agent.get('/v1/me')).body.agent.full_name, 'Ada Lovelace');
	assert.equal((await agent.patch('/v1/me', { full_name: '' })).status, 422);
});

test('the company is changed by who may, and only to what it can be', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	assert.equal((await agent.get('/v1/company')).status, 403);
	assert.equal((await agent.patch('/v1/company', { name: 'Mine' })).status, 403);
	const bad = await owner.patch('/v1/company', { currency: 'usd', time_zone: '../../etc/passwd' });
	assert.equal(bad.status, 422);
	assert.deepEqual(bad.body.errors.map((e) => e.pointer), ['/currency', '/time_zone']);
	const good = await owner.patch('/v1/company', { name: 'Renamed', currency: 'USD', time_zone: 'Europe/Berlin' });
	assert.equal(good.status, 200);
	assert.equal((await agent.get('/v1/me')).body.company.name, 'Renamed');
	const etag = (await owner.get('/v1/company')).headers.get('etag');
	assert.equal((await owner.patch('/v1/company', { name: 'Again' }, { 'if-match': etag })).status, 200);
	assert.equal((await owner.patch('/v1/company', { name: 'Lost' }, { 'if-match': etag })).status, 412);
});

test('two sign-ups with one e-mail at the same moment make one company', async () => {
	const email = someEmail();
	const call = await anonymous();
	const answers = await Promise.all([1, 2, 3, 4].map((n) => call.post('/v1/companies', { company_name: `Racers ${n}`, full_name: 'R', email, password })));
	assert.deepEqual(answers.map((a) => a.status).sort(), [201, 409, 409, 409]);
	for (const answer of answers.filter((a) => a.status === 409)) assert.equal(answer.body.errors[0].pointer, '/email');
});

test('a strange User-Agent does not keep anybody out', async () => {
	const owner = await signUp();
	const headers = { 'user-agent': 'M\u00f6ller/1.0 '.repeat(60) }; // Latin-1, and longer than the column
	assert.equal((await (await anonymous()).post('/v1/sessions', { email: owner.email, password }, headers)).status, 201);
	const mine = (await owner.get('/v1/sessions')).body.data[0];
	assert.match(mine.user_agent, /^Mller\/1\.0 /);
	assert.equal(mine.user_agent.length, 300);
});
