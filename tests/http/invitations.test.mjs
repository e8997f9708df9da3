// Invitations: the way by which agents come into a company.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { api, musterUrl } from '../harness.mjs';
import { database, join, mailsTo, makeRole, makeTeam, password, permissionsOf, signUp, someEmail } from './company.mjs';

const tokenOf = (invitation) => new URL(invitation.url).searchParams.get('token');
const anonymous = async () => api(await musterUrl());
const accept = async (token, more = {}) => (await anonymous()).post('/v1/invitations/accept', { token, full_name: 'Nia New', password, ...more });
const look = async (token) => (await anonymous()).get(`/v1/invitations/by_token?token=${encodeURIComponent(token)}`);

async function invite(owner, more = {}) {
	const answer = await owner.post('/v1/invitations', { email: someEmail('new'), role_id: owner.roles.agent.id, ...more });
	assert.equal(answer.status, 201, answer.text);
	return answer.body;
}

test('an invitation has a link, says what it is for, and makes an agent who is logged in', async () => {
	const owner = await signUp({ name: 'Acme' });
	const team = await makeTeam(owner);
	const invitation = await invite(owner, { team_ids: [team.id] });
	const told = await look(tokenOf(invitation));
	assert.equal(told.status, 200);
	assert.deepEqual(told.body, { email: invitation.email, company: { name: 'Acme' }, role: { name: 'Agent' } });
	const answer = await accept(tokenOf(invitation));
	assert.equal(answer.status, 201);
	assert.deepEqual(answer.body.agent.team_ids, [team.id]);
	const agent = api(await musterUrl(), answer.body.token);
	const me = (await agent.get('/v1/me')).body;
	assert.equal(me.agent.email, invitation.email);
	assert.equal(me.agent.full_name, 'Nia New');
	assert.equal(me.role.id, owner.roles.agent.id);
	assert.equal(database(`SELECT COUNT(*) FROM team_agents WHERE agent_id = '${me.agent.id}' AND team_id = '${team.id}'`)[0][0], '1');
});

test('the link is sent by mail', async () => {
	const owner = await signUp({ name: 'Acme' });
	const invitation = await invite(owner);
	const mails = mailsTo(invitation.email);
	assert.equal(mails.length, 1);
	assert.equal(mails[0].subject, 'Invitation to Acme');
	assert.ok(mails[0].body.includes(invitation.url));
});

test('neither a list nor a row ever shows the token or its hash again', async () => {
	const owner = await signUp();
	const invitation = await invite(owner);
	const list = await owner.get('/v1/invitations');
	assert.deepEqual(list.body.data.map((i) => i.id), [invitation.id]);
	const row = await owner.get(`/v1/invitations/${invitation.id}`);
	assert.equal(row.body.email, invitation.email);
	for (const secret of [tokenOf(invitation), 'token', 'hash', 'url'])
		for (const { text } of [list, row]) assert.ok(!text.includes(`"${secret}`), secret);
	assert.equal((await owner.get('/v1/invitations?fields=token_hash')).status, 400);
});

test('a link works once, also when it is used twice at the same moment', async () => {
	const owner = await signUp();
	const invitation = await invite(owner);
	const answers = await Promise.all([1, 2, 3].map(() => accept(tokenOf(invitation))));
	assert.deepEqual(answers.map((a) => a.status).filter((s) => s === 201).length, 1);
	assert.equal((await accept(tokenOf(invitation))).status, 404);
	assert.equal((await look(tokenOf(invitation))).status, 404);
	assert.deepEqual((await owner.get('/v1/invitations')).body.data, [], 'and it waits for no answer any more');
});

test('a revoked, an expired and a wrong link look alike', async () => {
	const owner = await signUp();
	const [revoked, expired] = [await invite(owner), await invite(owner)];
	assert.equal((await owner.delete(`/v1/invitations/${revoked.id}`)).status, 204);
	database(`UPDATE invitations SET expires_at = NOW() - INTERVAL 1 MINUTE WHERE id = '${expired.id}'`);
	const said = new Set();
	for (const token of [tokenOf(revoked), tokenOf(expired), 'x'.repeat(43)]) {
		for (const answer of [await look(token), await accept(token)]) {
			assert.equal(answer.status, 404);
			said.add(answer.body.detail);
		}
	}
	assert.equal(said.size, 1);
});

test('an invitation is good for seven days', async () => {
	const invitation = await invite(await signUp());
	const days = (Date.parse(invitation.expires_at) - Date.parse(invitation.created_at)) / 86_400_000;
	assert.equal(days, 7);
});

