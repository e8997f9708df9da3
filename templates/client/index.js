// The client of Muster's API; README.md shows how it is used.
export { createClient, etagOf, MusterError, newId, requestOf } from './client.js';
export { openOffline } from './offline.js';
export { indexedDbStorage, memoryStorage } from './storage.js';
export { keepAsking, sleep } from './time.js';
