/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Directed presence (RFC 6121 4.6): what somebody behind a route says to a user here who does not watch him. It is kept for that
 * user, in case she begins to, until its sender takes it back or the link ends; it makes no watch, and nothing is sent for it.
 * Of whom she has just let go something may still be on its way that was no such thing, so of him nothing is kept on that link.
 *
 * What is said to somebody behind a lane whose `directed` stands for all of them is given to him: that is a watch, which nobody
 * has asked for, and which ends with the last that was said.
 */

#include "bridge/mirror/core.h"

#include "bridge/address/ids.h"

#include <stdlib.h>

/* Of all watches there may be: strangers do not keep others from watching. */
enum { SHARE = 4 };

struct kept {
	struct hg_bytes *name;
	struct hg_record *said;
};

struct hg_directed_obj {
	struct {
		hg_addr watcher, presentity;
	} key;
	hg_lane lane;
	bool deaf; /* of him nothing is kept */
	struct kept *v;
	size_t n, cap;
	UT_hash_handle hh;
};

static struct hg_directed_obj *find(struct hg_core *c, hg_addr watcher, hg_addr presentity)
{
	struct hg_directed_obj probe = { .key = { watcher, presentity } }, *d;

	HASH_FIND(hh, c->directed, &probe.key, sizeof(probe.key), d);
	return d;
}

static void drop_kept(struct hg_directed_obj *d, size_t i)
{
	hg_bytes_unref(d->v[i].name);
	hg_record_unref(d->v[i].said);
	d->v[i] = d->v[--d->n];
}

static void drop(struct hg_core *c, struct hg_directed_obj *d)
{
	while (d->n)
		drop_kept(d, 0);
	HASH_DELETE(hh, c->directed, d);
	free(d->v);
	free(d);
}

/* NULL: there are too many, as there are of watches. */
static struct hg_directed_obj *get(
	struct hg_core *c, hg_lane lane, hg_addr watcher, hg_addr presentity)
{
	struct hg_directed_obj *d = find(c, watcher, presentity);

	if (d)
		return d;
	if (HASH_COUNT(c->directed) >= c->env.policy.limits.watches) {
		hg_core_count(c, "limit_directed_total");
		return NULL;
	}
	d = hg_alloc(sizeof(*d));
	d->key.watcher = watcher;
	d->key.presentity = presentity;
	d->lane = lane;
	HASH_ADD(hh, c->directed, key, sizeof(d->key), d);
	return d;
}

/* Takes the record, which may be NULL; of what he has said before under that name nothing is left. */
static void set(
	struct hg_core *c, struct hg_directed_obj *d, struct hg_str name, struct hg_record *take)
{
	for (size_t i = d->n; i-- > 0;)
		if (name.n ? hg_str_eq(hg_bytes_str(d->v[i].name), name) : !take)
			drop_kept(d, i);
	if (!take || d->deaf || !name.n || d->n >= c->env.policy.limits.faces) {
		hg_record_unref(take);
		return;
	}
	hg_grow(&d->v, &d->cap, d->n, sizeof(*d->v));
	d->v[d->n++] = (struct kept){ hg_bytes_new(name), take };
}

void hg_directed_said(struct hg_core *c, const struct hg_lane_obj *l, const struct hg_pair *pair,
	struct hg_str name, struct hg_record *take)
{
	struct hg_directed_obj *d = find(c, pair->watcher, pair->presentity);

	if (!d && take && hg_person_exists(c, pair->watcher))
		d = get(c, l->id, pair->watcher, pair->presentity);
	if (!d) {
		hg_record_unref(take);
		return;
	}
	set(c, d, name, take);
	if (!d->n && !d->deaf)
		drop(c, d);
}

