/*
 * migrate.h: which schema the database has, and how it becomes the program's. Only `muster migrate`
 * changes a schema; every other process looks at schema_info and answers 503 when it differs. The
 * statements come from sql/schema and sql/migrate through the generator. Steps go forward only, and
 * one that failed half-way is run again from its beginning: write them with IF [NOT] EXISTS.
 */
#pragma once
#include "core/config.h"
#include "db/db.h"

/* OK when the database has the schema with which the program was built; else UNAVAILABLE, with a
 * sentence in `why` that names what mends it. */
error schema_check(struct db *db, char why[256]) MUST_CHECK;

/*
 * `muster migrate`: makes the database when it is missing, fills it when it is empty, else applies
 * the pending steps in order. Says what it does on standard output, what is wrong on standard
 * error. The exit status: 0 when the schema is the program's, 1 when not, 2 for arguments that it
 * does not know.
 */
int migrate_main(const struct config *config, int argc, char **argv);
