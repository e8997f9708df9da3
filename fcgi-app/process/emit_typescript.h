/*
 * emit_typescript.h: the client for web pages, Node and mobile apps: what templates/client/ has by
 * hand, and with it the two files that follow from the operations: contract.d.ts, the types of all
 * that can be called, and catalog.js, their addresses. Tests: tests/clients/, and
 * tests/golden/typescript.d.ts
 */
#pragma once
#include "base/arena.h"
#include "base/buf.h"
#include "core/config.h"

void typescript_contract(struct arena *a, struct buf *out);
void typescript_catalog(struct arena *a, struct buf *out);
/* Writes the whole package into a folder; says what is wrong on standard error. */
bool typescript_package(const struct config *config, const char *folder);
