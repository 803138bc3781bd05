/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The model of directed presence (docs/decisions/0022): what is said to a user who does not watch is kept for him until it is
 * taken back, or the link ends; what is on its way when he lets somebody go looks the same, so of him nothing is kept.
 */

#include "tests/sim/sim.h"

#include <string.h>

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
		m->overflowed = true; /* his server believes that it was heard */
}

bool model_is_directed(const struct sim *s, int w, int p)
{
	const struct model_pair *m = &s->pair[w][p];

	return m->out != AUTH_GRANTED && may_be(s, p) && !m->deaf;
}

/* As if it were said now. */
void model_directed_take(struct sim *s, int w, int p)
{
	struct model_pair *m = &s->pair[w][p];

	for (int k = 0; k < RESOURCES; k++) {
		struct model_face face = m->kept[k];

		m->kept[k].on = false;
		face.at = s->now.mono;
		if (face.on)
			model_face(s, w, p, k, &face);
	}
}

/* In transit nobody remembers. */
void model_directed_deaf(struct sim *s, int w, int p)
{
	if (w < s->nhome && p >= s->nhome)
		s->pair[w][p].deaf = may_be(s, p) && s->route[s->route_of[p]].up;
}
