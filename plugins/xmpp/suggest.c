/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A user's contacts for the roster of his account elsewhere: which, and how they are written. Suggested to his client
 * (XEP-0144), which asks him what becomes of them, or put there by roster.c where his server lets us.
 */
#include "plugins/xmpp/linked.h"

#include <stdlib.h>

#define NS_ROSTERX "http://jabber.org/protocol/rosterx"

enum { ACCOUNTS_MAX = 16 };

struct list {
	struct hg_xmpp *x;
	hg_addr own[1 + ACCOUNTS_MAX]; /* himself is no contact of his */
	size_t nown;
	struct hg_self self;
};

static bool is_own(const struct list *l, hg_addr addr)
{
	for (size_t i = 0; i < l->nown; i++)
		if (l->own[i] == addr)
			return true;
	return false;
}

/* "1 3": those that have names of his; who is in no other group is in the first one. */
static void add_groups(const struct list *l, struct hg_str ids, struct hg_buf *b)
{
	struct hg_str id;

	while (hg_str_token(&ids, ' ', &id)) {
		uint32_t number;

		if (!hg_str_u32(id, &number) || number == HG_GROUP_OTHER)
			continue;
		for (size_t i = 0; i < l->self.ngroups; i++) {
			const struct hg_group *g = &l->self.group[i];

			if (g->id != number || g->gone)
				continue;
			hg_buf_adds(b, "<group>");
			hg_buf_add_xml(b, hg_bytes_str(g->name));
			hg_buf_adds(b, "</group>");
		}
	}
}

static void add_item(
	const struct list *l, const struct hg_contact *k, struct hg_xmpp_suggestions *to)
{
	struct hg_buf jid = { 0 }, *b = &to->text;
	struct hg_xmpp_suggestion item = { .from = b->n };

	l->x->host->write_jid(l->x->core, k->addr, &jid);
	item.jid = hg_str_hash(hg_buf_str(&jid));
	hg_xmpp_attr(b, "jid", hg_buf_str(&jid));
	if (k->name && k->name->n)
		hg_xmpp_attr(b, "name", hg_bytes_str(k->name));
	hg_buf_addc(b, '>');
	add_groups(l, hg_bytes_str(k->groups), b);
	hg_buf_adds(b, "</item>");
	hg_buf_done(&jid);
	item.to = b->n;
	hg_grow(&to->v, &to->cap, to->n, sizeof(*to->v));
	to->v[to->n++] = item;
}

void hg_xmpp_suggestions(struct hg_xmpp *x, hg_addr person, struct hg_xmpp_suggestions *ret)
{
	struct list l = { .x = x, .own = { person }, .nown = 1 };
	size_t n = x->host->accounts(x->core, person, l.own + 1, ACCOUNTS_MAX);

	*ret = (struct hg_xmpp_suggestions){ .n = 0 };
	l.nown += n < ACCOUNTS_MAX ? n : ACCOUNTS_MAX;
	if (!x->host->own(x->core, person, &l.self))
		return;
	for (size_t i = 0; i < l.self.ncontacts; i++) {
		const struct hg_contact *k = &l.self.contact[i];

		if (!k->gone && !is_own(&l, k->addr))
			add_item(&l, k, ret);
	}
}

void hg_xmpp_suggestions_done(struct hg_xmpp_suggestions *l)
{
	hg_buf_done(&l->text);
	free(l->v);
	*l = (struct hg_xmpp_suggestions){ .n = 0 };
}

struct hg_str hg_xmpp_suggested(const struct hg_xmpp_suggestions *l, size_t i)
{
	return (struct hg_str){ l->text.p + l->v[i].from, l->v[i].to - l->v[i].from };
}

static void send(struct hg_xmpp_stream *s, struct hg_str to, struct hg_buf *items)
{
	struct hg_buf *b = &s->out;

	if (!items->n)
		return;
	hg_buf_adds(b, "<message");
	hg_xmpp_attr(b, "from", hg_str(s->domain));
	hg_xmpp_attr(b, "to", to);
	hg_buf_adds(b, "><x xmlns='" NS_ROSTERX "'>");
	hg_buf_add(b, hg_buf_str(items));
	hg_buf_adds(b, "</x></message>");
	hg_buf_reset(items);
}

size_t hg_xmpp_suggest(struct hg_xmpp_stream *s, struct hg_str to,
	const struct hg_xmpp_suggestions *l, bool refused)
{
	struct hg_buf items = { 0 };
	size_t told = 0;

	for (size_t i = 0; i < l->n; i++) {
		if (refused && !l->v[i].refused)
			continue;
		hg_buf_adds(&items, "<item action='add'");
		hg_buf_add(&items, hg_xmpp_suggested(l, i));
		told++;
		if (items.n > HG_XMPP_TEXTS_MAX)
			send(s, to, &items);
	}
	send(s, to, &items);
	hg_buf_done(&items);
	return told;
}
