/*
 * arena.h: memory that lives as long as one request. Everything allocated from an arena goes at
 * once with arena_reset(); what is not memory (a descriptor, a lock, a result set) hangs on the
 * arena with a cleanup, and cleanups run in reverse order. Not for use by two threads at once.
 */
#pragma once
#include <stddef.h>

struct arena;

struct arena *arena_new(void);    /* aborts when the machine has no memory left */
void arena_free(struct arena *a); /* runs the cleanups, then gives everything back */
void arena_reset(
    struct arena *a); /* runs the cleanups; keeps the first block for the next request */

void *arena_alloc(struct arena *a, size_t size); /* zeroed, aligned for any type; never NULL */
void *arena_array(struct arena *a, size_t count, size_t size);  /* as calloc: aborts on overflow */
char *arena_text(struct arena *a, const char *bytes, size_t n); /* a NUL-terminated copy */
char *arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
void arena_cleanup(struct arena *a, void (*run)(void *), void *what);
size_t arena_used(const struct arena *a); /* bytes handed out since the last reset */

/* Room for item n: the array itself, or a copy of its n items twice as large when *cap is n. */
void *arena_grow(struct arena *a, void *items, size_t n, size_t *cap, size_t size);

#define ARENA_NEW(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, count, type) ((type *)arena_array((a), (count), sizeof(type)))
#define ARENA_GROW(a, v, n, cap) ((v) = arena_grow((a), (v), (n), &(cap), sizeof *(v)))
