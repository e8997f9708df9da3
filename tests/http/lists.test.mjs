// Lists: pages by cursor, sorting, filters, fields, expansions and totals, the same for every noun.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { join, signUp } from './company.mjs';

const make = async (who, path, body) => {
	const answer = await who.post(path, body);
	assert.equal(answer.status, 201, answer.text);
	return answer.body;
};
const list = async (who, path) => {
	const answer = await who.get(path);
	assert.equal(answer.status, 200, `${path}: ${answer.text}`);
	return answer.body;
};
// Every page from the first to the last.
async function pages(who, path) {
	const rows = [];
	for (let cursor = ''; cursor !== null; ) {
		const page = await list(who, `${path}${path.includes('?') ? '&' : '?'}${cursor && `cursor=${encodeURIComponent(cursor)}`}`);
		rows.push(...page.data);
		assert.equal(page.meta.has_more, page.meta.next_cursor !== null);
		cursor = page.meta.next_cursor;
	}
	return rows;
}

// Values that repeat, are missing, and sort otherwise than bytes do.
async function company() {
	const owner = await signUp();
	const last = ['Ångström', 'angstrom', 'Zuse', null, null, 'Öz', 'zuse', 'a', 'a', null];
	const batch = await owner.post('/v1/contacts/batch', { items: last.map((last_name, i) => ({ first_name: i % 2 ? 'Ann' : null, last_name })) });
	assert.ok(batch.body.results.every((r) => r.status === 201));
	const [pipeline] = (await owner.get('/v1/pipelines/stages')).body.data;
	for (const [i, title] of ['b', 'A', 'a', 'É', 'e', 'z'].entries()) {
		await make(owner, '/v1/deals', { title, stage_id: pipeline.stages[i % 3].id, expected_close_on: i % 3 ? `2030-01-0${i % 2 + 1}` : null });
		await make(owner, '/v1/tasks', { title, due_at: i % 3 ? `2030-01-0${i % 2 + 1}T00:00:00Z` : null, subject: { object: 'contact', id: batch.body.results[i].data.id } });
		await make(owner, '/v1/notes', { body: title, subject: { object: 'contact', id: batch.body.results[0].data.id } });
		await make(owner, '/v1/activities', { kind: 'call', summary: title, occurred_at: `2020-01-0${i % 2 + 1}T00:00:00Z`, subject: { object: 'contact', id: batch.body.results[0].data.id } });
		await make(owner, '/v1/tags', { name: `${title}${i}` });
		await make(owner, '/v1/contact_emails', { contact_id: batch.body.results[i % 2].data.id, address: `${i}@x.test` });
	}
	return { owner, contacts: batch.body.results.map((r) => r.data) };
}

const sorts = {
	contacts: ['updated_at', 'full_name', 'last_name', 'created_at', 'next_task_due_at'],
	deals: ['updated_at', 'title', 'created_at', 'expected_close_on'],
	tasks: ['due_at', 'updated_at'],
	notes: ['created_at'],
	activities: ['occurred_at'],
	tags: ['name'],
	sources: ['name'],
	agents: ['full_name', 'created_at'],
	pipelines: ['position'],
	stages: ['position'],
	contact_emails: ['created_at'],
};

test('under every order, both ways, with any size of page, every row comes exactly once', async () => {
	const { owner } = await company();
	for (const [noun, keys] of Object.entries(sorts))
		for (const key of [...keys, ...keys.flatMap((a) => keys.filter((b) => b !== a).map((b) => `${a},-${b}`))])
			for (const sort of [key, key.replace(/(^|,)(-?)/g, (_, comma, minus) => comma + (minus ? '' : '-'))]) {
				const whole = await pages(owner, `/v1/${noun}?sort=${sort}&limit=100`);
				assert.equal(new Set(whole.map((r) => r.id)).size, whole.length);
				for (const limit of [1, 2, 3])
					assert.deepEqual((await pages(owner, `/v1/${noun}?sort=${sort}&limit=${limit}`)).map((r) => r.id), whole.map((r) => r.id), `${noun} ${sort} ${limit}`);
			}
});

test('an order is that of people: case and accents do not part what belongs together; what is missing comes first', async () => {
	const { owner } = await company();
	const titles = async (sort) => (await pages(owner, `/v1/deals?sort=${sort}`)).map((d) => d.title.normalize('NFD')[0].toLowerCase());
	assert.deepEqual(await titles('title'), ['a', 'a', 'b', 'e', 'e', 'z']);
	assert.deepEqual(await titles('-title'), ['z', 'e', 'e', 'b', 'a', 'a']);
	const due = async (sort) => (await pages(owner, `/v1/tasks?sort=${sort}`)).map((t) => t.due_at?.slice(8, 10) ?? null);
	assert.deepEqual(await due('due_at'), [null, null, '01', '01', '02', '02']);
	assert.deepEqual(await due('-due_at'), ['02', '02', '01', '01', null, null]);
	const names = (await pages(owner, '/v1/contacts?sort=last_name')).map((c) => c.last_name).filter(Boolean).map((n) => n.normalize('NFD').replace(/[^a-z]/gi, '').toLowerCase());
	assert.deepEqual(names, ['a', 'a', 'angstrom', 'angstrom', 'oz', 'zuse', 'zuse']);
});

