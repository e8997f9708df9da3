/*
 * contacts_merge.c: two contacts become one, in one transaction: what the one that goes has moves
 * to the one that stays, whatever of it the caller sees, whose right to change the one and to
 * delete the other it follows from. What the one that stays has already (the same number, tag or
 * part in a deal) stays with the one that goes, as it would be if that was brought back. The one
 * that goes remembers where it went, and who asks for it is told. Statements:
 * sql/query/contacts_merge.sql. Pages: templates/contacts/merge_with and merge. Tests:
 * tests/http/contacts_merge.test.mjs and, of the pages, tests/browser/without_javascript.test.mjs.
 */
#include <stdio.h>
#include <strings.h>

#include "core/decode.h"
#include "core/gate.h"
#include "core/page.h"
#include "core/parts.h"
#include "core/query_run.h"
#include "core/workflow.h"

/* Both contacts are held meanwhile. Measured: 2000 notes take 0.2 s and 2000 parts in deals 2 s, or
 * 3 s when both take part in each of these deals. */
enum { MOVES_MOST = 2000 };

/* ---- where a merged contact went ---- */

/* Says it in the problem, when the caller sees the one that stays. Returns `e`. */
static error tell_where(struct call *call, contact_id gone, error e)
{
	struct contact_merged_into_row into;
	if (e != NOT_FOUND)
		return e;
	error found = query_one(call, &contact_merged_into_query,
	    &(struct contact_merged_into_in) { .contact = gone }, &into);
	if (found == NOT_FOUND)
		return e;
	TRY(found);
	call->problem = (struct problem) { 0 };
	(void)!fail(call, NOT_FOUND, NULL, "this contact was merged into another one");
	call->problem.merged_into_id = arena_text(call->arena, into.id.text, 36);
	return e;
}

struct contacts_get_in {
	contact_id id;
};
FIELDS(contacts_get) = {
	FIELD(contacts_get, id, .flags = F_REQUIRED, .doc = "Id of the row"),
};

QUERY(contacts_get, "contacts.view", ROW(contacts), .route = "GET /v1/contacts/{id}",
    .summary = "Get one of contacts; of one that was merged, the problem has merged_into_id")
{
	return tell_where(call, in->id, row_answer(call, &contacts_table, in->id.text, out));
}

/* ---- which value wins ---- */

/* Of what both may have. One that the contact that stays has not is filled in from the other. */
static const struct field *const choices[] = {
	COLUMN(contacts, first_name),
	COLUMN(contacts, last_name),
	COLUMN(contacts, name),
	COLUMN(contacts, job_title),
	COLUMN(contacts, organisation_id),
	COLUMN(contacts, owner_id),
	COLUMN(contacts, team_id),
	COLUMN(contacts, source_id),
	COLUMN(contacts, website),
	COLUMN(contacts, industry),
	COLUMN(contacts, employees),
	COLUMN(contacts, birthday),
	COLUMN(contacts, external_id),
};
enum { CHOICES = sizeof choices / sizeof *choices };
static const char *const choice_names[] = { "", "first_name", "last_name", "name", "job_title",
	"organisation_id", "owner_id", "team_id", "source_id", "website", "industry", "employees",
	"birthday", "external_id", NULL };

static void *at(struct contact *c, const struct field *f) { return (char *)c + f->offset; }
static const void *at_const(const struct contact *c, const struct field *f)
{
	return (const char *)c + f->offset;
}

static bool has(const struct contact *c, const struct field *f)
{
	const void *value = at_const(c, f);
	return !field_value_none(f, value) && (f->type != T_TEXT || ((const str *)value)->n);
}

static bool is_known_as(const struct contact *c, const struct field *f, const char *id)
{
	return f->type == T_ID && !strcmp(((const uuid *)at_const(c, f))->text, id);
}

