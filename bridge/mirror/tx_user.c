/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The end of a user: everything that is his, durable and soft, and everybody's watch on him, with
 * one commit. Watchers behind a route are told `unsubscribed`, those whom he watched
 * `unsubscribe`; watchers at home see nobody, and keep him in their lists.
 */

#include "bridge/mirror/tx.h"

#include "bridge/address/ids.h"

#include <utlist.h>

bool hg_tx_going(const struct hg_person *p)
{
	return p->txq && p->txq->kind == HG_TX_USER_GONE && p->txq->state != TX_WAITING;
}

/* Those who begin to watch him just now, in commits of their own that come before this one. */
static void end_wishes(struct hg_core *c, struct hg_tx *tx)
{
	struct hg_person *p;

	for (p = c->persons; p; p = p->hh.next) {
		const struct hg_tx *wish = hg_tx_committing(p, HG_REQ_WATCH, tx->person->addr);
		struct hg_pair pair = { .watcher = p->addr, .presentity = tx->person->addr };

		if (p != tx->person && wish && !wish->rc)
			hg_tx_pair_fact(c, tx, &pair,
				hg_watch_no_halves(c, pair.watcher, pair.presentity),
				HG_PROMPT_NONE);
	}
}

static enum hg_verdict stage(struct hg_core *c, struct hg_tx *tx)
{
	const struct hg_watch_obj *w;

	if (!tx->person->exists)
		return hg_tx_refuse(tx, HG_NOT_FOUND, "no such user");
	hg_tx_fact(c, tx, HG_FACT_USER, true); /* his own watches go with him */
	DL_FOREACH2 (tx->person->watcher, w, pnext) {
		struct hg_pair pair = hg_watch_pair(w);

		if (w->key.watcher != tx->person->addr)
			hg_tx_pair_fact(c, tx, &pair,
				hg_watch_no_halves(c, pair.watcher, pair.presentity),
				HG_PROMPT_NONE);
	}
	end_wishes(c, tx);
	return hg_tx_delegates_stage(c, tx);
}

static void end_links(struct hg_core *c, struct hg_person *p)
{
	struct hg_link_obj *k, *tmp;

	HASH_ITER (hh, c->links, k, tmp)
		if (k->person == p)
			hg_link_remove(c, k);
}

static void end_outlets(struct hg_core *c, struct hg_watch_obj *w)
{
	while (w->outlet)
		hg_outlet_end(c, w->outlet);
}

/* He watched. */
static void leave(struct hg_core *c, struct hg_person *p, struct hg_watch_obj *w)
{
	end_outlets(c, w);
	hg_prompt_set(c, w, HG_PROMPT_NONE);
	hg_watch_set_halves(c, w, hg_watch_no_halves(c, w->key.watcher, w->key.presentity));
	DL_DELETE2(p->watched, w, wprev, wnext);
	w->watcher = NULL;
	hg_watch_release(c, w);
}

/* He was watched. Who waits where users are hidden is not told, as it would tell that there was
 * somebody. */
static void dismiss(struct hg_core *c, struct hg_person *p, struct hg_watch_obj *w)
{
	bool told = w->auth.in == HG_AUTH_GRANTED || !c->env.policy.hide_users ||
		HG_PLANTED(HG_BUG_HIDDEN_REFUSED);

	w->prompt = HG_PROMPT_NONE;
	DL_DELETE2(p->watcher, w, pprev, pnext);
	w->presentity = NULL;
	/* Clients that were shown him need a document that says offline: pidgin-sipe makes nothing
	 * of `noresource`. */
	w->dismissed = true;
	hg_watch_set_halves(c, w, hg_watch_no_halves(c, w->key.watcher, w->key.presentity));
	if (w->is_in && told)
		hg_watch_owe(c, w, HG_UNSUBSCRIBED);
	hg_watch_release(c, w);
}

static void apply(struct hg_core *c, struct hg_tx *tx)
{
	struct hg_person *p = tx->person;

	hg_log(HG_INFO, "user-removed", "person=%s",
		hg_log_text(hg_intern_text(c->env.ids, p->addr)));
	hg_core_event(c, &(struct hg_event){ .kind = HG_EVENT_USER_REMOVED, .person = p->addr });
	end_links(c, p);
	while (p->endpoint)
		hg_endpoint_end(c, p->endpoint, "user-removed");
	while (p->self)
		hg_outlet_end(c, p->self);
	p->exists = false;
	hg_directory_drop(c, p);
	hg_tx_delegates_apply(c, tx);
	while (p->watched)
		leave(c, p, p->watched);
	while (p->watcher)
		dismiss(c, p, p->watcher);
	if (!HG_PLANTED(HG_BUG_NAME_IS_PERSON))
		hg_person_forget(c, p); /* requests that wait still point at him */
	hg_hint_forget(c, p);
}

const struct tx_ops hg_tx_gone_user = { stage, apply };
