/* SPDX-License-Identifier: Apache-2.0 */
/* Views and their fragments: shared, and yet as if made for each watcher alone. */
#include "tests/unit/mirror_rig.h"

static const hg_part parts[] = { HG_CAT_STATE, HG_CAT_NOTE };

static void move_to(struct client *owner, uint16_t container, uint32_t version, const char *who)
{
	struct hg_member_edit e = rig_member(owner, container, version, false, who);

	rig_members(owner, &e, 1);
	rig_turn(owner->rig);
}

/* ---- the fragment law ---- */

enum { WATCHERS = 5, STEPS = 40, VIEWS = 150 };
static const char *const watcher[WATCHERS] = { "bob@h", "carol@h", "romeo@x", "juliet@x",
	"dave@h" };
static const uint16_t places[] = { 100, 200, 300, 400, 32000 };

static uint32_t dice(uint32_t *seed, uint32_t sides)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (*seed >> 8) % sides;
}

struct world {
	struct rig *r;
	struct client alice, client[WATCHERS];
	hg_outlet outlet[WATCHERS];
	uint32_t machine, choice, note[5], container[5];
	int at[WATCHERS]; /* index of the place, -1 nowhere in particular */
};

static bool is_remote(int i)
{
	return watcher[i][strlen(watcher[i]) - 1] == 'x';
}

/* One of them, or with -1 all. */
static void appear(struct world *w, int alone)
{
	for (int i = 0; i < WATCHERS; i++) {
		w->at[i] = -1;
		if (!is_remote(i))
			w->client[i] = rig_sign_on(w->r, watcher[i], "desk");
		if (alone >= 0 && i != alone)
			continue;
		if (is_remote(i))
			rig_peer(w->r, 1, watcher[i], "alice@h", HG_SUBSCRIBE);
		else
			w->outlet[i] = rig_open(&w->client[i], "alice@h", parts, 2, 10 + i);
	}
}

static void publish_note(struct world *w, uint32_t place, const char *text)
{
	struct hg_change ch = rig_note(places[place], w->note[place]++, text);

	rig_publish(&w->alice, &ch, 1);
}

static void move(struct world *w, int who, int place)
{
	struct hg_member_edit e[2];
	size_t n = 0;

	if (w->at[who] == place)
		return;
	if (w->at[who] >= 0)
		e[n++] = rig_member(&w->alice, places[w->at[who]], w->container[w->at[who]]++, true,
			watcher[who]);
	e[n++] = rig_member(&w->alice, places[place], w->container[place]++, false, watcher[who]);
	w->at[who] = place;
	rig_members(&w->alice, e, n);
	rig_turn(w->r);
}

static void step(struct world *w, uint32_t *seed)
{
	static const uint32_t numbers[] = { 3500, 5000, 15500, 18500, 9500 };
	static const uint32_t choices[] = { 3500, 6500, 9500, 12500 };
	static const char *const texts[] = { "", "lunch", "\xe6\xbc\xa2", "back <soon>" };
	uint32_t what = dice(seed, 4), a = dice(seed, 5), b = dice(seed, 4);

	if (what == 0)
		rig_machine(&w->alice, w->machine++, numbers[a]);
	else if (what == 1)
		rig_choose(&w->alice, w->choice++, choices[b]);
	else if (what == 2)
		publish_note(w, a, texts[b]);
	else
		move(w, (int)dice(seed, WATCHERS), (int)a);
}

static void world_run(struct world *w, uint32_t seed, int alone)
{
	memset(w, 0, sizeof(*w));
	w->r = rig_new_linked();
	for (int i = 0; i < 5; i++)
		w->container[i] = 1;
	w->alice = rig_sign_on(w->r, "alice@h", "desk");
	appear(w, alone);
	for (int i = 0; i < STEPS; i++)
		step(w, &seed);
	hg_buf_reset(&w->r->log);
}

