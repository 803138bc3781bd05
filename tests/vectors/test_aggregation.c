/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From several devices to one state: every band of a machine, of a choice, of a call and of a meeting against an oracle made
 * of tables, and the vectors of aggregation.
 */
#include "bridge/presence/aggregate.h"
#include "tests/support/support.h"
#include "tests/support/texts.h"

#include <stdio.h>
#include <string.h>

#define NOW INT64_C(1800000000000)
#define CHOSEN_AT (NOW - 60000)

/* ---- the oracle ---- */

enum machine { IGNORED, ACTIVE, INACTIVE, AWAY, OFF };
enum choice { NOTHING, CLEARS, COUNTS, DECIDES, HIDES };

/* A client copies its status into its machineState, so the number is a class and no more. */
static const enum machine machine_class[HG_BAND_COUNT] = {
	[HG_BAND_UNKNOWN] = IGNORED,
	[HG_BAND_AVAILABLE] = ACTIVE,
	[HG_BAND_AVAILABLE_IDLE] = INACTIVE,
	[HG_BAND_BUSY] = ACTIVE,
	[HG_BAND_BUSY_IDLE] = ACTIVE,
	[HG_BAND_DND] = ACTIVE,
	[HG_BAND_BRB] = ACTIVE,
	[HG_BAND_AWAY] = AWAY,
	[HG_BAND_OFFLINE] = OFF,
};

static const enum choice choice_rule[HG_BAND_COUNT] = {
	[HG_BAND_UNKNOWN] = NOTHING,
	[HG_BAND_AVAILABLE] = CLEARS,       /* meetings that are older than it */
	[HG_BAND_AVAILABLE_IDLE] = NOTHING, /* a machine's word */
	[HG_BAND_BUSY] = COUNTS,
	[HG_BAND_BUSY_IDLE] = COUNTS,
	[HG_BAND_DND] = DECIDES,
	[HG_BAND_BRB] = DECIDES,
	[HG_BAND_AWAY] = DECIDES,
	[HG_BAND_OFFLINE] = HIDES,
};

/* What a machine that is not active makes of each band; 0 leaves the number as it is. */
static const uint32_t when_inactive[HG_BAND_COUNT] = {
	[HG_BAND_AVAILABLE] = 5000, [HG_BAND_BUSY] = 7500
};
static const uint32_t when_away[HG_BAND_COUNT] = {
	[HG_BAND_AVAILABLE] = 15500,
	[HG_BAND_AVAILABLE_IDLE] = 15500,
	[HG_BAND_BUSY] = 15500,
	[HG_BAND_BUSY_IDLE] = 15500,
};
static const uint32_t when_away_in_a_call[HG_BAND_COUNT] = { [HG_BAND_BUSY] = 7500 };
static const bool is_call[HG_BAND_COUNT] = {
	[HG_BAND_BUSY] = true, [HG_BAND_BUSY_IDLE] = true, [HG_BAND_DND] = true
};

/* When a meeting begins, seen from the choice and from now. */
enum timing { BEFORE_CHOICE, AFTER_CHOICE, LATER, PUBLISHED_BEFORE, PUBLISHED_AFTER, TIMINGS };

