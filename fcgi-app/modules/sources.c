/* sources.c: where contacts come from. Columns: sql/schema/sources.sql. Page:
 * templates/settings/catalog. */
#include "core/resource.h"

RESOURCE(sources, SORTS("name"));
