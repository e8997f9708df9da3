// What happened with a contact or a deal.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { join, signUp } from './company.mjs';

const make = async (who, path, body) => {
	const answer = await who.post(path, body);
	assert.equal(answer.status, 201, answer.text);
	return answer.body;
};
const about = (object, { id }) => ({ object, id });
const says = (e) => [e.kind, e.title ?? e.body];

test('the history of a contact has its notes, activities, tasks, deals and changes, newest first', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const contact = await make(owner, '/v1/contacts', { first_name: 'Ann' });
	const subject = about('contact', contact);
	await make(owner, '/v1/activities', { kind: 'call', summary: 'Long ago', occurred_at: '2020-01-01T00:00:00Z', subject });
	await make(owner, '/v1/activities', { kind: 'meeting', summary: 'Soon', occurred_at: '2099-01-01T00:00:00Z', subject });
	await make(owner, '/v1/notes', { body: 'A note', subject });
	const task = await make(owner, '/v1/tasks', { title: 'A task', subject });
	const deal = await make(owner, '/v1/deals', { title: 'A deal', contact_ids: [contact.id] });
	await owner.patch(`/v1/contacts/${contact.id}`, { owner_id: agent.agent.id });
	await owner.patch(`/v1/contacts/${contact.id}`, { job_title: 'Not worth a line' });
	const { data, meta } = (await owner.get(`/v1/timeline?contact_id=${contact.id}`)).body;
	assert.deepEqual(data.map(says), [
		['activity', 'Soon'],
		['change', 'changed the owner'],
		['deal', 'A deal'],
		['task', 'A task'],
		['note', 'A note'],
		['change', 'created this contact'],
		['activity', 'Long ago'],
	]);
	assert.deepEqual(meta, { newest: true, has_more: false, next_cursor: null });
	assert.equal(data[0].activity_kind, 'meeting');
	assert.deepEqual(data[1].fields, ['owner_id']);
	assert.equal(data[2].id, deal.id);
	assert.deepEqual([data[3].id, data[3].status], [task.id, 'open']);
	assert.deepEqual(data[4].agent, { id: owner.agent.id, full_name: 'Olga Owner' });
	await owner.post(`/v1/tasks/${task.id}/complete`);
	assert.deepEqual((await owner.get(`/v1/timeline?contact_id=${contact.id}&limit=2`)).body.data.map((e) => [e.kind, e.status]), [['activity', null], ['task', 'done']]);
});

test('the history of a deal tells of its stages', async () => {
	const owner = await signUp();
	const deal = await make(owner, '/v1/deals', { title: 'D', amount: { amount: '1.00', currency: 'EUR' } });
	await make(owner, '/v1/notes', { body: 'A note', subject: about('deal', deal) });
	await owner.post(`/v1/deals/${deal.id}/win`, { amount: { amount: '2.00', currency: 'EUR' } });
	const { data } = (await owner.get(`/v1/timeline?deal_id=${deal.id}`)).body;
	assert.deepEqual(data.map(says), [['change', 'changed the stage and the amount'], ['note', 'A note'], ['change', 'created this deal']]);
});

test('an organisation has the deals that it buys', async () => {
	const owner = await signUp();
	const firm = await make(owner, '/v1/contacts', { kind: 'organisation', name: 'Firm' });
	await make(owner, '/v1/deals', { title: 'Bought', organisation_id: firm.id });
	assert.deepEqual((await owner.get(`/v1/timeline?contact_id=${firm.id}`)).body.data.map(says), [['deal', 'Bought'], ['change', 'created this contact']]);
});

test('page by page everything comes once, also what happened at the same instant', async () => {
	const owner = await signUp();
	const contact = await make(owner, '/v1/contacts', { first_name: 'Ann' });
	const subject = about('contact', contact);
	const at = ['2024-01-01T00:00:00Z', '2024-01-01T00:00:00Z', '2024-01-01T00:00:00Z', '2024-01-01T00:00:00.000001Z', '2023-01-01T00:00:00Z'];
	for (const occurred_at of [...at, ...at]) await make(owner, '/v1/activities', { kind: 'call', summary: 'S', occurred_at, subject });
	for (let i = 0; i < 3; i++) await make(owner, '/v1/notes', { body: 'N', subject });
	await owner.patch(`/v1/contacts/${contact.id}`, { owner_id: null });
	const whole = (await owner.get(`/v1/timeline?contact_id=${contact.id}&limit=100`)).body.data;
	assert.equal(whole.length, 15);
	for (const limit of [1, 2, 4]) {
		const seen = [];
		for (let cursor = ''; cursor !== null; ) {
			const answer = await owner.get(`/v1/timeline?contact_id=${contact.id}&limit=${limit}${cursor && `&cursor=${cursor}`}`);
			assert.equal(answer.status, 200, answer.text);
			assert.ok(answer.body.data.length <= limit);
			seen.push(...answer.body.data);
			cursor = answer.body.meta.next_cursor;
		}
		assert.deepEqual(seen, whole);
	}
});

