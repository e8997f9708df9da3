// What is about a contact or a deal goes when that is deleted, and comes back when it is restored: wherever it is listed, counted, found or
// told of, for whoever sees it. That who waits is told of it is in read_sets.test.mjs, and whoever keeps a copy in changes.test.mjs.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { database, join, signUp } from './company.mjs';

const make = async (who, path, body) => {
	const answer = await who.post(`/v1/${path}`, body);
	assert.equal(answer.status, 201, answer.text);
	return answer.body;
};
const ask = async (who, path) => {
	const answer = await who.get(path);
	assert.equal(answer.status, 200, `${path}: ${answer.text}`);
	return answer.body;
};
const page = async (who, path) => (await fetch(who.url + path, { headers: { cookie: `muster_session=${who.token}` } })).text();

let owner, agent;
before(async () => {
	owner = await signUp();
	agent = await join(owner, owner.roles.agent.id);
});

const words = { tasks: (word) => ({ title: `${word} task` }), notes: (word) => ({ body: `${word} note` }), activities: (word) => ({ summary: `${word} call` }) };
const kinds = Object.keys(words);

// What somebody sees of one task, note and activity: by every way there is, which of them.
async function seen(who, rows, word) {
	const ways = {};
	for (const kind of kinds) {
		const there = (data) => data.some(({ id }) => id === rows[kind].id);
		ways[kind] = {
			listed: there((await ask(who, `/v1/${kind}?limit=100`)).data),
			found: there((await ask(who, `/v1/${kind}?q=${word}`)).data),
			'found among all': there((await ask(who, `/v1/search?q=${word}`)).data),
			'counted among all': (await ask(who, `/v1/search?q=${word}`)).kinds.some((one) => one.kind === kind && one.count === 1),
			counted: (await ask(who, `/v1/${kind}?q=${word}&include_total=true`)).meta.total === 1,
			read: (await who.get(`/v1/${kind}/${rows[kind].id}`)).status === 200,
			...(who === owner && { edited: (await who.patch(`/v1/${kind}/${rows[kind].id}`, words[kind](word))).status === 200 }),
		};
	}
	const home = await page(who, '/');
	if (who === agent) ways.tasks['on the start page'] = home.includes(`${word} task`), ways.tasks['counted as overdue'] = home.includes('1 overdue');
	ways.activities['on the start page'] = home.includes(`${word} call`);
	return ways;
}
const all = (ways, yes) => Object.fromEntries(Object.entries(ways).map(([kind, w]) => [kind, Object.fromEntries(Object.keys(w).map((way) => [way, yes]))]));

for (const [noun, word, body] of [
	['contact', 'quagga', { last_name: 'Leaving', emails: [{ address: 'leaving@x.test' }] }],
	['deal', 'okapi', { title: 'Leaving' }],
])
	test(`what is about a ${noun} goes and comes with it, for everybody and everywhere`, async () => {
		const row = await make(owner, `${noun}s`, { ...body, owner_id: agent.agent.id });
		const subject = { object: noun, id: row.id };
		const rows = {
			tasks: await make(owner, 'tasks', { ...words.tasks(word), subject, assignee_id: agent.agent.id, due_at: '2020-01-01T00:00:00Z' }),
			notes: await make(owner, 'notes', { ...words.notes(word), subject }),
			activities: await make(owner, 'activities', { kind: 'call', ...words.activities(word), subject }),
		};
		for (const who of [owner, agent]) {
			const ways = await seen(who, rows, word);
			assert.deepEqual(ways, all(ways, true));
		}
		assert.equal((await owner.delete(`/v1/${noun}s/${row.id}`)).status, 204);
		for (const who of [owner, agent]) {
			const ways = await seen(who, rows, word);
			assert.deepEqual(ways, all(ways, false));
		}
		assert.equal((await owner.post(`/v1/${noun}s/${row.id}/restore`)).status, 200);
		for (const who of [owner, agent]) {
			const ways = await seen(who, rows, word);
			assert.deepEqual(ways, all(ways, true));
		}
		const timeline = (await ask(owner, `/v1/timeline?${noun}_id=${row.id}`)).data;
		assert.deepEqual(kinds.map((kind) => timeline.some(({ id }) => id === rows[kind].id)), [true, true, true]);
		await owner.delete(`/v1/${noun}s/${row.id}`);
	});

test('a task about nothing, and what is about a deal whose organisation is deleted, stay', async () => {
	const firm = await make(owner, 'contacts', { kind: 'organisation', name: 'Leaving Ltd' });
	const deal = await make(owner, 'deals', { title: 'Stays', organisation_id: firm.id });
	const task = await make(owner, 'tasks', { title: 'About nothing' });
	const note = await make(owner, 'notes', { body: 'Stays', subject: { object: 'deal', id: deal.id } });
	assert.equal((await owner.delete(`/v1/contacts/${firm.id}`)).status, 204);
	for (const path of [`deals/${deal.id}`, `tasks/${task.id}`, `notes/${note.id}`]) await ask(owner, `/v1/${path}`);
});

test('a task that is deleted by itself stays so when its contact comes back', async () => {
	const contact = await make(owner, 'contacts', { last_name: 'Leaving' });
	const subject = { object: 'contact', id: contact.id };
	const kept = await make(owner, 'tasks', { title: 'Kept', subject, due_at: '2030-02-01T00:00:00Z' });
	const dropped = await make(owner, 'tasks', { title: 'Dropped', subject, due_at: '2030-01-01T00:00:00Z' });
	await owner.delete(`/v1/tasks/${dropped.id}`);
	await owner.delete(`/v1/contacts/${contact.id}`);
	assert.equal((await owner.post(`/v1/tasks/${dropped.id}/restore`)).status, 404, 'not without its contact');
	const back = (await owner.post(`/v1/contacts/${contact.id}/restore`)).body;
	assert.equal(back.next_task_due_at, '2030-02-01T00:00:00Z');
	assert.equal((await owner.get(`/v1/tasks/${kept.id}`)).status, 200);
	assert.equal((await owner.get(`/v1/tasks/${dropped.id}`)).status, 404);
	assert.equal((await owner.post(`/v1/tasks/${dropped.id}/restore`)).status, 200);
});

test('a contact with very many tasks is deleted and restored whole', async () => {
	const contact = await make(owner, 'contacts', { last_name: 'Busy' });
	database(`INSERT INTO tasks (company_id, id, title, contact_id, created_at, updated_at)
		SELECT '${owner.company.id}', UUID(), CONCAT('Zebra ', seq), '${contact.id}', NOW(), NOW() FROM seq_1_to_501`);
	const total = async () => (await ask(owner, `/v1/tasks?contact_id=${contact.id}&include_total=true&limit=1`)).meta.total;
	assert.equal(await total(), 501);
	await owner.delete(`/v1/contacts/${contact.id}`);
	assert.equal(Number(database(`SELECT COUNT(*) FROM tasks WHERE contact_id = '${contact.id}' AND deleted_at IS NULL`)), 0);
	await owner.post(`/v1/contacts/${contact.id}/restore`);
	assert.equal(await total(), 501);
	assert.equal((await ask(owner, '/v1/tasks?q=zebra+501')).data.length, 1, 'and is found');
});
