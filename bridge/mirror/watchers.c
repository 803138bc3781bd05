/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who watches a home person, for himself to see (RFC 3857). Behind a route somebody watches as long as he has not ended it; at
 * home as long as he looks, since his wish is nothing that the presentity is asked about.
 */

#include "bridge/mirror/core.h"

#include "bridge/address/ids.h"

#include <utlist.h>

void hg_watchers_changed(struct hg_core *c, struct hg_person *p)
{
	struct hg_outlet_obj *o;

	if (!p)
		return;
	p->watchers_changed = hg_core_change(c);
	DL_FOREACH (p->self, o)
		if (hg_outlet_part(o, HG_PART_WATCHERS))
			hg_outlet_dirty(c, o);
}

/* false: he does not watch */
static bool is_watching(struct hg_core *c, const struct hg_watch_obj *w, enum hg_watch_state *ret)
{
	bool looks = w->is_in ? w->auth.in != HG_AUTH_NONE : w->outlet != NULL;
	enum hg_standing standing = hg_watch_standing(c, w);

	/* An account of his own is no watcher, nor is he himself. */
	if (w->key.watcher == w->key.presentity || standing == HG_REFUSED)
		return false;
	*ret = standing != HG_PENDING ? HG_WATCH_ACTIVE
		: looks               ? HG_WATCH_PENDING
				      : HG_WATCH_WAITING;
	return looks || (standing == HG_PENDING && w->prompt == HG_PROMPT_OPEN);
}

static struct hg_str name_of(const struct hg_person *p)
{
	const struct hg_bytes *name = p && p->card ? p->card->said.field[HG_CARD_DISPLAY_NAME]
						   : NULL;

	return name ? hg_bytes_str(name) : HG_STR_NONE;
}

static void add(struct hg_core *c, const struct hg_watch_obj *w, enum hg_watch_state how, size_t *n)
{
	struct hg_address a;
	size_t before = c->by_text.n;

	hg_grow(&c->by, &c->by_cap, *n, sizeof(*c->by));
	hg_addr_address(c->env.ids, w->key.watcher, &a);
	hg_address_write_sip(&a, HG_BARE, &c->by_text);
	c->by[(*n)++] = (struct hg_watched_by){ .id = w->id,
		.user.n = c->by_text.n - before,
		.name = name_of(hg_person_find(c, w->key.watcher)),
		.how = how };
}

/* Those who want something of him are not to be cut off by those who do not. false: there are too many */
static bool add_those(struct hg_core *c, const struct hg_person *p, bool active, size_t *n)
{
	const struct hg_watch_obj *w;
	enum hg_watch_state how;

	DL_FOREACH2 (p->watcher, w, pnext) {
		if (!is_watching(c, w, &how) || (how == HG_WATCH_ACTIVE) != active)
			continue;
		if (*n == c->env.policy.limits.watchers)
			return false;
		add(c, w, how, n);
	}
	return true;
}

size_t hg_watchers_list(struct hg_core *c, struct hg_person *p)
{
	const size_t scheme = sizeof("sip:") - 1;
	const char *at;
	size_t n = 0;

	hg_buf_reset(&c->by_text);
	if (!add_those(c, p, false, &n) || !add_those(c, p, true, &n))
		hg_core_count(c, "limit_watchers_total");
	at = c->by_text.p; /* only now, as it has stopped growing */
	for (size_t i = 0; i < n; i++) {
		size_t whole = c->by[i].user.n;

		c->by[i].user = (struct hg_str){ at + scheme, whole - scheme };
		at += whole;
	}
	return n;
}
