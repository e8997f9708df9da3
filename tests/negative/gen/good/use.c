/*
 * use.c: what mustergen emits for good/, used as a module uses it. run.sh compiles it with -Werror
 * and runs it; each check names the rule that it holds.
 */
#include "queries.h"
#include <stdio.h>
#include <stdlib.h>

static const struct table *last_table;

#define CHECK(rule, condition) \
	do { \
		if (!(condition)) { \
			fprintf(stderr, "good/use.c:%d: %s\n", __LINE__, rule); \
			exit(1); \
		} \
	} while (0)

#define ROW_FUNCTION(name, ...) \
	error name(struct call *call, const struct table *table, __VA_ARGS__) \
	{ \
		(void)call; \
		last_table = table; \
		return OK; \
	}

#pragma GCC diagnostic ignored "-Wunused-parameter"
ROW_FUNCTION(row_get, const char id[37], void *row)
ROW_FUNCTION(row_lock, const char id[37], void *row)
ROW_FUNCTION(row_lock_any, const char id[37], void *row)
ROW_FUNCTION(row_lock_deleted, const char id[37], void *row)
ROW_FUNCTION(row_insert, void *row)
ROW_FUNCTION(row_update, void *row)
ROW_FUNCTION(row_delete, const char id[37])
ROW_FUNCTION(row_restore, const char id[37])
ROW_FUNCTION(rows_insert, void *rows, size_t n)

struct contacts_create_in {
	str note;
	struct contact contact;
};
static const struct field contacts_create_in[] = { CONTACT_CREATE_FIELDS(
	contacts_create_in, contact) };
static const struct field contacts_update_in[] = { CONTACT_UPDATE_FIELDS(
	contacts_create_in, contact) };

static const struct field *find(const struct field *v, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(v[i].name, name) == 0)
			return &v[i];
	return NULL;
}

#define COUNT(v) (sizeof(v) / sizeof *(v))

static void test_columns(void)
{
	const struct field *f = COLUMN(contacts, first_name);
	CHECK("a text has its limits", f->type == T_TEXT && f->min == 1 && f->max == 80);
	CHECK("the comment is the text", strcmp(f->doc, "Given \"name\"; isn't it?\?") == 0);
	CHECK("@search is a flag", f->flags & F_SEARCHED);
	CHECK("an offset is the member's", f->offset == offsetof(struct contact, first_name));
	CHECK("@max narrows the type", COLUMN(contacts, score)->min == 0 &&
		COLUMN(contacts, score)->max == 100);
	CHECK("an id points to its table", COLUMN(contacts, id)->ref == &contacts_table);
	CHECK("a foreign key is the other's id", COLUMN(deals, owner_id)->ref == &agents_table);
	CHECK("company_id is private", COLUMN(deals, company_id)->flags & F_PRIVATE);
	CHECK("bytes are private", COLUMN(agents, password_hash)->flags & F_PRIVATE);
	CHECK("created_at is read-only", COLUMN(contacts, created_at)->flags & F_READ_ONLY);
	CHECK("an implied text", COLUMN(contacts, created_at)->doc != NULL);
	CHECK("a money's limits are hundredths", COLUMN(deals, amount)->type == T_MONEY &&
		COLUMN(deals, amount)->min == 0 && COLUMN(deals, amount)->max == 500050);
	f = COLUMN(addresses, subject);
	CHECK("two columns are one subject", f->type == T_SUBJECT && f->n_kinds == 2);
	CHECK("a subject's kinds in order", strcmp(f->kinds[0].object, "contact") == 0 &&
		strcmp(f->kinds[1].column->name, "deal_id") == 0 &&
		f->kinds[1].column->ref == &deals_table);
	CHECK("an enum has its names",
		strcmp(COLUMN(deals, status)->names[DEAL_STATUS_LOST], "lost") == 0);
	CHECK("an enum's value has a name", strcmp(deal_status_name(DEAL_STATUS_OPEN), "open") == 0);
	CHECK("no value has no name", *deal_status_name(DEAL_STATUS_NONE) == 0 &&
		*deal_status_name((enum deal_status)99) == 0);
	CHECK("a value `none` keeps its name",
		strcmp(agent_level_name(AGENT_LEVEL_NONE), "none") == 0 && AGENT_LEVEL_UNSET == 0);
}

