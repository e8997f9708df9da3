// smtp.mjs: a mail server, and a Muster of its own that sends by it.

import assert from 'node:assert/strict';
import { SMTPServer } from 'smtp-server';
import { api, freePort, startMuster, until } from '../harness.mjs';
import { database } from './company.mjs';

// `received` are the mails that came, { text, from, to }; `refuse` is what the server says instead of yes, { code, text }, or undefined.
export async function startSmtp() {
	const port = await freePort();
	const smtp = { received: [], refuse: undefined };
	let server;
	smtp.start = () => {
		server = new SMTPServer({
			authOptional: true,
			disabledCommands: ['STARTTLS'],
			onRcptTo(address, session, done) {
				done(smtp.refuse && Object.assign(new Error(smtp.refuse.text), { responseCode: smtp.refuse.code }));
			},
			onData(stream, session, done) {
				let text = '';
				stream.setEncoding('utf8').on('data', (part) => (text += part)).on('end', () => {
					smtp.received.push({ text, from: session.envelope.mailFrom.address, to: session.envelope.rcptTo.map(({ address }) => address) });
					done();
				});
			},
		});
		server.on('error', () => {});
		return new Promise((ready) => server.listen(port, '127.0.0.1', ready));
	};
	smtp.stop = () => new Promise((done) => server.close(done));
	// The first mail to that address; it counts as read.
	smtp.mailTo = (address, what = `a mail to ${address}`) => until(() => {
		const at = smtp.received.findIndex(({ to }) => to[0] === address);
		return at >= 0 && smtp.received.splice(at, 1)[0];
	}, { what });
	// All mails to the people of a company that were not read yet, when no more are on their way.
	smtp.mailsOf = async ({ id }) => {
		await until(() => !smtp.sql(`SELECT 1 FROM workflow_runs WHERE workflow = 'mail_send' AND ended_at IS NULL AND company_id = '${id}'`).length, { what: 'the mails' });
		const theirs = new Set(smtp.sql(`SELECT email FROM agents WHERE company_id = '${id}'`).flat());
		return smtp.received.filter(({ to }) => theirs.has(to[0])).map((mail) => smtp.received.splice(smtp.received.indexOf(mail), 1)[0]);
	};
	await smtp.start();
	smtp.muster = await startMuster({ empty: true, env: { MUSTER_SMTP_URL: `smtp://127.0.0.1:${port}`, MUSTER_MAIL_FROM: 'Muster <crm@muster.test>' } });
	smtp.sql = (text) => database(text, smtp.muster.dataDir);
	// Runs that wait for a time need not wait longer.
	smtp.wake = (which) => smtp.sql(`UPDATE workflow_runs SET wake_at = UTC_TIMESTAMP(6) WHERE ${which} AND ended_at IS NULL; UPDATE workflow_queues SET wake_at = UTC_TIMESTAMP(6)`);
	smtp.signUp = async (company_name, email) => {
		const signed = await api(smtp.muster.url).post('/v1/companies', { company_name, full_name: 'Olga Owner', email, password: 'correct horse battery' });
		assert.equal(signed.status, 201, signed.text);
		const welcome = await smtp.mailTo(email, 'the welcome');
		return { ...api(smtp.muster.url, signed.body.token), agent: signed.body.agent, company: signed.body.company, email, welcome };
	};
	return smtp;
}

// The one of a file of tests: who asks first starts it.
let shared;
export const sharedSmtp = () => (shared ??= startSmtp());

export const subjectOf = ({ text }) => /^Subject: (.*)\r$/m.exec(text)[1];

// The two parts of a mail, as they are read: text and HTML.
export function parts(text) {
	const [, boundary] = /^Content-Type: multipart\/alternative;\r\n boundary="(.*)"\r$/m.exec(text);
	const all = text.split(`--${boundary}`);
	assert.equal(all.length, 4);
	assert.equal(all[3].trim(), '--');
	return all.slice(1, 3).map((part, i) => {
		const end = part.indexOf('\r\n\r\n');
		assert.match(part.slice(0, end), i ? /Content-Type: text\/html; charset=utf-8/ : /Content-Type: text\/plain; charset=utf-8/);
		return decodeURIComponent(part.slice(end + 4).replaceAll('=\r\n', '').replaceAll('%', '%25').replace(/=([0-9A-F]{2})/g, '%$1'));
	});
}
