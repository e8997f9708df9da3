// API keys: what programs log in with.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { api } from '../harness.mjs';
import { database, join, makeKey, makeRole, password, permissionsOf, signUp } from './company.mjs';

test('a key is shown once, acts as its maker, and only its hash is stored', async () => {
	const owner = await signUp();
	const key = await makeKey(owner, owner.roles.agent.id);
	assert.match(key.token, /^mk_live_[a-z2-9]{8}_[\w-]{43}$/);
	assert.equal(key.token.split('_')[2], key.row.prefix);
	const me = (await key.get('/v1/me')).body;
	assert.equal(me.agent.id, owner.agent.id);
	assert.equal(me.role.name, 'Agent');
	for (const path of ['/v1/api_keys', `/v1/api_keys/${key.row.id}`]) {
		const { text } = await owner.get(path);
		assert.ok(!text.includes(key.token) && !text.includes('hash'));
	}
	assert.equal(database(`SELECT COUNT(*) FROM api_keys WHERE key_hash = UNHEX(SHA2('${key.token}', 256))`)[0][0], '1');
});

test('a key holds its role, and no more than its scopes', async () => {
	const owner = await signUp();
	const key = await makeKey(owner, owner.roles.owner.id, { scopes: ['contacts.view', 'contacts.create'] });
	const held = Object.entries(await permissionsOf(key)).filter(([, level]) => level !== 'none');
	assert.deepEqual(held, [['contacts.create', 'all'], ['contacts.view', 'all']]);
	assert.equal((await key.get('/v1/contacts')).status, 200);
	assert.equal((await key.get('/v1/deals')).status, 403);
});

test('a revoked key is refused from the next request on', async () => {
	const owner = await signUp();
	const key = await makeKey(owner, owner.roles.agent.id);
	assert.equal((await key.get('/v1/me')).status, 200);
	assert.equal((await owner.delete(`/v1/api_keys/${key.row.id}`)).status, 204);
	assert.equal((await key.get('/v1/me')).status, 401);
});

test('a key can be renamed, by who may, and its power stays', async () => {
	const owner = await signUp();
	const key = await makeKey(owner, owner.roles.agent.id);
	const path = `/v1/api_keys/${key.row.id}`;
	const renamed = await owner.patch(path, { name: 'Billing' });
	assert.equal(renamed.status, 200);
	assert.equal(renamed.body.name, 'Billing');
	assert.ok(!renamed.text.includes('hash'));
	assert.equal((await key.get('/v1/contacts')).status, 200);
	for (const more of [{ role_id: owner.roles.owner.id }, { scopes: null }, { expires_at: null }])
		assert.equal((await owner.patch(path, more)).status, 400, JSON.stringify(more));
	assert.equal((await owner.patch(path, { name: '' })).status, 422);
	assert.equal((await (await signUp()).patch(path, { name: 'Mine' })).status, 404);
	assert.equal((await (await join(owner, owner.roles.agent.id)).patch(path, { name: 'Mine' })).status, 403);
});

test('an expired key is refused', async () => {
	const owner = await signUp();
	const key = await makeKey(owner, owner.roles.agent.id, { expires_at: new Date(Date.now() + 60_000).toISOString() });
	assert.equal((await key.get('/v1/me')).status, 200);
	database(`UPDATE api_keys SET expires_at = NOW() - INTERVAL 1 SECOND WHERE id = '${key.row.id}'`);
	assert.equal((await key.get('/v1/me')).status, 401);
});

test('unknown scopes, none at all, and an end in the past are refused by name', async () => {
	const owner = await signUp();
	const make = (more) => owner.post('/v1/api_keys', { name: 'K', role_id: owner.roles.agent.id, ...more });
	for (const [more, pointer] of [
		[{ scopes: ['contacts.view', 'contacts.fly'] }, '/scopes/1'],
		[{ scopes: [] }, '/scopes'],
		[{ scopes: 'contacts.view' }, '/scopes'],
		[{ scopes: { 'contacts.view': true } }, '/scopes'],
		[{ scopes: ['contacts.view"'] }, '/scopes/0'],
		[{ expires_at: '2020-01-01T00:00:00Z' }, '/expires_at'],
		[{ name: '' }, '/name'],
	]) {
		const answer = await make(more);
		assert.equal(answer.status, 422, JSON.stringify(more));
		assert.equal(answer.body.errors[0].pointer, pointer);
	}
});

