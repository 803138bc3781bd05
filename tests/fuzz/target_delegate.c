/* SPDX-License-Identifier: Apache-2.0 */
/* Who may act in somebody's name; who is named is shown to the owner. */
#include "tests/fuzz/fuzz.h"

#include "bridge/documents/delegates.h"

static void check_shown(const struct hg_set_delegate *set)
{
	const struct hg_delegate delegate = { .uri = hg_bytes_new(hg_str(set->uri)),
		.publish = set->edit.publish,
		.redelegate = set->edit.redelegate };
	const struct hg_self self = {
		.delegate = &delegate, .ndelegates = 1, .delegates_version = set->edit.version
	};
	const struct hg_view view = {
		.part = HG_PART_DELEGATES, .presentity = HG_STR("a@b"), .self = &self
	};
	struct hg_buf b = { 0 };

	hg_delegates_write(&b, &view);
	FUZZ_REQUIRE_FRAGMENT(hg_buf_str(&b));
	hg_buf_done(&b);
	hg_bytes_unref(delegate.uri);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hg_doc_err err = { "" };
	struct hg_set_delegate set;

	if (hg_set_delegate_read(fuzz_text(data, size), &set, &err) == 0) {
		FUZZ_REQUIRE(set.uri[0]);
		check_shown(&set);
	}
	hg_set_delegate_done(&set);
	return 0;
}
