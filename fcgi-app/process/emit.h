/* emit.h: the contracts that `muster emit` writes to its output; emit.c has their names. */
#pragma once
#include "base/arena.h"
#include "base/value.h"

void emit_openapi(struct arena *a); /* openapi.c */

/* Writes a JSON document in lines, for people and diffs: what holds nothing nested is one line. */
void emit_json(str document);
