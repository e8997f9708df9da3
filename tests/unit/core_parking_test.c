/* layers: base http db core modules */
/* Who is woken by what, and that nobody is forgotten: parking.h, equal.h and recall.h without a
 * clock, a client or a database. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/equal.h"
#include "core/parking.h"
#include "core/recall.h"

#include <cmocka.h>

#define SECOND INT64_C(1000000)
#define ACME "018f0000-0000-7000-8000-00000000000a"
#define BETA "018f0000-0000-7000-8000-00000000000b"
#define ANN "018f0000-0000-7000-8000-000000000001"
#define BOB "018f0000-0000-7000-8000-000000000002"

struct someone {
	struct waiter w;
	struct reading readings[2];
};

static struct parking *p;
static const struct passed_over nobody;

static int start(void **state)
{
	(void)state;
	p = parking_new((struct parking_limits) { 3, 7, 100 }, 0);
	return 0;
}

static int end(void **state)
{
	(void)state;
	parking_free(p);
	return 0;
}

static struct topic_set topics(const char *one, const char *two)
{
	static char *v[2];
	v[0] = (char *)(uintptr_t)one;
	v[1] = (char *)(uintptr_t)two;
	return (struct topic_set) { v, two ? 2 : 1, 2 };
}

/* Enters with what was read at a version, until a time. */
static struct someone *enter(const char *company, const char *who, const char *person,
    const char *data, int64_t version, int64_t until)
{
	struct someone *s = calloc(1, sizeof *s);
	s->w.readings = s->readings;
	s->w.n_readings = 2;
	s->w.until_us = until;
	assert_int_equal(parking_enter(p, &s->w, company, who, version), OK);
	struct topic_set set = topics(person, NULL);
	parking_read(p, &s->w, &s->readings[0], &set, version);
	set = topics(data, NULL);
	parking_read(p, &s->w, &s->readings[1], &set, version);
	return s;
}

static struct someone *park(const char *company, const char *data, int64_t version)
{
	struct someone *s = enter(company, ANN, "agents/row/1", data, version, 30 * SECOND);
	parking_park(p, &s->w, 0);
	return s;
}

static void leave(struct someone *s)
{
	parking_leave(p, &s->w);
	free(s);
}

static struct waiter *take(void)
{
	struct waiter *w = NULL;
	return parking_take(p, &w, 1, 1, &nobody) ? w : NULL;
}

static void a_topic_wakes_who_has_read_it_and_nobody_else(void **state)
{
	(void)state;
	struct someone *mine = park(ACME, "contacts/owner/1", 7),
		       *other = park(ACME, "contacts/owner/2", 7),
		       *beta = park(BETA, "contacts/owner/1", 7);
	lot_learn(p, ACME, STR("contacts/owner/1"), 8);
	assert_ptr_equal(take(), &mine->w);
	assert_int_equal(mine->w.cause, CAUSE_CHANGED);
	assert_false(reading_touched(&mine->readings[0]));
	assert_true(reading_touched(&mine->readings[1]));
	assert_null(take());
	leave(mine);
	leave(other);
	leave(beta);
}

static void what_was_read_later_is_not_woken_by_what_happened_before(void **state)
{
	(void)state;
	struct someone *s = park(ACME, "contacts", 9);
	lot_learn(p, ACME, STR("contacts"), 9);
	assert_null(take());
	lot_learn(p, ACME, STR("contacts"), 10);
	assert_ptr_equal(take(), &s->w);
	leave(s);
}

static void a_change_that_comes_while_somebody_is_out_is_not_lost(void **state)
{
	(void)state;
	struct someone *s = park(ACME, "contacts", 7);
	lot_learn(p, ACME, STR("contacts"), 8);
	assert_ptr_equal(take(), &s->w);
	struct topic_set set = topics("contacts", NULL);
	lot_learn(p, ACME, STR("contacts"), 9);
	parking_read(p, &s->w, &s->readings[1], &set, 8);
	parking_park(p, &s->w, 0);
	assert_ptr_equal(take(), &s->w);
	parking_read(p, &s->w, &s->readings[1], &set, 9);
	parking_park(p, &s->w, 0);
	assert_null(take());
	leave(s);
}

