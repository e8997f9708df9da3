// What can be asked about permissions, runs and many queries at once.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { join, makeRole, signUp } from './company.mjs';

test('the list of permissions has each one that a role can hold, with what the caller holds of it', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const all = (await owner.get('/v1/permissions')).body.data;
	assert.ok(all.length > 40);
	assert.ok(all.every((p) => p.permission === `${p.object}.${p.action}` && p.level === 'all'));
	const own = Object.fromEntries((await agent.get('/v1/permissions')).body.data.map((p) => [p.permission, p.level]));
	assert.equal(own['contacts.view'], 'own');
	assert.equal(own['roles.edit'], 'none');
	assert.equal(all.find((p) => p.permission === 'contacts.view').owned, true);
	assert.equal(all.find((p) => p.permission === 'tags.view').owned, false);
});

test('many queries in one request: each is answered as its own reader may see it', async () => {
	const owner = await signUp();
	const role = await makeRole(owner, { 'tags.view': 'all' });
	const agent = await join(owner, role.id);
	const answer = await agent.post('/v1/live', { queries: [{ path: '/v1/tags' }, { path: '/v1/contacts' }, { path: '/v1/tags/01a20925-d73b-7384-8725-c2c6546f8b21' }], wait: 0 });
	assert.equal(answer.status, 200, answer.text);
	assert.deepEqual(answer.body.changed.map((c) => [c.index, c.status]), [[0, 200], [1, 403], [2, 404]]);
	assert.deepEqual(answer.body.changed[0].body.data, []);
	const again = await agent.post('/v1/live', { queries: [{ path: '/v1/tags', etag: answer.body.changed[0].etag }], wait: 0 });
	assert.deepEqual(again.body.changed, []);
});

test('runs of workflows are told to those on whose behalf they act', async () => {
	const owner = await signUp();
	const form = new FormData();
	form.append('object', 'contacts');
	form.append('file', new Blob(['First name,Last name\nAda,Lovelace\n']), 'people.csv');
	const sent = await owner.post('/v1/imports', form);
	assert.equal(sent.status, 202, sent.text);
	await owner.post(`/v1/imports/${sent.body.id}/start`, {});
	const runs = (await owner.get('/v1/workflow_runs')).body.data.filter((run) => run.agent_id); // not what the program does by itself
	assert.ok(runs.length >= 1);
	const one = await owner.get(`/v1/workflow_runs/${runs[0].id}`);
	assert.equal(one.status, 200);
	assert.equal(one.body.agent_id, owner.agent.id);
	const stranger = await signUp();
	assert.equal((await stranger.get(`/v1/workflow_runs/${runs[0].id}`)).status, 404);
	assert.deepEqual((await stranger.get('/v1/workflow_runs')).body.data.filter((run) => run.agent_id), []);
});
