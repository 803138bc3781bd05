/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A user's contacts into the roster of an account of his own, because he has asked for it and his server lets us (XEP-0356):
 * what is not there already, one after the other. What is there stays as he has it. What his server refuses is suggested to
 * his client instead, like everything where we may not.
 */
#include "plugins/xmpp/linked.h"

#include <stdlib.h>
#include <string.h>

enum {
	FILLS_MAX = 16,    /* at a time */
	ANSWER_MS = 60000, /* a server that is silent for longer is given up */
	AHEAD = 16         /* items that are not answered yet */
};

struct hg_xmpp_fill {
	struct hg_xmpp_fill *next;
	uint32_t number; /* in the ids of its questions */
	hg_addr person, account;
	char *asker, *bare; /* who asked, full; his account */
	int64_t at;         /* mono ms of the last answer */
	bool known;         /* what is in the roster */
	struct hg_xmpp_suggestions items;
	size_t sent, answered, there, refused;
};

static void drop(struct hg_xmpp_stream *s, struct hg_xmpp_fill *f)
{
	struct hg_xmpp_fill **at = &s->fill;

	while (*at != f)
		at = &(*at)->next;
	*at = f->next;
	hg_xmpp_suggestions_done(&f->items);
	free(f->asker);
	free(f->bare);
	free(f);
}

void hg_xmpp_rosters_forget(struct hg_xmpp_stream *s)
{
	while (s->fill)
		drop(s, s->fill);
}

/* Of that account; those whose servers have fallen silent are dropped. */
static struct hg_xmpp_fill *find(
	struct hg_xmpp_stream *s, hg_addr account, int64_t now, size_t *ret_n)
{
	struct hg_xmpp_fill *found = NULL, *next;

	*ret_n = 0;
	for (struct hg_xmpp_fill *f = s->fill; f; f = next) {
		next = f->next;
		if (now - f->at > ANSWER_MS) {
			drop(s, f);
			continue;
		}
		(*ret_n)++;
		found = f->account == account ? f : found;
	}
	return found;
}

static void ask(struct hg_xmpp_stream *s, const struct hg_xmpp_fill *f, const char *type, size_t i)
{
	struct hg_buf id = { 0 };

	hg_xmpp_add_id(&id, "roster", f->number, i);
	hg_xmpp_ask(&s->out, type, hg_str(s->domain), hg_str(f->bare), hg_buf_str(&id));
	hg_buf_done(&id);
	hg_buf_adds(&s->out, "<query xmlns='jabber:iq:roster'>");
}

bool hg_xmpp_roster_fill(const struct hg_xmpp_iq *q, hg_addr person)
{
	struct hg_xmpp_stream *s = q->s;
	const unsigned both = HG_XMPP_MAY_GET_ROSTER | HG_XMPP_MAY_SET_ROSTER;
	int64_t now = s->xmpp->host->now(s->xmpp->core).mono;
	struct hg_xmpp_fill *f;
	size_t n;

	if ((hg_xmpp_may(s, q->ends->from_addr) & both) != both)
		return false;
	if (find(s, q->ends->from_addr, now, &n))
		return true;
	if (n >= FILLS_MAX)
		return false;
	f = hg_alloc(sizeof(*f));
	f->next = s->fill;
	s->fill = f;
	f->number = s->xmpp->host->random(s->xmpp->core);
	f->person = person;
	f->account = q->ends->from_addr;
	f->asker = hg_str_dup(q->ends->from);
	f->bare = hg_str_dup(hg_xmpp_bare(q->ends->from));
	f->at = now;
	ask(s, f, "get", 0);
	hg_buf_adds(&s->out, "</query></iq>");
	return true;
}

/* ---- what is there already ---- */

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* The hashes of the JIDs of a roster, sorted; for free. */
static uint64_t *read_roster(xmpp_stanza_t *query, size_t *ret_n)
{
	uint64_t *jid = NULL;
	size_t n = 0, cap = 0;

	for (xmpp_stanza_t *i = query ? xmpp_stanza_get_children(query) : NULL; i;
		i = xmpp_stanza_get_next(i)) {
		if (!xmpp_stanza_is_tag(i) || strcmp(xmpp_stanza_get_name(i), "item") != 0)
			continue;
		hg_grow(&jid, &cap, n, sizeof(*jid));
		jid[n++] = hg_str_hash(hg_xmpp_attribute(i, "jid"));
	}
	if (n)
		qsort(jid, n, sizeof(*jid), compare);
	*ret_n = n;
	return jid;
}

static void leave_out(struct hg_xmpp_fill *f, xmpp_stanza_t *query)
{
	struct hg_xmpp_suggestions *l = &f->items;
	size_t n, kept = 0;
	uint64_t *there = read_roster(query, &n);

	for (size_t i = 0; i < l->n; i++) {
		if (n && bsearch(&l->v[i].jid, there, n, sizeof(*there), compare))
			f->there++;
		else
			l->v[kept++] = l->v[i];
	}
	l->n = kept;
	free(there);
}

/* ---- one after the other ---- */

static void end(struct hg_xmpp_stream *s, struct hg_xmpp_fill *f)
{
	hg_xmpp_suggest(s, hg_str(f->asker), &f->items, true);
	hg_log(HG_INFO, "roster-filled", "account=%s put=%zu there=%zu refused=%zu",
		hg_log_text(hg_str(f->bare)), f->items.n - f->refused, f->there, f->refused);
	drop(s, f);
}

static void go_on(struct hg_xmpp_stream *s, struct hg_xmpp_fill *f)
{
	while (f->sent < f->items.n && f->sent - f->answered < AHEAD) {
		ask(s, f, "set", ++f->sent);
		hg_buf_adds(&s->out, "<item");
		hg_buf_add(&s->out, hg_xmpp_suggested(&f->items, f->sent - 1));
		hg_buf_adds(&s->out, "</query></iq>");
	}
	if (f->answered == f->items.n)
		end(s, f);
}

static void refuse(struct hg_xmpp_fill *f, size_t i)
{
	f->items.v[i].refused = true;
	f->refused++;
}

static void on_roster(struct hg_xmpp_stream *s, struct hg_xmpp_fill *f, xmpp_stanza_t *query)
{
	f->known = true;
	hg_xmpp_suggestions(s->xmpp, f->person, &f->items);
	if (query) {
		leave_out(f, query);
		go_on(s, f);
		return;
	}
	for (size_t i = 0; i < f->items.n; i++)
		refuse(f, i);
	end(s, f);
}

bool hg_xmpp_roster_answer(
	struct hg_xmpp_stream *s, xmpp_stanza_t *iq, const struct hg_xmpp_ends *e)
{
	struct hg_str id = hg_xmpp_attribute(iq, "id");
	bool result = hg_str_is(hg_xmpp_attribute(iq, "type"), "result");
	struct hg_xmpp_fill *f = s->fill;
	uint32_t i = 0;

	while (f && (f->account != e->from_addr || !hg_xmpp_read_id(id, "roster", f->number, &i)))
		f = f->next;
	if (!f || e->from_resource.n)
		return false;
	f->at = s->xmpp->host->now(s->xmpp->core).mono;
	if (!i && !f->known) {
		xmpp_stanza_t *query = xmpp_stanza_get_child_by_ns(iq, "jabber:iq:roster");

		on_roster(s, f, result ? query : NULL);
		return true;
	}
	if (!i || i > f->sent || f->items.v[i - 1].answered)
		return false;
	f->items.v[i - 1].answered = true;
	f->answered++;
	if (!result)
		refuse(f, i - 1);
	go_on(s, f);
	return true;
}
