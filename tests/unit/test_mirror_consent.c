/* SPDX-License-Identifier: Apache-2.0 */
/* Who may watch a home user: let in at once or when she names them; and whom she is asked about. */
#include "tests/unit/mirror_rig.h"

#include <errno.h>

static const hg_part subscribers = HG_PART_SUBSCRIBERS;

static void subscribe(struct rig *r, const char *who)
{
	rig_peer(r, 1, who, "alice@h", HG_SUBSCRIBE);
}

/* The durable watch of alice: its halves out/in, and whether she was asked; "" if there is none. */
static const char *durable(struct rig *r, const char *watcher)
{
	static const char *const prompts[] = { "not asked", "asked", "answered" };
	static char text[64];
	struct hg_str owner = hg_intern_text(r->ids, rig_addr(r, watcher));
	struct hg_str name = hg_intern_text(r->ids, rig_addr(r, "alice@h"));

	text[0] = '\0';
	for (size_t i = 0; i < r->store.n; i++) {
		const struct hg_fact *f = &r->store.fact[i].f;

		if (f->kind == HG_FACT_WATCH && hg_str_eq(f->owner, owner) &&
			hg_str_eq(f->name, name))
			snprintf(text, sizeof(text), "%u/%u %s", f->number[0], f->number[1],
				prompts[f->number[2]]);
	}
	return text;
}

static void ack(struct client *c, const char *who)
{
	rig_request(
		c, &(struct hg_request){ .kind = HG_REQ_ACK, .watched = rig_addr(c->rig, who) });
	rig_turn(c->rig);
}

/* `<context/>` in a subscription to alice. */
static void context(struct client *c)
{
	rig_wish(c, "alice@h");
	rig_turn(c->rig);
}

static void add_member(struct client *c, uint16_t container, uint32_t version,
	enum hg_member_type type, const char *who)
{
	struct hg_member_edit e = rig_member(c, container, version, false, who);

	e.member.type = type;
	rig_members(c, &e, 1);
	rig_turn(c->rig);
}

/* ---- waiting ---- */

static void who_is_not_named_waits_in_silence(void **state)
{
	struct rig *r = rig_explicit();

	rig_alice(r);
	r->facts = true;
	subscribe(r, "romeo@x");
	rig_expect(r, "fact watch romeo@x alice@h 2/1\n");
	rig_peer(r, 1, "romeo@x", "alice@h", HG_PROBE);
	subscribe(r, "romeo@x");
	rig_expect(r, "");
	rig_restart(r);
	rig_open_route(r, 1);
	rig_settle(r);
	rig_peer(r, 1, "romeo@x", "alice@h", HG_PROBE);
	rig_expect(r, "");
	assert_string_equal(durable(r, "romeo@x"), "2/1 asked");
	/* He can change his mind. */
	rig_peer(r, 1, "romeo@x", "alice@h", HG_UNSUBSCRIBE);
	rig_expect(r, "fact -watch romeo@x alice@h\n");
	rig_peer(r, 1, "romeo@x", "alice@h", HG_PROBE);
	rig_expect(r, "edge unsubscribed romeo@x>alice@h\n");
	rig_free(r);
}

static void every_trust_class_has_its_rule(void **state)
{
	struct rig *r = rig_new();
	struct client alice;

	r->env.policy.approve_explicit[HG_PUBLIC_CLOUD] = true;
	rig_again(r);
	rig_open_route(r, 1);
	rig_settle(r);
	alice = rig_alice(r);
	subscribe(r, "romeo@x");
	subscribe(r, "nurse@p");
	rig_expect(r, "edge subscribed romeo@x>alice@h\nshow romeo@x<alice@h is=on\n");
	assert_string_equal(durable(r, "nurse@p"), "2/1 asked");
	/* Blocked is how a public cloud begins; named by alice herself, she is let in and seen. */
	add_member(&alice, HG_C_EXTERNAL, 1, HG_MEMBER_USER, "nurse@p");
	rig_expect(r, "edge subscribed nurse@p>alice@h\nanswer 3 ok\nshow nurse@p<alice@h is=on\n");
	rig_free(r);
}

/* ---- being let in, by all that names him ---- */

static void by_user(struct client *alice)
{
	add_member(alice, HG_C_COLLEAGUES, 1, HG_MEMBER_USER, "romeo@x");
}

