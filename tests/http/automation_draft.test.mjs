// An automation part by part, as its page edits it; how it reads; and its pages.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../harness.mjs';
import { join, makeRole, makeTeam, signUp } from './company.mjs';

const owner = await signUp();
const made = async (path, body) => {
	const answer = await owner.post(path, body);
	assert.equal(answer.status, 201, answer.text);
	return answer.body;
};
const draft = (members) => made('/v1/automations', { name: 'Test', object: 'contact', starts: { on: 'created' }, ...members });
const say = async ({ id }, what, body, method = 'post') => {
	const answer = await owner[method](`/v1/automations/${id}/parts${what}`, body);
	assert.equal(answer.status, 200, answer.text);
	return answer.body;
};
const outline = async ({ id }) => (await owner.get(`/v1/automations/${id}/outline`)).body;
const headers = { cookie: `muster_session=${owner.token}`, accept: 'text/html' };
const page = async (path, who = owner) => {
	const answer = await owner.get(path, { ...headers, cookie: `muster_session=${who.token}` });
	return answer.status === 200 ? answer.text : String(answer.status);
};
// What a browser sends, without its script.
async function form(at, operation, fields) {
	const csrf = /name="_csrf" value="([^"]+)"/.exec(await page(at))[1];
	const body = new URLSearchParams({ _csrf: csrf, _page: at, ...fields });
	return owner.post(`/do/${operation}`, String(body), { ...headers, 'content-type': 'application/x-www-form-urlencoded' });
}

test('parts are added, written, moved and removed, as text or as what they are', async () => {
	const team = await makeTeam(owner, 'North');
	const tag = await made('/v1/tags', { name: 'Warm' });
	const automation = await draft();
	await say(automation, '', { at: '/starts', part: { on: 'changed', field: 'job_title', from: '', to: 'Boss' } }, 'put');
	await say(automation, '', { at: '/conditions/-', part: { field: 'kind', is: 'in', value: ['', 'person', 'organisation'] } });
	await say(automation, '', { at: '/conditions/-', part: { field: 'job_title', is: 'not_empty', value: '' } });
	await say(automation, '', { at: '/conditions/all/1/-', part: { field: 'website', is: 'contains', value: 'example' } });
	await say(automation, '', { at: '/steps/-', part: { do: 'branch', field: 'created_at', is: 'gt', value: '2026-01-31T12:00' } });
	await say(automation, '', { at: '/steps/0', part: { do: 'add_tag', tag_id: tag.id } });
	await say(automation, '', { at: '/steps/1/then/-', part: { do: 'assign', how: 'least_busy', team_id: team.id, agent_ids: '' } });
	await say(automation, '', { at: '/steps/1/else/0', part: { do: 'wait', days: '1', hours: 2, minutes: '' } });
	await say(automation, '', { at: '/steps/1/else/0', part: { do: 'create_task', title: 'Call {{full_name}}', due_in_days: '3' } }, 'put');
	const row = await say(automation, '/move', { at: '/steps/1', by: 'up' });
	assert.deepEqual(row.starts, { on: 'changed', field: 'job_title', to: 'Boss' });
	assert.deepEqual(row.conditions.all[1], { any: [{ field: 'job_title', is: 'not_empty' }, { field: 'website', is: 'contains', value: 'example' }] });
	assert.equal(row.steps[0].else[0].due_in_days, 3);
	const told = await outline(automation);
	assert.equal(told.starts, 'Job title of a contact changes to Boss');
	assert.equal(told.conditions, 'Kind is one of Person or Organisation and (Job title is not empty or Website contains “example”)');
	assert.deepEqual(told.steps.map((one) => [one.what, one.at, one.text, one.after]), [
		['branch', '/steps/0', 'if Created at is after 2026-01-31 12:00 UTC', '/steps/1'],
		['then', '/steps/0/then', '', '/steps/0/then/0'], ['assign', '/steps/0/then/0', 'to the least busy of North', '/steps/0/then/1'],
		['else', '/steps/0/else', '', '/steps/0/else/0'], ['create_task', '/steps/0/else/0', '“Call {{full_name}}”, due in 3 days', '/steps/0/else/1'],
		['end', '/steps/0', '', '/steps/1'], ['add_tag', '/steps/1', 'Warm', '/steps/2'],
	]);
	assert.deepEqual((await say(automation, '/join', { at: '/conditions', by: 'any' })).conditions.any.length, 2);
	for (const at of ['/steps/1', '/conditions/any/1/any/0', '/conditions/any/1/any/0']) await say(automation, '/remove', { at });
	assert.deepEqual((await say(automation, '/remove', { at: '/conditions/any/0' })).conditions, null);
});

