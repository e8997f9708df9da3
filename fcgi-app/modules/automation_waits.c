/*
 * automation_waits.c: the steps of automations that wait: a while; for an event or for conditions
 * to hold of the record, no longer than a while; until a time or a date of the record. What waits
 * for the record sleeps, and is woken by each change of it (automation_trigger.c), so nobody looks
 * at rows that do not change. See automations.h. Tests: tests/http/automations_waits.test.mjs
 */
#include "automations.h"

#include "base/zone.h"

enum { DAY_SECONDS = 86400, HOUR_SECONDS = 3600 };

static void tell_until(struct automation_doing *d, instant until)
{
	char text[INSTANT_TEXT];
	if (instant_none(until))
		return;
	instant_format(until, text);
	automation_put(d->input, "until", str_of(text));
}

static instant after_a_while(const struct automation_doing *d)
{
	const struct automation_step *s = d->step;
	return (
	    instant) { d->call->now.us + DAYS(s->days) + HOURS(s->hours) + MINUTES(s->minutes) };
}

error automation_wait(struct automation_doing *d)
{
	d->done->after = after_a_while(d);
	tell_until(d, d->done->after);
	return OK;
}

/* ---- for something ---- */

static void go(struct automation_doing *d, bool came)
{
	size_t inside = came ? d->step->then : d->step->otherwise;
	if (inside != NO_STEP)
		d->done->next = inside;
}

/* A trial goes on as if it had come. */
static error wait_on(struct automation_doing *d, const char *event, instant until)
{
	d->done->awaits = event;
	d->done->wait.until = until;
	go(d, true);
	return d->work->run.text[0] && !strcmp(event, AWAITS_CHANGE)
		   ? automation_triggers_wait(d->call, d->work->program->table)
		   : OK;
}

error automation_wait_for(struct automation_doing *d)
{
	const struct automation_step *s = d->step;
	const struct automation_wait *wait = d->work->wait;
	const bool named = !str_none(s->event);
	const bool came = named ? wait && !wait->timed_out
				: automation_holds(d->call->arena, &s->when, d->work->row);
	const instant until = wait ? wait->until : after_a_while(d);
	tell_until(d, until);
	if (named)
		automation_put(d->input, "event", s->event);
	if (!came && (!wait || (!named && d->call->now.us < until.us)))
		return wait_on(d,
		    named ? arena_printf(d->call->arena, "told.%.*s", (int)s->event.n, s->event.p)
			  : AWAITS_CHANGE,
		    until);
	d->output = automation_object(d->call);
	json_object_object_add(d->output, "came", json_object_new_boolean(came));
	if (came && named && wait->event)
		json_object_object_add(d->output, "payload", json_object_get(wait->event));
	go(d, came);
	return OK;
}

/* ---- until a date ---- */

static error midnight(struct call *call, int64_t days, int64_t hours, instant *out)
{
	struct my_company_row company;
	TRY(query_one_once(call, &my_company_query, NULL, &company));
	struct zone *zone = zone_open(company.time_zone);
	int64_t wall = days * DAY_SECONDS + hours * HOUR_SECONDS;
	*out = zone ? zone_instant(zone, wall) : (instant) { wall * SECONDS(1) };
	zone_close(zone);
	return OK;
}

error automation_moment(struct call *call, const struct field *f, const void *row, int64_t days,
    int64_t hours, instant *out)
{
	const void *value = (const char *)row + f->offset;
	*out = INSTANT_NONE;
	if (field_value_none(f, value))
		return OK;
	if (f->type == T_DAY)
		return midnight(call, ((const day *)value)->days + days, hours, out);
	out->us = ((const instant *)value)->us + DAYS(days) + HOURS(hours);
	return OK;
}

/* A date of the record may be moved meanwhile, and one that is not set may come. */
error automation_wait_until(struct automation_doing *d)
{
	const struct automation_step *s = d->step;
	instant when = s->at;
	if (s->column)
		TRY(automation_moment(d->call, s->column, d->work->row, s->days, s->hours, &when));
	tell_until(d, when);
	if (!s->column)
		d->done->after = when;
	else if (instant_none(when) || d->call->now.us < when.us)
		return wait_on(d, AWAITS_CHANGE, when);
	return OK;
}
