/* SPDX-License-Identifier: Apache-2.0 */
/* The contact list: its number, deltas, refusals, groups, and what a deleted contact takes with it. */
#include "tests/unit/mirror_rig.h"

static const hg_part contacts = HG_PART_CONTACTS;

static void group(
	struct client *c, enum hg_contact_op op, const char *name, uint32_t id, uint32_t delta)
{
	struct hg_contact_edit e = { .op = op, .delta = delta, .name = hg_str(name), .group = id };

	rig_request(c, &(struct hg_request){ .kind = HG_REQ_CONTACT, .contact = &e });
	rig_turn(c->rig);
}

static void put(struct client *c, const char *who, const char *groups, uint32_t delta)
{
	hg_addr addr = rig_addr(c->rig, who);
	struct hg_contact_edit e = { .op = HG_SET_CONTACT,
		.delta = delta,
		.uri = hg_intern_text(c->rig->ids, addr),
		.addr = addr,
		.groups = hg_str(groups) };

	rig_request(c, &(struct hg_request){ .kind = HG_REQ_CONTACT, .contact = &e });
	rig_turn(c->rig);
}

static void every_endpoint_is_told_what_changed(void **state)
{
	struct rig *r = rig_new();
	struct client desk = rig_sign_on(r, "alice@h", "desk"),
		      laptop = rig_sign_on(r, "alice@h", "laptop");

	rig_open(&desk, NULL, &contacts, 1, 5);
	rig_expect(r, "show #5 list{1 group1=~}\n");
	group(&desk, HG_ADD_GROUP, "Friends", 0, 1);
	assert_int_equal(r->group, 2);
	rig_expect(r, "answer 3 ok\nshow #5 delta{1>2 +group2=Friends}\n");
	put(&desk, "bob@h", "2", 2);
	rig_expect(r, "answer 4 ok\nshow #5 delta{2>3 +bob@h[2]}\n");
	assert_int_equal(r->delta, 3);
	rig_open(&laptop, NULL, &contacts, 1, 6);
	rig_expect(r, "show #6 list{3 group1=~ group2=Friends bob@h[2]}\n");
	put(&laptop, "bob@h", "1 2", 3);
	rig_expect(
		r, "answer 5 ok\nshow #5 delta{3>4 ~bob@h[1 2]}\nshow #6 delta{3>4 ~bob@h[1 2]}\n");
	rig_contact(&laptop, HG_DELETE_CONTACT, "bob@h", false, 4);
	rig_expect(
		r, "answer 6 ok\nshow #5 delta{4>5 -bob@h[1 2]}\nshow #6 delta{4>5 -bob@h[1 2]}\n");
	rig_free(r);
}

/* pidgin-sipe counts its request at once, so that edits come with 1, 2, 3: in order, also while a commit is slow. */
static void pipelined_edits_are_taken_in_order(void **state)
{
	struct rig *r = rig_new();
	struct client desk = rig_sign_on(r, "alice@h", "desk");

	rig_open(&desk, NULL, &contacts, 1, 5);
	hg_buf_reset(&r->log);
	r->store.mode = COMMIT_WAITS;
	put(&desk, "bob@h", "1", 1);
	put(&desk, "carol@h", "1", 2);
	put(&desk, "dave@h", "1", 3);
	rig_expect(r, "");
	for (int i = 0; i < 3; i++) {
		assert_int_equal(r->store.ncommits, 1);
		rig_commit(r, 0);
		rig_turn(r);
	}
	rig_expect(r,
		"answer 2 ok\nshow #5 delta{1>2 +bob@h[1]}\n"
		"answer 3 ok\nshow #5 delta{2>3 +carol@h[1]}\n"
		"answer 4 ok\nshow #5 delta{3>4 +dave@h[1]}\n");
	rig_free(r);
}

/* The client has counted its request, and is one ahead for good unless it is told the true number. */
static void a_refusal_tells_the_true_number(void **state)
{
	struct rig *r = rig_new();
	struct client desk = rig_sign_on(r, "alice@h", "desk"),
		      laptop = rig_sign_on(r, "alice@h", "laptop");

	rig_open(&desk, NULL, &contacts, 1, 5);
	rig_open(&laptop, NULL, &contacts, 1, 6);
	hg_buf_reset(&r->log);
	r->facts = true;
	put(&desk, "bob@h", "1", 7);
	rig_expect(r, "answer 3 conflict\nshow #5 delta{1>1}\n");
	assert_int_equal(r->delta, 1);
	put(&desk, "bob@h", "1", 1);
	rig_expect(r,
		"fact contact alice@h bob@h 0.0.0\nfact list alice@h 2.0.0\nanswer 4 ok\n"
		"show #5 delta{1>2 +bob@h[1]}\nshow #6 delta{1>2 +bob@h[1]}\n");
	group(&desk, HG_DELETE_GROUP, "", 9, 2);
	rig_expect(r, "answer 5 not-found\nshow #5 delta{2>2}\n");
	rig_free(r);
}

