/*
 * search.c: one search over contacts, deals, tasks, notes and activities. How it finds and ranks is
 * core/search_find.h; here the kinds are put together. Tests: tests/http/search.test.mjs.
 */
#include <stdio.h>
#include <stdlib.h>

#include "core/browser.h"
#include "core/cursor.h"
#include "core/operation.h"
#include "core/page.h"
#include "core/query_run.h"
#include "core/search_in_table.h"
#include "core/search_renew.h"
#include "core/search_show.h"
#include "core/search_text.h"
#include "core/search_typed.h"
#include "deals.h"

static const struct table *const kinds[] = { &contacts_table, &deals_table, &tasks_table,
	&notes_table, &activities_table };
enum { CONTACTS, DEALS, KINDS = sizeof kinds / sizeof *kinds };

struct search_list_in {
	str q, kinds, cursor;
	int64_t limit;
};
FIELDS(search_list) = {
	FIELD(search_list, q, .flags = F_REQUIRED | F_MULTILINE, .min = 1, .max = QUERY_CHARACTERS,
	    .doc = "Words that must all occur, the last one perhaps begun; \"side by side\", "
		   "-without, field:word",
	    .example = "ada"),
	FIELD(search_list, kinds, .max = 80,
	    .doc = "Where to look, with commas between them: contacts, deals, tasks, notes, "
		   "activities; everywhere, when it is not given",
	    .example = "contacts,deals"),
	FIELD(
	    search_list, limit, .min = 1, .max = 100, .doc = "How many; 25, when it is not given"),
	FIELD(search_list, cursor, .max = 4000, .doc = "meta.next_cursor of the page before"),
};

struct search_kind_out {
	str kind;
	int64_t count;
	bool more;
};
ANSWER(search_kind) = {
	MEMBER(search_kind, kind, .doc = "contacts, deals, tasks, notes or activities"),
	MEMBER(search_kind, count, .doc = "How many of them fit, up to 200"),
	MEMBER(search_kind, more, .doc = "Whether there are more than that"),
};

struct search_result_out {
	str kind;
	uuid id;
	str title;
	subject about;
	str subtitle, page;
	int64_t members;
	bool more_members;
	str members_page;
	list title_parts, matches;
};
ANSWER(search_result) = {
	MEMBER(search_result, kind, .doc = "contacts, deals, tasks, notes or activities"),
	MEMBER(search_result, id, .doc = "Id of the row"),
	MEMBER(search_result, title, .doc = "Its name or title; of a note, its first line"),
	MEMBER(search_result, about, .like = COLUMN(tasks, subject), .flags = F_NULLABLE),
	MEMBER(search_result, subtitle, .flags = F_NULLABLE,
	    .doc = "What tells it from others called alike: the name or title of what it is about; "
		   "of a deal the organisation that buys, or the first of its people; of a contact "
		   "the first e-mail address, or phone, when the words were not found there. null: "
		   "there is none, or it may not be seen"),
	MEMBER(search_result, page, .doc = "Path of the dashboard's page that shows it"),
	MEMBER(search_result, members, .flags = F_NULLABLE,
	    .doc = "Of an organisation, how many contacts belong to it, up to 100; null: nobody, "
		   "it is no organisation, or ten others come before it"),
	MEMBER(search_result, more_members, .doc = "Whether there are more than that"),
	MEMBER(search_result, members_page, .flags = F_NULLABLE,
	    .doc = "Path of the dashboard's page that lists them"),
	MEMBER_LIST(search_result, title_parts, search_part,
	    .doc = "The title in parts to be put side by side"),
	MEMBER_LIST(search_result, matches, search_match, .doc = "Where else the words were found"),
};

