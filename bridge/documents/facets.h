/* SPDX-License-Identifier: Apache-2.0 */
/* Payloads of the categories that are computed with, to typed facets and back (EP 1.4, 1.5). */
#pragma once

#include "bridge/documents/doc.h"
#include <heliograph/presence.h>

/* Fills in the facet of change->payload, which is one element, if its category is one that is computed with. Activity texts:
 * the first <custom>. Notes: the first <body>; an empty one or none is an empty note. The change needs its _done also
 * after a failure. */
int hg_facet_decode(struct hg_change *, struct hg_doc_err *);

/* A state of kind HG_STATE_OTHER is written as an aggregateState; <availability> is always written
 * with a number: clients exist that an empty one kills. */
void hg_state_write(struct hg_buf *, const struct hg_state *);
void hg_note_write(struct hg_buf *, const struct hg_note *);
/* EP 1.11: the number of a container's aggregated state, for clients from before. */
void hg_legacy_write(struct hg_buf *, const struct hg_state *);
/* EP 1.9. `full`: as the owner sees them; else what watchers may know. `uri` with or without "sip:". */
void hg_services_write(struct hg_buf *, const struct hg_services *, struct hg_str uri, bool full);
