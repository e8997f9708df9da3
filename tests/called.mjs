// called.mjs LOG OPERATIONS: fails when an operation with a route was never called. LOG is a Muster's log, OPERATIONS the output of
// `muster emit routes`.

import { readFileSync } from 'node:fs';

const [log, routes] = process.argv.slice(2).map((path) => readFileSync(path, 'utf8'));
const called = new Set();
for (const line of log.split('\n')) {
	if (!line.includes('"request"')) continue;
	const { operation, path } = JSON.parse(line);
	called.add(operation || path?.replace(/^\/do\//, ''));
}
const operations = routes.trim().split('\n').map((line) => line.split(/\s+/)).filter(([, , route]) => route !== '-').map(([name]) => name);
const missing = operations.filter((name) => !called.has(name));
console.log(`${operations.length - missing.length} of ${operations.length} operations were called${missing.length ? `; never: ${missing.join(', ')}` : ''}`);
process.exit(missing.length ? 1 : 0);
