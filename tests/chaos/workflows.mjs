// workflows.mjs: chains of steps (chain.c) while jobs processes, web workers and MariaDB are killed, leases are taken from those that live, and
// a new release takes over in the middle; then everything must have come to its end once. The choices follow from the seed: which run does
// what, after which run something is killed, what, and how long after. Run by itself (tests/chaos/run workflows) it is the long one:
//   workflows.mjs [RUNS [KILLS [SEED]]]

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { api, build, root, sleep, until } from '../harness.mjs';
import { signUp } from '../http/company.mjs';
import { children, startAll } from '../live/machines.mjs';
import { chance } from '../live/world.mjs';

const HOUR = 3_600_000;

// What each run is to do. `told` is when its event comes after its start, in milliseconds: 0 is long before it waits for it.
function plansFor(seed, runs) {
	return Array.from({ length: runs }, (_, number) => {
		const luck = chance(seed, `run ${number}`);
		const told = luck.is(0.8) ? luck.any([0, 200, 1500]) : undefined;
		return { number, company: luck.below(2), pause_ms: luck.below(1500), told, limit_ms: told === undefined ? 300 : HOUR, fails: luck.is(0.15),
			cancelled: luck.is(0.1) ? luck.below(2000) : undefined, event: luck.id(), key: `run ${number} of ${seed}` };
	});
}

// Each kind comes first once, and then as often as it is likely.
function killsFor(seed, kills, pause, theft) {
	const luck = chance(seed, 'kills');
	return Array.from({ length: kills }, (_, i) => {
		const at = luck.next();
		const kind = ['jobs', 'database', 'worker'][i] ?? (at < 0.65 ? 'jobs' : at < 0.85 ? 'worker' : 'database');
		return { kind, after: pause * (0.5 + luck.next()), thieves: luck.is(theft) };
	});
}

// Who is asked by the runs and by the webhooks: `came` has the bodies by key. What it does with one follows from the key's first body.
async function startReceiver() {
	const came = new Map();
	const server = createServer((request, response) => {
		let body = '';
		request.on('data', (part) => (body += part)).on('end', () => {
			const key = request.headers['webhook-id'] ?? request.headers['chain-key'];
			const bodies = came.get(key) ?? came.set(key, []).get(key), luck = chance(key, 'receiver');
			bodies.push(body);
			const refused = luck.is(0.3) && bodies.length === 1, slow = luck.is(0.2), lost = luck.is(0.1) && bodies.length === 1;
			const answer = () => (lost ? request.socket.destroy() : response.writeHead(refused ? 503 : 204).end());
			if (slow) setTimeout(answer, 300); // so that it can be killed while it is outside
			else answer();
		});
	});
	await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
	return { came, url: `http://127.0.0.1:${server.address().port}/`, stop: () => (server.closeAllConnections(), new Promise((done) => server.close(done))) };
}

// A folder for each machine, in which another release can take the place of the one that is there.
function makeFolders(machines) {
	return Array.from({ length: machines }, () => {
		const folder = mkdtempSync('/tmp/muster-build.');
		copyFileSync(join(build, 'muster_chain1'), join(folder, 'muster'));
		cpSync(join(build, 'static'), join(folder, 'static'), { recursive: true });
		return folder;
	});
}
async function deploy(machine, folder) {
	const old = children(machine.pid());
	copyFileSync(join(build, 'muster_chain2'), join(folder, 'muster.next'));
	renameSync(join(folder, 'muster.next'), join(folder, 'muster'));
	process.kill(machine.pid(), 'SIGHUP');
	await until(() => !old.some((pid) => existsSync(`/proc/${pid}`)), { ms: 150_000, every: 100, what: 'the end of the old release' });
}

// A request that has its answer whatever is killed meanwhile: sent again with its key it is the same request.
async function say(who, path, body, key) {
	return until(async () => {
		const answer = await who.post(path, body, { 'idempotency-key': key }).catch(() => undefined);
		return answer?.status < 500 && !(answer.status === 409 && /in_progress/.test(answer.text)) && answer;
	}, { ms: 60_000, every: 50, what: `an answer of ${path}` });
}

