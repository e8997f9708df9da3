/*
 * passwords.c: changing a password that one knows, and setting a new one by a link when one does
 * not. The answer to "forgotten" is the same for every address, and it never tells whether there is
 * an account. Where no mail goes, somebody else makes the link: who may see and do all that the
 * agent may, or whoever runs the machine. Columns: sql/schema/password_resets.sql. Pages:
 * templates/auth/forgot, auth/reset, settings/profile. Tests: tests/http/passwords.test.mjs.
 */
#include "core/password.h"

#include <stdio.h>
#include <time.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/random.h"
#include "core/command.h"
#include "core/gate.h"
#include "core/grants.h"
#include "core/identity.h"
#include "core/outbox.h"
#include "core/page.h"
#include "core/query_run.h"
#include "core/rate.h"
#include "core/resource.h"
#include "core/row.h"
#include "core/session.h"
#include "core/worker.h"

#define RESET_MINUTES 60

static error set_password(struct call *call, agent_id id, const char *hash)
{
	struct agent agent;
	TRY(agent_lock_any(call, id, &agent));
	agent.password_hash = str_of(hash);
	return agent_update(call, &agent);
}

/* ---- a password that one knows ---- */

static const struct rate_policy tries_per_agent = { 10, 15 * 60 };

struct passwords_change_in {
	str current_password, password;
};
FIELDS(passwords_change) = {
	FIELD(passwords_change, current_password, .flags = F_REQUIRED | F_SECRET,
	    .max = PASSWORD_MAX, .doc = "The password of now",
	    .example = "correct horse battery staple"),
	FIELD(passwords_change, password, .flags = F_REQUIRED | F_SECRET, .min = PASSWORD_MIN,
	    .max = PASSWORD_MAX, .doc = "The new password",
	    .example = "a staple for every battery"),
};

MUTATION(passwords_change, SIGNED_IN, NOTHING, .route = "POST /v1/passwords/change",
    .summary = "Change one's own password; every other session ends")
{
	struct my_password_row mine;
	str me = str_of(call->me.agent.text);
	struct worker *w = call->worker;
	TRY(session_required(call));
	TRY(rate_limit(call, "password", me, tries_per_agent));
	TRY(query_one(call, &my_password_query, NULL, &mine));
	if (!password_verify(
		call->arena, mine.password_hash, in->current_password, w->config->scrypt_n))
		return fail_code(
		    call, INVALID, "current_password", "wrong", "is not your password");
	if (w->config->rate_per_minute)
		rate_give_back(w->shared, "password", me, tries_per_agent);
	TRY(password_check(call, in->password, call->me.email));
	const char *hash = password_hash(call->arena, in->password, w->config->scrypt_n);
	TRY(set_password(call, call->me.agent, hash));
	TRY(password_links_end(call, call->me.agent));
	return sessions_end(call, call->me.agent, call->me.credential.text);
}

/* ---- a password that one has forgotten ---- */

static const struct rate_policy mails_per_email = { 3, 15 * 60 },
				mails_per_address = { 30, 15 * 60 };

struct passwords_forgot_in {
	str email;
};
FIELDS(passwords_forgot) = { FIELD(
    passwords_forgot, email, .flags = F_REQUIRED, .like = COLUMN(agents, email)) };

/* Makes a link, in place of those before; by somebody else: for who the agent is now. */
static error make_link(struct call *call, agent_id agent, bool by_another, str *url, instant *ends)
{
	char token[SECRET_TEXT];
	unsigned char *hash = arena_alloc(call->arena, DIGEST_SIZE);
	struct password_reset reset;
	struct role_of_agent_row role;
	TRY(password_links_end(call, agent));
	secret_new(token);
	digest_sha256(str_of(token), hash);
	row_init(&password_resets_table, &reset);
	reset.agent_id = agent;
	reset.token_hash = (str) { (const char *)hash, DIGEST_SIZE };
	reset.expires_at = (instant) { call->now.us + RESET_MINUTES * INT64_C(60000000) };
	if (by_another) {
		TRY(query_one(call, &role_of_agent_query,
		    &(struct role_of_agent_in) { .agent = agent }, &role));
		reset.made_by = call->me.agent;
		reset.role_id = role.role_id;
		reset.role_revision = role.revision;
	}
	*ends = reset.expires_at;
	*url = str_of(arena_printf(
	    call->arena, "%s/reset?token=%s", call->worker->config->public_url, token));
	return rows_insert(call, &password_resets_table, &reset, 1);
}

