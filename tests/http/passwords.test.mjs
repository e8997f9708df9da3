// Changing a password, and setting a new one by a link.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { api, musterUrl } from '../harness.mjs';
import { database, join, mailsTo, password, signUp, someEmail } from './company.mjs';

const next = 'staple battery horse';
const anonymous = async () => api(await musterUrl());
const logIn = async (email, word) => (await anonymous()).post('/v1/sessions', { email, password: word });
const forget = async (email) => (await anonymous()).post('/v1/passwords/forgot', { email });
const reset = async (token, word = next) => (await anonymous()).post('/v1/passwords/reset', { token, password: word });
const tokenIn = (mail) => mail.body.match(/\/reset\?token=([\w-]{43})\n/)[1];

test('a password is changed by who knows it, and every other session ends', async () => {
	const owner = await signUp();
	const other = api(owner.url, (await logIn(owner.email, password)).body.token);
	const change = (current_password, word) => owner.post('/v1/passwords/change', { current_password, password: word });
	const wrong = await change('not this one', next);
	assert.equal(wrong.status, 422);
	assert.equal(wrong.body.errors[0].pointer, '/current_password');
	assert.equal((await change(password, 'short')).status, 422);
	assert.equal((await change(password, owner.email)).status, 422);
	assert.equal((await change(password, next)).status, 204);
	assert.equal((await owner.get('/v1/me')).status, 200);
	assert.equal((await other.get('/v1/me')).status, 401);
	assert.equal((await logIn(owner.email, password)).status, 401);
	assert.equal((await logIn(owner.email, next)).status, 201);
});

test('"forgotten" is answered alike for everybody', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	await owner.patch(`/v1/agents/${agent.agent.id}`, { status: 'suspended' });
	const answers = await Promise.all([owner.email, agent.email, someEmail('nobody')].map(forget));
	const seen = answers.map(({ status, headers, text }) => ({ status, text, headers: [...headers.keys()].sort(), length: headers.get('content-length') }));
	assert.equal(seen[0].status, 202);
	assert.deepEqual(seen[1], seen[0]);
	assert.deepEqual(seen[2], seen[0]);
	assert.equal(mailsTo(owner.email).length, 1);
	assert.equal(mailsTo(agent.email).length, 1, 'the invitation\'s');
});

test('the link of the mail sets a new password, logs in and ends every session', async () => {
	const owner = await signUp();
	await forget(owner.email);
	const token = tokenIn(mailsTo(owner.email)[0]);
	const answer = await reset(token);
	assert.equal(answer.status, 201);
	assert.equal((await api(owner.url, answer.body.token).get('/v1/me')).body.agent.id, owner.agent.id);
	assert.equal((await owner.get('/v1/me')).status, 401);
	assert.equal((await logIn(owner.email, password)).status, 401);
	assert.equal((await logIn(owner.email, next)).status, 201);
});

test('a link works once, also when it is used twice at the same moment', async () => {
	const owner = await signUp();
	await forget(owner.email);
	const token = tokenIn(mailsTo(owner.email)[0]);
	const answers = await Promise.all([1, 2, 3].map((n) => reset(token, `${next} ${n}`)));
	assert.deepEqual(answers.map((a) => a.status).sort(), [201, 404, 404]);
	assert.equal((await reset(token)).status, 404);
	const winner = answers.findIndex((a) => a.status === 201);
	assert.equal((await logIn(owner.email, `${next} ${winner + 1}`)).status, 201);
});

test('a new link takes the place of the old one, and a changed password ends both', async () => {
	const owner = await signUp();
	await forget(owner.email);
	await forget(owner.email);
	const [first, second] = mailsTo(owner.email).map(tokenIn);
	assert.equal((await reset(first)).status, 404);
	await owner.post('/v1/passwords/change', { current_password: password, password: next });
	assert.equal((await reset(second)).status, 404);
});

test('an old, a wrong and a suspended agent\'s link look alike', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	await forget(owner.email);
	await forget(agent.email);
	database(`UPDATE password_resets SET expires_at = NOW() - INTERVAL 1 SECOND WHERE agent_id = '${owner.agent.id}'`);
	await owner.patch(`/v1/agents/${agent.agent.id}`, { status: 'suspended' });
	const answers = [await reset('x'.repeat(43)), await reset(tokenIn(mailsTo(owner.email)[0])), await reset(tokenIn(mailsTo(agent.email)[1]))];
	for (const answer of answers) {
		assert.equal(answer.status, 404);
		assert.equal(answer.body.detail, answers[0].body.detail);
	}
});

test('a weak password leaves the link as it is', async () => {
	const owner = await signUp();
	await forget(owner.email);
	const token = tokenIn(mailsTo(owner.email)[0]);
	for (const word of ['short', owner.email, 'x'.repeat(201)]) assert.equal((await reset(token, word)).status, 422, word);
	assert.equal((await reset(token)).status, 201);
});

test('neither passwords nor tokens stand in the database or in the log', async () => {
	const owner = await signUp();
	await forget(owner.email);
	const [[hash]] = database(`SELECT password_hash FROM agents WHERE id = '${owner.agent.id}'`);
	assert.match(hash, /^\$s1\$/);
	for (const column of ['HEX(token_hash)', 'user_agent', 'ip'])
		for (const [value] of database(`SELECT ${column} FROM sessions WHERE agent_id = '${owner.agent.id}'`)) assert.ok(!value.includes(owner.token));
	const { readFileSync } = await import('node:fs');
	const log = readFileSync(`${process.env.MUSTER_TEST_DATA}/log/muster.log`, 'utf8');
	for (const secret of [password, next, owner.token, tokenIn(mailsTo(owner.email)[0])]) assert.ok(!log.includes(secret));
});
