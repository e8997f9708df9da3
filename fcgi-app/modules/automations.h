/*
 * automations.h: what the files of automations share; nobody else includes it. automations.c has
 * the operations, automation_read.c, automation_read_start.c and automation_read_steps.c
 * make documents into a program that fits the table's fields, and automation_match.c says what
 * holds of a row. Runs start by what a mutation has changed (automation_trigger.c), by dates that
 * come (automation_dates.c), and by what comes from outside (automation_come.c,
 * automation_forms.c). automation_run.c is the workflow of a run, automation_steps.c does single
 * steps, of which those that wait are in automation_waits.c and those that leave the house in
 * automation_tell.c; automation_trial.c tells what would be done. For people: automation_words.c
 * says in sentences what one does, automation_form.c is the form of each part, automation_draft.c
 * changes a draft part by part, automation_story.c tells one as it stands, and automation_journal.c
 * how far runs are.
 * Tests: tests/http/automations*.test.mjs, tests/unit/automation_match_test.c
 */
#pragma once
#include "core/mustache.h"
#include "core/operation.h"
#include "core/query_run.h"
#include "core/row.h"
#include "core/workflow.h"

enum {
	AUTOMATION_STEPS = 50,      /* of one automation, in all branches */
	AUTOMATION_NESTING = 5,     /* of branches, and of conditions */
	AUTOMATION_CONDITIONS = 50, /* of one automation, in all places */
	AUTOMATIONS_ON = 100,       /* of a company */
	EVENT_NAMES = 20,           /* of what came from outside, that an automation asks for */
	CHAIN_MOST = 5,        /* runs of which each was started by what the one before changed */
	HOURLY_OF_RECORD = 10, /* runs of an automation for a record */
	HOURLY_OF_COMPANY = 1000, /* runs of all automations of a company */
	HOURLY_BY_STRANGERS = 300 /* of those, what public forms may begin */
};

/* --- conditions */

enum automation_test {
	TEST_EQ = 1,
	TEST_NE,
	TEST_LT,
	TEST_GT,
	TEST_IN,
	TEST_CONTAINS,
	TEST_EMPTY,
	TEST_NOT_EMPTY
};
extern const char *const automation_test_names[];

struct automation_condition {
	enum { HOLDS_ALWAYS, HOLDS_FIELD, HOLDS_ALL, HOLDS_ANY } kind;
	const char *pointer; /* where it stands: "/conditions/all/0" */
	struct automation_condition *children;
	size_t n;
	const struct field *field;
	enum automation_test is;
	const void **values; /* as the field's type keeps them */
	size_t n_values;
	str text; /* of TEST_CONTAINS */
};

/* Whether it can be asked of a field of that type. */
bool automation_test_fits(enum automation_test is, enum field_type type);
/* Whether it holds of a row of the table whose fields it names. Texts are compared without regard
 * to case and accents, as the database compares names. */
bool automation_holds(
    struct arena *a, const struct automation_condition *condition, const void *row);

/* --- programs */

enum automation_event {
	ON_CREATED = 1,
	ON_CHANGED,
	ON_STAGE_ENTERED,
	ON_MANUAL,
	ON_DATE,
	ON_FORM,
	ON_WEBHOOK
};
extern const char *const automation_event_names[];

struct automation_start {
	enum automation_event on;
	/* ON_CHANGED: that one, or NULL: any; ON_STAGE_ENTERED: it; ON_DATE: the date. */
	const struct field *field;
	const void *from, *to; /* values of it; NULL: any */
	int64_t days, hours;   /* ON_DATE: so much after it; below 0: before */
	uuid source;           /* ON_FORM: the form; ON_WEBHOOK: the inbound hook */
	/* ON_WEBHOOK: of which type, or none: any; and where in what came, as JSON pointers
	 * (RFC 6901), the e-mail address of the contact stands, and {"name":"/its/place"}. */
	str type, email;
	struct json_object *values;
};

enum automation_what {
	DO_SET_FIELD = 1,
	DO_CREATE_TASK,
	DO_ADD_TAG,
	DO_ASSIGN,
	DO_WAIT,
	DO_BRANCH,
	DO_STOP,
	DO_SEND_MAIL,
	DO_CALL_WEBHOOK,
	DO_WAIT_FOR,
	DO_WAIT_UNTIL
};
extern const char *const automation_what_names[];

enum automation_how { HOW_ROUND_ROBIN = 1, HOW_LEAST_BUSY };
extern const char *const automation_how_names[];

