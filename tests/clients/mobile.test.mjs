// The mobile app of tests/clients/mobile on a bad network, against a real Muster: at the end its store is what the server lists for it, and each
// mutation took effect exactly once. The same dice again: SEED=... node --test tests/clients/mobile.test.mjs

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sleep, until } from '../harness.mjs';
import { join, makeRole, password, signUp } from '../http/company.mjs';
import { library, program } from './compile.mjs';
import { dice, openNetwork } from './network.mjs';

const { openApp } = await program('mobile');
const { memoryStorage } = await library();
const tables = ['contacts', 'deals', 'tasks', 'notes'];

const made = async (who, path, body) => {
	const answer = await who.post(path, body);
	assert.ok(answer.status < 300, answer.text);
	return answer.body;
};

// Whatever the network does, it is tried until it is done.
async function insist(action) {
	for (;;)
		try {
			return await action();
		} catch (error) {
			if (!error.temporary) throw error;
		}
}

async function listAll(who, table) {
	const rows = [];
	for (let cursor = ''; cursor !== null;) {
		const { data, meta } = (await who.get(`/v1/${table}?limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`)).body;
		rows.push(...data);
		cursor = meta.has_more ? meta.next_cursor : null;
	}
	return rows;
}
const byId = (rows) => Object.fromEntries([...rows].sort((a, b) => (a.id < b.id ? -1 : 1)).map((row) => [row.id, row]));

// A company whose owner sits in the office, and one of its people with a phone.
async function begin(t, seed) {
	const office = await signUp();
	const role = await makeRole(office, { 'contacts.view': 'own', 'contacts.create': 'own', 'contacts.edit': 'own', 'contacts.delete': 'own', 'deals.view': 'own', 'deals.edit': 'own',
		'tasks.view': 'own', 'tasks.create': 'own', 'tasks.edit': 'own', 'notes.view': 'all', 'notes.create': 'own', 'stages.view': 'all', 'pipelines.view': 'all' });
	const person = await join(office, role.id);
	const contacts = [], deals = [];
	for (let i = 0; i < 12; i++) contacts.push(await made(office, '/v1/contacts', { first_name: `Contact ${i}`, owner_id: person.agent.id }));
	for (let i = 0; i < 4; i++) deals.push(await made(office, '/v1/deals', { title: `Deal ${i}`, owner_id: i < 2 ? person.agent.id : office.agent.id, amount: { amount: '100.00', currency: 'EUR' } }));
	const network = await openNetwork(t, office.url, seed);
	return { office, role, person, contacts, deals, network };
}

