/* SPDX-License-Identifier: Apache-2.0 */
/* Publishing categories: [MS-PRES] 3.2.5.1 as EP 1.2 and 4.3 tell it. */

#include "bridge/mirror/tx.h"

#include <stdlib.h>
#include <string.h>

/* Made by the server alone (EP 1.13): what must not be written, NULL: it may. An address or a place of work is the client's
 * to say where the record has none. */
static const char *servers_own(const struct hg_person *p, const struct hg_change *ch)
{
	switch (ch->key.category) {
	case HG_CAT_SERVICES:
	case HG_CAT_LEGACY_INTEROP:
		return "the server alone publishes what is aggregated";
	case HG_CAT_STATE:
		return ch->state.kind == HG_STATE_AGGREGATE ||
				ch->state.kind == HG_STATE_AGGREGATE_MACHINE
			? "the server alone publishes what is aggregated"
			: NULL;
	case HG_CAT_CONTACT_CARD:
		return ch->key.instance == 0 || hg_card_makes(p, ch->key)
			? "the server alone publishes this instance of the contact card"
			: NULL;
	case HG_CAT_USER_PROPERTIES:
	case HG_CAT_MWI:
		return "the server alone publishes this category";
	default:
		return NULL;
	}
}

static enum hg_verdict check_changes(struct hg_core *c, struct hg_tx *tx)
{
	size_t fresh = 0;

	for (size_t i = 0; i < tx->req.nchanges; i++) {
		const struct hg_change *ch = &tx->req.change[i];
		const char *why = hg_change_deletes(ch) ? NULL : servers_own(tx->person, ch);

		if (why)
			return hg_tx_refuse(tx, HG_FORBIDDEN, why);
		if (tx->done && !tx->by.endpoint && ch->expiry == HG_ENDPOINT &&
			!hg_change_deletes(ch))
			return hg_tx_refuse(tx, HG_BAD,
				"publication: there is no endpoint that it could be bound to");
		/* A delegate is not told: whether she is signed in is hers to show. */
		if (tx->done && !tx->person->nendpoints && ch->expiry == HG_USER &&
			!hg_change_deletes(ch))
			return hg_tx_refuse(tx, HG_BAD,
				"publication: nobody is signed in for whose time it could stand");
		if (!ch->payload && !hg_change_deletes(ch))
			return hg_tx_refuse(tx, HG_BAD, "publication: it has no content");
		if (ch->expiry == HG_TIME && ch->expires < 0)
			return hg_tx_refuse(
				tx, HG_BAD, "publication: attribute 'expires' is missing");
		fresh += !hg_change_deletes(ch) && !hg_pubs_find(&tx->person->pubs, ch->key);
	}
	if (tx->person->pubs.n + fresh > c->env.policy.limits.publications)
		hg_pubs_bury(&tx->person->pubs); /* tombstones are a courtesy, and take no room from
						    the living */
	if (fresh && tx->person->pubs.n + fresh > c->env.policy.limits.publications) {
		hg_core_count(c, "limit_publications_total");
		return hg_tx_refuse(tx, HG_TOO_LARGE, "too many publications");
	}
	return HG_OK;
}

static void change_fact(struct hg_core *c, struct hg_tx *tx, const struct hg_change *ch,
	uint32_t version, int64_t published)
{
	const struct hg_pub *old = hg_pubs_find(&tx->person->pubs, ch->key);
	bool was = old && hg_pub_live(old) && old->expiry == HG_STATIC;
	bool will = ch->expiry == HG_STATIC && !hg_change_deletes(ch);
	struct hg_fact *f;

	if (!was && !will)
		return;
	f = hg_tx_fact(c, tx, HG_FACT_PUBLICATION, !will);
	f->name = hg_str(hg_category_name(ch->key.category));
	f->number[0] = ch->key.container;
	f->number[1] = ch->key.instance;
	f->number[2] = version;
	f->value = hg_bytes_str(ch->payload);
	f->time = published;
}

/* As far as somebody can say it who knows no versions: of what others have said more about it, nothing gets lost. */
static bool says_the_same(const struct hg_pub *b, const struct hg_change *ch)
{
	if (ch->key.category == HG_CAT_STATE)
		return b->state.kind == ch->state.kind && b->state.manual == ch->state.manual &&
			b->state.availability == ch->state.availability;
	if (ch->key.category == HG_CAT_NOTE)
		return hg_bytes_eq(b->note.text, ch->note.text) && b->note.oof == ch->note.oof;
	return hg_bytes_eq(b->payload, ch->payload);
}

static bool is_there(const struct hg_tx *tx, const struct hg_pub *b, const struct hg_change *ch)
{
	if (hg_change_deletes(ch))
		return !b;
	return b && says_the_same(b, ch) && b->expiry == ch->expiry &&
		(b->expiry == HG_STATIC ||
			(b->expiry == HG_ENDPOINT && b->origin == tx->by.endpoint));
}

