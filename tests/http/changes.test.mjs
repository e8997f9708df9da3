// The feed of changes: what changed after a version, of the rows that one may see.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sleep } from '../harness.mjs';
import { database, join, makeKey, makeRole, makeTeam, signUp } from './company.mjs';

const make = async (who, path, body) => {
	const answer = await who.post(path, body);
	assert.equal(answer.status, 201, answer.text);
	return answer.body;
};
const head = async (who) => (await who.get('/v1/contacts?limit=1')).body.version;
const feed = async (who, since) => {
	const answer = await who.get(`/v1/changes?since=${since}`);
	assert.equal(answer.status, 200, answer.text);
	return answer.body;
};
const told = ({ items }) => items.map((i) => `${i.kind} ${i.object}`);

test('what changed is told in its order, and the next time goes on from there', async () => {
	const owner = await signUp();
	const since = await head(owner);
	assert.deepEqual(await feed(owner, since), { items: [], next: since, has_more: false });
	const contact = await make(owner, '/v1/contacts', { first_name: 'A', emails: [{ address: 'a@x.test' }] });
	await owner.patch(`/v1/contacts/${contact.id}`, { job_title: 'B' });
	await owner.delete(`/v1/contacts/${contact.id}`);
	const first = await feed(owner, since);
	assert.deepEqual(told(first), ['created contacts', 'created contact_emails', 'updated contacts', 'deleted contacts', 'deleted contact_emails']);
	assert.deepEqual(first.items.map((i) => [i.version - since, i.n]), [[1, 0], [1, 1], [2, 0], [3, 0], [3, 1]]);
	const [created, , updated] = first.items;
	assert.deepEqual([created.row_id, created.agent_id, created.left, updated.fields], [contact.id, owner.agent.id, false, ['job_title']]);
	assert.equal(first.next, since + 3);
	assert.deepEqual((await feed(owner, first.next)).items, []);
	assert.equal((await feed(owner, since + 2)).items.length, 2);
	await owner.post(`/v1/contacts/${contact.id}/restore`);
	assert.deepEqual(told(await feed(owner, first.next)), ['restored contacts', 'restored contact_emails']);
});

test('what is about a row that is deleted or restored is told of one by one, to whoever sees it', async () => {
	const owner = await signUp();
	const role = await makeRole(owner, { 'contacts.view': 'own', 'deals.view': 'own', 'tasks.view': 'own', 'notes.view': 'own' });
	const [agent, other] = [await join(owner, role.id), await join(owner, role.id)];
	const firm = await make(owner, '/v1/contacts', { kind: 'organisation', name: 'Firm' });
	const contact = await make(owner, '/v1/contacts', { first_name: 'A', organisation_id: firm.id, owner_id: agent.agent.id });
	const deal = await make(owner, '/v1/deals', { title: 'D', organisation_id: firm.id });
	const names = new Map([[contact.id, 'contact'], [deal.id, 'deal']]);
	const about = async (path, name, object, body) => names.set((await make(owner, path, { ...body, subject: { object, id: object === 'deal' ? deal.id : contact.id } })).id, name);
	await about('/v1/tasks', "agent's task", 'contact', { title: 'T', assignee_id: agent.agent.id });
	await about('/v1/tasks', "other's task", 'contact', { title: 'T', assignee_id: other.agent.id });
	await about('/v1/tasks', "other's task on the deal", 'deal', { title: 'T', assignee_id: other.agent.id });
	await about('/v1/notes', "owner's note", 'contact', { body: 'N' });
	await about('/v1/activities', 'call', 'contact', { kind: 'call', summary: 'C' });
	const [id] = [...names].find(([, name]) => name === "agent's task");
	const since = await head(owner);
	const hears = async (who, kind, from = since) => (await feed(who, from)).items.filter((i) => names.has(i.row_id)).map((i) => {
		assert.deepEqual([i.kind, i.left, i.fields, i.agent_id], [kind, false, [], owner.agent.id]);
		return names.get(i.row_id);
	}).sort();

	await owner.delete(`/v1/contacts/${contact.id}`);
	const all = ["agent's task", 'call', 'contact', "other's task", "owner's note"];
	assert.deepEqual(await hears(owner, 'deleted'), all);
	assert.deepEqual(await hears(agent, 'deleted'), ["agent's task", 'contact']);
	assert.deepEqual(await hears(other, 'deleted'), ["other's task"], 'who does not see the contact');
	const deleted = await head(owner);
	await owner.post(`/v1/contacts/${contact.id}/restore`);
	assert.deepEqual(await hears(owner, 'restored', deleted), all);
	assert.deepEqual(await hears(other, 'restored', deleted), ["other's task"]);
	assert.deepEqual((await feed(other, since)).items.map((i) => [i.kind, i.version - since]), [['deleted', 1], ['restored', 2]], 'in their order');

	const restored = await head(owner);
	await owner.delete(`/v1/contacts/${firm.id}`);
	assert.deepEqual(await hears(owner, 'deleted', restored), [], 'neither a person nor a deal goes with its organisation');
	await owner.delete(`/v1/deals/${deal.id}`);
	assert.deepEqual(await hears(other, 'deleted', restored), ["other's task on the deal"]);

	const before = await head(owner);
	await owner.delete(`/v1/tasks/${id}`);
	await owner.delete(`/v1/contacts/${contact.id}`);
	await owner.post(`/v1/contacts/${contact.id}/restore`);
	assert.deepEqual((await feed(agent, before)).items.filter((i) => i.row_id === id).map((i) => i.kind), ['deleted'], 'a task that was deleted by itself does not come back');
});

