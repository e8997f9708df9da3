/*
 * decode.h: percent-encoding, for paths, forms and file names alike. Used inside http/, and for the
 * path of the page to which a form returns (core/page.c).
 */
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "base/value.h"

/* Decodes %XX, and + as a space when plus is set, into the arena (or gives a view of text when
 * there is nothing to decode). MALFORMED: a bad escape, NUL, invalid UTF-8. */
error percent_decode(struct arena *a, str text, bool plus, str *out) MUST_CHECK;

/* ASCII only and the same in every locale: header and parameter names. */
bool ascii_same(str a, const char *b);
