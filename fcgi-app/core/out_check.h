/*
 * out_check.h: is an answer of the shape that its operation declares? Asked by the gate in builds
 * with MUSTER_SANITIZE (those with sanitizers), so that each test of an operation is one of
 * its declaration too. Tests: tests/unit/core_out_test.c
 */
#pragma once
#include "core/operation.h"

enum { OUT_POINTER = 200 };

/* Before a query's version is appended. False: `pointer` is the JSON pointer of what is not as
 * declared, *why what is wrong with it. */
bool out_check(const struct call *call, str body, char pointer[OUT_POINTER], const char **why);
