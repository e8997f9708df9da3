/*
 * undo.h: what was deleted by a form can be brought back from the page that comes next. Between the
 * two it is kept in the cookie of the message that is shown once (browser.h).
 */
#pragma once
#include "core/operation.h"

/* The cookie's value after `op` deleted the row `id` from the page at the address `page`; none when
 * nothing brings such a row back. */
str undo_word(struct arena *a, const struct operation *op, str id, str page);

/* What a cookie offers: which operation brings the row back, and the page that it was deleted from
 * ("" when it is not known). The value is the browser's: it can name no operation but one that
 * brings a row back, and no page but one of ours. */
struct undo {
	const struct operation *op;
	uuid id;
	str from;
};
bool undo_read(struct arena *a, str word, struct undo *out);