/* Who says all that he has to say each time must not thereby make his choice the newest again. */
static void take_versions(struct hg_tx *tx)
{
	struct hg_change *ch = (struct hg_change *)tx->req.change; /* the transaction's own */
	size_t n = 0;

	for (size_t i = 0; i < tx->req.nchanges; i++) {
		const struct hg_pub *b = hg_pubs_find(&tx->person->pubs, ch[i].key);

		b = b && hg_pub_live(b) ? b : NULL;
		if (is_there(tx, b, &ch[i]) && !HG_PLANTED(HG_BUG_SAID_AGAIN_IS_NEW)) {
			hg_change_done(&ch[i]);
			continue;
		}
		ch[i].version = b ? b->version : 0;
		ch[n++] = ch[i];
	}
	tx->req.nchanges = n;
}

static enum hg_verdict stage(struct hg_core *c, struct hg_tx *tx)
{
	const struct hg_change *ch = tx->req.change;
	enum hg_verdict v;
	size_t n;

	if (tx->req.any_version)
		take_versions(tx);
	n = tx->req.nchanges;
	v = check_changes(c, tx);
	if (v != HG_OK)
		return v;
	tx->conflict = hg_alloc((n + 1) * sizeof(*tx->conflict));
	tx->version = hg_alloc((n + 1) * sizeof(*tx->version));
	tx->published = hg_alloc((n + 1) * sizeof(*tx->published));
	switch (hg_pubs_check(&tx->person->pubs, ch, n, tx->conflict, &tx->nconflicts)) {
	case HG_PUBS_TWICE:
		tx->nconflicts = 0;
		return hg_tx_refuse(tx, HG_BAD,
			"publication: two of them have the same category, container and instance");
	case HG_PUBS_CONFLICT:
		if (HG_PLANTED(HG_BUG_PARTIAL_REQUEST))
			for (size_t i = 0; i < n; i++)
				if (i + 1 != tx->conflict[0].index)
					hg_pubs_apply(&tx->person->pubs, &ch[i], ch[i].version + 1,
						tx->by.endpoint, core_now(c),
						hg_person_stamp(c, tx->person));
		return hg_tx_refuse(tx, HG_CONFLICT, "");
	case HG_PUBS_OK:
		break;
	}
	for (size_t i = 0; i < n; i++) {
		tx->version[i] = hg_pubs_next_version(&tx->person->pubs, &ch[i]);
		tx->published[i] = hg_person_stamp(c, tx->person);
		change_fact(c, tx, &ch[i], tx->version[i], tx->published[i]);
	}
	return HG_OK;
}

/* What is bound to a delegate's endpoint ends with it, though it is not of his data. */
static void bind_abroad(struct hg_core *c, const struct hg_tx *tx, const struct hg_change *ch)
{
	struct hg_endpoint_obj *e = hg_endpoint_find(c, tx->by.endpoint);

	if (hg_tx_on_behalf(tx) && e && ch->expiry == HG_ENDPOINT)
		e->abroad = true;
}

/* The endpoint, or the last one, ended while the commit was under way: what is bound to it would
 * never end. */
static bool is_bound_to_nothing(
	struct hg_core *c, const struct hg_tx *tx, const struct hg_change *ch)
{
	if (ch->expiry == HG_ENDPOINT)
		return !hg_endpoint_find(c, tx->by.endpoint);
	return ch->expiry == HG_USER && tx->person->nendpoints == 0;
}

/* Applies the consequences, too, and notes which categories they have reached: what the server makes of a state belongs into
 * the same answer, and would else be one notification more. */
static void follow(struct hg_core *c, struct hg_tx *tx)
{
	struct hg_person *p = tx->person;
	uint64_t before[HG_CAT_COUNT];

	memcpy(before, p->changed, sizeof(before));
	hg_person_changed(c, p, tx->touched);
	for (int i = 0; i < HG_CAT_COUNT; i++)
		tx->touched[i] |= p->changed[i] != before[i];
	hg_hint(c, p);
}

static void apply(struct hg_core *c, struct hg_tx *tx)
{
	struct hg_person *p = tx->person;

	for (size_t i = 0; i < tx->req.nchanges; i++) {
		const struct hg_change *ch = &tx->req.change[i];
		struct hg_pub *b;

		tx->touched[ch->key.category] = true;
		if (!hg_change_deletes(ch) && is_bound_to_nothing(c, tx, ch)) {
			b = hg_pubs_find(&p->pubs, ch->key);
			if (b)
				hg_pubs_kill(b, core_now(c)); /* replaced by what is gone */
			continue;
		}
		b = hg_pubs_apply(&p->pubs, ch, tx->version[i], tx->by.endpoint, core_now(c),
			tx->published[i]);
		bind_abroad(c, tx, ch);
		if (b && b->expiry == HG_TIME)
			hg_deadlines_add(&c->deadlines, b->until, HG_DUE_PERSON, p->addr);
	}
	follow(c, tx);
}

const struct tx_ops hg_tx_publish = { stage, apply };
