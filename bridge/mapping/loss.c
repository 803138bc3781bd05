/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/mapping/loss.h"

#include "bridge/mapping/internal.h"

#include <stdlib.h>
#include <string.h>

enum { NOTES = 3, CIRCLES = HG_CIRCLE_CUSTOM + 1 };

struct losses {
	const struct hg_table *table;
	struct hg_loss *v;
	size_t n, cap, states, lost;
	struct hg_bytes *text; /* of every note */
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

/* Who may know no more than an availability is shown no more (EP 3.1). */
static bool may_be(const struct hg_loss *s, int note, bool manual, enum hg_circle circle)
{
	bool bare = !note && !manual && !s->token[0];

	if (circle == HG_CIRCLE_BLOCKED)
		return bare && s->band == HG_BAND_OFFLINE;
	return bare || circle != HG_CIRCLE_EXTERNAL;
}

/* ---- there and back ---- */

static const char *token_of(const struct hg_statement *s)
{
	const char *token = "";

	for (size_t i = 0; hg_token_standard(i); i++)
		if (hg_str_ieq(hg_str(hg_token_standard(i)), hg_str(s->token)))
			token = hg_token_standard(i);
	return token;
}

static uint32_t availability_of(const struct hg_statement *s)
{
	if (s->user)
		return s->user;
	if (s->phone)
		return s->phone;
	if (s->calendar)
		return s->calendar;
	return s->machine ? s->machine : hg_band_canonical(HG_BAND_OFFLINE);
}

/* Fills in what comes back. Whether it is another state. */
static bool send(struct losses *l, struct hg_loss *s, int note, bool manual, enum hg_circle circle)
{
	struct hg_presence p = { .manual = manual, .circle = circle };
	struct hg_statement said;
	struct hg_record *r;
	bool same;
	int back;

	number_of(s->band, s->token, &p.availability);
	strcpy(p.activity.token, s->token);
	if (note)
		p.note = (struct hg_note){ .oof = note == 2, .text = l->text };
	r = hg_table_out(l->table, &p);
	hg_table_in(l->table, r, &said);
	back = !said.note.text ? 0 : said.note.oof ? 2 : 1;
	s->back_band = hg_band_of(availability_of(&said));
	s->back_token = token_of(&said);
	s->back_note = back == note ? -1 : back;
	s->back_manual = said.user && !said.automatic;
	same = s->back_band == s->band && strcmp(s->back_token, s->token) == 0 && back == note &&
		s->back_manual == manual;
	hg_statement_done(&said);
	hg_record_unref(r);
	return !same;
}

/* ---- told together ---- */

static bool alike(const struct hg_loss *a, const struct hg_loss *b)
{
	return a->band == b->band && strcmp(a->token, b->token) == 0 &&
		a->back_band == b->back_band && strcmp(a->back_token, b->back_token) == 0 &&
		a->back_note == b->back_note && a->back_manual == b->back_manual;
}

/* Two that differ in one thing alone are one with both values of it. */
static bool join(struct hg_loss *a, const struct hg_loss *b)
{
	int differ = (a->notes != b->notes) + (a->manual != b->manual) + (a->circles != b->circles);

	if (!alike(a, b) || differ != 1)
		return false;
	a->notes |= b->notes;
	a->manual |= b->manual;
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
	struct losses l = { .table = all->table, .text = all->text };

	for (int i = 0; i < NOTES * 2 * CIRCLES; i++) {
		int note = i / (2 * CIRCLES);
		bool manual = i / CIRCLES % 2;
		enum hg_circle circle = (enum hg_circle)(i % CIRCLES);
		struct hg_loss s = { .band = band,
			.token = token,
			.notes = 1u << note,
			.manual = 1u << manual,
			.circles = 1u << circle };

		if (!may_be(&s, note, manual, circle))
			continue;
		all->states++;
		if (send(&l, &s, note, manual, circle))
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
		a->back_note - b->back_note, (int)a->band - (int)b->band,
		strcmp(a->token, b->token), (int)a->notes - (int)b->notes,
		(int)a->manual - (int)b->manual, (int)a->circles - (int)b->circles };

	for (size_t i = 0; i < sizeof(by) / sizeof(by[0]); i++)
		if (by[i])
			return by[i];
	return 0;
}

size_t hg_table_loss(
	const struct hg_table *t, struct hg_loss **ret, size_t *ret_states, size_t *ret_lost)
{
	struct losses l = { .table = t, .text = hg_bytes_new(HG_STR("note")) };
	uint32_t number;

	for (int b = 0; b < HG_BAND_COUNT; b++) {
		look(&l, (enum hg_band)b, "");
		for (size_t i = 0; hg_token_standard(i); i++)
			if (number_of((enum hg_band)b, hg_token_standard(i), &number))
				look(&l, (enum hg_band)b, hg_token_standard(i));
	}
	if (l.n)
		qsort(l.v, l.n, sizeof(*l.v), compare);
	hg_bytes_unref(l.text);
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
