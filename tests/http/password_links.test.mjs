// Links for a new password that somebody else makes, where no mail goes: who may make one for whom, and what ends it.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { before, test } from 'node:test';
import { api, build, musterUrl } from '../harness.mjs';
import { database, join, makeKey, makeRole, password, signUp } from './company.mjs';

const next = 'staple battery horse';
const linkFor = (who, { agent }) => who.post(`/v1/agents/${agent.id}/password_link`);
const tokenOf = (url) => new URL(url).searchParams.get('token');
const reset = async (url, word = next) => api(await musterUrl()).post('/v1/passwords/reset', { token: tokenOf(url), password: word });
const made = async (who, whom) => {
	const answer = await linkFor(who, whom);
	assert.equal(answer.status, 201, answer.text);
	return answer.body;
};

let owner, second, everything, helper, helped;
before(async () => {
	owner = await signUp();
	second = await join(owner, owner.roles.owner.id);
	everything = (await owner.get('/v1/permissions')).body.data.map(({ permission }) => permission);
	const roleOf = (change) => makeRole(owner, Object.fromEntries(everything.map((p) => [p, 'all']).concat(Object.entries(change))));
	// May do all but see webhooks; and one who sees other people's contacts no more than they theirs.
	helper = await join(owner, (await roleOf(Object.fromEntries(everything.filter((p) => p.startsWith('webhooks.')).map((p) => [p, 'none'])))).id);
	helped = await join(owner, owner.roles.agent.id);
});

test('who may do and see all that an agent may makes the link; it works once, ends the sessions and logs in', async () => {
	const agent = await join(owner, owner.roles.agent.id);
	const { url, expires_at } = await made(helper, agent);
	assert.match(url, /\/reset\?token=[\w-]{43}$/);
	assert.ok(Math.abs(Date.parse(expires_at) - Date.now() - 3_600_000) < 60_000, expires_at);
	assert.equal((await agent.get('/v1/me')).status, 200, 'a link that is not used changes nothing');
	const [one, other] = await Promise.all([reset(url), reset(url)]);
	assert.deepEqual([one.status, other.status].sort(), [201, 404]);
	assert.equal((await agent.get('/v1/me')).status, 401);
	assert.equal((await api(owner.url).post('/v1/sessions', { email: agent.email, password: next })).status, 201);
	const [[row]] = database(`SELECT COUNT(*) FROM changes WHERE company_id = '${owner.company.id}' AND object = 'password_resets' AND kind = 'created' AND agent_id = '${helper.agent.id}'`);
	assert.equal(row, '1', 'the log has who made it');
});

test('nobody makes one for who may do more, or has rows that they do not see, or for themselves', async () => {
	const narrow = await join(owner, (await makeRole(owner, { 'agents.view': 'all', 'agents.edit': 'all', 'contacts.view': 'own' })).id);
	const peer = await join(owner, (await makeRole(owner, { 'contacts.view': 'own' })).id);
	for (const [who, whom] of [[helper, owner], [helped, owner], [helped, helped], [narrow, peer], [narrow, owner], [owner, owner], [helper, helper]]) {
		const answer = await linkFor(who, whom);
		assert.equal(answer.status, 403, `${who.email} for ${whom.email}: ${answer.text}`);
		assert.ok(!answer.text.includes('token='));
	}
	assert.equal((await linkFor(owner, second)).status, 201, 'owners help each other');
	const outsider = await signUp();
	assert.equal((await linkFor(outsider, helped)).status, 404);
	assert.equal((await linkFor(await makeKey(owner, owner.roles.owner.id), helped)).status, 403, 'no program');
	assert.equal((await api(owner.url).post(`/v1/agents/${helped.agent.id}/password_link`)).status, 401);
	assert.equal((await owner.post('/v1/passwords/link_by_host', { agent_id: second.agent.id })).status, 404);
});

for (const [what, change] of [
	['another link', (agent) => made(helper, agent)],
	['another role', (agent) => owner.patch(`/v1/agents/${agent.agent.id}`, { role_id: owner.roles.owner.id })],
	['more power of the role', async (agent, role) => assert.equal((await owner.put(`/v1/roles/${role.id}/permissions`, { permissions: { 'webhooks.view': 'all' } })).status, 200)],
	['the agent being suspended', (agent) => owner.patch(`/v1/agents/${agent.agent.id}`, { status: 'suspended' })],
	['the agent leaving', (agent) => owner.delete(`/v1/agents/${agent.agent.id}`)],
	['another role of who made it', () => owner.patch(`/v1/agents/${helper.agent.id}`, { role_id: owner.roles.agent.id })],
])
	test(`${what} ends it`, async () => {
		const role = await makeRole(owner, { 'contacts.view': 'own' });
		const agent = await join(owner, role.id);
		const { url } = await made(helper, agent);
		await change(agent, role);
		assert.equal((await reset(url)).status, 404);
	});

test('a new password of who made it, and time, end it', async () => {
	const maker = await join(owner, owner.roles.owner.id);
	const [first, second] = [await join(owner, owner.roles.agent.id), await join(owner, owner.roles.agent.id)];
	const { url } = await made(maker, first);
	assert.equal((await maker.post('/v1/passwords/change', { current_password: password, password: 'quite another one' })).status, 204);
	assert.equal((await reset(url)).status, 404);
	const late = await made(maker, second);
	database(`UPDATE password_resets SET expires_at = NOW(6) - INTERVAL 1 SECOND WHERE agent_id = '${second.agent.id}'`);
	assert.equal((await reset(late.url)).status, 404);
	assert.equal((await linkFor(owner, { agent: (await owner.patch(`/v1/agents/${first.agent.id}`, { status: 'suspended' })).body })).status, 409);
});

test('whoever runs the machine makes one for the last owner', async () => {
	const last = await signUp();
	const socket = `${process.env.MUSTER_TEST_DATA}/run/mariadb.sock`;
	const command = (...args) => {
		try {
			return execFileSync(`${build}/muster`, ['password', ...args], { encoding: 'utf8', stdio: 'pipe', env: { ...process.env, MUSTER_DATABASE_URL: `mysql://root@localhost/muster?socket=${socket}`, MUSTER_DATA_DIR: process.env.MUSTER_TEST_DATA, MUSTER_RUN_DIR: `${process.env.MUSTER_TEST_DATA}/run`, MUSTER_PUBLIC_URL: 'https://crm.muster.test' } });
		} catch (error) {
			return `${error.status} ${error.stderr}`;
		}
	};
	const [url, ends] = command(last.email).split('\n');
	assert.match(url, /^https:\/\/crm\.muster\.test\/reset\?token=[\w-]{43}$/);
	assert.equal(ends, 'This link works once, for 60 minutes.');
	assert.equal((await reset(url)).status, 201);
	assert.equal((await last.get('/v1/me')).status, 401);
	assert.match(command('nobody@muster.test'), /^1 muster password: nobody has this e-mail address/);
	assert.match(command(), /^1 usage/);
});

test('the page promises no mail where none goes', async () => {
	const text = await (await fetch(`${await musterUrl()}/forgot`)).text();
	assert.match(text, /No mail goes out from here/);
	assert.match(text, /muster password/);
	assert.doesNotMatch(text, /on its way|passwords_forgot/);
});
