/* SPDX-License-Identifier: Apache-2.0 */
/* The judge at every hand-off: what the core gives to a transport, the moment it does. */

#include "tests/sim/sim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool same(const struct hg_bytes *a, struct hg_str b)
{
	return a && hg_str_eq(hg_bytes_str(a), b);
}

/* ---- the owner's own documents: lines in any order, versions of aggregates are the server's business ---- */

enum { LINES = 64 };

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort_members(char *line)
{
	char *word[LINES], copy[1024];
	int n = 0;

	snprintf(copy, sizeof(copy), "%s", line);
	for (char *w = strtok(copy, " "); w && n < LINES; w = strtok(NULL, " "))
		word[n++] = w;
	if (n > 3)
		qsort(word + 3, (size_t)n - 3, sizeof(*word), by_text);
	line[0] = '\0';
	for (int i = 0; i < n; i++)
		line += sprintf(line, "%s%s", i ? " " : "", word[i]);
}

static void hide_version(char *line)
{
	unsigned container, instance, version;
	char rest[256];

	if (sscanf(line, "state %u %u %u aggregate %200[^\n]", &container, &instance, &version, rest) == 4)
		sprintf(line, "state %u %u * aggregate %s", container, instance, rest);
}

static struct hg_bytes *in_order(struct hg_str text)
{
	struct hg_buf b = { 0 };
	struct hg_str line;
	struct hg_bytes *r;
	char *v[LINES];
	int n = 0;

	while (n < LINES && hg_str_token(&text, '\n', &line)) {
		v[n] = hg_alloc(line.n + 16);
		memcpy(v[n], line.p, line.n);
		hide_version(v[n]);
		if (strncmp(v[n], "container", 9) == 0)
			sort_members(v[n]);
		n++;
	}
	qsort(v, (size_t)n, sizeof(*v), by_text);
	for (int i = 0; i < n; i++) {
		hg_buf_addf(&b, "%s\n", v[i]);
		free(v[i]);
	}
	r = hg_buf_bytes(&b);
	hg_buf_done(&b);
	return r;
}

static void judge_own(struct sim *s, int p, hg_part part, struct hg_bytes *text)
{
	struct hg_bytes *seen = in_order(hg_bytes_str(text)), *want;
	struct hg_buf b = { 0 };

	model_own(s, p, part, &b);
	want = in_order(hg_buf_str(&b));
	sim_comparisons[DURABILITY]++;
	sim_comparisons[NO_ECHO]++;
	if (!hg_bytes_eq(seen, want))
		sim_bad(s, strchr(seen->p, '>') ? NO_ECHO : DURABILITY, "what %s is told of himself\n  expected %s\n  seen     %s",
			s->name[p], sim_show(want), sim_show(seen));
	hg_bytes_unref(seen);
	hg_bytes_unref(want);
	hg_buf_done(&b);
}

static void judge_list(struct sim *s, int p, const struct hg_bytes *text)
{
	unsigned since, delta;

	sim_comparisons[DURABILITY]++;
	if (sscanf(text->p, "list %u %u", &since, &delta) != 2 || delta != s->person[p].delta || since > delta)
		sim_bad(s, DURABILITY, "the contact list of %s\n  expected number %u\n  seen     %s", s->name[p],
			s->person[p].delta, sim_show(text));
}

/* ---- what watchers are told ---- */

static bool says_away(const struct hg_bytes *text)
{
	unsigned n;

	if (sscanf(text->p, "state aggregate %u", &n) == 1)
		return n == 0 || n >= 18000;
	return hg_str_starts(hg_bytes_str(text), HG_STR("show gone"));
}

/* Did a link break or come back so lately that nobody behind it may be said to have left? */
static bool unsettled(const struct sim *s, int route)
{
	const struct route *r = &s->route[route];

	return route && (!r->up || s->now.mono < r->up_at + sim_limits.settle);
}

