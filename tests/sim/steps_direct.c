/* SPDX-License-Identifier: Apache-2.0 */
/* What people say to one alone, who need not watch them. */

#include "tests/sim/steps.h"

#include <stdio.h>

/* She looks at him and begins to watch him, as far as one of her clients can ask for it now. */
static void begins_to_watch(struct sim *s, int w, int p)
{
	struct request r = { .kind = HG_REQ_WATCH, .person = w, .other = p };

	while (r.endpoint < ENDPOINTS && !home_usable(s, w, r.endpoint))
		r.endpoint++;
	if (r.endpoint == ENDPOINTS)
		return;
	if (sim_chance(s, 50)) {
		r.kind = HG_REQ_CONTACT;
		r.op = HG_SET_CONTACT;
		r.delta = s->client[w][r.endpoint].delta;
		r.subscribed = true;
		snprintf(r.name, sizeof(r.name), "c%u", ++s->token);
	}
	if (sim_chance(s, 60))
		home_open_watch(s, w, r.endpoint, p, NATIVE, sim_chance(s, 60));
	home_request(s, &r);
}

static bool pick(struct sim *s, int *w, int *p)
{
	int start = (int)sim_random(s, PERSONS * PERSONS);

	for (int i = 0; i < PERSONS * PERSONS; i++) {
		*w = (start + i) % (PERSONS * PERSONS) / PERSONS;
		*p = (start + i) % PERSONS;
		if (*w < s->n && *p < s->n && s->route_of[*p] &&
			s->route_of[*w] != s->route_of[*p] && s->route[s->route_of[*p]].unasked &&
			s->server[*p].from[*w] != AUTH_GRANTED && !s->server[*p].blocks[*w])
			return true;
	}
	return false;
}

/* He is asked, and answers, and what he says now comes in any order with what is left of before. */
static void hears(struct sim *s, int route)
{
	for (int i = 0; i < 3 && !s->failed; i++) {
		sim_store_finish(s, s->ncommits, steps_disk(s));
		while (stream_pass_out(s, route))
			;
		while (!s->failed && stream_pass_in(s, route, false))
			sim_turn(s);
	}
}

/* What was said arrives, and then the link is gone for a moment: nobody will take it back. */
static void bounce(struct sim *s, int route)
{
	while (s->route[route].in.n && !s->failed && stream_pass_in(s, route, false))
		sim_turn(s);
	if (!s->route[route].up || s->failed)
		return;
	stream_cut(s, route);
	stream_down(s, route);
	sim_turn(s);
	stream_up(s, route);
}

/* Whoever hears what all are told is told nothing alone. */
bool step_direct(struct sim *s)
{
	int w, p, k = (int)sim_random(s, RESOURCES);
	struct resource says = { .on = true, .show = (int)sim_random(s, 3), .priority = k };

	if (!pick(s, &w, &p))
		return false;
	says.on = !s->server[p].told[w][k].on || sim_chance(s, 60);
	says.exact = sim_says_exactly(s, says.show);
	says.n = ++s->token;
	sim_note(s, "%s %s %s alone: r%d", s->name[p], says.on ? "speaks to" : "leaves", s->name[w],
		k);
	remote_direct(s, w, p, k, &says);
	if (sim_chance(s, 20))
		bounce(s, s->route_of[p]);
	if (w < s->nhome && sim_chance(s, 60)) {
		begins_to_watch(s, w, p);
		if (sim_chance(s, 50))
			hears(s, s->route_of[p]);
	}
	return true;
}
