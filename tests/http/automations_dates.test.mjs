// Automations that start when a date of a record comes; fcgi-app/modules/automation_dates.c.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { until } from '../harness.mjs';
import { automate, ended, errorsOf, made, runsOf, turnOn } from './automating.mjs';
import { database, signUp } from './company.mjs';

let owner;
beforeEach(async () => { owner = await signUp(); }); // whose dates are those of one test

const soon = (ms) => new Date(Date.now() + ms).toISOString();
const DAY = 86_400_000;
const task = (due_at, members = {}) => made(owner, '/v1/tasks', { title: 'Call', due_at, ...members });
const onDue = (members = {}) => automate(owner, { object: 'task', starts: { on: 'date', field: 'due_at' }, steps: [{ do: 'set_field', field: 'priority', value: 'high' }], ...members });
const subjects = async (automation) => (await runsOf(owner, automation)).map((run) => run.subject_id).toSorted();
const sleeper = ({ id }) => database(`SELECT id, wake_at, state FROM workflow_runs WHERE subject_id = '${id}' AND workflow = 'automation_dates' AND ended_at IS NULL`);
const asleep = (automation) => until(() => { const [row] = sleeper(automation); return row?.[2] === 'waiting' && row; }, { what: 'the sleep' });
const wake = ({ id }) => database(`UPDATE workflow_runs SET wake_at = UTC_TIMESTAMP(6) WHERE subject_id = '${id}' AND workflow = 'automation_dates' AND ended_at IS NULL; UPDATE workflow_queues SET wake_at = UTC_TIMESTAMP(6)`);
const looked = async (automation) => { // it has looked since
	const number = () => Number(database(`SELECT step_number FROM workflow_runs WHERE subject_id = '${automation.id}' AND workflow = 'automation_dates' AND ended_at IS NULL`)[0][0]);
	const was = number();
	wake(automation);
	await until(() => number() > was, { what: 'a look' });
	return asleep(automation);
};
// As if its date had come now; it was far away when it was written, so no slow machine is late.
const come = (automation, { id }) => { database(`UPDATE tasks SET due_at = UTC_TIMESTAMP(6) WHERE id = '${id}'`); wake(automation); };
const off = ({ id }) => owner.post(`/v1/automations/${id}/pause`);

test('a run starts when the date comes, once for each date of a record', async () => {
	await task(soon(-1000)); // came before
	const automation = await onDue({ conditions: { field: 'kind', is: 'eq', value: 'call' } });
	await asleep(automation);
	const far = await task(soon(20 * DAY), { kind: 'call' });
	const [one, other] = [await task(soon(3000), { kind: 'call' }), await task(soon(2900), { kind: 'todo' })];
	const [run] = await ended(owner, automation);
	assert.deepEqual([run.state, run.subject_id, run.chain], ['done', one.id, 0]);
	assert.equal((await owner.get(`/v1/tasks/${one.id}`)).body.priority, 'high');
	assert.equal((await owner.get(`/v1/tasks/${other.id}`)).body.priority, 'normal');
	await looked(automation);
	await owner.patch(`/v1/tasks/${one.id}`, { title: 'Call again' }); // not its date
	await owner.patch(`/v1/tasks/${one.id}`, { due_at: soon(-5000) }); // a date that has passed
	await owner.patch(`/v1/tasks/${far.id}`, { due_at: soon(30 * DAY) });
	await looked(automation);
	assert.deepEqual(await subjects(automation), [one.id]);
	await owner.patch(`/v1/tasks/${one.id}`, { due_at: soon(2 * DAY) });
	come(automation, one);
	await ended(owner, automation, 2);
	assert.deepEqual(await subjects(automation), [one.id, one.id]);
});

test('what came while nothing ran is caught up, all of it and once', async () => {
	const automation = await onDue();
	const tasks = [];
	for (let i = 0; i < 23; i++) tasks.push(await task(soon((20 + i % 2) * DAY)));
	const [, at] = await asleep(automation);
	assert.ok(Date.parse(`${at.replace(' ', 'T')}Z`) - Date.now() <= DAY); // its clocks may change
	// As if those days had passed for all of them: the place stays before their dates.
	database(`UPDATE tasks SET due_at = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND WHERE id IN (${tasks.map(({ id }) => `'${id}'`)});
		UPDATE workflow_runs SET data = JSON_SET(data, '$.passed', ${(Date.now() - DAY) * 1000}) WHERE id = '${sleeper(automation)[0][0]}'`);
	await looked(automation);
	const count = () => database(`SELECT COUNT(*), COUNT(DISTINCT subject_id) FROM workflow_runs WHERE automation_id = '${automation.id}'`)[0];
	await until(() => count()[0] === '23', { what: 'all of them' });
	await looked(automation);
	assert.deepEqual(count(), ['23', '23']);
});

test('a day comes at midnight on the company\'s clocks, and an offset moves it', async () => {
	await until(() => DAY - Date.now() % DAY > 15_000, { ms: 20_000, what: 'a day that does not end meanwhile' });
	const automation = await automate(owner, { object: 'deal', starts: { on: 'date', field: 'expected_close_on', days: -3 }, steps: [{ do: 'set_field', field: 'product', value: 'Soon' }] });
	await asleep(automation);
	const midnight = new Date(Math.ceil(Date.now() / DAY) * DAY);
	const day = (days) => new Date(midnight.getTime() + days * DAY).toISOString().slice(0, 10);
	const tomorrow = await made(owner, '/v1/deals', { title: 'Tomorrow', expected_close_on: day(3) });
	await made(owner, '/v1/deals', { title: 'Too late', expected_close_on: day(-5) });
	await until(() => Math.abs(Date.parse(`${sleeper(automation)[0][1].replace(' ', 'T')}Z`) - midnight) < 1000, { what: 'the sleep until midnight' });
	assert.deepEqual(await subjects(automation), []);
	await owner.patch('/v1/company', { time_zone: 'Pacific/Kiritimati' }); // fourteen hours ahead, where it may be tomorrow
	database(`UPDATE workflow_runs SET data = JSON_SET(data, '$.passed', JSON_VALUE(data, '$.passed') - 2) WHERE id = '${sleeper(automation)[0][0]}';
		UPDATE deals SET expected_close_on = UTC_DATE() + INTERVAL 3 DAY WHERE id = '${tomorrow.id}'`);
	await looked(automation);
	await ended(owner, automation);
	assert.deepEqual(await subjects(automation), [tomorrow.id]);
});

