/* SPDX-License-Identifier: Apache-2.0 */
/* Registrations that come, expire, lose their connection and return; and a core that starts again from its facts. */
#include "tests/unit/mirror_rig.h"

#include <errno.h>

/* bob watches alice, who is there with `alice`. */
static struct client watched(struct rig *r, struct client *alice)
{
	struct client bob = rig_sign_on(r, "bob@h", "desk");

	*alice = rig_client(r, "alice@h", "desk");
	rig_register(alice, 100);
	rig_machine(alice, 0, 3500);
	rig_watch_state(&bob, "alice@h", 5);
	hg_buf_reset(&r->log);
	return bob;
}

static void a_registration_expires(void **state)
{
	struct rig *r = rig_new();
	struct client alice;

	watched(r, &alice);
	rig_pass(r, 99999);
	rig_expect(r, "");
	rig_pass(r, 1);
	rig_expect(r, "show #5 known alice@h state{18500}\n");
	rig_free(r);
}

static void a_refresh_puts_it_off(void **state)
{
	struct rig *r = rig_new();
	struct client alice;

	watched(r, &alice);
	rig_pass(r, 99999);
	rig_register(&alice, 100);
	rig_pass(r, 99999);
	assert_false(rig_says(r, "show #5"));
	rig_pass(r, 1);
	assert_true(rig_says(r, "state{18500}"));
	rig_free(r);
}

static void a_lost_connection_is_no_news_for_the_grace_time(void **state)
{
	struct rig *r = rig_new();
	struct client alice;

	watched(r, &alice);
	rig_drop(&alice);
	rig_pass(r, 59999);
	rig_expect(r, "");
	rig_pass(r, 1);
	rig_expect(r, "show #5 known alice@h state{18500}\n");
	rig_free(r);
}

static enum hg_verdict publish_for(struct client *alice, const char *endpoint, struct hg_change *ch)
{
	enum hg_verdict v = HG_LATER;

	hg_core_publish(
		alice->rig->core, alice->by.addr, hg_str(endpoint), ch, 1, rig_keep_verdict, &v);
	rig_turn(alice->rig);
	return v;
}

/* A call at one of two devices is over when that device is gone, and not before. */
static void what_an_application_binds_to_it_ends_with_it(void **state)
{
	struct rig *r = rig_new();
	struct client alice, phone;
	struct hg_change ch = rig_state(2, 0x80000000 | HG_APPLICATION, 0, 6500);

	watched(r, &alice);
	phone = rig_sign_on(r, "alice@h", "phone");
	hg_buf_reset(&r->log);
	ch.state.kind = HG_STATE_PHONE;
	ch.expiry = HG_ENDPOINT;
	assert_int_equal(publish_for(&alice, NULL, &ch), HG_BAD);
	assert_int_equal(publish_for(&alice, "tablet", &ch), HG_BAD);
	rig_expect(r, "");
	assert_int_equal(publish_for(&alice, "phone", &ch), HG_OK);
	rig_expect(r, "show #5 known alice@h state{6500}\n");
	rig_register(&alice, 100);
	assert_false(rig_says(r, "show #5"));
	rig_register(&phone, 0);
	assert_true(rig_says(r, "show #5 known alice@h state{3500}\n"));
	hg_change_done(&ch);
	rig_free(r);
}

/* The grace time does not prolong what would have expired. */
static void a_lost_connection_expires_all_the_same(void **state)
{
	struct rig *r = rig_new();
	struct client alice;

	watched(r, &alice);
	rig_pass(r, 90000);
	rig_drop(&alice);
	rig_pass(r, 9999);
	rig_expect(r, "");
	rig_pass(r, 1);
	rig_expect(r, "show #5 known alice@h state{18500}\n");
	rig_free(r);
}

