/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What somebody is told instead of a presence: an error about the presentity, from the one side of the border to the watcher on
 * the other. It changes no watch (RFC 6121 3), and is passed on once. Only who is behind a route can be told so: a home user's
 * clients are shown who is not there.
 */

#include "bridge/mirror/core.h"

void hg_core_error(struct hg_core *c, hg_lane id, const struct hg_pair *pair,
	const struct hg_xmpp_error *e, hg_addr instead)
{
	struct hg_lane_obj *l = hg_lane_find(c, id);
	struct hg_watch_obj *w = hg_watch_find(c, pair->watcher, pair->presentity);

	if (!l || !w || !w->is_in || !hg_lane_may(c, l, pair->presentity, pair->watcher) ||
		(w->auth.out != HG_AUTH_GRANTED && w->auth.out != HG_AUTH_PENDING))
		return;
	hg_grow(&c->error, &c->errors_cap, c->nerrors, sizeof(*c->error));
	c->error[c->nerrors++] = (struct hg_error_call){ w->id, *e, instead };
	hg_core_wake(c);
}

static void pass_on(struct hg_core *c, const struct hg_error_call *call)
{
	struct hg_watch_obj *w;
	struct hg_lane_obj *l;

	HASH_FIND(hh_id, c->watches_by_id, &call->watch, sizeof(call->watch), w);
	l = w && w->auth.in != HG_AUTH_NONE ? hg_watch_in_lane(c, w) : NULL;
	if (!l || !l->up || !l->adapter->error)
		return;
	struct hg_pair pair = hg_watch_pair(w);

	c->down++;
	l->adapter->error(l->self, l->id, &pair, &call->error, call->instead);
	c->down--;
}

bool hg_errors_run(struct hg_core *c)
{
	bool any = c->nerrors > 0;

	/* What an adapter says from within one is not about this list: faces and edges are. */
	for (size_t i = 0; i < c->nerrors; i++) {
		struct hg_error_call call = c->error[i];

		pass_on(c, &call);
	}
	c->nerrors = 0;
	return any;
}
