// What holds for every operation that there is, by the API document alone: its example works and is answered as declared, its
// permission is asked for, another company's rows are not there, its limits hold and are named, and what it does not know is refused.
// A new operation is in here by itself; it fails until it has an example.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, test } from 'node:test';
import { api, login, musterUrl, until } from '../harness.mjs';
import { each, faults, readCatalog, requestOf, send, someDomain } from './catalog.mjs';
import { database, join, mailsTo, makeRole, signUp, tellHook, unsubscribeToken } from './company.mjs';

const firstPassword = 'correct horse battery staple'; // of the examples

let catalog, world, owner, url;
const called = new Set();

// The example of an operation, sent; fails when the answer is not what the document says.
async function run(name, who = owner, change = {}) {
	const operation = catalog.byName.get(name);
	assert.ok(operation, `there is no operation ${name}`);
	called.add(name);
	const answer = await send(who, requestOf(operation, world, change));
	assert.equal(faults(operation, answer), '', `${name}: ${answer.text.slice(0, 300)}`);
	learn(operation, answer);
	return answer;
}

// A row that was made or listed stands for the placeholder of its table from now on.
function learn(operation, answer) {
	const [, table, verb] = /^(.*)_(create|list)$/.exec(operation.name) ?? [];
	const placeholder = catalog.ids.get(table);
	const id = verb === 'create' ? answer.body.id : verb === 'list' ? answer.body.data?.[0]?.id : undefined;
	if (placeholder && id && !world.known.has(placeholder)) world.known.set(placeholder, id);
}
const know = (table, id) => world.known.set(catalog.ids.get(table), id);

// What must be there first stands first; what is deleted last is restored first.
const nouns = ['webhooks', 'teams', 'roles', 'tags', 'sources', 'pipelines', 'stages', 'contacts', 'contact_emails', 'contact_phones',
	'contact_addresses', 'deals', 'deal_contacts', 'tasks', 'notes', 'activities', 'api_keys', 'inbound_hooks', 'public_forms', 'automations'];

before(async () => {
	url = await musterUrl();
	catalog = await readCatalog();
	world = { known: new Map(), domain: someDomain() };
});

test('the API document is served to everybody, and not again to who has it', async () => {
	const answer = await api(url).get('/v1/openapi.json');
	assert.equal(answer.status, 200);
	assert.match(answer.headers.get('content-type'), /^application\/json/);
	const etag = answer.headers.get('etag');
	assert.equal((await api(url).get('/v1/openapi.json', { 'if-none-match': etag })).status, 304);
});

test('the examples make a company and everything in it', async () => {
	const company = await run('companies_create', api(url));
	owner = api(url, company.body.token);
	for (const noun of nouns) await run(`${noun}_create`);
	const another = await run('contacts_create', owner, { members: { id: undefined, emails: [], external_id: undefined } });
	world.known.set(catalog.byName.get('contacts_merge').example.from, another.body.id);
	const invitation = await run('invitations_create');
	world.token = new URL(invitation.body.url).searchParams.get('token');
	await run('invitations_by_token', api(url));
	const joined = await run('invitations_accept', api(url));
	know('agents', joined.body.agent.id);
	world.known.delete(catalog.ids.get('invitations'));
	await run('invitations_create', owner, { members: { id: undefined, email: `another@${world.domain}` } });
	const imported = await run('imports_create');
	await until(async () => (await owner.get(`/v1/imports/${imported.body.id}`)).body.state === 'ready');
	await run('imports_update');
	await run('imports_start');
	await until(async () => (await owner.get(`/v1/imports/${imported.body.id}`)).body.state === 'done');
	await run('automations_turn_on'); // which makes a version
	await run('sessions_create', api(url));
	const sessions = await run('sessions_list');
	know('sessions', sessions.body.data.find((one) => !one.current).id);
});

