/* SPDX-License-Identifier: Apache-2.0 */
/* The judge at every hand-off: what the core gives to a transport, the moment it does. */

#include "tests/sim/judge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool same(const struct hg_bytes *a, struct hg_str b)
{
	return a && hg_str_eq(hg_bytes_str(a), b);
}

/* ---- what watchers are told ---- */

bool judge_says_away(const struct hg_bytes *text)
{
	unsigned n;

	if (sscanf(text->p, "state aggregate %u", &n) == 1)
		return n == 0 || n >= 18000;
	return hg_str_starts(hg_bytes_str(text), HG_STR("show gone"));
}

/* Did a link break or come back so lately that nobody behind it may be said to have left? */
bool judge_unsettled(const struct sim *s, int route)
{
	const struct route *r = &s->route[route];

	return route && (!r->up || s->now.mono < r->up_at + sim_limits.settle);
}

/* After a restart: a device may come back within the grace time, and until then its owner has not left; nor does he stay. */
bool judge_lapse(const struct sim *s, int about, bool seen_away, bool is_away)
{
	const struct model_person *m = &s->person[about];
	bool waiting = false;

	for (int e = 0; about < s->nhome && e < ENDPOINTS; e++)
		waiting |= m->endpoint[e].restored;
	return (waiting && seen_away && !is_away) || (m->lapsed && !seen_away && is_away);
}

static void judge_value(
	struct sim *s, const struct dialog *d, hg_part part, const struct hg_bytes *text)
{
	struct hg_buf b = { 0 };
	struct shown v;
	bool flap;

	model_shown(s, d->watcher, d->about, &v);
	model_part(s, d, part, &b);
	flap = judge_unsettled(s, s->route_of[d->about]) && judge_says_away(text) &&
		!model_is_away(&v);
	flap |= judge_lapse(s, d->about, judge_says_away(text), model_is_away(&v));
	sim_comparisons[PRIVACY]++;
	sim_comparisons[STALENESS] += s->route_of[d->about] != 0 || s->started_at != 0;
	if (!same(text, hg_buf_str(&b))) {
		struct hg_bytes *want = hg_buf_bytes(&b);

		sim_bad(s, flap ? STALENESS : PRIVACY,
			"what %s/%d is told of %s (%s)\n  expected %s\n  seen     %s",
			s->name[d->watcher], d->endpoint, s->name[d->about],
			part < HG_CAT_COUNT ? hg_category_name(part) : "record", sim_show(want),
			sim_show(text));
		hg_bytes_unref(want);
	}
	hg_buf_done(&b);
}

static void judge_part(struct sim *s, struct dialog *d, const struct hg_frag *f)
{
	int k = 0;

	while (k < d->nparts && d->part[k].part != f->part)
		k++;
	if (k == d->nparts) {
		sim_bad(s, PRIVACY, "%s is handed a part that was not asked for",
			s->name[d->watcher]);
		return;
	}
	sim_comparisons[NO_ECHO]++;
	if (d->part[k].valid && same(d->part[k].handed, hg_bytes_str(f->bytes)))
		sim_bad(s, NO_ECHO, "%s/%d is sent what it was sent already about %s: %s",
			s->name[d->watcher], d->endpoint, s->name[d->about], sim_show(f->bytes));
	if (d->kind == OWN)
		judge_own(s, d->watcher, f->part, f->bytes);
	else if (d->kind == LIST)
		judge_list(s, d->watcher, f->bytes);
	else
		judge_value(s, d, f->part, f->bytes);
	hg_bytes_unref(d->part[k].handed);
	d->part[k].handed = hg_bytes_ref(f->bytes);
	d->part[k].valid = true;
}

static bool moves_somebody(const struct sim *s, const struct item *i)
{
	return !i->is_edge &&
		(i->req.kind == HG_REQ_MEMBERS || i->req.kind == HG_REQ_ACE ||
			(i->req.kind == HG_REQ_CONTACT && s->privacy));
}

/* Held: a request that moves anybody is under way. */
bool judge_held(const struct sim *s, int about)
{
	const struct model_person *m = &s->person[about];

	for (int i = 0; about < s->nhome && i < m->nqueue; i++)
		if (moves_somebody(s, &m->queue[i]))
			return true;
	return false;
}

