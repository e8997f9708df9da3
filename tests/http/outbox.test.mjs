// outbox.test.mjs: mails leave the house by SMTP, when there is a server; fcgi-app/modules/outbox.c.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { api, startMuster, until } from '../harness.mjs';
import { join, makeRole } from './company.mjs';
import { parts, startSmtp } from './smtp.mjs';

let smtp, received, sql, owner;

const mailOf = (recipient) => {
	const [row] = sql(`SELECT id, state, attempts, last_error FROM mails WHERE recipient = '${recipient}' ORDER BY created_at DESC LIMIT 1`);
	return row && { id: row[0], state: row[1], attempts: Number(row[2]), error: row[3] };
};
const wake = (which = "workflow = 'mail_send'") => smtp.wake(which);
const invite = async (email) => {
	const answer = await owner.post('/v1/invitations', { email, role_id: owner.agent.role_id });
	assert.equal(answer.status, 201, answer.text);
	return answer.body;
};

before(async () => {
	smtp = await startSmtp();
	({ received, sql } = smtp);
	owner = await smtp.signUp('Größe & Söhne', 'olga@muster.test');
});
after(async () => {
	await smtp?.muster.stop();
	await smtp?.stop();
});

test('a mail is sent once it is committed, in plain MIME', async () => {
	await invite('new@muster.test');
	await until(() => received.length, { what: 'the mail' });
	const [mail] = received.splice(0);
	const { id } = mailOf('new@muster.test');
	assert.equal(mail.from, 'crm@muster.test');
	assert.deepEqual(mail.to, ['new@muster.test']);
	const end = mail.text.indexOf('\r\n\r\n');
	const head = mail.text.slice(0, end);
	assert.match(head, new RegExp(`^Message-ID: <${id}@muster\\.test>$`, 'm'));
	assert.match(head, /^From: Muster <crm@muster\.test>$/m);
	assert.match(head, /^Date: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000$/m);
	const subject = /^Subject: (.*(?:\r\n .*)*)$/m.exec(head)[1];
	const words = subject.split(/\r\n /).map((word) => /^=\?UTF-8\?Q\?([^?]+)\?=$/.exec(word)[1]).join('');
	assert.equal(decodeURIComponent(words.replaceAll('=', '%')), 'Invitation to Größe & Söhne');
	assert.doesNotMatch(head, /^List-Unsubscribe/m); // it was asked for
	const [plain, html] = parts(mail.text);
	assert.match(plain, /Größe & Söhne/);
	assert.match(plain, /http:\/\/127\.0\.0\.1:\d+\/invitation\?token=[\w-]{43}\r\n/);
	assert.match(html, /<b>Größe &amp; Söhne<\/b>/);
	assert.equal(/href="([^"]+invitation[^"]+)"/.exec(html)[1], /http\S+invitation\S+/.exec(plain)[0]);
	for (const line of mail.text.split('\r\n')) assert.ok(line.length <= 78, line);
	await until(() => mailOf('new@muster.test').state === 'sent', { what: 'state sent' });
	assert.equal(mailOf('new@muster.test').attempts, 1);
});

test('a mail that is refused for good fails, with what the server said', async () => {
	smtp.refuse = { code: 550, text: 'no such mailbox' };
	await invite('nobody@muster.test');
	await until(() => mailOf('nobody@muster.test')?.state === 'failed', { what: 'state failed' });
	assert.match(mailOf('nobody@muster.test').error, /550 .*no such mailbox/);
	assert.equal(mailOf('nobody@muster.test').attempts, 1);
	smtp.refuse = undefined;
	// The address is not asked again, whoever writes to it.
	await invite('nobody@muster.test');
	assert.deepEqual([mailOf('nobody@muster.test').state, mailOf('nobody@muster.test').attempts], ['failed', 0]);
	assert.match(mailOf('nobody@muster.test').error, /550 .*no such mailbox/);
	// Until somebody says that it was put right.
	const page = await owner.get('/settings/mail', { cookie: `muster_session=${owner.token}`, accept: 'text/html' });
	assert.match(page.text, /nobody@muster\.test[^]*no such mailbox/);
	assert.equal((await owner.post('/v1/mail_addresses/clear', { address: 'nobody@muster.test' })).status, 204);
	assert.deepEqual((await owner.get('/v1/mail_addresses/bounced')).body.data, []);
	await invite('nobody@muster.test');
	await until(() => mailOf('nobody@muster.test').state === 'sent', { what: 'state sent' });
	received.splice(0);
});

