/* SPDX-License-Identifier: Apache-2.0 */
/* RFC 8048's examples between a stanza and a PIDF document, V12 to V14 and V18 to V20, by their fields: what the stanza says
 * is in the struct that the document is written from, and read into. */
#include "tests/unit/test_pidf.h"

#define HEAD \
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<presence " \
	"xmlns=\"urn:ietf:params:xml:ns:pidf\" entity=\"pres:juliet@example.com\">"

static void written(struct hg_pidf *p, const char *expected)
{
	struct hg_buf b = { 0 };

	hg_pidf_write(&b, p);
	assert_str(hg_buf_str(&b), expected);
	hg_buf_done(&b);
	hg_pidf_done(p);
}

static struct hg_pidf_tuple *juliet(struct hg_pidf *p, const char *resource)
{
	*p = (struct hg_pidf){ .entity = hg_bytes_new(HG_STR("pres:juliet@example.com")) };
	return hg_pidf_add_tuple(p, hg_str(resource));
}

static void v12_away(void **state)
{
	struct hg_pidf p;
	struct hg_pidf_tuple *t = juliet(&p, "yn0cl4bnw0yr3vym");

	t->basic = HG_PIDF_OPEN;
	t->show = hg_pidf_show_find(HG_STR("away"));
	written(&p,
		HEAD "<tuple id=\"ID-yn0cl4bnw0yr3vym\"><status><basic>open</basic>"
		     "<show xmlns=\"jabber:client\">away</show></status></tuple></presence>");
}

static void v12b_without_show(void **state)
{
	struct hg_pidf p;

	juliet(&p, "r")->basic = HG_PIDF_OPEN;
	written(&p,
		HEAD "<tuple id=\"ID-r\"><status><basic>open</basic></status></tuple></presence>");
}

static void v13_unavailable(void **state)
{
	struct hg_pidf p;
	struct hg_pidf_tuple *t = juliet(&p, "r");

	t->basic = HG_PIDF_CLOSED;
	hg_notes_add(&t->notes, HG_STR_NONE, HG_STR("gone"));
	written(&p,
		HEAD "<tuple id=\"ID-r\"><status><basic>closed</basic></status>"
		     "<note>gone</note></tuple></presence>");
}

static void v14_closed(void **state)
{
	struct hg_pidf p = pidf_of(HG_STR(
		"<presence xmlns='urn:ietf:params:xml:ns:pidf' entity='pres:romeo@example.net'>"
		"<tuple id='ID-dr4hcr0st3lup4c'><status><basic>closed</basic></status></tuple>"
		"</presence>"));

	assert_int_equal(p.tuple->basic, HG_PIDF_CLOSED);
	assert_str(hg_bytes_str(p.tuple->resource), "dr4hcr0st3lup4c");
	hg_pidf_done(&p);
}

/* The attribute of a resource's priority, as it is written. */
static void priority_is(int priority, const char *expected)
{
	struct hg_pidf p;
	struct hg_pidf_tuple *t = juliet(&p, "r");
	struct hg_buf b = { 0 };

	t->contact = hg_bytes_new(HG_STR("c"));
	t->priority = hg_pidf_thousandths(priority);
	hg_buf_addf(&b,
		HEAD "<tuple id=\"ID-r\"><status></status><contact%s>c</contact></tuple>"
		     "</presence>",
		expected);
	written(&p, b.p);
	hg_buf_done(&b);
}

static void v18_priority(void **state)
{
	priority_is(5, " priority=\"0.039\"");
	priority_is(1, " priority=\"0.007\"");
	priority_is(2, " priority=\"0.015\"");
	priority_is(126, " priority=\"0.992\"");
	priority_is(127, " priority=\"1\"");
	priority_is(0, " priority=\"0\"");
}

static void v19_negative_priority(void **state)
{
	priority_is(-1, "");
	priority_is(-128, "");
	assert_int_equal(hg_pidf_thousandths(-1), -1);
	assert_int_equal(hg_pidf_thousandths(-128), -1);
}

