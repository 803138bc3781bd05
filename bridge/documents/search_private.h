/* SPDX-License-Identifier: Apache-2.0 */
/* A search from a tree that is parsed already; private to this folder. */
#pragma once

#include "bridge/documents/search.h"
#include "bridge/documents/xml.h"

/* `ret` must be zeroed, and needs hg_search_done also after a failure. */
int hg_search_read(const xmlNode *soap_body, const xmlNode *method, struct hg_search *ret,
	struct hg_doc_err *);
