// Search: which words find which rows, in which order, for whom; q= of every list and GET /v1/search. How a text becomes words is
// tests/unit/search_text_test.c.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { database, join, makeRole, makeTeam, signUp } from './company.mjs';
import { root, until } from '../harness.mjs';

const made = async (who, path, body) => {
	const answer = await who.post(path, body);
	assert.ok(answer.status < 300, `${path}: ${answer.text}`);
	return answer.body;
};
const person = (who, first_name, last_name, more) => made(who, '/v1/contacts', { first_name, last_name, ...more });
const ask = async (who, path) => {
	const answer = await who.get(path);
	assert.equal(answer.status, 200, `${path}: ${answer.text}`);
	return answer.body;
};
const find = async (who, q, more = '') => (await ask(who, `/v1/contacts?q=${encodeURIComponent(q)}${more}`)).data.map((c) => c.full_name);
const search = (who, q, more = '') => ask(who, `/v1/search?q=${encodeURIComponent(q)}${more}`);
const titles = async (who, q, more) => (await search(who, q, more)).data.map((one) => one.title);

let shared;
// One company with names of many kinds, which the tests that only read share.
const names = () => (shared ??= (async () => {
	const owner = await signUp();
	for (const [first, last, more] of [
		['José', 'García'], ['Łukasz', 'Nowak'], ['Jörg', 'Müller'], ['Anna', 'Mueller'], ['Jean-Luc', 'Picard'], ['Maureen', "O'Brien"], ['Li', 'Wu'],
		['小明', '王'], ['ハナコ', 'ヤマダ'], ['철수', '김'], ['أحمد', 'السيد'], ['Ada', 'Lovelace', { emails: [{ address: 'ada.lovelace@engines.example' }], phones: [{ value: '+44 (20) 7946-0018' }], addresses: [{ city: 'London' }] }],
		['Smith', 'Ada', { job_title: 'Lovelace scholar' }], ['Adam', 'Smith'], ['London', 'Breed'],
		['Quirin', 'Vogt', { phones: [{ value: '+49 (0) 30 / 90 18 20' }], emails: [{ address: 'q@mail.vogt.example' }], job_title: 'AT&T' }],
	]) await person(owner, first, last, more);
	return owner;
})());

for (const [what, q, expected] of [
	['case and accents do not count', 'jose garcia', ['José García']],
	['accents that are typed do not count either', 'josé', ['José García']],
	['a letter with a stroke', 'lukasz', ['Łukasz Nowak']],
	['an umlaut without its points', 'muller', ['Jörg Müller', 'Anna Mueller']],
	['an umlaut as two letters finds both spellings', 'mueller', ['Anna Mueller', 'Jörg Müller']],
	['an umlaut that is typed finds both spellings, and first the one that was typed', 'müller', ['Jörg Müller', 'Anna Mueller']],
	['a word with an umlaut that is typed wrong', 'mülker', ['Jörg Müller']],
	['a word with an apostrophe that is typed wrong', "o'brein", ["Maureen O'Brien"]],
	['with a hyphen', 'jean-luk', ['Jean-Luc Picard']],
	['in quotes it is meant so', '"jean-luk"', []],
	['a hyphen may be left out', 'jeanluc', ['Jean-Luc Picard']],
	['or typed', 'jean-luc', ['Jean-Luc Picard']],
	['or be a space', 'jean luc', ['Jean-Luc Picard']],
	['an apostrophe', 'obrien', ["Maureen O'Brien"]],
	['another apostrophe', 'o’brien', ["Maureen O'Brien"]],
	['an accent for it', 'o´brien', ["Maureen O'Brien"]],
	['another one, in quotes', '"maureen o`brien"', ["Maureen O'Brien"]],
	['a letter for it', 'oʻbrien', ["Maureen O'Brien"]],
	['a name of two letters', 'li', ['Li Wu', 'Adam Smith'].slice(0, 1)],
	['a part of a name in Chinese', '明', ['小明 王']],
	['two characters of it', '小明', ['小明 王']],
	['hiragana for katakana', 'やまだ', ['ハナコ ヤマダ']],
	['katakana of half width', 'ﾊﾅｺ', ['ハナコ ヤマダ']],
	['Korean', '철수', ['철수 김']],
	['family and given name as one', '김철수', ['철수 김']],
	['and the other way round', '小明王', ['小明 王']],
	['begun', '王小', ['小明 王']],
	['Arabic without its hamza', 'احمد', ['أحمد السيد']],
	['and without its article', 'سيد', ['أحمد السيد']],
	['one word that is what two ask for', 'lovelace love', ['Ada Lovelace', 'Smith Ada']],
	['a whole e-mail address', 'Ada.Lovelace@engines.example', ['Ada Lovelace']],
	['the beginning of one', 'ada.lovelace@eng', ['Ada Lovelace']],
	['its local part', 'ada.lovelace', ['Ada Lovelace']],
	['its domain', 'engines.example', ['Ada Lovelace']],
	['a phone number as it was typed', '+44 (20) 7946-0018', ['Ada Lovelace']],
	['grouped otherwise', '+442079460018', ['Ada Lovelace']],
	['as it is dialled at home', '020 7946 0018', ['Ada Lovelace']],
	['without its country', '20 7946 0018', ['Ada Lovelace']],
	['as it is begun', '+44 20 79', ['Ada Lovelace']],
	['as it is begun at home', '020 794', ['Ada Lovelace']],
	['as it is begun without a sign', '4420794', ['Ada Lovelace']],
	['with another country', '+43 20 7946 0018', []],
	['its country alone', 'phone:+44', ['Ada Lovelace']],
	['the city, and not the name', 'city:london', ['Ada Lovelace']],
	['the name, and not the city', 'contact:london', ['London Breed']],
	['another one', 'phone:+43', []],
	['with an extension', '020 7946 0018 ext. 42', ['Ada Lovelace']],
	['its groups in quotes', '"20 7946 0018"', ['Ada Lovelace']],
	['its last digits', '0018', ['Ada Lovelace']],
	['three of them', '018', ['Ada Lovelace']],
	['a number without the (0) that is dialled at home', '+49 30 901820', ['Quirin Vogt']],
	['with 00 before the country', '0049 30 901820', ['Quirin Vogt']],
	['begun so', '0049 30 90', ['Quirin Vogt']],
	['as a link', 'tel:+4930901820', ['Quirin Vogt']],
	['as a list of contacts copies it', '\u202a+49\u00a030\u00a0901820\u202c', ['Quirin Vogt']],
	['in digits of another script', '٩٠١٨٢٠', ['Quirin Vogt']],
	['a domain without what stands before it', 'vogt.example', ['Quirin Vogt']],
	['with its sign', '@vogt.example', ['Quirin Vogt']],
	['letters without the sign between them', 'att', ['Quirin Vogt']],
	['quotes as phones make them', '“ada lovelace”', ['Ada Lovelace']],
	['as keyboards of Japan make them', '「ada lovelace」', ['Ada Lovelace']],
	['two cells of a table', 'Quirin\tVogt', ['Quirin Vogt']],
	['a field that has several, as one', 'address:london', ['Ada Lovelace']],
	['words side by side', '"ada lovelace"', ['Ada Lovelace']],
	['not the other way round', '"lovelace ada"', []],
	['side by side, in either spelling', '"anna müller"', ['Anna Mueller']],
	['side by side, spelt without the umlaut', '"joerg mueller"', ['Jörg Müller']],
	['and without the apostrophe', '"maureen obrien"', ["Maureen O'Brien"]],
	['without a word', 'ada -smith', ['Ada Lovelace']],
	['without words side by side', 'ada -"ada lovelace"', ['Smith Ada', 'Adam Smith']],
	['a word in one field', 'name:london', ['London Breed']],
	['in one that a phone began with a capital', 'Name:london', ['London Breed']],
	['in another one', 'addresses:london', ['Ada Lovelace']],
	['a field that is begun', 'emails:ada.lo', ['Ada Lovelace']],
	['a colon that names no field', 'nonsense:ada', []],
	['a name before what is only said of somebody', 'lovelace', ['Ada Lovelace', 'Smith Ada']],
	['the whole word before one that begins so', 'ada', ['Ada Lovelace', 'Smith Ada', 'Adam Smith']],
	['all words must be there', 'ada nowak', []],
	['the last one may be begun', 'lovelace ad', ['Ada Lovelace', 'Smith Ada']],
	['the others too, when nothing has them as they are', 'lovel ada', ['Ada Lovelace', 'Smith Ada']],
	['a letter too few', 'lovelce', ['Ada Lovelace', 'Smith Ada']],
	['two letters that changed places, and a word beside', 'ada lovleace', ['Ada Lovelace', 'Smith Ada']],
	['a word that no other is like', 'nowak', ['Łukasz Nowak']],
	['a word that few have, and behind it one that is like it', 'adam', ['Adam Smith', 'Ada Lovelace', 'Smith Ada']],
	['several words that one has are meant so', 'adam smith', ['Adam Smith']],
	['signs do not count', '%ada_* (lovelace)! "engines"', ['Ada Lovelace']],
	['SQL is text', "'; DROP TABLE contacts; --", []],
	['HTML is text', '<b>ada</b>', []],
	['direction marks do not count', '\u202eada\u202c lovelace', ['Ada Lovelace', 'Smith Ada']],
])
	test(`${what}: ${q}`, async () => assert.deepEqual(await find(await names(), q), expected));

