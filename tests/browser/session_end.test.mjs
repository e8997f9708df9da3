// The ways in which a session ends other than by its own log-out (tabs.test.mjs), and what does not end it, as the tabs of a browser see it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { login, until, visit } from '../harness.mjs';
import { join, makeRole, password, signUp } from '../http/company.mjs';

// Two tabs that take part, and how often they were refused.
async function tabsOf(t, who, paths = ['/contacts', '/deals']) {
	const tabs = [await visit(t, who, paths[0])];
	const seen = { tabs, refused: 0 };
	tabs[0].context().on('response', (reply) => { seen.refused += new URL(reply.url()).pathname === '/live' && reply.status() === 401; });
	tabs.push(await tabs[0].context().newPage());
	await tabs[1].goto(paths[1]);
	const known = (tab) => tab.evaluate(async () => (await navigator.locks.query()).held.filter(({ name }) => name.startsWith('muster-tab')).length);
	await until(async () => (await Promise.all(tabs.map(known))).every((n) => n === tabs.length), { what: 'both take part' });
	return seen;
}

async function people() {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	return { owner, agent, mine: await login(agent.email, password, owner.url) };
}

for (const [what, end] of [
	['the password is changed elsewhere', ({ agent }) => agent.post('/v1/passwords/change', { current_password: password, password: 'another good horse' })],
	['one logs out everywhere else', ({ agent }) => agent.delete('/v1/sessions')],
	['the owner logs one out', ({ owner, agent }) => owner.delete(`/v1/agents/${agent.agent.id}/sessions`)],
	['the owner removes one', ({ owner, agent }) => owner.delete(`/v1/agents/${agent.agent.id}`)],
])
	test(`when ${what}, all tabs go to the log-in, and none asks twice`, async (t) => {
		const all = await people();
		const seen = await tabsOf(t, all.mine);
		const { status, text } = await end(all);
		assert.equal(status, 204, text);
		for (const tab of seen.tabs) await tab.waitForURL('**/login?next=**');
		assert.ok(seen.refused <= seen.tabs.length, `${seen.refused} refused`);
	});

test('who gets another role stays logged in, and sees what it may see', async (t) => {
	const { owner, agent, mine } = await people();
	const role = await makeRole(owner, { 'contacts.view': 'all' });
	await owner.post('/v1/contacts', { kind: 'person', first_name: 'Everybody' });
	const { tabs: [contacts, deals] } = await tabsOf(t, mine);
	for (const tab of [contacts, deals]) await tab.evaluate(() => { window.loadedOnce = true; });
	assert.equal((await owner.patch(`/v1/agents/${agent.agent.id}`, { role_id: role.id })).status, 200);
	await contacts.getByRole('link', { name: 'Everybody' }).waitFor();
	await deals.getByText('You may not do this').waitFor();
	await owner.post('/v1/contacts', { kind: 'person', first_name: 'Afterwards' });
	await contacts.getByRole('link', { name: 'Afterwards' }).waitFor();
	for (const tab of [contacts, deals]) assert.ok(await tab.evaluate(() => window.loadedOnce), 'it was not loaded again');
});

// As a window in the background has it, for longer than it takes part.
async function hide(page, hidden) {
	await page.evaluate((value) => {
		Object.defineProperty(document, 'hidden', { configurable: true, get: () => value });
		document.dispatchEvent(new Event('visibilitychange'));
	}, hidden);
	if (hidden) await page.clock.fastForward(20_000);
}

for (const next of ['nobody', 'another person'])
	test(`a tab that is hidden while one logs out is, seen again when ${next} is logged in, no longer one's own`, async (t) => {
		const { owner, agent } = await people();
		await owner.post('/v1/contacts', { kind: 'person', first_name: 'Secret' });
		const hidden = await visit(t, await login(owner.email, password, owner.url), null);
		await hidden.clock.install();
		const asked = hidden.waitForRequest((request) => request.url().endsWith('/live') && /"etag":"/.test(request.postData()));
		await hidden.goto('/contacts');
		await asked;
		const left = hidden.waitForEvent('requestfailed', (request) => request.url().endsWith('/live'));
		await hide(hidden, true);
		await left;
		const other = await hidden.context().newPage();
		await other.goto('/deals');
		await other.getByRole('button', { name: 'Log out' }).click();
		await other.waitForURL('**/login');
		if (next !== 'nobody') {
			await other.getByLabel('E-mail').fill(agent.email);
			await other.getByLabel('Password').fill(password);
			await other.getByRole('button', { name: 'Log in' }).click();
			await other.waitForURL(({ pathname }) => pathname === '/');
		}
		assert.equal(new URL(hidden.url()).pathname, '/contacts');
		await hide(hidden, false);
		if (next === 'nobody') await hidden.waitForURL('**/login?next=**');
		else await hidden.getByRole('heading', { name: 'No contacts yet' }).waitFor();
		assert.equal(await hidden.getByText('Secret').count(), 0);
	});
