// Made by `muster emit typescript` from the operations of the program.
import type { Call, Day, Filters, Id, Instant, Money, Mutation, Options, Page, Query, Several,
	Shape, Shaped, Sort, Versioned, Where, Written } from './types.js';

export type ActivityId = Id<'activities'>;
export type AgentId = Id<'agents'>;
export type ApiKeyId = Id<'api_keys'>;
export type AutomationVersionId = Id<'automation_versions'>;
export type AutomationId = Id<'automations'>;
export type CompanyId = Id<'companies'>;
export type ContactAddressId = Id<'contact_addresses'>;
export type ContactEmailId = Id<'contact_emails'>;
export type ContactPhoneId = Id<'contact_phones'>;
export type ContactId = Id<'contacts'>;
export type DealContactId = Id<'deal_contacts'>;
export type DealId = Id<'deals'>;
export type ImportRowId = Id<'import_rows'>;
export type ImportId = Id<'imports'>;
export type InboundEventId = Id<'inbound_events'>;
export type InboundHookId = Id<'inbound_hooks'>;
export type InvitationId = Id<'invitations'>;
export type NoteId = Id<'notes'>;
export type PipelineId = Id<'pipelines'>;
export type PublicFormId = Id<'public_forms'>;
export type RoleId = Id<'roles'>;
export type SessionId = Id<'sessions'>;
export type SourceId = Id<'sources'>;
export type StageId = Id<'stages'>;
export type TagId = Id<'tags'>;
export type TaskId = Id<'tasks'>;
export type TeamId = Id<'teams'>;
export type WebhookDeliveryId = Id<'webhook_deliveries'>;
export type WebhookId = Id<'webhooks'>;
export type WorkflowRunId = Id<'workflow_runs'>;

export interface ActivitiesCreateInput {
	/** Id of the activity */
	id?: ActivityId;
	/** With whom, or about which deal */
	subject: { object: 'contact'; id: ContactId } | { object: 'deal'; id: DealId };
	/** What happened */
	kind: 'call' | 'email' | 'meeting' | 'message' | 'other';
	/** What it was about */
	summary: string;
	/** What was said */
	body?: string | null;
	/** When it happened; now, when it is not given */
	occurred_at?: Instant;
}

export interface ActivitiesDeleteInput {
	/** Id of the row */
	id: ActivityId;
}

export interface ActivitiesGetInput {
	/** Id of the row */
	id: ActivityId;
}

export interface ActivitiesListInput {
	/** Words that must all occur, the last one perhaps begun; "side by side", -without, field:word of summary, body */
	q?: string;
	/** Id of the activity */
	id?: Several<ActivityId>;
	/** With whom, or about which deal */
	contact_id?: Several<ContactId> | null;
	/** The deal that it was about */
	deal_id?: Several<DealId> | null;
	/** What happened */
	kind?: Several<'call' | 'email' | 'meeting' | 'message' | 'other'>;
	/** When it happened; now, when it is not given */
	occurred_since?: Instant;
	/** When it happened; now, when it is not given */
	occurred_before?: Instant;
	/** Who did it */
	agent_id?: Several<AgentId> | null;
	/** When it was recorded */
	created_since?: Instant;
	/** When it was recorded */
	created_before?: Instant;
	/** When it last changed */
	updated_since?: Instant;
	/** When it last changed */
	updated_before?: Instant;
	/** How many; 25, when it is not given */
	limit?: number;
	/** Columns to sort by, from one to three, with commas between them; - before one: descending */
	sort?: Sort<'occurred_at'>;
	/** meta.next_cursor of the page before */
	cursor?: string;
	/** Whether meta.total is wanted */
	include_total?: boolean;
	/** true: the rows that can be restored, in place of those that there are */
	deleted?: boolean;
}

export interface ActivitiesRestoreInput {
	/** Id of the row */
	id: ActivityId;
}

export interface ActivitiesUpdateInput {
	/** Id of the activity */
	id: ActivityId;
	/** What happened */
	kind?: 'call' | 'email' | 'meeting' | 'message' | 'other';
	/** What it was about */
	summary?: string;
	/** What was said */
	body?: string | null;
	/** When it happened; now, when it is not given */
	occurred_at?: Instant;
}

export interface AgentsDeleteInput {
	/** Id of the agent */
	id: AgentId;
}

export interface AgentsGetInput {
	/** Id of the row */
	id: AgentId;
}

export interface AgentsListInput {
	/** Words that must all occur, the last one perhaps begun; "side by side", -without, field:word of email, full_name */
	q?: string;
	/** The team */
	team_id?: Several<TeamId>;
	/** Id of the agent */
	id?: Several<AgentId>;
	/** With which the agent logs in; unique in the installation */
	email?: Several<string>;
	/** What the agent may do */
	role_id?: Several<RoleId>;
	/** A suspended agent cannot log in and every session ends */
	status?: Several<'active' | 'suspended'>;
	/** How often a mail tells the agent what has happened */
	digest?: Several<'off' | 'daily' | 'weekly'>;
	/** When the agent joined */
	created_since?: Instant;
	/** When the agent joined */
	created_before?: Instant;
	/** When it last changed */
	updated_since?: Instant;
	/** When it last changed */
	updated_before?: Instant;
	/** How many; 25, when it is not given */
	limit?: number;
	/** Columns to sort by, from one to three, with commas between them; - before one: descending */
	sort?: Sort<'full_name' | 'created_at'>;
	/** meta.next_cursor of the page before */
	cursor?: string;
	/** Whether meta.total is wanted */
	include_total?: boolean;
	/** true: the rows that can be restored, in place of those that there are */
	deleted?: boolean;
}

export interface AgentsPasswordLinkInput {
	/** Id of the agent */
	id: AgentId;
}
export interface AgentsPasswordLinkAnswer {
	/** The link; it works once, and is shown once */
	url: string;
	/** Until when it works */
	expires_at: Instant;
}

export interface AgentsRestoreInput {
	/** Id of the agent */
	id: AgentId;
}

export interface AgentsSignOutInput {
	/** Id of the agent */
	id: AgentId;
}

export interface AgentsUpdateInput {
	/** Id of the agent */
	id: AgentId;
	/** Name as people read it */
	full_name?: string;
	/** What the agent may do */
	role_id?: RoleId;
	/** A suspended agent cannot log in and every session ends */
	status?: 'active' | 'suspended';
	/** All teams of the agent, in place of those before */
	team_ids?: readonly TeamId[] | null;
}

export interface ApiKeysCreateInput {
	/** What the key is for */
	name: string;
	/** The role that it holds */
	role_id: RoleId;
	/** Permissions to which it is limited, as ["contacts.view"]; null: all of its role */
	scopes?: readonly string[] | null;
	/** When it ends by itself */
	expires_at?: Instant | null;
}
export interface ApiKeysCreateAnswer {
	/** The key; it is shown once */
	key: string;
}

export interface ApiKeysDeleteInput {
	/** Id of the row */
	id: ApiKeyId;
}

export interface ApiKeysGetInput {
	/** Id of the row */
	id: ApiKeyId;
}

export interface ApiKeysListInput {
	/** Words that must all occur, the last one perhaps begun; "side by side", -without, field:word of name */
	q?: string;
	/** Id of the key */
	id?: Several<ApiKeyId>;
	/** The agent as whom it acts */
	agent_id?: Several<AgentId>;
	/** The role that it holds */
	role_id?: Several<RoleId>;
	/** When it ends by itself */
	expires_since?: Instant;
	/** When it ends by itself */
	expires_before?: Instant;
	/** When it was made */
	created_since?: Instant;
	/** When it was made */
	created_before?: Instant;
	/** When it last changed */
	updated_since?: Instant;
	/** When it last changed */
	updated_before?: Instant;
	/** How many; 25, when it is not given */
	limit?: number;
	/** Columns to sort by, from one to three, with commas between them; - before one: descending */
	sort?: Sort<'created_at'>;
	/** meta.next_cursor of the page before */
	cursor?: string;
	/** Whether meta.total is wanted */
	include_total?: boolean;
}

export interface ApiKeysUpdateInput {
	/** Id of the key */
	id: ApiKeyId;
	/** What the key is for */
	name?: string;
}

export interface AutomationVersionsGetInput {
	/** Id of the row */
	id: AutomationVersionId;
}

export interface AutomationVersionsListInput {
	/** Words that a row that is named must all have: the contact of an e-mail address, the automation of a run; the last one perhaps begun; "side by side", -without, field:word */
	q?: string;
	/** Id of the version */
	id?: Several<AutomationVersionId>;
	/** The automation */
	automation_id?: Several<AutomationId>;
	/** Who turned it on first */
	agent_id?: Several<AgentId> | null;
	/** Since when it is */
	created_since?: Instant;
	/** Since when it is */
	created_before?: Instant;
	/** How many; 25, when it is not given */
	limit?: number;
	/** Columns to sort by, from one to three, with commas between them; - before one: descending */
	sort?: Sort<'created_at'>;
	/** meta.next_cursor of the page before */
	cursor?: string;
	/** Whether meta.total is wanted */
	include_total?: boolean;
}

export interface AutomationsAddPartInput {
	/** Id of the automation */
	id: AutomationId;
	/** Before which step it comes, or with - at the end behind all: /steps/-, /steps/1/then/0; beside which condition: /conditions/- */
	at: string;
	/** The step, or the condition */
	part: unknown;
}

export interface AutomationsChangePartInput {
	/** Id of the automation */
	id: AutomationId;
	/** Where it stands: /starts, /conditions/all/0, /steps/1/then/0 */
	at: string;
	/** What stands there then */
	part: unknown;
}

export interface AutomationsCreateInput {
	/** Id of the automation */
	id?: AutomationId;
	/** What it is for */
	name: string;
	/** What it works on */
	object: 'contact' | 'deal' | 'task';
	/** On what a run starts: {"on":"created"}, {"on":"changed","field":...,"from":...,"to":...}, {"on":"stage_entered","stage_id":...}, {"on":"manual"}, {"on":"date","field":...,"days":-3,"hours":9}, {"on":"form","form_id":...} or {"on":"webhook","hook_id":...,"type":...,"email":"/json/pointer","values":{"name":"/json/pointer"}} */
	starts: unknown;
	/** What must hold of the record then: {"field":...,"is":"eq","value":...}, or {"all":[...]} and {"any":[...]} of such; null: nothing */
	conditions?: unknown | null;
	/** What is done, one after the other; each says what by "do": set_field, create_task, add_tag, assign, send_mail, call_webhook, wait, wait_for, wait_until, branch or stop */
	steps?: unknown | null;
}

export interface AutomationsDeleteInput {
	/** Id of the row */
	id: AutomationId;
}

export interface AutomationsGetInput {
	/** Id of the row */
	id: AutomationId;
}

export interface AutomationsJoinInput {
	/** Id of the automation */
	id: AutomationId;
	/** Where the group of conditions stands */
	at: string;
	/** Whether all of them must hold, or any */
	by: 'all' | 'any';
}

export interface AutomationsListInput {
	/** Words that must all occur, the last one perhaps begun; "side by side", -without, field:word of name */
	q?: string;
	/** Id of the automation */
	id?: Several<AutomationId>;
	/** What it works on */
	object?: Several<'contact' | 'deal' | 'task'>;
	/** Whether it starts runs */
	state?: Several<'draft' | 'on' | 'paused'>;
	/** Who turned it on: it may do what this agent may */
	agent_id?: Several<AgentId> | null;
	/** When that was */
	refused_since?: Instant;
	/** When that was */
	refused_before?: Instant;
	/** When it was created */
	created_since?: Instant;
	/** When it was created */
	created_before?: Instant;
	/** When it last changed */
	updated_since?: Instant;
	/** When it last changed */
	updated_before?: Instant;
	/** How many; 25, when it is not given */
	limit?: number;
	/** Columns to sort by, from one to three, with commas between them; - before one: descending */
	sort?: Sort<'name'>;
	/** meta.next_cursor of the page before */
	cursor?: string;
	/** Whether meta.total is wanted */
	include_total?: boolean;
	/** true: the rows that can be restored, in place of those that there are */
	deleted?: boolean;
}

export interface AutomationsMovePartInput {
	/** Id of the automation */
	id: AutomationId;
	/** Where the step stands */
	at: string;
	/** Before the one before it, or after the one after it */
	by: 'up' | 'down';
}

export interface AutomationsOfferedInput {
	/** What it works on */
	object: 'contact' | 'deal' | 'task';
	/** The record */
	subject_id: string;
}
export interface AutomationsOfferedAnswer {
	/** Those whose conditions hold of it */
	data: { automation_id: AutomationId; name: string; subject_id: string; }[];
}

export interface AutomationsOutlineInput {
	/** Id of the automation */
	id: AutomationId;
	/** One of its versions; without it, it is told as it is drafted */
	version_id?: AutomationVersionId;
}
export interface AutomationsOutlineAnswer {
	/** On what a run starts */
	starts: string;
	/** Whether somebody starts it by hand */
	manual: boolean;
	/** Whether it knows what a form or a hook sent */
	hears: boolean;
	/** What must hold of the record then */
	conditions: string;
	/** What is done */
	steps: { at: string; what: string; title: string; text: string; icon: string; after: string; depth: number; first: boolean; ways: boolean; last: boolean; }[];
	/** What in it fits the records no longer */
	wrong: string | null;
	/** Whether the draft says something else than the version that new runs have */
	differs: boolean;
	/** The number of the version; null: the draft */
	number: number | null;
}

export interface AutomationsOverviewInput {
}
export interface AutomationsOverviewAnswer {
	/** The latest 500 */
	data: { automation_id: AutomationId; starts: string; runs: number; failed: number; going: number; }[];
}

export interface AutomationsPartInput {
	/** Id of the automation */
	id: AutomationId;
	/** Where it stands: /starts, /conditions, /steps/1; to add one: before which step it comes, or /steps/-, /conditions/- */
	at?: string;
	/** Whether it is new */
	add?: boolean;
	/** The kind, when another one is chosen */
	kind?: string;
	/** The field, when another one is chosen */
	field?: string;
	/** Or the name of a field of the form that starts it */
	sent?: string;
	/** The comparison, when another one is chosen */
	test?: string;
}
export interface AutomationsPartAnswer {
	/** Where it stands, or where it is added */
	at: string;
	/** Whether it is new */
	adds: boolean;
	/** start, condition or step */
	sort: string;
	/** kinds: one is to be chosen first; form: it is filled in; conditions: its conditions are */
	view: string;
	/** What it is, for people */
	title: string;
	/** The kind that is chosen */
	kind: string | null;
	/** The comparison that is chosen */
	test: string | null;
	/** What is chosen among kinds: on, is (comparisons) or do */
	member: string;
	/** Whether all is chosen that the inputs depend on */
	ready: boolean;
	/** Whether whatever a form sends can be asked, by its name there */
	sends: boolean;
	/** Of a condition: the part that it belongs to */
	back: string | null;
	/** The field that is chosen */
	field: string | null;
	/** Where its conditions stand */
	conditions_at: string | null;
	/** Whether all or any of its conditions must hold */
	joint: string | null;
	/** The kinds that there are */
	kinds: { value: string; label: string; hint: string | null; icon: string | null; chosen: boolean; }[];
	/** The fields that it can be about */
	fields: { value: string; label: string; hint: string | null; icon: string | null; chosen: boolean; }[];
	/** What is to be filled in */
	inputs: { name: string; path: string; label: string; hint: string | null; control: string; value: string | null; currency: string | null; lookup: string | null; none: string | null; none_label: string | null; is_none: boolean; required: boolean; max: number | null; choices: { value: string; label: string; hint: string | null; icon: string | null; chosen: boolean; }[]; }[];
	/** Its conditions */
	conditions: { at: string; text: string; field: string | null; joint: string | null; depth: number; group: boolean; }[];
	/** What its texts can name, such as {{first_name}} */
	names: { value: string; label: string; hint: string | null; icon: string | null; chosen: boolean; }[];
}

export interface AutomationsPauseInput {
	/** Id of the automation */
	id: AutomationId;
}

export interface AutomationsRecordsInput {
	/** Id of the automation */
	id: AutomationId;
	/** Words to search for */
	q?: string;
}
export interface AutomationsRecordsAnswer {
	/** Some of its records: the best of what was searched for, or the latest */
	data: { value: string; label: string; hint: string | null; icon: string | null; chosen: boolean; }[];
}

export interface AutomationsRemovePartInput {
	/** Id of the automation */
	id: AutomationId;
	/** Where the step or the condition stands */
	at: string;
}

export interface AutomationsRestoreInput {
	/** Id of the row */
	id: AutomationId;
}

export interface AutomationsRevertInput {
	/** Id of the automation */
	id: AutomationId;
	/** One of its versions */
	version_id: AutomationVersionId;
}

export interface AutomationsStartInput {
	/** Id of the automation */
	id: AutomationId;
	/** The record */
	subject_id: string;
}

export interface AutomationsTestInput {
	/** Id of the automation */
	id: AutomationId;
	/** The record */
	subject_id: string;
	/** Of one that a form or a hook starts: what is sent, a line for each, budget: 5000 */
	sent?: string;
}
export interface AutomationsTestAnswer {
	/** What the record is called */
	record: string;
	/** What would be sent with it */
	sent: string | null;
	/** Whether a run would start */
	matches: boolean;
	/** Each comparison */
	conditions: { at: string; field: string; is: string; text: string; holds: boolean; }[];
	/** The steps that a run would do, without the waits between them */
	steps: { at: string; what: string; title: string; text: string | null; with: string | null; icon: string; input: unknown | null; skipped: string | null; refused: string | null; }[];
}

export interface AutomationsTurnOnInput {
	/** Id of the automation */
	id: AutomationId;
}

export interface AutomationsUpdateInput {
	/** Id of the automation */
	id: AutomationId;
	/** What it is for */
	name?: string;
	/** On what a run starts: {"on":"created"}, {"on":"changed","field":...,"from":...,"to":...}, {"on":"stage_entered","stage_id":...}, {"on":"manual"}, {"on":"date","field":...,"days":-3,"hours":9}, {"on":"form","form_id":...} or {"on":"webhook","hook_id":...,"type":...,"email":"/json/pointer","values":{"name":"/json/pointer"}} */
	starts?: unknown;
	/** What must hold of the record then: {"field":...,"is":"eq","value":...}, or {"all":[...]} and {"any":[...]} of such; null: nothing */
	conditions?: unknown | null;
	/** What is done, one after the other; each says what by "do": set_field, create_task, add_tag, assign, send_mail, call_webhook, wait, wait_for, wait_until, branch or stop */
	steps?: unknown | null;
}

export interface ChangesListInput {
	/** The version up to which the client knows everything */
	since: number;
}
export interface ChangesListAnswer {
	/** The changes in their order */
	items: { version: number; n: number; object: string; row_id: string | null; kind: 'created' | 'updated' | 'deleted' | 'restored' | 'entered' | 'left' | 'rescoped'; left: boolean; fields: string[] | null; agent_id: string | null; at: Instant; }[];
	/** The version to ask from next time */
	next: number;
	/** Whether there are more already */
	has_more: boolean;
}

export interface CompaniesCreateInput {
	/** Name of the company */
	company_name: string;
	/** Name as people read it */
	full_name: string;
	/** With which the agent logs in; unique in the installation */
	email: string;
	/** Password of the owner */
	password: string;
	/** IANA time zone of the company, as the browser tells it; UTC, when it is not given or not known here */
	time_zone?: string;
}
export interface CompaniesCreateAnswer {
	/** For the header Authorization: Bearer; it is shown once */
	token: string;
	/** Until when it can be used */
	expires_at: Instant;
	/** Who has logged in */
	agent: { id: AgentId; email: string; full_name: string; role_id: RoleId; team_ids: TeamId[]; };
	/** The new company */
	company: { id: CompanyId; name: string; };
}

export interface CompanyFirstStepsInput {
}
export interface CompanyFirstStepsAnswer {
	/** Whether the start page has the list: until all is done, or it is put away */
	shown: boolean;
	/** Whether there are contacts */
	contacts: boolean;
	/** Whether a second agent is there, or invited */
	people: boolean;
	/** Whether there are deals */
	deals: boolean;
	/** Whether there are tasks */
	tasks: boolean;
}

export interface CompanyGetInput {
}

export interface CompanyHideFirstStepsInput {
}

export interface CompanyPlanInput {
	/** What it pays for: free has room for three active agents, trial is as paid until it ends */
	plan: 'free' | 'trial' | 'paid';
	/** With the plan `trial`: when it ends, within a year; later than before, it is extended */
	trial_ends_at?: Instant | null;
}

export interface CompanyUpdateInput {
	/** Name of the company */
	name?: string;
	/** ISO 4217 code that new amounts start with */
	currency?: string;
	/** IANA time zone of the company */
	time_zone?: string;
	/** After how many days in which nothing happens its owner is told of an open deal; 0: never */
	stale_days?: number;
}

export interface ContactAddressesCreateInput {
	/** Id of the postal address */
	id?: ContactAddressId;
	/** Whose address */
	contact_id: ContactId;
	/** What it is used for */
	type?: 'work' | 'home' | 'billing' | 'delivery' | 'other';
	/** Street and number */
	street?: string | null;
	/** Second line */
	street2?: string | null;
	/** City */
	city?: string | null;
	/** State or region */
	region?: string | null;
	/** Postal code */
	postal_code?: string | null;
	/** Country */
	country?: string | null;
}

export interface ContactAddressesDeleteInput {
	/** Id of the row */
	id: ContactAddressId;
}

export interface ContactAddressesGetInput {
	/** Id of the row */
	id: ContactAddressId;
}

export interface ContactAddressesListInput {
	/** Words that a row that is named must all have: the contact of an e-mail address, the automation of a run; the last one perhaps begun; "side by side", -without, field:word */
	q?: string;
	/** Id of the postal address */
	id?: Several<ContactAddressId>;
	/** Whose address */
	contact_id?: Several<ContactId>;
	/** What it is used for */
	type?: Several<'work' | 'home' | 'billing' | 'delivery' | 'other'>;
	/** When it was added */
	created_since?: Instant;
	/** When it was added */
	created_before?: Instant;
	/** When it last changed */
	updated_since?: Instant;
	/** When it last changed */
	updated_before?: Instant;
	/** How many; 25, when it is not given */
	limit?: number;
	/** Columns to sort by, from one to three, with commas between them; - before one: descending */
	sort?: Sort<'created_at'>;
	/** meta.next_cursor of the page before */
	cursor?: string;
	/** Whether meta.total is wanted */
	include_total?: boolean;
	/** true: the rows that can be restored, in place of those that there are */
	deleted?: boolean;
}

export interface ContactAddressesRestoreInput {
	/** Id of the row */
	id: ContactAddressId;
}

export interface ContactAddressesUpdateInput {
	/** Id of the postal address */
	id: ContactAddressId;
	/** What it is used for */
	type?: 'work' | 'home' | 'billing' | 'delivery' | 'other';
	/** Street and number */
	street?: string | null;
	/** Second line */
	street2?: string | null;
	/** City */
	city?: string | null;
	/** State or region */
	region?: string | null;
	/** Postal code */
	postal_code?: string | null;
	/** Country */
	country?: string | null;
}

export interface ContactEmailsCreateInput {
	/** Id of the e-mail address */
	id?: ContactEmailId;
	/** Whose address */
	contact_id: ContactId;
	/** The address, in lower case; unique among the contacts of the company */
	address: string;
	/** What it is used for */
	type?: 'work' | 'home' | 'other';
	/** The one to write to first */
	primary?: boolean;
}

export interface ContactEmailsDeleteInput {
	/** Id of the row */
	id: ContactEmailId;
}

export interface ContactEmailsGetInput {
	/** Id of the row */
	id: ContactEmailId;
}

export interface ContactEmailsListInput {
	/** Words that a row that is named must all have: the contact of an e-mail address, the automation of a run; the last one perhaps begun; "side by side", -without, field:word */
	q?: string;
	/** Id of the e-mail address */
	id?: Several<ContactEmailId>;
	/** Whose address */
	contact_id?: Several<ContactId>;
	/** The address, in lower case; unique among the contacts of the company */
	address?: Several<string>;
	/** What it is used for */
	type?: Several<'work' | 'home' | 'other'>;
	/** The one to write to first */
	primary?: Several<boolean>;
	/** When it was added */
	created_since?: Instant;
	/** When it was added */
	created_before?: Instant;
	/** When it last changed */
	updated_since?: Instant;
	/** When it last changed */
	updated_before?: Instant;
	/** How many; 25, when it is not given */
	limit?: number;
	/** Columns to sort by, from one to three, with commas between them; - before one: descending */
	sort?: Sort<'created_at'>;
	/** meta.next_cursor of the page before */
	cursor?: string;
	/** Whether meta.total is wanted */
	include_total?: boolean;
	/** true: the rows that can be restored, in place of those that there are */
	deleted?: boolean;
}

