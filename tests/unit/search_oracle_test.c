/* layers: base http db core */
/*
 * The search (core/search_find.h) against a plain look at every row: random rows of a few awkward
 * words, random queries of these. What is found must be what search_match() says of the rows that
 * the caller may see, and what comes first must be the same however many are wanted. The seed is
 * printed; MUSTER_TEST_SEED takes another one. Needs a MariaDB: tests/unit/with_mariadb.
 */
#include "core/search_find.h"
#include "core/search_postings.h"

#include "core/row.h"
#include "core/search_pairs.h"
#include "core/search_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#undef fail /* the word of core/call.h here */

#include "search_oracle_spell.h"
#include "search_worker.h"

#include "search_oracle_rows.h"

/* ---- what should be found ---- */

struct plain_row {
	const char *id, *owner, *team;
	bool organisation;
	str words;
	struct postings terms;
};
struct plain_rows {
	const struct table *table;
	struct plain_row *v;
	size_t n;
};

static error plain_rows_of(struct call *call, const struct table *table, struct plain_rows *out)
{
	void *rows;
	TRY(rows_of(call, table, &rows, &out->n));
	out->table = table;
	out->v = ARENA_ARRAY(call->arena, out->n, struct plain_row);
	for (size_t i = 0; i < out->n; i++) {
		const char *row = (const char *)rows + i * table->columns.size;
		struct search_document d;
		search_document_of(call->arena, table, row, &d);
		out->v[i] = (struct plain_row) { .id = row + table->id->offset,
			.owner = row + table->owner->offset,
			.team = table->team ? row + table->team->offset : "",
			.words = d.words };
		search_postings_of(call->arena, table, &d, &out->v[i].terms);
		if (table == &contacts_table)
			out->v[i].organisation =
			    ((const struct contact *)(const void *)row)->kind ==
			    CONTACT_KIND_ORGANISATION;
	}
	return OK;
}

struct asked {
	struct call *call;
	const struct plain_rows *rows;
	enum level level;
	const char *text;
	struct search_query query;
	const struct search_narrow *narrow; /* NULL: all rows */
	const str *typed;                   /* each word, where some are typed wrong; or NULL */
};

static bool is_in_scope(const struct asked *q, const struct plain_row *row)
{
	bool own = !strcmp(row->owner, AGENT);
	if (q->level == LEVEL_ALL || own)
		return true;
	return q->level == LEVEL_TEAM && (!strcmp(row->owner, MATE) || !strcmp(row->team, NORTH));
}

static bool is_seen(const struct asked *q, const struct plain_row *row)
{
	return is_in_scope(q, row) && (!q->narrow || row->organisation);
}

/* Some piece of the word is in the row, if only among words that weigh nothing: they have no
 * postings, so such a row may be found, but need not. */
static bool has_piece(const struct plain_row *row, const struct search_word *w)
{
	struct section s;
	for (str rest = row->words; search_section(&rest, &s);)
		for (size_t k = 0; k < w->n; k++)
			if ((!w->field || str_is(s.field, w->field->name)) &&
			    memmem(s.words.p, s.words.n, w->ways[k].piece.p, w->ways[k].piece.n))
				return true;
	return false;
}

enum verdict { MUST_NOT, MAY, MUST };

/* One of the titled words of the row begins with the word; not told of one of so few letters that
 * this is a term. */
static bool begins_title(const struct plain_row *row, const struct search_word *w)
{
	for (size_t k = 0; k < w->n; k++)
		if (w->ways[k].term.p[0] == '^')
			return false;
	for (size_t i = 0; i < row->terms.n; i++)
		for (size_t k = 0; k < w->n; k++) {
			str term = row->terms.v[i].term, start = w->ways[k].term;
			if (w->ways[k].range && !search_is_elsewhere(&w->ways[k]) &&
			    term.n >= start.n && !memcmp(term.p, start.p, start.n))
				return true;
		}
	return false;
}