static void who_is_looked_at_further_comes_before_others_of_the_company_and_after_another_one(
    void **state)
{
	(void)state;
	struct someone *many = park(ACME, "contacts", 7), *other = park(ACME, "contacts", 7),
		       *beta = park(BETA, "contacts", 7);
	lot_learn(p, ACME, STR("contacts"), 8);
	assert_ptr_equal(take(), &many->w);
	lot_learn(p, BETA, STR("contacts"), 8);
	parking_go_on(p, &many->w);
	assert_ptr_equal(take(), &many->w);
	assert_int_equal(many->w.cause, CAUSE_CHANGED);
	parking_go_on(p, &many->w);
	assert_ptr_equal(take(), &beta->w);
	assert_ptr_equal(take(), &many->w);
	assert_ptr_equal(take(), &other->w);
	assert_null(take());
	parking_go_on(p, &many->w);
	assert_ptr_equal(take(), &many->w);
	leave(many);
	leave(other);
	leave(beta);
}

/* The first waiter of a company came with version 7; what a second one has read at 5 may have
 * changed before anybody listened. */
static void what_is_older_than_the_lot_is_looked_at_again(void **state)
{
	(void)state;
	struct someone *first = park(ACME, "contacts", 7), *second = park(ACME, "deals", 5);
	assert_ptr_equal(take(), &second->w);
	assert_true(reading_needs(&second->readings[1]) >= 7);
	leave(first);
	leave(second);
}

static void a_change_is_remembered_for_who_comes_with_an_older_answer(void **state)
{
	(void)state;
	struct someone *first = park(ACME, "contacts", 7);
	lot_learn(p, ACME, STR("deals"), 8);
	lot_known_to(p, ACME, 7, 8);
	struct someone *deals = park(ACME, "deals", 7), *tags = park(ACME, "tags", 7);
	assert_ptr_equal(take(), &deals->w);
	assert_null(take());
	leave(first);
	leave(deals);
	leave(tags);
}

static void a_company_that_rang_when_nobody_was_there_is_read_when_somebody_comes(void **state)
{
	(void)state;
	struct lot_head head;
	assert_false(parking_moved(p, ACME, 9, &head));
	struct someone *old = park(ACME, "contacts", 8);
	assert_true(parking_is_behind(p));
	assert_true(parking_behind(p, &head));
	assert_string_equal(head.company, ACME);
	assert_int_equal(head.version, 8);
	assert_false(parking_behind(p, &head));
	leave(old);
	struct someone *fresh = park(ACME, "contacts", 9);
	assert_false(parking_is_behind(p));
	leave(fresh);
}

/* Counters that were read for a lot that has closed since say nothing about the new one's gap. */
static void a_gap_does_not_become_known(void **state)
{
	(void)state;
	struct lot_head head;
	struct someone *s = park(ACME, "contacts", 5);
	lot_known_to(p, ACME, 9, 12);
	assert_int_equal(lot_known(s->w.lot), 5);
	assert_true(parking_moved(p, ACME, 12, &head));
	assert_int_equal(head.version, 5);
	lot_known_to(p, ACME, 5, 12);
	assert_int_equal(lot_known(s->w.lot), 12);
	assert_false(parking_moved(p, ACME, 12, &head));
	leave(s);
}

static void a_wait_ends_when_it_is_over_and_not_before(void **state)
{
	(void)state;
	struct someone *s = enter(ACME, ANN, "agents/row/1", "contacts", 7, 25 * SECOND);
	parking_park(p, &s->w, 0);
	assert_int_equal(parking_expire(p, 25 * SECOND - 1), 0);
	assert_int_equal(parking_expire(p, 25 * SECOND + SECOND / 10), 1);
	assert_ptr_equal(take(), &s->w);
	assert_int_equal(s->w.cause, CAUSE_OVER);
	parking_park(p, &s->w, 26 * SECOND);
	assert_ptr_equal(take(), &s->w);
	assert_int_equal(s->w.cause, CAUSE_OVER);
	leave(s);
}