export interface ContactEmailsRestoreInput {
	/** Id of the row */
	id: ContactEmailId;
}

export interface ContactEmailsUpdateInput {
	/** Id of the e-mail address */
	id: ContactEmailId;
	/** The address, in lower case; unique among the contacts of the company */
	address?: string;
	/** What it is used for */
	type?: 'work' | 'home' | 'other';
	/** The one to write to first */
	primary?: boolean;
}

export interface ContactPhonesCreateInput {
	/** Id of the phone number */
	id?: ContactPhoneId;
	/** Whose number */
	contact_id: ContactId;
	/** The number as it was typed */
	value: string;
	/** What it is used for */
	type?: 'work' | 'mobile' | 'home' | 'fax' | 'pager' | 'other';
	/** The one to call first */
	primary?: boolean;
}

export interface ContactPhonesDeleteInput {
	/** Id of the row */
	id: ContactPhoneId;
}

export interface ContactPhonesGetInput {
	/** Id of the row */
	id: ContactPhoneId;
}

export interface ContactPhonesListInput {
	/** Words that a row that is named must all have: the contact of an e-mail address, the automation of a run; the last one perhaps begun; "side by side", -without, field:word */
	q?: string;
	/** Id of the phone number */
	id?: Several<ContactPhoneId>;
	/** Whose number */
	contact_id?: Several<ContactId>;
	/** What it is used for */
	type?: Several<'work' | 'mobile' | 'home' | 'fax' | 'pager' | 'other'>;
	/** The one to call first */
	primary?: Several<boolean>;
	/** When it was added */
	created_since?: Instant;
	/** When it was added */
	created_before?: Instant;
	/** When it last changed */
	updated_since?: Instant;
	/** When it last changed */
	updated_before?: Instant;
	/** How many; 25, when it is not given */
	limit?: number;
	/** Columns to sort by, from one to three, with commas between them; - before one: descending */
	sort?: Sort<'created_at'>;
	/** meta.next_cursor of the page before */
	cursor?: string;
	/** Whether meta.total is wanted */
	include_total?: boolean;
	/** true: the rows that can be restored, in place of those that there are */
	deleted?: boolean;
}

export interface ContactPhonesRestoreInput {
	/** Id of the row */
	id: ContactPhoneId;
}

export interface ContactPhonesUpdateInput {
	/** Id of the phone number */
	id: ContactPhoneId;
	/** The number as it was typed */
	value?: string;
	/** What it is used for */
	type?: 'work' | 'mobile' | 'home' | 'fax' | 'pager' | 'other';
	/** The one to call first */
	primary?: boolean;
}

export interface ContactsAssignInput {
	/** The contacts: all of them or, when one cannot be, none */
	ids: readonly ContactId[];
	/** Who looks after the contact */
	owner_id?: AgentId | null;
	/** Which team looks after the contact */
	team_id?: TeamId | null;
}
export interface ContactsAssignAnswer {
	/** How many contacts were named */
	count: number;
}

export interface ContactsBatchInput {
	/** 1 to 100 contacts as for a create; one with the id of a contact that there is changes it */
	items: unknown;
	/** All or none: the first that is refused refuses all */
	atomic?: boolean;
}
export interface ContactsBatchAnswer {
	/** What became of each, in their order */
	results: { status: number; data?: Contact; problem?: unknown | null; }[];
}

export interface ContactsCreateInput {
	/** Id of the contact */
	id?: ContactId;
	/** A person or an organisation */
	kind?: 'person' | 'organisation';
	/** Given name of a person */
	first_name?: string | null;
	/** Family name of a person */
	last_name?: string | null;
	/** Name of an organisation */
	name?: string | null;
	/** Other names by which people look for it; a merge adds those of the contact that went */
	also_known_as?: string | null;
	/** Position of a person */
	job_title?: string | null;
	/** The organisation that a person works for, or that an organisation belongs to */
	organisation_id?: ContactId | null;
	/** Who looks after the contact */
	owner_id?: AgentId | null;
	/** Which team looks after the contact */
	team_id?: TeamId | null;
	/** Where the contact came from */
	source_id?: SourceId | null;
	/** Address of the web site */
	website?: string | null;
	/** Field of business of an organisation */
	industry?: string | null;
	/** How many people work there */
	employees?: number | null;
	/** Day of birth of a person */
	birthday?: Day | null;
	/** Id in the system from which it was imported */
	external_id?: string | null;
	/** E-mail addresses; given: all that the contact has from now on */
	emails?: readonly { id?: ContactEmailId; address?: string | null; type?: 'work' | 'home' | 'other'; primary?: boolean; }[];
	/** Phone numbers; given: all that the contact has from now on */
	phones?: readonly { id?: ContactPhoneId; value?: string | null; type?: 'work' | 'mobile' | 'home' | 'fax' | 'pager' | 'other'; primary?: boolean; }[];
	/** Postal addresses; given: all that the contact has from now on */
	addresses?: readonly { id?: ContactAddressId; type?: 'work' | 'home' | 'billing' | 'delivery' | 'other'; street?: string | null; street2?: string | null; city?: string | null; region?: string | null; postal_code?: string | null; country?: string | null; }[];
	/** Tags; given: all that the contact has from now on */
	tag_ids?: readonly TagId[];
}

export interface ContactsDealsInput {
	/** Id of the contact */
	id: ContactId;
}

export interface ContactsDeleteInput {
	/** Id of the row */
	id: ContactId;
}

export interface ContactsGetInput {
	/** Id of the row */
	id: ContactId;
}

export interface ContactsListInput {
	/** Words that must all occur, the last one perhaps begun; "side by side", -without, field:word of full_name, also_known_as, job_title, website, tags, emails, phones, addresses */
	q?: string;
	/** The tag */
	tag_id?: Several<TagId>;
	/** The deal */
	deal_id?: Several<DealId>;
	/** The address, in lower case; unique among the contacts of the company */
	email?: Several<string>;
	/** Id of the contact */
	id?: Several<ContactId>;
	/** A person or an organisation */
	kind?: Several<'person' | 'organisation'>;
	/** The organisation that a person works for, or that an organisation belongs to */
	organisation_id?: Several<ContactId> | null;
	/** Who looks after the contact */
	owner_id?: Several<AgentId> | null;
	/** Which team looks after the contact */
	team_id?: Several<TeamId> | null;
	/** Where the contact came from */
	source_id?: Several<SourceId> | null;
	/** Day of birth of a person */
	birthday_since?: Day;
	/** Day of birth of a person */
	birthday_before?: Day;
	/** Id in the system from which it was imported */
	external_id?: Several<string> | null;
	/** When the next open task about the contact is due */
	next_task_due_since?: Instant;
	/** When the next open task about the contact is due */
	next_task_due_before?: Instant;
	/** When another contact was last merged into it, or brought back */
	merged_since?: Instant;
	/** When another contact was last merged into it, or brought back */
	merged_before?: Instant;
	/** Of a deleted one: the contact into which it was merged */
	merged_into_id?: Several<ContactId> | null;
	/** When it was created */
	created_since?: Instant;
	/** When it was created */
	created_before?: Instant;
	/** When it last changed */
	updated_since?: Instant;
	/** When it last changed */
	updated_before?: Instant;
	/** How many; 25, when it is not given */
	limit?: number;
	/** Columns to sort by, from one to three, with commas between them; - before one: descending */
	sort?: Sort<'updated_at' | 'full_name' | 'last_name' | 'created_at' | 'next_task_due_at'>;
	/** meta.next_cursor of the page before */
	cursor?: string;
	/** Whether meta.total is wanted */
	include_total?: boolean;
	/** true: the rows that can be restored, in place of those that there are */
	deleted?: boolean;
}

export interface ContactsMergeInput {
	/** Id of the contact that stays */
	id: ContactId;
	/** The contact that goes: what it has moves to the other, and it is deleted */
	from: ContactId;
	/** Of which fields the value of the contact that goes wins; of all others that of the one that stays, if it has one */
	take?: readonly ('first_name' | 'last_name' | 'name' | 'job_title' | 'organisation_id' | 'owner_id' | 'team_id' | 'source_id' | 'website' | 'industry' | 'employees' | 'birthday' | 'external_id')[];
}

export interface ContactsMergePreviewInput {
	/** Id of the contact that would stay */
	id: ContactId;
	/** The contact that would go */
	from: ContactId;
}
export interface ContactsMergePreviewAnswer {
	/** Fields in which both have something, and not the same: what stays wins, unless the merge is told to take the other; without an owner or a team to which the caller may not assign */
	differ: { field: 'first_name' | 'last_name' | 'name' | 'job_title' | 'organisation_id' | 'owner_id' | 'team_id' | 'source_id' | 'website' | 'industry' | 'employees' | 'birthday' | 'external_id'; label: string; stays: string | null; goes: string; }[];
	/** Fields that the contact that stays has not, and gets */
	fill: { field: 'first_name' | 'last_name' | 'name' | 'job_title' | 'organisation_id' | 'owner_id' | 'team_id' | 'source_id' | 'website' | 'industry' | 'employees' | 'birthday' | 'external_id'; label: string; stays: string | null; goes: string; }[];
	/** How many of its deals would move */
	deals: number;
	/** How many notes */
	notes: number;
	/** How many activities */
	activities: number;
	/** How many tasks */
	tasks: number;
	/** How many contacts belong to it */
	people: number;
}

export interface ContactsRestoreInput {
	/** Id of the contact */
	id: ContactId;
}

export interface ContactsSearchInput {
	/** Conditions, nested */
	where?: Where<Filters<ContactsListInput>>;
	/** How many; 25, when it is not given */
	limit?: number;
	/** Columns to sort by, from one to three, with commas between them; - before one: descending */
	sort?: Sort<'updated_at' | 'full_name' | 'last_name' | 'created_at' | 'next_task_due_at'>;
	/** meta.next_cursor of the page before */
	cursor?: string;
	/** Whether meta.total is wanted */
	include_total?: boolean;
	/** true: the rows that can be restored, in place of those that there are */
	deleted?: boolean;
}

export interface ContactsSummaryInput {
	/** Id of the contact */
	id: ContactId;
}
export interface ContactsSummaryAnswer {
	/** Name as people read it */
	full_name: string;
	/** How many open deals it takes part in */
	open_deals: number;
	/** How many open tasks are about it */
	open_tasks: number;
	/** When something was last done with it */
	last_activity_at: Instant | null;
}

export interface ContactsTagInput {
	/** The contacts: all of them or, when one cannot be, none */
	ids?: readonly ContactId[];
	/** One contact, in place of ids */
	id?: ContactId;
	/** The tag */
	tag_id: TagId;
}
export interface ContactsTagAnswer {
	/** How many contacts were named */
	count: number;
}

export interface ContactsUntagInput {
	/** The contacts: all of them or, when one cannot be, none */
	ids?: readonly ContactId[];
	/** One contact, in place of ids */
	id?: ContactId;
	/** The tag */
	tag_id: TagId;
}
export interface ContactsUntagAnswer {
	/** How many contacts were named */
	count: number;
}

export interface ContactsUpdateInput {
	/** Id of the contact */
	id: ContactId;
	/** Given name of a person */
	first_name?: string | null;
	/** Family name of a person */
	last_name?: string | null;
	/** Name of an organisation */
	name?: string | null;
	/** Other names by which people look for it; a merge adds those of the contact that went */
	also_known_as?: string | null;
	/** Position of a person */
	job_title?: string | null;
	/** The organisation that a person works for, or that an organisation belongs to */
	organisation_id?: ContactId | null;
	/** Who looks after the contact */
	owner_id?: AgentId | null;
	/** Which team looks after the contact */
	team_id?: TeamId | null;
	/** Where the contact came from */
	source_id?: SourceId | null;
	/** Address of the web site */
	website?: string | null;
	/** Field of business of an organisation */
	industry?: string | null;
	/** How many people work there */
	employees?: number | null;
	/** Day of birth of a person */
	birthday?: Day | null;
	/** Id in the system from which it was imported */
	external_id?: string | null;
	/** E-mail addresses; given: all that the contact has from now on */
	emails?: readonly { id?: ContactEmailId; address?: string | null; type?: 'work' | 'home' | 'other'; primary?: boolean; }[];
	/** Phone numbers; given: all that the contact has from now on */
	phones?: readonly { id?: ContactPhoneId; value?: string | null; type?: 'work' | 'mobile' | 'home' | 'fax' | 'pager' | 'other'; primary?: boolean; }[];
	/** Postal addresses; given: all that the contact has from now on */
	addresses?: readonly { id?: ContactAddressId; type?: 'work' | 'home' | 'billing' | 'delivery' | 'other'; street?: string | null; street2?: string | null; city?: string | null; region?: string | null; postal_code?: string | null; country?: string | null; }[];
	/** Tags; given: all that the contact has from now on, up to 20, or no more than it has */
	tag_ids?: readonly TagId[];
	/** With tag_ids: the tags that the contact had when it was read; what differs between the two is given or taken away, its other tags stay */
	seen_tag_ids?: readonly TagId[];
}

export interface ContactsUpsertInput {
	/** The address by which the contact is known */
	email: string;
	/** Id of the contact */
	id?: ContactId;
	/** A person or an organisation */
	kind?: 'person' | 'organisation';
	/** Given name of a person */
	first_name?: string | null;
	/** Family name of a person */
	last_name?: string | null;
	/** Name of an organisation */
	name?: string | null;
	/** Other names by which people look for it; a merge adds those of the contact that went */
	also_known_as?: string | null;
	/** Position of a person */
	job_title?: string | null;
	/** The organisation that a person works for, or that an organisation belongs to */
	organisation_id?: ContactId | null;
	/** Who looks after the contact */
	owner_id?: AgentId | null;
	/** Which team looks after the contact */
	team_id?: TeamId | null;
	/** Where the contact came from */
	source_id?: SourceId | null;
	/** Address of the web site */
	website?: string | null;
	/** Field of business of an organisation */
	industry?: string | null;
	/** How many people work there */
	employees?: number | null;
	/** Day of birth of a person */
	birthday?: Day | null;
	/** Id in the system from which it was imported */
	external_id?: string | null;
	/** E-mail addresses; given: all that the contact has from now on */
	emails?: readonly { id?: ContactEmailId; address?: string | null; type?: 'work' | 'home' | 'other'; primary?: boolean; }[];
	/** Phone numbers; given: all that the contact has from now on */
	phones?: readonly { id?: ContactPhoneId; value?: string | null; type?: 'work' | 'mobile' | 'home' | 'fax' | 'pager' | 'other'; primary?: boolean; }[];
	/** Postal addresses; given: all that the contact has from now on */
	addresses?: readonly { id?: ContactAddressId; type?: 'work' | 'home' | 'billing' | 'delivery' | 'other'; street?: string | null; street2?: string | null; city?: string | null; region?: string | null; postal_code?: string | null; country?: string | null; }[];
	/** Tags; given: all that the contact has from now on */
	tag_ids?: readonly TagId[];
}

export interface DealContactsCreateInput {
	/** Id of the part */
	id?: DealContactId;
	/** The deal */
	deal_id: DealId;
	/** The person */
	contact_id: ContactId;
	/** Part that the person plays: decides, uses, pays */
	role?: string | null;
}

export interface DealContactsDeleteInput {
	/** Id of the row */
	id: DealContactId;
}

export interface DealContactsGetInput {
	/** Id of the row */
	id: DealContactId;
}

export interface DealContactsListInput {
	/** Words that a row that is named must all have: the contact of an e-mail address, the automation of a run; the last one perhaps begun; "side by side", -without, field:word */
	q?: string;
	/** Id of the part */
	id?: Several<DealContactId>;
	/** The deal */
	deal_id?: Several<DealId>;
	/** The person */
	contact_id?: Several<ContactId>;
	/** Since when */
	created_since?: Instant;
	/** Since when */
	created_before?: Instant;
	/** When it last changed */
	updated_since?: Instant;
	/** When it last changed */
	updated_before?: Instant;
	/** How many; 25, when it is not given */
	limit?: number;
	/** Columns to sort by, from one to three, with commas between them; - before one: descending */
	sort?: Sort<'created_at'>;
	/** meta.next_cursor of the page before */
	cursor?: string;
	/** Whether meta.total is wanted */
	include_total?: boolean;
}

export interface DealContactsUpdateInput {
	/** Id of the part */
	id: DealContactId;
	/** Part that the person plays: decides, uses, pays */
	role?: string | null;
}

export interface DealsBoardInput {
	/** The pipeline; the first, when it is not given */
	pipeline_id?: PipelineId;
	/** Only the deals of this agent */
	owner_id?: AgentId;
	/** Only the deals that a search for this finds */
	q?: string;
}
export interface DealsBoardAnswer {
	/** The pipeline; null, when there is none */
	pipeline: { id: PipelineId; name: string; } | null;
	/** Its stages, in order */
	columns: { stage: { id: StageId; name: string; kind: 'open' | 'won' | 'lost'; probability: number; }; count: number; amount: Money | null; deals: { id: DealId; title: string; stage_id: StageId; status: 'open' | 'won' | 'lost'; amount: Money | null; owner: { id: AgentId; full_name: string; } | null; organisation: { id: ContactId; full_name: string; } | null; expected_close_on: Day | null; closed_on: Day | null; }[]; has_more: boolean; }[];
	/** How many deals are on the board */
	count: number;
	/** Whether more deals match q than the best 200, of which this is the board */
	more_found: boolean;
}

export interface DealsCreateInput {
	/** Id of the deal */
	id?: DealId;
	/** What is sold to whom */
	title: string;
	/** The stage in which it is; the first open one, when it is not given */
	stage_id?: StageId;
	/** What it is worth */
	amount?: Money | null;
	/** What is sold */
	product?: string | null;
	/** Who works on the deal */
	owner_id?: AgentId | null;
	/** Which team works on the deal */
	team_id?: TeamId | null;
	/** The organisation that buys */
	organisation_id?: ContactId | null;
	/** The day on which it began */
	opened_on?: Day | null;
	/** The day on which it should be closed */
	expected_close_on?: Day | null;
	/** The day on which it was won or lost */
	closed_on?: Day | null;
	/** Why it was lost */
	lost_reason?: string | null;
	/** Id in the system from which it was imported */
	external_id?: string | null;
	/** The people with whom it is negotiated; given: all of them from now on */
	contact_ids?: readonly ContactId[];
}

export interface DealsDeleteInput {
	/** Id of the row */
	id: DealId;
}

export interface DealsGetInput {
	/** Id of the row */
	id: DealId;
}

export interface DealsListInput {
	/** Words that must all occur, the last one perhaps begun; "side by side", -without, field:word of title, product */
	q?: string;
	/** The person */
	contact_id?: Several<ContactId>;
	/** Id of the deal */
	id?: Several<DealId>;
	/** The pipeline in which it is */
	pipeline_id?: Several<PipelineId>;
	/** The stage in which it is; the first open one, when it is not given */
	stage_id?: Several<StageId>;
	/** Open, won or lost; follows the stage */
	status?: Several<'open' | 'won' | 'lost'>;
	/** Who works on the deal */
	owner_id?: Several<AgentId> | null;
	/** Which team works on the deal */
	team_id?: Several<TeamId> | null;
	/** The organisation that buys */
	organisation_id?: Several<ContactId> | null;
	/** The day on which it began */
	opened_since?: Day;
	/** The day on which it began */
	opened_before?: Day;
	/** The day on which it should be closed */
	expected_close_since?: Day;
	/** The day on which it should be closed */
	expected_close_before?: Day;
	/** The day on which it was won or lost */
	closed_since?: Day;
	/** The day on which it was won or lost */
	closed_before?: Day;
	/** Id in the system from which it was imported */
	external_id?: Several<string> | null;
	/** When it was created */
	created_since?: Instant;
	/** When it was created */
	created_before?: Instant;
	/** When it last changed */
	updated_since?: Instant;
	/** When it last changed */
	updated_before?: Instant;
	/** How many; 25, when it is not given */
	limit?: number;
	/** Columns to sort by, from one to three, with commas between them; - before one: descending */
	sort?: Sort<'updated_at' | 'title' | 'created_at' | 'expected_close_on'>;
	/** meta.next_cursor of the page before */
	cursor?: string;
	/** Whether meta.total is wanted */
	include_total?: boolean;
	/** true: the rows that can be restored, in place of those that there are */
	deleted?: boolean;
}

export interface DealsLoseInput {
	/** Id of the deal */
	id: DealId;
	/** Why it was lost */
	lost_reason?: string | null;
}

export interface DealsMoveInput {
	/** Id of the deal */
	id: DealId;
	/** The stage in which it is; the first open one, when it is not given */
	stage_id: StageId;
	/** Why it was lost */
	lost_reason?: string | null;
}

export interface DealsReopenInput {
	/** Id of the deal */
	id: DealId;
}

export interface DealsRestoreInput {
	/** Id of the row */
	id: DealId;
}

export interface DealsSearchInput {
	/** Conditions, nested */
	where?: Where<Filters<DealsListInput>>;
	/** How many; 25, when it is not given */
	limit?: number;
	/** Columns to sort by, from one to three, with commas between them; - before one: descending */
	sort?: Sort<'updated_at' | 'title' | 'created_at' | 'expected_close_on'>;
	/** meta.next_cursor of the page before */
	cursor?: string;
	/** Whether meta.total is wanted */
	include_total?: boolean;
	/** true: the rows that can be restored, in place of those that there are */
	deleted?: boolean;
}

export interface DealsStagesInput {
	/** Id of the deal */
	id: DealId;
}
export interface DealsStagesAnswer {
	/** The stages of its pipeline, in order */
	data: { id: StageId; name: string; kind: 'open' | 'won' | 'lost'; probability: number; }[];
}

export interface DealsUpdateInput {
	/** Id of the deal */
	id: DealId;
	/** What is sold to whom */
	title?: string;
	/** The stage in which it is; the first open one, when it is not given */
	stage_id?: StageId;
	/** What it is worth */
	amount?: Money | null;
	/** What is sold */
	product?: string | null;
	/** Who works on the deal */
	owner_id?: AgentId | null;
	/** Which team works on the deal */
	team_id?: TeamId | null;
	/** The organisation that buys */
	organisation_id?: ContactId | null;
	/** The day on which it began */
	opened_on?: Day | null;
	/** The day on which it should be closed */
	expected_close_on?: Day | null;
	/** The day on which it was won or lost */
	closed_on?: Day | null;
	/** Why it was lost */
	lost_reason?: string | null;
	/** Id in the system from which it was imported */
	external_id?: string | null;
	/** The people with whom it is negotiated; given: all of them from now on */
	contact_ids?: readonly ContactId[];
}

export interface DealsWinInput {
	/** Id of the deal */
	id: DealId;
	/** What it was sold for; as it is, when it is not given */
	amount?: Money;
}

export interface ImportRowsListInput {
	/** The import */
	import_id: ImportId;
	/** Words that a row that is named must all have: the contact of an e-mail address, the automation of a run; the last one perhaps begun; "side by side", -without, field:word */
	q?: string;
	/** Id of the row */
	id?: Several<ImportRowId>;
	/** What became of it */
	status?: Several<'created' | 'updated' | 'skipped' | 'refused'>;
	/** The row that it made or changed */
	row_id?: Several<string> | null;
	/** How many; 25, when it is not given */
	limit?: number;
	/** Columns to sort by, from one to three, with commas between them; - before one: descending */
	sort?: Sort<'number'>;
	/** meta.next_cursor of the page before */
	cursor?: string;
	/** Whether meta.total is wanted */
	include_total?: boolean;
}

export interface ImportsCreateInput {
	/** The file */
	file: Blob;
	/** What the file holds */
	object: 'contacts' | 'deals' | 'agents' | 'organisations';
	/** Field for each column number, as {"0":"first_name"}; a column that is not there is left out */
	mapping?: unknown | null;
	/** Whether the first line names the columns */
	has_header?: boolean;
}
export interface ImportsCreateAnswer {
	/** Rows in the file */
	rows: number;
	/** What a column can be */
	fields: { name: string; label: string; }[];
}

export interface ImportsGetInput {
	/** Id of the import */
	id: ImportId;
}
export interface ImportsGetAnswer {
	/** Rows in the file */
	rows: number;
	/** What a column can be */
	fields: { name: string; label: string; }[];
}

