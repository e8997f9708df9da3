// Steps of automations that leave the house: mails, by a real server, and webhooks, to a real receiver; fcgi-app/modules/automation_tell.c.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { SMTPServer } from 'smtp-server';
import { Webhook } from 'standardwebhooks';
import { startMuster, until } from '../harness.mjs';
import { automate, draft, ended, errorsOf, made, runsOf, stepsOf } from './automating.mjs';
import { database, join, makeRole, signUp } from './company.mjs';

let muster, mailer, receiver, address, owner;
const mails = []; // { to, text }
const got = []; // { path, headers, body }
let refuse = () => undefined; // what the mail server says of an address instead of yes
let reply = () => ({ status: 204 });

before(async () => {
	mailer = new SMTPServer({
		authOptional: true,
		disabledCommands: ['STARTTLS'],
		onRcptTo: ({ address: to }, session, done) => done(refuse(to)),
		onData(stream, session, done) {
			let text = '';
			stream.setEncoding('utf8').on('data', (part) => (text += part)).on('end', () => {
				mails.push({ text: text.replaceAll('=\r\n', '').replaceAll('\r\n', '\n'), to: session.envelope.rcptTo[0].address });
				done();
			});
		},
	});
	mailer.on('error', () => {});
	receiver = createServer((request, response) => {
		let body = '';
		request.setEncoding('utf8').on('data', (part) => (body += part)).on('end', () => {
			const one = { path: request.url, headers: request.headers, body };
			got.push(one);
			response.writeHead(reply(one).status).end(reply(one).text);
		});
	});
	await Promise.all([mailer, receiver].map((server) => new Promise((done) => server.listen(0, '127.0.0.1', done))));
	address = `http://127.0.0.1:${receiver.address().port}`;
	muster = await startMuster({ empty: true, env: {
		MUSTER_SMTP_URL: `smtp://127.0.0.1:${mailer.server.address().port}`, MUSTER_MAIL_FROM: 'crm@muster.test', MUSTER_PRIVATE_WEBHOOKS: 'on', MUSTER_RATE_PER_MINUTE: '60000',
	} });
	process.env.MUSTER_TEST_URL = muster.url;
	process.env.MUSTER_TEST_DATA = muster.dataDir;
	owner = await signUp();
});
after(async () => {
	await muster?.stop();
	receiver.closeAllConnections();
	await Promise.all([mailer, receiver].map((server) => new Promise((done) => server.close(done))));
});

let n = 0;
const contact = (members = {}) => made(owner, '/v1/contacts', { first_name: `Ann ${++n}`, ...members });
const mailTo = (to, subject) => until(() => mails.find((one) => one.to === to && one.text.includes(`\nSubject: ${subject}`)), { what: `a mail to ${to}: ${subject}` });
const off = ({ id }) => owner.post(`/v1/automations/${id}/pause`);
const hook = async (members = {}) => made(owner, '/v1/webhooks', { url: `${address}/${++n}`, events: [], ...members });
const heard = ({ url }, count = 1) => until(() => {
	const all = got.filter((one) => one.path === new URL(url).pathname);
	return all.length >= count && all;
}, { what: `${count} at ${url}` });
const due = () => database('UPDATE workflow_runs SET wake_at = UTC_TIMESTAMP(6) WHERE workflow = \'webhook_send\' AND ended_at IS NULL; UPDATE workflow_queues SET wake_at = UTC_TIMESTAMP(6)');

