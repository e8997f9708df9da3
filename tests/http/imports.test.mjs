// imports.test.mjs: files that are read into the company: fcgi-app/modules/imports.h says how.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { api, musterUrl, until } from '../harness.mjs';
import { database, join, makeRole, permissionsOf, signUp } from './company.mjs';
import { counts, done, importFile, refusals, rowsOf, send, settled, undo } from './importing.mjs';

const list = async (who, path) => (await who.get(`${path}${path.includes('?') ? '&' : '?'}limit=100`)).body.data;
const byName = async (who, name) => (await list(who, `/v1/contacts?q=${encodeURIComponent(name)}`)).find(({ full_name }) => full_name === name);

// ---- sending and mapping

test('a file that is sent is looked at: charset, delimiter, header, and what its columns are', async () => {
	const owner = await signUp();
	const sent = await send(owner, 'contacts', 'Vorname;Nachname;E-Mail;Geburtstag;Sonstwas\r\nJörg;Groß;jg@firma.test;31.12.1980;x\r\n', { name: 'C:\\Users\\me\\Adressen.csv' });
	assert.equal(sent.status, 202, sent.text);
	assert.equal(sent.headers.get('location'), `/v1/imports/${sent.body.id}`);
	const { body } = await owner.get(sent.headers.get('location'));
	assert.equal(body.state, 'ready');
	assert.equal(body.filename, 'Adressen.csv');
	assert.equal(body.charset, 'utf-8');
	assert.equal(body.delimiter, ';');
	assert.equal(body.has_header, true);
	assert.equal(body.rows, 1);
	assert.equal(body.progress, 0);
	assert.deepEqual(body.columns.map(({ number, header, field }) => [number, header, field]),
		[[0, 'Vorname', 'first_name'], [1, 'Nachname', 'last_name'], [2, 'E-Mail', 'emails[].address'], [3, 'Geburtstag', 'birthday'], [4, 'Sonstwas', '']]);
	assert.deepEqual(body.columns[2].samples, ['jg@firma.test']);
	assert.equal(body.columns[3].date_order, 'dmy');
	assert.deepEqual(body.mapping, { 0: 'first_name', 1: 'last_name', 2: 'emails[0].address', 3: 'birthday' });
	assert.ok(body.fields.some(({ name, label }) => name === 'job_title' && label === 'Job title'));
});

test('dates of three programs in one column are each read as they are meant', async () => {
	const owner = await signUp();
	const rows = [['Ada', '10.12.1815'], ['Grace', '1906-12-09'], ['Alan', '6/23/1912'], ['Emmy', '3/4/1882'], ['Karl', '30.4.1777']];
	const end = await importFile(owner, 'contacts', `First name,Birthday\n${rows.map((row) => row.join()).join('\n')}\n`);
	assert.deepEqual(counts(end), done(5));
	assert.equal(end.columns[1].date_order, 'dmy/mdy');
	const born = Object.fromEntries((await owner.get('/v1/contacts')).body.data.map((one) => [one.first_name, one.birthday]));
	assert.deepEqual(born, { Ada: '1815-12-10', Grace: '1906-12-09', Alan: '1912-06-23', Emmy: '1882-03-04', Karl: '1777-04-30' });
});

test('the preview says what the first rows become, and what is wrong with them', async () => {
	const owner = await signUp();
	const sent = await send(owner, 'contacts', 'First name,Last name,E-mail,Birthday\nAda,Lovelace,ada@example.test,1815-12-10\nBob,,not an address,1990-02-30\n');
	const { body } = await owner.get(`/v1/imports/${sent.body.id}/preview`);
	assert.equal(body.data.length, 2);
	assert.equal(body.bad, 1);
	assert.equal(body.data[0].number, 2);
	assert.deepEqual(body.data[0].cells, ['Ada', 'Lovelace', 'ada@example.test', '1815-12-10']);
	assert.deepEqual(body.data[0].values, { first_name: 'Ada', last_name: 'Lovelace', birthday: '1815-12-10', emails: [{ address: 'ada@example.test' }] });
	assert.deepEqual(body.data[0].errors, []);
	assert.deepEqual(body.data[1].errors, ['Birthday: "1990-02-30" is no date', 'E-mail address: must be an e-mail address']);
	assert.equal((await list(owner, '/v1/contacts')).length, 0, 'and nothing was written');
});

