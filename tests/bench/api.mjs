// api.mjs: the bench of tests/bench/run: a company of 100,000 contacts and 40 agents, wrk with 1, 16 and 64 connections, the
// cases in turn and several rounds, medians. Baselines in the same run: an nginx file, bare libfcgi, and bare libfcgi with one
// prepared SELECT of the same rows (the limit).

import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, startMuster, until } from '../harness.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const seconds = Number(process.env.SECONDS_EACH ?? 4), rounds = Number(process.env.ROUNDS ?? 3);
const connections = [1, 16, 64], workers = 4, contacts = 100_000;

const muster = await startMuster({ empty: true, env: { MUSTER_WORKERS: String(workers), MUSTER_SCRYPT_N: '1024', MUSTER_LOG_LEVEL: 'warning' } });
const socket = join(muster.dataDir, 'run/mariadb.sock');
const sql = (text) => execFileSync('mariadb', ['--no-defaults', '-u', 'root', '-S', socket, '-N', 'muster'], { input: text, encoding: 'utf8' }).trim();

async function call(method, path, body, token) {
	const response = await fetch(muster.url + path, {
		method, body: body && JSON.stringify(body),
		headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
	});
	if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
	return response.json();
}

// --- the company: rows straight into the tables, because this measures reading them
const owner = await call('POST', '/v1/companies', { company_name: 'Bench', full_name: 'Olga Owner', email: 'olga@bench.test', password: 'correct horse' });
const company = owner.company.id;
const roles = (await call('GET', '/v1/roles', undefined, owner.token)).data;
const role = roles.find((r) => r.kind === 'agent').id;
const invitation = await call('POST', '/v1/invitations', { email: 'anna@bench.test', role_id: role }, owner.token);
const invited = new URL(invitation.url).searchParams.get('token');
const agent = await call('POST', '/v1/invitations/accept', { token: invited, full_name: 'Anna Agent', password: 'correct horse' });
const someone = agent.agent.id;
sql(`INSERT INTO agents (company_id, id, email, full_name, role_id, status, created_at, updated_at)
	SELECT '${company}', UUID(), CONCAT('agent', seq, '@bench.test'), CONCAT('Agent ', seq), '${role}', 'active', NOW(6), NOW(6) FROM seq_1_to_38;
	SET @n := -1; CREATE TEMPORARY TABLE numbered AS SELECT id, (@n := @n + 1) AS n FROM agents WHERE company_id = '${company}';
	INSERT INTO contacts (company_id, id, kind, first_name, last_name, full_name, job_title, owner_id, website, tags, emails, phones, addresses, created_at, updated_at)
	SELECT '${company}', UUID(), 'person', CONCAT('First', seq % 997), CONCAT('Family', seq % 1999), CONCAT('First', seq % 997, ' Family', seq % 1999), 'Buyer', numbered.id,
	'https://example.com', '[]', CONCAT('[{"id":"', UUID(), '","address":"person', seq, '@example.com","type":"work","primary":true}]'),
	CONCAT('[{"id":"', UUID(), '","value":"+49 30 ', 1000000 + seq, '","type":"work","primary":true}]'), '[]',
	NOW(6) - INTERVAL seq SECOND, NOW(6) - INTERVAL seq SECOND FROM seq_1_to_${contacts} JOIN numbered ON numbered.n = seq % 40;
	ANALYZE TABLE contacts;`);
const one = sql(`SELECT id FROM contacts WHERE owner_id = '${someone}' ORDER BY updated_at DESC LIMIT 1`);

