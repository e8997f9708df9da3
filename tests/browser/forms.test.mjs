// Forms, cells and cards that are changed in place: what is shown in advance stays when the server agrees, and goes back when it does not.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { api, until, visit } from '../harness.mjs';
import { join, makeRole, password, signUp, someEmail } from '../http/company.mjs';

async function made(who, path, content) {
	const { status, body, text } = await who.post(path, content);
	assert.equal(status, 201, text);
	return body;
}
const person = (who, first_name, more = {}) => made(who, '/v1/contacts', { kind: 'person', first_name, ...more });
const notice = (page, text) => page.locator('#notices .toast').filter({ hasText: text });

// Holds what the page sends to an address until the test lets it go on.
async function held(page, address) {
	let go;
	const until = new Promise((done) => { go = done; });
	await page.route(`**${address}`, async (route) => {
		await until;
		await route.continue();
	});
	return go;
}

// By hand, as people do it: press, move until it is held, move on until it is seen there, let go.
async function drag(page, from, to) {
	await page.waitForFunction(() => [...document.querySelectorAll('[data-stage-drop]')].every((column) => Object.keys(column).some((key) => key.startsWith('Sortable'))));
	const [a, b] = [await from.boundingBox(), await to.boundingBox()];
	await page.mouse.move(a.x + a.width / 2, a.y + a.height - 12);
	await page.mouse.down();
	await page.mouse.move(a.x + a.width / 2 + 10, a.y + a.height - 12, { steps: 3 });
	await page.locator('.deal-ghost').waitFor();
	await page.mouse.move(b.x + b.width / 2, b.y + 40, { steps: 8 });
	let nudge = 0;
	await until(async () => {
		await page.mouse.move(b.x + b.width / 2, b.y + 44 + (nudge++ % 2), { steps: 2 });
		return await to.locator('.deal-ghost').count();
	}, { what: 'the card over its column' });
	await page.mouse.up();
}

test('a wrong password is said on the log-in page, the address is kept, and the right one goes on', async (t) => {
	const owner = await signUp();
	const page = await visit(t, null, '/login?next=/tasks');
	assert.equal(await page.evaluate(() => document.activeElement.id), 'login-email', 'one can begin to type');
	await page.getByLabel('E-mail').fill(owner.email);
	await page.getByLabel('Password').fill('wrong horse');
	await page.getByRole('button', { name: 'Log in' }).click();
	await page.getByRole('alert').getByText('the e-mail address or the password is not right').waitFor();
	assert.deepEqual([await page.getByLabel('E-mail').inputValue(), await page.getByLabel('Password').inputValue()], [owner.email, '']);
	await page.getByLabel('Password').fill(password);
	await page.getByRole('button', { name: 'Log in' }).click();
	await page.getByRole('heading', { name: 'Tasks' }).waitFor();
});

test('a tag that is added leaves the tags that a contact has, also one that the list of tags is too long for', async (t) => {
	const owner = await signUp();
	const tags = [];
	for (let i = 101; i <= 201; i++) tags.push(await made(owner, '/v1/tags', { name: `Tag ${i}` }));
	const { id } = await person(owner, 'Grace', { tag_ids: [tags[4].id, tags[100].id] });
	const page = await visit(t, owner, `/contacts/${id}`);
	await page.getByRole('button', { name: 'Change tags' }).click();
	const box = (name) => page.locator('#edit-tags').getByRole('checkbox', { name });
	assert.deepEqual([await box('Tag 105').isChecked(), await box('Tag 201').isChecked(), await box('Tag 101').isChecked()], [true, true, false]);
	await box('Tag 101').check();
	await page.locator('#edit-tags').getByRole('button', { name: 'Save' }).click();
	await notice(page, 'Saved.').waitFor();
	const named = async () => (await owner.get(`/v1/contacts/${id}`)).body.tags.map((tag) => tag.name).sort();
	assert.deepEqual(await named(), ['Tag 101', 'Tag 105', 'Tag 201']);
	await page.getByRole('button', { name: 'Change tags' }).click();
	await box('Tag 105').uncheck();
	await page.locator('#edit-tags').getByRole('button', { name: 'Save' }).click();
	await until(async () => (await named()).join() === 'Tag 101,Tag 201', { what: 'the tag is taken away' });
	await page.goto('/contacts');
	assert.equal(await page.locator('select[name=tag_id] option', { hasText: 'Tag 201' }).first().getAttribute('value'), tags[100].id, 'each can be looked for');
});

