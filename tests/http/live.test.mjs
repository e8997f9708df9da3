// Live queries: who waits is told when the answer changes, at once and not for anything else, and never sees what is no longer theirs.
// The file has a Muster of its own, so that the figures count what happens here and the live process can be killed.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { api, ownMuster, sleep, until } from '../harness.mjs';
import { database, join, makeKey, makeRole, makeTeam, signUp } from './company.mjs';

const muster = await ownMuster();

async function figures() {
	const { text } = await api(muster.url).get('/metrics');
	return Object.fromEntries([...text.matchAll(/^muster_(live_\w+) (\d+)$/gm)].map(([, name, value]) => [name, Number(value)]));
}
const parked = (n) => until(async () => (await figures()).live_waiting === n, { what: `${n} waiting` });

// What somebody has now, and the wait for what comes next; it is parked when this is done.
async function wait(who, path, { seconds = 10, headers } = {}) {
	const first = await who.get(path, headers);
	assert.equal(first.status, 200, first.text);
	const before = (await figures()).live_parked_total;
	const began = performance.now();
	const next = who.get(path, { ...headers, 'if-none-match': first.headers.get('etag'), prefer: `wait=${seconds}` })
		.then((answer) => ({ ...answer, ms: performance.now() - began }));
	await until(async () => (await figures()).live_parked_total > before, { what: 'its parking' });
	return { first, next };
}

// How long after `change` the wait ends.
async function wakes(waiting, change) {
	await change();
	const began = performance.now();
	const answer = await waiting.next;
	assert.ok(performance.now() - began < 1000, `woken after ${performance.now() - began} ms`);
	return answer;
}

const person = (who, first_name = 'Zoe', more = {}) => who.post('/v1/contacts', { kind: 'person', first_name, ...more });

test('a GET that waits is answered when somebody else changes what it shows', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const waiting = await wait(owner, '/v1/contacts');
	const answer = await wakes(waiting, () => person(agent));
	assert.equal(answer.status, 200);
	assert.equal(answer.body.data.length, 1);
	assert.notEqual(answer.headers.get('etag'), waiting.first.headers.get('etag'));
	assert.equal(answer.headers.get('preference-applied'), 'wait=10');
	assert.ok(answer.body.version > waiting.first.body.version);
	await parked(0);
});

test('a change that came before the wait is told at once', async () => {
	const owner = await signUp();
	const first = await owner.get('/v1/contacts');
	await person(owner);
	const began = performance.now();
	const answer = await owner.get('/v1/contacts', { 'if-none-match': first.headers.get('etag'), prefer: 'wait=20' });
	assert.equal(answer.status, 200);
	assert.ok(performance.now() - began < 1000);
});

test('without an ETag there is nothing to wait for', async () => {
	const owner = await signUp();
	const began = performance.now();
	assert.equal((await owner.get('/v1/contacts', { prefer: 'wait=20' })).status, 200);
	assert.ok(performance.now() - began < 1000);
});

test('when nothing changes the wait ends with 304 and the same ETag', async () => {
	const owner = await signUp();
	const waiting = await wait(owner, '/v1/contacts', { seconds: 1 });
	const answer = await waiting.next;
	assert.equal(answer.status, 304);
	assert.equal(answer.headers.get('etag'), waiting.first.headers.get('etag').replace('W/', ''));
	assert.equal(answer.headers.get('preference-applied'), 'wait=1');
	assert.ok(answer.ms > 950 && answer.ms < 2000, `after ${answer.ms} ms`);
});

test('what is outside of its reader\'s scope does not even run the query again', async () => {
	const owner = await signUp();
	const [ann, bob] = [await join(owner, owner.roles.agent.id), await join(owner, owner.roles.agent.id)];
	const waiting = await wait(ann, '/v1/contacts', { seconds: 2 });
	const before = await figures();
	for (let i = 0; i < 5; i++) assert.equal((await person(bob)).status, 201);
	await sleep(500);
	assert.equal((await figures()).live_runs_total, before.live_runs_total);
	assert.equal((await waiting.next).status, 304);
	const again = await wait(ann, '/v1/contacts');
	const mine = await wakes(again, () => person(owner, 'Hers', { owner_id: ann.agent.id }));
	assert.deepEqual(mine.body.data.map((row) => row.first_name), ['Hers']);
});

