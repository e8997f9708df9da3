/*
 * search.c: the bench of `tests/bench/run search`: contacts in many companies by a Zipf law, some
 * of them with names of other scripts; how fast the search of core/search_find.h is in the largest
 * company, as its owner and as one of its agents, who asks for own contacts and for those of
 * others, beside InnoDB FULLTEXT on the same rows; how good its order is; what the index costs who
 * writes. The database is MUSTER_DATABASE_URL, with the schema and without contacts, or with those
 * of an earlier run. CONTACTS (1000000), COMPANIES (1000), LARGEST (a fifth of the contacts) and
 * QUERIES (500) make it smaller; QUERY asks for that text alone; with MEMBERS people are looked for
 * by their organisation as well when nobody is found, and then by words near those, as GET
 * /v1/search does; PARTS ("ask order write") leaves measurements out.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/log.h"
#include "base/random.h"
#include "core/operation.h"
#include "core/row.h"
#include "core/search_find.h"
#include "core/search_members.h"
#include "core/search_renew.h"
#include "core/search_text.h"
#include "core/search_write.h"
#include "core/sql.h"
#include "made_contacts.h"
#include "write_contacts.h"

enum { AGENTS = 40, A_BATCH = 200 };

#define COUNT(array) (sizeof(array) / sizeof *(array))

static struct db_options options;
static struct db *db;
static struct arena *arena;
static uuid *company, *agent; /* the agents are of the first company */
static size_t n_companies, n_contacts, n_largest, n_queries;

void bench_stop(const char *what, const char *why)
{
	fprintf(stderr, "search bench: %s: %s\n", what, why);
	exit(1);
}
static _Noreturn void stop(const char *what) { bench_stop(what, db ? db_reason(db) : ""); }
#define NEED(e, what) \
	do { \
		if ((e) != OK) \
			stop(what); \
	} while (0)

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool part(const char *name)
{
	const char *wanted = getenv("PARTS");
	return !wanted || strstr(wanted, name);
}

static size_t setting(const char *name, size_t otherwise)
{
	const char *text = getenv(name);
	return text ? strtoul(text, NULL, 10) : otherwise;
}

/* ---- what is there ---- */

static void run_script(const char *format, ...) PRINTF_LIKE(1, 2);
static void run_script(const char *format, ...)
{
	char text[4096];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	NEED(db_script(db, str_of(text)), text);
}

static void make_companies(void)
{
	company = calloc(n_companies, sizeof *company);
	agent = calloc(AGENTS, sizeof *agent);
	for (size_t i = 0; i < n_companies; i++) {
		company[i] = uuid_v7();
		/* With an index as it is to be, or it would be made anew while it is measured. */
		run_script("INSERT INTO companies (id, company_id, name, currency, time_zone, "
			   "search_version, created_at, updated_at) VALUES ('%s', '%s', 'C', "
			   "'EUR', 'UTC', %d, NOW(6), NOW(6))",
		    company[i].text, company[i].text, SEARCH_VERSION);
	}
	uuid role = uuid_v7();
	run_script("INSERT INTO roles (company_id, id, name, created_at, updated_at) VALUES ('%s', "
		   "'%s', 'R', NOW(6), NOW(6))",
	    company[0].text, role.text);
	for (size_t i = 0; i < AGENTS; i++) {
		agent[i] = uuid_v7();
		run_script(
		    "INSERT INTO agents (company_id, id, email, full_name, role_id, created_at, "
		    "updated_at) VALUES ('%s', '%s', 'a%zu@b.test', 'A', '%s', NOW(6), NOW(6))",
		    company[0].text, agent[i].text, i, role.text);
	}
}

/* Those of an earlier run, in the order in which they were made. */
static size_t find_made(const char *table, uuid **out)
{
	static const struct field id = { .name = "id", .type = T_ID };
	const struct field *columns[] = { &id };
	struct db_rows *rows;
	size_t n = 0, cap = 0;
	*out = NULL;
	NEED(
	    db_query(db, arena, str_of(arena_printf(arena, "SELECT id FROM %s ORDER BY id", table)),
		NULL, 0, columns, 1, &rows),
	    "companies");
	for (bool have;;) {
		NEED(db_next(rows, &have), "companies");
		if (!have)
			return n;
		if (n == cap)
			*out = realloc(*out, (cap = cap ? 2 * cap : 64) * sizeof **out);
		db_into(rows, &(*out)[n++]);
	}
}