static void who_returns_in_time_was_never_away(void **state)
{
	struct rig *r = rig_new();
	struct client alice, again;
	hg_endpoint endpoint;

	watched(r, &alice);
	endpoint = alice.by.endpoint;
	rig_drop(&alice);
	rig_pass(r, 59000);
	again = rig_client(r, "alice@h", "desk");
	rig_register(&again, 3600);
	assert_int_equal(again.by.endpoint, endpoint);
	rig_pass(r, 3000000);
	rig_expect(r, "answer 4 ok\n");
	rig_free(r);
}

/* The same device over a new connection: what was shown over the old one ends. */
static void a_device_moves_to_another_connection(void **state)
{
	struct rig *r = rig_new();
	struct client alice, again;

	watched(r, &alice);
	rig_watch_state(&alice, "bob@h", 7);
	hg_buf_reset(&r->log);
	again = rig_client(r, "alice@h", "desk");
	rig_register(&again, 3600);
	rig_expect(r, "ended 7\nanswer 4 ok\n");
	rig_drop(&alice); /* the old connection is nobody's any more */
	rig_pass(r, 120000);
	rig_expect(r, "");
	rig_free(r);
}

static void signing_off_ends_what_is_bound_to_the_endpoint(void **state)
{
	struct rig *r = rig_new();
	struct client alice, laptop;
	struct hg_change ch[2];

	watched(r, &alice);
	laptop = rig_sign_on(r, "alice@h", "laptop");
	rig_machine(&laptop, 0, 15500);
	ch[0] = rig_note(200, 0, "of all");
	ch[0].expiry = HG_USER;
	ch[1] = rig_note(300, 0, "for ever");
	rig_publish(&alice, ch, 2);
	assert_int_equal(hg_core_stats(r->core).publications, 6);
	hg_buf_reset(&r->log);
	rig_register(&alice, 0);
	rig_expect(r, "answer 7 ok\nshow #5 known alice@h state{15500}\n"); /* TV-26 */
	assert_int_equal(hg_core_stats(r->core).publications, 4);
	rig_register(&laptop, 0);
	rig_expect(r, "answer 8 ok\nshow #5 known alice@h state{18500}\n"); /* TV-25, TV-50 */
	assert_int_equal(hg_core_stats(r->core).publications, 1);
	rig_register(&laptop, 0); /* nobody is there to sign off */
	rig_expect(r, "answer 9 ok\n");
	rig_free(r);
}

static struct hg_str shown(struct rig *r, const char *who, struct hg_buf *b)
{
	assert_int_equal(hg_core_show(r->core, rig_addr(r, who), b), 0);
	return hg_buf_str(b);
}

/* EP 2.1.3: since when he is not active any more, and only then. */
static void last_active(void **state)
{
	struct rig *r = rig_new();
	struct client alice;
	struct hg_buf b = { 0 };

	watched(r, &alice);
	assert_null(strstr(shown(r, "alice@h", &b).p, "lastActive"));
	hg_buf_reset(&b);
	rig_pass(r, 5000);
	rig_machine(&alice, 1, 5000);
	rig_pass(r, 5000);
	rig_register(&alice, 0); /* offline: still since he was active last */
	assert_non_null(
		strstr(shown(r, "alice@h", &b).p, "\"lastActive\":\"2027-01-15T08:00:05.000Z\""));
	hg_buf_done(&b);
	rig_free(r);
}

/* ---- from the facts ---- */