test('another table\'s change runs nothing again', async () => {
	const owner = await signUp();
	const waiting = await wait(owner, '/v1/contacts', { seconds: 1 });
	const before = await figures();
	assert.equal((await owner.post('/v1/tags', { name: 'Blue' })).status, 201);
	assert.equal((await waiting.next).status, 304);
	assert.equal((await figures()).live_runs_total, before.live_runs_total);
});

test('another company\'s change runs nothing again', async () => {
	const [owner, stranger] = [await signUp(), await signUp()];
	const waiting = await wait(owner, '/v1/contacts', { seconds: 1 });
	const before = await figures();
	await person(stranger);
	assert.equal((await waiting.next).status, 304);
	assert.equal((await figures()).live_runs_total, before.live_runs_total);
});

test('one row waits for that row: changes of a hundred others run nothing', async () => {
	const owner = await signUp();
	const one = (await person(owner)).body;
	const waiting = await wait(owner, `/v1/contacts/${one.id}`);
	const before = await figures();
	for (let i = 0; i < 100; i += 20) await Promise.all(Array.from({ length: 20 }, () => person(owner)));
	const answer = await wakes(waiting, () => owner.patch(`/v1/contacts/${one.id}`, { first_name: 'New' }));
	assert.equal(answer.body.first_name, 'New');
	assert.equal((await figures()).live_runs_total, before.live_runs_total + 1);
});

test('rows that are not in the log any more, or too many: whoever waits for a row of that table looks', async () => {
	const owner = await signUp();
	const one = (await person(owner)).body;
	for (const log of ['', `INSERT INTO changes (company_id, version, n, object, row_id, kind, created_at) SELECT company_id, version, seq, 'contacts', UUID(), 'updated', NOW(6) FROM version_counters, seq_1_to_1001 WHERE company_id = '${owner.company.id}' AND topic = '';`]) {
		const waiting = await wait(owner, `/v1/contacts/${one.id}`);
		const answer = await wakes(waiting, () => database(`START TRANSACTION;
			UPDATE version_counters SET version = (SELECT version + 1 FROM version_counters WHERE company_id = '${owner.company.id}' AND topic = '') WHERE company_id = '${owner.company.id}' AND topic IN ('', 'contacts');
			UPDATE contacts SET first_name = 'Log ${log.length}' WHERE company_id = '${owner.company.id}' AND id = '${one.id}'; ${log} COMMIT`));
		assert.equal(answer.body.first_name, `Log ${log.length}`);
	}
});

test('a change that leaves the answer as it is is not sent', async () => {
	const owner = await signUp();
	for (const name of ['Ada', 'Bea', 'Cleo']) await person(owner, name);
	const waiting = await wait(owner, '/v1/contacts?sort=full_name&limit=1&fields=first_name', { seconds: 2 });
	const before = await figures();
	await person(owner, 'Zoe');
	await until(async () => (await figures()).live_runs_total > before.live_runs_total, { what: 'a look' });
	assert.equal((await figures()).live_waiting, 1);
	assert.equal((await waiting.next).status, 304);
});

test('a team\'s leader is told of what the team\'s members do, and of nobody else', async () => {
	const owner = await signUp();
	const team = await makeTeam(owner);
	const leader = await join(owner, owner.roles.team_leader.id, { team_ids: [team.id] });
	const member = await join(owner, owner.roles.agent.id, { team_ids: [team.id] });
	const other = await join(owner, owner.roles.agent.id);
	const waiting = await wait(leader, '/v1/contacts');
	const before = await figures();
	await person(other);
	await sleep(400);
	assert.equal((await figures()).live_runs_total, before.live_runs_total);
	const answer = await wakes(waiting, () => person(member));
	assert.equal(answer.body.data.length, 1);
});

test('a row that is given to somebody else leaves the page of who had it', async () => {
	const owner = await signUp();
	const [ann, bob] = [await join(owner, owner.roles.agent.id), await join(owner, owner.roles.agent.id)];
	const row = (await person(ann)).body;
	const [list, one] = [await wait(ann, '/v1/contacts'), await wait(ann, `/v1/contacts/${row.id}`)];
	await owner.patch(`/v1/contacts/${row.id}`, { owner_id: bob.agent.id });
	assert.deepEqual((await list.next).body.data, []);
	assert.equal((await one.next).status, 404);
});

