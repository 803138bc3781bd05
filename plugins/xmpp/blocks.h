/* SPDX-License-Identifier: Apache-2.0 */
/* Between blocks.c and carry.c: one linked account, whose block list is compared with its user's. */
#pragma once

#include "plugins/xmpp/linked.h"

#include <uthash.h>

enum {
	HG_XMPP_BLOCKS_CLIENTS = 32, /* of one account */
	HG_XMPP_BLOCKS_ANSWER_MS =
		150000 /* Prosody answers within 120 s, if only that it could not */
};

enum hg_xmpp_blocks_stage {
	HG_XMPP_BLOCKS_IDLE,
	HG_XMPP_BLOCKS_READING, /* the account's list */
	HG_XMPP_BLOCKS_HERE,    /* what was changed there */
	HG_XMPP_BLOCKS_REMEMBER_HERE,
	HG_XMPP_BLOCKS_THERE, /* what was changed here */
	HG_XMPP_BLOCKS_REMEMBER_THERE
};

struct hg_xmpp_blocks {
	hg_addr account, person;
	char *bare;
	uint64_t client[HG_XMPP_BLOCKS_CLIENTS]; /* hashes of the resources that are there */
	size_t nclients;
	bool wanted; /* as soon as there is room, and we may */
	bool waits;  /* for room: in that list */
	enum hg_xmpp_blocks_stage stage;
	int64_t put_off;                    /* mono ms: not to be asked before */
	struct hg_xmpp_blocks *prev, *next; /* of those that wait, or of those that are busy */
	uint32_t number;                    /* of the questions */
	int64_t at;                         /* mono ms of the last answer */
	struct hg_xmpp_blocked_list list;
	size_t did[HG_XMPP_BLOCK_ACTS];
	size_t parts[2], answered; /* requests to block, and to unblock; those answered */
	uint64_t heard;            /* which: bits */
	bool failed[2];
	UT_hash_handle hh;
};

/* ---- carry.c ---- */

void hg_xmpp_carry(
	struct hg_xmpp_stream *, struct hg_xmpp_blocks *); /* begins with one that is idle */
/* Of a server that has fallen silent what it has answered whole counts: to block, and to unblock. */
void hg_xmpp_carry_late(struct hg_xmpp_stream *, struct hg_xmpp_blocks *, int64_t now);
void hg_xmpp_carry_done(struct hg_xmpp_blocks *);
void hg_xmpp_carry_fail(struct hg_xmpp_stream *, const struct hg_xmpp_blocks *, const char *why);

/* ---- sides.c ---- */

const struct hg_container *hg_xmpp_blocked_of(const struct hg_self *); /* NULL: nobody ever */
/* Compares the account's list with that. false: there is too much of it. */
bool hg_xmpp_sides(struct hg_xmpp *, struct hg_xmpp_blocks *, xmpp_stanza_t *list,
	const struct hg_container *blocked);

/* ---- blocks.c ---- */

struct hg_xmpp_blocks *hg_xmpp_blocks_find(struct hg_xmpp_stream *, hg_addr account); /* NULL */
/* Is the account still that person's? If not, it is let go: there is nothing to be compared any more. */
bool hg_xmpp_blocks_holds(struct hg_xmpp_stream *, struct hg_xmpp_blocks *);
void hg_xmpp_blocks_ended(struct hg_xmpp_stream *, struct hg_xmpp_blocks *); /* one comparison */
