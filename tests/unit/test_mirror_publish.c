/* SPDX-License-Identifier: Apache-2.0 */
/* Publishing: conflicts, answers that are deliveries, commits that wait or fail, and what is held meanwhile. */
#include "tests/unit/mirror_rig.h"

static const hg_part state_and_note[] = { HG_CAT_STATE, HG_CAT_NOTE };

static void a_conflict_lists_all_and_stores_nothing(void **state)
{
	struct rig *r = rig_new();
	struct client alice = rig_sign_on(r, "alice@h", "desk");
	struct hg_change ch[4];

	rig_machine(&alice, 0, 3500);
	rig_machine(&alice, 1, 3500);
	hg_buf_reset(&r->log);
	r->facts = true;
	ch[0] = rig_note(200, 0, "new");
	ch[1] = rig_state(2, 0x30000000 | alice.by.endpoint, 0, 5000);
	ch[2] = rig_note(300, 7, "late");
	ch[3] = rig_state(3, 0x30000000 | alice.by.endpoint, 2, 5000);
	rig_publish(&alice, ch, 4);
	rig_expect(r, "answer 4 conflict 2:0/2 3:7/0\n");
	assert_int_equal(hg_core_stats(r->core).publications, 2);
	rig_free(r);
}

/* EP 4.3.6: the answer carries the touched categories whole, not what was published. */
static void an_answer_is_whole_and_a_delivery(void **state)
{
	struct rig *r = rig_new();
	struct client desk = rig_sign_on(r, "alice@h", "desk"),
		      laptop = rig_sign_on(r, "alice@h", "laptop");
	struct hg_change ch;

	rig_machine(&desk, 0, 3500);
	rig_open(&desk, NULL, state_and_note, 2, 5);
	rig_open(&laptop, NULL, state_and_note, 2, 6);
	ch = rig_note(200, 0, "lunch");
	rig_publish(&desk, &ch, 1);
	hg_buf_reset(&r->log);
	ch = rig_note(300, 0, "soup");
	rig_publish(&desk, &ch, 1);
	rig_expect(r,
		"answer 5 ok note{200.0.v1=lunch 300.0.v1=soup}\n"
		"show #6 note{200.0.v1=lunch 300.0.v1=soup}\n");
	/* Also the deletion: a category without anything is said to be so. */
	ch = rig_note(200, 1, "");
	ch.expires = 0;
	rig_publish(&desk, &ch, 1);
	rig_expect(r, "answer 6 ok note{300.0.v1=soup}\nshow #6 note{300.0.v1=soup}\n");
	rig_free(r);
}

static void an_endpoint_without_a_self_view_gets_its_answer(void **state)
{
	struct rig *r = rig_new();
	struct client desk = rig_sign_on(r, "alice@h", "desk");
	struct hg_change ch = rig_note(200, 0, "lunch");

	rig_publish(&desk, &ch, 1);
	rig_expect(r, "answer 2 ok note{200.0.v1=lunch}\n");
	rig_free(r);
}

static void static_facts_show_after_the_commit(void **state)
{
	struct rig *r = rig_new_linked();
	struct client alice = rig_sign_on(r, "alice@h", "desk"),
		      bob = rig_sign_on(r, "bob@h", "desk");
	static const hg_part note = HG_CAT_NOTE;
	struct hg_change ch = rig_note(200, 0, "lunch");

	rig_open(&bob, "alice@h", &note, 1, 5);
	hg_buf_reset(&r->log);
	r->store.mode = COMMIT_WAITS;
	r->facts = true;
	rig_publish(&alice, &ch, 1);
	rig_expect(r, "");
	assert_true(hg_core_busy(r->core));
	rig_commit(r, 0);
	rig_turn(r);
	rig_expect(r,
		"fact publication alice@h note 200.0.1\n"
		"answer 3 ok note{200.0.v1=lunch}\n"
		"show #5 known alice@h note{lunch}\n");
	assert_false(hg_core_busy(r->core));
	rig_free(r);
}

