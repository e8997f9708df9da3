/*
 * companies.c: a company signs up, and describes itself. What it starts with (roles, a pipeline,
 * sources) is data here and rows from then on, so that each company can change it. Columns:
 * sql/schema/companies.sql. Pages: templates/auth/signup, settings/company. Tests:
 * tests/http/auth.test.mjs, tests/chaos/upgrade.test.mjs.
 */
#include <stdio.h>

#include "base/random.h"
#include "core/identity.h"
#include "core/page.h"
#include "core/password.h"
#include "core/query_run.h"
#include "core/resource.h"
#include "core/row.h"
#include "core/search_renew.h"
#include "core/session.h"
#include "core/start_grants.h"
#include "core/worker.h"
#include "core/workflow.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- roles ---- */

static bool holds(
    const struct role_levels_row *held, size_t n, const char *object, const char *action)
{
	for (size_t i = 0; i < n; i++)
		if (str_is(held[i].object, object) && str_is(held[i].action, action))
			return true;
	return false;
}

/* Those of `permissions` that the role does not hold, at the level with which a company starts. */
static error insert_permissions(struct call *call, const struct role *role,
    const char *const *permissions, size_t n, const struct role_levels_row *held, size_t n_held,
    bool *any)
{
	size_t used = 0;
	struct role_permission *rows = ARENA_ARRAY(call->arena, n + 1, struct role_permission);
	for (size_t i = 0; i < n; i++) {
		const char *dot = strchr(permissions[i], '.');
		const char *object =
		    arena_text(call->arena, permissions[i], (size_t)(dot - permissions[i]));
		enum level level = start_level(role->kind, object, dot + 1);
		if (level == LEVEL_NONE || holds(held, n_held, object, dot + 1))
			continue;
		struct role_permission *p = &rows[used++];
		row_init(&role_permissions_table, p);
		p->role_id = role->id;
		p->object = str_of(object);
		p->action = str_of(dot + 1);
		p->level = (enum role_permission_level)(level + ROLE_PERMISSION_LEVEL_NONE);
	}
	*any = used > 0;
	return used ? role_permissions_insert_all(call, rows, used) : OK;
}

static error insert_roles(struct call *call, role_id *owner)
{
	static const struct {
		const char *name;
		enum role_kind kind;
	} built_in[] = {
		{ "Owner", ROLE_KIND_OWNER },
		{ "Team Leader", ROLE_KIND_TEAM_LEADER },
		{ "Agent", ROLE_KIND_AGENT },
	};
	struct role roles[COUNT(built_in)];
	for (size_t i = 0; i < COUNT(built_in); i++) {
		row_init(&roles_table, &roles[i]);
		roles[i].name = str_of(built_in[i].name);
		roles[i].kind = built_in[i].kind;
	}
	TRY(roles_insert_all(call, roles, COUNT(roles)));
	bool any;
	size_t n;
	const char *const *permissions = access_permissions(&n);
	for (size_t i = 0; i < COUNT(roles); i++)
		TRY(insert_permissions(call, &roles[i], permissions, n, NULL, 0, &any));
	*owner = roles[0].id;
	return OK;
}

/* ---- what they may do after a new release ---- */

struct roles_learn_in {
	json_text permissions;
};
FIELDS(roles_learn) = {
	FIELD(roles_learn, permissions, .flags = F_REQUIRED,
	    .doc = "Names of permissions that are new with this release"),
};

/* A change of a role like any other: who is logged in has it at once, and the log tells of it. */
static error learn(struct call *call, role_id id, const char *const *permissions, size_t n)
{
	struct role role;
	struct role_levels_row *held;
	size_t n_held;
	bool any;
	TRY(role_lock_any(call, id, &role));
	TRY(query_all(
	    call, &role_levels_query, &(struct role_levels_in) { .role_id = id }, &held, &n_held));
	TRY(insert_permissions(call, &role, permissions, n, held, n_held, &any));
	if (!any)
		return OK;
	role.revision++;
	return role_update(call, &role);
}

/* No door leads here: `muster migrate` asks it of each company (core/new_permissions.c). */
MUTATION(roles_learn, SIGNED_IN, NOTHING,
    .summary =
	"Give new permissions to the built-in roles, as a company that starts today has them")
{
	const char *why;
	struct json_object *names = json_read(call->arena, in->permissions.json, &why);
	size_t n = json_object_is_type(names, json_type_array) ? json_object_array_length(names)
							       : 0,
	       n_roles;
	const char **permissions = ARENA_ARRAY(call->arena, n + 1, const char *);
	for (size_t i = 0; i < n; i++) {
		permissions[i] = json_object_get_string(json_object_array_get_idx(names, i));
		if (!permissions[i] || !access_known(permissions[i]))
			return fail(call, INVALID, "permissions", "there is no such permission");
	}
	struct built_in_roles_row *roles;
	TRY(query_all(call, &built_in_roles_query, NULL, &roles, &n_roles));
	for (size_t i = 0; i < n_roles; i++)
		TRY(learn(call, roles[i].id, permissions, n));
	return OK;
}

