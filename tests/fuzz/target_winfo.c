/* SPDX-License-Identifier: Apache-2.0 */
/* Watcher information: what is read can be written, stays as it is, and fits into a table. */
#include "tests/fuzz/fuzz.h"

#include "bridge/documents/winfo.h"

static size_t watchers(const struct hg_winfo *w)
{
	size_t n = 0;

	for (size_t i = 0; i < w->n; i++)
		n += w->list[i].n;
	return n;
}

/* Twice: whole and then once more; then as the part that it may be. */
static void check_table(struct hg_str text)
{
	struct hg_winfo_table table = { 0 };
	struct hg_doc_err err = { "" };
	enum hg_coherent coherent;
	struct hg_winfo doc;

	for (uint32_t version = 1; version <= 3; version++) {
		FUZZ_REQUIRE(hg_winfo_read(text, &doc, &err) == 0);
		doc.version = version;
		doc.full = version < 3 ? version == 1 : doc.full;
		size_t most = watchers(&doc) + watchers(&table.known);
		FUZZ_REQUIRE(hg_winfo_take(&table, &doc, &coherent) == 0);
		FUZZ_REQUIRE(coherent == HG_COHERENT_APPLY);
		FUZZ_REQUIRE(watchers(&table.known) <= most);
		FUZZ_REQUIRE(table.seen.version == version);
		hg_winfo_done(&doc);
	}
	for (size_t i = 0; i < table.known.n; i++) {
		for (size_t k = 0; k < table.known.list[i].n; k++)
			FUZZ_REQUIRE(
				table.known.list[i].watcher[k].status != HG_WATCHER_TERMINATED);
	}
	hg_winfo_done(&table.known);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hg_buf text = { 0 }, again = { 0 };
	struct hg_doc_err err = { "" };
	struct hg_winfo first, second;

	if (hg_winfo_read(fuzz_text(data, size), &first, &err) == 0) {
		hg_winfo_write(&text, &first);
		FUZZ_REQUIRE_XML(hg_buf_str(&text));
		check_table(fuzz_text(data, size));
		if (text.n <= HG_DOC_MAX) {
			FUZZ_REQUIRE(hg_winfo_read(hg_buf_str(&text), &second, &err) == 0);
			FUZZ_REQUIRE(watchers(&second) == watchers(&first));
			hg_winfo_write(&again, &second);
			FUZZ_REQUIRE(hg_str_eq(hg_buf_str(&text), hg_buf_str(&again)));
			hg_winfo_done(&second);
		}
	}
	hg_winfo_done(&first);
	hg_buf_done(&text);
	hg_buf_done(&again);
	return 0;
}
