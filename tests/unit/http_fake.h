/*
 * http_fake.h: a FastCGI request made of plain memory, for the tests of http/: parameters as nginx
 * would send them, a body to read, and a buffer that takes the answer.
 */
#pragma once
#include "http/http.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define FAKE_PARAMS 16

struct fake {
	struct arena *arena;
	FCGX_Request fcgi;
	FCGX_Stream in, out;
	char *envp[FAKE_PARAMS + 1];
	size_t n_params;
	unsigned char answer[1 << 16];
};

static inline void fake_ended(FCGX_Stream *stream) { stream->isClosed = 1; }

static inline void fake_full(FCGX_Stream *stream, int closing)
{
	(void)closing;
	stream->isClosed = 1;
}

static inline struct fake *fake_new(void)
{
	struct fake *f = calloc(1, sizeof *f);
	assert_non_null(f);
	f->arena = arena_new();
	f->fcgi.envp = f->envp;
	f->fcgi.in = &f->in;
	f->fcgi.out = &f->out;
	f->in.isReader = 1;
	f->in.fillBuffProc = fake_ended;
	f->out.emptyBuffProc = fake_full;
	f->out.wrNext = f->answer;
	f->out.stop = f->out.rdNext = f->answer + sizeof f->answer;
	return f;
}

static inline void fake_free(struct fake *f)
{
	arena_free(f->arena);
	free(f);
}

static inline void fake_param(struct fake *f, const char *name, const char *value)
{
	assert_true(f->n_params < FAKE_PARAMS);
	f->envp[f->n_params++] = arena_printf(f->arena, "%s=%s", name, value);
}

static inline void fake_body(struct fake *f, str body)
{
	char *copy = arena_text(f->arena, body.p, body.n);
	f->in.rdNext = f->in.stopUnget = (unsigned char *)copy;
	f->in.wrNext = f->in.stop = (unsigned char *)copy + body.n;
}

static inline const char *fake_answer(struct fake *f)
{
	*f->out.wrNext = 0;
	return (const char *)f->answer;
}

static inline void assert_str(str got, const char *want)
{
	if (!want) {
		assert_true(str_none(got));
		return;
	}
	if (!str_is(got, want))
		fail_msg("got \"%.*s\", want \"%s\"", (int)got.n, got.p, want);
}
