// Who sees and changes which rows: an owner, leaders of one and of two teams, agents, and another company, for every kind of row.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { join, makeKey, makeRole, makeTeam, signUp } from './company.mjs';

const make = async (who, path, body) => {
	const answer = await who.post(path, body);
	assert.equal(answer.status, 201, answer.text);
	return answer.body;
};

// north: leader (north), both (north and south), ann; south: both, bob; cleo is in no team.
let people, outsider, rows;
const owned = {
	contacts: { body: (name, owner_id, team_id) => ({ last_name: name, owner_id, team_id }), change: (n) => ({ job_title: `${n}` }) },
	deals: { body: (name, owner_id, team_id) => ({ title: name, owner_id, team_id }), change: (n) => ({ product: `${n}` }) },
	tasks: { body: (name, assignee_id) => ({ title: name, assignee_id }), change: (n) => ({ description: `${n}` }) },
};

before(async () => {
	const owner = await signUp();
	outsider = await signUp();
	const [north, south] = [await makeTeam(owner), await makeTeam(owner)];
	const { agent, team_leader } = owner.roles;
	people = {
		owner,
		leader: await join(owner, team_leader.id, { team_ids: [north.id] }),
		both: await join(owner, team_leader.id, { team_ids: [north.id, south.id] }),
		ann: await join(owner, agent.id, { team_ids: [north.id] }),
		bob: await join(owner, agent.id, { team_ids: [south.id] }),
		cleo: await join(owner, agent.id),
	};
	const { ann, bob, cleo } = people;
	rows = {};
	for (const [noun, { body }] of Object.entries(owned)) {
		const put = (name, ...whose) => make(owner, `/v1/${noun}`, body(name, ...whose));
		rows[noun] = {
			'of ann': await put('of ann', ann.agent.id, null),
			'of bob': await put('of bob', bob.agent.id, null),
			'of cleo': await put('of cleo', cleo.agent.id, null),
			'of nobody': await put('of nobody', null, null),
		};
		if (noun !== 'tasks') {
			rows[noun]['of north'] = await put('of north', null, north.id);
			rows[noun]['of cleo for south'] = await put('of cleo for south', cleo.agent.id, south.id);
		}
	}
});

const seen = {
	owner: ['of ann', 'of bob', 'of cleo', 'of nobody', 'of north', 'of cleo for south'],
	leader: ['of ann', 'of north'],
	both: ['of ann', 'of bob', 'of north', 'of cleo for south'],
	ann: ['of ann'],
	bob: ['of bob'],
	cleo: ['of cleo', 'of cleo for south'],
};
const name = (row) => row.last_name ?? row.title;

for (const noun of Object.keys(owned)) {
	test(`${noun}: each sees the rows of its scope and no others, in lists, totals, searches and one by one`, async () => {
		for (const [who, api] of Object.entries(people)) {
			const expected = seen[who].filter((n) => rows[noun][n]).sort();
			const { data, meta } = (await api.get(`/v1/${noun}?limit=100&include_total=true`)).body;
			assert.deepEqual(data.map(name).sort(), expected, who);
			assert.equal(meta.total, expected.length);
			assert.deepEqual((await api.post(`/v1/${noun}/search`, { where: { or: [{ q: 'of' }, { not: { q: 'of' } }] } })).body.data.map(name).sort(), expected, who);
			for (const [title, row] of Object.entries(rows[noun])) {
				const answer = await api.get(`/v1/${noun}/${row.id}`);
				assert.equal(answer.status, expected.includes(title) ? 200 : 404, `${who} ${title}`);
			}
		}
	});

	test(`${noun}: each changes, deletes and restores the rows of its scope and no others`, async () => {
		for (const [who, api] of Object.entries(people))
			for (const [title, row] of Object.entries(rows[noun])) {
				const mine = seen[who].includes(title);
				const path = `/v1/${noun}/${row.id}`;
				assert.equal((await api.patch(path, owned[noun].change(who))).status, mine ? 200 : 404, `${who} ${title}`);
				assert.equal((await api.delete(path)).status, mine ? 204 : 404, `${who} ${title}`);
				assert.equal((await api.post(`${path}/restore`)).status, mine ? 200 : 404, `${who} ${title}`);
			}
	});

	test(`${noun}: another company finds nothing and changes nothing`, async () => {
		assert.deepEqual((await outsider.get(`/v1/${noun}`)).body.data, []);
		for (const row of Object.values(rows[noun])) {
			const path = `/v1/${noun}/${row.id}`;
			const before = (await people.owner.get(path)).text;
			for (const answer of [await outsider.get(path), await outsider.patch(path, owned[noun].change('x')), await outsider.delete(path), await outsider.post(`${path}/restore`)])
				assert.equal(answer.status, 404);
			assert.equal((await people.owner.get(path)).text, before);
		}
	});
}

