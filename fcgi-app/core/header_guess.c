/*
 * header_guess.c: the engine of the guess. A name of a column is folded to its letters and digits
 * and compared with the folded aliases of each field; then columns that belong together get a slot,
 * and what is left is looked at by its values. The words are in header_targets.c.
 */
#include "core/header_guess.h"

#include <utf8proc.h>

#define NAME 128 /* bytes of a folded name; longer ones are no names that we know */

/*
 * Letters and digits only, in lower case, without accents, full width and half width alike: what
 * stays the same however a program writes "E-mail 1 - Value". Empty when it is too long.
 */
static size_t name_fold(str text, char out[NAME])
{
	const utf8proc_option_t how = UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD |
				      UTF8PROC_STRIPMARK | UTF8PROC_IGNORE;
	size_t n = 0;
	while (text.n > 0) {
		utf8proc_int32_t letter, parts[32];
		int boundary = 0;
		utf8proc_ssize_t used = utf8proc_iterate(
		    (const utf8proc_uint8_t *)text.p, (utf8proc_ssize_t)text.n, &letter);
		if (used <= 0)
			used = 1;
		text = (str) { text.p + used, text.n - (size_t)used };
		utf8proc_ssize_t count =
		    letter < 0 ? 0 : utf8proc_decompose_char(letter, parts, 32, how, &boundary);
		for (utf8proc_ssize_t i = 0; i < count && i < 32; i++) {
			utf8proc_category_t c = utf8proc_category(parts[i]);
			bool keep = (c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_LO) ||
				    (c >= UTF8PROC_CATEGORY_ND && c <= UTF8PROC_CATEGORY_NO);
			if (keep && n + 5 > NAME)
				n = 0, text.n = 0, i = count;
			else if (keep)
				n += (size_t)utf8proc_encode_char(
				    parts[i], (utf8proc_uint8_t *)out + n);
		}
	}
	out[n] = 0;
	return n;
}

static bool digit(char c) { return c >= '0' && c <= '9'; }

/* --- Aliases --- */

struct alias {
	const char *before, *behind; /* folded; around the number */
	size_t before_n, behind_n;
	bool numbered;
	const char *type; /* NULL for none */
	const struct header_target *target;
	size_t rank; /* place among the aliases of its target: 0 is the surest */
};

struct aliases {
	struct alias *items;
	size_t n;
};

static const char *fold_kept(struct arena *a, str text, size_t *n)
{
	char folded[NAME];
	*n = name_fold(text, folded);
	return arena_text(a, folded, *n);
}

static struct alias alias_compile(struct arena *a, const char *text)
{
	struct alias alias = { 0 };
	const char *equals = strchr(text, '='), *number = strchr(text, '#');
	size_t n = equals ? (size_t)(equals - text) : strlen(text);
	size_t cut = number ? (size_t)(number - text) : n;
	alias.type = equals ? equals + 1 : NULL;
	alias.numbered = number != NULL;
	alias.before = fold_kept(a, (str) { text, cut }, &alias.before_n);
	alias.behind = fold_kept(a, (str) { text + cut, n - cut }, &alias.behind_n);
	return alias;
}

static struct aliases aliases_compile(struct arena *a, struct header_targets targets)
{
	struct aliases all = { 0 };
	size_t count = 0;
	for (size_t t = 0; t < targets.n; t++)
		for (const char *const *text = targets.items[t].aliases; *text; text++)
			count++;
	all.items = ARENA_ARRAY(a, count, struct alias);
	for (size_t t = 0; t < targets.n; t++) {
		const char *const *texts = targets.items[t].aliases;
		for (size_t i = 0; texts[i]; i++) {
			struct alias *alias = &all.items[all.n++];
			*alias = alias_compile(a, texts[i]);
			alias->target = &targets.items[t];
			alias->rank = i;
		}
	}
	return all;
}