test('a person changes the mapping; a bad one is refused by column', async () => {
	const owner = await signUp();
	const { body } = await send(owner, 'contacts', 'a,b,c,d\nAda,Lovelace,+49 30 1,+49 30 2\n', { has_header: 'true' });
	const bad = await owner.patch(`/v1/imports/${body.id}`, { mapping: { 0: 'first_name', 1: 'shoe_size' } });
	assert.equal(bad.status, 422);
	assert.equal(bad.body.errors[0].pointer, '/mapping/1');
	const twice = await owner.patch(`/v1/imports/${body.id}`, { mapping: { 0: 'first_name', 1: 'first_name' } });
	assert.equal(twice.body.errors[0].code, 'duplicate');
	const outside = await owner.patch(`/v1/imports/${body.id}`, { mapping: { 9: 'first_name' } });
	assert.equal(outside.status, 422);
	const nothing = await owner.patch(`/v1/imports/${body.id}`, { mapping: { 0: 'website' } });
	assert.equal(nothing.status, 200);
	const start = await owner.post(`/v1/imports/${body.id}/start`);
	assert.equal(start.status, 422, 'no column says whom the rows are about');
	const good = await owner.patch(`/v1/imports/${body.id}`, { mapping: { 0: 'first_name', 1: 'last_name', 2: 'phones[].value', 3: 'phones[].value' } });
	assert.equal(good.status, 200, good.text);
	assert.deepEqual(good.body.mapping, { 0: 'first_name', 1: 'last_name', 2: 'phones[0].value', 3: 'phones[1].value' });
	await owner.post(`/v1/imports/${body.id}/start`);
	assert.deepEqual(counts(await settled(owner, body.id)), done(1));
	assert.deepEqual((await byName(owner, 'Ada Lovelace')).phones.map(({ value }) => value), ['+49 30 1', '+49 30 2']);
});

test('a mapping can come with the file, and with the start', async () => {
	const owner = await signUp();
	const sent = await send(owner, 'contacts', 'x,y\nAda,Lovelace\n', { has_header: 'true', mapping: { 0: 'last_name' } });
	assert.deepEqual(sent.body.mapping, { 0: 'last_name' });
	const started = await owner.post(`/v1/imports/${sent.body.id}/start`, { mapping: { 0: 'first_name', 1: 'last_name' } });
	assert.equal(started.status, 202);
	await settled(owner, sent.body.id);
	assert.ok(await byName(owner, 'Ada Lovelace'));
});

test('whether there is a header can be said', async () => {
	const owner = await signUp();
	const { body } = await send(owner, 'contacts', 'Ada,Lovelace\nBob,Builder\n', { mapping: { 0: 'first_name', 1: 'last_name' } });
	const without = await owner.patch(`/v1/imports/${body.id}`, { has_header: false, mapping: { 0: 'first_name', 1: 'last_name' } });
	assert.equal(without.body.rows, 2);
	assert.equal(without.body.columns[0].header, 'Column 1');
	await owner.post(`/v1/imports/${body.id}/start`);
	assert.deepEqual(counts(await settled(owner, body.id)), done(2));
});

// ---- contacts

const people = `First name,Last name,Company,E-mail,E-mail 2,Phone,Mobile,City,Tags,Lead source,Notes,Customer Id
Ada,Lovelace,Analytical Engines,ada@engines.test,,+44 20 1,+44 7 1,London,vip; maths,Fair,First,C1
Bob,Builder,Analytical Engines,bob@engines.test,bob@home.test,,,Leeds,maths,Fair,,C2
,,Lone Firm,office@lone.test,,,,,,,,
Bad,Row,,this is no address,,,,,,,,
,,,,,,,,vip,,,
Ada,Lovelace,Analytical Engines,ada@engines.test,,+44 20 1,+44 7 1,London,vip; maths,Fair,First,C1
`;

