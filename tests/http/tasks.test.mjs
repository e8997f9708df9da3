// Tasks, and when a contact's next one is due.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { join, signUp } from './company.mjs';

const make = async (who, path, body) => {
	const answer = await who.post(path, body);
	assert.equal(answer.status, 201, answer.text);
	return answer.body;
};
const about = ({ id }) => ({ object: 'contact', id });
const due = async (who, { id }) => (await who.get(`/v1/contacts/${id}?fields=next_task_due_at`)).body.next_task_due_at;

test('a task is mine unless it is given to somebody', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const mine = await make(owner, '/v1/tasks', { title: 'Call' });
	assert.deepEqual([mine.assignee_id, mine.status, mine.kind, mine.priority, mine.subject], [owner.agent.id, 'open', 'todo', 'normal', null]);
	const theirs = await make(owner, '/v1/tasks', { title: 'Write', kind: 'email', priority: 'high', assignee_id: agent.agent.id });
	assert.deepEqual((await agent.get('/v1/tasks')).body.data.map((t) => t.id), [theirs.id]);
	assert.equal((await make(owner, '/v1/tasks', { title: "Nobody's", assignee_id: null })).assignee_id, null);
	assert.equal((await agent.post('/v1/tasks', { title: 'Not mine', assignee_id: owner.agent.id })).status, 403);
	assert.equal((await owner.get(`/v1/tasks/${theirs.id}?expand=assignee`)).body.assignee.id, agent.agent.id);
});

test('a task is done and opened again', async () => {
	const owner = await signUp();
	const task = await make(owner, '/v1/tasks', { title: 'Call' });
	const done = (await owner.post(`/v1/tasks/${task.id}/complete`)).body;
	assert.equal(done.status, 'done');
	assert.ok(Math.abs(Date.parse(done.done_at) - Date.now()) < 60_000);
	const again = (await owner.post(`/v1/tasks/${task.id}/complete`)).body;
	assert.deepEqual([again.status, again.done_at], ['done', done.done_at], 'done once');
	assert.deepEqual((await owner.get('/v1/tasks?status=open')).body.data, []);
	const open = (await owner.post(`/v1/tasks/${task.id}/reopen`)).body;
	assert.deepEqual([open.status, open.done_at], ['open', null]);
	assert.equal((await owner.patch(`/v1/tasks/${task.id}`, { status: 'done' })).status, 400, 'not by hand');
	assert.equal((await owner.patch(`/v1/tasks/${task.id}`, { title: 'Call again' })).body.title, 'Call again');
});

test('a contact repeats when its next open task is due', async () => {
	const owner = await signUp();
	const [ann, bob] = [await make(owner, '/v1/contacts', { first_name: 'Ann' }), await make(owner, '/v1/contacts', { first_name: 'Bob' })];
	assert.equal(await due(owner, ann), null);
	const late = await make(owner, '/v1/tasks', { title: 'Late', due_at: '2030-02-01T00:00:00Z', subject: about(ann) });
	const early = await make(owner, '/v1/tasks', { title: 'Early', due_at: '2030-01-01T00:00:00Z', subject: about(ann) });
	await make(owner, '/v1/tasks', { title: 'Whenever', subject: about(ann) });
	assert.equal(await due(owner, ann), '2030-01-01T00:00:00Z');
	await owner.post(`/v1/tasks/${early.id}/complete`);
	assert.equal(await due(owner, ann), '2030-02-01T00:00:00Z');
	await owner.post(`/v1/tasks/${early.id}/reopen`);
	await owner.patch(`/v1/tasks/${early.id}`, { subject: about(bob) });
	assert.deepEqual([await due(owner, ann), await due(owner, bob)], ['2030-02-01T00:00:00Z', '2030-01-01T00:00:00Z']);
	await owner.patch(`/v1/tasks/${late.id}`, { due_at: '2031-01-01T00:00:00Z' });
	assert.equal(await due(owner, ann), '2031-01-01T00:00:00Z');
	await owner.delete(`/v1/tasks/${late.id}`);
	assert.equal(await due(owner, ann), null);
	await owner.post(`/v1/tasks/${late.id}/restore`);
	assert.equal(await due(owner, ann), '2031-01-01T00:00:00Z');
	await owner.patch(`/v1/tasks/${early.id}`, { subject: null });
	assert.equal(await due(owner, bob), null);
	assert.deepEqual((await owner.get('/v1/contacts?sort=next_task_due_at')).body.data.map((c) => c.full_name), ['Bob', 'Ann']);
});

test('a contact that others look after repeats it as well', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const contact = await make(agent, '/v1/contacts', { first_name: 'Ann' });
	await make(owner, '/v1/tasks', { title: 'Mine', due_at: '2030-01-01T00:00:00Z', subject: about(contact) });
	assert.equal(await due(agent, contact), '2030-01-01T00:00:00Z');
});

test('many tasks about one contact at the same time leave it right', async () => {
	const owner = await signUp();
	const contact = await make(owner, '/v1/contacts', { first_name: 'Ann' });
	await Promise.all([9, 3, 7, 5, 8, 4].map((n) => make(owner, '/v1/tasks', { title: `${n}`, due_at: `2030-0${n}-01T00:00:00Z`, subject: about(contact) })));
	assert.equal(await due(owner, contact), '2030-03-01T00:00:00Z');
});

test('what a task is about must be there and be seen', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const contact = await make(owner, '/v1/contacts', { first_name: 'Ann' });
	const deal = await make(owner, '/v1/deals', { title: 'D' });
	for (const subject of [about(contact), { object: 'deal', id: deal.id }, about({ id: '01890000-0000-7000-8000-000000000001' })]) {
		const refused = await agent.post('/v1/tasks', { title: 'T', subject });
		assert.equal(refused.status, 422, refused.text);
		assert.equal(refused.body.errors[0].pointer, '/subject');
	}
	for (const subject of [{ object: 'tag', id: contact.id }, { object: 'contact' }, contact.id, { object: 'contact', id: contact.id, more: 1 }])
		assert.equal((await owner.post('/v1/tasks', { title: 'T', subject })).status, 422);
	const task = await make(owner, '/v1/tasks', { title: 'T', subject: { object: 'deal', id: deal.id } });
	assert.deepEqual(task.subject, { object: 'deal', id: deal.id });
	assert.equal((await owner.get(`/v1/tasks?deal_id=${deal.id}&expand=subject`)).body.data[0].subject_title, 'D');
});

test('tasks are listed by when they are due, and searched', async () => {
	const owner = await signUp();
	await make(owner, '/v1/tasks', { title: 'B', due_at: '2030-02-01T00:00:00Z' });
	await make(owner, '/v1/tasks', { title: 'A', due_at: '2030-01-01T00:00:00Z', kind: 'call' });
	await make(owner, '/v1/tasks', { title: 'C' });
	assert.deepEqual((await owner.get('/v1/tasks?sort=-due_at')).body.data.map((t) => t.title), ['B', 'A', 'C']);
	assert.deepEqual((await owner.get('/v1/tasks?due_before=2030-01-15T00:00:00Z')).body.data.map((t) => t.title), ['A']);
	const found = await owner.post('/v1/tasks/search', { where: { or: [{ kind: 'call' }, { due_at: null }] }, sort: '-updated_at' });
	assert.equal(found.status, 400, 'a time is asked for by since and before');
	assert.deepEqual((await owner.post('/v1/tasks/search', { where: { not: { kind: 'call' } }, sort: 'due_at' })).body.data.map((t) => t.title), ['C', 'B']);
});
