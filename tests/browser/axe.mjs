// Every page, as the browser shows it: wide and narrow, light and dark. The rules of WCAG 2.2 A and AA and the best practices of axe find
// nothing, the console is silent, nothing moves after it was drawn, nothing sticks out to the side, and little has to be sent.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { before, test } from 'node:test';
import { api, login, musterUrl, until, visit } from '../harness.mjs';
import { signUp, someEmail } from '../http/company.mjs';
import { importFile, send } from '../http/importing.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];
const widths = { wide: { width: 1440, height: 900 }, narrow: { width: 390, height: 844 } };
const FIRST_VIEW = 150_000; // bytes as sent: HTML, CSS, JS and fonts
const SHIFT = 0.01;

async function openPalette(page) {
	await page.keyboard.press('Control+k');
	await page.keyboard.type('an');
	await page.getByRole('group', { name: 'Found' }).waitFor();
}

// Who looks at which pages. What has to be made for them is made in before(); `at` is asked when all of it is there.
const there = {};
const pages = [
	{ who: 'nobody', at: '/login' },
	{ who: 'nobody', at: '/login?next=/contacts' },
	{ who: 'nobody', at: '/signup' },
	{ who: 'nobody', at: '/forgot' },
	{ who: 'nobody', at: '/reset?token=some' },
	{ who: 'nobody', at: () => `/invitation?token=${there.invitation}`, name: '/invitation' },
	{ who: 'nobody', at: '/invitation?token=gone', status: 404 },
	{ who: 'nobody', at: '/unsubscribe?token=some' },
	{ who: 'nobody', at: '/nowhere', status: 404 },
	{ who: 'owner', at: '/' },
	{ who: 'owner', at: '/contacts' },
	{ who: 'owner', at: '/contacts?q=zzzz' },
	{ who: 'owner', at: '/contacts', flash: () => `contacts_restore:${there.person}:/contacts`, name: 'what was deleted just now' },
	{ who: 'owner', at: '/contacts/new' },
	{ who: 'owner', at: () => `/contacts/${there.person}`, name: 'a person' },
	{ who: 'owner', at: () => `/contacts/${there.organisation}`, name: 'an organisation' },
	{ who: 'owner', at: () => `/contacts/${there.person}/edit`, name: 'a person, to edit' },
	{ who: 'owner', at: () => `/contacts/${there.organisation}/edit`, name: 'an organisation, to edit' },
	{ who: 'owner', at: () => `/contacts/${there.person}/merge?kind=person`, name: 'a person, to find its double' },
	{ who: 'owner', at: () => `/contacts/${there.person}/merge/${there.another}`, name: 'two persons, to merge' },
	{ who: 'owner', at: '/deals' },
	{ who: 'owner', at: '/deals/table' },
	{ who: 'owner', at: '/deals/new' },
	{ who: 'owner', at: () => `/deals/${there.open}`, name: 'an open deal' },
	{ who: 'owner', at: () => `/deals/${there.won}`, name: 'a won deal' },
	{ who: 'owner', at: () => `/deals/${there.open}/edit`, name: 'a deal, to edit' },
	{ who: 'owner', at: '/tasks?status=open' },
	{ who: 'owner', at: '/search' },
	{ who: 'owner', at: '/search?q=an' },
	{ who: 'owner', at: '/tasks', opened: openPalette, name: 'what Ctrl-K opens' },
	{ who: 'owner', at: '/imports' },
	{ who: 'owner', at: '/settings/company' },
	{ who: 'owner', at: '/settings/team' },
	{ who: 'owner', at: '/settings/roles' },
	{ who: 'owner', at: () => `/settings/roles?role=${there.role}`, name: 'the permissions of a role' },
	{ who: 'owner', at: '/settings/catalog' },
	{ who: 'owner', at: '/settings/api-keys' },
	{ who: 'owner', at: '/settings/webhooks' },
	{ who: 'owner', at: '/settings/profile' },
	{ who: 'owner', at: '/settings/sessions' },
	{ who: 'owner', at: '/docs' },
	{ who: 'owner', at: '/docs/me' },
	{ who: 'owner', at: '/nowhere', status: 404 },
	{ who: 'agent', at: '/contacts' },
	{ who: 'agent', at: '/settings/team' },
	{ who: 'agent', at: '/settings/roles', status: 403 },
	{ who: 'newcomer', at: '/' },
	{ who: 'newcomer', at: '/contacts' },
	{ who: 'newcomer', at: '/deals' },
	{ who: 'newcomer', at: '/deals/table' },
	{ who: 'newcomer', at: '/tasks?status=open' },
	{ who: 'newcomer', at: '/imports' },
	{ who: 'newcomer', at: () => `/imports/${there.sent}`, name: 'an import before its start' },
	{ who: 'newcomer', at: () => `/settings/webhooks/${there.webhook}`, name: 'a webhook' },
	{ who: 'newcomer', at: () => `/imports/${there.done}`, name: 'an import that is done' },
	{ who: 'owner', at: '/automations' },
	{ who: 'newcomer', at: '/automations/new' },
	{ who: 'newcomer', at: () => `/automations/${there.automation}`, name: 'an automation' },
	{ who: 'newcomer', at: () => `/automations/${there.automation}?at=/steps/0/then/0`, name: 'a step of an automation' },
	{ who: 'newcomer', at: () => `/automations/${there.automation}?at=/conditions`, name: 'the conditions of an automation' },
	{ who: 'newcomer', at: () => `/automations/${there.automation}/test`, name: 'the test of an automation' },
	{ who: 'newcomer', at: () => `/runs/${there.run}`, name: 'a run' },
	{ who: 'newcomer', at: '/runs' },
	{ who: 'newcomer', at: () => `/settings/hooks/${there.hook}`, name: 'an inbound hook' },
	{ who: 'newcomer', at: '/settings/forms' },
	{ who: 'newcomer', at: '/settings/mail' },
];
const people = { nobody: null };