static error write_reset(struct call *call, const struct passwords_forgot_in *in)
{
	str url;
	instant ends;
	TRY(make_link(call, call->me.agent, false, &url, &ends));
	struct json_object *words = json_object_new_object();
	json_keep(call->arena, words);
	json_object_object_add(words, "name",
	    json_object_new_string_len(call->me.full_name.p, (int)call->me.full_name.n));
	json_object_object_add(words, "action_url", json_object_new_string(url.p));
	json_object_object_add(words, "minutes", json_object_new_int(RESET_MINUTES));
	return mail_write(call, &(struct mail_draft) { .to = in->email,
				    .subject = "A new password for Muster",
				    .template = "password",
				    .words = words });
}

/* Writing a mail takes a few milliseconds that nothing takes for an unknown address: they go under
 * in a pause of 20 to 60, and the limits above leave nobody the tries that an average would take.
 */
static void pause_a_little(void)
{
	uint32_t random;
	random_bytes(&random, sizeof random);
	nanosleep(&(struct timespec) { .tv_nsec = 20000000 + random % 40000000 }, NULL);
}

NO_MEMBERS(passwords_forgot);

MUTATION(passwords_forgot, ANYONE, OBJECT(passwords_forgot), .route = "POST /v1/passwords/forgot",
    .summary = "Ask for a link by which to set a new password", .status = 202, .limited = "forgot",
    .unversioned = true)
{
	struct agent_by_email_row agent;
	TRY(rate_limit(call, "forgot_address", rate_place(call), mails_per_address));
	TRY(rate_limit(call, "forgot_email", in->email, mails_per_email));
	error e = query_one(call, &agent_by_email_query,
	    &(struct agent_by_email_in) { .email = in->email }, &agent);
	if (e != OK && e != NOT_FOUND)
		return e;
	pause_a_little();
	if (e == OK && agent.status == AGENT_STATUS_ACTIVE) {
		TRY(identity_become(call, agent.company_id, agent.id));
		TRY(write_reset(call, in));
	}
	return OK;
}

struct passwords_reset_in {
	str token, password;
};
FIELDS(passwords_reset) = {
	FIELD(passwords_reset, token, .flags = F_REQUIRED | F_SECRET, .min = 1, .max = 100,
	    .doc = "From the link", .example = "token-of-the-link"),
	FIELD(passwords_reset, password, .flags = F_REQUIRED | F_SECRET, .min = PASSWORD_MIN,
	    .max = PASSWORD_MAX, .doc = "The new password",
	    .example = "a staple for every battery"),
};

static error find(struct call *call, str token, struct reset_by_token_row *out)
{
	char hex[65];
	identity_hash(token, hex);
	error e = query_one(call, &reset_by_token_query,
	    &(struct reset_by_token_in) { .hash = str_of(hex), .moment = call->now }, out);
	return e == NOT_FOUND ? fail(call, NOT_FOUND, NULL,
				    "this link was used, or it has expired: ask for another")
			      : e;
}

MUTATION(passwords_reset, ANYONE, OBJECT(session), .route = "POST /v1/passwords/reset",
    .summary = "Set a new password by the token of a link, and log in", .status = 201,
    .limited = "forgot", .revealing = true, .refuses = 1 << NOT_FOUND)
{
	struct reset_by_token_row found;
	struct password_reset reset;
	TRY(find(call, in->token, &found));
	TRY(password_check(call, in->password, found.email));
	const char *hash = password_hash(call->arena, in->password, call->worker->config->scrypt_n);
	TRY(identity_become(call, found.company_id, found.agent_id));
	/* The request is locked and looked for again, so that a link works once. */
	error e = password_reset_lock_any(call, found.id, &reset);
	if (e == NOT_FOUND) {
		call->problem = (struct problem) { 0 };
		return find(call, in->token, &found);
	}
	TRY(e);
	TRY(set_password(call, found.agent_id, hash));
	TRY(password_links_end(call, found.agent_id));
	TRY(sessions_end(call, found.agent_id, ""));
	return session_start(call, out);
}

/* ---- a link that somebody else makes, where no mail goes ---- */

static const struct rate_policy links_per_agent = { 20, 15 * 60 };

struct agents_password_link_in {
	agent_id id;
};
FIELDS(agents_password_link) = { FIELD(
    agents_password_link, id, .flags = F_REQUIRED, .like = COLUMN(agents, id)) };

struct password_link_out {
	str url;
	instant expires_at;
};
ANSWER(password_link) = {
	MEMBER(password_link, url, .doc = "The link; it works once, and is shown once"),
	MEMBER(password_link, expires_at, .doc = "Until when it works"),
};

