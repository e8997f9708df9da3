// Two contacts become one: everything moves, nothing is lost, and whoever asks for the one that went is told where it is.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join as path } from 'node:path';
import { before, test } from 'node:test';
import { root, until } from '../harness.mjs';
import { automate, made, runsOf } from './automating.mjs';
import { database, join, makeRole, makeTeam, signUp, someEmail } from './company.mjs';

let owner, agent, other, leader, editor;
before(async () => {
	owner = await signUp({ name: 'Merging Ltd' });
	const team = await makeTeam(owner);
	agent = await join(owner, owner.roles.agent.id, { team_ids: [team.id] });
	other = await join(owner, owner.roles.agent.id, { team_ids: [team.id] });
	leader = await join(owner, owner.roles.team_leader.id, { team_ids: [team.id] });
	editor = await join(owner, (await makeRole(owner, { 'contacts.view': 'all', 'contacts.edit': 'all', 'contacts.delete': 'own' })).id);
});

let serial = 0;
const person = (who, members = {}) => made(who, '/v1/contacts', { first_name: 'Ada', last_name: `Number${++serial}`, ...members });
const organisation = (who, members = {}) => made(who, '/v1/contacts', { kind: 'organisation', name: `Works ${++serial}`, ...members });
const about = ({ id }) => ({ subject: { object: 'contact', id } });
const get = (who, { id }, of = 'contacts') => who.get(`/v1/${of}/${id}`);
const merge = (who, stays, goes, more) => who.post(`/v1/contacts/${stays.id}/merge`, { from: goes.id, ...more });
const look = (who, stays, goes) => who.get(`/v1/contacts/${stays.id}/merge?from=${goes.id}`);
const merged = async (who, stays, goes, more) => {
	const answer = await merge(who, stays, goes, more);
	assert.equal(answer.status, 200, answer.text);
	return answer.body;
};
const found = async (who, q, list = 'contacts') => (await who.get(`/v1/${list}?q=${encodeURIComponent(q)}&limit=100`)).body.data.map((row) => row.id);
const values = (rows, name) => rows.map((row) => row[name]);
const refusal = ({ status, body }) => [status, body.errors?.[0]?.pointer, body.errors?.[0]?.code];
const head = (who = owner) => database(`SELECT version FROM version_counters WHERE company_id = '${who.company.id}' AND topic = ''`)[0][0];

// What points to contacts, by the schema, so that a new table is asked as well; and how many rows of it point to one.
const schema = path(root, 'sql/schema');
const pointing = [['workflow_runs', 'subject_id'], ...readdirSync(schema).flatMap((file) =>
	[...readFileSync(path(schema, file), 'utf8').matchAll(/FOREIGN KEY \(company_id, (\w+)\) REFERENCES contacts /g)].map(([, column]) => [file.replace('.sql', ''), column]))];
const pointingTo = ({ id }) => Object.fromEntries(database(pointing.map(([table, column]) =>
	`SELECT '${table}.${column}', COUNT(*) FROM \`${table}\` WHERE company_id = '${owner.company.id}' AND \`${column}\` = '${id}'`).join(' UNION ALL '))
	.map(([what, n]) => [what, Number(n)]));

