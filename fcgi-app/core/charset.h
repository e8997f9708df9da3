/*
 * charset.h: the bytes of an uploaded text file, as UTF-8. Finds the charset (byte order mark,
 * pattern of NUL bytes, validity, a score for Shift-JIS), converts with iconv, and refuses what is
 * no text. The result may be a view into the given bytes. Tests: tests/unit/charset_test.c.
 */
#pragma once
#include "base/buf.h"

#define CHARSET_INPUT_MAX (128u << 20) /* bytes of one file */

enum charset {
	CHARSET_GUESS,
	CHARSET_UTF_8,
	CHARSET_UTF_16LE,
	CHARSET_UTF_16BE,
	CHARSET_SHIFT_JIS,    /* with the extensions of Windows (code page 932) */
	CHARSET_WINDOWS_1252, /* what Excel writes in western Europe and the Americas */
	CHARSET_LATIN_1,      /* only when a byte occurs that Windows-1252 leaves undefined */
	/* never guessed, as nothing tells them apart with certainty; a person may choose them */
	CHARSET_WINDOWS_1250,
	CHARSET_WINDOWS_1251,
	CHARSET_EUC_JP,
	CHARSET_EUC_KR,
	CHARSET_GB18030,
	CHARSET_BIG5,
	CHARSETS
};

struct charset_text {
	str text; /* valid UTF-8 without NUL and without byte order mark */
	enum charset charset;
	size_t mended; /* bytes of a nearly valid UTF-8 file that were read as Windows-1252 */
};

/* The name for people and for a form, as IANA registers it: "windows-1252". */
const char *charset_name(enum charset c);

/*
 * Reads `bytes` in the charset `wanted`, or finds it out for CHARSET_GUESS. The text is a view into
 * `bytes` when nothing had to be converted, else into *b, whose former content goes; so both must
 * live as long as the text is used. Returns false and sets *why to a sentence for people (static
 * memory) when the file is no text, too large, or not in that charset; *out is set only on true.
 *
 * How the guess goes, in this order: a byte order mark; NUL bytes nearly all on one side of the
 * pairs are UTF-16, other NUL bytes are no text; well-formed UTF-8; UTF-8 with a few wrong bytes,
 * at most one for ten good sequences (such files come from gluing two exports together); Shift-JIS
 * when all bytes are valid in it and more of them read as Japanese words than as western letters
 * between ASCII ones (see japanese_score() in charset.c); else Windows-1252.
 */
bool charset_read(
    struct buf *b, str bytes, enum charset wanted, struct charset_text *out, const char **why);
