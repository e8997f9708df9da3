// machines.mjs: a MariaDB that the test owns, one or two machines on it (fcgi-app/run each, with folders of their own), and
// everything that can be broken in them while they work.

import { execFile, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sleep, startMuster, until } from '../harness.mjs';

const run = promisify(execFile);
const user = process.getuid() === 0 ? ['--user=root'] : [];
const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/usr/local/sbin` };

// A private MariaDB: kill() is kill -9 and start() brings it back on the same data, every commit kept.
export async function startDatabase() {
	const dir = await mkdtemp('/tmp/muster-live.');
	const data = join(dir, 'data'), socket = join(dir, 'sock'), log = join(dir, 'log');
	execFileSync('mariadb-install-db', ['--no-defaults', ...user, `--datadir=${data}`, '--skip-test-db', '--skip-name-resolve',
		'--auth-root-authentication-method=normal'], { env: { ...env, TMPDIR: dir }, stdio: 'pipe' });
	const query = async (sql) => {
		const { stdout } = await run('mariadb', ['--no-defaults', '-u', 'root', '-S', socket, '-N', '-B', 'muster', '-e', sql]);
		return stdout.split('\n').filter(Boolean).map((row) => row.split('\t'));
	};
	const database = { dir, query, url: `mysql://root@localhost/muster?socket=${socket}` };
	database.start = async () => {
		// It ends with this process, even when that is killed.
		database.process = spawn('setpriv', ['--pdeathsig', 'KILL', 'mariadbd', '--no-defaults', ...user, `--datadir=${data}`, `--socket=${socket}`,
			`--log-error=${log}`, `--tmpdir=${dir}`, // each MariaDB that starts removes the temporary tables that it finds
			'--skip-networking', '--skip-name-resolve', '--max-connections=500', '--innodb-buffer-pool-size=64M',
			'--innodb-flush-log-at-trx-commit=2', // a commit outlives the process, if not the machine
			'--character-set-server=utf8mb4', '--collation-server=utf8mb4_uca1400_ai_ci'], { env, stdio: 'ignore' });
		const { process: own } = database;
		database.ended = new Promise((done) => own.on('close', (code, signal) => {
			if (!database.stops) database.failed = new Error(`MariaDB ended by itself (${code ?? signal}): ${readFileSync(log, 'utf8').slice(-3000)}`);
			done();
		}));
		database.stops = false;
		await until(() => run('mariadb', ['--no-defaults', '-u', 'root', '-S', socket, '-e', 'CREATE DATABASE IF NOT EXISTS muster'])
			.then(() => true, () => false), { ms: 60_000, every: 50, what: 'the start of MariaDB' });
	};
	database.kill = async () => {
		database.stops = true;
		database.process.kill('SIGKILL');
		await database.ended;
	};
	database.stop = async () => {
		database.stops = true;
		database.process.kill('SIGTERM');
		await database.ended;
		await rm(dir, { recursive: true, force: true });
		if (database.failed) throw database.failed;
	};
	await database.start();
	return database;
}

export const children = (pid) => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
function named(machine, kind) {
	return children(machine.pid()).filter((pid) => {
		try {
			return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === `muster-${kind}`;
		} catch {
			return false; // it has just ended
		}
	});
}

// Starts all of it, with one secret, so that each knows the others' cursors. `machines` is how many serve the one database; `more` gives
// the settings of the nth beside those that all have.
export async function startAll(machines, more = () => ({})) {
	const database = await startDatabase();
	const all = [], secret = join(database.dir, 'secret');
	writeFileSync(secret, randomBytes(32), { mode: 0o600 });
	const stop = async () => {
		const ended = await Promise.allSettled(all.map((machine) => machine.stop()));
		await database.stop();
		for (const { reason } of ended) if (reason) throw reason;
	};
	try {
		for (let i = 0; i < machines; i++)
			all.push(await startMuster({ empty: true, env: { MUSTER_DATABASE_URL: database.url, MUSTER_SECRET_FILE: secret, MUSTER_WORKERS: '2', ...more(i) } }));
	} catch (error) {
		await stop().catch(() => {});
		throw error;
	}
	return {
		database,
		machines: all,
		urls: all.map((machine) => machine.url),
		stop,
		// What can go wrong, by name. Each gives a line that says what it did.
		faults: {
			async live(any) {
				return strike(any(all), 'live');
			},
			async worker(any) {
				return strike(any(all), 'web', any);
			},
			async jobs(any) {
				return strike(any(all), 'jobs');
			},
			// Nobody hears a ring until the live process is started again.
			async doorbell(any) {
				const machine = any(all);
				rmSync(join(machine.dataDir, 'run/live.bell'), { force: true });
				return `no doorbell at ${machine.url}`;
			},
			async reload(any) {
				const machine = any(all);
				process.kill(machine.pid(), 'SIGHUP');
				return `HUP at ${machine.url}`;
			},
			// Nothing breaks, but whoever has found out who asks waits for the data, and `meanwhile` the rights change: what is read then is not theirs.
			async stall(any, meanwhile) {
				const table = any(['contacts', 'deals', 'tasks', 'notes']);
				const locked = database.query(`LOCK TABLES ${table} WRITE; SELECT SLEEP(0.8); UNLOCK TABLES`);
				await Promise.all([locked, sleep(100).then(() => meanwhile(table))]);
				return `${table} were locked for 0.8 s`;
			},
			async database() {
				await database.kill();
				await database.start();
				return 'kill -9 of MariaDB, started again';
			},
		},
	};
	async function strike(machine, kind, any = ([first]) => first) {
		const pids = named(machine, kind);
		if (!pids.length) return `no ${kind} at ${machine.url}`; // it is being started
		const pid = any(pids);
		try {
			process.kill(pid, 'SIGKILL');
		} catch {
			return `no ${kind} at ${machine.url}`;
		}
		await sleep(0);
		return `kill -9 of ${kind} ${pid} at ${machine.url}`;
	}
}