test('a page by cursor goes on where it was although rows come and go', async () => {
	const { owner } = await company();
	const first = await list(owner, '/v1/tags?sort=name&limit=3');
	await owner.delete(`/v1/tags/${first.data[2].id}`);
	await make(owner, '/v1/tags', { name: '0 comes before' });
	const next = await list(owner, `/v1/tags?sort=name&limit=100&cursor=${first.meta.next_cursor}`);
	assert.equal(next.data.length, 3);
	assert.ok(!next.data.some((t) => first.data.some((f) => f.id === t.id)));
});

test('a cursor holds for its own list, filters and order only', async () => {
	const { owner } = await company();
	const cursor = (await list(owner, '/v1/contacts?limit=2&kind=person')).meta.next_cursor;
	const refused = async (path) => {
		const answer = await owner.get(path);
		assert.equal(answer.status, 400, `${path}: ${answer.text}`);
		assert.equal(answer.body.errors[0].pointer, '/cursor');
	};
	await list(owner, `/v1/contacts?limit=5&kind=person&cursor=${cursor}`);
	await refused(`/v1/contacts?cursor=${cursor}`);
	await refused(`/v1/contacts?kind=organisation&cursor=${cursor}`);
	await refused(`/v1/contacts?kind=person&sort=full_name&cursor=${cursor}`);
	await refused(`/v1/contacts?kind=person&deleted=true&cursor=${cursor}`);
	await refused(`/v1/deals?cursor=${cursor}`);
	for (let i = 0; i < cursor.length; i += 7) {
		const tampered = cursor.slice(0, i) + (cursor[i] === 'A' ? 'B' : 'A') + cursor.slice(i + 1);
		if (tampered !== cursor) await refused(`/v1/contacts?kind=person&cursor=${tampered}`);
	}
	await refused('/v1/contacts?kind=person&cursor=nonsense');
	const other = await signUp();
	const foreign = await other.get(`/v1/contacts?kind=person&cursor=${cursor}`);
	assert.ok(foreign.status === 400 || foreign.body.data.length === 0);
});

test('filters take one value or several, null, and times from and to', async () => {
	const { owner, contacts } = await company();
	const agent = await join(owner, owner.roles.agent.id);
	await owner.patch(`/v1/contacts/${contacts[0].id}`, { owner_id: agent.agent.id });
	await owner.patch(`/v1/contacts/${contacts[1].id}`, { owner_id: null });
	const n = async (path) => (await list(owner, path)).data.length;
	assert.equal(await n(`/v1/contacts?owner_id=${agent.agent.id}`), 1);
	assert.equal(await n(`/v1/contacts?owner_id=${agent.agent.id},${owner.agent.id}`), 9);
	assert.equal(await n('/v1/contacts?owner_id=null'), 1);
	assert.equal(await n('/v1/contacts?owner_id='), 10, 'a select left at "any"');
	assert.equal(await n('/v1/contacts?kind=organisation'), 0);
	assert.equal(await n('/v1/contacts?created_since=2020-01-01T00:00:00Z&created_before=2021-01-01T00:00:00Z'), 0);
	assert.equal(await n('/v1/contacts?updated_since=2020-01-01'), 10);
	assert.equal(await n('/v1/deals?expected_close_since=2030-01-02'), 2);
	assert.equal(await n('/v1/deals?expected_close_before=2030-01-02'), 2);
	assert.equal(await n('/v1/deals?status=open,won'), 6);
	assert.equal(await n(`/v1/tasks?contact_id=${contacts[2].id}`), 1);
	assert.equal(await n(`/v1/tasks?contact_id=${contacts[2].id},${contacts[3].id}`), 2);
	assert.equal(await n('/v1/tasks?contact_id=null'), 0);
	const about = (object) => owner.post('/v1/tasks/search', { where: { subject: { object, id: contacts[2].id } } });
	assert.equal((await about('contact')).body.data.length, 1);
	assert.equal((await about('deal')).body.data.length, 0);
	assert.equal((await about('task')).status, 400);
	assert.equal(await n('/v1/contacts?email=3@x.test'), 1);
	assert.equal(await n('/v1/contact_emails?primary=true'), 2);
});