test('two people who change the tags of a contact both have their way, with script and without', async (t) => {
	const owner = await signUp();
	const [vip, fair, press] = await Promise.all(['VIP', 'Fair', 'Press'].map((name) => made(owner, '/v1/tags', { name })));
	for (const javaScriptEnabled of [true, false]) {
		const { id } = await person(owner, 'Grace', { tag_ids: [vip.id] });
		const page = await visit(t, owner, `/contacts/${id}`, { javaScriptEnabled });
		await page.getByRole('button', { name: 'Change tags' }).click();
		const box = (name) => page.locator('#edit-tags').getByRole('checkbox', { name });
		await box('Press').check();
		await owner.post('/v1/contacts/tag', { id, tag_id: fair.id });
		await owner.post('/v1/contacts/untag', { id, tag_id: vip.id });
		await page.locator('#edit-tags').getByRole('button', { name: 'Save' }).click();
		const named = async () => (await owner.get(`/v1/contacts/${id}`)).body.tags.map((tag) => tag.name).sort().join();
		await until(async () => (await named()).includes('Press'), { what: 'the tag is given' });
		assert.equal(await named(), 'Fair,Press');
		const seen_tag_ids = [vip.id, press.id];
		assert.equal((await owner.patch(`/v1/contacts/${id}`, { tag_ids: [vip.id], seen_tag_ids })).status, 200);
		assert.equal(await named(), 'Fair', 'what was seen and taken away meanwhile is not given again');
	}
});

test('who edits what belongs to an organisation, team or source that is not shown to them leaves it so', async (t) => {
	const owner = await signUp();
	const seller = await join(owner, (await makeRole(owner, Object.fromEntries(
		['contacts.view', 'contacts.edit', 'deals.view', 'deals.edit'].map((name) => [name, 'own']).concat([['sources.view', 'all']])))).id);
	const organisation_id = (await made(owner, '/v1/contacts', { kind: 'organisation', name: 'Navy' })).id;
	const source_id = (await made(owner, '/v1/sources', { name: 'Harbour fair' })).id;
	const owner_id = seller.agent.id;
	const contact = await person(owner, 'Grace', { organisation_id, source_id, owner_id });
	const [pipeline] = (await owner.get('/v1/pipelines')).body.data;
	const [stage] = (await owner.get(`/v1/stages?pipeline_id=${pipeline.id}`)).body.data;
	const deal = await made(owner, '/v1/deals', { title: 'A compiler', stage_id: stage.id, organisation_id, owner_id });
	assert.equal((await owner.delete(`/v1/sources/${source_id}`)).status, 204);
	for (const [path, label] of [[`/contacts/${contact.id}`, 'Also known as'], [`/deals/${deal.id}`, 'What is sold']]) {
		const page = await visit(t, seller, `${path}/edit`);
		assert.equal(await page.getByLabel('Organisation').inputValue(), 'Not shown to you');
		await page.getByLabel(label).fill('Amazing');
		await page.getByRole('button', { name: 'Save' }).click();
		await until(() => new URL(page.url()).pathname === path, { what: 'the page of what was edited' });
	}
	const stored = (await owner.get(`/v1/contacts/${contact.id}`)).body;
	assert.deepEqual([stored.also_known_as, stored.organisation_id, stored.source_id], ['Amazing', organisation_id, source_id]);
	const sold = (await owner.get(`/v1/deals/${deal.id}`)).body;
	assert.deepEqual([sold.title, sold.organisation_id], ['Amazing', organisation_id]);
});

test('who edits what somebody else has changed meanwhile is told what is stored, and may save again', async (t) => {
	const owner = await signUp();
	const { id } = await person(owner, 'Grace', { last_name: 'Hopper' });
	const page = await visit(t, owner, `/contacts/${id}/edit`);
	const [name, save] = [page.getByLabel('Last name'), page.getByRole('button', { name: 'Save' })];
	await name.fill('Murray');
	await owner.patch(`/v1/contacts/${id}`, { last_name: 'Brewster', job_title: 'Admiral' });
	await page.waitForFunction(() => document.getElementById('contact-job-title').value === 'Admiral'); // what was not touched follows
	await save.click();
	await page.getByText('is stored as "Brewster"').waitFor();
	assert.equal(await name.inputValue(), 'Murray');
	assert.equal((await owner.get(`/v1/contacts/${id}`)).body.last_name, 'Brewster');
	await save.click();
	await page.getByRole('heading', { name: 'Grace Murray' }).waitFor();
	assert.equal((await owner.get(`/v1/contacts/${id}`)).body.job_title, 'Admiral');
});

