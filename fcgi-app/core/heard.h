/*
 * heard.h: what comes from outside by a hook of the company's, told to whoever wants to know, in
 * the transaction that takes it and as the agent who made the hook. Tests:
 * tests/http/automations_come.test.mjs
 */
#pragma once
#include "core/call.h"
#include <json-c/json.h>

struct heard {
	uuid source;              /* the inbound hook */
	str type;                 /* of the event */
	struct json_object *body; /* an object, as the provider sent it; borrowed */
};
struct heard_hook {
	error (*run)(struct call *call, const struct heard *heard);
};
#define HEARD_HOOK(FUNCTION) \
	static const struct heard_hook FUNCTION##_hook = { FUNCTION }; \
	static const struct heard_hook *const FUNCTION##_hook_registered \
	    __attribute__((used, section("heard_hooks"))) = &FUNCTION##_hook
error heard_tell(struct call *call, const struct heard *heard) MUST_CHECK;
