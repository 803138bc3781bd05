/* SPDX-License-Identifier: Apache-2.0 */
/* Every limit of struct hg_limits is reached, and past it the peer gets a refusal and nothing has changed. */
#include "tests/unit/mirror_rig.h"

#include <errno.h>

#define LIMITED(r, limit, value) ((r)->env.policy.limits.limit = (value), rig_again(r))

static void users(void **state)
{
	struct rig *r = rig_new();
	struct client alice, bob;

	LIMITED(r, users, 1);
	alice = rig_client(r, "alice@h", "desk");
	bob = rig_client(r, "bob@h", "desk");
	rig_register(&alice, 60);
	rig_register(&bob, 60);
	rig_register(&alice, 60);
	rig_expect(r, "answer 1 ok\nanswer 2 too-large\nanswer 3 ok\n");
	assert_string_equal(r->counted, "limit_users_total");
	assert_int_equal(hg_core_stats(r->core).persons, 1);
	rig_free(r);
}

static void addresses(void **state)
{
	struct rig *r = rig_new();
	const char *reason = NULL;
	hg_addr addr;

	LIMITED(r, addresses, 1);
	assert_int_equal(
		r->host.addr_sip(r->core, HG_STR("sip:a@h.example"), &addr, NULL, &reason), 0);
	assert_true(addr != 0);
	assert_int_equal(
		r->host.addr_jid(r->core, HG_STR("b@x.example"), &addr, NULL, &reason), -E2BIG);
	assert_int_equal(addr, 0);
	assert_non_null(reason);
	assert_string_equal(r->counted, "limit_addresses_total");
	/* One that is known is found. */
	assert_int_equal(
		r->host.addr_jid(r->core, HG_STR("a@h.example/r"), &addr, NULL, &reason), 0);
	rig_free(r);
}

static void watches(void **state)
{
	struct rig *r = rig_new();
	struct client alice;
	struct hg_outlet_spec spec;
	hg_outlet o;

	LIMITED(r, watches, 1);
	rig_open_routes(r);
	alice = rig_sign_on(r, "alice@h", "desk");
	rig_contact(&alice, HG_SET_CONTACT, "romeo@x", true, 1);
	rig_expect(r, "edge subscribe alice@h>romeo@x\nanswer 2 ok\n");
	r->facts = true;
	rig_contact(&alice, HG_SET_CONTACT, "tybalt@x", true, 2);
	rig_wish(&alice, "tybalt@x");
	rig_peer(r, 1, "tybalt@x", "alice@h", HG_SUBSCRIBE);
	rig_expect(
		r, "answer 3 too-large\nanswer 4 too-large\nedge unsubscribed tybalt@x>alice@h\n");
	assert_string_equal(r->counted, "limit_watches_total");
	spec = (struct hg_outlet_spec){ .principal = &alice.by,
		.presentity = rig_addr(r, "tybalt@x") };
	assert_int_equal(r->host.outlet_open(r->core, &spec, &o), HG_TOO_LARGE);
	/* What there is goes on working. */
	rig_contact(&alice, HG_SET_CONTACT, "romeo@x", false, 2);
	rig_contact(&alice, HG_SET_CONTACT, "tybalt@x", true, 3);
	assert_int_equal(hg_core_stats(r->core).watches, 1);
	rig_free(r);
}

static void endpoints(void **state)
{
	struct rig *r = rig_new();
	struct client desk, laptop;

	LIMITED(r, endpoints, 1);
	desk = rig_client(r, "alice@h", "desk");
	laptop = rig_client(r, "alice@h", "laptop");
	rig_register(&desk, 60);
	rig_register(&laptop, 60);
	rig_register(&desk, 60);
	rig_register(&desk, 0);
	rig_register(&laptop, 60);
	rig_expect(r, "answer 1 ok\nanswer 2 too-large\nanswer 3 ok\nanswer 4 ok\nanswer 5 ok\n");
	assert_string_equal(r->counted, "limit_endpoints_total");
	rig_free(r);
}

