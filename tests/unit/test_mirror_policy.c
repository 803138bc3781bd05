/* SPDX-License-Identifier: Apache-2.0 */
/* The configuration changes while the core runs: what follows from it, and that nothing else does. */
#include "tests/unit/mirror_rig.h"

static void reload(struct rig *r)
{
	hg_buf_reset(&r->log);
	hg_core_set_policy(r->core, &r->env.policy);
	rig_turn(r);
}

static void whoever_waited_is_let_in(void **state)
{
	struct rig *r = rig_explicit();
	struct client alice = rig_sign_on(r, "alice@h", "desk");

	(void)state;
	rig_machine(&alice, 0, 3500);
	rig_peer(r, 1, "romeo@x", "alice@h", HG_SUBSCRIBE);
	reload(r);
	rig_expect(r, ""); /* nothing is different */
	r->env.policy.approve_explicit[HG_FEDERATED] = false;
	r->store.mode = COMMIT_WAITS;
	reload(r);
	rig_expect(r, ""); /* not before it is durable */
	r->store.mode = COMMIT_AT_ONCE;
	rig_commit(r, 0);
	rig_turn(r);
	rig_expect(r,
		"edge subscribed romeo@x>alice@h\n"
		"show romeo@x<alice@h is=on\n");
	rig_free(r);
}

/* The first watcher of all, whose commit, by the old rules, is under way. */
static void who_is_just_coming_is_let_in(void **state)
{
	struct rig *r = rig_explicit();

	(void)state;
	rig_sign_on(r, "alice@h", "desk");
	r->store.mode = COMMIT_WAITS;
	rig_peer(r, 1, "romeo@x", "alice@h", HG_SUBSCRIBE);
	r->env.policy.approve_explicit[HG_FEDERATED] = false;
	reload(r);
	rig_expect(r, "");
	r->store.mode = COMMIT_AT_ONCE;
	rig_turn(r);
	assert_non_null(strstr(r->log.p, "edge subscribed romeo@x>alice@h"));
	rig_free(r);
}

static void who_is_let_in_stays_when_it_is_stricter(void **state)
{
	struct rig *r = rig_new_linked();
	struct client alice = rig_sign_on(r, "alice@h", "desk");

	(void)state;
	rig_peer(r, 1, "romeo@x", "alice@h", HG_SUBSCRIBE);
	r->env.policy.approve_explicit[HG_FEDERATED] = true;
	reload(r);
	rig_machine(&alice, 0, 3500);
	assert_non_null(strstr(r->log.p, "romeo@x<alice@h is=on"));
	hg_buf_reset(&r->log);
	rig_peer(r, 1, "juliet@x", "alice@h", HG_SUBSCRIBE);
	assert_null(strstr(r->log.p, "subscribed"));
	rig_free(r);
}

static void states_are_aggregated_again(void **state)
{
	struct rig *r = rig_new_linked();
	struct client alice = rig_sign_on(r, "alice@h", "desk"),
		      bob = rig_sign_on(r, "bob@h", "desk");
	struct hg_member_edit e = rig_member(&alice, HG_C_WORKGROUP, 1, false, "bob@h");

	(void)state;
	rig_machine(&alice, 0, 3500);
	rig_choose(&alice, 0, 9500);
	rig_members(&alice, &e, 1);
	rig_turn(r);
	rig_watch_state(&bob, "alice@h", 5);
	for (int on = 0; on < 2; on++) {
		r->env.policy.c3_transform = on;
		reload(r);
		rig_expect(r,
			on ? "show #5 known alice@h state{6900/urgent-interruptions-only}\n"
			   : "show #5 known alice@h state{9500}\n");
	}
	rig_free(r);
}

static void another_grammar_reads_again_what_was_heard(void **state)
{
	struct rig *r = rig_new_linked();
	struct client alice = rig_sign_on(r, "alice@h", "desk");
	struct hg_grammar empty = { 0 };

	(void)state;
	rig_contact(&alice, HG_SET_CONTACT, "romeo@x", true, 1);
	rig_peer(r, 1, "alice@h", "romeo@x", HG_SUBSCRIBED);
	rig_watch_state(&alice, "romeo@x", 5);
	rig_face(r, 1, "alice@h", "romeo@x", "phone", "busy", NULL, NULL);
	r->env.policy.grammar = &empty;
	reload(r);
	rig_expect(r, "show #5 known romeo@x state{18500}\n"); /* makes nothing of it */
	r->env.policy.grammar = &r->grammar;
	reload(r);
	rig_expect(r, "show #5 known romeo@x state{6500}\n");
	rig_free(r);
}

static void a_lower_limit_takes_nothing_away(void **state)
{
	struct rig *r = rig_new_linked();
	struct client alice = rig_sign_on(r, "alice@h", "desk"),
		      laptop = rig_sign_on(r, "alice@h", "laptop"),
		      tablet = rig_client(r, "alice@h", "tablet");

	(void)state;
	r->env.policy.limits.endpoints = 1;
	reload(r);
	rig_expect(r, "");
	rig_register(&alice, 600);
	rig_register(&laptop, 600);
	rig_register(&tablet, 600);
	rig_expect(r, "answer 3 ok\nanswer 4 ok\nanswer 5 too-large\n");
	rig_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whoever_waited_is_let_in),
		cmocka_unit_test(who_is_just_coming_is_let_in),
		cmocka_unit_test(who_is_let_in_stays_when_it_is_stricter),
		cmocka_unit_test(states_are_aggregated_again),
		cmocka_unit_test(another_grammar_reads_again_what_was_heard),
		cmocka_unit_test(a_lower_limit_takes_nothing_away),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
