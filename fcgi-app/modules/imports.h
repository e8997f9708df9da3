/*
 * imports.h: what the files of imports share; nobody else includes it. imports.c has the operations
 * and pages, import_file.c keeps the file and reads its rows, import_map.c says which column is
 * what, import_line.c turns cells into values, import_run.c does the rows in batches and
 * import_undo.c takes them back, import_contacts.c, import_deals.c and import_agents.c know their
 * objects, and import_names.c finds what a cell names. Tests: tests/http/imports.test.mjs
 */
#pragma once
#include "core/header_guess.h"
#include "core/operation.h"
#include "core/query_run.h"
#include "core/row.h"
#include "core/workflow.h"

/* --- The file: import_file.c */

/* Reads what was sent, keeps its rows, and fills charset, delimiter and total (every row, a header
 * as well) of the import, which is inserted already. INVALID about "file" for what is no table. */
error import_file_take(struct call *call, struct import *import, str bytes) MUST_CHECK;
error import_file_forget(struct call *call, import_id id) MUST_CHECK;

struct import_reader {
	struct call call; /* the caller's, with an arena of its own */
	const struct import *import;
	bool forgets; /* rows live until the next part is read only */
	bool there;   /* a part is open */
	int64_t row;  /* the next one, counted from 0 in the whole file */
	struct csv csv;
};

/* Begins at a row of the file. Rows live as long as the call, or until the next one that is read
 * when the reader forgets. */
error import_reader_open(struct call *call, const struct import *import, int64_t row, bool forgets,
    struct import_reader *out) MUST_CHECK;
/* *have is false at the end. *bad is a sentence when the row cannot be read, else NULL. */
error import_reader_next(
    struct import_reader *r, struct csv_row *row, const char **bad, bool *have) MUST_CHECK;

/* --- Columns: import_map.c */

struct import_column {
	str header;
	struct header_guess guess, field; /* what was proposed, what it is */
	struct json_object *samples;
	struct date_style dates;
	struct number_style numbers;
};

struct import_plan { /* how the rows of a file are to be understood */
	const struct import *import;
	const struct import_kind *kind;
	struct header_targets targets;
	struct import_column *columns;
	size_t n;
	char currency[4]; /* of the company */
};

/* Looks at the whole file and fills has_header, columns and mapping with what it proposes. */
error import_look(struct call *call, struct import *import, enum header_mode mode) MUST_CHECK;
/* A mapping of columns to fields, as a client gives it, in place of the one before. INVALID names
 * the column. */
error import_map(struct call *call, struct import *import, json_text mapping) MUST_CHECK;
error import_plan_read(
    struct call *call, const struct import *import, struct import_plan *out) MUST_CHECK;
bool import_has(const struct import_plan *plan, const char *field);

/* --- A line of the file: import_line.c */

enum { LINE_ERRORS = 8 };
struct import_line {
	struct arena *arena;
	const struct import_plan *plan;
	struct csv_row cells;
	const char *errors[LINE_ERRORS]; /* sentences for people */
	size_t n_errors;
};

/* Says what is wrong with a field's value. */
void import_bad(struct import_line *line, const char *field, const char *format, ...)
    PRINTF_LIKE(3, 4);
/* As import_bad for what an operation refused. */
void import_refused(struct import_line *line, const struct call *call, error kind);

str import_cell(const struct import_line *line, size_t column); /* without what spreadsheets add */
/* The first value that a column of this field has; none when it is empty. One line of text. */
str import_text(const struct import_line *line, const char *field);
str import_lines(const struct import_line *line, const char *field); /* may hold line breaks */
/* Every value of its columns, at most cap; several addresses in one cell are several. */
size_t import_texts(const struct import_line *line, const char *field, str *out, size_t cap);
/* The values into the input of an operation, when there is one; what cannot be read is an error of
 * the line. */
void import_put_text(struct import_line *line, struct json_object *input, const char *name);
void import_put_day(struct import_line *line, struct json_object *input, const char *name);
void import_put_int(struct import_line *line, struct json_object *input, const char *name);
void import_put_money(struct import_line *line, struct json_object *input, const char *name);
/* emails, phones or addresses: all columns of the family, as a list. */
void import_put_parts(struct import_line *line, struct json_object *input, const char *family);
void import_put(struct json_object *input, const char *name, str text);
void import_put_id(struct json_object *input, const char *name, const char id[37]);
/* Fields that have a name but no column of their own, as lines "Label: value" with the notes. */
str import_note(const struct import_line *line, const char *const *extras);

/* --- Running: import_run.c, import_names.c */

/* The import that a run works on, locked. */
error import_of_job(struct call *call, const struct job *job, struct import *import) MUST_CHECK;

