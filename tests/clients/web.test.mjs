// The client against a real Muster: calls, pages, conditions, errors, live queries and what is shown in advance.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { until } from '../harness.mjs';
import { join, makeKey, makeRole, signUp } from '../http/company.mjs';
import { library, program } from './compile.mjs';
import { openNetwork } from './network.mjs';

const { createClient, etagOf, MusterError, newId, requestOf } = await library();
const { explain, openPage } = await program('web');
let owner, client;
before(async () => {
	owner = await signUp();
	client = createClient({ baseUrl: owner.url, session: owner.token });
});
const fails = (call, kind) => assert.rejects(Promise.resolve(call), (error) => error instanceof MusterError && error.kind === kind);

test('a call is sent when it is awaited, and once', async () => {
	const call = client.tags.create({ name: 'Once' });
	const [one, other] = await Promise.all([call, call]);
	assert.equal(one, other);
	assert.equal((await client.tags.list({ q: 'Once' })).data.length, 1);
	await client.tags.create({ name: 'Never' }).path;
	assert.equal((await client.tags.list({ q: 'Never' })).data.length, 0);
});

test('a list is walked through page by page, with the members and references that were asked for', async () => {
	const one = await signUp();
	const page = openPage({ baseUrl: one.url, key: one.token });
	for (const name of ['Ann', 'Bob', 'Cem', 'Dora', 'Eve']) await page.addContact(name);
	assert.deepEqual(await page.names(), ['Ann', 'Bob', 'Cem', 'Dora', 'Eve'].map((name) => `${name} (Olga Owner)`));
});

