// live.mjs: the bench of `tests/bench/run live`: how soon those who wait are told, beside nchan on the same machine, and what
// their waiting costs. All clients are waiters.c, which is the same for both; nginx, its log and its settings are too. Everything is on
// loopback, bounded, and ends by itself. CROWD (10000), ROUNDS (5), CHANGES (300) and SECONDS_EACH (4) make it smaller,
// ONLY (parked,single,herd,ten) does a part.

import { execFileSync, spawn } from 'node:child_process';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { freePort, sleep, startMuster, until } from '../harness.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const number = (name, usual) => Number(process.env[name] ?? usual);
const crowd = number('CROWD', 10_000), rounds = number('ROUNDS', 5), changes = number('CHANGES', 300), seconds = number('SECONDS_EACH', 4);
const only = process.env.ONLY?.split(',');
const companies = Math.min(200, Math.ceil(crowd / 50)), some = Math.min(1000, crowd);

console.log(`${availableParallelism()} cores, load ${loadavg()[0].toFixed(1)}; ${crowd} clients`);
const muster = await startMuster({ empty: true });
const port = Number(new URL(muster.url).port);
const socket = join(muster.dataDir, 'run/mariadb.sock');
const sql = (text) => execFileSync('mariadb', ['--no-defaults', '-u', 'root', '-S', socket, '-N', 'muster'], { input: text, encoding: 'utf8', maxBuffer: 1e8 }).trim();
const folder = join(muster.dataDir, 'bench');
mkdirSync(folder);
execFileSync('cc', ['-std=gnu17', '-D_GNU_SOURCE', '-O2', '-o', join(folder, 'waiters'), join(here, 'waiters.c')]);
const children = [];

// --- what is looked at from outside

