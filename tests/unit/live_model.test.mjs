// The model of how the live process waits, tried in every interleaving; tests/live/run alone tries more.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const tests = dirname(dirname(fileURLToPath(import.meta.url)));

test('whoever waits arrives, and is sent nothing that was overtaken, in every order of events', () => {
	const said = execFileSync(join(tests, 'live/run'), ['0'], { encoding: 'utf8' });
	assert.match(said, /^nothing that was overtaken is sent: [1-9].* states$/m);
	assert.match(said, /^everybody arrives: [1-9].* states$/m);
});
