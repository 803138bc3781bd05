/* SPDX-License-Identifier: Apache-2.0 */
/* What of his own an owner asks for, and the document that answers it. */
#include "tests/fuzz/fuzz.h"

#include "bridge/documents/categories.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hg_doc_err err = { "" };
	struct hg_roaming roaming = { false };
	struct hg_buf b = { 0 };

	if (hg_roaming_read(fuzz_text(data, size), &roaming, &err) == 0) {
		hg_roaming_write(&b, HG_STR("a@b"), &roaming, NULL, 0);
		FUZZ_REQUIRE_XML(hg_buf_str(&b));
	}
	hg_buf_done(&b);
	return 0;
}
