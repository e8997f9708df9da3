// Counts and sums of deals.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { join, makeTeam, signUp } from './company.mjs';

const make = async (who, path, body) => {
	const answer = await who.post(path, body);
	assert.equal(answer.status, 201, answer.text);
	return answer.body;
};
const money = (amount, currency = 'EUR') => ({ amount, currency });

async function company() {
	const owner = await signUp();
	const team = await makeTeam(owner);
	const agent = await join(owner, owner.roles.agent.id, { team_ids: [team.id] });
	const [pipeline] = (await owner.get('/v1/pipelines/stages')).body.data;
	const stage = (kind) => pipeline.stages.find((s) => s.kind === kind);
	const deal = (title, kind, amount, more) => make(owner, '/v1/deals', { title, stage_id: stage(kind).id, amount, ...more });
	await deal('A', 'open', money('1.50'), { opened_on: '2024-05-01' });
	await deal('B', 'open', money('2.25'), { opened_on: '2024-06-01', owner_id: agent.agent.id, team_id: team.id });
	await deal('C', 'won', money('10.00'), { closed_on: '2024-03-31' });
	await deal('D', 'won', money('20.00'), { closed_on: '2024-04-01', owner_id: agent.agent.id, team_id: team.id });
	await deal('E', 'lost', null, { closed_on: '2024-04-30' });
	const report = async (query, who = owner) => {
		const answer = await who.get(`/v1/reports/deals?${query}`);
		assert.equal(answer.status, 200, answer.text);
		return answer.body;
	};
	const rows = async (query, who) => (await report(query, who)).data.map((r) => [r.name, r.count, r.amount?.amount ?? null]);
	return { owner, agent, team, stage, deal, report, rows };
}

test('deals by stage, in the order of the pipeline', async () => {
	const { rows, report, stage } = await company();
	assert.deepEqual(await rows('group_by=stage'), [[stage('open').name, 2, '3.75'], ['Won', 2, '30.00'], ['Lost', 1, null]]);
	assert.deepEqual((await report('group_by=stage')).totals, { count: 5, amount: money('33.75') });
	assert.deepEqual(await rows('group_by=stage&status=won'), [['Won', 2, '30.00']]);
	assert.equal((await report('group_by=stage&status=won')).data[0].key, stage('won').id);
});

test('deals by owner and by team, the largest sum first', async () => {
	const { rows, owner, team } = await company();
	assert.deepEqual(await rows('group_by=owner'), [['Ada Agent', 2, '22.25'], ['Olga Owner', 3, '11.50']]);
	assert.deepEqual(await rows('group_by=team'), [[team.name, 2, '22.25'], [null, 3, '11.50']]);
	assert.deepEqual(await rows('group_by=owner&since=2024-04-01&before=2024-06-01'), [['Ada Agent', 1, '20.00'], ['Olga Owner', 2, '1.50']]);
	assert.equal((await owner.get('/v1/reports/deals?group_by=owner')).body.data[1].key, owner.agent.id);
});

test('closed deals by quarter', async () => {
	const { rows, report } = await company();
	assert.deepEqual(await rows('group_by=quarter'), [['2024-Q1', 1, '10.00'], ['2024-Q2', 2, '20.00']]);
	assert.deepEqual((await report('group_by=quarter')).totals, { count: 3, amount: money('30.00') }, 'of the same deals');
	assert.deepEqual(await rows('group_by=quarter&status=won&since=2024-04-01'), [['2024-Q2', 1, '20.00']]);
});

test('each counts what it may see', async () => {
	const { rows, report, agent } = await company();
	assert.deepEqual(await rows('group_by=owner', agent), [['Ada Agent', 2, '22.25']]);
	assert.equal((await report('group_by=stage', agent)).totals.count, 2);
	assert.deepEqual((await report('group_by=stage', await signUp())).data, []);
});

test('several currencies are no sum; one of them can be asked for', async () => {
	const { rows, report, deal } = await company();
	await deal('F', 'open', money('5.00', 'USD'), { opened_on: '2024-05-01' });
	assert.deepEqual((await rows('group_by=stage'))[0].slice(1), [3, null]);
	assert.equal((await report('group_by=stage')).totals.amount, null);
	assert.deepEqual((await report('group_by=stage&currency=USD')).totals, { count: 1, amount: money('5.00', 'USD') });
	assert.deepEqual((await rows('group_by=stage&currency=EUR'))[0].slice(1), [2, '3.75']);
});

test('a deleted deal counts no more', async () => {
	const { owner, report } = await company();
	const [deal] = (await owner.get('/v1/deals?status=lost')).body.data;
	await owner.delete(`/v1/deals/${deal.id}`);
	assert.equal((await report('group_by=stage')).totals.count, 4);
});

test('a report that there is not is refused', async () => {
	const { owner } = await company();
	for (const query of ['', 'group_by=moon', 'group_by=stage&status=done', 'group_by=stage&since=yesterday', 'group_by=stage&nonsense=1', 'group_by=stage&currency=EURO'])
		assert.equal((await owner.get(`/v1/reports/deals?${query}`)).status, 400, query);
});
