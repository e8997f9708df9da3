// Deals, the people of a deal, pipelines and stages, and the board.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { join, makeRole, signUp } from './company.mjs';

const make = async (who, path, body) => {
	const answer = await who.post(path, body);
	assert.equal(answer.status, 201, answer.text);
	return answer.body;
};
const pointers = (answer) => answer.body.errors.map((e) => e.pointer);
const eur = (amount) => ({ amount, currency: 'EUR' });
const today = () => new Date().toISOString().slice(0, 10);

// A company with a pipeline of its own: First, Second, Sold, Missed.
async function company() {
	const owner = await signUp();
	const pipeline = await make(owner, '/v1/pipelines', { name: 'Own', position: 90 });
	const stages = {};
	for (const [position, [name, kind]] of Object.entries({ First: 'open', Second: 'open', Sold: 'won', Missed: 'lost' }).entries())
		stages[name] = await make(owner, '/v1/stages', { pipeline_id: pipeline.id, name, kind, position, probability: 10 * position });
	return { owner, pipeline, stages };
}

test('a deal starts in the first open stage of the first pipeline, or where it is put', async () => {
	const { owner, pipeline, stages } = await company();
	const tree = (await owner.get('/v1/pipelines/stages')).body.data;
	assert.equal(tree.at(-1).id, pipeline.id);
	assert.deepEqual(tree.at(-1).stages.map((s) => s.name), ['First', 'Second', 'Sold', 'Missed']);
	const deal = await make(owner, '/v1/deals', { title: 'Somewhere' });
	assert.equal(deal.stage_id, tree[0].stages.find((s) => s.kind === 'open').id);
	assert.equal(deal.pipeline_id, tree[0].id);
	assert.deepEqual([deal.status, deal.opened_on, deal.closed_on, deal.owner_id], ['open', today(), null, owner.agent.id]);
	const other = await make(owner, '/v1/deals', { title: 'There', stage_id: stages.Second.id, amount: eur('1234.50') });
	assert.equal(other.pipeline_id, pipeline.id, 'the pipeline follows the stage');
	assert.deepEqual(other.amount, eur('1234.50'));
	assert.deepEqual((await owner.get(`/v1/deals/${other.id}/stages`)).body.data.map((s) => s.id), Object.values(stages).map((s) => s.id));
});

test('status, closing day and reason follow the stage', async () => {
	const { owner, stages } = await company();
	const deal = await make(owner, '/v1/deals', { title: 'A', stage_id: stages.First.id });
	const move = async (stage, more) => (await owner.post(`/v1/deals/${deal.id}/move`, { stage_id: stage.id, ...more })).body;
	const facts = (d) => [d.status, d.closed_on, d.lost_reason];
	assert.deepEqual(facts(await move(stages.Second)), ['open', null, null]);
	assert.deepEqual(facts(await move(stages.Sold)), ['won', today(), null]);
	assert.deepEqual(facts(await move(stages.Missed, { lost_reason: 'Price' })), ['lost', today(), 'Price']);
	assert.deepEqual(facts(await move(stages.First)), ['open', null, null], 'reopened: it has neither');
	const past = await make(owner, '/v1/deals', { title: 'B', stage_id: stages.Sold.id, closed_on: '2024-02-29', opened_on: '2024-01-01' });
	assert.deepEqual(facts(past), ['won', '2024-02-29', null]);
	assert.equal((await owner.patch(`/v1/deals/${past.id}`, { closed_on: '2024-03-01' })).body.closed_on, '2024-03-01');
	assert.deepEqual(facts((await owner.patch(`/v1/deals/${past.id}`, { stage_id: stages.First.id })).body), ['open', null, null]);
});

test('what contradicts the stage is refused', async () => {
	const { owner, stages } = await company();
	const refused = async (body, pointer) => {
		const answer = await owner.post('/v1/deals', { title: 'A', stage_id: stages.First.id, ...body });
		assert.equal(answer.status, 422, answer.text);
		assert.deepEqual(pointers(answer), [pointer]);
	};
	await refused({ closed_on: '2024-01-01' }, '/closed_on');
	await refused({ lost_reason: 'Price' }, '/lost_reason');
	await refused({ stage_id: stages.Sold.id, lost_reason: 'Price' }, '/lost_reason');
	await refused({ stage_id: '01890000-0000-7000-8000-000000000001' }, '/stage_id');
	await refused({ title: '' }, '/title');
	await refused({ amount: { amount: 5, currency: 'EUR' } }, '/amount/amount');
	await refused({ amount: eur('1.234') }, '/amount/amount');
	await refused({ amount: { amount: '1', currency: 'euro' } }, '/amount/currency');
	const deal = await make(owner, '/v1/deals', { title: 'A', stage_id: stages.Sold.id });
	assert.deepEqual(pointers(await owner.patch(`/v1/deals/${deal.id}`, { closed_on: null })), ['/closed_on']);
	for (const name of ['status', 'pipeline_id', 'contact_id'])
		assert.equal((await owner.patch(`/v1/deals/${deal.id}`, { [name]: 'won' })).status, 400, name);
});

