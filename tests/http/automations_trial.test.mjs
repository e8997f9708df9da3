// What a draft would do with a record, and runs that are started by hand.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../harness.mjs';
import { database, join, makeRole, signUp } from './company.mjs';

const made = async (who, path, body) => (await who.post(path, body)).body;
const draft = (who, members) => made(who, '/v1/automations', { name: 'Test', object: 'contact', starts: { on: 'created' }, ...members });
const nothingSince = (company) => database(`SELECT (SELECT version FROM version_counters WHERE company_id = '${company}' AND topic = ''),
	(SELECT COUNT(*) FROM tasks WHERE company_id = '${company}'), (SELECT turn FROM automation_turns WHERE company_id = '${company}')`);

test('a test tells what would be done with a record, and changes nothing', async () => {
	const owner = await signUp();
	const automation = await draft(owner, {
		conditions: { any: [{ field: 'last_name', is: 'eq', value: 'bell' }, { field: 'job_title', is: 'not_empty' }] },
		steps: [
			{ do: 'set_field', field: 'job_title', value: 'Lead' },
			{ do: 'branch', conditions: { field: 'job_title', is: 'eq', value: 'lead' }, then: [{ do: 'wait', days: 2 }, { do: 'create_task', title: 'Call {{job_title}} {{full_name}}' }] },
			{ do: 'assign', how: 'round_robin', agent_ids: [owner.agent.id] },
			{ do: 'stop' },
			{ do: 'create_task', title: 'Never' },
		],
	});
	const ann = await made(owner, '/v1/contacts', { first_name: 'Ann', last_name: 'Bell' });
	const before = nothingSince(owner.company.id);
	const { body } = await owner.post(`/v1/automations/${automation.id}/test`, { subject_id: ann.id });
	assert.equal(body.matches, true);
	assert.deepEqual(body.conditions, [
		{ at: '/conditions/any/0', field: 'last_name', is: 'eq', text: 'Last name is bell', holds: true },
		{ at: '/conditions/any/1', field: 'job_title', is: 'not_empty', text: 'Job title is not empty', holds: false },
	]);
	assert.deepEqual(body.steps.map((one) => [one.at, one.what, one.refused]), [
		['/steps/0', 'set_field', null], ['/steps/1', 'branch', null], ['/steps/1/then/0', 'wait', null], ['/steps/1/then/1', 'create_task', null],
		['/steps/2', 'assign', null], ['/steps/3', 'stop', null],
	]);
	assert.equal(body.steps[3].input.title, 'Call Lead Ann Bell');
	assert.equal((await owner.get(`/v1/contacts/${ann.id}`)).body.job_title, null);
	assert.deepEqual(nothingSince(owner.company.id), before);
	await owner.patch(`/v1/contacts/${ann.id}`, { last_name: 'Cole' });
	const other = (await owner.post(`/v1/automations/${automation.id}/test`, { subject_id: ann.id })).body;
	assert.deepEqual([other.matches, other.steps], [false, []]);
});

test('a test tells at which step the run would fail', async () => {
	const owner = await signUp();
	const builder = await join(owner, (await makeRole(owner, { 'automations.view': 'all', 'automations.edit': 'all', 'contacts.view': 'all', 'tasks.create': 'own' })).id);
	const automation = await draft(owner, { steps: [{ do: 'create_task', title: 'Mine', assignee_id: builder.agent.id }, { do: 'set_field', field: 'job_title', value: 'Lead' }, { do: 'stop' }] });
	const ann = await made(owner, '/v1/contacts', { first_name: 'Ann' });
	const { body } = await builder.post(`/v1/automations/${automation.id}/test`, { subject_id: ann.id });
	assert.deepEqual(body.steps.map((one) => one.refused), [null, 'your role does not have the permission contacts.edit']);
	const stranger = await signUp();
	const theirs = await made(stranger, '/v1/contacts', { first_name: 'Bob' });
	assert.equal((await owner.post(`/v1/automations/${automation.id}/test`, { subject_id: theirs.id })).status, 422);
});

test('who may start it by hand does so for a record, and it acts as whoever turned it on', async () => {
	const owner = await signUp();
	const starter = await join(owner, (await makeRole(owner, { 'automations.start': 'all', 'automations.view': 'all', 'contacts.view': 'all' })).id);
	const automation = await draft(owner, { starts: { on: 'manual' }, conditions: { field: 'kind', is: 'eq', value: 'person' }, steps: [{ do: 'set_field', field: 'job_title', value: 'Lead' }] });
	const ann = await made(owner, '/v1/contacts', { first_name: 'Ann' });
	const acme = await made(owner, '/v1/contacts', { kind: 'organisation', name: 'Acme' });
	const start = (who, { id }) => who.post(`/v1/automations/${automation.id}/start`, { subject_id: id });
	assert.equal((await start(starter, ann)).status, 409); // not on
	await owner.post(`/v1/automations/${automation.id}/turn_on`);
	assert.equal((await start(starter, acme)).status, 409);
	assert.equal((await start(await join(owner, owner.roles.agent.id), ann)).status, 403);
	const started = await start(starter, ann);
	assert.equal(started.status, 202, started.text);
	assert.equal(started.headers.get('location'), `/v1/workflow_runs/${started.body.id}`);
	await until(async () => (await owner.get(`/v1/contacts/${ann.id}`)).body.job_title === 'Lead', { what: 'the step' });
	assert.equal((await owner.get(`/v1/workflow_runs/${started.body.id}`)).body.automation_id, automation.id);
});
