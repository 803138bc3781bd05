/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/mapping/loss.h"

#include "bridge/mapping/internal.h"

#include <stdlib.h>
#include <string.h>

enum { NOTES = 3, CIRCLES = HG_CIRCLE_CUSTOM + 1 };

#define SINCE INT64_C(1795255200000) /* idle since some moment */

struct losses {
	const struct hg_table *table;
	struct hg_loss *v;
	size_t n, cap, states, lost;
	struct hg_bytes *text; /* of every note */
	struct hg_activities activity;
};

/* ---- the states ---- */

/* A number of the band at which the activity holds; false: there is none. */
static bool number_of(enum hg_band band, const char *token, uint32_t *ret)
{
	uint32_t min, max, canonical = hg_band_canonical(band);

	hg_token_bounds(hg_str(token), &min, &max);
	*ret = canonical > min ? canonical : min;
	return *ret <= max && hg_band_of(*ret) == band;
}

/* One state beside its availability and activity. */
struct beside {
	int note; /* 0 none, 1 personal, 2 out of office */
	bool manual, idle;
	enum hg_circle circle;
};

/* Who may know no more than an availability is shown no more (EP 3.1); and who is said to be at his device is not idle. */
static bool may_be(const struct hg_loss *s, const struct beside *b)
{
	if (b->idle && !hg_may_be_idle(s->band))
		return false;
	bool bare = !b->note && !b->manual && !b->idle && !s->token[0];

	if (b->circle == HG_CIRCLE_BLOCKED)
		return bare && s->band == HG_BAND_OFFLINE;
	return bare || b->circle != HG_CIRCLE_EXTERNAL;
}

/* ---- there and back ---- */

static uint32_t availability_of(const struct hg_statement *s)
{
	uint32_t busy = s->user ? s->user : s->phone ? s->phone : s->calendar;

	if (hg_band_of(busy) == HG_BAND_BUSY && s->idle_since)
		return hg_band_canonical(HG_BAND_BUSY_IDLE);
	if (busy)
		return busy;
	return s->machine ? s->machine : hg_band_canonical(HG_BAND_OFFLINE);
}

/* Fills in what comes back. Whether it is another state. */
static bool send(struct losses *l, struct hg_loss *s, const struct beside *b)
{
	struct hg_presence p = {
		.manual = b->manual, .circle = b->circle, .last_active = b->idle ? SINCE : 0
	};
	struct hg_statement said;
	struct hg_record *r;
	const char *token;
	int back;

	number_of(s->band, s->token, &p.availability);
	strcpy(p.activity.token, s->token);
	if (b->note)
		p.note = (struct hg_note){ .oof = b->note == 2, .text = l->text };
	r = hg_table_out(l->table, &p);
	hg_table_in(l->table, r, &said);
	back = !said.note.text ? 0 : said.note.oof ? 2 : 1;
	s->back_band = hg_band_of(availability_of(&said));
	token = hg_activities_find(&l->activity, hg_str(said.token));
	s->back_token = token ? token : "";
	s->back_note = back == b->note ? -1 : back;
	s->back_manual = said.user && !said.automatic;
	s->back_idle = said.idle_since == p.last_active ? -1 : said.idle_since != 0;
	hg_statement_done(&said);
	hg_record_unref(r);
	return s->back_band != s->band || strcmp(s->back_token, s->token) != 0 ||
		s->back_note >= 0 || s->back_manual != b->manual || s->back_idle >= 0;
}

/* ---- told together ---- */

static bool alike(const struct hg_loss *a, const struct hg_loss *b)
{
	return a->band == b->band && strcmp(a->token, b->token) == 0 &&
		a->back_band == b->back_band && strcmp(a->back_token, b->back_token) == 0 &&
		a->back_note == b->back_note && a->back_manual == b->back_manual &&
		a->back_idle == b->back_idle;
}

