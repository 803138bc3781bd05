/* SPDX-License-Identifier: Apache-2.0 */
/* A state that was said whole, beside the words that a table reads. */
#include "bridge/mapping/internal.h"

#include <stdio.h>

/* By what it comes about: what nobody chose was seen by a telephone, by a calendar, or by a computer, which knows but whether
 * somebody is there. */
static uint32_t *place_of(const struct hg_presence *p, struct hg_statement *s)
{
	struct hg_str token = hg_str(p->activity.token);

	if (p->manual)
		return &s->user;
	if (hg_str_ieq(token, HG_STR("on-the-phone")) ||
		hg_str_ieq(token, HG_STR("in-a-conference")) ||
		hg_str_ieq(token, HG_STR("in-presentation")))
		return &s->phone;
	if (hg_str_ieq(token, HG_STR("in-a-meeting")) || hg_str_ieq(token, HG_STR("out-of-office")))
		return &s->calendar;
	switch (hg_band_of(p->availability)) {
	case HG_BAND_AVAILABLE:
	case HG_BAND_AVAILABLE_IDLE:
	case HG_BAND_AWAY:
		return &s->machine;
	default:
		s->automatic = true;
		return &s->user;
	}
}

/* What the words said in further languages stays. */
static void say_note(const struct hg_note *said, struct hg_note *note)
{
	struct hg_texts *also = said->text ? hg_texts_ref(note->also) : NULL;

	hg_note_done(note);
	hg_note_copy(note, said);
	hg_texts_unref(note->also);
	note->also = also;
}

void hg_statement_exact(const struct hg_presence *p, struct hg_statement *s)
{
	*place_of(p, s) = p->availability;
	snprintf(s->token, sizeof(s->token), "%s", p->activity.token);
	s->idle_since = p->last_active;
	say_note(&p->note, &s->note);
	s->exact = p;
}
