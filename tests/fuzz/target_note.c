/* SPDX-License-Identifier: Apache-2.0 */
/* Payload of category `note`: what is written of it reads back as the same. */
#include "tests/fuzz/fuzz.h"
#include "tests/support/facets.h"


/* Without a text nothing else is kept. */
static bool same(const struct hg_note *a, const struct hg_note *b)
{
	return a->text ? hg_note_eq(a, b) : !b->text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hg_doc_err err = { "" };
	struct hg_note first, second;
	struct hg_buf text = { 0 };

	if (test_note_decode(fuzz_text(data, size), &first, &err) == 0) {
		hg_note_write(&text, &first);
		FUZZ_REQUIRE_XML(hg_buf_str(&text));
		FUZZ_REQUIRE(test_note_decode(hg_buf_str(&text), &second, &err) == 0);
		FUZZ_REQUIRE(same(&first, &second));
		hg_note_done(&second);
	}
	hg_note_done(&first);
	hg_buf_done(&text);
	return 0;
}
