// Every query of the catalog: a change to any table that it reads wakes who waits for it, and a change outside of what it may see does
// not. Three people, who hold every permission at the levels all, team and own, wait for all queries at once; then each kind of row is
// changed inside their scope, and outside of it. What should have changed is asked for anew, so nobody keeps a list of it here. A build
// with sanitizers tells which topics an answer was made from (core/door.c), and ends when a statement reads a table that is not
// among them (core/sql_run.c).
//
// A new query with a plain route is covered by itself. Otherwise this file fails and says what to add: how it is asked (`asks`), or a
// change that shows in its answer (`changes`).

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join as path } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { api, build, startMuster, until } from '../harness.mjs';
import { database, join, makeRole, makeTeam, password, signUp, someEmail, tellHook } from './company.mjs';
import { send, settled } from './importing.mjs';

const SOON = 10_000; // milliseconds within which who waits is told, on a machine that has much to do
const HOLD = 60; // seconds for which they wait
const A_REQUEST = 6; // questions in one

let muster, people, outsider, north, watched;
const made = async (answer, status = 201) => {
	const a = await answer;
	assert.equal(a.status, status, a.text);
	return a.body;
};
const about = (object, { id }) => ({ object, id });
let n = 0;
const fresh = (text) => `${text} ${++n}`;

// ---- what there is: rows of each kind, of whoever makes them ----