static void by_domain(struct client *alice)
{
	add_member(alice, HG_C_EXTERNAL, 1, HG_MEMBER_DOMAIN, "x");
}

static void by_block(struct client *alice)
{
	add_member(alice, HG_C_BLOCKED, 1, HG_MEMBER_USER, "romeo@x");
}

static void by_contact(struct client *alice)
{
	rig_contact(alice, HG_SET_CONTACT, "romeo@x", false, 1);
}

static const struct way {
	void (*name)(struct client *alice);
	const char *shown, *asked;
} ways[] = {
	{ by_user, "show romeo@x<alice@h is=on\n", "asked" },
	{ by_domain, "show romeo@x<alice@h is=on\n", "asked" },
	{ by_block, "show romeo@x<alice@h is=gone\n", "not asked" }, /* as if she were not there */
	{ by_contact, "show romeo@x<alice@h is=on\n", "not asked" },
};

#define WAYS (sizeof(ways) / sizeof(ways[0]))

static const char *let_in_log(const struct way *w, bool waited)
{
	static char text[160];

	snprintf(text, sizeof(text), "edge subscribed romeo@x>alice@h\n%s%s",
		waited ? "answer 4 ok\n" : "", w->shown);
	return text;
}

/* In one commit: while that is under way, and if it fails, he is neither named nor let in. */
static void naming_somebody_lets_him_in(void **state)
{
	for (size_t i = 0; i < WAYS; i++) {
		struct rig *r = rig_explicit();
		struct client alice = rig_alice(r);
		size_t facts;

		subscribe(r, "romeo@x");
		facts = r->store.n;
		r->store.mode = COMMIT_WAITS;
		ways[i].name(&alice);
		assert_int_equal(r->store.ncommits, 1);
		rig_peer(r, 1, "romeo@x", "alice@h", HG_PROBE);
		rig_expect(r, "");
		rig_commit(r, -EIO);
		rig_turn(r);
		rig_expect(r, "answer 3 later\n");
		assert_int_equal(r->store.n, facts);
		rig_peer(r, 1, "romeo@x", "alice@h", HG_PROBE);
		rig_expect(r, "");
		ways[i].name(&alice);
		assert_int_equal(r->store.ncommits, 1);
		rig_commit(r, 0);
		rig_turn(r);
		rig_expect(r, let_in_log(&ways[i], true));
		assert_true(r->store.n > facts);
		assert_int_equal(r->store.ncommits, 0);
		assert_string_equal(durable(r, "romeo@x"), "2/2 asked");
		rig_free(r);
	}
}

static void who_is_named_already_is_granted_at_once(void **state)
{
	for (size_t i = 0; i < WAYS; i++) {
		struct rig *r = rig_explicit();
		struct client alice = rig_alice(r);
		char wanted[32];

		ways[i].name(&alice);
		hg_buf_reset(&r->log);
		subscribe(r, "romeo@x");
		rig_expect(r, let_in_log(&ways[i], false));
		snprintf(wanted, sizeof(wanted), "2/2 %s", ways[i].asked);
		assert_string_equal(durable(r, "romeo@x"), wanted);
		rig_free(r);
	}
}

/* Also after a restart, in which all that is known comes from the store. */
static void names_are_durable(void **state)
{
	for (size_t i = 0; i < WAYS; i++) {
		struct rig *r = rig_explicit();
		struct client alice = rig_alice(r);

		ways[i].name(&alice);
		rig_restart(r);
		rig_open_route(r, 1);
		rig_settle(r);
		subscribe(r, "romeo@x");
		subscribe(r, "tybalt@y");
		rig_expect(r,
			"edge subscribed romeo@x>alice@h\n"
			"show romeo@x<alice@h is=gone\n"); /* she has not signed on again */
		assert_string_equal(durable(r, "tybalt@y"), "");
		rig_free(r);
	}
}

/* A domain lets in all who wait there, a user nobody else: not even one whose address is a bare
 * domain. */