test('people come with their organisation, e-mails, phones, address, tags, source and note', async () => {
	const owner = await signUp();
	const end = await importFile(owner, 'contacts', people);
	assert.deepEqual(counts(end), done(3, 0, 1, 2), 'the last row says nothing new');
	assert.equal(end.progress, 100);
	assert.deepEqual(await refusals(owner, end.id), [[5, 'E-mail address: must be an e-mail address'], [6, 'there is no name, e-mail address or phone number']]);
	const [refused] = await rowsOf(owner, end.id, 'refused');
	assert.deepEqual(refused.cells.slice(0, 4), ['Bad', 'Row', '', 'this is no address']);
	const ada = await byName(owner, 'Ada Lovelace');
	assert.equal(ada.external_id, 'C1');
	assert.equal(ada.owner_id, owner.agent.id);
	assert.deepEqual(ada.phones.map(({ type, value }) => [type, value]), [['work', '+44 20 1'], ['mobile', '+44 7 1']]);
	assert.equal(ada.addresses[0].city, 'London');
	assert.deepEqual(ada.tags.map(({ name }) => name).sort(), ['maths', 'vip']);
	assert.deepEqual((await byName(owner, 'Bob Builder')).emails.map(({ address }) => address), ['bob@engines.test', 'bob@home.test']);
	const firms = await list(owner, '/v1/contacts?kind=organisation');
	assert.deepEqual(firms.map(({ name }) => name).sort(), ['Analytical Engines', 'Lone Firm']);
	assert.equal(ada.organisation_id, firms.find(({ name }) => name === 'Analytical Engines').id);
	assert.equal((await owner.get(`/v1/sources/${ada.source_id}`)).body.name, 'Fair');
	const notes = await list(owner, `/v1/notes?contact_id=${ada.id}`).catch(() => []);
	const all = notes?.length ? notes : await list(owner, '/v1/notes');
	assert.deepEqual(all.map(({ body }) => body), ['First']);
});

test('the same file again changes nothing; what it says new is added, and an empty cell erases nothing', async () => {
	const owner = await signUp();
	await importFile(owner, 'contacts', people);
	assert.deepEqual(counts(await importFile(owner, 'contacts', people)), done(0, 0, 4, 2));
	const more = 'E-mail,Job title,Phone,Last name\nADA@engines.test,Countess,+44 20 2,\n';
	assert.deepEqual(counts(await importFile(owner, 'contacts', more)), done(0, 1));
	const ada = await byName(owner, 'Ada Lovelace');
	assert.equal(ada.job_title, 'Countess');
	assert.deepEqual(ada.phones.map(({ value }) => value), ['+44 20 1', '+44 7 1', '+44 20 2']);
	assert.deepEqual(ada.emails.map(({ address }) => address), ['ada@engines.test']);
	assert.equal((await list(owner, '/v1/notes')).length, 1);
});

test('the id of the other system comes before the address', async () => {
	const owner = await signUp();
	await importFile(owner, 'contacts', people);
	const moved = 'Customer Id,First name,Last name,E-mail\nC1,Ada,King,ada@king.test\n';
	assert.deepEqual(counts(await importFile(owner, 'contacts', moved)), done(0, 1));
	assert.deepEqual((await byName(owner, 'Ada King')).emails.map(({ address }) => address), ['ada@engines.test', 'ada@king.test']);
	const taken = 'Customer Id,First name,Last name,E-mail\nC9,Somebody,Else,bob@engines.test\n';
	const end = await importFile(owner, 'contacts', taken);
	assert.deepEqual(counts(end), done(0, 1), 'known by its address');
	assert.equal((await byName(owner, 'Somebody Else')).external_id, 'C9');
});

test('a row that is refused takes nothing of its batch with it, nor what it made in passing', async () => {
	const owner = await signUp();
	const end = await importFile(owner, 'contacts', 'First name,Last name,Company,E-mail,Owner\nAda,Lovelace,Good Firm,ada@x.test,\nBob,Builder,Bad Firm,bob@x.test,Nobody Known\nCid,Campeador,Good Firm,cid@x.test,Olga Owner\n');
	assert.deepEqual(counts(end), done(2, 0, 0, 1));
	assert.deepEqual(await refusals(owner, end.id), [[3, 'Owner (name or e-mail): there is no agent "Nobody Known"']]);
	assert.deepEqual((await list(owner, '/v1/contacts?kind=organisation')).map(({ name }) => name), ['Good Firm']);
});

test('formulas, markup and quotes are data like any other', async () => {
	const owner = await signUp();
	const odd = `=HYPERLINK("http://evil.test","x")`;
	await importFile(owner, 'contacts', `First name,Last name,E-mail\n"${odd.replaceAll('"', '""')}",<script>alert(1)</script>,a@x.test\n@SUM(1),'; DROP TABLE contacts; --,b@x.test\n`);
	const names = (await list(owner, '/v1/contacts')).map(({ first_name, last_name }) => [first_name, last_name]);
	assert.deepEqual(names.sort(), [[odd, '<script>alert(1)</script>'], ['@SUM(1)', "'; DROP TABLE contacts; --"]].sort());
});

// ---- organisations