async function rowsOf(who, team, mate) {
	const post = (table, body) => made(who.post(`/v1/${table}`, body));
	const first = async (table) => (await made(who.get(`/v1/${table}?limit=1`), 200)).data[0];
	const f = { teams: team, agents: mate?.agent ?? who.agent };
	f.tags = await post('tags', { name: fresh('Tag') });
	f.sources = await post('sources', { name: fresh('Source') });
	f.pipelines = await post('pipelines', { name: fresh('Pipeline'), position: 40 });
	f.stages = await post('stages', { name: fresh('Stage'), pipeline_id: f.pipelines.id, kind: 'open' });
	for (const kind of ['won', 'lost']) await post('stages', { name: fresh('Stage'), pipeline_id: f.pipelines.id, kind });
	f.roles = await post('roles', { name: fresh('Spare') });
	f.invitations = await post('invitations', { email: someEmail(), role_id: f.roles.id });
	f.organisation = await post('contacts', { kind: 'organisation', name: fresh('Firm') });
	f.contacts = await post('contacts', {
		first_name: fresh('Ann'), organisation_id: f.organisation.id, source_id: f.sources.id, team_id: team.id, tag_ids: [f.tags.id],
		emails: [{ address: someEmail() }], phones: [{ value: '+49 30 1' }], addresses: [{ city: 'Rome' }],
	});
	f.untagged = await post('contacts', { first_name: fresh('Bea') });
	f.deals = await post('deals', {
		title: fresh('Deal'), stage_id: f.stages.id, team_id: team.id, organisation_id: f.organisation.id, contact_ids: [f.contacts.id],
		amount: { amount: '10.00', currency: 'EUR' },
	});
	const pipeline = await post('pipelines', { name: fresh('Pipeline'), position: 50 });
	const stage = await post('stages', { name: fresh('Stage'), pipeline_id: pipeline.id, kind: 'open' });
	f.another = await post('deals', { title: fresh('Deal'), stage_id: stage.id });
	f.tasks = await post('tasks', { title: fresh('Task'), subject: about('contact', f.contacts), assignee_id: who.agent.id });
	f.notes = await post('notes', { body: 'A note', subject: about('contact', f.contacts) });
	f.activities = await post('activities', { kind: 'call', summary: 'A call', subject: about('contact', f.contacts) });
	await post('tasks', { title: fresh('Task'), subject: about('deal', f.deals), assignee_id: who.agent.id });
	f.deal_note = await post('notes', { body: 'A note', subject: about('deal', f.deals) });
	f.deal_activity = await post('activities', { kind: 'call', summary: 'A call', subject: about('deal', f.deals) });
	f.leaving = await post('contacts', { first_name: fresh('Dan') });
	f.leaving_deal = await post('deals', { title: fresh('Deal') });
	for (const subject of [about('contact', f.leaving), about('deal', f.leaving_deal)]) {
		await post('tasks', { title: fresh('Task'), subject, assignee_id: who.agent.id });
		await post('notes', { body: fresh('A note'), subject });
		await post('activities', { kind: 'call', summary: fresh('A call'), subject });
	}
	for (const table of ['contact_emails', 'contact_phones', 'contact_addresses']) f[table] = await first(table);
	f.deal_contacts = await first('deal_contacts');
	f.api_keys = await post('api_keys', { name: fresh('Key'), role_id: f.roles.id });
	f.inbound_hooks = await post('inbound_hooks', { name: fresh('Hook'), scheme: 'stripe', secret: 'whsec_secret' });
	f.public_forms = await post('public_forms', { name: fresh('Form') });
	f.webhooks = await post('webhooks', { url: 'https://hooks.muster.test/', events: ['tag.restored'] });
	await made(who.patch(`/v1/webhooks/${f.webhooks.id}`, { enabled: false }), 200);
	database(`INSERT INTO webhook_deliveries (company_id, id, webhook_id, event, body, state, created_at, updated_at)
		SELECT company_id, UUID(), id, 'tag.restored', '{}', 'delivered', created_at, created_at FROM webhooks WHERE id = '${f.webhooks.id}'`);
	f.webhook_deliveries = await first('webhook_deliveries');
	f.imports = await made(send(who, 'deals', 'Title,Amount\nBig,12.50\n'), 202);
	f.started = await made(send(who, 'contacts', 'First name\nYve\n'), 202);
	await made(who.post(`/v1/imports/${f.started.id}/start`, {}), 202);
	f.workflow_runs = await first('workflow_runs');
	f.automations = await post('automations', { name: fresh('Automation'), object: 'contact', starts: { on: 'manual' }, steps: [{ do: 'stop' }] });
	await made(who.post(`/v1/automations/${f.automations.id}/turn_on`), 200);
	f.automation_versions = await first('automation_versions');
	// What a run of an automation did with a task.
	const [[id]] = database('SELECT UUID()');
	f.automated = { id };
	database(`INSERT INTO workflow_runs (company_id, id, workflow, definition, lane, state, step, step_number, agent_id, subject_id, automation_id, ended_at, created_at, updated_at)
		SELECT company_id, '${id}', 'automation', 1, 'inside', 'done', 'act', 1, '${who.agent.id}', id, '${f.automations.id}', created_at, created_at, created_at FROM tasks WHERE id = '${f.tasks.id}';
		INSERT INTO workflow_steps (company_id, run_id, step_number, step, attempts, result, finished_at)
		SELECT company_id, '${id}', 0, 'act', 1, '{"at":"/steps/0"}', created_at FROM tasks WHERE id = '${f.tasks.id}'`);
	const [[waiting]] = database('SELECT UUID()');
	f.waiting = { id: waiting };
	database(`INSERT INTO workflow_runs (company_id, id, workflow, definition, lane, state, step, agent_id, subject_id, automation_id, wake_at, created_at, updated_at)
		SELECT company_id, '${waiting}', 'automation', 1, 'inside', 'waiting', 'act', '${who.agent.id}', id, '${f.automations.id}', created_at + INTERVAL 1 YEAR, created_at, created_at FROM tasks WHERE id = '${f.tasks.id}'`);
	return f;
}

// ---- how the queries are asked ----

