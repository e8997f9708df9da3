/*
 * buf.h: bytes that grow. The memory is the buffer's own (malloc), kept between requests by
 * buf_clear() so that a busy worker stops allocating; free it with buf_free(). A zeroed struct is
 * an empty buffer. The bytes are not NUL-terminated.
 */
#pragma once
#include "value.h"

struct buf {
	char *p;
	size_t n, cap;
};

void buf_grow(struct buf *b, size_t more); /* buf_reserve() when there is not enough room */
static inline void buf_reserve(
    struct buf *b, size_t more) /* room for `more` bytes; aborts when memory is out */
{
	if (b->cap - b->n < more)
		buf_grow(b, more);
}
void buf_add(struct buf *b, const void *bytes, size_t n);
void buf_str(struct buf *b, str s);
void buf_text(struct buf *b, const char *text);
void buf_char(struct buf *b, char c);
void buf_int(struct buf *b, int64_t number);
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_clear(struct buf *b); /* n = 0; gives memory above 1 MiB back */
void buf_free(struct buf *b);
static inline str buf_view(const struct buf *b) { return (str) { b->p ? b->p : "", b->n }; }
