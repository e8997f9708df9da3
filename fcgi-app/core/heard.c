/* heard.c: see heard.h. */
#include "core/heard.h"

/* Weak: a test without modules has none. */
extern const struct heard_hook *const __start_heard_hooks[] __attribute__((weak)),
    *const __stop_heard_hooks[] __attribute__((weak));

error heard_tell(struct call *call, const struct heard *heard)
{
	for (const struct heard_hook *const *h = __start_heard_hooks; h < __stop_heard_hooks; h++)
		TRY((*h)->run(call, heard));
	return OK;
}