static void put_everything(struct rig *r)
{
	struct client alice = rig_sign_on(r, "alice@h", "desk");
	struct hg_change ch[] = { rig_note(200, 0, "lunch"), rig_note(300, 0, "soup"),
		rig_note(400, 0, "gone") };
	struct hg_member_edit e[] = { rig_member(&alice, 400, 1, false, "bob@h"),
		rig_member(&alice, 500, 0, false, "romeo@x"),
		rig_member(&alice, 500, 0, false, "bob@h") };
	struct hg_contact_edit group = {
		.op = HG_ADD_GROUP, .delta = 1, .name = HG_STR("Friends")
	};

	rig_publish(&alice, ch, 3);
	ch[0] = rig_note(200, 1, "tea");
	ch[1] = rig_note(400, 1, "");
	ch[1].expires = 0;
	rig_publish(&alice, ch, 2);
	rig_members(&alice, e, 3);
	e[0] = rig_member(&alice, 500, 1, true, "bob@h");
	rig_members(&alice, e, 1);
	rig_request(&alice, &(struct hg_request){ .kind = HG_REQ_CONTACT, .contact = &group });
	rig_turn(r);
	rig_contact(&alice, HG_SET_CONTACT, "romeo@x", true, 2);
	rig_contact(&alice, HG_SET_CONTACT, "bob@h", true, 3);
	rig_contact(&alice, HG_SET_CONTACT, "carol@h", true, 4);
	rig_contact(&alice, HG_DELETE_CONTACT, "carol@h", false, 5);
	rig_register(&alice, 0);
	rig_drop(&alice);
}

/* From "endpoints" to "watches": what is durable, without the times of aggregates. */
static void durable(struct rig *r, struct hg_buf *ret)
{
	struct hg_buf b = { 0 };
	const char *from, *to;

	shown(r, "alice@h", &b);
	from = strstr(b.p, "\"endpoints\"");
	to = strstr(b.p, "\"watches\"");
	assert_true(from && to && from < to);
	hg_buf_add(ret, (struct hg_str){ from, (size_t)(to - from) });
	hg_buf_done(&b);
}

static void a_restart_changes_nothing(void **state)
{
	struct rig *r = rig_new();
	struct hg_buf before = { 0 }, after = { 0 };
	struct client alice;

	put_everything(r);
	durable(r, &before);
	rig_restart(r);
	durable(r, &after);
	assert_non_null(strstr(before.p, "\"contacts\":[{\"uri\":\"romeo@x.example\""));
	assert_str(hg_buf_str(&after), before.p);
	/* And it goes on with the same versions and numbers. */
	alice = rig_sign_on(r, "alice@h", "desk");
	rig_contact(&alice, HG_SET_CONTACT, "dave@h", true, 6);
	assert_int_equal(r->delta, 7);
	{
		struct hg_change ch = rig_note(200, 2, "more tea");
		struct hg_member_edit e = rig_member(&alice, 500, 2, false, "bob@h");

		hg_buf_reset(&r->log);
		rig_publish(&alice, &ch, 1);
		rig_members(&alice, &e, 1);
		rig_turn(r);
	}
	assert_true(rig_says(r, "ok note{200.0.v3=more tea 300.0.v1=soup}\nanswer 15 ok\n"));
	hg_buf_done(&before);
	hg_buf_done(&after);
	rig_free(r);
}

static void facts_that_make_no_sense_are_left_out(void **state)
{
	static const struct hg_fact bad[] = {
		{ .kind = HG_FACT_USER,
			.owner = HG_STR("romeo@x.example") }, /* his home is elsewhere */
		{ .kind = HG_FACT_USER },
		{ .kind = HG_FACT_PUBLICATION,
			.owner = HG_STR("a@h.example"),
			.name = HG_STR("foo") },
		{ .kind = HG_FACT_PUBLICATION,
			.owner = HG_STR("a@h.example"),
			.name = HG_STR("note"),
			.number = { 32768 } },
		{ .kind = HG_FACT_CONTAINER, .owner = HG_STR("a@h.example"), .number = { 40000 } },
		{ .kind = HG_FACT_MEMBER,
			.owner = HG_STR("a@h.example"),
			.number = { 777, HG_MEMBER_EVERYONE } },
		{ .kind = HG_FACT_MEMBER, .owner = HG_STR("a@h.example"), .number = { 100, 9 } },
		{ .kind = HG_FACT_MEMBER,
			.owner = HG_STR("a@h.example"),
			.number = { 100, HG_MEMBER_USER } },
		{ .kind = HG_FACT_CONTACT, .owner = HG_STR("a@h.example") },
		{ .kind = HG_FACT_WATCH,
			.owner = HG_STR("a@h.example"),
			.name = HG_STR("r@x.example"),
			.number = { 4, 2 } },
		{ .kind = HG_FACT_WATCH, .owner = HG_STR("a@h.example"), .number = { 2, 2 } },
		{ .kind = HG_FACT_KINDS, .owner = HG_STR("a@h.example") },
	};
	struct rig *r = rig_new();

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(hg_core_load(r->core, &bad[i]), -EINVAL);
	rig_free(r);
}

