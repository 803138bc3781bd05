/* SPDX-License-Identifier: Apache-2.0 */
/* What is said to one person behind a lane is given to whoever stands for all of them: a watch that nobody asked for. */
#include "tests/unit/mirror_rig.h"

/* Route 2 leads to y, for all of whom presence@y stands. */
static struct rig *all(void)
{
	struct rig *r = rig_new();

	r->directed = "presence@y";
	return rig_open_routes(r);
}

static void says(struct rig *r, const char *to, const char *resource, const char *is)
{
	hg_buf_reset(&r->log);
	rig_face(r, 1, to, "romeo@x", resource, is, NULL, NULL);
}

static uint64_t watches(struct rig *r)
{
	return hg_core_stats(r->core).watches;
}

static void it_ends_with_the_last_that_was_said(void **state)
{
	struct rig *r = all();

	says(r, "bob@y", "phone", "busy");
	rig_expect(r, "show presence@y<romeo@x is=busy\n");
	says(r, "carol@y", "desk", "dnd");
	says(r, "bob@y", "phone", NULL);
	rig_has_not(r, "edge");
	assert_int_equal(watches(r), 1);
	/* What he was told is taken back; romeo, of whom nothing was asked, is told nothing. */
	says(r, "carol@y", "desk", NULL);
	rig_expect(r, "edge unsubscribed presence@y>romeo@x\n");
	assert_int_equal(watches(r), 0);
	says(r, "carol@y", "desk", NULL);
	rig_expect(r, "");
	assert_int_equal(watches(r), 0);
	says(r, "bob@y", "phone", "on");
	rig_expect(r, "show presence@y<romeo@x is=on\n");
	rig_free(r);
}

static void it_ends_with_the_link(void **state)
{
	struct rig *r = all();

	says(r, "bob@y", "phone", "busy");
	hg_buf_reset(&r->log);
	rig_link(r, 1, false);
	rig_pass(r, r->env.policy.limits.grace - 1);
	rig_expect(r, "");
	rig_pass(r, 1);
	rig_expect(r, "edge unsubscribed presence@y>romeo@x\n");
	assert_int_equal(watches(r), 0);
	rig_free(r);
}

/* Nobody is asked whether he still means it; what he does not say again is gone. */
static void it_ends_when_the_link_has_settled(void **state)
{
	struct rig *r = all();

	says(r, "bob@y", "phone", "busy");
	rig_face(r, 1, "bob@y", "juliet@x", "phone", "dnd", NULL, NULL);
	hg_buf_reset(&r->log);
	rig_link(r, 1, false);
	rig_link(r, 1, true);
	says(r, "bob@y", "phone", "busy");
	hg_buf_reset(&r->log);
	rig_pass(r, 2 * r->env.policy.limits.settle);
	rig_expect(r, "edge unsubscribed presence@y>juliet@x\n");
	assert_int_equal(watches(r), 1);
	rig_free(r);
}

static void it_is_taken_back_when_there_is_a_way(void **state)
{
	struct rig *r = all();

	says(r, "bob@y", "phone", "busy");
	rig_link(r, 2, false);
	says(r, "bob@y", "phone", NULL);
	rig_expect(r, "");
	rig_link(r, 2, true);
	rig_expect(r, "edge unsubscribed presence@y>romeo@x\n");
	assert_int_equal(watches(r), 0);
	/* Unless it holds again. */
	says(r, "bob@y", "phone", "busy");
	rig_link(r, 2, false);
	says(r, "bob@y", "phone", NULL);
	says(r, "bob@y", "phone", "dnd");
	rig_link(r, 2, true);
	rig_expect(r, "show presence@y<romeo@x is=dnd\n");
	rig_free(r);
}

/* A part of the watches that there may be; whoever asks for consent finds room. */
static void strangers_do_not_fill_all(void **state)
{
	struct rig *r = rig_new();
	char who[32];

	r->directed = "presence@y";
	r->env.policy.limits.watches = 8;
	rig_again_linked(r);
	for (int i = 0; i < 10; i++) {
		snprintf(who, sizeof(who), "eve%d@x", i);
		rig_face(r, 1, "bob@y", who, "phone", "busy", NULL, NULL);
	}
	assert_int_equal(watches(r), 2);
	rig_face(r, 1, "bob@y", "eve0@x", "phone", NULL, NULL, NULL);
	assert_int_equal(watches(r), 1);
	says(r, "bob@y", "phone", "on");
	rig_expect(r, "show presence@y<romeo@x is=on\n");
	rig_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_ends_with_the_last_that_was_said),
		cmocka_unit_test(it_ends_with_the_link),
		cmocka_unit_test(it_ends_when_the_link_has_settled),
		cmocka_unit_test(it_is_taken_back_when_there_is_a_way),
		cmocka_unit_test(strangers_do_not_fill_all),
	};

	return cmocka_run_group_tests_name("directed to all", tests, NULL, NULL);
}
