// What an attacker would try, and must not get: rights of a namesake role of another company, words about hidden rows, answers of
// 500. Each test has companies of its own.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { api, musterUrl, until } from '../harness.mjs';
import { database, join, makeKey, makeRole, password, signUp, someEmail } from './company.mjs';
import { importFile, refusals } from './importing.mjs';

const revision = (role, company) =>
	Number(database(`SELECT revision FROM roles WHERE id = '${role}' AND company_id = '${company}'`)[0][0]);
const nobody = '01900000-0000-7000-8000-000000000001';

// What a company has, as its database holds it; what it only notes of its calls is left out.
const noted = ['sessions', 'idempotent_answers'];
function holdings(company) {
	const columns = database(`SELECT table_name, column_name FROM information_schema.columns
		WHERE table_schema = 'muster' AND table_name IN
		(SELECT table_name FROM information_schema.columns WHERE table_schema = 'muster' AND column_name = 'company_id')`);
	const tables = [...new Set(columns.map(([table]) => table))].filter((table) => !noted.includes(table));
	return tables.map((table) => {
		const texts = columns.filter(([of]) => of === table).map(([, column]) => `HEX(\`${column}\`)`);
		return [table, ...database(`SELECT COUNT(*), SUM(CRC32(CONCAT_WS('|', ${texts.join(', ')}))) FROM ${table} WHERE company_id = '${company}'`)[0]];
	});
}

test('a role of another company with the same id and revision gives nothing', async () => {
	const owner = await signUp(), attacker = await signUp();
	const role = await makeRole(owner, { 'contacts.view': 'own' });
	const agent = await join(owner, role.id);
	const all = (await attacker.get('/v1/me')).body.permissions;
	assert.equal((await attacker.post('/v1/roles', { id: role.id, name: 'Namesake' })).status, 201);
	await attacker.put(`/v1/roles/${role.id}/permissions`, { permissions: all });
	const next = revision(role.id, owner.company.id) + 1;
	for (let i = 0; revision(role.id, attacker.company.id) < next; i++)
		await attacker.put(`/v1/roles/${role.id}/permissions`, { permissions: { 'tags.view': i % 2 ? 'all' : 'none' } });
	const helper = await join(attacker, role.id);
	for (let i = 0; i < 20; i++) await helper.get('/v1/me'); // every worker knows it
	await owner.put(`/v1/roles/${role.id}/permissions`, { permissions: { 'tasks.view': 'own' } });
	assert.equal(revision(role.id, owner.company.id), revision(role.id, attacker.company.id));
	for (let i = 0; i < 10; i++) {
		const { permissions } = (await agent.get('/v1/me')).body;
		assert.deepEqual([permissions['contacts.view'], permissions['company.edit'], permissions['roles.edit']], ['own', 'none', 'none']);
		assert.equal((await agent.patch('/v1/company', { name: 'Taken' })).status, 403);
	}
});

test('nothing is told of a hidden contact by its address', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const address = someEmail('hidden');
	const hidden = (await owner.post('/v1/contacts', { kind: 'organisation', name: 'Hidden', emails: [{ address }] })).body;
	const answers = [];
	for (const body of [{ id: nobody }, { id: hidden.id }, { kind: 'person' }, { kind: 'organisation' }, { first_name: 'A' }, {}]) {
		const answer = await agent.put(`/v1/contacts/by/email/${address}`, body);
		answers.push([answer.status, answer.body.detail, answer.body.existing_id]);
	}
	assert.deepEqual(answers, answers.map(() => [409, 'a contact that you may not see has this address', undefined]));
	const others = [
		await agent.post('/v1/contacts', { first_name: 'A', emails: [{ address }] }),
		await agent.post('/v1/contacts', { id: hidden.id, kind: 'organisation', name: 'Hidden' }),
	];
	for (const answer of others) assert.deepEqual([answer.status, answer.body.existing_id], [409, undefined]);
	assert.equal((await owner.get(`/v1/contacts/${hidden.id}`)).body.name, 'Hidden');
	const mine = await agent.put(`/v1/contacts/by/email/${someEmail()}`, { first_name: 'Mine' });
	assert.equal(mine.status, 200);
});