test('what waits for something has two ways that take steps, like a branch', async () => {
	const automation = await draft();
	await say(automation, '', { at: '/steps/-', part: { do: 'wait_for', event: 'answered', days: '3' } });
	await say(automation, '', { at: '/steps/0/else/0', part: { do: 'stop' } });
	assert.deepEqual((await outline(automation)).steps.filter((one) => one.what === 'else').map((one) => one.title), ['If it does not in time']);
	const { steps } = await say(automation, '', { at: '/steps/0/then/-', part: { do: 'wait', hours: '1' } });
	assert.deepEqual([steps[0].then, steps[0].else], [[{ do: 'wait', hours: 1 }], [{ do: 'stop' }]]);
});

test('a step and its fields are told in words, and its examples are of its own record', async () => {
	for (const [object, name] of [['deal', 'title'], ['contact', 'full_name']]) {
		const { id } = await draft({ object });
		const part = async (kind) => (await owner.get(`/v1/automations/${id}/part?at=/steps/-&add=true&kind=${kind}`)).body;
		const hints = [...(await part('create_task')).inputs, ...(await part('send_mail')).inputs, ...(await part('call_webhook')).inputs].map(({ hint }) => hint ?? '').join();
		assert.ok(hints.includes(`{{${name}}}`), hints);
		assert.equal(hints.includes('{{full_name}}'), object === 'contact', hints);
		const { choices } = (await part('create_task')).inputs.find((one) => one.name === 'kind');
		assert.equal(choices.find(({ value }) => value === 'todo').label, 'To do');
		const { fields } = await part('set_field');
		assert.equal(fields.find(({ value }) => value === 'external_id')?.label, 'External id');
	}
});

test('a step says what its texts can name, and where to make what there is none of yet', async () => {
	const stranger = await signUp();
	const [sent, other] = [await made('/v1/public_forms', { name: 'Names' }), (await stranger.post('/v1/automations', { name: 'New', object: 'contact', starts: { on: 'created' } })).body];
	const automation = await draft({ starts: { on: 'form', form_id: sent.id } });
	const { names } = (await owner.get(`/v1/automations/${automation.id}/part?at=/steps/-&add=true&kind=send_mail`)).body;
	for (const name of ['{{first_name}}', '{{owner}}', '{{event.message}}']) assert.ok(names.some((one) => one.value === name), name);
	for (const { value } of names) await say(automation, '', { at: '/steps/-', part: { do: 'create_task', title: `To ${value}` } }); // each is taken
	const ann = await made('/v1/contacts', { first_name: 'Ann' });
	const tried = (await owner.post(`/v1/automations/${automation.id}/test`, { subject_id: ann.id })).body.steps.map((one) => one.input?.title);
	assert.ok(tried.includes('To Olga Owner'), String(tried));
	assert.match(await page(`/automations/${other.id}?at=/steps/-&add=true&kind=add_tag`, stranger), /There is none yet: <a href="\/settings\/catalog">/);
});

test('what does not fit is refused at the part that was sent, and where nothing stands nothing is written', async () => {
	const automation = await draft({ object: 'deal', steps: [{ do: 'branch', conditions: { all: [{ field: 'title', is: 'not_empty' }] } }] });
	const refused = async (body, what = '', method = 'post') => {
		const answer = await owner[method](`/v1/automations/${automation.id}/parts${what}`, body);
		assert.equal(answer.status < 500 && answer.status > 400, true, answer.text);
		return answer.body.errors[0].pointer;
	};
	assert.equal(await refused({ at: '/conditions/-', part: { field: 'amount', is: 'gt', value: 'much' } }), '/part/value');
	assert.equal(await refused({ at: '/steps/-', part: { do: 'create_task', title: '', due_in_days: 'soon' } }), '/part/title');
	assert.equal(await refused({ at: '/steps/0/then/-', part: { do: 'branch', field: 'amount', is: 'gt', value: '1' } }), '/part/value');
	assert.equal(await refused({ at: '/steps/0', part: { do: 'dance' } }, '', 'put'), '/part/do');
	for (const at of ['/steps/7', '/steps/0/else/1', '/starts/-', '/conditions/all/0/-', 'steps', '/steps/0/title/-'])
		assert.equal(await refused({ at, part: { do: 'stop' } }), '/at', at);
	for (const at of ['/steps/1', '/steps/-', '/conditions/all/0', '/steps/0/conditions/all/0']) assert.equal(await refused({ at }, '/remove'), '/at', at);
	const stale = await owner.post(`/v1/automations/${automation.id}/parts/remove`, { at: '/steps/0' }, { 'if-match': '"of another time"' });
	assert.equal(stale.status, 412);
});

