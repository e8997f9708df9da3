// Without a mouse: everything is reached with Tab, shows that it is, and does with keys what it does with a click.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until, visit } from '../harness.mjs';
import { join, signUp } from '../http/company.mjs';

async function company() {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const made = async (path, content) => {
		const { status, body, text } = await owner.post(path, content);
		assert.equal(status, 201, text);
		return body;
	};
	const [grace, ada] = [await made('/v1/contacts', { kind: 'person', first_name: 'Grace', job_title: 'Admiral' }), await made('/v1/contacts', { kind: 'person', first_name: 'Ada' })];
	const deal = await made('/v1/deals', { title: 'Compiler licence' });
	await made('/v1/tasks', { title: 'Call the navy', assignee_id: owner.agent.id });
	const stages = (await owner.get(`/v1/deals/${deal.id}/stages`)).body.data;
	return { owner, agent, grace, ada, deal, stages };
}

// What has the focus, in a word or two.
const focused = (page) =>
	page.evaluate(() => {
		const { activeElement: node } = document;
		return node.getAttribute('aria-label') ?? node.labels?.[0]?.textContent.trim() ?? (node === document.body ? '' : node.textContent.trim());
	});
async function tabTo(page, name) {
	for (let i = 0; i < 80; i++) {
		await page.keyboard.press('Tab');
		if ((await focused(page)) === name) return;
	}
	assert.fail(`Tab never came to "${name}"`);
}

