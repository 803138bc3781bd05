/* SPDX-License-Identifier: Apache-2.0 */
/* The mirror of a person for people to read, made from the JSON that `show --json` prints. */
#pragma once

#include <heliograph/base.h>

#include <jansson.h>

void hg_show_text(struct hg_str json, struct hg_buf *out);

/* Linked accounts, a line each: what `link --json` prints, and `show` has under "links". */
void hg_links_text(const json_t *list, const char *indent, struct hg_buf *out);
/* Delegates, likewise. */
void hg_delegates_text(const json_t *list, const char *indent, struct hg_buf *out);
