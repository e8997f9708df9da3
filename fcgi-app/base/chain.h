/* chain.h: circular lists whose members are part of what is in them, and whose head is one more. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct chain {
	struct chain *next, *prev;
};

static inline void chain_init(struct chain *c) { c->next = c->prev = c; }
static inline bool chain_empty(const struct chain *c) { return c->next == c; }

/* At the end. */
static inline void chain_add(struct chain *head, struct chain *c)
{
	c->prev = head->prev;
	c->next = head;
	head->prev->next = c;
	head->prev = c;
}

static inline void chain_remove(struct chain *c)
{
	c->prev->next = c->next;
	c->next->prev = c->prev;
	chain_init(c);
}

#define CONTAINER(pointer, type, member) \
	((type *)(void *)((char *)(pointer)-offsetof(type, member)))