test('an open deal is won or lost, a closed one is reopened, each once', async () => {
	const { owner, stages } = await company();
	const deal = await make(owner, '/v1/deals', { title: 'A', stage_id: stages.Second.id, amount: eur('10.00') });
	const post = (what, body = {}) => owner.post(`/v1/deals/${deal.id}/${what}`, body);
	assert.equal((await post('reopen')).status, 409);
	const won = await post('win', { amount: eur('12.00') });
	assert.deepEqual([won.status, won.body.stage_id, won.body.status, won.body.amount.amount], [200, stages.Sold.id, 'won', '12.00']);
	assert.equal((await post('win')).status, 409);
	assert.equal((await post('lose', { lost_reason: 'Price' })).status, 409);
	const open = await post('reopen');
	assert.deepEqual([open.body.stage_id, open.body.status, open.body.amount.amount], [stages.First.id, 'open', '12.00']);
	const lost = await post('lose', { lost_reason: 'Price' });
	assert.deepEqual([lost.body.stage_id, lost.body.lost_reason], [stages.Missed.id, 'Price']);
	assert.equal((await owner.post('/v1/deals/01890000-0000-7000-8000-000000000001/win', {})).status, 404);
});

test('two who win the same deal at the same time: one does', async () => {
	const { owner, stages } = await company();
	const deal = await make(owner, '/v1/deals', { title: 'A', stage_id: stages.First.id });
	const answers = await Promise.all([1, 2, 3, 4].map((n) => owner.post(`/v1/deals/${deal.id}/win`, { amount: eur(`${n}.00`) })));
	assert.deepEqual(answers.map((a) => a.status).sort(), [200, 409, 409, 409]);
	const winner = answers.find((a) => a.status === 200).body;
	assert.deepEqual((await owner.get(`/v1/deals/${deal.id}`)).body.amount, winner.amount);
});

test('the organisation of a deal is one', async () => {
	const { owner } = await company();
	const firm = await make(owner, '/v1/contacts', { kind: 'organisation', name: 'Firm' });
	const person = await make(owner, '/v1/contacts', { first_name: 'Ann' });
	const deal = await make(owner, '/v1/deals', { title: 'A', organisation_id: firm.id });
	assert.equal((await owner.get(`/v1/deals/${deal.id}?expand=organisation,stage,pipeline,owner`)).body.organisation.full_name, 'Firm');
	assert.deepEqual(pointers(await owner.patch(`/v1/deals/${deal.id}`, { organisation_id: person.id })), ['/organisation_id']);
	assert.deepEqual((await owner.get(`/v1/contacts/${firm.id}/deals`)).body.data.map((d) => d.id), [deal.id]);
	assert.deepEqual((await owner.get(`/v1/deals?organisation_id=${firm.id}`)).body.data.map((d) => d.id), [deal.id]);
});