// What a query needs beyond its route: the parameters that it requires, or that make it read more. {id} is that of a row of its table.
const asks = {
	search_list: () => ['ann', 'deal', 'task', 'note', 'call'].map((word) => `?q=${word}`),
	contacts_list: (f) => ['', '?q=ann', `?tag_id=${f.tags.id}`, '?expand=owner,team,organisation,source&include_total=true'],
	contacts_deals: (f) => [`/v1/contacts/${f.contacts.id}/deals`],
	contacts_merge_preview: (f) => [`/v1/contacts/${f.untagged.id}/merge?from=${f.contacts.id}`],
	deals_list: (f) => ['', `?contact_id=${f.contacts.id}`, '?expand=stage,pipeline,owner,team,organisation'],
	deals_board: (f) => ['', `?pipeline_id=${f.pipelines.id}`],
	agents_list: (f) => ['', `?team_id=${f.teams.id}`, '?expand=role'],
	activities_get: (f) => [f.activities, f.deal_activity].map(({ id }) => `/v1/activities/${id}`),
	notes_get: (f) => [f.notes, f.deal_note].map(({ id }) => `/v1/notes/${id}`),
	activities_list: () => ['', '?expand=agent,subject'],
	tasks_list: () => ['?expand=assignee,subject'],
	notes_list: () => ['', '?expand=author,subject'],
	changes_list: (f, version) => [`?since=${version}`],
	import_rows_list: (f) => [`/v1/imports/${f.imports.id}/rows`],
	reports_deals: () => ['stage', 'owner', 'team', 'quarter'].map((by) => `?group_by=${by}`),
	roles_matrix: (f) => ['', `?role=${f.roles.id}`],
	automations_part: (f) => [`/v1/automations/${f.automations.id}/part?at=/steps/0`],
	automations_offered: (f) => [`?object=contact&subject_id=${f.contacts.id}`],
	workflow_runs_story: (f) => [f.workflow_runs, f.automated].map(({ id }) => `/v1/workflow_runs/${id}/story`),
	workflow_runs_records: (f) => ['', `?automation_id=${f.automations.id}`],
	workflow_runs_steps: (f) => [f.workflow_runs, f.automated].map(({ id }) => `/v1/workflow_runs/${id}/steps`),
	inbound_events_list: () => ['?expand=hook'],
	webhook_deliveries_get: (f) => [`/v1/webhook_deliveries/${f.webhook_deliveries.id}?expand=webhook`],
	webhook_deliveries_list: () => ['?expand=webhook'],
	timeline_list: (f) => [`?contact_id=${f.contacts.id}`, `?deal_id=${f.deals.id}`],
	// Queries without a route, by the page that loads them.
	agents_choices: () => ['/deals/new'],
	home_pipeline: () => ['/'],
	home_quarter: () => ['/'],
	home_totals: () => ['/'],
	home_won: () => ['/'],
};
// Nobody waits for these.
const unwatched = {
	live_poll: 'is how the others are asked',
	invitations_by_token: 'is open to anyone',
	pages_missing: 'stands for a page that there is not',
	reference_get: 'shows what the program has', reference_list: 'shows what the program has',
	automation_versions_get: 'is never changed',
	company_first_steps: 'has nothing left to tell of a company with rows of everything; its wait is in builtin/onboarding.mjs',
	automations_records: 'is the list of contacts, deals or tasks, and which of them never changes',
	sessions_get: 'is as it is until it ends, and who waits by it is told then',
	contacts_search: 'is a POST', deals_search: 'is a POST', tasks_search: 'is a POST',
};

// What a query reads without a change of it that shows here.
const elsewhere = {
	automations_offered: ['contacts'], // for conditions, of which the automation here has none
	workflow_runs_records: ['workflow_runs', 'deals'], // in automations_journal.test.mjs
	...Object.fromEntries(['home_pipeline', 'home_quarter', 'home_totals', 'home_won'].map((name) => [name, ['invitations']])), // for the first steps
};

function catalog() {
	const routes = execFileSync(path(build, 'muster'), ['emit', 'routes'], { encoding: 'utf8' });
	return routes.trim().split('\n').map((line) => line.split(/\s+/)).filter(([, kind]) => kind === 'query')
		.map(([name, , method, route]) => ({ name, method, route }));
}

// [{ operation, path }] of everything that can be watched.
function questions(f, version) {
	const all = [];
	for (const { name, method, route } of catalog()) {
		if (unwatched[name]) continue;
		const plain = method === 'GET' && route.replace('{id}', () => f[route.split('/')[2]]?.id ?? '{id}');
		assert.ok(asks[name] || plain, `${name} has no GET route: say in \`asks\` which page loads it, or in \`unwatched\` why nobody waits for it`);
		for (const more of asks[name]?.(f, version) ?? ['']) {
			const asked = more.startsWith('/') ? more : plain + more;
			assert.ok(!asked.includes('{'), `${name}: say in \`asks\` how ${route} is asked, or make a row of that table in rowsOf()`);
			all.push({ operation: name, path: asked });
		}
	}
	return all;
}

