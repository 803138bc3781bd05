/* SPDX-License-Identifier: Apache-2.0 */
/* PIDF as it is written, and what of it comes back. */
#include "tests/unit/test_pidf.h"

static struct hg_bytes *bytes(const char *text)
{
	return hg_bytes_new(hg_str(text));
}

static void add_values(struct hg_rpid *rpid, enum hg_rpid_list list, uint64_t set)
{
	static struct hg_rpid_values v;

	v = (struct hg_rpid_values){ .set = set };
	rpid->list[list].v = hg_realloc(NULL, sizeof(v));
	rpid->list[list].v[0] = v;
	rpid->list[list].n = 1;
}

/* A person with a phone and a laptop. */
static void two_resources(void **state)
{
	struct hg_pidf p = { .entity = bytes("pres:alice@corp.example") };
	struct hg_pidf_tuple *t = hg_pidf_add_tuple(&p, HG_STR("My Laptop"));
	struct hg_buf b = { 0 };

	t->basic = HG_PIDF_OPEN;
	t->show = HG_PIDF_SHOW_DND;
	t->contact = bytes("sip:alice@corp.example;gr=My%20Laptop");
	t->priority = hg_pidf_thousandths(5);
	t->timestamp = T10;
	hg_notes_add(&t->notes, HG_STR("en"), HG_STR("a < b & c"));
	hg_notes_add(&t->notes, HG_STR("de"), HG_STR("groß"));
	t = hg_pidf_add_tuple(&p, HG_STR("phone"));
	t->basic = HG_PIDF_CLOSED;
	p.person = hg_alloc(sizeof(*p.person));
	p.npersons = 1;
	add_values(&p.person->rpid, HG_RPID_ACTIVITIES,
		hg_rpid_bit(HG_RPID_ACTIVITIES, "busy") |
			hg_rpid_bit(HG_RPID_ACTIVITIES, "on-the-phone"));
	p.person->rpid.input = HG_INPUT_IDLE;
	p.person->rpid.last_input = T10 - 1000;
	assert_ptr_equal(hg_pidf_add_tuple(&p, HG_STR("phone")), &p.tuple[1]);
	hg_pidf_write(&b, &p);
	assert_golden(&b, "out-two-resources.xml");
	hg_pidf_done(&p);
	hg_buf_done(&b);
}

/* What is read and written again is in the schema's order, and stays as it is. */
static void everything_in_order(void **state)
{
	struct hg_pidf p = pidf_of_golden("in-rich.xml");
	struct hg_buf b = { 0 }, again = { 0 };

	hg_pidf_write(&b, &p);
	assert_golden(&b, "out-rich.xml");
	hg_pidf_done(&p);
	p = pidf_of(hg_buf_str(&b));
	hg_pidf_write(&again, &p);
	assert_str(hg_buf_str(&again), b.p);
	hg_pidf_done(&p);
	hg_buf_done(&b);
	hg_buf_done(&again);
}

/* Of what others write, too, all that the RFCs have a place for. */
static void wild_documents_stay(void **state)
{
	static const char *const files[] = { "in-rfc8048.xml", "in-kamailio.xml", "in-asterisk.xml",
		"in-polycom.xml", "in-linphone.xml", "in-cisco.xml", "in-cisco-web.xml",
		"in-rich.xml" };

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		struct hg_pidf p = pidf_of_golden(files[i]);
		struct hg_buf b = { 0 }, again = { 0 };

		hg_pidf_write(&b, &p);
		hg_pidf_done(&p);
		p = pidf_of(hg_buf_str(&b));
		hg_pidf_write(&again, &p);
		assert_str(hg_buf_str(&again), b.p);
		hg_pidf_done(&p);
		hg_buf_done(&b);
		hg_buf_done(&again);
	}
}

#define HEAD \
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<presence " \
	"xmlns=\"urn:ietf:params:xml:ns:pidf\" entity=\"a\">"

static void written(struct hg_pidf *p, const char *expected)
{
	struct hg_buf b = { 0 };

	hg_pidf_write(&b, p);
	assert_str(hg_buf_str(&b), expected);
	hg_buf_done(&b);
	hg_pidf_done(p);
}