test('organisations come with what they belong to; what has no column of its own is a note', async () => {
	const owner = await signUp();
	const end = await importFile(owner, 'organisations', 'account,sector,revenue,employees,office_location,subsidiary_of\nChild,software,"1,234.5","2,641",Kenya,Parent Ltd\nParent Ltd,finance,10,7,Norway,\nOdd,x,1,many,Norway,\n');
	assert.deepEqual(counts(end), done(1, 1, 0, 1), 'the parent was made for its child, and then found');
	assert.deepEqual(await refusals(owner, end.id), [[4, 'Employees: "many" is no whole number']]);
	const child = await byName(owner, 'Child'), parent = await byName(owner, 'Parent Ltd');
	assert.equal(child.organisation_id, parent.id);
	assert.deepEqual([child.kind, child.industry, child.employees, child.addresses[0].country], ['organisation', 'software', 2641, 'Kenya']);
	assert.deepEqual([parent.industry, parent.employees], ['finance', 7]);
	assert.ok((await list(owner, '/v1/notes')).some(({ body }) => body === 'Annual revenue: 1,234.5'));
});

// ---- deals

test('deals find their organisation, owner and stage; a stage that is missing is made', async () => {
	const owner = await signUp();
	const end = await importFile(owner, 'deals', `opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value
D1,Olga Owner,GTX,Acme,Won,2016-10-20,2017-03-01,1054
D2,Olga Owner,GTX,acme,Lost,2016-10-21,2017-03-02,0
D3,Olga Owner,MG,,Engaging,2016-10-22,,
D4,Olga Owner,MG,Acme,Negotiation,,2030-01-01,"1,500.50"
D5,Nobody,MG,Acme,Won,2016-10-22,2017-03-02,5
D6,Olga Owner,MG,Acme,Won,yesterday,2017-03-02,5
`);
	assert.deepEqual(counts(end), done(4, 0, 0, 2));
	assert.deepEqual(await refusals(owner, end.id), [[6, 'Owner (name or e-mail): there is no agent "Nobody"'], [7, 'Opened on: "yesterday" is no date']]);
	const deals = Object.fromEntries((await list(owner, '/v1/deals')).map((deal) => [deal.external_id, deal]));
	const stages = Object.fromEntries((await list(owner, '/v1/stages')).map((stage) => [stage.id, stage]));
	assert.deepEqual([deals.D1.title, deals.D1.status, deals.D1.amount, deals.D1.opened_on, deals.D1.closed_on, deals.D1.product],
		['GTX for Acme', 'won', { amount: '1054.00', currency: 'EUR' }, '2016-10-20', '2017-03-01', 'GTX']);
	assert.deepEqual([deals.D2.status, deals.D2.amount.amount, deals.D2.organisation_id], ['lost', '0.00', deals.D1.organisation_id]);
	assert.deepEqual([deals.D3.title, stages[deals.D3.stage_id].name, stages[deals.D3.stage_id].kind, deals.D3.amount, deals.D3.organisation_id], ['MG', 'Engaging', 'open', null, null]);
	assert.deepEqual([stages[deals.D4.stage_id].name, deals.D4.opened_on, deals.D4.closed_on, deals.D4.expected_close_on, deals.D4.amount.amount],
		['Negotiation', null, null, '2030-01-01', '1500.50'], 'the close date of an open deal is a hope');
	assert.deepEqual(counts(await importFile(owner, 'deals', 'opportunity_id,deal_stage,close_date,product,lost_reason\nD4,Lost,2030-02-02,MG,too dear\nD1,Won,2017-03-01,GTX,\n')), done(0, 1, 1));
	const lost = (await owner.get(`/v1/deals/${deals.D4.id}`)).body;
	assert.deepEqual([lost.status, lost.closed_on, lost.lost_reason], ['lost', '2030-02-02', 'too dear']);
});

test('words of other programs for won and lost are understood', async () => {
	const owner = await signUp();
	const end = await importFile(owner, 'deals', 'Deal name,Deal stage,Status\nA,Closed Won,\nB,Closed lost,\nC,Negotiation,Won\nD,Gewonnen,\nE,,Lost\n');
	assert.deepEqual(counts(end), done(5));
	const status = Object.fromEntries((await list(owner, '/v1/deals')).map(({ title, status }) => [title, status]));
	assert.deepEqual(status, { A: 'won', B: 'lost', C: 'won', D: 'won', E: 'lost' });
});

