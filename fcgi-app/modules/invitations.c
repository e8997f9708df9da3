/*
 * invitations.c: how agents come into a company: by a link, sent by mail and shown once to who
 * invites, so that a company without a mail server can pass it on. The link's token is made from
 * its id by the installation's secret; only its hash is stored. Who does not answer is reminded
 * once. Columns: sql/schema/invitations.sql. Pages: templates/settings/team, auth/invitation.
 * Tests: tests/http/invitations.test.mjs.
 */
#include "base/digest.h"
#include "base/random.h"
#include "core/grants.h"
#include "core/identity.h"
#include "core/membership.h"
#include "core/outbox.h"
#include "core/page.h"
#include "core/password.h"
#include "core/query_run.h"
#include "core/rate.h"
#include "core/resource.h"
#include "core/row.h"
#include "core/seats.h"
#include "core/session.h"
#include "core/worker.h"
#include "core/workflow.h"

#define INVITATION_DAYS 7
#define REMINDER_DAYS 3

/* Anybody may sign up, and each invitation is a mail to whomever it names, with names that the
 * inviter chose. */
static const struct rate_policy invitations_per_company = { 100, 60 * 60 };

/* An invitation is an agent to be: whoever may make agents sees and revokes them. */
static const struct list_spec invitations_spec = { SORTS("-created_at") };

static error list_open(struct call *call, const void *in, struct json *out)
{
	struct list_request request = *(const struct list_request *)in;
	struct condition both[] = {
		request.where,
		{ .kind = CONDITION_LEAF,
		    .column = COLUMN(invitations, accepted_at),
		    .comparison = IS_NULL },
	};
	request.where = (struct condition) { .kind = CONDITION_AND, .children = both, .n = 2 };
	return list_run(call, &invitations_table, &invitations_spec, &request, out);
}

static const struct operation invitations_list = {
	.name = "invitations_list",
	.kind = QUERY_KIND,
	.may = "agents.create",
	.route = "GET /v1/invitations",
	.summary = "List invitations that were not accepted",
	.table = &invitations_table,
	.list = &invitations_spec,
	.answer = ANSWER_LIST,
	.run = list_open,
};
OPERATION_REGISTER(invitations_list);
RESOURCE_OPERATION(invitations, get, QUERY_KIND, "agents.create", "GET /v1/invitations/{id}",
    "Get one of invitations", .in = { by_id_fields, 1, sizeof(struct by_id) },
    .answer = ANSWER_ROW);
RESOURCE_DELETE_AS(invitations, "agents", "create");

/* ---- inviting ---- */

struct invitations_create_in {
	str email;
	role_id role_id;
	list team_ids;
};
FIELDS(invitations_create) = {
	FIELD(invitations_create, email, .flags = F_REQUIRED, .like = COLUMN(invitations, email)),
	FIELD(
	    invitations_create, role_id, .flags = F_REQUIRED, .like = COLUMN(invitations, role_id)),
	FIELD_IDS(invitations_create, team_ids, teams, .flags = F_NULLABLE, .max = 50,
	    .doc = "The teams that the new agent will join"),
};

struct invitations_create_out {
	str url;
};
ANSWER(invitations_create) = { MEMBER(
    invitations_create, url, .doc = "The link by which to accept it; it is shown once") };

static error is_new(struct call *call, str email)
{
	struct agent_by_email_row agent;
	struct open_invitations_row *older;
	size_t n;
	error e = query_one(
	    call, &agent_by_email_query, &(struct agent_by_email_in) { .email = email }, &agent);
	/* Whether the address is used in another company is not told here, but to who holds the
	 * link. */
	if (e == OK && !strcmp(agent.company_id.text, call->me.company.text))
		return fail_code(
		    call, CONFLICT, "email", "taken", "an agent has this e-mail address already");
	if (e != OK && e != NOT_FOUND)
		return e;
	TRY(query_all(call, &open_invitations_query,
	    &(struct open_invitations_in) { .email = email }, &older, &n));
	for (size_t i = 0; i < n; i++)
		TRY(row_delete_any(call, &invitations_table, older[i].id.text));
	return OK;
}

