// q= of lists whose rows have no words of their own: a row is found by a row that it names (core/list_named.h). What words find which row
// is search.test.mjs.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sleep, until } from '../harness.mjs';
import { draft, ended, made, turnOn } from './automating.mjs';
import { database, join, makeKey, makeRole, signUp, tellHook } from './company.mjs';
import { importFile } from './importing.mjs';

const ask = async (who, path) => {
	const answer = await who.get(path);
	assert.equal(answer.status, 200, `${path}: ${answer.text}`);
	return answer.body;
};
const ids = async (who, list, q, more = '') => (await ask(who, `/v1/${list}?q=${encodeURIComponent(q)}${more}`)).data.map((row) => row.id).sort();
const person = (who, first_name, last_name, more) => made(who, '/v1/contacts', {
	first_name, last_name, emails: [{ address: `${first_name}.${last_name}.${Math.random()}@of.example`.toLowerCase() }], phones: [{ value: '+44 20 7946 0018' }], addresses: [{ city: 'London' }], ...more,
});
const deal = async (who, title, contact_ids, more) => {
	const [pipeline] = (await ask(who, '/v1/pipelines/stages')).data;
	return made(who, '/v1/deals', { title, stage_id: pipeline.stages[0].id, contact_ids, ...more });
};
const parts = ['emails', 'phones', 'addresses'];
// An automation that somebody runs by hand, of two steps that wait for nothing.
const automation = async (who, name) => turnOn(who, await draft(who, { name, starts: { on: 'manual' }, steps: [{ do: 'set_field', field: 'job_title', value: 'Met' }] }));
const run = async (who, { id }, record) => {
	const answer = await who.post(`/v1/automations/${id}/start`, { subject_id: record.id });
	assert.ok(answer.status < 300, answer.text);
	await ended(who, { id });
	return (await ask(who, `/v1/workflow_runs?automation_id=${id}&subject_id=${record.id}`)).data[0];
};

let shared;
// Two people, each with parts, a deal, and a run of an automation.
const two = () => (shared ??= (async () => {
	const owner = await signUp();
	const ada = await person(owner, 'Ada', 'Lovelace'), grace = await person(owner, 'Grace', 'Hopper');
	const engine = await deal(owner, 'Analytical engine', [ada.id]), navy = await deal(owner, 'Compiler for the navy', [grace.id]);
	const welcome = await automation(owner, 'Welcome leads'), farewell = await automation(owner, 'Farewell letters');
	return { owner, ada, grace, engine, navy, welcome, farewell, runs: { ada: await run(owner, welcome, ada), grace: await run(owner, farewell, grace) } };
})());

// ---- what finds them ----

for (const part of parts)
	test(`contact_${part} are found by their contact`, async () => {
		const { owner, ada, grace } = await two();
		const of = ({ [part]: [{ id }] }) => [id];
		for (const q of ['lovelace', 'ada', 'lovel', 'LOVELACE ada', '"ada lovelace"', 'name:ada', 'of.example -hopper', 'email:ada', 'lovelce'])
			assert.deepEqual(await ids(owner, `contact_${part}`, q), of(ada), q);
		assert.deepEqual(await ids(owner, `contact_${part}`, 'hopper'), of(grace));
		assert.deepEqual(await ids(owner, `contact_${part}`, 'london'), [...of(ada), ...of(grace)].sort());
		for (const q of ['ada hopper', 'turing', 'title:ada', 'engine']) assert.deepEqual(await ids(owner, `contact_${part}`, q), [], q);
		assert.deepEqual(await ids(owner, `contact_${part}`, 'london', `&contact_id=${grace.id}`), of(grace));
		assert.deepEqual(await ids(owner, `contact_${part}`, 'ada', `&contact_id=${grace.id}`), []);
	});

test('parts in deals are found by the deal and by the person', async () => {
	const { owner, engine, navy } = await two();
	const of = async ({ id }) => (await ask(owner, `/v1/deal_contacts?deal_id=${id}`)).data.map((row) => row.id);
	for (const q of ['engine', 'analytical eng', 'ada', 'title:engine', 'email:ada']) assert.deepEqual(await ids(owner, 'deal_contacts', q), await of(engine), q);
	assert.deepEqual(await ids(owner, 'deal_contacts', 'compiler'), await of(navy));
	for (const q of ['engine ada', 'title:ada', 'email:engine']) assert.deepEqual(await ids(owner, 'deal_contacts', q), [], q);
});