// What comes first does not depend on how many are shown, and pages go on where the last one ended.
test('of names that are found alike those come first that are spelt as it was typed', async () => {
	const owner = await signUp();
	for (const name of ['Müller', 'Jörg Mu\u0308ller', 'Anne-Marie', 'Anne‑Marie Berg', 'O’Brien', 'José', 'AT&T', 'C++ Experts', '.NET People', 'St. Gallen', 'Groß', '小明'])
		await person(owner, name);
	for (const name of ['Muller', 'Mueller', 'Annemarie', 'Anne Marie', 'Obrien', 'Jose', 'ATT', 'C#', 'C', 'Net', 'St Gallen', 'Gross', 'Groß-Gerau', 'Mull'])
		for (let i = 0; i < 2; i++) await person(owner, name);
	for (const [q, n, ...first] of [
		['müller', 2, 'Jörg Mu\u0308ller', 'Müller'],
		['MÜLLER', 2, 'Jörg Mu\u0308ller', 'Müller'],
		['mu\u0308ller', 2, 'Jörg Mu\u0308ller', 'Müller'],
		['mül', 2, 'Jörg Mu\u0308ller', 'Müller'],
		['name:müller', 2, 'Jörg Mu\u0308ller', 'Müller'],
		['"müller"', 2, 'Jörg Mu\u0308ller', 'Müller'],
		['müller -"nobody at-all"', 2, 'Jörg Mu\u0308ller', 'Müller'],
		['anne-marie', 2, 'Anne-Marie', 'Anne‑Marie Berg'],
		["o'brien", 1, 'O’Brien'],
		['josé', 1, 'José'],
		['at&t', 1, 'AT&T'],
		['c++', 1, 'C++ Experts'],
		['c#', 2, 'C#'],
		['.net', 1, '.NET People'],
		['st. gallen', 1, 'St. Gallen'],
		['groß', 3, 'Groß', 'Groß-Gerau'],
	]) {
		const all = await find(owner, q, '&limit=100');
		assert.deepEqual([...new Set(all.slice(0, n))].sort(), first.sort(), `${q}: ${all}`);
		assert.ok(all.length > n && !all.slice(n).some((name) => first.includes(name)), `${q}: ${all}`);
		for (const path of ['/v1/contacts', '/v1/search'])
			for (const limit of [1, 3]) {
				const paged = [];
				for (let cursor = ''; cursor !== null;) {
					const { data, meta } = await ask(owner, `${path}?q=${encodeURIComponent(q)}&limit=${limit}${cursor && `&cursor=${cursor}`}`);
					paged.push(...data.map((one) => one.title ?? one.full_name));
					cursor = meta.next_cursor;
				}
				assert.deepEqual(paged, all, `${path} ${q} ${limit}`);
			}
	}
});

test('names with particles are found as one word and as several', async () => {
	const owner = await signUp();
	for (const [first, last] of [['Jan', 'van der Berg'], ['Piet', 'Vandermeer'], ['Maria', 'de la Cruz'], ['محمد', 'عبد الرحمن'], ['علي', 'عبدالرحمن']]) await person(owner, first, last);
	for (const [q, expected] of [['vanderberg', ['Jan van der Berg']], ['van der meer', ['Piet Vandermeer']], ['delacruz', ['Maria de la Cruz']]])
		assert.deepEqual(await find(owner, q), expected, q);
	for (const q of ['عبد الرحمن', 'عبدالرحمن', 'عبد الر']) assert.deepEqual((await find(owner, q)).sort(), ['علي عبدالرحمن', 'محمد عبد الرحمن'].sort(), q);
});

test('a number that letters go on from is one word with them, and not a number and a word that must not be there', async () => {
	const owner = await signUp();
	await person(owner, 'Grace', 'Order', { job_title: 'Order 2024001-B' });
	await person(owner, 'Grace', 'Another', { job_title: '2024001-C' });
	await person(owner, 'Grace', 'Part', { job_title: 'Part 1234567A' });
	await person(owner, 'Grace', 'Numbers', { emails: [{ address: '12345678@qq.example' }] });
	for (const [q, expected] of [['2024001-B', 'Order'], ['order 2024001-b', 'Order'], ['1234567A', 'Part'], ['1234567a grace', 'Part'], ['1234567a part', 'Part'], ['12345678@qq.example', 'Numbers'], ['12345678', 'Numbers']])
		assert.deepEqual(await find(owner, q), [`Grace ${expected}`], q);
});

test('each part of a long text without spaces finds it, and is shown', async () => {
	const owner = await signUp();
	const deal = await made(owner, '/v1/deals', { title: '2024 12345' });
	const note = (body) => made(owner, '/v1/notes', { body, subject: { object: 'deal', id: deal.id } });
	const text = '今天我们在上海和客户讨论了关于北京办公室的租赁合同以及后续安排的细节问题电话13812345678请回电';
	const { id } = await note(text);
	const found = async (q) => (await search(owner, q, '&kinds=notes')).data.map((one) => one.id);
	for (let at = 0; at < 36; at++)
		for (const n of [1, 2, 4, 20].filter((n) => at + n <= 36)) assert.deepEqual(await found(text.slice(at, at + n)), [id], text.slice(at, at + n));
	for (const q of ['12345678', '电话13812345678', '问题电话1381', '13812345678请', '北京 13812345678']) assert.deepEqual(await found(q), [id], q);
	await note('公司第3季度在上海ABC总部');
	for (const [q, parts] of [['第3季度', ['第3季度']], ['"上海 abc"', ['上海ABC']], ['上海abc总', ['上海ABC总']], ['季', ['季']]])
		assert.deepEqual((await search(owner, q)).data.map((one) => [...one.title_parts, ...one.matches.flatMap((m) => m.parts)].filter((p) => p.found).map((p) => p.text)), [parts], q);
	const marked = (await search(owner, '的', '&kinds=notes')).data[0];
	assert.equal([...marked.title_parts, ...marked.matches.flatMap((m) => m.parts)].filter((p) => p.found).length, 2, 'each time that it stands there');
	for (const q of ['2024', '12345', '2024 12345', '345']) assert.deepEqual((await search(owner, q, '&kinds=deals')).data.map((one) => one.id), [deal.id], q);
});

test('each of two phone numbers that were typed as one is found by its end', async () => {
	const owner = await signUp();
	await person(owner, 'Two', 'Numbers', { phones: [{ value: '0301234999 / 040 87654321' }] });
	for (const q of ['1234999', '+49 30 1234999', '030 1234999', '04087654321', '654321', '0301234999 / 040 87654321']) assert.deepEqual(await find(owner, q), ['Two Numbers'], q);
});

test('a stroke behind the country and the area begins no other number', async () => {
	const owner = await signUp();
	for (const [name, value] of [['Stroke', '0049 171 / 5556677'], ['Zero', '0049 (0) 6221 / 1234567'], ['Plus', '+49 36601 / 7654321']]) await person(owner, name, 'Number', { phones: [{ value }] });
	for (const [q, name] of [['+49 171 5556677', 'Stroke'], ['0171 5556677', 'Stroke'], ['71 555 66 77', 'Stroke'], ['0049 171 / 5556677', 'Stroke'], ['06221 1234567', 'Zero'], ['036601/7654321', 'Plus']])
		assert.deepEqual(await find(owner, q), [`${name} Number`], q);
});

test('a few digits in groups are the end of a number, or its beginning, where no row has them as words', async () => {
	const owner = await signUp();
	await person(owner, 'Compact', 'Number', { phones: [{ value: '+49 171 5556677' }] });
	for (const q of ['66 77', '55 66 77', '556 677', '5 5 6 6 7 7', '171 55', 'number 55 66 77']) assert.deepEqual(await find(owner, q), ['Compact Number'], q);
	for (const q of ['77 66', '66 78', '6 7', '66 77 88', '66 -77']) assert.deepEqual(await find(owner, q), [], q);
	const [one] = (await search(owner, '55 66 77')).data;
	assert.ok(one.matches.some(({ field, parts }) => field === 'phones' && parts.some(({ found }) => found)), JSON.stringify(one));
	await person(owner, 'Flat 66', 'House 77');
	assert.deepEqual(await find(owner, '66 77'), ['Flat 66 House 77']);
});

test('the beginning of a number finds those of its country among very many of others', async () => {
	const owner = await signUp();
	const numbers = (n, number) => made(owner, '/v1/contacts/batch', { items: Array.from({ length: n }, (_, i) => ({ first_name: 'Nu', last_name: 'Mber', phones: [{ value: number(String(i).padStart(3, '0')) }] })) });
	await numbers(100, (i) => `+1 301 2000${i}`);
	for (let k = 0; k < 6; k++) await numbers(100, (i) => `+49 30 9${k}00${i}`);
	for (const q of ['+49', '+49 30', '+49 30 9', 'phone:+49', '+1 301', '030 9000']) {
		const found = (await search(owner, q, '&kinds=contacts')).data;
		assert.ok(found.length >= 20, `${q}: ${found.length}`);
	}
	assert.equal((await search(owner, '+43')).data.length, 0);
});

test('one letter and two find names that begin so', async () => {
	const owner = await names();
	assert.deepEqual((await find(owner, 'w')).sort(), ['Li Wu']);
	assert.deepEqual((await find(owner, 'ji')), []);
	assert.deepEqual((await find(owner, 'jo')).sort(), ['José García', 'Jörg Müller'].sort());
});

test('one letter and two find names before texts that have them as a word', async () => {
	const owner = await signUp();
	const adam = await person(owner, 'Adam', 'Ingram');
	const about = { subject: { object: 'contact', id: adam.id } };
	await made(owner, '/v1/activities', { kind: 'call', summary: 'Left a message', ...about });
	await made(owner, '/v1/tasks', { title: 'Check in', ...about });
	await made(owner, '/v1/notes', { body: 'A guest in a hotel', ...about });
	await person(owner, 'Ingrid', 'In');
	for (const [q, first, rest] of [['a', 'Adam Ingram', 3], ['in', 'Ingrid In', 4]]) {
		const found = await titles(owner, q);
		assert.deepEqual([found[0], found.length], [first, rest], q);
	}
	assert.equal((await titles(owner, 'in'))[1], 'Adam Ingram');
	assert.deepEqual(await titles(owner, '"left a"'), ['Left a message']);
});

