// What must be refused: each gets a clear problem, and nothing changes.

import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { before, beforeEach, afterEach, test } from 'node:test';
import { signUp, someEmail } from './company.mjs';

let owner, contact, stage, version;
const path = () => `/v1/contacts/${contact.id}`;
const head = async () => (await owner.get('/v1/tags?limit=1')).body.version;

before(async () => {
	owner = await signUp();
	contact = (await owner.post('/v1/contacts', { first_name: 'Kept', employees: null })).body;
	[stage] = (await owner.get('/v1/stages?sort=position')).body.data;
});
beforeEach(async () => {
	version = await head();
});
afterEach(async () => {
	assert.equal(await head(), version, 'nothing changed');
});

function isProblem(answer, status, pointer, code) {
	assert.equal(answer.status, status, answer.text);
	assert.match(answer.headers.get('content-type'), /^application\/problem\+json/);
	const { body } = answer;
	assert.equal(body.status, status);
	for (const member of ['type', 'title', 'request_id']) assert.equal(typeof body[member], 'string', member);
	assert.equal(body.request_id, answer.headers.get('x-request-id'));
	// What nginx refuses by itself names no instance.
	if (status !== 413) assert.ok(body.instance.startsWith('/'));
	if (pointer) assert.ok(body.errors.some((e) => e.pointer === pointer && (!code || e.code === code) && e.detail), answer.text);
}
// A body as it is, byte by byte.
const raw = (bytes, type = 'application/json', method = 'POST', to = '/v1/contacts') => owner.request(method, to, bytes, { 'content-type': type });

test('malformed JSON', async () => {
	for (const text of ['{', '{"first_name":"A"', '{first_name:"A"}', "{'first_name':'A'}", '{"first_name":"A",}', '{"first_name":"A"} x', '{"first_name":"A"}{}', 'nonsense', '[', '"',
		'{"first_name":"\\x41"}', '{"first_name":"\\ud800"}', '{"employees":01}', '{"employees":+1}', '{"employees":NaN}', '{"first_name":undefined}', '/**/{}', '\ufeff{"first_name":"A"}'])
		isProblem(await raw(text), 400);
});

test('JSON that is no object', async () => {
	for (const text of ['[]', '1', '"text"', 'true', 'null', '[{"first_name":"A"}]']) isProblem(await raw(text), 400);
});

test('a key that stands twice', async () => {
	isProblem(await raw('{"first_name":"A","first_name":"B"}'), 400);
	isProblem(await raw('{"first_name":"A","emails":[{"address":"a@x.test","address":"b@x.test"}]}'), 400);
});

test('invalid UTF-8 and NUL', async () => {
	const around = (bytes) => Buffer.concat([Buffer.from('{"first_name":"'), Buffer.from(bytes), Buffer.from('"}')]);
	for (const bytes of [[0xff], [0xc3], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0x80], [0xe2, 0x82], [0x00]]) isProblem(await raw(around(bytes)), 400);
	isProblem(await raw('{"first_name":"a\\u0000b"}'), 400);
	isProblem(await owner.get('/v1/contacts?q=%00'), 400);
	isProblem(await owner.get('/v1/contacts?q=%ff'), 400);
	isProblem(await owner.get('/v1/contacts?q=%zz'), 400);
	isProblem(await owner.get('/v1/contacts/%c3'), 400);
	assert.equal((await owner.get('/v1/contacts/%00')).status, 400, 'refused before it comes here');
	for (const control of ['\n', '\t', '\u0007', '\u007f', '\u001b[31m']) isProblem(await owner.post('/v1/contacts', { first_name: `a${control}b` }), 422, '/first_name', 'invalid');
});

