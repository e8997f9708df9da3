// Roles: who may do what, that a change holds at once, and that nobody gives more than they hold.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { api } from '../harness.mjs';
import { database, join, makeKey, makeRole, makeTeam, password, permissionsOf, signUp, someEmail } from './company.mjs';

// A company with somebody who may run its people, but sees contacts of the team only.
async function withManager(more = {}) {
	const owner = await signUp();
	const role = await makeRole(owner, {
		'roles.view': 'all', 'roles.create': 'all', 'roles.edit': 'all', 'roles.delete': 'all',
		'agents.view': 'all', 'agents.edit': 'all', 'agents.create': 'all', 'agents.delete': 'all',
		'api_keys.view': 'own', 'api_keys.create': 'own', 'teams.view': 'all', 'contacts.view': 'team', ...more,
	}, 'Manager');
	const manager = await join(owner, role.id);
	return { owner, role, manager };
}

test('a role that was just made may do nothing', async () => {
	const owner = await signUp();
	const role = (await owner.post('/v1/roles', { name: 'Intern' })).body;
	assert.equal(role.kind, 'custom');
	const intern = await join(owner, role.id);
	assert.deepEqual([...new Set(Object.values(await permissionsOf(intern)))], ['none']);
	assert.equal((await intern.get('/v1/contacts')).status, 403);
});

test('a role can start as a copy of another one', async () => {
	const owner = await signUp();
	const role = (await owner.post('/v1/roles', { name: 'Senior', copy_of: owner.roles.agent.id })).body;
	const [copy, original] = await Promise.all([role.id, owner.roles.agent.id].map((id) => owner.get(`/v1/roles/${id}/permissions`)));
	assert.deepEqual(copy.body.permissions, original.body.permissions);
});

test('a change of a role\'s permissions holds from the next request on', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	assert.equal((await agent.get('/v1/contacts')).status, 200);
	const put = (permissions) => owner.put(`/v1/roles/${owner.roles.agent.id}/permissions`, { permissions });
	assert.equal((await put({ 'contacts.view': 'none' })).body.permissions['contacts.view'], 'none');
	assert.equal((await agent.get('/v1/contacts')).status, 403);
	assert.equal((await permissionsOf(agent))['deals.view'], 'own', 'what is not named stays');
	await put({ 'contacts.view': 'team' });
	assert.equal((await agent.get('/v1/contacts')).status, 200);
	assert.equal((await permissionsOf(agent))['contacts.view'], 'team');
});

test('what may not be seen any more is gone at once, also for somebody who waits', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const first = await agent.get('/v1/contacts');
	const waiting = agent.get('/v1/contacts', { 'if-none-match': first.headers.get('etag'), prefer: 'wait=20' });
	await new Promise((done) => setTimeout(done, 300));
	await owner.put(`/v1/roles/${owner.roles.agent.id}/permissions`, { permissions: { 'contacts.view': 'none' } });
	assert.equal((await waiting).status, 403);
});

test('another role holds from the next request on', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const changed = await owner.patch(`/v1/agents/${agent.agent.id}`, { role_id: owner.roles.team_leader.id });
	assert.equal(changed.status, 200);
	assert.equal(changed.body.role_id, owner.roles.team_leader.id);
	assert.equal((await permissionsOf(agent))['contacts.view'], 'team');
});

test('an unknown permission, level or shape is refused by its name', async () => {
	const owner = await signUp();
	const put = (permissions) => owner.put(`/v1/roles/${owner.roles.agent.id}/permissions`, { permissions });
	for (const [permissions, pointer] of [
		[{ 'contacts.fly': 'all' }, '/permissions/contacts.fly'],
		[{ 'contacts.view': 'everything' }, '/permissions/contacts.view'],
		[{ 'contacts.view': 3 }, '/permissions/contacts.view'],
		[{ 'contacts.view': null }, '/permissions/contacts.view'],
		[{ 'roles.view': 'own' }, '/permissions/roles.view'],
		[{ 'agents.view': 'team' }, '/permissions/agents.view'],
		[['contacts.view'], '/permissions'],
		['contacts.view', '/permissions'],
	]) {
		const answer = await put(permissions);
		assert.equal(answer.status, 422, JSON.stringify(permissions));
		assert.equal(answer.body.errors[0].pointer, pointer);
	}
	const answer = await put({ 'a.b': 'all', 'deals.view': 'none', 'c.d': 'all' });
	assert.equal(answer.body.errors.length, 2, 'all that is wrong at once');
	assert.equal((await owner.get(`/v1/roles/${owner.roles.agent.id}/permissions`)).body.permissions['deals.view'], 'own', 'and nothing is done');
});

