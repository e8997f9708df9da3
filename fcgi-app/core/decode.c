/* decode.c: see decode.h. Tests: tests/http/bad_input.test.mjs. */
#include "core/decode.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/loose.h"
#include "core/text.h"

size_t decode_size(enum field_type type)
{
	static const size_t sizes[] = {
		[T_ID] = sizeof(uuid),
		[T_TEXT] = sizeof(str),
		[T_INT] = sizeof(int64_t),
		[T_BOOL] = sizeof(bool),
		[T_ENUM] = sizeof(int),
		[T_MONEY] = sizeof(money),
		[T_DAY] = sizeof(day),
		[T_INSTANT] = sizeof(instant),
		[T_JSON] = sizeof(json_text),
		[T_BYTES] = sizeof(str),
		[T_SUBJECT] = sizeof(subject),
		[T_LIST] = sizeof(list),
		[T_IDS] = sizeof(list),
		[T_TEXTS] = sizeof(list),
		[T_MAP] = sizeof(list),
		[T_ROW] = sizeof(json_text),
	};
	return sizes[type];
}

void decode_none(const struct field *field, void *out)
{
	memset(out, 0, decode_size(field->type));
	if (field->type == T_INT)
		*(int64_t *)out = INT_NONE;
	else if (field->type == T_DAY)
		*(day *)out = DAY_NONE;
	else if (field->type == T_INSTANT)
		*(instant *)out = INSTANT_NONE;
}

static bool bad(struct call *call, const char *pointer, const char *code, const char *what)
{
	(void)!fail_code(call, INVALID, pointer, code, "%s", what);
	return false;
}

static bool text_of(struct json_object *value, str *out)
{
	if (!json_object_is_type(value, json_type_string))
		return false;
	*out = (str) { json_object_get_string(value), (size_t)json_object_get_string_len(value) };
	return true;
}

/* ---- one value of each type ---- */

static bool decode_text(
    struct call *call, const struct field *f, str text, const char *pointer, str *out)
{
	const struct field *rule = field_rule(f);
	bool secret = (f->flags | rule->flags) & F_SECRET, lines = rule->flags & F_MULTILINE;
	if (!secret)
		text = str_trim(text);
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];
		if ((c < 0x20 && !(lines && (c == '\n' || c == '\r' || c == '\t'))) || c == 0x7f)
			return bad(call, pointer, "invalid", "must not hold control characters");
	}
	size_t length = utf8_length(text);
	if (rule->max && length > (size_t)rule->max)
		return !fail_code(call, INVALID, pointer, "too_long",
		    "must have at most %lld characters, not %zu", (long long)rule->max, length);
	if (length < (size_t)(rule->min > 0 ? rule->min : 0))
		return length == 0
			   ? bad(call, pointer, "required", "must not be empty")
			   : !fail_code(call, INVALID, pointer, "too_short",
				 "must have at least %lld characters", (long long)rule->min);
	if (rule->flags & F_EMAIL) {
		char *lower = arena_text(call->arena, text.p, text.n);
		if (!text_email(lower, text.n))
			return bad(call, pointer, "invalid", "must be an e-mail address");
		*out = (str) { lower, text.n };
		return true;
	}
	if (text.n == 0 && (f->flags & F_NULLABLE))
		*out = (str) { NULL, 0 };
	else
		*out = (str) { arena_text(call->arena, text.p ? text.p : "", text.n), text.n };
	return true;
}

static bool decode_int(struct call *call, const struct field *f, struct json_object *value,
    bool textual, const char *pointer, int64_t *out)
{
	const struct field *rule = field_rule(f);
	int64_t number;
	str text;
	if (json_object_is_type(value, json_type_int))
		number = json_object_get_int64(value);
	else if (!textual || !text_of(value, &text) || !int_parse(str_trim(text), &number))
		return bad(call, pointer, "type", "must be a whole number");
	if ((rule->min || rule->max) && (number < rule->min || (rule->max && number > rule->max)))
		return !fail_code(call, INVALID, pointer, "range", "must be from %lld to %lld",
		    (long long)rule->min, (long long)rule->max);
	*out = number;
	return true;
}

