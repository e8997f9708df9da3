// A request with an Idempotency-Key happens once, whoever sends it again and whatever ends it.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { join as path } from 'node:path';
import { after, before, test } from 'node:test';
import { login, startMuster, until } from '../harness.mjs';
import { database, join, password, signUp } from './company.mjs';

let muster, owner;
before(async () => {
	muster = await startMuster({ empty: true, env: { MUSTER_WORKERS: '2' } });
	process.env.MUSTER_TEST_URL = muster.url;
	process.env.MUSTER_TEST_DATA = muster.dataDir;
	owner = await signUp();
});
after(() => muster?.stop());

const send = (body, key = '"once"', to = '/v1/tags') => owner.post(to, body, { 'idempotency-key': key });
const replayed = (answer) => answer.headers.get('idempotent-replayed') === 'true';
function isProblem(answer, status, pointer, code) {
	assert.equal(answer.status, status, answer.text);
	if (pointer) assert.ok(answer.body.errors.some((e) => e.pointer === pointer && (!code || e.code === code)), answer.text);
}
const tags = (name) => Number(database(`SELECT COUNT(*) FROM tags WHERE name = '${name}'`)[0][0]);

test('a key is for one request: the answer comes again, and nothing is done twice', async () => {
	const first = await send({ name: 'Once' });
	assert.equal(first.status, 201);
	for (const key of ['"once"', 'once']) {
		const again = await send({ name: 'Once' }, key);
		assert.deepEqual([again.status, again.text, again.headers.get('idempotent-replayed')], [201, first.text, 'true']);
	}
	isProblem(await send({ name: 'Twice' }), 422, '/Idempotency-Key', 'reused');
	isProblem(await send({ name: 'Once' }, 'once', '/v1/sources'), 422, '/Idempotency-Key', 'reused');
	isProblem(await send({ name: 'X' }, 'k'.repeat(256)), 400, '/Idempotency-Key');
	const refused = await send({ name: '' }, 'refused');
	isProblem(refused, 422, '/name');
	const again = await send({ name: '' }, 'refused');
	assert.deepEqual([again.status, again.headers.get('idempotent-replayed')], [422, 'true']);
	const other = await signUp();
	assert.equal((await other.post('/v1/tags', { name: 'Once' }, { 'idempotency-key': 'once' })).headers.get('idempotent-replayed'), null, 'of another person');
});

test('the same key at the same time: one is done, the others wait or get its answer', async () => {
	const answers = await Promise.all(Array.from({ length: 6 }, () => owner.post('/v1/tags', { name: 'Together' }, { 'idempotency-key': 'together' })));
	const made = answers.filter((a) => a.status === 201);
	assert.ok(made.length >= 1);
	assert.equal(new Set(made.map((a) => a.body.id)).size, 1);
	for (const answer of answers.filter((a) => a.status !== 201)) isProblem(answer, 409, '/Idempotency-Key', 'in_progress');
	assert.equal(tags('Together'), 1);
});

test('a key holds for every mutation, and for a person who logs in anew', async () => {
	const tag = (await owner.post('/v1/tags', { name: 'Changed once' })).body;
	const first = await owner.patch(`/v1/tags/${tag.id}`, { name: 'By the key' }, { 'idempotency-key': 'patch' });
	await owner.patch(`/v1/tags/${tag.id}`, { name: 'By somebody else' });
	const anew = await login(owner.email, password, owner.url);
	const again = await anew.patch(`/v1/tags/${tag.id}`, { name: 'By the key' }, { 'idempotency-key': 'patch' });
	assert.deepEqual([again.status, again.text, replayed(again)], [200, first.text, true]);
	assert.equal((await owner.get(`/v1/tags/${tag.id}`)).body.name, 'By somebody else');
	for (const expected of [false, true]) {
		const gone = await owner.delete(`/v1/tags/${tag.id}`, { 'idempotency-key': 'delete' });
		assert.deepEqual([gone.status, replayed(gone)], [204, expected]);
	}
});

// Holds the company's head, so that a mutation has done all but end. Gives what lets it go on.
async function holdHead(t) {
	const client = spawn('mariadb', ['--no-defaults', '-u', 'root', '-S', path(muster.dataDir, 'run/mariadb.sock'), '-N', '--unbuffered', 'muster'], { stdio: ['pipe', 'pipe', 'inherit'] });
	t.after(() => client.stdin.destroy());
	client.stdin.write(`START TRANSACTION; SELECT 'locked', version FROM version_counters WHERE company_id = '${owner.company.id}' AND topic = '' FOR UPDATE;\n`);
	await new Promise((done) => client.stdout.on('data', (text) => /locked/.test(text) && done()));
	return () => client.stdin.end('COMMIT;\n');
}
// Seen twice: the server makes this table anew every 0.1 s, so that the first look may find what was a moment ago.
async function stuck() {
	let seen = 0;
	await until(() => {
		const [[n]] = database("SELECT COUNT(*) FROM information_schema.INNODB_TRX WHERE trx_state = 'LOCK WAIT' AND trx_query LIKE '%version_counters%'");
		seen = Number(n) ? seen + 1 : 0;
		return seen > 1;
	}, { every: 150, what: 'a mutation that waits for the head' });
}