test('the ids of another company lead nowhere, and change nothing', async () => {
	const owner = await signUp(), attacker = await signUp();
	const make = async (by, path, content) => (await by.post(path, content)).body.id;
	const contact = await make(owner, '/v1/contacts', { first_name: 'A', emails: [{ address: someEmail() }] });
	const deal = await make(owner, '/v1/deals', { title: 'D', contact_ids: [contact] });
	const subject = { object: 'contact', id: contact };
	const rows = {
		contacts: contact, deals: deal,
		tasks: await make(owner, '/v1/tasks', { title: 'T', subject }),
		notes: await make(owner, '/v1/notes', { body: 'N', subject }),
		tags: await make(owner, '/v1/tags', { name: 'T' }),
		teams: await make(owner, '/v1/teams', { name: 'T' }),
		roles: await make(owner, '/v1/roles', { name: 'R' }),
		agents: owner.agent.id,
		stages: (await owner.get('/v1/stages')).body.data[0].id,
	};
	const mine = await make(attacker, '/v1/contacts', { first_name: 'M' });
	const my_deal = await make(attacker, '/v1/deals', { title: 'M' });
	const before = holdings(owner.company.id);
	for (const [noun, id] of Object.entries(rows)) {
		const path = `/v1/${noun}/${id}`;
		const etag = (await owner.get(path)).headers.get('etag');
		assert.equal((await attacker.get(path, { 'if-none-match': etag })).status, 404, path);
		assert.equal((await attacker.delete(path, { 'if-match': etag })).status, 404, path);
		assert.equal((await attacker.patch(path, {}, { 'if-match': etag })).status, 404, path);
		const live = await attacker.post('/v1/live', { queries: [{ path, etag }], wait: 0 });
		assert.equal(live.body.changed[0].status, 404, path);
	}
	const refused = [
		['PATCH', `/v1/contacts/${mine}`, { owner_id: rows.agents }], ['PATCH', `/v1/contacts/${mine}`, { team_id: rows.teams }],
		['PATCH', `/v1/contacts/${mine}`, { tag_ids: [rows.tags] }], ['PATCH', `/v1/deals/${my_deal}`, { contact_ids: [contact] }],
		['PATCH', `/v1/deals/${my_deal}`, { stage_id: rows.stages }], ['POST', `/v1/deals/${my_deal}/move`, { stage_id: rows.stages }],
		['POST', '/v1/tasks', { title: 'x', subject }], ['POST', '/v1/notes', { body: 'x', subject }],
		['POST', '/v1/contact_emails', { contact_id: contact, address: someEmail() }],
		['POST', '/v1/deal_contacts', { deal_id: my_deal, contact_id: contact }],
		['POST', '/v1/contacts/tag', { ids: [mine], tag_id: rows.tags }], ['POST', '/v1/contacts/assign', { ids: [contact], owner_id: attacker.agent.id }],
		['POST', '/v1/invitations', { email: someEmail(), role_id: rows.roles }], ['POST', '/v1/roles', { name: 'x', copy_of: rows.roles }],
		['POST', '/v1/api_keys', { name: 'x', role_id: owner.roles.owner.id }], ['PATCH', `/v1/agents/${attacker.agent.id}`, { team_ids: [rows.teams] }],
		['PUT', `/v1/roles/${rows.roles}/permissions`, { permissions: { 'tags.view': 'all' } }], ['DELETE', `/v1/agents/${rows.agents}/sessions`],
		['GET', `/v1/timeline?contact_id=${contact}`], ['GET', `/v1/contacts/${contact}/deals`],
	];
	for (const [method, path, content] of refused) {
		const { status } = await attacker.request(method, path, content);
		assert.ok([404, 422].includes(status), `${method} ${path}: ${status}`);
	}
	assert.deepEqual(holdings(owner.company.id), before);
});

test('a web site is a web address', async () => {
	const owner = await signUp();
	const make = (website) => owner.post('/v1/contacts', { first_name: 'W', website });
	for (const bad of ['javascript:alert(1)', ' JaVaScRiPt:alert(1)', 'data:text/html,x', 'vbscript:x', '//evil.test', '\\\\evil.test', '/x'])
		assert.equal((await make(bad)).status, 422, bad);
	for (const good of ['https://example.com', 'HTTP://example.com:8080/a:b', 'www.example.com/x', null])
		assert.equal((await make(good)).status, 201, good);
});

