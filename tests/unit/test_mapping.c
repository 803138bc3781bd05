/* SPDX-License-Identifier: Apache-2.0 */
/* Mapping tables made in C: matching, what is written, texts. The shipped ones: test_mapping_files.c. */
#include <stdio.h>

#include "tests/unit/mapping_toy.h"

static struct hg_table *the_table;

static int setup(void **state)
{
	the_table = make(&source);
	return 0;
}

static int teardown(void **state)
{
	hg_table_free(the_table);
	return 0;
}

/* ---- records ---- */

static void records_are_compared_by_content(void **state)
{
	struct hg_value v[] = { { MODE, HG_STR("on"), "" }, { SAYS, HG_STR("hi"), "en" } };
	struct hg_record *a = hg_record_new(v, 2), *b = hg_record_new(v, 2), *c, *d;

	memcpy(v[1].lang, "de", 3);
	c = hg_record_new(v, 2);
	d = hg_record_new(v, 1);
	assert_true(hg_record_eq(a, b));
	assert_false(hg_record_eq(a, c));
	assert_false(hg_record_eq(c, d));
	assert_false(hg_record_eq(a, NULL));
	assert_true(hg_record_eq(NULL, NULL));
	assert_true(hg_str_is(hg_record_get(a, SAYS)->text, "hi"));
	assert_null(hg_record_get(d, SAYS));
	hg_record_unref(hg_record_ref(a));
	hg_record_unref(a);
	hg_record_unref(b);
	hg_record_unref(c);
	hg_record_unref(d);
}

/* ---- inward ---- */

struct heard {
	const char *mode, *where, *says, *rank, *since;
};

static struct hg_statement said(struct heard h)
{
	const char *text[] = { h.mode, h.where, h.says, h.rank, h.since };
	struct hg_value v[5];
	struct hg_statement s;
	struct hg_record *r;
	size_t n = 0;

	memset(v, 0, sizeof(v));
	for (uint16_t i = 0; i < 5; i++) {
		if (!text[i])
			continue;
		v[n].field = i;
		v[n].text = hg_str(text[i]);
		if (i == SAYS)
			memcpy(v[n].lang, "fr", 3);
		n++;
	}
	r = hg_record_new(v, n);
	hg_table_in(the_table, r, &s);
	hg_record_unref(r);
	return s;
}

static void inward_the_first_rule_that_matches_speaks(void **state)
{
	struct hg_statement s = said((struct heard){ .mode = "quiet", .where = "road" });

	assert_int_equal(s.user, 6500);
	assert_int_equal(s.machine, 0);
	s = said((struct heard){ .mode = "on", .where = "road" });
	assert_int_equal(s.machine, 15700);
	assert_int_equal(s.user, 0);
	s = said((struct heard){ .mode = "on" });
	assert_int_equal(s.machine, 3500);
	s = said((struct heard){ .where = "desk", .since = "2026-11-21T19:42:54Z" });
	assert_int_equal(s.machine, 5000);
}

static void inward_ranges_have_edges(void **state)
{
	assert_int_equal(said((struct heard){ .rank = "-10" }).machine, 12500);
	assert_int_equal(said((struct heard){ .rank = "-5" }).machine, 12500);
	assert_int_equal(said((struct heard){ .rank = "-4" }).machine, 3500);
	assert_int_equal(said((struct heard){ .rank = "-3" }).machine, 12500);
	assert_int_equal(said((struct heard){ .rank = "-2" }).machine, 3500);
	assert_int_equal(said((struct heard){ .rank = "-5", .where = "desk" }).machine, 3500);
}

static void inward_columns_carry(void **state)
{
	struct hg_statement s = said((struct heard){ .mode = "quiet",
		.says = " caf\xc3\xa9 ",
		.rank = "-7",
		.since = "1970-01-01T00:00:01Z" });

	assert_int_equal(s.user, 6500);
	assert_int_equal(s.priority, -7);
	assert_int_equal(s.idle_since, 1000);
	assert_true(hg_str_is(hg_bytes_str(s.note.text), "caf\xc3\xa9"));
	assert_string_equal(s.note.lang, "fr");
	hg_statement_done(&s);
}

