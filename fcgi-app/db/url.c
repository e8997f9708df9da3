/*
 * url.c: the address of a database, as it stands in MUSTER_DATABASE_URL. Strict: what it does not
 * know it refuses, because a parameter that is silently ignored is found out in production.
 * Tests: tests/unit/db_test.c
 */
#include "db/db.h"
#include <stdio.h>

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* NULL when an escape is broken or makes a NUL. */
static const char *decode(struct arena *a, str s)
{
	char *out = arena_alloc(a, s.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (c == '%') {
			int high = i + 2 < s.n ? hex_digit(s.p[i + 1]) : -1;
			int low = i + 2 < s.n ? hex_digit(s.p[i + 2]) : -1;
			if (high < 0 || low < 0)
				return NULL;
			c = (char)(high << 4 | low);
			i += 2;
		}
		if (c == 0)
			return NULL;
		out[n++] = c;
	}
	return out;
}

static bool refuse(char why[256], const char *sentence)
{
	snprintf(why, 256, "%s", sentence);
	return false;
}

/* Splits at the last `at`, for a password may hold an '@' that nobody encoded. */
static bool cut_last(str s, char at, str *before, str *after)
{
	const char *found = s.n ? memrchr(s.p, at, s.n) : NULL;
	if (!found)
		return false;
	size_t n = (size_t)(found - s.p);
	*before = (str) { s.p, n };
	*after = (str) { found + 1, s.n - n - 1 };
	return true;
}

static bool read_port(str text, unsigned *port)
{
	unsigned value = 0;
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] < '0' || text.p[i] > '9' || value > 65535)
			return false;
		value = value * 10 + (unsigned)(text.p[i] - '0');
	}
	*port = value;
	return value >= 1 && value <= 65535;
}

/* host, host:port, [v6] or [v6]:port */
static bool read_host(struct arena *a, str text, struct db_options *o, char why[256])
{
	str host = text, port = { 0 };
	if (text.n && text.p[0] == '[') {
		str rest;
		if (!str_cut((str) { text.p + 1, text.n - 1 }, ']', &host, &rest) ||
		    (rest.n && rest.p[0] != ':'))
			return refuse(
			    why, "the IPv6 address in the database URL is not closed by ]");
		if (rest.n)
			port = (str) { rest.p + 1, rest.n - 1 };
	} else {
		str_cut(text, ':', &host, &port);
	}
	if (!str_none(port) && !read_port(port, &o->port))
		return refuse(why, "the port of the database URL is not a number from 1 to 65535");
	o->host = host.n ? decode(a, host) : "localhost";
	return o->host || refuse(why, "the host of the database URL has a broken % escape");
}

static bool read_user(struct arena *a, str text, struct db_options *o, char why[256])
{
	str user = text, password = { 0 };
	str_cut(text, ':', &user, &password);
	o->user = decode(a, user);
	o->password = decode(a, password);
	if (!o->user || !o->password)
		return refuse(
		    why, "the user or password of the database URL has a broken % escape");
	return o->user[0] || refuse(why, "the database URL names no user");
}

static bool read_parameters(struct arena *a, str query, struct db_options *o, char why[256])
{
	while (query.n) {
		str pair = query, name, value;
		if (!str_cut(query, '&', &pair, &query))
			query = (str) { 0 };
		if (!str_cut(pair, '=', &name, &value) || !str_is(name, "socket"))
			return refuse(
			    why, "the database URL has a parameter other than socket=/path");
		o->socket = decode(a, value);
		if (!o->socket || o->socket[0] != '/')
			return refuse(
			    why, "the socket of the database URL is not an absolute path");
	}
	return true;
}

bool db_options_parse(struct arena *a, str url, struct db_options *out, char why[256])
{
	struct db_options o = { .port = 3306, .host = "localhost" };
	str user, host, rest = url, query = { 0 }, database = { 0 };
	if (!str_starts(url, "mysql://"))
		return refuse(why, "the database URL does not begin with mysql://");
	rest = (str) { url.p + 8, url.n - 8 };
	if (memchr(rest.p, '#', rest.n))
		return refuse(why, "the database URL has a #; inside a password write %23");
	str_cut(rest, '?', &rest, &query);
	/* The path begins behind the last '@': a password may hold a '/'. */
	if (!cut_last(rest, '@', &user, &rest))
		return refuse(why, "the database URL names no user: mysql://user@host/database");
	host = rest;
	str_cut(rest, '/', &host, &database);
	if (!read_user(a, user, &o, why) || !read_host(a, host, &o, why) ||
	    !read_parameters(a, query, &o, why))
		return false;
	if (database.n) {
		o.database = decode(a, database);
		if (!o.database)
			return refuse(
			    why, "the name of the database in the URL has a broken % escape");
	}
	if (o.socket && strcmp(o.host, "localhost") != 0)
		return refuse(why, "the database URL has a socket and a host other than localhost");
	*out = o;
	return true;
}
