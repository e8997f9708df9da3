/*
 * gen.h: what the parts of mustergen share. lex.c cuts text into tokens, ddl.c and marks.c read the
 * tables of sql/schema, check.c refuses the unsafe ones and works out the fields, query.c and
 * query_check.c read and judge sql/query, emit.c and emit_query.c write C. README.md here has the
 * rules, tests/negative/gen the refusals. All memory belongs to struct gen; main frees it.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum token_kind { TOKEN_END, TOKEN_WORD, TOKEN_NUMBER, TOKEN_STRING, TOKEN_PUNCT, TOKEN_INPUT };

struct token {
	enum token_kind kind;
	bool space;  /* white space or a comment stands before it */
	bool quoted; /* `word`: never a keyword */
	unsigned line;
	const char *text; /* word: in lower case; string: decoded; input: without the colon */
	const char *raw;  /* as it stands in the file */
};

struct comment {
	const char *text; /* after "--", trimmed */
	unsigned line;
	size_t before; /* index of the token that follows it */
};

struct source {
	const char *path, *text;
	struct token *v;
	size_t n; /* without the TOKEN_END that closes it */
	struct comment *comments;
	size_t n_comments;
};

enum kind { K_UUID, K_TEXT, K_INT, K_BOOL, K_ENUM, K_DECIMAL, K_DAY, K_INSTANT, K_JSON, K_BYTES };

enum mark {
	M_OWNER = 1 << 0,
	M_TEAM = 1 << 1,
	M_TITLE = 1 << 2,
	M_PRIVATE = 1 << 3,
	M_READ = 1 << 4,
	M_CREATE = 1 << 5,
	M_REQUIRED = 1 << 6,
	M_EMAIL = 1 << 7,
	M_SEARCH = 1 << 8,
	M_MULTILINE = 1 << 9,
	M_SUBJECT = 1 << 10,
	M_MIN = 1 << 11,
	M_MAX = 1 << 12,
	M_OPTIONAL = 1 << 13,
	M_LIST = 1 << 14,
	M_ITEMS = 1 << 15,
	M_EXAMPLE = 1 << 16,
	M_BELONGS = 1 << 17,
	M_FOUND = 1 << 18
};

struct names {
	const char **v;
	size_t n;
};

struct column {
	const char *name, *doc;
	unsigned line;
	enum kind kind;
	int64_t min, max;           /* of its type */
	int64_t mark_min, mark_max; /* of @min and @max, in hundredths for a decimal */
	int64_t weight;             /* of @search; 0: none was given */
	unsigned marks;
	bool not_null, has_default, generated;
	struct names values; /* of an enum */
	struct names items;  /* the words after @items */
	struct names found;  /* the words after @found: tables */
	const char *group,
	    *group_value;           /* the words after @belongs: a column, and one of its values */
	const char *item;           /* what they say, as C; or NULL */
	const char *example;        /* the text after @example, or NULL */
	const struct table *ref;    /* whose id it holds: for an id, its own table */
	const struct table *parent; /* to which its foreign key points */
	int field;                  /* the field that it became (part of), or -1 */
};

struct key {
	bool primary, unique;
	unsigned line;
	struct names columns;
};

struct foreign {
	unsigned line;
	const char *table;
	struct names columns, ref_columns;
};

struct within {
	const char *table, *column;
	const struct table *ref;
	size_t at;
};

/* One member of a row struct: a column, the two columns of a money, or those of a subject. */
struct field {
	const char *name, *type, *c_type, *doc;
	const char *values; /* the array with the names of an enum, or NULL */
	const char *kinds;  /* the array of what a subject may name, or NULL */
	size_t n_kinds;
	const struct table *ref;
	const struct column *column; /* the first of its columns */
	int64_t min, max;
	unsigned marks;          /* with the implied ones */
	bool nullable, required; /* required: when a client creates */
};

struct table {
	const char *path, *name, *noun, *object, *doc, *sql;
	unsigned line;
	bool global, unlogged, soft_delete;
	struct column *columns;
	size_t n_columns;
	struct field *fields;
	size_t n_fields;
	struct key *keys;
	size_t n_keys;
	struct foreign *foreigns;
	size_t n_foreigns;
	struct within *parents;
	size_t n_parents;
	int id, owner, team, title; /* index of a field, or -1 */
	int belongs, group;         /* the same: the column marked @belongs, and the one it names */
	int64_t searched;           /* its number among the tables that are searched, or 0 */
};

