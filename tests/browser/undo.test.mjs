// What was deleted is brought back from the notice of the next page: with a script in place, without one by a form, with the keyboard.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until, visit } from '../harness.mjs';
import { join, makeRole, signUp } from '../http/company.mjs';

async function made(who, path, content) {
	const { status, body, text } = await who.post(path, content);
	assert.equal(status, 201, text);
	return body;
}
const notice = (page, text) => page.locator('#notices .toast').filter({ hasText: text });
const undo = (page) => page.getByRole('status').getByRole('button', { name: 'Undo', exact: true });
const path = (page) => new URL(page.url()).pathname;
const person = (who) => made(who, '/v1/contacts', { kind: 'person', first_name: 'Grace', last_name: 'Hopper', emails: [{ address: 'grace@navy.test' }] });

for (const javaScriptEnabled of [true, false]) {
	const how = javaScriptEnabled ? 'with a script' : 'without a script';

	test(`a contact that was deleted is brought back, and one is where one was, ${how}`, async (t) => {
		const owner = await signUp();
		const { id } = await person(owner);
		const page = await visit(t, owner, `/contacts/${id}`, { javaScriptEnabled });
		await page.getByRole('button', { name: 'Delete Grace Hopper' }).click();
		await page.getByRole('button', { name: 'Delete', exact: true }).click();
		await notice(page, 'Deleted.').waitFor();
		assert.equal(path(page), '/contacts');
		assert.equal((await owner.get(`/v1/contacts/${id}`)).status, 404);
		await undo(page).click();
		await page.getByRole('heading', { name: 'Grace Hopper' }).waitFor();
		await notice(page, 'Restored.').waitFor();
		assert.equal(path(page), `/contacts/${id}`);
		assert.equal(await undo(page).count(), 0);
		assert.equal((await owner.get(`/v1/contacts/${id}`)).body.emails[0].address, 'grace@navy.test');
	});
}

test('a pipeline that was deleted comes back with its stages, by the keyboard', async (t) => {
	const owner = await signUp();
	const pipeline = await made(owner, '/v1/pipelines', { name: 'Partners' });
	await made(owner, '/v1/stages', { pipeline_id: pipeline.id, name: 'Met' });
	const page = await visit(t, owner, '/settings/catalog');
	const part = page.locator(`#pipeline-${pipeline.id}`);
	await part.getByRole('button', { name: 'Change the pipeline Partners' }).press('Enter');
	await part.getByRole('button', { name: 'Delete the pipeline' }).press('Enter');
	await part.waitFor({ state: 'detached' });
	await undo(page).press('Enter');
	await part.getByLabel('Name of the stage Met').waitFor();
	assert.equal(await page.evaluate(() => document.activeElement.id), 'main', 'the focus is not lost with the notice');
});

test('two that were deleted are brought back one by one', async (t) => {
	const owner = await signUp();
	for (const name of ['Harbour fair', 'Postcard']) await made(owner, '/v1/sources', { name });
	const page = await visit(t, owner, '/settings/catalog');
	for (const name of ['Harbour fair', 'Postcard']) {
		await page.getByRole('button', { name: `Delete the source ${name}` }).click();
		await page.getByLabel(`Name of the source ${name}`).waitFor({ state: 'detached' });
	}
	await until(async () => (await undo(page).count()) === 2, { what: 'two notices' });
	await undo(page).first().click();
	await page.getByLabel('Name of the source Harbour fair').waitFor();
	await undo(page).click();
	await page.getByLabel('Name of the source Postcard').waitFor();
});

test('what cannot come back says why, and the notice stays', async (t) => {
	const owner = await signUp();
	const { id } = await person(owner);
	const page = await visit(t, owner, `/contacts/${id}`);
	await page.getByRole('button', { name: 'Delete Grace Hopper' }).click();
	await page.getByRole('button', { name: 'Delete', exact: true }).click();
	await undo(page).waitFor();
	await person(owner);
	await undo(page).click();
	await page.locator('#notices .toast[data-is=bad]').waitFor();
	assert.equal(await undo(page).count(), 1);
});

