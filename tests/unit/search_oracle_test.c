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

#define NORTH "01890a5d-ac96-774b-bcce-b302099a8060"
#define SOUTH "01890a5d-ac96-774b-bcce-b302099a8061"
/* The caller, who is in the north; somebody of its team; somebody of another one. */
#define MATE "01890a5d-ac96-774b-bcce-b302099a8062"
#define STRANGER "01890a5d-ac96-774b-bcce-b302099a8063"

enum { CONTACTS = 700, TASKS = 250, QUERIES = 60, MISTYPED = 60, TITLE = 200, SHOWN = 12 };

#define SEARCH_DATABASE "muster_search_oracle"
#include "search_oracle_spell.h"
#include "search_worker.h"

/* ---- chance ---- */

static uint64_t state;

static size_t below(size_t n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (size_t)(state * UINT64_C(0x2545F4914F6CDD1D) >> 33) % n;
}

static bool chance(size_t percent) { return below(100) < percent; }

#define ONE_OF(LIST) (LIST)[below(sizeof(LIST) / sizeof *(LIST))]

/* ---- words ---- */

#define LONG "donaudampfschifffahrtsgesellschaft" /* more than a titled word may have */
#define LONGEST LONG "skapitaenswitwenrentenamt"
static const char *const first_names[] = { "Ann", "Ann", "Anna", "Annalena", "An", "A", "Jean-Luc",
	"Jean", "Jean Paul", "J\xc3\xb6rg", "Zo\xc3\xab", "Max", "Bo" };
static const char *const last_names[] = { "Smith", "Smith", "Smithers", "M\xc3\xbcller", "Mueller",
	"Mueller", "O'Brien", "Ann", "Sm", "S", "\xe5\xb1\xb1\xe7\x94\xb0", "Li", "M\xc3\xbcllers",
	"Muellersen", "Mueller-Li", "van der Berg", "Vanderberg", "de la Li", "Delali",
	"\xd8\xb9\xd8\xa8\xd8\xaf \xd8\xb9\xd9\x84\xd9\x8a",
	"\xd8\xb9\xd8\xa8\xd8\xaf\xd8\xb9\xd9\x84\xd9\x8a" };
static const char *const words[] = { "ann", "anna", "annalena", "smith", "berlin", "bonn", "2026",
	"2025", "3d", "route66", "the", "offer", "manager", "m\xc3\xbcller", "zo\xc3\xab", "a", "b",
	"jean-luc", "o'brien", "node.js", "ann1", "ann.smith1", LONG, LONGEST "aaaaa",
	LONGEST "aaaaab", LONGEST "aaaab", "\xe6\x9d\xb1\xe4\xba\xac", "\xe6\x9d\xb1",
	"\xe6\xa0\xaa\xe5\xbc\x8f\xe4\xbc\x9a\xe7\xa4\xbe\xe6\x9d\xb1\xe4\xba\xac",
	"\xd0\xa1\xd0\xbc\xd0\xb8\xd1\x80\xd0\xbd\xd0\xbe\xd0\xb2" };
static const char *const cities[] = { "Berlin", "Berlin", "Bonn", "Ann Arbor", "New York",
	"\xe6\x9d\xb1\xe4\xba\xac", "M\xc3\xbcnchen" };
/* So many that their list is not read at once. */
static const char *const jobs[] = { "Manager", "Manager", "Manager", "Manager", "Manager",
	"Head of sales", "Smith", "3d artist" };
static const char *const mails[] = { "ann.smith%zu@x.test", "annsmith%zu@x.test",
	"ann%zu@smith.test", "smith-ann%zu@berlin.test", "jean.luc%zu@x.test", "a%zu@b.test" };
static const char *const phones[] = { "+49 30 2026%03zu", "030 12345%03zu", "0049 151 2026 %04zu",
	"+44 (0)30 2026%03zu" };

static const char *some_words(struct arena *a, size_t n)
{
	const char *text = ONE_OF(words);
	while (--n)
		text = arena_printf(a, "%s %s", text, ONE_OF(words));
	return text;
}

static const char *name(struct arena *a)
{
	return arena_printf(a, "%s %s", ONE_OF(first_names), ONE_OF(last_names));
}

/* That few rows have, and words like which others have. */
static const char *const rare_names[] = { "Smitt", "Annalenna", "Berlim", "Jorge", "Smithar",
	"Offex" };

static str title(struct arena *a)
{
	if (chance(1))
		return str_of(ONE_OF(rare_names));
	return utf8_cut(
	    str_of(chance(70) ? name(a) : some_words(a, 1 + below(chance(30) ? 8 : 3))), TITLE);
}

