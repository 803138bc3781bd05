/* SPDX-License-Identifier: Apache-2.0 */
/* The wires: the door of the two adapters, and datagrams to clients and to servers. */

#include "tests/sim/sim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what the core sends ---- */

int wire_part(const struct dialog *d, hg_part part)
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
		g.part[wire_part(d, p->frag[i]->part)] = hg_bytes_ref(p->frag[i]->bytes);
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

static void send_stanza(struct sim *s, const struct dialog *d, const struct hg_parcel *p)
{
	struct stanza x = { .kind = PARCEL, .w = d->watcher, .p = d->about, .n = s->handed_n };

	for (size_t i = 0; i < p->nfrags; i++)
		x.text[wire_part(d, p->frag[i]->part)] = hg_bytes_ref(p->frag[i]->bytes);
	stream_hand(s, s->route_of[d->watcher], x);
}

void wire_void(struct dialog *d)
{
	for (int k = 0; k < d->nparts; k++)
		d->part[k].valid = false;
}

static void on_parcel(struct sim *s, hg_lane lane, const struct hg_parcel *p)
{
	int w = sim_person(s, p->pair.wire_watcher), about = sim_person(s, p->pair.wire_presentity);
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
	if (d->absent)
		return;
	if (d->kind != STANDING || s->route[s->route_of[w]].datagrams)
		send_datagram(s, d, p);
	else
		send_stanza(s, d, p);
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
	if (edge == HG_PROBE) {
		model_probed(s, w, p);
		carry_look(s, w, p);
	}
	if (edge == HG_SUBSCRIBE)
		s->pair[w][p].asked = true;
	if (edge == HG_SUBSCRIBED && s->standing[w][p]) /* RFC 6121 3.1.5: presence follows */
		wire_void(s->standing[w][p]);
	stream_hand(s, r, (struct stanza){ .kind = EDGE, .w = w, .p = p, .edge = edge });
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

static void on_blocked(struct sim *s, hg_lane lane, hg_addr person, hg_addr account)
{
	int p = 0, a = 0;

	while (s->addr[p] != person)
		p++;
	while (s->addr[a] != account)
		a++;
	sim_note(s, "core -> route %d: whom %s blocks has changed, account %s",
		route_of_lane(s, lane), s->name[p], s->name[a]);
	judge_blocked(s, p, a, route_of_lane(s, lane));
	carry_look(s, p, a);
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
	else if (m->blocker)
		on_blocked(s, m->lane, m->blocker, m->account);
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

static void take(struct sim *s, struct dialog *d, struct datagram *g)
{
	sim_note(s, "%s/%d takes %llu about %s", s->name[d->watcher], d->endpoint,
		(unsigned long long)g->sequence, s->name[d->about]);
	judge_accept(s, d, g->n);
	d->accepted_sequence = g->sequence;
	d->accepted_n = g->n;
	if (d->kind == STANDING)
		remote_receive_presence(s, d->watcher, d->about, g->n, g->part);
	for (int k = 0; k < d->nparts && d->kind != STANDING; k++)
		if (g->part[k])
			home_accept(s, d, k, g->part[k]);
	g->n = 0; /* what comes of it again is a duplicate */
}

/* Somebody behind a route who is not there has no dialog either, and the sender learns it from the answer. */
static bool finds_nobody(struct sim *s, struct dialog *d)
{
	if (d->kind != STANDING || !d->open || s->server[d->watcher].online)
		return false;
	sim_note(s, "%s has no dialog about %s", s->name[d->watcher], s->name[d->about]);
	d->absent = true;
	return true;
}

/* Who gets it takes what is newer than the last he took, and refuses what is older (RFC 3261 12.2.2). */
void wire_deliver(struct sim *s, size_t i, bool keep)
{
	struct datagram *g = &s->flight[i];
	struct dialog *d = g->dialog;

	if (d->kind == STANDING && s->route[s->route_of[d->watcher]].cut) {
		wire_drop(s, i);
		return;
	}
	if (finds_nobody(s, d)) {
		free_datagram(s, i);
		return;
	}
	if (d->open && !g->dropped && g->sequence > d->accepted_sequence) {
		take(s, d, g);
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

	if (d->open && !d->absent) {
		sim_note(s, "%s/%d did not get %llu about %s", s->name[d->watcher], d->endpoint,
			(unsigned long long)s->flight[i].sequence, s->name[d->about]);
		wire_void(d);
		s->host.outlet_lost(s->core, d->outlet);
	}
	free_datagram(s, i);
}

void wire_free(struct sim *s)
{
	while (s->nflight)
		free_datagram(s, 0);
	free(s->flight);
	stream_free(s);
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
			for (int k = 0; k < TEXTS; k++)
				hg_bytes_unref(s->server[w].seen[p][k]);
}
