// Clients that nobody here wrote, as they come from npm: types made by openapi-typescript for openapi-fetch, and Prism, which stands
// between a client and the server and checks every request and answer by the API document.

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { api, build, freePort, musterUrl, root, until } from '../harness.mjs';
import { join as joins, signUp } from '../http/company.mjs';

const run = promisify(execFile);
const bin = (name) => join(root, 'tests/node_modules/.bin', name);
let folder, document;

before(async () => {
	folder = await mkdtemp(join(root, 'tests/contract/.outsiders-')); // below tests, where its imports are found
	document = join(folder, 'openapi.json');
	const { stdout } = await run(join(build, 'muster'), ['emit', 'openapi'], { maxBuffer: 1 << 26 });
	await writeFile(document, stdout);
	await run(bin('openapi-typescript'), [document, '-o', join(folder, 'api.d.ts')]);
});
after(() => rm(folder, { recursive: true, force: true }));

// What `tsc --strict` says of a program; '' when nothing.
async function compile(name, text) {
	await writeFile(join(folder, `${name}.ts`), text);
	const options = ['--strict', '--noEmit', '--skipLibCheck', '--target', 'es2022', '--module', 'nodenext', '--moduleResolution', 'nodenext'];
	return run(bin('tsc'), [...options, join(folder, `${name}.ts`)]).then(() => '', ({ stdout }) => stdout);
}

const program = `
import createClient from 'openapi-fetch';
import type { paths, components } from './api.js';

export const client = createClient<paths>({ baseUrl: 'http://localhost:8080', headers: { Authorization: 'Bearer key' } });

export async function win(id: components['schemas']['DealId']): Promise<string> {
	const { data, error } = await client.POST('/v1/deals/{id}/win', {
		params: { path: { id } },
		body: { amount: { amount: '1250.00', currency: 'EUR' } },
	});
	if (error) throw new Error(error.detail ?? error.title);
	const status: 'open' | 'won' | 'lost' = data.status;
	return \`\${data.title}: \${status} at version \${data.version}\`;
}

export async function names(): Promise<string[]> {
	const { data } = await client.GET('/v1/contacts', { params: { query: { limit: 10, sort: ['-updated_at'], expand: ['owner'] } } });
	return data?.data.map((one) => \`\${one.full_name} (\${one.owner?.full_name ?? 'nobody'})\`) ?? [];
}
`;

test('a program with openapi-fetch compiles strictly', async () => {
	assert.equal(await compile('good', program), '');
});

test('one that asks for what there is not does not compile', async () => {
	const wrong = program
		.replace("'/v1/deals/{id}/win'", "'/v1/deals/{id}/wins'")
		.replace('one.full_name}', 'one.fullname}')
		.replace("sort: ['-updated_at']", "sort: ['nothing']");
	const said = await compile('bad', wrong);
	for (const what of ['wins', 'fullname', 'nothing']) assert.match(said, new RegExp(`${what}`), said);
});

// Prism between the tests and the server. It names what is not as the document says in the header sl-violations.
async function prism(t) {
	const port = await freePort();
	const proxy = spawn(process.execPath, [bin('prism'), 'proxy', document, await musterUrl(), '--port', port, '--validate-request', 'false'], { stdio: ['ignore', 'pipe', 'pipe'] });
	t.after(() => proxy.kill());
	let said = '';
	for (const stream of [proxy.stdout, proxy.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
	await until(() => /listening/.test(said), { ms: 60_000, what: `Prism: ${said}` });
	return `http://127.0.0.1:${port}`;
}

test('Prism finds no answer that is not as the document says', { timeout: 120_000 }, async (t) => {
	const url = await prism(t);
	const violations = [];
	const through = (who) => {
		const own = api(url, who.token);
		const request = async (...args) => {
			const answer = await own.request(...args);
			// What is wrong with a request is wrong on purpose here.
			for (const one of JSON.parse(answer.headers.get('sl-violations') ?? '[]'))
				if (one.location[0] === 'response') violations.push(`${args[0]} ${args[1]} ${answer.status}: ${one.location.join('/')} ${one.message}`);
			return answer;
		};
		return { get: (path, headers) => request('GET', path, undefined, headers), post: (path, body) => request('POST', path, body),
			patch: (path, body) => request('PATCH', path, body), delete: (path) => request('DELETE', path) };
	};
	const company = await signUp();
	const owner = through(company), stranger = through(await signUp());
	const agent = through(await joins(company, company.roles.agent.id));
	const contact = (await owner.post('/v1/contacts', { first_name: 'Ada', last_name: 'Lovelace', emails: [{ address: 'ada@muster.test' }] })).body;
	const deal = (await owner.post('/v1/deals', { title: 'Seats', amount: { amount: '10.00', currency: 'EUR' }, contact_ids: [contact.id] })).body;
	const statuses = [];
	const see = async (answer) => statuses.push((await answer).status);
	await see(owner.post('/v1/tasks', { title: 'Call', subject: { object: 'deal', id: deal.id } }));
	await see(owner.post('/v1/notes', { body: 'Early', subject: { object: 'contact', id: contact.id } }));
	for (const path of ['/v1/me', '/v1/company', '/v1/roles', '/v1/roles/matrix', '/v1/permissions', '/v1/agents', '/v1/pipelines/stages', '/v1/deals/board', '/v1/tasks',
		'/v1/sessions', `/v1/contacts/${contact.id}`, `/v1/contacts/${contact.id}/summary`, `/v1/contacts/${contact.id}/deals`, '/v1/contacts?expand=owner&limit=2',
		`/v1/timeline?contact_id=${contact.id}`, '/v1/reports/deals?group_by=stage', '/v1/changes?since=0'])
		await see(owner.get(path));
	const etag = (await owner.get(`/v1/deals/${deal.id}`)).headers.get('etag');
	await see(owner.get(`/v1/deals/${deal.id}`, { 'if-none-match': etag }));
	await see(owner.patch(`/v1/deals/${deal.id}`, { title: 'More seats' }));
	await see(owner.post(`/v1/deals/${deal.id}/win`, {}));
	await see(owner.post(`/v1/deals/${deal.id}/win`, {})); // a conflict
	await see(stranger.get(`/v1/deals/${deal.id}`)); // not found
	await see(agent.post('/v1/roles', { name: 'Mine' })); // forbidden
	await see(through({}).get('/v1/me')); // not logged in
	await see(owner.post('/v1/deals', { title: '' })); // not acceptable
	await see(owner.get('/v1/deals?no_such=1')); // malformed
	await see(owner.post('/v1/deals/search', { where: { or: [{ status: 'won' }, { not: { status: 'open' } }] } }));
	await see(owner.delete(`/v1/deals/${deal.id}`));
	await see(owner.post(`/v1/deals/${deal.id}/restore`, {}));
	assert.deepEqual(violations, []);
	assert.deepEqual([...new Set(statuses)].sort(), [200, 201, 204, 304, 400, 401, 403, 404, 409, 422]);
});
