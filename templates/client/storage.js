// storage.js: where an offline store keeps its texts: anything with getItem, setItem and removeItem, which may answer at once (localStorage) or
// later (AsyncStorage of React Native, or these).

export function memoryStorage(items = new Map()) {
	return {
		getItem: (name) => items.get(name) ?? null,
		setItem: (name, text) => void items.set(name, text),
		removeItem: (name) => void items.delete(name),
	};
}

export function indexedDbStorage(name = 'muster') {
	const done = (request) => new Promise((good, bad) => { request.onsuccess = () => good(request.result); request.onerror = () => bad(request.error); });
	const opening = indexedDB.open(name);
	opening.onupgradeneeded = () => opening.result.createObjectStore('items');
	const open = done(opening);
	const store = async (mode) => (await open).transaction('items', mode).objectStore('items');
	return {
		getItem: async (key) => (await done((await store('readonly')).get(key))) ?? null,
		setItem: async (key, text) => void (await done((await store('readwrite')).put(text, key))),
		removeItem: async (key) => void (await done((await store('readwrite')).delete(key))),
	};
}