test('everything that a contact has moves, and nothing is lost', async () => {
	const [vip, old] = [await made(owner, '/v1/tags', { name: 'VIP' }), await made(owner, '/v1/tags', { name: 'Old' })];
	const addresses = { street: '1 High Street', city: 'London' };
	const stays = await person(owner, { phones: [{ value: '+44 20 7946 0018' }], tag_ids: [vip.id], emails: [{ address: someEmail('stays') }], addresses: [addresses] });
	const goes = await person(owner, {
		phones: [{ value: '+44 (20) 79460018' }, { value: '030 5550199' }], tag_ids: [vip.id, old.id], birthday: '1815-12-10',
		emails: [{ address: someEmail('goes') }, { address: someEmail('goes') }], addresses: [{ ...addresses, type: 'home' }, { city: 'Oxford' }],
	});
	const both = await made(owner, '/v1/deals', { title: 'Both', contact_ids: [goes.id, stays.id] });
	const one = await made(owner, '/v1/deals', { title: 'One', contact_ids: [goes.id] });
	const gone = await made(owner, '/v1/deals', { title: 'Deleted', contact_ids: [goes.id] });
	const [part] = (await owner.get(`/v1/deal_contacts?deal_id=${both.id}&contact_id=${goes.id}`)).body.data;
	await owner.patch(`/v1/deal_contacts/${part.id}`, { role: 'decides' });
	await owner.delete(`/v1/deals/${gone.id}`);
	const note = await made(owner, '/v1/notes', { ...about(goes), body: 'Likes tea' });
	const deleted = await made(owner, '/v1/notes', { ...about(goes), body: 'Was deleted' });
	await owner.delete(`/v1/notes/${deleted.id}`);
	const activity = await made(owner, '/v1/activities', { ...about(goes), kind: 'call', summary: 'Called' });
	const task = await made(owner, '/v1/tasks', { ...about(goes), title: 'Write', due_at: '2031-01-01T00:00:00Z' });
	const before = pointingTo(goes);
	const after = await merged(owner, stays, goes);

	assert.deepEqual(values(after.emails, 'address'), [...values(stays.emails, 'address'), ...values(goes.emails, 'address')]);
	assert.deepEqual(values(after.emails, 'primary'), [true, false, false], 'one is the first choice');
	assert.deepEqual(values(after.phones, 'value'), ['+44 20 7946 0018', '030 5550199'], 'the same number once');
	assert.deepEqual(values(after.addresses, 'city'), ['London', 'Oxford']);
	assert.deepEqual(values(after.tags, 'name'), ['Old', 'VIP']);
	assert.equal(after.next_task_due_at, '2031-01-01T00:00:00Z');
	assert.equal(after.birthday, '1815-12-10', 'what it had not is filled in');
	for (const [row, of] of [[note, 'notes'], [activity, 'activities'], [task, 'tasks']])
		assert.equal((await get(owner, row, of)).body.subject.id, stays.id, of);
	assert.equal((await owner.post(`/v1/notes/${deleted.id}/restore`)).body.subject.id, stays.id, 'what was deleted comes back with the one that stays');
	assert.deepEqual((await get(owner, both, 'deals')).body.contact_ids, [stays.id]);
	assert.deepEqual((await get(owner, one, 'deals')).body.contact_ids, [stays.id]);
	assert.deepEqual((await owner.post(`/v1/deals/${gone.id}/restore`)).body.contact_ids, [stays.id]);
	const parts = (await owner.get(`/v1/deal_contacts?deal_id=${both.id}`)).body.data;
	assert.deepEqual([values(parts, 'contact_id'), values(parts, 'role')], [[stays.id], ['decides']]);
	assert.deepEqual((await owner.get(`/v1/contacts/${stays.id}/deals`)).body.data.length, 3);
	// Only what the other has already stays with the one that goes.
	const left = Object.entries(pointingTo(goes)).filter(([, n]) => n);
	assert.deepEqual(left.sort(), [['contact_addresses.contact_id', 1], ['contact_phones.contact_id', 1], ['contact_tags.contact_id', 1]]);
	assert.ok(Object.values(before).filter(Boolean).length >= 8);
	const { body } = await owner.get(`/v1/timeline?contact_id=${stays.id}`);
	const said = body.data.find((event) => event.title === `merged ${goes.full_name} into this contact`);
	assert.deepEqual([said?.kind, said?.agent.full_name], ['change', 'Olga Owner']);
});

test('an organisation takes the people and the deals of the other, and is not its own part', async () => {
	const [stays, goes] = [await organisation(owner), await organisation(owner)];
	const employee = await person(owner, { organisation_id: goes.id });
	const deal = await made(owner, '/v1/deals', { title: 'Of the organisation', organisation_id: goes.id });
	assert.equal((await owner.patch(`/v1/contacts/${stays.id}`, { organisation_id: goes.id })).status, 200);
	const after = await merged(owner, stays, goes);
	assert.equal(after.organisation_id, null);
	for (const [row, of] of [[employee, 'contacts'], [deal, 'deals']]) assert.equal((await get(owner, row, of)).body.organisation_id, stays.id, of);
	assert.deepEqual(Object.values(pointingTo(goes)).filter(Boolean), []);
});