/* What a watcher is shown now, asked anew. */
static void shown(struct world *w, int i, struct hg_buf *ret)
{
	const struct hg_frag *frag[4];
	struct hg_parcel head;
	size_t n;

	if (is_remote(i)) {
		hg_buf_reset(&w->r->log);
		rig_peer(w->r, 1, watcher[i], "alice@h", HG_PROBE);
		hg_buf_add(ret, hg_buf_str(&w->r->log));
		return;
	}
	n = w->r->host.outlet_collect(w->r->core, w->outlet[i], frag, 4, &head);
	for (size_t k = 0; k < n; k++)
		hg_buf_add(ret, hg_bytes_str(frag[k]->bytes));
}

static void shared_equals_made_alone(void **state)
{
	size_t different = 0;

	for (uint32_t seed = 1; seed <= VIEWS / WATCHERS; seed++) {
		struct world all, one;
		struct hg_buf first = { 0 };

		world_run(&all, seed, -1);
		for (int i = 0; i < WATCHERS; i++) {
			struct hg_buf a = { 0 }, b = { 0 };

			world_run(&one, seed, i);
			shown(&all, i, &a);
			shown(&one, i, &b);
			assert_true(a.n > 0);
			if (!hg_str_eq(hg_buf_str(&a), hg_buf_str(&b)))
				fail_msg("seed %u, %s: %s, alone %s", seed, watcher[i], a.p, b.p);
			if (i == 0)
				hg_buf_add(&first, hg_buf_str(&a));
			else if (!is_remote(i))
				different += !hg_str_eq(hg_buf_str(&a), hg_buf_str(&first));
			hg_buf_done(&a);
			hg_buf_done(&b);
			rig_free(one.r);
		}
		hg_buf_done(&first);
		rig_free(all.r);
	}
	assert_true(different > 20); /* else the law was hardly tried */
}

/* ---- the count: that sharing happens ---- */

static void one_rendering_for_a_container(void **state)
{
	enum { MANY = 40 };
	struct rig *r = rig_new_linked();
	struct client alice = rig_sign_on(r, "alice@h", "desk"),
		      bob = rig_sign_on(r, "bob@h", "desk");
	uint32_t before;
	char name[32];

	rig_machine(&alice, 0, 3500);
	for (int i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), "romeo%d@x", i);
		rig_peer(r, 1, name, "alice@h", HG_SUBSCRIBE);
		rig_watch_state(&bob, "alice@h", 100 + i);
	}
	before = r->renders;
	hg_buf_reset(&r->log);
	rig_machine(&alice, 1, 5000);
	/* Two for the answer, one in words for all of container 100, one in the native format for all of 200. */
	assert_int_equal(r->renders - before, 4);
	before = 0;
	for (const char *p = r->log.p; (p = strstr(p, "show ")); p++)
		before++;
	assert_int_equal(before, 2 * MANY);
	rig_free(r);
}

/* ---- what is shown decides what is sent ---- */

static void nothing_new_to_see_sends_nothing(void **state)
{
	struct rig *r = rig_new_linked();
	struct client alice = rig_sign_on(r, "alice@h", "desk"),
		      bob = rig_sign_on(r, "bob@h", "desk");
	struct hg_change ch = rig_note(200, 0, "lunch");

	rig_machine(&alice, 0, 3500);
	rig_publish(&alice, &ch, 1);
	rig_peer(r, 1, "romeo@x", "alice@h", HG_SUBSCRIBE);
	rig_open(&bob, "alice@h", parts, 2, 5);
	hg_buf_reset(&r->log);
	rig_machine(&alice, 1, 3500); /* the same again */
	ch = rig_note(200, 1, "lunch");
	rig_publish(&alice, &ch, 1);
	ch = rig_note(400, 0, "lunch"); /* where nobody is */
	rig_publish(&alice, &ch, 1);
	assert_null(strstr(r->log.p, "show"));
	hg_buf_reset(&r->log);
	move_to(&alice, HG_C_FRIENDS, 1, "bob@h"); /* an equal view */
	rig_expect(r, "answer 8 ok\n");
	ch = rig_note(200, 2, "soup"); /* where he was */
	rig_publish(&alice, &ch, 1);
	assert_null(strstr(r->log.p, "show"));
	hg_buf_reset(&r->log);
	ch = rig_note(400, 1, "soup");
	rig_publish(&alice, &ch, 1);
	rig_expect(r,
		"answer 10 ok note{200.0.v3=soup 400.0.v2=soup}\nshow #5 known alice@h note{soup}\n");
	rig_free(r);
}