test('bytes that are no text, and two texts, are nothing to search for', async () => {
	const owner = await signUp();
	for (const q of ['q=%ff', 'q=ada%ff', 'q=%c3', 'q=%ed%a0%80', 'q=%f4%90%80%80', 'q=%00', 'q=%zz', 'q=ada&q=smith'])
		for (const path of ['/v1/contacts', '/v1/search']) assert.equal((await owner.get(`${path}?${q}`)).status, 400, `${path}?${q}`);
	assert.equal((await owner.post('/v1/contacts/search', { where: { q: 5 } })).status, 400);
});

test('odd questions are answered', async () => {
	const owner = await signUp();
	for (const noun of ['contacts', 'deals', 'tasks', 'agents', 'api_keys', 'invitations', 'roles', 'contact_emails'])
		assert.equal((await owner.get(`/v1/${noun}?fields=`)).status, 200, noun);
	for (const query of ['fields=,', 'fields=nope', 'fields=id&fields=kind', 'expand=nope', 'sort=', 'sort=nope', 'cursor=AAAA', 'limit=0', 'limit=101', 'q=%00', 'q=%ff', 'nope=1'])
		assert.equal((await owner.get(`/v1/contacts?${query}`)).status, 400, query);
	const some = (n, condition) => ({ or: Array(n).fill(condition) });
	const words = { q: 'a b c d e f g h i j k l m n o p' };
	for (const [where, status] of [[some(12, { q: 'a' }), 200], [some(13, { q: 'a' }), 400], [some(2, some(20, words)), 400], [some(20, some(20, { kind: 'person' })), 200], [some(20, some(20, some(20, some(2, {})))), 200],
		[some(20, { id: Array(100).fill(nobody) }), 400], [some(20, some(20, some(20, { q: 'a' }))), 400]])
		assert.equal((await owner.post('/v1/contacts/search', { where })).status, status);
	const nested = (n) => `{"first_name":${'['.repeat(n)}${']'.repeat(n)}}`;
	const json = { 'content-type': 'application/json' };
	for (const body of [nested(31), nested(64), nested(5000), '[]', '{', '{}{}', '{"first_name":1e999}'])
		assert.ok([400, 415, 422].includes((await owner.post('/v1/contacts', body, json)).status), body.slice(0, 40));
});

test('a form needs the token of its own session, and goes nowhere else', async () => {
	const url = await musterUrl();
	const owner = await signUp(), other = await signUp();
	const cookie = (who) => `muster_session=${who.token}`;
	const token = async (who) => {
		const page = await api(url).get('/contacts/new', { cookie: cookie(who), accept: 'text/html' });
		return /name="_csrf" value="([^"]+)"/.exec(page.text)[1];
	};
	const good = await token(owner);
	const send = (operation, fields, headers) => api(url).post(`/do/${operation}`, new URLSearchParams(fields).toString(),
		{ 'content-type': 'application/x-www-form-urlencoded', cookie: cookie(owner), ...headers });
	const name = { first_name: 'Form' };
	for (const answer of [
		await send('contacts_create', name), await send('contacts_create', { ...name, _csrf: await token(other) }),
		await send('contacts_create', { ...name, _csrf: good }, { 'sec-fetch-site': 'cross-site' }),
		await send('contacts_create', { ...name, _csrf: good }, { 'sec-fetch-site': 'same-site' }),
		await send('contacts_create', { ...name, _csrf: good }, { origin: 'null' }),
		await send('contacts_create', { ...name, _csrf: good }, { origin: `${url}.evil.test` }),
		await send('contacts_create', name, { authorization: `Bearer ${owner.token}` }),
	]) assert.equal(answer.status, 403);
	assert.equal((await owner.get('/v1/contacts')).body.data.length, 0);
	for (const operation of ['demo_load', 'contacts_list', 'nope']) assert.equal((await send(operation, { _csrf: good })).status, 404, operation);
	for (const next of ['//evil.test', '/\\evil.test', 'https://evil.test', '/\tx', '/\r\nX: y', 'javascript:1', '{id}']) {
		const answer = await send('contacts_create', { ...name, _csrf: good, _next: next });
		assert.deepEqual([answer.status, answer.headers.get('location')], [303, '/'], next);
	}
});