export interface ImportsListInput {
	/** Words that must all occur, the last one perhaps begun; "side by side", -without, field:word of filename */
	q?: string;
	/** Id of the import */
	id?: Several<ImportId>;
	/** What the file holds */
	object?: Several<'contacts' | 'deals' | 'agents' | 'organisations'>;
	/** How far it is */
	state?: Several<'reading' | 'ready' | 'running' | 'done' | 'failed' | 'undoing' | 'undone'>;
	/** Whether the first line names the columns */
	has_header?: Several<boolean>;
	/** Who imports */
	agent_id?: Several<AgentId> | null;
	/** When the file was sent */
	created_since?: Instant;
	/** When the file was sent */
	created_before?: Instant;
	/** When it last moved */
	updated_since?: Instant;
	/** When it last moved */
	updated_before?: Instant;
	/** How many; 25, when it is not given */
	limit?: number;
	/** Columns to sort by, from one to three, with commas between them; - before one: descending */
	sort?: Sort<'created_at'>;
	/** meta.next_cursor of the page before */
	cursor?: string;
	/** Whether meta.total is wanted */
	include_total?: boolean;
}

export interface ImportsPreviewInput {
	/** Id of the import */
	id: ImportId;
}
export interface ImportsPreviewAnswer {
	/** The first lines of the file */
	data: { number: number; cells: string[]; values: unknown | null; errors: string[]; }[];
	/** In how many of them something is wrong */
	bad: number;
}

export interface ImportsStartInput {
	/** Id of the import */
	id: ImportId;
	/** Field for each column number, as {"0":"first_name"}; a column that is not there is left out */
	mapping?: unknown | null;
}
export interface ImportsStartAnswer {
	/** Rows in the file */
	rows: number;
	/** What a column can be */
	fields: { name: string; label: string; }[];
}

export interface ImportsUndoInput {
	/** Id of the import */
	id: ImportId;
}
export interface ImportsUndoAnswer {
	/** Rows in the file */
	rows: number;
	/** What a column can be */
	fields: { name: string; label: string; }[];
}

export interface ImportsUpdateInput {
	/** Id of the import */
	id: ImportId;
	/** Field for each column number, as {"0":"first_name"}; a column that is not there is left out */
	mapping?: unknown;
	/** Whether the first line names the columns */
	has_header?: boolean;
}
export interface ImportsUpdateAnswer {
	/** Rows in the file */
	rows: number;
	/** What a column can be */
	fields: { name: string; label: string; }[];
}

export interface InboundEventsListInput {
	/** Words that a row that is named must all have: the contact of an e-mail address, the automation of a run; the last one perhaps begun; "side by side", -without, field:word */
	q?: string;
	/** Id of the row */
	id?: Several<InboundEventId>;
	/** By which hook it came */
	hook_id?: Several<InboundHookId>;
	/** When it came */
	created_since?: Instant;
	/** When it came */
	created_before?: Instant;
	/** How many; 25, when it is not given */
	limit?: number;
	/** Columns to sort by, from one to three, with commas between them; - before one: descending */
	sort?: Sort<'created_at'>;
	/** meta.next_cursor of the page before */
	cursor?: string;
	/** Whether meta.total is wanted */
	include_total?: boolean;
}

export interface InboundHooksCreateInput {
	/** Who tells by it */
	name: string;
	/** How what comes is signed: t=,v1= as payment providers do, or Standard Webhooks */
	scheme: 'stripe' | 'standard';
	/** The secret with which the provider signs, as it shows it */
	secret: string;
}
export interface InboundHooksCreateAnswer {
	/** The address to give to the provider; it is shown once */
	url: string;
}

export interface InboundHooksDeleteInput {
	/** Id of the row */
	id: InboundHookId;
}

export interface InboundHooksGetInput {
	/** Id of the row */
	id: InboundHookId;
}

export interface InboundHooksListInput {
	/** Words that must all occur, the last one perhaps begun; "side by side", -without, field:word of name */
	q?: string;
	/** Id of the hook */
	id?: Several<InboundHookId>;
	/** How what comes is signed: t=,v1= as payment providers do, or Standard Webhooks */
	scheme?: Several<'stripe' | 'standard'>;
	/** Who made it: what comes does no more than this agent may */
	agent_id?: Several<AgentId>;
	/** When it was made */
	created_since?: Instant;
	/** When it was made */
	created_before?: Instant;
	/** When it last changed */
	updated_since?: Instant;
	/** When it last changed */
	updated_before?: Instant;
	/** How many; 25, when it is not given */
	limit?: number;
	/** Columns to sort by, from one to three, with commas between them; - before one: descending */
	sort?: Sort<'created_at'>;
	/** meta.next_cursor of the page before */
	cursor?: string;
	/** Whether meta.total is wanted */
	include_total?: boolean;
	/** true: the rows that can be restored, in place of those that there are */
	deleted?: boolean;
}

export interface InboundHooksReceiveInput {
	/** From the hook's address */
	token: string;
}

export interface InboundHooksRotateInput {
	/** Id of the hook */
	id: InboundHookId;
}
export interface InboundHooksRotateAnswer {
	/** The address to give to the provider; it is shown once */
	url: string;
}

export interface InboundHooksTakeOverInput {
	/** Id of the hook */
	id: InboundHookId;
}

export interface InboundHooksUpdateInput {
	/** Id of the hook */
	id: InboundHookId;
	/** Who tells by it */
	name?: string;
}

export interface InvitationsAcceptInput {
	/** From the link */
	token: string;
	/** Name as people read it */
	full_name: string;
	/** Password of the new agent */
	password: string;
}
export interface InvitationsAcceptAnswer {
	/** For the header Authorization: Bearer; it is shown once */
	token: string;
	/** Until when it can be used */
	expires_at: Instant;
	/** Who has logged in */
	agent: { id: AgentId; email: string; full_name: string; role_id: RoleId; team_ids: TeamId[]; };
}

export interface InvitationsByTokenInput {
	/** From the link */
	token: string;
}
export interface InvitationsByTokenAnswer {
	/** Who is invited */
	email: string;
	/** The company that invites */
	company: { name: string; };
	/** The role that one gets */
	role: { name: string; };
}

export interface InvitationsCreateInput {
	/** Who is invited */
	email: string;
	/** The role that the new agent will have */
	role_id: RoleId;
	/** The teams that the new agent will join */
	team_ids?: readonly TeamId[] | null;
}
export interface InvitationsCreateAnswer {
	/** The link by which to accept it; it is shown once */
	url: string;
}

export interface InvitationsDeleteInput {
	/** Id of the row */
	id: InvitationId;
}

export interface InvitationsGetInput {
	/** Id of the row */
	id: InvitationId;
}

export interface InvitationsListInput {
	/** Words that must all occur, the last one perhaps begun; "side by side", -without, field:word of email */
	q?: string;
	/** Id of the invitation */
	id?: Several<InvitationId>;
	/** Who is invited */
	email?: Several<string>;
	/** The role that the new agent will have */
	role_id?: Several<RoleId>;
	/** Who invites */
	invited_by?: Several<AgentId>;
	/** Until when the link works */
	expires_since?: Instant;
	/** Until when the link works */
	expires_before?: Instant;
	/** When it was accepted */
	accepted_since?: Instant;
	/** When it was accepted */
	accepted_before?: Instant;
	/** When it was sent */
	created_since?: Instant;
	/** When it was sent */
	created_before?: Instant;
	/** How many; 25, when it is not given */
	limit?: number;
	/** Columns to sort by, from one to three, with commas between them; - before one: descending */
	sort?: Sort<'created_at'>;
	/** meta.next_cursor of the page before */
	cursor?: string;
	/** Whether meta.total is wanted */
	include_total?: boolean;
}

export interface MailAddressesBouncedInput {
}
export interface MailAddressesBouncedAnswer {
	/** At most 200, by address */
	data: { address: string; bounce: string | null; bounced_at: Instant; }[];
}

export interface MailAddressesClearInput {
	/** The address */
	address: string;
}

export interface MailUnsubscribeInput {
	/** From the link */
	token: string;
}

export interface MeGetInput {
}
export interface MeGetAnswer {
	/** Who is asking */
	agent: { id: AgentId; email: string; full_name: string; role_id: RoleId; team_ids: TeamId[]; };
	/** Where it works */
	company: { id: CompanyId; name: string; currency: string; time_zone: string; plan: 'free' | 'trial' | 'paid'; trial_ends_at: Instant | null; };
	/** Its role; that of its key, when it is one */
	role: { id: RoleId; name: string; };
	/** Every permission, with the level at which it is held */
	permissions: { [name: string]: 'none' | 'own' | 'team' | 'all' };
}

export interface MeNoticesInput {
}
export interface MeNoticesAnswer {
	/** A mail each morning on which tasks are due */
	tasks: boolean;
	/** So many minutes before a task is due a mail reminds the agent of it; 0: never */
	reminder: number;
	/** A mail when nothing has happened with deals of one's own for long */
	stale_deals: boolean;
	/** How often a mail tells the agent what has happened */
	digest: 'off' | 'daily' | 'weekly';
}

export interface MeUpdateInput {
	/** Name as people read it */
	full_name?: string;
}
export interface MeUpdateAnswer {
	/** Id of the agent */
	id: AgentId;
	/** With which the agent logs in; unique in the installation */
	email: string;
	/** Name as people read it */
	full_name: string;
	/** What the agent may do */
	role_id: RoleId;
	/** Teams of the agent */
	team_ids: TeamId[];
}

export interface MeUpdateNoticesInput {
	/** Whether a mail tells of the tasks that are due */
	tasks?: boolean;
	/** So many minutes before a task is due a mail reminds the agent of it; 0: never */
	reminder?: number;
	/** Whether a mail tells of deals that stand still */
	stale_deals?: boolean;
	/** How often a mail tells the agent what has happened */
	digest?: 'off' | 'daily' | 'weekly';
}
export interface MeUpdateNoticesAnswer {
	/** A mail each morning on which tasks are due */
	tasks: boolean;
	/** So many minutes before a task is due a mail reminds the agent of it; 0: never */
	reminder: number;
	/** A mail when nothing has happened with deals of one's own for long */
	stale_deals: boolean;
	/** How often a mail tells the agent what has happened */
	digest: 'off' | 'daily' | 'weekly';
}

export interface NotesCreateInput {
	/** Id of the note */
	id?: NoteId;
	/** What it is about: a contact or a deal */
	subject: { object: 'contact'; id: ContactId } | { object: 'deal'; id: DealId };
	/** The note */
	body: string;
}

export interface NotesDeleteInput {
	/** Id of the row */
	id: NoteId;
}

export interface NotesGetInput {
	/** Id of the row */
	id: NoteId;
}

export interface NotesListInput {
	/** Words that must all occur, the last one perhaps begun; "side by side", -without, field:word of body */
	q?: string;
	/** Id of the note */
	id?: Several<NoteId>;
	/** What it is about: a contact or a deal */
	contact_id?: Several<ContactId> | null;
	/** The deal that it is about */
	deal_id?: Several<DealId> | null;
	/** Who wrote it */
	author_id?: Several<AgentId> | null;
	/** When it was written */
	created_since?: Instant;
	/** When it was written */
	created_before?: Instant;
	/** When it last changed */
	updated_since?: Instant;
	/** When it last changed */
	updated_before?: Instant;
	/** How many; 25, when it is not given */
	limit?: number;
	/** Columns to sort by, from one to three, with commas between them; - before one: descending */
	sort?: Sort<'created_at'>;
	/** meta.next_cursor of the page before */
	cursor?: string;
	/** Whether meta.total is wanted */
	include_total?: boolean;
	/** true: the rows that can be restored, in place of those that there are */
	deleted?: boolean;
}

export interface NotesRestoreInput {
	/** Id of the row */
	id: NoteId;
}

export interface NotesUpdateInput {
	/** Id of the note */
	id: NoteId;
	/** The note */
	body?: string;
}

export interface PasswordsChangeInput {
	/** The password of now */
	current_password: string;
	/** The new password */
	password: string;
}

export interface PasswordsForgotInput {
	/** With which the agent logs in; unique in the installation */
	email: string;
}

export interface PasswordsResetInput {
	/** From the link */
	token: string;
	/** The new password */
	password: string;
}
export interface PasswordsResetAnswer {
	/** For the header Authorization: Bearer; it is shown once */
	token: string;
	/** Until when it can be used */
	expires_at: Instant;
	/** Who has logged in */
	agent: { id: AgentId; email: string; full_name: string; role_id: RoleId; team_ids: TeamId[]; };
}

export interface PermissionsListInput {
}
export interface PermissionsListAnswer {
	/** The permissions, in alphabetical order */
	data: { permission: string; object: string; action: string; owned: boolean; level: 'none' | 'own' | 'team' | 'all'; }[];
}

export interface PipelinesCreateInput {
	/** Id of the pipeline */
	id?: PipelineId;
	/** Name of the pipeline */
	name: string;
	/** Order among the pipelines */
	position?: number;
}

export interface PipelinesDeleteInput {
	/** Id of the pipeline */
	id: PipelineId;
}

export interface PipelinesGetInput {
	/** Id of the row */
	id: PipelineId;
}

export interface PipelinesListInput {
	/** Words that must all occur, the last one perhaps begun; "side by side", -without, field:word of name */
	q?: string;
	/** Id of the pipeline */
	id?: Several<PipelineId>;
	/** When it was created */
	created_since?: Instant;
	/** When it was created */
	created_before?: Instant;
	/** When it last changed */
	updated_since?: Instant;
	/** When it last changed */
	updated_before?: Instant;
	/** How many; 25, when it is not given */
	limit?: number;
	/** Columns to sort by, from one to three, with commas between them; - before one: descending */
	sort?: Sort<'position'>;
	/** meta.next_cursor of the page before */
	cursor?: string;
	/** Whether meta.total is wanted */
	include_total?: boolean;
	/** true: the rows that can be restored, in place of those that there are */
	deleted?: boolean;
}

export interface PipelinesRestoreInput {
	/** Id of the pipeline */
	id: PipelineId;
}

export interface PipelinesStagesInput {
}
export interface PipelinesStagesAnswer {
	/** The pipelines, in order */
	data: { id: PipelineId; name: string; stages: { id: StageId; name: string; kind: 'open' | 'won' | 'lost'; probability: number; }[]; }[];
}

export interface PipelinesUpdateInput {
	/** Id of the pipeline */
	id: PipelineId;
	/** Name of the pipeline */
	name?: string;
	/** Order among the pipelines */
	position?: number;
}

export interface PublicFormsCreateInput {
	/** What it is for */
	name: string;
	/** Where a browser goes when it has sent the form, a page of your site; null: a page here says thank you */
	thanks_url?: string | null;
}

export interface PublicFormsDeleteInput {
	/** Id of the row */
	id: PublicFormId;
}

export interface PublicFormsGetInput {
	/** Id of the row */
	id: PublicFormId;
}

export interface PublicFormsListInput {
	/** Words that must all occur, the last one perhaps begun; "side by side", -without, field:word of name */
	q?: string;
	/** Id of the form, also its address */
	id?: Several<PublicFormId>;
	/** Who made it: what comes does no more than this agent may */
	agent_id?: Several<AgentId>;
	/** When it was made */
	created_since?: Instant;
	/** When it was made */
	created_before?: Instant;
	/** When it last changed */
	updated_since?: Instant;
	/** When it last changed */
	updated_before?: Instant;
	/** How many; 25, when it is not given */
	limit?: number;
	/** Columns to sort by, from one to three, with commas between them; - before one: descending */
	sort?: Sort<'created_at'>;
	/** meta.next_cursor of the page before */
	cursor?: string;
	/** Whether meta.total is wanted */
	include_total?: boolean;
	/** true: the rows that can be restored, in place of those that there are */
	deleted?: boolean;
}

export interface PublicFormsRestoreInput {
	/** Id of the row */
	id: PublicFormId;
}

export interface PublicFormsSubmitInput {
	/** Id of the form */
	id: PublicFormId;
}

export interface PublicFormsTakeOverInput {
	/** Id of the form, also its address */
	id: PublicFormId;
}

export interface PublicFormsUpdateInput {
	/** Id of the form, also its address */
	id: PublicFormId;
	/** What it is for */
	name?: string;
	/** Where a browser goes when it has sent the form, a page of your site; null: a page here says thank you */
	thanks_url?: string | null;
}

export interface ReportsDealsInput {
	/** What makes a row: stage, owner, team or quarter */
	group_by: 'stage' | 'owner' | 'team' | 'quarter';
	/** Only open, won or lost deals */
	status?: 'open' | 'won' | 'lost';
	/** Only the deals of this pipeline */
	pipeline_id?: PipelineId;
	/** Only deals in this currency, so that there is a sum */
	currency?: string;
	/** From this day on: when a deal was closed or, while it is open, when it began */
	since?: Day;
	/** Before this day */
	before?: Day;
}
export interface ReportsDealsAnswer {
	/** A line for each stage, owner, ... */
	data: { key: string | null; name: string | null; count: number; amount: Money | null; }[];
	/** Over all lines */
	totals: { count: number; amount: Money | null; };
}

export interface RolesCreateInput {
	/** Id of the role */
	id?: RoleId;
	/** Name of the role */
	name: string;
	/** The role whose permissions it starts with; none: it may do nothing yet */
	copy_of?: RoleId | null;
}

export interface RolesDeleteInput {
	/** Id of the role */
	id: RoleId;
}

export interface RolesGetInput {
	/** Id of the row */
	id: RoleId;
}

export interface RolesListInput {
	/** Words that must all occur, the last one perhaps begun; "side by side", -without, field:word of name */
	q?: string;
	/** Id of the role */
	id?: Several<RoleId>;
	/** Which of the built-in roles it is; custom for the company's own */
	kind?: Several<'owner' | 'team_leader' | 'agent' | 'custom'>;
	/** When it was created */
	created_since?: Instant;
	/** When it was created */
	created_before?: Instant;
	/** When it last changed */
	updated_since?: Instant;
	/** When it last changed */
	updated_before?: Instant;
	/** How many; 25, when it is not given */
	limit?: number;
	/** Columns to sort by, from one to three, with commas between them; - before one: descending */
	sort?: Sort<'name'>;
	/** meta.next_cursor of the page before */
	cursor?: string;
	/** Whether meta.total is wanted */
	include_total?: boolean;
	/** true: the rows that can be restored, in place of those that there are */
	deleted?: boolean;
}

export interface RolesMatrixInput {
	/** The role that is shown; none: the first */
	role?: RoleId;
}
export interface RolesMatrixAnswer {
	/** All roles, the built-in ones first */
	roles: { id: RoleId; name: string; built_in: boolean; owner: boolean; updated_at: Instant; }[];
	/** The role that is shown */
	role: { id: RoleId; name: string; built_in: boolean; owner: boolean; updated_at: Instant; };
	/** What permissions are about */
	objects: { object: string; label: string; owned: boolean; actions: { action: string; label: string; permission: string; level: 'none' | 'own' | 'team' | 'all'; levels: { role_id: RoleId; level: 'none' | 'own' | 'team' | 'all'; }[]; }[]; }[];
}

export interface RolesPermissionsInput {
	/** Id of the role */
	id: RoleId;
}
export interface RolesPermissionsAnswer {
	/** Id of the role */
	role_id: RoleId;
	/** Every permission, with the level at which the role holds it */
	permissions: { [name: string]: 'none' | 'own' | 'team' | 'all' };
}

export interface RolesRestoreInput {
	/** Id of the role */
	id: RoleId;
}

export interface RolesSetPermissionsInput {
	/** Id of the role */
	id: RoleId;
	/** Levels by permission, as {"contacts.view":"own"}: none, own, team or all. What is not named stays as it is */
	permissions: unknown;
}
export interface RolesSetPermissionsAnswer {
	/** Id of the role */
	role_id: RoleId;
	/** Every permission, with the level at which the role holds it */
	permissions: { [name: string]: 'none' | 'own' | 'team' | 'all' };
}

export interface RolesUpdateInput {
	/** Id of the role */
	id: RoleId;
	/** Name of the role */
	name?: string;
}

export interface SearchListInput {
	/** Words that must all occur, the last one perhaps begun; "side by side", -without, field:word */
	q: string;
	/** Where to look, with commas between them: contacts, deals, tasks, notes, activities; everywhere, when it is not given */
	kinds?: string;
	/** How many; 25, when it is not given */
	limit?: number;
	/** meta.next_cursor of the page before */
	cursor?: string;
}
export interface SearchListAnswer {
	/** What was found of each kind that one may see */
	kinds: { kind: string; count: number; more: boolean; }[];
	/** What was found, the best first */
	data: { kind: string; id: string; title: string; about: { object: 'contact'; id: ContactId } | { object: 'deal'; id: DealId } | null; subtitle: string | null; page: string; members: number | null; more_members: boolean; members_page: string | null; title_parts: { text: string; found: boolean; }[]; matches: { field: string; parts: { text: string; found: boolean; }[]; }[]; }[];
	/** The pages */
	meta: { has_more: boolean; next_cursor: string | null; alike: boolean; indexed: number | null; };
}

export interface SessionsCreateInput {
	/** With which the agent logs in; unique in the installation */
	email: string;
	/** The agent's password */
	password: string;
}
export interface SessionsCreateAnswer {
	/** For the header Authorization: Bearer; it is shown once */
	token: string;
	/** Until when it can be used */
	expires_at: Instant;
	/** Who has logged in */
	agent: { id: AgentId; email: string; full_name: string; role_id: RoleId; team_ids: TeamId[]; };
}

export interface SessionsDeleteInput {
	/** Id of the session */
	id: SessionId;
}

export interface SessionsDeleteCurrentInput {
}

export interface SessionsDeleteOthersInput {
}

export interface SessionsGetInput {
	/** Id of the session */
	id: SessionId;
}
export interface SessionsGetAnswer {
	/** Id of the session */
	id: SessionId;
	/** The program that logged in, as it names itself */
	user_agent: string | null;
	/** Address from which it logged in */
	ip: string | null;
	/** When it began */
	created_at: Instant;
	/** When it ends by itself */
	expires_at: Instant;
	/** Whether it is the one that asks */
	current: boolean;
}

export interface SessionsListInput {
}
export interface SessionsListAnswer {
	/** The sessions that have not ended; of many, the latest 100 */
	data: { id: SessionId; user_agent: string | null; ip: string | null; created_at: Instant; expires_at: Instant; current: boolean; }[];
}

export interface SourcesCreateInput {
	/** Id of the source */
	id?: SourceId;
	/** Where contacts come from */
	name: string;
}

export interface SourcesDeleteInput {
	/** Id of the row */
	id: SourceId;
}

export interface SourcesGetInput {
	/** Id of the row */
	id: SourceId;
}

export interface SourcesListInput {
	/** Words that must all occur, the last one perhaps begun; "side by side", -without, field:word of name */
	q?: string;
	/** Id of the source */
	id?: Several<SourceId>;
	/** When it was created */
	created_since?: Instant;
	/** When it was created */
	created_before?: Instant;
	/** When it last changed */
	updated_since?: Instant;
	/** When it last changed */
	updated_before?: Instant;
	/** How many; 25, when it is not given */
	limit?: number;
	/** Columns to sort by, from one to three, with commas between them; - before one: descending */
	sort?: Sort<'name'>;
	/** meta.next_cursor of the page before */
	cursor?: string;
	/** Whether meta.total is wanted */
	include_total?: boolean;
	/** true: the rows that can be restored, in place of those that there are */
	deleted?: boolean;
}

export interface SourcesRestoreInput {
	/** Id of the row */
	id: SourceId;
}

export interface SourcesUpdateInput {
	/** Id of the source */
	id: SourceId;
	/** Where contacts come from */
	name?: string;
}

export interface StagesCreateInput {
	/** Id of the stage */
	id?: StageId;
	/** The pipeline of which it is a stage */
	pipeline_id: PipelineId;
	/** Name of the stage */
	name: string;
	/** Order in the pipeline */
	position?: number;
	/** What a deal in it is */
	kind?: 'open' | 'won' | 'lost';
	/** How likely a deal in it is won, in percent */
	probability?: number;
}

export interface StagesDeleteInput {
	/** Id of the row */
	id: StageId;
}

export interface StagesGetInput {
	/** Id of the row */
	id: StageId;
}

