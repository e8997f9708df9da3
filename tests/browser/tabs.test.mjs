// The tabs of one browser: together they hold one request, whatever their number, and each is current; whichever of them goes away.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { login, until, visit } from '../harness.mjs';
import { join, password, signUp } from '../http/company.mjs';

async function company() {
	const owner = await signUp();
	const made = async (path, content) => {
		const { status, body, text } = await owner.post(path, content);
		assert.equal(status, 201, text);
		return body;
	};
	const grace = await made('/v1/contacts', { kind: 'person', first_name: 'Grace', last_name: 'Hopper' });
	const deal = await made('/v1/deals', { title: 'Compiler licence' });
	return { owner, grace, deal };
}

// Notes the requests of a browser that are held right now, and how many there were at once at most.
function watch(context) {
	const seen = { now: new Set(), most: 0 };
	const live = (request) => new URL(request.url()).pathname === '/live';
	context.on('request', (request) => live(request) && (seen.most = Math.max(seen.most, seen.now.add(request).size)));
	for (const end of ['requestfinished', 'requestfailed']) context.on(end, (request) => seen.now.delete(request));
	return seen;
}

// More tabs of the same browser.
async function open(first, paths) {
	const pages = [];
	for (const path of paths) {
		const page = await first.context().newPage();
		page.on('pageerror', (error) => first.faults.push(String(error)));
		await page.goto(path);
		pages.push(page);
	}
	return pages;
}
const mark = (page) => page.evaluate(() => { window.loadedOnce = true; });
const clientOf = (page) => page.evaluate(async () => {
	const { held, pending } = await navigator.locks.query();
	const mine = held.find(({ name }) => name.startsWith('muster-tab') && name.endsWith(` ${location.pathname}${location.search}`));
	return { mine: mine?.clientId, asking: held.find(({ name }) => name.startsWith('muster-live'))?.clientId, waiting: pending.length };
});

// Waits until each tab has taken its place, and gives the one that asks.
const asking = (pages) =>
	until(async () => {
		const all = await Promise.all(pages.map(clientOf));
		const one = all.findIndex(({ mine, asking: which }) => mine && mine === which);
		return all.every(({ waiting }) => waiting === pages.length - 1) && pages[one];
	}, { what: 'one tab asking, and all others waiting for their turn' });

test('eight tabs on eight pages are all live by one request, and a form goes through', async (t) => {
	const { owner, grace, deal } = await company();
	const first = await visit(t, owner, '/contacts');
	const seen = watch(first.context());
	const paths = ['/', '/deals', '/deals/table', `/contacts/${grace.id}`, `/deals/${deal.id}`, '/contacts?sort=full_name', '/settings/catalog'];
	const tabs = [first, ...await open(first, paths)];
	await asking(tabs);
	await Promise.all(tabs.map(mark));
	await owner.patch(`/v1/contacts/${grace.id}`, { last_name: 'Murray' });
	await owner.patch(`/v1/deals/${deal.id}`, { title: 'Linker licence' });
	await owner.post('/v1/tags', { name: 'Vermilion' });
	await owner.post('/v1/tasks', { title: 'Call the navy', assignee_id: owner.agent.id });
	const says = ['Grace Murray', 'Call the navy', 'Linker licence', 'Linker licence', 'Grace Murray', 'Linker licence', 'Grace Murray', 'Vermilion'];
	for (const [i, tab] of tabs.entries()) await tab.locator('main').getByText(says[i]).or(tab.locator(`main input[value="${says[i]}"]`)).first().waitFor({ state: 'attached' });
	const form = tabs[4];
	await form.getByLabel('Note', { exact: true }).and(form.locator('textarea')).fill('From the fifth tab');
	await form.getByRole('button', { name: 'Add note' }).click();
	await form.locator('.timeline, main').getByText('From the fifth tab').first().waitFor();
	assert.equal(seen.most, 1, 'requests held at once');
	for (const tab of tabs) assert.ok(await tab.evaluate(() => window.loadedOnce), 'no tab was loaded again');
});

test('when the tab that asks is closed, or crashes, another one asks', async (t) => {
	const { owner, grace } = await company();
	const first = await visit(t, owner, '/contacts');
	let tabs = [first, ...await open(first, ['/settings/catalog', '/contacts?sort=full_name'])];
	let name = 'Grace Hopper';
	for (const end of [(page) => page.close(), (page) => page.goto('chrome://crash').catch(() => {})]) {
		const gone = await asking(tabs);
		tabs = tabs.filter((tab) => tab !== gone);
		await end(gone);
		await asking(tabs);
		name = `Grace ${tabs.length}`;
		await owner.post('/v1/tags', { name });
		await owner.patch(`/v1/contacts/${grace.id}`, { last_name: String(tabs.length) });
		for (const tab of tabs) await tab.locator('main').getByText(name).or(tab.locator(`main input[value="${name}"]`)).first().waitFor({ state: 'attached' });
	}
});

// Runs in the page, before its script: the clock that is looked at now and then goes twenty times as fast.
function hurry() {
	const [now, every, began] = [Date.now, setInterval, Date.now()];
	Date.now = () => began + (now() - began) * 20;
	window.setInterval = (work, ms) => every(work, ms / 20);
}

