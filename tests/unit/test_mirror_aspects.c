/* SPDX-License-Identifier: Apache-2.0 */
/* What people say beside their presence: kept for whom it was said to, read by a table, shown by one. */
#include "tests/unit/mirror_rig.h"

enum { DOES, WORDS, DOING_FIELDS };

static const char *const doings[] = { "calls", "meets", "rests", "reads", NULL };
static const struct hg_field_def doing_fields[DOING_FIELDS] = {
	[DOES] = { .name = "does", .kind = HG_FIELD_TOKEN, .tokens = doings },
	[WORDS] = { .name = "words", .kind = HG_FIELD_TEXT },
};
static const struct hg_vocabulary doing = { "doing", doing_fields, DOING_FIELDS };

static const struct hg_rule rules[] = {
	{ .name = "calls",
		.native = { HG_TERM("does", "calls") },
		.canonical = { HG_TERM("state", "phone"),
			HG_TERM("availability", "busy", "busy-idle"),
			HG_TERM("activity", "on-the-phone") } },
	{ .name = "meets",
		.native = { HG_TERM("does", "meets") },
		.canonical = { HG_TERM("state", "calendar"),
			HG_TERM("availability", "busy", "busy-idle"),
			HG_TERM("activity", "in-a-meeting") } },
	{ .name = "rests",
		.native = { HG_TERM("does", "rests") },
		.canonical = { HG_TERM("state", "user"), HG_TERM("availability", "away"),
			HG_TERM("activity", "off-work") } },
	{ .name = "nothing",
		.native = { HG_TERM("does", "absent", "any") },
		.canonical = { HG_TERM("state", "none"),
			HG_TERM("availability", "0..4294967295") } },
};

static struct hg_table *make_table(size_t first)
{
	struct hg_table_source source = {
		.vocabulary = &doing, .rule = rules + first, .nrules = 4 - first
	};
	struct hg_errs errs = { 0 };
	struct hg_table *t = hg_table_new(&source, &errs);

	hg_errs_done(&errs);
	assert_non_null(t);
	return t;
}

/* A table for it, and places for calls and meetings. */
static struct hg_table *understand(struct rig *r)
{
	static const struct hg_grammar_rule calls = { .category = HG_CAT_STATE,
		.kind = HG_STATE_PHONE,
		.sources = 15,
		.container = { 2, 3 },
		.ncontainers = 2,
		.instance = HG_INSTANCE_ENDPOINT,
		.number = 0x80000000,
		.expiry = HG_ENDPOINT };
	struct hg_table *t = make_table(0);

	assert_null(hg_grammar_add(&r->grammar, &calls));
	hg_core_set_tables(r->core, t, NULL, 0);
	return t;
}

/* `is` one of the words, or NULL: he says nothing any more. */
static void does(struct rig *r, const char *to, const char *presentity, const char *is)
{
	struct hg_pair pair = rig_pair(r, to, presentity);
	struct hg_value v[] = { { .field = DOES, .text = hg_str(is) },
		{ .field = WORDS, .text = HG_STR("hm") } };
	struct hg_aspect said = { .vocabulary = &doing, .words = v + 1, .nwords = 1 };

	if (is)
		said.said = hg_record_new(v, 2);
	r->host.aspect(r->core, r->lane[0], &pair, &said);
	rig_turn(r);
}

/* In a vocabulary that has no table; `words` NULL: nothing any more. */
static void says(
	struct rig *r, hg_route route, const char *to, const char *presentity, const char *words)
{
	static const struct hg_vocabulary other = { "other", rig_fields, FIELDS };
	struct hg_pair pair = rig_pair(r, to, presentity);
	struct hg_value v[] = { { .field = SAYS, .text = hg_str(words), .lang = "de-DE" },
		{ .field = SAYS, .text = hg_str(words), .lang = "x-none" },
		{ .field = IS, .text = HG_STR("busy") } };
	struct hg_aspect said = { .vocabulary = &other, .words = v, .nwords = 2 };

	if (words)
		said.said = hg_record_new(v, 3);
	r->host.aspect(r->core, r->lane[route - 1], &pair, &said);
	rig_turn(r);
}

