/* SPDX-License-Identifier: Apache-2.0 */
/* What the index finds is what a search through all rules finds, for rules and presences of chance. */
#include "bridge/mapping/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/support.h"

enum { TABLES = 60, TRIES = 400 };

static const char *const words[] = { "a", "b", "c", "d", NULL };
static const struct hg_field_def fields[] = {
	{ .name = "word", .kind = HG_FIELD_TOKEN, .tokens = words },
	{ .name = "text", .kind = HG_FIELD_TEXT },
	{ .name = "rank", .kind = HG_FIELD_INTEGER, .min = -20, .max = 20 },
	{ .name = "time", .kind = HG_FIELD_TIME },
};
static const struct hg_vocabulary toy = { .name = "toy", .field = fields, .nfields = 4 };
static const char *const tokens[] = { "in-a-call", "at-lunch", "IN-A-MEETING", "elsewhere" };

static uint32_t seed;

static uint32_t dice(uint32_t sides)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % sides;
}

static const char *keep(struct hg_table *t, const char *s)
{
	return hg_table_string(t, s);
}

static const char *range(struct hg_table *t, int low, int most)
{
	int from = low + (int)dice((uint32_t)(most - low));
	char text[40];

	snprintf(text, sizeof(text), "%d..%d", from, from + (int)dice((uint32_t)(most - from + 1)));
	return keep(t, text);
}

static void native_by_chance(struct hg_table *t, struct hg_rule *r)
{
	size_t n = 0;

	if (dice(2)) {
		r->native[n] = (struct hg_term){ .key = "word", .value = { words[dice(4)] } };
		if (dice(2))
			r->native[n].value[1] = dice(2) ? "absent" : words[dice(4)];
		n++;
	}
	if (dice(4) == 0)
		r->native[n++] = (struct hg_term){ .key = "text",
			.value = { dice(2) ? "present" : "absent" } };
	if (dice(2)) {
		r->native[n] = (struct hg_term){ .key = "rank", .value = { range(t, -20, 20) } };
		if (dice(2))
			r->native[n].value[1] = range(t, -20, 20);
		n++;
	}
	if (dice(4) == 0)
		r->native[n++] = (struct hg_term){ .key = "time", .value = { "present" } };
}

/* Rules of a table of many ask for more, so that late ones are found too. */
static void canonical_by_chance(struct hg_table *t, struct hg_rule *r, bool of_many)
{
	size_t n = 0;

	if (r->direction == HG_IN_ONLY)
		r->canonical[n++] = (struct hg_term)HG_TERM("state", "none");
	if (dice(2) && r->direction == HG_OUT_ONLY) {
		r->canonical[n] = (struct hg_term){ .key = "availability",
			.value = { hg_band_name((enum hg_band)dice(HG_BAND_COUNT)) } };
		r->canonical[n++].value[1] = range(t, 0, 20000);
	}
	if (dice(3) == 0 && r->direction == HG_OUT_ONLY) {
		r->canonical[n] = (struct hg_term){ .key = "activity",
			.value = { tokens[dice(3)] } };
		if (dice(2))
			r->canonical[n].value[1] = tokens[dice(3)];
		n++;
	}
	for (int f = 0; f < HG_FACTS && r->direction == HG_OUT_ONLY; f++) {
		size_t values = hg_fact_values((enum hg_fact)f);

		if (dice(of_many ? 2 : 6))
			continue;
		r->canonical[n] = (struct hg_term){ .key = hg_fact_name((enum hg_fact)f),
			.value = { hg_fact_word((enum hg_fact)f, dice((uint32_t)values)) } };
		if (dice(2))
			r->canonical[n].value[1] = dice(2)
				? "yes"
				: hg_fact_word((enum hg_fact)f, dice((uint32_t)values));
		n++;
	}
}

static struct hg_table *table_by_chance(size_t nrules)
{
	struct hg_table *t = hg_alloc(sizeof(*t));
	struct hg_errs errs = { 0 };

