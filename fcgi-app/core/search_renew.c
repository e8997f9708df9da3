/* search_renew.c: see search_renew.h. Statements: sql/query/search.sql. The comparing and mending
 * is search_mend.h's. */
#include "core/search_renew.h"

#include "base/clock.h"
#include "core/gate.h"
#include "core/query_run.h"
#include "core/row.h"
#include "core/search_document.h"
#include "core/search_mend.h"
#include "core/sql_run.h"
#include "core/worker.h"
#include "core/workflow.h"

int64_t search_percent(int64_t version, int64_t progress)
{
	if (version == SEARCH_VERSION)
		return 0;
	/* It says that it is whole by another version. */
	return progress >= SEARCH_WHOLE || progress < 1 ? 1 : progress;
}

int64_t search_progress(struct call *call)
{
	if (!call->me.indexing)
		return INT_NONE;
	call_reads_row(call, &companies_table, call->me.company.text);
	return call->me.indexing;
}

/* ---- the run ---- */

struct search_index {
	int64_t version;               /* by which it is made */
	int64_t all;                   /* rows at its beginning */
	int64_t rows, postings, right; /* how many were looked at; search_mend.h */
	str table;                     /* at which it is, and where in it */
	uuid row;
	str term;
	int64_t place;
};
STATE_FIELDS(search_index) = {
	STATE_FIELD(search_index, version),
	STATE_FIELD(search_index, all),
	STATE_FIELD(search_index, rows),
	STATE_FIELD(search_index, postings),
	STATE_FIELD(search_index, right),
	STATE_FIELD(search_index, table),
	STATE_FIELD(search_index, row),
	STATE_FIELD(search_index, term),
	STATE_FIELD(search_index, place),
};

static const struct table *searched_from(size_t i)
{
	while (all_tables[i] && !search_has(all_tables[i]))
		i++;
	return all_tables[i];
}

static const struct table *table_now(const struct search_index *s)
{
	for (size_t i = 0; all_tables[i]; i++)
		if (str_is(s->table, all_tables[i]->name))
			return all_tables[i];
	return searched_from(0);
}

static const struct table *table_after(const struct table *t)
{
	size_t i = 0;
	while (all_tables[i] != t)
		i++;
	return searched_from(i + 1);
}

static error count_rows(struct call *call, int64_t *out)
{
	static const struct field n = { .name = "n", .type = T_INT };
	const struct field *columns[] = { &n };
	struct sql sql;
	sql_begin(&sql, call->arena);
	sql_add(&sql, "SELECT 0");
	for (size_t i = 0; all_tables[i]; i++) {
		if (!search_has(all_tables[i]))
			continue;
		sql_from(&sql, " + (SELECT COUNT(*) FROM ", all_tables[i], "t");
		sql_add(&sql, " WHERE t.company_id = ");
		sql_id(&sql, call->me.company.text);
		sql_add(&sql, ")");
		sql_noted(&sql, "t");
	}
	return sql_one(call, &sql, columns, 1, out);
}

static error begin(struct call *call, struct search_index *s)
{
	*s = (struct search_index) { .version = SEARCH_VERSION };
	return count_rows(call, &s->all);
}

/* Rows are most of the work. */
static int64_t percent(const struct search_index *s, bool of_rows)
{
	enum { ROWS = 80 };
	int64_t done = of_rows ? s->rows : s->right, all = of_rows ? s->all : s->postings;
	int64_t part = all < 1 ? 100 : done >= all ? 100 : done * 100 / all;
	int64_t whole = of_rows ? part * ROWS / 100 : ROWS + part * (SEARCH_WHOLE - ROWS) / 100;
	return whole < 1 ? 1 : whole < SEARCH_WHOLE ? whole : SEARCH_WHOLE - 1;
}

/* Each ten percent: who waits for a search is told of it. */
static error tell(struct call *call, int64_t before, int64_t now)
{
	enum { STEP = 10 };
	struct company company;
	if (before / STEP == now / STEP)
		return OK;
	TRY(company_lock_any(call, call->me.company, &company));
	company.search_progress = now;
	return company_update(call, &company);
}

static error rows_portion(
    struct search_mend *m, const struct table *t, struct search_at *at, bool *more)
{
	return search_mend_rows(m, t, at->row.text, more);
}

