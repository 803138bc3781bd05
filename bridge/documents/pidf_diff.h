/* SPDX-License-Identifier: Apache-2.0 */
/* Partial presence: a PIDF document, and changes of it one by one (RFC 5262, RFC 5263; operations of RFC 5261). */
#pragma once

#include "bridge/documents/coherence.h"
#include "bridge/documents/pidf.h"

#define HG_PIDF_CHANGES_MAX 256 /* of one document */

/* What a watcher knows of one presentity: begins as zeroes. */
struct hg_pidf_partial {
	struct hg_coherence seen;
	struct hg_bytes *document; /* NULL none; hg_pidf_read takes it */
};

/* Takes the next document, whole or changes. When it is applied *ret_pidf is what is known now; it needs its _done whatever
 * comes. After an error, and when *ret is HG_COHERENT_ASK, nothing is changed, and the subscription is to be refreshed: what
 * changes a document that is not ours cannot be applied. */
int hg_pidf_partial_take(struct hg_pidf_partial *, struct hg_str body, enum hg_coherent *ret,
	struct hg_pidf *ret_pidf, struct hg_doc_err *);
void hg_pidf_partial_done(struct hg_pidf_partial *);
