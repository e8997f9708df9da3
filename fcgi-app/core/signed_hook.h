/* signed_hook.h: whether what came by a hook is signed by who knows its secret, and lately. Tests:
 * tests/http/inbound_hooks.test.mjs */
#pragma once
#include "base/arena.h"
#include "base/value.h"

struct hook_signature {              /* as the request's headers have it; none: it has not */
	str stripe;                  /* Stripe-Signature: t=<seconds>,v1=<hex>[,v1=...] */
	str id, timestamp, standard; /* webhook-id, webhook-timestamp, webhook-signature */
};

#define HOOK_TOLERANCE_SECONDS 300

/* The scheme t=,v1= of payment providers: HMAC-SHA256 of "<t>.<body>" with the secret as it stands.
 */
bool hook_signed_stripe(
    struct arena *a, const struct hook_signature *s, str secret, str body, instant now);
/* Standard Webhooks 1.0: HMAC-SHA256 of "<id>.<timestamp>.<body>"; the secret is base64 after
 * "whsec_". */
bool hook_signed_standard(
    struct arena *a, const struct hook_signature *s, str secret, str body, instant now);
