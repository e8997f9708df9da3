// What is taken away from a reader is not sent any more once that is committed, not even in an answer that was being made meanwhile. The
// order of things is forced: the live process is stopped while it has something to tell, a change that takes the row away is held by a
// lock in the middle of its transaction, and only then may the live process go on.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { join as path } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { api, startMuster, until } from '../harness.mjs';
import { database, join, signUp } from './company.mjs';

let muster, live;
before(async () => {
	muster = await startMuster({ empty: true });
	process.env.MUSTER_TEST_URL = muster.url;
	process.env.MUSTER_TEST_DATA = muster.dataDir;
	live = Number(execFileSync('pgrep', ['-P', String(muster.pid()), '-x', 'muster-live'], { encoding: 'utf8' }));
});
after(async () => {
	if (live) process.kill(live, 'SIGCONT');
	await muster?.stop();
});

const parked = async (n) => until(async () => Number(/^muster_live_waiting (\d+)$/m.exec((await api(muster.url).get('/metrics')).text)[1]) === n, { what: `${n} waiting` });

// Holds a topic's row in a transaction, so that a mutation which touches it waits there: its version is taken, and it is not committed.
async function lockTopic(t, company, topic) {
	const client = spawn('mariadb', ['--no-defaults', '-u', 'root', '-S', path(muster.dataDir, 'run/mariadb.sock'), '-N', '--unbuffered', 'muster'], { stdio: ['pipe', 'pipe', 'inherit'] });
	t.after(() => client.stdin.destroy());
	client.stdin.write(`START TRANSACTION; SELECT 'locked', version FROM version_counters WHERE company_id = '${company}' AND topic = '${topic}' FOR UPDATE;\n`);
	await new Promise((done) => client.stdout.on('data', (text) => /locked/.test(text) && done()));
	return () => client.stdin.end('COMMIT;\n');
}
// Some statement like that waits for a lock. InnoDB shows the same list again to who asks within a tenth of a second, so what an earlier
// test saw must have gone first.
const stuck = (like) => pause(150).then(() => until(() => Number(database(`SELECT COUNT(*) FROM information_schema.INNODB_TRX WHERE trx_state = 'LOCK WAIT' AND trx_query LIKE '${like}'`)[0][0]) > 0, { every: 150, what: `a wait of ${like}` }));

// Ann's contact, the wait that `ask` begins, and a change of it that she is to be told of; the live process has not noticed it yet.
async function scene(t, ask) {
	const owner = await signUp();
	const [ann, bob] = [await join(owner, owner.roles.agent.id), await join(owner, owner.roles.agent.id)];
	const row = (await ann.post('/v1/contacts', { kind: 'person', first_name: 'Hers' })).body;
	const answer = { at: 0 };
	const next = ask(ann, row).then((got) => Object.assign(answer, { got, at: performance.now() }));
	await parked(1);
	process.kill(live, 'SIGSTOP');
	assert.equal((await owner.patch(`/v1/contacts/${row.id}`, { job_title: 'Known to Ann' })).status, 200);
	const release = await lockTopic(t, owner.company.id, `contacts/owner/${ann.agent.id}`);
	return { owner, ann, bob, row, next, answer, release };
}
async function race({ take, release, next, answer }) {
	const taken = take();
	await stuck('%INTO version_counters%');
	process.kill(live, 'SIGCONT');
	// It has made an answer that shows the row, and must not send it before it knows how the other one ends.
	await stuck('%LOCK IN SHARE MODE%');
	assert.equal(answer.at, 0);
	release();
	assert.equal((await taken).status, 200);
	await next;
	return answer;
}

const list = async (who) => {
	const etag = (await who.get('/v1/contacts')).headers.get('etag');
	return who.get('/v1/contacts', { 'if-none-match': etag, prefer: 'wait=20' });
};

test('a list that is made while its row is given to somebody else is not sent', async (t) => {
	const s = await scene(t, list);
	const { got } = await race({ ...s, take: () => s.owner.patch(`/v1/contacts/${s.row.id}`, { owner_id: s.bob.agent.id }) });
	assert.equal(got.status, 200);
	assert.deepEqual(got.body.data, []);
	assert.doesNotMatch(got.text, /Known to Ann|Hers/);
});

