/* SPDX-License-Identifier: Apache-2.0 */
/* Payloads stay the bytes that came, and mean the same wherever they are put; facets survive a
 * round trip. */
#include "tests/support/facets.h"
#include "tests/support/support.h"
#include "tests/support/texts.h"

#include "bridge/documents/publish.h"

#include <stdio.h>
#include <string.h>

static struct hg_doc_err err;

/* Publishes `payload` within `around`, whose "%s" it takes the place of, and compares what is kept
 * of it. */
static void kept_as(const char *around, const char *payload, const char *expected)
{
	const char *at = strstr(around, "%s");
	struct hg_buf body = { 0 };
	struct hg_publish p;

	hg_buf_add(&body, (struct hg_str){ around, (size_t)(at - around) });
	hg_buf_adds(&body, payload);
	hg_buf_adds(&body, at + 2);
	int rc = hg_publish_read(hg_buf_str(&body), &p, &err);
	if (rc)
		print_error("%s\n", err.text);
	assert_int_equal(rc, 0);
	assert_str(hg_bytes_str(p.change[0].payload), expected);
	struct hg_change alone = { .key = p.change[0].key }; /* as an application hands it in */
	assert_int_equal(hg_publish_content(hg_str(expected), &alone, &err), 0);
	assert_str(hg_bytes_str(alone.payload), expected);
	hg_change_done(&alone);
	hg_publish_done(&p);
	hg_buf_done(&body);
}

#define AROUND(publish, category) \
	"<publish xmlns='http://schemas.microsoft.com/2006/09/sip/rich-presence'" publish \
	"><publications uri='sip:a@b'>" \
	"<publication categoryName='" category \
	"' instance='0' container='2' version='0' expireType='static'>%s" \
	"</publication></publications></publish>"

static void kept_whole(const char *around, const char *payload)
{
	kept_as(around, payload, payload);
}

static void bytes_stay(void **state)
{
	kept_whole(AROUND("", "state"),
		"<state xmlns='http://schemas.microsoft.com/2006/09/sip/state'/>");
	kept_whole(AROUND("", "note"),
		"<note   xmlns =\t\"http://schemas.microsoft.com/2006/09/sip/note\"\n\n><body type='personal'\n uri=\"\">"
		" a &amp; b &#x6f22; \xc3\xa9 \r\n<![CDATA[<raw> & ]]> </body> <!-- <note> --> <?pi <x ?></note >");
	kept_whole(AROUND("", "device"),
		"<p:device xmlns:p='urn:d' a='&lt;device>'><p:device/></p:device>");
	kept_whole(AROUND("", "alerts"), "<alerts xmlns=''/>");
}

static void alone_it_is_checked_too(void **state)
{
	static const struct {
		hg_part category;
		const char *payload, *why;
	} bad[] = {
		{ HG_CAT_NOTE, "", "document is empty" },
		{ HG_CAT_NOTE, "text", "not well-formed" },
		{ HG_CAT_NOTE, "<state/>", "state: payload is not element 'note'" },
		{ HG_CAT_STATE, "<note/>", "note: payload is not element 'state'" },
		{ HG_CAT_ALERTS, "<a/><b/>", "not well-formed" },
		{ HG_CAT_ALERTS, "<!DOCTYPE a><a/>", "document type declarations" },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct hg_change ch = { .key.category = bad[i].category };

		assert_true(hg_publish_content(hg_str(bad[i].payload), &ch, &err) < 0);
		if (!strstr(err.text, bad[i].why))
			fail_msg("%s: %s", bad[i].payload, err.text);
		hg_change_done(&ch);
	}
}

/* Extensions keep even what nobody here knows (EP 1.3.3). */
static void extensions_stay(void **state)
{
	kept_whole(AROUND("", "state"),
		"<state xmlns=\"http://schemas.microsoft.com/2006/09/sip/state\" "
		"xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"machineState\">"
		"<availability>3500</availability>"
		"<auto-ns1:delimiter xmlns:auto-ns1=\"http://schemas.microsoft.com/2006/09/sip/commontypes\"/>"
		"<timeZoneBias>480</timeZoneBias><end xmlns=\"http://schemas.microsoft.com/2006/09/sip/commontypes\"/>"
		"<extension xmlns='urn:mine'><x  y = 'z' /></extension></state>");
}

static void surroundings_do_not_matter(void **state)
{
	kept_as(AROUND("", "alerts"),
		"\r\n  <!-- <alerts> --> <alerts xmlns='urn:x'> </alerts> <?x?>\r\n",
		"<alerts xmlns='urn:x'> </alerts>");
}

