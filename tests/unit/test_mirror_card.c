/* SPDX-License-Identifier: Apache-2.0 */
/* User records: what is durable of them, and who is shown what. */
#include "tests/unit/mirror_card.h"

static const hg_part card = HG_CAT_CONTACT_CARD;
static const hg_part both[] = { HG_CAT_CONTACT_CARD, HG_CAT_USER_PROPERTIES };

static void a_record_is_made_with_its_user(void **state)
{
	struct rig *r = rig_new();
	enum hg_verdict v;

	r->facts = true;
	rig_say(r, "alice@h", false, (struct said[]){ { HG_CARD_TITLE, "Writer" }, { 0, NULL } },
		&v);
	assert_int_equal(v, HG_NOT_FOUND);
	rig_say(r, "romeo@x", true, (struct said[]){ { HG_CARD_TITLE, "Writer" }, { 0, NULL } },
		&v);
	assert_int_equal(v, HG_BAD);
	rig_expect(r, "");
	SAY(r, "alice@h", { HG_CARD_DISPLAY_NAME, "Alice" }, { HG_CARD_TITLE, "Writer" });
	rig_expect(r,
		"fact user alice@h\n"
		"fact card alice@h display-name 1.0.0\n"
		"fact card alice@h title 1.0.0\n");
	rig_free(r);
}

/* All or nothing: the user is not there without his record. */
static void a_commit_that_fails_leaves_nothing(void **state)
{
	struct rig *r = rig_new();
	struct client alice = rig_sign_on(r, "alice@h", "desk");
	enum hg_verdict v;

	rig_open(&alice, NULL, &card, 1, 5);
	SAY(r, "alice@h", { HG_CARD_DISPLAY_NAME, "Alice" });
	hg_buf_reset(&r->log);
	r->store.mode = COMMIT_WAITS;
	rig_say(r, "alice@h", false,
		(struct said[]){
			{ HG_CARD_DISPLAY_NAME, "Adams" }, { HG_CARD_MAIL, "a@b" }, { 0, NULL } },
		&v);
	rig_expect(r, "");
	assert_int_equal(v, 99);
	rig_commit(r, -5);
	rig_turn(r);
	assert_int_equal(v, HG_LATER);
	rig_expect(r, "");
	r->store.mode = COMMIT_AT_ONCE;
	SAY(r, "alice@h", { HG_CARD_MAIL, "a@b" });
	assert_non_null(strstr(r->log.p, "100.0.v2=display-name:Alice;mail:a@b;"));
	rig_free(r);
}

/* EP 1.13 and 3.2.3: less of it the wider the circle. */
static void each_circle_is_shown_its_part(void **state)
{
	struct rig *r = rig_new();
	struct client alice = rig_sign_on(r, "alice@h", "desk");

	SAY(r, "alice@h", { HG_CARD_DISPLAY_NAME, "Alice" }, { HG_CARD_TITLE, "Writer" },
		{ HG_CARD_OFFICE, "B12" }, { HG_CARD_PHONE_WORK, "tel:+1" },
		{ HG_CARD_PHONE_MOBILE, "tel:+2" }, { HG_CARD_PHONE_HOME, "tel:+3" },
		{ HG_CARD_CITY, "Verona" }, { HG_CARD_PHOTO_URL, "https://x" });
	rig_open(&alice, NULL, both, 2, 5);
	rig_expect(r,
		"show #5 contactCard{0.0.v1=display-name:Alice; "
		"100.0.v1=display-name:Alice; 100.3.v1=title:Writer; "
		"200.0.v1=display-name:Alice; 200.2.v1=city:Verona; "
		"200.3.v1=title:Writer;office:B12;phone-work:tel:+1; "
		"300.0.v1=display-name:Alice; 300.2.v1=city:Verona; "
		"300.3.v1=title:Writer;office:B12;phone-work:tel:+1;phone-mobile:tel:+2; "
		"400.0.v1=display-name:Alice; 400.2.v1=city:Verona; "
		"400.3.v1=title:Writer;office:B12;phone-work:tel:+1;phone-mobile:tel:+2;"
		"phone-home:tel:+3; "
		"32000.0.v1=display-name:Alice;} "
		"userProperties{1.0.v1=phone-work:tel:+1;city:Verona;}\n");
	rig_free(r);
}

