/* SPDX-License-Identifier: Apache-2.0 */
/* Copies, comparison and release of the typed facets. */

#include <heliograph/presence.h>

#include <string.h>

void hg_state_copy(struct hg_state *to, const struct hg_state *from)
{
	*to = *from;
	hg_bytes_ref(to->custom);
}

void hg_state_done(struct hg_state *s)
{
	hg_bytes_unref(s->custom);
	s->custom = NULL;
}

bool hg_state_eq(const struct hg_state *a, const struct hg_state *b)
{
	return a->kind == b->kind && a->manual == b->manual && a->availability == b->availability &&
		strcmp(a->token, b->token) == 0 && a->min == b->min && a->max == b->max &&
		a->lcid == b->lcid && a->start == b->start && a->last_active == b->last_active &&
		hg_bytes_eq(a->custom, b->custom);
}

void hg_note_copy(struct hg_note *to, const struct hg_note *from)
{
	*to = *from;
	hg_bytes_ref(to->text);
}

void hg_note_done(struct hg_note *n)
{
	hg_bytes_unref(n->text);
	n->text = NULL;
}

bool hg_note_eq(const struct hg_note *a, const struct hg_note *b)
{
	return a->oof == b->oof && a->from == b->from && a->until == b->until &&
		strcmp(a->lang, b->lang) == 0 && hg_bytes_eq(a->text, b->text);
}

void hg_change_done(struct hg_change *c)
{
	hg_bytes_unref(c->payload);
	c->payload = NULL;
	hg_state_done(&c->state);
	hg_note_done(&c->note);
}

void hg_statement_done(struct hg_statement *s)
{
	hg_note_done(&s->note);
}

void hg_presence_copy(struct hg_presence *to, const struct hg_presence *from)
{
	*to = *from;
	hg_bytes_ref(to->activity.custom);
	hg_bytes_ref(to->note.text);
}

void hg_presence_done(struct hg_presence *p)
{
	hg_state_done(&p->activity);
	hg_note_done(&p->note);
}
