/*
 * database_help.h: what a test says to its database past the product. Who includes it has a
 * `worker`, on whose connection it is said, and an `arena`.
 */
#pragma once

static void script(const char *sql)
{
	assert_int_equal(db_script(worker->writes, str_of(sql)), OK);
}

static int64_t number(const char *sql)
{
	static const struct field n = { .name = "n", .type = T_INT };
	const struct field *columns[] = { &n };
	int64_t value = -1;
	assert_int_equal(
	    db_one(worker->writes, arena, str_of(sql), NULL, 0, columns, 1, &value), OK);
	return value;
}
