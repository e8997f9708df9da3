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
