/* transfer.c: see transfer.h. Tests: tests/http/outbox.test.mjs, tests/http/webhooks.test.mjs,
 * tests/chaos/workflows.test.mjs */
#include "modules/transfer.h"

static int go_on(void *with, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	(void)a, (void)b, (void)c, (void)d;
	return job_gives_up(with);
}

void transfer_limits(CURL *curl, const struct job *job, long connect_seconds, long seconds)
{
	curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, go_on);
	curl_easy_setopt(curl, CURLOPT_XFERINFODATA, job);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, connect_seconds);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, seconds);
}
