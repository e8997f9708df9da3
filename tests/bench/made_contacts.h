/*
 * made_contacts.h: the contacts of the bench of search: names by a Zipf law, five in a hundred of
 * them in other scripts. From the same seed come the same contacts, ids and times of their making
 * apart.
 */
#pragma once
#include "core/row.h"

struct chance {
	uint64_t state; /* not 0 */
};
uint64_t draw(struct chance *c);
size_t below(struct chance *c, size_t n);

enum { COMMON = 10, HAN_FIRST = 6 };
/* The names that most people have, the most common first. */
extern const char *const common_first[COMMON], *const common_last[COMMON];
extern const char *const han_first[HAN_FIRST];

void make_names(void); /* once, before the first contact */
void make_contact(
    struct chance *c, struct arena *a, size_t number, uuid of, uuid owner, struct contact *out);

str kept(struct arena *a, const char *text); /* a copy in the arena */
/* Of a name, what an e-mail address can have. */
str plain(struct arena *a, str name);
