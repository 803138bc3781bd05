/* SPDX-License-Identifier: Apache-2.0 */
/* Two lists of the blocked, and what has changed since they were the same. */
#include "plugins/xmpp/linked.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { H = HG_XMPP_BLOCKED_HERE, T = HG_XMPP_BLOCKED_THERE };
enum { L = HG_XMPP_BLOCKED_LAST, X = HG_XMPP_BLOCKED_LAST | HG_XMPP_BLOCKED_THEIRS };
enum { S = HG_XMPP_BLOCKED_SENT };

static const struct {
	unsigned is;
	enum hg_xmpp_block next;
	unsigned after; /* once that is done */
	bool partial;   /* the list there is longer than what is seen of it */
} table[] = {
	{ H, HG_XMPP_BLOCK_THERE, H | T | L, false },
	{ T, HG_XMPP_BLOCK_HERE, H | T | X, false },
	{ H | T, HG_XMPP_LEAVE, H | T | L, false },
	{ L, HG_XMPP_LEAVE, 0, false },
	{ X, HG_XMPP_LEAVE, 0, false },
	{ H | L, HG_XMPP_LEAVE, H | L, false }, /* blocked here, taken back there: stays here */
	{ H | X, HG_XMPP_UNBLOCK_HERE, 0, false },
	{ T | L, HG_XMPP_UNBLOCK_THERE, 0, false },
	{ T | X, HG_XMPP_UNBLOCK_THERE, 0, false },
	{ H | T | L, HG_XMPP_LEAVE, H | T | L, false },
	{ H | T | X, HG_XMPP_LEAVE, H | T | X, false },
	/* told there, and not known to have been done */
	{ H | S, HG_XMPP_BLOCK_THERE, H | T | L, false },
	{ H | T | S, HG_XMPP_LEAVE, H | T | L, false },
	{ T | S, HG_XMPP_UNBLOCK_THERE, 0, false }, /* taken back since */
	{ S, HG_XMPP_LEAVE, 0, false },
	/* nothing is taken over, and nothing is concluded from whom we do not see */
	{ H, HG_XMPP_BLOCK_THERE, H | T | L, true },
	{ T, HG_XMPP_LEAVE, 0, true },
	{ H | T, HG_XMPP_LEAVE, H | T | L, true },
	{ L, HG_XMPP_UNBLOCK_THERE, 0, true },
	{ S, HG_XMPP_UNBLOCK_THERE, 0, true },
	{ H | X, HG_XMPP_LEAVE, H | X, true },
	{ T | X, HG_XMPP_UNBLOCK_THERE, 0, true },
};

enum { ROWS = sizeof(table) / sizeof(table[0]) };

static void settle_all(struct hg_xmpp_blocked_list *l)
{
	for (int did = HG_XMPP_LEAVE + 1; did < HG_XMPP_BLOCK_ACTS; did++)
		hg_xmpp_blocked_settle(l, (enum hg_xmpp_block)did);
}

static void each_state(void **state)
{
	for (size_t i = 0; i < ROWS; i++) {
		struct hg_xmpp_blocked_list l = { .partial = table[i].partial };

		hg_xmpp_blocked_add(&l, 7, table[i].is);
		hg_xmpp_blocked_compare(&l);
		assert_int_equal(l.v[0].next, table[i].next);
		if (table[i].next != HG_XMPP_LEAVE) {
			assert_int_equal(l.v[0].is, table[i].is); /* as long as it is not done */
			assert_false(l.changed);
		}
		settle_all(&l);
		assert_int_equal(l.v[0].is, table[i].after);
		assert_int_equal(l.changed, ((table[i].is ^ table[i].after) & (X | S)) != 0);
		hg_xmpp_blocked_done(&l);
	}
}

/* Compared again, nothing is to be done: a change crosses once. */
static void it_ends(void **state)
{
	for (size_t i = 0; i < ROWS; i++) {
		struct hg_xmpp_blocked_list l = { .partial = table[i].partial };

		hg_xmpp_blocked_add(&l, 7, table[i].after);
		hg_xmpp_blocked_compare(&l);
		assert_int_equal(l.v[0].next, HG_XMPP_LEAVE);
		assert_int_equal(l.v[0].is, table[i].after);
		assert_false(l.changed);
		hg_xmpp_blocked_done(&l);
	}
}

