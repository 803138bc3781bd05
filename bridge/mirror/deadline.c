/* SPDX-License-Identifier: Apache-2.0 */

#include "bridge/mirror/deadline.h"

#include <stdlib.h>

void hg_deadlines_add(struct hg_deadlines *d, int64_t at, enum hg_due kind, uint32_t id)
{
	size_t i = d->n;

	hg_grow(&d->v, &d->cap, d->n, sizeof(*d->v));
	d->n++;
	while (i > 0 && d->v[(i - 1) / 2].at > at) {
		d->v[i] = d->v[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	d->v[i] = (struct hg_deadline){ at, kind, id };
}

int64_t hg_deadlines_next(const struct hg_deadlines *d)
{
	return d->n ? d->v[0].at : INT64_MAX;
}

bool hg_deadlines_take(struct hg_deadlines *d, int64_t now, struct hg_deadline *ret)
{
	struct hg_deadline last;
	size_t i = 0;

	if (d->n == 0 || d->v[0].at > now)
		return false;
	*ret = d->v[0];
	last = d->v[--d->n];
	for (;;) {
		size_t child = 2 * i + 1;

		if (child + 1 < d->n && d->v[child + 1].at < d->v[child].at)
			child++;
		if (child >= d->n || d->v[child].at >= last.at)
			break;
		d->v[i] = d->v[child];
		i = child;
	}
	if (d->n)
		d->v[i] = last;
	return true;
}

void hg_deadlines_done(struct hg_deadlines *d)
{
	free(d->v);
	*d = (struct hg_deadlines){ 0 };
}