test('a row that is made while it is given to somebody else is not found', async (t) => {
	const s = await scene(t, async (who, row) => {
		const etag = (await who.get(`/v1/contacts/${row.id}`)).headers.get('etag');
		return who.get(`/v1/contacts/${row.id}`, { 'if-none-match': etag, prefer: 'wait=20' });
	});
	const { got } = await race({ ...s, take: () => s.owner.patch(`/v1/contacts/${s.row.id}`, { owner_id: s.bob.agent.id }) });
	assert.equal(got.status, 404);
	assert.doesNotMatch(got.text, /Known to Ann|Hers/);
});

test('many queries at once: the one that lost its row is told so', async (t) => {
	const s = await scene(t, async (who, row) => {
		const paths = ['/v1/contacts', `/v1/contacts/${row.id}`, '/v1/tags'];
		const queries = [];
		for (const path of paths) queries.push({ path, etag: (await who.get(path)).headers.get('etag') });
		return who.post('/v1/live', { queries, wait: 20 });
	});
	const { got } = await race({ ...s, take: () => s.owner.patch(`/v1/contacts/${s.row.id}`, { owner_id: s.bob.agent.id }) });
	assert.deepEqual(got.body.changed.map(({ index, status }) => [index, status]), [[0, 200], [1, 404]]);
	assert.doesNotMatch(got.text, /Known to Ann|Hers/);
});

test('one that comes with an old answer, in the middle of it, is not sent the row either', async (t) => {
	const owner = await signUp();
	const [ann, bob] = [await join(owner, owner.roles.agent.id), await join(owner, owner.roles.agent.id)];
	const row = (await ann.post('/v1/contacts', { kind: 'person', first_name: 'Hers' })).body;
	const release = await lockTopic(t, owner.company.id, `contacts/owner/${ann.agent.id}`);
	const answer = { at: 0 };
	const taken = owner.patch(`/v1/contacts/${row.id}`, { owner_id: bob.agent.id });
	await stuck('%INTO version_counters%');
	const next = ann.get('/v1/contacts', { 'if-none-match': '"old"', prefer: 'wait=20' }).then((got) => Object.assign(answer, { got, at: performance.now() }));
	await stuck('%LOCK IN SHARE MODE%');
	assert.equal(answer.at, 0);
	release();
	assert.equal((await taken).status, 200);
	await next;
	assert.deepEqual(answer.got.body.data, []);
});

// The first that comes with a company's version 1 is held in the middle of its query, and so is a second that has seen version 2; then they
// are parked in that order, while what has changed cannot be read.
test('who is told that nothing has changed is told no version older than it has seen', async (t) => {
	const owner = await signUp();
	const lock = async (table) => {
		const client = spawn('mariadb', ['--no-defaults', '-u', 'root', '-S', path(muster.dataDir, 'run/mariadb.sock'), '-N', '--unbuffered', 'muster'], { stdio: ['pipe', 'pipe', 'inherit'] });
		t.after(() => client.stdin.destroy());
		client.stdin.write(`LOCK TABLES ${table} WRITE; SELECT 'locked';\n`);
		await new Promise((done) => client.stdout.on('data', (text) => /locked/.test(text) && done()));
		return () => client.stdin.end('UNLOCK TABLES;\n');
	};
	const held = (table) => until(() => Number(database(`SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE state = 'Waiting for table metadata lock' AND info LIKE '%${table}%'`)[0][0]) > 0, { what: `${table}: held` });
	const etags = {};
	for (const path of ['/v1/tags', '/v1/sources']) etags[path] = (await owner.get(path)).headers.get('etag');
	const waits = (path) => owner.get(path, { 'if-none-match': etags[path], prefer: 'wait=1' });
	const unlockTags = await lock('tags');
	const first = waits('/v1/tags');
	await held('tags');
	const seen = (await owner.post('/v1/contacts', { kind: 'person', first_name: 'Zoe' })).body.version;
	const unlockSources = await lock('sources');
	const second = waits('/v1/sources');
	await held('sources');
	const unlockCounters = await lock('version_counters');
	unlockTags();
	await held('version_counters');
	unlockSources();
	const [older, newer] = [await first, await second];
	unlockCounters();
	assert.deepEqual([older.status, newer.status], [304, 304]);
	assert.ok(Number(newer.headers.get('muster-version')) >= seen);
});