export interface StagesListInput {
	/** Words that must all occur, the last one perhaps begun; "side by side", -without, field:word of name */
	q?: string;
	/** Id of the stage */
	id?: Several<StageId>;
	/** The pipeline of which it is a stage */
	pipeline_id?: Several<PipelineId>;
	/** What a deal in it is */
	kind?: Several<'open' | 'won' | 'lost'>;
	/** When it was created */
	created_since?: Instant;
	/** When it was created */
	created_before?: Instant;
	/** When it last changed */
	updated_since?: Instant;
	/** When it last changed */
	updated_before?: Instant;
	/** How many; 25, when it is not given */
	limit?: number;
	/** Columns to sort by, from one to three, with commas between them; - before one: descending */
	sort?: Sort<'position'>;
	/** meta.next_cursor of the page before */
	cursor?: string;
	/** Whether meta.total is wanted */
	include_total?: boolean;
	/** true: the rows that can be restored, in place of those that there are */
	deleted?: boolean;
}

export interface StagesRestoreInput {
	/** Id of the row */
	id: StageId;
}

export interface StagesUpdateInput {
	/** Id of the stage */
	id: StageId;
	/** Name of the stage */
	name?: string;
	/** Order in the pipeline */
	position?: number;
	/** What a deal in it is */
	kind?: 'open' | 'won' | 'lost';
	/** How likely a deal in it is won, in percent */
	probability?: number;
}

export interface TagsCreateInput {
	/** Id of the tag */
	id?: TagId;
	/** The tag */
	name: string;
	/** Colour in which it is shown */
	color?: 'grey' | 'red' | 'orange' | 'yellow' | 'green' | 'teal' | 'blue' | 'purple' | 'pink';
}

export interface TagsDeleteInput {
	/** Id of the row */
	id: TagId;
}

export interface TagsGetInput {
	/** Id of the row */
	id: TagId;
}

export interface TagsListInput {
	/** Words that must all occur, the last one perhaps begun; "side by side", -without, field:word of name */
	q?: string;
	/** Id of the tag */
	id?: Several<TagId>;
	/** Colour in which it is shown */
	color?: Several<'grey' | 'red' | 'orange' | 'yellow' | 'green' | 'teal' | 'blue' | 'purple' | 'pink'>;
	/** When it was created */
	created_since?: Instant;
	/** When it was created */
	created_before?: Instant;
	/** When it last changed */
	updated_since?: Instant;
	/** When it last changed */
	updated_before?: Instant;
	/** How many; 25, when it is not given */
	limit?: number;
	/** Columns to sort by, from one to three, with commas between them; - before one: descending */
	sort?: Sort<'name'>;
	/** meta.next_cursor of the page before */
	cursor?: string;
	/** Whether meta.total is wanted */
	include_total?: boolean;
	/** true: the rows that can be restored, in place of those that there are */
	deleted?: boolean;
}

export interface TagsRestoreInput {
	/** Id of the row */
	id: TagId;
}

export interface TagsUpdateInput {
	/** Id of the tag */
	id: TagId;
	/** The tag */
	name?: string;
	/** Colour in which it is shown */
	color?: 'grey' | 'red' | 'orange' | 'yellow' | 'green' | 'teal' | 'blue' | 'purple' | 'pink';
}

export interface TasksCompleteInput {
	/** Id of the task */
	id: TaskId;
}

export interface TasksCreateInput {
	/** Id of the task */
	id?: TaskId;
	/** What is to be done */
	title: string;
	/** What sort of task */
	kind?: 'todo' | 'call' | 'email' | 'meeting';
	/** How much it matters */
	priority?: 'low' | 'normal' | 'high';
	/** When it must be done */
	due_at?: Instant | null;
	/** More about it */
	description?: string | null;
	/** Who does it */
	assignee_id?: AgentId | null;
	/** What it is about: a contact or a deal */
	subject?: { object: 'contact'; id: ContactId } | { object: 'deal'; id: DealId } | null;
}

export interface TasksDeleteInput {
	/** Id of the row */
	id: TaskId;
}

export interface TasksGetInput {
	/** Id of the row */
	id: TaskId;
}

export interface TasksListInput {
	/** Words that must all occur, the last one perhaps begun; "side by side", -without, field:word of title, description */
	q?: string;
	/** Id of the task */
	id?: Several<TaskId>;
	/** What sort of task */
	kind?: Several<'todo' | 'call' | 'email' | 'meeting'>;
	/** Whether it is done */
	status?: Several<'open' | 'done'>;
	/** How much it matters */
	priority?: Several<'low' | 'normal' | 'high'>;
	/** When it must be done */
	due_since?: Instant;
	/** When it must be done */
	due_before?: Instant;
	/** When it was done */
	done_since?: Instant;
	/** When it was done */
	done_before?: Instant;
	/** Who does it */
	assignee_id?: Several<AgentId> | null;
	/** What it is about: a contact or a deal */
	contact_id?: Several<ContactId> | null;
	/** The deal that it is about */
	deal_id?: Several<DealId> | null;
	/** When it was created */
	created_since?: Instant;
	/** When it was created */
	created_before?: Instant;
	/** When it last changed */
	updated_since?: Instant;
	/** When it last changed */
	updated_before?: Instant;
	/** How many; 25, when it is not given */
	limit?: number;
	/** Columns to sort by, from one to three, with commas between them; - before one: descending */
	sort?: Sort<'due_at' | 'updated_at'>;
	/** meta.next_cursor of the page before */
	cursor?: string;
	/** Whether meta.total is wanted */
	include_total?: boolean;
	/** true: the rows that can be restored, in place of those that there are */
	deleted?: boolean;
}

export interface TasksReopenInput {
	/** Id of the task */
	id: TaskId;
}

export interface TasksRestoreInput {
	/** Id of the row */
	id: TaskId;
}

export interface TasksSearchInput {
	/** Conditions, nested */
	where?: Where<Filters<TasksListInput>>;
	/** How many; 25, when it is not given */
	limit?: number;
	/** Columns to sort by, from one to three, with commas between them; - before one: descending */
	sort?: Sort<'due_at' | 'updated_at'>;
	/** meta.next_cursor of the page before */
	cursor?: string;
	/** Whether meta.total is wanted */
	include_total?: boolean;
	/** true: the rows that can be restored, in place of those that there are */
	deleted?: boolean;
}

export interface TasksUpdateInput {
	/** Id of the task */
	id: TaskId;
	/** What is to be done */
	title?: string;
	/** What sort of task */
	kind?: 'todo' | 'call' | 'email' | 'meeting';
	/** How much it matters */
	priority?: 'low' | 'normal' | 'high';
	/** When it must be done */
	due_at?: Instant | null;
	/** More about it */
	description?: string | null;
	/** Who does it */
	assignee_id?: AgentId | null;
	/** What it is about: a contact or a deal */
	subject?: { object: 'contact'; id: ContactId } | { object: 'deal'; id: DealId } | null;
}

export interface TeamsCreateInput {
	/** Id of the team */
	id?: TeamId;
	/** Name of the team */
	name: string;
}

export interface TeamsDeleteInput {
	/** Id of the row */
	id: TeamId;
}

export interface TeamsGetInput {
	/** Id of the row */
	id: TeamId;
}

export interface TeamsListInput {
	/** Words that must all occur, the last one perhaps begun; "side by side", -without, field:word of name */
	q?: string;
	/** Id of the team */
	id?: Several<TeamId>;
	/** When it was created */
	created_since?: Instant;
	/** When it was created */
	created_before?: Instant;
	/** When it last changed */
	updated_since?: Instant;
	/** When it last changed */
	updated_before?: Instant;
	/** How many; 25, when it is not given */
	limit?: number;
	/** Columns to sort by, from one to three, with commas between them; - before one: descending */
	sort?: Sort<'name'>;
	/** meta.next_cursor of the page before */
	cursor?: string;
	/** Whether meta.total is wanted */
	include_total?: boolean;
	/** true: the rows that can be restored, in place of those that there are */
	deleted?: boolean;
}

export interface TeamsRestoreInput {
	/** Id of the row */
	id: TeamId;
}

export interface TeamsUpdateInput {
	/** Id of the team */
	id: TeamId;
	/** Name of the team */
	name?: string;
}

export interface TimelineListInput {
	/** What happened with this contact */
	contact_id?: ContactId;
	/** What happened with this deal */
	deal_id?: DealId;
	/** How many; 25, when it is not given */
	limit?: number;
	/** meta.next_cursor of the page before */
	cursor?: string;
	/** Id of a note, an activity or a task that is to be seen: where the newest do not have it, the page begins with it */
	event?: string;
}
export interface TimelineListAnswer {
	/** What happened, newest first */
	data: { id: string; kind: 'note' | 'activity' | 'task' | 'deal' | 'change'; at: Instant; updated_at: Instant | null; title: string | null; body: string | null; activity_kind: 'call' | 'email' | 'meeting' | 'message' | 'other' | null; status: string | null; fields: string[] | null; agent: { id: AgentId; full_name: string; } | null; }[];
	/** Where it goes on */
	meta: { newest: boolean; has_more: boolean; next_cursor: string | null; };
}

export interface WebhookDeliveriesGetInput {
	/** Id of the row */
	id: WebhookDeliveryId;
}

export interface WebhookDeliveriesListInput {
	/** Words that a row that is named must all have: the contact of an e-mail address, the automation of a run; the last one perhaps begun; "side by side", -without, field:word */
	q?: string;
	/** Id of the delivery, also its webhook-id */
	id?: Several<WebhookDeliveryId>;
	/** To which webhook */
	webhook_id?: Several<WebhookId>;
	/** Whether it has arrived */
	state?: Several<'waiting' | 'delivered' | 'failed'>;
	/** When it is tried again */
	next_try_since?: Instant;
	/** When it is tried again */
	next_try_before?: Instant;
	/** When it arrived */
	delivered_since?: Instant;
	/** When it arrived */
	delivered_before?: Instant;
	/** When it happened */
	created_since?: Instant;
	/** When it happened */
	created_before?: Instant;
	/** When it was last tried */
	updated_since?: Instant;
	/** When it was last tried */
	updated_before?: Instant;
	/** How many; 25, when it is not given */
	limit?: number;
	/** Columns to sort by, from one to three, with commas between them; - before one: descending */
	sort?: Sort<'created_at'>;
	/** meta.next_cursor of the page before */
	cursor?: string;
	/** Whether meta.total is wanted */
	include_total?: boolean;
}

export interface WebhookDeliveriesReplayInput {
	/** Id of the delivery, also its webhook-id */
	id: WebhookDeliveryId;
}

export interface WebhooksCreateInput {
	/** Where it is sent to */
	url: string;
	/** Which events, such as ["contact.created"]; null: all of them */
	events?: readonly string[] | null;
}
export interface WebhooksCreateAnswer {
	/** The secret with which what is sent is signed; it is shown once */
	key: string;
}

export interface WebhooksDeleteInput {
	/** Id of the row */
	id: WebhookId;
}

export interface WebhooksGetInput {
	/** Id of the row */
	id: WebhookId;
}

export interface WebhooksListInput {
	/** Words that must all occur, the last one perhaps begun; "side by side", -without, field:word of url */
	q?: string;
	/** Id of the webhook */
	id?: Several<WebhookId>;
	/** Whether it is told of what happens from now on */
	enabled?: Several<boolean>;
	/** Who chose the address: it is told of what this agent may see */
	agent_id?: Several<AgentId>;
	/** Until when signatures are made with the secret before as well */
	old_secret_until_since?: Instant;
	/** Until when signatures are made with the secret before as well */
	old_secret_until_before?: Instant;
	/** When it was made */
	created_since?: Instant;
	/** When it was made */
	created_before?: Instant;
	/** When it last changed */
	updated_since?: Instant;
	/** When it last changed */
	updated_before?: Instant;
	/** How many; 25, when it is not given */
	limit?: number;
	/** Columns to sort by, from one to three, with commas between them; - before one: descending */
	sort?: Sort<'created_at'>;
	/** meta.next_cursor of the page before */
	cursor?: string;
	/** Whether meta.total is wanted */
	include_total?: boolean;
	/** true: the rows that can be restored, in place of those that there are */
	deleted?: boolean;
}

export interface WebhooksRestoreInput {
	/** Id of the row */
	id: WebhookId;
}

export interface WebhooksRotateInput {
	/** Id of the webhook */
	id: WebhookId;
}
export interface WebhooksRotateAnswer {
	/** The secret with which what is sent is signed; it is shown once */
	key: string;
}

export interface WebhooksUpdateInput {
	/** Id of the webhook */
	id: WebhookId;
	/** Where it is sent to */
	url?: string;
	/** Which events, such as ["contact.created"]; null: all of them */
	events?: readonly string[] | null;
	/** Whether it is told of what happens from now on */
	enabled?: boolean;
}

export interface WorkflowRunsAgainInput {
	/** Id of the run */
	id: WorkflowRunId;
	/** From this step of its journal on; without it, with the step that failed */
	step_number?: number;
}

export interface WorkflowRunsCancelInput {
	/** Id of the run */
	id: WorkflowRunId;
}

export interface WorkflowRunsGetInput {
	/** Id of the row */
	id: WorkflowRunId;
}

export interface WorkflowRunsListInput {
	/** Words that a row that is named must all have: the contact of an e-mail address, the automation of a run; the last one perhaps begun; "side by side", -without, field:word */
	q?: string;
	/** Id of the run */
	id?: Several<WorkflowRunId>;
	/** How far it is */
	state?: Several<'waiting' | 'running' | 'paused' | 'done' | 'failed' | 'cancelled'>;
	/** When the next step is due; null: when the event comes */
	wake_since?: Instant;
	/** When the next step is due; null: when the event comes */
	wake_before?: Instant;
	/** The row that it works on */
	subject_id?: Several<string> | null;
	/** On whose behalf it acts */
	agent_id?: Several<AgentId> | null;
	/** The run that started it as a part of its own work */
	parent_id?: Several<string> | null;
	/** The automation that it is a run of */
	automation_id?: Several<AutomationId> | null;
	/** When it came to its end */
	ended_since?: Instant;
	/** When it came to its end */
	ended_before?: Instant;
	/** When it was started */
	created_since?: Instant;
	/** When it was started */
	created_before?: Instant;
	/** When it last moved */
	updated_since?: Instant;
	/** When it last moved */
	updated_before?: Instant;
	/** How many; 25, when it is not given */
	limit?: number;
	/** Columns to sort by, from one to three, with commas between them; - before one: descending */
	sort?: Sort<'created_at'>;
	/** meta.next_cursor of the page before */
	cursor?: string;
	/** Whether meta.total is wanted */
	include_total?: boolean;
}

export interface WorkflowRunsPauseInput {
	/** Id of the run */
	id: WorkflowRunId;
}

export interface WorkflowRunsRecordsInput {
	/** Id of the automation */
	automation_id?: AutomationId;
	/** How far it is */
	state?: 'waiting' | 'running' | 'paused' | 'done' | 'failed' | 'cancelled';
	/** The words by which the runs are found */
	q?: string;
	/** How many; 25, when it is not given */
	limit?: number;
	/** meta.next_cursor of the page of runs before */
	cursor?: string;
}
export interface WorkflowRunsRecordsAnswer {
	/** Of each run that is one of an automation and whose record the caller sees */
	data: { run_id: WorkflowRunId; object: string; record: string; about: string; }[];
}

export interface WorkflowRunsResumeInput {
	/** Id of the run */
	id: WorkflowRunId;
}

export interface WorkflowRunsStepsInput {
	/** Id of the run */
	id: WorkflowRunId;
	/** The number of the last step that is known: those after it come */
	after?: number;
}
export interface WorkflowRunsStepsAnswer {
	/** The steps that were done, in their order; at most 200 */
	data: { step_number: number; step: string; undone: boolean; attempts: number; error: string | null; result: unknown | null; finished_at: Instant; }[];
}

export interface WorkflowRunsStoryInput {
	/** Id of the run */
	id: WorkflowRunId;
}
export interface WorkflowRunsStoryAnswer {
	/** The automation, or what the program does */
	title: string;
	/** The automation that it is a run of */
	automation_id: AutomationId | null;
	/** Which version of it */
	version_number: number | null;
	/** What its record is */
	object: string | null;
	/** What the record is called */
	record: string | null;
	/** Where the record's page is: /contacts/... */
	about: string | null;
	/** For what it waits, unless it is for a time alone */
	waits_for: string | null;
	/** Until when it waits at most, or when it goes on */
	until: Instant | null;
	/** The event for which it waits, by the name with which it is told */
	event: string | null;
	/** Of a webhook that did not take it yet: why, at the last try */
	tried: string | null;
	/** The webhook whose answer it waits for */
	webhook_id: WebhookId | null;
	/** What was done, the first first */
	steps: { number: number; at: string | null; title: string; text: string | null; with: string | null; skipped: string | null; icon: string; attempts: number; error: string | null; input: unknown | null; output: unknown | null; finished_at: Instant; undone: boolean; }[];
}

export interface WorkflowRunsTellInput {
	/** Id of the run */
	id: WorkflowRunId;
	/** What has happened, as the automation's step names it */
	event: string;
	/** More about it, kept with the run's journal; at most 4000 bytes */
	payload?: unknown | null;
}

