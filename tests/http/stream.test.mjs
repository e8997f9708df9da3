// GET /v1/changes as server-sent events: the same feed, pushed.

import assert from 'node:assert/strict';
import http from 'node:http';
import net from 'node:net';
import { test } from 'node:test';
import { api, musterUrl, until } from '../harness.mjs';
import { join, makeKey, signUp } from './company.mjs';

const head = async (who) => (await who.get('/v1/contacts?limit=1')).body.version;
const make = async (who, path, body) => {
	const answer = await who.post(path, body);
	assert.equal(answer.status, 201, answer.text);
	return answer.body;
};

// Follows the changes of `who` until the test is over. Gives { status, headers, events, comments, ended }, which go on growing.
async function follow(t, who, { since, last, token = who.token } = {}) {
	const url = new URL(`${who.url}/v1/changes`);
	if (since !== undefined) url.searchParams.set('since', since);
	const stream = { events: [], comments: 0, ended: false };
	const call = http.get(url, {
		headers: { accept: 'text/event-stream', authorization: `Bearer ${token}`, ...(last !== undefined && { 'last-event-id': last }) },
	});
	t.after(() => call.destroy());
	await new Promise((done, fail) => call.on('error', fail).on('response', (reply) => {
		let rest = '';
		Object.assign(stream, { status: reply.statusCode, headers: reply.headers, text: '' });
		call.removeListener('error', fail).on('error', () => {});
		reply.setEncoding('utf8').on('data', (part) => {
			stream.text += part;
			const blocks = (rest + part).split('\n\n');
			rest = blocks.pop();
			for (const block of blocks) {
				const event = {};
				for (const line of block.split('\n')) {
					const [, name, value] = /^([^:]*): ?(.*)$/.exec(line);
					if (name === '') stream.comments++;
					else event[name] = value;
				}
				if (event.data) stream.events.push({ ...event, data: JSON.parse(event.data) });
				if (event.retry) stream.retry = Number(event.retry);
			}
		}).on('error', () => {}).on('close', () => (stream.ended = true));
		done();
	}));
	stream.close = () => call.destroy();
	return stream;
}
const told = ({ events }) => events.flatMap(({ data }) => data.items.map((i) => `${i.kind} ${i.object}`));
const happens = (check, what) => until(check, { what });

test('each change is pushed as an event whose id is the version up to which it tells', async (t) => {
	const owner = await signUp();
	const since = await head(owner);
	const stream = await follow(t, owner, { since });
	assert.equal(stream.status, 200);
	assert.equal(stream.headers['content-type'], 'text/event-stream');
	assert.equal(stream.headers['cache-control'], 'private, no-store');
	const contact = await make(owner, '/v1/contacts', { first_name: 'A' });
	await happens(() => told(stream).length === 1, 'the first event');
	await owner.patch(`/v1/contacts/${contact.id}`, { job_title: 'B' });
	await owner.delete(`/v1/contacts/${contact.id}`);
	await happens(() => told(stream).length === 3, 'all events');
	assert.deepEqual(told(stream), ['created contacts', 'updated contacts', 'deleted contacts']);
	assert.equal(stream.events[0].id, String(since + 1));
	assert.equal(stream.events.at(-1).id, String(since + 3));
	assert.equal(stream.events[0].data.next, since + 1);
	assert.ok(stream.retry >= 1000 && stream.retry <= 5000, `retry: ${stream.retry}`);
});

test('who comes again with Last-Event-ID has missed nothing, whatever ?since= says', async (t) => {
	const owner = await signUp();
	const since = await head(owner);
	const first = await follow(t, owner, { since });
	await make(owner, '/v1/contacts', { first_name: 'A' });
	await happens(() => first.events.length, 'the first event');
	first.close();
	await make(owner, '/v1/tags', { name: 'B' });
	await make(owner, '/v1/deals', { title: 'C' });
	const again = await follow(t, owner, { since, last: first.events[0].id });
	await happens(() => told(again).length === 2, 'what was missed');
	assert.deepEqual(told(again), ['created tags', 'created deals']);
});

