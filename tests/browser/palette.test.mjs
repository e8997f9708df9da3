// Ctrl-K: what is found as one types, by keys alone; what one looked at last; where one can go; all of it live and only what one may see.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until, visit } from '../harness.mjs';
import { join, signUp } from '../http/company.mjs';

async function company() {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const made = async (path, content) => (await owner.post(path, content)).body;
	const grace = await made('/v1/contacts', { kind: 'person', first_name: 'Grace', last_name: 'Hopper', emails: [{ address: 'grace@navy.example' }] });
	const deal = await made('/v1/deals', { title: 'Compiler for Grace' });
	await made('/v1/tasks', { title: 'Call Grace', subject: { object: 'contact', id: grace.id } });
	return { owner, agent, grace, deal, made };
}
const palette = (page) => page.getByRole('dialog', { name: 'Search' });
const shown = (page) => palette(page).getByRole('option').allInnerTexts();
const opened = async (page, text) => {
	await page.keyboard.press('Control+k');
	await palette(page).waitFor();
	if (text) await page.keyboard.type(text);
};

test('Ctrl-K, some letters, Enter: what was found is there', async (t) => {
	const { owner, grace } = await company();
	const page = await visit(t, owner, '/');
	await opened(page, 'grace ho');
	await page.getByRole('option', { name: /^Grace Hopper/ }).waitFor();
	assert.equal(await page.locator('[role=option][aria-selected=true] b').innerText(), 'Grace Hopper', 'the best is chosen');
	await page.keyboard.press('Enter');
	await page.waitForURL(`**/contacts/${grace.id}`);
	await opened(page, 'call grace');
	await page.getByRole('option', { name: /^Call Grace/ }).waitFor();
	await page.keyboard.press('Escape');
	assert.equal(await palette(page).isVisible(), false);
});

test('arrows go round, and what is found is marked', async (t) => {
	const { owner, deal } = await company();
	const page = await visit(t, owner, '/tasks');
	await opened(page, 'grace');
	const found = page.getByRole('group', { name: 'Found' }).getByRole('option');
	await until(async () => (await found.count()) === 3, { what: 'three results' });
	await found.locator('mark').first().waitFor();
	const first = await page.locator('[aria-selected=true]').innerText();
	await page.keyboard.press('ArrowUp');
	await page.keyboard.press('ArrowDown');
	assert.equal(await page.locator('[aria-selected=true]').innerText(), first);
	for (let i = 0; i < 3 && !(await page.locator('[aria-selected=true]').innerText()).startsWith('Compiler'); i++) await page.keyboard.press('ArrowDown');
	await page.keyboard.press('Enter');
	await page.waitForURL(`**/deals/${deal.id}`);
});

test('what is old is on the page that opens, however much came after it', async (t) => {
	const { owner, grace, made } = await company();
	const subject = { object: 'contact', id: grace.id };
	const note = await made('/v1/notes', { body: 'Likes the wombat', subject });
	const task = await made('/v1/tasks', { title: 'Feed the platypus', subject });
	await owner.post(`/v1/tasks/${task.id}/complete`);
	for (let i = 0; i < 31; i++) await made('/v1/notes', { body: `Later ${i}`, subject });
	const page = await visit(t, owner, `/contacts/${grace.id}`);
	assert.equal(await page.locator(`#event-${note.id}`).count(), 0, 'it is not among the newest');
	for (const [word, { id }] of [['wombat', note], ['platypus', task]]) {
		await opened(page, word);
		await page.getByRole('option', { name: new RegExp(word) }).waitFor();
		await page.keyboard.press('Enter');
		await page.locator(`#event-${id}:target`).waitFor();
		await until(() => page.locator(`#event-${id}`).evaluate((e) => e.getBoundingClientRect().top < innerHeight), { what: 'its place on the screen' });
		await page.getByRole('link', { name: 'Newest' }).click();
		await page.locator('.timeline .body', { hasText: 'Later 30' }).waitFor();
	}
});

test('it opens with Caps Lock, and on a keyboard without Latin letters; not by another letter on that key', async (t) => {
	const { owner } = await company();
	const page = await visit(t, owner, '/');
	const press = (more) => page.evaluate((init) => document.dispatchEvent(new KeyboardEvent('keydown', { ctrlKey: true, ...init })), more);
	for (const [key, opens] of [['K', true], ['л', true], ['κ', true], ['t', false]]) {
		await press({ key, code: 'KeyK' });
		assert.equal(await palette(page).isVisible(), opens, key);
		if (opens) await page.keyboard.press('Escape');
	}
	await press({ key: 'K', code: 'KeyK', shiftKey: true });
	assert.equal(await palette(page).isVisible(), false, 'a key of the browser');
});

