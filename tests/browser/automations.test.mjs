// An automation is built by clicking, tried, turned on, and its run is seen while it goes on.

import { test } from 'node:test';
import { until, visit } from '../harness.mjs';
import { signUp } from '../http/company.mjs';

test('somebody builds an automation, tries it, turns it on and sees it run', async (t) => {
	const owner = await signUp();
	await owner.post('/v1/contacts', { first_name: 'Lea', last_name: 'Lead' });
	const page = await visit(t, owner, '/automations');
	const click = (role, name) => page.getByRole(role, { name, exact: true }).first().click();
	await click('link', 'New automation');
	await page.fill('#automation-name', 'Welcome new leads');
	await click('button', 'Build it');
	// On what it starts: the field that is asked for appears with the choice.
	await page.waitForURL(/at=\/starts/);
	await page.selectOption('#choose-kind', 'changed');
	await page.selectOption('#choose-field', 'job_title');
	await page.fill('#part-to', 'Lead');
	await page.click('#f-part .btn-main');
	await page.waitForSelector('text=Job title of a contact changes to Lead');
	// Only if.
	await page.click('.node-link >> text=No condition: always');
	await click('link', 'Add a condition');
	await page.selectOption('#choose-field', 'kind');
	await page.selectOption('#part-value', 'person');
	await page.click('#f-part .btn-main');
	await page.waitForSelector('.panel >> text=Kind is Person');
	await page.click('.panel [aria-label=Close]');
	// Two steps, the second one put before the first; what is wrong is said where it is.
	const add = async (where, kind) => {
		await page.click(`[aria-label^="${where}"]`);
		await page.click(`.choices >> text=${kind}`);
	};
	await add('Add a step at the beginning', 'Create a task');
	await page.fill('#part-title', 'Call {{nobody}}');
	await page.click('#f-part .btn-main');
	await page.waitForSelector('#part-title-error');
	await page.fill('#part-title', 'Call {{first_name}}');
	await page.click('#f-part .btn-main');
	await add('Add a step after: Create a task', 'Wait');
	await page.fill('#part-days', '2');
	await page.click('#f-part .btn-main');
	await add('Add a step at the beginning', 'Set a field');
	await page.selectOption('#choose-field', 'website');
	await page.fill('#part-value', 'lead.example');
	await page.click('#f-part .btn-main');
	await page.click('[aria-label^="Move down: Set a field"]');
	await until(async () => (await page.locator('.flow b').allTextContents()).join().endsWith('Create a task,Set a field,Wait'), { what: 'the steps in their order' });
	// Tried: nothing is changed.
	await click('link', 'Test');
	await page.click('[aria-label="Test with Lea Lead"]');
	await page.waitForSelector('#told >> text=Title: Call Lea');
	await click('button', 'Turn on');
	await page.waitForSelector('h1 >> text=On');
	await click('link', 'Runs');
	await page.waitForSelector('text=No runs');
	// What comes is seen by itself.
	const lea = (await owner.get('/v1/contacts?q=lea')).body.data[0];
	await owner.patch(`/v1/contacts/${lea.id}`, { job_title: 'Lead' });
	await page.click('#results .name');
	await until(async () => (await page.locator('.flow b').allTextContents()).join() === 'Create a task,Set a field,Wait,Waiting', { what: 'the wait, step by step' });
	await click('button', 'Cancel');
	await page.waitForSelector('h1 >> text=Cancelled');
});

test('automations are found by their names', async (t) => {
	const owner = await signUp();
	for (const name of ['Welcome', 'Remind']) await owner.post('/v1/automations', { name, object: 'contact', starts: { on: 'created' } });
	const page = await visit(t, owner, '/automations');
	await page.getByLabel('Search automations').pressSequentially('rem');
	await page.getByRole('link', { name: 'Welcome' }).waitFor({ state: 'detached' });
	await page.getByRole('link', { name: 'Remind' }).waitFor();
	await page.getByLabel('Search automations').fill('remx');
	await page.getByRole('heading', { name: 'No automation matches “remx”' }).waitFor();
	await page.getByLabel('Search automations').fill('...');
	await page.getByText('“...” has no letter and no digit to look for.').waitFor();
	await page.getByRole('link', { name: 'Show all automations' }).click();
	await page.getByRole('link', { name: 'Welcome' }).waitFor();
});
