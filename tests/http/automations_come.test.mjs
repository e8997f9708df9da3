// What comes from outside: public forms, and what providers tell by hooks, and the automations that both start;
// fcgi-app/modules/automation_come.c, automation_forms.c.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { musterUrl } from '../harness.mjs';
import { automate, draft, ended, errorsOf, made, runsOf } from './automating.mjs';
import { database, join, makeKey, makeRole, signUp, tellHook } from './company.mjs';

const secret = 'whsec_of-these-tests';
let owner, url, n = 0;
before(async () => { [owner, url] = [await signUp(), await musterUrl()]; });

const form = (who = owner) => made(who, '/v1/public_forms', { name: `Form ${++n}` });
const post = (path, type, body) => fetch(`${url}${path}`, { method: 'POST', headers: { 'content-type': type }, body });
const send = ({ id }, fields) => post(`/v1/public_forms/${id}/submit`, 'application/x-www-form-urlencoded', new URLSearchParams(fields).toString());
const sendJson = ({ id }, body) => post(`/v1/public_forms/${id}/submit`, 'application/json', JSON.stringify(body));
const byEmail = async (email, who = owner) => (await who.get(`/v1/contacts?q=${encodeURIComponent(email)}`)).body.data[0];
const contacts = () => Number(database(`SELECT COUNT(*) FROM contacts WHERE company_id = '${owner.company.id}'`)[0][0]);
const taskOf = async (contact) => (await owner.get(`/v1/tasks?contact_id=${contact.id}`)).body.data[0];

test('whoever sends a form becomes a contact, for whom a run starts that knows what was sent', async () => {
	const [one, other] = [await form(), await form()];
	const onForm = (members) => automate(owner, { starts: { on: 'form', form_id: one.id }, ...members });
	const automation = await onForm({
		conditions: { all: [{ field: 'event.budget', is: 'eq', value: 'HIGH' }, { field: 'event.message', is: 'contains', value: 'call' }, { field: 'first_name', is: 'eq', value: 'Ada' }, { field: 'event.nothing', is: 'empty' }] },
		steps: [{ do: 'branch', conditions: { field: 'event.budget', is: 'not_empty' }, then: [{ do: 'create_task', title: 'Call {{first_name}}: {{event.message}}{{event.nothing}}' }] }],
	});
	assert.equal((await send(one, { email: 'Ada@Example.org', first_name: 'Ada', last_name: 'Bell', phone: '+44 20 7946 0000', budget: 'high', message: 'Please call\r\nme <b>' })).status, 204);
	const [run] = await ended(owner, automation);
	assert.equal(run.state, 'done', run.last_error);
	const ada = (await owner.get(`/v1/contacts/${run.subject_id}`)).body;
	assert.deepEqual([ada.full_name, ada.emails[0].address, ada.phones.length, ada.owner_id], ['Ada Bell', 'ada@example.org', 1, owner.agent.id]);
	assert.match((await taskOf(ada)).title, /^Call Ada: Please call\s+me <b>$/);
	assert.equal((await send(other, { email: 'ada@example.org', budget: 'high', message: 'call' })).status, 204); // another form
	assert.equal((await sendJson(one, { email: 'eve@example.org', first_name: 'Eve', budget: 'low' })).status, 204); // the conditions do not hold
	assert.equal((await runsOf(owner, automation)).length, 1);
	assert.ok(await byEmail('eve@example.org'));
});

test('a contact who is there is found by any spelling of the address, and not changed by it', async () => {
	const one = await form();
	const automation = await automate(owner, { starts: { on: 'form', form_id: one.id }, steps: [{ do: 'stop' }] });
	const bob = await made(owner, '/v1/contacts', { first_name: 'Bob', emails: [{ address: 'bob@example.org' }] });
	const was = contacts();
	assert.equal((await send(one, { email: ' BOB@example.org', first_name: 'Mallory', website: 'https://evil.example' })).status, 204);
	const [run] = await ended(owner, automation);
	assert.equal(run.subject_id, bob.id);
	const now = (await owner.get(`/v1/contacts/${bob.id}`)).body;
	assert.deepEqual([now.first_name, now.website, contacts()], ['Bob', null, was]);
	// Without any name its address serves as one.
	await send(one, { email: 'nameless@example.org' });
	assert.equal((await byEmail('nameless@example.org')).full_name, 'nameless');
});

