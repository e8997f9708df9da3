// Every order in which a list can be asked for is that of an index, so that a page costs the same in a company of any size. What lists
// there are, and by what they sort, is asked of the program: a new one is looked at by itself.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { build, login, startMuster, until } from '../harness.mjs';
import { database } from './company.mjs';
import { send } from './importing.mjs';

const LIMIT = 83; // rows on a page of this file, by which its statements are known
const ENOUGH = 1000; // rows from which on the server is to choose the index by itself

// Of its own: what others ask of the same server stands in its log, too.
let muster, owner;
before(async () => {
	muster = await startMuster();
	process.env.MUSTER_TEST_URL = muster.url;
	process.env.MUSTER_TEST_DATA = muster.dataDir;
});
after(() => muster?.stop());

// What the server would do for each of the statements.
function plans(statements) {
	const rows = database(statements.map((text) => `SELECT 'next'; EXPLAIN ${text};`).join(' '));
	return rows.reduce((all, row) => (row[0] === 'next' ? [...all, ''] : [...all.slice(0, -1), all.at(-1) + row.at(-1)]), []);
}

// [{ path, table, keys }] of the lists that sort: who asks for an order that there is not is told which there are.
async function lists() {
	const routes = execFileSync(join(build, 'muster'), ['emit', 'routes'], { encoding: 'utf8' });
	const { body } = await send(owner, 'contacts', 'First name\nYve\n');
	const all = [];
	for (const [, name, route] of routes.matchAll(/^(\w+)_list +query +GET (\S+)/gm)) {
		const path = route.replace('{import_id}', body.id);
		const { text } = await owner.get(`${path}?sort=nothing`);
		const told = /can be sorted by ([\w, ]+)/.exec(text);
		if (told) all.push({ path, table: name, keys: told[1].split(', ') });
	}
	return all;
}

// What the server was sent while `run` ran.
async function statementsOf(run) {
	const [[output, on]] = database('SELECT @@log_output, @@general_log');
	database("SET GLOBAL log_output = 'TABLE', GLOBAL general_log = 1");
	try {
		await run();
	} finally {
		database(`SET GLOBAL general_log = ${on}, GLOBAL log_output = '${output}'`);
	}
	return database(`SELECT argument FROM mysql.general_log WHERE command_type = 'Execute' AND argument LIKE '% LIMIT ${LIMIT + 1}'`).flat();
}

test('every order of every list is that of an index', async () => {
	owner = await login('owner@demo.test');
	const asked = (await lists()).flatMap((list) => list.keys.flatMap((key) => [key, `-${key}`].map((sort) => ({ ...list, key, sort }))));
	assert.ok(asked.length > 40, `only ${asked.length} orders`);
	const statements = [];
	const statementOf = ({ table, key, sort }) => {
		const order = `ORDER BY t.\`${key}\`${sort.startsWith('-') ? ' DESC' : ''},`;
		return statements.find((text) => text.includes(`FROM ${table} t`) && text.includes(order));
	};
	// The server's log is written beside what it does: what is not in it is asked for again.
	let missing;
	await until(async () => {
		missing = asked.filter((one) => !statementOf(one));
		statements.push(...(await statementsOf(async () => {
			for (const { path, sort } of missing) assert.equal((await owner.get(`${path}?sort=${sort}&limit=${LIMIT}`)).status, 200);
		})));
		return !missing.length;
	}, { ms: 60_000, what: 'every order in the log' }).catch((error) => {
		error.message += `: ${missing.map(({ path, sort }) => `${path} by ${sort}`).join(', ')}`;
		throw error;
	});
	const indexes = database("SELECT DISTINCT table_name, column_name, index_name FROM information_schema.statistics WHERE table_schema = 'muster'");
	const tables = [...new Set(asked.map(({ table }) => table))];
	const big = database(tables.map((table) => `SELECT '${table}' FROM ${table} HAVING COUNT(*) >= ${ENOUGH};`).join(' ')).flat();
	for (const one of asked) {
		const { table, key, sort } = one;
		const statement = statementOf(one);
		const forced = indexes.filter(([of, column]) => of === table && column === key)
			.map(([, , index]) => statement.replace(`FROM ${table} t`, `FROM ${table} t FORCE INDEX (${index})`));
		const [chosen, ...others] = plans([statement, ...forced]);
		assert.ok(others.some((plan) => !plan.includes('filesort')), `${table} cannot be read in the order of ${sort}`);
		if (big.includes(table)) assert.ok(!chosen.includes('filesort'), `${table} is sorted for ${sort}`);
	}
});
