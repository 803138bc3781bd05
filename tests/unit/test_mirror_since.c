/* SPDX-License-Identifier: Apache-2.0 */
/* Since when what a watcher behind a route is told has been so, and who may know. */
#include "tests/unit/mirror_rig.h"

/* romeo, on his phone, to tybalt. */
static void says(struct rig *r, const char *is)
{
	rig_face(r, 1, "tybalt@y", "romeo@x", "phone", is, NULL, NULL);
}

/* She is there, and romeo is shown so. */
static struct client watched(struct rig *r)
{
	struct client alice = rig_alice(r);

	rig_peer(r, 1, "romeo@x", "alice@h", HG_SUBSCRIBE);
	return alice;
}

/* tybalt watches romeo, who is busy on his phone; each is behind a route. */
static struct rig *in_transit(void)
{
	struct rig *r = rig_new_linked();

	rig_peer(r, 2, "tybalt@y", "romeo@x", HG_SUBSCRIBE);
	rig_peer(r, 1, "tybalt@y", "romeo@x", HG_SUBSCRIBED);
	says(r, "busy");
	hg_buf_reset(&r->log);
	return r;
}

/* XEP-0203 and its like: since when it has been so, if that is not news. */
static void what_is_said_again_has_its_time(void **state)
{
	struct rig *r = rig_new_linked();
	struct client alice = watched(r);
	int64_t busy, note;

	rig_pass(r, 60000);
	rig_choose(&alice, 0, 6500);
	busy = r->now.utc;
	rig_has(r, "show romeo@x<alice@h is=busy\n");
	assert_int_equal(r->since, 0);
	rig_pass(r, 60000);
	/* What he is not shown moves nothing: External, he sees no note. */
	rig_publish(&alice, (struct hg_change[]){ rig_note(200, 0, "hush") }, 1);
	rig_peer(r, 1, "romeo@x", "alice@h", HG_PROBE);
	assert_in_range(r->since, busy, busy + 10);
	rig_pass(r, 60000);
	rig_publish(&alice, (struct hg_change[]){ rig_note(100, 0, "hello") }, 1);
	note = r->now.utc;
	assert_int_equal(r->since, 0);
	rig_pass(r, 60000);
	rig_link(r, 1, false);
	rig_link(r, 1, true);
	assert_in_range(r->since, note, note + 10);
	rig_free(r);
}

static void is_told_that_she_left(struct rig *r, const char *who, int64_t at)
{
	char shown[128];

	snprintf(shown, sizeof(shown), "show %s<alice@h is=gone", who);
	hg_buf_reset(&r->log);
	rig_peer(r, 1, who, "alice@h", HG_PROBE);
	rig_has(r, shown);
	assert_in_range(r->since, at, at ? at + 10 : 0);
}

/* When somebody was there last is for those who may know it; what she does while she seems away moves nothing, and the
 * blocked saw her go. */
static void who_is_not_there_was_there_last(void **state)
{
	struct rig *r = rig_new_linked();
	struct client alice = watched(r);
	struct hg_member_edit e[2];
	int64_t went, blocked;

	e[0] = rig_member(&alice, HG_C_COLLEAGUES, 1, false, "romeo@x");
	e[1] = rig_member(&alice, HG_C_FRIENDS, 1, false, "tybalt@x");
	rig_members(&alice, e, 2);
	rig_peer(r, 1, "tybalt@x", "alice@h", HG_SUBSCRIBE);
	rig_peer(r, 1, "juliet@x", "alice@h", HG_SUBSCRIBE);
	rig_pass(r, 60000);
	e[0] = rig_member(&alice, HG_C_FRIENDS, 2, true, "tybalt@x");
	e[1] = rig_member(&alice, HG_C_BLOCKED, 1, false, "tybalt@x");
	blocked = r->now.utc;
	hg_buf_reset(&r->log);
	rig_members(&alice, e, 2);
	rig_turn(r);
	rig_has(r, "show tybalt@x<alice@h is=gone\n");
	assert_int_equal(r->since, 0);
	rig_pass(r, 60000);
	rig_choose(&alice, 0, 18500);
	went = r->now.utc;
	assert_int_equal(r->since, 0);
	hg_buf_reset(&r->log);
	for (int i = 0; i < 2; i++) {
		rig_pass(r, 60000);
		is_told_that_she_left(r, "romeo@x", went);
		is_told_that_she_left(r, "tybalt@x", blocked);
		is_told_that_she_left(r, "juliet@x", 0);
		rig_machine(&alice, 1, 15500); /* leaves her desk, and nobody sees it */
	}
	rig_free(r);
}