/* ---- what it sells and where contacts come from, at first ---- */

static error insert_pipeline(struct call *call)
{
	static const struct {
		const char *name;
		enum stage_kind kind;
		int64_t probability;
	} start[] = {
		{ "New lead", STAGE_KIND_OPEN, 10 },
		{ "Qualified", STAGE_KIND_OPEN, 30 },
		{ "Proposal", STAGE_KIND_OPEN, 50 },
		{ "Negotiation", STAGE_KIND_OPEN, 75 },
		{ "Won", STAGE_KIND_WON, 100 },
		{ "Lost", STAGE_KIND_LOST, 0 },
	};
	struct pipeline pipeline;
	row_init(&pipelines_table, &pipeline);
	pipeline.name = STR("Sales");
	TRY(pipelines_insert_all(call, &pipeline, 1));
	struct stage stages[COUNT(start)];
	for (size_t i = 0; i < COUNT(start); i++) {
		row_init(&stages_table, &stages[i]);
		stages[i].pipeline_id = pipeline.id;
		stages[i].name = str_of(start[i].name);
		stages[i].kind = start[i].kind;
		stages[i].probability = start[i].probability;
		stages[i].position = (int64_t)i;
	}
	return stages_insert_all(call, stages, COUNT(stages));
}

static error insert_sources(struct call *call)
{
	static const char *const names[] = { "Website", "Referral", "Trade fair", "Phone call",
		"Advertising" };
	struct source sources[COUNT(names)];
	for (size_t i = 0; i < COUNT(names); i++) {
		row_init(&sources_table, &sources[i]);
		sources[i].name = str_of(names[i]);
	}
	return sources_insert_all(call, sources, COUNT(sources));
}

/* ---- on whose clocks ---- */

/* A name of the time zone database: a file of it (RFC 9636). */
static bool is_time_zone(struct arena *a, str name)
{
	char magic[4] = "";
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];
		bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
		if (!letter && (i == 0 || !strchr("0123456789_+-/", c)))
			return false;
	}
	FILE *file = fopen(arena_printf(a, "/usr/share/zoneinfo/%.*s", (int)name.n, name.p), "re");
	if (!file)
		return str_is(name, "UTC");
	bool is = fread(magic, sizeof magic, 1, file) == 1 && !memcmp(magic, "TZif", sizeof magic);
	(void)fclose(file);
	return is;
}

/* ---- sign-up ---- */

struct companies_create_in {
	str company_name, full_name, email, password, time_zone;
};
FIELDS(companies_create) = {
	FIELD(companies_create, company_name, .flags = F_REQUIRED, .like = COLUMN(companies, name)),
	FIELD(companies_create, full_name, .flags = F_REQUIRED, .like = COLUMN(agents, full_name)),
	FIELD(companies_create, email, .flags = F_REQUIRED, .like = COLUMN(agents, email)),
	FIELD(companies_create, password, .flags = F_REQUIRED | F_SECRET, .min = PASSWORD_MIN,
	    .max = PASSWORD_MAX, .doc = "Password of the owner",
	    .example = "correct horse battery staple"),
	FIELD(companies_create, time_zone, .max = 64,
	    .doc = "IANA time zone of the company, as the browser tells it; UTC, when it is not "
		   "given or not known here",
	    .example = "Europe/London"),
};

static error email_is_free(struct call *call, str email)
{
	struct agent_by_email_row taken;
	error e = query_one(
	    call, &agent_by_email_query, &(struct agent_by_email_in) { .email = email }, &taken);
	if (e == OK)
		return fail_code(
		    call, CONFLICT, "email", "taken", "somebody uses this e-mail address already");
	return e == NOT_FOUND ? OK : e;
}

/* A trial has a run that ends it (trial.c), one for as long as it lasts. */
static error watch_trial(struct call *call, const struct company *company)
{
	struct trial_on_its_way_row run;
	if (company->plan != COMPANY_PLAN_TRIAL)
		return OK;
	error e = query_one(call, &trial_on_its_way_query, NULL, &run);
	if (e != NOT_FOUND)
		return e;
	call->problem = (struct problem) { 0 };
	instant first = { company->trial_ends_at.us - DAYS(7) };
	return workflow_start_later(
	    call, workflow_named("trial"), company->id.text, "plan", first, NULL);
}