static void soft_facts_do_not_wait(void **state)
{
	struct rig *r = rig_new();
	struct client alice = rig_sign_on(r, "alice@h", "desk");
	struct hg_change ch = rig_state(2, 0x30000001, 0, 3500);

	r->store.mode = COMMIT_WAITS;
	rig_publish(&alice, &ch, 1);
	assert_false(hg_core_busy(r->core));
	rig_expect(r,
		"answer 2 ok state{2.1.v2=3500 2.10000000.v1=3500#desk 3.1.v1=18500 100.1.v2=3500 200.1.v2=3500 "
		"300.1.v1=18500 400.1.v2=3500 32000.0.v1=18500 2.30000001.v1=3500} "
		"legacyInterop{100.1.v2=3500 200.1.v2=3500 300.1.v1=18500 400.1.v2=3500 32000.1.v1=18500}\n");
	rig_free(r);
}

/* Once static, always durable: making a static publication soft deletes the fact. */
static void a_publication_that_is_static_no_more_leaves_the_store(void **state)
{
	struct rig *r = rig_new();
	struct client alice = rig_sign_on(r, "alice@h", "desk");
	struct hg_change ch = rig_note(200, 0, "lunch");

	rig_publish(&alice, &ch, 1);
	hg_buf_reset(&r->log);
	r->facts = true;
	ch = rig_note(200, 1, "soup");
	ch.expiry = HG_ENDPOINT;
	rig_publish(&alice, &ch, 1);
	rig_expect(r, "fact -publication alice@h note 200.0.2\nanswer 3 ok note{200.0.v2=soup}\n");
	rig_free(r);
}

static void a_failed_commit_changes_nothing(void **state)
{
	struct rig *r = rig_new();
	struct client alice = rig_sign_on(r, "alice@h", "desk");
	struct hg_change ch[] = { rig_note(200, 0, "lunch"), rig_state(2, 0x30000001, 0, 3500) };

	rig_open(&alice, NULL, state_and_note, 2, 5);
	hg_buf_reset(&r->log);
	r->store.rc = -5;
	rig_publish(&alice, ch, 2);
	rig_expect(r, "answer 2 later\n");
	assert_string_equal(r->counted, "commits_failed_total");
	assert_int_equal(hg_core_stats(r->core).publications, 0);
	r->store.rc = 0;
	ch[0] = rig_note(200, 0, "lunch");
	rig_publish(&alice, ch, 1);
	rig_expect(r, "answer 3 ok note{200.0.v1=lunch}\n");
	rig_free(r);
}

static void requests_of_one_person_queue_and_others_pass(void **state)
{
	struct rig *r = rig_new();
	struct client alice = rig_sign_on(r, "alice@h", "desk"),
		      bob = rig_sign_on(r, "bob@h", "desk");
	struct hg_change ch = rig_note(200, 0, "1");

	r->store.mode = COMMIT_WAITS;
	rig_publish(&alice, &ch, 1);
	ch = rig_note(200, 1, "2"); /* right only after the first one */
	rig_publish(&alice, &ch, 1);
	ch = rig_note(300, 0, "b");
	rig_publish(&bob, &ch, 1);
	rig_expect(r, "");
	assert_int_equal(r->store.ncommits, 2);
	rig_commit(r, 0);
	rig_commit(r, 0);
	rig_turn(r);
	rig_expect(r, "answer 3 ok note{200.0.v1=1}\nanswer 5 ok note{300.0.v1=b}\n");
	assert_int_equal(r->store.ncommits, 1);
	rig_commit(r, -5);
	rig_turn(r);
	rig_expect(r, "answer 4 later\n");
	rig_free(r);
}

/* ---- hold ---- */

static const hg_part note_part = HG_CAT_NOTE;

