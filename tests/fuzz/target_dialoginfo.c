/* SPDX-License-Identifier: Apache-2.0 */
/* Dialog information: the one virtual dialog of it reads back as the same sum. */
#include "tests/fuzz/fuzz.h"

#include "bridge/documents/dialog_info.h"

static void check_sum(struct hg_dialog_sum sum, struct hg_str entity)
{
	struct hg_doc_err err = { "" };
	struct hg_dialog_info info;
	struct hg_buf text = { 0 };

	hg_dialog_info_write(&text, entity, 7, &sum);
	FUZZ_REQUIRE_XML(hg_buf_str(&text));
	FUZZ_REQUIRE(hg_dialog_info_read(hg_buf_str(&text), &info, &err) == 0);
	struct hg_dialog_sum back = hg_dialog_info_sum(&info);
	FUZZ_REQUIRE(info.version == 7 && info.full && info.n == 1);
	FUZZ_REQUIRE(back.state == sum.state);
	FUZZ_REQUIRE(back.held == sum.held);
	FUZZ_REQUIRE(!back.ringing || sum.ringing);
	hg_dialog_info_done(&info);
	hg_buf_done(&text);
}

static void check_table(struct hg_dialog_info *doc)
{
	struct hg_dialog_sum before = hg_dialog_info_sum(doc);
	struct hg_dialog_table table = { 0 };
	enum hg_coherent coherent;

	FUZZ_REQUIRE(hg_dialog_info_take(&table, doc, &coherent) == 0);
	FUZZ_REQUIRE(coherent == (doc->full ? HG_COHERENT_APPLY : HG_COHERENT_APPLY_ASK));
	/* of several of one id the last counts */
	FUZZ_REQUIRE(hg_dialog_info_sum(&table.known).state <= before.state);
	for (size_t i = 0; i < table.known.n; i++)
		FUZZ_REQUIRE(table.known.dialog[i].state != HG_DIALOG_TERMINATED);
	hg_dialog_info_done(&table.known);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hg_doc_err err = { "" };
	struct hg_dialog_info info;

	if (hg_dialog_info_read(fuzz_text(data, size), &info, &err) == 0) {
		check_sum(hg_dialog_info_sum(&info), hg_bytes_str(info.entity));
		check_table(&info);
	}
	hg_dialog_info_done(&info);
	return 0;
}