static void nobody_else_is_let_in(void **state)
{
	struct rig *r = rig_explicit();
	struct client alice = rig_alice(r);

	subscribe(r, "romeo@x");
	subscribe(r, "tybalt@x");
	rig_peer(r, 2, "paris@y", "alice@h", HG_SUBSCRIBE);
	rig_contact(&alice, HG_SET_CONTACT, "x", false, 1);
	add_member(&alice, HG_C_WORKGROUP, 1, HG_MEMBER_USER, "x");
	rig_expect(r, "answer 3 ok\nanswer 4 ok\n");
	add_member(&alice, HG_C_COLLEAGUES, 1, HG_MEMBER_USER, "tybalt@x");
	rig_expect(
		r, "edge subscribed tybalt@x>alice@h\nanswer 5 ok\nshow tybalt@x<alice@h is=on\n");
	add_member(&alice, HG_C_EXTERNAL, 1, HG_MEMBER_DOMAIN, "x");
	rig_expect(r, "edge subscribed romeo@x>alice@h\nanswer 6 ok\nshow romeo@x<alice@h is=on\n");
	assert_string_equal(durable(r, "paris@y"), "2/1 asked");
	rig_free(r);
}

/* Consent once given stays: it is the container that shows nothing any more. */
static void what_named_him_may_go_again(void **state)
{
	struct rig *r = rig_explicit();
	struct client alice = rig_alice(r);

	subscribe(r, "romeo@x");
	by_contact(&alice);
	hg_buf_reset(&r->log);
	rig_contact(&alice, HG_DELETE_CONTACT, "romeo@x", false, 2);
	rig_peer(r, 1, "romeo@x", "alice@h", HG_PROBE);
	rig_expect(r, "answer 4 ok\nshow romeo@x<alice@h is=on\n");
	assert_string_equal(durable(r, "romeo@x"), "2/2 asked");
	rig_free(r);
}

/* ---- strangers ---- */

static void strangers_are_refused_unless_users_are_hidden(void **state)
{
	for (int hidden = 0; hidden < 2; hidden++) {
		struct rig *r = rig_new();

		r->env.policy.approve_explicit[HG_FEDERATED] = true;
		r->env.policy.hide_users = hidden;
		r->env.policy.limits.watches = 1;
		rig_again(r);
		rig_open_route(r, 1);
		rig_settle(r);
		rig_alice(r);
		subscribe(r, "romeo@x");
		rig_peer(r, 1, "romeo@x", "alice@h", HG_PROBE);
		rig_expect(r, "");
		rig_peer(r, 1, "romeo@x", "nobody@h", HG_SUBSCRIBE);
		rig_peer(r, 1, "romeo@x", "nobody@h", HG_PROBE);
		subscribe(r, "tybalt@x"); /* there are too many watches */
		rig_expect(r,
			hidden ? ""
			       : "edge unsubscribed romeo@x>nobody@h\n"
				 "edge unsubscribed romeo@x>nobody@h\n"
				 "edge unsubscribed tybalt@x>alice@h\n");
		rig_free(r);
	}
}

/* ---- prompts ---- */

static void every_endpoint_is_asked_about_both_kinds_of_watchers(void **state)
{
	struct rig *r = rig_new_linked();
	struct client desk = rig_alice(r), laptop = rig_sign_on(r, "alice@h", "laptop"),
		      bob = rig_sign_on(r, "bob@h", "desk");

	rig_open(&desk, NULL, &subscribers, 1, 5);
	rig_open(&laptop, NULL, &subscribers, 1, 6);
	rig_expect(r, "show #5 asks{}\nshow #6 asks{}\n");
	subscribe(r, "romeo@x");
	rig_expect(r,
		"edge subscribed romeo@x>alice@h\nshow #5 asks{romeo@x:2}\n"
		"show #6 asks{romeo@x:2}\nshow romeo@x<alice@h is=on\n");
	context(&bob);
	rig_expect(r,
		"answer 5 ok\nshow #5 asks{romeo@x:2 bob@h:1}\n"
		"show #6 asks{romeo@x:2 bob@h:1}\n");
	/* One who comes later is asked the same; a repeated wish asks nothing. */
	context(&bob);
	rig_open(&laptop, NULL, &subscribers, 1, 7);
	rig_expect(r, "answer 6 ok\nshow #7 asks{romeo@x:2 bob@h:1}\n");
	rig_free(r);
}

