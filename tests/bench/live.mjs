// live.mjs: how soon those who wait are told, and what a waiting request costs. `tests/bench/run live`; PARKED (1000) and CHANGES (300)
// change how much. Prints milliseconds from the mutation's answer, and from its sending, to the answer of who waited; both are seen
// by one client, which shares the machine with everything else.

import http from 'node:http';
import { readFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { availableParallelism, loadavg } from 'node:os';
import { startMuster } from '../harness.mjs';

const PARKED = Number(process.env.PARKED ?? 1000);
const CHANGES = Number(process.env.CHANGES ?? 300);
const password = 'correct horse battery';

const muster = await startMuster({ empty: true });
const { hostname, port } = new URL(muster.url);
const agent = new http.Agent({ keepAlive: true, maxSockets: Infinity });

function request(method, path, { token, body, headers = {} } = {}) {
	return new Promise((done, fail) => {
		const data = body && JSON.stringify(body);
		const call = http.request({
			hostname, port, method, path, agent,
			headers: {
				...(token && { authorization: `Bearer ${token}` }),
				...(data && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(data) }),
				...headers,
			},
		}, (reply) => {
			let text = '';
			reply.setEncoding('utf8');
			reply.on('data', (part) => (text += part));
			reply.on('end', () => done({ status: reply.statusCode, headers: reply.headers, text, at: performance.now() }));
		});
		call.on('error', fail);
		call.end(data);
	});
}
async function made(path, token, body) {
	const answer = await request('POST', path, { token, body });
	if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${answer.text}`);
	return JSON.parse(answer.text);
}
async function figures() {
	const { text } = await request('GET', '/metrics');
	return Object.fromEntries([...text.matchAll(/^muster_(live_\w+) (\d+)$/gm)].map(([, name, value]) => [name, Number(value)]));
}
const pid = () => execFileSync('pgrep', ['-P', String(muster.pid()), '-x', 'muster-live'], { encoding: 'utf8' }).trim();
const resident = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid()}/status`, 'utf8'))[1]);
const email = () => `${Math.random().toString(36).slice(2)}@bench.test`;
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

function show(what, values) {
	const sorted = [...values].sort((a, b) => a - b);
	const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))].toFixed(1);
	console.log(`  ${what.padEnd(34)} p50 ${at(0.5)}  p90 ${at(0.9)}  p99 ${at(0.99)}  max ${at(1)} ms`);
}

// A company with so many people of a built-in role, who follow the paths for as long as it is wanted.
async function company(role, people, paths) {
	const { token } = await made('/v1/companies', undefined, { company_name: 'Bench', full_name: 'Olga Owner', email: email(), password });
	const roles = JSON.parse((await request('GET', '/v1/roles?limit=100', { token })).text).data;
	const role_id = roles.find(({ kind }) => kind === role).id;
	const all = [];
	const one = async () => {
		const { url } = await made('/v1/invitations', token, { email: email(), role_id, team_ids: [] });
		const joined = await made('/v1/invitations/accept', undefined,
			{ token: new URL(url).searchParams.get('token'), full_name: 'Ada Agent', password });
		all.push({ token: joined.token, told() {} });
	};
	while (all.length < people) await Promise.all(Array.from({ length: Math.min(10, people - all.length) }, one));
	const follow = async (who, path) => {
		const first = await request('GET', path, { token: who.token });
		if (first.status !== 200) throw new Error(`${path}: ${first.status} ${first.text}`);
		let { etag } = first.headers;
		(async () => {
			while (!ended) {
				const answer = await request('GET', path, { token: who.token, headers: { 'if-none-match': etag, prefer: 'wait=60' } });
				if (answer.status === 200) {
					etag = answer.headers.etag;
					who.told(answer);
				}
			}
		})().catch(() => {});
	};
	const before = (await figures()).live_waiting;
	for (let i = 0; i < all.length; i += 20)
		await Promise.all(all.slice(i, i + 20).flatMap((who) => paths.map((path) => follow(who, path))));
	while ((await figures()).live_waiting < before + people * paths.length) await pause(50);
	return all;
}
const change = (who, i) => request('POST', '/v1/contacts', { token: who.token, body: { kind: 'person', first_name: `Number ${i}` } });

let ended = false;
console.log(`${availableParallelism()} cores, load ${loadavg()[0].toFixed(1)}`);

// Each change is of interest to one.
const paths = ['contacts', 'deals', 'tags', 'sources', 'pipelines', 'stages', 'teams', 'tasks', 'me', 'tags?sort=name'].map((path) => `/v1/${path}`);
const empty = resident();
const people = await company('agent', Math.ceil(PARKED / paths.length), paths);
const parked = (await figures()).live_waiting;
console.log(`${parked} parked: ${((resident() - empty) / parked).toFixed(1)} KiB each, ${(resident() / 1024).toFixed(0)} MiB in all`);
const answered = [], sent = [];
for (let i = 0; i < CHANGES; i++) {
	const who = people[i % people.length];
	const told = new Promise((done) => (who.told = done));
	const began = performance.now();
	const done = await change(who, i);
	const answer = await told;
	answered.push(answer.at - done.at);
	sent.push(answer.at - began);
	await pause(10);
}
console.log(`one of them told by each of ${CHANGES} changes`);
show('after the mutation was answered', answered);
show('after it was sent', sent);
console.log(`  resident after that: ${(resident() / 1024).toFixed(0)} MiB`);

// Everybody asks the same.
const crowd = await company('owner', 100, Array.from({ length: 10 }, () => '/v1/contacts'));
const first = [], half = [], last = [];
const before = await figures();
for (let i = 0; i < 5; i++) {
	const times = [];
	const told = new Promise((done) => {
		for (const who of crowd) who.told = ({ at }) => times.push(at) === crowd.length * 10 && done();
	});
	const done = await change(crowd[0], i);
	await told;
	times.sort((a, b) => a - b);
	first.push(times[0] - done.at);
	half.push(times[times.length >> 1] - done.at);
	last.push(times.at(-1) - done.at);
	while ((await figures()).live_waiting < parked + crowd.length * 10) await pause(50);
}
const after = await figures();
console.log(`all ${crowd.length * 10} of a company told by one change, after the mutation was answered`);
show('the first', first);
show('half of them', half);
show('the last', last);
console.log(`  queries run for that: ${after.live_runs_total - before.live_runs_total}, answers shared: ${after.live_shared_total - before.live_shared_total}`);
ended = true;
agent.destroy();
await muster.stop();
process.exit(0);