test('a role that is lowered answers who waits: with less, or with 403', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	await owner.put(`/v1/roles/${owner.roles.agent.id}/permissions`, { permissions: { 'contacts.view': 'all' } });
	await person(owner, 'Secret');
	const lower = (level) => owner.put(`/v1/roles/${owner.roles.agent.id}/permissions`, { permissions: { 'contacts.view': level } });
	const less = await wakes(await wait(agent, '/v1/contacts'), () => lower('own'));
	assert.equal(less.status, 200);
	assert.deepEqual(less.body.data, []);
	const none = await wakes(await wait(agent, '/v1/contacts'), () => lower('none'));
	assert.equal(none.status, 403);
	assert.match(none.headers.get('content-type'), /^application\/problem\+json/);
});

test('another role for an agent answers who waits', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	await person(owner, 'Everybody\'s');
	const waiting = await wait(agent, '/v1/contacts');
	const more = await wakes(waiting, () => owner.patch(`/v1/agents/${agent.agent.id}`, { role_id: owner.roles.owner.id }));
	assert.equal(more.body.data.length, 1);
});

test('a session that ends, an agent who is suspended and a key that is deleted answer who waits with 401', async () => {
	const owner = await signUp();
	const [ann, bob] = [await join(owner, owner.roles.agent.id), await join(owner, owner.roles.agent.id)];
	const key = await makeKey(owner, owner.roles.owner.id);
	const out = await wakes(await wait(ann, '/v1/contacts'), () => owner.delete(`/v1/agents/${ann.agent.id}/sessions`));
	assert.equal(out.status, 401);
	const suspended = await wakes(await wait(bob, '/v1/contacts'), () => owner.patch(`/v1/agents/${bob.agent.id}`, { status: 'suspended' }));
	assert.equal(suspended.status, 401);
	const deleted = await wakes(await wait(key, '/v1/contacts'), () => owner.delete(`/v1/api_keys/${key.row.id}`));
	assert.equal(deleted.status, 401);
});

test('a client that goes away gives its place back', async () => {
	const owner = await signUp();
	const first = await owner.get('/v1/contacts');
	const gone = (await figures()).live_gone_total;
	const control = new AbortController();
	const asked = Promise.allSettled([1, 2, 3].map(() => fetch(`${muster.url}/v1/contacts`, {
		headers: { authorization: `Bearer ${owner.token}`, 'if-none-match': first.headers.get('etag'), prefer: 'wait=30' },
		signal: control.signal,
	})));
	await parked(3);
	control.abort();
	await asked;
	await parked(0);
	assert.equal((await figures()).live_gone_total, gone + 3);
});

test('a session may have a hundred waiting, and no more', async () => {
	const owner = await signUp();
	const etag = (await owner.get('/v1/contacts')).headers.get('etag');
	const control = new AbortController();
	const ask = () => fetch(`${muster.url}/v1/contacts`, {
		headers: { authorization: `Bearer ${owner.token}`, 'if-none-match': etag, prefer: 'wait=30' },
		signal: control.signal,
	});
	const asked = Array.from({ length: 100 }, () => ask().catch(() => {}));
	await parked(100);
	const refused = await ask();
	assert.equal(refused.status, 429);
	assert.ok(Number(refused.headers.get('retry-after')) > 0);
	control.abort();
	await Promise.all(asked);
	await parked(0);
});

test('a wait that is no wait is refused', async () => {
	const owner = await signUp();
	for (const value of ['wait=-1', 'wait=soon', 'wait=1e3', 'wait=99999999999999999999', 'wait=', 'wait=1.5'])
		assert.equal((await owner.get('/v1/contacts', { prefer: value })).status, 400, value);
	for (const value of ['-1', 'soon', '', '99999999999999999999'])
		assert.equal((await owner.get(`/v1/changes?since=0&wait=${value}`)).status, 400, value);
	const long = owner.get('/v1/contacts', { prefer: 'respond-async, wait=3600' });
	assert.equal((await long).headers.get('preference-applied'), 'wait=60');
});