static void contacts_lookers_and_the_owner_are_not_asked_about(void **state)
{
	struct rig *r = rig_new_linked();
	struct client alice = rig_alice(r), bob = rig_sign_on(r, "bob@h", "desk"),
		      carol = rig_sign_on(r, "carol@h", "desk");
	struct client nobody = rig_client(r, "nobody@h", "desk");

	rig_contact(&alice, HG_SET_CONTACT, "romeo@x", false, 1);
	rig_contact(&alice, HG_SET_CONTACT, "bob@h", false, 2);
	rig_open(&alice, NULL, &subscribers, 1, 5);
	subscribe(r, "romeo@x");
	context(&bob);
	rig_watch_state(&carol, "alice@h", 6); /* just looks, and keeps nobody in a contact list */
	context(&alice);
	context(&nobody);
	rig_expect(r,
		"answer 5 ok\nanswer 6 ok\nshow #5 asks{}\n"
		"edge subscribed romeo@x>alice@h\nshow romeo@x<alice@h is=on\n"
		"answer 7 ok\nshow #6 known alice@h state{3500}\nanswer 8 ok\n"
		"answer 9 not-found\n");
	assert_string_equal(durable(r, "romeo@x"), "2/2 not asked");
	assert_string_equal(durable(r, "bob@h"), "");
	assert_string_equal(durable(r, "carol@h"), "");
	assert_string_equal(durable(r, "alice@h"), "");
	rig_free(r);
}

/* As clients write addresses. Read as it stands, the first of these would be romeo himself. */
static void watchers_are_named_as_in_a_sip_uri(void **state)
{
	struct rig *r = rig_new_linked();
	struct client alice = rig_alice(r);

	subscribe(r, "rome%6f@x");
	subscribe(r, "a\\20friar@x");
	rig_open(&alice, NULL, &subscribers, 1, 5);
	assert_non_null(strstr(r->log.p, "show #5 asks{rome%256f@x:2 a%20friar@x:2}\n"));
	rig_free(r);
}

/* To be asked is not to be let in, and to answer is not to let in. */
static void acknowledged_is_not_asked_again(void **state)
{
	struct rig *r = rig_explicit();
	struct client alice = rig_alice(r), bob = rig_sign_on(r, "bob@h", "desk");

	subscribe(r, "romeo@x");
	context(&bob);
	rig_open(&alice, NULL, &subscribers, 1, 5);
	hg_buf_reset(&r->log);
	r->facts = true;
	ack(&alice, "romeo@x");
	rig_expect(r, "fact watch romeo@x alice@h 2/1\nanswer 5 ok\nshow #5 asks{bob@h:1}\n");
	assert_string_equal(durable(r, "romeo@x"), "2/1 answered");
	ack(&alice, "bob@h");
	rig_expect(r, "fact watch bob@h alice@h 2/2\nanswer 6 ok\nshow #5 asks{}\n");
	/* Every endpoint of hers acknowledges, and watchers ask again. */
	ack(&alice, "romeo@x");
	subscribe(r, "romeo@x");
	rig_peer(r, 1, "romeo@x", "alice@h", HG_PROBE);
	context(&bob);
	rig_expect(r, "answer 7 ok\nanswer 8 ok\n");
	ack(&alice, "tybalt@x");
	rig_watch_state(&bob, "bob@h", 6);
	hg_buf_reset(&r->log);
	ack(&bob, "alice@h"); /* she does not watch him */
	rig_expect(r, "answer 10 bad\n");
	by_user(&alice);
	assert_string_equal(durable(r, "romeo@x"), "2/2 answered");
	rig_free(r);
}

static void prompts_are_durable(void **state)
{
	struct rig *r = rig_explicit();
	struct client alice = rig_alice(r), bob = rig_sign_on(r, "bob@h", "desk");

	subscribe(r, "romeo@x");
	subscribe(r, "tybalt@x");
	context(&bob);
	ack(&alice, "tybalt@x");
	rig_restart(r);
	alice = rig_alice(r);
	rig_open(&alice, NULL, &subscribers, 1, 5);
	rig_expect(r, "show #5 asks{romeo@x:2 bob@h:1}\n");
	ack(&alice, "romeo@x");
	ack(&alice, "bob@h");
	rig_restart(r);
	alice = rig_alice(r);
	rig_open(&alice, NULL, &subscribers, 1, 5);
	rig_expect(r, "show #5 asks{}\n");
	rig_free(r);
}

