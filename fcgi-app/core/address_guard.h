/* address_guard.h: which network addresses are those of the house: a program that anybody may send
 * somewhere must not reach them. Tests: tests/unit/address_guard_test.c */
#pragma once
#include <stdbool.h>
#include <sys/socket.h>

/* Everything that is not a public unicast address (the special registries of IANA), also when it
 * stands inside an IPv6 address; and every family but IPv4 and IPv6. */
bool address_is_private(const struct sockaddr *address);
