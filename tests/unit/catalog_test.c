/* layers: base http db core modules process */
/*
 * What every operation of the program declares of its answer: something, with a text for people;
 * and that the workflows of a lane need the same of an installation.
 */
#include "core/operation.h"
#include "core/workflow_engine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static const char *name;

static void check_set(const struct field_set *set)
{
	for (uint32_t i = 0; i < set->n; i++) {
		const struct field *f = &set->v[i], *rule = field_rule(f);
		if (f->flags & F_PRIVATE)
			continue;
		if (!f->doc && !rule->doc && !(f->type == T_ID && f->ref))
			fail_msg("%s: %s has no text for people", name, f->name);
		if (f->type == T_ENUM && !rule->names)
			fail_msg("%s: %s has no values", name, f->name);
		if (f->type == T_ROW && !f->ref)
			fail_msg("%s: %s is a row of no table", name, f->name);
		if (f->type == T_MAP && (f->of->n != 2 || f->of->v[0].type != T_TEXT))
			fail_msg("%s: %s is no map", name, f->name);
		if (f->type == T_OBJECT || f->type == T_LIST || f->type == T_MAP)
			check_set(f->of);
	}
}

static void every_operation_declares_its_answer(void **state)
{
	(void)state;
	assert_true(operations_count() > 100);
	for (size_t i = 0; i < operations_count(); i++) {
		const struct operation *op = operation_at(i);
		name = op->name;
		if (!op->answer)
			fail_msg("%s declares no answer", name);
		if ((op->answer == ANSWER_ROW || op->answer == ANSWER_LIST) && !op->table)
			fail_msg("%s answers rows of no table", name);
		if ((op->answer == ANSWER_NOTHING) != (op->status == 204))
			fail_msg("%s: 204 is the status of no answer", name);
		check_set(&op->out);
	}
}

/* An installation that cannot do one of them serves none of that lane. */
static void the_workflows_of_a_lane_need_the_same(void **state)
{
	(void)state;
	for (size_t i = 1; i < workflows_count(); i++)
		for (size_t k = 0; k < i; k++) {
			const struct workflow *a = workflow_at(i), *b = workflow_at(k);
			if (!strcmp(workflow_lane(a), workflow_lane(b)) && a->able != b->able)
				fail_msg("%s and %s share a lane: %s", a->name, b->name,
				    workflow_lane(a));
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(every_operation_declares_its_answer),
		cmocka_unit_test(the_workflows_of_a_lane_need_the_same) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
