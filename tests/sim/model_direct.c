/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The model of directed presence (docs/decisions/0022): what is said to a user who does not watch is kept for him until it is
 * taken back, or the link ends; what is on its way when he lets somebody go looks the same, so of him nothing is kept.
 */

#include "tests/sim/sim.h"

#include <string.h>

/* ---- given to one who stands for all behind his route ---- */

/* He is given what is said to any of them, whether or not that one watches. */
static bool is_given_to_all(struct sim *s, int w, int p, const struct model_face *face)
{
	int all = w < s->nhome ? -1 : s->route[s->route_of[w]].directed;
	struct model_pair *m = &s->pair[all < 0 ? w : all][p];

	if (all < 0 || all == w)
		return false;
	if (m->out != AUTH_NONE || m->in != AUTH_NONE)
		return m->for_all;
	if (!face)
		return false;
	m->for_all = m->unknown = true;
	m->unsaid = false;
	m->out = AUTH_GRANTED;
	model_set_in(s, all, p, AUTH_GRANTED);
	return true;
}

static bool has_face(const struct model_pair *m)
{
	bool any = false;

	for (int k = 0; k < RESOURCES; k++)
		any |= m->face[k].on;
	return any;
}

static void give(struct sim *s, int all, int p, int resource, const struct model_face *face)
{
	model_face(s, all, p, resource, face);
	if (!has_face(&s->pair[all][p]))
		s->pair[all][p].settle_at = s->now.mono;
}

void model_for_all_over(struct sim *s, int w, int p)
{
	struct model_pair *m = &s->pair[w][p];

	if (!m->for_all || has_face(m))
		return;
	m->for_all = false;
	m->unknown = m->unsaid = true;
	m->out = AUTH_NONE;
	model_set_in(s, w, p, AUTH_NONE);
}

void model_said(struct sim *s, int w, int p, int resource, const struct model_face *face)
{
	bool watched = s->pair[w][p].out == AUTH_GRANTED || s->pair[w][p].out == AUTH_PENDING;
	/* Whoever has not asked is given no last words. */
	const struct model_face *given = face && face->gone ? NULL : face;
	bool all = is_given_to_all(s, w, p, given);

	if (all && !watched && given)
		s->pair[w][p].overflowed = true; /* his server believes that it was heard */
	if (all)
		give(s, s->route[s->route_of[w]].directed, p, resource, given);
	if (!all || watched)
		model_face(s, w, p, resource, watched ? face : given);
}

void model_not_for_all(struct sim *s, int w, int p)
{
	if (!s->pair[w][p].for_all)
		return;
	model_forget(s, w, p);
	s->pair[w][p].overflowed = true; /* what was said to him as well */
	s->pair[w][p].for_all = false;
}

/* ---- kept for a user ---- */

static bool may_be(const struct sim *s, int p)
{
	return s->route[s->route_of[p]].unasked;
}

void model_directed_drop(struct model_pair *m)
{
	memset(m->kept, 0, sizeof(m->kept));
	m->deaf = false;
}

void model_directed(struct sim *s, int w, int p, int resource, const struct model_face *face)
{
	struct model_pair *m = &s->pair[w][p];
	uint32_t kept = 0;

	for (int k = 0; k < RESOURCES; k++) {
		m->kept[k].on &= resource >= 0 && resource != k;
		kept += m->kept[k].on;
	}
	if (!face)
		return;
	sim_comparisons[BOUNDED]++;
	if (may_be(s, p) && w < s->nhome && s->person[w].exists && !m->deaf &&
		kept < s->limits.faces)
		m->kept[resource] = *face;
	else
		m->overflowed = true; /* likewise */
}

bool model_is_directed(const struct sim *s, int w, int p)
{
	const struct model_pair *m = &s->pair[w][p];

	return m->out != AUTH_GRANTED && may_be(s, p) && !m->deaf;
}

/* As if it were said now, in the order in which it was. */
void model_directed_take(struct sim *s, int w, int p)
{
	struct model_pair *m = &s->pair[w][p];

	for (int n = 0; n < RESOURCES; n++) {
		struct model_face face;
		int first = -1;

		for (int k = 0; k < RESOURCES; k++)
			if (m->kept[k].on && (first < 0 || m->kept[k].at < m->kept[first].at))
				first = k;
		if (first < 0)
			return;
		face = m->kept[first];
		m->kept[first].on = false;
		face.at = s->now.mono;
		model_face(s, w, p, first, &face);
	}
}

/* In transit nobody remembers. */
void model_directed_deaf(struct sim *s, int w, int p)
{
	if (w < s->nhome && p >= s->nhome)
		s->pair[w][p].deaf = may_be(s, p) && s->route[s->route_of[p]].up;
}
