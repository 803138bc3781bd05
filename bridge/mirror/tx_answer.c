/* SPDX-License-Identifier: Apache-2.0 */
/* The answer to a request, and what it shows of what is different now (docs/decisions/0005-answers-are-deliveries.md). */

#include "bridge/mirror/tx.h"

#include <utlist.h>

/* Who acted in somebody's name is not shown what is that one's; who knows no versions does not read categories. */
static size_t answered_parts(const struct hg_tx *tx, hg_part part[HG_CAT_COUNT])
{
	size_t n = 0;

	if (tx->verdict != HG_OK || hg_tx_on_behalf(tx) || tx->req.any_version)
		return 0;
	if (tx->req.kind == HG_REQ_DELEGATE)
		part[n++] = HG_PART_DELEGATES;
	for (hg_part i = 0; i < HG_CAT_COUNT && tx->req.kind == HG_REQ_PUBLISH; i++)
		if (tx->touched[i])
			part[n++] = i;
	return n;
}

static bool shows(struct hg_outlet_obj *o, const hg_part *part, size_t n)
{
	while (n--)
		if (hg_outlet_part(o, part[n]))
			return true;
	return false;
}

/* Where the publisher himself is shown what he published. */
static struct hg_outlet_obj *own_outlet(
	const struct hg_tx *tx, const struct hg_lane_obj *l, const hg_part *part, size_t n)
{
	struct hg_outlet_obj *o;

	DL_FOREACH (tx->person->self, o)
		if (o->lane == l && o->endpoint && o->endpoint->id == tx->by.endpoint &&
			shows(o, part, n))
			return o;
	return NULL;
}

/* The parts as the owner sees them, also for an endpoint that has not asked to be shown them. */
static size_t answer_frags(struct hg_core *c, struct hg_tx *tx, struct hg_lane_obj *l,
	struct hg_outlet_obj *o, const hg_part *part, size_t n)
{
	struct hg_outlet_obj nowhere = { .self = tx->person, .lane = l, .format = l->format };

	hg_frags_reset(c);
	return hg_outlet_render_parts(c, o ? o : &nowhere, part, n);
}

void hg_tx_answer(struct hg_core *c, struct hg_tx *tx)
{
	struct hg_lane_obj *l = hg_lane_find(c, tx->by.lane);
	struct hg_outlet_obj *o = NULL;
	hg_part part[HG_CAT_COUNT];
	size_t nparts;
	struct hg_answer a = {
		.verdict = tx->verdict,
		.reason = tx->reason ? tx->reason : "",
		.conflict = tx->conflict,
		.nconflicts = tx->nconflicts,
		.endpoint = tx->endpoint,
		.group = tx->group,
		.delta = tx->delta,
	};

	if (tx->done)
		tx->done(tx->done_arg, &a);
	if (tx->kind != HG_TX_REQUEST || !l || !tx->cookie)
		return; /* nobody waits, or he is gone */
	nparts = answered_parts(tx, part);
	if (nparts) {
		o = own_outlet(tx, l, part, nparts);
		a.nfrags = answer_frags(c, tx, l, o, part, nparts);
		a.frag = c->parcel_frag;
	}
	hg_down_answer(c, l, tx->cookie, &a);
	if (o) {
		o->sequence++;
		if (!HG_PLANTED(HG_BUG_ANSWER_NOT_DELIVERY))
			hg_outlet_told(c, o, a.frag, a.nfrags);
	}
}