test('nothing to look for is no filter, or no query', async () => {
	const owner = await names();
	const all = (await find(owner, '', '&limit=100')).length;
	assert.equal(all, 16);
	assert.equal((await find(owner, '  \t ', '&limit=100')).length, all);
	for (const q of ['%', '...', '"', '-', '😀', '-ada', '"-"', '\u200f'.repeat(3), 'a '.repeat(13), 'x'.repeat(201)])
		for (const path of ['/v1/contacts', '/v1/search', '/v1/tags']) {
			const answer = await owner.get(`${path}?q=${encodeURIComponent(q)}`);
			assert.equal(answer.status, 400, `${path} ${q}: ${answer.text}`);
			assert.equal(answer.body.errors[0].pointer, '/q');
		}
	for (const q of ['', ' '])
		assert.equal((await owner.get(`/v1/search?q=${encodeURIComponent(q)}`)).status, 400);
	assert.equal((await owner.get('/v1/search')).status, 400);
	assert.equal((await owner.get('/v1/search?q=ada&kinds=contacts,agents')).status, 400);
	assert.equal((await owner.post('/v1/contacts/search', { where: { or: [{ q: '...' }, { kind: 'person' }] } })).status, 400);
});

test('conditions that look for words may do so for as many as one query', async () => {
	const owner = await names();
	const where = (q) => owner.post('/v1/contacts/search', { where: { or: q.map((text) => ({ q: text })) } });
	assert.equal((await where(['ada lovelace', 'nowak', 'a b c d e f g h i'])).status, 200);
	const refused = await where(['ada lovelace', 'nowak', 'a b c d e f g h i j']);
	assert.equal(refused.status, 400, refused.text);
	assert.equal(refused.body.errors[0].pointer, '/where');
	assert.equal((await where(Array(20).fill('analyst -name:x1 -name:y1'))).status, 400);
});

test('the longest and the strangest words cost no more than others', async () => {
	const owner = await names();
	for (const q of ['ж'.repeat(200), '王'.repeat(200), 'a.'.repeat(100), 'a-'.repeat(100), '1'.repeat(200), '1 '.repeat(12), '@'.repeat(199) + 'a', 'ﷺ'.repeat(190), 'é'.repeat(100) + '\u0301'.repeat(100)])
		assert.ok([200, 400].includes((await owner.get(`/v1/search?q=${encodeURIComponent(q)}`)).status), q);
});

// So many contacts more that are like this one, with what the index has of it: as many would take long to be made one by one.
const copies = (n, id) =>
	database(`CREATE TEMPORARY TABLE more SELECT UUID() AS id FROM seq_1_to_${n};
		INSERT INTO contacts (company_id, id, kind, first_name, last_name, full_name, organisation_id, owner_id, created_at, updated_at)
		SELECT c.company_id, more.id, kind, first_name, last_name, full_name, organisation_id, owner_id, created_at, updated_at FROM contacts c, more WHERE c.id = '${id}';
		INSERT INTO search_documents SELECT d.company_id, object, more.id, owner_id, team_id, day, deleted, words FROM search_documents d, more WHERE d.row_id = '${id}';
		INSERT INTO search_postings SELECT p.company_id, object, term, place, more.id, owner_id, team_id, signature FROM search_postings p, more WHERE p.row_id = '${id}';`);

// What people and programs send that is not what anybody means: status, and for whom it is a query the rows it finds.
const strange = {
	'one space': [' ', 200], 'ten thousand characters': ['x'.repeat(10_000), 400], 'five hundred words': ['word '.repeat(500), 400], 'signs of LIKE and of FULLTEXT': ['%_*"+-<>()~@', 400],
	punctuation: ['!?.,;:—…()[]', 400], 'control characters': ['\u0001\u0007\u001b', 400], 'a control character in a word': ['ada\u0007lovelace', 400],
	'direction marks': ['\u202e\u200f\u2066', 400], 'what one does not see': ['\u200b\ufeff\u00ad', 400], 'backslashes': ['\\\\', 400],
	SQL: ["' OR 1=1; DROP TABLE contacts; --", 200], HTML: ['<img src=x onerror=alert(1)>', 200], 'a pattern': ['name:a.*+?{9}|^$[', 200], 'a piece of the index': [':full_name=60 ^a ~1', 200], 'a character beyond the others': ['a\u{10ffff}b', 200],
};
const queries = Object.entries(JSON.parse(readFileSync(`${root}/tests/golden/openapi.json`, 'utf8')).paths)
	.map(([path, { get }]) => [path, (get?.parameters ?? []).map(({ name }) => name)]);
const lists = queries.filter(([path, takes]) => !path.includes('{') && takes.includes('q')).map(([path]) => path);

test('every list takes q=', () => {
	const sorted = queries.filter(([, takes]) => takes.includes('sort')); // which only lists are
	assert.ok(sorted.length > 25);
	assert.deepEqual(sorted.filter(([, takes]) => !takes.includes('q')).map(([path]) => path), []);
});

for (const [what, [q, status]] of Object.entries(strange))
	test(`${what} is answered with ${status} by everything that can be searched, soon`, async () => {
		const owner = await names();
		const began = performance.now();
		for (const path of lists) {
			const answer = await owner.get(`${path}?q=${encodeURIComponent(q)}`);
			assert.equal(answer.status, path === '/v1/search' && !q.trim() ? 400 : status, `${path}: ${answer.text}`);
			if (status === 400) assert.equal(answer.body.errors[0].pointer, '/q');
		}
		for (const noun of ['contacts', 'deals', 'tasks']) assert.equal((await owner.post(`/v1/${noun}/search`, { where: { or: [{ q }, { q: 'nobody' }] } })).status, status, noun);
		assert.ok(performance.now() - began < 5000, 'in bounded time');
	});

test('a search goes with the other filters, with a sort, and inside of conditions', async () => {
	const owner = await signUp();
	const firm = await made(owner, '/v1/contacts', { kind: 'organisation', name: 'Grace Ltd' });
	await person(owner, 'Grace', 'Zuse', { organisation_id: firm.id });
	await person(owner, 'Grace', 'Aiken');
	await person(owner, 'Alan', 'Turing');
	assert.deepEqual(await find(owner, 'grace', '&sort=full_name'), ['Grace Aiken', 'Grace Ltd', 'Grace Zuse']);
	assert.deepEqual(await find(owner, 'grace', '&sort=-full_name&kind=person'), ['Grace Zuse', 'Grace Aiken']);
	assert.deepEqual(await find(owner, 'grace', `&organisation_id=${firm.id}`), ['Grace Zuse']);
	const { meta } = await ask(owner, '/v1/contacts?q=grace&include_total=true&limit=1');
	assert.deepEqual([meta.total, meta.has_more], [3, true]);
	const where = async (conditions) => (await made(owner, '/v1/contacts/search', { where: conditions, sort: 'full_name' })).data.map((c) => c.full_name);
	assert.deepEqual(await where({ not: { q: 'grace' } }), ['Alan Turing']);
	assert.deepEqual(await where({ or: [{ q: 'tur' }, { q: 'grace -ltd' }] }), ['Alan Turing', 'Grace Aiken', 'Grace Zuse']);
	assert.deepEqual(await where({ q: 'grace', kind: 'organisation' }), ['Grace Ltd']);
	assert.deepEqual(await where({ and: [{ q: 'name:grace' }, { not: { q: 'name:zuse' } }] }), ['Grace Aiken', 'Grace Ltd']);
});

test('a search goes with owner, team, tag, stage and dates, and with ids of other companies finds nothing', async () => {
	const owner = await signUp();
	const other = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const team = await makeTeam(owner);
	const tag = await made(owner, '/v1/tags', { name: 'Navy' });
	const theirs = await person(other, 'Grace', 'Elsewhere', { tag_ids: [(await made(other, '/v1/tags', { name: 'Navy' })).id] });
	await person(owner, 'Grace', 'Tagged', { tag_ids: [tag.id], birthday: '1906-12-09' });
	await person(owner, 'Grace', 'Given', { owner_id: agent.agent.id, team_id: team.id });
	await person(owner, 'Alan', 'Tagged', { tag_ids: [tag.id], owner_id: agent.agent.id, birthday: '1912-06-23' });
	for (const [filter, expected] of [
		[`tag_id=${tag.id}`, ['Grace Tagged']], [`owner_id=${agent.agent.id}`, ['Grace Given']], [`team_id=${team.id}`, ['Grace Given']], ['birthday_before=1910-01-01', ['Grace Tagged']],
		['created_before=2020-01-01T00:00:00Z', []], [`created_since=2020-01-01T00:00:00Z&owner_id=${owner.agent.id}&tag_id=${tag.id}`, ['Grace Tagged']],
		[`tag_id=${theirs.tags[0].id}`, []], [`owner_id=${other.agent.id}`, []], [`id=${theirs.id}`, []], [`organisation_id=${theirs.id}`, []], [`deal_id=${theirs.id}`, []], [`team_id=${theirs.id}`, []],
	]) {
		assert.deepEqual(await find(owner, 'grace', `&${filter}`), expected, filter);
		assert.deepEqual(await find(owner, 'grace', `&${filter}&sort=full_name`), expected, `${filter}, sorted`);
	}
	const [open, next] = (await ask(owner, '/v1/stages?sort=position')).data;
	await made(owner, '/v1/deals', { title: 'Compiler one', stage_id: open.id, expected_close_on: '2030-01-05' });
	await made(owner, '/v1/deals', { title: 'Compiler two', stage_id: next.id, expected_close_on: '2031-01-05' });
	const deals = async (filter) => (await ask(owner, `/v1/deals?q=compiler&${filter}`)).data.map((d) => d.title);
	assert.deepEqual(await deals(`stage_id=${next.id}`), ['Compiler two']);
	assert.deepEqual(await deals('expected_close_before=2030-06-01'), ['Compiler one']);
	await made(owner, '/v1/tasks', { title: 'Call Grace', priority: 'high', due_at: '2030-01-01T09:00:00Z' });
	await made(owner, '/v1/tasks', { title: 'Mail Grace', due_at: '2030-03-01T09:00:00Z' });
	const tasks = async (filter) => (await ask(owner, `/v1/tasks?q=grace&${filter}`)).data.map((d) => d.title);
	assert.deepEqual(await tasks('priority=high'), ['Call Grace']);
	assert.deepEqual(await tasks('due_since=2030-02-01T00:00:00Z'), ['Mail Grace']);
});