test('setting what is set already changes no revision', async () => {
	const owner = await signUp();
	const revision = async () => (await owner.get(`/v1/roles/${owner.roles.agent.id}`)).body.revision;
	const before = await revision();
	await owner.put(`/v1/roles/${owner.roles.agent.id}/permissions`, { permissions: { 'contacts.view': 'own' } });
	assert.equal(await revision(), before);
	await owner.put(`/v1/roles/${owner.roles.agent.id}/permissions`, { permissions: { 'contacts.view': 'all' } });
	assert.equal(await revision(), before + 1);
});

test('built-in roles are not renamed or deleted, and owners may do everything for ever', async () => {
	const owner = await signUp();
	for (const role of Object.values(owner.roles)) {
		assert.equal((await owner.patch(`/v1/roles/${role.id}`, { name: 'Serf' })).status, 409);
		assert.equal((await owner.delete(`/v1/roles/${role.id}`)).status, 409);
	}
	const answer = await owner.put(`/v1/roles/${owner.roles.owner.id}/permissions`, { permissions: { 'contacts.view': 'none' } });
	assert.equal(answer.status, 409);
	assert.equal((await permissionsOf(owner))['contacts.view'], 'all');
});

test('a role is renamed, and its name is unique', async () => {
	const owner = await signUp();
	const role = (await owner.post('/v1/roles', { name: 'Intern' })).body;
	assert.equal((await owner.patch(`/v1/roles/${role.id}`, { name: 'Trainee' })).body.name, 'Trainee');
	const taken = await owner.patch(`/v1/roles/${role.id}`, { name: 'agent' });
	assert.equal(taken.status, 409);
	assert.equal(taken.body.errors[0].pointer, '/name');
});

test('a role is deleted only when nobody has it: no agent, no key, no open invitation', async () => {
	const owner = await signUp();
	const role = (await owner.post('/v1/roles', { name: 'Intern' })).body;
	const remove = () => owner.delete(`/v1/roles/${role.id}`);
	const agent = await join(owner, role.id);
	assert.equal((await remove()).status, 409);
	await owner.patch(`/v1/agents/${agent.agent.id}`, { role_id: owner.roles.agent.id });
	const key = await makeKey(owner, role.id);
	assert.equal((await remove()).status, 409);
	await owner.delete(`/v1/api_keys/${key.row.id}`);
	const invited = (await owner.post('/v1/invitations', { email: someEmail(), role_id: role.id })).body;
	assert.equal((await remove()).status, 409);
	await owner.delete(`/v1/invitations/${invited.id}`);
	assert.equal((await remove()).status, 204);
	assert.equal((await owner.get(`/v1/roles/${role.id}`)).status, 404);
	for (const answer of [
		await owner.patch(`/v1/agents/${agent.agent.id}`, { role_id: role.id }),
		await owner.post('/v1/api_keys', { name: 'K', role_id: role.id }),
		await owner.post('/v1/invitations', { email: someEmail(), role_id: role.id }),
	]) {
		assert.equal(answer.status, 422);
		assert.equal(answer.body.errors[0].pointer, '/role_id');
	}
	assert.equal((await owner.post(`/v1/roles/${role.id}/restore`)).body.name, 'Intern');
	assert.equal((await owner.patch(`/v1/agents/${agent.agent.id}`, { role_id: role.id })).status, 200);
});

test('the matrix has every permission of every role, and of the one that is shown', async () => {
	const owner = await signUp();
	const matrix = (await owner.get(`/v1/roles/matrix?role=${owner.roles.agent.id}`)).body;
	assert.equal(matrix.role.name, 'Agent');
	assert.deepEqual(matrix.roles.map((r) => r.name), ['Owner', 'Team Leader', 'Agent']);
	const actions = matrix.objects.flatMap((o) => o.actions);
	const { permissions } = (await owner.get(`/v1/roles/${owner.roles.agent.id}/permissions`)).body;
	assert.deepEqual(Object.fromEntries(actions.map((a) => [a.permission, a.level])), permissions);
	for (const action of actions) assert.deepEqual(action.levels.map((l) => l.role_id), matrix.roles.map((r) => r.id));
	assert.deepEqual(['contacts', 'notes', 'agents', 'roles'].map((name) => matrix.objects.find((o) => o.object === name).owned), [true, true, false, false]);
	assert.equal((await owner.get('/v1/roles/matrix')).body.role.name, 'Owner');
	assert.equal((await owner.get(`/v1/roles/matrix?role=${owner.agent.id}`)).status, 404);
});

