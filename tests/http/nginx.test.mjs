// nginx.test.mjs: what nginx adds to every answer and what it answers by itself: nginx/server.conf.

import assert from 'node:assert/strict';
import { readFileSync, unlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { test } from 'node:test';
import { api, musterUrl, startMuster, until } from '../harness.mjs';

const url = await musterUrl();
const anybody = api(url);

test('every answer has a request id and forbids frames, sniffing and foreign scripts', async () => {
	for (const path of ['/healthz', '/v1/nothing', '/static/nothing.css', '/login']) {
		const { headers } = await anybody.get(path);
		assert.match(headers.get('x-request-id'), /^[0-9a-f]{32}$/, path);
		assert.match(headers.get('content-security-policy'), /default-src 'self'.*frame-ancestors 'none'/, path);
		assert.equal(headers.get('x-content-type-options'), 'nosniff', path);
		assert.equal(headers.get('referrer-policy'), 'same-origin', path);
		assert.equal(headers.get('server'), 'nginx', path);
	}
});

test('two requests have two ids', async () => {
	const ids = await Promise.all([1, 2].map(async () => (await anybody.get('/healthz')).headers.get('x-request-id')));
	assert.notEqual(ids[0], ids[1]);
});

test('a static file with a hash in its name is kept for ever, and compressed', async () => {
	const page = await fetch(url + '/login', { headers: { accept: 'text/html' } });
	const [path] = (await page.text()).match(/\/static\/app\.[0-9a-f]+\.css/) ?? [];
	assert.ok(path, 'the login page names its style by a hashed name');
	const style = await fetch(url + path, { headers: { 'accept-encoding': 'gzip' } });
	assert.equal(style.status, 200);
	assert.match(style.headers.get('cache-control'), /max-age=31536000, immutable/);
	assert.equal(style.headers.get('content-encoding'), 'gzip');
	assert.match(style.headers.get('content-type'), /^text\/css/);
});

test('a body above the limit is 413: a problem for programs, a page for people', async () => {
	const large = 'x'.repeat(2 << 20);
	const problem = await anybody.post('/v1/sessions', large);
	assert.equal(problem.status, 413);
	assert.match(problem.headers.get('content-type'), /^application\/problem\+json/);
	assert.equal(problem.body.status, 413);
	assert.equal(problem.body.request_id, problem.headers.get('x-request-id'));
	const page = await anybody.post('/login', large, { accept: 'text/html' });
	assert.equal(page.status, 413);
	assert.match(page.headers.get('content-type'), /^text\/html/);
});

test('an address that is too long is a problem as well', async () => {
	const problem = await anybody.get(`/v1/search?q=${'x'.repeat(20_000)}`);
	assert.equal(problem.status, 414);
	assert.match(problem.headers.get('content-type'), /^application\/problem\+json/);
	assert.equal(problem.body.status, 414);
});

test('an import may be larger than that', async () => {
	const { status } = await anybody.post('/v1/imports', 'x'.repeat(2 << 20));
	assert.notEqual(status, 413);
});

test('a header with an underscore does not pass for one with a hyphen', async () => {
	const { port, hostname } = new URL(url);
	const answer = await new Promise((done, fail) => {
		let text = '';
		const socket = connect(Number(port), hostname, () =>
			socket.write('GET /v1/me HTTP/1.1\r\nHost: x\r\nPrefer_: wait=abc\r\nX_Request_Id: evil\r\nConnection: close\r\n\r\n'));
		socket.on('data', (bytes) => (text += bytes)).on('end', () => done(text)).on('error', fail);
	});
	assert.match(answer, /^HTTP\/1\.1 401 /);
	assert.doesNotMatch(answer, /evil/);
});

test('a path that is none is 400, and the log keeps no query string', async (t) => {
	assert.equal((await anybody.get('/v1/contacts%2Fx')).status, 400);
	assert.equal((await anybody.get('/v1/%ff')).status, 400);
	if (!process.env.MUSTER_TEST_DATA) return t.skip('the log is known only in tests/run');
	const { headers } = await anybody.get('/healthz?q=a-private-name');
	const line = await until(() => readFileSync(process.env.MUSTER_TEST_DATA + '/log/access.log', 'utf8')
		.split('\n').find((entry) => entry.includes(headers.get('x-request-id'))));
	assert.equal(JSON.parse(line).path, '/healthz');
	assert.doesNotMatch(line, /a-private-name/);
});

test('the id that a reply tells is in the line of nginx and in that of the program', async (t) => {
	if (!process.env.MUSTER_TEST_DATA) return t.skip('the logs are known only in tests/run');
	const answer = await anybody.get('/v1/me');
	assert.equal(answer.status, 401);
	const id = answer.headers.get('x-request-id');
	assert.equal(answer.body.request_id, id);
	const lines = (name) => until(() => {
		const found = readFileSync(`${process.env.MUSTER_TEST_DATA}/log/${name}.log`, 'utf8').split('\n').filter((line) => line.includes(id));
		return found.length && found.map((line) => JSON.parse(line));
	}, { what: `the line in ${name}.log` });
	for (const name of ['access', 'muster'])
		assert.deepEqual((await lines(name)).map((line) => [line.request_id, line.method, line.path, line.status]), [[id, 'GET', '/v1/me', 401]], name);
});

test('without the program behind it nginx says so, and when to try again, not the same to all', async () => {
	const muster = await startMuster({ empty: true });
	try {
		unlinkSync(muster.dataDir + '/run/web.sock');
		const problem = await api(muster.url).get('/v1/me');
		assert.equal(problem.status, 502);
		assert.equal(problem.body.status, 502);
		const after = new Set([problem.headers.get('retry-after')]);
		for (let i = 0; i < 30; i++) after.add((await api(muster.url).get('/v1/me')).headers.get('retry-after'));
		for (const seconds of after) assert.match(seconds, /^[1-5]$/);
		assert.ok(after.size > 1, 'not all at the same moment');
		const page = await api(muster.url).get('/contacts', { accept: 'text/html' });
		assert.equal(page.status, 502);
		assert.match(page.headers.get('content-type'), /^text\/html/);
	} finally {
		await muster.stop();
	}
});
