/* layers: base */
/* What random.h promises: ids in the order of time, and secrets that are not guessed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/random.h"
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void random_bytes_differ(void **state)
{
	(void)state;
	unsigned char a[1000] = { 0 }, b[1000] = { 0 };
	random_bytes(a, sizeof a);
	random_bytes(b, sizeof b);
	assert_memory_not_equal(a, b, sizeof a);
	assert_memory_not_equal(a, (unsigned char[1000]) { 0 }, sizeof a);
}

static void an_id_is_a_uuid_of_version_7(void **state)
{
	(void)state;
	for (int i = 0; i < 1000; i++) {
		uuid id = uuid_v7(), read;
		assert_true(uuid_parse(str_of(id.text), &read));
		assert_string_equal(read.text, id.text);
		assert_int_equal(id.text[14], '7');
		assert_non_null(strchr("89ab", id.text[19]));
	}
}

static void an_id_begins_with_the_time(void **state)
{
	(void)state;
	int64_t before = clock_now().us / 1000;
	uuid id = uuid_v7();
	char hex[13];
	memcpy(hex, id.text, 8);
	memcpy(hex + 8, id.text + 9, 4);
	hex[12] = 0;
	int64_t ms = strtoll(hex, NULL, 16);
	assert_in_range(ms, before, before + 1000);
}

static void ids_of_a_thread_ascend(void **state)
{
	(void)state;
	uuid last = uuid_v7();
	for (int i = 0; i < 200000; i++) {
		uuid next = uuid_v7();
		if (strcmp(last.text, next.text) >= 0)
			fail_msg("%s is not before %s", last.text, next.text);
		last = next;
	}
}

static void a_fork_does_not_repeat_the_ids_of_its_parent(void **state)
{
	(void)state;
	enum { COUNT = 50 };
	uuid ours[COUNT], theirs[COUNT];
	int channel[2];
	uuid_v7();
	assert_int_equal(pipe(channel), 0);
	pid_t child = fork();
	for (int i = 0; i < COUNT; i++)
		ours[i] = uuid_v7();
	if (child == 0)
		_exit(write(channel[1], ours, sizeof ours) != sizeof ours);
	assert_int_equal(read(channel[0], theirs, sizeof theirs), sizeof theirs);
	assert_int_equal(waitpid(child, NULL, 0), child);
	for (int i = 0; i < COUNT; i++) {
		for (int k = 0; k < COUNT; k++)
			assert_string_not_equal(ours[i].text, theirs[k].text);
	}
	close(channel[0]);
	close(channel[1]);
}

static void a_secret_is_32_bytes_of_base64url(void **state)
{
	(void)state;
	char one[SECRET_TEXT], other[SECRET_TEXT];
	unsigned char bytes[32];
	size_t n;
	secret_new(one);
	secret_new(other);
	assert_int_equal(strlen(one), SECRET_TEXT - 1);
	assert_true(base64url_decode(str_of(one), bytes, sizeof bytes, &n));
	assert_int_equal(n, 32);
	assert_string_not_equal(one, other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_bytes_differ),
		cmocka_unit_test(an_id_is_a_uuid_of_version_7),
		cmocka_unit_test(an_id_begins_with_the_time),
		cmocka_unit_test(ids_of_a_thread_ascend),
		cmocka_unit_test(a_fork_does_not_repeat_the_ids_of_its_parent),
		cmocka_unit_test(a_secret_is_32_bytes_of_base64url),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