static void test_inputs(void)
{
	const struct field *f;
	size_t n = COUNT(contacts_create_in), m = COUNT(contacts_update_in);
	f = find(contacts_create_in, n, "first_name");
	CHECK("required when it has no DEFAULT", f && (f->flags & F_REQUIRED));
	CHECK("an offset reaches into the input",
		f->offset == offsetof(struct contacts_create_in, contact.first_name));
	f = find(contacts_create_in, n, "email");
	CHECK("@required is not null", f && (f->flags & (F_REQUIRED | F_NULLABLE)) == F_REQUIRED);
	f = find(contacts_create_in, n, "id");
	CHECK("an id may be given", f == contacts_create_in && !(f->flags & F_REQUIRED));
	f = find(contacts_create_in, n, "vip");
	CHECK("a BOOLEAN is not required", f && !(f->flags & F_REQUIRED));
	CHECK("what has a DEFAULT is not required",
		!(find(contacts_create_in, n, "score")->flags & F_REQUIRED));
	CHECK("read-only is no input", !find(contacts_create_in, n, "created_at") &&
		!find(contacts_create_in, n, "deleted_at") && !find(contacts_create_in, n, "company_id"));
	CHECK("an update names its row", strcmp(contacts_update_in[0].name, "id") == 0 &&
		(contacts_update_in[0].flags & F_REQUIRED));
	CHECK("an update requires no column",
		!(find(contacts_update_in, m, "first_name")->flags & F_REQUIRED));
	CHECK("@create is no part of an update",
		!find(agents_table.update_input.v, agents_table.update_input.n, "email") &&
		find(agents_table.create_input.v, agents_table.create_input.n, "email"));
}

static void test_tables(void)
{
	const struct table *t = &contacts_table;
	CHECK("a table knows its marks", t->owner == COLUMN(contacts, owner_id) && !t->team &&
		t->title == COLUMN(contacts, first_name) && t->soft_delete && t->tenant && t->logged);
	CHECK("generated columns stay out", !find(t->columns.v, t->columns.n, "live"));
	CHECK("a currency is part of its money", deals_table.columns.n == 6);
	CHECK("@global", !companies_table.tenant);
	const struct field *item = COLUMN(contacts, extra)->item;
	CHECK("@items", item->type == T_OBJECT && item->of->n == 2 && item->of->v[1].type == T_INT &&
		item->of->v[0].flags == 0 && item->of->v[1].flags == F_OPTIONAL);
	t = &addresses_table;
	CHECK("-ses", strcmp(t->noun, "address") == 0);
	CHECK("@object and @unlogged", strcmp(t->object, "contacts") == 0 && !t->logged && !t->id);
	CHECK("@within", t->n_parents == 2 && t->parents[1].table == &deals_table &&
		strcmp(t->parents[1].sql_column, "deal_id") == 0 &&
		t->parents[1].column == COLUMN(addresses, subject));
	t = &visits_table;
	CHECK("@found", t->n_found == 1 && t->found[0].table == &contacts_table &&
		t->found[0].column == COLUMN(visits, contact_id));
	CHECK("the tables in order", all_tables[0] == &companies_table && all_tables[6] == &visits_table &&
		all_tables[7] == NULL);
	CHECK("the statements", strncmp(schema_statements[3], "CREATE TABLE contacts (", 23) == 0 &&
		schema_statements[7] == NULL);
	CHECK("the hash", strlen(schema_hash) == 16);
	CHECK("the migrations", schema_migrations[0].number == 1 &&
		strcmp(schema_migrations[0].name, "0001_first") == 0 && schema_migrations[1].number == 0);
}

