/* SPDX-License-Identifier: Apache-2.0 */
/* Bands of the availability number, names of categories, copies of facets. */
#include <heliograph/presence.h>

#include "bridge/presence/aggregate.h"
#include "tests/support/support.h"
#include "tests/support/texts.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static void canonical_numbers(void **state)
{
	static const uint32_t canonical[] = { 0, 3500, 5000, 6500, 7500, 9500, 12500, 15500,
		18500 };

	for (int b = 0; b < HG_BAND_COUNT; b++) {
		assert_int_equal(hg_band_canonical(b), canonical[b]);
		assert_int_equal(hg_band_of(canonical[b]), b);
	}
}

static void band_names(void **state)
{
	for (int b = 0; b < HG_BAND_COUNT; b++)
		assert_int_equal(hg_band_find(hg_str(hg_band_name(b))), b);
	assert_string_equal(hg_band_name(HG_BAND_BUSY_IDLE), "busy-idle");
	assert_int_equal(hg_band_find(HG_STR("Busy")), HG_BAND_COUNT);
	assert_int_equal(hg_band_find(HG_STR("")), HG_BAND_COUNT);
	assert_int_equal(hg_band_find(HG_STR("busy-")), HG_BAND_COUNT);
}

/* TV-28: the order of machines, and that pidgin-sipe's own statuses make a machine active. */
static void machine_classes(void **state)
{
	static const struct {
		uint32_t number;
		enum hg_machine machine;
	} vector[] = {
		{ 0, HG_MACHINE_NONE },
		{ 2999, HG_MACHINE_NONE },
		{ 3000, HG_MACHINE_ACTIVE },
		{ 4499, HG_MACHINE_ACTIVE },
		{ 4500, HG_MACHINE_INACTIVE },
		{ 5999, HG_MACHINE_INACTIVE },
		{ 6000, HG_MACHINE_ACTIVE },
		{ 14999, HG_MACHINE_ACTIVE },
		{ 15000, HG_MACHINE_AWAY },
		{ 17999, HG_MACHINE_AWAY },
		{ 18000, HG_MACHINE_OFF },
		{ UINT32_MAX, HG_MACHINE_OFF },
	};

	for (size_t i = 0; i < sizeof(vector) / sizeof(vector[0]); i++)
		assert_int_equal(hg_machine_of(vector[i].number), vector[i].machine);
	assert_true(HG_MACHINE_ACTIVE < HG_MACHINE_INACTIVE &&
		HG_MACHINE_INACTIVE < HG_MACHINE_AWAY && HG_MACHINE_AWAY < HG_MACHINE_OFF);
}

static void categories(void **state)
{
	for (hg_part c = HG_CAT_STATE; c < HG_CAT_CUSTOM; c++) {
		assert_true(strlen(hg_category_name(c)) > 0);
		assert_int_equal(hg_category_find(hg_str(hg_category_name(c))), c);
	}
	assert_int_equal(hg_category_find(HG_STR("state")), HG_CAT_STATE);
	assert_int_equal(hg_category_find(HG_STR("contactCard")), HG_CAT_CONTACT_CARD);
	assert_int_equal(hg_category_find(HG_STR("State")), HG_CAT_NONE);
	assert_int_equal(hg_category_find(HG_STR("stat")), HG_CAT_NONE);
	assert_int_equal(hg_category_find(HG_STR("foo")), HG_CAT_NONE); /* TV-45 */
	assert_int_equal(hg_category_find(HG_STR("")), HG_CAT_NONE);
	assert_int_equal(hg_category_define(HG_STR("state")), -EEXIST);
	assert_int_equal(hg_category_define(HG_STR("1foo")), -EINVAL);
	assert_int_equal(hg_category_define(HG_STR("f o")), -EINVAL);
	assert_int_equal(hg_category_define(HG_STR("")), -EINVAL);
	assert_int_equal(hg_category_define(HG_STR("foo")), 0);
	assert_int_equal(hg_category_define(HG_STR("foo")), -EEXIST);
	assert_int_equal(hg_category_find(HG_STR("foo")), HG_CAT_CUSTOM);
	assert_string_equal(hg_category_name(HG_CAT_CUSTOM), "foo");
	for (int i = 1; i < HG_CATEGORIES_CUSTOM; i++) {
		char name[16];

		snprintf(name, sizeof(name), "x.%d", i);
		assert_int_equal(hg_category_define(hg_str(name)), 0);
	}
	assert_int_equal(hg_category_define(HG_STR("one-more")), -ENOSPC);
	assert_string_equal(hg_category_name(HG_CAT_NONE), "");
	assert_string_equal(hg_category_name(HG_CAT_COUNT), "");
	assert_string_equal(hg_category_name(HG_PART_WHOLE), "");
	assert_string_equal(hg_category_name(HG_PART_CONTACTS), "");
}