test('a change that changed nothing is none', async () => {
	const owner = await signUp();
	const contact = await make(owner, '/v1/contacts', { first_name: 'A' });
	const since = await head(owner);
	await owner.patch(`/v1/contacts/${contact.id}`, { first_name: 'A' });
	assert.deepEqual(await feed(owner, since), { items: [], next: since, has_more: false });
});

test('who sees its own is told of its own, and of what it loses', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const since = await head(owner);
	const mine = await make(owner, '/v1/contacts', { first_name: 'A', owner_id: agent.agent.id });
	await make(owner, '/v1/contacts', { first_name: 'Not mine' });
	await make(owner, '/v1/deals', { title: 'Not mine' });
	const task = await make(owner, '/v1/tasks', { title: 'T', assignee_id: agent.agent.id });
	await make(owner, '/v1/notes', { body: 'N', subject: { object: 'contact', id: mine.id } });
	const first = await feed(agent, since);
	assert.deepEqual(told(first), ['created contacts', 'created tasks', 'created notes']);
	await owner.patch(`/v1/contacts/${mine.id}`, { owner_id: owner.agent.id });
	await owner.patch(`/v1/contacts/${mine.id}`, { job_title: 'Secret' });
	await owner.patch(`/v1/tasks/${task.id}`, { assignee_id: null });
	const second = await feed(agent, first.next);
	assert.deepEqual(second.items.map((i) => [i.kind, i.object, i.row_id, i.left, i.fields]), [
		['left', 'contacts', mine.id, true, null],
		['left', 'tasks', task.id, true, null],
	]);
	await owner.patch(`/v1/contacts/${mine.id}`, { owner_id: agent.agent.id });
	assert.deepEqual(told(await feed(agent, second.next)), ['entered contacts']);
	assert.equal((await feed(owner, since)).items.length, 9, 'the owner sees all of it');
});

test('who sees its team is told of rows of the team and of its members', async () => {
	const owner = await signUp();
	const [north, south] = [await makeTeam(owner), await makeTeam(owner)];
	const leader = await join(owner, owner.roles.team_leader.id, { team_ids: [north.id] });
	const member = await join(owner, owner.roles.agent.id, { team_ids: [north.id] });
	const other = await join(owner, owner.roles.agent.id, { team_ids: [south.id] });
	const since = await head(owner);
	const row = await make(owner, '/v1/contacts', { first_name: 'Of the team', team_id: north.id });
	await make(member, '/v1/contacts', { first_name: "A member's" });
	await make(other, '/v1/contacts', { first_name: "The other team's" });
	const first = await feed(leader, since);
	assert.deepEqual(told(first), ['created contacts', 'created contacts']);
	await owner.patch(`/v1/contacts/${row.id}`, { team_id: south.id });
	assert.deepEqual(told(await feed(leader, first.next)), ['left contacts']);
});

