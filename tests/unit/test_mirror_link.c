/* SPDX-License-Identifier: Apache-2.0 */
/* Linked accounts: their resources are the person's endpoints, for as long as they last. */
#include "tests/unit/mirror_rig.h"

/* alice is signed on with a computer; bob watches her; romeo@x is her account elsewhere. */
static struct rig *linked(struct client *alice)
{
	struct rig *r = rig_new_linked();
	struct client bob = rig_sign_on(r, "bob@h", "desk");

	*alice = rig_sign_on(r, "alice@h", "desk");
	rig_machine(alice, 0, 3500);
	rig_watch_state(&bob, "alice@h", 5);
	hg_buf_reset(&r->log);
	assert_int_equal(rig_link_account(r, "alice@h", "romeo@x", false), HG_OK);
	assert_true(rig_says(r, "edge subscribe alice@h>romeo@x"));
	rig_peer(r, 1, "alice@h", "romeo@x", HG_SUBSCRIBED);
	hg_buf_reset(&r->log);
	return r;
}

static void a_resource_is_an_endpoint(void **state)
{
	struct client alice;
	struct rig *r = linked(&alice);

	(void)state;
	rig_face(r, 1, "alice@h", "romeo@x", "phone", "busy", NULL, NULL);
	assert_true(rig_says(r, "show #5 known alice@h state{6500}"));
	rig_face(r, 1, "alice@h", "romeo@x", "phone", NULL, NULL, NULL);
	assert_true(rig_says(r, "show #5 known alice@h state{3500}"));
	rig_free(r);
}

static void auto_away_of_a_phone_changes_nothing(void **state)
{
	struct client alice;
	struct rig *r = linked(&alice);

	(void)state;
	rig_face(r, 1, "alice@h", "romeo@x", "phone", "away", NULL, NULL);
	assert_false(rig_says(r, "show #5"));
	/* She signs off at the computer: the phone is what is left of her. */
	rig_register(&alice, 0);
	assert_true(rig_says(r, "show #5 known alice@h state{15500}"));
	rig_free(r);
}

static void a_resource_of_negative_rank_takes_no_part(void **state)
{
	struct client alice;
	struct rig *r = linked(&alice);

	(void)state;
	rig_face(r, 1, "alice@h", "romeo@x", "bot", "busy", NULL, "-1");
	assert_false(rig_says(r, "show #5"));
	rig_free(r);
}

static void what_it_said_ends_with_the_grace_time(void **state)
{
	struct client alice;
	struct rig *r = linked(&alice);

	(void)state;
	rig_face(r, 1, "alice@h", "romeo@x", "phone", "busy", NULL, NULL);
	hg_buf_reset(&r->log);
	rig_link(r, 1, false);
	rig_pass(r, r->env.policy.limits.grace - 1);
	assert_false(rig_says(r, "show #5"));
	rig_pass(r, 1);
	assert_true(rig_says(r, "show #5 known alice@h state{3500}"));
	rig_free(r);
}

static void it_is_not_shown_to_itself(void **state)
{
	struct client alice;
	struct rig *r = linked(&alice);

	(void)state;
	rig_peer(r, 1, "romeo@x", "alice@h", HG_SUBSCRIBE);
	hg_buf_reset(&r->log);
	rig_face(r, 1, "alice@h", "romeo@x", "phone", "busy", NULL, NULL);
	assert_false(rig_says(r, "romeo@x<alice@h is=busy"));
	rig_free(r);
}

/* It watched before it was linked: it is told at once, not with the next change. */
static void what_it_was_shown_is_taken_back_and_given_again(void **state)
{
	struct client alice;
	struct rig *r = linked(&alice);

	(void)state;
	rig_peer(r, 1, "juliet@x", "alice@h", HG_SUBSCRIBE);
	assert_true(rig_says(r, "show juliet@x<alice@h is=on"));
	assert_int_equal(rig_link_account(r, "alice@h", "juliet@x", false), HG_OK);
	assert_true(rig_says(r, "show juliet@x<alice@h is=gone"));
	assert_int_equal(rig_link_account(r, "alice@h", "juliet@x", true), HG_OK);
	assert_true(rig_says(r, "show juliet@x<alice@h is=on"));
	rig_free(r);
}

