// What a company has done by itself: what starts it, what it does and as whom, and that no loop runs away. What a draft would do, and
// runs that are started by hand: automations_trial.test.mjs.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../harness.mjs';
import { automate, draft, ended, errorsOf, made, runsOf, stepsOf, turnOn } from './automating.mjs';
import { database, join, makeRole, makeTeam, signUp } from './company.mjs';

const setIndustry = (value) => ({ do: 'set_field', field: 'job_title', value });

test('what is created starts a run, in which steps are done one after the other', async () => {
	const owner = await signUp();
	const tag = await made(owner, '/v1/tags', { name: 'New' });
	const automation = await automate(owner, {
		conditions: { all: [{ field: 'kind', is: 'eq', value: 'person' }, { any: [{ field: 'emails', is: 'contains', value: '@EXAMPLE.' }, { field: 'website', is: 'not_empty' }] }] },
		steps: [
			{ do: 'add_tag', tag_id: tag.id },
			{ do: 'set_field', field: 'job_title', value: 'Lead' },
			{ do: 'create_task', title: 'Call {{first_name}} & {{last_name}}', kind: 'call', priority: 'high', due_in_days: 2 },
		],
	});
	assert.deepEqual([automation.state, automation.version_number, automation.agent_id], ['on', 1, owner.agent.id]);
	await made(owner, '/v1/contacts', { kind: 'organisation', name: 'Example', website: 'example.com' });
	await made(owner, '/v1/contacts', { first_name: 'No', last_name: 'Mail' });
	const ada = await made(owner, '/v1/contacts', { first_name: "Ada", last_name: "O'Neil", emails: [{ address: 'ada@example.org' }] });
	const [run, ...more] = await ended(owner, automation);
	assert.deepEqual(more, []);
	assert.deepEqual([run.state, run.subject_id, run.workflow, run.chain, run.agent_id], ['done', ada.id, 'automation', 0, owner.agent.id]);
	const contact = (await owner.get(`/v1/contacts/${ada.id}`)).body;
	assert.deepEqual([contact.tags.map((one) => one.name), contact.job_title], [['New'], 'Lead']);
	const [task] = (await owner.get(`/v1/tasks?subject_id=${ada.id}`.replace('subject_id', 'contact_id'))).body.data;
	assert.deepEqual([task.title, task.kind, task.priority, task.assignee_id, task.subject], ["Call Ada & O'Neil", 'call', 'high', owner.agent.id, { object: 'contact', id: ada.id }]);
	const days = (Date.parse(task.due_at) - Date.now()) / 86_400_000;
	assert.ok(days > 1.9 && days < 2.1, `${days} days`);
	const steps = await stepsOf(owner, run);
	assert.deepEqual(steps.map((one) => [one.result.at, one.result.do]), [['/steps/0', 'add_tag'], ['/steps/1', 'set_field'], ['/steps/2', 'create_task']]);
	assert.deepEqual(steps[1].result.input, { job_title: 'Lead' });
	assert.equal(steps[2].result.output.id, task.id);
});

test('a change starts a run when the field went from one value to the other', async () => {
	const owner = await signUp();
	const automation = await automate(owner, {
		starts: { on: 'changed', field: 'job_title', from: null, to: 'Boss' },
		steps: [{ do: 'set_field', field: 'website', value: 'boss.example' }],
	});
	const ann = await made(owner, '/v1/contacts', { first_name: 'Ann' });
	const change = (members) => owner.patch(`/v1/contacts/${ann.id}`, members);
	await change({ last_name: 'Bell' });
	await change({ job_title: 'Clerk' });
	await change({ job_title: 'Boss' }); // not from nothing
	await change({ job_title: null });
	await change({ job_title: 'Boss', last_name: 'Cole' });
	await ended(owner, automation);
	await change({ job_title: 'Boss', last_name: 'Dale' }); // is it already
	assert.equal((await ended(owner, automation)).length, 1);
	assert.equal((await owner.get(`/v1/contacts/${ann.id}`)).body.website, 'boss.example');
});