test('every query is answered as it is declared', async () => {
	const queries = catalog.operations.filter((one) => (one.method === 'GET' || /_search$|^live_/.test(one.name)) && !called.has(one.name));
	for (const one of queries.filter((query) => /_list$/.test(query.name))) await run(one.name);
	await each(queries.filter((query) => !/_list$/.test(query.name)), (one) => run(one.name));
});

test('every reference can be expanded, and every member be asked for alone', async () => {
	const shaped = catalog.operations.filter((one) => one.method === 'GET' && one.parameters.some((parameter) => parameter.name === 'fields'));
	await each(shaped, async (one) => {
		const choices = (name) => one.parameters.find((parameter) => parameter.name === name)?.schema.items.enum;
		if (choices('expand')) {
			const answer = await send(owner, requestOf(one, world, { query: { expand: choices('expand').join(',') } }));
			assert.equal(faults(one, answer), '', `${one.name} expanded`);
		}
		assert.equal(faults(one, await send(owner, requestOf(one, world, { query: { fields: '' } }))), '', `${one.name} by no field`);
		const answer = await send(owner, requestOf(one, world, { query: { fields: choices('fields').join(',') } }));
		assert.equal(answer.status, 200, `${one.name} by its fields: ${answer.text}`);
		for (const sort of choices('sort') ?? [])
			assert.equal((await send(owner, requestOf(one, world, { query: { sort, limit: 1 } }))).status, 200, `${one.name} by ${sort}`);
	});
});

test('who asks needs the permission that the document names', async () => {
	const company = await signUp();
	const people = {
		owner: company,
		leader: await join(company, company.roles.team_leader.id),
		agent: await join(company, company.roles.agent.id),
		'nobody of note': await join(company, (await makeRole(company, {})).id),
		'nobody at all': api(url),
	};
	const ends = ['sessions_delete_current', 'sessions_delete_others'];
	for (const [role, who] of Object.entries(people)) {
		const held = who.token ? (await who.get('/v1/me')).body.permissions : {};
		await each(catalog.operations.filter((one) => !ends.includes(one.name)), async (one) => {
			// Of rows that there are not, with nothing in the body: what is asked before that is the permission.
			const path = Object.fromEntries(one.parameters.filter((parameter) => parameter.in === 'path').map((parameter) => [parameter.name, randomUUID()]));
			const { status } = await send(who, requestOf(one, world, { path, body: {} }));
			const open = one.permission === 'anyone', may = open || one.permission === 'signed_in' || (held[one.permission] ?? 'none') !== 'none';
			if (!who.token && !open) assert.equal(status, 401, `${one.name} by ${role}`);
			else if (!may) assert.equal(status, 403, `${one.name} by ${role}`);
			else assert.ok(![401, 403].includes(status) && status < 500, `${one.name} by ${role}: ${status}`);
			assert.ok(one.statuses.includes(status), `${one.name}: the document does not know of ${status}`);
		});
	}
});

// A line for each table of the company: how many rows, and a checksum of all that they hold.
function checksums(company) {
	const tables = new Map();
	for (const [table, column] of database(`SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'muster'
			AND table_name IN (SELECT table_name FROM information_schema.columns WHERE table_schema = 'muster' AND column_name = 'company_id')`))
		tables.set(table, [...(tables.get(table) ?? []), `COALESCE(HEX(\`${column}\`), '-')`]);
	return database([...tables].map(([table, columns]) => `SELECT '${table}', COUNT(*), COALESCE(BIT_XOR(CRC32(CONCAT_WS('|', ${columns.join(', ')}))), 0)
		FROM \`${table}\` WHERE company_id = '${company}'`).join(' UNION ALL ')).map((line) => line.join(' '));
}