test('a mail goes to the primary address of the contact, with its fields, and one may unsubscribe from it', async () => {
	const automation = await automate(owner, {
		starts: { on: 'created' },
		steps: [
			{ do: 'send_mail', to: 'contact', subject: 'Hello {{first_name}}', body: 'Dear {{first_name}},\n\n<b>welcome</b>{{#tags}} {{name}}{{/tags}}' },
			{ do: 'send_mail', to: 'agent', agent_id: owner.agent.id, subject: '{{full_name}} is new', body: 'Look: {{website}}' },
			{ do: 'set_field', field: 'job_title', value: 'Greeted' },
		],
	});
	const ada = await contact({ first_name: 'Ada', emails: [{ address: 'second@muster.test' }, { address: 'ada@muster.test', primary: true }] });
	const [run] = await ended(owner, automation);
	assert.equal(run.state, 'done', run.last_error);
	const { text } = await mailTo('ada@muster.test', 'Hello Ada\n');
	assert.match(text, /^Dear Ada,\n\n<b>welcome<\/b>\n/m);
	assert.match(text, /&lt;b&gt;welcome&lt;\/b&gt;/);
	await mailTo(owner.agent.email, 'Ada is new\n');
	assert.equal(mails.some((one) => one.to === 'second@muster.test'), false);
	const [first] = await stepsOf(owner, run);
	assert.equal(first.result.input.to, 'ada@muster.test');
	assert.equal(first.result.output.state, 'waiting');
	// By one click nothing more comes, and the run goes on.
	const [, link] = /^List-Unsubscribe:\n <(.*)>$/m.exec(text);
	assert.equal((await fetch(link, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'List-Unsubscribe=One-Click' })).status, 204);
	assert.equal((await owner.delete(`/v1/contacts/${ada.id}`)).status, 204);
	const again = await contact({ first_name: 'Ada', emails: [{ address: 'ada@muster.test' }] });
	const nobody = await contact({ emails: [] });
	const runs = await ended(owner, automation, 3);
	const stateOf = async ({ id }) => (await stepsOf(owner, runs.find((one) => one.subject_id === id)))[0].result.output;
	assert.deepEqual(await stateOf(again), { state: 'unsubscribed' });
	assert.deepEqual(await stateOf(nobody), { state: 'no_address' });
	assert.equal((await owner.get(`/v1/contacts/${nobody.id}`)).body.job_title, 'Greeted');
	assert.equal(mails.filter((one) => one.to === 'ada@muster.test').length, 1);
	await off(automation);
});

test('a company on trial writes to contacts a hundred times at once; what is more is put off, and says so', async () => {
	const other = await signUp();
	const step = { do: 'send_mail', to: 'contact', subject: 'Buy', body: 'Buy' };
	const automation = await automate(other, { starts: { on: 'created' }, steps: Array(40).fill(step) });
	for (let i = 0; i < 3; i++) await made(other, '/v1/contacts', { first_name: 'Mark', emails: [{ address: `mark${i}@muster.test` }] });
	const put = () => runsOf(other, automation).then((runs) => runs.find((one) => one.last_error));
	const { state, last_error } = await until(put, { what: 'a run that is put off' });
	assert.match(last_error, /sent its mails to contacts for now/);
	assert.equal(state, 'waiting');
	// A step that had to be done again has taken twice, so there may be some less.
	const written = () => Number(database(`SELECT COUNT(*) FROM mails WHERE company_id = '${other.company.id}' AND recipient LIKE 'mark%'`)[0][0]);
	await until(() => written() >= 80, { what: 'about a hundred mails' });
	assert.ok(written() <= 100);
	await other.post(`/v1/automations/${automation.id}/pause`);
});

test('an address that its server refuses for good is not written to again', async () => {
	const automation = await automate(owner, { starts: { on: 'manual' }, steps: [{ do: 'send_mail', to: 'contact', subject: 'Hello', body: 'Hello' }] });
	const bob = await contact({ emails: [{ address: 'gone@muster.test' }] });
	const state = async () => {
		const { body } = await owner.post(`/v1/automations/${automation.id}/start`, { subject_id: bob.id });
		const runs = await ended(owner, automation);
		return (await stepsOf(owner, runs.find((one) => one.id === body.id)))[0].result.output.state;
	};
	refuse = (to) => (to === 'gone@muster.test' ? Object.assign(new Error('no such mailbox'), { responseCode: 550 }) : undefined);
	assert.equal(await state(), 'waiting');
	await until(() => database("SELECT 1 FROM mail_addresses WHERE address = 'gone@muster.test' AND bounced_at IS NOT NULL").length, { what: 'the bounce' });
	refuse = () => undefined;
	assert.equal(await state(), 'bounced');
});

test('a deal and a task write to whom they are about, and to who works on them', async () => {
	const mate = await join(owner, owner.roles.agent.id);
	const cyd = await contact({ emails: [{ address: 'cyd@muster.test' }] });
	const deals = await automate(owner, { object: 'deal', steps: [{ do: 'send_mail', to: 'contact', subject: 'Offer: {{title}}', body: 'x' }, { do: 'send_mail', to: 'owner', subject: 'Yours: {{title}}', body: 'x' }] });
	const tasks = await automate(owner, { object: 'task', steps: [{ do: 'send_mail', to: 'contact', subject: '{{description}}', body: 'x' }] });
	await made(owner, '/v1/deals', { title: 'Seats', owner_id: mate.agent.id, contact_ids: [cyd.id] });
	await made(owner, '/v1/tasks', { title: 'Call', description: 'Call\nBcc: evil@muster.test', subject: { object: 'contact', id: cyd.id } });
	for (const one of [deals, tasks]) assert.equal((await ended(owner, one))[0].state, 'done');
	await mailTo('cyd@muster.test', 'Offer: Seats\n');
	await mailTo(mate.agent.email, 'Yours: Seats\n');
	const both = await until(() => { const all = mails.filter((one) => one.to === 'cyd@muster.test'); return all.length === 2 && all; }, { what: 'both mails' });
	for (const { text } of both) assert.doesNotMatch(text.slice(0, text.indexOf('\n\n')), /^Bcc/m); // what a field holds makes no header
	for (const one of [deals, tasks]) await off(one);
});

