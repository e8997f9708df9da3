// A day at work in a browser that runs no script: every page is a page and every change a form.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { visit } from '../harness.mjs';
import { join, password, permissionsOf, signUp, someEmail } from '../http/company.mjs';

const plain = (t, who, path) => visit(t, who, path, { javaScriptEnabled: false });
const path = (page) => new URL(page.url()).pathname;
const press = (where, name) => where.getByRole('button', { name, exact: true }).click();

test('to sign up, log out and log in', async (t) => {
	const page = await plain(t, null, '/');
	await page.waitForURL('**/login');
	await page.getByRole('link', { name: 'Create a company' }).click();
	const email = someEmail();
	await page.getByLabel('Company').fill('Plain & Sons');
	await page.getByLabel('Your name').fill('Paula Plain');
	await page.getByLabel('E-mail').fill(email);
	await page.getByLabel('Password').fill(password);
	await press(page, 'Create company');
	await page.getByRole('heading', { name: 'Home', exact: true }).waitFor();
	await page.getByText('Plain & Sons').waitFor();
	await press(page, 'Log out');
	await page.waitForURL('**/login');
	await page.goto('/contacts');
	assert.equal(new URL(page.url()).search, '?next=/contacts', 'nothing is shown to a stranger');
	await page.getByLabel('E-mail').fill(email);
	await page.getByLabel('Password').fill('not my password');
	await press(page, 'Log in');
	await page.getByText('the e-mail address or the password is not right').waitFor();
	assert.equal(await page.getByLabel('E-mail').inputValue(), email);
	await page.getByLabel('Password').fill(password);
	await press(page, 'Log in');
	await page.getByRole('heading', { name: 'Contacts', exact: true }).waitFor();
	assert.equal(path(page), '/contacts');
});

test('to create a contact, with an error beside its field and what was typed kept', async (t) => {
	const owner = await signUp();
	await owner.post('/v1/contacts', { kind: 'person', first_name: 'Grace', emails: [{ address: 'grace@navy.test' }] });
	const page = await plain(t, owner, '/contacts');
	await page.getByRole('link', { name: 'New contact' }).click();
	await page.getByLabel('First name').fill('Grace B.');
	await page.getByLabel('Last name').fill('Hopper');
	await page.getByLabel('Job title').fill('Admiral');
	await page.getByLabel('E-mail').fill('grace@navy.test');
	await page.getByLabel('Phone').fill('+1 555 0100');
	await press(page, 'Create contact');
	const email = page.getByLabel('E-mail');
	assert.equal(await email.getAttribute('aria-invalid'), 'true');
	const error = page.locator(`#${await email.getAttribute('aria-describedby')}`);
	assert.notEqual((await error.textContent()).trim(), '');
	const typed = ['First name', 'Last name', 'Job title', 'E-mail', 'Phone'].map((label) => page.getByLabel(label).inputValue());
	assert.deepEqual(await Promise.all(typed), ['Grace B.', 'Hopper', 'Admiral', 'grace@navy.test', '+1 555 0100']);
	await email.fill('hopper@navy.test');
	await press(page, 'Create contact');
	await page.getByRole('heading', { name: 'Grace B. Hopper' }).waitFor();
	assert.equal(await page.getByRole('link', { name: 'hopper@navy.test' }).count(), 1);
	assert.equal(await page.getByRole('link', { name: '+1 555 0100' }).count(), 1);
});

test('to change a contact and write a note', async (t) => {
	const owner = await signUp();
	const { body } = await owner.post('/v1/contacts', { kind: 'person', first_name: 'Grace', last_name: 'Hopper' });
	const page = await plain(t, owner, `/contacts/${body.id}`);
	await page.getByRole('link', { name: 'Edit' }).click();
	await page.getByLabel('Last name').fill('Murray');
	await page.getByLabel('Job title').fill('Rear admiral');
	await press(page, 'Save');
	await page.getByRole('heading', { name: 'Grace Murray' }).waitFor();
	assert.equal(path(page), `/contacts/${body.id}`);
	await page.locator('#note-body').fill('Prefers to be called before noon.\nAsk about <COBOL>.');
	await press(page, 'Add note');
	await page.locator('.timeline .body').getByText('Ask about <COBOL>.').waitFor();
	assert.equal(await page.locator('#note-body').inputValue(), '');
});

test('to make a deal of a contact and move it on', async (t) => {
	const owner = await signUp();
	const { body } = await owner.post('/v1/contacts', { kind: 'organisation', name: 'Navy' });
	const page = await plain(t, owner, `/contacts/${body.id}`);
	await page.getByRole('radiogroup').getByText('Deal').click();
	const form = page.locator('#f-deal');
	await form.getByLabel('Deal').fill('Compiler licence');
	await form.getByLabel('Amount').fill('1200');
	await press(form, 'Add deal');
	await page.getByRole('heading', { name: 'Compiler licence' }).waitFor();
	const deal = path(page).split('/').at(-1);
	await page.goto('/deals');
	const { data: stages } = (await owner.get(`/v1/deals/${deal}/stages`)).body;
	await page.locator(`#column-${stages[0].id} #deal-${deal}`).waitFor();
	await press(page, 'Move Compiler licence');
	await page.getByLabel('Move to stage').selectOption({ label: stages[2].name });
	await press(page, 'Move');
	await page.locator(`#column-${stages[2].id} #deal-${deal}`).waitFor();
	assert.equal(path(page), '/deals');
	assert.equal((await owner.get(`/v1/deals/${deal}`)).body.stage_id, stages[2].id);
});

