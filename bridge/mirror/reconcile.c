/* SPDX-License-Identifier: Apache-2.0 */
/* From desire to parcels: what is handed to a transport is rendered and checked at that moment. */

#include "bridge/mirror/reconcile.h"

#include "bridge/mirror/core.h"

#include <utlist.h>

/* Parcels for one call of deliver. */
enum { BATCH = 64 };

enum hg_action hg_reconcile(const struct hg_desire *want, const struct hg_projection *sent)
{
	if (!sent->valid || sent->again)
		return HG_SEND;
	if (sent->view == want->view && sent->revision == want->revision &&
		sent->table == want->table)
		return HG_NOTHING;
	return HG_RENDER;
}

void hg_frags_reset(struct hg_core *c)
{
	c->nparcel_frags = 0;
}

static void add_frag(struct hg_core *c, const struct hg_frag_obj *f)
{
	hg_grow(&c->parcel_frag, &c->parcel_frag_cap, c->nparcel_frags, sizeof(*c->parcel_frag));
	c->parcel_frag[c->nparcel_frags++] = &f->frag;
}

static uint32_t table_id(struct hg_core *c, const struct hg_outlet_obj *o, hg_part part)
{
	const struct hg_table *t = hg_outlet_table(c, o, part);

	return t ? hg_table_id(t) : 0;
}

/* May this outlet be handed anything now? `asked`: its client waits for an answer. */
static bool may_hand_off(struct hg_core *c, const struct hg_outlet_obj *o, hg_viewid id,
	enum hg_standing standing, bool asked)
{
	const struct hg_watch_obj *w = o->watch;

	if (!w)
		return true;
	/* A commit is under way after which this watcher may see less. */
	if (hg_watch_held(w) && !HG_PLANTED(HG_BUG_NO_HOLD))
		return false;
	/* Never shown anything: nothing to take back. Over a link that was away nobody knows what
	 * was shown. */
	if (standing == HG_PENDING || standing == HG_NOBODY)
		return o->told || (o->standing && o->lane->settled);
	if (asked || c->farewell)
		return true;
	/* Within the grace time a broken link is no news; that somebody has said no is. */
	if (w->stale && standing == HG_KNOWN && o->told)
		return false;
	if (standing == HG_UNKNOWN && !o->told)
		return false;
	/* After a link came back, or we did, everybody gets the time to return before somebody is
	 * said to be offline. */
	if (o->standing && !o->told && !o->lane->settled && hg_view_offline(c, o, id, standing))
		return false;
	return true;
}

static bool render_part(struct hg_core *c, struct hg_outlet_obj *o, struct hg_projection *p,
	hg_viewid id, enum hg_standing standing)
{
	struct hg_cell *cell = hg_cell_get(c, o, id, standing, p->part);
	uint32_t table = table_id(c, o, p->part);
	struct hg_desire want = { id, cell->revision, table };
	enum hg_action action = hg_reconcile(&want, p);
	const struct hg_frag_obj *f;

	if (action == HG_NOTHING)
		return false;
	f = hg_fragment_get(c, o, cell, standing, p->part == HG_PART_CONTACTS ? p->list : 0);
	if (action == HG_SEND || f->frag.hash != p->hash) {
		add_frag(c, f);
		return true;
	}
	p->view = id;
	p->revision = cell->revision;
	p->table = table;
	return false;
}

/* Of somebody who has gone home contact cards stay with those who were told. So they do with those who are shown nothing
 * any more, or these could tell themselves from them. */
static bool stays(const struct hg_outlet_obj *o, hg_part part, enum hg_standing standing)
{
	return o->standing && part == HG_CAT_CONTACT_CARD &&
		(standing != HG_KNOWN ||
			(!o->watch->is_out && hg_watch_container(o->watch) == HG_C_BLOCKED));
}

size_t hg_outlet_render(
	struct hg_core *c, struct hg_outlet_obj *o, bool asked, enum hg_standing *ret)
{
	hg_viewid id = hg_view_id(c, o, ret);
	size_t n = 0;