test('deliveries are found by their webhook, and versions by their automation and who turned it on', async () => {
	const owner = await signUp();
	for (const host of ['one', 'two']) await made(owner, '/v1/webhooks', { url: `https://${host}.example/muster`, events: ['source.created'] });
	await made(owner, '/v1/sources', { name: 'Fair' });
	const hooks = (await ask(owner, '/v1/webhooks?q=one.example')).data;
	const told = (await ask(owner, '/v1/webhook_deliveries')).data;
	assert.equal(told.length, 2);
	assert.deepEqual(await ids(owner, 'webhook_deliveries', 'one.example'), told.filter((row) => row.webhook_id === hooks[0].id).map((row) => row.id));
	assert.equal((await ids(owner, 'webhook_deliveries', 'example')).length, 2);
	assert.deepEqual(await ids(owner, 'webhook_deliveries', 'three.example'), []);
	await automation(owner, 'Welcome leads');
	await automation(owner, 'Farewell letters');
	assert.equal((await ids(owner, 'automation_versions', 'welcome')).length, 1);
	assert.equal((await ids(owner, 'automation_versions', 'olga')).length, 2);
	assert.deepEqual(await ids(owner, 'automation_versions', 'nobody'), []);
});

test('what a provider told is found by the hook, and rows of an import by what they made', async () => {
	const owner = await signUp();
	const hook = await made(owner, '/v1/inbound_hooks', { name: 'Zahlungen', scheme: 'stripe', secret: 'whsec_of-these-tests' });
	await made(owner, '/v1/inbound_hooks', { name: 'Letters', scheme: 'stripe', secret: 'whsec_of-others' });
	assert.equal((await tellHook(hook, 'whsec_of-these-tests', { id: 'evt_1', type: 'invoice.created' })).status, 204);
	assert.equal((await ids(owner, 'inbound_events', 'zahl')).length, 1);
	assert.deepEqual(await ids(owner, 'inbound_events', 'letters'), []);
	const { id } = await importFile(owner, 'contacts', 'First name,Last name\nAda,Lovelace\nGrace,Hopper\n', { name: 'pioneers.csv' });
	const numbers = async (q) => (await ask(owner, `/v1/imports/${id}/rows?q=${q}`)).data.map((row) => row.number);
	assert.deepEqual([await numbers('ada'), await numbers('hopper'), await numbers('turing')], [[2], [3], []]);
	const people = await importFile(owner, 'agents', 'full_name,email\nCharles Babbage,charles@of.example\nMary Somerville,mary@of.example\n');
	assert.deepEqual((await ask(owner, `/v1/imports/${people.id}/rows?q=somerville`)).data.map((row) => row.number), [3]);
	const runs = (await ask(owner, '/v1/workflow_runs?q=pioneers')).data;
	assert.ok(runs.length && runs.every((one) => one.subject_id === id), 'the runs of an import, by its file');
});

test('runs are found by the automation, by the record and by whose they are', async () => {
	const { owner, runs } = await two();
	for (const q of ['welcome', 'ada', 'lovelace', 'welcome lea']) assert.deepEqual(await ids(owner, 'workflow_runs', q), [runs.ada.id], q);
	assert.deepEqual(await ids(owner, 'workflow_runs', 'hopper'), [runs.grace.id]);
	const all = await ids(owner, 'workflow_runs', 'olga');
	assert.ok(all.includes(runs.ada.id) && all.includes(runs.grace.id));
	assert.deepEqual(await ids(owner, 'workflow_runs', 'welcome ada'), [], 'all words must be in one row');
	assert.deepEqual(await ids(owner, 'workflow_runs', 'welcome', '&state=failed'), []);
});