static void test_types(void)
{
	struct contact contact = { 0 };
	struct deal deal = { 0 };
	struct address address = { 0 };
	contact_id id = { "x" };
	CHECK("FIELD_TYPE_OF", FIELD_TYPE_OF(contact.id) == T_ID &&
		FIELD_TYPE_OF(deal.status) == T_ENUM && FIELD_TYPE_OF(deal.amount) == T_MONEY &&
		FIELD_TYPE_OF(contact.extra) == T_JSON && FIELD_TYPE_OF(contact.vip) == T_BOOL);
	CHECK("FIELD_REF_OF", FIELD_REF_OF(contact.owner_id) == &agents_table &&
		FIELD_REF_OF(contact.vip) == NULL);
	CHECK("typed access", contact_get(NULL, id, &contact) == OK && last_table == &contacts_table);
	CHECK("more of it", contact_lock(NULL, id, &contact) == OK && contact_delete(NULL, id) == OK &&
		contact_lock_any(NULL, id, &contact) == OK &&
		contact_lock_deleted(NULL, id, &contact) == OK && contact_restore(NULL, id) == OK && contact_insert(NULL, &contact) == OK &&
		contact_update(NULL, &contact) == OK && deal_update(NULL, &deal) == OK &&
		addresses_insert_all(NULL, &address, 1) == OK && last_table == &addresses_table &&
		address_insert(NULL, &address) == OK);
}

static void test_queries(void)
{
	const struct query *q = &deals_by_owner_query;
	char text[2000] = "";
	CHECK("the queries in order", all_queries[0] == q && all_queries[4] == NULL);
	for (uint32_t i = 0; i < q->n_parts; i++)
		strcat(text, q->parts[i].piece == PIECE_SQL ? q->parts[i].text
			: q->parts[i].piece == PIECE_COMPANY ? "<company>"
			: q->parts[i].piece == PIECE_ACCESS ? "<access>" : "<in>");
	CHECK("the pieces make the statement", strcmp(text,
		"SELECT d.owner_id, COUNT(*), SUM(d.amount), MAX(d.amount_currency) FROM deals d "
		"JOIN agents a ON a.company_id = d.company_id AND a.id = d.owner_id LEFT JOIN contacts c "
		"ON c.company_id = d.company_id AND c.owner_id = a.id AND <access> WHERE <company> = "
		"d.company_id AND (<access>) AND d.status = <in> AND (<in> IS NULL OR c.born_on > <in>) "
		"AND a.email <> 'it''s; :x' AND EXISTS (SELECT 1 FROM (SELECT t.company_id FROM teams t "
		"WHERE t.company_id = <company>) z WHERE z.company_id = d.company_id) "
		"GROUP BY d.owner_id ORDER BY COUNT(*) DESC, d.owner_id LIMIT 20") == 0);
	CHECK("an access knows its table", q->parts[1].piece == PIECE_ACCESS &&
		q->parts[1].table == &contacts_table && strcmp(q->parts[1].text, "c") == 0);
	CHECK("inputs", q->in.n == 2 && q->in.v[0].names == deal_status_names &&
		(q->in.v[0].flags & F_REQUIRED) && (q->in.v[1].flags & F_NULLABLE));
	CHECK("outputs", q->out.n == 3 && q->out.v[2].type == T_MONEY &&
		q->out.size == sizeof(struct deals_by_owner_row) && (q->out.v[0].flags & F_NULLABLE));
	CHECK("tables", q->n_tables == 4 && q->tables[0].table == &deals_table && q->tables[1].table == &agents_table &&
		q->tables[2].table == &contacts_table && q->tables[3].table == &teams_table);
	CHECK("a scoped table says itself what changes it", q->tables[0].reads == READS_SCOPED &&
		q->tables[2].reads == READS_SCOPED && q->tables[1].reads == READS_TABLE);
	const struct query_table *t = rows_read_query.tables;
	CHECK("a row by its id", t[0].reads == READS_ROW && t[0].by == PIECE_INPUT && t[0].input == 0);
	CHECK("rows by their owner", !strcmp(t[1].alias, "m") && t[1].reads == READS_OWNED && t[1].by == PIECE_ME);
	CHECK("one of two owners is none, nor one that only a left join asks for", t[2].reads == READS_TABLE);
	CHECK("a row that is joined by its id", t[3].reads == READS_ROW);
	CHECK("what follows", t[4].reads == READS_FOLLOWING && addresses_all_query.tables[0].reads == READS_FOLLOWING);
	CHECK("a doc may take two lines", strcmp(q->doc, "What each agent has open, and more") == 0);
	CHECK("cross_tenant says why", numbers_query.cross_tenant && !q->cross_tenant);
}

int main(void)
{
	test_columns();
	test_inputs();
	test_tables();
	test_types();
	test_queries();
	return 0;
}
