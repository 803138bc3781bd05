/* SPDX-License-Identifier: Apache-2.0 */
/* Texts that have been cut, lost or taken for markup by somebody. */
#pragma once

#include "tests/unit/test_pidf.h"

static const char *const texts[] = { "", "x", "&", "<", ">", "a & b < c > d", "&amp;", "&#10;",
	"]]>", "<![CDATA[x]]>", "</note>", "\"'", "<!-- x -->", "a\tb", "a\nb", "a\r\nb",
	"Na schůzce", "Größe", "会議中", "ミーティング", "회의 중", "บน", "बैठक में", "На встрече",
	"Σε σύσκεψη", "פגישה", "في اجتماع",
	"\xe2\x80\xae"
	"abc"
	"\xe2\x80\xac",
	"e\xcc\x81", "\xf0\x9f\x98\x80",
	"\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7",
	"\xf0\x9f\x87\xa8\xf0\x9f\x87\xbf", "\xef\xbf\xbd", "\xf4\x8f\xbf\xbf", "\xee\x80\x80",
	"a\xc2\xa0z", "%s%n", "\\", "${x}" };

#define NTEXTS (sizeof(texts) / sizeof(*texts))

/* Of so many octets: characters of four, and in front as many of one as it takes. */
static inline void fill(struct hg_buf *b, size_t bytes)
{
	hg_buf_reset(b);
	for (size_t i = 0; i < bytes % 4; i++)
		hg_buf_addc(b, 'x');
	while (b->n < bytes)
		hg_buf_adds(b, "\xf0\x9f\x98\x80");
}

/* The only one. */
static inline struct hg_str note(const struct hg_notes *notes)
{
	assert_int_equal(notes->n, 1);
	return hg_bytes_str(notes->v->text);
}
