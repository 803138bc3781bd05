/* SPDX-License-Identifier: Apache-2.0 */
/* What mapping rules may ask of a view: it is there, in the circles that may know it, and follows every change. */
#include "tests/unit/mirror_rig.h"

/* The rig's table, and before its rules one that writes `dnd` for whoever is not offline and is asked for. */
static struct hg_table *asking(const char *key, const char *value)
{
	struct hg_rule rule[1 + sizeof(rig_rules) / sizeof(rig_rules[0])] = {
		{ .name = "asked",
			.direction = HG_OUT_ONLY,
			.native = { HG_TERM("is", "dnd"), HG_TERM("says", "absent") },
			.canonical = { HG_TERM("availability", "3000..17999"),
				{ .key = key, .value = { value } } } },
	};
	struct hg_table_source source = { .vocabulary = &rig_vocabulary,
		.binding = rig_bindings,
		.nbindings = sizeof(rig_bindings) / sizeof(rig_bindings[0]),
		.rule = rule,
		.nrules = sizeof(rule) / sizeof(rule[0]) };
	struct hg_errs errs = { 0 };
	struct hg_table *t;

	memcpy(rule + 1, rig_rules, sizeof(rig_rules));
	t = hg_table_new(&source, &errs);
	for (size_t i = 0; i < errs.n; i++)
		print_error("%s: %s (%s)\n", errs.e[i].where, errs.e[i].what, errs.e[i].hint);
	assert_non_null(t);
	return t;
}

static void use(struct rig *r, struct hg_table *t)
{
	hg_core_set_tables(r->core, t, NULL, 0);
	hg_table_free(r->table);
	r->table = t;
	rig_turn(r);
}

/* What romeo is shown of alice when he asks. */
static bool is_asked_for(struct rig *r)
{
	hg_buf_reset(&r->log);
	rig_peer(r, 1, "romeo@x", "alice@h", HG_PROBE);
	return strstr(r->log.p, "is=dnd") != NULL;
}

struct two {
	struct rig *r;
	struct client alice;
};

static struct two begin(uint16_t container, const char *key, const char *value)
{
	struct two t = { .r = rig_new_linked() };

	t.alice = rig_sign_on(t.r, "alice@h", "desk");
	rig_machine(&t.alice, 0, 3500);
	rig_peer(t.r, 1, "romeo@x", "alice@h", HG_SUBSCRIBE);
	if (container != HG_C_EXTERNAL)
		rig_move(&t.alice, "romeo@x", 0, container);
	use(t.r, asking(key, value));
	return t;
}

static void the_circle(void **state)
{
	struct two t = begin(HG_C_FRIENDS, "container", "friends");

	assert_true(is_asked_for(t.r));
	rig_move(&t.alice, "romeo@x", HG_C_FRIENDS, HG_C_WORKGROUP);
	assert_false(is_asked_for(t.r));
	rig_free(t.r);
	t = begin(HG_C_EXTERNAL, "container", "external");
	assert_true(is_asked_for(t.r));
	rig_free(t.r);
}

static void chosen_by_himself(void **state)
{
	struct two t = begin(HG_C_COLLEAGUES, "manual", "yes");

	assert_false(is_asked_for(t.r));
	hg_buf_reset(&t.r->log);
	rig_choose(
		&t.alice, 0, 3500); /* as before, but now it is his choice: it is shown at once */
	rig_has(t.r, "show romeo@x<alice@h is=dnd");
	rig_machine(&t.alice, 1, 15500); /* the machine found it out */
	assert_false(is_asked_for(t.r));
	rig_choose(&t.alice, 1, 15500);
	assert_true(is_asked_for(t.r));
	rig_free(t.r);
	/* External is told the availability, and nothing of where it is from */
	t = begin(HG_C_EXTERNAL, "manual", "yes");
	rig_choose(&t.alice, 0, 6500);
	assert_false(is_asked_for(t.r));
	rig_free(t.r);
}

static void the_device(void **state)
{
	const uint16_t place[] = { HG_C_WORKGROUP, HG_C_EXTERNAL };

	for (int i = 0; i < 2; i++) {
		struct two t = begin(place[i], "device", "mobile");
		struct client phone = rig_sign_on(t.r, "alice@h", "phone");
		uint32_t instance = 0x30000000 | (phone.by.endpoint & 0xffff);
		struct hg_change ch[] = { rig_state(2, instance, 0, 3500),
			rig_state(3, instance, 0, 3500) };
		struct hg_details d = { .device = "Mobile" };

		assert_false(is_asked_for(t.r));
		for (int k = 0; k < 2; k++)
			ch[k].state.details = hg_details_new(&d);
		rig_publish(&phone, ch, 2);
		assert_int_equal(is_asked_for(t.r), place[i] == HG_C_WORKGROUP);
		rig_free(t.r);
	}
}

static void the_kind_of_note(void **state)
{
	struct two t = begin(HG_C_COLLEAGUES, "note", "oof");
	struct hg_change note = rig_note(200, 0, "away");

	rig_publish(&t.alice, &note, 1);
	assert_false(is_asked_for(t.r));
	note = rig_note(200, 1, "away, out of office");
	note.note.oof = true;
	rig_publish(&t.alice, &note, 1);
	assert_true(is_asked_for(t.r));
	rig_free(t.r);
}

enum { QUARTER = 15 * 60 * 1000 };

/* free, busy, busy, free */
static struct hg_change calendar(struct rig *r, uint16_t container)
{
	struct hg_change ch = rig_change(HG_CAT_CALENDAR_DATA, container, 0x40000000, 0);
	struct hg_calendar c = {
		.start = r->now.utc, .slot = QUARTER, .codes = hg_bytes_new(HG_STR("\x28"))
	};

	ch.expiry = HG_STATIC;
	ch.payload = hg_bytes_new(HG_STR("calendar"));
	ch.calendar = hg_calendar_new(&c);
	hg_bytes_unref(c.codes);
	return ch;
}

/* As time goes by, with nobody publishing anything; and only where it was published to. */
static void the_calendar(void **state)
{
	struct two t = begin(HG_C_COLLEAGUES, "calendar", "busy");
	struct hg_change ch = calendar(t.r, HG_C_COLLEAGUES);

	rig_publish(&t.alice, &ch, 1);
	hg_buf_reset(&t.r->log);
	rig_pass(t.r, QUARTER - 1);
	rig_has_not(t.r, "show");
	rig_pass(t.r, 1);
	rig_has(t.r, "show romeo@x<alice@h is=dnd");
	hg_buf_reset(&t.r->log);
	rig_pass(t.r, 2 * QUARTER - 1);
	rig_has_not(t.r, "show");
	rig_pass(t.r, 1);
	rig_has(t.r, "show romeo@x<alice@h is=on");
	rig_free(t.r);

	t = begin(HG_C_WORKGROUP, "calendar", "yes");
	ch = calendar(t.r, HG_C_COLLEAGUES);
	rig_publish(&t.alice, &ch, 1);
	assert_false(is_asked_for(t.r));
	rig_free(t.r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_circle),
		cmocka_unit_test(chosen_by_himself),
		cmocka_unit_test(the_device),
		cmocka_unit_test(the_kind_of_note),
		cmocka_unit_test(the_calendar),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