test('the people of a deal are given with it, one by one, or as a whole', async () => {
	const { owner } = await company();
	const people = [];
	for (const first_name of ['A', 'B', 'C']) people.push((await make(owner, '/v1/contacts', { first_name })).id);
	const [ann, bob, cat] = people;
	const deal = await make(owner, '/v1/deals', { title: 'A', contact_ids: [ann, bob, ann] });
	assert.deepEqual(deal.contact_ids, [ann, bob], 'each once');
	assert.deepEqual((await owner.patch(`/v1/deals/${deal.id}`, { contact_ids: [cat, bob] })).body.contact_ids, [bob, cat]);
	assert.deepEqual((await owner.get(`/v1/deals?contact_id=${cat}`)).body.data.map((d) => d.id), [deal.id]);
	assert.deepEqual((await owner.get(`/v1/deals?contact_id=${ann}`)).body.data, []);
	assert.deepEqual((await owner.get(`/v1/contacts?deal_id=${deal.id}&sort=full_name`)).body.data.map((x) => x.full_name), ['B', 'C']);
	const part = await make(owner, '/v1/deal_contacts', { deal_id: deal.id, contact_id: ann, role: 'decides' });
	assert.deepEqual((await owner.get(`/v1/deals/${deal.id}`)).body.contact_ids, [bob, cat, ann]);
	assert.equal((await owner.post('/v1/deal_contacts', { deal_id: deal.id, contact_id: ann })).status, 409);
	assert.equal((await owner.patch(`/v1/deal_contacts/${part.id}`, { role: 'pays' })).body.role, 'pays');
	assert.equal((await owner.get(`/v1/deal_contacts/${part.id}`)).body.role, 'pays');
	assert.equal((await owner.get(`/v1/deal_contacts?deal_id=${deal.id}`)).body.data.length, 3);
	assert.equal((await owner.delete(`/v1/deal_contacts/${part.id}`)).status, 204);
	assert.deepEqual((await owner.get(`/v1/deals/${deal.id}`)).body.contact_ids, [bob, cat]);
	assert.deepEqual((await owner.get(`/v1/contacts/${bob}/deals?expand=stage`)).body.data.map((d) => d.id), [deal.id]);
	assert.deepEqual((await owner.get(`/v1/contacts/${ann}/deals`)).body.data, []);
	assert.deepEqual(pointers(await owner.post('/v1/deals', { title: 'A', contact_ids: [ann, '01890000-0000-7000-8000-000000000001'] })), ['/contact_ids/1']);
	const agent = await join(owner, owner.roles.agent.id);
	assert.deepEqual(pointers(await agent.post('/v1/deals', { title: 'A', contact_ids: [ann] })), ['/contact_ids/0'], 'of another person');
});

test('the same create again, with the id that the client gave, answers the same', async () => {
	const { owner } = await company();
	const person = await make(owner, '/v1/contacts', { first_name: 'Ann' });
	const sent = { id: '01890000-0000-7000-8000-0000000000aa', title: 'Twice', contact_ids: [person.id] };
	const first = await make(owner, '/v1/deals', sent);
	const again = await make(owner, '/v1/deals', sent);
	assert.deepEqual({ ...again, version: 0 }, { ...first, version: 0 });
	assert.equal((await owner.post('/v1/deals', { ...sent, title: 'Other' })).status, 409);
	assert.equal((await owner.post('/v1/deals', { ...sent, contact_ids: [] })).status, 409);
	assert.equal((await owner.get('/v1/deals')).body.data.length, 1);
});

test('a deal is deleted and restored', async () => {
	const { owner } = await company();
	const deal = await make(owner, '/v1/deals', { title: 'A' });
	assert.equal((await owner.delete(`/v1/deals/${deal.id}`)).status, 204);
	assert.equal((await owner.get(`/v1/deals/${deal.id}`)).status, 404);
	assert.equal((await owner.post(`/v1/deals/${deal.id}/win`, {})).status, 404);
	assert.equal((await owner.post(`/v1/deals/${deal.id}/restore`)).body.title, 'A');
	assert.equal((await owner.get('/v1/deals')).body.data.length, 1);
});

test('the board has every stage of a pipeline with its count, its sum and its deals', async () => {
	const { owner, pipeline, stages } = await company();
	const firm = await make(owner, '/v1/contacts', { kind: 'organisation', name: 'Firm' });
	await make(owner, '/v1/deals', { title: 'A', stage_id: stages.First.id, amount: eur('1.50'), organisation_id: firm.id, expected_close_on: '2030-01-31' });
	await make(owner, '/v1/deals', { title: 'B', stage_id: stages.First.id, amount: eur('2.00') });
	await make(owner, '/v1/deals', { title: 'C', stage_id: stages.First.id });
	await make(owner, '/v1/deals', { title: 'D', stage_id: stages.Sold.id, amount: eur('1.00') });
	await make(owner, '/v1/deals', { title: 'E', stage_id: stages.Sold.id, amount: { amount: '1.00', currency: 'USD' } });
	const board = (await owner.get(`/v1/deals/board?pipeline_id=${pipeline.id}`)).body;
	assert.deepEqual(board.pipeline, { id: pipeline.id, name: 'Own' });
	assert.deepEqual(board.columns.map((c) => [c.stage.name, c.stage.kind, c.count, c.amount, c.has_more]), [
		['First', 'open', 3, eur('3.50'), false],
		['Second', 'open', 0, null, false],
		['Sold', 'won', 2, null, false],
		['Missed', 'lost', 0, null, false],
	]);
	const [, , a] = board.columns[0].deals;
	assert.deepEqual(board.columns[0].deals.map((d) => d.title), ['C', 'B', 'A'], 'what changed last comes first');
	assert.deepEqual([a.organisation, a.owner.full_name, a.expected_close_on, a.amount], [{ id: firm.id, full_name: 'Firm' }, 'Olga Owner', '2030-01-31', eur('1.50')]);
	const agent = await join(owner, owner.roles.agent.id);
	assert.deepEqual((await agent.get(`/v1/deals/board?pipeline_id=${pipeline.id}`)).body.columns.map((c) => c.count), [0, 0, 0, 0]);
	assert.equal((await owner.get(`/v1/deals/board?pipeline_id=${pipeline.id}&owner_id=${agent.agent.id}`)).body.columns[0].count, 0);
	assert.equal((await owner.get('/v1/deals/board?pipeline_id=01890000-0000-7000-8000-000000000001')).status, 404);
	assert.notEqual((await owner.get('/v1/deals/board')).body.pipeline.id, pipeline.id, 'the first, when none is named');
});

