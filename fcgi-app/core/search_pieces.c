/* search_pieces.c: the words of a query in the documents of rows, and in the signatures of their
 * postings; see search_query.h. Tests: tests/unit/search_query_test.c */
#include "core/search_query.h"

/* ---- a word in a document ---- */

/* The way before it is the same word as a titled one. */
static bool is_twin(const struct search_word *w, size_t k)
{
	return k && w->ways[k].elsewhere && str_eq(w->ways[k].piece, w->ways[k - 1].piece);
}

bool search_match(
    str document, const struct search_word *word, uint32_t *weight, enum search_tier *tier)
{
	bool found = false;
	for (size_t i = 0; i < word->n; i++) {
		const struct search_way *w = &word->ways[i];
		struct section s;
		uint32_t sum = 0;
		bool has = false;
		if ((found && w->tier > *tier) || is_twin(word, i))
			continue;
		for (str rest = document; search_section(&rest, &s);)
			if ((s.weight || w->light) &&
			    (!word->field || str_is(s.field, word->field->name)) &&
			    memmem(s.words.p, s.words.n, w->piece.p, w->piece.n)) {
				has = true;
				sum = w->range ? (s.weight > sum ? s.weight : sum) : sum + s.weight;
			}
		if (!has)
			continue;
		if (w->tier == TIER_FUZZY) /* says half as much, so few such words come first */
			sum = (sum + 1) / 2;
		if (!found || w->tier < *tier || sum > *weight)
			*weight = sum;
		*tier = !found || w->tier < *tier ? w->tier : *tier;
		found = true;
	}
	return found;
}

/* ---- as SQL ---- */

/* LIKE with the wild cards of the text itself escaped. */
static void like(struct sql *sql, str text, bool from_start)
{
	char *pattern = arena_alloc(sql->arena, text.n * 2 + 3);
	size_t n = 0;
	if (!from_start)
		pattern[n++] = '%';
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '%' || text.p[i] == '_' || text.p[i] == '\\')
			pattern[n++] = '\\';
		pattern[n++] = text.p[i];
	}
	pattern[n++] = '%';
	sql_add(sql, " LIKE ");
	sql_text(sql, (str) { pattern, n });
}

/* The piece anywhere: bytes are compared three times as fast as characters. */
static void in_document(struct sql *sql, str piece)
{
	sql_add(sql, "CAST(d.words AS BINARY)");
	like(sql, piece, false);
}

/* The piece in a section of the field: a pattern takes several times as long, so it is tried on
 * what has the piece at all. */
static void in_field(struct sql *sql, const struct field *field, str piece)
{
	struct buf b = { 0 };
	buf_printf(
	    &b, ":%s=[0-9]+( [^ :][^ ]*)*%s", field->name, piece.p[0] == ' ' ? "" : " [^ :]*");
	for (size_t i = 0; i < piece.n; i++) {
		unsigned char c = (unsigned char)piece.p[i];
		bool plain =
		    c >= 0x80 || c == ' ' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
		if (!plain)
			buf_char(&b, '\\');
		buf_char(&b, (char)c);
	}
	str pattern = { arena_text(sql->arena, b.p, b.n), b.n };
	buf_free(&b);
	sql_add(sql, "(");
	in_document(sql, piece);
	sql_add(sql, " AND d.words REGEXP ");
	sql_text(sql, pattern);
	sql_add(sql, ")");
}

size_t search_begun_way(const struct search_word *word, size_t k)
{
	for (size_t i = k + 1; i < word->n && !word->ways[k].range; i++)
		if (word->ways[i].range && str_eq(word->ways[i].term, word->ways[k].term))
			return i;
	return word->n;
}

static bool all_alone(const struct search_word *w)
{
	bool alone = !w->field && !w->negated;
	for (size_t k = 0; k < w->n; k++)
		alone = alone && w->ways[k].alone;
	return alone;
}

void search_pieces(struct sql *sql, const struct search_query *query, size_t found)
{
	for (size_t i = 0; i < query->n; i++) {
		const struct search_word *w = &query->words[i];
		const char *before = w->negated ? " AND NOT (" : " AND (";
		if (i == found && all_alone(w))
			continue;
		for (size_t k = 0; k < w->n; k++) {
			if (search_begun_way(w, k) < w->n || is_twin(w, k))
				continue;
			sql_add(sql, before);
			before = " OR ";
			if (w->field)
				in_field(sql, w->field, w->ways[k].piece);
			else
				in_document(sql, w->ways[k].piece);
		}
		sql_add(sql, ")");
	}
}

/* That signatures say whether a row has the word. */
static bool is_told(const struct search_word *w)
{
	bool told = !w->negated;
	for (size_t k = 0; k < w->n; k++)
		told = told && search_bits(w->ways[k].term, w->ways[k].range);
	return told;
}

bool search_signature_fits(const struct search_query *query, int64_t signature)
{
	for (size_t i = 0; i < query->n; i++) {
		const struct search_word *w = &query->words[i];
		bool fits = !is_told(w);
		for (size_t k = 0; k < w->n && !fits; k++) {
			int64_t bits = search_bits(w->ways[k].term, w->ways[k].range);
			fits = (signature & bits) == bits;
		}
		if (!fits)
			return false;
	}
	return true;
}

void search_signatures(struct sql *sql, const struct search_query *query, size_t but)
{
	for (size_t i = 0; i < query->n; i++) {
		const struct search_word *w = &query->words[i];
		bool told = i != but && is_told(w);
		for (size_t k = 0; told && k < w->n; k++) {
			int64_t bits = search_bits(w->ways[k].term, w->ways[k].range);
			if (is_twin(w, k))
				continue;
			sql_add(sql, k ? " OR p.signature & " : " AND (p.signature & ");
			sql_int(sql, bits);
			sql_add(sql, " = ");
			sql_int(sql, bits);
		}
		sql_add(sql, told ? ")" : "");
	}
}

void search_term(struct sql *sql, str term, bool range)
{
	sql_add(sql, "p.term");
	if (range) {
		like(sql, term, true);
		return;
	}
	sql_add(sql, " = ");
	sql_text(sql, term);
}

void search_begins(struct sql *sql, str start) { like(sql, start, true); }