test('a form that stays is saved again and again by the same hand', async (t) => {
	const owner = await signUp();
	const role = await makeRole(owner, { 'contacts.view': 'own' });
	const page = await visit(t, owner, `/settings/roles?role=${role.id}`);
	for (const level of ['team', 'all', 'none']) {
		await page.getByLabel('Contacts: View').selectOption(level);
		await page.getByRole('button', { name: 'Save permissions' }).click();
		await until(async () => await page.getByLabel('Contacts: View').getAttribute('data-level') === level);
	}
});

test('an error stands beside its field, which has the focus, and goes when it is mended', async (t) => {
	const owner = await signUp();
	await person(owner, 'Grace', { emails: [{ address: 'grace@navy.test' }] });
	const page = await visit(t, owner, '/contacts/new');
	await page.getByLabel('First name').fill('Hedy');
	const email = page.getByLabel('E-mail');
	await email.fill('grace@navy.test');
	await page.getByRole('button', { name: 'Create contact' }).click();
	await page.locator('#contact-email[aria-invalid=true]').waitFor();
	assert.equal(await page.evaluate(() => document.activeElement.id), 'contact-email');
	assert.equal(await page.getByLabel('First name').inputValue(), 'Hedy');
	await email.fill('hedy@navy.test');
	await page.getByRole('button', { name: 'Create contact' }).click();
	await page.getByRole('heading', { name: 'Hedy' }).waitFor();
	await notice(page, 'Created').or(page.locator('#notices .toast')).first().waitFor();
});

test('a cell is stored when it is left, and Escape takes it back', async (t) => {
	const owner = await signUp();
	const { id } = await person(owner, 'Grace', { job_title: 'Admiral' });
	const page = await visit(t, owner, '/contacts');
	const cell = page.getByLabel('Job title of Grace');
	await cell.fill('Nobody');
	await cell.press('Escape');
	assert.equal(await cell.inputValue(), 'Admiral');
	const [reply] = await Promise.all([page.waitForResponse('**/do/contacts_update'), cell.fill('Rear admiral').then(() => cell.press('Tab'))]);
	assert.equal(reply.status(), 303);
	assert.equal((await owner.get(`/v1/contacts/${id}`)).body.job_title, 'Rear admiral');
	assert.equal(await cell.inputValue(), 'Rear admiral');
});

test('a cell that is changed again before the answer came is sent again', async (t) => {
	const owner = await signUp();
	const { id } = await person(owner, 'Grace', { job_title: 'Admiral' });
	const page = await visit(t, owner, '/contacts');
	const cell = page.getByLabel('Job title of Grace');
	for (const last of ['Rear admiral', 'Admiral']) { // another value, or what it was
		const go = await held(page, '/do/contacts_update');
		for (const title of ['Commodore', last]) {
			await cell.fill(title);
			await cell.press('Tab');
		}
		go();
		await until(async () => (await owner.get(`/v1/contacts/${id}`)).body.job_title === last, { what: `the change to ${last}` });
		assert.equal(await cell.inputValue(), last);
		await page.unroute('**/do/contacts_update');
	}
});

test('a choice that is made again before the answer came is sent again', async (t) => {
	const owner = await signUp();
	const { id } = await person(owner, 'Grace');
	const others = [];
	for (const full_name of ['Ann', 'Bob']) others.push((await join(owner, owner.roles.agent.id, { full_name })).agent);
	const page = await visit(t, owner, `/contacts/${id}`);
	const go = await held(page, '/do/contacts_update');
	for (const { full_name } of others) await page.getByLabel('Owner').selectOption({ label: full_name });
	go();
	await until(async () => (await owner.get(`/v1/contacts/${id}`)).body.owner_id === others[1].id, { what: 'the second choice' });
	assert.equal(await page.getByLabel('Owner').inputValue(), others[1].id);
});

test('a refusal does not take back what was changed meanwhile', async (t) => {
	const owner = await signUp();
	const north = await made(owner, '/v1/teams', { name: 'North' });
	await made(owner, '/v1/teams', { name: 'South' });
	const page = await visit(t, owner, '/settings/team');
	const cell = page.locator(`#team-name-${north.id}`);
	const go = await held(page, '/do/teams_update');
	for (const name of ['South', 'North-West']) {
		await cell.fill(name);
		await cell.press('Tab');
	}
	go();
	await until(async () => (await owner.get('/v1/teams')).body.data.some(({ name }) => name === 'North-West'), { what: 'the second name' });
	await page.locator('#notices .toast[data-is=bad]').waitFor();
});

