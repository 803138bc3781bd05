/* SPDX-License-Identifier: Apache-2.0 */
/* A text in one language. Included by one program once. */
#pragma once

#include <heliograph/presence.h>

static inline struct hg_texts *test_text(const char *text, uint32_t lcid)
{
	struct hg_text v = { .lcid = lcid, .text = hg_bytes_new(hg_str(text)) };
	struct hg_texts *t = hg_texts_new(&v, 1);

	hg_bytes_unref(v.text);
	return t;
}