/* Declared further out: written into the start tag, and nothing else changes. */
static void inherited_namespaces(void **state)
{
	kept_as(AROUND(" xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'", "state"),
		"<state xmlns='http://schemas.microsoft.com/2006/09/sip/state' xsi:type='userState'/>",
		"<state xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
		"xmlns='http://schemas.microsoft.com/2006/09/sip/state' xsi:type='userState'/>");
	kept_as(AROUND(" xmlns:d='urn:d?a&amp;b' xmlns:unused='urn:u'", "device"),
		"<d:device><d:a/></d:device>",
		"<d:device xmlns:d=\"urn:d?a&amp;b\">"
		"<d:a/></d:device>");
	kept_as(AROUND("", "device"), "<d:device xmlns:d='urn:d'><a/></d:device>",
		"<d:device xmlns=\"http://schemas.microsoft.com/2006/09/sip/rich-presence\" xmlns:d='urn:d'><a/></d:device>");
	/* in a value only */
	kept_as(AROUND(" xmlns:q='urn:q'", "alerts"), "<alerts xmlns='urn:a' type='q:x'/>",
		"<alerts xmlns:q=\"urn:q\" xmlns='urn:a' type='q:x'/>");
	/* the inner one of two */
	kept_as("<publish xmlns:p='urn:outer'><publications xmlns:p='urn:inner' uri='sip:a@b'>"
		"<publication categoryName='alerts' instance='0' container='2' version='0' expireType='static'>%s"
		"</publication></publications></publish>",
		"<p:alerts xmlns=''/>", "<p:alerts xmlns:p=\"urn:inner\" xmlns=''/>");
}

/* Without a namespace it must not fall into that of <category>. */
static void no_namespace(void **state)
{
	kept_as("<publish><publications uri='sip:a@b'><publication categoryName='state' instance='0' container='2' "
		"version='0' expireType='static'>%s</publication></publications></publish>",
		"<state><availability>6500</availability></state>",
		"<state xmlns=\"\"><availability>6500</availability></state>");
	kept_as(AROUND(" xmlns:p='urn:p'", "alerts"), "<p:alerts><a xmlns=''/></p:alerts>",
		"<p:alerts xmlns:p=\"urn:p\"><a xmlns=''/></p:alerts>");
}

/* Positions hold over large bodies, a byte order mark and characters of all lengths. */
static void far_behind(void **state)
{
	struct hg_buf body = { 0 };
	struct hg_publish p;
	char expected[64];

	hg_buf_adds(&body,
		"\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<publish><publications uri='sip:a@b'>");
	for (int i = 0; i < 250; i++) {
		hg_buf_addf(&body,
			"<publication categoryName='alerts' instance='%d' container='1' version='0' "
			"expireType='static'><alerts xmlns='urn:a' n='%d'/></publication>",
			i, i);
		for (int k = 0; k < 100; k++)
			hg_buf_adds(&body, "\xc3\xa9\xe6\xbc\xa2");
	}
	hg_buf_adds(&body, "</publications></publish>");
	assert_true(body.n > 100000);
	assert_int_equal(hg_publish_read(hg_buf_str(&body), &p, &err), 0);
	assert_int_equal(p.n, 250);
	for (int i = 0; i < 250; i++) {
		snprintf(expected, sizeof(expected), "<alerts xmlns='urn:a' n='%d'/>", i);
		assert_str(hg_bytes_str(p.change[i].payload), expected);
	}
	hg_publish_done(&p);
	hg_buf_done(&body);
}

/* ---- facets ---- */

static void decode_state(void **state)
{
	struct hg_state s;

	assert_int_equal(
		test_state_decode(
			HG_STR("<n:state xmlns:n='http://schemas.microsoft.com/2006/09/sip/state' "
			       "xmlns:i='http://www.w3.org/2001/XMLSchema-instance' "
			       "i:type='n:calendarState' manual='0' startTime='2013-05-06T09:00:00Z'>"
			       "<n:availability> 6500 </n:availability><n:activity token='in-a-meeting' "
			       "minAvailability='6500' maxAvailability='8999'><n:custom LCID='1031'>Im "
			       "<![CDATA[<b>]]></n:custom><n:custom LCID='1033'>In</n:custom></n:activity>"
			       "<n:meetingSubject>Planning</n:meetingSubject></n:state>"),
			&s, &err),
		0);
	assert_int_equal(s.kind, HG_STATE_CALENDAR);
	assert_false(s.manual);
	assert_int_equal(s.availability, 6500);
	assert_string_equal(s.token, "in-a-meeting");
	assert_int_equal(s.min, 6500);
	assert_int_equal(s.max, 8999);
	assert_int_equal(s.custom->n, 2);
	assert_str(hg_bytes_str(s.custom->v[0].text), "Im <b>");
	assert_int_equal(s.custom->v[0].lcid, 1031);
	assert_str(hg_bytes_str(s.custom->v[1].text), "In");
	assert_int_equal(s.custom->v[1].lcid, 1033);
	assert_int_equal(s.start, INT64_C(1367830800000));
	hg_state_done(&s);

	assert_int_equal(test_state_decode(HG_STR("<state/>"), &s, &err), 0);
	assert_int_equal(s.kind, HG_STATE_OTHER);
	assert_int_equal(s.availability, 0);
	assert_int_equal(s.min, 0);
	assert_int_equal(s.max, UINT32_MAX);
	hg_state_done(&s);
}