test('words like those that were typed count only when no table has the words', async () => {
	const owner = await signUp({ name: 'Like Ltd' });
	const [ada, aida] = [await person(owner, 'Aaron', 'Marlowe'), await person(owner, 'Berta', 'Marlow')];
	const [one, two] = [await deal(owner, 'Marlowe trial', [aida.id]), await deal(owner, 'Something else', [ada.id])];
	const of = async ({ id }) => (await ask(owner, `/v1/deal_contacts?deal_id=${id}`)).data.map((row) => row.id);
	assert.deepEqual(await ids(owner, 'deal_contacts', 'marlowe'), [...await of(one), ...await of(two)].sort());
	assert.deepEqual(await ids(owner, 'contact_emails', 'marlowe'), [ada.emails[0].id], 'and not Marlow');
	assert.deepEqual(await ids(owner, 'contact_emails', 'berta marlwo'), [aida.emails[0].id]);
});

test('words of an organisation find its people, and their parts', async () => {
	const owner = await signUp();
	const acme = await made(owner, '/v1/contacts', { kind: 'organisation', name: 'Acme Rockets' });
	const wile = await person(owner, 'Wile', 'Coyote', { organisation_id: acme.id });
	await person(owner, 'Other', 'Coyote');
	assert.deepEqual(await ids(owner, 'contact_emails', 'coyote acme'), [wile.emails[0].id]);
});

// ---- what others may not learn ----

test('each finds by the rows of its scope alone, at once when that changes', async () => {
	const owner = await signUp();
	const [agent, mate] = [await join(owner, owner.roles.agent.id), await join(owner, owner.roles.agent.id)];
	const mine = await person(owner, 'Zoe', 'Mine', { owner_id: agent.agent.id }), theirs = await person(owner, 'Zoe', 'Theirs', { owner_id: mate.agent.id });
	for (const part of parts) {
		assert.deepEqual(await ids(agent, `contact_${part}`, 'zoe'), [mine[part][0].id]);
		assert.deepEqual(await ids(agent, `contact_${part}`, 'theirs'), []);
		assert.equal((await ids(owner, `contact_${part}`, 'zoe')).length, 2);
	}
	// Of a deal that one sees, with somebody whom one does not.
	await deal(owner, 'Joint venture', [theirs.id], { owner_id: agent.agent.id });
	assert.equal((await ids(agent, 'deal_contacts', 'venture')).length, 1);
	assert.deepEqual(await ids(agent, 'deal_contacts', 'theirs'), [], 'the part is seen, and not by whose name');
	assert.deepEqual(await ids(mate, 'deal_contacts', 'theirs'), [], 'the name is seen, and not the part');
	assert.equal((await ask(agent, '/v1/deal_contacts?q=theirs&include_total=true')).meta.total, 0);
	assert.equal((await owner.post('/v1/contacts/assign', { ids: [theirs.id], owner_id: agent.agent.id })).status, 200);
	assert.equal((await ids(agent, 'deal_contacts', 'theirs')).length, 1);
	assert.equal((await ids(agent, 'contact_emails', 'zoe')).length, 2);
	const other = await signUp();
	for (const list of ['contact_emails', 'contact_phones', 'contact_addresses', 'deal_contacts', 'workflow_runs', 'webhook_deliveries'])
		assert.deepEqual(await ids(other, list, 'zoe'), [], list);
});

test('runs are not found by the name of what one may not see, whoever asks', async () => {
	const { owner, runs } = await two();
	const seer = await join(owner, (await makeRole(owner, { 'workflow_runs.view': 'all' })).id, { full_name: 'Sam Seer' });
	assert.ok((await ask(seer, '/v1/workflow_runs')).data.some((one) => one.id === runs.ada.id), 'the run is seen');
	for (const q of ['ada', 'welcome', 'olga', 'lovelce', 'sam']) {
		assert.deepEqual(await ids(seer, 'workflow_runs', q), [], q);
		assert.equal((await ask(seer, `/v1/workflow_runs?q=${q}&include_total=true`)).meta.total, 0);
	}
	const some = await makeRole(owner, { 'workflow_runs.view': 'all', 'automations.view': 'all', 'contacts.view': 'own' });
	await owner.patch(`/v1/agents/${seer.agent.id}`, { role_id: some.id });
	assert.deepEqual(await ids(seer, 'workflow_runs', 'welcome'), [runs.ada.id]);
	assert.deepEqual(await ids(seer, 'workflow_runs', 'ada'), [], 'a contact of somebody else');
	const key = await makeKey(owner, owner.roles.owner.id, { scopes: ['workflow_runs.view', 'automations.view'] });
	assert.deepEqual(await ids(key, 'workflow_runs', 'welcome'), [runs.ada.id]);
	assert.deepEqual(await ids(key, 'workflow_runs', 'ada'), [], 'what the key is not for');
});