test('a phone on a bad network converges with the server, and does everything once', { timeout: 120_000 }, async (t) => {
	const seed = Number(process.env.SEED ?? Date.now() % 1_000_000), random = dice(seed + 1);
	t.diagnostic(`SEED=${seed}`);
	const { office, role, person, contacts, deals, network } = await begin(t, seed);
	const since = (await office.get('/v1/contacts?limit=1')).body.version;
	const items = new Map();
	const refused = new Set();
	const open = () => openApp({ baseUrl: network.url, storage: memoryStorage(items), refused: (error, { key }) => refused.add(`${error.kind} ${key}`) });
	let app = await open(), sent = 0;
	t.after(() => app.store.stop());
	const does = (action) => {
		sent++;
		return action;
	};

	network.quality = 'bad';
	await insist(() => app.signIn(person.email, password));
	app.store.start();
	await until(() => app.store.all('contacts').size === contacts.length && app.store.all('deals').size === 2, { ms: 30_000, what: 'the first synchronisation' });

	// Without a connection everything works.
	network.unplug();
	const mine = [];
	for (let i = 0; i < 3; i++) {
		const id = await does(app.addContact(`New ${i}`));
		mine.push(id);
		await does(app.renameContact(id, `Newer ${i}`));
		await does(app.addNote(`Note ${i}`, id));
	}
	const task = await does(app.addTask('Call back', contacts[0].id));
	await does(app.completeTask(task));
	await does(app.winDeal(deals[0].id));
	await does(app.renameContact(contacts[1].id, 'Renamed without a connection'));
	await does(app.renameContact(contacts[2].id, 'Too late'));
	await does(app.deleteContact(contacts[3].id));
	assert.equal(app.store.get('contacts', mine[0]).full_name, 'Newer 0');
	assert.equal(app.store.get('tasks', task).status, 'done');
	assert.equal(app.store.get('deals', deals[0].id).status, 'won');
	assert.equal(app.store.get('contacts', contacts[3].id), undefined);
	assert.equal(app.store.pending.length, sent);

	// Meanwhile in the office: the phone's rows change, go and come.
	const give = (id, to) => office.patch(`/v1/contacts/${id}`, { owner_id: to });
	await give(contacts[2].id, office.agent.id);
	await office.delete(`/v1/contacts/${contacts[4].id}`);
	await office.patch(`/v1/contacts/${contacts[5].id}`, { job_title: 'Changed in the office' });
	await made(office, '/v1/notes', { body: 'From the office', subject: { object: 'contact', id: contacts[5].id } });
	const given = await made(office, '/v1/contacts', { first_name: 'Given', owner_id: office.agent.id });
	await made(office, '/v1/notes', { body: 'Came with it', subject: { object: 'contact', id: given.id } });
	await give(given.id, person.agent.id);

	// The app is stopped and started again while there is still no connection.
	await app.store.stop();
	app = await open();
	assert.equal(app.store.pending.length, sent, 'what was promised is still there');
	assert.equal(app.store.get('contacts', mine[2]).full_name, 'Newer 2');
	app.store.start();

	// A bad connection, on which the app is killed time and again at any moment.
	network.quality = 'bad';
	for (let round = 0; round < 4; round++) {
		await does(app.renameContact(mine[round % 3], `Round ${round}`));
		await office.patch(`/v1/contacts/${contacts[6 + round].id}`, { job_title: `Round ${round}` });
		if (round === 2) await office.put(`/v1/roles/${role.id}/permissions`, { permissions: { 'deals.view': 'all' } });
		await sleep(random() * 400);
		const stored = new Map(items); // what it had written when it was killed
		await app.store.stop();
		items.clear();
		for (const [name, text] of stored) items.set(name, text);
		app = await open();
		app.store.start();
	}
	await until(() => !app.store.pending.length, { ms: 60_000, what: 'sending everything on a bad network' });
	network.quality = 'good';
	app.store.wake();

	const head = (await office.get('/v1/contacts?limit=1')).body.version;
	await until(() => app.store.since >= head, { ms: 30_000, what: 'reading everything' });
	for (const table of tables) assert.deepEqual(byId(app.store.all(table).values()), byId(await listAll(person, table)), table);
	assert.equal(app.store.all('deals').size, 4, 'the role sees all deals now');
	assert.ok([...app.store.all('notes').values()].some(({ body }) => body === 'Came with it'));

	// One was refused (it was no longer the phone's to rename). Each of the others made one version.
	assert.deepEqual([...refused].map((one) => one.split(' ')[0]), ['not-found']);
	const log = [];
	for (let next = since, more = true; more;) {
		const feed = (await office.get(`/v1/changes?since=${next}`)).body;
		log.push(...feed.items.filter(({ agent_id, object }) => agent_id === person.agent.id && tables.includes(object)));
		({ next, has_more: more } = feed);
	}
	assert.equal(new Set(log.map(({ version }) => version)).size, sent - 1);
	for (const id of mine) assert.equal(log.filter(({ row_id, kind }) => row_id === id && kind === 'created').length, 1);
	for (const what of ['request lost', 'answer lost', 'answer cut', 'sent twice', 'delayed']) assert.ok(network.seen[what], `the network did: ${what}`);
});

test('what one person left on a device is nothing for the next, and is not done in that one\'s name', async () => {
	const { createClient, memoryStorage, newId, openOffline } = await library();
	const [first, next] = [await signUp(), await signUp()];
	await made(first, '/v1/contacts', { first_name: 'Of the first' });
	await made(next, '/v1/contacts', { first_name: 'Of the next' });
	const storage = memoryStorage();
	const open = (who) => {
		const client = createClient({ baseUrl: who.url, session: who.token });
		return openOffline(client, { tables: ['contacts'], storage }).then((store) => ({ client, store }));
	};
	const names = (store) => [...store.all('contacts').values()].map((row) => row.first_name);
	const one = await open(first);
	await one.store.pull();
	await one.store.send(one.client.contacts.create({ id: newId(), first_name: 'Unsent' }));
	await one.store.stop();
	const same = await open(first);
	await same.store.pull();
	assert.deepEqual(names(same.store).sort(), ['Of the first', 'Unsent']);
	for (const begin of ['push', 'pull']) {
		const other = await open(next);
		await other.store[begin]();
		await other.store.pull();
		assert.deepEqual([names(other.store), other.store.pending], [['Of the next'], []]);
	}
	assert.equal((await next.get('/v1/contacts')).body.data.length, 1);
});
