/* SPDX-License-Identifier: Apache-2.0 */
/* Privacy mode (EP 3.6): classes of watchers stand for those of them whom the owner has as contacts. */
#include "tests/unit/mirror_rig.h"

static struct client sign_on_vera(struct rig *r)
{
	struct client vera = rig_sign_on(r, "vera@v", "desk");

	rig_machine(&vera, 0, 3500);
	hg_buf_reset(&r->log);
	return vera;
}

static void colleagues_see_whom_they_are_contacts_of(void **state)
{
	struct rig *r = rig_new();
	struct client vera = sign_on_vera(r), bob = rig_sign_on(r, "bob@h", "desk");

	rig_watch_state(&bob, "vera@v", 20);
	rig_expect(r, "");
	rig_contact(&vera, HG_SET_CONTACT, "bob@h", false, 1);
	rig_has(r, "show #20 known vera@v state{3500}");
	hg_buf_reset(&r->log);
	rig_contact(&vera, HG_DELETE_CONTACT, "bob@h", false, 2);
	rig_has(r, "show #20 pending vera@v state{18500}");
	hg_buf_reset(&r->log);
	rig_choose(&vera, 0, 6500);
	rig_has_not(r, "show #20");
	rig_free(r);
}

static void federated_people_wait_until_they_are_contacts(void **state)
{
	struct rig *r = rig_new_linked();
	struct client vera = sign_on_vera(r);

	rig_peer(r, 1, "romeo@x", "vera@v", HG_SUBSCRIBE);
	rig_turn(r);
	rig_expect(r, "");
	rig_contact(&vera, HG_SET_CONTACT, "romeo@x", false, 1);
	rig_has(r, "edge subscribed romeo@x>vera@v");
	rig_has(r, "show romeo@x<vera@v is=on");
	hg_buf_reset(&r->log);
	rig_contact(&vera, HG_DELETE_CONTACT, "romeo@x", false, 2);
	rig_has(r, "show romeo@x<vera@v is=gone");
	rig_has_not(r, "edge unsubscribed");
	rig_free(r);
}

static void whom_she_names_she_means(void **state)
{
	struct rig *r = rig_new();
	struct client vera = sign_on_vera(r), bob = rig_sign_on(r, "bob@h", "desk");
	struct hg_member_edit e = rig_member(&vera, 300, 1, false, "bob@h");

	rig_watch_state(&bob, "vera@v", 20);
	rig_members(&vera, &e, 1);
	rig_turn(r);
	rig_has(r, "show #20 known vera@v state{3500}");
	rig_free(r);
}

/* From the request on: she counts on it. */
static void who_is_being_removed_is_shown_nothing(void **state)
{
	struct rig *r = rig_new();
	struct client vera = sign_on_vera(r), bob = rig_sign_on(r, "bob@h", "desk");

	rig_contact(&vera, HG_SET_CONTACT, "bob@h", false, 1);
	rig_watch_state(&bob, "vera@v", 20);
	rig_has(r, "show #20 known vera@v state{3500}");
	hg_buf_reset(&r->log);
	r->store.mode = COMMIT_WAITS;
	rig_contact(&vera, HG_DELETE_CONTACT, "bob@h", false, 2);
	rig_machine(&vera, 1, 5000);
	rig_has_not(r, "show #20");
	rig_commit(r, 0);
	rig_turn(r);
	rig_has(r, "show #20 pending vera@v state{18500}");
	rig_has_not(r, "state{5000}");
	rig_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(colleagues_see_whom_they_are_contacts_of),
		cmocka_unit_test(federated_people_wait_until_they_are_contacts),
		cmocka_unit_test(whom_she_names_she_means),
		cmocka_unit_test(who_is_being_removed_is_shown_nothing),
	};

	return cmocka_run_group_tests_name("mirror: privacy mode", tests, NULL, NULL);
}