test('a deal that enters a stage starts a run, made there or moved there', async () => {
	const owner = await signUp();
	const [first, second] = (await owner.get('/v1/stages?sort=position')).body.data;
	const automation = await automate(owner, {
		object: 'deal',
		starts: { on: 'stage_entered', stage_id: second.id },
		conditions: { field: 'amount', is: 'gt', value: { amount: '1000.00', currency: 'EUR' } },
		steps: [{ do: 'set_field', field: 'product', value: 'Seats' }, { do: 'set_field', field: 'stage_id', value: first.id }],
	});
	const deal = (title, amount, stage) => made(owner, '/v1/deals', { title, amount: { amount, currency: 'EUR' }, stage_id: stage.id });
	await deal('Small', '1000.00', second);
	const moved = await deal('Moved', '1000.01', first);
	const there = await deal('There', '2000.00', second);
	await owner.post(`/v1/deals/${moved.id}/move`, { stage_id: second.id });
	const runs = await ended(owner, automation, 2);
	assert.deepEqual(runs.map((run) => run.subject_id).toSorted(), [moved.id, there.id].toSorted());
	for (const { id } of [moved, there]) {
		const row = (await owner.get(`/v1/deals/${id}`)).body;
		assert.deepEqual([row.product, row.stage_id], ['Seats', first.id]);
	}
});

test('a branch goes one way, a wait keeps the run, and stop ends it', async () => {
	const owner = await signUp();
	const automation = await automate(owner, {
		steps: [
			{
				do: 'branch',
				conditions: { field: 'first_name', is: 'in', value: ['Änn', 'Bob'] },
				then: [setIndustry('Known'), { do: 'wait', days: 3 }],
				else: [setIndustry('Unknown'), { do: 'stop' }],
			},
			{ do: 'set_field', field: 'website', value: 'end.example' },
		],
	});
	const ann = await made(owner, '/v1/contacts', { first_name: 'ann' });
	const cyd = await made(owner, '/v1/contacts', { first_name: 'Cyd' });
	const runOf = async ({ id }) => (await runsOf(owner, automation)).find((run) => run.subject_id === id);
	await until(async () => (await runOf(cyd))?.state === 'done' && (await runOf(ann))?.state === 'waiting', { what: 'both ways' });
	const fields = async ({ id }) => { const row = (await owner.get(`/v1/contacts/${id}`)).body; return [row.job_title, row.website]; };
	assert.deepEqual(await fields(cyd), ['Unknown', null]);
	assert.deepEqual(await fields(ann), ['Known', null]);
	const waiting = await runOf(ann);
	const days = (Date.parse(waiting.wake_at) - Date.now()) / 86_400_000;
	assert.ok(days > 2.9 && days < 3.1, `${days} days`);
	database(`UPDATE workflow_runs SET wake_at = UTC_TIMESTAMP(6) WHERE id = '${waiting.id}'; UPDATE workflow_queues SET wake_at = UTC_TIMESTAMP(6)`);
	await until(async () => (await fields(ann))[1] === 'end.example', { what: 'the step after the wait' });
});

test('work is given to one after the other, or to who has least', async () => {
	const owner = await signUp();
	const team = await makeTeam(owner);
	const [ada, bea] = [await join(owner, owner.roles.agent.id, { team_ids: [team.id] }), await join(owner, owner.roles.agent.id, { team_ids: [team.id] })];
	const turns = await automate(owner, { object: 'deal', steps: [{ do: 'assign', how: 'round_robin', team_id: team.id }] });
	const least = await automate(owner, { object: 'task', steps: [{ do: 'assign', how: 'least_busy', agent_ids: [ada.agent.id, bea.agent.id] }] });
	for (const title of ['One', 'Two', 'Three', 'Four']) {
		await made(owner, '/v1/deals', { title });
		await ended(owner, turns);
	}
	const deals = (await owner.get('/v1/deals')).body.data.map((deal) => deal.owner_id);
	assert.deepEqual(deals.filter((id) => id === ada.agent.id).length, 2);
	assert.deepEqual(deals.filter((id) => id === bea.agent.id).length, 2);
	await made(ada, '/v1/deals', { title: 'Five' });
	await ended(owner, turns, 5);
	const busy = (await owner.get(`/v1/deals?owner_id=${ada.agent.id}`)).body.data.length > 2 ? ada : bea;
	const task = await made(owner, '/v1/tasks', { title: 'Help' });
	await ended(owner, least);
	assert.equal((await owner.get(`/v1/tasks/${task.id}`)).body.assignee_id, (busy === ada ? bea : ada).agent.id);
});

