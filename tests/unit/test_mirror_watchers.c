/* SPDX-License-Identifier: Apache-2.0 */
/* Who watches a home user, for herself to see (RFC 3857). */
#include "tests/unit/mirror_rig.h"

static const hg_part watchers = HG_PART_WATCHERS;

static void subscribe(struct rig *r, const char *who)
{
	rig_peer(r, 1, who, "alice@h", HG_SUBSCRIBE);
}

/* `<context/>` in a subscription to alice. */
static void wish(struct client *c)
{
	rig_wish(c, "alice@h");
	rig_turn(c->rig);
}

static void show(struct rig *r, const char *wanted)
{
	if (!strstr(r->log.p ? r->log.p : "", wanted))
		fail_msg("no \"%s\" in\n%s", wanted, r->log.p);
	hg_buf_reset(&r->log);
}

static void who_waits_and_who_is_let_in(void **state)
{
	struct rig *r = rig_explicit();
	struct client alice = rig_alice(r);

	rig_open(&alice, NULL, &watchers, 1, 5);
	show(r, "show #5 watchers{}\n");
	subscribe(r, "romeo@x");
	show(r, "show #5 watchers{romeo@x:p}\n");
	rig_contact(&alice, HG_SET_CONTACT, "romeo@x", false, 1);
	show(r, "show #5 watchers{romeo@x:a}\n");
	subscribe(r, "tybalt@x");
	show(r, "show #5 watchers{tybalt@x:p romeo@x:a}\n");
	rig_peer(r, 1, "romeo@x", "alice@h", HG_UNSUBSCRIBE);
	show(r, "show #5 watchers{tybalt@x:p}\n");
	rig_peer(r, 1, "tybalt@x", "alice@h", HG_UNSUBSCRIBE);
	show(r, "show #5 watchers{}\n");
	rig_free(r);
}

/* At home to watch is to look; the wish that stays is not told of. */
static void who_looks_at_home(void **state)
{
	struct rig *r = rig_new_linked();
	struct client alice = rig_alice(r), bob = rig_sign_on(r, "bob@h", "desk");

	rig_open(&alice, NULL, &watchers, 1, 5);
	wish(&bob);
	hg_buf_reset(&r->log);
	hg_outlet o = rig_watch_state(&bob, "alice@h", 6);
	show(r, "show #5 watchers{bob@h:a}\n");
	hg_outlet other = rig_watch_state(&bob, "alice@h", 7);
	r->host.outlet_shut(r->core, o);
	rig_turn(r);
	assert_null(strstr(r->log.p, "watchers"));
	r->host.outlet_shut(r->core, other);
	rig_turn(r);
	show(r, "show #5 watchers{}\n");
	rig_free(r);
}

static void the_list_is_limited(void **state)
{
	struct rig *r = rig_explicit();
	struct client alice;

	r->env.policy.limits.watchers = 1;
	rig_again(r);
	rig_open_route(r, 1);
	rig_settle(r);
	alice = rig_alice(r);
	rig_contact(&alice, HG_SET_CONTACT, "romeo@x", false, 1);
	subscribe(r, "romeo@x");
	subscribe(r, "tybalt@x");
	rig_open(&alice, NULL, &watchers, 1, 5);
	show(r, "show #5 watchers{tybalt@x:p}\n"); /* who wants something comes first */
	assert_string_equal(r->counted, "limit_watchers_total");
	rig_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_waits_and_who_is_let_in),
		cmocka_unit_test(who_looks_at_home),
		cmocka_unit_test(the_list_is_limited),
	};

	return cmocka_run_group_tests_name("mirror: watchers", tests, NULL, NULL);
}