test('every list with names can be searched', async () => {
	const owner = await signUp();
	await made(owner, '/v1/tags', { name: 'Überwichtig' });
	await made(owner, '/v1/sources', { name: 'Frühlingsmesse' });
	await makeTeam(owner, 'Équipe Sud');
	const first = async (path) => (await ask(owner, path)).data.map((row) => row.name ?? row.full_name);
	assert.deepEqual(await first('/v1/tags?q=uberw'), ['Überwichtig']);
	assert.deepEqual(await first('/v1/sources?q=fruehlingsmesse'), ['Frühlingsmesse']);
	assert.deepEqual(await first('/v1/teams?q=sud'), ['Équipe Sud']);
	assert.deepEqual(await first('/v1/agents?q=olga'), ['Olga Owner']);
	assert.deepEqual(await first('/v1/roles?q=leader'), ['Team Leader']);
	assert.equal((await first('/v1/stages?q=won')).length, 1);
	const automation = await made(owner, '/v1/automations', { name: 'Grüße an neue Leads', object: 'contact', starts: { on: 'created' } });
	await made(owner, '/v1/public_forms', { name: 'Ask for an offer' });
	await made(owner, '/v1/inbound_hooks', { name: 'Zahlungen', scheme: 'stripe', secret: 'whsec_of-these-tests' });
	await made(owner, '/v1/webhooks', { url: 'https://hooks.example.com/muster', events: ['source.created'] });
	assert.deepEqual(await first('/v1/automations?q=gruesse'), ['Grüße an neue Leads']);
	assert.deepEqual(await first('/v1/automations?q=name:offer'), []);
	assert.deepEqual(await first('/v1/public_forms?q=offe'), ['Ask for an offer']);
	assert.deepEqual(await first('/v1/inbound_hooks?q=zahl'), ['Zahlungen']);
	for (const q of ['hooks.example.com', 'example', 'https://hooks.example.com/muster'])
		assert.deepEqual((await ask(owner, `/v1/webhooks?q=${encodeURIComponent(q)}`)).data.map((row) => row.url), ['https://hooks.example.com/muster'], q);
	await owner.patch(`/v1/automations/${automation.id}`, { name: 'Farewell' });
	assert.deepEqual([await first('/v1/automations?q=gruesse'), await first('/v1/automations?q=farewell')], [[], ['Farewell']]);
});

test('a web site is found however its address is written', async () => {
	const owner = await signUp();
	await made(owner, '/v1/contacts', { kind: 'organisation', name: 'Atlas', website: 'https://www.atlas-robotics.example/about' });
	await made(owner, '/v1/contacts', { kind: 'organisation', name: 'Bare', website: 'bare.example' });
	for (const q of ['https://www.atlas-robotics.example/about', 'http://atlas-robotics.example', 'www.atlas-robotics.example', 'atlas-robotics.example/', 'atlas-robot', 'robotics', 'website:robotics'])
		assert.deepEqual(await find(owner, q), ['Atlas'], q);
	for (const q of ['https://bare.example/', 'www.bare.example', 'bare.exa']) assert.deepEqual(await find(owner, q), ['Bare'], q);
	assert.deepEqual((await search(owner, 'https://bare.example')).data[0].matches, [{ field: 'website', parts: [{ text: 'bare.example', found: true }] }]);
	await made(owner, '/v1/notes', { body: 'It answers at https:// alone and begins with www.', subject: { object: 'contact', id: (await ask(owner, '/v1/contacts?q=bare')).data[0].id } });
	for (const q of ['https', 'www', 'https://']) assert.equal((await search(owner, q)).data.length, 1, q);
});

// ---- the index follows the rows ----

test('what is changed is found as it is now, by its parts too', async () => {
	const owner = await signUp();
	const one = await person(owner, 'Grace', 'Hopper', { emails: [{ address: 'grace@navy.test' }] });
	const tag = await made(owner, '/v1/tags', { name: 'Admiral' });
	const finds = async (q) => (await find(owner, q)).length;
	assert.deepEqual([await finds('hopper'), await finds('navy.test')], [1, 1]);
	await owner.patch(`/v1/contacts/${one.id}`, { last_name: 'Murray', emails: [{ address: 'g@yale.test' }] });
	assert.deepEqual([await finds('hopper'), await finds('navy.test'), await finds('murray'), await finds('yale.test'), await finds('^h')], [0, 0, 1, 1, 0]);
	const phone = await made(owner, '/v1/contact_phones', { contact_id: one.id, value: '555 0199 77' });
	assert.equal(await finds('019977'), 1);
	await owner.delete(`/v1/contact_phones/${phone.id}`);
	assert.equal(await finds('019977'), 0);
	await made(owner, '/v1/contacts/tag', { ids: [one.id], tag_id: tag.id });
	assert.equal(await finds('tags:admiral'), 1);
	await made(owner, '/v1/contacts/untag', { ids: [one.id], tag_id: tag.id });
	assert.equal(await finds('admiral'), 0);
	await owner.delete(`/v1/contacts/${one.id}`);
	assert.equal(await finds('murray'), 0);
	assert.deepEqual(await find(owner, 'murray', '&deleted=true'), ['Grace Murray']);
	await made(owner, `/v1/contacts/${one.id}/restore`);
	assert.equal(await finds('murray'), 1);
});

test('what was taken back is not found', async () => {
	const owner = await signUp();
	const refused = await owner.post('/v1/contacts/batch', { atomic: true, items: [{ first_name: 'Ghost' }, { first_name: 'Ghost', emails: [{ address: 'no' }] }] });
	assert.equal(refused.status, 422);
	assert.deepEqual(await find(owner, 'ghost'), []);
	const some = await owner.post('/v1/contacts/batch', { items: [{ first_name: 'Ghost', last_name: 'One' }, { first_name: 'Ghost', emails: [{ address: 'no' }] }, { first_name: 'Ghost', last_name: 'Two' }] });
	assert.deepEqual(some.body.results.map((r) => r.status), [201, 422, 201]);
	assert.deepEqual((await find(owner, 'ghost')).sort(), ['Ghost One', 'Ghost Two']);
});

// ---- who finds what ----

test('each finds the rows of its scope, at once when that changes', async () => {
	const owner = await signUp();
	const team = await makeTeam(owner);
	const [agent, mate] = [await join(owner, owner.roles.agent.id, { team_ids: [team.id] }), await join(owner, owner.roles.agent.id)];
	const leader = await join(owner, owner.roles.team_leader.id, { team_ids: [team.id] });
	const mine = await person(owner, 'Zoe', 'Mine', { owner_id: agent.agent.id });
	const theirs = await person(owner, 'Zoe', 'Theirs', { owner_id: mate.agent.id });
	await person(owner, 'Zoe', 'Team', { owner_id: mate.agent.id, team_id: team.id });
	await made(owner, '/v1/notes', { body: 'zoe likes tea', subject: { object: 'contact', id: theirs.id } });
	await made(owner, '/v1/notes', { body: 'zoe likes coffee', subject: { object: 'contact', id: mine.id } });
	await made(owner, '/v1/deals', { title: 'Zoe buys', owner_id: mate.agent.id });
	const sees = async (who) => (await titles(who, 'zoe')).sort();
	const everything = ['Zoe Mine', 'Zoe Team', 'Zoe Theirs', 'Zoe buys', 'zoe likes coffee', 'zoe likes tea'];
	assert.deepEqual(await sees(owner), everything);
	assert.deepEqual(await sees(agent), ['Zoe Mine', 'zoe likes coffee']);
	assert.deepEqual(await sees(mate), ['Zoe Team', 'Zoe Theirs', 'Zoe buys', 'zoe likes tea']);
	assert.deepEqual(await sees(leader), ['Zoe Mine', 'Zoe Team', 'zoe likes coffee']);
	assert.deepEqual(await find(agent, 'zoe'), ['Zoe Mine']);
	const counts = async (who) => Object.fromEntries((await search(who, 'zoe')).kinds.map((k) => [k.kind, k.count]));
	assert.deepEqual(await counts(agent), { contacts: 1, deals: 0, tasks: 0, notes: 1, activities: 0 });
	await made(owner, '/v1/contacts/assign', { ids: [mine.id, theirs.id], owner_id: agent.agent.id });
	assert.deepEqual(await sees(agent), ['Zoe Mine', 'Zoe Theirs', 'zoe likes coffee', 'zoe likes tea']);
	const none = await makeRole(owner, { 'contacts.view': 'all' });
	await owner.patch(`/v1/agents/${mate.agent.id}`, { role_id: none.id });
	assert.deepEqual(Object.keys(await counts(mate)), ['contacts']);
	const other = await signUp();
	assert.deepEqual(await sees(other), [], 'another company');
});

