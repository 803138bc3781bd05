/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Devices that name no containers: what one says is a record of its own vocabulary, which is kept, mapped, and goes by the
 * grammar into its owner's containers. It ends with the device.
 */

#include "bridge/mirror/tx.h"

#include "bridge/presence/grammar.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

static bool among(const struct hg_change *ch, size_t n, struct hg_pubkey key)
{
	for (size_t i = 0; i < n; i++)
		if (memcmp(&ch[i].key, &key, sizeof(key)) == 0)
			return true;
	return false;
}

/* Behind the first n: what the grammar makes of one more statement, but for what is there already. */
static size_t expand(struct hg_core *c, enum hg_source source, const struct hg_statement *s,
	hg_endpoint id, struct hg_change *ch, size_t n)
{
	struct hg_change made[HG_GRAMMAR_CHANGES];
	size_t k = hg_grammar_expand(c->env.policy.grammar, source, s, id, made);

	for (size_t i = 0; i < k; i++) {
		if (among(ch, n, made[i].key))
			hg_change_done(&made[i]);
		else
			ch[n++] = made[i];
	}
	return n;
}

void hg_voice_publish(struct hg_core *c, struct hg_endpoint_obj *e, enum hg_source source,
	const struct hg_statement *s, const struct hg_watch_obj *account,
	bool touched[HG_CAT_COUNT])
{
	struct hg_person *p = e->person;
	size_t naspects = account ? account->naspects : 0, n;
	struct hg_change *ch = hg_alloc((naspects + 1) * HG_GRAMMAR_CHANGES * sizeof(*ch));

	n = expand(c, source, s, e->id, ch, 0);
	for (size_t i = 0; i < naspects; i++)
		n = expand(c, source, &account->aspect[i].statement, e->id, ch, n);
	for (size_t i = 0; i < p->pubs.n; i++) {
		struct hg_pub *b = p->pubs.v[i];

		if (!hg_pub_live(b) || b->origin != e->id || among(ch, n, b->key))
			continue;
		hg_pubs_kill(b, core_now(c));
		touched[b->key.category] = true;
	}
	for (size_t i = 0; i < n; i++) {
		const struct hg_pub *b = hg_pubs_find(&p->pubs, ch[i].key);

		if (!b || !hg_pub_live(b) || !hg_state_eq(&b->state, &ch[i].state) ||
			!hg_note_eq(&b->note, &ch[i].note)) {
			hg_pubs_apply(&p->pubs, &ch[i], hg_pubs_next_version(&p->pubs, &ch[i]),
				e->id, core_now(c), hg_person_stamp(c, p));
			touched[ch[i].key.category] = true;
		}
		hg_change_done(&ch[i]);
	}
	free(ch);
}

void hg_voice_changed(struct hg_core *c, struct hg_person *p, const bool touched[HG_CAT_COUNT])
{
	for (int i = 0; i < HG_CAT_COUNT; i++) {
		if (touched[i]) {
			hg_person_changed(c, p, touched);
			return;
		}
	}
}

/* ---- devices that say it themselves ---- */

/* Read with the table that is in force. */
static void speak(struct hg_core *c, struct hg_endpoint_obj *e)
{
	const struct hg_table *t = hg_core_table(c, e->vocabulary, e->person->addr);
	struct hg_statement s = { 0 };
	bool touched[HG_CAT_COUNT] = { false };

	if (t)
		hg_table_in(t, e->said, &s);
	hg_voice_publish(c, e, HG_SOURCE_SIMPLE, &s, NULL, touched);
	hg_statement_done(&s);
	hg_voice_changed(c, e->person, touched);
}

void hg_voices_remap(struct hg_core *c, const struct hg_vocabulary *v)
{
	struct hg_endpoint_obj *e, *tmp;

	if (HG_PLANTED(HG_BUG_SAID_NOT_READ_AGAIN))
		return;
	HASH_ITER (hh, c->endpoints, e, tmp)
		if (e->said && e->vocabulary == v)
			speak(c, e);
}

static enum hg_verdict stage(struct hg_core *c, struct hg_tx *tx)
{
	struct hg_person *p = tx->person;
	const struct hg_endpoint_obj *e = hg_endpoint_of(p, tx->req.instance);

	if (!tx->req.expires)
		return HG_OK;
	if (!tx->req.said)
		return e && e->said ? HG_OK : hg_tx_refuse(tx, HG_NOT_FOUND, "it has said nothing");
	if (!e && p->nendpoints >= c->env.policy.limits.endpoints) {
		hg_core_count(c, "limit_endpoints_total");
		return hg_tx_refuse(tx, HG_TOO_LARGE, "too many endpoints");
	}
	if (!p->exists)
		hg_tx_fact(c, tx, HG_FACT_USER, false);
	return HG_OK;
}

static void apply(struct hg_core *c, struct hg_tx *tx)
{
	struct hg_endpoint_obj *e = hg_endpoint_of(tx->person, tx->req.instance);

	if (!tx->req.expires) {
		if (e)
			hg_endpoint_end(c, e, "signed-off");
		return;
	}
	hg_person_born(c, tx->person);
	e = hg_endpoint_register(c, tx->person, tx->req.instance, NULL, tx->req.expires);
	if (!e)
		return;
	tx->endpoint = e->id;
	if (!tx->req.said)
		return;
	hg_record_unref(e->said);
	e->said = hg_record_ref((struct hg_record *)tx->req.said);
	e->vocabulary = tx->req.vocabulary;
	speak(c, e);
}

const struct tx_ops hg_tx_say = { stage, apply };