test('a webhook is told once, signed, and the run goes on when it was taken', async () => {
	const webhook = await hook();
	const automation = await automate(owner, { starts: { on: 'manual' }, steps: [
		{ do: 'call_webhook', webhook_id: webhook.id, data: { name: '{{first_name}} & co', fixed: 'yes' } },
		{ do: 'set_field', field: 'job_title', value: 'Told' },
	] });
	const dan = await contact({ first_name: 'Dan' });
	reply = () => ({ status: 500, text: 'busy' });
	const { body: run } = await owner.post(`/v1/automations/${automation.id}/start`, { subject_id: dan.id });
	const [first] = await heard(webhook);
	const told = new Webhook(webhook.key).verify(first.body, first.headers);
	assert.equal(told.type, 'automation.step');
	assert.deepEqual(told.data, { object: 'contact', id: dan.id, automation_id: automation.id, run_id: run.id, at: '/steps/0', values: { name: 'Dan & co', fixed: 'yes' } });
	const title = async () => (await owner.get(`/v1/contacts/${dan.id}`)).body.job_title;
	await until(async () => (await owner.get(`/v1/webhook_deliveries?webhook_id=${webhook.id}`)).body.data[0]?.tries === 1, { what: 'the failure' });
	assert.equal(await title(), null);
	const [waiting] = await runsOf(owner, automation);
	assert.deepEqual([waiting.state, waiting.awaits], ['waiting', 'webhook']);
	const story = (await owner.get(`/v1/workflow_runs/${run.id}/story`)).body;
	assert.deepEqual([story.waits_for, story.tried, story.webhook_id], ['the answer of the webhook', 'the receiver answered 500, tried 1 time', webhook.id]);
	reply = () => ({ status: 202, text: 'taken' });
	due();
	const [done] = await ended(owner, automation);
	assert.equal(done.state, 'done', done.last_error);
	assert.equal(await title(), 'Told');
	const ids = (await heard(webhook, 2)).map((one) => one.headers['webhook-id']);
	assert.deepEqual(ids, [ids[0], ids[0]]);
	const steps = await stepsOf(owner, run);
	assert.deepEqual(steps.map((one) => [one.result.at, one.result.output?.status, one.result.output?.reply]), [['/steps/0', undefined, undefined], ['/steps/0', 202, 'taken'], ['/steps/1', undefined, undefined]]);
	assert.equal(steps[0].result.input.delivery_id, ids[0]);
});

test('a receiver that wants no more fails the run; with the run it is told again', async () => {
	const webhook = await hook();
	const automation = await automate(owner, { starts: { on: 'manual' }, steps: [{ do: 'call_webhook', webhook_id: webhook.id }] });
	const eve = await contact();
	reply = () => ({ status: 410 });
	const { body: run } = await owner.post(`/v1/automations/${automation.id}/start`, { subject_id: eve.id });
	const [failed] = await ended(owner, automation);
	const [first] = await heard(webhook);
	assert.deepEqual([failed.state, failed.last_error], ['failed', 'the receiver did not take it: status 410']);
	reply = () => ({ status: 204 });
	await owner.patch(`/v1/webhooks/${webhook.id}`, { enabled: true });
	await owner.post(`/v1/workflow_runs/${run.id}/again`, {});
	await until(async () => (await runsOf(owner, automation))[0].state === 'done', { what: 'the end' });
	assert.equal((await heard(webhook, 2))[1].headers['webhook-id'], first.headers['webhook-id']);
});

