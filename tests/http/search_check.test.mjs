// `muster search check` and `rebuild`: the index is compared with the rows and mended, while the product is used. A Muster of its own:
// the tests break its index.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join as path } from 'node:path';
import { after, before, test } from 'node:test';
import { api, build, startMuster, until } from '../harness.mjs';
import { database, join, makeRole, makeTeam, password, someEmail } from './company.mjs';

let muster, owner;
before(async () => {
	muster = await startMuster({ empty: true });
	process.env.MUSTER_TEST_DATA = muster.dataDir;
	const { body } = await api(muster.url).post('/v1/companies', { company_name: 'Index Ltd', full_name: 'Olga Owner', email: someEmail(), password });
	owner = api(muster.url, body.token);
	for (let at = 0; at < 3; at++)
		await owner.post('/v1/contacts/batch', { items: Array.from({ length: 90 }, (_, i) => ({ first_name: 'Grace', last_name: `Number${at * 90 + i}`, emails: [{ address: `n${at * 90 + i}@x.test` }] })) });
});
after(() => muster?.stop());

const settings = () => ({ ...process.env, MUSTER_DATABASE_URL: `mysql://root@localhost/muster?socket=${path(muster.dataDir, 'run/mariadb.sock')}` });
const run = (...args) => {
	const { status, stdout, stderr } = spawnSync(path(build, 'muster'), ['search', ...args], { env: settings(), encoding: 'utf8' });
	return { status, said: stdout + stderr };
};
const finds = async (q) => (await owner.get(`/v1/contacts?q=${q}&limit=100`)).body.data.length;

test('an index that was written by the product is right', () => {
	const { status, said } = run('check');
	assert.equal(status, 0, said);
	assert.match(said, /^\d+ rows: the index is right$/m);
	assert.equal(run('nonsense').status, 2);
	assert.equal(run().status, 2);
});

for (const [what, sql, said] of [
	['a posting that is missing', "DELETE FROM search_postings WHERE term = 'number7'", /0 documents were not as their rows, 1 postings missing, 0 too many/],
	['a posting of another owner', "UPDATE search_postings SET owner_id = NULL WHERE term = 'number7'", /0 documents were not as their rows, 1 postings missing, 0 too many/],
	['a posting of no row', "INSERT INTO search_postings SELECT company_id, object, 'ghost', place, UUID(), owner_id, team_id, signature FROM search_postings WHERE term = 'number7'", /0 documents .*, 0 postings missing, 1 too many/],
	['a posting of a word that the row has not', "INSERT INTO search_postings SELECT company_id, object, 'ghost', place, row_id, owner_id, team_id, signature FROM search_postings WHERE term = 'number7'", /1 too many/],
	['a document that is missing', "DELETE FROM search_documents WHERE words LIKE '% number7 %'", /1 documents were not as their rows/],
	['a document of another text', "UPDATE search_documents SET words = ' :full_name=60 ghost ' WHERE words LIKE '% number7 %'", /1 documents were not as their rows/],
	['a document of no row', "INSERT INTO search_documents SELECT company_id, object, UUID(), NULL, NULL, day, 0, ' :full_name=60 ghost ' FROM search_documents WHERE words LIKE '% number7 %'", /1 documents were not as their rows/],
	['a word that is not kept', "DELETE FROM search_words WHERE word = 'grace'", /0 documents .*, 0 postings missing, 0 too many, [1-9]\d* words that are not kept/],
	['an index of a company that is not there', "SET @c = UUID(); INSERT INTO search_postings SELECT @c, object, term, place, row_id, owner_id, team_id, signature FROM search_postings WHERE term = 'number7'; INSERT INTO search_documents SELECT @c, object, row_id, owner_id, team_id, day, deleted, words FROM search_documents WHERE words LIKE '% number7 %'; INSERT INTO search_words SELECT @c, 1, CONCAT('ghost', seq) FROM seq_1_to_2000", /0 documents .*, 0 postings missing, 0 too many, 0 words that are not kept, 2002 entries of companies or tables that are not there/],
	['an index of a table that is not searched', "INSERT INTO search_postings SELECT company_id, 250, term, place, row_id, owner_id, team_id, signature FROM search_postings WHERE term = 'number7'", /0 documents .*, 1 entries of companies or tables that are not there/],
	['no index at all', 'DELETE FROM search_documents; DELETE FROM search_postings; DELETE FROM search_words', /documents were not as their rows, 0 postings missing, 0 too many/],
])
	test(`${what} is seen, and mended`, async () => {
		database(sql);
		const checked = run('check');
		assert.equal(checked.status, 1, checked.said);
		assert.match(checked.said, said);
		assert.match(run('rebuild').said, /mended/);
		const { status, said: after } = run('check');
		assert.equal(status, 0, after);
		assert.deepEqual([await finds('"number7"'), await finds('ghost'), await finds('grace -number7'), await finds('grcae')], [1, 0, 100, 100]);
	});

