// app.ts: what a page of somebody else's web site does with the client: a list that is live, a deal that is won at once, errors that are told apart.
import { createClient, MusterError, newId, type Contact, type ContactId, type Deal, type DealId, type MusterError as Failure } from 'muster-client';

export function openPage(settings: { baseUrl: string; key: string; fetch?: typeof fetch }) {
	const client = createClient(settings);
	return {
		client,

		// Deals as the page shows them, the latest first.
		showDeals(show: (deals: readonly Pick<Deal, 'id' | 'title' | 'status' | 'expected_close_on'>[]) => void, fail: (error: Failure) => void) {
			return client.live(client.deals.list({ status: 'open', sort: '-updated_at', limit: 50 }), (page) => show(page.data), fail);
		},

		win(id: DealId) {
			return client.optimistic(client.deals.win({ id }), {
				'deals.list': (page) => ({ ...page, data: page.data.filter((deal) => deal.id !== id) }),
				'deals.get': (deal) => (deal.id === id ? { ...deal, status: 'won' } : deal),
			});
		},

		async addContact(first_name: string): Promise<ContactId> {
			const contact = await client.contacts.create({ id: newId<ContactId>(), kind: 'person', first_name, emails: [{ address: `${first_name}@example.com` }] });
			return contact.id;
		},

		async names(): Promise<string[]> {
			const names: string[] = [];
			for await (const { full_name, owner } of client.contacts.list({ limit: 2, sort: 'full_name', fields: ['id', 'full_name'], expand: ['owner'] }))
				names.push(owner ? `${full_name} (${owner.full_name})` : full_name);
			return names;
		},

		async rename(contact: Contact, first_name: string): Promise<string> {
			try {
				const changed = await client.contacts.update({ id: contact.id, first_name }, { ifMatch: contact });
				return changed.full_name ?? 'out of reach';
			} catch (error) {
				if (!(error instanceof MusterError)) throw error;
				return explain(error);
			}
		},
	};
}

// Every way in which a call can fail has a sentence: one more of them, and this does not compile.
export function explain(error: Failure): string {
	switch (error.kind) {
		case 'malformed':
		case 'invalid':
			return (error.problem.errors ?? []).map(({ pointer, detail }) => `${pointer} ${detail}`).join('; ');
		case 'unauthenticated': return 'Please sign in.';
		case 'forbidden': return 'You may not do this.';
		case 'not-found':
		case 'gone': return 'It is not there any more.';
		case 'conflict': return error.problem.existing_id ? 'There is one like it already.' : 'That does not fit.';
		case 'stale': return 'Somebody else has changed it.';
		case 'limited': return `Please wait ${Math.ceil(error.after / 1000)} seconds.`;
		case 'too-large':
		case 'unsupported-type': return 'That cannot be sent.';
		case 'unreachable':
		case 'unavailable':
		case 'busy': return 'Please try again in a moment.';
		case 'wrong-method':
		case 'condition-required':
		case 'internal': return 'That did not work.';
		default: return never(error);
	}
}
const never = (one: never): never => { throw new Error(`unexpected: ${String(one)}`); };
