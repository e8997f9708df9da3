/*
 * demo.c: the demo company: 40 agents in 6 teams, 5,000 contacts, 2,000 deals, tasks, notes and
 * activities, made from the names in demo_names.h by a fixed random sequence. `muster demo` signs
 * the company up and loads it once, all in one transaction, through the same operations as
 * everybody else, each at a moment of the last two years, in working hours, as if people had done
 * it. Tests:
 * tests/chaos/demo.test.mjs.
 */
#include <stdio.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "core/command.h"
#include "core/gate.h"
#include "core/identity.h"
#include "core/password.h"
#include "core/query_run.h"
#include "core/row.h"
#include "core/session.h"
#include "core/worker.h"
#include "modules/demo_names.h"

enum {
	AGENTS = 40,
	TEAMS = 6,
	ORGANISATIONS = 900,
	PEOPLE = 4100,
	DEALS = 2000,
	TASKS = 1200,
	ACTIVITIES = 2400,
	NOTES = 900
};
#define COUNT(array) (sizeof(array) / sizeof *(array))

struct demo {
	struct call *call;
	uint64_t seed;
	team_id teams[TEAMS];
	agent_id agents[AGENTS];
	uuid tags[COUNT(tag_names)], sources[COUNT(source_names)];
	uuid organisations[ORGANISATIONS], people[PEOPLE], deals[DEALS];
	int organisation_of[PEOPLE], owner_of_organisation[ORGANISATIONS], owner_of_deal[DEALS];
	instant started; /* now */
	/* Days ago. */
	int organisation_since[ORGANISATIONS], person_since[PEOPLE], deal_from[DEALS],
	    deal_to[DEALS];
	struct json_object *stages;
};

/* xorshift64*: the same company on every machine. */
static size_t pick(struct demo *d, size_t n)
{
	d->seed ^= d->seed >> 12;
	d->seed ^= d->seed << 25;
	d->seed ^= d->seed >> 27;
	return (size_t)((d->seed * UINT64_C(2685821657736338717)) >> 33) % n;
}

/* Some minute of the working hours of the day that many days ago, or the Friday before; never later
 * than now. */
static instant moment(struct demo *d, int days_ago)
{
	const int64_t minute = 60 * INT64_C(1000000), whole_day = 24 * 60 * minute;
	int64_t date = day_of(d->started).days - days_ago, weekday = (date + 3) % 7; /* 0: Monday */
	date -= weekday > 4 ? weekday - 4 : 0;
	int64_t at = date * whole_day + (8 * 60 + (int64_t)pick(d, 9 * 60)) * minute;
	int64_t latest = d->started.us - (1 + (int64_t)pick(d, 180)) * minute;
	return (instant) { at < latest ? at : latest };
}

/* What follows is done then. */
static void go_to(struct demo *d, int days_ago) { d->call->now = moment(d, days_ago); }

#define PICK(d, array) ((array)[pick((d), COUNT(array))])

static struct json_object *object_of(
    struct demo *d, const struct operation *op, struct json_object *args, error *e)
{
	struct buf body = { 0 };
	struct json out;
	const char *why;
	json_keep(d->call->arena, args);
	json_begin(&out, &body);
	*e = call_run(d->call, op, args, &out);
	struct json_object *answer =
	    *e == OK && body.n ? json_read(d->call->arena, buf_view(&body), &why) : NULL;
	buf_free(&body);
	return answer;
}

static error make(struct demo *d, const char *operation, struct json_object *args, uuid *id)
{
	error e;
	struct json_object *answer = object_of(d, operation_named(str_of(operation)), args, &e),
			   *member;
	if (e == OK && id && json_object_object_get_ex(answer, "id", &member))
		snprintf(id->text, sizeof id->text, "%s", json_object_get_string(member));
	return e;
}

static void add(struct json_object *o, const char *name, const char *text)
{
	json_object_object_add(o, name, json_object_new_string(text));
}

static void add_id(struct json_object *o, const char *name, const char id[37]) { add(o, name, id); }

static void add_list(struct json_object *o, const char *name, struct json_object *item)
{
	struct json_object *array = json_object_new_array();
	json_object_array_add(array, item);
	json_object_object_add(o, name, array);
}

