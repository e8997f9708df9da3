// digest.mjs: mails that nobody asked for, as each agent wants them: what has happened; fcgi-app/modules/digest.c, notices.c.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { api, until } from '../../harness.mjs';
import { parts, sharedSmtp, subjectOf } from '../smtp.mjs';

let smtp, sql, owner, agent;
const password = 'correct horse battery';
const made = async (answer, status = 201) => {
	const a = await answer;
	assert.equal(a.status, status, a.text);
	return a.body;
};
const ofDay = (days) => `UTC_TIMESTAMP(6) + INTERVAL ${days} DAY`;

before(async () => {
	({ sql } = smtp = await sharedSmtp());
	owner = await smtp.signUp('Digest Ltd', 'dora@muster.test');
	const role = (await owner.get('/v1/roles?limit=100')).body.data.find(({ kind }) => kind === 'agent');
	const { url } = await made(owner.post('/v1/invitations', { email: 'ada@muster.test', role_id: role.id }));
	const joined = await made(api(owner.url).post('/v1/invitations/accept', { token: new URL(url).searchParams.get('token'), full_name: 'Ada Agent', password }));
	agent = { ...api(owner.url, joined.token), agent: joined.agent, email: 'ada@muster.test' };
	await smtp.mailTo('ada@muster.test', 'the invitation');
});

// It is the day so many days from now.
async function morning(days) {
	const [[due]] = sql(`SELECT DATE_FORMAT(${ofDay(days)}, '%Y-%m-%d 00:00:00')`);
	const runs = () => Number(sql(`SELECT COUNT(*) FROM workflow_runs WHERE workflow = 'digest' AND state = 'done' AND company_id = '${owner.company.id}'`)[0][0]);
	const before = runs();
	// What is done in the past is found there, so the time of the schedule is moved, and not the clock.
	sql(`UPDATE workflow_schedules s JOIN workflow_runs r ON r.id = s.run_id SET s.due_at = '${due}', r.wake_at = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND WHERE s.name = 'digest' AND s.company_id = '${owner.company.id}';
		UPDATE workflow_queues SET wake_at = UTC_TIMESTAMP(6)`);
	await until(() => runs() === before + 1, { what: 'the digest' });
	return Object.fromEntries((await smtp.mailsOf(owner.company)).map((mail) => [mail.to[0], mail]));
}
// The last Monday that is not today.
const daysToMonday = () => -(((new Date().getUTCDay() + 5) % 7) + 1);
const win = async (who, title, amount, days) => {
	const deal = await made(who.post('/v1/deals', { title, amount: { amount, currency: 'EUR' } }));
	await made(who.post(`/v1/deals/${deal.id}/win`, {}), 200);
	sql(`UPDATE deals SET closed_on = DATE(${ofDay(days)}), created_at = ${ofDay(days)}, updated_at = ${ofDay(days)} WHERE id = '${deal.id}'`);
	return deal;
};

test('on Monday everybody is told what they may see of the week before; nobody is told nothing', async () => {
	const monday = daysToMonday();
	assert.deepEqual(await morning(monday), {}); // nothing has happened
	await win(owner, 'Große Tür', '1250.00', monday - 3);
	await win(owner, 'Long ago', '1.00', monday - 8);
	await win(agent, 'Ada has won', '10.00', monday - 1);
	const mails = await morning(monday);
	assert.deepEqual(Object.keys(mails).sort(), ['ada@muster.test', 'dora@muster.test']);
	assert.equal(subjectOf(mails['dora@muster.test']), 'Your week in Muster');
	const [plain, html] = parts(mails['dora@muster.test'].text);
	assert.match(plain, /Pipeline: 2 begun, 0 moved on, 2 won, 0 lost\./);
	assert.match(plain, /^- Große Tür, .*1,250.*, Olga Owner\r$/m);
	assert.match(html, /<li>Ada has won/);
	assert.doesNotMatch(plain, /Long ago/);
	const [ofAgent] = parts(mails['ada@muster.test'].text);
	assert.match(ofAgent, /Pipeline: 1 begun, 0 moved on, 1 won/);
	assert.doesNotMatch(ofAgent, /Große Tür|Olga/);
});