// ---- changes ----

// Each changes a row of `f`, as the agent to whom the rows belong. `owned`: only who sees that agent's rows sees it.
const changes = {
	'an invitation': { run: (who, f) => who.post('/v1/invitations', { email: someEmail(), role_id: f.roles.id }) },
	'an invitation that is taken back': { run: (who, f) => who.delete(`/v1/invitations/${f.invitations.id}`) },
	'the draft of an automation': { run: (who, f) => who.patch(`/v1/automations/${f.automations.id}`, { starts: { on: 'changed', field: 'website', to: `${++n}.example` }, steps: [{ do: 'wait', days: n }] }) },
	'an automation that is turned on as it is now': { run: (who, f) => who.post(`/v1/automations/${f.automations.id}/turn_on`) },
	'a tag': { run: (who, f) => who.patch(`/v1/tags/${f.tags.id}`, { name: fresh('Tag') }) },
	'a source': { run: (who, f) => who.patch(`/v1/sources/${f.sources.id}`, { name: fresh('Source') }) },
	'a pipeline': { run: (who, f) => who.patch(`/v1/pipelines/${f.pipelines.id}`, { name: fresh('Pipeline') }) },
	'the order of the pipelines': { run: (who, f) => who.patch(`/v1/pipelines/${f.pipelines.id}`, { position: 60 }) },
	'a stage': { run: (who, f) => who.patch(`/v1/stages/${f.stages.id}`, { name: fresh('Stage') }) },
	'a team': { run: (who, f) => who.patch(`/v1/teams/${f.teams.id}`, { name: fresh('Team') }) },
	'an agent': { run: (who, f) => who.patch(`/v1/agents/${f.agents.id}`, { full_name: fresh('Max') }) },
	'oneself': { run: (who) => who.patch('/v1/me', { full_name: fresh('Ada') }) },
	'a role': { run: (who, f) => who.patch(`/v1/roles/${f.roles.id}`, { name: fresh('Spare') }) },
	'a permission': { run: (who, f) => who.put(`/v1/roles/${f.roles.id}/permissions`, { permissions: { 'tags.view': 'all' } }) },
	'the company': { run: (who) => who.patch('/v1/company', { name: fresh('Company'), currency: 'CHF' }) },
	'a contact': { owned: true, run: (who, f) => who.patch(`/v1/contacts/${f.contacts.id}`, { first_name: fresh('Ann') }) },
	'an organisation': { owned: true, run: (who, f) => who.patch(`/v1/contacts/${f.organisation.id}`, { name: fresh('Firm') }) },
	'a contact that is new': { owned: true, run: (who) => who.post('/v1/contacts', { first_name: fresh('Cleo') }) },
	'an e-mail address': { owned: true, run: (who, f) => who.patch(`/v1/contact_emails/${f.contact_emails.id}`, { address: someEmail() }) },
	'a phone': { owned: true, run: (who, f) => who.patch(`/v1/contact_phones/${f.contact_phones.id}`, { value: `+49 30 ${++n}` }) },
	'an address': { owned: true, run: (who, f) => who.patch(`/v1/contact_addresses/${f.contact_addresses.id}`, { city: fresh('Rome') }) },
	'a tag of a contact': { owned: true, run: (who, f) => who.post('/v1/contacts/tag', { ids: [f.untagged.id], tag_id: f.tags.id }) },
	'a deal': { owned: true, run: (who, f) => who.patch(`/v1/deals/${f.deals.id}`, { title: fresh('Deal'), amount: { amount: `${++n}.00`, currency: 'EUR' } }) },
	'a deal that is won': { owned: true, run: (who, f) => who.post(`/v1/deals/${f.deals.id}/win`, {}) },
	'a person in a deal': { owned: true, run: (who, f) => who.post('/v1/deal_contacts', { deal_id: f.another.id, contact_id: f.contacts.id }) },
	'a role in a deal': { owned: true, run: (who, f) => who.patch(`/v1/deal_contacts/${f.deal_contacts.id}`, { role: fresh('Buyer') }) },
	'a task': { owned: true, run: (who, f) => who.patch(`/v1/tasks/${f.tasks.id}`, { title: fresh('Task'), due_at: `2030-01-01T00:00:${10 + (++n % 50)}Z` }) },
	'a task that is new': { owned: true, run: (who, f) => who.post('/v1/tasks', { title: fresh('Task'), subject: about('contact', f.contacts), assignee_id: who.agent.id }) },
	'a note': { owned: true, run: (who, f) => who.patch(`/v1/notes/${f.notes.id}`, { body: fresh('Note') }) },
	'a note that is new': { owned: true, run: (who, f) => who.post('/v1/notes', { body: fresh('Note'), subject: about('contact', f.contacts) }) },
	'a note about a deal': { owned: true, run: (who, f) => who.post('/v1/notes', { body: fresh('Note'), subject: about('deal', f.deals) }) },
	'an activity': { owned: true, run: (who, f) => who.patch(`/v1/activities/${f.activities.id}`, { summary: fresh('Call') }) },
	'an activity that is new': { owned: true, run: (who, f) => who.post('/v1/activities', { kind: 'email', summary: fresh('Mail'), subject: about('contact', f.contacts), occurred_at: `2031-01-01T00:00:${10 + (++n % 50)}Z` }) },
	'an activity of a deal': { owned: true, run: (who, f) => who.post('/v1/activities', { kind: 'email', summary: fresh('Mail'), subject: about('deal', f.deals) }) },
	'a task of a deal': { owned: true, run: (who, f) => who.post('/v1/tasks', { title: fresh('Task'), subject: about('deal', f.deals), assignee_id: who.agent.id }) },
	'a contact that is deleted, with what is about it': { owned: true, run: (who, f) => who.delete(`/v1/contacts/${f.leaving.id}`) },
	'a contact that is restored, with what is about it': { owned: true, run: (who, f) => who.post(`/v1/contacts/${f.leaving.id}/restore`) },
	'a deal that is deleted, with what is about it': { owned: true, run: (who, f) => who.delete(`/v1/deals/${f.leaving_deal.id}`) },
	'a deal that is restored, with what is about it': { owned: true, run: (who, f) => who.post(`/v1/deals/${f.leaving_deal.id}/restore`) },
	'a key that is new': { owned: true, run: (who, f) => who.post('/v1/api_keys', { name: fresh('Key'), role_id: f.roles.id }) },
	'a key with another name': { owned: true, run: (who, f) => who.patch(`/v1/api_keys/${f.api_keys.id}`, { name: fresh('Key') }) },
	'a session': { owned: true, run: (who) => api(who.url).post('/v1/sessions', { email: who.email, password }) },
	'something that a provider tells': { owned: true, run: (who, f) => tellHook(f.inbound_hooks, 'whsec_secret', { id: fresh('evt'), type: 'invoice.created' }) },
	'a hook that is new': { owned: true, run: (who) => who.post('/v1/inbound_hooks', { name: fresh('Hook'), scheme: 'stripe', secret: 'whsec_secret' }) },
	'a public form that is new': { owned: true, run: (who) => who.post('/v1/public_forms', { name: fresh('Form') }) },
	'a public form with another name': { owned: true, run: (who, f) => who.patch(`/v1/public_forms/${f.public_forms.id}`, { name: fresh('Form') }) },
	'a hook with another name': { owned: true, run: (who, f) => who.patch(`/v1/inbound_hooks/${f.inbound_hooks.id}`, { name: fresh('Hook') }) },
	'a webhook that is new': { owned: true, run: (who) => who.post('/v1/webhooks', { url: 'https://hooks.muster.test/', events: ['tag.restored'] }) },
	'a webhook with another address': { owned: true, run: (who, f) => who.patch(`/v1/webhooks/${f.webhooks.id}`, { url: `https://hooks.muster.test/${++n}` }) },
	'something that a webhook is told again': { owned: true, run: (who, f) => who.post(`/v1/webhook_deliveries/${f.webhook_deliveries.id}/replay`, {}) },
	'a run of an automation that is cancelled': { owned: true, run: (who, f) => who.post(`/v1/workflow_runs/${f.waiting.id}/cancel`, {}) },
	'a mapping': { owned: true, run: (who, f) => who.patch(`/v1/imports/${f.imports.id}`, { mapping: { 0: 'title' } }) },
	'an import that is started': { owned: true, run: (who, f) => who.post(`/v1/imports/${f.imports.id}/start`, {}) },
};