/* *tier: of all words that which is farthest. */
static enum verdict verdict(const struct asked *q, const struct search_query *query,
    const struct plain_row *row, enum search_tier *tier)
{
	enum verdict all = is_seen(q, row) ? MUST : MUST_NOT;
	*tier = TIER_EXACT;
	for (size_t i = 0; i < query->n; i++) {
		const struct search_word *w = &query->words[i];
		enum search_tier one = TIER_EXACT;
		uint32_t weight = 0;
		bool has = has_piece(row, w);
		if (has == w->negated)
			return MUST_NOT;
		if (!w->negated && !search_match(row->words, w, &weight, &one))
			all = all == MUST ? MAY : all;
		*tier = one > *tier ? one : *tier;
	}
	if (query->n == 1 && *tier == TIER_PREFIX && begins_title(row, &query->words[0]))
		*tier = TIER_TITLE;
	return all;
}

/* ---- what is found ---- */

static size_t faults, searches, near_found;

static void fault(const struct asked *q, const char *what, const struct plain_row *row)
{
	if (faults++ < SHOWN)
		print_error("%s, level %s%s, <%s>: %s%s%.*s\n", q->rows->table->name,
		    level_names[q->level], q->narrow ? ", organisations" : "", q->text, what,
		    row ? ": " : "", row ? (int)row->words.n : 0, row ? row->words.p : "");
}

static const struct plain_row *row_of(const struct asked *q, const char *id)
{
	for (size_t i = 0; i < q->rows->n; i++)
		if (!strcmp(q->rows->v[i].id, id))
			return &q->rows->v[i];
	return NULL;
}

static bool is_among(const struct search_hits *hits, const char *id)
{
	for (size_t i = 0; i < hits->n; i++)
		if (!strcmp(hits->v[i].id.text, id))
			return true;
	return false;
}

static void check_hits(const struct asked *q, const struct search_hits *hits)
{
	enum search_tier tier;
	for (size_t i = 0; i < hits->n; i++) {
		const struct plain_row *row = row_of(q, hits->v[i].id.text);
		if (!row)
			fault(q, "a row that is not there", NULL);
		else if (verdict(q, hits->query, row, &tier) == MUST_NOT)
			fault(q, "a row that is not meant", row);
		for (size_t k = 0; k < i; k++)
			if (!strcmp(hits->v[k].id.text, hits->v[i].id.text))
				fault(q, "twice", row);
		if (q->query.n == 1 && i && hits->v[i - 1].tier > hits->v[i].tier)
			fault(q, "behind a row that is less near", row);
	}
}

/* How the words stand in a row: the farthest tier, and what each weighs. */
static enum search_tier how(
    const struct search_query *query, const struct plain_row *row, uint32_t weights[QUERY_WORDS])
{
	enum search_tier all = TIER_EXACT;
	for (size_t i = 0; i < query->n; i++) {
		enum search_tier tier = TIER_EXACT;
		weights[i] = 0;
		if (!query->words[i].negated &&
		    search_match(row->words, &query->words[i], &weights[i], &tier) && tier > all)
			all = tier;
	}
	return all;
}

/* So many rows have one of the words that they are not all read at once. */
static bool any_is_common(const struct asked *q)
{
	enum { COMMON = 200 };
	const struct search_query *query = q->query.begun ? q->query.begun : &q->query;
	for (size_t i = 0; i < query->n; i++) {
		const struct search_query one = { .words = &query->words[i], .n = 1 };
		size_t rows = 0;
		enum search_tier tier;
		for (size_t k = 0; k < q->rows->n; k++)
			rows += verdict(q, &one, &q->rows->v[k], &tier) != MUST_NOT;
		if (rows >= COMMON)
			return true;
	}
	return false;
}

/* That no row of several words, of so few that they are ranked at once, stands before one that is
 * nearer, or as near and has each word with at least its weight and one with more. */
static void check_order(const struct asked *q, const struct search_hits *hits)
{
	enum { AT_ONCE = 30 };
	const struct search_query *query = hits->query;
	struct word_pair pair;
	/* Those with two words in their title come before others, unless all are ranked at once. */
	if (q->level == LEVEL_ALL && !q->narrow && search_pair_of(arena, query, &pair) &&
	    (query->n > 2 || any_is_common(q)))
		return;
	for (size_t i = 1; query->n > 1 && !hits->more && hits->n <= AT_ONCE && i < hits->n; i++) {
		const struct plain_row *one = row_of(q, hits->v[i - 1].id.text),
				       *next = row_of(q, hits->v[i].id.text);
		uint32_t weights[2][QUERY_WORDS];
		if (!one || !next)
			continue;
		enum search_tier tiers[] = { how(query, one, weights[0]),
			how(query, next, weights[1]) };
		bool less = false, more = false;
		for (size_t k = 0; k < query->n; k++) {
			less = less || weights[0][k] < weights[1][k];
			more = more || weights[0][k] > weights[1][k];
		}
		if (tiers[0] > tiers[1])
			fault(q, "before a nearer row", one);
		else if (tiers[0] == tiers[1] && less && !more)
			fault(q, "before a row of more weight", one);
	}
}

