/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What passes between servers and the core. On a stream in order, until the link breaks. A route of datagrams: what changes
 * something there, or asks, is acknowledged and so stays in its order; what people say may be overtaken, lost or doubled, and
 * each datagram says all of it, with a number by which an older one is known.
 */

#include "tests/sim/sim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void append(struct stream *q, struct stanza x)
{
	hg_grow(&q->v, &q->cap, q->n, sizeof(*q->v));
	q->v[q->n++] = x;
}

static void done(struct stanza *x)
{
	for (int k = 0; k < TEXTS; k++)
		hg_bytes_unref(x->text[k]);
}

static void clear(struct stream *q)
{
	for (size_t i = 0; i < q->n; i++)
		done(&q->v[i]);
	q->n = 0;
}

static struct stanza take(struct stream *q, size_t i)
{
	struct stanza x = q->v[i];

	memmove(q->v + i, q->v + i + 1, (--q->n - i) * sizeof(*q->v));
	return x;
}

static void put(const struct route *r, struct stream *q, struct stanza x)
{
	if (r->cut)
		done(&x);
	else
		append(q, x);
}

void stream_send(struct sim *s, int route, struct stanza x)
{
	put(&s->route[route], &s->route[route].in, x);
}

void stream_hand(struct sim *s, int route, struct stanza x)
{
	put(&s->route[route], &s->route[route].out, x);
}

/* ---- what reaches us ---- */

static void face_arrives(
	struct sim *s, int route, const struct stanza *x, int resource, struct hg_bytes *text)
{
	static const char *const shows[] = { "online", "away", "dnd", "gone" };
	struct hg_pair pair = sim_pair(s, x->w, x->p);
	struct model_face f = { .on = true, .generation = s->route[route].generation };
	char show[16], name[16] = "";

	sim_note(s, "route %d: %s says to %s: r%d %s", route, s->name[x->p], s->name[x->w],
		resource, sim_show(text));
	s->now.mono++; /* which of two came first is never in doubt */
	s->now.utc++;
	f.at = s->now.mono;
	if (text &&
		sscanf(text->p, "show %15s\nstatus %63s\npriority %d\nexact %u", show, f.status,
			&f.priority, &f.exact) == 4)
		while (strcmp(shows[f.show], show) != 0)
			f.show++;
	f.gone = f.show == 3;
	if (resource >= 0)
		snprintf(name, sizeof(name), "r%d", resource);
	hg_loopback_present(s->away, s->route[route].lane, &pair, hg_str(name), hg_bytes_str(text));
	model_said(s, x->w, x->p, resource, text ? &f : NULL);
}

/* The last that is said in a dialog is that there is nobody, and what was said before is not heard any more. */
static void dialog_ends(struct sim *s, int route, const struct stanza *x)
{
	s->heard_n[x->w][x->p] = x->n;
	face_arrives(s, route, x, -1, NULL);
}

static void edge_arrives(struct sim *s, int route, const struct stanza *x)
{
	struct hg_pair pair = sim_pair(s, x->w, x->p);
	int queue = model_queue_of(s, x->w, x->p);
	struct item item = { .is_edge = true, .w = x->w, .p = x->p, .edge = x->edge };

	sim_note(s, "route %d: edge %d arrives, watcher %s, presentity %s", route, (int)x->edge,
		s->name[x->w], s->name[x->p]);
	if (x->edge == HG_SUBSCRIBE && s->standing[x->w][x->p]) /* a dialog begins */
		s->standing[x->w][x->p]->absent = false;
	if (x->edge == HG_UNSUBSCRIBED && s->route[route].datagrams)
		dialog_ends(s, route, x);
	s->host.edge(s->core, s->route[route].lane, &pair, x->edge);
	/* Who is being made a user has a queue already: it waits there. */
	if (queue >= s->nhome || s->person[queue].exists || s->person[queue].nqueue ||
		(queue == x->p && s->anybody))
		model_push(s, queue, &item);
}