test('a birthday comes each year, in each of them once; a day of closing comes once', async () => {
	await until(() => DAY - Date.now() % DAY > 15_000, { ms: 20_000, what: 'a day that does not end meanwhile' });
	await owner.patch('/v1/company', { time_zone: 'UTC' });
	const automation = await automate(owner, { starts: { on: 'date', field: 'birthday' }, steps: [{ do: 'stop' }] });
	const closed = await automate(owner, { object: 'deal', starts: { on: 'date', field: 'closed_on', days: 30 }, steps: [{ do: 'stop' }] });
	await asleep(automation);
	const [today, tomorrow] = [0, 1].map((days) => new Date(Date.now() + days * DAY).toISOString().slice(0, 10));
	const born = (day) => made(owner, '/v1/contacts', { first_name: 'Ann', birthday: day });
	const [ann, leap] = [await born(`1992${today.slice(4)}`), await born('2000-02-29')];
	await born(`1992${tomorrow.slice(4)}`);
	await until(() => Math.abs(Date.parse(`${sleeper(automation)[0][1].replace(' ', 'T')}Z`) - Date.parse(tomorrow)) < 1000, { what: 'the sleep until tomorrow' });
	await looked(automation);
	assert.deepEqual(await subjects(automation), []); // today had begun when it was turned on
	const place = (which, value) => database(`UPDATE workflow_runs SET data = JSON_SET(data, '$.passed', ${value}, '$.last', 'ffffffff-ffff-ffff-ffff-ffffffffffff') WHERE id = '${sleeper(which)[0][0]}'`);
	const number = Number(today.replaceAll('-', ''));
	place(automation, number - 1);
	await looked(automation);
	await looked(automation);
	assert.deepEqual(await subjects(automation), [ann.id]);
	place(automation, number - 10000); // as if it were a year later
	await looked(automation);
	assert.equal((await subjects(automation)).filter((id) => id === ann.id).length, 2);
	assert.equal((await subjects(automation)).filter((id) => id === leap.id).length, 1); // in a year without that day, too
	const deal = await made(owner, '/v1/deals', { title: 'Won' });
	database(`UPDATE deals SET status = 'won', closed_on = UTC_DATE() - INTERVAL 30 DAY WHERE id = '${deal.id}'`);
	place(closed, "JSON_VALUE(data, '$.passed') - 1");
	await looked(closed);
	assert.deepEqual(await subjects(closed), [deal.id]);
});

test('what is paused looks at no dates, and does not come back to those that came meanwhile', async () => {
	const automation = await onDue();
	await asleep(automation);
	await off(automation);
	assert.deepEqual(sleeper(automation), []);
	const early = await task(soon(100));
	await until(() => Date.now() > Date.parse(early.due_at), { what: 'its date' });
	await turnOn(owner, automation);
	await asleep(automation);
	assert.equal(sleeper(automation).length, 1);
	await turnOn(owner, automation); // says the same
	assert.equal(sleeper(automation).length, 1);
	const late = await task(soon(2 * DAY));
	come(automation, late);
	await ended(owner, automation);
	assert.deepEqual(await subjects(automation), [late.id]);
	await owner.delete(`/v1/automations/${automation.id}`);
	wake(automation);
	await until(() => !sleeper(automation).length, { what: 'its end' });
});

test('when the hour of the company is full, dates wait instead of being lost', async () => {
	const automation = await onDue();
	await asleep(automation);
	database(`INSERT INTO workflow_runs (company_id, id, workflow, definition, lane, state, step, automation_id, created_at, updated_at, ended_at)
		SELECT '${owner.company.id}', UUID(), 'automation', 1, 'inside', 'done', 'full', '${automation.id}', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) FROM seq_1_to_1000`);
	const one = await task(soon(2 * DAY));
	come(automation, one);
	const refusal = async () => (await owner.get(`/v1/automations/${automation.id}`)).body.refusal;
	assert.equal(await until(refusal, { what: 'the refusal' }), 'the automations of the company had run 1000 times within an hour');
	await asleep(automation);
	database(`DELETE FROM workflow_runs WHERE step = 'full' AND automation_id = '${automation.id}'`);
	wake(automation);
	await ended(owner, automation);
	assert.deepEqual(await subjects(automation), [one.id]);
});

test('a date that is none is refused at its place', async () => {
	const refused = async (starts, expected) => assert.deepEqual(errorsOf(await owner.post('/v1/automations', { name: 'Test', object: 'task', starts: { on: 'date', ...starts } })), expected);
	await refused({}, [['/starts/field', 'required']]);
	await refused({ field: 'title' }, [['/starts/field', 'choice']]);
	await refused({ field: 'done_at' }, [['/starts/field', 'choice']]);
	await refused({ field: 'due_at', days: 5000, hours: 24 }, [['/starts/days', 'range'], ['/starts/hours', 'range']]);
});