test('a cell that is refused goes back to what it was, and says why', async (t) => {
	const owner = await signUp();
	for (const name of ['North', 'South']) await made(owner, '/v1/teams', { name });
	const page = await visit(t, owner, '/settings/team');
	const cell = page.getByLabel('Name of the team South');
	const go = await held(page, '/do/teams_update');
	await cell.fill('North');
	await cell.press('Enter');
	assert.equal(await cell.inputValue(), 'North', 'shown in advance');
	go();
	await page.locator('#notices .toast[data-is=bad]').waitFor();
	assert.equal(await cell.inputValue(), 'South');
});

test('an owner is chosen in the list: shown at once, and taken back when that is refused', async (t) => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const [grace, ada] = [await person(owner, 'Grace', { owner_id: owner.agent.id }), await person(owner, 'Ada', { owner_id: owner.agent.id })];
	const page = await visit(t, owner, '/contacts');
	const name = (contact) => page.locator(`#owner-${contact.id} .clip`);
	const choose = async (contact) => {
		await page.locator(`#owner-${contact.id}`).click();
		await page.locator(`#contact-${contact.id} select`).selectOption(agent.agent.id);
	};
	let go = await held(page, `/v1/contacts/${grace.id}`);
	await choose(grace);
	assert.equal(await name(grace).textContent(), 'Ada Agent', 'shown in advance');
	assert.equal((await owner.get(`/v1/contacts/${grace.id}`)).body.owner_id, owner.agent.id, 'and not yet stored');
	go();
	await page.locator(`#owner-${grace.id}:not(.optimistic)`).waitFor();
	assert.equal(await name(grace).textContent(), 'Ada Agent');
	assert.equal((await owner.get(`/v1/contacts/${grace.id}`)).body.owner_id, agent.agent.id);

	go = await held(page, `/v1/contacts/${ada.id}`);
	await choose(ada);
	assert.equal(await name(ada).textContent(), 'Ada Agent');
	await owner.patch(`/v1/agents/${agent.agent.id}`, { status: 'suspended' });
	await owner.delete(`/v1/contacts/${ada.id}`);
	go();
	await page.locator('#notices .toast[data-is=bad]').waitFor();
	await page.locator(`#contact-${ada.id}`).waitFor({ state: 'detached' });
});

test('several contacts are given to somebody at once', async (t) => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const contacts = [];
	for (const name of ['Grace', 'Ada', 'Hedy']) contacts.push(await person(owner, name));
	const page = await visit(t, owner, '/contacts');
	const bar = page.locator('#bulk');
	assert.ok(!(await bar.isVisible()), 'nothing is selected');
	await page.getByLabel('Select all on this page').check();
	await bar.getByText('3 selected').waitFor();
	await page.getByLabel('Select Ada').uncheck();
	await bar.getByText('2 selected').waitFor();
	await bar.getByLabel('New owner').selectOption({ label: 'Ada Agent' });
	await bar.getByRole('button', { name: 'Assign' }).click();
	for (const { id, full_name } of contacts) await page.locator(`#owner-${id}`, { hasText: full_name === 'Ada' ? 'Olga Owner' : 'Ada Agent' }).waitFor();
	await bar.waitFor({ state: 'hidden' });
	const { data } = (await owner.get('/v1/contacts')).body;
	assert.deepEqual(data.filter((c) => c.owner_id === agent.agent.id).map((c) => c.full_name).sort(), ['Grace', 'Hedy']);
});

test('the list follows while one searches, and its address with it', async (t) => {
	const owner = await signUp();
	await person(owner, 'Grace');
	await person(owner, 'Hedy');
	const page = await visit(t, owner, '/contacts');
	await page.getByLabel('Search contacts').pressSequentially('hed');
	await page.getByRole('link', { name: 'Grace' }).waitFor({ state: 'detached' });
	await page.waitForURL('**/contacts?q=hed');
	assert.equal(await page.evaluate(() => document.activeElement.id), 'q');
	await page.getByLabel('Kind').selectOption('organisation');
	await page.getByRole('heading', { name: 'Nobody matches “hed”' }).waitFor();
	await page.goBack();
	await page.getByRole('link', { name: 'Hedy' }).waitFor();
});

