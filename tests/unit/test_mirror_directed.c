/* SPDX-License-Identifier: Apache-2.0 */
/* Directed presence: said to somebody who does not watch whoever says it. */
#include "tests/unit/mirror_card.h"

/* alice, who watches nobody, with both routes up. */
static struct rig *alone(struct client *alice)
{
	struct rig *r = rig_new_linked();

	*alice = rig_alice(r);
	return r;
}

static void says(struct rig *r, const char *resource, const char *is)
{
	rig_face(r, 1, "alice@h", "romeo@x", resource, is, NULL, NULL);
}

/* She makes him a contact, and he agrees. */
static void meets(struct client *alice, uint32_t delta)
{
	rig_contact(alice, HG_SET_CONTACT, "romeo@x", true, delta);
	rig_watch_state(alice, "romeo@x", 5);
	rig_turn(alice->rig);
	rig_peer(alice->rig, 1, "alice@h", "romeo@x", HG_SUBSCRIBED);
}

static void it_is_kept_and_makes_no_watch(void **state)
{
	struct client alice;
	struct rig *r = alone(&alice);
	uint64_t watches = hg_core_stats(r->core).watches;

	says(r, "phone", "busy");
	says(r, "phone", "dnd");
	says(r, "", "busy"); /* not from a client of his */
	rig_face(r, 1, "nobody@h", "romeo@x", "phone", "busy", NULL, NULL);
	rig_expect(r, "");
	assert_int_equal(hg_core_stats(r->core).watches, watches);
	/* Pending she is shown nothing of it; granted, what he has said. */
	rig_contact(&alice, HG_SET_CONTACT, "romeo@x", true, 1);
	rig_watch_state(&alice, "romeo@x", 5);
	rig_turn(r);
	rig_has_not(r, "state{9500}");
	rig_peer(r, 1, "alice@h", "romeo@x", HG_SUBSCRIBED);
	rig_has(r, "show #5 known romeo@x state{9500}\n");
	/* That he is at no client for everybody does not take it back; his word for that client does. */
	hg_buf_reset(&r->log);
	says(r, "", NULL);
	rig_expect(r, "");
	says(r, "phone", NULL);
	rig_expect(r, "show #5 known romeo@x state{18500}\n");
	rig_free(r);
}

static void he_takes_it_back(void **state)
{
	struct client alice;
	struct rig *r = alone(&alice);

	says(r, "phone", "busy");
	says(r, "desk", "dnd");
	says(r, "desk", NULL);
	meets(&alice, 1);
	rig_has(r, "show #5 known romeo@x state{6500}\n");
	rig_has_not(r, "state{9500}");
	rig_free(r);
}

static void it_ends_with_the_link(void **state)
{
	struct client alice;
	struct rig *r = alone(&alice);

	says(r, "phone", "busy");
	rig_link(r, 1, false);
	rig_link(r, 1, true);
	meets(&alice, 1);
	rig_has_not(r, "state{6500}");
	rig_free(r);
}

/* What he says once she watches him is for all his watchers, and ends as that does. */
static void it_becomes_what_all_are_told(void **state)
{
	struct client alice;
	struct rig *r = alone(&alice);

	says(r, "phone", "busy");
	meets(&alice, 1);
	says(r, "phone", "on");
	rig_has(r, "show #5 known romeo@x state{3500}\n");
	hg_buf_reset(&r->log);
	says(r, "", NULL);
	rig_expect(r, "show #5 known romeo@x state{18500}\n");
	rig_free(r);
}

/* What was on its way when she let him go is not taken for it: nobody would ever take that back. */
static void what_comes_late_is_not_kept(void **state)
{
	struct client alice;
	struct rig *r = alone(&alice);

	meets(&alice, 1);
	says(r, "phone", "on");
	rig_contact(&alice, HG_DELETE_CONTACT, "romeo@x", false, 2);
	says(r, "phone", "busy");
	hg_buf_reset(&r->log);
	meets(&alice, 3);
	rig_has_not(r, "state{6500}");
	says(r, "phone", "dnd");
	says(r, "", NULL);
	rig_has(r, "show #5 known romeo@x state{9500}\n");
	rig_has(r, "show #5 known romeo@x state{18500}\n");
	/* Over another link it is again what it says. */
	rig_contact(&alice, HG_DELETE_CONTACT, "romeo@x", false, 4);
	rig_link(r, 1, false);
	rig_link(r, 1, true);
	says(r, "phone", "busy");
	hg_buf_reset(&r->log);
	meets(&alice, 5);
	rig_has(r, "show #5 known romeo@x state{6500}\n");
	rig_free(r);
}

static void it_goes_with_the_user(void **state)
{
	struct client alice;
	struct rig *r = alone(&alice);
	enum hg_verdict v;

	says(r, "phone", "busy");
	hg_core_ask_user(r->core, rig_addr(r, "alice@h"), true, rig_keep_verdict, &v);
	rig_turn(r);
	assert_int_equal(v, HG_OK);
	alice = rig_sign_on(r, "alice@h", "desk");
	meets(&alice, 1);
	rig_has_not(r, "state{6500}");
	rig_free(r);
}

/* Of an account that is linked it is no device of hers before the account has agreed. */
static void it_is_no_device_before_it_agrees(void **state)
{
	struct client alice;
	struct rig *r = alone(&alice);
	struct client bob = rig_sign_on(r, "bob@h", "desk");

	rig_watch_state(&bob, "alice@h", 5);
	says(r, "phone", "busy");
	assert_int_equal(rig_link_account(r, "alice@h", "romeo@x", false), HG_OK);
	rig_has_not(r, "state{6500}");
	rig_peer(r, 1, "alice@h", "romeo@x", HG_SUBSCRIBED);
	rig_has(r, "show #5 known alice@h state{6500}\n");
	rig_free(r);
}

