/*
 * wire.c: values as they stand in a row of the binary protocol, read where they lie: nothing is
 * copied or converted before somebody asks for it, and then only once, into the form that is
 * wanted. (Binding buffers instead costs the library's conversion of every column and a copy.)
 * The form: https://mariadb.com/kb/en/resultset-row/#binary-resultset-row. Tests:
 * tests/unit/db_test.c
 */
#include "db/internal.h"
#include <endian.h>

enum wire_kind wire_kind_of(enum enum_field_types type)
{
	switch (type) {
	case MYSQL_TYPE_TINY: return WIRE_INT1;
	case MYSQL_TYPE_SHORT:
	case MYSQL_TYPE_YEAR: return WIRE_INT2;
	case MYSQL_TYPE_LONG:
	case MYSQL_TYPE_INT24: return WIRE_INT4;
	case MYSQL_TYPE_LONGLONG: return WIRE_INT8;
	case MYSQL_TYPE_FLOAT: return WIRE_FLOAT4;
	case MYSQL_TYPE_DOUBLE: return WIRE_FLOAT8;
	case MYSQL_TYPE_DECIMAL:
	case MYSQL_TYPE_NEWDECIMAL: return WIRE_DECIMAL;
	case MYSQL_TYPE_DATE:
	case MYSQL_TYPE_NEWDATE:
	case MYSQL_TYPE_DATETIME:
	case MYSQL_TYPE_DATETIME2:
	case MYSQL_TYPE_TIMESTAMP:
	case MYSQL_TYPE_TIMESTAMP2: return WIRE_MOMENT;
	case MYSQL_TYPE_VARCHAR:
	case MYSQL_TYPE_VAR_STRING:
	case MYSQL_TYPE_STRING:
	case MYSQL_TYPE_ENUM:
	case MYSQL_TYPE_SET:
	case MYSQL_TYPE_JSON:
	case MYSQL_TYPE_TINY_BLOB:
	case MYSQL_TYPE_MEDIUM_BLOB:
	case MYSQL_TYPE_LONG_BLOB:
	case MYSQL_TYPE_BLOB: return WIRE_TEXT;
	case MYSQL_TYPE_NULL: return WIRE_NULL;
	default: return WIRE_OTHER;
	}
}

bool wire_fits(enum wire_kind kind, enum field_type type, size_t part)
{
	if (kind == WIRE_NULL)
		return true;
	bool whole = kind >= WIRE_INT1 && kind <= WIRE_INT8;
	switch (type) {
	case T_ID:
	case T_TEXT:
	case T_ENUM:
	case T_JSON:
	case T_BYTES:
	case T_SUBJECT: return kind == WIRE_TEXT;
	case T_BOOL: return whole;
	case T_INT: /* SUM() of integers is a DECIMAL */ return whole || kind == WIRE_DECIMAL;
	case T_MONEY: return part ? kind == WIRE_TEXT : whole || kind == WIRE_DECIMAL;
	case T_DAY:
	case T_INSTANT: return kind == WIRE_MOMENT;
	case T_LIST:
	case T_IDS:
	case T_TEXTS:
	case T_OBJECT:
	case T_MAP:
	case T_ROW: break;
	}
	return false;
}

static inline uint16_t read2(const unsigned char *p)
{
	uint16_t v;
	memcpy(&v, p, sizeof v);
	return le16toh(v);
}

static inline uint32_t read4(const unsigned char *p)
{
	uint32_t v;
	memcpy(&v, p, sizeof v);
	return le32toh(v);
}

static inline uint64_t read8(const unsigned char *p)
{
	uint64_t v;
	memcpy(&v, p, sizeof v);
	return le64toh(v);
}

/* Reads where a value begins and ends; returns where the next begins. */
static inline unsigned char *take(struct cell *c, unsigned char *at)
{
	static const unsigned char widths[] = {
		[WIRE_INT1] = 1,
		[WIRE_INT2] = 2,
		[WIRE_INT4] = 4,
		[WIRE_INT8] = 8,
		[WIRE_FLOAT4] = 4,
		[WIRE_FLOAT8] = 8,
		[WIRE_NULL] = 0,
	};
	size_t n = widths[c->kind];
	if (n == 0) {
		n = *at++;
		if (n > 250) { /* 251 is NULL in the text protocol and cannot stand here */
			unsigned size = n == 252 ? 2 : n == 253 ? 3 : 8;
			n = size == 2   ? read2(at)
			    : size == 3 ? read2(at) | (size_t)at[2] << 16
					: read8(at);
			at += size;
		}
	}
	c->p = at;
	c->n = n;
	return at + n;
}

void wire_take_column(void *statement, unsigned column, unsigned char **row)
{
	struct cell *c = &((struct statement *)statement)->cells[column];
	if (row) {
		*row = take(c, *row);
	} else {
		c->p = NULL;
		c->n = 0;
	}
}