test('the feed of changes waits while there is nothing in it for its reader', async () => {
	const owner = await signUp();
	const [ann, bob] = [await join(owner, owner.roles.agent.id), await join(owner, owner.roles.agent.id)];
	const { version } = (await ann.get('/v1/contacts')).body;
	const since = (await ann.get(`/v1/changes?since=${version}`)).body.next;
	const none = await ann.get(`/v1/changes?since=${since}&wait=1`);
	assert.deepEqual([none.status, none.body.items], [200, []]);
	const next = ann.get(`/v1/changes?since=${since}&wait=10`);
	await parked(1);
	await person(bob);
	await sleep(300);
	assert.equal((await figures()).live_waiting, 1);
	const row = (await person(ann)).body;
	const answer = await next;
	assert.deepEqual(answer.body.items.map(({ object, row_id }) => [object, row_id]), [['contacts', row.id]]);
	assert.ok(answer.body.next >= row.version);
	const more = await ann.get(`/v1/changes?since=${version}&wait=10`);
	assert.ok(more.body.items.length > 0, 'what is there already is not waited for');
});

test('equal questions of many are run once', async () => {
	const owner = await signUp();
	const others = [];
	for (let i = 0; i < 5; i++) others.push(await join(owner, owner.roles.owner.id));
	const before = await figures();
	const waiting = [];
	for (const who of others) waiting.push(await wait(who, '/v1/contacts'));
	await person(owner);
	const answers = await Promise.all(waiting.map(({ next }) => next));
	assert.deepEqual(answers.map((answer) => answer.body.data.length), [1, 1, 1, 1, 1]);
	assert.equal(new Set(answers.map((answer) => answer.headers.get('etag'))).size, 5, 'an ETag is its reader\'s own');
	for (const [i, who] of others.entries()) {
		const etag = answers[i].headers.get('etag');
		assert.equal((await who.get('/v1/contacts', { 'if-none-match': etag })).status, 304, 'as the gate would have made it');
	}
	const after = await figures();
	assert.equal(after.live_runs_total - before.live_runs_total, 1);
	assert.equal(after.live_shared_total - before.live_shared_total, 4);
});

// Waits with what it was told last, as a client does that follows; gives the wait, and how many queries were recalled for it.
async function comesAgain(who, path, etag) {
	const { live_recalled_total, live_parked_total } = await figures();
	const next = who.get(path, { 'if-none-match': etag, prefer: 'wait=10' }).then((answer) => ({ ...answer, at: performance.now() }));
	await Promise.race([next, until(async () => (await figures()).live_parked_total > live_parked_total, { what: 'its parking' })]);
	return { next, recalled: (await figures()).live_recalled_total - live_recalled_total };
}

test('who was told comes again without its query being run, and is told of the next change', async () => {
	const owner = await signUp();
	const told = await wakes(await wait(owner, '/v1/contacts'), () => person(owner));
	const again = await comesAgain(owner, '/v1/contacts', told.headers.get('etag'));
	assert.equal(again.recalled, 1);
	const next = await wakes(again, () => person(owner, 'Next'));
	assert.deepEqual([next.status, next.body.data[0].first_name], [200, 'Next']);
});