/* There and back before anybody looked: desire waits, not bytes. */
static void what_waited_is_rendered_when_it_goes(void **state)
{
	struct rig *r = rig_new_linked();
	struct client alice = rig_sign_on(r, "alice@h", "desk");

	rig_machine(&alice, 0, 3500);
	rig_peer(r, 1, "romeo@x", "alice@h", HG_SUBSCRIBE);
	r->room[0] = 0;
	rig_choose(&alice, 0, 6500);
	rig_choose(&alice, 1, 12500);
	hg_buf_reset(&r->log);
	assert_int_equal(hg_core_waiting(r->core), 1);
	r->room[0] = 1;
	rig_turn(r);
	rig_expect(r, "show romeo@x<alice@h is=brb\n");
	r->room[0] = 0;
	rig_choose(&alice, 2, 6500);
	rig_choose(&alice, 3, 12500);
	hg_buf_reset(&r->log);
	r->room[0] = 1;
	rig_turn(r);
	rig_expect(r, "");
	/* An adapter that takes nothing after all is asked again. */
	r->take = 0;
	rig_choose(&alice, 4, 6500);
	hg_buf_reset(&r->log);
	r->take = 1;
	rig_turn(r);
	rig_expect(r, "show romeo@x<alice@h is=busy\n");
	rig_free(r);
}

/* TV-19, TV-22, EP 2.9: what each container shows of a Do Not Disturb with a note. */
static void containers_show_what_they_may(void **state)
{
	static const struct {
		uint16_t container;
		const char *state, *note;
	} row[] = {
		{ HG_C_COLLEAGUES, "state{9500/quiet}", "note{hush}" },
		{ HG_C_WORKGROUP, "state{6900/urgent-interruptions-only}", "note{}" },
		{ HG_C_FRIENDS, "state{9500/quiet}", "note{}" },
		{ HG_C_EXTERNAL, "state{9500}", "note{}" },
		{ HG_C_BLOCKED, "state{18500}", "note{}" },
	};

	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct rig *r = rig_new();
		struct client alice = rig_sign_on(r, "alice@h", "desk"),
			      bob = rig_sign_on(r, "bob@h", "desk");
		struct hg_change ch[3] = { rig_state(2, 0x20000000, 0, 9500),
			rig_state(3, 0x20000000, 0, 9500), rig_note(200, 0, "hush") };
		char want[200];

		strcpy(ch[0].state.token, "quiet");
		strcpy(ch[1].state.token, "quiet");
		rig_publish(&alice, ch, 3);
		rig_machine(&alice, 0, 3500);
		move_to(&alice, row[i].container, 1, "bob@h");
		hg_buf_reset(&r->log);
		rig_open(&bob, "alice@h", parts, 2, 5);
		snprintf(want, sizeof(want), "show #5 known alice@h %s %s\n", row[i].state,
			row[i].note);
		rig_expect(r, want);
		rig_free(r);
	}
}

/* Without the transformation container 3 is what was published there. */
static void the_transformation_can_be_off(void **state)
{
	struct rig *r = rig_new();
	struct client alice, bob;

	r->env.policy.c3_transform = false;
	rig_again(r);
	alice = rig_sign_on(r, "alice@h", "desk");
	bob = rig_sign_on(r, "bob@h", "desk");
	rig_machine(&alice, 0, 3500);
	rig_choose(&alice, 0, 9500);
	move_to(&alice, HG_C_WORKGROUP, 1, "bob@h");
	hg_buf_reset(&r->log);
	rig_watch_state(&bob, "alice@h", 5);
	rig_expect(r, "show #5 known alice@h state{9500}\n");
	rig_free(r);
}

