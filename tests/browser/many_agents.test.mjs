// A company with more agents than a list shows at once: whoever it is can be chosen, by typing, and in a browser without script.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { until, visit } from '../harness.mjs';
import { signUp } from '../http/company.mjs';
import { importFile } from '../http/importing.mjs';

const MANY = 120;
let owner, last;
before(async () => {
	owner = await signUp();
	const rows = Array.from({ length: MANY }, (_, i) => `Agent Number${String(i + 1).padStart(3, '0')},number${i + 1}.${owner.company.id}@muster.test`);
	const done = await importFile(owner, 'agents', `Full name,E-mail\n${rows.join('\n')}\n`);
	assert.equal(done.created, MANY, JSON.stringify(done));
	[last] = (await owner.get(`/v1/agents?q=Number${MANY}`)).body.data;
	assert.equal(last.full_name, `Agent Number${MANY}`);
	await owner.post('/v1/contacts', { last_name: 'Theirs', owner_id: last.id });
	await owner.post('/v1/contacts', { last_name: 'Mine' });
});

async function choose(page, box) {
	await box.fill(`number${MANY}`);
	await page.getByRole('option', { name: `Agent Number${MANY}` }).click();
}

test('a filter, and what is assigned to somebody, by typing', async (t) => {
	const page = await visit(t, owner, '/contacts');
	const results = page.locator('#results');
	await choose(page, page.getByRole('combobox', { name: 'Owner' }).first());
	await results.getByRole('link', { name: 'Mine' }).waitFor({ state: 'hidden' });
	await results.getByRole('link', { name: 'Theirs' }).waitFor();
	assert.equal(new URL(page.url()).searchParams.get('owner_id'), last.id);
	await page.goto('/contacts');
	await page.getByLabel('Select Mine').check();
	await choose(page, page.getByLabel('New owner'));
	await page.getByRole('button', { name: 'Assign', exact: true }).click();
	await until(async () => (await owner.get(`/v1/contacts?owner_id=${last.id}`)).body.data.length === 2, { what: 'the assignment' });
});

test('the owner of a deal: another by typing, and nobody', async (t) => {
	const deal = (await owner.post('/v1/deals', { title: 'Seats' })).body;
	const owns = async (id) => until(async () => (await owner.get(`/v1/deals/${deal.id}`)).body.owner_id === id, { what: `the owner ${id}` });
	const page = await visit(t, owner, `/deals/${deal.id}`);
	const box = page.getByRole('combobox', { name: 'Owner' });
	await choose(page, box);
	await owns(last.id);
	await box.fill('');
	await page.getByRole('option', { name: 'Nobody' }).click();
	await owns(null);
	await box.fill('nobody of this name');
	await box.blur();
	assert.equal(await box.inputValue(), '', 'what was typed and not chosen is not a choice');
});

test('without script the list has everybody', async (t) => {
	const page = await visit(t, owner, '/deals/new', { javaScriptEnabled: false });
	await page.getByLabel('What is sold').fill('Plain');
	await page.getByLabel('Owner').selectOption({ label: `Agent Number${MANY}` });
	await page.getByRole('button', { name: 'Create deal' }).click();
	await page.getByRole('heading', { name: 'Plain' }).waitFor();
	assert.equal((await owner.get('/v1/deals?q=Plain')).body.data[0].owner_id, last.id);
});

test('everybody can be changed on the page of the team', async (t) => {
	const page = await visit(t, owner, '/settings/team');
	await page.getByRole('link', { name: 'More people' }).click();
	await page.getByRole('button', { name: `Change Agent Number${MANY}` }).waitFor();
});

test('an automation keeps those whom it assigns to, whoever they are', async () => {
	const automation = (await owner.post('/v1/automations', { name: 'Turns', object: 'contact', starts: { on: 'created' }, steps: [{ do: 'assign', how: 'round_robin', agent_ids: [last.id] }] })).body;
	const { inputs } = (await owner.get(`/v1/automations/${automation.id}/part?at=/steps/0`)).body;
	const { choices } = inputs.find(({ name }) => name === 'agent_ids');
	assert.deepEqual(choices.filter(({ chosen }) => chosen).map(({ value }) => value), [last.id]);
});

test('an owner who has left stays the owner when something else is edited', async (t) => {
	const [gone] = (await owner.get('/v1/agents?q=Number001')).body.data;
	const deal = (await owner.post('/v1/deals', { title: 'Left alone', owner_id: gone.id })).body;
	assert.equal((await owner.delete(`/v1/agents/${gone.id}`)).status, 204);
	const page = await visit(t, owner, `/deals/${deal.id}/edit`, { javaScriptEnabled: false });
	await page.getByLabel('What is sold').fill('Still theirs');
	await page.getByRole('button', { name: 'Save' }).click();
	await page.getByRole('heading', { name: 'Still theirs' }).waitFor();
	assert.equal((await owner.get(`/v1/deals/${deal.id}`)).body.owner_id, gone.id);
});
