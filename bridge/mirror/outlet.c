/* SPDX-License-Identifier: Apache-2.0 */
/* Outlets: the places where a watch, or an owner's own view, is shown. Soft: they go with their
 * connection. */

#include "bridge/mirror/core.h"

#include <assert.h>
#include <stdlib.h>
#include <utlist.h>

struct hg_outlet_obj *hg_outlet_find(struct hg_core *c, hg_outlet id)
{
	struct hg_outlet_obj *o;

	HASH_FIND(hh, c->outlets, &id, sizeof(id), o);
	return o;
}

uint16_t hg_outlet_format(const struct hg_outlet_obj *o, hg_part part)
{
	const struct hg_lane_part *also = o->lane->also;

	for (size_t i = 0; o->standing && i < HG_LANE_PARTS; i++)
		if (also[i].part == part)
			return also[i].format;
	return o->format;
}

struct hg_projection *hg_outlet_part(struct hg_outlet_obj *o, hg_part part)
{
	for (size_t i = 0; i < o->nparts; i++)
		if (o->part[i].part == part)
			return &o->part[i];
	return NULL;
}

struct hg_outlet_obj *hg_outlet_new(struct hg_core *c, struct hg_lane_obj *l,
	struct hg_watch_obj *w, struct hg_person *self, uint16_t format, const hg_part *part,
	size_t nparts)
{
	struct hg_outlet_obj *o = hg_alloc(sizeof(*o) + nparts * sizeof(o->part[0]));

	assert(format < l->adapter->nformats);
	o->id = hg_core_new_id(c);
	o->watch = w;
	o->self = self;
	o->lane = l;
	o->format = format;
	o->nparts = nparts;
	for (size_t i = 0; i < nparts; i++)
		o->part[i].part = part[i];
	HASH_ADD(hh, c->outlets, id, sizeof(o->id), o);
	if (w)
		DL_APPEND(w->outlet, o);
	else
		DL_APPEND(self->self, o);
	DL_APPEND2(l->outlet, o, lprev, lnext);
	if (w && !o->next && w->outlet == o) /* he has begun to look */
		hg_watchers_changed(c, w->presentity);
	return o;
}

static void unsubscribe_with_last(struct hg_core *c, struct hg_watch_obj *w)
{
	if (w && !w->outlet && w->is_out && w->auth.out == HG_AUTH_GRANTED)
		hg_watch_owe(c, w, HG_UNSUBSCRIBE);
}

void hg_outlet_free(struct hg_core *c, struct hg_outlet_obj *o)
{
	struct hg_watch_obj *w = o->watch;

	hg_outlet_unqueue(c, o);
	HASH_DELETE(hh, c->outlets, o);
	if (w)
		DL_DELETE(w->outlet, o);
	else
		DL_DELETE(o->self->self, o);
	DL_DELETE2(o->lane->outlet, o, lprev, lnext);
	hg_bytes_unref(o->planted_bytes);
	free(o);
	if (w && !w->outlet)
		hg_watchers_changed(c, w->presentity);
	/* The end of an outlet says nothing about the watch: sign-off never unsubscribes (design:
	 * Across the border). */
	if (HG_PLANTED(HG_BUG_UNSUBSCRIBE_ON_LAST_OUTLET))
		unsubscribe_with_last(c, w);
}

void hg_outlet_end(struct hg_core *c, struct hg_outlet_obj *o)
{
	struct hg_lane_obj *l = o->lane;
	uint64_t cookie = o->cookie;
	bool standing = o->standing;

	hg_outlet_free(c, o);
	if (!standing)
		hg_down_outlet_ended(c, l, cookie);
}

void hg_outlet_shut(struct hg_core *c, struct hg_outlet_obj *o)
{
	struct hg_watch_obj *w = o->watch;

	hg_outlet_free(c, o);
	if (w)
		hg_watch_release(c, w);
}

void hg_outlet_dirty(struct hg_core *c, struct hg_outlet_obj *o)
{
	struct hg_lane_obj *l = o->lane;

	if (o->queued)
		return;
	o->queued = true;
	if (!l->queue)
		DL_APPEND2(c->pump, l, qprev, qnext);
	DL_APPEND2(l->queue, o, qprev, qnext);
	l->nqueued++;
	if (HG_PLANTED(HG_BUG_BYTES_WAIT) && o->watch && !o->planted_bytes)
		hg_outlet_keep_bytes(c, o);
	hg_core_wake(c);
}

void hg_outlet_unqueue(struct hg_core *c, struct hg_outlet_obj *o)
{
	struct hg_lane_obj *l = o->lane;

	if (!o->queued)
		return;
	o->queued = false;
	DL_DELETE2(l->queue, o, qprev, qnext);
	l->nqueued--;
	if (!l->queue)
		DL_DELETE2(c->pump, l, qprev, qnext);
}

void hg_outlet_void(struct hg_core *c, struct hg_outlet_obj *o)
{
	for (size_t i = 0; i < o->nparts; i++) {
		o->part[i].valid = false;
		o->part[i].list = 0; /* a delta on top of one that was lost would leave a hole: the
					whole list goes out */
	}
	hg_outlet_dirty(c, o);
}
