// inbound_hooks.test.mjs: what providers tell, signed by the unmodified packages `stripe` and `standardwebhooks`, changes what it is
// about, once; fcgi-app/modules/inbound_hooks.c.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import Stripe from 'stripe';
import { musterUrl } from '../harness.mjs';
import { database, makeKey, signUp } from './company.mjs';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const stripe = new Stripe('sk_test_x');
let n = 0;
const made = async (answer, status = 201) => {
	const a = await answer;
	assert.equal(a.status, status, a.text);
	return a.body;
};
const pathOf = (hook) => new URL(hook.url).pathname;
const post = async (path, body, headers) => (await fetch(await musterUrl() + path, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } }));
const eventOf = (type, object, id = `evt_${++n}_${Date.now()}`) => JSON.stringify({ id, object: 'event', type, data: { object } });
// As the provider's own library signs it.
const signed = (payload, options = {}) => ({ 'stripe-signature': stripe.webhooks.generateTestHeaderString({ payload, secret, ...options }) });
const tell = async (hook, payload, headers = signed(payload)) => (await post(pathOf(hook), payload, headers)).status;
const planOf = async (who) => (await made(who.get('/v1/company'), 200)).plan;

test('a subscription makes the plan of its company, and its end takes it back', async () => {
	const owner = await signUp();
	const hook = await made(owner.post('/v1/inbound_hooks', { name: 'Payments', scheme: 'stripe', secret }));
	assert.match(pathOf(hook), /^\/hooks\/[\w-]{43}$/);
	assert.equal(await planOf(owner), 'trial');
	assert.equal(await tell(hook, eventOf('customer.subscription.created', { status: 'active' })), 204);
	assert.equal(await planOf(owner), 'paid');
	assert.equal(await tell(hook, eventOf('customer.subscription.updated', { status: 'past_due' })), 204);
	assert.equal(await planOf(owner), 'paid'); // the provider asks again first
	assert.equal(await tell(hook, eventOf('invoice.created', { status: 'draft' })), 204);
	assert.equal(await tell(hook, eventOf('customer.subscription.deleted', { status: 'canceled' })), 204);
	assert.equal(await planOf(owner), 'free');
	const { data } = await made(owner.get(`/v1/inbound_events?hook_id=${hook.id}`), 200);
	assert.deepEqual(data.map((one) => [one.type, one.done]).reverse(), [['customer.subscription.created', 'the plan is paid'],
		['customer.subscription.updated', null], ['invoice.created', null], ['customer.subscription.deleted', 'the plan is free']]);
});

test('a hook with another address is told nothing at the one before; its page shows what came', async () => {
	const owner = await signUp();
	const hook = await made(owner.post('/v1/inbound_hooks', { name: 'Payments', scheme: 'stripe', secret }));
	const other = await made(owner.post(`/v1/inbound_hooks/${hook.id}/rotate`), 200);
	assert.equal(await tell(hook, eventOf('invoice.created', {})), 404);
	assert.equal(await tell(other, eventOf('invoice.paid', {})), 204);
	const page = await owner.get(`/settings/hooks/${hook.id}`, { cookie: `muster_session=${owner.token}`, accept: 'text/html' });
	assert.match(page.text, /Payments[^]*invoice\.paid[^]*Nothing done/);
});

test('an event that comes again changes nothing', async () => {
	const owner = await signUp();
	const hook = await made(owner.post('/v1/inbound_hooks', { name: 'Payments', scheme: 'stripe', secret }));
	const payload = eventOf('customer.subscription.created', { status: 'active' });
	assert.equal(await tell(hook, payload), 204);
	await made(owner.put('/v1/company/plan', { plan: 'free' }), 200);
	assert.deepEqual(await Promise.all([1, 2, 3].map(() => tell(hook, payload))), [204, 204, 204]);
	assert.equal(await planOf(owner), 'free');
	assert.equal((await made(owner.get('/v1/inbound_events'), 200)).data.length, 1);
});