static void decode_kinds(void **state)
{
	static const struct {
		const char *type;
		enum hg_state_kind kind;
	} kinds[] = {
		{ "machineState", HG_STATE_MACHINE },
		{ "userState", HG_STATE_USER },
		{ "calendarState", HG_STATE_CALENDAR },
		{ "phoneState", HG_STATE_PHONE },
		{ "aggregateState", HG_STATE_AGGREGATE },
		{ "aggregateMachineState", HG_STATE_AGGREGATE_MACHINE },
		{ "somethingElse", HG_STATE_OTHER },
	};
	char text[128];

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct hg_state s;
		snprintf(text, sizeof(text), "<state type='%s'/>", kinds[i].type);
		assert_int_equal(test_state_decode(hg_str(text), &s, &err), 0);
		assert_int_equal(s.kind, kinds[i].kind);
		hg_state_done(&s);
	}
}

static void state_there_and_back(void **state)
{
	struct hg_state written = {
		.kind = HG_STATE_USER,
		.manual = true,
		.availability = 9500,
		.token = "urgent-interruptions-only",
		.min = 6900,
		.max = 8999,
		.custom = test_text("a < b & \"c\" \xe6\xbc\xa2\r\n\tend", 1036),
		.start = INT64_C(1790000000123),
		.last_active = INT64_C(1790000000456),
	};
	struct hg_state read;
	struct hg_buf b = { 0 };

	hg_state_write(&b, &written);
	assert_int_equal(test_state_decode(hg_buf_str(&b), &read, &err), 0);
	assert_true(hg_state_eq(&written, &read));
	hg_buf_done(&b);
	hg_state_done(&read);
	hg_state_done(&written);
}

static void note_there_and_back(void **state)
{
	struct hg_note written = {
		.oof = true,
		.text = hg_bytes_new(HG_STR(" <today> & 'tomorrow' \xf0\x9f\x99\x82 ")),
		.from = INT64_C(1790000000000),
		.until = INT64_C(1790000060000),
	};
	struct hg_note read;
	struct hg_buf b = { 0 };

	hg_note_write(&b, &written);
	assert_int_equal(test_note_decode(hg_buf_str(&b), &read, &err), 0);
	assert_true(hg_note_eq(&written, &read));
	hg_note_done(&read);
	hg_note_done(&written);

	hg_buf_reset(&b);
	hg_note_write(&b, &written); /* empty now */
	assert_str(hg_buf_str(&b),
		"<note xmlns=\"http://schemas.microsoft.com/2006/09/sip/note\"></note>");
	assert_int_equal(test_note_decode(hg_buf_str(&b), &read, &err), 0);
	assert_null(read.text);
	hg_note_done(&read);
	hg_buf_done(&b);
}

static void empty_notes(void **state)
{
	struct hg_note n;

	assert_int_equal(
		test_note_decode(HG_STR("<note><body type='personal' uri=''/></note>"), &n, &err),
		0);
	assert_null(n.text);
	assert_int_equal(
		test_note_decode(
			HG_STR("<note><body>first</body><body>second</body></note>"), &n, &err),
		0);
	assert_str(hg_bytes_str(n.text), "first");
	assert_false(n.oof);
	hg_note_done(&n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(alone_it_is_checked_too),
		cmocka_unit_test(bytes_stay),
		cmocka_unit_test(extensions_stay),
		cmocka_unit_test(surroundings_do_not_matter),
		cmocka_unit_test(inherited_namespaces),
		cmocka_unit_test(no_namespace),
		cmocka_unit_test(far_behind),
		cmocka_unit_test(decode_state),
		cmocka_unit_test(decode_kinds),
		cmocka_unit_test(state_there_and_back),
		cmocka_unit_test(note_there_and_back),
		cmocka_unit_test(empty_notes),
	};

	return cmocka_run_group_tests_name("documents: payloads", tests, NULL, NULL);
}
