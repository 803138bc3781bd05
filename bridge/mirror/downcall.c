/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Down-calls, all of them. An adapter may call up from inside one: what would pull the ground from
 * under the caller (a lane that closes while it is handed something) waits here until the down-call
 * has returned.
 */

#include "bridge/mirror/core.h"

void hg_down_edge(
	struct hg_core *c, struct hg_lane_obj *l, const struct hg_pair *pair, enum hg_edge edge)
{
	hg_core_edge_event(c, HG_EVENT_EDGE_OUT, l, pair, edge);
	c->down++;
	l->adapter->edge(l->self, l->id, pair, edge);
	c->down--;
}

void hg_down_answer(
	struct hg_core *c, struct hg_lane_obj *l, uint64_t cookie, const struct hg_answer *a)
{
	c->down++;
	l->adapter->answer(l->self, cookie, a);
	c->down--;
}

size_t hg_down_deliver(
	struct hg_core *c, struct hg_lane_obj *l, const struct hg_parcel *p, size_t n)
{
	size_t took;

	c->down++;
	took = l->adapter->deliver(l->self, l->id, p, n);
	c->down--;
	return took < n ? took : n;
}

void hg_down_outlet_ended(struct hg_core *c, struct hg_lane_obj *l, uint64_t cookie)
{
	c->down++;
	l->adapter->outlet_ended(l->self, cookie);
	c->down--;
}

void hg_down_blocked(struct hg_core *c, struct hg_lane_obj *l, hg_addr person, hg_addr account)
{
	if (!l->adapter->blocked)
		return;
	c->down++;
	l->adapter->blocked(l->self, l->id, person, account);
	c->down--;
}

bool hg_up_later(struct hg_core *c, enum hg_later kind, uint32_t id, uint32_t value)
{
	if (!c->down)
		return false;
	hg_grow(&c->later, &c->later_cap, c->nlater, sizeof(*c->later));
	c->later[c->nlater++] = (struct hg_later_call){ kind, id, value };
	return true;
}

bool hg_later_run(struct hg_core *c)
{
	bool any = c->nlater > 0;

	/* In their order; none of them is a down-call, so none adds to the list. */
	for (size_t i = 0; i < c->nlater; i++)
		hg_up_now(c, c->later[i].kind, c->later[i].id, c->later[i].value);
	c->nlater = 0;
	return any;
}
