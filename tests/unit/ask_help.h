/*
 * ask_help.h: a company of tests, an agent and a role of it, and how an operation that a test makes
 * up is asked for as that agent, as the product asks for what its jobs do.
 */
#pragma once
#include "core/gate.h"
#include "core/operation.h"
#include "core/worker.h"

#define COMPANY "01890a5d-ac96-774b-bcce-b302099a8057"
#define AGENT "01890a5d-ac96-774b-bcce-b302099a8058"
#define ROLE "01890a5d-ac96-774b-bcce-b302099a8059"

static inline error ask_for(struct worker *by, const struct operation *operation)
{
	struct answer answer;
	arena_reset(by->arena);
	gate_ask(by, by->arena,
	    &(struct ask) { .op = operation,
		.credential = CREDENTIAL_JOB,
		.job_company = { COMPANY },
		.job_agent = { AGENT } },
	    &answer);
	return answer.kind;
}
