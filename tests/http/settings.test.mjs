// Signing up, logging in and the settings, as pages and forms without a line of script.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { api, musterUrl } from '../harness.mjs';
import { database, join, mailsTo, makeRole, makeTeam, password, permissionsOf, signUp, someEmail } from './company.mjs';

// A browser of cookies and forms only. `token` is a session that it has from the start.
async function visitor(token) {
	const url = await musterUrl();
	const jar = new Map(token ? [['muster_session', token]] : []);
	async function send(path, options = {}) {
		const response = await fetch(url + path, {
			redirect: 'manual',
			...options,
			headers: { accept: 'text/html', cookie: [...jar].map((pair) => pair.join('=')).join('; '), ...options.headers },
		});
		for (const line of response.headers.getSetCookie()) {
			const [, name, value] = line.match(/^([^=]+)=([^;]*)/);
			if (/Max-Age=0/i.test(line)) jar.delete(name);
			else jar.set(name, value);
		}
		return { status: response.status, location: response.headers.get('location'), cookies: response.headers.getSetCookie(), text: await response.text() };
	}
	return {
		jar,
		get: (path) => send(path),
		// Fills the form of an operation on the page and sends it.
		async submit(path, operation, fields) {
			const page = await send(path);
			const forms = page.text.match(new RegExp(`<form[^>]*action="/do/${operation}"[^]*?</form>`, 'g')) ?? [];
			const form = forms.find((one) => !fields.id || one.includes(`name="id" value="${fields.id}"`)); // one for each row
			assert.ok(form, `${path} has a form ${operation}`);
			const body = new URLSearchParams();
			for (const [, attributes] of form.matchAll(/<input type="hidden"([^>]*)>/g)) {
				const { name, value } = Object.fromEntries([...attributes.matchAll(/(\w+)="([^"]*)"/g)].map(([, k, v]) => [k, v.replaceAll('&amp;', '&')]));
				if (!(name in fields)) body.append(name, value ?? '');
			}
			for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) body.append(name, one);
			return send(`/do/${operation}`, { method: 'POST', body });
		},
	};
}