test('an agent is told of its own rows and of those it loses, and of nothing else', async (t) => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const stream = await follow(t, agent, { since: await head(owner) });
	await make(owner, '/v1/contacts', { first_name: 'Not mine' });
	const mine = await make(owner, '/v1/contacts', { first_name: 'Mine', owner_id: agent.agent.id });
	await owner.patch(`/v1/contacts/${mine.id}`, { owner_id: owner.agent.id });
	await owner.patch(`/v1/contacts/${mine.id}`, { first_name: 'Not mine any more' });
	await make(agent, '/v1/contacts', { first_name: 'My own' });
	await happens(() => told(stream).includes('left contacts') && told(stream).length >= 2, 'what it is told');
	await happens(() => stream.events.some(({ data }) => data.items.some((i) => i.kind === 'created' && i.agent_id === agent.agent.id)), 'its own');
	const rows = new Set(stream.events.flatMap(({ data }) => data.items.map((i) => i.row_id)));
	assert.equal(rows.size, 2);
});

test('a session that is revoked ends its stream with a problem', async (t) => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const stream = await follow(t, agent, { since: await head(owner) });
	await owner.delete(`/v1/agents/${agent.agent.id}/sessions`);
	await happens(() => stream.ended, 'the end');
	const { event, data } = stream.events.at(-1);
	assert.deepEqual([event, data.status], ['problem', 401]);
	assert.equal((await follow(t, agent, { last: 1 })).status, 401);
});

test('a key that is revoked ends its stream with a problem', async (t) => {
	const owner = await signUp();
	const key = await makeKey(owner, owner.roles.owner.id);
	const stream = await follow(t, key, { since: await head(owner) });
	await owner.delete(`/v1/api_keys/${key.row.id}`);
	await happens(() => stream.ended, 'the end');
	assert.equal(stream.events.at(-1).data.status, 401);
});

test('what cannot be followed is an ordinary problem', async (t) => {
	const owner = await signUp();
	const version = await head(owner);
	assert.equal((await follow(t, owner)).status, 400, 'no version');
	assert.equal((await follow(t, owner, { since: 'x' })).status, 400);
	assert.equal((await follow(t, owner, { last: 'x' })).status, 400);
	assert.equal((await follow(t, owner, { last: -1 })).status, 400);
	assert.equal((await follow(t, owner, { last: version + 1000 })).status, 410, 'a version that does not exist');
	assert.equal((await follow(t, owner, { since: 1, token: 'nobody' })).status, 401);
	const head_only = await fetch(`${owner.url}/v1/changes?since=${version}`, { method: 'HEAD', headers: { authorization: `Bearer ${owner.token}`, accept: 'text/event-stream' } });
	assert.equal(head_only.status, 200);
	const plain = await owner.get(`/v1/changes?since=${version}`, { accept: 'application/json' });
	assert.deepEqual(plain.body.items, []);
});

test('a long log comes as several events, whole versions each', async (t) => {
	const owner = await signUp();
	const since = await head(owner);
	for (let batch = 0; batch < 6; batch++)
		assert.equal((await owner.post('/v1/contacts/batch', { items: Array.from({ length: 100 }, (_, i) => ({ first_name: `${batch} ${i}` })) })).status, 200);
	const stream = await follow(t, owner, { since });
	await happens(() => told(stream).length === 600, 'all of it');
	assert.equal(stream.events.at(-1).id, String(await head(owner)));
	assert.equal(new Set(stream.events.flatMap(({ data }) => data.items.map((i) => i.row_id))).size, 600);
});

test('one who never reads holds up nobody, and is told the rest when it reads again', async (t) => {
	const owner = await signUp();
	const since = await head(owner);
	const { hostname, port } = new URL(await musterUrl());
	const slow = net.connect({ host: hostname, port });
	t.after(() => slow.destroy());
	slow.on('error', () => {});
	slow.write(`GET /v1/changes?since=${since} HTTP/1.1\r\nHost: ${hostname}\r\nAccept: text/event-stream\r\nAuthorization: Bearer ${owner.token}\r\n\r\n`);
	await new Promise((done) => slow.once('readable', done));
	slow.pause();
	const quick = await follow(t, owner, { since });
	let rows = 0;
	for (let batch = 0; batch < 40; batch++) {
		assert.equal((await owner.post('/v1/contacts/batch', { atomic: true, items: Array.from({ length: 100 }, (_, i) => ({ first_name: `${batch} ${i} ${'x'.repeat(80)}` })) })).status, 200);
		rows += 100;
	}
	await happens(() => told(quick).length === rows, 'who reads');
	const got = await new Promise((done) => {
		let text = '';
		slow.setEncoding('utf8').on('data', (part) => {
			text += part;
			const n = text.split('"row_id"').length - 1;
			if (n >= rows) done(n);
		}).on('close', () => done(-1));
		slow.resume();
	});
	assert.equal(got, rows);
});
