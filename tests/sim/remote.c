/* SPDX-License-Identifier: Apache-2.0 */
/* Servers behind the routes, behaving as Prosody does, or where they are silent about blocks as ejabberd: who is blocked hears
 * nothing, who is not granted neither. */

#include "tests/sim/sim.h"

#include <stdio.h>

/* ---- its people as presentities ---- */

/* Every watcher gets a value of his own: who is told what is not for him shows it. */
static struct hg_bytes *value(int w, int p, const struct resource *r)
{
	static const char *const shows[] = { "online", "away", "dnd" };
	char text[128];

	if (!r->on && !r->words)
		return NULL;
	snprintf(text, sizeof(text), "show %s\nstatus p%d>w%d#%u\npriority %d\nexact %u\n",
		r->on ? shows[r->show] : "gone", p, w, r->n, r->priority, r->exact);
	return hg_bytes_new(hg_str(text));
}

static bool hears(const struct sim *s, int w, int p)
{
	return s->server[p].from[w] == AUTH_GRANTED && !s->server[p].blocks[w];
}

/* Over datagrams each says all of it; `heard` false: that there is nobody. */
static void present_faces(struct sim *s, int w, int p, bool heard)
{
	struct stanza x = { .kind = FACES, .w = w, .p = p, .n = ++s->server[p].said_n[w] };

	for (int k = 0; heard && k < RESOURCES; k++)
		x.text[k] = value(w, p, &s->server[p].resource[k]);
	stream_send(s, s->route_of[p], x);
}

static void present(struct sim *s, int w, int p, int resource)
{
	struct stanza x = { .kind = FACE, .w = w, .p = p, .resource = resource };

	if (s->route[s->route_of[p]].datagrams) {
		present_faces(s, w, p, true);
		return;
	}
	if (resource >= 0) {
		x.text[0] = value(w, p, &s->server[p].resource[resource]);
		s->server[p].told[w][resource].on = false; /* from now on it is for all */
	}
	stream_send(s, s->route_of[p], x);
}

void remote_lost(struct sim *s, int w, int p)
{
	sim_note(s, "%s says it to %s again", s->name[p], s->name[w]);
	present_faces(s, w, p, hears(s, w, p));
}

static void edge(struct sim *s, int route, int w, int p, enum hg_edge e)
{
	struct stanza x = { .kind = EDGE, .w = w, .p = p, .edge = e };

	if (route == s->route_of[p])
		x.n = ++s->server[p].said_n[w];
	stream_send(s, route, x);
}

/* ---- what they say beside their presence ---- */

static void tell_doing(struct sim *s, int w, int p, int which)
{
	const struct doing *d = &s->server[p].doing[which];
	struct stanza x = { .kind = ASPECT, .w = w, .p = p, .resource = which };
	char words[TEXT];

	snprintf(words, sizeof(words), "p%d>w%d*%u", p, w, d->n);
	if (d->on)
		x.text[0] = hg_bytes_new(hg_str(words));
	stream_send(s, s->route_of[p], x);
}

/* `all`: also what it once was, to one who may not have heard that it ended. */
static void tell_doings(struct sim *s, int w, int p, bool all)
{
	for (int k = 0; k < ASPECTS; k++)
		if (s->server[p].doing[k].on || (all && s->server[p].doing[k].n))
			tell_doing(s, w, p, k);
}

void remote_do(struct sim *s, int p, int which)
{
	for (int w = 0; w < s->n; w++)
		if (hears(s, w, p))
			tell_doing(s, w, p, which);
}

/* RFC 6121 4.6: to one alone, whether or not the others are told anything. What finds no link is not said. */
void remote_direct(struct sim *s, int w, int p, int resource, const struct resource *says)
{
	s->server[p].told[w][resource] = *says;
	s->server[p].told[w][resource].on &= !s->route[s->route_of[p]].cut;
	stream_send(s, s->route_of[p],
		(struct stanza){ .kind = FACE,
			.w = w,
			.p = p,
			.resource = resource,
			.text = { value(w, p, says) } });
}

static void take_back(struct sim *s, int w, int p)
{
	static const struct resource gone;

	for (int k = 0; k < RESOURCES; k++)
		if (s->server[p].told[w][k].on)
			remote_direct(s, w, p, k, &gone);
}

/* All resources, or one word that there is none. */
static void present_all(struct sim *s, int w, int p)
{
	bool any = false;

	if (s->route[s->route_of[p]].datagrams) {
		present_faces(s, w, p, true);
		return;
	}
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
	static const struct resource gone;

	for (int w = 0; w < s->n; w++) {
		if (hears(s, w, p))
			present(s, w, p, resource);
		else if (!s->server[p].resource[resource].on && s->server[p].told[w][resource].on)
			remote_direct(s, w, p, resource, &gone);
	}
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
	if (hears(s, w, p))
		tell_doings(s, w, p, true);
}