export interface Operations {
	activities: {
		/** Create one of activities. POST /v1/activities */
		create<F extends keyof Activity = keyof Activity, E extends keyof ActivityExpansions = never>(input: ActivitiesCreateInput & Shape<F, E>, options?: Options): Mutation<'activities.create', Written<Shaped<Activity, ActivityExpansions, F, E>, ActivityId> & Versioned>;
		/** Delete one of activities. DELETE /v1/activities/{id} */
		delete(input: ActivitiesDeleteInput, options?: Options): Mutation<'activities.delete', void>;
		/** Get one of activities. GET /v1/activities/{id} */
		get<F extends keyof Activity = keyof Activity, E extends keyof ActivityExpansions = never>(input: ActivitiesGetInput & Shape<F, E>, options?: Options): Query<'activities.get', Shaped<Activity, ActivityExpansions, F, E>>;
		/** List activities. GET /v1/activities */
		list<F extends keyof Activity = keyof Activity, E extends keyof ActivityExpansions = never>(input?: ActivitiesListInput & Shape<F, E>, options?: Options): Query<'activities.list', Page<Shaped<Activity, ActivityExpansions, F, E>>> & AsyncIterable<Shaped<Activity, ActivityExpansions, F, E>>;
		/** Bring back one of activities. POST /v1/activities/{id}/restore */
		restore<F extends keyof Activity = keyof Activity, E extends keyof ActivityExpansions = never>(input: ActivitiesRestoreInput & Shape<F, E>, options?: Options): Mutation<'activities.restore', Written<Shaped<Activity, ActivityExpansions, F, E>, ActivityId> & Versioned>;
		/** Change one of activities. PATCH /v1/activities/{id} */
		update<F extends keyof Activity = keyof Activity, E extends keyof ActivityExpansions = never>(input: ActivitiesUpdateInput & Shape<F, E>, options?: Options): Mutation<'activities.update', Written<Shaped<Activity, ActivityExpansions, F, E>, ActivityId> & Versioned>;
	};
	agents: {
		/** Let an agent leave: no session and no key works any more, and what the agent looked after stays. DELETE /v1/agents/{id} */
		delete(input: AgentsDeleteInput, options?: Options): Mutation<'agents.delete', void>;
		/** Get one of agents. GET /v1/agents/{id} */
		get<F extends keyof Agent = keyof Agent, E extends keyof AgentExpansions = never>(input: AgentsGetInput & Shape<F, E>, options?: Options): Query<'agents.get', Shaped<Agent, AgentExpansions, F, E>>;
		/** List agents. GET /v1/agents */
		list<F extends keyof Agent = keyof Agent, E extends keyof AgentExpansions = never>(input?: AgentsListInput & Shape<F, E>, options?: Options): Query<'agents.list', Page<Shaped<Agent, AgentExpansions, F, E>>> & AsyncIterable<Shaped<Agent, AgentExpansions, F, E>>;
		/** Make a link by which an agent sets a new password, for where no mail goes. POST /v1/agents/{id}/password_link */
		password_link(input: AgentsPasswordLinkInput, options?: Options): Mutation<'agents.password_link', AgentsPasswordLinkAnswer & Versioned>;
		/** Bring back an agent who has left, with the role and the teams of before. POST /v1/agents/{id}/restore */
		restore<F extends keyof Agent = keyof Agent, E extends keyof AgentExpansions = never>(input: AgentsRestoreInput & Shape<F, E>, options?: Options): Mutation<'agents.restore', Written<Shaped<Agent, AgentExpansions, F, E>, AgentId> & Versioned>;
		/** End every session of an agent. DELETE /v1/agents/{id}/sessions */
		sign_out(input: AgentsSignOutInput, options?: Options): Mutation<'agents.sign_out', void>;
		/** Change an agent's name, role, teams or status. PATCH /v1/agents/{id} */
		update<F extends keyof Agent = keyof Agent, E extends keyof AgentExpansions = never>(input: AgentsUpdateInput & Shape<F, E>, options?: Options): Mutation<'agents.update', Written<Shaped<Agent, AgentExpansions, F, E>, AgentId> & Versioned>;
	};
	api_keys: {
		/** Make a key; the answer shows it, once. POST /v1/api_keys */
		create<F extends keyof ApiKey = keyof ApiKey, E extends keyof ApiKeyExpansions = never>(input: ApiKeysCreateInput & Shape<F, E>, options?: Options): Mutation<'api_keys.create', Written<Shaped<ApiKey, ApiKeyExpansions, F, E>, ApiKeyId> & ApiKeysCreateAnswer & Versioned>;
		/** Delete one of api_keys. DELETE /v1/api_keys/{id} */
		delete(input: ApiKeysDeleteInput, options?: Options): Mutation<'api_keys.delete', void>;
		/** Get one of api_keys. GET /v1/api_keys/{id} */
		get<F extends keyof ApiKey = keyof ApiKey, E extends keyof ApiKeyExpansions = never>(input: ApiKeysGetInput & Shape<F, E>, options?: Options): Query<'api_keys.get', Shaped<ApiKey, ApiKeyExpansions, F, E>>;
		/** List api_keys. GET /v1/api_keys */
		list<F extends keyof ApiKey = keyof ApiKey, E extends keyof ApiKeyExpansions = never>(input?: ApiKeysListInput & Shape<F, E>, options?: Options): Query<'api_keys.list', Page<Shaped<ApiKey, ApiKeyExpansions, F, E>>> & AsyncIterable<Shaped<ApiKey, ApiKeyExpansions, F, E>>;
		/** Change one of api_keys. PATCH /v1/api_keys/{id} */
		update<F extends keyof ApiKey = keyof ApiKey, E extends keyof ApiKeyExpansions = never>(input: ApiKeysUpdateInput & Shape<F, E>, options?: Options): Mutation<'api_keys.update', Written<Shaped<ApiKey, ApiKeyExpansions, F, E>, ApiKeyId> & Versioned>;
	};
	automation_versions: {
		/** Get one of automation_versions. GET /v1/automation_versions/{id} */
		get<F extends keyof AutomationVersion = keyof AutomationVersion, E extends keyof AutomationVersionExpansions = never>(input: AutomationVersionsGetInput & Shape<F, E>, options?: Options): Query<'automation_versions.get', Shaped<AutomationVersion, AutomationVersionExpansions, F, E>>;
		/** List automation_versions. GET /v1/automation_versions */
		list<F extends keyof AutomationVersion = keyof AutomationVersion, E extends keyof AutomationVersionExpansions = never>(input?: AutomationVersionsListInput & Shape<F, E>, options?: Options): Query<'automation_versions.list', Page<Shaped<AutomationVersion, AutomationVersionExpansions, F, E>>> & AsyncIterable<Shaped<AutomationVersion, AutomationVersionExpansions, F, E>>;
	};
	automations: {
		/** Add a step to an automation or to a branch of it, or one more condition. POST /v1/automations/{id}/parts */
		add_part<F extends keyof Automation = keyof Automation, E extends keyof AutomationExpansions = never>(input: AutomationsAddPartInput & Shape<F, E>, options?: Options): Mutation<'automations.add_part', Written<Shaped<Automation, AutomationExpansions, F, E>, AutomationId> & Versioned>;
		/** Write what an automation starts on, a condition or a step anew. PUT /v1/automations/{id}/parts */
		change_part<F extends keyof Automation = keyof Automation, E extends keyof AutomationExpansions = never>(input: AutomationsChangePartInput & Shape<F, E>, options?: Options): Mutation<'automations.change_part', Written<Shaped<Automation, AutomationExpansions, F, E>, AutomationId> & Versioned>;
		/** Create one of automations. POST /v1/automations */
		create<F extends keyof Automation = keyof Automation, E extends keyof AutomationExpansions = never>(input: AutomationsCreateInput & Shape<F, E>, options?: Options): Mutation<'automations.create', Written<Shaped<Automation, AutomationExpansions, F, E>, AutomationId> & Versioned>;
		/** Delete one of automations. DELETE /v1/automations/{id} */
		delete(input: AutomationsDeleteInput, options?: Options): Mutation<'automations.delete', void>;
		/** Get one of automations. GET /v1/automations/{id} */
		get<F extends keyof Automation = keyof Automation, E extends keyof AutomationExpansions = never>(input: AutomationsGetInput & Shape<F, E>, options?: Options): Query<'automations.get', Shaped<Automation, AutomationExpansions, F, E>>;
		/** Say whether all of a group of conditions must hold, or any of them. POST /v1/automations/{id}/parts/join */
		join<F extends keyof Automation = keyof Automation, E extends keyof AutomationExpansions = never>(input: AutomationsJoinInput & Shape<F, E>, options?: Options): Mutation<'automations.join', Written<Shaped<Automation, AutomationExpansions, F, E>, AutomationId> & Versioned>;
		/** List automations. GET /v1/automations */
		list<F extends keyof Automation = keyof Automation, E extends keyof AutomationExpansions = never>(input?: AutomationsListInput & Shape<F, E>, options?: Options): Query<'automations.list', Page<Shaped<Automation, AutomationExpansions, F, E>>> & AsyncIterable<Shaped<Automation, AutomationExpansions, F, E>>;
		/** Let a step change places with the one before or after it. POST /v1/automations/{id}/parts/move */
		move_part<F extends keyof Automation = keyof Automation, E extends keyof AutomationExpansions = never>(input: AutomationsMovePartInput & Shape<F, E>, options?: Options): Mutation<'automations.move_part', Written<Shaped<Automation, AutomationExpansions, F, E>, AutomationId> & Versioned>;
		/** The automations that can be started by hand for a record. GET /v1/automations/offered */
		offered(input: AutomationsOfferedInput, options?: Options): Query<'automations.offered', AutomationsOfferedAnswer>;
		/** What an automation does, in sentences. GET /v1/automations/{id}/outline */
		outline(input: AutomationsOutlineInput, options?: Options): Query<'automations.outline', AutomationsOutlineAnswer>;
		/** On what each automation starts, and how often it ran in the last 24 hours. GET /v1/automations/overview */
		overview(input?: AutomationsOverviewInput, options?: Options): Query<'automations.overview', AutomationsOverviewAnswer>;
		/** What is to be filled in to write a part of an automation. GET /v1/automations/{id}/part */
		part(input: AutomationsPartInput, options?: Options): Query<'automations.part', AutomationsPartAnswer>;
		/** Let an automation start no more runs; those that are under way go on. POST /v1/automations/{id}/pause */
		pause<F extends keyof Automation = keyof Automation, E extends keyof AutomationExpansions = never>(input: AutomationsPauseInput & Shape<F, E>, options?: Options): Mutation<'automations.pause', Written<Shaped<Automation, AutomationExpansions, F, E>, AutomationId> & Versioned>;
		/** Records on which an automation can be tried. GET /v1/automations/{id}/records */
		records(input: AutomationsRecordsInput, options?: Options): Query<'automations.records', AutomationsRecordsAnswer>;
		/** Take a step or a condition out of an automation. POST /v1/automations/{id}/parts/remove */
		remove_part<F extends keyof Automation = keyof Automation, E extends keyof AutomationExpansions = never>(input: AutomationsRemovePartInput & Shape<F, E>, options?: Options): Mutation<'automations.remove_part', Written<Shaped<Automation, AutomationExpansions, F, E>, AutomationId> & Versioned>;
		/** Bring back one of automations. POST /v1/automations/{id}/restore */
		restore<F extends keyof Automation = keyof Automation, E extends keyof AutomationExpansions = never>(input: AutomationsRestoreInput & Shape<F, E>, options?: Options): Mutation<'automations.restore', Written<Shaped<Automation, AutomationExpansions, F, E>, AutomationId> & Versioned>;
		/** Draft an automation as one of its versions is; what is on goes on as it is. POST /v1/automations/{id}/revert */
		revert<F extends keyof Automation = keyof Automation, E extends keyof AutomationExpansions = never>(input: AutomationsRevertInput & Shape<F, E>, options?: Options): Mutation<'automations.revert', Written<Shaped<Automation, AutomationExpansions, F, E>, AutomationId> & Versioned>;
		/** Start a run of an automation that is started by hand, for a record. POST /v1/automations/{id}/start */
		start<F extends keyof WorkflowRun = keyof WorkflowRun, E extends keyof WorkflowRunExpansions = never>(input: AutomationsStartInput & Shape<F, E>, options?: Options): Mutation<'automations.start', Written<Shaped<WorkflowRun, WorkflowRunExpansions, F, E>, WorkflowRunId> & Versioned>;
		/** What an automation, as it is drafted, would do with a record; nothing is changed. POST /v1/automations/{id}/test */
		test(input: AutomationsTestInput, options?: Options): Mutation<'automations.test', AutomationsTestAnswer & Versioned>;
		/** Let an automation start runs as it is drafted now, with the caller's power. POST /v1/automations/{id}/turn_on */
		turn_on<F extends keyof Automation = keyof Automation, E extends keyof AutomationExpansions = never>(input: AutomationsTurnOnInput & Shape<F, E>, options?: Options): Mutation<'automations.turn_on', Written<Shaped<Automation, AutomationExpansions, F, E>, AutomationId> & Versioned>;
		/** Change one of automations. PATCH /v1/automations/{id} */
		update<F extends keyof Automation = keyof Automation, E extends keyof AutomationExpansions = never>(input: AutomationsUpdateInput & Shape<F, E>, options?: Options): Mutation<'automations.update', Written<Shaped<Automation, AutomationExpansions, F, E>, AutomationId> & Versioned>;
	};
	changes: {
		/** What changed after a version, of the rows that the caller may see. GET /v1/changes */
		list(input: ChangesListInput, options?: Options): Query<'changes.list', ChangesListAnswer>;
	};
	companies: {
		/** Sign up: a company, its owner, and a session. POST /v1/companies */
		create(input: CompaniesCreateInput, options?: Options): Mutation<'companies.create', CompaniesCreateAnswer & Versioned>;
	};
	company: {
		/** Which of the first things with which a company begins it has done. GET /v1/company/first_steps */
		first_steps(input?: CompanyFirstStepsInput, options?: Options): Query<'company.first_steps', CompanyFirstStepsAnswer>;
		/** The caller's company. GET /v1/company */
		get<F extends keyof Company = keyof Company, E extends keyof CompanyExpansions = never>(input?: CompanyGetInput & Shape<F, E>, options?: Options): Query<'company.get', Shaped<Company, CompanyExpansions, F, E>>;
		/** Put away the list of first steps on the start page, for all. DELETE /v1/company/first_steps */
		hide_first_steps(input?: CompanyHideFirstStepsInput, options?: Options): Mutation<'company.hide_first_steps', void>;
		/** Change what the company pays for. PUT /v1/company/plan */
		plan<F extends keyof Company = keyof Company, E extends keyof CompanyExpansions = never>(input: CompanyPlanInput & Shape<F, E>, options?: Options): Mutation<'company.plan', Written<Shaped<Company, CompanyExpansions, F, E>, CompanyId> & Versioned>;
		/** Change the company's name, currency, time zone or what it counts as a stale deal. PATCH /v1/company */
		update<F extends keyof Company = keyof Company, E extends keyof CompanyExpansions = never>(input?: CompanyUpdateInput & Shape<F, E>, options?: Options): Mutation<'company.update', Written<Shaped<Company, CompanyExpansions, F, E>, CompanyId> & Versioned>;
	};
	contact_addresses: {
		/** Create one of contact_addresses. POST /v1/contact_addresses */
		create<F extends keyof ContactAddress = keyof ContactAddress, E extends keyof ContactAddressExpansions = never>(input: ContactAddressesCreateInput & Shape<F, E>, options?: Options): Mutation<'contact_addresses.create', Written<Shaped<ContactAddress, ContactAddressExpansions, F, E>, ContactAddressId> & Versioned>;
		/** Delete one of contact_addresses. DELETE /v1/contact_addresses/{id} */
		delete(input: ContactAddressesDeleteInput, options?: Options): Mutation<'contact_addresses.delete', void>;
		/** Get one of contact_addresses. GET /v1/contact_addresses/{id} */
		get<F extends keyof ContactAddress = keyof ContactAddress, E extends keyof ContactAddressExpansions = never>(input: ContactAddressesGetInput & Shape<F, E>, options?: Options): Query<'contact_addresses.get', Shaped<ContactAddress, ContactAddressExpansions, F, E>>;
		/** List contact_addresses. GET /v1/contact_addresses */
		list<F extends keyof ContactAddress = keyof ContactAddress, E extends keyof ContactAddressExpansions = never>(input?: ContactAddressesListInput & Shape<F, E>, options?: Options): Query<'contact_addresses.list', Page<Shaped<ContactAddress, ContactAddressExpansions, F, E>>> & AsyncIterable<Shaped<ContactAddress, ContactAddressExpansions, F, E>>;
		/** Bring back one of contact_addresses. POST /v1/contact_addresses/{id}/restore */
		restore<F extends keyof ContactAddress = keyof ContactAddress, E extends keyof ContactAddressExpansions = never>(input: ContactAddressesRestoreInput & Shape<F, E>, options?: Options): Mutation<'contact_addresses.restore', Written<Shaped<ContactAddress, ContactAddressExpansions, F, E>, ContactAddressId> & Versioned>;
		/** Change one of contact_addresses. PATCH /v1/contact_addresses/{id} */
		update<F extends keyof ContactAddress = keyof ContactAddress, E extends keyof ContactAddressExpansions = never>(input: ContactAddressesUpdateInput & Shape<F, E>, options?: Options): Mutation<'contact_addresses.update', Written<Shaped<ContactAddress, ContactAddressExpansions, F, E>, ContactAddressId> & Versioned>;
	};
	contact_emails: {
		/** Create one of contact_emails. POST /v1/contact_emails */
		create<F extends keyof ContactEmail = keyof ContactEmail, E extends keyof ContactEmailExpansions = never>(input: ContactEmailsCreateInput & Shape<F, E>, options?: Options): Mutation<'contact_emails.create', Written<Shaped<ContactEmail, ContactEmailExpansions, F, E>, ContactEmailId> & Versioned>;
		/** Delete one of contact_emails. DELETE /v1/contact_emails/{id} */
		delete(input: ContactEmailsDeleteInput, options?: Options): Mutation<'contact_emails.delete', void>;
		/** Get one of contact_emails. GET /v1/contact_emails/{id} */
		get<F extends keyof ContactEmail = keyof ContactEmail, E extends keyof ContactEmailExpansions = never>(input: ContactEmailsGetInput & Shape<F, E>, options?: Options): Query<'contact_emails.get', Shaped<ContactEmail, ContactEmailExpansions, F, E>>;
		/** List contact_emails. GET /v1/contact_emails */
		list<F extends keyof ContactEmail = keyof ContactEmail, E extends keyof ContactEmailExpansions = never>(input?: ContactEmailsListInput & Shape<F, E>, options?: Options): Query<'contact_emails.list', Page<Shaped<ContactEmail, ContactEmailExpansions, F, E>>> & AsyncIterable<Shaped<ContactEmail, ContactEmailExpansions, F, E>>;
		/** Bring back one of contact_emails. POST /v1/contact_emails/{id}/restore */
		restore<F extends keyof ContactEmail = keyof ContactEmail, E extends keyof ContactEmailExpansions = never>(input: ContactEmailsRestoreInput & Shape<F, E>, options?: Options): Mutation<'contact_emails.restore', Written<Shaped<ContactEmail, ContactEmailExpansions, F, E>, ContactEmailId> & Versioned>;
		/** Change one of contact_emails. PATCH /v1/contact_emails/{id} */
		update<F extends keyof ContactEmail = keyof ContactEmail, E extends keyof ContactEmailExpansions = never>(input: ContactEmailsUpdateInput & Shape<F, E>, options?: Options): Mutation<'contact_emails.update', Written<Shaped<ContactEmail, ContactEmailExpansions, F, E>, ContactEmailId> & Versioned>;
	};
	contact_phones: {
		/** Create one of contact_phones. POST /v1/contact_phones */
		create<F extends keyof ContactPhone = keyof ContactPhone, E extends keyof ContactPhoneExpansions = never>(input: ContactPhonesCreateInput & Shape<F, E>, options?: Options): Mutation<'contact_phones.create', Written<Shaped<ContactPhone, ContactPhoneExpansions, F, E>, ContactPhoneId> & Versioned>;
		/** Delete one of contact_phones. DELETE /v1/contact_phones/{id} */
		delete(input: ContactPhonesDeleteInput, options?: Options): Mutation<'contact_phones.delete', void>;
		/** Get one of contact_phones. GET /v1/contact_phones/{id} */
		get<F extends keyof ContactPhone = keyof ContactPhone, E extends keyof ContactPhoneExpansions = never>(input: ContactPhonesGetInput & Shape<F, E>, options?: Options): Query<'contact_phones.get', Shaped<ContactPhone, ContactPhoneExpansions, F, E>>;
		/** List contact_phones. GET /v1/contact_phones */
		list<F extends keyof ContactPhone = keyof ContactPhone, E extends keyof ContactPhoneExpansions = never>(input?: ContactPhonesListInput & Shape<F, E>, options?: Options): Query<'contact_phones.list', Page<Shaped<ContactPhone, ContactPhoneExpansions, F, E>>> & AsyncIterable<Shaped<ContactPhone, ContactPhoneExpansions, F, E>>;
		/** Bring back one of contact_phones. POST /v1/contact_phones/{id}/restore */
		restore<F extends keyof ContactPhone = keyof ContactPhone, E extends keyof ContactPhoneExpansions = never>(input: ContactPhonesRestoreInput & Shape<F, E>, options?: Options): Mutation<'contact_phones.restore', Written<Shaped<ContactPhone, ContactPhoneExpansions, F, E>, ContactPhoneId> & Versioned>;
		/** Change one of contact_phones. PATCH /v1/contact_phones/{id} */
		update<F extends keyof ContactPhone = keyof ContactPhone, E extends keyof ContactPhoneExpansions = never>(input: ContactPhonesUpdateInput & Shape<F, E>, options?: Options): Mutation<'contact_phones.update', Written<Shaped<ContactPhone, ContactPhoneExpansions, F, E>, ContactPhoneId> & Versioned>;
	};
	contacts: {
		/** Give contacts to an owner or a team; answers how many. POST /v1/contacts/assign */
		assign(input: ContactsAssignInput, options?: Options): Mutation<'contacts.assign', ContactsAssignAnswer & Versioned>;
		/** Create and change up to 100 contacts, with a status for each. POST /v1/contacts/batch */
		batch(input: ContactsBatchInput, options?: Options): Mutation<'contacts.batch', ContactsBatchAnswer & Versioned>;
		/** Create a contact with its e-mails, phones, addresses and tags. POST /v1/contacts */
		create<F extends keyof Contact = keyof Contact, E extends keyof ContactExpansions = never>(input?: ContactsCreateInput & Shape<F, E>, options?: Options): Mutation<'contacts.create', Written<Shaped<Contact, ContactExpansions, F, E>, ContactId> & Versioned>;
		/** The deals in which a contact takes part or that an organisation buys, those that changed last first. GET /v1/contacts/{id}/deals */
		deals<F extends keyof Deal = keyof Deal, E extends keyof DealExpansions = never>(input: ContactsDealsInput & Shape<F, E>, options?: Options): Query<'contacts.deals', Page<Shaped<Deal, DealExpansions, F, E>>> & AsyncIterable<Shaped<Deal, DealExpansions, F, E>>;
		/** Delete a contact; its e-mail addresses are free from then on. DELETE /v1/contacts/{id} */
		delete(input: ContactsDeleteInput, options?: Options): Mutation<'contacts.delete', void>;
		/** Get one of contacts; of one that was merged, the problem has merged_into_id. GET /v1/contacts/{id} */
		get<F extends keyof Contact = keyof Contact, E extends keyof ContactExpansions = never>(input: ContactsGetInput & Shape<F, E>, options?: Options): Query<'contacts.get', Shaped<Contact, ContactExpansions, F, E>>;
		/** List contacts. GET /v1/contacts */
		list<F extends keyof Contact = keyof Contact, E extends keyof ContactExpansions = never>(input?: ContactsListInput & Shape<F, E>, options?: Options): Query<'contacts.list', Page<Shaped<Contact, ContactExpansions, F, E>>> & AsyncIterable<Shaped<Contact, ContactExpansions, F, E>>;
		/** Merge another contact into this one: all that it has moves, and it is deleted; needs the right to delete that one. POST /v1/contacts/{id}/merge */
		merge<F extends keyof Contact = keyof Contact, E extends keyof ContactExpansions = never>(input: ContactsMergeInput & Shape<F, E>, options?: Options): Mutation<'contacts.merge', Written<Shaped<Contact, ContactExpansions, F, E>, ContactId> & Versioned>;
		/** What a merge of another contact into this one would do, of what the caller sees; refused as the merge would be. GET /v1/contacts/{id}/merge */
		merge_preview(input: ContactsMergePreviewInput, options?: Options): Query<'contacts.merge_preview', ContactsMergePreviewAnswer>;
		/** Bring a deleted contact back, with its e-mail addresses; one that was merged, without what has moved. POST /v1/contacts/{id}/restore */
		restore<F extends keyof Contact = keyof Contact, E extends keyof ContactExpansions = never>(input: ContactsRestoreInput & Shape<F, E>, options?: Options): Mutation<'contacts.restore', Written<Shaped<Contact, ContactExpansions, F, E>, ContactId> & Versioned>;
		/** Search contacts by nested conditions. POST /v1/contacts/search */
		search<F extends keyof Contact = keyof Contact, E extends keyof ContactExpansions = never>(input?: ContactsSearchInput & Shape<F, E>, options?: Options): Call<'contacts.search', Page<Shaped<Contact, ContactExpansions, F, E>>> & AsyncIterable<Shaped<Contact, ContactExpansions, F, E>>;
		/** A contact in a line. GET /v1/contacts/{id}/summary */
		summary(input: ContactsSummaryInput, options?: Options): Query<'contacts.summary', ContactsSummaryAnswer>;
		/** Give contacts a tag; answers how many. POST /v1/contacts/tag */
		tag(input: ContactsTagInput, options?: Options): Mutation<'contacts.tag', ContactsTagAnswer & Versioned>;
		/** Take a tag off contacts; answers how many. POST /v1/contacts/untag */
		untag(input: ContactsUntagInput, options?: Options): Mutation<'contacts.untag', ContactsUntagAnswer & Versioned>;
		/** Change a contact; a list that is given replaces the one that it has. PATCH /v1/contacts/{id} */
		update<F extends keyof Contact = keyof Contact, E extends keyof ContactExpansions = never>(input: ContactsUpdateInput & Shape<F, E>, options?: Options): Mutation<'contacts.update', Written<Shaped<Contact, ContactExpansions, F, E>, ContactId> & Versioned>;
		/** Change the contact with this e-mail address, or create it. PUT /v1/contacts/by/email/{email} */
		upsert<F extends keyof Contact = keyof Contact, E extends keyof ContactExpansions = never>(input: ContactsUpsertInput & Shape<F, E>, options?: Options): Mutation<'contacts.upsert', Written<Shaped<Contact, ContactExpansions, F, E>, ContactId> & Versioned>;
	};
	deal_contacts: {
		/** Create one of deal_contacts. POST /v1/deal_contacts */
		create<F extends keyof DealContact = keyof DealContact, E extends keyof DealContactExpansions = never>(input: DealContactsCreateInput & Shape<F, E>, options?: Options): Mutation<'deal_contacts.create', Written<Shaped<DealContact, DealContactExpansions, F, E>, DealContactId> & Versioned>;
		/** Delete one of deal_contacts. DELETE /v1/deal_contacts/{id} */
		delete(input: DealContactsDeleteInput, options?: Options): Mutation<'deal_contacts.delete', void>;
		/** Get one of deal_contacts. GET /v1/deal_contacts/{id} */
		get<F extends keyof DealContact = keyof DealContact, E extends keyof DealContactExpansions = never>(input: DealContactsGetInput & Shape<F, E>, options?: Options): Query<'deal_contacts.get', Shaped<DealContact, DealContactExpansions, F, E>>;
		/** List deal_contacts. GET /v1/deal_contacts */
		list<F extends keyof DealContact = keyof DealContact, E extends keyof DealContactExpansions = never>(input?: DealContactsListInput & Shape<F, E>, options?: Options): Query<'deal_contacts.list', Page<Shaped<DealContact, DealContactExpansions, F, E>>> & AsyncIterable<Shaped<DealContact, DealContactExpansions, F, E>>;
		/** Change one of deal_contacts. PATCH /v1/deal_contacts/{id} */
		update<F extends keyof DealContact = keyof DealContact, E extends keyof DealContactExpansions = never>(input: DealContactsUpdateInput & Shape<F, E>, options?: Options): Mutation<'deal_contacts.update', Written<Shaped<DealContact, DealContactExpansions, F, E>, DealContactId> & Versioned>;
	};
	deals: {
		/** The deals of a pipeline by stage. GET /v1/deals/board */
		board(input?: DealsBoardInput, options?: Options): Query<'deals.board', DealsBoardAnswer>;
		/** Create a deal. POST /v1/deals */
		create<F extends keyof Deal = keyof Deal, E extends keyof DealExpansions = never>(input: DealsCreateInput & Shape<F, E>, options?: Options): Mutation<'deals.create', Written<Shaped<Deal, DealExpansions, F, E>, DealId> & Versioned>;
		/** Delete one of deals. DELETE /v1/deals/{id} */
		delete(input: DealsDeleteInput, options?: Options): Mutation<'deals.delete', void>;
		/** Get one of deals. GET /v1/deals/{id} */
		get<F extends keyof Deal = keyof Deal, E extends keyof DealExpansions = never>(input: DealsGetInput & Shape<F, E>, options?: Options): Query<'deals.get', Shaped<Deal, DealExpansions, F, E>>;
		/** List deals. GET /v1/deals */
		list<F extends keyof Deal = keyof Deal, E extends keyof DealExpansions = never>(input?: DealsListInput & Shape<F, E>, options?: Options): Query<'deals.list', Page<Shaped<Deal, DealExpansions, F, E>>> & AsyncIterable<Shaped<Deal, DealExpansions, F, E>>;
		/** Mark an open deal as lost. POST /v1/deals/{id}/lose */
		lose<F extends keyof Deal = keyof Deal, E extends keyof DealExpansions = never>(input: DealsLoseInput & Shape<F, E>, options?: Options): Mutation<'deals.lose', Written<Shaped<Deal, DealExpansions, F, E>, DealId> & Versioned>;
		/** Move a deal to a stage. POST /v1/deals/{id}/move */
		move<F extends keyof Deal = keyof Deal, E extends keyof DealExpansions = never>(input: DealsMoveInput & Shape<F, E>, options?: Options): Mutation<'deals.move', Written<Shaped<Deal, DealExpansions, F, E>, DealId> & Versioned>;
		/** Open a closed deal again, in the first stage of its pipeline. POST /v1/deals/{id}/reopen */
		reopen<F extends keyof Deal = keyof Deal, E extends keyof DealExpansions = never>(input: DealsReopenInput & Shape<F, E>, options?: Options): Mutation<'deals.reopen', Written<Shaped<Deal, DealExpansions, F, E>, DealId> & Versioned>;
		/** Bring back one of deals. POST /v1/deals/{id}/restore */
		restore<F extends keyof Deal = keyof Deal, E extends keyof DealExpansions = never>(input: DealsRestoreInput & Shape<F, E>, options?: Options): Mutation<'deals.restore', Written<Shaped<Deal, DealExpansions, F, E>, DealId> & Versioned>;
		/** Search deals by nested conditions. POST /v1/deals/search */
		search<F extends keyof Deal = keyof Deal, E extends keyof DealExpansions = never>(input?: DealsSearchInput & Shape<F, E>, options?: Options): Call<'deals.search', Page<Shaped<Deal, DealExpansions, F, E>>> & AsyncIterable<Shaped<Deal, DealExpansions, F, E>>;
		/** The stages through which a deal can go. GET /v1/deals/{id}/stages */
		stages(input: DealsStagesInput, options?: Options): Query<'deals.stages', DealsStagesAnswer>;
		/** Change a deal. PATCH /v1/deals/{id} */
		update<F extends keyof Deal = keyof Deal, E extends keyof DealExpansions = never>(input: DealsUpdateInput & Shape<F, E>, options?: Options): Mutation<'deals.update', Written<Shaped<Deal, DealExpansions, F, E>, DealId> & Versioned>;
		/** Mark an open deal as won. POST /v1/deals/{id}/win */
		win<F extends keyof Deal = keyof Deal, E extends keyof DealExpansions = never>(input: DealsWinInput & Shape<F, E>, options?: Options): Mutation<'deals.win', Written<Shaped<Deal, DealExpansions, F, E>, DealId> & Versioned>;
	};
	import_rows: {
		/** What became of the rows of an import. GET /v1/imports/{import_id}/rows */
		list<F extends keyof ImportRow = keyof ImportRow, E extends keyof ImportRowExpansions = never>(input: ImportRowsListInput & Shape<F, E>, options?: Options): Query<'import_rows.list', Page<Shaped<ImportRow, ImportRowExpansions, F, E>>> & AsyncIterable<Shaped<ImportRow, ImportRowExpansions, F, E>>;
	};
	imports: {
		/** Send a file to import: multipart/form-data with `file`, `object` and perhaps `mapping`. POST /v1/imports */
		create<F extends keyof Import = keyof Import, E extends keyof ImportExpansions = never>(input: ImportsCreateInput & Shape<F, E>, options?: Options): Mutation<'imports.create', Written<Shaped<Import, ImportExpansions, F, E>, ImportId> & ImportsCreateAnswer & Versioned>;
		/** An import: how far it is, its columns, and the fields that they can be. GET /v1/imports/{id} */
		get<F extends keyof Import = keyof Import, E extends keyof ImportExpansions = never>(input: ImportsGetInput & Shape<F, E>, options?: Options): Query<'imports.get', Shaped<Import, ImportExpansions, F, E> & ImportsGetAnswer>;
		/** List imports. GET /v1/imports */
		list<F extends keyof Import = keyof Import, E extends keyof ImportExpansions = never>(input?: ImportsListInput & Shape<F, E>, options?: Options): Query<'imports.list', Page<Shaped<Import, ImportExpansions, F, E>>> & AsyncIterable<Shaped<Import, ImportExpansions, F, E>>;
		/** The first rows of a file, as they would be read. GET /v1/imports/{id}/preview */
		preview(input: ImportsPreviewInput, options?: Options): Query<'imports.preview', ImportsPreviewAnswer>;
		/** Write the rows of a file, as the caller; an import that failed goes on where it stopped. POST /v1/imports/{id}/start */
		start<F extends keyof Import = keyof Import, E extends keyof ImportExpansions = never>(input: ImportsStartInput & Shape<F, E>, options?: Options): Mutation<'imports.start', Written<Shaped<Import, ImportExpansions, F, E>, ImportId> & ImportsStartAnswer & Versioned>;
		/** Take an import back: what it made is deleted, what it changed is as before. POST /v1/imports/{id}/undo */
		undo<F extends keyof Import = keyof Import, E extends keyof ImportExpansions = never>(input: ImportsUndoInput & Shape<F, E>, options?: Options): Mutation<'imports.undo', Written<Shaped<Import, ImportExpansions, F, E>, ImportId> & ImportsUndoAnswer & Versioned>;
		/** Say which column is which field, before the import is started. PATCH /v1/imports/{id} */
		update<F extends keyof Import = keyof Import, E extends keyof ImportExpansions = never>(input: ImportsUpdateInput & Shape<F, E>, options?: Options): Mutation<'imports.update', Written<Shaped<Import, ImportExpansions, F, E>, ImportId> & ImportsUpdateAnswer & Versioned>;
	};
	inbound_events: {
		/** List inbound_events. GET /v1/inbound_events */
		list<F extends keyof InboundEvent = keyof InboundEvent, E extends keyof InboundEventExpansions = never>(input?: InboundEventsListInput & Shape<F, E>, options?: Options): Query<'inbound_events.list', Page<Shaped<InboundEvent, InboundEventExpansions, F, E>>> & AsyncIterable<Shaped<InboundEvent, InboundEventExpansions, F, E>>;
	};
	inbound_hooks: {
		/** Make an address at which a provider tells what happens; it is shown once. POST /v1/inbound_hooks */
		create<F extends keyof InboundHook = keyof InboundHook, E extends keyof InboundHookExpansions = never>(input: InboundHooksCreateInput & Shape<F, E>, options?: Options): Mutation<'inbound_hooks.create', Written<Shaped<InboundHook, InboundHookExpansions, F, E>, InboundHookId> & InboundHooksCreateAnswer & Versioned>;
		/** Delete one of inbound_hooks. DELETE /v1/inbound_hooks/{id} */
		delete(input: InboundHooksDeleteInput, options?: Options): Mutation<'inbound_hooks.delete', void>;
		/** Get one of inbound_hooks. GET /v1/inbound_hooks/{id} */
		get<F extends keyof InboundHook = keyof InboundHook, E extends keyof InboundHookExpansions = never>(input: InboundHooksGetInput & Shape<F, E>, options?: Options): Query<'inbound_hooks.get', Shaped<InboundHook, InboundHookExpansions, F, E>>;
		/** List inbound_hooks. GET /v1/inbound_hooks */
		list<F extends keyof InboundHook = keyof InboundHook, E extends keyof InboundHookExpansions = never>(input?: InboundHooksListInput & Shape<F, E>, options?: Options): Query<'inbound_hooks.list', Page<Shaped<InboundHook, InboundHookExpansions, F, E>>> & AsyncIterable<Shaped<InboundHook, InboundHookExpansions, F, E>>;
		/** What a provider tells, as it signs it; also at /hooks/{token}. POST /v1/hooks/{token} */
		receive(input: InboundHooksReceiveInput, options?: Options): Mutation<'inbound_hooks.receive', void>;
		/** Give a hook another address, which is shown once; the one before is none any more. POST /v1/inbound_hooks/{id}/rotate */
		rotate<F extends keyof InboundHook = keyof InboundHook, E extends keyof InboundHookExpansions = never>(input: InboundHooksRotateInput & Shape<F, E>, options?: Options): Mutation<'inbound_hooks.rotate', Written<Shaped<InboundHook, InboundHookExpansions, F, E>, InboundHookId> & InboundHooksRotateAnswer & Versioned>;
		/** Make a hook yours: what comes by it is done as you from then on. POST /v1/inbound_hooks/{id}/take_over */
		take_over<F extends keyof InboundHook = keyof InboundHook, E extends keyof InboundHookExpansions = never>(input: InboundHooksTakeOverInput & Shape<F, E>, options?: Options): Mutation<'inbound_hooks.take_over', Written<Shaped<InboundHook, InboundHookExpansions, F, E>, InboundHookId> & Versioned>;
		/** Change one of inbound_hooks. PATCH /v1/inbound_hooks/{id} */
		update<F extends keyof InboundHook = keyof InboundHook, E extends keyof InboundHookExpansions = never>(input: InboundHooksUpdateInput & Shape<F, E>, options?: Options): Mutation<'inbound_hooks.update', Written<Shaped<InboundHook, InboundHookExpansions, F, E>, InboundHookId> & Versioned>;
	};
	invitations: {
		/** Join the company that sent an invitation, and log in. POST /v1/invitations/accept */
		accept(input: InvitationsAcceptInput, options?: Options): Mutation<'invitations.accept', InvitationsAcceptAnswer & Versioned>;
		/** What an invitation is for, by the token of its link. GET /v1/invitations/by_token */
		by_token(input: InvitationsByTokenInput, options?: Options): Call<'invitations.by_token', InvitationsByTokenAnswer>;
		/** Invite somebody; the answer has the link, which is also sent by mail. POST /v1/invitations */
		create<F extends keyof Invitation = keyof Invitation, E extends keyof InvitationExpansions = never>(input: InvitationsCreateInput & Shape<F, E>, options?: Options): Mutation<'invitations.create', Written<Shaped<Invitation, InvitationExpansions, F, E>, InvitationId> & InvitationsCreateAnswer & Versioned>;
		/** Delete one of invitations. DELETE /v1/invitations/{id} */
		delete(input: InvitationsDeleteInput, options?: Options): Mutation<'invitations.delete', void>;
		/** Get one of invitations. GET /v1/invitations/{id} */
		get<F extends keyof Invitation = keyof Invitation, E extends keyof InvitationExpansions = never>(input: InvitationsGetInput & Shape<F, E>, options?: Options): Query<'invitations.get', Shaped<Invitation, InvitationExpansions, F, E>>;
		/** List invitations that were not accepted. GET /v1/invitations */
		list<F extends keyof Invitation = keyof Invitation, E extends keyof InvitationExpansions = never>(input?: InvitationsListInput & Shape<F, E>, options?: Options): Query<'invitations.list', Page<Shaped<Invitation, InvitationExpansions, F, E>>> & AsyncIterable<Shaped<Invitation, InvitationExpansions, F, E>>;
	};
	mail_addresses: {
		/** The addresses whose mail servers refuse mail for good, and what they say. GET /v1/mail_addresses/bounced */
		bounced(input?: MailAddressesBouncedInput, options?: Options): Query<'mail_addresses.bounced', MailAddressesBouncedAnswer>;
		/** Send mail to an address again that was refused. POST /v1/mail_addresses/clear */
		clear(input: MailAddressesClearInput, options?: Options): Mutation<'mail_addresses.clear', void>;
	};
	mail: {
		/** No more notices of that kind to an address, by the link in one of them. POST /v1/unsubscribe/{token} */
		unsubscribe(input: MailUnsubscribeInput, options?: Options): Mutation<'mail.unsubscribe', void>;
	};
	me: {
		/** Who is asking, and every permission with the level at which it is held. GET /v1/me */
		get(input?: MeGetInput, options?: Options): Query<'me.get', MeGetAnswer>;
		/** Which mails the caller gets that nobody asked for. GET /v1/me/notices */
		notices(input?: MeNoticesInput, options?: Options): Query<'me.notices', MeNoticesAnswer>;
		/** Change one's own name. PATCH /v1/me */
		update(input?: MeUpdateInput, options?: Options): Mutation<'me.update', MeUpdateAnswer & Versioned>;
		/** Change which mails the caller gets that nobody asked for. PATCH /v1/me/notices */
		update_notices(input?: MeUpdateNoticesInput, options?: Options): Mutation<'me.update_notices', MeUpdateNoticesAnswer & Versioned>;
	};
	notes: {
		/** Create one of notes. POST /v1/notes */
		create<F extends keyof Note = keyof Note, E extends keyof NoteExpansions = never>(input: NotesCreateInput & Shape<F, E>, options?: Options): Mutation<'notes.create', Written<Shaped<Note, NoteExpansions, F, E>, NoteId> & Versioned>;
		/** Delete one of notes. DELETE /v1/notes/{id} */
		delete(input: NotesDeleteInput, options?: Options): Mutation<'notes.delete', void>;
		/** Get one of notes. GET /v1/notes/{id} */
		get<F extends keyof Note = keyof Note, E extends keyof NoteExpansions = never>(input: NotesGetInput & Shape<F, E>, options?: Options): Query<'notes.get', Shaped<Note, NoteExpansions, F, E>>;
		/** List notes. GET /v1/notes */
		list<F extends keyof Note = keyof Note, E extends keyof NoteExpansions = never>(input?: NotesListInput & Shape<F, E>, options?: Options): Query<'notes.list', Page<Shaped<Note, NoteExpansions, F, E>>> & AsyncIterable<Shaped<Note, NoteExpansions, F, E>>;
		/** Bring back one of notes. POST /v1/notes/{id}/restore */
		restore<F extends keyof Note = keyof Note, E extends keyof NoteExpansions = never>(input: NotesRestoreInput & Shape<F, E>, options?: Options): Mutation<'notes.restore', Written<Shaped<Note, NoteExpansions, F, E>, NoteId> & Versioned>;
		/** Change one of notes. PATCH /v1/notes/{id} */
		update<F extends keyof Note = keyof Note, E extends keyof NoteExpansions = never>(input: NotesUpdateInput & Shape<F, E>, options?: Options): Mutation<'notes.update', Written<Shaped<Note, NoteExpansions, F, E>, NoteId> & Versioned>;
	};
	passwords: {
		/** Change one's own password; every other session ends. POST /v1/passwords/change */
		change(input: PasswordsChangeInput, options?: Options): Mutation<'passwords.change', void>;
		/** Ask for a link by which to set a new password. POST /v1/passwords/forgot */
		forgot(input: PasswordsForgotInput, options?: Options): Mutation<'passwords.forgot', {}>;
		/** Set a new password by the token of a link, and log in. POST /v1/passwords/reset */
		reset(input: PasswordsResetInput, options?: Options): Mutation<'passwords.reset', PasswordsResetAnswer & Versioned>;
	};
	permissions: {
		/** Every permission that a role can hold and a key be limited to. GET /v1/permissions */
		list(input?: PermissionsListInput, options?: Options): Query<'permissions.list', PermissionsListAnswer>;
	};
	pipelines: {
		/** Create one of pipelines. POST /v1/pipelines */
		create<F extends keyof Pipeline = keyof Pipeline, E extends keyof PipelineExpansions = never>(input: PipelinesCreateInput & Shape<F, E>, options?: Options): Mutation<'pipelines.create', Written<Shaped<Pipeline, PipelineExpansions, F, E>, PipelineId> & Versioned>;
		/** Delete a pipeline that has no deals, with its stages. DELETE /v1/pipelines/{id} */
		delete(input: PipelinesDeleteInput, options?: Options): Mutation<'pipelines.delete', void>;
		/** Get one of pipelines. GET /v1/pipelines/{id} */
		get<F extends keyof Pipeline = keyof Pipeline, E extends keyof PipelineExpansions = never>(input: PipelinesGetInput & Shape<F, E>, options?: Options): Query<'pipelines.get', Shaped<Pipeline, PipelineExpansions, F, E>>;
		/** List pipelines. GET /v1/pipelines */
		list<F extends keyof Pipeline = keyof Pipeline, E extends keyof PipelineExpansions = never>(input?: PipelinesListInput & Shape<F, E>, options?: Options): Query<'pipelines.list', Page<Shaped<Pipeline, PipelineExpansions, F, E>>> & AsyncIterable<Shaped<Pipeline, PipelineExpansions, F, E>>;
		/** Bring a deleted pipeline back, with the stages that went with it. POST /v1/pipelines/{id}/restore */
		restore<F extends keyof Pipeline = keyof Pipeline, E extends keyof PipelineExpansions = never>(input: PipelinesRestoreInput & Shape<F, E>, options?: Options): Mutation<'pipelines.restore', Written<Shaped<Pipeline, PipelineExpansions, F, E>, PipelineId> & Versioned>;
		/** List the pipelines with their stages. GET /v1/pipelines/stages */
		stages(input?: PipelinesStagesInput, options?: Options): Query<'pipelines.stages', PipelinesStagesAnswer>;
		/** Change one of pipelines. PATCH /v1/pipelines/{id} */
		update<F extends keyof Pipeline = keyof Pipeline, E extends keyof PipelineExpansions = never>(input: PipelinesUpdateInput & Shape<F, E>, options?: Options): Mutation<'pipelines.update', Written<Shaped<Pipeline, PipelineExpansions, F, E>, PipelineId> & Versioned>;
	};
	public_forms: {
		/** Make a public form; it is sent to /v1/public_forms/{id}/submit. POST /v1/public_forms */
		create<F extends keyof PublicForm = keyof PublicForm, E extends keyof PublicFormExpansions = never>(input: PublicFormsCreateInput & Shape<F, E>, options?: Options): Mutation<'public_forms.create', Written<Shaped<PublicForm, PublicFormExpansions, F, E>, PublicFormId> & Versioned>;
		/** Delete one of public_forms. DELETE /v1/public_forms/{id} */
		delete(input: PublicFormsDeleteInput, options?: Options): Mutation<'public_forms.delete', void>;
		/** Get one of public_forms. GET /v1/public_forms/{id} */
		get<F extends keyof PublicForm = keyof PublicForm, E extends keyof PublicFormExpansions = never>(input: PublicFormsGetInput & Shape<F, E>, options?: Options): Query<'public_forms.get', Shaped<PublicForm, PublicFormExpansions, F, E>>;
		/** List public_forms. GET /v1/public_forms */
		list<F extends keyof PublicForm = keyof PublicForm, E extends keyof PublicFormExpansions = never>(input?: PublicFormsListInput & Shape<F, E>, options?: Options): Query<'public_forms.list', Page<Shaped<PublicForm, PublicFormExpansions, F, E>>> & AsyncIterable<Shaped<PublicForm, PublicFormExpansions, F, E>>;
		/** Bring back one of public_forms. POST /v1/public_forms/{id}/restore */
		restore<F extends keyof PublicForm = keyof PublicForm, E extends keyof PublicFormExpansions = never>(input: PublicFormsRestoreInput & Shape<F, E>, options?: Options): Mutation<'public_forms.restore', Written<Shaped<PublicForm, PublicFormExpansions, F, E>, PublicFormId> & Versioned>;
		/** Send a public form, as a form of HTML or JSON: email, and if wanted first_name, last_name, phone, job_title, website and others; leave_empty stays empty. From one address 10 in a minute and 60 in an hour, 120 of a form in a minute; all forms of a company make 120 new contacts in an hour and 1000 in a day. A browser is answered by a page. POST /v1/public_forms/{id}/submit */
		submit(input: PublicFormsSubmitInput, options?: Options): Mutation<'public_forms.submit', void>;
		/** Make a form yours: what comes by it is done as you from then on. POST /v1/public_forms/{id}/take_over */
		take_over<F extends keyof PublicForm = keyof PublicForm, E extends keyof PublicFormExpansions = never>(input: PublicFormsTakeOverInput & Shape<F, E>, options?: Options): Mutation<'public_forms.take_over', Written<Shaped<PublicForm, PublicFormExpansions, F, E>, PublicFormId> & Versioned>;
		/** Change one of public_forms. PATCH /v1/public_forms/{id} */
		update<F extends keyof PublicForm = keyof PublicForm, E extends keyof PublicFormExpansions = never>(input: PublicFormsUpdateInput & Shape<F, E>, options?: Options): Mutation<'public_forms.update', Written<Shaped<PublicForm, PublicFormExpansions, F, E>, PublicFormId> & Versioned>;
	};
	reports: {
		/** Count and sum deals by stage, owner, team or quarter. GET /v1/reports/deals */
		deals(input: ReportsDealsInput, options?: Options): Query<'reports.deals', ReportsDealsAnswer>;
	};
	roles: {
		/** Create one of roles. POST /v1/roles */
		create<F extends keyof Role = keyof Role, E extends keyof RoleExpansions = never>(input: RolesCreateInput & Shape<F, E>, options?: Options): Mutation<'roles.create', Written<Shaped<Role, RoleExpansions, F, E>, RoleId> & Versioned>;
		/** Delete one of roles that nobody has. DELETE /v1/roles/{id} */
		delete(input: RolesDeleteInput, options?: Options): Mutation<'roles.delete', void>;
		/** Get one of roles. GET /v1/roles/{id} */
		get<F extends keyof Role = keyof Role, E extends keyof RoleExpansions = never>(input: RolesGetInput & Shape<F, E>, options?: Options): Query<'roles.get', Shaped<Role, RoleExpansions, F, E>>;
		/** List roles. GET /v1/roles */
		list<F extends keyof Role = keyof Role, E extends keyof RoleExpansions = never>(input?: RolesListInput & Shape<F, E>, options?: Options): Query<'roles.list', Page<Shaped<Role, RoleExpansions, F, E>>> & AsyncIterable<Shaped<Role, RoleExpansions, F, E>>;
		/** All roles with their level for every action on every object; `level` is that of the role that is shown. GET /v1/roles/matrix */
		matrix(input?: RolesMatrixInput, options?: Options): Query<'roles.matrix', RolesMatrixAnswer>;
		/** Every permission, and at which level a role holds it. GET /v1/roles/{id}/permissions */
		permissions(input: RolesPermissionsInput, options?: Options): Query<'roles.permissions', RolesPermissionsAnswer>;
		/** Bring back one of roles, with what it may do. POST /v1/roles/{id}/restore */
		restore<F extends keyof Role = keyof Role, E extends keyof RoleExpansions = never>(input: RolesRestoreInput & Shape<F, E>, options?: Options): Mutation<'roles.restore', Written<Shaped<Role, RoleExpansions, F, E>, RoleId> & Versioned>;
		/** Set the levels at which a role holds permissions. PUT /v1/roles/{id}/permissions */
		set_permissions(input: RolesSetPermissionsInput, options?: Options): Mutation<'roles.set_permissions', RolesSetPermissionsAnswer & Versioned>;
		/** Rename one of roles. PATCH /v1/roles/{id} */
		update<F extends keyof Role = keyof Role, E extends keyof RoleExpansions = never>(input: RolesUpdateInput & Shape<F, E>, options?: Options): Mutation<'roles.update', Written<Shaped<Role, RoleExpansions, F, E>, RoleId> & Versioned>;
	};
	search: {
		/** Search contacts, deals, tasks, notes and activities at once. GET /v1/search */
		list(input: SearchListInput, options?: Options): Query<'search.list', SearchListAnswer>;
	};
	sessions: {
		/** Log in. POST /v1/sessions */
		create(input: SessionsCreateInput, options?: Options): Mutation<'sessions.create', SessionsCreateAnswer & Versioned>;
		/** End one of one's own sessions. DELETE /v1/sessions/{id} */
		delete(input: SessionsDeleteInput, options?: Options): Mutation<'sessions.delete', void>;
		/** Log out. DELETE /v1/sessions/current */
		delete_current(input?: SessionsDeleteCurrentInput, options?: Options): Mutation<'sessions.delete_current', void>;
		/** End all of one's sessions but this one. DELETE /v1/sessions */
		delete_others(input?: SessionsDeleteOthersInput, options?: Options): Mutation<'sessions.delete_others', void>;
		/** Get one of one's own sessions. GET /v1/sessions/{id} */
		get(input: SessionsGetInput, options?: Options): Query<'sessions.get', SessionsGetAnswer>;
		/** One's own sessions. GET /v1/sessions */
		list(input?: SessionsListInput, options?: Options): Query<'sessions.list', SessionsListAnswer>;
	};
	sources: {
		/** Create one of sources. POST /v1/sources */
		create<F extends keyof Source = keyof Source, E extends keyof SourceExpansions = never>(input: SourcesCreateInput & Shape<F, E>, options?: Options): Mutation<'sources.create', Written<Shaped<Source, SourceExpansions, F, E>, SourceId> & Versioned>;
		/** Delete one of sources. DELETE /v1/sources/{id} */
		delete(input: SourcesDeleteInput, options?: Options): Mutation<'sources.delete', void>;
		/** Get one of sources. GET /v1/sources/{id} */
		get<F extends keyof Source = keyof Source, E extends keyof SourceExpansions = never>(input: SourcesGetInput & Shape<F, E>, options?: Options): Query<'sources.get', Shaped<Source, SourceExpansions, F, E>>;
		/** List sources. GET /v1/sources */
		list<F extends keyof Source = keyof Source, E extends keyof SourceExpansions = never>(input?: SourcesListInput & Shape<F, E>, options?: Options): Query<'sources.list', Page<Shaped<Source, SourceExpansions, F, E>>> & AsyncIterable<Shaped<Source, SourceExpansions, F, E>>;
		/** Bring back one of sources. POST /v1/sources/{id}/restore */
		restore<F extends keyof Source = keyof Source, E extends keyof SourceExpansions = never>(input: SourcesRestoreInput & Shape<F, E>, options?: Options): Mutation<'sources.restore', Written<Shaped<Source, SourceExpansions, F, E>, SourceId> & Versioned>;
		/** Change one of sources. PATCH /v1/sources/{id} */
		update<F extends keyof Source = keyof Source, E extends keyof SourceExpansions = never>(input: SourcesUpdateInput & Shape<F, E>, options?: Options): Mutation<'sources.update', Written<Shaped<Source, SourceExpansions, F, E>, SourceId> & Versioned>;
	};
	stages: {
		/** Create one of stages. POST /v1/stages */
		create<F extends keyof Stage = keyof Stage, E extends keyof StageExpansions = never>(input: StagesCreateInput & Shape<F, E>, options?: Options): Mutation<'stages.create', Written<Shaped<Stage, StageExpansions, F, E>, StageId> & Versioned>;
		/** Delete one of stages. DELETE /v1/stages/{id} */
		delete(input: StagesDeleteInput, options?: Options): Mutation<'stages.delete', void>;
		/** Get one of stages. GET /v1/stages/{id} */
		get<F extends keyof Stage = keyof Stage, E extends keyof StageExpansions = never>(input: StagesGetInput & Shape<F, E>, options?: Options): Query<'stages.get', Shaped<Stage, StageExpansions, F, E>>;
		/** List stages. GET /v1/stages */
		list<F extends keyof Stage = keyof Stage, E extends keyof StageExpansions = never>(input?: StagesListInput & Shape<F, E>, options?: Options): Query<'stages.list', Page<Shaped<Stage, StageExpansions, F, E>>> & AsyncIterable<Shaped<Stage, StageExpansions, F, E>>;
		/** Bring back one of stages. POST /v1/stages/{id}/restore */
		restore<F extends keyof Stage = keyof Stage, E extends keyof StageExpansions = never>(input: StagesRestoreInput & Shape<F, E>, options?: Options): Mutation<'stages.restore', Written<Shaped<Stage, StageExpansions, F, E>, StageId> & Versioned>;
		/** Change one of stages. PATCH /v1/stages/{id} */
		update<F extends keyof Stage = keyof Stage, E extends keyof StageExpansions = never>(input: StagesUpdateInput & Shape<F, E>, options?: Options): Mutation<'stages.update', Written<Shaped<Stage, StageExpansions, F, E>, StageId> & Versioned>;
	};
	tags: {
		/** Create one of tags. POST /v1/tags */
		create<F extends keyof Tag = keyof Tag, E extends keyof TagExpansions = never>(input: TagsCreateInput & Shape<F, E>, options?: Options): Mutation<'tags.create', Written<Shaped<Tag, TagExpansions, F, E>, TagId> & Versioned>;
		/** Delete one of tags. DELETE /v1/tags/{id} */
		delete(input: TagsDeleteInput, options?: Options): Mutation<'tags.delete', void>;
		/** Get one of tags. GET /v1/tags/{id} */
		get<F extends keyof Tag = keyof Tag, E extends keyof TagExpansions = never>(input: TagsGetInput & Shape<F, E>, options?: Options): Query<'tags.get', Shaped<Tag, TagExpansions, F, E>>;
		/** List tags. GET /v1/tags */
		list<F extends keyof Tag = keyof Tag, E extends keyof TagExpansions = never>(input?: TagsListInput & Shape<F, E>, options?: Options): Query<'tags.list', Page<Shaped<Tag, TagExpansions, F, E>>> & AsyncIterable<Shaped<Tag, TagExpansions, F, E>>;
		/** Bring back one of tags. POST /v1/tags/{id}/restore */
		restore<F extends keyof Tag = keyof Tag, E extends keyof TagExpansions = never>(input: TagsRestoreInput & Shape<F, E>, options?: Options): Mutation<'tags.restore', Written<Shaped<Tag, TagExpansions, F, E>, TagId> & Versioned>;
		/** Change one of tags. PATCH /v1/tags/{id} */
		update<F extends keyof Tag = keyof Tag, E extends keyof TagExpansions = never>(input: TagsUpdateInput & Shape<F, E>, options?: Options): Mutation<'tags.update', Written<Shaped<Tag, TagExpansions, F, E>, TagId> & Versioned>;
	};
	tasks: {
		/** Mark a task as done. POST /v1/tasks/{id}/complete */
		complete<F extends keyof Task = keyof Task, E extends keyof TaskExpansions = never>(input: TasksCompleteInput & Shape<F, E>, options?: Options): Mutation<'tasks.complete', Written<Shaped<Task, TaskExpansions, F, E>, TaskId> & Versioned>;
		/** Create one of tasks. POST /v1/tasks */
		create<F extends keyof Task = keyof Task, E extends keyof TaskExpansions = never>(input: TasksCreateInput & Shape<F, E>, options?: Options): Mutation<'tasks.create', Written<Shaped<Task, TaskExpansions, F, E>, TaskId> & Versioned>;
		/** Delete one of tasks. DELETE /v1/tasks/{id} */
		delete(input: TasksDeleteInput, options?: Options): Mutation<'tasks.delete', void>;
		/** Get one of tasks. GET /v1/tasks/{id} */
		get<F extends keyof Task = keyof Task, E extends keyof TaskExpansions = never>(input: TasksGetInput & Shape<F, E>, options?: Options): Query<'tasks.get', Shaped<Task, TaskExpansions, F, E>>;
		/** List tasks. GET /v1/tasks */
		list<F extends keyof Task = keyof Task, E extends keyof TaskExpansions = never>(input?: TasksListInput & Shape<F, E>, options?: Options): Query<'tasks.list', Page<Shaped<Task, TaskExpansions, F, E>>> & AsyncIterable<Shaped<Task, TaskExpansions, F, E>>;
		/** Open a task that was done. POST /v1/tasks/{id}/reopen */
		reopen<F extends keyof Task = keyof Task, E extends keyof TaskExpansions = never>(input: TasksReopenInput & Shape<F, E>, options?: Options): Mutation<'tasks.reopen', Written<Shaped<Task, TaskExpansions, F, E>, TaskId> & Versioned>;
		/** Bring back one of tasks. POST /v1/tasks/{id}/restore */
		restore<F extends keyof Task = keyof Task, E extends keyof TaskExpansions = never>(input: TasksRestoreInput & Shape<F, E>, options?: Options): Mutation<'tasks.restore', Written<Shaped<Task, TaskExpansions, F, E>, TaskId> & Versioned>;
		/** Search tasks by nested conditions. POST /v1/tasks/search */
		search<F extends keyof Task = keyof Task, E extends keyof TaskExpansions = never>(input?: TasksSearchInput & Shape<F, E>, options?: Options): Call<'tasks.search', Page<Shaped<Task, TaskExpansions, F, E>>> & AsyncIterable<Shaped<Task, TaskExpansions, F, E>>;
		/** Change one of tasks. PATCH /v1/tasks/{id} */
		update<F extends keyof Task = keyof Task, E extends keyof TaskExpansions = never>(input: TasksUpdateInput & Shape<F, E>, options?: Options): Mutation<'tasks.update', Written<Shaped<Task, TaskExpansions, F, E>, TaskId> & Versioned>;
	};
	teams: {
		/** Create one of teams. POST /v1/teams */
		create<F extends keyof Team = keyof Team, E extends keyof TeamExpansions = never>(input: TeamsCreateInput & Shape<F, E>, options?: Options): Mutation<'teams.create', Written<Shaped<Team, TeamExpansions, F, E>, TeamId> & Versioned>;
		/** Delete one of teams; its agents leave it. DELETE /v1/teams/{id} */
		delete(input: TeamsDeleteInput, options?: Options): Mutation<'teams.delete', void>;
		/** Get one of teams. GET /v1/teams/{id} */
		get<F extends keyof Team = keyof Team, E extends keyof TeamExpansions = never>(input: TeamsGetInput & Shape<F, E>, options?: Options): Query<'teams.get', Shaped<Team, TeamExpansions, F, E>>;
		/** List teams. GET /v1/teams */
		list<F extends keyof Team = keyof Team, E extends keyof TeamExpansions = never>(input?: TeamsListInput & Shape<F, E>, options?: Options): Query<'teams.list', Page<Shaped<Team, TeamExpansions, F, E>>> & AsyncIterable<Shaped<Team, TeamExpansions, F, E>>;
		/** Bring back one of teams. POST /v1/teams/{id}/restore */
		restore<F extends keyof Team = keyof Team, E extends keyof TeamExpansions = never>(input: TeamsRestoreInput & Shape<F, E>, options?: Options): Mutation<'teams.restore', Written<Shaped<Team, TeamExpansions, F, E>, TeamId> & Versioned>;
		/** Change one of teams. PATCH /v1/teams/{id} */
		update<F extends keyof Team = keyof Team, E extends keyof TeamExpansions = never>(input: TeamsUpdateInput & Shape<F, E>, options?: Options): Mutation<'teams.update', Written<Shaped<Team, TeamExpansions, F, E>, TeamId> & Versioned>;
	};
	timeline: {
		/** What happened with a contact or a deal, newest first. GET /v1/timeline */
		list(input?: TimelineListInput, options?: Options): Query<'timeline.list', TimelineListAnswer>;
	};
	webhook_deliveries: {
		/** Get one of webhook_deliveries. GET /v1/webhook_deliveries/{id} */
		get<F extends keyof WebhookDelivery = keyof WebhookDelivery, E extends keyof WebhookDeliveryExpansions = never>(input: WebhookDeliveriesGetInput & Shape<F, E>, options?: Options): Query<'webhook_deliveries.get', Shaped<WebhookDelivery, WebhookDeliveryExpansions, F, E>>;
		/** List webhook_deliveries. GET /v1/webhook_deliveries */
		list<F extends keyof WebhookDelivery = keyof WebhookDelivery, E extends keyof WebhookDeliveryExpansions = never>(input?: WebhookDeliveriesListInput & Shape<F, E>, options?: Options): Query<'webhook_deliveries.list', Page<Shaped<WebhookDelivery, WebhookDeliveryExpansions, F, E>>> & AsyncIterable<Shaped<WebhookDelivery, WebhookDeliveryExpansions, F, E>>;
		/** Send what a webhook was told again, or at once; with the same webhook-id. POST /v1/webhook_deliveries/{id}/replay */
		replay<F extends keyof WebhookDelivery = keyof WebhookDelivery, E extends keyof WebhookDeliveryExpansions = never>(input: WebhookDeliveriesReplayInput & Shape<F, E>, options?: Options): Mutation<'webhook_deliveries.replay', Written<Shaped<WebhookDelivery, WebhookDeliveryExpansions, F, E>, WebhookDeliveryId> & Versioned>;
	};
	webhooks: {
		/** Have an address told what changes; the answer shows its secret, once. POST /v1/webhooks */
		create<F extends keyof Webhook = keyof Webhook, E extends keyof WebhookExpansions = never>(input: WebhooksCreateInput & Shape<F, E>, options?: Options): Mutation<'webhooks.create', Written<Shaped<Webhook, WebhookExpansions, F, E>, WebhookId> & WebhooksCreateAnswer & Versioned>;
		/** Delete one of webhooks. DELETE /v1/webhooks/{id} */
		delete(input: WebhooksDeleteInput, options?: Options): Mutation<'webhooks.delete', void>;
		/** Get one of webhooks. GET /v1/webhooks/{id} */
		get<F extends keyof Webhook = keyof Webhook, E extends keyof WebhookExpansions = never>(input: WebhooksGetInput & Shape<F, E>, options?: Options): Query<'webhooks.get', Shaped<Webhook, WebhookExpansions, F, E>>;
		/** List webhooks. GET /v1/webhooks */
		list<F extends keyof Webhook = keyof Webhook, E extends keyof WebhookExpansions = never>(input?: WebhooksListInput & Shape<F, E>, options?: Options): Query<'webhooks.list', Page<Shaped<Webhook, WebhookExpansions, F, E>>> & AsyncIterable<Shaped<Webhook, WebhookExpansions, F, E>>;
		/** Bring back one of webhooks. POST /v1/webhooks/{id}/restore */
		restore<F extends keyof Webhook = keyof Webhook, E extends keyof WebhookExpansions = never>(input: WebhooksRestoreInput & Shape<F, E>, options?: Options): Mutation<'webhooks.restore', Written<Shaped<Webhook, WebhookExpansions, F, E>, WebhookId> & Versioned>;
		/** Give a webhook a new secret; for a day what is sent is signed with the old one as well. POST /v1/webhooks/{id}/rotate */
		rotate<F extends keyof Webhook = keyof Webhook, E extends keyof WebhookExpansions = never>(input: WebhooksRotateInput & Shape<F, E>, options?: Options): Mutation<'webhooks.rotate', Written<Shaped<Webhook, WebhookExpansions, F, E>, WebhookId> & WebhooksRotateAnswer & Versioned>;
		/** Change one of webhooks. PATCH /v1/webhooks/{id} */
		update<F extends keyof Webhook = keyof Webhook, E extends keyof WebhookExpansions = never>(input: WebhooksUpdateInput & Shape<F, E>, options?: Options): Mutation<'webhooks.update', Written<Shaped<Webhook, WebhookExpansions, F, E>, WebhookId> & Versioned>;
	};
	workflow_runs: {
		/** Let a run that has ended go on, with the step that failed or from an earlier one. POST /v1/workflow_runs/{id}/again */
		again<F extends keyof WorkflowRun = keyof WorkflowRun, E extends keyof WorkflowRunExpansions = never>(input: WorkflowRunsAgainInput & Shape<F, E>, options?: Options): Mutation<'workflow_runs.again', Written<Shaped<WorkflowRun, WorkflowRunExpansions, F, E>, WorkflowRunId> & Versioned>;
		/** End a run; what its steps can take back is taken back first. POST /v1/workflow_runs/{id}/cancel */
		cancel<F extends keyof WorkflowRun = keyof WorkflowRun, E extends keyof WorkflowRunExpansions = never>(input: WorkflowRunsCancelInput & Shape<F, E>, options?: Options): Mutation<'workflow_runs.cancel', Written<Shaped<WorkflowRun, WorkflowRunExpansions, F, E>, WorkflowRunId> & Versioned>;
		/** Get one of workflow_runs. GET /v1/workflow_runs/{id} */
		get<F extends keyof WorkflowRun = keyof WorkflowRun, E extends keyof WorkflowRunExpansions = never>(input: WorkflowRunsGetInput & Shape<F, E>, options?: Options): Query<'workflow_runs.get', Shaped<WorkflowRun, WorkflowRunExpansions, F, E>>;
		/** List workflow_runs. GET /v1/workflow_runs */
		list<F extends keyof WorkflowRun = keyof WorkflowRun, E extends keyof WorkflowRunExpansions = never>(input?: WorkflowRunsListInput & Shape<F, E>, options?: Options): Query<'workflow_runs.list', Page<Shaped<WorkflowRun, WorkflowRunExpansions, F, E>>> & AsyncIterable<Shaped<WorkflowRun, WorkflowRunExpansions, F, E>>;
		/** Let a run stand still until it is resumed. POST /v1/workflow_runs/{id}/pause */
		pause<F extends keyof WorkflowRun = keyof WorkflowRun, E extends keyof WorkflowRunExpansions = never>(input: WorkflowRunsPauseInput & Shape<F, E>, options?: Options): Mutation<'workflow_runs.pause', Written<Shaped<WorkflowRun, WorkflowRunExpansions, F, E>, WorkflowRunId> & Versioned>;
		/** On which records the runs of automations are, for a page of the list of runs. GET /v1/workflow_runs/records */
		records(input?: WorkflowRunsRecordsInput, options?: Options): Query<'workflow_runs.records', WorkflowRunsRecordsAnswer>;
		/** Let a run that stands still go on. POST /v1/workflow_runs/{id}/resume */
		resume<F extends keyof WorkflowRun = keyof WorkflowRun, E extends keyof WorkflowRunExpansions = never>(input: WorkflowRunsResumeInput & Shape<F, E>, options?: Options): Mutation<'workflow_runs.resume', Written<Shaped<WorkflowRun, WorkflowRunExpansions, F, E>, WorkflowRunId> & Versioned>;
		/** What a run has done so far. GET /v1/workflow_runs/{id}/steps */
		steps(input: WorkflowRunsStepsInput, options?: Options): Query<'workflow_runs.steps', WorkflowRunsStepsAnswer>;
		/** What a run has done so far, in sentences, and on which record. GET /v1/workflow_runs/{id}/story */
		story(input: WorkflowRunsStoryInput, options?: Options): Query<'workflow_runs.story', WorkflowRunsStoryAnswer>;
		/** Tell an automation's run an event for which it waits or will wait. POST /v1/workflow_runs/{id}/tell */
		tell<F extends keyof WorkflowRun = keyof WorkflowRun, E extends keyof WorkflowRunExpansions = never>(input: WorkflowRunsTellInput & Shape<F, E>, options?: Options): Mutation<'workflow_runs.tell', Written<Shaped<WorkflowRun, WorkflowRunExpansions, F, E>, WorkflowRunId> & Versioned>;
	};
}