static void users_of_a_list(void **state)
{
	struct rig *r = rig_new();
	struct client alice, bob;

	r->env.policy.provision_open = false;
	rig_again(r);
	r->facts = true;
	assert_int_equal(hg_core_add_user(r->core, rig_addr(r, "alice@h")), 1);
	assert_int_equal(hg_core_add_user(r->core, rig_addr(r, "alice@h")), 0); /* under way */
	assert_int_equal(hg_core_add_user(r->core, rig_addr(r, "romeo@x")), -EINVAL);
	rig_turn(r);
	rig_expect(r, "fact user alice@h\n");
	alice = rig_client(r, "alice@h", "desk");
	bob = rig_client(r, "bob@h", "desk");
	rig_register(&alice, 60);
	rig_register(&bob, 60);
	rig_expect(r, "answer 1 ok\nanswer 2 not-found\n");
	rig_restart(r);
	assert_int_equal(hg_core_add_user(r->core, rig_addr(r, "alice@h")), 0);
	rig_turn(r);
	rig_expect(r, ""); /* known already */
	rig_free(r);
}

/* Watched before he was a user: nobody, and then somebody. */
static void who_becomes_a_user_is_found_by_his_watchers(void **state)
{
	struct rig *r = rig_new();
	struct client bob = rig_sign_on(r, "bob@h", "desk"), alice;

	rig_watch_state(&bob, "alice@h", 5);
	rig_expect(r, "");
	alice = rig_client(r, "alice@h", "desk");
	r->store.rc = -5;
	rig_register(&alice, 60);
	rig_expect(r, "answer 2 later\n");
	r->store.rc = 0;
	rig_register(&alice, 60);
	rig_expect(r, "answer 3 ok\nshow #5 known alice@h state{18500}\n");
	rig_free(r);
}

/* Whom nobody watches any more takes no place among the watches. */
static void what_he_watched_ends_with_his_registration(void **state)
{
	struct rig *r = rig_new();
	struct client bob = rig_sign_on(r, "bob@h", "desk");

	rig_watch_state(&bob, "alice@h", 5);
	assert_int_equal(hg_core_stats(r->core).watches, 1);
	rig_register(&bob, 0);
	assert_int_equal(hg_core_stats(r->core).outlets, 0);
	assert_int_equal(hg_core_stats(r->core).watches, 0);
	rig_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_registration_expires),
		cmocka_unit_test(a_refresh_puts_it_off),
		cmocka_unit_test(a_lost_connection_is_no_news_for_the_grace_time),
		cmocka_unit_test(what_an_application_binds_to_it_ends_with_it),
		cmocka_unit_test(a_lost_connection_expires_all_the_same),
		cmocka_unit_test(who_returns_in_time_was_never_away),
		cmocka_unit_test(a_device_moves_to_another_connection),
		cmocka_unit_test(signing_off_ends_what_is_bound_to_the_endpoint),
		cmocka_unit_test(last_active),
		cmocka_unit_test(a_restart_changes_nothing),
		cmocka_unit_test(facts_that_make_no_sense_are_left_out),
		cmocka_unit_test(users_of_a_list),
		cmocka_unit_test(who_becomes_a_user_is_found_by_his_watchers),
		cmocka_unit_test(what_he_watched_ends_with_his_registration),
	};

	return cmocka_run_group_tests_name("endpoints", tests, NULL, NULL);
}
