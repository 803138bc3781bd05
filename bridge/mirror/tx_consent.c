/* SPDX-License-Identifier: Apache-2.0 */
/* What consent makes of transactions: waiting watchers who are let in, and prompts that were
 * acknowledged. */

#include "bridge/mirror/tx.h"

#include <utlist.h>

/* ---- letting in: with the same commit that gives the consent ---- */

/* Who lets somebody in, or blocks him, by a word about him alone has answered what he was asked. */
static bool answers(const struct hg_tx *tx, const struct hg_watch_obj *w)
{
	return (tx->req.kind == HG_REQ_ACK || tx->req.kind == HG_REQ_ACE) &&
		w->asker.addr == tx->req.watched && w->prompt == HG_PROMPT_OPEN;
}

static void let_in(struct hg_core *c, struct hg_tx *tx, const struct hg_watch_obj *w)
{
	struct hg_pair pair = hg_watch_pair(w);

	hg_tx_pair_fact(c, tx, &pair, (struct hg_halves){ w->auth.out, HG_AUTH_GRANTED },
		answers(tx, w) ? HG_PROMPT_DONE : w->prompt);
	hg_grow(&tx->let_in, &tx->let_in_cap, tx->nlet_in, sizeof(*tx->let_in));
	tx->let_in[tx->nlet_in++] = w->id;
}

static bool is_listed(const struct hg_tx *tx, hg_watch id)
{
	for (size_t i = 0; i < tx->nlet_in; i++)
		if (tx->let_in[i] == id)
			return true;
	return false;
}

/* By kind: what is the domain of some may be the whole address of another. */
static bool is_meant(const struct hg_asker *a, enum hg_member_type type, hg_addr addr)
{
	return (type == HG_MEMBER_USER && a->addr == addr) ||
		(type == HG_MEMBER_DOMAIN && a->domain == addr);
}

void hg_tx_let_in(struct hg_core *c, struct hg_tx *tx, enum hg_member_type type, hg_addr addr)
{
	const struct hg_watch_obj *w;

	DL_FOREACH2 (tx->person->watcher, w, pnext)
		if (w->auth.in == HG_AUTH_PENDING && is_meant(&w->asker, type, addr) &&
			!is_listed(tx, w->id))
			let_in(c, tx, w);
}

void hg_tx_let_in_apply(struct hg_core *c, struct hg_tx *tx)
{
	for (size_t i = 0; i < tx->nlet_in; i++) {
		struct hg_watch_obj *w;

		HASH_FIND(hh_id, c->watches_by_id, &tx->let_in[i], sizeof(hg_watch), w);
		if (w)
			hg_watch_set_halves(
				c, w, (struct hg_halves){ w->auth.out, HG_AUTH_GRANTED });
	}
}

/* ---- the rules have changed: who need not wait any more ---- */

static enum hg_verdict stage_consent(struct hg_core *c, struct hg_tx *tx)
{
	const struct hg_watch_obj *w;

	DL_FOREACH2 (tx->person->watcher, w, pnext)
		if (w->auth.in == HG_AUTH_PENDING && hg_consent_given(c, tx->person, &w->asker))
			let_in(c, tx, w);
	if (HG_PLANTED(HG_BUG_LET_IN_BEFORE_COMMIT))
		hg_tx_let_in_apply(c, tx);
	return HG_OK;
}

const struct tx_ops hg_tx_consent = { stage_consent, hg_tx_let_in_apply };

/* ---- acknowledging: the owner need not be asked about this watcher again ([MS-PRES]
 * setSubscribers) ---- */

void hg_tx_answered_stage(struct hg_core *c, struct hg_tx *tx)
{
	struct hg_watch_obj *w = hg_watch_find(c, tx->req.watched, tx->req.target);
	struct hg_pair pair;

	if (!w || !answers(tx, w))
		return;
	tx->prompt = HG_PROMPT_DONE;
	pair = hg_watch_pair(w);
	if (!is_listed(tx, w->id))
		hg_tx_pair_fact(c, tx, &pair, w->auth, tx->prompt);
}

static enum hg_verdict stage_ack(struct hg_core *c, struct hg_tx *tx)
{
	struct hg_watch_obj *w = hg_watch_find(c, tx->req.watched, tx->req.target);

	if (!w || w->prompt == HG_PROMPT_NONE)
		return hg_tx_refuse(tx, HG_BAD, "subscriber: nobody of this name waits");
	hg_tx_answered_stage(c, tx);
	return HG_OK;
}

/* Where the client that acknowledges is shown who waits, if it knows that list as it is now. */
static struct hg_outlet_obj *where_known(struct hg_core *c, const struct hg_tx *tx)
{
	struct hg_outlet_obj *o;

	DL_FOREACH (tx->person->self, o)
		if (o->lane->in_order && o->endpoint && o->endpoint->id == tx->by.endpoint &&
			hg_outlet_knows(c, o, HG_PART_SUBSCRIBERS))
			return o;
	return NULL;
}

/* Who knew the list and has taken somebody off it himself knows the new one: the answer is its delivery. pidgin-sipe asks
 * its user about everybody on a list that comes, whether or not it has asked before. */
void hg_tx_answered_apply(struct hg_core *c, struct hg_tx *tx)
{
	struct hg_watch_obj *w = hg_watch_find(c, tx->req.watched, tx->req.target);
	struct hg_outlet_obj *o;

	if (tx->prompt != HG_PROMPT_DONE || !w || w->prompt != HG_PROMPT_OPEN)
		return;
	o = where_known(c, tx);
	hg_prompt_set(c, w, HG_PROMPT_DONE);
	if (o)
		hg_outlet_knows_now(c, o, HG_PART_SUBSCRIBERS);
}

const struct tx_ops hg_tx_ack = { stage_ack, hg_tx_answered_apply };
