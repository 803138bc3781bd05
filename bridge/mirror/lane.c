/* SPDX-License-Identifier: Apache-2.0 */
/* Lanes: ordered ways to peers, and what their coming and going does to what passes over them. */

#include "bridge/mirror/core.h"

#include "bridge/address/ids.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

/* Probes go out in ten batches a second. */
enum { PACE_MS = 100, PACE_BATCHES = 10 };

struct hg_lane_obj *hg_lane_find(struct hg_core *c, hg_lane id)
{
	struct hg_lane_obj *l;

	HASH_FIND(hh, c->lanes, &id, sizeof(id), l);
	return l;
}

static bool among(const hg_addr *v, size_t n, hg_addr domain)
{
	for (size_t i = 0; i < n; i++)
		if (v[i] == domain)
			return true;
	return n == 0;
}

static hg_addr *copy(const hg_addr *v, size_t n)
{
	hg_addr *r = hg_alloc((n + 1) * sizeof(*r));

	for (size_t i = 0; i < n; i++)
		r[i] = v[i];
	return r;
}

hg_addr hg_lane_name(const struct hg_lane_obj *l)
{
	return l->ndomains ? l->domain[0] : l->nbeyond ? l->beyond[0] : 0;
}

struct hg_lane_obj *hg_lane_between(struct hg_core *c, hg_addr local, hg_addr remote)
{
	struct hg_where where = hg_core_where(c, remote);
	hg_addr here = hg_addr_domain(c->env.ids, local);
	hg_addr there = hg_addr_domain(c->env.ids, remote);
	struct hg_lane_obj *l;

	if (where.kind != HG_WHERE_ROUTE)
		return NULL;
	DL_FOREACH2 (c->route_lanes, l, rnext)
		if (l->route == where.route && among(l->domain, l->ndomains, here) &&
			among(l->beyond, l->nbeyond, there))
			return l;
	return NULL;
}

void hg_lane_adopt(struct hg_core *c, struct hg_watch_obj *w)
{
	struct hg_lane_obj *l = hg_watch_in_lane(c, w);
	hg_part part[1 + HG_LANE_PARTS] = { HG_PART_WHOLE };
	struct hg_outlet_obj *o;
	size_t n = 1;

	if (!l || w->outlet || w->auth.in != HG_AUTH_GRANTED)
		return;
	while (n <= HG_LANE_PARTS && l->also[n - 1].part) {
		part[n] = l->also[n - 1].part;
		n++;
	}
	o = hg_outlet_new(c, l, w, NULL, l->format, part, n);
	o->standing = true;
	hg_outlet_dirty(c, o);
}

hg_lane hg_core_lane_open(struct hg_core *c, const struct hg_lane_spec *spec)
{
	struct hg_lane_obj *l = hg_alloc(sizeof(*l));
	struct hg_watch_obj *w, *tmp;

	assert(spec->format < spec->adapter->nformats); /* it may be an adapter from outside */
	for (size_t i = 0; i < HG_LANE_PARTS; i++)
		assert(spec->also[i].format < spec->adapter->nformats);
	l->id = hg_core_new_id(c);
	l->adapter = spec->adapter;
	l->self = spec->self;
	l->route = spec->route;
	l->format = spec->format;
	memcpy(l->also, spec->also, sizeof(l->also));
	l->in_order = spec->in_order;
	l->unasked = spec->unasked;
	l->domain = copy(spec->domain, spec->ndomains);
	l->ndomains = spec->ndomains;
	l->beyond = copy(spec->beyond, spec->nbeyond);
	l->nbeyond = spec->nbeyond;
	l->directed = spec->directed;
	HASH_ADD(hh, c->lanes, id, sizeof(l->id), l);
	if (!l->route) {
		l->up = l->settled = true;
		return l->id;
	}
	DL_APPEND2(c->route_lanes, l, rprev, rnext);
	HASH_ITER (hh, c->watches, w, tmp)
		hg_lane_adopt(c, w);
	return l->id;
}

static void arm(struct hg_core *c, struct hg_lane_obj *l, int64_t *which, int64_t after)
{
	*which = core_now(c).mono + after;
	hg_deadlines_add(&c->deadlines, *which, HG_DUE_LANE, l->id);
}

static void list_to_ask(struct hg_core *c, struct hg_lane_obj *l)
{
	struct hg_watch_obj *w, *tmp;

	l->nask = l->asked = 0;
	HASH_ITER (hh, c->watches, w, tmp) {
		bool out = hg_watch_out_lane(c, w) == l &&
			(w->auth.out == HG_AUTH_GRANTED || w->auth.out == HG_AUTH_PENDING);

		if (out && w->directed) { /* he has not asked, so there is no answer */
			if (!HG_PLANTED(HG_BUG_GIVEN_TO_ALL_FOR_EVER))
				hg_watch_await(c, w);
			out = false;
		}

		if (!out && (!w->owed || hg_watch_in_lane(c, w) != l))
			continue;
		hg_grow(&l->ask, &l->ask_cap, l->nask, sizeof(*l->ask));
		l->ask[l->nask++] = w->id;
	}
}