// Which definitions the doctor of a release finds on their way, and what it thinks of them.
function definitions(program, { database, machines: [machine] }) {
	const { stdout } = spawnSync(join(build, program), ['doctor'], { encoding: 'utf8', env: { ...process.env, MUSTER_DATABASE_URL: database.url,
		MUSTER_RUN_DIR: join(machine.dataDir, 'run'), MUSTER_DATA_DIR: machine.dataDir, MUSTER_TEMPLATES_DIR: join(root, 'templates'), MUSTER_STATIC_DIR: join(build, 'static') } });
	return [...stdout.matchAll(/^(ok|FAIL) +workflow +chain, definition (\d)/gm)].map(([, good, number]) => `${number} ${good}`).join(', ');
}

const OURS = "workflow IN ('chain', 'chain_child', 'webhook_send')";

// The whole: `runs` are started while `kills` are made; `pause` ms or so are between what is started and the next kill. `theft` is the share
// of kills after which leases are over at once, also of who lives. Gives what was counted.
export async function workflows({ seed, runs, kills, machines = 1, pause = 1500, theft = 0.5, tell = () => {} }) {
	const plans = plansFor(seed, runs), deaths = killsFor(seed, kills, pause, theft), held = [plans[0], plans.at(-1)];
	// Their event comes last; and the last is started by the new release.
	for (const plan of held) Object.assign(plan, { held: true, told: 0, limit_ms: HOUR, fails: false, cancelled: undefined });
	const receiver = await startReceiver(), folders = makeFolders(machines), counts = { runs, jobs: 0, worker: 0, database: 0 };
	let all, began, started = 0, killed = 0, updated = false, over = false;
	const query = (sql) => until(() => all.database.query(sql).catch(() => false), { ms: 60_000, what: sql });
	const sofar = () => ((Date.now() - began) / 1000).toFixed(1);

	// Pauses after a failure are over, and, if `thieves`, also leases.
	const hurry = (thieves) => query(`UPDATE workflow_runs SET wake_at = LEAST(wake_at, UTC_TIMESTAMP(6)), lease_until = IF(lease_until IS NULL OR ${!thieves}, lease_until, wake_at)
		WHERE ended_at IS NULL AND ${OURS} AND (attempts > 0 OR lease_until IS NOT NULL OR workflow = 'webhook_send');
		UPDATE workflow_queues SET wake_at = UTC_TIMESTAMP(6)`);

	async function start(plan, owners) {
		const { number, pause_ms, limit_ms, fails, key } = plan, who = owners[plan.company][number % machines];
		await until(() => over || (killed >= (number * kills) / runs - 1 && (updated || plan !== held[1])), { ms: HOUR });
		const answer = await say(who, '/v1/chains', { number, pause_ms, limit_ms, fails, url: receiver.url }, key);
		assert.equal(answer.status, 201, answer.text);
		plan.id = answer.body.id;
		started++;
	}
	async function speak(plan, owners) {
		const who = owners[plan.company][(plan.number + 1) % machines];
		const go = async () => {
			await sleep(plan.told);
			const answer = await say(who, `/v1/chains/${plan.id}/go`, { event: plan.event }, `${plan.key} go`);
			assert.ok(answer.status === 200 || (answer.status === 409 && plan.cancelled !== undefined), answer.text);
		};
		const cancel = async () => {
			await sleep(plan.cancelled);
			const answer = await say(who, `/v1/workflow_runs/${plan.id}/cancel`, {}, `${plan.key} cancel`);
			assert.ok(answer.status === 200 || answer.status === 409, answer.text);
			plan.ended = answer.status === 200 ? 'cancelled' : undefined;
		};
		await Promise.all([plan.told !== undefined && !plan.held && go(), plan.cancelled !== undefined && cancel()]);
	}
	async function startAllOf(owners) {
		const rest = plans.values(), spoken = [];
		await Promise.all(Array.from({ length: 4 }, async () => {
			for (const plan of rest) {
				await start(plan, owners);
				spoken.push(speak(plan, owners));
			}
		}));
		await Promise.all(spoken);
	}
	async function kill() {
		for (const { kind, after, thieves } of deaths) {
			await until(() => over || started >= Math.floor((killed * runs) / kills), { ms: HOUR });
			await sleep(after);
			if (over) return;
			const luck = chance(seed, `victim ${killed}`);
			await until(async () => /^kill/.test(await all.faults[kind](luck.any)), { ms: 60_000, what: `a ${kind} to kill` });
			if (thieves) await hurry(true);
			counts[kind]++;
			if (++killed % 20 === 0) tell(`${sofar()} s: ${started} runs, ${killed} kills`);
		}
	}
	async function update() {
		for (const [i, folder] of folders.entries()) {
			await until(() => over || started >= (runs * (i + 1)) / (machines + 1), { ms: HOUR });
			if (over) return;
			await deploy(all.machines[i], folder);
			tell(`${sofar()} s: the new release on machine ${i + 1}, after ${started} runs`);
		}
		updated = true;
		const says = (program, what) => until(() => over || definitions(program, all) === what, { ms: 60_000, every: 500, what: `${program} saying ${what}` });
		await says('muster_chain2', '1 ok, 2 ok');
		await says('muster_chain1', '1 ok, 2 FAIL');
	}
	const left = async () => Number((await query(`SELECT COUNT(*) FROM workflow_runs WHERE ended_at IS NULL AND ${OURS}`))[0][0]);

	try {
		all = await startAll(machines, (i) => ({ BUILD_DIR: folders[i], MUSTER_PRIVATE_WEBHOOKS: 'on' }));
		began = Date.now();
		process.env.MUSTER_TEST_URL = all.machines[0].url;
		await query('CREATE TABLE IF NOT EXISTS chain_effects (run UUID, number INT, step VARCHAR(60), definition INT, KEY (run, number))');
		const owners = [];
		for (let i = 0; i < 2; i++) {
			const { token, ...owner } = await signUp({ name: `Company ${i}` });
			const answer = await owner.post('/v1/webhooks', { url: receiver.url, events: ['source.created'] });
			assert.equal(answer.status, 201, answer.text);
			owners.push(all.machines.map(({ url }) => api(url, token)));
		}
		await Promise.all([startAllOf(owners), kill(), update()]);
		tell(`${sofar()} s: ${started} runs were started and ${killed} kills made`);
		for (const plan of held) await speak(Object.assign(plan, { held: false }), owners);
		const calm = Date.now();
		await hurry(theft === 1);
		// From here on the leases of the dead end by themselves. However busy the machine is: nothing is stuck while steps are done.
		const steps = async () => (await query('SELECT COUNT(*) FROM workflow_steps'))[0][0];
		for (let before; await left(); )
			await until(async () => (await hurry(false), before !== (before = await steps())) || !(await left()), { ms: 60_000, every: 500, what: 'another step' });
		Object.assign(counts, { seconds: Number(sofar()), calm: (Date.now() - calm) / 1000, ...(await check(plans, query, receiver.came)) });
		assert.equal(definitions('muster_chain2', all), '');
		return counts;
	} catch (error) {
		const rows = await all?.database.query(`SELECT workflow, definition, state, step, awaits, attempts, last_error, wake_at, lease_until, COUNT(*), MIN(id) FROM workflow_runs
			WHERE ${OURS} GROUP BY 1, 2, 3, 4, 5, 6, 7 LIMIT 30`).catch(() => []) ?? [];
		throw new Error(`SEED=${seed} ${JSON.stringify({ runs, kills, machines })}: ${error.message}\n${rows.map((row) => row.join(' ')).join('\n')}`, { cause: error });
	} finally {
		over = true;
		await all?.stop();
		await receiver.stop();
		for (const folder of folders) rmSync(folder, { recursive: true });
	}
}

