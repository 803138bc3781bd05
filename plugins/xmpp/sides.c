/* SPDX-License-Identifier: Apache-2.0 */
/* Whom a user blocks here, and whom the list of her account has: what is compared. */
#include "plugins/xmpp/blocks.h"

#include <string.h>

/* Neither she herself nor an account of hers. */
static bool is_somebody_else(struct hg_xmpp *x, const struct hg_xmpp_blocks *b, hg_addr addr)
{
	return addr && addr != b->person && x->host->linked_to(x->core, addr) != b->person;
}

/* Of the list there people alone, no domains and no single clients. How many there were. */
static size_t add_there(struct hg_xmpp *x, struct hg_xmpp_blocks *b, xmpp_stanza_t *list)
{
	size_t n = 0;

	for (xmpp_stanza_t *i = xmpp_stanza_get_children(list); i; i = xmpp_stanza_get_next(i)) {
		struct hg_str jid = xmpp_stanza_is_tag(i) ? hg_xmpp_attribute(i, "jid")
							  : HG_STR_NONE;
		hg_addr addr;

		if (!jid.n || !memchr(jid.p, '@', jid.n) || memchr(jid.p, '/', jid.n))
			continue;
		addr = ++n <= HG_XMPP_BLOCKED_MAX ? hg_xmpp_address(x, jid) : 0;
		if (is_somebody_else(x, b, addr))
			hg_xmpp_blocked_add(&b->list, addr, HG_XMPP_BLOCKED_THERE);
	}
	return n;
}

static size_t add_here(
	struct hg_xmpp *x, struct hg_xmpp_blocks *b, const struct hg_container *blocked)
{
	size_t n = 0;

	for (size_t i = 0; blocked && i < blocked->n; i++) {
		const struct hg_member *m = &blocked->member[i];

		if (m->type != HG_MEMBER_USER || !is_somebody_else(x, b, m->addr))
			continue;
		hg_xmpp_blocked_add(&b->list, m->addr, HG_XMPP_BLOCKED_HERE);
		n++;
	}
	return n;
}

const struct hg_container *hg_xmpp_blocked_of(const struct hg_self *self)
{
	for (size_t i = 0; i < self->ncontainers; i++)
		if (self->container[i].id == HG_C_BLOCKED)
			return &self->container[i];
	return NULL;
}

/* What is too long to be looked at, or to be remembered, cannot be taken over; what she does here can still be told there. */
bool hg_xmpp_sides(struct hg_xmpp *x, struct hg_xmpp_blocks *b, xmpp_stanza_t *list,
	const struct hg_container *blocked)
{
	struct hg_xmpp_blocked_list *l = &b->list;

	hg_xmpp_blocked_done(l);
	l->partial = add_there(x, b, list) > HG_XMPP_BLOCKED_MAX;
	if (add_here(x, b, blocked) > HG_XMPP_BLOCKED_MAX)
		return false;
	hg_xmpp_blocked_read(x, x->host->memo(x->core, b->account), l);
	hg_xmpp_blocked_compare(l);
	if (!l->partial && hg_xmpp_blocked_most(x, l) > HG_MEMO_MAX) {
		l->partial = true;
		hg_xmpp_blocked_compare(l);
	}
	return hg_xmpp_blocked_most(x, l) <= HG_MEMO_MAX;
}