test('each chooses how often: daily, weekly, never', async () => {
	const monday = daysToMonday();
	assert.deepEqual(await made(agent.get('/v1/me/notices'), 200), { tasks: true, reminder: 0, stale_deals: true, digest: 'weekly' });
	assert.equal((await made(agent.patch('/v1/me/notices', { digest: 'daily' }), 200)).digest, 'daily');
	await win(owner, 'Yesterday', '5.00', monday);
	const deal = await win(agent, 'Hers', '5.00', monday);
	await made(agent.post('/v1/tasks', { title: 'Call back', due_at: new Date(Date.now() + (monday + 1) * 86_400_000).toISOString(), assignee_id: agent.agent.id }));
	const mails = await morning(monday + 1); // a Tuesday: the weekly ones are not told
	assert.deepEqual(Object.keys(mails), ['ada@muster.test']);
	assert.equal(subjectOf(mails['ada@muster.test']), 'Your day in Muster');
	const [plain] = parts(mails['ada@muster.test'].text);
	assert.match(plain, /1 begun, 0 moved on, 1 won/);
	assert.match(plain, /^- Call back/m);
	sql(`UPDATE deals SET status = 'open', closed_on = NULL WHERE id = '${deal.id}'`);
	assert.equal((await made(agent.patch('/v1/me/notices', { digest: 'off' }), 200)).digest, 'off');
	assert.deepEqual(await morning(monday + 1), {});
});

test('one click ends the digests and nothing else, and the profile says so and takes it back', async () => {
	const monday = daysToMonday();
	await made(agent.patch('/v1/me/notices', { digest: 'weekly' }), 200);
	const mail = (await morning(monday))['ada@muster.test'];
	const [, link] = /^List-Unsubscribe:\r\n <(.*)>\r$/m.exec(mail.text);
	const click = await fetch(link, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'List-Unsubscribe=One-Click' });
	assert.equal(click.status, 204);
	assert.deepEqual(await made(agent.get('/v1/me/notices'), 200), { tasks: true, reminder: 0, stale_deals: true, digest: 'off' });
	assert.deepEqual(Object.keys(await morning(monday)), ['dora@muster.test']);
	const page = await (await fetch(`${agent.url}/settings/profile`, { headers: { cookie: `muster_session=${agent.token}` } })).text();
	assert.match(page, /<option value="off" selected>/);
	const [, csrf] = /name="_csrf" value="([^"]+)"/.exec(page);
	const sent = await fetch(`${agent.url}/do/me_update_notices`, { method: 'POST', redirect: 'manual', headers: { cookie: `muster_session=${agent.token}` },
		body: new URLSearchParams({ _csrf: csrf, _page: '/settings/profile', digest: 'weekly', tasks: 'false' }) });
	assert.equal(sent.status, 303);
	assert.deepEqual(await made(agent.get('/v1/me/notices'), 200), { tasks: false, reminder: 0, stale_deals: true, digest: 'weekly' });
	assert.deepEqual(Object.keys(await morning(monday)).sort(), ['ada@muster.test', 'dora@muster.test']);
});

test('who is suspended, or may see no deals and has no tasks, is told nothing', async () => {
	const monday = daysToMonday();
	const [role] = (await owner.get('/v1/roles?limit=100')).body.data.filter(({ kind }) => kind === 'agent');
	await made(owner.put(`/v1/roles/${role.id}/permissions`, { permissions: { 'deals.view': 'none', 'tasks.view': 'none' } }), 200);
	assert.deepEqual(Object.keys(await morning(monday)), ['dora@muster.test']);
	await made(owner.patch(`/v1/agents/${agent.agent.id}`, { status: 'suspended' }), 200);
	assert.deepEqual(Object.keys(await morning(monday)), ['dora@muster.test']);
});
