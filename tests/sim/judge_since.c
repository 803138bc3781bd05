/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The judge of times over a border: news has none; what is said again has been so since it became so, never since later than
 * now; and when somebody was there last is for those who may know.
 */

#include "tests/sim/judge.h"

enum { LATE = 250 }; /* ms: the core's stamps grow by one where several come at one moment */

struct range {
	int64_t from, to;
	bool unknown; /* and it may be left out */
};

/* Of whoever has gone; who is blocked may be told when he saw him go. */
static struct range away(struct sim *s, const struct dialog *d, const struct shown *v)
{
	const struct model_person *m = &s->person[d->about];
	int level = d->about < s->nhome ? model_level(s, d->watcher, d->about, NULL) : 0;

	if (v->standing == HG_KNOWN && level == HG_C_BLOCKED)
		return (struct range){ 0, d->away_at, true };
	if (v->standing != HG_KNOWN || level < HG_C_COLLEAGUES)
		return (struct range){ 0 };
	return (struct range){ m->left, m->left, false };
}

static struct range there(struct sim *s, const struct dialog *d)
{
	const struct model_person *m = &s->person[d->about];
	const struct model_pair *pair = &s->pair[d->watcher][d->about];
	int level = d->about < s->nhome ? model_level(s, d->watcher, d->about, NULL) : 0, l = 0;

	/* What nobody looked at in between may be the same again since the last that was heard. */
	if (!level)
		return (struct range){ .from = d->since.from,
			.to = d->since.to > pair->heard ? d->since.to : pair->heard };
	while (levels[l] != level)
		l++;
	return (struct range){ .from = m->since[l].from, .to = m->since[l].to };
}

static int whole(const struct hg_parcel *p)
{
	for (size_t i = 0; i < p->nfrags; i++)
		if (p->frag[i]->part == HG_PART_WHOLE)
			return (int)i;
	return -1;
}

/* What its watcher is shown now, and since when at most he has known that the other one is away. */
static void remember(struct sim *s, struct dialog *d, bool is_away, uint64_t is)
{
	if (is != d->since.is)
		d->since = (struct model_since){ .is = is, .from = d->handed_at, .to = s->now.utc };
	d->handed_at = s->now.utc;
	if (!is_away)
		d->away_at = 0;
	else if (!d->away_at)
		d->away_at = s->now.utc;
}

static bool fits(const struct range *r, int64_t since)
{
	return since ? r->to && since >= r->from && since <= r->to + LATE : !r->to || r->unknown;
}

void judge_since(struct sim *s, struct dialog *d, const struct hg_parcel *p)
{
	bool again = !d->part[0].valid && whole(p) >= 0;
	struct range r = { 0 };
	struct shown v;

	model_since_all(s);
	model_shown(s, d->watcher, d->about, &v);
	if (whole(p) >= 0)
		remember(s, d, model_is_away(&v), s->pair[d->watcher][d->about].since.is);
	if (again && !s->farewell)
		r = model_is_away(&v) ? away(s, d, &v) : there(s, d);
	sim_comparisons[STALENESS]++;
	sim_comparisons[PRIVACY]++;
	if (p->since > s->now.utc)
		sim_bad(s, STALENESS, "%s is told that %s will be so in %lld ms",
			s->name[d->watcher], s->name[d->about], (long long)(p->since - s->now.utc));
	if (model_is_away(&v) && !r.unknown && p->since > d->away_at)
		d->away_at = p->since; /* he goes on being told so while he is blocked */
	if (!fits(&r, p->since))
		sim_bad(s, p->since > r.to ? PRIVACY : STALENESS,
			"since when %s of %s (%s)\n  expected %lld to %lld\n  seen     %lld",
			s->name[d->watcher], s->name[d->about], again ? "again" : "news",
			(long long)r.from, (long long)r.to, (long long)p->since);
}
