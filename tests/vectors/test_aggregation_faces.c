/* SPDX-License-Identifier: Apache-2.0 */
/* From the resources of a remote person to the one presence that a watcher of him is shown. */
#include "bridge/presence/faces.h"
#include "tests/support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW INT64_C(1800000000000)

struct face {
	uint32_t machine, user;
	int priority;
	int64_t age; /* ms before now */
	const char *note;
	int64_t idle_since;
};

static int make_grammar(void **state)
{
	static const struct hg_grammar_rule rules[] = {
		{ .category = HG_CAT_STATE,
			.kind = HG_STATE_MACHINE,
			.sources = 1 << HG_SOURCE_REMOTE,
			.container = { 2, 3 },
			.ncontainers = 2,
			.instance = HG_INSTANCE_ENDPOINT,
			.number = 0x30000000,
			.expiry = HG_ENDPOINT },
		{ .category = HG_CAT_STATE,
			.kind = HG_STATE_USER,
			.sources = 1 << HG_SOURCE_REMOTE,
			.container = { 2 },
			.ncontainers = 1,
			.instance = HG_INSTANCE_ENDPOINT,
			.number = 0x20000000,
			.expiry = HG_ENDPOINT },
		{ .category = HG_CAT_STATE,
			.kind = HG_STATE_USER,
			.sources = 1 << HG_SOURCE_REMOTE,
			.container = { 3 },
			.ncontainers = 1,
			.instance = HG_INSTANCE_ENDPOINT,
			.number = 0x20000000,
			.expiry = HG_ENDPOINT,
			.transform = HG_TRANSFORM_URGENT },
		{ .category = HG_CAT_NOTE,
			.sources = 1 << HG_SOURCE_REMOTE,
			.container = { 200 },
			.ncontainers = 1,
			.number = 0x70000000,
			.expiry = HG_ENDPOINT },
	};
	struct hg_grammar *g = hg_alloc(sizeof(*g));

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		assert_null(hg_grammar_add(g, &rules[i]));
	*state = g;
	return 0;
}

static int free_grammar(void **state)
{
	hg_grammar_done(*state);
	free(*state);
	return 0;
}

/* "6500 lunch @7": the availability, the note, since when idle. In every order of the faces. */
static void expect_at(
	struct hg_grammar *g, const struct face *f, size_t n, const char *want, int line)
{
	struct hg_statement st[4] = { 0 };
	struct hg_said said[4];
	struct hg_presence p;
	char got[128], idle[32];

	for (size_t i = 0; i < n; i++)
		st[i] = (struct hg_statement){ .machine = f[i].machine,
			.user = f[i].user,
			.priority = f[i].priority,
			.idle_since = f[i].idle_since,
			.note.text = f[i].note ? hg_bytes_new(hg_str(f[i].note)) : NULL };
	for (size_t turn = 0; turn < n + (n == 0); turn++) {
		for (size_t i = 0; i < n; i++)
			said[i] = (struct hg_said){ &st[(i + turn) % n],
				NOW - f[(i + turn) % n].age };
		hg_faces_presence(g, said, n, NOW, &p);
		snprintf(idle, sizeof(idle), " @%lld", (long long)p.last_active);
		snprintf(got, sizeof(got), "%u%s%s%s", p.availability, p.note.text ? " " : "",
			p.note.text ? p.note.text->p : "", p.last_active ? idle : "");
		if (strcmp(got, want) != 0)
			fail_msg("line %d, turn %zu: %s, not %s", line, turn, got, want);
		hg_presence_done(&p);
	}
	for (size_t i = 0; i < n; i++)
		hg_statement_done(&st[i]);
}

#define EXPECT(want, ...) \
	expect_at(*state, (const struct face[]){ __VA_ARGS__ }, \
		sizeof((const struct face[]){ __VA_ARGS__ }) / sizeof(struct face), want, \
		__LINE__)
#define DEVICE(availability, ...) \
	{ \
		.machine = (availability), ##__VA_ARGS__ \
	}
#define CHOICE(availability, ...) \
	{ \
		.user = (availability), ##__VA_ARGS__ \
	}