/* In his own words where he has some; to the one watcher who was told; and not longer than it is known. */
static void what_somebody_does_is_shown(void **state)
{
	struct rig *r = rig_new_linked();
	struct client alice = rig_sign_on(r, "alice@h", "desk"),
		      carol = rig_sign_on(r, "carol@h", "desk");

	rig_contact(&alice, HG_SET_CONTACT, "romeo@x", true, 1);
	rig_contact(&carol, HG_SET_CONTACT, "romeo@x", true, 1);
	rig_peer(r, 1, "alice@h", "romeo@x", HG_SUBSCRIBED);
	rig_peer(r, 1, "carol@h", "romeo@x", HG_SUBSCRIBED);
	rig_watch_state(&alice, "romeo@x", 5);
	rig_watch_state(&carol, "romeo@x", 6);
	rig_face(r, 1, "alice@h", "romeo@x", "r", "on", NULL, NULL);
	rig_face(r, 1, "carol@h", "romeo@x", "r", "on", NULL, NULL);
	hg_buf_reset(&r->log);
	says(r, 1, "alice@h", "romeo@x", "talks");
	rig_expect(r, "show #5 known romeo@x state{3500\"1031:talks\"\"1033:talks\"}\n");
	rig_face(r, 1, "alice@h", "romeo@x", "r", "busy", NULL, NULL);
	rig_expect(r, "show #5 known romeo@x state{6500\"1031:talks\"\"1033:talks\"}\n");
	rig_face(r, 1, "alice@h", "romeo@x", "r", NULL, NULL, NULL);
	rig_expect(r, "show #5 known romeo@x state{18500}\n");
	rig_face(r, 1, "alice@h", "romeo@x", "r", "on", NULL, NULL);
	rig_expect(r, "show #5 known romeo@x state{3500\"1031:talks\"\"1033:talks\"}\n");
	says(r, 1, "alice@h", "romeo@x", NULL);
	rig_expect(r, "show #5 known romeo@x state{3500}\n");
	says(r, 1, "dave@h", "romeo@x", "talks");
	says(r, 2, "alice@h", "romeo@x", "talks"); /* not behind that lane */
	assert_string_equal(r->counted, "presence_unasked_total");
	rig_expect(r, "");
	/* What nobody said again after the link was back is not known any more. */
	says(r, 1, "alice@h", "romeo@x", "talks");
	rig_link(r, 1, false);
	rig_link(r, 1, true);
	rig_face(r, 1, "alice@h", "romeo@x", "r", "on", NULL, NULL);
	rig_face(r, 1, "carol@h", "romeo@x", "r", "on", NULL, NULL);
	hg_buf_reset(&r->log);
	rig_pass(r, 20000);
	rig_expect(r, "show #5 known romeo@x state{3500}\n");
	rig_free(r);
}

/* alice and carol have romeo as a contact, and see that he is there. */
static struct rig *two_watch_romeo(void)
{
	struct rig *r = rig_new_linked();
	struct client alice = rig_sign_on(r, "alice@h", "desk"),
		      carol = rig_sign_on(r, "carol@h", "desk");

	rig_contact(&alice, HG_SET_CONTACT, "romeo@x", true, 1);
	rig_contact(&carol, HG_SET_CONTACT, "romeo@x", true, 1);
	rig_peer(r, 1, "alice@h", "romeo@x", HG_SUBSCRIBED);
	rig_peer(r, 1, "carol@h", "romeo@x", HG_SUBSCRIBED);
	rig_watch_state(&alice, "romeo@x", 5);
	rig_watch_state(&carol, "romeo@x", 6);
	rig_face(r, 1, "alice@h", "romeo@x", "r", "on", NULL, NULL);
	rig_face(r, 1, "carol@h", "romeo@x", "r", "on", NULL, NULL);
	hg_buf_reset(&r->log);
	return r;
}

/* What the table knows is a word of Lync's; what it does not know is said in his own. */
static void a_table_reads_it(void **state)
{
	struct rig *r = two_watch_romeo();
	struct hg_table *t = understand(r);

	does(r, "alice@h", "romeo@x", "calls");
	rig_expect(r, "show #5 known romeo@x state{6500/on-the-phone}\n");
	does(r, "alice@h", "romeo@x", "reads");
	rig_expect(r, "show #5 known romeo@x state{3500\"1033:hm\"}\n");
	does(r, "alice@h", "romeo@x", "rests");
	rig_expect(r, "show #5 known romeo@x state{15500/off-work}\n");
	/* What he chose goes before what he is said to do, which is told in words then. */
	rig_face(r, 1, "alice@h", "romeo@x", "r", "busy", NULL, NULL);
	rig_expect(r, "show #5 known romeo@x state{6500\"1033:hm\"}\n");
	does(r, "alice@h", "romeo@x", "calls");
	rig_expect(r, "show #5 known romeo@x state{6500/on-the-phone}\n");
	/* Who is not there is in no call. */
	rig_face(r, 1, "alice@h", "romeo@x", "r", NULL, NULL, NULL);
	rig_expect(r, "show #5 known romeo@x state{18500}\n");
	rig_face(r, 1, "alice@h", "romeo@x", "r", "on", NULL, NULL);
	rig_expect(r, "show #5 known romeo@x state{6500/on-the-phone}\n");
	does(r, "alice@h", "romeo@x", NULL);
	rig_expect(r, "show #5 known romeo@x state{3500}\n");
	hg_core_free(r->core);
	rig_start_core(r);
	hg_table_free(t);
	rig_free(r);
}

