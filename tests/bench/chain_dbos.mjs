// chain_dbos.mjs: the chains of workflows.mjs on DBOS: a workflow of three steps, each of which writes its effect. Arguments: how many chains,
// how many at a time. Prints the milliseconds from the first start to the last end.

import { DBOS } from '@dbos-inc/dbos-sdk';
import pg from 'pg';

const [chains, atOnce] = process.argv.slice(2).map(Number);
const pool = new pg.Pool({ connectionString: process.env.PG_URL, max: atOnce });
const write = (n, step) => pool.query('INSERT INTO bench_effects (run, step) VALUES ($1, $2)', [n, step]);
const chain = DBOS.registerWorkflow(async (n) => {
	for (const name of ['first', 'second', 'third']) await DBOS.runStep(async () => void await write(n, name), { name });
}, { name: 'chain' });
DBOS.setConfig({ name: 'bench', systemDatabaseUrl: process.env.PG_URL, systemDatabasePoolSize: atOnce + 4, logLevel: 'error' });
await DBOS.launch();
let next = 0;
const began = performance.now();
await Promise.all(Array.from({ length: atOnce }, async () => {
	while (next < chains) await chain(next++);
}));
console.log(performance.now() - began);
await DBOS.shutdown();
await pool.end();