static void add_subject(struct json_object *o, const char *object, const char id[37])
{
	struct json_object *s = json_object_new_object();
	add(s, "object", object);
	add_id(s, "id", id);
	json_object_object_add(o, "subject", s);
}

static void add_day(struct demo *d, struct json_object *o, const char *name, int from_today)
{
	char text[DAY_TEXT];
	day_format((day) { day_of(d->started).days + from_today }, text);
	add(o, name, text);
}

/* To the quarter of an hour, as people make appointments. */
static void add_instant(struct json_object *o, const char *name, instant at)
{
	char text[INSTANT_TEXT];
	int64_t quarter = 15 * 60 * INT64_C(1000000);
	instant_format((instant) { at.us - at.us % quarter }, text);
	add(o, name, text);
}

static struct json_object *address_of(const char *key, const char *value, const char *type)
{
	struct json_object *o = json_object_new_object();
	add(o, key, value);
	add(o, "type", type);
	return o;
}

/* ---- people of the company ---- */

static error load_agents(struct demo *d, str password_hash)
{
	struct call *call = d->call;
	struct role_id_by_kind_row roles[3];
	static const int kinds[] = { ROLE_KIND_OWNER, ROLE_KIND_TEAM_LEADER, ROLE_KIND_AGENT };
	for (int i = 0; i < 3; i++)
		TRY(query_one(call, &role_id_by_kind_query,
		    &(struct role_id_by_kind_in) { .kind = (enum role_kind)kinds[i] }, &roles[i]));
	struct agent owner;
	TRY(agent_lock_any(call, call->me.agent, &owner));
	owner.password_hash = password_hash;
	TRY(agent_update(call, &owner));
	d->agents[0] = owner.id;
	for (size_t t = 0; t < TEAMS; t++) {
		uuid id;
		struct json_object *o = json_object_new_object();
		add(o, "name", team_names[t]);
		TRY(make(d, "teams_create", o, &id));
		memcpy(d->teams[t].text, id.text, sizeof id.text);
	}
	for (size_t i = 1; i < AGENTS; i++) {
		const struct culture *c = &cultures[i % COUNT(cultures)];
		const struct name *given = &c->given[(i * 5 + i / 12) % 12],
				  *family = &c->family[(i * 7 + i / 12 * 5) % 12];
		bool leader = i <= TEAMS;
		struct agent agent;
		row_init(&agents_table, &agent);
		size_t team = (i - 1) % TEAMS;
		agent.email = i == 1   ? STR("leader@demo.test")
			      : i == 7 ? STR("agent@demo.test")
				       : str_of(arena_printf(call->arena, "%s.%s@demo.test",
					     given->ascii, family->ascii));
		agent.full_name =
		    c->family_first
			? str_of(arena_printf(call->arena, "%s%s", family->written, given->written))
			: str_of(
			      arena_printf(call->arena, "%s %s", given->written, family->written));
		agent.role_id = roles[leader ? 1 : 2].id;
		agent.status = AGENT_STATUS_ACTIVE;
		agent.password_hash = password_hash;
		agent.team_ids.json =
		    str_of(arena_printf(call->arena, "[\"%s\"]", d->teams[team].text));
		TRY(agent_insert(call, &agent));
		d->agents[i] = agent.id;
		struct team_agent membership;
		row_init(&team_agents_table, &membership);
		membership.team_id = d->teams[team];
		membership.agent_id = agent.id;
		TRY(team_agent_insert(call, &membership));
	}
	return OK;
}

/* ---- contacts ---- */