/* ---- rows ---- */

static agent_id some_owner(void)
{
	static const char *const owners[] = { AGENT, MATE, STRANGER, STRANGER, "" };
	agent_id owner = { "" };
	snprintf(owner.text, sizeof owner.text, "%s", ONE_OF(owners));
	return owner;
}

static team_id some_team(void)
{
	static const char *const teams[] = { NORTH, SOUTH, "", "" };
	team_id team = { "" };
	snprintf(team.text, sizeof team.text, "%s", ONE_OF(teams));
	return team;
}

static json_text one_member(struct arena *a, const char *member, const char *text)
{
	return (json_text) { str_of(arena_printf(a, "[{\"%s\": \"%s\"}]", member, text)) };
}

static void fill_contact(struct arena *a, struct contact *c)
{
	char text[80];
	c->kind = chance(20) ? CONTACT_KIND_ORGANISATION : CONTACT_KIND_PERSON;
	c->full_name = title(a);
	c->also_known_as = (str) { NULL, 0 };
	c->job_title = (str) { NULL, 0 };
	if (chance(15))
		c->also_known_as = str_of(some_words(a, 1 + below(3)));
	if (chance(80))
		c->job_title = str_of(ONE_OF(jobs));
	if (chance(60)) {
		snprintf(text, sizeof text, ONE_OF(mails), below(30));
		c->emails = one_member(a, "address", text);
	}
	if (chance(30)) {
		snprintf(text, sizeof text, ONE_OF(phones), below(40));
		c->phones = one_member(a, "value", text);
	}
	if (chance(70))
		c->addresses = one_member(a, "city", ONE_OF(cities));
}

static error contacts_make(struct call *call)
{
	struct contact *v = ARENA_ARRAY(call->arena, CONTACTS, struct contact);
	for (size_t i = 0; i < CONTACTS; i++) {
		row_init(&contacts_table, &v[i]);
		fill_contact(call->arena, &v[i]);
		v[i].owner_id = some_owner();
		v[i].team_id = some_team();
	}
	return contacts_insert_all(call, v, CONTACTS);
}

static error tasks_make(struct call *call)
{
	struct task *v = ARENA_ARRAY(call->arena, TASKS, struct task);
	for (size_t i = 0; i < TASKS; i++) {
		row_init(&tasks_table, &v[i]);
		v[i].title = utf8_cut(str_of(some_words(call->arena, 1 + below(8))), TITLE);
		if (chance(60))
			v[i].description = str_of(some_words(call->arena, 1 + below(12)));
		v[i].assignee_id = some_owner();
	}
	return tasks_insert_all(call, v, TASKS);
}

static error makes(struct call *call)
{
	TRY(contacts_make(call));
	return tasks_make(call);
}

/* Every row that is not deleted, as its table has it. */
static error rows_of(struct call *call, const struct table *table, void **rows, size_t *n)
{
	struct sql sql;
	sql_begin(&sql, call->arena);
	const struct field **columns = sql_select(&sql, table);
	sql_add(&sql, " WHERE t.company_id = ");
	sql_id(&sql, call->me.company.text);
	sql_add(&sql, " AND t.deleted_at IS NULL");
	return rows_read(call, table, &sql, columns, table->columns.n, rows, n);
}