static void judge_value(struct sim *s, const struct dialog *d, hg_part part, const struct hg_bytes *text)
{
	struct hg_buf b = { 0 };
	struct shown v;
	bool flap;

	model_shown(s, d->watcher, d->about, &v);
	model_part(s, d, part, &b);
	flap = unsettled(s, s->route_of[d->about]) && says_away(text) && !model_is_away(&v);
	sim_comparisons[PRIVACY]++;
	sim_comparisons[STALENESS] += s->route_of[d->about] != 0;
	if (!same(text, hg_buf_str(&b))) {
		struct hg_bytes *want = hg_buf_bytes(&b);

		sim_bad(s, flap ? STALENESS : PRIVACY, "what %s/%d is told of %s (%s)\n  expected %s\n  seen     %s",
			s->name[d->watcher], d->endpoint, s->name[d->about],
			part < HG_CAT_COUNT ? hg_category_name(part) : "record", sim_show(want), sim_show(text));
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
		sim_bad(s, PRIVACY, "%s is handed a part that was not asked for", s->name[d->watcher]);
		return;
	}
	sim_comparisons[NO_ECHO]++;
	if (d->part[k].valid && same(d->part[k].handed, hg_bytes_str(f->bytes)))
		sim_bad(s, NO_ECHO, "%s/%d is sent what it was sent already about %s: %s", s->name[d->watcher], d->endpoint,
			s->name[d->about], sim_show(f->bytes));
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

/* While a request of his is under way that would move the watcher, the presentity is not shown to him. */
static void judge_hold(struct sim *s, const struct dialog *d)
{
	const struct model_person *m = &s->person[d->about];
	int now = model_level(s, d->watcher, d->about, NULL);

	for (int i = 0; d->about < s->nhome && i < m->nqueue; i++) {
		if (m->queue[i].is_edge || m->queue[i].req.kind != HG_REQ_MEMBERS)
			continue;
		sim_comparisons[PRIVACY]++;
		if (model_level(s, d->watcher, d->about, &m->queue[i].req) != now)
			sim_bad(s, PRIVACY, "%s is shown %s while his container is being changed", s->name[d->watcher],
				s->name[d->about]);
	}
}

static void judge_standing(struct sim *s, const struct dialog *d, enum hg_standing seen, bool asked)
{
	struct shown v;

	model_shown(s, d->watcher, d->about, &v);
	sim_comparisons[PRIVACY]++;
	if (seen != v.standing)
		sim_bad(s, PRIVACY, "%s of %s: standing expected %d, seen %d", s->name[d->watcher], s->name[d->about],
			(int)v.standing, (int)seen);
	if ((v.standing == HG_PENDING || v.standing == HG_NOBODY) && !d->told && !asked)
		sim_bad(s, PRIVACY, "%s is told something of %s, who has not agreed", s->name[d->watcher], s->name[d->about]);
	sim_comparisons[STALENESS]++;
	if (v.standing == HG_KNOWN && s->pair[d->watcher][d->about].stale && d->told && !asked)
		sim_bad(s, STALENESS, "news of %s for %s/%d from behind a broken link", s->name[d->about],
			s->name[d->watcher], d->endpoint);
}

static void judge_route(struct sim *s, const struct dialog *d, hg_lane lane, const struct hg_parcel *p)
{
	const struct route *r = &s->route[s->route_of[d->watcher]];

	sim_comparisons[NO_ECHO]++;
	if (lane != r->lane)
		sim_bad(s, lane == s->route[s->route_of[d->about]].lane ? NO_ECHO : PRIVACY,
			"what is for %s about %s goes out over another's route", s->name[d->watcher], s->name[d->about]);
	sim_comparisons[STALENESS]++;
	if (!d->told && s->now.mono < r->up_at + sim_limits.settle && says_away(p->frag[0]->bytes))
		sim_bad(s, STALENESS, "%s is told that %s is away before everybody had time to come back", s->name[d->watcher],
			s->name[d->about]);
}

void judge_parcel(struct sim *s, struct dialog *d, hg_lane lane, const struct hg_parcel *p)
{
	sim_comparisons[ORDER]++;
	if (p->outlet != d->outlet || p->sequence <= d->handed_sequence)
		sim_bad(s, ORDER, "%s/%d about %s: sequence %llu after %llu", s->name[d->watcher], d->endpoint,
			s->name[d->about], (unsigned long long)p->sequence, (unsigned long long)d->handed_sequence);
	d->handed_sequence = p->sequence;
	if (d->kind == STANDING)
		judge_route(s, d, lane, p);
	if (d->kind != OWN && d->kind != LIST) {
		judge_standing(s, d, p->standing, false);
		judge_hold(s, d);
	}
	for (size_t i = 0; i < p->nfrags && !s->failed; i++)
		judge_part(s, d, p->frag[i]);
	d->told = true;
}

/* Held: a request that moves anybody is under way. */
static bool held(const struct sim *s, const struct dialog *d)
{
	const struct model_person *m = &s->person[d->about];

	for (int i = 0; d->about < s->nhome && i < m->nqueue; i++)
		if (!m->queue[i].is_edge && m->queue[i].req.kind == HG_REQ_MEMBERS)
			return true;
	return false;
}

void judge_collect(struct sim *s, struct dialog *d, const struct hg_frag *const *f, size_t n, const struct hg_parcel *head)
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
	if (n < (size_t)d->nparts && !(watch && held(s, d)) && v.standing != HG_PENDING && v.standing != HG_NOBODY)
		sim_bad(s, CONVERGENCE, "%s/%d asked about %s and got %zu of %d parts", s->name[d->watcher], d->endpoint,
			s->name[d->about], n, d->nparts);
	for (size_t i = 0; i < n && !s->failed; i++)
		judge_part(s, d, f[i]);
	d->told |= n > 0;
}