test('a typing error tells nothing of rows out of scope, and finds the own ones all the same', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const own = { owner_id: agent.agent.id };
	await person(owner, 'Zed', 'Brannigan', own);
	const mine = await person(owner, 'Zed', 'Wolfeschlegel', own);
	await made(owner, '/v1/notes', { body: 'asked for marmalade', subject: { object: 'contact', id: mine.id } });
	const alike = async (q) => (await search(agent, q)).meta.alike;
	assert.deepEqual([await alike('brannigen'), await alike('brannigan'), await alike('brannig'), await alike('nobody at all')], [true, false, false, false]);
	assert.deepEqual([await titles(agent, 'note:marmalade'), await titles(agent, 'contact:marmalade')], [['asked for marmalade'], []]);
	const seen = async () => [await titles(agent, 'brannigen'), await titles(agent, 'wolfeschlexxl'), await titles(agent, 'marmelade')];
	const expected = [['Zed Brannigan'], ['Zed Wolfeschlegel'], ['asked for marmalade']];
	assert.deepEqual(await seen(), expected);
	// What was typed, and what is nearer to it than the own word, in rows of others.
	await person(owner, 'Kif', 'Brannigen');
	const theirs = await person(owner, 'Kif', 'Wolfeschlexxs');
	await made(owner, '/v1/notes', { body: 'marmelade, marmilade', subject: { object: 'contact', id: theirs.id } });
	assert.deepEqual(await seen(), expected);
	assert.deepEqual(await titles(owner, 'brannigen'), ['Kif Brannigen', 'Zed Brannigan']);
});

test('a name of which each word is somebody else\'s is found by a letter that is wrong, behind no row that has the words', async () => {
	const owner = await signUp();
	const [agent, other] = [await join(owner, owner.roles.agent.id), await join(owner, owner.roles.agent.id)];
	for (const [first, last] of [['John', 'Smith'], ['Jon', 'Smyth'], ['Jon', 'Adams'], ['Anna', 'Smith'], ['Lars', 'Berg'], ['Jahn', 'Smith']]) await person(owner, first, last, { owner_id: agent.agent.id });
	for (const who of [owner, agent]) {
		for (const [q, expected] of [['jon smith', ['Jon Smyth']], ['john smyth', ['Jon Smyth', 'John Smith', 'Jahn Smith']], ['smyth john', ['Jon Smyth', 'John Smith', 'Jahn Smith']], ['anna smyth', ['Anna Smith']], ['jon smith adams', []], ['"jon" "smith"', []], ['jon -smyth -adams', []], ['name:john name:smyth', ['Jon Smyth', 'John Smith', 'Jahn Smith']], ['jon smyth', ['Jon Smyth']], ['anna berg', []]]) {
			assert.deepEqual(await titles(who, q), expected, q);
			assert.deepEqual(await find(who, q), expected, q);
			assert.deepEqual((await find(who, q, '&sort=full_name')).sort(), [...expected].sort(), q);
		}
		assert.deepEqual(await find(who, 'jon smith', '&kind=organisation'), []);
	}
	const marked = (await search(owner, 'jon smith')).data[0].title_parts;
	assert.deepEqual(marked.filter((p) => p.found).map((p) => p.text), ['Jon', 'Smyth']);
	assert.equal((await ask(owner, '/v1/contacts?q=john%20smyth&limit=1&include_total=true')).meta.total, 3);
	// What only others have adds nothing, and keeps nothing away.
	await person(other, 'Johan', 'Smitt');
	for (const last of ['Smith1', 'Smitha', 'Smithb', 'Smithc', 'Smithd', 'Smithe', 'Smithf', 'Smithg', 'Smithh', 'Smithi']) await person(owner, 'Jon', last, { owner_id: other.agent.id });
	assert.deepEqual(await titles(agent, 'jon smith'), ['Jon Smyth']);
	// Whoever has the words stands alone, whatever the kind.
	await made(agent, '/v1/notes', { body: 'Jon is no Smith', subject: { object: 'contact', id: (await ask(agent, '/v1/contacts?q=berg')).data[0].id } });
	assert.deepEqual(await titles(agent, 'jon smith'), ['Jon is no Smith']);
	assert.deepEqual(await find(agent, 'jon smith'), ['Jon Smyth']);
});

test('a word that joins others may be a sign where they stand, and is a word where it is one', async () => {
	const owner = await signUp();
	for (const name of ['Procter & Gamble', 'Marks and Spencer', 'Gamble and Sons', 'Und Gamble']) await made(owner, '/v1/contacts', { kind: 'organisation', name });
	for (const [q, expected] of [
		['procter and gamble', ['Procter & Gamble']], ['Procter und Gamble', ['Procter & Gamble']], ['procter et gam', ['Procter & Gamble']], ['procter and gambel', ['Procter & Gamble']], ['marks & spencer', ['Marks and Spencer']],
		['marks und spencer', ['Marks and Spencer']], ['gamble and sons', ['Gamble and Sons']], ['und gamble', ['Und Gamble']], ['procter "and" gamble', []], ['procter or gamble', []], ['procter and', []], ['and gamble', ['Gamble and Sons']], ['procter -and gamble', ['Procter & Gamble']],
	]) {
		assert.deepEqual(await titles(owner, q), expected, q);
		assert.deepEqual(await find(owner, q), expected, q);
	}
	assert.deepEqual((await search(owner, 'procter and gamble')).data[0].title_parts.filter((p) => p.found).map((p) => p.text), ['Procter', 'Gamble']);
	const about = { subject: { object: 'contact', id: (await ask(owner, '/v1/contacts?q=spencer')).data[0].id } };
	await made(owner, '/v1/notes', { body: 'procter and gamble', ...about });
	assert.deepEqual(await titles(owner, 'procter and gamble'), ['procter and gamble'], 'whoever has the word stands alone');
	// Who has a part, at an organisation that has the others, is not what was meant.
	const sons = await made(owner, '/v1/contacts', { kind: 'organisation', name: 'Wang and Sons' });
	await person(owner, 'Devin', 'Smith', { organisation_id: sons.id });
	await made(owner, '/v1/contacts', { kind: 'organisation', name: 'Smith & Sons' });
	for (const [q, expected] of [['smith and sons', ['Smith & Sons']], ['devin and sons', ['Devin Smith']], ['devin wang and sons', ['Devin Smith']]]) {
		assert.deepEqual(await titles(owner, q), expected, q);
		assert.deepEqual(await find(owner, q), expected, q);
	}
});

test('the beginning of an own name finds it among very many of others that begin so', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	for (let i = 0; i < 6; i++)
		await made(owner, '/v1/contacts/batch', { items: Array.from({ length: 100 }, (_, k) => ({ first_name: `Abcdef${i}x${k}`, last_name: 'Mine' })) });
	const own = await person(owner, 'Abcdeg', 'Mine', { owner_id: agent.agent.id });
	await person(owner, 'Other', 'Mine', { owner_id: agent.agent.id });
	for (const q of ['abc', 'abcd', 'abcde', 'abcdeg', 'mine abcd', 'abcdeg mine', 'mine -other', 'abcdeg -other', '"abcdeg mine" mine']) assert.deepEqual(await titles(agent, q), ['Abcdeg Mine'], q);
	assert.equal((await owner.patch(`/v1/contacts/${own.id}`, { owner_id: owner.agent.id })).status, 200);
	for (const q of ['abcdeg', 'mine abcd']) assert.deepEqual(await titles(agent, q), [], q);
	assert.deepEqual(await titles(agent, 'mine'), ['Other Mine']);
});

test('who waits for a search is told of a row that it finds', async () => {
	const owner = await signUp();
	await person(owner, 'Vera', 'Rubin');
	for (const path of ['/v1/contacts?q=vera', '/v1/search?q=vera']) {
		const first = await owner.get(path);
		const waiting = owner.get(path, { prefer: 'wait=20', 'if-none-match': first.headers.get('etag') });
		await until(async () => {
			await person(owner, 'Vera', `Number ${path.length}`);
			return Promise.race([waiting.then(() => true), new Promise((done) => setTimeout(done, 500))]);
		}, { every: 1 });
		const answer = await waiting;
		assert.equal(answer.status, 200);
		assert.ok(answer.body.data.length > first.body.data.length);
	}
});

// ---- pages ----

test('pages of the best go on to all the rest, each row once', async () => {
	const owner = await signUp();
	const all = 230; // more than are ranked
	for (let at = 0; at < all; at += 46)
		await made(owner, '/v1/contacts/batch', { items: Array.from({ length: 46 }, (_, i) => ({ first_name: 'Common', last_name: `Name${at + i}` })) });
	const seen = [];
	for (let cursor = ''; cursor !== null;) {
		const page = await ask(owner, `/v1/contacts?q=common&limit=70&fields=id,full_name&include_total=true${cursor && `&cursor=${cursor}`}`);
		assert.equal(page.meta.total, '200+');
		seen.push(...page.data.map((c) => c.id));
		cursor = page.meta.next_cursor;
	}
	assert.deepEqual([seen.length, new Set(seen).size], [all, all]);
	const sorted = await ask(owner, '/v1/contacts?q=common&sort=full_name&limit=3');
	assert.deepEqual(sorted.data.map((c) => c.last_name), ['Name0', 'Name1', 'Name10']);
	const first = await search(owner, 'common', '&limit=100');
	const second = await search(owner, 'common', `&limit=100&cursor=${first.meta.next_cursor}`);
	assert.deepEqual(first.kinds[0], { kind: 'contacts', count: 200, more: true });
	assert.equal(new Set([...first.data, ...second.data].map((one) => one.id)).size, 200);
	assert.equal(second.meta.next_cursor, null);
	for (const path of [`/v1/contacts?q=rare&cursor=${(await ask(owner, '/v1/contacts?q=common&limit=1')).meta.next_cursor}`, `/v1/search?q=rare&cursor=${first.meta.next_cursor}`, '/v1/search?q=common&cursor=AAAA'])
		assert.equal((await owner.get(path)).status, 400, path);
});

