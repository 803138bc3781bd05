/* SPDX-License-Identifier: Apache-2.0 */
/* Private to plugins/loopback: words and lines of its document. */
#pragma once

#include "plugins/loopback/loopback.h"

/* A blank, then the text as one word; nothing at all is "-". */
void loopback_add_word(struct hg_buf *, struct hg_str);

struct hg_record *loopback_record(struct hg_str lines); /* one reference */
void loopback_render(void *self, uint16_t format, const struct hg_view *, const struct hg_record *,
	struct hg_buf *);
