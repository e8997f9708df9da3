// build.mjs OUT_DIR CLIENT_DIR: writes the files that the browser loads, hashed and minified, a .gz beside each, and
// manifest.json, which maps the plain name ("app.css") to the hashed one. Pages name only what the manifest
// names. Sources: static/css, static/js, static/icons.json, and the client of the API, as `muster emit typescript` writes it;
// the kit comes from npm by package-lock.json.

import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { build } from 'esbuild';
import subsetFont from 'subset-font';

const here = dirname(fileURLToPath(import.meta.url));
const npm = createRequire(import.meta.url);
const [out, client] = process.argv.slice(2).map((folder) => resolve(folder));
if (!client) {
	console.error('usage: node build.mjs OUT_DIR CLIENT_DIR');
	process.exit(2);
}
const manifest = {};

// The name carries the content, so that nginx may tell browsers to keep it for ever.
async function emit(name, content) {
	const bytes = Buffer.from(content);
	const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 10);
	const hashed = name.replace(/\.(\w+)$/, `.${hash}.$1`);
	await writeFile(join(out, hashed), bytes);
	await writeFile(join(out, hashed + '.gz'), gzipSync(bytes, { level: 9 }));
	manifest[name] = hashed;
	return hashed;
}

async function filesUnder(folder, suffix) {
	const found = [];
	for (const entry of await readdir(folder, { withFileTypes: true })) {
		if (entry.name === 'node_modules') continue;
		const path = join(folder, entry.name);
		if (entry.isDirectory()) found.push(...(await filesUnder(path, suffix)));
		else if (entry.name.endsWith(suffix)) found.push(path);
	}
	return found.sort();
}

// One family, weights 400 to 700, cut by script: a page loads the first, and another only when a name needs it.
const scripts = {
	latin: ['latin', 'U+20-7E,U+A0-FF,U+131,U+152-153,U+2BB-2BC,U+2C6,U+2DA,U+2DC,U+2010-2015,U+2018-201E,' +
		'U+2020-2022,U+2026,U+2030,U+2032-2033,U+2039-203A,U+2044,U+20AC,U+2122,U+2190-2193,U+2212,U+FFFD'],
	'latin-ext': ['latin-ext', 'U+100-130,U+132-151,U+154-17F,U+218-21B,U+1E80-1E85,U+1E9E,U+20A6-20AB,U+20B1-20BF'],
	vietnamese: ['vietnamese', 'U+1A0-1A1,U+1AF-1B0,U+300-301,U+303-304,U+308-309,U+323,U+329,U+1EA0-1EF9'],
	greek: ['greek', 'U+37E,U+384-38A,U+38C,U+38E-3A1,U+3A3-3CE'],
	cyrillic: ['cyrillic', 'U+400-45F,U+490-491,U+4B0-4B1,U+2116'],
};

function characters(range) {
	let text = '';
	for (const part of range.split(',')) {
		const [from, to = from] = part.slice(2).split('-').map((hex) => parseInt(hex, 16));
		for (let code = from; code <= to; code++) text += String.fromCodePoint(code);
	}
	return text;
}

async function fonts() {
	let css = '';
	for (const [name, [source, range]] of Object.entries(scripts)) {
		const file = npm.resolve(`@fontsource-variable/inter/files/inter-${source}-opsz-normal.woff2`);
		const font = await subsetFont(await readFile(file), characters(range), {
			targetFormat: 'woff2',
			variationAxes: { wght: { min: 400, max: 700 } },
			preserveNameIds: [0, 13, 14], // copyright and licence go with the font
			keepFeatures: ['kern', 'ccmp', 'locl', 'mark', 'mkmk', 'calt', 'tnum', 'case', 'ss03', 'cv11'],
		});
		const url = await emit(name === 'latin' ? 'font.woff2' : `font-${name}.woff2`, font);
		// optional: a font that is late waits for the next page, so that text never moves.
		css += `@font-face{font-family:Inter;font-style:normal;font-weight:400 700;font-display:optional;` +
			`src:url(${url})format("woff2");unicode-range:${range}}`;
	}
	return css;
}

// The sprite holds the icons that icons.json names; a page that asks for another one fails here.
async function icons(sources) {
	const names = JSON.parse(await readFile(join(here, 'static/icons.json'), 'utf8'));
	for (const [path, text] of sources)
		for (const [, name] of text.matchAll(/asset\.icons}}#([a-z-]+)/g))
			if (!names[name]) throw new Error(`${path}: no icon "${name}" in static/icons.json`);
	let sprite = '<svg xmlns="http://www.w3.org/2000/svg"><!-- Lucide (lucide.dev), ISC licence -->';
	for (const [name, lucide] of Object.entries(names)) {
		const svg = await readFile(npm.resolve(`lucide-static/icons/${lucide}.svg`), 'utf8');
		const body = svg.replace(/<!--.*?-->/gs, '').replace(/^\s*<svg[^>]*>|<\/svg>\s*$/g, '').replace(/\s*\n\s*/g, '');
		sprite += `<symbol id="${name}" viewBox="0 0 24 24">${body}</symbol>`;
	}
	return emit('icons.svg', sprite + '</svg>');
}