/* All that he says now; who is not in it is gone, and goes first, to make room. */
static void faces_arrive(struct sim *s, int route, const struct stanza *x)
{
	bool any = false;

	if (x->n <= s->heard_n[x->w][x->p]) {
		sim_note(s, "route %d: something older of %s to %s is not heard", route,
			s->name[x->p], s->name[x->w]);
		return;
	}
	s->heard_n[x->w][x->p] = x->n;
	for (int k = 0; k < RESOURCES; k++)
		any |= x->text[k] != NULL;
	if (!any) {
		face_arrives(s, route, x, -1, NULL);
		return;
	}
	for (int k = 0; k < RESOURCES; k++)
		if (!x->text[k])
			face_arrives(s, route, x, k, NULL);
	for (int k = 0; k < RESOURCES; k++)
		if (x->text[k])
			face_arrives(s, route, x, k, x->text[k]);
}

static void arrive(struct sim *s, int route, const struct stanza *x)
{
	switch (x->kind) {
	case EDGE:
		edge_arrives(s, route, x);
		break;
	case FACE:
		face_arrives(s, route, x, x->resource, x->text[0]);
		break;
	case FACES:
		faces_arrive(s, route, x);
		break;
	default:
		ask_arrives(s, route, x);
	}
}

/* Any of the datagrams; of all others the first. */
static size_t next(struct sim *s, const struct stream *q, bool faults)
{
	size_t i = faults && sim_chance(s, 40) ? sim_random(s, (uint32_t)q->n) : 0, first = 0;

	if (q->v[i].kind == FACES)
		return i;
	while (q->v[first].kind == FACES)
		first++;
	return first;
}

bool stream_pass_in(struct sim *s, int route, bool faults)
{
	struct route *r = &s->route[route];
	struct stanza x;
	size_t i;

	if (r->cut || !r->up || !r->in.n)
		return false;
	i = next(s, &r->in, faults);
	if (r->in.v[i].kind == FACES && faults && sim_chance(s, 15)) { /* and once more, later */
		x = r->in.v[i];
		for (int k = 0; k < TEXTS; k++)
			hg_bytes_ref(x.text[k]);
	} else {
		x = take(&r->in, i);
	}
	if (x.kind == FACES && faults && sim_chance(s, 15))
		remote_lost(s, x.w, x.p);
	else
		arrive(s, route, &x);
	done(&x);
	return true;
}

bool stream_pass_out(struct sim *s, int route)
{
	struct route *r = &s->route[route];
	struct stanza x;

	if (r->cut || !r->out.n)
		return false;
	x = take(&r->out, 0);
	if (x.kind == EDGE)
		remote_receive_edge(s, x.w, x.p, x.edge);
	else if (x.kind == BLOCKS)
		remote_receive_blocks(s, x.p, x.list, x.among);
	else
		remote_receive_presence(s, x.w, x.p, x.n, x.text);
	done(&x);
	return true;
}

/* ---- the link ---- */

void stream_cut(struct sim *s, int route)
{
	s->route[route].cut = true;
	clear(&s->route[route].in);
	clear(&s->route[route].out);
	for (int p = s->nhome; p < s->n; p++)
		if (s->route_of[p] == route) /* nobody takes back what was said to one alone */
			memset(s->server[p].told, 0, sizeof(s->server[p].told));
}

void stream_down(struct sim *s, int route)
{
	model_link(s, route, false);
	carry_lost(s, route);
	s->host.lane_up(s->core, s->route[route].lane, false);
}

void stream_up(struct sim *s, int route)
{
	s->route[route].cut = false;
	model_link(s, route, true);
	s->host.lane_up(s->core, s->route[route].lane, true);
	remote_back(s, route);
}

void stream_down_all(struct sim *s)
{
	for (int r = 1; r < ROUTES; r++) {
		stream_cut(s, r);
		s->route[r].up = s->route[r].stalled = false;
		s->route[r].lane = 0;
		s->route[r].generation = 0;
		s->route[r].grace_at = 0;
	}
}

void stream_free(struct sim *s)
{
	for (int r = 1; r < ROUTES; r++) {
		stream_cut(s, r);
		free(s->route[r].in.v);
		free(s->route[r].out.v);
	}
}