static void came_up(struct hg_core *c, struct hg_lane_obj *l)
{
	struct hg_outlet_obj *o;

	l->generation++;
	l->settled = false;
	l->grace_at = l->settle_at = 0;
	list_to_ask(c, l);
	arm(c, l, &l->pace_at, 0);
	if (HG_PLANTED(HG_BUG_PROJECTION_SURVIVES_LINK))
		return;
	/* Whatever was in flight may be lost, and the server on the other side may have forgotten
	 * us. */
	DL_FOREACH2 (l->outlet, o, lnext) {
		o->told = false;
		hg_outlet_void(c, o);
	}
}

static void went_down(struct hg_core *c, struct hg_lane_obj *l)
{
	struct hg_watch_obj *w, *tmp;

	l->room = 0;
	l->pace_at = l->settle_at = 0;
	if (!HG_PLANTED(HG_BUG_DIRECTED_OUTLIVES_LINK))
		hg_directed_drop(c, l->id, 0);
	arm(c, l, &l->grace_at, c->env.policy.limits.grace);
	HASH_ITER (hh, c->watches, w, tmp) {
		if (hg_watch_out_lane(c, w) != l)
			continue;
		w->stale = true;
		w->settle_at = 0;
		if (HG_PLANTED(HG_BUG_LINK_LOSS_IS_OFFLINE))
			hg_faces_gone(c, w, HG_STR_NONE);
	}
}

void hg_lane_set_up(struct hg_core *c, struct hg_lane_obj *l, bool up)
{
	if (l->up == up || !l->route)
		return;
	l->up = up;
	hg_core_event(c,
		&(struct hg_event){ .kind = up ? HG_EVENT_LINK_UP : HG_EVENT_LINK_DOWN,
			.other = hg_lane_name(l),
			.adapter = l->adapter->name });
	if (up)
		came_up(c, l);
	else
		went_down(c, l);
	hg_core_wake(c);
}

/* The link has been gone for the grace time: what was known no longer stands. */
static void grace_over(struct hg_core *c, struct hg_lane_obj *l)
{
	struct hg_watch_obj *w, *tmp;

	l->grace_at = 0;
	HASH_ITER (hh, c->watches, w, tmp) {
		if (!w->stale || hg_watch_out_lane(c, w) != l)
			continue;
		hg_watch_forget_faces(c, w);
		hg_watch_dirty(c, w);
		hg_directed_over(c, w);
	}
}

static void ask_some(struct hg_core *c, struct hg_lane_obj *l)
{
	size_t batch = c->env.policy.limits.pace / PACE_BATCHES + 1;

	l->pace_at = 0;
	for (; batch > 0 && l->asked < l->nask; batch--, l->asked++) {
		hg_watch id = l->ask[l->asked];
		struct hg_watch_obj *w;

		HASH_FIND(hh_id, c->watches_by_id, &id, sizeof(id), w);
		if (!w)
			continue;
		if (HG_PLANTED(HG_BUG_FLAP_AT_LINK_UP))
			hg_faces_gone(c, w, HG_STR_NONE);
		hg_watch_send_owed(c, w);
		if (hg_watch_out_lane(c, w) == l && w->auth.out == HG_AUTH_GRANTED)
			hg_watch_ask(c, w);
		else if (hg_watch_out_lane(c, w) == l && w->auth.out == HG_AUTH_PENDING &&
			!HG_PLANTED(HG_BUG_PENDING_NOT_ASKED_AGAIN))
			hg_watch_owe(c, w, HG_SUBSCRIBE); /* again: it may have been lost, and
							     repeats reach nobody */
		else
			hg_watch_release(c, w);
	}
	if (l->asked < l->nask)
		arm(c, l, &l->pace_at, PACE_MS);
	else
		arm(c, l, &l->settle_at, c->env.policy.limits.settle);
}

static void settle(struct hg_core *c, struct hg_lane_obj *l)
{
	struct hg_outlet_obj *o;

	l->settle_at = 0;
	l->settled = true;
	DL_FOREACH2 (l->outlet, o, lnext)
		hg_outlet_dirty(c, o); /* `unavailable` waited for this, see reconcile.c */
}

void hg_lane_due(struct hg_core *c, hg_lane id, int64_t now)
{
	struct hg_lane_obj *l = hg_lane_find(c, id);

	if (!l)
		return;
	if (l->grace_at && l->grace_at <= now)
		grace_over(c, l);
	if (l->pace_at && l->pace_at <= now)
		ask_some(c, l);
	if (l->settle_at && l->settle_at <= now)
		settle(c, l);
}

void hg_lane_close(struct hg_core *c, struct hg_lane_obj *l)
{
	hg_lane_set_up(c, l, false);
	hg_directed_drop(c, l->id, 0);
	while (l->outlet)
		hg_outlet_shut(c, l->outlet);
	while (l->endpoint)
		hg_endpoint_lost(c, l->endpoint);
	if (l->route)
		DL_DELETE2(c->route_lanes, l, rprev, rnext);
	HASH_DELETE(hh, c->lanes, l);
	free(l->domain);
	free(l->beyond);
	free(l->ask);
	free(l);
}
