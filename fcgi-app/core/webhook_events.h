/*
 * webhook_events.h: what webhooks are told. At the end of a mutation what it changed becomes
 * deliveries (rows, and a run for each that sends it), in the same transaction: so nothing is told
 * that did not happen, and nothing that happened is left out. A webhook hears of what whoever made
 * it may see. Tables: sql/schema/webhooks.sql, webhook_deliveries.sql. Tests:
 * tests/http/webhooks.test.mjs
 */
#pragma once
#include "core/call.h"

error webhook_events_tell(struct call *call) MUST_CHECK;
/* "contact.created": the noun of a table, and how a row of it changed. */
bool webhook_event_known(str name);
