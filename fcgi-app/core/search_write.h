/*
 * search_write.h: the index follows the rows. changes_record(), through which every write of a row
 * goes, says here what became of a row; what follows from that for the index is written once for
 * all rows of the mutation, in the order of the index, before its changes are: in the same
 * transaction, so a rollback takes it back. Whoever searches inside the mutation has it written
 * first, and so finds its own rows.
 */
#pragma once
#include "core/call.h"
#include "core/search_document.h"
#include "core/search_words.h"

/* before NULL: the row is new; after NULL: it is gone. */
void search_note(
    struct call *call, const struct table *table, const void *before, const void *after);
/* Writes what was noted. */
error search_flush(struct call *call) MUST_CHECK;

/* What must be written so that the index, which has `old`, has `now`; each may be NULL. For who
 * mends it: search_flush() does so for the rows of a mutation. */
struct search_changes;
struct search_changes *search_changes_new(
    struct arena *a, const char company[37], struct known_words *known);
void search_changes_add(struct search_changes *all, const struct table *table,
    const struct search_document *old, const struct search_document *now);
error search_changes_write(struct search_changes *all, struct db *db) MUST_CHECK;

/* The columns of search_documents as a struct search_document, and how they are asked for. */
#define SEARCH_DOCUMENT_COLUMNS "d.row_id, d.owner_id, d.team_id, d.day, d.deleted, d.words"
enum { SEARCH_DOCUMENT_FIELDS = 6 };
extern const struct field *const search_document_fields[SEARCH_DOCUMENT_FIELDS];