static error load_catalog(struct demo *d)
{
	static const char *const colors[] = { "purple", "blue", "teal", "green", "orange", "red",
		"yellow", "grey" };
	error e;
	for (size_t i = 0; i < COUNT(tag_names); i++) {
		struct json_object *o = json_object_new_object();
		add(o, "name", tag_names[i]);
		add(o, "color", colors[i]);
		TRY(make(d, "tags_create", o, &d->tags[i]));
	}
	struct json_object *listed = object_of(d, operation_named(STR("sources_list")),
			       json_object_new_object(), &e),
			   *data, *id;
	TRY(e);
	json_object_object_get_ex(listed, "data", &data);
	for (size_t i = 0; i < COUNT(source_names); i++) {
		bool known = i < json_object_array_length(data);
		if (known &&
		    json_object_object_get_ex(json_object_array_get_idx(data, i), "id", &id)) {
			snprintf(d->sources[i].text, sizeof d->sources[i].text, "%s",
			    json_object_get_string(id));
			continue;
		}
		struct json_object *o = json_object_new_object();
		add(o, "name", arena_printf(d->call->arena, "%s", source_names[i]));
		e = make(d, "sources_create", o, &d->sources[i]);
		if (e == CONFLICT)
			memcpy(&d->sources[i], &d->sources[0], sizeof(uuid));
		else
			TRY(e);
	}
	struct json_object *args = json_object_new_object();
	add(args, "sort", "position");
	listed = object_of(d, operation_named(STR("stages_list")), args, &e);
	TRY(e);
	json_object_object_get_ex(listed, "data", &d->stages);
	return OK;
}

static void belongs(struct demo *d, struct json_object *o, int agent)
{
	add_id(o, "owner_id", d->agents[agent].text);
	if (agent > 0)
		add_id(o, "team_id", d->teams[(agent - 1) % TEAMS].text);
}

static error load_organisations(struct demo *d)
{
	for (int i = 0; i < ORGANISATIONS; i++) {
		struct arena *a = d->call->arena;
		const struct culture *c = &PICK(d, cultures);
		struct json_object *o = json_object_new_object(), *place = json_object_new_object();
		const char *first = firm_first[(size_t)i % COUNT(firm_first)],
			   *second = firm_second[(size_t)(i / 20) % COUNT(firm_second)];
		const char *name = arena_printf(
		    a, "%s %s %s", first, second, firm_last[(size_t)(i % 7) % COUNT(firm_last)]);
		add(o, "kind", "organisation");
		add(o, "name", name);
		add(o, "industry", PICK(d, industries));
		json_object_object_add(o, "employees",
		    json_object_new_int64((int64_t)(8 + pick(d, 40) * pick(d, 60))));
		add(o, "website", arena_printf(a, "https://%s-%s-%d.example", first, second, i));
		add_list(o, "emails",
		    address_of("address",
			arena_printf(a, "office@%s-%s-%d.example", first, second, i), "work"));
		add_list(o, "phones",
		    address_of("value",
			arena_printf(
			    a, "%s %zu %zu", c->dial, 20 + pick(d, 70), 100000 + pick(d, 899999)),
			"work"));
		add(place, "city", c->cities[pick(d, 5)]);
		add(place, "country", c->country);
		add_list(o, "addresses", place);
		d->owner_of_organisation[i] = (int)pick(d, AGENTS);
		belongs(d, o, d->owner_of_organisation[i]);
		add_id(o, "source_id", PICK(d, d->sources).text);
		d->organisation_since[i] = (int)(pick(d, 28) * pick(d, 28));
		go_to(d, d->organisation_since[i]);
		TRY(make(d, "contacts_create", o, &d->organisations[i]));
	}
	return OK;
}

static error load_people(struct demo *d)
{
	for (int i = 0; i < PEOPLE; i++) {
		struct arena *a = d->call->arena;
		const struct culture *c = &PICK(d, cultures);
		const struct name *given = &c->given[pick(d, 12)],
				  *family = &c->family[pick(d, 12)];
		int firm = d->organisation_of[i] = (int)pick(d, ORGANISATIONS);
		struct json_object *o = json_object_new_object();
		add(o, "first_name", given->written);
		add(o, "last_name", family->written);
		add(o, "job_title", PICK(d, job_titles));
		add_id(o, "organisation_id", d->organisations[firm].text);
		/* Most people are looked after by whoever looks after their firm. */
		belongs(
		    d, o, pick(d, 10) < 8 ? d->owner_of_organisation[firm] : (int)pick(d, AGENTS));
		add_id(o, "source_id", PICK(d, d->sources).text);
		add_list(o, "emails",
		    address_of("address",
			arena_printf(a, "%s.%s%d@mail.example", given->ascii, family->ascii, i),
			"work"));
		if (pick(d, 2)) /* of the others one has the e-mail address */
			add_list(o, "phones",
			    address_of("value",
				arena_printf(a, "%s %zu %zu", c->dial, 150 + pick(d, 40),
				    1000000 + pick(d, 8999999)),
				"mobile"));
		if (pick(d, 3) == 0)
			add_list(o, "tag_ids", json_object_new_string(PICK(d, d->tags).text));
		d->person_since[i] = (int)pick(d, (size_t)d->organisation_since[firm] + 1);
		go_to(d, d->person_since[i]);
		TRY(make(d, "contacts_create", o, &d->people[i]));
	}
	return OK;
}

