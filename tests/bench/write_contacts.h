/*
 * write_contacts.h: contacts are written with the search index and without it. Of the bench
 * search.c.
 */
#pragma once
#include "core/search_write.h"

/* The row of `contacts` alone, without the rows of its addresses and what else a mutation writes.
 */
void insert_contacts(struct db *to, struct arena *a, const struct contact *rows, size_t n);
/* Its postings, its document and new words. */
void index_contacts(struct db *to, struct arena *a, struct known_words *known,
    const struct contact *rows, size_t n);

/* What the index costs who writes, by one writer and by eight: of the mutation that makes a
 * contact, of a contact's rows, and of its row of `contacts` alone. */
void measure_writing(const uuid *companies, size_t n);

/* Says what went wrong and ends the program. */
_Noreturn void bench_stop(const char *what, const char *why);
