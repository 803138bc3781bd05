/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The judge of what was not handed out: after a turn nothing may be missing that does not wait for a reason, and when all
 * is quiet every client holds what he is to be shown.
 */

#include "tests/sim/judge.h"

#include <string.h>

/* ---- after a turn ---- */

/* May it be that the core has something for this dialog and rightly keeps it? */
static bool may_wait(struct sim *s, const struct dialog *d)
{
	const struct client *c = &s->client[d->watcher][d->endpoint];
	const struct route *r = &s->route[s->route_of[d->watcher]];
	struct shown v;

	if (d->kind == STANDING ? r->stalled || !r->up : c->stalled || c->lane != d->lane)
		return true;
	if (d->kind == OWN || d->kind == LIST)
		return false;
	if (judge_held(s, d->about))
		return true;
	model_shown(s, d->watcher, d->about, &v);
	if (v.standing == HG_PENDING || v.standing == HG_NOBODY || v.standing == HG_UNKNOWN)
		return !d->told;
	if (v.standing == HG_KNOWN && s->pair[d->watcher][d->about].stale)
		return true;
	return d->kind == STANDING && !d->told && model_is_away(&v);
}

static struct hg_bytes *wanted(struct sim *s, const struct dialog *d, hg_part part)
{
	struct hg_buf b = { 0 };
	struct hg_bytes *r;

	if (d->kind == OWN)
		model_own(s, d->watcher, part, &b);
	else
		model_part(s, d, part, &b);
	r = d->kind == OWN ? judge_in_order(hg_buf_str(&b)) : hg_buf_bytes(&b);
	hg_buf_done(&b);
	return r;
}

static void prompt_part(struct sim *s, const struct dialog *d, int k)
{
	const struct hg_bytes *handed = d->part[k].valid ? d->part[k].handed : NULL;
	struct hg_bytes *want = wanted(s, d, d->part[k].part);
	struct hg_bytes *seen = !handed ? NULL
		: d->kind == OWN        ? judge_in_order(hg_bytes_str(handed))
					: hg_bytes_ref(d->part[k].handed);

	bool lapse = seen && d->kind != OWN &&
		judge_lapse(s, d->about, judge_says_away(seen), judge_says_away(want));

	sim_comparisons[CONVERGENCE]++;
	sim_comparisons[STALENESS] += s->started_at != 0;
	if (!seen || !hg_bytes_eq(seen, want))
		sim_bad(s, lapse ? STALENESS : CONVERGENCE,
			"nothing is on its way to %s/%d about %s\n  expected %s\n  was sent %s",
			s->name[d->watcher], d->endpoint, s->name[d->about], sim_show(want),
			sim_show(seen));
	hg_bytes_unref(want);
	hg_bytes_unref(seen);
}

void judge_prompt(struct sim *s)
{
	for (size_t i = 0; i < s->ndialogs && !s->failed; i++) {
		const struct dialog *d = s->dialog[i];

		if (!d->open || d->kind == LIST || may_wait(s, d))
			continue;
		for (int k = 0; k < d->nparts && !s->failed; k++)
			prompt_part(s, d, k);
	}
}

/* ---- when all is quiet ---- */

static void quiet_list(struct sim *s, const struct dialog *d)
{
	const struct client *c = &s->client[d->watcher][d->endpoint];
	const struct model_person *m = &s->person[d->watcher];

	for (int k = 0; k < s->n; k++) {
		sim_comparisons[CONVERGENCE]++;
		if (c->contact[k].in != m->contact[k].in ||
			c->contact[k].subscribed !=
				(m->contact[k].in && m->contact[k].subscribed) ||
			(m->contact[k].in &&
				(strcmp(c->contact[k].name, m->contact[k].name) != 0 ||
					c->contact[k].groups != m->contact[k].groups)))
			sim_bad(s, CONVERGENCE,
				"%s/%d has another contact %s than his list: expected %d %s, seen %d %s",
				s->name[d->watcher], d->endpoint, s->name[k], m->contact[k].in,
				m->contact[k].name, c->contact[k].in, c->contact[k].name);
	}
}

static void quiet_groups(struct sim *s, const struct dialog *d)
{
	const struct client *c = &s->client[d->watcher][d->endpoint];
	const struct model_person *m = &s->person[d->watcher];

	for (int id = 1; id < GROUPS; id++) {
		sim_comparisons[CONVERGENCE]++;
		if (strcmp(c->group[id], m->group[id]) != 0)
			sim_bad(s, CONVERGENCE,
				"%s/%d: group %d is expected to be '%s', and is '%s'",
				s->name[d->watcher], d->endpoint, id, m->group[id], c->group[id]);
	}
}