/* alice moves bob to the blocked; meanwhile she publishes what he may no longer see, and what carol may. */
static void watchers_are_held_while_members_change(void **state)
{
	struct rig *r = rig_new();
	struct client alice = rig_sign_on(r, "alice@h", "desk"),
		      bob = rig_sign_on(r, "bob@h", "desk");
	struct hg_change ch = rig_note(200, 0, "one");
	struct hg_member_edit e = rig_member(&alice, HG_C_BLOCKED, 1, false, "bob@h");

	for (int rc = -5; rc <= 0; rc += 5) {
		r->store.mode = COMMIT_AT_ONCE;
		if (rc < 0) {
			rig_publish(&alice, &ch, 1);
			rig_open(&bob, "alice@h", &note_part, 1, 5);
			rig_machine(&alice, 0, 3500);
		} else {
			e = rig_member(&alice, HG_C_BLOCKED, 1, false, "bob@h");
		}
		hg_buf_reset(&r->log);
		r->store.mode = COMMIT_WAITS;
		rig_members(&alice, &e, 1);
		rig_turn(r);
		r->host.outlet_lost(r->core, 0);
		/* Something bob would be sent at once. */
		ch = rig_note(200, rc < 0 ? 1 : 2, "two");
		ch.expiry = HG_ENDPOINT;
		rig_publish(&alice, &ch, 1);
		rig_pass(r, 1000);
		rig_expect(r, "");
		rig_commit(r, rc);
		rig_turn(r);
		if (r->store.ncommits)
			rig_commit(r, 0); /* the note was static before: that goes */
		rig_turn(r);
		if (rc < 0)
			rig_expect(r,
				"answer 5 later\n"
				"answer 6 ok note{200.0.v2=two}\n"
				"show #5 known alice@h note{two}\n");
		else
			rig_expect(r,
				"answer 7 ok\nanswer 8 ok note{200.0.v3=two}\nshow #5 known alice@h note{}\n");
	}
	rig_free(r);
}

/* Who comes while members change is held as well, and is free afterwards. */
static void who_comes_during_the_change_is_held_too(void **state)
{
	struct rig *r = rig_new();
	struct client alice = rig_sign_on(r, "alice@h", "desk"),
		      bob = rig_sign_on(r, "bob@h", "desk");
	struct hg_member_edit e = rig_member(&alice, HG_C_BLOCKED, 1, false, "bob@h");

	rig_machine(&alice, 0, 3500);
	hg_buf_reset(&r->log);
	r->store.mode = COMMIT_WAITS;
	rig_members(&alice, &e, 1);
	rig_turn(r);
	rig_watch_state(&bob, "alice@h", 5);
	rig_expect(r, "");
	rig_commit(r, 0);
	rig_turn(r);
	rig_expect(r, "answer 4 ok\nshow #5 known alice@h state{18500}\n");
	e = rig_member(&alice, HG_C_BLOCKED, 2, true, "bob@h");
	rig_members(&alice, &e, 1);
	rig_turn(r);
	rig_commit(r, 0);
	rig_turn(r);
	rig_expect(r, "answer 5 ok\nshow #5 known alice@h state{3500}\n");
	rig_free(r);
}

/* News that came meanwhile was withheld, and is not lost, whatever became of the request. */
static void what_was_withheld_is_looked_at_again(void **state)
{
	struct rig *r = rig_new();
	struct client alice = rig_sign_on(r, "alice@h", "desk"),
		      bob = rig_sign_on(r, "bob@h", "desk");
	struct client laptop = rig_client(r, "alice@h", "laptop");
	struct hg_member_edit e = rig_member(&alice, HG_C_FRIENDS, 1, false, "carol@h");

	rig_register(&laptop, 60);
	rig_machine(&alice, 0, 5000);
	rig_machine(&laptop, 0, 3500);
	rig_watch_state(&bob, "alice@h", 5);
	hg_buf_reset(&r->log);
	r->store.mode = COMMIT_WAITS;
	rig_members(&alice, &e, 1);
	rig_pass(r, 60000); /* the laptop is gone */
	rig_expect(r, "");
	rig_commit(r, -5);
	rig_turn(r);
	rig_expect(r, "answer 6 later\nshow #5 known alice@h state{5000}\n");
	rig_free(r);
}

/* A piggyback is a hand-off as well. */
static void nothing_is_collected_while_held(void **state)
{
	struct rig *r = rig_new();
	struct client alice = rig_sign_on(r, "alice@h", "desk"),
		      bob = rig_sign_on(r, "bob@h", "desk");
	hg_outlet o = rig_watch_state(&bob, "alice@h", 5);
	struct hg_member_edit e = rig_member(&alice, HG_C_BLOCKED, 1, false, "bob@h");
	const struct hg_frag *frag[4];
	struct hg_parcel head;

	rig_machine(&alice, 0, 3500);
	r->store.mode = COMMIT_WAITS;
	rig_members(&alice, &e, 1);
	assert_int_equal(r->host.outlet_collect(r->core, o, frag, 4, &head), 0);
	rig_turn(r);
	assert_int_equal(r->host.outlet_collect(r->core, o, frag, 4, &head), 0);
	hg_buf_reset(&r->log);
	rig_commit(r, 0);
	rig_turn(r);
	rig_expect(r, "answer 4 ok\nshow #5 known alice@h state{18500}\n");
	assert_int_equal(r->host.outlet_collect(r->core, o, frag, 4, &head), 1);
	assert_str(hg_bytes_str(frag[0]->bytes), "state{18500}");
	rig_turn(r);
	rig_expect(r, "");
	rig_free(r);
}