test('an answer that was compressed, and its ETag weak by that, is recalled as well', async () => {
	const owner = await signUp();
	for (let i = 0; i < 5; i++) await person(owner, `One of many ${i}`);
	const told = await wakes(await wait(owner, '/v1/contacts'), () => person(owner));
	assert.match(told.headers.get('etag'), /^W\//);
	const again = await comesAgain(owner, '/v1/contacts', told.headers.get('etag'));
	assert.equal(again.recalled, 1);
	assert.equal((await wakes(again, () => person(owner))).status, 200);
});

test('who begins with a wait and no ETag is told at once, and waits with what it was told without another run', async () => {
	const owner = await signUp();
	const first = await owner.get('/v1/contacts', { prefer: 'wait=10' });
	const again = await comesAgain(owner, '/v1/contacts', first.headers.get('etag'));
	assert.equal(again.recalled, 1);
	assert.equal((await wakes(again, () => person(owner))).status, 200);
});

test('what changed before who was told came again is told at once', async () => {
	const owner = await signUp();
	const told = await wakes(await wait(owner, '/v1/contacts'), () => person(owner));
	await person(owner, 'Between');
	const again = await comesAgain(owner, '/v1/contacts', told.headers.get('etag'));
	const next = await wakes(again, () => undefined);
	assert.deepEqual([next.status, next.body.data[0].first_name], [200, 'Between']);
});

test('who may do less by the time it comes again has nothing recalled', async () => {
	const owner = await signUp();
	const ann = await join(owner, owner.roles.agent.id);
	const told = await wakes(await wait(ann, '/v1/contacts'), () => person(ann));
	await owner.put(`/v1/roles/${owner.roles.agent.id}/permissions`, { permissions: { 'contacts.view': 'none' } });
	const again = await comesAgain(ann, '/v1/contacts', told.headers.get('etag'));
	assert.deepEqual([(await again.next).status, again.recalled], [403, 0]);
	const bob = await join(owner, owner.roles.owner.id);
	const seen = await wakes(await wait(bob, '/v1/contacts'), () => person(owner));
	await owner.patch(`/v1/agents/${bob.agent.id}`, { status: 'suspended' });
	const gone = await comesAgain(bob, '/v1/contacts', seen.headers.get('etag'));
	assert.deepEqual([(await gone.next).status, gone.recalled], [401, 0]);
});

test('what changed of who asks before it came again is told at once', async () => {
	const owner = await signUp();
	const ann = await join(owner, owner.roles.owner.id);
	const [its, makers] = [await makeRole(owner, { 'contacts.view': 'all' }), await makeRole(owner, { 'contacts.view': 'all', 'roles.view': 'all', 'api_keys.create': 'all' })];
	const key = await makeKey(await join(owner, makers.id), its.id);
	const kept = await wait(owner, '/v1/tags'); // the live process looks at a company for which somebody waits
	// `between` comes after it was told and before it comes again; the live process has heard of it.
	const comesLate = async (who, path, change, between, witness) => {
		const told = await wakes(await wait(who, path), change);
		await wakes(await wait(owner, witness), between);
		return wakes(await comesAgain(who, path, told.headers.get('etag')), () => undefined);
	};
	const row = `/v1/agents/${ann.agent.id}`;
	const rename = (full_name) => () => owner.patch(row, { full_name });
	assert.equal((await comesLate(ann, row, rename('Ann'), rename('Between'), row)).body.full_name, 'Between');
	// A key's rights end with those of its maker, whose role is another one.
	const lower = () => owner.put(`/v1/roles/${makers.id}/permissions`, { permissions: { 'contacts.view': 'own' } });
	assert.deepEqual((await comesLate(key, '/v1/contacts', () => person(owner), lower, '/v1/roles/matrix')).body.data, []);
	await wakes(kept, () => owner.post('/v1/tags', { name: 'Last' }));
});

test('an ETag is recalled for the question of which it was told, and for its reader alone', async () => {
	const owner = await signUp();
	const [ann, bob] = [await join(owner, owner.roles.owner.id), await join(owner, owner.roles.owner.id)];
	const told = await wakes(await wait(ann, '/v1/contacts'), () => person(owner));
	const etag = told.headers.get('etag');
	const other = await comesAgain(ann, '/v1/contacts?limit=50', etag); // the same answer to another question
	const strange = await comesAgain(bob, '/v1/contacts', etag);
	assert.deepEqual([other.recalled, strange.recalled, (await strange.next).status], [0, 0, 200]);
	assert.equal((await wakes(other, () => person(owner))).status, 200);
});

test('many queries come again: all are recalled, or all are run', async () => {
	const owner = await signUp();
	const paths = ['/v1/contacts', '/v1/deals', '/v1/tags'], etags = [];
	const ask = async () => {
		const { live_recalled_total, live_parked_total } = await figures();
		const next = owner.post('/v1/live', { wait: 10, queries: paths.map((path, i) => ({ path, etag: etags[i] })) }).then((answer) => {
			for (const { index, etag } of answer.body.changed) etags[index] = etag;
			return answer.body.changed.map(({ index }) => index);
		});
		await Promise.race([next, until(async () => (await figures()).live_parked_total > live_parked_total, { what: 'its parking' })]);
		return { next, recalled: (await figures()).live_recalled_total - live_recalled_total };
	};
	await (await ask()).next;
	assert.deepEqual(await wakes(await ask(), () => person(owner)), [0]);
	const again = await ask();
	assert.equal(again.recalled, 3);
	assert.deepEqual(await wakes(again, () => owner.post('/v1/tags', { name: 'Warm' })), [2]);
	await person(owner);
	assert.deepEqual(await wakes(await ask(), () => undefined), [0]);
});

test('a page that waits is made again', async () => {
	const owner = await signUp();
	const cookie = { cookie: `muster_session=${owner.token}`, accept: 'text/html' };
	const browser = api(muster.url);
	const waiting = await wait(browser, '/contacts', { headers: cookie });
	assert.match(waiting.first.headers.get('content-type'), /^text\/html/);
	const answer = await wakes(waiting, () => person(owner, 'Pageturner'));
	assert.equal(answer.status, 200);
	assert.match(answer.text, /Pageturner/);
});

// ---- POST /v1/live

const live = (who, queries, wait = 10) => who.post('/v1/live', { queries, wait });

test('many queries wait in one request, which is answered with those that changed', async () => {
	const owner = await signUp();
	const paths = ['/v1/contacts', '/v1/deals', '/v1/tags?sort=name'];
	const all = await live(owner, paths.map((path) => ({ path })));
	assert.equal(all.status, 200, all.text);
	assert.deepEqual(all.body.changed.map(({ index, status }) => [index, status]), [[0, 200], [1, 200], [2, 200]]);
	assert.deepEqual(all.body.changed[0].body.data, []);
	const have = all.body.changed.map(({ etag }, i) => ({ path: paths[i], etag }));
	const next = live(owner, have);
	await parked(1);
	const before = await figures();
	const tag = await owner.post('/v1/tags', { name: 'Red' });
	const answer = await next;
	assert.deepEqual(answer.body.changed.map(({ index }) => index), [2]);
	assert.equal(answer.body.changed[0].body.data[0].name, 'Red');
	assert.ok(answer.body.version >= tag.body.version);
	assert.equal((await figures()).live_runs_total - before.live_runs_total, 1, 'only what was touched');
	// The same ETags as those of GET.
	const get = await owner.get(paths[2], { 'if-none-match': answer.body.changed[0].etag });
	assert.equal(get.status, 304);
	assert.equal((await live(owner, [{ path: paths[0], etag: (await owner.get(paths[0])).headers.get('etag') }], 0)).body.changed.length, 0);
});

test('one query\'s failure is its own, and is told once', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const paths = ['/v1/contacts', '/v1/api_keys', '/v1/contacts/018f0000-0000-7000-8000-000000000000', '/v1/contacts?nonsense=1'];
	const first = await live(agent, paths.map((path) => ({ path })));
	assert.deepEqual(first.body.changed.map(({ status }) => status), [200, 403, 404, 400]);
	assert.match(first.body.changed[1].body.type, /forbidden/);
	const next = live(agent, first.body.changed.map(({ etag }, i) => ({ path: paths[i], etag })));
	await parked(1);
	await owner.put(`/v1/roles/${owner.roles.agent.id}/permissions`, { permissions: { 'contacts.view': 'none' } });
	const answered = await next;
	const then = answered.body.changed;
	assert.ok(then, answered.text);
	assert.deepEqual(then.map(({ index, status }) => [index, status]).slice(0, 1), [[0, 403]]);
});