test('the board shows the deals that a search finds, leads to the same in the table, and says what it cannot search for', async (t) => {
	const owner = await signUp();
	for (const title of ['Acme renewal', 'Globex pilot'])
		assert.equal((await owner.post('/v1/deals', { title })).status, 201);
	const page = await visit(t, owner, '/deals');
	const deal = (title) => page.getByRole('link', { name: title, exact: true });
	await page.getByLabel('Search deals').pressSequentially('acme');
	await page.waitForURL('**/deals?*q=acme*');
	await deal('Globex pilot').waitFor({ state: 'detached' });
	await deal('Acme renewal').waitFor();
	await page.goto('/deals?q=globex');
	await deal('Globex pilot').waitFor();
	assert.equal(await deal('Acme renewal').count(), 0);
	await page.getByRole('link', { name: 'Table', exact: true }).click();
	await page.waitForURL('**/deals/table?q=globex');
	await page.getByRole('link', { name: 'Board', exact: true }).click();
	await page.waitForURL('**/deals?q=globex');
	await page.goto('/deals?q=initech');
	await page.getByText('No deal here matches “initech”.').waitFor();
	await page.goto('/deals?q=%25%25');
	await page.getByText('“%%” has no letter and no digit to look for.').waitFor();
	await page.getByRole('link', { name: 'Show the board' }).click();
	await deal('Acme renewal').waitFor();
});

test('a list says what it cannot search for, and what is wrong in its address', async (t) => {
	const owner = await signUp();
	await person(owner, 'Grace');
	const page = await visit(t, owner, '/contacts');
	await page.getByLabel('Search contacts').pressSequentially('<b>');
	await page.getByRole('heading', { name: 'Nobody matches “<b>”' }).waitFor();
	await page.getByLabel('Search contacts').fill('%%%');
	await page.getByText('“%%%” has no letter and no digit to look for.').waitFor();
	await page.getByLabel('Search contacts').fill('gra');
	await page.getByRole('link', { name: 'Grace' }).waitFor();
	for (const [list, all] of [['/contacts', 'contacts'], ['/deals/table', 'deals'], ['/tasks', 'tasks']]) {
		await page.goto(`${list}?q=---`);
		await page.getByRole('heading', { name: 'This cannot be searched for' }).waitFor();
		await page.goto(`${list}?sort=%3Cb%3E`);
		await page.getByText(`sort: "<b>": ${all} can be sorted by`).waitFor();
		await page.getByRole('link', { name: `Show all ${all}` }).click();
		await page.waitForURL(`**${list}`);
	}
	await page.goto('/tasks?q=nothing');
	await page.getByRole('heading', { name: 'No task matches “nothing”' }).waitFor();
});

test('a task is ticked off where it stands', async (t) => {
	const owner = await signUp();
	const { id } = await made(owner, '/v1/tasks', { title: 'Call the navy', assignee_id: owner.agent.id });
	const page = await visit(t, owner, '/tasks?status=open');
	const go = await held(page, '/do/tasks_complete');
	await page.getByRole('button', { name: 'Complete: Call the navy' }).click();
	await page.locator(`#task-${id}.is-done`).waitFor();
	go();
	await page.getByRole('heading', { name: 'Nothing to do' }).waitFor();
	assert.equal((await owner.get(`/v1/tasks/${id}`)).body.status, 'done');
});

test('a task is given to somebody else where it stands, by who may', async (t) => {
	const owner = await signUp();
	const { agent } = await join(owner, owner.roles.agent.id);
	const task = await made(owner, '/v1/tasks', { title: 'Call the navy', assignee_id: owner.agent.id });
	const page = await visit(t, owner, '/tasks');
	const item = page.locator(`#task-${task.id}`);
	await item.getByRole('button', { name: 'Edit the task Call the navy' }).click();
	assert.equal(await item.getByLabel('For', { exact: true }).inputValue(), owner.agent.id);
	await item.getByLabel('For', { exact: true }).selectOption({ label: 'Ada Agent' });
	await item.getByRole('button', { name: 'Save' }).click();
	await item.locator('.sr').getByText('Ada Agent').waitFor({ state: 'attached' });
	await until(async () => (await owner.get(`/v1/tasks/${task.id}`)).body.assignee_id === agent.id);
	const doer = await join(owner, (await makeRole(owner, { 'tasks.view': 'all', 'tasks.edit': 'all', 'agents.view': 'all' })).id);
	const other = await visit(t, doer, '/tasks');
	await other.getByRole('button', { name: 'Edit the task Call the navy' }).click();
	await other.getByLabel('Task', { exact: true }).fill('Call the army');
	assert.equal(await other.getByLabel('For', { exact: true }).count(), 0);
	await other.getByRole('button', { name: 'Save' }).click();
	await other.getByText('Call the army', { exact: true }).waitFor();
	assert.equal((await owner.get(`/v1/tasks/${task.id}`)).body.assignee_id, agent.id);
});