static void the_end_of_a_link_leaves_no_trace(void **state)
{
	struct client alice;
	struct rig *r = linked(&alice);

	(void)state;
	rig_face(r, 1, "alice@h", "romeo@x", "phone", "busy", NULL, NULL);
	hg_buf_reset(&r->log);
	assert_int_equal(rig_link_account(r, "alice@h", "romeo@x", true), HG_OK);
	assert_non_null(strstr(r->log.p, "edge unsubscribe alice@h>romeo@x"));
	assert_true(rig_says(r, "show #5 known alice@h state{3500}"));
	assert_int_equal(rig_link_account(r, "alice@h", "romeo@x", true), HG_NOT_FOUND);
	rig_free(r);
}

static void a_contact_stays_one_when_the_link_goes(void **state)
{
	struct client alice;
	struct rig *r = linked(&alice);

	(void)state;
	rig_contact(&alice, HG_SET_CONTACT, "romeo@x", true, 1);
	hg_buf_reset(&r->log);
	assert_int_equal(rig_link_account(r, "alice@h", "romeo@x", true), HG_OK);
	assert_false(rig_says(r, "edge unsubscribe"));
	rig_free(r);
}

static void a_link_stays_when_the_contact_goes(void **state)
{
	struct client alice;
	struct rig *r = linked(&alice);

	(void)state;
	rig_contact(&alice, HG_SET_CONTACT, "romeo@x", true, 1);
	rig_contact(&alice, HG_DELETE_CONTACT, "romeo@x", false, 2);
	assert_false(rig_says(r, "edge unsubscribe"));
	rig_face(r, 1, "alice@h", "romeo@x", "phone", "busy", NULL, NULL);
	assert_true(rig_says(r, "show #5 known alice@h state{6500}"));
	rig_free(r);
}

static void what_was_refused_is_asked_when_linked_again(void **state)
{
	struct client alice;
	struct rig *r = linked(&alice);

	(void)state;
	rig_face(r, 1, "alice@h", "romeo@x", "phone", "busy", NULL, NULL);
	hg_buf_reset(&r->log);
	rig_peer(r, 1, "alice@h", "romeo@x", HG_UNSUBSCRIBED);
	assert_true(rig_says(r, "show #5 known alice@h state{3500}"));
	assert_int_equal(rig_link_account(r, "alice@h", "romeo@x", false), HG_OK);
	assert_true(rig_says(r, "edge subscribe alice@h>romeo@x"));
	rig_peer(r, 1, "alice@h", "romeo@x", HG_SUBSCRIBED);
	rig_face(r, 1, "alice@h", "romeo@x", "phone", "busy", NULL, NULL);
	assert_true(rig_says(r, "show #5 known alice@h state{6500}"));
	rig_free(r);
}

static void one_account_is_one_persons(void **state)
{
	struct client alice;
	struct rig *r = linked(&alice);

	(void)state;
	assert_int_equal(rig_link_account(r, "bob@h", "romeo@x", false), HG_FORBIDDEN);
	assert_int_equal(rig_link_account(r, "alice@h", "bob@h", false), HG_BAD);
	assert_int_equal(
		rig_link_account(r, "alice@h", "romeo@x", false), HG_OK); /* again: as it is */
	rig_free(r);
}

/* The second one comes while the first one's commit is under way. */
static void one_account_is_one_persons_also_when_two_ask_at_once(void **state)
{
	struct client alice;
	struct rig *r = linked(&alice);
	static const char *const person[] = { "alice@h", "bob@h" };
	enum hg_verdict v[2] = { 99, 99 };

	(void)state;
	r->store.mode = COMMIT_WAITS;
	for (int i = 0; i < 2; i++) {
		struct hg_request req = rig_account(r, person[i], "juliet@x", false);

		hg_core_ask(r->core, &req, rig_keep_verdict, &v[i]);
	}
	rig_turn(r);
	assert_int_equal(v[1], HG_LATER);
	r->store.mode = COMMIT_AT_ONCE;
	rig_commit(r, 0);
	rig_turn(r);
	assert_int_equal(v[0], HG_OK);
	assert_int_equal(rig_link_account(r, "bob@h", "juliet@x", false), HG_FORBIDDEN);
	rig_free(r);
}

