/* search_terms.c: see search_terms.h. */
#include "core/search_terms.h"

#include "base/hash.h"
#include "base/json.h"
#include "core/search_text.h"

static bool lettered(str text)
{
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];
		if (c < 0x80 && !(c >= 'a' && c <= 'z') && c != '.' && c != '-' && c != '\'')
			return false;
	}
	return text.n > 0;
}

/* With the upper bits of the hash mixed into the lower ones. */
static uint64_t mixed_hash(str text)
{
	uint64_t h = hash_add(HASH_BEGIN, text);
	return h ^ h >> 29 ^ h >> 47;
}

enum { SIGNATURE_BITS = 63 }; /* of a signed number of the database */

/* That of its first letters, if it has as many and bits tell of them. */
static int64_t start_bit(str text, size_t letters)
{
	str start = utf8_cut(text, letters);
	if (utf8_length(start) < letters || !lettered(start))
		return 0;
	return INT64_C(1) << mixed_hash(start) % SIGNATURE_BITS;
}

static int64_t whole_bit(str text)
{
	return INT64_C(1) << mixed_hash(text) / SIGNATURE_BITS % SIGNATURE_BITS;
}

int64_t search_bits(str term, bool begun)
{
	enum { TWO = 2, SHORT = 3, MIDDLE = 4, LONG = 5 };
	str text = search_bare(term);
	bool title = text.n && text.p[0] == '^'; /* ^jam stands for the terms that begin so */
	text = title ? (str) { text.p + 1, text.n - 1 } : text;
	if (!begun && lettered(text) && utf8_length(text) == TWO)
		return start_bit(text, TWO) | whole_bit(text);
	int64_t bits = start_bit(text, SHORT) | start_bit(text, MIDDLE) | start_bit(text, LONG);
	if (!title && !begun && lettered(text))
		bits |= whole_bit(text);
	return bits;
}

bool search_goes_on(str word)
{
	bool letters = false, others = false;
	for (size_t i = 0; i < word.n; i++) {
		letters = letters || search_is_letter(word.p[i]);
		others = others || !search_is_letter(word.p[i]);
	}
	return letters && others && !search_dense(word);
}

bool search_can_be_titled(str word, bool begun)
{
	bool letters = begun;
	for (size_t i = 0; i < word.n; i++) {
		char c = word.p[i];
		if (c == '@' || c == '^' || c == '~' || c == '*')
			return false;
		letters = letters || c < '0' || c > '9';
	}
	return letters && word.n && word.n <= TITLED_BYTES && !search_dense(word);
}

str search_term_of(struct arena *a, const char *sign, str word)
{
	return utf8_cut(str_of(arena_printf(a, "%s%.*s", sign, (int)word.n, word.p)), TERM_BYTES);
}

str search_pair_term(struct arena *a, str one, str other)
{
	return str_of(arena_printf(a, "&%.*s %.*s", (int)one.n, one.p, (int)other.n, other.p));
}

/* The last letters of an id are those by chance (RFC 9562); the few rows of another owner with the
 * same ones are out of the caller's scope. */
static const char *owner_key(const char *owner)
{
	size_t n = strlen(owner);
	return owner + (n > OWNER_LETTERS ? n - OWNER_LETTERS : 0);
}

str search_own_term(struct arena *a, const char *owner, str word)
{
	return str_of(arena_printf(a, "@%s %.*s", owner_key(owner), (int)word.n, word.p));
}

str search_group_term(struct arena *a, str word) { return search_term_of(a, "#", word); }

str search_owner_term(struct arena *a, const char *owner)
{
	return str_of(arena_printf(a, "@%s", owner_key(owner)));
}
