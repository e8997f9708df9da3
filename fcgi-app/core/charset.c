/*
 * charset.c: which charset an uploaded file is in, and the file as UTF-8. charset.h tells the order
 * of the guess. Conversion is iconv's; what is ours is the choice, and the refusal of files that
 * are no text (a workbook, a picture) with a sentence that says what to do.
 */
#include <assert.h>
#include <errno.h>
#include <iconv.h>
#include <strings.h>

#include "base/json.h"
#include "core/charset.h"

static const struct {
	const char *name, *iconv, *refused;
} charsets[CHARSETS] = {
	[CHARSET_GUESS] = { "auto", NULL, NULL },
#define CHARSET(constant, iana, library) \
	[constant] = { iana, library, "The file contains bytes that are not valid in " iana "." }
	CHARSET(CHARSET_UTF_8, "utf-8", NULL),
	CHARSET(CHARSET_UTF_16LE, "utf-16le", "UTF-16LE"),
	CHARSET(CHARSET_UTF_16BE, "utf-16be", "UTF-16BE"),
	CHARSET(CHARSET_SHIFT_JIS, "shift_jis", "CP932"),
	CHARSET(CHARSET_WINDOWS_1252, "windows-1252", "CP1252"),
	CHARSET(CHARSET_LATIN_1, "iso-8859-1", "ISO-8859-1"),
	CHARSET(CHARSET_WINDOWS_1250, "windows-1250", "CP1250"),
	CHARSET(CHARSET_WINDOWS_1251, "windows-1251", "CP1251"),
	CHARSET(CHARSET_EUC_JP, "euc-jp", "EUC-JP"),
	CHARSET(CHARSET_EUC_KR, "euc-kr", "EUC-KR"),
	CHARSET(CHARSET_GB18030, "gb18030", "GB18030"),
	CHARSET(CHARSET_BIG5, "big5", "BIG5"),
#undef CHARSET
};

const char *charset_name(enum charset c)
{
	assert(c < CHARSETS);
	return charsets[c].name;
}

/* The next byte that is not ASCII, or the end; eight at once, as most files are nearly all ASCII.
 */
static const unsigned char *ascii_skip(const unsigned char *p, const unsigned char *end)
{
	for (uint64_t eight; end - p >= 8; p += 8) {
		memcpy(&eight, p, 8);
		if (eight & UINT64_C(0x8080808080808080))
			break;
	}
	while (p < end && *p < 0x80)
		p++;
	return p;
}

struct utf8_count {
	size_t good, bad; /* sequences of several bytes, and bytes that belong to none */
};

static struct utf8_count utf8_count(str bytes)
{
	struct utf8_count count = { 0 };
	const unsigned char *p = (const unsigned char *)bytes.p, *end = p + bytes.n;
	while ((p = ascii_skip(p, end)) < end) {
		bool well_formed;
		size_t step = utf8_step((const char *)p, (size_t)(end - p), &well_formed);
		if (well_formed)
			count.good++;
		else
			count.bad += step;
		p += step;
	}
	return count;
}

static bool sjis_lead(unsigned char c)
{
	return (c >= 0x81 && c <= 0x9F) || (c >= 0xE0 && c <= 0xFC);
}

static bool sjis_trail(unsigned char c) { return c >= 0x40 && c <= 0xFC && c != 0x7F; }

static bool undefined_in_1252(unsigned char c)
{
	return c == 0x81 || c == 0x8D || c == 0x8F || c == 0x90 || c == 0x9D;
}

static bool ascii_letter(unsigned char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }

/*
 * How much the bytes read as Japanese in Shift-JIS: above 0 for yes; INT64_MIN when they are not
 * even valid. Validity alone proves little: the e acute of Windows-1252 and a letter after it are a
 * valid pair, and so is an apostrophe of a word processor with the letter after it. But Japanese
 * comes in runs, and nearly all of it (kana, punctuation, the 2,965 kanji of level 1) has a lead
 * byte up to 0x98, where Windows-1252 has quotes and dashes that no word begins with twice. So a
 * run of two or more speaks for it with each frequent character, one character alone between ASCII
 * letters speaks against it, as does each rare one, and a byte that Windows-1252 leaves undefined
 * decides.
 */
