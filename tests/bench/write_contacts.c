/* write_contacts.c: see write_contacts.h. */
#include "write_contacts.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/random.h"
#include "core/gate.h"
#include "core/operation.h"
#include "core/sql.h"
#include "core/worker.h"
#include "made_contacts.h"

enum { SECONDS_EACH = 4, ROUNDS = 3, WRITERS = 8 };

static struct config config;
static struct installation installation;
static struct worker *starter;
static struct worker *workers[WRITERS]; /* they live as long as a server's: they know words */
static const uuid *company;             /* the largest is the first */
static size_t n_companies;
static company_id company_of[WRITERS];
static agent_id agent_of[WRITERS];

#define NEED(e, what) \
	do { \
		if ((e) != OK) \
			bench_stop(what, starter ? db_reason(starter->writes) : ""); \
	} while (0)

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- rows alone ---- */

void insert_contacts(struct db *to, struct arena *a, const struct contact *rows, size_t n)
{
	struct sql sql;
	sql_begin(&sql, a);
	sql_add(&sql,
	    "INSERT INTO contacts (company_id, id, kind, first_name, last_name, full_name, "
	    "owner_id, emails, phones, addresses, created_at, updated_at) VALUES ");
	for (size_t i = 0; i < n; i++) {
		const struct contact *c = &rows[i];
		sql_add(&sql, i ? ", (" : "(");
		sql_id(&sql, c->company_id.text);
		sql_add(&sql, ", ");
		sql_id(&sql, c->id.text);
		sql_add(&sql, ", 'person', ");
		sql_text(&sql, c->first_name);
		sql_add(&sql, ", ");
		sql_text(&sql, c->last_name);
		sql_add(&sql, ", ");
		sql_text(&sql, c->full_name);
		sql_add(&sql, ", ");
		sql_id(&sql, c->owner_id.text);
		sql_add(&sql, ", ");
		sql_text(&sql, c->emails.json);
		sql_add(&sql, ", ");
		sql_text(&sql, c->phones.json);
		sql_add(&sql, ", ");
		sql_text(&sql, c->addresses.json);
		sql_add(&sql, ", ");
		sql_value(&sql, COLUMN(contacts, created_at), &c->created_at);
		sql_add(&sql, ", ");
		sql_value(&sql, COLUMN(contacts, updated_at), &c->updated_at);
		sql_add(&sql, ")");
	}
	if (db_execute(to, sql_view(&sql), sql.params, sql.n_params, NULL) != OK)
		bench_stop("a contact cannot be written", db_reason(to));
}

/* Of a list of one part: an e-mail address, a phone number, a postal address. */
static void insert_part(struct db *to, struct arena *a, const struct contact *c, const char *table,
    const char *column, str parts)
{
	struct sql sql;
	const uuid id = uuid_v7();
	sql_begin(&sql, a);
	sql_addf(&sql,
	    "INSERT INTO %s (company_id, id, contact_id, created_at, updated_at, %s) VALUES (",
	    table, column);
	sql_id(&sql, c->company_id.text);
	sql_add(&sql, ", ");
	sql_id(&sql, id.text);
	sql_add(&sql, ", ");
	sql_id(&sql, c->id.text);
	sql_add(&sql, ", ");
	sql_value(&sql, COLUMN(contacts, created_at), &c->created_at);
	sql_add(&sql, ", ");
	sql_value(&sql, COLUMN(contacts, updated_at), &c->updated_at);
	sql_add(&sql, ", JSON_VALUE(");
	sql_text(&sql, parts);
	sql_addf(&sql, ", '$[0].%s'))", column);
	if (db_execute(to, sql_view(&sql), sql.params, sql.n_params, NULL) != OK)
		bench_stop("a part of a contact cannot be written", db_reason(to));
}

static void insert_parts(struct db *to, struct arena *a, const struct contact *c)
{
	insert_part(to, a, c, "contact_emails", "address", c->emails.json);
	insert_part(to, a, c, "contact_phones", "value", c->phones.json);
	insert_part(to, a, c, "contact_addresses", "city", c->addresses.json);
}

void index_contacts(
    struct db *to, struct arena *a, struct known_words *known, const struct contact *rows, size_t n)
{
	struct search_changes *changes = search_changes_new(a, rows[0].company_id.text, known);
	for (size_t i = 0; i < n; i++) {
		struct search_document *d = ARENA_NEW(a, struct search_document);
		search_document_of(a, &contacts_table, &rows[i], d);
		search_changes_add(changes, &contacts_table, NULL, d);
	}
	if (search_changes_write(changes, to) != OK)
		bench_stop("a posting cannot be written", db_reason(to));
}

