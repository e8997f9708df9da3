// A page changes by itself under somebody's hands: what they are at stays as it is, wherever the change is.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until, visit } from '../harness.mjs';
import { signUp } from '../http/company.mjs';

async function made(who, path, content) {
	const { status, body, text } = await who.post(path, content);
	assert.equal(status, 201, text);
	return body;
}
const person = (who, first_name, more = {}) => made(who, '/v1/contacts', { kind: 'person', first_name, ...more });
const selection = (page) => page.evaluate(() => {
	const { id, selectionStart, selectionEnd, value } = document.activeElement;
	return { id, text: value?.slice(selectionStart, selectionEnd) };
});
const focused = (page) => page.evaluate(() => document.activeElement.id || document.activeElement.tagName);
const select = (control, from, to) => control.evaluate((node, [a, b]) => { node.focus(); node.setSelectionRange(a, b); }, [from, to]);

test('a selection in a cell survives rows that come, go and change places, and its own row changing', async (t) => {
	const owner = await signUp();
	const grace = await person(owner, 'Grace', { job_title: 'Rear admiral' });
	const ada = await person(owner, 'Ada');
	const page = await visit(t, owner, '/contacts?sort=-updated_at');
	const cell = page.locator(`#job-title-${grace.id}`);
	await select(cell, 5, 12);
	const is = { id: `job-title-${grace.id}`, text: 'admiral' };
	const { id } = await person(owner, 'Hedy');
	await page.locator(`#contact-${id}`).waitFor();
	assert.deepEqual(await selection(page), is, 'a row comes');
	await owner.patch(`/v1/contacts/${ada.id}`, { last_name: 'Lovelace' });
	await page.getByRole('link', { name: 'Ada Lovelace' }).waitFor();
	assert.deepEqual(await selection(page), is, 'rows change places');
	await owner.delete(`/v1/contacts/${id}`);
	await page.locator(`#contact-${id}`).waitFor({ state: 'detached' });
	assert.deepEqual(await selection(page), is, 'a row goes');
	await owner.patch(`/v1/contacts/${grace.id}`, { last_name: 'Hopper' });
	await page.getByRole('link', { name: 'Grace Hopper' }).waitFor();
	assert.deepEqual(await selection(page), is, 'its own row changes and moves');
});

test('a selection in a text survives, and what is typed then replaces it', async (t) => {
	const owner = await signUp();
	const grace = await person(owner, 'Grace');
	const page = await visit(t, owner, `/contacts/${grace.id}`);
	const note = page.locator('#note-body');
	await note.fill('Called about the licence');
	await select(note, 7, 12);
	await made(owner, '/v1/notes', { body: 'Somebody else’s', subject: { object: 'contact', id: grace.id } });
	await page.getByText('Somebody else’s').first().waitFor();
	assert.deepEqual(await selection(page), { id: 'note-body', text: 'about' });
	await page.keyboard.type('for');
	assert.equal(await note.inputValue(), 'Called for the licence');
});

test('the window and the board stay where they were scrolled to', async (t) => {
	const owner = await signUp();
	for (let i = 0; i < 30; i++) await person(owner, `Person ${String(i).padStart(2, '0')}`);
	const deals = [];
	for (let i = 0; i < 3; i++) deals.push(await made(owner, '/v1/deals', { title: `Deal ${i}` }));
	const list = await visit(t, owner, '/contacts?sort=full_name', { viewport: { width: 800, height: 400 } });
	const watched = list.getByRole('link', { name: 'Person 15' });
	await watched.scrollIntoViewIfNeeded();
	const before = await watched.evaluate((node) => node.getBoundingClientRect().top);
	const { id } = await person(owner, 'A newcomer');
	await list.locator(`#contact-${id}`).waitFor({ state: 'attached' });
	await until(async () => Math.abs((await watched.evaluate((node) => node.getBoundingClientRect().top)) - before) < 2, { what: 'what is looked at staying in its place' });
	const grace = await person(owner, 'Grace');
	const note = (body) => made(owner, '/v1/notes', { body, subject: { object: 'contact', id: grace.id } });
	for (let i = 0; i < 12; i++) await note(`Note ${i}`);
	const history = await visit(t, owner, `/contacts/${grace.id}`, { viewport: { width: 800, height: 400 } });
	const old = history.getByText('Note 3', { exact: true }).first();
	await old.scrollIntoViewIfNeeded();
	const top = await old.evaluate((node) => node.getBoundingClientRect().top);
	await note('The newest');
	await history.getByText('The newest').first().waitFor({ state: 'attached' });
	await until(async () => Math.abs((await old.evaluate((node) => node.getBoundingClientRect().top)) - top) < 2, { what: 'an old note staying in its place' });
	const board = await visit(t, owner, '/deals', { viewport: { width: 390, height: 700 } });
	await board.locator('#board').evaluate((node) => { node.scrollLeft = 200; });
	const left = await board.locator('#board').evaluate((node) => node.scrollLeft);
	assert.ok(left > 100);
	await owner.patch(`/v1/deals/${deals[0].id}`, { title: 'Deal of the year' });
	await board.getByRole('link', { name: 'Deal of the year' }).waitFor({ state: 'attached' });
	assert.equal(await board.locator('#board').evaluate((node) => node.scrollLeft), left);
});

