/* SPDX-License-Identifier: Apache-2.0 */
/* A mapping table made in C, with a bit of everything. */
#pragma once

#include "bridge/mapping/table.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/support.h"

enum { MODE, WHERE, SAYS, RANK, SINCE };

static const char *const modes[] = { "on", "off", "quiet", NULL };
static const char *const wheres[] = { "desk", "road", NULL };
static const struct hg_field_def fields[] = {
	{ .name = "mode", .kind = HG_FIELD_TOKEN, .tokens = modes },
	{ .name = "where", .kind = HG_FIELD_TOKEN, .tokens = wheres },
	{ .name = "says", .kind = HG_FIELD_TEXT },
	{ .name = "rank", .kind = HG_FIELD_INTEGER, .min = -10, .max = 10 },
	{ .name = "since", .kind = HG_FIELD_TIME },
};
static const struct hg_vocabulary toy = { .name = "toy", .field = fields, .nfields = 5 };

static const struct hg_binding bindings[] = {
	{ .field = "says", .carries = "note", .line = 1 },
	{ .field = "rank", .carries = "priority", .write = "3", .line = 2 },
	{ .field = "since", .carries = "idle", .line = 3 },
};

#define AVAILABILITY(...) HG_TERM("availability", __VA_ARGS__)
#define STATE(state) HG_TERM("state", state)

static const struct hg_rule rules[] = {
	{ .name = "off",
		.native = { HG_TERM("mode", "off") },
		.canonical = { STATE("none"), AVAILABILITY("offline", "unknown") },
		.write = { HG_TERM("says", "absent"), HG_TERM("rank", "absent"),
			HG_TERM("since", "absent") },
		.line = 10 },
	{ .name = "call",
		.direction = HG_OUT_ONLY,
		.native = { HG_TERM("mode", "quiet"), HG_TERM("says", "On the phone. {note}") },
		.canonical = { HG_TERM("activity", "on-the-phone", "in-a-conference"),
			AVAILABILITY("6500..8999", "9000") },
		.line = 11 },
	{ .name = "quiet",
		.native = { HG_TERM("mode", "quiet") },
		.canonical = { STATE("user"), AVAILABILITY("busy", "busy-idle", "dnd") },
		.line = 12 },
	{ .name = "background",
		.direction = HG_IN_ONLY,
		.native = { HG_TERM("rank", "-10..-5", "-3"), HG_TERM("where", "absent") },
		.canonical = { STATE("machine"), AVAILABILITY("brb") },
		.line = 13 },
	{ .name = "road",
		.native = { HG_TERM("where", "road"), HG_TERM("mode", "on", "absent") },
		.canonical = { STATE("machine"), AVAILABILITY("15700", "away", "brb"),
			HG_TERM("note", "yes") },
		.line = 14 },
	{ .name = "idle",
		.native = { HG_TERM("since", "present"), HG_TERM("where", "desk") },
		.canonical = { STATE("machine"),
			AVAILABILITY("available-idle", "available", "away"),
			HG_TERM("idle", "yes") },
		.line = 15 },
	{ .name = "rest",
		.native = { HG_TERM("mode", "on", "absent"), HG_TERM("where", "any") },
		.canonical = { STATE("machine"),
			AVAILABILITY("available", "available-idle", "away", "brb") },
		.line = 16 },
};

/* Its rules, by their places. */
enum { OFF, CALL, QUIET, BACKGROUND, ROAD, IDLE, REST };

static const struct hg_table_source source = { .vocabulary = &toy,
	.file = "toy.yaml",
	.binding = bindings,
	.nbindings = 3,
	.rule = rules,
	.nrules = sizeof(rules) / sizeof(rules[0]) };

static inline void print_errs(const struct hg_errs *errs, struct hg_buf *b)
{
	for (size_t i = 0; i < errs->n; i++) {
		hg_err_write(&errs->e[i], b);
		hg_buf_addc(b, '\n');
	}
}

static inline struct hg_table *make(const struct hg_table_source *from)
{
	struct hg_errs errs = { 0 };
	struct hg_buf b = { 0 };
	struct hg_table *t = hg_table_new(from, &errs);

	print_errs(&errs, &b);
	if (!t)
		fail_msg("%s", b.p);
	assert_int_equal(errs.n, 0);
	hg_buf_done(&b);
	hg_errs_done(&errs);
	return t;
}

/* What is wrong with it, which makes no table of it. */
static inline void faults(const struct hg_table_source *from, const char *expected)
{
	struct hg_errs errs = { 0 };
	struct hg_buf b = { 0 };

	assert_null(hg_table_new(from, &errs));
	print_errs(&errs, &b);
	assert_string_equal(b.p, expected);
	hg_buf_done(&b);
	hg_errs_done(&errs);
}