for (const javaScriptEnabled of [true, false]) {
	const how = javaScriptEnabled ? 'with a script' : 'without a script';

	test(`a note is edited and deleted where it stands, and brought back, ${how}`, async (t) => {
		const owner = await signUp();
		const { id } = await person(owner);
		const note = await made(owner, '/v1/notes', { body: 'Likes <COBOL>.\n\nIn the morning', subject: { object: 'contact', id } });
		const page = await visit(t, owner, `/contacts/${id}`, { javaScriptEnabled });
		const event = page.locator(`#event-${note.id}`);
		await event.getByRole('button', { name: 'Edit the note' }).click();
		assert.equal(await event.getByLabel('Note', { exact: true }).inputValue(), 'Likes <COBOL>.\n\nIn the morning');
		await event.getByLabel('Note', { exact: true }).fill('Likes Ada.');
		await event.getByRole('button', { name: 'Save' }).click();
		await event.locator('.body').getByText('Likes Ada.').waitFor();
		assert.equal((await owner.get(`/v1/notes/${note.id}`)).body.body, 'Likes Ada.');
		await event.getByRole('button', { name: 'Delete the note' }).click();
		await event.waitFor({ state: 'detached' });
		await undo(page).click();
		await event.waitFor();
		assert.equal(path(page), `/contacts/${id}`);
	});
}

test('an activity and a task are edited where they stand', async (t) => {
	const owner = await signUp();
	const { id } = await person(owner);
	const subject = { object: 'contact', id };
	const call = await made(owner, '/v1/activities', { kind: 'call', summary: 'First call', body: 'Long', subject });
	const task = await made(owner, '/v1/tasks', { title: 'Call back', due_at: '2030-01-02T09:30:00Z', subject });
	const page = await visit(t, owner, `/contacts/${id}`);
	const [event, item] = [page.locator(`#event-${call.id}`), page.locator(`#task-${task.id}`)];
	await event.getByRole('button', { name: 'Edit First call' }).click();
	await event.getByLabel('What happened').fill('A meeting');
	await event.getByLabel('Kind').selectOption('meeting');
	await event.getByRole('button', { name: 'Save' }).click();
	await event.getByText('A meeting', { exact: true }).waitFor();
	const { kind, body } = (await owner.get(`/v1/activities/${call.id}`)).body;
	assert.deepEqual([kind, body], ['meeting', 'Long']);
	await item.getByRole('button', { name: 'Edit the task Call back' }).click();
	await item.getByLabel('Task', { exact: true }).fill('Write back');
	await item.getByLabel('Priority').selectOption('high');
	await item.getByRole('button', { name: 'Save' }).click();
	await item.getByText('High priority').waitFor();
	const stored = (await owner.get(`/v1/tasks/${task.id}`)).body;
	assert.deepEqual([stored.title, stored.due_at.slice(0, 16)], ['Write back', '2030-01-02T09:30'], 'the time stays');
	await item.getByRole('button', { name: 'Delete the task Write back' }).click();
	await item.waitFor({ state: 'detached' });
	await undo(page).click();
	await item.waitFor();
});

test('who may not change notes is not offered to', async (t) => {
	const owner = await signUp();
	const { id } = await person(owner);
	await made(owner, '/v1/notes', { body: 'Quiet', subject: { object: 'contact', id } });
	const reader = await join(owner, (await makeRole(owner, { 'contacts.view': 'all', 'notes.view': 'all', 'activities.view': 'all', 'deals.view': 'all', 'tasks.view': 'all' })).id);
	const page = await visit(t, reader, `/contacts/${id}`);
	await page.locator('.timeline').getByText('Quiet').waitFor();
	assert.equal(await page.locator('.timeline button, .timeline form').count(), 0);
});

test('an agent who was removed is brought back', async (t) => {
	const owner = await signUp();
	const { agent } = await join(owner, owner.roles.agent.id);
	const page = await visit(t, owner, '/settings/team');
	const row = page.locator(`#agent-${agent.id}`);
	await row.getByRole('button', { name: 'Remove Ada Agent' }).click();
	await row.getByRole('button', { name: 'Remove', exact: true }).click();
	await row.waitFor({ state: 'detached' });
	await undo(page).click();
	await row.waitFor();
});
