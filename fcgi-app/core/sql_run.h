/*
 * sql_run.h: a statement is sent for a call. Nothing else in core/ and modules/ asks the database
 * for somebody, so this is where the read set of a live query is made whole: a table of which
 * nobody has said what of it matters is noted as a whole. Too much wakes in vain; too little is
 * never woken.
 */
#pragma once
#include "core/call.h"

/* As db_query(), db_one() and db_execute(), on the call's connection and in its arena. */
error sql_query(struct call *call, struct sql *sql, const struct field *const *columns, size_t n,
    struct db_rows **rows) MUST_CHECK;
error sql_one(struct call *call, struct sql *sql, const struct field *const *columns, size_t n,
    void *row) MUST_CHECK;
error sql_execute(struct call *call, struct sql *sql, uint64_t *matched) MUST_CHECK;
