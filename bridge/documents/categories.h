/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Category documents: fragments of views, and the messages that they are put together to
 * (EP 1.3.2, 4.2, 4.4.5).
 *
 * A fragment holds everything that its view has of one part, never a change of it: a client drops
 * all it knew of a category when that is named. Messages are only head, fragments in any order,
 * tail.
 */
#pragma once

#include "bridge/documents/doc.h"
#include <heliograph/adapter.h>

/* Category fragment as watchers see it: without containers, versions, expiry. Nothing published is
 * an empty category, which clears; but for `state`, where it is an explicit availability: unknown
 * while pending or unreachable, else offline. */
void hg_category_write(struct hg_buf *, const struct hg_view *);
/* The same as the owner sees it. */
void hg_category_write_self(struct hg_buf *, const struct hg_view *);
/* For those who write documents of another kind: the publications of a view, the newest last, for free(); and the element
 * that one holds, as it came or from its facet. */
const struct hg_pub **hg_publications_by_time(const struct hg_view *);
void hg_publication_write(struct hg_buf *, const struct hg_view *, const struct hg_pub *);
/* HG_PART_CONTAINERS */
void hg_containers_write(struct hg_buf *, const struct hg_view *);
/* HG_PART_SUBSCRIBERS: watchers whom the owner has not acknowledged. */
void hg_subscribers_write(struct hg_buf *, const struct hg_view *);
/* The attribute displayName, if he has a name. His address must not stand there: clients take it for the newest of his names. */
void hg_waiting_name_write(struct hg_buf *, const struct hg_waiting *);

/* HG_TYPE_CATEGORIES: one presentity's document for a watcher. `uri` with or without "sip:", here
 * and below; fragments of other parts than categories are left out. */
void hg_categories_write(
	struct hg_buf *, struct hg_str uri, const struct hg_frag *const *, size_t n);

/* Parts of a roaming-self document, as asked for by <roamingList>. */
struct hg_roaming {
	bool categories, containers, subscribers, delegates;
};

int hg_roaming_read(struct hg_str body, struct hg_roaming *ret, struct hg_doc_err *);
/* HG_TYPE_ROAMING_SELF. What `always` names is there though it be empty (the first document); may
 * be NULL. */
void hg_roaming_write(struct hg_buf *, struct hg_str uri, const struct hg_roaming *always,
	const struct hg_frag *const *, size_t n);