test('q finds all of its words, in names and e-mail addresses, and nothing is a wild card', async () => {
	const owner = await signUp();
	await make(owner, '/v1/contacts', { first_name: 'José', last_name: '100%_sure' });
	await make(owner, '/v1/contacts', { first_name: 'Grace', last_name: 'Hopper', emails: [{ address: 'grace@navy.test' }], phones: [{ value: '+1 555 0199' }] });
	const find = async (q) => (await list(owner, `/v1/contacts?q=${encodeURIComponent(q)}&sort=full_name`)).data.map((c) => c.first_name);
	assert.deepEqual(await find('jose'), ['José']);
	assert.deepEqual(await find('hop GRACE'), ['Grace']);
	assert.deepEqual(await find('grace lovelace'), []);
	assert.deepEqual(await find('navy'), ['Grace']);
	assert.deepEqual(await find('0199'), ['Grace']);
	assert.deepEqual(await find('_sure'), ['José']);
	assert.deepEqual(await find('%sur_'), ['José'], 'a word that is begun, among signs');
	assert.deepEqual(await find('s%re'), []);
	assert.deepEqual(await find('s_re'), []);
	assert.deepEqual(await find('   '), ['Grace', 'José']);
	assert.deepEqual(await find("'; DROP TABLE contacts; --"), []);
});

test('fields and expansions shape an answer', async () => {
	const owner = await signUp();
	const firm = await make(owner, '/v1/contacts', { kind: 'organisation', name: 'Firm' });
	const person = await make(owner, '/v1/contacts', { first_name: 'Ann', organisation_id: firm.id });
	assert.deepEqual(await list(owner, `/v1/contacts/${person.id}?fields=full_name,id`), { full_name: 'Ann', id: person.id });
	const { data } = await list(owner, '/v1/contacts?fields=id&expand=organisation,owner,team&kind=person');
	assert.deepEqual(Object.keys(data[0]), ['id', 'organisation', 'owner', 'team']);
	assert.deepEqual([data[0].organisation.full_name, data[0].owner.id, data[0].team], ['Firm', owner.agent.id, null]);
	assert.equal(data[0].organisation.company_id, undefined);
	for (const query of ['fields=nonsense', 'fields=company_id', 'fields=deleted_at', 'expand=nonsense', 'expand=company', 'expand=owner_id'])
		assert.equal((await owner.get(`/v1/contacts?${query}`)).status, 400, query);
	const agent = await join(owner, owner.roles.agent.id);
	await owner.patch(`/v1/contacts/${person.id}`, { owner_id: agent.agent.id });
	assert.equal((await list(agent, `/v1/contacts/${person.id}?expand=organisation`)).organisation, null, 'what may not be seen is not expanded');
});

test('what is deleted is not expanded, and what is about it is gone with it', async () => {
	const owner = await signUp();
	const firm = await make(owner, '/v1/contacts', { kind: 'organisation', name: 'Firm' });
	const person = await make(owner, '/v1/contacts', { first_name: 'Ann', organisation_id: firm.id });
	const task = await make(owner, '/v1/tasks', { title: 'T', subject: { object: 'contact', id: firm.id } });
	const seen = async () => {
		const about = await owner.get(`/v1/tasks/${task.id}?expand=subject`);
		return [(await list(owner, `/v1/contacts/${person.id}?expand=organisation`)).organisation?.full_name, about.status, about.body.subject_title];
	};
	assert.deepEqual(await seen(), ['Firm', 200, 'Firm']);
	assert.equal((await owner.delete(`/v1/contacts/${firm.id}`)).status, 204);
	assert.deepEqual(await seen(), [undefined, 404, undefined]);
	assert.equal((await list(owner, `/v1/contacts?expand=organisation&kind=person`)).data[0].organisation, null);
	assert.equal((await owner.post(`/v1/contacts/${firm.id}/restore`)).status, 200);
	assert.deepEqual(await seen(), ['Firm', 200, 'Firm']);
});

