/* SPDX-License-Identifier: Apache-2.0 */
/* Links that break and come back: grace, probes, settling, farewell; and peers that act while they are being served. */
#include "tests/unit/mirror_rig.h"

enum { GRACE = 60000, SETTLE = 10000 };

static void grace_then_unknown(void **state)
{
	struct rig *r = rig_new_linked();
	struct client alice = rig_watching(r);

	rig_link(r, 1, false);
	rig_pass(r, GRACE - 1);
	rig_expect(r, "");
	rig_pass(r, 1);
	rig_expect(r, "show #5 unknown romeo@x state{0}\n"); /* not offline: nobody said so */
	/* Who comes now is not told something that is not known. */
	rig_watch_state(&alice, "romeo@x", 6);
	rig_expect(r, "");
	rig_link(r, 1, true);
	rig_pass(r, 1);
	rig_expect(r, "edge probe alice@h>romeo@x\n");
	rig_face(r, 1, "alice@h", "romeo@x", "r", "on", NULL, NULL);
	rig_expect(r, "show #5 known romeo@x state{3500}\nshow #6 known romeo@x state{3500}\n");
	rig_free(r);
}

static void who_comes_within_the_grace_time_is_shown_what_was_known(void **state)
{
	struct rig *r = rig_new_linked();
	struct client alice = rig_watching(r);

	rig_link(r, 1, false);
	rig_watch_state(&alice, "romeo@x", 6);
	rig_expect(r, "show #6 known romeo@x state{3500}\n");
	rig_pass(r, GRACE);
	rig_expect(r, "show #5 unknown romeo@x state{0}\nshow #6 unknown romeo@x state{0}\n");
	rig_free(r);
}

/* Silence after the link came back is an answer: blocked, or offline. Not before. */
static void silence_settles(void **state)
{
	struct rig *r = rig_new_linked();

	rig_watching(r);
	rig_link(r, 1, false);
	rig_pass(r, 1000);
	rig_link(r, 1, true);
	rig_pass(r, 1);
	rig_expect(r, "edge probe alice@h>romeo@x\n");
	rig_pass(r, SETTLE - 2);
	rig_expect(r, "");
	rig_pass(r, 2);
	rig_expect(r, "show #5 known romeo@x state{18500}\n");
	rig_free(r);
}

/* One resource is heard again, the other one is not: it ends at the settle bound and nothing flaps. */
static void old_faces_end_when_all_is_settled(void **state)
{
	struct rig *r = rig_new_linked();

	rig_watching(r);
	rig_face(r, 1, "alice@h", "romeo@x", "phone", "away", NULL, NULL);
	rig_link(r, 1, false);
	rig_pass(r, 1000);
	rig_link(r, 1, true);
	rig_pass(r, 1);
	rig_face(r, 1, "alice@h", "romeo@x", "phone", "away", NULL, NULL);
	rig_expect(r, "edge probe alice@h>romeo@x\n");
	rig_pass(r, SETTLE);
	rig_expect(r, "show #5 known romeo@x state{15500}\n");
	rig_free(r);
}

static void a_bounce_in_the_grace_time_disarms_it(void **state)
{
	struct rig *r = rig_new_linked();

	rig_watching(r);
	rig_link(r, 1, false);
	rig_pass(r, GRACE - 1000);
	rig_link(r, 1, true);
	rig_pass(r, 2000); /* past it, and nobody has answered yet */
	rig_face(r, 1, "alice@h", "romeo@x", "r", "on", NULL, NULL);
	rig_pass(r, 2 * GRACE);
	rig_expect(r, "edge probe alice@h>romeo@x\n");
	rig_free(r);
}

/* limits.pace: a tenth of it, and one, each tenth of a second. */
static void probes_are_paced(void **state)
{
	enum { MANY = 25 };
	struct rig *r = rig_new();

	r->env.policy.limits.pace = 90;
	rig_again_linked(r);
	rig_popular(r, MANY);
	rig_pass(r, 2 * SETTLE);
	rig_link(r, 1, false);
	hg_buf_reset(&r->log);
	rig_link(r, 1, true);
	assert_int_equal(rig_times(r, "edge probe"), 10);
	rig_pass(r, 99);
	assert_int_equal(rig_times(r, "edge probe"), 0);
	rig_pass(r, 1);
	assert_int_equal(rig_times(r, "edge probe"), 10);
	rig_pass(r, 100);
	assert_int_equal(rig_times(r, "edge probe"), 5);
	rig_pass(r, GRACE);
	assert_int_equal(rig_times(r, "edge probe"), 0);
	rig_free(r);
}