static void a_watcher_sees_what_his_circle_may(void **state)
{
	struct rig *r = rig_new();
	struct client alice = rig_sign_on(r, "alice@h", "desk"),
		      bob = rig_sign_on(r, "bob@h", "desk");

	rig_open(&bob, "alice@h", &card, 1, 5);
	hg_buf_reset(&r->log);
	SAY(r, "alice@h", { HG_CARD_DISPLAY_NAME, "Alice" }, { HG_CARD_PHONE_WORK, "tel:+1" },
		{ HG_CARD_PHONE_HOME, "tel:+3" });
	rig_expect(
		r, "show #5 known alice@h contactCard{display-name:Alice; phone-work:tel:+1;}\n");
	/* What he is not shown does not show by a new time either. */
	SAY(r, "alice@h", { HG_CARD_PHONE_HOME, "tel:+4" });
	rig_expect(r, "");
	SAY(r, "alice@h", { HG_CARD_PHONE_WORK, "" });
	rig_expect(r, "show #5 known alice@h contactCard{display-name:Alice;}\n");
	rig_move(&alice, "bob@h", 0, HG_C_FRIENDS);
	assert_non_null(strstr(r->log.p,
		"show #5 known alice@h contactCard{display-name:Alice; phone-home:tel:+4;}\n"));
	hg_buf_reset(&r->log);
	rig_move(&alice, "bob@h", HG_C_FRIENDS, HG_C_BLOCKED);
	assert_non_null(strstr(r->log.p, "contactCard{display-name:Alice;}\n"));
	rig_free(r);
}

static void versions_only_grow(void **state)
{
	struct rig *r = rig_new();
	struct client alice = rig_sign_on(r, "alice@h", "desk");

	rig_open(&alice, NULL, &card, 1, 5);
	SAY(r, "alice@h", { HG_CARD_DISPLAY_NAME, "Alice" }, { HG_CARD_TITLE, "Writer" });
	hg_buf_reset(&r->log);
	/* The same again is no change. */
	r->facts = true;
	SAY(r, "alice@h", { HG_CARD_DISPLAY_NAME, "Alice" }, { HG_CARD_MAIL, "" });
	rig_expect(r, "");
	SAY(r, "alice@h", { HG_CARD_DISPLAY_NAME, "" });
	assert_non_null(strstr(r->log.p, "fact card alice@h display-name 2.0.0\n"));
	assert_null(strstr(r->log.p, "100.0."));
	hg_buf_reset(&r->log);
	SAY(r, "alice@h", { HG_CARD_DISPLAY_NAME, "Adams" });
	assert_non_null(strstr(r->log.p, "100.0.v3=display-name:Adams; 100.3.v1=title:Writer;"));
	rig_free(r);
}

static void it_is_there_after_a_restart(void **state)
{
	struct rig *r = rig_new();
	struct client alice;

	SAY(r, "alice@h", { HG_CARD_DISPLAY_NAME, "Alice" }, { HG_CARD_TITLE, "Writer" });
	SAY(r, "alice@h", { HG_CARD_TITLE, "" }, { HG_CARD_MAIL, "a@b" });
	rig_restart(r);
	alice = rig_sign_on(r, "alice@h", "desk");
	rig_open(&alice, NULL, &card, 1, 5);
	assert_non_null(strstr(r->log.p, "100.0.v2=display-name:Alice;mail:a@b; 200.0"));
	SAY(r, "alice@h", { HG_CARD_TITLE, "Editor" });
	assert_non_null(strstr(r->log.p, "100.3.v3=title:Editor;"));
	rig_free(r);
}

static void who_goes_takes_it_along(void **state)
{
	struct rig *r = rig_new();
	struct client alice;
	enum hg_verdict v;

	SAY(r, "alice@h", { HG_CARD_DISPLAY_NAME, "Alice" });
	hg_core_ask_user(r->core, rig_addr(r, "alice@h"), true, rig_keep_verdict, &v);
	rig_turn(r);
	assert_int_equal(v, HG_OK);
	for (int i = 0; i < 2; i++) {
		alice = rig_sign_on(r, "alice@h", "desk");
		rig_open(&alice, NULL, &card, 1, 5);
		rig_expect(r, "show #5 contactCard{}\n");
		rig_restart(r);
	}
	rig_free(r);
}

static void publish(struct client *c, hg_part category, uint32_t instance, int64_t expires)
{
	struct hg_change ch = rig_change(category, HG_C_COLLEAGUES, instance, 0);

	ch.expires = expires;
	ch.payload = hg_bytes_new(HG_STR("mine"));
	rig_publish(c, &ch, 1);
}