test('Enter waits for the answer to what is typed, and opens its best; Escape leaves it', async (t) => {
	const { owner, deal, made } = await company();
	const kelly = await made('/v1/contacts', { kind: 'organisation', name: 'Kelly Compilers' });
	await made('/v1/contacts', { first_name: 'Gene', last_name: 'Amdahl', organisation_id: kelly.id });
	const page = await visit(t, owner, '/tasks');
	let asked, answer;
	const hold = async () => {
		const came = new Promise((resolve) => { asked = resolve; });
		const free = new Promise((resolve) => { answer = resolve; });
		await page.route('**/v1/**', async (route) => {
			if (`${route.request().url()} ${route.request().postData()}`.includes('kelly')) {
				asked();
				await free;
			}
			await route.continue().catch(() => {}); // it was given up
		});
		await opened(page, 'compiler');
		await page.getByRole('option', { name: /^Compiler for Grace/ }).waitFor();
		await page.getByRole('combobox', { name: 'Search, or go to' }).fill('kelly');
		await came;
		await page.keyboard.press('Enter');
		await page.locator('.palette-waits').waitFor();
	};
	await hold();
	await page.keyboard.press('Escape');
	assert.equal(await palette(page).isVisible(), false);
	answer();
	await page.unrouteAll({ behavior: 'wait' });
	assert.equal(new URL(page.url()).pathname, '/tasks');
	await hold();
	assert.equal(new URL(page.url()).pathname, '/tasks', `not ${deal.id}, which stands there still`);
	answer();
	await page.waitForURL(`**/contacts/${kelly.id}`);
	await page.unrouteAll({ behavior: 'wait' });

	await opened(page, 'kelly');
	await page.getByRole('option', { name: '1 contact at Kelly Compilers' }).click();
	await page.waitForURL(`**/contacts?organisation_id=${kelly.id}`);
	await page.getByRole('link', { name: 'Gene Amdahl' }).waitFor();
	assert.match(await page.locator('#results').innerText(), /At Kelly Compilers/);
	await page.goto('/search?q=kelly');
	await page.getByRole('link', { name: '1 contact at Kelly Compilers' }).waitFor();
});

test('results are live: a row that comes to fit appears, one that goes is gone', async (t) => {
	const { owner, agent, grace, made } = await company();
	const page = await visit(t, owner, '/');
	await opened(page, 'lovelace');
	await page.getByText('Nothing matches “lovelace”').waitFor();
	const lovelacy = await made('/v1/contacts', { kind: 'person', first_name: 'James', last_name: 'Lovelacy' });
	await page.getByRole('group', { name: 'Spelt much like it' }).getByRole('option', { name: /^James Lovelacy/ }).waitFor();
	const searched = await visit(t, owner, '/search?q=lovelace');
	await searched.getByText('Nothing has “lovelace”. What is spelt much like it:').waitFor();
	await owner.delete(`/v1/contacts/${lovelacy.id}`);
	const ada = await made('/v1/contacts', { kind: 'person', first_name: 'Ada', last_name: 'Lovelace' });
	await page.getByRole('group', { name: 'Found' }).waitFor();
	await page.getByRole('option', { name: /^Ada Lovelace/ }).waitFor();
	assert.equal((await owner.delete(`/v1/contacts/${ada.id}`)).status, 204);
	await page.getByText('Nothing matches “lovelace”').waitFor();

	const other = await visit(t, agent, '/');
	await opened(other, 'grace');
	await other.getByText('Nothing matches “grace”').waitFor();
	assert.equal((await owner.patch(`/v1/contacts/${grace.id}`, { owner_id: agent.agent.id })).status, 200);
	await other.getByRole('option', { name: /^Grace Hopper/ }).waitFor();
});

test('what one looked at last comes first, by its name of now; what one may not see any more does not', async (t) => {
	const { owner, agent, grace, deal } = await company();
	await owner.patch(`/v1/contacts/${grace.id}`, { owner_id: agent.agent.id });
	await owner.patch(`/v1/deals/${deal.id}`, { owner_id: agent.agent.id });
	const page = await visit(t, agent, `/contacts/${grace.id}`);
	await page.goto(`/deals/${deal.id}`);
	await page.goto('/');
	await opened(page);
	const last = page.getByRole('group', { name: 'Looked at last' }).locator('b');
	await until(async () => (await last.allInnerTexts()).join() === 'Compiler for Grace,Grace Hopper', { what: 'both' });
	await owner.patch(`/v1/contacts/${grace.id}`, { last_name: 'Murray' });
	await until(async () => (await last.allInnerTexts())[1] === 'Grace Murray', { what: 'the new name' });
	await owner.patch(`/v1/deals/${deal.id}`, { owner_id: owner.agent.id });
	await until(async () => (await last.allInnerTexts()).join() === 'Grace Murray', { what: 'the deal to go' });
	const kept = await page.evaluate(() => JSON.stringify(localStorage));
	assert.ok(!/Grace|Compiler/.test(kept), 'the browser keeps no name');
});

