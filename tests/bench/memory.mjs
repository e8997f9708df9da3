// memory.mjs: the bench of `tests/bench/run memory`: one web worker serves 100,000 mixed requests (lists, single rows, pages, changes,
// refusals) of the demo company; its resident memory at the beginning and on the way. The goal: under 15 MB, and no growth.

import { readdirSync, readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { login, startMuster } from '../harness.mjs';

const stops = [0, 1_000, 10_000, 50_000, 100_000], connections = 8;
const muster = await startMuster({ env: { MUSTER_WORKERS: '1', MUSTER_WORKER_REQUESTS: '1000000', MUSTER_LOG_LEVEL: 'warning' } });
const people = await Promise.all(['owner', 'leader', 'agent'].map((name) => login(`${name}@demo.test`, 'demo', muster.url)));

function worker() {
	for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
		try {
			const status = readFileSync(`/proc/${pid}/status`, 'utf8');
			if (/^Name:\s+muster-web$/m.test(status) && Number(/PPid:\s+(\d+)/.exec(status)[1]) === muster.pid()) return status;
		} catch { /* it has ended meanwhile */ }
	}
	throw new Error('there is no worker');
}
const number = (status, name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)[1]);

const agent = new Agent({ keepAlive: true, maxSockets: connections });
function ask({ token }, method, path, body) {
	const page = !path.startsWith('/v1/');
	const headers = page ? { cookie: `muster_session=${token}` } : { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
	return new Promise((done, fail) => {
		const sent = request(muster.url + path, { method, agent, headers }, (answer) => {
			answer.resume().on('end', () => (answer.statusCode < 500 ? done() : fail(new Error(`${method} ${path}: ${answer.statusCode}`))));
		}).on('error', fail);
		sent.end(body && JSON.stringify(body));
	});
}

const rows = (await people[0].get('/v1/contacts?limit=100&fields=id')).body.data, deals = (await people[0].get('/v1/deals?limit=100&fields=id')).body.data;
const kinds = [
	(who, i) => ask(who, 'GET', `/v1/contacts?limit=${1 + (i % 100)}&sort=${['-updated_at', 'full_name', 'last_name'][i % 3]}`),
	(who, i) => ask(who, 'GET', `/v1/contacts/${rows[i % 100].id}?expand=owner,organisation`),
	(who, i) => ask(who, 'GET', `/v1/deals?limit=50&q=${'abcdefgh'[i % 8]}&include_total=true`),
	(who) => ask(who, 'GET', '/contacts'),
	(who, i) => ask(who, 'GET', `/deals/${deals[i % 100].id}`),
	(who) => ask(who, 'GET', '/'),
	(who, i) => ask(who, 'POST', '/v1/contacts', { first_name: `Ada ${i}`, emails: [{ address: `ada${i}@bench.test` }], job_title: 'x'.repeat(i % 100) }),
	(who, i) => ask(who, 'PATCH', `/v1/contacts/${rows[i % 100].id}`, { job_title: `Buyer ${i}` }),
	(who, i) => ask(who, 'POST', '/v1/contacts', { first_name: 7, emails: 'none', nonsense: i }),
	(who, i) => ask(who, 'GET', `/v1/reports/deals?group_by=${['stage', 'owner', 'team', 'quarter'][i % 4]}`),
];

try {
	let next = 0;
	const pid = number(worker(), 'Pid'), seen = [];
	console.log('requests   resident MB   highest MB   requests/s');
	for (const stop of stops) {
		const from = next, began = Date.now();
		await Promise.all(Array.from({ length: connections }, async () => {
			for (let i = next++; i < stop; i = next++) await kinds[i % kinds.length](people[Math.floor(i / kinds.length) % people.length], i);
		}));
		next = stop;
		const status = worker();
		if (number(status, 'Pid') !== pid) throw new Error('the worker was replaced: another one was measured');
		seen.push(number(status, 'VmRSS') / 1024);
		const rate = stop ? Math.round(((stop - from) * 1000) / (Date.now() - began)) : '';
		console.log(`${String(stop).padStart(8)} ${seen.at(-1).toFixed(1).padStart(13)} ${(number(status, 'VmHWM') / 1024).toFixed(1).padStart(12)} ${String(rate).padStart(12)}`);
	}
	const [, , early, , late] = seen;
	console.log(`from 10,000 to 100,000: ${(late - early).toFixed(1)} MB; goal: under 15 MB and no growth`);
	if (late >= 15 || late - early > 0.5) process.exitCode = 1;
} finally {
	agent.destroy();
	await muster.stop();
}