static bool decode_bool(
    struct call *call, struct json_object *value, bool textual, const char *pointer, bool *out)
{
	str text;
	if (json_object_is_type(value, json_type_boolean)) {
		*out = json_object_get_boolean(value);
		return true;
	}
	if (textual && text_of(value, &text) &&
	    (str_is(text, "true") || str_is(text, "false") || str_is(text, "on"))) {
		*out = !str_is(text, "false");
		return true;
	}
	return bad(call, pointer, "type", "must be true or false");
}

static bool decode_enum(struct call *call, const struct field *f, struct json_object *value,
    const char *pointer, int *out)
{
	const struct field *rule = field_rule(f);
	str text;
	char choices[300] = "";
	if (text_of(value, &text))
		for (int i = 1; rule->names[i]; i++)
			if (str_is(text, rule->names[i])) {
				*out = i;
				return true;
			}
	for (int i = 1; rule->names[i]; i++) {
		size_t n = strlen(choices);
		snprintf(
		    choices + n, sizeof choices - n, "%s%s", i > 1 ? ", " : "", rule->names[i]);
	}
	return !fail_code(call, INVALID, pointer, "choice", "must be one of: %s", choices);
}

/* "12,500", "12.500,50", "1 234.5": a form's amount as people write it. Only two decimals are kept,
 * so three digits behind a separator are thousands, and more than two decimals are refused. */
static bool amount_written(str text, const char *currency, int64_t *out)
{
	struct number_style style = number_style_guess(&text, 1);
	size_t decimals = 0;
	bool behind = false;
	money read;
	for (size_t i = 0; i < text.n; i++) {
		behind = behind || text.p[i] == style.decimal;
		decimals += behind && text.p[i] >= '0' && text.p[i] <= '9';
	}
	if (decimals > 2 || !loose_money(style, text, currency, &read) ||
	    strcmp(read.currency, currency) != 0)
		return false;
	*out = read.hundredths;
	return true;
}

static bool decode_money(
    struct call *call, struct json_object *value, bool textual, const char *pointer, money *out)
{
	struct json_object *amount, *currency;
	str amount_text, code;
	if (!json_object_is_type(value, json_type_object) ||
	    json_object_object_length(value) != 2 ||
	    !json_object_object_get_ex(value, "amount", &amount) ||
	    !json_object_object_get_ex(value, "currency", &currency))
		return bad(
		    call, pointer, "type", "must be {\"amount\":\"1234.50\",\"currency\":\"EUR\"}");
	bool coded = text_of(currency, &code) && code.n == 3;
	for (size_t i = 0; coded && i < 3; i++) {
		char c = code.p[i];
		out->currency[i] = textual && c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
		coded = out->currency[i] >= 'A' && out->currency[i] <= 'Z';
	}
	out->currency[3] = 0;
	if (!coded)
		return bad(call, arena_printf(call->arena, "%s/currency", pointer), "invalid",
		    "must be an ISO 4217 code such as EUR");
	bool read = text_of(amount, &amount_text) &&
		    (decimal_parse(str_trim(amount_text), &out->hundredths) ||
			(textual && amount_written(amount_text, out->currency, &out->hundredths)));
	return read ||
	       bad(call, arena_printf(call->arena, "%s/amount", pointer), "type",
		   textual ? "must be an amount such as 1234.50, with at most two decimals"
			   : "must be a decimal number in quotes, with at most two decimals");
}

static bool decode_id(struct call *call, struct json_object *value, const char *pointer, uuid *out)
{
	str text;
	return (text_of(value, &text) && uuid_parse(str_trim(text), out)) ||
	       bad(call, pointer, "type", "must be a UUID");
}