test('a field that both have stays, unless the other one is to win', async () => {
	const source = await made(owner, '/v1/sources', { name: 'Fair' });
	const stays = await person(owner, { job_title: 'Analyst', website: 'https://stays.test' });
	const goes = await person(owner, { job_title: 'Head', website: 'https://goes.test', source_id: source.id, external_id: 'x-1' });
	const after = await merged(owner, stays, goes, { take: ['job_title', 'last_name'] });
	assert.deepEqual([after.job_title, after.website, after.source_id, after.external_id], ['Head', 'https://stays.test', source.id, 'x-1']);
	assert.deepEqual([after.last_name, after.also_known_as], [goes.last_name, stays.full_name], 'the name that lost is kept for searching');
});

// (That the index is right afterwards is checked at the end of tests/run.)
test('the one that stays is found by all that the other was found by, and the other no longer', async () => {
	const address = someEmail('countess');
	const stays = await person(owner, { first_name: 'Augusta', last_name: 'King' });
	const goes = await person(owner, { first_name: 'Byronia', last_name: 'Gordonsson', emails: [{ address }], phones: [{ value: '0171 5550142' }] });
	const note = await made(owner, '/v1/notes', { ...about(goes), body: 'Plays whist at Ockham' });
	await merged(owner, stays, goes);
	for (const q of [address, 'byronia gordonsson', '5550142', 'augusta king', 'also_known_as:byronia']) assert.deepEqual(await found(owner, q), [stays.id], q);
	assert.deepEqual(await found(owner, 'whist ockham', 'notes'), [note.id]);
	const { body } = await owner.get('/v1/search?q=byronia');
	assert.ok(!JSON.stringify(body).includes(goes.id) && JSON.stringify(body).includes(stays.id), JSON.stringify(body));
});

test('who asks for the one that went is told where it is, over several merges, if they may see that', async () => {
	const [a, b, c] = [await person(agent), await person(agent), await person(agent)];
	await merged(agent, b, a);
	await merged(agent, c, b);
	for (const gone of [a, b]) {
		const answer = await get(agent, gone);
		assert.deepEqual([answer.status, answer.body.merged_into_id], [404, c.id]);
		assert.equal((await get(other, gone)).body.merged_into_id, undefined);
	}
	const page = await fetch(`${owner.url}/contacts/${a.id}`, { redirect: 'manual', headers: { cookie: `muster_session=${agent.token}` } });
	assert.deepEqual([page.status, page.headers.get('location')], [303, `/contacts/${c.id}`]);
	assert.equal((await agent.patch(`/v1/contacts/${a.id}`, { last_name: 'Late' })).status, 404);
	// Brought back it is itself again, without what has moved, and its name is still known of the other.
	const back = await agent.post(`/v1/contacts/${a.id}/restore`);
	assert.deepEqual([back.status, back.body.full_name, back.body.merged_into_id], [200, a.full_name, null]);
	assert.equal((await get(agent, a)).status, 200);
});

test('a contact that is known by its e-mail address alone is told of by that', async () => {
	const address = someEmail('nameless');
	const goes = await made(owner, '/v1/contacts', { emails: [{ address }] });
	const stays = await person(owner);
	assert.equal((await merged(owner, stays, goes)).also_known_as, null);
	assert.ok((await owner.get(`/v1/timeline?contact_id=${stays.id}`)).body.data.some((event) => event.title === `merged ${address} into this contact`));
});

test('it can be asked for again, and once only happens', async () => {
	const [stays, goes] = [await person(owner), await person(owner)];
	const { version } = await merged(owner, stays, goes);
	const again = await merge(owner, stays, goes);
	assert.deepEqual([again.status, again.body.id, head()], [200, stays.id, String(version)]);
	const [x, y] = [await person(owner), await person(owner)];
	const key = { 'idempotency-key': `merge-${x.id}` };
	const first = await owner.post(`/v1/contacts/${x.id}/merge`, { from: y.id }, key);
	const second = await owner.post(`/v1/contacts/${x.id}/merge`, { from: y.id }, key);
	assert.deepEqual([second.status, second.text], [first.status, first.text]);
});

