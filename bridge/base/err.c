/* SPDX-License-Identifier: Apache-2.0 */
#include <heliograph/err.h>

#include "bridge/base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_ERRORS 200 /* more help nobody, and a hostile file must not fill the memory */

/* What a hostile file brings along must not move the operator's cursor, nor break his line. */
static void copy(char *to, size_t size, const char *from)
{
	struct hg_str s = hg_utf8_cut(hg_str(from), size - 1);
	bool text = hg_utf8_valid(s);

	for (size_t i = 0; i < s.n; i++) {
		unsigned char octet = (unsigned char)s.p[i];

		to[i] = octet < 0x20 || octet == 0x7f || (octet > 0x7f && !text) ? '?' : s.p[i];
	}
	to[s.n] = '\0';
}

int hg_err_set(
	struct hg_err *err, int rc, const char *where, const char *hint, const char *what_fmt, ...)
{
	char what[2 * sizeof(err->what)];
	va_list args;

	if (!err)
		return rc;
	/* into a text of its own first: an argument may be part of *err */
	va_start(args, what_fmt);
	vsnprintf(what, sizeof(what), what_fmt, args);
	va_end(args);
	if (where != err->where)
		copy(err->where, sizeof(err->where), where);
	if (hint != err->hint)
		copy(err->hint, sizeof(err->hint), hint);
	copy(err->what, sizeof(err->what), what);
	return rc;
}

void hg_err_write(const struct hg_err *err, struct hg_buf *b)
{
	if (err->where[0])
		hg_buf_addf(b, "%s: ", err->where);
	hg_buf_adds(b, err->what);
	if (err->hint[0])
		hg_buf_addf(b, " (%s)", err->hint);
}

struct hg_err *hg_errs_add(struct hg_errs *errs)
{
	struct hg_err *err;

	hg_grow(&errs->e, &errs->cap, errs->n, sizeof(*errs->e));
	err = &errs->e[errs->n];
	*err = (struct hg_err){ 0 };
	/* At the limit the slot behind the last one takes what is dropped. */
	if (errs->n < MOST_ERRORS)
		errs->n++;
	else
		errs->dropped++;
	return err;
}

void hg_errs_write(const struct hg_errs *errs, struct hg_buf *b)
{
	for (size_t i = 0; i < errs->n; i++) {
		hg_err_write(&errs->e[i], b);
		hg_buf_addc(b, '\n');
	}
	if (errs->dropped)
		hg_buf_addf(b, "... and %zu more\n", errs->dropped);
}

void hg_errs_done(struct hg_errs *errs)
{
	free(errs->e);
	*errs = (struct hg_errs){ 0 };
}
