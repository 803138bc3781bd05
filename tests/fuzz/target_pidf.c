/* SPDX-License-Identifier: Apache-2.0 */
/* Presence documents of SIP/SIMPLE: what is read can be written, and stays as it is when read again; the extension, too. */
#include "tests/fuzz/fuzz.h"

#include "bridge/documents/pidf.h"

#include <string.h>

static void check_values(const struct hg_pidf *p)
{
	for (size_t i = 0; i < p->ntuples; i++) {
		const struct hg_pidf_tuple *t = &p->tuple[i];

		FUZZ_REQUIRE(t->id && t->resource && t->resource->n);
		FUZZ_REQUIRE(t->priority >= -1 && t->priority <= 1000);
		FUZZ_REQUIRE(
			hg_pidf_priority(t->priority) >= 0 && hg_pidf_priority(t->priority) <= 127);
		FUZZ_REQUIRE(hg_utf8_valid(hg_bytes_str(t->resource)));
		FUZZ_REQUIRE(hg_notes_first(&t->notes).n <= HG_NOTE_TEXT_MAX);
		for (size_t k = 0; k < t->notes.n; k++)
			FUZZ_REQUIRE(!t->notes.v[k].lang[0] ||
				hg_lang_valid(hg_str(t->notes.v[k].lang)));
	}
}

/* Of those that are written: one tuple a resource. */
static size_t extensions(const struct hg_pidf *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->ntuples; i++) {
		bool again = false;

		for (size_t k = 0; k < i; k++)
			again |= hg_bytes_eq(p->tuple[k].resource, p->tuple[i].resource);
		n += p->tuple[i].has_extension && !again;
	}
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hg_buf text = { 0 }, again = { 0 };
	struct hg_doc_err err = { "" };
	struct hg_pidf first, second;

	if (hg_pidf_read(fuzz_text(data, size), &first, &err) == 0) {
		check_values(&first);
		hg_pidf_write(&text, &first);
		FUZZ_REQUIRE_XML(hg_buf_str(&text));
		/* escaping makes texts longer */
		if (text.n <= HG_DOC_MAX) {
			FUZZ_REQUIRE(hg_pidf_read(hg_buf_str(&text), &second, &err) == 0);
			hg_pidf_write(&again, &second);
			FUZZ_REQUIRE(hg_str_eq(hg_buf_str(&text), hg_buf_str(&again)));
			FUZZ_REQUIRE(extensions(&second) == extensions(&first));
			hg_pidf_done(&second);
		}
	} else {
		FUZZ_REQUIRE(err.text[0]);
	}
	hg_pidf_done(&first);
	hg_buf_done(&text);
	hg_buf_done(&again);
	return 0;
}
