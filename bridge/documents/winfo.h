/* SPDX-License-Identifier: Apache-2.0 */
/* Who watches somebody, or wants to: watcher information, RFC 3857 and 3858. */
#pragma once

#include "bridge/documents/coherence.h"
#include "bridge/documents/doc.h"

#include <heliograph/presence.h>

#define HG_WINFO_WATCHERS_MAX 2048 /* of one document, and of all that is known */
#define HG_WINFO_LISTS_MAX 64
#define HG_WINFO_URI_MAX 2048 /* bytes, also of a resource */
#define HG_WINFO_WORD_MAX 256 /* bytes of an id, a name, a package */

enum hg_watcher_status {
	HG_WATCHER_PENDING,
	HG_WATCHER_ACTIVE,
	HG_WATCHER_WAITING, /* gave up, while nobody was there who could have answered */
	HG_WATCHER_TERMINATED
};

enum hg_watcher_event {
	HG_WATCHER_SUBSCRIBE,
	HG_WATCHER_APPROVED,
	HG_WATCHER_DEACTIVATED,
	HG_WATCHER_PROBATION,
	HG_WATCHER_REJECTED,
	HG_WATCHER_TIMEOUT,
	HG_WATCHER_GIVEUP,
	HG_WATCHER_NORESOURCE
};

struct hg_watcher {
	struct hg_bytes *id, *uri;
	struct hg_bytes *name; /* display-name, NULL none */
	enum hg_watcher_status status;
	enum hg_watcher_event event;
	bool has_expiration, has_duration;
	uint32_t expiration, duration; /* seconds until it ends, and since it began */
};

struct hg_watcher_list {
	struct hg_bytes *resource, *package;
	struct hg_watcher *watcher;
	size_t n;
};

struct hg_winfo {
	uint32_t version;
	bool full;
	struct hg_watcher_list *list;
	size_t n;
};

int hg_winfo_read(struct hg_str body, struct hg_winfo *ret, struct hg_doc_err *);
void hg_winfo_write(struct hg_buf *, const struct hg_winfo *);
void hg_winfo_done(struct hg_winfo *);

/* What a notifier tells next: `now` is the whole, as it is; `before`, what it was when it was told last. The events in `now`
 * become what led to each state (RFC 3857 4.7.1), and `ret` is what changed, with those who are gone; it needs its _done.
 * Of one list at most. */
void hg_winfo_changes(const struct hg_winfo *before, struct hg_winfo *now, struct hg_winfo *ret);
/* HG_PART_WATCHERS, a whole document. */
void hg_winfo_write_watchers(struct hg_buf *, const struct hg_view *, struct hg_str resource);

/* What a subscriber knows: begins as zeroes, ends with _done of `known`. */
struct hg_winfo_table {
	struct hg_coherence seen;
	struct hg_winfo known; /* without those who are terminated */
};

/* Takes a document's content into the table, if its turn has come; `doc` needs its _done after it all the same. -E2BIG: there
 * would be more than HG_WINFO_WATCHERS_MAX, and nothing was taken. */
int hg_winfo_take(struct hg_winfo_table *, struct hg_winfo *doc, enum hg_coherent *ret);
