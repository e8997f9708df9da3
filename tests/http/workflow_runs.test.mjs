// What one may say to a run that one started: stand still, go on, end, again. The engine itself: tests/unit/core_workflow*_test.c.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../harness.mjs';
import { database, join, signUp } from './company.mjs';
import { importFile, send } from './importing.mjs';

// An import whose run waits until it is told to go on: the server is asked to look at it tomorrow only.
async function held(who) {
	await importFile(who, 'contacts', 'First name\nAda\nBea\n');
	const [run] = (await who.get('/v1/workflow_runs')).body.data.filter((r) => r.workflow === 'imports_run');
	database(`UPDATE workflow_runs SET state = 'waiting', ended_at = NULL, wake_at = UTC_TIMESTAMP(6) + INTERVAL 1 DAY WHERE id = '${run.id}';
		UPDATE imports SET state = 'running' WHERE id = '${run.subject_id}'`);
	return run;
}

test('a run stands still, goes on and ends as it is told', async () => {
	const owner = await signUp();
	const run = await held(owner);
	const say = (what, body = {}) => owner.post(`/v1/workflow_runs/${run.id}/${what}`, body);
	assert.equal((await say('resume')).status, 409);
	assert.equal((await say('pause')).body.state, 'paused');
	assert.equal((await say('resume')).body.state, 'waiting');
	assert.equal((await say('again')).status, 409);
	assert.equal((await say('cancel')).body.state, 'cancelled');
	assert.equal((await say('cancel')).status, 409);
	const ended = await owner.get(`/v1/imports/${run.subject_id}`);
	assert.deepEqual([ended.body.state, ended.body.detail], ['failed', 'it was cancelled']);
	const failed = (await owner.get('/v1/workflow_runs')).body.data.find((r) => r.id === run.id);
	assert.equal((await say('again')).status, 409); // no step of it failed
	assert.equal((await say('again', { step_number: 0 })).body.state, 'running');
	await until(async () => (await owner.get(`/v1/imports/${run.subject_id}`)).body.state === 'done', { what: 'the import' });
	assert.equal(failed.state, 'cancelled');
});

test('the journal tells what a run has done, and who waits for it hears of each step', async () => {
	const owner = await signUp();
	const { body } = await send(owner, 'contacts', 'First name\nAda\n');
	await owner.post(`/v1/imports/${body.id}/start`, {});
	const [run] = (await owner.get('/v1/workflow_runs')).body.data.filter((r) => r.workflow === 'imports_run');
	const steps = async () => (await owner.get(`/v1/workflow_runs/${run.id}/steps`)).body.data;
	await until(async () => (await steps()).length === 1, { what: 'the step' });
	const [step] = await steps();
	assert.deepEqual([step.step_number, step.step, step.undone, step.attempts, step.error], [0, 'rows', false, 1, null]);
	assert.deepEqual((await owner.get(`/v1/workflow_runs/${run.id}/steps?after=0`)).body.data, []);
	assert.equal((await owner.get(`/v1/workflow_runs/${run.id}/steps?after=x`)).status, 400);
	// The import is done: its run would find nothing to do.
	assert.equal((await owner.post(`/v1/workflow_runs/${run.id}/again`, { step_number: 0 })).status, 409);
});

test('nobody controls a run of others, and nobody one of the program', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const stranger = await signUp();
	const run = await held(owner);
	for (const what of ['pause', 'cancel', 'again'])
		for (const who of [agent, stranger]) assert.equal((await who.post(`/v1/workflow_runs/${run.id}/${what}`, {})).status, 404);
	assert.equal((await agent.get(`/v1/workflow_runs/${run.id}/steps`)).status, 404);
	await send(owner, 'contacts', 'First name\nAda\n'); // whose file the program forgets after a week, as nobody
	const [own] = (await owner.get('/v1/workflow_runs')).body.data.filter((r) => r.workflow === 'imports_wait');
	assert.equal((await owner.post(`/v1/workflow_runs/${own.id}/cancel`, {})).status, 403);
});
