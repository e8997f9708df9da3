// Rate limits: a bucket for each session and key, told in every answer. The file has a Muster of its own, whose limit is low.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { api, startMuster } from '../harness.mjs';
import { makeKey, password, signUp } from './company.mjs';

const LIMIT = 60;
let muster;
before(async () => {
	muster = await startMuster({ empty: true, env: { MUSTER_RATE_PER_MINUTE: String(LIMIT) } });
	process.env.MUSTER_TEST_URL = muster.url;
});
after(() => muster?.stop());

const number = (answer, name) => Number(answer.headers.get(name));

test('each answer says the limit, what is left of it, and when it is whole again', async () => {
	const owner = await signUp();
	const first = await owner.get('/v1/me');
	assert.equal(first.headers.get('ratelimit-policy'), `"default";q=${LIMIT};w=60`);
	assert.equal(number(first, 'x-ratelimit-limit'), LIMIT);
	const left = number(first, 'x-ratelimit-remaining');
	assert.match(first.headers.get('ratelimit'), new RegExp(`^"default";r=${left};t=\\d+$`));
	const second = await owner.get('/v1/me');
	// One token comes back each second, so at most one may have done so in between.
	assert.ok([left - 1, left].includes(number(second, 'x-ratelimit-remaining')));
	assert.ok(number(second, 'x-ratelimit-reset') <= 60);
});

test('an empty bucket is 429 and says when to come back; another session has a bucket of its own', async () => {
	const owner = await signUp();
	const { token } = (await api(muster.url).post('/v1/sessions', { email: owner.email, password })).body;
	const statuses = [];
	let last;
	for (let i = 0; i < LIMIT * 2 && last?.status !== 429; i++) statuses.push((last = await owner.get('/v1/tags')).status);
	assert.equal(last.status, 429, `${statuses.length} requests`);
	assert.ok(statuses.length <= LIMIT + 5, `${statuses.length} requests`);
	assert.equal(last.headers.get('content-type'), 'application/problem+json');
	assert.ok(number(last, 'retry-after') >= 1);
	assert.equal(number(last, 'x-ratelimit-remaining'), 0);
	assert.equal((await api(muster.url, token).get('/v1/tags')).status, 200);
});

test('many answers in one request cost as much as one by one', async () => {
	const owner = await signUp();
	const paths = ['/v1/tags', '/v1/contacts', '/v1/deals', '/v1/tasks', '/v1/teams'], queries = Array.from({ length: 20 }, (_, i) => ({ path: paths[i % 5] }));
	const before = number(await owner.get('/v1/me'), 'x-ratelimit-remaining');
	const many = await owner.post('/v1/live', { queries, wait: 0 });
	assert.equal(many.body.changed.length, 20);
	const after = number(many, 'x-ratelimit-remaining');
	assert.ok(after <= before - 19 && after >= before - 21, `${before} before, ${after} after`);
	for (const { index, etag } of many.body.changed) queries[index].etag = etag;
	const none = await owner.post('/v1/live', { queries, wait: 0 });
	assert.deepEqual(none.body.changed, []);
	assert.ok(number(none, 'x-ratelimit-remaining') >= after - 1);
});

test('an answer that has not changed costs nothing', async () => {
	const owner = await signUp();
	const etag = (await owner.get('/v1/tags')).headers.get('etag');
	const before = number(await owner.get('/v1/me'), 'x-ratelimit-remaining');
	for (let i = 0; i < 20; i++) assert.equal((await owner.get('/v1/tags', { 'if-none-match': etag })).status, 304);
	const now = number(await owner.get('/v1/me'), 'x-ratelimit-remaining');
	assert.ok(now >= before - 1, `${before} before, ${now} now`);
});

test('the keys of a company have ten buckets together, and another company its own', async () => {
	const [owner, other] = [await signUp(), await signUp()];
	const keys = [];
	while (keys.length < 14) keys.push(await makeKey(owner, owner.roles.owner.id));
	let asked = 0, refused;
	for (let round = 0; round < LIMIT && !refused; round++) {
		const answers = await Promise.all(keys.map((key) => key.get('/v1/tags')));
		asked += answers.filter(({ status }) => status === 200).length;
		refused = answers.find(({ status }) => status === 429);
	}
	assert.equal(refused?.status, 429, `${asked} requests`);
	assert.equal(number(refused, 'x-ratelimit-limit'), 10 * LIMIT, "it is the company's bucket that is empty");
	assert.ok(asked > 9 * LIMIT, `${asked} requests`);
	assert.equal((await other.get('/v1/tags')).status, 200);
});

test('a public form is sent ten times from one place, and then it is too often', async () => {
	const owner = await signUp();
	const form = (await owner.post('/v1/public_forms', { name: 'Ask' })).body;
	const send = (i) => api(muster.url).post(`/v1/public_forms/${form.id}/submit`, { email: `person${i}@muster.test` });
	for (let i = 0; i < 10; i++) assert.equal((await send(i)).status, 204);
	const answer = await send(10);
	assert.equal(answer.status, 429, answer.text);
	assert.ok(number(answer, 'retry-after') > 0);
	assert.equal((await owner.get('/v1/contacts?q=person10')).body.data.length, 0);
});
