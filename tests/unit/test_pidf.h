/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of PIDF share. */
#pragma once

#include "tests/support/support.h"

#include "bridge/documents/pidf.h"

#include <stdio.h>
#include <string.h>

/* A file of tests/golden/pidf; needs hg_buf_done. */
static inline void read_golden(const char *name, struct hg_buf *ret)
{
	char path[128];

	snprintf(path, sizeof(path), "tests/golden/pidf/%s", name);
	test_read_file(path, ret);
}

static inline void assert_golden(const struct hg_buf *actual, const char *name)
{
	struct hg_buf file = { 0 };

	read_golden(name, &file);
	assert_str(hg_str_trim(hg_buf_str(actual)), file.p);
	hg_buf_done(&file);
}

static inline struct hg_pidf pidf_of(struct hg_str text)
{
	struct hg_doc_err why = { "" };
	struct hg_pidf pidf;

	if (hg_pidf_read(text, &pidf, &why))
		fail_msg("%s", why.text);
	return pidf;
}

static inline struct hg_pidf pidf_of_golden(const char *name)
{
	struct hg_buf b = { 0 };

	read_golden(name, &b);
	struct hg_pidf pidf = pidf_of(hg_buf_str(&b));
	hg_buf_done(&b);
	return pidf;
}

#define TUPLE_OF(inside) \
	"<presence xmlns='urn:ietf:params:xml:ns:pidf' entity='sip:a@b'><tuple id='t'>" inside \
	"</tuple></presence>"

/* 2026-11-21T10:00:00Z */
#define T10 INT64_C(1795255200000)

static inline uint64_t doing(const struct hg_rpid *rpid)
{
	return hg_rpid_now(rpid, HG_RPID_ACTIVITIES, T10);
}

static inline uint64_t act(const char *name)
{
	uint64_t bit = hg_rpid_bit(HG_RPID_ACTIVITIES, name);

	assert_true(bit);
	return bit;
}
