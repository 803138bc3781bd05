/* SPDX-License-Identifier: Apache-2.0 */
/* What remote people and their servers do, and what becomes of the links to them. */

#include "tests/sim/steps.h"

static int remote(struct sim *s)
{
	return s->nhome + (int)sim_random(s, (uint32_t)(s->n - s->nhome));
}

/* Somebody who is not behind the same route. */
static int across(struct sim *s, int p)
{
	int w;

	do
		w = (int)sim_random(s, (uint32_t)s->n);
	while (s->route_of[w] == s->route_of[p]);
	return w;
}

bool step_remote_presence(struct sim *s)
{
	int p = remote(s), k = (int)sim_random(s, RESOURCES);
	struct resource *r = &s->server[p].resource[k];
	bool was = r->on;

	r->on = sim_chance(s, 75);
	r->show = (int)sim_random(s, 3);
	r->priority = sim_chance(s, 15) ? -1 : (int)sim_random(s, 3);
	r->exact = sim_says_exactly(s, r->show);
	r->n = ++s->token;
	r->words = !r->on && was && r->n % 2; /* every other time */
	sim_note(s, "%s: resource r%d %s", s->name[p], k,
		r->on              ? "speaks"
			: r->words ? "leaves with a word"
				   : "leaves");
	if (was || r->on)
		remote_say(s, p, k);
	return true;
}

bool step_remote_block(struct sim *s)
{
	int p = remote(s), w = across(s, p);

	if (!s->server[p].blocks[w] && sim_chance(s, s->silent ? 20 : 60))
		return false;
	sim_note(s, "%s %s %s", s->name[p], s->server[p].blocks[w] ? "unblocks" : "blocks",
		s->name[w]);
	remote_block(s, w, p, !s->server[p].blocks[w]);
	s->server[p].stirred = true;
	return true;
}

/* Who was asked before makes up his mind. */
bool step_remote_decide(struct sim *s)
{
	int p = remote(s), w = 0;

	while (w < s->n && s->server[p].from[w] != AUTH_PENDING)
		w++;
	if (w == s->n)
		return false;
	sim_note(s, "%s decides about %s", s->name[p], s->name[w]);
	if (sim_chance(s, 75))
		remote_grant(s, w, p);
	else
		remote_revoke(s, w, p);
	return true;
}

bool step_remote_revoke(struct sim *s)
{
	int p = remote(s), w = across(s, p);

	if (s->server[p].from[w] != AUTH_GRANTED)
		return false;
	sim_note(s, "%s revokes what he granted %s", s->name[p], s->name[w]);
	remote_revoke(s, w, p);
	return true;
}

/* Where anybody counts as known often to somebody who is no user, or not any more. */
static int somebody(struct sim *s, int w)
{
	for (int p = 0; s->anybody && p < s->nhome && sim_chance(s, 60); p++)
		if (!s->person[p].exists)
			return p;
	return across(s, w);
}

bool step_remote_subscribe(struct sim *s)
{
	int w = remote(s), p = somebody(s, w);

	sim_note(s, "%s subscribes to %s%s", s->name[w], s->name[p],
		p < s->nhome && !s->person[p].exists ? ", who is nobody" : "");
	remote_ask(s, w, p, HG_SUBSCRIBE);
	return true;
}

bool step_remote_unsubscribe(struct sim *s)
{
	int w = remote(s), p = across(s, w);

	if (!s->server[w].wants[p])
		return false;
	sim_note(s, "%s unsubscribes from %s", s->name[w], s->name[p]);
	remote_ask(s, w, p, HG_UNSUBSCRIBE);
	return true;
}

bool step_remote_probe(struct sim *s)
{
	int w = remote(s), p = across(s, w);

	sim_note(s, "%s probes %s", s->name[w], s->name[p]);
	remote_ask(s, w, p, HG_PROBE);
	return true;
}

bool step_remote_sign(struct sim *s)
{
	int w = remote(s);

	sim_note(s, "%s signs %s", s->name[w], s->server[w].online ? "off" : "in");
	remote_sign(s, w, !s->server[w].online);
	return true;
}

/* ---- links ---- */

static int route(struct sim *s)
{
	return 1 + (int)sim_random(s, ROUTES - 1);
}

/* What is under way is lost, and what is sent until it is noticed. */
bool step_cut(struct sim *s)
{
	int r = route(s);

	if (s->route[r].cut || sim_chance(s, 50))
		return false;
	sim_note(s, "the link of route %d breaks", r);
	stream_cut(s, r);
	if (sim_chance(s, 40))
		steps_end_doing(s, r);
	if (sim_chance(s, 60))
		stream_down(s, r);
	return true;
}

bool step_notice(struct sim *s)
{
	int r = route(s);

	if (!s->route[r].cut || !s->route[r].up)
		return false;
	sim_note(s, "route %d is known to be down", r);
	stream_down(s, r);
	return true;
}

bool step_link(struct sim *s)
{
	int r = route(s);

	if (s->route[r].up)
		return false;
	sim_note(s, "route %d is up", r);
	stream_up(s, r);
	return true;
}

bool step_stall_route(struct sim *s)
{
	int r = route(s);

	s->route[r].stalled = !s->route[r].stalled;
	sim_note(s, "route %d %s", r, s->route[r].stalled ? "takes nothing" : "takes again");
	return true;
}