/* We may be the ones who were away: nobody is said to be offline before he had the time to return. */
static void offline_waits_for_the_settling_and_online_does_not(void **state)
{
	struct rig *r = rig_new_linked();
	struct client alice = rig_sign_on(r, "alice@h", "desk");
	struct client bob = rig_sign_on(r, "bob@h", "desk");

	rig_peer(r, 1, "romeo@x", "alice@h", HG_SUBSCRIBE);
	rig_peer(r, 1, "romeo@x", "bob@h", HG_SUBSCRIBE);
	rig_restart(r);
	rig_open_route(r, 1);
	rig_link(r, 1, true);
	alice = rig_sign_on(r, "alice@h", "desk");
	rig_expect(r, "");
	rig_machine(&alice, 0, 3500);
	assert_int_equal(rig_times(r, "show romeo@x<alice@h is=on\n"), 1);
	rig_pass(r, SETTLE - 1);
	rig_expect(r, "");
	rig_pass(r, 1);
	rig_expect(r, "show romeo@x<bob@h is=gone\n");
	/* From now on it is news. */
	rig_register(&alice, 0);
	rig_has(r, "show romeo@x<alice@h is=gone\n"); /* External: not even since when */
	(void)bob;
	rig_free(r);
}

static void after_the_link_is_back_all_of_ours_is_sent_again(void **state)
{
	struct rig *r = rig_new_linked();
	struct client alice = rig_sign_on(r, "alice@h", "desk");

	rig_machine(&alice, 0, 3500);
	rig_peer(r, 1, "romeo@x", "alice@h", HG_SUBSCRIBE);
	rig_peer(r, 1, "romeo@x", "bob@h", HG_SUBSCRIBE); /* no such user */
	rig_link(r, 1, false);
	hg_buf_reset(&r->log);
	rig_choose(&alice, 0, 6500);
	assert_int_equal(rig_times(r, "show romeo@x"), 0);
	rig_link(r, 1, true);
	rig_expect(r, "show romeo@x<alice@h is=busy\n");
	rig_pass(r, 2 * SETTLE);
	rig_expect(r, "");
	rig_free(r);
}

static void farewell_is_said_to_those_who_were_told(void **state)
{
	struct rig *r = rig_new_linked();
	struct client alice = rig_sign_on(r, "alice@h", "desk");

	rig_machine(&alice, 0, 3500);
	rig_peer(r, 1, "romeo@x", "alice@h", HG_SUBSCRIBE);
	r->room[0] = 0;
	rig_peer(r, 1, "juliet@x", "alice@h", HG_SUBSCRIBE); /* never told anything */
	hg_buf_reset(&r->log);
	hg_core_farewell(r->core);
	assert_int_equal(hg_core_waiting(r->core), 2);
	r->room[0] = -1;
	rig_turn(r);
	assert_int_equal(rig_times(r, "show romeo@x<alice@h is=gone\n"), 1);
	assert_int_equal(hg_core_waiting(r->core), 0);
	rig_free(r);
}

/* A probe says that what was sent is not known there any more. */
static void a_probe_voids_what_was_sent(void **state)
{
	struct rig *r = rig_new_linked();
	struct client alice = rig_sign_on(r, "alice@h", "desk");

	rig_machine(&alice, 0, 3500);
	rig_peer(r, 1, "romeo@x", "alice@h", HG_SUBSCRIBE);
	hg_buf_reset(&r->log);
	rig_peer(r, 1, "romeo@x", "alice@h", HG_PROBE);
	rig_peer(r, 1, "romeo@x", "alice@h", HG_PROBE);
	rig_expect(r, "show romeo@x<alice@h is=on\nshow romeo@x<alice@h is=on\n");
	rig_peer(r, 1, "romeo@x", "nobody@h", HG_PROBE);
	rig_expect(r, "edge unsubscribed romeo@x>nobody@h\n");
	rig_free(r);
}

/* A lane speaks for those behind its route, and to those whom it carries. */
static void a_lane_speaks_for_its_own(void **state)
{
	struct rig *r = rig_new_linked();
	struct client alice = rig_sign_on(r, "alice@h", "desk");

	rig_machine(&alice, 0, 3500);
	hg_buf_reset(&r->log);
	rig_peer(r, 2, "romeo@x", "alice@h", HG_SUBSCRIBE);
	rig_expect(r, "");
	assert_string_equal(r->counted, "route_forbidden_total");
	rig_peer(r, 1, "bob@h", "alice@h", HG_SUBSCRIBE); /* one of ours, from outside */
	rig_contact(&alice, HG_SET_CONTACT, "romeo@x", true, 1);
	rig_peer(r, 2, "alice@h", "romeo@x", HG_SUBSCRIBED);
	rig_expect(r, "edge subscribe alice@h>romeo@x\nanswer 3 ok\n");
	rig_peer(r, 1, "alice@h", "romeo@x", HG_SUBSCRIBED);
	rig_watch_state(&alice, "romeo@x", 5);
	hg_buf_reset(&r->log);
	rig_face(r, 2, "alice@h", "romeo@x", "r", "busy", NULL, NULL);
	rig_expect(r, "");
	rig_free(r);
}

