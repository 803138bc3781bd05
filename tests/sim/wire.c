/* SPDX-License-Identifier: Apache-2.0 */
/* The wires: datagrams to clients, streams to and from servers, and the door of the two adapters. */

#include "tests/sim/sim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what the core sends ---- */

static int part_index(const struct dialog *d, hg_part part)
{
	for (int i = 0; i < d->nparts; i++)
		if (d->part[i].part == part)
			return i;
	return -1;
}

static void send_datagram(struct sim *s, struct dialog *d, const struct hg_parcel *p)
{
	struct datagram g = { .dialog = d, .sequence = p->sequence, .n = s->handed_n };

	for (size_t i = 0; i < p->nfrags; i++)
		g.part[part_index(d, p->frag[i]->part)] = hg_bytes_ref(p->frag[i]->bytes);
	hg_grow(&s->flight, &s->flight_cap, s->nflight, sizeof(*s->flight));
	s->flight[s->nflight++] = g;
}

static int route_of_lane(const struct sim *s, hg_lane lane)
{
	for (int r = 1; r < ROUTES; r++)
		if (s->route[r].lane == lane)
			return r;
	return 0;
}

static void append(struct stream *q, struct stanza x)
{
	hg_grow(&q->v, &q->cap, q->n, sizeof(*q->v));
	q->v[q->n++] = x;
}

static void on_parcel(struct sim *s, hg_lane lane, const struct hg_parcel *p)
{
	int w = sim_person(s, p->pair.wire_watcher), about = sim_person(s, p->pair.wire_presentity),
	    r = route_of_lane(s, lane);
	struct dialog *d = p->cookie   ? s->dialog[p->cookie - 1]
		: w >= 0 && about >= 0 ? s->standing[w][about]
				       : NULL;

	s->handed_n++;
	if (!d || !d->open) {
		sim_bad(s, PRIVACY,
			"something was handed to %s about %s, who is not to be shown anything",
			w >= 0 ? s->name[w] : "?", about >= 0 ? s->name[about] : "?");
		return;
	}
	if (!d->outlet)
		d->outlet = p->outlet;
	sim_note(s, "core -> %s/%d about %s: %s %s", s->name[d->watcher], d->endpoint,
		s->name[d->about], sim_show(p->frag[0]->bytes),
		p->nfrags > 1 ? sim_show(p->frag[1]->bytes) : "");
	judge_parcel(s, d, lane, p);
	if (s->failed)
		return;
	if (d->kind != STANDING)
		send_datagram(s, d, p);
	else if (!s->route[r].cut)
		append(&s->route[r].out,
			(struct stanza){ .w = w,
				.p = about,
				.n = s->handed_n,
				.text = hg_bytes_ref(p->frag[0]->bytes) });
}

static void on_edge(struct sim *s, hg_lane lane, const struct hg_pair *pair, enum hg_edge edge)
{
	static const char *const names[] = { "subscribe", "subscribed", "unsubscribe",
		"unsubscribed", "probe" };
	int w = sim_person(s, pair->wire_watcher), p = sim_person(s, pair->wire_presentity),
	    r = route_of_lane(s, lane);

	sim_note(s, "core -> route %d: %s, watcher %s, presentity %s", r, names[edge], s->name[w],
		s->name[p]);
	judge_edge(s, w, p, edge);
	if (edge == HG_PROBE)
		model_probed(s, w, p);
	if (edge == HG_SUBSCRIBE)
		s->pair[w][p].asked = true;
	if (edge == HG_SUBSCRIBED && s->standing[w][p]) /* RFC 6121 3.1.5: presence follows */
		s->standing[w][p]->part[0].valid = false;
	if (!s->route[r].cut)
		append(&s->route[r].out,
			(struct stanza){ .is_edge = true, .w = w, .p = p, .edge = edge });
}

static void on_answer(struct sim *s, uint64_t cookie, const struct hg_answer *a)
{
	struct item item;
	enum hg_verdict want = model_answered(s, cookie, &item);

	sim_note(s, "core -> %s/%d: verdict %d %s", s->name[item.req.person], item.req.endpoint,
		(int)a->verdict, a->reason);
	judge_verdict(s, &item, want, a);
	if (!s->failed)
		home_answer(s, &item, a);
	model_go_on(s, item.req.person);
}

