// catalog.mjs: the operations of the API document, as requests that can be sent. An example's ids are placeholders, one for each
// table; `known` maps them to rows that there are.

import { randomBytes } from 'node:crypto';
import Ajv from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { api, musterUrl } from '../harness.mjs';

export async function readCatalog() {
	const url = await musterUrl();
	const document = (await api(url).get('/v1/openapi.json')).body;
	const ajv = formats(new Ajv({ strict: false, allErrors: true }));
	ajv.addSchema(document, 'openapi');
	const operations = [];
	for (const [path, methods] of Object.entries(document.paths))
		for (const [method, operation] of Object.entries(methods)) operations.push(describe(document, ajv, path, method, operation));
	const ids = new Map(Object.values(document.components.schemas).filter((one) => one['x-id-of']).map((one) => [one['x-id-of'], one.examples[0]]));
	return { document, operations, ids, byName: new Map(operations.map((one) => [one.name, one])) };
}

const resolve = (document, one) => (one.$ref ? one.$ref.slice(2).split('/').reduce((at, name) => at[name], document) : one);
const escape = (text) => text.replaceAll('~', '~0').replaceAll('/', '~1');

function describe(document, ajv, path, method, operation) {
	const status = Object.keys(operation.responses).find((one) => one < '300');
	const answer = operation.responses[status].content?.['application/json'];
	const [type, body] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
	const at = `openapi#/paths/${escape(path)}/${method}/responses/${status}/content/application~1json/schema`;
	return {
		name: operation.operationId,
		method: method.toUpperCase(),
		path,
		permission: operation['x-permission'],
		statuses: Object.keys(operation.responses).map(Number),
		status: Number(status),
		validate: answer && ajv.compile({ $ref: encodeURI(at) }),
		parameters: operation.parameters.map((one) => resolve(document, one)),
		type,
		schema: body && resolve(document, body.schema),
		example: body?.example,
	};
}

// The example of an operation as a request: { method, path, content }. `world` has `known` ids, a `domain` for addresses, which are
// unique in an installation, and `tokens` of links.
export function requestOf(operation, world, change = {}) {
	const real = (text) => {
		for (const [example, id] of world.known) text = text.replaceAll(example, id);
		return text.replaceAll('example.com', world.domain).replaceAll('token-of-the-link', world.token ?? 'token-of-the-link');
	};
	let path = operation.path;
	const query = new URLSearchParams(change.query);
	for (const one of operation.parameters) {
		if (one.in === 'path') path = path.replace(`{${one.name}}`, encodeURIComponent(change.path?.[one.name] ?? real(String(one.example))));
		else if (one.in === 'query' && one.example !== undefined && !query.has(one.name)) query.set(one.name, real(String(one.example)));
	}
	if (query.size) path += `?${query}`;
	if (!operation.type) return { method: operation.method, path };
	const body = change.body ?? JSON.parse(real(JSON.stringify(operation.example)));
	if (operation.type === 'application/json') return { method: operation.method, path, content: { ...body, ...change.members } };
	const form = new FormData();
	for (const [name, value] of Object.entries({ ...body, ...change.members }))
		if (name === 'file') form.set(name, new Blob([value]), 'people.csv');
		else form.set(name, typeof value === 'string' ? value : JSON.stringify(value));
	return { method: operation.method, path, content: form };
}

export const send = (who, { method, path, content }, headers) => who.request(method, path, content, headers);
export const someDomain = () => `${randomBytes(5).toString('hex')}.example.org`;

// What is wrong with an answer of success by the document; '' when nothing is.
export function faults(operation, answer) {
	if (answer.status !== operation.status) return `${answer.status} ${answer.text}`;
	if (!operation.validate) return answer.text;
	if (operation.validate(answer.body)) return '';
	return operation.validate.errors.map((one) => `${one.instancePath} ${one.message}`).join('; ');
}

// Runs `work` for each item, some at once.
export async function each(items, work, atOnce = 6) {
	const left = [...items];
	await Promise.all(Array.from({ length: atOnce }, async () => {
		while (left.length) await work(left.shift());
	}));
}