static struct hg_state a_state(void)
{
	struct hg_state s = { .kind = HG_STATE_USER,
		.manual = true,
		.availability = 6500,
		.token = "on-the-phone",
		.min = 6500,
		.max = 8999,
		.start = 7,
		.last_active = 8 };

	s.custom = test_text("Client call", 1033);
	s.details = hg_details_new(&(struct hg_details){ .device = "mobile" });
	return s;
}

static void states_compare_by_every_field(void **state)
{
	struct hg_state a = a_state(), b, c;

	hg_state_copy(&b, &a);
	assert_true(hg_state_eq(&a, &b));
	assert_ptr_equal(a.custom, b.custom);
	assert_int_equal(a.custom->refs, 2);

#define DIFFERS(field, value) \
	do { \
		c = b; \
		c.field = (value); \
		assert_false(hg_state_eq(&a, &c)); \
	} while (0)
	DIFFERS(kind, HG_STATE_MACHINE);
	DIFFERS(manual, false);
	DIFFERS(availability, 6501);
	DIFFERS(token[0], 'O');
	DIFFERS(min, 0);
	DIFFERS(max, UINT32_MAX);
	DIFFERS(start, 0);
	DIFFERS(last_active, 0);
	DIFFERS(custom, NULL);
	DIFFERS(details, NULL);
#undef DIFFERS

	hg_state_done(&b);
	assert_null(b.custom);
	assert_null(b.details);
	assert_int_equal(a.custom->refs, 1);
	b.custom = test_text("Client call", 1031);
	assert_false(hg_state_eq(&a, &b));
	hg_texts_unref(b.custom);
	b.custom = test_text("Client call", 1033); /* another one, the same text */
	b.details = hg_details_new(&(struct hg_details){ .device = "mobile" });
	assert_true(hg_state_eq(&a, &b));
	hg_state_done(&a);
	hg_state_done(&b);
}

static void notes_compare_by_every_field(void **state)
{
	struct hg_note a = { .oof = true, .lang = "de", .from = 1, .until = 2 }, b, c;

	a.text = hg_bytes_new(HG_STR("bin gleich da"));
	hg_note_copy(&b, &a);
	assert_true(hg_note_eq(&a, &b));
	assert_int_equal(a.text->refs, 2);

#define DIFFERS(field, value) \
	do { \
		c = b; \
		c.field = (value); \
		assert_false(hg_note_eq(&a, &c)); \
	} while (0)
	DIFFERS(oof, false);
	DIFFERS(lang[0], 'f');
	DIFFERS(from, 0);
	DIFFERS(until, 0);
	DIFFERS(text, NULL);
#undef DIFFERS

	hg_note_done(&a);
	assert_null(a.text);
	hg_note_done(&b);
}

static void presences_and_changes_own_their_texts(void **state)
{
	struct hg_presence a = { .availability = 6500, .activity = a_state(), .last_active = 5 }, b;
	struct hg_change ch = { .payload = hg_bytes_new(HG_STR("<state/>")), .state = a_state() };
	struct hg_statement said = { .note.text = hg_bytes_new(HG_STR("x")) };

	a.note.text = hg_bytes_new(HG_STR("lunch"));
	hg_presence_copy(&b, &a);
	assert_int_equal(b.availability, 6500);
	assert_int_equal(a.activity.custom->refs, 2);
	assert_int_equal(a.note.text->refs, 2);
	hg_presence_done(&a);
	assert_null(a.note.text);
	assert_null(a.activity.custom);
	assert_str(hg_bytes_str(b.note.text), "lunch");
	hg_presence_done(&b);
	hg_change_done(&ch);
	assert_null(ch.payload);
	assert_null(ch.state.custom);
	hg_statement_done(&said);
	assert_null(said.note.text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(canonical_numbers),
		cmocka_unit_test(band_names),
		cmocka_unit_test(machine_classes),
		cmocka_unit_test(categories),
		cmocka_unit_test(states_compare_by_every_field),
		cmocka_unit_test(notes_compare_by_every_field),
		cmocka_unit_test(presences_and_changes_own_their_texts),
	};

	return cmocka_run_group_tests_name("presence", tests, NULL, NULL);
}
