/* SPDX-License-Identifier: Apache-2.0 */
/* Whom a client wants to watch (EP 4.4.1, 4.4.2). */
#pragma once

#include "bridge/documents/doc.h"
#include <heliograph/presence.h>

#define HG_BATCH_ACTIONS_MAX 16
/* Of one document; the most that Lync's own policy can grant. */
#define HG_BATCH_RESOURCES_MAX 3000

struct hg_batch_resource {
	char *uri;    /* as written */
	bool context; /* <context/>: a contact-list watcher, who asks for a lasting subscription */
};

struct hg_batch_action {
	bool unsubscribe;
	struct hg_batch_resource *resource;
	size_t nresources;
	/* categories asked for, each once; names that are not known are left out */
	hg_part part[HG_CAT_COUNT];
	size_t nparts;
};

struct hg_batch {
	char *uri; /* of the watcher, "" none */
	struct hg_batch_action *action;
	size_t nactions;
};

int hg_batch_read(struct hg_str body, struct hg_batch *ret, struct hg_doc_err *);
void hg_batch_done(struct hg_batch *);
