/*
 * openapi_example.c: examples. They are real: a test runs each of them
 * (tests/http/catalog.test.mjs). A text has the @example of its column or the .example of its
 * field; all else has a value of its type when nobody has named one; an id is that of the row which
 * the example of its table's create makes.
 */
#include "process/openapi.h"

#include <inttypes.h>

#include "base/hash.h"

static const char *id_of(struct arena *a, const char *table)
{
	return arena_printf(a, "0196f0c0-0000-7000-8000-%012" PRIx64,
	    hash_add(HASH_BEGIN, str_of(table)) & UINT64_C(0xffffffffffff));
}

const char *openapi_example_id(struct arena *a, const struct table *table)
{
	return id_of(a, table ? table->name : "any");
}

static const char *text_of(const struct field *f)
{
	return f->example ? f->example : field_rule(f)->example;
}

static void write_money(struct json *out, const char *text)
{
	str amount, currency;
	if (!str_cut(str_of(text), ' ', &amount, &currency))
		return;
	json_object(out);
	json_key(out, "amount");
	json_string(out, amount);
	json_key(out, "currency");
	json_string(out, currency);
	json_object_end(out);
}

static void write_subject(struct openapi *o, const struct subject_kind *kind)
{
	json_object(o->out);
	openapi_text(o, "object", kind->object);
	openapi_text(o, "id", openapi_example_id(o->arena, kind->column->ref));
	json_object_end(o->out);
}

static void write_items(struct openapi *o, const struct field *f)
{
	json_object(o->out);
	for (uint32_t i = 0; i < f->of->n; i++) {
		const struct field *item = &f->of->v[i];
		if ((!(item->flags & F_REQUIRED) && !text_of(item)) ||
		    !openapi_example(o, NULL, item, false))
			continue;
		json_key(o->out, item->name);
		openapi_example(o, NULL, item, true);
	}
	json_object_end(o->out);
}

static int64_t plain_int(const struct field *rule) { return rule->min > 1 ? rule->min : 1; }

bool openapi_example(
    struct openapi *o, const struct operation *op, const struct field *f, bool written)
{
	const struct field *rule = field_rule(f);
	const char *text = text_of(f);
	struct json *out = o->out;
	bool there =
	    text || f->type == T_LIST || (f->type != T_JSON && (f->type != T_TEXT || rule->names));
	if (!written || !there)
		return there;
	switch (f->type) {
	case T_ID: /* one that may be of several tables, or is another row, says so by its example
		    */
		json_text_value(out, text ? id_of(o->arena, text)
					  : openapi_example_id(o->arena, contract_ref(op, f)));
		break;
	case T_IDS:
		json_array(out);
		json_text_value(out, openapi_example_id(o->arena, f->ref));
		json_array_end(out);
		break;
	case T_INT:
		json_raw(
		    out, str_of(text ? text : arena_printf(o->arena, "%" PRId64, plain_int(rule))));
		break;
	case T_BOOL: json_bool(out, !text || !strcmp(text, "true")); break;
	case T_MONEY: write_money(out, text ? text : "1250.00 EUR"); break;
	case T_DAY: json_text_value(out, text ? text : "2027-03-31"); break;
	case T_INSTANT: json_text_value(out, text ? text : "2027-01-29T09:00:00Z"); break;
	case T_SUBJECT: write_subject(o, rule->kinds); break;
	case T_JSON: json_raw(out, str_of(text)); break;
	case T_LIST:
		if (text) {
			json_raw(out, str_of(text));
			break;
		}
		json_array(out);
		write_items(o, f);
		json_array_end(out);
		break;
	default: json_text_value(out, text ? text : rule->names[1]); break;
	}
	return true;
}

/* A create names its id, so that examples of other operations find the row. */
static bool is_own_id(const struct contract *c, const struct contract_member *m)
{
	return c->once && m->field->type == T_ID && !strcmp(m->name, "id") &&
	       (m->field->flags & F_CREATE_ONLY);
}

bool openapi_in_example(const struct contract *c, const struct contract_member *m)
{
	return m->required || text_of(m->field) || is_own_id(c, m);
}

void openapi_input_example(struct openapi *o, const struct contract *c)
{
	json_object(o->out);
	if (c->body == BODY_FILE)
		openapi_text(o, "file", c->op->file_example);
	if (c->body == BODY_SEARCH) {
		json_key(o->out, "where");
		json_object(o->out);
		openapi_text(o, "created_since", "2026-01-01T00:00:00Z");
		json_object_end(o->out);
	}
	for (size_t i = 0; i < c->in_body.n; i++) {
		const struct contract_member *m = &c->in_body.v[i];
		if (!openapi_in_example(c, m) || !openapi_example(o, c->op, m->field, false))
			continue;
		json_key(o->out, m->name);
		openapi_example(o, c->op, m->field, true);
	}
	json_object_end(o->out);
}