void hg_directed_take(struct hg_core *c, struct hg_watch_obj *w)
{
	struct hg_directed_obj *d = find(c, w->key.watcher, w->key.presentity);
	struct hg_lane_obj *l = d ? hg_lane_find(c, d->lane) : NULL;

	if (!l || d->deaf)
		return;
	for (size_t i = 0; i < d->n; i++)
		hg_faces_set(c, w, hg_bytes_str(d->v[i].name), hg_record_ref(d->v[i].said),
			l->generation);
	drop(c, d);
}

void hg_directed_deaf(struct hg_core *c, const struct hg_watch_obj *w)
{
	struct hg_lane_obj *l = hg_watch_out_lane(c, w);
	struct hg_directed_obj *d = l && l->up && l->unasked
		? get(c, l->id, w->key.watcher, w->key.presentity)
		: NULL;

	if (!d)
		return;
	set(c, d, HG_STR_NONE, NULL);
	d->deaf = true;
}

bool hg_directed_is(struct hg_core *c, const struct hg_watch_obj *w)
{
	const struct hg_directed_obj *d = find(c, w->key.watcher, w->key.presentity);
	const struct hg_lane_obj *l = hg_watch_out_lane(c, w);

	return w->auth.out != HG_AUTH_GRANTED && l && l->unasked && !(d && d->deaf);
}

void hg_directed_drop(struct hg_core *c, hg_lane lane, hg_addr watcher)
{
	struct hg_directed_obj *d, *tmp;

	HASH_ITER (hh, c->directed, d, tmp)
		if ((lane && d->lane == lane) || (watcher && d->key.watcher == watcher))
			drop(c, d);
}

/* ---- to all behind a lane ---- */

bool hg_directed_may(struct hg_core *c, const struct hg_pair *pair)
{
	const struct hg_lane_obj *to = hg_lane_between(c, pair->presentity, pair->watcher);

	return to && to->directed;
}

struct hg_watch_obj *hg_directed_to_all(
	struct hg_core *c, const struct hg_lane_obj *l, const struct hg_pair *pair, bool begins)
{
	const struct hg_lane_obj *to = hg_lane_between(c, pair->presentity, pair->watcher);
	struct hg_watch_obj *w;

	if (!to || !to->directed || pair->watcher == to->directed ||
		!hg_lane_may(c, l, pair->presentity, pair->watcher))
		return NULL;
	w = hg_watch_find(c, to->directed, pair->presentity);
	if (w && w->directed && w->auth.in == HG_AUTH_GRANTED)
		return w;
	/* He has been asked. */
	if (!begins || (w && (w->auth.out != HG_AUTH_NONE || w->auth.in != HG_AUTH_NONE)))
		return NULL;
	if (c->ndirected >= c->env.policy.limits.watches / SHARE) {
		hg_core_count(c, "limit_directed_total");
		return NULL;
	}
	w = hg_watch_get(c, to->directed, pair->presentity,
		hg_intern_text(c->env.ids, to->directed), pair->wire_presentity);
	if (w) {
		c->ndirected += !w->directed;
		w->directed = true;
		w->auth = (struct hg_halves){ HG_AUTH_GRANTED, HG_AUTH_GRANTED };
		hg_lane_adopt(c, w);
	}
	return w;
}

void hg_directed_heard(struct hg_core *c, struct hg_watch_obj *w)
{
	if (w->nfaces)
		return;
	/* In the turn: nobody is told anything from within an up-call. */
	w->settle_at = core_now(c).mono;
	hg_deadlines_add(&c->deadlines, w->settle_at, HG_DUE_WATCH, w->id);
	hg_core_wake(c);
}

/* Not by way of its halves: nothing was asked of the presentity, so he is not told. */
void hg_directed_over(struct hg_core *c, struct hg_watch_obj *w)
{
	if (!w->directed || w->nfaces)
		return;
	w->directed = false;
	c->ndirected--;
	w->auth = hg_watch_no_halves(c, w->key.watcher, w->key.presentity);
	while (w->outlet)
		hg_outlet_end(c, w->outlet);
	hg_watch_owe(c, w, HG_UNSUBSCRIBED);
	hg_watch_release(c, w);
}