static void quiet_own(struct sim *s, const struct dialog *d)
{
	for (int k = 0; k < d->nparts; k++) {
		struct hg_bytes *seen = judge_in_order(hg_bytes_str(d->part[k].accepted)), *want;
		struct hg_buf b = { 0 };

		model_own(s, d->watcher, d->part[k].part, &b);
		want = judge_in_order(hg_buf_str(&b));
		sim_comparisons[CONVERGENCE]++;
		if (!hg_bytes_eq(seen, want))
			sim_bad(s, CONVERGENCE,
				"what %s/%d knows of himself\n  expected %s\n  seen     %s",
				s->name[d->watcher], d->endpoint, sim_show(want), sim_show(seen));
		hg_bytes_unref(seen);
		hg_bytes_unref(want);
		hg_buf_done(&b);
	}
}

static void quiet_watch(struct sim *s, const struct dialog *d, int k, const struct hg_bytes *seen)
{
	struct hg_buf b = { 0 };
	struct hg_bytes *want;
	struct shown v;

	model_shown(s, d->watcher, d->about, &v);
	model_part(s, d, d->part[k].part, &b);
	want = hg_buf_bytes(&b);
	hg_buf_done(&b);
	sim_comparisons[CONVERGENCE]++;
	if (!d->told &&
		(v.standing == HG_PENDING || v.standing == HG_NOBODY || v.standing == HG_UNKNOWN)) {
		if (seen)
			sim_bad(s, CONVERGENCE, "%s/%d knows something of %s", s->name[d->watcher],
				d->endpoint, s->name[d->about]);
	} else if (!seen || !hg_bytes_eq(seen, want)) {
		sim_bad(s, CONVERGENCE,
			"what %s/%d knows of %s when all is quiet\n  expected %s\n  seen     %s",
			s->name[d->watcher], d->endpoint, s->name[d->about], sim_show(want),
			sim_show(seen));
	}
	hg_bytes_unref(want);
}

/* The view of a granted watcher is what the server itself would say to him now. */
static void quiet_truth(struct sim *s, int w, int p)
{
	const struct server *r = &s->server[p];
	bool hears = r->from[w] == AUTH_GRANTED && !r->blocks[w]; /* else no words are taken back either */
	struct shown v, truth;

	model_shown(s, w, p, &v);
	model_truth(s, w, p, &truth);
	sim_comparisons[STALENESS]++;
	if (v.standing == HG_KNOWN && !s->pair[w][p].for_all &&
		(v.availability != truth.availability ||
			(hears && strcmp(v.words, truth.words) != 0)) &&
		!s->pair[w][p].overflowed)
		sim_bad(s, STALENESS, "%s of %s: the server says %u '%s', received is %u '%s'",
			s->name[w], s->name[p], truth.availability, truth.words, v.availability,
			v.words);
}

/* Who stood for all behind his route knows that there is nothing left of it. */
static void quiet_end(struct sim *s, int w, int p)
{
	sim_comparisons[CONVERGENCE]++;
	if (s->pair[w][p].unsaid)
		sim_bad(s, CONVERGENCE, "%s was not told that it is over with %s", s->name[w],
			s->name[p]);
}

/* What waits for an answer was asked for over this link: the question may have been lost with the last one. */
static void quiet_pending(struct sim *s, int w, int p)
{
	sim_comparisons[CONVERGENCE]++;
	if (s->pair[w][p].out == AUTH_PENDING && !s->pair[w][p].asked)
		sim_bad(s, CONVERGENCE, "nobody has asked %s again whether %s may see him",
			s->name[p], s->name[w]);
}

/* Who asks for somebody who is not there is told so, or nothing at all where users are hidden. */
static void quiet_nobody(struct sim *s, int w, int p)
{
	if (model_is_known(s, p) || s->hide)
		return;
	sim_comparisons[CONVERGENCE]++;
	if (s->server[w].wants[p] && !s->server[w].has[p])
		sim_bad(s, CONVERGENCE, "%s still waits for %s, who is not there", s->name[w],
			s->name[p]);
}

void judge_quiet(struct sim *s)
{
	for (size_t i = 0; i < s->ndialogs && !s->failed; i++) {
		const struct dialog *d = s->dialog[i];

		if (!d->open)
			continue;
		if (d->kind == LIST) {
			quiet_list(s, d);
			quiet_groups(s, d);
			continue;
		}
		if (d->kind == OWN)
			quiet_own(s, d);
		else if (d->kind == STANDING && !s->server[d->watcher].has[d->about])
			continue; /* we have not heard that he wants no more, and he has no view of it */
		for (int k = 0; k < d->nparts && d->kind != OWN; k++)
			quiet_watch(s, d, k,
				d->kind == STANDING ? s->server[d->watcher].seen[d->about][k]
						    : d->part[k].accepted);
	}
	for (int w = s->nhome; w < s->n; w++)
		for (int p = 0; p < s->nhome; p++)
			quiet_nobody(s, w, p);
	for (int w = 0; w < s->n; w++) {
		for (int p = s->nhome; p < s->n; p++) {
			if (s->route_of[w] == s->route_of[p])
				continue;
			quiet_truth(s, w, p);
			quiet_end(s, w, p);
			quiet_pending(s, w, p);
		}
	}
}
