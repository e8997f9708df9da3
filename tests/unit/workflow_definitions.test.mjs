// A run keeps the definition with which it was started, perhaps for months: so the steps of a definition are never changed, only added under
// a new number, and one that is taken away is taken away on purpose. Compares what `muster emit workflows` gives with the golden file.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '../..');
const build = process.env.BUILD_DIR ?? join(root, 'build-test');
const emitted = () => execFileSync(join(build, 'muster'), ['emit', 'workflows'], { encoding: 'utf8' });

const definitions = (text) => new Map(text.trim().split('\n').filter(Boolean).map((line) => [line.split(' ')[0], line]));

// What is wrong with the way from one list of definitions to another, for people.
function changes(before, after) {
	const now = definitions(after);
	return [...definitions(before)].filter(([name, line]) => now.get(name) !== line).map(([name]) => now.has(name)
		? `${name}: its steps differ, and runs are on their way with it: add a definition with the next number, and keep this one`
		: `${name} is gone: take it away when \`muster doctor\` shows no run of it`);
}

test('no definition of a workflow has changed', () => {
	assert.deepEqual(changes(readFileSync(join(root, 'tests/golden/workflows.txt'), 'utf8'), emitted()), []);
});

test('other steps under the same number are refused', () => {
	const before = 'mail_send/1 lane=mail send(outside)\nwelcome/1 lane=inside first second\n';
	assert.deepEqual(changes(before, before), []);
	assert.deepEqual(changes(before, `${before}welcome/2 lane=inside first third\n`), []);
	assert.match(changes(before, before.replace('second', 'third')).join(), /^welcome\/1: its steps differ/);
	assert.match(changes(before, before.replace('(outside)', '')).join(), /^mail_send\/1: its steps differ/);
	assert.match(changes(before, before.split('\n')[0]).join(), /^welcome\/1 is gone/);
});