struct param {
	struct field field;
	unsigned uses;
};

enum piece { PIECE_SQL, PIECE_COMPANY, PIECE_ME, PIECE_INPUT, PIECE_ACCESS };

struct part {
	enum piece piece;
	const char *text;
	const struct table *table;
	size_t input;
};

enum reads { READS_SCOPED, READS_TABLE, READS_ROW, READS_OWNED, READS_FOLLOWING };

struct reading {
	const struct table *table;
	const char *alias;
	enum reads reads;
	enum piece by; /* with READS_ROW and READS_OWNED: PIECE_COMPANY, PIECE_ME or PIECE_INPUT */
	size_t input;
};

struct query {
	const char *path, *name, *doc, *cross_tenant;
	unsigned line;
	struct param *in, *out;
	size_t n_in, n_out;
	struct part *parts;
	size_t n_parts;
	struct reading *tables;
	size_t n_tables;
	struct names unscoped;  /* aliases that need no access condition */
	struct names waivers;   /* the same, each with its reason */
	struct names following; /* aliases whose changes come with others that are noted */
};

struct migration {
	unsigned number;
	const char *name, *sql;
};

struct chunk;
struct gen {
	struct chunk *chunks;
	struct table **tables;
	size_t n_tables;
	struct query **queries;
	size_t n_queries;
	struct migration *migrations;
	size_t n_migrations;
	uint64_t hash; /* of the tokens of sql/schema */
};

/* main.c */
_Noreturn void refuse(const char *path, unsigned line, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void *gen_alloc(struct gen *g, size_t n); /* zeroed; ends the program when memory is out */
char *gen_text(struct gen *g, const char *p, size_t n);
char *gen_format(struct gen *g, const char *fmt, ...)
    __attribute__((nonnull, format(printf, 2, 3)));
void *gen_grow(struct gen *g, void *v, size_t n, size_t size); /* room for one more after n */

#define PUSH(g, v, n) (*((v) = gen_grow((g), (v), (n), sizeof *(v)), &(v)[(n)++]))

/* lex.c */
char *file_read(struct gen *g, const char *path);
struct source *source_read(struct gen *g, const char *path);
bool token_is(const struct token *t, const char *text); /* keyword (not quoted) or punctuation */
bool name_ok(const char *name);                         /* snake_case */
bool name_reserved(const char *name);                   /* a word of C */
char *sql_join(struct gen *g, const struct token *from, const struct token *to);
const char *next_word(struct gen *g, const char **at); /* of a comment, or NULL */
bool names_have(const struct names *names, const char *name);

/* ddl.c */
void ddl_read(struct gen *g, const char *path, const char *name);
int column_find(const struct table *t, const char *name);
struct table *table_find(const struct gen *g, const char *name);

/* marks.c */
void column_comment(struct gen *g, const char *path, struct column *c, const char *comment);
void table_comment(struct gen *g, struct table *t, const char *comment);

/* items.c */
void items_resolve(struct gen *g, const struct table *t, struct column *c);

/* check.c */
void schema_resolve(struct gen *g);
size_t field_width(const struct field *f); /* how many columns a value takes */
void field_enum(struct gen *g, struct field *f, const struct table *t, const char *column);

/* query.c and query_check.c */
const struct table *table_of_id(const struct gen *g, const char *type); /* contact_id, or NULL */
void query_read(struct gen *g, const char *path, const char *name);
void query_check(struct gen *g, struct query *q, const struct token *v, size_t n);

/* emit.c and emit_query.c */
void emit_text(FILE *f, const char *text); /* a C string literal */
void emit_field(FILE *f, const struct field *field, const char *flags, const char *offset);
void emit_schema_h(FILE *f, const struct gen *g);
void emit_schema_c(FILE *f, const struct gen *g);
void emit_queries_h(FILE *f, const struct gen *g);
void emit_queries_c(FILE *f, const struct gen *g);