test("a task is due on the reader's clock, and editing something else of it moves nothing", async (t) => {
	const owner = await signUp();
	const { id } = await made(owner, '/v1/tasks', { title: 'Call the navy', due_at: '2099-01-31T20:15:00Z', assignee_id: owner.agent.id });
	const page = await visit(t, owner, '/tasks?status=open', { timezoneId: 'America/New_York' });
	const item = page.locator(`#task-${id}`);
	const edit = () => item.getByRole('button', { name: /^Edit the task/ }).click();
	const due = item.getByLabel('Due');
	await item.getByText('31 Jan 2099, 15:15').waitFor();
	await edit();
	assert.equal(await due.inputValue(), '2099-01-31T15:15');
	await item.getByLabel('Task', { exact: true }).fill('Call the army');
	await item.getByRole('button', { name: 'Save' }).click();
	await item.getByText('Call the army', { exact: true }).waitFor();
	assert.equal((await owner.get(`/v1/tasks/${id}`)).body.due_at, '2099-01-31T20:15:00Z');
	await edit();
	await due.fill('2099-02-01T09:30');
	await item.getByRole('button', { name: 'Save' }).click();
	await item.getByText('1 Feb 2099, 09:30').waitFor();
	await owner.patch(`/v1/tasks/${id}`, { due_at: '2099-03-01T12:00:00Z' });
	await item.getByText('1 Mar 2099, 07:00').waitFor();
	assert.equal(await due.inputValue(), '2099-03-01T07:00');
	await page.getByRole('button', { name: 'New task' }).click();
	const added = page.locator('#new-task');
	await added.getByLabel('Task', { exact: true }).fill('Due by the end of that day');
	await added.getByLabel('Due').fill('2099-06-01');
	await added.getByRole('button', { name: 'Add task' }).click();
	await page.getByText('1 Jun 2099, 23:59').waitFor();
});

test('a note is in the history at once and its field empty again', async (t) => {
	const owner = await signUp();
	const { id } = await person(owner, 'Grace');
	const page = await visit(t, owner, `/contacts/${id}`);
	await page.locator('#note-body').fill('<b>Likes</b> nanoseconds');
	await page.getByRole('button', { name: 'Add note' }).click();
	await page.locator('.timeline .body').getByText('<b>Likes</b> nanoseconds').waitFor();
	assert.equal(await page.locator('#note-body').inputValue(), '');
});

test('an organisation is found by typing part of its name', async (t) => {
	const owner = await signUp();
	const navy = await made(owner, '/v1/contacts', { kind: 'organisation', name: 'United States Navy' });
	const page = await visit(t, owner, '/contacts/new');
	await page.getByLabel('First name').fill('Grace');
	const box = page.getByRole('combobox', { name: 'Organisation' });
	await box.pressSequentially('states');
	await page.getByRole('option', { name: 'United States Navy' }).waitFor();
	await box.press('ArrowDown');
	await box.press('Enter');
	assert.equal(await box.inputValue(), 'United States Navy');
	await page.getByRole('button', { name: 'Create contact' }).click();
	await page.getByRole('heading', { name: 'Grace' }).waitFor();
	const { data } = (await owner.get('/v1/contacts?kind=person')).body;
	assert.equal(data[0].organisation_id, navy.id);
});

test('contacts that are selected are tagged together, stay selected, and may be assigned as well', async (t) => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const [vip, fair] = [await made(owner, '/v1/tags', { name: 'VIP' }), await made(owner, '/v1/tags', { name: 'Fair' })];
	const [grace, ada, alan] = [await person(owner, 'Grace', { tag_ids: [fair.id] }), await person(owner, 'Ada'), await person(owner, 'Alan')];
	for (const viewport of [{ width: 390, height: 844 }, { width: 1440, height: 900 }]) {
		const page = await visit(t, owner, '/contacts', { viewport });
		for (const { id } of [grace, ada]) await page.locator(`#pick-${id}`).check();
		const bar = page.locator('#bulk');
		await bar.getByText('2 selected').waitFor();
		await until(async () => { // it moves while it comes
			const { x, width } = await bar.boundingBox();
			return x >= 0 && x + width <= viewport.width;
		}, { what: 'a bar that fits' });
		await bar.getByLabel('Tag', { exact: true }).selectOption({ label: 'VIP' });
		await bar.getByRole('button', { name: 'Tag', exact: true }).click();
		await notice(page, 'Tagged: 2.').waitFor();
		await bar.getByText('2 selected').waitFor();
		const tags = async ({ id }) => (await owner.get(`/v1/contacts/${id}`)).body.tags.map(({ name }) => name).sort().join();
		assert.deepEqual([await tags(grace), await tags(ada), await tags(alan)], ['Fair,VIP', 'VIP', '']);
		await owner.post('/v1/contacts/untag', { ids: [grace.id, ada.id], tag_id: vip.id });
		if (viewport.width > 1000) {
			await bar.getByLabel('New owner').selectOption({ label: 'Ada Agent' });
			await bar.getByRole('button', { name: 'Assign' }).click();
			await notice(page, 'Assigned: 2.').waitFor();
			assert.equal((await owner.get(`/v1/contacts/${ada.id}`)).body.owner_id, agent.agent.id);
			assert.equal((await owner.get(`/v1/contacts/${alan.id}`)).body.owner_id, owner.agent.id);
		}
	}
});

