/* SPDX-License-Identifier: Apache-2.0 */
/* For block lists of linked accounts: an adapter hears that somebody blocks others now, and remembers what it has to. */
#include "tests/unit/mirror_rig.h"

#include <errno.h>

static enum hg_verdict remember(
	struct rig *r, const char *person, const char *account, struct hg_str memo)
{
	return rig_ask(r,
		&(struct hg_request){ .kind = HG_REQ_MEMO,
			.target = rig_addr(r, person),
			.watched = rig_addr(r, account),
			.memo = memo });
}

static bool remembers(struct rig *r, const char *memo)
{
	return hg_str_is(r->host.memo(r->core, rig_addr(r, "romeo@x")), memo);
}

/* `let_in`: and not any more. */
static enum hg_verdict block(struct rig *r, const char *who, bool let_in)
{
	return rig_ask(r,
		&(struct hg_request){ .kind = HG_REQ_ACE,
			.target = rig_addr(r, "alice@h"),
			.watched = rig_addr(r, who),
			.remove = !let_in });
}

/* romeo@x is alice's account elsewhere, and has agreed. */
static struct rig *linked(struct client *alice)
{
	struct rig *r = rig_new_linked();

	*alice = rig_sign_on(r, "alice@h", "desk");
	rig_sign_on(r, "bob@h", "desk");
	assert_int_equal(rig_link_account(r, "alice@h", "romeo@x", false), HG_OK);
	rig_peer(r, 1, "alice@h", "romeo@x", HG_SUBSCRIBED);
	hg_buf_reset(&r->log);
	return r;
}

static void whoever_is_blocked_is_told_of(void **state)
{
	struct client alice;
	struct rig *r = linked(&alice);

	(void)state;
	assert_int_equal(block(r, "eve@x", false), HG_OK);
	assert_true(rig_says(r, "blocked alice@h>romeo@x\n"));
	assert_int_equal(block(r, "eve@x", true), HG_OK);
	assert_true(rig_says(r, "blocked alice@h>romeo@x\n"));
	rig_free(r);
}

/* Only what an account's block list can say, and only once it is durable. */
static void other_changes_are_not(void **state)
{
	struct client alice;
	struct rig *r = linked(&alice);
	struct hg_member_edit class = {
		.container = HG_C_BLOCKED, .version = 1, .member = { .type = HG_MEMBER_FEDERATED }
	};
	struct hg_member_edit user = rig_member(&alice, 400, 1, false, "eve@x");

	(void)state;
	rig_members(&alice, &class, 1);
	rig_turn(r);
	rig_members(&alice, &user, 1);
	rig_turn(r);
	rig_expect(r, "answer 3 ok\nanswer 4 ok\n");
	r->store.mode = COMMIT_WAITS;
	block(r, "eve@x", false);
	assert_false(rig_says(r, "blocked"));
	rig_commit(r, -EIO);
	rig_turn(r);
	assert_int_equal(r->verdict, HG_LATER);
	assert_false(rig_says(r, "blocked"));
	rig_free(r);
}

/* A contact who becomes an account of hers is not probed for that: nothing else would make her adapter look. */
static void who_had_agreed_before_is_told(void **state)
{
	struct client alice;
	struct rig *r = linked(&alice);

	(void)state;
	assert_int_equal(rig_link_account(r, "alice@h", "romeo@x", true), HG_OK);
	rig_contact(&alice, HG_SET_CONTACT, "romeo@x", true, 1);
	rig_turn(r);
	rig_peer(r, 1, "alice@h", "romeo@x", HG_SUBSCRIBED);
	assert_int_equal(block(r, "eve@x", false), HG_OK);
	assert_false(rig_says(r, "blocked"));
	assert_int_equal(rig_link_account(r, "alice@h", "romeo@x", false), HG_OK);
	assert_true(rig_says(r, "blocked alice@h>romeo@x\n"));
	assert_int_equal(rig_link_account(r, "alice@h", "romeo@x", true), HG_OK);
	assert_false(rig_says(r, "blocked"));
	rig_free(r);
}

/* One that has not agreed, one that is let go, or one whose link is down is nobody to be told. */
static void only_accounts_that_count_are_told(void **state)
{
	struct client alice;
	struct rig *r = linked(&alice);

	(void)state;
	rig_link(r, 1, false);
	assert_int_equal(block(r, "eve@x", false), HG_OK);
	assert_false(rig_says(r, "blocked"));
	rig_link(r, 1, true);
	rig_peer(r, 1, "alice@h", "romeo@x", HG_UNSUBSCRIBED);
	hg_buf_reset(&r->log);
	assert_int_equal(block(r, "eve@x", true), HG_OK);
	assert_false(rig_says(r, "blocked"));
	assert_int_equal(rig_link_account(r, "alice@h", "romeo@x", true), HG_OK);
	hg_buf_reset(&r->log);
	assert_int_equal(block(r, "eve@x", false), HG_OK);
	assert_false(rig_says(r, "blocked"));
	rig_free(r);
}

