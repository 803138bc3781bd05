/* SPDX-License-Identifier: Apache-2.0 */
/* The model of what people behind routes ask for, and of what they say beside their presence. */

#include "tests/sim/sim.h"

#include <stdio.h>
#include <string.h>

/* ---- questions ---- */

/* Of somebody who does not watch: as he would be treated if he did. */
static int in_as_if(const struct sim *s, int w, int p)
{
	int in = s->pair[w][p].in;

	if (w < s->nhome || in != AUTH_NONE)
		return in;
	return model_consents(s, w, p) ? AUTH_GRANTED : AUTH_PENDING;
}

void model_as_if(struct sim *s, int w, int p, hg_part part, struct shown *v, struct hg_buf *b)
{
	const struct dialog question = { .kind = NATIVE, .watcher = w, .about = p };
	int was = s->pair[w][p].in;

	s->pair[w][p].in = in_as_if(s, w, p);
	model_shown(s, w, p, v);
	model_part(s, &question, part, b);
	s->pair[w][p].in = was;
}

/* Where users are hidden, only those who watch are answered: else whoever asks finds out who is there. */
bool model_may_look(struct sim *s, int w, int p)
{
	int level;

	if (p >= s->nhome || !s->person[p].exists || (s->hide && s->pair[w][p].in == AUTH_NONE))
		return false;
	level = model_level(s, w, p, NULL);
	return in_as_if(s, w, p) == AUTH_GRANTED && !s->pair[p][w].linked &&
		level != HG_C_DEFAULT && level != HG_C_BLOCKED;
}

/* ---- what is said beside a presence ---- */

void model_aspect(struct sim *s, int w, int p, int which, const char *words)
{
	struct model_pair *m = &s->pair[w][p];
	struct model_aspect *a = &m->aspect[which];
	int kept = 0;

	if (m->out != AUTH_GRANTED && m->out != AUTH_PENDING)
		return;
	for (int k = 0; k < ASPECTS; k++)
		kept += m->aspect[k].on;
	if (words && !a->on && kept == ASPECTS_KEPT) {
		sim_comparisons[BOUNDED]++;
		m->overflowed = true;
		return;
	}
	*a = (struct model_aspect){ .on = words != NULL,
		.generation = s->route[s->route_of[p]].generation };
	snprintf(a->words, sizeof(a->words), "%s", words ? words : "");
	m->heard = s->now.utc;
}

void model_aspects_settle(struct model_pair *m, uint32_t generation)
{
	for (int k = 0; k < ASPECTS; k++)
		if (m->aspect[k].generation != generation)
			m->aspect[k].on = false;
}