/* ---- deals and what happens around them ---- */

static struct json_object *stage_of_kind(struct demo *d, const char *kind)
{
	size_t n = json_object_array_length(d->stages), start = pick(d, n);
	for (size_t i = 0; i < n; i++) {
		struct json_object *stage = json_object_array_get_idx(d->stages, (start + i) % n),
				   *k;
		if (json_object_object_get_ex(stage, "kind", &k) &&
		    !strcmp(json_object_get_string(k), kind))
			return stage;
	}
	return json_object_array_get_idx(d->stages, 0);
}

/* What was closed lately was open before, and is closed now by whoever works on it. */
static error close_deal(struct demo *d, int i, bool won)
{
	struct json_object *o = json_object_new_object();
	add_id(o, "id", d->deals[i].text);
	if (!won)
		add(o, "lost_reason", PICK(d, lost_reasons));
	go_to(d, d->deal_to[i]);
	return make(d, won ? "deals_win" : "deals_lose", o, NULL);
}

static error load_deals(struct demo *d)
{
	enum { LATELY = 150 };
	for (int i = 0; i < DEALS; i++) {
		struct arena *a = d->call->arena;
		int person = (int)pick(d, PEOPLE), firm = d->organisation_of[person];
		const char *kind = pick(d, 10) < 4 ? "won" : pick(d, 10) < 3 ? "lost" : "open";
		bool open = !strcmp(kind, "open"), won = !strcmp(kind, "won");
		d->deal_from[i] = open ? (int)pick(d, 90) : 3 + (int)pick(d, 720);
		d->deal_to[i] = open ? 0 : d->deal_from[i] - 3 - (int)pick(d, 100);
		if (d->deal_to[i] < 0)
			d->deal_to[i] = (int)pick(d, (size_t)d->deal_from[i]);
		bool lately = !open && d->deal_to[i] < LATELY;
		struct json_object *o = json_object_new_object(),
				   *amount = json_object_new_object(), *id;
		json_object_object_get_ex(stage_of_kind(d, lately ? "open" : kind), "id", &id);
		add(o, "stage_id", json_object_get_string(id));
		const char *product = PICK(d, products);
		add(o, "title",
		    arena_printf(a, "%s for %s %s", product,
			firm_first[(size_t)firm % COUNT(firm_first)],
			firm_second[(size_t)(firm / 20) % COUNT(firm_second)]));
		add(o, "product", product);
		add(amount, "amount",
		    arena_printf(a, "%zu.00", (1 + pick(d, 30)) * (1 + pick(d, 40)) * 50));
		add(amount, "currency", "EUR");
		json_object_object_add(o, "amount", amount);
		d->owner_of_deal[i] = d->owner_of_organisation[firm];
		belongs(d, o, d->owner_of_deal[i]);
		add_id(o, "organisation_id", d->organisations[firm].text);
		add_list(o, "contact_ids", json_object_new_string(d->people[person].text));
		add_day(d, o, "opened_on", -d->deal_from[i]);
		if (open)
			add_day(d, o, "expected_close_on", (int)pick(d, 120) - 10);
		else if (!lately)
			add_day(d, o, "closed_on", -d->deal_to[i]);
		if (!open && !lately && !won)
			add(o, "lost_reason", PICK(d, lost_reasons));
		go_to(d, lately || open ? d->deal_from[i] : d->deal_to[i]);
		TRY(make(d, "deals_create", o, &d->deals[i]));
		if (lately)
			TRY(close_deal(d, i, won));
	}
	return OK;
}

/* Of three deals one that is not closed, if there is one. */
static int open_deal(struct demo *d)
{
	int deal = 0;
	for (int i = 0; i < 3; i++) {
		deal = (int)pick(d, DEALS);
		if (!d->deal_to[deal])
			break;
	}
	return deal;
}

