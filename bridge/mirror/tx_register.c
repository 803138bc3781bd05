/* SPDX-License-Identifier: Apache-2.0 */
/* Registrations, and the users that the first one makes. */

#include "bridge/mirror/tx.h"

#include <utlist.h>

static void user_fact(struct hg_core *c, struct hg_tx *tx)
{
	hg_tx_fact(c, tx, HG_FACT_USER, false);
}

void hg_person_born(struct hg_core *c, struct hg_person *p)
{
	struct hg_watch_obj *w, *tmp;

	if (p->exists)
		return;
	p->exists = true;
	hg_directory_late(c, p);
	hg_core_event(c, &(struct hg_event){ .kind = HG_EVENT_USER_ADDED, .person = p->addr });
	hg_log(HG_INFO, "user-added", "person=%s",
		hg_log_text(hg_intern_text(c->env.ids, p->addr)));
	HASH_ITER (hh, c->watches, w, tmp) {
		if (w->key.presentity == p->addr && !w->presentity) {
			w->presentity = p;
			DL_APPEND2(p->watcher, w, pprev, pnext);
		}
		if (w->key.presentity == p->addr)
			hg_watch_dirty(c, w);
		if (w->key.watcher == p->addr && !w->watcher) {
			w->watcher = p;
			DL_APPEND2(p->watched, w, wprev, wnext);
		}
	}
}

static enum hg_verdict stage_register(struct hg_core *c, struct hg_tx *tx)
{
	struct hg_person *p = tx->person;

	if (tx->req.expires == 0)
		return HG_OK;
	if (!hg_lane_find(c, tx->by.lane))
		return hg_tx_refuse(tx, HG_BAD, "the connection is gone");
	if (!hg_endpoint_of(p, tx->req.instance) &&
		p->nendpoints >= c->env.policy.limits.endpoints) {
		hg_core_count(c, "limit_endpoints_total");
		return hg_tx_refuse(tx, HG_TOO_LARGE, "too many endpoints");
	}
	if (!p->exists)
		user_fact(c, tx);
	return HG_OK;
}

static void apply_register(struct hg_core *c, struct hg_tx *tx)
{
	struct hg_endpoint_obj *e = hg_endpoint_of(tx->person, tx->req.instance);
	struct hg_lane_obj *l = hg_lane_find(c, tx->by.lane);

	if (tx->req.expires == 0) {
		if (e) {
			tx->endpoint = e->id;
			hg_endpoint_end(c, e, "signed-off");
		}
		return;
	}
	hg_person_born(c, tx->person);
	if (!l)
		return; /* closed while the commit was under way */
	e = hg_endpoint_register(c, tx->person, tx->req.instance, l, tx->req.expires);
	tx->endpoint = e->id;
}

const struct tx_ops hg_tx_register = { stage_register, apply_register };

static enum hg_verdict stage_user(struct hg_core *c, struct hg_tx *tx)
{
	if (!tx->person->exists && tx->only_change)
		return hg_tx_refuse(tx, HG_NOT_FOUND, "no such user");
	if (!tx->person->exists)
		user_fact(c, tx);
	hg_tx_card_stage(c, tx);
	return HG_OK;
}

static void apply_user(struct hg_core *c, struct hg_tx *tx)
{
	hg_person_born(c, tx->person);
	hg_tx_card_apply(c, tx);
}

const struct tx_ops hg_tx_new_user = { stage_user, apply_user };