test('a person is added to a deal that there is, and taken off it', async (t) => {
	const owner = await signUp();
	const [stage] = (await owner.get('/v1/stages')).body.data;
	const deal = await made(owner, '/v1/deals', { title: 'A compiler', stage_id: stage.id });
	const grace = await person(owner, 'Grace', { last_name: 'Hopper' });
	const people = async () => (await owner.get(`/v1/deals/${deal.id}`)).body.contact_ids;
	const page = await visit(t, owner, `/deals/${deal.id}`);
	await page.getByRole('link', { name: 'Add or take off people' }).click();
	const box = page.getByRole('combobox', { name: 'Person to add' });
	await box.pressSequentially('hopp');
	await page.getByRole('option', { name: 'Grace Hopper' }).waitFor();
	await box.press('ArrowDown');
	await box.press('Enter');
	await page.getByRole('button', { name: 'Add person' }).click();
	const off = page.getByRole('button', { name: 'Take Grace Hopper off the deal' });
	await off.waitFor();
	assert.deepEqual(await people(), [grace.id]);
	assert.equal(await box.inputValue(), '');
	await page.setViewportSize({ width: 390, height: 844 });
	const [typing, button] = [await box.boundingBox(), await page.getByRole('button', { name: 'Add person' }).boundingBox()];
	assert.ok(typing.x + typing.width <= button.x || typing.y + typing.height <= button.y, 'one beside the other');
	await off.click();
	await off.waitFor({ state: 'detached' });
	assert.deepEqual(await people(), []);
});

test('a new key is shown once, and works', async (t) => {
	const owner = await signUp();
	const page = await visit(t, owner, '/settings/api-keys');
	await page.getByLabel('What is it for?').fill('Web shop');
	assert.equal(await page.getByLabel('Role', { exact: true }).inputValue(), '', 'nobody gets an all-powerful key by not looking');
	await page.getByLabel('Role', { exact: true }).selectOption({ label: 'Owner' });
	await page.getByRole('button', { name: 'Make the key' }).click();
	const key = (await page.locator('#key').textContent()).trim();
	assert.match(key, /^mk_live_/);
	assert.equal((await api(owner.url, key).get('/v1/contacts')).status, 200);
	await person(owner, 'Grace');
	await made(owner, '/v1/api_keys', { name: 'Another', role_id: owner.roles.agent.id });
	await page.getByText('Another', { exact: true }).waitFor(); // the page went on, and the key stayed
	assert.equal((await page.locator('#key').textContent()).trim(), key);
	await page.reload();
	await page.getByText('Web shop', { exact: true }).waitFor();
	assert.equal(await page.getByText(key).count(), 0);
	assert.equal(await page.getByText(key.slice(0, 12)).count(), 1, 'only its beginning is listed');
	await page.getByRole('button', { name: 'Revoke Web shop' }).click();
	await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
	await page.getByText('Web shop', { exact: true }).waitFor({ state: 'detached' });
	assert.equal((await api(owner.url, key).get('/v1/contacts')).status, 401);
});

