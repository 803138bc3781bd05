/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whom a user blocks, and whom the block list of her account elsewhere has: what was the same on both sides when they were
 * compared last, and what has to be done so that they are the same again. What differs from last time was changed there,
 * and crosses once; what is remembered is so little that it says only this.
 */
#include "plugins/xmpp/linked.h"

#include <stdlib.h>

enum { HERE = HG_XMPP_BLOCKED_HERE, THERE = HG_XMPP_BLOCKED_THERE };
enum { LAST = HG_XMPP_BLOCKED_LAST, THEIRS = HG_XMPP_BLOCKED_THEIRS };
enum { SENT = HG_XMPP_BLOCKED_SENT, REMEMBERED = LAST | THEIRS | SENT };

enum { MANY = 10 }; /* so many are not taken back one by one */

void hg_xmpp_blocked_add(struct hg_xmpp_blocked_list *l, hg_addr addr, unsigned is)
{
	hg_grow(&l->v, &l->cap, l->n, sizeof(*l->v));
	l->v[l->n++] = (struct hg_xmpp_blocked){ .addr = addr, .is = is };
}

void hg_xmpp_blocked_done(struct hg_xmpp_blocked_list *l)
{
	free(l->v);
	*l = (struct hg_xmpp_blocked_list){ .n = 0 };
}

static int compare(const void *a, const void *b)
{
	const struct hg_xmpp_blocked *x = a, *y = b;

	return (x->addr > y->addr) - (x->addr < y->addr);
}

/* `partial`: who is not seen there may be there all the same. */
static enum hg_xmpp_block next(unsigned is, bool partial)
{
	bool known = is & (LAST | SENT);

	switch (is & (HERE | THERE)) {
	case HERE:
		if (!(is & LAST))
			return HG_XMPP_BLOCK_THERE;
		/* what she has blocked here stays so, whatever she does there */
		return is & THEIRS && !partial ? HG_XMPP_UNBLOCK_HERE : HG_XMPP_LEAVE;
	case THERE:
		if (known)
			return HG_XMPP_UNBLOCK_THERE;
		return partial ? HG_XMPP_LEAVE : HG_XMPP_BLOCK_HERE;
	case 0:
		return known && partial ? HG_XMPP_UNBLOCK_THERE : HG_XMPP_LEAVE;
	default:
		return HG_XMPP_LEAVE;
	}
}

static unsigned after(unsigned is, enum hg_xmpp_block did)
{
	switch (did) {
	case HG_XMPP_BLOCK_HERE:
		return HERE | THERE | LAST | THEIRS;
	case HG_XMPP_BLOCK_THERE:
		return HERE | THERE | LAST;
	case HG_XMPP_UNBLOCK_HERE:
	case HG_XMPP_UNBLOCK_THERE:
		return 0;
	default: /* nothing was to be done */
		return is & HERE && is & THERE ? (is | LAST) & ~(unsigned)SENT : is & HERE ? is : 0;
	}
}

void hg_xmpp_blocked_settle(struct hg_xmpp_blocked_list *l, enum hg_xmpp_block did)
{
	for (size_t i = 0; i < l->n; i++) {
		struct hg_xmpp_blocked *k = &l->v[i];
		unsigned was = k->is;

		if (k->next != did)
			continue;
		k->is = after(was, did);
		k->next = HG_XMPP_LEAVE;
		l->changed |= (was ^ k->is) & REMEMBERED;
	}
}

/*
 * A server that cannot read a list may say that it is empty (Prosody's mod_blocklist does). So what comes from there is not
 * taken back when nothing, or the least part of much, is left there; from then on it is hers. One that she takes back is one.
 */