test('to tick off a task and open it again', async (t) => {
	const owner = await signUp();
	const page = await plain(t, owner, '/tasks?status=open');
	await press(page, 'New task');
	await page.getByLabel('Task', { exact: true }).fill('Call the navy');
	await press(page, 'Add task');
	await press(page, 'Complete: Call the navy');
	await page.getByRole('heading', { name: 'Nothing to do' }).waitFor();
	await page.getByLabel('Status').selectOption('done');
	await press(page, 'Show');
	await press(page, 'Reopen: Call the navy');
	assert.equal((await owner.get('/v1/tasks')).body.data[0].status, 'open');
});

test('to find a contact and leaf through the list', async (t) => {
	const owner = await signUp();
	for (let i = 1; i <= 51; i++) await owner.post('/v1/contacts', { kind: 'person', first_name: 'Grace', last_name: `Number${i}` });
	const page = await plain(t, owner, '/contacts');
	assert.equal(await page.locator('tbody tr').count(), 50);
	await page.getByRole('link', { name: 'Next' }).click();
	assert.equal(await page.locator('tbody tr').count(), 1);
	await page.getByRole('link', { name: 'First page' }).click();
	await page.getByLabel('Search contacts').fill('Number17');
	await page.getByLabel('Search contacts').press('Enter');
	assert.equal(await page.locator('tbody tr').count(), 1);
	await page.getByRole('link', { name: 'Grace Number17' }).click();
	await page.getByRole('heading', { name: 'Grace Number17' }).waitFor();
});

test('to give several contacts to somebody', async (t) => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	for (const first_name of ['Grace', 'Ada', 'Hedy']) await owner.post('/v1/contacts', { kind: 'person', first_name });
	const page = await plain(t, owner, '/contacts');
	await page.getByLabel('Select Grace').check();
	await page.getByLabel('Select Hedy').check();
	await page.getByLabel('New owner').selectOption({ label: 'Ada Agent' });
	await press(page, 'Assign');
	assert.equal(path(page), '/contacts');
	const { data } = (await owner.get('/v1/contacts')).body;
	assert.deepEqual(data.filter((c) => c.owner_id === agent.agent.id).map((c) => c.full_name).sort(), ['Grace', 'Hedy']);
});

test('to make a role and say what it may do', async (t) => {
	const owner = await signUp();
	const page = await plain(t, owner, '/settings/roles');
	await page.getByLabel('Name of a new role').fill('Reader');
	await press(page, 'Add role');
	await page.getByRole('heading', { name: 'What Reader may do' }).waitFor();
	await page.getByLabel('Contacts: View').selectOption('team');
	await page.getByLabel('Deals: View').selectOption('all');
	await press(page, 'Save permissions');
	assert.equal(await page.getByLabel('Contacts: View').inputValue(), 'team');
	const id = new URL(page.url()).searchParams.get('role');
	const reader = await join(owner, id);
	const held = Object.entries(await permissionsOf(reader)).filter(([, level]) => level !== 'none');
	assert.deepEqual(Object.fromEntries(held), { 'contacts.view': 'team', 'deals.view': 'all' });
});

test('a contact that is there twice is found, looked at side by side and merged', async (t) => {
	const owner = await signUp();
	const make = async (contact) => (await owner.post('/v1/contacts', { first_name: 'Grace', last_name: 'Hopper', ...contact })).body;
	const stays = await make({ job_title: 'Rear admiral' }), goes = await make({ job_title: 'Professor', phones: [{ value: '030 5550123' }] });
	const page = await plain(t, owner, `/contacts/${stays.id}`);
	await page.getByRole('link', { name: 'Merge…' }).click();
	const found = page.locator('#results').getByRole('link');
	assert.equal(await found.count(), 1, 'not with itself');
	await found.click();
	await page.getByLabel('Professor').check();
	await press(page, 'Merge into Grace Hopper');
	assert.equal(path(page), `/contacts/${stays.id}`);
	await page.getByText('merged Grace Hopper into this contact').waitFor();
	const { body } = await owner.get(`/v1/contacts/${stays.id}`);
	assert.deepEqual([body.job_title, body.phones[0].value], ['Professor', '030 5550123']);
	await page.goto(`/contacts/${goes.id}`);
	assert.equal(path(page), `/contacts/${stays.id}`, 'an old link leads to the one that stays');
});
