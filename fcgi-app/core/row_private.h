/* row_private.h: what row.c and row_delete.c share. */
#pragma once
#include "core/row.h"

/* At which the caller has the row: of the operation's permission when that is about this table's
 * object, else of seeing it. */
enum level row_level(struct call *call, const struct table *table);
const struct field *const *row_columns(struct call *call, const struct table *table); /* all */

/* As row_lock() or, whatever the caller's scope, not of a deleted row. */
error row_lock_live(struct call *call, const struct table *table, const char id[37], bool scoped,
    void *row) MUST_CHECK;
/* The row as it is from now on; NULL: it is gone. */
void row_keep_image(
    struct call *call, const struct table *table, const char id[37], const void *row);
/* Whether the caller sees the row, for what points to it. */
void row_keep_seen(struct call *call, const struct table *table, const char *id, bool seen);
/* before_write when `first`, else after_write. */
error row_run_hooks(struct call *call, const struct table *table, const void *before, void *after,
    bool first) MUST_CHECK;