test('what cannot be merged is refused, and says why', async () => {
	const [a, b, gone, works] = [await person(owner), await person(owner), await person(owner), await organisation(owner)];
	await owner.delete(`/v1/contacts/${gone.id}`);
	assert.deepEqual(refusal(await merge(owner, a, a)), [422, '/from', 'same']);
	assert.deepEqual(refusal(await merge(owner, a, works)), [422, '/from', 'kind']);
	assert.deepEqual(refusal(await merge(owner, a, gone)), [404, '/from', 'not_found']);
	assert.equal((await merge(owner, gone, a)).status, 404);
	assert.deepEqual(refusal(await merge(owner, a, b, { take: ['nothing'] })), [422, '/take/0', 'choice']);
	assert.deepEqual(refusal(await merge(owner, a, b, { take: 'job_title' })), [422, '/take', 'type']);
	const stale = await owner.post(`/v1/contacts/${a.id}/merge`, { from: b.id }, { 'if-match': '"old"' });
	assert.equal(stale.status, 412);
	assert.equal((await get(owner, b)).status, 200);
});

test('both must be there for the caller, who must be allowed to change the one and delete the other', async () => {
	const stranger = await signUp();
	const [mine, mine2, theirs, foreign] = [await person(agent), await person(agent), await person(other), await person(stranger)];
	for (const [who, stays, goes] of [[agent, mine, theirs], [agent, theirs, mine], [agent, mine, foreign], [agent, foreign, mine], [stranger, mine, mine2]])
		assert.equal((await merge(who, stays, goes)).status, 404);
	const reader = await join(owner, (await makeRole(owner, { 'contacts.view': 'all', 'contacts.edit': 'own', 'contacts.delete': 'all', 'contacts.create': 'own' })).id);
	const before = head();
	assert.deepEqual([(await merge(editor, mine, mine2)).status, (await merge(reader, mine, mine2)).status], [403, 403]);
	assert.equal((await merge(reader, await person(reader), mine)).status, 403);
	for (const row of [mine, mine2, theirs]) assert.equal((await get(owner, row)).status, 200);
	assert.ok(Number(head()) <= Number(before) + 1, 'what was refused changed nothing');
	// What only others see moves as well; what the caller must not know is not told.
	const works = await organisation(other);
	const goes = await person(leader, { owner_id: agent.agent.id, organisation_id: works.id });
	const secret = await made(other, '/v1/tasks', { title: 'Of another agent' });
	await owner.patch(`/v1/tasks/${secret.id}`, about(goes));
	const after = await merged(agent, mine, goes);
	assert.equal(after.organisation_id, works.id, 'as it was before, although the agent does not see the organisation');
	assert.equal((await get(owner, secret, 'tasks')).body.subject.id, mine.id);
});

test('notes leave the sight of who sees the one that went, and enter that of who sees the one that stays', async () => {
	const [stays, goes] = [await person(agent), await person(other)];
	const note = await made(other, '/v1/notes', { ...about(goes), body: 'Theirs' });
	const since = head();
	await merged(leader, stays, goes);
	const told = async (who) => (await who.get(`/v1/changes?since=${since}`)).body.items.filter((item) => [note.id, goes.id].includes(item.row_id)).map(({ object, kind }) => `${object} ${kind}`);
	assert.deepEqual(await told(other), ['notes left', 'contacts updated', 'contacts deleted']);
	assert.deepEqual(await told(agent), ['notes entered']);
	assert.deepEqual([(await get(agent, note, 'notes')).status, (await get(other, note, 'notes')).status], [200, 404]);
});

