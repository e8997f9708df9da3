// company.mjs: a company of its own for each test of identity and access, so that tests do not disturb each other.

import { execFileSync } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join as path } from 'node:path';
import { api, musterUrl } from '../harness.mjs';

export const password = 'correct horse battery';
export const someEmail = (name = 'someone') => `${name}.${randomBytes(6).toString('hex')}@muster.test`;

// Signs up. Gives the owner: the API as that person sees it, with `agent`, `company`, `email` and `roles` by kind.
export async function signUp({ name = 'Test Ltd', email = someEmail('owner') } = {}) {
	const url = await musterUrl();
	const answer = await api(url).post('/v1/companies', { company_name: name, full_name: 'Olga Owner', email, password });
	if (answer.status !== 201) throw new Error(`sign-up: ${answer.status} ${answer.text}`);
	const owner = { ...api(url, answer.body.token), agent: answer.body.agent, company: answer.body.company, email };
	owner.roles = {};
	for (const role of (await owner.get('/v1/roles?limit=100')).body.data) owner.roles[role.kind] = role;
	return owner;
}

// Somebody whom `by` invites and who accepts. `role` is an id.
export async function join(by, role, { team_ids = [], email = someEmail('agent'), full_name = 'Ada Agent' } = {}) {
	const invited = await by.post('/v1/invitations', { email, role_id: role, team_ids });
	if (invited.status !== 201) throw new Error(`invitation: ${invited.status} ${invited.text}`);
	const token = new URL(invited.body.url).searchParams.get('token');
	const answer = await api(by.url).post('/v1/invitations/accept', { token, full_name, password });
	if (answer.status !== 201) throw new Error(`accept: ${answer.status} ${answer.text}`);
	return { ...api(by.url, answer.body.token), agent: answer.body.agent, email };
}

// A role of these permissions and nothing else: { 'contacts.view': 'own' }.
export async function makeRole(by, permissions, name = `Role ${randomBytes(4).toString('hex')}`) {
	const role = (await by.post('/v1/roles', { name })).body;
	const set = await by.put(`/v1/roles/${role.id}/permissions`, { permissions });
	if (set.status !== 200) throw new Error(`permissions: ${set.status} ${set.text}`);
	return role;
}

export async function makeTeam(by, name = `Team ${randomBytes(4).toString('hex')}`) {
	return (await by.post('/v1/teams', { name })).body;
}

// A key of that role, and the API as a program with it sees it.
export async function makeKey(by, role, more = {}) {
	const answer = await by.post('/v1/api_keys', { name: 'Program', role_id: role, ...more });
	if (answer.status !== 201) throw new Error(`key: ${answer.status} ${answer.text}`);
	return { ...api(by.url, answer.body.key), row: answer.body };
}

export const permissionsOf = async (who) => (await who.get('/v1/me')).body.permissions;

// What no answer tells: rows of the database itself, each an array of texts. A statement locks what it changes and no more, as the product's
// do: otherwise one that looks for an id without its company would wait for whoever writes, and be in a deadlock with them.
export function database(sql, folder = process.env.MUSTER_TEST_DATA) {
	const out = execFileSync('mariadb', ['--no-defaults', "--init-command=SET SESSION tx_isolation = 'READ-COMMITTED'", '-u', 'root', '-S', path(folder, 'run/mariadb.sock'), '-N', '-B', 'muster', '-e', sql], { encoding: 'utf8' });
	return out.split('\n').filter(Boolean).map((line) => line.split('\t'));
}

// The mails to an address, the latest last: { subject, body }.
// What a payment provider would tell a hook, signed with the secret that it was made with.
export async function tellHook({ url }, secret, event) {
	const body = JSON.stringify(event), t = Math.floor(Date.now() / 1000);
	const v1 = createHmac('sha256', secret).update(`${t}.${body}`).digest('hex');
	return api(await musterUrl()).post(new URL(url).pathname, body, { 'content-type': 'application/json', 'stripe-signature': `t=${t},v1=${v1}` });
}

// The token of a link by which an address unsubscribes from a kind of notices, as this installation signs it.
export function unsubscribeToken(company, address, kind = 'tasks') {
	const named = Buffer.from(`${company}${kind} ${address}`);
	const signature = createHmac('sha256', readFileSync(path(process.env.MUSTER_TEST_DATA, 'secret'))).update(`unsubscribe\n${named}`).digest();
	return Buffer.concat([signature.subarray(0, 16), named]).toString('base64url');
}

export const mailsTo = (email) =>
	database(`SELECT subject, body FROM mails WHERE recipient = '${email}' ORDER BY created_at, id`)
		.map(([subject, body]) => ({ subject, body: body.replaceAll('\\n', '\n') }));