static void companies_take_turns(void **state)
{
	(void)state;
	struct someone *a[3] = { park(ACME, "contacts", 7), park(ACME, "contacts", 7),
		park(ACME, "contacts", 7) };
	struct someone *b = park(BETA, "contacts", 7);
	lot_learn(p, ACME, STR("contacts"), 8);
	lot_learn(p, BETA, STR("contacts"), 8);
	struct waiter *out[2];
	assert_int_equal(parking_take(p, out, 2, 1, &nobody), 2);
	assert_ptr_equal(out[0], &a[0]->w);
	assert_int_equal(parking_take(p, out, 2, 1, &nobody), 1);
	assert_ptr_equal(out[0], &b->w);
	assert_true(parking_has_due(p));
	assert_ptr_equal(take(), &a[2]->w);
	assert_false(parking_has_due(p));
	for (size_t i = 0; i < 3; i++)
		leave(a[i]);
	leave(b);
}

static void who_is_passed_over_keeps_the_turn(void **state)
{
	(void)state;
	const char *const acme[] = { ACME }, *const both[] = { BETA, ACME };
	struct waiter *w;
	struct someone *a = park(ACME, "contacts", 7), *b = park(BETA, "contacts", 7);
	lot_learn(p, ACME, STR("contacts"), 8);
	lot_learn(p, BETA, STR("contacts"), 8);
	assert_int_equal(parking_take(p, &w, 1, 1, &(struct passed_over) { both, 2 }), 0);
	assert_int_equal(parking_take(p, &w, 1, 1, &(struct passed_over) { acme, 1 }), 1);
	assert_ptr_equal(w, &b->w);
	parking_park(p, w, 0);
	assert_ptr_equal(take(), &a->w);
	leave(a);
	leave(b);
}

static void a_client_that_goes_away_is_the_callers_only_when_nobody_else_has_it(void **state)
{
	(void)state;
	struct someone *parked = park(ACME, "contacts", 7), *due = park(ACME, "deals", 7),
		       *out = park(ACME, "tags", 7);
	lot_learn(p, ACME, STR("tags"), 8);
	assert_ptr_equal(take(), &out->w);
	lot_learn(p, ACME, STR("deals"), 8);
	assert_true(parking_gone(p, &parked->w));
	assert_true(parking_gone(p, &due->w));
	assert_false(parking_gone(p, &out->w));
	assert_true(out->w.gone);
	assert_false(parking_has_due(p));
	leave(parked);
	leave(due);
	leave(out);
	assert_int_equal(parking_count(p), 0);
}

static void who_rests_is_woken_by_what_moves_from_now_on_or_by_a_nudge(void **state)
{
	(void)state;
	struct someone *s = park(ACME, "tags", 5);
	lot_learn(p, ACME, STR("tags"), 6);
	assert_ptr_equal(take(), &s->w);
	parking_rest(p, &s->w);
	assert_null(take());
	lot_learn(p, ACME, STR("tags"), 7);
	assert_ptr_equal(take(), &s->w);
	parking_rest(p, &s->w);
	parking_nudge(p, &s->w);
	assert_ptr_equal(take(), &s->w);
	parking_nudge(p, &s->w); /* it is out: whoever has it looks itself */
	assert_null(take());
	s->w.until_us = SECOND;
	parking_rest(p, &s->w);
	assert_int_equal(parking_expire(p, 2 * SECOND), 1);
	assert_ptr_equal(take(), &s->w);
	parking_rest(p, &s->w); /* its time is over already */
	assert_int_equal(parking_expire(p, 3 * SECOND), 1);
	leave(s);
}

static void nobody_takes_all_the_places(void **state)
{
	(void)state;
	struct someone *ann[3], *bob[2], refused = { 0 };
	for (size_t i = 0; i < 3; i++)
		ann[i] = park(ACME, "contacts", 7);
	assert_int_equal(parking_enter(p, &refused.w, ACME, ANN, 7), LIMITED);
	for (size_t i = 0; i < 2; i++)
		bob[i] = enter(ACME, BOB, "agents/row/2", "contacts", 7, SECOND);
	assert_int_equal(parking_enter(p, &refused.w, ACME, BOB, 7), UNAVAILABLE);
	/* A crowded company leaves places for others, until there is none at all. */
	struct someone *beta = park(BETA, "contacts", 7), *more = park(BETA, "contacts", 7);
	assert_int_equal(parking_enter(p, &refused.w, BETA, BOB, 7), UNAVAILABLE);
	leave(beta);
	leave(more);
	leave(ann[0]);
	ann[0] = park(ACME, "contacts", 7);
	for (size_t i = 0; i < 3; i++)
		leave(ann[i]);
	for (size_t i = 0; i < 2; i++)
		leave(bob[i]);
}