test('a sort goes on behind the best as well, also where all others stand before them', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const number = (i) => String(i).padStart(3, '0');
	for (let at = 0; at < 230; at += 46)
		await made(owner, '/v1/contacts/batch', { items: Array.from({ length: 46 }, (_, i) => ({ first_name: 'Zelda', last_name: `Name${number(at + i)}`, ...(i % 2 ? { owner_id: agent.agent.id } : {}), ...(i % 23 ? {} : { job_title: 'Pilot' }) })) });
	const { id } = await person(owner, 'Aaron', 'Before', { owner_id: agent.agent.id });
	copies(15_000, id);
	const all = async (who, query) => {
		const seen = [];
		for (let cursor = ''; cursor !== null;) {
			const page = await ask(who, `/v1/contacts?${query}&limit=90&fields=full_name${cursor && `&cursor=${cursor}`}`);
			seen.push(...page.data.map((c) => c.full_name));
			cursor = page.meta.next_cursor;
		}
		return seen;
	};
	const wanted = Array.from({ length: 230 }, (_, i) => `Zelda Name${number(i)}`), own = wanted.filter((_, i) => (i % 46) % 2);
	assert.deepEqual(await all(owner, 'q=zelda&sort=full_name'), wanted);
	assert.deepEqual(await all(owner, 'q=zelda&sort=-full_name'), [...wanted].reverse());
	assert.deepEqual(await all(owner, 'q=zelda&sort=full_name,created_at'), wanted, 'a sort that no index has');
	assert.deepEqual(await all(owner, 'q=zel%20nam&sort=full_name'), wanted, 'words that are begun');
	assert.deepEqual(await all(owner, 'q=zelda%20-pilot&sort=full_name'), wanted.filter((_, i) => (i % 46) % 23));
	assert.deepEqual(await all(owner, `q=zelda&sort=full_name&owner_id=${agent.agent.id}`), own);
	assert.deepEqual(await all(agent, 'q=zelda&sort=full_name'), own);
	assert.deepEqual(await all(owner, 'q=aaron&sort=full_name&created_before=2000-01-01T00:00:00Z'), []);
	assert.equal((await ask(owner, '/v1/contacts?q=before&sort=full_name&include_total=true')).meta.total, '200+');
});

test('how many others there are is not told to who sees one', async () => {
	const owner = await signUp();
	const own = await makeRole(owner, { 'contacts.view': 'own', 'contacts.create': 'all' });
	const agent = await join(owner, own.id);
	for (let i = 0; i < 6; i++)
		await made(owner, '/v1/contacts/batch', { items: Array.from({ length: 90 }, (_, k) => ({ first_name: 'Kim', last_name: `Abcdef${i}x${k}` })) });
	await person(agent, 'Kim', 'Abcdeg');
	for (const q of ['abc', 'abcd', 'abcdeg', 'kim abc']) {
		const { kinds, data } = await search(agent, q);
		assert.deepEqual([kinds[0].count, kinds[0].more, data.length], [1, false, 1], q);
		const page = await ask(agent, `/v1/contacts?q=${encodeURIComponent(q)}&include_total=true`);
		assert.deepEqual([page.data.length, page.meta.has_more, page.meta.total], [1, false, 1], q);
	}
});

test('the order of what one sees tells nothing of how many others have a word', async () => {
	const owner = await signUp();
	const team = await makeTeam(owner, 'North');
	const seesOwn = await join(owner, owner.roles.agent.id);
	const seesTeam = await join(owner, (await makeRole(owner, { 'contacts.view': 'team' })).id, { team_ids: [team.id] });
	for (const mine of [{ owner_id: seesOwn.agent.id }, { team_id: team.id }]) {
		await person(owner, 'Alpha', 'One', { job_title: 'Omega', ...mine });
		await person(owner, 'Omega', 'Two', { job_title: 'Alpha', ...mine });
		await person(owner, 'Third', 'Three', { job_title: 'Omega', ...mine });
	}
	const seen = async () => [await titles(seesOwn, 'alpha omega'), await titles(seesTeam, 'alpha omega'), await titles(seesOwn, 'omega alpha'), await find(seesTeam, 'alpha omega')];
	const before = await seen();
	assert.deepEqual(before.map((found) => found.length), [2, 2, 2, 2]);
	for (const first of ['Hidden', 'Hidden', 'Alpha', 'Alpha']) await person(owner, first, 'Person', { job_title: 'Alpha' });
	assert.deepEqual(await seen(), before);
});

test('that there are more is said when there are', async () => {
	const owner = await signUp();
	const about = await person(owner, 'Meredith', 'Grey');
	const note = (body) => made(owner, '/v1/notes', { body, subject: { object: 'contact', id: about.id } });
	for (let i = 0; i < 310; i++) await note(i < 2 ? 'called in the morning' : 'nobody was in'); // more than are read of a list at first
	const { kinds, data } = await search(owner, 'called in', '&kinds=notes');
	assert.deepEqual([kinds[0].count, kinds[0].more, data.length], [2, false, 2]);
	const page = await ask(owner, '/v1/notes?q=called%20in&limit=2&include_total=true');
	assert.deepEqual([page.data.length, page.meta.has_more, page.meta.total], [2, false, 2]);
});

test('rows with very many words of one beginning are all found', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const about = await person(owner, 'Meredith', 'Grey', { owner_id: agent.agent.id });
	const letters = [...'abcdefghijklmnopqrstuvwxyz'];
	const words = letters.flatMap((x) => letters.flatMap((y) => letters.map((z) => `zq${x}${y}${z}`)));
	const expected = new Set();
	for (let i = 0; i < 24; i++) {
		// Each has all words of some beginnings: more postings than are read at once lie before the last row's.
		const some = words.filter((_, at) => at % 8 === i % 8 || at % 676 === i).slice(0, 2600);
		const { id } = await made(owner, '/v1/notes', { body: some.join(' '), subject: { object: 'contact', id: about.id } });
		if (some.some((word) => word.startsWith('zqa'))) expected.add(id);
	}
	const last = await made(owner, '/v1/notes', { body: 'zqazz alone', subject: { object: 'contact', id: about.id } });
	expected.add(last.id);
	for (const who of [owner, agent]) {
		const { kinds, data, meta } = await search(who, 'zqa', '&kinds=notes&limit=100');
		assert.deepEqual([kinds[0], data.length, meta.has_more], [{ kind: 'notes', count: expected.size, more: false }, expected.size, false]);
		assert.deepEqual(new Set((await ask(who, '/v1/notes?q=zqa&limit=100&fields=id')).data.map((one) => one.id)), expected);
	}
	const three = await ask(owner, '/v1/notes?q=zqa&limit=3&fields=id');
	assert.deepEqual(three.data.map((one) => one.id), (await search(owner, 'zqa', '&kinds=notes&limit=3')).data.map((one) => one.id));
});

test('of very many words of one beginning, each of which a row of its own has, as many are found as of any other', async () => {
	const owner = await signUp();
	for (let at = 0; at < 600; at += 100)
		await made(owner, '/v1/contacts/batch', { items: Array.from({ length: 100 }, (_, i) => ({ first_name: 'Order', last_name: `inv${10000 + at + i}`, job_title: `of cust${10000 + at + i}` })) });
	for (const q of ['inv1', 'cust1']) {
		const first = await search(owner, q, '&limit=100');
		assert.deepEqual([first.kinds[0], first.meta.has_more], [{ kind: 'contacts', count: 200, more: true }, true], q);
		const second = await search(owner, q, `&limit=100&cursor=${first.meta.next_cursor}`);
		assert.equal(new Set([...first.data, ...second.data].map((one) => one.id)).size, 200, q);
		const few = await ask(owner, `/v1/contacts?q=${q}&limit=5&fields=id`);
		assert.deepEqual(few.data.map((one) => one.id), first.data.slice(0, 5).map((one) => one.id), q);
	}
});

test('a page begins behind the one before, whatever came or went in between', async () => {
	const owner = await signUp();
	const rows = (await made(owner, '/v1/contacts/batch', { items: Array.from({ length: 12 }, (_, i) => ({ first_name: 'Paged', last_name: `Name${i}` })) })).results.map((r) => r.id ?? r.row?.id);
	assert.equal(rows.length, 12);
	for (const path of ['/v1/search?q=paged&limit=5', '/v1/contacts?q=paged&limit=5']) {
		const first = await ask(owner, path);
		const seen = first.data.map((d) => d.id);
		await person(owner, 'Paged', 'Newest'); // the newest comes first, so it is before this page
		await owner.delete(`/v1/contacts/${seen[2]}`);
		let { next_cursor: cursor } = first.meta;
		while (cursor) {
			const page = await ask(owner, `${path}&cursor=${encodeURIComponent(cursor)}`);
			seen.push(...page.data.map((d) => d.id));
			cursor = page.meta.next_cursor;
		}
		assert.deepEqual([seen.length, new Set(seen).size], [rows.length, seen.length], path);
		await owner.post(`/v1/contacts/${seen[2]}/restore`);
		for (const { id } of (await ask(owner, '/v1/contacts?q=newest')).data) await owner.delete(`/v1/contacts/${id}`);
	}
});

