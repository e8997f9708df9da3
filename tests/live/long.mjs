// long.mjs MINUTES [SEED]: runs of tests/live one after the other, each with its seed, until the time is over. Run it by tests/chaos/run.

import { storm } from './storm.mjs';

const minutes = Number(process.argv[2]), faults = ['live', 'worker', 'doorbell', 'database', 'jobs', 'reload', 'stall'];
let seed = Number(process.argv[3] || Date.now() % 1_000_000);
if (!(minutes > 0) || !Number.isInteger(seed)) throw new Error('usage: tests/chaos/run [MINUTES [SEED]]');

const shapes = [{ machines: 2 }, { writers: 6, each: 4 }, { machines: 2, companies: 4, writers: 2 }];
const sum = { steps: 0, writes: 0, answers: 0, faults: 0 };
for (let run = 0, end = Date.now() + minutes * 60_000; run === 0 || Date.now() < end; run++, seed++) {
	// Many silences: what was missed is seen before a later change covers it up.
	const calm = Array(4).fill({ length: 4 });
	const phases = [...calm, { length: 15, faults: ['stall'], pause: 1000 }, { length: 10, faults: ['live', 'doorbell'], pause: 600 }, ...calm,
		{ length: 30, faults, pause: 2500 }, ...calm];
	const counts = await storm({ seed: String(seed), phases, companies: 3, say: console.log, ...shapes[run % shapes.length] })
		.catch((error) => {
			console.error(error.message);
			process.exit(1);
		});
	for (const name of Object.keys(sum)) sum[name] += counts[name];
}
console.log(`in all ${sum.steps} steps, ${sum.writes} writes, ${sum.answers} answers, ${sum.faults} faults`);