// ---- more than are known ----

const many = 230; // more than are ranked
let common;
// So many of one name, each with an e-mail address; every other one is an agent's.
const crowd = () => (common ??= (async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	for (let at = 0; at < many; at += 46) {
		const items = Array.from({ length: 46 }, (_, i) => ({
			first_name: 'Common', last_name: `Name${at + i}`, job_title: i % 23 ? 'Sailor' : 'Pilot', emails: [{ address: `common.${at + i}@of.example`, type: i % 2 ? 'work' : 'home' }], ...(i % 2 ? { owner_id: agent.agent.id } : {}),
		}));
		assert.ok((await owner.post('/v1/contacts/batch', { items })).body.results.every((one) => one.status === 201));
	}
	await person(owner, 'Rare', 'Bird');
	return { owner, agent };
})());
async function pages(who, path) {
	const rows = [];
	for (let cursor = ''; cursor !== null;) {
		const page = await ask(who, `${path}${cursor && `&cursor=${cursor}`}`);
		rows.push(...page.data);
		assert.ok(page.data.length || !rows.length, 'no page is empty');
		cursor = page.meta.next_cursor;
	}
	assert.equal(new Set(rows.map((row) => row.id)).size, rows.length, 'each once');
	return rows;
}

test('pages go on to the end, in the order of the sort, which is the list\'s own when none is given', async () => {
	const { owner, agent } = await crowd();
	const all = (await pages(owner, '/v1/contact_emails?limit=100')).filter((row) => row.address.startsWith('common'));
	const same = async (who, query, wanted) => assert.deepEqual((await pages(who, `/v1/contact_emails?${query}`)).map((row) => row.id), wanted.map((row) => row.id), query);
	await same(owner, 'q=common&limit=70', all);
	await same(owner, 'q=common&limit=70&sort=created_at', [...all].reverse());
	await same(owner, 'q=comm%20name&limit=100', all);
	await same(owner, 'q=comnon&limit=100', all); // words like these, of which there are more than are known as well
	await same(owner, 'q=comnon%20-pilot&limit=100', all.filter((row) => Number(/\d+/.exec(row.address)) % 46 % 23));
	await same(owner, 'q=common&limit=100&type=home', all.filter((row) => row.type === 'home'));
	await same(owner, 'q=common%20-pilot&limit=100', all.filter((row) => Number(/\d+/.exec(row.address)) % 46 % 23));
	await same(owner, 'q=pilot&limit=3', all.filter((row) => !(Number(/\d+/.exec(row.address)) % 46 % 23)));
	await same(agent, 'q=common&limit=40', all.filter((row) => Number(/\d+/.exec(row.address)) % 46 % 2));
	const total = async (who, query) => (await ask(who, `/v1/contact_emails?include_total=true&limit=1&${query}`)).meta.total;
	assert.deepEqual([await total(owner, 'q=common'), await total(owner, 'q=common&type=home'), await total(owner, 'q=pilot'), await total(owner, 'q=rare'), await total(owner, 'q=nobody'), await total(agent, 'q=common')], ['200+', many / 2, many / 23, 1, 0, many / 2]);
	const { next_cursor } = (await ask(owner, '/v1/contact_emails?q=common&limit=1')).meta;
	assert.equal((await owner.get(`/v1/contact_emails?q=rare&limit=1&cursor=${next_cursor}`)).status, 400, 'the cursor of another query');
});