static void unavailable(struct sim *s, int w, int p)
{
	if (s->route[s->route_of[p]].datagrams) {
		present_faces(s, w, p, false);
		return;
	}
	for (int k = 0; k < RESOURCES; k++)
		if (s->server[p].resource[k].on)
			stream_send(s, s->route_of[p],
				(struct stanza){ .kind = FACE, .w = w, .p = p, .resource = k });
}

void remote_revoke(struct sim *s, int w, int p)
{
	if (hears(s, w, p))
		unavailable(s, w, p);
	take_back(s, w, p);
	s->server[p].from[w] = AUTH_NONE;
	edge(s, s->route_of[p], w, p, HG_UNSUBSCRIBED);
}

void remote_block(struct sim *s, int w, int p, bool on)
{
	bool heard = hears(s, w, p);

	s->server[p].blocks[w] = on;
	if (s->silent && !s->route[s->route_of[p]].datagrams)
		return; /* as ejabberd */
	if (heard && on)
		unavailable(s, w, p);
	if (on)
		take_back(s, w, p);
	if (on || !hears(s, w, p))
		return;
	present_all(s, w, p);
	tell_doings(s, w, p, true);
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
	if (!s->route[s->route_of[p]].datagrams) /* the receipt */
		stream_send(s, s->route_of[p],
			(struct stanza){ .kind = FACE, .w = w, .p = p, .resource = -1 });
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

/* Over a stream he asks how everybody is; by datagrams he begins a dialog, in which he is shown everything. */
static void asks_anew(struct sim *s, int w, int p)
{
	int route = s->route_of[w];

	if (!s->route[route].datagrams && s->server[w].has[p])
		edge(s, route, w, p, HG_PROBE);
	else if (s->route[route].datagrams && s->server[w].has[p])
		stream_send(s, route, (struct stanza){ .kind = AGAIN, .w = w, .p = p });
	else if (s->route[route].datagrams && s->server[w].wants[p])
		edge(s, route, w, p, HG_SUBSCRIBE);
}

/* Who signs in asks how everybody is; who is away keeps nothing. */
void remote_sign(struct sim *s, int w, bool online)
{
	struct server *r = &s->server[w];

	r->online = online;
	for (int p = 0; p < s->n; p++) {
		if (!online) {
			for (int k = 0; k < TEXTS; k++) {
				hg_bytes_unref(r->seen[p][k]);
				r->seen[p][k] = NULL;
			}
			r->seen_n[p] = 0;
		} else {
			asks_anew(s, w, p);
		}
	}
}

/* What was asked while it was gone was lost. A server that has a stream needs not ask: all of it comes again. */
void remote_back(struct sim *s, int route)
{
	for (int w = s->nhome; w < s->n && s->route[route].datagrams; w++)
		for (int p = 0; p < s->n && s->route_of[w] == route; p++)
			if (s->server[w].online)
				asks_anew(s, w, p);
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
		take_back(s, w, p);
		s->server[p].from[w] = AUTH_NONE;
		break;
	case HG_SUBSCRIBED:
		s->server[w].has[p] = s->server[w].wants[p];
		break;
	case HG_UNSUBSCRIBED:
		s->server[w].has[p] = s->server[w].wants[p] = false;
		break;
	case HG_PROBE:
		if (!hears(s, w, p))
			break;
		present_all(s, w, p);
		tell_doings(s, w, p, false);
		break;
	}
}

void remote_receive_blocks(struct sim *s, int p, unsigned list, unsigned among)
{
	struct stanza x = { .kind = BLOCKS, .p = p };

	for (int w = 0; w < s->n; w++) {
		bool on = list & 1u << w;

		if (among & 1u << w && s->server[p].blocks[w] != on)
			remote_block(s, w, p, on);
		x.list |= s->server[p].blocks[w] ? 1u << w : 0;
	}
	sim_note(s, "the block list of %s is %x", s->name[p], x.list);
	stream_send(s, s->route_of[p], x);
}

void remote_receive_presence(
	struct sim *s, int w, int p, uint64_t n, struct hg_bytes *const text[TEXTS])
{
	struct server *r = &s->server[w];

	if (!r->online)
		return;
	sim_comparisons[ORDER]++;
	if (n <= r->seen_n[p])
		sim_bad(s, ORDER, "%s is shown an older state of %s after a newer one", s->name[w],
			s->name[p]);
	r->seen_n[p] = n;
	for (int k = 0; k < TEXTS; k++) {
		if (!text[k])
			continue;
		hg_bytes_unref(r->seen[p][k]);
		r->seen[p][k] = hg_bytes_ref(text[k]);
	}
}
