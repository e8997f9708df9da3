// The operation that the README takes apart; that it quotes it as it is, is tests/unit/readme.test.mjs.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { join, signUp } from './company.mjs';

const make = async (who, path, body) => {
	const answer = await who.post(path, body);
	assert.equal(answer.status, 201, answer.text);
	return answer.body;
};

test('a contact in a line', async () => {
	const owner = await signUp();
	const contact = await make(owner, '/v1/contacts', { first_name: 'Ann' });
	const subject = { object: 'contact', id: contact.id };
	const summary = async (who = owner) => (await who.get(`/v1/contacts/${contact.id}/summary`)).body;
	assert.deepEqual(await summary(), { full_name: 'Ann', open_deals: 0, open_tasks: 0, last_activity_at: null });
	const deal = await make(owner, '/v1/deals', { title: 'D', contact_ids: [contact.id] });
	await make(owner, '/v1/tasks', { title: 'T', subject });
	await make(owner, '/v1/activities', { kind: 'call', summary: 'A', occurred_at: '2024-01-02T03:04:05Z', subject });
	assert.deepEqual(await summary(), { full_name: 'Ann', open_deals: 1, open_tasks: 1, last_activity_at: '2024-01-02T03:04:05Z' });
	await owner.post(`/v1/deals/${deal.id}/win`, {});
	assert.equal((await summary()).open_deals, 0);
	const agent = await join(owner, owner.roles.agent.id);
	assert.equal((await summary(agent)).status, 404);
	await owner.patch(`/v1/contacts/${contact.id}`, { owner_id: agent.agent.id });
	assert.deepEqual(await summary(agent), { full_name: 'Ann', open_deals: 0, open_tasks: 0, last_activity_at: '2024-01-02T03:04:05Z' }, "not the owner's task");
});
