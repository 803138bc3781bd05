/* SPDX-License-Identifier: Apache-2.0 */
/* Questions of people behind routes, and what their lanes carry beside presences. */
#include "tests/unit/mirror_card.h"

static const hg_part card = HG_CAT_CONTACT_CARD;

/* The names in what he is shown when he asks; "-": he is shown nothing. */
static void asks(struct rig *r, const char *who, const char *whom, const char *want)
{
	struct hg_pair pair = rig_pair(r, who, whom);
	struct hg_buf b = { 0 };
	struct hg_view v;

	if (!r->host.look(r->core, r->lane[0], &pair, card, &v))
		hg_buf_addc(&b, '-');
	else
		hg_buf_addc(&b, '{');
	for (size_t i = 0; b.p[0] == '{' && i < v.npubs; i++)
		rig_render_pub(&v, v.pub[i], &b);
	assert_string_equal(b.p, want);
	hg_buf_done(&b);
}

/* Behind a route somebody asks when he wants to: by his circle as it is then, whether or not he watches. */
static void who_asks_is_shown_what_his_circle_may(void **state)
{
	struct rig *r = rig_new_linked();
	struct client alice = rig_sign_on(r, "alice@h", "desk");
	struct hg_member_edit e;

	SAY(r, "alice@h", { HG_CARD_DISPLAY_NAME, "Alice" }, { HG_CARD_PHONE_WORK, "tel:+1" });
	asks(r, "romeo@x", "alice@h", "{display-name:Alice;");
	rig_peer(r, 1, "romeo@x", "alice@h", HG_SUBSCRIBE);
	asks(r, "romeo@x", "alice@h", "{display-name:Alice;");
	asks(r, "romeo@x", "nobody@h", "-");
	asks(r, "juliet@y", "alice@h", "-"); /* not behind that lane */
	asks(r, "eve@p", "alice@h", "-");    /* blocked, like all of the public cloud */
	rig_move(&alice, "romeo@x", 0, HG_C_COLLEAGUES);
	asks(r, "romeo@x", "alice@h", "{display-name:Alice; phone-work:tel:+1;");
	/* While that is being changed he is shown nothing. */
	r->store.mode = COMMIT_WAITS;
	e = rig_member(&alice, HG_C_COLLEAGUES, 2, true, "romeo@x");
	rig_members(&alice, &e, 1);
	rig_turn(r);
	asks(r, "romeo@x", "alice@h", "-");
	rig_commit(r, 0);
	r->store.mode = COMMIT_AT_ONCE;
	rig_turn(r);
	asks(r, "romeo@x", "alice@h", "{display-name:Alice;");
	rig_move(&alice, "romeo@x", 0, HG_C_BLOCKED);
	asks(r, "romeo@x", "alice@h", "-");
	rig_free(r);
}

static void who_was_not_let_in_is_shown_nothing(void **state)
{
	struct rig *r = rig_new();
	struct client alice;

	r->env.policy.approve_explicit[HG_FEDERATED] = true;
	rig_again(r);
	rig_open_route(r, 1);
	alice = rig_sign_on(r, "alice@h", "desk");
	SAY(r, "alice@h", { HG_CARD_DISPLAY_NAME, "Alice" });
	asks(r, "romeo@x", "alice@h", "-");
	rig_peer(r, 1, "romeo@x", "alice@h", HG_SUBSCRIBE);
	asks(r, "romeo@x", "alice@h", "-");
	rig_move(&alice, "romeo@x", 0, HG_C_EXTERNAL);
	asks(r, "romeo@x", "alice@h", "{display-name:Alice;");
	rig_free(r);
}

/* Where nobody is to find out who is there, only those who watch are answered. */
static void who_only_asks_finds_nobody_who_is_hidden(void **state)
{
	struct rig *r = rig_new();

	r->env.policy.hide_users = true;
	rig_again(r);
	rig_open_route(r, 1);
	rig_sign_on(r, "alice@h", "desk");
	SAY(r, "alice@h", { HG_CARD_DISPLAY_NAME, "Alice" });
	asks(r, "romeo@x", "alice@h", "-");
	rig_peer(r, 1, "romeo@x", "alice@h", HG_SUBSCRIBE);
	asks(r, "romeo@x", "alice@h", "{display-name:Alice;");
	rig_free(r);
}

