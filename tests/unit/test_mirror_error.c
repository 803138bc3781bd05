/* SPDX-License-Identifier: Apache-2.0 */
/* Errors across the border: to whoever watches from behind another route, and to nobody else. */
#include "tests/unit/mirror_rig.h"

/* romeo@x watches tybalt@y, and is shown him. */
static struct rig *transit(void)
{
	struct rig *r = rig_new_linked();

	rig_peer(r, 1, "romeo@x", "tybalt@y", HG_SUBSCRIBE);
	rig_peer(r, 2, "romeo@x", "tybalt@y", HG_SUBSCRIBED);
	rig_face(r, 2, "romeo@x", "tybalt@y", "r", "on", NULL, NULL);
	hg_buf_reset(&r->log);
	return r;
}

static void it_is_passed_on(void **state)
{
	struct rig *r = transit();

	rig_fail(r, 2, "romeo@x", "tybalt@y", HG_COND_GONE, "tybalt@x");
	rig_expect(r, "error gone romeo@x>tybalt@y at tybalt@x\n");
	rig_fail(r, 2, "romeo@x", "tybalt@y", HG_COND_FORBIDDEN, NULL);
	rig_expect(r, "error forbidden romeo@x>tybalt@y\n");
	/* The watch is as it was, and what is shown as well. */
	rig_face(r, 2, "romeo@x", "tybalt@y", "r", "busy", NULL, NULL);
	rig_expect(r, "show romeo@x<tybalt@y is=busy\n");
	rig_pass(r, 60000);
	rig_expect(r, "");
	rig_free(r);
}

static void who_waits_is_told(void **state)
{
	struct rig *r = rig_new_linked();

	rig_peer(r, 1, "romeo@x", "tybalt@y", HG_SUBSCRIBE);
	hg_buf_reset(&r->log);
	rig_fail(r, 2, "romeo@x", "tybalt@y", HG_COND_REDIRECT, "tybalt@x");
	rig_expect(r, "error redirect romeo@x>tybalt@y at tybalt@x\n");
	rig_free(r);
}

static void nobody_else_is(void **state)
{
	struct rig *r = transit();
	struct client alice = rig_sign_on(r, "alice@h", "desk");

	/* Who has not asked, or not any more. */
	rig_fail(r, 2, "juliet@x", "tybalt@y", HG_COND_GONE, NULL);
	rig_expect(r, "");
	/* By a lane that does not speak for him. */
	rig_fail(r, 1, "romeo@x", "tybalt@y", HG_COND_GONE, NULL);
	rig_expect(r, "");
	/* A home user. */
	rig_contact(&alice, HG_SET_CONTACT, "tybalt@y", true, 1);
	rig_peer(r, 2, "alice@h", "tybalt@y", HG_SUBSCRIBED);
	rig_pass(r, 20000);
	hg_buf_reset(&r->log);
	rig_fail(r, 2, "alice@h", "tybalt@y", HG_COND_GONE, NULL);
	rig_expect(r, "");
	/* Over a link that is down. */
	rig_link(r, 1, false);
	rig_fail(r, 2, "romeo@x", "tybalt@y", HG_COND_GONE, NULL);
	rig_expect(r, "");
	rig_link(r, 1, true);
	rig_pass(r, 20000);
	hg_buf_reset(&r->log);
	rig_peer(r, 1, "romeo@x", "tybalt@y", HG_UNSUBSCRIBE);
	hg_buf_reset(&r->log);
	rig_fail(r, 2, "romeo@x", "tybalt@y", HG_COND_GONE, NULL);
	rig_expect(r, "");
	rig_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_passed_on),
		cmocka_unit_test(who_waits_is_told),
		cmocka_unit_test(nobody_else_is),
	};

	return cmocka_run_group_tests_name("error", tests, NULL, NULL);
}
