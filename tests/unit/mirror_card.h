/* SPDX-License-Identifier: Apache-2.0 */
/* User records of a core on paper. */
#pragma once

#include "tests/unit/mirror_rig.h"

struct said {
	enum hg_card_field field;
	const char *text;
};

/* Says this of somebody; `text` NULL ends the list. The verdict stays 99 while the store waits. */
static inline void rig_say(
	struct rig *r, const char *who, bool make, const struct said *said, enum hg_verdict *ret)
{
	struct hg_card card = { 0 };

	*ret = 99;
	for (; said->text; said++)
		card.field[said->field] = hg_bytes_new(hg_str(said->text));
	hg_core_ask_card(r->core, rig_addr(r, who), &card, make, rig_keep_verdict, ret);
	hg_card_done(&card);
	rig_turn(r);
}

#define SAY(rig, who, ...) \
	do { \
		enum hg_verdict verdict; \
		rig_say(rig, who, true, (struct said[]){ __VA_ARGS__, { 0, NULL } }, &verdict); \
		assert_int_equal(verdict, HG_OK); \
	} while (0)