/* Two that differ in one thing alone are one with both values of it. */
static bool join(struct hg_loss *a, const struct hg_loss *b)
{
	int differ = (a->notes != b->notes) + (a->manual != b->manual) + (a->idle != b->idle) +
		(a->circles != b->circles);

	if (!alike(a, b) || differ != 1)
		return false;
	a->notes |= b->notes;
	a->manual |= b->manual;
	a->idle |= b->idle;
	a->circles |= b->circles;
	return true;
}

static void join_all(struct losses *l)
{
	for (size_t i = 0; i < l->n; i++)
		for (size_t k = i + 1; k < l->n; k++) {
			if (!join(&l->v[i], &l->v[k]))
				continue;
			l->v[k] = l->v[--l->n];
			i = (size_t)-1; /* what is joined may be joined with what did not fit before */
			break;
		}
}

static void add(struct losses *l, const struct hg_loss *s)
{
	hg_grow(&l->v, &l->cap, l->n, sizeof(*l->v));
	l->v[l->n++] = *s;
	l->lost++;
}

/* All states of one availability and one activity. */
static void look(struct losses *all, enum hg_band band, const char *token)
{
	struct losses l = *all;

	l.v = NULL;
	l.n = l.cap = l.states = l.lost = 0;
	for (int i = 0; i < NOTES * 2 * 2 * CIRCLES; i++) {
		struct beside b = { .note = i / (2 * 2 * CIRCLES),
			.manual = i / (2 * CIRCLES) % 2,
			.idle = i / CIRCLES % 2,
			.circle = (enum hg_circle)(i % CIRCLES) };
		struct hg_loss s = { .band = band,
			.token = token,
			.notes = 1u << b.note,
			.manual = 1u << b.manual,
			.idle = 1u << b.idle,
			.circles = 1u << b.circle };

		if (!may_be(&s, &b))
			continue;
		all->states++;
		if (send(&l, &s, &b))
			add(&l, &s);
	}
	all->lost += l.lost;
	join_all(&l);
	for (size_t i = 0; i < l.n; i++) {
		hg_grow(&all->v, &all->cap, all->n, sizeof(*all->v));
		all->v[all->n++] = l.v[i];
	}
	free(l.v);
}

static int compare(const void *left, const void *right)
{
	const struct hg_loss *a = left, *b = right;
	const int by[] = { (int)a->back_band - (int)b->back_band,
		strcmp(a->back_token, b->back_token), (int)a->back_manual - (int)b->back_manual,
		a->back_note - b->back_note, a->back_idle - b->back_idle,
		(int)a->band - (int)b->band, strcmp(a->token, b->token),
		(int)a->notes - (int)b->notes, (int)a->manual - (int)b->manual,
		(int)a->idle - (int)b->idle, (int)a->circles - (int)b->circles };

	for (size_t i = 0; i < sizeof(by) / sizeof(by[0]); i++)
		if (by[i])
			return by[i];
	return 0;
}

size_t hg_table_loss(
	const struct hg_table *t, struct hg_loss **ret, size_t *ret_states, size_t *ret_lost)
{
	struct losses l = {
		.table = t, .text = hg_bytes_new(HG_STR("note")), .activity = hg_table_activities(t)
	};
	uint32_t number;

	for (int b = 0; b < HG_BAND_COUNT; b++) {
		look(&l, (enum hg_band)b, "");
		for (size_t i = 0; i < l.activity.n; i++)
			if (number_of((enum hg_band)b, l.activity.token[i], &number))
				look(&l, (enum hg_band)b, l.activity.token[i]);
	}
	if (l.n)
		qsort(l.v, l.n, sizeof(*l.v), compare);
	hg_bytes_unref(l.text);
	free(l.activity.token);
	*ret = l.v;
	*ret_states = l.states;
	*ret_lost = l.lost;
	return l.n;
}

bool hg_table_reads(const struct hg_table *t)
{
	for (size_t i = 0; i < t->nrows; i++)
		if (t->row[i].in)
			return true;
	return false;
}
