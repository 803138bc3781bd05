/* SPDX-License-Identifier: Apache-2.0 */
/* Publish requests (EP 4.3) and the fault that answers a stale version. */
#pragma once

#include "bridge/documents/doc.h"
#include <heliograph/presence.h>

#define HG_PUBLISH_MAX 256 /* publications of one request */

/* Facets of categories state and note are filled. A payload is the element as its bytes came, with
 * the namespace declarations added that it took from the elements around it; NULL in a deletion
 * (expires 0). */
struct hg_publish {
	char *uri; /* of whom; as written */
	struct hg_change *change;
	size_t n;
};

int hg_publish_read(struct hg_str body, struct hg_publish *ret, struct hg_doc_err *);
void hg_publish_done(struct hg_publish *);

/* The payload alone, of change->key.category: its element as a document of its own. The change needs its hg_change_done
 * also after a failure. */
int hg_publish_content(struct hg_str element, struct hg_change *, struct hg_doc_err *);

/* Body of a 409, HG_TYPE_FAULT; also without any conflict (contact list edits). */
void hg_fault_write(struct hg_buf *, const struct hg_conflict *, size_t n);
/* Likewise, of a refusal that has nothing to list. */
void hg_fault_code_write(struct hg_buf *, const char *code);
