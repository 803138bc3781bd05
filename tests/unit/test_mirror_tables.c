/* SPDX-License-Identifier: Apache-2.0 */
/* Mapping tables while the core runs: whose presence has which, and that nothing is done for whom nothing changes. */
#include "tests/unit/mirror_rig.h"

/* The rig's table, but somebody in `band` is written and read as `word` is. */
static struct hg_table *other(const char *band, const char *word)
{
	enum { OWN = sizeof(rig_rules) / sizeof(rig_rules[0]) };
	struct hg_rule rule[2 + OWN] = {
		{ .name = "other-out",
			.direction = HG_OUT_ONLY,
			.native = { HG_TERM("is", word) },
			.canonical = { HG_TERM("availability", band) } },
		{ .name = "other-in",
			.direction = HG_IN_ONLY,
			.native = { HG_TERM("is", band), HG_TERM("says", "any") },
			.canonical = { HG_TERM("state", "user"), HG_TERM("availability", word) } },
	};
	struct hg_table_source source = { .vocabulary = &rig_vocabulary,
		.binding = rig_bindings,
		.nbindings = sizeof(rig_bindings) / sizeof(rig_bindings[0]),
		.rule = rule };
	struct hg_errs errs = { 0 };
	struct hg_table *t;
	size_t n = 2;

	for (size_t i = 0; i < OWN; i++)
		if (strcmp(rig_rules[i].name, band) != 0) /* it would never be reached */
			rule[n++] = rig_rules[i];
	source.nrules = n;
	t = hg_table_new(&source, &errs);
	for (size_t i = 0; i < errs.n; i++)
		print_error("%s: %s (%s)\n", errs.e[i].where, errs.e[i].what, errs.e[i].hint);
	assert_non_null(t);
	return t;
}

struct cast {
	struct rig *r;
	struct client alice, bob;
};

/* romeo and juliet watch alice, who is busy, and bob, who is away. */
static struct cast begin(void)
{
	struct cast t = { .r = rig_new_linked() };

	t.alice = rig_sign_on(t.r, "alice@h", "desk");
	t.bob = rig_sign_on(t.r, "bob@h", "desk");
	rig_machine(&t.alice, 0, 3500);
	rig_machine(&t.bob, 0, 3500);
	rig_choose(&t.alice, 0, 6500);
	rig_choose(&t.bob, 0, 15500);
	rig_peer(t.r, 1, "romeo@x", "alice@h", HG_SUBSCRIBE);
	rig_peer(t.r, 1, "juliet@x", "alice@h", HG_SUBSCRIBE);
	rig_peer(t.r, 1, "romeo@x", "bob@h", HG_SUBSCRIBE);
	rig_peer(t.r, 1, "juliet@x", "bob@h", HG_SUBSCRIBE);
	hg_buf_reset(&t.r->log);
	return t;
}

/* One view's record changes: it is rendered once and sent to both; of the other one nothing is rendered and nothing sent. */
static void only_what_changed_is_rendered_and_sent(void **state)
{
	struct cast t = begin();
	struct hg_table *new = other("away", "brb");
	struct hg_core_stats before = hg_core_stats(t.r->core), after;

	hg_core_set_tables(t.r->core, new, NULL, 0);
	rig_turn(t.r);
	after = hg_core_stats(t.r->core);
	assert_string_equal(t.r->log.p, "show romeo@x<bob@h is=brb\nshow juliet@x<bob@h is=brb\n");
	assert_int_equal(after.renders - before.renders, 1);
	assert_int_equal(after.kept - before.kept, 1);
	assert_int_equal(after.handed - before.handed, 2);
	/* and back: the rendering of alice's view still stands */
	hg_buf_reset(&t.r->log);
	hg_core_set_tables(t.r->core, t.r->table, NULL, 0);
	rig_turn(t.r);
	assert_string_equal(
		t.r->log.p, "show romeo@x<bob@h is=away\nshow juliet@x<bob@h is=away\n");
	assert_int_equal(hg_core_stats(t.r->core).renders - after.renders, 1);
	assert_int_equal(hg_core_stats(t.r->core).kept - after.kept, 1);
	rig_free(t.r);
	hg_table_free(new);
}

/* Outward: whose presence it is decides, and not who sees it. */
static void a_persons_own_table_outward(void **state)
{
	struct cast t = begin();
	struct hg_table *own = other("busy", "dnd"), *domain = other("busy", "brb");
	struct hg_override of[] = { { rig_addr(t.r, "h"), domain },
		{ rig_addr(t.r, "alice@h"), own } };

	rig_choose(&t.bob, 1, 6500);
	hg_buf_reset(&t.r->log);
	hg_core_set_tables(t.r->core, t.r->table, of, 2);
	rig_turn(t.r);
	assert_string_equal(t.r->log.p,
		"show romeo@x<alice@h is=dnd\nshow juliet@x<alice@h is=dnd\n"
		"show romeo@x<bob@h is=brb\nshow juliet@x<bob@h is=brb\n");
	hg_buf_reset(&t.r->log);
	hg_core_set_tables(t.r->core, t.r->table, of + 1, 1);
	rig_turn(t.r);
	assert_string_equal(
		t.r->log.p, "show romeo@x<bob@h is=busy\nshow juliet@x<bob@h is=busy\n");
	rig_free(t.r);
	hg_table_free(own);
	hg_table_free(domain);
}

/* Inward: what romeo says is read with his table; what juliet says as ever. */
static void a_persons_own_table_inward(void **state)
{
	struct cast t = begin();
	struct hg_table *own = other("busy", "brb");
	struct hg_override of = { rig_addr(t.r, "romeo@x"), own };

	rig_contact(&t.alice, HG_SET_CONTACT, "romeo@x", true, 1);
	rig_contact(&t.alice, HG_SET_CONTACT, "juliet@x", true, 2);
	rig_watch_state(&t.alice, "romeo@x", 31);
	rig_watch_state(&t.alice, "juliet@x", 32);
	rig_peer(t.r, 1, "alice@h", "romeo@x", HG_SUBSCRIBED);
	rig_peer(t.r, 1, "alice@h", "juliet@x", HG_SUBSCRIBED);
	rig_face(t.r, 1, "alice@h", "romeo@x", "desk", "busy", NULL, NULL);
	rig_face(t.r, 1, "alice@h", "juliet@x", "desk", "busy", NULL, NULL);
	rig_has(t.r, "show #31 known romeo@x state{6500}");
	rig_has(t.r, "show #32 known juliet@x state{6500}");
	hg_buf_reset(&t.r->log);
	hg_core_set_tables(t.r->core, t.r->table, &of, 1);
	rig_turn(t.r);
	assert_string_equal(t.r->log.p, "show #31 known romeo@x state{12500}\n");
	hg_buf_reset(&t.r->log);
	rig_face(t.r, 1, "alice@h", "romeo@x", "desk", "on", NULL, NULL);
	rig_face(t.r, 1, "alice@h", "romeo@x", "desk", "busy", NULL, NULL);
	rig_has(t.r, "state{3500}");
	rig_has(t.r, "state{12500}");
	rig_free(t.r);
	hg_table_free(own);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_changed_is_rendered_and_sent),
		cmocka_unit_test(a_persons_own_table_outward),
		cmocka_unit_test(a_persons_own_table_inward),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
