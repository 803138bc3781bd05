/* SPDX-License-Identifier: Apache-2.0 */
/* Provisioning groups asked for, and the answer, which repeats their names. */
#include "tests/fuzz/fuzz.h"

#include "bridge/documents/provision.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hg_doc_err err = { "" };
	struct hg_provision provision;
	struct hg_buf b = { 0 };

	if (hg_provision_read(fuzz_text(data, size), &provision, &err) == 0) {
		FUZZ_REQUIRE(provision.n <= HG_PROVISION_MAX);
		hg_provision_write(&b, &provision);
		FUZZ_REQUIRE_XML(hg_buf_str(&b));
	}
	hg_buf_done(&b);
	hg_provision_done(&provision);
	return 0;
}