/* All that he says in words, each in the languages that it has, in the same order whatever came first; beside an activity that
 * clients have words for nothing of it is. */
static void all_of_it_in_words(void **state)
{
	struct rig *r = two_watch_romeo();
	struct hg_table *t = understand(r);

	says(r, 1, "alice@h", "romeo@x", "happy");
	rig_expect(r, "show #5 known romeo@x state{3500\"1031:happy\"\"1033:happy\"}\n");
	does(r, "alice@h", "romeo@x", "reads");
	rig_expect(r,
		"show #5 known romeo@x state{3500\"1033:hm \xc2\xb7 happy\"\"1031:hm \xc2\xb7 happy\"}\n");
	does(r, "alice@h", "romeo@x", "calls");
	rig_expect(r, "show #5 known romeo@x state{6500/on-the-phone}\n");
	says(r, 1, "alice@h", "romeo@x", NULL);
	rig_expect(r, "");
	does(r, "alice@h", "romeo@x", "reads");
	rig_expect(r, "show #5 known romeo@x state{3500\"1033:hm\"}\n");
	says(r, 1, "alice@h", "romeo@x", "hm"); /* nobody reads the same twice */
	rig_expect(r, "show #5 known romeo@x state{3500\"1033:hm\"\"1031:hm\"}\n");
	hg_core_free(r->core);
	rig_start_core(r);
	hg_table_free(t);
	rig_free(r);
}

/* It is kept as it was said: another table reads it again. */
static void another_table_reads_it_again(void **state)
{
	struct rig *r = two_watch_romeo();
	struct hg_table *knows = understand(r), *knows_not = make_table(3);

	does(r, "carol@h", "romeo@x", "calls");
	rig_expect(r, "show #6 known romeo@x state{6500/on-the-phone}\n");
	hg_core_set_tables(r->core, knows_not, NULL, 0);
	rig_turn(r);
	rig_expect(r, "show #6 known romeo@x state{3500\"1033:hm\"}\n");
	hg_core_set_tables(r->core, knows, NULL, 0);
	rig_turn(r);
	rig_expect(r, "show #6 known romeo@x state{6500/on-the-phone}\n");
	hg_core_free(r->core);
	rig_start_core(r);
	hg_table_free(knows);
	hg_table_free(knows_not);
	rig_free(r);
}

/* Of an account of her own it is a call on that device, which ends with it, and what she chose stays. */
static void a_linked_account_calls(void **state)
{
	struct rig *r = rig_new_linked();
	struct hg_table *t = understand(r);
	struct client bob = rig_sign_on(r, "bob@h", "desk"), alice = rig_alice(r);

	rig_watch_state(&bob, "alice@h", 5);
	assert_int_equal(rig_link_account(r, "alice@h", "romeo@x", false), HG_OK);
	rig_peer(r, 1, "alice@h", "romeo@x", HG_SUBSCRIBED);
	rig_face(r, 1, "alice@h", "romeo@x", "phone", "on", NULL, NULL);
	hg_buf_reset(&r->log);
	does(r, "alice@h", "romeo@x", "calls");
	rig_expect(r, "show #5 known alice@h state{6500/on-the-phone}\n");
	/* A resource that comes later is in the call, too, so it does not end with the first one. */
	rig_face(r, 1, "alice@h", "romeo@x", "tablet", "on", NULL, NULL);
	rig_face(r, 1, "alice@h", "romeo@x", "phone", NULL, NULL, NULL);
	rig_expect(r, "");
	rig_face(r, 1, "alice@h", "romeo@x", "tablet", NULL, NULL, NULL);
	rig_expect(r, "show #5 known alice@h state{3500}\n");
	rig_face(r, 1, "alice@h", "romeo@x", "phone", "on", NULL, NULL);
	rig_expect(r, "show #5 known alice@h state{6500/on-the-phone}\n");
	does(r, "alice@h", "romeo@x", "reads"); /* her own words are no state of hers */
	rig_expect(r, "show #5 known alice@h state{3500}\n");
	(void)alice;
	hg_core_free(r->core);
	rig_start_core(r);
	hg_table_free(t);
	rig_free(r);
}