/* ---- the mutation ---- */

extern const struct operation contacts_create;

static __thread bool indexing;

/* Of the mutations of a thread that writes without the index: the linker puts this before the
 * product's (CMakeLists.txt). */
error __real_search_flush(struct call *call);
error __wrap_search_flush(struct call *call);
error __wrap_search_flush(struct call *call)
{
	if (!indexing)
		call->search = NULL;
	return __real_search_flush(call);
}

/* Somebody who may make contacts, in a company of each writer. */
static void make_agents(void)
{
	for (size_t i = 0; i < WRITERS; i++) {
		const uuid role = uuid_v7(), agent = uuid_v7();
		const char *c = company[i % n_companies].text;
		memcpy(company_of[i].text, c, sizeof(uuid));
		memcpy(agent_of[i].text, agent.text, sizeof(uuid));
		NEED(db_script(starter->writes,
			 str_of(arena_printf(starter->arena,
			     "INSERT INTO roles (company_id, id, name, created_at, updated_at) "
			     "VALUES ('%s', '%s', '%s', NOW(6), NOW(6)); INSERT INTO agents "
			     "(company_id, id, email, full_name, role_id, created_at, updated_at) "
			     "VALUES ('%s', '%s', '%s@w.test', 'W', '%s', NOW(6), NOW(6)); INSERT "
			     "INTO role_permissions (company_id, id, role_id, object, action, "
			     "level) VALUES ('%s', '%s', '%s', 'contacts', 'create', 'all')",
			     c, role.text, role.text, c, agent.text, agent.text, role.text, c,
			     role.text, role.text))),
		    "agents");
	}
}

static struct json_object *body_of(struct arena *a, const struct contact *c)
{
	const char *why;
	str emails = c->emails.json, phones = c->phones.json, addresses = c->addresses.json;
	struct json_object *body = json_object_new_object(), *one;
	one = json_object_new_string_len(c->first_name.p, (int)c->first_name.n);
	json_object_object_add(body, "first_name", one);
	one = json_object_new_string_len(c->last_name.p, (int)c->last_name.n);
	json_object_object_add(body, "last_name", one);
	json_object_object_add(body, "emails", json_object_get(json_read(a, emails, &why)));
	json_object_object_add(body, "phones", json_object_get(json_read(a, phones, &why)));
	json_object_object_add(body, "addresses", json_object_get(json_read(a, addresses, &why)));
	json_keep(a, body);
	return body;
}

/* ---- writers ---- */

/* The least to the most that a contact can be: its row of `contacts`, which repeats its addresses;
 * that and the rows of those addresses; and what the product writes. */
enum what { ROW, ROWS, MUTATION };
static const char *const what_names[] = { "the row of contacts", "the contact's rows",
	"the mutation" };

/* What is measured. */
struct writing {
	enum what what;
	bool largest; /* all in the largest company; or each writer in one of its own, and of rows
			 alone each in any */
	bool indexing;
};

struct writer {
	pthread_t id;
	size_t number, done;
	uint64_t seed;
	struct writing what;
};

static void write_rows(struct worker *w, const struct contact *row, bool parts)
{
	NEED(db_begin(w->writes), "begin");
	insert_contacts(w->writes, w->arena, row, 1);
	if (parts)
		insert_parts(w->writes, w->arena, row);
	if (indexing)
		index_contacts(w->writes, w->arena, &w->words, row, 1);
	NEED(db_commit(w->writes), "commit");
}

static void mutate(struct worker *w, size_t number, const struct contact *row)
{
	struct answer answer;
	gate_ask(w, w->arena,
	    &(struct ask) { .op = &contacts_create,
		.credential = CREDENTIAL_JOB,
		.job_company = company_of[number],
		.job_agent = agent_of[number],
		.json = body_of(w->arena, row) },
	    &answer);
	if (answer.kind != OK)
		bench_stop(
		    "a contact is refused", arena_text(w->arena, answer.body.p, answer.body.n));
}

