/*
 * search_strays.h: what the index has of companies that are not there, or of tables that are not
 * searched: nothing reads it, and who goes through the rows of the companies never comes by it.
 * For `muster search` (search_check.c).
 */
#pragma once
#include "core/search_mend.h"

/* Counts them in m->found.strays, and takes them away when m->mend. */
error search_strays(struct search_mend *m) MUST_CHECK;