test('the board of a search has the deals that it finds, with their count and their sum', async () => {
	const { owner, pipeline, stages } = await company();
	for (const [title, stage, amount] of [['Acme one', 'First', eur('1.50')], ['Acme two', 'First', eur('2.00')], ['Globex', 'First', eur('4.00')], ['Acme sold', 'Sold', eur('1.00')],
		['Acme abroad', 'Sold', { amount: '1.00', currency: 'USD' }]])
		await make(owner, '/v1/deals', { title, stage_id: stages[stage].id, ...(amount && { amount }) });
	await make(owner, '/v1/deals', { title: 'Acme in another pipeline' });
	const board = async (who, more) => (await who.get(`/v1/deals/board?pipeline_id=${pipeline.id}&${more}`)).body;
	const found = await board(owner, 'q=acme');
	assert.equal(found.more_found, false);
	assert.deepEqual(found.columns.map((c) => [c.stage.name, c.count, c.amount, c.has_more, c.deals.map((d) => d.title)]), [
		['First', 2, eur('3.50'), false, ['Acme two', 'Acme one']],
		['Second', 0, null, false, []],
		['Sold', 2, null, false, ['Acme abroad', 'Acme sold']],
		['Missed', 0, null, false, []],
	]);
	assert.deepEqual(await board(owner, 'q=%20'), await board(owner, ''), 'an empty box');
	assert.deepEqual((await board(owner, 'q=zzz')).columns.map((c) => c.count), [0, 0, 0, 0]);
	const agent = await join(owner, owner.roles.agent.id);
	assert.deepEqual((await board(agent, 'q=acme')).columns.map((c) => c.count), [0, 0, 0, 0]);
	await make(agent, '/v1/deals', { title: 'Acme of the agent', stage_id: stages.First.id });
	assert.deepEqual((await board(agent, 'q=acme')).columns.map((c) => c.count), [1, 0, 0, 0]);
	assert.deepEqual((await board(owner, `q=acme&owner_id=${agent.agent.id}`)).columns[0].deals.map((d) => d.title), ['Acme of the agent']);
	const refused = await owner.get('/v1/deals/board?q=%25%25');
	assert.deepEqual([refused.status, refused.body.errors[0].pointer], [400, '/q']);
	await Promise.all(Array.from({ length: 21 }, (_, i) => make(owner, '/v1/deals', { title: `Initech ${i}`, stage_id: stages.First.id })));
	const [column] = (await board(owner, 'q=initech')).columns;
	assert.deepEqual([column.count, column.deals.length, column.has_more], [21, 20, true]);
});

test('a column shows twenty deals and says that there are more', async () => {
	const { owner, pipeline, stages } = await company();
	await Promise.all(Array.from({ length: 31 }, (_, i) => make(owner, '/v1/deals', { title: `Deal ${i}`, stage_id: stages.First.id })));
	const [column] = (await owner.get(`/v1/deals/board?pipeline_id=${pipeline.id}`)).body.columns;
	assert.deepEqual([column.count, column.deals.length, column.has_more], [31, 20, true]);
});