struct search_meta_out {
	bool has_more;
	str next_cursor;
	bool alike;
	int64_t indexed;
};
ANSWER(search_meta) = {
	MEMBER(search_meta, has_more, .doc = "Whether there is a next page"),
	MEMBER(search_meta, next_cursor, .flags = F_NULLABLE, .doc = "Asks for it"),
	MEMBER(search_meta, alike,
	    .doc = "Whether nothing has these words: what was found has words spelt much like "
		   "them"),
	MEMBER(search_meta, indexed, .flags = F_NULLABLE,
	    .doc = "While the search index is made anew, how much of it there is, in percent: not "
		   "every row is found; null: all"),
};

struct search_list_out {
	list kinds, data;
	struct search_meta_out meta;
};
ANSWER(search_list) = {
	MEMBER_LIST(
	    search_list, kinds, search_kind, .doc = "What was found of each kind that one may see"),
	MEMBER_LIST(search_list, data, search_result, .doc = "What was found, the best first"),
	MEMBER_OBJECT(search_list, meta, search_meta, .doc = "The pages"),
};

/* ---- what is asked ---- */

static bool named(str names, const char *kind)
{
	for (str one, rest = names; rest.n;) {
		if (!str_cut(rest, ',', &one, &rest)) {
			one = rest;
			rest.n = 0;
		}
		if (str_is(str_trim(one), kind))
			return true;
	}
	return false;
}

static error check_kinds(struct call *call, str names)
{
	for (str one, rest = names; rest.n;) {
		bool known = false;
		if (!str_cut(rest, ',', &one, &rest)) {
			one = rest;
			rest.n = 0;
		}
		for (size_t i = 0; i < KINDS; i++)
			known = known || str_is(str_trim(one), kinds[i]->name);
		if (!known)
			return fail_code(call, MALFORMED, "kinds", "unknown_value",
			    "\"%.*s\": there are contacts, deals, tasks, notes and activities",
			    (int)(one.n > 40 ? 40 : one.n), one.p);
	}
	return OK;
}

static error parse_all(
    struct call *call, const struct search_list_in *in, struct search_place places[KINDS])
{
	for (size_t i = 0; i < KINDS; i++) {
		enum level level = access_view_level(call, kinds[i]);
		places[i] = (struct search_place) { .table = kinds[i],
			.level = level,
			.looked = level != LEVEL_NONE &&
				  (!in->kinds.n || named(in->kinds, kinds[i]->name)) };
	}
	const char *why = search_parse_places(call->arena, in->q, places, KINDS);
	if (!why && !places[0].query.n)
		why = "has no letter and no digit to look for";
	return why ? fail_code(call, MALFORMED, "q", "invalid", "%s", why) : OK;
}

/* ---- the kinds together ---- */

/* One or two letters that are all that was typed so far. */
static bool is_hardly_begun(const struct search_query *query)
{
	enum { FEW_LETTERS = 2 };
	const struct search_word *w = query->words;
	if (query->n != 1 || w->negated || w->field || search_dense(search_bare(w->ways[0].term)))
		return false;
	for (size_t k = 0; k < w->n; k++)
		if (search_is_start(w->ways[k].term))
			return utf8_length(search_bare(w->ways[0].term)) <= FEW_LETTERS;
	return false;
}

/* Who has typed an a means somebody whose name begins so, more likely than "left a message": in
 * texts that are no names a word of few letters is no nearer than a beginning. */
static void tell_names_first(struct search_place places[KINDS])
{
	for (size_t k = 0; k < KINDS; k++)
		for (size_t i = 0; k != CONTACTS && i < places[k].hits.n; i++)
			if (places[k].hits.v[i].tier < TIER_TITLE &&
			    is_hardly_begun(&places[k].query))
				places[k].hits.v[i].tier = TIER_TITLE;
}

static error tell_typed(struct call *call, str text, struct search_place places[KINDS])
{
	struct typed_hits of[KINDS];
	for (size_t k = 0; k < KINDS; k++) {
		of[k] = (struct typed_hits) {
			.table = kinds[k], .level = places[k].level, .hits = &places[k].hits
		};
		search_typed_words(call->arena, kinds[k], text, &of[k].words);
	}
	return search_tell_typed(call, of, KINDS);
}

