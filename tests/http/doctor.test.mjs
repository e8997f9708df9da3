// doctor.test.mjs: what those who run Muster look at: `muster doctor` (fcgi-app/process/doctor.c) and /readyz (fcgi-app/core/status.c), while
// all is well and while the database is away. The file has a Muster and a MariaDB of its own.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { api, build, startMuster, until } from '../harness.mjs';
import { startDatabase } from '../live/machines.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
let database, muster;
before(async () => {
	database = await startDatabase();
	muster = await startMuster({ empty: true, env: { MUSTER_DATABASE_URL: database.url } });
});
after(async () => {
	await muster?.stop();
	await database?.stop();
});

function doctor() {
	const { status, stdout } = spawnSync(join(build, 'muster'), ['doctor'], {
		encoding: 'utf8',
		env: {
			...process.env,
			MUSTER_DATABASE_URL: database.url,
			MUSTER_RUN_DIR: join(muster.dataDir, 'run'),
			MUSTER_DATA_DIR: muster.dataDir,
			MUSTER_TEMPLATES_DIR: join(root, 'templates'),
			MUSTER_STATIC_DIR: join(build, 'static'),
		},
	});
	return { status, text: stdout, failed: stdout.split('\n').filter((line) => line.startsWith('FAIL')) };
}
const ready = () => api(muster.url).get('/readyz');

test('the doctor finds nothing, and says where each setting comes from', () => {
	const { status, text, failed } = doctor();
	assert.deepEqual(failed, []);
	assert.equal(status, 0);
	for (const line of [/^ok {3}database +answers$/m, /^ok {3}schema +as this version needs it$/m, /^ok {3}web\.sock +answers/m,
		/^ +MUSTER_RUN_DIR=.* {2}\(environment\)$/m, /^ +MUSTER_LOG_DAYS=90 {2}\(default\)$/m]) assert.match(text, line);
});

test('fcgi-app/run --doctor asks about the Muster of its folder', () => {
	const { status, stdout } = spawnSync(join(root, 'fcgi-app/run'), ['--doctor', '--data', muster.dataDir], {
		encoding: 'utf8',
		env: { ...process.env, BUILD_DIR: build, MUSTER_DATABASE_URL: database.url },
	});
	assert.equal(status, 0, stdout);
	assert.match(stdout, /^ok {3}live\.sock +answers/m);
	assert.match(stdout, /^ok {3}schema /m);
});

test('while the database is away the doctor says that and nothing else, and Muster is alive and not ready', async () => {
	assert.equal((await ready()).status, 200);
	await database.kill();
	const { status, failed } = doctor();
	assert.equal(status, 1);
	assert.equal(failed.length, 1, failed.join('\n'));
	assert.match(failed[0], /^FAIL database +\S/);
	const answer = await ready();
	assert.equal(answer.status, 503);
	assert.match(answer.body.detail, /^the database does not answer/);
	assert.equal((await api(muster.url).get('/healthz')).status, 200);

	await database.start();
	await until(async () => (await ready()).status === 200, { what: 'being ready again' });
	assert.deepEqual([doctor().status, doctor().failed], [0, []]);
});