/* The fault counts containers, lists every one, and nothing of the request is done. */
static void containers_conflict_like_publications(void **state)
{
	struct rig *r = rig_new();
	struct client alice = rig_sign_on(r, "alice@h", "desk");
	struct hg_member_edit e[] = { rig_member(&alice, 300, 4, false, "bob@h"),
		rig_member(&alice, 300, 4, false, "carol@h"),
		rig_member(&alice, 400, 1, false, "bob@h"),
		rig_member(&alice, 500, 7, false, "bob@h") };

	r->facts = true;
	rig_members(&alice, e, 4);
	rig_turn(r);
	rig_expect(r, "answer 2 conflict 1:4/1 3:7/0\n");
	e[0] = rig_member(&alice, 3, 0, false, "bob@h"); /* the owner's own */
	rig_members(&alice, e, 1);
	rig_turn(r);
	rig_expect(r, "answer 3 bad\n");
	rig_free(r);
}

static void refusals(void **state)
{
	struct rig *r = rig_new();
	struct client alice = rig_sign_on(r, "alice@h", "desk");
	struct hg_change ch[2] = { rig_state(2, 0x10000000, 0, 3500), rig_note(200, 0, "x") };

	ch[0].state.kind = HG_STATE_AGGREGATE;
	rig_publish(&alice, ch, 2);
	rig_expect(r, "answer 2 forbidden\n");
	ch[0] = rig_note(200, 0, "x");
	ch[1] = rig_note(200, 0, "y");
	rig_publish(&alice, ch, 2);
	rig_expect(r, "answer 3 bad\n");
	ch[0] = rig_change(HG_CAT_NOTE, 200, 0, 0);
	rig_publish(&alice, ch, 1);
	rig_expect(r, "answer 4 bad\n");
	ch[0] = rig_note(200, 0, "x");
	ch[0].expiry = HG_TIME;
	rig_publish(&alice, ch, 1);
	rig_expect(r, "answer 5 bad\n");
	rig_request(&alice,
		&(struct hg_request){ .kind = HG_REQ_PUBLISH, .target = rig_addr(r, "bob@h") });
	rig_turn(r);
	rig_expect(r, "answer 6 not-delegate\n");
	assert_int_equal(hg_core_stats(r->core).publications, 0);
	rig_free(r);
}

static void what_is_time_bound_ends_in_time(void **state)
{
	struct rig *r = rig_new();
	struct client alice = rig_sign_on(r, "alice@h", "desk");
	struct hg_change ch = rig_note(200, 0, "lunch");

	rig_open(&alice, NULL, &note_part, 1, 5);
	ch.expiry = HG_TIME;
	ch.expires = 60;
	rig_publish(&alice, &ch, 1);
	hg_buf_reset(&r->log);
	rig_pass(r, 59999);
	rig_expect(r, "");
	rig_pass(r, 1);
	rig_expect(r, "show #5 note{}\n");
	rig_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_conflict_lists_all_and_stores_nothing),
		cmocka_unit_test(an_answer_is_whole_and_a_delivery),
		cmocka_unit_test(an_endpoint_without_a_self_view_gets_its_answer),
		cmocka_unit_test(static_facts_show_after_the_commit),
		cmocka_unit_test(soft_facts_do_not_wait),
		cmocka_unit_test(a_publication_that_is_static_no_more_leaves_the_store),
		cmocka_unit_test(a_failed_commit_changes_nothing),
		cmocka_unit_test(requests_of_one_person_queue_and_others_pass),
		cmocka_unit_test(watchers_are_held_while_members_change),
		cmocka_unit_test(who_comes_during_the_change_is_held_too),
		cmocka_unit_test(what_was_withheld_is_looked_at_again),
		cmocka_unit_test(nothing_is_collected_while_held),
		cmocka_unit_test(containers_conflict_like_publications),
		cmocka_unit_test(refusals),
		cmocka_unit_test(what_is_time_bound_ends_in_time),
	};

	return cmocka_run_group_tests_name("publish", tests, NULL, NULL);
}