struct ranked {
	const struct search_hit *hit;
	size_t kind;
};

static int better(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;
	int c = search_hit_order(x->hit, y->hit);
	if (c)
		return c;
	return x->kind != y->kind ? (x->kind < y->kind ? -1 : 1)
				  : strcmp(y->hit->id.text, x->hit->id.text);
}

/* Where the page begins: after the row that ended the last one, wherever that stands by now, or at
 * the one that was to follow. When both have gone, a row before the place is gone at least. */
static error cursor_place(struct call *call, const struct search_list_in *in,
    const struct ranked *all, size_t n, size_t *first)
{
	str text, place, rest, ids, id, behind, asked;
	int64_t number;
	*first = 0;
	if (!in->cursor.n)
		return OK;
	str expected = str_of(arena_printf(call->arena, "%.*s\n%.*s", (int)in->kinds.n,
	    in->kinds.p ? in->kinds.p : "", (int)in->q.n, in->q.p));
	if (!cursor_open(call, in->cursor, &text) || !str_cut(text, ' ', &place, &rest) ||
	    !str_cut(rest, '\n', &ids, &asked) || !str_cut(ids, ' ', &id, &behind) ||
	    !str_eq(asked, expected) || !int_parse(place, &number) || number < 1)
		return fail_code(
		    call, MALFORMED, "cursor", "invalid", "this cursor is not one of this search");
	*first = (size_t)number - 1 < n ? (size_t)number - 1 : n;
	for (size_t i = 0; i < n; i++)
		if (str_is(behind, all[i].hit->id.text))
			*first = i;
	for (size_t i = 0; i < n; i++)
		if (str_is(id, all[i].hit->id.text))
			*first = i + 1;
	return OK;
}

static void next_page(struct call *call, const struct search_list_in *in, const struct ranked *last,
    size_t place, struct search_meta_out *meta)
{
	meta->has_more = true;
	meta->next_cursor =
	    cursor_seal(call, str_of(arena_printf(call->arena, "%zu %s %s\n%.*s\n%.*s", place,
				  last[0].hit->id.text, last[1].hit->id.text, (int)in->kinds.n,
				  in->kinds.p ? in->kinds.p : "", (int)in->q.n, in->q.p)));
}

static subject about(const struct table *table, const void *row)
{
	for (uint32_t i = 0; i < table->columns.n; i++)
		if (table->columns.v[i].type == T_SUBJECT)
			return *(const subject *)(const void *)((const char *)row +
								table->columns.v[i].offset);
	return (subject) { "", { "" } };
}

/* The organisation that buys, or else the first of the people. */
static subject buyer_of(struct arena *a, const struct deal *deal)
{
	const char *id = deal->organisation_id.text;
	subject buyer = { "", { "" } };
	if (!id[0])
		id = deal_first_person(a, deal);
	if (id[0]) {
		snprintf(buyer.object, sizeof buyer.object, "%s", contacts_table.noun);
		snprintf(buyer.id.text, sizeof buyer.id.text, "%s", id);
	}
	return buyer;
}

/* Whose the row is tells it from others called alike. */
static subject whose_is(struct arena *a, const struct table *table, const void *row)
{
	return table == &deals_table ? buyer_of(a, row) : about(table, row);
}

/* Asks for rows with that title: side by side, for it may hold the signs of a query, and more words
 * than one may have. Of a long one the beginning is asked for. */
static str title_query(struct arena *a, str title)
{
	char *text = arena_alloc(a, title.n + 3);
	size_t n = 1;
	text[0] = '"';
	for (size_t i = 0; i < title.n; i++)
		if (title.p[i] != '"')
			text[n++] = title.p[i];
	str begun = utf8_cut((str) { text, n }, QUERY_CHARACTERS - 1);
	if (begun.n < n)
		return begun;
	text[n++] = '"';
	return (str) { text, n };
}

