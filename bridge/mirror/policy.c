/* SPDX-License-Identifier: Apache-2.0 */
/* The configuration changes while the core runs. */

#include "bridge/mirror/core.h"

static bool lets_in_more(const struct hg_policy *was, const struct hg_policy *now)
{
	for (int t = 0; t <= HG_PUBLIC_CLOUD; t++)
		if (was->approve_explicit[t] && !now->approve_explicit[t])
			return true;
	return false;
}

static void look_at_persons(struct hg_core *c, bool states, bool consent)
{
	const bool touched[HG_CAT_COUNT] = { [HG_CAT_STATE] = true };
	struct hg_person *p, *tmp;

	HASH_ITER (hh, c->persons, p, tmp) {
		if (states)
			hg_person_changed(c, p, touched);
		/* His first watcher may only be coming, staged by the old rules. */
		if (consent && p->exists && (p->watcher || p->txq))
			hg_tx_consent_again(c, p);
	}
}

static void look_at_lanes(struct hg_core *c)
{
	struct hg_lane_obj *l, *tmp;

	HASH_ITER (hh, c->lanes, l, tmp)
		hg_lane_again(c, l);
}

void hg_core_set_policy(struct hg_core *c, const struct hg_policy *now)
{
	struct hg_policy was = c->env.policy;
	struct hg_watch_obj *w, *tmp;
	bool states = was.c3_transform != now->c3_transform;
	bool consent = lets_in_more(&was, now);

	c->env.policy = *now;
	if (was.limits.reprobe != now->limits.reprobe)
		look_at_lanes(c);
	if (states || consent)
		look_at_persons(c, states, consent);
	if (!hg_grammar_eq(was.grammar, now->grammar))
		HASH_ITER (hh, c->watches, w, tmp)
			hg_faces_reread(c, w);
	hg_core_wake(c);
}
