// Contacts, with their e-mails, phones, addresses and tags.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../harness.mjs';
import { database, join, makeRole, makeTeam, signUp, someEmail } from './company.mjs';

const uuid = (n) => `01890000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const make = async (who, contact, path = '/v1/contacts') => {
	const answer = await who.post(path, contact);
	assert.equal(answer.status, 201, answer.text);
	return answer.body;
};
const addresses = (contact) => contact.emails.map((e) => e.address);
const pointers = (answer) => answer.body.errors.map((e) => e.pointer);
const get = async (who, { id }) => (await who.get(`/v1/contacts/${id}`)).body;

test('a contact is made with everything in one request, and answers with it', async () => {
	const owner = await signUp();
	const tag = await make(owner, { name: 'VIP', color: 'red' }, '/v1/tags');
	const organisation = await make(owner, { kind: 'organisation', name: 'Analytical Engines' });
	const answer = await owner.post('/v1/contacts', {
		first_name: 'Ada',
		last_name: 'Lovelace',
		organisation_id: organisation.id,
		emails: [{ address: 'ADA@Engines.test' }, { address: 'ada@home.test', type: 'home', primary: true }],
		phones: [{ value: '+44 20 1234' }],
		addresses: [{ city: 'London', country: 'UK' }],
		tag_ids: [tag.id],
	});
	assert.equal(answer.status, 201, answer.text);
	const { body } = answer;
	assert.equal(answer.headers.get('location'), `/v1/contacts/${body.id}`);
	assert.equal(body.kind, 'person');
	assert.equal(body.full_name, 'Ada Lovelace');
	assert.equal(body.owner_id, owner.agent.id, 'who makes it looks after it');
	assert.deepEqual(body.emails.map(({ address, type, primary }) => [address, type, primary]), [
		['ada@home.test', 'home', true],
		['ada@engines.test', 'work', false],
	]);
	assert.deepEqual(body.phones.map(({ value, type, primary }) => [value, type, primary]), [['+44 20 1234', 'work', true]]);
	assert.equal(body.addresses[0].city, 'London');
	assert.deepEqual(body.tags, [{ id: tag.id, name: 'VIP', color: 'red' }]);
	const { version, ...row } = body;
	assert.ok(version > 0);
	assert.deepEqual(await get(owner, body), row);
	const changes = database(`SELECT object, kind FROM changes WHERE company_id = '${owner.company.id}' AND version = ${version} ORDER BY n`);
	assert.deepEqual(changes[0], ['contacts', 'created']);
	assert.ok(!changes.some(([object, kind]) => object === 'contacts' && kind === 'updated'), 'the documents are written with the row');
});

test('lists of a contact that has none are empty lists', async () => {
	const owner = await signUp();
	const contact = await make(owner, { last_name: 'Nothing' });
	assert.deepEqual([contact.emails, contact.phones, contact.addresses, contact.tags], [[], [], [], []]);
});

test('the full name is that of the person or organisation, else the first e-mail, else Unnamed', async () => {
	const owner = await signUp();
	const name = async (contact) => (await make(owner, contact)).full_name;
	assert.equal(await name({ first_name: 'Only' }), 'Only');
	assert.equal(await name({ last_name: 'Last' }), 'Last');
	assert.equal(await name({ kind: 'organisation', name: 'A & B' }), 'A & B');
	assert.equal(await name({ emails: [{ address: 'x@y.test' }] }), 'x@y.test');
	assert.equal(await name({ kind: 'organisation' }), 'Unnamed');
	assert.equal(await name({}), 'Unnamed');
	const contact = await make(owner, { emails: [{ address: 'z@y.test' }] });
	assert.equal((await owner.patch(`/v1/contacts/${contact.id}`, { first_name: 'Zoë' })).body.full_name, 'Zoë');
	assert.equal((await owner.patch(`/v1/contacts/${contact.id}`, { first_name: null })).body.full_name, 'z@y.test');
});

test('a person has no name of an organisation, an organisation none of a person', async () => {
	const owner = await signUp();
	assert.deepEqual(pointers(await owner.post('/v1/contacts', { name: 'Not for people' })), ['/name']);
	assert.deepEqual(pointers(await owner.post('/v1/contacts', { kind: 'organisation', first_name: 'A' })), ['/first_name']);
	const person = await make(owner, { first_name: 'A' });
	const refused = await owner.patch(`/v1/contacts/${person.id}`, { name: 'B' });
	assert.equal(refused.status, 422);
	assert.equal((await get(owner, person)).name, null);
	assert.equal((await owner.patch(`/v1/contacts/${person.id}`, { kind: 'organisation' })).status, 400, 'what it is stays');
});

test('a contact belongs to an organisation, never to a person or itself', async () => {
	const owner = await signUp();
	const person = await make(owner, { first_name: 'A' });
	const firm = await make(owner, { kind: 'organisation', name: 'Firm' });
	assert.deepEqual(pointers(await owner.post('/v1/contacts', { first_name: 'B', organisation_id: person.id })), ['/organisation_id']);
	assert.deepEqual(pointers(await owner.patch(`/v1/contacts/${firm.id}`, { organisation_id: firm.id })), ['/organisation_id']);
	assert.deepEqual(pointers(await owner.post('/v1/contacts', { first_name: 'B', organisation_id: uuid(9) })), ['/organisation_id']);
	assert.equal((await owner.patch(`/v1/contacts/${person.id}`, { organisation_id: firm.id })).body.organisation_id, firm.id);
	const expanded = (await owner.get(`/v1/contacts/${person.id}?expand=organisation,owner&fields=id`)).body;
	assert.equal(expanded.organisation.full_name, 'Firm');
	assert.equal(expanded.owner.full_name, 'Olga Owner');
});

test('the same create again, with the id that the client gave, answers the same', async () => {
	const owner = await signUp();
	const sent = { id: uuid(1), first_name: 'Twice', emails: [{ address: 'twice@x.test' }] };
	const first = (await owner.post('/v1/contacts', sent)).body;
	const again = await owner.post('/v1/contacts', sent);
	assert.equal(again.status, 201);
	assert.deepEqual({ ...again.body, version: 0 }, { ...first, version: 0 });
	for (const other of [{ first_name: 'Other' }, { emails: [{ address: 'other@x.test' }] }, { emails: [] }, { phones: [{ value: '1' }] }]) {
		const refused = await owner.post('/v1/contacts', { ...sent, ...other });
		assert.equal(refused.status, 409, JSON.stringify(other));
	}
	assert.equal((await owner.get('/v1/contacts')).body.data.length, 1);
});

test('a list that is given replaces the one that was there; one that is not given stays', async () => {
	const owner = await signUp();
	const contact = await make(owner, {
		first_name: 'A',
		emails: [{ address: 'a@x.test' }, { address: 'b@x.test' }],
		phones: [{ value: '1' }],
		addresses: [{ city: 'Rome' }, { city: 'Oslo' }],
	});
	const [a, b] = contact.emails;
	const put = async (lists) => (await owner.patch(`/v1/contacts/${contact.id}`, lists)).body;
	let now = await put({ emails: [{ address: 'c@x.test', primary: true }, { address: 'b@x.test', type: 'home' }] });
	assert.deepEqual(addresses(now), ['c@x.test', 'b@x.test']);
	assert.equal(now.emails[1].id, b.id, 'the address that was there is the same row');
	assert.equal(now.emails[1].type, 'home');
	assert.deepEqual(now.phones, contact.phones);
	now = await put({ emails: [{ id: b.id, address: 'renamed@x.test' }] });
	assert.deepEqual(now.emails, [{ id: b.id, address: 'renamed@x.test', type: 'work', primary: true }]);
	assert.equal((await owner.patch(`/v1/contacts/${contact.id}`, { emails: [{ id: a.id, address: 'a@x.test' }] })).status, 422, 'a deleted one');
	now = await put({ addresses: [{ city: 'Oslo' }, { city: 'Bern' }] });
	assert.deepEqual(now.addresses.map((x) => x.city), ['Oslo', 'Bern']);
	assert.equal(now.addresses[0].id, contact.addresses[1].id);
	now = await put({ emails: [], phones: [], addresses: [] });
	assert.deepEqual([now.emails, now.phones, now.addresses], [[], [], []]);
	assert.equal((await owner.get(`/v1/contact_emails?contact_id=${contact.id}`)).body.data.length, 0);
});

test('what is wrong in a list is said with its place', async () => {
	const owner = await signUp();
	const contact = await make(owner, { first_name: 'A', emails: [{ address: 'a@x.test' }] });
	const wrong = async (body, pointer) => {
		for (const answer of [await owner.post('/v1/contacts', body), await owner.patch(`/v1/contacts/${contact.id}`, body)]) {
			assert.equal(answer.status, 422, answer.text);
			assert.deepEqual(pointers(answer), [pointer]);
		}
	};
	await wrong({ emails: [{ address: 'b@x.test' }, { address: 'nonsense' }] }, '/emails/1/address');
	await wrong({ emails: [{ address: 'b@x.test' }, { address: 'B@x.test' }] }, '/emails/1/address');
	await wrong({ emails: [{ address: 'b@x.test', primary: true }, { address: 'c@x.test', primary: true }] }, '/emails/1/primary');
	await wrong({ emails: [{ type: 'home' }] }, '/emails/0/address');
	await wrong({ phones: [{ value: '1' }, { value: null }] }, '/phones/1/value');
	await wrong({ phones: [{ value: '1', type: 'satellite' }] }, '/phones/0/type');
	await wrong({ phones: Array.from({ length: 21 }, (_, i) => ({ value: `${i}` })) }, '/phones');
	await wrong({ tag_ids: [uuid(5)] }, '/tag_ids/0');
	assert.equal((await owner.post('/v1/contacts', { emails: [{ address: 'b@x.test', nope: 1 }] })).status, 400);
	assert.deepEqual(addresses(await get(owner, contact)), ['a@x.test']);
	assert.equal((await owner.get('/v1/contacts')).body.data.length, 1);
});

test('an e-mail address belongs to one contact; the refusal names it', async () => {
	const owner = await signUp();
	const first = await make(owner, { first_name: 'A', emails: [{ address: 'a@x.test' }, { address: 'b@x.test' }] });
	const second = await make(owner, { first_name: 'B', emails: [{ address: 'c@x.test' }] });
	for (const answer of [
		await owner.post('/v1/contacts', { first_name: 'C', emails: [{ address: 'new@x.test' }, { address: 'B@X.test' }] }),
		await owner.patch(`/v1/contacts/${second.id}`, { emails: [{ address: 'c@x.test' }, { address: 'b@x.test' }] }),
	]) {
		assert.equal(answer.status, 409, answer.text);
		assert.equal(answer.body.existing_id, first.id);
		assert.match(pointers(answer)[0], /^\/emails\/\d\/address$/);
	}
	const single = await owner.post('/v1/contact_emails', { contact_id: second.id, address: 'a@x.test' });
	assert.equal(single.status, 409);
	assert.equal((await owner.get('/v1/contacts')).body.data.length, 2);
	assert.deepEqual(addresses(await get(owner, second)), ['c@x.test']);
	const other = await signUp();
	await make(other, { first_name: 'A', emails: [{ address: 'a@x.test' }] });
});

test('who may not see the contact that has the address is not told which it is', async () => {
	const owner = await signUp();
	await make(owner, { first_name: 'Hidden', emails: [{ address: 'hidden@x.test' }] });
	const agent = await join(owner, owner.roles.agent.id);
	const refused = await agent.post('/v1/contacts', { first_name: 'B', emails: [{ address: 'hidden@x.test' }] });
	assert.equal(refused.status, 409);
	assert.equal(refused.body.existing_id, undefined);
});

test('a single e-mail, phone or address is added, changed and removed, and the contact repeats it', async () => {
	const owner = await signUp();
	const contact = await make(owner, { first_name: 'A' });
	const one = await make(owner, { contact_id: contact.id, address: 'one@x.test' }, '/v1/contact_emails');
	assert.equal(one.primary, true, 'the only one is the first choice');
	const two = await make(owner, { contact_id: contact.id, address: 'two@x.test', type: 'home' }, '/v1/contact_emails');
	assert.deepEqual((await get(owner, contact)).emails, [
		{ id: one.id, address: 'one@x.test', type: 'work', primary: true },
		{ id: two.id, address: 'two@x.test', type: 'home', primary: false },
	]);
	await owner.patch(`/v1/contact_emails/${two.id}`, { primary: true });
	assert.deepEqual((await get(owner, contact)).emails.map((e) => [e.address, e.primary]), [['two@x.test', true], ['one@x.test', false]]);
	assert.equal((await owner.patch(`/v1/contact_emails/${two.id}`, { primary: false })).body.primary, false);
	assert.deepEqual((await get(owner, contact)).emails.map((e) => [e.address, e.primary]), [['one@x.test', true], ['two@x.test', false]]);
	assert.equal((await owner.delete(`/v1/contact_emails/${two.id}`)).status, 204);
	assert.deepEqual((await get(owner, contact)).emails, [{ id: one.id, address: 'one@x.test', type: 'work', primary: true }]);
	assert.equal((await owner.post(`/v1/contact_emails/${two.id}/restore`)).status, 200);
	assert.deepEqual(addresses(await get(owner, contact)), ['one@x.test', 'two@x.test']);
	await owner.delete(`/v1/contact_emails/${two.id}`);
	assert.equal((await owner.patch(`/v1/contact_emails/${one.id}`, { primary: false })).status, 200);
	assert.deepEqual((await get(owner, contact)).emails[0].primary, true, 'the only one stays the first choice');

	const phone = await make(owner, { contact_id: contact.id, value: '12 34', type: 'mobile' }, '/v1/contact_phones');
	await owner.patch(`/v1/contact_phones/${phone.id}`, { value: '56' });
	assert.deepEqual((await get(owner, contact)).phones, [{ id: phone.id, value: '56', type: 'mobile', primary: true }]);
	assert.equal((await owner.get(`/v1/contact_phones/${phone.id}`)).body.contact_id, contact.id);
	assert.equal((await owner.get(`/v1/contact_phones?contact_id=${contact.id}`)).body.data.length, 1);
	await owner.delete(`/v1/contact_phones/${phone.id}`);
	assert.deepEqual((await get(owner, contact)).phones, []);
	assert.equal((await owner.post(`/v1/contact_phones/${phone.id}/restore`)).body.value, '56');

	const place = await make(owner, { contact_id: contact.id, city: 'Kyiv' }, '/v1/contact_addresses');
	await owner.patch(`/v1/contact_addresses/${place.id}`, { street: 'Khreshchatyk 1' });
	assert.deepEqual((await get(owner, contact)).addresses.map((x) => [x.city, x.street]), [['Kyiv', 'Khreshchatyk 1']]);
	assert.equal((await owner.get(`/v1/contact_addresses/${place.id}`)).body.city, 'Kyiv');
	assert.equal((await owner.get(`/v1/contact_addresses?contact_id=${contact.id}`)).body.data.length, 1);
	await owner.delete(`/v1/contact_addresses/${place.id}`);
	assert.deepEqual((await get(owner, contact)).addresses, []);
	assert.equal((await owner.post(`/v1/contact_addresses/${place.id}/restore`)).status, 200);
	assert.equal((await owner.get(`/v1/contact_emails/${one.id}`)).body.address, 'one@x.test');
});

test('the parts of a contact are changed by whoever may change the contact', async () => {
	const owner = await signUp();
	const team = await makeTeam(owner);
	const leader = await join(owner, owner.roles.team_leader.id, { team_ids: [team.id] });
	await owner.put(`/v1/roles/${owner.roles.team_leader.id}/permissions`, { permissions: { 'contacts.view': 'all', 'contacts.edit': 'own' } });
	const contact = await make(owner, { first_name: 'A', emails: [{ address: 'a@x.test' }], phones: [{ value: '1' }] });
	const [email] = contact.emails;
	assert.equal((await leader.get(`/v1/contact_emails/${email.id}`)).status, 200);
	for (const answer of [
		await leader.patch(`/v1/contact_emails/${email.id}`, { address: 'b@x.test' }),
		await leader.delete(`/v1/contact_emails/${email.id}`),
		await leader.post('/v1/contact_emails', { contact_id: contact.id, address: 'c@x.test' }),
		await leader.delete(`/v1/contact_phones/${contact.phones[0].id}`),
		await leader.post('/v1/contact_addresses', { contact_id: contact.id, city: 'Rome' }),
		await leader.post('/v1/contacts/tag', { ids: [contact.id], tag_id: uuid(1) }),
		await leader.patch(`/v1/contacts/${contact.id}`, { emails: [] }),
	])
		assert.equal(answer.status, 403, answer.text);
	assert.deepEqual((await get(owner, contact)).emails, contact.emails);
	assert.deepEqual((await get(owner, contact)).phones, contact.phones);
});

test('a deleted contact frees its addresses; restored, it has them again unless one was taken', async () => {
	const owner = await signUp();
	const contact = await make(owner, { first_name: 'A', emails: [{ address: 'a@x.test' }, { address: 'b@x.test' }], phones: [{ value: '1' }], addresses: [{ city: 'Rome' }] });
	const parts = async () => Promise.all(['emails', 'phones', 'addresses'].map(async (kind) => (await owner.get(`/v1/contact_${kind}`)).body.data.map(({ address, value, city }) => address ?? value ?? city)));
	const dropped = contact.emails.find((e) => e.address === 'b@x.test');
	await owner.delete(`/v1/contact_emails/${dropped.id}`);
	assert.equal((await owner.delete(`/v1/contacts/${contact.id}`)).status, 204);
	assert.equal((await owner.get(`/v1/contacts/${contact.id}`)).status, 404);
	assert.equal((await owner.delete(`/v1/contacts/${contact.id}`)).status, 404);
	assert.deepEqual(await parts(), [[], [], []]);
	assert.equal((await owner.get('/v1/contacts?deleted=true')).body.data[0].id, contact.id);
	const usurper = await make(owner, { first_name: 'B', emails: [{ address: 'a@x.test' }] });
	const refused = await owner.post(`/v1/contacts/${contact.id}/restore`);
	assert.equal(refused.status, 409, refused.text);
	assert.equal(refused.body.existing_id, usurper.id);
	assert.equal((await owner.get(`/v1/contacts/${contact.id}`)).status, 404, 'nothing of it was done');
	await owner.patch(`/v1/contacts/${usurper.id}`, { emails: [] });
	const restored = await owner.post(`/v1/contacts/${contact.id}/restore`);
	assert.equal(restored.status, 200, restored.text);
	assert.deepEqual(addresses(restored.body), ['a@x.test'], 'the one that was removed before stays so');
	assert.deepEqual(await parts(), [['a@x.test'], ['1'], ['Rome']]);
	assert.equal((await owner.post(`/v1/contacts/${contact.id}/restore`)).status, 404);
});

test('an upsert by e-mail makes a contact once and changes it from then on', async () => {
	const owner = await signUp();
	const put = (email, body) => owner.put(`/v1/contacts/by/email/${encodeURIComponent(email)}`, body);
	const made = await put('Upsert@x.test', { first_name: 'U' });
	assert.equal(made.status, 200, made.text);
	assert.deepEqual(addresses(made.body), ['upsert@x.test']);
	const changed = await put('upsert@X.test', { last_name: 'Sert' });
	assert.equal(changed.body.id, made.body.id);
	assert.equal(changed.body.full_name, 'U Sert');
	const more = await put('upsert@x.test', { kind: 'person', emails: [{ address: 'upsert@x.test' }, { address: 'more@x.test' }] });
	assert.deepEqual(addresses(more.body), ['upsert@x.test', 'more@x.test']);
	assert.equal((await put('more@x.test', { job_title: 'Boss' })).body.id, made.body.id, 'any of its addresses');
	assert.deepEqual(pointers(await put('more@x.test', { kind: 'organisation' })), ['/kind']);
	const other = await put('more@x.test', { id: uuid(7) });
	assert.equal(other.status, 409);
	assert.equal(other.body.existing_id, made.body.id);
	assert.equal((await put('nonsense', { first_name: 'N' })).status, 422);
	assert.equal((await put('new@x.test', { nonsense: 'N' })).status, 400);
	const agent = await join(owner, owner.roles.agent.id);
	const hidden = await agent.put('/v1/contacts/by/email/more@x.test', { first_name: 'Mine now' });
	assert.equal(hidden.status, 409);
	assert.equal(hidden.body.existing_id, undefined);
	assert.equal((await owner.get('/v1/contacts')).body.data.length, 1);
});

test('a contact has at most 20 tags however they are given, and one that has more by a merge may lose any of them', async () => {
	const owner = await signUp();
	const tags = [];
	for (let i = 0; i < 26; i++) tags.push((await make(owner, { name: `Tag ${i + 10}` }, '/v1/tags')).id);
	const contact = await make(owner, { first_name: 'A', tag_ids: tags.slice(0, 20) });
	const ids = async () => (await get(owner, contact)).tags.map(({ id }) => id);
	const change = (body) => owner.patch(`/v1/contacts/${contact.id}`, body);
	const refused = async (answer, pointer) => assert.deepEqual([answer.status, answer.body.errors?.map((e) => [e.pointer, e.code])], [422, [[pointer, 'range']]]);
	await refused(await change({ tag_ids: tags.slice(0, 21) }), '/tag_ids');
	await refused(await change({ tag_ids: [tags[20]], seen_tag_ids: [] }), '/tag_ids');
	await refused(await owner.post('/v1/contacts/tag', { id: contact.id, tag_id: tags[20] }), '/tag_id');
	assert.deepEqual(await ids(), tags.slice(0, 20));
	assert.equal((await owner.post('/v1/contacts/tag', { id: contact.id, tag_id: tags[0] })).status, 200, 'has it already');
	assert.equal((await change({ tag_ids: [tags[20]], seen_tag_ids: [tags[0]] })).status, 200, 'one for another');

	const goes = await make(owner, { first_name: 'B', tag_ids: [tags[0], ...tags.slice(21)] });
	const merged = await owner.post(`/v1/contacts/${contact.id}/merge`, { from: goes.id });
	assert.equal((await ids()).length, 26, merged.text);
	await refused(await change({ tag_ids: [(await make(owner, { name: 'Tag 99' }, '/v1/tags')).id], seen_tag_ids: [] }), '/tag_ids');
	const form = (left) => owner.post('/do/contacts_update', new URLSearchParams([['id', contact.id], ['_csrf', csrf], ['tag_ids', ''], ['seen_tag_ids', ''],
		...left.map((id) => ['tag_ids', id]), ...tags.map((id) => ['seen_tag_ids', id])]).toString(), { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html', cookie });
	const cookie = `muster_session=${owner.token}`;
	const page = await owner.get(`/contacts/${contact.id}`, { accept: 'text/html', cookie });
	const csrf = /name="_csrf" value="([^"]+)"/.exec(page.text)[1];
	assert.equal((await form(tags.slice(1))).status, 303, 'one is taken away in the form "Change tags"');
	assert.deepEqual(await ids(), tags.slice(1));
	assert.equal((await change({ tag_ids: tags.slice(2) })).status, 200);
	assert.equal((await owner.post('/v1/contacts/untag', { id: contact.id, tag_id: tags[2] })).status, 200);
	assert.deepEqual(await ids(), tags.slice(3));
});

test('a tag that is renamed, recoloured, deleted or restored changes the contacts that have it', async () => {
	const owner = await signUp();
	const [vip, fan] = [await make(owner, { name: 'VIP' }, '/v1/tags'), await make(owner, { name: 'Fan', color: 'blue' }, '/v1/tags')];
	const contact = await make(owner, { first_name: 'A', tag_ids: [vip.id, fan.id] });
	const tags = async () => (await get(owner, contact)).tags.map((t) => `${t.name} ${t.color}`);
	assert.deepEqual(await tags(), ['Fan blue', 'VIP grey']);
	await owner.patch(`/v1/tags/${vip.id}`, { name: 'Âme', color: 'red' });
	assert.deepEqual(await tags(), ['Âme red', 'Fan blue']);
	assert.equal((await owner.get(`/v1/tags/${vip.id}`)).body.name, 'Âme');
	await owner.delete(`/v1/tags/${vip.id}`);
	assert.deepEqual(await tags(), ['Fan blue']);
	assert.equal((await owner.post(`/v1/tags/${vip.id}/restore`)).status, 200);
	assert.deepEqual(await tags(), ['Âme red', 'Fan blue']);
	assert.equal((await owner.post('/v1/tags', { name: 'fan' })).status, 409, 'a name stands for one tag');
	await owner.patch(`/v1/contacts/${contact.id}`, { tag_ids: [fan.id] });
	assert.deepEqual(await tags(), ['Fan blue']);
	assert.deepEqual((await owner.get(`/v1/contacts?tag_id=${fan.id}`)).body.data.map((c) => c.id), [contact.id]);
	assert.deepEqual((await owner.get(`/v1/contacts?tag_id=${vip.id}`)).body.data, []);
});

test('a tag that many contacts have is changed with the first of them; the others follow by themselves', async () => {
	const owner = await signUp();
	const tag = await make(owner, { name: 'Fair' }, '/v1/tags');
	for (let i = 0; i < 3; i++) {
		const items = Array.from({ length: 100 }, () => ({ first_name: 'A', tag_ids: [tag.id] }));
		assert.equal((await owner.post('/v1/contacts/batch', { items, atomic: true })).status, 200);
	}
	const { version } = (await owner.patch(`/v1/tags/${tag.id}`, { name: 'Spring' })).body;
	const [[changed]] = database(`SELECT COUNT(*) FROM changes WHERE company_id = '${owner.company.id}' AND version = ${version}`);
	assert.ok(changed > 100 && changed <= 202, `${changed} rows changed at once`);
	const old = () => database(`SELECT COUNT(*) FROM contacts WHERE company_id = '${owner.company.id}' AND tags NOT LIKE '%Spring%'`)[0][0];
	await until(() => old() === '0', { what: 'every contact has the new name' });
});

test('many contacts get an owner or a tag at once, all or none', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const tag = await make(owner, { name: 'Autumn' }, '/v1/tags');
	const ids = [];
	for (const name of ['A', 'B', 'C']) ids.push((await make(owner, { first_name: name })).id);
	const mine = async () => (await agent.get('/v1/contacts')).body.data.length;
	assert.deepEqual((await owner.post('/v1/contacts/assign', { ids: [...ids, ids[0]], owner_id: agent.agent.id })).body.count, 3);
	assert.equal(await mine(), 3);
	assert.equal((await owner.post('/v1/contacts/assign', { ids: [ids[0], uuid(3)], owner_id: owner.agent.id })).status, 404);
	assert.equal(await mine(), 3, 'none');
	assert.equal((await owner.post('/v1/contacts/assign', { ids: [], owner_id: owner.agent.id })).status, 422);
	assert.equal((await owner.post('/v1/contacts/assign', { ids })).status, 422);
	assert.equal((await owner.post('/v1/contacts/assign', { ids: Array.from({ length: 201 }, (_, i) => uuid(i)), owner_id: null })).status, 422);
	assert.equal((await agent.post('/v1/contacts/assign', { ids, owner_id: owner.agent.id })).status, 403, 'an agent may not give away');
	assert.equal((await owner.post('/v1/contacts/tag', { ids, tag_id: tag.id })).body.count, 3);
	assert.equal((await owner.post('/v1/contacts/tag', { ids, tag_id: tag.id })).status, 200, 'again');
	assert.equal((await owner.get(`/v1/contacts?tag_id=${tag.id}`)).body.data.length, 3);
	assert.equal((await owner.post('/v1/contacts/untag', { id: ids[0], tag_id: tag.id })).body.count, 1);
	assert.deepEqual((await get(owner, { id: ids[0] })).tags, []);
	assert.equal((await owner.post('/v1/contacts/tag', { ids, tag_id: uuid(8) })).status, 422);
	assert.equal((await owner.post('/v1/contacts/tag', { tag_id: tag.id })).status, 422);
	assert.equal((await owner.post('/v1/contacts/assign', { ids, owner_id: null })).status, 200);
	assert.equal(await mine(), 0);
});

test('the list offers to select contacts to whoever may edit them, with the forms of what they may do', async () => {
	const owner = await signUp();
	const tag = await make(owner, { name: 'VIP' }, '/v1/tags');
	const contact = await make(owner, { first_name: 'A' });
	const who = async (permissions) => join(owner, (await makeRole(owner, { 'contacts.view': 'all', 'tags.view': 'all', ...permissions })).id);
	const page = async (person, cookie = `muster_session=${person.token}`) => (await person.get('/contacts', { accept: 'text/html', cookie })).text;
	const offered = (text) => ['id="bulk"', 'id="f-assign"', 'id="f-tag"', 'form="f-assign"', 'form="f-tag"', 'data-pick-all'].filter((one) => text.includes(one));
	assert.deepEqual(offered(await page(owner)), ['id="bulk"', 'id="f-assign"', 'id="f-tag"', 'form="f-assign"', 'data-pick-all']);
	const editor = await who({ 'contacts.edit': 'all' });
	const text = await page(editor);
	assert.deepEqual(offered(text), ['id="bulk"', 'id="f-tag"', 'form="f-tag"', 'data-pick-all']);
	assert.deepEqual(offered(await page(await who({}))), []);
	const sent = new URLSearchParams({ _csrf: /name="_csrf" value="([^"]+)"/.exec(text)[1], _page: '/contacts', ids: contact.id, tag_id: tag.id });
	const answer = await editor.post('/do/contacts_tag', sent.toString(), { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html', cookie: `muster_session=${editor.token}` });
	assert.equal(answer.status, 303);
	assert.deepEqual((await get(owner, contact)).tags.map(({ name }) => name), ['VIP']);
});

test('a batch has a status for each item, in order; an atomic one is done as a whole', async () => {
	const owner = await signUp();
	const known = await make(owner, { first_name: 'Known', emails: [{ address: 'known@x.test' }] });
	const items = [
		{ first_name: 'One', emails: [{ address: 'one@x.test' }] },
		{ id: known.id, job_title: 'Changed' },
		{ first_name: 'Two', emails: [{ address: 'one@x.test' }] },
		{ first_name: 5 },
		{ nonsense: 1 },
		{ id: uuid(4), first_name: 'With an id' },
		{ id: uuid(5), kind: 'organisation', name: 'Taken back', emails: [{ address: 'one@x.test' }] },
		{ first_name: 'Of it', organisation_id: uuid(5) },
	];
	const answer = await owner.post('/v1/contacts/batch', { items });
	assert.equal(answer.status, 200, answer.text);
	assert.deepEqual(answer.body.results.map((r) => r.status), [201, 200, 409, 422, 400, 201, 409, 422]);
	assert.deepEqual(answer.body.results[7].problem.errors.map((one) => [one.pointer, one.code]), [['/organisation_id', 'not_found']]);
	assert.equal(answer.body.results[2].problem.existing_id, answer.body.results[0].data.id);
	assert.equal(answer.body.results[1].data.job_title, 'Changed');
	assert.equal((await owner.get('/v1/contacts')).body.data.length, 3);
	const left = database(`SELECT COUNT(*) FROM contact_emails WHERE company_id = '${owner.company.id}'`);
	assert.deepEqual(left, [['2']], 'of a refused item nothing is left');
	const atomic = await owner.post('/v1/contacts/batch', { atomic: true, items: [{ first_name: 'X' }, { first_name: 'Y', emails: [{ address: 'one@x.test' }] }] });
	assert.equal(atomic.status, 409);
	assert.deepEqual(pointers(atomic), ['/items/1/emails/0/address']);
	assert.equal((await owner.get('/v1/contacts')).body.data.length, 3);
	assert.equal((await owner.post('/v1/contacts/batch', { items: [] })).status, 422);
	assert.equal((await owner.post('/v1/contacts/batch', { items: Array(101).fill({ first_name: 'A' }) })).status, 422);
	assert.equal((await owner.post('/v1/contacts/batch', { items: [1] })).status, 422);
	const large = await owner.post('/v1/contacts/batch', { items: Array.from({ length: 100 }, (_, i) => ({ first_name: `Many ${i}`, job_title: 'x'.repeat(100) })) });
	assert.equal(large.body.results.filter((r) => r.status === 201).length, 100);
});

test('a search takes nested conditions', async () => {
	const owner = await signUp();
	const tag = await make(owner, { name: 'T' }, '/v1/tags');
	await make(owner, { first_name: 'Ann', tag_ids: [tag.id] });
	await make(owner, { first_name: 'Bob', owner_id: null });
	await make(owner, { kind: 'organisation', name: 'Cat Ltd', emails: [{ address: 'hello@cat.test' }] });
	const find = async (where) => (await owner.post('/v1/contacts/search', { where, sort: 'full_name' })).body.data.map((c) => c.full_name);
	assert.deepEqual(await find({ or: [{ kind: 'organisation' }, { tag_id: tag.id }] }), ['Ann', 'Cat Ltd']);
	assert.deepEqual(await find({ and: [{ kind: 'person' }, { not: { tag_id: tag.id } }] }), ['Bob']);
	assert.deepEqual(await find({ owner_id: null }), ['Bob']);
	assert.deepEqual(await find({ not: { owner_id: owner.agent.id } }), ['Bob']);
	assert.deepEqual(await find({ email: 'hello@cat.test' }), ['Cat Ltd']);
	assert.deepEqual(await find({ q: 'cat' }), ['Cat Ltd']);
	assert.deepEqual(await find({}), ['Ann', 'Bob', 'Cat Ltd']);
});

test('two requests that give the same address to two contacts: one of them is refused', async () => {
	const owner = await signUp();
	const address = someEmail('race');
	const answers = await Promise.all(['A', 'B', 'C', 'D'].map((first_name) => owner.post('/v1/contacts', { first_name, emails: [{ address }] })));
	assert.deepEqual(answers.map((a) => a.status).sort(), [201, 409, 409, 409]);
	assert.equal((await owner.get(`/v1/contacts?email=${address}`)).body.data.length, 1);
});

test('two requests that add an address to one contact: both are there, one is the first choice', async () => {
	const owner = await signUp();
	const contact = await make(owner, { first_name: 'A' });
	const answers = await Promise.all([1, 2, 3, 4].map((n) => owner.post('/v1/contact_emails', { contact_id: contact.id, address: `n${n}@x.test` })));
	assert.deepEqual(answers.map((a) => a.status), [201, 201, 201, 201]);
	const { emails } = await get(owner, contact);
	assert.deepEqual(addresses({ emails }).sort(), ['n1@x.test', 'n2@x.test', 'n3@x.test', 'n4@x.test']);
	assert.deepEqual(emails.map((e) => e.primary), [true, false, false, false]);
});

test('sources say where contacts come from', async () => {
	const owner = await signUp();
	const source = await make(owner, { name: 'Harbour fair' }, '/v1/sources');
	const contact = await make(owner, { first_name: 'A', source_id: source.id });
	assert.equal((await owner.get(`/v1/contacts/${contact.id}?expand=source`)).body.source.name, 'Harbour fair');
	assert.equal((await owner.patch(`/v1/sources/${source.id}`, { name: 'Fair' })).body.name, 'Fair');
	assert.equal((await owner.get(`/v1/sources/${source.id}`)).body.name, 'Fair');
	assert.ok((await owner.get('/v1/sources')).body.data.some((s) => s.id === source.id));
	assert.equal((await owner.delete(`/v1/sources/${source.id}`)).status, 204);
	assert.equal((await owner.post(`/v1/sources/${source.id}/restore`)).status, 200);
});
