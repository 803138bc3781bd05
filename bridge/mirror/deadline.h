/* SPDX-License-Identifier: Apache-2.0 */
/* Moments at which something of the core is due: a heap. Entries are never taken back; who is
 * called looks whether it still holds. */
#pragma once

#include <heliograph/base.h>

enum hg_due { HG_DUE_ENDPOINT, HG_DUE_LANE, HG_DUE_PERSON, HG_DUE_WATCH, HG_DUE_HINTS };

struct hg_deadline {
	int64_t at; /* monotonic ms */
	enum hg_due kind;
	uint32_t id;
};

struct hg_deadlines {
	struct hg_deadline *v;
	size_t n, cap;
};

void hg_deadlines_add(struct hg_deadlines *, int64_t at, enum hg_due, uint32_t id);
int64_t hg_deadlines_next(const struct hg_deadlines *); /* INT64_MAX: none */
bool hg_deadlines_take(
	struct hg_deadlines *, int64_t now, struct hg_deadline *ret); /* false: nothing is due */
void hg_deadlines_done(struct hg_deadlines *);
