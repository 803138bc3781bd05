/* SPDX-License-Identifier: Apache-2.0 */
/* What is done for linked accounts at their own servers: contacts and block lists. */
#pragma once

#include "plugins/xmpp/iq.h"

/* ---- suggest.c ---- */

struct hg_xmpp_suggestion {
	size_t from, to;        /* in the list's text: an <item/> from behind its name */
	uint64_t jid;           /* hash */
	bool answered, refused; /* by the account's server */
};

struct hg_xmpp_suggestions {
	struct hg_xmpp_suggestion *v;
	size_t n, cap;
	struct hg_buf text;
};

void hg_xmpp_suggestions(struct hg_xmpp *, hg_addr person, struct hg_xmpp_suggestions *ret);
void hg_xmpp_suggestions_done(struct hg_xmpp_suggestions *);
struct hg_str hg_xmpp_suggested(const struct hg_xmpp_suggestions *, size_t i);
/* To a client, as messages; `refused`: only those. How many there were. */
size_t hg_xmpp_suggest(struct hg_xmpp_stream *, struct hg_str to,
	const struct hg_xmpp_suggestions *, bool refused);

/* ---- roster.c ---- */

/* Begins to put that person's contacts into the roster of who asks, who is linked to him. false: we may not. */
bool hg_xmpp_roster_fill(const struct hg_xmpp_iq *, hg_addr person);
bool hg_xmpp_roster_answer(/* was it an answer to that? */
	struct hg_xmpp_stream *, xmpp_stanza_t *iq, const struct hg_xmpp_ends *);
void hg_xmpp_rosters_forget(struct hg_xmpp_stream *); /* the link is gone */

/* ---- privilege.c ---- */

enum hg_xmpp_may {
	HG_XMPP_MAY_GET_ROSTER = 1,
	HG_XMPP_MAY_SET_ROSTER = 2,
	HG_XMPP_MAY_GET_BLOCKED = 4,
	HG_XMPP_MAY_SET_BLOCKED = 8
};

/* Did a server say what we may do? */
bool hg_xmpp_privileges(
	struct hg_xmpp_stream *, xmpp_stanza_t *message, const struct hg_xmpp_ends *);
unsigned hg_xmpp_may(struct hg_xmpp_stream *, hg_addr account); /* in its name */
void hg_xmpp_privileges_forget(struct hg_xmpp_stream *);        /* the link is gone */
/* A question to the account's server in the name of the account: what is asked, and _end, are to follow. */
void hg_xmpp_ask_as(
	struct hg_xmpp_stream *, const char *type, struct hg_str account, struct hg_str id);
void hg_xmpp_ask_as_end(struct hg_xmpp_stream *);
/* What the server has answered in its place; NULL: that it may not, or cannot. */
xmpp_stanza_t *hg_xmpp_answered_as(xmpp_stanza_t *iq);
/* Of one of several questions that belong together: "hg-KIND-NUMBER-I". */
void hg_xmpp_add_id(struct hg_buf *, const char *kind, uint32_t number, size_t i);
bool hg_xmpp_read_id(struct hg_str, const char *kind, uint32_t number, uint32_t *ret_i);

/* ---- blocked.c ---- */

/* What is known of an address. */
enum {
	HG_XMPP_BLOCKED_HERE = 1,
	HG_XMPP_BLOCKED_THERE = 2,
	HG_XMPP_BLOCKED_LAST = 4,   /* on both sides, when they were compared last */
	HG_XMPP_BLOCKED_THEIRS = 8, /* and it had come from there */
	HG_XMPP_BLOCKED_SENT = 16   /* was told there, and it is not known to have been done */
};

/* What is to be done about it. */
enum hg_xmpp_block {
	HG_XMPP_LEAVE,
	HG_XMPP_BLOCK_HERE,
	HG_XMPP_UNBLOCK_HERE,
	HG_XMPP_BLOCK_THERE,
	HG_XMPP_UNBLOCK_THERE,
	HG_XMPP_BLOCK_ACTS
};

struct hg_xmpp_blocked {
	hg_addr addr;
	unsigned is;
	enum hg_xmpp_block next;
};

struct hg_xmpp_blocked_list {
	struct hg_xmpp_blocked *v;
	size_t n, cap;
	bool changed; /* what is to be remembered of it */
	bool partial; /* there are more there: who is not seen there need not be away */
	bool lost;    /* so many are away there that nobody has taken them back, one by one */
};

void hg_xmpp_blocked_add(struct hg_xmpp_blocked_list *, hg_addr, unsigned is);
/* Sums up what was added, each address once: from now on `next` is known. */
void hg_xmpp_blocked_compare(struct hg_xmpp_blocked_list *);
size_t hg_xmpp_blocked_count(const struct hg_xmpp_blocked_list *, enum hg_xmpp_block);
void hg_xmpp_blocked_settle(struct hg_xmpp_blocked_list *, enum hg_xmpp_block did); /* of all */
void hg_xmpp_blocked_intend(struct hg_xmpp_blocked_list *); /* whom to block there is remembered */
/* What has to be remembered, as text; and how much it can be, whatever is done. */
void hg_xmpp_blocked_read(struct hg_xmpp *, struct hg_str memo, struct hg_xmpp_blocked_list *to);
size_t hg_xmpp_blocked_most(struct hg_xmpp *, const struct hg_xmpp_blocked_list *);
void hg_xmpp_blocked_write(
	struct hg_xmpp *, const struct hg_xmpp_blocked_list *, struct hg_buf *memo);
void hg_xmpp_blocked_done(struct hg_xmpp_blocked_list *);

/* ---- blocks.c ---- */

enum { HG_XMPP_BLOCKED_MAX = 2000 }; /* addresses of one list that are looked at */

/* Something may have changed: if the account is linked to that person, both lists are compared. */
void hg_xmpp_blocks_look(struct hg_xmpp_stream *, hg_addr person, hg_addr account);
void hg_xmpp_blocks_seen(struct hg_xmpp_stream *, const struct hg_xmpp_ends *); /* available, */
void hg_xmpp_blocks_gone(struct hg_xmpp_stream *, const struct hg_xmpp_ends *); /* or not */
void hg_xmpp_blocks_granted(struct hg_xmpp_stream *); /* a server lets us do more than before */
void hg_xmpp_blocks_tick(struct hg_xmpp_stream *);    /* from time to time */
/* (carry.c) */
bool hg_xmpp_blocks_answer(/* was it an answer to that? */
	struct hg_xmpp_stream *, xmpp_stanza_t *iq, const struct hg_xmpp_ends *);
void hg_xmpp_blocks_answered(struct hg_xmpp *, uint64_t cookie, const struct hg_answer *);
/* (blocks.c) */
/* The link is gone; `too_long`: because of what we were told. */
void hg_xmpp_blocks_down(struct hg_xmpp_stream *, bool too_long);
void hg_xmpp_blocks_forget(struct hg_xmpp_stream *); /* all that is known */
