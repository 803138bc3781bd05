/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One linked account's block list and whom its user blocks here. What was blocked on one side is blocked on the other, and what
 * was taken back is taken back; only, what she has blocked here stays blocked here, whatever she does there.
 *
 * One thing after the other: the list is read; what was changed there is done here, and remembered; what was changed here is
 * done there, and remembered. What is remembered is durable and goes with the link: with less, what was taken back while we
 * were away would come again.
 */
#include "plugins/xmpp/blocks.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

enum {
	ITEMS = 100,   /* in one request */
	PARTS_MAX = 30 /* requests to block, and to unblock; more waits for the next comparison */
};

static const enum hg_xmpp_block acts_there[2] = { HG_XMPP_BLOCK_THERE, HG_XMPP_UNBLOCK_THERE };

/* ---- the end of a comparison ---- */

static void end(struct hg_xmpp_stream *s, struct hg_xmpp_blocks *b)
{
	size_t here = b->did[HG_XMPP_BLOCK_HERE] + b->did[HG_XMPP_UNBLOCK_HERE];
	size_t there = b->did[HG_XMPP_BLOCK_THERE] + b->did[HG_XMPP_UNBLOCK_THERE];

	hg_xmpp_count(s->xmpp, "xmpp_blocks_carried_total{to=\"here\"}", here);
	hg_xmpp_count(s->xmpp, "xmpp_blocks_carried_total{to=\"there\"}", there);
	if (here || there)
		hg_log(HG_INFO, "block-list-carried",
			"account=%s blocked-here=%zu unblocked-here=%zu blocked-there=%zu unblocked-there=%zu",
			hg_log_text(hg_str(b->bare)), b->did[HG_XMPP_BLOCK_HERE],
			b->did[HG_XMPP_UNBLOCK_HERE], b->did[HG_XMPP_BLOCK_THERE],
			b->did[HG_XMPP_UNBLOCK_THERE]);
	memset(b->did, 0, sizeof(b->did));
	hg_xmpp_blocks_ended(s, b);
}

void hg_xmpp_carry_fail(struct hg_xmpp_stream *s, const struct hg_xmpp_blocks *b, const char *why)
{
	hg_xmpp_count(s->xmpp, "xmpp_block_lists_failed_total", 1);
	hg_log(HG_WARN, "block-list-failed", "account=%s reason=%s", hg_log_text(hg_str(b->bare)),
		hg_log_text(hg_str(why)));
}

void hg_xmpp_carry_done(struct hg_xmpp_blocks *b)
{
	hg_xmpp_blocked_done(&b->list);
}

/* ---- requests to the core ---- */

/* In whose name: the account's server is trusted to speak for its accounts, and this one is hers. */
static void request(struct hg_xmpp_stream *s, struct hg_xmpp_blocks *b, struct hg_request *r)
{
	struct hg_principal by = { HG_PROOF_ROUTE, b->person, s->lane, 0 };

	r->target = b->person;
	s->xmpp->host->request(s->xmpp->core, &by, r, b->number);
}

static void remember(
	struct hg_xmpp_stream *s, struct hg_xmpp_blocks *b, enum hg_xmpp_blocks_stage stage)
{
	struct hg_buf memo = { 0 };

	b->stage = stage;
	b->list.changed = false;
	hg_xmpp_blocked_write(s->xmpp, &b->list, &memo);
	request(s, b,
		&(struct hg_request){
			.kind = HG_REQ_MEMO, .watched = b->account, .memo = hg_buf_str(&memo) });
	hg_buf_done(&memo);
}

/* All of it or nothing. Somebody else's change in between is seen by the version, and all is looked at again. */
static void change_here(struct hg_xmpp_stream *s, struct hg_xmpp_blocks *b, uint32_t version)
{
	struct hg_member_edit *e = hg_alloc((b->list.n + 1) * sizeof(*e));
	size_t n = 0;

	for (size_t i = 0; i < b->list.n; i++) {
		const struct hg_xmpp_blocked *k = &b->list.v[i];

		if (k->next != HG_XMPP_BLOCK_HERE && k->next != HG_XMPP_UNBLOCK_HERE)
			continue;
		e[n++] = (struct hg_member_edit){ HG_C_BLOCKED, version,
			k->next == HG_XMPP_UNBLOCK_HERE,
			{ .type = HG_MEMBER_USER, .addr = k->addr } };
	}
	b->stage = HG_XMPP_BLOCKS_HERE;
	request(s, b, &(struct hg_request){ .kind = HG_REQ_MEMBERS, .member = e, .nmembers = n });
	free(e);
}

/* ---- questions to the account's server ---- */

static void ask(
	struct hg_xmpp_stream *s, const struct hg_xmpp_blocks *b, const char *type, size_t i)
{
	struct hg_buf id = { 0 };

