/* gate_problem.c: the problem document of RFC 9457. */
#include "core/gate.h"

void gate_problem(struct arena *a, struct buf *out, error kind, const struct problem *problem,
    str instance, str request_id)
{
	struct json j;
	json_begin(&j, out);
	json_object(&j);
	json_key(&j, "type");
	json_text_value(&j, arena_printf(a, "urn:muster:problem:%s", problem_type(kind)));
	json_key(&j, "title");
	json_text_value(&j, problem_title(kind));
	json_key(&j, "status");
	json_int(&j, problem_status(kind));
	if (problem->detail && kind != INTERNAL) {
		json_key(&j, "detail");
		json_text_value(&j, problem->detail);
	}
	if (instance.n) {
		json_key(&j, "instance");
		json_string(&j, instance);
	}
	json_key(&j, "request_id");
	json_string(&j, request_id);
	if (problem->existing_id) {
		json_key(&j, "existing_id");
		json_text_value(&j, problem->existing_id);
	}
	if (problem->merged_into_id) {
		json_key(&j, "merged_into_id");
		json_text_value(&j, problem->merged_into_id);
	}
	if (problem->n_fields) {
		json_key(&j, "errors");
		json_array(&j);
		for (size_t i = 0; i < problem->n_fields; i++) {
			json_object(&j);
			json_key(&j, "pointer");
			json_text_value(&j, problem->fields[i].pointer);
			json_key(&j, "code");
			json_text_value(&j, problem->fields[i].code);
			json_key(&j, "detail");
			json_text_value(&j, problem->fields[i].detail);
			json_object_end(&j);
		}
		json_array_end(&j);
	}
	if (problem->extra) {
		json_object_object_foreach(problem->extra, key, value)
		{
			json_key(&j, key);
			json_raw(&j,
			    str_of(json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN)));
		}
	}
	json_object_end(&j);
}