test('what a contact would not take is refused alike, whether there is one or not', async () => {
	const one = await form();
	await made(owner, '/v1/contacts', { first_name: 'Known', emails: [{ address: 'known@example.org' }] });
	const was = contacts();
	for (const wrong of [{ first_name: 'x'.repeat(101) }, { last_name: 'two\nlines' }, { phone: '1'.repeat(61) }, { website: 'javascript:alert(1)' }]) {
		const [known, unknown] = await Promise.all(['known@example.org', 'unknown@example.org'].map((email) => sendJson(one, { email, ...wrong })));
		assert.deepEqual([known.status, (await known.json()).errors], [422, (await unknown.json()).errors], JSON.stringify(wrong));
	}
	assert.equal(contacts(), was);
});

test('a program that fills what people do not see is thanked, and nothing is kept', async () => {
	const one = await form();
	const was = contacts();
	assert.equal((await send(one, { email: 'bot@example.org', leave_empty: 'https://spam.example' })).status, 204);
	assert.equal(contacts(), was);
	assert.equal((await send(one, { email: 'person@example.org', leave_empty: '' })).status, 204);
	assert.equal(contacts(), was + 1);
});

test('a browser that sent a form is shown a page, ours or that of the form', async () => {
	const one = await form();
	const browse = async (fields) => {
		const answer = await fetch(`${url}/v1/public_forms/${one.id}/submit`, { method: 'POST', redirect: 'manual', body: new URLSearchParams(fields), headers: { accept: 'text/html,*/*', origin: 'https://shop.example' } });
		return { status: answer.status, to: answer.headers.get('location'), text: await answer.text() };
	};
	assert.deepEqual(await browse({ email: 'visitor@example.org' }), { status: 303, to: '/thanks', text: '' });
	assert.match(await (await fetch(`${url}/thanks`)).text(), /<h1>Thank you/);
	const wrong = await browse({ first_name: 'Vi' });
	assert.deepEqual([wrong.status, /email is required\. Go back/i.test(wrong.text)], [422, true]);
	for (const thanks_url of ['javascript:alert(1)', '//evil.example', 'thanks.html', 'example.com'])
		assert.equal((await owner.patch(`/v1/public_forms/${one.id}`, { thanks_url })).status, 422, thanks_url);
	await owner.patch(`/v1/public_forms/${one.id}`, { thanks_url: 'https://shop.example/thanks' });
	for (const fields of [{ email: 'visitor@example.org' }, { email: 'bot@example.org', leave_empty: 'x' }]) assert.equal((await browse(fields)).to, 'https://shop.example/thanks');
	assert.match(await (await fetch(`${url}/settings/forms`, { headers: { cookie: `muster_session=${owner.token}` } })).text(), new RegExp(`action=&quot;${url}/v1/public_forms/${one.id}|action="${url}/v1/public_forms/${one.id}`));
});

test('nobody is written to in a name that is an advertisement', async () => {
	const one = await form();
	for (const wrong of [{ first_name: 'You won https://evil.example' }, { last_name: 'www.evil.example' }, { job_title: '<a href=evil>' }]) {
		const answer = await sendJson(one, { email: 'victim@example.org', ...wrong });
		assert.deepEqual([answer.status, (await answer.json()).errors[0].pointer], [422, `/${Object.keys(wrong)[0]}`]);
	}
	assert.equal((await sendJson(one, { email: 'real@example.org', first_name: 'Jean-Luc', message: 'See https://my.example' })).status, 204);
});

test('what is no form of this company is refused, and tells nothing', async () => {
	const one = await form();
	const was = contacts();
	const status = async (answer) => (await answer).status;
	assert.equal(await status(send({ id: owner.company.id }, { email: 'a@example.org' })), 404);
	assert.equal(await status(send(one, { first_name: 'Ann' })), 422);
	assert.equal(await status(send(one, { email: 'no address' })), 422);
	assert.equal(await status(send(one, { 'email': 'a@example.org', 'owner id': 'x' })), 422);
	assert.equal(await status(sendJson(one, { email: 'a@example.org', owner_id: { a: 1 } })), 422);
	assert.equal(await status(sendJson(one, { email: 'a@example.org', first_name: 'x'.repeat(1001) })), 422);
	assert.equal(await status(send(one, Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`f${i}`, 'x'])))), 422);
	assert.equal(await status(send(one, { email: 'a@example.org', message: 'x'.repeat(20_000) })), 413);
	assert.equal(await status(post(`/v1/public_forms/${one.id}/submit`, 'application/json', '{"email":')), 400);
	assert.equal(contacts(), was);
	await owner.delete(`/v1/public_forms/${one.id}`);
	assert.equal(await status(send(one, { email: 'a@example.org' })), 404);
});

