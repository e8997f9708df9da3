// How far runs are, for people: with which records, for what they wait, and what did nothing; fcgi-app/modules/automation_journal.c.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../harness.mjs';
import { automate, ended, made, runsOf } from './automating.mjs';
import { join, makeRole, signUp } from './company.mjs';

const owner = await signUp();
const start = async (automation, subject) => {
	const answer = await owner.post(`/v1/automations/${automation.id}/start`, { subject_id: subject.id });
	assert.equal(answer.status, 202, answer.text);
	return answer.body;
};
const page = async (path, who = owner) => (await owner.get(path, { cookie: `muster_session=${who.token}`, accept: 'text/html' })).text;
const story = async (run) => (await owner.get(`/v1/workflow_runs/${run.id}/story`)).body;

test('the list of runs says with which record each is, to whoever sees that', async () => {
	const [ada, deal, task] = [await made(owner, '/v1/contacts', { first_name: 'Ada' }), await made(owner, '/v1/deals', { title: 'Fence' }), await made(owner, '/v1/tasks', { title: 'Call' })];
	const by = { contact: ada, deal, task };
	const runs = {};
	for (const object in by) {
		const automation = await automate(owner, { object, starts: { on: 'manual' }, steps: [{ do: 'wait', days: 1 }] });
		runs[object] = { automation, run: await start(automation, by[object]) };
	}
	const told = async (query = '', who = owner) => (await who.get(`/v1/workflow_runs/records${query}`)).body.data.map((one) => [one.run_id, one.record, one.about]);
	const lines = [[runs.task.run.id, 'Call', '/tasks'], [runs.deal.run.id, 'Fence', `/deals/${deal.id}`], [runs.contact.run.id, 'Ada', `/contacts/${ada.id}`]];
	assert.deepEqual((await told('?limit=100')).toSorted(), lines.toSorted());
	assert.deepEqual(await told(`?automation_id=${runs.deal.automation.id}&state=waiting`), [lines[1]]);
	assert.deepEqual(await told('?state=failed'), []);
	assert.deepEqual(await told('?q=fence'), [lines[1]]);
	assert.match(await page('/runs?q=fence'), new RegExp(`/runs/${runs.deal.run.id}[^]*With <a href="/deals/${deal.id}">Fence</a>`));
	assert.doesNotMatch(await page('/runs?q=fence'), new RegExp(`/runs/(${runs.task.run.id}|${runs.contact.run.id})`));
	assert.match(await page(`/automations/${runs.contact.automation.id}/runs?q=fence`), /No run matches/);
	assert.match(await page(`/automations/${runs.contact.automation.id}/runs?q=ada`), new RegExp(`With <a href="/contacts/${ada.id}">Ada</a>`));
	assert.match(await page('/runs'), new RegExp(`/runs/${runs.deal.run.id}[^]*With <a href="/deals/${deal.id}">Fence</a>`));
	assert.match(await page(`/automations/${runs.contact.automation.id}/runs`), new RegExp(`With <a href="/contacts/${ada.id}">Ada</a>`));
	// Who waits is told of another name, and of another run.
	const asked = `/v1/workflow_runs/records?automation_id=${runs.deal.automation.id}`;
	const wakes = async (change) => {
		const etag = (await owner.get(asked)).headers.get('etag');
		const held = owner.get(asked, { prefer: 'wait=20', 'if-none-match': etag });
		await change();
		const answer = await held;
		assert.equal(answer.status, 200);
		return answer.body.data.map((one) => one.record);
	};
	assert.deepEqual(await wakes(() => owner.patch(`/v1/deals/${deal.id}`, { title: 'Gate' })), ['Gate']);
	const wall = await made(owner, '/v1/deals', { title: 'Wall' });
	assert.deepEqual(await wakes(() => start(runs.deal.automation, wall)), ['Wall', 'Gate']);
	await owner.delete(`/v1/deals/${wall.id}`);
	await owner.patch(`/v1/deals/${deal.id}`, { title: 'Fence' });
	const clerk = await join(owner, (await makeRole(owner, { 'workflow_runs.view': 'all', 'automations.view': 'all', 'contacts.view': 'own', 'deals.view': 'all' })).id);
	assert.deepEqual(await told('', clerk), [lines[1]]);
	assert.doesNotMatch(await page('/runs', clerk), new RegExp(ada.id));
	await owner.delete(`/v1/contacts/${ada.id}`);
	assert.deepEqual(await told(`?automation_id=${runs.contact.automation.id}`), []);
});

test('a mail for which there is no address is told as not sent, in a test and in the run', async () => {
	const automation = await automate(owner, { starts: { on: 'manual' }, steps: [{ do: 'send_mail', to: 'contact', subject: 'Hi', body: 'So' }] });
	const bob = await made(owner, '/v1/contacts', { first_name: 'Bob' });
	const run = await start(automation, bob);
	await ended(owner, automation);
	const why = 'Not sent: there is nobody with an e-mail address';
	assert.equal((await story(run)).steps[0].skipped, why);
	assert.equal((await owner.post(`/v1/automations/${automation.id}/test`, { subject_id: bob.id })).body.steps[0].skipped, why);
	assert.match(await page(`/runs/${run.id}`), new RegExp(why));
});

test('a run that waits says for what and until when, and the event is told on its page', async () => {
	const waits = await automate(owner, { starts: { on: 'manual' }, steps: [{ do: 'wait_for', conditions: { field: 'job_title', is: 'not_empty' }, days: 3 }, { do: 'wait_for', event: 'answered', hours: 1 }] });
	const eve = await made(owner, '/v1/contacts', { first_name: 'Eve' });
	const run = await start(waits, eve);
	const waiting = (awaits) => until(async () => (await runsOf(owner, waits))[0].awaits === awaits, { what: awaits });
	await waiting('changed');
	const first = await story(run);
	assert.deepEqual([first.waits_for, first.event], ['a change of the contact', null]);
	assert.ok(Date.parse(first.until) - Date.now() > 2.9 * 86400_000, first.until); // not when it looks by itself
	await owner.patch(`/v1/contacts/${eve.id}`, { job_title: 'Boss' });
	await waiting('told.answered');
	assert.deepEqual([(await story(run)).waits_for, (await story(run)).event], ['the event “answered”', 'answered']);
	const shown = await page(`/runs/${run.id}`);
	assert.match(shown, /name="event" value="answered"><button[^>]*>It has happened: answered</);
	const csrf = /name="_csrf" value="([^"]+)"/.exec(shown)[1];
	await owner.post(`/v1/workflow_runs/${run.id}/pause`);
	assert.doesNotMatch(await page(`/runs/${run.id}`), /at most until|Goes on/);
	await owner.post(`/v1/workflow_runs/${run.id}/resume`);
	await owner.post('/do/workflow_runs_tell', String(new URLSearchParams({ _csrf: csrf, _page: `/runs/${run.id}`, id: run.id, event: 'answered' })), { cookie: `muster_session=${owner.token}`, accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' });
	assert.equal((await ended(owner, waits))[0].state, 'done');
});
