/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The publications of one person, ordered by category, container, instance (EP 1.2). Pure: the
 * caller gives the time.
 *
 * A deleted publication leaves a tombstone with its version, so that a delete or update that was
 * under way cannot hit the instance that came after it. Tombstones go with the process.
 */
#pragma once

#include <heliograph/presence.h>

struct hg_pubs {
	struct hg_pub **v; /* tombstones included: hg_pub_live */
	size_t n, cap;
};

void hg_pubs_done(struct hg_pubs *);

bool hg_pub_live(const struct hg_pub *);
/* NULL: there is none. A tombstone is found too. */
struct hg_pub *hg_pubs_find(const struct hg_pubs *, struct hg_pubkey);
/* Index of the first one of the category, and one past its last. */
void hg_pubs_range(const struct hg_pubs *, hg_part category, size_t *ret_first, size_t *ret_end);
size_t hg_pubs_live(const struct hg_pubs *);
void hg_pubs_bury(struct hg_pubs *); /* forgets the tombstones */

/*
 * Checks a whole request: the versions (EP 1.2.2), and that no key comes twice.
 * HG_PUBS_OK: hg_pubs_apply may follow. HG_PUBS_CONFLICT: *ret_conflicts of them, `ret` holds n.
 * HG_PUBS_TWICE: *ret_conflicts is the index, from 1, of the second one.
 */
enum hg_pubs_verdict { HG_PUBS_OK, HG_PUBS_CONFLICT, HG_PUBS_TWICE };
enum hg_pubs_verdict hg_pubs_check(const struct hg_pubs *, const struct hg_change *, size_t n,
	struct hg_conflict *ret, size_t *ret_conflicts);

bool hg_change_deletes(const struct hg_change *);
/* The version that the publication has when this change, which was found good, is applied. */
uint32_t hg_pubs_next_version(const struct hg_pubs *, const struct hg_change *);

/* Applies one checked change. Takes references, not ownership. NULL: deleted, or there was nothing
 * to delete. */
struct hg_pub *hg_pubs_apply(struct hg_pubs *, const struct hg_change *, uint32_t version,
	hg_endpoint by, struct hg_now, int64_t published);
void hg_pubs_kill(struct hg_pub *, struct hg_now); /* makes a tombstone of it */

/* Hash of what a watcher (or, `owner`, the owner) is shown of it. */
uint64_t hg_pub_digest(const struct hg_pub *, bool owner);