enum automation_to { TO_CONTACT = 1, TO_OWNER, TO_AGENT };
extern const char *const automation_to_names[];

#define NO_STEP SIZE_MAX

struct automation_step {
	const char *pointer;                     /* "/steps/1/then/0" */
	size_t parent, sibling, then, otherwise; /* numbers of steps, or NO_STEP */
	struct automation_condition when;        /* DO_BRANCH, DO_WAIT_FOR */
	const struct field *column;              /* DO_SET_FIELD, DO_WAIT_UNTIL */
	struct json_object *sets;                /* DO_SET_FIELD: the value, or NULL */
	/* Its members as they are written. */
	enum automation_what what;
	str field, title, description;
	enum task_kind kind;
	enum task_priority priority;
	int64_t due_in_days, days, hours, minutes;
	agent_id assignee_id;
	tag_id tag_id;
	team_id team_id;
	list agent_ids;
	enum automation_how how;
	json_text value, conditions, then_steps, else_steps;
	enum automation_to to; /* whom a mail is for: the contact that the record is, or is about */
	agent_id agent_id;
	str subject, body;
	webhook_id webhook_id;
	str event;  /* for which is waited, up to days, hours and minutes; or for `conditions` */
	instant at; /* until which is waited; or for `field`, with days and hours before or after */
	json_text data; /* what it is told beside the record: {"name":"text with {{fields}}"} */
};

struct automation_program {
	const struct table *table; /* whose rows it works on */
	/* Texts of what came from outside for which conditions ask, as "event.name": they stand
	 * behind the columns of the row. */
	struct field *event;
	size_t n_event;
	struct automation_start start;
	struct automation_condition when;
	struct automation_step *steps; /* in the order in which they are written, branches too */
	size_t n;
};

struct automation_documents {
	enum automation_object object;
	json_text starts, conditions, steps;
};

const struct table *automation_table(enum automation_object object);
/* The field of that name, if it is one that automations may ask; or NULL. */
const struct field *automation_field(const struct table *table, str name);
bool automation_start_fits(const struct table *table, enum automation_event on);
bool automation_step_fits(const struct table *table, enum automation_what what);
/* The members that a start or a step of this kind is written with: its declaration, by which it is
 * read and its form is made. One of type T_JSON takes what the column takes that the member `field`
 * names. */
const struct field_set *automation_start_set(enum automation_event on);
const struct field_set *automation_step_set(enum automation_what what);
/* Whether steps stand in it: "then" and "else". */
static inline bool automation_has_ways(enum automation_what what)
{
	return field_find(automation_step_set(what), STR("then")) != NULL;
}
/* Which of these names it is; 0: none. */
int automation_named(const char *const *names, struct json_object *name);
/* `asked`: by somebody who writes it, so ids in it must be of rows that the caller can see. All
 * that does not fit is said at its place. */
error automation_read(struct call *call, const struct automation_documents *documents, bool asked,
    struct automation_program *out) MUST_CHECK;
/* Room for a row and the texts of what came, and those texts, from {"name":"text"} or NULL. */
void *automation_row(struct arena *a, const struct automation_program *program);
void automation_row_hears(
    const struct automation_program *program, void *row, struct json_object *event);
/* Whether runs of it know of an event. */
static inline bool automation_hears(const struct automation_start *start)
{
	return start->on == ON_FORM || start->on == ON_WEBHOOK;
}

struct automation_reader {
	struct call *call;
	const struct table *table;
	bool asked;
	size_t conditions; /* so far */
	struct automation_program *program;
	size_t cap;
};
void automation_refuse(
    struct automation_reader *r, const char *pointer, const char *code, const char *why);
/* The column of this name; NULL when no document may name it, which is said at <pointer>/field. */
const struct field *automation_column(struct automation_reader *r, str name, const char *pointer);
/* A value of a field; NULL when it does not fit, which is said. */
const void *automation_value(struct automation_reader *r, const struct field *f,
    struct json_object *value, const char *pointer);
void automation_read_condition(struct automation_reader *r, struct json_object *tree,
    const char *pointer, int depth, struct automation_condition *out);
void automation_read_start(
    struct automation_reader *r, struct json_object *tree, struct automation_start *out);
/* "from_none": a form says that the member "from" is null. */
#define AUTOMATION_NONE "_none"
/* Small letters, digits and _, up to 40. */
bool automation_event_name(str name);
/* The number of the first, or NO_STEP. */
size_t automation_read_steps(struct automation_reader *r, struct json_object *steps,
    const char *pointer, size_t parent, int depth);
