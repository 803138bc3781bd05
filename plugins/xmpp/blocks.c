/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Block lists (XEP-0191) of linked accounts, where their servers let us ask in the accounts' names (XEP-0356). Nobody tells us
 * when a list changes, so it is looked at (carry.c) when the account is probed, when a client of it comes, and when its user
 * has changed something here: some accounts at a time, but one list at a time is read. A list that is longer than a stanza may be
 * ends the stream for everybody; so it has to be known whose it was, and he is not asked again for a day.
 */
#include "plugins/xmpp/blocks.h"

#include <stdlib.h>
#include <utlist.h>

enum {
	ACCOUNTS_MAX = 20000, /* of one stream */
	BUSY_MAX = 16,        /* accounts at a time */
	HOLD_MS = 10000, /* a server that takes longer for its list does not keep others waiting */
	PUT_OFF_MS = 24 * 3600 * 1000
};

static int64_t mono(const struct hg_xmpp_stream *s)
{
	return s->xmpp->host->now(s->xmpp->core).mono;
}

/* ---- what is known of each ---- */

static void leave(struct hg_xmpp_stream *s, struct hg_xmpp_blocks *b)
{
	if (b->waits)
		DL_DELETE(s->blocks_waiting, b);
	else if (b->stage != HG_XMPP_BLOCKS_IDLE)
		DL_DELETE(s->blocks_busy, b);
	b->waits = false;
	b->stage = HG_XMPP_BLOCKS_IDLE;
	hg_xmpp_carry_done(b);
}

static void drop(struct hg_xmpp_stream *s, struct hg_xmpp_blocks *b)
{
	leave(s, b);
	HASH_DEL(s->blocks, b);
	free(b->bare);
	free(b);
}

/* That he is not to be asked is known for as long as it is so, whatever becomes of the link. */
static void let_go(struct hg_xmpp_stream *s, struct hg_xmpp_blocks *b, int64_t now)
{
	if (b->put_off <= now) {
		drop(s, b);
		return;
	}
	leave(s, b);
	b->wanted = false;
	b->nclients = 0;
}

void hg_xmpp_blocks_forget(struct hg_xmpp_stream *s)
{
	while (s->blocks)
		drop(s, s->blocks);
}

void hg_xmpp_blocks_down(struct hg_xmpp_stream *s, bool too_long)
{
	struct hg_xmpp_blocks *b, *tmp;
	int64_t now = mono(s);

	HASH_ITER (hh, s->blocks, b, tmp) {
		if (too_long && b->stage == HG_XMPP_BLOCKS_READING) {
			b->put_off = now + PUT_OFF_MS;
			hg_xmpp_carry_fail(s, b, "too long for a stanza");
		}
		let_go(s, b, now);
	}
}

struct hg_xmpp_blocks *hg_xmpp_blocks_find(struct hg_xmpp_stream *s, hg_addr account)
{
	struct hg_xmpp_blocks *b;

	HASH_FIND(hh, s->blocks, &account, sizeof(account), b);
	return b;
}

static struct hg_xmpp_blocks *get(struct hg_xmpp_stream *s, hg_addr person, hg_addr account)
{
	struct hg_xmpp *x = s->xmpp;
	struct hg_xmpp_blocks *b = hg_xmpp_blocks_find(s, account);
	struct hg_buf jid = { 0 };

	if (b || HASH_COUNT(s->blocks) >= ACCOUNTS_MAX)
		return b;
	b = hg_alloc(sizeof(*b));
	x->host->write_jid(x->core, account, &jid);
	b->bare = hg_str_dup(hg_buf_str(&jid));
	hg_buf_done(&jid);
	b->account = account;
	b->person = person;
	HASH_ADD(hh, s->blocks, account, sizeof(b->account), b);
	return b;
}

static bool is_linked(const struct hg_xmpp_stream *s, const struct hg_xmpp_blocks *b)
{
	return s->xmpp->host->linked_to(s->xmpp->core, b->account) == b->person;
}

/* ---- when ---- */

static bool may(struct hg_xmpp_stream *s, const struct hg_xmpp_blocks *b)
{
	const unsigned both = HG_XMPP_MAY_GET_BLOCKED | HG_XMPP_MAY_SET_BLOCKED;

	return (hg_xmpp_may(s, b->account) & both) == both;
}