// The same rows many times over, written past the product: what each step looks at is bounded, so these must not be found at once.
test('they are found in whatever place of the order they stand, however many stand before them', async () => {
	const { owner } = await crowd();
	const { id } = await person(owner, 'Aaron', 'Before'), { id: first } = await person(owner, 'Zed', 'First');
	for (const [contact, after] of [[id, 0], [first, 1]])
		database(`CREATE TEMPORARY TABLE more SELECT UUID() AS id, seq FROM seq_1_to_12000;
			INSERT INTO contact_emails (company_id, id, contact_id, address, created_at, updated_at)
			SELECT c.company_id, more.id, c.id, CONCAT(more.id, '@before.example'), c.created_at + INTERVAL ${after} DAY + INTERVAL more.seq SECOND, c.updated_at FROM contacts c, more WHERE c.id = '${contact}'`);
	const wanted = await pages(owner, '/v1/contact_emails?q=common&limit=100&sort=created_at');
	assert.deepEqual((await pages(owner, '/v1/contact_emails?q=common&limit=100')).map((row) => row.id), wanted.map((row) => row.id).reverse());
	assert.equal((await ask(owner, '/v1/contact_emails?q=rare')).data.length, 1);
	const before = await ask(owner, '/v1/contact_emails?q=aaron&limit=50&include_total=true');
	assert.deepEqual([before.data.length, before.meta.total, before.data.every((row) => row.contact_id === id)], [50, '200+', true]);
	assert.ok(before.data.every((row, i) => !i || row.created_at <= before.data[i - 1].created_at));
	assert.equal((await ask(owner, '/v1/contact_emails?q=aaron&type=home')).data.length, 0);
	// Words of two tables, of which one has more than are known.
	await deal(owner, 'Common cause', [id]);
	assert.equal((await ids(owner, 'deal_contacts', 'common')).length, 1);
});

// As above, where the rows of two tables are put together before the order is known.
test('what is found by one of several tables is found in whatever place of the order it stands', async (t) => {
	const owner = await signUp();
	const wanted = await person(owner, 'Ada', 'Wanted'), other = await person(owner, 'Grace', 'Before');
	const { id } = await deal(owner, 'Quiet', [wanted.id]), { id: titled } = await deal(owner, 'Wanted', [other.id]);
	database(`CREATE TEMPORARY TABLE more SELECT UUID() AS id, seq FROM seq_1_to_12000;
		INSERT INTO deals (company_id, id, title, stage_id, pipeline_id, owner_id, created_at, updated_at)
		SELECT d.company_id, more.id, title, stage_id, pipeline_id, owner_id, created_at, updated_at FROM deals d, more WHERE d.id = '${id}'`);
	// The copies are in no index, which is checked when all tests have run.
	t.after(() => database(`CREATE TEMPORARY TABLE copies SELECT d.company_id, d.id FROM deals d JOIN deals first USING (company_id, title) WHERE first.id = '${id}' AND d.id != first.id;
		DELETE p FROM deal_contacts p JOIN copies ON copies.company_id = p.company_id AND copies.id = p.deal_id;
		DELETE d FROM deals d JOIN copies USING (company_id, id)`));
	const parts = (contact, after) => `INSERT INTO deal_contacts (company_id, id, deal_id, contact_id, created_at, updated_at)
		SELECT d.company_id, UUID(), d.id, '${contact}', d.created_at + INTERVAL ${after} DAY + INTERVAL ROW_NUMBER() OVER (ORDER BY d.id) SECOND, d.updated_at
		FROM deals d JOIN deals first ON d.company_id = first.company_id WHERE first.id = '${id}' AND d.id NOT IN ('${id}', '${titled}')`;
	database(parts(wanted.id, 0));
	database(parts(other.id, 1));
	const page = await ask(owner, '/v1/deal_contacts?q=wanted&limit=100&sort=-created_at&include_total=true');
	assert.deepEqual([page.data.length, page.meta.total, page.data.every((row) => row.contact_id === wanted.id)], [100, '200+', true]);
	assert.ok(page.data.every((row, i) => !i || row.created_at <= page.data[i - 1].created_at));
	const last = await ask(owner, '/v1/deal_contacts?q=wanted&limit=2&sort=created_at');
	assert.deepEqual(last.data.map((row) => row.deal_id), [id, titled], 'each by what it names');
});

// ---- deleted rows, and what changes ----