	hg_xmpp_add_id(&id, "block", b->number, i);
	hg_xmpp_ask_as(s, type, hg_str(b->bare), hg_buf_str(&id));
	hg_buf_done(&id);
}

void hg_xmpp_carry(struct hg_xmpp_stream *s, struct hg_xmpp_blocks *b)
{
	struct hg_xmpp *x = s->xmpp;

	b->wanted = false;
	b->stage = HG_XMPP_BLOCKS_READING;
	b->number = x->host->random(x->core) | 1; /* 0 is no cookie */
	b->at = x->host->now(x->core).mono;
	ask(s, b, "get", 0);
	hg_buf_adds(&s->out, "<blocklist xmlns='" HG_XMPP_NS_BLOCKING "'/>");
	hg_xmpp_ask_as_end(s);
}

static void write_item(struct hg_xmpp_stream *s, hg_addr addr)
{
	struct hg_buf jid = { 0 };

	s->xmpp->host->write_jid(s->xmpp->core, addr, &jid);
	hg_buf_adds(&s->out, "<item");
	hg_xmpp_attr(&s->out, "jid", hg_buf_str(&jid));
	hg_buf_adds(&s->out, "/>");
	hg_buf_done(&jid);
}

static void end_part(struct hg_xmpp_stream *s, const char *name)
{
	hg_buf_addf(&s->out, "</%s>", name);
	hg_xmpp_ask_as_end(s);
}

/* Never an empty one: to unblock nobody is to unblock all (XEP-0191 3.5). */
static void write_parts(struct hg_xmpp_stream *s, struct hg_xmpp_blocks *b, int which)
{
	static const char *const names[2] = { "block", "unblock" };
	size_t n = 0;

	for (size_t i = 0; i < b->list.n; i++) {
		if (b->list.v[i].next != acts_there[which])
			continue;
		if (n == (size_t)PARTS_MAX * ITEMS) {
			b->list.v[i].next = HG_XMPP_LEAVE;
			continue;
		}
		if (n % ITEMS == 0) {
			if (n)
				end_part(s, names[which]);
			b->parts[which]++;
			ask(s, b, "set", b->parts[0] + b->parts[1]);
			hg_buf_addf(&s->out, "<%s xmlns='" HG_XMPP_NS_BLOCKING "'>", names[which]);
		}
		write_item(s, b->list.v[i].addr);
		n++;
	}
	if (n)
		end_part(s, names[which]);
}

static void finish_there(struct hg_xmpp_stream *s, struct hg_xmpp_blocks *b)
{
	for (int which = 0; which < 2; which++) {
		if (b->failed[which]) {
			hg_xmpp_carry_fail(s, b, "the server does not change it");
			continue;
		}
		b->did[acts_there[which]] = hg_xmpp_blocked_count(&b->list, acts_there[which]);
		hg_xmpp_blocked_settle(&b->list, acts_there[which]);
	}
	if (b->list.changed)
		remember(s, b, HG_XMPP_BLOCKS_REMEMBER_THERE);
	else
		end(s, b);
}

static void change_there(struct hg_xmpp_stream *s, struct hg_xmpp_blocks *b)
{
	b->stage = HG_XMPP_BLOCKS_THERE;
	b->answered = 0;
	b->heard = 0;
	b->parts[0] = b->parts[1] = 0;
	b->failed[0] = b->failed[1] = false;
	write_parts(s, b, 0);
	write_parts(s, b, 1);
	if (!b->parts[0] && !b->parts[1])
		finish_there(s, b);
}

/* ---- the comparison ---- */

/* What is to be told there is remembered before it is: if the answer is lost, and she takes it back, it is not what she has
 * done there. */
static void go_there(struct hg_xmpp_stream *s, struct hg_xmpp_blocks *b)
{
	hg_xmpp_blocked_intend(&b->list);
	if (b->list.changed)
		remember(s, b, HG_XMPP_BLOCKS_REMEMBER_HERE);
	else
		change_there(s, b);
}

static void on_list(struct hg_xmpp_stream *s, struct hg_xmpp_blocks *b, xmpp_stanza_t *list)
{
	struct hg_xmpp *x = s->xmpp;
	const struct hg_container *blocked;
	struct hg_self self;
	bool all;

	if (!list || !x->host->own(x->core, b->person, &self)) {
		if (!list)
			hg_xmpp_carry_fail(s, b, "the server does not say what is in it");
		end(s, b);
		return;
	}
	blocked = hg_xmpp_blocked_of(&self);
	all = hg_xmpp_sides(x, b, list, blocked);
	if (!all || b->list.partial)
		hg_xmpp_carry_fail(s, b, "too long");
	if (b->list.lost)
		hg_xmpp_carry_fail(s, b, "the server has lost it");
	if (!all)
		end(s, b);
	else if (hg_xmpp_blocked_count(&b->list, HG_XMPP_BLOCK_HERE) ||
		hg_xmpp_blocked_count(&b->list, HG_XMPP_UNBLOCK_HERE))
		change_here(s, b, blocked ? blocked->version : 0);
	else
		go_there(s, b);
}

