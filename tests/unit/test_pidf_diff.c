/* SPDX-License-Identifier: Apache-2.0 */
/* Partial presence. */
#include "tests/unit/test_pidf.h"

#include "bridge/documents/pidf_diff.h"
#include "bridge/documents/xml_select.h"

#include <errno.h>

#define NAMESPACES \
	" xmlns='urn:ietf:params:xml:ns:pidf' xmlns:p='urn:ietf:params:xml:ns:pidf-diff' " \
	"xmlns:r='urn:ietf:params:xml:ns:pidf:rpid' " \
	"xmlns:d='urn:ietf:params:xml:ns:pidf:data-model' entity='sip:a@b' version='"
#define FULL(version, inside) "<p:pidf-full" NAMESPACES version "'>" inside "</p:pidf-full>"

#define START \
	FULL("1", \
		"<tuple id='t'><status><basic>open</basic></status><note>one</note>" \
		"<note xml:lang='de'>zwei</note></tuple> <tuple id='u'/> " \
		"<d:person id='p'><r:activities><r:busy/></r:activities></d:person>")

static enum hg_coherent take(struct hg_pidf_partial *p, const char *text, struct hg_pidf *ret)
{
	struct hg_doc_err why = { "" };
	enum hg_coherent coherent;

	if (hg_pidf_partial_take(p, hg_str(text), &coherent, ret, &why))
		fail_msg("%s", why.text);
	return coherent;
}

/* START with one change, as PIDF of ours. */
static void becomes(const char *change, const char *expected)
{
	struct hg_pidf_partial p = { 0 };
	struct hg_buf b = { 0 };
	struct hg_pidf pidf;

	assert_int_equal(take(&p, START, &pidf), HG_COHERENT_APPLY);
	hg_pidf_done(&pidf);
	hg_buf_addf(&b, "<p:pidf-diff" NAMESPACES "2'>%s</p:pidf-diff>", change);
	assert_int_equal(take(&p, b.p, &pidf), HG_COHERENT_APPLY);
	hg_buf_reset(&b);
	hg_pidf_write(&b, &pidf);
	const char *content = strchr(strstr(b.p, "entity="), '>') + 1;
	struct hg_str inside = { content, strlen(content) - strlen("</presence>") };
	assert_str(inside, expected);
	hg_pidf_done(&pidf);
	hg_pidf_partial_done(&p);
	hg_buf_done(&b);
}

#define T_OPEN "<tuple id=\"t\"><status><basic>open</basic></status>"
#define T_NOTES "<note>one</note><note xml:lang=\"de\">zwei</note></tuple>"
#define T T_OPEN T_NOTES
#define U "<tuple id=\"u\"><status></status></tuple>"
#define P "<dm:person id=\"p\"><rpid:activities><rpid:busy/></rpid:activities></dm:person>"

static void the_shape_of_rfc_5262(void **state)
{
	struct hg_pidf_partial p = { 0 };
	struct hg_buf b = { 0 };
	struct hg_pidf pidf;

	read_golden("in-partial-full.xml", &b);
	assert_int_equal(take(&p, b.p, &pidf), HG_COHERENT_APPLY);
	assert_int_equal(pidf.ntuples, 3);
	hg_pidf_done(&pidf);
	hg_buf_reset(&b);
	read_golden("in-partial-diff.xml", &b);
	assert_int_equal(take(&p, b.p, &pidf), HG_COHERENT_APPLY);
	hg_buf_reset(&b);
	hg_pidf_write(&b, &pidf);
	assert_golden(&b, "out-partial.xml");
	hg_pidf_done(&pidf);
	hg_pidf_partial_done(&p);
	hg_buf_done(&b);
}