/* Follows from its id, so that a reminder has the same link although the token is not stored. */
static const char *link_of(const struct call *call, const invitation_id *id, str *token)
{
	const struct worker *w = call->worker;
	unsigned char bytes[DIGEST_SIZE];
	char *text = arena_alloc(call->arena, SECRET_TEXT);
	str bound = str_of(
	    arena_printf(call->arena, "invitation\n%s\n%s", call->me.company.text, id->text));
	digest_hmac((str) { (const char *)w->secret, sizeof w->secret }, bound, bytes);
	text[base64url_encode(bytes, sizeof bytes, text)] = 0;
	*token = str_of(text);
	return arena_printf(call->arena, "%s/invitation?token=%s", w->config->public_url, text);
}

static struct json_object *words_of(struct call *call, str inviter, str company, const char *url)
{
	struct json_object *words = json_object_new_object();
	json_keep(call->arena, words);
	json_object_object_add(
	    words, "inviter", json_object_new_string_len(inviter.p, (int)inviter.n));
	json_object_object_add(
	    words, "company", json_object_new_string_len(company.p, (int)company.n));
	json_object_object_add(words, "action_url", json_object_new_string(url));
	return words;
}

static error write_mail(struct call *call, str email, const char *url)
{
	struct my_company_row company;
	TRY(query_one(call, &my_company_query, NULL, &company));
	struct json_object *words = words_of(call, call->me.full_name, company.name, url);
	json_object_object_add(words, "days", json_object_new_int(INVITATION_DAYS));
	return mail_write(call, &(struct mail_draft) { .to = email,
				    .subject = arena_printf(call->arena, "Invitation to %.*s",
					(int)company.name.n, company.name.p),
				    .template = "invitation",
				    .words = words });
}

/* ---- the reminder ---- */

static error wait_for_answer(struct call *call, struct job *job)
{
	(void)call;
	job_sleep(job, "remind", DAYS(REMINDER_DAYS));
	return OK;
}

static error remind(struct call *call, struct job *job)
{
	struct invitation_to_remind_in ask = { .moment = call->now };
	struct invitation_to_remind_row row;
	str token;
	char ends[INSTANT_TEXT];
	memcpy(ask.invitation.text, job->subject.text, sizeof ask.invitation.text);
	error e = query_one(call, &invitation_to_remind_query, &ask, &row);
	if (e == NOT_FOUND) { /* accepted or revoked, or who invited has left */
		call->problem = (struct problem) { 0 };
		return OK;
	}
	TRY(e);
	const char *url = link_of(call, &ask.invitation, &token);
	struct json_object *words = words_of(call, row.inviter_name, row.company_name, url);
	instant_format(row.expires_at, ends);
	json_object_object_add(words, "ends_at", json_object_new_string(ends));
	return mail_write(
	    call, &(struct mail_draft) { .to = row.email,
		      .subject = arena_printf(call->arena, "Your invitation to %.*s still waits",
			  (int)row.company_name.n, row.company_name.p),
		      .template = "invitation_again",
		      .words = words,
		      .kind = "invitation" });
}

WORKFLOW(invitation_remind, .definition = 1, .of_the_program = true,
    .steps = { { "wait", wait_for_answer }, { "remind", remind } });

/* Without a mail server nobody is reminded. */
static error start_reminder(struct call *call, const invitation_id *id)
{
	return mail_able(call->worker->config)
		   ? workflow_start(call, &invitation_remind, id->text, NULL, NULL)
		   : OK;
}