test('who may not make stages has the row refused', async () => {
	const owner = await signUp();
	const role = await makeRole(owner, { ...Object.fromEntries(Object.entries(await permissionsOf(owner)).filter(([name]) => /^(deals|contacts|imports|stages\.view|pipelines\.view|agents\.view)/.test(name))) });
	const clerk = await join(owner, role.id);
	const end = await importFile(clerk, 'deals', 'Deal name,Deal stage\nA,Won\nB,Unheard of\n');
	assert.deepEqual(counts(end), done(1, 0, 0, 1));
	assert.match((await refusals(clerk, end.id))[0][1], /stages\.create/);
});

// ---- agents

test('agents come into the team of their manager, who leads it', async () => {
	const owner = await signUp({ name: `Größe & Co ${Date.now()}` });
	const end = await importFile(owner, 'agents', 'sales_agent,manager,regional_office\nAnna Snelling,Dustin Brinkmann,Central\nMei-Mei Johns,Dustin Brinkmann,Central\nVicki Laflamme,Celia Rouche,West\nSolo Player,,West\n');
	assert.deepEqual(counts(end), done(4));
	const agents = Object.fromEntries((await list(owner, '/v1/agents')).map((agent) => [agent.full_name, agent]));
	const teams = Object.fromEntries((await list(owner, '/v1/teams')).map(({ id, name }) => [id, name]));
	const told = ({ role_id, team_ids, email }) => [Object.entries(owner.roles).find(([, role]) => role.id === role_id)[0], team_ids.map((id) => teams[id]), email.split('@')[0]];
	assert.deepEqual(told(agents['Anna Snelling']), ['agent', ["Dustin Brinkmann's team"], 'anna.snelling']);
	assert.deepEqual(told(agents['Mei-Mei Johns']), ['agent', ["Dustin Brinkmann's team"], 'mei.mei.johns']);
	assert.deepEqual(told(agents['Dustin Brinkmann']), ['team_leader', ["Dustin Brinkmann's team"], 'dustin.brinkmann']);
	assert.deepEqual(told(agents['Celia Rouche']), ['team_leader', ["Celia Rouche's team"], 'celia.rouche']);
	assert.deepEqual(told(agents['Solo Player']), ['agent', ['West'], 'solo.player']);
	assert.match(agents['Anna Snelling'].email, /\.invalid$/);
	const login = await api(owner.url).post('/v1/sessions', { email: agents['Anna Snelling'].email, password: 'demo' });
	assert.equal(login.status, 401, 'nobody logs in without a password of their own');
	assert.deepEqual(counts(await importFile(owner, 'agents', 'sales_agent,manager\nAnna Snelling,Dustin Brinkmann\nDustin Brinkmann,\nCelia Rouche,Dustin Brinkmann\n')), done(0, 1, 2));
	const celia = (await owner.get(`/v1/agents/${agents['Celia Rouche'].id}`)).body;
	assert.deepEqual(told(celia), ['team_leader', ["Celia Rouche's team", "Dustin Brinkmann's team"].sort((a, b) => celia.team_ids.findIndex((id) => teams[id] === a) - celia.team_ids.findIndex((id) => teams[id] === b)), 'celia.rouche']);
});

test('nobody imports agents with more power than their own', async () => {
	const owner = await signUp();
	const role = await makeRole(owner, { 'imports.create': 'all', 'imports.view': 'all', 'agents.create': 'all', 'agents.view': 'all', 'roles.view': 'all', 'teams.create': 'all', 'teams.edit': 'all', 'teams.view': 'all' });
	const clerk = await join(owner, role.id);
	const end = await importFile(clerk, 'agents', `Name,E-mail,Role\nNew Boss,boss.${Date.now()}@x.test,Owner\n`);
	assert.deepEqual(counts(end), done(0, 0, 0, 1));
	assert.match((await refusals(clerk, end.id))[0][1], /more than you have/);
});

// ---- undo