test('a file is sent, its columns are named, its rows are written, and all of it is taken back', async (t) => {
	const owner = await signUp();
	const page = await visit(t, owner, '/imports');
	const file = 'Vorname;Familie;E-Mail\nGrace;Hopper;grace@navy.test\nAda;Lovelace;ada@engine.test\nHedy;Lamarr;no address\n';
	await page.getByLabel('File', { exact: true }).setInputFiles({ name: 'Adressen.csv', mimeType: 'text/csv', buffer: Buffer.from(file) });
	await page.getByRole('button', { name: 'Send the file' }).click();
	await page.getByRole('heading', { name: 'Which column is what' }).waitFor();
	assert.equal(await page.locator('.toast').count(), 0, 'nothing is created yet');
	assert.equal(await page.getByLabel('Field for Vorname').inputValue(), 'first_name', 'recognised');
	await page.getByLabel('Field for Familie').selectOption('last_name');
	await page.getByRole('region', { name: 'The first rows' }).getByText('must be an e-mail address').waitFor();
	const go = await held(page, '/do/imports_update');
	await page.getByLabel('Field for E-Mail').selectOption('');
	await page.getByRole('button', { name: 'Start the import' }).click(); // while the mapping is still on its way
	go();
	await page.getByRole('heading', { name: 'Done', exact: true }).waitFor(); // it comes by itself
	const names = async () => (await owner.get('/v1/contacts')).body.data.map((c) => c.full_name).sort();
	assert.deepEqual(await names(), ['Ada Lovelace', 'Grace Hopper', 'Hedy Lamarr']);
	assert.equal(await page.getByRole('link', { name: 'Show contacts' }).getAttribute('href'), '/contacts');
	await page.getByRole('button', { name: 'Undo' }).click();
	await page.getByRole('dialog').getByRole('button', { name: 'Undo the import' }).click();
	assert.equal(await page.getByText('Undone.').count(), 0, 'it is only begun');
	await page.getByRole('heading', { name: 'Taken back', exact: true }).waitFor();
	assert.deepEqual(await names(), []);
});

test('a deal whose move is refused goes back to its place in its column, and a message says why', async (t) => {
	const owner = await signUp();
	const role = await makeRole(owner, { 'deals.view': 'all', 'deals.edit': 'all' });
	const mover = await join(owner, role.id);
	for (const title of ['First', 'Second', 'Third']) await made(owner, '/v1/deals', { title });
	const page = await visit(t, mover, '/deals');
	const cards = (i) => page.locator('.cards').nth(i).locator('.deal').evaluateAll((all) => all.map(({ dataset }) => dataset.deal));
	const counts = async () => (await page.locator('.count').allTextContents()).slice(0, 2);
	const before = await cards(0);
	assert.equal(before.length, 3);
	const go = await held(page, `/v1/deals/${before[1]}/move`);
	await drag(page, page.locator(`#deal-${before[1]}`), page.locator('.cards').nth(1));
	assert.deepEqual([await cards(1), await counts()], [[before[1]], ['2', '1']], 'shown in advance');
	await owner.put(`/v1/roles/${role.id}/permissions`, { permissions: { 'deals.edit': 'none' } });
	const refused = page.waitForResponse('**/v1/deals/*/move');
	go();
	assert.equal((await refused).status(), 403);
	const said = page.locator('#notices .toast[data-is=bad]');
	await said.waitFor();
	assert.match(await said.textContent(), /permission|role/);
	assert.deepEqual([await cards(0), await cards(1), await counts()], [before, [], ['3', '0']]);
	assert.equal(await page.locator('.optimistic').count(), 0);
	await page.locator('[data-stage-drop]').first().waitFor({ state: 'detached' }); // and nothing can be dragged any more
	assert.equal(await page.locator('.deal').count(), 3);
});

test('what cannot be sent is said, and what was shown in advance goes back', async (t) => {
	const owner = await signUp();
	await person(owner, 'Grace', { job_title: 'Admiral' });
	const page = await visit(t, owner, '/contacts');
	await page.route('**/do/contacts_update', (route) => route.abort());
	const cell = page.getByLabel('Job title of Grace');
	await cell.fill('Nobody');
	await cell.press('Tab');
	await notice(page, 'The server could not be reached. Nothing was saved.').waitFor();
	assert.equal(await cell.inputValue(), 'Admiral');
	await page.locator('#notices').getByRole('button', { name: 'Close' }).click();
	assert.equal(await page.locator('#notices .toast').count(), 0);
});

test('whoever signs up in a browser is on their own clocks', async (t) => {
	const page = await visit(t, null, '/signup', { timezoneId: 'Asia/Tokyo' });
	await page.getByLabel('Company').fill('Clocks');
	await page.getByLabel('Your name').fill('Taro Tokyo');
	await page.getByLabel('E-mail').fill(someEmail());
	await page.getByLabel('Password').fill(password);
	await page.getByRole('button', { name: 'Create company' }).click();
	await page.getByRole('heading', { name: 'Home', exact: true }).waitFor();
	await page.goto('/settings/company');
	assert.equal(await page.getByLabel('Time zone').inputValue(), 'Asia/Tokyo');
});