MUTATION(invitations_create, "agents.create", ROW_WITH(invitations, invitations_create),
    .route = "POST /v1/invitations",
    .summary = "Invite somebody; the answer has the link, which is also sent by mail",
    .status = 201, .revealing = true)
{
	str token;
	unsigned char hash[DIGEST_SIZE];
	struct invitation invitation;
	TRY(grants_give(call, in->role_id, (str) { NULL, 0 }, "role_id"));
	TRY(membership_check(call, in->team_ids));
	TRY(is_new(call, in->email));
	TRY(seat_take(call, true));
	TRY(rate_limit(call, "invite", str_of(call->me.company.text), invitations_per_company));
	row_init(&invitations_table, &invitation);
	memcpy(invitation.id.text, uuid_v7().text, sizeof invitation.id.text);
	const char *url = link_of(call, &invitation.id, &token);
	digest_sha256(token, hash);
	invitation.email = in->email;
	invitation.role_id = in->role_id;
	invitation.team_ids = membership_json(call->arena, in->team_ids);
	invitation.invited_by = call->me.agent;
	invitation.token_hash = (str) { (const char *)hash, sizeof hash };
	invitation.expires_at = (instant) { call->now.us + INVITATION_DAYS * INT64_C(86400000000) };
	TRY(invitation_insert(call, &invitation));
	TRY(write_mail(call, in->email, url));
	TRY(start_reminder(call, &invitation.id));
	return row_answer_with(call, &invitations_table, invitation.id.text,
	    &(struct invitations_create_out) { str_of(url) }, out);
}

/* ---- accepting ---- */

static error find(struct call *call, str token, struct invitation_by_token_row *out)
{
	char hex[65];
	identity_hash(token, hex);
	error e = query_one(call, &invitation_by_token_query,
	    &(struct invitation_by_token_in) { .hash = str_of(hex), .moment = call->now }, out);
	return e == NOT_FOUND ? fail(call, NOT_FOUND, NULL,
				    "this invitation was used or revoked, or it has expired")
			      : e;
}

struct invitations_by_token_in {
	str token;
};
FIELDS(invitations_by_token) = { FIELD(invitations_by_token, token, .flags = F_REQUIRED | F_SECRET,
    .min = 1, .max = 100, .doc = "From the link", .example = "token-of-the-link") };

struct name_of_company_out {
	str name;
};
ANSWER(name_of_company) = { MEMBER(name_of_company, name, .like = COLUMN(companies, name)) };

struct name_of_role_out {
	str name;
};
ANSWER(name_of_role) = { MEMBER(name_of_role, name, .like = COLUMN(roles, name)) };

struct invitations_by_token_out {
	str email;
	struct name_of_company_out company;
	struct name_of_role_out role;
};
ANSWER(invitations_by_token) = {
	MEMBER(invitations_by_token, email, .like = COLUMN(invitations, email)),
	MEMBER_OBJECT(
	    invitations_by_token, company, name_of_company, .doc = "The company that invites"),
	MEMBER_OBJECT(invitations_by_token, role, name_of_role, .doc = "The role that one gets"),
};

QUERY(invitations_by_token, ANYONE, OBJECT(invitations_by_token),
    .route = "GET /v1/invitations/by_token",
    .summary = "What an invitation is for, by the token of its link", .refuses = 1 << NOT_FOUND)
{
	struct invitation_by_token_row found;
	TRY(find(call, in->token, &found));
	*out = (struct invitations_by_token_out) { found.email, { found.company_name },
		{ found.role_name } };
	return OK;
}

struct invitations_accept_in {
	str token, full_name, password;
};
FIELDS(invitations_accept) = {
	FIELD(invitations_accept, token, .flags = F_REQUIRED | F_SECRET, .min = 1, .max = 100,
	    .doc = "From the link", .example = "token-of-the-link"),
	FIELD(
	    invitations_accept, full_name, .flags = F_REQUIRED, .like = COLUMN(agents, full_name)),
	FIELD(invitations_accept, password, .flags = F_REQUIRED | F_SECRET, .min = PASSWORD_MIN,
	    .max = PASSWORD_MAX, .doc = "Password of the new agent",
	    .example = "correct horse battery staple"),
};

static error email_is_free(struct call *call, str email)
{
	struct agent_by_email_row taken;
	error e = query_one(
	    call, &agent_by_email_query, &(struct agent_by_email_in) { .email = email }, &taken);
	if (e == OK)
		return fail_code(call, CONFLICT, NULL, "taken",
		    "somebody uses the e-mail address of this invitation already");
	return e == NOT_FOUND ? OK : e;
}

