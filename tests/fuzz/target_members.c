/* SPDX-License-Identifier: Apache-2.0 */
/* Edits of container members; what was added is shown to the owner. */
#include "tests/fuzz/fuzz.h"

#include "bridge/documents/categories.h"
#include "bridge/documents/members.h"

static void check_shown(const struct hg_member_edit *edit)
{
	struct hg_member member = edit->member;
	struct hg_container container = {
		.id = edit->container, .version = edit->version, .member = &member, .n = 1
	};
	struct hg_self self = { .container = &container, .ncontainers = 1 };
	struct hg_view view = {
		.part = HG_PART_CONTAINERS, .presentity = HG_STR("a@b"), .self = &self
	};
	struct hg_buf b = { 0 };

	FUZZ_REQUIRE(member.type >= HG_MEMBER_EVERYONE && member.type <= HG_MEMBER_USER);
	FUZZ_REQUIRE(!member.value == (member.type < HG_MEMBER_DOMAIN));
	hg_containers_write(&b, &view);
	FUZZ_REQUIRE_FRAGMENT(hg_buf_str(&b));
	hg_buf_done(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hg_doc_err err = { "" };
	struct hg_members members;

	if (hg_members_read(fuzz_text(data, size), &members, &err) == 0) {
		FUZZ_REQUIRE(members.n <= HG_MEMBERS_MAX);
		for (size_t i = 0; i < members.n; i++)
			check_shown(&members.edit[i]);
	}
	hg_members_done(&members);
	return 0;
}