	if (!may_hand_off(c, o, id, *ret, asked))
		return 0;
	for (size_t i = 0; i < o->nparts; i++)
		if (!stays(o, o->part[i].part, *ret))
			n += render_part(c, o, &o->part[i], id, *ret);
	return n;
}

size_t hg_outlet_render_parts(
	struct hg_core *c, struct hg_outlet_obj *o, const hg_part *part, size_t n)
{
	enum hg_standing standing;
	hg_viewid id = hg_view_id(c, o, &standing);

	for (size_t i = 0; i < n; i++) {
		struct hg_cell *cell = hg_cell_get(c, o, id, standing, part[i]);

		add_frag(c, hg_fragment_get(c, o, cell, standing, 0));
	}
	return n;
}

void hg_outlet_told(
	struct hg_core *c, struct hg_outlet_obj *o, const struct hg_frag *const *frag, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct hg_frag_obj *f = (const struct hg_frag_obj *)frag[i];

		for (size_t k = 0; k < o->nparts; k++) {
			struct hg_projection *p = &o->part[k];

			if (p->part != f->frag.part)
				continue;
			p->valid = true;
			p->again = false;
			p->view = f->view;
			p->revision = f->frag.revision;
			p->hash = f->frag.hash;
			p->table = f->table;
			p->list = f->list;
		}
		o->told = true;
	}
}

bool hg_outlet_knows(struct hg_core *c, struct hg_outlet_obj *o, hg_part part)
{
	const struct hg_projection *p = hg_outlet_part(o, part);
	enum hg_standing standing;
	struct hg_desire want = { .view = hg_view_id(c, o, &standing), .table = table_id(c, o, part) };

	if (!p)
		return false;
	want.revision = hg_cell_get(c, o, want.view, standing, part)->revision;
	return hg_reconcile(&want, p) == HG_NOTHING;
}

void hg_outlet_knows_now(struct hg_core *c, struct hg_outlet_obj *o, hg_part part)
{
	enum hg_standing standing;
	hg_viewid id = hg_view_id(c, o, &standing);
	const struct hg_frag *f =
		&hg_fragment_get(c, o, hg_cell_get(c, o, id, standing, part), standing, 0)->frag;

	hg_outlet_told(c, o, &f, 1);
}

/* ---- planted defects: what is handed off was rendered when it was queued, or when somebody asked for it ---- */

static struct hg_frag_obj planted;

void hg_outlet_keep_bytes(struct hg_core *c, struct hg_outlet_obj *o)
{
	enum hg_standing standing;

	hg_frags_reset(c);
	if (o->planted_bytes || (o->nparts > 1 && o->part[0].valid))
		return;
	if (hg_outlet_render(c, o, false, &standing)) {
		planted = *(const struct hg_frag_obj *)c->parcel_frag[0];
		o->planted_bytes = hg_bytes_ref(planted.frag.bytes);
	}
}

static void use_kept_bytes(struct hg_core *c, struct hg_outlet_obj *o, size_t at)
{
	planted = *(const struct hg_frag_obj *)c->parcel_frag[at];
	planted.frag.bytes = o->planted_bytes;
	planted.frag.hash = o->planted_bytes->hash;
	c->parcel_frag[at] = &planted.frag;
}

static void drop_kept_bytes(struct hg_outlet_obj *o)
{
	hg_bytes_unref(o->planted_bytes);
	o->planted_bytes = NULL;
}

/* ---- hand-off ---- */

struct batch {
	struct hg_parcel parcel[BATCH];
	struct hg_outlet_obj *outlet[BATCH];
	size_t first[BATCH]; /* index of the parcel's fragments; pointers are set when no more come
			      */
	size_t n;
};

/* Was the presence due in any case, and not because it changed? */
static bool is_said_again(struct hg_outlet_obj *o)
{
	const struct hg_projection *p = hg_outlet_part(o, HG_PART_WHOLE);

	return p && (!p->valid || p->again);
}

/* Who may know when somebody was there last is told it when he asks, and goes on being told so while he is blocked: of these it
 * is the time when they saw him go. */
