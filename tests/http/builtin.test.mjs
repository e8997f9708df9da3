// builtin.test.mjs: what the program does by itself for a company, with a mail server. All of it at one Muster: a start takes longer than
// most of these tests.

import { after } from 'node:test';
import { sharedSmtp } from './smtp.mjs';
import './builtin/trial.mjs';
import './builtin/onboarding.mjs';
import './builtin/digest.mjs';
import './builtin/stale_deals.mjs';
import './builtin/task_reminders.mjs';

after(async () => {
	const smtp = await sharedSmtp();
	await smtp.muster.stop();
	await smtp.stop();
});
