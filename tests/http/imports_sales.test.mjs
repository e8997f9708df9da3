// imports_sales.test.mjs: the sales of a real-looking company, 8,800 deals by 35 agents in 6 teams, in three ways of writing dates; and
// address books of other programs. The files lie beside the tree (../shared/data) and are not part of it: without them this is skipped.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join as path } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { api } from '../harness.mjs';
import { mailsTo, signUp } from './company.mjs';
import { counts, done, importFile } from './importing.mjs';

const data = path(dirname(fileURLToPath(import.meta.url)), '../../../shared/data');
const skip = existsSync(path(data, 'crm-sales/iso/sales_pipeline.csv')) ? false : `there is no ${data}: tests with real files are skipped`;
if (skip) console.log(skip);
const read = (file) => readFileSync(path(data, file));
const table = (file) => {
	const [head, ...rows] = read(file).toString().trim().split(/\r?\n/).map((line) => line.split(','));
	return rows.map((row) => Object.fromEntries(head.map((name, i) => [name, row[i]])));
};

// A company with the files of one folder; the deals' time in milliseconds.
async function company(folder) {
	const owner = await signUp({ name: `Sales ${folder}` });
	const other = folder === 'us-dates' ? 'iso' : folder;
	assert.deepEqual(counts(await importFile(owner, 'agents', read(`crm-sales/${other}/sales_teams.csv`))), done(35));
	assert.deepEqual(counts(await importFile(owner, 'organisations', read(`crm-sales/${other}/accounts.csv`))), done(80, 5), 'parents that stand below their children were made first');
	const began = Date.now();
	const end = await importFile(owner, 'deals', read(`crm-sales/${folder}/sales_pipeline.csv`));
	return { owner, end, ms: Date.now() - began };
}

const report = async (who, group, more = '') => (await who.get(`/v1/reports/deals?group_by=${group}${more}`)).body;
const figures = ({ data }) => Object.fromEntries(data.map(({ name, count, amount }) => [name, [count, amount?.amount ?? null]]));

async function agrees(who) {
	const byStage = await report(who, 'stage');
	assert.equal(byStage.totals.count, 8800);
	assert.deepEqual(figures(byStage), { Won: [4238, '10005534.00'], Lost: [2473, '0.00'], Engaging: [1589, null], Prospecting: [500, null] });
	assert.deepEqual(figures(await report(who, 'quarter', '&status=won')),
		{ '2017-Q1': [531, '1134672.00'], '2017-Q2': [1254, '3086111.00'], '2017-Q3': [1257, '2982255.00'], '2017-Q4': [1196, '2802496.00'] });
}

// Sets a password by the link of a mail, as somebody would who was imported.
async function logIn(who, email) {
	assert.equal((await api(who.url).post('/v1/passwords/forgot', { email })).status, 202);
	const link = /https?:\/\/\S+/.exec(mailsTo(email).at(-1).body)[0];
	const reset = await api(who.url).post('/v1/passwords/reset', { token: new URL(link).searchParams.get('token'), password: 'correct horse battery' });
	assert.ok([200, 201].includes(reset.status), reset.text);
	const session = await api(who.url).post('/v1/sessions', { email, password: 'correct horse battery' });
	assert.equal(session.status, 201, session.text);
	return api(who.url, session.body.token);
}

