/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The two halves across the border, and what moves them (design: Across the border;
 * docs/border-edges.md has the table).
 */

#include "bridge/mirror/tx.h"

/* ---- a home user's persistent wish: `<context/>` in a subscription ---- */

static struct hg_pair wish_pair(struct hg_core *c, const struct hg_tx *tx)
{
	return (struct hg_pair){ tx->req.target, tx->req.watched,
		hg_intern_text(c->env.ids, tx->req.target), tx->req.wire };
}

/* To be told; who is just being taken away, or comes after him, is not. */
struct hg_person *hg_tx_somebody(struct hg_core *c, hg_addr addr)
{
	struct hg_person *p = hg_person_find(c, addr);

	return p && p->exists && !hg_tx_going(p) ? p : NULL;
}

/* Over a border the half `out` begins; at home consent is by container, and only the presentity is
 * told who is there. */
static enum hg_verdict stage_wish(struct hg_core *c, struct hg_tx *tx)
{
	struct hg_watch_obj *w = hg_watch_find(c, tx->req.target, tx->req.watched);
	struct hg_pair pair = wish_pair(c, tx);
	bool home = hg_core_is_home(c, tx->req.watched);

	if (!home && hg_core_where(c, tx->req.watched).kind != HG_WHERE_ROUTE)
		return HG_OK;
	tx->auth = w ? w->auth : hg_watch_no_halves(c, pair.watcher, pair.presentity);
	tx->prompt = w ? w->prompt : HG_PROMPT_NONE;
	if (!home && tx->auth.out == HG_AUTH_NONE)
		tx->auth.out = HG_AUTH_PENDING;
	else if (home && hg_tx_somebody(c, tx->req.watched))
		tx->prompt = hg_prompt_for(
			c, hg_tx_somebody(c, tx->req.watched), tx->req.target, tx->prompt);
	if (w ? tx->auth.out == w->auth.out && tx->prompt == w->prompt : home && !tx->prompt)
		return HG_OK; /* asked for, granted, or refused: who refused is asked again only
				 when removed and added */
	if (!w && hg_watch_full(c))
		return hg_tx_refuse(tx, HG_TOO_LARGE, "too many watches");
	tx->change_auth = true;
	hg_tx_pair_fact(c, tx, &pair, tx->auth, tx->prompt);
	return HG_OK;
}

static void apply_wish(struct hg_core *c, struct hg_tx *tx)
{
	struct hg_pair pair = wish_pair(c, tx);
	struct hg_watch_obj *w;

	if (!tx->change_auth)
		return;
	w = hg_watch_get(c, pair.watcher, pair.presentity, pair.wire_watcher, pair.wire_presentity);
	if (!w)
		return;
	hg_prompt_set(c, w, tx->prompt);
	hg_watch_set_halves(c, w, tx->auth);
}

const struct tx_ops hg_tx_watch = { stage_wish, apply_wish };

/* ---- edges from peers ---- */

static bool from_watcher(enum hg_edge edge)
{
	return edge == HG_SUBSCRIBE || edge == HG_UNSUBSCRIBE || edge == HG_PROBE;
}

/* An edge counts only where it comes over a border: from a watcher, or from a presentity, who is
 * behind a route. */
static bool edge_fits(struct hg_core *c, const struct hg_tx *tx)
{
	return !hg_core_is_home(c, from_watcher(tx->edge) ? tx->pair.watcher : tx->pair.presentity);
}

/* The halves after an edge, if a home presentity agrees at once; in transit `in` follows `out`. */
static struct hg_halves after_edge(
	struct hg_halves now, bool remote_presentity, bool remote_watcher, enum hg_edge edge)
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

/* A home presentity: may the watcher be let in, and is there somebody to be told of him? */
static void ask_owner(struct hg_core *c, struct hg_tx *tx, struct hg_halves now)
{
	struct hg_asker asker = hg_core_asker(c, tx->pair.watcher);

	if (tx->auth.in == HG_AUTH_NONE)
		tx->prompt = HG_PROMPT_NONE;
	if (tx->edge != HG_SUBSCRIBE || now.in == HG_AUTH_GRANTED)
		return;
	if (!hg_consent_given(c, tx->person, &asker) &&
		(tx->person->exists || !HG_PLANTED(HG_BUG_NOBODY_IS_NOT_ASKED)))
		tx->auth.in = HG_AUTH_PENDING;
	tx->prompt = hg_prompt_for(c, tx->person, asker.addr, tx->prompt);
}