/* A publisher who transforms for himself is left alone. */
static void what_was_transformed_stays(void **state)
{
	struct rig *r = rig_new();
	struct client alice = rig_sign_on(r, "alice@h", "desk"),
		      bob = rig_sign_on(r, "bob@h", "desk");
	struct hg_change ch[] = { rig_state(2, 0x20000000, 0, 9500),
		rig_state(3, 0x20000000, 0, 9600) };

	rig_publish(&alice, ch, 2);
	rig_machine(&alice, 0, 3500);
	move_to(&alice, HG_C_WORKGROUP, 1, "bob@h");
	hg_buf_reset(&r->log);
	rig_watch_state(&bob, "alice@h", 5);
	rig_expect(r, "show #5 known alice@h state{9600}\n");
	rig_free(r);
}

/* Each watch has a received view of its own. */
static void what_came_for_one_is_shown_to_him_alone(void **state)
{
	struct rig *r = rig_new_linked();
	struct client alice = rig_sign_on(r, "alice@h", "desk"),
		      carol = rig_sign_on(r, "carol@h", "desk");

	rig_contact(&alice, HG_SET_CONTACT, "romeo@x", true, 1);
	rig_contact(&carol, HG_SET_CONTACT, "romeo@x", true, 1);
	rig_peer(r, 1, "alice@h", "romeo@x", HG_SUBSCRIBED);
	rig_watch_state(&alice, "romeo@x", 5);
	rig_watch_state(&carol, "romeo@x", 6);
	hg_buf_reset(&r->log);
	rig_face(r, 1, "alice@h", "romeo@x", "r", "busy", NULL, NULL);
	rig_face(r, 1, "carol@h", "romeo@x", "r", "away", NULL, NULL); /* early: carol is pending */
	rig_expect(r, "show #5 known romeo@x state{6500}\n");
	rig_peer(r, 1, "carol@h", "romeo@x", HG_SUBSCRIBED);
	rig_expect(r, "edge probe carol@h>romeo@x\nshow #6 known romeo@x state{15500}\n");
	rig_face(r, 1, "alice@h", "romeo@x", "r", NULL, NULL, NULL);
	rig_expect(r, "show #5 known romeo@x state{18500}\n");
	/* Prosody acknowledges a `subscribe` so: it says nothing about the person. */
	rig_contact(&carol, HG_SET_CONTACT, "juliet@x", true, 2);
	rig_watch_state(&carol, "juliet@x", 7);
	rig_face(r, 1, "carol@h", "juliet@x", "", NULL, NULL, NULL);
	hg_buf_reset(&r->log);
	rig_peer(r, 1, "carol@h", "juliet@x", HG_SUBSCRIBED);
	rig_expect(r, "edge probe carol@h>juliet@x\n");
	/* And what nobody asked for is shown to nobody. */
	rig_face(r, 1, "dave@h", "romeo@x", "r", "busy", NULL, NULL);
	rig_expect(r, "");
	assert_string_equal(r->counted, "presence_unasked_total");
	rig_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shared_equals_made_alone),
		cmocka_unit_test(one_rendering_for_a_container),
		cmocka_unit_test(nothing_new_to_see_sends_nothing),
		cmocka_unit_test(what_waited_is_rendered_when_it_goes),
		cmocka_unit_test(containers_show_what_they_may),
		cmocka_unit_test(the_transformation_can_be_off),
		cmocka_unit_test(what_was_transformed_stays),
		cmocka_unit_test(what_came_for_one_is_shown_to_him_alone),
	};

	return cmocka_run_group_tests_name("views", tests, NULL, NULL);
}