	t->vocabulary = &toy;
	t->file = hg_str_dup(HG_STR("toy"));
	t->row = hg_alloc(nrules * sizeof(*t->row));
	t->note = t->priority = t->idle = t->show = t->words = HG_NO_FIELD;
	for (size_t i = 0; i < nrules; i++) {
		struct hg_rule r = { .name = "x", .direction = dice(2) ? HG_IN_ONLY : HG_OUT_ONLY };

		if (r.direction == HG_IN_ONLY)
			native_by_chance(t, &r);
		canonical_by_chance(t, &r, nrules > 6);
		hg_row_compile(t, &t->row[t->nrows++], &r, &errs);
	}
	if (errs.n)
		fail_msg("%s %s", errs.e[0].what, errs.e[0].hint);
	hg_index_build(t);
	return t;
}

static const struct hg_row *search_in(const struct hg_table *t, const struct hg_heard *heard)
{
	for (size_t i = 0; i < t->nrows; i++)
		if (t->row[i].in && !hg_row_deaf(t, &t->row[i], heard))
			return &t->row[i];
	return NULL;
}

static const struct hg_row *search_out(const struct hg_table *t, const struct hg_shown *shown)
{
	for (size_t i = 0; i < t->nrows; i++)
		if (t->row[i].out && !hg_row_blind(t, &t->row[i], shown))
			return &t->row[i];
	return NULL;
}

static struct hg_heard heard_by_chance(void)
{
	struct hg_heard h = { .value = { { .at = (uint16_t)dice(5) }, { .at = (uint16_t)dice(2) },
				      { .at = (uint16_t)dice(2) }, { .at = (uint16_t)dice(2) } } };

	if (h.value[2].at)
		h.value[2].number = (int)dice(41) - 20;
	return h;
}

static struct hg_shown shown_by_chance(void)
{
	struct hg_shown s = { .availability = dice(30) ? dice(20001) : UINT32_MAX - dice(2) };

	if (dice(2))
		s.activity = hg_str(tokens[dice(4)]);
	for (int f = 0; f < HG_FACTS; f++)
		s.fact[f] = (uint8_t)dice((uint32_t)hg_fact_values((enum hg_fact)f));
	return s;
}

static void the_index_finds_what_a_search_finds(void **state)
{
	size_t found = 0, none = 0, late = 0;

	(void)state;
	for (seed = 1; seed < 1 + TABLES; seed++) {
		uint32_t kept = seed;
		struct hg_table *t = table_by_chance(1 + dice(seed % 3 ? 6 : HG_RULES_MAX));

		for (int i = 0; i < TRIES; i++) {
			struct hg_heard heard = heard_by_chance();
			struct hg_shown shown = shown_by_chance();
			const struct hg_row *in = search_in(t, &heard),
					    *out = search_out(t, &shown);

			assert_ptr_equal(hg_row_in(t, &heard), in);
			assert_ptr_equal(hg_row_out(t, &shown), out);
			found += out != NULL;
			none += out == NULL;
			late += out && out - t->row > 64;
		}
		hg_table_free(t);
		seed = kept;
	}
	/* the dice are not loaded: all kinds of outcome were among them */
	assert_true(found > 1000);
	assert_true(none > 1000);
	assert_true(late > 50);
}

/* Every edge of a band or a range, and both sides of it. */
static void at_every_edge(void **state)
{
	(void)state;
	for (seed = 100; seed < 110; seed++) {
		uint32_t kept = seed;
		struct hg_table *t = table_by_chance(40);

		for (size_t i = 0; i < t->index.availability.n; i++)
			for (int side = -1; side <= 1; side++) {
				struct hg_shown s = shown_by_chance();

				s.availability = (uint32_t)(t->index.availability.from[i] +
					(t->index.availability.from[i] ? side : 0));
				assert_ptr_equal(hg_row_out(t, &s), search_out(t, &s));
			}
		hg_table_free(t);
		seed = kept;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_index_finds_what_a_search_finds),
		cmocka_unit_test(at_every_edge),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