/* That all are found that must be; of one word at least those that have it, or whose title begins
 * so, when there are more. */
static void check_whole(const struct asked *q, const struct search_hits *hits)
{
	size_t must = 0, found = 0;
	const struct plain_row *missing = NULL;
	for (size_t i = 0; i < q->rows->n; i++) {
		enum search_tier tier;
		if (verdict(q, hits->query, &q->rows->v[i], &tier) != MUST ||
		    (hits->more && hits->query->n == 1 && tier > TIER_TITLE))
			continue;
		must++;
		if (is_among(hits, q->rows->v[i].id))
			found++;
		else
			missing = &q->rows->v[i];
	}
	if (found < must && hits->n < HITS)
		fault(q, hits->more ? "not found, but there are more" : "not found", missing);
}

/* One word, wherever it stands. */
static bool is_plain(const struct search_query *query)
{
	return query->n == 1 && !query->words[0].field;
}

/* That of one word no row is left out that is nearer than one that is found, however many there
 * are. */
static void check_nearest(const struct asked *q, const struct search_hits *hits)
{
	for (size_t i = 0; i < q->rows->n && hits->n && is_plain(hits->query); i++) {
		const struct plain_row *row = &q->rows->v[i];
		enum search_tier tier;
		if (verdict(q, hits->query, row, &tier) == MUST && tier <= TIER_TITLE &&
		    tier < hits->v[hits->n - 1].tier && !is_among(hits, row->id)) {
			fault(q, "left out, though a row is found that is less near", row);
			return;
		}
	}
}

static bool any_must(const struct asked *q, const struct search_query *query)
{
	enum search_tier tier;
	for (size_t i = 0; i < q->rows->n; i++)
		if (verdict(q, query, &q->rows->v[i], &tier) == MUST)
			return true;
	return false;
}

/* That a row has the word as it was typed, or begun, or spelt otherwise. */
static enum verdict verdict_spelled(const struct search_word *w, const struct plain_words *spelled,
    bool only, const struct plain_row *row)
{
	struct search_word one = { .field = w->field };
	enum verdict best = MUST_NOT;
	for (size_t i = 0; i <= spelled->n && best < MUST; i++) {
		const struct search_word *as = w;
		uint32_t weight = 0;
		enum search_tier tier = TIER_EXACT;
		if (i == spelled->n && only)
			break;
		if (i < spelled->n) {
			one.n = 0;
			search_word_add(arena, &one, spelled->v[i]);
			as = &one;
		}
		enum verdict now = !has_piece(row, as)                            ? MUST_NOT
				   : search_match(row->words, as, &weight, &tier) ? MUST
										  : MAY;
		best = now > best ? now : best;
	}
	return best;
}

/* What is found of words that were typed wrong: by the rows that the caller sees alone. `near`:
 * each word may be another one that is a step away, though rows have it. */
static void check_spelled(const struct asked *q, const struct search_hits *hits, bool near)
{
	const struct search_query *query = q->query.begun ? q->query.begun : &q->query;
	struct plain_words seen = { 0 }, spelled[QUERY_WORDS];
	bool too_many = false;
	for (size_t i = 0; i < q->rows->n; i++)
		if (is_in_scope(q, &q->rows->v[i]))
			plain_words_of(arena, q->rows->v[i].words, &seen);
	for (size_t i = 0; i < query->n; i++) {
		(near ? plain_near : plain_spellings)(arena, &seen, q->typed[i], &spelled[i]);
		too_many = too_many || spelled[i].n > SPELLINGS;
	}
	for (size_t i = 0; i < q->rows->n; i++) {
		const struct plain_row *row = &q->rows->v[i];
		enum verdict all = is_seen(q, row) ? MUST : MUST_NOT;
		for (size_t k = 0; k < query->n; k++) {
			enum verdict one = verdict_spelled(
			    &query->words[k], &spelled[k], query->n == 1 && spelled[k].n, row);
			all = one < all ? one : all;
		}
		bool found = is_among(hits, row->id);
		const char *what = NULL;
		if (found && all == MUST_NOT)
			what = "a row of other words than those spelt so";
		if (!found && all == MUST && !too_many && !hits->more && hits->n < HITS)
			what = "not found, though a word is spelt so";
		if (what) {
			fault(q, what, row);
			return;
		}
	}
}