test('nobody gives a permission at a higher level than they hold it', async () => {
	const { owner, role, manager } = await withManager();
	const victim = (await owner.post('/v1/roles', { name: 'Tool' })).body;
	const put = (id, permissions) => manager.put(`/v1/roles/${id}/permissions`, { permissions });
	assert.equal((await put(victim.id, { 'contacts.view': 'team' })).status, 200);
	for (const permissions of [{ 'contacts.view': 'all' }, { 'deals.view': 'own' }, { 'company.edit': 'all' }]) {
		const answer = await put(victim.id, permissions);
		assert.equal(answer.status, 403, JSON.stringify(permissions));
		assert.equal(answer.body.errors[0].pointer, `/permissions/${Object.keys(permissions)[0]}`);
		assert.equal((await put(role.id, permissions)).status, 403, 'nor to itself');
	}
	assert.equal((await permissionsOf(manager))['contacts.view'], 'team');
});

test('who holds less cannot touch a role that holds more, not even to lower it', async () => {
	const { owner, manager } = await withManager();
	for (const role of [owner.roles.agent, owner.roles.team_leader]) {
		assert.equal((await manager.put(`/v1/roles/${role.id}/permissions`, { permissions: { 'deals.view': 'none' } })).status, 403);
		assert.equal((await manager.post('/v1/roles', { name: 'Copy', copy_of: role.id })).status, 403);
	}
	assert.equal((await manager.post('/v1/roles', { name: 'Copy', copy_of: owner.roles.owner.id })).status, 403);
});

test('nobody becomes more powerful by any way that hands out a role', async () => {
	const { owner, role, manager } = await withManager();
	const colleague = await join(owner, role.id);
	const strong = [owner.roles.owner.id, owner.roles.team_leader.id, owner.roles.agent.id];
	for (const id of strong) {
		for (const answer of [
			await manager.patch(`/v1/agents/${manager.agent.id}`, { role_id: id }),
			await manager.patch(`/v1/agents/${colleague.agent.id}`, { role_id: id }),
			await manager.post('/v1/invitations', { email: someEmail(), role_id: id }),
			await manager.post('/v1/api_keys', { name: 'Trojan', role_id: id }),
		]) {
			assert.equal(answer.status, 403);
			assert.equal(answer.body.errors[0].pointer, '/role_id');
			assert.match(answer.body.detail, /which is more than you have/);
		}
	}
	assert.equal((await manager.get('/v1/me')).body.role.id, role.id);
	assert.equal(database(`SELECT COUNT(*) FROM api_keys WHERE agent_id = '${manager.agent.id}'`)[0][0], '0');
});

test('somebody who holds more is out of reach: no other role, no suspension, no sign-out, no leaving', async () => {
	const { owner, role, manager } = await withManager();
	const agent = await join(owner, owner.roles.agent.id);
	for (const target of [owner, agent]) {
		const url = `/v1/agents/${target.agent.id}`;
		for (const answer of [
			await manager.patch(url, { role_id: role.id }),
			await manager.patch(url, { status: 'suspended' }),
			await manager.patch(url, { full_name: 'Fool' }),
			await manager.delete(`${url}/sessions`),
			await manager.delete(url),
		])
			assert.equal(answer.status, 403);
		assert.equal((await target.get('/v1/me')).status, 200);
	}
});

test('a key with fewer scopes than its maker gives no more than the scopes', async () => {
	const owner = await signUp();
	const key = await makeKey(owner, owner.roles.owner.id, { scopes: ['api_keys.create', 'agents.edit', 'roles.edit', 'roles.view', 'agents.view', 'agents.create', 'contacts.view'] });
	assert.equal((await permissionsOf(key))['deals.view'], 'none');
	assert.equal((await key.post('/v1/api_keys', { name: 'All', role_id: owner.roles.owner.id })).status, 403);
	assert.equal((await key.post('/v1/api_keys', { name: 'All', role_id: owner.roles.owner.id, scopes: ['contacts.view', 'deals.view'] })).status, 403);
	assert.equal((await key.post('/v1/invitations', { email: someEmail(), role_id: owner.roles.owner.id })).status, 403);
	assert.equal((await key.patch(`/v1/agents/${owner.agent.id}`, { full_name: 'Fool' })).status, 403);
	assert.equal((await key.post('/v1/api_keys', { name: 'Less', role_id: owner.roles.owner.id, scopes: ['contacts.view'] })).status, 201);
});

