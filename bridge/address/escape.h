/* SPDX-License-Identifier: Apache-2.0 */
/* The ways to escape: XEP-0106 or what RFC 7247 has of it in localparts of JIDs, percent in SIP URIs (RFC 3986 2.1). */
#pragma once

#include "bridge/address/domains.h"

/* `ret` has room for three times the text and a NUL; returns the length. A backslash that
 * begins one of the ten sequences becomes `\5c`, in either case of the hex digits: Nodeprep,
 * which comes next, makes them lower case. HG_RFC7247 has no sequence for it: there it stays, and what it begins
 * would be read as something else, see hg_jid_ambiguous. */
size_t hg_jid_escape(struct hg_str text, enum hg_escaping, char *ret);
/* In place, NUL-terminated text that has been through Nodeprep, so that hex digits are in the
 * lower case that XEP-0106 asks for. What is none of the sequences stays. */
void hg_jid_unescape(char *text, enum hg_escaping);
/* Whether the backslashes of both texts, in their order, begin the same sequences or none. */
bool hg_jid_same_escapes(struct hg_str a, struct hg_str b, enum hg_escaping);
/* Whether escaped text would be read as another one. */
bool hg_jid_ambiguous(struct hg_str text, enum hg_escaping);

/* Once, never again on the result (RFC 4475 "esc01"). `ret` has room for the text and
 * a NUL. -EINVAL for a `%` without two hex digits. May give NUL octets and bad UTF-8. */
int hg_percent_decode(struct hg_str text, char *ret, size_t *ret_n);
/* Appends; what is neither alphanumeric nor in `keep` is encoded. */
void hg_percent_encode(struct hg_str text, const char *keep, struct hg_buf *ret);
size_t hg_percent_encoded_size(struct hg_str text, const char *keep);
bool hg_is_alnum_or(unsigned char c, const char *others); /* ASCII; false for NUL */
