/* SPDX-License-Identifier: Apache-2.0 */
/* The end of a schedule: everything is mended and delivered, and whoever was not heard asks again. */

#include "tests/sim/steps.h"

static bool drain(struct sim *s)
{
	bool any = s->ncommits > 0 || s->nhints > 0 || s->nflight > 0;

	while (s->nhints)
		sim_hints_finish(s, 0);
	sim_store_finish(s, s->ncommits, 0);
	for (int r = 1; r < ROUTES; r++) {
		while (stream_pass_in(s, r, false) || stream_pass_out(s, r)) {
			any = true;
			sim_store_finish(s, s->ncommits, 0);
		}
	}
	carry_mend(s);
	for (int a = s->nhome; a < s->n; a++)
		any |= carry_go_on(s, a);
	while (s->nflight && !s->failed) {
		if (s->flight[0].dropped)
			wire_report_lost(s, 0);
		else
			wire_deliver(s, 0, false);
	}
	sim_turn(s);
	return any || hg_core_waiting(s->core) > 0;
}

static void all_drains(struct sim *s)
{
	int left = 1000;

	while (!s->failed && left-- && drain(s))
		;
	if (left < 0)
		sim_bad(s, CONVERGENCE, "it never gets quiet");
}

static void mend(struct sim *s)
{
	s->failing = s->full = false;
	for (int p = 0; p < s->nhome; p++)
		for (int e = 0; e < ENDPOINTS; e++)
			s->client[p][e].stalled = false;
	for (int r = 1; r < ROUTES; r++) {
		s->route[r].stalled = false;
		if (s->route[r].cut && s->route[r].up)
			stream_down(s, r);
		if (!s->route[r].up)
			stream_up(s, r);
	}
}

/* The links break once more, and what people say meanwhile nobody hears. */
static void bounce(struct sim *s)
{
	for (int r = 1; r < ROUTES; r++) {
		stream_cut(s, r);
		steps_end_doing(s, r);
		stream_down(s, r);
		sim_turn(s);
		stream_up(s, r);
	}
	all_drains(s);
}

/* Who was not heard for want of room asks again. */
static void ask_again(struct sim *s)
{
	for (int w = s->nhome; w < s->n; w++) {
		for (int p = 0; p < s->n; p++) {
			if (s->server[w].has[p] && s->pair[w][p].unheard)
				remote_ask(s, w, p, HG_PROBE);
			s->pair[w][p].unheard = false;
		}
	}
}

void steps_quiet(struct sim *s)
{
	sim_note(s, "---- quiet: everything is mended and delivered");
	mend(s);
	all_drains(s);
	for (int w = s->nhome; w < s->n; w++) {
		if (!s->server[w].online)
			remote_sign(s, w, true);
		for (int p = 0; p < s->n; p++)
			if (s->server[w].wants[p] && !s->server[w].has[p])
				remote_ask(s, w, p, HG_SUBSCRIBE);
	}
	all_drains(s);
	if (!s->failed && sim_chance(s, 50))
		bounce(s);
	for (int i = 0; i < 2;
		i++) { /* the first silence may still bring an answer, which has to settle too */
		/* ... or is found when everybody is asked again */
		sim_advance(s, 2 * sim_limits.settle + (s->silent ? 2 * sim_limits.reprobe : 0));
		ask_again(s);
		all_drains(s);
	}
	if (!s->failed)
		judge_quiet(s);
	if (!s->failed)
		judge_agreed(s);
	for (int p = 0; p < s->nhome && !s->failed; p++)
		for (int e = 0; e < ENDPOINTS; e++)
			if (s->client[p][e].busy)
				sim_bad(s, CONVERGENCE, "%s/%d was never answered", s->name[p], e);
}