static int64_t japanese_score(str bytes)
{
	const unsigned char *start = (const unsigned char *)bytes.p, *end = start + bytes.n;
	int64_t score = 0;
	for (const unsigned char *p = start; (p = ascii_skip(p, end)) < end;) {
		const unsigned char *run = p;
		int64_t frequent = 0, rare = 0, undefined = 0, pairs = 0;
		while (p < end && *p >= 0x80) {
			undefined += undefined_in_1252(*p);
			if (*p >= 0xA1 && *p <= 0xDF) {
				frequent++; /* half-width katakana, one byte */
				p++;
			} else if (sjis_lead(*p) && end - p >= 2 && sjis_trail(p[1])) {
				*(*p <= 0x98 ? &frequent : &rare) += 1;
				pairs++;
				p += 2;
			} else {
				return INT64_MIN;
			}
		}
		bool in_word =
		    (run > start && ascii_letter(run[-1])) || (p < end && ascii_letter(*p));
		if (frequent + rare >
		    (pairs ? 1 : 2)) /* two capitals with accents are no katakana */
			score += frequent - rare;
		else if (in_word || rare || !pairs)
			score--;
		score += 4 * undefined;
	}
	return score;
}

/* Appends `bytes` as UTF-8; false when they are not valid in the charset of `converter`. */
static bool convert(struct buf *b, iconv_t converter, str bytes)
{
	char *in = (char *)(uintptr_t)bytes.p; /* iconv takes char ** and does not write to it */
	size_t left = bytes.n;
	iconv(converter, NULL, NULL, NULL, NULL);
	while (left > 0) {
		buf_reserve(b, left + left / 2 + 64);
		char *out = b->p + b->n;
		size_t room = b->cap - b->n;
		size_t done = iconv(converter, &in, &left, &out, &room);
		int failed = done == (size_t)-1 ? errno : 0;
		b->n = (size_t)(out - b->p);
		if (failed && failed != E2BIG)
			return false;
	}
	return true;
}

/* Nearly valid UTF-8: bytes outside of well-formed sequences are what Windows-1252 makes of them.
 */
static void mend(struct buf *b, str bytes, iconv_t windows_1252)
{
	const unsigned char *p = (const unsigned char *)bytes.p, *end = p + bytes.n, *copied = p;
	while ((p = ascii_skip(p, end)) < end) {
		bool well_formed;
		size_t step = utf8_step((const char *)p, (size_t)(end - p), &well_formed);
		if (!well_formed) {
			buf_add(b, copied, (size_t)(p - copied));
			for (size_t i = 0; i < step; i++)
				if (!convert(b, windows_1252, (str) { (const char *)p + i, 1 }))
					buf_text(b, "\xEF\xBF\xBD");
			copied = p + step;
		}
		p += step;
	}
	buf_add(b, copied, (size_t)(p - copied));
}

/* What a file that is no text is likely to be: a sentence with the way out; NULL for no idea. */
static const char *known_binary(str bytes)
{
	static const struct {
		str magic;
		const char *why;
	} kinds[] = {
		{ STR("PK\003\004"),
		    "This is an Excel workbook or another zip file, not CSV. Open it in the "
		    "spreadsheet program, save it as \"CSV UTF-8\" and import that file." },
		{ STR("\xD0\xCF\x11\xE0"),
		    "This is an old Excel workbook, not CSV. Open it in the spreadsheet program, "
		    "save it as \"CSV UTF-8\" and import that file." },
		{ STR("%PDF-"), "This is a PDF document, not CSV. Export the data as CSV." },
		{ STR("\x1F\x8B"),
		    "This is a compressed file. Unpack it and import the CSV file." },
	};
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (bytes.n >= kinds[i].magic.n &&
		    memcmp(bytes.p, kinds[i].magic.p, kinds[i].magic.n) == 0)
			return kinds[i].why;
	return NULL;
}

/*
 * UTF-16 without a mark, from where the NUL bytes of the first 64 KiB stand: the ASCII characters
 * of a table (separators, digits, line ends) have theirs on one side only, and make up a fair part
 * of it also in Japanese. The other side may have a few: U+3000.
 */
static enum charset utf16_by_nul(str bytes)
{
	size_t nul[2] = { 0, 0 }, n = bytes.n < 65536 ? bytes.n : 65536;
	for (size_t i = 0; i < n; i++)
		nul[i & 1] += bytes.p[i] == 0;
	if (bytes.n % 2 != 0 || nul[0] + nul[1] <= n / 32)
		return CHARSET_GUESS;
	if (nul[1] > 8 * nul[0])
		return CHARSET_UTF_16LE;
	return nul[0] > 8 * nul[1] ? CHARSET_UTF_16BE : CHARSET_GUESS;
}

