/* SPDX-License-Identifier: Apache-2.0 */
/* Resource lists and the multipart bodies that they head (RFC 4662, EP 4.4.3). */
#pragma once

#include "bridge/documents/doc.h"
#include <heliograph/adapter.h>

struct hg_rlmi_resource {
	struct hg_str uri; /* as the watcher wrote it; "sip:" is added if it is not there */
	enum hg_standing standing;
	const struct hg_frag *const *frag; /* what its document holds */
	size_t nfrags;
	const char *
		reason; /* why it is over, whatever its standing (RFC 6665 4.1.3); NULL: it is not */
};

struct hg_rlmi {
	struct hg_str uri; /* of the watcher */
	uint32_t version;
	bool full; /* all resources of the dialog are in it */
	const struct hg_rlmi_resource *resource;
	size_t n;
	/* of the documents, and what puts one together of its fragments */
	const char *type;
	void (*write)(struct hg_buf *, struct hg_str uri, const struct hg_frag *const *, size_t n);
	/* As RFC 4662 and 2392 have it: addresses as they were written, Content-IDs in their brackets, active is only what has a document, and of what has none
	 * yet nothing is said. Lync's clients know neither. */
	bool exact;
};

/* HG_NOBODY is terminated, noresource; HG_PENDING pending; all else is active, so that being
 * blocked does not show. */
void hg_rlmi_write(struct hg_buf *, const struct hg_rlmi *, struct hg_str boundary);

/* The list and one document for each resource that has fragments or is active. A client
 * refreshes only what had a document in the last answer. `boundary` must be of RFC 2046 characters
 * and random. */
void hg_multipart_write(struct hg_buf *, const struct hg_rlmi *, struct hg_str boundary);
void hg_multipart_write_type(struct hg_buf *, const struct hg_rlmi *,
	struct hg_str boundary); /* value of Content-Type */
