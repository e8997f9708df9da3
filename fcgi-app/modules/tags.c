/* tags.c: words by which contacts are grouped. Columns: sql/schema/tags.sql. Page: templates/settings/catalog. */
#include "core/resource.h"

RESOURCE(tags, SORTS("name", "-created_at"));
