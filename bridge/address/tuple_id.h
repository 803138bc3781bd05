/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Resource <-> PIDF tuple id. A tuple id is an xs:ID, a resource nearly any Unicode text (the
 * prefix is RFC 8048's): "ID-", then alphanumerics, `.` and `-` as they are, every other octet of
 * the UTF-8 as `_HH`.
 */
#pragma once

#include <heliograph/base.h>

void hg_tuple_id_write(struct hg_str resource, struct hg_buf *ret); /* appends */
/* Appends the resource. An id that hg_tuple_id_write would not have written is somebody else's
 * and is taken as it is; then false. It may hold control characters: hg_resource_prep says
 * whether XMPP can have it. */
bool hg_tuple_id_read(struct hg_str id, struct hg_buf *ret);