static void inward_none_says_last_words_alone(void **state)
{
	static const struct hg_statement nothing;
	struct hg_statement s = said((struct heard){ .mode = "off", .says = "bye", .rank = "5" });

	assert_int_equal(s.machine, nothing.machine);
	assert_int_equal(s.user, nothing.user);
	assert_int_equal(s.priority, 0);
	assert_str(hg_bytes_str(s.note.text), "bye");
	hg_statement_done(&s);
}

static void inward_what_is_no_value_is_absent(void **state)
{
	struct hg_statement s = said((struct heard){
		.mode = "OFF", .where = "", .says = " \n", .rank = "11", .since = "yesterday" });

	assert_int_equal(s.machine, 3500);
	assert_int_equal(s.priority, 0);
	assert_int_equal(s.idle_since, 0);
	assert_null(s.note.text);
}

/* ---- outward ---- */

struct shown {
	uint32_t availability;
	const char *token, *note;
	uint32_t min, max;
	int64_t last_active;
};

/* "mode=on rank=3" */
static char *written(struct shown p)
{
	static char text[2048];
	struct hg_presence presence = { .availability = p.availability,
		.last_active = p.last_active };
	struct hg_record *r;
	struct hg_buf b = { 0 };

	presence.activity.min = p.min;
	presence.activity.max = p.max;
	if (p.token)
		memcpy(presence.activity.token, p.token, strlen(p.token) + 1);
	if (p.note) {
		presence.note.text = hg_bytes_new(hg_str(p.note));
		memcpy(presence.note.lang, "el", 3);
	}
	r = hg_table_out(the_table, &presence);
	for (uint32_t i = 0; i < r->n; i++) {
		const struct hg_value *v = &r->value[i];

		hg_buf_addf(&b, "%s%s%s%s=%.*s", i ? " " : "", fields[v->field].name,
			v->lang[0] ? "/" : "", v->lang, HG_STR_ARG(v->text));
	}
	assert_true(b.n < sizeof(text));
	memcpy(text, b.n ? b.p : "", b.n + 1);
	hg_buf_done(&b);
	hg_record_unref(r);
	hg_presence_done(&presence);
	return text;
}

static void outward_the_first_rule_that_matches_writes(void **state)
{
	assert_string_equal(written((struct shown){ .availability = 3500 }), "mode=on rank=3");
	assert_string_equal(written((struct shown){ .availability = 9500 }), "mode=quiet rank=3");
	assert_string_equal(
		written((struct shown){ .availability = 0, .note = "x", .last_active = 1 }),
		"mode=off");
	assert_string_equal(written((struct shown){ .availability = 2999 }), "mode=off");
	assert_string_equal(written((struct shown){ .availability = 18000 }), "mode=off");
	assert_string_equal(written((struct shown){ .availability = 15500 }), "mode=on rank=3");
	assert_string_equal(written((struct shown){ .availability = 15500, .note = "out" }),
		"mode=on where=road says/el=out rank=3");
	assert_string_equal(written((struct shown){ .availability = 5000, .last_active = 1500 }),
		"where=desk rank=3 since=1970-01-01T00:00:01.500Z");
}

static void outward_activities_hold_within_their_bounds(void **state)
{
	const char *phone = "mode=quiet says=On the phone. rank=3";

	assert_string_equal(
		written((struct shown){ .availability = 6500, .token = "on-the-phone" }), phone);
	assert_string_equal(written((struct shown){ .availability = 8999,
				    .token = "In-A-Conference",
				    .min = 6500,
				    .max = 8999 }),
		phone);
	assert_string_equal(
		written((struct shown){ .availability = 9000, .token = "on-the-phone" }), phone);
	assert_string_equal(
		written((struct shown){ .availability = 9001, .token = "on-the-phone" }),
		"mode=quiet rank=3");
	assert_string_equal(
		written((struct shown){
			.availability = 9000, .token = "on-the-phone", .min = 6500, .max = 8999 }),
		"mode=quiet rank=3");
	assert_string_equal(written((struct shown){
				    .availability = 6500, .token = "on-the-phone", .min = 6501 }),
		"mode=quiet rank=3");
	assert_string_equal(written((struct shown){ .availability = 6500, .token = "lunch" }),
		"mode=quiet rank=3");
	assert_string_equal(
		written((struct shown){
			.availability = 6500, .token = "on-the-phone", .note = "back at 5" }),
		"mode=quiet says/el=On the phone. back at 5 rank=3");
}

