/* SPDX-License-Identifier: Apache-2.0 */
/* Texts of any script arrive whole or are refused: watcher information, dialogs, changes of PIDF. */
#include "tests/unit/test_pidf_texts.h"

#include "bridge/documents/dialog_info.h"
#include "bridge/documents/pidf_diff.h"
#include "bridge/documents/winfo.h"

#include <errno.h>

/* ---- watcher information ---- */

/* In each of its places: id, URI, display-name, resource, package. */
static int carry_winfo(int place, struct hg_str text)
{
	struct hg_bytes *field[5];
	struct hg_doc_err err = { "" };
	struct hg_buf b = { 0 };
	struct hg_winfo back;

	for (int i = 0; i < 5; i++)
		field[i] = hg_bytes_new(i == place ? text : HG_STR("z"));
	struct hg_watcher w = { .id = field[0], .uri = field[1], .name = field[2] };
	struct hg_watcher_list list = {
		.resource = field[3], .package = field[4], .watcher = &w, .n = 1
	};
	const struct hg_winfo winfo = { .list = &list, .n = 1 };
	hg_winfo_write(&b, &winfo);
	int rc = hg_winfo_read(hg_buf_str(&b), &back, &err);
	if (!rc) {
		assert_true(hg_bytes_eq(back.list->watcher->id, field[0]));
		assert_true(hg_bytes_eq(back.list->watcher->uri, field[1]));
		assert_true(hg_bytes_eq(back.list->watcher->name, field[2]));
		assert_true(hg_bytes_eq(back.list->resource, field[3]));
		assert_true(hg_bytes_eq(back.list->package, field[4]));
	}
	hg_winfo_done(&back);
	for (int i = 0; i < 5; i++)
		hg_bytes_unref(field[i]);
	hg_buf_done(&b);
	return rc;
}

static void in_winfo(void **state)
{
	static const size_t most[5] = { HG_WINFO_WORD_MAX, HG_WINFO_URI_MAX, HG_WINFO_WORD_MAX,
		HG_WINFO_URI_MAX, HG_WINFO_WORD_MAX };
	struct hg_buf b = { 0 };

	for (int place = 0; place < 5; place++) {
		for (size_t i = 1; i < NTEXTS; i++)
			assert_int_equal(carry_winfo(place, hg_str(texts[i])), 0);
		fill(&b, most[place]);
		assert_int_equal(carry_winfo(place, hg_buf_str(&b)), 0);
		fill(&b, most[place] + 1);
		assert_int_equal(carry_winfo(place, hg_buf_str(&b)), -E2BIG);
	}
	assert_int_equal(carry_winfo(0, HG_STR("")), -EINVAL); /* an id that is none */
	assert_int_equal(carry_winfo(1, HG_STR("")), 0);
	assert_int_equal(carry_winfo(2, HG_STR("")), 0);
	hg_buf_done(&b);
}

/* ---- dialogs: the entity is written; the words of others are read ---- */

static int carry_dialog(struct hg_str text)
{
	const struct hg_dialog_sum sum = { .state = HG_DIALOG_CONFIRMED, .held = true };
	struct hg_doc_err err = { "" };
	struct hg_dialog_info back;
	struct hg_buf b = { 0 };

	hg_dialog_info_write(&b, text, 0, &sum);
	int rc = hg_dialog_info_read(hg_buf_str(&b), &back, &err);
	if (!rc) {
		assert_true(hg_str_eq(hg_bytes_str(back.entity), text));
		assert_true(hg_str_eq(hg_bytes_str(back.dialog->local.target), text));
	}
	hg_dialog_info_done(&back);
	hg_buf_done(&b);
	return rc;
}

