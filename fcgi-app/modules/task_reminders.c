/*
 * task_reminders.c: each morning, on the company's clocks, everybody who has open tasks that are
 * due by the end of the day gets a mail with them; whoever wants none says so by the link in it.
 * And who wants that (notices.c) is reminded of each task some minutes before it is due: by a run
 * that the task names, so that of those which were started for it, for another time or another
 * agent, one reminds. Without a mail server nobody is reminded. Statements:
 * sql/query/task_reminders.sql. Mails: templates/mail/tasks, task_reminder. Tests:
 * tests/http/outbox.test.mjs, builtin/task_reminders.mjs
 */
#include "base/cron.h"
#include "core/operation.h"
#include "core/outbox.h"
#include "core/query_run.h"
#include "core/row.h"
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

/* ---- a task, before it is due ---- */

static error remind_of_task(struct call *call, struct job *job)
{
	struct task_to_remind_in ask;
	struct task_to_remind_row row;
	memcpy(ask.task.text, job->subject.text, sizeof ask.task.text);
	memcpy(ask.run.text, job->run.text, sizeof ask.run.text);
	error e = query_one(call, &task_to_remind_query, &ask, &row);
	if (e == NOT_FOUND) { /* done, deleted, put off, given away or no longer wanted */
		call->problem = (struct problem) { 0 };
		return OK;
	}
	TRY(e);
	struct zone *zone = zone_open(row.time_zone);
	int64_t wall = zone ? zone_wall(zone, row.due_at) : row.due_at.us / SECONDS(1);
	zone_close(zone);
	wall %= DAY_SECONDS;
	const char *title = arena_printf(call->arena, "At %02d:%02d: %.*s", (int)(wall / 3600),
	    (int)(wall / 60 % 60), (int)row.title.n, row.title.p);
	struct json_object *words = json_object_new_object();
	json_keep(call->arena, words);
	json_object_object_add(
	    words, "name", json_object_new_string_len(row.full_name.p, (int)row.full_name.n));
	json_object_object_add(words, "what", json_object_new_string(title));
	json_object_object_add(words, "action_url",
	    json_object_new_string(
		arena_printf(call->arena, "%s/tasks", call->worker->config->public_url)));
	return mail_write(call, &(struct mail_draft) { .to = row.email,
				    .subject = title,
				    .template = "task_reminder",
				    .words = words,
				    .kind = "reminder" });
}

WORKFLOW(task_reminder, .definition = 1, .of_the_program = true,
    .steps = { { "remind", remind_of_task } });

/* The task names the run that reminds of it, or none; it is written by the caller. */
static error arm(struct call *call, struct task *task)
{
	struct reminder_of_agent_row agent;
	workflow_run_id run;
	task->reminder_id = (uuid) { "" };
	if (!mail_able(call->worker->config) || task->status == TASK_STATUS_DONE ||
	    !task->assignee_id.text[0] || instant_none(task->due_at) ||
	    task->due_at.us <= call->now.us)
		return OK;
	error e = query_one_once(call, &reminder_of_agent_query,
	    &(struct reminder_of_agent_in) { .agent = task->assignee_id }, &agent);
	if (e == NOT_FOUND || (e == OK && !agent.minutes)) {
		call->problem = (struct problem) { 0 };
		return OK;
	}
	TRY(e);
	instant when = { task->due_at.us - MINUTES(agent.minutes) };
	TRY(workflow_start_later(call, &task_reminder, task->id.text, NULL, when, &run));
	memcpy(task->reminder_id.text, run.text, sizeof task->reminder_id.text);
	return OK;
}

static error task_before(struct call *call, const void *before, void *after)
{
	const struct task *was = before;
	struct task *is = after;
	bool same = was && was->due_at.us == is->due_at.us && was->status == is->status &&
		    !strcmp(was->assignee_id.text, is->assignee_id.text);
	return same ? OK : arm(call, is);
}

ROW_HOOK(tasks, .before_write = task_before);

NO_INPUT(tasks_remind_anew);

/* No door leads here: notices.c asks it when the caller wants to be told at another time. */
MUTATION(tasks_remind_anew, SIGNED_IN, NOTHING,
    .summary = "Remind the caller of its next tasks, as it wants to be reminded now")
{
	struct own_tasks_to_come_row *rows;
	size_t n;
	TRY(query_all(call, &own_tasks_to_come_query,
	    &(struct own_tasks_to_come_in) { .moment = call->now }, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		struct task task;
		TRY(task_lock_any(call, rows[i].id, &task));
		TRY(arm(call, &task));
		TRY(task_update(call, &task));
	}
	return OK;
}
