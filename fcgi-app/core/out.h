/*
 * out.h: an answer from a struct, as core/decode.h makes the input's struct from a request: what is
 * written is what is declared. Tests: tests/unit/core_out_test.c
 */
#pragma once
#include "base/field.h"
#include "base/json.h"

void out_begin(const struct field_set *set, void *values); /* each member none */
void out_write(struct json *out, const struct field_set *set, const void *values); /* one object */
void out_members(struct json *out, const struct field_set *set,
    const void *values); /* its members, into one that is open */
