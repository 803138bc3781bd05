/* SPDX-License-Identifier: Apache-2.0 */
/* Provisioning groups asked for, and the answer, which repeats their names. */
#include "tests/fuzz/fuzz.h"

#include "bridge/documents/provision.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hg_doc_err err = { "" };
	struct hg_provision provision;
	struct hg_buf b = { 0 };
	struct hg_property property = { (char *)"AllowCallForwarding", (char *)"true" };
	const struct hg_provision_group group = {
		.name = (char *)"ucPolicy", .property = &property, .n = 1
	};
	const struct hg_grammar_rule rule = { .category = HG_CAT_NOTE,
		.sources = 1u << HG_SOURCE_LINKED,
		.container = { HG_C_EXTERNAL },
		.ncontainers = 1,
		.transform = HG_TRANSFORM_EMPTY };
	const struct hg_provision_offer offer = { &group, 1, &rule, 1 };

	if (hg_provision_read(fuzz_text(data, size), &provision, &err) == 0) {
		FUZZ_REQUIRE(provision.n <= HG_PROVISION_MAX);
		hg_provision_write(&b, &provision, &offer);
		FUZZ_REQUIRE_XML(hg_buf_str(&b));
	}
	hg_buf_done(&b);
	hg_provision_done(&provision);
	return 0;
}
