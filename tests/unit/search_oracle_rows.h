/*
 * search_oracle_rows.h: what the oracle of search is asked about: random rows of a few awkward
 * words, changed, deleted and given away, and random queries of these words, as they are or typed
 * wrong.
 */
#pragma once

#define NORTH "01890a5d-ac96-774b-bcce-b302099a8060"
#define SOUTH "01890a5d-ac96-774b-bcce-b302099a8061"
/* The caller, who is in the north; somebody of its team; somebody of another one. */
#define MATE "01890a5d-ac96-774b-bcce-b302099a8062"
#define STRANGER "01890a5d-ac96-774b-bcce-b302099a8063"

enum { CONTACTS = 700, TASKS = 250, QUERIES = 60, MISTYPED = 60, TITLE = 200, SHOWN = 12 };

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
