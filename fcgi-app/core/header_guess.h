/*
 * header_guess.h: which column of an imported table is which field, from the names of the columns
 * and, where those say nothing, from the values. Only a proposal: a person confirms or changes it,
 * so it says nothing rather than something wrong. The engine is header_guess.c, the words that
 * Google, Outlook, Thunderbird, Roundcube and other programs write are header_targets.c.
 * Tests: tests/unit/header_guess_test.c.
 */
#pragma once
#include "core/csv.h"
#include "core/loose.h"

/* A field that a column can be. */
struct header_target {
	const char *field; /* "first_name"; "phones[].value" is a part of one of several phones */
	const char *label; /* for a form: "First name" */
	/*
	 * Names that a column has when it is this field, the surest first, NULL at the end. Case,
	 * accents, spaces and punctuation do not matter. '#' stands for a number or nothing ("Phone
	 * 2"); what follows '=' is the type that the name says: "cell phone=mobile". Words such as
	 * "home" or "geschäftlich" in front or behind are known for fields with `types` and need no
	 * alias.
	 */
	const char *const *aliases;
	const char *const
	    *types;     /* the types of several phones, e-mails, addresses; NULL at the end */
	enum look look; /* LOOK_EMAIL, LOOK_PHONE, LOOK_URL: values can show that a column is this
			   field */
	bool each; /* every such column is one more (a phone), not a part of the same (a city) */
};

struct header_targets {
	const struct header_target *items;
	size_t n;
	const char *const
	    *prefixes; /* words without meaning in front: "contact" in "Contact e-mail" */
};

/* The built-in fields of "contacts", "organisations", "deals", "agents" or "products"; false for
 * another object. */
bool header_targets(str object, struct header_targets *out);

/* What one column is. */
struct header_guess {
	const struct header_target *target; /* NULL: nothing known */
	uint16_t slot;    /* which of several phones, from 0: columns of one slot belong together */
	const char *type; /* what the name said: "home"; NULL for nothing */
	bool by_values;   /* the name said nothing */
};

struct header_map {
	bool header; /* the first row is names, not data */
	struct header_guess *columns;
	size_t n; /* as many as the longest row has cells */
};

enum header_mode { HEADER_GUESS, HEADER_PRESENT, HEADER_ABSENT };

/*
 * Proposes a field for each column. `rows` are the first rows of the file, the header among them if
 * there is one; twenty to fifty do. A field that is not repeated gets the column with the surest
 * name, and among equals the first that has values. There can be more slots than a row may have
 * phones in the end: most are empty in most rows, so the importer counts per row.
 */
void header_guess(struct arena *a, struct header_targets targets, const struct csv_row *rows,
    size_t n, enum header_mode mode, struct header_map *out);

/* The guess as text for a stored mapping, and back: "first_name", "phones[1].value",
 * "phones[1:home].value"; "" for nothing. */
const char *header_field(struct arena *a, const struct header_guess *guess);
bool header_field_read(struct header_targets targets, str field, struct header_guess *out);

/*
 * The type in a cell beside a phone, e-mail or street address ("* Home", "Work Fax", "Mobil"):
 * work, home, mobile, fax, pager, billing, delivery, other; NULL when it says none of them.
 */
const char *header_type(str cell);