test('an answer that is known is given again; one that changes is waited for', async () => {
	const first = await client.contacts.list({ limit: 3 });
	assert.match(etagOf(first), /^W?\/?"/);
	assert.equal(await client.contacts.list({ limit: 3 }, { known: first }), first);
	const next = client.contacts.list({ limit: 3 }, { known: first, wait: 20 });
	const [, answer] = await Promise.all([client.contacts.create({ first_name: 'Waited for' }), next]);
	assert.equal(answer.data[0].first_name, 'Waited for');
});

test('a change can depend on what it changes', async () => {
	const page = openPage({ baseUrl: owner.url, key: owner.token });
	const contact = await client.contacts.get({ id: (await client.contacts.create({ first_name: 'Old' })).id });
	assert.equal(await page.rename(contact, 'New'), 'New');
	assert.equal(await page.rename(contact, 'Newer'), 'Somebody else has changed it.');
});

test('every failure says which it is, and what is wrong', async () => {
	await fails(client.contacts.get({ id: newId() }), 'not-found');
	await fails(client.contacts.list({ nothing: 1 }), 'malformed');
	await fails(createClient({ baseUrl: owner.url }).contacts.list(), 'unauthenticated');
	await fails(createClient({ baseUrl: 'http://127.0.0.1:9' }).request('GET', '/v1/me', undefined, { retries: 0 }), 'unreachable');
	const error = await client.contacts.create({ first_name: 'x'.repeat(101) }).catch((one) => one);
	assert.deepEqual([error.kind, error.status, error.temporary, error.problem.errors[0].pointer], ['invalid', 422, false, '/first_name']);
	assert.match(explain(error), /^\/first_name must have at most 100 characters/);
	assert.throws(() => requestOf('contacts.get', {}), /contacts.get needs id/);
	await client.tags.create({ name: 'Twice' });
	await fails(client.tags.create({ name: 'Twice' }), 'conflict');
});

test('a file is sent as one', async () => {
	const started = await client.imports.create({ object: 'contacts', file: new Blob(['first name,last name\nIda,Import\n']) });
	assert.equal(started.object, 'contacts');
	await until(async () => (await client.imports.get({ id: started.id })).state === 'ready');
});

test('many live queries wait in one request; each hears of its own changes, and one that ends of none', async () => {
	const sent = [];
	const live = createClient({ baseUrl: owner.url, session: owner.token, fetch: (url, options) => { sent.push(url); return fetch(url, options); } });
	const seen = { tags: [], sources: [], ended: 0 };
	const stops = [live.live(live.tags.list({ sort: 'name' }), (page) => seen.tags.push(page.data.map(({ name }) => name))),
		live.live(live.sources.list(), (page) => seen.sources.push(page.data.length)),
		live.live(live.teams.list(), () => seen.ended++)];
	await until(() => seen.tags.length === 1 && seen.sources.length === 1 && seen.ended === 1);
	stops[2]();
	await client.teams.create({ name: 'Unheard of' });
	await client.tags.create({ name: 'Live' });
	await until(() => seen.tags.at(-1).includes('Live'));
	assert.deepEqual([seen.sources.length, seen.ended], [1, 1]);
	assert.ok(sent.every((url) => url.endsWith('/v1/live')) && sent.length <= 5, `${sent.length} requests`);
	for (const stop of stops) stop();
});

test('a live query that may no longer be asked says so, and comes back with the permission', async () => {
	const role = await makeRole(owner, { 'tags.view': 'all' });
	const key = await makeKey(owner, role.id);
	const reader = createClient({ baseUrl: owner.url, key: key.row.key });
	const seen = [];
	const stop = reader.live(reader.tags.list(), () => seen.push('tags'), (error) => seen.push(error.kind));
	await until(() => seen.length === 1);
	await owner.put(`/v1/roles/${role.id}/permissions`, { permissions: { 'tags.view': 'none' } });
	await until(() => seen.length === 2);
	await owner.put(`/v1/roles/${role.id}/permissions`, { permissions: { 'tags.view': 'all' } });
	await until(() => seen.length === 3);
	assert.deepEqual(seen, ['tags', 'forbidden', 'tags']);
	stop();
});

test('a live query goes on after the connection was lost, with what changed meanwhile', async (t) => {
	const network = await openNetwork(t, owner.url, 1);
	const up = [], seen = [];
	const far = createClient({ baseUrl: network.url, session: owner.token, connection: (yes) => up.push(yes) });
	const stop = far.live(far.sources.list(), (page) => seen.push(page.data.map(({ name }) => name)));
	await until(() => seen.length === 1);
	network.unplug();
	await until(() => up.length === 1);
	await client.sources.create({ name: 'Meanwhile' });
	network.quality = 'good';
	far.wake();
	await until(() => seen.at(-1).includes('Meanwhile') && up.length === 2);
	assert.deepEqual(up, [false, true]);
	stop();
});

test('what is shown in advance stays until the live answer has it, and nothing flickers', async () => {
	const page = openPage({ baseUrl: owner.url, key: owner.token });
	const deal = await client.deals.create({ title: 'To be won' });
	const states = [];
	const stop = page.showDeals((deals) => states.push(deals.some(({ id }) => id === deal.id)));
	const other = page.client.live(page.client.deals.get({ id: deal.id }), (one) => states.push(one.status));
	await until(() => states.length === 2);
	const won = page.win(deal.id);
	assert.deepEqual(states.slice(2).sort(), ['won', false].sort(), 'at once');
	await won;
	await client.tags.create({ name: 'Something else' });
	await until(async () => (await client.deals.get({ id: deal.id })).status === 'won');
	await client.deals.update({ id: deal.id, title: 'Was won' });
	await until(() => states.length >= 5);
	assert.ok(states.slice(2).every((state) => state === 'won' || state === false), String(states));
	stop();
	other();
});

test('what is shown in advance is taken back when it is refused, or when the server cannot be reached', async (t) => {
	const network = await openNetwork(t, owner.url, 1);
	const page = openPage({ baseUrl: network.url, key: owner.token });
	const deal = await client.deals.create({ title: 'Not to be won' });
	const titles = [];
	const stop = page.client.live(page.client.deals.get({ id: deal.id }), (one) => titles.push(one.title));
	const change = (title) => page.client.optimistic(page.client.deals.update({ id: deal.id, title }, { retries: 0 }), { 'deals.get': (one) => ({ ...one, title }) });
	await until(() => titles.length === 1);
	await fails(change('x'.repeat(201)), 'invalid');
	assert.deepEqual(titles, ['Not to be won', 'x'.repeat(201), 'Not to be won']);
	network.unplug();
	await fails(change('Lost'), 'unreachable');
	assert.deepEqual(titles.slice(3), ['Lost', 'Not to be won']);
	stop();
});

test('a change that no live query shows leaves nothing behind', async () => {
	const agent = await join(owner, owner.roles.agent.id);
	const mine = createClient({ baseUrl: owner.url, session: agent.token });
	const contact = await mine.contacts.create({ first_name: 'Mine' });
	const names = [];
	const stop = mine.live(mine.contacts.list(), (page) => names.push(page.data.map(({ first_name }) => first_name).join()));
	await until(() => names.length === 1);
	// The note is not in the list: only the version says when the list would have it.
	await mine.optimistic(mine.notes.create({ body: 'x', subject: { object: 'contact', id: contact.id } }), { 'contacts.list': (page) => ({ ...page, data: [{ ...page.data[0], first_name: 'Noted' }] }) });
	await until(() => names.length === 3, { ms: 5000 });
	assert.deepEqual(names, ['Mine', 'Noted', 'Mine']);
	stop();
});
