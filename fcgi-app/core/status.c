/* status.c: see status.h. */
#include "core/status.h"

#include "core/migrate.h"

bool status_path(str path)
{
	return str_is(path, "/healthz") || str_is(path, "/readyz") || str_is(path, "/metrics");
}

static void metrics(struct worker *worker)
{
	struct figures *f = &worker->shared->figures;
#define FIGURE(name, type, help) \
	buf_text(&worker->body, "# HELP muster_" #name " " help "\n# TYPE muster_" #name " " type \
				"\nmuster_" #name " "); \
	buf_int(&worker->body, atomic_load(&f->name)); \
	buf_char(&worker->body, '\n');
	SHARED_FIGURES(FIGURE)
#undef FIGURE
	for (size_t i = 0; i < SHARED_SLOTS; i++) {
		struct slot *s = &worker->shared->slots[i];
		if (atomic_load(&s->state) == SLOT_EMPTY)
			continue;
		static const char *const kinds[] = { "web", "live", "jobs" };
		buf_printf(&worker->body,
		    "muster_process_resident_bytes{process=\"%s\",slot=\"%zu\"} %llu\n",
		    kinds[atomic_load(&s->kind)], i,
		    (unsigned long long)atomic_load(&s->rss_bytes));
	}
}

void status_run(struct worker *worker, struct arena *a, struct door *door)
{
	struct answer *answer = &door->answer;
	char why[256] = "";
	(void)a;
	*answer = (struct answer) { .status = 200, .version = INT_NONE };
	buf_clear(&worker->body);
	if (str_is(door->http.path, "/metrics")) {
		door->content_type = "text/plain; version=0.0.4";
		metrics(worker);
	} else if (str_is(door->http.path, "/readyz") && schema_check(worker->reads, why) != OK) {
		answer->kind = UNAVAILABLE;
		answer->status = 503;
		gate_problem(a, &worker->body, UNAVAILABLE, &(struct problem) { .detail = why },
		    door->http.path, door->http.id);
	} else {
		buf_text(&worker->body, "{\"status\":\"ok\"}");
	}
	answer->body = buf_view(&worker->body);
}