test('rows that stand under a contact are seen with it', async () => {
	const { owner, ann, bob, leader } = people;
	const contact = await make(owner, '/v1/contacts', { last_name: 'Parent', owner_id: ann.agent.id, emails: [{ address: 'parent@x.test' }], phones: [{ value: '1' }], addresses: [{ city: 'Rome' }] });
	const subject = { object: 'contact', id: contact.id };
	const note = await make(owner, '/v1/notes', { body: 'N', subject });
	const activity = await make(owner, '/v1/activities', { kind: 'call', summary: 'A', subject });
	const deal = await make(owner, '/v1/deals', { title: 'Parent', owner_id: ann.agent.id });
	const part = await make(owner, '/v1/deal_contacts', { deal_id: deal.id, contact_id: contact.id });
	const paths = [`notes/${note.id}`, `activities/${activity.id}`, `contact_emails/${contact.emails[0].id}`, `contact_phones/${contact.phones[0].id}`,
		`contact_addresses/${contact.addresses[0].id}`, `deal_contacts/${part.id}`];
	for (const path of paths) {
		const noun = path.split('/')[0], id = path.split('/')[1];
		for (const [who, status] of [[owner, 200], [ann, 200], [leader, 200], [bob, 404], [outsider, 404]]) {
			assert.equal((await who.get(`/v1/${path}`)).status, status, path);
			assert.equal((await who.get(`/v1/${noun}?limit=100`)).body.data.some((r) => r.id === id), status === 200, path);
			if (status === 404) {
				assert.equal((await who.delete(`/v1/${path}`)).status, 404, path);
				assert.equal((await who.patch(`/v1/${path}`, {})).status, 404, path);
			}
		}
	}
	await owner.delete(`/v1/contacts/${contact.id}`);
	await owner.delete(`/v1/deals/${deal.id}`);
});

test('who may not see a row cannot use its id', async () => {
	const { owner, ann } = people;
	const foreign = await make(outsider, '/v1/contacts', { kind: 'organisation', name: 'Foreign' });
	const hidden = await make(owner, '/v1/contacts', { kind: 'organisation', name: 'Hidden', owner_id: owner.agent.id });
	const [stage] = (await outsider.get('/v1/stages')).body.data;
	const [source] = (await outsider.get('/v1/sources')).body.data;
	for (const [body, pointer] of [
		[{ last_name: 'X', organisation_id: foreign.id }, '/organisation_id'],
		[{ last_name: 'X', source_id: source.id }, '/source_id'],
		[{ last_name: 'X', team_id: (await makeTeam(outsider)).id }, '/team_id'],
		[{ last_name: 'X', owner_id: outsider.agent.id }, '/owner_id'],
	]) {
		const answer = await owner.post('/v1/contacts', body);
		assert.equal(answer.status, 422, answer.text);
		assert.deepEqual(answer.body.errors.map((e) => [e.pointer, e.code]), [[pointer, 'not_found']]);
	}
	assert.equal((await owner.post('/v1/deals', { title: 'X', stage_id: stage.id })).status, 422);
	assert.equal((await ann.post('/v1/contacts', { last_name: 'X', organisation_id: hidden.id })).status, 422);
	assert.equal((await ann.post('/v1/deals', { title: 'X', organisation_id: hidden.id })).status, 422);
	assert.equal((await ann.post('/v1/contact_emails', { contact_id: hidden.id, address: 'x@x.test' })).status, 404);
	assert.equal((await ann.post('/v1/contacts/assign', { ids: [hidden.id], owner_id: ann.agent.id })).status, 404);
	assert.equal((await ann.get(`/v1/contacts/${hidden.id}/deals`)).status, 404);
	assert.equal((await ann.get(`/v1/contacts/${hidden.id}/summary`)).status, 404);
	const [other] = (await owner.get('/v1/contacts?q=of+bob')).body.data;
	for (const id of [foreign.id, hidden.id]) {
		const taken = await ann.post('/v1/contacts', { id, last_name: 'Mine?' });
		assert.ok(taken.status === 409 || (id === foreign.id && taken.status === 201), taken.text);
		assert.equal(taken.body.existing_id, undefined);
	}
	assert.equal((await ann.patch(`/v1/contacts/${other.id}`, { owner_id: ann.agent.id })).status, 404, 'nobody takes what it does not see');
	await owner.delete(`/v1/contacts/${hidden.id}`);
});

