// A word that is longer than its line, as an address or a German noun is: the page stays as wide as its window, and the word as wide as its place.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { visit } from '../harness.mjs';
import { signUp } from '../http/company.mjs';

const word = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft';
const most = (n) => word.repeat(4).slice(0, n);

test('no page is wider for a long word', async (t) => {
	const owner = await signUp();
	const made = async (path, content) => {
		const { status, body, text } = await owner.post(path, content);
		assert.equal(status, 201, text);
		return body;
	};
	const firm = await made('/v1/contacts', { kind: 'organisation', name: most(150) });
	const person = await made('/v1/contacts', { first_name: most(90), last_name: most(90), job_title: most(100), organisation_id: firm.id, emails: [{ address: `${'a'.repeat(60)}@${'b'.repeat(60)}.example` }] });
	const deal = await made('/v1/deals', { title: most(150), organisation_id: firm.id });
	await made('/v1/deal_contacts', { deal_id: deal.id, contact_id: person.id });
	for (const subject of [{ object: 'contact', id: person.id }, { object: 'deal', id: deal.id }]) {
		await made('/v1/tasks', { title: most(150), subject });
		await made('/v1/notes', { body: most(300), subject });
		await made('/v1/activities', { kind: 'call', summary: most(150), subject });
	}
	await made('/v1/automations', { name: most(120), object: 'contact', starts: { on: 'manual' }, steps: [{ do: 'create_task', title: most(150) }] });
	const role = await made('/v1/roles', { name: most(60) });
	await made('/v1/teams', { name: most(80) });
	await made('/v1/tags', { name: most(60) });
	await made('/v1/pipelines', { name: most(80) });
	await made('/v1/public_forms', { name: most(80) });
	await made('/v1/invitations', { email: `${'a'.repeat(60)}@${'b'.repeat(60)}.example`, role_id: role.id });
	await made('/v1/inbound_hooks', { name: most(80), scheme: 'stripe', secret: 'whsec_of-the-test' });
	await made('/v1/api_keys', { name: most(80), role_id: role.id });
	await made('/v1/webhooks', { url: `https://hooks.muster.test/${'a'.repeat(300)}`, events: ['tag.restored'] });
	const page = await visit(t, owner, '/');
	const wrong = [];
	for (const width of [1440, 390]) {
		await page.setViewportSize({ width, height: 900 });
		for (const at of ['/', '/contacts', `/contacts?q=${most(190)}`, `/contacts?q=${'x'.repeat(300)}`, `/contacts/${person.id}`, `/contacts/${firm.id}`, `/contacts/${person.id}/edit`, `/contacts/${person.id}/merge`, '/deals', '/deals/table', `/deals?q=${most(250)}`, `/deals/${deal.id}`, `/deals/${deal.id}/edit`, '/tasks', '/search?q=donau', `/search?q=${most(150)}`, `/search?q=${most(250)}`, '/automations', ...['team', 'roles', 'catalog', 'forms', 'hooks', 'api-keys', 'webhooks'].map((one) => `/settings/${one}`)]) {
			await page.goto(at);
			const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
			if (over > 0) wrong.push(`${at.slice(0, 60)} at ${width}: by ${over}`);
		}
	}
	assert.deepEqual(wrong, []);
});

test('the name of the company leaves the search its place on a phone', async (t) => {
	const owner = await signUp();
	assert.equal((await owner.patch('/v1/company', { name: most(80) })).status, 200);
	const page = await visit(t, owner, '/');
	await page.setViewportSize({ width: 390, height: 844 });
	const [name, search] = await Promise.all([page.locator('.brand > span'), page.getByRole('link', { name: 'Search', exact: true })].map((one) => one.boundingBox()));
	assert.ok(name.x + name.width <= search.x, `${name.x + name.width} ${search.x}`);
});
