/* SPDX-License-Identifier: Apache-2.0 */
/* Questions of people behind a route: what they are shown, when they ask and not when it changes. */

#include "bridge/mirror/core.h"

/* While a commit is under way after which he may see less, he sees nothing. */
static bool may_look(struct hg_core *c, const struct hg_watch_obj *w)
{
	if (hg_watch_held(w) && !HG_PLANTED(HG_BUG_LOOK_NOT_HELD))
		return false;
	return hg_watch_standing(c, w) == HG_KNOWN &&
		(hg_watch_container(w) != HG_C_BLOCKED || HG_PLANTED(HG_BUG_LOOK_SHOWS_BLOCKED));
}

static bool watches(struct hg_core *c, const struct hg_pair *pair)
{
	const struct hg_watch_obj *w = hg_watch_find(c, pair->watcher, pair->presentity);

	return w && w->auth.in != HG_AUTH_NONE;
}

static void make(struct hg_core *c, const struct hg_watch_obj *w, hg_part part, struct hg_view *ret)
{
	struct hg_outlet_obj o = { .watch = (struct hg_watch_obj *)w };
	enum hg_standing standing;
	hg_viewid view;

	if (HG_PLANTED(HG_BUG_LOOK_OF_ANOTHER) && w->presentity->watcher)
		o.watch = w->presentity->watcher;
	view = hg_view_id(c, &o, &standing);
	hg_view_make(c, &o, view, standing, part, ret);
}

bool hg_core_look(struct hg_core *c, hg_lane id, const struct hg_pair *pair, hg_part part,
	struct hg_view *ret)
{
	struct hg_lane_obj *l = hg_lane_find(c, id);
	struct hg_person *p = hg_person_find(c, pair->presentity);
	struct hg_watch_obj w;

	if (!l || !hg_lane_may(c, l, pair->watcher, pair->presentity) || !p || !p->exists)
		return false;
	/* Else whoever asks for one address after the other finds out who is there, and nobody is told of him. */
	if (c->env.policy.hide_users && !watches(c, pair))
		return false;
	w = hg_watch_as_if(c, pair->watcher, p);
	if (!may_look(c, &w))
		return false;
	make(c, &w, part, ret);
	return true;
}

bool hg_core_shown(
	struct hg_core *c, hg_addr watcher, hg_addr person, hg_part part, struct hg_view *ret)
{
	struct hg_person *p = hg_person_find(c, person);
	struct hg_watch_obj w;

	if (!p || !p->exists)
		return false;
	w = hg_watch_as_if(c, watcher, p);
	make(c, &w, part, ret);
	return true;
}

/* ---- accounts, and how many there are ---- */

hg_addr hg_core_linked_to(struct hg_core *c, hg_addr account)
{
	const struct hg_link_obj *k = hg_link_find(c, account);

	return k ? k->person->addr : 0;
}

size_t hg_core_accounts(struct hg_core *c, hg_addr person, hg_addr *ret, size_t cap)
{
	const struct hg_link_obj *k;
	size_t n = 0;

	for (k = c->links; k; k = k->hh.next) {
		if (k->person->addr != person)
			continue;
		if (n < cap)
			ret[n] = k->addr;
		n++;
	}
	return n;
}

struct hg_totals hg_core_totals(struct hg_core *c)
{
	const struct hg_person *p;
	struct hg_totals t = { 0 };

	for (p = c->persons; p; p = p->hh.next) {
		t.users += p->exists;
		t.online += p->exists && p->nendpoints;
	}
	return t;
}