/* One word that a few rows have: these first, and behind them rows with words like it. */
static bool are_first(const struct asked *q, const struct search_hits *hits)
{
	enum search_tier tier;
	size_t must = 0, first = 0;
	for (size_t i = 0; i < q->rows->n; i++)
		must += verdict(q, &q->query, &q->rows->v[i], &tier) == MUST;
	while (first < hits->n &&
	       verdict(q, &q->query, row_of(q, hits->v[first].id.text), &tier) != MUST_NOT)
		first++;
	return q->query.n == 1 && must < 3 && first >= must;
}

static error check(struct asked *q)
{
	static const size_t pages[] = { 1, 5, 20, 40, 100 };
	struct search_hits all, some;
	TRY(search_find(q->call, q->rows->table, q->level, &q->query, q->narrow, HITS, &all));
	searches++;
	check_hits(q, &all);
	if (all.n)
		check_order(q, &all);
	if (q->typed && (!all.n || (all.query != &q->query && all.query != q->query.begun)) &&
	    !any_must(q, &q->query))
		check_spelled(q, &all, false);
	if (!all.n || all.query != &q->query) {
		if (any_must(q, &q->query) && !are_first(q, &all))
			fault(q, "not found as it was typed, or not first", NULL);
		if (q->query.begun && all.query != q->query.begun && any_must(q, q->query.begun))
			fault(q, "nothing found of words that begin so", NULL);
	}
	if (all.n)
		check_whole(q, &all);
	check_nearest(q, &all);
	for (size_t p = 0; p < sizeof pages / sizeof *pages; p++) {
		TRY(search_find(
		    q->call, q->rows->table, q->level, &q->query, q->narrow, pages[p], &some));
		searches++;
		check_nearest(q, &some);
		if (some.n != (all.n < pages[p] ? all.n : pages[p]))
			fault(q, arena_printf(arena, "%zu of %zu are %zu", pages[p], all.n, some.n),
			    NULL);
		for (size_t i = 0; i < some.n && i < all.n; i++)
			if (strcmp(some.v[i].id.text, all.v[i].id.text) != 0) {
				fault(q,
				    arena_printf(arena, "of %zu another is at %zu", pages[p], i),
				    row_of(q, some.v[i].id.text));
				break;
			}
	}
	return OK;
}

/* When several words have found nothing: rows with words near them, the same for any number. */
static error check_near(struct asked *q)
{
	static const size_t pages[] = { 1, 5, 40 };
	struct search_hits all, some;
	TRY(search_find(q->call, q->rows->table, q->level, &q->query, q->narrow, HITS, &all));
	if (all.n || all.more)
		return OK;
	TRY(search_find_near(q->call, q->rows->table, q->level, &q->query, q->narrow, HITS, &all));
	searches++;
	near_found += all.n > 0;
	check_hits(q, &all);
	if (q->typed && q->query.n > 1)
		check_spelled(q, &all, true);
	if (all.n) {
		check_order(q, &all);
		check_whole(q, &all);
	}
	for (size_t p = 0; p < sizeof pages / sizeof *pages; p++) {
		TRY(search_find_near(
		    q->call, q->rows->table, q->level, &q->query, q->narrow, pages[p], &some));
		searches++;
		if (some.n != (all.n < pages[p] ? all.n : pages[p]))
			fault(q, "another number of rows with words near it", NULL);
		for (size_t i = 0; i < some.n && i < all.n; i++)
			if (strcmp(some.v[i].id.text, all.v[i].id.text) != 0)
				fault(q, "another order of rows with words near it", NULL);
	}
	return OK;
}

static void organisations(struct sql *sql, const void *with)
{
	(void)with;
	sql_add(sql, " AND t.kind = 'organisation'");
}

