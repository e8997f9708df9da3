// run.test.mjs: what fcgi-app/run says before it starts anything, on machines that are not as it needs them.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { freePort } from '../harness.mjs';

const script = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'fcgi-app/run');

// Runs it where these programs are others: { name: shell script }.
async function run(t, programs, env = {}) {
	const folder = mkdtempSync('/tmp/muster-test.');
	t.after(() => rmSync(folder, { recursive: true }));
	for (const [name, text] of Object.entries(programs)) writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
	return spawnSync(script, ['--port', await freePort(), '--data', join(folder, 'data')], {
		env: { ...process.env, ...env, PATH: `${folder}:${process.env.PATH}` },
		encoding: 'utf8',
	});
}

test('--help tells its options and starts nothing', () => {
	const { status, stdout, stderr } = spawnSync(script, ['--help'], { encoding: 'utf8' });
	assert.deepEqual([status, stderr], [0, '']);
	assert.match(stdout, /^usage: fcgi-app\/run /);
	for (const option of ['--port', '--data', '--empty', '--migrate', '--doctor', 'MUSTER_DATABASE_URL', 'MARIADB_OPTIONS']) assert.ok(stdout.includes(option), option);
});

test('a missing package is named in one line, with what installs it, to who may not', async (t) => {
	const { status, stdout, stderr } = await run(t, {
		id: 'echo 1000',
		'dpkg-query': `for name; do [ "$name" = libfcgi-dev ] || printf ' installed:%s ' "$name"; done; exit 1`,
	}, { SKIP_BUILD: '' });
	assert.deepEqual([status, stdout], [1, '']);
	assert.equal(stderr, 'muster: packages are missing: sudo apt-get install -y --no-install-recommends libfcgi-dev\n');
});

test('a full disk is told in one line, before anything is written to it', async (t) => {
	const { status, stdout, stderr } = await run(t, { df: 'printf "Filesystem 1048576-blocks Used Available\\n/dev/full 1000 988 12\\n"' });
	assert.deepEqual([status, stdout], [1, '']);
	assert.match(stderr, /^muster: the disk is full: \S+ has 12 MiB, 500 are needed\n$/);
});

test('the options for its MariaDB are all given to it, after its own, however they are set apart', async (t) => {
	const { status, stderr } = await run(t, {
		'mariadb-install-db': 'mkdir mariadb.new',
		mariadbd: 'echo "$*" >&2; exit 1',
	}, { SKIP_BUILD: '1', MUSTER_DATABASE_URL: '', MARIADB_OPTIONS: '  --innodb-buffer-pool-size=1G\n\t--sql-mode=*   --skip-log-bin\n' });
	assert.equal(status, 1);
	assert.match(stderr, /^muster: MariaDB did not start: .* --innodb-buffer-pool-size=256M .* --innodb-buffer-pool-size=1G --sql-mode=\* --skip-log-bin\n/m);
});