static bool alias_match(const struct alias *alias, str name, unsigned *number)
{
	size_t digits = 0, fixed = alias->before_n + alias->behind_n;
	unsigned value = 0;
	if (name.n < fixed || memcmp(name.p, alias->before, alias->before_n) != 0 ||
	    memcmp(name.p + name.n - alias->behind_n, alias->behind, alias->behind_n) != 0)
		return false;
	for (; digits < name.n - fixed; digits++) {
		char c = name.p[alias->before_n + digits];
		if (!alias->numbered || digits == 2 || !digit(c))
			return false;
		value = value * 10 + (unsigned)(c - '0');
	}
	*number = value;
	return true;
}

/* What a name was found to be. */
struct match {
	const struct header_target *target; /* NULL for nothing */
	size_t rank;
	unsigned number; /* 0 for none */
	const char *type;
};

static struct match match_exact(const struct aliases *all, str name)
{
	struct match best = { 0 };
	for (size_t i = 0; name.n > 0 && i < all->n; i++) {
		const struct alias *alias = &all->items[i];
		unsigned number;
		if ((best.target && best.rank <= alias->rank) || !alias_match(alias, name, &number))
			continue;
		best = (struct match) { alias->target, alias->rank, number, alias->type };
	}
	return best;
}

/* --- Types --- */

/* Words beside the name of a repeated field, as name_fold() leaves them; NULL: without a type.
 * Longer words stand before their ends. */
static const struct {
	const char *word, *type;
} type_words[] = {
	{ "home", "home" },
	{ "private", "home" },
	{ "privat", "home" },
	{ "personal", "home" },
	{ "prive", "home" },
	{ "personnel", "home" },
	{ "personnelle", "home" },
	{ "domicile", "home" },
	{ "particular", "home" },
	{ "delacasa", "home" },
	{ "decasa", "home" },
	{ "casa", "home" },
	{ "自宅", "home" },
	{ "個人", "home" },
	{ "work", "work" },
	{ "business", "work" },
	{ "office", "work" },
	{ "company", "work" },
	{ "geschaftlich", "work" },
	{ "geschaeftlich", "work" },
	{ "dienstlich", "work" },
	{ "arbeit", "work" },
	{ "firma", "work" },
	{ "buro", "work" },
	{ "bureau", "work" },
	{ "professionnel", "work" },
	{ "professionnelle", "work" },
	{ "travail", "work" },
	{ "deltrabajo", "work" },
	{ "detrabajo", "work" },
	{ "trabajo", "work" },
	{ "delaoficina", "work" },
	{ "oficina", "work" },
	{ "会社", "work" },
	{ "勤務先", "work" },
	{ "職場", "work" },
	{ "billing", "billing" },
	{ "rechnungs", "billing" },
	{ "defacturation", "billing" },
	{ "facturation", "billing" },
	{ "defacturacion", "billing" },
	{ "facturacion", "billing" },
	{ "請求先", "billing" },
	{ "shipping", "delivery" },
	{ "delivery", "delivery" },
	{ "liefer", "delivery" },
	{ "delivraison", "delivery" },
	{ "livraison", "delivery" },
	{ "deenvio", "delivery" },
	{ "envio", "delivery" },
	{ "配送先", "delivery" },
	{ "mailing", NULL },
	{ "postal", NULL },
	{ "primary", NULL },
	{ "secondary", NULL },
	{ "alternate", NULL },
	{ "main", NULL },
	{ "other", "other" },
	{ "weitere", "other" },
	{ "andere", "other" },
	{ "autre", "other" },
	{ "otro", "other" },
	{ "otra", "other" },
	{ "その他", "other" },
	{ "mobile", "mobile" },
	{ "cell", "mobile" },
	{ "fax", "fax" },
	{ "pager", "pager" },
};
#define TYPE_WORDS (sizeof(type_words) / sizeof(type_words[0]))

static const char *type_among(const char *const *types, str type)
{
	for (; types && *types; types++)
		if (str_is(type, *types))
			return *types;
	return NULL;
}

static bool has(const char *name, const char *part) { return strstr(name, part) != NULL; }

