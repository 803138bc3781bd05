/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What somebody on XMPP says, in every combination that a presence has, comes back as it was said: read and written by its table, and over
 * PIDF's in between. The exhaustive test of the tables begins with states; this one with words, of which there are more.
 */
#include "bridge/presence/faces.h"

#include <stdio.h>

#include "tests/unit/mapping_shipped.h"

#define SINCE "2026-11-21T19:42:54.000Z"

static struct hg_tables xmpp, pidf;
static struct hg_grammar grammar;

static int setup(void **state)
{
	xmpp = shipped_load("xmpp", HG_SOURCE_DIR "/mappings/xmpp.yaml");
	pidf = shipped_load("pidf", HG_SOURCE_DIR "/mappings/pidf.yaml");
	grammar = shipped_grammar();
	return 0;
}

static int teardown(void **state)
{
	hg_tables_done(&xmpp);
	hg_tables_done(&pidf);
	hg_grammar_done(&grammar);
	return 0;
}

/* What a watcher is told by one table of what another one reads. */
static struct hg_record *told(
	const struct hg_table *from, const struct hg_record *said, const struct hg_table *to)
{
	struct hg_statement s;
	struct hg_said face = { &s, 1 };
	struct hg_presence p;
	struct hg_record *r;

	hg_table_in(from, said, &s);
	hg_faces_presence(&grammar, &face, 1, INT64_C(1795255200000), &p);
	p.circle = HG_CIRCLE_COLLEAGUES;
	r = hg_table_out(to, &p);
	hg_presence_done(&p);
	hg_statement_done(&s);
	return r;
}

static struct hg_record *say(const char *show, const char *priority, bool idle, bool status)
{
	struct hg_value v[HG_FIELDS_MAX] = { { .field = HG_XMPP_TYPE,
		.text = HG_STR("available") } };
	size_t n = 1;

	if (*show)
		v[n++] = (struct hg_value){ .field = HG_XMPP_SHOW, .text = hg_str(show) };
	if (status) {
		v[n++] = (struct hg_value){
			.field = HG_XMPP_STATUS, .text = HG_STR("na schuzce"), .lang = "cs"
		};
		v[n++] = (struct hg_value){
			.field = HG_XMPP_STATUS, .text = HG_STR("in a meeting"), .lang = "en"
		};
	}
	v[n++] = (struct hg_value){ .field = HG_XMPP_PRIORITY, .text = hg_str(priority) };
	if (idle)
		v[n++] = (struct hg_value){ .field = HG_XMPP_IDLE, .text = HG_STR(SINCE) };
	return hg_record_new(v, n);
}

/* Who is idle and says nothing else is Inactive here, which XMPP calls away. */
static const char *comes_back_as(const char *show, bool idle)
{
	return idle && (!*show || !strcmp(show, "chat")) ? "away" : show;
}

static const char *const shows[] = { "", "away", "chat", "dnd", "xa" };

static void by_its_own_table(void **state)
{
	static const char *const priorities[] = { "0", "1", "64", "127" };

	for (size_t i = 0; i < 5 * 4 * 2 * 2; i++) {
		const char *show = shows[i % 5], *priority = priorities[i / 5 % 4];
		bool idle = i / 20 % 2, status = i / 40;
		struct hg_record *said = say(show, priority, idle, status);
		struct hg_record *want = say(comes_back_as(show, idle), priority, idle, status);
		struct hg_record *back = told(xmpp.v[0], said, xmpp.v[0]);

		if (!hg_record_eq(back, want))
			fail_msg("show '%s', priority %s, idle %d, status %d", show, priority, idle,
				status);
		hg_record_unref(said);
		hg_record_unref(want);
		hg_record_unref(back);
	}
}

/* A priority is a contact's there, and none of the table's. */
static void over_another_ones(void **state)
{
	for (size_t i = 0; i < 5 * 2 * 2; i++) {
		const char *show = shows[i % 5];
		bool idle = i / 5 % 2, status = i / 10;
		struct hg_record *said = say(show, "0", idle, status);
		struct hg_record *want = say(comes_back_as(show, idle), "0", idle, status);
		struct hg_record *between = told(xmpp.v[0], said, pidf.v[0]);
		struct hg_record *back = told(pidf.v[0], between, xmpp.v[0]);

		if (!hg_record_eq(back, want))
			fail_msg("show '%s', idle %d, status %d", show, idle, status);
		hg_record_unref(said);
		hg_record_unref(want);
		hg_record_unref(between);
		hg_record_unref(back);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_its_own_table),
		cmocka_unit_test(over_another_ones),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