// What must be true at the end.
async function check(plans, query, came) {
	const rows = await query(`SELECT r.id, JSON_VALUE(r.input, '$.number'), r.definition, r.state, GROUP_CONCAT(IF(s.undone, '-', ''), IF(s.error IS NULL, '', '!'), s.step ORDER BY s.step_number SEPARATOR ' ')
		FROM workflow_runs r LEFT JOIN workflow_steps s ON s.company_id = r.company_id AND s.run_id = r.id WHERE r.workflow = 'chain' AND r.parent_id IS NULL GROUP BY r.company_id, r.id`);
	assert.equal(rows.length, plans.length, 'each run was started once');
	const found = new Map(rows.map(([id, number, definition, state, steps]) => [id, { number: Number(number), definition, state, steps }]));
	for (const plan of plans) {
		const run = found.get(plan.id), way = `begin${run?.definition === '2' ? ' between' : ''} call went joined`;
		assert.equal(run?.number, plan.number);
		assert.equal(run.state, plan.ended ?? (plan.fails ? 'failed' : 'done'), `run ${plan.number}: ${run.steps}`);
		if (run.state === 'done') assert.equal(run.steps, `${way} last`);
		if (run.state === 'failed') assert.equal(run.steps, `${way} !last -begin`);
		if (run.state === 'cancelled') assert.ok(`${way} last`.startsWith(run.steps.replace(/ ?(null|-begin)$/i, '')), run.steps);
	}
	assert.deepEqual([found.get(plans[0].id).definition, found.get(plans.at(-1).id).definition], ['1', '2']);
	// Of the parts, those that were done are told by their steps.
	const parts = await query(`SELECT DISTINCT GROUP_CONCAT(s.step ORDER BY s.step_number SEPARATOR ' ') FROM workflow_runs r JOIN workflow_steps s ON s.company_id = r.company_id AND s.run_id = r.id
		WHERE r.parent_id IS NOT NULL AND r.state = 'done' GROUP BY r.company_id, r.id`);
	assert.deepEqual(parts.flat().sort(), ['child', 'left', 'right right right']);
	// The journal and the effects are the same.
	assert.deepEqual(await query('SELECT run, number, step, COUNT(*) FROM chain_effects GROUP BY 1, 2, 3 HAVING COUNT(*) > 1'), [], 'effects that are there twice');
	const journal = `SELECT s.run_id, s.step_number, s.step, r.definition FROM workflow_runs r JOIN workflow_steps s ON s.company_id = r.company_id AND s.run_id = r.id
		WHERE r.workflow IN ('chain', 'chain_child') AND s.undone = 0 AND s.error IS NULL`;
	const lines = `${journal} UNION ALL ${journal.replace('s.step,', "CONCAT('-', s.step),")} AND s.undone_by IS NOT NULL`;
	assert.deepEqual(await query(`(${lines}) EXCEPT SELECT run, number, step, definition FROM chain_effects`), [], 'steps without their effect');
	assert.deepEqual(await query(`SELECT run, number, step, definition FROM chain_effects EXCEPT (${lines})`), [], 'effects without their step');
	// Outside: each at least once, and by one key, which says the same each time.
	const calls = await query(`SELECT CONCAT(s.run_id, '/', s.step_number) FROM workflow_steps s WHERE s.step = 'call' AND s.error IS NULL`);
	for (const [key] of calls) assert.ok(came.has(key), `nobody was asked for ${key}`);
	const deliveries = await query('SELECT id, state FROM webhook_deliveries'), done = [...found.values()].filter(({ state }) => state === 'done').length;
	assert.deepEqual(deliveries.filter(([, state]) => state !== 'delivered'), []);
	assert.equal(deliveries.length, done);
	for (const [id] of deliveries) assert.ok(came.has(id), `nobody was told ${id}`);
	const keys = [...came.keys()].map((key) => key.split('/')[0]);
	assert.equal(new Set(keys).size, keys.length, 'one key for each effect');
	for (const key of keys) assert.ok(found.has(key) || deliveries.some(([id]) => id === key), `${key} is of nothing that there is`);
	for (const [key, bodies] of came) assert.equal(new Set(bodies).size, 1, key);
	const [[effects]] = await query('SELECT COUNT(*) FROM chain_effects');
	return { done, effects: Number(effects), outside: came.size, requests: [...came.values()].flat().length };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const [runs = 2000, kills = 200, seed = Date.now() % 1_000_000] = process.argv.slice(2).map(Number);
	if (![runs, kills, seed].every(Number.isInteger)) throw new Error('usage: tests/chaos/run workflows [RUNS [KILLS [SEED]]]');
	console.log(`SEED=${seed}`);
	console.log(await workflows({ seed: String(seed), runs, kills, machines: 2, tell: console.log }));
}
