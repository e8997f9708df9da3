// Two people, two windows: what one does is on the other's screen without a reload, and what one may no longer see leaves it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { login, visit } from '../harness.mjs';
import { join, password, signUp } from '../http/company.mjs';

// A company of two, with a contact and a deal that are the agent's.
async function company() {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const make = async (path, content) => {
		const { status, body, text } = await owner.post(path, content);
		assert.equal(status, 201, text);
		return body;
	};
	const contact = await make('/v1/contacts', { kind: 'person', first_name: 'Grace', last_name: 'Hopper', job_title: 'Admiral', owner_id: agent.agent.id });
	const deal = await make('/v1/deals', { title: 'Compiler licence', owner_id: agent.agent.id });
	const stages = (await owner.get(`/v1/deals/${deal.id}/stages`)).body.data;
	return { owner, agent, contact, deal, stages };
}

// A page that is loaded again forgets this.
const mark = (page) => page.evaluate(() => { window.loadedOnce = true; });
const stayed = async (page) => assert.ok(await page.evaluate(() => window.loadedOnce), 'the page was not loaded again');

test('a contact that one renames is renamed on the other screen', async (t) => {
	const { owner, agent, contact } = await company();
	const list = await visit(t, agent, '/contacts');
	await mark(list);
	const form = await visit(t, owner, `/contacts/${contact.id}/edit`);
	await form.getByLabel('Last name').fill('Murray');
	await form.getByRole('button', { name: 'Save' }).click();
	await form.getByRole('heading', { name: 'Grace Murray' }).waitFor();
	await list.getByRole('link', { name: 'Grace Murray' }).waitFor();
	assert.equal(await list.getByText('Grace Hopper').count(), 0);
	await stayed(list);
});

test('a deal that one moves goes to its new column on the other board, with the counts', async (t) => {
	const { owner, agent, deal, stages } = await company();
	const [theirs, ours] = [await visit(t, agent, '/deals'), await visit(t, owner, '/deals')];
	await mark(theirs);
	assert.equal(await theirs.locator(`#count-${stages[0].id}`).textContent(), '1');
	await ours.getByRole('button', { name: 'Move Compiler licence' }).click();
	await ours.getByLabel('Move to stage').selectOption({ label: stages[1].name });
	await ours.getByRole('button', { name: 'Move', exact: true }).click();
	await theirs.locator(`#column-${stages[1].id} #deal-${deal.id}`).waitFor();
	assert.equal(await theirs.locator(`#column-${stages[0].id} .deal`).count(), 0);
	assert.deepEqual(await theirs.locator('.count').allTextContents(), stages.map((_, i) => (i === 1 ? '1' : '0')));
	await stayed(theirs);
});

test('what comes and goes stands in the list as it does in the database', async (t) => {
	const { owner, agent, contact } = await company();
	const list = await visit(t, agent, '/contacts');
	const { body } = await owner.post('/v1/contacts', { kind: 'person', first_name: 'Ada', last_name: 'Lovelace', owner_id: agent.agent.id });
	await list.locator(`#contact-${body.id}`).waitFor();
	await owner.delete(`/v1/contacts/${contact.id}`);
	await list.locator(`#contact-${contact.id}`).waitFor({ state: 'detached' });
	await owner.patch(`/v1/contacts/${body.id}`, { owner_id: owner.agent.id });
	await list.getByRole('heading', { name: 'No contacts yet' }).waitFor();
});