test('undoing deletes what was made and restores what was changed; what somebody changed since stays', async () => {
	const owner = await signUp();
	const old = (await owner.post('/v1/contacts', { first_name: 'Ada', last_name: 'Lovelace', job_title: 'Countess', emails: [{ address: 'ada@engines.test' }], phones: [{ value: '1' }] })).body;
	const end = await importFile(owner, 'contacts', 'First name,Last name,Job title,E-mail,Phone,Company,Tags,Notes\nAda,King,Programmer,ada@engines.test,2,Engines,maths,A note\nBob,Builder,,bob@engines.test,3,Engines,,\nCid,Campeador,,cid@engines.test,,,,\n');
	assert.deepEqual(counts(end), done(2, 1));
	const cid = await byName(owner, 'Cid Campeador');
	await owner.patch(`/v1/contacts/${cid.id}`, { job_title: 'Hero' });
	const undone = await undo(owner, end.id);
	assert.equal(undone.state, 'undone');
	assert.match(undone.detail, /^1 row was changed since the import/);
	const now = (await owner.get(`/v1/contacts/${old.id}`)).body;
	for (const field of ['first_name', 'last_name', 'job_title', 'organisation_id', 'emails', 'phones', 'tags']) assert.deepEqual(now[field], old[field], field);
	assert.deepEqual((await list(owner, '/v1/contacts')).map(({ full_name }) => full_name).sort(), ['Ada Lovelace', 'Cid Campeador']);
	assert.deepEqual(await list(owner, '/v1/tags'), []);
	assert.deepEqual(await list(owner, '/v1/notes'), []);
	const [kept] = await rowsOf(owner, end.id, 'created');
	assert.deepEqual([kept.row_id, kept.reason], [cid.id, 'It was changed since the import.']);
	assert.equal((await owner.post(`/v1/imports/${end.id}/undo`)).status, 409, 'once');
});

test('of rows that an import made, one that may not be deleted stays and the others go', async () => {
	const owner = await signUp();
	const role = await makeRole(owner, { ...(await permissionsOf(owner)), 'contacts.delete': 'own' });
	const clerk = await join(owner, role.id, { full_name: 'Clara Clerk' });
	const end = await importFile(clerk, 'contacts', 'First name,Phone,Owner\nAda,1,Olga Owner\nBob,2,Clara Clerk\nCid,3,Clara Clerk\n');
	assert.deepEqual(counts(end), done(3));
	assert.match((await undo(clerk, end.id)).detail, /^1 row was changed since the import, or/);
	assert.deepEqual((await list(owner, '/v1/contacts')).map(({ full_name }) => full_name), ['Ada']);
	assert.deepEqual((await list(owner, '/v1/contact_phones')).map(({ value }) => value), ['1']);
	assert.match((await rowsOf(clerk, end.id, 'created'))[0].reason, /you may see this contact but not do this to it/);
});

test('a row that an import changed twice is as before it after undoing', async () => {
	const owner = await signUp();
	const old = (await owner.post('/v1/contacts', { first_name: 'A', last_name: 'B', emails: [{ address: 'a@x.test' }] })).body;
	const end = await importFile(owner, 'contacts', 'First name,E-mail,Job title\nFirst,a@x.test,One\nSecond,a@x.test,Two\nNew,n@x.test,\nNewer,n@x.test,Three\n');
	assert.deepEqual(counts(end), done(1, 3));
	await undo(owner, end.id);
	const rows = await list(owner, '/v1/contacts');
	assert.deepEqual(rows.map(({ first_name, job_title }) => [first_name, job_title]), [['A', null]]);
	assert.equal(rows[0].id, old.id);
});

test('undoing agents and deals takes teams and stages back as well', async () => {
	const owner = await signUp();
	const stages = (await list(owner, '/v1/stages')).length;
	const agents = await importFile(owner, 'agents', 'sales_agent,manager\nAnna Snelling,Dustin Brinkmann\n');
	const deals = await importFile(owner, 'deals', 'opportunity_id,sales_agent,product,account,deal_stage\nD1,Anna Snelling,GTX,Acme,Prospecting\n');
	assert.equal((await undo(owner, deals.id)).detail, null);
	assert.deepEqual(await list(owner, '/v1/deals'), []);
	assert.deepEqual(await list(owner, '/v1/contacts'), []);
	assert.equal((await list(owner, '/v1/stages')).length, stages);
	assert.equal((await undo(owner, agents.id)).detail, null);
	assert.deepEqual((await list(owner, '/v1/agents')).map(({ full_name }) => full_name), ['Olga Owner']);
	assert.deepEqual(await list(owner, '/v1/teams'), []);
});