// Styles may not stand in attributes (content security policy), so each hue that the filter may print has a rule.
function hues() {
	let css = '';
	for (let hue = 0; hue < 360; hue++) css += `[data-hue="${hue}"]{--hue:${hue}}`;
	return css;
}

// The kit brings a few hundred tokens; those that no rule uses are not sent.
function dropUnusedTokens(css) {
	for (let before = ''; before !== css; ) {
		before = css;
		css = css.replace(/(?<=[{;])(--[\w-]+):[^;{}]*(?:;|(?=}))/g, (declaration, token) =>
			css.includes(`var(${token})`) || css.includes(`var(${token},`) ? declaration : '');
	}
	return css;
}

async function bundle(entry, options) {
	const result = await build({
		entryPoints: [resolve(here, 'static', entry)],
		absWorkingDir: here,
		bundle: true,
		minify: true,
		write: false,
		legalComments: 'eof',
		logLevel: 'warning',
		alias: { 'muster-client': join(client, 'index.js') },
		...options,
	});
	return result.outputFiles[0].text;
}

// The picture of the app in the sizes that a phone asks for. `part`: how much of it the logo takes; a phone may cut the rest into any form.
async function picture(name, size, part = 1) {
	const logo = (await readFile(join(here, 'static/favicon.svg'), 'utf8')).replace(/^<svg[^>]*>|<\/svg>\s*$/g, '');
	const ground = /fill="(#\w+)"/.exec(logo)[1];
	const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${part < 1 ? `<rect width="32" height="32" fill="${ground}"/>` : ''}` +
		`<g transform="translate(16 16) scale(${part}) translate(-16 -16)">${logo}</g></svg>`;
	return emit(name, new Resvg(svg, { fitTo: { mode: 'width', value: size } }).render().asPng());
}

// What makes a phone offer to install the dashboard. It says nothing of a company: it is the same for all.
async function installable() {
	await initWasm(await readFile(npm.resolve('@resvg/resvg-wasm/index_bg.wasm')));
	const icon = (src, size, purpose) => ({ src, sizes: `${size}x${size}`, type: 'image/png', purpose });
	const icons = [
		icon(await picture('icon-192.png', 192), 192, 'any'),
		icon(await picture('icon-512.png', 512), 512, 'any'),
		icon(await picture('icon-maskable.png', 512, 0.75), 512, 'maskable'),
	];
	await picture('touch.png', 180, 0.85);
	const page = (name, url) => ({ name, url });
	await emit('app.webmanifest', JSON.stringify({
		id: '/', start_url: '/', scope: '/', name: 'Muster', short_name: 'Muster', description: 'Contacts, deals and tasks',
		display: 'standalone', background_color: '#faf9f7', theme_color: '#0f5166', icons,
		shortcuts: [page('Contacts', '/contacts'), page('Deals', '/deals'), page('Tasks', '/tasks?status=open')],
	}));
	const offline = await readFile(join(here, 'static/offline.html'), 'utf8');
	const shown = await emit('offline.html', offline.replace(/"(app\.css|favicon\.svg)"/g, (_, name) => `"/static/${manifest[name]}"`));
	// Browsers ask for it by this one name; nginx gives it as /sw.js, for all pages.
	const parts = ['app.css', 'favicon.svg'].map((name) => `/static/${manifest[name]}`);
	const worker = await bundle('sw.js', { format: 'iife', target: 'es2022', define: { PAGE: JSON.stringify(`/static/${shown}`), PARTS: JSON.stringify(parts) } });
	await writeFile(join(out, 'sw.js'), worker);
}

// Files of an earlier build stay: a page that was rendered before still asks for them.
await mkdir(out, { recursive: true });
const sources = [];
for (const path of await filesUnder(here, '.mustache')) sources.push([path, await readFile(path, 'utf8')]);

const style = await bundle('css/app.css', { target: 'esnext' });
await emit('app.css', (await fonts()) + dropUnusedTokens(style) + hues());
// The pages load the client when they first need it.
const CLIENT = `/static/${await emit('client.js', await bundle(join(client, 'index.js'), { format: 'esm', target: 'es2022' }))}`;
await emit('app.js', await bundle('js/app.js', { format: 'esm', target: 'es2022', define: { CLIENT: JSON.stringify(CLIENT) }, external: [CLIENT] }));
await emit('theme.js', await bundle('js/theme.js', { format: 'iife', target: 'es2022' }));
await emit('favicon.svg', await readFile(join(here, 'static/favicon.svg')));
await icons(sources);
await installable();
await writeFile(join(out, 'manifest.json'), JSON.stringify(manifest, null, '\t') + '\n');
for (const [name, hashed] of Object.entries(manifest))
	console.log(name.padEnd(22), gzipSync(await readFile(join(out, hashed)), { level: 9 }).length, 'bytes compressed');
