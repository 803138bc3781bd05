/* SPDX-License-Identifier: Apache-2.0 */
/* Delegates: what a restart keeps, what a failing store changes, and what is left when a user goes. */
#include "tests/unit/mirror_office.h"

/* After a restart the boss, signed on anew, is shown this list. */
static void is_kept(struct office *o, const char *delegates)
{
	rig_restart(o->r);
	o->boss = rig_sign_on(o->r, "boss@h", "desk");
	o->bob = rig_sign_on(o->r, "bob@h", "desk");
	rig_open(&o->boss, NULL, own_parts, 1, 5);
	rig_has(o->r, delegates);
	hg_buf_reset(&o->r->log);
}

static void a_restart_keeps_the_list(void **state)
{
	struct office o = open_office();

	is_kept(&o, "show #5 delegates v1{bob@h:p}");
	publish_for(&o.bob, "boss@h", 0, 3500);
	rig_has(o.r, "ok\n");
	set_delegate(
		&o.boss, NULL, "bob@h", (struct hg_delegate_edit){ .version = 1, .remove = true });
	is_kept(&o, "show #5 delegates v2{}");
	rig_free(o.r);
}

static void a_store_that_fails_changes_nothing(void **state)
{
	struct office o = open_office();

	o.r->store.rc = -EIO;
	set_delegate(&o.boss, NULL, "carol@h", allow(1, true, false));
	rig_has(o.r, "later");
	o.r->store.rc = 0;
	hg_buf_reset(&o.r->log);
	publish_for(&o.carol, "boss@h", 0, 3500);
	rig_has(o.r, "not-delegate");
	hg_buf_reset(&o.r->log);
	set_delegate(&o.boss, NULL, "carol@h", allow(1, true, false));
	rig_has(o.r, "ok");
	rig_free(o.r);
}

/* Who gets the name of a delegate who went is none, not after a restart either. */
static void a_name_is_no_delegate(void **state)
{
	for (int again = 0; again < 2; again++) {
		struct office o = open_office();
		enum hg_verdict v = 99;

		hg_core_ask_user(o.r->core, rig_addr(o.r, "bob@h"), true, rig_keep_verdict, &v);
		rig_turn(o.r);
		assert_int_equal(v, HG_OK);
		if (again)
			rig_restart(o.r);
		o.boss = rig_sign_on(o.r, "boss@h", "home");
		o.bob = rig_sign_on(o.r, "bob@h", "desk");
		rig_open(&o.boss, NULL, own_parts, 1, 5);
		rig_has(o.r, "show #5 delegates v2{}");
		hg_buf_reset(&o.r->log);
		publish_for(&o.bob, "boss@h", 0, 3500);
		rig_has(o.r, "not-delegate");
		rig_free(o.r);
	}
}

/* Being made one, and being taken away, in either order. */
static void who_goes_while_he_is_made_one_leaves_nothing(void **state)
{
	for (int first = 0; first < 2; first++) {
		struct office o = open_office();
		enum hg_verdict v = 99;

		o.r->store.mode = COMMIT_WAITS;
		for (int i = 0; i < 2; i++) {
			if (i == first)
				hg_core_ask_user(o.r->core, rig_addr(o.r, "carol@h"), true,
					rig_keep_verdict, &v);
			else
				ask_delegate(&o.boss, NULL, "carol@h", allow(1, true, false));
			rig_turn(o.r);
		}
		o.r->store.mode = COMMIT_AT_ONCE;
		rig_turn(o.r);
		assert_int_equal(v, HG_OK);
		is_kept(&o, "{bob@h:p}");
		rig_free(o.r);
	}
}

/* The owner is being taken away when her delegate is to be: nothing is written of her any more. */
static void of_an_owner_who_goes_nothing_comes_back(void **state)
{
	struct office o = open_office();
	enum hg_verdict boss = 99, bob = 99;

	o.r->store.mode = COMMIT_WAITS;
	hg_core_ask_user(o.r->core, rig_addr(o.r, "boss@h"), true, rig_keep_verdict, &boss);
	rig_turn(o.r);
	hg_core_ask_user(o.r->core, rig_addr(o.r, "bob@h"), true, rig_keep_verdict, &bob);
	o.r->store.mode = COMMIT_AT_ONCE;
	rig_turn(o.r);
	assert_int_equal(boss, HG_OK);
	assert_int_equal(bob, HG_LATER);
	hg_core_ask_user(o.r->core, rig_addr(o.r, "bob@h"), true, rig_keep_verdict, &bob);
	rig_turn(o.r);
	assert_int_equal(bob, HG_OK);
	rig_restart(o.r);
	assert_false(hg_core_has_user(o.r->core, rig_addr(o.r, "boss@h")));
	rig_free(o.r);
}

/* Two commits of one list at a time: each has a number of its own. */
static void every_change_has_a_number(void **state)
{
	struct office o = open_office();
	enum hg_verdict v = 99;

	rig_open(&o.boss, NULL, own_parts, 1, 5);
	o.r->store.mode = COMMIT_WAITS;
	hg_core_ask_user(o.r->core, rig_addr(o.r, "bob@h"), true, rig_keep_verdict, &v);
	rig_turn(o.r);
	ask_delegate(&o.boss, NULL, "carol@h", allow(1, true, false));
	rig_turn(o.r);
	hg_buf_reset(&o.r->log);
	o.r->store.mode = COMMIT_AT_ONCE;
	rig_turn(o.r);
	rig_has(o.r, "delegates v3{carol@h:p}");
	rig_free(o.r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_restart_keeps_the_list),
		cmocka_unit_test(a_store_that_fails_changes_nothing),
		cmocka_unit_test(a_name_is_no_delegate),
		cmocka_unit_test(who_goes_while_he_is_made_one_leaves_nothing),
		cmocka_unit_test(of_an_owner_who_goes_nothing_comes_back),
		cmocka_unit_test(every_change_has_a_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
