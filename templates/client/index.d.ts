import type { AgentId, Operations, Queries, SessionsCreateAnswer, SessionsCreateInput, Tables } from './contract.js';
import type { Call, Id, Mutation, MusterError as Failure, Query, Versioned } from './types.js';

export * from './contract.js';
export type { Call, Day, FieldError, Id, Instant, Money, Mutation, Options, Page, Query, Sort, Where } from './types.js';

export type MusterError = Failure;
export declare const MusterError: { new (problem: object, after?: number): Failure; readonly prototype: Failure };

export interface Settings {
	/** Where Muster is: https://crm.example.com; of a page of Muster's own: not given. */
	baseUrl?: string;
	/** An API key. */
	key?: string;
	/** What sessions.create answered, or its token. Neither: a browser's cookie, which can read. */
	session?: string | { token: string };
	fetch?: typeof fetch;
	/** Told when live queries lose the connection, and when they have it again. */
	connection?(up: boolean): void;
}

/** What a mutation makes of the answers of live queries, by operation. */
export type Patches = { [Name in keyof Queries]?: (answer: Queries[Name]['answer'], input: Queries[Name]['input']) => Queries[Name]['answer'] };

export interface Client extends Operations {
	baseUrl: string;
	token: string | undefined;
	signIn(input: SessionsCreateInput): Promise<SessionsCreateAnswer & Versioned>;
	signOut(): Promise<void>;
	/** Calls onChange with the answer, and whenever there is another one. Gives a function that ends it. */
	live<Name extends string, Answer>(query: Query<Name, Answer>, onChange: (answer: Answer) => void, onError?: (error: MusterError) => void): () => void;
	/** Sends a mutation and shows in live queries meanwhile what `patches` make of their answers. */
	optimistic<Name extends string, Answer>(mutation: Mutation<Name, Answer>, patches: Patches): Promise<Answer>;
	/** Asks at once: the network came back. */
	wake(): void;
}
export declare function createClient(settings?: Settings): Client;

/** A new id for what is created, also offline. */
export declare function newId<Any extends Id<string>>(): Any;
/** The ETag with which an answer came. */
export declare function etagOf(answer: object): string | undefined;
export declare function requestOf(operation: string, input?: object): { method: string; path: string; body?: unknown };

/** Asks again and again until stop(). `ask` gives how many milliseconds to rest; when it throws, `lost` is told, and the rest grows from try to try. */
export declare function keepAsking(ask: (signal: AbortSignal) => Promise<number>, lost?: (error: unknown) => void): { done: Promise<void>; again(): void; stop(): void };
/** Resolves after so many milliseconds, or when the signal is aborted. */
export declare function sleep(ms: number, signal?: AbortSignal): Promise<void>;

/** localStorage, AsyncStorage of React Native, or anything like them. */
export interface Storage {
	getItem(name: string): string | null | Promise<string | null>;
	setItem(name: string, text: string): unknown;
	removeItem(name: string): unknown;
}
export declare function memoryStorage(items?: Map<string, string>): Storage;
export declare function indexedDbStorage(name?: string): Storage;

/** What a mutation does to the rows of a store: members that change; null: the row is gone. */
export type Effect = { [Table in keyof Tables]?: { [id: string]: Partial<Tables[Table]> | null } };
export interface Pending { operation: string; input: unknown; key: string; effect: Effect; version?: number }

export interface OfflineSettings<Table extends keyof Tables> {
	/** What is kept. */
	tables: readonly Table[];
	/** In memory, when it is not given. One store at a time may use it. */
	storage?: Storage;
	/** Before the names of its items; "muster". */
	name?: string;
	/** Told which tables look different now. */
	change?(tables: Set<Table>): void;
	/** Told of a mutation that the server refused: it is taken back. */
	refused?(error: MusterError, mutation: Pending): void;
	/** Told when the connection is lost, and why, and when it is there again. */
	connection?(up: boolean, error?: MusterError): void;
}

export interface Offline<Table extends keyof Tables> {
	/** The rows as they are shown, by id. */
	all<T extends Table>(table: T): Map<Tables[T]['id'], Tables[T]>;
	get<T extends Table>(table: T, id: Tables[T]['id']): Tables[T] | undefined;
	/** Mutations that the copy does not have yet. */
	readonly pending: Pending[];
	/** The version up to which it knows everything; null: nothing was read yet. */
	readonly since: number | null;
	/** Keeps a mutation until the server has done it, once; resolves when it is stored. */
	send<Name extends string, Answer>(mutation: Mutation<Name, Answer>, effect?: Effect): Promise<void>;
	/** Takes over what changed; gives whether there is more. */
	pull(options?: { wait?: number; signal?: AbortSignal }): Promise<boolean>;
	/** Sends the oldest mutation that was not done yet; gives whether there are more. */
	push(options?: { signal?: AbortSignal }): Promise<boolean>;
	/** Follows the server until stop(). */
	start(): void;
	stop(): Promise<void>;
	/** Tries at once: the network came back, or somebody logged in. */
	wake(): void;
	/** Forgets everything, as when somebody logs out. */
	clear(): Promise<void>;
}
export declare function openOffline<Table extends keyof Tables>(client: Client, settings: OfflineSettings<Table>): Promise<Offline<Table>>;