test('the rows of another company are not there, whatever is asked of them', async () => {
	const stranger = await signUp();
	const company = (await owner.get('/v1/me')).body.company.id;
	// A webhook that nobody takes is tried again after five seconds, and then after minutes: by the jobs, not by the stranger.
	const soon = `SELECT COUNT(*) FROM workflow_runs WHERE company_id = '${company}' AND lane IN ('inside', 'webhooks') AND state IN ('waiting', 'running') AND wake_at < UTC_TIMESTAMP(6) + INTERVAL 1 MINUTE`;
	await until(() => database(soon)[0][0] === '0', { ms: 30_000, every: 200, what: 'the end of what the jobs do soon' });
	const rows = checksums(company).join('\n');
	// What makes a row of this id when there is none does so in the company of who asks; a public form is there for everybody.
	await each(catalog.operations.filter((one) => !['contacts_upsert', 'public_forms_submit'].includes(one.name)), async (one) => {
		const request = requestOf(one, world, /_create$/.test(one.name) ? { members: { id: undefined } } : {});
		const text = request.path + JSON.stringify(request.content instanceof FormData ? {} : request.content ?? {});
		if (!/[0-9a-f]{8}-[0-9a-f]{4}-7/.test(text)) return;
		const answer = await send(stranger, request);
		assert.ok([404, 422].includes(answer.status), `${one.name}: ${answer.status} ${answer.text.slice(0, 200)}`);
		if (one.path.includes('{')) assert.equal(answer.status, 404, `${one.name}: ${answer.text}`);
	});
	assert.equal(checksums(company).join('\n'), rows);
});

const withBody = () => catalog.operations.filter((one) => one.type === 'application/json' && !['passwords_change', 'live_poll'].includes(one.name));
const errorsAt = (answer, name) => (answer.body?.errors ?? []).filter((one) => one.pointer === `/${name}` || one.pointer === name);
// What an answer says of a member, and of what stands in it.
const errorsIn = (answer, pointer) => (answer.body?.errors ?? []).filter((one) => `${one.pointer}/`.startsWith(`/${pointer}/`));
const sized = ['too_long', 'too_short', 'range'];

// Values of a member or a parameter at a limit and beyond: { good: [...], bad: [...] }.
function limitsOf(schema) {
	const text = (n) => 'a'.repeat(n);
	const email = (n) => `${text(64)}@${[...Array(4)].map(() => text(40)).join('.')}.${world.domain}`.padEnd(n, 'b');
	const s = resolveSchema(schema.anyOf ? schema.anyOf[0] : schema); // that, or none
	const type = [s.type].flat()[0];
	const good = [], bad = [];
	const formats = {
		'date': { good: ['0001-01-01', '2028-02-29', '9999-12-31'], bad: ['2027-02-29', '2027-13-01', 'today'] },
		'date-time': { good: ['2028-02-29T23:59:59Z'], bad: ['2027-02-29T00:00:00Z', '2027-01-01T25:00:00Z', 'now'] },
		'uuid': { good: [], bad: ['no-id', `${randomUUID()}0`] },
		'email': { good: [email(254)], bad: [email(255), 'nobody', 'two@at@signs.example'] },
	};
	if (formats[s.format]) return formats[s.format];
	if (schema.$ref?.endsWith('/Money')) {
		const money = (amount, currency = 'EUR') => ({ amount, currency });
		return { good: [money('9999999999999.99'), money('0')], bad: [money('10000000000000'), money('1.234'), money('much'), money('1', 'EURO'), money('1', 'eu')] };
	}
	if (s.maxLength && s.maxLength <= 20000) good.push(text(Math.max(s.maxLength - 1, s.minLength ?? 0)), text(s.maxLength)), bad.push(text(s.maxLength + 1));
	if (s.minLength > 1) good.push(text(s.minLength)), bad.push(text(s.minLength - 1));
	if (s.minLength === 1) bad.push('');
	if (s.maximum !== undefined) good.push(s.maximum), bad.push(s.maximum + 1);
	if (s.minimum !== undefined) good.push(s.minimum), bad.push(s.minimum - 1);
	if (type === 'integer') bad.push(1.5, 'many');
	if (s.enum) good.push(...s.enum.filter((one) => one !== null)), bad.push('none-of-these');
	if (s.maxItems) {
		const item = s.items.$ref?.endsWith('Id') ? () => randomUUID() : () => ({});
		if (s.items.$ref?.endsWith('Id')) good.push(Array.from({ length: s.maxItems }, item));
		bad.push(Array.from({ length: s.maxItems + 1 }, item));
	}
	if (type === 'boolean') good.push(true, false), bad.push('perhaps');
	return { good, bad };
}
const resolveSchema = (schema) => (schema.$ref ? catalog.document.components.schemas[schema.$ref.split('/').pop()] : schema);

