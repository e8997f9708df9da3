// chain_graphile.mjs: the chains of workflows.mjs on graphile-worker: each step is a job that writes its effect and asks for the next one, in
// one transaction. Arguments: how many chains, how many at a time. Prints the milliseconds from the start of the runner to the last step.

import { Logger, run, runMigrations } from 'graphile-worker';
import pg from 'pg';

const [chains, atOnce] = process.argv.slice(2).map(Number);
const pgPool = new pg.Pool({ connectionString: process.env.PG_URL, max: atOnce + 4 });
pgPool.on('error', console.error).on('connect', (client) => client.on('error', console.error));
const quiet = { logger: new Logger(() => () => {}) };
await runMigrations({ pgPool, ...quiet });
await pgPool.query(`SELECT graphile_worker.add_job('first', json_build_object('run', n)) FROM generate_series(1, $1) n`, [chains]);
let left = chains, end;
const all = new Promise((done) => { end = done; });
const step = (name, next) => async ({ run: n }, helpers) => {
	await helpers.withPgClient(async (client) => {
		await client.query('BEGIN');
		await client.query('INSERT INTO bench_effects (run, step) VALUES ($1, $2)', [n, name]);
		if (next) await client.query(`SELECT graphile_worker.add_job($1, json_build_object('run', $2::int))`, [next, n]);
		await client.query('COMMIT');
	});
	if (!next && --left === 0) end();
};
const began = performance.now();
const runner = await run({ pgPool, concurrency: atOnce, pollInterval: 1000, noHandleSignals: true, ...quiet,
	taskList: { first: step('first', 'second'), second: step('second', 'third'), third: step('third') } });
await all;
console.log(performance.now() - began);
await runner.stop();
await pgPool.end();
