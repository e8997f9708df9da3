/*
 * changes.h: the log and the counters from which everything else is derived. A mutation collects
 * its changes while it runs; changes_write() is the last thing of its transaction: it bumps the
 * company's head (whose row lock makes the order of versions the order of commits), writes the
 * change rows, and sets each touched topic to the new version, in sorted order, so that two
 * mutations cannot deadlock on topics.
 */
#pragma once
#include "core/call.h"

enum row_change_kind { ROW_CREATED = 1, ROW_UPDATED, ROW_DELETED, ROW_RESTORED };

struct row_change {
	struct row_change *next;
	const struct table *table;
	uuid row;
	enum row_change_kind kind;
	instant at;    /* when it was done */
	int64_t chain; /* how many runs of automations stand before it */
	bool by_stranger;
	uuid owner_before, owner_after, team_before, team_after;
	str fields; /* JSON array of the names of what changed, or none */
	const struct table
	    *parent; /* whose scope decides who sees the row, or NULL: its own owner and team */
	uuid parent_row;
	const struct table *parent_was; /* the same before the change, of a row that has moved */
	uuid parent_row_was;
};

void changes_record(struct call *call, const struct table *table, enum row_change_kind kind,
    const void *before, const void *after, str fields);
/* What follows from all that a mutation has changed, asked once at its end, in its transaction; it
 * may change more, of which nobody is asked again. */
struct change_hook {
	error (*run)(struct call *call);
};
#define CHANGE_HOOK(FUNCTION) \
	static const struct change_hook FUNCTION##_hook = { FUNCTION }; \
	static const struct change_hook *const FUNCTION##_hook_registered \
	    __attribute__((used, section("change_hooks"))) = &FUNCTION##_hook
error changes_follow(struct call *call) MUST_CHECK;
/* Writes them and sets call->version. Does nothing when nothing changed. */
error changes_write(struct call *call) MUST_CHECK;
/* Tells the live process of this machine, and the jobs process when there is something for it to
 * do, after the commit. A hint: lost rings cost latency only. */
void doorbell_ring(struct worker *worker, company_id company, int64_t version, bool jobs);

struct doorbell_message {
	char company[37];
	int64_t version;
};
