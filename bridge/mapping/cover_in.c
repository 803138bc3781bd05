/* SPDX-License-Identifier: Apache-2.0 */
/* Coverage of what peers may say. */
#include "bridge/mapping/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GAPS_SHOWN 8

/* The fields that rules look at, and the values of them that they tell apart. */
struct space {
	const struct hg_table *t;
	struct hg_axis axis[HG_FIELDS_MAX];
	uint16_t field[HG_FIELDS_MAX];
	const struct hg_column *column[HG_FIELDS_MAX];
	size_t n;
	bool *gap; /* of each case, by its number: no rule takes it */
	size_t cases;
};

static bool looked_at(const struct hg_table *t, uint16_t field)
{
	for (size_t r = 0; r < t->nrows; r++) {
		for (size_t i = 0; !t->row[r].bad && i < t->row[r].nconditions; i++) {
			if (t->row[r].condition[i].field == field)
				return true;
		}
	}
	return false;
}

static void space_init(struct space *s, const struct hg_table *t)
{
	*s = (struct space){ .t = t };
	for (uint16_t f = 0; f < t->vocabulary->nfields; f++) {
		if (!looked_at(t, f))
			continue;
		s->field[s->n] = f;
		s->column[s->n] = &t->index.field[f];
		s->axis[s->n].n = s->column[s->n]->n;
		s->n++;
	}
}

static void space_done(struct space *s)
{
	free(s->gap);
}

static struct hg_rows rows_of_case(const struct space *s)
{
	struct hg_rows rows = s->t->index.in;

	for (size_t i = 0; i < s->n; i++)
		hg_rows_and(&rows, &s->column[i]->rows[s->axis[i].at]);
	return rows;
}

/* "show: xa" */
static int write_value(const struct space *s, size_t axis, size_t value, char *ret, size_t size)
{
	const struct hg_field_def *def = &s->t->vocabulary->field[s->field[axis]];

	if (value == 0)
		return snprintf(ret, size, "%s: absent", def->name);
	if (def->kind == HG_FIELD_TOKEN)
		return snprintf(ret, size, "%s: %s", def->name, def->tokens[value - 1]);
	if (!s->column[axis]->from)
		return snprintf(ret, size, "%s: present", def->name);
	const int64_t *from = s->column[axis]->from;
	int64_t first = from[value];
	int64_t last = value + 1 < s->axis[axis].n ? from[value + 1] - 1 : def->max;
	if (first == last)
		return snprintf(ret, size, "%s: %lld", def->name, (long long)first);
	return snprintf(ret, size, "%s: %lld..%lld", def->name, (long long)first, (long long)last);
}

/* ---- gaps, told as briefly as they can be: fields that make no difference are left out ---- */

/* Which value of an axis a case has; cases count as hg_axes_next does. */
static size_t value_of(const struct space *s, size_t number, size_t axis)
{
	for (size_t i = 0; i < axis; i++)
		number /= s->axis[i].n;
	return number % s->axis[axis].n;
}

static bool alike(const struct space *s, size_t a, size_t b, uint32_t ignored)
{
	for (size_t i = 0; i < s->n; i++) {
		if (!(ignored & 1u << i) && value_of(s, a, i) != value_of(s, b, i))
			return false;
	}
	return true;
}

static bool all_gaps(const struct space *s, size_t number, uint32_t ignored)
{
	for (size_t other = 0; other < s->cases; other++) {
		if (!s->gap[other] && alike(s, number, other, ignored))
			return false;
	}
	return true;
}

static void report(
	const struct hg_cover *cover, const struct space *s, size_t number, uint32_t ignored)
{
	char text[280] = "anything";
	size_t used = 0;

	for (size_t i = 0; i < s->n && used + 3 < sizeof(text); i++) {
		if (ignored & 1u << i)
			continue;
		if (used)
			used += (size_t)snprintf(text + used, sizeof(text) - used, ", ");
		used += (size_t)write_value(
			s, i, value_of(s, number, i), text + used, sizeof(text) - used);
	}
	hg_fault(cover->errs, cover->table, NULL, 0,
		"add a rule; with state: none if it says nothing", "no rule inward for %s", text);
}

static void report_gaps(const struct hg_cover *cover, struct space *s)
{
	bool *told = hg_alloc(s->cases * sizeof(*told));

	for (size_t number = 0, shown = 0; number < s->cases && shown < GAPS_SHOWN; number++) {
		uint32_t ignored = 0;

		if (!s->gap[number] || told[number])
			continue;
		for (size_t i = s->n; i-- > 0;) {
			if (all_gaps(s, number, ignored | 1u << i))
				ignored |= 1u << i;
		}
		report(cover, s, number, ignored);
		shown++;
		for (size_t other = number; other < s->cases; other++)
			told[other] |= alike(s, number, other, ignored);
	}
	free(told);
}

void hg_cover_in(struct hg_cover *cover, bool gaps)
{
	struct space s;

	space_init(&s, cover->table);
	if (!hg_axes_ok(s.axis, s.n, cover)) {
		space_done(&s);
		return;
	}
	s.gap = hg_alloc(HG_CASES_MAX * sizeof(*s.gap));
	do {
		struct hg_rows rows = rows_of_case(&s);

		s.gap[s.cases++] = !hg_cover_case(cover, &rows);
	} while (hg_axes_next(s.axis, s.n));
	if (gaps)
		report_gaps(cover, &s);
	space_done(&s);
}
