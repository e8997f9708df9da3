// storm.mjs: one run: companies, clients of all kinds, random steps, and faults; then silence, in which everybody must arrive at what is
// true within `bound` milliseconds, although nobody's wait runs out. See model.mjs (what is true), writers.mjs (steps), readers.mjs (what
// is checked), machines.mjs (faults).

import { sleep } from '../harness.mjs';
import { makeCompany } from './company.mjs';
import { startAll } from './machines.mjs';
import { makeReaders } from './readers.mjs';
import { World } from './world.mjs';
import { giveAndTake, step, stepOfPeople } from './writers.mjs';

const seconds = (ms) => (ms / 1000).toFixed(1);

async function weather(world, companies, faults, pause, luck) {
	let nth = 0;
	while (!world.over && !world.ending) {
		await sleep(pause * (0.5 + luck.next()));
		if (world.over || world.ending) break;
		const name = nth < faults.length ? faults[nth++] : luck.any(faults); // each of them once, and then at random
		const did = await world.all.faults[name](luck.any, (table) => Promise.all(companies.map((company) => giveAndTake(world, company, luck, table))));
		world.counts.faults++;
		world.tell(did);
	}
}

async function write(world, company, luck) {
	while (!world.ending && !world.over) {
		await step(world, company, luck);
		await sleep(luck.is(0.7) ? luck.below(10) : luck.below(60));
	}
}

// Versions that nobody of the run has made are the program's own (a session that is tidied away); what they change must be none of ours.
async function settle(world, company) {
	for (const end = Date.now() + 10_000; company.inFlight.size; await sleep(20))
		if (Date.now() > end) throw new Error(`${company.inFlight.size} writes are not settled`);
	const rows = await world.all.database.query(`SELECT version FROM version_counters WHERE company_id = '${company.id}' AND topic = ''`);
	const head = Number(rows[0][0]);
	if (head !== company.complete) throw new Error(`company ${company.number} is at version ${head}, and the run knows of ${company.complete}: ${JSON.stringify(
		await world.all.database.query(`SELECT version, object, kind, row_id FROM changes WHERE company_id = '${company.id}' AND version > ${company.complete} LIMIT 5`))}`);
}

async function converge(world, readers, bound) {
	const began = performance.now();
	let wrong;
	do {
		// One whose session was replaced begins anew, and may not have noticed yet.
		wrong = readers.map((reader) => [reader, reader.who === reader.seat.who ? reader.wrong(reader.company.complete) : 'it still has its old credential']).find(([, what]) => what);
		if (!wrong) return performance.now() - began;
		await sleep(20);
	} while (performance.now() - began < bound && !world.failed);
	if (!world.failed) {
		const [reader, what] = wrong;
		reader.fail(`after ${bound} ms of silence ${what}`, { from: reader.version, to: reader.company.complete, told: reader.told, who: reader.who });
	}
	return undefined;
}

// What a failure needs to be understood: the seed, the client's last answers, and what was written meanwhile.
function explain(world, error, options) {
	const { reader, from, to, told, question, row } = error;
	const lines = [`SEED=${world.seed} ${JSON.stringify(options)}`, error.message];
	if (reader) {
		const { company } = reader;
		lines.push(`what this client was told (${reader.name}):`, ...(told ?? reader.told).map((one) => `  ${one}`));
		const agent = (error.who ?? reader.who).agent, mine = new Set([agent.id, reader.who.role?.id, ...company.roles.map((role) => role.id)]);
		const named = row ? [row.name] : question?.path ? company.rows.filter((one) => error.message.includes(one.id)).map((one) => one.name) : [];
		lines.push(`what was written around versions ${from} to ${to} of company ${company.number}:`);
		for (let v = Math.max(company.base + 1, from - 10); v <= (to ?? from) + 2; v++) {
			const note = company.log.get(v);
			if (note && (v >= to - 20 || note.marks.some((mark) => mine.has(mark) || named.includes(mark)))) lines.push(`  ${v} ${note.text}`);
		}
	}
	if (world.diary.length) lines.push('what was broken:', ...world.diary.slice(-8).map(({ at, text }) => `  ${((at - world.began) / 1000).toFixed(3)} ${text}`));
	lines.push(...String(error.stack).split('\n').filter((one) => /^ +at .*tests\/live/.test(one)).slice(0, 3));
	return new Error(reader ? readable(reader.company, lines.join('\n')) : lines.join('\n'));
}

