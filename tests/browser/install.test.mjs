// The dashboard on a phone: it can be installed, and without a connection a page says so kindly. Chromium itself says what is missing for that.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { login, until, useWholeBrowser, visit } from '../harness.mjs';

useWholeBrowser(); // the shell finds that anything can be installed

const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 3, isMobile: true, hasTouch: true, serviceWorkers: 'allow' };

test('a phone offers to install the dashboard', async (t) => {
	const page = await visit(t, await login('agent@demo.test'), '/', phone);
	await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
	const browser = await page.context().newCDPSession(page);
	const { errors, data, url } = await browser.send('Page.getAppManifest');
	assert.deepEqual(errors, []);
	assert.match(url, /\/static\/app\.[0-9a-f]+\.webmanifest$/);
	const { installabilityErrors } = await browser.send('Page.getInstallabilityErrors');
	// A window of a test is private, in which nothing is installed; that is the only thing that may be in the way.
	assert.deepEqual(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito'), []);
	for (const { src, sizes } of JSON.parse(data).icons) {
		const size = await page.evaluate(async (address) => {
			const image = new Image();
			image.src = address;
			await image.decode();
			return `${image.naturalWidth}x${image.naturalHeight}`;
		}, new URL(src, url).href);
		assert.equal(size, sizes);
	}
	const manifest = await page.request.get(url);
	assert.equal(manifest.headers()['content-type'], 'application/manifest+json');
	assert.match(manifest.headers()['cache-control'], /immutable/);
	assert.equal((await page.request.get('/sw.js')).headers()['cache-control'], 'public, no-cache');
	assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'it fits the screen');
});

test('without a connection a page says so, with its style, and the dashboard is back when there is one; nothing of anybody is kept', async (t) => {
	const page = await visit(t, await login('agent@demo.test'), '/contacts', phone);
	await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
	await until(() => page.evaluate(() => navigator.serviceWorker.controller !== null), { what: 'the worker to look after the page' });
	await page.context().setOffline(true);
	await page.goto('/deals').catch(() => {});
	assert.equal(await page.getByRole('heading').textContent(), 'There is no connection');
	assert.notEqual(await page.evaluate(() => getComputedStyle(document.querySelector('.btn-main')).backgroundColor), 'rgba(0, 0, 0, 0)');
	const kept = await page.evaluate(async () => (await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname)))).flat());
	assert.ok(kept.length === 3 && kept.every((path) => path.startsWith('/static/')), kept.join());
	await page.context().setOffline(false);
	await page.getByRole('link', { name: 'Try again' }).click();
	await page.waitForSelector('[data-page]');
	assert.equal(new URL(page.url()).pathname, '/deals');
});
