// imports_bad.test.mjs: files that are no tables, or mean harm: each is refused with a sentence, and nothing of it stays.

import assert from 'node:assert/strict';
import { deflateRawSync } from 'node:zlib';
import { test } from 'node:test';
import { signUp } from './company.mjs';
import { counts, done, importFile, refusals, send } from './importing.mjs';

const owner = await signUp();

// Refused with this sentence about the file, and no import is left.
async function refused(file, sentence, options) {
	const before = (await owner.get('/v1/imports?limit=100')).body.data.length;
	const answer = await send(owner, 'contacts', file, options);
	assert.equal(answer.status, 422, answer.text);
	assert.equal(answer.body.errors[0].pointer, '/file');
	assert.match(answer.body.errors[0].detail, sentence);
	assert.equal((await owner.get('/v1/imports?limit=100')).body.data.length, before);
}

test('an empty file, one of blank lines, and one that only names its columns', async () => {
	await refused('', /empty/);
	await refused('\n\n \n,,,\n', /empty/);
	await refused('\ufeff', /empty|no text/i);
	await refused('First name,Last name,E-mail\n', /no rows/);
});

test('what is no text: a zip, a picture, a program, random bytes', async () => {
	const zip = Buffer.concat([Buffer.from('PK\x03\x04\x14\0\0\0\x08\0'), deflateRawSync(Buffer.from('x'.repeat(5000)))]);
	await refused(zip, /./, { name: 'table.xlsx' });
	await refused(Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]), Buffer.alloc(300, 7)]), /./);
	await refused(Buffer.concat([Buffer.from('\x7fELF\x02\x01\x01'), Buffer.alloc(500)]), /./);
	await refused(Buffer.from(Array.from({ length: 4000 }, (_, i) => (i * 7919 + (i >> 3)) & 255)), /./);
});

test('a row of more than 500 columns, a huge cell and an open quote are refused by line; the others are read', async () => {
	const wide = Array.from({ length: 600 }, (_, i) => `c${i}`).join(',');
	const end = await importFile(owner, 'contacts', `First name,E-mail\nWide,${wide}\nHuge,${'x'.repeat(70_000)}\nOpen,"never closed\nGood,good@bad.test\n`);
	assert.deepEqual(counts(end), done(1, 0, 0, 3));
	const told = await refusals(owner, end.id);
	assert.match(told[0].join(' '), /^2 .*more than 500 columns/);
	assert.match(told[1].join(' '), /^3 .*longer than 64 KiB/);
	assert.match(told[2].join(' '), /^4 .*unclosed quote/);
});

test('a file of 500 columns works', async () => {
	const head = ['E-mail', ...Array.from({ length: 499 }, (_, i) => `Column ${i}`)].join(',');
	const end = await importFile(owner, 'contacts', `${head}\nwide@bad.test,${Array.from({ length: 499 }, (_, i) => i).join(',')}\n`);
	assert.deepEqual(counts(end), done(1));
	assert.equal(end.columns.length, 500);
});

test('a row of more than a megabyte is refused', async () => {
	const row = Array.from({ length: 20 }, () => `"${'y'.repeat(60_000)}"`).join(',');
	await refused(`a,b\n1,2\n${row}\n`, /line 3 is larger than 1 MiB/);
});

test('a file above 64 MB is 413, and what stands just below it is not', async () => {
	const answer = await send(owner, 'contacts', Buffer.alloc(65 << 20, 'x'));
	assert.equal(answer.status, 413);
});

test('a value that is too long, or no value, is refused by row and field', async () => {
	const end = await importFile(owner, 'contacts', `First name,E-mail,Birthday\n${'n'.repeat(200)},long@bad.test,\nA,a@b@c,\nB,,13/13/2013\n\u202eC\x07,c@bad.test,2001-02-03\n`);
	assert.deepEqual(counts(end), done(1, 0, 0, 3));
	const told = (await refusals(owner, end.id)).map(([, why]) => why);
	assert.match(told[0], /^First name: must have at most 100 characters/);
	assert.match(told[1], /^E-mail address: must be an e-mail address/);
	assert.match(told[2], /^Birthday: "13\/13\/2013" is no date/);
});

test('a name of the file is only a name', async () => {
	const names = { '../../etc/passwd': 'passwd', 'C:\\x\\y.csv': 'y.csv', '<img src=x onerror=alert(1)>.csv': '<img src=x onerror=alert(1)>.csv', ['l'.repeat(300)]: 'l'.repeat(200) };
	for (const [name, kept] of Object.entries(names)) {
		const answer = await send(owner, 'contacts', 'E-mail\nx@bad.test\n', { name });
		assert.equal(answer.status, 202, answer.text);
		assert.equal(answer.body.filename, kept);
	}
});

test('the request itself: no file, an unknown object, a field that there is not, a mapping that is no JSON, no multipart', async () => {
	const form = new FormData();
	form.set('object', 'contacts');
	const without = await owner.post('/v1/imports', form);
	assert.deepEqual([without.status, without.body.errors[0].pointer], [422, '/file']);
	assert.equal((await send(owner, 'planets', 'a\nb\n')).status, 422);
	assert.equal((await send(owner, 'contacts', 'a\nb\n', { colour: 'red' })).status, 400);
	assert.equal((await send(owner, 'contacts', 'a\nb\n', { mapping: '{"0":' })).status, 422);
	assert.equal((await send(owner, 'contacts', 'a\nb\n', { mapping: '[1]' })).status, 422);
	assert.equal((await send(owner, 'contacts', 'a\nb\n', { mapping: '{"0":5}' })).status, 422);
	assert.equal((await owner.post('/v1/imports', { object: 'contacts' })).status, 422);
	assert.equal((await owner.post('/v1/imports', 'object=contacts', { 'content-type': 'application/x-www-form-urlencoded' })).status, 415);
});

test('other charsets are read: UTF-16 with and without a mark, Windows-1252, Shift-JIS, CR alone', async () => {
	const utf16 = Buffer.from('\ufeffFirst name\tE-mail\r\nJörg\tjoerg@bad.test\r\n', 'utf16le');
	const bare = Buffer.from('First name,E-mail\r\nGrün,gruen@bad.test\r\n', 'utf16le').swap16();
	const latin = Buffer.from('First name;E-mail\rFran\u00e7ois;francois@bad.test\r', 'latin1');
	const sjis = Buffer.concat([Buffer.from('First name,E-mail\r\n'), Buffer.from([0x8e, 0x52, 0x93, 0x63, 0x91, 0xbe, 0x98, 0x59]), Buffer.from(',yamada@bad.test\r\n')]);
	for (const file of [utf16, bare, latin, sjis]) assert.deepEqual(counts(await importFile(owner, 'contacts', file)), done(1));
	const all = (await owner.get('/v1/contacts?limit=100')).body.data;
	const name = (email) => all.find(({ emails }) => emails?.[0]?.address === email)?.first_name;
	assert.deepEqual(['joerg', 'gruen', 'francois', 'yamada'].map((who) => name(`${who}@bad.test`)), ['Jörg', 'Grün', 'François', '山田太郎']);
});
