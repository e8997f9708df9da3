// workflows.mjs: the bench of `tests/bench/run workflows`: chains of three steps that are durable at each step (the server syncs at each
// commit), on Muster's engine and MariaDB, and beside it on graphile-worker, DBOS and PostgreSQL, which take turns in one run on this
// machine. Each step writes a row of its own. CHAINS (3000), ROUNDS (3), SLEEPING (1000000) make it smaller;
// CHAINS=0 leaves the comparison out.

import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { until } from '../harness.mjs';

const here = dirname(fileURLToPath(import.meta.url)), root = join(here, '../..');
const build = process.env.BUILD_DIR ?? join(root, 'build');
const number = (name, usual) => Number(process.env[name] ?? usual);
const chains = number('CHAINS', 3000), rounds = number('ROUNDS', 3), sleeping = number('SLEEPING', 1_000_000);
const folder = mkdtempSync(join(tmpdir(), 'muster-bench-'));
const isRoot = process.getuid() === 0;
const children = [];
let missed = 0;

function begin(command, args, options = {}) {
	const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], ...options });
	children.push(child);
	return child;
}
const ended = (child) => new Promise((done) => (child.exitCode !== null || child.signalCode ? done() : child.on('exit', done)));
async function end(status) {
	for (const child of children) child.kill();
	await Promise.all(children.map(ended));
	rmSync(folder, { recursive: true, force: true });
	process.exit(status);
}
process.on('uncaughtException', (error) => (console.error(error), end(1)));
for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => end(130));

// --- the servers, each with what it does by itself to be durable

const socket = join(folder, 'mariadb.sock');
async function mariadb() {
	const user = isRoot ? ['--user=root'] : [], data = join(folder, 'mariadb');
	execFileSync('mariadb-install-db', ['--no-defaults', ...user, `--datadir=${data}`, '--skip-test-db', '--auth-root-authentication-method=normal'], { stdio: 'ignore', env: { ...process.env, TMPDIR: folder } });
	const child = begin('mariadbd', ['--no-defaults', ...user, `--datadir=${data}`, `--socket=${socket}`, '--skip-networking', '--skip-name-resolve',
		`--tmpdir=${folder}`, '--max-connections=500', '--innodb-buffer-pool-size=256M', '--character-set-server=utf8mb4', '--collation-server=utf8mb4_uca1400_ai_ci'], { stdio: 'ignore' });
	await until(() => {
		try {
			execFileSync('mariadb', ['--no-defaults', '-u', 'root', '-S', socket, '-e', 'CREATE DATABASE IF NOT EXISTS muster'], { stdio: 'ignore' });
			return true;
		} catch {
			return false;
		}
	}, { ms: 60_000, what: 'MariaDB' });
	return child;
}
const sql = (text) => execFileSync('mariadb', ['--no-defaults', '-u', 'root', '-S', socket, '-N', 'muster'], { input: text, encoding: 'utf8' }).trim();

const bin = join('/usr/lib/postgresql', readdirSync('/usr/lib/postgresql').at(-1), 'bin');
const pgUrl = `postgresql://bench@localhost/bench?host=${encodeURIComponent(folder)}`;
async function postgresql() {
	// It does not run as root.
	const as = isRoot ? (command, args) => ['setpriv', ['--reuid=postgres', '--regid=postgres', '--clear-groups', command, ...args]] : (command, args) => [command, args];
	const data = join(folder, 'postgresql');
	mkdirSync(data);
	if (isRoot) execFileSync('chown', ['-R', 'postgres', data]) && execFileSync('chmod', ['777', folder]);
	execFileSync(...as(join(bin, 'initdb'), ['-D', data, '-U', 'bench', '-A', 'trust']), { stdio: 'ignore', cwd: '/' });
	begin(...as(join(bin, 'postgres'), ['-D', data, '-k', folder, '-c', 'listen_addresses=', '-c', 'max_connections=200', '-c', 'shared_buffers=256MB']), { stdio: 'ignore', cwd: '/' });
	await until(() => {
		try {
			execFileSync('psql', ['-h', folder, '-U', 'bench', 'postgres', '-qc', 'CREATE DATABASE bench'], { stdio: 'ignore' });
			return true;
		} catch {
			return false;
		}
	}, { ms: 60_000, what: 'PostgreSQL' });
	psql('CREATE TABLE bench_effects (run int, step text, PRIMARY KEY (run, step))');
}
const psql = (text) => execFileSync('psql', ['-h', folder, '-U', 'bench', 'bench', '-qAtc', text], { encoding: 'utf8' }).trim();

// --- ours: a process of chains.c, which does what it is told and then says so