// The jobs process stands still until a change needs it.
function jobs() {
	const children = readFileSync(`/proc/${muster.pid()}/task/${muster.pid()}/children`, 'utf8').trim().split(' ').map(Number);
	return children.find((pid) => readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'muster-jobs');
}

async function change(what, who, f) {
	const answer = await changes[what].run(who, f);
	assert.ok(answer.status < 300, `${what}: ${answer.status} ${answer.text}`);
}

const head = (company) => Number(database(`SELECT version FROM version_counters WHERE company_id = '${company}' AND topic = ''`)[0][0]);
const touchedAfter = (company, version) =>
	database(`SELECT topic FROM version_counters WHERE company_id = '${company}' AND topic <> '' AND version > ${version}
		UNION SELECT CONVERT(CONCAT(object, '/row/', row_id) USING ascii) COLLATE ascii_nopad_bin FROM changes WHERE company_id = '${company}' AND version > ${version}`).map(([topic]) => topic);

// ---- waiting ----

async function figures() {
	const { text } = await api(muster.url).get('/metrics');
	return Object.fromEntries([...text.matchAll(/^muster_(live_\w+) (\d+)$/gm)].map(([, name, value]) => [name, Number(value)]));
}

const cookie = (who) => ({ cookie: `muster_session=${who.token}` });
const isPage = (q) => !q.path.startsWith('/v1/');