const char *header_type(str cell)
{
	char name[NAME];
	name_fold(cell, name);
	if (has(name, "fax") || has(name, "telecopie") || has(name, "フ\u30A1ックス"))
		return "fax";
	if (has(name, "mobil") || has(name, "cell") || has(name, "handy") ||
	    has(name, "portable") || has(name, "movil") || has(name, "携帯"))
		return "mobile";
	if (has(name, "pager"))
		return "pager";
	for (size_t i = 0; i < TYPE_WORDS; i++)
		if (type_words[i].type && has(name, type_words[i].word))
			return type_words[i].type;
	return strcmp(name, "main") == 0 ? "work" : NULL;
}

/* The name without `word` in front, behind, or behind but for a number ("Telefon privat 2"). */
static size_t word_cut(str name, str word, size_t form, char out[NAME])
{
	if (name.n <= word.n)
		return 0;
	size_t tail = 0, rest = name.n - word.n;
	if (form == 0 && memcmp(name.p, word.p, word.n) == 0) {
		memcpy(out, name.p + word.n, rest);
		return rest;
	}
	if (form == 0)
		return 0;
	while (form == 2 && tail < rest && digit(name.p[name.n - 1 - tail]))
		tail++;
	if ((form == 2 && tail == 0) || rest == tail ||
	    memcmp(name.p + rest - tail, word.p, word.n) != 0)
		return 0;
	memcpy(out, name.p, rest - tail);
	memcpy(out + rest - tail, name.p + name.n - tail, tail);
	return rest;
}

static struct match match_typed(const struct aliases *all, str name)
{
	for (size_t i = 0; i < TYPE_WORDS; i++) {
		char rest[NAME];
		for (size_t form = 0; form < 3; form++) {
			size_t n = word_cut(name, str_of(type_words[i].word), form, rest);
			struct match m = match_exact(all, (str) { rest, n });
			if (!m.target || !m.target->types)
				continue;
			if (!m.type && type_words[i].type)
				m.type = type_among(m.target->types, str_of(type_words[i].type));
			return m;
		}
	}
	return (struct match) { 0 };
}

static struct match match_name(const struct aliases *all, const char *const *prefixes, str header)
{
	char name[NAME], prefix[NAME];
	size_t n = name_fold(header, name);
	struct match m = match_exact(all, (str) { name, n });
	if (!m.target)
		m = match_typed(all, (str) { name, n });
	for (; !m.target && prefixes && *prefixes; prefixes++) {
		size_t length = name_fold(str_of(*prefixes), prefix);
		if (n <= length || memcmp(name, prefix, length) != 0)
			continue;
		str rest = { name + length, n - length };
		m = match_exact(all, rest);
		if (!m.target)
			m = match_typed(all, rest);
	}
	return m;
}

/* The same; and when the whole name says nothing, without what stands in parentheses at its end. */
static struct match match_header(const struct aliases *all, const char *const *prefixes, str header)
{
	struct match m = match_name(all, prefixes, header);
	const char *open = header.n ? memchr(header.p, '(', header.n) : NULL;
	if (!m.target && open)
		m = match_name(all, prefixes, (str) { header.p, (size_t)(open - header.p) });
	return m;
}

/* --- The values of a column --- */

struct column {
	struct match match;
	size_t values, looks[LOOK_NUMBER + 1]; /* values that are not empty; what they look like */
	bool with_at;                          /* one of them has an @ */
};

static void column_look(struct column *c, const struct csv_row *rows, size_t n, size_t i)
{
	for (size_t r = 0; r < n; r++) {
		str cell = csv_cell(&rows[r], i);
		enum look look = loose_look(cell);
		c->looks[look]++;
		c->values += look != LOOK_EMPTY;
		c->with_at = c->with_at || (cell.n && memchr(cell.p, '@', cell.n));
	}
}

static bool mostly(const struct column *c, enum look look)
{
	return c->values > 0 && 5 * c->looks[look] >= 3 * c->values;
}

/* --- Slots: which columns belong together --- */

struct slot {
	str family; /* "phones" */
	unsigned number;
	const char *type;
	uint16_t index; /* among the slots of its family */
};

struct taken {
	const struct header_target *target;
	uint16_t slot;
	size_t column;
};

struct plan {
	struct column *columns;
	struct header_guess *guesses;
	size_t n;
	struct slot *slots; /* at most one for each column */
	size_t slot_n;
	struct taken *taken;
	size_t taken_n;
};