/* ---- answers, edges, receipt ---- */

void judge_own_answer(struct sim *s, int p, const struct hg_answer *a)
{
	for (size_t i = 0; i < a->nfrags && !s->failed; i++)
		judge_own(s, p, a->frag[i]->part, a->frag[i]->bytes);
}

void judge_verdict(struct sim *s, const struct item *i, enum hg_verdict want, const struct hg_answer *a)
{
	sim_comparisons[DURABILITY]++;
	if (a->verdict != want)
		sim_bad(s, DURABILITY, "the answer to %s/%d: expected verdict %d, seen %d (%s)", s->name[i->req.person],
			i->req.endpoint, (int)want, (int)a->verdict, a->reason);
	if (i->req.kind == HG_REQ_CONTACT && a->delta != s->person[i->req.person].delta)
		sim_bad(s, DURABILITY, "the number of %s's list: expected %u, seen %u", s->name[i->req.person],
			s->person[i->req.person].delta, a->delta);
}

void judge_edge(struct sim *s, int w, int p, enum hg_edge edge)
{
	const struct model_pair *m = &s->pair[w][p];
	bool right = false;

	switch (edge) {
	case HG_SUBSCRIBE:
		right = m->out == AUTH_PENDING;
		break;
	case HG_UNSUBSCRIBE:
		right = m->out == AUTH_NONE;
		break;
	case HG_SUBSCRIBED:
		right = m->in == AUTH_GRANTED;
		break;
	case HG_UNSUBSCRIBED:
		right = m->in == AUTH_NONE;
		break;
	case HG_PROBE:
		right = m->out == AUTH_GRANTED;
		break;
	}
	sim_comparisons[CONVERGENCE]++;
	if (!right)
		sim_bad(s, CONVERGENCE, "edge %d for %s about %s, whose halves are out %d, in %d", (int)edge, s->name[w],
			s->name[p], m->out, m->in);
}

