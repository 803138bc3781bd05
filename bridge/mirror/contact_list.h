/* SPDX-License-Identifier: Apache-2.0 */
/* A person's contact list: finding in it, and the tombstones that a delta needs (EP 4.5). Private
 * to bridge/mirror. */
#pragma once

#include "bridge/mirror/core.h"

/* Tombstones are found too. NULL: there is none. */
struct hg_contact *hg_list_contact(struct hg_contacts *, hg_addr);
bool hg_list_has(struct hg_contacts *, hg_addr); /* a live one */
struct hg_group *hg_list_group(struct hg_contacts *, uint32_t id);
struct hg_group *hg_list_group_named(struct hg_contacts *, struct hg_str name); /* a live one */
size_t hg_list_contacts(const struct hg_contacts *); /* how many are live */
uint32_t hg_list_free_group(struct hg_contacts *);   /* a number for a new group; 0: none is free */
/* Those of the said group ids that there are, but for `without` (0: all); if none is left, "Other
 * Contacts". */
struct hg_bytes *hg_list_groups_of(struct hg_contacts *, struct hg_str said, uint32_t without);
/* Drops the tombstones that everybody has been told of who knows the list up to `known`. */
void hg_list_forget(struct hg_contacts *, uint32_t known);
void hg_list_done(struct hg_contacts *);
