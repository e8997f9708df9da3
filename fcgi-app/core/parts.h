/*
 * parts.h: rows that are part of another row and stand in its document as well: a contact's
 * e-mails, phones and addresses. The document is a column of the parent, so that a list of parents
 * is one index range. A module declares its part with one line; writing a single part keeps the
 * parent's document and its one first choice. An operation about the parent itself writes parts
 * with part_replace() and the document with its own row, so that the parent changes once. Tests:
 * tests/http/contacts.test.mjs.
 */
#pragma once
#include "core/row.h"

struct part {
	const struct table *table;  /* contact_emails */
	const struct field *parent; /* its column that points to the parent */
	/* The parent's column that repeats the rows, a JSON array; also the operation's input. */
	const struct field *document;
	/* Exactly one row of a parent is the first choice when there is any; or NULL. */
	const struct field *primary;
	/* A text that no two rows of a parent share; or NULL: a row is what it says. */
	const struct field *key;
};

/* The part that is kept in a table. Aborts when there is none: a programmer's error. */
const struct part *part_of(const struct table *table);

/* What stands in the document for each row: the fields of `set` (their offsets are those of the
 * rows). */
json_text part_document(struct call *call, const struct field_set *set, const void *rows, size_t n);

/* Makes `rows` ready as the parts of a parent: ids, kinds and the first choice are filled in;
 * INVALID, with its place in the input, for two with the same key or two first choices. */
error part_arrange(struct call *call, const struct part *part, void *rows, size_t n) MUST_CHECK;
/* Inserts arranged rows of a new parent. CONFLICT names the field and, when the caller may see it,
 * the parent that has the key. */
error part_insert(struct call *call, const struct part *part, const char parent[37], void *rows,
    size_t n) MUST_CHECK;
/* Makes `rows` the parts of a parent: what is there already (by id, else by key) is changed, the
 * others come and go. Arranges them. */
error part_replace(struct call *call, const struct part *part, const char parent[37], void *rows,
    size_t n) MUST_CHECK;
/* The live parts of a parent, the first choice first, then in the order in which they came. */
error part_rows(struct call *call, const struct part *part, const char parent[37], void **rows,
    size_t *n) MUST_CHECK;
/* Says which of the rows cannot be there because another parent has its key; OK when none is found.
 */
error part_taken(struct call *call, const struct part *part, const char parent[37],
    const void *rows, size_t n) MUST_CHECK;

error part_before_write(
    struct call *call, const struct part *part, const void *before, void *after) MUST_CHECK;
error part_after_write(
    struct call *call, const struct part *part, const void *before, const void *after) MUST_CHECK;

#define PART(NAME, ...) \
	static const struct part NAME##_part = { .table = &NAME##_table, __VA_ARGS__ }; \
	static const struct part *const NAME##_part_registered \
	    __attribute__((used, section("parts"))) = &NAME##_part; \
	static error NAME##_part_before(struct call *call, const void *before, void *after) \
	{ \
		return part_before_write(call, &NAME##_part, before, after); \
	} \
	static error NAME##_part_after(struct call *call, const void *before, const void *after) \
	{ \
		return part_after_write(call, &NAME##_part, before, after); \
	} \
	ROW_HOOK(NAME, .before_write = NAME##_part_before, .after_write = NAME##_part_after)
