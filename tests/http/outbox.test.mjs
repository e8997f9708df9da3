// outbox.test.mjs: mails leave the house by SMTP, when there is a server; fcgi-app/modules/outbox.c.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join as path } from 'node:path';
import { after, before, test } from 'node:test';
import { SMTPServer } from 'smtp-server';
import { api, freePort, startMuster, until } from '../harness.mjs';

const received = [];
let refuse; // what the server says instead of yes, or undefined
let server, muster, owner;

const sql = (text) =>
	execFileSync('mariadb', ['--no-defaults', '-u', 'root', '-S', path(muster.dataDir, 'run/mariadb.sock'), '-N', '-B', 'muster', '-e', text], { encoding: 'utf8' })
		.split('\n').filter(Boolean).map((line) => line.split('\t'));
const mailOf = (recipient) => {
	const [row] = sql(`SELECT id, state, attempts, last_error FROM mails WHERE recipient = '${recipient}' ORDER BY created_at DESC LIMIT 1`);
	return row && { id: row[0], state: row[1], attempts: Number(row[2]), error: row[3] };
};
const invite = async (email) => {
	const answer = await owner.post('/v1/invitations', { email, role_id: owner.agent.role_id });
	assert.equal(answer.status, 201, answer.text);
	return answer.body;
};

function listen(port) {
	const own = new SMTPServer({
		authOptional: true,
		disabledCommands: ['STARTTLS'],
		onRcptTo(address, session, done) {
			done(refuse && Object.assign(new Error(refuse.text), { responseCode: refuse.code }));
		},
		onData(stream, session, done) {
			let text = '';
			stream.setEncoding('utf8').on('data', (part) => (text += part)).on('end', () => {
				received.push({ text, from: session.envelope.mailFrom.address, to: session.envelope.rcptTo.map(({ address }) => address) });
				done();
			});
		},
	});
	own.on('error', () => {});
	return new Promise((ready) => own.listen(port, '127.0.0.1', () => ready(own)));
}

before(async () => {
	const port = await freePort();
	server = await listen(port);
	muster = await startMuster({ empty: true, env: { MUSTER_SMTP_URL: `smtp://127.0.0.1:${port}`, MUSTER_MAIL_FROM: 'Muster <crm@muster.test>' } });
	const signed = await api(muster.url).post('/v1/companies', { company_name: 'Größe & Söhne', full_name: 'Olga Owner', email: 'olga@muster.test', password: 'correct horse battery' });
	assert.equal(signed.status, 201, signed.text);
	owner = { ...api(muster.url, signed.body.token), agent: signed.body.agent };
});
after(async () => {
	await muster?.stop();
	await new Promise((done) => server.close(done));
});

test('a mail is sent once it is committed, in plain MIME', async () => {
	await invite('new@muster.test');
	await until(() => received.length, { what: 'the mail' });
	const [mail] = received.splice(0);
	const { id } = mailOf('new@muster.test');
	assert.equal(mail.from, 'crm@muster.test');
	assert.deepEqual(mail.to, ['new@muster.test']);
	const end = mail.text.indexOf('\r\n\r\n');
	const [head, body] = [mail.text.slice(0, end), mail.text.slice(end + 4)];
	assert.match(head, new RegExp(`^Message-ID: <${id}@muster\\.test>$`, 'm'));
	assert.match(head, /^From: Muster <crm@muster\.test>$/m);
	assert.match(head, /^Date: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000$/m);
	const subject = /^Subject: (.*(?:\r\n .*)*)$/m.exec(head)[1];
	const words = subject.split(/\r\n /).map((word) => /^=\?UTF-8\?Q\?([^?]+)\?=$/.exec(word)[1]).join('');
	assert.equal(decodeURIComponent(words.replaceAll('=', '%')), 'Invitation to Größe & Söhne');
	const text = decodeURIComponent(body.replaceAll('=\r\n', '').replaceAll('%', '%25').replace(/=([0-9A-F]{2})/g, '%$1'));
	assert.match(text, /Größe & Söhne/);
	assert.match(text, /http:\/\/127\.0\.0\.1:\d+\/invitation\?token=[\w-]{43}\r\n/);
	for (const line of mail.text.split('\r\n')) assert.ok(line.length <= 78, line);
	await until(() => mailOf('new@muster.test').state === 'sent', { what: 'state sent' });
	assert.equal(mailOf('new@muster.test').attempts, 1);
});

test('a mail that is refused for good fails, with what the server said', async () => {
	refuse = { code: 550, text: 'no such mailbox' };
	await invite('nobody@muster.test');
	await until(() => mailOf('nobody@muster.test')?.state === 'failed', { what: 'state failed' });
	assert.match(mailOf('nobody@muster.test').error, /550 .*no such mailbox/);
	assert.equal(mailOf('nobody@muster.test').attempts, 1);
	refuse = undefined;
});

test('a mail that is refused for now is tried again later, with the same Message-ID', async () => {
	refuse = { code: 451, text: 'try again later' };
	await invite('later@muster.test');
	await until(() => mailOf('later@muster.test')?.attempts === 1, { what: 'a try' });
	assert.equal(mailOf('later@muster.test').state, 'waiting');
	assert.match(mailOf('later@muster.test').error, /451 .*try again later/);
	const [[wait]] = sql(`SELECT TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(6), wake_at) FROM workflow_runs WHERE subject_id = '${mailOf('later@muster.test').id}'`);
	assert.ok(Number(wait) > 30 && Number(wait) <= 60, wait);
	refuse = undefined;
	sql('UPDATE workflow_runs SET wake_at = UTC_TIMESTAMP(6); UPDATE workflow_queues SET wake_at = UTC_TIMESTAMP(6)');
	await until(() => received.length, { what: 'the mail' });
	assert.match(received.splice(0)[0].text, new RegExp(`Message-ID: <${mailOf('later@muster.test').id}@`));
	await until(() => mailOf('later@muster.test').state === 'sent', { what: 'state sent' });
});

test('a server that is away costs a try, and nothing else', async () => {
	const { port } = server.server.address();
	await new Promise((done) => server.close(done));
	await invite('patient@muster.test');
	await until(() => mailOf('patient@muster.test')?.attempts === 1, { what: 'a try' });
	assert.equal(mailOf('patient@muster.test').state, 'waiting');
	server = await listen(port);
	sql('UPDATE workflow_runs SET wake_at = UTC_TIMESTAMP(6); UPDATE workflow_queues SET wake_at = UTC_TIMESTAMP(6)');
	await until(() => mailOf('patient@muster.test').state === 'sent', { what: 'state sent' });
	assert.equal(received.splice(0).length, 1);
});

test('a mutation that is refused sends nothing', async () => {
	const answer = await owner.post('/v1/invitations', { email: 'olga@muster.test', role_id: owner.agent.role_id });
	assert.equal(answer.status, 409);
	assert.equal(mailOf('olga@muster.test'), undefined);
});

test('without a server mails wait in the outbox', async () => {
	const own = await startMuster({ empty: true });
	try {
		const signed = await api(own.url).post('/v1/companies', { company_name: 'C', full_name: 'O', email: 'o@muster.test', password: 'correct horse battery' });
		const answer = await api(own.url, signed.body.token).post('/v1/invitations', { email: 'x@muster.test', role_id: signed.body.agent.role_id });
		assert.equal(answer.status, 201);
		const runs = await api(own.url, signed.body.token).get('/v1/workflow_runs');
		assert.deepEqual(runs.body.data.map(({ workflow, state }) => [workflow, state]), [['mail_send', 'waiting']]);
	} finally {
		await own.stop();
	}
});