test('a note that is seen through its deal alone is told to who sees the deal', async () => {
	const owner = await signUp();
	const role = await makeRole(owner, { 'contacts.view': 'all', 'deals.view': 'own', 'notes.view': 'all' });
	const reader = await join(owner, role.id);
	const since = await head(owner);
	const contact = await make(owner, '/v1/contacts', { first_name: 'A' });
	const deal = await make(owner, '/v1/deals', { title: 'Hidden' });
	await make(owner, '/v1/notes', { body: 'On the deal', subject: { object: 'deal', id: deal.id } });
	const seen = await make(owner, '/v1/notes', { body: 'On the contact', subject: { object: 'contact', id: contact.id } });
	const items = (await feed(reader, since)).items.map((i) => [i.object, i.row_id]);
	assert.deepEqual(items, [['contacts', contact.id], ['notes', seen.id]]);
});

// Contacts are seen as one's own, deals all, so the log's owner alone does not tell who sees a note.
test('a note is told of to who could see it when it changed, whatever was moved since', async () => {
	const owner = await signUp();
	const role = await makeRole(owner, { 'contacts.view': 'own', 'deals.view': 'all', 'notes.view': 'all', 'activities.view': 'all' });
	const reader = await join(owner, role.id);
	const [theirs, mine] = [await make(owner, '/v1/contacts', { first_name: 'A' }), await make(owner, '/v1/contacts', { first_name: 'B', owner_id: reader.agent.id })];
	const note = (subject) => make(owner, '/v1/notes', { body: 'N', subject });
	const [hidden, seen] = [await note({ object: 'contact', id: theirs.id }), await note({ object: 'contact', id: mine.id })];
	const call = await make(owner, '/v1/activities', { kind: 'call', summary: 'C', subject: { object: 'contact', id: theirs.id } });
	const since = await head(owner);
	await owner.delete(`/v1/notes/${hidden.id}`);
	await owner.delete(`/v1/activities/${call.id}`);
	await owner.delete(`/v1/notes/${seen.id}`);
	await owner.patch(`/v1/contacts/${theirs.id}`, { owner_id: reader.agent.id });
	await owner.patch(`/v1/contacts/${mine.id}`, { owner_id: owner.agent.id });
	assert.deepEqual((await feed(reader, since)).items.map((i) => [i.kind, i.object, i.row_id]), [
		['deleted', 'notes', seen.id],
		['entered', 'contacts', theirs.id],
		['left', 'contacts', mine.id],
	]);
});

test('a note that a merge moves leaves or enters with whose contact it comes to, also where its row has to be asked for', async () => {
	const owner = await signUp();
	const role = await makeRole(owner, { 'contacts.view': 'own', 'deals.view': 'all', 'notes.view': 'all' });
	const reader = await join(owner, role.id);
	const contact = (by) => make(owner, '/v1/contacts', { first_name: 'A', owner_id: by.agent.id });
	const [theirs, mine, third] = [await contact(owner), await contact(reader), await contact(reader)];
	const { id } = await make(owner, '/v1/notes', { body: 'N', subject: { object: 'contact', id: mine.id } });
	const moved = async (stays, goes) => {
		const since = await head(owner);
		assert.equal((await owner.post(`/v1/contacts/${stays.id}/merge`, { from: goes.id })).status, 200);
		return (await feed(reader, since)).items.filter((i) => i.object === 'notes').map((i) => [i.kind, i.row_id]);
	};
	assert.deepEqual(await moved(theirs, mine), [['left', id]]);
	assert.deepEqual(await moved(third, theirs), [['entered', id]]);
});