/** What is asked and answered by what can be watched. */
export interface Queries {
	'activities.get': { input: ActivitiesGetInput; answer: Activity };
	'activities.list': { input: ActivitiesListInput; answer: Page<Activity> };
	'agents.get': { input: AgentsGetInput; answer: Agent };
	'agents.list': { input: AgentsListInput; answer: Page<Agent> };
	'api_keys.get': { input: ApiKeysGetInput; answer: ApiKey };
	'api_keys.list': { input: ApiKeysListInput; answer: Page<ApiKey> };
	'automation_versions.get': { input: AutomationVersionsGetInput; answer: AutomationVersion };
	'automation_versions.list': { input: AutomationVersionsListInput; answer: Page<AutomationVersion> };
	'automations.get': { input: AutomationsGetInput; answer: Automation };
	'automations.list': { input: AutomationsListInput; answer: Page<Automation> };
	'automations.offered': { input: AutomationsOfferedInput; answer: AutomationsOfferedAnswer };
	'automations.outline': { input: AutomationsOutlineInput; answer: AutomationsOutlineAnswer };
	'automations.overview': { input: AutomationsOverviewInput; answer: AutomationsOverviewAnswer };
	'automations.part': { input: AutomationsPartInput; answer: AutomationsPartAnswer };
	'automations.records': { input: AutomationsRecordsInput; answer: AutomationsRecordsAnswer };
	'changes.list': { input: ChangesListInput; answer: ChangesListAnswer };
	'company.first_steps': { input: CompanyFirstStepsInput; answer: CompanyFirstStepsAnswer };
	'company.get': { input: CompanyGetInput; answer: Company };
	'contact_addresses.get': { input: ContactAddressesGetInput; answer: ContactAddress };
	'contact_addresses.list': { input: ContactAddressesListInput; answer: Page<ContactAddress> };
	'contact_emails.get': { input: ContactEmailsGetInput; answer: ContactEmail };
	'contact_emails.list': { input: ContactEmailsListInput; answer: Page<ContactEmail> };
	'contact_phones.get': { input: ContactPhonesGetInput; answer: ContactPhone };
	'contact_phones.list': { input: ContactPhonesListInput; answer: Page<ContactPhone> };
	'contacts.deals': { input: ContactsDealsInput; answer: Page<Deal> };
	'contacts.get': { input: ContactsGetInput; answer: Contact };
	'contacts.list': { input: ContactsListInput; answer: Page<Contact> };
	'contacts.merge_preview': { input: ContactsMergePreviewInput; answer: ContactsMergePreviewAnswer };
	'contacts.summary': { input: ContactsSummaryInput; answer: ContactsSummaryAnswer };
	'deal_contacts.get': { input: DealContactsGetInput; answer: DealContact };
	'deal_contacts.list': { input: DealContactsListInput; answer: Page<DealContact> };
	'deals.board': { input: DealsBoardInput; answer: DealsBoardAnswer };
	'deals.get': { input: DealsGetInput; answer: Deal };
	'deals.list': { input: DealsListInput; answer: Page<Deal> };
	'deals.stages': { input: DealsStagesInput; answer: DealsStagesAnswer };
	'import_rows.list': { input: ImportRowsListInput; answer: Page<ImportRow> };
	'imports.get': { input: ImportsGetInput; answer: Import & ImportsGetAnswer };
	'imports.list': { input: ImportsListInput; answer: Page<Import> };
	'imports.preview': { input: ImportsPreviewInput; answer: ImportsPreviewAnswer };
	'inbound_events.list': { input: InboundEventsListInput; answer: Page<InboundEvent> };
	'inbound_hooks.get': { input: InboundHooksGetInput; answer: InboundHook };
	'inbound_hooks.list': { input: InboundHooksListInput; answer: Page<InboundHook> };
	'invitations.get': { input: InvitationsGetInput; answer: Invitation };
	'invitations.list': { input: InvitationsListInput; answer: Page<Invitation> };
	'mail_addresses.bounced': { input: MailAddressesBouncedInput; answer: MailAddressesBouncedAnswer };
	'me.get': { input: MeGetInput; answer: MeGetAnswer };
	'me.notices': { input: MeNoticesInput; answer: MeNoticesAnswer };
	'notes.get': { input: NotesGetInput; answer: Note };
	'notes.list': { input: NotesListInput; answer: Page<Note> };
	'permissions.list': { input: PermissionsListInput; answer: PermissionsListAnswer };
	'pipelines.get': { input: PipelinesGetInput; answer: Pipeline };
	'pipelines.list': { input: PipelinesListInput; answer: Page<Pipeline> };
	'pipelines.stages': { input: PipelinesStagesInput; answer: PipelinesStagesAnswer };
	'public_forms.get': { input: PublicFormsGetInput; answer: PublicForm };
	'public_forms.list': { input: PublicFormsListInput; answer: Page<PublicForm> };
	'reports.deals': { input: ReportsDealsInput; answer: ReportsDealsAnswer };
	'roles.get': { input: RolesGetInput; answer: Role };
	'roles.list': { input: RolesListInput; answer: Page<Role> };
	'roles.matrix': { input: RolesMatrixInput; answer: RolesMatrixAnswer };
	'roles.permissions': { input: RolesPermissionsInput; answer: RolesPermissionsAnswer };
	'search.list': { input: SearchListInput; answer: SearchListAnswer };
	'sessions.get': { input: SessionsGetInput; answer: SessionsGetAnswer };
	'sessions.list': { input: SessionsListInput; answer: SessionsListAnswer };
	'sources.get': { input: SourcesGetInput; answer: Source };
	'sources.list': { input: SourcesListInput; answer: Page<Source> };
	'stages.get': { input: StagesGetInput; answer: Stage };
	'stages.list': { input: StagesListInput; answer: Page<Stage> };
	'tags.get': { input: TagsGetInput; answer: Tag };
	'tags.list': { input: TagsListInput; answer: Page<Tag> };
	'tasks.get': { input: TasksGetInput; answer: Task };
	'tasks.list': { input: TasksListInput; answer: Page<Task> };
	'teams.get': { input: TeamsGetInput; answer: Team };
	'teams.list': { input: TeamsListInput; answer: Page<Team> };
	'timeline.list': { input: TimelineListInput; answer: TimelineListAnswer };
	'webhook_deliveries.get': { input: WebhookDeliveriesGetInput; answer: WebhookDelivery };
	'webhook_deliveries.list': { input: WebhookDeliveriesListInput; answer: Page<WebhookDelivery> };
	'webhooks.get': { input: WebhooksGetInput; answer: Webhook };
	'webhooks.list': { input: WebhooksListInput; answer: Page<Webhook> };
	'workflow_runs.get': { input: WorkflowRunsGetInput; answer: WorkflowRun };
	'workflow_runs.list': { input: WorkflowRunsListInput; answer: Page<WorkflowRun> };
	'workflow_runs.records': { input: WorkflowRunsRecordsInput; answer: WorkflowRunsRecordsAnswer };
	'workflow_runs.steps': { input: WorkflowRunsStepsInput; answer: WorkflowRunsStepsAnswer };
	'workflow_runs.story': { input: WorkflowRunsStoryInput; answer: WorkflowRunsStoryAnswer };
}

