// workflows.test.mjs: the short version of workflows.mjs, which says what is killed and what must be true then. SEED=... makes a run's choices
// again; `tests/chaos/run workflows` makes the long one.

import { test } from 'node:test';
import { workflows } from './workflows.mjs';

test('each run comes to its end once, and each of its effects, although what does them is killed and replaced', async (t) => {
	t.diagnostic(JSON.stringify(await workflows({ seed: process.env.SEED ?? String(Date.now() % 1_000_000), runs: 50, kills: 9, pause: 250, theft: 1 })));
});