test('who waits for either of the two is told at once', async () => {
	const [stays, goes] = [await person(agent), await person(agent)];
	const waits = await Promise.all([stays, goes].map(async ({ id }) => {
		const at = `/v1/contacts/${id}`;
		const { headers } = await agent.get(at);
		return () => agent.get(at, { 'if-none-match': headers.get('etag'), prefer: 'wait=10' });
	}));
	const waiting = waits.map((wait) => wait());
	await merged(agent, stays, goes);
	const [one, two] = await Promise.all(waiting);
	assert.deepEqual([one.status, two.status, two.body.merged_into_id], [200, 404, stays.id]);
	assert.ok(one.body.merged_at);
});

test('webhooks hear of the one that stays and the one that went', async () => {
	const hook = await made(owner, '/v1/webhooks', { url: 'https://hooks.example.org/', events: ['contact.updated', 'contact.deleted'] });
	const [stays, goes] = [await person(owner), await person(owner)];
	await merged(owner, stays, goes);
	const bodies = database(`SELECT body FROM webhook_deliveries WHERE company_id = '${owner.company.id}' ORDER BY id`).map(([body]) => JSON.parse(body));
	await owner.delete(`/v1/webhooks/${hook.id}`);
	const told = Object.fromEntries(bodies.map(({ type, data }) => [data.id, type]));
	assert.deepEqual([told[stays.id], told[goes.id]], ['contact.updated', 'contact.deleted']);
});

test('what an automation is doing goes on with the one that stays, once', async () => {
	const automation = await automate(owner, { starts: { on: 'manual' }, steps: [
		{ do: 'wait', days: 1 }, { do: 'create_task', title: 'Call back' }] });
	const start = async (contact) => assert.equal((await owner.post(`/v1/automations/${automation.id}/start`, { subject_id: contact.id })).status, 202);
	const [stays, goes, both] = [await person(owner), await person(owner), await person(owner)];
	for (const contact of [goes, both]) await start(contact);
	const states = async () => (await runsOf(owner, automation)).map((run) => [run.subject_id, run.state]).sort();
	await until(async () => (await states()).every(([, state]) => state === 'waiting'));
	await merged(owner, stays, goes);
	await until(async () => (await states()).every(([, state]) => state === 'waiting'));
	assert.deepEqual((await states()).map(([id]) => id).sort(), [stays.id, both.id].sort());
	await merged(owner, stays, both);
	await until(async () => JSON.stringify((await states()).map(([, state]) => state).sort()) === JSON.stringify(['cancelled', 'waiting']), { what: 'the second to be cancelled' });
	assert.deepEqual((await states()).map(([id]) => id), [stays.id, stays.id]);
});

test('two merges of the same two at the same time, in both directions, leave one with everything', async () => {
	for (let round = 0; round < 4; round++) {
		const pair = [await person(owner), await person(owner)];
		for (const contact of pair) await made(owner, '/v1/notes', { ...about(contact), body: 'One of two' });
		const answers = await Promise.all([merge(owner, pair[0], pair[1]), merge(owner, pair[1], pair[0]), merge(owner, pair[0], pair[1])]);
		const statuses = answers.map((answer) => answer.status).sort();
		assert.ok([[200, 200, 404], [200, 404, 404]].some((good) => good.join() === statuses.join()), statuses.join());
		const there = [];
		for (const contact of pair) if ((await get(owner, contact)).status === 200) there.push(contact);
		assert.equal(there.length, 1);
		assert.equal((await owner.get(`/v1/notes?contact_id=${there[0].id}`)).body.data.length, 2);
	}
});

test('more than 2000 rows are refused as a whole, and what fits is done in one transaction', async () => {
	const owner = await signUp(); // nothing else happens in it, as what the tests before began
	const [stays, goes] = [await person(owner), await person(owner)];
	database(`INSERT INTO notes (company_id, id, contact_id, body, author_id, created_at, updated_at)
		SELECT '${owner.company.id}', UUID(), '${goes.id}', 'Of many', '${owner.agent.id}', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) FROM seq_1_to_2001`);
	const before = head(owner);
	assert.deepEqual(refusal(await merge(owner, stays, goes)), [409, '/from', 'too_much']);
	assert.equal(head(owner), before);
	database(`DELETE FROM notes WHERE company_id = '${owner.company.id}' AND contact_id = '${goes.id}' LIMIT 1001`);
	await merged(owner, stays, goes);
	assert.equal(database(`SELECT COUNT(*) FROM notes WHERE contact_id = '${stays.id}'`)[0][0], '1000');
	const changes = database(`SELECT COUNT(DISTINCT version), COUNT(*) FROM changes WHERE company_id = '${owner.company.id}' AND version > ${before} AND object = 'notes' AND kind = 'updated'`);
	assert.deepEqual(changes, [['1', '1000']]);
	database(`DELETE FROM notes WHERE contact_id = '${stays.id}'`);
});