static str page_of_tasks(struct arena *a, str title)
{
	str q = browser_encode(a, title_query(a, title), "");
	return str_of(arena_printf(a, "/tasks?q=%.*s", (int)q.n, q.p));
}

/* Contacts and deals have a page; what is about one of them stands on that: a task among what is to
 * do until it is done, all else in the history, which goes as far back as to it; a task about
 * nothing is in the list of tasks. */
static str page_of(
    struct arena *a, const struct table *table, const void *row, const char *id, str title)
{
	subject whose = about(table, row);
	if (table == &contacts_table || table == &deals_table)
		return str_of(arena_printf(a, "/%s/%s", table->name, id));
	if (!whose.object[0])
		return page_of_tasks(a, title);
	if (table == &tasks_table && ((const struct task *)row)->status == TASK_STATUS_OPEN)
		return str_of(arena_printf(a, "/%ss/%s#task-%s", whose.object, whose.id.text, id));
	return str_of(
	    arena_printf(a, "/%ss/%s?event=%s#event-%s", whose.object, whose.id.text, id, id));
}

/* Whether the parts are all of the title: of a note of one line, which is its title. */
static bool is_title(const struct search_match_out *match, str title)
{
	const struct search_part_out *parts = match->parts.items;
	size_t at = 0;
	for (size_t i = 0; i < match->parts.n; at += parts[i].text.n, i++)
		if (parts[i].text.n > title.n - at ||
		    memcmp(title.p + at, parts[i].text.p, parts[i].text.n) != 0)
			return false;
	return at == title.n;
}

/* What was found in the title is told with the title, and not again. */
static void tell_matches(
    struct arena *a, const struct table *table, list matches, struct search_result_out *out)
{
	struct search_match_out *all = matches.items;
	struct search_part_out *whole = ARENA_NEW(a, struct search_part_out);
	bool titled = matches.n && (table->title ? str_is(all[0].field, table->title->name)
						 : is_title(&all[0], out->title));
	*whole = (struct search_part_out) { out->title, false };
	out->title_parts = titled ? all[0].parts : (list) { whole, 1 };
	out->matches = (list) { all + titled, matches.n - titled };
}

static bool has_match(const struct search_result_out *out, const struct field *column)
{
	const struct search_match_out *all = out->matches.items;
	for (size_t i = 0; i < out->matches.n; i++)
		if (str_is(all[i].field, column->name))
			return true;
	return false;
}

/* Many people have the same name: where one is reached says who it is. */
static void tell_address(
    struct arena *a, const struct contact *contact, struct search_result_out *out)
{
	const struct field *const columns[] = { COLUMN(contacts, emails),
		COLUMN(contacts, phones) };
	for (size_t i = 0; i < 2 && str_none(out->subtitle); i++) {
		if (has_match(out, columns[i]))
			return;
		out->subtitle = search_first_text(a, columns[i], contact);
	}
}

/* An organisation is told with the way to those who belong to it. */
static error tell_members(
    struct call *call, const struct contact *contact, size_t *told, struct search_result_out *out)
{
	enum { MOST = 100, ORGANISATIONS = 10 };
	struct members_of_organisation_row row;
	if (contact->kind != CONTACT_KIND_ORGANISATION || *told == ORGANISATIONS)
		return OK;
	++*told;
	TRY(query_one(call, &members_of_organisation_query,
	    &(struct members_of_organisation_in) { .organisation = contact->id }, &row));
	if (!row.count)
		return OK;
	out->more_members = row.count > MOST;
	out->members = out->more_members ? MOST : row.count;
	out->members_page =
	    str_of(arena_printf(call->arena, "/contacts?organisation_id=%s", contact->id.text));
	return OK;
}

