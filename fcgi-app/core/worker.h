/*
 * worker.h: what a thread needs to answer calls: its connections, its arena and buffers, the grants
 * it knows. One per thread; nothing of it is shared but the memory map and the templates, which are
 * read only.
 */
#pragma once
#include "base/arena.h"
#include "base/buf.h"
#include "core/access.h"
#include "core/config.h"
#include "core/mustache.h"
#include "core/route.h"
#include "core/search_words.h"
#include "core/shared.h"
#include "db/db.h"
#include "schema.h"

/* Of a company's role: clients choose ids, so another company may have a role with the same one. */
struct known_grants {
	company_id company;
	role_id role;
	int64_t revision;
	struct grants grants;
};

struct worker {
	const struct config *config;
	struct shared_memory *shared;
	const struct template_set *templates;
	struct json_object
	    *assets; /* of static files: "css" -> URL, "icons" -> URL; this thread's own copy */
	const struct routes *rest,
	    *pages; /* route.h: method and path -> const struct operation *, const struct page * */
	unsigned char secret[32]; /* of this installation: signs cursors and form tokens */
	struct db *reads, *writes;
	struct arena *arena; /* of the request */
	struct buf body, scratch;
	struct known_grants *known; /* a ring of n_known; an entry without a role is free */
	size_t n_known, next_known;
	struct known_words words;
	int doorbell;     /* unsent datagram socket, -1: none */
	bool schema_good; /* checked once, and again after a failure */
	instant schema_checked;
};

/* The immutable part, loaded once per process and given to each thread's worker: templates, names
 * of static files, routes, and the secret, whose file is made when it is missing. False with a log
 * line on failure. */
struct installation {
	const struct config *config;
	struct shared_memory *shared;
	struct template_set *templates;
	struct json_object *assets;
	struct routes *rest, *pages;
	unsigned char secret[32];
};
bool installation_open(
    const struct config *config, struct shared_memory *shared, struct installation *out);
void installation_close(struct installation *i);
struct worker *worker_new(const struct installation *i);
void worker_free(struct worker *w);
