// What the tests of automations say to them.

import assert from 'node:assert/strict';
import { until } from '../harness.mjs';

export const made = async (who, path, body) => {
	const answer = await who.post(path, body);
	assert.equal(answer.status, 201, answer.text);
	return answer.body;
};
export const draft = (who, members) => made(who, '/v1/automations', { name: 'Test', object: 'contact', starts: { on: 'created' }, ...members });
export const turnOn = async (who, { id }) => {
	const answer = await who.post(`/v1/automations/${id}/turn_on`);
	assert.equal(answer.status, 200, answer.text);
	return answer.body;
};
export const automate = async (who, members) => turnOn(who, await draft(who, members));
export const runsOf = async (who, { id }) => (await who.get(`/v1/workflow_runs?automation_id=${id}`)).body.data;
export const stepsOf = async (who, run) => (await who.get(`/v1/workflow_runs/${run.id}/steps`)).body.data;
export const ended = (who, automation, n = 1) => until(async () => {
	const runs = await runsOf(who, automation);
	return runs.length >= n && runs.every((run) => ['done', 'failed'].includes(run.state)) && runs;
}, { what: 'the end of its runs' });
export const errorsOf = (answer) => answer.body.errors.map((one) => [one.pointer, one.code]);