// Asks each question once and keeps its ETag and its topics.
async function look(who) {
	for (const q of who.questions) {
		const answer = await who.get(q.path, { 'show-reads': '1', ...(isPage(q) && cookie(who)) });
		assert.equal(answer.status, 200, `${q.operation} at level ${who.level}: ${answer.text}`);
		q.etag = answer.headers.get('etag');
		q.reads = answer.headers.get('muster-reads')?.split(' ');
		q.items = answer.body?.items?.length;
		assert.ok(q.reads, 'no Muster-Reads: this needs a build with sanitizers');
	}
}

// Which of these questions have another answer within the wait: a map from question to { etag, items }.
async function poll(who, questions, wait) {
	if (isPage(questions[0])) {
		const [{ path, etag }] = questions;
		const answer = await who.get(path, { ...cookie(who), 'if-none-match': etag, ...(wait && { prefer: `wait=${wait}` }) });
		return new Map(answer.status === 304 ? [] : questions.map((q) => [q, { etag: answer.headers.get('etag') }]));
	}
	const answer = await who.post('/v1/live', { queries: questions.map(({ path, etag }) => ({ path, etag })), wait });
	assert.equal(answer.status, 200, answer.text);
	return new Map(answer.body.changed.map((c) => [questions[c.index], { etag: c.etag, items: c.body.items?.length }]));
}

// The feed goes on with every version; it has something to show when there are more items.
const shows = (q, answer) => answer && (answer.items === undefined || answer.items > q.items);

// What changes more than once while a run goes on: asked together with others, it may have been told of too early.
const goesOn = (q) => /^workflow_runs_(get|steps|story)$/.test(q.operation);

// Requests of a few questions each, so that few are asked again by who was told. A page is one by itself, and so is what goes on.
function requestsOf(who) {
	const queries = who.questions.filter((q) => !isPage(q) && !goesOn(q)), requests = who.questions.filter(goesOn).map((q) => [q]);
	for (let i = 0; i < queries.length; i += A_REQUEST) requests.push(queries.slice(i, i + A_REQUEST));
	const pages = [...new Set(who.questions.filter(isPage).map((q) => q.path))].map((page) => who.questions.filter((q) => q.path === page));
	return [...requests, ...pages].map((questions) => ({ questions }));
}

// As long as it takes: when the time is over it waits again.
async function wait(who, questions) {
	for (;;) {
		const told = await poll(who, questions, HOLD);
		if (told.size) return told;
	}
}