static inline struct json_object *automation_member(struct json_object *object, const char *name)
{
	struct json_object *value = NULL;
	json_object_object_get_ex(object, name, &value);
	return value;
}
/* A text, or NULL of what is not there. */
static inline str automation_text_of(struct json_object *value)
{
	return value ? str_of(json_object_get_string(value)) : (str) { NULL, 0 };
}
/* The step that comes after one, when it is no branch that goes into itself; NO_STEP: the end. */
size_t automation_after(const struct automation_program *program, size_t step);

/* --- doing */

/* What a step that waits for something has kept, when it is asked again. */
struct automation_wait {
	instant until; /* the longest, or INSTANT_NONE */
	uuid on;       /* the row on which it waits, or "" */
	bool timed_out;
	struct json_object *event; /* what came with the event, or NULL */
};

struct automation_work {
	const struct automation_program *program;
	automation_id automation;
	workflow_run_id run;                /* "": it is a trial */
	const char *subject;                /* the id of the row */
	void *row;                          /* the row itself, read anew before each step */
	const struct automation_wait *wait; /* NULL: the step begins */
	struct json_object *event;          /* what came from outside, or NULL */
};

struct automation_done {
	size_t next;   /* the step that comes then, or NO_STEP */
	instant after; /* not before this time, or INSTANT_NONE */
	/* The step is asked again when this event has come, or at `wait.until`; NULL: it is done.
	 */
	const char *awaits;
	struct automation_wait wait;
	struct json_object *told; /* {"at":...,"do":...,"input":...,"output":...}; the arena's */
};
/* As the caller, through the operations that a person would call. */
error automation_do(struct call *call, const struct automation_work *work, size_t step,
    struct automation_done *out) MUST_CHECK;

/* A step while it is done, for the files that do them: they put what it works with into `input`,
 * and what came of it into `output`. */
struct automation_doing {
	struct call *call;
	const struct automation_work *work;
	const struct automation_step *step;
	struct automation_done *done;
	struct json_object *input, *output; /* the arena's */
};
error automation_send_mail(struct automation_doing *d) MUST_CHECK;
error automation_call_webhook(struct automation_doing *d) MUST_CHECK;
/* Sends the delivery for whose end a run has waited once more, if it did not arrive. */
error automation_webhook_again(struct call *call, uuid delivery) MUST_CHECK;
error automation_wait(struct automation_doing *d) MUST_CHECK;
error automation_wait_for(struct automation_doing *d) MUST_CHECK;
error automation_wait_until(struct automation_doing *d) MUST_CHECK;
/* What a run awaits for which a change of its record is of interest. */
#define AWAITS_CHANGE "changed"
/* When a date of the row comes, so many days and hours after it; a day begins at midnight on the
 * company's clocks. INSTANT_NONE: the row has none. */
error automation_moment(struct call *call, const struct field *field, const void *row, int64_t days,
    int64_t hours, instant *out) MUST_CHECK;
/* The answer of another operation, as the caller; `brief`: of a mutation its row's id alone. */
error automation_ask(struct call *call, const char *operation, struct json_object *args, bool brief,
    struct json_object **answer) MUST_CHECK;
/* The text with the record's own fields, as whoever acts may see them. */
error automation_fill(struct automation_doing *d, str text, str *out) MUST_CHECK;
/* The same for what has one line: a break in a field becomes a space. */
error automation_fill_line(struct automation_doing *d, str text, str *out) MUST_CHECK;
struct json_object *automation_object(struct call *call); /* an empty one, the arena's */
void automation_put(struct json_object *o, const char *name, str text); /* none is left out */
/* Whether a text is a template of which each name is a field of the table, or of what came; what is
 * wrong is in `why`. */
/* As what a text names the owner of the record by name. */
#define AUTOMATION_OWNER "owner"
bool automation_text_good(
    const struct automation_program *program, str text, char why[TEMPLATE_WHY]);

/* --- what comes from outside (automation_come.c) */

struct automation_came {
	enum automation_event on; /* ON_FORM, ON_WEBHOOK */
	uuid source;
	str type;                  /* of a webhook's event */
	contact_id contact;        /* of a form; of a webhook whoever its e-mail names */
	struct json_object *event; /* {"name":"text"}; of a webhook all that came */
};
/* Starts runs of the automations that wait for it, as the caller. */
error automation_came(struct call *call, const struct automation_came *came) MUST_CHECK;
/* The contact of an e-mail address: the one that there is, unchanged, or a new one with what `args`
 * (of contacts_create) have beside it. */
error automation_contact(
    struct call *call, str email, struct json_object *args, contact_id *out) MUST_CHECK;

