/* SPDX-License-Identifier: Apache-2.0 */
/* What a person's calendar says of now. It says something else as time goes by, with nobody publishing anything. */

#include "bridge/mirror/core.h"

/* Of several in a container the newest counts. */
const struct hg_calendar *hg_person_calendar(const struct hg_person *p, uint16_t container)
{
	const struct hg_pub *best = NULL;
	size_t first, end;

	hg_pubs_range(&p->pubs, HG_CAT_CALENDAR_DATA, &first, &end);
	for (size_t i = first; i < end; i++) {
		const struct hg_pub *b = p->pubs.v[i];

		if (hg_pub_live(b) && b->calendar && b->key.container == container &&
			(!best || b->published >= best->published))
			best = b;
	}
	return best ? best->calendar : NULL;
}

void hg_person_calendar_changed(struct hg_core *c, struct hg_person *p)
{
	struct hg_now now = core_now(c);
	int64_t next = 0;
	size_t first, end;

	hg_pubs_range(&p->pubs, HG_CAT_CALENDAR_DATA, &first, &end);
	for (size_t i = first; i < end; i++) {
		const struct hg_pub *b = p->pubs.v[i];
		int64_t at = hg_pub_live(b) ? hg_calendar_next(b->calendar, now.utc) : 0;

		if (at && (!next || at < next))
			next = at;
	}
	p->calendar_at = next ? now.mono + next - now.utc : 0;
	if (next)
		hg_deadlines_add(&c->deadlines, p->calendar_at, HG_DUE_PERSON, p->addr);
}

bool hg_person_calendar_due(const struct hg_person *p, int64_t now)
{
	return p->calendar_at && p->calendar_at <= now;
}