/* What is known of an address comes in pieces, in any order. */
static void pieces_are_put_together(void **state)
{
	static const struct {
		hg_addr addr;
		unsigned is;
	} piece[] = { { 9, T }, { 3, H }, { 9, H }, { 5, T }, { 3, X }, { 5, T }, { 9, L } };
	struct hg_xmpp_blocked_list l = { 0 };

	for (size_t i = 0; i < sizeof(piece) / sizeof(piece[0]); i++)
		hg_xmpp_blocked_add(&l, piece[i].addr, piece[i].is);
	hg_xmpp_blocked_compare(&l);
	assert_int_equal(l.n, 3);
	assert_int_equal(l.v[0].addr, 3);
	assert_int_equal(l.v[0].next, HG_XMPP_UNBLOCK_HERE);
	assert_int_equal(l.v[1].addr, 5);
	assert_int_equal(l.v[1].next, HG_XMPP_BLOCK_HERE);
	assert_int_equal(l.v[2].addr, 9);
	assert_int_equal(l.v[2].next, HG_XMPP_LEAVE);
	assert_int_equal(hg_xmpp_blocked_count(&l, HG_XMPP_BLOCK_HERE), 1);
	assert_int_equal(hg_xmpp_blocked_count(&l, HG_XMPP_BLOCK_THERE), 0);
	/* Only what was done is. */
	hg_xmpp_blocked_settle(&l, HG_XMPP_BLOCK_HERE);
	assert_int_equal(l.v[1].is, H | T | X);
	assert_int_equal(l.v[0].is, H | X);
	hg_xmpp_blocked_done(&l);
	hg_xmpp_blocked_compare(&l); /* of nothing */
	assert_int_equal(l.n, 0);
}

/* `gone` of those that came from there are away, `still` are there; and `others` are there. */
static bool is_lost(hg_addr gone, hg_addr still, hg_addr others)
{
	struct hg_xmpp_blocked_list l = { 0 };
	bool lost;

	for (hg_addr i = 1; i <= gone + still; i++)
		hg_xmpp_blocked_add(&l, i, H | X | (i > gone ? T : 0));
	for (hg_addr i = 0; i < others; i++)
		hg_xmpp_blocked_add(&l, 1000 + i, H | T | L);
	hg_xmpp_blocked_compare(&l);
	lost = l.lost;
	assert_int_equal(l.changed, lost);
	assert_int_equal(hg_xmpp_blocked_count(&l, HG_XMPP_UNBLOCK_HERE), lost ? 0 : gone);
	for (hg_addr i = 0; i < gone; i++)
		assert_int_equal(l.v[i].is, lost ? H | L : H | X); /* hers from now on */
	hg_xmpp_blocked_done(&l);
	return lost;
}

/* A server that cannot read its list says that there is nobody in it; people take back one, and another. */
static void what_is_lost_was_not_taken_back(void **state)
{
	assert_false(is_lost(0, 0, 0));
	assert_false(is_lost(1, 0, 0));
	assert_true(is_lost(2, 0, 0));
	assert_false(is_lost(2, 0, 1));
	assert_false(is_lost(2, 1, 0));
	assert_false(is_lost(9, 1, 0));
	assert_true(is_lost(10, 1, 0));
	assert_true(is_lost(11, 10, 5));
	assert_false(is_lost(11, 11, 0));
}

static void what_is_told_is_remembered_before(void **state)
{
	struct hg_xmpp_blocked_list l = { 0 };

	hg_xmpp_blocked_add(&l, 3, H);
	hg_xmpp_blocked_add(&l, 5, T | L);
	hg_xmpp_blocked_compare(&l);
	assert_false(l.changed);
	hg_xmpp_blocked_intend(&l);
	assert_true(l.changed);
	assert_int_equal(l.v[0].is, H | S);
	assert_int_equal(l.v[0].next, HG_XMPP_BLOCK_THERE);
	assert_int_equal(l.v[1].is, T | L);
	l.changed = false;
	hg_xmpp_blocked_intend(&l); /* it is already */
	assert_false(l.changed);
	hg_xmpp_blocked_done(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_state),
		cmocka_unit_test(it_ends),
		cmocka_unit_test(pieces_are_put_together),
		cmocka_unit_test(what_is_lost_was_not_taken_back),
		cmocka_unit_test(what_is_told_is_remembered_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
