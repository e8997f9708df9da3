// The README's sample is the code that is compiled.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const read = (path) => readFileSync(join(root, path), 'utf8');
const block = (language) => new RegExp('```' + language + '\\n([^]*?)```').exec(read('README.md').split('## Add an operation')[1])[1].trim();

test('the C of "Add an operation" is fcgi-app/modules/sample.c', () => {
	assert.ok(read('fcgi-app/modules/sample.c').trim().endsWith(block('c')));
});

test('the SQL of "Add an operation" is sql/query/sample.sql', () => {
	assert.equal(read('sql/query/sample.sql').trim(), block('sql'));
});
