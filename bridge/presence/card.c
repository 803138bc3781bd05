/* SPDX-License-Identifier: Apache-2.0 */
/* Which part of a user record is published where. */

#include "bridge/presence/card.h"

#include "bridge/presence/digest.h"

#define BIT(name) HG_CARD_BIT(HG_CARD_##name)

#define IDENTITY (BIT(DISPLAY_NAME) | BIT(MAIL))
#define ADDRESS (BIT(STREET) | BIT(CITY) | BIT(STATE) | BIT(POSTAL_CODE) | BIT(COUNTRY))
#define PHOTO (BIT(PHOTO_URL) | BIT(PHOTO_HASH))
#define EXTERNAL (BIT(TITLE) | BIT(COMPANY) | PHOTO)
#define COLLEAGUES (EXTERNAL | BIT(DEPARTMENT) | BIT(OFFICE) | BIT(PHONE_WORK))
#define WORKGROUP (COLLEAGUES | BIT(PHONE_MOBILE))
#define FRIENDS (WORKGROUP | BIT(PHONE_HOME) | BIT(PHONE_OTHER))

#define CARD(container, instance, fields) \
	{ \
		HG_CAT_CONTACT_CARD, container, instance, fields \
	}

/* Instance 1 is the user's own (EP 1.6). Who is blocked keeps the name he knew (EP 9 row 7). */
const struct hg_card_rule hg_card_rules[] = {
	CARD(HG_C_DEFAULT, 0, IDENTITY),
	CARD(HG_C_EXTERNAL, 0, IDENTITY),
	CARD(HG_C_EXTERNAL, 3, EXTERNAL),
	CARD(HG_C_COLLEAGUES, 0, IDENTITY),
	CARD(HG_C_COLLEAGUES, 2, ADDRESS),
	CARD(HG_C_COLLEAGUES, 3, COLLEAGUES),
	CARD(HG_C_WORKGROUP, 0, IDENTITY),
	CARD(HG_C_WORKGROUP, 2, ADDRESS),
	CARD(HG_C_WORKGROUP, 3, WORKGROUP),
	CARD(HG_C_FRIENDS, 0, IDENTITY),
	CARD(HG_C_FRIENDS, 2, ADDRESS),
	CARD(HG_C_FRIENDS, 3, FRIENDS),
	CARD(HG_C_BLOCKED, 0, IDENTITY),
	{ HG_CAT_USER_PROPERTIES, HG_C_SELF, 0, ADDRESS | BIT(PHONE_WORK) },
};

const size_t hg_card_nrules = sizeof(hg_card_rules) / sizeof(hg_card_rules[0]);

void hg_card_copy(struct hg_card *to, const struct hg_card *from, uint32_t fields)
{
	for (int i = 0; i < HG_CARD_FIELDS; i++)
		to->field[i] = fields & HG_CARD_BIT(i) ? hg_bytes_ref(from->field[i]) : NULL;
}

void hg_card_done(struct hg_card *card)
{
	for (int i = 0; i < HG_CARD_FIELDS; i++) {
		hg_bytes_unref(card->field[i]);
		card->field[i] = NULL;
	}
}

uint32_t hg_card_has(const struct hg_card *card)
{
	uint32_t has = 0;

	for (int i = 0; i < HG_CARD_FIELDS; i++)
		has |= card->field[i] ? HG_CARD_BIT(i) : 0;
	/* Of no use without each other (EP 1.6). */
	return (has & PHOTO) == PHOTO ? has : has & ~PHOTO;
}

uint32_t hg_card_fields_of(const struct hg_card *card, struct hg_pubkey key)
{
	for (size_t i = 0; i < hg_card_nrules; i++) {
		const struct hg_card_rule *r = &hg_card_rules[i];

		if (r->category == key.category && r->container == key.container &&
			r->instance == key.instance)
			return r->fields & hg_card_has(card);
	}
	return 0;
}

uint32_t hg_card_shown_in(uint16_t container)
{
	uint32_t shown = 0;

	for (size_t i = 0; i < hg_card_nrules; i++)
		if (hg_card_rules[i].category == HG_CAT_CONTACT_CARD &&
			hg_card_rules[i].container == container)
			shown |= hg_card_rules[i].fields;
	return shown;
}

uint64_t hg_digest_card(uint64_t h, const struct hg_card *card, uint32_t fields)
{
	for (int i = 0; i < HG_CARD_FIELDS; i++)
		if (fields & HG_CARD_BIT(i) && card->field[i])
			h = hg_digest_number(
				hg_digest_number(h, (uint64_t)i), card->field[i]->hash);
	return h;
}