/* That many days ahead, or the Monday after. */
static instant appointment(struct demo *d, int days)
{
	const int64_t minute = 60 * INT64_C(1000000);
	int64_t date = day_of(d->started).days + days, weekday = (date + 3) % 7;
	date += weekday > 4 ? 7 - weekday : 0;
	return (instant) { (date * 24 * 60 + 8 * 60 + (int64_t)pick(d, 9 * 60)) * minute };
}

static error load_work(struct demo *d)
{
	static const char *const kinds[] = { "call", "email", "meeting", "todo" };
	for (int i = 0; i < TASKS; i++) {
		struct json_object *o = json_object_new_object();
		int deal = open_deal(d);
		uuid id;
		add(o, "title", PICK(d, task_titles));
		add(o, "kind", PICK(d, kinds));
		add(o, "priority", pick(d, 6) == 0 ? "high" : "normal");
		/* Most of what is over was done, and little of what is to come. */
		int due = 60 - (int)pick(d, 90), made = due + 1 + (int)pick(d, 12);
		bool done = due > 0 ? pick(d, 30) > 0 : pick(d, 12) == 0;
		add_instant(o, "due_at", due > 0 ? moment(d, due) : appointment(d, -due));
		/* Every owner has something to do, the demo logins too. */
		int assignee =
		    pick(d, 12) == 0 ? (int[]) { 0, 1, 7 }[pick(d, 3)] : d->owner_of_deal[deal];
		add_id(o, "assignee_id", d->agents[assignee].text);
		if (pick(d, 3))
			add_subject(o, "deal", d->deals[deal].text);
		else
			add_subject(o, "contact", PICK(d, d->people).text);
		go_to(d, made > 0 ? made : (int)pick(d, 10));
		TRY(make(d, "tasks_create", o, &id));
		if (done) {
			struct json_object *which = json_object_new_object();
			add_id(which, "id", id.text);
			go_to(d, due > 0 ? due : 0);
			TRY(make(d, "tasks_complete", which, NULL));
		}
	}
	return OK;
}

static subject about(const char *object, const char id[37])
{
	subject s = { "", { "" } };
	snprintf(s.object, sizeof s.object, "%s", object);
	memcpy(s.id.text, id, sizeof s.id.text);
	return s;
}

/* What is written down and has no consequences goes in in bulk. */
static error load_past(struct demo *d)
{
	struct activity *activities = ARENA_ARRAY(d->call->arena, ACTIVITIES, struct activity);
	struct note *notes = ARENA_ARRAY(d->call->arena, NOTES, struct note);
	static const int kinds[] = { ACTIVITY_KIND_CALL, ACTIVITY_KIND_EMAIL,
		ACTIVITY_KIND_MEETING };
	for (int i = 0; i < ACTIVITIES; i++) {
		struct activity *a = &activities[i];
		row_init(&activities_table, a);
		int deal = (int)pick(d, DEALS), person = (int)pick(d, PEOPLE), days;
		bool about_deal = pick(d, 2);
		days = about_deal
			   ? d->deal_to[deal] +
				 (int)pick(d, (size_t)(d->deal_from[deal] - d->deal_to[deal]) + 1)
			   : (int)pick(d, (size_t)d->person_since[person] + 1);
		a->kind = (enum activity_kind)kinds[pick(d, COUNT(kinds))];
		a->summary = str_of(PICK(d, call_summaries));
		a->occurred_at = a->created_at = moment(d, days);
		a->subject = about_deal ? about("deal", d->deals[deal].text)
					: about("contact", d->people[person].text);
		a->agent_id =
		    d->agents[about_deal ? d->owner_of_deal[deal]
					 : d->owner_of_organisation[d->organisation_of[person]]];
	}
	for (int i = 0; i < NOTES; i++) {
		int person = (int)pick(d, PEOPLE);
		row_init(&notes_table, &notes[i]);
		notes[i].body = str_of(PICK(d, note_texts));
		notes[i].subject = about("contact", d->people[person].text);
		notes[i].created_at = moment(d, (int)pick(d, (size_t)d->person_since[person] + 1));
		notes[i].author_id =
		    d->agents[d->owner_of_organisation[d->organisation_of[person]]];
	}
	d->call->now = d->started;
	TRY(activities_insert_all(d->call, activities, ACTIVITIES));
	return notes_insert_all(d->call, notes, NOTES);
}

