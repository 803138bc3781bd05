/* SPDX-License-Identifier: Apache-2.0 */
/* A list of people as it comes, and the list that answers it. */
#include "tests/unit/test_documents.h"

#include "bridge/documents/resource_lists.h"
#include "bridge/documents/rlmi.h"

#include <errno.h>
#include <string.h>

#define HEAD "<resource-lists xmlns='urn:ietf:params:xml:ns:resource-lists'>"
#define TAIL "</resource-lists>"

/* As Linphone sends it; lists in lists are one, and who is named twice stays where he was first. */
static void flat_and_each_once(void **state)
{
	struct hg_resource_lists named;
	struct hg_doc_err why = { "" };
	struct hg_str body = HG_STR("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" HEAD
				    "<list><entry uri='sip:bob@x'><display-name>Bob</display-name>"
				    "</entry><list name='more'><entry uri='sip:ann@x'/>"
				    "<entry uri='sip:bob@x'/></list><other xmlns='urn:o'/>"
				    "<entry uri='ann@y'/></list>" TAIL);

	assert_int_equal(hg_resource_lists_read(body, &named, &why), 0);
	assert_int_equal(named.n, 3);
	assert_string_equal(named.uri[0], "sip:bob@x");
	assert_string_equal(named.uri[1], "sip:ann@x");
	assert_string_equal(named.uri[2], "ann@y");
	hg_resource_lists_done(&named);
}

static void refused_with_a_reason(void **state)
{
	static const struct {
		const char *body, *why;
	} line[] = {
		{ HEAD TAIL, "resource-lists: names nobody" },
		{ HEAD "<list><entry/></list>" TAIL, "entry: attribute 'uri' is missing" },
		{ HEAD "<list><external anchor='http://x/'/></list>" TAIL,
			"external: refers to another list, which is not fetched" },
		{ HEAD "<list><entry-ref ref='a'/></list>" TAIL,
			"entry-ref: refers to another list, which is not fetched" },
		{ "<list/>", "document is 'list' of '', not 'resource-lists'" },
	};

	for (size_t i = 0; i < sizeof(line) / sizeof(*line); i++) {
		struct hg_resource_lists named;
		struct hg_doc_err why = { "" };

		assert_int_equal(
			hg_resource_lists_read(hg_str(line[i].body), &named, &why), -EINVAL);
		if (!strstr(why.text, line[i].why))
			fail_msg("%s: %s", line[i].body, why.text);
		hg_resource_lists_done(&named);
	}
}

static void limits(void **state)
{
	struct hg_resource_lists named;
	struct hg_doc_err why = { "" };

	hg_buf_adds(&out, HEAD);
	for (int i = 0; i < HG_RESOURCE_LISTS_DEPTH + 1; i++)
		hg_buf_adds(&out, "<list>");
	for (int i = 0; i < HG_RESOURCE_LISTS_DEPTH + 1; i++)
		hg_buf_adds(&out, "</list>");
	hg_buf_adds(&out, TAIL);
	assert_int_equal(hg_resource_lists_read(hg_buf_str(&out), &named, &why), -EINVAL);
	assert_non_null(strstr(why.text, "lists in each other"));
	hg_resource_lists_done(&named);
	hg_buf_reset(&out);
	hg_buf_adds(&out, HEAD "<list>");
	for (int i = 0; i < HG_BATCH_RESOURCES_MAX + 1; i++)
		hg_buf_addf(&out, "<entry uri='u%d@x'/>", i);
	hg_buf_adds(&out, "</list>" TAIL);
	assert_int_equal(hg_resource_lists_read(hg_buf_str(&out), &named, &why), -E2BIG);
	hg_resource_lists_done(&named);
}

static void copy(struct hg_buf *to, struct hg_str uri, const struct hg_frag *const *frag, size_t n)
{
	hg_buf_add(to, hg_bytes_str(frag[0]->bytes));
}

/* RFC 4662 5: what is active has a document, what is over a reason, and of what is not known yet nothing is said. */
static void the_answer(void **state)
{
	struct hg_frag frag = { .bytes = hg_bytes_new(HG_STR("<presence/>")) };
	const struct hg_frag *doc = &frag;
	const struct hg_rlmi_resource resource[] = {
		{ HG_STR("sip:bob@x"), HG_KNOWN, &doc, 1, NULL },
		{ HG_STR("sip:nobody@x"), HG_NOBODY, NULL, 0, NULL },
		{ HG_STR("sip:asked@x"), HG_PENDING, &doc, 1, NULL },
		{ HG_STR("sip:held@x"), HG_KNOWN, NULL, 0, NULL },
		{ HG_STR("sip:gone@x"), HG_KNOWN, &doc, 1, "deactivated" },
	};
	struct hg_rlmi list = { HG_STR("sip:me@x"), 4, false, resource, 5, "application/pidf+xml",
		copy, true };

	hg_multipart_write(&out, &list, HG_STR("b"));
	assert_str(hg_buf_str(&out),
		"--b\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <list@b>\r\n"
		"Content-Type: application/rlmi+xml\r\n\r\n"
		"<list xmlns=\"urn:ietf:params:xml:ns:rlmi\" uri=\"sip:me@x\" version=\"4\" fullState=\"false\">"
		"<resource uri=\"sip:bob@x\"><instance id=\"0\" state=\"active\" cid=\"1@b\"/></resource>"
		"<resource uri=\"sip:nobody@x\"><instance id=\"0\" state=\"terminated\" reason=\"noresource\"/></resource>"
		"<resource uri=\"sip:asked@x\"><instance id=\"0\" state=\"pending\"/></resource>"
		"<resource uri=\"sip:held@x\"/>"
		"<resource uri=\"sip:gone@x\"><instance id=\"0\" state=\"terminated\" reason=\"deactivated\"/></resource>"
		"</list>\r\n\r\n--b\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <1@b>\r\n"
		"Content-Type: application/pidf+xml\r\n\r\n<presence/>\r\n\r\n--b--\r\n");
	hg_buf_reset(&out);
	hg_multipart_write_type(&out, &list, HG_STR("b"));
	assert_str(hg_buf_str(&out),
		"multipart/related;type=\"application/rlmi+xml\";start=\"<list@b>\";boundary=b");
	hg_bytes_unref(frag.bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(flat_and_each_once, clear_out),
		cmocka_unit_test_setup(refused_with_a_reason, clear_out),
		cmocka_unit_test_setup(limits, clear_out),
		cmocka_unit_test_setup(the_answer, clear_out),
	};

	return cmocka_run_group_tests_name("documents: lists of people", tests, NULL, drop_out);
}