test('the last active owner stays one', async () => {
	const owner = await signUp();
	const url = `/v1/agents/${owner.agent.id}`;
	for (const answer of [
		await owner.patch(url, { role_id: owner.roles.agent.id }),
		await owner.patch(url, { status: 'suspended' }),
		await owner.delete(url),
	]) {
		assert.equal(answer.status, 409);
		assert.match(answer.body.detail, /owner/);
	}
	const second = await join(owner, owner.roles.owner.id);
	assert.equal((await owner.patch(url, { role_id: owner.roles.agent.id })).status, 200);
	assert.equal((await permissionsOf(owner))['roles.edit'], 'none');
	assert.equal((await second.patch(`/v1/agents/${second.agent.id}`, { status: 'suspended' })).status, 409);
	assert.equal((await second.patch(`/v1/agents/${second.agent.id}`, { full_name: 'Still here', role_id: owner.roles.owner.id })).status, 200);
});

test('owners who demote each other at the same moment leave one', async () => {
	for (let round = 0; round < 5; round++) {
		const owner = await signUp();
		const owners = [owner, ...(await Promise.all([1, 2, 3].map(() => join(owner, owner.roles.owner.id))))];
		const demotions = [
			(who) => who.patch(`/v1/agents/${who.agent.id}`, { role_id: owner.roles.agent.id }),
			(who) => who.patch(`/v1/agents/${who.agent.id}`, { status: 'suspended' }),
			(who) => who.delete(`/v1/agents/${who.agent.id}`),
			(who) => who.patch(`/v1/agents/${who.agent.id}`, { role_id: owner.roles.team_leader.id }),
		];
		const answers = await Promise.all(owners.map((who, i) => demotions[i](who)));
		assert.deepEqual(answers.map((a) => a.status).filter((s) => s === 409).length, 1, answers.map((a) => a.status).join());
		const [[left]] = database(`SELECT COUNT(*) FROM agents a JOIN roles r ON r.company_id = a.company_id AND r.id = a.role_id
			WHERE a.company_id = '${owner.company.id}' AND r.kind = 'owner' AND a.status = 'active' AND a.deleted_at IS NULL`);
		assert.equal(left, '1');
	}
});

test('a suspended agent is out at once: sessions, keys and log-in', async () => {
	const owner = await signUp();
	const role = await makeRole(owner, { 'api_keys.create': 'own', 'contacts.view': 'own', 'roles.view': 'all', 'api_keys.view': 'own' });
	const agent = await join(owner, role.id);
	const key = await makeKey(agent, role.id);
	assert.equal((await key.get('/v1/contacts')).status, 200);
	assert.equal((await owner.patch(`/v1/agents/${agent.agent.id}`, { status: 'suspended' })).body.status, 'suspended');
	assert.equal((await agent.get('/v1/me')).status, 401);
	assert.equal((await key.get('/v1/contacts')).status, 401);
	await owner.patch(`/v1/agents/${agent.agent.id}`, { status: 'active' });
	assert.equal((await agent.get('/v1/me')).status, 401, 'its sessions do not come back');
});

test('an agent who leaves is out at once, its e-mail is free, and its contacts stay', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const contact = (await agent.post('/v1/contacts', { first_name: 'Cleo', last_name: 'Contact' })).body;
	assert.equal((await owner.delete(`/v1/agents/${agent.agent.id}`)).status, 204);
	assert.equal((await agent.get('/v1/me')).status, 401);
	assert.equal((await owner.get(`/v1/agents/${agent.agent.id}`)).status, 404);
	assert.equal((await owner.get(`/v1/contacts/${contact.id}`)).body.owner_id, agent.agent.id);
	const again = await join(owner, owner.roles.agent.id, { email: agent.email });
	assert.notEqual(again.agent.id, agent.agent.id);
	assert.equal((await again.get(`/v1/contacts/${contact.id}`)).status, 404);
});