// ---- the process

test('hundreds of changes in a row: who waits arrives at the last of them', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.owner.id);
	const row = (await person(owner, 'Step 0')).body;
	let seen, etag, stop = false;
	const follow = (async () => {
		while (!stop || seen !== 'Step 300') {
			const answer = await agent.get(`/v1/contacts/${row.id}`, etag && { 'if-none-match': etag, prefer: 'wait=5' });
			assert.ok([200, 304].includes(answer.status));
			if (answer.status === 200) [seen, etag] = [answer.body.first_name, answer.headers.get('etag')];
			else assert.ok(!stop || seen === 'Step 300', `still ${seen} after a wait`);
		}
	})();
	for (let i = 1; i <= 300; i++) await owner.patch(`/v1/contacts/${row.id}`, { first_name: `Step ${i}` });
	stop = true;
	await follow;
	assert.equal(seen, 'Step 300');
});

test('what was taken away is not sent afterwards', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const give = (level) => owner.put(`/v1/roles/${owner.roles.agent.id}/permissions`, { permissions: { 'contacts.view': level } });
	for (let i = 0; i < 30; i++) {
		await give('all');
		const first = await agent.get('/v1/contacts?limit=1&sort=-updated_at');
		const waiting = agent.get('/v1/contacts?limit=1&sort=-updated_at', { 'if-none-match': first.headers.get('etag'), prefer: 'wait=10' })
			.then((answer) => ({ ...answer, at: performance.now() }));
		await sleep(20 * Math.random());
		const secret = person(owner, `Secret ${i}`);
		await sleep(10 * Math.random());
		await give('none');
		const taken = performance.now();
		await secret;
		const answer = await waiting;
		// The bytes of an answer that was sent before may still be on their way for a moment.
		if (answer.status !== 403) assert.ok(answer.at < taken + 100, `round ${i}: ${answer.status} after ${answer.at - taken} ms`);
		assert.equal((await agent.get('/v1/contacts', { 'if-none-match': answer.headers.get('etag'), prefer: 'wait=5' })).status, 403);
	}
});

