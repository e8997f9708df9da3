// webhooks.test.mjs: what changes is told to the addresses that want to know, signed as the unmodified `standardwebhooks` package
// verifies; fcgi-app/core/webhook_events.c, fcgi-app/modules/webhooks.c, webhook_send.c.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { startMuster, until } from '../harness.mjs';
import { database, join, makeKey, makeRole, signUp } from './company.mjs';

let muster, receiver, address, owner;
const got = []; // { path, headers, body } of what came
let reply = () => ({ status: 204 });

before(async () => {
	receiver = createServer((request, response) => {
		let body = '';
		request.setEncoding('utf8').on('data', (part) => (body += part)).on('end', () => {
			const one = { path: request.url, headers: request.headers, body };
			got.push(one);
			const { status, headers = {}, text = '' } = reply(one);
			response.writeHead(status, headers).end(text);
		});
	});
	await new Promise((done) => receiver.listen(0, '127.0.0.1', done));
	address = `http://127.0.0.1:${receiver.address().port}`;
	muster = await startMuster({ empty: true, env: { MUSTER_PRIVATE_WEBHOOKS: 'on' } });
	process.env.MUSTER_TEST_URL = muster.url;
	process.env.MUSTER_TEST_DATA = muster.dataDir;
	owner = await signUp();
});
after(async () => {
	await muster?.stop();
	receiver.closeAllConnections();
	await new Promise((done) => receiver.close(done));
});

const made = async (answer, status = 201) => {
	const a = await answer;
	assert.equal(a.status, status, a.text);
	return a.body;
};
let n = 0;
const hook = (who, members = {}) => made(who.post('/v1/webhooks', { url: `${address}/${++n}`, events: ['source.created'], ...members }));
const source = (who = owner) => made(who.post('/v1/sources', { name: `Source ${++n}` }));
const pathOf = (webhook) => new URL(webhook.url).pathname;
const heard = (webhook, count = 1) => until(() => {
	const all = got.filter((one) => one.path === pathOf(webhook));
	return all.length >= count && all;
}, { what: `${count} at ${webhook.url}` });
const deliveries = async (webhook, who = owner) => (await made(who.get(`/v1/webhook_deliveries?webhook_id=${webhook.id}`), 200)).data;
const settled = (webhook) => until(async () => {
	const all = await deliveries(webhook);
	return all.length && all.every((one) => one.state !== 'waiting') && all;
}, { what: 'the end of its deliveries' });
const tried = (webhook, tries) => until(async () => (await deliveries(webhook)).find((one) => one.tries === tries), { what: `try ${tries}` });
const due = () => database('UPDATE workflow_runs SET wake_at = UTC_TIMESTAMP(6) WHERE workflow = \'webhook_send\' AND ended_at IS NULL; UPDATE workflow_queues SET wake_at = UTC_TIMESTAMP(6)');
const off = (webhook) => made(owner.patch(`/v1/webhooks/${webhook.id}`, { enabled: false }), 200);

test('what changes is told, thin and signed', async () => {
	const webhook = await hook(owner);
	assert.match(webhook.key, /^whsec_[A-Za-z0-9+/]{43}=$/);
	assert.equal((await owner.get(`/v1/webhooks/${webhook.id}`)).body.key, undefined);
	const row = await source();
	await made(owner.post('/v1/tags', { name: `Tag ${++n}` })); // of which it does not want to know
	const [one] = await heard(webhook);
	const told = new Webhook(webhook.key).verify(one.body, one.headers);
	assert.deepEqual([told.type, told.data], ['source.created', { object: 'source', id: row.id }]);
	const [delivery] = await settled(webhook);
	assert.equal(one.headers['webhook-id'], delivery.id);
	assert.equal(delivery.state, 'delivered');
	assert.deepEqual(delivery.attempts.map(({ status, error }) => [status, error]), [[204, undefined]]);
	assert.equal(got.filter((other) => other.path === pathOf(webhook)).length, 1);
	await off(webhook);
});

test('a mutation that is refused tells nothing, and one that writes a row twice tells it once', async () => {
	const webhook = await hook(owner, { events: null });
	const row = await source();
	assert.equal((await owner.post('/v1/sources', { name: row.name })).status, 409);
	const contact = await made(owner.post('/v1/contacts', { first_name: 'Ada', emails: [{ address: `ada${++n}@muster.test` }] }));
	await made(owner.post('/v1/notes', { body: 'A note', subject: { object: 'contact', id: contact.id } }));
	await settled(webhook);
	const told = (await deliveries(webhook)).map((one) => one.event).sort();
	assert.deepEqual(told.filter((one) => /^(source|contact|note)\.created/.test(one)), ['contact.created', 'note.created', 'source.created']);
	await off(webhook);
});

