/*
 * search_text.h: text becomes words, for the index and for a query alike. The one way of a text:
 *
 * 1. Unicode by utf8proc: compatibility decomposition, case folding, what is ignorable (joiners,
 *    direction marks, soft hyphens) dropped; accents taken off: Jose for José. Marks that are part
 *    of a letter's sound in Indic and Thai scripts stay.
 *    What people write or print for an apostrophe is one: O`Brien, O´Brien, Kaʻiulani, ʿAbd.
 * 2. Letters that no decomposition folds: ß ss, ø o, ł l, đ d, ð d, þ th, æ ae, œ oe, ı i, ħ h,
 *    ŧ t; final sigma; Arabic alef, yeh, kaf and teh marbuta in one form, without tatweel; katakana
 *    as hiragana; digits of other scripts are 0 to 9.
 * 3. Words: letters, marks and digits side by side (UAX 29, by the categories of utf8proc), one and
 *    two letters too, and no stop words. Scripts without spaces (Han, kana, Hangul, Thai, Lao,
 *    Khmer, Burmese) make one word of a run, of which the index has each part of four characters.
 * 4. Beside a word stand other ways to write it: ä ö ü å ø as ae oe ue aa oe (mueller for Müller);
 *    joined over hyphens, apostrophes, points and & (jeanluc, obrien, jrr, att); with them
 *    (node.js); an Arabic word without its article; names with particles as one word (vanderberg,
 *    search_particle.h). A web address is without https:// and www.
 * 5. An e-mail address is a word, and so are the words of its local part, its domain, what that
 *    ends with (x.org of mail.x.org) and the words in it; what is before the @ is found as its
 *    beginning. A number of seven digits or more, however it is grouped, is one as digits behind a
 *    `*`, without its country and the 0 that is dialled at home: as people begin to type it; and
 *    reversed behind a `~`: so its end can be looked for. Neither has the 00 before a country, nor
 *    the (0) behind one; an extension, x42, is none of it. What its country is stands behind a
 *    `+`, and behind a `!` that it has none.
 *
 * All is bounded: a word has at most TERM_BYTES bytes, but for such a run; of a text at most
 * TEXT_BYTES are read, and it gives at most TEXT_TOKENS. Tests: tests/unit/search_text_test.c
 */
#pragma once
#include "base/arena.h"
#include "base/value.h"

/* The longest text that a row takes, 16,000 characters, is whole in it. */
enum { TERM_BYTES = 64, TEXT_BYTES = 65536, TEXT_TOKENS = 8000 };

enum token_kind {
	TOKEN_PLAIN,   /* a word as it stands in the text, in its order */
	TOKEN_VARIANT, /* another spelling of the word before it */
	TOKEN_JOINED,  /* words joined over hyphens and the like */
	TOKEN_WHOLE,   /* an e-mail address, or words with the points between them */
	TOKEN_LOCAL,   /* a word of the local part of an address */
	TOKEN_DOMAIN,  /* its domain, and the words in that */
	TOKEN_NUMBER,  /* a long number without its country, as digits, behind * */
	TOKEN_SUFFIX,  /* all of it, reversed, behind ~ */
	TOKEN_COUNTRY, /* its country and the same behind +; of one without, reversed, behind ! */
	TOKEN_NAME     /* a name of particles and a word, as one */
};

struct token {
	str text;
	enum token_kind kind;
	bool dense;      /* of a script without spaces: found by any part */
	size_t from, to; /* where it stands in the text, in bytes */
};

struct tokens {
	struct token *v;
	size_t n, cap;
};

/* With which an address may begin, in small letters. */
extern const char *const search_schemes[4];

void search_tokens(struct arena *a, str text, struct tokens *out);
/* That it is written for an apostrophe: a curly one, a prime, a grave or an acute accent by itself,
 * a letter of Hawaiian, Ukrainian or of Arabic in Latin script, the geresh. */
bool search_is_apostrophe(int32_t c);
/* A digit of any script as 0 to 9; what is none, as it is. */
int32_t search_digit(int32_t c);
/* Whether a word is of a script without spaces. */
bool search_dense(str word);
/* The word without its first character. */
str search_behind_first(str word);
