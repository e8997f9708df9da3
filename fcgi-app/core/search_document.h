/*
 * search_document.h: what is searched of a row, as one text; its postings follow from that text
 * alone (search_postings.h). A document is sections, each a heading and words with a space on both
 *sides of each:
 *
 *	 :full_name=52 ada lovelace :full_name=52 ^a ^ad ^ada ^l ^lo ^lov :emails=48 ada@x.org
 *	 :emails=19 ada :emails=9 x.org x
 *
 * The heading says the field and what each word after it weighs. Words as they stand in the text
 * come first and in their order, so a phrase is found as a piece of the document. Behind ^ stand
 * the beginnings of the words of the row's title, one to three letters long, and in a script
 * without spaces each one and two characters of it, so that a search while one types reads one list
 * in its order. search_text.h says what else stands for words.
 *
 * Words that weigh nothing have no postings; they stand there for who looks into rows that were
 * found by others: the groups of a phone number, which is found by its digits from either end, and
 * its country; a title in its other spelling, each word of which has a posting already.
 *
 * The weight of a word is that of its column (@search) over 1 + 0.15 (n - 1) with n words in the
 * field: BM25's weight and length norm, worked out when the row is written. Of an address the local
 * part counts 0.4, the domain 0.2 of it. A term's weight in a row is the sum over its sections.
 * Tests: tests/unit/search_query_test.c
 */
#pragma once
#include "base/arena.h"
#include "base/buf.h"
#include "core/table.h"

enum { SEARCH_DAYS = 65535 }; /* that are counted */

/* What there is of a row in search_documents. */
struct search_document {
	uuid row, owner, team; /* "" : none */
	int64_t day;           /* on which it was created, from 1970 */
	bool deleted;
	str words;
};

/* That a table has a search index. */
static inline bool search_has(const struct table *table) { return table->searched != 0; }
/* The field of a name in a query, in capitals or not: full_name, and in short `name`, `email` for
 * emails, `note` for what a note says, `city` for the addresses that have one; NULL: none. */
const struct field *search_field(const struct table *table, str name);
/* Of a row; owner and team only of tables whose rows are not seen by their parents. */
void search_document_of(
    struct arena *a, const struct table *table, const void *row, struct search_document *out);
/* Whether it is one to which others can belong. */
bool search_is_group(const struct table *table, const void *row);
/* The same of a row by its document. */
bool search_document_is_group(const struct search_document *document);
/* Whether the two rows of a table can have different documents. */
bool search_differs(const struct table *table, const void *before, const void *after);

/* One section of a document, for who reads one: advances *rest; false at the end. */
struct section {
	str field;
	uint32_t weight;
	str words; /* " ada lovelace " */
};
bool search_section(str *rest, struct section *out);

/* The text of a searched column as people read it; of a document of rows, of each its item. Calls
 * `each` for every one that is not empty. */
void search_texts(struct arena *a, const struct field *column, const void *row,
    void (*each)(void *with, uint32_t weight, str text), void *with);