/* Everything for a while, and then what is paid for. */
static void begin_trial(const struct call *call, struct company *company)
{
	int64_t days = call->worker->config->trial_days;
	company->plan = days ? COMPANY_PLAN_TRIAL : COMPANY_PLAN_PAID;
	if (days)
		company->trial_ends_at = (instant) { call->now.us + DAYS(days) };
}

static error insert_company(
    struct call *call, const struct companies_create_in *in, const char *hash)
{
	struct company company;
	struct agent owner;
	uuid id = uuid_v7(), agent = uuid_v7();
	/* Nobody is there yet who could see or own a row: the first ones go in side by side,
	 * without questions. */
	call->me = (struct identity) { .kind = BY_JOB };
	memcpy(call->me.company.text, id.text, sizeof id.text);
	memcpy(call->me.agent.text, agent.text, sizeof agent.text);
	row_init(&companies_table, &company);
	company.id = call->me.company;
	company.name = in->company_name;
	if (is_time_zone(call->arena, in->time_zone))
		company.time_zone = in->time_zone;
	begin_trial(call, &company);
	company.search_version = SEARCH_VERSION; /* of nothing, which is whole */
	company.search_progress = SEARCH_WHOLE;
	TRY(companies_insert_all(call, &company, 1));
	row_init(&agents_table, &owner);
	TRY(insert_roles(call, &owner.role_id));
	owner.id = call->me.agent;
	owner.email = in->email;
	owner.full_name = in->full_name;
	owner.status = AGENT_STATUS_ACTIVE;
	owner.team_ids.json = STR("[]");
	owner.password_hash = str_of(hash);
	TRY(agents_insert_all(call, &owner, 1));
	TRY(watch_trial(call, &company));
	return identity_become(call, call->me.company, call->me.agent);
}

/* onboarding.c */
static error begin_onboarding(struct call *call)
{
	struct json_object *nothing = json_object_new_object();
	struct buf answer = { 0 };
	struct json out;
	json_keep(call->arena, nothing);
	json_begin(&out, &answer);
	error e = call_run(call, operation_named(STR("company_onboard")), nothing, &out);
	buf_free(&answer);
	return e;
}

struct new_company_out {
	company_id id;
	str name;
};
ANSWER(new_company) = {
	MEMBER(new_company, id, .like = COLUMN(companies, id)),
	MEMBER(new_company, name, .like = COLUMN(companies, name)),
};

struct companies_create_out {
	str token;
	instant expires_at;
	struct session_agent_out agent;
	struct new_company_out company;
};
ANSWER(companies_create) = {
	SESSION_MEMBERS(companies_create),
	MEMBER_OBJECT(companies_create, company, new_company, .doc = "The new company"),
};

MUTATION(companies_create, ANYONE, OBJECT(companies_create), .route = "POST /v1/companies",
    .summary = "Sign up: a company, its owner, and a session", .status = 201, .limited = "signup",
    .revealing = true, .refuses = 1 << FORBIDDEN)
{
	if (!call->worker->config->signup)
		return fail(call, FORBIDDEN, NULL,
		    "companies are made by the operator of this installation");
	TRY(password_check(call, in->password, in->email));
	TRY(email_is_free(call, in->email));
	const char *hash = password_hash(call->arena, in->password, call->worker->config->scrypt_n);
	TRY(insert_company(call, in, hash));
	TRY(insert_pipeline(call));
	TRY(insert_sources(call));
	TRY(workflow_schedules_set(call));
	TRY(begin_onboarding(call));
	struct session_out session;
	TRY(session_start(call, &session));
	*out = (struct companies_create_out) { session.token, session.expires_at, session.agent,
		{ call->me.company, in->company_name } };
	return OK;
}

/* ---- the company as a row ---- */

/* Declared without the macros: the schema's functions have these names in C. */

static error get(struct call *call, const void *in, struct json *out)
{
	(void)in;
	return row_answer(call, &companies_table, call->me.company.text, out);
}

static const struct operation own_company_get = {
	.name = "company_get",
	.kind = QUERY_KIND,
	.may = "company.view",
	.route = "GET /v1/company",
	.summary = "The caller's company",
	.table = &companies_table,
	.answer = ANSWER_ROW,
	.run = get,
};
OPERATION_REGISTER(own_company_get);

