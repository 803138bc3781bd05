/* SPDX-License-Identifier: Apache-2.0 */
/* Walking through UTF-8 that may be broken. */
#pragma once

#include <heliograph/base.h>

/* Octets of the character that `s` starts with, and the character; 0 if what stands there is not
 * UTF-8 (RFC 3629). `s` is not empty. */
size_t hg_utf8_first(struct hg_str s, uint32_t *ret_char);

/* The longest beginning of at most `most` octets that does not cut a character in two. */
struct hg_str hg_utf8_cut(struct hg_str s, size_t most);