test('a refusal of what we are is none of the address', async () => {
	smtp.refuse = { code: 550, text: '5.7.1 relaying denied' };
	await invite('relayed@muster.test');
	await until(() => mailOf('relayed@muster.test')?.state === 'failed', { what: 'state failed' });
	smtp.refuse = undefined;
	await invite('relayed@muster.test');
	await until(() => mailOf('relayed@muster.test').state === 'sent', { what: 'state sent' });
	received.splice(0);
});

test('who does not answer an invitation is reminded once, and may unsubscribe by one click', async () => {
	const about = "subject_id IN (SELECT id FROM invitations WHERE email = 'slow@muster.test')";
	const { url } = await invite('slow@muster.test');
	await until(() => received.length, { what: 'the invitation' });
	received.splice(0);
	await until(() => sql(`SELECT 1 FROM workflow_runs WHERE ${about} AND step = 'remind' AND state = 'waiting'`).length, { what: 'the wait' });
	wake(about);
	const reminder = await until(() => received.find((one) => one.to[0] === 'slow@muster.test'), { what: 'the reminder' });
	const [plain, html] = parts(reminder.text);
	assert.equal(/http\S+invitation\?\S+/.exec(plain)[0], url); // the same link: it was not stored
	assert.match(reminder.text, /^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m);
	const [, link] = /^List-Unsubscribe:\r\n <(.*)>\r$/m.exec(reminder.text);
	const page = /href="([^"]+\/unsubscribe\?token=[^"]+)"/.exec(html)[1];
	const person = await fetch(link, { redirect: 'manual' });
	assert.equal(person.status, 303);
	assert.equal(new URL(person.headers.get('location'), link).href, page);
	assert.match(await (await fetch(page)).text(), /Unsubscribe<\/button>/);
	const click = (to) => fetch(to, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'List-Unsubscribe=One-Click' });
	assert.equal((await click(link.replace(/.{5}$/, 'AAAAA'))).status, 404);
	for (let i = 0; i < 2; i++) assert.equal((await click(link)).status, 204);
	await until(() => !sql(`SELECT 1 FROM workflow_runs WHERE ${about} AND ended_at IS NULL`).length, { what: 'its end' });
	received.splice(0);
	await invite('slow@muster.test'); // this is asked for: it comes
	await until(() => received.length, { what: 'the invitation' });
	await until(() => sql(`SELECT 1 FROM workflow_runs WHERE ${about} AND step = 'remind' AND state = 'waiting'`).length, { what: 'the wait' });
	wake(about); // and its reminder does not
	await until(() => !sql(`SELECT 1 FROM workflow_runs WHERE ${about} AND ended_at IS NULL`).length, { what: 'its end' });
	assert.equal(sql("SELECT 1 FROM mails WHERE recipient = 'slow@muster.test'").length, 3);
	received.splice(0);
});