struct import_done { /* what becomes a row of import_rows */
	const struct table *table;
	uuid row;
	bool created;
	struct json_object *was; /* the input that restores an updated row */
};

struct import_batch {
	struct call *call;
	const struct import_plan *plan;
	struct import_line *line;
	uuid row;                       /* that the line matches, or "" */
	enum import_row_status outcome; /* of the line */
	struct import_done done[16];    /* by the line at hand */
	size_t n_done;
	void *known; /* what the object's own code knows in this batch; NULL after a refusal */
	struct import_names *names;
	struct import_row *rows; /* of the whole batch */
	size_t n_rows, cap_rows;
};

/* Runs an operation of the API for the line at hand; its answer, or NULL. */
error import_call(struct import_batch *b, const char *operation, struct json_object *args,
    struct json_object **answer) MUST_CHECK;
/* Creates a row by "<table>_create" and notes it for undoing. */
error import_create(struct import_batch *b, const struct table *table, struct json_object *args,
    uuid *id) MUST_CHECK;
/* Changes a row by "<table>_update" to what of `args` differs from it; *changed says whether. */
error import_change(struct import_batch *b, const struct table *table, const char id[37],
    struct json_object *current, struct json_object *args, bool *changed) MUST_CHECK;
error import_current(struct import_batch *b, const struct table *table, const char id[37],
    struct json_object **row) MUST_CHECK;

/* What a row names by ids comes to what is there: both become the input's. Nothing when it names
 * none; what is not there yet becomes an empty list of `current`. */
void import_merge_ids(struct json_object *current, struct json_object *input, const char *name);

/*
 * The id of what a cell names, in any case and with or without accents; "" when there is none. A
 * batch asks for what all of its lines name by one statement, and knows it from then on; so what it
 * makes itself must be learned. NAME_ELSEWHERE is an id of the other system; NAME_MANAGER is only
 * what was learned.
 */
enum import_name {
	NAME_AGENT,
	NAME_ORGANISATION,
	NAME_PERSON,
	NAME_SOURCE,
	NAME_TAG,
	NAME_TEAM,
	NAME_ROLE,
	NAME_PIPELINE,
	NAME_MANAGER,
	NAME_ELSEWHERE
};
struct import_names *import_names_new(struct arena *a);
error import_find(struct import_batch *b, enum import_name kind, str name, uuid *id) MUST_CHECK;
void import_learn(struct import_batch *b, enum import_name kind, str name, const uuid *id);
/* Asks for many names (a JSON array of texts) at once; the query gives name and id. */
error import_ask(struct import_batch *b, enum import_name kind, const struct query *query,
    struct json_object *names) MUST_CHECK;
size_t import_names_mark(const struct import_names *names);
void import_names_back(struct import_names *names, size_t mark); /* forgets what came since */
/* As import_find; makes what is not there, if the caller may. */
error import_find_or_make(
    struct import_batch *b, enum import_name kind, str name, uuid *id) MUST_CHECK;
/* An agent that must be there: an error of the line when not. */
error import_owner(struct import_batch *b, struct json_object *input) MUST_CHECK;

/* --- Objects */

struct import_kind {
	enum import_object object;
	const struct table *table;
	const char *permissions[6]; /* without which there is no point in starting */
	const char *const *one_of;  /* fields of which the mapping needs one */
	const char *const *extras;  /* fields without a column of their own */
	const char *create;         /* the operation whose input `values` makes */
	const struct query *known; /* rows by their ids of the other system; NULL: they have none */
	/* The values of a line that need no database: the input of the create operation. */
	struct json_object *(*values)(struct import_line *line);
	/* Adds what other rows the line names, by id; makes those that are missing. */
	error (*resolve)(struct import_batch *b, struct json_object *input);
	/* The row that the line is about, "" when there is none; comes before `resolve`. */
	error (*match)(struct import_batch *b, struct json_object *input, uuid *id);
	/* Makes `input`, of a line about a row that is there, what that row shall be. */
	error (*merge)(
	    struct import_batch *b, struct json_object *current, struct json_object *input);
	/* After the row is written; NULL: nothing. */
	error (*after)(struct import_batch *b, struct json_object *input, const uuid *id);
};

extern const struct import_kind import_kind_contacts, import_kind_organisations, import_kind_deals,
    import_kind_agents;
const struct import_kind *import_kind_of(enum import_object object);

/* Adds the line's note to a contact or deal, unless it is there. */
error import_add_note(struct import_batch *b, const char *object, const uuid *id) MUST_CHECK;

extern const struct workflow *const import_workflow, *const import_undo_workflow;