test('many who follow, leave and come back all arrive at what is true', async () => {
	const owner = await signUp();
	const team = await makeTeam(owner);
	const people = [owner];
	for (const role of ['owner', 'owner', 'team_leader', 'agent', 'agent', 'agent'])
		people.push(await join(owner, owner.roles[role].id, { team_ids: role === 'owner' ? [] : [team.id] }));
	const paths = ['/v1/contacts', '/v1/contacts?limit=3&sort=full_name', '/v1/deals/board', '/v1/tags', '/v1/me', '/v1/contacts?expand=owner'];
	let over = false;
	const followers = people.flatMap((who) => paths.map((path) => ({ who, path, etag: undefined })));
	const follow = async (f) => {
		while (!over) {
			f.control = new AbortController();
			const leave = Math.random() < 0.2 && setTimeout(() => f.control.abort(), 100 * Math.random());
			const answer = await fetch(muster.url + f.path, {
				headers: { authorization: `Bearer ${f.who.token}`, ...(f.etag && { 'if-none-match': f.etag, prefer: 'wait=60' }) },
				signal: f.control.signal,
			}).then((got) => got.arrayBuffer().then(() => got)).catch(() => undefined);
			clearTimeout(leave);
			if (!answer) continue;
			assert.ok([200, 304].includes(answer.status), `${answer.status} for ${f.path}`);
			if (answer.status === 200) f.etag = answer.headers.get('etag');
		}
	};
	const all = Promise.all(followers.map(follow));
	const any = (list) => list[Math.floor(Math.random() * list.length)];
	const rows = [];
	for (let i = 0; i < 150; i++) {
		const who = any(people);
		if (i % 3 === 0 || !rows.length) rows.push((await person(who, `Person ${i}`)).body.id);
		else if (i % 3 === 1) await who.patch(`/v1/contacts/${any(rows)}`, { first_name: `Changed ${i}` });
		else if (i % 30 === 2) await owner.patch(`/v1/agents/${people.at(-1).agent.id}`, { team_ids: i % 60 === 2 ? [] : [team.id] });
		else if (i % 30 === 5) await owner.post('/v1/tags', { name: `Tag ${i}` });
		else await owner.patch(`/v1/contacts/${any(rows)}`, { owner_id: any(people).agent.id });
	}
	await until(async () => {
		for (const f of followers) {
			const now = await f.who.get(f.path, f.etag && { 'if-none-match': f.etag });
			if (now.status !== 304) return false;
		}
		return true;
	}, { what: 'everybody knows', every: 200, ms: 5000 });
	over = true;
	for (const f of followers) f.control.abort();
	await all;
	await parked(0);
});

test('killed and started again, the live process loses nobody\'s change', async () => {
	const owner = await signUp();
	const waiting = await wait(owner, '/v1/contacts');
	const pids = execFileSync('pgrep', ['-P', String(muster.pid()), '-x', 'muster-live'], { encoding: 'utf8' }).trim();
	process.kill(Number(pids), 'SIGKILL');
	assert.equal((await waiting.next).status, 502);
	await person(owner);
	const etag = waiting.first.headers.get('etag');
	const answer = await until(async () => {
		const tried = await owner.get('/v1/contacts', { 'if-none-match': etag, prefer: 'wait=5' });
		return tried.status === 200 && tried;
	}, { what: 'an answer' });
	assert.equal(answer.body.data.length, 1);
	const again = await wait(owner, '/v1/contacts');
	assert.equal((await figures()).live_waiting, 1);
	assert.equal((await wakes(again, () => person(owner))).body.data.length, 2);
});

test('a Muster that stops answers who waits', async () => {
	const owner = await signUp();
	const waiting = await wait(owner, '/v1/contacts', { seconds: 30 });
	process.kill(muster.pid(), 'SIGHUP');
	const answer = await waiting.next;
	assert.equal(answer.status, 304);
	assert.ok(answer.ms < 15_000);
});
