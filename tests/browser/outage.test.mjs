// When there is no connection, no server, or nobody who looks: the page says so quietly, and is current as soon as that is over.
// The file has a Muster of its own, which is stopped and started.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startMuster, visit } from '../harness.mjs';
import { signUp } from '../http/company.mjs';

let muster;
before(async () => {
	muster = await startMuster({ empty: true });
	process.env.MUSTER_TEST_URL = muster.url;
});
after(() => muster?.stop());

async function company() {
	const owner = await signUp();
	const { body } = await owner.post('/v1/contacts', { kind: 'person', first_name: 'Grace', last_name: 'Hopper' });
	const rename = (last_name) => owner.patch(`/v1/contacts/${body.id}`, { last_name });
	return { owner, rename };
}
const reconnecting = (page) => page.getByRole('status').filter({ hasText: 'Reconnecting' });
const name = (page, last_name) => page.getByRole('link', { name: `Grace ${last_name}` });
const mark = (page) => page.evaluate(() => { window.loadedOnce = true; });
const stayed = async (page) => assert.ok(await page.evaluate(() => window.loadedOnce), 'the page was not loaded again');
// Until it has what there is, and asks for what comes next.
const waits = (page) => page.waitForRequest((request) => request.url().endsWith('/live') && /"etag":"/.test(request.postData()));

// The page as a window in the background has it: for the page's script, nobody sees it.
const hide = (page, hidden) =>
	page.evaluate((value) => {
		for (const [key, is] of [['hidden', value], ['visibilityState', value ? 'hidden' : 'visible']])
			Object.defineProperty(document, key, { configurable: true, get: () => is });
		document.dispatchEvent(new Event('visibilitychange'));
	}, hidden);

test('a browser without a connection says so in all tabs, and catches up when it has one', async (t) => {
	const { owner, rename } = await company();
	const page = await visit(t, owner, '/contacts');
	const other = await page.context().newPage();
	await other.goto('/contacts?sort=full_name');
	await Promise.all([page, other].map(mark));
	await page.context().setOffline(true);
	for (const tab of [page, other]) await reconnecting(tab).waitFor();
	await rename('Murray');
	assert.equal(await name(page, 'Murray').count(), 0);
	await page.context().setOffline(false);
	for (const tab of [page, other]) {
		await name(tab, 'Murray').waitFor();
		await reconnecting(tab).waitFor({ state: 'detached' });
		await stayed(tab);
	}
});

test('a server that is stopped and started again is found again, and what was typed is still there', async (t) => {
	const { owner, rename } = await company();
	const page = await visit(t, owner, null);
	const asked = waits(page);
	await page.goto('/contacts');
	await mark(page);
	await page.getByLabel('Job title of Grace Hopper').fill('Rear admiral');
	await asked;
	await muster.end();
	await reconnecting(page).waitFor();
	await muster.start();
	await rename('Murray');
	await name(page, 'Murray').waitFor({ timeout: 40_000 });
	await reconnecting(page).waitFor({ state: 'detached' });
	assert.equal(await page.locator('input[id^=job-title]').inputValue(), 'Rear admiral');
	await stayed(page);
});

test('a tab that is hidden for long asks no more, and catches up when it is seen', async (t) => {
	const { owner, rename } = await company();
	const page = await visit(t, owner, null);
	await page.clock.install();
	const asked = waits(page);
	await page.goto('/contacts');
	await asked;
	await mark(page);
	const left = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/live'));
	await hide(page, true);
	await page.clock.fastForward(20_000);
	await left;
	let more = 0;
	page.on('request', (request) => { more += request.url().endsWith('/live'); });
	await rename('Murray');
	await page.clock.fastForward(60_000);
	assert.equal(await name(page, 'Murray').count(), 0);
	assert.equal(more, 0, 'questions while it is hidden');
	await hide(page, false);
	await name(page, 'Murray').waitFor();
	assert.equal(await reconnecting(page).count(), 0);
	await stayed(page);
});

test('a tab that is hidden for a moment goes on', async (t) => {
	const { owner, rename } = await company();
	const page = await visit(t, owner, null);
	const asked = waits(page);
	await page.goto('/contacts');
	await asked;
	await hide(page, true);
	await rename('Murray');
	await name(page, 'Murray').waitFor();
	await hide(page, false);
	await rename('Hopper');
	await name(page, 'Hopper').waitFor();
});

test('a tab that the browser froze catches up when it is thawed', async (t) => {
	const { owner, rename } = await company();
	const page = await visit(t, owner, null);
	const asked = waits(page);
	await page.goto('/contacts');
	await asked;
	await mark(page);
	const left = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/live'));
	await page.evaluate(() => document.dispatchEvent(new Event('freeze')));
	await left;
	await rename('Murray');
	await page.evaluate(() => document.dispatchEvent(new Event('resume')));
	await name(page, 'Murray').waitFor();
	await stayed(page);
});

test('a machine that slept asks anew as soon as it wakes', async (t) => {
	const { owner, rename } = await company();
	const page = await visit(t, owner, null);
	const asked = waits(page);
	await page.goto('/contacts');
	await asked;
	const again = waits(page);
	await page.evaluate(() => { const { now } = Date; Date.now = () => now() + 3_600_000; });
	await again;
	await rename('Murray');
	await name(page, 'Murray').waitFor();
});