test('a role that may no longer see contacts loses them from open screens', async (t) => {
	const { owner, agent } = await company();
	const list = await visit(t, agent, '/contacts');
	await list.getByRole('link', { name: 'Grace Hopper' }).waitFor();
	await mark(list);
	const roles = await visit(t, owner, `/settings/roles?role=${owner.roles.agent.id}`);
	await roles.getByLabel('Contacts: View').selectOption('none');
	await roles.getByRole('button', { name: 'Save permissions' }).click();
	await list.locator('.fault[data-status="403"]').waitFor();
	assert.equal(await list.getByText('Grace Hopper').count(), 0);
	assert.equal(await list.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Contacts' }).count(), 0, 'nor is there a way to them');
	await stayed(list);
});

test('somebody with another role sees at once what that role may see', async (t) => {
	const { owner, agent, contact } = await company();
	await owner.patch(`/v1/contacts/${contact.id}`, { owner_id: owner.agent.id });
	const list = await visit(t, agent, '/contacts');
	await list.getByRole('heading', { name: 'No contacts yet' }).waitFor();
	await mark(list);
	const team = await visit(t, owner, '/settings/team');
	await team.getByRole('button', { name: 'Change Ada Agent' }).click();
	const dialog = team.getByRole('dialog', { name: 'Ada Agent' });
	await dialog.getByLabel('Role').selectOption({ label: owner.roles.owner.name });
	await dialog.getByRole('button', { name: 'Save' }).click();
	await list.getByRole('link', { name: 'Grace Hopper' }).waitFor();
	await list.getByRole('link', { name: 'Imports' }).waitFor();
	await stayed(list);
});

test('a session that is ended elsewhere goes to the log-in page', async (t) => {
	const { owner } = await company();
	const other = await login(owner.email, password, owner.url);
	const [lost, settings] = [await visit(t, other, '/contacts'), await visit(t, owner, '/settings/sessions')];
	const { id } = (await other.get('/v1/sessions')).body.data.find(({ current }) => current);
	await settings.locator(`#session-${id}`).getByRole('button', { name: 'Log out' }).click();
	await lost.waitForURL('**/login?next=/contacts');
	await settings.locator(`#session-${id}`).waitFor({ state: 'detached' });
});

for (const [how, path, fill] of [
	['a new contact', '/contacts/new', async (page) => {
		await page.getByLabel('First name').fill('Grace');
		await page.getByLabel('Source').selectOption({ label: 'Referral' });
		await page.getByRole('combobox', { name: 'Organisation' }).pressSequentially('nav');
		await page.getByRole('option', { name: 'Navy' }).click();
	}],
	['a task about a contact', undefined, async (page) => {
		await page.getByText('Task', { exact: true }).first().click();
		await page.getByRole('textbox', { name: 'Task' }).fill('Call her');
		await page.getByLabel('Due').fill('2030-01-31');
	}],
])
	test(`${how} that was half typed when the session ended is there again after the log-in, and for nobody else`, async (t) => {
		const { owner, contact } = await company();
		await owner.post('/v1/contacts', { kind: 'organisation', name: 'Navy' });
		const somebody = await join(owner, owner.roles.owner.id);
		for (const email of [owner.email, somebody.email]) {
			const mine = await login(owner.email, password, owner.url);
			const page = await visit(t, mine, path ?? `/contacts/${contact.id}`);
			const values = () => page.locator('main form[method=post]').evaluateAll((forms) => forms.flatMap((form) => [...form.elements].filter((one) => one.type !== 'hidden').map(({ value }) => value)));
			const empty = await values();
			await fill(page);
			const typed = await values();
			assert.equal((await owner.delete('/v1/sessions')).status, 204);
			await page.waitForURL((url) => url.pathname === '/login');
			assert.ok(!(await page.content()).includes('Grace'));
			await page.getByLabel('E-mail').fill(email);
			await page.getByLabel('Password').fill(password);
			await page.getByRole('button', { name: 'Log in' }).click();
			await page.waitForURL((url) => url.pathname !== '/login');
			const same = email === owner.email;
			if (same) await page.getByText('What you had typed before you were logged out is here again.').waitFor();
			await page.waitForLoadState();
			const others = (list) => list.filter((value) => !/^[0-9a-f-]{36}$/.test(value)); // whose owner it is to be
			assert.deepEqual(others(await values()), others(same ? typed : empty));
			assert.equal(await page.evaluate(() => sessionStorage.getItem('muster-typed')), null);
			if (same && !path) assert.ok(await page.getByRole('textbox', { name: 'Task' }).isVisible());
		}
	});

test('what is put back after the log-in is followed by what depends on it, and sends nothing', async (t) => {
	const { owner } = await company();
	const tag = (await owner.post('/v1/tags', { name: 'VIP' })).body;
	const { id } = (await owner.post('/v1/contacts', { first_name: 'Ada', tag_ids: [tag.id] })).body;
	const mine = await login(owner.email, password, owner.url);
	const page = await visit(t, mine, '/contacts');
	await page.locator(`#pick-${id}`).check();
	await page.locator('#bulk').getByLabel('New owner').selectOption({ label: owner.agent.full_name });
	await page.locator('#bulk').getByText('1 selected').waitFor();
	assert.equal((await owner.delete('/v1/sessions')).status, 204);
	await page.waitForURL((url) => url.pathname === '/login');
	const sent = [];
	page.on('request', (request) => request.url().includes('/do/') && !request.url().endsWith('/sessions_create') && sent.push(request.url()));
	await page.addInitScript(() => {
		window.told = [];
		for (const type of ['input', 'change']) addEventListener(type, ({ target }) => window.told.push(`${type} ${target.name}`));
	});
	await page.getByLabel('E-mail').fill(owner.email);
	await page.getByLabel('Password').fill(password);
	await page.getByRole('button', { name: 'Log in' }).click();
	await page.getByText('What you had typed before you were logged out is here again.').waitFor();
	await page.locator('#bulk').getByText('1 selected').waitFor();
	assert.ok(await page.getByLabel('Select all on this page').evaluate((box) => box.indeterminate), 'one of two');
	assert.deepEqual((await page.evaluate(() => window.told)).sort(), ['change ids', 'change owner_id', 'input ids', 'input owner_id']);
	assert.deepEqual(sent, []);
});

test('what is sent as soon as it is changed is not put back after the log-in', async (t) => {
	const { owner, contact, agent } = await company();
	const page = await visit(t, await login(owner.email, password, owner.url), `/contacts/${contact.id}`);
	await page.getByLabel('Note', { exact: true }).and(page.locator('textarea')).fill('Called');
	await page.locator('#f-owner select').evaluate((select, id) => { select.value = id; }, owner.agent.id); // on its way
	assert.equal((await owner.delete('/v1/sessions')).status, 204);
	await page.waitForURL((url) => url.pathname === '/login');
	await page.getByLabel('E-mail').fill(owner.email);
	await page.getByLabel('Password').fill(password);
	await page.getByRole('button', { name: 'Log in' }).click();
	await page.getByText('What you had typed before you were logged out is here again.').waitFor();
	assert.equal(await page.locator('#f-owner select').inputValue(), agent.agent.id);
});

for (const [what, refuse] of [
	['is refused', () => Object.defineProperty(window, 'sessionStorage', { get() { throw new DOMException('refused', 'SecurityError'); } })],
	['is full', () => { Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }; }],
	['holds something else', () => sessionStorage.setItem('muster-typed', '{"me":')],
])
	test(`where storage ${what}, forms work, and the end of the session leads to the log-in`, async (t) => {
		const { owner, contact } = await company();
		const page = await visit(t, await login(owner.email, password, owner.url), null);
		await page.addInitScript(refuse);
		await page.goto(`/contacts/${contact.id}`);
		const note = page.getByLabel('Note', { exact: true }).and(page.locator('textarea')).first();
		await note.fill('Called');
		await page.evaluate(() => { window.stays = true; });
		await page.getByRole('button', { name: 'Add note' }).click();
		await page.locator('.timeline').getByText('Called').first().waitFor();
		assert.ok(await page.evaluate(() => window.stays), 'sent in place');
		await note.fill('Called again');
		assert.equal((await owner.delete('/v1/sessions')).status, 204);
		await page.waitForURL((url) => url.pathname === '/login');
	});

