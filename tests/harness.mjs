// harness.mjs: what every test of the running system needs: a Muster to talk to, people who are logged in, and a
// browser. tests/run starts one Muster with the demo company for all files (MUSTER_TEST_URL); a file that
// is run alone starts its own, with the same script.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const build = process.env.BUILD_DIR ?? join(root, existsSync(join(root, 'build-test')) ? 'build-test' : 'build');
const quick = { MUSTER_SCRYPT_N: '1024', MUSTER_RATE_PER_MINUTE: '0', MUSTER_WORKER_MEGABYTES: '4096' };

// Registered while the file is being read, so that they run after its last test and not after its first.
const endings = [];
after(async () => {
	for (const end of endings.reverse()) await end();
});

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

// Waits until `check` gives something true, and gives that.
export async function until(check, { ms = 10_000, every = 25, what = 'it' } = {}) {
	for (const end = Date.now() + ms; ; await sleep(every)) {
		const value = await check();
		if (value) return value;
		if (Date.now() > end) throw new Error(`${what} did not happen within ${ms} ms`);
	}
}

export function freePort() {
	return new Promise((done) => {
		const server = createServer().listen(0, '127.0.0.1', () => {
			const { port } = server.address();
			server.close(() => done(port));
		});
	});
}

// Starts a Muster of its own on a free port and in a folder of its own, with fcgi-app/run. `env` are settings.
// stop() ends it and removes the folder, and fails when a sanitizer saw something or an answer was not as declared; restart() ends it and starts it again on the same data.
export async function startMuster({ empty = false, env = {}, args = [], keep } = {}) {
	const port = await freePort();
	const dataDir = keep ?? await mkdtemp('/tmp/muster-test.');
	const forget = () => keep || rm(dataDir, { recursive: true, force: true });
	const muster = { url: `http://127.0.0.1:${port}`, dataDir, args: [...args], output: '', process: undefined };

	// What tests/run has kept: the same in less time.
	const kept = process.env.MUSTER_TEST_DATABASES;
	if (kept && !env.MUSTER_DATABASE_URL) {
		execFileSync('cp', ['-a', '--sparse=always', join(kept, empty ? 'empty' : 'demo-company'), join(dataDir, 'mariadb')]);
		if (!empty) writeFileSync(join(dataDir, 'demo'), '');
	}

	async function start() {
		const command = [join(root, 'fcgi-app/run'), '--port', port, '--data', dataDir, ...(empty ? ['--empty'] : []), ...muster.args];
		// It ends with this process, even when that is killed.
		const child = spawn('setpriv', ['--pdeathsig', 'TERM', 'bash', ...command], {
			env: { ...process.env, ...quick, SKIP_BUILD: '1', BUILD_DIR: build, ...env },
			stdio: ['ignore', 'pipe', 'pipe'],
			detached: true, // a Ctrl-C is for the test, which stops it
		});
		muster.process = child;
		muster.output = '';
		muster.ended = new Promise((done) => child.on('close', (code) => done(code)));
		await new Promise((done, fail) => {
			const read = (text) => {
				muster.output += text;
				if (/^ready: /m.test(muster.output)) done();
			};
			child.stdout.setEncoding('utf8').on('data', read);
			child.stderr.setEncoding('utf8').on('data', read);
			child.on('error', fail);
			muster.ended.then((code) => fail(new Error(`Muster did not start (${code}): ${muster.output}`)));
		});
	}
	async function end(signal = 'SIGINT') {
		if (muster.process.exitCode === null && muster.process.signalCode === null) muster.process.kill(signal);
		return muster.ended;
	}
	muster.end = end; // stops it and keeps the folder; gives the exit status
	muster.start = start; // after end()
	muster.restart = async () => {
		await end();
		await start();
	};
	muster.stop = async () => {
		const code = await end();
		const seen = /.*(AddressSanitizer|LeakSanitizer|runtime error:|Assertion|not of its declared shape).*/.exec(muster.log());
		if (seen) throw new Error(`${seen[0]}: see ${dataDir}/log/muster.log`);
		await forget();
		return code;
	};
	muster.log = () => readFileSync(join(dataDir, 'log/muster.log'), 'utf8');
	muster.pid = (name = 'muster') => Number(readFileSync(join(dataDir, `run/${name}.pid`), 'utf8'));
	// The process of that name among those that the master has started; undefined between two of them.
	muster.child = (name) => {
		const pid = muster.pid();
		return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number).find((child) => {
			try {
				return readFileSync(`/proc/${child}/comm`, 'utf8').trim() === name;
			} catch {
				return false;
			}
		});
	};
	try {
		await start();
	} catch (error) {
		await forget();
		throw error;
	}
	return muster;
}

// The Muster that all files share, with the demo company: its URL. Do not stop or crash it.
let shared;
export function musterUrl() {
	shared ??= process.env.MUSTER_TEST_URL ?? startMuster().then((own) => {
		endings.push(() => own.stop());
		process.env.MUSTER_TEST_DATA = own.dataDir;
		return own.url;
	});
	return Promise.resolve(shared);
}

