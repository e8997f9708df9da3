// breaking.mjs: what a client that was written for one API document misses in another. A request that was good must stay good, and
// an answer must hold what it held: members, parameters and values may be added, none may be taken away.

function resolve(schema, document) {
	if (!schema?.$ref) return schema ?? {};
	return schema.$ref.slice(2).split('/').reduce((at, name) => at[name.replaceAll('~1', '/')], document);
}

// A schema without references at its top: its members merged, and null as one of its types.
function flat(schema, document) {
	let s = resolve(schema, document);
	if (s.allOf) {
		const { allOf, ...own } = s;
		s = allOf.map((one) => flat(one, document)).reduce((all, one) => ({
			...all, ...one,
			properties: { ...all.properties, ...one.properties },
			required: [...(all.required ?? []), ...(one.required ?? [])],
		}), own);
	}
	if (s.anyOf?.length === 2 && s.anyOf[1].type === 'null') {
		const inner = flat(s.anyOf[0], document);
		s = { ...inner, type: [inner.type, 'null'].flat() };
	}
	return s;
}

const types = (s) => (s.type === undefined ? undefined : [s.type].flat());
const words = (list) => list.map((one) => JSON.stringify(one)).join(', ');

// `asked`: a schema of what clients send, else of what they are sent.
function schemas(before, after, asked, at, say, seen) {
	const pair = before?.$ref && `${before.$ref} ${asked}`;
	if (pair && seen.has(pair)) return;
	if (pair) seen.add(pair);
	const b = flat(before, seen.before), a = flat(after, seen.after);
	const [had, has] = [types(b), types(a)];
	const narrower = asked ? had?.filter((one) => !has?.includes(one)) : has?.filter((one) => !had?.includes(one));
	if (had && has && narrower.length) say(`${at}: its type was ${had.join(' or ')} and is ${has.join(' or ')}`);
	if (asked ? !had && has : had && !has) say(`${at}: its type was ${had ?? 'any'} and is ${has ?? 'any'}`);
	if (b['x-id-of'] !== a['x-id-of']) say(`${at}: it was an id of ${b['x-id-of'] ?? 'anything'} and is one of ${a['x-id-of'] ?? 'anything'}`);
	if (b.format !== a.format && (!asked || a.format)) say(`${at}: its format was ${b.format ?? 'free'} and is ${a.format ?? 'free'}`);
	const gone = b.enum?.filter((one) => a.enum && !a.enum.includes(one)) ?? [];
	if (gone.length) say(`${at}: it can no longer be ${words(gone)}`);
	if (asked) {
		if (a.enum && !b.enum) say(`${at}: it must now be one of ${words(a.enum)}`);
		if (a.pattern && a.pattern !== b.pattern) say(`${at}: it must now match ${a.pattern}`);
		for (const limit of ['minLength', 'minItems', 'minimum'])
			if ((a[limit] ?? -Infinity) > (b[limit] ?? (limit === 'minimum' ? -Infinity : 0))) say(`${at}: ${limit} was ${b[limit] ?? 'none'} and is ${a[limit]}`);
		for (const limit of ['maxLength', 'maxItems', 'maximum'])
			if ((a[limit] ?? Infinity) < (b[limit] ?? Infinity)) say(`${at}: ${limit} was ${b[limit] ?? 'none'} and is ${a[limit]}`);
		for (const name of a.required ?? []) if (!b.required?.includes(name)) say(`${at}/${name}: it must now be given`);
	} else {
		for (const name of b.required ?? []) if (!a.required?.includes(name)) say(`${at}/${name}: it was always there and may now be missing`);
	}
	for (const [name, was] of Object.entries(b.properties ?? {})) {
		if (!a.properties?.[name]) say(`${at}/${name}: it was taken away`);
		else schemas(was, a.properties[name], asked, `${at}/${name}`, say, seen);
	}
	if (b.items && a.items) schemas(b.items, a.items, asked, `${at}/items`, say, seen);
	if (typeof b.additionalProperties === 'object') schemas(b.additionalProperties, a.additionalProperties, asked, `${at}/*`, say, seen);
	if (b.anyOf && !(b.anyOf.length === 2 && b.anyOf[1].type === 'null'))
		b.anyOf.forEach((one, i) => (a.anyOf?.[i] ? schemas(one, a.anyOf[i], asked, at, say, seen) : say(`${at}: one of its forms was taken away`)));
}

function parameters(operation, document) {
	const all = new Map();
	for (const one of operation.parameters ?? []) {
		const parameter = resolve(one, document);
		all.set(`${parameter.in} parameter ${parameter.name}`, parameter);
	}
	return all;
}

function operations(before, after, at, say, documents) {
	const seen = () => Object.assign(new Set(), documents);
	const had = parameters(before, documents.before), has = parameters(after, documents.after);
	if (before.operationId !== after.operationId) say(`${at}: its name was ${before.operationId} and is ${after.operationId}`);
	if (before['x-permission'] !== after['x-permission'])
		say(`${at}: it took the permission ${before['x-permission']} and takes ${after['x-permission']}`);
	for (const [name, parameter] of had) {
		if (!has.has(name)) say(`${at}: its ${name} was taken away`);
		else schemas(parameter.schema, has.get(name).schema, true, `${at}: ${name}`, say, seen());
	}
	for (const [name, parameter] of has)
		if (parameter.required && !had.get(name)?.required) say(`${at}: ${name}: it must now be given`);
	if (after.requestBody?.required && !before.requestBody?.required) say(`${at}: it must now have a body`);
	for (const [type, content] of Object.entries(before.requestBody?.content ?? {})) {
		const now = after.requestBody?.content[type];
		if (!now) say(`${at}: it no longer takes ${type}`);
		else schemas(content.schema, now.schema, true, `${at}: body`, say, seen());
	}
	for (const [status, response] of Object.entries(before.responses)) {
		if (status >= '400') continue;
		const now = after.responses[status];
		if (!now) {
			say(`${at}: it no longer answers ${status}`);
			continue;
		}
		for (const [type, content] of Object.entries(response.content ?? {})) {
			if (!now.content?.[type]) say(`${at}: it no longer answers ${type}`);
			else schemas(content.schema, now.content[type].schema, false, `${at}: answer`, say, seen());
		}
	}
}

// Gives what breaks, a line for each; nothing for a document that only adds.
export function breaking(before, after) {
	const lines = new Set();
	for (const [path, methods] of Object.entries(before.paths))
		for (const [method, operation] of Object.entries(methods)) {
			const at = `${method.toUpperCase()} ${path}`, now = after.paths[path]?.[method];
			if (!now) lines.add(`${at}: it was taken away`);
			else operations(operation, now, at, (line) => lines.add(line), { before, after });
		}
	return [...lines];
}