test('a filter by a row that one may not see finds nothing', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const ours = { owner_id: owner.agent.id }, theirs = { owner_id: agent.agent.id };
	const contact = await make(owner, '/v1/contacts', { first_name: 'Ann', ...theirs });
	const other = await make(owner, '/v1/contacts', { first_name: 'Bob', ...ours });
	const deal = await make(owner, '/v1/deals', { title: 'Secret', contact_ids: [contact.id], ...ours });
	const open = await make(owner, '/v1/deals', { title: 'Open', contact_ids: [contact.id, other.id], ...theirs });
	const ids = async (who, path) => (await list(who, path)).data.map((row) => row.id).sort();
	const search = async (who, noun, where) => {
		const answer = await who.post(`/v1/${noun}/search`, { where });
		assert.equal(answer.status, 200, answer.text);
		return answer.body.data.map((row) => row.id);
	};
	assert.deepEqual(await ids(owner, `/v1/contacts?deal_id=${deal.id}`), [contact.id]);
	assert.deepEqual(await ids(agent, `/v1/contacts?deal_id=${deal.id}`), []);
	assert.deepEqual(await ids(agent, `/v1/contacts?deal_id=${open.id}`), [contact.id]);
	assert.deepEqual(await ids(agent, `/v1/contacts?deal_id=${deal.id},${open.id}`), [contact.id]);
	assert.deepEqual(await search(agent, 'contacts', { deal_id: deal.id }), []);
	assert.deepEqual(await search(agent, 'contacts', { not: { deal_id: deal.id } }), [contact.id], 'nor does its contrary tell');
	assert.deepEqual(await ids(agent, `/v1/deals?contact_id=${other.id}`), []);
	assert.deepEqual(await ids(agent, `/v1/deals?contact_id=${contact.id}`), [open.id]);
	assert.deepEqual(await ids(agent, `/v1/deal_contacts?deal_id=${deal.id}`), []);
	for (const noun of ['notes', 'activities', 'tasks', 'timeline'])
		for (const query of [`deal_id=${deal.id}`, `contact_id=${other.id}`]) {
			const answer = await agent.get(`/v1/${noun}?${query}`);
			assert.ok(answer.status === 404 || answer.body.data?.length === 0, `${noun}?${query}: ${answer.text}`);
		}
	assert.equal((await owner.delete(`/v1/deals/${deal.id}`)).status, 204);
	assert.deepEqual(await ids(owner, `/v1/contacts?deal_id=${deal.id}`), [], 'a deleted one is none');
});

test('a total is counted when it is asked for', async () => {
	const { owner } = await company();
	assert.equal((await list(owner, '/v1/contacts?limit=2')).meta.total, undefined);
	assert.equal((await list(owner, '/v1/contacts?limit=2&include_total=true')).meta.total, 10);
	assert.equal((await list(owner, '/v1/contacts?limit=2&include_total=true&kind=organisation')).meta.total, 0);
	assert.equal((await list(await join(owner, owner.roles.agent.id), '/v1/contacts?include_total=true')).meta.total, 0);
});

test('a list is unchanged as long as its ETag is', async () => {
	const { owner } = await company();
	const first = await owner.get('/v1/contacts');
	const again = await owner.get('/v1/contacts', { 'if-none-match': first.headers.get('etag') });
	assert.deepEqual([again.status, again.text], [304, '']);
	await make(owner, '/v1/contacts', { first_name: 'New' });
	assert.equal((await owner.get('/v1/contacts', { 'if-none-match': first.headers.get('etag') })).status, 200);
	const agent = await join(owner, owner.roles.agent.id);
	const empty = await agent.get('/v1/contacts');
	assert.notEqual((await (await join(owner, owner.roles.agent.id)).get('/v1/contacts')).headers.get('etag'), empty.headers.get('etag'), 'of another reader');
});

test('what a list does not take is refused and named', async () => {
	const { owner } = await company();
	for (const [query, pointer] of [
		['nonsense=1', '/nonsense'], ['limit=0', '/limit'], ['limit=101', '/limit'], ['limit=x', '/limit'], ['sort=nonsense', '/sort'], ['sort=job_title', '/sort'],
		['sort=', '/sort'], ['kind=robot', '/kind'], ['owner_id=x', '/owner_id'], ['created_since=yesterday', '/created_since'], ['include_total=maybe', '/include_total'],
		['company_id=x', '/company_id'], ['deleted=2', '/deleted'], [`q=${'x'.repeat(201)}`, '/q'], [`owner_id=${Array(101).fill(owner.agent.id)}`, '/owner_id'],
		['sort=full_name,last_name,created_at,updated_at', '/sort'],
	]) {
		const answer = await owner.get(`/v1/contacts?${query}`);
		assert.equal(answer.status, 400, `${query}: ${answer.text}`);
		assert.equal(answer.body.errors[0].pointer, pointer, query);
	}
	const kept = await owner.get('/v1/workflow_runs?deleted=true');
	assert.deepEqual([kept.status, kept.body.errors?.[0].pointer], [400, '/deleted'], 'of rows that are gone when they are deleted');
	for (const body of [{ where: [] }, { where: { or: [] } }, { where: { xor: [{}] } }, { where: { not: [] } }, { where: { kind: 5 } }, { nonsense: 1 }, { limit: 'x' }, { sort: 5 },
		{ where: { and: Array(21).fill({ kind: 'person' }) } }, { where: Array(9).fill().reduce((inner) => ({ not: inner }), { kind: 'person' }) }]) {
		const answer = await owner.post('/v1/contacts/search', body);
		assert.ok(answer.status === 400 || answer.status === 422, `${JSON.stringify(body)}: ${answer.status}`);
	}
});