static void an_acknowledgement_that_is_lost_did_not_happen(void **state)
{
	struct rig *r = rig_new_linked();
	struct client alice = rig_alice(r);

	subscribe(r, "romeo@x");
	rig_open(&alice, NULL, &subscribers, 1, 5);
	hg_buf_reset(&r->log);
	r->store.rc = -EIO;
	ack(&alice, "romeo@x");
	rig_open(&alice, NULL, &subscribers, 1, 6);
	rig_expect(r, "answer 3 later\nshow #6 asks{romeo@x:2}\n");
	assert_string_equal(durable(r, "romeo@x"), "2/2 asked");
	rig_free(r);
}

static void becoming_a_contact_ends_the_prompt(void **state)
{
	struct rig *r = rig_new_linked();
	struct client alice = rig_alice(r), bob = rig_sign_on(r, "bob@h", "desk");

	subscribe(r, "romeo@x");
	context(&bob);
	rig_open(&alice, NULL, &subscribers, 1, 5);
	hg_buf_reset(&r->log);
	rig_contact(&alice, HG_SET_CONTACT, "romeo@x", false, 1);
	rig_expect(r, "answer 5 ok\nshow #5 asks{bob@h:1}\n");
	rig_contact(&alice, HG_SET_CONTACT, "bob@h", false, 2);
	rig_expect(r, "answer 6 ok\nshow #5 asks{}\n");
	/* pidgin-sipe acknowledges contacts as well. */
	ack(&alice, "bob@h");
	rig_expect(r, "answer 7 ok\n");
	rig_free(r);
}

/* pidgin-sipe asks about all of a list that comes; who acknowledges knows what is left. */
static void who_acknowledges_is_not_told_of_it(void **state)
{
	struct rig *r = rig_new_linked();
	struct client alice, laptop;

	(void)state;
	r->in_order = true;
	alice = rig_alice(r);
	laptop = rig_sign_on(r, "alice@h", "laptop");
	rig_open(&alice, NULL, &subscribers, 1, 5);
	rig_open(&laptop, NULL, &subscribers, 1, 6);
	subscribe(r, "romeo@x");
	subscribe(r, "tybalt@x");
	hg_buf_reset(&r->log);
	ack(&alice, "romeo@x");
	rig_expect(r, "answer 4 ok\nshow #6 asks{tybalt@x:2}\n");
	subscribe(r, "paris@x"); /* the whole list again, as it is now */
	assert_non_null(strstr(r->log.p, "show #5 asks{tybalt@x:2 paris@x:2}\n"));
	hg_buf_reset(&r->log);
	ack(&alice, "tybalt@x");
	ack(&alice, "paris@x");
	rig_expect(r,
		"answer 5 ok\nshow #6 asks{paris@x:2}\n"
		"answer 6 ok\nshow #6 asks{}\n");
	rig_free(r);
}

/* What it has not heard of yet it still has to be told. */
static void an_acknowledgement_does_not_hide_somebody_new(void **state)
{
	struct rig *r = rig_new_linked();
	struct client alice;

	(void)state;
	r->in_order = true;
	alice = rig_alice(r);
	rig_open(&alice, NULL, &subscribers, 1, 5);
	subscribe(r, "romeo@x");
	r->room[r->nlanes - 1] = 0; /* her connection takes nothing */
	subscribe(r, "tybalt@x");
	hg_buf_reset(&r->log);
	ack(&alice, "romeo@x");
	rig_expect(r, "answer 3 ok\n");
	r->room[r->nlanes - 1] = -1;
	rig_turn(r);
	rig_expect(r, "show #5 asks{tybalt@x:2}\n");
	rig_free(r);
}

/* EP 3.5. He gets what he always gets, and cannot make her be asked by coming again. */
static void whom_she_has_blocked_she_is_not_asked_about(void **state)
{
	struct rig *r = rig_new_linked();
	struct client alice = rig_alice(r);
	struct hg_member_edit e = rig_member(&alice, HG_C_BLOCKED, 1, false, "romeo@x");

	(void)state;
	rig_open(&alice, NULL, &subscribers, 1, 5);
	subscribe(r, "romeo@x");
	hg_buf_reset(&r->log);
	rig_members(&alice, &e, 1);
	rig_turn(r);
	assert_non_null(strstr(r->log.p, "show #5 asks{}\n"));
	rig_peer(r, 1, "romeo@x", "alice@h", HG_UNSUBSCRIBE);
	hg_buf_reset(&r->log);
	subscribe(r, "romeo@x");
	rig_expect(r, "edge subscribed romeo@x>alice@h\nshow romeo@x<alice@h is=gone\n");
	assert_string_equal(durable(r, "romeo@x"), "2/2 not asked");
	rig_free(r);
}

