/* SPDX-License-Identifier: Apache-2.0 */
/* Facets from elements that are parsed already; private to this folder. */
#pragma once

#include "bridge/documents/facets.h"
#include "bridge/documents/xml.h"

/* `ret` must be zeroed. Errors name the element that is wrong. */
int hg_state_read(const xmlNode *, struct hg_state *ret, struct hg_doc_err *);
int hg_note_read(const xmlNode *, struct hg_note *ret, struct hg_doc_err *);
int hg_device_read(const xmlNode *, struct hg_device **ret, struct hg_doc_err *);
int hg_calendar_read(const xmlNode *, struct hg_calendar **ret); /* never fails: NULL stays NULL */

/* The facet of an element of the change's category, if that is one that is computed with. `at` is blamed for a wrong one. */
int hg_facet_read(const xmlNode *, const xmlNode *at, struct hg_change *, struct hg_doc_err *);
