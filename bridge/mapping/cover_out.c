/* SPDX-License-Identifier: Apache-2.0 */
/* Coverage of what may have to be shown. */
#include "bridge/mapping/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { AVAILABILITY, ACTIVITY, IDLE, TEXT, NOTE, AXES };

struct space {
	struct hg_axis axis[AXES];
	uint32_t *availability;
	const char **activity; /* [0]: none of those that rules ask for */
};

static void add_availability(struct space *s, uint32_t value)
{
	for (size_t i = 0; i < s->axis[AVAILABILITY].n; i++) {
		if (s->availability[i] == value)
			return;
	}
	s->availability[s->axis[AVAILABILITY].n++] = value;
}

/* Where bands begin, and where ranges of rules begin and end. */
static void split_availability(struct space *s, const struct hg_table *t)
{
	s->availability = hg_alloc((HG_BAND_COUNT + 2 * t->nranges) * sizeof(*s->availability));
	add_availability(s, 0);
	for (uint32_t v = 1; v <= hg_band_canonical(HG_BAND_OFFLINE); v++) {
		if (hg_band_of(v) != hg_band_of(v - 1))
			add_availability(s, v);
	}
	for (size_t r = 0; r < t->nrows; r++) {
		for (size_t i = 0; i < t->row[r].nranges; i++) {
			const struct hg_range *range = &t->range[t->row[r].range + i];

			add_availability(s, (uint32_t)range->low);
			if (range->high < UINT32_MAX)
				add_availability(s, (uint32_t)range->high + 1);
		}
	}
}

static void add_activity(struct space *s, const char *token)
{
	for (size_t i = 0; i < s->axis[ACTIVITY].n; i++) {
		if (hg_str_ieq(hg_str(s->activity[i]), hg_str(token)))
			return;
	}
	s->activity[s->axis[ACTIVITY].n++] = token;
}

static void space_init(struct space *s, const struct hg_table *t)
{
	*s = (struct space){ .axis[IDLE].n = 1, .axis[TEXT].n = 1, .axis[NOTE].n = 1 };
	split_availability(s, t);
	s->activity = hg_alloc((t->nstrings + 1) * sizeof(*s->activity));
	add_activity(s, "");
	for (size_t r = 0; r < t->nrows; r++) {
		const struct hg_row *row = &t->row[r];

		if (row->idle != HG_EITHER)
			s->axis[IDLE].n = 2;
		if (row->text != HG_EITHER)
			s->axis[TEXT].n = 2;
		if (row->note != HG_EITHER)
			s->axis[NOTE].n = 2;
		for (size_t i = 0; i < row->nactivities; i++)
			add_activity(s, t->string[row->activity + i]);
	}
}

static struct hg_shown case_of(const struct space *s)
{
	return (struct hg_shown){ .availability = s->availability[s->axis[AVAILABILITY].at],
		.activity = hg_str(s->activity[s->axis[ACTIVITY].at]),
		.idle = s->axis[IDLE].at == 1,
		.text = s->axis[TEXT].at == 1,
		.note = s->axis[NOTE].at == 1 };
}

static bool match(const struct hg_table *t, const struct hg_row *row, const void *shown)
{
	return row->out && !hg_row_blind(t, row, shown);
}

static void report(const struct hg_cover *cover, const struct space *s, const struct hg_shown *gap,
	enum hg_band band, bool wholly)
{
	char detail[160] = "";
	size_t used = 0;

	if (!wholly) {
		used = (size_t)snprintf(detail, sizeof(detail), " at %u", gap->availability);
		if (s->axis[ACTIVITY].n > 1)
			used += (size_t)snprintf(detail + used, sizeof(detail) - used,
				" with activity '%.48s'",
				gap->activity.n ? gap->activity.p : "none");
		if (s->axis[IDLE].n > 1)
			used += (size_t)snprintf(detail + used, sizeof(detail) - used, ", idle: %s",
				gap->idle ? "yes" : "no");
		if (s->axis[TEXT].n > 1)
			used += (size_t)snprintf(detail + used, sizeof(detail) - used, ", text: %s",
				gap->text ? "yes" : "no");
		if (s->axis[NOTE].n > 1)
			snprintf(detail + used, sizeof(detail) - used, ", note: %s",
				gap->note ? "yes" : "no");
	}
	hg_fault(cover->errs, cover->table, NULL, 0,
		"add it to a rule, or add a rule with direction: out",
		"no rule outward for availability '%s'%s", hg_band_name(band), detail);
}

void hg_cover_out(struct hg_cover *cover, bool gaps)
{
	struct hg_shown gap[HG_BAND_COUNT];
	bool open[HG_BAND_COUNT] = { false }, closed[HG_BAND_COUNT] = { false };
	struct space s;

	space_init(&s, cover->table);
	if (!hg_axes_ok(s.axis, AXES, cover))
		goto done;
	do {
		struct hg_shown shown = case_of(&s);
		enum hg_band band = hg_band_of(shown.availability);

		if (hg_cover_case(cover, match, &shown)) {
			closed[band] = true;
		} else if (!open[band]) {
			open[band] = true;
			gap[band] = shown;
		}
	} while (hg_axes_next(s.axis, AXES));
	for (int b = 0; gaps && b < HG_BAND_COUNT; b++) {
		if (open[b])
			report(cover, &s, &gap[b], (enum hg_band)b, !closed[b]);
	}
done:
	free(s.availability);
	free(s.activity);
}
