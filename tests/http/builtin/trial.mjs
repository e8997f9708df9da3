// trial.mjs: how a trial ends, and what a company may do on the free plan; fcgi-app/modules/trial.c, core/seats.h.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import Stripe from 'stripe';
import { api, until } from '../../harness.mjs';
import { parts, sharedSmtp, subjectOf } from '../smtp.mjs';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', password = 'correct horse battery', day = 86_400_000;
const stripe = new Stripe('sk_test_x');
let smtp, sql;

before(async () => ({ sql } = smtp = await sharedSmtp()));

const company = async (who) => (await who.get('/v1/company')).body;
const plan = async (who) => (await company(who)).plan;
const trialOf = (who) => {
	const [row] = sql(`SELECT state, step_number, TIMESTAMPDIFF(HOUR, UTC_TIMESTAMP(6), wake_at) FROM workflow_runs WHERE workflow = 'trial' AND subject_id = '${who.company.id}' ORDER BY created_at DESC LIMIT 1`);
	return { state: row[0], steps: Number(row[1]), hours: Number(row[2]) };
};
const runsOf = (who) => Number(sql(`SELECT COUNT(*) FROM workflow_runs WHERE workflow = 'trial' AND subject_id = '${who.company.id}'`)[0][0]);
// Now it is so many days before the end of the trial.
async function goTo(who, days) {
	const { steps } = trialOf(who);
	sql(`UPDATE companies SET trial_ends_at = trial_ends_at - INTERVAL TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(6) + INTERVAL ${days * 24 * 60 - 1} MINUTE, trial_ends_at) MICROSECOND WHERE id = '${who.company.id}'`);
	// What the run keeps of the end moves along: the time went on, nobody changed the trial.
	sql(`UPDATE workflow_runs r JOIN companies c ON c.id = r.subject_id SET r.data = JSON_SET(r.data, '$.ends_at', DATE_FORMAT(c.trial_ends_at, '%Y-%m-%dT%H:%i:%s.%fZ')) WHERE r.workflow = 'trial' AND c.id = '${who.company.id}' AND r.data IS NOT NULL`);
	smtp.wake(`workflow = 'trial' AND subject_id = '${who.company.id}'`);
	await until(() => trialOf(who).steps > steps && trialOf(who).state !== 'running', { what: 'its step' });
}
async function hookOf(who) {
	const hook = (await who.post('/v1/inbound_hooks', { name: 'Payments', scheme: 'stripe', secret })).body;
	return async (type, object) => {
		const payload = JSON.stringify({ id: `evt_${Math.random()}`, object: 'event', type, data: { object } });
		const answer = await fetch(hook.url, { method: 'POST', body: payload, headers: { 'content-type': 'application/json', 'stripe-signature': stripe.webhooks.generateTestHeaderString({ payload, secret }) } });
		assert.equal(answer.status, 204);
	};
}

test('owners are told 7, 3 and 1 days before, once each, and then it is the free plan', async () => {
	const owner = await smtp.signUp('Trial Ltd', 'trial@muster.test');
	const { trial_ends_at } = await company(owner);
	assert.equal(Math.round((new Date(trial_ends_at) - Date.now()) / day), 14);
	assert.deepEqual(trialOf(owner), { state: 'waiting', steps: 0, hours: 7 * 24 - 1 });
	for (const [days, subject] of [[7, 'ends in 7 days'], [3, 'ends in 3 days'], [1, 'ends tomorrow']]) {
		await goTo(owner, days);
		const mail = await smtp.mailTo(owner.email);
		assert.equal(subjectOf(mail), `Your trial of Muster ${subject}`);
		assert.match(parts(mail.text)[0], /\/settings\/company\r\n/);
		await goTo(owner, days - 0.1); // woken again before the next
		assert.equal(await plan(owner), 'trial');
	}
	await goTo(owner, 0);
	const mail = await smtp.mailTo(owner.email);
	assert.equal(subjectOf(mail), 'Your trial of Muster has ended');
	assert.deepEqual([trialOf(owner).state, await plan(owner), (await company(owner)).trial_ends_at], ['done', 'free', null]);
	const { items } = (await owner.get('/v1/changes?since=0')).body;
	const change = items.findLast(({ object, fields }) => object === 'companies' && fields?.includes('plan'));
	assert.equal(change.agent_id, null); // nobody did it
	assert.deepEqual(sql(`SELECT COUNT(*) FROM mails WHERE recipient = '${owner.email}'`), [['5']]);
});

test('whoever pays ends the trial while it waits', async () => {
	const owner = await smtp.signUp('Paying Ltd', 'paying@muster.test');
	const tell = await hookOf(owner);
	await tell('customer.subscription.created', { status: 'active' });
	await until(() => trialOf(owner).state === 'done', { what: 'the end of the run' });
	assert.deepEqual([await plan(owner), sql(`SELECT COUNT(*) FROM mails WHERE recipient = '${owner.email}'`)[0][0]], ['paid', '1']);
});

