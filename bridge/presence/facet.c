/* SPDX-License-Identifier: Apache-2.0 */
/* Copies, comparison and release of the typed facets. */

#include "bridge/presence/digest.h"

#include <stdlib.h>
#include <string.h>

struct hg_texts *hg_texts_new(const struct hg_text *v, size_t n)
{
	struct hg_texts *t;

	if (!n)
		return NULL;
	t = hg_alloc(sizeof(*t) + n * sizeof(*v));
	t->refs = 1;
	t->n = n;
	t->hash = HG_DIGEST_START;
	for (size_t i = 0; i < n; i++) {
		t->v[i] = v[i];
		hg_bytes_ref(t->v[i].text);
		t->hash = hg_digest_number(t->hash, v[i].lcid);
		t->hash = hg_digest_text(t->hash, hg_str(v[i].lang));
		t->hash = hg_digest_number(t->hash, v[i].text->hash);
	}
	return t;
}

struct hg_texts *hg_texts_ref(struct hg_texts *t)
{
	if (t)
		t->refs++;
	return t;
}

void hg_texts_unref(struct hg_texts *t)
{
	if (!t || --t->refs)
		return;
	for (size_t i = 0; i < t->n; i++)
		hg_bytes_unref(t->v[i].text);
	free(t);
}

bool hg_lang_valid(struct hg_str lang)
{
	if (!lang.n || lang.n >= HG_LANG_MAX)
		return false;
	for (size_t i = 0; i < lang.n; i++) {
		char c = lang.p[i], low = (char)(c | 0x20);

		if (!(low >= 'a' && low <= 'z') && !(c >= '0' && c <= '9') && c != '-')
			return false;
	}
	return true;
}

bool hg_texts_have(const struct hg_text *v, size_t n, uint32_t lcid)
{
	for (size_t i = 0; i < n; i++)
		if (v[i].lcid == lcid)
			return true;
	return false;
}

static uint64_t texts_hash(const struct hg_texts *t)
{
	return t ? t->hash : 0;
}

struct hg_details *hg_details_new(const struct hg_details *like)
{
	struct hg_details *d;

	if (!like->location && !like->zone && !like->device[0] && !like->subject && !like->place &&
		!like->endpoint)
		return NULL;
	d = hg_alloc(sizeof(*d));
	*d = *like;
	d->refs = 1;
	hg_bytes_ref(d->location);
	hg_bytes_ref(d->zone);
	hg_bytes_ref(d->zone_abbreviation);
	hg_bytes_ref(d->subject);
	hg_bytes_ref(d->place);
	hg_bytes_ref(d->endpoint);
	d->hash = hg_digest_details(HG_DIGEST_START, d);
	return d;
}

struct hg_details *hg_details_ref(struct hg_details *d)
{
	if (d)
		d->refs++;
	return d;
}

void hg_details_unref(struct hg_details *d)
{
	if (!d || --d->refs)
		return;
	hg_bytes_unref(d->location);
	hg_bytes_unref(d->zone);
	hg_bytes_unref(d->zone_abbreviation);
	hg_bytes_unref(d->subject);
	hg_bytes_unref(d->place);
	hg_bytes_unref(d->endpoint);
	free(d);
}

struct hg_device *hg_device_new(const struct hg_device *like)
{
	struct hg_device *d = hg_alloc(sizeof(*d));

	*d = *like;
	d->refs = 1;
	hg_bytes_ref(d->id);
	return d;
}

struct hg_device *hg_device_ref(struct hg_device *d)
{
	if (d)
		d->refs++;
	return d;
}

void hg_device_unref(struct hg_device *d)
{
	if (!d || --d->refs)
		return;
	hg_bytes_unref(d->id);
	free(d);
}

static uint64_t details_hash(const struct hg_state *s)
{
	return s->details ? s->details->hash : 0;
}

void hg_state_copy(struct hg_state *to, const struct hg_state *from)
{
	*to = *from;
	hg_texts_ref(to->custom);
	hg_details_ref(to->details);
}

void hg_state_done(struct hg_state *s)
{
	hg_texts_unref(s->custom);
	hg_details_unref(s->details);
	s->custom = NULL;
	s->details = NULL;
}

bool hg_state_eq(const struct hg_state *a, const struct hg_state *b)
{
	return a->kind == b->kind && a->manual == b->manual && a->availability == b->availability &&
		strcmp(a->token, b->token) == 0 && a->min == b->min && a->max == b->max &&
		a->start == b->start && a->last_active == b->last_active &&
		details_hash(a) == details_hash(b) &&
		texts_hash(a->custom) == texts_hash(b->custom);
}

void hg_note_copy(struct hg_note *to, const struct hg_note *from)
{
	*to = *from;
	hg_bytes_ref(to->text);
	hg_texts_ref(to->also);
}

void hg_note_done(struct hg_note *n)
{
	hg_bytes_unref(n->text);
	hg_texts_unref(n->also);
	n->text = NULL;
	n->also = NULL;
}

bool hg_note_eq(const struct hg_note *a, const struct hg_note *b)
{
	return a->oof == b->oof && a->from == b->from && a->until == b->until &&
		strcmp(a->lang, b->lang) == 0 && hg_bytes_eq(a->text, b->text) &&
		texts_hash(a->also) == texts_hash(b->also);
}

void hg_change_copy(struct hg_change *to, const struct hg_change *from)
{
	*to = *from;
	hg_bytes_ref(to->payload);
	hg_state_copy(&to->state, &from->state);
	hg_note_copy(&to->note, &from->note);
	hg_device_ref(to->device);
	hg_calendar_ref(to->calendar);
}

void hg_change_done(struct hg_change *c)
{
	hg_bytes_unref(c->payload);
	c->payload = NULL;
	hg_state_done(&c->state);
	hg_note_done(&c->note);
	hg_device_unref(c->device);
	c->device = NULL;
	hg_calendar_unref(c->calendar);
	c->calendar = NULL;
}

bool hg_statement_eq(const struct hg_statement *a, const struct hg_statement *b)
{
	return a->machine == b->machine && a->user == b->user && a->automatic == b->automatic &&
		a->phone == b->phone && a->calendar == b->calendar && a->priority == b->priority &&
		a->show == b->show && a->idle_since == b->idle_since && a->beside == b->beside &&
		a->exact == b->exact && strcmp(a->token, b->token) == 0 &&
		hg_note_eq(&a->note, &b->note) && texts_hash(a->words) == texts_hash(b->words);
}

bool hg_statement_says(const struct hg_statement *s)
{
	return s->machine || s->user || s->phone || s->calendar;
}

void hg_statement_done(struct hg_statement *s)
{
	hg_note_done(&s->note);
	hg_texts_unref(s->words);
	s->words = NULL;
}

void hg_presence_copy(struct hg_presence *to, const struct hg_presence *from)
{
	*to = *from;
	hg_state_copy(&to->activity, &from->activity);
	hg_note_copy(&to->note, &from->note);
}

void hg_presence_done(struct hg_presence *p)
{
	hg_state_done(&p->activity);
	hg_note_done(&p->note);
}

bool hg_presence_eq(const struct hg_presence *a, const struct hg_presence *b)
{
	return a->availability == b->availability && hg_state_eq(&a->activity, &b->activity) &&
		a->last_active == b->last_active && hg_note_eq(&a->note, &b->note) &&
		a->manual == b->manual && a->busy == b->busy && a->device == b->device &&
		a->circle == b->circle && a->hops == b->hops && a->show == b->show &&
		a->priority == b->priority;
}