test('it acts with the power of whoever turned it on, as that is now', async () => {
	const owner = await signUp();
	const power = { 'automations.view': 'all', 'automations.edit': 'all', 'automations.create': 'all', 'contacts.view': 'all', 'contacts.edit': 'own', 'workflow_runs.view': 'own' };
	const role = await makeRole(owner, power);
	const builder = await join(owner, role.id);
	const automation = await automate(builder, { steps: [setIndustry('Seen')] });
	const contact = await made(owner, '/v1/contacts', { first_name: 'Ann' });
	const [run] = await ended(owner, automation);
	assert.deepEqual([run.state, run.last_error], ['failed', 'you may see this contact but not do this to it']);
	assert.equal((await owner.get(`/v1/contacts/${contact.id}`)).body.job_title, null);
	// More power, and the step that failed again.
	await owner.put(`/v1/roles/${role.id}/permissions`, { permissions: { ...power, 'contacts.edit': 'all' } });
	await owner.post(`/v1/workflow_runs/${run.id}/again`, {});
	await until(async () => (await runsOf(owner, automation))[0].state === 'done', { what: 'the run' });
	await owner.patch(`/v1/agents/${builder.agent.id}`, { status: 'suspended' });
	await made(owner, '/v1/contacts', { first_name: 'Bob' });
	const runs = await ended(owner, automation, 2);
	assert.deepEqual([runs[0].state, runs[0].last_error], ['failed', 'on whose behalf this is done may not log in any more, or the key is gone']);
});

test('what whoever turned it on cannot see starts no run, which would tell that it is there', async () => {
	const owner = await signUp();
	const role = await makeRole(owner, { 'automations.view': 'all', 'automations.edit': 'all', 'automations.create': 'all', 'contacts.view': 'team', 'workflow_runs.view': 'own' });
	const team = await makeTeam(owner);
	const [spy, mate] = [await join(owner, role.id, { team_ids: [team.id] }), await join(owner, owner.roles.agent.id, { team_ids: [team.id] })];
	const automation = await automate(spy, { conditions: { field: 'last_name', is: 'eq', value: 'Secret' }, steps: [{ do: 'stop' }] });
	const witness = await automate(owner, { conditions: { field: 'last_name', is: 'eq', value: 'Secret' }, steps: [{ do: 'stop' }] });
	await made(owner, '/v1/contacts', { first_name: 'Ann', last_name: 'Secret' });
	const theirs = await made(owner, '/v1/contacts', { first_name: 'Bob', last_name: 'Secret', owner_id: mate.agent.id });
	assert.equal((await ended(owner, witness, 2)).length, 2);
	assert.deepEqual((await ended(spy, automation)).map((run) => [run.subject_id, run.state]), [[theirs.id, 'done']]);
});

test('what a run did with a record is read by who sees the record', async () => {
	const owner = await signUp();
	const team = await makeTeam(owner);
	await owner.patch(`/v1/agents/${owner.agent.id}`, { team_ids: [team.id] });
	const leader = await join(owner, owner.roles.team_leader.id, { team_ids: [team.id] });
	const stranger = await join(owner, owner.roles.agent.id);
	const automation = await automate(owner, { steps: [{ do: 'create_task', title: 'Call {{first_name}}' }] });
	await made(owner, '/v1/contacts', { first_name: 'Seen' });
	await made(owner, '/v1/contacts', { first_name: 'Unseen', owner_id: stranger.agent.id });
	const runs = await ended(owner, automation, 2);
	const told = async (who) => (await Promise.all(runs.map((run) => stepsOf(who, run)))).map(([step]) => step.result?.input.title ?? null);
	assert.deepEqual((await told(owner)).sort(), ['Call Seen', 'Call Unseen']);
	assert.deepEqual((await told(leader)).sort(), ['Call Seen', null]);
});

