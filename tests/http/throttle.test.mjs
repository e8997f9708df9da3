// How often a password may be tried. A Muster of its own, because the shared one has no limits.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { api, startMuster } from '../harness.mjs';
import { password, someEmail } from './company.mjs';

test('guessing is slowed down, for unknown addresses as for known ones, and logging in is not', async (t) => {
	const muster = await startMuster({ empty: true, env: { MUSTER_RATE_PER_MINUTE: '6000' } });
	t.after(() => muster.stop());
	const anonymous = api(muster.url);
	const email = someEmail();
	const signed = await anonymous.post('/v1/companies', { company_name: 'T', full_name: 'T', email, password });
	const owner = api(muster.url, signed.body.token);
	const logIn = (address, word) => anonymous.post('/v1/sessions', { email: address, password: word });

	await t.test('right passwords do not count', async () => {
		for (let i = 0; i < 15; i++) assert.equal((await logIn(email, password)).status, 201);
	});
	await t.test('ten wrong ones are answered, the next is not, and then neither is the right one', async () => {
		for (const address of [email, someEmail('nobody')]) {
			for (let i = 0; i < 10; i++) assert.equal((await logIn(address, 'wrong horse')).status, 401);
			const late = await logIn(address, password);
			assert.equal(late.status, 429);
			assert.ok(Number(late.headers.get('retry-after')) >= 1);
		}
		assert.equal((await owner.get('/v1/me')).status, 200, 'who is in stays in');
	});
	await t.test('so is guessing the password of a session that was left open', async () => {
		const change = (current_password) => owner.post('/v1/passwords/change', { current_password, password: 'staple battery horse' });
		for (let i = 0; i < 10; i++) assert.equal((await change('wrong horse')).status, 422);
		assert.equal((await change(password)).status, 429);
	});
	await t.test('a company does not send mails without end', async () => {
		const { data } = (await owner.get('/v1/roles')).body;
		const invite = async () => (await owner.post('/v1/invitations', { email: someEmail(), role_id: data.find(({ kind }) => kind === 'agent').id })).status;
		for (let i = 0; i < 100; i++) assert.equal(await invite(), 201);
		assert.equal(await invite(), 429);
	});
	await t.test('strangers make a hundred and twenty new contacts at once and then no more, while who is known is heard', async () => {
		const forms = [];
		while (forms.length < 13) forms.push((await owner.post('/v1/public_forms', { name: 'Ask' })).body);
		const send = async (form, address) => (await anonymous.post(`/v1/public_forms/${form.id}/submit`, { email: address })).status;
		for (const [i, form] of forms.slice(0, 12).entries())
			for (let k = 0; k < 10; k++) assert.equal(await send(form, `new${i}.${k}@muster.test`), 204);
		const late = [];
		while (late.length < 3) late.push(await send(forms[12], `late${late.length}@muster.test`)); // one may have come back meanwhile
		assert.ok(late.includes(429), String(late));
		assert.equal(await send(forms[12], 'new0.0@muster.test'), 204);
	});
	await t.test('nobody\'s mailbox is flooded with links', async () => {
		for (const address of [email, someEmail('nobody')]) {
			const answers = [];
			for (let i = 0; i < 4; i++) answers.push((await anonymous.post('/v1/passwords/forgot', { email: address })).status);
			assert.deepEqual(answers, [202, 202, 202, 429]);
		}
	});
});

test('where nobody may sign up, nobody does', async (t) => {
	const muster = await startMuster({ empty: true, env: { MUSTER_SIGNUP: 'off' } });
	t.after(() => muster.stop());
	const answer = await api(muster.url).post('/v1/companies', { company_name: 'T', full_name: 'T', email: someEmail(), password });
	assert.equal(answer.status, 403);
});