test('every member is taken up to its limits, and refused by name beyond them', async () => {
	let checked = 0;
	await each(withBody(), async (one) => {
		for (const [name, schema] of Object.entries(one.schema.properties ?? {})) {
			const { good, bad } = limitsOf(schema);
			for (const value of bad) {
				const answer = await send(owner, requestOf(one, world, { members: { id: undefined, [name]: value } }));
				assert.ok([400, 422].includes(answer.status) && errorsIn(answer, name).length,
					`${one.name} takes ${name} = ${JSON.stringify(value).slice(0, 60)}: ${answer.status} ${answer.text.slice(0, 200)}`);
				checked++;
			}
			if (!/_create$/.test(one.name)) continue;
			for (const value of good) {
				const answer = await send(owner, requestOf(one, world, { members: { id: undefined, [name]: value } }));
				const said = errorsIn(answer, name).filter((error) => sized.includes(error.code) || error.code === 'choice');
				assert.deepEqual(said, [], `${one.name} refuses ${name} = ${JSON.stringify(value).slice(0, 60)}`);
				assert.ok(answer.status < 500, `${one.name}: ${answer.text}`);
				checked++;
			}
		}
	});
	assert.ok(checked > 200, `${checked} values`);
});

const ofLimits = (errors) => errors.filter((error) => sized.includes(error.code) || ['choice', 'malformed'].includes(error.code));
// The nth of the values of each, or the last.
const nth = (values, n) => values[Math.min(n, values.length - 1)];

// The path of a row that no other test has, where one can be made.
async function freshRow(one) {
	if (one.name === 'contacts_upsert') return { email: `fresh@${world.domain}` };
	const create = /_update$/.test(one.name) && catalog.byName.get(one.name.replace(/_update$/, '_create'));
	const made = create && (await send(owner, requestOf(create, world, { members: { id: undefined } })));
	return made?.status === 201 ? { id: made.body.id } : {};
}

test('a change is taken up to the limits of every member', async () => {
	// Who is suspended can do nothing here any more; more than 20 tags are taken of a contact that has had as many.
	const fixed = ['agents_update.status', 'contacts_update.tag_ids'];
	let stored = 0;
	await each(withBody().filter((one) => one.method === 'PATCH'), async (one) => {
		const path = await freshRow(one);
		for (const [name, schema] of Object.entries(one.schema.properties))
			for (const value of fixed.includes(`${one.name}.${name}`) ? [] : limitsOf(schema).good) {
				const answer = await send(owner, requestOf(one, world, { body: { [name]: value }, path }));
				const shown = `${one.name} of ${name} = ${JSON.stringify(value).slice(0, 60)}: ${answer.status} ${answer.text.slice(0, 200)}`;
				assert.ok(answer.status < 500, shown);
				assert.deepEqual(ofLimits(errorsIn(answer, name)), [], shown);
				if (answer.status === 200 && typeof value === 'string' && name in answer.body) {
					assert.equal(answer.body[name], value, shown);
					stored++;
				}
			}
	});
	assert.ok(stored > 50, `${stored} values`);
});

