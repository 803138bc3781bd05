/* SPDX-License-Identifier: Apache-2.0 */
/* What the two parsers share. */
#pragma once

#include "bridge/address/prep.h"

/* What stands in the user part of a SIP URI as itself, besides alphanumerics. */
extern const char hg_sip_user_chars[];

/* The last step of a parse: an address that passes can be written in both worlds. */
int hg_address_check(struct hg_address *a, const char **ret_reason);

/* Parts `text` at the first `at`: true if it is there, else all of it is `before` and nothing
 * is `after`. */
static inline bool hg_cut(
	struct hg_str text, char at, struct hg_str *ret_before, struct hg_str *ret_after)
{
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] != at)
			continue;
		*ret_before = (struct hg_str){ text.p, i };
		*ret_after = (struct hg_str){ text.p + i + 1, text.n - i - 1 };
		return true;
	}
	*ret_before = text;
	*ret_after = HG_STR_NONE;
	return false;
}
