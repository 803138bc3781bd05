/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Searches of the directory (EP 4.6): who may search, what he is shown of whom he finds, and the answer. Nobody is found by
 * what he does not show the searcher, and shown with more than his contact card does.
 */

#include "bridge/mirror/core.h"

#include "bridge/address/ids.h"
#include "bridge/presence/card.h"

#include <stdlib.h>
#include <utlist.h>

/* From the request to its answer; what it holds is its own. */
struct hg_search_obj {
	struct hg_core *core;
	hg_addr by;
	hg_lane lane;
	uint64_t cookie;
	struct hg_search what;
	enum hg_verdict verdict;
	bool begun, done;
	struct hg_found *found;
	size_t nfound, cap;
	bool more;
	struct hg_search_obj *next, *prev;
};

static void copy_search(struct hg_search *to, const struct hg_search *from)
{
	struct hg_search_term *term;

	*to = *from;
	if (to->n > HG_SEARCH_TERMS_MAX)
		to->n = HG_SEARCH_TERMS_MAX;
	if (to->max > HG_SEARCH_FOUND_MAX)
		to->max = HG_SEARCH_FOUND_MAX;
	term = hg_alloc((to->n + 1) * sizeof(*term));
	for (size_t i = 0; i < to->n; i++)
		term[i] = (struct hg_search_term){ from->term[i].field,
			{ hg_str_dup(from->term[i].value), from->term[i].value.n } };
	to->term = term;
}

static void search_free(struct hg_core *c, struct hg_search_obj *s)
{
	DL_DELETE(c->search, s);
	for (size_t i = 0; i < s->what.n; i++)
		free((char *)s->what.term[i].value.p);
	free((void *)s->what.term);
	for (size_t i = 0; i < s->nfound; i++) {
		hg_bytes_unref(s->found[i].address);
		hg_card_done(&s->found[i].card);
	}
	free(s->found);
	free(s);
}

/* ---- the core's own directory ---- */

static void add_found(struct hg_core *c, struct hg_search_obj *s, hg_addr addr,
	const struct hg_card *card, uint32_t fields)
{
	struct hg_address a;
	struct hg_buf text = { 0 };
	struct hg_found *f;

	hg_grow(&s->found, &s->cap, s->nfound, sizeof(*s->found));
	f = &s->found[s->nfound++];
	hg_addr_address(c->env.ids, addr, &a);
	hg_address_write_sip(&a, HG_BARE, &text);
	f->address = hg_bytes_new((struct hg_str){ text.p + 4, text.n - 4 }); /* without "sip:" */
	hg_card_copy(&f->card, card, fields);
	hg_buf_done(&text);
}

static uint32_t shown_to(struct hg_core *c, struct hg_person *p, hg_addr watcher)
{
	struct hg_asker asker = hg_core_asker(c, watcher);
	uint32_t own = 0;

	for (size_t i = 0; i < hg_card_nrules && p->addr == watcher; i++)
		own |= hg_card_rules[i].fields;
	return own ? own : hg_card_shown_in(hg_person_container(p, &asker));
}

static bool hit(void *arg, struct hg_person *p)
{
	struct hg_search_obj *s = arg;
	uint32_t shown = shown_to(s->core, p, s->by);

	for (size_t i = 0; i < s->what.n; i++)
		if (s->what.term[i].field < HG_CARD_FIELDS &&
			!(shown & HG_CARD_BIT(s->what.term[i].field)))
			return true;
	s->more = s->nfound == s->what.max;
	if (!s->more)
		add_found(s->core, s, p->addr, hg_person_card(p), shown);
	return !s->more;
}

static void search_own(struct hg_core *c, struct hg_search_obj *s)
{
	hg_directory_find(c, &s->what, hit, s);
	s->done = true;
}

/* ---- another one ---- */

static void answered(
	void *arg, enum hg_verdict verdict, const struct hg_found *found, size_t n, bool more)
{
	struct hg_search_obj *s = arg;

	s->verdict = verdict;
	s->more = more || n > s->what.max;
	for (size_t i = 0; i < n && i < s->what.max; i++) {
		hg_grow(&s->found, &s->cap, s->nfound, sizeof(*s->found));
		s->found[s->nfound].address = hg_bytes_ref(found[i].address);
		hg_card_copy(&s->found[s->nfound].card, &found[i].card, HG_CARD_ALL);
		s->nfound++;
	}
	s->done = true;
	hg_core_wake(s->core);
}

/* ---- from the request to the answer ---- */

static enum hg_verdict may_search(struct hg_core *c, const struct hg_search_obj *s)
{
	if (!hg_person_exists(c, s->by))
		return HG_FORBIDDEN;
	/* Else who is there could be found out, which nothing else tells (design: Consent). */
	return c->env.policy.hide_users ? HG_NOT_FOUND : HG_OK;
}

void hg_search_ask(struct hg_core *c, const struct hg_principal *by, const struct hg_search *what,
	uint64_t cookie)
{
	struct hg_search_obj *s = hg_alloc(sizeof(*s));

	s->core = c;
	s->by = by->addr;
	s->lane = by->lane;
	s->cookie = cookie;
	copy_search(&s->what, what);
	DL_APPEND(c->search, s);
	hg_core_wake(c);
}

static void begin(struct hg_core *c, struct hg_search_obj *s)
{
	s->begun = true;
	s->verdict = may_search(c, s);
	if (s->verdict != HG_OK)
		s->done = true;
	else if (c->env.directory)
		c->env.directory->search(c->env.directory, s->by, &s->what, answered, s);
	else
		search_own(c, s);
	hg_core_count(c, "directory_searches_total");
}

static void answer(struct hg_core *c, struct hg_search_obj *s)
{
	struct hg_lane_obj *l = hg_lane_find(c, s->lane);
	struct hg_answer a = {
		.verdict = s->verdict,
		.reason = s->verdict == HG_NOT_FOUND ? "there is no directory" : "",
		.found = s->found,
		.nfound = s->nfound,
		.more = s->more,
	};

	if (l)
		hg_down_answer(c, l, s->cookie, &a);
	search_free(c, s);
}

bool hg_searches_run(struct hg_core *c)
{
	struct hg_search_obj *s, *tmp;
	bool any = false;

	hg_directory_settle(c);
	DL_FOREACH_SAFE (c->search, s, tmp) {
		if (!s->begun)
			begin(c, s);
		if (!s->done)
			continue;
		any = true;
		answer(c, s);
	}
	return any;
}

void hg_searches_drop(struct hg_core *c)
{
	while (c->search)
		search_free(c, c->search);
}
