/* SPDX-License-Identifier: Apache-2.0 */
/* What of somebody's card and calendar PIDF has places for (RFC 4482, RFC 4481). */
#include "bridge/documents/card.h"
#include "bridge/documents/pidf_record.h"

#include <stdlib.h>

/* To be fetched by whoever likes, so it is one that can be. */
static bool is_web(struct hg_str uri)
{
	return hg_str_starts(uri, HG_STR("https://")) || hg_str_starts(uri, HG_STR("http://"));
}

void hg_pidf_set_card(struct hg_pidf *doc, const struct hg_card *card)
{
	struct hg_str name = hg_bytes_str(card->field[HG_CARD_DISPLAY_NAME]);
	struct hg_bytes *photo = card->field[HG_CARD_PHOTO_URL];

	if (photo && !is_web(hg_bytes_str(photo)))
		photo = NULL;
	if (!name.n && !photo)
		return;
	if (!doc->npersons) {
		doc->person = hg_alloc(sizeof(*doc->person));
		doc->npersons = 1;
	}
	if (name.n)
		hg_notes_add(&doc->person->cipid.display_name, HG_STR_NONE, name);
	doc->person->cipid.uri[HG_CIPID_ICON] = hg_bytes_ref(photo);
}

/* IW 4.7: somebody who is out of office cannot be had. What is tentative is not told. */
static bool says(enum hg_busy busy, struct hg_pidf_timed *ret)
{
	struct hg_rpid_spans *doing = &ret->rpid.list[HG_RPID_ACTIVITIES];

	if (busy != HG_BUSY_BUSY && busy != HG_BUSY_OOF)
		return false;
	ret->basic = busy == HG_BUSY_OOF ? HG_PIDF_CLOSED : HG_PIDF_OPEN;
	doing->v = hg_alloc(sizeof(*doing->v));
	doing->n = 1;
	doing->v->set = busy == HG_BUSY_OOF ? hg_rpid_bit(HG_RPID_ACTIVITIES, "vacation")
					    : hg_rpid_bit(HG_RPID_ACTIVITIES, "appointment") |
			hg_rpid_bit(HG_RPID_ACTIVITIES, "busy");
	return true;
}

void hg_pidf_set_calendar(
	struct hg_pidf_tuple *t, const struct hg_calendar *calendar, int64_t since)
{
	int64_t at = hg_calendar_next(calendar, since), end;

	t->timed = hg_alloc(HG_PIDF_AHEAD_MAX * sizeof(*t->timed));
	for (; at && t->ntimed < HG_PIDF_AHEAD_MAX; at = end) {
		struct hg_pidf_timed timed = { .from = at };

		end = hg_calendar_next(calendar, at);
		timed.until = end;
		if (says(hg_calendar_at(calendar, at), &timed))
			t->timed[t->ntimed++] = timed;
	}
}