/* EP 1.13: which are the server's. */
static void the_servers_own_is_not_written(void **state)
{
	struct rig *r = rig_new();
	struct client alice = rig_sign_on(r, "alice@h", "desk");

	publish(&alice, HG_CAT_CONTACT_CARD, 0, -1);
	publish(&alice, HG_CAT_USER_PROPERTIES, 0, -1);
	publish(&alice, HG_CAT_MWI, 0, -1);
	rig_expect(r, "answer 2 forbidden\nanswer 3 forbidden\nanswer 4 forbidden\n");
	/* To delete what the server made does nothing. */
	SAY(r, "alice@h", { HG_CARD_DISPLAY_NAME, "Alice" });
	publish(&alice, HG_CAT_CONTACT_CARD, 0, 0);
	assert_non_null(strstr(r->log.p, "answer 5 ok contactCard{0.0.v1=display-name:Alice;"));
	assert_non_null(strstr(r->log.p, "200.0.v1=display-name:Alice;"));
	hg_buf_reset(&r->log);
	/* What the record has something for is the server's, all else the user's. */
	publish(&alice, HG_CAT_CONTACT_CARD, 3, -1);
	assert_non_null(strstr(r->log.p, "answer 6 ok"));
	assert_non_null(strstr(r->log.p, "200.3.v1=mine"));
	hg_buf_reset(&r->log);
	SAY(r, "alice@h", { HG_CARD_TITLE, "Writer" });
	publish(&alice, HG_CAT_CONTACT_CARD, 3, -1);
	rig_expect(r, "answer 7 forbidden\n");
	publish(&alice, HG_CAT_CONTACT_CARD, 1, -1);
	assert_non_null(strstr(r->log.p, "answer 8 ok"));
	assert_non_null(strstr(r->log.p, "200.1.v1=mine"));
	assert_non_null(strstr(r->log.p, "200.3.v2=title:Writer;"));
	assert_null(strstr(r->log.p, "200.3.v1=mine"));
	rig_free(r);
}

/* To change a record makes nobody a user: who is listed while that waits, behind his end, is made one. */
static void a_change_makes_no_user(void **state)
{
	static const struct said title[] = { { HG_CARD_TITLE, "Writer" }, { 0, NULL } };
	struct rig *r = rig_new();
	enum hg_verdict gone, changed;

	SAY(r, "alice@h", { HG_CARD_DISPLAY_NAME, "Alice" });
	r->store.mode = COMMIT_WAITS;
	hg_core_ask_user(r->core, rig_addr(r, "alice@h"), true, rig_keep_verdict, &gone);
	rig_say(r, "alice@h", false, title, &changed);
	assert_int_equal(hg_core_add_user(r->core, rig_addr(r, "alice@h")), 1);
	r->store.mode = COMMIT_AT_ONCE;
	rig_turn(r);
	assert_int_equal(gone, HG_OK);
	assert_int_equal(changed, HG_NOT_FOUND);
	assert_true(hg_core_has_user(r->core, rig_addr(r, "alice@h")));
	rig_free(r);
}

/* Clients show the name that stands there: it is that of the record, or none. */
static void who_asks_has_his_name(void **state)
{
	struct rig *r = rig_new();
	struct client alice = rig_sign_on(r, "alice@h", "desk");
	const hg_part waiting = HG_PART_SUBSCRIBERS;

	SAY(r, "bob@h", { HG_CARD_DISPLAY_NAME, "Bob" });
	for (int i = 0; i < 2; i++) {
		struct client c = rig_sign_on(r, i ? "carol@h" : "bob@h", "desk");

		rig_wish(&c, "alice@h");
	}
	rig_turn(r);
	hg_buf_reset(&r->log);
	rig_open(&alice, NULL, &waiting, 1, 5);
	rig_turn(r);
	rig_expect(r, "show #5 asks{bob@h:1=Bob carol@h:1}\n");
	rig_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_is_made_with_its_user),
		cmocka_unit_test(a_commit_that_fails_leaves_nothing),
		cmocka_unit_test(each_circle_is_shown_its_part),
		cmocka_unit_test(a_watcher_sees_what_his_circle_may),
		cmocka_unit_test(versions_only_grow),
		cmocka_unit_test(it_is_there_after_a_restart),
		cmocka_unit_test(who_goes_takes_it_along),
		cmocka_unit_test(the_servers_own_is_not_written),
		cmocka_unit_test(a_change_makes_no_user),
		cmocka_unit_test(who_asks_has_his_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