/* Were all requests of that kind answered? */
static bool are_heard(const struct hg_xmpp_blocks *b, int which)
{
	for (size_t i = which ? b->parts[0] + 1 : 1; i <= b->parts[0] + (which ? b->parts[1] : 0);
		i++)
		if (!(b->heard >> i & 1))
			return false;
	return true;
}

void hg_xmpp_carry_late(struct hg_xmpp_stream *s, struct hg_xmpp_blocks *b, int64_t now)
{
	if (now - b->at <= HG_XMPP_BLOCKS_ANSWER_MS)
		return;
	b->at = now;
	if (b->stage == HG_XMPP_BLOCKS_READING) {
		on_list(s, b, NULL);
	} else if (b->stage == HG_XMPP_BLOCKS_THERE) {
		for (int which = 0; which < 2; which++)
			b->failed[which] |= !are_heard(b, which);
		finish_there(s, b);
	}
}

/* ---- answers ---- */

static void on_there(struct hg_xmpp_stream *s, struct hg_xmpp_blocks *b, uint32_t i, bool good)
{
	b->heard |= UINT64_C(1) << i;
	b->failed[i > b->parts[0]] |= !good;
	if (++b->answered == b->parts[0] + b->parts[1])
		finish_there(s, b);
}

bool hg_xmpp_blocks_answer(
	struct hg_xmpp_stream *s, xmpp_stanza_t *iq, const struct hg_xmpp_ends *e)
{
	struct hg_xmpp_blocks *b = e->from_resource.n ? NULL : hg_xmpp_blocks_find(s, e->from_addr);
	xmpp_stanza_t *answer = hg_xmpp_answered_as(iq);
	uint32_t i;

	if (!b || !hg_xmpp_read_id(hg_xmpp_attribute(iq, "id"), "block", b->number, &i))
		return false;
	if (!hg_xmpp_blocks_holds(s, b))
		return true;
	b->at = s->xmpp->host->now(s->xmpp->core).mono;
	if (b->stage == HG_XMPP_BLOCKS_READING && !i) {
		on_list(s, b,
			answer ? xmpp_stanza_get_child_by_ns(answer, HG_XMPP_NS_BLOCKING) : NULL);
		return true;
	}
	if (b->stage != HG_XMPP_BLOCKS_THERE || !i || i > b->parts[0] + b->parts[1] ||
		b->heard >> i & 1)
		return false;
	on_there(s, b, i, answer);
	return true;
}

/* What cannot be done here stays as it was, and is no reason not to do what is to be done there. */
static void on_here(struct hg_xmpp_stream *s, struct hg_xmpp_blocks *b, const struct hg_answer *a)
{
	if (a->verdict == HG_CONFLICT) {
		b->wanted = true;
		end(s, b);
		return;
	}
	if (a->verdict != HG_OK)
		hg_xmpp_carry_fail(s, b, a->reason);
	for (int did = HG_XMPP_BLOCK_HERE; a->verdict == HG_OK && did <= HG_XMPP_UNBLOCK_HERE;
		did++) {
		b->did[did] = hg_xmpp_blocked_count(&b->list, did);
		hg_xmpp_blocked_settle(&b->list, did);
	}
	go_there(s, b);
}

static void on_answer(struct hg_xmpp_stream *s, struct hg_xmpp_blocks *b, const struct hg_answer *a)
{
	if (b->stage == HG_XMPP_BLOCKS_HERE) {
		on_here(s, b, a);
		return;
	}
	if (a->verdict != HG_OK)
		hg_xmpp_carry_fail(s, b, a->reason);
	if (b->stage == HG_XMPP_BLOCKS_REMEMBER_HERE && a->verdict == HG_OK)
		change_there(s, b);
	else
		end(s, b);
}

void hg_xmpp_blocks_answered(struct hg_xmpp *x, uint64_t cookie, const struct hg_answer *a)
{
	for (size_t i = 0; i < x->nstreams; i++) {
		struct hg_xmpp_stream *s = x->stream[i];
		struct hg_xmpp_blocks *b;

		DL_FOREACH (s->blocks_busy, b) {
			bool asked = b->stage == HG_XMPP_BLOCKS_HERE ||
				b->stage == HG_XMPP_BLOCKS_REMEMBER_HERE ||
				b->stage == HG_XMPP_BLOCKS_REMEMBER_THERE;

			if (!asked || b->number != cookie)
				continue;
			if (hg_xmpp_blocks_holds(s, b))
				on_answer(s, b, a);
			return;
		}
	}
}