test('the same event many times at once is done once', async () => {
	const owner = await signUp();
	const hook = await made(owner.post('/v1/inbound_hooks', { name: 'Payments', scheme: 'stripe', secret }));
	const payload = eventOf('customer.subscription.created', { status: 'active' });
	const told = await Promise.all(Array.from({ length: 6 }, () => tell(hook, payload)));
	for (const status of told) assert.ok([204, 409].includes(status), `${status}`); // 409: the provider sends it again
	assert.equal(await tell(hook, payload), 204);
	assert.equal((await made(owner.get('/v1/inbound_events'), 200)).data.length, 1);
});

test('what is not signed with the secret, or too long ago, is not read', async () => {
	const owner = await signUp();
	const hook = await made(owner.post('/v1/inbound_hooks', { name: 'Payments', scheme: 'stripe', secret }));
	const payload = eventOf('customer.subscription.created', { status: 'active' });
	const now = Math.floor(Date.now() / 1000);
	for (const headers of [{}, { 'stripe-signature': 't=1,v1=' }, signed(payload, { secret: 'whsec_another' }), signed(payload, { timestamp: now - 400 }),
		signed(payload, { timestamp: now + 400 }), signed(`${payload} `), new Webhook(secret).sign('msg_1', new Date(), payload)])
		assert.equal(await tell(hook, payload, typeof headers === 'string' ? { 'webhook-id': 'msg_1', 'webhook-timestamp': `${now}`, 'webhook-signature': headers } : headers), 401);
	assert.equal(await tell(hook, 'no JSON'), 400);
	assert.equal(await tell({ url: hook.url.replace(/.{5}$/, 'AAAAA') }, payload), 404);
	assert.equal(await tell(hook, 'x'.repeat(2 << 20)), 413);
	assert.equal(await planOf(owner), 'trial');
});

test('Standard Webhooks are understood too', async () => {
	const owner = await signUp();
	const hook = await made(owner.post('/v1/inbound_hooks', { name: 'Payments', scheme: 'standard', secret }));
	const payload = JSON.stringify({ type: 'customer.subscription.created', data: { object: { status: 'active' } } });
	const at = new Date();
	const headers = { 'webhook-id': 'msg_1', 'webhook-timestamp': `${Math.floor(at / 1000)}`, 'webhook-signature': new Webhook(secret).sign('msg_1', at, payload) };
	assert.equal(await tell(hook, payload, { ...headers, 'webhook-id': 'msg_2' }), 401);
	assert.equal(await tell(hook, payload, headers), 204);
	assert.equal(await tell(hook, payload, headers), 204);
	assert.equal(await planOf(owner), 'paid');
	assert.equal((await made(owner.get('/v1/inbound_events'), 200)).data.length, 1);
});

test('a key that may do less than who made it makes no hook, which would act with all of that power', async () => {
	const owner = await signUp();
	const key = await makeKey(owner, owner.roles.owner.id, { scopes: ['inbound_hooks.create'] });
	assert.equal((await key.post('/v1/inbound_hooks', { name: 'Payments', scheme: 'stripe', secret })).status, 403);
	const whole = await makeKey(owner, owner.roles.owner.id);
	await made(whole.post('/v1/inbound_hooks', { name: 'Payments', scheme: 'stripe', secret }));
});

test('a hook does no more than who made it may, and its token is not kept', async () => {
	const owner = await signUp();
	const hook = await made(owner.post('/v1/inbound_hooks', { name: 'Payments', scheme: 'stripe', secret }));
	const [[stored]] = database(`SELECT CONCAT_WS(' ', name, scheme, HEX(token_hash)) FROM inbound_hooks WHERE id = '${hook.id}'`);
	assert.ok(!stored.includes(pathOf(hook).split('/').at(-1)));
	assert.equal((await owner.get(`/v1/inbound_hooks/${hook.id}`)).body.secret, undefined);
	database(`UPDATE agents SET status = 'suspended' WHERE id = '${owner.agent.id}'`);
	assert.equal(await tell(hook, eventOf('customer.subscription.created', { status: 'active' })), 404); // like one that never was
});