// Runs in the page: what is to be reached, and what is wrong with how the reached one looks.
const toReach = () =>
	[...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')]
		.filter((node) => node.tabIndex >= 0 && !node.disabled && node.type !== 'hidden' && node.checkVisibility({ visibilityProperty: true }))
		.filter((node) => node.type !== 'radio' || node.checked)
		.map((node) => node.outerHTML.slice(0, 120));
function look() {
	const node = document.activeElement;
	if (node === document.body) return null;
	const seen = [node, ...(node.labels ?? [])].filter((one) => getComputedStyle(one).opacity !== '0'); // a radio button is its label
	const outlined = seen.some((one) => {
		const { outlineStyle, outlineWidth } = getComputedStyle(one);
		return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1;
	});
	const box = seen[0].getBoundingClientRect();
	const [x, y] = [(Math.max(0, box.left) + Math.min(innerWidth, box.right)) / 2, (Math.max(0, box.top) + Math.min(innerHeight, box.bottom)) / 2];
	const top = document.elementFromPoint(x, y);
	const covered = !top || !seen.some((one) => one.contains(top) || top.contains(one));
	const by = `is covered by ${top?.outerHTML.slice(0, 80)}`;
	return { html: node.outerHTML.slice(0, 120), wrong: [!outlined && 'has no outline', covered && by].filter(Boolean).join(', ') };
}

for (const where of ['/contacts', '/deals', '/tasks?status=open', 'the contact']) {
	for (const [size, viewport] of Object.entries({ wide: { width: 1440, height: 900 }, narrow: { width: 390, height: 844 } })) {
		test(`Tab comes to everything on ${where}, which shows it: ${size}`, async (t) => {
			const { owner, grace } = await company();
			const page = await visit(t, owner, where === 'the contact' ? `/contacts/${grace.id}` : where, { viewport });
			const wanted = await page.evaluate(toReach);
			const reached = [];
			const wrong = [];
			for (;;) {
				await page.keyboard.press('Tab');
				const now = await page.evaluate(look);
				if (!now || now.html === reached[0]) break;
				const part = now.html === reached.at(-1); // of a date, whose parts are the browser's
				reached.push(now.html);
				if (now.wrong && !part) wrong.push(`${now.html} ${now.wrong}`);
				assert.ok(reached.length <= wanted.length + 20, 'Tab goes round and round');
			}
			assert.deepEqual(wrong, []);
			assert.deepEqual(wanted.filter((html) => !reached.includes(html)), [], 'never reached');
		});
	}
}

test('the first Tab offers to skip the navigation', async (t) => {
	const { owner } = await company();
	const page = await visit(t, owner, '/contacts');
	await page.keyboard.press('Tab');
	assert.equal(await focused(page), 'Skip to the content');
	const skip = page.getByRole('link', { name: 'Skip to the content' });
	await until(async () => (await skip.boundingBox()).y >= 0, { what: 'its coming into sight' });
	await page.keyboard.press('Enter');
	await until(() => page.evaluate(() => document.activeElement.id === 'main'), { what: 'the focus on the content' });
	await page.keyboard.press('Tab');
	assert.ok(await page.evaluate(() => document.activeElement.closest('main')), 'and goes on from there');
});

test('a dialog opens with Enter, is next with Tab, and Escape goes back to where one was', async (t) => {
	const { owner, grace } = await company();
	const dialogs = [
		['/tasks?status=open', 'New task', 'New task'],
		[`/contacts/${grace.id}`, 'Delete Grace', 'Delete Grace?'],
		[`/contacts/${grace.id}`, 'Add', 'Add a way to reach Grace'],
		['/settings/team', 'Change Ada Agent', 'Ada Agent'],
	];
	const page = await visit(t, owner, null);
	for (const [path, opener, name] of dialogs) {
		await page.goto(path);
		await page.getByRole('button', { name: opener, exact: true }).focus();
		await page.keyboard.press('Enter');
		const dialog = page.getByRole('dialog', { name });
		await dialog.waitFor();
		await page.keyboard.press('Tab');
		assert.ok(await dialog.evaluate((node) => node.contains(document.activeElement)), `${opener}: Tab goes into it`);
		await page.keyboard.press('Escape');
		await dialog.waitFor({ state: 'hidden' });
		assert.equal(await focused(page), opener);
	}
});

test('a deal is moved with the menu of its card, and one stays with it', async (t) => {
	const { owner, deal, stages } = await company();
	const page = await visit(t, owner, '/deals');
	await tabTo(page, 'Move Compiler licence');
	await page.keyboard.press('Enter');
	await page.keyboard.press('Tab');
	assert.equal(await focused(page), 'Move to stage');
	await page.keyboard.type(stages[1].name);
	await page.keyboard.press('Tab');
	assert.equal(await focused(page), 'Move');
	await page.keyboard.press('Enter');
	await page.locator(`#column-${stages[1].id} #deal-${deal.id}`).waitFor();
	assert.equal((await owner.get(`/v1/deals/${deal.id}`)).body.stage_id, stages[1].id);
	await until(async () => (await focused(page)) === 'Move Compiler licence', { what: 'the focus on the card that was moved' });
	await page.keyboard.press('Enter');
	await page.getByLabel('Move to stage').waitFor();
	await page.keyboard.press('Escape');
	await page.getByLabel('Move to stage').waitFor({ state: 'hidden' });
});

test('on the page of a new contact or deal one can begin to type', async (t) => {
	const { owner } = await company();
	for (const [path, label] of [['/contacts/new', 'First name'], ['/deals/new', 'What is sold']]) {
		const page = await visit(t, owner, path);
		await page.keyboard.type('Analytical engine');
		assert.equal(await page.getByLabel(label).inputValue(), 'Analytical engine');
	}
});

test('contacts are selected with Space and given away with Enter', async (t) => {
	const { owner, agent, grace } = await company();
	const page = await visit(t, owner, '/contacts');
	await tabTo(page, 'Select Grace');
	await page.keyboard.press('Space');
	await page.locator('#bulk').getByText('1 selected').waitFor();
	await tabTo(page, 'New owner');
	await page.keyboard.type('Ada Agent');
	await page.keyboard.press('Tab');
	assert.equal(await focused(page), 'Assign');
	await page.keyboard.press('Enter');
	await page.locator(`#owner-${grace.id}`, { hasText: 'Ada Agent' }).waitFor();
	assert.equal((await owner.get(`/v1/contacts/${grace.id}`)).body.owner_id, agent.agent.id);
});

test('a cell is changed with Enter, and Escape takes it back', async (t) => {
	const { owner, grace } = await company();
	const page = await visit(t, owner, '/contacts');
	await tabTo(page, 'Job title of Grace');
	await page.keyboard.press('Control+a');
	await page.keyboard.type('Rear admiral');
	await Promise.all([page.waitForResponse('**/do/contacts_update'), page.keyboard.press('Enter')]);
	assert.equal((await owner.get(`/v1/contacts/${grace.id}`)).body.job_title, 'Rear admiral');
	assert.equal(await focused(page), 'Job title of Grace', 'one is still there');
	await page.waitForFunction(() => document.activeElement.defaultValue === 'Rear admiral'); // the answer is there, and the page knows it
	await page.keyboard.type('!');
	await page.keyboard.press('Escape');
	assert.equal(await page.getByLabel('Job title of Grace').inputValue(), 'Rear admiral');
});

test('an owner is chosen with keys, or left as it was', async (t) => {
	const { owner, agent, grace } = await company();
	const page = await visit(t, owner, '/contacts');
	const button = page.locator(`#owner-${grace.id}`);
	const select = page.locator(`#contact-${grace.id} select`);
	await button.focus();
	await page.keyboard.press('Enter');
	await select.waitFor();
	await page.keyboard.press('Escape');
	await page.keyboard.press('Escape'); // the first closes the list of the browser
	await select.waitFor({ state: 'detached' });
	assert.equal(await page.evaluate(() => document.activeElement.id), `owner-${grace.id}`);
	await page.keyboard.press('Enter');
	await page.keyboard.type('Ada Agent');
	await page.keyboard.press('Enter');
	await page.locator(`#owner-${grace.id}`, { hasText: 'Ada Agent' }).waitFor();
	assert.equal(await page.evaluate(() => document.activeElement.id), `owner-${grace.id}`);
	await until(async () => (await owner.get(`/v1/contacts/${grace.id}`)).body.owner_id === agent.agent.id, { what: 'its being stored' });
});

test('what to add to a history is chosen with the arrow keys', async (t) => {
	const { owner, grace } = await company();
	const page = await visit(t, owner, `/contacts/${grace.id}`);
	await tabTo(page, 'Note');
	await page.keyboard.press('ArrowRight');
	await page.getByLabel('What happened').waitFor();
	await page.keyboard.press('Tab');
	assert.equal(await focused(page), 'What happened');
});