/* --- in words */

struct automation_kind {
	const char *name, *label, *hint, *icon;
};
/* What people call a kind of step or start. */
struct automation_kind automation_step_kind(struct arena *a, enum automation_what what);
struct automation_kind automation_start_kind(
    struct arena *a, const struct table *table, enum automation_event on);
const char *automation_test_word(enum automation_test is, enum field_type type);
/* "Expected close on" for expected_close_on, "Owner" for owner_id. */
const char *automation_label(struct arena *a, const char *name);
/* Rows of a table that a part can name (automation_rows.c), as its list answers with them: the
 * first `most` that a search finds, or all. NULL: none that the caller may see. */
struct json_object *automation_rows(struct call *call, const struct table *table, int most, str q);
struct json_object *automation_all_rows(struct call *call, const struct table *table);
str automation_row_title(const struct table *table, struct json_object *row);
/* The title; of several pipelines' stages, with the pipeline. */
const char *automation_row_label(struct call *call, const struct table *table,
    struct json_object *rows, struct json_object *row);
/* A value of a field for people; of an id what the row is called. */
const char *automation_told(struct call *call, const struct field *f, const void *value);
const char *automation_condition_told(struct call *call, const struct automation_condition *c);
const char *automation_start_told(struct call *call, const struct automation_program *program);
/* What a step does beyond its kind's label: "“Call Ann”, due in 2 days"; may be "". */
const char *automation_step_told(struct call *call, const struct automation_step *step);
/* What a step was done with, as it is kept with the run: "Owner: Ada Agent"; "" when its own words
 * say as much. */
const char *automation_input_told(struct call *call, const struct table *table,
    enum automation_what what, struct json_object *input);
/* Why a step that was done has done nothing; NULL: it has. */
const char *automation_skipped_told(enum automation_what what, struct json_object *output);

/* --- the draft, part by part */

enum automation_sort { SORT_START = 1, SORT_CONDITION, SORT_STEP };
/* Parts are named by where they stand: "/starts", "/conditions/any/0", "/steps/1/then/0" (RFC
 * 6901). Its last part is left to whoever looks for it. */
enum automation_sort automation_sort(str at);
/* The draft as one tree, {"starts":...,"conditions":...,"steps":[...]}; the arena's. */
struct json_object *automation_tree(struct call *call, const struct automation_documents *d);
/* "name: text" in each line, as an object; or the text, which is no such; the caller's. */
struct json_object *automation_texts(str text);
/* What stands there, or NULL. */
struct json_object *automation_part(struct call *call, struct json_object *tree, str at);

/* --- running */

/* The version that new runs have. */
static inline automation_version_id automation_version_now(const struct automation *a)
{
	automation_version_id id;
	memcpy(id.text, a->version_id.text, sizeof id.text);
	return id;
}

struct automation_wish {
	automation_id id;
	automation_version_id version;
	agent_id agent;
	uuid key;
	instant refused_at;
	int64_t chain;
	bool by_stranger;
	const char *by;            /* the event, for the run's input */
	struct json_object *event; /* what came, {"name":"text"}, or NULL; borrowed */
};
/* Starts a run for a row. *refused is NULL then; else it is the limit that stands against it, which
 * the automation tells from then on. */
error automation_start(struct call *call, const struct automation_wish *wish, const char *record,
    const char **refused, workflow_run_id *out) MUST_CHECK;
/* A company's hour is full: it is worth another look later. */
extern const char automation_hour_full[];

/* --- dates (automation_dates.c) */

/* Whether the field is one by which rows are found in the order of their dates. */
bool automation_dated(const struct table *table, const struct field *field);
/* Whether its date comes again each year, as a birthday does. */
bool automation_yearly(const struct field *field);
/* The automation was turned on: it looks from now on at dates that come. Was turned off: no more.
 */
error automation_dates_begin(struct call *call, const struct automation *a,
    const struct automation_program *program) MUST_CHECK;
error automation_dates_end(struct call *call, automation_id id) MUST_CHECK;
/* A date that a mutation has set: whoever sleeps until a later one is woken. */
error automation_dates_heard(struct call *call, automation_id id,
    const struct automation_start *start, const void *row) MUST_CHECK;

/* After an automation was turned on or off: the company knows on which changes to look. */
error automation_triggers_renew(struct call *call) MUST_CHECK;
/* A run begins to wait for a change of a row of the table: the company knows, until nobody waits
 * any more (cleaning). */
error automation_triggers_wait(struct call *call, const struct table *table) MUST_CHECK;