static void a_failed_commit_tells_the_true_number_too(void **state)
{
	struct rig *r = rig_new();
	struct client desk = rig_sign_on(r, "alice@h", "desk");

	rig_open(&desk, NULL, &contacts, 1, 5);
	hg_buf_reset(&r->log);
	r->store.rc = -5;
	put(&desk, "bob@h", "1", 1);
	rig_expect(r, "answer 2 later\nshow #5 delta{1>1}\n");
	r->store.rc = 0;
	put(&desk, "bob@h", "1", 1);
	rig_expect(r, "answer 3 ok\nshow #5 delta{1>2 +bob@h[1]}\n");
	rig_free(r);
}

/* As it is on the disk, also in what it is told besides. */
static void a_group_that_is_there_stays_as_it_is(void **state)
{
	struct rig *r = rig_new();
	struct client desk = rig_sign_on(r, "alice@h", "desk");
	struct hg_contact_edit e = {
		.op = HG_ADD_GROUP, .delta = 2, .name = HG_STR("A"), .external = HG_STR("<more/>")
	};

	(void)state;
	group(&desk, HG_ADD_GROUP, "A", 0, 1);
	rig_open(&desk, NULL, &contacts, 1, 5);
	rig_turn(r);
	hg_buf_reset(&r->log);
	rig_request(&desk, &(struct hg_request){ .kind = HG_REQ_CONTACT, .contact = &e });
	rig_turn(r);
	rig_expect(r, "answer 3 ok\nshow #5 delta{2>3}\n");
	assert_int_equal(r->group, 2);
	rig_free(r);
}

static void groups(void **state)
{
	struct rig *r = rig_new();
	struct client desk = rig_sign_on(r, "alice@h", "desk");

	group(&desk, HG_ADD_GROUP, "A", 0, 1);
	group(&desk, HG_ADD_GROUP, "A", 0,
		2); /* there is one already: its id, and the number moves */
	assert_int_equal(r->group, 2);
	group(&desk, HG_ADD_GROUP, "B", 0, 3);
	assert_int_equal(r->group, 3);
	put(&desk, "bob@h", "2 3 77 x", 4); /* of groups that there are */
	put(&desk, "carol@h", "2", 5);
	rig_open(&desk, NULL, &contacts, 1, 5);
	hg_buf_reset(&r->log);
	group(&desk, HG_MODIFY_GROUP, "B", 2, 6); /* taken */
	rig_expect(r, "answer 7 bad\nshow #5 delta{6>6}\n");
	group(&desk, HG_MODIFY_GROUP, "~~", 1, 6); /* "Other Contacts" stays as it is */
	rig_expect(r, "answer 8 forbidden\nshow #5 delta{6>6}\n");
	group(&desk, HG_DELETE_GROUP, "", 1, 6);
	rig_expect(r, "answer 9 forbidden\nshow #5 delta{6>6}\n");
	group(&desk, HG_MODIFY_GROUP, "AA", 2, 6);
	rig_expect(r, "answer 10 ok\nshow #5 delta{6>7 ~group2=AA}\n");
	group(&desk, HG_DELETE_GROUP, "", 2,
		7); /* who was in it alone is now in "Other Contacts" */
	rig_expect(r, "answer 11 ok\nshow #5 delta{7>8 -group2=AA ~bob@h[3] ~carol@h[1]}\n");
	group(&desk, HG_ADD_GROUP, "", 0, 8);
	rig_expect(r, "answer 12 too-large\nshow #5 delta{8>8}\n");
	rig_free(r);
}