test('what stands in a list is taken up to its limits, and refused by its place beyond them', async () => {
	let checked = 0;
	for (const one of withBody())
		for (const [name, schema] of Object.entries(one.schema.properties ?? {})) {
			const item = schema.items && resolveSchema(schema.items);
			if (!item?.properties) continue;
			const limits = Object.entries(item.properties).map(([member, of]) => [member, limitsOf(of)]);
			const whole = requestOf(one, world).content[name]?.[0] ?? {};
			const path = await freshRow(one);
			const ask = async (which, n) => {
				const changed = Object.fromEntries(limits.filter(([, of]) => of[which].length).map(([member, of]) => [member, nth(of[which], n)]));
				const answer = await send(owner, requestOf(one, world, { path, members: { id: undefined, [name]: [whole, { ...whole, ...changed }] } }));
				return Object.keys(changed).map((member) => [`${one.name} of ${name} with ${JSON.stringify(changed).slice(0, 200)}: ${answer.text.slice(0, 300)}`, errorsIn(answer, `${name}/1/${member}`)]);
			};
			for (let n = 0; n < Math.max(...limits.map(([, of]) => of.bad.length)); n++)
				for (const [shown, errors] of await ask('bad', n)) assert.ok(errors.length, shown), checked++;
			for (let n = 0; n < Math.max(...limits.map(([, of]) => of.good.length)); n++)
				for (const [shown, errors] of await ask('good', n)) assert.deepEqual(ofLimits(errors), [], shown), checked++;
		}
	assert.ok(checked > 50, `${checked} values`);
});

// Values of a parameter of an address, as text.
function textsOf({ name, schema }) {
	const { good, bad } = limitsOf(schema.items ?? schema);
	if (schema.items?.anyOf) good.push('null');
	return { name, good: name === 'cursor' ? [] : good, bad, most: schema.maxItems, one: good[0] ?? randomUUID() };
}

test('every parameter of an address is taken up to its limits, and refused by name beyond them', async () => {
	let checked = 0;
	await each(catalog.operations, async (one) => {
		const query = one.parameters.filter((parameter) => parameter.in === 'query'), shaping = ['fields', 'expand', 'sort'];
		// (Which of them is not known is said of one at a time, and all their choices are asked for above.)
		for (const { name } of query.filter((parameter) => one.method === 'GET' && shaping.includes(parameter.name))) {
			const answer = await send(owner, requestOf(one, world, { query: { [name]: 'none-of-these' } }));
			assert.ok(answer.status === 400 && errorsAt(answer, name).length, `${one.name} takes ${name}=none-of-these: ${answer.text.slice(0, 300)}`);
		}
		const parameters = query.filter((parameter) => !shaping.includes(parameter.name)).map(textsOf);
		const ask = (which, n, only) => Object.fromEntries(only.filter((parameter) => parameter[which].length).map((parameter) => [parameter.name, nth(parameter[which], n)]));
		for (let n = 0; n < Math.max(...parameters.map(({ bad }) => bad.length)); n++) {
			const query = ask('bad', n, parameters);
			const answer = await send(owner, requestOf(one, world, { query }));
			assert.ok([400, 422].includes(answer.status), `${one.name} takes ${new URLSearchParams(query)}: ${answer.status}`);
			for (const name of Object.keys(query)) assert.ok(errorsAt(answer, name).length, `${one.name} takes ${name}=${String(query[name]).slice(0, 60)}: ${answer.text.slice(0, 600)}`), checked++;
		}
		const several = parameters.find(({ most }) => most);
		if (several) {
			const { name, most, one: value } = several;
			const within = await send(owner, requestOf(one, world, { query: { [name]: Array(most).fill(value).join() } }));
			const beyond = await send(owner, requestOf(one, world, { query: { [name]: Array(most + 1).fill(value).join() } }));
			assert.deepEqual([within.status, beyond.status, errorsAt(beyond, name).length], [200, 400, 1], `${one.name} by many of ${name}: ${within.text.slice(0, 200)} ${beyond.text.slice(0, 200)}`);
		}
		if (one.method !== 'GET') return;
		for (let n = 0; n < Math.max(...parameters.map(({ good }) => good.length)); n++) {
			const query = ask('good', n, parameters);
			const answer = await send(owner, requestOf(one, world, { query }));
			assert.deepEqual([answer.status < 500, ofLimits(answer.body?.errors ?? [])], [true, []], `${one.name} refuses ${new URLSearchParams(query)}`);
			checked += Object.keys(query).length;
		}
	});
	assert.ok(checked > 1000, `${checked} values`);
});