test('a form without a script builds it: refused at its place with what was typed, stale when another was faster', async () => {
	const { id } = await draft();
	const at = `/automations/${id}?at=/steps/-&add=true&kind=create_task`;
	const shown = await page(at);
	assert.match(shown, /name="part\[title\]"[^>]* required/);
	assert.match(shown, /<option value="high">High</);
	const match = /name="_if_match" value="([^"]+)"/.exec(shown)[1];
	const send = (fields) => form(at, 'automations_add_part', { id, at: '/steps/-', 'part[do]': 'create_task', _if_match: match, _next: `/automations/${id}`, ...fields });
	const refused = await send({ 'part[title]': 'Call {{nobody}}', 'part[due_in_days]': '2' });
	assert.equal(refused.status, 422);
	assert.match(refused.text, /id="part-title-error">a contact has no field &quot;nobody&quot;/);
	assert.match(refused.text, /value="Call \{\{nobody\}\}"[^>]* aria-invalid="true"/);
	assert.equal((await send({ 'part[title]': 'Call {{first_name}}', 'part[due_in_days]': '2' })).headers.get('location'), `/automations/${id}`);
	assert.equal((await send({ 'part[title]': 'Once more' })).status, 412);
	assert.match(await page(`/automations/${id}`), /Create a task[^]*“Call \{\{first_name\}\}”, due in 2 days/);
	// The value's control is that of the field.
	assert.match(await page(`/automations/${id}?at=/conditions/-&add=true&field=kind&test=in`), /type="checkbox" name="part\[value\]\[\]" value="person"/);
	assert.match(await page(`/automations/${id}?at=/steps/0`), /<input id="part-due_in_days"[^>]* value="2"/);
});

test('what a form or a hook sent can be asked in conditions', async () => {
	const sent = await made('/v1/public_forms', { name: 'Offer' });
	const automation = await draft({ starts: { on: 'form', form_id: sent.id } });
	const at = `/automations/${automation.id}?at=/conditions/-&add=true`;
	assert.match(await page(at), /<option value="event\.email">Email \(sent\)<[^]*id="choose-sent"/);
	const asked = await page(`${at}&field=first_name&sent=budget`);
	assert.match(asked, /<option value="event\.budget" selected>[^]*name="part\[field\]" value="event\.budget"[^]*name="part\[value\]"/);
	await form(at, 'automations_add_part', { id: automation.id, at: '/conditions/-', 'part[field]': 'event.budget', 'part[is]': 'eq', 'part[value]': 'high' });
	assert.equal((await outline(automation)).conditions, 'Budget (sent) is high');
	assert.match(await page(`/automations/${automation.id}?at=/conditions/all/0`), /value="event\.budget" selected[^]*value="high"/);
	// Tried as if it was sent, by a form with a button for each record.
	await say(automation, '', { at: '/steps/-', part: { do: 'create_task', title: 'Offer for {{event.budget}}' } });
	const ann = await made('/v1/contacts', { first_name: 'Ann' });
	const tried = await form(`/automations/${automation.id}/test`, 'automations_test', { id: automation.id, subject_id: ann.id, sent: 'budget: high\r\nname: Ann' });
	assert.match(tried.text, /A run would start[^]*Title: Offer for high[^]*<textarea[^>]*>\s*budget: high\s+name: Ann<\/textarea>/);
	const wrong = await owner.post(`/v1/automations/${automation.id}/test`, { subject_id: ann.id, sent: 'budget' });
	assert.deepEqual([wrong.status, wrong.body.errors[0].pointer], [422, '/sent']);
	const hook = await made('/v1/inbound_hooks', { name: 'Shop', scheme: 'stripe', secret: 'whsec_of-these-tests' });
	const told = await draft({ starts: { on: 'webhook', hook_id: hook.id, email: '/email', values: { plan: '/plan' } } });
	const shown = await page(`/automations/${told.id}?at=/steps/-&add=true&kind=branch`);
	assert.match(shown, /<option value="event\.plan">Plan \(sent\)</);
	assert.doesNotMatch(shown, /choose-sent|event\.email/);
	assert.doesNotMatch(await page(`/automations/${(await draft()).id}?at=/conditions/-&add=true`), /event\./);
});

