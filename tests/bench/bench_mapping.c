/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench_mapping RULES TIMES: so many look-ups, each way, of what the last one of so many rules is for. bench_mapping.py
 * counts the instructions of it.
 */
#include "bridge/mapping/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORD, RANK };

static const char *const words[] = { "on", NULL };
static const struct hg_field_def fields[] = {
	{ .name = "word", .kind = HG_FIELD_TOKEN, .tokens = words },
	{ .name = "rank", .kind = HG_FIELD_INTEGER, .min = 0, .max = 1000 },
};
static const struct hg_vocabulary toy = { .name = "toy", .field = fields, .nfields = 2 };

static char names[HG_RULES_MAX][32], ranks[HG_RULES_MAX][32];

/* Each is for one number inward, one activity outward; the last for all that is left. */
static struct hg_table *make(size_t n)
{
	static struct hg_rule rule[HG_RULES_MAX];
	struct hg_table_source source = { .vocabulary = &toy, .rule = rule, .nrules = n };
	struct hg_errs errs = { 0 };
	struct hg_buf b = { 0 };
	struct hg_table *t;

	for (size_t i = 0; i + 1 < n; i++) {
		snprintf(names[i], sizeof(names[i]), "doing-%zu", i);
		snprintf(ranks[i], sizeof(ranks[i]), "%zu", i);
		rule[i] = (struct hg_rule){ .name = names[i],
			.native = { HG_TERM("rank", ranks[i]) },
			.canonical = { HG_TERM("state", "user"), HG_TERM("availability", "busy"),
				HG_TERM("activity", names[i]), HG_TERM("manual", "yes") } };
	}
	rule[n - 1] = (struct hg_rule){ .name = "rest",
		.native = { HG_TERM("word", "on", "absent") },
		.canonical = { HG_TERM("state", "machine"),
			HG_TERM("availability", "available", "0..4294967295") } };
	t = hg_table_new(&source, &errs);
	hg_errs_write(&errs, &b);
	if (b.n)
		fprintf(stderr, "%s", b.p);
	return t;
}

int main(int argc, char **argv)
{
	struct hg_value v[] = { { .field = WORD, .text = HG_STR("on") },
		{ .field = RANK, .text = HG_STR("1000") } };
	struct hg_presence p = { .availability = 6500, .activity.token = "doing-nothing" };
	struct hg_record *said = hg_record_new(v, 2);
	struct hg_table *t = argc == 3 ? make((size_t)atoi(argv[1])) : NULL;
	int times = t ? atoi(argv[2]) : 0, wrong = 0;

	for (int i = 0; i < times; i++) {
		struct hg_record *r = hg_table_out(t, &p);
		struct hg_statement s;

		wrong += !hg_record_get(r, WORD);
		hg_record_unref(r);
		hg_table_in(t, said, &s);
		wrong += s.machine != 3500;
	}
	hg_table_free(t);
	hg_record_unref(said);
	return !t || wrong;
}