test('of notes that only their author may see nobody else is told', async () => {
	const owner = await signUp();
	const role = await makeRole(owner, { 'contacts.view': 'all', 'deals.view': 'all', 'notes.view': 'own', 'notes.create': 'all' });
	const reader = await join(owner, role.id);
	const contact = await make(owner, '/v1/contacts', { first_name: 'A' });
	const since = await head(owner);
	const notes = [];
	for (const who of [owner, reader]) notes.push(await make(who, '/v1/notes', { body: 'N', subject: { object: 'contact', id: contact.id } }));
	for (const { id } of notes) await owner.delete(`/v1/notes/${id}`);
	assert.deepEqual((await feed(reader, since)).items.map((i) => [i.kind, i.row_id]), [['created', notes[1].id], ['deleted', notes[1].id]]);
});

test('who may not see an object is not told of it', async () => {
	const owner = await signUp();
	const role = await makeRole(owner, { 'tags.view': 'all' });
	const reader = await join(owner, role.id);
	const since = await head(owner);
	await make(owner, '/v1/contacts', { first_name: 'A' });
	await make(owner, '/v1/tags', { name: 'T' });
	assert.deepEqual(told(await feed(reader, since)), ['created tags']);
});

test('another company has another log', async () => {
	const [one, two] = [await signUp(), await signUp()];
	const since = await head(two);
	await make(one, '/v1/contacts', { first_name: 'A' });
	assert.deepEqual((await feed(two, since)).items, []);
});

test('who may see something else than before is told of which rows to read the list again', async () => {
	const owner = await signUp();
	const team = await makeTeam(owner);
	const agent = await join(owner, owner.roles.agent.id);
	const leader = await join(owner, owner.roles.team_leader.id, { team_ids: [team.id] });
	const rescoped = async (who, change) => {
		const since = await head(owner);
		assert.equal((await change()).status, 200);
		const { items, next } = await feed(who, since);
		assert.equal(next, await head(owner));
		const again = items.filter((i) => i.kind === 'rescoped');
		for (const item of again) assert.deepEqual([item.row_id, item.fields, item.left], [null, null, false]);
		return again.map((i) => i.object);
	};
	const all = await rescoped(agent, () => owner.put(`/v1/roles/${owner.roles.agent.id}/permissions`, { permissions: { 'contacts.view': 'all' } }));
	for (const object of ['contacts', 'deals', 'tasks', 'notes', 'tags', 'roles']) assert.ok(all.includes(object), object);
	assert.equal(new Set(all).size, all.length, 'each once');
	assert.deepEqual(await rescoped(agent, () => owner.patch(`/v1/agents/${agent.agent.id}`, { role_id: owner.roles.team_leader.id })), all);
	const theirs = await rescoped(leader, () => owner.patch(`/v1/agents/${agent.agent.id}`, { team_ids: [team.id] }));
	for (const object of ['contacts', 'deals', 'tasks', 'notes']) assert.ok(theirs.includes(object), object);
	assert.ok(!theirs.includes('tags'), 'everybody sees all of them');
	assert.deepEqual(await rescoped(leader, () => owner.patch(`/v1/agents/${agent.agent.id}`, { team_ids: [] })), theirs);
	assert.deepEqual(await rescoped(owner, () => owner.patch(`/v1/agents/${agent.agent.id}`, { team_ids: [team.id] })), [], 'who sees all sees no other rows');
	assert.deepEqual(await rescoped(owner, () => owner.put(`/v1/roles/${owner.roles.agent.id}/permissions`, { permissions: { 'contacts.view': 'own' } })), [], "another role's change is not mine");
});

test('a key is told of what to list again when its maker may do less', async () => {
	const owner = await signUp();
	const all = { 'contacts.view': 'all' };
	const reader = await makeRole(owner, all);
	const boss = await makeRole(owner, { ...all, 'api_keys.create': 'all', 'api_keys.view': 'all', 'roles.view': 'all' });
	const maker = await join(owner, boss.id);
	const key = await makeKey(maker, reader.id);
	await make(owner, '/v1/contacts', { first_name: 'Ann' });
	const since = await head(key);
	assert.deepEqual((await feed(key, since)).items, []);
	await owner.put(`/v1/roles/${boss.id}/permissions`, { permissions: { 'contacts.view': 'own' } });
	assert.deepEqual((await key.get('/v1/contacts')).body.data, []);
	assert.ok((await feed(key, since)).items.some((i) => i.kind === 'rescoped' && i.object === 'contacts'));
});