/* The teams of the invitation that are still there. */
static error remaining_teams(struct call *call, json_text ids, list *out)
{
	struct live_teams_row *teams;
	size_t n;
	TRY(query_all(call, &live_teams_query, NULL, &teams, &n));
	*out = membership_list(call->arena, ids);
	uuid *v = out->items;
	size_t kept = 0;
	for (size_t i = 0; i < out->n; i++)
		for (size_t t = 0; t < n; t++)
			if (!strcmp(v[i].text, teams[t].id.text)) {
				v[kept++] = v[i];
				break;
			}
	out->n = kept;
	return OK;
}

/* An invitation is worth no more than who sent it is now: one who is to lose power cannot keep it
 * by a link. */
static error check_inviter(struct call *call, const struct invitation_by_token_row *found)
{
	const struct identity joining = call->me;
	TRY(identity_become(call, found->company_id, found->invited_by));
	bool may = access_level(call, "agents.create") != LEVEL_NONE;
	error e = may ? grants_give(call, found->role_id, (str) { NULL, 0 }, NULL) : FORBIDDEN;
	call->me = joining;
	if (e != FORBIDDEN && e != INVALID)
		return e;
	call->problem = (struct problem) { 0 };
	return fail(call, FORBIDDEN, NULL,
	    "who sent this invitation may not give its role any more: ask for another one");
}

/* The invitation is locked first and looked at again, so that a link works once. */
static error use(struct call *call, const struct invitations_accept_in *in,
    struct invitation_by_token_row *found)
{
	struct invitation invitation;
	struct role role;
	error e = invitation_lock_any(call, found->id, &invitation);
	if (e == NOT_FOUND || (e == OK && !instant_none(invitation.accepted_at))) {
		call->problem = (struct problem) { 0 };
		return fail(call, NOT_FOUND, NULL,
		    "this invitation was used or revoked, or it has expired");
	}
	TRY(e);
	TRY(role_lock_any(call, found->role_id, &role));
	TRY(find(call, in->token, found));
	TRY(check_inviter(call, found));
	TRY(seat_take(call, false));
	invitation.accepted_at = call->now;
	return invitation_update(call, &invitation);
}

static error insert_agent(struct call *call, const struct invitations_accept_in *in,
    const struct invitation_by_token_row *found, const char *hash)
{
	struct agent agent;
	list teams;
	row_init(&agents_table, &agent);
	agent.id = call->me.agent;
	agent.email = found->email;
	agent.full_name = in->full_name;
	agent.role_id = found->role_id;
	agent.status = AGENT_STATUS_ACTIVE;
	agent.password_hash = str_of(hash);
	TRY(remaining_teams(call, found->team_ids, &teams));
	agent.team_ids = membership_json(call->arena, teams);
	TRY(agents_insert_all(call, &agent, 1));
	return membership_set(call, &agent, teams, false);
}

MUTATION(invitations_accept, ANYONE, OBJECT(session), .route = "POST /v1/invitations/accept",
    .summary = "Join the company that sent an invitation, and log in", .status = 201,
    .limited = "signup", .revealing = true, .refuses = 1 << NOT_FOUND | 1 << FORBIDDEN)
{
	struct invitation_by_token_row found;
	TRY(find(call, in->token, &found));
	TRY(password_check(call, in->password, found.email));
	TRY(email_is_free(call, found.email));
	const char *hash = password_hash(call->arena, in->password, call->worker->config->scrypt_n);
	uuid agent = uuid_v7();
	call->me = (struct identity) { .kind = BY_JOB, .company = found.company_id };
	memcpy(call->me.agent.text, agent.text, sizeof agent.text);
	TRY(use(call, in, &found));
	TRY(insert_agent(call, in, &found, hash));
	TRY(identity_become(call, call->me.company, call->me.agent));
	return session_start(call, out);
}

PAGE(auth_invitation, .route = "/invitation", .template = "auth/invitation", .title = "Invitation",
    .open = true, .loads = { { "invitation", "invitations_by_token", "token={token}" } });