static str family_of(const struct header_target *t)
{
	str field = str_of(t->field), family, rest;
	return str_cut(field, '[', &family, &rest) ? family : field;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static uint16_t slot_new(struct plan *p, str family, unsigned number, const char *type)
{
	uint16_t index = 0;
	for (size_t i = 0; i < p->slot_n; i++)
		index += str_eq(p->slots[i].family, family);
	p->slots[p->slot_n++] = (struct slot) { family, number, type, index };
	return index;
}

static bool slot_find(
    const struct plan *p, str family, unsigned number, const char *type, uint16_t *index)
{
	for (size_t i = 0; i < p->slot_n; i++)
		if (str_eq(p->slots[i].family, family) && p->slots[i].number == number &&
		    same_text(p->slots[i].type, type)) {
			*index = p->slots[i].index;
			return true;
		}
	return false;
}

static struct taken *taken_find(struct plan *p, const struct header_target *t, uint16_t slot)
{
	for (size_t i = 0; i < p->taken_n; i++)
		if (p->taken[i].target == t && p->taken[i].slot == slot)
			return &p->taken[i];
	return NULL;
}

/* Whether the column `i` is a better one for a field than the column `old`, which has it. */
static bool better(const struct plan *p, size_t i, size_t old)
{
	const struct column *a = &p->columns[i], *b = &p->columns[old];
	if (a->match.rank != b->match.rank)
		return a->match.rank < b->match.rank;
	return a->values > 0 && b->values == 0;
}

/* Gives column `i` the field that its match says, unless another column has it with more right. */
static void claim(struct plan *p, size_t i, bool by_values)
{
	const struct match *m = &p->columns[i].match;
	bool several = m->target->types != NULL;
	str family = family_of(m->target);
	unsigned number = several ? m->number : 0;
	uint16_t slot;
	if (!slot_find(p, family, number, m->type, &slot))
		slot = slot_new(p, family, number, m->type);
	struct taken *taken = taken_find(p, m->target, slot);
	if (taken && m->target->each) {
		slot = slot_new(p, family, number, m->type);
		taken = NULL;
	}
	if (taken) {
		if (!better(p, i, taken->column))
			return;
		p->guesses[taken->column] = (struct header_guess) { 0 };
	} else {
		taken = &p->taken[p->taken_n++];
	}
	*taken = (struct taken) { m->target, slot, i };
	p->guesses[i] = (struct header_guess) { m->target, slot, m->type, by_values };
}

/* --- What the values say --- */

static const struct header_target *target_named(struct header_targets targets, const char *field)
{
	for (size_t i = 0; i < targets.n; i++)
		if (strcmp(targets.items[i].field, field) == 0)
			return &targets.items[i];
	return NULL;
}

static bool target_free(struct plan *p, const struct header_target *t)
{
	return t && (t->each || !taken_find(p, t, 0));
}

static void claim_by_values(struct plan *p, size_t i, const struct header_target *t)
{
	p->columns[i].match = (struct match) { .target = t };
	claim(p, i, true);
}

/*
 * E-mail addresses are never anything else. Phones and web addresses are only believed in a column
 * without a name: with one that we do not know they are rather a file number or the link to a
 * photo.
 */
static void guess_by_look(struct plan *p, struct header_targets targets, size_t i, bool named)
{
	const struct column *c = &p->columns[i];
	for (size_t t = 0; t < targets.n; t++) {
		const struct header_target *target = &targets.items[t];
		bool shown = target->look == LOOK_EMAIL ||
			     (!named && (target->look == LOOK_PHONE || target->look == LOOK_URL));
		if (shown && mostly(c, target->look) && target_free(p, target)) {
			claim_by_values(p, i, target);
			return;
		}
	}
}

static bool joined(str whole, str first, str last)
{
	return first.n > 0 && last.n > 0 && whole.n == first.n + 1 + last.n &&
	       memcmp(whole.p, first.p, first.n) == 0 && whole.p[first.n] == ' ' &&
	       memcmp(whole.p + first.n + 1, last.p, last.n) == 0;
}

static size_t words(str text)
{
	size_t n = 0;
	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] != ' ' && (i == 0 || text.p[i - 1] == ' ');
	return n;
}

