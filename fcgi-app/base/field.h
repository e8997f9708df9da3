/*
 * field.h: one description of a value with a name, for everything that meets it: a column of
 * sql/schema, a member of an operation's input, a query parameter, a form control, a field of an
 * answer, a line of the API document. Decoding, validation, SQL binding and JSON all read this.
 */
#pragma once
#include "value.h"

enum field_type {
	T_ID,      /* uuid (a distinct struct per table, same layout): text of 36 characters */
	T_TEXT,    /* str */
	T_INT,     /* int64_t */
	T_BOOL,    /* bool */
	T_ENUM,    /* int: 0 none, else 1-based index into names */
	T_MONEY,   /* money: two columns, <name> DECIMAL(15,2) and <name>_currency CHAR(3) */
	T_DAY,     /* day */
	T_INSTANT, /* instant */
	T_JSON,    /* json_text: any document; a column of its own type JSON */
	T_BYTES,   /* str: raw bytes; never leaves the program */
	T_SUBJECT, /* subject: a column for each of its `kinds`, at most one of them set */
	T_LIST,    /* list of structs described by `of` */
	T_IDS,     /* list of uuid */
	/* In answers only: */
	T_TEXTS,  /* list of str */
	T_OBJECT, /* a struct described by `of`, in its place; F_NULLABLE: null when its first
		     member is none */
	T_MAP,    /* list of structs of two members, described by `of`: the first is the name of the
		     second */
	T_ROW     /* json_text: a row of `ref` as the operations on it answer it */
};

enum field_flag {
	F_REQUIRED = 1 << 0,    /* must be given (in input) and not null */
	F_NULLABLE = 1 << 1,    /* null is allowed */
	F_PRIVATE = 1 << 2,     /* never in an answer */
	F_READ_ONLY = 1 << 3,   /* a client never writes it */
	F_CREATE_ONLY = 1 << 4, /* a client writes it when it creates, not later */
	F_EMAIL = 1 << 5,       /* must look like an e-mail address; kept in lower case */
	F_OWNER = 1 << 6,       /* the agent to whom the row belongs */
	F_TEAM = 1 << 7,        /* the team to which the row belongs */
	F_SEARCHED = 1 << 8,    /* part of q= */
	F_SECRET = 1 << 9,      /* a password or key: not echoed into forms, not logged */
	F_MULTILINE = 1 << 10,  /* text that may hold line breaks */
	F_ARRAY = 1 << 11,      /* of T_JSON: always an array; none is answered as the empty one */
	F_OPTIONAL = 1 << 12    /* of an answer: left out when it is none */
};

struct table;
struct field_set;

/* One sort of row that a subject may name. */
struct subject_kind {
	const char *object;         /* what the subject says: the noun of the table */
	const struct field *column; /* that holds the id, contact_id: a T_ID with its `ref` */
};
enum { SUBJECT_KINDS = 4 }; /* at most; mustergen refuses more */

struct field {
	const char *name; /* of the column, JSON member, parameter and control alike */
	enum field_type type;
	uint32_t flags;   /* enum field_flag */
	uint32_t offset;  /* of the member in its struct */
	int64_t min, max; /* text: characters; int: value; list: items; 0,0: no limit */
	uint32_t weight;  /* of what is searched: how much a word counts that is found here */
	const char *const
	    *names; /* T_ENUM: the value n is names[n]; names[0] is ""; NULL at the end */
	const struct subject_kind
	    *kinds; /* T_SUBJECT: what it may name, in the order of its columns */
	uint32_t n_kinds;
	const struct table *ref;    /* T_ID, T_IDS: the table that it points into, or NULL */
	const struct field_set *of; /* T_LIST, T_OBJECT, T_MAP: an item */
	const struct field *item;   /* T_JSON: what each item of the array is; NULL: any document */
	const struct field
	    *like; /* takes limits, names, items, doc and format from there; NULL: has its own */
	const char *doc;     /* for people: goes into the API document */
	const char *example; /* a value for the API document: a text as it is, a money as
				"1250.00 EUR", T_JSON and lists as JSON, of an id its table; NULL:
				one of its type, where one must be given */
};

struct field_set {
	const struct field *v;
	uint32_t n;
	uint32_t size;    /* of the struct that they describe */
	const char *name; /* of what it declares, without _in and _out; NULL: it is not named */
};

/* The field whose limits, names, kinds, format and doc hold for f: f itself or the column it is
 * like. */
static inline const struct field *field_rule(const struct field *f)
{
	return f->like ? f->like : f;
}
const struct field *field_find(const struct field_set *set, str name); /* NULL: none of that name */
/* The kind of the subjects that name such an object; NULL: none, as for "". */
const struct subject_kind *subject_kind(const struct field *f, str object);
/* Of a value as its column's type keeps it: whether it is none, and whether two are the same. */
bool field_value_none(const struct field *f, const void *value);
bool field_value_equal(const struct field *f, const void *a, const void *b);
