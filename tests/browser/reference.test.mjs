// /docs: who is logged in tries calls of the API on its reference, with the session of the browser.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { visit } from '../harness.mjs';
import { signUp } from '../http/company.mjs';

// Opens the form of an operation.
async function open(page, operation) {
	const part = page.locator(`#try-${operation}`);
	await part.locator('summary').click();
	return { part, fill: (name, value) => part.locator(`[name="${name}"]`).fill(value), send: () => part.getByRole('button', { name: 'Send' }).click(), answer: part.locator('.docs-answer'),
		answered: (status) => part.locator('.docs-answer > p').getByText(status).waitFor() };
}

test('a search goes to the operation, and its example makes a row', async (t) => {
	const owner = await signUp();
	const page = await visit(t, owner, '/docs');
	await page.getByLabel('Find an operation').fill('POST /v1/tags ');
	await page.locator('.docs-lines li').nth(2).waitFor({ state: 'hidden' });
	await page.locator('a[href="/docs/tags#tags_create"]').click();
	const call = await open(page, 'tags_create');
	await call.send();
	await call.answered('201 Created');
	const { name } = JSON.parse(await call.part.locator('textarea').inputValue());
	const { data } = (await owner.get('/v1/tags')).body;
	assert.deepEqual(data.map((tag) => tag.name), [name]);
	const [headers, body] = await call.answer.locator('pre').allTextContents();
	assert.match(headers, new RegExp(`location: /v1/tags/${data[0].id}`));
	assert.equal(JSON.parse(body).id, data[0].id);
});

test('parameters go where they belong, and a refusal is shown as it came', async (t) => {
	const owner = await signUp();
	const { id } = (await owner.post('/v1/tags', { name: 'VIP' })).body;
	await owner.post('/v1/tags', { name: 'Other' });
	const page = await visit(t, owner, '/docs/tags');
	const get = await open(page, 'tags_get');
	await get.fill('id', id);
	await get.fill('fields', 'id,name');
	await get.send();
	await get.answered('200');
	const [headers, body] = await get.answer.locator('pre').allTextContents();
	assert.deepEqual(JSON.parse(body), { id, name: 'VIP' });
	await get.fill('If-None-Match', /etag: (.*)/.exec(headers)[1]);
	await get.send();
	await get.answered('304');
	const update = await open(page, 'tags_update');
	await update.fill('id', id);
	await update.fill('body', '{"name": "", "colour": 1}');
	await update.send();
	await update.answered('400');
	assert.match((await update.answer.locator('pre').allTextContents())[1], /"pointer": "\/colour"/);
	assert.equal((await owner.get(`/v1/tags/${id}`)).body.name, 'VIP');
});

test('a file is sent as a form', async (t) => {
	const owner = await signUp();
	const page = await visit(t, owner, '/docs/imports');
	const call = await open(page, 'imports_create');
	await call.part.locator('[type=file]').setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from('First name,Last name\nAda,Lovelace\n') });
	await call.fill('object', 'contacts');
	await call.send();
	await call.answered('202');
	assert.equal((await owner.get('/v1/imports')).body.data.length, 1);
});