/* Both are about each other: neither is a value for the other. */
static bool is_of_the_pair(const struct field *f, const struct contact *of, const struct contact *o)
{
	return f == COLUMN(contacts, organisation_id) && is_known_as(of, f, o->id.text);
}

enum winner { STAYS_AS_IT_IS, IS_FILLED, COULD_BE_TAKEN };

static enum winner winner_of(
    const struct contact *stays, const struct contact *goes, const struct field *f)
{
	if (!has(goes, f) || is_of_the_pair(f, goes, stays))
		return STAYS_AS_IT_IS;
	if (!has(stays, f) || is_of_the_pair(f, stays, goes))
		return IS_FILLED;
	return field_value_equal(f, at_const(stays, f), at_const(goes, f)) ? STAYS_AS_IT_IS
									   : COULD_BE_TAKEN;
}

/* An owner or a team to whom the caller may give nothing is no gap that must be filled, and no
 * choice. */
static error may_give(
    struct call *call, const struct contact *goes, const struct field *f, bool *may)
{
	bool owner = f == COLUMN(contacts, owner_id), team = f == COLUMN(contacts, team_id);
	*may = true;
	if (!owner && !team)
		return OK;
	error e = access_assign(call, &contacts_table,
	    owner ? goes->owner_id.text : call->me.agent.text, team ? goes->team_id.text : "");
	*may = e == OK;
	if (e == FORBIDDEN)
		call->problem = (struct problem) { 0 };
	return e == FORBIDDEN ? OK : e;
}

static error take_values(
    struct call *call, struct contact *stays, struct contact *goes, const bool *take)
{
	if (is_of_the_pair(COLUMN(contacts, organisation_id), stays, goes))
		stays->organisation_id = (contact_id) { "" };
	for (size_t i = 0; i < CHOICES; i++) {
		const struct field *f = choices[i];
		enum winner winner = winner_of(stays, goes, f);
		bool may = take[i];
		if (winner == IS_FILLED)
			TRY(may_give(call, goes, f, &may));
		if (winner == STAYS_AS_IT_IS || !may)
			continue;
		memcpy(at(stays, f), at_const(goes, f), decode_size(f->type));
		if (f->type == T_ID)
			row_vouch(call, f->ref, ((const uuid *)at_const(goes, f))->text);
		if (f == COLUMN(contacts, external_id)) /* no two contacts have the same */
			goes->external_id = (str) { NULL, 0 };
	}
	return OK;
}

static error take_one(struct call *call, struct json_object *one, const char *place, bool *take)
{
	const char *name = json_object_get_string(one);
	size_t k = 1;
	if (name && !name[0]) /* of a form: this field stays as it is */
		return OK;
	while (name && choice_names[k] && strcmp(choice_names[k], name) != 0)
		k++;
	if (!name || !choice_names[k])
		return fail_code(call, INVALID, arena_printf(call->arena, "take/%s", place),
		    "choice", "is no field of which one value can win");
	take[k - 1] = true;
	return OK;
}

/* The names of fields; a form sends them as an object with the members "0", "1", ... */
static error read_choices(struct call *call, json_text sent, bool *take)
{
	const char *why;
	struct json_object *all =
	    str_none(sent.json) ? NULL : json_read(call->arena, sent.json, &why);
	if (json_object_is_type(all, json_type_object)) {
		json_object_object_foreach(all, place, one) TRY(take_one(call, one, place, take));
	} else if (json_object_is_type(all, json_type_array)) {
		for (size_t i = 0; i < json_object_array_length(all); i++)
			TRY(take_one(call, json_object_array_get_idx(all, i),
			    arena_printf(call->arena, "%zu", i), take));
	} else if (all) {
		return fail_code(call, INVALID, "take", "type", "must be a list of fields");
	}
	return OK;
}

/* ---- other names ---- */

static str written_name(struct call *call, const struct contact *c)
{
	if (c->kind == CONTACT_KIND_ORGANISATION)
		return c->name;
	str first = c->first_name, last = c->last_name;
	return str_trim(str_of(arena_printf(call->arena, "%.*s %.*s", (int)first.n,
	    first.n ? first.p : "", (int)last.n, last.n ? last.p : "")));
}

