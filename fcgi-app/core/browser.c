/* browser.c: see browser.h. Cookies are RFC 6265, Sec-Fetch-Site is the W3C's Fetch Metadata. */
#include "core/browser.h"

#include <assert.h>
#include <stdio.h>

#include "base/digest.h"
#include "base/random.h"

str browser_session(const struct http_request *http)
{
	str token = http_cookie(http, COOKIE_SESSION);
	return token.n ? token : (str) { NULL, 0 };
}

void browser_cookie(
    struct door *door, struct arena *a, const char *name, str value, int64_t seconds)
{
	char age[40] = "";
	assert(door->n_headers < sizeof door->headers / sizeof *door->headers);
	if (seconds >= 0)
		snprintf(age, sizeof age, "; Max-Age=%lld", (long long)seconds);
	const char *text = arena_printf(a, "%s=%.*s; Path=/; HttpOnly; SameSite=Lax%s%s", name,
	    (int)value.n, value.n ? value.p : "", age, door->http.secure ? "; Secure" : "");
	door->headers[door->n_headers++] = (struct http_pair) { STR("Set-Cookie"), str_of(text) };
}

/* The kind goes in front, so that a visitor's cookie set to a session's token does not give the
 * session's form token. */
static void token_of(const struct worker *worker, const char *kind, str cookie, char out[CSRF_TEXT])
{
	unsigned char mac[DIGEST_SIZE], inner[DIGEST_SIZE];
	digest_sha256_two(str_of(kind), cookie, inner);
	digest_hmac((str) { (const char *)worker->secret, sizeof worker->secret },
	    (str) { (const char *)inner, sizeof inner }, mac);
	base64url_encode(mac, sizeof mac, out);
}

static bool token_bound(
    const struct worker *worker, const struct http_request *http, char out[CSRF_TEXT])
{
	str session = browser_session(http), visitor = http_cookie(http, COOKIE_VISITOR);
	if (!str_none(session))
		token_of(worker, "form of a session", session, out);
	else if (visitor.n)
		token_of(worker, "form of a visitor", visitor, out);
	else
		out[0] = 0;
	return out[0] != 0;
}

void browser_csrf(
    struct worker *worker, struct arena *a, struct door *door, bool fresh, char out[CSRF_TEXT])
{
	char secret[SECRET_TEXT];
	if (token_bound(worker, &door->http, out) || !fresh)
		return;
	secret_new(secret);
	str visitor = str_of(arena_text(a, secret, strlen(secret)));
	browser_cookie(door, a, COOKIE_VISITOR, visitor, -1);
	token_of(worker, "form of a visitor", visitor, out);
}

bool browser_csrf_good(const struct worker *worker, const struct http_request *http, str token)
{
	char expected[CSRF_TEXT];
	return token_bound(worker, http, expected) && token.n == strlen(expected) &&
	       digest_equal(token.p, expected, token.n);
}

/* "https://crm.example:8443" is a scheme and a host with its port; false when it is not of that
 * form ("null"). */
static bool origin_host(str origin, str *host)
{
	const char *slashes = origin.n ? memmem(origin.p, origin.n, "://", 3) : NULL;
	if (!slashes)
		return false;
	host->p = slashes + 3;
	host->n = (size_t)(origin.p + origin.n - host->p);
	return true;
}

bool browser_same_origin(const struct config *config, const struct http_request *http)
{
	str site = http_header(http, "Sec-Fetch-Site"), origin = http_header(http, "Origin"), host;
	if (!str_none(site) && !str_is(site, "same-origin") && !str_is(site, "none"))
		return false;
	if (str_none(origin) || str_is(origin, config->public_url))
		return true;
	return origin_host(origin, &host) && host.n && str_eq(host, http_header(http, "Host"));
}

bool browser_address_local(str address)
{
	if (!address.n || address.p[0] != '/' || address.n > 2000)
		return false;
	if (address.n > 1 && (address.p[1] == '/' || address.p[1] == '\\'))
		return false;
	for (size_t i = 0; i < address.n; i++)
		if ((unsigned char)address.p[i] <= ' ' || address.p[i] == 127)
			return false;
	return true;
}

str browser_encode(struct arena *a, str text, const char *keep)
{
	static const char digits[] = "0123456789ABCDEF";
	char *out = arena_alloc(a, text.n * 3 + 1);
	size_t n = 0;
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			     (c >= '0' && c <= '9') || (c && strchr("-._~", c)) ||
			     (c && strchr(keep, c));
		if (plain) {
			out[n++] = (char)c;
		} else {
			out[n++] = '%';
			out[n++] = digits[c >> 4];
			out[n++] = digits[c & 15];
		}
	}
	return (str) { out, n };
}

str browser_address(struct arena *a, str address, str id)
{
	str done = STR("");
	const char *hole;
	while (address.n && (hole = memmem(address.p, address.n, "{id}", 4)) != NULL) {
		done = str_of(arena_printf(a, "%.*s%.*s%.*s", (int)done.n, done.p,
		    (int)(hole - address.p), address.p, (int)id.n, id.n ? id.p : ""));
		address = (str) { hole + 4, address.n - (size_t)(hole - address.p) - 4 };
	}
	return done.n ? str_of(arena_printf(
			    a, "%.*s%.*s", (int)done.n, done.p, (int)address.n, address.p))
		      : address;
}

/* By the whole name of an operation, or by its last word; the first that fits. No text: nothing to
 * say. */
static const struct flash {
	const char *word, *text;
} flashes[] = {
	{ "sessions_create", NULL },
	{ "sessions_delete_current", NULL },
	{ "companies_create", NULL },
	{ "invitations_accept", NULL },
	{ "imports_create", NULL }, /* its page says how far it is; by now nothing is made */
	{ "imports_undo", NULL },
	{ "passwords_forgot", "If that address belongs to an account, a mail is on its way." },
	{ "passwords_reset", "Your new password holds." },
	{ "invitations_create", "The invitation is on its way." },
	{ "add_part", "Added." },
	{ "change_part", "Saved." },
	{ "remove_part", "Removed." },
	{ "turn_on", "It is on." },
	{ "pause", "Paused." },
	{ "clear", "Mail is sent there again." },
	{ "replay", "It is sent again." },
	{ "create", "Created." },
	{ "update", "Saved." },
	{ "delete", "Deleted." },
	{ "restore", "Restored." },
	{ "invite", "The invitation is on its way." },
	{ "move", "Moved." },
	{ "win", "Won." },
	{ "lose", "Lost." },
	{ "reopen", "Open again." },
	{ "assign", "Assigned." },
	{ "tag", "Tagged." },
	{ "merge", "Merged: the two are one contact now, with what both had." },
	{ "complete", "Done." },
	{ "start", "Started." },
	{ "cancel", "Cancelled." },
	{ "undo", "Undone." },
	{ "saved", "Saved." },
};
#define FLASHES (sizeof flashes / sizeof *flashes)

const char *browser_flash_word(const char *operation)
{
	size_t n = strlen(operation);
	for (size_t i = 0; i < FLASHES; i++) {
		size_t m = strlen(flashes[i].word);
		const char *end = operation + n - m;
		if (n >= m && !strcmp(end, flashes[i].word) && (n == m || end[-1] == '_'))
			return flashes[i].text ? flashes[i].word : NULL;
	}
	return "saved";
}

const char *browser_flash_text(str word)
{
	for (size_t i = 0; i < FLASHES; i++)
		if (str_is(word, flashes[i].word))
			return flashes[i].text;
	return NULL;
}