static void *write_some(void *with)
{
	struct writer *me = with;
	struct worker *w = workers[me->number];
	struct chance c = { me->seed };
	const uuid nobody = { "" };
	indexing = me->what.indexing;
	for (double end = now() + SECONDS_EACH; now() < end; me->done++) {
		struct contact row;
		make_contact(&c, w->arena, (size_t)(draw(&c) % 100000000),
		    company[me->what.largest ? 0 : below(&c, n_companies)], nobody, &row);
		if (me->what.what == MUTATION)
			mutate(w, me->what.largest ? 0 : me->number, &row);
		else
			write_rows(w, &row, me->what.what == ROWS);
		arena_reset(w->arena);
	}
	return NULL;
}

/* Of this process and of the server: other work of the machine does not change it. */
static double cpu_seconds(void)
{
	static char stat_file[64];
	struct timespec own;
	unsigned long user = 0, system = 0;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &own);
	if (!stat_file[0]) {
		static const struct field path = { .name = "path", .type = T_TEXT };
		const struct field *columns[] = { &path };
		str name;
		int pid = 0;
		NEED(db_one(starter->writes, starter->arena, STR("SELECT @@pid_file"), NULL, 0,
			 columns, 1, &name),
		    "the server");
		FILE *f = fopen(name.p, "r");
		if (!f || fscanf(f, "%d", &pid) != 1)
			bench_stop("the server's process", "");
		fclose(f);
		snprintf(stat_file, sizeof stat_file, "/proc/%d/stat", pid);
	}
	FILE *f = fopen(stat_file, "r");
	if (!f || fscanf(f, "%*d %*s %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
		      &system) != 2)
		bench_stop("the server's time", "");
	fclose(f);
	return (double)own.tv_sec + (double)own.tv_nsec / 1e9 +
	       (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

struct rate {
	double a_second, cpu_ms; /* contacts; of each */
};

static struct rate rate(size_t writers, struct writing what)
{
	struct writer w[WRITERS] = { 0 };
	double all = 0, cpu = cpu_seconds();
	for (size_t i = 0; i < writers; i++) {
		w[i] = (struct writer) {
			.number = i, .what = what, .seed = (uint64_t)clock_now().us + i
		};
		pthread_create(&w[i].id, NULL, write_some, &w[i]);
	}
	for (size_t i = 0; i < writers; i++) {
		pthread_join(w[i].id, NULL);
		all += (double)w[i].done;
	}
	return (struct rate) { all / SECONDS_EACH, (cpu_seconds() - cpu) * 1000 / all };
}

static int by_share(const void *a, const void *b)
{
	const struct rate *x = a, *y = b;
	double p = x[1].a_second / x[0].a_second, q = y[1].a_second / y[0].a_second;
	return (p > q) - (p < q);
}

/* Without and with, one after the other; of three rounds the one in the middle. */
static void compare(size_t writers, enum what what, bool largest)
{
	struct rate rounds[ROUNDS][2];
	for (size_t i = 0; i < ROUNDS; i++)
		for (size_t with = 0; with < 2; with++)
			rounds[i][with] = rate(writers, (struct writing) { what, largest, with });
	qsort(rounds, ROUNDS, sizeof *rounds, by_share);
	const struct rate *r = rounds[ROUNDS / 2];
	printf(
	    "%-19s %s, %zu writer%s: %6.0f contacts/s without the index, %6.0f with it (%.2f); ms "
	    "of processors for each %.2f and %.2f (%.2f)\n",
	    what_names[what], largest ? "in the largest company" : "in several companies", writers,
	    writers > 1 ? "s" : " ", r[0].a_second, r[1].a_second, r[1].a_second / r[0].a_second,
	    r[0].cpu_ms, r[1].cpu_ms, r[0].cpu_ms / r[1].cpu_ms);
	fflush(stdout);
}

void measure_writing(const uuid *companies, size_t n)
{
	char why[256];
	company = companies;
	n_companies = n;
	struct shared_memory *shared = shared_new();
	if (!config_load(&config, why) || !shared ||
	    !installation_open(&config, shared, &installation) ||
	    !(starter = worker_new(&installation)))
		bench_stop("the product cannot be opened", "");
	for (size_t i = 0; i < WRITERS; i++)
		if (!(workers[i] = worker_new(&installation)))
			bench_stop("the product cannot be opened", "");
	make_agents();
	printf("\n");
	for (int what = MUTATION; what >= ROW; what--)
		for (int largest = 1; largest >= 0; largest--)
			for (size_t writers = 1; writers <= WRITERS; writers += WRITERS - 1)
				compare(writers, (enum what)what, largest);
	for (size_t i = 0; i < WRITERS; i++)
		worker_free(workers[i]);
	worker_free(starter);
	installation_close(&installation);
}
