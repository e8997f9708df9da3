/*
 * new_permissions.h: what a release adds to access_permissions() reaches the companies that there
 * are. The table known_permissions holds what the built-in roles have been given; what is not in it
 * is given once, by an operation in each company, so what a company then takes away from a role
 * stays away. Tests: tests/chaos/upgrade.test.mjs.
 */
#pragma once
#include "core/config.h"
#include "db/db.h"

/* OK when every permission of this program is known; else UNAVAILABLE, with a sentence in `why`. */
error permissions_check(struct db *db, char why[256]) MUST_CHECK;
/* The last part of `muster migrate`: gives the new ones to the built-in roles of every company.
 * False with a line on standard error; what was given already is not given twice when it is run
 * again. */
bool permissions_learn(const struct config *config, struct db *db);