/* Some of them, for as long as who wants to write these rows can wait. *over: there are no more. */
static error some(struct call *call, struct search_index *s,
    error (*portion)(struct search_mend *, const struct table *, struct search_at *, bool *),
    struct arena *arena, bool *over)
{
	enum { STEP_US = 250000 };
	int64_t began = clock_monotonic_us();
	struct search_mend m = { .db = call->db,
		.arena = arena,
		.mend = true,
		.each_posting = true,
		.known = &call->worker->words };
	memcpy(m.company, call->me.company.text, sizeof m.company);
	const struct table *t = table_now(s);
	struct search_at at = { .place = s->place, .row = s->row };
	memcpy(at.term, s->term.p ? s->term.p : "", s->term.n);
	while (t && clock_monotonic_us() - began < STEP_US) {
		bool more;
		TRY(portion(&m, t, &at, &more));
		if (!more) {
			t = table_after(t);
			at = (struct search_at) { "" };
		}
		arena_reset(arena);
	}
	*over = !t;
	s->table = t ? str_of(t->name) : (str) { NULL, 0 };
	s->row = at.row;
	s->place = at.place;
	s->term = str_of(arena_text(call->arena, at.term, strlen(at.term)));
	s->rows += m.found.rows;
	s->postings += m.found.postings;
	s->right += m.found.right;
	return OK;
}

static error go_on(struct call *call, struct search_index *s, bool of_rows, bool *over)
{
	struct arena *arena = arena_new();
	int64_t before = percent(s, of_rows);
	error e = some(call, s, of_rows ? rows_portion : search_mend_postings, arena, over);
	arena_free(arena);
	return e == OK ? tell(call, before, percent(s, of_rows)) : e;
}

static error rows_step(struct call *call, struct job *job)
{
	struct search_index *s = job->state;
	bool over;
	if (s->version != SEARCH_VERSION) /* it begins, or began with another program */
		TRY(begin(call, s));
	TRY(go_on(call, s, true, &over));
	job_next(job, over ? "postings" : "rows");
	return OK;
}

static error postings_step(struct call *call, struct job *job)
{
	struct search_index *s = job->state;
	struct company company;
	bool over;
	if (s->version != SEARCH_VERSION) {
		job_next(job, "rows");
		return OK;
	}
	TRY(go_on(call, s, false, &over));
	if (!over) {
		job_next(job, "postings");
		return OK;
	}
	TRY(company_lock_any(call, call->me.company, &company));
	company.search_version = SEARCH_VERSION;
	company.search_progress = SEARCH_WHOLE;
	return company_update(call, &company);
}

WORKFLOW(search_index, .definition = 1, .lane = "search", .of_the_program = true,
    .state = STATE_SET(search_index),
    .steps = {
	{ "rows", rows_step, .alone = true }, { "postings", postings_step, .alone = true } });

/* ---- which company needs it ---- */

static error start_run(struct call *call, const void *in, struct json *out)
{
	struct company company;
	struct search_run_row run;
	(void)in;
	(void)out;
	TRY(company_lock_any(call, call->me.company, &company));
	if (company.search_version == SEARCH_VERSION)
		return OK;
	error e = query_one(call, &search_run_query, NULL, &run);
	if (e != NOT_FOUND)
		return e;
	call->problem = (struct problem) { 0 };
	company.search_progress = 1;
	TRY(company_update(call, &company));
	return workflow_start(call, &search_index, company.id.text, NULL, NULL);
}

static error start_in(struct worker *w, const company_id *company)
{
	static const struct operation start = { .name = "search_renew",
		.kind = MUTATION_KIND,
		.may = SIGNED_IN,
		.answer = ANSWER_NOTHING,
		.run = start_run };
	struct answer answer;
	gate_ask(w, w->arena,
	    &(struct ask) { .op = &start,
		.credential = CREDENTIAL_JOB,
		.job_company = *company,
		.request_id = STR("search"),
		.started = clock_now() },
	    &answer);
	return answer.kind;
}

error search_renew(struct worker *w, const volatile sig_atomic_t *stopping)
{
	struct companies_to_index_in ask = { .version = SEARCH_VERSION };
	struct companies_to_index_row *rows;
	for (size_t n = 1; n > 0 && !*stopping;) {
		arena_reset(w->arena);
		struct call call = {
			.worker = w, .arena = w->arena, .db = w->reads, .now = clock_now()
		};
		TRY(query_all(&call, &companies_to_index_query, &ask, &rows, &n));
		for (size_t i = 0; i < n; i++)
			TRY(start_in(w, &rows[i].company_id));
		if (n)
			memcpy(ask.last.text, rows[n - 1].company_id.text, sizeof ask.last.text);
	}
	arena_reset(w->arena);
	return OK;
}
