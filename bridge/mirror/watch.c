/* SPDX-License-Identifier: Apache-2.0 */
/* Watches: who may see whom, and where that stands. */

#include "bridge/mirror/core.h"

#include "bridge/address/ids.h"

#include <stdlib.h>
#include <utlist.h>

struct hg_watch_obj *hg_watch_find(struct hg_core *c, hg_addr watcher, hg_addr presentity)
{
	struct hg_watch_obj probe = { .key = { watcher, presentity } }, *w;

	HASH_FIND(hh, c->watches, &probe.key, sizeof(probe.key), w);
	return w;
}

bool hg_watch_full(struct hg_core *c)
{
	if (HASH_CNT(hh, c->watches) < c->env.policy.limits.watches)
		return false;
	hg_core_count(c, "limit_watches_total");
	return true;
}

struct hg_asker hg_core_asker(struct hg_core *c, hg_addr watcher)
{
	struct hg_where where = hg_core_where(c, watcher);

	return (struct hg_asker){
		.addr = watcher,
		.domain = hg_addr_domain(c->env.ids, watcher),
		.trust = where.kind == HG_WHERE_HOME ? HG_SAME_ENTERPRISE : where.trust,
	};
}

/* Where both ends live is configured, and does not change while the process runs. */
static void learn_borders(struct hg_core *c, struct hg_watch_obj *w)
{
	w->is_out = !hg_core_is_home(c, w->key.presentity);
	w->is_in = !hg_core_is_home(c, w->key.watcher);
	w->asker = hg_core_asker(c, w->key.watcher);
}

bool hg_watch_wanted(const struct hg_watch_obj *w)
{
	return w && (w->auth.out == HG_AUTH_GRANTED || w->auth.out == HG_AUTH_PENDING);
}

void hg_watch_changed(struct hg_core *c, struct hg_watch_obj *w)
{
	w->changed = hg_core_change(c);
	w->changed_at = core_now(c).utc;
}

struct hg_watch_obj *hg_watch_get(struct hg_core *c, hg_addr watcher, hg_addr presentity,
	struct hg_str wire_watcher, struct hg_str wire_presentity)
{
	struct hg_watch_obj *w = hg_watch_find(c, watcher, presentity);

	if (w)
		return w;
	if (hg_watch_full(c))
		return NULL;
	w = hg_alloc(sizeof(*w));
	w->id = hg_core_new_id(c);
	w->key.watcher = watcher;
	w->key.presentity = presentity;
	w->wire_watcher = hg_bytes_new(wire_watcher);
	w->wire_presentity = hg_bytes_new(wire_presentity);
	w->watcher = hg_person_find(c, watcher);
	w->presentity = hg_person_find(c, presentity);
	w->auth = hg_watch_no_halves(c, watcher, presentity);
	learn_borders(c, w);
	w->unknown = w->is_out;
	hg_watch_changed(c, w);
	HASH_ADD(hh, c->watches, key, sizeof(w->key), w);
	HASH_ADD(hh_id, c->watches_by_id, id, sizeof(w->id), w);
	if (w->watcher)
		DL_APPEND2(w->watcher->watched, w, wprev, wnext);
	if (w->presentity)
		DL_APPEND2(w->presentity->watcher, w, pprev, pnext);
	return w;
}

void hg_watch_free(struct hg_core *c, struct hg_watch_obj *w)
{
	while (w->outlet)
		hg_outlet_end(c, w->outlet);
	hg_watch_forget_faces(c, w);
	c->ndirected -= w->directed;
	HASH_DELETE(hh, c->watches, w);
	HASH_DELETE(hh_id, c->watches_by_id, w);
	if (w->watcher)
		DL_DELETE2(w->watcher->watched, w, wprev, wnext);
	if (w->presentity)
		DL_DELETE2(w->presentity->watcher, w, pprev, pnext);
	hg_watchers_changed(c, w->presentity);
	hg_presence_done(&w->shown);
	hg_bytes_unref(w->wire_watcher);
	hg_bytes_unref(w->wire_presentity);
	free(w->face);
	free(w);
}

void hg_watch_release(struct hg_core *c, struct hg_watch_obj *w)
{
	struct hg_halves none = hg_watch_no_halves(c, w->key.watcher, w->key.presentity);

	if (!w->outlet && !w->owed && !w->prompt && w->auth.out == none.out &&
		w->auth.in == none.in)
		hg_watch_free(c, w);
}

struct hg_halves hg_watch_no_halves(struct hg_core *c, hg_addr watcher, hg_addr presentity)
{
	return (struct hg_halves){
		.out = hg_core_is_home(c, presentity) ? HG_AUTH_GRANTED : HG_AUTH_NONE,
		.in = hg_core_is_home(c, watcher) ? HG_AUTH_GRANTED : HG_AUTH_NONE,
	};
}