/* Whoever has the link can become that agent: so a person makes it, who can do and see all that the
 * agent can (grants_cover()), and not for oneself, which would spare a thief of a session the
 * password. It ends with the role that the agent has now, and with who made it. */
MUTATION(agents_password_link, "agents.edit", OBJECT(password_link),
    .route = "POST /v1/agents/{id}/password_link", .status = 201, .revealing = true,
    .refuses = 1 << NOT_FOUND | 1 << CONFLICT,
    .summary = "Make a link by which an agent sets a new password, for where no mail goes")
{
	struct agent agent;
	TRY(session_required(call));
	if (!strcmp(in->id.text, call->me.agent.text))
		return fail(
		    call, FORBIDDEN, NULL, "one's own password is changed on one's profile");
	TRY(rate_limit(call, "password_link", str_of(call->me.agent.text), links_per_agent));
	TRY(agent_lock(call, in->id, &agent));
	TRY(grants_cover(call, agent.role_id));
	if (agent.status != AGENT_STATUS_ACTIVE)
		return fail(call, CONFLICT, NULL, "a suspended agent cannot log in");
	return make_link(call, in->id, true, &out->url, &out->expires_at);
}

struct passwords_link_by_host_in {
	agent_id agent_id;
};
FIELDS(passwords_link_by_host) = { FIELD(
    passwords_link_by_host, agent_id, .flags = F_REQUIRED, .like = COLUMN(agents, id)) };

/* No door leads here: `muster password` asks it. */
MUTATION(passwords_link_by_host, SIGNED_IN, OBJECT(password_link), .revealing = true,
    .summary = "Make a link by which an agent sets a new password, for whoever runs this machine")
{
	if (call->me.kind != BY_JOB || call->me.agent.text[0])
		return fail(call, FORBIDDEN, NULL, "this is for whoever runs the installation");
	return make_link(call, in->agent_id, false, &out->url, &out->expires_at);
}

static int print_link(struct worker *w, struct arena *a, str email)
{
	struct agent_by_email_row agent;
	struct answer answer;
	struct call look = { .worker = w, .arena = a, .db = w->reads, .now = clock_now() };
	error e = query_one(
	    &look, &agent_by_email_query, &(struct agent_by_email_in) { .email = email }, &agent);
	if (e != OK || agent.status != AGENT_STATUS_ACTIVE) {
		fprintf(stderr, "muster password: %s\n",
		    e == NOT_FOUND ? "nobody has this e-mail address"
		    : e == OK      ? "this agent is suspended"
				   : "the database does not answer");
		return 1;
	}
	struct json_object *input = json_object_new_object();
	json_keep(a, input);
	json_object_object_add(input, "agent_id", json_object_new_string(agent.id.text));
	gate_ask(w, a,
	    &(struct ask) { .op = operation_named(STR("passwords_link_by_host")),
		.credential = CREDENTIAL_JOB,
		.job_company = agent.company_id,
		.json = input,
		.request_id = STR("password"),
		.started = clock_now() },
	    &answer);
	const char *why;
	struct json_object *body = json_read(a, answer.body, &why), *url = NULL;
	if (answer.kind != OK || !json_object_object_get_ex(body, "url", &url)) {
		fprintf(stderr, "muster password: %.*s\n", (int)answer.body.n, answer.body.p);
		return 1;
	}
	printf("%s\nThis link works once, for %d minutes.\n", json_object_get_string(url),
	    RESET_MINUTES);
	return 0;
}

int password_main(const struct config *config, int argc, char **argv)
{
	struct installation i = {
		.config = config, .shared = shared_new(), .assets = json_object_new_object()
	};
	if (argc != 2) {
		fprintf(stderr, "usage: muster password EMAIL\n");
		return 1;
	}
	/* A worker without pages: it only asks the gate. */
	struct worker *w = i.shared ? worker_new(&i) : NULL;
	struct arena *a = arena_new();
	int status = 1;
	if (w) {
		w->schema_good = true;
		status = print_link(w, a, str_of(argv[1]));
	}
	arena_free(a);
	worker_free(w);
	json_object_put(i.assets);
	shared_free(i.shared);
	return status;
}

PAGE(auth_forgot, .route = "/forgot", .template = "auth/forgot", .title = "Forgotten password",
    .open = true);
PAGE(
    auth_reset, .route = "/reset", .template = "auth/reset", .title = "New password", .open = true);