test('what is deleted is found in the list of such, by its contact, also when that went with it', async () => {
	const owner = await signUp();
	const ada = await person(owner, 'Ada', 'Lovelace'), grace = await person(owner, 'Grace', 'Hopper');
	assert.equal((await owner.delete(`/v1/contact_phones/${ada.phones[0].id}`)).status, 204);
	assert.deepEqual(await ids(owner, 'contact_phones', 'ada'), []);
	assert.deepEqual(await ids(owner, 'contact_phones', 'ada', '&deleted=true'), [ada.phones[0].id]);
	assert.deepEqual(await ids(owner, 'contact_phones', 'hopper', '&deleted=true'), []);
	await owner.delete(`/v1/contacts/${grace.id}`);
	assert.deepEqual(await ids(owner, 'contact_emails', 'grace'), []);
	assert.deepEqual(await ids(owner, 'contact_emails', 'grace', '&deleted=true'), [grace.emails[0].id]);
	await owner.post(`/v1/contacts/${grace.id}/restore`);
	assert.deepEqual(await ids(owner, 'contact_emails', 'grace'), [grace.emails[0].id]);
	await deal(owner, 'Engine', [ada.id]);
	assert.equal((await ids(owner, 'deal_contacts', 'ada')).length, 1);
	await owner.delete(`/v1/contacts/${ada.id}`);
	assert.deepEqual(await ids(owner, 'deal_contacts', 'ada'), [], 'the name of somebody who is deleted finds nothing');
});

test('who waits is told when the row that is named has other words', async () => {
	const owner = await signUp();
	const ada = await person(owner, 'Ada', 'Lovelace');
	const hook = await made(owner, '/v1/webhooks', { url: 'https://one.example/muster', events: ['source.created'] });
	await made(owner, '/v1/sources', { name: 'Fair' });
	await deal(owner, 'Engine', [ada.id]);
	const welcome = await automation(owner, 'Welcome leads');
	await run(owner, welcome, ada);
	for (const [path, change] of [
		['/v1/contact_emails?q=byron', () => owner.patch(`/v1/contacts/${ada.id}`, { last_name: 'Byron' })],
		['/v1/contact_phones?q=byron', () => owner.patch(`/v1/contacts/${ada.id}`, { last_name: 'King' })],
		['/v1/deal_contacts?q=king', () => owner.patch(`/v1/contacts/${ada.id}`, { last_name: 'Noel' })],
		['/v1/workflow_runs?q=noel', () => owner.patch(`/v1/contacts/${ada.id}`, { last_name: 'Gordon' })],
		['/v1/workflow_runs?q=farewell', () => owner.patch(`/v1/automations/${welcome.id}`, { name: 'Farewell' })],
		['/v1/webhook_deliveries?q=two.example', () => owner.patch(`/v1/webhooks/${hook.id}`, { url: 'https://two.example/muster' })],
	]) {
		const first = await owner.get(path);
		const waiting = owner.get(path, { prefer: 'wait=20', 'if-none-match': first.headers.get('etag') });
		await until(async () => (await Promise.race([waiting.then(() => true), new Promise((done) => setTimeout(done, 200))])) || (await change(), false), { every: 1 });
		const answer = await waiting;
		assert.deepEqual([answer.status, answer.body.data.length], [200, 1 - first.body.data.length], path);
	}
});

test('who waits is not told of what he may not see, and is told as soon as he may', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const hidden = await person(owner, 'Hidden', 'Person');
	await deal(owner, 'Joint venture', [hidden.id], { owner_id: agent.agent.id });
	const paths = ['/v1/deal_contacts?q=secret', '/v1/contact_emails?q=secret', '/v1/workflow_runs?q=secret'];
	const first = (await agent.post('/v1/live', { queries: paths.map((path) => ({ path })), wait: 0 })).body.changed;
	assert.deepEqual(first.map((one) => one.body.data), [[], [], []]);
	const wait = (seconds) => agent.post('/v1/live', { queries: paths.map((path, i) => ({ path, etag: first[i].etag })), wait: seconds });
	const quiet = wait(2);
	await sleep(500);
	await owner.patch(`/v1/contacts/${hidden.id}`, { last_name: 'Secret' });
	assert.deepEqual((await quiet).body.changed, []);
	const told = wait(20);
	await sleep(500);
	assert.equal((await owner.post('/v1/contacts/assign', { ids: [hidden.id], owner_id: agent.agent.id })).status, 200);
	const { changed } = (await told).body;
	assert.ok(changed.length && changed.every((one) => one.body.data.length === 1), JSON.stringify(changed));
});