static void adding(void **state)
{
	becomes("<p:add sel='*/d:person'><r:mood><r:happy/></r:mood></p:add>",
		T U "<dm:person id=\"p\"><rpid:activities><rpid:busy/></rpid:activities>"
		    "<rpid:mood><rpid:happy/></rpid:mood></dm:person>");
	becomes("<p:add sel='presence/tuple[2]' pos='after'><tuple id='v'/></p:add>",
		T U "<tuple id=\"v\"><status></status></tuple>" P);
	becomes("<p:add sel='/presence/tuple[2]' pos='before'><tuple id='v'/></p:add>",
		T "<tuple id=\"v\"><status></status></tuple>" U P);
	becomes("<p:add sel='*' pos='prepend'><tuple id='v'/><tuple id='w'/></p:add>",
		"<tuple id=\"v\"><status></status></tuple><tuple id=\"w\"><status></status></tuple>" T
			U P);
	becomes("<p:add sel='*/tuple[@id=\"t\"]/note[1]' type='@xml:lang'>en</p:add>",
		T_OPEN
		"<note xml:lang=\"en\">one</note><note xml:lang=\"de\">zwei</note></tuple>" U P);
	becomes("<p:add sel='*/tuple[@id=\"t\"]/note[.=\"one\"]'> &lt; two</p:add>",
		T_OPEN "<note>one &lt; two</note><note xml:lang=\"de\">zwei</note></tuple>" U P);
}

static void replacing(void **state)
{
	becomes("<p:replace sel='*/tuple[note=\"one\"]'><tuple id='v'/></p:replace>",
		"<tuple id=\"v\"><status></status></tuple>" U P);
	becomes("<p:replace sel='*/*/status/basic/text()'>closed</p:replace>",
		"<tuple id=\"t\"><status><basic>closed</basic></status>" T_NOTES U P);
	becomes("<p:replace sel='*/tuple[2]/@id'>a&amp;b</p:replace>",
		T "<tuple id=\"ID-a_26b\"><status></status></tuple>" P);
	becomes("<p:replace sel='*/tuple[1]/note[@xml:lang=\"de\"]/text()'>drei</p:replace>",
		T_OPEN "<note>one</note><note xml:lang=\"de\">drei</note></tuple>" U P);
}

static void removing(void **state)
{
	becomes("<p:remove sel='*/tuple[2]' ws='both'/>", T P);
	becomes("<p:remove sel='*/tuple/note[@xml:lang=\"de\"]'/>",
		T_OPEN "<note>one</note></tuple>" U P);
	becomes("<p:remove sel='*/tuple[1]/note[2]/@xml:lang'/>"
		"<p:remove sel='*/tuple[1]/note[1]/text()'/>",
		T_OPEN "<note>zwei</note></tuple>" U P);
	becomes("<p:remove sel='*/d:person/r:activities/r:busy'/>",
		T U "<dm:person id=\"p\"></dm:person>");
}

/* What stands between elements is nobody's, but a sender may tidy up. */
static void blanks(void **state)
{
	static const char *const line[][2] = { { "both", "</tuple><d:person" },
		{ "before", "</tuple> <d:person" }, { "after", "</tuple> <d:person" },
		{ "none", "</tuple>  <d:person" } };

	for (size_t i = 0; i < sizeof(line) / sizeof(*line); i++) {
		struct hg_pidf_partial p = { 0 };
		struct hg_buf b = { 0 };
		struct hg_pidf pidf;

		assert_int_equal(take(&p, START, &pidf), HG_COHERENT_APPLY);
		hg_pidf_done(&pidf);
		hg_buf_addf(&b,
			"<p:pidf-diff" NAMESPACES
			"2'><p:remove sel='*/tuple[2]' ws='%s'/></p:pidf-diff>",
			line[i][0]);
		assert_int_equal(take(&p, b.p, &pidf), HG_COHERENT_APPLY);
		assert_non_null(strstr(p.document->p, line[i][1]));
		hg_pidf_done(&pidf);
		hg_pidf_partial_done(&p);
		hg_buf_done(&b);
	}
}