test('a merge that is refused at its very end has moved nothing', async () => {
	const rich = async (name) => {
		const tag = await made(owner, '/v1/tags', { name: `Of ${name}` });
		const contact = await person(agent, { tag_ids: [tag.id], emails: [{ address: someEmail(name) }], phones: [{ value: `030 ${++serial}` }], addresses: [{ city: name }], job_title: name });
		await made(agent, '/v1/notes', { ...about(contact), body: `About ${name}` });
		await made(agent, '/v1/tasks', { ...about(contact), title: `Call ${name}`, due_at: '2031-01-01T00:00:00Z' });
		await made(agent, '/v1/deals', { title: `With ${name}`, contact_ids: [contact.id] });
		return contact;
	};
	const pair = [await rich('stays'), await rich('goes')];
	const looks = async () => Promise.all(pair.map(async (contact) => [
		(await get(owner, contact)).body, pointingTo(contact), (await owner.get(`/v1/contacts/${contact.id}/deals`)).body.data,
		...await Promise.all(['notes', 'tasks'].map(async (list) => (await owner.get(`/v1/${list}?contact_id=${contact.id}`)).body.data)),
	]));
	const was = await looks();
	assert.ok(was.every(([row, pointing, deals, notes, tasks]) => [row.tags, row.emails, row.phones, row.addresses, deals, notes, tasks].every(({ length }) => length === 1)
		&& Object.values(pointing).filter(Boolean).length >= 7), JSON.stringify(was));
	// Everything has moved when the other is deleted, which the editor may do to what is the editor's own only.
	const refused = await merge(editor, ...pair, { take: ['job_title'] });
	assert.equal(refused.status, 403, refused.text);
	assert.deepEqual(await looks(), was);
	await merged(owner, ...pair, { take: ['job_title'] });
	assert.notDeepEqual(await looks(), was);
});

test('a team that the caller is not in is not filled in, and that is no reason to refuse', async () => {
	const [mine, taken] = [await person(agent), await person(agent)];
	await owner.patch(`/v1/contacts/${taken.id}`, { team_id: (await makeTeam(owner)).id });
	const both = await person(agent, { team_id: (await agent.get('/v1/me')).body.agent.team_ids[0] });
	const differing = async (who, ...pair) => (await look(who, ...pair)).body.differ.map(({ field }) => field);
	assert.deepEqual([await differing(owner, both, taken), await differing(agent, both, taken)], [['last_name', 'team_id'], ['last_name']]);
	const given = await person(owner, { owner_id: other.agent.id, team_id: both.team_id });
	assert.deepEqual([await differing(leader, both, given), await differing(leader, given, both)], Array(2).fill(['last_name', 'owner_id']));
	assert.equal((await merged(agent, mine, taken)).team_id, null);
});

test('a look before says what would be filled in, what can be taken, and how much of what one sees would move', async () => {
	const works = await organisation(other);
	const stays = await person(agent, { job_title: 'Analyst' });
	const goes = await person(owner, { owner_id: agent.agent.id, job_title: 'Head', birthday: '1815-12-10', organisation_id: works.id });
	await made(agent, '/v1/notes', { ...about(goes), body: 'Seen' });
	const secret = await made(other, '/v1/tasks', { title: 'Not seen' });
	await owner.patch(`/v1/tasks/${secret.id}`, about(goes));
	const { status, body, text } = await look(agent, stays, goes);
	assert.equal(status, 200, text);
	const fields = (list) => list.map((one) => [one.field, one.stays, one.goes]);
	assert.deepEqual(fields(body.differ), [['last_name', stays.last_name, goes.last_name], ['job_title', 'Analyst', 'Head']]);
	assert.deepEqual(fields(body.fill), [['organisation_id', null, 'One that you do not see'], ['birthday', null, '1815-12-10']]);
	assert.deepEqual([body.deals, body.notes, body.activities, body.tasks, body.people], [0, 1, 0, 0, 0]);
	await merged(agent, stays, goes);
	assert.deepEqual([(await look(agent, stays, goes)).status, (await look(agent, stays, goes)).body.merged_into_id], [404, stays.id]);
});