struct values {
	const struct csv_row *rows;
	size_t n;
};

static bool names_joined(struct values v, size_t whole, size_t first, size_t last)
{
	size_t same = 0;
	for (size_t r = 0; r < v.n; r++)
		same += joined(csv_cell(&v.rows[r], whole), csv_cell(&v.rows[r], first),
		    csv_cell(&v.rows[r], last));
	return v.n > 0 && 5 * same >= 3 * v.n;
}

static bool names_of_people(struct values v, size_t column)
{
	size_t two = 0, filled = 0;
	for (size_t r = 0; r < v.n; r++) {
		size_t count = words(csv_cell(&v.rows[r], column));
		two += count == 2 || count == 3;
		filled += count > 0;
	}
	return filled > 0 && 5 * two >= 4 * filled;
}

/*
 * Names in a table without a header: a column whose values are those of two others with a space
 * between gives away all three; a single column of text with two or three words is the whole name.
 */
static void guess_names(struct plan *p, struct header_targets targets, struct values v)
{
	const struct header_target *whole = target_named(targets, "full_name"),
				   *first = target_named(targets, "first_name"),
				   *last = target_named(targets, "last_name");
	size_t text[16], n = 0;
	for (size_t i = 0; i < p->n && n < 16; i++)
		if (!p->guesses[i].target && mostly(&p->columns[i], LOOK_TEXT))
			text[n++] = i;
	if (!target_free(p, whole) || !target_free(p, first) || !target_free(p, last))
		return;
	for (size_t w = 0; w < n; w++)
		for (size_t f = 0; f < n; f++)
			for (size_t l = 0; l < n; l++)
				if (w != f && w != l && f != l &&
				    names_joined(v, text[w], text[f], text[l])) {
					claim_by_values(p, text[w], whole);
					claim_by_values(p, text[f], first);
					claim_by_values(p, text[l], last);
					return;
				}
	if (n == 1 && names_of_people(v, text[0]))
		claim_by_values(p, text[0], whole);
}

/* The column that a field was given to, for a field that is not repeated; NULL for none. */
static struct taken *taken_named(struct plan *p, struct header_targets targets, const char *field)
{
	const struct header_target *t = target_named(targets, field);
	return t ? taken_find(p, t, 0) : NULL;
}

static void taken_change(struct plan *p, struct taken *taken, const struct header_target *target)
{
	if (!target)
		return;
	taken->target = target;
	p->guesses[taken->column].target = target;
}

/*
 * "Vorname, Name" and "Prénom, Nom": beside a given name and without a family name, a column "Name"
 * that does not repeat the given name is the family name.
 */
static void name_is_last_name(struct plan *p, struct header_targets targets, struct values v)
{
	struct taken *first = taken_named(p, targets, "first_name");
	struct taken *whole = taken_named(p, targets, "full_name");
	if (!first || !whole || taken_named(p, targets, "last_name"))
		return;
	size_t repeats = 0, both = 0;
	for (size_t r = 0; r < v.n; r++) {
		str name = csv_cell(&v.rows[r], whole->column);
		str given = csv_cell(&v.rows[r], first->column);
		both += name.n > 0 && given.n > 0;
		repeats += name.n > 0 && given.n > 0 && memmem(name.p, name.n, given.p, given.n);
	}
	if (both > 0 && 2 * repeats < both)
		taken_change(p, whole, target_named(targets, "last_name"));
}

/* "Birth Year, Birth Month, Birth Day" of Thunderbird: beside a month, "Birth Day" is not a date.
 */
static void birthday_is_birth_day(struct plan *p, struct header_targets targets)
{
	struct taken *birthday = taken_named(p, targets, "birthday");
	if (birthday && taken_named(p, targets, "birth_month") &&
	    !taken_named(p, targets, "birth_day"))
		taken_change(p, birthday, target_named(targets, "birth_day"));
}

/* --- The whole --- */

static bool is_header(const struct plan *p, const struct csv_row *rows, size_t n)
{
	size_t known = 0, named = 0;
	for (size_t i = 0; n > 0 && i < p->n; i++) {
		known += p->columns[i].match.target != NULL;
		named += csv_cell(&rows[0], i).n > 0;
	}
	return (known > 0 && 2 * known >= named) || csv_header_likely(rows, n);
}

