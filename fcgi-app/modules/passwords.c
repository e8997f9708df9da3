/*
 * passwords.c: changing a password that one knows, and setting a new one by a link when one does
 * not. The answer to "forgotten" is the same for every address, and it never tells whether there is
 * an account. Columns: sql/schema/password_resets.sql. Pages: templates/auth/forgot, auth/reset,
 * settings/profile. Tests: tests/http/passwords.test.mjs.
 */
#include "core/password.h"

#include <time.h>

#include "base/digest.h"
#include "base/random.h"
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

static error end_resets(struct call *call, agent_id agent)
{
	struct resets_of_agent_row *rows;
	size_t n;
	TRY(query_all(call, &resets_of_agent_query, &(struct resets_of_agent_in) { .agent = agent },
	    &rows, &n));
	for (size_t i = 0; i < n; i++)
		TRY(row_delete_any(call, &password_resets_table, rows[i].id.text));
	return OK;
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
	TRY(end_resets(call, call->me.agent));
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

static error write_reset(struct call *call, const struct passwords_forgot_in *in)
{
	char token[SECRET_TEXT];
	unsigned char hash[DIGEST_SIZE];
	struct password_reset reset;
	TRY(end_resets(call, call->me.agent));
	secret_new(token);
	digest_sha256(str_of(token), hash);
	row_init(&password_resets_table, &reset);
	reset.agent_id = call->me.agent;
	reset.token_hash = (str) { (const char *)hash, sizeof hash };
	reset.expires_at = (instant) { call->now.us + RESET_MINUTES * INT64_C(60000000) };
	TRY(password_reset_insert(call, &reset));
	struct json_object *words = json_object_new_object();
	json_keep(call->arena, words);
	json_object_object_add(words, "name",
	    json_object_new_string_len(call->me.full_name.p, (int)call->me.full_name.n));
	json_object_object_add(words, "action_url",
	    json_object_new_string(arena_printf(
		call->arena, "%s/reset?token=%s", call->worker->config->public_url, token)));
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
	TRY(end_resets(call, found.agent_id));
	TRY(sessions_end(call, found.agent_id, ""));
	return session_start(call, out);
}

PAGE(auth_forgot, .route = "/forgot", .template = "auth/forgot", .title = "Forgotten password",
    .open = true);
PAGE(
    auth_reset, .route = "/reset", .template = "auth/reset", .title = "New password", .open = true);