test('when the tab that asks is stopped without a word, another one takes its place, and it its own again later', async (t) => {
	const { owner, grace } = await company();
	const stopped = await visit(t, owner, '/contacts');
	await asking([stopped]);
	const other = await stopped.context().newPage();
	await other.addInitScript(hurry);
	await other.goto('/contacts?sort=full_name');
	const debug = await stopped.context().newCDPSession(stopped);
	await debug.send('Debugger.enable');
	const paused = new Promise((done) => debug.once('Debugger.paused', done));
	await debug.send('Debugger.pause');
	const inIt = debug.send('Runtime.evaluate', { expression: '0' }); // where it stops
	await paused;
	const { mine, asking: one } = await clientOf(other);
	assert.notEqual(mine, one);
	await owner.patch(`/v1/contacts/${grace.id}`, { last_name: 'Murray' });
	await other.getByRole('link', { name: 'Grace Murray' }).waitFor();
	await debug.send('Debugger.resume');
	await inIt;
	await stopped.getByRole('link', { name: 'Grace Murray' }).waitFor();
	await owner.patch(`/v1/contacts/${grace.id}`, { last_name: 'Hopper' });
	for (const tab of [stopped, other]) await tab.getByRole('link', { name: 'Grace Hopper' }).waitFor();
});

test('a tab that goes to another page is live there, and the one it left is asked for no more', async (t) => {
	const { owner, grace } = await company();
	const first = await visit(t, owner, '/contacts');
	const [second] = await open(first, ['/tasks?status=open']);
	await asking([first, second]);
	await second.getByRole('link', { name: 'Contacts' }).click();
	await second.getByLabel('Search contacts').fill('grace');
	await second.waitForURL('**/contacts?q=grace');
	const asked = second.context().waitForEvent('request', (request) => new URL(request.url()).pathname === '/live' && /q=grace/.test(request.postData()));
	await owner.patch(`/v1/contacts/${grace.id}`, { last_name: 'Murray' });
	for (const tab of [first, second]) await tab.getByRole('link', { name: 'Grace Murray' }).waitFor();
	const { pages } = (await asked).postDataJSON();
	assert.deepEqual(pages.map(({ path }) => path).sort(), ['/contacts', '/contacts?q=grace']);
});

test('who logs out in one tab is logged out in all', async (t) => {
	const owner = await signUp();
	const other = await login(owner.email, password, owner.url);
	const first = await visit(t, other, '/contacts');
	const tabs = [first, ...await open(first, ['/deals', '/settings/catalog'])];
	await asking(tabs);
	await tabs[1].getByRole('button', { name: 'Log out' }).click();
	await tabs[1].waitForURL('**/login');
	for (const tab of [tabs[0], tabs[2]]) await tab.waitForURL('**/login?next=**');
});

test('a tab that was told that the session is over asks no more, however long the log-in page takes to come', async (t) => {
	const owner = await signUp();
	const other = await login(owner.email, password, owner.url);
	const first = await visit(t, other, '/contacts');
	const tabs = [first, ...await open(first, ['/deals', '/settings/catalog'])];
	await asking(tabs);
	let arrive;
	const arrived = new Promise((done) => { arrive = done; });
	await first.route('**/contacts', async (route) => {
		await arrived;
		await route.continue();
	});
	await tabs[1].getByRole('button', { name: 'Log out' }).click();
	await tabs[2].waitForURL('**/login?next=**');
	const locks = () => tabs[2].evaluate(async () => {
		const { held, pending } = await navigator.locks.query();
		return held.length + pending.length;
	});
	await until(async () => await locks() === 0, { what: 'a tab that takes no part' });
	assert.equal(new URL(first.url()).pathname, '/contacts');
	arrive();
	await first.waitForURL('**/login?next=**');
});

test('another login in the same browser never gets, or gives, pages of the one before', async (t) => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const secret = (await owner.post('/v1/contacts', { kind: 'person', first_name: 'Secret' })).body;
	const theirs = await visit(t, owner, '/contacts');
	await theirs.getByRole('link', { name: 'Secret' }).waitFor();
	await asking([theirs]);
	await theirs.context().addCookies([{ name: 'muster_session', value: agent.token, url: owner.url }]);
	const [mine] = await open(theirs, ['/contacts']);
	await mine.evaluate(() => new MutationObserver(() => { if (/Secret/.test(document.body.textContent)) window.leaked = true; }).observe(document, { childList: true, subtree: true, characterData: true }));
	await owner.patch(`/v1/contacts/${secret.id}`, { first_name: 'Secret too' });
	// The tab of the login before is loaded again as soon as it asks: it is the new one's then.
	await theirs.getByText('Ada Agent').first().waitFor();
	await theirs.getByRole('heading', { name: 'No contacts yet' }).waitFor();
	await agent.post('/v1/contacts', { kind: 'person', first_name: 'Own' });
	for (const tab of [theirs, mine]) await tab.getByRole('link', { name: 'Own' }).waitFor();
	assert.equal(await mine.evaluate(() => window.leaked), undefined);
});
