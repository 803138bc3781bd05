/* SPDX-License-Identifier: Apache-2.0 */
/* What happened, for the reader of a failure: the last events, then what was expected and what was seen. */

#include "tests/sim/sim.h"

#include <stdio.h>
#include <stdlib.h>

bool sim_trace_on;
uint64_t sim_comparisons[INVARIANTS];

static const char *const names[INVARIANTS] = {
	[CONVERGENCE] = "1 convergence",
	[PRIVACY] = "2 privacy",
	[ORDER] = "3 order",
	[NO_ECHO] = "4 no echo",
	[DURABILITY] = "5 durability",
	[STALENESS] = "6 honest staleness",
	[BOUNDED] = "7 bounded",
};

enum { KEPT = sizeof(((struct sim *)0)->trace) / sizeof(((struct sim *)0)->trace[0]) };

void sim_note(struct sim *s, const char *fmt, ...)
{
	struct hg_buf b = { 0 };
	char line[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (sim_trace_on)
		printf("%4u %8lld  %s\n", s->step, (long long)s->now.mono, line);
	hg_buf_addf(&b, "%4u %8lld  %s", s->step, (long long)s->now.mono, line);
	free(s->trace[s->ntrace % KEPT].text);
	s->trace[s->ntrace++ % KEPT].text = hg_str_dup(hg_buf_str(&b));
	hg_buf_done(&b);
}

void sim_print_trace(const struct sim *s)
{
	printf("  step    clock  event (the last %d)\n", KEPT);
	for (size_t i = s->ntrace > KEPT ? s->ntrace - KEPT : 0; i < s->ntrace; i++)
		printf("  %s\n", s->trace[i % KEPT].text);
}

/* Only the first one counts: what comes after it may follow from it. */
void sim_bad(struct sim *s, enum invariant i, const char *fmt, ...)
{
	va_list ap;

	if (s->failed)
		return;
	s->failed = true;
	printf("\n");
	if (!sim_trace_on)
		sim_print_trace(s);
	printf("VIOLATION of invariant %s, seed %u, step %u: ", names[i], s->seed, s->step);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
}

const char *sim_show(const struct hg_bytes *b)
{
	static char buf[4][1024];
	static unsigned next;
	char *to = buf[next++ % 4];
	size_t n = 0;

	if (!b)
		return "(nothing)";
	to[n++] = '"';
	for (uint32_t i = 0; i < b->n && n < sizeof(buf[0]) - 3; i++)
		to[n++] = b->p[i] == '\n' ? '|' : b->p[i];
	to[n++] = '"';
	to[n] = '\0';
	return to;
}