// Somebody goes through all that is found, and does what takes rows out of it, or brings some.
for (const [what, change] of [
	['the last row of each page goes', (owner, rows) => owner.delete(`/v1/contacts/${rows.at(-1).id}`)],
	['all rows of each page go', async (owner, rows) => Promise.all(rows.map(({ id }) => owner.delete(`/v1/contacts/${id}`)))],
	['new ones come at each page', (owner) => made(owner, '/v1/contacts/batch', { items: ['x', 'y', 'z'].map((last_name) => ({ first_name: 'Manifold', last_name })) })],
])
	for (const [path, n] of [['/v1/search', 150], ['/v1/contacts', 250]])
		test(`the pages of ${path} have each row that stays once, when ${what}`, async () => {
			const owner = await signUp();
			const seen = [];
			for (let at = 0; at < n; at += 50)
				await made(owner, '/v1/contacts/batch', { items: Array.from({ length: 50 }, (_, i) => ({ first_name: 'Manifold', last_name: `Name${at + i}` })) });
			const before = database(`SELECT id FROM contacts WHERE company_id = '${owner.company.id}' AND first_name = 'Manifold'`).map(([id]) => id);
			assert.equal(before.length, n);
			for (let cursor = ''; cursor !== null; ) {
				const page = await ask(owner, `${path}?q=manifold&limit=25${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
				seen.push(...page.data.map(({ id }) => id));
				cursor = page.meta.next_cursor;
				if (cursor) await change(owner, page.data);
			}
			assert.deepEqual([before.filter((id) => !seen.includes(id)).length, seen.length - new Set(seen).size], [0, 0], 'lost, repeated');
		});

// ---- live ----

test('a search that found nothing is told when there is something, and says which page shows it', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	for (const path of ['/v1/search?q=zenobia', '/v1/contacts?q=zenobia']) {
		const before = await agent.get(path);
		assert.deepEqual(before.body.data, [], path);
		const told = agent.get(path, { Prefer: 'wait=20', 'If-None-Match': before.headers.get('etag') });
		const row = await person(agent, 'Zenobia', 'Septimia');
		const { status, body } = await told;
		assert.equal(status, 200, path);
		assert.equal(body.data[0].id, row.id);
		if (path.includes('/search')) assert.equal(body.data[0].page, `/contacts/${row.id}`);
		await agent.delete(`/v1/contacts/${row.id}`);
	}
});

test('who waits for words of which each is somebody else\'s is told of a row with words like them', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	for (const [first_name, last_name] of [['Jon', 'Adams'], ['Anna', 'Smith']]) await person(agent, first_name, last_name);
	for (const path of ['/v1/search?q=jon%20smith', '/v1/contacts?q=jon%20smith']) {
		const before = await agent.get(path);
		assert.deepEqual(before.body.data, [], path);
		const told = agent.get(path, { Prefer: 'wait=20', 'If-None-Match': before.headers.get('etag') });
		const row = await person(agent, 'Jon', 'Smyth');
		const { status, body } = await told;
		assert.deepEqual([status, body.data.map((one) => one.id)], [200, [row.id]], path);
		const gone = agent.get(path, { Prefer: 'wait=20', 'If-None-Match': (await agent.get(path)).headers.get('etag') });
		await agent.delete(`/v1/contacts/${row.id}`);
		assert.deepEqual((await gone).body.data, [], path);
	}
});

test('who waits for a search is told of a row that changes, that comes to others, and of a permission that goes', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const row = await person(owner, 'Hedy', 'Lamarr', { owner_id: agent.agent.id });
	const kept = await person(owner, 'Hedy', 'Keeper', { owner_id: agent.agent.id });
	const show = { '/v1/search?q=hedy': ({ data }) => data.map((d) => d.title), '/v1/contacts?q=hedy&sort=full_name': ({ data }) => data.map((d) => d.full_name) };
	const narrow = await makeRole(owner, { 'deals.view': 'all' });
	for (const [what, change, expected] of [
		['another name', () => owner.patch(`/v1/contacts/${row.id}`, { last_name: 'Kiesler' }), ['Hedy Keeper', 'Hedy Kiesler']],
		['another first name', () => owner.patch(`/v1/contacts/${row.id}`, { first_name: 'Eva' }), ['Hedy Keeper']],
		['the name again', () => owner.patch(`/v1/contacts/${row.id}`, { first_name: 'Hedy' }), ['Hedy Keeper', 'Hedy Kiesler']],
		['another owner', () => owner.patch(`/v1/contacts/${row.id}`, { owner_id: owner.agent.id }), ['Hedy Keeper']],
		['deleted', () => owner.delete(`/v1/contacts/${kept.id}`), []],
		['restored', () => owner.post(`/v1/contacts/${kept.id}/restore`), ['Hedy Keeper']],
		['another role', () => owner.patch(`/v1/agents/${agent.agent.id}`, { role_id: narrow.id }), null],
	]) {
		const waiting = await Promise.all(Object.keys(show).map(async (path) => {
			const { headers } = await agent.get(path);
			return [path, agent.get(path, { prefer: 'wait=20', 'if-none-match': headers.get('etag') })];
		}));
		assert.ok((await change()).status < 300, what);
		for (const [path, told] of waiting) {
			const { status, body } = await told;
			if (expected) assert.deepEqual([status, show[path](body).sort()], [200, expected], `${what}: ${path}`);
			else assert.ok(status === 403 || !JSON.stringify(body).includes('Hedy'), `${what}: ${path}`);
		}
	}
});

test('each result names its page', async () => {
	const owner = await signUp();
	const one = await person(owner, 'Ada', 'Pageworthy');
	const deal = await made(owner, '/v1/deals', { title: 'Pageworthy deal' });
	const note = await made(owner, '/v1/notes', { body: 'a pageworthy note', subject: { object: 'deal', id: deal.id } });
	const task = await made(owner, '/v1/tasks', { title: 'Pageworthy', subject: { object: 'contact', id: one.id } });
	await made(owner, '/v1/tasks', { title: 'Pageworthy & alone' });
	const pages = (await search(owner, 'pageworthy')).data.map((d) => d.page).sort();
	assert.deepEqual(pages, [`/contacts/${one.id}`, `/contacts/${one.id}#task-${task.id}`, `/deals/${deal.id}`, `/deals/${deal.id}?event=${note.id}#event-${note.id}`, '/tasks?q=%22Pageworthy%20%26%20alone%22'].sort());
	await owner.post(`/v1/tasks/${task.id}/complete`);
	assert.equal((await search(owner, 'pageworthy')).data.find((d) => d.id === task.id).page, `/contacts/${one.id}?event=${task.id}#event-${task.id}`, 'what is done is in the history');
});

test('a task about nothing is on the page that its result names, whatever its title', async () => {
	const owner = await signUp();
	const titles = ['Pagefault -urgent, and name:none', 'Pagefault: say "hello" to <b>', 'Pagefault one two three four five six seven eight nine ten eleven twelve thirteen',
		`Pagefault ${'a long story '.repeat(14)}at last.`, 'Pagefault +49 170 1234567 ada@example.org', 'Pagefault 高橋さんに電話する', "Pagefault O'Neill & sons/daughters"];
	for (const title of titles) {
		const task = await made(owner, '/v1/tasks', { title });
		const result = (await search(owner, 'pagefault', '&kinds=tasks&limit=100')).data.find((d) => d.id === task.id);
		const { status, body } = await owner.get(`/v1${result.page}`);
		assert.equal(status, 200, `${title}: ${JSON.stringify(body)}`);
		assert.deepEqual(body.data.map((d) => d.id), [task.id], title);
	}
});

test('a task about somebody whom one does not see is on a page that one sees', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const theirs = await person(owner, 'Hidden', 'Customer');
	const task = await made(owner, '/v1/tasks', { title: 'Pagehidden call', subject: { object: 'contact', id: theirs.id }, assignee_id: agent.agent.id });
	const [result] = (await search(agent, 'pagehidden')).data;
	assert.deepEqual([result.id, result.subtitle, result.page], [task.id, null, '/tasks?q=%22Pagehidden%20call%22']);
	assert.deepEqual((await ask(agent, `/v1${result.page}`)).data.map((d) => d.id), [task.id]);
	assert.equal((await search(owner, 'pagehidden')).data[0].page, `/contacts/${theirs.id}#task-${task.id}`);
});

test('a long note is found by its last words, which are shown', async () => {
	const owner = await signUp();
	const deal = await made(owner, '/v1/deals', { title: 'A long story' });
	const words = (n, letter) => Array.from({ length: n }, (_, i) => `${letter}${(i % 900).toString(26).replace(/[0-9]/g, (d) => 'qrstuvwxyz'[d])}`).join(' ');
	const note = await made(owner, '/v1/notes', { body: `${words(3000, 'm')} Sincerely, Zenobia Septimia`, subject: { object: 'deal', id: deal.id } });
	const [hit] = (await search(owner, 'zenobia')).data;
	assert.equal(hit.id, note.id);
	assert.deepEqual(hit.matches[0].parts.filter(({ found }) => found).map(({ text }) => text), ['Zenobia']);
	assert.equal((await search(owner, '"zenobia septimia" story')).data.length, 0);
	assert.equal((await search(owner, 'sincerely "zenobia septimia"')).data[0].id, note.id);
	const most = await made(owner, '/v1/activities', { kind: 'email', summary: 'All of it', body: `${'word '.repeat(3190)}odaenathus`, subject: { object: 'deal', id: deal.id } });
	assert.equal((await search(owner, 'odaenathus')).data[0].id, most.id);
	await owner.patch(`/v1/notes/${note.id}`, { body: 'short' });
	assert.deepEqual(await titles(owner, 'zenobia'), []);
});

// ---- people by their organisation ----

test('people are found with words of their organisation by who sees both, and an organisation tells who belongs to it', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const firm = await made(owner, '/v1/contacts', { kind: 'organisation', name: 'Acme Rockets' });
	const wile = await person(owner, 'Wile', 'Coyote', { organisation_id: firm.id, owner_id: agent.agent.id });
	await person(owner, 'Ada', 'Lovelace', { organisation_id: firm.id });
	await person(owner, 'Peter', 'Coyote');

	for (const q of ['coyote acme', 'acme coyote', 'wile rockets', 'wile coyote acme', 'acme rock wil', 'coy acme', 'coyote acmme'])
		assert.deepEqual(await titles(owner, q), ['Wile Coyote'], q);
	for (const q of ['peter acme', 'coyote lovelace', 'acme -acme coyote', 'emails:coyote acme', 'coyote a', 'wile one two three acme'])
		assert.deepEqual(await titles(owner, q), [], q);
	assert.deepEqual(await titles(owner, 'coyote acme', '&kinds=deals'), []);
	const [hit] = (await search(owner, 'coyote acme')).data;
	assert.deepEqual([hit.page, hit.title_parts, hit.matches], [`/contacts/${wile.id}`, [{ text: 'Wile ', found: false }, { text: 'Coyote', found: true }],
		[{ field: 'organisation_id', parts: [{ text: 'Acme', found: true }, { text: ' Rockets', found: false }] }]]);
	assert.deepEqual((await search(owner, 'coyote acme')).kinds.find(({ kind }) => kind === 'contacts'), { kind: 'contacts', count: 1, more: false });

	const acme = async (who) => (await search(who, 'acme')).data.map(({ title, members, more_members, members_page }) => [title, members, more_members, members_page]);
	assert.deepEqual(await acme(owner), [['Acme Rockets', 2, false, `/contacts?organisation_id=${firm.id}`]]);
	assert.deepEqual((await ask(owner, `/v1/contacts?organisation_id=${firm.id}&sort=full_name`)).data.map((c) => c.full_name), ['Ada Lovelace', 'Wile Coyote']);

	// Who sees the person and not the organisation is told nothing of it; who sees both, of what there is to see.
	const told = async () => [await titles(agent, 'coyote acme'), await acme(agent)];
	assert.deepEqual(await told(), [[], []]);
	const waited = await agent.get('/v1/search?q=coyote+acme');
	const waiting = agent.get('/v1/search?q=coyote+acme', { prefer: 'wait=20', 'if-none-match': waited.headers.get('etag') });
	await owner.patch(`/v1/contacts/${firm.id}`, { owner_id: agent.agent.id });
	assert.deepEqual((await waiting).body.data.map(({ title }) => title), ['Wile Coyote'], 'who waits is told');
	assert.deepEqual(await told(), [['Wile Coyote'], [['Acme Rockets', 1, false, `/contacts?organisation_id=${firm.id}`]]]);

	await owner.patch(`/v1/contacts/${firm.id}`, { name: 'Apex' });
	assert.deepEqual(await titles(owner, 'coyote acme'), []);
	assert.deepEqual(await titles(owner, 'coyote apex'), ['Wile Coyote']);
	await owner.delete(`/v1/contacts/${firm.id}`);
	assert.deepEqual(await titles(owner, 'coyote apex'), []);
});

