/*
 * arena.c: memory by pushing a pointer through malloc blocks. The first block comes with the arena
 * and stays through every reset; later blocks double up to BLOCK_MAX, and what is large for a block
 * gets one of its own so that the rest of the current block is not lost. Under the address
 * sanitizer, memory that is not handed out is poisoned: a pointer kept past a reset is found.
 * Tests: tests/unit/base_arena_test.c
 */
#include "arena.h"
#include <assert.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifdef SANITIZED
#include <sanitizer/asan_interface.h>
#define GAP ((size_t)16) /* poisoned bytes between two allocations */
#else
#define ASAN_POISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#define GAP ((size_t)0)
#endif

#define BLOCK_FIRST ((size_t)16 * 1024)
#define BLOCK_MAX ((size_t)256 * 1024)
#define ALIGN alignof(max_align_t)

struct block {
	struct block *next;
	alignas(max_align_t) char bytes[];
};

struct cleanup {
	struct cleanup *next;
	void (*run)(void *);
	void *what;
};

struct arena {
	char *at, *end;       /* what is free in the current block */
	struct block *blocks; /* all but the first */
	size_t block_size;    /* of the newest block that is not one allocation's own */
	size_t used;
	struct cleanup *cleanups; /* the newest first */
	alignas(max_align_t) char first[BLOCK_FIRST];
};

static void *memory(size_t size)
{
	void *p = malloc(size);
	if (!p) {
		fputs("arena: out of memory\n", stderr);
		abort();
	}
	return p;
}

static void rewind_to_first(struct arena *a)
{
	a->at = a->first;
	a->end = a->first + sizeof a->first;
	a->blocks = NULL;
	a->block_size = BLOCK_FIRST;
	a->used = 0;
	ASAN_POISON_MEMORY_REGION(a->first, sizeof a->first);
}

struct arena *arena_new(void)
{
	struct arena *a = memory(sizeof *a);
	a->cleanups = NULL;
	rewind_to_first(a);
	return a;
}

/* A cleanup may itself allocate or register another one, so each is taken off before it runs. */
static void run_cleanups(struct arena *a)
{
	while (a->cleanups) {
		struct cleanup *c = a->cleanups;
		a->cleanups = c->next;
		c->run(c->what);
	}
}

void arena_reset(struct arena *a)
{
	run_cleanups(a);
	for (struct block *b = a->blocks, *next; b; b = next) {
		next = b->next;
		free(b);
	}
	rewind_to_first(a);
}

void arena_free(struct arena *a)
{
	if (!a)
		return;
	arena_reset(a);
	free(a);
}

static char *block_new(struct arena *a, size_t size)
{
	struct block *b = memory(sizeof *b + size);
	b->next = a->blocks;
	a->blocks = b;
	ASAN_POISON_MEMORY_REGION(b->bytes, size);
	return b->bytes;
}

/* Room for `size` bytes, a multiple of ALIGN, when the current block has not enough. */
static char *room_elsewhere(struct arena *a, size_t size)
{
	size_t next = a->block_size < BLOCK_MAX ? a->block_size * 2 : BLOCK_MAX;
	if (size > next / 4)
		return block_new(a, size);
	a->block_size = next;
	char *p = block_new(a, next);
	a->at = p + size;
	a->end = p + next;
	return p;
}

void *arena_alloc(struct arena *a, size_t size)
{
	if (size > SIZE_MAX / 2) {
		fputs("arena: an allocation of more than half the address space\n", stderr);
		abort();
	}
	size_t room = ((size + ALIGN - 1) & ~(ALIGN - 1)) + GAP;
	char *p;
	if (room <= (size_t)(a->end - a->at)) {
		p = a->at;
		a->at += room;
	} else {
		p = room_elsewhere(a, room);
	}
	a->used += size;
	ASAN_UNPOISON_MEMORY_REGION(p, size);
	return memset(p, 0, size);
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
	size_t total;
	if (__builtin_mul_overflow(count, size, &total)) {
		fputs("arena: the size of an array overflows\n", stderr);
		abort();
	}
	return arena_alloc(a, total);
}

void *arena_grow(struct arena *a, void *items, size_t n, size_t *cap, size_t size)
{
	if (n < *cap)
		return items;
	*cap = n ? n * 2 : 16;
	void *grown = arena_array(a, *cap, size);
	if (n)
		memcpy(grown, items, n * size);
	return grown;
}

char *arena_text(struct arena *a, const char *bytes, size_t n)
{
	char *copy = arena_alloc(a, n + 1);
	if (n)
		memcpy(copy, bytes, n);
	return copy;
}

char *arena_printf(struct arena *a, const char *format, ...)
{
	char small[256];
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int length = vsnprintf(small, sizeof small, format, args);
	va_end(args);
	assert(length >= 0);
	char *text;
	if ((size_t)length < sizeof small) {
		text = arena_text(a, small, (size_t)length);
	} else {
		text = arena_alloc(a, (size_t)length + 1);
		vsnprintf(text, (size_t)length + 1, format, again);
	}
	va_end(again);
	return text;
}

void arena_cleanup(struct arena *a, void (*run)(void *), void *what)
{
	struct cleanup *c = ARENA_NEW(a, struct cleanup);
	*c = (struct cleanup) { a->cleanups, run, what };
	a->cleanups = c;
}

size_t arena_used(const struct arena *a) { return a->used; }
