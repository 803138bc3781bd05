/* SPDX-License-Identifier: Apache-2.0 */
/* Containers and who is in them (EP 3.2). */
#pragma once

#include <heliograph/presence.h>

/* Who asks: a watcher as the rules see him. */
struct hg_asker {
	hg_addr addr, domain;
	enum hg_trust trust;
};

/*
 * The one container that a watcher sits in: the best matching kind of member wins (user, domain,
 * sameEnterprise, publicCloud, federated, everyone), within one kind the highest container
 * (EP 3.2.2). Containers 1 to 3 are the owner's and match nobody. HG_C_DEFAULT: in none.
 */
uint16_t hg_container_of(const struct hg_container *, size_t n, const struct hg_asker *);

/* NULL if there is none of that id. */
struct hg_container *hg_container_find(struct hg_container *, size_t n, uint16_t id);
/* -1 if it is no member. */
int hg_member_find(const struct hg_container *, enum hg_member_type, hg_addr addr);
/* How special a kind is: of those that match, the highest decides. */
int hg_member_rank(enum hg_member_type);
void hg_member_done(struct hg_member *);
void hg_container_done(struct hg_container *);
