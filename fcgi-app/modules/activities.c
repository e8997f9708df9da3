/* activities.c: calls, mails and meetings that took place. Columns: sql/schema/activities.sql.
 * Shown by timeline.c. Tests: tests/http/notes.test.mjs. */
#include "core/resource.h"

RESOURCE(activities, SORTS("-occurred_at"));