/* While a request of his is under way that would move the watcher, the presentity is not shown to him. */
static void judge_hold(struct sim *s, const struct dialog *d)
{
	const struct model_person *m = &s->person[d->about];
	int now = model_level(s, d->watcher, d->about, NULL);

	for (int i = 0; d->about < s->nhome && i < m->nqueue; i++) {
		struct request r = m->queue[i].req;

		if (!m->exists || !moves_somebody(s, &m->queue[i]))
			continue; /* that somebody is gone is shown at once */
		model_fill_in(s, &r);
		sim_comparisons[PRIVACY]++;
		if (model_level(s, d->watcher, d->about, &r) != now)
			sim_bad(s, PRIVACY, "%s is shown %s while his container is being changed",
				s->name[d->watcher], s->name[d->about]);
	}
}

static void judge_standing(struct sim *s, const struct dialog *d, enum hg_standing seen, bool asked)
{
	struct shown v;
	bool taken_back;

	model_shown(s, d->watcher, d->about, &v);
	sim_comparisons[PRIVACY]++;
	if (s->farewell)
		return; /* nobody is shown anything now */
	sim_comparisons[NO_ECHO]++;
	if (d->about < s->nhome && s->pair[d->about][d->watcher].linked && seen == HG_KNOWN)
		sim_bad(s, NO_ECHO, "%s is shown %s, who is he himself", s->name[d->watcher],
			s->name[d->about]);
	if (seen != v.standing)
		sim_bad(s, PRIVACY, "%s of %s: standing expected %d, seen %d", s->name[d->watcher],
			s->name[d->about], (int)v.standing, (int)seen);
	/* Over a link that was away nobody knows what was shown: then it is taken back. */
	taken_back = d->kind == STANDING && !judge_unsettled(s, s->route_of[d->watcher]);
	if ((v.standing == HG_PENDING || v.standing == HG_NOBODY) && !d->told && !asked &&
		!taken_back)
		sim_bad(s, PRIVACY, "%s is told something of %s, who has not agreed",
			s->name[d->watcher], s->name[d->about]);
	sim_comparisons[STALENESS]++;
	if (v.standing == HG_KNOWN && s->pair[d->watcher][d->about].stale && d->told && !asked)
		sim_bad(s, STALENESS, "news of %s for %s/%d from behind a broken link",
			s->name[d->about], s->name[d->watcher], d->endpoint);
}

static bool says_gone(const struct hg_parcel *p)
{
	for (size_t i = 0; i < p->nfrags; i++)
		if (p->frag[i]->part == HG_PART_WHOLE)
			return judge_says_away(p->frag[i]->bytes);
	return false;
}

static void judge_route(
	struct sim *s, const struct dialog *d, hg_lane lane, const struct hg_parcel *p)
{
	const struct route *r = &s->route[s->route_of[d->watcher]];

	sim_comparisons[NO_ECHO]++;
	if (lane != r->lane)
		sim_bad(s, lane == s->route[s->route_of[d->about]].lane ? NO_ECHO : PRIVACY,
			"what is for %s about %s goes out over another's route",
			s->name[d->watcher], s->name[d->about]);
	sim_comparisons[STALENESS]++;
	if (!s->farewell && !d->told && s->now.mono < r->up_at + sim_limits.settle && says_gone(p))
		sim_bad(s, STALENESS,
			"%s is told that %s is away before everybody had time to come back",
			s->name[d->watcher], s->name[d->about]);
}

void judge_parcel(struct sim *s, struct dialog *d, hg_lane lane, const struct hg_parcel *p)
{
	sim_comparisons[ORDER]++;
	if (p->outlet != d->outlet || p->sequence <= d->handed_sequence)
		sim_bad(s, ORDER, "%s/%d about %s: sequence %llu after %llu", s->name[d->watcher],
			d->endpoint, s->name[d->about], (unsigned long long)p->sequence,
			(unsigned long long)d->handed_sequence);
	d->handed_sequence = p->sequence;
	if (d->kind == STANDING)
		judge_route(s, d, lane, p);
	if (d->kind != OWN && d->kind != LIST) {
		judge_standing(s, d, p->standing, false);
		judge_hold(s, d);
	}
	if (d->kind == STANDING)
		judge_since(s, d, p);
	for (size_t i = 0; i < p->nfrags && !s->failed; i++)
		judge_part(s, d, p->frag[i]);
	d->told = true;
}