static void a_client_cannot_link(void **state)
{
	struct client alice;
	struct rig *r = linked(&alice);
	struct hg_request req = rig_account(r, "alice@h", "juliet@x", false);

	(void)state;
	rig_request(&alice, &req);
	rig_turn(r);
	assert_true(rig_says(r, "forbidden"));
	rig_free(r);
}

static void a_link_survives_a_restart(void **state)
{
	struct client alice, bob;
	struct rig *r = linked(&alice);

	(void)state;
	rig_restart(r);
	rig_open_routes(r);
	bob = rig_sign_on(r, "bob@h", "desk");
	rig_watch_state(&bob, "alice@h", 5);
	hg_buf_reset(&r->log);
	rig_face(r, 1, "alice@h", "romeo@x", "phone", "busy", NULL, NULL);
	assert_true(rig_says(r, "show #5 known alice@h state{6500}"));
	rig_free(r);
}

/* Whose account is whose, what he shows to whom, and how many there are: for commands in clients. */
static void for_those_who_ask(void **state)
{
	struct client alice;
	struct rig *r = linked(&alice);
	hg_addr account[1];
	struct hg_view v;

	assert_int_equal(
		r->host.linked_to(r->core, rig_addr(r, "romeo@x")), rig_addr(r, "alice@h"));
	assert_int_equal(r->host.linked_to(r->core, rig_addr(r, "juliet@x")), 0);
	assert_int_equal(rig_link_account(r, "alice@h", "juliet@x", false), HG_OK);
	/* No more than there is room for, and how many there are. */
	assert_int_equal(r->host.accounts(r->core, rig_addr(r, "alice@h"), account, 1), 2);
	assert_int_equal(account[0], rig_addr(r, "romeo@x"));
	assert_int_equal(r->host.accounts(r->core, rig_addr(r, "bob@h"), account, 1), 0);
	rig_choose(&alice, 0, 6500);
	assert_true(r->host.shown(
		r->core, rig_addr(r, "bob@h"), rig_addr(r, "alice@h"), HG_PART_WHOLE, &v));
	assert_int_equal(v.person.availability, 6500);
	assert_true(r->host.shown(
		r->core, rig_addr(r, "eve@p"), rig_addr(r, "alice@h"), HG_PART_WHOLE, &v));
	assert_int_equal(v.person.availability, 18500); /* blocked */
	assert_false(r->host.shown(
		r->core, rig_addr(r, "bob@h"), rig_addr(r, "nobody@h"), HG_PART_WHOLE, &v));
	assert_int_equal(r->host.totals(r->core).users, 2);
	assert_int_equal(r->host.totals(r->core).online, 2);
	rig_register(&alice, 0);
	rig_pass(r, 120000);
	assert_int_equal(r->host.totals(r->core).online, 1);
	rig_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_resource_is_an_endpoint),
		cmocka_unit_test(auto_away_of_a_phone_changes_nothing),
		cmocka_unit_test(a_resource_of_negative_rank_takes_no_part),
		cmocka_unit_test(what_it_said_ends_with_the_grace_time),
		cmocka_unit_test(it_is_not_shown_to_itself),
		cmocka_unit_test(what_it_was_shown_is_taken_back_and_given_again),
		cmocka_unit_test(the_end_of_a_link_leaves_no_trace),
		cmocka_unit_test(a_contact_stays_one_when_the_link_goes),
		cmocka_unit_test(a_link_stays_when_the_contact_goes),
		cmocka_unit_test(what_was_refused_is_asked_when_linked_again),
		cmocka_unit_test(one_account_is_one_persons),
		cmocka_unit_test(one_account_is_one_persons_also_when_two_ask_at_once),
		cmocka_unit_test(a_client_cannot_link),
		cmocka_unit_test(a_link_survives_a_restart),
		cmocka_unit_test(for_those_who_ask),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