/* Nothing of a document that cannot be applied is, and what comes after it cannot be, either. */
static void refused(const char *change, const char *why)
{
	struct hg_pidf_partial p = { 0 };
	struct hg_doc_err err = { "" };
	enum hg_coherent coherent;
	struct hg_buf b = { 0 };
	struct hg_pidf pidf;

	assert_int_equal(take(&p, START, &pidf), HG_COHERENT_APPLY);
	hg_pidf_done(&pidf);
	struct hg_bytes *before = hg_bytes_ref(p.document);
	hg_buf_addf(&b, "<p:pidf-diff" NAMESPACES "2'><p:remove sel='*/tuple[1]'/>%s</p:pidf-diff>",
		change);
	assert_int_not_equal(hg_pidf_partial_take(&p, hg_buf_str(&b), &coherent, &pidf, &err), 0);
	hg_pidf_done(&pidf);
	assert_string_equal(err.text, why);
	assert_int_equal(coherent, HG_COHERENT_ASK);
	assert_true(hg_bytes_eq(p.document, before));
	hg_buf_reset(&b);
	hg_buf_adds(&b, "<p:pidf-diff" NAMESPACES "3'/>");
	assert_int_equal(take(&p, b.p, &pidf), HG_COHERENT_ASK);
	hg_pidf_done(&pidf);
	hg_bytes_unref(before);
	hg_pidf_partial_done(&p);
	hg_buf_done(&b);
}

static void what_cannot_be_applied(void **state)
{
	refused("<p:remove sel='*/tuple[7]'/>", "remove[2]: selector '*/tuple[7]' finds nothing");
	refused("<p:remove sel='*/r:tuple'/>", "remove[2]: selector '*/r:tuple' finds nothing");
	refused("<p:remove sel='*/tuple/@d:id'/>",
		"remove[2]: selector '*/tuple/@d:id' finds nothing");
	refused("<p:remove sel='*/*'/>", "remove[2]: selector '*/*' finds more than one");
	refused("<p:remove sel='*'/>", "remove[2]: the root stays");
	refused("<p:remove/>", "remove[2]: attribute 'sel' is missing");
	refused("<p:replace sel='*'/>", "replace: the root stays");
	refused("<p:replace sel='*/tuple'>text</p:replace>",
		"replace: an element is replaced by one element");
	refused("<p:add sel='*' pos='before'><x/></p:add>",
		"add: there is nothing beside the root");
	refused("<p:add sel='*' pos='inside'><x/></p:add>", "add: pos is 'inside'");
	refused("<p:add sel='*/tuple/@id'>x</p:add>", "add: only an element can be added to");
	refused("<p:add sel='*/tuple' type='namespace::x'>urn:x</p:add>",
		"add: type 'namespace::x' is not served");
	refused("<p:add sel='*/tuple' type='@id'>x</p:add>", "add: '@id' is there already");
	refused("<p:add sel='*/tuple' type='@a b'>x</p:add>",
		"add: '@a b' cannot be an attribute there");
	refused("<p:move sel='*'/>", "move: is no change of a document");
	refused("<add sel='*'/>", "add: is no change of a document");
	refused("<p:add sel='*/tuple'><timestamp>x</timestamp></p:add>",
		"timestamp: 'x' is not a dateTime");
}

static void selectors_that_are_none(void **state)
{
	static const char *const bad[] = { "", " ", "//tuple", "*/", "tuple[", "*/tuple[]",
		"*/tuple[0x]", "*/tuple[@id]", "*/tuple[@id='u]", "*/tuple[last()]", "*/nope:tuple",
		"*/tuple/@", "*/tuple/@id/x", "*/text()/x", "text()", "@entity", "*[1]/tuple",
		"*/tuple[1][1][1][1][1]", "*/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a", "id('u')",
		"*/tuple[*='x']", "*/tuple[@id='u'" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct hg_buf change = { 0 }, why = { 0 };

		hg_buf_adds(&change, "<p:remove");
		hg_buf_addf(&change, " sel=\"%s\"/>", bad[i]);
		hg_buf_addf(&why,
			bad[i][0] ? "remove[2]: selector '%s' is not understood"
				  : "remove[2]: attribute 'sel' is empty",
			bad[i]);
		refused(change.p, why.p);
		hg_buf_done(&change);
		hg_buf_done(&why);
	}
}