test('a company is made and a person logged in by a form', async () => {
	const who = await visitor();
	const email = someEmail();
	const bad = await who.submit('/signup', 'companies_create', { company_name: 'Form & Co', full_name: 'Fay Form', email, password: 'short' });
	assert.equal(bad.status, 422);
	assert.match(bad.text, /must have at least 8 characters/);
	assert.match(bad.text, /value="Form &amp; Co"/, 'what was typed is still there');
	assert.ok(!bad.text.includes('value="short"'), 'but the password');
	const good = await who.submit('/signup', 'companies_create', { company_name: 'Form & Co', full_name: 'Fay Form', email, password });
	assert.equal(good.status, 303);
	assert.equal(good.location, '/');
	const cookie = good.cookies.find((c) => c.startsWith('muster_session='));
	for (const wanted of [/HttpOnly/i, /SameSite=Lax/i, /Path=\//i, /Max-Age=25\d{5}/i]) assert.match(cookie, wanted);
	assert.equal((await who.get('/settings/profile')).status, 200);
});

test('a wrong password is said on the page, and the right one leads to where one wanted to go', async () => {
	const owner = await signUp();
	const who = await visitor();
	assert.equal((await who.get('/settings/team')).location, '/login?next=/settings/team');
	const login = '/login?next=/settings/team';
	const bad = await who.submit(login, 'sessions_create', { email: owner.email, password: 'wrong horse' });
	assert.equal(bad.status, 401);
	assert.match(bad.text, /the e-mail address or the password is not right/);
	const good = await who.submit(login, 'sessions_create', { email: owner.email, password });
	assert.equal(good.location, '/settings/team');
	const out = await who.submit('/settings/profile', 'sessions_delete_current', {});
	assert.equal(out.location, '/login');
	assert.ok(!who.jar.has('muster_session'));
	assert.equal((await who.get('/settings/profile')).status, 303);
});

test('every page of the settings is there for the owner, and for an Agent its own', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const pages = { company: 403, team: 200, roles: 403, 'api-keys': 403, sessions: 200, profile: 200 };
	const [asOwner, asAgent] = [await visitor(owner.token), await visitor(agent.token)];
	for (const [page, status] of Object.entries(pages)) {
		const answer = await asOwner.get(`/settings/${page}`);
		assert.equal(answer.status, 200, page);
		assert.equal((await asAgent.get(`/settings/${page}`)).status, status, page);
	}
	const refused = await asAgent.get('/settings/api-keys');
	assert.match(refused.text, /Your role does not let you see the page “API keys”/);
	assert.ok(!refused.text.includes('api_keys.view'), 'the names of permissions are for programs');
	assert.ok((await asOwner.get('/contacts')).text.includes('bring all of them from a file'));
	assert.ok(!(await asAgent.get('/contacts')).text.includes('bring all of them from a file'), 'who may not is not told to');
	const team = await asAgent.get('/settings/team');
	assert.ok(team.text.includes(owner.email) && !team.text.includes('/do/agents_update') && !team.text.includes('/do/invitations_create'));
});

test('an invitation, accepted by the link of its mail', async () => {
	const owner = await signUp();
	const team = await makeTeam(owner);
	const email = someEmail('guest');
	const sent = await (await visitor(owner.token)).submit('/settings/team', 'invitations_create', { email, role_id: owner.roles.agent.id, team_ids: team.id });
	assert.equal(sent.status, 200);
	const [address] = mailsTo(email)[0].body.match(/http\S+/);
	assert.ok(sent.text.includes(address), 'the page shows the link, for those without a mail server');
	assert.ok(!sent.text.includes('ends after an hour'), 'that is said of a link for a new password');
	const link = new URL(address);
	const guest = await visitor();
	const joined = await guest.submit(link.pathname + link.search, 'invitations_accept', { full_name: 'Gil Guest', password });
	assert.equal(joined.status, 303);
	assert.ok(!guest.jar.has('muster_flash'), 'nobody has saved anything');
	const me = (await api(owner.url, guest.jar.get('muster_session')).get('/v1/me')).body;
	assert.deepEqual([me.agent.email, me.agent.team_ids], [email, [team.id]]);
	assert.equal((await guest.get(link.pathname + link.search)).status, 404);
});

test('role, teams and access of an agent by one form; no ticked team means none', async () => {
	const owner = await signUp();
	const [a, b] = [await makeTeam(owner), await makeTeam(owner)];
	const agent = await join(owner, owner.roles.agent.id, { team_ids: [a.id] });
	const who = await visitor(owner.token);
	const send = (fields) => who.submit('/settings/team', 'agents_update', { id: agent.agent.id, role_id: owner.roles.agent.id, status: 'active', ...fields });
	assert.equal((await send({ team_ids: ['', b.id, a.id], role_id: owner.roles.team_leader.id })).status, 303);
	const after = (await owner.get(`/v1/agents/${agent.agent.id}`)).body;
	assert.deepEqual([after.role_id, after.team_ids], [owner.roles.team_leader.id, [a.id, b.id].sort()]);
	assert.equal((await send({ team_ids: '' })).status, 303);
	assert.deepEqual((await owner.get(`/v1/agents/${agent.agent.id}`)).body.team_ids, []);
	const last = await who.submit('/settings/team', 'agents_update', { id: owner.agent.id, role_id: owner.roles.agent.id, status: 'active', team_ids: '' });
	assert.equal(last.status, 409);
	assert.match(last.text, /the company needs an active owner/);
});

test('of more than a hundred teams each can be chosen, and none that somebody is in is lost', async () => {
	const owner = await signUp();
	let last; // by name, beyond the hundred that a list gives at once
	for (let i = 100; i <= 200; i++) last = await makeTeam(owner, `Team ${i}`);
	const agent = await join(owner, owner.roles.agent.id, { team_ids: [last.id] });
	const who = await visitor(owner.token);
	const form = (await who.get('/settings/team')).text.match(new RegExp(`<form[^>]*id="f-agent-${agent.agent.id}"[^]*?</form>`))[0];
	assert.ok(form.includes(`value="${last.id}" checked`), 'its team is ticked in the form');
	assert.ok((await who.get('/contacts/new')).text.includes(`<option value="${last.id}">`));
});

test('before somebody is removed, what they look after can be looked at, to be given to others', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const { id } = agent.agent;
	await owner.post('/v1/contacts', { first_name: 'Ann', owner_id: id });
	await owner.post('/v1/deals', { title: 'A compiler', owner_id: id });
	await owner.post('/v1/tasks', { title: 'Call back', assignee_id: id });
	const who = await visitor(owner.token);
	const dialog = (await who.get('/settings/team')).text.match(new RegExp(`id="leave-${id}"[^]*?</form>`))[0];
	const pages = await Promise.all([...dialog.matchAll(/href="([^"]+)"/g)].map(([, path]) => who.get(path)));
	for (const [i, word] of ['Ann', 'A compiler', 'Call back'].entries()) assert.ok(pages[i].text.includes(word), word);
});

test('a page lists a thousand teams, and beyond them those that somebody is in', async () => {
	const owner = await signUp();
	const [first, last] = [await makeTeam(owner, 'Another'), await makeTeam(owner, 'The last one')];
	database(`INSERT INTO teams (company_id, id, name, created_at, updated_at)
		SELECT t.company_id, UUID(), CONCAT('Of many ', seq), t.created_at, t.updated_at FROM teams t, seq_1_to_1000 WHERE t.company_id = '${owner.company.id}' AND t.id = '${first.id}'`);
	const agent = await join(owner, owner.roles.agent.id, { team_ids: [first.id, last.id] });
	const form = (await (await visitor(owner.token)).get('/settings/team')).text.match(new RegExp(`<form[^>]*id="f-agent-${agent.agent.id}"[^]*?</form>`))[0];
	const ticked = [...form.matchAll(/name="team_ids" value="([^"]+)" checked>([^<]*)/g)].map(([, id, name]) => [id, name]);
	database(`DELETE FROM teams WHERE company_id = '${owner.company.id}' AND name LIKE 'Of many %'`); // they are in no index
	assert.deepEqual(ticked, [[last.id, 'A team that is not listed here'], [first.id, 'Another']]);
});

test('who changes an agent and does not see the teams leaves them', async () => {
	const owner = await signUp();
	const team = await makeTeam(owner);
	const role = await makeRole(owner, { 'agents.view': 'all', 'agents.edit': 'all', 'roles.view': 'all', 'teams.edit': 'all' });
	const [lead, agent] = [await join(owner, role.id), await join(owner, role.id, { team_ids: [team.id] })];
	const changed = await (await visitor(lead.token)).submit('/settings/team', 'agents_update', { id: agent.agent.id, status: 'suspended' });
	assert.equal(changed.status, 303);
	const after = (await owner.get(`/v1/agents/${agent.agent.id}`)).body;
	assert.deepEqual([after.status, after.team_ids], ['suspended', [team.id]]);
});

test('the matrix sets permissions by a form', async () => {
	const owner = await signUp();
	const role = await makeRole(owner, { 'contacts.view': 'own' });
	const agent = await join(owner, role.id);
	const sent = await (await visitor(owner.token)).submit(`/settings/roles?role=${role.id}`, 'roles_set_permissions', {
		'permissions[contacts.view]': 'all', 'permissions[deals.view]': 'team', 'permissions[tags.view]': 'all',
	});
	assert.equal(sent.status, 303);
	const held = Object.entries(await permissionsOf(agent)).filter(([, level]) => level !== 'none');
	assert.deepEqual(held, [['contacts.view', 'all'], ['deals.view', 'team'], ['tags.view', 'all']]);
});

test('a key is made by a form, shown on that page, and not again', async () => {
	const owner = await signUp();
	const who = await visitor(owner.token);
	const made = await who.submit('/settings/api-keys', 'api_keys_create', { name: 'Website', role_id: owner.roles.owner.id, 'scopes[]': 'contacts.view' });
	assert.equal(made.status, 200);
	const [key] = made.text.match(/mk_live_[a-z2-9]{8}_[\w-]{43}/);
	assert.equal((await api(owner.url, key).get('/v1/contacts')).status, 200);
	assert.equal((await api(owner.url, key).get('/v1/deals')).status, 403);
	assert.ok(!(await who.get('/settings/api-keys')).text.includes(key));
});

test('a forgotten password, by the forms', async () => {
	const owner = await signUp();
	const who = await visitor();
	await api(owner.url).post('/v1/passwords/forgot', { email: owner.email }); // no mail goes from here, so the page has no form for it
	const link = new URL(mailsTo(owner.email)[0].body.match(/http\S+/)[0]);
	const set = await who.submit(link.pathname + link.search, 'passwords_reset', { password: 'staple battery horse' });
	assert.equal(set.location, '/');
	assert.equal((await who.get('/settings/profile')).status, 200);
	const gone = await who.submit(link.pathname + link.search, 'passwords_reset', { password: 'staple battery horse' });
	assert.equal(gone.status, 404);
});

test('a form without the page\'s token, or from another site, does nothing', async () => {
	const owner = await signUp();
	const who = await visitor(owner.token);
	const stolen = await who.submit('/settings/company', 'company_update', { name: 'Stolen', _csrf: 'x' });
	assert.equal(stolen.status, 403);
	const foreign = await fetch(`${owner.url}/do/company_update`, {
		method: 'POST', redirect: 'manual', body: new URLSearchParams({ name: 'Stolen' }),
		headers: { cookie: `muster_session=${owner.token}`, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
	});
	assert.equal(foreign.status, 403);
	assert.equal((await owner.get('/v1/company')).body.name, 'Test Ltd');
});

test('a company begins on the clocks of whoever signs up; what is no zone is none', async () => {
	const url = await musterUrl();
	const zoneOf = async (time_zone) => {
		const made = await api(url).post('/v1/companies', { company_name: 'Clocks', full_name: 'Olga Owner', email: someEmail(), password, time_zone });
		assert.equal(made.status, 201, made.text);
		return (await api(url, made.body.token).get('/v1/company')).body.time_zone;
	};
	assert.equal(await zoneOf('Asia/Kolkata'), 'Asia/Kolkata');
	assert.equal(await zoneOf(undefined), 'UTC');
	for (const odd of ['Nowhere/Else', 'Europe', 'ABC3', 'leapseconds', '../localtime', 'Europe/../Europe/Berlin']) assert.equal(await zoneOf(odd), 'UTC', odd);
	const owner = await signUp();
	assert.equal((await owner.patch('/v1/company', { time_zone: 'Europe' })).status, 422);
	assert.equal((await owner.patch('/v1/company', { time_zone: 'Europe/Lisbon' })).body.time_zone, 'Europe/Lisbon');
});
