/* layers: base http db core modules */
/* What doorbell.h promises: a ring is heard, and one that nobody hears costs nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "core/doorbell.h"
#include "core/worker.h"

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static const company_id company = { "01890a5d-ac96-774b-bcce-b302099a8057" };
static char dir[64];
static struct config config;
static struct worker worker;

static int setup(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/muster-bell-XXXXXX");
	if (!mkdtemp(dir))
		return -1;
	config = (struct config) { .run_dir = dir };
	worker = (struct worker) { .config = &config, .doorbell = doorbell_open() };
	return worker.doorbell < 0;
}

static int teardown(void **state)
{
	(void)state;
	char path[100];
	close(worker.doorbell);
	for (int i = 0; i < 2; i++) {
		snprintf(path, sizeof path, "%s/%s.bell", dir, i ? DOORBELL_LIVE : DOORBELL_JOBS);
		unlink(path);
	}
	return rmdir(dir);
}

static void live_hears_every_ring_and_jobs_those_that_make_work_for_it(void **state)
{
	(void)state;
	struct doorbell_message heard;
	int live = doorbell_listen(&config, DOORBELL_LIVE),
	    jobs = doorbell_listen(&config, DOORBELL_JOBS);
	assert_true(live >= 0 && jobs >= 0);
	assert_false(doorbell_heard(live, &heard));
	doorbell_ring(&worker, company, 42, false);
	doorbell_ring(&worker, company, 43, true);
	assert_true(doorbell_heard(live, &heard));
	assert_string_equal(heard.company, company.text);
	assert_int_equal(heard.version, 42);
	assert_true(doorbell_heard(live, &heard));
	assert_int_equal(heard.version, 43);
	assert_false(doorbell_heard(live, &heard));
	assert_true(doorbell_heard(jobs, &heard));
	assert_int_equal(heard.version, 43);
	assert_false(doorbell_heard(jobs, &heard));
	close(live);
	close(jobs);
}

static void a_ring_that_nobody_hears_is_lost_without_harm(void **state)
{
	(void)state;
	doorbell_ring(&worker, company, 1, true);
	int live = doorbell_listen(&config, DOORBELL_LIVE);
	for (int64_t i = 0; i < 100000; i++) /* more than any queue holds */
		doorbell_ring(&worker, company, i, true);
	worker.doorbell = -1;
	doorbell_ring(&worker, company, 1, true);
	worker.doorbell = doorbell_open();
	close(live);
	doorbell_ring(&worker, company, 1, true);
}

static void a_new_listener_takes_the_place_of_one_that_died(void **state)
{
	(void)state;
	struct doorbell_message heard;
	int dead = doorbell_listen(&config, DOORBELL_LIVE);
	int live = doorbell_listen(&config, DOORBELL_LIVE);
	assert_true(live >= 0);
	doorbell_ring(&worker, company, 5, true);
	assert_true(doorbell_heard(live, &heard));
	assert_false(doorbell_heard(dead, &heard));
	close(dead);
	close(live);
}

static void only_its_own_user_may_ring(void **state)
{
	(void)state;
	char path[100];
	struct stat s;
	int live = doorbell_listen(&config, DOORBELL_LIVE);
	snprintf(path, sizeof path, "%s/live.bell", dir);
	assert_int_equal(stat(path, &s), 0);
	assert_int_equal(s.st_mode & 0777, 0600);
	close(live);
}

static void what_is_no_message_is_passed_over(void **state)
{
	(void)state;
	struct doorbell_message heard, endless, several[8] = { 0 };
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int live = doorbell_listen(&config, DOORBELL_LIVE);
	snprintf(address.sun_path, sizeof address.sun_path, "%.60s/live.bell", dir);
	memset(&endless, 'x', sizeof endless);
	const struct {
		const void *p;
		size_t n;
	} wrong[] = { { "", 0 }, { "x", 1 }, { &endless, sizeof endless },
		{ several, sizeof several } };
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_true(sendto(worker.doorbell, wrong[i].p, wrong[i].n, 0,
				(struct sockaddr *)&address, sizeof address) >= 0);
	doorbell_ring(&worker, company, 6, true);
	assert_true(doorbell_heard(live, &heard));
	assert_int_equal(heard.version, 6);
	close(live);
}

static void a_folder_that_is_not_there_is_said(void **state)
{
	(void)state;
	struct config nowhere = { .run_dir = "/nonexistent" };
	assert_int_equal(doorbell_listen(&nowhere, DOORBELL_LIVE), -1);
}

#define BELL_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		BELL_TEST(live_hears_every_ring_and_jobs_those_that_make_work_for_it),
		BELL_TEST(a_ring_that_nobody_hears_is_lost_without_harm),
		BELL_TEST(a_new_listener_takes_the_place_of_one_that_died),
		BELL_TEST(only_its_own_user_may_ring),
		BELL_TEST(what_is_no_message_is_passed_over),
		BELL_TEST(a_folder_that_is_not_there_is_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
