// Prism, which stands between the tests and the server in tests/run, sees an answer that is not as the document says.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { api } from '../harness.mjs';
import { signUp } from './company.mjs';

const prism = process.env.MUSTER_TEST_PRISM;

test('an answer without what the document promises does not pass', { skip: !prism && 'only in tests/run' }, async () => {
	const owner = await signUp();
	const { id } = (await owner.post('/v1/tags', { name: 'VIP' })).body;
	const whole = await api(prism, owner.token).get(`/v1/tags/${id}`);
	assert.deepEqual([whole.status, whole.headers.get('sl-violations')], [200, null]);
	const part = await api(prism, owner.token).get(`/v1/tags/${id}?fields=name`);
	assert.match(part.headers.get('sl-violations'), /must have required property 'id'/);
});

test('it passes on what the server says of what is not there', { skip: !prism && 'only in tests/run' }, async () => {
	const owner = await signUp();
	assert.match((await owner.get('/v1/nothing')).body.detail, /no such address/);
});
