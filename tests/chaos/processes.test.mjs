// processes.test.mjs: what the master promises (fcgi-app/process) and what fcgi-app/run does: nothing that dies
// stays dead, a new program takes over without a failed request, and every way to end it can be started again.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { api, startMuster, until } from '../harness.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const build = process.env.BUILD_DIR ?? join(root, existsSync(join(root, 'build-test')) ? 'build-test' : 'build');

// A copy, so that a test may replace the program.
const copy = mkdtempSync('/tmp/muster-build.');
copyFileSync(join(build, 'muster'), join(copy, 'muster'));
cpSync(join(build, 'static'), join(copy, 'static'), { recursive: true });
const muster = await startMuster({ empty: true, env: { BUILD_DIR: copy, MUSTER_WORKERS: '3' } });
after(async () => {
	await muster.stop();
	rmSync(copy, { recursive: true });
});

const alive = (pid) => {
	try {
		process.kill(pid, 0);
		return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
	} catch {
		return false;
	}
};
const name = (pid) => readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
function children() {
	const pid = muster.pid('muster');
	return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
}
const complete = () => until(() => children().filter(alive).length === 5, { what: 'three workers, live and jobs' });
const healthy = async () => assert.equal((await api(muster.url).get('/healthz')).status, 200);

// Asks all the time until stopped; gives every answer that was not 200.
function load(clients = 8) {
	const wrong = [];
	let going = true, answered = 0;
	const asking = Array.from({ length: clients }, async () => {
		while (going) {
			const status = await fetch(muster.url + '/healthz').then(async (r) => (await r.text(), r.status), (error) => String(error));
			if (status === 200) answered++;
			else wrong.push(status);
		}
	});
	const done = async () => {
		going = false;
		await Promise.all(asking);
		assert.ok(answered > 100, `only ${answered} answers`);
		return wrong;
	};
	return Object.assign(done, { answers: async (n) => { const first = answered; await until(() => answered >= first + n, { what: `${n} answers` }); } });
}

test('every kind of process is started again when it is killed', async () => {
	await complete();
	for (const kind of ['muster-web', 'muster-live', 'muster-jobs']) {
		const victim = children().find((pid) => name(pid) === kind);
		process.kill(victim, 'SIGKILL');
		await until(() => !alive(victim));
		await complete();
		await healthy();
	}
});

test('a HUP under load starts the program anew and fails no request', async () => {
	const pid = muster.pid('muster');
	const done = load();
	for (let i = 0; i < 4; i++) {
		await done.answers(50);
		const before = children();
		process.kill(pid, 'SIGHUP');
		await until(() => !before.some(alive), { what: 'the hand-over' });
		await complete();
	}
	assert.deepEqual(await done(), []);
	assert.equal(muster.pid('muster'), pid);
	assert.ok(alive(pid));
});

// Somebody of a new company, and a wait of theirs that nothing will end but the process.
async function owner() {
	const { body, status, text } = await api(muster.url).post('/v1/companies',
		{ company_name: 'Chaos Ltd', full_name: 'Olga Owner', email: `owner.${Date.now()}@muster.test`, password: 'correct horse battery' });
	assert.equal(status, 201, text);
	return api(muster.url, body.token);
}
async function park(who) {
	const first = await who.get('/v1/contacts');
	const answer = await who.get('/v1/contacts', { 'if-none-match': first.headers.get('etag'), prefer: 'wait=30' });
	return answer.status;
}
const isParked = (who) =>
	until(async () => /^muster_live_waiting [1-9]/m.test((await who.get('/metrics')).text), { what: 'its parking' });

test('a HUP answers those who wait, and the new program takes their next wait', async () => {
	const who = await owner();
	const waiting = park(who);
	await isParked(who);
	const before = children();
	process.kill(muster.pid('muster'), 'SIGHUP');
	assert.equal(await waiting, 304);
	await until(() => !before.some(alive), { what: 'the hand-over' });
	await complete();
	const next = park(who);
	await isParked(who);
	assert.equal((await who.post('/v1/contacts', { kind: 'person', first_name: 'Ada' })).status, 201);
	assert.equal(await next, 200);
});

test('a stop answers those who wait', async () => {
	const who = await owner();
	const waiting = park(who);
	await isParked(who);
	assert.equal(await muster.end(), 0);
	assert.equal(await waiting, 304);
	await muster.start();
});

test('a HUP with a program that does not start changes nothing', async () => {
	await complete();
	const before = children();
	renameSync(join(copy, 'muster'), join(copy, 'muster.good'));
	writeFileSync(join(copy, 'muster'), '#!/bin/sh\nexit 3\n');
	chmodSync(join(copy, 'muster'), 0o755);
	process.kill(muster.pid('muster'), 'SIGHUP');
	await until(() => /does not start: going on/.test(muster.log()));
	assert.deepEqual(children(), before);
	await healthy();
	renameSync(join(copy, 'muster.good'), join(copy, 'muster'));
});

test('workers are replaced after their number of requests, and nobody notices', async () => {
	await muster.end();
	const { start } = muster;
	process.env.MUSTER_WORKER_REQUESTS = '50';
	await start();
	delete process.env.MUSTER_WORKER_REQUESTS;
	await complete();
	const before = children().filter((pid) => name(pid) === 'muster-web');
	const done = load(4);
	await until(() => !before.some(alive), { what: 'the replacement' });
	assert.deepEqual(await done(), []);
	await muster.restart();
});

test('a second start with the same folder or a busy port is one line and status 1', async () => {
	const script = join(root, 'fcgi-app/run');
	const env = { ...process.env, SKIP_BUILD: '1', BUILD_DIR: copy };
	const again = spawnSync(script, ['--port', '1', '--data', muster.dataDir], { env, encoding: 'utf8' });
	assert.equal(again.status, 1);
	assert.match(again.stderr, /^muster: already running with .*\n$/);
	const server = createServer();
	await new Promise((done) => server.listen(0, '127.0.0.1', done));
	const folder = mkdtempSync('/tmp/muster-test.');
	const busy = spawnSync(script, ['--port', String(server.address().port), '--data', folder], { env, encoding: 'utf8' });
	assert.equal(busy.status, 1);
	assert.match(busy.stderr, /^muster: port \d+ is in use.*\n$/);
	server.close();
	rmSync(folder, { recursive: true });
	await healthy();
});

test('a start on data that is there takes less than 3 s', async () => {
	await muster.end();
	const began = Date.now();
	await muster.start();
	const took = Date.now() - began;
	assert.ok(took < 3000, `${took} ms`);
});

test('a stop ends with status 0 and leaves no process', async () => {
	const pids = ['muster', 'nginx', 'mariadb'].map(muster.pid).concat(children());
	assert.equal(await muster.end('SIGTERM'), 0);
	assert.deepEqual(pids.filter(alive), []);
	await muster.start();
});

test('when the script is killed everything ends, and the next start works', async () => {
	const pids = ['muster', 'nginx', 'mariadb'].map(muster.pid).concat(children());
	process.kill(muster.process.pid, 'SIGKILL');
	await muster.start();
	assert.deepEqual(pids.filter(alive), []);
	await healthy();
});

test('when the database dies the script says so, stops the rest and ends with status 1', async () => {
	const pids = ['muster', 'nginx'].map(muster.pid).concat(children());
	process.kill(muster.pid('mariadb'), 'SIGKILL');
	assert.equal(await muster.ended, 1);
	assert.match(muster.output, /muster: mariadb has ended by SIGKILL\. Start it again/);
	assert.deepEqual(pids.filter(alive), []);
	await muster.start();
	await healthy();
});
