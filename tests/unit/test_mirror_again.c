/* SPDX-License-Identifier: Apache-2.0 */
/* A lane that fades: who is watched over it is asked again now and then, and silence is an answer. */
#include "tests/unit/mirror_rig.h"

enum { SETTLE = 10000, MINUTE = 60000, EVERY = 5 * MINUTE };

static struct rig *fading(void)
{
	struct rig *r = rig_new();

	r->fades = true;
	r->env.policy.limits.reprobe = EVERY;
	return rig_again_linked(r);
}

/* To the next probe, which comes in time. */
static void await_probe(struct rig *r)
{
	for (int i = 0; i < 2 * EVERY / 1000 && !r->log.n; i++)
		rig_pass(r, 1000);
	rig_expect(r, "edge probe alice@h>romeo@x\n");
}

/* He blocks her, and his server does not say so; later it answers again, though nothing of his has changed. */
static void who_fell_silent_is_found(void **state)
{
	struct rig *r = fading();

	rig_watching(r);
	rig_pass(r, EVERY - MINUTE);
	rig_expect(r, "");
	await_probe(r);
	rig_pass(r, SETTLE - 2000);
	rig_expect(r, "");
	rig_pass(r, 2000);
	rig_expect(r, "show #5 known romeo@x state{18500}\n");
	await_probe(r);
	rig_face(r, 1, "alice@h", "romeo@x", "r", "on", NULL, NULL);
	rig_expect(r, "show #5 known romeo@x state{3500}\n");
	rig_pass(r, SETTLE);
	rig_expect(r, "");
	rig_free(r);
}

/* In whatever order his server tells of his devices. */
static void an_answer_is_no_news(void **state)
{
	struct rig *r = fading();

	rig_watching(r);
	rig_face(r, 1, "alice@h", "romeo@x", "phone", "on", "I am out", NULL);
	hg_buf_reset(&r->log);
	for (int round = 0; round < 3; round++) {
		await_probe(r);
		rig_face(r, 1, "alice@h", "romeo@x", "phone", "on", "I am out", NULL);
		rig_face(r, 1, "alice@h", "romeo@x", "r", "on", NULL, NULL);
		rig_pass(r, SETTLE);
		rig_expect(r, "");
	}
	/* And one of them is not there any more. */
	await_probe(r);
	rig_face(r, 1, "alice@h", "romeo@x", "r", "away", NULL, NULL);
	rig_pass(r, SETTLE - 2000);
	hg_buf_reset(&r->log);
	rig_pass(r, 2000);
	rig_expect(r, "show #5 known romeo@x state{15500}\n");
	rig_free(r);
}

static void what_was_said_to_her_alone_is_not_asked_for(void **state)
{
	struct rig *r = fading();
	struct client alice = rig_sign_on(r, "alice@h", "desk");

	rig_contact(&alice, HG_SET_CONTACT, "romeo@x", true, 1);
	rig_face(r, 1, "alice@h", "romeo@x", "phone", "on", NULL, NULL);
	rig_peer(r, 1, "alice@h", "romeo@x", HG_SUBSCRIBED);
	rig_watch_state(&alice, "romeo@x", 5);
	rig_pass(r, 2 * SETTLE);
	hg_buf_reset(&r->log);
	await_probe(r);
	rig_pass(r, 2 * SETTLE);
	rig_expect(r, "");
	rig_free(r);
}

static void pending_is_not_asked_again(void **state)
{
	struct rig *r = fading();
	struct client alice = rig_sign_on(r, "alice@h", "desk");

	rig_contact(&alice, HG_SET_CONTACT, "romeo@x", true, 1);
	hg_buf_reset(&r->log);
	rig_pass(r, 3 * EVERY);
	rig_expect(r, "");
	rig_free(r);
}

static void reprobe(struct rig *r, int64_t ms)
{
	r->env.policy.limits.reprobe = ms;
	hg_core_set_policy(r->core, &r->env.policy);
}

static void only_where_and_when_it_is_wanted(void **state)
{
	struct rig *told = rig_new_linked(), *r = fading();

	rig_watching(told);
	rig_pass(told, 3 * EVERY);
	rig_expect(told, "");
	rig_free(told);
	rig_watching(r);
	reprobe(r, 0);
	rig_pass(r, 3 * EVERY);
	rig_expect(r, "");
	reprobe(r, MINUTE);
	rig_pass(r, MINUTE - 1);
	rig_expect(r, "");
	rig_pass(r, 1);
	rig_expect(r, "edge probe alice@h>romeo@x\n");
	rig_free(r);
}

/* While the link is down nothing is asked; back, it is the link's own round that asks. */
static void a_link_that_breaks_ends_it(void **state)
{
	struct rig *r = fading();

	rig_watching(r);
	rig_link(r, 1, false);
	rig_pass(r, 3 * EVERY);
	rig_expect(r, "show #5 unknown romeo@x state{0}\n");
	rig_link(r, 1, true);
	rig_expect(r, "edge probe alice@h>romeo@x\n");
	rig_face(r, 1, "alice@h", "romeo@x", "r", "on", NULL, NULL);
	rig_expect(r, "show #5 known romeo@x state{3500}\n");
	rig_pass(r, EVERY - MINUTE);
	rig_expect(r, "");
	await_probe(r);
	rig_free(r);
}

static void it_is_paced(void **state)
{
	enum { MANY = 25 };
	struct rig *r = fading();
	size_t n = 0, most = 0;

	rig_popular(r, MANY);
	r->env.policy.limits.pace = 90;
	reprobe(r, MINUTE);
	hg_buf_reset(&r->log);
	for (int i = 0; i < MINUTE / 100 + 5; i++) {
		size_t now;

		rig_pass(r, 100);
		now = rig_times(r, "edge probe");
		n += now;
		most = now > most ? now : most;
	}
	assert_int_equal(n, MANY);
	assert_int_equal(most, 10);
	rig_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_fell_silent_is_found),
		cmocka_unit_test(an_answer_is_no_news),
		cmocka_unit_test(what_was_said_to_her_alone_is_not_asked_for),
		cmocka_unit_test(pending_is_not_asked_again),
		cmocka_unit_test(only_where_and_when_it_is_wanted),
		cmocka_unit_test(a_link_that_breaks_ends_it),
		cmocka_unit_test(it_is_paced),
	};

	return cmocka_run_group_tests_name("again", tests, NULL, NULL);
}
