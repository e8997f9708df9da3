// upgrade.test.mjs: a release with new permissions on the data of an older one (fcgi-app/core/new_permissions.c).

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { api, build, root, startMuster, until } from '../harness.mjs';

const muster = await startMuster({ empty: true });
after(() => muster.stop());

const sql = (text) => execFileSync('mariadb', ['--no-defaults', '-u', 'root', '-S', join(muster.dataDir, 'run/mariadb.sock'), '-N', '-B', 'muster', '-e', text], { encoding: 'utf8' });

async function company(name) {
	const { body, text } = await api(muster.url).post('/v1/companies',
		{ company_name: name, full_name: 'Olga Owner', email: `${name}@muster.test`, password: 'correct horse battery' });
	assert.ok(body.token, text);
	return api(muster.url, body.token);
}
async function roles(owner) {
	const found = {};
	for (const role of (await owner.get('/v1/roles?limit=100')).body.data)
		found[role.kind] = { ...role, permissions: (await owner.get(`/v1/roles/${role.id}/permissions`)).body.permissions };
	return found;
}

test('the built-in roles of every company get what is new, once, and other roles get nothing', async () => {
	const old = await company('old');
	const { agent } = await roles(old);
	assert.equal((await old.post('/v1/roles', { name: 'Own', copy_of: agent.id })).status, 201);
	assert.equal((await old.put(`/v1/roles/${agent.id}/permissions`, { permissions: { 'contacts.delete': 'none' } })).status, 200);
	const before = await roles(old), { version } = (await old.get('/v1/roles')).body;
	// The data as a release without tasks and tags would have left it. Nothing is asked between this and the end: a worker that has not answered yet looks at the database first, and then only says that it is older.
	sql(`DELETE FROM role_permissions WHERE object IN ('tasks', 'tags');
	     DELETE FROM known_permissions WHERE name LIKE 'tasks.%' OR name LIKE 'tags.%'`);

	await muster.end();
	const refused = spawnSync('bash', [join(root, 'fcgi-app/run'), '--port', '9', '--data', muster.dataDir, '--empty'],
		{ env: { ...process.env, SKIP_BUILD: '1', BUILD_DIR: build }, encoding: 'utf8' });
	assert.equal(refused.status, 1);
	assert.match(refused.stderr, /^muster: schema: this program has new permissions \(t.*\).* fcgi-app\/run --migrate\n$/);
	muster.args.push('--migrate');
	await muster.start();
	assert.match(muster.output, /The built-in roles of 1 companies have \d+ new permissions/);

	const now = await roles(old), fresh = await roles(await company('fresh'));
	assert.deepEqual(now.owner.permissions, fresh.owner.permissions);
	assert.ok(Object.values(now.owner.permissions).every((level) => level === 'all'));
	assert.deepEqual(now.team_leader.permissions, fresh.team_leader.permissions);
	assert.deepEqual(now.agent.permissions, { ...fresh.agent.permissions, 'contacts.delete': 'none' });
	const without = ([name, level]) => [name, /^(tasks|tags)\./.test(name) ? 'none' : level];
	assert.deepEqual(now.custom.permissions, Object.fromEntries(Object.entries(before.custom.permissions).map(without)));
	assert.equal(before.custom.permissions['tasks.view'], 'own');
	assert.ok(now.owner.revision > before.owner.revision);
	const { items } = (await old.get(`/v1/changes?since=${version}`)).body;
	assert.ok(items.some((i) => i.kind === 'rescoped' && i.object === 'contacts'), 'a client is told to list everything anew');

	// What a company takes away afterwards stays away.
	assert.equal((await old.put(`/v1/roles/${now.agent.id}/permissions`, { permissions: { 'tasks.view': 'none' } })).status, 200);
	await muster.restart();
	assert.equal((await roles(old)).agent.permissions['tasks.view'], 'none');
});

test('a database of another schema: every call is told so, with the command that mends it, until it is mended', async () => {
	const owner = await company('drift');
	const hash = sql('SELECT hash FROM schema_info').trim();
	sql("UPDATE schema_info SET hash = '0123456789abcdef'");
	process.kill(muster.pid(), 'SIGHUP'); // new workers look at what they find
	const refused = await until(async () => {
		const answer = await owner.get('/v1/me');
		return answer.status === 503 && answer;
	}, { what: 'a worker that sees it' });
	assert.match(refused.body.detail, /muster migrate/);
	assert.equal(refused.body.type, 'urn:muster:problem:unavailable');
	sql(`UPDATE schema_info SET hash = '${hash}'`);
	await until(async () => (await owner.get('/v1/me')).status === 200, { what: 'going on without a restart' });
});
