/* SPDX-License-Identifier: Apache-2.0 */
/* What clients ask for who know neither versions nor containers: publications as a whole, and letting in and blocking. */
#include "tests/unit/mirror_rig.h"

#include <errno.h>

/* ---- publications of any version ---- */

static void publish(struct client *c, struct hg_change *ch, size_t n)
{
	rig_request(c,
		&(struct hg_request){
			.kind = HG_REQ_PUBLISH, .change = ch, .nchanges = n, .any_version = true });
	for (size_t i = 0; i < n; i++)
		hg_change_done(&ch[i]);
	rig_turn(c->rig);
}

static void say(struct client *c, const char *lunch, const char *dinner)
{
	struct hg_change ch[] = { rig_note(200, 77, lunch), rig_note(300, 0, dinner) };

	for (size_t i = 0; i < 2; i++)
		if (!ch[i].note.text)
			ch[i].expires = 0;
	publish(c, ch, 2);
}

/* What is there already is left as it is, version and time; what is new goes on counting. */
static void only_what_is_new_is_published(void **state)
{
	struct rig *r = rig_new();
	struct client desk = rig_sign_on(r, "alice@h", "desk");
	const hg_part note = HG_CAT_NOTE;

	rig_open(&desk, NULL, &note, 1, 5);
	hg_buf_reset(&r->log);
	say(&desk, "lunch", "soup");
	rig_expect(r, "answer 2 ok\nshow #5 note{200.0.v1=lunch 300.0.v1=soup}\n");
	r->facts = true;
	say(&desk, "lunch", "soup");
	rig_expect(r, "answer 3 ok\n");
	r->facts = false;
	say(&desk, "bread", "soup");
	rig_expect(r, "answer 4 ok\nshow #5 note{200.0.v2=bread 300.0.v1=soup}\n");
	say(&desk, "", "soup");
	rig_expect(r, "answer 5 ok\nshow #5 note{300.0.v1=soup}\n");
	say(&desk, "", "soup");
	rig_expect(r, "answer 6 ok\n");
	say(&desk, "tea", "");
	rig_expect(r, "answer 7 ok\nshow #5 note{200.0.v3=tea}\n");
	rig_free(r);
}

/* What another device published is taken over by whoever says it next, so that it does not end with that device. */
static void what_is_bound_is_whose_it_is(void **state)
{
	struct rig *r = rig_new();
	struct client device[] = { rig_sign_on(r, "alice@h", "desk"),
		rig_sign_on(r, "alice@h", "laptop") };
	const hg_part state_part = HG_CAT_STATE;
	static const char *const expected[] = { "2.30000001.v1=3500", "2.30000001.v2=3500", NULL };

	rig_open(&device[0], NULL, &state_part, 1, 5);
	for (int i = 0; i < 3; i++) {
		struct hg_change ch = rig_state(2, 0x30000001, 0, 3500);

		hg_buf_reset(&r->log);
		publish(&device[i ? 1 : 0], &ch, 1);
		if (expected[i])
			assert_non_null(strstr(r->log.p, expected[i]));
		else
			rig_expect(r, "answer 5 ok\n");
	}
	rig_free(r);
}

/* ---- letting in and blocking ---- */

static void set_ace(struct client *c, const char *who, bool block)
{
	rig_request(c,
		&(struct hg_request){
			.kind = HG_REQ_ACE, .watched = rig_addr(c->rig, who), .remove = block });
	rig_turn(c->rig);
}

static void members(struct rig *r, uint16_t container, const char *expected)
{
	char text[256] = "";

	for (size_t i = 0; i < r->store.n; i++) {
		const struct hg_fact *f = &r->store.fact[i].f;
		size_t n = strlen(text);

		if (f->kind == HG_FACT_MEMBER && f->number[0] == container &&
			f->number[1] == HG_MEMBER_USER)
			snprintf(text + n, sizeof(text) - n, "%.*s ", HG_STR_ARG(f->name));
	}
	assert_string_equal(text, expected);
}

/* Who waits is let in to where people of his class begin, in one commit; blocked he is shown nobody. */
static void who_waits_is_let_in(void **state)
{
	struct rig *r = rig_explicit();
	struct client alice = rig_alice(r);

	rig_peer(r, 1, "romeo@x", "alice@h", HG_SUBSCRIBE);
	rig_expect(r, "");
	r->store.mode = COMMIT_WAITS;
	set_ace(&alice, "romeo@x", false);
	rig_expect(r, "");
	rig_commit(r, -EIO);
	rig_turn(r);
	rig_expect(r, "answer 3 later\n");
	set_ace(&alice, "romeo@x", false);
	rig_commit(r, 0);
	rig_turn(r);
	rig_expect(r, "edge subscribed romeo@x>alice@h\nanswer 4 ok\nshow romeo@x<alice@h is=on\n");
	assert_int_equal(r->delta, 2);
	members(r, HG_C_EXTERNAL, "romeo@x.example ");
	r->store.mode = COMMIT_AT_ONCE;
	set_ace(&alice, "romeo@x", true);
	rig_expect(r, "answer 5 ok\nshow romeo@x<alice@h is=gone\n");
	assert_int_equal(r->delta, 3);
	members(r, HG_C_BLOCKED, "romeo@x.example ");
	set_ace(&alice, "romeo@x", false);
	rig_expect(r, "answer 6 ok\nshow romeo@x<alice@h is=on\n");
	members(r, HG_C_BLOCKED, "");
	rig_free(r);
}

/* Whom his class lets in, or a word of hers, is left where he is. */
static void who_is_in_stays_where_he_is(void **state)
{
	struct rig *r = rig_explicit();
	struct client alice = rig_alice(r);
	struct hg_member_edit e = rig_member(&alice, HG_C_WORKGROUP, 1, false, "romeo@x");

	rig_members(&alice, &e, 1);
	rig_contact(&alice, HG_SET_CONTACT, "juliet@x", true, 1);
	hg_buf_reset(&r->log);
	set_ace(&alice, "romeo@x", false);
	set_ace(&alice, "juliet@x", false);
	set_ace(&alice, "bob@h", false);
	members(r, HG_C_WORKGROUP, "romeo@x.example ");
	members(r, HG_C_EXTERNAL, "");
	members(r, HG_C_COLLEAGUES, "");
	rig_free(r);
}

/* A class that is blocked as a whole: who is let in is no more than External. */
static void one_of_a_blocked_class(void **state)
{
	struct rig *r = rig_explicit();
	struct client alice = rig_alice(r);

	set_ace(&alice, "paris@p", false);
	rig_expect(r, "answer 3 ok\n");
	members(r, HG_C_EXTERNAL, "paris@p.example ");
	rig_free(r);
}

static void nobody_blocks_himself(void **state)
{
	struct rig *r = rig_explicit();
	struct client alice = rig_alice(r);

	set_ace(&alice, "alice@h", true);
	rig_expect(r, "answer 3 bad\n");
	members(r, HG_C_BLOCKED, "");
	rig_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_is_new_is_published),
		cmocka_unit_test(what_is_bound_is_whose_it_is),
		cmocka_unit_test(who_waits_is_let_in),
		cmocka_unit_test(who_is_in_stays_where_he_is),
		cmocka_unit_test(one_of_a_blocked_class),
		cmocka_unit_test(nobody_blocks_himself),
	};

	return cmocka_run_group_tests_name("mirror: from before categories", tests, NULL, NULL);
}
