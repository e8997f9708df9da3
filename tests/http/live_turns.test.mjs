// One company's queries, however many and slow, do not keep another's waiting in the live process. They are as slow as one likes here: a
// table that only they read is locked, so each of them is held by MariaDB until it is unlocked.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join as path } from 'node:path';
import { test } from 'node:test';
import { api, ownMuster, sleep, until } from '../harness.mjs';
import { database, join, signUp } from './company.mjs';

const muster = await ownMuster();

const parked = async (n) => until(async () => Number(/^muster_live_waiting (\d+)$/m.exec((await api(muster.url).get('/metrics')).text)[1]) === n, { what: `${n} waiting` });
// As many statements as that are held by the lock.
const isHeld = (n, table = 'tags') => Number(database(`SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE state = 'Waiting for table metadata lock' AND info LIKE '%${table}%'`)[0][0]) === n;
const held = (n, table) => until(() => isHeld(n, table), { what: `${n} held` });

async function lockTable(t, table = 'tags') {
	const client = spawn('mariadb', ['--no-defaults', '-u', 'root', '-S', path(muster.dataDir, 'run/mariadb.sock'), '-N', '--unbuffered', '--delimiter=//', 'muster'], { stdio: ['pipe', 'pipe', 'inherit'] });
	t.after(() => client.stdin.destroy());
	const lock = `LOCK TABLES ${table} WRITE; SELECT 'locked'//\n`;
	client.stdin.write(lock);
	const locked = () => new Promise((done) => client.stdout.on('data', (text) => /locked/.test(text) && done()));
	await locked();
	const unlock = () => client.stdin.end('UNLOCK TABLES//\n');
	// Lets those through that are held, and holds who comes then: both in one message, so that the next are not through as well.
	const release = () => (client.stdin.write(`UNLOCK TABLES; ${lock}`), locked());
	return { unlock, release };
}

// What this company asks of the live process while all that another does is held: one that has an answer already waits and is told of
// a change, one that has none is answered at once.
async function asks(who) {
	assert.equal((await who.get('/v1/contacts', { prefer: 'wait=1' })).status, 200);
	const etag = (await who.get('/v1/contacts')).headers.get('etag');
	const next = who.get('/v1/contacts', { 'if-none-match': etag, prefer: 'wait=20' });
	assert.equal((await who.post('/v1/contacts', { kind: 'person', first_name: 'Raul' })).status, 201);
	assert.deepEqual((await next).body.data.map((row) => row.first_name), ['Raul']);
	const many = await who.post('/v1/live', { queries: [{ path: '/v1/contacts' }, { path: '/v1/deals' }], wait: 0 });
	assert.deepEqual(many.body.changed.map((one) => one.status), [200, 200]);
}
// All of these calls are without an answer when `asks` is through.
async function meanwhile(calls, who) {
	let answered = 0;
	const all = calls.map((call) => call.then((answer) => (answered++, answer)));
	await Promise.race([asks(who), Promise.race(all).then(() => assert.fail('what is held was answered first'))]);
	assert.equal(answered, 0);
	return all;
}

test('those who come: a company that is held by all that it asks holds up no other', async (t) => {
	const [busy, other] = [await signUp(), await signUp()];
	const agent = await join(busy, busy.roles.agent.id);
	const { unlock } = await lockTable(t);
	const calls = [];
	for (let i = 0; i < 6; i++) {
		calls.push(busy.get('/v1/tags', { prefer: 'wait=1' }), agent.get('/v1/tags', { prefer: 'wait=1' }));
		calls.push(busy.post('/v1/live', { queries: Array.from({ length: 12 }, (_, n) => ({ path: `/v1/tags?limit=${n + 1}` })), wait: 0 }));
	}
	await held(2);
	const all = await meanwhile(calls, other);
	unlock();
	for (const answer of await Promise.all(all)) assert.equal(answer.status, 200);
});