function park(who) {
	for (const r of who.requests) {
		if (r.told instanceof Error) throw r.told;
		if (r.waiting && !r.told) continue;
		for (const [q, answer] of r.told ?? []) Object.assign(q, answer);
		r.told = undefined;
		r.waiting = wait(who, r.questions).then((told) => (r.told = told), (error) => (r.told = error));
	}
}
// Who was told of something late is told that again, and then waits.
const parkAll = (whos) =>
	until(async () => {
		whos.forEach(park);
		return (await figures()).live_waiting === whos.reduce((sum, who) => sum + who.requests.length, 0);
	}, { what: 'all waiting' });

// ---- the tests ----

before(async () => {
	muster = await startMuster({ empty: true });
	process.env.MUSTER_TEST_URL = muster.url;
	process.env.MUSTER_TEST_DATA = muster.dataDir;
	process.kill(jobs(), 'SIGSTOP');
	const owner = await signUp();
	outsider = await signUp();
	const south = await makeTeam(owner);
	north = await makeTeam(owner);
	const permissions = (await owner.get('/v1/permissions')).body.data;
	const role = (level) => makeRole(owner, Object.fromEntries(permissions.map((p) => [p.permission, p.owned ? level : 'all'])));
	const ownRole = await role('own');
	people = {
		all: owner,
		team: await join(owner, (await role('team')).id, { team_ids: [north.id] }),
		own: await join(owner, ownRole.id, { team_ids: [north.id] }),
		other: await join(owner, ownRole.id, { team_ids: [south.id] }),
		mate: await join(owner, ownRole.id, { team_ids: [south.id] }),
	};
	const theirs = await makeTeam(outsider);
	await Promise.all([[people.own, north, people.mate], [people.other, south], [people.mate, south], [outsider, theirs]]
		.map(async ([who, ...more]) => { who.rows = await rowsOf(who, ...more); }));
	watched = ['all', 'team', 'own'].map((level) => Object.assign(people[level], { level }));
	const version = head(owner.company.id);
	await Promise.all(watched.map(async (who) => {
		who.questions = questions(people.own.rows, version);
		who.requests = requestsOf(who);
		await look(who);
	}));
});
after(async () => {
	if (muster) process.kill(jobs(), 'SIGCONT');
	await muster?.stop();
});

const seen = {}; // operation -> table -> it was changed and shown
function note(q, touched) {
	for (const topic of q.reads) if (touched.includes(topic)) (seen[q.operation] ??= {})[topic.split('/')[0]] = true;
}

// What has changed is asked anew, of all at once and without waiting; that must have been told.
async function wakes(what, run, { whos = watched, later = false } = {}) {
	await parkAll(watched);
	const since = head(people.all.company.id);
	await run();
	const began = performance.now();
	const asked = await Promise.all(whos.map(askAll));
	const touched = touchedAfter(people.all.company.id, since);
	for (const [i, who] of whos.entries()) {
		for (const r of who.requests) {
			const expected = r.questions.filter((q) => shows(q, asked[i].get(q)));
			if (!expected.length && !r.told) continue;
			await Promise.race([r.waiting, sleep(Math.max(SOON - (performance.now() - began), 500), undefined, { ref: false })]);
			for (const q of expected) {
				const where = `${what}, level ${who.level}: ${q.path}`;
				assert.ok(r.told, `${where} has another answer, and who waits for it was not told; it was made from ${q.reads.join(' ')}`);
				assert.ok(later || r.told.has?.(q), `${where} has another answer, which was not among those told: ${r.told.stack ?? ''}`);
				if (r.told.has(q)) note(q, touched);
			}
			r.waiting = r.told = undefined;
			for (const q of r.questions) Object.assign(q, asked[i].get(q));
		}
	}
}
async function askAll(who) {
	const queries = who.questions.filter((q) => !isPage(q));
	const hundreds = Array.from({ length: Math.ceil(queries.length / 100) }, (_, i) => queries.slice(100 * i, 100 * (i + 1))); // no request takes more
	const requests = [...hundreds, ...who.requests.filter(({ questions }) => isPage(questions[0])).map((r) => r.questions)];
	return new Map((await Promise.all(requests.map((questions) => poll(who, questions, 0)))).flatMap((told) => [...told]));
}

// After one that failed it is not known who waits for what.
let failed = false;
const inTurn = (name, run) =>
	test(name, async (t) => {
		if (failed) return t.skip('an earlier one failed');
		failed = true;
		await run();
		failed = false;
	});