// Ids as the names that the run gave to what has them.
function readable(company, text) {
	const names = new Map(company.rows.map((row) => [row.id, row.name]));
	for (const [i, agent] of company.agents.entries()) names.set(agent.id, `agent${i}`);
	for (const [i, team] of company.teams.entries()) names.set(team, `team${i}`);
	for (const [i, role] of company.roles.entries()) names.set(role.id, `role${i}`);
	for (const [i, stage] of company.stages.entries()) names.set(stage, `stage${i}`);
	return text.replace(/"?([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f-]{22})"?/g, (whole, id) => names.get(id) ?? whole)
		.split('\n').map((one) => (one.length > 1500 ? `${one.slice(0, 1500)} ...` : one)).join('\n');
}

// Writes, and meanwhile breaks what the phase says; then everybody must know. Gives the milliseconds that it took after the last write.
async function runPhase(world, companies, readers, { length, faults = [], pause = 1500 }, { writers, bound }) {
	const guarded = (work) => work.catch((error) => world.fail(error));
	world.faulty = faults.some((name) => name !== 'stall');
	world.ending = false;
	const working = companies.flatMap((company) => Array.from({ length: writers }, (_, i) => guarded(write(world, company, world.chance(`writer ${i} of ${company.number}`)))));
	if (faults.length) working.push(guarded(weather(world, companies, faults, pause, world.chance('weather'))));
	for (const end = performance.now() + length * 1000; performance.now() < end && !world.failed;) await sleep(50);
	world.ending = true;
	await Promise.all(working);
	// The last that happens is what no later change of a row would cover up.
	await Promise.all(companies.map(async (company) => {
		for (let i = 0; i < 4 && !world.failed; i++) await stepOfPeople(world, company, world.chance(`end ${world.phase++} of ${company.number}`));
	})).catch((error) => world.fail(error));
	if (world.failed) return undefined;
	for (const company of companies) await settle(world, company);
	const took = await converge(world, readers, bound);
	if (world.failed) return undefined;
	const anew = await Promise.all(readers.map(async (reader) => [reader, await reader.fresh()]));
	for (const [reader, what] of anew) {
		const { complete } = reader.company;
		if (what && !world.failed) reader.fail(what, { from: complete - 5, to: complete, told: reader.told });
	}
	return took;
}

/*
 * Runs it: `phases`, each of `length` seconds of writing, with these `faults` by name, one every `pause` ms or so. `machines` serve one database.
 * `bound` ms after the last write everybody must know; `grace` ms may bytes be on their way. Throws what explains the first failure; gives what was counted.
 */
export async function storm({ seed, phases, companies = 2, machines = 1, each = 2, writers = 3, bound = 15_000, grace = 250, say = () => {} }) {
	const options = { phases, companies, machines, each, writers };
	const all = await startAll(machines);
	const world = new World({ seed, all, grace });
	try {
		process.env.MUSTER_TEST_URL = all.urls[0];
		const made = await Promise.all(Array.from({ length: companies }, async (_, i) => {
			const company = await makeCompany(world, i), luck = world.chance(`first rows of ${i}`);
			while (company.rows.length < 30) await Promise.all([1, 2, 3, 4].map(() => step(world, company, luck)));
			return company;
		}));
		const readers = made.flatMap((company) => makeReaders(world, company, each));
		say(`SEED=${seed}: ${readers.length} clients of ${companies} companies, ${machines} machine${machines > 1 ? 's' : ''}`);
		world.began = performance.now();
		const following = [world.measure(), ...readers.map((reader) => reader.run())].map((work) => work.catch((error) => world.fail(error)));
		let took = 0;
		for (const phase of phases) if (!world.failed) took = Math.max(took, await runPhase(world, made, readers, phase, { writers, bound }) ?? 0);
		world.over = true;
		readers.forEach((reader) => reader.stop());
		await Promise.all(following);
		if (world.failed) throw explain(world, world.failed, options);
		const { counts, late } = world;
		say(`${counts.steps} steps, ${counts.writes} writes (${counts.refused} refused, ${counts.lost} answers lost), ${counts.answers} answers, ${counts.checks} checked, ` +
			`${counts.faults} faults; all knew after ${seconds(took)} s; ${late.n} names were on their way when they were taken away, at most ${late.worst.toFixed(0)} ms`);
		return { ...counts, took, late };
	} finally {
		world.over = true;
		await all.stop();
	}
}