test('that a field was empty before is said by itself', async () => {
	const automation = await draft({ starts: { on: 'changed', field: 'job_title', from: 'Boss' } });
	const at = `/automations/${automation.id}?at=/starts`;
	assert.match(await page(at), /name="part\[from_none\]" value="true">It was empty/);
	await form(at, 'automations_change_part', { id: automation.id, at: '/starts', 'part[on]': 'changed', 'part[field]': 'job_title', 'part[from]': 'Boss', 'part[from_none]': 'true', 'part[to]': 'Lead' });
	assert.deepEqual((await owner.get(`/v1/automations/${automation.id}`)).body.starts, { on: 'changed', field: 'job_title', from: null, to: 'Lead' });
	assert.equal((await outline(automation)).starts, 'Job title of a contact changes from nothing to Lead');
	assert.match(await page(at), /name="part\[from_none\]" value="true" checked>/);
	assert.doesNotMatch(await page(`${at}&field=kind`), /part\[from_none\]/); // which is never empty
});

test('the conditions for which a step waits are changed one by one', async () => {
	const automation = await draft({ steps: [{ do: 'wait_for', conditions: { field: 'job_title', is: 'not_empty' }, days: 2, then: [{ do: 'stop' }] }] });
	const at = `/automations/${automation.id}?at=/steps/0`, conditions = '/steps/0/conditions';
	const shown = await page(at);
	assert.match(shown, /<input id="part-days"[^>]*value="2"[^]*href="[^"]*at=\/steps\/0\/conditions&amp;field=job_title"[^]*at=\/steps\/0\/conditions\/-&amp;add=true/);
	assert.doesNotMatch(shown, /part-event|choose-field/);
	await form(at, 'automations_change_part', { id: automation.id, at: '/steps/0', 'part[do]': 'wait_for', 'part[days]': '3' });
	await say(automation, '', { at: `${conditions}/-`, part: { field: 'website', is: 'not_empty' } });
	assert.equal((await outline(automation)).steps[0].text, 'until Job title is not empty and Website is not empty, at most 3 days');
	await say(automation, '/join', { at: conditions, by: 'any' });
	await say(automation, '', { at: `${conditions}/any/0`, part: { field: 'last_name', is: 'not_empty' } }, 'put');
	const { body } = await owner.get(`/v1/automations/${automation.id}`);
	assert.deepEqual(body.steps[0].conditions, { any: [{ field: 'last_name', is: 'not_empty' }, { field: 'website', is: 'not_empty' }] });
	await say(automation, '/remove', { at: `${conditions}/any/0` });
	assert.equal((await owner.post(`/v1/automations/${automation.id}/parts/remove`, { at: `${conditions}/any/0` })).status, 409);
});

test('a version is drafted again, while what is on goes on', async () => {
	const automation = await draft({ steps: [{ do: 'stop' }] });
	const on = () => owner.post(`/v1/automations/${automation.id}/turn_on`);
	await on();
	await owner.patch(`/v1/automations/${automation.id}`, { starts: { on: 'manual' }, conditions: { field: 'kind', is: 'eq', value: 'person' }, steps: [{ do: 'wait', days: 1 }] });
	await on();
	const [second, first] = (await owner.get(`/v1/automation_versions?automation_id=${automation.id}`)).body.data;
	const at = `/automations/${automation.id}?version=${first.id}`;
	assert.match(await page(at), /action="\/do\/automations_revert"/);
	assert.equal((await form(at, 'automations_revert', { id: automation.id, version_id: first.id, _next: `/automations/${automation.id}` })).headers.get('location'), `/automations/${automation.id}`);
	const row = (await owner.get(`/v1/automations/${automation.id}`)).body;
	assert.deepEqual([row.starts, row.conditions, row.steps, row.version_number, row.state], [{ on: 'created' }, null, [{ do: 'stop' }], 2, 'on']);
	assert.equal((await outline(automation)).differs, true);
	const other = await draft();
	for (const [version_id, status] of [[second.id, 422], [other.id, 404]]) assert.equal((await owner.post(`/v1/automations/${other.id}/revert`, { version_id })).status, status);
	await owner.post(`/v1/automations/${automation.id}/pause`);
});

