/* SPDX-License-Identifier: Apache-2.0 */
/* User records, and the publications that are made of them when somebody looks (EP 4.3.8). */

#include "bridge/mirror/core.h"

#include "bridge/presence/card.h"

#include <stdlib.h>

const struct hg_card *hg_person_card(const struct hg_person *p)
{
	static const struct hg_card nothing;

	return p->card ? &p->card->said : &nothing;
}

bool hg_card_makes(const struct hg_person *p, struct hg_pubkey key)
{
	return hg_card_fields_of(hg_person_card(p), key) != 0;
}

/* What it holds changed last with one of its fields, which may be gone since. Somebody who is not shown a field does not
 * learn from a new time or version that it changed. */
static void date(const struct hg_user_card *card, uint32_t fields, struct hg_pub *b)
{
	b->version = 0;
	b->published = 0;
	for (int i = 0; i < HG_CARD_FIELDS; i++) {
		if (!(fields & HG_CARD_BIT(i)))
			continue;
		if (card->version[i] > b->version)
			b->version = card->version[i];
		if (card->at[i] > b->published)
			b->published = card->at[i];
	}
}

void hg_card_pubs(
	struct hg_core *c, const struct hg_person *p, hg_part category, int container, size_t *made)
{
	for (size_t i = 0; p->card && i < hg_card_nrules; i++) {
		const struct hg_card_rule *r = &hg_card_rules[i];
		uint32_t fields = r->fields & hg_card_has(&p->card->said);
		struct hg_pub *b;

		if (r->category != category || !fields ||
			(container >= 0 && r->container != container))
			continue;
		b = hg_make_up(c, made, category, r->container, r->instance);
		b->expiry = HG_STATIC;
		b->card = &p->card->said;
		b->card_fields = fields;
		date(p->card, r->fields, b);
	}
}

void hg_person_set_card(struct hg_person *p, enum hg_card_field field, struct hg_str value,
	uint32_t version, int64_t at)
{
	struct hg_bytes **said;

	if (!p->card)
		p->card = hg_alloc(sizeof(*p->card));
	said = &p->card->said.field[field];
	hg_bytes_unref(*said);
	*said = value.n ? hg_bytes_new(value) : NULL;
	p->card->version[field] = version;
	p->card->at[field] = at;
}

void hg_person_drop_card(struct hg_person *p)
{
	if (p->card)
		hg_card_done(&p->card->said);
	free(p->card);
	p->card = NULL;
}

void hg_card_show(const struct hg_person *p, struct hg_buf *b)
{
	const struct hg_card *card = hg_person_card(p);
	const char *between = "";

	hg_buf_addc(b, '{');
	for (int i = 0; i < HG_CARD_FIELDS; i++) {
		if (!card->field[i])
			continue;
		hg_buf_addf(b, "%s\"%s\":", between, hg_card_field_name((enum hg_card_field)i));
		hg_buf_add_json(b, hg_bytes_str(card->field[i]));
		between = ",";
	}
	hg_buf_addc(b, '}');
}