test('two workers, the same key at the same moment: the second is told at once that the first is at it', async (t) => {
	const release = await holdHead(t);
	const first = send({ name: 'Slow' }, 'slow');
	await stuck();
	const second = await send({ name: 'Slow' }, 'slow');
	isProblem(second, 409, '/Idempotency-Key', 'in_progress');
	assert.equal(second.headers.get('retry-after'), '1');
	const another = send({ name: 'Other' }, 'another');
	release();
	assert.equal((await another).status, 201, 'another key is free');
	const made = await first;
	assert.equal(made.status, 201);
	const third = await send({ name: 'Slow' }, 'slow');
	assert.deepEqual([third.status, third.text, replayed(third)], [201, made.text, true]);
	assert.equal(tags('Slow'), 1);
});

test('a worker that is killed in the middle leaves the key free', async (t) => {
	const release = await holdHead(t);
	const first = send({ name: 'Killed' }, 'killed');
	await stuck();
	const workers = execFileSync('pgrep', ['-P', String(muster.pid()), '-x', 'muster-web'], { encoding: 'utf8' }).trim().split('\n');
	assert.equal(workers.length, 2);
	for (const worker of workers) process.kill(Number(worker), 'SIGKILL');
	assert.equal((await first).status, 502);
	release();
	const again = await until(async () => {
		const answer = await send({ name: 'Killed' }, 'killed');
		return answer.status === 201 && answer;
	}, { what: 'the key to be free' });
	assert.equal(replayed(again), false);
	assert.equal(tags('Killed'), 1);
});

test('what is answered again shows no row that has left the reach of who asks, also in a batch', async () => {
	const agent = await join(owner, owner.roles.agent.id);
	const batch = () => agent.post('/v1/contacts/batch', { items: [{ first_name: 'Kept' }, { first_name: 'Given', last_name: 'Away' }] }, { 'idempotency-key': 'batch' });
	const first = await batch();
	assert.equal(first.status, 200, first.text);
	assert.equal((await batch()).text, first.text);
	const [kept, given] = first.body.results.map(({ data }) => data);
	assert.equal((await owner.patch(`/v1/contacts/${given.id}`, { owner_id: owner.agent.id })).status, 200);
	const again = await batch();
	assert.ok(replayed(again));
	assert.deepEqual(again.body.results, [{ status: 201, data: kept }, { status: 201, data: { id: given.id } }]);
	assert.equal(again.body.version, first.body.version);
});

test('a row in a shape of its own is answered again as it may be seen then, and another shape is another request', async () => {
	const agent = await join(owner, owner.roles.agent.id);
	const make = (query, key) => agent.post(`/v1/contacts?${query}`, { first_name: 'Shaped' }, { 'idempotency-key': key });
	const [short, wide] = [await make('fields=first_name', 'short'), await make('expand=owner', 'wide')];
	assert.match(short.headers.get('location'), /^\/v1\/contacts\/[0-9a-f-]{36}$/);
	const again = await make('fields=first_name', 'short');
	assert.deepEqual([again.status, again.body, replayed(again), again.headers.get('location')], [201, short.body, true, short.headers.get('location')]);
	assert.deepEqual((await make('expand=owner', 'wide')).body, wide.body);
	isProblem(await make('fields=last_name', 'short'), 422, '/Idempotency-Key', 'reused');
	for (const { headers } of [short, wide]) assert.equal((await owner.patch(headers.get('location'), { owner_id: owner.agent.id })).status, 200);
	assert.deepEqual((await make('fields=first_name', 'short')).body, { id: short.headers.get('location').slice(-36), version: short.body.version });
	assert.deepEqual((await make('expand=owner', 'wide')).body, { id: wide.body.id, version: wide.body.version });
});

test('a refusal is answered again as a refusal, also where an answer would hold a secret', async () => {
	const invite = (email) => owner.post('/v1/invitations', { email, role_id: owner.roles.agent.id }, { 'idempotency-key': `invite ${email}` });
	isProblem(await invite('nobody'), 422, '/email');
	const again = await invite('nobody');
	isProblem(again, 422, '/email');
	assert.ok(replayed(again));
	assert.equal((await invite('somebody@example.org')).status, 201);
	isProblem(await invite('somebody@example.org'), 409, '/Idempotency-Key', 'not_kept');
});

test('what is open to anyone takes no key, and so tells nobody whose address is known elsewhere', async () => {
	const other = await signUp();
	for (const email of [other.email, owner.email, 'nobody@example.org']) {
		const ask = () => owner.post('/v1/passwords/forgot', { email }, { 'idempotency-key': email });
		const answers = [await ask(), await ask()];
		assert.deepEqual(answers.map((answer) => [answer.status, answer.text, replayed(answer)]), [[202, '{}', false], [202, '{}', false]]);
	}
});