static void one_that_asks_many_questions_takes_many_places(void **state)
{
	(void)state;
	parking_free(p);
	p = parking_new((struct parking_limits) { 3, 7, 3 }, 0);
	struct someone *first = park(ACME, "tags", 5); /* who asks, and a question */
	struct someone second = { .w = { .readings = second.readings, .n_readings = 2 } };
	assert_int_equal(parking_enter(p, &second.w, ACME, ANN, 5), LIMITED);
	assert_int_equal(parking_enter(p, &second.w, ACME, BOB, 5), OK);
	parking_leave(p, &second.w);
	leave(first);
	assert_int_equal(parking_enter(p, &second.w, ACME, ANN, 5), OK);
	parking_leave(p, &second.w);
}

static void topics_that_nobody_reads_are_forgotten_without_a_loss(void **state)
{
	(void)state;
	struct someone *s = park(ACME, "contacts", 1);
	char name[32];
	for (int64_t v = 2; v < 20000; v++) {
		snprintf(name, sizeof name, "deals/owner/%d", (int)v);
		lot_learn(p, ACME, str_of(name), v);
		lot_known_to(p, ACME, v - 1, v);
	}
	assert_null(take());
	struct someone *old = park(ACME, "deals/owner/5", 4);
	assert_ptr_equal(take(), &old->w);
	lot_learn(p, ACME, STR("contacts"), 20001);
	assert_ptr_equal(take(), &s->w);
	leave(s);
	leave(old);
}

static void what_is_still_is_known_from_there_on_and_up_to_what_was_learned(void **state)
{
	(void)state;
	struct topic_set contacts, deals = topics("deals", NULL);
	assert_true(parking_is_still(p, ACME, &deals, 7, 7));
	assert_false(parking_is_still(p, ACME, &deals, 7, 8));
	struct someone *s = park(ACME, "tasks", 7);
	lot_learn(p, ACME, STR("deals"), 8);
	lot_known_to(p, ACME, 7, 8);
	contacts = topics("contacts", "tags");
	assert_true(parking_is_still(p, ACME, &contacts, 7, 8));
	assert_false(parking_is_still(p, ACME, &contacts, 6, 8));
	assert_false(parking_is_still(p, ACME, &contacts, 7, 9));
	deals = topics("deals", NULL);
	assert_false(parking_is_still(p, ACME, &deals, 7, 8));
	assert_true(parking_is_still(p, ACME, &deals, 8, 8));
	leave(s);
}

/* "contacts/row/": too many rows have changed for their names. */
static void rows_that_change_together_wake_those_of_their_table_and_nobody_else(void **state)
{
	(void)state;
	struct someone *row = park(ACME, "contacts/row/1", 7),
		       *other = park(ACME, "contacts/owner/1", 7),
		       *deal = park(ACME, "deals/row/1", 7);
	lot_learn(p, ACME, STR("contacts/row/"), 9);
	lot_known_to(p, ACME, 7, 9);
	assert_ptr_equal(take(), &row->w);
	assert_null(take());
	leave(other);
	leave(deal);
	/* Nobody was waiting for this row when it may have changed. */
	struct someone *older = park(ACME, "contacts/row/2", 8);
	assert_ptr_equal(take(), &older->w);
	struct someone *newer = park(ACME, "contacts/row/3", 9);
	assert_null(take());
	leave(row);
	leave(older);
	leave(newer);
}

static void an_equal_question_keeps_its_answer_for_a_moment(void **state)
{
	(void)state;
	struct equals *t = equals_new();
	unsigned char key[EQUAL_KEY] = { 1 }, digest[32] = { 2 };
	struct equal *a = equal_join(t, key), *b = equal_join(t, key);
	struct topic_set set = topics("contacts", "agents/row/3");
	assert_ptr_equal(a, b);
	assert_int_equal(a->askers, 2);
	equal_keep(t, a, kept_answer_new(STR("{}"), digest, 9, &set, 100));
	struct kept_answer *kept = a->answer;
	kept->refs++;
	assert_string_equal(kept->reads.v[1], "agents/row/3");
	equals_forget(t, 100);
	assert_ptr_equal(a->answer, kept);
	equals_forget(t, 101);
	assert_null(a->answer);
	assert_true(str_is(kept->body, "{}"));
	kept_answer_drop(kept);
	equal_keep(t, a, kept_answer_new(STR("[]"), digest, 10, &set, 200));
	equal_leave(t, a);
	equal_leave(t, b);
	equal_leave(t, NULL);
	equals_free(t);
}