test('what people type is text on every page', async () => {
	const word = `"'><script>xss()</script>{{me}}{{{csrf}}}<img src=x onerror=xss()>`;
	const owner = await signUp({ name: `C${word}` });
	const make = async (path, content) => {
		const answer = await owner.post(path, content);
		assert.equal(answer.status, 201, answer.text);
		return answer.body.id;
	};
	const tag = await make('/v1/tags', { name: word.slice(0, 40) });
	const contact = await make('/v1/contacts', { first_name: word, last_name: word, phones: [{ value: word.slice(0, 20) }], addresses: [{ street: word }], tag_ids: [tag] });
	const deal = await make('/v1/deals', { title: word, contact_ids: [contact] });
	for (const subject of [{ object: 'contact', id: contact }, { object: 'deal', id: deal }]) {
		await make('/v1/tasks', { title: word, description: word, subject });
		await make('/v1/notes', { body: word, subject });
		await make('/v1/activities', { kind: 'call', summary: word, body: word, subject });
	}
	const browser = api(owner.url);
	for (const path of ['/', '/contacts', `/contacts?q=${encodeURIComponent(word)}`, `/search?q=${encodeURIComponent(word)}`, `/contacts/${contact}`, `/contacts/${contact}/edit`, '/contacts/new',
		'/deals', '/deals/table', `/deals/${deal}`, `/deals/${deal}/edit`, '/deals/new', '/tasks', '/settings/team', '/settings/company', '/settings/roles',
		`/login?next=/${encodeURIComponent(word)}`, `/reset?token=${encodeURIComponent(word)}`, `/nothing/${encodeURIComponent('<script>xss()')}`]) {
		const page = await browser.get(path, { cookie: `muster_session=${owner.token}`, accept: 'text/html' });
		assert.ok(page.status < 500, path);
		assert.doesNotMatch(page.text, /<script>xss|<img src=x|\{"agent"|href="\s*javascript/, path);
	}
});

test('of many at once, one gets it', async () => {
	const owner = await signUp();
	const count = (answers, status) => answers.filter((answer) => answer.status === status).length;
	const second = await join(owner, owner.roles.owner.id);
	const demoted = await Promise.all([
		owner.patch(`/v1/agents/${second.agent.id}`, { status: 'suspended' }), second.patch(`/v1/agents/${owner.agent.id}`, { status: 'suspended' })]);
	assert.equal(count(demoted, 200), 1);
	const [by] = demoted[0].status === 200 ? [owner] : [second];
	const invited = await by.post('/v1/invitations', { email: someEmail(), role_id: owner.roles.agent.id });
	const token = new URL(invited.body.url).searchParams.get('token');
	const accepted = await Promise.all(Array.from({ length: 4 }, () =>
		api(by.url).post('/v1/invitations/accept', { token, full_name: 'A', password })));
	assert.deepEqual([count(accepted, 201), count(accepted, 404) + count(accepted, 409)], [1, 3]);
	const contact = (await by.post('/v1/contacts', { first_name: 'A' })).body.id;
	const match = { 'if-match': (await by.get(`/v1/contacts/${contact}`)).headers.get('etag') };
	const written = await Promise.all(Array.from({ length: 5 }, (_, i) => by.patch(`/v1/contacts/${contact}`, { first_name: `B${i}` }, match)));
	assert.deepEqual([count(written, 200), count(written, 412)], [1, 4]);
});

test('an import that a key starts may do no more than the key', async () => {
	const owner = await signUp();
	const imports = { 'imports.create': 'own', 'imports.view': 'own' };
	const hiring = await makeKey(owner, (await makeRole(owner, { ...imports, 'agents.create': 'all', 'agents.view': 'all', 'teams.create': 'all',
		'teams.edit': 'all', 'teams.view': 'all', 'roles.view': 'all' })).id);
	const evil = someEmail('evil');
	const hired = await importFile(hiring, 'agents', `full_name,email,role\nEvil,${evil},Owner\n`);
	assert.deepEqual([hired.created, hired.refused], [0, 1]);
	assert.match((await refusals(hiring, hired.id))[0][1], /more than you have/);
	assert.deepEqual(database(`SELECT id FROM agents WHERE email = '${evil}'`), []);

	const selling = await makeKey(owner, (await makeRole(owner, { ...imports, 'contacts.create': 'own', 'contacts.view': 'own' })).id);
	const address = someEmail('hidden');
	const hidden = (await owner.post('/v1/contacts', { first_name: 'Hidden', owner_id: null, emails: [{ address }] })).body;
	const sent = await importFile(selling, 'contacts', `first_name,email,job_title\nHidden,${address},Taken\nNew,${someEmail()},Boss\n`);
	assert.deepEqual([sent.state, sent.created, sent.updated, sent.refused], ['done', 1, 0, 1]);
	assert.equal((await owner.get(`/v1/contacts/${hidden.id}`)).body.job_title, null);

	const limited = await makeKey(owner, owner.roles.owner.id, { scopes: ['imports.create', 'imports.view', 'imports.delete', 'contacts.create', 'contacts.view'] });
	const undone = await limited.post(`/v1/imports/${sent.id}/undo`);
	assert.equal(undone.status, 202, undone.text);
	const state = async () => (await owner.get(`/v1/imports/${sent.id}`)).body.state;
	await until(async () => (await state()) !== 'undoing');
	assert.equal((await owner.get('/v1/contacts?q=New')).body.data.length, 1, 'a key that may not delete contacts deletes none');
});

test('a body that is no object stops nobody', async () => {
	const owner = await signUp();
	const browser = api(owner.url);
	const login = await browser.get('/login', { accept: 'text/html' });
	const cookie = login.headers.get('set-cookie').split(';')[0]; // a stranger's
	const [, csrf] = /name="_csrf" value="([^"]+)"/.exec(login.text);
	const waiting = owner.get('/v1/contacts', { 'if-none-match': (await owner.get('/v1/contacts')).headers.get('etag'), prefer: 'wait=4' });
	const json = { 'content-type': 'application/json' };
	for (const body of ['[]', '[1]', '1', '"x"', 'true', '[{"pages":[]}]']) {
		assert.equal((await browser.post('/live', body, { ...json, cookie, 'x-csrf-token': csrf })).status, 400, body);
		assert.equal((await owner.post('/v1/live', body, json)).status, 400, body);
	}
	for (const body of ['{"pages":[1]}', '{"pages":[[]],"wait":0}', '{"pages":{"0":{}},"wait":0}'])
		assert.equal((await browser.post('/live', body, { ...json, cookie, 'x-csrf-token': csrf })).status, 422, body);
	assert.equal((await waiting).status, 304, 'who waited waits on');
});