test('a program of another release leaves the index alone', () => {
	const [[hash]] = database('SELECT hash FROM schema_info');
	database("UPDATE schema_info SET hash = 'another'; INSERT INTO search_words SELECT company_id, 250, word FROM search_words WHERE word = 'grace'");
	const { status, said } = run('rebuild');
	database(`UPDATE schema_info SET hash = '${hash}'`);
	assert.equal(status, 1);
	assert.match(said, /^muster search: the database has the schema another /);
	assert.match(run('rebuild').said, / 1 entries of companies or tables that are not there; mended/);
});

test('it is compared and mended while rows come, change and go, and neither sees nor does any harm', async () => {
	const [checks, rebuild] = ['check', 'rebuild'].map((what) => Array.from({ length: what === 'check' ? 2 : 1 }, () => spawn(path(build, 'muster'), ['search', what], { env: settings(), stdio: ['ignore', 'pipe', 'inherit'] })));
	const running = [...checks, ...rebuild].map((child) => new Promise((done) => {
		let said = '';
		child.stdout.setEncoding('utf8').on('data', (text) => (said += text));
		child.on('close', (status) => done([status, said]));
	}));
	let ended = false;
	const all = Promise.all(running).finally(() => (ended = true));
	for (let i = 0; !ended; i++) {
		const { id } = (await owner.post('/v1/contacts', { first_name: 'Busy', last_name: `Bee${i}` })).body;
		await owner.patch(`/v1/contacts/${id}`, { last_name: `Wasp${i}`, phones: [{ value: `030 1234${String(i).padStart(4, '0')}` }] });
		if (i % 2) await owner.delete(`/v1/contacts/${id}`);
	}
	for (const [status, said] of await all) assert.match(said, /^\d+ rows: the index is right$/m, `${status}`);
	assert.match(run('check').said, /the index is right/);
});

