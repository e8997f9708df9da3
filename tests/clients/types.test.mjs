// The third wall against drift: programs that use the client do not compile when the contract is another one. And what the client weighs.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { before, test } from 'node:test';
import { build, root } from '../harness.mjs';
import { compile } from './compile.mjs';

// Each change, and what the compiler says of the programs then. The changes do not touch each other, so one run shows all.
const changes = {
	'a field that has another name now': [
		(text) => text.replaceAll('expected_close_on', 'closes_on').replaceAll('full_name', 'display_name'),
		/^web\/app\.ts:\d+: .*expected_close_on/, /^web\/app\.ts:\d+: .*full_name/, /^mobile\/app\.ts:\d+: .*full_name/,
	],
	'an operation that has another name now': [
		(text) => text.replace(/\bcomplete</, 'finish<').replace(/(deals: {[^}]*?\b)get</, '$1show<').replace(/'deals.get'/g, "'deals.show'"),
		/^web\/app\.ts:\d+: .*deals\.get/s, /^mobile\/app\.ts:\d+: Property 'complete' does not exist/,
	],
	'an input that is required now': [(text) => text.replace(/(interface TasksCreateInput {[^}]*?)due_at\?/, '$1due_at'), /^mobile\/app\.ts:\d+: .*due_at/s],
	'a value that there is no longer': [(text) => text.replaceAll("'open' | 'won' | 'lost'", "'open' | 'sold' | 'lost'"), /^mobile\/app\.ts:\d+: .*won/s],
	'an id of something else': [(text) => text.replace(/(interface DealsWinInput {\n.*\n\tid: )DealId/, '$1ContactId'), /^web\/app\.ts:\d+: .*DealId/s, /^mobile\/app\.ts:\d+: .*DealId/s],
	'another way to fail, for which a program has no sentence': [(text) => text.replace("'busy': 503;", "'busy': 503;\n\t'paused': 503;"), /^web\/app\.ts:\d+: Argument of type .*never/s],
};
let refused;
before(async () => {
	refused = await compile((text) => Object.values(changes).reduce((changed, [change]) => change(changed), text));
});

test('the web program and the mobile program compile', async () => assert.deepEqual(await compile(), []));

for (const [name, [, ...expected]] of Object.entries(changes))
	test(`a program does not compile for ${name}`, () => {
		for (const one of expected) assert.ok(refused.some((problem) => one.test(problem)), `${one} in:\n${refused.join('\n')}`);
	});

test('the client is smaller than 8 KB, and needs nothing else', (t) => {
	const { buildSync } = createRequire(join(root, 'templates/build.mjs'))('esbuild');
	const { outputFiles } = buildSync({ entryPoints: [join(build, 'client/index.js')], bundle: true, minify: true, format: 'esm', target: 'es2022', write: false });
	const size = gzipSync(outputFiles[0].contents, { level: 9 }).length;
	t.diagnostic(`the client: ${size} bytes compressed`);
	assert.ok(size < 8192, `${size} bytes`);
	assert.equal(JSON.parse(readFileSync(join(build, 'client/package.json'), 'utf8')).dependencies, undefined);
});