/* The note that was the first one there. */
static void takes_back(struct client *alice, uint16_t container)
{
	struct hg_change gone = rig_note(container, 1, "");

	gone.expires = 0;
	rig_publish(alice, &gone, 1);
}

/* What was taken away, and what others would see instead: since then. What was not shown makes no difference. */
static void who_takes_back_his_note(void **state)
{
	struct rig *r = rig_new_linked();
	struct client alice = watched(r);
	int64_t at;

	rig_publish(&alice, (struct hg_change[]){ rig_note(100, 0, "hello") }, 1);
	rig_publish(&alice, (struct hg_change[]){ rig_note(200, 0, "hush") }, 1);
	rig_pass(r, 60000);
	at = r->now.utc;
	takes_back(&alice, 100);
	rig_pass(r, 60000);
	takes_back(&alice, 200);
	rig_peer(r, 1, "romeo@x", "alice@h", HG_PROBE);
	assert_in_range(r->since, at, at + 10);
	rig_free(r);
}

/* Stamps grow also where no time passes, and run ahead of it. */
static void nothing_has_been_so_since_later_than_now(void **state)
{
	struct rig *r = rig_new_linked();
	struct client alice = rig_sign_on(r, "alice@h", "desk");

	rig_peer(r, 1, "romeo@x", "alice@h", HG_SUBSCRIBE);
	for (uint32_t i = 0; i < 10; i++)
		rig_choose(&alice, i, i % 2 ? 6500 : 9500);
	rig_machine(&alice, 0, 3500);
	rig_peer(r, 1, "romeo@x", "alice@h", HG_PROBE);
	assert_int_equal(r->since, r->now.utc);
	rig_free(r);
}

/* It is so since it was heard, though nobody looked: his watcher's way took nothing. */
static void what_is_received_is_so_since_it_was_heard(void **state)
{
	struct rig *r = in_transit();
	int64_t at;

	r->room[1] = 0;
	rig_pass(r, 60000);
	at = r->now.utc;
	says(r, "dnd");
	rig_pass(r, 60000);
	r->room[1] = -1;
	rig_turn(r);
	rig_expect(r, "show tybalt@y<romeo@x is=dnd\n");
	assert_int_equal(r->since, 0);
	rig_peer(r, 2, "tybalt@y", "romeo@x", HG_PROBE);
	assert_int_equal(r->since, at);
	rig_free(r);
}

/* Of whom nothing is known for a while is not what he was before that. */
static void who_was_unknown_is_so_since_he_is_heard(void **state)
{
	struct rig *r = in_transit();
	int64_t at;

	rig_link(r, 1, false);
	rig_pass(r, 120000);
	rig_expect(r, "show tybalt@y<romeo@x is=lost\n");
	rig_link(r, 1, true);
	at = r->now.utc;
	says(r, "busy");
	rig_pass(r, 60000);
	says(r, "busy");
	rig_peer(r, 2, "tybalt@y", "romeo@x", HG_PROBE);
	assert_in_range(r->since, at, at + 10);
	rig_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_said_again_has_its_time),
		cmocka_unit_test(who_is_not_there_was_there_last),
		cmocka_unit_test(who_takes_back_his_note),
		cmocka_unit_test(nothing_has_been_so_since_later_than_now),
		cmocka_unit_test(what_is_received_is_so_since_it_was_heard),
		cmocka_unit_test(who_was_unknown_is_so_since_he_is_heard),
	};

	return cmocka_run_group_tests_name("since", tests, NULL, NULL);
}