test('a cursor is good as it was given, and for the timeline that gave it', async () => {
	const owner = await signUp();
	const [one, other] = [await make(owner, '/v1/contacts', { first_name: 'Ann' }), await make(owner, '/v1/contacts', { first_name: 'Bob' })];
	for (let i = 0; i < 2; i++) await make(owner, '/v1/notes', { body: 'N', subject: about('contact', one) });
	const { next_cursor } = (await owner.get(`/v1/timeline?contact_id=${one.id}&limit=1`)).body.meta;
	const by = async (id, cursor) => (await owner.get(`/v1/timeline?contact_id=${id}&cursor=${cursor}`)).status;
	assert.equal(await by(one.id, next_cursor), 200);
	assert.equal(await by(other.id, next_cursor), 400);
	assert.equal(await by(one.id, next_cursor.replace(/.$/, (c) => (c === 'A' ? 'Q' : 'A'))), 400);
	const made = Buffer.from(`${one.id} 2030-01-01T00:00:00Z ${one.id}`);
	assert.equal(await by(one.id, Buffer.concat([Buffer.alloc(16), made]).toString('base64url')), 400);
});

test('a page that is to have something begins with it where the newest do not have it', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const [contact, other] = [await make(agent, '/v1/contacts', { first_name: 'Ann' }), await make(agent, '/v1/contacts', { first_name: 'Bob' })];
	const deal = await make(agent, '/v1/deals', { title: 'Ann buys', contact_ids: [contact.id] });
	for (const [path, subject] of [[`contact_id=${contact.id}`, about('contact', contact)], [`deal_id=${deal.id}`, about('deal', deal)]]) {
		const call = await make(agent, '/v1/activities', { kind: 'call', summary: 'Long ago', occurred_at: '2020-01-01T00:00:00Z', subject });
		const task = await make(agent, '/v1/tasks', { title: 'Done', subject });
		const hidden = await make(owner, '/v1/tasks', { title: "The owner's", subject });
		assert.equal((await agent.post(`/v1/tasks/${task.id}/complete`)).status, 200);
		const note = await make(agent, '/v1/notes', { body: 'The first', subject });
		const later = [];
		for (let i = 0; i < 4; i++) later.unshift((await make(agent, '/v1/notes', { body: `Later ${i}`, subject })).id);
		const page = async (event, more = '') => (await agent.get(`/v1/timeline?${path}&limit=3&event=${event}${more}`)).body;
		const newest = await page(later[2]);
		assert.deepEqual(newest.data.map((e) => e.id), later.slice(0, 3), 'it is among the newest');
		for (const { id } of [note, task, call]) assert.equal((await page(id)).data[0].id, id);
		const { data, meta } = await page(note.id);
		assert.deepEqual([data[1].id, data.length, meta.has_more, meta.newest, newest.meta.newest], [task.id, 3, true, false, true]);
		const next = await page(note.id, `&cursor=${newest.meta.next_cursor}`);
		assert.deepEqual([next.data[0].id, next.meta.newest], [later[3], false], 'a page goes on where the one before ended');
		const elsewhere = await make(agent, '/v1/notes', { body: 'Of Bob', subject: about('contact', other) });
		for (const id of [hidden.id, elsewhere.id, contact.id]) assert.deepEqual((await page(id)).data.map((e) => e.id), later.slice(0, 3), 'it is none of these that one sees');
	}
});

test('each entry is seen by whoever may see its row', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const contact = await make(agent, '/v1/contacts', { first_name: 'Ann' });
	const hidden = await make(owner, '/v1/contacts', { first_name: 'Bob' });
	const subject = about('contact', contact);
	await make(owner, '/v1/tasks', { title: "The owner's", subject });
	await make(agent, '/v1/tasks', { title: "The agent's", subject });
	await make(owner, '/v1/deals', { title: "The owner's", contact_ids: [contact.id] });
	await make(owner, '/v1/notes', { body: 'For all who see Ann', subject });
	const seen = (await agent.get(`/v1/timeline?contact_id=${contact.id}`)).body.data.map(says);
	assert.deepEqual(seen, [['note', 'For all who see Ann'], ['task', "The agent's"], ['change', 'created this contact']]);
	assert.equal((await agent.get(`/v1/timeline?contact_id=${hidden.id}`)).status, 404);
	assert.equal((await (await signUp()).get(`/v1/timeline?contact_id=${contact.id}`)).status, 404);
});

test('what cannot be asked is refused', async () => {
	const owner = await signUp();
	const contact = await make(owner, '/v1/contacts', { first_name: 'Ann' });
	const deal = await make(owner, '/v1/deals', { title: 'D' });
	for (const query of ['', `?contact_id=${contact.id}&deal_id=${deal.id}`, `?contact_id=${contact.id}&limit=101`, `?contact_id=${contact.id}&limit=0`,
		`?contact_id=${contact.id}&cursor=nonsense`, `?contact_id=${contact.id}&cursor=${'A'.repeat(301)}`, `?contact_id=nonsense`, `?contact_id=${contact.id}&before=1`])
		assert.equal((await owner.get(`/v1/timeline${query}`)).status, 400, query);
});