static bool decode_subject(struct call *call, const struct field *f, struct json_object *value,
    const char *pointer, subject *out)
{
	const struct field *rule = field_rule(f);
	struct json_object *object, *id;
	str name;
	if (!json_object_is_type(value, json_type_object) ||
	    json_object_object_length(value) != 2 ||
	    !json_object_object_get_ex(value, "object", &object) ||
	    !json_object_object_get_ex(value, "id", &id) || !text_of(object, &name) ||
	    !subject_kind(f, name)) {
		const char *objects = "";
		for (uint32_t i = 0; i < rule->n_kinds; i++)
			objects = arena_printf(call->arena, "%s%s\"%s\"", objects, i ? " or " : "",
			    rule->kinds[i].object);
		return bad(call, pointer, "type",
		    arena_printf(call->arena, "must be {\"object\":%s,\"id\":\"...\"}", objects));
	}
	if (!decode_id(call, id, arena_printf(call->arena, "%s/id", pointer), &out->id))
		return false;
	memcpy(out->object, name.p, name.n);
	out->object[name.n] = 0;
	return true;
}

/* An array; as text also "a,b", and an object with the members "0", "1", ... in their order. */
static struct json_object *as_array(
    struct call *call, struct json_object *value, bool textual, bool split)
{
	if (json_object_is_type(value, json_type_array))
		return value;
	if (!textual)
		return NULL;
	struct json_object *array = json_object_new_array();
	json_keep(call->arena, array);
	str text;
	if (json_object_is_type(value, json_type_object)) {
		json_object_object_foreach(value, key, member)
		{
			if (!isdigit((unsigned char)key[0]))
				return NULL;
			json_object_array_add(array, json_object_get(member));
		}
		return array;
	}
	if (!split || !text_of(value, &text))
		return NULL;
	for (str one; text.n;) {
		if (!str_cut(text, ',', &one, &text)) {
			one = text;
			text.n = 0;
		}
		json_object_array_add(array, json_object_new_string_len(one.p, (int)one.n));
	}
	return array;
}

static bool decode_ids(struct call *call, const struct field *f, struct json_object *value,
    bool textual, const char *pointer, list *out)
{
	struct json_object *array = as_array(call, value, textual, true);
	if (!array)
		return bad(call, pointer, "type", "must be a list of UUIDs");
	size_t length = json_object_array_length(array), max = f->max ? (size_t)f->max : 100, n = 0;
	uuid *ids = ARENA_ARRAY(call->arena, length + 1, uuid);
	bool good = true;
	str text;
	for (size_t i = 0; i < length; i++) {
		struct json_object *id = json_object_array_get_idx(array, i);
		/* The hidden empty control that makes a form say "none" when no box is ticked. */
		if (textual && text_of(id, &text) && text.n == 0)
			continue;
		good &=
		    decode_id(call, id, arena_printf(call->arena, "%s/%zu", pointer, i), &ids[n++]);
	}
	if (n > max || n < (size_t)f->min)
		return !fail_code(call, INVALID, pointer, "range",
		    "must have from %lld to %zu items", (long long)f->min, max);
	*out = (list) { ids, n };
	return good;
}

static bool decode_list(struct call *call, const struct field *f, struct json_object *value,
    bool textual, const char *pointer, list *out)
{
	struct json_object *array = as_array(call, value, textual, false);
	if (!array)
		return bad(call, pointer, "type", "must be a list of objects");
	size_t n = json_object_array_length(array), max = f->max ? (size_t)f->max : 100;
	if (n > max || n < (size_t)f->min)
		return !fail_code(call, INVALID, pointer, "range",
		    "must have from %lld to %zu items", (long long)f->min, max);
	char *items = arena_array(call->arena, n + 1, f->of->size);
	bool good = true;
	for (size_t i = 0; i < n; i++) {
		bool *item_given = ARENA_ARRAY(call->arena, f->of->n + 1, bool);
		struct json_object *item = json_object_array_get_idx(array, i);
		const char *at = arena_printf(call->arena, "%s/%zu", pointer, i);
		if (!json_object_is_type(item, json_type_object))
			good = bad(call, at, "type", "must be an object");
		else
			good &= decode_fields(call, f->of, item, textual, at,
				    items + i * f->of->size, item_given) == OK;
	}
	*out = (list) { items, n };
	return good;
}