test('a record offers the automations that fit it to whoever may start them', async () => {
	const manual = async (name, members) => {
		const one = await draft({ name, starts: { on: 'manual' }, steps: [{ do: 'set_field', field: 'website', value: 'started.example' }], ...members });
		await owner.post(`/v1/automations/${one.id}/turn_on`);
		return one;
	};
	const fits = await manual('Nurture', { conditions: { field: 'job_title', is: 'eq', value: 'Boss' } });
	await manual('Others', { conditions: { field: 'job_title', is: 'eq', value: 'Clerk' } });
	await draft({ name: 'Off', starts: { on: 'manual' } });
	const deals = await manual('Deals', { object: 'deal', steps: [{ do: 'stop' }] });
	const ann = await made('/v1/contacts', { first_name: 'Ann', job_title: 'Boss' });
	const deal = await made('/v1/deals', { title: 'D' });
	const offered = async (object, id, who = owner) => (await who.get(`/v1/automations/offered?object=${object}&subject_id=${id}`)).body.data?.map((one) => one.automation_id);
	assert.deepEqual([await offered('contact', ann.id), await offered('deal', deal.id)], [[fits.id], [deals.id]]);
	assert.equal(await offered('deal', ann.id), undefined);
	const at = `/contacts/${ann.id}`;
	const started = await form(at, 'automations_start', { id: fits.id, subject_id: ann.id, _next: '/runs/{id}' });
	assert.match(started.headers.get('location'), /^\/runs\/[0-9a-f-]{36}$/);
	assert.match(await page(`/deals/${deal.id}`), /action="\/do\/automations_start"[^]*>Deals<\/button>/);
	const viewer = await join(owner, (await makeRole(owner, { 'contacts.view': 'all', 'automations.view': 'all' })).id);
	assert.doesNotMatch(await page(at, viewer), /automations_start/);
	assert.equal(await offered('contact', ann.id, viewer), undefined);
});

test('a trial shows what each step would write; a run is told step by step, and again from one of them', async () => {
	const automation = await draft({ starts: { on: 'manual' }, steps: [{ do: 'set_field', field: 'job_title', value: 'Lead' }, { do: 'create_task', title: 'Call {{first_name}}' }, { do: 'wait', days: 2 }] });
	const lea = await made('/v1/contacts', { first_name: 'Lea' });
	const tried = await form(`/automations/${automation.id}/test?q=lea`, 'automations_test', { id: automation.id, subject_id: lea.id });
	assert.match(tried.text, /A run would start[^]*Set a field[^]*Job title becomes Lead[^]*Title: Call Lea[^]*Nothing was changed/);
	assert.equal((await owner.get(`/v1/contacts/${lea.id}`)).body.job_title, null);
	await owner.post(`/v1/automations/${automation.id}/turn_on`);
	const started = await form(`/automations/${automation.id}/test`, 'automations_start', { id: automation.id, subject_id: lea.id, _next: '/runs/{id}' });
	const at = started.headers.get('location');
	const run = at.split('/')[2];
	await until(async () => (await owner.get(`/v1/workflow_runs/${run}`)).body.step_number === 3, { what: 'the wait' });
	const told = (await owner.get(`/v1/workflow_runs/${run}/story`)).body;
	assert.deepEqual([told.title, told.record, told.about, told.version_number], ['Test', 'Lea', `/contacts/${lea.id}`, 1]);
	assert.deepEqual(told.steps.map((one) => [one.title, one.text, one.with]), [
		['Set a field', 'Job title becomes Lead', ''], ['Create a task', '“Call {{first_name}}”', 'Title: Call Lea · Assignee: Olga Owner'], ['Wait', '2 days', ''],
	]);
	assert.match(await page(at), /Waiting[^]*Goes on/);
	await form(at, 'workflow_runs_cancel', { id: run });
	assert.match(await page(at), /Restart from: Set a field/);
	assert.match(await page(`/automations/${automation.id}/runs`), new RegExp(`/runs/${run}[^]*Cancelled`));
	const line = (await owner.get('/v1/automations/overview')).body.data.find((one) => one.automation_id === automation.id);
	assert.deepEqual([line.starts, line.runs, line.failed, line.going], ['A contact is chosen by hand', 1, 0, 0]);
	assert.match(await page('/runs?state=cancelled'), /Test[^]*Cancelled/);
});

test('who may only look sees no form, and who may not look sees nothing of it', async () => {
	const automation = await draft({ steps: [{ do: 'stop' }] });
	const reader = await join(owner, (await makeRole(owner, { 'automations.view': 'all' })).id);
	const stranger = await join(owner, (await makeRole(owner, { 'contacts.view': 'own' })).id);
	const seen = await page(`/automations/${automation.id}?at=/steps/0`, reader);
	assert.match(seen, /Stop/);
	assert.doesNotMatch(seen, /\/do\/automations|node-plus/);
	assert.match(await page('/automations', reader), /Test/);
	assert.equal(await page('/automations', stranger), '403');
	assert.doesNotMatch(await page('/contacts', stranger), /href="\/automations"/);
});
