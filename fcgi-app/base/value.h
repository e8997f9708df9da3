/*
 * value.h: the small values that every layer passes about. Each has one "none" value, which is
 * SQL's NULL and JSON's null: a str without bytes, DAY_NONE, INSTANT_NONE, INT_NONE, a money
 * without a currency. Distinct structs, so that the compiler refuses a day where an instant
 * belongs.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct {
	const char *p;
	size_t n;
} str; /* bytes, UTF-8 unless said otherwise; p NULL = none */
typedef struct {
	int64_t us;
} instant; /* microseconds since 1970-01-01T00:00:00Z */
typedef struct {
	int32_t days;
} day; /* days since 1970-01-01, in no time zone */
typedef struct {
	int64_t hundredths;
	char currency[4];
} money; /* ISO 4217 code; "" = none */
typedef struct {
	char text[37];
} uuid; /* RFC 9562 text in lower case; "" = none */
typedef struct {
	void *items;
	size_t n;
} list; /* n structs side by side in the arena */
typedef struct {
	str json;
} json_text;              /* a JSON document as it stands in a column */
#define SUBJECT_OBJECT 16 /* with the NUL; mustergen refuses a longer noun */
typedef struct {
	char object[SUBJECT_OBJECT];
	uuid id;
} subject; /* the noun of a table, and which of its rows; "" = none */

#define INT_NONE INT64_MIN
#define INSTANT_NONE ((instant) { INT64_MIN })
#define DAY_NONE ((day) { INT32_MIN })
#define MONEY_MAX INT64_C(999999999999999) /* DECIMAL(15,2), in hundredths */

#define STR(literal) ((str) { "" literal, sizeof(literal) - 1 })

static inline str str_of(const char *text) { return (str) { text, text ? strlen(text) : 0 }; }
static inline bool str_none(str s) { return s.p == NULL; }
static inline bool str_eq(str a, str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}
/* By bytes; what begins another comes before it. */
static inline int str_order(str a, str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n ? memcmp(a.p, b.p, n) : 0;
	return c ? c : (a.n > b.n) - (a.n < b.n);
}
static inline bool str_is(str a, const char *text) { return str_eq(a, str_of(text)); }
static inline bool instant_none(instant i) { return i.us == INT64_MIN; }
static inline bool day_none(day d) { return d.days == INT32_MIN; }
static inline bool money_none(money m) { return m.currency[0] == 0; }

/* Whether a list of ids has that one. */
bool ids_have(list ids, const char *id);

bool str_starts(str s, const char *prefix);
str str_trim(str s); /* without ASCII white space at both ends */
bool str_cut(
    str s, char at, str *before, str *after); /* split at the first `at`; false if there is none */

/* Text forms. The parsers take exactly the form of the API (RFC 3339 with Z or an offset,
 * YYYY-MM-DD, "1234.50"; no + and no superfluous zero in front of a number) and say false for
 * anything else; *out is set only on true. The writers give "" for none, and the nearest that the
 * form can say for what lies outside of the years 0001 to 9999. */
bool instant_parse(str text, instant *out);
bool day_parse(str text, day *out);
bool decimal_parse(str text, int64_t *hundredths); /* at most two decimals, within MONEY_MAX */
bool int_parse(str text, int64_t *out);
bool uuid_parse(str text, uuid *out); /* any version, folded to lower case */

#define INSTANT_TEXT 28 /* 2026-01-31T12:00:00.123456Z and NUL */
#define DAY_TEXT 11
#define DECIMAL_TEXT 24
size_t instant_format(
    instant i, char out[INSTANT_TEXT]); /* no fraction when it is zero; returns the length */
size_t day_format(day d, char out[DAY_TEXT]);
size_t decimal_format(int64_t hundredths, char out[DECIMAL_TEXT]);

void day_civil(
    day d, int *year, int *month, int *mday); /* proleptic Gregorian; month and mday from 1 */
bool day_from_civil(int year, int month, int mday, day *out); /* false for the 30th of February */