test('a form does no more than who made it may', async () => {
	const poor = await join(owner, (await makeRole(owner, { 'public_forms.create': 'all', 'public_forms.view': 'all' })).id);
	const one = await form(poor);
	const was = contacts();
	const unknown = await (await send({ id: owner.company.id }, { email: 'a@example.org' })).json();
	const isOff = async ({ id }) => {
		const answer = await send({ id }, { email: 'a@example.org' });
		assert.deepEqual({ ...await answer.json(), request_id: 0, instance: 0 }, { ...unknown, request_id: 0, instance: 0 });
	};
	await isOff(one);
	const left = await join(owner, owner.roles.owner.id);
	const theirs = await form(left);
	assert.equal((await send(theirs, { email: 'ann@example.org' })).status, 204);
	await owner.patch(`/v1/agents/${left.agent.id}`, { status: 'suspended' });
	await isOff(theirs);
	assert.match(await (await fetch(`${url}/settings/forms`, { headers: { cookie: `muster_session=${owner.token}` } })).text(), /Takes nothing: [^<]*, as whom it is done, is suspended/);
	assert.equal((await owner.post(`/v1/public_forms/${theirs.id}/take_over`)).body.agent_id, owner.agent.id);
	assert.equal((await send(theirs, { email: 'eva@example.org' })).status, 204);
	assert.equal(contacts(), was + 2);
	const stranger = await signUp();
	assert.equal((await stranger.get(`/v1/public_forms/${one.id}`)).status, 404);
	const answer = await stranger.post('/v1/automations', { name: 'Theirs', object: 'contact', starts: { on: 'form', form_id: one.id } });
	assert.deepEqual(errorsOf(answer), [['/starts/form_id', 'not_found']]);
});

test('a key that may do less than who made it makes no form, which would act with all of that power', async () => {
	const key = await makeKey(owner, owner.roles.owner.id, { scopes: ['public_forms.create'] });
	assert.equal((await key.post('/v1/public_forms', { name: 'Form' })).status, 403);
});

test('an event of a hook starts a run for the contact whom it names, once, with what the automation picks out of it', async () => {
	const hook = await made(owner, '/v1/inbound_hooks', { name: 'Shop', scheme: 'stripe', secret });
	const automation = await automate(owner, {
		starts: { on: 'webhook', hook_id: hook.id, type: 'order.paid', email: '/data/object/customer/email', values: { amount: '/data/object/amount', first: '/data/object/lines/0/name', missing: '/data/none', all: '/data/object' } },
		conditions: { all: [{ field: 'event.first', is: 'eq', value: 'seats' }, { field: 'event.missing', is: 'empty' }] },
		steps: [{ do: 'create_task', title: 'Thank {{first_name}} for {{event.amount}}{{event.all}}' }],
	});
	const event = (id, type, email, name = 'Seats') => ({ id, type, data: { object: { amount: 1200, customer: { email }, lines: [{ name }] } } });
	const tell = async (body, key = secret) => (await tellHook(hook, key, body)).status;
	const cyd = await made(owner, '/v1/contacts', { first_name: 'Cyd', emails: [{ address: 'cyd@example.org' }] });
	assert.equal(await tell(event('evt_1', 'order.paid', 'CYD@example.org')), 204);
	assert.equal(await tell(event('evt_1', 'order.paid', 'cyd@example.org')), 204); // again
	assert.equal(await tell(event('evt_2', 'order.paid', 'cyd@example.org'), 'whsec_another-secret'), 401);
	assert.equal(await tell(event('evt_3', 'order.made', 'cyd@example.org')), 204);
	assert.equal(await tell(event('evt_4', 'order.paid', 'cyd@example.org', 'Chairs')), 204);
	assert.equal(await tell({ id: 'evt_5', type: 'order.paid', data: {} }), 204); // about nobody
	assert.equal(await tell(event('evt_7', 'order.paid', 'no address')), 204); // and so it is not sent again and again
	const [run, ...more] = await ended(owner, automation);
	assert.deepEqual([run.subject_id, run.state, more], [cyd.id, 'done', []]);
	assert.equal((await taskOf(cyd)).title, 'Thank Cyd for 1200');
	assert.equal(await tell(event('evt_6', 'order.paid', 'new@example.org')), 204);
	const [second] = await ended(owner, automation, 2);
	assert.equal((await owner.get(`/v1/contacts/${second.subject_id}`)).body.emails[0].address, 'new@example.org');
	assert.equal((await owner.get(`/v1/inbound_events?hook_id=${hook.id}`)).body.data.length, 6);
});

test('a flood of forms starts no more runs than a record may have in an hour', async () => {
	const one = await form();
	const automation = await automate(owner, { starts: { on: 'form', form_id: one.id }, steps: [{ do: 'stop' }] });
	for (let i = 0; i < 12; i++) assert.equal((await send(one, { email: 'flood@example.org' })).status, 204);
	assert.equal((await ended(owner, automation, 10)).length, 10);
	assert.equal((await owner.get(`/v1/automations/${automation.id}`)).body.refusal, 'it had run 10 times for one record within an hour');
});