static void one_tuple_a_resource_and_one_note_a_language(void **state)
{
	struct hg_pidf p = pidf_of(HG_STR(
		"<presence entity='a'><tuple id='t'><status><basic>open</basic></status></tuple>"
		"<tuple id='ID-t'><status><basic>closed</basic></status></tuple>"
		"<note xml:lang='en'/><note xml:lang='EN'>one</note><note xml:lang='en'>two</note>"
		"<note/><note/></presence>"));

	written(&p,
		HEAD "<tuple id=\"t\"><status><basic>open</basic></status></tuple>"
		     "<note xml:lang=\"EN\">one</note><note></note></presence>");
}

/* A foreign id that no schema allows is a resource all the same. */
static void ids_are_legal(void **state)
{
	struct hg_pidf p = { .entity = bytes("a") };

	hg_pidf_add_tuple(&p, HG_STR("7 \"x\""));
	hg_pidf_add_tuple(&p, HG_STR("7phone"))->id = bytes("7phone");
	hg_pidf_add_tuple(&p, HG_STR("é.7"))->id = bytes("é.7");
	written(&p,
		HEAD "<tuple id=\"ID-7_20_22x_22\"><status></status></tuple>"
		     "<tuple id=\"ID-7phone\"><status></status></tuple>"
		     "<tuple id=\"é.7\"><status></status></tuple></presence>");
}

static void there_are_only_so_many_notes(void **state)
{
	struct hg_pidf p = { .entity = bytes("a") };
	char lang[] = "aa";
	struct hg_buf b = { 0 };

	for (int i = 0; i < HG_NOTES_MAX + 5; i++) {
		lang[0] = (char)('a' + i / 26);
		lang[1] = (char)('a' + i % 26);
		hg_notes_add(&p.notes, hg_str(lang), hg_str(lang));
	}
	assert_int_equal(p.notes.n, HG_NOTES_MAX);
	hg_pidf_write(&b, &p);
	hg_pidf_done(&p);
	p = pidf_of(hg_buf_str(&b));
	assert_int_equal(p.notes.n, HG_NOTES_MAX);
	assert_string_equal(p.notes.v[HG_NOTES_MAX - 1].lang, "bf");
	hg_pidf_done(&p);
	hg_buf_done(&b);
}

static void timestamps_are_never_used_again(void **state)
{
	int64_t last = 0;

	assert_int_equal(hg_pidf_stamp(&last, T10), T10);
	assert_int_equal(hg_pidf_stamp(&last, T10), T10 + 1);
	assert_int_equal(hg_pidf_stamp(&last, T10 - 5000), T10 + 2); /* the clock was set back */
	assert_int_equal(hg_pidf_stamp(&last, T10 + 2), T10 + 3);
	assert_int_equal(hg_pidf_stamp(&last, T10 + 9), T10 + 9);
}

/* A bit for each, and none is in the list twice. */
static void names_of_rpid(void **state)
{
	static const unsigned count[HG_RPID_LISTS] = { [HG_RPID_ACTIVITIES] = 26,
		[HG_RPID_MOOD] = 60, /* 61 with `other` */
		[HG_RPID_PLACE_TYPE] = 43,
		[HG_RPID_PRIVACY] = 4,
		[HG_RPID_RELATIONSHIP] = 7,
		[HG_RPID_SERVICE_CLASS] = 6 };

	for (int list = 0; list < HG_RPID_LISTS; list++) {
		unsigned n = 0;

		for (const char *name; (name = hg_rpid_name(list, n)); n++)
			assert_int_equal(hg_rpid_find(list, hg_str(name)), n);
		assert_int_equal(n, count[list]);
		assert_int_equal(hg_rpid_find(list, HG_STR("other")), -1);
		assert_int_equal(hg_rpid_find(list, HG_STR("")), -1);
	}
	assert_int_equal(hg_rpid_bit(HG_RPID_ACTIVITIES, "nothing"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_resources),
		cmocka_unit_test(everything_in_order),
		cmocka_unit_test(wild_documents_stay),
		cmocka_unit_test(one_tuple_a_resource_and_one_note_a_language),
		cmocka_unit_test(ids_are_legal),
		cmocka_unit_test(there_are_only_so_many_notes),
		cmocka_unit_test(timestamps_are_never_used_again),
		cmocka_unit_test(names_of_rpid),
	};

	return cmocka_run_group_tests_name("PIDF: writing", tests, NULL, NULL);
}
