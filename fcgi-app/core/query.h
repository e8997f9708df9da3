/*
 * query.h: a named SELECT of sql/query, checked and cut into pieces by the generator, so that the
 * tenant and the access condition are bound by the program and cannot be forgotten by a module.
 */
#pragma once
#include "core/table.h"

enum query_piece {
	PIECE_SQL,     /* text as it stands */
	PIECE_COMPANY, /* the caller's company: one ? */
	PIECE_ME,      /* the caller's agent id: one ? */
	PIECE_INPUT,   /* an input by its index: one ? */
	PIECE_ACCESS   /* the access condition of a table at an alias */
};

struct query_part {
	enum query_piece piece;
	const char *text;          /* SQL; for PIECE_ACCESS the alias */
	const struct table *table; /* PIECE_ACCESS */
	uint32_t input;            /* PIECE_INPUT */
};

/* What can change a query's answer by way of one of its tables. */
enum query_reads {
	READS_SCOPED,   /* its access condition says it */
	READS_TABLE,    /* any row of the table */
	READS_ROW,      /* the row with the id `by` */
	READS_OWNED,    /* the rows of the owner `by` */
	READS_FOLLOWING /* nothing that does not change something else which is noted */
};

struct query_table {
	const struct table *table;
	const char *alias;
	enum query_reads reads;
	enum query_piece by; /* PIECE_COMPANY, PIECE_ME or PIECE_INPUT */
	uint32_t input;
};

struct query {
	const char *name;
	const struct query_part *parts;
	uint32_t n_parts;
	struct field_set in;  /* of struct <name>_in */
	struct field_set out; /* of struct <name>_row, in the order of the select list */
	const struct query_table *tables; /* that it reads */
	uint32_t n_tables;
	const char *cross_tenant;    /* the reason why it may read across companies, or NULL */
	const char *const *unscoped; /* "alias reason" for each row that is read without the
					caller's scope, NULL-terminated; or NULL */
	const char *doc;
};

extern const struct query *const all_queries[]; /* NULL-terminated */