/* Those whom we may not ask do not stand in anybody's way. */
static void line_up(struct hg_xmpp_stream *s, struct hg_xmpp_blocks *b)
{
	if (!b->wanted || b->waits || b->stage != HG_XMPP_BLOCKS_IDLE || !may(s, b))
		return;
	b->waits = true;
	DL_APPEND(s->blocks_waiting, b);
}

static bool is_room(const struct hg_xmpp_stream *s, int64_t now)
{
	const struct hg_xmpp_blocks *b;
	size_t busy = 0;

	DL_FOREACH (s->blocks_busy, b) {
		if (b->stage == HG_XMPP_BLOCKS_READING && now - b->at < HOLD_MS)
			return false;
		busy++;
	}
	return busy < BUSY_MAX;
}

static void go_on(struct hg_xmpp_stream *s)
{
	struct hg_xmpp_blocks *b;
	int64_t now = mono(s);

	while ((b = s->blocks_waiting) && is_room(s, now)) {
		if (!is_linked(s, b)) {
			let_go(s, b, now);
			continue;
		}
		DL_DELETE(s->blocks_waiting, b);
		b->waits = false;
		if (!may(s, b))
			continue;
		DL_APPEND(s->blocks_busy, b);
		hg_xmpp_carry(s, b);
	}
}

bool hg_xmpp_blocks_holds(struct hg_xmpp_stream *s, struct hg_xmpp_blocks *b)
{
	if (is_linked(s, b))
		return true;
	let_go(s, b, mono(s));
	go_on(s);
	return false;
}

void hg_xmpp_blocks_ended(struct hg_xmpp_stream *s, struct hg_xmpp_blocks *b)
{
	leave(s, b);
	line_up(s, b);
	go_on(s);
}

void hg_xmpp_blocks_granted(struct hg_xmpp_stream *s)
{
	struct hg_xmpp_blocks *b, *tmp;

	HASH_ITER (hh, s->blocks, b, tmp)
		line_up(s, b);
	go_on(s);
}

static void give_up_the_silent(struct hg_xmpp_stream *s)
{
	struct hg_xmpp_blocks *b, *tmp;

	DL_FOREACH_SAFE (s->blocks_busy, b, tmp)
		if (hg_xmpp_blocks_holds(s, b))
			hg_xmpp_carry_late(s, b, mono(s));
}

void hg_xmpp_blocks_tick(struct hg_xmpp_stream *s)
{
	struct hg_xmpp_blocks *b, *tmp;
	int64_t now = mono(s);

	HASH_ITER (hh, s->blocks, b, tmp)
		if (!is_linked(s, b))
			let_go(s, b, now);
	give_up_the_silent(s);
	go_on(s);
}

void hg_xmpp_blocks_look(struct hg_xmpp_stream *s, hg_addr person, hg_addr account)
{
	struct hg_xmpp *x = s->xmpp;
	struct hg_xmpp_blocks *b = hg_xmpp_blocks_find(s, account);
	int64_t now = mono(s);

	if (b && !is_linked(s, b))
		let_go(s, b, now);
	if (!x->block_lists || x->host->linked_to(x->core, account) != person)
		return;
	b = get(s, person, account);
	if (!b || b->put_off > now)
		return;
	b->person = person;
	b->wanted = true;
	line_up(s, b);
	give_up_the_silent(s);
	go_on(s);
}

void hg_xmpp_blocks_seen(struct hg_xmpp_stream *s, const struct hg_xmpp_ends *e)
{
	struct hg_xmpp_blocks *b = hg_xmpp_blocks_find(s, e->from_addr);
	uint64_t client = hg_str_hash(e->from_resource);

	if (!b || b->person != e->to_addr || b->nclients == HG_XMPP_BLOCKS_CLIENTS)
		return;
	for (size_t i = 0; i < b->nclients; i++)
		if (b->client[i] == client)
			return;
	b->client[b->nclients++] = client;
	hg_xmpp_blocks_look(s, e->to_addr, e->from_addr);
}

void hg_xmpp_blocks_gone(struct hg_xmpp_stream *s, const struct hg_xmpp_ends *e)
{
	struct hg_xmpp_blocks *b = hg_xmpp_blocks_find(s, e->from_addr);
	uint64_t client = hg_str_hash(e->from_resource);

	for (size_t i = b ? b->nclients : 0; i-- > 0;)
		if (!e->from_resource.n || b->client[i] == client)
			b->client[i] = b->client[--b->nclients];
}