test('those who are woken: a company whose waiters are held holds up no other', async (t) => {
	const [busy, other] = [await signUp(), await signUp()];
	const calls = [];
	for (let i = 0; i < 12; i++) {
		const etag = (await busy.get(`/v1/tags?limit=${i + 1}`)).headers.get('etag');
		calls.push(busy.get(`/v1/tags?limit=${i + 1}`, { 'if-none-match': etag, prefer: 'wait=20' }));
	}
	await parked(12);
	const live = muster.child('muster-live');
	process.kill(live, 'SIGSTOP');
	t.after(() => process.kill(live, 'SIGCONT'));
	assert.equal((await busy.post('/v1/tags', { name: 'New' })).status, 201);
	const { unlock } = await lockTable(t);
	process.kill(live, 'SIGCONT');
	await held(2);
	const all = await meanwhile(calls, other);
	unlock();
	for (const answer of await Promise.all(all)) assert.deepEqual(answer.body.data.map((row) => row.name), ['New']);
});

// Longer than a turn: who is held for so long has others go before.
const TURN = 150;

test('many slow queries in one request: two companies that ask such hold up no third', async (t) => {
	const [one, two, other] = [await signUp(), await signUp(), await signUp()];
	const { unlock, release } = await lockTable(t);
	const calls = [];
	for (const [busy, n] of [[one, 2], [two, 3]]) {
		for (const sort of ['name', '-name']) calls.push(busy.post('/v1/live', { queries: Array.from({ length: 100 }, (_, i) => ({ path: `/v1/tags?sort=${sort}&limit=${i + 1}` })), wait: 0 }));
		await held(n); // two who answer are at work for the first company, and then the last one for the second
	}
	let through = false;
	const slowly = (async () => {
		for (; !through; await release()) await sleep(TURN);
	})();
	const all = await meanwhile(calls, other);
	through = true;
	await slowly;
	unlock();
	for (const answer of await Promise.all(all)) {
		assert.equal(answer.status, 200, answer.text);
		assert.deepEqual(answer.body.changed.map(({ index, status }) => [index, status]), Array.from({ length: 100 }, (_, i) => [i, 200]));
	}
});

// Each of the questions reads all of many deals, which takes some time.
async function manyDeals(who) {
	const deal = (await who.post('/v1/deals', { title: 'One' })).body;
	database(`INSERT INTO deals (company_id, id, title, pipeline_id, stage_id, status, owner_id, opened_on, created_at, updated_at)
		SELECT d.company_id, UUID(), d.title, d.pipeline_id, d.stage_id, d.status, d.owner_id, '2026-01-01', d.created_at, d.updated_at
		FROM deals d, seq_1_to_3000 WHERE d.company_id = '${who.company.id}' AND d.id = '${deal.id}'`);
}
const slow = (n) => ({ path: `/v1/reports/deals?group_by=owner&since=${new Date(Date.UTC(1990, 0, 1 + n)).toISOString().slice(0, 10)}` });
const counts = ({ changed }) => changed.map(({ index, status, body }) => [index, status, body.data[0].count]);

test('many slow queries in one request: what changes meanwhile and afterwards is told', async (t) => {
	const owner = await signUp();
	await manyDeals(owner);
	const queries = [...Array.from({ length: 25 }, (_, n) => slow(n)), { path: '/v1/tags' }];
	const { unlock } = await lockTable(t);
	const first = owner.post('/v1/live', { queries, wait: 20 });
	await held(1); // the last one is: all others have been asked
	assert.equal((await owner.post('/v1/deals', { title: 'Meanwhile' })).status, 201);
	unlock();
	const { body } = await first;
	assert.deepEqual(counts({ changed: body.changed.slice(0, 25) }), queries.slice(0, 25).map((_, i) => [i, 200, 3002]));
	for (const { index, etag } of body.changed) queries[index].etag = index % 2 ? `W/${etag}` : etag; // as nginx does when it compresses
	const next = owner.post('/v1/live', { queries, wait: 20 });
	await parked(1);
	await owner.post('/v1/deals', { title: 'Afterwards' });
	const told = (await next).body;
	assert.deepEqual(counts(told), queries.slice(0, 25).map((_, i) => [i, 200, 3003]));
	assert.ok(told.version > body.version);
	// One that finds nothing new, and does not wait.
	for (const { index, etag } of told.changed) queries[index].etag = etag;
	assert.deepEqual((await owner.post('/v1/live', { queries, wait: 0 })).body.changed, []);
});

