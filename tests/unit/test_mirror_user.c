/* SPDX-License-Identifier: Apache-2.0 */
/* The end of a user: nothing of his is left, and everybody hears of it. */
#include "tests/unit/mirror_rig.h"

#include <errno.h>

static enum hg_verdict ask_user(struct rig *r, const char *who, bool remove)
{
	enum hg_verdict v = 99;

	hg_core_ask_user(r->core, rig_addr(r, who), remove, rig_keep_verdict, &v);
	rig_turn(r);
	return v;
}

static size_t facts_about(struct rig *r, const char *who)
{
	struct hg_str name = hg_intern_text(r->ids, rig_addr(r, who));
	size_t n = 0;

	for (size_t i = 0; i < r->store.n; i++)
		n += hg_str_eq(r->store.fact[i].f.owner, name) ||
			hg_str_eq(r->store.fact[i].f.name, name);
	return n;
}

static void a_user_comes_and_goes(void **state)
{
	struct rig *r = rig_new_linked();

	assert_int_equal(ask_user(r, "bob@h", true), HG_NOT_FOUND);
	assert_int_equal(ask_user(r, "romeo@x", false), HG_BAD);
	assert_int_equal(ask_user(r, "bob@h", false), HG_OK);
	assert_int_equal(ask_user(r, "bob@h", false), HG_OK);
	assert_true(hg_core_has_user(r->core, rig_addr(r, "bob@h")));
	assert_int_equal(ask_user(r, "bob@h", true), HG_OK);
	assert_false(hg_core_has_user(r->core, rig_addr(r, "bob@h")));
	assert_int_equal(facts_about(r, "bob@h"), 0);
	assert_int_equal(hg_core_stats(r->core).persons, 0);
	rig_free(r);
}

/* The first start with somebody in the configuration's list: a server that has the link at once asks for him. */
static void who_asks_early_is_not_refused(void **state)
{
	struct rig *r = rig_new_linked();

	hg_core_add_user(r->core, rig_addr(r, "bob@h"));
	rig_peer(r, 1, "romeo@x", "bob@h", HG_SUBSCRIBE);
	rig_turn(r);
	assert_null(strstr(r->log.p, "edge unsubscribed romeo@x>bob@h"));
	assert_non_null(strstr(r->log.p, "edge subscribed romeo@x>bob@h"));
	rig_free(r);
}

static void watchers_and_watched_are_told(void **state)
{
	struct rig *r = rig_new_linked();
	struct client alice = rig_sign_on(r, "alice@h", "desk");

	rig_machine(&alice, 0, 3500);
	rig_peer(r, 1, "romeo@x", "alice@h", HG_SUBSCRIBE);
	assert_true(facts_about(r, "alice@h") >= 2);
	hg_buf_reset(&r->log);
	assert_int_equal(ask_user(r, "alice@h", true), HG_OK);
	assert_non_null(strstr(r->log.p, "edge unsubscribed romeo@x>alice@h"));
	assert_int_equal(facts_about(r, "alice@h"), 0);
	assert_int_equal(hg_core_stats(r->core).endpoints, 0);
	assert_int_equal(hg_core_stats(r->core).watches, 0);
	/* Who asks again is told that there is nobody. */
	hg_buf_reset(&r->log);
	rig_peer(r, 1, "romeo@x", "alice@h", HG_SUBSCRIBE);
	assert_non_null(strstr(r->log.p, "edge unsubscribed romeo@x>alice@h"));
	assert_int_equal(facts_about(r, "alice@h"), 0);
	rig_free(r);
}

static void what_waits_finds_nobody(void **state)
{
	struct rig *r = rig_new_linked();
	struct client alice = rig_sign_on(r, "alice@h", "desk");
	struct hg_contact_edit e = { .op = HG_SET_CONTACT,
		.addr = rig_addr(r, "romeo@x"),
		.uri = HG_STR("romeo@x.example"),
		.subscribed = true };
	enum hg_verdict gone = 99, late = 99;

	rig_machine(&alice, 0, 3500);
	hg_core_ask_user(r->core, rig_addr(r, "alice@h"), true, rig_keep_verdict, &gone);
	hg_core_edit_contact(r->core, rig_addr(r, "alice@h"), &e, rig_keep_verdict, &late);
	rig_peer(r, 1, "romeo@x", "alice@h", HG_SUBSCRIBE);
	rig_turn(r);
	assert_int_equal(gone, HG_OK);
	assert_int_equal(late, HG_NOT_FOUND);
	assert_int_equal(facts_about(r, "alice@h"), 0);
	assert_int_equal(hg_core_stats(r->core).persons, 0);
	/* The same address again is somebody else. */
	assert_int_equal(ask_user(r, "alice@h", false), HG_OK);
	assert_int_equal(hg_core_stats(r->core).publications, 0);
	rig_free(r);
}

