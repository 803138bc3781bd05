/* SPDX-License-Identifier: Apache-2.0 */
/* By the tables that are shipped: what XMPP watchers see of Lync's numbers, the other way round, and into which containers
 * goes what they say. */
#include "bridge/conf/mapping_file.h"
#include "plugins/xmpp/xmpp.h"
#include "tests/support/support.h"

static struct hg_tables tables;

static int load(void **state)
{
	struct hg_errs errs = { 0 };
	assert_int_equal(hg_mapping_load(HG_SOURCE_DIR "/mappings/xmpp.yaml", &hg_xmpp_vocabulary,
				 NULL, &tables, &errs),
		0);
	hg_errs_done(&errs);
	*state = tables.v[0];
	return 0;
}

static int unload(void **state)
{
	hg_tables_done(&tables);
	return 0;
}

static struct hg_str field(const struct hg_record *r, uint16_t which)
{
	const struct hg_value *v = hg_record_get(r, which);

	return v ? v->text : HG_STR_NONE;
}

/* TV-77: out of the view for people outside, which holds a number and no more. */
static void outward(void **state)
{
	static const struct {
		uint32_t availability;
		const char *type, *show;
	} row[] = {
		{ 3500, "available", "" },
		{ 5000, "available", "away" },
		{ 6500, "available", "dnd" },
		{ 7500, "available", "dnd" },
		{ 9500, "available", "dnd" },
		{ 12500, "available", "away" },
		{ 15500, "available", "away" },
		{ 18500, "unavailable", "" },
		{ 0, "unavailable", "" },
	};

	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct hg_presence p = { .availability = row[i].availability,
			.circle = HG_CIRCLE_EXTERNAL };
		struct hg_record *r = hg_table_out(*state, &p);

		assert_str(field(r, HG_XMPP_TYPE), row[i].type);
		assert_str(field(r, HG_XMPP_SHOW), row[i].show);
		assert_str(field(r, HG_XMPP_STATUS), "");
		hg_record_unref(r);
	}
}

/* TV-77, the other way: dnd is Busy, which RFC 6121 4.7.2.1 calls it. A Lync Do Not Disturb, as the vector has it, would
 * silence calls. */
static void inward(void **state)
{
	struct hg_value v[] = { { .field = HG_XMPP_TYPE, .text = HG_STR("available") },
		{ .field = HG_XMPP_SHOW, .text = HG_STR("dnd") } };
	struct hg_record *r = hg_record_new(v, 2);
	struct hg_statement said;

	hg_table_in(*state, r, &said);
	assert_int_equal(hg_band_of(said.user), HG_BAND_BUSY);
	assert_int_equal(said.machine, 0);
	hg_statement_done(&said);
	hg_record_unref(r);
}

/* TV-83: one note of somebody who names no container. Outside and to the blocked it says nothing. */
static void notes_by_grammar(void **state)
{
	static const struct {
		uint16_t container;
		const char *text;
	} want[] = { { 100, NULL }, { 200, "lunch" }, { 300, "lunch" }, { 400, "lunch" },
		{ 32000, NULL } };
	struct hg_statement said = { .machine = 3500, .note.text = hg_bytes_new(HG_STR("lunch")) };
	struct hg_change made[HG_GRAMMAR_CHANGES];
	struct hg_errs errs = { 0 };
	struct hg_grammar g = { 0 };
	size_t n, notes = 0;

	assert_int_equal(hg_grammar_load(HG_SOURCE_DIR "/mappings/grammar.yaml", &g, &errs), 0);
	n = hg_grammar_expand(&g, HG_SOURCE_APPLICATION, &said, 1, made);
	for (size_t i = 0; i < n; i++) {
		if (made[i].key.category != HG_CAT_NOTE)
			continue;
		notes++;
		for (size_t k = 0; k < sizeof(want) / sizeof(want[0]); k++) {
			if (want[k].container == made[i].key.container)
				assert_str(hg_bytes_str(made[i].note.text),
					want[k].text ? want[k].text : "");
		}
	}
	assert_int_equal(notes, sizeof(want) / sizeof(want[0]));
	for (size_t i = 0; i < n; i++)
		hg_change_done(&made[i]);
	hg_statement_done(&said);
	hg_grammar_done(&g);
	hg_errs_done(&errs);
}

/* The file tells people which words there are; the adapter's are the ones that count. */
static void activities(void **state)
{
	const struct hg_vocabulary *a = &hg_xmpp_activity_vocabulary, *b;
	struct hg_errs errs = { 0 };
	struct hg_tables own, used;
	const char *path = HG_SOURCE_DIR "/mappings/xmpp-activity.yaml";

	assert_int_equal(hg_mapping_load_own(path, NULL, &own, &errs), 0);
	assert_int_equal(hg_mapping_load(path, a, NULL, &used, &errs), 0);
	b = own.own;
	assert_int_equal(a->nfields, b->nfields);
	for (size_t i = 0; i < a->nfields; i++) {
		const char *const *x = a->field[i].tokens, *const *y = b->field[i].tokens;

		assert_string_equal(a->field[i].name, b->field[i].name);
		assert_int_equal(a->field[i].kind, b->field[i].kind);
		for (; x && *x && *y; x++, y++)
			assert_string_equal(*x, *y);
		assert_true(!x || (!*x && !*y));
	}
	hg_tables_done(&used);
	hg_tables_done(&own);
	hg_errs_done(&errs);
}

/* A note has one body: of a status in several languages it is the one that was said first, with its language. */
static void one_language_of_several(void **state)
{
	const struct hg_value said[] = { { HG_XMPP_TYPE, HG_STR("available"), "" },
		{ HG_XMPP_STATUS, HG_STR("zu Tisch"), "de-AT" },
		{ HG_XMPP_STATUS, HG_STR("at table"), "en" } };
	struct hg_record *r = hg_record_new(said, 3);
	struct hg_statement s;

	hg_table_in(*state, r, &s);
	assert_str(hg_bytes_str(s.note.text), "zu Tisch");
	assert_string_equal(s.note.lang, "de-AT");
	hg_statement_done(&s);
	hg_record_unref(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(outward),
		cmocka_unit_test(inward),
		cmocka_unit_test(notes_by_grammar),
		cmocka_unit_test(one_language_of_several),
		cmocka_unit_test(activities),
	};

	return cmocka_run_group_tests_name("gateway", tests, load, unload);
}
