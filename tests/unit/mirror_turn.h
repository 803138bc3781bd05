/* SPDX-License-Identifier: Apache-2.0 */
/* Time, turns, lanes and peers behind routes (tests/unit/mirror_rig.h). */
#pragma once

#include "tests/unit/mirror_store.h"

/* ---- time and turns ---- */

static inline struct hg_now rig_now(void *ctx)
{
	return ((struct rig *)ctx)->now;
}

static inline uint32_t rig_random(void *ctx)
{
	return 4;
}

static inline void rig_count(void *ctx, const char *counter, uint64_t by)
{
	struct rig *r = ctx;

	snprintf(r->counted, sizeof(r->counted), "%s", counter);
}

static inline void rig_turn(struct rig *r)
{
	bool more;

	do {
		for (size_t i = 0; i < r->nlanes; i++)
			if (r->lane[i])
				r->host.lane_room(r->core, r->lane[i],
					r->room[i] < 0 ? 1000 : (uint32_t)r->room[i]);
		hg_core_turn(r->core);
		more = r->store.mode == COMMIT_AT_ONCE && r->store.ncommits;
		while (more && r->store.ncommits)
			rig_commit(r, r->store.rc);
	} while (more);
}

/* Lets time pass, with a turn at every deadline on the way. */
static inline void rig_pass(struct rig *r, int64_t ms)
{
	int64_t to = r->now.mono + ms, base = r->now.utc - r->now.mono;

	while (hg_core_deadline(r->core) <= to) {
		if (hg_core_deadline(r->core) > r->now.mono)
			r->now.mono = hg_core_deadline(r->core);
		r->now.utc = base + r->now.mono;
		rig_turn(r);
	}
	r->now = (struct hg_now){ to, base + to };
	rig_turn(r);
}

/* ---- addresses, lanes, peers ---- */

static inline hg_addr rig_addr(struct rig *r, const char *text)
{
	struct hg_address a;
	char full[256];
	const char *reason;

	snprintf(full, sizeof(full), "%s.example", text);
	assert_int_equal(hg_address_from_jid(hg_str(full), NULL, &a, &reason), 0);
	return hg_addr_of(r->ids, &a);
}

static inline struct hg_pair rig_pair(struct rig *r, const char *watcher, const char *presentity)
{
	hg_addr w = rig_addr(r, watcher), p = rig_addr(r, presentity);

	return (struct hg_pair){ w, p, hg_intern_text(r->ids, w), hg_intern_text(r->ids, p) };
}

static inline hg_lane rig_add_lane(struct rig *r, hg_lane lane)
{
	assert_true(r->nlanes < 8);
	r->room[r->nlanes] = -1;
	return r->lane[r->nlanes++] = lane;
}

/* The lane of a route, for everybody at home and behind the other route (`transit`). */
static inline hg_lane rig_open_route(struct rig *r, hg_route route)
{
	hg_addr domains[] = { rig_addr(r, "h"), rig_addr(r, "v"),
		rig_addr(r, route == 1 ? "y" : "x") };
	struct hg_lane_spec spec = { .adapter = &rig_adapter,
		.self = r,
		.route = route,
		.domain = domains,
		.ndomains = 3,
		.format = FMT_WORDS,
		.directed = r->directed && route == 2 ? rig_addr(r, r->directed) : 0,
		.unasked = !r->asked };

	return rig_add_lane(r, r->host.lane_open(r->core, &spec));
}

static inline void rig_link(struct rig *r, hg_route route, bool up)
{
	r->host.lane_up(r->core, r->lane[route - 1], up);
	rig_turn(r);
}

/* Up, and everybody had the time to come back. */
static inline void rig_settle(struct rig *r)
{
	rig_link(r, 1, true);
	rig_link(r, 2, true);
	rig_pass(r, 20000);
	hg_buf_reset(&r->log);
}

static inline void rig_peer(struct rig *r, hg_route route, const char *watcher,
	const char *presentity, enum hg_edge edge)
{
	struct hg_pair pair = rig_pair(r, watcher, presentity);

	r->host.edge(r->core, r->lane[route - 1], &pair, edge);
	rig_turn(r);
}

/* "busy", "on text", or NULL: gone. */
static inline void rig_face(struct rig *r, hg_route route, const char *watcher,
	const char *presentity, const char *resource, const char *is, const char *says,
	const char *rank)
{
	struct hg_pair pair = rig_pair(r, watcher, presentity);
	struct hg_value v[3];
	size_t n = 0;

	if (is)
		v[n++] = (struct hg_value){ .field = IS, .text = hg_str(is) };
	if (says)
		v[n++] = (struct hg_value){ .field = SAYS, .text = hg_str(says) };
	if (rank)
		v[n++] = (struct hg_value){ .field = RANK, .text = hg_str(rank) };
	r->host.face(r->core, r->lane[route - 1], &pair, hg_str(resource),
		is ? hg_record_new(v, n) : NULL);
	rig_turn(r);
}