static void publications(void **state)
{
	struct rig *r = rig_new();
	struct client alice;
	struct hg_change ch[2];

	LIMITED(r, publications, 2);
	alice = rig_sign_on(r, "alice@h", "desk");
	ch[0] = rig_note(200, 0, "a");
	rig_publish(&alice, ch, 1);
	ch[0] = rig_note(300, 0, "b");
	ch[1] = rig_note(400, 0, "c");
	rig_publish(&alice, ch, 2);
	assert_string_equal(r->counted, "limit_publications_total");
	ch[0] = rig_note(300, 0, "b");
	rig_publish(&alice, ch, 1);
	ch[0] = rig_note(300, 1, "c"); /* another value of one that is there */
	rig_publish(&alice, ch, 1);
	rig_expect(r,
		"answer 2 ok note{200.0.v1=a}\nanswer 3 too-large\nanswer 4 ok note{200.0.v1=a 300.0.v1=b}\n"
		"answer 5 ok note{200.0.v1=a 300.0.v2=c}\n");
	rig_free(r);
}

static void containers_and_members(void **state)
{
	struct rig *r = rig_new();
	struct client alice;
	struct hg_member_edit e[2];

	r->env.policy.limits.containers = 6; /* one more than everybody has */
	LIMITED(r, members, 2);
	alice = rig_sign_on(r, "alice@h", "desk");
	e[0] = rig_member(&alice, 500, 0, false, "bob@h");
	e[1] = rig_member(&alice, 501, 0, false, "bob@h");
	rig_members(&alice, e, 2);
	rig_turn(r);
	assert_string_equal(r->counted, "limit_containers_total");
	e[0] = rig_member(&alice, 500, 0, false, "bob@h");
	rig_members(&alice, e, 1);
	e[0] = rig_member(&alice, 500, 1, false, "carol@h");
	rig_members(&alice, e, 1);
	e[0] = rig_member(&alice, 500, 2, false, "dave@h");
	rig_members(&alice, e, 1);
	rig_turn(r);
	assert_string_equal(r->counted, "limit_members_total");
	e[0] = rig_member(&alice, 500, 2, true, "bob@h");
	rig_members(&alice, e, 1);
	rig_turn(r);
	rig_expect(r,
		"answer 2 too-large\nanswer 3 ok\nanswer 4 ok\nanswer 5 too-large\nanswer 6 ok\n");
	/* Nor all at once. */
	e[0] = rig_member(&alice, HG_C_FRIENDS, 1, false, "bob@h");
	e[1] = rig_member(&alice, HG_C_FRIENDS, 1, false, "carol@h");
	rig_members(&alice, e, 2);
	rig_turn(r);
	e[0] = rig_member(&alice, HG_C_WORKGROUP, 1, false, "bob@h");
	rig_members(&alice, e, 1);
	e[0] = rig_member(&alice, HG_C_WORKGROUP, 2, false, "carol@h");
	e[1] = rig_member(&alice, HG_C_WORKGROUP, 2, false, "dave@h");
	rig_members(&alice, e, 2);
	rig_turn(r);
	rig_expect(r, "answer 7 ok\nanswer 8 ok\nanswer 9 too-large\n");
	rig_free(r);
}

static void contacts_and_groups(void **state)
{
	struct rig *r = rig_new();
	struct client alice;
	struct hg_contact_edit e = { .op = HG_ADD_GROUP, .name = HG_STR("A") };

	r->env.policy.limits.groups = 2;
	LIMITED(r, contacts, 1);
	alice = rig_sign_on(r, "alice@h", "desk");
	rig_contact(&alice, HG_SET_CONTACT, "bob@h", true, 1);
	rig_contact(&alice, HG_SET_CONTACT, "carol@h", true, 2);
	assert_string_equal(r->counted, "limit_contacts_total");
	rig_contact(&alice, HG_SET_CONTACT, "bob@h", false, 2);
	rig_contact(&alice, HG_DELETE_CONTACT, "bob@h", false, 3);
	rig_contact(&alice, HG_SET_CONTACT, "carol@h", true, 4);
	rig_expect(r, "answer 2 ok\nanswer 3 too-large\nanswer 4 ok\nanswer 5 ok\nanswer 6 ok\n");
	for (e.delta = 5; e.delta < 7; e.delta++) {
		rig_request(&alice, &(struct hg_request){ .kind = HG_REQ_CONTACT, .contact = &e });
		rig_turn(r);
		e.name = HG_STR("B");
	}
	rig_expect(r, "answer 7 ok\nanswer 8 too-large\n");
	assert_string_equal(r->counted, "limit_groups_total");
	rig_free(r);
}