void judge_collect(struct sim *s, struct dialog *d, const struct hg_frag *const *f, size_t n,
	const struct hg_parcel *head)
{
	bool watch = d->kind == NATIVE || d->kind == RECORD;
	struct shown v = { .standing = HG_KNOWN };

	d->handed_sequence = head->sequence;
	if (watch) {
		judge_standing(s, d, head->standing, true);
		model_shown(s, d->watcher, d->about, &v);
	}
	if (n && watch)
		judge_hold(s, d);
	sim_comparisons[CONVERGENCE]++;
	if (n < (size_t)d->nparts && !(watch && judge_held(s, d->about)) &&
		v.standing != HG_PENDING && v.standing != HG_NOBODY)
		sim_bad(s, CONVERGENCE, "%s/%d asked about %s and got %zu of %d parts",
			s->name[d->watcher], d->endpoint, s->name[d->about], n, d->nparts);
	for (size_t i = 0; i < n && !s->failed; i++)
		judge_part(s, d, f[i]);
	d->told |= n > 0;
}

/* ---- answers, edges, receipt ---- */

void judge_verdict(
	struct sim *s, const struct item *i, enum hg_verdict want, const struct hg_answer *a)
{
	sim_comparisons[DURABILITY]++;
	if (a->verdict != want)
		sim_bad(s, DURABILITY, "the answer to %s/%d: expected verdict %d, seen %d (%s)",
			s->name[i->req.person], i->req.endpoint, (int)want, (int)a->verdict,
			a->reason);
	if (i->req.kind == HG_REQ_CONTACT && i->req.op == HG_ADD_GROUP && want == HG_OK &&
		a->group != i->req.group)
		sim_bad(s, DURABILITY, "%s: the new group is %u, and the answer says %u",
			s->name[i->req.person], i->req.group, a->group);
	if (i->req.kind == HG_REQ_CONTACT && s->person[i->req.person].exists &&
		a->delta != s->person[i->req.person].delta)
		sim_bad(s, DURABILITY, "the number of %s's list: expected %u, seen %u",
			s->name[i->req.person], s->person[i->req.person].delta, a->delta);
}

void judge_edge(struct sim *s, int w, int p, enum hg_edge edge)
{
	int out = model_out_soon(s, w, p), in = model_in_soon(s, w, p);
	bool right = false;

	switch (edge) {
	case HG_SUBSCRIBE:
		right = out == AUTH_PENDING;
		break;
	case HG_UNSUBSCRIBE:
		right = out == AUTH_NONE;
		break;
	case HG_SUBSCRIBED:
		right = in == AUTH_GRANTED;
		break;
	case HG_UNSUBSCRIBED:
		right = in == AUTH_NONE;
		s->pair[w][p].unsaid = false;
		break;
	case HG_PROBE:
		right = out == AUTH_GRANTED;
		break;
	}
	/* Hidden: a refusal would tell who is there, but for those who knew. */
	sim_comparisons[PRIVACY]++;
	if (edge == HG_UNSUBSCRIBED && p < s->nhome && s->hide && !s->pair[w][p].parted &&
		s->pair[w][p].in != AUTH_GRANTED)
		sim_bad(s, PRIVACY, "%s is refused by %s, where users are hidden", s->name[w],
			s->name[p]);
	sim_comparisons[CONVERGENCE]++;
	if (!right)
		sim_bad(s, CONVERGENCE, "edge %d for %s about %s, whose halves are out %d, in %d",
			(int)edge, s->name[w], s->name[p], out, in);
}

void judge_accept(struct sim *s, const struct dialog *d, uint64_t n)
{
	sim_comparisons[ORDER]++;
	if (n <= d->accepted_n)
		sim_bad(s, ORDER, "%s/%d takes an older state of %s after a newer one",
			s->name[d->watcher], d->endpoint, s->name[d->about]);
}
