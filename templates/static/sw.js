// sw.js: what a browser shows of Muster when it has no connection: one page that says so. Nothing that belongs to anybody is kept. The build puts
// in what that page is made of.
const SHELL = 'muster-' + PAGE;

addEventListener('install', (event) => event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll([PAGE, ...PARTS])).then(() => skipWaiting())));

addEventListener('activate', (event) =>
	event.waitUntil(caches.keys().then((names) => Promise.all(names.filter((name) => name !== SHELL).map((name) => caches.delete(name)))).then(() => clients.claim())));

addEventListener('fetch', (event) => {
	const { request } = event;
	if (request.mode === 'navigate' && request.method === 'GET') event.respondWith(fetch(request).catch(() => caches.match(PAGE)));
	else if (PARTS.includes(new URL(request.url).pathname)) event.respondWith(caches.match(request, { ignoreVary: true }).then((kept) => kept ?? fetch(request)));
});