static void what_is_remembered_is_durable(void **state)
{
	struct client alice;
	struct rig *r = linked(&alice);

	(void)state;
	assert_true(remembers(r, ""));
	assert_int_equal(remember(r, "alice@h", "romeo@x", HG_STR("one")), HG_OK);
	assert_int_equal(remember(r, "alice@h", "romeo@x", HG_STR("two")), HG_OK);
	assert_true(remembers(r, "two"));
	r->store.mode = COMMIT_WAITS;
	remember(r, "alice@h", "romeo@x", HG_STR("three"));
	assert_true(remembers(r, "two"));
	rig_commit(r, -EIO);
	rig_turn(r);
	assert_int_equal(r->verdict, HG_LATER);
	assert_int_equal(remember(r, "alice@h", "romeo@x", HG_STR("two")), HG_OK); /* nothing new */
	assert_true(remembers(r, "two"));
	r->store.mode = COMMIT_AT_ONCE;
	rig_restart(r);
	assert_true(remembers(r, "two"));
	rig_free(r);
}

/* Linked again it is another link. */
static void it_goes_with_the_link(void **state)
{
	struct client alice;
	struct rig *r = linked(&alice);

	(void)state;
	assert_int_equal(remember(r, "alice@h", "romeo@x", HG_STR("one")), HG_OK);
	assert_int_equal(rig_link_account(r, "alice@h", "romeo@x", false), HG_OK); /* as it is */
	assert_true(remembers(r, "one"));
	assert_int_equal(rig_link_account(r, "alice@h", "romeo@x", true), HG_OK);
	assert_true(remembers(r, ""));
	assert_int_equal(rig_link_account(r, "alice@h", "romeo@x", false), HG_OK);
	assert_true(remembers(r, ""));
	rig_restart(r);
	assert_true(remembers(r, ""));
	rig_free(r);
}

/* An adapter whose protocol does not write members need not know how clients do. */
static void whoever_is_named_is_written_as_clients_do(void **state)
{
	struct client alice;
	struct rig *r = linked(&alice);
	struct hg_member_edit e = { .container = HG_C_BLOCKED,
		.version = 1,
		.member = { .type = HG_MEMBER_USER, .addr = rig_addr(r, "eve@x") } };
	bool found = false;
	struct hg_self self;

	(void)state;
	rig_members(&alice, &e, 1);
	rig_turn(r);
	rig_restart(r);
	assert_true(r->host.own(r->core, rig_addr(r, "alice@h"), &self));
	for (size_t i = 0; i < self.ncontainers; i++)
		for (size_t j = 0; j < self.container[i].n; j++)
			found |= self.container[i].member[j].value &&
				hg_str_is(hg_bytes_str(self.container[i].member[j].value),
					"eve@x.example");
	assert_true(found);
	rig_free(r);
}

static void what_is_refused(void **state)
{
	struct client alice;
	struct rig *r = linked(&alice);
	char *much = hg_alloc(HG_MEMO_MAX + 1);

	(void)state;
	memset(much, 'x', HG_MEMO_MAX + 1);
	assert_int_equal(remember(r, "bob@h", "romeo@x", HG_STR("one")), HG_NOT_FOUND);
	assert_int_equal(remember(r, "alice@h", "juliet@x", HG_STR("one")), HG_NOT_FOUND);
	assert_int_equal(
		remember(r, "alice@h", "romeo@x", (struct hg_str){ much, HG_MEMO_MAX + 1 }),
		HG_TOO_LARGE);
	assert_true(remembers(r, ""));
	assert_int_equal(
		remember(r, "alice@h", "romeo@x", (struct hg_str){ much, HG_MEMO_MAX }), HG_OK);
	free(much);
	rig_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whoever_is_blocked_is_told_of),
		cmocka_unit_test(other_changes_are_not),
		cmocka_unit_test(who_had_agreed_before_is_told),
		cmocka_unit_test(only_accounts_that_count_are_told),
		cmocka_unit_test(what_is_remembered_is_durable),
		cmocka_unit_test(it_goes_with_the_link),
		cmocka_unit_test(whoever_is_named_is_written_as_clients_do),
		cmocka_unit_test(what_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