test('what is off, paused or deleted starts nothing; a run keeps the version with which it began', async () => {
	const owner = await signUp();
	const automation = await draft(owner, { steps: [{ do: 'wait', days: 1 }, setIndustry('One')] });
	await made(owner, '/v1/contacts', { first_name: 'Before' });
	await turnOn(owner, automation);
	const ann = await made(owner, '/v1/contacts', { first_name: 'Ann' });
	const changed = await owner.patch(`/v1/automations/${automation.id}`, { steps: [setIndustry('Two')] });
	assert.deepEqual([changed.body.state, changed.body.version_number], ['on', 1]); // a draft, until it is turned on again
	assert.equal((await turnOn(owner, automation)).version_number, 2);
	assert.equal((await turnOn(owner, automation)).version_number, 2); // says the same
	const versions = (await owner.get(`/v1/automation_versions?automation_id=${automation.id}`)).body.data;
	assert.deepEqual(versions.map((one) => [one.number, one.steps.length]), [[2, 1], [1, 2]]);
	const bob = await made(owner, '/v1/contacts', { first_name: 'Bob' });
	const title = async ({ id }) => (await owner.get(`/v1/contacts/${id}`)).body.job_title;
	await until(async () => await title(bob) === 'Two', { what: 'the second version' });
	database(`UPDATE workflow_runs SET wake_at = UTC_TIMESTAMP(6) WHERE automation_id = '${automation.id}' AND state = 'waiting'; UPDATE workflow_queues SET wake_at = UTC_TIMESTAMP(6)`);
	await until(async () => await title(ann) === 'One', { what: 'the first version' });
	assert.equal((await owner.post(`/v1/automations/${automation.id}/pause`)).body.state, 'paused');
	assert.equal((await owner.post(`/v1/automations/${automation.id}/pause`)).status, 409);
	await made(owner, '/v1/contacts', { first_name: 'Cyd' });
	await turnOn(owner, automation);
	assert.equal((await owner.delete(`/v1/automations/${automation.id}`)).status, 204);
	await made(owner, '/v1/contacts', { first_name: 'Dan' });
	assert.equal((await owner.post(`/v1/automations/${automation.id}/restore`)).body.state, 'paused');
	await made(owner, '/v1/contacts', { first_name: 'Eve' });
	assert.equal((await runsOf(owner, automation)).length, 2);
	assert.deepEqual(database(`SELECT triggers FROM companies WHERE id = '${owner.company.id}'`), [['0']]);
});

test('runs that start each other come to an end, which is told', async () => {
	const owner = await signUp();
	const flip = (from, to) => automate(owner, { starts: { on: 'changed', field: 'job_title', to: from }, steps: [setIndustry(to)] });
	const [ping, pong] = [await flip('Ping', 'Pong'), await flip('Pong', 'Ping')];
	const ann = await made(owner, '/v1/contacts', { first_name: 'Ann' });
	await owner.patch(`/v1/contacts/${ann.id}`, { job_title: 'Ping' });
	const refused = await until(async () => {
		const rows = (await owner.get('/v1/automations')).body.data.filter((one) => one.refusal);
		return rows.length && rows;
	}, { what: 'the refusal' });
	assert.deepEqual(refused.map((one) => [one.id, one.refusal]), [[pong.id, '5 runs had started each other by what they changed']]);
	const chains = [...await ended(owner, ping, 3), ...await ended(owner, pong, 2)].map((run) => run.chain);
	assert.deepEqual(chains.toSorted(), [0, 1, 2, 3, 4]);
	assert.equal((await turnOn(owner, pong)).refusal, null);
});

test('an automation runs so often for a record, and a company has so many runs, within an hour', async () => {
	const owner = await signUp();
	const automation = await automate(owner, { starts: { on: 'changed', field: 'job_title' }, steps: [{ do: 'stop' }] });
	const ann = await made(owner, '/v1/contacts', { first_name: 'Ann' });
	for (let i = 0; i < 11; i++) await owner.patch(`/v1/contacts/${ann.id}`, { job_title: `Job ${i}` });
	assert.equal((await ended(owner, automation, 10)).length, 10);
	const refusal = async () => (await owner.get(`/v1/automations/${automation.id}`)).body.refusal;
	assert.equal(await refusal(), 'it had run 10 times for one record within an hour');
	await turnOn(owner, automation);
	database(`INSERT INTO workflow_runs (company_id, id, workflow, definition, lane, state, step, automation_id, created_at, updated_at, ended_at)
		SELECT '${owner.company.id}', UUID(), 'automation', 1, 'inside', 'done', 'act', '${automation.id}', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) FROM seq_1_to_990`);
	const bob = await made(owner, '/v1/contacts', { first_name: 'Bob' });
	await owner.patch(`/v1/contacts/${bob.id}`, { job_title: 'Boss' });
	assert.equal(await refusal(), 'the automations of the company had run 1000 times within an hour');
	// A mutation of many rows says it once.
	await turnOn(owner, automation);
	const many = [bob, ...await Promise.all([1, 2].map((i) => made(owner, '/v1/contacts', { first_name: `C${i}` })))];
	const { version } = (await owner.post('/v1/contacts/batch', { items: many.map(({ id }) => ({ id, job_title: 'Chief' })) })).body;
	assert.deepEqual(database(`SELECT COUNT(*) FROM changes WHERE company_id = '${owner.company.id}' AND version = ${version} AND object = 'automations'`), [['1']]);
});