test('a trial that is extended, by the provider or by the API, is watched to its new end', async () => {
	const owner = await smtp.signUp('Longer Ltd', 'longer@muster.test');
	const tell = await hookOf(owner);
	await goTo(owner, 3);
	assert.equal(subjectOf(await smtp.mailTo(owner.email)), 'Your trial of Muster ends in 3 days');
	await tell('customer.subscription.updated', { status: 'trialing', trial_end: Math.floor((Date.now() + 30 * day) / 1000) });
	await until(() => trialOf(owner).hours > 22 * 24, { what: 'the longer wait' });
	await goTo(owner, 3);
	assert.equal(subjectOf(await smtp.mailTo(owner.email)), 'Your trial of Muster ends in 3 days');
	assert.equal(runsOf(owner), 1);
	assert.equal((await owner.put('/v1/company/plan', { plan: 'free' })).status, 200);
	await until(() => trialOf(owner).state === 'done', { what: 'the end of the run' });
	const trial_ends_at = new Date(Date.now() + 10 * day).toISOString();
	assert.equal((await owner.put('/v1/company/plan', { plan: 'trial', trial_ends_at })).status, 200);
	assert.deepEqual([runsOf(owner), trialOf(owner).state, trialOf(owner).hours], [2, 'waiting', 3 * 24 - 1]);
	for (const wrong of [{ plan: 'trial' }, { plan: 'trial', trial_ends_at: new Date(Date.now() - day).toISOString() }, { plan: 'paid', trial_ends_at }])
		assert.equal((await owner.put('/v1/company/plan', wrong)).status, 422);
});

test('on the free plan nobody new comes in when three are active; who is in stays, and works', async () => {
	const owner = await smtp.signUp('Small Ltd', 'small@muster.test');
	const invite = (name) => owner.post('/v1/invitations', { email: `${name}@small.test`, role_id: owner.agent.role_id });
	const accept = (invited, full_name) => api(owner.url).post('/v1/invitations/accept', { token: new URL(invited.body.url).searchParams.get('token'), full_name, password });
	const [a, b, c, late] = await Promise.all(['a', 'b', 'c', 'late'].map(invite)); // in the trial
	const agents = [];
	for (const [one, name] of [[a, 'A'], [b, 'B'], [c, 'C']]) agents.push((await accept(one, name)).body);
	assert.equal((await owner.put('/v1/company/plan', { plan: 'free' })).status, 200);
	const full = (answer) => assert.deepEqual([answer.status, /room for 3 people/.test(answer.body.detail)], [409, true], answer.text);
	full(await invite('d'));
	full(await accept(late, 'Late'));
	assert.equal((await api(owner.url, agents[2].token).post('/v1/contacts', { first_name: 'Still', last_name: 'Working' })).status, 201);
	const change = (one, status) => owner.patch(`/v1/agents/${one.agent.id}`, { status });
	assert.equal((await change(agents[1], 'suspended')).status, 200); // three are left
	full(await change(agents[1], 'active'));
	assert.equal((await owner.delete(`/v1/agents/${agents[2].agent.id}`)).status, 204);
	full(await invite('d')); // the invitation of Late has the third seat
	assert.equal((await accept(late, 'Late')).status, 201);
	full(await owner.post(`/v1/agents/${agents[2].agent.id}/restore`));
	assert.equal((await owner.put('/v1/company/plan', { plan: 'paid' })).status, 200);
	assert.equal((await owner.post(`/v1/agents/${agents[2].agent.id}/restore`)).status, 200);
	assert.equal((await change(agents[1], 'active')).status, 200);
	assert.equal((await invite('d')).status, 201);
});

test('the owner is told on the pages, and chooses there', async () => {
	const owner = await smtp.signUp('Page Ltd', 'page@muster.test');
	const cookie = `muster_session=${owner.token}`;
	const page = async (path) => (await fetch(owner.url + path, { headers: { cookie } })).text();
	assert.match(await page('/'), /You try everything until/);
	const text = await page('/settings/company');
	assert.match(text, /The trial ends on/);
	const [, csrf] = /name="_csrf" value="([^"]+)"/.exec(text);
	const sent = await fetch(`${owner.url}/do/company_plan`, { method: 'POST', redirect: 'manual', headers: { cookie }, body: new URLSearchParams({ _csrf: csrf, _page: '/settings/company', plan: 'paid' }) });
	assert.equal(sent.status, 303);
	assert.equal(await plan(owner), 'paid');
	assert.doesNotMatch(await page('/'), /You try everything/);
});