void judge_accept(struct sim *s, const struct dialog *d, uint64_t n)
{
	sim_comparisons[ORDER]++;
	if (n <= d->accepted_n)
		sim_bad(s, ORDER, "%s/%d takes an older state of %s after a newer one", s->name[d->watcher], d->endpoint,
			s->name[d->about]);
}

/* ---- when all is quiet ---- */

static void quiet_list(struct sim *s, const struct dialog *d)
{
	const struct client *c = &s->client[d->watcher][d->endpoint];
	const struct model_person *m = &s->person[d->watcher];

	for (int k = 0; k < s->n; k++) {
		sim_comparisons[CONVERGENCE]++;
		if (c->contact[k].in != m->contact[k].in || c->contact[k].subscribed != (m->contact[k].in && m->contact[k].subscribed) ||
		    (m->contact[k].in && strcmp(c->contact[k].name, m->contact[k].name) != 0))
			sim_bad(s, CONVERGENCE, "%s/%d has another contact %s than his list: expected %d %s, seen %d %s",
				s->name[d->watcher], d->endpoint, s->name[k], m->contact[k].in, m->contact[k].name,
				c->contact[k].in, c->contact[k].name);
	}
}

static void quiet_own(struct sim *s, const struct dialog *d)
{
	for (int k = 0; k < d->nparts; k++) {
		struct hg_bytes *seen = in_order(hg_bytes_str(d->part[k].accepted)), *want;
		struct hg_buf b = { 0 };

		model_own(s, d->watcher, d->part[k].part, &b);
		want = in_order(hg_buf_str(&b));
		sim_comparisons[CONVERGENCE]++;
		if (!hg_bytes_eq(seen, want))
			sim_bad(s, CONVERGENCE, "what %s/%d knows of himself\n  expected %s\n  seen     %s", s->name[d->watcher],
				d->endpoint, sim_show(want), sim_show(seen));
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
	if (!d->told && (v.standing == HG_PENDING || v.standing == HG_NOBODY || v.standing == HG_UNKNOWN)) {
		if (seen)
			sim_bad(s, CONVERGENCE, "%s/%d knows something of %s", s->name[d->watcher], d->endpoint,
				s->name[d->about]);
	} else if (!seen || !hg_bytes_eq(seen, want)) {
		sim_bad(s, CONVERGENCE, "what %s/%d knows of %s when all is quiet\n  expected %s\n  seen     %s",
			s->name[d->watcher], d->endpoint, s->name[d->about], sim_show(want), sim_show(seen));
	}
	hg_bytes_unref(want);
}

/* The view of a granted watcher is what the server itself would say to him now. */
static void quiet_truth(struct sim *s, int w, int p)
{
	struct shown v, truth;

	model_shown(s, w, p, &v);
	model_truth(s, w, p, &truth);
	sim_comparisons[STALENESS]++;
	if (v.standing == HG_KNOWN && v.availability != truth.availability)
		sim_bad(s, STALENESS, "%s of %s: the server says %u, received is %u", s->name[w], s->name[p],
			truth.availability, v.availability);
}

void judge_quiet(struct sim *s)
{
	for (size_t i = 0; i < s->ndialogs && !s->failed; i++) {
		const struct dialog *d = s->dialog[i];

		if (!d->open)
			continue;
		if (d->kind == LIST)
			quiet_list(s, d);
		else if (d->kind == OWN)
			quiet_own(s, d);
		else if (d->kind == STANDING)
			quiet_watch(s, d, 0, s->server[d->watcher].seen[d->about]);
		else
			for (int k = 0; k < d->nparts; k++)
				quiet_watch(s, d, k, d->part[k].accepted);
	}
	for (int w = 0; w < s->n; w++)
		for (int p = s->nhome; p < s->n; p++)
			if (s->route_of[w] != s->route_of[p])
				quiet_truth(s, w, p);
}