/* `<context/>` in a subscription, whose commit is under way when alice goes, or the other way round. */
static void who_begins_to_watch_him_just_now_leaves_nothing(void **state)
{
	for (int wish_first = 0; wish_first < 2; wish_first++) {
		struct rig *r = rig_new_linked();
		struct client bob = rig_sign_on(r, "bob@h", "desk");
		enum hg_verdict gone = 99;

		assert_int_equal(ask_user(r, "alice@h", false), HG_OK);
		r->store.mode = COMMIT_WAITS;
		for (int i = 0; i < 2; i++) {
			if (i != wish_first)
				rig_wish(&bob, "alice@h");
			else
				hg_core_ask_user(r->core, rig_addr(r, "alice@h"), true,
					rig_keep_verdict, &gone);
			rig_turn(r);
		}
		r->store.mode = COMMIT_AT_ONCE;
		rig_turn(r);
		assert_int_equal(gone, HG_OK);
		assert_int_equal(facts_about(r, "alice@h"), 0);
		rig_free(r);
	}
}

static void who_looks_while_he_is_being_made_sees_him(void **state)
{
	struct rig *r = rig_new_linked();
	struct client bob = rig_sign_on(r, "bob@h", "desk");
	enum hg_verdict v = 99;

	r->store.mode = COMMIT_WAITS;
	hg_core_ask_user(r->core, rig_addr(r, "alice@h"), false, rig_keep_verdict, &v);
	rig_turn(r);
	rig_watch_state(&bob, "alice@h", 5);
	rig_turn(r);
	rig_expect(r, "");
	r->store.mode = COMMIT_AT_ONCE;
	rig_turn(r);
	rig_expect(r, "show #5 known alice@h state{18500}\n");
	rig_free(r);
}

/* Hints that wait for the test: one at a time. */
static struct waiting_hints {
	struct hg_store store;
	void (*done)(void *arg, int rc);
	void *arg;
} hints;

static void hint(struct hg_store *store, const struct hg_fact *f, size_t n,
	void (*done)(void *arg, int rc), void *arg)
{
	assert_int_equal(n, 1);
	assert_true(f->kind == HG_FACT_USER && f->gone);
	hints.done = done;
	hints.arg = arg;
	(void)store;
}

/* Whatever is hinted of somebody who had the name, and was not forgotten when he went. */
static void nobody_is_made_before_who_had_the_name_is_forgotten(void **state)
{
	static const struct hg_store_ops ops = { hint };
	struct rig *r = rig_new();

	hints.store.ops = &ops;
	r->env.hints = &hints.store;
	rig_again(r);
	for (int i = 0; i < 2; i++) {
		enum hg_verdict v = 99;

		hg_core_ask_user(r->core, rig_addr(r, "alice@h"), false, rig_keep_verdict, &v);
		rig_turn(r);
		assert_int_equal(v, 99);
		assert_int_equal(facts_about(r, "alice@h"), 0);
		hints.done(hints.arg, i == 0 ? -EIO : 0);
		rig_turn(r);
		assert_int_equal(v, i == 0 ? HG_LATER : HG_OK);
		assert_int_equal(facts_about(r, "alice@h"), (size_t)i);
	}
	rig_free(r);
}

static void the_end_answers(void **state)
{
	struct rig *r = rig_new_linked();
	enum hg_verdict v = 99;

	hg_core_ask_user(r->core, rig_addr(r, "bob@h"), false, rig_keep_verdict, &v);
	rig_free(r);
	assert_int_equal(v, HG_LATER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_user_comes_and_goes),
		cmocka_unit_test(who_asks_early_is_not_refused),
		cmocka_unit_test(watchers_and_watched_are_told),
		cmocka_unit_test(what_waits_finds_nobody),
		cmocka_unit_test(who_begins_to_watch_him_just_now_leaves_nothing),
		cmocka_unit_test(who_looks_while_he_is_being_made_sees_him),
		cmocka_unit_test(nobody_is_made_before_who_had_the_name_is_forgotten),
		cmocka_unit_test(the_end_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