/* Some are renamed, reassigned, deleted, restored. */
static error changes(struct call *call)
{
	size_t n;
	void *rows;
	TRY(rows_of(call, &contacts_table, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		struct contact *c = (struct contact *)rows + i, locked;
		if (!chance(15))
			continue;
		if (chance(40)) {
			TRY(contact_delete(call, c->id));
			if (chance(50))
				TRY(contact_restore(call, c->id));
			continue;
		}
		TRY(contact_lock(call, c->id, &locked));
		if (chance(50))
			locked.full_name = title(call->arena);
		if (chance(50))
			locked.owner_id = some_owner();
		if (chance(30))
			locked.team_id = some_team();
		TRY(contact_update(call, &locked));
	}
	return OK;
}

/* ---- queries ---- */

/* Names and numbers as they are typed, otherwise than rows have them. */
static const char *const typed_otherwise[] = { "\"joerg mueller\"", "\"joerg obrien\"",
	"\"ann obrien\"", "\"jeanluc mueller\"", "\"jean luc obrien\"", "\"zoe muellers",
	"+49 30 20", "030 2026", "0151 2026", "+49", "+44 30", "+4930 12345", "(030) 1234",
	"49302026", "493012345001", "+49 30 2026001", "+44 30 2026001", "\"30 2026" };

/* One of the words that rows are made of, or a piece of a name. */
static str query_word(struct arena *a)
{
	char text[80];
	size_t kind = below(10);
	if (chance(5))
		return str_of(ONE_OF(rare_names));
	if (chance(8))
		return str_of(ONE_OF(typed_otherwise));
	if (kind < 2)
		return str_of(ONE_OF(first_names));
	if (kind < 4)
		return str_of(ONE_OF(last_names));
	if (kind < 5)
		return str_of(ONE_OF(cities));
	if (kind < 6)
		return str_of(ONE_OF(jobs));
	if (kind < 7) {
		snprintf(text, sizeof text, chance(70) ? ONE_OF(mails) : ONE_OF(phones), below(30));
		return str_of(arena_text(a, text, strlen(text)));
	}
	return str_of(ONE_OF(words));
}

static const char *query(struct arena *a, const struct table *table)
{
	static const char *const contact_fields[] = { "name", "email", "job_title", "addresses" };
	static const char *const task_fields[] = { "title", "description" };
	size_t n = 1 + below(4);
	const char *text = "";
	for (size_t i = 0; i < n; i++) {
		str word = query_word(a);
		const char *field = "", *sign = n > 1 && chance(10) ? "-" : "",
			   *quote = chance(10) ? "\"" : "";
		if (word.p[0] == '"')
			quote = "";
		else if (i + 1 == n && chance(60))
			word = utf8_cut(word, 1 + below(chance(50) ? 3 : utf8_length(word)));
		if (chance(10))
			field = table == &contacts_table
				    ? arena_printf(a, "%s:", ONE_OF(contact_fields))
				    : arena_printf(a, "%s:", ONE_OF(task_fields));
		text = arena_printf(a, "%s%s%s%s%s%.*s%s", text, i ? " " : "", sign, field, quote,
		    (int)word.n, word.p, quote);
	}
	return text;
}

/* ---- typing errors ---- */

/* With a letter too many, too few, another one, or two that changed places. */
static str mistyped(struct arena *a, str word)
{
	static const char *const letters[] = { "a", "e", "n", "s", "m", "z", "\xc3\xbc" };
	size_t n = utf8_length(word), kind = below(4), at = below(n + (kind == 0)),
	       gone = kind == 0   ? 0
		      : kind == 3 ? 2
				  : 1;
	str start = utf8_cut(word, at), one = utf8_cut(behind(word, at), 1),
	    other = utf8_cut(behind(word, at + 1), 1), rest = behind(word, at + gone);
	const char *in = kind < 2 ? ONE_OF(letters) : "";
	if (kind < 3)
		return str_of(
		    arena_printf(a, "%.*s%s%.*s", (int)start.n, start.p, in, (int)rest.n, rest.p));
	return str_of(arena_printf(a, "%.*s%.*s%.*s%.*s", (int)start.n, start.p, (int)other.n,
	    other.p, (int)one.n, one.p, (int)rest.n, rest.p));
}

/* Words of rows, of which one at least was typed wrong, or is meant for another one. `typed`: each
 * as the index has it. */
static const char *mistyped_query(
    struct arena *a, const struct table *table, str typed[QUERY_WORDS])
{
	static const char *const right[] = { "annalena", "smith", "smithers", "berlin", "bonn",
		"offer", "manager", "mueller", "m\xc3\xbcller", "zo\xc3\xab", "head", "sales",
		"york", "arbor", "artist", "anna", "jean", "nodejs", "j\xc3\xb6rg", "muellersen",
		"m\xc3\xbcnchen", "smitt", "annalenna", "berlim", "jorge", "smithar", "offex",
		"\xd1\x81\xd0\xbc\xd0\xb8\xd1\x80\xd0\xbd\xd0\xbe\xd0\xb2" };
	size_t n = 1 + below(3), wrong = n > 1 && chance(50) ? n : below(n);
	const char *text = "";
	for (size_t i = 0; i < n; i++) {
		str word = str_of(ONE_OF(right));
		const char *field = "";
		if (wrong < n && (i == wrong || chance(30)))
			word = mistyped(a, word);
		if (i == wrong && chance(25))
			word = mistyped(a, word);
		if (chance(8))
			field = table == &contacts_table ? "name:" : "title:";
		struct tokens tokens;
		search_tokens(a, word, &tokens);
		typed[i] = (str) { NULL, 0 };
		for (size_t k = 0; k < tokens.n; k++)
			if (tokens.v[k].kind == TOKEN_PLAIN)
				typed[i] = tokens.v[k].text;
		text =
		    arena_printf(a, "%s%s%s%.*s", text, i ? " " : "", field, (int)word.n, word.p);
	}
	return text;
}

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