test('many large answers in one request: what is found is told before all was asked, and the rest when it comes again', async (t) => {
	const owner = await signUp();
	assert.equal((await owner.post('/v1/contacts', { kind: 'person', first_name: 'Raul' })).status, 201);
	database(`INSERT INTO notes (company_id, id, contact_id, body, author_id, created_at, updated_at)
		SELECT c.company_id, UUID(), c.id, REPEAT('x', 10000), c.owner_id, c.created_at, c.updated_at
		FROM contacts c, seq_1_to_100 WHERE c.company_id = '${owner.company.id}'`);
	const notes = [100, 99, 98, 97, 96, 95].map((limit) => ({ path: `/v1/notes?limit=${limit}` })); // a megabyte each
	const queries = [{ path: '/v1/tags' }, ...notes, { path: '/v1/tags?limit=2' }, { path: '/v1/contacts' }];
	const { unlock, release } = await lockTable(t);
	let answered = false;
	const first = owner.post('/v1/live', { queries, wait: 20 }).finally(() => { answered = true; });
	for (const over of ['the time of who comes, so it is asked in turns', 'the first of them']) {
		await until(() => isHeld(1), { what: over });
		await sleep(TURN);
		await release();
	}
	// A machine that makes four megabytes in more than a turn has told them before it comes to the tags again.
	await until(async () => answered || isHeld(1), { what: 'the end of a turn' });
	await sleep(TURN);
	unlock();
	const part = await first;
	const told = [];
	const learn = ({ changed }) => changed.forEach(({ index, etag }) => {
		queries[index].etag = etag;
		told.push(index);
	});
	learn(part.body);
	assert.ok(told.length >= 6 && told.length <= 8, `${told}`);
	assert.deepEqual(part.body.changed[1].body.data.length, 100);
	// Not all are known to be as they were at any version.
	assert.equal(part.body.version, 0);
	assert.equal(part.headers.get('muster-version'), null);
	let rest;
	while (told.length < queries.length) learn(rest = (await owner.post('/v1/live', { queries, wait: 20 })).body);
	assert.deepEqual(told, queries.map((_, i) => i));
	assert.deepEqual(rest.changed.at(-1).body.data[0].first_name, 'Raul');
	assert.ok(rest.version > 0);
});

test('many slow queries in one request: one that begins anew, because who asks has changed, goes after others of its company', async (t) => {
	const owner = await signUp();
	const etag = (await owner.get('/v1/contacts')).headers.get('etag');
	const other = owner.get('/v1/contacts', { 'if-none-match': etag, prefer: 'wait=20' });
	await parked(1);
	const [tags, stages] = [await lockTable(t), await lockTable(t, 'stages')];
	const one = owner.get('/v1/stages', { prefer: 'wait=1' });
	await held(1, 'stages'); // two answer for a company: that leaves one
	const many = owner.post('/v1/live', { queries: [{ path: '/v1/tags?limit=1' }, { path: '/v1/tags?limit=2' }], wait: 20 });
	await held(1);
	await sleep(TURN);
	await tags.release(); // from now on it is asked in turns
	await held(1);
	assert.equal((await owner.post('/v1/contacts', { kind: 'person', first_name: 'Raul' })).status, 201);
	for (let turn = 0; turn < 2; turn++) {
		assert.equal((await owner.patch('/v1/me', { full_name: `Another ${turn}` })).status, 200);
		await sleep(TURN);
		await tags.release();
		await held(1);
	}
	assert.deepEqual((await Promise.race([other, sleep(2000)]))?.body.data.map((row) => row.first_name), ['Raul']);
	await held(1);
	tags.unlock();
	stages.unlock();
	assert.deepEqual((await many).body.changed.map(({ index }) => index), [0, 1]);
	assert.equal((await one).status, 200);
});
