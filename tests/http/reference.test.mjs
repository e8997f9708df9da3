// /docs: the reference of the API says what the API document says, and nothing is changed by a browser's session alone.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { api } from '../harness.mjs';
import { signUp } from './company.mjs';

let owner, document, operations;
before(async () => {
	owner = await signUp();
	document = (await owner.get('/v1/openapi.json')).body;
	operations = Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, one]) => ({ ...one, path, method: method.toUpperCase() })));
});

const cookie = (who) => `muster_session=${who.token}`;
const look = (path, who = owner) => api(owner.url).get(path, { cookie: cookie(who), accept: 'text/html' });
// The operations that a page of the overview leads to.
const found = async (path) => [...(await look(path)).text.matchAll(/href="\/docs\/\w+#(\w+)"/g)].map(([, name]) => name).sort();

test('the overview leads to every operation', async () => {
	assert.deepEqual(await found('/docs'), operations.map((one) => one.operationId).sort());
});

test('words find operations by name, path, text and permission, and all of them must occur', async () => {
	assert.deepEqual(await found('/docs?q=deals/{id}/WIN'), ['deals_win']);
	assert.deepEqual(await found('/docs?q=restore+teams/{id}'), ['teams_restore']);
	assert.deepEqual(await found('/docs?q=roles.edit'), operations.filter((one) => one['x-permission'] === 'roles.edit').map((one) => one.operationId).sort());
	assert.match((await look('/docs?q=nothing+like+this')).text, /No operation has these words/);
});

test('the page of a group has each of its operations with all that the document says of it', async () => {
	const text = (html) => html.replace(/<[^>]*>/g, '').replaceAll('&#39;', "'").replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
	for (const { name } of document.tags) {
		const page = await look(`/docs/${name}`);
		assert.equal(page.status, 200, `${name}: ${page.text}`);
		for (const one of operations.filter(({ tags }) => tags[0] === name)) {
			const [article] = new RegExp(`<article[^>]* id="${one.operationId}".*?</article>`, 's').exec(page.text) ?? assert.fail(`${one.operationId} is not there`);
			const said = text(article);
			const parameters = one.parameters.map((parameter) => (parameter.$ref ? document.components.parameters[parameter.$ref.split('/').pop()] : parameter).name);
			const body = Object.values(one.requestBody?.content ?? {})[0]?.schema.$ref;
			const members = body ? Object.keys(document.components.schemas[body.split('/').pop()].properties) : [];
			const permission = { anyone: 'Needs no login', signed_in: 'Any login' }[one['x-permission']] ?? `${one['x-permission']}: all`;
			for (const what of [one.summary, one.method, one.path, permission, ...parameters, ...members, ...Object.keys(one.responses).filter((status) => status !== '304'), 'curl '])
				assert.ok(said.includes(what), `${one.operationId} does not say ${what}`);
			assert.equal(article.includes('>Live<'), one['x-live'], one.operationId);
		}
		for (const [, shape] of page.text.matchAll(/href="#(shape-\w+)"/g)) assert.ok(page.text.includes(` id="${shape}"`), `${name}: there is no ${shape}`);
		assert.doesNotMatch(page.text, /undefined|\(null\)/);
	}
});

test('a group that there is not is not found, and a stranger logs in first', async () => {
	assert.equal((await look('/docs/nothing')).status, 404);
	const answer = await api(owner.url).get('/docs', { accept: 'text/html' });
	assert.deepEqual([answer.status, answer.headers.get('location')], [303, '/login?next=/docs']);
});

test('a call that changes something needs the token of a page beside the session of the browser', async () => {
	const csrf = async (who) => /name="_csrf" value="([^"]+)"/.exec((await look('/docs', who)).text)[1];
	const other = await signUp();
	const token = await csrf(owner), make = (headers) => api(owner.url).post('/v1/tags', { name: 'Tried' }, { cookie: cookie(owner), ...headers });
	for (const headers of [{}, { 'x-csrf-token': '' }, { 'x-csrf-token': await csrf(other) }, { 'x-csrf-token': token, origin: 'https://evil.example' },
		{ 'x-csrf-token': token, 'sec-fetch-site': 'cross-site' }, { 'x-csrf-token': token, 'sec-fetch-site': 'same-site' }])
		assert.equal((await make(headers)).status, 401, JSON.stringify(headers));
	assert.deepEqual((await owner.get('/v1/tags')).body.data, []);
	const made = await make({ 'x-csrf-token': token, origin: owner.url, 'sec-fetch-site': 'same-origin' });
	assert.equal(made.status, 201, made.text);
	// The token is that of one session: with no cookie, or another's, it is worth nothing.
	assert.equal((await make({ cookie: '', 'x-csrf-token': token })).status, 401);
	assert.equal((await make({ cookie: cookie(other), 'x-csrf-token': token })).status, 401);
});