static bool find_companies(void)
{
	size_t n = find_made("companies", &company);
	if (!n || find_made("agents WHERE email LIKE '%@b.test'", &agent) != AGENTS)
		return false;
	n_companies = n;
	return true;
}

/* The first company has a fifth of all, the next ten a fiftieth each, the others what is left. */
static size_t size_of_company(size_t i)
{
	size_t big = n_companies > 11 ? 10 : 0, rest = n_companies - 1 - big;
	if (i == 0)
		return n_largest;
	if (i <= big)
		return n_contacts / 50;
	return (n_contacts - n_largest - big * (n_contacts / 50)) / (rest ? rest : 1);
}

static void load(void)
{
	struct chance c = { 7 };
	struct contact *rows = calloc(A_BATCH, sizeof *rows);
	const uuid nobody = { "" };
	size_t done = 0;
	double began = now(), indexing = 0;
	static struct known_words known;
	for (size_t i = 0; i < n_companies; i++)
		for (size_t left = size_of_company(i); left > 0;) {
			size_t n = left < A_BATCH ? left : A_BATCH;
			for (size_t k = 0; k < n; k++)
				make_contact(&c, arena, done + k, company[i],
				    i ? nobody : agent[below(&c, AGENTS)], &rows[k]);
			NEED(db_begin(db), "begin");
			insert_contacts(db, arena, rows, n);
			double at = now();
			index_contacts(db, arena, &known, rows, n);
			indexing += now() - at;
			NEED(db_commit(db), "commit");
			arena_reset(arena);
			done += n;
			left -= n;
		}
	printf(
	    "%zu contacts in %zu companies: %.0f s, of which the index %.0f s (%.0f contacts/s)\n",
	    done, n_companies, now() - began, indexing, (double)done / (now() - began));
	free(rows);
}

static void sizes(const char *table)
{
	struct {
		int64_t rows, mb;
	} size = { 0, 0 };
	static const struct field fields[] = { { .name = "rows", .type = T_INT, .offset = 0 },
		{ .name = "mb", .type = T_INT, .offset = 8 } };
	const struct field *columns[] = { &fields[0], &fields[1] };
	str name = str_of(table);
	run_script("ANALYZE TABLE %s", table);
	NEED(
	    db_one(db, arena,
		STR("SELECT table_rows, (data_length + index_length) DIV 1048576 FROM "
		    "information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?"),
		&DB_PARAM_TEXT(&name), 1, columns, 2, &size),
	    "sizes");
	printf("  %-18s about %10lld rows, %6lld MB\n", table, (long long)size.rows,
	    (long long)size.mb);
}

/* Data of an earlier run are read once, so that what is measured is a server that has been up for a
 * while. */
static void read_all(void)
{
	double began = now();
	run_script("SELECT COUNT(signature) FROM search_postings FORCE INDEX (PRIMARY) INTO @n; "
		   "SELECT COUNT(words) FROM search_documents FORCE INDEX (PRIMARY) INTO @n; "
		   "SELECT COUNT(word) FROM search_words FORCE INDEX (PRIMARY) INTO @n; "
		   "SELECT COUNT(full_name) FROM contacts FORCE INDEX (PRIMARY) INTO @n; "
		   "SELECT COUNT(body) FROM bench_text FORCE INDEX (PRIMARY) INTO @n");
	printf("read once: %.0f s\n", now() - began);
}

/* ---- samples of the largest company ---- */

struct sample {
	str full_name, first_name, last_name, emails, phones;
	uuid owner;
};
static struct sample *samples;
static size_t n_samples;