static void on_message(void *ctx, const struct hg_loopback_message *m)
{
	struct sim *s = ctx;

	if (s->failed)
		return;
	if (m->parcel)
		on_parcel(s, m->lane, m->parcel);
	else if (m->answer)
		on_answer(s, m->cookie, m->answer);
	else if (m->pair)
		on_edge(s, m->lane, m->pair, m->edge);
	else
		wire_close_dialog(s, s->dialog[m->cookie - 1]);
}

void wire_drive(struct sim *s)
{
	hg_loopback_drive(s->home, on_message, s);
	hg_loopback_drive(s->away, on_message, s);
}

/* ---- room ---- */

static void room(struct sim *s, void *adapter, hg_lane lane, bool stalled)
{
	bool hopeful = sim_chance(s, 10);

	s->hopeful |= hopeful;
	if (stalled)
		hg_loopback_room(adapter, lane, 0, 0);
	else if (hopeful) /* it says more than it then takes */
		hg_loopback_room(adapter, lane, 3, 1 + sim_random(s, 3));
	else
		hg_loopback_room(adapter, lane, 100, 100);
}

void wire_room(struct sim *s)
{
	s->hopeful = false;
	for (int p = 0; p < s->nhome; p++)
		for (int e = 0; e < ENDPOINTS; e++)
			if (s->client[p][e].lane)
				room(s, s->home, s->client[p][e].lane, s->client[p][e].stalled);
	for (int r = 1; r < ROUTES; r++)
		if (s->route[r].up)
			room(s, s->away, s->route[r].lane, s->route[r].stalled);
	s->woken = false;
}

/* ---- datagrams ---- */

static void free_datagram(struct sim *s, size_t i)
{
	for (int k = 0; k < PARTS; k++)
		hg_bytes_unref(s->flight[i].part[k]);
	s->flight[i] = s->flight[--s->nflight];
}

/* A client takes what is newer than the last it took, and refuses what is older (RFC 3261 12.2.2). */
void wire_deliver(struct sim *s, size_t i, bool keep)
{
	struct datagram *g = &s->flight[i];
	struct dialog *d = g->dialog;

	if (d->open && !g->dropped && g->sequence > d->accepted_sequence) {
		sim_note(s, "%s/%d takes %llu about %s", s->name[d->watcher], d->endpoint,
			(unsigned long long)g->sequence, s->name[d->about]);
		judge_accept(s, d, g->n);
		d->accepted_sequence = g->sequence;
		d->accepted_n = g->n;
		for (int k = 0; k < d->nparts; k++)
			if (g->part[k])
				home_accept(s, d, k, g->part[k]);
		g->n = 0; /* what comes of it again is a duplicate */
	} else if (d->open && g->n) {
		wire_drop(s, i);
		return;
	}
	if (!keep)
		free_datagram(s, i);
}

void wire_drop(struct sim *s, size_t i)
{
	if (s->flight[i].n)
		s->flight[i].dropped = true;
	else
		free_datagram(s, i);
}

void wire_report_lost(struct sim *s, size_t i)
{
	struct dialog *d = s->flight[i].dialog;

	if (d->open) {
		sim_note(s, "%s/%d did not get %llu about %s", s->name[d->watcher], d->endpoint,
			(unsigned long long)s->flight[i].sequence, s->name[d->about]);
		for (int k = 0; k < d->nparts; k++)
			d->part[k].valid = false;
		s->host.outlet_lost(s->core, d->outlet);
	}
	free_datagram(s, i);
}

/* ---- streams ---- */

static void clear(struct stream *q)
{
	for (size_t i = 0; i < q->n; i++)
		hg_bytes_unref(q->v[i].text);
	q->n = 0;
}

static struct stanza take(struct stream *q)
{
	struct stanza x = q->v[0];

	memmove(q->v, q->v + 1, --q->n * sizeof(*q->v));
	return x;
}

void wire_send(struct sim *s, int route, struct stanza x)
{
	if (s->route[route].cut)
		hg_bytes_unref(x.text);
	else
		append(&s->route[route].in, x);
}

