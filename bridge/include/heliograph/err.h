/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Errors that an operator will read: where it is, what is wrong, what to do about it.
 * A peer's refusal is a value (enum hg_verdict), never one of these.
 */
#pragma once

#include <heliograph/base.h>

struct hg_err {
	char where[192]; /* "heliograph.yaml:12", "store /var/lib/heliograph/store.db"; may be empty
			  */
	char what[320];  /* "unknown key 'lsiten'" */
	char hint[320];  /* "did you mean 'listen'?"; may be empty */
};

/* All three at once; `hint` and `where` may be NULL, so may the error if nobody wants it. Returns
 * `rc`, so that `return hg_err_set(...)` reads well. */
int hg_err_set(struct hg_err *, int rc, const char *where, const char *hint, const char *what_fmt,
	...) HG_PRINTF(5, 6);
/* "where: what (hint)" */
void hg_err_write(const struct hg_err *, struct hg_buf *);

/* Every error of a file at once. Zero-initialise; bounded, the rest is counted. */
struct hg_errs {
	struct hg_err *e;
	size_t n, cap, dropped;
};

struct hg_err *hg_errs_add(struct hg_errs *); /* a blank one to fill; never NULL */
void hg_errs_write(const struct hg_errs *, struct hg_buf *); /* a line each, and how many more */
void hg_errs_done(struct hg_errs *);
