/*
 * browser.h: what a browser needs and a program does not: its session's cookie, the token that
 * shows that a form came from one of our own pages, addresses to which it may be sent, and the
 * message that the next page shows once. Tests: tests/unit/core_browser_test.c
 */
#pragma once
#include "core/door.h"

#define COOKIE_SESSION "muster_session" /* the credential of pages and forms; HttpOnly */
#define COOKIE_VISITOR \
	"muster_visitor" /* in its place before the login, for the token of forms only */
#define COOKIE_FLASH "muster_flash"
#define CSRF_TEXT 44 /* HMAC-SHA256 as base64url, and NUL */

/* The cookie's value, none when it is absent or empty. */
str browser_session(const struct http_request *http);

/* Adds a Set-Cookie header: HttpOnly, SameSite=Lax, Path=/, Secure unless the request came over
 * plain http. `seconds` is its Max-Age; 0 removes the cookie, below 0: until the browser is closed.
 */
void browser_cookie(
    struct door *door, struct arena *a, const char *name, str value, int64_t seconds);

/*
 * The token of this browser's forms: the HMAC, with the installation's secret, of the session's
 * cookie, or of the visitor's where nobody is logged in. `fresh` may make a visitor's cookie. ""
 * when there is nothing to bind it to.
 */
void browser_csrf(
    struct worker *worker, struct arena *a, struct door *door, bool fresh, char out[CSRF_TEXT]);
bool browser_csrf_good(const struct worker *worker, const struct http_request *http, str token);

/* False when the browser itself says that the request comes from another site (Sec-Fetch-Site,
 * Origin). */
bool browser_same_origin(const struct config *config, const struct http_request *http);

/* May a browser be sent there after a form: a path of our own, never another host ("//x", "/\x")
 * and no control character. */
bool browser_address_local(str address);
/* `address` with each "{id}" replaced. */
str browser_address(struct arena *a, str address, str id);
/* Percent-encodes all but unreserved characters and those in `keep`. */
str browser_encode(struct arena *a, str text, const char *keep);

/* The word for what an operation did, for the flash cookie, or NULL: nothing to say. Its text for
 * people, by that word only. */
const char *browser_flash_word(const char *operation);
const char *browser_flash_text(str word);
