// task_reminders.mjs: a mail before a task is due, for whoever wants it; fcgi-app/modules/task_reminders.c. The mail of the morning is in
// ../outbox.test.mjs.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { until } from '../../harness.mjs';
import { parts, sharedSmtp, subjectOf } from '../smtp.mjs';

let smtp, sql, owner;
const made = async (answer, status = 201) => {
	const a = await answer;
	assert.equal(a.status, status, a.text);
	return a.body;
};
before(async () => {
	({ sql } = smtp = await sharedSmtp());
	owner = await smtp.signUp('Task Ltd', 'tilda@muster.test');
});

const runsOf = (id) => sql(`SELECT id, state, TIMESTAMPDIFF(MINUTE, UTC_TIMESTAMP(6), wake_at) FROM workflow_runs WHERE workflow = 'task_reminder' AND subject_id = '${id}' ORDER BY created_at`);
const inHours = (hours) => new Date(Date.now() + hours * 3_600_000).toISOString();
const task = (title, hours, more = {}) => made(owner.post('/v1/tasks', { title, due_at: inHours(hours), assignee_id: owner.agent.id, ...more }));
const remind = (reminder) => made(owner.patch('/v1/me/notices', { reminder }), 200);
// All runs of the task are due; they have ended.
async function wake(id) {
	smtp.wake(`workflow = 'task_reminder' AND subject_id = '${id}'`);
	await until(() => runsOf(id).every(([, state]) => state === 'done'), { what: 'the end of its runs' });
	return smtp.mailsOf(owner.company);
}

test('nobody is reminded who does not want it; who begins to want it is, also of what is there', async () => {
	const { id } = await task('Call Ann', 5);
	assert.deepEqual(runsOf(id), []);
	await remind(30);
	const [run] = runsOf(id);
	assert.ok(Math.abs(run[2] - 269) <= 1, run[2]);
	const mails = await wake(id);
	assert.equal(mails.length, 1);
	assert.match(subjectOf(mails[0]), /^At \d\d:\d\d: Call Ann$/);
	assert.match(parts(mails[0].text)[0], /^At \d\d:\d\d: Call Ann\r$/m);
	assert.match(mails[0].text, /^List-Unsubscribe-Post: /m);
});

test('of all the runs that were started for a task one reminds of it', async () => {
	const { id } = await task('Moved', 5);
	for (const hours of [6, 7, 5]) await made(owner.patch(`/v1/tasks/${id}`, { due_at: inHours(hours) }), 200);
	await made(owner.patch(`/v1/tasks/${id}`, { title: 'Moved and called otherwise' }), 200);
	assert.equal(runsOf(id).length, 4);
	const mails = await wake(id);
	assert.deepEqual(mails.map((mail) => subjectOf(mail).slice(10)), ['Moved and called otherwise']);
});

test('of what is done, gone, another\'s or late nobody is reminded', async () => {
	const done = await task('Done', 5), gone = await task('Gone', 5), given = await task('Given away', 5), late = await task('Late', -1);
	await made(owner.post(`/v1/tasks/${done.id}/complete`, {}), 200);
	await made(owner.delete(`/v1/tasks/${gone.id}`), 204);
	await made(owner.patch(`/v1/tasks/${given.id}`, { assignee_id: null }), 200);
	assert.deepEqual(runsOf(late.id), []);
	for (const { id } of [done, gone, given]) assert.deepEqual(await wake(id), []);
	await made(owner.post(`/v1/tasks/${done.id}/reopen`, {}), 200);
	assert.equal((await wake(done.id)).length, 1);
});

test('whoever stops to want it is not reminded of what was waiting', async () => {
	const { id } = await task('No more', 5);
	await remind(0);
	assert.deepEqual(await wake(id), []);
	for (const wrong of [-1, 1441]) await made(owner.patch('/v1/me/notices', { reminder: wrong }), 422);
});
