/* SPDX-License-Identifier: Apache-2.0 */
/* Whom a subscription that is many is about: a list in its body (RFC 5367; the format is RFC 4826's). */
#pragma once

#include "bridge/documents/batch.h"

#define HG_TYPE_RESOURCE_LISTS "application/resource-lists+xml"

#define HG_RESOURCE_LISTS_DEPTH 8 /* lists in lists */
#define HG_RESOURCE_URI_MAX 2048  /* bytes */

struct hg_resource_lists {
	char **uri; /* as written, in their order, each once; of all lists, whatever they are in */
	size_t n;   /* HG_BATCH_RESOURCES_MAX at most */
};

/* A list that refers to another document is refused: what is in that one is for its server to say, and it may refer to this. */
int hg_resource_lists_read(struct hg_str body, struct hg_resource_lists *ret, struct hg_doc_err *);
void hg_resource_lists_done(struct hg_resource_lists *);