/* The text as a query, if it is one, sometimes among organisations alone. */
static error check_at_all_levels(struct asked *q)
{
	static const enum level levels[] = { LEVEL_ALL, LEVEL_TEAM, LEVEL_OWN };
	static const struct search_narrow narrow = { organisations, NULL };
	if (search_parse(q->call->arena, q->rows->table, str_of(q->text), &q->query) || !q->query.n)
		return OK;
	if (q->rows->table == &contacts_table && chance(15))
		q->narrow = &narrow;
	for (size_t l = 0; l < sizeof levels / sizeof *levels; l++) {
		q->level = levels[l];
		TRY(check(q));
		TRY(check_near(q));
	}
	return OK;
}

static error asks(struct call *call)
{
	struct plain_rows of[2];
	TRY(plain_rows_of(call, &contacts_table, &of[0]));
	TRY(plain_rows_of(call, &tasks_table, &of[1]));
	for (size_t i = 0; i < QUERIES; i++) {
		struct asked q = { .call = call, .rows = &of[chance(25)] };
		q.text = query(call->arena, q.rows->table);
		TRY(check_at_all_levels(&q));
	}
	for (size_t i = 0; i < MISTYPED; i++) {
		str typed[QUERY_WORDS];
		struct asked q = { .call = call, .rows = &of[chance(25)], .typed = typed };
		q.text = mistyped_query(call->arena, q.rows->table, typed);
		TRY(check_at_all_levels(&q));
	}
	return OK;
}

static void what_is_found_is_what_the_rows_say(void **none)
{
	(void)none;
	const char *given = getenv("MUSTER_TEST_SEED");
	uint64_t seed = given ? strtoull(given, NULL, 10) : 1;
	print_message("MUSTER_TEST_SEED=%llu\n", (unsigned long long)seed);
	state = (seed + 1) * UINT64_C(0x9E3779B97F4A7C15);
	assert_int_equal(mutate(makes), OK);
	assert_int_equal(mutate(changes), OK);
	assert_true(number("SELECT COUNT(*) FROM search_documents WHERE deleted") > 0);
	/* How many rows a word has is an estimate of the server, which changes while it clears up
	 * what was deleted; so it does that first. */
	script("SET GLOBAL innodb_max_purge_lag_wait = 0");
	assert_int_equal(mutate(asks), OK);
	print_message("%zu searches, %zu have found words near those\n", searches, near_found);
	assert_int_equal(faults, 0);
}

/* ---- set-up ---- */

#define AN_AGENT(ID, MAIL) \
	"('" COMPANY "', '" ID "', '" MAIL "@b.test', 'A', '" ROLE "', NOW(6), NOW(6))"
#define A_TEAM(ID, NAME) "('" COMPANY "', '" ID "', '" NAME "', NOW(6), NOW(6))"
#define GRANTED(OBJECT, ACTION) \
	"('" COMPANY "', UUID(), '" ROLE "', '" OBJECT "', '" ACTION "', 'all')"

static int group_setup(void **none)
{
	(void)none;
	int e = worker_setup();
	if (!worker)
		return e;
	script(
	    "INSERT INTO agents (company_id, id, email, full_name, role_id, created_at, updated_at)"
	    " VALUES " AN_AGENT(MATE, "m") ", " AN_AGENT(STRANGER,
		"s") ";"
		     "INSERT INTO teams (company_id, id, name, created_at, updated_at) "
		     "VALUES " A_TEAM(NORTH, "North") ", " A_TEAM(SOUTH,
			 "South") ";"
				  "INSERT INTO team_agents (company_id, id, team_id, agent_id, "
				  "created_at) VALUES "
				  "('" COMPANY "', UUID(), '" NORTH "', '" AGENT "', NOW(6)), "
				  "('" COMPANY "', UUID(), '" NORTH "', '" MATE "', NOW(6)), "
				  "('" COMPANY "', UUID(), '" SOUTH "', '" STRANGER "', NOW(6));"
				  "INSERT INTO role_permissions (company_id, id, role_id, object, "
				  "action, level) VALUES " GRANTED("contacts", "view") ", " GRANTED(
				      "contacts", "assign") ", " GRANTED("contacts",
				      "delete") ", " GRANTED("contacts",
				      "edit") ", " GRANTED("agents", "view") ", " GRANTED("teams",
				      "view") ", " GRANTED("tasks", "view") ", " GRANTED("tasks",
				      "assign"));
	return 0;
}

static int setup(void **none)
{
	(void)none;
	if (!worker)
		skip();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(what_is_found_is_what_the_rows_say, setup),
	};
	return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