const number_of = (text, name) => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)[1]);
const metrics = async () => (await fetch(`${muster.url}/metrics`)).text();
async function figures() {
	const text = await metrics();
	return Object.fromEntries(['waiting', 'woken_total', 'expired_total', 'runs_total', 'shared_total'].map((n) => [n, number_of(text, `muster_live_${n}`)]));
}
const waiting = (n) => until(async () => (await figures()).waiting === n, { ms: 120_000, what: `${n} waiting` });
const children_of = (pid) => execFileSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' }).trim().split('\n').map(Number);
const named = (pid) => readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
const live = children_of(muster.pid()).find((pid) => named(pid) === 'muster-live');
const programs = {
	live: [live],
	workers: children_of(muster.pid()).filter((pid) => pid !== live),
	nginx: children_of(muster.pid('nginx')),
	mariadb: [muster.pid('mariadb')],
};
// Milliseconds of processor time, of all threads.
const cpu = (pids) => pids.flatMap((pid) => readdirSync(`/proc/${pid}/task`).map((task) => {
	try {
		return Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
	} catch {
		return 0; // the thread has ended
	}
})).reduce((a, b) => a + b, 0);
const cpus = () => Object.fromEntries(Object.entries(programs).map(([name, pids]) => [name, cpu(pids)]));
const status_of = (pid, what) => Number(new RegExp(`${what}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
const statements = () => Object.fromEntries(sql("SHOW GLOBAL STATUS WHERE Variable_name IN ('Questions','Com_stmt_execute','Com_select','Com_commit')").split('\n').map((l) => l.split('\t')).map(([k, v]) => [k, Number(v)]));
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const part = (list, share) => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * share))];
const ms = (us) => (us / 1000).toFixed(us < 100_000 ? 1 : 0);
const spread = (list) => `p50 ${ms(part(list, 0.5))}  p99 ${ms(part(list, 0.99))}  max ${ms(part(list, 1))} ms`;
let missed = 0;
function goal(met, text) {
	if (!met) missed++;
	return `  [goal ${text}: ${met ? 'met' : 'MISSED'}]`;
}

// --- the clients: a process of waiters.c, which does what it is told and then says so

function client() {
	const child = spawn(join(folder, 'waiters'), { stdio: ['pipe', 'pipe', 'inherit'] });
	children.push(child);
	let told, lines = [];
	createInterface({ input: child.stdout }).on('line', (line) => {
		if (line !== 'ok' && line !== 'bad') return void lines.push(line.split(' '));
		const [all, done] = [lines, told];
		lines = [];
		done[line === 'ok' ? 0 : 1](line === 'ok' ? all : new Error('the clients have failed'));
	});
	child.on('exit', (code) => told?.[1](new Error(`the clients have ended: ${code}`)));
	return {
		pid: child.pid,
		tell: (...words) => new Promise((done, fail) => {
			told = [done, fail];
			child.stdin.write(words.join('\t') + '\n');
		}),
	};
}
let files = 0;
function list_of(lines) {
	const name = join(folder, `clients${files++}`);
	writeFileSync(name, lines.join('\n') + '\n');
	return name;
}

// --- the companies: by the API; their agents, sessions, contacts: straight into the tables

async function call(method, path, body, token) {
	const response = await fetch(muster.url + path, {
		method, body: body && JSON.stringify(body),
		headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
	});
	if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
	return response.json();
}
let n_people = 0;
async function company() {
	const owner = await call('POST', '/v1/companies', { company_name: 'Bench', full_name: 'Olga Owner', email: `owner${n_people++}@bench.test`, password: 'correct horse' });
	return { id: owner.company.id, token: owner.token, agent: owner.agent.id };
}
// A session's token is text, of which the table has the SHA-256 (core/session.c).
function people(of, n, kind) {
	const all = Array.from({ length: n }, () => ({ id: randomUUID(), token: randomBytes(32).toString('base64url'), contact: randomUUID(), company: of, n: n_people++ }));
	const rows = (make) => all.map(make).join(',');
	return {
		all,
		sql: `SET @c := '${of.id}', @r := (SELECT id FROM roles WHERE company_id = '${of.id}' AND kind = '${kind}' LIMIT 1);
			INSERT INTO agents (company_id, id, email, full_name, role_id, status, created_at, updated_at) VALUES ${rows((p) => `(@c,'${p.id}','p${p.n}@bench.test','Person ${p.n}',@r,'active',NOW(6),NOW(6))`)};
			INSERT INTO sessions (company_id, id, agent_id, token_hash, expires_at, created_at) VALUES ${rows((p) => `(@c,'${randomUUID()}','${p.id}',x'${createHash('sha256').update(p.token).digest('hex')}',NOW(6)+INTERVAL 1 DAY,NOW(6))`)};
			INSERT INTO contacts (company_id, id, kind, first_name, last_name, full_name, owner_id, tags, emails, phones, addresses, created_at, updated_at) VALUES ${rows((p) => `(@c,'${p.contact}','person','First','Family${p.n}','First Family${p.n}','${p.id}','[]','[]','[]','[]',NOW(6),NOW(6))`)};\n`,
	};
}
const began = performance.now();
const each_company = [];
while (each_company.length < companies)
	each_company.push(...await Promise.all(Array.from({ length: 8 }, company)));
const made = each_company.map((of) => people(of, Math.ceil(crowd / companies), 'agent'));
const one = await company(), all_of_one = people(one, crowd, 'owner');
sql('SET unique_checks = 0;' + made.map((m) => m.sql).join('') + all_of_one.sql + 'ANALYZE TABLE agents, sessions, contacts, roles;');
const mixed = made.flatMap((m) => m.all);
console.log(`${companies + 1} companies, ${n_people} people: made in ${((performance.now() - began) / 1000).toFixed(0)} s`);
// Somebody of each company first, so that any thousand of them are of all companies.
const by_turns = Array.from({ length: mixed.length }, (_, i) => made[i % made.length].all[Math.floor(i / made.length)]).filter(Boolean).slice(0, crowd);
const own_list = (p) => `${p.token} /v1/contacts?limit=10`;

const clients = client(), subscribers = client();
programs.clients = [clients.pid];
const park = async (group, lines, kind = 'get') => {
	const before = (await figures()).waiting;
	const [[, , us]] = await clients.tell('PARK', group, port, kind, list_of(lines));
	await waiting(before + lines.length);
	return us / 1e6;
};
const drop = async (group) => {
	await clients.tell('DROP', group);
	await waiting(0);
};

// --- nchan, behind an nginx of its own with Muster's settings

async function nchan() {
	const where = join(folder, 'nchan'), at = await freePort();
	mkdirSync(where);
	const files_most = execFileSync('bash', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).trim();
	writeFileSync(join(where, 'nginx.conf'), `load_module /usr/lib/nginx/modules/ngx_nchan_module.so;
daemon off; pid ${where}/nginx.pid; error_log ${where}/error.log warn; worker_processes auto; worker_rlimit_nofile ${files_most}; ${process.getuid() === 0 ? 'user root;' : ''}
events { worker_connections ${files_most}; multi_accept on; }
http { client_body_temp_path ${where}/a; proxy_temp_path ${where}/b; fastcgi_temp_path ${where}/c; uwsgi_temp_path ${where}/d; scgi_temp_path ${where}/e;
nchan_max_reserved_memory 256M; variables_hash_max_size 2048; include "${join(here, '../../nginx/http.conf')}"; access_log ${where}/access.log muster;
server { listen 127.0.0.1:${at} backlog=4096;
location = /pub { nchan_publisher; nchan_channel_id bench; client_max_body_size 1m; }
location = /stat { nchan_stub_status; }
location = /sub { nchan_subscriber longpoll; nchan_channel_id bench; nchan_subscriber_first_message newest; } } }`);
	children.push(spawn('bash', ['-c', `ulimit -n ${files_most}; exec nginx -e ${where}/error.log -c ${where}/nginx.conf`], { stdio: ['ignore', 'ignore', 'inherit'] }));
	// (What the channel itself tells is of one worker process alone.)
	const subscribed = async () => Number(/subscribers: (\d+)/.exec(await (await fetch(`http://127.0.0.1:${at}/stat`)).text())[1]);
	await until(() => subscribed().then(() => true, () => false), { what: 'nchan' });
	programs.nchan = children_of(Number(readFileSync(join(where, 'nginx.pid'), 'utf8')));
	return { at, waiting: (n) => until(async () => (await subscribed()) === n, { ms: 60_000, what: `${n} subscribers` }) };
}

// --- what is measured

// Those who wait for what one change of their own gives.
async function single() {
	await park(0, by_turns.slice(0, some).map(own_list));
	await clients.tell('EACH', 0, 0, some, 4, 0, port, '/v1/contacts', '{"kind":"person","first_name":"Warm"}');
	const before = cpus();
	const seen = (await clients.tell('EACH', 0, 0, changes, 1, 10_000, port, '/v1/contacts', '{"kind":"person","first_name":"New"}')).map(([, a, t]) => [Number(a), Number(t)]);
	const used = cpus();
	const after = seen.map(([a, t]) => Math.max(0, t - a)), sent = seen.map(([, t]) => t);
	// Between the commit and its answer there is less than what a whole request without any work takes, for the same client.
	const empty = (await clients.tell('TRIPS', 0, changes, port, '/healthz')).map(([, took]) => Number(took));
	const at = (share) => part(after, share) + part(empty, share);
	console.log(`\none of ${some} parked is told by each of ${changes} mutations, one at a time`);
	console.log(`  from the mutation's answer  ${spread(after)}`);
	console.log(`  from its commit, at most    p50 ${ms(at(0.5))}  p99 ${ms(at(0.99))} ms${goal(at(0.5) < 3000 && at(0.99) < 15_000, 'p50 < 3, p99 < 15 ms')}`);
	console.log(`  from its sending            ${spread(sent)}`);
	console.log(`  the mutation alone          ${spread(seen.map(([a]) => a))}`);
	console.log(`  processor time of each: ${Object.keys(before).map((name) => `${name} ${((used[name] - before[name]) / changes).toFixed(2)}`).join(', ')} ms`);
	await drop(0);
}

// One change that all of n must see, beside one message of the same size to n subscribers of nchan.
async function herd(other, n, most) {
	const patch = `/v1/contacts/${all_of_one.all[0].contact}`, path = '/v1/contacts?limit=5';
	const took = await park(1, all_of_one.all.slice(0, n).map((p) => `${p.token} ${path}`));
	const size = (await (await fetch(muster.url + path, { headers: { authorization: `Bearer ${one.token}` } })).text()).length;
	await subscribers.tell('PARK', 1, other.at, 'plain', list_of(Array.from({ length: n }, () => '- /sub')));
	await other.waiting(n);
	console.log(`\none change that all of ${n} must see (${size} bytes), from the sending of the mutation or message; parked in ${took.toFixed(1)} s`);
	for (const again of [0, 1]) {
		const ours = [], theirs = [], used = [], spent = [], before = await figures();
		for (let i = 0; i < rounds + 1; i++) {
			let at = cpus();
			const [[, ...a]] = await clients.tell('ALL', 1, again, port, one.token, 'PATCH', patch, JSON.stringify({ job_title: `Title ${again} ${i}` }));
			const between = cpus();
			await clients.tell('AGAIN', 1);
			await waiting(n);
			const middle = cpus();
			const [[, ...b]] = await subscribers.tell('ALL', 1, again, other.at, '-', 'POST', '/pub', String(i).padEnd(size, 'x'));
			const end = cpus();
			await subscribers.tell('AGAIN', 1);
			await other.waiting(n);
			if (!i) continue; // the first one is for the caches
			ours.push(a.map(Number));
			theirs.push(b.map(Number));
			used.push(Object.keys(at).map((name) => between[name] - at[name]));
			spent.push(end.nchan - middle.nchan);
		}
		const after = await figures();
		const column = (list, i) => median(list.map((l) => l[i]));
		const line = (list) => `first ${ms(column(list, 1)).padStart(6)}  half ${ms(column(list, 2)).padStart(6)}  last ${ms(column(list, 3)).padStart(6)} ms`;
		const times = column(ours, 3) / column(theirs, 3);
		console.log(again ? '  who is told asks again at once' : '  who is told asks again when all are');
		console.log(`    Muster  ${line(ours)}  mutation ${ms(column(ours, 0))}${again ? '' : goal(column(ours, 3) < most * 1000, `last < ${most} ms`)}`);
		console.log(`    nchan   ${line(theirs)}  times ${times.toFixed(1)}${again ? '' : goal(times <= 4, 'at most 4')}`);
		console.log(`    processor time for each who was told: ${Object.keys(programs).map((name, i) => `${name} ${(column(used, i) * 1000 / n).toFixed(0)}`).filter((s) => !/^nchan/.test(s)).join(', ')} us; nchan ${(median(spent) * 1000 / n).toFixed(0)} us`);
		console.log(`    queries run ${(after.runs_total - before.runs_total) / (rounds + 1)}, answers shared ${(after.shared_total - before.shared_total) / (rounds + 1)} for each change`);
	}
	await drop(1);
	await subscribers.tell('DROP', 1);
}

// Lists, single rows and reports of 200 companies.
const question = (p, i) => `${p.token} ${['/v1/contacts?limit=10', '/v1/contacts?sort=full_name', `/v1/contacts/${p.contact}`, '/v1/reports/deals?group_by=stage', '/v1/deals?limit=10'][Math.floor(i / companies) % 5]}`;

function throughput(tokens) {
	const script = join(folder, 'post.lua');
	writeFileSync(script, `local t = {${tokens.map((t) => `"Bearer ${t}"`).join(',')}}\nlocal i = 0\nwrk.method = "POST"\nwrk.headers["Content-Type"] = "application/json"
wrk.body = '{"kind":"person","first_name":"Bench","last_name":"Contact"}'
request = function() i = i + 1; wrk.headers["Authorization"] = t[i % #t + 1]; return wrk.format() end\n`);
	return new Promise((done, fail) => {
		const child = spawn('wrk', ['-t', '1', '-c', '8', '-d', `${seconds}s`, '-s', script, muster.url + '/v1/contacts'], { stdio: ['ignore', 'pipe', 'inherit'] });
		let out = '';
		child.stdout.on('data', (text) => (out += text));
		child.on('exit', () => (/Non-2xx/.test(out) ? fail(new Error(out)) : done(Number(/Requests\/sec:\s+([\d.]+)/.exec(out)[1]))));
	});
}

async function parked() {
	const others = each_company.map((c) => c.token), theirs = by_turns.slice(0, companies).map((p) => p.token);
	const rate = { others: { none: [], parked: [] }, theirs: { none: [], parked: [] } };
	const rates = async (what) => {
		for (let i = 0; i < 2; i++) {
			rate.others[what].push(await throughput(others));
			rate.theirs[what].push(await throughput(theirs));
		}
	};
	await throughput(others); // warm
	await rates('none');
	// What MariaDB does for itself, and the jobs process with it, while nobody waits.
	const alone = [cpus(), statements(), performance.now()];
	await clients.tell('RUN', Math.min(20, 5 * seconds) * 1000);
	const alone_end = [cpus(), statements(), performance.now()], alone_ms = alone_end[2] - alone[2];
	const alone_share = ((alone_end[0].mariadb - alone[0].mariadb) / alone_ms) * 100, alone_asked = (alone_end[1].Questions - alone[1].Questions) / (alone_ms / 1000);
	const empty = status_of(live, 'VmRSS');
	const took = await park(2, by_turns.map(question));
	const size = (status_of(live, 'VmRSS') - empty) / by_turns.length;
	console.log(`\n${by_turns.length} parked, each a different agent, of ${companies} companies; lists, rows and reports: in ${took.toFixed(1)} s`);
	console.log(`  memory of the live process: ${size.toFixed(1)} KiB each, ${(status_of(live, 'VmRSS') / 1024).toFixed(0)} MiB in all, ${status_of(live, 'Threads')} threads${goal(size <= 20, 'at most 20 KB')}`);

	console.log(`  descriptors of nginx's processes: ${programs.nginx.map((pid) => readdirSync(`/proc/${pid}/fd`).length).join(' and ')} of ${/open files\s+(\d+)/.exec(readFileSync(`/proc/${programs.nginx[0]}/limits`, 'utf8'))[1]} each`);

	const before = [cpus(), statements(), performance.now(), await figures()];
	await clients.tell('RUN', Math.min(20, 5 * seconds) * 1000);
	const end = [cpus(), statements(), performance.now(), await figures()];
	const took_ms = end[2] - before[2], share = (name) => ((end[0][name] - before[0][name]) / took_ms) * 100;
	const asked = (name) => (end[1][name] - before[1][name]) / (took_ms / 1000);
	console.log(`  idle with nobody parked: mariadbd ${alone_share.toFixed(2)} % of a core, ${alone_asked.toFixed(1)} statements/s`);
	console.log(`  idle for ${(took_ms / 1000).toFixed(0)} s (${end[3].expired_total - before[3].expired_total} asked again): live ${share('live').toFixed(2)} %, mariadbd ${share('mariadb').toFixed(2)} % of a core, ` +
		`${asked('Questions').toFixed(1)} statements/s (${asked('Com_select').toFixed(1)} selects)${goal(share('live') + share('mariadb') < 2 && asked('Questions') < 50, '< 2 %, < 50/s')}`);

	// Nobody waits for a single deal; single contacts are waited for.
	const few = Math.min(20, companies);
	for (const [path, body, from] of [['/v1/deals', '{"title":"New"}', 4 * companies], ['/v1/contacts', '{"kind":"person","first_name":"New"}', 0]]) {
		const at = await figures();
		await clients.tell('EACH', 2, from, few, 1, 50_000, port, path, body);
		const [[, , more]] = await clients.tell('RUN', 1000);
		const now = await figures(), sent = now.woken_total - at.woken_total, run = now.runs_total - at.runs_total;
		console.log(`  ${few} changes of ${path} that 1 of ${by_turns.length} may see: ${sent} answers sent, ${run} queries run${goal(sent === few && run === few && more === '0', 'one each')}`);
	}

	await rates('parked');
	await drop(2);
	await rates('none');
	const line = (r) => `${median(r.parked).toFixed(0)}/s against ${median(r.none).toFixed(0)}/s with none parked: ${(median(r.parked) / median(r.none)).toFixed(2)}`;
	console.log(`  mutations that nobody waits for: ${line(rate.others)}${goal(median(rate.others.parked) >= 0.8 * median(rate.others.none), 'at least 0.8')}`);
	console.log(`  mutations that one each waits for: ${line(rate.theirs)}`);
}

// As Convex's load test takes them.
async function ten_each() {
	const paths = (p) => [`/v1/contacts?limit=10`, `/v1/contacts/${p.contact}`, '/v1/deals?limit=10', '/v1/tasks?limit=10', '/v1/tags', '/v1/sources', '/v1/pipelines', '/v1/stages', '/v1/reports/deals?group_by=stage', '/v1/me'];
	const who = by_turns.slice(0, some);
	const took = await park(3, who.map((p) => `${p.token} ${paths(p).join(' ')}`), 'live');
	console.log(`\n${who.length} clients with 10 queries each in one POST /v1/live: parked in ${took.toFixed(1)} s`);
	for (const in_flight of [1, 8]) {
		const seen = (await clients.tell('EACH', 3, 0, in_flight === 1 ? changes : changes * 4, in_flight, in_flight === 1 ? 10_000 : 0, port, '/v1/contacts', '{"kind":"person","first_name":"New"}')).map(([, a, t]) => [Number(a), Number(t)]);
		console.log(`  ${in_flight} at a time: mutation completed  ${spread(seen.map(([a]) => a))}`);
		console.log(`               mutation observed   ${spread(seen.map(([, t]) => t))}`);
	}
	await drop(3);
}

try {
	const wants = (name) => !only || only.includes(name);
	if (wants('parked')) await parked(); // first: what it adds to a process that has held nobody yet
	if (wants('single')) await single();
	if (wants('herd')) {
		const other = await nchan();
		await herd(other, some, 60);
		if (crowd > some) await herd(other, crowd, 600);
		delete programs.nchan;
	}
	if (wants('ten')) await ten_each();
	console.log(`\n${missed ? `${missed} goals were missed` : 'all goals were met'}; load ${loadavg()[0].toFixed(1)} at the end`);
} finally {
	for (const child of children) child.kill();
	if (process.env.KEEP) console.log(muster.dataDir, await muster.end());
	else await muster.stop();
}
