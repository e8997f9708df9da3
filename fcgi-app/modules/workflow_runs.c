/*
 * workflow_runs.c: what happens later and how far it is, for those on whose behalf it does. The
 * engine is core/workflow.c. Columns: sql/schema/workflow_runs.sql. Tests:
 * tests/http/imports.test.mjs.
 */
#include "core/resource.h"

RESOURCE_LIST(workflow_runs, SORTS("-created_at"));
RESOURCE_GET(workflow_runs);
