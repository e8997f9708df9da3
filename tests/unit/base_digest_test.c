/* layers: base */
/* What digest.h promises, with the vectors of FIPS 180-4, RFC 4231 and RFC 4648. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/digest.h"
#include <stdio.h>

static void is_hex(const unsigned char *bytes, const char *expected)
{
	char text[2 * DIGEST_SIZE + 1];
	for (size_t i = 0; i < DIGEST_SIZE; i++)
		snprintf(text + 2 * i, 3, "%02x", bytes[i]);
	assert_string_equal(text, expected);
}

static void sha256_gives_the_published_digests(void **state)
{
	(void)state;
	unsigned char out[DIGEST_SIZE];
	digest_sha256(STR("abc"), out);
	is_hex(out, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	digest_sha256((str) { NULL, 0 }, out);
	is_hex(out, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void two_texts_are_not_taken_for_two_others(void **state)
{
	(void)state;
	unsigned char one[DIGEST_SIZE], other[DIGEST_SIZE];
	digest_sha256_two(STR("ab"), STR("c"), one);
	digest_sha256_two(STR("a"), STR("bc"), other);
	assert_memory_not_equal(one, other, DIGEST_SIZE);
	digest_sha256_two((str) { NULL, 0 }, STR("abc"), other);
	assert_memory_not_equal(one, other, DIGEST_SIZE);
	digest_sha256_two(STR("ab"), STR("c"), other);
	assert_memory_equal(one, other, DIGEST_SIZE);
}

static void two_texts_are_the_length_and_both(void **state)
{
	(void)state;
	unsigned char one[DIGEST_SIZE], other[DIGEST_SIZE];
	digest_sha256_two(STR("ab"), STR("c"), one);
	digest_sha256(STR("\0\0\0\0\0\0\0\002abc"), other);
	assert_memory_equal(one, other, DIGEST_SIZE);
}

static void hmac_gives_the_published_codes(void **state)
{
	(void)state;
	unsigned char out[DIGEST_SIZE];
	char long_key[131];
	digest_hmac(STR("Jefe"), STR("what do ya want for nothing?"), out);
	is_hex(out, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	memset(long_key, 0xaa, sizeof long_key);
	digest_hmac((str) { long_key, sizeof long_key },
	    STR("Test Using Larger Than Block-Size Key - Hash Key First"), out);
	is_hex(out, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

static void hmac_takes_no_key_for_an_empty_one(void **state)
{
	(void)state;
	unsigned char none[DIGEST_SIZE], empty[DIGEST_SIZE];
	digest_hmac(STR("other"), STR("x"), none);
	digest_hmac((str) { NULL, 0 }, (str) { NULL, 0 }, none);
	is_hex(none, "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
	digest_hmac(STR(""), STR(""), empty);
	assert_memory_equal(none, empty, DIGEST_SIZE);
}

static void equal_sees_every_byte(void **state)
{
	(void)state;
	unsigned char a[DIGEST_SIZE] = { 1 }, b[DIGEST_SIZE] = { 1 };
	assert_true(digest_equal(a, b, sizeof a));
	for (size_t i = 0; i < sizeof a; i++) {
		b[i] ^= 0x80;
		assert_false(digest_equal(a, b, sizeof a));
		b[i] ^= 0x80;
	}
	assert_true(digest_equal(a, "", 0));
}

static void base64url_has_the_url_letters_and_no_padding(void **state)
{
	(void)state;
	static const char *const pairs[][2] = { { "", "" }, { "f", "Zg" }, { "fo", "Zm8" },
		{ "foo", "Zm9v" }, { "foob", "Zm9vYg" }, { "fooba", "Zm9vYmE" },
		{ "foobar", "Zm9vYmFy" }, { "\xfb\xff", "-_8" } };
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		char text[16];
		size_t n = strlen(pairs[i][0]);
		assert_int_equal(base64url_encode(pairs[i][0], n, text), strlen(pairs[i][1]));
		assert_string_equal(text, pairs[i][1]);
	}
}

static void base64url_reads_what_it_wrote(void **state)
{
	(void)state;
	unsigned char bytes[100], back[100];
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (unsigned char)(i * 89 + 7);
	for (size_t n = 0; n <= sizeof bytes; n++) {
		char text[(100 * 4 + 2) / 3 + 1];
		size_t length = base64url_encode(bytes, n, text), got = 0;
		assert_int_equal(length, (n * 4 + 2) / 3);
		assert_true(base64url_decode((str) { text, length }, back, n, &got));
		assert_int_equal(got, n);
		assert_memory_equal(back, bytes, n);
	}
}

static void base64url_refuses_all_else(void **state)
{
	(void)state;
	static const char *const refused[] = { "Z", "Zg==", "Zm8=", "Zm9v\n", " Zm9v", "Zm+v",
		"Zm/v", "Zh", "Zm9", "Zm9vY", "Zm9v.mFy", "\xc3\xa9xx" };
	unsigned char out[16];
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		size_t kept = 42;
		if (base64url_decode(str_of(refused[i]), out, sizeof out, &kept) || kept != 42)
			fail_msg("%s", refused[i]);
	}
}

static void base64url_refuses_more_than_there_is_room_for(void **state)
{
	(void)state;
	unsigned char out[3];
	size_t n;
	assert_true(base64url_decode(STR("Zm9v"), out, 3, &n));
	assert_false(base64url_decode(STR("Zm9v"), out, 2, &n));
	assert_false(base64url_decode(STR("Zm8"), out, 1, &n));
	assert_false(base64url_decode(STR("Zm9vYg"), out, 3, &n));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sha256_gives_the_published_digests),
		cmocka_unit_test(two_texts_are_not_taken_for_two_others),
		cmocka_unit_test(two_texts_are_the_length_and_both),
		cmocka_unit_test(hmac_gives_the_published_codes),
		cmocka_unit_test(hmac_takes_no_key_for_an_empty_one),
		cmocka_unit_test(equal_sees_every_byte),
		cmocka_unit_test(base64url_has_the_url_letters_and_no_padding),
		cmocka_unit_test(base64url_reads_what_it_wrote),
		cmocka_unit_test(base64url_refuses_all_else),
		cmocka_unit_test(base64url_refuses_more_than_there_is_room_for),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