void header_guess(struct arena *a, struct header_targets targets, const struct csv_row *rows,
    size_t n, enum header_mode mode, struct header_map *out)
{
	struct aliases all = aliases_compile(a, targets);
	struct plan p = { 0 };
	for (size_t r = 0; r < n; r++)
		p.n = rows[r].n > p.n ? rows[r].n : p.n;
	p.columns = ARENA_ARRAY(a, p.n, struct column);
	p.guesses = ARENA_ARRAY(a, p.n, struct header_guess);
	p.slots = ARENA_ARRAY(a, 2 * p.n, struct slot);
	p.taken = ARENA_ARRAY(a, p.n, struct taken);
	for (size_t i = 0; i < p.n && mode != HEADER_ABSENT; i++)
		p.columns[i].match = match_header(&all, targets.prefixes, csv_cell(&rows[0], i));

	bool header = mode == HEADER_PRESENT || (mode == HEADER_GUESS && is_header(&p, rows, n));
	bool skip = header && n > 0;
	struct values v = { rows + skip, n - skip };
	for (size_t i = 0; i < p.n; i++) {
		struct column *c = &p.columns[i];
		column_look(c, v.rows, v.n, i);
		if (!header)
			c->match = (struct match) { 0 };
		if (c->match.target && c->match.target->look == LOOK_EMAIL && c->values > 1 &&
		    !c->with_at)
			c->match.target = NULL; /* "E-mail: yes, no" */
		if (c->match.target)
			claim(&p, i, false);
	}
	name_is_last_name(&p, targets, v);
	birthday_is_birth_day(&p, targets);
	for (size_t i = 0; i < p.n; i++)
		if (!p.guesses[i].target && !p.columns[i].match.target)
			guess_by_look(&p, targets, i, header && csv_cell(&rows[0], i).n > 0);
	if (!header)
		guess_names(&p, targets, v);
	*out = (struct header_map) { header, p.guesses, p.n };
}

/* --- As text --- */

const char *header_field(struct arena *a, const struct header_guess *guess)
{
	if (!guess->target)
		return "";
	const char *bracket = strchr(guess->target->field, '[');
	if (!bracket)
		return guess->target->field;
	return arena_printf(a, "%.*s[%u%s%s]%s", (int)(bracket - guess->target->field),
	    guess->target->field, guess->slot, guess->type ? ":" : "",
	    guess->type ? guess->type : "", bracket + 2);
}

/* The target "phones[].value" of the text "phones[1:home].value", whose brackets hold `inside`. */
static const struct header_target *target_split(
    struct header_targets targets, str field, str *inside)
{
	str family, rest, behind;
	bool several = str_cut(field, '[', &family, &rest) && str_cut(rest, ']', inside, &behind);
	for (size_t i = 0; i < targets.n; i++) {
		str name = str_of(targets.items[i].field), start, end;
		bool repeated = str_cut(name, '[', &start, &end);
		if (!repeated && !several && str_eq(name, field))
			return &targets.items[i];
		if (repeated && several && str_eq(start, family) && end.n > 0 &&
		    str_eq((str) { end.p + 1, end.n - 1 }, behind))
			return &targets.items[i];
	}
	return NULL;
}

bool header_field_read(struct header_targets targets, str field, struct header_guess *out)
{
	str inside = { 0 }, number, type;
	struct header_guess guess = { 0 };
	int64_t slot;
	if (field.n == 0) {
		*out = guess;
		return true;
	}
	guess.target = target_split(targets, field, &inside);
	if (!guess.target)
		return false;
	if (!str_none(inside)) {
		if (str_cut(inside, ':', &number, &type)) {
			guess.type = type_among(guess.target->types, type);
			if (!guess.type)
				return false;
			inside = number;
		}
		if (!int_parse(inside, &slot) || slot < 0 || slot >= CSV_COLUMNS)
			return false;
		guess.slot = (uint16_t)slot;
	}
	*out = guess;
	return true;
}
