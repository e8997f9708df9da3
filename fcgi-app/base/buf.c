/*
 * buf.c: the growing buffer that every reply, log line and statement is written into.
 * Tests: tests/unit/base_buf_test.c
 */
#include "buf.h"
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define KEPT ((size_t)1024 * 1024) /* what buf_clear() keeps for the next request */
#define SMALLEST ((size_t)256)

static void resize(struct buf *b, size_t cap)
{
	char *p = realloc(b->p, cap);
	if (!p) {
		fputs("buf: out of memory\n", stderr);
		abort();
	}
	b->p = p;
	b->cap = cap;
}

void buf_grow(struct buf *b, size_t more)
{
	if (more > SIZE_MAX / 4 || b->n > SIZE_MAX / 4) {
		fputs("buf: a buffer of more than half the address space\n", stderr);
		abort();
	}
	size_t cap = b->cap < SMALLEST ? SMALLEST : b->cap * 2;
	if (cap < b->n + more)
		cap = b->n + more;
	resize(b, cap);
}

void buf_add(struct buf *b, const void *bytes, size_t n)
{
	if (n == 0)
		return;
	buf_reserve(b, n);
	memcpy(b->p + b->n, bytes, n);
	b->n += n;
}

void buf_str(struct buf *b, str s) { buf_add(b, s.p, s.n); }

void buf_text(struct buf *b, const char *text) { buf_add(b, text, strlen(text)); }

void buf_char(struct buf *b, char c)
{
	buf_reserve(b, 1);
	b->p[b->n++] = c;
}

void buf_int(struct buf *b, int64_t number)
{
	char digits[20], *end = digits + sizeof digits, *p = end;
	uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
	do
		*--p = (char)('0' + rest % 10);
	while (rest /= 10);
	if (number < 0)
		*--p = '-';
	buf_add(b, p, (size_t)(end - p));
}

void buf_printf(struct buf *b, const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	buf_reserve(b, 64);
	int length = vsnprintf(b->p + b->n, b->cap - b->n, format, args);
	va_end(args);
	assert(length >= 0);
	if ((size_t)length >= b->cap - b->n) {
		buf_reserve(b, (size_t)length + 1);
		vsnprintf(b->p + b->n, (size_t)length + 1, format, again);
	}
	va_end(again);
	b->n += (size_t)length;
}

void buf_clear(struct buf *b)
{
	b->n = 0;
	if (b->cap > KEPT)
		resize(b, KEPT);
}

void buf_free(struct buf *b)
{
	free(b->p);
	*b = (struct buf) { 0 };
}