test('who is typing keeps focus, caret and text while the page around it changes', async (t) => {
	const { owner, contact } = await company();
	const page = await visit(t, owner, `/contacts/${contact.id}`);
	const note = page.getByLabel('Note', { exact: true }).and(page.locator('textarea'));
	await note.fill('Called about the licence');
	await note.evaluate((area) => area.setSelectionRange(6, 6));
	await owner.patch(`/v1/contacts/${contact.id}`, { first_name: 'Amazing' });
	await page.getByRole('heading', { name: 'Amazing Hopper' }).waitFor();
	await page.keyboard.type(' back');
	assert.equal(await note.inputValue(), 'Called back about the licence');
	assert.deepEqual(await page.evaluate(() => [document.activeElement.id, document.activeElement.selectionStart]), ['note-body', 11]);
});

test('a cell that somebody is editing is not overwritten, the rest of its row is current', async (t) => {
	const { owner, contact } = await company();
	const page = await visit(t, owner, '/contacts');
	const title = page.getByLabel('Job title of Grace Hopper');
	await title.fill('Rear admiral');
	await owner.patch(`/v1/contacts/${contact.id}`, { last_name: 'Murray', job_title: 'Commodore' });
	await page.getByRole('link', { name: 'Grace Murray' }).waitFor();
	assert.equal(await page.locator(`#job-title-${contact.id}`).inputValue(), 'Rear admiral');
	assert.equal(await page.evaluate(() => document.activeElement.id), `job-title-${contact.id}`);
});

