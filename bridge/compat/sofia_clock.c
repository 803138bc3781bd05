/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sofia-sip 1.12.11 runs its timers, transactions and idle connections on the wall clock: a step of
 * it ends all transactions at once, or none for as long as the step was. Its su_time() ends with a
 * call of the hook _su_time (exported for its own tests, in no header), by which all of that goes
 * on from the wall clock's first reading with the monotonic clock.
 *
 * What sofia-sip calls "now" is then off by the sum of all steps: dates in messages must come from
 * the system's clock.
 */
#include "bridge/compat/private.h"

#include <sofia-sip/su_time.h>
#include <time.h>

extern void (*_su_time)(su_time_t *);

#define MICRO INT64_C(1000000)

/* On entry *now is the wall clock. */
static void steady(su_time_t *now)
{
	static int64_t base;
	struct timespec mono;

	clock_gettime(CLOCK_MONOTONIC, &mono);
	int64_t us = mono.tv_sec * MICRO + mono.tv_nsec / 1000;
	if (!base)
		base = (int64_t)now->tv_sec * MICRO + (int64_t)now->tv_usec - us;
	us += base;
	now->tv_sec = (unsigned long)(us / MICRO);
	now->tv_usec = (unsigned long)(us % MICRO);
}

void hg_compat_steady_clock(void)
{
	_su_time = steady;
}

bool hg_compat_clock_is_steady(void)
{
	return _su_time == steady;
}