struct company_update_in {
	str name, currency, time_zone;
	int64_t stale_days;
};
FIELDS(company_update) = {
	FIELD(company_update, name, .like = COLUMN(companies, name)),
	FIELD(company_update, currency, .like = COLUMN(companies, currency)),
	FIELD(company_update, time_zone, .like = COLUMN(companies, time_zone)),
	FIELD(company_update, stale_days, .like = COLUMN(companies, stale_days)),
};

static bool is_currency(str code)
{
	for (size_t i = 0; i < code.n; i++)
		if (code.p[i] < 'A' || code.p[i] > 'Z')
			return false;
	return code.n == 3;
}

static error update(struct call *call, const void *input, struct json *out)
{
	const struct company_update_in *in = input;
	struct company company;
	TRY(company_lock(call, call->me.company, &company));
	if (given(call, "name"))
		company.name = in->name;
	if (given(call, "currency"))
		company.currency = in->currency;
	if (given(call, "time_zone"))
		company.time_zone = in->time_zone;
	if (given(call, "stale_days"))
		company.stale_days = in->stale_days;
	if (!is_currency(company.currency))
		(void)!fail_code(
		    call, INVALID, "currency", "invalid", "must be an ISO 4217 code such as EUR");
	if (!is_time_zone(call->arena, company.time_zone))
		(void)!fail_code(
		    call, INVALID, "time_zone", "invalid", "must be a name such as Europe/Berlin");
	if (call->problem.kind)
		return call->problem.kind;
	TRY(company_update(call, &company));
	TRY(workflow_schedules_set(call));
	return row_answer(call, &companies_table, company.id.text, out);
}

static const struct operation own_company_update = {
	.name = "company_update",
	.kind = MUTATION_KIND,
	.may = "company.edit",
	.route = "PATCH /v1/company",
	.summary =
	    "Change the company's name, currency, time zone or what it counts as a stale deal",
	.in = { company_update_fields, COUNT(company_update_fields),
	    sizeof(struct company_update_in) },
	.table = &companies_table,
	.answer = ANSWER_ROW,
	.run = update,
};
OPERATION_REGISTER(own_company_update);

struct company_plan_in {
	enum company_plan plan;
	instant trial_ends_at;
};
FIELDS(company_plan) = {
	FIELD(company_plan, plan, .flags = F_REQUIRED, .like = COLUMN(companies, plan),
	    .example = "paid"),
	FIELD(company_plan, trial_ends_at, .flags = F_NULLABLE,
	    .doc = "With the plan `trial`: when it ends, within a year; later than before, it is "
		   "extended"),
};

static error check_plan(struct call *call, const struct company_plan_in *in)
{
	int64_t left = instant_none(in->trial_ends_at) ? 0 : in->trial_ends_at.us - call->now.us;
	if (in->plan != COMPANY_PLAN_TRIAL)
		return instant_none(in->trial_ends_at)
			   ? OK
			   : fail_code(call, INVALID, "trial_ends_at", "invalid",
				 "is of the plan trial alone");
	return left > 0 && left <= DAYS(366) ? OK
					     : fail_code(call, INVALID, "trial_ends_at", "invalid",
						   "must be a time within the next year");
}

static error set_plan(struct call *call, const void *input, struct json *out)
{
	const struct company_plan_in *in = input;
	struct company company;
	TRY(check_plan(call, in));
	TRY(company_lock(call, call->me.company, &company));
	company.plan = in->plan;
	company.trial_ends_at = in->trial_ends_at;
	TRY(company_update(call, &company));
	TRY(workflow_signal_about(call, company.id.text, "plan", NULL));
	TRY(watch_trial(call, &company));
	return row_answer(call, &companies_table, company.id.text, out);
}

/* Also called by what a payment provider tells (inbound_hooks.c), and when a trial is over
 * (trial.c). */
static const struct operation own_company_plan = {
	.name = "company_plan",
	.kind = MUTATION_KIND,
	.may = "company.edit",
	.route = "PUT /v1/company/plan",
	.summary = "Change what the company pays for",
	.in = { company_plan_fields, COUNT(company_plan_fields), sizeof(struct company_plan_in) },
	.table = &companies_table,
	.answer = ANSWER_ROW,
	.run = set_plan,
};
OPERATION_REGISTER(own_company_plan);

PAGE(auth_signup, .route = "/signup", .template = "auth/signup", .title = "Sign up", .open = true);
PAGE(settings_company, .route = "/settings/company", .template = "settings/company",
    .title = "Company", .nav = "settings", .loads = { { "company", "company_get", "" } });
