/*
 * search_check.h: `muster search check` compares the search index with the rows, and `muster search
 * rebuild` mends it, while the product is used: some rows at a time, each time under their locks.
 * For after a restored backup, a change of how words are made, or a doubt. Says what it finds on
 * standard output. The exit status: 0 when the index is right (now), 1 when not, 2 for arguments
 * that it does not know.
 */
#pragma once
#include "core/config.h"

int search_main(const struct config *config, int argc, char **argv);