/* Of somebody who was found by words of the organisation as well: where those stand. */
static void tell_organisation(struct call *call, const struct contact *organisation,
    const struct search_query *query, struct search_result_out *out)
{
	struct search_match_out *matches =
	    ARENA_ARRAY(call->arena, out->matches.n + 1, struct search_match_out);
	list names = search_matches(call->arena, &contacts_table, organisation, query);
	const struct search_match_out *name = names.items;
	if (!names.n || !str_is(name->field, "full_name"))
		return;
	matches[0] = (struct search_match_out) { STR("organisation_id"), name->parts };
	if (out->matches.n)
		memcpy(matches + 1, out->matches.items, out->matches.n * sizeof *matches);
	out->matches = (list) { matches, out->matches.n + 1 };
}

/* The organisations of the rows that are contacts, at the same places; NULL for others. */
static error organisations_of(struct call *call, const struct search_place *contacts,
    const struct ranked *page, void *const *rows, size_t n, void **out)
{
	const char **ids = ARENA_ARRAY(call->arena, n + 1, const char *);
	void **found = ARENA_ARRAY(call->arena, n + 1, void *);
	size_t *places = ARENA_ARRAY(call->arena, n + 1, size_t), some = 0;
	for (size_t i = 0; i < n && contacts->group; i++) {
		const struct contact *contact = rows[i];
		if (kinds[page[i].kind] != &contacts_table || !contact)
			continue;
		places[some] = i;
		ids[some++] = contact->organisation_id.text;
	}
	if (!some)
		return OK;
	TRY(search_rows(call, &contacts_table, contacts->level, ids, some, found));
	for (size_t i = 0; i < some; i++)
		out[places[i]] = found[i];
	return OK;
}

/* Many tasks and deals are called alike: whose each is says which one it is. */
static error tell_subjects(struct call *call, const struct search_place places[KINDS],
    const subject *whose, struct search_result_out *results, size_t n)
{
	const char **ids = ARENA_ARRAY(call->arena, n + 1, const char *);
	void **found = ARENA_ARRAY(call->arena, n + 1, void *);
	size_t *of = ARENA_ARRAY(call->arena, n + 1, size_t);
	for (size_t k = CONTACTS; k <= DEALS; k++) {
		const struct table *table = kinds[k];
		size_t some = 0;
		for (size_t i = 0; i < n; i++)
			if (!strcmp(whose[i].object, table->noun)) {
				of[some] = i;
				ids[some++] = whose[i].id.text;
			}
		if (!some || places[k].level == LEVEL_NONE)
			continue;
		memset(found, 0, some * sizeof *found);
		TRY(search_rows(call, table, places[k].level, ids, some, found));
		for (size_t i = 0; i < some; i++)
			if (found[i])
				results[of[i]].subtitle =
				    search_title(call->arena, table, found[i]);
	}
	return OK;
}

/* One's task may be about what one does not see, whose page would not be found: it is in the list.
 */
static void tell_pages_apart(struct arena *a, struct search_result_out *results, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_is(results[i].kind, tasks_table.name) && str_none(results[i].subtitle))
			results[i].page = page_of_tasks(a, results[i].title);
}

/* The words as the hits have them, so that what was found by a typing error is marked as well. */
static const struct search_query *found_by(const struct search_place *place)
{
	return place->hits.query ? place->hits.query : &place->query;
}

