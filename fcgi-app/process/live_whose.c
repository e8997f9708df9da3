/*
 * live_whose.c: of which company a request is that has just come, so that companies are answered in
 * turn. Which company a session or key is of never changes, so what was found is known from then
 * on; whether it still holds, and for what, is asked when its turn has come. Tests:
 * tests/http/live_turns.test.mjs
 */
#include "base/clock.h"
#include "base/digest.h"
#include "core/identity.h"
#include "process/live.h"

/* A database that does not answer is not asked for everybody who comes. */
enum { AWAY_US = 1000000 };

static bool look_up(struct whose *whose, const struct ask *ask, char company[37])
{
	int64_t now = clock_monotonic_us();
	if (now < whose->away_until)
		return false;
	error e = identity_company(whose->worker, whose->worker->arena, ask, company);
	if (e != OK && e != UNAUTHENTICATED)
		whose->away_until = clock_monotonic_us() + AWAY_US;
	return e == OK;
}

void request_whose(struct whose *whose, struct request *r)
{
	struct arena *a = whose->worker->arena;
	struct http_request http;
	struct ask ask = { 0 };
	unsigned char digest[DIGEST_SIZE];
	uint16_t at;
	arena_reset(a);
	if (http_open(a, &r->fcgi, &http) == OK)
		door_credential(&http, &ask);
	if (ask.credential == CREDENTIAL_NONE)
		return;
	digest_sha256(ask.token, digest);
	memcpy(&at, digest, sizeof at);
	struct known_company *known = &whose->known[at % WHOSE_KNOWN];
	bool found = known->company[0] && !memcmp(known->token, digest, sizeof known->token);
	if (!found && !look_up(whose, &ask, known->company)) {
		known->company[0] = 0;
		return;
	}
	memcpy(known->token, digest, sizeof known->token);
	memcpy(r->company, known->company, sizeof r->company);
}