test('a failure is tried again with the same id, on a ladder, and shows', async () => {
	const webhook = await hook(owner);
	reply = (one) => (one.path === pathOf(webhook) ? { status: 500, text: 'x'.repeat(100_000) } : { status: 204 });
	await source();
	const first = await tried(webhook, 1);
	assert.equal(first.state, 'waiting');
	assert.equal(first.attempts[0].status, 500);
	assert.match(first.attempts[0].reply, /^x{400,500}$/); // so much of it, and no more
	const wait = new Date(first.next_try_at) - new Date(first.attempts[0].at);
	assert.ok(wait >= 5000 && wait < 30_000, `${wait}`);
	due();
	const second = await tried(webhook, 2);
	assert.ok(new Date(second.next_try_at) - new Date(second.attempts[1].at) >= 300_000);
	reply = () => ({ status: 200 });
	await made(owner.post(`/v1/webhook_deliveries/${second.id}/replay`, {}), 200); // at once
	assert.equal((await settled(webhook))[0].state, 'delivered');
	const ids = new Set((await heard(webhook, 3)).map((one) => one.headers['webhook-id']));
	assert.equal(ids.size, 1);
	await off(webhook);
});

test('while a secret is changed for another, both sign', async () => {
	const webhook = await hook(owner);
	const { key } = await made(owner.post(`/v1/webhooks/${webhook.id}/rotate`, {}), 200);
	assert.notEqual(key, webhook.key);
	await source();
	const [one] = await heard(webhook);
	for (const secret of [webhook.key, key]) assert.ok(new Webhook(secret).verify(one.body, one.headers));
	await settled(webhook);
	database(`UPDATE webhooks SET old_secret_until = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND WHERE id = '${webhook.id}'`);
	await source();
	const [, two] = await heard(webhook, 2);
	assert.ok(new Webhook(key).verify(two.body, two.headers));
	assert.throws(() => new Webhook(webhook.key).verify(two.body, two.headers));
	await settled(webhook);
	await off(webhook);
});

test('what was told can be told again', async () => {
	const webhook = await hook(owner);
	await source();
	const [delivery] = await settled(webhook);
	assert.equal((await made(owner.post(`/v1/webhook_deliveries/${delivery.id}/replay`, {}), 200)).state, 'waiting');
	const [first, second] = await heard(webhook, 2);
	assert.equal(first.body, second.body);
	assert.equal(first.headers['webhook-id'], second.headers['webhook-id']);
	assert.equal((await settled(webhook))[0].attempts.length, 2);
	await off(webhook);
});

test('who answers 410 is told nothing more, until it is turned on again', async () => {
	const webhook = await hook(owner);
	reply = (one) => ({ status: one.path === pathOf(webhook) ? 410 : 204 });
	await source();
	assert.equal((await settled(webhook))[0].state, 'failed');
	const now = (await owner.get(`/v1/webhooks/${webhook.id}`)).body;
	assert.deepEqual([now.enabled, now.disabled_because], [false, 'the receiver answered 410 Gone']);
	await source();
	assert.equal((await deliveries(webhook)).length, 1);
	reply = () => ({ status: 204 });
	const again = await made(owner.patch(`/v1/webhooks/${webhook.id}`, { enabled: true }), 200);
	assert.equal(again.disabled_because, null);
	await off(webhook);
});

test('redirects are not followed', async () => {
	const webhook = await hook(owner), aim = `/aim${++n}`;
	reply = (one) => (one.path === pathOf(webhook) ? { status: 307, headers: { location: address + aim } } : { status: 204 });
	await source();
	const first = await tried(webhook, 1);
	assert.deepEqual([first.attempts[0].status, first.attempts[0].error], [307, 'redirects are not followed']);
	await off(webhook);
	reply = () => ({ status: 204 });
	due();
	assert.equal((await settled(webhook))[0].state, 'failed'); // it was turned off
	assert.equal(got.filter((one) => one.path === aim).length, 0);
});

test('a webhook hears of what its maker may see, and of no more', async () => {
	const company = await signUp();
	const role = await made(company.post('/v1/roles', { name: 'Programs' }));
	await made(company.put(`/v1/roles/${role.id}/permissions`, {
		permissions: { 'webhooks.view': 'own', 'webhooks.create': 'all', 'contacts.view': 'own', 'contacts.create': 'all', 'sources.view': 'all' },
	}), 200);
	const agent = await join(company, role.id);
	const webhook = await hook(agent, { events: null });
	await made(company.post('/v1/contacts', { first_name: 'Not for them' }));
	await made(company.post('/v1/tags', { name: 'Nor this' }));
	const own = await made(agent.post('/v1/contacts', { first_name: 'Theirs' }));
	const row = await source(company);
	const told = (await heard(webhook, 2)).map((one) => JSON.parse(one.body).data.id);
	await until(async () => (await deliveries(webhook, agent)).every((one) => one.state === 'delivered'), { what: 'the deliveries' });
	assert.deepEqual(told.sort(), [own.id, row.id].sort());
	assert.equal(got.filter((one) => one.path === pathOf(webhook)).length, 2);
	assert.equal((await owner.get(`/v1/webhooks/${webhook.id}`)).status, 404);
});