test('a short request makes no long answer', async () => {
	const { url } = await signUp();
	const json = { 'content-type': 'application/json' };
	const names = Array.from({ length: 50_000 }, (_, i) => `"${i.toString(36)}":1`);
	const unknown = await api(url).post('/v1/sessions', `{${names.join(',')}}`, json);
	assert.equal(unknown.status, 400);
	assert.equal(unknown.body.errors.length, 100);
	const many = await api(url).post('/v1/sessions', `{"email":[${Array(200_000).fill('{}').join(',')}]}`, json);
	assert.equal(many.status, 400, 'each part takes some hundred times its length to read');
	assert.match(many.body.detail, /parts/);
});

test('whoever loses power cannot take it back by an invitation sent before', async () => {
	const owner = await signUp();
	const second = await join(owner, owner.roles.owner.id);
	const invite = async (role) => new URL((await second.post('/v1/invitations', { email: someEmail(), role_id: role.id })).body.url).searchParams.get('token');
	const [high, low] = [await invite(owner.roles.owner), await invite(owner.roles.agent)];
	const hiring = await makeRole(owner, { ...(await owner.get(`/v1/roles/${owner.roles.agent.id}/permissions`)).body.permissions, 'agents.create': 'all', 'roles.view': 'all' });
	assert.equal((await owner.patch(`/v1/agents/${second.agent.id}`, { role_id: hiring.id })).status, 200);
	const accept = (token) => api(owner.url).post('/v1/invitations/accept', { token, full_name: 'A', password });
	assert.equal((await accept(high)).status, 403);
	assert.equal(database(`SELECT COUNT(*) FROM agents WHERE company_id = '${owner.company.id}'`)[0][0], '2');
	await owner.put(`/v1/roles/${hiring.id}/permissions`, { permissions: { 'agents.create': 'none' } });
	assert.equal((await accept(low)).status, 403);
	await owner.put(`/v1/roles/${hiring.id}/permissions`, { permissions: { 'agents.create': 'all', 'roles.view': 'all' } });
	assert.equal((await accept(low)).status, 201);
});