test('a file that nobody starts is forgotten after a week', async () => {
	const owner = await signUp();
	const { body } = await send(owner, 'contacts', 'E-mail\na@x.test\n');
	const waits = () => database(`SELECT TIMESTAMPDIFF(DAY, UTC_TIMESTAMP(), wake_at) FROM workflow_runs WHERE subject_id = '${body.id}' AND step = 'forget'`);
	await until(() => waits().length, { what: 'the wait' });
	assert.ok([6, 7].includes(Number(waits()[0][0])));
	database(`UPDATE workflow_runs SET wake_at = UTC_TIMESTAMP(6) WHERE subject_id = '${body.id}'; UPDATE workflow_queues SET wake_at = UTC_TIMESTAMP(6)`);
	assert.equal((await settled(owner, body.id)).state, 'undone');
	assert.deepEqual(database(`SELECT COUNT(*) FROM import_files WHERE import_id = '${body.id}'`), [['0']]);
	assert.equal((await owner.post(`/v1/imports/${body.id}/start`)).status, 409);
	assert.deepEqual((await owner.get(`/v1/imports/${body.id}/preview`)).body.data, []);
});

// ---- who may

test('who may not import does not; who may not write the object does not start; and others do not see it', async () => {
	const owner = await signUp(), other = await signUp();
	const agent = await join(owner, owner.roles.agent.id), leader = await join(owner, owner.roles.team_leader.id);
	assert.equal((await send(agent, 'contacts', 'E-mail\na@x.test\n')).status, 403);
	assert.equal((await send(leader, 'agents', 'Name\nA B\n')).status, 403);
	const sent = await send(owner, 'contacts', 'E-mail\na@x.test\n');
	for (const who of [other, leader, agent]) {
		for (const [method, path] of [['get', ''], ['get', '/preview'], ['get', '/rows'], ['post', '/start'], ['post', '/undo']]) {
			const { status } = await who[method](`/v1/imports/${sent.body.id}${path}`);
			assert.equal(status, who === agent ? 403 : 404, `${path} of ${who.email}`);
		}
	}
	assert.equal((await owner.post(`/v1/imports/${sent.body.id}/undo`)).status, 409, 'nothing to undo');
});

test('an import runs as who started it: its rows are that person\'s', async () => {
	const owner = await signUp();
	const leader = await join(owner, owner.roles.team_leader.id);
	const end = await importFile(leader, 'contacts', `E-mail,Owner\na@x.test,\nb@x.test,${owner.email}\n`);
	assert.deepEqual(counts(end), done(1, 0, 0, 1), 'a team leader does not assign to others');
	assert.equal((await list(owner, '/v1/contacts')).find(({ emails }) => emails[0].address === 'a@x.test').owner_id, leader.agent.id);
});

test('an import whose agent is suspended in the middle fails, and can go on', async () => {
	const owner = await signUp();
	const second = await join(owner, owner.roles.owner.id);
	const rows = Array.from({ length: 3000 }, (_, i) => `P${i},p${i}@x.test`).join('\n');
	const sent = await send(second, 'contacts', `First name,E-mail\n${rows}\n`);
	await second.post(`/v1/imports/${sent.body.id}/start`);
	await until(async () => (await owner.get(`/v1/imports/${sent.body.id}`)).body.position > 0, { what: 'the first batch' });
	await owner.patch(`/v1/agents/${second.agent.id}`, { status: 'suspended' });
	const failed = await settled(owner, sent.body.id);
	assert.equal(failed.state, 'failed');
	assert.ok(failed.detail);
	assert.ok(failed.created < 3000, 'it was stopped');
	const again = await owner.post(`/v1/imports/${sent.body.id}/start`);
	assert.equal(again.status, 202, again.text);
	assert.deepEqual(counts(await settled(owner, sent.body.id)), done(3000));
});

// ---- live

test('progress is a live query, and the run shows among the workflow runs', async () => {
	const owner = await signUp();
	const rows = Array.from({ length: 1500 }, (_, i) => `Firm ${i}`).join('\n');
	const sent = await send(owner, 'organisations', `Name\n${rows}\n`);
	const path = `/v1/imports/${sent.body.id}`;
	let answer = await owner.get(path);
	await owner.post(`${path}/start`);
	const seen = [];
	while (answer.body?.state !== 'done') {
		const next = await owner.get(path, { 'if-none-match': answer.headers.get('etag'), prefer: 'wait=20' });
		assert.ok([200, 304].includes(next.status), next.text);
		if (next.status === 304) continue;
		answer = next;
		seen.push(answer.body.progress);
	}
	assert.ok(seen.filter((progress) => progress > 0 && progress < 100).length >= 2, String(seen));
	assert.deepEqual(seen, [...seen].sort((a, b) => a - b));
	const [run] = await list(owner, '/v1/workflow_runs');
	assert.deepEqual([run.workflow, run.state, run.subject_id, run.agent_id], ['imports_run', 'done', sent.body.id, owner.agent.id]);
	assert.ok(run.step_number > 2);
	assert.equal((await owner.get(`/v1/workflow_runs/${run.id}`)).body.input, undefined);
	const [head] = await list(owner, '/v1/imports');
	assert.deepEqual([head.id, head.state, head.progress], [sent.body.id, 'done', 100]);
});