test('a menu, a dialog and details that are open stay open', async (t) => {
	const owner = await signUp();
	const [one, other] = [await made(owner, '/v1/deals', { title: 'One' }), await made(owner, '/v1/deals', { title: 'Other' })];
	const board = await visit(t, owner, '/deals');
	await board.getByRole('button', { name: 'Move One' }).click();
	await board.locator(`#menu-${one.id}`).getByLabel('Move to stage').focus();
	await owner.patch(`/v1/deals/${other.id}`, { title: 'Another' });
	await board.getByRole('link', { name: 'Another' }).waitFor();
	assert.ok(await board.locator(`#menu-${one.id}`).isVisible());
	assert.ok(await board.locator(`#menu-${one.id}`).evaluate((node) => node.contains(document.activeElement)));
	const keys = await visit(t, owner, '/settings/api-keys');
	await keys.getByText('Limit what it may do').click();
	await made(owner, '/v1/api_keys', { name: 'Program', role_id: owner.roles.agent.id });
	await keys.locator('main').getByText('Program', { exact: true }).first().waitFor();
	assert.ok(await keys.locator('details.limit').evaluate((node) => node.open));
});

test('when a row goes away while one is in it, one is in the next, or at last in the page', async (t) => {
	const owner = await signUp();
	const rows = [];
	for (const name of ['Ada', 'Bob', 'Cleo']) rows.push(await person(owner, name));
	const page = await visit(t, owner, '/contacts?sort=full_name');
	await page.locator(`#job-title-${rows[1].id}`).focus();
	for (const [gone, next] of [[rows[1], `job-title-${rows[2].id}`], [rows[2], `job-title-${rows[0].id}`], [rows[0], 'main']]) {
		await owner.delete(`/v1/contacts/${gone.id}`);
		await page.locator(`#contact-${gone.id}`).waitFor({ state: 'detached' });
		await until(async () => (await focused(page)) === next, { what: `the focus on ${next}` });
	}
});

test('what is being composed is not disturbed, and the page is current after it', async (t) => {
	const owner = await signUp();
	const grace = await person(owner, 'Grace', { job_title: 'Admiral' });
	const page = await visit(t, owner, '/contacts');
	const told = page.waitForRequest((request) => request.url().endsWith('/live') && /"etag":"/.test(request.postData()));
	const cell = page.locator(`#job-title-${grace.id}`);
	await select(cell, 7, 7);
	await told;
	const keyboard = await page.context().newCDPSession(page);
	await keyboard.send('Input.imeSetComposition', { text: 'に', selectionStart: 1, selectionEnd: 1 });
	const again = page.waitForRequest((request) => request.url().endsWith('/live'));
	await owner.patch(`/v1/contacts/${grace.id}`, { last_name: 'Hopper' });
	await again; // what came is there
	await keyboard.send('Input.imeSetComposition', { text: 'にほ', selectionStart: 2, selectionEnd: 2 });
	assert.equal(await page.getByRole('link', { name: 'Grace Hopper' }).count(), 0, 'it waits');
	await keyboard.send('Input.insertText', { text: '日本' });
	await page.getByRole('link', { name: 'Grace Hopper' }).waitFor();
	assert.equal(await cell.inputValue(), 'Admiral日本');
	assert.equal(await focused(page), `job-title-${grace.id}`);
});

test('what was wrong in a form stays said until it is sent again', async (t) => {
	const owner = await signUp();
	const { id } = await made(owner, '/v1/automations', { name: 'Before', object: 'contact', starts: { on: 'created' } });
	const page = await visit(t, owner, `/automations/${id}?at=/steps/-&add=true&kind=create_task`);
	await page.fill('#part-title', 'Call {{nobody}}');
	await page.click('#f-part .btn-main');
	const wrong = page.locator('#part-title-error');
	await wrong.waitFor();
	await owner.patch(`/v1/automations/${id}`, { name: 'After' });
	await page.waitForSelector('h1 >> text=After');
	assert.equal(await wrong.count(), 1);
	assert.equal(await page.getAttribute('#part-title', 'aria-describedby'), 'part-title-error');
});

test('a name without a space breaks, and the page stays as wide as its window', async (t) => {
	const owner = await signUp();
	const long = 'L'.repeat(100);
	const contact = (await owner.post('/v1/contacts', { kind: 'person', first_name: long, last_name: long, job_title: long })).body;
	const deal = (await owner.post('/v1/deals', { title: long + long })).body;
	for (const width of [390, 1440])
		for (const path of [`/contacts/${contact.id}`, `/contacts/${contact.id}/edit`, `/contacts/${contact.id}/merge?kind=person&q=x`, `/deals/${deal.id}`, '/deals', '/contacts']) {
			const page = await visit(t, owner, path, { viewport: { width, height: 700 } });
			assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width, `${path} at ${width}`);
		}
});

test('on a phone the tab and the stage that are current are in sight', async (t) => {
	const owner = await signUp();
	const deal = (await owner.post('/v1/deals', { title: 'A deal' })).body;
	assert.equal((await owner.post(`/v1/deals/${deal.id}/lose`, {})).status, 200);
	for (const [path, strip] of [['/settings/sessions', '.tabs'], [`/deals/${deal.id}`, '.path']]) {
		const page = await visit(t, owner, path, { viewport: { width: 390, height: 700 } });
		const places = () => page.locator(strip).evaluate((node) => {
			const [inner, outer] = [node.querySelector('[aria-current]'), node].map((one) => one.getBoundingClientRect());
			return { within: inner.left >= outer.left - 1 && inner.right <= outer.right + 1, scrolls: node.scrollWidth > node.clientWidth };
		});
		await until(async () => (await places()).within);
		assert.equal((await places()).scrolls, true, path);
	}
});