/* All 128 differ, in order, and come back. */
static void every_priority(void **state)
{
	int before = -1;

	for (int priority = 0; priority <= 127; priority++) {
		int q = hg_pidf_thousandths(priority);
		struct hg_buf b = { 0 };

		assert_true(q > before && q <= 1000);
		before = q;
		assert_int_equal(q, priority * 1000 / 127);
		assert_int_equal(hg_pidf_priority(q), priority);
		hg_pidf_priority_write(&b, q);
		assert_int_equal(hg_pidf_priority_read(hg_buf_str(&b)), q);
		hg_buf_done(&b);
	}
	for (int q = 0; q <= 1000; q++)
		assert_in_range(hg_pidf_priority(q), 0, 127);
	assert_int_equal(hg_pidf_priority(-1), 0); /* not said is the lowest */
}

static void priorities_of_others(void **state)
{
	static const struct {
		const char *text;
		int thousandths;
	} line[] = { { "0", 0 }, { "0.", 0 }, { "1", 1000 }, { "1.", 1000 }, { "1.00", 1000 },
		{ " 0.5 ", 500 }, { "0.05", 50 }, { "0.0396", 39 }, { "0.8000", 800 },
		{ "1.001", -1 }, { "1.0001", -1 }, { "2", -1 }, { "", -1 }, { "-0.5", -1 },
		{ ".5", -1 }, { "0,5", -1 }, { "0.5x", -1 }, { "00.5", -1 }, { "1e0", -1 } };

	for (size_t i = 0; i < sizeof(line) / sizeof(*line); i++)
		assert_int_equal(hg_pidf_priority_read(hg_str(line[i].text)), line[i].thousandths);
}

static void v20_languages(void **state)
{
	struct hg_pidf p;
	struct hg_pidf_tuple *t = juliet(&p, "r");
	struct hg_buf b = { 0 };

	t->basic = HG_PIDF_OPEN;
	hg_notes_add(&t->notes, HG_STR("en"), HG_STR("In a meeting"));
	hg_notes_add(&t->notes, HG_STR("cs"), HG_STR("Na schůzce"));
	hg_pidf_set_language(&p, HG_STR("en"));
	assert_string_equal(p.lang, "en"); /* Content-Language */
	hg_pidf_write(&b, &p);
	assert_str(hg_buf_str(&b),
		HEAD "<tuple id=\"ID-r\"><status><basic>open</basic></status>"
		     "<note xml:lang=\"en\">In a meeting</note><note xml:lang=\"cs\">Na schůzce"
		     "</note></tuple></presence>");
	hg_pidf_done(&p);
	p = pidf_of(hg_buf_str(&b));
	assert_string_equal(p.tuple->notes.v[0].lang, "en");
	assert_string_equal(p.tuple->notes.v[1].lang, "cs");
	hg_pidf_done(&p);
	hg_buf_done(&b);
}

static void shows(void **state)
{
	static const char *const names[] = { "away", "chat", "dnd", "xa" };

	for (size_t i = 0; i < 4; i++)
		assert_string_equal(
			hg_pidf_show_name(hg_pidf_show_find(hg_str(names[i]))), names[i]);
	assert_int_equal(hg_pidf_show_find(HG_STR("online")), HG_PIDF_SHOW_NONE);
	assert_int_equal(hg_pidf_show_find(HG_STR("")), HG_PIDF_SHOW_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(v12_away),
		cmocka_unit_test(v12b_without_show),
		cmocka_unit_test(v13_unavailable),
		cmocka_unit_test(v14_closed),
		cmocka_unit_test(v18_priority),
		cmocka_unit_test(v19_negative_priority),
		cmocka_unit_test(every_priority),
		cmocka_unit_test(priorities_of_others),
		cmocka_unit_test(v20_languages),
		cmocka_unit_test(shows),
	};

	return cmocka_run_group_tests_name("PIDF: RFC 8048", tests, NULL, NULL);
}