test('a webhook is told nothing of a record that whoever chose its address cannot see', async () => {
	const clerk = await join(owner, (await makeRole(owner, { 'webhooks.create': 'all', 'webhooks.view': 'all', 'contacts.view': 'own' })).id);
	const webhook = await made(clerk, '/v1/webhooks', { url: `${address}/${++n}`, events: [] });
	const automation = await automate(owner, { starts: { on: 'manual' }, steps: [{ do: 'call_webhook', webhook_id: webhook.id, data: { name: '{{first_name}}' } }] });
	const gil = await contact();
	await owner.post(`/v1/automations/${automation.id}/start`, { subject_id: gil.id });
	const [failed] = await ended(owner, automation);
	assert.deepEqual([failed.state, failed.last_error], ['failed', 'whoever chose the address of the webhook cannot see this contact']);
	assert.deepEqual(database(`SELECT COUNT(*) FROM webhook_deliveries WHERE webhook_id = '${webhook.id}'`), [['0']]);
});

test('a test of what leaves the house tells what it would be, and nothing leaves', async () => {
	const webhook = await hook();
	const automation = await draft(owner, { steps: [
		{ do: 'send_mail', to: 'contact', subject: 'Hi {{first_name}}', body: 'So' }, { do: 'call_webhook', webhook_id: webhook.id, data: { n: '{{first_name}}' } }, { do: 'stop' },
	] });
	const fay = await contact({ first_name: 'Fay', emails: [{ address: 'fay@muster.test' }] });
	const { body } = await owner.post(`/v1/automations/${automation.id}/test`, { subject_id: fay.id });
	assert.deepEqual(body.steps.map((one) => [one.what, one.refused]), [['send_mail', null], ['call_webhook', null], ['stop', null]]);
	assert.deepEqual(body.steps[0].input, { to: 'fay@muster.test', subject: 'Hi Fay', body: 'So' });
	assert.deepEqual(body.steps[1].input.values, { n: 'Fay' });
	assert.deepEqual(database(`SELECT (SELECT COUNT(*) FROM mails WHERE recipient = 'fay@muster.test'), (SELECT COUNT(*) FROM webhook_deliveries WHERE webhook_id = '${webhook.id}')`), [['0', '0']]);
});

test('what does not fit such a step is refused at its place, and another company\'s webhook is not there', async () => {
	const stranger = await signUp();
	const theirs = await made(stranger, '/v1/webhooks', { url: `${address}/theirs`, events: [] });
	const mail = (members) => ({ do: 'send_mail', to: 'contact', subject: 'x', body: 'x', ...members });
	const call = (members) => ({ do: 'call_webhook', webhook_id: theirs.id, ...members });
	const answer = await owner.post('/v1/automations', { name: 'Test', object: 'contact', starts: { on: 'created' }, steps: [
		mail({ to: 'everybody' }), mail({ to: 'agent' }), mail({ agent_id: owner.agent.id }), mail({ to: 'agent', agent_id: stranger.agent.id }),
		mail({ subject: '{{password}}' }), mail({ body: 'x'.repeat(5001) }),
		call({}), call({ data: ['x'] }), call({ data: { a: '{{secret}}', b: 7 } }), call({ webhook_id: undefined, url: 'http://169.254.169.254/' }),
	] });
	assert.deepEqual(errorsOf(answer).toSorted(), [
		['/steps/0/to', 'choice'], ['/steps/1/agent_id', 'required'], ['/steps/2/agent_id', 'invalid'], ['/steps/3/agent_id', 'not_found'],
		['/steps/4/subject', 'invalid'], ['/steps/5/body', 'too_long'],
		['/steps/6/webhook_id', 'not_found'], ['/steps/7/data', 'type'], ['/steps/7/webhook_id', 'not_found'],
		['/steps/8/data/a', 'invalid'], ['/steps/8/data/b', 'type'], ['/steps/8/webhook_id', 'not_found'], ['/steps/9/url', 'unknown_field'], ['/steps/9/webhook_id', 'required'],
	].toSorted(), answer.text);
});

test('a text of lists in lists is refused instead of written without end', async () => {
	const loops = 9;
	const body = `${'{{#emails}}'.repeat(loops)}x${'{{/emails}}'.repeat(loops)}`;
	const automation = await automate(owner, { starts: { on: 'manual' }, steps: [{ do: 'send_mail', to: 'contact', subject: 'x', body }] });
	const gil = await contact({ emails: Array.from({ length: 10 }, (_, i) => ({ address: `gil${i}@muster.test` })) });
	await owner.post(`/v1/automations/${automation.id}/start`, { subject_id: gil.id });
	const [run] = await ended(owner, automation);
	assert.deepEqual([run.state, run.last_error], ['failed', 'the text becomes too long']);
});