static bool same_name(str a, str b) { return a.n == b.n && (!a.n || !strncasecmp(a.p, b.p, a.n)); }

/* Adds it to names with ", " between them, unless it is there, or is `but`, or there is no room. */
static str with_name(struct call *call, str names, str one, str but)
{
	str rest = names, there;
	one = str_trim(one);
	bool known = !one.n || same_name(one, but);
	while (rest.n && !known) {
		if (!str_cut(rest, ',', &there, &rest)) {
			there = rest;
			rest.n = 0;
		}
		known = same_name(str_trim(there), one);
	}
	str longer = str_of(arena_printf(call->arena, "%.*s%s%.*s", (int)names.n,
	    names.n ? names.p : "", names.n ? ", " : "", (int)one.n, one.n ? one.p : ""));
	return known || utf8_length(longer) > (size_t)COLUMN(contacts, also_known_as)->max ? names
											   : longer;
}

/* By what people called the one and the other both are found. */
static void remember_names(
    struct call *call, struct contact *stays, str was, const struct contact *goes)
{
	str now = written_name(call, stays), rest = goes->also_known_as, one;
	str names = with_name(call, stays->also_known_as, was, now);
	names = with_name(call, names, written_name(call, goes), now);
	while (rest.n) {
		if (!str_cut(rest, ',', &one, &rest)) {
			one = rest;
			rest.n = 0;
		}
		names = with_name(call, names, one, now);
	}
	if (names.n)
		stays->also_known_as = names;
}

/* ---- addresses and tags ---- */

static str digits_of(struct call *call, str text)
{
	char *digits = arena_alloc(call->arena, text.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] >= '0' && text.p[i] <= '9')
			digits[n++] = text.p[i];
	return n ? (str) { digits, n } : text;
}

static bool same_text(str a, str b) { return same_name(str_trim(a), str_trim(b)); }

/* Do two of them reach the same place? What it is used for, and how it is written, does not count.
 */
static bool same_phone(struct call *call, const void *a, const void *b)
{
	const struct contact_phone *x = a, *y = b;
	return str_eq(digits_of(call, x->value), digits_of(call, y->value));
}

static bool same_address(struct call *call, const void *a, const void *b)
{
	const struct contact_address *x = a, *y = b;
	(void)call;
	return same_text(x->street, y->street) && same_text(x->street2, y->street2) &&
	       same_text(x->city, y->city) && same_text(x->region, y->region) &&
	       same_text(x->postal_code, y->postal_code) && same_text(x->country, y->country);
}

struct moving {
	const struct table *table;
	bool (*same)(struct call *call, const void *a, const void *b); /* NULL: never */
};
static const struct moving movings[] = {
	{ &contact_emails_table, NULL }, /* no two contacts have the same */
	{ &contact_phones_table, same_phone },
	{ &contact_addresses_table, same_address },
};

static bool *primary_of(const struct part *part, void *row)
{
	return part->primary ? (bool *)((char *)row + part->primary->offset) : NULL;
}

static error keep_document(struct call *call, const struct part *part, struct contact *c)
{
	void *rows;
	size_t n;
	TRY(part_rows(call, part, c->id.text, &rows, &n));
	bool *first = n ? primary_of(part, rows) : NULL;
	if (first && !*first) { /* the first choice has moved */
		TRY(row_lock_any(call, part->table, (char *)rows + part->table->id->offset, rows));
		*first = true;
		TRY(row_update(call, part->table, rows));
	}
	*(json_text *)at(c, part->document) =
	    part_document(call, &part->table->update_input, rows, n);
	return OK;
}