test('every condition of a search is taken up to its limits, and refused by name beyond them', async () => {
	let checked = 0;
	await each(catalog.operations.filter((one) => one.schema?.properties?.where), async (one) => {
		const { properties } = resolveSchema(one.schema.properties.where);
		for (const [name, schema] of Object.entries(properties).filter(([name]) => !['and', 'or', 'not'].includes(name))) {
			const { good, bad } = limitsOf(schema.anyOf?.find((of) => !of.items) ?? schema);
			const ask = (value) => send(owner, requestOf(one, world, { members: { where: { [name]: value } } }));
			for (const value of bad) {
				const answer = await ask(value);
				assert.ok([400, 422].includes(answer.status) && errorsIn(answer, `where/${name}`).length, `${one.name} takes ${name} = ${JSON.stringify(value).slice(0, 60)}: ${answer.text.slice(0, 300)}`);
			}
			for (const value of good) assert.equal((await ask(value)).status, 200, `${one.name} refuses ${name} = ${JSON.stringify(value).slice(0, 60)}`);
			checked += bad.length + good.length;
		}
	});
	assert.ok(checked > 100, `${checked} values`);
});

test('an address whose id is none is not found', async () => {
	await each(catalog.operations, async (one) => {
		const ids = one.parameters.filter((parameter) => parameter.in === 'path' && resolveSchema(parameter.schema).format === 'uuid');
		if (!ids.length) return;
		const answer = await send(owner, requestOf(one, world, { path: Object.fromEntries(ids.map(({ name }) => [name, 'no-id'])) }));
		assert.equal(answer.status, 404, `${one.name}: ${answer.text.slice(0, 200)}`);
	});
});

test('what an operation does not know is refused by name', async () => {
	await each(catalog.operations, async (one) => {
		const answer = await send(owner, requestOf(one, world, { query: { no_such: '1' } }));
		assert.equal(answer.status, 400, `${one.name}?no_such: ${answer.text.slice(0, 200)}`);
		assert.ok(errorsAt(answer, 'no_such').length, `${one.name}: ${answer.text}`);
	});
	await each(withBody(), async (one) => {
		const answer = await send(owner, requestOf(one, world, { members: { no_such: 1 } }));
		assert.equal(answer.status, 400, `${one.name} with no_such: ${answer.text.slice(0, 200)}`);
		assert.ok(errorsAt(answer, 'no_such').length, `${one.name}: ${answer.text}`);
	});
	await each(catalog.operations.filter((one) => !one.parameters.some((parameter) => parameter.name === 'fields')), async (one) => {
		const answer = await send(owner, requestOf(one, world, { query: { fields: 'id' } }));
		assert.equal(answer.status, 400, `${one.name}?fields: ${answer.text.slice(0, 200)}`);
	});
});

test('If-Match is looked at where the document names it, and refused everywhere else', async () => {
	const changes = catalog.operations.filter((one) => one.method !== 'GET' && !/_search$|^live_|_restore$|^(companies|sessions|passwords|invitations_accept|imports_start|imports_undo|mail_|inbound_hooks_receive|public_forms_submit)/.test(one.name));
	const wrong = [];
	for (const one of changes) {
		const takes = one.parameters.some((parameter) => parameter.name === 'If-Match');
		const answer = await send(owner, requestOf(one, world, { members: { id: undefined } }), { 'if-match': '"of another time"' });
		const refused = takes ? [412] : [400, 409];
		if (!refused.includes(answer.status)) wrong.push(`${one.name}: ${answer.status} ${answer.body?.detail ?? ''}`);
	}
	assert.deepEqual(wrong, []);
});

