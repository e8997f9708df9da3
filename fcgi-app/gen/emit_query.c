/*
 * emit_query.c: queries.h and queries.c, in the shapes of core/query.h.
 */
#include "gen.h"

static void emit_struct(
    FILE *f, const struct query *q, const char *suffix, const struct param *v, size_t n)
{
	fprintf(f, "struct %s_%s {\n", q->name, suffix);
	for (size_t i = 0; i < n; i++)
		fprintf(f, "\t%s %s;\n", v[i].field.c_type, v[i].field.name);
	if (n == 0)
		fputs("\tchar nothing;   /* it takes no input */\n", f);
	fputs("};\n", f);
}

void emit_queries_h(FILE *f, const struct gen *g)
{
	fputs("#pragma once\n#include \"core/query.h\"\n#include \"schema.h\"\n", f);
	for (size_t i = 0; i < g->n_queries; i++) {
		const struct query *q = g->queries[i];
		fputc('\n', f);
		emit_struct(f, q, "in", q->in, q->n_in);
		emit_struct(f, q, "row", q->out, q->n_out);
		fprintf(f, "extern const struct query %s_query;\n", q->name);
	}
}

static const char *flags_of(const struct field *field)
{
	bool hidden = field->marks & M_PRIVATE;
	if (field->required)
		return hidden ? "F_REQUIRED | F_PRIVATE" : "F_REQUIRED";
	if (field->nullable)
		return hidden ? "F_NULLABLE | F_PRIVATE" : "F_NULLABLE";
	return hidden ? "F_PRIVATE" : "";
}

static void emit_fields(
    FILE *f, const struct query *q, const char *suffix, const struct param *v, size_t n)
{
	char offset[256];
	if (n == 0)
		return;
	fprintf(f, "\nstatic const struct field %s_%s_fields[] = {\n", q->name, suffix);
	for (size_t i = 0; i < n; i++) {
		snprintf(offset, sizeof offset, "offsetof(struct %s_%s, %s)", q->name, suffix,
		    v[i].field.name);
		fputc('\t', f);
		emit_field(f, &v[i].field, flags_of(&v[i].field), offset);
		fputs(",\n", f);
	}
	fputs("};\n", f);
}

static const char *const pieces[] = { "PIECE_SQL", "PIECE_COMPANY", "PIECE_ME", "PIECE_INPUT",
	"PIECE_ACCESS" };

static void emit_parts(FILE *f, const struct query *q)
{
	fprintf(f, "\nstatic const struct query_part %s_parts[] = {\n", q->name);
	for (size_t i = 0; i < q->n_parts; i++) {
		const struct part *p = &q->parts[i];
		fprintf(f, "\t{ .piece = %s", pieces[p->piece]);
		if (p->text) {
			fputs(", .text = ", f);
			emit_text(f, p->text);
		}
		if (p->table)
			fprintf(f, ", .table = &%s_table", p->table->name);
		if (p->piece == PIECE_INPUT)
			fprintf(f, ", .input = %zu", p->input);
		fputs(" },\n", f);
	}
	fputs("};\n", f);
}

static void emit_tables(FILE *f, const struct query *q)
{
	static const char *const reads[] = { "READS_SCOPED", "READS_TABLE", "READS_ROW",
		"READS_OWNED", "READS_FOLLOWING" };
	fprintf(f, "\nstatic const struct query_table %s_tables[] = {\n", q->name);
	for (size_t i = 0; i < q->n_tables; i++) {
		const struct reading *r = &q->tables[i];
		fprintf(f, "\t{ &%s_table, \"%s\", %s", r->table->name, r->alias, reads[r->reads]);
		if (r->reads == READS_ROW || r->reads == READS_OWNED)
			fprintf(f, ", %s, %zu", pieces[r->by], r->input);
		fputs(" },\n", f);
	}
	fputs("};\n", f);
}

static void emit_query(FILE *f, const struct query *q)
{
	emit_fields(f, q, "in", q->in, q->n_in);
	emit_fields(f, q, "row", q->out, q->n_out);
	emit_parts(f, q);
	emit_tables(f, q);
	fprintf(f,
	    "\nconst struct query %s_query = {\n\t.name = \"%s\",\n\t.parts = %s_parts,\n"
	    "\t.n_parts = %zu,\n\t.in = { ",
	    q->name, q->name, q->name, q->n_parts);
	if (q->n_in)
		fprintf(f, "%s_in_fields", q->name);
	else
		fputs("NULL", f);
	fprintf(f,
	    ", %zu, sizeof(struct %s_in) },\n\t.out = { %s_row_fields, %zu, sizeof(struct %s_row), "
	    "\"%s\" },\n"
	    "\t.tables = %s_tables,\n\t.n_tables = %zu,\n",
	    q->n_in, q->name, q->name, q->n_out, q->name, q->name, q->name, q->n_tables);
	if (q->cross_tenant) {
		fputs("\t.cross_tenant = ", f);
		emit_text(f, q->cross_tenant);
		fputs(",\n", f);
	}
	if (q->waivers.n) {
		fputs("\t.unscoped = (const char *const[]) { ", f);
		for (size_t i = 0; i < q->waivers.n; i++) {
			emit_text(f, q->waivers.v[i]);
			fputs(", ", f);
		}
		fputs("NULL },\n", f);
	}
	fputs("\t.doc = ", f);
	emit_text(f, q->doc);
	fputs(",\n};\n", f);
}

void emit_queries_c(FILE *f, const struct gen *g)
{
	fputs("#include \"queries.h\"\n", f);
	for (size_t i = 0; i < g->n_queries; i++)
		emit_query(f, g->queries[i]);
	fputs("\nconst struct query *const all_queries[] = {\n", f);
	for (size_t i = 0; i < g->n_queries; i++)
		fprintf(f, "\t&%s_query,\n", g->queries[i]->name);
	fputs("\tNULL\n};\n", f);
}