static void take_samples(struct arena *keep)
{
	static const struct field fields[] = {
		{ .name = "a", .type = T_TEXT, .offset = offsetof(struct sample, full_name) },
		{ .name = "b", .type = T_TEXT, .offset = offsetof(struct sample, first_name) },
		{ .name = "c", .type = T_TEXT, .offset = offsetof(struct sample, last_name) },
		{ .name = "d", .type = T_TEXT, .offset = offsetof(struct sample, emails) },
		{ .name = "e", .type = T_TEXT, .offset = offsetof(struct sample, phones) },
		{ .name = "f", .type = T_ID, .offset = offsetof(struct sample, owner) },
	};
	const struct field *columns[] = { &fields[0], &fields[1], &fields[2], &fields[3],
		&fields[4], &fields[5] };
	const struct db_param param = DB_PARAM_ID(company[0].text);
	struct db_rows *rows;
	size_t cap = 0;
	NEED(db_query(db, keep,
		 STR("SELECT full_name, first_name, last_name, JSON_VALUE(emails, "
		     "'$[0].address'), JSON_VALUE(phones, '$[0].value'), owner_id FROM contacts "
		     "WHERE "
		     "company_id = ? ORDER BY CRC32(id) LIMIT 5000"),
		 &param, 1, columns, 6, &rows),
	    "samples");
	for (bool have;;) {
		NEED(db_next(rows, &have), "samples");
		if (!have)
			return;
		ARENA_GROW(keep, samples, n_samples, cap);
		db_into(rows, &samples[n_samples++]);
	}
}

/* ---- what is asked ---- */

static bool latin(str s) { return s.n && ((unsigned char)s.p[0] < 0xd0); }

/* Whose contacts are asked for; NULL: anybody's. */
static const char *whose;

static const struct sample *any(struct chance *c, bool of_latin)
{
	for (;;) {
		const struct sample *s = &samples[below(c, n_samples)];
		if (whose && strcmp(whose, s->owner.text) != 0)
			continue;
		if (!of_latin || latin(s->last_name))
			return s;
	}
}

/* The folded first word of a text. */
static str folded(struct arena *a, str text) { return plain(a, text); }

static str rare_word(struct arena *a, struct chance *c)
{
	(void)a;
	for (int i = 0; i < 1000; i++) {
		const struct sample *s = any(c, true);
		size_t seen = 0;
		for (size_t k = 0; k < n_samples && seen < 3; k++)
			seen += str_eq(samples[k].last_name, s->last_name);
		if (seen < 3)
			return s->last_name;
	}
	return any(c, true)->last_name;
}
static str common_word(struct arena *a, struct chance *c)
{
	(void)a;
	return str_of(below(c, 3) ? common_last[below(c, COUNT(common_last))]
				  : common_first[below(c, COUNT(common_first))]);
}
static str email_of(struct arena *a, struct chance *c)
{
	(void)a;
	return any(c, true)->emails;
}
static str phone_end(struct arena *a, struct chance *c)
{
	str phone = any(c, false)->phones;
	return kept(a, phone.p + phone.n - 7);
}
static str no_accent(struct arena *a, struct chance *c)
{
	return folded(a, any(c, true)->last_name);
}
static str cjk(struct arena *a, struct chance *c)
{
	(void)a;
	return str_of(han_first[below(c, COUNT(han_first))]);
}
static str two_words(struct arena *a, struct chance *c)
{
	const struct sample *s = any(c, true);
	return str_of(arena_printf(a, "%.*s %.*s", (int)s->last_name.n, s->last_name.p,
	    (int)s->first_name.n, s->first_name.p));
}
/* Of two people: mostly nobody is called so. */
static str two_of_others(struct arena *a, struct chance *c)
{
	const struct sample *one = any(c, true), *other = any(c, true);
	return str_of(arena_printf(a, "%.*s %.*s", (int)one->first_name.n, one->first_name.p,
	    (int)other->last_name.n, other->last_name.p));
}
static str three_words(struct arena *a, struct chance *c)
{
	str two = two_words(a, c);
	return str_of(arena_printf(a, "%.*s gmail.com", (int)two.n, two.p));
}
static str two_common(struct arena *a, struct chance *c)
{
	return str_of(arena_printf(a, "%s %s", common_first[below(c, COUNT(common_first))],
	    common_last[below(c, COUNT(common_last))]));
}
static str letters(struct arena *a, struct chance *c, size_t n)
{
	str word = folded(a, any(c, true)->last_name);
	return kept(a, arena_text(a, word.p, n < word.n ? n : word.n));
}
static str one_letter(struct arena *a, struct chance *c) { return letters(a, c, 1); }
static str two_letters(struct arena *a, struct chance *c) { return letters(a, c, 2); }
static str three_letters(struct arena *a, struct chance *c) { return letters(a, c, 3); }
/* Two letters from `at` on swapped, or one changed. */
static void mistype(struct chance *c, char *text, size_t at)
{
	char swapped = text[at];
	if (below(c, 2)) {
		text[at] = text[at + 1];
		text[at + 1] = swapped;
	} else {
		text[at] = (char)('a' + below(c, 26));
	}
}
static char *long_name(struct arena *a, struct chance *c, size_t letters, size_t *n)
{
	str word;
	do
		word = folded(a, any(c, true)->last_name);
	while ((*n = word.n) < letters);
	return arena_text(a, word.p, word.n);
}
static str misspelt(struct arena *a, struct chance *c)
{
	size_t n;
	char *text = long_name(a, c, 5, &n);
	mistype(c, text, 1 + below(c, n - 2));
	return str_of(text);
}
/* One in each half. */
static str misspelt_twice(struct arena *a, struct chance *c)
{
	size_t n;
	char *text = long_name(a, c, 8, &n);
	mistype(c, text, below(c, n / 2));
	mistype(c, text, n / 2 + below(c, n - n / 2 - 1));
	return str_of(text);
}