test('the examples change, close, delete and bring back what there is', async () => {
	const special = ['deals_win', 'deals_reopen', 'deals_lose', 'deals_move', 'tasks_complete', 'tasks_reopen', 'contacts_tag', 'contacts_untag', 'imports_undo'];
	const changes = catalog.operations.filter((one) => !called.has(one.name) && !special.includes(one.name) && !/_(delete|restore)$|^sessions|^passwords|^mail_|^inbound_hooks_receive|^public_forms_submit|^workflow_runs|^automations/.test(one.name));
	for (const one of changes) await run(one.name);
	for (const name of special) await run(name);
	// A run that waits until tomorrow, so that there is time to control it.
	const { id: company } = (await owner.get('/v1/company')).body;
	const [[started]] = database(`SELECT id FROM workflow_runs WHERE company_id = '${company}' AND workflow = 'imports_run' LIMIT 1`);
	database(`UPDATE workflow_runs SET state = 'waiting', ended_at = NULL, wake_at = UTC_TIMESTAMP(6) + INTERVAL 1 DAY WHERE id = '${started}'`);
	know('workflow_runs', started);
	database(`UPDATE workflow_runs SET automation_id = '${world.known.get(catalog.ids.get('automations'))}' WHERE id = '${started}'`);
	await run('workflow_runs_tell');
	for (const what of ['pause', 'resume', 'cancel', 'again']) await run(`workflow_runs_${what}`);
	for (const what of ['pause', 'update', 'change_part', 'add_part', 'move_part', 'join', 'remove_part', 'test', 'revert']) await run(`automations_${what}`);
	await run('automations_update', owner, { members: { starts: { on: 'manual' } } });
	await run('automations_turn_on');
	await run('automations_start');
	know('roles', (await owner.post('/v1/roles', { name: 'Nobody has it' })).body.id);
	const deletable = ['invitations', ...nouns.toReversed(), 'agents'];
	for (const noun of deletable) await run(`${noun}_delete`);
	for (const noun of deletable.toReversed()) if (catalog.byName.has(`${noun}_restore`)) await run(`${noun}_restore`);
});

test('what a provider tells is taken when it is signed', async () => {
	const hook = (await owner.post('/v1/inbound_hooks', { name: 'Payments', scheme: 'stripe', secret: 'whsec_of-the-catalog' })).body;
	const answer = await tellHook(hook, 'whsec_of-the-catalog', { id: 'evt_1', type: 'invoice.created' });
	assert.equal(faults(catalog.byName.get('inbound_hooks_receive'), answer), '');
	called.add('inbound_hooks_receive');
});

test('whoever sends a public form is taken', async () => {
	const form = (await owner.post('/v1/public_forms', { name: 'Ask' })).body;
	const answer = await api(url).post(`/v1/public_forms/${form.id}/submit`, { email: `form@${world.domain}` });
	assert.equal(faults(catalog.byName.get('public_forms_submit'), answer), '');
	called.add('public_forms_submit');
});

test('the link of a notice unsubscribes whoever it was sent to', async () => {
	world.token = unsubscribeToken((await owner.get('/v1/company')).body.id, `somebody@${world.domain}`);
	await run('mail_unsubscribe', api(url));
	await run('mail_addresses_clear');
});

test('the examples log out, forget and change passwords', async () => {
	const email = `olga@${world.domain}`;
	await run('sessions_delete');
	await run('sessions_delete_others');
	await run('sessions_delete_current', await login(email, firstPassword, url));
	await run('passwords_change', owner);
	const forgotten = await run('passwords_forgot', api(url));
	assert.equal(forgotten.status, 202);
	const [mail] = await until(() => { const mails = mailsTo(email).filter((one) => /token=/.test(one.body)); return mails.length && mails.slice(-1); });
	world.token = /token=([\w-]+)/.exec(mail.body)[1];
	await run('passwords_reset', api(url));
});

test('every operation was called by its example', () => {
	const never = catalog.operations.map((one) => one.name).filter((name) => !called.has(name));
	assert.deepEqual(never, []);
});
