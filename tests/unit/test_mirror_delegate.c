/* SPDX-License-Identifier: Apache-2.0 */
/* Delegates: who may act in somebody's name, how far, and what is left when he may not any more. */
#include "tests/unit/mirror_office.h"

/* Her client is told at once by the answer, her other one by a parcel; the list counts. */
static void the_list_is_shown_to_the_owner(void **state)
{
	struct rig *r = rig_new();
	struct client desk = rig_sign_on(r, "boss@h", "desk"),
		      home = rig_sign_on(r, "boss@h", "home");

	rig_sign_on(r, "bob@h", "desk");
	rig_open(&desk, NULL, own_parts, 1, 5);
	rig_open(&home, NULL, own_parts, 1, 6);
	rig_has(r, "show #5 delegates v0{}");
	hg_buf_reset(&r->log);
	set_delegate(&desk, NULL, "bob@h", allow(0, true, false));
	rig_has(r, "delegates v1{bob@h:p}");
	rig_has(r, "show #6 delegates v1{bob@h:p}");
	rig_has_not(r, "show #5");
	hg_buf_reset(&r->log);
	set_delegate(&home, NULL, "bob@h", allow(1, false, true));
	rig_has(r, "show #5 delegates v2{bob@h:r}");
	hg_buf_reset(&r->log);
	set_delegate(
		&home, NULL, "bob@h", (struct hg_delegate_edit){ .version = 2, .remove = true });
	rig_has(r, "show #5 delegates v3{}");
	rig_free(r);
}

static void what_makes_no_sense_is_refused(void **state)
{
	struct office o = open_office();
	struct rig *r = o.r;
	static const struct {
		const char *who;
		struct hg_delegate_edit edit;
		const char *answer;
	} bad[] = {
		{ "boss@h", { .version = 1, .publish = true }, " bad" },
		{ "bob@h", { .version = 0, .remove = true }, " conflict" },
		{ "carol@h", { .version = 2, .publish = true }, " conflict" },
		{ "carol@h", { .version = 1, .remove = true }, " forbidden" },
		{ "nobody@h", { .version = 1, .publish = true }, " not-found" },
		{ "romeo@x", { .version = 1, .publish = true }, " not-found" },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		hg_buf_reset(&r->log);
		set_delegate(&o.boss, NULL, bad[i].who, bad[i].edit);
		rig_has(r, bad[i].answer);
	}
	rig_free(r);
}

static void there_are_not_too_many(void **state)
{
	struct rig *r = rig_new();

	r->env.policy.limits.delegates = 1;
	rig_again(r);
	struct client boss = rig_sign_on(r, "boss@h", "desk");
	rig_sign_on(r, "bob@h", "desk");
	rig_sign_on(r, "carol@h", "desk");
	set_delegate(&boss, NULL, "bob@h", allow(0, true, false));
	set_delegate(&boss, NULL, "carol@h", allow(1, true, false));
	rig_has(r, "too-large");
	assert_string_equal(r->counted, "limit_delegates_total");
	hg_buf_reset(&r->log);
	set_delegate(&boss, NULL, "bob@h", allow(1, true, true)); /* no one more */
	rig_has(r, "ok");
	rig_free(r);
}

/* What he publishes is hers: her watchers see it; he himself is shown nothing by the answer. */
static void a_delegate_publishes(void **state)
{
	struct office o = open_office();

	rig_watch_state(&o.carol, "boss@h", 5);
	hg_buf_reset(&o.r->log);
	publish_for(&o.bob, "boss@h", 0, 3500);
	rig_has(o.r, "show #5 known boss@h state{3500");
	rig_has(o.r, "ok\n");
	rig_has_not(o.r, "ok state{");
	hg_buf_reset(&o.r->log);
	publish_for(&o.bob, "boss@h", 0, 5000);
	rig_has(o.r, "conflict");
	rig_free(o.r);
}

/* Everybody but him, he himself in anything else, and she in his. */
static void nobody_else_may_anything(void **state)
{
	struct office o = open_office();
	struct hg_member_edit e = rig_member(&o.bob, 300, 1, false, "carol@h");
	struct hg_request members = { .kind = HG_REQ_MEMBERS,
		.target = rig_addr(o.r, "boss@h"),
		.member = &e,
		.nmembers = 1 };
	struct hg_request ack = { .kind = HG_REQ_ACK,
		.target = rig_addr(o.r, "boss@h"),
		.watched = rig_addr(o.r, "carol@h") };

	publish_for(&o.carol, "boss@h", 0, 3500);
	rig_has(o.r, "not-delegate");
	hg_buf_reset(&o.r->log);
	publish_for(&o.boss, "bob@h", 0, 6500);
	rig_has(o.r, "not-delegate");
	hg_buf_reset(&o.r->log);
	rig_request(&o.bob, &members);
	rig_turn(o.r);
	rig_has(o.r, "not-delegate");
	hg_buf_reset(&o.r->log);
	rig_request(&o.bob, &ack);
	rig_turn(o.r);
	rig_has(o.r, "not-delegate");
	hg_buf_reset(&o.r->log);
	set_delegate(&o.bob, "boss@h", "carol@h", allow(1, true, false));
	rig_has(o.r, "not-delegate");
	publish_for(&o.carol, "nobody@h", 0, 6500);
	rig_has_not(o.r, "not-found"); /* who there is is nothing to be found out */
	hg_bytes_unref(e.member.value);
	rig_free(o.r);
}

