/* SPDX-License-Identifier: Apache-2.0 */
/* How transactions come about: requests of clients and administrators, edges of peers. Into whose queue they go, and whether
 * it has room. */

#include "bridge/mirror/tx.h"

#include "bridge/address/ids.h"

const char hg_tx_not_delegate[] = "only the user himself may do this, or a delegate of his";

bool hg_tx_on_behalf(const struct hg_tx *tx)
{
	return tx->kind == HG_TX_REQUEST && tx->by.addr != tx->req.target;
}

bool hg_tx_may(
	const struct hg_principal *by, const struct hg_request *req, const struct hg_person *p)
{
	return by->addr == req->target || (p && hg_delegate_may(p, by->addr, req->kind));
}

/* Whose data a request is about; NULL with a verdict if it cannot be. */
static struct hg_person *person_of(struct hg_core *c, const struct hg_principal *by,
	const struct hg_request *req, enum hg_verdict *ret, const char **ret_reason)
{
	struct hg_person *p = hg_person_find(c, req->target);

	*ret_reason = "";
	if (!hg_tx_may(by, req, p)) {
		*ret = HG_NOT_DELEGATE;
		*ret_reason = hg_tx_not_delegate;
	} else if (p && p->ntx >= c->env.policy.limits.queue &&
		!HG_PLANTED(HG_BUG_QUEUE_WITHOUT_END)) {
		*ret = HG_LATER;
		*ret_reason = "too many requests wait";
		hg_core_count(c, "limit_queue_total");
	} else if (p) {
		return p;
	} else if (!hg_tx_makes_user(c, req) || !hg_core_is_home(c, req->target)) {
		*ret = HG_NOT_FOUND;
		*ret_reason = "no such user";
	} else if (HASH_CNT(hh, c->persons) >= c->env.policy.limits.users) {
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
	struct hg_tx *tx = hg_tx_new(c, HG_TX_REQUEST, NULL);

	tx->by = *by;
	hg_request_copy(c, &tx->req, req);
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
	hg_tx_enqueue(c, tx);
}

void hg_core_ask(struct hg_core *c, const struct hg_request *req,
	void (*done)(void *arg, const struct hg_answer *), void *arg)
{
	hg_tx_ask(c, req, 0, done, arg);
}

void hg_core_request(struct hg_core *c, const struct hg_principal *by, const struct hg_request *req,
	uint64_t cookie)
{
	struct hg_tx *tx;

	if (req->kind == HG_REQ_SEARCH) {
		hg_search_ask(c, by, req->search, cookie);
		return;
	}
	tx = new_request(c, by, req);
	tx->cookie = cookie;
	hg_tx_enqueue(c, tx);
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
	if (hg_core_where(c, pair->presentity).anybody)
		return hg_person_get(c, pair->presentity);
	p = hg_person_find(
		c, hg_core_is_home(c, pair->presentity) ? pair->presentity : pair->watcher);
	/* Who is no user yet may be one when his turn comes: the edge waits behind what makes him one. */
	return p && (p->exists || p->txq) ? p : NULL;
}

void hg_tx_edge(
	struct hg_core *c, struct hg_lane_obj *l, const struct hg_pair *pair, enum hg_edge edge)
{
	struct hg_person *p = person_of_pair(c, pair);
	struct hg_tx *tx;

	if (p && p->ntx >= c->env.policy.limits.queue) {
		hg_core_count(c, "limit_queue_total"); /* the peer will ask again */
		return;
	}
	hg_core_edge_event(c, HG_EVENT_EDGE_IN, l, pair, edge);
	tx = hg_tx_new(c, HG_TX_EDGE, p);
	tx->lane = l->id;
	tx->edge = edge;
	tx->pair = *pair;
	tx->pair.wire_watcher = (struct hg_str){ hg_str_dup(pair->wire_watcher),
		pair->wire_watcher.n };
	tx->pair.wire_presentity = (struct hg_str){ hg_str_dup(pair->wire_presentity),
		pair->wire_presentity.n };
	hg_tx_enqueue(c, tx);
}

/* Will he be a user when all that waits is done? */
static bool will_be_user(const struct hg_person *p)
{
	bool will = p->exists;

	for (const struct hg_tx *tx = p->txq; tx; tx = tx->next) {
		if (tx->kind == HG_TX_USER && !tx->only_change)
			will = true;
		else if (tx->kind == HG_TX_USER_GONE)
			will = false;
	}
	return will;
}

bool hg_tx_user(struct hg_core *c, struct hg_person *p)
{
	if (will_be_user(p))
		return false;
	hg_tx_enqueue(c, hg_tx_new(c, HG_TX_USER, p));
	return true;
}

void hg_tx_consent_again(struct hg_core *c, struct hg_person *p)
{
	hg_tx_enqueue(c, hg_tx_new(c, HG_TX_CONSENT, p));
}

/* About a user who `must` be there already, or else is made. */
static void ask_about_user(struct hg_core *c, struct hg_tx *tx, hg_addr addr, bool must,
	void (*done)(void *arg, const struct hg_answer *), void *arg)
{
	struct hg_person *p = hg_person_find(c, addr);

	tx->done = done;
	tx->done_arg = arg;
	if (!hg_core_is_home(c, addr))
		tx->verdict = hg_tx_refuse(tx, HG_BAD, "not of a domain whose people live here");
	else if (p && p->ntx >= c->env.policy.limits.queue)
		tx->verdict = hg_tx_refuse(tx, HG_LATER, "too many requests wait");
	else if (!p && must)
		tx->verdict = hg_tx_refuse(tx, HG_NOT_FOUND, "no such user");
	else if (!p && HASH_CNT(hh, c->persons) >= c->env.policy.limits.users)
		tx->verdict = hg_tx_refuse(tx, HG_TOO_LARGE, "too many users");
	else
		tx->person = hg_person_get(c, addr);
	hg_tx_enqueue(c, tx);
}

void hg_core_ask_user(struct hg_core *c, hg_addr addr, bool remove,
	void (*done)(void *arg, const struct hg_answer *), void *arg)
{
	struct hg_tx *tx = hg_tx_new(c, remove ? HG_TX_USER_GONE : HG_TX_USER, NULL);

	ask_about_user(c, tx, addr, remove, done, arg);
}

void hg_core_ask_card(struct hg_core *c, hg_addr addr, const struct hg_card *change, bool make,
	void (*done)(void *arg, const struct hg_answer *), void *arg)
{
	struct hg_tx *tx = hg_tx_new(c, HG_TX_USER, NULL);

	tx->only_change = !make;
	tx->card = hg_alloc(sizeof(*tx->card));
	hg_card_copy(tx->card, change, HG_CARD_ALL);
	ask_about_user(c, tx, addr, !make, done, arg);
}