#define PARKING(test) cmocka_unit_test_setup_teardown(test, start, end)

static void what_was_told_is_recalled_once_and_not_for_ever(void **state)
{
	(void)state;
	struct recall *t = recall_new();
	struct arena *a = arena_new();
	struct topic_set set = topics("contacts", "roles/row/3"), got;
	unsigned char key[RECALL_KEY] = { 1 }, other[RECALL_KEY] = { 1, 0, 0, 0, 1 };
	int64_t version;
	recall_note(t, key, &set, 7, 100);
	assert_false(recall_take(t, other, a, &got, &version));
	recall_note(t, key, &set, 9, 200);
	assert_true(recall_take(t, key, a, &got, &version));
	assert_int_equal(version, 9);
	assert_int_equal(got.n, 2);
	assert_string_equal(got.v[1], "roles/row/3");
	assert_false(recall_take(t, key, a, &got, &version));
	recall_note(t, key, &set, 9, 300);
	recall_note(t, other, &set, 9, 400);
	recall_forget(t, 400);
	assert_false(recall_take(t, key, a, &got, &version));
	assert_true(recall_take(t, other, a, &got, &version));
	recall_note(t, key, &set, 9, 500);
	for (uint32_t i = 0; i < RECALL_MOST; i++) {
		memcpy(other + 8, &i, sizeof i);
		recall_note(t, other, &set, 9, 600);
	}
	assert_false(recall_take(t, key, a, &got, &version));
	assert_true(recall_take(t, other, a, &got, &version));
	recall_free(t);
	arena_free(a);
}

static void what_is_recalled_is_the_readers_own(void **state)
{
	(void)state;
	unsigned char key[RECALL_KEY], other[RECALL_KEY];
	struct identity who = { .kind = BY_SESSION, .role_revision = 3 };
	recall_key(&who, STR("/v1/contacts"), STR("\"a\""), key);
	recall_key(&who, STR("/v1/contacts"), STR("\"a\""), other);
	assert_memory_equal(key, other, RECALL_KEY);
	recall_key(&who, STR("/v1/deals"), STR("\"a\""), other);
	assert_memory_not_equal(key, other, RECALL_KEY);
	recall_key(&who, STR("/v1/contacts"), STR("\"b\""), other);
	assert_memory_not_equal(key, other, RECALL_KEY);
	who.role_revision = 4;
	recall_key(&who, STR("/v1/contacts"), STR("\"a\""), other);
	assert_memory_not_equal(key, other, RECALL_KEY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PARKING(a_topic_wakes_who_has_read_it_and_nobody_else),
		PARKING(what_was_read_later_is_not_woken_by_what_happened_before),
		PARKING(a_change_that_comes_while_somebody_is_out_is_not_lost),
		PARKING(
		    who_is_looked_at_further_comes_before_others_of_the_company_and_after_another_one),
		PARKING(what_is_older_than_the_lot_is_looked_at_again),
		PARKING(a_change_is_remembered_for_who_comes_with_an_older_answer),
		PARKING(a_company_that_rang_when_nobody_was_there_is_read_when_somebody_comes),
		PARKING(a_gap_does_not_become_known),
		PARKING(a_wait_ends_when_it_is_over_and_not_before),
		PARKING(companies_take_turns),
		PARKING(who_is_passed_over_keeps_the_turn),
		PARKING(a_client_that_goes_away_is_the_callers_only_when_nobody_else_has_it),
		PARKING(who_rests_is_woken_by_what_moves_from_now_on_or_by_a_nudge),
		PARKING(nobody_takes_all_the_places),
		PARKING(one_that_asks_many_questions_takes_many_places),
		PARKING(topics_that_nobody_reads_are_forgotten_without_a_loss),
		PARKING(rows_that_change_together_wake_those_of_their_table_and_nobody_else),
		PARKING(what_is_still_is_known_from_there_on_and_up_to_what_was_learned),
		cmocka_unit_test(an_equal_question_keeps_its_answer_for_a_moment),
		cmocka_unit_test(what_was_told_is_recalled_once_and_not_for_ever),
		cmocka_unit_test(what_is_recalled_is_the_readers_own),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
