/* SPDX-License-Identifier: Apache-2.0 */
/* The judge of questions: who is answered what, and that all who are not are treated alike. */

#include "tests/sim/judge.h"

/* Something has taken effect that the core learns of in its next turn. */
static bool is_behind(const struct sim *s, int p)
{
	return s->person[p].unseen_at == s->now.mono;
}

static void judge_text(struct sim *s, int w, int p, hg_part part, const struct hg_bytes *seen)
{
	struct hg_buf b = { 0 };
	struct hg_bytes *want;
	struct shown v;

	model_as_if(s, w, p, part, &v, &b);
	want = hg_buf_bytes(&b);
	hg_buf_done(&b);
	sim_comparisons[PRIVACY]++;
	if (!hg_bytes_eq(seen, want))
		sim_bad(s, PRIVACY, "%s asks about %s\n  expected %s\n  seen     %s", s->name[w],
			s->name[p], sim_show(want), sim_show(seen));
	hg_bytes_unref(want);
}

void judge_look(struct sim *s, int route, int w, int p, hg_part part, const struct hg_bytes *seen)
{
	bool may = route == s->route_of[w] && model_may_look(s, w, p) && !judge_held(s, p);

	if (is_behind(s, p))
		return;
	sim_comparisons[PRIVACY]++;
	sim_comparisons[CONVERGENCE]++;
	if (seen && !may)
		sim_bad(s, PRIVACY, "%s, who may not, asks about %s and is shown %s", s->name[w],
			s->name[p], sim_show(seen));
	else if (!seen && may)
		sim_bad(s, CONVERGENCE, "%s, who may see him, asks about %s and is shown nothing",
			s->name[w], s->name[p]);
	else if (seen)
		judge_text(s, w, p, part, seen);
}

/* Whose own it is sees it whatever is under way. */
void judge_shown(struct sim *s, int w, int p, hg_part part, const struct hg_view *view,
	const struct hg_bytes *seen)
{
	struct hg_buf b = { 0 };
	struct shown v;

	if (is_behind(s, p))
		return;
	sim_comparisons[CONVERGENCE]++;
	if ((seen != NULL) != s->person[p].exists) {
		sim_bad(s, CONVERGENCE, "what %s is shown of %s, who %s a user: %s", s->name[w],
			s->name[p], s->person[p].exists ? "is" : "is not", sim_show(seen));
		return;
	}
	if (!seen)
		return;
	model_as_if(s, w, p, part, &v, &b);
	hg_buf_done(&b);
	sim_comparisons[PRIVACY]++;
	if (view->standing != v.standing)
		sim_bad(s, PRIVACY, "of %s to %s: standing expected %d, seen %d", s->name[p],
			s->name[w], (int)v.standing, (int)view->standing);
	else
		judge_text(s, w, p, part, seen);
}