// The topics of a change that somebody's queries were made from.
const hits = (whos, touched) => whos.flatMap((who) => who.questions.flatMap((q) => q.reads.filter((topic) => touched.includes(topic)).map((topic) => ({ q, topic }))));

inTurn('what is outside of their scope makes no query of theirs run', async () => {
	const whos = [people.team, people.own];
	const company = people.all.company.id;
	await parkAll(whos);
	const before = (await figures()).live_runs_total;
	for (const [what, { owned }] of Object.entries(changes)) {
		const since = head(company);
		if (owned) await change(what, people.other, people.other.rows);
		assert.deepEqual(hits(whos, touchedAfter(company, since)).map(({ q, topic }) => `${q.path} is made from ${topic}`), [], what);
		await change(what, outsider, outsider.rows);
	}
	// Who is told of this has been told of all before it.
	const since = head(company);
	await change('a note', people.own, people.own.rows);
	const expected = new Set(hits(whos, touchedAfter(company, since)).map(({ q }) => q)).size;
	await until(async () => (await figures()).live_runs_total - before >= expected, { what: `${expected} runs` });
	await parkAll(whos);
	const runs = (await figures()).live_runs_total - before;
	assert.equal(runs, expected);
});

// All three wait. What nobody owns is the same for all, so one is asked; who sees all is asked again at the end, of everything.
for (const [what, { owned }] of Object.entries(changes))
	inTurn(`${what}: whoever sees the change is told, by every query that shows it`, () =>
		wakes(what, () => change(what, people.own, people.own.rows), { whos: owned ? [people.team, people.own] : [people.all] }));

inTurn('a run that goes on: whoever sees it is told, and of what it writes', () =>
	wakes('a run', async () => {
		process.kill(jobs(), 'SIGCONT');
		for (const { id } of [people.own.rows.started, people.own.rows.imports]) await settled(people.own, id);
	}, { later: true }));

const changed = async (by, path, body) => void (await made(by.patch(path, body), 200));
inTurn('an agent who comes into a team: its members are told of what they see now', () =>
	wakes('a member', () => changed(people.all, `/v1/agents/${people.mate.agent.id}`, { team_ids: [north.id] })));
inTurn('an agent who leaves a team is told of what is left', () =>
	wakes('a leader', () => changed(people.all, `/v1/agents/${people.team.agent.id}`, { team_ids: [] })));
inTurn('a role that agents have: its new name is told', () =>
	wakes('a role', () => changed(people.all, `/v1/roles/${people.own.agent.role_id}`, { name: fresh('Role') })));
inTurn('a key that is no more is told', () =>
	wakes('a key', () => made(people.own.delete(`/v1/api_keys/${people.own.rows.api_keys.id}`), 204)));
for (const noun of ['deals', 'contacts'])
	inTurn(`${noun} that are given away: who loses sight of them, and of what hangs on them, is told`, () =>
		wakes(noun, () => changed(people.all, `/v1/${noun}/${people.own.rows[noun].id}`, { owner_id: people.other.agent.id, team_id: null })));

inTurn('a task that is given away: who loses sight of it is told, and that what a run did with it is not for them any more', () =>
	wakes('a task', () => changed(people.all, `/v1/tasks/${people.own.rows.tasks.id}`, { assignee_id: people.other.agent.id })));

inTurn('of every query and every table that it reads, there was a change that showed', () => {
	// Who asks: that the end of a session, of an agent and of a role's power wakes is in live.test.mjs and live_poll.test.mjs.
	const person = (who) => new RegExp(`^sessions/row/|^agents/row/${who.agent.id}$|^roles/row/${who.agent.role_id}$`);
	const missing = new Set();
	for (const who of watched)
		for (const { operation, reads } of who.questions)
			for (const topic of reads)
				if (!person(who).test(topic) && !elsewhere[operation]?.includes(topic.split('/')[0]) && !seen[operation]?.[topic.split('/')[0]]) missing.add(`${operation} reads ${topic.split('/')[0]}: no change of it showed; add one to \`changes\``);
	assert.deepEqual([...missing], []);
});