static void there_is_an_end_to_it(void **state)
{
	struct client alice;
	struct rig *r = rig_new();

	r->env.policy.limits.watches = 2;
	r->env.policy.limits.faces = 2;
	rig_again_linked(r);
	alice = rig_alice(r);
	says(r, "a", "on");
	says(r, "b", "busy");
	says(r, "c", "dnd");
	rig_face(r, 1, "alice@h", "tybalt@x", "a", "on", NULL, NULL);
	assert_string_equal(r->counted, "presence_unasked_total");
	rig_face(r, 1, "alice@h", "juliet@x", "a", "on", NULL, NULL);
	assert_string_equal(r->counted, "limit_directed_total");
	meets(&alice, 1);
	rig_has(r, "show #5 known romeo@x state{6500}\n");
	rig_free(r);
}

/* ---- given to one who stands for all behind his route ---- */

static struct rig *for_all(void)
{
	struct rig *r = rig_new();

	r->directed = "all@y";
	return rig_open_routes(r);
}

static void what_is_said_to_one_is_given_to_all(void **state)
{
	struct rig *r = for_all();
	uint64_t watches = hg_core_stats(r->core).watches;

	rig_face(r, 1, "tybalt@y", "romeo@x", "phone", NULL, NULL, NULL); /* nothing */
	assert_int_equal(hg_core_stats(r->core).watches, watches);
	rig_expect(r, "");
	rig_face(r, 1, "tybalt@y", "romeo@x", "phone", "busy", NULL, NULL);
	rig_expect(r, "show all@y<romeo@x is=busy\n");
	rig_face(r, 1, "juliet@y", "romeo@x", "phone", NULL, NULL, NULL);
	rig_expect(r, "edge unsubscribed all@y>romeo@x\n");
	assert_int_equal(hg_core_stats(r->core).watches, watches);
	rig_free(r);
}

/* Nobody is asked for it when the link is back, so what is not said again has ended. */
static void what_is_given_to_all_ends_with_the_link(void **state)
{
	struct rig *r = for_all();

	rig_face(r, 1, "tybalt@y", "romeo@x", "phone", "busy", NULL, NULL);
	hg_buf_reset(&r->log);
	rig_link(r, 1, false);
	rig_link(r, 1, true);
	rig_pass(r, 20000);
	rig_expect(r, "edge unsubscribed all@y>romeo@x\n");
	rig_free(r);
}

/* What he was given is no answer to what he asks for now. */
static void who_was_given_it_may_ask_for_it(void **state)
{
	struct rig *r = for_all();

	rig_face(r, 1, "tybalt@y", "romeo@x", "phone", "busy", NULL, NULL);
	hg_buf_reset(&r->log);
	rig_peer(r, 2, "all@y", "romeo@x", HG_SUBSCRIBE);
	rig_expect(r, "edge subscribe all@y>romeo@x\n");
	rig_peer(r, 1, "all@y", "romeo@x", HG_SUBSCRIBED);
	rig_has_not(r, "is=busy");
	rig_face(r, 1, "all@y", "romeo@x", "desk", "dnd", NULL, NULL);
	rig_has(r, "show all@y<romeo@x is=dnd\n");
	hg_buf_reset(&r->log);
	rig_face(r, 1, "tybalt@y", "romeo@x", "phone", "busy", NULL, NULL);
	rig_expect(r, "");
	rig_free(r);
}

/* And so is what is said to one who watches; when it is taken back it has ended for all. */
static void what_is_said_to_a_watcher_is_given_to_all(void **state)
{
	struct rig *r = for_all();

	rig_peer(r, 2, "tybalt@y", "romeo@x", HG_SUBSCRIBE);
	rig_peer(r, 1, "tybalt@y", "romeo@x", HG_SUBSCRIBED);
	hg_buf_reset(&r->log);
	rig_face(r, 1, "tybalt@y", "romeo@x", "phone", "busy", NULL, NULL);
	rig_has(r, "show tybalt@y<romeo@x is=busy\n");
	rig_has(r, "show all@y<romeo@x is=busy\n");
	hg_buf_reset(&r->log);
	rig_face(r, 1, "tybalt@y", "romeo@x", "phone", NULL, NULL, NULL);
	rig_has(r, "edge unsubscribed all@y>romeo@x\n");
	rig_has_not(r, "edge unsubscribed tybalt@y>romeo@x\n");
	rig_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_kept_and_makes_no_watch),
		cmocka_unit_test(he_takes_it_back),
		cmocka_unit_test(it_ends_with_the_link),
		cmocka_unit_test(it_becomes_what_all_are_told),
		cmocka_unit_test(what_comes_late_is_not_kept),
		cmocka_unit_test(it_goes_with_the_user),
		cmocka_unit_test(it_is_no_device_before_it_agrees),
		cmocka_unit_test(there_is_an_end_to_it),
		cmocka_unit_test(what_is_said_to_one_is_given_to_all),
		cmocka_unit_test(what_is_given_to_all_ends_with_the_link),
		cmocka_unit_test(who_was_given_it_may_ask_for_it),
		cmocka_unit_test(what_is_said_to_a_watcher_is_given_to_all),
	};

	return cmocka_run_group_tests_name("directed", tests, NULL, NULL);
}