static bool has_mark(str bytes, str mark)
{
	return bytes.n >= mark.n && memcmp(bytes.p, mark.p, mark.n) == 0;
}

static enum charset mark_cut(str *bytes)
{
	static const struct {
		str mark;
		enum charset charset;
	} marks[] = {
		{ STR("\xEF\xBB\xBF"), CHARSET_UTF_8 },
		{ STR("\xFF\xFE"), CHARSET_UTF_16LE },
		{ STR("\xFE\xFF"), CHARSET_UTF_16BE },
	};
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (has_mark(*bytes, marks[i].mark)) {
			bytes->p += marks[i].mark.n;
			bytes->n -= marks[i].mark.n;
			return marks[i].charset;
		}
	return CHARSET_GUESS;
}

static enum charset guess_single(str bytes)
{
	if (japanese_score(bytes) > 0)
		return CHARSET_SHIFT_JIS;
	for (size_t i = 0; i < bytes.n; i++)
		if (undefined_in_1252((unsigned char)bytes.p[i]))
			return CHARSET_LATIN_1;
	return CHARSET_WINDOWS_1252;
}

static bool refuse(const char **why, const char *sentence)
{
	*why = sentence;
	return false;
}

#define NO_TEXT \
	"This file is not text: it contains NUL bytes. Save the table as \"CSV UTF-8\" and " \
	"import " \
	"that file."
#define NO_CONVERTER "This server has no converter for that charset. Save the file as UTF-8."

static bool read_utf8(
    struct buf *b, str bytes, struct utf8_count count, struct charset_text *out, const char **why)
{
	if (count.bad == 0) {
		*out = (struct charset_text) { bytes, CHARSET_UTF_8, 0 };
		return true;
	}
	iconv_t converter = iconv_open("UTF-8", charsets[CHARSET_WINDOWS_1252].iconv);
	if (converter == (iconv_t)-1)
		return refuse(why, NO_CONVERTER);
	mend(b, bytes, converter);
	iconv_close(converter);
	*out = (struct charset_text) { buf_view(b), CHARSET_UTF_8, count.bad };
	return true;
}

static bool read_with(
    struct buf *b, str bytes, enum charset c, struct charset_text *out, const char **why)
{
	iconv_t converter = iconv_open("UTF-8", charsets[c].iconv);
	if (converter == (iconv_t)-1)
		return refuse(why, NO_CONVERTER);
	bool converted = convert(b, converter, bytes);
	iconv_close(converter);
	if (!converted)
		return refuse(why, charsets[c].refused);
	str text = buf_view(b);
	if (memchr(text.p, 0, text.n))
		return refuse(why, NO_TEXT);
	*out = (struct charset_text) { text, c, 0 };
	return true;
}

bool charset_read(
    struct buf *b, str bytes, enum charset wanted, struct charset_text *out, const char **why)
{
	buf_clear(b);
	if (bytes.n > CHARSET_INPUT_MAX)
		return refuse(
		    why, "The file is larger than 128 MiB. Divide it into several files.");
	const char *binary = bytes.n ? known_binary(bytes) : NULL;
	if (binary)
		return refuse(why, binary);

	str content = bytes.n ? bytes : STR("");
	enum charset found = mark_cut(&content);
	if (wanted != CHARSET_GUESS && wanted != found) {
		found = wanted;
		content = bytes.n ? bytes : STR("");
	}
	if (found == CHARSET_GUESS)
		found = utf16_by_nul(content);
	if (found == CHARSET_UTF_16LE || found == CHARSET_UTF_16BE)
		return read_with(b, content, found, out, why);
	if (memchr(content.p, 0, content.n))
		return refuse(why, NO_TEXT);

	struct utf8_count count = { 0 };
	if (found == CHARSET_GUESS || found == CHARSET_UTF_8)
		count = utf8_count(content);
	if (found == CHARSET_UTF_8 || (found == CHARSET_GUESS && count.good >= 10 * count.bad))
		return read_utf8(b, content, count, out, why);
	if (found != CHARSET_GUESS)
		return read_with(b, content, found, out, why);

	found = guess_single(content);
	if (read_with(b, content, found, out, why))
		return true;
	buf_clear(b); /* a pair in the shape of Shift-JIS that it does not assign */
	return read_with(b, content, CHARSET_LATIN_1, out, why);
}
