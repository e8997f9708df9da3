// The start page, and that the pages of the CRM show what the API would answer the same person.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { join, signUp } from './company.mjs';

const make = async (who, path, body) => {
	const answer = await who.post(path, body);
	assert.equal(answer.status, 201, answer.text);
	return answer.body;
};
async function page(who, path) {
	const response = await fetch(who.url + path, { headers: { cookie: `muster_session=${who.token}`, accept: 'text/html' }, redirect: 'manual' });
	return { status: response.status, text: await response.text() };
}

test('every page of the CRM is there for the owner and for an agent', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	for (const who of [owner, agent]) {
		const firm = await make(who, '/v1/contacts', { kind: 'organisation', name: `Firm of ${who.agent.full_name}` });
		const contact = await make(who, '/v1/contacts', { first_name: 'Ann', last_name: '<b>Bold</b>', organisation_id: firm.id, emails: [{ address: `ann@${who.agent.id}.test` }] });
		const deal = await make(who, '/v1/deals', { title: 'A deal & more', contact_ids: [contact.id], organisation_id: firm.id });
		await make(who, '/v1/tasks', { title: 'A task', subject: { object: 'contact', id: contact.id }, due_at: '2020-01-01T00:00:00Z' });
		await make(who, '/v1/notes', { body: 'A note', subject: { object: 'contact', id: contact.id } });
		for (const path of ['/', '/contacts', '/contacts/new', `/contacts/${contact.id}`, `/contacts/${contact.id}/edit`, `/contacts/${firm.id}`,
			'/contacts?q=ann&kind=person', '/deals', '/deals/table', '/deals/new', `/deals/${deal.id}`, `/deals/${deal.id}/edit`, '/tasks', '/tasks?status=open', '/settings/catalog']) {
			const { status, text } = await page(who, path);
			assert.equal(status, 200, `${path}: ${text.replace(/<[^>]*>/g, ' ').slice(-300)}`);
			assert.doesNotMatch(text, /<b>Bold/, path);
		}
		assert.match((await page(who, `/contacts/${contact.id}`)).text, /A note/);
		assert.match((await page(who, '/')).text, /A task/);
		assert.match((await page(who, '/deals')).text, /A deal &amp; more/);
	}
});

test('a page shows nothing that its reader may not see', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const hidden = await make(owner, '/v1/contacts', { first_name: 'Hidden', last_name: 'Person' });
	const deal = await make(owner, '/v1/deals', { title: 'Hidden deal', amount: { amount: '98765.00', currency: 'EUR' } });
	await make(owner, '/v1/tasks', { title: 'Hidden task' });
	await make(owner, '/v1/activities', { kind: 'call', summary: 'Hidden call', subject: { object: 'contact', id: hidden.id } });
	for (const path of ['/', '/contacts', '/contacts/new', '/deals', '/deals/table', '/deals/new', '/tasks']) {
		const { status, text } = await page(agent, path);
		assert.equal(status, 200, path);
		assert.doesNotMatch(text, /Hidden|98,?765|98\.8k/, path);
	}
	assert.equal((await page(agent, `/contacts/${hidden.id}`)).status, 404);
	assert.equal((await page(agent, `/contacts/${hidden.id}/edit`)).status, 404);
	assert.equal((await page(agent, `/deals/${deal.id}`)).status, 404);
});

test('a page without a login leads to it', async () => {
	const owner = await signUp();
	const response = await fetch(`${owner.url}/contacts?q=x`, { headers: { accept: 'text/html' }, redirect: 'manual' });
	assert.equal(response.status, 303);
	assert.match(response.headers.get('location'), /^\/login\?next=/);
});

test('the navigation marks where one is', async () => {
	const owner = await signUp();
	for (const [path, entry] of [['/', '/'], ['/deals/table', '/deals'], ['/imports', '/imports'], ['/settings/team', '/settings/profile']]) {
		const navigation = (await page(owner, path)).text.split('<main')[0].split('<div id="commands" hidden>')[0]; // not what the palette offers
		assert.deepEqual([...navigation.matchAll(/href="([^"]*)" aria-current="page"/g)].map(([, href]) => href), [entry], path);
	}
});