static void one_face(void **state)
{
	EXPECT("3500", DEVICE(3500));
	EXPECT("5000 tea @7", DEVICE(5000, .note = "tea", .idle_since = 7));
	EXPECT("15500", DEVICE(15500));
	EXPECT("6500", CHOICE(6500)); /* who chooses is there: a machine of his own */
	EXPECT("9500", CHOICE(9500));
	EXPECT("12500", CHOICE(12500));
	EXPECT("7500", { .machine = 5000, .user = 6500 });
	EXPECT("9500", { .machine = 15500, .user = 9500 });
}

static void nobody_is_offline(void **state)
{
	expect_at(*state, NULL, 0, "18500", __LINE__);
	EXPECT("18500 last words", { .note = "last words" });
	EXPECT("18500 newer", { .note = "older", .age = 9 }, { .note = "newer", .age = 1 });
	EXPECT("3500", { .note = "last words", .age = 1 }, DEVICE(3500, .age = 9));
	EXPECT("18500", { .note = "last words" }, DEVICE(3500, .priority = -1));
	EXPECT("18500", DEVICE(18500));
}

static void the_most_available_device_counts(void **state)
{
	EXPECT("3500 laptop", DEVICE(15500, .note = "phone", .age = 1, .priority = 9),
		DEVICE(3500, .note = "laptop", .age = 9));
	EXPECT("5000", DEVICE(15500, .note = "phone"), DEVICE(5000));
	EXPECT("5000 idle @5", DEVICE(15500, .idle_since = 9),
		DEVICE(5000, .note = "idle", .idle_since = 5), DEVICE(18500));
}

static void dnd_in_any_wins(void **state)
{
	EXPECT("9500 no", CHOICE(9500, .note = "no", .age = 9),
		DEVICE(3500, .note = "yes", .age = 1, .priority = 5));
	EXPECT("6500 no", CHOICE(6500, .note = "no", .age = 9),
		DEVICE(3500, .note = "yes", .age = 1, .priority = 5));
	/* Also over a newer and weightier choice, and with its own note. */
	EXPECT("9500 dnd", CHOICE(9500, .note = "dnd", .age = 9),
		CHOICE(6500, .note = "busy", .age = 1, .priority = 5));
	EXPECT("6500 busy", CHOICE(12500, .note = "brb", .age = 1, .priority = 5),
		CHOICE(6500, .note = "busy", .age = 9));
	EXPECT("9500", CHOICE(9500), DEVICE(15500));
}

static void a_negative_priority_takes_no_part(void **state)
{
	EXPECT("15500 phone", DEVICE(3500, .priority = -1, .note = "bot"),
		DEVICE(15500, .note = "phone"));
	EXPECT("3500", CHOICE(9500, .priority = -128, .note = "bot"), DEVICE(3500));
	EXPECT("18500", DEVICE(3500, .priority = -1, .note = "bot"));
	EXPECT("3500", DEVICE(3500, .priority = 0));
}

static void ties_go_by_priority_then_age(void **state)
{
	EXPECT("3500 high", DEVICE(3500, .note = "high", .priority = 5, .age = 9),
		DEVICE(3500, .note = "low", .age = 1));
	EXPECT("3500 new", DEVICE(3500, .note = "old", .age = 9),
		DEVICE(3500, .note = "new", .age = 1));
	EXPECT("6500 high", CHOICE(6500, .note = "high", .priority = 5, .age = 9),
		CHOICE(6500, .note = "low", .age = 1));
	EXPECT("6500 new", CHOICE(6500, .note = "old", .age = 9),
		CHOICE(6500, .note = "new", .age = 1));
	EXPECT("9500 high", CHOICE(9500, .note = "high", .priority = 1, .age = 9),
		CHOICE(9500, .note = "low", .age = 1));
}

static void note_and_idle_come_from_the_chosen_face(void **state)
{
	EXPECT("3500", DEVICE(3500), DEVICE(15500, .note = "gone fishing", .idle_since = 7));
	EXPECT("5000 desk @3", DEVICE(5000, .note = "desk", .idle_since = 3),
		DEVICE(15500, .note = "x", .idle_since = 7));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_face),
		cmocka_unit_test(nobody_is_offline),
		cmocka_unit_test(the_most_available_device_counts),
		cmocka_unit_test(dnd_in_any_wins),
		cmocka_unit_test(a_negative_priority_takes_no_part),
		cmocka_unit_test(ties_go_by_priority_then_age),
		cmocka_unit_test(note_and_idle_come_from_the_chosen_face),
	};

	return cmocka_run_group_tests_name("faces", tests, make_grammar, free_grammar);
}