static int64_t last_seen(struct hg_core *c, struct hg_outlet_obj *o, const struct hg_presence *p)
{
	bool may_know = p->circle == HG_CIRCLE_COLLEAGUES || p->circle == HG_CIRCLE_WORKGROUP ||
		p->circle == HG_CIRCLE_FRIENDS;
	bool there = hg_band_of(p->availability) != HG_BAND_OFFLINE;

	if (p->circle != HG_CIRCLE_BLOCKED) {
		o->sees = may_know && there;
		o->seen = there ? 0 : p->last_active;
	} else if (o->sees) {
		o->sees = false;
		o->seen = core_now(c).utc;
	}
	return o->seen;
}

/* Since when what is said again has been so; 0: it is news. Of what comes in one moment the stamps run ahead of it. */
static int64_t since_of(struct hg_core *c, struct hg_outlet_obj *o)
{
	enum hg_standing standing;
	hg_viewid id = hg_view_id(c, o, &standing);
	int64_t now = core_now(c).utc, seen, since;
	struct hg_presence p;

	hg_view_presence(c, o, id, standing, &p);
	seen = last_seen(c, o, &p);
	if (!is_said_again(o))
		return 0;
	since = hg_view_offline(c, o, id, standing) ? seen : hg_view_since(c, o, id);
	return since < now ? since : now;
}

static void add_parcel(struct batch *b, struct hg_outlet_obj *o, enum hg_standing standing,
	size_t first, size_t n, uint64_t revision)
{
	struct hg_parcel *p = &b->parcel[b->n];

	*p = (struct hg_parcel){ .outlet = o->id,
		.cookie = o->cookie,
		.sequence = o->sequence + 1,
		.standing = standing,
		.nfrags = n };
	if (o->watch)
		p->pair = hg_watch_pair(o->watch);
	if (HG_PLANTED(HG_BUG_SEQUENCE_FROM_VIEW))
		p->sequence = revision;
	b->outlet[b->n] = o;
	b->first[b->n++] = first;
}

static void fill(struct hg_core *c, struct hg_lane_obj *l, struct batch *b)
{
	size_t room = l->room < BATCH ? l->room : BATCH;

	hg_frags_reset(c);
	b->n = 0;
	while (b->n < room && l->queue) {
		struct hg_outlet_obj *o = l->queue;
		enum hg_standing standing;
		size_t first = c->nparcel_frags, n;

		hg_outlet_unqueue(c, o);
		n = hg_outlet_render(c, o, false, &standing);
		if (!n) {
			drop_kept_bytes(o);
			continue;
		}
		if (o->planted_bytes) {
			use_kept_bytes(c, o, first);
			room = b->n + 1;
		}
		add_parcel(b, o, standing, first, n, c->parcel_frag[first]->revision);
		if (o->standing)
			b->parcel[b->n - 1].since = since_of(c, o);
	}
	for (size_t i = 0; i < b->n; i++)
		b->parcel[i].frag = c->parcel_frag + b->first[i];
}

static void hand_off(struct hg_core *c, struct hg_lane_obj *l, struct batch *b)
{
	size_t took = b->n ? hg_down_deliver(c, l, b->parcel, b->n) : 0;

	for (size_t i = 0; i < took; i++) {
		b->outlet[i]->sequence++;
		hg_outlet_told(c, b->outlet[i], b->parcel[i].frag, b->parcel[i].nfrags);
		drop_kept_bytes(b->outlet[i]);
	}
	for (size_t i = took; i < b->n; i++)
		hg_outlet_dirty(c, b->outlet[i]);
	l->room = took < b->n ? 0 : l->room - (uint32_t)took;
	c->stats.handed += took;
}

void hg_lanes_pump(struct hg_core *c)
{
	struct hg_lane_obj *l, *tmp;
	struct batch b;

	DL_FOREACH_SAFE2 (c->pump, l, tmp, qnext) {
		while (l->up && l->room && l->queue) {
			fill(c, l, &b);
			hand_off(c, l, &b);
		}
	}
}
