// network.mjs: a bad network between a client and Muster: a proxy that, as its dice fall, loses requests, loses answers, cuts answers off, delays, and
// sends requests twice. The same seed gives the same dice.

import http from 'node:http';
import { sleep } from '../harness.mjs';

// mulberry32
export function dice(seed) {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
	};
}

// network.quality: 'good', 'bad' or 'none'. network.seen counts what happened.
export async function openNetwork(t, url, seed) {
	const { hostname, port } = new URL(url);
	const random = dice(seed);
	const network = { quality: 'good', seen: {} };
	const sockets = new Set();

	// One request to Muster; gives { status, headers, body }, or null when there was no answer.
	const forward = ({ method, url: path, headers }, body, gone) =>
		new Promise((done) => {
			const call = http.request({ hostname, port, method, path, headers: { ...headers, connection: 'close' } }, (reply) => {
				const parts = [];
				reply.on('data', (part) => parts.push(part)).on('end', () => done({ status: reply.statusCode, headers: reply.headers, body: Buffer.concat(parts) }))
					.on('error', () => done(null));
			});
			call.on('error', () => done(null));
			gone.addEventListener('abort', () => call.destroy(), { once: true });
			call.end(body);
		});

	function fate() {
		const throws = network.quality === 'bad' ? random() : network.quality === 'none' ? 0 : 1;
		for (const [name, until] of [['request lost', 0.1], ['answer lost', 0.2], ['answer cut', 0.3], ['sent twice', 0.4], ['delayed', 0.6]]) if (throws < until) return name;
		return 'good';
	}

	async function handle(request, reply) {
		const parts = [];
		for await (const part of request) parts.push(part);
		const body = Buffer.concat(parts), what = fate(), gone = new AbortController();
		network.seen[what] = (network.seen[what] ?? 0) + 1;
		reply.on('close', () => gone.abort());
		if (what === 'request lost') return request.socket.destroy();
		if (what === 'delayed') await sleep(random() * 150);
		const answers = [forward(request, body, gone.signal)];
		if (what === 'sent twice') answers.unshift(forward(request, body, gone.signal));
		const [answer] = await Promise.all(answers);
		if (!answer || what === 'answer lost' || network.quality === 'none') return request.socket.destroy();
		const { 'transfer-encoding': _, connection: __, ...headers } = answer.headers;
		reply.writeHead(answer.status, { ...headers, ...(answer.status !== 204 && answer.status !== 304 && { 'content-length': answer.body.length }) });
		if (what !== 'answer cut' || !answer.body.length) return reply.end(answer.body);
		reply.write(answer.body.subarray(0, answer.body.length / 2), () => request.socket.destroy());
	}

	const server = http.createServer((request, reply) => handle(request, reply).catch(() => request.socket.destroy()));
	server.on('connection', (socket) => {
		sockets.add(socket);
		socket.on('close', () => sockets.delete(socket));
	});
	await new Promise((done) => server.listen(0, '127.0.0.1', done));
	network.url = `http://127.0.0.1:${server.address().port}`;
	// There is none from now on: what is on its way is lost.
	network.unplug = () => {
		network.quality = 'none';
		for (const socket of sockets) socket.destroy();
	};
	t.after(() => {
		network.unplug();
		server.close();
	});
	return network;
}