/* He who may change the list gives no more than he has. */
static void who_may_change_the_list(void **state)
{
	struct office o = open_office();

	set_delegate(&o.boss, NULL, "bob@h", allow(1, false, true));
	hg_buf_reset(&o.r->log);
	publish_for(&o.bob, "boss@h", 0, 3500);
	rig_has(o.r, "not-delegate");
	hg_buf_reset(&o.r->log);
	set_delegate(&o.bob, "boss@h", "bob@h", allow(2, true, true));
	rig_has(o.r, "not-delegate");
	hg_buf_reset(&o.r->log);
	set_delegate(&o.bob, "boss@h", "carol@h", allow(2, false, false));
	rig_has(o.r, "ok\n");
	rig_has_not(o.r, "delegates v");
	rig_free(o.r);
}

/* What is bound to his device ends with it, though hers has the same name; what is static stays. */
static void his_device_takes_along_what_is_bound_to_it(void **state)
{
	for (int how = 0; how < 3; how++) {
		struct office o = open_office();
		struct hg_change note = rig_note(200, 0, "in a meeting");
		static const hg_part both[] = { HG_CAT_STATE, HG_CAT_NOTE };

		publish_for(&o.bob, "boss@h", 0, 3500);
		publish_for_later(&o.bob, "boss@h", &note, 1);
		rig_turn(o.r);
		rig_open(&o.carol, "boss@h", both, 2, 5);
		rig_has(o.r, "state{3500");
		hg_buf_reset(&o.r->log);
		if (how == 0)
			rig_register(&o.bob, 0);
		else if (how == 1)
			set_delegate(&o.boss, NULL, "bob@h",
				(struct hg_delegate_edit){ .version = 1, .remove = true });
		else
			set_delegate(&o.boss, NULL, "bob@h", allow(1, false, true));
		rig_has(o.r, "state{18500");
		rig_has_not(o.r, "note{");
		assert_int_equal(hg_core_stats(o.r->core).publications, 1);
		rig_free(o.r);
	}
}

/* She is told that a machine is in use, and not what his is called. */
static void his_device_has_no_name_for_her(void **state)
{
	static const hg_part part = HG_CAT_STATE;
	struct office o = open_office();
	struct client tablet = rig_sign_on(o.r, "bob@h", "tablet");

	rig_open(&o.boss, NULL, &part, 1, 5);
	hg_buf_reset(&o.r->log);
	publish_for(&tablet, "boss@h", 0, 3500);
	rig_has(o.r, " 2.10000000.v");
	rig_has_not(o.r, "tablet");
	rig_free(o.r);
}

/* He signs out, or is none any more, while what he publishes becomes durable. */
static void nothing_is_left_of_what_was_under_way(void **state)
{
	for (int how = 0; how < 2; how++) {
		struct office o = open_office();
		struct hg_change ch[] = { rig_note(200, 0, "late"),
			rig_state(2, 0x30000077, 0, 3500) };

		o.r->store.mode = COMMIT_WAITS;
		publish_for_later(&o.bob, "boss@h", ch, 2);
		rig_turn(o.r);
		if (how == 0)
			rig_register(&o.bob, 0);
		else
			ask_delegate(&o.boss, NULL, "bob@h",
				(struct hg_delegate_edit){ .version = 1, .remove = true });
		o.r->store.mode = COMMIT_AT_ONCE;
		rig_turn(o.r);
		assert_int_equal(hg_core_stats(o.r->core).publications, 1);
		rig_free(o.r);
	}
}

/* What he asks for before he is taken away, and is looked at after. */
static void the_right_counts_when_its_turn_comes(void **state)
{
	struct office o = open_office();
	struct hg_change ch = rig_note(200, 0, "late");

	o.r->store.mode = COMMIT_WAITS;
	ask_delegate(
		&o.boss, NULL, "bob@h", (struct hg_delegate_edit){ .version = 1, .remove = true });
	rig_turn(o.r);
	publish_for_later(&o.bob, "boss@h", &ch, 1);
	o.r->store.mode = COMMIT_AT_ONCE;
	rig_turn(o.r);
	rig_has(o.r, "not-delegate");
	assert_int_equal(hg_core_stats(o.r->core).publications, 0);
	rig_free(o.r);
}

/* Nor is he told that it does: a delegate who is shown nothing must not find out whether she is there. */
static void a_user_bound_publication_needs_the_user(void **state)
{
	struct office o = open_office();
	struct hg_change ch = rig_note(200, 0, "for today");

	rig_register(&o.boss, 0);
	hg_buf_reset(&o.r->log);
	ch.expiry = HG_USER;
	publish_for_later(&o.bob, "boss@h", &ch, 1);
	rig_turn(o.r);
	rig_has(o.r, "ok");
	assert_int_equal(hg_core_stats(o.r->core).publications, 0);
	rig_free(o.r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_list_is_shown_to_the_owner),
		cmocka_unit_test(what_makes_no_sense_is_refused),
		cmocka_unit_test(there_are_not_too_many),
		cmocka_unit_test(a_delegate_publishes),
		cmocka_unit_test(nobody_else_may_anything),
		cmocka_unit_test(who_may_change_the_list),
		cmocka_unit_test(his_device_takes_along_what_is_bound_to_it),
		cmocka_unit_test(his_device_has_no_name_for_her),
		cmocka_unit_test(nothing_is_left_of_what_was_under_way),
		cmocka_unit_test(the_right_counts_when_its_turn_comes),
		cmocka_unit_test(a_user_bound_publication_needs_the_user),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
