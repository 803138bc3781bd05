/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The user record: what may stand in its fields, and which of them is published where. The rows are those of EP 1.13 and
 * the relationships of EP 3.2.3: the wider the circle, the less of the record.
 */
#pragma once

#include <heliograph/err.h>
#include <heliograph/presence.h>

/* -EINVAL with what is wrong and its remedy; `value` is not empty. */
int hg_card_check(enum hg_card_field, struct hg_str value, struct hg_err *);

/* One publication that the server makes of a record, wherever the record has something for it. */
struct hg_card_rule {
	hg_part category;
	uint16_t container;
	uint32_t instance;
	uint32_t fields;
};

extern const struct hg_card_rule hg_card_rules[];
extern const size_t hg_card_nrules;

/* Which fields of this card the publication of that key holds; 0: the server does not make it. */
uint32_t hg_card_fields_of(const struct hg_card *, struct hg_pubkey);
/* All that somebody in this container is shown of any record. */
uint32_t hg_card_shown_in(uint16_t container);
