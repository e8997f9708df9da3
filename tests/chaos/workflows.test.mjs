// workflows.test.mjs: runs that go outside while the processes that do them are killed again and again, and while leases are taken from
// those that live: every run ends, each effect in the database is there once, and each effect outside at least once and with one key.
// RUNS and KILLS make it longer: RUNS=2000 KILLS=200 node --test tests/chaos/workflows.test.mjs

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { sleep, startMuster, until } from '../harness.mjs';
import { database, signUp } from '../http/company.mjs';

const RUNS = Number(process.env.RUNS ?? 150), KILLS = Number(process.env.KILLS ?? 10);
let muster, receiver, owner;
const came = new Map(); // webhook-id -> bodies

before(async () => {
	receiver = createServer((request, response) => {
		let body = '';
		request.on('data', (part) => (body += part)).on('end', () => {
			const id = request.headers['webhook-id'];
			const bodies = came.get(id) ?? came.set(id, []).get(id);
			bodies.push(body);
			// Every third fails the first time; every fifth takes its time, so that it can be killed while it is outside.
			const nth = came.size, answer = () => response.writeHead(nth % 3 === 0 && bodies.length === 1 ? 503 : 204).end();
			if (nth % 5 === 0) setTimeout(answer, 300);
			else answer();
		});
	});
	await new Promise((ready) => receiver.listen(0, '127.0.0.1', ready));
	muster = await startMuster({ empty: true, env: { MUSTER_PRIVATE_WEBHOOKS: 'on' } });
	process.env.MUSTER_TEST_URL = muster.url;
	process.env.MUSTER_TEST_DATA = muster.dataDir;
	owner = await signUp();
});
after(async () => {
	await muster?.stop();
	receiver.closeAllConnections();
	await new Promise((done) => receiver.close(done));
});

function child(name) {
	const pid = muster.pid('muster');
	const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
	return children.map(Number).find((one) => {
		try {
			return readFileSync(`/proc/${one}/comm`, 'utf8').trim() === name;
		} catch {
			return false;
		}
	});
}

const left = () => Number(database("SELECT COUNT(*) FROM workflow_runs WHERE workflow = 'webhook_send' AND ended_at IS NULL")[0][0]);
// Pauses are over, and leases too: of who was killed, and of who lives and loses its run by that.
const hurry = () => database(`UPDATE workflow_runs SET wake_at = LEAST(wake_at, UTC_TIMESTAMP(6)), lease_until = IF(lease_until IS NULL, NULL, wake_at)
	WHERE workflow = 'webhook_send' AND ended_at IS NULL; UPDATE workflow_queues SET wake_at = UTC_TIMESTAMP(6)`);

test('runs that are killed while they are outside end once, with one key for what they did there', async (t) => {
	const answer = await owner.post('/v1/webhooks', { url: `http://127.0.0.1:${receiver.address().port}/`, events: ['source.created'] });
	assert.equal(answer.status, 201, answer.text);
	const sources = [];
	let kills = 0;
	const killing = (async () => {
		while (kills < KILLS) {
			await sleep(250); // no event to wait for: it dies wherever it has got to
			const pid = child('muster-jobs');
			if (!pid) continue;
			process.kill(pid, 'SIGKILL');
			kills++;
			hurry();
		}
	})();
	for (let i = 0; i < RUNS; i++) {
		const made = await owner.post('/v1/sources', { name: `Source ${i}` });
		assert.equal(made.status, 201, made.text);
		sources.push(made.body.id);
	}
	await killing;
	await until(() => {
		if (!left()) return true;
		hurry();
		return false;
	}, { ms: 60_000 + 100 * RUNS, every: 1000, what: 'the end of all runs' });
	t.diagnostic(`${kills} kills, ${[...came.values()].flat().length} requests for ${RUNS} runs`);
	assert.deepEqual(database("SELECT state, COUNT(*) FROM workflow_runs WHERE workflow = 'webhook_send' GROUP BY state"), [['done', String(RUNS)]]);
	assert.deepEqual(database('SELECT state, COUNT(*) FROM webhook_deliveries GROUP BY state'), [['delivered', String(RUNS)]]);
	// The journal has each step that was done once, and what was noted of it with it.
	assert.deepEqual(database("SELECT COUNT(*) FROM webhook_deliveries d JOIN workflow_runs r ON r.subject_id = d.id WHERE d.tries <> r.step_number"), [['0']]);
	// One key for each effect, which says the same each time.
	assert.equal(came.size, RUNS);
	for (const bodies of came.values()) assert.equal(new Set(bodies).size, 1);
	assert.deepEqual([...came.values()].map(([body]) => JSON.parse(body).data.id).sort(), sources.sort());
});