test('what so many rows have that not all may be looked at is found with filters and by who sees few, if it takes longer', async () => {
	const row = (await owner.post('/v1/contacts', { first_name: 'Grace', last_name: 'Last', job_title: 'Everywhere', birthday: '1900-01-01' })).body;
	// Rows that are not there are as good as such that do not fit: they are looked at before.
	database(`INSERT INTO search_postings SELECT company_id, object, term, place - 65536, UUID(), owner_id, team_id, signature FROM search_postings, seq_1_to_110000 WHERE term = '-everywhere' AND row_id = '${row.id}'`);
	try {
		const filter = 'q=everywhere&birthday_before=1901-01-01';
		const list = async (path) => (await owner.get(path)).body;
		for (const more of ['', '&sort=full_name']) {
			const { data, meta } = await list(`/v1/contacts?${filter}&include_total=true${more}`);
			assert.deepEqual([data.map((c) => c.id), meta.has_more, meta.total], [[row.id], false, 1], more);
		}
		assert.deepEqual((await list('/v1/contacts?q=everywhere&birthday_before=1899-01-01&include_total=true')).meta, { has_more: false, next_cursor: null, total: 0 });
		const team = await makeTeam(owner);
		const leader = await join(owner, (await makeRole(owner, { 'contacts.view': 'team' })).id, { team_ids: [team.id] });
		await owner.patch(`/v1/contacts/${row.id}`, { team_id: team.id });
		assert.deepEqual((await leader.get('/v1/contacts?q=everywhere')).body.data.map((c) => c.id), [row.id]);
		const { kinds: [{ count, more }] } = (await leader.get('/v1/search?q=everywhere')).body;
		assert.deepEqual([count, more], [0, true], 'a search of all kinds says that it has not looked at all');
	} finally {
		database("DELETE FROM search_postings WHERE term = '-everywhere' AND row_id NOT IN (SELECT id FROM contacts)");
	}
	await owner.delete(`/v1/contacts/${row.id}`);
});

test('an index of an older release is made anew by itself; until then what is searched says so, and who waits is told of the end', async () => {
	database("UPDATE companies SET search_version = 0; INSERT INTO search_postings SELECT company_id, object, 'ghost', place, row_id, owner_id, team_id, signature FROM search_postings WHERE term = 'number7'");
	database("DELETE FROM search_documents WHERE words LIKE '% number8 %'; DELETE FROM search_postings WHERE term IN ('number8', 'number9'); DELETE FROM search_words");
	const before = await Promise.all(['/v1/search?q="number8"', '/v1/contacts?q="number8"'].map((to) => owner.get(to)));
	assert.deepEqual(before.map(({ body }) => [body.data.length, body.meta.indexed]), [[0, 1], [0, 1]]);
	assert.equal((await owner.get('/v1/contacts')).body.meta.indexed, undefined, 'what searches nothing does not say so');
	const pages = await Promise.all(['/search', '/contacts'].map((to) => api(muster.url).get(`${to}?q=number8`, { cookie: `muster_session=${owner.token}`, accept: 'text/html' })));
	for (const page of pages) assert.match(page.text, /made ready again: 1 % is done/);
	process.kill(muster.child('muster-jobs'), 'SIGTERM'); // as after an update: the next one looks
	// From answer to answer, so that none is missed between a look and a wait.
	let answer = await owner.get('/v1/search?q=number8');
	while (answer.body.meta.indexed !== null) {
		const next = await owner.get('/v1/search?q=number8', { prefer: 'wait=20', 'if-none-match': answer.headers.get('etag') });
		assert.equal(next.status, 200, 'it came to no end');
		answer = next;
	}
	assert.equal((await owner.get('/v1/contacts?q=number8')).body.meta.indexed, undefined);
	assert.deepEqual([await finds('"number8"'), await finds('"number9"'), await finds('grcae')], [1, 1, 100]);
	const { status, said } = run('check');
	assert.equal(status, 0, said);
	const runs = database("SELECT workflow, state FROM workflow_runs WHERE workflow = 'search_index'");
	assert.deepEqual(runs, [['search_index', 'done']]);
});

// Takes a lock; `wanted` waits until somebody stands still for it (the server looks who waits only when nobody has asked for a tenth of a
// second), and `release` lets it go.
async function lock(sql) {
	const client = spawn('mariadb', ['--no-defaults', '-u', 'root', '-S', path(muster.dataDir, 'run/mariadb.sock'), '-N', '-B', '--unbuffered', 'muster'], { stdio: ['pipe', 'pipe', 'ignore'] });
	let said = '';
	client.stdout.setEncoding('utf8').on('data', (text) => (said += text));
	client.stdin.on('error', () => {}).write(`START TRANSACTION; ${sql} FOR UPDATE; SELECT CONCAT('held by ', CONNECTION_ID());\n`);
	const [, connection] = await until(() => /held by (\d+)/.exec(said), { what: 'the lock' });
	const waits = `SELECT COUNT(*) FROM information_schema.innodb_lock_waits w JOIN information_schema.innodb_trx t ON t.trx_id = w.blocking_trx_id WHERE t.trx_mysql_thread_id = ${connection}`;
	return { wanted: async () => until(() => database(waits)[0][0] !== '0', { ms: 30_000, every: 150, what: 'somebody who wants it' }), release: () => new Promise((done) => client.on('close', done).stdin.end()) };
}

