// Steps of automations that wait for something: an event, conditions to hold of the record, a date; fcgi-app/modules/automation_waits.c.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { until } from '../harness.mjs';
import { automate, draft, errorsOf, made, stepsOf } from './automating.mjs';
import { database, join, makeRole, signUp } from './company.mjs';

let owner, n = 0;
before(async () => { owner = await signUp(); });

const title = (value) => ({ do: 'set_field', field: 'job_title', value });
const contact = (members = {}) => made(owner, '/v1/contacts', { first_name: `Ann ${++n}`, ...members });
const manual = (steps, members = {}) => automate(owner, { starts: { on: 'manual' }, steps, ...members });
const start = async (automation, { id }) => (await owner.post(`/v1/automations/${automation.id}/start`, { subject_id: id })).body;
const run = async ({ id }) => (await owner.get(`/v1/workflow_runs/${id}`)).body;
const waits = (one, awaits) => until(async () => { const row = await run(one); return row.state === 'waiting' && row.step_number > 0 && row.awaits === awaits && row; }, { what: `the wait for ${awaits}` });
const over = (one) => until(async () => { const row = await run(one); return ['done', 'failed'].includes(row.state) && row; }, { what: 'the end' });
const titleOf = async ({ id }) => (await owner.get(`/v1/contacts/${id}`)).body.job_title;
// As if so much time had passed: what the run keeps says until when it waits.
const late = ({ id }) => database(`UPDATE workflow_runs SET wake_at = UTC_TIMESTAMP(6), data = JSON_SET(data, '$.until', '2020-01-01T00:00:00Z') WHERE id = '${id}'; UPDATE workflow_queues SET wake_at = UTC_TIMESTAMP(6)`);
const daysFromNow = (time) => (Date.parse(time) - Date.now()) / 86_400_000;

test('a run waits for an event, which may come before the wait, and goes another way without it', async () => {
	const automation = await manual([{ do: 'wait_for', event: 'approved', days: 2, then: [title('Yes')], else: [title('No')] }, { do: 'set_field', field: 'website', value: 'end.example' }]);
	const [ann, bob, cyd] = [await contact(), await contact(), await contact()];
	const one = await start(automation, ann);
	const row = await waits(one, 'told.approved');
	assert.ok(daysFromNow(row.wake_at) > 1.9 && daysFromNow(row.wake_at) < 2.1, row.wake_at);
	const tell = (which, body, who = owner) => who.post(`/v1/workflow_runs/${which.id}/tell`, body);
	assert.equal((await tell(one, { event: 'rejected' })).status, 200); // another one: kept, and not waited for
	assert.equal((await tell(one, { event: 'approved', payload: { by: 'Olga' } })).status, 200);
	assert.equal((await over(one)).state, 'done');
	assert.equal(await titleOf(ann), 'Yes');
	const results = (await stepsOf(owner, one)).map((line) => line.result);
	assert.deepEqual([results[1].at, results[1].output], ['/steps/0', { came: true, payload: { by: 'Olga' } }]);
	assert.equal((await tell(one, { event: 'approved' })).status, 409); // it has ended
	const two = await start(automation, bob);
	await waits(two, 'told.approved');
	late(two);
	assert.equal((await over(two)).state, 'done');
	assert.deepEqual([await titleOf(bob), (await owner.get(`/v1/contacts/${bob.id}`)).body.website], ['No', 'end.example']);
	const sleeper = await manual([{ do: 'wait', days: 1 }, { do: 'wait_for', event: 'approved', days: 2, then: [title('Early')] }]);
	const three = await start(sleeper, cyd);
	await waits(three, null);
	await tell(three, { event: 'approved' });
	late(three);
	await over(three);
	assert.equal(await titleOf(cyd), 'Early');
});

test('who may not act on the run tells it nothing', async () => {
	const automation = await manual([{ do: 'wait_for', event: 'approved', days: 2 }]);
	const one = await start(automation, await contact());
	const [stranger, viewer] = [await signUp(), await join(owner, (await makeRole(owner, { 'workflow_runs.view': 'all' })).id)];
	const tell = (who, body = { event: 'approved' }) => who.post(`/v1/workflow_runs/${one.id}/tell`, body);
	assert.equal((await tell(stranger)).status, 404);
	assert.equal((await tell(viewer)).status, 403);
	assert.equal((await tell(owner, { event: 'approved', payload: { text: 'x'.repeat(4000) } })).status, 422);
	assert.equal((await tell(owner, { event: 'geprüft' })).status, 422);
	assert.equal((await waits(one, 'told.approved')).state, 'waiting');
});