static void look_for_loss(struct hg_xmpp_blocked_list *l)
{
	size_t gone = hg_xmpp_blocked_count(l, HG_XMPP_UNBLOCK_HERE), there = 0, still = 0;

	for (size_t i = 0; i < l->n; i++) {
		there += (l->v[i].is & THERE) != 0;
		still += l->v[i].is & THERE && l->v[i].is & THEIRS;
	}
	if (gone < 2 || (there && (gone < MANY || gone <= still)))
		return;
	l->lost = l->changed = true;
	for (size_t i = 0; i < l->n; i++) {
		if (l->v[i].next != HG_XMPP_UNBLOCK_HERE)
			continue;
		l->v[i].is &= ~(unsigned)THEIRS;
		l->v[i].next = HG_XMPP_LEAVE;
	}
}

void hg_xmpp_blocked_compare(struct hg_xmpp_blocked_list *l)
{
	size_t n = 0;

	if (l->n)
		qsort(l->v, l->n, sizeof(*l->v), compare);
	for (size_t i = 0; i < l->n; i++) {
		if (n && l->v[n - 1].addr == l->v[i].addr)
			l->v[n - 1].is |= l->v[i].is;
		else
			l->v[n++] = l->v[i];
	}
	l->n = n;
	for (size_t i = 0; i < n; i++)
		l->v[i].next = next(l->v[i].is, l->partial);
	look_for_loss(l);
	hg_xmpp_blocked_settle(l, HG_XMPP_LEAVE);
}

size_t hg_xmpp_blocked_count(const struct hg_xmpp_blocked_list *l, enum hg_xmpp_block what)
{
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++)
		n += l->v[i].next == what;
	return n;
}

void hg_xmpp_blocked_intend(struct hg_xmpp_blocked_list *l)
{
	for (size_t i = 0; i < l->n; i++) {
		if (l->v[i].next != HG_XMPP_BLOCK_THERE || l->v[i].is & SENT)
			continue;
		l->v[i].is |= SENT;
		l->changed = true;
	}
}

/* ---- from one process to the next: a line each, a mark before the address ---- */

static const struct {
	char mark;
	unsigned is;
} marks[] = { { '<', LAST | THEIRS }, { '=', LAST }, { '>', SENT } };

enum { MARKS = sizeof(marks) / sizeof(marks[0]) };

void hg_xmpp_blocked_read(struct hg_xmpp *x, struct hg_str memo, struct hg_xmpp_blocked_list *to)
{
	struct hg_str line;

	while (hg_str_token(&memo, '\n', &line)) {
		unsigned is = 0;
		hg_addr addr;

		for (int i = 0; line.n > 1 && i < MARKS; i++)
			is |= marks[i].mark == line.p[0] ? marks[i].is : 0;
		addr = is ? hg_xmpp_address(x, (struct hg_str){ line.p + 1, line.n - 1 }) : 0;
		if (addr)
			hg_xmpp_blocked_add(to, addr, is);
	}
}

void hg_xmpp_blocked_write(
	struct hg_xmpp *x, const struct hg_xmpp_blocked_list *l, struct hg_buf *memo)
{
	for (size_t i = 0; i < l->n; i++) {
		unsigned is = l->v[i].is & REMEMBERED;
		int m = 0;

		while (m < MARKS && marks[m].is != is)
			m++;
		if (m == MARKS)
			continue;
		hg_buf_addc(memo, marks[m].mark);
		x->host->write_jid(x->core, l->v[i].addr, memo);
		hg_buf_addc(memo, '\n');
	}
}

size_t hg_xmpp_blocked_most(struct hg_xmpp *x, const struct hg_xmpp_blocked_list *l)
{
	struct hg_buf jid = { 0 };
	size_t most = 0;

	for (size_t i = 0; i < l->n; i++) {
		const struct hg_xmpp_blocked *k = &l->v[i];

		if (!(k->is & (HERE | REMEMBERED)) && k->next != HG_XMPP_BLOCK_HERE)
			continue;
		hg_buf_reset(&jid);
		x->host->write_jid(x->core, k->addr, &jid);
		most += jid.n + 2; /* its mark, and the end of the line */
	}
	hg_buf_done(&jid);
	return most;
}
