/* SPDX-License-Identifier: Apache-2.0 */
/* Payload of category `state`: what is written of it reads back as the same. */
#include "tests/fuzz/fuzz.h"
#include "tests/support/facets.h"

/* An activity stands behind its token or text; what availabilities say without one, or are said
 * to be when nothing is said, is not kept. */
static void normalise(struct hg_state *s)
{
	if (s->kind == HG_STATE_OTHER)
		s->kind = HG_STATE_AGGREGATE;
	if (s->kind >= HG_STATE_AGGREGATE)
		s->manual = false;
	if (!s->token[0] && !s->custom) {
		s->min = 0;
		s->max = UINT32_MAX;
	}
	if (!s->max)
		s->max = UINT32_MAX;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hg_doc_err err = { "" };
	struct hg_state first, second;
	struct hg_buf text = { 0 }, again = { 0 };

	if (test_state_decode(fuzz_text(data, size), &first, &err) == 0) {
		hg_state_write(&text, &first);
		FUZZ_REQUIRE_XML(hg_buf_str(&text));
		FUZZ_REQUIRE(test_state_decode(hg_buf_str(&text), &second, &err) == 0);
		normalise(&first);
		FUZZ_REQUIRE(hg_state_eq(&first, &second));
		hg_state_write(&again, &second);
		FUZZ_REQUIRE(hg_str_eq(hg_buf_str(&text), hg_buf_str(&again)));
		hg_state_done(&second);
	}
	hg_state_done(&first);
	hg_buf_done(&text);
	hg_buf_done(&again);
	return 0;
}