test('nested deeper than anything here', async () => {
	isProblem(await raw(`{"first_name":${'['.repeat(64)}${']'.repeat(64)}}`), 400);
	isProblem(await raw(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`), 400);
});

test('a body of more than 1 MiB', async () => {
	const large = JSON.stringify({ first_name: 'x'.repeat(1_048_576) });
	isProblem(await raw(large), 413);
	isProblem(await raw(large, 'application/json', 'PATCH', path()), 413);
	isProblem(await raw(Buffer.alloc(3_000_000, 0x20)), 413);
});

test('another content type', async () => {
	for (const type of ['text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/jsonp', '']) isProblem(await raw('{"first_name":"A"}', type), 415);
	const latin = await raw('{"first_name":"A"}', 'text/json');
	isProblem(latin, 415);
});

test('wrong types', async () => {
	const wrong = async (body, pointer, to = '/v1/contacts') => {
		isProblem(await owner.post(to, body), 422, pointer);
		if (to === '/v1/contacts') isProblem(await owner.patch(path(), body), 422, pointer);
	};
	for (const value of [5, true, {}, ['A'], 1.5]) await wrong({ first_name: value }, '/first_name');
	for (const value of ['5', 1.5, true, [], {}, 1e30]) await wrong({ employees: value }, '/employees');
	for (const value of [5, 'x', {}, [], contact.id.slice(1), `${contact.id}0`]) await wrong({ owner_id: value }, '/owner_id');
	for (const value of ['2024-02-30', '2024-13-01', '24-01-01', '2024-1-1', 5, '2024-01-01T00:00:00Z', 'today']) await wrong({ birthday: value }, '/birthday');
	for (const value of ['a@x.test', {}, 5, [5], [null], ['a@x.test']]) await wrong({ emails: value }, Array.isArray(value) ? '/emails/0' : '/emails');
	for (const value of [5, {}, [5], ['x']]) await wrong({ tag_ids: value }, Array.isArray(value) ? '/tag_ids/0' : '/tag_ids');
	for (const value of ['yes', 1, 'true']) await wrong({ emails: [{ address: 'a@x.test', primary: value }] }, '/emails/0/primary');
	for (const value of ['2024-01-01', 5, '2024-01-01 00:00:00', '2024-01-01T25:00:00Z', '2024-01-01T00:00:00']) await wrong({ title: 'T', due_at: value }, '/due_at', '/v1/tasks');
	for (const value of ['5.00', 5, { amount: '5.00' }, { currency: 'EUR' }, { amount: '5.00', currency: 'EUR', more: 1 }, []]) await wrong({ title: 'T', amount: value }, '/amount', '/v1/deals');
	for (const amount of [5, '5,00', '5.001', '1e3', '', '-', '05', '10000000000000.00', 'NaN']) await wrong({ title: 'T', amount: { amount, currency: 'EUR' } }, '/amount/amount', '/v1/deals');
	for (const currency of ['eur', 'EURO', 'E', '', 5, 'E R']) await wrong({ title: 'T', amount: { amount: '5.00', currency } }, '/amount/currency', '/v1/deals');
	isProblem(await owner.post('/v1/contacts', { kind: 'robot' }), 422, '/kind', 'choice');
	isProblem(await owner.post('/v1/contacts', { kind: 1 }), 422, '/kind');
});

test('numbers that are out of range', async () => {
	for (const employees of [-1, 2_147_483_648, 9_007_199_254_740_993]) isProblem(await owner.patch(path(), { employees }), 422, '/employees');
	isProblem(await raw('{"employees":99999999999999999999999999}'), 400);
	for (const probability of [-1, 101]) isProblem(await owner.patch(`/v1/stages/${stage.id}`, { probability }), 422, '/probability', 'range');
});

test('texts that are too long, too short, or no addresses', async () => {
	isProblem(await owner.post('/v1/contacts', { first_name: 'x'.repeat(101) }), 422, '/first_name', 'too_long');
	isProblem(await owner.patch(path(), { job_title: '😀'.repeat(121) }), 422, '/job_title', 'too_long');
	isProblem(await owner.post('/v1/notes', { body: 'x'.repeat(70_000), subject: { object: 'contact', id: contact.id } }), 422, '/body');
	isProblem(await owner.post('/v1/tags', { name: '' }), 422, '/name', 'required');
	isProblem(await owner.post('/v1/tags', { name: '   ' }), 422, '/name', 'required');
	for (const address of ['', 'x', 'x@', '@x', 'a b@x.test', 'a@x@y.test', 'a@-x.test', `${'x'.repeat(250)}@x.test`, 'a@x..test', '<a@x.test>'])
		isProblem(await owner.post('/v1/contact_emails', { contact_id: contact.id, address }), 422, '/address');
});

test('unknown fields and parameters', async () => {
	isProblem(await owner.post('/v1/contacts', { first_name: 'A', nonsense: 1 }), 400, '/nonsense', 'unknown_field');
	isProblem(await owner.patch(path(), { nonsense: 1 }), 400, '/nonsense', 'unknown_field');
	for (const name of ['company_id', 'full_name', 'created_at', 'updated_at', 'deleted_at', 'live', 'tags', 'next_task_due_at', '__proto__', ''])
		isProblem(await owner.patch(path(), { [name]: 'x', ['x']: 1 }), 400, '/x');
	isProblem(await owner.request('PATCH', path(), '{"company_id":"x"}', { 'content-type': 'application/json' }), 400, '/company_id', 'unknown_field');
	isProblem(await owner.post('/v1/contacts?nonsense=1', { first_name: 'A' }), 400, '/nonsense', 'unknown_field');
	isProblem(await owner.get(`${path()}?nonsense=1`), 400, '/nonsense');
	isProblem(await owner.get(`${path()}?limit=1`), 400, '/limit');
	isProblem(await owner.delete(`${path()}?force=true`), 400, '/force');
});

test('every bad field is said at once', async () => {
	const answer = await owner.post('/v1/contacts', { first_name: 5, employees: 'x', kind: 'robot', emails: [{ address: 'nonsense' }, { address: 'a@x.test', type: 'moon' }], birthday: 'x' });
	isProblem(answer, 422);
	assert.deepEqual(answer.body.errors.map((e) => e.pointer).sort(), ['/birthday', '/emails/0/address', '/emails/1/type', '/employees', '/first_name', '/kind']);
});

test('what is required is missing or null', async () => {
	isProblem(await owner.post('/v1/deals', {}), 422, '/title', 'required');
	isProblem(await owner.post('/v1/deals', { title: null }), 422, '/title', 'required');
	isProblem(await owner.post('/v1/contact_emails', { address: 'a@x.test' }), 422, '/contact_id', 'required');
	isProblem(await owner.patch(`/v1/stages/${stage.id}`, { name: null }), 422, '/name');
	isProblem(await owner.request('POST', '/v1/deals', undefined), 422, '/title', 'required');
});

test('ids that there are not', async () => {
	const other = await signUp();
	const foreign = (await other.post('/v1/contacts', { first_name: 'Foreign' })).body;
	const nowhere = '01890000-0000-7000-8000-000000000001';
	for (const id of [foreign.id, nowhere]) {
		for (const answer of [await owner.get(`/v1/contacts/${id}`), await owner.patch(`/v1/contacts/${id}`, { first_name: 'X' }), await owner.delete(`/v1/contacts/${id}`), await owner.post(`/v1/contacts/${id}/restore`)])
			isProblem(answer, 404);
		isProblem(await owner.patch(path(), { organisation_id: id }), 422, '/organisation_id', 'not_found');
	}
	for (const id of ['x', '1', `${contact.id}x`, contact.id.replaceAll('-', ''), '%20', 'null']) isProblem(await owner.get(`/v1/contacts/${id}`), 404);
	for (const id of ['..%2f..', '%2e%2e', 'a%2fb']) assert.ok([400, 404].includes((await owner.get(`/v1/contacts/${id}`)).status), id);
	assert.equal((await owner.get(`/v1/contacts/${contact.id.toUpperCase()}`)).status, 200, 'capital letters are the same id');
	assert.equal((await other.get(`/v1/contacts/${foreign.id}`)).body.first_name, 'Foreign');
});

test('addresses and methods that there are not', async () => {
	for (const to of ['/v1/nonsense', '/v1', '/v1/', '/v1/contacts/', `${path()}/nonsense`, '/v1/Contacts', '/v1//contacts', '/v2/contacts']) {
		const answer = await owner.get(to);
		assert.equal(answer.status, 404, to);
	}
	for (const [method, to, allow] of [['PUT', '/v1/contacts', ['GET', 'POST']], ['DELETE', '/v1/contacts', ['GET', 'POST']], ['POST', path(), ['GET', 'PATCH', 'DELETE']], ['PUT', path(), ['GET', 'PATCH', 'DELETE']],
		['GET', '/v1/contacts/assign', ['POST']]]) {
		const answer = await owner.request(method, to, method === 'GET' ? undefined : {});
		if (method === 'GET') {
			assert.ok(answer.status === 405 || answer.status === 404, answer.text);
			continue;
		}
		isProblem(answer, 405);
		for (const one of allow) assert.match(answer.headers.get('allow'), new RegExp(`\\b${one}\\b`));
		assert.doesNotMatch(answer.headers.get('allow'), new RegExp(`\\b${method}\\b`));
	}
});

test('a condition that does not hold any more', async () => {
	const fresh = (await owner.post('/v1/contacts', { first_name: 'Fresh' })).body;
	const to = `/v1/contacts/${fresh.id}`;
	const etag = (await owner.get(to)).headers.get('etag');
	assert.equal((await owner.patch(to, { first_name: 'Second' }, { 'if-match': etag })).status, 200);
	const current = (await owner.get(to)).headers.get('etag');
	assert.notEqual(current, etag);
	version = await head();
	const stale = await owner.patch(to, { first_name: 'Third', job_title: null }, { 'if-match': etag });
	isProblem(stale, 412);
	assert.equal(stale.body.etag, current);
	assert.deepEqual(stale.body.differs, ['first_name']);
	assert.deepEqual(stale.body.errors, [{ pointer: '/first_name', code: 'changed', detail: 'is stored as "Second"' }]);
	isProblem(await owner.delete(to, { 'if-match': etag }), 412);
	isProblem(await owner.patch(to, { first_name: 'Third' }, { 'if-match': '"nonsense"' }), 412);
	isProblem(await owner.patch(to, { first_name: 'Third' }, { 'if-match': 'nonsense' }), 412);
	assert.equal((await owner.patch(to, { first_name: 'Second' }, { 'if-match': `"x", ${current}` })).status, 200);
	assert.equal((await owner.patch(to, { first_name: 'Second' }, { 'if-match': '*' })).status, 200);
	assert.equal((await owner.get(to)).body.first_name, 'Second');
});

test('a condition that nobody looks at', async () => {
	const role = (await owner.get('/v1/roles')).body.data.find((one) => one.name === 'Agent').id;
	const invited = await owner.post('/v1/invitations', { email: someEmail(), role_id: role });
	assert.equal(invited.status, 201, invited.text);
	version = await head();
	const match = { 'if-match': '"anything"' };
	isProblem(await owner.post('/v1/contacts', { first_name: 'Never' }, match), 400, '/If-Match');
	assert.equal((await owner.delete(`/v1/invitations/${invited.body.id}`, match)).status, 412, 'this one is looked at');
	isProblem(await owner.delete(`/v1/sessions/${(await owner.get('/v1/sessions')).body.data[0].id}`, match), 400, '/If-Match');
	isProblem(await owner.patch('/v1/me', { full_name: 'Never' }, match), 400, '/If-Match');
	assert.ok((await owner.get('/v1/invitations')).body.data.some((one) => one.id === invited.body.id));
});

// Requests that no client library sends.
function wire(text) {
	const { hostname, port } = new URL(owner.url);
	return new Promise((done, fail) => {
		let answer = '';
		const socket = connect(Number(port), hostname, () => socket.write(text));
		socket.setEncoding('latin1').on('data', (data) => (answer += data)).on('close', () => done(answer)).on('error', fail);
		socket.setTimeout(5000, () => socket.destroy());
	});
}

test('requests that are none', async () => {
	const headers = `Host: x\r\nAuthorization: Bearer ${owner.token}\r\nConnection: close\r\n`;
	const post = (rest) => wire(`POST /v1/contacts HTTP/1.1\r\n${headers}${rest}`);
	const status = (answer) => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0);
	assert.equal(status(await wire('nonsense\r\n\r\n')), 400);
	assert.equal(status(await post('Content-Type: application/json\r\nContent-Length: x\r\n\r\n')), 400);
	assert.ok([0, 400, 408].includes(status(await post('Content-Type: application/json\r\nContent-Length: 500\r\n\r\n{"first_name":"A"}'))), 'a body that is shorter than it says');
	assert.ok([400, 422, 415].includes(status(await post('Content-Type: application/json\r\nContent-Length: 5\r\n\r\n{"first_name":"A"}'))), 'or longer');
	assert.equal(status(await post('Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n')), 400);
	assert.equal(status(await wire(`GET /v1/contacts?q=${'x'.repeat(20_000)} HTTP/1.1\r\n${headers}\r\n`)), 414);
	assert.equal(status(await wire(`GET /v1/contacts HTTP/1.1\r\n${headers}X: ${'x'.repeat(40_000)}\r\n\r\n`)), 400);
	assert.equal(status(await wire(`NONSENSE /v1/contacts HTTP/1.1\r\n${headers}\r\n`)), 405);
	assert.equal(status(await wire(`GET /v1/../v1/contacts HTTP/1.1\r\n${headers}\r\n`)), 400, 'an address is taken as it stands');
});

test('after all that, what was there is as it was', async () => {
	assert.equal((await owner.get(path())).body.first_name, 'Kept');
});
