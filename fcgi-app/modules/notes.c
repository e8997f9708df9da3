/* notes.c: what somebody wants to remember about a contact or a deal. Columns:
 * sql/schema/notes.sql. Shown by timeline.c. Tests: tests/http/notes.test.mjs. */
#include "core/resource.h"

RESOURCE(notes, SORTS("-created_at"));