static int read_dialog(struct hg_str text)
{
	struct hg_doc_err err = { "" };
	struct hg_dialog_info back;
	struct hg_buf b = { 0 };

	hg_buf_adds(&b,
		"<dialog-info version='0' state='full'><dialog id='1'><state>early</state>"
		"<remote><identity display='");
	hg_buf_add_xml(&b, text);
	hg_buf_adds(&b, "'>");
	hg_buf_add_xml(&b, text);
	hg_buf_adds(&b, "</identity></remote></dialog></dialog-info>");
	int rc = hg_dialog_info_read(hg_buf_str(&b), &back, &err);
	if (!rc) {
		assert_true(hg_str_eq(hg_bytes_str(back.dialog->remote.display), text));
		assert_true(hg_str_eq(hg_bytes_str(back.dialog->remote.identity), text));
	}
	hg_dialog_info_done(&back);
	hg_buf_done(&b);
	return rc;
}

static void in_dialogs(void **state)
{
	struct hg_buf b = { 0 };

	for (size_t i = 0; i < NTEXTS; i++) {
		assert_int_equal(carry_dialog(hg_str(texts[i])), 0);
		assert_int_equal(read_dialog(hg_str(texts[i])), 0);
	}
	fill(&b, HG_DIALOG_URI_MAX);
	assert_int_equal(carry_dialog(hg_buf_str(&b)), 0);
	fill(&b, HG_DIALOG_URI_MAX + 1);
	assert_int_equal(carry_dialog(hg_buf_str(&b)), -E2BIG);
	fill(&b, HG_DIALOG_WORD_MAX);
	assert_int_equal(read_dialog(hg_buf_str(&b)), 0);
	fill(&b, HG_DIALOG_WORD_MAX + 1);
	assert_int_equal(read_dialog(hg_buf_str(&b)), -E2BIG);
	hg_buf_done(&b);
}

/* ---- changes ---- */

#define DIFF " xmlns:p='urn:ietf:params:xml:ns:pidf-diff' entity='sip:a@b' version='"

static int carry_change(struct hg_str text)
{
	struct hg_pidf_partial p = { 0 };
	struct hg_doc_err err = { "" };
	enum hg_coherent coherent;
	struct hg_buf b = { 0 };
	struct hg_pidf pidf;

	hg_buf_adds(&b, "<p:pidf-full" DIFF "0'><note>x</note><tuple id='t'/></p:pidf-full>");
	assert_int_equal(hg_pidf_partial_take(&p, hg_buf_str(&b), &coherent, &pidf, &err), 0);
	hg_pidf_done(&pidf);
	hg_buf_reset(&b);
	hg_buf_adds(&b, "<p:pidf-diff" DIFF "1'><p:replace sel='*/note/text()'>");
	hg_buf_add_xml(&b, text);
	hg_buf_adds(&b, "</p:replace><p:add sel='*/tuple'><note>");
	hg_buf_add_xml(&b, text);
	hg_buf_adds(&b, "</note></p:add></p:pidf-diff>");
	int rc = hg_pidf_partial_take(&p, hg_buf_str(&b), &coherent, &pidf, &err);
	if (!rc) {
		assert_true(hg_str_eq(note(&pidf.notes), text));
		assert_true(hg_str_eq(note(&pidf.tuple->notes), text));
	}
	hg_pidf_done(&pidf);
	hg_pidf_partial_done(&p);
	hg_buf_done(&b);
	return rc;
}

static void in_changes(void **state)
{
	struct hg_buf b = { 0 };

	for (size_t i = 0; i < NTEXTS; i++)
		assert_int_equal(carry_change(hg_str(texts[i])), 0);
	fill(&b, HG_NOTE_TEXT_MAX);
	assert_int_equal(carry_change(hg_buf_str(&b)), 0);
	fill(&b, HG_NOTE_TEXT_MAX + 1);
	assert_int_equal(carry_change(hg_buf_str(&b)), -E2BIG);
	hg_buf_done(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_winfo),
		cmocka_unit_test(in_dialogs),
		cmocka_unit_test(in_changes),
	};

	return cmocka_run_group_tests_name("texts of any script: others", tests, NULL, NULL);
}
