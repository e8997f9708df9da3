/*
 * digest.c: what has happened, by mail: each morning, or each Monday for the seven days before,
 * as each agent has chosen (notices.c). It is asked as its reader, so it tells what that agent may
 * see and nothing else: deals won, how the pipeline moved, and the tasks that are due. Days are
 * those of the company's clocks. A digest that would tell nothing is not sent. Statements:
 * sql/query/digest.sql, task_reminders.sql. Mail: templates/mail/digest. Tests:
 * tests/http/builtin/digest.mjs
 */
#include "base/cron.h"
#include "core/identity.h"
#include "core/outbox.h"
#include "core/query_run.h"
#include "core/worker.h"
#include "core/workflow.h"

enum { DAY_SECONDS = 86400, WEEK = 7, MONDAY = 1, THURSDAY = 4 };

struct digest {
	agent_id after; /* the last who was told */
};
STATE_FIELDS(digest) = { STATE_FIELD(digest, after) };

/* The morning on which it is sent, on the company's clocks. */
struct morning {
	struct zone *zone;
	int64_t today; /* days since 1970-01-01 */
};

static instant midnight(const struct morning *m, int64_t date)
{
	return m->zone ? zone_instant(m->zone, date * DAY_SECONDS)
		       : (instant) { SECONDS(date * DAY_SECONDS) };
}

static bool is_monday(const struct morning *m) { return (m->today + THURSDAY) % WEEK == MONDAY; }

/* ---- one agent's ---- */

static struct json_object *text_of(str s) { return json_object_new_string_len(s.p, (int)s.n); }

static struct json_object *money_of(money m)
{
	char text[DECIMAL_TEXT];
	if (money_none(m))
		return NULL;
	struct json_object *o = json_object_new_object();
	decimal_format(m.hundredths, text);
	json_object_object_add(o, "amount", json_object_new_string(text));
	json_object_object_add(o, "currency", json_object_new_string(m.currency));
	return o;
}

static error add_won(struct call *call, const struct digest_won_in *days, struct json_object *words)
{
	struct digest_won_row *rows;
	size_t n;
	TRY(query_all(call, &digest_won_query, days, &rows, &n));
	struct json_object *won = json_object_new_array();
	json_object_object_add(words, "won", won);
	for (size_t i = 0; i < n; i++) {
		struct json_object *one = json_object_new_object();
		json_object_object_add(one, "title", text_of(rows[i].title));
		json_object_object_add(one, "worth", money_of(rows[i].amount));
		json_object_object_add(
		    one, "owner", str_none(rows[i].owner) ? NULL : text_of(rows[i].owner));
		json_object_array_add(won, one);
	}
	return OK;
}

static error add_tasks(struct call *call, instant until, struct json_object *words, size_t *n)
{
	const struct tasks_due_of_in ask = { .agent = call->me.agent, .until = until };
	struct tasks_due_of_row *rows;
	TRY(query_all(call, &tasks_due_of_query, &ask, &rows, n));
	struct json_object *tasks = json_object_new_array();
	json_object_object_add(words, "tasks", tasks);
	for (size_t i = 0; i < *n; i++) {
		struct json_object *one = json_object_new_object();
		json_object_object_add(one, "title", text_of(rows[i].title));
		json_object_object_add(
		    one, "late", json_object_new_boolean(rows[i].due_at.us < call->now.us));
		json_object_array_add(tasks, one);
	}
	return OK;
}

/* As the reader. *any: there is something to tell. */
static error collect(
    struct call *call, const struct morning *m, int days, struct json_object *words, bool *any)
{
	const day since = { (int32_t)(m->today - days) }, before = { (int32_t)m->today };
	const struct digest_won_in won = { .since = since, .before = before };
	const struct digest_pipeline_in ask = { .since = since,
		.before = before,
		.from = midnight(m, m->today - days),
		.until = midnight(m, m->today) };
	struct digest_pipeline_row is = { 0 };
	size_t tasks = 0;
	if (access_level(call, "deals.view") != LEVEL_NONE) {
		TRY(add_won(call, &won, words));
		TRY(query_one(call, &digest_pipeline_query, &ask, &is));
	}
	if (access_level(call, "tasks.view") != LEVEL_NONE)
		TRY(add_tasks(call, midnight(m, m->today + days), words, &tasks));
	const struct {
		const char *name;
		int64_t count;
	} counts[] = { { "won_count", is.won }, { "lost", is.lost }, { "begun", is.begun },
		{ "moved", is.moved } };
	*any = tasks > 0;
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
		json_object_object_add(
		    words, counts[i].name, json_object_new_int64(counts[i].count));
		*any = *any || counts[i].count;
	}
	json_object_object_add(
	    words, "pipeline", json_object_new_boolean(is.won || is.lost || is.begun || is.moved));
	return OK;
}

static error tell(
    struct call *call, const struct morning *m, const struct agents_with_digest_row *agent)
{
	const struct identity program = call->me;
	bool weekly = agent->digest == AGENT_DIGEST_WEEKLY, any = false;
	struct json_object *words = json_object_new_object();
	json_keep(call->arena, words);
	TRY(identity_become(call, program.company, agent->id));
	error e = collect(call, m, weekly ? WEEK : 1, words, &any);
	call->me = program;
	if (e != OK || !any)
		return e;
	json_object_object_add(words, "name", text_of(agent->full_name));
	json_object_object_add(words, "weekly", json_object_new_boolean(weekly));
	json_object_object_add(words, "action_url",
	    json_object_new_string(
		arena_printf(call->arena, "%s/", call->worker->config->public_url)));
	return mail_write(
	    call, &(struct mail_draft) { .to = agent->email,
		      .subject = weekly ? "Your week in Muster" : "Your day in Muster",
		      .template = "digest",
		      .words = words,
		      .kind = "digest" });
}

/* ---- everybody's ---- */

static error tell_some(
    struct call *call, struct job *job, const struct morning *m, struct digest *state)
{
	struct agents_with_digest_in ask = { .weekly = is_monday(m), .after = state->after };
	struct agents_with_digest_row *agents;
	size_t n;
	TRY(query_all(call, &agents_with_digest_query, &ask, &agents, &n));
	for (size_t i = 0; i < n; i++)
		TRY(tell(call, m, &agents[i]));
	if (n) {
		state->after = agents[n - 1].id;
		job_next(job, job->step);
	}
	return OK;
}

/* Of the day on which it was due, however late it is. */
static error digest_step(struct call *call, struct job *job)
{
	struct my_company_row company;
	struct json_object *text = json_object_object_get(job->input, "due_at");
	instant due;
	if (!text || !instant_parse(str_of(json_object_get_string(text)), &due))
		due = call->now;
	TRY(query_one(call, &my_company_query, NULL, &company));
	struct morning m = { .zone = zone_open(company.time_zone) };
	m.today = (m.zone ? zone_wall(m.zone, due) : due.us / SECONDS(1)) / DAY_SECONDS;
	error e = tell_some(call, job, &m, job->state);
	zone_close(m.zone);
	return e;
}

WORKFLOW(digest, .definition = 1, .lane = "notices", .of_the_program = true, .able = mail_able,
    .state = STATE_SET(digest), .steps = { { "tell", digest_step } });
SCHEDULE(digest, .workflow = &digest, .plan = "daily 07:00");
