/*
 * start_grants.h: what the built-in roles may do in a company that starts. From then on it is rows,
 * which each company can change. `muster emit access` shows it for every operation.
 */
#pragma once
#include "core/access.h"
#include "schema.h"

enum level start_level(enum role_kind role, const char *object, const char *action);
