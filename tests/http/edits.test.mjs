// Forms on pages that edit several fields say from what they were filled in: who was slower is told, and overwrites nothing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { api, musterUrl } from '../harness.mjs';
import { join, makeRole, signUp } from './company.mjs';

const url = await musterUrl();

// What the form `id` of a page would send without being touched, by its hidden controls; and the page's token.
async function formOf(who, path, id) {
	const cookie = `muster_session=${who.token}`;
	const { text } = await api(url).get(path, { cookie, accept: 'text/html' });
	const form = new RegExp(`<form[^>]*id="${id}"[^>]*>[^]*?</form>`).exec(text)?.[0];
	assert.ok(form, `${path} has the form ${id}`);
	const hidden = [...form.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value.replaceAll('&quot;', '"')]);
	const operation = /action="\/do\/(\w+)"/.exec(form)[1];
	return (fields) => api(url).post(`/do/${operation}`, new URLSearchParams({ ...Object.fromEntries(hidden), ...fields }).toString(),
		{ 'content-type': 'application/x-www-form-urlencoded', cookie, accept: 'text/html' });
}

test('a form that was filled in before somebody else\'s change is refused, and its next one is not', async () => {
	const owner = await signUp();
	const agent = (await join(owner, owner.roles.agent.id)).agent;
	const role = await makeRole(owner, { 'contacts.view': 'all' });
	const contact = (await owner.post('/v1/contacts', { kind: 'person', first_name: 'Grace' })).body;
	const subject = { object: 'contact', id: contact.id };
	const make = async (table, content) => `/v1/${table}/${(await owner.post(`/v1/${table}`, { ...content, subject })).body.id}`;
	const note = await make('notes', { body: 'One' }), call = await make('activities', { kind: 'call', summary: 'One' }), task = await make('tasks', { title: 'One' });
	const idOf = (path) => path.split('/').at(-1);
	const page = `/contacts/${contact.id}`;
	for (const [at, form, row, change, mine] of [
		[page, `f-note-${idOf(note)}`, note, { body: 'Two' }, { body: 'Three' }],
		[page, `f-activity-${idOf(call)}`, call, { body: 'Two' }, { summary: 'Three' }],
		[page, `f-task-${idOf(task)}`, task, { description: 'Two' }, { title: 'Three' }],
		['/settings/team', `f-agent-${agent.id}`, `/v1/agents/${agent.id}`, { full_name: 'Two' }, { status: 'active' }],
		['/settings/company', 'f-company', '/v1/company', { name: 'Two' }, { name: 'Three' }],
	]) {
		const send = await formOf(owner, at, form);
		const { body: changed } = await owner.patch(row, change);
		assert.equal((await send(mine)).status, 412, form);
		assert.equal((await owner.get(row)).body.updated_at, changed.updated_at, `${form} wrote nothing`);
		assert.equal((await (await formOf(owner, at, form))(mine)).status, 303, form);
	}
	const permissions = `/v1/roles/${role.id}/permissions`;
	const send = await formOf(owner, `/settings/roles?role=${role.id}`, 'f-permissions');
	await owner.put(permissions, { permissions: { 'contacts.view': 'none' } });
	assert.equal((await send({ 'permissions[contacts.view]': 'all' })).status, 412);
	assert.equal((await owner.get(permissions)).body.permissions['contacts.view'], 'none');
	const again = await formOf(owner, `/settings/roles?role=${role.id}`, 'f-permissions');
	assert.equal((await again({ 'permissions[contacts.view]': 'own' })).status, 303);
});

test('an amount in a form is read as people write it, and what is none is said in their words', async () => {
	const owner = await signUp();
	const [stage] = (await owner.get('/v1/stages')).body.data;
	const deal = (await owner.post('/v1/deals', { title: 'A compiler', stage_id: stage.id })).body;
	const sent = async (amount, currency = 'EUR') => {
		const answer = await (await formOf(owner, `/deals/${deal.id}/edit`, 'f-deal'))({ title: 'A compiler', 'amount[amount]': amount, 'amount[currency]': currency });
		return answer.status === 303 ? (await owner.get(`/v1/deals/${deal.id}`)).body.amount?.amount ?? null : answer;
	};
	for (const [written, read] of [['9000', '9000.00'], ['12,500', '12500.00'], ['12.500', '12500.00'], ['12.500,5', '12500.50'], ['1,234,567.89', '1234567.89'],
		['12 500,00', '12500.00'], ["12'500", '12500.00'], ['0,5', '0.50'], ['€ 77', '77.00'], [' 12.34 ', '12.34'], ['', null],
		// Three digits behind the only separator are thousands. Less than nothing is an amount, as in the API: a refund.
		['1.234', '1234.00'], ['1,234', '1234.00'], ['-1.234', '-1234.00'], ['-5', '-5.00'], ['(5)', '-5.00'], ['0', '0.00']])
		assert.equal(await sent(written), read, written);
	assert.equal(await sent('5', 'usd'), '5.00');
	// Nobody groups thousands behind a 0, so these have three decimals: never 500.
	for (const written of ['0.500', '0,500', '-0.500', '.500', '00.500', '1e9', '12.3456', '1.23.4', '1,23,4', 'ten', '$ 77', '999999999999999999']) {
		const refused = await sent(written);
		assert.equal(refused.status, 422, written);
		assert.ok(refused.text.includes('must be an amount such as 1234.50, with at most two decimals') && refused.text.includes(`value="${written}"`), written);
	}
	const money = (amount) => owner.patch(`/v1/deals/${deal.id}`, { amount: { amount, currency: 'EUR' } });
	assert.deepEqual([(await money('12,500')).status, (await money('12.500')).status], [422, 422], 'programs write one form only');
});