const everything = () => [muster.pid(), ...readFileSync(`/proc/${muster.pid()}/task/${muster.pid()}/children`, 'utf8').trim().split(' ').map(Number)];

// Contacts that come, change and go, whatever dies meanwhile.
function write() {
	const writing = { over: false, done: 0 };
	writing.ended = (async () => {
		for (let i = 0; !writing.over; i++) {
			const name = { first_name: 'Busy', last_name: `Ant${i}`, emails: [{ address: `ant${i}@x.test` }] };
			const { body } = await owner.post('/v1/contacts', name).catch(() => ({}));
			if (!body?.id) continue;
			await owner.patch(`/v1/contacts/${body.id}`, { last_name: `Moth${i}` }).catch(() => {});
			if (i % 2) await owner.delete(`/v1/contacts/${body.id}`).catch(() => {});
			writing.done++;
		}
	})();
	return writing;
}

test('a renewal that is killed among the rows, and with all of the product among the postings, goes on while rows are written', async () => {
	const step = () => database("SELECT step FROM workflow_runs WHERE workflow = 'search_index' AND state <> 'done'").flat();
	const orphaned = () => database("UPDATE workflow_runs SET lease_until = UTC_TIMESTAMP(6) WHERE workflow = 'search_index' AND lease_until IS NOT NULL; UPDATE workflow_queues SET wake_at = UTC_TIMESTAMP(6) WHERE lane = 'search'"); // as when time has passed
	database("DELETE FROM search_documents WHERE words LIKE '% number8 %'; DELETE FROM search_postings WHERE term IN ('number8', 'number9')");
	database("INSERT INTO search_postings SELECT company_id, object, 'ghost', place, UUID(), owner_id, team_id, signature FROM search_postings WHERE term = 'number7'");
	const [[company, ghost, place]] = database("SELECT company_id, row_id, place FROM search_postings WHERE term = 'ghost'");
	const [[last]] = database("SELECT id FROM contacts WHERE last_name = 'Number200'");
	const row = await lock(`SELECT id FROM contacts WHERE company_id = '${company}' AND id = '${last}'`);
	const posting = await lock(`SELECT term FROM search_postings WHERE company_id = '${company}' AND object = 1 AND term = 'ghost' AND place = ${place} AND row_id = '${ghost}'`);
	database('UPDATE companies SET search_version = 0');
	const writing = write();

	process.kill(muster.child('muster-jobs'), 'SIGTERM'); // as after an update: the next one looks
	await row.wanted();
	assert.deepEqual(step(), ['rows']);
	process.kill(muster.child('muster-jobs'), 'SIGKILL');
	await row.release();
	orphaned();
	await posting.wanted();
	assert.deepEqual(step(), ['postings']);
	const before = writing.done;
	for (const pid of everything()) process.kill(pid, 'SIGKILL');
	await muster.ended;
	await posting.release();
	await muster.start();
	orphaned();
	await until(async () => (await owner.get('/v1/search?q=number8')).body.meta.indexed === null, { ms: 30_000, what: 'the end' });
	await until(() => writing.done > before, { what: 'a write' });
	writing.over = true;
	await writing.ended;
	const { status, said } = run('check');
	assert.equal(status, 0, said);
	assert.deepEqual([await finds('"number8"'), await finds('"number9"'), await finds('ghost')], [1, 1, 0]);
});
