// imports.test.mjs: an import whose process is killed again and again ends with each row written once. The rows say nothing by which
// they could be recognised, so a row that is done twice would be there twice.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { api, sleep, startMuster, until } from '../harness.mjs';
import { counts, done, rowsOf, send, settled } from '../http/importing.mjs';

const muster = await startMuster({ empty: true });
after(() => muster.stop());
const signed = await api(muster.url).post('/v1/companies', { company_name: 'Chaos', full_name: 'Olga', email: 'o@chaos.test', password: 'correct horse battery' });
const owner = api(muster.url, signed.body.token);

const jobs = () => muster.child('muster-jobs');

async function killUntilDone(id, every) {
	let kills = 0;
	for (let over = false; !over; ) {
		await sleep(every); // no event to wait for: it dies wherever it has got to
		over = ['done', 'undone', 'failed'].includes((await owner.get(`/v1/imports/${id}`)).body.state);
		const pid = jobs();
		if (over || !pid || kills >= 5) continue; // (the master starts it again after twice as long each time)
		process.kill(pid, 'SIGKILL');
		kills++;
	}
	return kills;
}

async function everybody() {
	const names = [];
	for (let cursor = ''; ; ) {
		const { body } = await owner.get(`/v1/contacts?limit=100&sort=full_name&fields=full_name${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
		names.push(...body.data.map(({ full_name }) => full_name));
		if (!body.meta.has_more) return names;
		cursor = body.meta.next_cursor;
	}
}

test('an import under kill -9 writes each row once, and so does undoing it', async (t) => {
	const rows = 2000;
	const file = `First name,Last name\n${Array.from({ length: rows }, (_, i) => `Person,${String(i).padStart(5, '0')}`).join('\n')}\n`;
	const { body } = await send(owner, 'contacts', file);
	await owner.post(`/v1/imports/${body.id}/start`);
	const kills = await killUntilDone(body.id, 350);
	const end = await settled(owner, body.id);
	t.diagnostic(`${kills} kills`);
	assert.ok(kills >= 2, `only ${kills} kills`);
	assert.deepEqual(counts(end), done(rows));
	const names = await everybody();
	assert.equal(names.length, rows);
	assert.equal(new Set(names).size, rows);

	await owner.post(`/v1/imports/${body.id}/undo`);
	await killUntilDone(body.id, 350);
	assert.equal((await settled(owner, body.id)).state, 'undone');
	assert.deepEqual(await everybody(), []);
	assert.deepEqual(await rowsOf(owner, body.id), []);
});

test('TERM ends the jobs process at the next step, and the import goes on in the next one', async () => {
	const { body } = await send(owner, 'organisations', `Name\n${Array.from({ length: 2000 }, (_, i) => `Firm ${i}`).join('\n')}\n`);
	await owner.post(`/v1/imports/${body.id}/start`);
	await until(async () => (await owner.get(`/v1/imports/${body.id}`)).body.position > 0, { what: 'the first batch' });
	const pid = jobs();
	process.kill(pid, 'SIGTERM');
	await until(() => jobs() !== pid, { what: 'the end of the process' });
	assert.deepEqual(counts(await settled(owner, body.id)), done(2000));
});