/** What a store can keep. */
export interface Tables {
	activities: Activity;
	agents: Agent;
	api_keys: ApiKey;
	automation_versions: AutomationVersion;
	automations: Automation;
	contact_addresses: ContactAddress;
	contact_emails: ContactEmail;
	contact_phones: ContactPhone;
	contacts: Contact;
	deal_contacts: DealContact;
	deals: Deal;
	imports: Import;
	inbound_events: InboundEvent;
	inbound_hooks: InboundHook;
	invitations: Invitation;
	notes: Note;
	pipelines: Pipeline;
	public_forms: PublicForm;
	roles: Role;
	sources: Source;
	stages: Stage;
	tags: Tag;
	tasks: Task;
	teams: Team;
	webhook_deliveries: WebhookDelivery;
	webhooks: Webhook;
	workflow_runs: WorkflowRun;
}

/** How a call can fail: `kind` and HTTP status. */
export interface Problems {
	'malformed': 400;
	'unauthenticated': 401;
	'forbidden': 403;
	'not-found': 404;
	'wrong-method': 405;
	'conflict': 409;
	'gone': 410;
	'stale': 412;
	'too-large': 413;
	'unsupported-type': 415;
	'invalid': 422;
	'condition-required': 428;
	'limited': 429;
	'internal': 500;
	'unavailable': 503;
	'busy': 503;
}