static uint32_t larger(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

static uint32_t oracle(
	int64_t machine, uint32_t choice, uint32_t phone, uint32_t meeting, enum timing when)
{
	enum machine m = machine < 0 ? IGNORED : machine_class[hg_band_of((uint32_t)machine)];
	enum choice u = choice_rule[hg_band_of(choice)];
	bool old = when == BEFORE_CHOICE || when == PUBLISHED_BEFORE;
	bool meets = meeting >= 3000 && when != LATER && !(u == CLEARS && old);
	const uint32_t *table;
	uint32_t n;

	if (m == IGNORED || m == OFF || u == HIDES)
		return 18500;
	if (u == DECIDES)
		return choice;
	n = larger(3500,
		larger(u == COUNTS ? choice : 0,
			larger(phone >= 3000 ? phone : 0, meets ? meeting : 0)));
	if (m == ACTIVE)
		return n;
	table = m == INACTIVE                ? when_inactive
		: is_call[hg_band_of(phone)] ? when_away_in_a_call
					     : when_away;
	return table[hg_band_of(n)] ? table[hg_band_of(n)] : n;
}

/* ---- every case ---- */

/* The first and the last number of every band. */
static const uint32_t number[] = { 0, 2999, 3000, 4499, 4500, 5999, 6000, 7499, 7500, 8999, 9000,
	11999, 12000, 14999, 15000, 17999, 18000, UINT32_MAX };
enum { NUMBERS = sizeof(number) / sizeof(number[0]) };

static struct hg_aggregate_in meeting_at(struct hg_state *s, enum timing when)
{
	struct hg_aggregate_in in = { s, CHOSEN_AT - 1000 };

	switch (when) {
	case BEFORE_CHOICE:
		s->start = CHOSEN_AT - 1;
		break;
	case AFTER_CHOICE:
		s->start = CHOSEN_AT + 1;
		break;
	case LATER:
		s->start = NOW + 1;
		break;
	case PUBLISHED_AFTER:
		in.published = CHOSEN_AT + 1;
		break;
	default:
		break;
	}
	return in;
}

/* `order`: 0..3 rotates the states, since nothing may depend on how they are stored. */
static uint32_t made_of(int64_t machine, int64_t choice, int64_t phone, int64_t meeting,
	enum timing when, size_t order)
{
	struct hg_state m = { .kind = HG_STATE_MACHINE, .availability = (uint32_t)machine };
	struct hg_state u = {
		.kind = HG_STATE_USER, .manual = true, .availability = (uint32_t)choice
	};
	struct hg_state p = { .kind = HG_STATE_PHONE, .availability = (uint32_t)phone };
	struct hg_state c = { .kind = HG_STATE_CALENDAR, .availability = (uint32_t)meeting };
	struct hg_aggregate_in all[4], in[4];
	size_t n = 0;

	if (machine >= 0)
		all[n++] = (struct hg_aggregate_in){ &m, NOW - 5000 };
	if (choice >= 0)
		all[n++] = (struct hg_aggregate_in){ &u, CHOSEN_AT };
	if (phone >= 0)
		all[n++] = (struct hg_aggregate_in){ &p, NOW - 5000 };
	if (meeting >= 0)
		all[n++] = meeting_at(&c, when);
	for (size_t i = 0; i < n; i++)
		in[i] = all[(i + order) % n];
	return hg_aggregate(in, n, NOW).availability;
}

static int64_t at(int i)
{
	return i < 0 ? -1 : (int64_t)number[i];
}

static void every_band_of_everything(void **state)
{
	size_t cases = 0;

	for (int m = -1; m < NUMBERS; m++)
		for (int u = -1; u < NUMBERS; u++)
			for (int p = -1; p < NUMBERS; p++)
				for (int c = -1; c < NUMBERS; c++)
					for (enum timing t = 0; t < (c < 0 ? 1 : TIMINGS); t++) {
						int64_t machine = at(m), choice = at(u);
						int64_t phone = at(p), meeting = at(c);
						uint32_t want = oracle(machine,
							u < 0 ? 0 : number[u],
							p < 0 ? 0 : number[p],
							c < 0 ? 0 : number[c], t);
						uint32_t got = made_of(machine, choice, phone,
							meeting, t, cases % 4);

						if (got != want)
							fail_msg(
								"machine %lld choice %lld phone %lld meeting %lld/%d: "
								"%u, not %u",
								(long long)machine,
								(long long)choice, (long long)phone,
								(long long)meeting, t, got, want);
						cases++;
					}
	assert_int_equal(cases, 19 * 19 * 19 * (1 + 18 * TIMINGS));
}

/* Of several machines the most active one counts, wherever it stands. */
static void every_pair_of_machines(void **state)
{
	for (int a = 0; a < NUMBERS; a++) {
		for (int b = 0; b < NUMBERS; b++) {
			struct hg_state s[] = { { .kind = HG_STATE_MACHINE,
							.availability = number[a] },
				{ .kind = HG_STATE_MACHINE, .availability = number[b] } };
			struct hg_aggregate_in in[] = { { &s[0], NOW - 2 }, { &s[1], NOW - 1 } };
			enum machine ma = machine_class[hg_band_of(number[a])],
				     mb = machine_class[hg_band_of(number[b])];
			struct hg_aggregate got = hg_aggregate(in, 2, NOW);
			bool first = ma != IGNORED && (mb == IGNORED || ma < mb);

			assert_int_equal(
				got.availability, oracle(number[first ? a : b], 0, 0, 0, 0));
			assert_int_equal(got.machine,
				ma == IGNORED && mb == IGNORED ? -1
					: first                ? 0
							       : 1);
		}
	}
}

/* Of several choices the newest one counts, an empty one never. */
static void every_pair_of_choices(void **state)
{
	for (int a = 0; a < NUMBERS; a++) {
		for (int b = 0; b < NUMBERS; b++) {
			for (int newer = 0; newer < 2; newer++) {
				struct hg_state m = { .kind = HG_STATE_MACHINE,
					.availability = 3500 };
				struct hg_state s[] = { { .kind = HG_STATE_USER,
								.availability = number[a] },
					{ .kind = HG_STATE_USER, .availability = number[b] } };
				struct hg_aggregate_in in[] = { { &s[0],
									NOW - 2 + 2 * (1 - newer) },
					{ &m, NOW }, { &s[1], NOW - 1 } };
				uint32_t last = newer ? number[b] : number[a],
					 other = newer ? number[a] : number[b];

				assert_int_equal(hg_aggregate(in, 3, NOW).availability,
					oracle(3500, last < 3000 ? other : last, 0, 0, 0));
			}
		}
	}
}

/* ---- the vectors ---- */

struct vector {
	enum hg_state_kind kind;
	uint32_t availability;
	const char *token;
	uint32_t min, max;
	int64_t age;   /* ms before now */
	int64_t start; /* ms before now, 0 none */
	const char *custom;
};

/* Ends with kind 0. What is shown: "6500 on-the-phone", "5000". */
static void expect(const struct vector *v, const char *want)
{
	struct hg_state s[8] = { 0 };
	struct hg_aggregate_in in[8] = { 0 };
	struct hg_aggregate a;
	char got[128];
	size_t n = 0;

	for (; v[n].kind; n++) {
		s[n] = (struct hg_state){ .kind = v[n].kind,
			.availability = v[n].availability,
			.min = v[n].min,
			.max = v[n].max ? v[n].max : UINT32_MAX };
		s[n].start = v[n].start ? NOW - v[n].start : 0;
		snprintf(s[n].token, sizeof(s[n].token), "%s", v[n].token ? v[n].token : "");
		s[n].custom = v[n].custom ? test_text(v[n].custom, 1033) : NULL;
		in[n] = (struct hg_aggregate_in){ &s[n], NOW - v[n].age };
	}
	a = hg_aggregate(in, n, NOW);
	snprintf(got, sizeof(got), "%u%s%s", a.availability, a.activity >= 0 ? " " : "",
		a.activity < 0                    ? ""
			: s[a.activity].token[0]  ? s[a.activity].token
			: s[a.activity].custom->v[0].text->n ? s[a.activity].custom->v[0].text->p
						  : "?");
	assert_string_equal(got, want);
	for (size_t i = 0; i < n; i++)
		hg_state_done(&s[i]);
}

#define EXPECT(want, ...) expect((const struct vector[]){ __VA_ARGS__, { 0 } }, want)
#define STATE(kind_, availability_, ...) \
	{ \
		.kind = (kind_), .availability = (availability_), ##__VA_ARGS__ \
	}
#define M(availability_, ...) STATE(HG_STATE_MACHINE, availability_, ##__VA_ARGS__)
#define U(availability_, ...) STATE(HG_STATE_USER, availability_, ##__VA_ARGS__)
#define PHONE(availability_, ...) STATE(HG_STATE_PHONE, availability_, ##__VA_ARGS__)
#define MEETING(availability_, ...) STATE(HG_STATE_CALENDAR, availability_, ##__VA_ARGS__)
#define SAYS(token_, min_, max_) .token = (token_), .min = (min_), .max = (max_)
#define OOF STATE(HG_STATE_CALENDAR, 0, .token = "out-of-office", .min = 12000)

static void vectors_of_availability(void **state)
{
	struct hg_state s[] = { { .kind = HG_STATE_MACHINE, .availability = 5000 },
		{ .kind = HG_STATE_MACHINE, .availability = 3500 },
		{ .kind = HG_STATE_MACHINE, .availability = 15500 } };
	struct hg_aggregate_in in[] = { { &s[0], 1 }, { &s[1], 2 }, { &s[2], 3 } };

	assert_int_equal(hg_aggregate(in, 3, NOW).machine, 1); /* TV-11 */
	EXPECT("6500 on-the-phone", M(3500), M(3500), M(18500),
		PHONE(6500, SAYS("on-the-phone", 6500, 8999))); /* TV-12 */
	EXPECT("6500", M(3500), U(6500));                       /* TV-13 */
	EXPECT("7500", M(5000), U(6500));                       /* TV-24 */
	EXPECT("5000", M(5000));                                /* TV-24 */
	EXPECT("5000", M(5000), M(15500));                      /* TV-26 */
	EXPECT("15500", M(15500));                              /* TV-26 */
	EXPECT("18500", U(6500)); /* TV-25: no endpoint is left; a static choice alone is nobody */
	EXPECT("15500", M(3500), U(15500)); /* TV-21 */
	assert_int_equal(hg_aggregate(NULL, 0, NOW).availability, 18500);
	assert_int_equal(hg_aggregate(NULL, 0, NOW).activity, -1);
}

/* What EP 2.5 leaves open: docs/decisions/0004. */
static void decided_here(void **state)
{
	EXPECT("9500", M(15500), U(9500)); /* a manual DND outlives its desk */
	/* TV-85: a live call with an idle machine */
	EXPECT("7500 on-the-phone", M(5000), PHONE(6500, SAYS("on-the-phone", 6500, 8999)));
	EXPECT("7500 on-the-phone", M(15500), PHONE(6500, SAYS("on-the-phone", 6500, 8999)));
	EXPECT("7500 in-a-conference", M(15500), PHONE(7000, SAYS("in-a-conference", 7000, 8999)));
	EXPECT("9000 in-presentation", M(15500), PHONE(9000, SAYS("in-presentation", 9000, 11999)));
	EXPECT("15500", M(15500),
		MEETING(6500, SAYS("in-a-meeting", 6500, 8999),
			.age = 5000)); /* nobody sits in it */
	EXPECT("3500", M(3500), U(3500),
		MEETING(6500, SAYS("in-a-meeting", 6500, 8999), .age = 5000, .start = 5000));
	EXPECT("15500", M(16000)); /* the class of a machine's number, not the number */
}

static void vectors_of_activity(void **state)
{
	/* TV-14: equal minimum, the newer one; a start time is more than the time of publishing. */
	EXPECT("6500 on-the-phone", M(3500),
		PHONE(6500, SAYS("on-the-phone", 6500, 8999), .age = 1000),
		MEETING(6500, SAYS("in-a-meeting", 6500, 8999), .age = 2000));
	EXPECT("6500 in-a-meeting", M(3500),
		PHONE(6500, SAYS("on-the-phone", 6500, 8999), .age = 1000),
		MEETING(6500, SAYS("in-a-meeting", 6500, 8999), .age = 2000, .start = 500));
	/* TV-15: the higher minimum. */
	EXPECT("7000 in-a-conference", M(3500),
		PHONE(7000, SAYS("in-a-conference", 7000, 8999), .age = 9000),
		MEETING(6500, SAYS("in-a-meeting", 6500, 8999), .age = 1000));
	/* TV-16 */
	EXPECT("3500", M(3500), OOF);
	EXPECT("15500 out-of-office", M(15500), OOF);
	/* An explicit Available hides older meetings, not that he is out of office. */
	EXPECT("15500 out-of-office", M(15500), OOF, U(3500, .age = -1));
	EXPECT("6500 on-the-phone", M(3500), U(3500, .age = 3000),
		PHONE(6500, SAYS("on-the-phone", 6500, 8999), .age = 9000),
		MEETING(6500, SAYS("in-a-meeting", 6500, 8999), .age = 5000, .start = 5000));
	/* TV-17, TV-18 */
	EXPECT("6500", M(3500), PHONE(6500, SAYS(NULL, 6500, 8999)));
	EXPECT("6500 on-the-phone", M(3500),
		PHONE(6500, SAYS("on-the-phone", 6500, 8999), .age = 9000),
		U(6500, .custom = "Client call", .age = 1));
	EXPECT("6500 Client call", M(3500), U(6500, .custom = "Client call"));
	/* The ends of the range belong to it. */
	EXPECT("6500 x", M(3500), U(6500, SAYS("x", 6500, 6500)));
	EXPECT("6500", M(3500), U(6500, SAYS("x", 6501, 8999)));
	EXPECT("6500", M(3500), U(6500, SAYS("x", 3000, 6499)));
	/* Only of states that took part, and never of somebody who is offline. */
	EXPECT("6500", M(3500), U(6500, .age = 1), U(6500, .token = "older", .age = 2));
	EXPECT("3500", M(3500, .age = 2), M(5000, .token = "idle", .age = 1));
	EXPECT("3500 here", M(3500, .token = "here"));
	EXPECT("3500", M(3500),
		MEETING(6500, SAYS("in-a-meeting", 0, 8999), .age = 1000, .start = -1000));
	EXPECT("18500", M(18500), U(6500, .token = "x"));
}

static void order_of_machines(void **state)
{
	static const uint32_t ranked[] = { 3500, 5000, 15500, 18500 }; /* TV-28 */

	for (size_t a = 0; a < 4; a++)
		for (size_t b = a + 1; b < 4; b++)
			assert_true(hg_machine_of(ranked[a]) < hg_machine_of(ranked[b]));
}

/* TV-19, TV-84 */
static void urgent_interruptions(void **state)
{
	static const struct {
		enum hg_state_kind kind;
		bool manual;
		uint32_t availability;
		bool changes;
	} row[] = {
		{ HG_STATE_USER, true, 8999, false },
		{ HG_STATE_USER, true, 9000, true },
		{ HG_STATE_USER, true, 9500, true },
		{ HG_STATE_USER, true, 11999, true },
		{ HG_STATE_USER, true, 12000, false },
		{ HG_STATE_USER, false, 9500, false },
		{ HG_STATE_PHONE, true, 9500, false },
		{ HG_STATE_MACHINE, true, 9500, false },
	};

	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct hg_state s = { .kind = row[i].kind,
			.manual = row[i].manual,
			.availability = row[i].availability,
			.token = "was" },
				before = s;

		assert_int_equal(hg_aggregate_urgent(&s), row[i].changes);
		if (!row[i].changes) {
			assert_true(hg_state_eq(&s, &before));
			continue;
		}
		assert_int_equal(s.availability, 6900);
		assert_string_equal(s.token, "urgent-interruptions-only");
		assert_int_equal(s.min, 6900);
		assert_int_equal(s.max, 8999);
	}
	EXPECT("6900 urgent-interruptions-only", M(3500),
		U(6900, SAYS("urgent-interruptions-only", 6900, 8999)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_band_of_everything),
		cmocka_unit_test(every_pair_of_machines),
		cmocka_unit_test(every_pair_of_choices),
		cmocka_unit_test(vectors_of_availability),
		cmocka_unit_test(decided_here),
		cmocka_unit_test(vectors_of_activity),
		cmocka_unit_test(order_of_machines),
		cmocka_unit_test(urgent_interruptions),
	};

	return cmocka_run_group_tests_name("aggregation", tests, NULL, NULL);
}