// In tests/run, whatever a test asks the shared Muster over JSON goes through Prism, which holds every answer against the API document. Not
// what waits or is a stream, and no other types: a proxy would hold them back, or make something else of them. And not these files:
const past = {
	attack: 'asks for what Prism puts right on the way: a parameter twice, odd signs in an address, half a request',
	bad_input: 'the same',
	nginx: 'is about what stands first',
};
const { MUSTER_TEST_URL: before, MUSTER_TEST_PRISM: prism } = process.env;
const judged = prism && !past[/(\w+)\.test\.mjs$/.exec(process.argv[1])?.[1]];
function throughPrism(url, path, content, headers) {
	const plain = content === undefined || Object.getPrototypeOf(content) === Object.prototype;
	const special = Object.keys(headers).some((name) => ['accept', 'prefer', 'content-type'].includes(name.toLowerCase()));
	return judged && url === before && plain && !special && /^\/v1\/(?!live)/.test(path) && prism;
}
// A wrong request is wrong on purpose; an answer never is. What may be missing, the document can say in words only: members that were not
// asked for (`fields`), and all but the id of a row that a change took out of the caller's sight. What is there must be as it says.
function judge({ status, headers, body }, method, path) {
	const some = /[?&]fields=/.test(path) || (method !== 'GET' && body?.id && !('created_at' in body));
	const said = headers.get('sl-violations') ?? '[]';
	if (some && said.startsWith('Too many')) return; // of many rows there is not room in a header
	assert.match(said, /^\[/, `${method} ${path}`);
	const wrong = JSON.parse(said).filter((one) => one.location[0] === 'response' && !(some && one.code === 'required') && !ofIntranet(one));
	assert.deepEqual(wrong.map(({ location, message }) => `${location.join('/')} ${message}`), [], `${method} ${path}: ${status} is not as the API document says`);
}
// Prism's rule for addresses wants a point in the name of the host; RFC 5321 does not, and hosts of an intranet have none.
const ofIntranet = ({ message }) => message.endsWith('must match format "email"');
const isOfPrism = ({ body }) => String(body?.type).startsWith('https://stoplight.io/prism'); // it does not know the address, and asked nobody

// A Muster that is empty and nobody else's, for a file of tests: whatever asks in it (company.mjs) asks there.
export async function ownMuster() {
	const muster = await startMuster({ empty: true });
	process.env.MUSTER_TEST_URL = muster.url;
	process.env.MUSTER_TEST_DATA = muster.dataDir;
	after(() => muster.stop());
	return muster;
}

// Calls of the API at `url` by whoever has `token`. Each gives { status, headers, text, body }; body is the JSON.
export function api(url, token) {
	async function request(method, path, content, headers = {}) {
		const prism = throughPrism(url, path, content, headers);
		const answer = prism && (await ask(prism, method, path, content, { 'accept-encoding': 'identity', ...headers })); // it packs nothing again
		if (!answer || isOfPrism(answer)) return ask(url, method, path, content, headers);
		judge(answer, method, path);
		return answer;
	}
	async function ask(at, method, path, content, headers) {
		// While a test waits for a statement, a connection that is kept open may be closed by the other side: that is heard in these turns.
		await turn();
		await turn();
		const plain = content === undefined || typeof content === 'string' || content instanceof FormData || content instanceof Uint8Array;
		const response = await fetch(at + path, {
			method,
			redirect: 'manual',
			headers: {
				...(token && { authorization: `Bearer ${token}` }),
				...(!plain && { 'content-type': 'application/json' }),
				...headers,
			},
			body: plain ? content : JSON.stringify(content),
			signal: AbortSignal.timeout(100_000),
		});
		const text = await response.text();
		const json = /[/+]json/.test(response.headers.get('content-type') ?? '');
		return { status: response.status, headers: response.headers, text, body: json && text ? JSON.parse(text) : undefined };
	}
	return {
		url,
		token,
		request,
		get: (path, headers) => request('GET', path, undefined, headers),
		post: (path, content, headers) => request('POST', path, content, headers),
		put: (path, content, headers) => request('PUT', path, content, headers),
		patch: (path, content, headers) => request('PATCH', path, content, headers),
		delete: (path, headers) => request('DELETE', path, undefined, headers),
	};
}

// Logs in and gives the API as that person sees it. Demo people: owner, leader, agent @demo.test, password "demo".
export async function login(email, password = 'demo', url = undefined) {
	url ??= await musterUrl();
	const answer = await api(url).post('/v1/sessions', { email, password });
	if (answer.status !== 201) throw new Error(`login of ${email}: ${answer.status} ${answer.text}`);
	return { ...api(url, answer.body.token), agent: answer.body.agent };
}

// The installed Chromium, closed at the end of the file. newPage() and newContext() as in Playwright. Without all that is about the pages
// (headless shell), which is more than half of what a whole browser costs; a file that is about just that says so, before its first visit.
let chromium, program = '/usr/bin/chromium-headless-shell';
export const useWholeBrowser = () => (program = '/usr/bin/chromium');
export function browser() {
	chromium ??= import('playwright-core').then(async (playwright) => {
		const own = await playwright.chromium.launch({
			executablePath: program,
			args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
		});
		endings.push(() => own.close());
		return own;
	});
	return chromium;
}

// A window of its own on `path`, as a person at another machine has it, until the test is over. `who` is what a log-in or a sign-up
// gave, or null for a stranger. What the page itself gets wrong (an exception, a breach of the content security policy) fails the test.
// Without a service worker, unless `options` allow it: one that takes over in the middle of a page sends requests that the test holds.
export async function visit(t, who, path = '/', options = {}) {
	const url = await musterUrl();
	const context = await (await browser()).newContext({ baseURL: url, viewport: { width: 1440, height: 900 }, serviceWorkers: 'block', ...options });
	context.setDefaultTimeout(10_000);
	if (who) await context.addCookies([{ name: 'muster_session', value: who.token, url }]);
	const page = await context.newPage();
	page.faults = [];
	page.on('pageerror', (error) => page.faults.push(String(error.stack ?? error)));
	page.on('console', (message) => {
		if (/Content Security Policy/.test(message.text())) page.faults.push(message.text());
	});
	const alarm = setTimeout(() => context.close(), 60_000); // what hangs in it fails
	t.after(async () => {
		clearTimeout(alarm);
		await context.close();
		assert.deepEqual(page.faults, []);
	});
	if (path) await page.goto(path);
	return page;
}