/* There is no such user (any more); in transit somebody remote stands in. */
static bool is_gone(struct hg_core *c, const struct hg_person *p)
{
	struct hg_where where = p ? hg_core_where(c, p->addr) : (struct hg_where){ 0 };

	return !p || (!p->exists && where.kind == HG_WHERE_HOME && !where.anybody);
}

static enum hg_verdict stage_edge(struct hg_core *c, struct hg_tx *tx)
{
	struct hg_watch_obj *w = hg_watch_find(c, tx->pair.watcher, tx->pair.presentity);
	bool out = !hg_core_is_home(c, tx->pair.presentity),
	     in = !hg_core_is_home(c, tx->pair.watcher);
	/* Who begins to ask for what he was given unasked begins with nothing. */
	bool watches = w && !(w->directed && tx->edge == HG_SUBSCRIBE);
	struct hg_halves now = watches
		? w->auth
		: hg_watch_no_halves(c, tx->pair.watcher, tx->pair.presentity);

	tx->auth = now;
	tx->prompt = w ? w->prompt : HG_PROMPT_NONE;
	if (!edge_fits(c, tx) || is_gone(c, tx->person))
		return HG_OK;
	tx->auth = after_edge(now, out, in, tx->edge);
	if (!out)
		ask_owner(c, tx, now);
	if (tx->auth.out == now.out && tx->auth.in == now.in)
		return HG_OK;
	if (!w && hg_watch_full(c)) {
		tx->auth = now; /* refused below, as if there were no such user */
		return HG_OK;
	}
	tx->change_auth = true;
	hg_tx_pair_fact(c, tx, &tx->pair, tx->auth, tx->prompt);
	return HG_OK;
}

static void send_back(struct hg_core *c, struct hg_tx *tx, enum hg_edge edge)
{
	struct hg_lane_obj *l = hg_lane_find(c, tx->lane);

	if (l && l->up)
		hg_down_edge(c, l, &tx->pair, edge);
}

/* A remote watcher asks, or asks how somebody is. Pending: silence. */
static void answer_watcher(struct hg_core *c, struct hg_tx *tx, struct hg_watch_obj *w)
{
	if (tx->auth.in == HG_AUTH_NONE) {
		/* Hidden: nobody is refused, so that a refusal does not tell who is there. Of those elsewhere it tells nothing. */
		if (!c->env.policy.hide_users || !hg_core_is_home(c, tx->pair.presentity))
			send_back(c, tx, HG_UNSUBSCRIBED);
		return;
	}
	if (tx->auth.in != HG_AUTH_GRANTED || !w)
		return;
	if (tx->edge == HG_SUBSCRIBE && !tx->change_auth)
		hg_watch_owe(c, w, HG_SUBSCRIBED); /* again: he may not have got it */
	/* He has just said that he wants to know, so what he was told before does not count. */
	if (w->outlet)
		hg_outlet_void(c, w->outlet);
}

static void apply_edge(struct hg_core *c, struct hg_tx *tx)
{
	struct hg_watch_obj *w = hg_watch_find(c, tx->pair.watcher, tx->pair.presentity);

	if (!edge_fits(c, tx))
		return;
	if (tx->change_auth && !w)
		w = hg_watch_get(c, tx->pair.watcher, tx->pair.presentity, tx->pair.wire_watcher,
			tx->pair.wire_presentity);
	if (tx->change_auth && w) {
		bool passed_on = tx->edge == HG_UNSUBSCRIBED && w->auth.in != tx->auth.in;

		if (passed_on) /* by way of refused: the presentity knows, and is sent nothing */
			hg_watch_set_halves(
				c, w, (struct hg_halves){ HG_AUTH_REFUSED, w->auth.in });
		hg_prompt_set(c, w, tx->prompt);
		hg_watch_set_halves(c, w, tx->auth);
		if (passed_on)
			hg_watch_owe(c, w, HG_UNSUBSCRIBED);
	}
	if (tx->edge == HG_SUBSCRIBE || tx->edge == HG_PROBE)
		answer_watcher(c, tx, w);
	if (w)
		hg_watch_release(c, w);
}

const struct tx_ops hg_tx_edges = { stage_edge, apply_edge };