/* ---- outward ---- */

enum { FMT_DOING = FMT_WORDS + 1 };

static void render(void *self, uint16_t format, const struct hg_view *v,
	const struct hg_record *rec, struct hg_buf *b)
{
	const struct hg_value *is = format == FMT_DOING ? hg_record_get(rec, DOES) : NULL;

	if (format == FMT_DOING)
		hg_buf_addf(b, "does{%.*s}", HG_STR_ARG(is ? is->text : HG_STR_NONE));
	else
		rig_render(self, format, v, rec, b);
}

static const struct hg_format formats[] = { { .name = "native" },
	{ .name = "words", .vocabulary = &rig_vocabulary },
	{ .name = "doing", .vocabulary = &doing } };

static void calls(struct client *c, uint32_t version, bool calling)
{
	struct hg_change ch[] = { rig_state(2, 0x80000000, version, 6500),
		rig_state(3, 0x80000000, version, 6500) };

	for (int i = 0; i < 2; i++) {
		ch[i].state.kind = HG_STATE_PHONE;
		snprintf(ch[i].state.token, sizeof(ch[i].state.token), "on-the-phone");
		hg_token_bounds(HG_STR("on-the-phone"), &ch[i].state.min, &ch[i].state.max);
		ch[i].expires = calling ? -1 : 0;
	}
	rig_publish(c, ch, 2);
}

/* A part of its own, from the watcher's own view: who may know, when it begins and when it ends. */
static void it_is_shown_to_whom_it_may(void **state)
{
	struct hg_adapter adapter = rig_adapter;
	struct rig *r = rig_new();
	struct hg_table *t = understand(r);
	hg_addr domain = rig_addr(r, "h");
	struct hg_lane_spec spec = { .adapter = &adapter,
		.self = r,
		.route = 1,
		.domain = &domain,
		.ndomains = 1,
		.format = FMT_WORDS,
		.also = { { HG_PART_ASPECT, FMT_DOING }, { HG_CAT_CONTACT_CARD, FMT_NATIVE } } };
	struct client alice;

	adapter.format = formats;
	adapter.nformats = 3;
	adapter.render = render;
	rig_add_lane(r, r->host.lane_open(r->core, &spec));
	rig_link(r, 1, true);
	alice = rig_sign_on(r, "alice@h", "desk");
	rig_machine(&alice, 0, 3500);
	rig_move(&alice, "romeo@x", 0, HG_C_COLLEAGUES);
	rig_peer(r, 1, "romeo@x", "alice@h", HG_SUBSCRIBE);
	rig_has(r, "show romeo@x<alice@h is=on does{} contactCard{}\n");
	rig_peer(r, 1, "juliet@x", "alice@h", HG_SUBSCRIBE);
	hg_buf_reset(&r->log);
	calls(&alice, 0, true);
	rig_has(r, "show romeo@x<alice@h is=busy does{calls}\n");
	rig_has(r, "show juliet@x<alice@h is=busy\n"); /* outside nobody is told why */
	hg_buf_reset(&r->log);
	/* In the same hand-off as the end of all else. The card stays, as with somebody who went home. */
	rig_move(&alice, "romeo@x", HG_C_COLLEAGUES, HG_C_BLOCKED);
	rig_has(r, "show romeo@x<alice@h is=gone does{}\n");
	hg_buf_reset(&r->log);
	calls(&alice, 1, false);
	rig_has(r, "show juliet@x<alice@h is=on\n");
	rig_has_not(r, "romeo@x");
	hg_core_free(r->core);
	rig_start_core(r);
	hg_table_free(t);
	rig_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_somebody_does_is_shown),
		cmocka_unit_test(a_table_reads_it),
		cmocka_unit_test(all_of_it_in_words),
		cmocka_unit_test(another_table_reads_it_again),
		cmocka_unit_test(a_linked_account_calls),
		cmocka_unit_test(it_is_shown_to_whom_it_may),
	};

	return cmocka_run_group_tests_name("aspects", tests, NULL, NULL);
}