test('what does not fit is refused at its place', async () => {
	const owner = await signUp();
	const stranger = await signUp();
	const tag = await made(stranger, '/v1/tags', { name: 'Theirs' });
	const refused = async (members, expected) => {
		const answer = await owner.post('/v1/automations', { name: 'Test', object: 'contact', starts: { on: 'created' }, ...members });
		assert.ok([400, 422].includes(answer.status), answer.text);
		assert.deepEqual(errorsOf(answer), expected, answer.text);
	};
	await refused({ starts: { on: 'never' } }, [['/starts/on', 'choice']]);
	await refused({ starts: { on: 'created', field: 'kind' } }, [['/starts/field', 'unknown_field']]);
	await refused({ starts: { on: 'changed', field: 'nothing' } }, [['/starts/field', 'choice']]);
	await refused({ starts: { on: 'changed', field: 'kind', to: 'robot' } }, [['/starts/to', 'choice']]);
	await refused({ starts: { on: 'stage_entered', stage_id: tag.id } }, [['/starts/on', 'choice']]);
	await refused({ conditions: { all: [{ field: 'employees', is: 'gt', value: 'many' }, { field: 'first_name', is: 'gt', value: 'A' }] } },
		[['/conditions/all/0/value', 'type'], ['/conditions/all/1/is', 'choice']]);
	await refused({ conditions: { field: 'source_id', is: 'eq', value: tag.id } }, [['/conditions/value', 'not_found']]);
	await refused({ conditions: { all: [], any: [] } }, [['/conditions/all', 'type']]);
	await refused({ steps: [{ do: 'dance' }] }, [['/steps/0/do', 'choice']]);
	await refused({ steps: [{ do: 'add_tag', tag_id: tag.id }] }, [['/steps/0/tag_id', 'not_found']]);
	await refused({ steps: [{ do: 'set_field', field: 'full_name', value: 'X' }, { do: 'set_field', field: 'birthday', value: 'soon' }] },
		[['/steps/0/field', 'choice'], ['/steps/1/value', 'type']]);
	await refused({ steps: [{ do: 'create_task', title: '{{password}}' }, { do: 'create_task', title: '{{#open' }] }, [['/steps/0/title', 'invalid'], ['/steps/1/title', 'invalid']]);
	await refused({ steps: [{ do: 'assign', how: 'round_robin' }] }, [['/steps/0/team_id', 'required']]);
	await refused({ steps: [{ do: 'wait' }] }, [['/steps/0/days', 'required']]);
	await refused({ steps: [{ do: 'branch', conditions: { field: 'kind', is: 'eq', value: 'person' }, then: [{ do: 'wait', days: -1 }] }] }, [['/steps/0/then/0/days', 'range']]);
	await refused({ steps: Array(51).fill({ do: 'stop' }) }, [['/steps', 'range']]);
	const nested = (n) => ({ do: 'branch', conditions: { field: 'kind', is: 'empty' }, then: n ? [nested(n - 1)] : [] });
	assert.equal((await owner.post('/v1/automations', { name: 'Deep', object: 'contact', starts: { on: 'created' }, steps: [nested(5)] })).status, 201);
	await refused({ steps: [nested(6)] }, [['/steps/0/then/0/then/0/then/0/then/0/then/0/then', 'range']]);
	const empty = await draft(owner, {});
	assert.deepEqual(errorsOf(await owner.post(`/v1/automations/${empty.id}/turn_on`)), [['/steps', 'required']]);
});
