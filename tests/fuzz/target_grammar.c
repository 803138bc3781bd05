/* SPDX-License-Identifier: Apache-2.0 */
/* Publication grammars: one that loads makes legal publications of every statement. */
#include "tests/fuzz/fuzz.h"

#include "bridge/conf/mapping_file.h"

static void check_statement(
	const struct hg_grammar *g, enum hg_source source, const struct hg_statement *s)
{
	struct hg_change change[HG_GRAMMAR_CHANGES];
	size_t n = hg_grammar_expand(g, source, s, 1, change);

	FUZZ_REQUIRE(n <= HG_GRAMMAR_CHANGES);
	for (size_t i = 0; i < n; i++) {
		hg_part category = change[i].key.category;

		FUZZ_REQUIRE(category == HG_CAT_STATE || category == HG_CAT_NOTE);
		FUZZ_REQUIRE(change[i].key.container <= HG_C_MAX);
		FUZZ_REQUIRE(change[i].expiry != HG_TIME);
		hg_change_done(&change[i]);
	}
}

static void check_grammar(const struct hg_grammar *g)
{
	struct hg_bytes *text = hg_bytes_new(HG_STR("gone"));

	for (unsigned i = 0; i < 16; i++) {
		struct hg_statement s = { .machine = i & 1 ? 3500 : 0,
			.user = i & 2 ? 9500 : 0,
			.idle_since = i & 4 ? 1795298574123 : 0,
			.note.text = i & 8 ? text : NULL };
		for (int source = 0; source < HG_SOURCE_COUNT; source++)
			check_statement(g, (enum hg_source)source, &s);
	}
	hg_bytes_unref(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hg_errs errs = { 0 };
	struct hg_grammar g = { 0 };
	int rc = hg_grammar_load_text("fuzz.yaml", fuzz_text(data, size), &g, &errs);

	if (rc == 0) {
		check_grammar(&g);
		hg_grammar_done(&g);
	}
	fuzz_require_faults(rc, &errs);
	return 0;
}