/* What somebody wants to know the time of. */
static str asked_for(struct arena *a, struct chance *c)
{
	(void)a;
	(void)c;
	return str_of(getenv("QUERY"));
}

/* ---- asking ---- */

static const struct operation asking = { .name = "bench", .kind = QUERY_KIND, .may = SIGNED_IN };

static struct call *call_of(struct arena *a, bool as_agent, struct chance *c)
{
	struct call *call = ARENA_NEW(a, struct call);
	call->arena = a;
	call->db = db;
	call->op = &asking;
	memcpy(call->me.company.text, company[0].text, sizeof(uuid));
	memcpy(call->me.agent.text, agent[below(c, as_agent ? AGENTS : 1)].text, sizeof(uuid));
	return call;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static void say_times(double *times, size_t n)
{
	qsort(times, n, sizeof *times, by_value);
	printf(" %8.2f /%8.2f", times[n / 2] * 1000, times[n * 99 / 100] * 1000);
}

static void ask_ours(
    str (*make)(struct arena *, struct chance *), bool as_agent, bool for_own, bool warming)
{
	double *times = calloc(n_queries, sizeof *times);
	struct chance c = { warming ? 4711 : 99 };
	for (size_t i = 0; i < n_queries; i++) {
		struct search_query query;
		struct search_hits hits;
		struct call *call = call_of(arena, as_agent, &c);
		whose = for_own ? call->me.agent.text : NULL;
		str text = make(arena, &c);
		double began = now();
		if (search_parse(arena, &contacts_table, text, &query) ||
		    search_find(call, &contacts_table, as_agent ? LEVEL_OWN : LEVEL_ALL, &query,
			NULL, 20, &hits) != OK)
			stop("a search failed");
		const struct search_query *group;
		if (getenv("MEMBERS") && !hits.n &&
		    search_members(call, &contacts_table, as_agent ? LEVEL_OWN : LEVEL_ALL, &query,
			NULL, &hits, &group) != OK)
			stop("a search of members failed");
		if (getenv("MEMBERS") && !hits.n &&
		    search_find_near(call, &contacts_table, as_agent ? LEVEL_OWN : LEVEL_ALL,
			&query, NULL, 20, &hits) != OK)
			stop("a search of words near those failed");
		times[i] = now() - began;
		if (!warming && getenv("SLOW") && times[i] * 1000 > atof(getenv("SLOW")))
			printf("\n  %.2f ms: %s (%zu hits)", times[i] * 1000, text.p, hits.n);
		arena_reset(arena);
	}
	whose = NULL;
	if (!warming)
		say_times(times, n_queries);
	free(times);
}

/* The same words, all of them, the last one begun, in boolean mode; the best twenty. */
static void ask_fulltext(str (*make)(struct arena *, struct chance *))
{
	size_t n = n_queries < 30 ? n_queries : 30;
	double *times = calloc(n, sizeof *times);
	struct chance c = { 99 };
	static const struct field id = { .name = "id", .type = T_ID };
	const struct field *columns[] = { &id };
	for (size_t i = 0; i < n; i++) {
		struct buf words = { 0 };
		struct tokens all;
		(void)call_of(arena, false, &c);
		search_tokens(arena, make(arena, &c), &all);
		for (size_t k = 0; k < all.n; k++)
			if (all.v[k].kind == TOKEN_PLAIN || all.v[k].kind == TOKEN_LOCAL)
				buf_printf(&words, "+%.*s ", (int)all.v[k].text.n, all.v[k].text.p);
		if (words.n)
			words.p[words.n - 1] = '*';
		str text = buf_view(&words);
		const struct db_param params[] = { DB_PARAM_ID(company[0].text),
			DB_PARAM_TEXT(&text) };
		struct db_rows *rows;
		double began = now();
		NEED(db_query(db, arena,
			 STR("SELECT id FROM bench_text WHERE company_id = ? AND MATCH(body) "
			     "AGAINST "
			     "(? IN BOOLEAN MODE) LIMIT 20"),
			 params, 2, columns, 1, &rows),
		    "FULLTEXT");
		db_close(rows);
		times[i] = now() - began;
		buf_free(&words);
		arena_reset(arena);
	}
	say_times(times, n);
	free(times);
}

static const struct {
	const char *name;
	str (*make)(struct arena *, struct chance *);
} classes[] = { { "a rare word", rare_word }, { "a common word", common_word },
	{ "a full e-mail", email_of }, { "the end of a phone", phone_end },
	{ "without its accent", no_accent }, { "a CJK name", cjk }, { "two words", two_words },
	{ "words of two people", two_of_others }, { "three words", three_words },
	{ "two very common ones", two_common }, { "one letter", one_letter },
	{ "two letters", two_letters }, { "three letters", three_letters },
	{ "one typing error", misspelt }, { "two of them", misspelt_twice } };

static void ask_class(const char *name, str (*make)(struct arena *, struct chance *))
{
	printf("  %-22s", name);
	/* With other words first, so that data of an earlier run are in memory again. */
	for (int warming = 1; warming >= 0; warming--) {
		ask_ours(make, false, false, warming);
		ask_ours(make, true, true, warming);
		ask_ours(make, true, false, warming);
	}
	ask_fulltext(make);
	printf("\n");
	fflush(stdout);
}

static void ask_all(void)
{
	printf("\nms, p50 / p99           %20s%20s%20s%20s\n", "owner", "agent", "agent, others'",
	    "FULLTEXT, owner");
	const char *only = getenv("CLASS");
	if (getenv("QUERY"))
		ask_class(getenv("QUERY"), asked_for);
	for (size_t i = 0; i < COUNT(classes) && !getenv("QUERY"); i++)
		if (!only || !strcmp(only, classes[i].name))
			ask_class(classes[i].name, classes[i].make);
}

static void make_fulltext(void)
{
	double began = now();
	run_script(
	    "DROP TABLE IF EXISTS bench_text; CREATE TABLE bench_text (company_id UUID NOT NULL, "
	    "id UUID NOT NULL, body TEXT COLLATE utf8mb4_uca1400_ai_ci NOT NULL, "
	    "PRIMARY KEY (company_id, id)); INSERT INTO bench_text SELECT company_id, id, "
	    "CONCAT_WS(' ', full_name, JSON_VALUE(emails, '$[0].address'), JSON_VALUE(phones, "
	    "'$[0].value'), JSON_VALUE(addresses, '$[0].city')) FROM contacts; "
	    "ALTER TABLE bench_text ADD FULLTEXT (body)");
	printf("FULLTEXT of the same rows: %.0f s\n", now() - began);
}

/* ---- how good the order is ---- */

static bool is_named(const char *id, str full_name)
{
	struct {
		str name;
	} row;
	static const struct field name = { .name = "n", .type = T_TEXT, .offset = 0 };
	const struct field *columns[] = { &name };
	const struct db_param params[] = { DB_PARAM_ID(company[0].text), DB_PARAM_ID(id) };
	NEED(
	    db_one(db, arena, STR("SELECT full_name FROM contacts WHERE company_id = ? AND id = ?"),
		params, 2, columns, 1, &row),
	    "a hit");
	return str_eq(row.name, full_name);
}

/* 200 questions for somebody of the samples, as people ask; right is whoever has that name. */
static void relevance(void)
{
	enum { QUESTIONS = 200, KINDS = 6 };
	struct chance c = { 5 };
	size_t first = 0, five = 0;
	for (size_t i = 0; i < QUESTIONS; i++) {
		const struct sample *s = any(&c, true);
		while (folded(arena, s->last_name).n < 5 || folded(arena, s->first_name).n < 4)
			s = any(&c, true);
		str a = s->first_name, b = s->last_name, fa = folded(arena, a),
		    fb = folded(arena, b);
		char *wrong = arena_text(arena, fb.p, fb.n), swapped = wrong[2];
		wrong[2] = wrong[3];
		wrong[3] = swapped;
		const char *text = i % KINDS == 0 ? arena_printf(arena, "%s %s", a.p, b.p)
				   : i % KINDS == 1
				       ? arena_printf(arena, "%s %.*s", a.p, (int)fb.n - 1, fb.p)
				   : i % KINDS == 2 ? arena_printf(arena, "%s %s", fa.p, fb.p)
				   : i % KINDS == 3 ? arena_printf(arena, "%s %s", fa.p, wrong)
				   : i % KINDS == 4 ? arena_printf(arena, "%s", s->phones.p + 4)
						    : arena_printf(arena, "%s %s", b.p, a.p);
		struct search_query query;
		struct search_hits hits;
		if (search_parse(arena, &contacts_table, str_of(text), &query) ||
		    search_find(call_of(arena, false, &c), &contacts_table, LEVEL_ALL, &query, NULL,
			20, &hits) != OK)
			stop("a search failed");
		size_t at = 0;
		while (at < hits.n && at < 5 && !is_named(hits.v[at].id.text, s->full_name))
			at++;
		bool in_five = at < hits.n && at < 5;
		first += in_five && !at;
		five += in_five;
		if (!(in_five && !at) && getenv("MISSES"))
			printf("  missed: %s for %.*s (%zu hits, at %zu)\n", text,
			    (int)s->full_name.n, s->full_name.p, hits.n, at);
		arena_reset(arena);
	}
	printf("\nright row first in %.1f %%, in the first five in %.1f %% of %d questions\n",
	    100.0 * (double)first / QUESTIONS, 100.0 * (double)five / QUESTIONS, QUESTIONS);
}

int main(void)
{
	char why[256];
	arena = arena_new();
	struct arena *keep = arena_new();
	const char *url = getenv("MUSTER_DATABASE_URL");
	n_contacts = setting("CONTACTS", 1000000);
	n_largest = setting("LARGEST", n_contacts / 5);
	n_companies = setting("COMPANIES", 1000);
	n_queries = setting("QUERIES", 500);
	if (!url || !db_options_parse(keep, str_of(url), &options, why))
		stop("MUSTER_DATABASE_URL is missing");
	db = db_new(&options, DB_WRITE);
	make_names();
	if (!find_companies()) {
		make_companies();
		load();
		make_fulltext();
	}
	read_all();
	sizes("contacts");
	sizes("search_postings");
	sizes("search_documents");
	sizes("search_words");
	sizes("bench_text");
	take_samples(keep);
	if (part("ask"))
		ask_all();
	if (part("order"))
		relevance();
	if (part("write"))
		measure_writing(company, n_companies);
	db_free(db);
	arena_free(arena);
	arena_free(keep);
	return 0;
}
