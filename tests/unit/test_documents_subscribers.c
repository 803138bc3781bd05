/* SPDX-License-Identifier: Apache-2.0 */
/* Watchers whom the owner has not acknowledged: [MS-PRES] subscribers, EP 4.2.1. */
#include "tests/unit/test_documents.h"

#include "bridge/documents/categories.h"

#define NS "http://schemas.microsoft.com/2006/09/sip/presence-subscribers"

static struct hg_frag frag_of(const struct hg_waiting *waiting, size_t n)
{
	struct hg_self self = { .waiting = waiting, .nwaiting = n };
	struct hg_view view = { .part = HG_PART_SUBSCRIBERS, .self = &self };
	struct hg_buf part = { 0 };
	struct hg_frag frag = { .part = HG_PART_SUBSCRIBERS };

	hg_subscribers_write(&part, &view);
	frag.bytes = hg_buf_bytes(&part);
	hg_buf_done(&part);
	return frag;
}

/* Every class that a watcher can be of; what stands in a name stays in it. */
static void classes_and_names(void **state)
{
	const struct hg_waiting waiting[] = {
		{ HG_STR("carol@corp.example"), HG_SAME_ENTERPRISE, HG_STR("Carol \"C\" <Ops>") },
		{ HG_STR("romeo@xmpp.example"), HG_FEDERATED, HG_STR_NONE },
		{ HG_STR("o'b&b@cloud.example"), HG_PUBLIC_CLOUD, HG_STR_NONE },
		{ HG_STR("\"/><x@far.example"), HG_TRUST_NONE, HG_STR_NONE },
	};
	struct hg_frag frag = frag_of(waiting, 4);

	assert_str(hg_bytes_str(frag.bytes),
		"<subscribers xmlns=\"" NS "\">"
		"<subscriber user=\"carol@corp.example\" displayName=\"Carol &quot;C&quot; &lt;Ops&gt;\" "
		"acknowledged=\"false\" type=\"sameEnterprise\"/>"
		"<subscriber user=\"romeo@xmpp.example\" "
		"acknowledged=\"false\" type=\"federated\"/>"
		"<subscriber user=\"o&apos;b&amp;b@cloud.example\" "
		"acknowledged=\"false\" type=\"publicCloud\"/>"
		"<subscriber user=\"&quot;/&gt;&lt;x@far.example\" "
		"acknowledged=\"false\" type=\"unknown\"/>"
		"</subscribers>");
	hg_bytes_unref(frag.bytes);
}

/* The document holds nothing that a client would take for news of another part. */
static void they_come_alone(void **state)
{
	const struct hg_waiting romeo = { HG_STR("romeo@xmpp.example"), HG_FEDERATED, HG_STR_NONE };
	struct hg_frag frag[] = { frag_of(&romeo, 1), frag_of(NULL, 0) };
	static const char *const inside[] = {
		"<subscribers xmlns=\"" NS "\">"
		"<subscriber user=\"romeo@xmpp.example\" "
		"acknowledged=\"false\" type=\"federated\"/></subscribers>",
		"<subscribers xmlns=\"" NS "\"></subscribers>",
	};

	for (size_t i = 0; i < 2; i++) {
		const struct hg_frag *list = &frag[i];
		char text[512];

		hg_buf_reset(&out);
		hg_roaming_write(&out, HG_STR("alice@corp.example"), NULL, &list, 1);
		snprintf(text, sizeof(text),
			"<roamingData xmlns=\"http://schemas.microsoft.com/2006/09/sip/roaming-self\">"
			"%s</roamingData>",
			inside[i]);
		assert_str(hg_buf_str(&out), text);
		hg_bytes_unref(frag[i].bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(classes_and_names),
		cmocka_unit_test(they_come_alone),
	};

	return cmocka_run_group_tests(tests, NULL, drop_out);
}
