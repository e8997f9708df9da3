/*
 * query_run.h: running a named SELECT of sql/query for a call. Company, caller and access
 * conditions are bound here; the tables that it reads go into the call's read set by themselves.
 */
#pragma once
#include "core/call.h"
#include "core/query.h"
#include "queries.h"

/* Opens the rows; `in` is the query's struct <name>_in (NULL when it has no inputs). Read them with
 * db_next. */
error query_open(
    struct call *call, const struct query *query, const void *in, struct db_rows **rows) MUST_CHECK;
/* All rows as structs in the arena: *rows points to an array of struct <name>_row. */
error query_all(
    struct call *call, const struct query *query, const void *in, void *rows, size_t *n) MUST_CHECK;
/* One row into *row; NOT_FOUND when there is none. */
error query_one(struct call *call, const struct query *query, const void *in, void *row) MUST_CHECK;
/* As query_one, for what cannot change while the call lasts: the same question is asked of the
 * database once. The inputs are ids and numbers; NOT_FOUND is not kept. */
error query_one_once(
    struct call *call, const struct query *query, const void *in, void *row) MUST_CHECK;
/* The statement as it is sent for this caller; for the test that prepares every one of them. */
void query_sql(struct call *call, const struct query *query, const void *in, struct sql *sql);
