/* SPDX-License-Identifier: Apache-2.0 */
/* The queue machinery of transactions. What each kind does is in tx_*.c. */

#include "bridge/mirror/tx.h"

#include <stdlib.h>
#include <utlist.h>

static const struct tx_ops *ops_of(const struct hg_tx *tx)
{
	static const struct tx_ops *const requests[] = {
		[HG_REQ_REGISTER] = &hg_tx_register,
		[HG_REQ_PUBLISH] = &hg_tx_publish,
		[HG_REQ_MEMBERS] = &hg_tx_members,
		[HG_REQ_CONTACT] = &hg_tx_contact,
		[HG_REQ_WATCH] = &hg_tx_watch,
		[HG_REQ_ACK] = &hg_tx_ack,
		[HG_REQ_LINK] = &hg_tx_link,
		[HG_REQ_DELEGATE] = &hg_tx_delegate,
		[HG_REQ_ACE] = &hg_tx_ace,
		[HG_REQ_SAY] = &hg_tx_say,
		[HG_REQ_MEMO] = &hg_tx_memo,
	};

	switch (tx->kind) {
	case HG_TX_REQUEST:
		return requests[tx->req.kind];
	case HG_TX_EDGE:
		return &hg_tx_edges;
	case HG_TX_USER_GONE:
		return &hg_tx_gone_user;
	case HG_TX_CONSENT:
		return &hg_tx_consent;
	case HG_TX_USER:
		break;
	}
	return &hg_tx_new_user;
}

/* ---- facts ---- */

struct hg_fact *hg_tx_fact(struct hg_core *c, struct hg_tx *tx, enum hg_fact_kind kind, bool gone)
{
	struct hg_fact *f;

	hg_grow(&tx->facts.v, &tx->facts.cap, tx->facts.n, sizeof(*tx->facts.v));
	f = &tx->facts.v[tx->facts.n++];
	*f = (struct hg_fact){ .kind = kind, .gone = gone };
	if (tx->person)
		f->owner = hg_intern_text(c->env.ids, tx->person->addr);
	return f;
}

struct hg_str hg_tx_keep(struct hg_tx *tx, struct hg_bytes *take)
{
	hg_grow(&tx->keep, &tx->keep_cap, tx->nkeep, sizeof(*tx->keep));
	tx->keep[tx->nkeep++] = take;
	return hg_bytes_str(take);
}

enum hg_verdict hg_tx_refuse(struct hg_tx *tx, enum hg_verdict v, const char *reason)
{
	tx->reason = reason;
	return v;
}

void hg_tx_pair_fact(struct hg_core *c, struct hg_tx *tx, const struct hg_pair *pair,
	struct hg_halves auth, enum hg_prompt prompt)
{
	struct hg_halves none = hg_watch_no_halves(c, pair->watcher, pair->presentity);
	bool nothing = auth.out == none.out && auth.in == none.in && prompt == HG_PROMPT_NONE;
	struct hg_fact *f = hg_tx_fact(c, tx, HG_FACT_WATCH, nothing);

	f->owner = hg_intern_text(c->env.ids, pair->watcher);
	f->name = hg_intern_text(c->env.ids, pair->presentity);
	f->number[0] = auth.out;
	f->number[1] = auth.in;
	f->number[2] = prompt;
	f->value = pair->wire_watcher;
	f->extra = pair->wire_presentity;
}

/* ---- holding: while a commit may take something away from a watcher, he is handed nothing ---- */

static void hold(struct hg_core *c, struct hg_tx *tx, bool on)
{
	struct hg_watch_obj *w;

	if (tx->holds == on || !tx->person)
		return;
	tx->holds = on;
	tx->person->held += on ? 1 : -1;
	if (tx->person->held || HG_PLANTED(HG_BUG_NO_DIRTY_AFTER_HOLD))
		return;
	/* Also after a failure: what was withheld must be looked at again. */
	DL_FOREACH2 (tx->person->watcher, w, pnext)
		hg_watch_dirty(c, w);
}