test('an agent\'s own address is a conflict, and a second invitation takes the place of the first', async () => {
	const owner = await signUp();
	const taken = await owner.post('/v1/invitations', { email: owner.email, role_id: owner.roles.agent.id });
	assert.equal(taken.status, 409);
	assert.equal(taken.body.errors[0].pointer, '/email');
	const email = someEmail();
	const [first, second] = [await invite(owner, { email }), await invite(owner, { email })];
	assert.equal((await look(tokenOf(first))).status, 404);
	assert.equal((await look(tokenOf(second))).status, 200);
});

test('whether an address is used elsewhere is told to its owner only', async () => {
	const elsewhere = await signUp();
	const owner = await signUp();
	const invitation = await invite(owner, { email: elsewhere.email });
	assert.equal((await accept(tokenOf(invitation))).status, 409);
});

test('an invitation of somebody who was suspended or has left is worth nothing', async () => {
	const owner = await signUp();
	for (const end of [
		(inviter) => owner.patch(`/v1/agents/${inviter.agent.id}`, { status: 'suspended' }),
		(inviter) => owner.delete(`/v1/agents/${inviter.agent.id}`),
	]) {
		const inviter = await join(owner, owner.roles.owner.id);
		const invitation = (await inviter.post('/v1/invitations', { email: someEmail(), role_id: owner.roles.agent.id })).body;
		assert.equal((await end(inviter)).ok, undefined);
		assert.equal((await look(tokenOf(invitation))).status, 404);
		assert.equal((await accept(tokenOf(invitation))).status, 404);
	}
});

test('what the role may do is what it may do when the invitation is accepted', async () => {
	const owner = await signUp();
	const role = await makeRole(owner, { 'contacts.view': 'all' });
	const invitation = await invite(owner, { role_id: role.id });
	await owner.put(`/v1/roles/${role.id}/permissions`, { permissions: { 'contacts.view': 'own' } });
	const answer = await accept(tokenOf(invitation));
	assert.equal((await permissionsOf(api(await musterUrl(), answer.body.token)))['contacts.view'], 'own');
});

test('a team that is gone meanwhile is left out', async () => {
	const owner = await signUp();
	const team = await makeTeam(owner);
	const invitation = await invite(owner, { team_ids: [team.id] });
	await owner.delete(`/v1/teams/${team.id}`);
	assert.deepEqual((await accept(tokenOf(invitation))).body.agent.team_ids, []);
});

test('a weak password or no name leaves the invitation as it is', async () => {
	const owner = await signUp();
	const invitation = await invite(owner);
	for (const [more, pointer] of [[{ password: 'short' }, '/password'], [{ password: invitation.email }, '/password'], [{ full_name: ' ' }, '/full_name']]) {
		const answer = await accept(tokenOf(invitation), more);
		assert.equal(answer.status, 422);
		assert.equal(answer.body.errors[0].pointer, pointer);
	}
	assert.equal((await accept(tokenOf(invitation))).status, 201);
});

test('a role or an e-mail cannot be given by who accepts', async () => {
	const owner = await signUp();
	const invitation = await invite(owner);
	for (const more of [{ role_id: owner.roles.owner.id }, { email: someEmail() }, { team_ids: [] }, { company_id: owner.company.id }])
		assert.equal((await accept(tokenOf(invitation), more)).status, 400);
});

test('an Agent invites nobody, sees no invitation and revokes none', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const invitation = await invite(owner);
	assert.equal((await agent.post('/v1/invitations', { email: someEmail(), role_id: owner.roles.agent.id })).status, 403);
	assert.equal((await agent.get('/v1/invitations')).status, 403);
	assert.equal((await agent.delete(`/v1/invitations/${invitation.id}`)).status, 403);
});

test('another company\'s invitation is not there', async () => {
	const [owner, other] = [await signUp(), await signUp()];
	const invitation = await invite(other);
	assert.equal((await owner.delete(`/v1/invitations/${invitation.id}`)).status, 404);
	assert.equal((await owner.get(`/v1/invitations/${invitation.id}`)).status, 404);
	assert.deepEqual((await owner.get('/v1/invitations')).body.data, []);
	assert.equal((await look(tokenOf(invitation))).status, 200);
});

test('a repeated invitation with one Idempotency-Key is sent once and does not tell the link twice', async () => {
	const owner = await signUp();
	const email = someEmail();
	const send = () => owner.post('/v1/invitations', { email, role_id: owner.roles.agent.id }, { 'idempotency-key': 'invite-1' });
	const first = await send();
	assert.equal(first.status, 201);
	const second = await send();
	assert.equal(second.status, 409);
	assert.ok(!second.text.includes(tokenOf(first.body)));
	assert.equal(mailsTo(email).length, 1);
});
