/*
 * transfer.h: what everything that a workflow sends out by libcurl has in common: it ends when its
 * time is over, and as soon as its step is to give up.
 */
#pragma once
#include <curl/curl.h>

#include "core/workflow.h"

/* `connect_seconds` to come through, `seconds` in all. The job stays the caller's until the
 * transfer has ended. */
void transfer_limits(CURL *curl, const struct job *job, long connect_seconds, long seconds);