test('it goes to pages that there are for this person, and begins something new', async (t) => {
	const { owner, agent } = await company();
	const page = await visit(t, owner, '/');
	await opened(page, 'new con');
	await page.getByRole('option', { name: 'New contact' }).waitFor();
	await page.keyboard.press('Enter');
	await page.waitForURL('**/contacts/new');
	await opened(page, 'api k');
	assert.deepEqual(await shown(page), ['API keys']);
	const other = await visit(t, agent, '/');
	await opened(other);
	assert.ok(!(await shown(other)).includes('API keys'));
	assert.ok((await shown(other)).includes('Deals'));
});

test('what is called as it is typed comes first among places, before contacts that are called so, too', async (t) => {
	const { owner, made } = await company();
	await made('/v1/contacts', { kind: 'organisation', name: 'Tasks of the World' });
	await made('/v1/tasks', { title: 'Ask for a new contact' });
	const page = await visit(t, owner, '/');
	for (const [typed, first, then] of [['tasks', 'Tasks', 'Tasks of the World'], ['new contact', 'New contact', 'Ask for a new contact'], ['ta', 'Tasks of the World', 'Tasks']]) {
		await opened(page, typed);
		const places = async () => (await page.locator('[role=option] b').allInnerTexts()).filter((one) => one === first || one === then).join();
		await until(async () => (await places()) === `${first},${then}`, { what: typed });
		assert.equal(await page.locator('[role=option][aria-selected=true] b').innerText(), first, typed);
		await page.keyboard.press('Escape');
	}
});

test('the box of the page opens it by a click and by what is typed into it; what cannot be searched for is told with the reason', async (t) => {
	const { owner } = await company();
	const page = await visit(t, owner, '/deals');
	await page.getByRole('searchbox', { name: 'Search', exact: true }).click();
	await palette(page).waitFor();
	await page.keyboard.type('%%%');
	const told = async (why) => {
		await palette(page).locator('.palette-empty', { hasText: why }).waitFor();
		assert.equal(await palette(page).getByRole('status').innerText(), why, 'who does not see it hears it');
	};
	await told('“%%%” cannot be searched for: it has no letter and no digit to look for');
	await page.getByRole('combobox', { name: 'Search, or go to' }).fill('-grace');
	await told('“-grace” cannot be searched for: it only says what to leave out; a word to look for is missing');
	await page.keyboard.press('Escape');
	await page.getByRole('searchbox', { name: 'Search', exact: true }).focus();
	await page.keyboard.type('gra');
	await page.getByRole('option', { name: /^Grace Hopper/ }).waitFor();
	assert.equal(await page.getByRole('combobox', { name: 'Search, or go to' }).inputValue(), 'gra');
});

test('on a phone it is reached by the sign above, and fits', async (t) => {
	const { owner } = await company();
	const page = await visit(t, owner, '/', { viewport: { width: 390, height: 844 } });
	await page.getByRole('link', { name: 'Search' }).click();
	await palette(page).waitFor();
	await page.keyboard.type('grace');
	await page.getByRole('option', { name: /^Grace Hopper/ }).waitFor();
	assert.ok((await palette(page).boundingBox()).width <= 390);
	assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
	await page.getByRole('option', { name: /^Call Grace/ }).getByText('Grace Hopper').waitFor(); // whom it is about
	await page.getByRole('button', { name: 'Close' }).click();
	assert.equal(await palette(page).isVisible(), false, 'a phone has no Escape');
});

test('the page of the search keeps to a kind by a click on how many there are', async (t) => {
	const { owner } = await company();
	const page = await visit(t, owner, '/search?q=grace');
	await page.getByRole('link', { name: 'Deals 1' }).click();
	await page.waitForURL('**/search?q=grace&kinds=deals');
	await page.getByRole('link', { name: 'Compiler for Grace' }).waitFor();
	assert.equal(await page.getByRole('link', { name: 'Grace Hopper' }).count(), 0);
});

test('without script the box is a form, and its page answers', async (t) => {
	const { owner, grace } = await company();
	const page = await visit(t, owner, '/', { javaScriptEnabled: false });
	await page.getByRole('searchbox', { name: 'Search' }).fill('grace');
	await page.keyboard.press('Enter');
	await page.waitForURL('**/search?q=grace');
	await page.getByRole('link', { name: 'Grace Hopper' }).click();
	await page.waitForURL(`**/contacts/${grace.id}`);
	await page.goto('/search?q=%25%25');
	assert.match(await page.getByRole('heading', { level: 2 }).innerText(), /cannot be searched/);
});