/* His watch is over, and only to be told so keeps it: he is as one who never watched. */
static void whose_watch_is_over_is_asked_like_anybody(void **state)
{
	for (int hidden = 0; hidden < 2; hidden++) {
		struct rig *r = rig_new();
		enum hg_verdict v;

		r->env.policy.hide_users = hidden;
		rig_again(r);
		rig_open_route(r, 1);
		rig_link(r, 1, true);
		SAY(r, "alice@h", { HG_CARD_DISPLAY_NAME, "Alice" });
		rig_peer(r, 1, "romeo@x", "alice@h", HG_SUBSCRIBE);
		asks(r, "romeo@x", "alice@h", "{display-name:Alice;");
		rig_link(r, 1, false);
		hg_core_ask_user(r->core, rig_addr(r, "alice@h"), true, rig_keep_verdict, &v);
		rig_turn(r);
		asks(r, "romeo@x", "alice@h", "-");
		SAY(r, "alice@h", { HG_CARD_DISPLAY_NAME, "Adams" });
		asks(r, "romeo@x", "alice@h", hidden ? "-" : "{display-name:Adams;");
		rig_free(r);
	}
}

static void show_again(struct rig *r, const char *watcher, const char *presentity)
{
	struct hg_pair pair = rig_pair(r, watcher, presentity);

	r->host.show_again(r->core, r->lane[0], &pair);
	rig_turn(r);
}

/* A lane that carries cards shows them as a part of their own, when they change and not when the presence does. */
static void a_lane_may_carry_cards(void **state)
{
	struct rig *r = rig_new();
	hg_addr domain = rig_addr(r, "h");
	struct hg_lane_spec spec = { .adapter = &rig_adapter,
		.self = r,
		.route = 1,
		.domain = &domain,
		.ndomains = 1,
		.format = FMT_WORDS,
		.also = { { HG_CAT_CONTACT_CARD, FMT_WORDS } } };
	struct client alice;

	rig_add_lane(r, r->host.lane_open(r->core, &spec));
	rig_link(r, 1, true);
	alice = rig_sign_on(r, "alice@h", "desk");
	rig_machine(&alice, 0, 3500);
	SAY(r, "alice@h", { HG_CARD_DISPLAY_NAME, "Alice" }, { HG_CARD_PHONE_WORK, "tel:+1" });
	hg_buf_reset(&r->log);
	rig_peer(r, 1, "romeo@x", "alice@h", HG_SUBSCRIBE);
	rig_has(r, "show romeo@x<alice@h is=on contactCard{display-name:Alice;}\n");
	hg_buf_reset(&r->log);
	SAY(r, "alice@h", { HG_CARD_DISPLAY_NAME, "Adams" }, { HG_CARD_PHONE_WORK, "tel:+2" });
	rig_expect(r, "show romeo@x<alice@h contactCard{display-name:Adams;}\n");
	SAY(r, "alice@h", { HG_CARD_PHONE_WORK, "tel:+3" });
	rig_expect(r, "");
	rig_choose(&alice, 0, 6500);
	rig_has(r, "show romeo@x<alice@h is=busy\n");
	hg_buf_reset(&r->log);
	/* All of it again, to one who watches and wants it. */
	show_again(r, "juliet@x", "alice@h");
	show_again(r, "romeo@x", "carol@h");
	rig_expect(r, "");
	show_again(r, "romeo@x", "alice@h");
	rig_expect(r, "show romeo@x<alice@h is=busy contactCard{display-name:Adams;}\n");
	rig_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_asks_is_shown_what_his_circle_may),
		cmocka_unit_test(who_was_not_let_in_is_shown_nothing),
		cmocka_unit_test(who_only_asks_finds_nobody_who_is_hidden),
		cmocka_unit_test(whose_watch_is_over_is_asked_like_anybody),
		cmocka_unit_test(a_lane_may_carry_cards),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