/* ---- the queue ---- */

static void make_ready(struct hg_core *c, struct hg_tx *tx)
{
	LL_APPEND2(c->ready, tx, rnext);
	hg_core_wake(c);
}

static void tx_free(struct hg_tx *tx)
{
	hg_request_done(&tx->req);
	free((char *)tx->pair.wire_watcher.p);
	free((char *)tx->pair.wire_presentity.p);
	for (size_t i = 0; i < tx->nkeep; i++)
		hg_bytes_unref(tx->keep[i]);
	for (size_t i = 0; i < sizeof(tx->value) / sizeof(tx->value[0]); i++)
		hg_bytes_unref(tx->value[i]);
	if (tx->card)
		hg_card_done(tx->card);
	free(tx->card);
	free(tx->keep);
	free(tx->facts.v);
	free(tx->conflict);
	free(tx->let_in);
	free(tx->version);
	free(tx->published);
	free(tx);
}

static void drop_person_if_unborn(struct hg_core *c, struct hg_person *p)
{
	if (!p->exists && !p->txq)
		hg_person_free(c, p);
}

static void finish(struct hg_core *c, struct hg_tx *tx, enum hg_verdict verdict)
{
	struct hg_person *p = tx->person;

	tx->verdict = verdict;
	hold(c, tx, false);
	if (verdict != HG_OK && tx->kind == HG_TX_REQUEST && tx->req.kind == HG_REQ_CONTACT)
		hg_tx_contact_refused(c, tx);
	hg_tx_answer(c, tx);
	if (p) {
		LL_DELETE(p->txq, tx);
		p->ntx--;
		if (p->txq)
			make_ready(c, p->txq);
	}
	tx_free(tx);
	if (p)
		drop_person_if_unborn(c, p);
}

const struct hg_tx *hg_tx_committing(
	const struct hg_person *p, enum hg_request_kind kind, hg_addr watched)
{
	const struct hg_tx *head = p->txq;
	bool so = head && head->state != TX_WAITING && head->kind == HG_TX_REQUEST &&
		head->req.kind == kind && head->req.watched == watched;

	return so ? head : NULL;
}

static void committed(void *arg, int rc)
{
	struct hg_tx *tx = arg;

	tx->state = TX_COMMITTED;
	tx->rc = rc;
	tx->core->commits--;
	make_ready(tx->core, tx);
}

static void commit(struct hg_tx *tx)
{
	struct hg_store *store = tx->core->env.store;

	store->ops->commit(store, tx->facts.v, tx->facts.n, committed, tx);
}

static void forgotten(void *arg, int rc)
{
	if (rc < 0)
		committed(arg, rc);
	else
		commit(arg);
}

/* What is hinted of somebody who had the name before must not come back as his: the end of that one, or of the process, may
 * have come before it was forgotten. So that is made sure of before he is there. */
static bool is_new_user(const struct hg_tx *tx)
{
	return tx->facts.v[0].kind == HG_FACT_USER && !tx->facts.v[0].gone &&
		!HG_PLANTED(HG_BUG_HINTS_SURVIVE_USER);
}

bool hg_tx_makes_user(const struct hg_core *c, const struct hg_request *req)
{
	return c->env.policy.provision_open &&
		(req->kind == HG_REQ_REGISTER || (req->kind == HG_REQ_SAY && req->said));
}

