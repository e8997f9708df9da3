// api.js: the client of the API (templates/client) with this browser's session, for what a script asks and changes by itself. What is shown in advance
// stays until the page has reached the version of the change, and goes back when that is refused. Tests: tests/browser/forms.test.mjs
import { field } from './forms.js';
import { follow, leaveForLogin } from './live.js';
import { notify } from './notices.js';
import { forget, hold, release } from './page.js';

// The token of the page's forms says that a call is this page's (fcgi-app/core/door.c).
const asPage = (url, options) =>
	fetch(url, { ...options, headers: { ...options.headers, 'X-CSRF-Token': field('_csrf') } });

let client;
// Loaded when it is first needed.
export function api() {
	client ??= import(CLIENT).then(({ createClient }) => createClient({ fetch: asPage })).catch((fault) => {
		client = undefined; // another try may find it
		throw fault;
	});
	return client;
}

// Calls an operation whose effect is shown already. `undo` takes that back.
export async function change(operation, input, undo) {
	hold();
	try {
		const { version } = await (await api()).call(operation, input).response();
		forget();
		follow(location.pathname + location.search, undefined, version);
	} catch (fault) {
		if (fault.status === 401) return leaveForLogin();
		undo();
		notify(fault.status ? fault.message : 'The server could not be reached. Nothing was saved.', 'bad');
	} finally {
		release();
	}
}