static void faces(void **state)
{
	struct rig *r = rig_new();
	struct client alice;

	LIMITED(r, faces, 1);
	rig_open_routes(r);
	alice = rig_sign_on(r, "alice@h", "desk");
	rig_contact(&alice, HG_SET_CONTACT, "romeo@x", true, 1);
	rig_peer(r, 1, "alice@h", "romeo@x", HG_SUBSCRIBED);
	rig_face(r, 1, "alice@h", "romeo@x", "a", "away", NULL, NULL);
	rig_watch_state(&alice, "romeo@x", 5);
	hg_buf_reset(&r->log);
	rig_face(r, 1, "alice@h", "romeo@x", "b", "on", NULL, NULL);
	rig_expect(r, "");
	assert_string_equal(r->counted, "limit_faces_total");
	rig_face(r, 1, "alice@h", "romeo@x", "a", "on", NULL, NULL);
	rig_expect(r, "show #5 known romeo@x state{3500}\n");
	/* Once the link is back, one that it has not confirmed is not in the way. */
	rig_link(r, 1, false);
	rig_link(r, 1, true);
	hg_buf_reset(&r->log);
	rig_face(r, 1, "alice@h", "romeo@x", "b", "away", NULL, NULL);
	rig_expect(r, "show #5 known romeo@x state{15500}\n");
	rig_free(r);
}

static void queue(void **state)
{
	struct rig *r = rig_new();
	struct client alice;
	struct hg_change ch;

	LIMITED(r, queue, 2);
	alice = rig_sign_on(r, "alice@h", "desk");
	r->store.mode = COMMIT_WAITS;
	for (uint32_t i = 0; i < 3; i++) {
		ch = rig_note(200, i, "x");
		rig_publish_later(&alice, &ch, 1);
	}
	rig_turn(r);
	rig_expect(r, "answer 4 later\n");
	assert_string_equal(r->counted, "limit_queue_total");
	rig_commit(r, 0);
	rig_turn(r);
	rig_commit(r, 0);
	rig_turn(r);
	rig_expect(r, "answer 2 ok note{200.0.v1=x}\nanswer 3 ok note{200.0.v2=x}\n");
	rig_free(r);
}

/* The list's number is told even to whom the queue had no place for. */
static void a_full_queue_tells_the_lists_number(void **state)
{
	static const hg_part contacts = HG_PART_CONTACTS;
	struct rig *r = rig_new();
	struct client alice;

	LIMITED(r, queue, 1);
	alice = rig_sign_on(r, "alice@h", "desk");
	rig_open(&alice, NULL, &contacts, 1, 5);
	hg_buf_reset(&r->log);
	r->store.mode = COMMIT_WAITS;
	rig_contact(&alice, HG_SET_CONTACT, "bob@h", false, 1);
	rig_contact(&alice, HG_SET_CONTACT, "carol@h", false, 2);
	rig_expect(r, "answer 3 later\nshow #5 delta{1>1}\n");
	assert_int_equal(r->delta, 1);
	rig_free(r);
}

/* Renderings are a cache: without room for any, everybody is still shown what is true, and shown it once. */
static void cells(void **state)
{
	struct rig *r = rig_new();
	struct client alice, bob;

	LIMITED(r, cells, 0);
	alice = rig_sign_on(r, "alice@h", "desk");
	bob = rig_sign_on(r, "bob@h", "desk");
	rig_watch_state(&bob, "alice@h", 5);
	rig_machine(&alice, 0, 3500);
	hg_buf_reset(&r->log);
	rig_machine(&alice, 1, 5000);
	assert_non_null(strstr(r->log.p, "show #5 known alice@h state{5000}\n"));
	hg_buf_reset(&r->log);
	rig_machine(&alice, 2, 5000);
	assert_null(strstr(r->log.p, "show"));
	rig_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(users),
		cmocka_unit_test(addresses),
		cmocka_unit_test(watches),
		cmocka_unit_test(endpoints),
		cmocka_unit_test(publications),
		cmocka_unit_test(containers_and_members),
		cmocka_unit_test(contacts_and_groups),
		cmocka_unit_test(faces),
		cmocka_unit_test(queue),
		cmocka_unit_test(a_full_queue_tells_the_lists_number),
		cmocka_unit_test(cells),
	};

	return cmocka_run_group_tests_name("limits", tests, NULL, NULL);
}
