/* identity.c: see identity.h. The statements are in sql/query/identity.sql. */
#include "core/identity.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/digest.h"
#include "core/query_run.h"
#include "core/row.h"
#include "core/search_renew.h"
#include "core/worker.h"

void identity_hash(str secret, char hex[65])
{
	unsigned char digest[DIGEST_SIZE];
	digest_sha256(secret, digest);
	for (int i = 0; i < DIGEST_SIZE; i++)
		snprintf(hex + 2 * i, 3, "%02X", digest[i]);
}

/* The grants of (company, role, revision): known ones may be used, because the revision was read by
 * this call. */
static error find_grants(
    struct call *call, role_id role, int64_t revision, const struct grants **out)
{
	struct worker *w = call->worker;
	for (size_t i = 0; i < w->n_known; i++)
		if (w->known[i].revision == revision && !strcmp(w->known[i].role.text, role.text) &&
		    !strcmp(w->known[i].company.text, call->me.company.text)) {
			*out = &w->known[i].grants;
			return OK;
		}
	struct role_grants_row *rows;
	size_t n;
	TRY(query_all(
	    call, &role_grants_query, &(struct role_grants_in) { .role_id = role }, &rows, &n));
	struct known_grants *slot = &w->known[w->next_known];
	w->next_known = (w->next_known + 1) % w->n_known;
	free(slot->grants.v);
	*slot = (struct known_grants) {
		.company = call->me.company, .role = role, .revision = revision
	};
	slot->grants.v = calloc(n + 1, sizeof *slot->grants.v);
	if (!slot->grants.v)
		abort();
	for (size_t i = 0; i < n; i++) {
		struct grant *g = &slot->grants.v[slot->grants.n++];
		snprintf(g->permission, sizeof g->permission, "%.*s.%.*s", (int)rows[i].object.n,
		    rows[i].object.p, (int)rows[i].action.n, rows[i].action.p);
		g->level = (enum level)((int)rows[i].level - 1);
	}
	grants_sort(&slot->grants);
	*out = &slot->grants;
	return OK;
}

static error own_grants(struct call *call)
{
	return find_grants(call, call->me.role, call->me.role_revision, &call->me.grants);
}

/* Before another role's are read, which may take the place of those that the call's point to. */
static struct grants *own_copy(struct call *call)
{
	struct grants *own = ARENA_NEW(call->arena, struct grants);
	own->n = call->me.grants->n;
	own->v = ARENA_ARRAY(call->arena, own->n + 1, struct grant);
	memcpy(own->v, call->me.grants->v, own->n * sizeof *own->v);
	call->me.grants = own;
	return own;
}

/* A key is worth no more than its maker is now: an owner's key does not outlive the owner's power.
 */
static error limit_to_maker(struct call *call, role_id role, int64_t revision)
{
	const struct grants *maker;
	if (!strcmp(role.text, call->me.role.text))
		return OK;
	call->me.maker_role = role;
	struct grants *both = own_copy(call);
	TRY(find_grants(call, role, revision, &maker));
	for (size_t i = 0; i < both->n; i++) {
		enum level most = grants_level(maker, both->v[i].permission);
		if (both->v[i].level > most)
			both->v[i].level = most;
	}
	return OK;
}

void identity_topics(const struct identity *me, char topics[IDENTITY_TOPICS][TOPIC_TEXT])
{
	const struct table *const tables[IDENTITY_TOPICS] = { &agents_table, &roles_table,
		me->kind == BY_KEY ? &api_keys_table : &sessions_table, &roles_table };
	const char *const ids[IDENTITY_TOPICS] = { me->agent.text, me->role.text,
		me->credential.text, me->maker_role.text };
	for (size_t i = 0; i < IDENTITY_TOPICS; i++)
		if (ids[i][0])
			topic_of_row(tables[i], ids[i], topics[i]);
		else
			topics[i][0] = 0;
}

static void note_identity(struct call *call)
{
	char topics[IDENTITY_TOPICS][TOPIC_TEXT];
	identity_topics(&call->me, topics);
	for (size_t i = 0; i < IDENTITY_TOPICS; i++)
		if (topics[i][0])
			call_reads(call, "%s", topics[i]);
}

static error by_session(struct call *call, str token)
{
	char hex[65];
	identity_hash(token, hex);
	struct identity_by_session_row row;
	TRY(query_one(call, &identity_by_session_query,
	    &(struct identity_by_session_in) { .hash = str_of(hex), .moment = call->now }, &row));
	call->me = (struct identity) { .kind = BY_SESSION,
		.company = row.company_id,
		.agent = row.agent_id,
		.role = row.role_id,
		.role_revision = row.role_revision,
		.email = row.email,
		.full_name = row.full_name,
		.team_ids = row.team_ids.json };
	memcpy(call->me.credential.text, row.credential.text, sizeof call->me.credential.text);
	call->me.triggers = row.triggers;
	call->me.indexing = search_percent(row.search_version, row.search_progress);
	call->version = row.version;
	return own_grants(call);
}