/* The page's rows, of each kind by one statement, in the order of the ranking. */
static error show(struct call *call, const struct search_place places[KINDS],
    const struct ranked *page, size_t n, list *data)
{
	struct search_result_out *results =
	    ARENA_ARRAY(call->arena, n + 1, struct search_result_out);
	void **rows = ARENA_ARRAY(call->arena, n + 1, void *),
	     **organisations = ARENA_ARRAY(call->arena, n + 1, void *);
	const char **ids = ARENA_ARRAY(call->arena, n + 1, const char *);
	subject *whose = ARENA_ARRAY(call->arena, n + 1, subject);
	size_t shown = 0, told = 0;
	for (size_t k = 0; k < KINDS; k++) {
		size_t of_kind = 0;
		void **found = ARENA_ARRAY(call->arena, n + 1, void *);
		for (size_t i = 0; i < n; i++)
			if (page[i].kind == k)
				ids[of_kind++] = page[i].hit->id.text;
		if (!of_kind)
			continue;
		TRY(search_rows(call, kinds[k], places[k].level, ids, of_kind, found));
		of_kind = 0;
		for (size_t i = 0; i < n; i++)
			if (page[i].kind == k)
				rows[i] = found[of_kind++];
	}
	TRY(organisations_of(call, &places[CONTACTS], page, rows, n, organisations));
	for (size_t i = 0; i < n; i++) {
		const struct table *table = kinds[page[i].kind];
		if (!rows[i])
			continue;
		whose[shown] = whose_is(call->arena, table, rows[i]);
		str title = search_title(call->arena, table, rows[i]);
		struct search_result_out *result = &results[shown++];
		*result = (struct search_result_out) { .kind = str_of(table->name),
			.id = page[i].hit->id,
			.title = title,
			.about = about(table, rows[i]),
			.members = INT_NONE,
			.page = page_of(call->arena, table, rows[i], page[i].hit->id.text, title) };
		tell_matches(call->arena, table,
		    search_matches(call->arena, table, rows[i], found_by(&places[page[i].kind])),
		    result);
		if (organisations[i])
			tell_organisation(call, organisations[i], places[CONTACTS].group, result);
		if (table == &contacts_table) {
			tell_address(call->arena, rows[i], result);
			TRY(tell_members(call, rows[i], &told, result));
		}
	}
	*data = (list) { results, shown };
	TRY(tell_subjects(call, places, whose, results, shown));
	tell_pages_apart(call->arena, results, shown);
	return OK;
}

QUERY(search_list, SIGNED_IN, OBJECT(search_list), .route = "GET /v1/search",
    .summary = "Search contacts, deals, tasks, notes and activities at once")
{
	struct search_place places[KINDS] = { 0 };
	struct search_kind_out *of_kind = ARENA_ARRAY(call->arena, KINDS, struct search_kind_out);
	struct ranked *all = ARENA_ARRAY(call->arena, (size_t)KINDS * HITS, struct ranked);
	size_t n = 0, first, limit = in->limit == INT_NONE ? 25 : (size_t)in->limit;
	if (in->kinds.n)
		TRY(check_kinds(call, in->kinds));
	TRY(parse_all(call, in, places));
	TRY(search_in_places(call, places, KINDS));
	out->kinds.items = of_kind;
	for (size_t k = 0; k < KINDS; k++)
		if (places[k].looked)
			of_kind[out->kinds.n++] = (struct search_kind_out) { str_of(kinds[k]->name),
				(int64_t)places[k].hits.n, places[k].hits.more };
	tell_names_first(places);
	TRY(tell_typed(call, in->q, places));
	for (size_t k = 0; k < KINDS; k++)
		for (size_t i = 0; i < places[k].hits.n; i++)
			all[n++] = (struct ranked) { &places[k].hits.v[i], k };
	if (n)
		qsort(all, n, sizeof *all, better);
	TRY(cursor_place(call, in, all, n, &first));
	out->meta.alike = n && all[0].hit->tier == TIER_FUZZY; /* the nearest come first */
	out->meta.indexed = search_progress(call);
	size_t last = n - first < limit ? n : first + limit;
	TRY(show(call, places, all + first, last - first, &out->data));
	if (last < n)
		next_page(call, in, &all[last - 1], last, &out->meta);
	return OK;
}

PAGE(search_index, .route = "/search", .template = "search/index", .title = "Search",
    .nav = "search",
    .loads = {
	{ "who", "me_get", "" },
	{ "found", "search_list", "q={q}&kinds={kinds}&cursor={cursor}&limit=25",
	    .tolerant = true },
    });