/* ---- the company, and all of it in one mutation ---- */

static error sign_up(struct call *call, void *with)
{
	struct demo *d = with;
	char secret[SECRET_TEXT];
	secret_new(secret);
	error e;
	struct json_object *body = json_object_new_object(), *answer, *part, *id;
	add(body, "company_name", "Demo Trading");
	add(body, "full_name", "Mara Lindqvist");
	add(body, "email", "owner@demo.test");
	add(body, "password", secret);
	answer = object_of(d, operation_named(STR("companies_create")), body, &e);
	TRY(e);
	company_id company;
	agent_id owner;
	if (!json_object_object_get_ex(answer, "company", &part) ||
	    !json_object_object_get_ex(part, "id", &id))
		return INTERNAL;
	snprintf(company.text, sizeof company.text, "%s", json_object_get_string(id));
	if (!json_object_object_get_ex(answer, "agent", &part) ||
	    !json_object_object_get_ex(part, "id", &id))
		return INTERNAL;
	snprintf(owner.text, sizeof owner.text, "%s", json_object_get_string(id));
	TRY(identity_become(call, company, owner));
	body = json_object_new_object();
	add(body, "plan", "paid");
	TRY(make(d, "company_plan", body, NULL));
	/* A session that nobody began would be a riddle in the owner's list. */
	return sessions_end(call, owner, "");
}

struct demo_load_in {
};
FIELDS(demo_load) = {};
struct demo_load_out {
	bool loaded;
};
ANSWER(demo_load) = { MEMBER(demo_load, loaded, .doc = "False: it was there already") };

/* No door leads here: it is the program's own. */
MUTATION(demo_load, SIGNED_IN, OBJECT(demo_load),
    .summary = "Make the demo company, with its people, contacts and deals, unless it is there")
{
	struct demo *d = ARENA_NEW(call->arena, struct demo);
	d->call = call;
	d->seed = 20260101;
	d->started = call->now;
	call->brief = true;
	go_to(d, 800);
	error e = call_attempt(call, sign_up, d);
	out->loaded = e == OK;
	if (e == CONFLICT) {
		call->problem = (struct problem) { 0 };
		call->now = d->started;
		return OK;
	}
	TRY(e);
	TRY(load_agents(
	    d, str_of(password_hash(call->arena, STR("demo"), call->worker->config->scrypt_n))));
	TRY(load_catalog(d));
	TRY(load_organisations(d));
	TRY(load_people(d));
	TRY(load_deals(d));
	TRY(load_work(d));
	return load_past(d);
}

/* ---- the command ---- */

static int load(struct worker *w, struct arena *a)
{
	struct answer answer;
	struct json_object *document, *loaded;
	const char *why;
	int64_t began = clock_monotonic_us();
	gate_ask(w, a,
	    &(struct ask) {
		.op = &demo_load, .credential = CREDENTIAL_JOB, .request_id = STR("demo") },
	    &answer);
	if (answer.kind != OK || !(document = json_read(a, answer.body, &why))) {
		fprintf(stderr, "muster demo: %.*s\n", (int)answer.body.n, answer.body.p);
		return 1;
	}
	if (json_object_object_get_ex(document, "loaded", &loaded) &&
	    json_object_get_boolean(loaded))
		printf("the demo company was loaded in %.1f s\n",
		    (double)(clock_monotonic_us() - began) / 1e6);
	else
		printf("the demo company is there\n");
	return 0;
}

int demo_main(const struct config *config, int argc, char **argv)
{
	struct installation installation;
	struct shared_memory *shared = shared_new();
	(void)argc;
	(void)argv;
	if (!shared || !installation_open(config, shared, &installation)) {
		fprintf(stderr, "muster demo: the installation cannot be opened\n");
		return 1;
	}
	struct worker *w = worker_new(&installation);
	struct arena *a = arena_new();
	int status = load(w, a);
	arena_free(a);
	worker_free(w);
	installation_close(&installation);
	shared_free(shared);
	return status;
}
