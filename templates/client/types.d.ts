// What the types of contract.d.ts are made of.
import type { Problems } from './contract.js';

declare const of: unique symbol;
/** An id of a row of that table; that of another table is another type. */
export type Id<Table extends string> = string & { readonly [of]: Table };
/** Decimal digits, so that nothing is rounded on the way: { amount: '1234.50', currency: 'EUR' } */
export interface Money { amount: string; currency: string }
/** YYYY-MM-DD */
export type Day = string;
/** RFC 3339 in UTC, with Z */
export type Instant = string;

export type Several<T> = T | readonly T[];
export type Sort<Column extends string> = Column | `-${Column}` | readonly (Column | `-${Column}`)[];
export type Filters<Input> = Omit<Input, 'limit' | 'sort' | 'cursor' | 'include_total' | 'deleted'>;
export type Where<F> = Partial<F> & { and?: readonly Where<F>[]; or?: readonly Where<F>[]; not?: Where<F> };

export interface Versioned { /** The company's version at which this was so. */ version: number }
export interface Page<Row> extends Versioned {
	data: Row[];
	meta: { has_more: boolean; next_cursor: string | null; total?: number | '10000+' | '200+'; indexed?: number };
}

type Both<U> = (U extends unknown ? (one: U) => void : never) extends (all: infer All) => void ? All : never;
/** Fewer members of a row, and references as rows of their own. */
export interface Shape<F, E> { fields?: readonly F[]; expand?: readonly E[] }
export type Shaped<Row, Expansions, F extends keyof Row, E extends keyof Expansions> = Pick<Row, F> & ([E] extends [never] ? {} : Both<Expansions[E]>);
/** A row that a mutation took out of the caller's reach is told by its id alone. */
export type Written<Row, RowId> = Row | ({ id: RowId } & { [Member in Exclude<keyof Row, 'id'>]?: undefined });

export interface Options {
	signal?: AbortSignal;
	/** An answer from before: when there is no other one, the same is given again (If-None-Match). */
	known?: object | string;
	/** Seconds to wait for an answer that is not the known one. */
	wait?: number;
	/** Only if it is still as in this answer, or with this ETag; else the call fails with `stale`. */
	ifMatch?: object | string;
	/** By which the server knows a mutation again; a new one by itself. */
	idempotencyKey?: string;
	/** Milliseconds for an answer, beside `wait`. */
	timeout?: number;
	/** How often what may be repeated is sent again when there is no answer; 2. */
	retries?: number;
}

/** A call that is sent when it is awaited, and once. */
export interface Call<Operation extends string, Answer> extends PromiseLike<Answer> {
	readonly operation: Operation;
	readonly input: unknown;
	readonly path: string;
	readonly key: string | undefined;
	/** The answer with what came around it. */
	response(): Promise<{ body: Answer; status: number; etag: string | undefined; version: number | undefined }>;
	catch<Other = never>(bad?: (error: unknown) => Other | PromiseLike<Other>): Promise<Answer | Other>;
	finally(end?: () => void): Promise<Answer>;
}
/** A call that can be watched. */
export interface Query<Operation extends string, Answer> extends Call<Operation, Answer> { readonly kind?: 'query' }
/** A call that changes something. */
export interface Mutation<Operation extends string, Answer> extends Call<Operation, Answer> { readonly kind?: 'mutation' }

export interface FieldError { pointer: string; code: string; detail: string }
interface ProblemOf<Kind, Status> {
	type: string;
	title: string;
	status: Status;
	detail?: string;
	instance?: string;
	request_id?: string;
	/** Every field that is wrong. */
	errors?: FieldError[];
	/** Of a conflict: the row that is there already. */
	existing_id?: string;
	/** Of what is not there: the row into which it was merged. */
	merged_into_id?: string;
}
interface Failure<Kind, Status> extends Error {
	readonly kind: Kind;
	readonly status: Status;
	readonly problem: ProblemOf<Kind, Status>;
	/** Milliseconds to wait before the next try. */
	readonly after: number;
	/** The same once more may be accepted later. */
	readonly temporary: boolean;
}
/** Every way in which a call fails, told apart by `kind`; `unreachable`: there was no answer. */
export type MusterError = { [Kind in keyof Problems]: Failure<Kind, Problems[Kind]> }[keyof Problems] | Failure<'unreachable', 0>;
