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
	/* of integer fields, where each value but the first begins */
	int64_t *number[HG_FIELDS_MAX];
	size_t n;
	bool *gap; /* of each case, by its number: no rule takes it */
	size_t cases;
};

static int by_number(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

/* Value 0 is "absent"; value i begins at (*ret)[i]. Returns how many. */
static size_t split_integer(const struct hg_table *t, uint16_t field, int64_t **ret)
{
	const struct hg_field_def *def = &t->vocabulary->field[field];
	int64_t *number = hg_alloc((2 + 2 * t->nranges) * sizeof(*number));
	size_t n = 1, kept = 1;

	number[n++] = def->min;
	for (size_t r = 0; r < t->nrows; r++) {
		for (size_t i = 0; i < t->row[r].nconditions; i++) {
			const struct hg_condition *c = &t->row[r].condition[i];

			for (size_t k = 0; c->field == field && k < c->nranges; k++) {
				number[n++] = t->range[c->range + k].low;
				number[n++] = t->range[c->range + k].high + 1;
			}
		}
	}
	qsort(number + 1, n - 1, sizeof(*number), by_number);
	for (size_t i = 1; i < n; i++) {
		if ((kept == 1 || number[i] != number[kept - 1]) && number[i] <= def->max)
			number[kept++] = number[i];
	}
	*ret = number;
	return kept;
}

static size_t split(const struct hg_table *t, uint16_t field, int64_t **ret_number)
{
	const struct hg_field_def *def = &t->vocabulary->field[field];
	size_t n = 0;

	if (def->kind == HG_FIELD_INTEGER)
		return split_integer(t, field, ret_number);
	if (def->kind != HG_FIELD_TOKEN)
		return 2;
	while (def->tokens[n])
		n++;
	return n + 1;
}

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
		s->axis[s->n].n = split(t, f, &s->number[s->n]);
		s->n++;
	}
}

static void space_done(struct space *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(s->number[i]);
	free(s->gap);
}

static void hear_case(const struct space *s, struct hg_heard *ret)
{
	*ret = (struct hg_heard){ .number = { 0 } };
	for (size_t f = 0; f < HG_FIELDS_MAX; f++)
		ret->bits[f] = HG_BIT_ABSENT;
	for (size_t i = 0; i < s->n; i++) {
		size_t at = s->axis[i].at;

		if (!at)
			continue;
		if (s->number[i]) {
			ret->bits[s->field[i]] = HG_BIT_PRESENT;
			ret->number[s->field[i]] = s->number[i][at];
		} else {
			ret->bits[s->field[i]] = HG_BIT_ABSENT << at;
		}
	}
}

static bool match(const struct hg_table *t, const struct hg_row *row, const void *heard)
{
	return row->in && !hg_row_deaf(t, row, heard);
}

/* "show: xa" */
static int write_value(const struct space *s, size_t axis, size_t value, char *ret, size_t size)
{
	const struct hg_field_def *def = &s->t->vocabulary->field[s->field[axis]];

	if (value == 0)
		return snprintf(ret, size, "%s: absent", def->name);
	if (def->kind == HG_FIELD_TOKEN)
		return snprintf(ret, size, "%s: %s", def->name, def->tokens[value - 1]);
	if (!s->number[axis])
		return snprintf(ret, size, "%s: present", def->name);
	int64_t first = s->number[axis][value];
	int64_t last = value + 1 < s->axis[axis].n ? s->number[axis][value + 1] - 1 : def->max;
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
		struct hg_heard heard;

		hear_case(&s, &heard);
		s.gap[s.cases++] = !hg_cover_case(cover, match, &heard);
	} while (hg_axes_next(s.axis, s.n));
	if (gaps)
		report_gaps(cover, &s);
	space_done(&s);
}