test('one sees and revokes one\'s own keys; the owner all', async () => {
	const owner = await signUp();
	const role = await makeRole(owner, { 'api_keys.view': 'own', 'api_keys.create': 'own', 'api_keys.delete': 'own', 'roles.view': 'all', 'contacts.view': 'own' });
	const [a, b] = [await join(owner, role.id), await join(owner, role.id)];
	const [keyA, keyB] = [await makeKey(a, role.id), await makeKey(b, role.id)];
	assert.deepEqual((await a.get('/v1/api_keys')).body.data.map((k) => k.id), [keyA.row.id]);
	assert.equal((await a.get(`/v1/api_keys/${keyB.row.id}`)).status, 404);
	assert.equal((await a.delete(`/v1/api_keys/${keyB.row.id}`)).status, 404);
	assert.equal((await owner.get('/v1/api_keys')).body.data.length, 2);
	assert.equal((await owner.delete(`/v1/api_keys/${keyB.row.id}`)).status, 204);
	assert.equal((await keyB.get('/v1/contacts')).status, 401);
	assert.equal((await keyA.get('/v1/contacts')).status, 200);
});

test('a key is worth no more than its maker is now', async () => {
	const owner = await signUp();
	const second = await join(owner, owner.roles.owner.id);
	const key = await makeKey(second, owner.roles.owner.id);
	assert.equal((await key.get('/v1/roles')).status, 200);
	await owner.patch(`/v1/agents/${second.agent.id}`, { role_id: owner.roles.agent.id });
	assert.equal((await key.get('/v1/roles')).status, 403);
	assert.equal((await permissionsOf(key))['contacts.view'], 'own');
	await owner.put(`/v1/roles/${owner.roles.agent.id}/permissions`, { permissions: { 'contacts.view': 'none' } });
	assert.equal((await key.get('/v1/contacts')).status, 403);
	await owner.patch(`/v1/agents/${second.agent.id}`, { role_id: owner.roles.owner.id });
	assert.equal((await key.get('/v1/roles')).status, 200);
});

test('a key does not reach what is a person\'s own: sessions, password, name', async () => {
	const owner = await signUp();
	const key = await makeKey(owner, owner.roles.owner.id);
	for (const answer of [
		await key.get('/v1/sessions'),
		await key.delete('/v1/sessions'),
		await key.delete('/v1/sessions/current'),
		await key.delete(`/v1/sessions/${owner.agent.id}`),
		await key.patch('/v1/me', { full_name: 'Robot' }),
		await key.post('/v1/passwords/change', { current_password: password, password: 'another horse' }),
	])
		assert.equal(answer.status, 403);
	assert.equal((await owner.get('/v1/me')).status, 200);
});

test('a key is no session, and a session is no key', async () => {
	const owner = await signUp();
	const key = await makeKey(owner, owner.roles.agent.id);
	const { status } = await fetch(`${owner.url}/v1/me`, { headers: { cookie: `muster_session=${key.token}` } });
	assert.equal(status, 401);
	assert.equal((await api(owner.url, `mk_live_${owner.token}`).get('/v1/me')).status, 401);
});

test('another company\'s keys are not there', async () => {
	const [owner, other] = [await signUp(), await signUp()];
	const key = await makeKey(other, other.roles.agent.id);
	assert.equal((await owner.get(`/v1/api_keys/${key.row.id}`)).status, 404);
	assert.equal((await owner.delete(`/v1/api_keys/${key.row.id}`)).status, 404);
	assert.equal((await key.get('/v1/me')).body.company.id, other.company.id);
});

test('a repeated request with one Idempotency-Key makes one key and does not show it twice', async () => {
	const owner = await signUp();
	const make = () => owner.post('/v1/api_keys', { name: 'Once', role_id: owner.roles.agent.id }, { 'idempotency-key': 'key-1' });
	const first = await make();
	const second = await make();
	assert.equal(first.status, 201);
	assert.equal(second.status, 409);
	assert.equal((await owner.get('/v1/api_keys')).body.data.length, 1);
	assert.equal(database(`SELECT COUNT(*) FROM idempotent_answers WHERE INSTR(answer, '${first.body.key}')`)[0][0], '0');
});
