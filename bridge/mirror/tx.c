/* SPDX-License-Identifier: Apache-2.0 */
/* The queue machinery of transactions. What each kind does is in tx_*.c. */

#include "bridge/mirror/tx.h"

#include "bridge/address/ids.h"

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
	};

	switch (tx->kind) {
	case HG_TX_REQUEST:
		return requests[tx->req.kind];
	case HG_TX_EDGE:
		return &hg_tx_edges;
	case HG_TX_USER_GONE:
		return &hg_tx_gone_user;
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
	free(tx->keep);
	free(tx->facts.v);
	free(tx->conflict);
	free(tx->let_in);
	free(tx->version);
	free(tx->published);
	free(tx);
}

static bool shows(const struct hg_outlet_obj *o, const bool part[HG_CAT_COUNT])
{
	for (size_t i = 0; i < o->nparts; i++)
		if (o->part[i].part < HG_CAT_COUNT && part[o->part[i].part])
			return true;
	return false;
}

/* Where the publisher himself is shown what he published. */
static struct hg_outlet_obj *own_outlet(const struct hg_tx *tx, const struct hg_lane_obj *l)
{
	struct hg_outlet_obj *o;

	DL_FOREACH (tx->person->self, o)
		if (o->lane == l && o->endpoint && o->endpoint->id == tx->by.endpoint &&
			shows(o, tx->touched))
			return o;
	return NULL;
}

/* The touched categories as the owner sees them, also for an endpoint that has not asked to be
 * shown them. */
static size_t answer_frags(
	struct hg_core *c, struct hg_tx *tx, struct hg_lane_obj *l, struct hg_outlet_obj *o)
{
	struct hg_outlet_obj nowhere = { .self = tx->person, .lane = l, .format = l->format };

	hg_frags_reset(c);
	return hg_outlet_render_parts(c, o ? o : &nowhere, tx->touched);
}

