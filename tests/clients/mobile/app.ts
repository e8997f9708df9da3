// app.ts: a small mobile app: signs in, keeps its copy of contacts, deals, tasks and notes, and works without a connection. Its screens would
// read from `store`; what people do on them are the functions.
import { createClient, newId, openOffline, type AgentId, type Client, type ContactId, type DealId, type MusterError, type NoteId, type Offline, type Pending,
	type Storage, type TaskId } from 'muster-client';

const tables = ['contacts', 'deals', 'tasks', 'notes'] as const;
type Table = (typeof tables)[number];

export interface App {
	client: Client;
	store: Offline<Table>;
	signIn(email: string, password: string): Promise<void>;
	addContact(first_name: string): Promise<ContactId>;
	renameContact(id: ContactId, first_name: string): Promise<void>;
	deleteContact(id: ContactId): Promise<void>;
	addTask(title: string, about: ContactId): Promise<TaskId>;
	completeTask(id: TaskId): Promise<void>;
	addNote(body: string, about: ContactId): Promise<NoteId>;
	winDeal(id: DealId): Promise<void>;
}

export interface Settings {
	baseUrl: string;
	storage: Storage;
	/** Screens that show these tables are drawn anew. */
	changed?(tables: Set<Table>): void;
	/** Says to the person that something was not possible. */
	refused?(error: MusterError, mutation: Pending): void;
}

export async function openApp({ baseUrl, storage, changed = () => {}, refused = () => {} }: Settings): Promise<App> {
	const session = await storage.getItem('session');
	const client = createClient({ baseUrl, ...(session && { session }) });
	const store = await openOffline(client, { tables, storage, change: changed, refused });
	const me = async () => (await storage.getItem('me')) as AgentId;
	return {
		client, store,
		async signIn(email, password) {
			const { token, agent } = await client.signIn({ email, password });
			await storage.setItem('session', token);
			await storage.setItem('me', agent.id);
			store.wake();
		},
		async addContact(first_name) {
			const id = newId<ContactId>();
			const call = client.contacts.create({ id, kind: 'person', first_name });
			await store.send(call, { contacts: { [id]: { id, kind: 'person', first_name, full_name: first_name, owner_id: await me() } } });
			return id;
		},
		renameContact: (id, first_name) => store.send(client.contacts.update({ id, first_name }), { contacts: { [id]: { first_name, full_name: first_name } } }),
		deleteContact: (id) => store.send(client.contacts.delete({ id })),
		async addTask(title, about) {
			const id = newId<TaskId>();
			await store.send(client.tasks.create({ id, title, assignee_id: await me(), subject: { object: 'contact', id: about } }));
			return id;
		},
		completeTask: (id) => store.send(client.tasks.complete({ id }), { tasks: { [id]: { status: 'done' } } }),
		async addNote(body, about) {
			const id = newId<NoteId>();
			await store.send(client.notes.create({ id, body, subject: { object: 'contact', id: about } }));
			return id;
		},
		winDeal: (id) => store.send(client.deals.win({ id }), { deals: { [id]: { status: 'won' } } }),
	};
}
