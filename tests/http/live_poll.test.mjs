// POST /v1/live: many queries in one request. What needs the live process's own figures is in live.test.mjs.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { api, musterUrl, sleep } from '../harness.mjs';
import { join, makeKey, makeRole, signUp, someEmail } from './company.mjs';

const live = (who, queries, wait = 10) => who.post('/v1/live', { queries, wait });
const PARKED = 500; // milliseconds after which a request surely waits

test('nothing changed: an empty list after the wait', async () => {
	const owner = await signUp();
	const etag = (await owner.get('/v1/contacts')).headers.get('etag');
	const began = performance.now();
	const answer = await live(owner, [{ path: '/v1/contacts', etag }], 1);
	assert.equal(answer.status, 200);
	assert.deepEqual(answer.body.changed, []);
	assert.equal(typeof answer.body.version, 'number');
	assert.ok(performance.now() - began > 950);
});

test('a session that ends ends POST /v1/live as a whole', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const etag = (await agent.get('/v1/contacts')).headers.get('etag');
	const next = live(agent, [{ path: '/v1/contacts', etag }]);
	await sleep(PARKED);
	await owner.delete(`/v1/agents/${agent.agent.id}/sessions`);
	assert.equal((await next).status, 401);
});

test('an answer is shared with nobody who may not see it', async () => {
	const owner = await signUp();
	const [ann, bob] = [await join(owner, owner.roles.agent.id), await join(owner, owner.roles.agent.id)];
	const row = (await ann.post('/v1/contacts', { kind: 'person', first_name: 'Hers' })).body;
	const path = `/v1/contacts/${row.id}`;
	const theirs = [];
	for (const who of [ann, bob, ann, bob]) {
		const [first] = (await live(who, [{ path }], 0)).body.changed;
		assert.equal(first.status, who === ann ? 200 : 404);
		theirs.push({ who, next: live(who, [{ path, etag: first.etag }], 2) });
	}
	await sleep(PARKED);
	await owner.patch(path, { first_name: 'Still hers' });
	for (const { who, next } of theirs) {
		const { changed } = (await next).body;
		assert.deepEqual(changed.map(({ body }) => body.first_name), who === ann ? ['Still hers'] : []);
	}
});

test('bad questions to POST /v1/live are refused', async () => {
	const owner = await signUp();
	const refused = async (body) => {
		const answer = await owner.post('/v1/live', body);
		assert.ok([400, 422].includes(answer.status), `${answer.status} for ${JSON.stringify(body).slice(0, 100)}`);
	};
	await refused({});
	await refused({ queries: [] });
	await refused({ queries: 'all' });
	await refused({ queries: Array.from({ length: 101 }, () => ({ path: '/v1/contacts' })) });
	await refused({ queries: [{ path: '/v1/sessions/current' }] });
	await refused({ queries: [{ path: '/v1/live' }] });
	await refused({ queries: [{ path: '/contacts' }] });
	await refused({ queries: [{ path: 'http://elsewhere/v1/contacts' }] });
	await refused({ queries: [{ path: '/v1/contacts?a=%zz' }] });
	await refused({ queries: [{ path: '/v1/contacts', method: 'DELETE' }] });
	await refused({ queries: [{ path: '/v1/contacts' }], more: 1 });
	for (const wait of [-1, 61, 'long', 1e300, 1.5]) await refused({ queries: [{ path: '/v1/contacts' }], wait });
	assert.equal((await api(await musterUrl()).post('/v1/live', { queries: [{ path: '/v1/contacts' }] })).status, 401);
});

test('a key that loses power with the role of its maker is told', async () => {
	const owner = await signUp();
	const maker = await makeRole(owner, { 'tags.view': 'all', 'roles.view': 'all', 'api_keys.create': 'all' });
	const role = await makeRole(owner, { 'tags.view': 'all' });
	const key = await makeKey(await join(owner, maker.id), role.id);
	const [first] = (await live(key, [{ path: '/v1/tags' }], 0)).body.changed;
	assert.equal(first.status, 200);
	const next = live(key, [{ path: '/v1/tags', etag: first.etag }]);
	await sleep(PARKED);
	await owner.put(`/v1/roles/${maker.id}/permissions`, { permissions: { 'tags.view': 'none' } });
	assert.deepEqual((await next).body.changed.map(({ status }) => status), [403]);
});

test('what is open to anyone is looked up across companies, so nobody waits for it', async () => {
	const owner = await signUp();
	const { body } = await owner.post('/v1/invitations', { email: someEmail(), role_id: owner.roles.agent.id });
	const path = `/v1/invitations/by_token?token=${new URL(body.url).searchParams.get('token')}`;
	const etag = (await owner.get(path)).headers.get('etag');
	const began = performance.now();
	assert.equal((await owner.get(path, { 'if-none-match': etag, prefer: 'wait=10' })).status, 304);
	assert.ok(performance.now() - began < 5000);
	const refused = await live(owner, [{ path }]);
	assert.equal(refused.status, 422);
	assert.equal(refused.body.errors[0].pointer, '/queries/0/path');
});
