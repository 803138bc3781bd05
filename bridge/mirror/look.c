/* SPDX-License-Identifier: Apache-2.0 */
/* Questions of people behind a route: what they are shown, when they ask and not when it changes. */

#include "bridge/mirror/core.h"

/* While a commit is under way after which he may see less, he sees nothing. */
static bool may_look(struct hg_core *c, const struct hg_watch_obj *w)
{
	return !hg_watch_held(w) && hg_watch_standing(c, w) == HG_KNOWN &&
		hg_watch_container(w) != HG_C_BLOCKED;
}

bool hg_core_look(struct hg_core *c, hg_lane id, const struct hg_pair *pair, hg_part part,
	struct hg_view *ret)
{
	struct hg_lane_obj *l = hg_lane_find(c, id);
	struct hg_person *p = hg_person_find(c, pair->presentity);
	struct hg_watch_obj w;
	struct hg_outlet_obj o = { .watch = &w };
	enum hg_standing standing;
	hg_viewid view;

	if (!l || !hg_lane_may(c, l, pair->watcher, pair->presentity) || !p || !p->exists)
		return false;
	w = hg_watch_as_if(c, pair->watcher, p);
	if (!may_look(c, &w))
		return false;
	view = hg_view_id(c, &o, &standing);
	hg_view_make(c, &o, view, standing, part, ret);
	return true;
}
