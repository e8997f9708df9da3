// log.test.mjs: how far the log of changes goes back, and what else goes by itself. The file has a Muster of its own, whose cleaning
// (core/cleaning.c) runs when it starts: so what is old by then has gone.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startMuster, until } from '../harness.mjs';
import { automate, made } from './automating.mjs';
import { database, signUp } from './company.mjs';

let muster;
before(async () => {
	muster = await startMuster({ empty: true, env: { MUSTER_LOG_DAYS: '30' } });
	process.env.MUSTER_TEST_URL = muster.url;
	process.env.MUSTER_TEST_DATA = muster.dataDir;
});
after(() => muster?.stop());

const version = async (who) => (await who.get('/v1/contacts?limit=1')).body.version;

test('the log forgets what is older than the setting says, tells who asks for it, and keeps what a timeline shows', async () => {
	const owner = await signUp();
	const since = await version(owner);
	const contact = (await owner.post('/v1/contacts', { first_name: 'A' })).body;
	await owner.patch(`/v1/contacts/${contact.id}`, { job_title: 'B' });
	await owner.patch(`/v1/contacts/${contact.id}`, { owner_id: null });
	const old = await version(owner);
	const { id: deal } = (await owner.post('/v1/deals', { title: 'D' })).body;
	await owner.delete(`/v1/deals/${deal}`);
	await owner.post(`/v1/deals/${deal}/restore`);
	const timelines = async () => [
		(await owner.get(`/v1/timeline?contact_id=${contact.id}`)).body.data,
		(await owner.get(`/v1/timeline?deal_id=${deal}`)).body.data,
	];
	const aged = (to, days) => database(`UPDATE changes SET created_at = created_at - INTERVAL ${days} DAY
		WHERE company_id = '${owner.company.id}' AND version <= ${to}`);
	aged(old, 31);
	const before = await timelines();
	assert.ok(before[0].length >= 2 && before[1].length >= 3, JSON.stringify(before));
	const recent = (await owner.get(`/v1/changes?since=${old}`)).body;

	await muster.restart();
	const gone = await until(async () => {
		const answer = await owner.get(`/v1/changes?since=${since}`);
		return answer.status === 410 && answer;
	});
	assert.equal(gone.body.version, await version(owner));
	assert.equal((await owner.get(`/v1/changes?since=${old - 1}`)).status, 410, 'also where the timeline still has a row');
	assert.deepEqual((await owner.get(`/v1/changes?since=${old}`)).body, recent);
	assert.deepEqual(await timelines(), before);
	const [[rows]] = database(`SELECT COUNT(*) FROM changes WHERE company_id = '${owner.company.id}' AND version <= ${old}
		AND (object NOT IN ('contacts', 'deals') OR fields LIKE '%job_title%')`);
	assert.equal(rows, '0');
});

test('what a run was told and nobody asked for goes after a month; that runs wait for changes is known as long as one does', async () => {
	const [one, other] = [await signUp(), await signUp()];
	const triggers = (who) => Number(database(`SELECT triggers FROM companies WHERE id = '${who.company.id}'`)[0][0]);
	const waiting = async (who) => {
		const contact = await made(who, '/v1/contacts', { first_name: 'Ann' });
		const automation = await automate(who, { starts: { on: 'manual' }, steps: [{ do: 'wait_for', conditions: { field: 'job_title', is: 'not_empty' }, days: 5 }, { do: 'wait_for', event: 'now', days: 5 }] });
		assert.equal(triggers(who), 0);
		const { body } = await who.post(`/v1/automations/${automation.id}/start`, { subject_id: contact.id });
		const row = () => who.get(`/v1/workflow_runs/${body.id}`).then((answer) => answer.body);
		await until(async () => (await row()).awaits === 'changed');
		return { id: body.id, contact, row };
	};
	const [waits, over] = [await waiting(one), await waiting(other)];
	assert.deepEqual([triggers(one), triggers(other)], [512, 512]);
	for (const event of ['old', 'old', 'new']) assert.equal((await one.post(`/v1/workflow_runs/${waits.id}/tell`, { event })).status, 200);
	database(`UPDATE workflow_events SET created_at = created_at - INTERVAL 31 DAY WHERE name = 'told.old'`);
	await other.post(`/v1/workflow_runs/${over.id}/cancel`);

	await muster.restart();
	await until(() => triggers(other) === 0, { what: 'the cleaning' });
	await until(() => database(`SELECT name FROM workflow_events WHERE run_id = '${waits.id}'`).flat().join() === 'told.new', { what: 'the cleaning of events' });
	assert.equal(triggers(one), 512);
	await one.patch(`/v1/contacts/${waits.contact.id}`, { job_title: 'Boss' });
	await until(async () => (await waits.row()).awaits === 'told.now');
	// What a run waits for by now stays, however old.
	await one.post(`/v1/workflow_runs/${waits.id}/pause`);
	await one.post(`/v1/workflow_runs/${waits.id}/tell`, { event: 'now' });
	database(`UPDATE workflow_events SET created_at = created_at - INTERVAL 31 DAY WHERE name = 'told.now'`);
	await muster.restart();
	await until(() => triggers(one) === 0, { what: 'the cleaning' });
	await one.post(`/v1/workflow_runs/${waits.id}/resume`);
	assert.equal((await until(async () => { const row = await waits.row(); return row.state === 'done' && row; })).last_error, null);
	assert.equal(JSON.parse(database(`SELECT result FROM workflow_steps WHERE run_id = '${waits.id}' ORDER BY step_number DESC LIMIT 1`)[0][0]).output.came, true);
});
