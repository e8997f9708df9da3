/*
 * param.c: values of the program into the parameters of a statement. Texts are sent from where
 * they lie; numbers and times from the statement's own slots. Tests: tests/unit/db_test.c
 */
#include "db/internal.h"

/* The parameters that are left to fill. */
struct filling {
	struct statement *s;
	unsigned at;
};

static MYSQL_BIND *bind_next(
    struct filling *f, enum enum_field_types type, struct param_slot **slot)
{
	unsigned i = f->at++;
	*slot = &f->s->slots[i];
	f->s->binds[i] = (MYSQL_BIND) { .buffer_type = type, .length = &(*slot)->length };
	return &f->s->binds[i];
}

/* NULL is told by a buffer that is not there: the type stays, so the server need not resolve the
 * statement anew. */
static void bind_bytes(struct filling *f, enum enum_field_types type, const char *p, size_t n)
{
	struct param_slot *slot;
	MYSQL_BIND *b = bind_next(f, type, &slot);
	b->buffer = (void *)(uintptr_t)p;
	b->buffer_length = slot->length = n;
}

static void bind_text(struct filling *f, const char *text, bool none)
{
	bind_bytes(f, MYSQL_TYPE_STRING, none ? NULL : text, none ? 0 : strlen(text));
}

static void bind_int(struct filling *f, int64_t value)
{
	struct param_slot *slot;
	MYSQL_BIND *b = bind_next(f, MYSQL_TYPE_LONGLONG, &slot);
	slot->number = value;
	b->buffer = value == INT_NONE ? NULL : &slot->number;
}

static void bind_bool(struct filling *f, const bool *value)
{
	struct param_slot *slot;
	MYSQL_BIND *b = bind_next(f, MYSQL_TYPE_TINY, &slot);
	slot->flag = value && *value;
	b->buffer = value ? &slot->flag : NULL;
}

static void bind_amount(struct filling *f, money m)
{
	struct param_slot *slot;
	MYSQL_BIND *b = bind_next(f, MYSQL_TYPE_NEWDECIMAL, &slot);
	slot->length = decimal_format(m.hundredths, slot->decimal);
	b->buffer_length = slot->length;
	b->buffer = money_none(m) ? NULL : slot->decimal;
}

#define FIRST_DAY \
	(-719162) /* 0001-01-01 and 9999-12-31: what a DATE can hold and instant_format() can say. \
		   */
#define LAST_DAY 2932896 /* Arithmetic that leads further is brought back to them. */

static void put_day(MYSQL_TIME *t, int32_t days)
{
	int year, month, mday;
	day_civil((day) { days }, &year, &month, &mday);
	t->year = (unsigned)year;
	t->month = (unsigned)month;
	t->day = (unsigned)mday;
}

static void bind_day(struct filling *f, day d)
{
	struct param_slot *slot;
	MYSQL_BIND *b = bind_next(f, MYSQL_TYPE_DATE, &slot);
	if (day_none(d))
		return;
	slot->time = (MYSQL_TIME) { .time_type = MYSQL_TIMESTAMP_DATE };
	put_day(&slot->time, d.days < FIRST_DAY  ? FIRST_DAY
			     : d.days > LAST_DAY ? LAST_DAY
						 : d.days);
	b->buffer = &slot->time;
}

static void bind_instant(struct filling *f, instant i)
{
	const int64_t second = 1000000, whole_day = 86400 * second;
	const int64_t first = FIRST_DAY * whole_day, last = (LAST_DAY + 1) * whole_day - 1;
	struct param_slot *slot;
	MYSQL_BIND *b = bind_next(f, MYSQL_TYPE_DATETIME, &slot);
	if (instant_none(i))
		return;
	int64_t since = (i.us < first ? first : i.us > last ? last : i.us) - first;
	int64_t rest = since % whole_day, seconds = rest / second;
	MYSQL_TIME *t = &slot->time;
	*t = (MYSQL_TIME) { .time_type = MYSQL_TIMESTAMP_DATETIME };
	put_day(t, (int32_t)(FIRST_DAY + since / whole_day));
	t->hour = (unsigned)(seconds / 3600);
	t->minute = (unsigned)(seconds / 60 % 60);
	t->second = (unsigned)(seconds % 60);
	t->second_part = (unsigned long)(rest % second);
	b->buffer = t;
}

/* False: the number is not one of the names. */
static bool bind_enum(struct filling *f, const struct field *field, const int *value)
{
	int n = value ? *value : 0;
	for (int i = 1; i <= n; i++) {
		if (!field->names[i])
			return false;
	}
	if (n < 0)
		return false;
	bind_text(f, n ? field->names[n] : "", n == 0);
	return true;
}

static bool bind_one(struct filling *f, const struct db_param *p)
{
	static const money no_money;
	static const subject no_subject;
	const str *s = p->value;
	switch (p->type) {
	case T_ID:
		bind_text(f, p->value, !p->value || !((const uuid *)p->value)->text[0]);
		return true;
	case T_TEXT:
	case T_JSON: /* a json_text is a str and no more */
		bind_bytes(f, MYSQL_TYPE_STRING, s ? s->p : NULL, s ? s->n : 0);
		return true;
	case T_BYTES: bind_bytes(f, MYSQL_TYPE_BLOB, s ? s->p : NULL, s ? s->n : 0); return true;
	case T_INT: bind_int(f, p->value ? *(const int64_t *)p->value : INT_NONE); return true;
	case T_BOOL: bind_bool(f, p->value); return true;
	case T_ENUM: return p->field && p->field->names && bind_enum(f, p->field, p->value);
	case T_DAY: bind_day(f, p->value ? *(const day *)p->value : DAY_NONE); return true;
	case T_INSTANT:
		bind_instant(f, p->value ? *(const instant *)p->value : INSTANT_NONE);
		return true;
	case T_MONEY: {
		const money *m = p->value ? p->value : &no_money;
		bind_amount(f, *m);
		bind_text(f, m->currency, money_none(*m));
		return true;
	}
	case T_SUBJECT: {
		const subject *u = p->value ? p->value : &no_subject;
		const struct field *rule = field_rule(p->field);
		for (uint32_t i = 0; i < rule->n_kinds; i++)
			bind_text(f, u->id.text, strcmp(u->object, rule->kinds[i].object) != 0);
		return true;
	}
	case T_LIST:
	case T_IDS:
	case T_TEXTS:
	case T_OBJECT:
	case T_MAP:
	case T_ROW: break;
	}
	return false;
}

error params_bind(struct db *db, struct statement *s, const struct db_param *params, size_t n)
{
	str sql = { s->sql, s->sql_length };
	size_t wanted = 0;
	for (size_t i = 0; i < n; i++)
		wanted += sql_width(params[i].type, params[i].field);
	if (wanted != s->n_params)
		return misuse(
		    db, sql, "the statement has another number of parameters than it is given");
	struct filling f = { .s = s };
	for (size_t i = 0; i < n; i++) {
		if (!bind_one(&f, &params[i]))
			return misuse(db, sql,
			    "a parameter cannot be given to a statement: a list, or an unknown "
			    "name");
	}
	if (n && mysql_stmt_bind_param(s->handle, s->binds)) {
		failure_keep(db, mysql_stmt_errno(s->handle), mysql_stmt_error(s->handle));
		return failure(db, sql);
	}
	return OK;
}