test('in the morning, on the clocks of the company, everybody is told of the tasks that are due', async () => {
	const zone = 'America/St_Johns';
	assert.equal((await owner.patch('/v1/company', { time_zone: zone })).status, 200);
	const [[due]] = sql("SELECT DATE_FORMAT(due_at, '%Y-%m-%dT%TZ') FROM workflow_schedules WHERE name = 'tasks_morning'");
	assert.equal(new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' }).format(new Date(due)), '08:00');
	assert.ok(new Date(due) > new Date());
	const task = (title, days) => owner.post('/v1/tasks', { title, due_at: new Date(Date.now() + days * 86_400_000).toISOString(), assignee_id: owner.agent.id });
	for (const [title, days] of [['Call Größe & Söhne', -1], ['Next week', 7]]) assert.equal((await task(title, days)).status, 201);
	// Whose role does not let them see tasks any more is not told of them by mail either (theirs would be written in the same step).
	const blind = await join(owner, (await makeRole(owner, {})).id);
	assert.equal((await owner.post('/v1/tasks', { title: 'Unseen', due_at: new Date().toISOString(), assignee_id: blind.agent.id })).status, 201);
	sql(`UPDATE workflow_schedules s JOIN workflow_runs r ON r.id = s.run_id SET s.due_at = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND, r.wake_at = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND
		WHERE s.name = 'tasks_morning'; UPDATE workflow_queues SET wake_at = UTC_TIMESTAMP(6)`);
	const mail = await until(() => received.find((one) => one.to[0] === 'olga@muster.test'), { what: 'the mail' });
	assert.match(mail.text, /^Subject: A task is due today\r$/m);
	assert.match(mail.text, /^List-Unsubscribe-Post: /m);
	const [plain, html] = parts(mail.text);
	assert.match(plain, /^- Call Größe & Söhne \(late\)\r$/m);
	assert.match(html, /<li>Call Größe &amp; Söhne <b>\(late\)<\/b><\/li>/);
	assert.doesNotMatch(plain, /Next week/);
	assert.deepEqual(sql(`SELECT subject FROM mails WHERE recipient = '${blind.email}' AND kind IS NOT NULL`), []);
	const [[next]] = sql("SELECT due_at > UTC_TIMESTAMP(6) FROM workflow_schedules WHERE name = 'tasks_morning'");
	assert.equal(next, '1');
	received.splice(0);
});

test('a mail that is refused for now is tried again later, with the same Message-ID', async () => {
	smtp.refuse = { code: 451, text: 'try again later' };
	await invite('later@muster.test');
	await until(() => mailOf('later@muster.test')?.attempts === 1, { what: 'a try' });
	assert.equal(mailOf('later@muster.test').state, 'waiting');
	assert.match(mailOf('later@muster.test').error, /451 .*try again later/);
	const [[wait]] = sql(`SELECT TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(6), wake_at) FROM workflow_runs WHERE subject_id = '${mailOf('later@muster.test').id}'`);
	assert.ok(Number(wait) > 30 && Number(wait) <= 60, wait);
	smtp.refuse = undefined;
	wake();
	await until(() => received.length, { what: 'the mail' });
	assert.match(received.splice(0)[0].text, new RegExp(`Message-ID: <${mailOf('later@muster.test').id}@`));
	await until(() => mailOf('later@muster.test').state === 'sent', { what: 'state sent' });
});

test('a server that is away costs a try, and nothing else', async () => {
	await smtp.stop();
	await invite('patient@muster.test');
	await until(() => mailOf('patient@muster.test')?.attempts === 1, { what: 'a try' });
	assert.equal(mailOf('patient@muster.test').state, 'waiting');
	await smtp.start();
	wake();
	await until(() => mailOf('patient@muster.test').state === 'sent', { what: 'state sent' });
	assert.equal(received.splice(0).length, 1);
});

test('a mutation that is refused sends nothing', async () => {
	const before = sql('SELECT COUNT(*) FROM mails');
	const answer = await owner.post('/v1/invitations', { email: 'olga@muster.test', role_id: owner.agent.role_id });
	assert.equal(answer.status, 409);
	assert.deepEqual(sql('SELECT COUNT(*) FROM mails'), before);
});

test('without a server mails wait in the outbox', async () => {
	const own = await startMuster({ empty: true });
	try {
		const signed = await api(own.url).post('/v1/companies', { company_name: 'C', full_name: 'O', email: 'o@muster.test', password: 'correct horse battery' });
		const answer = await api(own.url, signed.body.token).post('/v1/invitations', { email: 'x@muster.test', role_id: signed.body.agent.role_id });
		assert.equal(answer.status, 201);
		const runs = await api(own.url, signed.body.token).get('/v1/workflow_runs');
		assert.deepEqual(runs.body.data.filter(({ workflow }) => workflow === 'mail_send').map(({ state }) => state), ['waiting']);
	} finally {
		await own.stop();
	}
});