before(async () => {
	people.owner = await login('owner@demo.test');
	people.agent = await login('agent@demo.test');
	people.newcomer = await signUp();
	// Browsers have long names, and each session shows its own.
	const browser = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
	await api(await musterUrl()).post('/v1/sessions', { email: 'owner@demo.test', password: 'demo' }, { 'User-Agent': browser });
	const file = 'First name,Last name,Birthday,Shoe size\nAda,Lovelace,10/12/1815,38\nBob,Nobody,never,44\n';
	const hook = (await people.newcomer.post('/v1/webhooks', { url: 'https://hooks.muster.test/', events: ['tag.restored'] })).body.id;
	const first = async (path) => (await people.owner.get(path)).body.data[0].id;
	const automation = await people.newcomer.post('/v1/automations', {
		name: 'Welcome', object: 'contact', starts: { on: 'manual' }, conditions: { all: [{ field: 'kind', is: 'eq', value: 'person' }, { field: 'website', is: 'empty' }] },
		steps: [{ do: 'branch', conditions: { field: 'job_title', is: 'empty' }, then: [{ do: 'create_task', title: 'Call {{full_name}}' }], else: [{ do: 'stop' }] }, { do: 'wait', days: 3 }],
	});
	await people.newcomer.post(`/v1/automations/${automation.body.id}/turn_on`);
	const lead = await people.newcomer.post('/v1/contacts', { first_name: 'Lea' });
	const run = await people.newcomer.post(`/v1/automations/${automation.body.id}/start`, { subject_id: lead.body.id });
	await until(async () => (await people.newcomer.get(`/v1/workflow_runs/${run.body.id}`)).body.step_number === 3, { what: 'the wait of the run' });
	const inbound = await people.newcomer.post('/v1/inbound_hooks', { name: 'Payments', scheme: 'stripe', secret: 'whsec_of-the-test' });
	const invited = await people.newcomer.post('/v1/invitations', { email: someEmail('guest'), role_id: people.newcomer.roles.agent.id });
	Object.assign(there, {
		person: await first('/v1/contacts?kind=person&limit=1'),
		another: await first('/v1/contacts?kind=person&limit=1&sort=full_name'),
		organisation: await first('/v1/contacts?kind=organisation&limit=1'),
		open: await first('/v1/deals?status=open&limit=1'),
		won: await first('/v1/deals?status=won&limit=1'),
		role: (await people.owner.get('/v1/roles?limit=100')).body.data.find(({ kind }) => kind === 'agent').id,
		sent: (await send(people.newcomer, 'contacts', file)).body.id,
		done: (await importFile(people.newcomer, 'contacts', file)).id,
		webhook: hook,
		automation: automation.body.id,
		run: run.body.id,
		hook: inbound.body.id,
		invitation: new URL(invited.body.url).searchParams.get('token'),
	});
});

