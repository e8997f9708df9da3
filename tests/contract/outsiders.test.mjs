// A client that nobody here wrote, as it comes from npm: types made by openapi-typescript for openapi-fetch. (Another one, Prism, stands
// between the tests over HTTP and the server: tests/harness.mjs.)

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { build, root } from '../harness.mjs';

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
