/* SPDX-License-Identifier: Apache-2.0 */
/* Whom a list names: each once, and none of them makes of the answer what is no document. */
#include "tests/fuzz/fuzz.h"

#include "bridge/documents/resource_lists.h"
#include "bridge/documents/rlmi.h"

#include <stdlib.h>
#include <string.h>

static void check_answer(const struct hg_resource_lists *named)
{
	struct hg_rlmi_resource *resource = hg_alloc(named->n * sizeof(*resource));
	struct hg_rlmi list = { .uri = HG_STR("sip:a@b"),
		.resource = resource,
		.n = named->n,
		.exact = true };
	struct hg_buf out = { 0 };

	for (size_t i = 0; i < named->n; i++)
		resource[i] = (struct hg_rlmi_resource){ .uri = hg_str(named->uri[i]),
			.standing = (enum hg_standing)(i % (HG_NOBODY + 1)),
			.reason = i % 7 ? NULL : "deactivated" };
	hg_rlmi_write(&out, &list, HG_STR("fuzz"));
	FUZZ_REQUIRE_XML(hg_buf_str(&out));
	hg_buf_done(&out);
	free(resource);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hg_doc_err err = { "" };
	struct hg_resource_lists named;

	if (hg_resource_lists_read(fuzz_text(data, size), &named, &err) == 0) {
		FUZZ_REQUIRE(named.n && named.n <= HG_BATCH_RESOURCES_MAX);
		for (size_t i = 0; i < named.n; i++)
			for (size_t k = 0; k < i && i < 64; k++)
				FUZZ_REQUIRE(strcmp(named.uri[i], named.uri[k]) != 0);
		check_answer(&named);
	}
	hg_resource_lists_done(&named);
	return 0;
}
