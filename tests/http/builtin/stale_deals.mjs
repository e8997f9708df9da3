// stale_deals.mjs: who works on a deal with which nothing happens is told once; fcgi-app/modules/stale_deals.c.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { root, until } from '../../harness.mjs';
import { parts, sharedSmtp } from '../smtp.mjs';

let smtp, sql, owner;
const made = async (answer, status = 201) => {
	const a = await answer;
	assert.equal(a.status, status, a.text);
	return a.body;
};
before(async () => {
	({ sql } = smtp = await sharedSmtp());
	owner = await smtp.signUp('Stale Ltd', 'stella@muster.test');
});

// The schedule is due now. Gives the mails: the titles in each.
async function morning() {
	const runs = () => Number(sql(`SELECT COUNT(*) FROM workflow_runs WHERE workflow = 'stale_deals' AND state = 'done' AND company_id = '${owner.company.id}'`)[0][0]);
	const before = runs();
	sql(`UPDATE workflow_schedules s JOIN workflow_runs r ON r.id = s.run_id SET s.due_at = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND, r.wake_at = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND
		WHERE s.name = 'stale_deals' AND s.company_id = '${owner.company.id}'; UPDATE workflow_queues SET wake_at = UTC_TIMESTAMP(6)`);
	await until(() => runs() === before + 1, { what: 'the run' });
	return (await smtp.mailsOf(owner.company)).map((mail) => [...parts(mail.text)[0].matchAll(/^- (.*)\r$/mg)].map(([, title]) => title).sort());
}
const deal = async (title, days, { status = 'open', owner_id } = {}) => {
	const { id } = await made(owner.post('/v1/deals', { title, ...(owner_id !== undefined && { owner_id }) }));
	sql(`UPDATE deals SET updated_at = UTC_TIMESTAMP(6) - INTERVAL ${days} DAY, status = '${status}' WHERE id = '${id}'`);
	return id;
};
// Time goes on by so many days, for deals and for what was told of them.
const pass = (days) => {
	const ours = `WHERE company_id = '${owner.company.id}'`;
	sql(`UPDATE deals SET updated_at = updated_at - INTERVAL ${days} DAY ${ours}; UPDATE activities SET occurred_at = occurred_at - INTERVAL ${days} DAY ${ours};
		UPDATE notes SET created_at = created_at - INTERVAL ${days} DAY ${ours}; UPDATE companies SET stale_told_until = stale_told_until - INTERVAL ${days} DAY ${ours}`);
};
const call = (id) => made(owner.post('/v1/activities', { kind: 'call', summary: 'A call', subject: { object: 'deal', id } }));

test('an open deal is told once when it becomes stale, and again when it moved and became so anew', async () => {
	const still = await deal('Stands still', 15);
	await deal('Moved lately', 3);
	await deal('Was won', 20, { status: 'won' });
	await deal('Is nobody\'s', 20, { owner_id: null });
	await call(await deal('Was called about', 20));
	const noted = await deal('Was noted', 20);
	await made(owner.post('/v1/notes', { body: 'A note', subject: { object: 'deal', id: noted } }));
	assert.deepEqual(await morning(), [['Stands still']]);
	assert.deepEqual(await morning(), []);
	pass(12);
	assert.deepEqual(await morning(), [['Moved lately']]);
	pass(3); // what was called about, and noted, 15 days ago
	assert.deepEqual(await morning(), [['Was called about', 'Was noted']]);
	await call(still);
	assert.deepEqual(await morning(), []);
	pass(13);
	assert.deepEqual(await morning(), []);
	pass(2);
	assert.deepEqual(await morning(), [['Stands still']]);
});

test('after how many days is the company\'s to say, also never; and each may want no such mails', async () => {
	await made(owner.patch('/v1/company', { stale_days: 0 }), 200);
	pass(30);
	await deal('Seven', 8);
	assert.deepEqual(await morning(), []);
	for (const stale_days of [-1, 366]) await made(owner.patch('/v1/company', { stale_days }), 422);
	await made(owner.patch('/v1/me/notices', { stale_deals: false }), 200);
	await made(owner.patch('/v1/company', { stale_days: 7 }), 200);
	assert.deepEqual(await morning(), []);
	await made(owner.patch('/v1/me/notices', { stale_deals: true }), 200);
	assert.deepEqual(await morning(), []); // its time is over
	await deal('Told at last', 0);
	pass(8);
	assert.deepEqual(await morning(), [['Told at last']]);
});

test('what has happened in a time is read by ranges of indexes', () => {
	const some = (date) => `SELECT '${owner.company.id}', UUID(), id, ${date}, NOW(6), NOW(6)`;
	const from = "FROM (SELECT id FROM deals WHERE company_id = '" + owner.company.id + "' LIMIT 1) d JOIN seq_1_to_2000";
	sql(`INSERT INTO activities (company_id, id, deal_id, occurred_at, created_at, updated_at, kind, summary) ${some('NOW(6) - INTERVAL seq HOUR')}, 'call', 'A call' ${from};
		INSERT INTO notes (company_id, id, deal_id, created_at, updated_at, body) SELECT '${owner.company.id}', UUID(), id, NOW(6) - INTERVAL seq HOUR, NOW(6), 'A note' ${from}; ANALYZE TABLE activities, notes`);
	const query = readFileSync(join(root, 'sql/query/stale_deals.sql'), 'utf8').split('-- name: ')[1].replace(/^(owners.*|--.*)$/gm, '');
	const asked = query.replaceAll(':company', `'${owner.company.id}'`).replaceAll(':from', "'2020-01-01'").replaceAll(':until', "'2020-01-02'").replaceAll(':after', 'NULL');
	const plan = Object.fromEntries(sql(`EXPLAIN ${asked}`).map((row) => [row[2], [row[3], row[5]]]));
	assert.deepEqual([plan.u, plan.v, plan.n], [['range', 'deals_by_update'], ['range', 'activities_by_time'], ['range', 'notes_by_time']]);
});