static void answer(struct hg_core *c, struct hg_tx *tx)
{
	struct hg_lane_obj *l = hg_lane_find(c, tx->by.lane);
	struct hg_outlet_obj *o = NULL;
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
	if (tx->verdict == HG_OK && tx->req.kind == HG_REQ_PUBLISH) {
		o = own_outlet(tx, l);
		a.nfrags = answer_frags(c, tx, l, o);
		a.frag = c->parcel_frag;
	}
	hg_down_answer(c, l, tx->cookie, &a);
	if (o) {
		o->sequence++;
		if (!HG_PLANTED(HG_BUG_ANSWER_NOT_DELIVERY))
			hg_outlet_told(c, o, a.frag, a.nfrags);
	}
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
	answer(c, tx);
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

static void committed(void *arg, int rc)
{
	struct hg_tx *tx = arg;

	tx->state = TX_COMMITTED;
	tx->rc = rc;
	tx->core->commits--;
	make_ready(tx->core, tx);
}

static bool makes_user(const struct hg_core *c, const struct hg_tx *tx)
{
	return tx->req.kind == HG_REQ_REGISTER && c->env.provision_open;
}

static void start(struct hg_core *c, struct hg_tx *tx)
{
	const struct tx_ops *ops = ops_of(tx);
	enum hg_verdict v = tx->verdict;

	/* The registration before it failed, or he was taken away. */
	if (v == HG_OK && tx->kind == HG_TX_REQUEST && !tx->person->exists && !makes_user(c, tx))
		v = hg_tx_refuse(tx, HG_NOT_FOUND, "no such user");
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
		answer(c, tx);
		tx->cookie = 0;
	}
	c->commits++;
	c->env.store->ops->commit(c->env.store, tx->facts.v, tx->facts.n, committed, tx);
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

static void enqueue(struct hg_core *c, struct hg_tx *tx)
{
	struct hg_person *p = tx->person;

	/* From its arrival on: a client that has sent the request counts on it. */
	if (p && tx->kind == HG_TX_REQUEST && tx->req.kind == HG_REQ_MEMBERS)
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

/* ---- arrivals ---- */

static struct hg_tx *tx_new(struct hg_core *c, enum hg_txkind kind, struct hg_person *p)
{
	struct hg_tx *tx = hg_alloc(sizeof(*tx));

	tx->core = c;
	tx->kind = kind;
	tx->person = p;
	return tx;
}

/* Whose data a request is about; NULL with a verdict if it cannot be. */
static struct hg_person *person_of(struct hg_core *c, const struct hg_principal *by,
	const struct hg_request *req, enum hg_verdict *ret, const char **ret_reason)
{
	struct hg_person *p = hg_person_find(c, req->target);

	*ret_reason = "";
	if (by->addr != req->target) {
		*ret = HG_FORBIDDEN;
		*ret_reason = "only the user himself may do this";
	} else if (p && p->ntx >= c->env.limits.queue && !HG_PLANTED(HG_BUG_QUEUE_WITHOUT_END)) {
		*ret = HG_LATER;
		*ret_reason = "too many requests wait";
		hg_core_count(c, "limit_queue_total");
	} else if (p) {
		return p;
	} else if (req->kind != HG_REQ_REGISTER || !c->env.provision_open ||
		!hg_core_is_home(c, req->target)) {
		*ret = HG_NOT_FOUND;
		*ret_reason = "no such user";
	} else if (HASH_CNT(hh, c->persons) >= c->env.limits.users) {
		*ret = HG_TOO_LARGE;
		*ret_reason = "too many users";
		hg_core_count(c, "limit_users_total");
	} else {
		return hg_person_get(c, req->target);
	}
	return NULL;
}

static struct hg_tx *new_request(
	struct hg_core *c, const struct hg_principal *by, const struct hg_request *req)
{
	struct hg_tx *tx = tx_new(c, HG_TX_REQUEST, NULL);

	tx->by = *by;
	hg_request_copy(&tx->req, req);
	tx->person = person_of(c, by, req, &tx->verdict, &tx->reason);
	return tx;
}

void hg_tx_ask(struct hg_core *c, const struct hg_request *req, hg_endpoint endpoint,
	void (*done)(void *arg, const struct hg_answer *), void *arg)
{
	struct hg_principal by = { .addr = req->target, .endpoint = endpoint };
	struct hg_tx *tx = new_request(c, &by, req);

	tx->done = done;
	tx->done_arg = arg;
	enqueue(c, tx);
}

void hg_core_ask(struct hg_core *c, const struct hg_request *req,
	void (*done)(void *arg, const struct hg_answer *), void *arg)
{
	hg_tx_ask(c, req, 0, done, arg);
}

void hg_core_request(struct hg_core *c, const struct hg_principal *by, const struct hg_request *req,
	uint64_t cookie)
{
	struct hg_tx *tx = new_request(c, by, req);

	tx->cookie = cookie;
	enqueue(c, tx);
}

/*
 * Whose queue orders the edges of a pair: that of its home end, if he is a user. In transit there
 * is none, so the watcher stands in, as somebody who does not exist and goes when his queue is
 * empty.
 */
static struct hg_person *person_of_pair(struct hg_core *c, const struct hg_pair *pair)
{
	bool transit = !hg_core_is_home(c, pair->presentity) && !hg_core_is_home(c, pair->watcher);
	struct hg_person *p;

	if (transit)
		return hg_person_get(c, pair->watcher);
	p = hg_person_find(
		c, hg_core_is_home(c, pair->presentity) ? pair->presentity : pair->watcher);
	return p && p->exists ? p : NULL;
}

void hg_tx_edge(
	struct hg_core *c, struct hg_lane_obj *l, const struct hg_pair *pair, enum hg_edge edge)
{
	struct hg_person *p = person_of_pair(c, pair);
	struct hg_tx *tx;

	if (p && p->ntx >= c->env.limits.queue) {
		hg_core_count(c, "limit_queue_total"); /* the peer will ask again */
		return;
	}
	hg_core_edge_event(c, HG_EVENT_EDGE_IN, l, pair, edge);
	tx = tx_new(c, HG_TX_EDGE, p);
	tx->lane = l->id;
	tx->edge = edge;
	tx->pair = *pair;
	tx->pair.wire_watcher = (struct hg_str){ hg_str_dup(pair->wire_watcher),
		pair->wire_watcher.n };
	tx->pair.wire_presentity = (struct hg_str){ hg_str_dup(pair->wire_presentity),
		pair->wire_presentity.n };
	enqueue(c, tx);
}

void hg_tx_user(struct hg_core *c, struct hg_person *p)
{
	enqueue(c, tx_new(c, HG_TX_USER, p));
}

void hg_core_ask_user(struct hg_core *c, hg_addr addr, bool remove,
	void (*done)(void *arg, const struct hg_answer *), void *arg)
{
	struct hg_tx *tx = tx_new(c, remove ? HG_TX_USER_GONE : HG_TX_USER, NULL);
	struct hg_person *p = hg_person_find(c, addr);

	tx->done = done;
	tx->done_arg = arg;
	if (!hg_core_is_home(c, addr))
		tx->verdict = hg_tx_refuse(tx, HG_BAD, "not of a domain whose people live here");
	else if (p && p->ntx >= c->env.limits.queue)
		tx->verdict = hg_tx_refuse(tx, HG_LATER, "too many requests wait");
	else if (!p && remove)
		tx->verdict = hg_tx_refuse(tx, HG_NOT_FOUND, "no such user");
	else if (!p && HASH_CNT(hh, c->persons) >= c->env.limits.users)
		tx->verdict = hg_tx_refuse(tx, HG_TOO_LARGE, "too many users");
	else
		tx->person = hg_person_get(c, addr);
	enqueue(c, tx);
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
