// onboarding.mjs: the first weeks of a company, and the list of its first steps; fcgi-app/modules/onboarding.c.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { until } from '../../harness.mjs';
import { parts, sharedSmtp, subjectOf } from '../smtp.mjs';

let smtp, sql;
before(async () => ({ sql } = smtp = await sharedSmtp()));

const about = (who) => `workflow = 'onboarding' AND subject_id = '${who.company.id}'`;
const runOf = (who) => {
	const [[state, step, hours]] = sql(`SELECT state, step, TIMESTAMPDIFF(HOUR, UTC_TIMESTAMP(6), wake_at) FROM workflow_runs WHERE ${about(who)}`);
	return { state, step, hours: Number(hours) };
};
const onboarding = async (who) => (await who.get('/v1/company')).body.onboarding;
const made = async (answer) => assert.equal((await answer).status, 201, (await answer).text);
const begin = async (who, { people = true } = {}) => {
	await made(who.post('/v1/contacts', { first_name: 'Ann', last_name: 'First' }));
	await made(who.post('/v1/deals', { title: 'The first' }));
	if (people) await made(who.post('/v1/invitations', { email: `second@${who.company.id}.test`, role_id: who.agent.role_id }));
};
// Signs up; its first mail has come.
async function signUp(name) {
	const owner = await smtp.signUp(`${name} Ltd`, `${name}@muster.test`);
	assert.equal(subjectOf(owner.welcome), 'Welcome to Muster');
	assert.deepEqual([await onboarding(owner), runOf(owner)], ['started', { state: 'waiting', step: 'look', hours: 71 }]);
	return owner;
}

test('a company that has begun is congratulated after three days, and that is all', async () => {
	const owner = await signUp('eager');
	await begin(owner);
	smtp.wake(about(owner));
	assert.equal(subjectOf(await smtp.mailTo(owner.email)), 'Muster is yours now');
	assert.deepEqual([await onboarding(owner), runOf(owner).state], ['engaged', 'done']);
});

test('who has not is told what is missing, and is looked after a week later', async () => {
	const owner = await signUp('slow');
	await made(owner.post('/v1/contacts', { first_name: 'Ann', last_name: 'First' }));
	smtp.wake(about(owner));
	const [plain, html] = parts((await smtp.mailTo(owner.email)).text);
	for (const text of [plain, html]) {
		assert.match(text, /invite somebody/);
		assert.match(text, /make a deal/);
		assert.doesNotMatch(text, /bring your contacts/);
	}
	assert.match(html, /unsubscribe\?token=/);
	await until(() => runOf(owner).step === 'look_again', { what: 'the wait' });
	assert.equal(runOf(owner).hours, 7 * 24 - 1);
	await begin(owner);
	smtp.wake(about(owner));
	assert.equal(subjectOf(await smtp.mailTo(owner.email)), 'Muster is yours now');
	assert.equal(await onboarding(owner), 'engaged');
});

test('who never begins hears of it twice, and then no more', async () => {
	const owner = await signUp('never');
	smtp.wake(about(owner));
	assert.equal(subjectOf(await smtp.mailTo(owner.email)), 'Three things to begin with in Muster');
	await until(() => runOf(owner).step === 'look_again', { what: 'the wait' });
	smtp.wake(about(owner));
	assert.equal(subjectOf(await smtp.mailTo(owner.email)), 'Can we make Muster easier to begin with?');
	assert.deepEqual([await onboarding(owner), runOf(owner).state], ['over', 'done']);
});

test('it stops in the middle of its wait when nobody is there any more', async () => {
	const owner = await signUp('gone');
	sql(`UPDATE agents SET status = 'suspended' WHERE id = '${owner.agent.id}'`);
	smtp.wake(about(owner));
	await until(() => runOf(owner).state === 'done', { what: 'its end' });
	assert.deepEqual(sql(`SELECT onboarding, (SELECT COUNT(*) FROM mails WHERE recipient = '${owner.email}') FROM companies WHERE id = '${owner.company.id}'`), [['over', '1']]);
});

test('the list of first steps ticks itself, until it is put away', async () => {
	const owner = await signUp('list');
	const page = async () => (await fetch(`${owner.url}/`, { headers: { cookie: `muster_session=${owner.token}` } })).text();
	const steps = async () => (await owner.get('/v1/company/first_steps')).body;
	assert.deepEqual(await steps(), { shown: true, contacts: false, people: false, deals: false, tasks: false });
	const { headers } = await owner.get('/v1/company/first_steps');
	const next = owner.get('/v1/company/first_steps', { 'if-none-match': headers.get('etag'), prefer: 'wait=20' });
	await begin(owner, { people: false });
	assert.equal((await next).body.contacts, true); // it is live
	const text = await page();
	for (const [name, done] of [['contacts', true], ['deals', true], ['people', false], ['tasks', false]])
		assert.match(text, new RegExp(`<li ${done ? 'class="is-done" ' : ''}id="step-${name}">`));
	assert.equal((await owner.delete('/v1/company/first_steps')).status, 204);
	assert.equal((await steps()).shown, false);
	assert.doesNotMatch(await page(), /first-steps/);
});