// ---- what is shown ----

test('a list of contacts finds people by their organisation too, with its other filters and sorts, page by page', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const firm = await made(owner, '/v1/contacts', { kind: 'organisation', name: 'Acme Rockets' });
	const mine = { owner_id: agent.agent.id };
	for (let i = 0; i < 5; i++) await person(owner, 'Coyote', `Number${i}`, { organisation_id: firm.id, ...(i < 2 && mine) });
	const all = [4, 3, 2, 1, 0].map((i) => `Coyote Number${i}`);
	assert.deepEqual(await find(owner, 'coyote acme'), all);
	assert.deepEqual(await find(owner, 'acme coyote', '&sort=full_name'), all.toReversed());
	assert.deepEqual(await find(owner, 'coyote acme', `&owner_id=${agent.agent.id}`), all.slice(3));
	assert.deepEqual(await find(owner, 'coyote acme', '&kind=organisation'), []);
	assert.deepEqual(await find(agent, 'coyote acme'), [], 'who does not see the organisation');
	for (const q of ['name:coyote acme', 'coyote globex', 'coyote acme -rockets']) assert.deepEqual(await find(owner, q), [], q);
	const page = await ask(owner, '/v1/contacts?q=coyote%20acme&limit=3&include_total=true');
	const next = await ask(owner, `/v1/contacts?q=coyote%20acme&limit=3&include_total=true&cursor=${page.meta.next_cursor}`);
	assert.deepEqual([...page.data, ...next.data].map((c) => c.full_name), all);
	assert.deepEqual([page.meta.total, next.meta.has_more], [5, false]);
	const waiting = owner.get('/v1/contacts?q=coyote%20rockets', { prefer: 'wait=20', 'if-none-match': (await owner.get('/v1/contacts?q=coyote%20rockets')).headers.get('etag') });
	assert.equal((await owner.patch(`/v1/contacts/${firm.id}`, { name: 'Acme Brooms' })).status, 200);
	assert.deepEqual((await waiting).body.data, []);
});

test('they are found among as many organisations as have the word, and among as many people as belong to one', async () => {
	const owner = await signUp();
	const first = await made(owner, '/v1/contacts', { kind: 'organisation', name: 'Delta First' });
	await made(owner, '/v1/contacts/batch', { items: Array.from({ length: 60 }, (_, i) => ({ kind: 'organisation', name: `Delta Number${i}` })) });
	await person(owner, 'Wile', 'Coyote', { organisation_id: first.id });
	for (const q of ['coyote delta', 'wile coyote delta', 'delta coyote']) assert.deepEqual(await titles(owner, q), ['Wile Coyote'], q);

	const { id } = await person(owner, 'Another', 'Employee', { organisation_id: first.id });
	copies(10500, id);
	const found = await search(owner, 'coyote delta');
	assert.deepEqual([found.data.map((one) => one.title), found.kinds[0].count], [['Wile Coyote'], 1]);
	assert.deepEqual(found.data[0].matches.map(({ field }) => field), ['organisation_id']);
	for (const q of ['wile coyote delta first', 'coyo del', 'delta coyotte']) assert.deepEqual(await titles(owner, q), ['Wile Coyote'], q);
	assert.deepEqual(await titles(owner, 'nobody delta'), []);
});

test('deals that are called alike are told apart by who buys, as far as that may be seen', async () => {
	const owner = await signUp();
	const agent = await join(owner, (await makeRole(owner, { 'deals.view': 'all' })).id);
	const acme = await made(owner, '/v1/contacts', { kind: 'organisation', name: 'Acme' });
	const ada = await person(owner, 'Ada', 'Lovelace');
	for (const more of [{ organisation_id: acme.id, contact_ids: [ada.id] }, { contact_ids: [ada.id] }, {}]) await made(owner, '/v1/deals', { title: 'Renewal 2027', ...more });
	const subtitles = async (who) => (await search(who, 'renewal')).data.map(({ subtitle }) => subtitle).sort();
	assert.deepEqual(await subtitles(owner), ['Acme', 'Ada Lovelace', null]);
	assert.deepEqual(await subtitles(agent), [null, null, null], 'who sees no contacts is told of none');
	const { body, headers } = await owner.get('/v1/search?q=renewal');
	assert.ok(body.data.every(({ kind, about }) => kind === 'deals' && about === null));
	const told = owner.get('/v1/search?q=renewal', { prefer: 'wait=20', 'if-none-match': headers.get('etag') });
	await owner.patch(`/v1/contacts/${acme.id}`, { name: 'Acme & Sons' });
	assert.ok((await told).body.data.some(({ subtitle }) => subtitle === 'Acme & Sons'));
});

test('a result says where the words stand, in parts that need no counting', async () => {
	const owner = await signUp();
	const one = await person(owner, 'Jörg <b>', 'Müller', { emails: [{ address: 'joerg@example.org' }], phones: [{ value: '030 1234567' }] });
	const deal = await made(owner, '/v1/deals', { title: 'Seats for Müller' });
	await made(owner, '/v1/notes', { body: `${'filler '.repeat(60)}then mueller called${' and so on'.repeat(40)}`, subject: { object: 'deal', id: deal.id } });
	await made(owner, '/v1/tasks', { title: 'Call back', description: 'Mueller wants 200', subject: { object: 'contact', id: one.id } });
	const { data } = await search(owner, 'muel');
	assert.deepEqual(data.map((d) => d.kind), ['deals', 'contacts', 'notes', 'tasks'].sort((a, b) => data.findIndex((d) => d.kind === a) - data.findIndex((d) => d.kind === b)));
	const of = (kind) => data.find((d) => d.kind === kind);
	assert.deepEqual(of('contacts').title_parts, [{ text: 'Jörg <b> ', found: false }, { text: 'Müller', found: true }]);
	assert.deepEqual(of('contacts').matches, []);
	assert.deepEqual(of('tasks').title_parts, [{ text: 'Call back', found: false }]);
	assert.deepEqual((await search(owner, 'joe')).data[0].matches, [{ field: 'emails', parts: [{ text: 'joe', found: true }, { text: 'rg@example.org', found: false }] }]);
	assert.deepEqual(of('tasks').about, { object: 'contact', id: one.id });
	assert.equal(of('tasks').subtitle, 'Jörg <b> Müller');
	assert.equal(of('notes').subtitle, 'Seats for Müller');
	assert.equal(of('contacts').about, null);
	assert.equal(of('contacts').subtitle, 'joerg@example.org', 'others may be called so');
	assert.deepEqual(of('tasks').matches[0].parts, [{ text: 'Muel', found: true }, { text: 'ler wants 200', found: false }]);
	const note = of('notes').matches[0].parts;
	assert.deepEqual(note.map((p) => p.found), [false, true, false]);
	assert.match(note.map((p) => p.text).join(''), /^(filler )+then mueller called( and so on)*( and| and so)?$/, 'no word is cut');
	assert.ok(note.map((p) => p.text).join('').length <= 160);
	assert.match(of('notes').title, /^filler( filler)+…$/);
	await made(owner, '/v1/notes', { body: 'Wants the zither', subject: { object: 'deal', id: deal.id } });
	const { data: [short] } = await search(owner, 'zither');
	assert.deepEqual([short.title_parts, short.matches], [[{ text: 'Wants the ', found: false }, { text: 'zither', found: true }], []], 'a note of one line is told once');
	await person(owner, 'Conan', "O'Neill");
	const { data: [neill] } = await search(owner, "conan o'neill");
	assert.deepEqual(neill.title_parts, [{ text: 'Conan', found: true }, { text: ' ', found: false }, { text: "O'Neill", found: true }], 'what stands side by side is one part');
	await person(owner, 'Zoe', 'Without'), await person(owner, 'Zoe', 'Phone', { phones: [{ value: '030 7654321' }] });
	assert.deepEqual((await search(owner, 'zoe')).data.map((d) => d.subtitle).sort(), ['030 7654321', null]);
	assert.equal((await search(owner, '7654321')).data[0].subtitle, null, 'it stands among what was found');
	assert.equal((await search(owner, 'joerg@example.org')).data[0].subtitle, null);
	const numbers = (await search(owner, '1234567')).data[0];
	assert.deepEqual(numbers.matches[0].parts.filter((p) => p.found).length, 1);
});