static bool decode_json(struct call *call, const struct field *f, struct json_object *value,
    bool textual, const char *pointer, json_text *out)
{
	str text;
	const char *why = NULL;
	if (textual && text_of(value, &text)) {
		if (!(value = json_read(call->arena, text, &why)))
			return bad(call, pointer, "type", why ? why : "must be a JSON document");
	}
	const char *plain = json_object_to_json_string_ext(
	    value, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
	size_t n = strlen(plain), max = field_rule(f)->max ? (size_t)field_rule(f)->max : 65535;
	if (n > max)
		return !fail_code(
		    call, INVALID, pointer, "too_long", "must have at most %zu bytes", max);
	out->json = (str) { arena_text(call->arena, plain, n), n };
	return true;
}

bool decode_value(struct call *call, const struct field *f, struct json_object *value, bool textual,
    const char *pointer, void *out)
{
	str text;
	switch (f->type) {
	case T_TEXT:
		if (!text_of(value, &text))
			return bad(call, pointer, "type", "must be a text");
		return decode_text(call, f, text, pointer, out);
	case T_INT: return decode_int(call, f, value, textual, pointer, out);
	case T_BOOL: return decode_bool(call, value, textual, pointer, out);
	case T_ENUM: return decode_enum(call, f, value, pointer, out);
	case T_MONEY: return decode_money(call, value, textual, pointer, out);
	case T_ID: return decode_id(call, value, pointer, out);
	case T_SUBJECT: return decode_subject(call, f, value, pointer, out);
	case T_DAY:
		return (text_of(value, &text) && day_parse(str_trim(text), out)) ||
		       bad(call, pointer, "type", "must be a day as YYYY-MM-DD");
	case T_INSTANT:
		if (textual && text_of(value, &text)) {
			/* What <input type=date> and <input type=datetime-local> send, taken as
			 * UTC. */
			str whole = str_trim(text);
			if (whole.n == 10)
				whole =
				    str_of(arena_printf(call->arena, "%.10sT00:00:00Z", whole.p));
			else if (whole.n == 16)
				whole = str_of(arena_printf(call->arena, "%.16s:00Z", whole.p));
			if (instant_parse(whole, out))
				return true;
		}
		return (text_of(value, &text) && instant_parse(str_trim(text), out)) ||
		       bad(call, pointer, "type", "must be a time as 2026-01-31T12:00:00Z");
	case T_JSON: return decode_json(call, f, value, textual, pointer, out);
	case T_IDS: return decode_ids(call, f, value, textual, pointer, out);
	case T_LIST: return decode_list(call, f, value, textual, pointer, out);
	case T_BYTES:
	case T_TEXTS:
	case T_OBJECT:
	case T_MAP:
	case T_ROW: break;
	}
	return bad(call, pointer, "type", "cannot be given");
}

/* ---- a set of fields ---- */

/* In a form, a control left empty: an empty text, or a nested value of which every text is empty
 * but its unit. */
static bool left_empty(const struct field *f, struct json_object *value)
{
	str text;
	struct json_object *part;
	if (text_of(value, &text))
		return text.n == 0 && !(f->flags & F_SECRET);
	if (f->type == T_MONEY && json_object_is_type(value, json_type_object) &&
	    json_object_object_get_ex(value, "amount", &part))
		return text_of(part, &text) && text.n == 0;
	if (f->type == T_SUBJECT && json_object_is_type(value, json_type_object) &&
	    json_object_object_get_ex(value, "id", &part))
		return text_of(part, &text) && text.n == 0;
	return false;
}

static void decode_field(struct call *call, const struct field *f, struct json_object *value,
    bool textual, const char *pointer, void *out, bool *given_one)
{
	if (!value || (textual && left_empty(f, value))) {
		if (f->flags & F_REQUIRED)
			bad(call, pointer, "required", "is required");
		else if (f->flags & F_NULLABLE)
			*given_one = true;
		else if (!textual)
			bad(call, pointer, "required", "must not be null");
		return;
	}
	*given_one = true;
	decode_value(call, f, value, textual, pointer, out);
}

error decode_fields(struct call *call, const struct field_set *set, struct json_object *tree,
    bool textual, const char *pointer, void *in, bool *given)
{
	size_t bad_before = call->problem.n_fields;
	if (tree && !json_object_is_type(tree, json_type_object))
		return fail(call, MALFORMED, pointer[0] ? pointer : NULL, "must be a JSON object");
	if (tree) {
		json_object_object_foreach(tree, key, value)
		{
			(void)value;
			if (!field_find(set, str_of(key)))
				(void)!fail_code(call, MALFORMED,
				    arena_printf(call->arena, "%s/%.80s", pointer, key),
				    "unknown_field", "there is no field \"%.80s\" here", key);
		}
	}
	for (uint32_t i = 0; i < set->n; i++) {
		const struct field *f = &set->v[i];
		void *out = (char *)in + f->offset;
		const char *at = arena_printf(call->arena, "%s/%s", pointer, f->name);
		struct json_object *value = NULL;
		decode_none(f, out);
		if (tree && json_object_object_get_ex(tree, f->name, &value))
			decode_field(call, f, value, textual, at, out, &given[i]);
		else if (f->flags & F_REQUIRED)
			bad(call, at, "required", "is required");
	}
	bool bad_now =
	    call->problem.n_fields > bad_before || call->problem.n_fields == PROBLEM_FIELDS;
	return bad_now ? call->problem.kind : OK;
}

/* ---- pairs to a tree ---- */

static void put(struct json_object *object, const char *key, struct json_object *value)
{
	struct json_object *there;
	if (!json_object_object_get_ex(object, key, &there)) {
		json_object_object_add(object, key, value);
	} else if (json_object_is_type(there, json_type_array)) {
		json_object_array_add(there, value);
	} else {
		struct json_object *array = json_object_new_array();
		json_object_array_add(array, json_object_get(there));
		json_object_array_add(array, value);
		json_object_object_add(object, key, array);
	}
}

/* "a[b][c]" step by step; an empty step ("a[]") makes an array. */
static bool put_nested(struct json_object *tree, char *name, struct json_object *value)
{
	char *bracket = strchr(name, '[');
	struct json_object *at = tree;
	for (int depth = 0; bracket && depth < 4; depth++) {
		*bracket = 0;
		char *inner = bracket + 1, *close = strchr(inner, ']');
		if (!close || !name[0] || (close[1] && close[1] != '['))
			return false;
		*close = 0;
		if (!inner[0]) {
			struct json_object *array;
			if (close[1])
				return false;
			if (!json_object_object_get_ex(at, name, &array))
				json_object_object_add(at, name, array = json_object_new_array());
			if (!json_object_is_type(array, json_type_array))
				return false;
			json_object_array_add(array, value);
			return true;
		}
		struct json_object *next;
		if (!json_object_object_get_ex(at, name, &next))
			json_object_object_add(at, name, next = json_object_new_object());
		if (!json_object_is_type(next, json_type_object))
			return false;
		at = next;
		name = inner;
		bracket = close[1] == '[' ? close + 1 : NULL;
	}
	if (bracket)
		return false;
	put(at, name, value);
	return true;
}

error decode_tree(struct call *call, const struct http_pair *pairs, size_t n, bool form,
    struct json_object **tree)
{
	*tree = json_object_new_object();
	json_keep(call->arena, *tree);
	for (size_t i = 0; i < n; i++) {
		if (form && pairs[i].name.n && pairs[i].name.p[0] == '_')
			continue;
		char *name = arena_text(call->arena, pairs[i].name.p, pairs[i].name.n);
		struct json_object *value = json_object_new_string_len(
		    pairs[i].value.p ? pairs[i].value.p : "", (int)pairs[i].value.n);
		if (!form)
			put(*tree, name, value);
		else if (!put_nested(*tree, name, value)) {
			json_object_put(value);
			return fail_code(call, MALFORMED, "form", "malformed",
			    "the name of a control cannot be read");
		}
	}
	return OK;
}