test('a version that the log does not have is gone', async () => {
	const owner = await signUp();
	const since = await head(owner);
	assert.equal((await owner.get(`/v1/changes?since=${since + 1}`)).status, 410);
	for (let i = 0; i < 3; i++) await make(owner, '/v1/tags', { name: `T${i}` });
	database(`DELETE FROM changes WHERE company_id = '${owner.company.id}' AND version <= ${since + 1};
		INSERT INTO trimmed_logs VALUES ('${owner.company.id}', ${since + 1})`); // as core/cleaning.c does
	assert.equal((await owner.get(`/v1/changes?since=${since}`)).status, 410);
	assert.equal((await feed(owner, since + 1)).items.length, 2, 'the last that was trimmed is enough');
	for (const query of ['', '?since=', '?since=-1', '?since=x', '?since=1&limit=5']) assert.equal((await owner.get(`/v1/changes${query}`)).status, 400, query);
});

test('a long log comes in pages that end with a version', async () => {
	const owner = await signUp();
	const since = await head(owner);
	for (let batch = 0; batch < 6; batch++) {
		const items = Array.from({ length: 100 }, (_, i) => ({ first_name: `${batch} ${i}` }));
		assert.equal((await owner.post('/v1/contacts/batch', { items })).status, 200);
	}
	const seen = [];
	let next = since, pages = 0;
	for (let more = true; more; pages++) {
		const page = await feed(owner, next);
		seen.push(...page.items.map((i) => i.row_id));
		assert.ok(page.next > next);
		next = page.next;
		more = page.has_more;
	}
	assert.equal(new Set(seen).size, 600);
	assert.equal(seen.length, 600);
	assert.equal(pages, 2);
	assert.equal(next, await head(owner));
});

test('a page of a long log tells nothing by what its reader may see since a later page', async () => {
	const owner = await signUp();
	const role = await makeRole(owner, { 'contacts.view': 'own', 'tags.view': 'all' });
	const [reader, other] = [await join(owner, role.id), await join(owner, role.id)];
	const theirs = await make(owner, '/v1/contacts', { first_name: 'A', owner_id: other.agent.id });
	const mine = await make(owner, '/v1/contacts', { first_name: 'B', owner_id: reader.agent.id });
	const since = await head(owner);
	await owner.delete(`/v1/contacts/${theirs.id}`);
	await owner.delete(`/v1/contacts/${mine.id}`);
	await make(owner, '/v1/tags', { name: 'T' });
	for (let batch = 0; batch < 6; batch++)
		await owner.post('/v1/contacts/batch', { items: Array.from({ length: 100 }, (_, i) => ({ first_name: `${batch} ${i}` })) });
	const before = await feed(reader, since);
	assert.equal(before.has_more, true);
	assert.deepEqual(before.items.map((i) => [i.kind, i.row_id]).slice(0, 1), [['deleted', mine.id]]);
	await owner.put(`/v1/roles/${role.id}/permissions`, { permissions: { 'contacts.view': 'all' } });
	const first = await feed(reader, since), second = await feed(reader, first.next);
	assert.deepEqual([told(first), first.has_more], [[], true]);
	assert.deepEqual(second.items.filter((i) => ['contacts', 'tags'].includes(i.object)).map((i) => [i.kind, i.object]), [['rescoped', 'contacts'], ['rescoped', 'tags']]);
	assert.equal(second.has_more, false);
});

test('a feed that waits is answered by the first change that one may see, and by no other', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const since = await head(owner);
	let answered = false;
	const waiting = agent.get(`/v1/changes?since=${since}`, { prefer: 'wait=20' }).then((answer) => {
		answered = true;
		return answer;
	});
	await sleep(300);
	const contact = await make(owner, '/v1/contacts', { first_name: 'Not yet' });
	await sleep(500);
	assert.equal(answered, false);
	await owner.patch(`/v1/contacts/${contact.id}`, { owner_id: agent.agent.id });
	const answer = await waiting;
	assert.equal(answer.status, 200);
	assert.deepEqual(told(answer.body), ['entered contacts']);
	assert.equal(answer.body.next, since + 2);
});
