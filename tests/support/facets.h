/* SPDX-License-Identifier: Apache-2.0 */
/* Facets by themselves. Included by one program once. */
#pragma once

#include "bridge/documents/facets.h"

/* Both need the _done of the result also after a failure. */
static inline int test_state_decode(
	struct hg_str payload, struct hg_state *ret, struct hg_doc_err *err)
{
	struct hg_change ch = { .key.category = HG_CAT_STATE, .payload = hg_bytes_new(payload) };
	int rc = hg_facet_decode(&ch, err);

	*ret = ch.state;
	hg_bytes_unref(ch.payload);
	return rc;
}

static inline int test_note_decode(
	struct hg_str payload, struct hg_note *ret, struct hg_doc_err *err)
{
	struct hg_change ch = { .key.category = HG_CAT_NOTE, .payload = hg_bytes_new(payload) };
	int rc = hg_facet_decode(&ch, err);

	*ret = ch.note;
	hg_bytes_unref(ch.payload);
	return rc;
}