test('a run waits until conditions hold of its record, and is woken by the change', async () => {
	const automation = await manual([{ do: 'wait_for', conditions: { all: [{ field: 'last_name', is: 'not_empty' }, { field: 'website', is: 'contains', value: 'example' }] }, days: 5, then: [title('Complete')], else: [title('Given up')] }]);
	const [ann, bob, cyd] = [await contact(), await contact(), await contact({ last_name: 'Cole', website: 'c.example' })];
	const [one, two, three] = [await start(automation, ann), await start(automation, bob), await start(automation, cyd)];
	await over(three); // they hold already
	assert.equal(await titleOf(cyd), 'Complete');
	await waits(one, 'changed');
	await owner.patch(`/v1/contacts/${ann.id}`, { last_name: 'Bell' });
	await until(async () => (await stepsOf(owner, one)).length === 2, { what: 'the first look' });
	assert.equal((await waits(one, 'changed')).state, 'waiting'); // not yet
	await owner.patch(`/v1/contacts/${ann.id}`, { website: 'a.example' });
	await over(one);
	assert.equal(await titleOf(ann), 'Complete');
	await waits(two, 'changed');
	late(two);
	await over(two);
	assert.equal(await titleOf(bob), 'Given up');
});

test('a run looks again soon after its wait began, for a change that was under way then', async () => {
	const automation = await manual([{ do: 'wait_for', conditions: { field: 'birthday', is: 'not_empty' }, days: 5 }]);
	const ann = await contact();
	const one = await start(automation, ann);
	const row = await waits(one, 'changed');
	assert.ok(daysFromNow(row.wake_at) < 2 / 1440, row.wake_at);
	database(`UPDATE contacts SET birthday = '1906-12-09' WHERE id = '${ann.id}'; UPDATE workflow_runs SET wake_at = UTC_TIMESTAMP(6) WHERE id = '${one.id}'; UPDATE workflow_queues SET wake_at = UTC_TIMESTAMP(6)`);
	assert.equal((await over(one)).state, 'done');
});

test('a run waits until a date of its record, wherever that is moved, or until a fixed time', async () => {
	const at = new Date(Date.now() + 3 * 86_400_000).toISOString();
	const [fixed, dated] = [
		await manual([{ do: 'wait_until', at }, title('Then')]),
		await manual([{ do: 'wait_until', field: 'birthday', days: -2, hours: 9 }, title('Soon')]),
	];
	const ann = await contact();
	const one = await start(fixed, ann);
	assert.ok(Math.abs(Date.parse((await waits(one, null)).wake_at) - Date.parse(at)) < 1000);
	const two = await start(dated, ann);
	await waits(two, 'changed'); // no date is set
	await owner.patch(`/v1/contacts/${ann.id}`, { birthday: '2999-05-20' });
	const until9 = await until(async () => (await stepsOf(owner, two)).at(-1)?.result.input.until, { what: 'the date' });
	assert.equal(new Date(until9).toISOString(), '2999-05-18T09:00:00.000Z'); // on the company's clocks: UTC
	await owner.patch(`/v1/contacts/${ann.id}`, { birthday: '1990-05-20' });
	await over(two);
	assert.equal(await titleOf(ann), 'Soon');
	const past = await manual([{ do: 'wait_until', at: '2020-01-01T00:00:00Z' }, title('At once')]);
	await over(await start(past, ann));
	assert.equal(await titleOf(ann), 'At once');
});

test('a test of waits goes on as if what is waited for had come', async () => {
	const automation = await draft(owner, { steps: [{ do: 'wait_for', event: 'paid', hours: 1, then: [title('Paid')] }, { do: 'wait_until', field: 'birthday' }, { do: 'wait_for', conditions: { field: 'website', is: 'not_empty' }, days: 1, else: [title('Never')] }] });
	const { body } = await owner.post(`/v1/automations/${automation.id}/test`, { subject_id: (await contact()).id });
	assert.deepEqual(body.steps.map((one) => [one.at, one.what, one.refused]), [['/steps/0', 'wait_for', null], ['/steps/0/then/0', 'set_field', null], ['/steps/1', 'wait_until', null], ['/steps/2', 'wait_for', null]]);
	assert.equal(body.steps[0].input.event, 'paid');
});

test('what does not fit a wait is refused at its place', async () => {
	const condition = { field: 'kind', is: 'eq', value: 'person' };
	const answer = await owner.post('/v1/automations', { name: 'Test', object: 'contact', starts: { on: 'created' }, steps: [
		{ do: 'wait_for', days: 1 }, { do: 'wait_for', event: 'a', conditions: condition, days: 1 }, { do: 'wait_for', event: 'Paid!', days: 1 }, { do: 'wait_for', event: 'paid' },
		{ do: 'wait_for', conditions: { field: 'nothing', is: 'empty' }, days: 1, then: [{ do: 'dance' }] },
		{ do: 'wait_until' }, { do: 'wait_until', field: 'kind' }, { do: 'wait_until', at: '2027-01-01T00:00:00Z', days: 1 }, { do: 'wait_until', field: 'birthday', days: -4000 },
	] });
	assert.deepEqual(errorsOf(answer).toSorted(), [
		['/steps/0/event', 'required'], ['/steps/1/event', 'required'], ['/steps/2/event', 'format'], ['/steps/3/days', 'required'],
		['/steps/4/conditions/field', 'choice'], ['/steps/4/then/0/do', 'choice'],
		['/steps/5/at', 'required'], ['/steps/6/field', 'choice'], ['/steps/7/days', 'invalid'], ['/steps/8/days', 'range'],
	].toSorted(), answer.text);
});