test('what strangers send takes a share of the runs that a company has, and no more', async () => {
	const owner = await signUp();
	const one = await form(owner);
	const automation = await automate(owner, { starts: { on: 'form', form_id: one.id }, steps: [{ do: 'add_tag', tag_id: (await made(owner, '/v1/tags', { name: 'Web' })).id }] });
	const onTag = await automate(owner, { starts: { on: 'changed' }, steps: [{ do: 'stop' }] });
	const onNew = await automate(owner, { starts: { on: 'created' }, steps: [{ do: 'stop' }] });
	const refusal = async ({ id }) => (await owner.get(`/v1/automations/${id}`)).body.refusal;
	const begun = () => database(`SELECT a.id, r.by_stranger FROM workflow_runs r JOIN automations a ON a.company_id = r.company_id AND a.id = r.automation_id WHERE r.company_id = '${owner.company.id}'`).toSorted();
	assert.equal((await send(one, { email: 'first@example.org' })).status, 204);
	await ended(owner, onTag);
	assert.deepEqual(begun(), [automation, onTag, onNew].map(({ id }) => [id, '1']).toSorted()); // what follows from it, too
	database(`INSERT INTO workflow_runs (company_id, id, workflow, definition, lane, state, step, automation_id, by_stranger, created_at, updated_at, ended_at)
		SELECT '${owner.company.id}', UUID(), 'automation', 1, 'inside', 'done', 'act', '${automation.id}', 1, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) FROM seq_1_to_297`);
	assert.equal((await send(one, { email: 'second@example.org' })).status, 204); // who asks is told nothing of it, and is a contact all the same
	for (const which of [automation, onNew]) assert.equal(await refusal(which), 'public forms had begun 300 runs within an hour');
	assert.ok(await byEmail('second@example.org', owner));
	await made(owner, '/v1/contacts', { first_name: 'Ann' });
	assert.equal((await ended(owner, onNew, 2)).length, 2);
});

test('what does not fit what comes is refused at its place', async () => {
	const one = await form();
	const hook = await made(owner, '/v1/inbound_hooks', { name: 'Shop', scheme: 'stripe', secret });
	const refused = async (members, expected) => {
		const answer = await owner.post('/v1/automations', { name: 'Test', object: 'contact', starts: { on: 'created' }, ...members });
		assert.deepEqual(errorsOf(answer).toSorted(), expected.toSorted(), answer.text);
	};
	const webhook = { on: 'webhook', hook_id: hook.id, email: '/data/email' };
	await refused({ starts: { on: 'form', form_id: hook.id } }, [['/starts/form_id', 'not_found']]);
	await refused({ object: 'deal', starts: { on: 'form', form_id: one.id } }, [['/starts/on', 'choice']]);
	await refused({ starts: { ...webhook, email: 'data.email' } }, [['/starts/email', 'format']]);
	await refused({ starts: { ...webhook, values: { 'A b': '/a', b: 'c', c: 7 } } }, [['/starts/values/A b', 'format'], ['/starts/values/b', 'format'], ['/starts/values/c', 'type']]);
	await refused({ starts: { ...webhook, values: Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`v${i}`, '/a'])) } }, [['/starts/values', 'type']]);
	// Only runs that something came for know of it, and only texts with names.
	await refused({ conditions: { field: 'event.amount', is: 'empty' } }, [['/conditions/field', 'choice']]);
	await refused({ steps: [{ do: 'create_task', title: '{{event.amount}}' }] }, [['/steps/0/title', 'invalid']]);
	await refused({ starts: webhook, steps: [{ do: 'set_field', field: 'event.amount', value: 'x' }] }, [['/steps/0/field', 'choice']]);
	await refused({ starts: webhook, conditions: { all: ['a', 'b'].map((list) => ({ any: Array.from({ length: 11 }, (_, i) => ({ field: `event.${list}${i}`, is: 'empty' })) })) } }, [['/conditions/all/1/any/9/field', 'choice'], ['/conditions/all/1/any/10/field', 'choice']]);
	const automation = await draft(owner, { starts: webhook, conditions: { field: 'event.amount', is: 'empty' }, steps: [{ do: 'create_task', title: 'Look{{event.amount}}' }] });
	const ann = await made(owner, '/v1/contacts', { first_name: 'Ann' });
	const { body } = await owner.post(`/v1/automations/${automation.id}/test`, { subject_id: ann.id }); // as if nothing had come with it
	assert.deepEqual([body.matches, body.steps[0].input.title], [true, 'Look']);
});
