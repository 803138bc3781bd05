/* SPDX-License-Identifier: Apache-2.0 */
/* Who may act in somebody's name: [MS-PRES] setDelegate, 3.9.5. */

#include "bridge/mirror/tx.h"

#include "bridge/address/ids.h"

/* The list gets a number that no other commit of it has: two may be under way, his own and one that takes a user away. */
static void list_fact(struct hg_core *c, struct hg_tx *tx, struct hg_person *owner)
{
	struct hg_fact *f = hg_tx_fact(c, tx, HG_FACT_DELEGATES, false);

	f->owner = hg_intern_text(c->env.ids, owner->addr);
	f->number[0] = ++owner->delegates.staged;
}

static struct hg_fact *delegate_fact(
	struct hg_core *c, struct hg_tx *tx, struct hg_person *owner, hg_addr who, bool gone)
{
	struct hg_fact *f = hg_tx_fact(c, tx, HG_FACT_DELEGATE, gone);

	f->owner = hg_intern_text(c->env.ids, owner->addr);
	f->name = hg_intern_text(c->env.ids, who);
	return f;
}

/* Nobody gives in another's name what he does not have himself. */
static bool may_give(const struct hg_tx *tx)
{
	const struct hg_delegate_edit *e = &tx->req.delegate;
	const struct hg_delegate *giver = hg_delegate_find(tx->person, tx->by.addr);

	return !hg_tx_on_behalf(tx) || e->remove || !e->publish || (giver && giver->publish);
}

static enum hg_verdict check_version(struct hg_tx *tx)
{
	uint32_t said = tx->req.delegate.version, current = tx->person->delegates.version;

	if (said == current)
		return HG_OK;
	tx->conflict = hg_alloc(sizeof(*tx->conflict));
	tx->conflict[tx->nconflicts++] = (struct hg_conflict){ 1, said, current };
	return hg_tx_refuse(tx, HG_CONFLICT, "the list of delegates has another version");
}

static enum hg_verdict check(struct hg_core *c, struct hg_tx *tx)
{
	const struct hg_delegate_edit *e = &tx->req.delegate;
	const struct hg_delegate *d = hg_delegate_find(tx->person, tx->req.watched);

	if (tx->req.watched == tx->req.target)
		return hg_tx_refuse(tx, HG_BAD, "nobody is a delegate of his own");
	if (!may_give(tx))
		return hg_tx_refuse(
			tx, HG_NOT_DELEGATE, "nobody gives in another's name what he has not got");
	if (check_version(tx) != HG_OK)
		return HG_CONFLICT;
	if (e->remove && !d)
		return hg_tx_refuse(tx, HG_FORBIDDEN, "there is no such delegate");
	if (!e->remove && !hg_tx_somebody(c, tx->req.watched))
		return hg_tx_refuse(tx, HG_NOT_FOUND, "a delegate must be a user here");
	if (!e->remove && !d && tx->person->delegates.n >= c->env.policy.limits.delegates) {
		hg_core_count(c, "limit_delegates_total");
		return hg_tx_refuse(tx, HG_TOO_LARGE, "too many delegates");
	}
	return HG_OK;
}

static enum hg_verdict stage(struct hg_core *c, struct hg_tx *tx)
{
	const struct hg_delegate_edit *e = &tx->req.delegate;
	enum hg_verdict v = check(c, tx);
	struct hg_fact *f;

	if (v != HG_OK)
		return v;
	list_fact(c, tx, tx->person);
	f = delegate_fact(c, tx, tx->person, tx->req.watched, e->remove);
	f->number[0] = e->publish;
	f->number[1] = e->redelegate;
	return HG_OK;
}

/* Of somebody who is being taken away himself nothing more is written: it would be all that is left of him. */
enum hg_verdict hg_tx_delegates_stage(struct hg_core *c, struct hg_tx *tx)
{
	hg_addr gone = tx->person->addr;

	for (struct hg_person *p = c->persons; p; p = p->hh.next) {
		const struct hg_tx *other = hg_tx_committing(p, HG_REQ_DELEGATE, gone);

		if (p == tx->person || (!other && !hg_delegate_find(p, gone)))
			continue;
		if (hg_tx_going(p))
			return hg_tx_refuse(tx, HG_LATER,
				"somebody whose delegate this is, is being taken away");
		list_fact(c, tx, p);
		delegate_fact(c, tx, p, gone, true);
	}
	return HG_OK;
}

static void tell(const struct hg_fact *f)
{
	const char *person = hg_log_text(f->owner), *delegate = hg_log_text(f->name);

	if (f->gone)
		hg_log(HG_INFO, "delegate-removed", "person=%s delegate=%s", person, delegate);
	else
		hg_log(HG_INFO, "delegate-set", "person=%s delegate=%s publish=%u redelegate=%u",
			person, delegate, f->number[0], f->number[1]);
}

/* Exactly what became durable. */
void hg_tx_delegates_apply(struct hg_core *c, const struct hg_tx *tx)
{
	for (size_t i = 0; i < tx->facts.n; i++) {
		const struct hg_fact *f = &tx->facts.v[i];
		struct hg_address a;
		struct hg_person *owner;

		if (f->kind != HG_FACT_DELEGATES && f->kind != HG_FACT_DELEGATE)
			continue;
		owner = hg_address_from_key(f->owner, &a) < 0
			? NULL
			: hg_person_find(c, hg_addr_of(c->env.ids, &a));
		if (!owner || !owner->exists)
			continue; /* was taken away while the commit was under way */
		if (f->kind == HG_FACT_DELEGATE)
			tell(f);
		hg_delegates_put(c, owner, f);
	}
}

static void apply(struct hg_core *c, struct hg_tx *tx)
{
	hg_tx_delegates_apply(c, tx);
}

const struct tx_ops hg_tx_delegate = { stage, apply };
