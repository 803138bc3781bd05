/* SPDX-License-Identifier: Apache-2.0 */
/* heliograph-sim: schedules from seeds, judged. README.md says what is simulated. */

#include "tests/sim/sim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct options {
	uint32_t seeds, first, steps;
	bool coverage;
};

static int usage(FILE *to)
{
	fprintf(to,
		"usage: heliograph-sim --seeds N [--seed S] [--steps K] [--trace] [--coverage]\n"
		"\n"
		"Runs N schedules of K steps (300) from seed S (1) on and judges everything that the core hands out.\n"
		"--trace prints every event, --coverage how often each step was taken under each fault, and fails if\n"
		"a combination that can be was not. Exit status: 0 no violation, 1 violations, 2 usage.\n");
	return to == stdout ? 0 : 2;
}

static bool number(const char *text, uint32_t *ret)
{
	return text && hg_str_u32(hg_str(text), ret);
}

/* -1: go on */
static int read_options(int argc, char **argv, struct options *o)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--trace") == 0)
			sim_trace_on = true;
		else if (strcmp(argv[i], "--coverage") == 0)
			o->coverage = true;
		else if (strcmp(argv[i], "--help") == 0)
			return usage(stdout);
		else if (strcmp(argv[i], "--seeds") == 0 && number(argv[i + 1], &o->seeds))
			i++;
		else if (strcmp(argv[i], "--seed") == 0 && number(argv[i + 1], &o->first))
			i++;
		else if (strcmp(argv[i], "--steps") == 0 && number(argv[i + 1], &o->steps))
			i++;
		else
			return usage(stderr);
	}
	return o->seeds ? -1 : usage(stderr);
}

static bool run(uint32_t seed, uint32_t steps, struct hg_core_stats *sum)
{
	struct sim *s = sim_new(seed);
	struct hg_core_stats one;
	bool ok;

	steps_run(s, steps);
	one = hg_core_stats(s->core);
	sum->renders += s->stats.renders + one.renders;
	sum->shared += s->stats.shared + one.shared;
	sum->handed += s->stats.handed + one.handed;
	ok = !s->failed;
	sim_free(s);
	return ok;
}

static void report(const struct hg_core_stats *sum)
{
	static const char *const names[] = { "", "1 convergence", "2 privacy", "3 order",
		"4 no echo", "5 durability", "6 honest staleness", "7 bounded" };

	printf("comparisons:");
	for (int i = 1; i < INVARIANTS; i++)
		printf("%s %s %llu", i > 1 ? "," : "", names[i],
			(unsigned long long)sim_comparisons[i]);
	printf("\nhand-offs: %llu parcels, %llu fragments rendered, %llu shared\n",
		(unsigned long long)sum->handed, (unsigned long long)sum->renders,
		(unsigned long long)sum->shared);
}

int main(int argc, char **argv)
{
	struct options o = { .first = 1, .steps = 300 };
	struct hg_core_stats sum = { 0 };
	uint32_t failed = 0, blank = 0;
	int rc = read_options(argc, argv, &o);

	if (rc >= 0)
		return rc;
	hg_log_level(HG_ERROR);
	for (uint32_t i = 0; i < o.seeds; i++) {
		if (run(o.first + i, o.steps, &sum))
			continue;
		failed++;
		printf("replay: %s --seeds 1 --seed %u --steps %u --trace\n", argv[0], o.first + i,
			o.steps);
	}
	report(&sum);
	for (int i = 1; i < INVARIANTS; i++)
		blank += sim_comparisons[i] == 0;
	if (blank)
		printf("%u invariants were never compared\n", blank);
	if (o.coverage && steps_coverage())
		blank++;
	printf("%u passed, %u failed\n", o.seeds - failed, failed);
	return failed || blank ? 1 : 0;
}
