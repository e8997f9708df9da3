// Live queries against a model of what everybody may see: random clients, random writes, and everything killed at random moments. What is
// checked is said in readers.mjs. SEED=... makes a run's choices again; tests/chaos/run makes long runs.

import { test } from 'node:test';
import { storm } from './storm.mjs';

const faults = ['live', 'doorbell', 'worker', 'database', 'jobs', 'reload'];

test('everybody is told what is true for them and never anything else, also while processes and MariaDB are killed', () => storm({
	seed: process.env.SEED ?? String(Date.now() % 1_000_000), machines: 2, say: console.log,
	phases: [{ length: 3 }, { length: 4, faults: ['stall'], pause: 500 }, { length: 9, faults, pause: 1200 }],
}));