static error move_parts(
    struct call *call, const struct moving *m, struct contact *stays, struct contact *goes)
{
	const struct part *part = part_of(m->table);
	size_t size = m->table->columns.size, n_there, n;
	void *there, *theirs;
	TRY(part_rows(call, part, stays->id.text, &there, &n_there));
	TRY(part_rows(call, part, goes->id.text, &theirs, &n));
	bool chosen = n_there > 0;
	for (size_t i = 0; i < n; i++) {
		void *row = (char *)theirs + i * size;
		bool known = false, *primary = primary_of(part, row);
		for (size_t k = 0; m->same && k < n_there && !known; k++)
			known = m->same(call, (char *)there + k * size, row);
		if (known)
			continue;
		TRY(row_lock_any(call, m->table, (char *)row + m->table->id->offset, row));
		memcpy((char *)row + part->parent->offset, stays->id.text, sizeof(uuid));
		if (primary)
			*primary = !chosen;
		chosen = true;
		TRY(row_update(call, m->table, row));
	}
	TRY(keep_document(call, part, stays));
	return keep_document(call, part, goes);
}

static error keep_tags(struct call *call, struct contact *c)
{
	struct tags_of_contact_row *tags;
	size_t n;
	TRY(query_all(call, &tags_of_contact_query,
	    &(struct tags_of_contact_in) { .contact = c->id }, &tags, &n));
	c->tags = part_document(call, &tags_of_contact_query.out, tags, n);
	return OK;
}

static error move_tags(struct call *call, struct contact *stays, struct contact *goes)
{
	struct merge_tags_row *marks;
	size_t n;
	TRY(query_all(call, &merge_tags_query,
	    &(struct merge_tags_in) { .stays = stays->id, .goes = goes->id }, &marks, &n));
	for (size_t i = 0; i < n; i++) {
		struct contact_tag mark;
		TRY(contact_tag_lock_any(call, marks[i].id, &mark));
		mark.contact_id = stays->id;
		TRY(contact_tag_update(call, &mark));
	}
	TRY(keep_tags(call, stays));
	return keep_tags(call, goes);
}

/* ---- deals ---- */

/* The people of a deal, the one for the other; both are there once afterwards. */
static json_text people_without(
    struct call *call, json_text people, const char *stays, const char *goes)
{
	const char *why;
	struct json_object *all =
	    str_none(people.json) ? NULL : json_read(call->arena, people.json, &why);
	struct buf b = { 0 };
	struct json j;
	bool there = false;
	json_begin(&j, &b);
	json_array(&j);
	for (size_t i = 0; all && i < json_object_array_length(all); i++) {
		const char *id = json_object_get_string(json_object_array_get_idx(all, i));
		bool one_of_us = !strcmp(id, stays) || !strcmp(id, goes);
		if (!one_of_us || !there)
			json_uuid(&j, one_of_us ? stays : id);
		there = there || one_of_us;
	}
	json_array_end(&j);
	json_text document = { { arena_text(call->arena, b.p, b.n), b.n } };
	buf_free(&b);
	return document;
}

/* Both take part: the part of the one that stays is kept, with what the other's says more. */
static error join_parts(struct call *call, const struct merge_deals_row *row)
{
	struct deal_contact part;
	TRY(deal_contact_lock_any(call, row->other, &part));
	if (!part.role.n && row->role.n) {
		part.role = row->role;
		TRY(deal_contact_update(call, &part));
	}
	return row_delete_any(call, &deal_contacts_table, row->id.text);
}