// What axe finds on the page: each rule with the first places that break it.
async function findings(page, run) {
	const { violations } = await page.evaluate((options) => axe.run(document, options), { preload: false, resultTypes: ['violations'], ...run });
	return violations.flatMap(({ id, nodes }) => nodes.slice(0, 3).map(({ html, any, all, none }) => `${id}: ${html.slice(0, 160)}: ${[...any, ...all, ...none][0]?.message}`));
}

// What a list has more of is made by the same template as its first rows, and costs as much to look at again.
function thin() {
	for (const list of document.querySelectorAll('tbody, ul, ol, [data-stage], .stack'))
		for (const more of [...list.children].slice(6)) more.remove();
}

// Colours fade from one scheme to the other; what counts is where they arrive.
const settled = (page) =>
	page.evaluate(async () => {
		await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
		const moving = () => document.getAnimations().filter(({ playState, effect }) => playState !== 'finished' && effect.getComputedTiming().endTime < Infinity);
		for (let some; (some = moving()).length; ) for (const one of some) one.finish(); // nobody draws what is out of sight, so it would not end by itself
	});

// Loads the page at this width and waits until its script has brought it up to date once. Gives what was wrong with that.
async function load(page, { who, at, status = 200 }, size) {
	await page.setViewportSize(widths[size]);
	const followed = who === 'nobody' ? null : page.waitForResponse((reply) => reply.request().resourceType() === 'fetch');
	const reply = await page.goto(typeof at === 'string' ? at : at());
	assert.equal(reply.status(), status);
	await (await followed)?.finished();
	await settled(page);
	const [over, moved] = await page.evaluate(() => [document.documentElement.scrollWidth - document.documentElement.clientWidth, window.moved]);
	return [over > 0 && `${size}: wider than its window by ${over} pixels`, sum(moved) >= SHIFT && `${size}: it moved: ${moved.join(' ')}`];
}
const sum = (pairs) => pairs.reduce((all, [n]) => all + n, 0);

// Before any script: notes what moves without having been touched.
function watch() {
	window.moved = [];
	new PerformanceObserver((list) => {
		for (const { hadRecentInput, value, sources } of list.getEntries())
			if (!hadRecentInput) window.moved.push([value, sources.map(({ node }) => node?.id || node?.className || node?.nodeName).join()]);
	}).observe({ type: 'layout-shift', buffered: true });
}

// What the console says, but for the status of the page itself.
function listen(page, status = 200) {
	const said = [];
	page.on('console', (message) => {
		const itself = message.location().url === page.url() && message.text().includes(`status of ${status} `);
		if (['error', 'warning'].includes(message.type()) && !itself) said.push(message.text());
	});
	return said;
}

const weigh = (page) =>
	page.evaluate(() =>
		[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
			.filter(({ initiatorType }) => initiatorType !== 'fetch')
			.map(({ name, transferSize }) => [transferSize, name]));

// In two files, which run beside each other: axe is most of what the tests in a browser cost.
export function lookAt(half) {
	for (const one of pages.filter((_, i) => i % 2 === half)) lookAtPage(one);
}

function lookAtPage(one) {
	test(`${one.name ?? one.at} for ${one.who}`, async (t) => {
		const page = await visit(t, people[one.who], null, { serviceWorkers: 'allow' }); // as people have it
		const said = listen(page, one.status);
		await page.addInitScript(watch);
		if (one.flash) await page.context().addCookies([{ name: 'muster_flash', value: one.flash(), url: await musterUrl() }]);
		const wrong = await load(page, one, 'wide');
		const sent = await weigh(page);
		if (sum(sent) >= FIRST_VIEW) wrong.push(`${sum(sent)} bytes were sent: ${sent.join(' ')}`);
		await one.opened?.(page);
		await page.evaluate(axe);
		await page.evaluate(thin);
		for (const size of Object.keys(widths)) {
			await page.setViewportSize(widths[size]);
			for (const colorScheme of ['light', 'dark']) {
				await page.emulateMedia({ colorScheme });
				await settled(page);
				const found = await findings(page, { runOnly: colorScheme === 'light' ? tags : ['color-contrast'] });
				wrong.push(...found.map((what) => `${size}, ${colorScheme}: ${what}`));
			}
		}
		wrong.push(...(await load(page, one, 'narrow')), ...said);
		assert.deepEqual(wrong.filter(Boolean), []);
	});
}