static void texts_are_cut_and_cleaned(void **state)
{
	char note[3000], expected[64 + HG_NOTE_MAX];
	size_t n = 0;

	assert_string_equal(written((struct shown){ .availability = 3500,
				    .note = "a\x01\x0b"
					    "b\xff\xc3(\xed\xa0\x80\xef\xbf\xbf\tc" }),
		"mode=on says/el=ab(\tc rank=3");
	assert_string_equal(written((struct shown){ .availability = 3500, .note = " \x02\n" }),
		"mode=on rank=3");
	/* 341 times three octets are 1023: the next character would not fit whole */
	while (n < 2000) {
		memcpy(note + n, "\xe6\xbc\xa2", 3);
		n += 3;
	}
	note[n] = '\0';
	snprintf(expected, sizeof(expected), "mode=on says/el=%.*s rank=3", 1023, note);
	assert_string_equal(
		written((struct shown){ .availability = 3500, .note = note }), expected);
}

static void tables_have_ids(void **state)
{
	struct hg_table *other = make(&source);

	assert_int_not_equal(hg_table_id(the_table), 0);
	assert_int_not_equal(hg_table_id(the_table), hg_table_id(other));
	assert_ptr_equal(hg_table_vocabulary(other), &toy);
	hg_table_free(other);
	hg_table_free(NULL);
}

/* ---- chance ---- */

static const char *any(unsigned *seed, const char *const *of, size_t n)
{
	return of[(size_t)rand_r(seed) % n];
}

static void chance_never_breaks_it(void **state)
{
	static const char *const texts[] = { "", "on", "off", "quiet", "desk", "road", "-10", "10",
		"99999999999999999999", "2026-11-21T19:42:54Z", "\xff\xfe", "{note}",
		"\xf0\x9f\x98\x80", " ", "%s%n", "]]>" };
	static const char *const tokens[] = { "", "on-the-phone", "IN-A-CONFERENCE", "other" };
	unsigned seed = 7;

	for (int i = 0; i < 20000; i++) {
		struct hg_value v[8];
		struct hg_statement s;
		struct hg_record *r;
		size_t n = (size_t)rand_r(&seed) % 8;

		memset(v, 0, sizeof(v));
		for (size_t k = 0; k < n; k++) {
			v[k].field = (uint16_t)(rand_r(&seed) % 7); /* 5 and 6 are no fields */
			v[k].text = hg_str(any(&seed, texts, 16));
		}
		r = hg_record_new(v, n);
		hg_table_in(the_table, r, &s);
		assert_true(!s.machine || !s.user);
		assert_true(s.priority >= -10 && s.priority <= 10);
		hg_statement_done(&s);
		hg_record_unref(r);
		char *out = written(
			(struct shown){ (uint32_t)rand_r(&seed) % 20000, any(&seed, tokens, 4),
				any(&seed, texts, 16), 0, 0, rand_r(&seed) % 3 - 1 });
		assert_string_not_equal(out, "");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_are_compared_by_content),
		cmocka_unit_test(inward_the_first_rule_that_matches_speaks),
		cmocka_unit_test(inward_ranges_have_edges),
		cmocka_unit_test(inward_columns_carry),
		cmocka_unit_test(inward_none_says_last_words_alone),
		cmocka_unit_test(inward_what_is_no_value_is_absent),
		cmocka_unit_test(outward_the_first_rule_that_matches_writes),
		cmocka_unit_test(outward_activities_hold_within_their_bounds),
		cmocka_unit_test(texts_are_cut_and_cleaned),
		cmocka_unit_test(tables_have_ids),
		cmocka_unit_test(chance_never_breaks_it),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
