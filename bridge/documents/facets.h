/* SPDX-License-Identifier: Apache-2.0 */
/* Payloads of the categories that are computed with, to typed facets and back (EP 1.4, 1.5). */
#pragma once

#include "bridge/documents/doc.h"
#include <heliograph/presence.h>

/* The payload is one element, <state> or <note>. Activity texts: the first <custom>. Notes: the
 * first <body>; an empty one or none is an empty note. The result needs its _done also after a
 * failure. */
int hg_state_decode(struct hg_str payload, struct hg_state *ret, struct hg_doc_err *);
int hg_note_decode(struct hg_str payload, struct hg_note *ret, struct hg_doc_err *);

/* A state of kind HG_STATE_OTHER is written as an aggregateState; <availability> is always written
 * with a number: clients exist that an empty one kills. */
void hg_state_write(struct hg_buf *, const struct hg_state *);
void hg_note_write(struct hg_buf *, const struct hg_note *);