/* The value of decimal text in units of 10^-digits, rounded half away from zero. */
static int64_t decimal_scaled(const char *p, size_t n, int digits)
{
	size_t i = 0;
	bool negative = n && p[0] == '-';
	uint64_t value = 0;
	bool over = false;
	int left = -1; /* digits still wanted behind the point; -1: before the point */
	for (i = negative; i < n && left != 0; i++) {
		if (p[i] == '.') {
			left = digits;
			continue;
		}
		over |= __builtin_mul_overflow(value, UINT64_C(10), &value) ||
			__builtin_add_overflow(value, (uint64_t)(p[i] - '0'), &value);
		left -= left > 0;
	}
	for (left = left < 0 ? digits : left; left > 0; left--)
		over |= __builtin_mul_overflow(value, UINT64_C(10), &value);
	if (digits == 0 && i < n && p[i] == '.')
		i++;
	if (i < n && p[i] >= '5')
		over |= __builtin_add_overflow(value, UINT64_C(1), &value);
	if (over || value > INT64_MAX)
		value = INT64_MAX;
	return negative ? -(int64_t)value : (int64_t)value;
}

static int64_t whole_number(const struct cell *c)
{
	switch (c->kind) {
	case WIRE_INT1: return c->is_unsigned ? (int64_t)c->p[0] : (int64_t)(int8_t)c->p[0];
	case WIRE_INT2:
		return c->is_unsigned ? (int64_t)read2(c->p) : (int64_t)(int16_t)read2(c->p);
	case WIRE_INT4:
		return c->is_unsigned ? (int64_t)read4(c->p) : (int64_t)(int32_t)read4(c->p);
	default: {
		uint64_t v = read8(c->p);
		return c->is_unsigned && v > INT64_MAX ? INT64_MAX : (int64_t)v;
	}
	}
}

int64_t wire_int(const struct cell *c)
{
	if (!c->p)
		return INT_NONE;
	if (c->kind == WIRE_DECIMAL)
		return decimal_scaled((const char *)c->p, c->n, 0);
	return whole_number(c);
}

int64_t wire_hundredths(const struct cell *c)
{
	int64_t v;
	if (!c->p)
		return 0;
	if (c->kind == WIRE_DECIMAL)
		return decimal_scaled((const char *)c->p, c->n, 2);
	return __builtin_mul_overflow(whole_number(c), INT64_C(100), &v) ? INT64_MAX : v;
}

/* A moment is 0, 4 (day), 7 (and time) or 11 bytes (and microseconds); what is left out is zero.
 * The zero date has no day and is none. */
day wire_day(const struct cell *c)
{
	day d = DAY_NONE;
	if (c->p && c->n >= 4)
		(void)day_from_civil(read2(c->p), c->p[2], c->p[3], &d);
	return d;
}

static inline char *put2(char *out, unsigned value)
{
	out[0] = (char)('0' + value / 10);
	out[1] = (char)('0' + value % 10);
	return out + 2;
}

/* A list has three instants in each row; going by way of an instant and its calendar costs six
 * times as much. */
str wire_instant_quoted(const struct cell *c, char out[INSTANT_TEXT + 2])
{
	const unsigned char *m = c->p;
	if (!m || c->n < 4 || read2(m) == 0 || m[2] == 0 || m[3] == 0)
		return (str) { 0 }; /* NULL, or a date without a day */
	unsigned year = read2(m), us = c->n >= 11 ? read4(m + 7) : 0;
	char *p = out;
	*p++ = '"';
	p = put2(put2(p, year / 100), year % 100);
	*p++ = '-';
	p = put2(p, m[2]);
	*p++ = '-';
	p = put2(p, m[3]);
	*p++ = 'T';
	p = put2(p, c->n >= 7 ? m[4] : 0);
	*p++ = ':';
	p = put2(p, c->n >= 7 ? m[5] : 0);
	*p++ = ':';
	p = put2(p, c->n >= 7 ? m[6] : 0);
	if (us) {
		*p++ = '.';
		p = put2(put2(put2(p, us / 10000), us / 100 % 100), us % 100);
	}
	*p++ = 'Z';
	*p++ = '"';
	return (str) { out, (size_t)(p - out) };
}

instant wire_instant(const struct cell *c)
{
	day d = wire_day(c);
	if (day_none(d))
		return INSTANT_NONE;
	int64_t seconds = (int64_t)d.days * 86400;
	if (c->n >= 7)
		seconds += c->p[4] * 3600 + c->p[5] * 60 + c->p[6];
	return (instant) { seconds * 1000000 + (c->n >= 11 ? read4(c->p + 7) : 0) };
}
