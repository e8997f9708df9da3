// demo.test.mjs: the demo company is there whole or not at all (fcgi-app/modules/demo.c).

import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { build, startMuster, until } from '../harness.mjs';

const muster = await startMuster({ empty: true });
after(() => muster.stop());

const socket = join(muster.dataDir, 'run/mariadb.sock');
const env = { ...process.env, MUSTER_DATABASE_URL: `mysql://root@localhost/muster?socket=${socket}`, MUSTER_SCRYPT_N: '1024',
	MUSTER_RUN_DIR: join(muster.dataDir, 'run'), MUSTER_DATA_DIR: muster.dataDir, MUSTER_STATIC_DIR: join(build, 'static') };
const number = (sql) =>
	Number(execFileSync('mariadb', ['--no-defaults', '-u', 'root', '-S', socket, '-N', '-B', 'muster', '-e', sql], { encoding: 'utf8' }));

function demo() {
	let child;
	const ended = new Promise((done) => {
		child = execFile(join(build, 'muster'), ['demo'], { env }, (error, stdout, stderr) => done({ error, stdout, stderr }));
	});
	return { child, ended };
}

test('a loading that is killed leaves nothing, and the next one loads all of it once', async () => {
	const { child, ended } = demo();
	// InnoDB shows the same list again to who asks more than ten times a second.
	const transactions = { every: 150, ms: 60_000 };
	await until(() => number('SELECT COALESCE(MAX(trx_rows_modified), 0) FROM information_schema.innodb_trx') > 3000, { ...transactions, what: 'some loading' });
	child.kill('SIGKILL');
	assert.ok((await ended).error);
	await until(() => number('SELECT COUNT(*) FROM information_schema.innodb_trx') === 0, { ...transactions, what: 'the rollback' });
	for (const table of ['companies', 'agents', 'contacts', 'changes', 'version_counters'])
		assert.equal(number(`SELECT COUNT(*) FROM ${table}`), 0, table);

	const whole = await demo().ended;
	assert.match(whole.stdout, /^the demo company was loaded/, whole.stderr);
	assert.equal(number('SELECT COUNT(*) FROM contacts'), 5000);
	assert.equal(number('SELECT COUNT(*) FROM deals'), 2000);
	assert.equal(number('SELECT COUNT(*) FROM sessions'), 0);

	const again = await demo().ended;
	assert.equal(again.stdout, 'the demo company is there\n', again.stderr);
	assert.equal(number('SELECT COUNT(*) FROM companies'), 1);
	assert.equal(number('SELECT COUNT(*) FROM contacts'), 5000);
});