static error move_deals(
    struct call *call, const struct contact *stays, const struct contact *goes, size_t *moved)
{
	struct merge_deals_row *rows;
	size_t n;
	TRY(query_all(call, &merge_deals_query,
	    &(struct merge_deals_in) { .stays = stays->id, .goes = goes->id }, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		struct deal deal;
		TRY(deal_lock_any(call, rows[i].deal_id, &deal));
		if (rows[i].other.text[0])
			TRY(join_parts(call, &rows[i]));
		deal.contact_ids =
		    people_without(call, deal.contact_ids, stays->id.text, goes->id.text);
		TRY(deal_update(call, &deal));
	}
	TRY(rows_move(call, &deal_contacts_table, COLUMN(deal_contacts, contact_id),
	    &contacts_table, goes->id.text, stays->id.text, moved));
	return rows_move(call, &deals_table, COLUMN(deals, organisation_id), &contacts_table,
	    goes->id.text, stays->id.text, moved);
}

/* ---- runs ---- */

/* What is under way about the one that goes goes on about the one that stays; but not what is under
 * way about that already, or it would get everything twice. */
static error move_runs(
    struct call *call, const struct contact *stays, const struct contact *goes, size_t *moved)
{
	struct merge_runs_twice_row *rows;
	size_t n;
	TRY(query_all(call, &merge_runs_twice_query,
	    &(struct merge_runs_twice_in) { .stays = stays->id, .goes = goes->id }, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		error e = workflow_cancel(call, rows[i].id);
		if (e != OK && e != CONFLICT) /* it is coming to its end by itself */
			return e;
		call->problem = (struct problem) { 0 };
	}
	return rows_move(call, &workflow_runs_table, COLUMN(workflow_runs, subject_id),
	    &contacts_table, goes->id.text, stays->id.text, moved);
}

/* ---- all of it ---- */

static error move_rest(
    struct call *call, const struct contact *stays, const struct contact *goes, size_t *moved)
{
	const struct {
		const struct table *table;
		const struct field *column;
	} rest[] = {
		{ &notes_table, COLUMN(notes, subject) },
		{ &activities_table, COLUMN(activities, subject) },
		{ &tasks_table, COLUMN(tasks, subject) },
	};
	for (size_t i = 0; i < sizeof rest / sizeof *rest; i++)
		TRY(rows_move(call, rest[i].table, rest[i].column, &contacts_table, goes->id.text,
		    stays->id.text, moved));
	TRY(move_deals(call, stays, goes, moved));
	return move_runs(call, stays, goes, moved);
}

/* Those that point from contacts: its people, and what was merged into it. */
static error move_contacts(
    struct call *call, const struct contact *stays, const struct contact *goes, size_t *moved)
{
	TRY(rows_move(call, &contacts_table, COLUMN(contacts, organisation_id), &contacts_table,
	    goes->id.text, stays->id.text, moved));
	return rows_move(call, &contacts_table, COLUMN(contacts, merged_into_id), &contacts_table,
	    goes->id.text, stays->id.text, moved);
}

static error keep_next_task(struct call *call, struct contact *stays, struct contact *goes)
{
	struct next_task_of_contact_row next;
	TRY(query_one(call, &next_task_of_contact_query,
	    &(struct next_task_of_contact_in) { .contact = stays->id }, &next));
	stays->next_task_due_at = next.due_at;
	goes->next_task_due_at = INSTANT_NONE;
	return OK;
}

/* By the operation, so that it asks for the right to do so. */
static error delete_other(struct call *call, contact_id id)
{
	struct json_object *args = json_object_new_object();
	struct buf nothing = { 0 };
	struct json out;
	json_keep(call->arena, args);
	json_object_object_add(args, "id", json_object_new_string(id.text));
	json_begin(&out, &nothing);
	error e = call_run(call, operation_named(STR("contacts_delete")), args, &out);
	buf_free(&nothing);
	return e;
}

static error check_size(struct call *call, int64_t rows)
{
	if (rows > MOVES_MOST)
		return fail_code(call, CONFLICT, "from", "too_much",
		    "more than %d notes, tasks, deals and the like would have to move at once: "
		    "merge the other way round",
		    MOVES_MOST);
	return OK;
}

static error merge(struct call *call, struct contact *stays, struct contact *goes, const bool *take)
{
	size_t moved = 0;
	str was = written_name(call, stays);
	struct merge_size_row size;
	TRY(query_one(
	    call, &merge_size_query, &(struct merge_size_in) { .contact = goes->id }, &size));
	TRY(check_size(call, size.rows));
	for (size_t i = 0; i < sizeof movings / sizeof *movings; i++)
		TRY(move_parts(call, &movings[i], stays, goes));
	TRY(move_tags(call, stays, goes));
	TRY(move_rest(call, stays, goes, &moved));
	TRY(keep_next_task(call, stays, goes));
	TRY(take_values(call, stays, goes, take));
	remember_names(call, stays, was, goes);
	stays->merged_at = call->now;
	goes->merged_into_id = stays->id;
	/* What it had first, for what no two may have. */
	TRY(contact_update(call, goes));
	TRY(contact_update(call, stays));
	TRY(move_contacts(call, stays, goes, &moved));
	return delete_other(call, goes->id);
}

/* ---- the operation ---- */

/* It is gone: merged into this one already, which is all that was asked for, or elsewhere. */
static error find_gone(struct call *call, contact_id from, contact_id into)
{
	struct contact gone;
	error e = contact_lock_deleted(call, from, &gone);
	call->problem = (struct problem) { 0 };
	if (e == OK && !strcmp(gone.merged_into_id.text, into.text))
		return OK;
	if (e != OK && e != NOT_FOUND)
		return e;
	(void)!fail_code(call, NOT_FOUND, "from", "not_found", "there is no such contact");
	return NOT_FOUND;
}

/* In one order, so that two of these cannot wait for each other. *gone: the other is not there. */
static error lock_both(struct call *call, const contact_id *into, const contact_id *from,
    struct contact *stays, struct contact *goes, bool *gone)
{
	const bool from_first = strcmp(from->text, into->text) < 0;
	const str condition = call->if_match; /* about the one that stays */
	error e = OK;
	*gone = false;
	if (!from_first)
		TRY(tell_where(call, *into, contact_lock(call, *into, stays)));
	if (from_first)
		call->if_match = (str) { NULL, 0 };
	e = contact_lock(call, *from, goes);
	if (from_first)
		call->if_match = condition;
	*gone = e == NOT_FOUND;
	if (e == NOT_FOUND)
		call->problem = (struct problem) { 0 };
	else if (e == FORBIDDEN)
		(void)!fail(call, FORBIDDEN, "from", "you may not change this contact");
	if (e != NOT_FOUND)
		TRY(e);
	return from_first ? tell_where(call, *into, contact_lock(call, *into, stays)) : OK;
}

static error check_pair(struct call *call, const struct contact *stays, const struct contact *goes)
{
	if (!strcmp(stays->id.text, goes->id.text))
		return fail_code(
		    call, INVALID, "from", "same", "a contact cannot be merged with itself");
	if (stays->kind != goes->kind)
		return fail_code(call, INVALID, "from", "kind",
		    "a person and an organisation cannot become one");
	return OK;
}

struct contacts_merge_in {
	contact_id id, from;
	json_text take;
};
FIELDS(contacts_merge) = {
	FIELD(contacts_merge, id, .flags = F_REQUIRED, .doc = "Id of the contact that stays"),
	FIELD(contacts_merge, from, .flags = F_REQUIRED, .example = "contacts that go",
	    .doc = "The contact that goes: what it has moves to the other, and it is deleted"),
	FIELD(contacts_merge, take, .flags = F_ARRAY, .example = "[\"job_title\"]",
	    .item = &(const struct field) { .type = T_TEXT, .names = choice_names },
	    .doc = "Of which fields the value of the contact that goes wins; of all others that of "
		   "the one that stays, if it has one"),
};

MUTATION(contacts_merge, "contacts.edit", ROW(contacts), .route = "POST /v1/contacts/{id}/merge",
    .summary = "Merge another contact into this one: all that it has moves, and it is deleted; "
	       "needs the right to delete that one")
{
	struct contact stays, goes;
	bool take[CHOICES] = { false }, gone;
	TRY(read_choices(call, in->take, take));
	TRY(lock_both(call, &in->id, &in->from, &stays, &goes, &gone));
	if (gone) {
		TRY(find_gone(call, in->from, in->id));
		return row_answer(call, &contacts_table, in->id.text, out);
	}
	TRY(check_pair(call, &stays, &goes));
	TRY(merge(call, &stays, &goes, take));
	return row_answer(call, &contacts_table, in->id.text, out);
}

/* ---- what it would do ---- */

static str value_in_words(struct call *call, const struct contact *c, const struct field *f,
    const struct contact_in_words_row *names)
{
	const void *value = at_const(c, f);
	char text[DAY_TEXT];
	if (!has(c, f))
		return (str) { NULL, 0 };
	if (f->type == T_ID) {
		str name = names->source;
		if (f == COLUMN(contacts, owner_id))
			name = names->owner;
		else if (f == COLUMN(contacts, team_id))
			name = names->team;
		else if (f == COLUMN(contacts, organisation_id))
			name = names->organisation;
		return str_none(name) ? STR("One that you do not see") : name;
	}
	if (f->type == T_INT)
		return str_of(
		    arena_printf(call->arena, "%lld", (long long)*(const int64_t *)value));
	if (f->type == T_DAY) {
		size_t n = day_format(*(const day *)value, text);
		return (str) { arena_text(call->arena, text, n), n };
	}
	return *(const str *)value;
}

static error see(struct call *call, contact_id id, struct contact *c)
{
	enum level level = access_view_level(call, &contacts_table);
	return tell_where(call, id, row_get_at(call, &contacts_table, id.text, level, c));
}

static error check_right(struct call *call, const struct contact *c, const char *permission,
    const char *field, const char *refusal)
{
	struct contact unused;
	enum level level = access_level(call, permission);
	error e = row_get_at(call, &contacts_table, c->id.text, level, &unused);
	if (e != NOT_FOUND)
		return e;
	call->problem = (struct problem) { 0 };
	return fail(call, FORBIDDEN, field, "%s", refusal);
}

/* What the merge itself asks for as it goes. */
static error check_rights(
    struct call *call, const struct contact *stays, const struct contact *goes)
{
	TRY(check_right(
	    call, stays, "contacts.edit", NULL, "you may not change the contact that would stay"));
	TRY(check_right(
	    call, goes, "contacts.edit", "from", "you may not change the contact that would go"));
	return check_right(
	    call, goes, "contacts.delete", "from", "you may not delete the contact that would go");
}

struct merge_field_out {
	str field, label, stays, goes;
};
ANSWER(merge_field) = {
	MEMBER(merge_field, field, .names = choice_names, .doc = "Its name"),
	MEMBER(merge_field, label, .doc = "Its name for people"),
	MEMBER(merge_field, stays, .flags = F_NULLABLE,
	    .doc = "The value of the contact that stays, in words"),
	MEMBER(merge_field, goes, .doc = "That of the contact that goes"),
};

struct contacts_merge_preview_out {
	list differ, fill;
	int64_t deals, notes, activities, tasks, people;
};
ANSWER(contacts_merge_preview) = {
	MEMBER_LIST(contacts_merge_preview, differ, merge_field,
	    .doc = "Fields in which both have something, and not the same: what stays wins, "
		   "unless the merge is told to take the other; without an owner or a team to "
		   "which the caller may not assign"),
	MEMBER_LIST(contacts_merge_preview, fill, merge_field,
	    .doc = "Fields that the contact that stays has not, and gets"),
	MEMBER(contacts_merge_preview, deals, .doc = "How many of its deals would move"),
	MEMBER(contacts_merge_preview, notes, .doc = "How many notes"),
	MEMBER(contacts_merge_preview, activities, .doc = "How many activities"),
	MEMBER(contacts_merge_preview, tasks, .doc = "How many tasks"),
	MEMBER(contacts_merge_preview, people, .doc = "How many contacts belong to it"),
};

static error compare(struct call *call, const struct contact *stays, const struct contact *goes,
    struct contacts_merge_preview_out *out)
{
	static const char *const labels[CHOICES] = { "First name", "Last name", "Name", "Job title",
		"Organisation", "Owner", "Team", "Source", "Web site", "Industry", "Employees",
		"Birthday", "External id" };
	struct contact_in_words_row has[2];
	struct merge_field_out *differ = ARENA_ARRAY(call->arena, CHOICES, struct merge_field_out),
			       *fill = ARENA_ARRAY(call->arena, CHOICES, struct merge_field_out);
	TRY(query_one(call, &contact_in_words_query,
	    &(struct contact_in_words_in) { .contact = stays->id }, &has[0]));
	TRY(query_one(call, &contact_in_words_query,
	    &(struct contact_in_words_in) { .contact = goes->id }, &has[1]));
	out->differ = (list) { differ, 0 };
	out->fill = (list) { fill, 0 };
	for (size_t i = 0; i < CHOICES; i++) {
		const struct merge_field_out one = { str_of(choice_names[i + 1]), str_of(labels[i]),
			value_in_words(call, stays, choices[i], &has[0]),
			value_in_words(call, goes, choices[i], &has[1]) };
		enum winner winner = winner_of(stays, goes, choices[i]);
		bool may = winner != STAYS_AS_IT_IS;
		if (may)
			TRY(may_give(call, goes, choices[i], &may));
		if (may && winner == COULD_BE_TAKEN)
			differ[out->differ.n++] = one;
		else if (may)
			fill[out->fill.n++] = one;
	}
	return OK;
}

struct contacts_merge_preview_in {
	contact_id id, from;
};
FIELDS(contacts_merge_preview) = {
	FIELD(contacts_merge_preview, id, .flags = F_REQUIRED,
	    .doc = "Id of the contact that would stay"),
	FIELD(contacts_merge_preview, from, .flags = F_REQUIRED, .example = "contacts that go",
	    .doc = "The contact that would go"),
};

QUERY(contacts_merge_preview, "contacts.edit", OBJECT(contacts_merge_preview),
    .route = "GET /v1/contacts/{id}/merge",
    .summary = "What a merge of another contact into this one would do, of what the caller sees; "
	       "refused as the merge would be",
    .refuses = 1 << INVALID | 1 << CONFLICT)
{
	struct merge_counts_row n;
	struct contact stays, goes;
	TRY(see(call, in->id, &stays));
	TRY(see(call, in->from, &goes));
	TRY(check_pair(call, &stays, &goes));
	TRY(check_rights(call, &stays, &goes));
	TRY(query_one(
	    call, &merge_counts_query, &(struct merge_counts_in) { .contact = in->from }, &n));
	/* There may be more that only others see; the merge counts that as well. */
	TRY(check_size(call, n.deals + n.notes + n.activities + n.tasks + n.people));
	TRY(compare(call, &stays, &goes, out));
	out->deals = n.deals;
	out->notes = n.notes;
	out->activities = n.activities;
	out->tasks = n.tasks;
	out->people = n.people;
	return OK;
}

/* ---- pages ---- */

PAGE(contacts_merge_with, .route = "/contacts/{id}/merge", .template = "contacts/merge_with",
    .title = "Merge contacts", .nav = "contacts",
    .loads = {
	{ "contact", "contacts_get", "id={id}" },
	{ "found", "contacts_list", "q={q}&kind={kind}&limit=20", .tolerant = true },
    });

PAGE(contacts_merge, .route = "/contacts/{id}/merge/{from}", .template = "contacts/merge",
    .title = "Merge contacts", .nav = "contacts",
    .loads = {
	{ "contact", "contacts_get", "id={id}" },
	{ "other", "contacts_get", "id={from}" },
	{ "preview", "contacts_merge_preview", "id={id}&from={from}", .tolerant = true },
    });