test('an agent who comes back has the role of before and must log in again; nobody brings back more than they hold', async () => {
	const owner = await signUp();
	const role = await makeRole(owner, { 'agents.view': 'all', 'agents.delete': 'all', 'roles.view': 'all' });
	const [clerk, boss, other] = [await join(owner, role.id), await join(owner, owner.roles.owner.id), await join(owner, role.id)];
	for (const who of [boss, other]) assert.equal((await owner.delete(`/v1/agents/${who.agent.id}`)).status, 204);
	assert.equal((await clerk.post(`/v1/agents/${boss.agent.id}/restore`)).status, 403);
	assert.equal((await owner.get(`/v1/agents/${boss.agent.id}`)).status, 404, 'still away');
	const back = await clerk.post(`/v1/agents/${other.agent.id}/restore`);
	assert.equal(back.status, 200, back.text);
	assert.equal(back.body.role_id, role.id);
	assert.equal((await other.get('/v1/me')).status, 401);
	assert.equal((await api(owner.url).post('/v1/sessions', { email: other.email, password })).status, 201);
	await owner.delete(`/v1/agents/${other.agent.id}`);
	const taken = await join(owner, owner.roles.agent.id, { email: other.email });
	assert.equal((await owner.post(`/v1/agents/${other.agent.id}/restore`)).status, 409, 'the address is somebody else\'s now');
	assert.equal((await taken.get('/v1/me')).status, 200);
});

test('another company\'s roles and agents are not there', async () => {
	const owner = await signUp();
	const other = await signUp();
	const stranger = await join(other, other.roles.agent.id);
	const theirs = other.roles.agent.id;
	for (const answer of [
		await owner.get(`/v1/roles/${theirs}`),
		await owner.patch(`/v1/roles/${theirs}`, { name: 'Mine' }),
		await owner.delete(`/v1/roles/${theirs}`),
		await owner.get(`/v1/roles/${theirs}/permissions`),
		await owner.put(`/v1/roles/${theirs}/permissions`, { permissions: { 'contacts.view': 'none' } }),
		await owner.get(`/v1/roles/matrix?role=${theirs}`),
		await owner.get(`/v1/agents/${stranger.agent.id}`),
		await owner.patch(`/v1/agents/${stranger.agent.id}`, { full_name: 'Mine' }),
		await owner.delete(`/v1/agents/${stranger.agent.id}`),
		await owner.delete(`/v1/agents/${stranger.agent.id}/sessions`),
	])
		assert.equal(answer.status, 404);
	for (const answer of [
		await owner.patch(`/v1/agents/${owner.agent.id}`, { role_id: theirs }),
		await owner.post('/v1/roles', { name: 'Copy', copy_of: theirs }),
		await owner.post('/v1/invitations', { email: someEmail(), role_id: theirs }),
		await owner.post('/v1/api_keys', { name: 'K', role_id: theirs }),
	])
		assert.equal(answer.status, 422);
	assert.equal((await stranger.get('/v1/me')).status, 200);
	assert.equal((await permissionsOf(stranger))['contacts.view'], 'own');
});

test('without the permission, roles are out of sight', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	for (const path of ['/v1/roles', `/v1/roles/${owner.roles.agent.id}`, `/v1/roles/${owner.roles.agent.id}/permissions`, '/v1/roles/matrix'])
		assert.equal((await agent.get(path)).status, 403, path);
	assert.equal((await agent.post('/v1/roles', { name: 'Mine' })).status, 403);
	assert.equal((await agent.put(`/v1/roles/${owner.roles.agent.id}/permissions`, { permissions: { 'contacts.view': 'all' } })).status, 403);
	assert.equal((await agent.patch(`/v1/agents/${agent.agent.id}`, { role_id: owner.roles.owner.id })).status, 403);
});

test('a team is a permission as well: who may not fill teams does not join one to see more', async () => {
	const { owner, manager } = await withManager();
	const team = await makeTeam(owner);
	const url = `/v1/agents/${manager.agent.id}`;
	const answer = await manager.patch(url, { team_ids: [team.id] });
	assert.equal(answer.status, 403);
	assert.equal(answer.body.errors[0].pointer, '/team_ids');
	assert.equal((await manager.post('/v1/invitations', { email: someEmail(), role_id: manager.agent.role_id, team_ids: [team.id] })).status, 403);
	await owner.patch(url, { team_ids: [team.id] });
	assert.equal((await manager.post('/v1/invitations', { email: someEmail(), role_id: manager.agent.role_id, team_ids: [team.id] })).status, 201, 'into one\'s own team');
});