/* By the presentity and not watch by watch: who comes while a request is under way is held as well.
 */
bool hg_watch_held(const struct hg_watch_obj *w)
{
	return w->presentity && w->presentity->held;
}

uint16_t hg_watch_container(const struct hg_watch_obj *w)
{
	struct hg_person *p = w->presentity;

	if (w->key.watcher == w->key.presentity)
		return HG_C_FRIENDS; /* the owner, through the watchers' door: nothing is hidden
					from him */
	return hg_person_container(p, &w->asker);
}

struct hg_watch_obj hg_watch_as_if(struct hg_core *c, hg_addr watcher, struct hg_person *p)
{
	const struct hg_watch_obj *w = hg_watch_find(c, watcher, p->addr);
	struct hg_watch_obj r = { .key = { watcher, p->addr },
		.presentity = p,
		.is_in = !hg_core_is_home(c, watcher),
		.asker = hg_core_asker(c, watcher),
		.auth = hg_watch_no_halves(c, watcher, p->addr) };

	if (w)
		r = *w;
	if (w && HG_PLANTED(HG_BUG_ENDED_WATCH_WAITS))
		return r;
	/* One that is over may still be here, as long as its other end is to be told. */
	if (r.is_in && r.auth.in == HG_AUTH_NONE)
		r.auth.in = hg_consent_given(c, p, &r.asker) ? HG_AUTH_GRANTED : HG_AUTH_PENDING;
	return r;
}

static bool is_own_account(struct hg_core *c, const struct hg_watch_obj *w)
{
	const struct hg_link_obj *k = hg_link_find(c, w->key.watcher);

	return k && k->person == w->presentity && !HG_PLANTED(HG_BUG_SHOWN_TO_ITSELF);
}

enum hg_standing hg_watch_standing(struct hg_core *c, const struct hg_watch_obj *w)
{
	if (w->auth.in != HG_AUTH_GRANTED)
		return HG_PENDING;
	if (w->is_out) {
		switch (w->auth.out) {
		case HG_AUTH_GRANTED:
			return w->unknown ? HG_UNKNOWN : HG_KNOWN;
		case HG_AUTH_REFUSED:
			return HG_REFUSED;
		default:
			return HG_PENDING;
		}
	}
	if (!w->presentity || !w->presentity->exists)
		return w->dismissed ? HG_REFUSED : HG_NOBODY;
	/* He himself, from elsewhere: what came from that account must not go back to it as news. */
	if (w->is_in && is_own_account(c, w))
		return HG_REFUSED;
	/* In no container: container 0 is never shown over a border, nor to a colleague (design:
	 * Presence model). */
	return hg_watch_container(w) == HG_C_DEFAULT ? HG_PENDING : HG_KNOWN;
}

void hg_watch_dirty(struct hg_core *c, struct hg_watch_obj *w)
{
	struct hg_outlet_obj *o;

	DL_FOREACH (w->outlet, o)
		hg_outlet_dirty(c, o);
}

struct hg_pair hg_watch_pair(const struct hg_watch_obj *w)
{
	return (struct hg_pair){ w->key.watcher, w->key.presentity, hg_bytes_str(w->wire_watcher),
		hg_bytes_str(w->wire_presentity) };
}

struct hg_lane_obj *hg_watch_out_lane(struct hg_core *c, const struct hg_watch_obj *w)
{
	return w->is_out ? hg_lane_between(c, w->key.watcher, w->key.presentity) : NULL;
}

struct hg_lane_obj *hg_watch_in_lane(struct hg_core *c, const struct hg_watch_obj *w)
{
	if (HG_PLANTED(HG_BUG_ECHO_TO_SOURCE) && w->is_out && w->is_in)
		return hg_watch_out_lane(c, w);
	return w->is_in ? hg_lane_between(c, w->key.presentity, w->key.watcher) : NULL;
}

void hg_watch_forget_faces(struct hg_core *c, struct hg_watch_obj *w)
{
	for (size_t i = 0; i < w->nfaces; i++)
		hg_face_free(&w->face[i]);
	w->nfaces = 0;
	hg_aspects_drop(w);
	w->stale = false; /* there is nothing left that could be */
	w->unknown = w->is_out;
	w->state_since = 0; /* what is heard next is news, also if it is the same */
	hg_watch_changed(c, w);
	hg_link_sync(c, w);
}

/* An edge says how a half stands. One that waited for its lane while the half moved on is not true
 * any more. */
