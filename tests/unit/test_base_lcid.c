/* SPDX-License-Identifier: Apache-2.0 */
/* Languages of notes: numbers on the Lync side, tags everywhere else. */
#include "tests/support/support.h"
#include "tests/support/facets.h"

#include "bridge/base/lcid.h"

#include <string.h>

static void numbers_and_tags(void **state)
{
	(void)state;
	assert_string_equal(hg_lcid_lang(1033), "en-US");
	assert_string_equal(hg_lcid_lang(1041), "ja-JP");
	assert_null(hg_lcid_lang(0));
	assert_null(hg_lcid_lang(4711));
	assert_int_equal(hg_lcid_of(HG_STR("de-AT")), 3079);
	assert_int_equal(hg_lcid_of(HG_STR("DE-at")), 3079);
	assert_int_equal(hg_lcid_of(HG_STR("de")), 1031);
	assert_int_equal(hg_lcid_of(HG_STR("de-LI")), 1031);
	assert_int_equal(hg_lcid_of(HG_STR("no")), 1044);
	assert_int_equal(hg_lcid_of(HG_STR("tlh")), 0);
	assert_int_equal(hg_lcid_of(HG_STR_NONE), 0);
}

static void every_number_comes_back(void **state)
{
	int found = 0;

	(void)state;
	for (uint32_t lcid = 1; lcid < 20000; lcid++) {
		if (!hg_lcid_lang(lcid))
			continue;
		assert_int_equal(hg_lcid_of(hg_str(hg_lcid_lang(lcid))), lcid);
		found++;
	}
	assert_true(found > 90);
}

static void notes_keep_their_language(void **state)
{
	struct hg_note note = { .text = hg_bytes_new(HG_STR("à bientôt")), .lang = "fr-CA" }, back;
	struct hg_buf b = { 0 };
	struct hg_doc_err err;

	(void)state;
	hg_note_write(&b, &note);
	assert_non_null(strstr(b.p, " LCID=\"3084\""));
	assert_int_equal(test_note_decode(hg_buf_str(&b), &back, &err), 0);
	assert_true(hg_note_eq(&note, &back));
	hg_note_done(&back);
	hg_buf_reset(&b);
	strcpy(note.lang, "tlh"); /* nothing is said rather than something wrong */
	hg_note_write(&b, &note);
	assert_null(strstr(b.p, "LCID"));
	hg_note_done(&note);
	hg_buf_done(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_and_tags),
		cmocka_unit_test(every_number_comes_back),
		cmocka_unit_test(notes_keep_their_language),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
