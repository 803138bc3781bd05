/* SPDX-License-Identifier: Apache-2.0 */
/* Servers behind the routes, behaving as Prosody does: who is blocked hears nothing, who is not granted neither. */

#include "tests/sim/sim.h"

#include <stdio.h>

/* ---- its people as presentities ---- */

/* Every watcher gets a value of his own: who is told what is not for him shows it. */
static struct hg_bytes *value(const struct sim *s, int w, int p, int resource)
{
	static const char *const shows[] = { "online", "away", "dnd" };
	const struct resource *r = &s->server[p].resource[resource];
	char text[128];

	if (!r->on)
		return NULL;
	snprintf(text, sizeof(text), "show %s\nstatus p%d>w%d#%u\npriority %d\n", shows[r->show], p,
		w, r->n, r->priority);
	return hg_bytes_new(hg_str(text));
}

static void present(struct sim *s, int w, int p, int resource)
{
	wire_send(s, s->route_of[p],
		(struct stanza){ .w = w,
			.p = p,
			.resource = resource,
			.text = resource < 0 ? NULL : value(s, w, p, resource) });
}

static void edge(struct sim *s, int route, int w, int p, enum hg_edge e)
{
	wire_send(s, route, (struct stanza){ .is_edge = true, .w = w, .p = p, .edge = e });
}

static bool hears(const struct sim *s, int w, int p)
{
	return s->server[p].from[w] == AUTH_GRANTED && !s->server[p].blocks[w];
}

/* All resources, or one word that there is none. */
static void present_all(struct sim *s, int w, int p)
{
	bool any = false;

	for (int k = 0; k < RESOURCES; k++) {
		if (!s->server[p].resource[k].on)
			continue;
		present(s, w, p, k);
		any = true;
	}
	if (!any)
		present(s, w, p, -1);
}

void remote_say(struct sim *s, int p, int resource)
{
	for (int w = 0; w < s->n; w++)
		if (hears(s, w, p))
			present(s, w, p, resource);
}

void remote_grant(struct sim *s, int w, int p)
{
	bool first = sim_chance(s, 50); /* presence may come before `subscribed` */

	s->server[p].from[w] = AUTH_GRANTED;
	if (first && hears(s, w, p))
		present_all(s, w, p);
	edge(s, s->route_of[p], w, p, HG_SUBSCRIBED);
	if (!first && hears(s, w, p))
		present_all(s, w, p);
}

static void unavailable(struct sim *s, int w, int p)
{
	for (int k = 0; k < RESOURCES; k++)
		if (s->server[p].resource[k].on)
			wire_send(s, s->route_of[p],
				(struct stanza){ .w = w, .p = p, .resource = k });
}

void remote_revoke(struct sim *s, int w, int p)
{
	if (hears(s, w, p))
		unavailable(s, w, p);
	s->server[p].from[w] = AUTH_NONE;
	edge(s, s->route_of[p], w, p, HG_UNSUBSCRIBED);
}

void remote_block(struct sim *s, int w, int p, bool on)
{
	bool heard = hears(s, w, p);

	s->server[p].blocks[w] = on;
	if (heard && on)
		unavailable(s, w, p);
	else if (!on && hears(s, w, p))
		present_all(s, w, p);
}

static void asked(struct sim *s, int w, int p)
{
	struct server *r = &s->server[p];

	if (r->from[w] == AUTH_GRANTED) {
		remote_grant(s, w, p);
		return;
	}
	if (r->blocks[w])
		return;
	wire_send(s, s->route_of[p],
		(struct stanza){ .w = w, .p = p, .resource = -1 }); /* the receipt */
	r->from[w] = AUTH_PENDING;
	if (sim_chance(s, 70))
		remote_grant(s, w, p);
	else if (sim_chance(s, 50))
		remote_revoke(s, w, p);
}

/* ---- its people as watchers ---- */

void remote_ask(struct sim *s, int w, int p, enum hg_edge e)
{
	struct server *r = &s->server[w];

	if (e == HG_SUBSCRIBE)
		r->wants[p] = true;
	if (e == HG_UNSUBSCRIBE)
		r->wants[p] = r->has[p] = false;
	edge(s, s->route_of[w], w, p, e);
}

/* Who signs in asks how everybody is; who is away keeps nothing. */
void remote_sign(struct sim *s, int w, bool online)
{
	struct server *r = &s->server[w];

	r->online = online;
	for (int p = 0; p < s->n; p++) {
		if (!online) {
			hg_bytes_unref(r->seen[p]);
			r->seen[p] = NULL;
			r->seen_n[p] = 0;
		} else if (r->has[p]) {
			edge(s, s->route_of[w], w, p, HG_PROBE);
		}
	}
}

/* ---- what reaches it ---- */

void remote_receive_edge(struct sim *s, int w, int p, enum hg_edge e)
{
	switch (e) {
	case HG_SUBSCRIBE:
		asked(s, w, p);
		break;
	case HG_UNSUBSCRIBE: /* RFC 6121 3.3.3 */
		if (hears(s, w, p))
			unavailable(s, w, p);
		s->server[p].from[w] = AUTH_NONE;
		break;
	case HG_SUBSCRIBED:
		s->server[w].has[p] = s->server[w].wants[p];
		break;
	case HG_UNSUBSCRIBED:
		s->server[w].has[p] = s->server[w].wants[p] = false;
		break;
	case HG_PROBE:
		if (hears(s, w, p))
			present_all(s, w, p);
		break;
	}
}

void remote_receive_presence(struct sim *s, int w, int p, uint64_t n, struct hg_bytes *text)
{
	struct server *r = &s->server[w];

	if (!r->online)
		return;
	sim_comparisons[ORDER]++;
	if (n <= r->seen_n[p])
		sim_bad(s, ORDER, "%s is shown an older state of %s after a newer one", s->name[w],
			s->name[p]);
	r->seen_n[p] = n;
	hg_bytes_unref(r->seen[p]);
	r->seen[p] = hg_bytes_ref(text);
}