test('a look before is refused as the merge would be', async () => {
	const stranger = await signUp();
	const [mine, mine2, theirs, foreign, gone, works] = [await person(agent), await person(agent), await person(other), await person(stranger), await person(agent), await organisation(agent)];
	await agent.delete(`/v1/contacts/${gone.id}`);
	const [editors, reader] = [await person(owner, { owner_id: editor.agent.id }), await join(owner, (await makeRole(owner, { 'contacts.view': 'all', 'contacts.edit': 'own', 'contacts.delete': 'all', 'contacts.create': 'own' })).id)];
	for (const [who, stays, goes, status] of [
		[agent, mine, theirs, 404], [agent, theirs, mine, 404], [agent, mine, foreign, 404], [agent, foreign, mine, 404], [stranger, mine, mine2, 404], [agent, mine, gone, 404], [agent, gone, mine, 404],
		[agent, mine, mine, 422], [agent, mine, works, 422],
		[editor, mine, mine2, 403], [editor, mine, editors, 200], [reader, mine, mine2, 403], [reader, await person(reader), mine, 403],
	]) {
		const answer = await look(who, stays, goes);
		assert.equal(answer.status, status, answer.text);
		if (status !== 200) assert.equal((await merge(who, stays, goes)).status, status);
	}
});

// ---- in a browser, whose forms come without a script ----

const cookie = (who) => ({ cookie: `muster_session=${who.token}` });
const sideBySide = (stays, goes) => `/contacts/${stays.id}/merge/${goes.id}`;
const shown = async (who, at) => {
	const answer = await fetch(who.url + at, { redirect: 'manual', headers: { accept: 'text/html', ...cookie(who) } });
	return { status: answer.status, location: answer.headers.get('location'), text: (await answer.text()).replace(/\s+/g, ' ') };
};
const tokens = new Map();
const tokenOf = async (who) => tokens.get(who) ?? tokens.set(who, /name="_csrf" value="([^"]+)"/.exec((await shown(who, '/contacts')).text)[1]).get(who);
const press = async (who, stays, goes, more = {}) => {
	const answer = await fetch(`${who.url}/do/contacts_merge`, { method: 'POST', redirect: 'manual', headers: { accept: 'text/html', ...cookie(who) },
		body: new URLSearchParams({ _csrf: await tokenOf(who), _page: sideBySide(stays, goes), _next: `/contacts/${stays.id}`, id: stays.id, from: goes.id, ...more }) });
	return { status: answer.status, location: answer.headers.get('location'), text: (await answer.text()).replace(/\s+/g, ' ') };
};

test('the page says what would happen, and after the merge the one that stays is shown, also to who presses twice', async () => {
	const [stays, goes] = [await person(owner, { job_title: 'Analyst' }), await person(owner, { first_name: 'Augusta', job_title: 'Head', birthday: '1815-12-10' })];
	await made(owner, '/v1/notes', { ...about(goes), body: 'Moves' });
	const page = await shown(owner, sideBySide(stays, goes));
	for (const said of [stays.full_name, goes.full_name, '>Analyst<', '>Head<', 'Birthday: <b>10 Dec 1815</b>', '1 note<', sideBySide(goes, stays)]) assert.ok(page.text.includes(said), said);
	const twice = await Promise.all([1, 2].map(() => press(owner, stays, goes, { 'take[job_title]': 'job_title', 'take[first_name]': '' })));
	for (const { status, location } of [...twice, await press(owner, stays, goes)]) assert.deepEqual([status, location], [303, `/contacts/${stays.id}`]);
	const { text } = await shown(owner, `/contacts/${stays.id}`);
	for (const said of ['Head', `Also known as ${goes.full_name}`, `merged ${goes.full_name} into this contact`]) assert.ok(text.includes(said), said);
	for (const at of ['', '/edit']) assert.deepEqual((({ status, location }) => [status, location])(await shown(owner, `/contacts/${goes.id}${at}`)), [303, `/contacts/${stays.id}${at}`]);
});

