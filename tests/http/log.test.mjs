// log.test.mjs: how far the log of changes goes back. The file has a Muster of its own, whose cleaning (core/cleaning.c) runs when it
// starts: so what is old by then has gone.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startMuster, until } from '../harness.mjs';
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
