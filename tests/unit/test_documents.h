/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of the document codecs share. */
#pragma once

#include "tests/support/support.h"

#include "bridge/documents/doc.h"

#include <stdio.h>

/* What a test writes; clear_out is its setup, drop_out the group's teardown. */
static struct hg_buf out;

static inline int clear_out(void **state)
{
	hg_buf_reset(&out);
	return 0;
}

static inline int drop_out(void **state)
{
	hg_buf_done(&out);
	return 0;
}

/* A file of tests/golden/documents; needs hg_buf_done. */
static inline void read_golden(const char *name, struct hg_buf *ret)
{
	char path[128];

	snprintf(path, sizeof(path), "tests/golden/documents/%s", name);
	test_read_file(path, ret);
}

static inline void assert_golden(const struct hg_buf *actual, const char *name)
{
	struct hg_buf file = { 0 };

	read_golden(name, &file);
	assert_str(hg_buf_str(actual), file.p);
	hg_buf_done(&file);
}

/* Defines read_NAME(), which calls hg_NAME_read() for its errors only. */
#define READER(name) \
	static int read_##name(struct hg_str body, struct hg_doc_err *err) \
	{ \
		struct hg_##name result; \
		int rc = hg_##name##_read(body, &result, err); \
		hg_##name##_done(&result); \
		return rc; \
	}

static inline void refused(int (*reader)(struct hg_str, struct hg_doc_err *), struct hg_str body,
	int rc, const char *text)
{
	struct hg_doc_err err = { "" };

	assert_int_equal(reader(body, &err), rc);
	assert_string_equal(err.text, text);
}