test('the page says in words why two contacts cannot be merged', async () => {
	const [a, b, gone, works, much] = [await person(owner), await person(owner), await person(owner), await organisation(owner), await person(owner)];
	await owner.delete(`/v1/contacts/${gone.id}`);
	database(`INSERT INTO notes (company_id, id, contact_id, body, author_id, created_at, updated_at)
		SELECT '${owner.company.id}', UUID(), '${much.id}', 'Of many', '${owner.agent.id}', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) FROM seq_1_to_2001`);
	const mine = await person(owner, { owner_id: editor.agent.id });
	for (const [who, stays, goes, said] of [
		[owner, a, a, 'cannot be merged with itself'], [owner, a, works, 'a person and an organisation cannot become one'],
		[owner, a, gone, 'there is no such contact'], [owner, a, much, 'more than 2000 notes, tasks, deals and the like'],
		[editor, mine, a, 'you may not delete the contact that would go'],
	]) {
		const page = await shown(who, sideBySide(stays, goes));
		assert.equal(page.status, 200, said);
		assert.ok(page.text.includes(said) && !page.text.includes('action="/do/contacts_merge"'), said);
		const pressed = await press(who, stays, goes);
		assert.ok(pressed.status >= 400 && pressed.status < 500 && pressed.text.includes('id="refused"'), `${said}: ${pressed.status}`);
	}
	database(`DELETE FROM notes WHERE contact_id = '${much.id}'`);
	assert.equal((await shown(editor, sideBySide(a, mine))).status, 200, 'the other way round it goes');
	assert.ok((await shown(editor, sideBySide(a, mine))).text.includes('action="/do/contacts_merge"'));
});

test('nothing is merged by a form of another site, of another login, or with what is not there for who sends it', async () => {
	const stranger = await signUp();
	const [mine, mine2, theirs, foreign] = [await person(agent), await person(agent), await person(other), await person(stranger)];
	for (const token of ['', 'guess', await tokenOf(owner)]) assert.equal((await press(agent, mine, mine2, { _csrf: token })).status, 403);
	for (const [stays, goes] of [[mine, theirs], [theirs, mine], [mine, foreign], [foreign, mine]]) {
		const answers = [await shown(agent, sideBySide(stays, goes)), await press(agent, stays, goes)];
		assert.equal(answers[1].status, 404);
		for (const { text } of answers) assert.ok(![theirs, foreign].some(({ full_name }) => text.includes(full_name)), 'it is not told who that is');
	}
	assert.equal((await press(agent, mine, { id: "x' OR 1=1" })).status, 422);
	assert.equal((await shown(agent, `/contacts/${mine.id}/merge/none`)).status, 200);
	for (const [who, row] of [[agent, mine], [agent, mine2], [other, theirs], [stranger, foreign]]) assert.equal((await get(who, row)).status, 200);
});

test('two who merge the same two at the same time, in both directions, both land where they are one', async () => {
	const pair = [await person(owner), await person(owner)];
	const answers = await Promise.all([press(owner, pair[0], pair[1]), press(agent, pair[1], pair[0]), press(owner, pair[1], pair[0])]);
	const left = [];
	for (const contact of pair) if ((await get(owner, contact)).status === 200) left.push(contact);
	assert.equal(left.length, 1);
	assert.equal(answers[1].status, 404, 'not that of who does not see them');
	for (const { status, location } of [answers[0], answers[2]]) {
		assert.equal(status, 303);
		const to = (await shown(owner, location)).text;
		assert.ok(location === `/contacts/${left[0].id}` || to.includes('they are one contact already'), location);
	}
});
