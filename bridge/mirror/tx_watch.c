/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The two halves across the border, and what moves them (design: Across the border; docs/border-edges.md has the table).
 */

#include "bridge/mirror/tx.h"

/* ---- a home user's persistent wish: `<context/>` in a subscription ---- */

static struct hg_pair wish_pair(struct hg_core *c, const struct hg_tx *tx)
{
	return (struct hg_pair){ tx->req.target, tx->req.watched, hg_intern_text(c->env.ids, tx->req.target), tx->req.wire };
}

static enum hg_verdict stage_wish(struct hg_core *c, struct hg_tx *tx)
{
	struct hg_watch_obj *w = watch_find(c, tx->req.target, tx->req.watched);
	struct hg_pair pair = wish_pair(c, tx);

	if (core_where(c, tx->req.watched).kind != HG_WHERE_ROUTE)
		return HG_OK; /* at home: consent is by container */
	tx->auth = w ? w->auth : watch_no_halves(c, pair.watcher, pair.presentity);
	if (tx->auth.out != HG_AUTH_NONE)
		return HG_OK; /* asked for, granted, or refused: who refused is asked again only when removed and added */
	if (!w && watch_full(c))
		return tx_refuse(tx, HG_TOO_LARGE, "too many watches");
	tx->auth.out = HG_AUTH_PENDING;
	tx->change_auth = true;
	tx_pair_fact(c, tx, &pair, tx->auth);
	return HG_OK;
}

static void apply_wish(struct hg_core *c, struct hg_tx *tx)
{
	struct hg_pair pair = wish_pair(c, tx);
	struct hg_watch_obj *w;

	if (!tx->change_auth)
		return;
	w = watch_get(c, pair.watcher, pair.presentity, pair.wire_watcher, pair.wire_presentity);
	if (w)
		watch_set_halves(c, w, tx->auth);
}

const struct tx_ops tx_watch = { stage_wish, apply_wish };

/* ---- edges from peers ---- */

static bool from_watcher(enum hg_edge edge)
{
	return edge == HG_SUBSCRIBE || edge == HG_UNSUBSCRIBE || edge == HG_PROBE;
}

/* An edge counts only where it comes over a border: from a watcher, or from a presentity, who is behind a route. */
static bool edge_fits(struct hg_core *c, const struct hg_tx *tx)
{
	return !core_is_home(c, from_watcher(tx->edge) ? tx->pair.watcher : tx->pair.presentity);
}

/* The halves after an edge. A home presentity agrees at once (`approve: auto`); in transit `in` follows `out`. */
static struct hg_halves after_edge(struct hg_halves now, bool remote_presentity, bool remote_watcher, enum hg_edge edge)
{
	struct hg_halves next = now;

	switch (edge) {
	case HG_SUBSCRIBE:
		if (now.out != HG_AUTH_GRANTED)
			next.out = HG_AUTH_PENDING;
		next.in = now.out == HG_AUTH_GRANTED ? HG_AUTH_GRANTED : HG_AUTH_PENDING;
		break;
	case HG_UNSUBSCRIBE:
		next.in = HG_AUTH_NONE;
		if (remote_presentity)
			next.out = HG_AUTH_NONE;
		break;
	case HG_SUBSCRIBED:
		if (now.out == HG_AUTH_PENDING)
			next = (struct hg_halves){ HG_AUTH_GRANTED, HG_AUTH_GRANTED };
		break;
	case HG_UNSUBSCRIBED:
		if (now.out != HG_AUTH_PENDING && now.out != HG_AUTH_GRANTED)
			break;
		next.out = HG_AUTH_REFUSED;
		if (remote_watcher)
			next = (struct hg_halves){ HG_AUTH_NONE, HG_AUTH_NONE };
		break;
	case HG_PROBE:
		break;
	}
	return next;
}

static enum hg_verdict stage_edge(struct hg_core *c, struct hg_tx *tx)
{
	struct hg_watch_obj *w = watch_find(c, tx->pair.watcher, tx->pair.presentity);
	bool out = !core_is_home(c, tx->pair.presentity), in = !core_is_home(c, tx->pair.watcher);
	struct hg_halves now = w ? w->auth : watch_no_halves(c, tx->pair.watcher, tx->pair.presentity);

	tx->auth = now;
	if (!edge_fits(c, tx) || !tx->person)
		return HG_OK;
	tx->auth = after_edge(now, out, in, tx->edge);
	if (tx->auth.out == now.out && tx->auth.in == now.in)
		return HG_OK;
	if (!w && watch_full(c)) {
		tx->auth = now; /* refused below, as if there were no such user */
		return HG_OK;
	}
	tx->change_auth = true;
	tx_pair_fact(c, tx, &tx->pair, tx->auth);
	return HG_OK;
}

static void send_back(struct hg_core *c, struct hg_tx *tx, enum hg_edge edge)
{
	struct hg_lane_obj *l = lane_find(c, tx->lane);

	if (l && l->up)
		down_edge(c, l, &tx->pair, edge);
}

/* A remote watcher asks, or asks how somebody is. Pending: silence. */
static void answer_watcher(struct hg_core *c, struct hg_tx *tx, struct hg_watch_obj *w)
{
	if (tx->auth.in == HG_AUTH_NONE) {
		send_back(c, tx, HG_UNSUBSCRIBED);
		return;
	}
	if (tx->auth.in != HG_AUTH_GRANTED || !w)
		return;
	if (tx->edge == HG_SUBSCRIBE && !tx->change_auth)
		watch_owe(c, w, HG_SUBSCRIBED); /* again: he may not have got it */
	/* He has just said that he wants to know, so what he was told before does not count. */
	if (w->outlet)
		outlet_void(c, w->outlet);
}

static void apply_edge(struct hg_core *c, struct hg_tx *tx)
{
	struct hg_watch_obj *w = watch_find(c, tx->pair.watcher, tx->pair.presentity);

	if (!edge_fits(c, tx))
		return;
	if (tx->change_auth && !w)
		w = watch_get(c, tx->pair.watcher, tx->pair.presentity, tx->pair.wire_watcher, tx->pair.wire_presentity);
	if (tx->change_auth && w) {
		bool passed_on = tx->edge == HG_UNSUBSCRIBED && w->auth.in != tx->auth.in;

		if (passed_on) /* by way of refused: the presentity knows, and is sent nothing */
			watch_set_halves(c, w, (struct hg_halves){ HG_AUTH_REFUSED, w->auth.in });
		watch_set_halves(c, w, tx->auth);
		if (passed_on)
			watch_owe(c, w, HG_UNSUBSCRIBED);
	}
	if (tx->edge == HG_SUBSCRIBE || tx->edge == HG_PROBE)
		answer_watcher(c, tx, w);
	if (w)
		watch_release(c, w);
}

const struct tx_ops tx_edges = { stage_edge, apply_edge };