async function everyDeal(who) {
	const ids = [];
	for (let cursor = ''; ; ) {
		const { body } = await who.get(`/v1/deals?limit=100&fields=external_id${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
		ids.push(...body.data.map(({ external_id }) => external_id));
		if (!body.meta.has_more) return ids.sort();
		cursor = body.meta.next_cursor;
	}
}

test('the reference files: the figures agree, and everybody sees exactly their own', { skip }, async (t) => {
	const { owner, end, ms } = await company('iso');
	assert.deepEqual(counts(end), done(8800));
	t.diagnostic(`8,800 deals in ${ms} ms`);
	await agrees(owner);
	const deals = table('crm-sales/iso/sales_pipeline.csv'), teams = table('crm-sales/iso/sales_teams.csv');
	const agents = (await owner.get('/v1/agents?limit=100')).body.data;
	assert.equal(agents.length, 1 + 35 + 6);
	const of = (names) => deals.filter(({ sales_agent }) => names.has(sales_agent)).map(({ opportunity_id }) => opportunity_id).sort();
	const managers = [...new Set(teams.map(({ manager }) => manager))];
	for (const { full_name, email } of agents.filter(({ id }) => id !== owner.agent.id)) {
		const leads = managers.includes(full_name);
		const names = new Set(leads ? teams.filter(({ manager }) => manager === full_name).map(({ sales_agent }) => sales_agent) : [full_name]);
		const expected = of(names), who = await logIn(owner, email);
		const seen = await report(who, 'stage');
		assert.equal(seen.totals.count, expected.length, full_name);
		assert.deepEqual(await everyDeal(who), expected, full_name);
	}
});

for (const folder of ['us-dates', 'dmy-crlf'])
	test(`the same in other words: ${folder}`, { skip }, async (t) => {
		const { owner, end, ms } = await company(folder);
		assert.deepEqual(counts(end), done(8800));
		t.diagnostic(`8,800 deals in ${ms} ms`);
		await agrees(owner);
	});

test('10,000 customers, and the same again', { skip }, async (t) => {
	const owner = await signUp();
	const began = Date.now();
	assert.deepEqual(counts(await importFile(owner, 'contacts', read('contacts/customers-10000.csv'))), done(10000));
	t.diagnostic(`10,000 contacts in ${Date.now() - began} ms`);
	assert.deepEqual(counts(await importFile(owner, 'contacts', read('contacts/customers-10000.csv'))), done(0, 0, 10000));
	const { body } = await owner.get('/v1/contacts?q=Heather%20Callahan');
	const heather = body.data.find(({ external_id }) => external_id === 'EB54EF1154C3A78');
	assert.deepEqual([heather.full_name, heather.emails[0].address, heather.phones.map(({ value }) => value), heather.addresses[0].city, heather.website],
		['Heather Callahan', 'urangel@espinoza-francis.net', ['043-797-5229', '915.112.1727'], 'Lake Jeffborough', 'http://www.escobar.org/']);
});

test('address books of Google, Outlook, Thunderbird and Roundcube', { skip }, async () => {
	const owner = await signUp();
	const books = {
		'roundcube/Csv2vcard/all.csv': done(1), 'roundcube/Csv2vcard/email.csv': done(4), 'roundcube/Csv2vcard/gmail.csv': done(1), 'roundcube/Csv2vcard/tb_plain.csv': done(1),
		'thunderbird/basic_addressbook.csv': done(1), 'thunderbird/csv_no_header.csv': done(2), 'thunderbird/csv_semicolon.csv': done(0, 0, 2), 'thunderbird/quote.csv': done(1),
		'thunderbird/shiftjis_addressbook.csv': done(1), 'thunderbird/tab_comma_mixed.csv': done(3, 0, 0, 1), 'thunderbird/utf16_addressbook.csv': done(0, 0, 1),
	};
	for (const [file, expected] of Object.entries(books)) assert.deepEqual(counts(await importFile(owner, 'contacts', read(`contacts/${file}`))), expected, file);
	const all = (await owner.get('/v1/contacts?limit=100')).body.data;
	const google = all.find(({ full_name }) => full_name === 'Firstname Middle Lastname');
	assert.deepEqual(google.emails.map(({ type, address, primary }) => [type, address, primary]),
		[['home', 'home@aaa.pl', true], ['work', 'work@email.pl', false], ['work', 'unknown@email.com', false], ['other', 'other@email.com', false]]);
	assert.deepEqual(google.phones.map(({ type }) => type), ['pager', 'work', 'home', 'fax', 'mobile', 'work', 'fax']);
	assert.deepEqual([google.birthday, google.job_title, google.tags.map(({ name }) => name)], ['1975-12-12', 'jobtitle', ['test']]);
	assert.ok(all.some(({ full_name }) => full_name === '権兵衛 名無し'));
	assert.ok(all.some(({ kind, name }) => kind === 'organisation' && name === 'Acer America'));
});
