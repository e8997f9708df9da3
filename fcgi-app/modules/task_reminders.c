/*
 * task_reminders.c: each morning, on the company's clocks, everybody who has open tasks that are
 * due by the end of the day gets a mail with them; whoever wants none says so by the link in it.
 * Without a mail server nobody is reminded. Statements: sql/query/task_reminders.sql. Mail:
 * templates/mail/tasks. Tests: tests/http/outbox.test.mjs
 */
#include "base/cron.h"
#include "core/outbox.h"
#include "core/query_run.h"
#include "core/worker.h"
#include "core/workflow.h"

enum { DAY_SECONDS = 86400 };

struct tasks_morning {
	agent_id after; /* the last who was reminded */
};
STATE_FIELDS(tasks_morning) = { STATE_FIELD(tasks_morning, after) };

/* Midnight after that instant. */
static error end_of_day(struct call *call, instant when, instant *end)
{
	struct my_company_row company;
	TRY(query_one(call, &my_company_query, NULL, &company));
	struct zone *zone = zone_open(company.time_zone);
	int64_t wall = zone ? zone_wall(zone, when) : when.us / SECONDS(1);
	wall += DAY_SECONDS - wall % DAY_SECONDS;
	*end = zone ? zone_instant(zone, wall) : (instant) { wall * SECONDS(1) };
	zone_close(zone);
	return OK;
}

static error remind(struct call *call, const struct agents_with_tasks_row *agent, instant end)
{
	const struct tasks_due_of_in ask = { .agent = agent->agent_id, .until = end };
	struct tasks_due_of_row *rows;
	size_t n;
	TRY(query_all(call, &tasks_due_of_query, &ask, &rows, &n));
	struct json_object *words = json_object_new_object(), *tasks = json_object_new_array();
	json_keep(call->arena, words);
	json_object_object_add(words, "tasks", tasks);
	for (size_t i = 0; i < n; i++) {
		struct json_object *one = json_object_new_object();
		json_object_object_add(one, "title",
		    json_object_new_string_len(rows[i].title.p, (int)rows[i].title.n));
		json_object_object_add(
		    one, "late", json_object_new_boolean(rows[i].due_at.us < call->now.us));
		json_object_array_add(tasks, one);
	}
	json_object_object_add(
	    words, "name", json_object_new_string_len(agent->full_name.p, (int)agent->full_name.n));
	if (agent->count > (int64_t)n)
		json_object_object_add(
		    words, "more", json_object_new_int64(agent->count - (int64_t)n));
	json_object_object_add(words, "action_url",
	    json_object_new_string(
		arena_printf(call->arena, "%s/tasks", call->worker->config->public_url)));
	return mail_write(call,
	    &(struct mail_draft) { .to = agent->email,
		.subject = agent->count == 1 ? "A task is due today"
					     : arena_printf(call->arena, "%lld tasks are due today",
						   (long long)agent->count),
		.template = "tasks",
		.words = words,
		.kind = "tasks" });
}

/* Some agents in a step. */
static error remind_some(struct call *call, struct job *job)
{
	struct tasks_morning *state = job->state;
	struct agents_with_tasks_in ask = { .after = state->after };
	struct agents_with_tasks_row *agents;
	size_t n;
	TRY(end_of_day(call, call->now, &ask.until));
	TRY(query_all(call, &agents_with_tasks_query, &ask, &agents, &n));
	for (size_t i = 0; i < n; i++)
		TRY(remind(call, &agents[i], ask.until));
	if (n) {
		state->after = agents[n - 1].agent_id;
		job_next(job, job->step);
	}
	return OK;
}

WORKFLOW(tasks_morning, .definition = 1, .lane = "notices", .of_the_program = true,
    .able = mail_able, .state = STATE_SET(tasks_morning), .steps = { { "remind", remind_some } });
SCHEDULE(tasks_morning, .workflow = &tasks_morning, .plan = "daily 08:00");