test('to whom one may give a row is a permission of its own', async () => {
	const { owner, leader, ann, bob } = people;
	const mine = await make(ann, '/v1/contacts', { last_name: 'Given' });
	const give = async (who, more) => (await who.patch(`/v1/contacts/${mine.id}`, more)).status;
	assert.equal(await give(ann, { owner_id: bob.agent.id }), 403);
	assert.equal(await give(ann, { owner_id: null }), 403);
	assert.equal(await give(leader, { owner_id: bob.agent.id }), 403, 'a leader gives within the team');
	assert.equal(await give(leader, { owner_id: leader.agent.id }), 200);
	assert.equal(await give(leader, { owner_id: ann.agent.id }), 200);
	assert.equal(await give(owner, { owner_id: bob.agent.id }), 200);
	assert.equal((await ann.post('/v1/contacts', { last_name: 'X', owner_id: bob.agent.id })).status, 403);
	assert.equal((await ann.get(`/v1/contacts/${mine.id}`)).status, 404, 'given away, it is out of sight');
	await owner.delete(`/v1/contacts/${mine.id}`);
});

test('a role sees one thing and changes another, each as far as it says', async () => {
	const { owner, ann } = people;
	const role = await makeRole(owner, { 'contacts.view': 'all', 'contacts.edit': 'own', 'contacts.create': 'own', 'agents.view': 'all' });
	const reader = await join(owner, role.id);
	const mine = await make(reader, '/v1/contacts', { last_name: 'Mine' });
	const theirs = rows.contacts['of ann'];
	assert.equal((await reader.patch(`/v1/contacts/${mine.id}`, { job_title: 'x' })).status, 200);
	assert.equal((await reader.get(`/v1/contacts/${theirs.id}`)).status, 200);
	assert.equal((await reader.patch(`/v1/contacts/${theirs.id}`, { job_title: 'x' })).status, 403, 'seen but not changed');
	assert.equal((await reader.delete(`/v1/contacts/${mine.id}`)).status, 403, 'no such permission at all');
	for (const path of ['/v1/deals', '/v1/tasks', '/v1/notes', '/v1/deals/board', '/v1/reports/deals?group_by=stage', '/v1/tags'])
		assert.equal((await reader.get(path)).status, 403, path);
	assert.equal((await ann.get('/v1/contacts')).status, 200);
	await owner.delete(`/v1/contacts/${mine.id}`);
});

test('without a login there is nothing', async () => {
	const { owner } = people;
	const { api } = await import('../harness.mjs');
	const nobody = api(owner.url);
	for (const path of ['contacts', 'deals', 'tasks', 'notes', 'activities', 'tags', 'sources', 'pipelines', 'stages', 'deals/board', 'changes?since=0', 'timeline', `contacts/${rows.contacts['of ann'].id}`]) {
		const answer = await nobody.get(`/v1/${path}`);
		assert.equal(answer.status, 401, path);
		assert.ok(answer.headers.get('www-authenticate'));
	}
	assert.equal((await nobody.post('/v1/contacts', { last_name: 'X' })).status, 401);
	assert.equal((await api(owner.url, 'nonsense').get('/v1/contacts')).status, 401);
});

test('a key does no more than its scopes', async () => {
	const { owner } = people;
	const key = await makeKey(owner, owner.roles.owner.id, { scopes: ['contacts.view'] });
	assert.equal((await key.get('/v1/contacts')).status, 200);
	assert.equal((await key.post('/v1/contacts', { last_name: 'X' })).status, 403);
	assert.equal((await key.get('/v1/deals')).status, 403);
});

test('a permission that is taken away is gone at once, and the page in hand is worth nothing', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const contact = await make(agent, '/v1/contacts', { last_name: 'Mine' });
	const etag = (await agent.get(`/v1/contacts/${contact.id}`)).headers.get('etag');
	const set = (level) => owner.put(`/v1/roles/${owner.roles.agent.id}/permissions`, { permissions: { 'contacts.view': level } });
	await set('none');
	assert.equal((await agent.get(`/v1/contacts/${contact.id}`, { 'if-none-match': etag })).status, 403);
	assert.equal((await agent.get('/v1/contacts')).status, 403);
	await set('own');
	const answer = await agent.get(`/v1/contacts/${contact.id}`, { 'if-none-match': etag });
	assert.equal(answer.status, 200);
	assert.notEqual(answer.headers.get('etag'), etag);
});
