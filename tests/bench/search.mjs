// search.mjs: the bench of `tests/bench/run search`: a MariaDB as fcgi-app/run starts it, with a buffer pool of POOL megabytes (4096) and a log of a quarter of that, and
// search.c, which makes contacts and asks. CONTACTS=20000 COMPANIES=20 POOL=256 makes it a matter of seconds. With KEEP=FOLDER its data
// stay there, and are measured again the next time; PARTS="ask order write" says which measurements are taken.

import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { build, root, startMuster } from '../harness.mjs';

// From the start: a pool that grows later keeps the hash table of the small one, whose chains cost a tenth of all time (perf).
const megabytes = Number(process.env.POOL ?? 4096);
const muster = await startMuster({
	empty: true,
	keep: process.env.KEEP && resolve(process.env.KEEP),
	env: { MUSTER_STATEMENT_SECONDS: '60', MARIADB_OPTIONS: `--innodb-buffer-pool-size=${megabytes}M --innodb-log-file-size=${Math.ceil(megabytes / 4)}M` },
});
const socket = join(muster.dataDir, 'run/mariadb.sock');
try {
	const env = { ...process.env, MUSTER_DATABASE_URL: `mysql://root@localhost/muster?socket=${socket}`, MUSTER_DATA_DIR: muster.dataDir,
		MUSTER_RUN_DIR: join(muster.dataDir, 'run'), MUSTER_TEMPLATES_DIR: join(root, 'templates'), MUSTER_STATIC_DIR: join(build, 'static'), MUSTER_RATE_PER_MINUTE: '0' };
	execFileSync(join(build, 'search_bench'), { env, stdio: 'inherit' });
} finally {
	await muster.stop();
}