/* An endpoint that is slow must hear of a deletion, however long ago it was; then nothing is left of it. */
static void tombstones_last_until_everybody_was_told(void **state)
{
	struct rig *r = rig_new();
	struct client desk = rig_sign_on(r, "alice@h", "desk"),
		      laptop = rig_sign_on(r, "alice@h", "laptop");

	put(&desk, "bob@h", "1", 1);
	rig_open(&desk, NULL, &contacts, 1, 5);
	rig_open(&laptop, NULL, &contacts, 1, 6);
	r->room[1] = 0; /* the laptop takes nothing now */
	hg_buf_reset(&r->log);
	rig_contact(&desk, HG_DELETE_CONTACT, "bob@h", false, 2);
	put(&desk, "carol@h", "1", 3);
	rig_expect(r,
		"answer 4 ok\nshow #5 delta{2>3 -bob@h[1]}\nanswer 5 ok\nshow #5 delta{3>4 +carol@h[1]}\n");
	r->room[1] = -1;
	rig_turn(r);
	rig_expect(r, "show #6 delta{2>4 -bob@h[1] +carol@h[1]}\n");
	/* Came and went between two looks: not worth a word. */
	r->room[1] = 0;
	put(&desk, "dave@h", "1", 4);
	rig_contact(&desk, HG_DELETE_CONTACT, "dave@h", false, 5);
	r->room[1] = -1;
	hg_buf_reset(&r->log);
	rig_turn(r);
	rig_expect(r, "show #6 delta{4>6}\n");
	rig_free(r);
}

/* "unsubscribe" goes out once, and its outlets leave open batch dialogs. */
static void a_deleted_contact_takes_its_outlets_along(void **state)
{
	struct rig *r = rig_new_linked();
	struct client desk = rig_sign_on(r, "alice@h", "desk"),
		      laptop = rig_sign_on(r, "alice@h", "laptop");

	rig_contact(&desk, HG_SET_CONTACT, "romeo@x", true, 1);
	rig_peer(r, 1, "alice@h", "romeo@x", HG_SUBSCRIBED);
	rig_watch_state(&desk, "romeo@x", 5);
	rig_watch_state(&laptop, "romeo@x", 6);
	hg_buf_reset(&r->log);
	rig_contact(&desk, HG_DELETE_CONTACT, "romeo@x", false, 2);
	rig_expect(r, "edge unsubscribe alice@h>romeo@x\nended 5\nended 6\nanswer 4 ok\n");
	rig_contact(&desk, HG_DELETE_CONTACT, "romeo@x", false, 3);
	rig_expect(r, "answer 5 ok\n");
	rig_pass(r, 60000);
	rig_expect(r, "");
	rig_free(r);
}

static void signing_off_never_unsubscribes(void **state)
{
	struct rig *r = rig_new_linked();
	struct client desk = rig_sign_on(r, "alice@h", "desk");

	rig_contact(&desk, HG_SET_CONTACT, "romeo@x", true, 1);
	rig_peer(r, 1, "alice@h", "romeo@x", HG_SUBSCRIBED);
	rig_watch_state(&desk, "romeo@x", 5);
	rig_register(&desk, 0); /* un-register */
	assert_null(strstr(r->log.p, "unsubscribe"));
	rig_register(&desk, 60);
	r->host.outlet_shut(
		r->core, rig_watch_state(&desk, "romeo@x", 6)); /* the end of a dialog */
	rig_watch_state(&desk, "romeo@x", 7);
	rig_pass(r, 61000); /* expiry */
	rig_register(&desk, 60);
	rig_watch_state(&desk, "romeo@x", 8);
	rig_drop(&desk); /* the connection */
	rig_pass(r, 3600000);
	assert_null(strstr(r->log.p, "unsubscribe"));
	/* What was received is still there for who comes back. */
	rig_face(r, 1, "alice@h", "romeo@x", "r1", "busy", NULL, NULL);
	desk = rig_sign_on(r, "alice@h", "desk");
	rig_watch_state(&desk, "romeo@x", 9);
	rig_expect(r, "show #9 known romeo@x state{6500}\n");
	rig_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_endpoint_is_told_what_changed),
		cmocka_unit_test(pipelined_edits_are_taken_in_order),
		cmocka_unit_test(a_refusal_tells_the_true_number),
		cmocka_unit_test(a_failed_commit_tells_the_true_number_too),
		cmocka_unit_test(a_group_that_is_there_stays_as_it_is),
		cmocka_unit_test(groups),
		cmocka_unit_test(tombstones_last_until_everybody_was_told),
		cmocka_unit_test(a_deleted_contact_takes_its_outlets_along),
		cmocka_unit_test(signing_off_never_unsubscribes),
	};

	return cmocka_run_group_tests_name("contacts", tests, NULL, NULL);
}