static void unsubscribing_ends_the_prompt(void **state)
{
	struct rig *r = rig_explicit();
	struct client alice = rig_alice(r);

	rig_open(&alice, NULL, &subscribers, 1, 5);
	subscribe(r, "romeo@x");
	rig_expect(r, "show #5 asks{}\nshow #5 asks{romeo@x:2}\n");
	rig_peer(r, 1, "romeo@x", "alice@h", HG_UNSUBSCRIBE);
	rig_expect(r, "show #5 asks{}\n");
	assert_string_equal(durable(r, "romeo@x"), "");
	ack(&alice, "romeo@x");
	rig_expect(r, "answer 3 bad\n");
	subscribe(r, "romeo@x"); /* it is a new question */
	rig_expect(r, "show #5 asks{romeo@x:2}\n");
	rig_free(r);
}

/* Past the limit he may watch, or wait, all the same. */
static void prompts_are_limited(void **state)
{
	struct rig *r = rig_new();
	struct client alice;

	r->env.policy.limits.prompts = 1;
	rig_again(r);
	rig_open_route(r, 1);
	rig_settle(r);
	alice = rig_alice(r);
	rig_open(&alice, NULL, &subscribers, 1, 5);
	subscribe(r, "romeo@x");
	hg_buf_reset(&r->log);
	subscribe(r, "tybalt@x");
	rig_expect(r, "edge subscribed tybalt@x>alice@h\nshow tybalt@x<alice@h is=on\n");
	assert_string_equal(r->counted, "limit_prompts_total");
	assert_string_equal(durable(r, "tybalt@x"), "2/2 not asked");
	ack(&alice, "romeo@x");
	hg_buf_reset(&r->log);
	subscribe(r, "paris@x");
	rig_expect(r,
		"edge subscribed paris@x>alice@h\nshow #5 asks{paris@x:2}\n"
		"show paris@x<alice@h is=on\n");
	rig_free(r);
}

/* ---- the store ---- */

static void what_no_release_wrote_is_not_loaded(void **state)
{
	struct rig *r = rig_new();
	struct hg_fact f = { .kind = HG_FACT_WATCH,
		.owner = HG_STR("romeo@x.example"),
		.name = HG_STR("alice@h.example"),
		.value = HG_STR("romeo@x.example"),
		.extra = HG_STR("alice@h.example"),
		.number = { 2, 2, 3 } };

	assert_int_equal(hg_core_load(r->core, &f), -EINVAL);
	f.number[2] = 2;
	assert_int_equal(hg_core_load(r->core, &f), 0);
	rig_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_is_not_named_waits_in_silence),
		cmocka_unit_test(every_trust_class_has_its_rule),
		cmocka_unit_test(naming_somebody_lets_him_in),
		cmocka_unit_test(who_is_named_already_is_granted_at_once),
		cmocka_unit_test(names_are_durable),
		cmocka_unit_test(nobody_else_is_let_in),
		cmocka_unit_test(what_named_him_may_go_again),
		cmocka_unit_test(strangers_are_refused_unless_users_are_hidden),
		cmocka_unit_test(every_endpoint_is_asked_about_both_kinds_of_watchers),
		cmocka_unit_test(contacts_lookers_and_the_owner_are_not_asked_about),
		cmocka_unit_test(watchers_are_named_as_in_a_sip_uri),
		cmocka_unit_test(acknowledged_is_not_asked_again),
		cmocka_unit_test(prompts_are_durable),
		cmocka_unit_test(an_acknowledgement_that_is_lost_did_not_happen),
		cmocka_unit_test(becoming_a_contact_ends_the_prompt),
		cmocka_unit_test(who_acknowledges_is_not_told_of_it),
		cmocka_unit_test(an_acknowledgement_does_not_hide_somebody_new),
		cmocka_unit_test(whom_she_has_blocked_she_is_not_asked_about),
		cmocka_unit_test(unsubscribing_ends_the_prompt),
		cmocka_unit_test(prompts_are_limited),
		cmocka_unit_test(what_no_release_wrote_is_not_loaded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
