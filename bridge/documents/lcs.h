/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The documents of clients from before categories, Live Communications Server 2005 ([MS-SIP] 2.2; EP 4.2.2, 4.4.12):
 * one presence document a person, whole each time; lists of who waits and who is blocked.
 */
#pragma once

#include "bridge/documents/batch.h"
#include "bridge/documents/doc.h"
#include <heliograph/adapter.h>

/* ---- presence, HG_TYPE_LCS_PRESENTITY ---- */

/* What a document is made of, in this order. The numbers are of legacyInterop, which is there for it (EP 1.11). */
#define HG_LCS_PARTS 4
extern const hg_part hg_lcs_part[HG_LCS_PARTS];

/* What the owner says there is published where Lync clients publish it, and nothing else is shown to him as his own: clients
 * publish again what they read there. */
#define HG_LCS_CHOICE \
	UINT32_C(0x20000000) /* the instance of the state that he chose, for all devices */
#define HG_LCS_NOTE 0        /* of his note */

/* One of the parts. The owner's own view is shown as his colleagues see him, but with the state and the note that he chose
 * himself. */
void hg_lcs_part_write(struct hg_buf *, const struct hg_view *);
/* The document: fragments of other parts are left out, and parts without one say nothing. `uri` with or without "sip:". */
void hg_lcs_presentity_write(
	struct hg_buf *, struct hg_str uri, const struct hg_frag *const *, size_t n);

/* ---- whom to watch, HG_TYPE_LCS_LIST: one action, without categories ---- */

int hg_lcs_list_read(struct hg_str body, struct hg_batch *ret, struct hg_doc_err *);

/* ---- the owner's lists ---- */

/* HG_PART_SUBSCRIBERS, HG_TYPE_LCS_WATCHERS, a document by itself */
void hg_lcs_watchers_write(struct hg_buf *, const struct hg_view *);
/* HG_PART_CONTAINERS, HG_TYPE_LCS_ACL, a document by itself: who is blocked. Its number, never 0, is the version of the
 * container that they are in. */
void hg_lcs_acl_write(struct hg_buf *, const struct hg_view *);
/* HG_TYPE_LCS_PROVISIONING: there is nothing to say to such a client. */
void hg_lcs_provisioning_write(struct hg_buf *);