// --- the baselines, behind an nginx of their own
const folder = join(muster.dataDir, 'bare');
mkdirSync(folder);
const flags = execFileSync('pkg-config', ['--cflags', '--libs', 'libmariadb'], { encoding: 'utf8' }).trim().split(/\s+/);
for (const name of ['bare_hello', 'bare_list']) execFileSync('cc', ['-O2', '-o', join(folder, name), join(here, `${name}.c`), '-lfcgi', ...flags]);
const children = [];
const start = (command, args) => children.push(spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'], detached: true }));
start(join(folder, 'bare_hello'), [join(folder, 'hello.sock'), String(workers)]);
start(join(folder, 'bare_list'), [join(folder, 'list.sock'), String(workers), socket, 'muster', company, someone]);
const port = await freePort();
writeFileSync(join(folder, 'hello.json'), '{"hello":"world"}');
writeFileSync(join(folder, 'nginx.conf'), `daemon off; pid ${folder}/nginx.pid; error_log ${folder}/error.log; worker_processes auto; ${process.getuid() === 0 ? 'user root;' : ''}
events { worker_connections 1024; }
http { access_log off; client_body_temp_path ${folder}/a; proxy_temp_path ${folder}/b; fastcgi_temp_path ${folder}/c; uwsgi_temp_path ${folder}/d; scgi_temp_path ${folder}/e;
keepalive_requests 1000000;
server { listen 127.0.0.1:${port}; root ${folder}; include /etc/nginx/fastcgi_params;
location /hello { fastcgi_pass unix:${folder}/hello.sock; } location /list { fastcgi_pass unix:${folder}/list.sock; } } }`);
start('nginx', ['-c', join(folder, 'nginx.conf')]);
const bare = `http://127.0.0.1:${port}`;
await until(() => fetch(`${bare}/list`).then((r) => r.ok, () => false), { what: 'the bare server' });

// --- what is measured
const login = await fetch(`${muster.url}/v1/me`, { headers: { authorization: `Bearer ${agent.token}` } });
if (!login.ok) throw new Error('the agent cannot log in');
const bearer = ['-H', `Authorization: Bearer ${agent.token}`];
writeFileSync(join(folder, 'post.lua'), `wrk.method = "POST"\nwrk.headers["Content-Type"] = "application/json"\nwrk.body = '{"first_name":"Bench","last_name":"Contact","job_title":"Buyer"}'\n`);
const cases = [
	['nginx static file', `${bare}/hello.json`],
	['nginx + libfcgi hello', `${bare}/hello`],
	['nginx + libfcgi + one SELECT of 50', `${bare}/list`],
	['GET /v1/contacts?limit=50', `${muster.url}/v1/contacts?limit=50`, ...bearer],
	['GET /v1/contacts/{id}', `${muster.url}/v1/contacts/${one}`, ...bearer],
	['POST /v1/contacts', `${muster.url}/v1/contacts`, ...bearer, '-s', join(folder, 'post.lua')],
	['the contacts page', `${muster.url}/contacts`, '-H', `Cookie: muster_session=${agent.token}`],
];
const LIMIT = 2;

const unit = { us: 0.001, ms: 1, s: 1000, m: 60_000 };
const ms = (text) => Number(/[\d.]+/.exec(text)[0]) * unit[/[a-z]+/.exec(text)[0]];
function wrk(c, [, url, ...args]) {
	const out = execFileSync('wrk', ['-t', '1', '-c', String(c), '-d', `${seconds}s`, '--latency', ...args, url], { encoding: 'utf8' });
	const bad = /Non-2xx or 3xx responses: (\d+)/.exec(out);
	if (bad) throw new Error(`${url}: ${bad[0]}`);
	return { rate: Number(/Requests\/sec:\s+([\d.]+)/.exec(out)[1]), p50: ms(/^ +50% +(\S+)/m.exec(out)[1]), p99: ms(/^ +99% +(\S+)/m.exec(out)[1]) };
}
const median = (list) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)];
const memory = () => readdirSync('/proc').filter((p) => /^\d+$/.test(p)).flatMap((p) => {
	try {
		const status = readFileSync(`/proc/${p}/status`, 'utf8');
		const master = Number(/PPid:\s+(\d+)/.exec(status)[1]);
		return master === muster.pid() ? [Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024] : [];
	} catch { return []; }
});

try {
	const before = memory();
	for (const c of connections) {
		const taken = cases.map(() => []);
		for (let round = 0; round < rounds; round++) cases.forEach((what, i) => taken[i].push(wrk(c, what)));
		console.log(`\n${c} connection${c > 1 ? 's' : ''}${' '.repeat(24)}requests/s   p50 ms   p99 ms   of the limit   p99/p50`);
		const limit = median(taken[LIMIT].map((t) => t.rate));
		cases.forEach(([name], i) => {
			const [rate, p50, p99] = ['rate', 'p50', 'p99'].map((k) => median(taken[i].map((t) => t[k])));
			console.log(`${name.padEnd(36)} ${rate.toFixed(0).padStart(10)} ${p50.toFixed(2).padStart(8)} ${p99.toFixed(2).padStart(8)} ${(rate / limit).toFixed(2).padStart(14)} ${(p99 / p50).toFixed(1).padStart(9)}`);
		});
	}
	const show = (list) => list.map((m) => m.toFixed(1)).join(' ');
	console.log(`\nresident MB of Muster's processes before: ${show(before)}\n                                  after: ${show(memory())}`);
} finally {
	for (const child of children) { try { process.kill(-child.pid); } catch { /* it has ended */ } }
	await muster.stop();
}