test('a page of which the ground was clicked, which has the focus then, is current like any other', async (t) => {
	const { owner, contact, deal } = await company();
	for (const [path, ground] of [['/contacts', '#main'], ['/deals', '#board']]) {
		const page = await visit(t, owner, path);
		await page.locator(ground).focus();
		await owner.patch(`/v1/contacts/${contact.id}`, { last_name: 'Murray' });
		await owner.patch(`/v1/deals/${deal.id}`, { title: 'Compiler and linker' });
		await page.getByRole('link', { name: path === '/deals' ? 'Compiler and linker' : 'Grace Murray' }).waitFor();
	}
});

test('a dialog that is open stays open, with what was filled in', async (t) => {
	const { owner, contact } = await company();
	const page = await visit(t, owner, '/tasks?status=open');
	await page.getByRole('button', { name: 'New task' }).click();
	const dialog = page.getByRole('dialog', { name: 'New task' });
	await dialog.getByLabel('Task').fill('Write to Grace');
	await dialog.getByLabel('Kind').selectOption('call');
	const task = await owner.post('/v1/tasks', { title: 'Somebody else’s idea', subject: { object: 'contact', id: contact.id }, assignee_id: owner.agent.id });
	assert.equal(task.status, 201, task.text);
	await page.getByText('Somebody else’s idea').waitFor();
	assert.ok(await dialog.isVisible());
	assert.deepEqual([await dialog.getByLabel('Task').inputValue(), await dialog.getByLabel('Kind').inputValue()], ['Write to Grace', 'call']);
});

test('two tabs on the same page are both current', async (t) => {
	const { owner, contact } = await company();
	const one = await visit(t, owner, '/contacts');
	const two = await one.context().newPage();
	await two.goto('/contacts');
	await owner.patch(`/v1/contacts/${contact.id}`, { last_name: 'Murray' });
	await one.getByRole('link', { name: 'Grace Murray' }).waitFor();
	await two.getByRole('link', { name: 'Grace Murray' }).waitFor();
});

test('a server that does not answer is asked again until it does', async (t) => {
	const { owner, contact } = await company();
	const page = await visit(t, owner, '/contacts');
	await mark(page);
	const reconnecting = page.getByRole('status').filter({ hasText: 'Reconnecting' });
	let away = true;
	await page.route('**/live', (route) => (away ? route.fulfill({ status: 502, body: 'One moment, please' }) : route.continue()));
	await owner.patch(`/v1/contacts/${contact.id}`, { last_name: 'Murray' });
	await reconnecting.waitFor();
	away = false;
	await page.getByRole('link', { name: 'Grace Murray' }).waitFor();
	await reconnecting.waitFor({ state: 'detached' });
	await stayed(page);
});