test('a file of many parts is read to its end, whatever its cells hold', async () => {
	const owner = await signUp();
	const long = 'a word, a "quoted" one,\nand a line '.repeat(40);
	const rows = Array.from({ length: 900 }, (_, i) => `F${i},"${long.replaceAll('"', '""')}"`);
	rows.splice(450, 0, 'sep=;,kept as a row');
	const end = await importFile(owner, 'organisations', `Name,Comment\r\n${rows.join('\r\n')}\r\n\r\n\r\n`, { mapping: { 0: 'name' } });
	assert.equal(end.rows, 901);
	assert.deepEqual(counts(end), done(901));
	assert.ok(await byName(owner, 'F899'));
});

// ---- pages

test('the pages: a file by a form, its mapping, the start, and what was refused', async () => {
	const owner = await signUp();
	const url = await musterUrl();
	const cookie = `muster_session=${owner.token}`;
	const page = async (path) => {
		const answer = await fetch(url + path, { headers: { cookie, accept: 'text/html' } });
		return { status: answer.status, html: await answer.text() };
	};
	const index = await page('/imports');
	assert.equal(index.status, 200, index.html);
	const csrf = /name="_csrf" value="([^"]+)"/.exec(index.html)[1];
	const form = new FormData();
	form.set('_csrf', csrf);
	form.set('_next', '/imports/{id}');
	form.set('_page', '/imports');
	form.set('object', 'contacts');
	form.set('file', new Blob(['Vorname,Mail\nAda,ada@x.test\nBob,none\n']), 'leute.csv');
	const sent = await fetch(`${url}/do/imports_create`, { method: 'POST', body: form, headers: { cookie, accept: 'text/html' }, redirect: 'manual' });
	assert.equal(sent.status, 303, await sent.text());
	const show = await page(sent.headers.get('location'));
	assert.equal(show.status, 200);
	assert.match(show.html, /leute\.csv/);
	assert.match(show.html, /<select name="mapping\[0\]"[^>]*>/);
	assert.match(show.html, /<option value="first_name" selected>First name<\/option>/);
	assert.match(show.html, /<option value="emails\[\]\.address" selected>/);
	assert.match(show.html, /must be an e-mail address/);
	const id = sent.headers.get('location').split('/').pop();
	const start = new URLSearchParams({ _csrf: csrf, _page: `/imports/${id}`, id, 'mapping[0]': 'first_name', 'mapping[1]': 'emails[].address' });
	const started = await fetch(`${url}/do/imports_start`, { method: 'POST', body: start, headers: { cookie, accept: 'text/html' }, redirect: 'manual' });
	assert.equal(started.status, 303, await started.text());
	assert.deepEqual(counts(await settled(owner, id)), done(1, 0, 0, 1));
	const ended = await page(`/imports/${id}`);
	assert.match(ended.html, /E-mail address: must be an e-mail address/);
	const back = await fetch(`${url}/do/imports_undo`, { method: 'POST', body: new URLSearchParams({ _csrf: csrf, _page: `/imports/${id}`, id }), headers: { cookie, accept: 'text/html' }, redirect: 'manual' });
	assert.equal(back.status, 303);
	assert.equal((await settled(owner, id)).state, 'undone');
	assert.deepEqual(await list(owner, '/v1/contacts'), []);
});

test('the page of an import leads to every row that was refused', async () => {
	const owner = await signUp();
	const lines = Array.from({ length: 120 }, (_, i) => `Ada${i},none${i}`);
	const { id } = await importFile(owner, 'contacts', `First name,E-mail\nAda,ada@x.test\n${lines.join('\n')}\n`, { mapping: '{"0":"first_name","1":"emails[0].address"}' });
	const seen = [];
	for (let path = `/imports/${id}`; path;) {
		const { text } = await api(owner.url).get(path, { cookie: `muster_session=${owner.token}`, accept: 'text/html' });
		seen.push(...[...text.matchAll(/<td>none(\d+)<\/td>/g)].map(([, n]) => Number(n)));
		path = /<a class="btn btn-small" rel="next" href="([^"]+)">More refused rows/.exec(text)?.[1].replaceAll('&amp;', '&');
	}
	assert.deepEqual(seen, lines.map((_, i) => i));
});