/** A call, mail or meeting that took place */
export interface Activity {
	/** Id of the activity */
	id: ActivityId;
	/** With whom, or about which deal */
	subject: { object: 'contact'; id: ContactId } | { object: 'deal'; id: DealId } | null;
	/** What happened */
	kind: 'call' | 'email' | 'meeting' | 'message' | 'other';
	/** What it was about */
	summary: string;
	/** What was said */
	body: string | null;
	/** When it happened; now, when it is not given */
	occurred_at: Instant;
	/** Who did it */
	agent_id: AgentId | null;
	/** When it was recorded */
	created_at: Instant;
	/** When it last changed */
	updated_at: Instant;
}
/** What `expand` adds to a row. */
export interface ActivityExpansions {
	subject: { subject_title: string | null };
	agent: { agent: Omit<Agent, 'team_ids'> | null };
}

/** An employee of the company, who uses Muster */
export interface Agent {
	/** Id of the agent */
	id: AgentId;
	/** With which the agent logs in; unique in the installation */
	email: string;
	/** Name as people read it */
	full_name: string;
	/** What the agent may do */
	role_id: RoleId;
	/** A suspended agent cannot log in and every session ends */
	status: 'active' | 'suspended';
	/** Teams of the agent */
	team_ids: TeamId[];
	/** How often a mail tells the agent what has happened */
	digest: 'off' | 'daily' | 'weekly';
	/** So many minutes before a task is due a mail reminds the agent of it; 0: never */
	remind_minutes: number;
	/** When the agent joined */
	created_at: Instant;
	/** When it last changed */
	updated_at: Instant;
}
/** What `expand` adds to a row. */
export interface AgentExpansions {
	role: { role: Role | null };
}

/** A key with which a program calls the API */
export interface ApiKey {
	/** Id of the key */
	id: ApiKeyId;
	/** What the key is for */
	name: string;
	/** First characters of the key, to recognise it */
	prefix: string;
	/** The agent as whom it acts */
	agent_id: AgentId;
	/** The role that it holds */
	role_id: RoleId;
	/** Permissions to which it is limited, as ["contacts.view"]; null: all of its role */
	scopes: string[] | null;
	/** When it ends by itself */
	expires_at: Instant | null;
	/** When it was made */
	created_at: Instant;
	/** When it last changed */
	updated_at: Instant;
}
/** What `expand` adds to a row. */
export interface ApiKeyExpansions {
	agent: { agent: Omit<Agent, 'team_ids'> | null };
	role: { role: Role | null };
}

/** An automation as it was turned on: never changed */
export interface AutomationVersion {
	/** Id of the version */
	id: AutomationVersionId;
	/** The automation */
	automation_id: AutomationId;
	/** Counts the versions of the automation */
	number: number;
	/** On what a run starts */
	starts: unknown | null;
	/** What must hold of the record then */
	conditions: unknown | null;
	/** What is done */
	steps: unknown;
	/** Who turned it on first */
	agent_id: AgentId | null;
	/** Since when it is */
	created_at: Instant;
}
/** What `expand` adds to a row. */
export interface AutomationVersionExpansions {
	automation: { automation: Omit<Automation, 'starts' | 'conditions' | 'steps'> | null };
	agent: { agent: Omit<Agent, 'team_ids'> | null };
}

/** What a company has done by itself when something happens */
export interface Automation {
	/** Id of the automation */
	id: AutomationId;
	/** What it is for */
	name: string;
	/** What it works on */
	object: 'contact' | 'deal' | 'task';
	/** Whether it starts runs */
	state: 'draft' | 'on' | 'paused';
	/** On what a run starts: {"on":"created"}, {"on":"changed","field":...,"from":...,"to":...}, {"on":"stage_entered","stage_id":...}, {"on":"manual"}, {"on":"date","field":...,"days":-3,"hours":9}, {"on":"form","form_id":...} or {"on":"webhook","hook_id":...,"type":...,"email":"/json/pointer","values":{"name":"/json/pointer"}} */
	starts: unknown | null;
	/** What must hold of the record then: {"field":...,"is":"eq","value":...}, or {"all":[...]} and {"any":[...]} of such; null: nothing */
	conditions: unknown | null;
	/** What is done, one after the other; each says what by "do": set_field, create_task, add_tag, assign, send_mail, call_webhook, wait, wait_for, wait_until, branch or stop */
	steps: unknown;
	/** The number of the version that new runs have; 0: it was never turned on */
	version_number: number;
	/** Who turned it on: it may do what this agent may */
	agent_id: AgentId | null;
	/** Why a run was last not started */
	refusal: string | null;
	/** When that was */
	refused_at: Instant | null;
	/** When it was created */
	created_at: Instant;
	/** When it last changed */
	updated_at: Instant;
}
/** What `expand` adds to a row. */
export interface AutomationExpansions {
	agent: { agent: Omit<Agent, 'team_ids'> | null };
}

/** A company that uses Muster */
export interface Company {
	/** Id of the company */
	id: CompanyId;
	/** Name of the company */
	name: string;
	/** ISO 4217 code that new amounts start with */
	currency: string;
	/** IANA time zone of the company */
	time_zone: string;
	/** What it pays for: free has room for three active agents, trial is as paid until it ends */
	plan: 'free' | 'trial' | 'paid';
	/** When the trial becomes the free plan; null: there is none */
	trial_ends_at: Instant | null;
	/** After how many days in which nothing happens its owner is told of an open deal; 0: never */
	stale_days: number;
	/** How far its first weeks are: engaged when it has contacts, deals and people */
	onboarding: 'none' | 'started' | 'engaged' | 'over';
	/** When somebody put away the list of its first steps */
	first_steps_hidden_at: Instant | null;
	/** How much of its search index there is, in percent */
	search_progress: number;
	/** When it signed up */
	created_at: Instant;
	/** When it last changed */
	updated_at: Instant;
}
/** What `expand` adds to a row. */
export interface CompanyExpansions {
}

/** A postal address of a contact */
export interface ContactAddress {
	/** Id of the postal address */
	id: ContactAddressId;
	/** Whose address */
	contact_id: ContactId;
	/** What it is used for */
	type: 'work' | 'home' | 'billing' | 'delivery' | 'other';
	/** Street and number */
	street: string | null;
	/** Second line */
	street2: string | null;
	/** City */
	city: string | null;
	/** State or region */
	region: string | null;
	/** Postal code */
	postal_code: string | null;
	/** Country */
	country: string | null;
	/** When it was added */
	created_at: Instant;
	/** When it last changed */
	updated_at: Instant;
}
/** What `expand` adds to a row. */
export interface ContactAddressExpansions {
	contact: { contact: Omit<Contact, 'tags' | 'emails' | 'phones' | 'addresses'> | null };
}

/** An e-mail address of a contact */
export interface ContactEmail {
	/** Id of the e-mail address */
	id: ContactEmailId;
	/** Whose address */
	contact_id: ContactId;
	/** The address, in lower case; unique among the contacts of the company */
	address: string;
	/** What it is used for */
	type: 'work' | 'home' | 'other';
	/** The one to write to first */
	primary: boolean;
	/** When it was added */
	created_at: Instant;
	/** When it last changed */
	updated_at: Instant;
}
/** What `expand` adds to a row. */
export interface ContactEmailExpansions {
	contact: { contact: Omit<Contact, 'tags' | 'emails' | 'phones' | 'addresses'> | null };
}

/** A phone number of a contact */
export interface ContactPhone {
	/** Id of the phone number */
	id: ContactPhoneId;
	/** Whose number */
	contact_id: ContactId;
	/** The number as it was typed */
	value: string;
	/** What it is used for */
	type: 'work' | 'mobile' | 'home' | 'fax' | 'pager' | 'other';
	/** The one to call first */
	primary: boolean;
	/** When it was added */
	created_at: Instant;
	/** When it last changed */
	updated_at: Instant;
}
/** What `expand` adds to a row. */
export interface ContactPhoneExpansions {
	contact: { contact: Omit<Contact, 'tags' | 'emails' | 'phones' | 'addresses'> | null };
}

/** A person or organisation that the company deals with */
export interface Contact {
	/** Id of the contact */
	id: ContactId;
	/** A person or an organisation */
	kind: 'person' | 'organisation';
	/** Given name of a person */
	first_name: string | null;
	/** Family name of a person */
	last_name: string | null;
	/** Name of an organisation */
	name: string | null;
	/** Name as people read it */
	full_name: string;
	/** Other names by which people look for it; a merge adds those of the contact that went */
	also_known_as: string | null;
	/** Position of a person */
	job_title: string | null;
	/** The organisation that a person works for, or that an organisation belongs to */
	organisation_id: ContactId | null;
	/** Who looks after the contact */
	owner_id: AgentId | null;
	/** Which team looks after the contact */
	team_id: TeamId | null;
	/** Where the contact came from */
	source_id: SourceId | null;
	/** Address of the web site */
	website: string | null;
	/** Field of business of an organisation */
	industry: string | null;
	/** How many people work there */
	employees: number | null;
	/** Day of birth of a person */
	birthday: Day | null;
	/** Id in the system from which it was imported */
	external_id: string | null;
	/** Tags */
	tags: { id: TagId; name: string; color: 'grey' | 'red' | 'orange' | 'yellow' | 'green' | 'teal' | 'blue' | 'purple' | 'pink'; }[];
	/** E-mail addresses */
	emails: { id: ContactEmailId; address: string; type: 'work' | 'home' | 'other'; primary: boolean; }[];
	/** Phone numbers */
	phones: { id: ContactPhoneId; value: string; type: 'work' | 'mobile' | 'home' | 'fax' | 'pager' | 'other'; primary: boolean; }[];
	/** Postal addresses */
	addresses: { id: ContactAddressId; type: 'work' | 'home' | 'billing' | 'delivery' | 'other'; street: string | null; street2: string | null; city: string | null; region: string | null; postal_code: string | null; country: string | null; }[];
	/** When the next open task about the contact is due */
	next_task_due_at: Instant | null;
	/** When another contact was last merged into it, or brought back */
	merged_at: Instant | null;
	/** Of a deleted one: the contact into which it was merged */
	merged_into_id: ContactId | null;
	/** When it was created */
	created_at: Instant;
	/** When it last changed */
	updated_at: Instant;
}
/** What `expand` adds to a row. */
export interface ContactExpansions {
	organisation: { organisation: Omit<Contact, 'tags' | 'emails' | 'phones' | 'addresses'> | null };
	owner: { owner: Omit<Agent, 'team_ids'> | null };
	team: { team: Team | null };
	source: { source: Source | null };
	merged_into: { merged_into: Omit<Contact, 'tags' | 'emails' | 'phones' | 'addresses'> | null };
}

/** A person takes part in a deal */
export interface DealContact {
	/** Id of the part */
	id: DealContactId;
	/** The deal */
	deal_id: DealId;
	/** The person */
	contact_id: ContactId;
	/** Part that the person plays: decides, uses, pays */
	role: string | null;
	/** Since when */
	created_at: Instant;
	/** When it last changed */
	updated_at: Instant;
}
/** What `expand` adds to a row. */
export interface DealContactExpansions {
	deal: { deal: Omit<Deal, 'contact_ids'> | null };
	contact: { contact: Omit<Contact, 'tags' | 'emails' | 'phones' | 'addresses'> | null };
}

/** A sale that is being made */
export interface Deal {
	/** Id of the deal */
	id: DealId;
	/** What is sold to whom */
	title: string;
	/** The pipeline in which it is */
	pipeline_id: PipelineId;
	/** The stage in which it is; the first open one, when it is not given */
	stage_id: StageId;
	/** Open, won or lost; follows the stage */
	status: 'open' | 'won' | 'lost';
	/** What it is worth */
	amount: Money | null;
	/** What is sold */
	product: string | null;
	/** Who works on the deal */
	owner_id: AgentId | null;
	/** Which team works on the deal */
	team_id: TeamId | null;
	/** The organisation that buys */
	organisation_id: ContactId | null;
	/** The people with whom it is negotiated */
	contact_ids: ContactId[];
	/** The day on which it began */
	opened_on: Day | null;
	/** The day on which it should be closed */
	expected_close_on: Day | null;
	/** The day on which it was won or lost */
	closed_on: Day | null;
	/** Why it was lost */
	lost_reason: string | null;
	/** Id in the system from which it was imported */
	external_id: string | null;
	/** When it was created */
	created_at: Instant;
	/** When it last changed */
	updated_at: Instant;
}
/** What `expand` adds to a row. */
export interface DealExpansions {
	pipeline: { pipeline: Pipeline | null };
	stage: { stage: Stage | null };
	owner: { owner: Omit<Agent, 'team_ids'> | null };
	team: { team: Team | null };
	organisation: { organisation: Omit<Contact, 'tags' | 'emails' | 'phones' | 'addresses'> | null };
}

/** What became of a row of an import */
export interface ImportRow {
	/** Id of the row */
	id: ImportRowId;
	/** The import */
	import_id: ImportId;
	/** Line of the file in which it starts */
	number: number;
	/** What became of it */
	status: 'created' | 'updated' | 'skipped' | 'refused';
	/** Table of the row that it made or changed */
	object: string | null;
	/** The row that it made or changed */
	row_id: string | null;
	/** Why it was refused, or could not be undone */
	reason: string | null;
	/** The cells of a refused row */
	cells: string[] | null;
}
/** What `expand` adds to a row. */
export interface ImportRowExpansions {
	import: { import: Omit<Import, 'columns' | 'mapping'> | null };
}

/** A file that is read into the company */
export interface Import {
	/** Id of the import */
	id: ImportId;
	/** What the file holds */
	object: 'contacts' | 'deals' | 'agents' | 'organisations';
	/** Name of the file */
	filename: string;
	/** How far it is */
	state: 'reading' | 'ready' | 'running' | 'done' | 'failed' | 'undoing' | 'undone';
	/** Why it failed */
	detail: string | null;
	/** Character set that was found */
	charset: string | null;
	/** Delimiter that was found */
	delimiter: string | null;
	/** Whether the first line names the columns */
	has_header: boolean;
	/** Columns: number, header, field, guess, samples, and how their dates and numbers are written */
	columns: { number: number; header: string; field: string; guess: string; samples: string[]; date_order?: string; date_pivot?: number; decimal?: string; ambiguous?: boolean; }[] | null;
	/** Field for each column number, as {"0":"first_name"}; a column that is not there is left out */
	mapping: unknown | null;
	/** Rows in the file */
	total: number;
	/** Rows that were looked at */
	position: number;
	/** How far it is, in percent */
	progress: number;
	/** Rows that made something new */
	created: number;
	/** Rows that changed something */
	updated: number;
	/** Rows that changed nothing */
	skipped: number;
	/** Rows that were not acceptable */
	refused: number;
	/** Who imports */
	agent_id: AgentId | null;
	/** When the file was sent */
	created_at: Instant;
	/** When it last moved */
	updated_at: Instant;
}
/** What `expand` adds to a row. */
export interface ImportExpansions {
	agent: { agent: Omit<Agent, 'team_ids'> | null };
}

/** Something that a provider told */
export interface InboundEvent {
	/** Id of the row */
	id: InboundEventId;
	/** By which hook it came */
	hook_id: InboundHookId;
	/** The id that the provider gave it */
	event_id: string;
	/** What happened */
	type: string;
	/** What was done with it; null: nothing */
	done: string | null;
	/** When it came */
	created_at: Instant;
}
/** What `expand` adds to a row. */
export interface InboundEventExpansions {
	hook: { hook: InboundHook | null };
}

/** An address at which a provider tells what happened */
export interface InboundHook {
	/** Id of the hook */
	id: InboundHookId;
	/** Who tells by it */
	name: string;
	/** How what comes is signed: t=,v1= as payment providers do, or Standard Webhooks */
	scheme: 'stripe' | 'standard';
	/** Who made it: what comes does no more than this agent may */
	agent_id: AgentId;
	/** When it was made */
	created_at: Instant;
	/** When it last changed */
	updated_at: Instant;
}
/** What `expand` adds to a row. */
export interface InboundHookExpansions {
	agent: { agent: Omit<Agent, 'team_ids'> | null };
}

/** An invitation to join the company, accepted by a link */
export interface Invitation {
	/** Id of the invitation */
	id: InvitationId;
	/** Who is invited */
	email: string;
	/** The role that the new agent will have */
	role_id: RoleId;
	/** The teams that the new agent will join */
	team_ids: TeamId[];
	/** Who invites */
	invited_by: AgentId;
	/** Until when the link works */
	expires_at: Instant;
	/** When it was accepted */
	accepted_at: Instant | null;
	/** When it was sent */
	created_at: Instant;
}
/** What `expand` adds to a row. */
export interface InvitationExpansions {
	role: { role: Role | null };
}

/** What somebody wants to remember about a contact or a deal */
export interface Note {
	/** Id of the note */
	id: NoteId;
	/** What it is about: a contact or a deal */
	subject: { object: 'contact'; id: ContactId } | { object: 'deal'; id: DealId } | null;
	/** The note */
	body: string;
	/** Who wrote it */
	author_id: AgentId | null;
	/** When it was written */
	created_at: Instant;
	/** When it last changed */
	updated_at: Instant;
}
/** What `expand` adds to a row. */
export interface NoteExpansions {
	subject: { subject_title: string | null };
	author: { author: Omit<Agent, 'team_ids'> | null };
}

/** A way of selling, in stages */
export interface Pipeline {
	/** Id of the pipeline */
	id: PipelineId;
	/** Name of the pipeline */
	name: string;
	/** Order among the pipelines */
	position: number;
	/** When it was created */
	created_at: Instant;
	/** When it last changed */
	updated_at: Instant;
}
/** What `expand` adds to a row. */
export interface PipelineExpansions {
}

/** A public form: whoever sends it becomes a contact */
export interface PublicForm {
	/** Id of the form, also its address */
	id: PublicFormId;
	/** What it is for */
	name: string;
	/** Where a browser goes when it has sent the form, a page of your site; null: a page here says thank you */
	thanks_url: string | null;
	/** Who made it: what comes does no more than this agent may */
	agent_id: AgentId;
	/** When it was made */
	created_at: Instant;
	/** When it last changed */
	updated_at: Instant;
}
/** What `expand` adds to a row. */
export interface PublicFormExpansions {
	agent: { agent: Omit<Agent, 'team_ids'> | null };
}

/** What agents and keys of this role may do */
export interface Role {
	/** Id of the role */
	id: RoleId;
	/** Name of the role */
	name: string;
	/** Which of the built-in roles it is; custom for the company's own */
	kind: 'owner' | 'team_leader' | 'agent' | 'custom';
	/** Grows with each change of its permissions */
	revision: number;
	/** When it was created */
	created_at: Instant;
	/** When it last changed */
	updated_at: Instant;
}
/** What `expand` adds to a row. */
export interface RoleExpansions {
}

/** Where contacts come from: a fair, the website, a referral */
export interface Source {
	/** Id of the source */
	id: SourceId;
	/** Where contacts come from */
	name: string;
	/** When it was created */
	created_at: Instant;
	/** When it last changed */
	updated_at: Instant;
}
/** What `expand` adds to a row. */
export interface SourceExpansions {
}

/** A step on the way to a closed deal */
export interface Stage {
	/** Id of the stage */
	id: StageId;
	/** The pipeline of which it is a stage */
	pipeline_id: PipelineId;
	/** Name of the stage */
	name: string;
	/** Order in the pipeline */
	position: number;
	/** What a deal in it is */
	kind: 'open' | 'won' | 'lost';
	/** How likely a deal in it is won, in percent */
	probability: number;
	/** When it was created */
	created_at: Instant;
	/** When it last changed */
	updated_at: Instant;
}
/** What `expand` adds to a row. */
export interface StageExpansions {
	pipeline: { pipeline: Pipeline | null };
}

/** A word by which contacts are grouped */
export interface Tag {
	/** Id of the tag */
	id: TagId;
	/** The tag */
	name: string;
	/** Colour in which it is shown */
	color: 'grey' | 'red' | 'orange' | 'yellow' | 'green' | 'teal' | 'blue' | 'purple' | 'pink';
	/** When it was created */
	created_at: Instant;
	/** When it last changed */
	updated_at: Instant;
}
/** What `expand` adds to a row. */
export interface TagExpansions {
}

/** Something that an agent has to do */
export interface Task {
	/** Id of the task */
	id: TaskId;
	/** What is to be done */
	title: string;
	/** What sort of task */
	kind: 'todo' | 'call' | 'email' | 'meeting';
	/** Whether it is done */
	status: 'open' | 'done';
	/** How much it matters */
	priority: 'low' | 'normal' | 'high';
	/** When it must be done */
	due_at: Instant | null;
	/** When it was done */
	done_at: Instant | null;
	/** More about it */
	description: string | null;
	/** Who does it */
	assignee_id: AgentId | null;
	/** What it is about: a contact or a deal */
	subject: { object: 'contact'; id: ContactId } | { object: 'deal'; id: DealId } | null;
	/** When it was created */
	created_at: Instant;
	/** When it last changed */
	updated_at: Instant;
}
/** What `expand` adds to a row. */
export interface TaskExpansions {
	assignee: { assignee: Omit<Agent, 'team_ids'> | null };
	subject: { subject_title: string | null };
}

/** Agents who work together */
export interface Team {
	/** Id of the team */
	id: TeamId;
	/** Name of the team */
	name: string;
	/** When it was created */
	created_at: Instant;
	/** When it last changed */
	updated_at: Instant;
}
/** What `expand` adds to a row. */
export interface TeamExpansions {
}

/** Something that a webhook is told */
export interface WebhookDelivery {
	/** Id of the delivery, also its webhook-id */
	id: WebhookDeliveryId;
	/** To which webhook */
	webhook_id: WebhookId;
	/** What happened */
	event: string;
	/** Whether it has arrived */
	state: 'waiting' | 'delivered' | 'failed';
	/** How often sending was tried since it was last asked for */
	tries: number;
	/** When it is tried again */
	next_try_at: Instant | null;
	/** The last attempts, the newest last */
	attempts: { at: string; status?: number; took_ms: number; error?: string; reply?: string; }[];
	/** When it arrived */
	delivered_at: Instant | null;
	/** When it happened */
	created_at: Instant;
	/** When it was last tried */
	updated_at: Instant;
}
/** What `expand` adds to a row. */
export interface WebhookDeliveryExpansions {
	webhook: { webhook: Omit<Webhook, 'events'> | null };
}

/** An address that is told what changes */
export interface Webhook {
	/** Id of the webhook */
	id: WebhookId;
	/** Where it is sent to */
	url: string;
	/** Which events, such as ["contact.created"]; null: all of them */
	events: string[] | null;
	/** Whether it is told of what happens from now on */
	enabled: boolean;
	/** Why the program disabled it */
	disabled_because: string | null;
	/** Who chose the address: it is told of what this agent may see */
	agent_id: AgentId;
	/** Until when signatures are made with the secret before as well */
	old_secret_until: Instant | null;
	/** When it was made */
	created_at: Instant;
	/** When it last changed */
	updated_at: Instant;
}
/** What `expand` adds to a row. */
export interface WebhookExpansions {
	agent: { agent: Omit<Agent, 'team_ids'> | null };
}

/** A workflow on its way */
export interface WorkflowRun {
	/** Id of the run */
	id: WorkflowRunId;
	/** Name of the workflow */
	workflow: string;
	/** Version of the definition that the run keeps to its end */
	definition: number;
	/** How far it is */
	state: 'waiting' | 'running' | 'paused' | 'done' | 'failed' | 'cancelled';
	/** The step that comes next */
	step: string;
	/** How many steps were done */
	step_number: number;
	/** The event that it waits for, or "children" */
	awaits: string | null;
	/** When the next step is due; null: when the event comes */
	wake_at: Instant | null;
	/** Tries of the next step so far */
	attempts: number;
	/** Why the last try failed */
	last_error: string | null;
	/** The row that it works on */
	subject_id: string | null;
	/** On whose behalf it acts */
	agent_id: AgentId | null;
	/** The run that started it as a part of its own work */
	parent_id: string | null;
	/** The automation that it is a run of */
	automation_id: AutomationId | null;
	/** How many runs of automations stand before it, each started by what the one before changed */
	chain: number;
	/** When it came to its end */
	ended_at: Instant | null;
	/** When it was started */
	created_at: Instant;
	/** When it last moved */
	updated_at: Instant;
}
/** What `expand` adds to a row. */
export interface WorkflowRunExpansions {
	agent: { agent: Omit<Agent, 'team_ids'> | null };
	automation: { automation: Omit<Automation, 'starts' | 'conditions' | 'steps'> | null };
}
