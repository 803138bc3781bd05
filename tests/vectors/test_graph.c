/* SPDX-License-Identifier: Apache-2.0 */
/* T21 (IW 0): Graph's words in the spelling of either generation of its documents, and what somebody does in either field. */
#include <ctype.h>
#include <stdio.h>

#include "tests/unit/mapping_shipped.h"

static struct hg_tables graph;

/* IW 4.6, and T21. */
static const char *const availabilities[] = { "Available", "AvailableIdle", "Away", "BeRightBack",
	"Busy", "BusyIdle", "DoNotDisturb", "Offline", "PresenceUnknown" };
static const char *const activities[] = { "Available", "Away", "BeRightBack", "Busy",
	"DoNotDisturb", "InACall", "InAConferenceCall", "Inactive", "InAMeeting", "Offline",
	"OffWork", "OutOfOffice", "PresenceUnknown", "Presenting", "UrgentInterruptionsOnly",
	"Focusing" };

enum {
	AVAILABILITIES = sizeof(availabilities) / sizeof(availabilities[0]),
	ACTIVITIES = sizeof(activities) / sizeof(activities[0])
};

static int setup(void **state)
{
	graph = shipped_load("graph", HG_SOURCE_DIR "/mappings/graph.yaml");
	return 0;
}

static int teardown(void **state)
{
	hg_tables_done(&graph);
	return 0;
}

static uint16_t field(const char *name)
{
	const struct hg_vocabulary *v = hg_table_vocabulary(graph.v[0]);
	uint16_t i = 0;

	while (strcmp(v->field[i].name, name) != 0)
		assert_true(++i < v->nfields);
	return i;
}

static struct hg_statement said(const char *availability, const char *activity)
{
	struct hg_value value[] = { { .field = field("availability"),
					    .text = hg_str(availability) },
		{ .field = field("activity"), .text = hg_str(activity) } };
	struct hg_record *r = hg_record_new(value, 2);
	struct hg_statement s;

	hg_table_in(graph.v[0], r, &s);
	hg_record_unref(r);
	return s;
}

static bool same(const struct hg_statement *a, const struct hg_statement *b)
{
	return a->user == b->user && a->phone == b->phone && a->calendar == b->calendar &&
		a->machine == b->machine && strcmp(a->token, b->token) == 0;
}

/* inACall; or inacall. */
static const char *spelled(const char *word, bool all, char ret[48])
{
	snprintf(ret, 48, "%s", word);
	for (size_t i = 0; ret[i] && (all || i == 0); i++)
		ret[i] = (char)tolower((unsigned char)ret[i]);
	return ret;
}

static void t21_compare(const char *availability, const char *activity)
{
	struct hg_statement want = said(availability, activity), is;
	char one[48], other[48];

	for (int how = 0; how < 9; how++) {
		const char *a = how % 3 ? spelled(availability, how % 3 == 2, one) : availability;
		const char *b = how / 3 ? spelled(activity, how / 3 == 2, other) : activity;

		is = said(a, b);
		if (!same(&want, &is))
			fail_msg("%s %s is not what %s %s is", a, b, availability, activity);
	}
}

/* Each pair of words, in every spelling of either. */
static void t21_spellings(void **state)
{
	for (int b = 0; b < ACTIVITIES; b++) {
		for (int a = 0; a < AVAILABILITIES; a++)
			t21_compare(availabilities[a], activities[b]);
		for (int a = 0; a < ACTIVITIES; a++)
			t21_compare(activities[a], activities[b]);
	}
}

/* What somebody does says so from either field; newer documents have it in both. */
static void t21_either_field(void **state)
{
	static const struct {
		const char *word, *older;
	} rows[] = {
		{ "InACall", "Busy" },
		{ "InAConferenceCall", "Busy" },
		{ "InAMeeting", "Busy" },
		{ "UrgentInterruptionsOnly", "Busy" },
		{ "Focusing", "DoNotDisturb" },
		{ "Presenting", "DoNotDisturb" },
		{ "OutOfOffice", "Away" },
		{ "OffWork", "Away" },
		{ "Inactive", "AvailableIdle" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct hg_statement want = said(rows[i].older, rows[i].word),
				    both = said(rows[i].word, rows[i].word),
				    first = said(rows[i].word, "nothing that is known");

		assert_true(hg_statement_says(&want));
		if (!same(&want, &both) || !same(&want, &first))
			fail_msg("%s as an availability is not what %s %s is", rows[i].word,
				rows[i].older, rows[i].word);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t21_spellings),
		cmocka_unit_test(t21_either_field),
	};

	return cmocka_run_group_tests_name("graph", tests, setup, teardown);
}