static bool still_so(const struct hg_watch_obj *w, enum hg_edge edge)
{
	switch (edge) {
	case HG_SUBSCRIBE:
		return w->auth.out == HG_AUTH_PENDING;
	case HG_UNSUBSCRIBE:
		return w->auth.out == HG_AUTH_NONE || HG_PLANTED(HG_BUG_UNSUBSCRIBE_ON_LAST_OUTLET);
	case HG_SUBSCRIBED:
		return w->auth.in == HG_AUTH_GRANTED;
	case HG_UNSUBSCRIBED:
		return w->auth.in == HG_AUTH_NONE;
	case HG_PROBE:
		return w->auth.out == HG_AUTH_GRANTED;
	}
	return false;
}

void hg_watch_owe(struct hg_core *c, struct hg_watch_obj *w, enum hg_edge edge)
{
	w->owed |= 1u << edge;
	hg_watch_send_owed(c, w);
}

/* Edges go out when their lane is up: now, or as soon as it is. */
void hg_watch_send_owed(struct hg_core *c, struct hg_watch_obj *w)
{
	struct hg_lane_obj *out = hg_watch_out_lane(c, w), *in = hg_watch_in_lane(c, w);
	struct hg_pair pair = hg_watch_pair(w);

	for (enum hg_edge e = HG_SUBSCRIBE; e <= HG_PROBE; e++) {
		struct hg_lane_obj *l = e == HG_SUBSCRIBED || e == HG_UNSUBSCRIBED ? in : out;

		if (!still_so(w, e))
			w->owed &= ~(1u << e);
		if (!(w->owed & 1u << e) || !l || !l->up)
			continue;
		w->owed &= ~(1u << e);
		hg_down_edge(c, l, &pair, e);
		/* RFC 6121 3.1.5: presence follows. What came before it may have reached nobody. */
		if (e == HG_SUBSCRIBED && w->outlet)
			hg_outlet_void(c, w->outlet);
	}
}

void hg_watch_await(struct hg_core *c, struct hg_watch_obj *w)
{
	w->settle_at = core_now(c).mono + c->env.policy.limits.settle;
	hg_deadlines_add(&c->deadlines, w->settle_at, HG_DUE_WATCH, w->id);
}

void hg_watch_ask(struct hg_core *c, struct hg_watch_obj *w)
{
	hg_watch_await(c, w);
	hg_watch_owe(c, w, HG_PROBE);
}

void hg_watch_due(struct hg_core *c, hg_watch id, int64_t now)
{
	struct hg_watch_obj *w;
	struct hg_lane_obj *l;

	HASH_FIND(hh_id, c->watches_by_id, &id, sizeof(id), w);
	if (!w || !w->settle_at || w->settle_at > now)
		return;
	w->settle_at = 0;
	l = hg_watch_out_lane(c, w);
	if (l && l->up && w->auth.out == HG_AUTH_GRANTED)
		hg_faces_settle(c, w, l->generation);
	hg_directed_over(c, w);
}

/* The half `out` has moved: what was received, and what has to be asked, goes with it. */
static void out_moved(struct hg_core *c, struct hg_watch_obj *w, enum hg_auth was)
{
	if (was == HG_AUTH_GRANTED)
		hg_directed_deaf(c, w);
	switch (w->auth.out) {
	case HG_AUTH_PENDING:
		hg_watch_owe(c, w, HG_SUBSCRIBE);
		hg_directed_take(c, w);
		break;
	case HG_AUTH_GRANTED:
		hg_watch_ask(c, w);
		hg_link_sync(c, w);
		break;
	case HG_AUTH_NONE:
		hg_watch_forget_faces(c, w);
		if (was != HG_AUTH_REFUSED)
			hg_watch_owe(c, w, HG_UNSUBSCRIBE);
		break;
	case HG_AUTH_REFUSED:
		hg_watch_forget_faces(c, w);
		break;
	}
}

static void in_moved(struct hg_core *c, struct hg_watch_obj *w)
{
	if (w->auth.in == HG_AUTH_GRANTED) {
		hg_watch_owe(c, w, HG_SUBSCRIBED);
		hg_lane_adopt(c, w);
		return;
	}
	while (w->outlet)
		hg_outlet_end(c, w->outlet);
}

void hg_watch_set_halves(struct hg_core *c, struct hg_watch_obj *w, struct hg_halves to)
{
	struct hg_halves was = w->auth;

	if (w->directed) /* what was said to others is not what he asks for now */
		hg_watch_forget_faces(c, w);
	c->ndirected -= w->directed;
	w->directed = false;
	w->auth = to;
	hg_watch_changed(c, w);
	if (was.out != to.out)
		out_moved(c, w, was.out);
	if (was.in != to.in)
		in_moved(c, w);
	hg_watchers_changed(c, w->presentity);
	hg_watch_dirty(c, w);
}
