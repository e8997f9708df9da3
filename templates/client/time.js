// time.js: waiting. Only what browsers, Node and React Native all have.

// Resolves after so many milliseconds (Infinity: never), or as soon as `signal` is aborted.
export const sleep = (ms, signal) =>
	new Promise((done) => {
		if (signal?.aborted) return done();
		const timer = ms === Infinity ? undefined : setTimeout(done, ms);
		signal?.addEventListener('abort', () => { clearTimeout(timer); done(); }, { once: true });
	});

// Milliseconds before the next try, never for two clients the same: as long as the server asked for, else twice as long each time.
export const backOff = (tries, { after } = {}) => (after ? after * (1 + Math.random() / 4) : Math.min(30_000, 500 * 2 ** tries) * (0.5 + Math.random() / 2));

// A signal that is aborted after so many milliseconds, or with `outer`. end() when it is needed no longer.
export function timed(ms, outer) {
	const control = new AbortController();
	const abort = () => control.abort();
	const timer = setTimeout(abort, ms);
	if (outer?.aborted) abort();
	outer?.addEventListener('abort', abort);
	return { signal: control.signal, end() { clearTimeout(timer); outer?.removeEventListener('abort', abort); } };
}

// Asks again and again until stop(). `ask(signal)` gives how many milliseconds to rest before the next time; when it throws, `lost(error)` is
// told, and the rest grows from try to try, or is error.after. again(): ask anew now, whatever is being waited for.
export function keepAsking(ask, lost = () => {}) {
	let stopped = false, control;
	const again = () => control?.abort();
	globalThis.addEventListener?.('online', again);
	async function run() {
		for (let tries = 0; !stopped;) {
			control = new AbortController();
			const { signal } = control;
			let rest = 0;
			try {
				rest = await ask(signal);
				tries = 0;
			} catch (error) {
				if (signal.aborted) continue;
				lost(error);
				rest = backOff(tries++, error);
			}
			if (rest && !stopped) await sleep(rest, signal);
		}
		globalThis.removeEventListener?.('online', again);
	}
	return { done: run(), again, stop() { stopped = true; again(); } };
}
