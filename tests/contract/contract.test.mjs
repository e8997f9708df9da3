// The contract as the program emits it: other people's rules for API documents, how quickly it is made, and that no client of today
// breaks tomorrow.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import redocly from '@redocly/openapi-core';
import spectral from '@stoplight/spectral-core';
import parsers from '@stoplight/spectral-parsers';
import rulesets from '@stoplight/spectral-rulesets';
import { build, root } from '../harness.mjs';
import { breaking } from './breaking.mjs';

const emit = (name) => execFileSync(join(build, 'muster'), ['emit', name], { encoding: 'utf8', maxBuffer: 1 << 26 });
const source = emit('openapi');
const golden = () => JSON.parse(readFileSync(join(root, 'tests/golden/openapi.json'), 'utf8'));

test('all contracts are emitted in less than a second', (t) => {
	const began = performance.now();
	for (const name of ['routes', 'access', 'openapi']) emit(name);
	const ms = performance.now() - began;
	t.diagnostic(`${Math.round(ms)} ms for routes, access and openapi`);
	assert.ok(ms < 1000, `${ms} ms`);
});

test("Redocly's recommended rules have nothing to say of the API document", async () => {
	const config = await redocly.createConfig({ extends: ['recommended'] });
	const said = await redocly.lintFromString({ source, config });
	assert.deepEqual(said.map((one) => `${one.ruleId}: ${one.message} ${one.location[0]?.pointer}`), []);
});

test("Spectral's rules for OpenAPI have nothing to say of it either", async () => {
	const linter = new spectral.Spectral();
	linter.setRuleset({ extends: [rulesets.oas] });
	const said = await linter.run(new spectral.Document(source, parsers.Json));
	assert.deepEqual(said.map((one) => `${one.code}: ${one.message} ${one.path.join('/')}`), []);
});

test('every group of operations is described', () => {
	for (const tag of JSON.parse(source).tags) assert.ok(tag.description, `${tag.name} has no text in openapi.c`);
});

test('nothing that a client of tests/golden/openapi.json relies on was taken away', () => {
	assert.deepEqual(breaking(golden(), JSON.parse(source)), [], 'a change that breaks clients: to say that it is meant, write the golden file anew');
});

// ---- the comparer itself ----

const schemasOf = (document) => document.components.schemas;
const breaks = [
	['an operation', (d) => delete d.paths['/v1/deals/{id}/win'], 'POST /v1/deals/{id}/win: it was taken away'],
	['a member of an answer', (d) => delete schemasOf(d).Deal.properties.title, 'GET /v1/deals/{id}: answer/title: it was taken away'],
	['a member of a list', (d) => delete schemasOf(d).Deal.properties.title, 'GET /v1/deals: answer/data/items/title: it was taken away'],
	['a member that may now be missing', (d) => schemasOf(d).Deal.required.shift(), 'GET /v1/deals/{id}: answer/id: it was always there and may now be missing'],
	['a value of an answer', (d) => schemasOf(d).Deal.properties.status.enum.pop(), 'GET /v1/deals/{id}: answer/status: it can no longer be "lost"'],
	['another type of an answer', (d) => (schemasOf(d).Deal.properties.title.type = 'integer'), 'GET /v1/deals/{id}: answer/title: its type was string and is integer'],
	['null in an answer', (d) => (schemasOf(d).Deal.properties.title.type = ['string', 'null']), 'GET /v1/deals/{id}: answer/title: its type was string and is string or null'],
	['the id of something else', (d) => (schemasOf(d).Deal.properties.stage_id = { $ref: '#/components/schemas/ContactId' }), 'GET /v1/deals/{id}: answer/stage_id: it was an id of stages and is one of contacts'],
	['an input', (d) => delete schemasOf(d).DealsCreateInput.properties.product, 'POST /v1/deals: body/product: it was taken away'],
	['a new input that must be given', (d) => schemasOf(d).DealsCreateInput.required.push('product'), 'POST /v1/deals: body/product: it must now be given'],
	['a shorter limit', (d) => (schemasOf(d).DealsCreateInput.properties.title.maxLength = 100), 'POST /v1/deals: body/title: maxLength was 200 and is 100'],
	['a longer least', (d) => (schemasOf(d).DealsCreateInput.properties.title.minLength = 5), 'POST /v1/deals: body/title: minLength was 1 and is 5'],
	['a value of an input', (d) => schemasOf(d).TasksCreateInput.properties.kind.enum.shift(), 'POST /v1/tasks: body/kind: it can no longer be "todo"'],
	['null in an input', (d) => (schemasOf(d).DealsCreateInput.properties.product.type = 'string'), 'POST /v1/deals: body/product: its type was string or null and is string'],
	['a filter', (d) => (d.paths['/v1/deals'].get.parameters = d.paths['/v1/deals'].get.parameters.filter((one) => one.name !== 'stage_id')), 'GET /v1/deals: its query parameter stage_id was taken away'],
	['a new parameter that must be given', (d) => d.paths['/v1/deals'].get.parameters.push({ name: 'x', in: 'query', required: true, schema: {} }), 'GET /v1/deals: query parameter x: it must now be given'],
	['a way to sort', (d) => d.paths['/v1/deals'].get.parameters.find((one) => one.name === 'sort').schema.items.enum.shift(), 'GET /v1/deals: query parameter sort/items: it can no longer be'],
	['another status', (d) => { const r = d.paths['/v1/deals'].post.responses; r[200] = r[201]; delete r[201]; }, 'POST /v1/deals: it no longer answers 201'],
	['another permission', (d) => (d.paths['/v1/deals'].get['x-permission'] = 'deals.edit'), 'GET /v1/deals: it took the permission deals.view and takes deals.edit'],
];
for (const [what, change, says] of breaks)
	test(`a change breaks clients: ${what}`, () => {
		const after = golden();
		change(after);
		const lines = breaking(golden(), after);
		assert.ok(lines.some((line) => line.startsWith(says)), `"${says}" is not among: ${lines.join('; ')}`);
	});

const adds = [
	['an operation', (d) => (d.paths['/v1/more'] = d.paths['/v1/deals'])],
	['a member of an answer', (d) => (schemasOf(d).Deal.properties.more = { type: 'string' })],
	['a value of an answer', (d) => schemasOf(d).Deal.properties.status.enum.push('asleep')],
	['an input that may be given', (d) => (schemasOf(d).DealsCreateInput.properties.more = { type: 'string' })],
	['a wider limit', (d) => (schemasOf(d).DealsCreateInput.properties.title.maxLength = 500)],
	['an input that need no longer be given', (d) => schemasOf(d).DealsCreateInput.required.pop()],
	['null where it was refused', (d) => (schemasOf(d).DealsCreateInput.properties.title.type = ['string', 'null'])],
	['a failure', (d) => (d.paths['/v1/deals'].get.responses[418] = { description: 'new' })],
	['a text for people', (d) => (schemasOf(d).Deal.properties.title.description = 'another')],
];
for (const [what, change] of adds)
	test(`a change breaks nobody: ${what}`, () => {
		const after = golden();
		change(after);
		assert.deepEqual(breaking(golden(), after), []);
	});
