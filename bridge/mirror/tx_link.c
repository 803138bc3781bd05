/* SPDX-License-Identifier: Apache-2.0 */
/* Linking an account elsewhere to a home person, and ending that. The half "out" of the watch on it goes along. */

#include "bridge/mirror/contact_list.h"
#include "bridge/mirror/tx.h"

static void link_fact(struct hg_core *c, struct hg_tx *tx, bool gone)
{
	hg_tx_fact(c, tx, HG_FACT_LINK, gone)->name = hg_intern_text(c->env.ids, tx->req.watched);
}

/* Still wanted as a contact when the link goes? */
static bool is_subscribed_contact(const struct hg_tx *tx)
{
	const struct hg_contact *k = hg_list_contact(&tx->person->list, tx->req.watched);

	return k && !k->gone && k->subscribed;
}

/* Somebody else's link of it is being committed: whose it will be is not known before that has ended. */
static bool is_being_linked(struct hg_core *c, const struct hg_tx *tx)
{
	const struct hg_person *p;

	for (p = c->persons; p; p = p->hh.next) {
		const struct hg_tx *other = hg_tx_committing(p, HG_REQ_LINK, tx->req.watched);

		if (p != tx->person && other && !other->req.remove)
			return true;
	}
	return false;
}

static enum hg_verdict stage(struct hg_core *c, struct hg_tx *tx)
{
	struct hg_watch_obj *w = hg_watch_find(c, tx->req.target, tx->req.watched);
	struct hg_link_obj *k = hg_link_find(c, tx->req.watched);
	struct hg_pair pair = { tx->req.target, tx->req.watched,
		hg_intern_text(c->env.ids, tx->req.target), tx->req.wire };

	if (!tx->done)
		return hg_tx_refuse(tx, HG_FORBIDDEN, "an administrator links accounts");
	if (hg_core_where(c, tx->req.watched).kind != HG_WHERE_ROUTE)
		return hg_tx_refuse(tx, HG_BAD, "only an address behind a route can be linked");
	if (k && k->person != tx->person)
		return hg_tx_refuse(tx, HG_FORBIDDEN, "this address is linked to somebody else");
	if (!k && tx->req.remove)
		return hg_tx_refuse(tx, HG_NOT_FOUND, "there is no such link");
	if (!k && is_being_linked(c, tx))
		return hg_tx_refuse(tx, HG_LATER, "this address is being linked to somebody else");
	if (!w && hg_watch_full(c))
		return hg_tx_refuse(tx, HG_TOO_LARGE, "too many watches");
	if (!k || tx->req.remove)
		link_fact(c, tx, tx->req.remove);
	tx->auth = w ? w->auth : hg_watch_no_halves(c, pair.watcher, pair.presentity);
	/* Of one that is there: it may have been refused, and is asked again. */
	if (!tx->req.remove && tx->auth.out != HG_AUTH_GRANTED)
		tx->auth.out = HG_AUTH_PENDING;
	else if (tx->req.remove && !is_subscribed_contact(tx))
		tx->auth.out = HG_AUTH_NONE;
	tx->change_auth = !w || tx->auth.out != w->auth.out;
	if (tx->change_auth)
		hg_tx_pair_fact(c, tx, &pair, tx->auth, HG_PROMPT_NONE);
	return HG_OK;
}

static void tell(struct hg_core *c, const struct hg_tx *tx)
{
	const char *person = hg_log_text(hg_intern_text(c->env.ids, tx->req.target));
	const char *account = hg_log_text(hg_intern_text(c->env.ids, tx->req.watched));

	if (tx->req.remove)
		hg_log(HG_INFO, "link-removed", "person=%s account=%s", person, account);
	else
		hg_log(HG_INFO, "link-added", "person=%s account=%s", person, account);
}

/* The account itself is shown its person no more, or again. */
static void look_back(struct hg_core *c, const struct hg_tx *tx)
{
	struct hg_watch_obj *w = hg_watch_find(c, tx->req.watched, tx->req.target);

	if (w)
		hg_watch_dirty(c, w);
}

static void apply(struct hg_core *c, struct hg_tx *tx)
{
	struct hg_link_obj *k = hg_link_find(c, tx->req.watched);
	struct hg_watch_obj *w = hg_watch_get(c, tx->req.target, tx->req.watched,
		hg_intern_text(c->env.ids, tx->req.target), tx->req.wire);

	tell(c, tx);
	if (tx->req.remove && k)
		hg_link_remove(c, k);
	if (!w)
		return;
	if (!tx->req.remove)
		w->link = hg_link_add(c, tx->person, tx->req.watched);
	if (tx->change_auth)
		hg_watch_set_halves(c, w, tx->auth);
	look_back(c, tx);
	hg_link_sync(c, w);
	/* Who had agreed before is not asked again, by which its adapter would notice. */
	if (!HG_PLANTED(HG_BUG_AGREED_NOT_TOLD))
		hg_link_blocked(c, w);
	hg_watch_release(c, w);
}

const struct tx_ops hg_tx_link = { stage, apply };

/* ---- what its adapter remembers of it ---- */

static enum hg_verdict stage_memo(struct hg_core *c, struct hg_tx *tx)
{
	const struct hg_link_obj *k = hg_link_find(c, tx->req.watched);

	if (!k || k->person != tx->person)
		return hg_tx_refuse(tx, HG_NOT_FOUND, "there is no such link");
	if (tx->req.memo.n > HG_MEMO_MAX)
		return hg_tx_refuse(tx, HG_TOO_LARGE, "too much to remember");
	if (hg_str_eq(hg_bytes_str(k->memo), tx->req.memo))
		return HG_OK;
	if (!tx->req.memo.n && HG_PLANTED(HG_BUG_MEMO_COMES_AGAIN))
		return HG_OK;
	link_fact(c, tx, false);
	tx->facts.v[tx->facts.n - 1].value = tx->req.memo;
	return HG_OK;
}

static void apply_memo(struct hg_core *c, struct hg_tx *tx)
{
	hg_link_set_memo(hg_link_find(c, tx->req.watched), tx->req.memo);
}

const struct tx_ops hg_tx_memo = { stage_memo, apply_memo };
