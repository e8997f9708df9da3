// importing.mjs: sending files and waiting for what becomes of them.

import assert from 'node:assert/strict';
import { until } from '../harness.mjs';

// Sends a file (a text or bytes). Gives the answer.
export function send(who, object, file, { name = 'file.csv', ...fields } = {}) {
	const form = new FormData();
	form.set('object', object);
	for (const [field, value] of Object.entries(fields)) form.set(field, typeof value === 'string' ? value : JSON.stringify(value));
	form.set('file', new Blob([file]), name);
	return who.post('/v1/imports', form);
}

export const settled = async (who, id, ms = 120_000) =>
	until(async () => {
		const { body } = await who.get(`/v1/imports/${id}`);
		return ['done', 'failed', 'undone'].includes(body.state) && body;
	}, { ms, what: `the end of import ${id}` });

// Sends a file, starts it, and gives the import as it is at its end.
export async function importFile(who, object, file, fields = {}) {
	const sent = await send(who, object, file, fields);
	assert.equal(sent.status, 202, sent.text);
	const started = await who.post(`/v1/imports/${sent.body.id}/start`);
	assert.equal(started.status, 202, started.text);
	return settled(who, sent.body.id);
}

export async function undo(who, id) {
	const answer = await who.post(`/v1/imports/${id}/undo`);
	assert.equal(answer.status, 202, answer.text);
	return settled(who, id);
}

export const counts = ({ state, created, updated, skipped, refused }) => ({ state, created, updated, skipped, refused });
export const done = (created, updated = 0, skipped = 0, refused = 0) => ({ state: 'done', created, updated, skipped, refused });
export const rowsOf = async (who, id, status = '') =>
	(await who.get(`/v1/imports/${id}/rows?limit=100${status && `&status=${status}`}`)).body.data;
export const refusals = async (who, id) => (await rowsOf(who, id, 'refused')).map(({ number, reason }) => [number, reason]);
