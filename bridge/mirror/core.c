/* SPDX-License-Identifier: Apache-2.0 */
/* The core's life, its turn, and the up-calls of adapters. */

#include "bridge/mirror/core.h"

#include "bridge/address/ids.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

const struct hg_limits hg_limits_default = {
	.grace = 60000,
	.settle = 10000,
	.pace = 200,
	.reprobe = 3600000,
	.users = 100000,
	.addresses = 4000000,
	.watches = 4000000,
	.endpoints = 16,
	.publications = 1000,
	.containers = 256,
	.members = 1000,
	.contacts = 1000,
	.groups = 64,
	.delegates = 25,
	.prompts = 200,
	.watchers = 1000,
	.faces = 32,
	.queue = 64,
	.cells = 200000,
};

struct hg_core *hg_core_new(const struct hg_core_env *env)
{
	struct hg_core *c = hg_alloc(sizeof(*c));

	c->env = *env;
	c->started = core_now(c).mono;
	return c;
}

void hg_core_free(struct hg_core *c)
{
	if (!c)
		return;
	c->quiet = true;
	hg_txs_drop(c);
	hg_searches_drop(c);
	while (c->lanes)
		hg_lane_close(c, c->lanes);
	while (c->watches)
		hg_watch_free(c, c->watches);
	while (c->persons)
		hg_person_free(c, c->persons);
	hg_fragments_free(c);
	hg_directory_done(c);
	hg_deadlines_done(&c->deadlines);
	hg_core_tables_free(c);
	hg_kept_done(c);
	free(c->hinting_of);
	free(c->later);
	free(c->error);
	free(c->view_pub);
	free(c->view_face);
	free(c->waiting);
	hg_buf_done(&c->waiting_text);
	free(c->by);
	hg_buf_done(&c->by_text);
	free(c->parcel_frag);
	free(c);
}

void *hg_core_context(const struct hg_core *c)
{
	return c->env.ctx;
}

void hg_core_count(struct hg_core *c, const char *counter)
{
	if (c->env.count)
		c->env.count(c->env.ctx, counter, 1);
}

uint32_t hg_core_new_id(struct hg_core *c)
{
	return ++c->last_id;
}

uint64_t hg_core_change(struct hg_core *c)
{
	return ++c->last_change;
}

void hg_core_wake(struct hg_core *c)
{
	if (c->env.wake && !c->in_turn && !c->quiet)
		c->env.wake(c->env.ctx);
}

/* ---- the turn ---- */

static void person_due(struct hg_core *c, hg_addr addr, int64_t now)
{
	struct hg_person *p = hg_person_find(c, addr);
	bool touched[HG_CAT_COUNT] = { false };
	bool any = p && hg_person_calendar_due(p, now);

	touched[HG_CAT_CALENDAR_DATA] = any;
	for (size_t i = 0; p && i < p->pubs.n; i++) {
		struct hg_pub *b = p->pubs.v[i];

		if (hg_pub_live(b) && b->expiry == HG_TIME && b->until <= now) {
			hg_pubs_kill(b, core_now(c));
			touched[b->key.category] = any = true;
		}
	}
	if (any)
		hg_person_changed(c, p, touched);
}

static bool run_due(struct hg_core *c)
{
	int64_t now = core_now(c).mono;
	struct hg_deadline d;
	bool any = false;

	while (hg_deadlines_take(&c->deadlines, now, &d)) {
		any = true;
		switch (d.kind) {
		case HG_DUE_ENDPOINT:
			hg_endpoint_due(c, d.id, now);
			break;
		case HG_DUE_LANE:
			hg_lane_due(c, d.id, now);
			break;
		case HG_DUE_PERSON:
			person_due(c, d.id, now);
			break;
		case HG_DUE_HINTS:
			hg_hints_due(c);
			break;
		case HG_DUE_WATCH:
			hg_watch_due(c, d.id, now);
			break;
		}
	}
	return any;
}

/* What down-calls led to is looked at in the same turn, but two adapters cannot keep a turn going
 * for ever. */
enum { ROUNDS = 16 };

void hg_core_turn(struct hg_core *c)
{
	bool more;

	c->in_turn = true;
	for (int round = 0; round < ROUNDS; round++) {
		do {
			more = run_due(c);
			more |= hg_txs_run(c);
			more |= hg_searches_run(c);
			more |= hg_later_run(c);
			more |= hg_errors_run(c);
		} while (more);
		hg_lanes_pump(c);
		if (!c->nlater && !c->ready)
			break;
	}
	hg_fragments_trim(c);
	c->in_turn = false;
	if (c->nlater || c->ready)
		hg_core_wake(c);
}

int64_t hg_core_deadline(const struct hg_core *c)
{
	return hg_deadlines_next(&c->deadlines);
}

bool hg_core_busy(const struct hg_core *c)
{
	return c->commits > 0;
}

void hg_core_farewell(struct hg_core *c)
{
	struct hg_lane_obj *l;
	struct hg_outlet_obj *o;

	if (HG_PLANTED(HG_BUG_FAREWELL_NOT_SENT))
		return;
	c->farewell = true;
	DL_FOREACH2 (c->route_lanes, l, rnext)
		DL_FOREACH2 (l->outlet, o, lnext)
			if (o->told || !l->settled) /* he may hold what he was shown last time */
				hg_outlet_dirty(c, o);
}

size_t hg_core_waiting(const struct hg_core *c)
{
	const struct hg_lane_obj *l;
	size_t n = 0;

	DL_FOREACH2 (c->pump, l, qnext)
		n += l->up ? l->nqueued : 0;
	return n;
}

void hg_core_name_route(struct hg_core *c, hg_route route, const char *adapter)
{
	assert(route <= HG_ROUTES_MAX);
	c->route_name[route] = adapter;
}

int hg_core_add_user(struct hg_core *c, hg_addr addr)
{
	if (!hg_core_is_home(c, addr))
		return -EINVAL;
	return hg_tx_user(c, hg_person_get(c, addr));
}

struct hg_core_stats hg_core_stats(const struct hg_core *c)
{
	struct hg_core_stats s = c->stats;
	const struct hg_person *p;

	s.persons = HASH_CNT(hh, c->persons);
	s.endpoints = HASH_CNT(hh, c->endpoints);
	s.watches = HASH_CNT(hh, c->watches);
	s.outlets = HASH_CNT(hh, c->outlets);
	s.lanes = HASH_CNT(hh, c->lanes);
	s.publications = 0;
	for (p = c->persons; p; p = p->hh.next)
		s.publications += hg_pubs_live(&p->pubs);
	return s;
}
