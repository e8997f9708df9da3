/*
 * automations.c: what a company has done by itself: it is drafted, turned on, which makes a version
 * that is never changed, and paused. A run acts with the power of whoever turned it on, as that is
 * at each step. What is drafted is refused where it does not fit the fields of its records
 * (automation_read.c). Columns: sql/schema/automations.sql, automation_versions.sql. Statements:
 * sql/query/automations.sql. Tests: tests/http/automations.test.mjs
 */
#include "automations.h"

#include "core/resource.h"

RESOURCE(automations, SORTS("name"));
RESOURCE_LIST_AS(automation_versions, "automations", SORTS("-created_at"));
RESOURCE_GET_AS(automation_versions, "automations");

/* ---- rules ---- */

static struct automation_documents documents_of(const struct automation *a)
{
	return (struct automation_documents) { a->object, a->starts, a->conditions, a->steps };
}

static bool same_documents(json_text starts, json_text conditions, json_text steps,
    json_text other_starts, json_text other_conditions, json_text other_steps)
{
	return str_eq(starts.json, other_starts.json) &&
	       str_eq(conditions.json, other_conditions.json) &&
	       str_eq(steps.json, other_steps.json);
}

static error automation_before(struct call *call, const void *before, void *after)
{
	const struct automation *old = before;
	struct automation *a = after;
	struct automation_program program;
	const struct automation_documents documents = documents_of(a);
	if (!old && row_before(call, &automations_table, a->id.text)) { /* it comes back */
		a->state = a->version_number ? AUTOMATION_STATE_PAUSED : AUTOMATION_STATE_DRAFT;
		return OK;
	}
	if (!old) {
		a->state = AUTOMATION_STATE_DRAFT;
		a->version_number = 0;
	} else if (same_documents(a->starts, a->conditions, a->steps, old->starts, old->conditions,
		       old->steps)) {
		return OK;
	}
	return automation_read(call, &documents, true, &program);
}

static error automation_after_write(struct call *call, const void *before, const void *after)
{
	const struct automation *old = before, *a = after;
	bool was_on = old && old->state == AUTOMATION_STATE_ON;
	if (!old && !a->version_number) {
		struct automation_turn turn;
		row_init(&automation_turns_table, &turn);
		memcpy(turn.id.text, a->id.text, sizeof turn.id.text);
		turn.turn = 0;
		TRY(automation_turns_insert_all(call, &turn, 1));
	}
	return was_on != (a && a->state == AUTOMATION_STATE_ON) ||
		       (was_on && a->version_number != old->version_number)
		   ? automation_triggers_renew(call)
		   : OK;
}

ROW_HOOK(automations, .before_write = automation_before, .after_write = automation_after_write);

/* ---- on and off ---- */

#define BY_ID(NAME) \
	struct NAME##_in { \
		automation_id id; \
	}; \
	FIELDS(NAME) = { FIELD(NAME, id, .flags = F_REQUIRED, .like = COLUMN(automations, id)) }

/* The version that new runs have: the one that there is, when it says the same. */
static error make_version(struct call *call, struct automation *a)
{
	struct automation_version version;
	if (a->version_number) {
		TRY(automation_version_get(call, automation_version_now(a), &version));
		if (same_documents(a->starts, a->conditions, a->steps, version.starts,
			version.conditions, version.steps))
			return OK;
	}
	row_init(&automation_versions_table, &version);
	version.automation_id = a->id;
	version.number = ++a->version_number;
	version.starts = a->starts;
	version.conditions = a->conditions;
	version.steps = a->steps;
	version.agent_id = call->me.agent;
	TRY(automation_version_insert(call, &version));
	memcpy(a->version_id.text, version.id.text, sizeof a->version_id.text);
	return OK;
}

BY_ID(automations_turn_on);
MUTATION(automations_turn_on, "automations.edit", ROW(automations),
    .route = "POST /v1/automations/{id}/turn_on",
    .summary = "Let an automation start runs as it is drafted now, with the caller's power")
{
	struct automation a;
	struct automation_program program;
	TRY(automation_lock(call, in->id, &a));
	const struct automation_documents documents = documents_of(&a);
	TRY(automation_read(call, &documents, true, &program));
	if (!program.n)
		return fail_code(
		    call, INVALID, "steps", "required", "say what is to be done first");
	const bool was_on = a.state == AUTOMATION_STATE_ON;
	const int64_t number = a.version_number;
	TRY(make_version(call, &a));
	if (!was_on || a.version_number != number)
		TRY(automation_dates_begin(call, &a, &program));
	a.state = AUTOMATION_STATE_ON;
	a.agent_id = call->me.agent;
	a.key_id = call->me.kind == BY_KEY ? call->me.credential : (uuid) { "" };
	a.refusal = (str) { NULL, 0 };
	a.refused_at = INSTANT_NONE;
	TRY(automation_update(call, &a));
	return row_answer(call, &automations_table, a.id.text, out);
}

BY_ID(automations_pause);
MUTATION(automations_pause, "automations.edit", ROW(automations),
    .route = "POST /v1/automations/{id}/pause",
    .summary = "Let an automation start no more runs; those that are under way go on")
{
	struct automation a;
	TRY(automation_lock(call, in->id, &a));
	if (a.state != AUTOMATION_STATE_ON)
		return fail(call, CONFLICT, "id", "it is not on");
	a.state = AUTOMATION_STATE_PAUSED;
	TRY(automation_dates_end(call, a.id));
	TRY(automation_update(call, &a));
	return row_answer(call, &automations_table, a.id.text, out);
}
