/* SPDX-License-Identifier: Apache-2.0 */
/* The judge of what adapters keep: as it is written, that it is written in time, and what the next process is given. */

#include "tests/sim/judge.h"

#include <string.h>

enum { SOON = 1000 }; /* ms: hints are written so long after something changed */

void judge_kept_fact(struct sim *s, const struct hg_fact *f)
{
	struct model_keep *k = model_keep_find(s, f->owner, f->name);

	sim_comparisons[DURABILITY]++;
	if (!k) {
		sim_bad(s, DURABILITY, "what nobody keeps is written: %.*s", (int)f->name.n,
			f->name.p);
		return;
	}
	if (!k->waits || f->gone != !k->now.value[0] || !hg_str_is(f->value, k->now.value) ||
		(!f->gone && f->until != k->now.until))
		sim_bad(s, DURABILITY,
			"what %.*s keeps as %.*s\n  expected %s '%s' until %lld\n  seen     '%.*s' until %lld",
			(int)f->owner.n, f->owner.p, (int)f->name.n, f->name.p,
			k->waits ? "anew" : "as it is", k->now.value, (long long)k->now.until,
			(int)f->value.n, f->value.n ? f->value.p : "", (long long)f->until);
	k->waits = false;
}

void judge_keep(struct sim *s)
{
	if (s->nhints)
		return; /* those that are being written hold up the next ones */
	for (int a = 0; a < KEEPERS; a++) {
		for (int i = 0; i < KEYS; i++) {
			const struct model_keep *k = &s->keep[a][i];
			int64_t since = k->at > s->hints_at ? k->at : s->hints_at;

			sim_comparisons[DURABILITY]++;
			if (k->waits && s->now.mono > since + SOON)
				sim_bad(s, DURABILITY,
					"what %s keeps as key%d is not on its way to the disk: '%s'",
					model_keeper(a)->name, i, k->now.value);
		}
	}
}

/* ---- what the next process is given ---- */

struct given {
	struct sim *sim;
	int adapter;
	bool seen[KEYS];
};

static void is_given(void *arg, struct hg_str name, struct hg_str value, int64_t until)
{
	struct given *g = arg;
	struct model_keep *k = model_keep_find(
		g->sim, hg_str(model_keeper(g->adapter)->name), name);

	sim_comparisons[DURABILITY]++;
	if (!k || g->seen[k - g->sim->keep[g->adapter]] || !hg_str_is(value, k->now.value) ||
		until != k->now.until) {
		sim_bad(g->sim, DURABILITY,
			"%s is given %.*s\n  expected '%s' until %lld\n  seen     '%.*s' until %lld",
			model_keeper(g->adapter)->name, (int)name.n, name.p, k ? k->now.value : "",
			k ? (long long)k->now.until : 0, (int)value.n, value.p, (long long)until);
		return;
	}
	g->seen[k - g->sim->keep[g->adapter]] = true;
}

/* Each once, and whoever asks again is given nothing. */
void judge_given(struct sim *s)
{
	for (int a = 0; a < KEEPERS; a++) {
		struct given g = { .sim = s, .adapter = a };

		for (int times = 0; times < 2; times++)
			s->host.kept(s->core, model_keeper(a), is_given, &g);
		for (int i = 0; i < KEYS; i++) {
			sim_comparisons[DURABILITY]++;
			if (!g.seen[i] && s->keep[a][i].now.value[0])
				sim_bad(s, DURABILITY,
					"%s is not given what was kept as key%d: '%s'",
					model_keeper(a)->name, i, s->keep[a][i].now.value);
		}
	}
}