static void edge_arrives(struct sim *s, int route, const struct stanza *x)
{
	struct hg_pair pair = sim_pair(s, x->w, x->p);
	int queue = model_queue_of(s, x->w, x->p);
	struct item item = { .is_edge = true, .w = x->w, .p = x->p, .edge = x->edge };

	s->host.edge(s->core, s->route[route].lane, &pair, x->edge);
	/* Who is being made a user has a queue already: it waits there. */
	if (queue >= s->nhome || s->person[queue].exists || s->person[queue].nqueue)
		model_push(s, queue, &item);
}

static void face_arrives(struct sim *s, int route, const struct stanza *x)
{
	static const char *const shows[] = { "online", "away", "dnd" };
	struct hg_pair pair = sim_pair(s, x->w, x->p);
	struct model_face f = { .on = true, .generation = s->route[route].generation };
	char show[16], name[16] = "";

	s->now.mono++; /* which of two came first is never in doubt */
	s->now.utc++;
	f.at = s->now.mono;
	if (x->text &&
		sscanf(x->text->p, "show %15s\nstatus %63s\npriority %d", show, f.status,
			&f.priority) == 3)
		while (strcmp(shows[f.show], show) != 0)
			f.show++;
	if (x->resource >= 0)
		snprintf(name, sizeof(name), "r%d", x->resource);
	hg_loopback_present(
		s->away, s->route[route].lane, &pair, hg_str(name), hg_bytes_str(x->text));
	model_face(s, x->w, x->p, x->resource, x->text ? &f : NULL);
}

bool wire_pass_in(struct sim *s, int route)
{
	struct route *r = &s->route[route];
	struct stanza x;

	if (r->cut || !r->up || !r->in.n)
		return false;
	x = take(&r->in);
	if (x.is_edge)
		sim_note(s, "route %d: edge %d arrives, watcher %s, presentity %s", route,
			(int)x.edge, s->name[x.w], s->name[x.p]);
	else
		sim_note(s, "route %d: %s says to %s: r%d %s", route, s->name[x.p], s->name[x.w],
			x.resource, sim_show(x.text));
	if (x.is_edge)
		edge_arrives(s, route, &x);
	else
		face_arrives(s, route, &x);
	hg_bytes_unref(x.text);
	return true;
}

bool wire_pass_out(struct sim *s, int route)
{
	struct route *r = &s->route[route];
	struct stanza x;

	if (r->cut || !r->out.n)
		return false;
	x = take(&r->out);
	if (x.is_edge)
		remote_receive_edge(s, x.w, x.p, x.edge);
	else
		remote_receive_presence(s, x.w, x.p, x.n, x.text);
	hg_bytes_unref(x.text);
	return true;
}

void wire_cut(struct sim *s, int route)
{
	s->route[route].cut = true;
	clear(&s->route[route].in);
	clear(&s->route[route].out);
}

void wire_down(struct sim *s, int route)
{
	model_link(s, route, false);
	s->host.lane_up(s->core, s->route[route].lane, false);
}

void wire_up(struct sim *s, int route)
{
	s->route[route].cut = false;
	model_link(s, route, true);
	s->host.lane_up(s->core, s->route[route].lane, true);
}

void wire_down_all(struct sim *s)
{
	for (int r = 1; r < ROUTES; r++) {
		wire_cut(s, r);
		s->route[r].up = s->route[r].stalled = false;
		s->route[r].lane = 0;
		s->route[r].generation = 0;
		s->route[r].grace_at = 0;
	}
}

void wire_free(struct sim *s)
{
	while (s->nflight)
		free_datagram(s, 0);
	free(s->flight);
	for (int r = 1; r < ROUTES; r++) {
		wire_cut(s, r);
		free(s->route[r].in.v);
		free(s->route[r].out.v);
	}
	for (size_t i = 0; i < s->ndialogs; i++) {
		for (int k = 0; k < PARTS; k++) {
			hg_bytes_unref(s->dialog[i]->part[k].handed);
			hg_bytes_unref(s->dialog[i]->part[k].accepted);
		}
		free(s->dialog[i]);
	}
	free(s->dialog);
	for (int w = 0; w < s->n; w++)
		for (int p = 0; p < s->n; p++)
			hg_bytes_unref(s->server[w].seen[p]);
}