static void start(struct hg_core *c, struct hg_tx *tx)
{
	const struct tx_ops *ops = ops_of(tx);
	enum hg_verdict v = tx->verdict;

	/* The registration before it failed, or he was taken away. */
	if (v == HG_OK && tx->kind == HG_TX_REQUEST && !tx->person->exists &&
		!hg_tx_makes_user(c, &tx->req))
		v = hg_tx_refuse(tx, HG_NOT_FOUND, "no such user");
	if (v == HG_OK && tx->kind == HG_TX_REQUEST && !hg_tx_may(&tx->by, &tx->req, tx->person) &&
		!HG_PLANTED(HG_BUG_RIGHT_AT_ARRIVAL))
		v = hg_tx_refuse(tx, HG_NOT_DELEGATE, hg_tx_not_delegate);
	if (v == HG_OK)
		v = ops->stage(c, tx);

	if (v != HG_OK) {
		finish(c, tx, v);
		return;
	}
	if (tx->facts.n == 0) {
		ops->apply(c, tx);
		finish(c, tx, HG_OK);
		return;
	}
	if (HG_PLANTED(HG_BUG_APPLY_BEFORE_COMMIT))
		ops->apply(c, tx);
	tx->state = TX_COMMITTING;
	if (HG_PLANTED(HG_BUG_ANSWER_BEFORE_COMMIT)) {
		hg_tx_answer(c, tx);
		tx->cookie = 0;
	}
	c->commits++;
	if (is_new_user(tx))
		hg_hint_forget_then(c, tx->person, forgotten, tx);
	else
		commit(tx);
}

static void end(struct hg_core *c, struct hg_tx *tx)
{
	if (tx->rc < 0) {
		hg_core_count(c, "commits_failed_total");
		tx->reason = "the store failed; nothing was changed";
		finish(c, tx, HG_LATER);
		return;
	}
	if (!HG_PLANTED(HG_BUG_APPLY_BEFORE_COMMIT))
		ops_of(tx)->apply(c, tx);
	finish(c, tx, HG_OK);
}

bool hg_txs_run(struct hg_core *c)
{
	struct hg_tx *tx = c->ready;

	if (!tx)
		return false;
	while ((tx = c->ready)) {
		LL_DELETE2(c->ready, tx, rnext);
		if (tx->state == TX_COMMITTED)
			end(c, tx);
		else
			start(c, tx);
	}
	return true;
}

struct hg_tx *hg_tx_new(struct hg_core *c, enum hg_txkind kind, struct hg_person *p)
{
	struct hg_tx *tx = hg_alloc(sizeof(*tx));

	tx->core = c;
	tx->kind = kind;
	tx->person = p;
	return tx;
}

/* May it take something away from a watcher? */
static bool may_take(const struct hg_tx *tx)
{
	if (tx->kind != HG_TX_REQUEST)
		return false;
	return tx->req.kind == HG_REQ_MEMBERS ||
		(tx->req.kind == HG_REQ_ACE && !HG_PLANTED(HG_BUG_BLOCKED_NOT_HELD)) ||
		(tx->req.kind == HG_REQ_CONTACT && tx->person->privacy);
}

void hg_tx_enqueue(struct hg_core *c, struct hg_tx *tx)
{
	struct hg_person *p = tx->person;

	/* From its arrival on: a client that has sent the request counts on it. */
	if (p && may_take(tx))
		hold(c, tx, true);
	if (!p) {
		make_ready(c, tx);
		return;
	}
	LL_APPEND(p->txq, tx);
	p->ntx++;
	if (p->txq == tx)
		make_ready(c, tx);
}

/* The process ends: clients do not get an answer any more. */
static void drop(struct hg_tx *tx)
{
	if (tx->done)
		tx->done(tx->done_arg,
			&(struct hg_answer){ .verdict = HG_LATER, .reason = "the end" });
	tx_free(tx);
}

void hg_txs_drop(struct hg_core *c)
{
	struct hg_tx *tx, *tmp;

	LL_FOREACH_SAFE2(c->ready, tx, tmp, rnext)
	if (!tx->person)
		drop(tx);
	c->ready = NULL;
}

void hg_tx_free_all(struct hg_core *c, struct hg_person *p)
{
	struct hg_tx *tx, *tmp;

	LL_FOREACH_SAFE (p->txq, tx, tmp) {
		LL_DELETE(p->txq, tx);
		drop(tx);
	}
	(void)c;
}