test('who gives a webhook another address has it tell what they may see themselves', async () => {
	const webhook = await hook(owner, { events: ['contact.created'] });
	const role = await makeRole(owner, { 'webhooks.view': 'all', 'webhooks.edit': 'all', 'contacts.view': 'own' });
	const spy = await join(owner, role.id);
	const key = await makeKey(owner, owner.roles.owner.id, { scopes: ['webhooks.edit'] });
	const url = `${address}/${++n}`;
	assert.equal((await key.patch(`/v1/webhooks/${webhook.id}`, { url })).status, 403);
	assert.equal((await made(spy.patch(`/v1/webhooks/${webhook.id}`, { events: null }), 200)).agent_id, owner.agent.id);
	assert.equal((await made(spy.patch(`/v1/webhooks/${webhook.id}`, { url }), 200)).agent_id, spy.agent.id);
	await made(owner.post('/v1/contacts', { first_name: 'Ann' }));
	const bob = await made(owner.post('/v1/contacts', { first_name: 'Bob', owner_id: spy.agent.id }));
	const [told] = await heard({ url });
	assert.deepEqual(JSON.parse(told.body).data, { object: 'contact', id: bob.id });
	await off(webhook);
});

test('a company has at most 50 webhooks', async () => {
	const other = await signUp();
	const { id } = await hook(other);
	database(`INSERT INTO webhooks (company_id, id, url, enabled, agent_id, secret, created_at, updated_at)
		SELECT company_id, UUID(), url, 0, agent_id, secret, created_at, updated_at FROM webhooks, seq_1_to_49 WHERE id = '${id}'`);
	const refused = await other.post('/v1/webhooks', { url: `${address}/more` });
	assert.deepEqual([refused.status, refused.body.detail], [409, 'a company has at most 50 webhooks']);
});

test('the page of a webhook shows what it was told, each attempt, and its new secret once', async () => {
	const webhook = await hook(owner);
	await source();
	await settled(webhook);
	const cookie = { cookie: `muster_session=${owner.token}` };
	const page = async (path) => (await fetch(muster.url + path, { headers: cookie })).text();
	assert.match(await page('/settings/webhooks'), new RegExp(`href="/settings/webhooks/${webhook.id}"`));
	const text = await page(`/settings/webhooks/${webhook.id}`);
	assert.match(text, /<b>source\.created<\/b>/);
	assert.match(text, /: 204 +in \d+ ms/);
	const csrf = /name="_csrf" value="([^"]+)"/.exec(text)[1];
	const form = new URLSearchParams({ _csrf: csrf, _next: `/settings/webhooks/${webhook.id}`, _page: `/settings/webhooks/${webhook.id}`, id: webhook.id });
	const shown = await fetch(`${muster.url}/do/webhooks_rotate`, { method: 'POST', headers: { ...cookie, origin: muster.url }, body: form });
	assert.match(await shown.text(), /whsec_[A-Za-z0-9+/]{43}=/);
	assert.doesNotMatch(await page(`/settings/webhooks/${webhook.id}`), /whsec_/);
	await off(webhook);
});

test('what is no address and what is no event are refused', async () => {
	for (const url of ['ftp://muster.test/x', 'http//muster.test', 'https://a b', 'https://user:secret@muster.test/', 'javascript:alert(1)'])
		assert.equal((await owner.post('/v1/webhooks', { url })).status, 422, url);
	for (const events of [['contact.exploded'], ['nothing'], [1], 'contact.created'])
		assert.ok([400, 422].includes((await owner.post('/v1/webhooks', { url: address, events })).status), JSON.stringify(events));
});

test('an address of the house is refused when the connection is made', async () => {
	const strict = await startMuster({ empty: true });
	try {
		const { api } = await import('../harness.mjs');
		const signed = await api(strict.url).post('/v1/companies', { company_name: 'C', full_name: 'O', email: 'o@muster.test', password: 'correct horse battery' });
		const who = api(strict.url, signed.body.token);
		assert.equal((await who.post('/v1/webhooks', { url: address })).status, 422); // not https
		const before = got.length;
		for (const host of ['localhost', '127.0.0.1', '[::1]', '0x7f.1'])
			await made(who.post('/v1/webhooks', { url: `https://${host}:${receiver.address().port}/`, events: ['source.created'] }));
		await made(who.post('/v1/sources', { name: 'A source' }));
		const all = await until(async () => {
			const { data } = (await who.get('/v1/webhook_deliveries')).body;
			return data.length === 4 && data.every((one) => one.tries >= 1) && data;
		}, { what: 'the tries' });
		for (const one of all) assert.equal(one.attempts[0].error, 'the address is one of a private network');
		assert.equal(got.length, before);
	} finally {
		await strict.stop();
	}
});