test('a stage in which deals are stays, and stays what it is', async () => {
	const { owner, pipeline, stages } = await company();
	const deal = await make(owner, '/v1/deals', { title: 'A', stage_id: stages.First.id });
	assert.equal((await owner.delete(`/v1/stages/${stages.First.id}`)).status, 409);
	assert.equal((await owner.patch(`/v1/stages/${stages.First.id}`, { kind: 'won' })).status, 409);
	assert.equal((await owner.patch(`/v1/stages/${stages.First.id}`, { name: 'Start', probability: 5 })).body.name, 'Start');
	assert.equal((await owner.delete(`/v1/pipelines/${pipeline.id}`)).status, 409);
	await owner.post(`/v1/deals/${deal.id}/move`, { stage_id: stages.Second.id });
	assert.equal((await owner.delete(`/v1/stages/${stages.First.id}`)).status, 204);
	assert.equal((await owner.post(`/v1/deals/${deal.id}/move`, { stage_id: stages.First.id })).status, 422, 'nothing goes into it');
	assert.equal((await owner.post(`/v1/stages/${stages.First.id}/restore`)).status, 200);
	await owner.delete(`/v1/deals/${deal.id}`);
	assert.equal((await owner.delete(`/v1/pipelines/${pipeline.id}`)).status, 204);
	assert.equal((await owner.get(`/v1/pipelines/${pipeline.id}`)).status, 404);
	assert.equal((await owner.get(`/v1/stages/${stages.Second.id}`)).status, 404, 'its stages go with it');
	assert.equal((await owner.post(`/v1/deals/${deal.id}/restore`)).status, 422, 'a deal whose stage is gone has no place to come back to');
	assert.equal((await owner.post(`/v1/pipelines/${pipeline.id}/restore`)).status, 200);
	assert.equal((await owner.get(`/v1/stages/${stages.Second.id}`)).status, 200, 'its stages come back with it');
	assert.equal((await owner.post(`/v1/deals/${deal.id}/restore`)).status, 200, 'and so may its deals');
	assert.equal((await owner.patch(`/v1/pipelines/${pipeline.id}`, { name: 'Renamed' })).body.name, 'Renamed');
	assert.ok((await owner.get('/v1/pipelines')).body.data.some((p) => p.name === 'Renamed'));
	assert.equal((await owner.get('/v1/stages?sort=position')).status, 200);
});

test('deals are searched by nested conditions', async () => {
	const { owner, stages } = await company();
	await make(owner, '/v1/deals', { title: 'Alpha', stage_id: stages.First.id, expected_close_on: '2030-01-10' });
	await make(owner, '/v1/deals', { title: 'Beta', stage_id: stages.Sold.id });
	await make(owner, '/v1/deals', { title: 'Gamma', stage_id: stages.Missed.id });
	const find = async (where) => (await owner.post('/v1/deals/search', { where, sort: 'title' })).body.data.map((d) => d.title);
	assert.deepEqual(await find({ or: [{ status: ['won', 'lost'] }] }), ['Beta', 'Gamma']);
	assert.deepEqual(await find({ not: { status: 'won' } }), ['Alpha', 'Gamma']);
	assert.deepEqual(await find({ and: [{ expected_close_since: '2030-01-01' }, { expected_close_before: '2030-01-11' }] }), ['Alpha']);
	assert.deepEqual(await find({ q: 'ALPH' }), ['Alpha']);
});

test('the form of a deal has its people for whoever may see contacts, and says nothing of them to others', async () => {
	const { owner, stages } = await company();
	const ada = await make(owner, '/v1/contacts', { first_name: 'Ada' });
	const page = async (who, deal) => (await who.get(`/deals/${deal.id}/edit`, { accept: 'text/html', cookie: `muster_session=${who.token}` })).text;
	const said = (text) => ['id="people"', 'Ada', 'Nobody yet.', 'Not shown to you', 'id="f-join"'].filter((one) => text.includes(one));
	const seller = await join(owner, (await makeRole(owner, { 'deals.view': 'all', 'deals.edit': 'all' })).id, { full_name: 'Sam Seller' });
	const taken = await make(owner, '/v1/deals', { title: 'Alpha', stage_id: stages.First.id, contact_ids: [ada.id] });
	const empty = await make(owner, '/v1/deals', { title: 'Beta', stage_id: stages.First.id });
	assert.deepEqual(said(await page(owner, taken)), ['id="people"', 'Ada', 'id="f-join"']);
	assert.deepEqual(said(await page(owner, empty)), ['id="people"', 'Ada', 'Nobody yet.', 'id="f-join"'], 'Ada may be chosen');
	for (const deal of [taken, empty]) assert.deepEqual(said(await page(seller, deal)), []);
});
