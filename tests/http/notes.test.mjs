// Notes and activities: whose they are, who sees them, and who may change them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { join, signUp } from './company.mjs';

const make = async (who, path, body) => {
	const answer = await who.post(path, body);
	assert.equal(answer.status, 201, answer.text);
	return answer.body;
};
const about = (object, { id }) => ({ object, id });

test('a note has its writer as its author, whoever it says', async () => {
	const owner = await signUp();
	const contact = await make(owner, '/v1/contacts', { first_name: 'Ann' });
	const note = await make(owner, '/v1/notes', { body: 'First line\nSecond line', subject: about('contact', contact) });
	assert.deepEqual([note.author_id, note.body, note.subject], [owner.agent.id, 'First line\nSecond line', about('contact', contact)]);
	assert.equal((await owner.post('/v1/notes', { body: 'X', subject: about('contact', contact), author_id: contact.id })).status, 400);
	assert.equal((await owner.patch(`/v1/notes/${note.id}`, { body: 'Changed' })).body.body, 'Changed');
	assert.equal((await owner.patch(`/v1/notes/${note.id}`, { subject: about('contact', contact) })).status, 400, 'it stays where it is');
	assert.equal((await owner.get(`/v1/notes/${note.id}?expand=author`)).body.author.full_name, 'Olga Owner');
	assert.deepEqual((await owner.get(`/v1/notes?contact_id=${contact.id}`)).body.data.map((n) => n.id), [note.id]);
	assert.deepEqual((await owner.get('/v1/notes?q=chang')).body.data.map((n) => n.id), [note.id]);
	assert.equal((await owner.delete(`/v1/notes/${note.id}`)).status, 204);
	assert.equal((await owner.get(`/v1/notes/${note.id}`)).status, 404);
	assert.equal((await owner.post(`/v1/notes/${note.id}/restore`)).status, 200);
});

test('an activity happened when it says, or now', async () => {
	const owner = await signUp();
	const deal = await make(owner, '/v1/deals', { title: 'D' });
	const call = await make(owner, '/v1/activities', { kind: 'call', summary: 'Talked', occurred_at: '2024-05-06T07:08:09Z', subject: about('deal', deal) });
	assert.deepEqual([call.agent_id, call.occurred_at], [owner.agent.id, '2024-05-06T07:08:09Z']);
	const now = await make(owner, '/v1/activities', { kind: 'email', summary: 'Wrote', subject: about('deal', deal) });
	assert.ok(Math.abs(Date.parse(now.occurred_at) - Date.now()) < 60_000);
	assert.deepEqual((await owner.get(`/v1/activities?deal_id=${deal.id}`)).body.data.map((a) => a.summary), ['Wrote', 'Talked']);
	assert.equal((await owner.patch(`/v1/activities/${call.id}`, { body: 'At length' })).body.body, 'At length');
	assert.equal((await owner.get(`/v1/activities/${call.id}?expand=agent,subject`)).body.subject_title, 'D');
	assert.equal((await owner.delete(`/v1/activities/${call.id}`)).status, 204);
	assert.equal((await owner.post(`/v1/activities/${call.id}/restore`)).status, 200);
	assert.equal((await owner.post('/v1/activities', { kind: 'dance', summary: 'X', subject: about('deal', deal) })).status, 422);
});

test('they are about something that the writer sees', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const contact = await make(owner, '/v1/contacts', { first_name: 'Ann' });
	for (const [path, body] of [['/v1/notes', { body: 'X' }], ['/v1/activities', { kind: 'call', summary: 'X' }]]) {
		assert.equal((await owner.post(path, body)).status, 422, 'a subject is required');
		assert.equal((await owner.post(path, { ...body, subject: null })).status, 422);
		const refused = await agent.post(path, { ...body, subject: about('contact', contact) });
		assert.equal(refused.status, 422, 'not seen');
		assert.equal(refused.body.errors[0].pointer, '/subject');
	}
	assert.equal((await owner.get('/v1/notes')).body.data.length, 0);
});

test('who sees the contact sees its notes; who wrote one changes it', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const [contact, hidden] = [await make(agent, '/v1/contacts', { first_name: 'Ann' }), await make(owner, '/v1/contacts', { first_name: 'Bob' })];
	const theirs = await make(owner, '/v1/notes', { body: 'By the owner', subject: about('contact', contact) });
	const mine = await make(agent, '/v1/notes', { body: 'By the agent', subject: about('contact', contact) });
	const secret = await make(owner, '/v1/notes', { body: 'Secret', subject: about('contact', hidden) });
	assert.deepEqual((await agent.get('/v1/notes')).body.data.map((n) => n.id).sort(), [theirs.id, mine.id].sort());
	assert.equal((await agent.get(`/v1/notes/${secret.id}`)).status, 404);
	assert.equal((await agent.patch(`/v1/notes/${secret.id}`, { body: 'X' })).status, 404);
	assert.equal((await agent.patch(`/v1/notes/${mine.id}`, { body: 'Still mine' })).status, 200);
	assert.equal((await agent.patch(`/v1/notes/${theirs.id}`, { body: 'X' })).status, 403);
	assert.equal((await agent.delete(`/v1/notes/${theirs.id}`)).status, 403);
	await owner.patch(`/v1/contacts/${contact.id}`, { owner_id: owner.agent.id });
	assert.deepEqual((await agent.get('/v1/notes')).body.data, [], 'with the contact its notes are gone');
	assert.equal((await agent.get(`/v1/notes/${mine.id}`)).status, 404);
});