/* A public cloud is blocked unless somebody says otherwise. */
static void a_public_cloud_sees_nobody(void **state)
{
	struct rig *r = rig_new_linked();
	struct client alice = rig_sign_on(r, "alice@h", "desk");

	rig_machine(&alice, 0, 3500);
	hg_buf_reset(&r->log);
	rig_peer(r, 1, "joe@p", "alice@h", HG_SUBSCRIBE);
	rig_expect(r, "edge subscribed joe@p>alice@h\nshow joe@p<alice@h is=gone\n");
	rig_free(r);
}

/* ---- peers that act inside deliver ---- */

static hg_lane broken;

static void breaks_the_link(struct rig *r)
{
	r->in_deliver = NULL;
	broken = r->lane[0];
	r->lane[0] = 0; /* nobody speaks of room */
	r->host.lane_up(r->core, broken, false);
}

static void closes_the_lane(struct rig *r)
{
	r->in_deliver = NULL;
	r->host.lane_close(r->core, r->lane[0]);
	r->lane[0] = 0;
}

static void the_link_breaks_while_it_is_used(void **state)
{
	struct rig *r = rig_new_linked();
	struct client alice = rig_sign_on(r, "alice@h", "desk");

	rig_machine(&alice, 0, 3500);
	rig_peer(r, 1, "romeo@x", "alice@h", HG_SUBSCRIBE);
	r->in_deliver = breaks_the_link;
	rig_choose(&alice, 0, 6500);
	hg_buf_reset(&r->log);
	rig_choose(&alice, 1, 12500);
	assert_int_equal(rig_times(r, "show romeo@x"), 0);
	/* Up again, but nobody has said that there is room. */
	r->host.lane_up(r->core, broken, true);
	hg_core_turn(r->core);
	rig_expect(r, "");
	r->lane[0] = broken;
	rig_turn(r);
	rig_expect(r, "show romeo@x<alice@h is=brb\n");
	rig_free(r);
}

static void the_lane_closes_while_it_is_used(void **state)
{
	struct rig *r = rig_new_linked();
	struct client alice = rig_sign_on(r, "alice@h", "desk");

	rig_machine(&alice, 0, 3500);
	rig_peer(r, 1, "romeo@x", "alice@h", HG_SUBSCRIBE);
	r->in_deliver = closes_the_lane;
	rig_choose(&alice, 0, 6500);
	hg_buf_reset(&r->log);
	rig_choose(&alice, 1, 12500);
	assert_int_equal(rig_times(r, "show romeo@x"), 0);
	assert_int_equal(hg_core_stats(r->core).outlets, 0);
	rig_free(r);
}

/* Presence may come before "subscribed"; and that there is none any more, too. That there is none is no news. */
static void who_has_gone_before_he_agrees_is_not_there(void **state)
{
	struct rig *r = rig_new();
	struct client alice;

	r->asked = true;
	rig_open_route(r, 1);
	rig_link(r, 1, true);
	rig_pass(r, 2 * SETTLE);
	alice = rig_sign_on(r, "alice@h", "desk");
	rig_watch_state(&alice, "romeo@x", 5);
	rig_contact(&alice, HG_SET_CONTACT, "romeo@x", true, 1);
	rig_face(r, 1, "alice@h", "romeo@x", "", NULL, NULL, NULL);
	rig_face(r, 1, "alice@h", "romeo@x", "r", "busy", NULL, NULL);
	rig_face(r, 1, "alice@h", "romeo@x", "", NULL, NULL, NULL);
	rig_peer(r, 1, "alice@h", "romeo@x", HG_SUBSCRIBED);
	rig_pass(r, 2 * SETTLE);
	rig_has(r, "show #5 known romeo@x state{18500}\n");
	rig_has_not(r, "state{6500}");
	rig_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grace_then_unknown),
		cmocka_unit_test(who_comes_within_the_grace_time_is_shown_what_was_known),
		cmocka_unit_test(silence_settles),
		cmocka_unit_test(old_faces_end_when_all_is_settled),
		cmocka_unit_test(a_bounce_in_the_grace_time_disarms_it),
		cmocka_unit_test(probes_are_paced),
		cmocka_unit_test(who_has_gone_before_he_agrees_is_not_there),
		cmocka_unit_test(offline_waits_for_the_settling_and_online_does_not),
		cmocka_unit_test(after_the_link_is_back_all_of_ours_is_sent_again),
		cmocka_unit_test(farewell_is_said_to_those_who_were_told),
		cmocka_unit_test(a_probe_voids_what_was_sent),
		cmocka_unit_test(a_lane_speaks_for_its_own),
		cmocka_unit_test(a_public_cloud_sees_nobody),
		cmocka_unit_test(the_link_breaks_while_it_is_used),
		cmocka_unit_test(the_lane_closes_while_it_is_used),
	};

	return cmocka_run_group_tests_name("lanes", tests, NULL, NULL);
}