test('whether a contact is in a hidden deal is not told by a filter', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const contact = (await agent.post('/v1/contacts', { first_name: 'Seen' })).body.id;
	const hidden = (await owner.post('/v1/deals', { title: 'Hidden', contact_ids: [contact] })).body.id;
	const seen = (await agent.post('/v1/deals', { title: 'Seen', contact_ids: [contact] })).body.id;
	const of = async (who, deal) => (await who.get(`/v1/contacts?deal_id=${deal}`)).body.data.length;
	assert.deepEqual([await of(owner, hidden), await of(agent, hidden), await of(agent, seen)], [1, 0, 1]);
	const search = async (where) => (await agent.post('/v1/contacts/search', { where })).body.data.length;
	assert.deepEqual([await search({ not: { deal_id: hidden } }), await search({ not: { deal_id: seen } })], [1, 0]);
});

test('an event stream has no condition', async () => {
	const owner = await signUp();
	await owner.post('/v1/tags', { name: 'T' });
	const headers = { authorization: `Bearer ${owner.token}`, accept: 'text/event-stream', 'if-none-match': '*' };
	const stop = new AbortController();
	const stream = await fetch(`${owner.url}/v1/changes?since=0`, { headers, signal: stop.signal });
	assert.equal(stream.status, 200);
	const reader = stream.body.pipeThrough(new TextDecoderStream()).getReader();
	let text = '';
	const read = async (word) => {
		while (!text.includes(word)) text += (await reader.read()).value;
	};
	await read('"tags"');
	await owner.post('/v1/sources', { name: 'S' });
	await read('"sources"');
	stop.abort();
});

test('a form in place of JSON stops nobody', async () => {
	const owner = await signUp();
	const cookie = `muster_session=${owner.token}`;
	const page = await api(owner.url).get('/contacts/new', { cookie, accept: 'text/html' });
	const [, csrf] = /name="_csrf" value="([^"]+)"/.exec(page.text);
	const send = (operation, fields) => api(owner.url).post(`/do/${operation}`, fields,
		{ 'content-type': 'application/x-www-form-urlencoded', cookie, 'x-csrf-token': csrf, accept: 'application/json' });
	const [first, second] = [someEmail(), someEmail()];
	const made = await send('contacts_upsert', `email=${first}&emails[0][address]=${second}&first_name=Form`);
	assert.equal(made.status, 200, made.text);
	assert.deepEqual(made.body.emails.map(({ address }) => address).sort(), [first, second].sort());
	for (const list of ['emails=x', 'emails[]=x', 'emails[0]=x', 'emails[a]=x', 'emails[a][address]=x', 'emails[0][0]=x'])
		assert.ok([400, 422].includes((await send('contacts_upsert', `email=${someEmail()}&${list}`)).status), list);
});

test('a company with many questions does not keep the others waiting', async () => {
	const busy = await signUp(), calm = await signUp();
	const requests = 16;
	// One session may not have so many: it takes several.
	const sessions = [];
	while (sessions.length < 4) sessions.push(api(busy.url, (await api(busy.url).post('/v1/sessions', { email: busy.email, password })).body.token));
	let answered = 0;
	const watch = async (n) => {
		const who = sessions[n % sessions.length];
		const queries = Array.from({ length: 100 }, (_, i) => ({ path: `/v1/tags?limit=${i + 1}&created_since=20${10 + n}-01-01T00:00:00Z` }));
		for (const { index, etag } of (await who.post('/v1/live', { queries, wait: 0 })).body.changed) queries[index].etag = etag;
		return { answer: who.post('/v1/live', { queries, wait: 60 }).then((answer) => ({ answer, order: ++answered })) };
	};
	const all = [];
	for (let n = 0; n < requests; n++) all.push((await watch(n)).answer);
	const etag = (await calm.get('/v1/tags')).headers.get('etag');
	const waiting = calm.get('/v1/tags', { 'if-none-match': etag, prefer: 'wait=60' }).then((answer) => ({ answer, before: answered }));
	await until(async () => Number(/^muster_live_waiting (\d+)/m.exec((await api(calm.url).get('/metrics')).text)[1]) > requests);
	await busy.post('/v1/tags', { name: 'Busy' });
	await calm.post('/v1/tags', { name: 'Calm' });
	const { answer, before } = await waiting;
	assert.equal(answer.status, 200);
	assert.ok(before < requests / 2, `${before} of ${requests} came first`);
	for (const { answer } of await Promise.all(all)) assert.equal(answer.body.changed.length, 100);
});
