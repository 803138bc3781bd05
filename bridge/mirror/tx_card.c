/* SPDX-License-Identifier: Apache-2.0 */
/* Changing a user record, alone or with the commit that makes the user. */

#include "bridge/mirror/tx.h"

static uint32_t next_version(const struct hg_person *p)
{
	uint32_t version = 0;

	for (int i = 0; p->card && i < HG_CARD_FIELDS; i++)
		if (p->card->version[i] > version)
			version = p->card->version[i];
	return version + 1;
}

/* Said again as it is, or taken away where nothing is: no change. */
static bool differs(const struct hg_card *now, const struct hg_card *wanted, int field)
{
	const struct hg_bytes *old = now->field[field], *said = wanted->field[field];

	if (!said)
		return false;
	return old ? !hg_bytes_eq(old, said) : said->n > 0;
}

void hg_tx_card_stage(struct hg_core *c, struct hg_tx *tx)
{
	const struct hg_card *now = hg_person_card(tx->person);
	int64_t at = 0;

	for (int i = 0; tx->card && i < HG_CARD_FIELDS; i++) {
		struct hg_fact *f;

		if (!differs(now, tx->card, i))
			continue;
		if (!at)
			at = hg_person_stamp(c, tx->person);
		f = hg_tx_fact(c, tx, HG_FACT_CARD, false);
		f->name = hg_str(hg_card_field_name((enum hg_card_field)i));
		f->value = hg_bytes_str(tx->card->field[i]);
		f->number[0] = next_version(tx->person);
		f->time = at;
	}
}

/* Exactly what became durable. */
void hg_tx_card_apply(struct hg_core *c, struct hg_tx *tx)
{
	bool touched[HG_CAT_COUNT] = {
		[HG_CAT_CONTACT_CARD] = true, [HG_CAT_USER_PROPERTIES] = true
	};
	size_t changed = 0;

	for (size_t i = 0; i < tx->facts.n; i++) {
		const struct hg_fact *f = &tx->facts.v[i];

		if (f->kind != HG_FACT_CARD)
			continue;
		hg_person_set_card(
			tx->person, hg_card_field_find(f->name), f->value, f->number[0], f->time);
		changed++;
	}
	if (!changed)
		return;
	hg_directory_late(c, tx->person);
	hg_person_changed(c, tx->person, touched);
	hg_log(HG_INFO, "user-changed", "person=%s fields=%zu",
		hg_log_text(hg_intern_text(c->env.ids, tx->person->addr)), changed);
}
