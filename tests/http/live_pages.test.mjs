// POST /live: the pages of all tabs of a browser in one request. How the dashboard uses it is in tests/browser/tabs.test.mjs.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { api, sleep } from '../harness.mjs';
import { join, signUp } from './company.mjs';

const PARKED = 500; // milliseconds after which a request surely waits
const nowhere = '/contacts/018f0000-0000-7000-8000-000000000000';

// Somebody's browser: the session's cookie, and the token that its pages carry.
async function browser(who) {
	const cookie = `muster_session=${who.token}`;
	const html = (await api(who.url).get('/', { cookie, accept: 'text/html' })).text;
	const [, csrf] = html.match(/name="_csrf" value="([^"]+)"/);
	const headers = { cookie, 'x-csrf-token': csrf, 'sec-fetch-site': 'same-origin' };
	return {
		headers,
		live: (pages, wait = 10, more = {}) => api(who.url).post('/live', { pages, wait }, { ...headers, ...more }),
		page: (path, more = {}) => api(who.url).get(path, { cookie, accept: 'text/html', ...more }),
	};
}
const person = async (who, first_name) => (await who.post('/v1/contacts', { kind: 'person', first_name })).body;

test('many pages wait in one request, which is answered with those that changed', async () => {
	const owner = await signUp();
	const tabs = await browser(owner);
	const paths = ['/contacts', '/deals', '/settings/catalog'];
	const first = await tabs.live(paths.map((path) => ({ path })));
	assert.equal(first.status, 200, first.text);
	assert.deepEqual(first.body.changed.map(({ index, status }) => [index, status]), [[0, 200], [1, 200], [2, 200]]);
	const have = first.body.changed.map(({ index, etag }) => ({ path: paths[index], etag }));
	const next = tabs.live(have);
	await sleep(PARKED);
	const began = performance.now();
	await owner.post('/v1/tags', { name: 'Vermilion' });
	const { body } = await next;
	assert.ok(performance.now() - began < 1000);
	assert.deepEqual(body.changed.map(({ index }) => paths[index]), ['/contacts', '/settings/catalog']);
	for (const { body: html } of body.changed) assert.match(html, /^<!doctype html>[^]*Vermilion/);
});

test('the ETag is that of the page itself, and nothing changed is an empty list after the wait', async () => {
	const tabs = await browser(await signUp());
	const { headers } = await tabs.page('/contacts');
	const began = performance.now();
	const { body } = await tabs.live([{ path: '/contacts', etag: headers.get('etag') }], 1);
	assert.deepEqual(body.changed, []);
	assert.ok(performance.now() - began > 950);
});

test('a page that may not be seen, or is not there, is told once and waited for like others', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const tabs = await browser(agent);
	const row = await person(agent, 'Ada');
	const paths = [`/contacts/${row.id}`, '/settings/roles', nowhere, '/no/such/page', '/login'];
	const first = (await tabs.live(paths.map((path) => ({ path })))).body.changed;
	assert.deepEqual(first.map(({ status }) => status), [200, 403, 404, 404, 404]);
	assert.match(first[1].body, /data-status="403"/);
	assert.deepEqual(first.slice(3).map(({ body }) => body), [null, null], 'no page: nothing to show');
	const next = tabs.live(first.map(({ index, etag }) => ({ path: paths[index], etag })));
	await sleep(PARKED);
	await owner.patch(`/v1/contacts/${row.id}`, { owner_id: owner.agent.id });
	assert.deepEqual((await next).body.changed.map(({ index, status }) => [index, status]), [[0, 404]]);
});

test('who is given another role sees at once what that role may see', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const tabs = await browser(agent);
	const paths = ['/settings/roles', '/tasks', '/no/such/page'];
	const first = (await tabs.live(paths.map((path) => ({ path })))).body.changed;
	const next = tabs.live(first.map(({ index, etag }) => ({ path: paths[index], etag })));
	await sleep(PARKED);
	await owner.patch(`/v1/agents/${agent.agent.id}`, { role_id: owner.roles.owner.id });
	const { body } = await next;
	assert.deepEqual(body.changed.slice(0, 2).map(({ index, status }) => [index, status]), [[0, 200], [1, 200]]);
});

test('a session that ends is told to all pages, and so is a login that is not the one they were loaded with', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const tabs = await browser(agent);
	const { headers } = await tabs.page('/contacts');
	const next = tabs.live([{ path: '/contacts', etag: headers.get('etag') }]);
	await sleep(PARKED);
	await owner.delete(`/v1/agents/${agent.agent.id}/sessions`);
	const ended = await next;
	assert.equal(ended.status, 401);
	assert.match(ended.headers.get('content-type'), /problem\+json/);
	const other = await browser(owner);
	const mixed = await tabs.live([{ path: '/contacts' }], 10, { cookie: other.headers.cookie });
	assert.equal(mixed.status, 401, 'the cookie of another session than the token\'s');
	assert.equal((await api(owner.url).post('/live', { pages: [{ path: '/contacts' }], wait: 0 })).status, 401);
});

test('the message that a page shows once is left to the page', async () => {
	const tabs = await browser(await signUp());
	const cookie = `${tabs.headers.cookie}; muster_flash=update`;
	const live = await tabs.live([{ path: '/contacts' }], 0, { cookie });
	assert.doesNotMatch(live.text, /data-flash/);
	assert.equal(live.headers.get('set-cookie'), null);
	assert.match((await tabs.page('/contacts', { cookie })).text, /data-flash/);
});

test('bad questions are refused', async () => {
	const owner = await signUp();
	const tabs = await browser(owner);
	const post = (content, more) => api(owner.url).post('/live', content, { ...tabs.headers, ...more });
	const one = { pages: [{ path: '/contacts' }], wait: 0 };
	for (const bad of [{}, { ...one, pages: [] }, { ...one, pages: 'all' }, { ...one, more: 1 }, { ...one, wait: 61 }, { ...one, wait: -1 }, { pages: one.pages },
		{ ...one, pages: [{ path: '' }] }, { ...one, pages: [{ etag: 'x' }] }, { ...one, pages: [{ path: 'x'.repeat(2001) }] },
		{ ...one, pages: Array.from({ length: 33 }, () => ({ path: '/contacts' })) }]) {
		const answer = await post(bad);
		assert.ok([400, 422].includes(answer.status), `${answer.status} for ${JSON.stringify(bad).slice(0, 80)}`);
		assert.ok(answer.body.errors.length > 0);
	}
	assert.equal((await post('{"pages":', { 'content-type': 'application/json' })).status, 400);
	assert.equal((await post(one, { origin: 'https://elsewhere.test' })).status, 403);
	assert.equal((await post(one, { 'sec-fetch-site': 'cross-site' })).status, 403);
	assert.equal((await post(one, { 'x-csrf-token': 'x' })).status, 401);
	assert.equal((await api(owner.url).get('/live', tabs.headers)).status, 405);
	assert.equal((await post({ ...one, pages: Array.from({ length: 32 }, (_, i) => ({ path: `/contacts?q=${i}` })) })).body.changed.length, 32);
	for (const path of ['//elsewhere.test/', 'https://elsewhere.test/', '/contacts/%zz', '/do/contacts_create', '/v1/contacts'])
		assert.deepEqual((await post({ ...one, pages: [{ path }] })).body.changed.map(({ status, body }) => [status, body]), [[404, null]], path);
});