static error by_key(struct call *call, str token)
{
	char hex[65];
	identity_hash(token, hex);
	struct identity_by_key_row row;
	TRY(query_one(call, &identity_by_key_query,
	    &(struct identity_by_key_in) { .hash = str_of(hex), .moment = call->now }, &row));
	call->me = (struct identity) { .kind = BY_KEY,
		.company = row.company_id,
		.agent = row.agent_id,
		.role = row.role_id,
		.role_revision = row.role_revision,
		.email = row.email,
		.full_name = row.full_name,
		.team_ids = row.team_ids.json,
		.scopes = row.scopes.json };
	memcpy(call->me.credential.text, row.credential.text, sizeof call->me.credential.text);
	call->me.triggers = row.triggers;
	call->me.indexing = search_percent(row.search_version, row.search_progress);
	call->version = row.version;
	TRY(own_grants(call));
	return limit_to_maker(call, row.maker_role, row.maker_revision);
}

/* A job that a key has started goes on as that key, not as the agent with all its power. */
static error by_key_of_job(struct call *call, uuid key, role_id maker_role, int64_t maker_revision)
{
	struct key_of_job_row row;
	TRY(query_one(call, &key_of_job_query,
	    &(struct key_of_job_in) { .key = key, .moment = call->now }, &row));
	call->me.credential = key;
	call->me.role = row.role_id;
	call->me.role_revision = row.role_revision;
	call->me.scopes = row.scopes.json;
	TRY(own_grants(call));
	return limit_to_maker(call, maker_role, maker_revision);
}

static error by_agent(struct call *call, company_id company, agent_id agent, uuid key)
{
	struct identity_by_agent_row row;
	if (!agent.text[0]) { /* the program itself: it has no role, and reaches rows by what needs
				 none */
		call->me = (struct identity) { .kind = BY_JOB, .company = company, .triggers = -1 };
		return OK;
	}
	TRY(query_one(call, &identity_by_agent_query,
	    &(struct identity_by_agent_in) { .of_company = company, .agent = agent }, &row));
	call->me = (struct identity) { .kind = BY_JOB,
		.company = row.company_id,
		.agent = row.agent_id,
		.role = row.role_id,
		.role_revision = row.role_revision,
		.email = row.email,
		.full_name = row.full_name,
		.team_ids = row.team_ids.json };
	call->me.triggers = row.triggers;
	call->me.indexing = search_percent(row.search_version, row.search_progress);
	call->version = row.version;
	return key.text[0] ? by_key_of_job(call, key, row.role_id, row.role_revision)
			   : own_grants(call);
}

error identity_find(struct call *call, const struct ask *ask)
{
	error e;
	if (ask->credential == CREDENTIAL_NONE)
		return OK;
	if (ask->credential == CREDENTIAL_JOB)
		e = by_agent(call, ask->job_company, ask->job_agent, ask->job_key);
	else if (ask->credential == CREDENTIAL_BEARER &&
		 str_starts(
		     ask->token, "mk_live_")) /* a session's token may begin with "mk_" by chance */
		e = by_key(call, ask->token);
	else
		e = by_session(call, ask->token);
	if (e == NOT_FOUND && ask->credential == CREDENTIAL_JOB)
		return fail(call, UNAUTHENTICATED, NULL,
		    "on whose behalf this is done may not log in any more, or the key is gone");
	if (e == NOT_FOUND)
		return fail(call, UNAUTHENTICATED, NULL,
		    "this session or key does not exist, has ended or was revoked");
	TRY(e);
	if (call->me.role.text[0])
		note_identity(call);
	return OK;
}

error identity_company(
    struct worker *worker, struct arena *a, const struct ask *ask, char company[37])
{
	struct call call = { .worker = worker,
		.arena = a,
		.now = clock_now(),
		.version = INT_NONE,
		.db = worker->reads };
	TRY(identity_find(&call, ask));
	snprintf(company, 37, "%s", call.me.company.text);
	return OK;
}

error identity_become(struct call *call, company_id company, agent_id agent)
{
	call->me = (struct identity) { .kind = BY_JOB, .company = company, .agent = agent };
	error e = by_agent(call, company, agent, (uuid) { "" });
	return e == NOT_FOUND ? fail(call, UNAUTHENTICATED, NULL, "this agent may not log in") : e;
}

error identity_sees(struct call *call, agent_id agent, uuid key, const struct table *table,
    const char id[37], bool *sees)
{
	if (call->me.grants)
		(void)own_copy(call);
	struct call other = *call;
	other.known = NULL; /* what the call knows to be visible is so to the caller */
	error e = by_agent(&other, call->me.company, agent, key);
	*sees = true;
	if (e == NOT_FOUND)
		return OK;
	TRY(e);
	e = row_visible(&other, table, id);
	*sees = e == OK;
	return e == NOT_FOUND ? OK : e;
}