static void limits(void **state)
{
	struct hg_buf b = { 0 };

	for (int i = 0; i < HG_PIDF_CHANGES_MAX; i++)
		hg_buf_adds(&b, "<p:replace sel='*/tuple/@id'>x</p:replace>");
	refused(b.p, "more than 256 changes");
	hg_buf_reset(&b);
	hg_buf_adds(&b, "<p:remove sel='");
	for (int i = 0; i <= HG_SELECTOR_MAX; i++)
		hg_buf_addc(&b, 'x');
	hg_buf_adds(&b, "'/>");
	refused(b.p, "remove[2]: attribute 'sel' is longer than 1024 bytes");
	hg_buf_done(&b);
}

/* A document grows no larger, and no deeper, by changes than by itself. */
static void growth_has_an_end(void **state)
{
	struct hg_pidf_partial p = { 0 };
	struct hg_doc_err err = { "" };
	enum hg_coherent coherent;
	struct hg_pidf pidf;
	unsigned version = 2;
	int rc = 0;

	assert_int_equal(take(&p, START, &pidf), HG_COHERENT_APPLY);
	hg_pidf_done(&pidf);
	for (; !rc && version < 100; version++) {
		struct hg_buf b = { 0 };

		hg_buf_addf(
			&b, "<p:pidf-diff" NAMESPACES "%u'><p:add sel='*/tuple[1]'><x>", version);
		for (int i = 0; i < 8192; i++)
			hg_buf_addc(&b, 'x');
		hg_buf_adds(&b, "</x></p:add></p:pidf-diff>");
		rc = hg_pidf_partial_take(&p, hg_buf_str(&b), &coherent, &pidf, &err);
		hg_pidf_done(&pidf);
		hg_buf_done(&b);
	}
	assert_int_equal(rc, -E2BIG);
	assert_string_equal(err.text, "document is larger than 262144 bytes");
	assert_in_range(version, 30, 40);
	hg_pidf_partial_done(&p);
}

static void numbers(void **state)
{
	struct hg_pidf_partial p = { 0 };
	struct hg_doc_err err = { "" };
	enum hg_coherent coherent;
	struct hg_pidf pidf;

	assert_int_equal(take(&p, "<p:pidf-diff" NAMESPACES "1'/>", &pidf), HG_COHERENT_ASK);
	hg_pidf_done(&pidf);
	assert_null(p.document);
	assert_int_equal(take(&p, START, &pidf), HG_COHERENT_APPLY);
	hg_pidf_done(&pidf);
	assert_int_equal(take(&p, START, &pidf), HG_COHERENT_DISCARD);
	assert_int_equal(pidf.ntuples, 0);
	hg_pidf_done(&pidf);
	assert_int_equal(take(&p, "<p:pidf-diff" NAMESPACES "3'/>", &pidf), HG_COHERENT_ASK);
	hg_pidf_done(&pidf);
	assert_int_equal(take(&p, FULL("9", "<tuple id='z'/>"), &pidf), HG_COHERENT_APPLY);
	assert_str(hg_bytes_str(pidf.tuple->id), "z");
	hg_pidf_done(&pidf);
	assert_int_equal(hg_pidf_partial_take(&p, HG_STR("<presence entity='a' version='10'/>"),
				 &coherent, &pidf, &err),
		-EINVAL);
	assert_string_equal(err.text, "document is 'presence', not 'pidf-full' or 'pidf-diff'");
	assert_int_equal(p.seen.version, 9);
	hg_pidf_done(&pidf);
	hg_pidf_partial_done(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_shape_of_rfc_5262),
		cmocka_unit_test(adding),
		cmocka_unit_test(replacing),
		cmocka_unit_test(removing),
		cmocka_unit_test(blanks),
		cmocka_unit_test(what_cannot_be_applied),
		cmocka_unit_test(selectors_that_are_none),
		cmocka_unit_test(limits),
		cmocka_unit_test(growth_has_an_end),
		cmocka_unit_test(numbers),
	};

	return cmocka_run_group_tests_name("partial presence", tests, NULL, NULL);
}