function ours() {
	const env = { ...process.env, MUSTER_DATABASE_URL: `mysql://root@localhost/muster?socket=${socket}`, MUSTER_RUN_DIR: folder, MUSTER_DATA_DIR: folder,
		MUSTER_TEMPLATES_DIR: join(root, 'templates'), MUSTER_STATIC_DIR: join(build, 'static'), MUSTER_LOG_LEVEL: 'error' };
	execFileSync(join(build, 'muster'), ['migrate'], { env, stdio: 'ignore' });
	sql('CREATE TABLE bench_effects (run UUID NOT NULL, step BIGINT NOT NULL, PRIMARY KEY (run, step))');
	const child = begin(join(build, 'chains'), [], { env });
	let told, lines = [];
	createInterface({ input: child.stdout }).on('line', (line) => {
		if (line !== 'ok') return void (line.startsWith('{') || lines.push(line.split(' ').slice(1).map(Number)));
		const all = lines;
		lines = [];
		told[0](all);
	});
	child.on('exit', (code) => code && told?.[1](new Error(`chains has ended: ${code}`)));
	return {
		tell: (...words) => new Promise((done, fail) => {
			told = [done, fail];
			child.stdin.write(words.join(' ') + '\n');
		}),
	};
}
function theirs(name, n, atOnce) {
	psql('TRUNCATE bench_effects');
	const ms = Number(execFileSync(process.execPath, [join(here, `chain_${name}.mjs`), n, atOnce], { env: { ...process.env, PG_URL: pgUrl }, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim().split('\n').at(-1));
	if (psql('SELECT COUNT(*) FROM bench_effects') !== String(3 * n)) throw new Error(`${name} has not done all`);
	return (3000 * n) / ms;
}

const part = (list, share) => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * share))];
const median = (list) => part(list, 0.5);
function goal(met, text) {
	if (!met) missed++;
	return `  [goal ${text}: ${met ? 'met' : 'MISSED'}]`;
}

console.log(`${availableParallelism()} cores, load ${loadavg()[0].toFixed(1)}; chains of 3 steps, each durable; median of ${rounds} rounds`);
if (chains && !existsSync(join(here, 'node_modules'))) execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--silent'], { cwd: here, stdio: 'inherit' });
await Promise.all([mariadb(), chains && postgresql()]);
const muster = ours();
await muster.tell('COMPANIES', 16);
const starts = (n) => muster.tell('START', n);
async function rate(n, atOnce) {
	sql('TRUNCATE bench_effects');
	await starts(n);
	const [[steps, us]] = await muster.tell('WORK', atOnce);
	if (sql('SELECT COUNT(*) FROM bench_effects') !== String(3 * n) || steps !== 3 * n) throw new Error('not all was done, or something twice');
	return (steps * 1e6) / us;
}
await rate(100, 4); // warm

if (chains) console.log('\nsteps per second       Muster  graphile-worker     DBOS');
for (const atOnce of chains ? [1, 4, 16] : []) {
	const n = atOnce === 1 ? Math.ceil(chains / 4) : chains, all = { muster: [], graphile: [], dbos: [] };
	for (let i = 0; i < rounds; i++) {
		all.muster.push(await rate(n, atOnce));
		all.graphile.push(theirs('graphile', n, atOnce));
		all.dbos.push(theirs('dbos', n, atOnce));
	}
	const [m, g, d] = [median(all.muster), median(all.graphile), median(all.dbos)];
	console.log(`  ${String(atOnce).padStart(2)} at a time    ${m.toFixed(0).padStart(10)}  ${g.toFixed(0).padStart(15)}  ${d.toFixed(0).padStart(7)}${goal(m >= 2 * d && m > g, `twice DBOS (${(m / d).toFixed(1)}), ahead of graphile-worker (${(m / g).toFixed(1)})`)}`);
}

const due = (await muster.tell('LATENCY', 300)).flat();
console.log(`\nfrom due to its beginning, beside an idle jobs process: p50 ${(median(due) / 1000).toFixed(1)}  p99 ${(part(due, 0.99) / 1000).toFixed(1)} ms${goal(part(due, 0.99) < 20_000, 'under 20 ms')}`);

// One run at a time. The claim is timed around what a jobs process does for it: its lanes are looked at, the queue and the run locked, the
// lease written and committed, with its sync. The whole is that, then the step with its journal and what comes next, and the second commit.
async function alone() {
	await muster.tell('ALONE', 20);
	const all = await muster.tell('ALONE', 200), [[memory]] = await muster.tell('MEMORY');
	return { claim: all.map(([claim]) => claim), whole: all.map(([, whole]) => whole), commit: (await muster.tell('COMMITS', 600)).flat(), memory };
}
const before = await alone();
const [company, agent] = sql('SELECT company_id, id FROM agents LIMIT 1').split('\t');
sql(`SET unique_checks = 0, foreign_key_checks = 0; INSERT INTO workflow_runs (company_id, id, workflow, definition, lane, state, step, wake_at, agent_id, created_at, updated_at)
	SELECT '${company}', UUID(), 'bench_chain', 1, 'inside', 'waiting', 'first', NOW(6) + INTERVAL 30 DAY + INTERVAL seq SECOND, '${agent}', NOW(6), NOW(6) FROM seq_1_to_${sleeping}`);
const after = await alone();
const shown = (list) => `${(median(list) / 1000).toFixed(1)} / ${(part(list, 0.99) / 1000).toFixed(1)}`.padStart(12);
console.log(`\none that is due, p50 / p99 in ms          nothing else  ${String(sleeping).padStart(9)} asleep`);
console.log(`  its claim, committed                    ${shown(before.claim)}      ${shown(after.claim)}${goal(median(after.claim) < 5000, 'claim under 5 ms')}`);
console.log(`  claim, step and both commits            ${shown(before.whole)}      ${shown(after.whole)}`);
console.log(`  a commit of one row, for the disk       ${shown(before.commit)}      ${shown(after.commit)}`);
const memory = before.memory, more = after.memory;
console.log(`memory of the runner ${(memory / 2 ** 20).toFixed(1)} MiB, with ${sleeping} sleeping ${(more / 2 ** 20).toFixed(1)} MiB${goal(more < memory * 1.1, 'flat')}`);
console.log(`\n${missed ? `${missed} goals were missed` : 'all goals were met'}; load ${loadavg()[0].toFixed(1)} at the end`);
await end(0);
