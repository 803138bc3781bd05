/* SPDX-License-Identifier: Apache-2.0 */
/* PIDF as the RFCs have it, its faults and its limits. */
#include "tests/unit/test_pidf.h"

#include <errno.h>
#include <stdlib.h>

#define HOUR INT64_C(3600000)

static void all_of_a_person(const struct hg_pidf_person *who)
{
	const struct hg_rpid *r = &who->rpid;

	assert_str(hg_bytes_str(who->id), "p1");
	assert_int_equal(r->list[HG_RPID_ACTIVITIES].n, 2);
	assert_str(hg_notes_first(&r->list[HG_RPID_ACTIVITIES].v->notes), "Away to the dentist");
	assert_int_equal(
		hg_rpid_now(r, HG_RPID_ACTIVITIES, T10), act("vacation") | act("in-transit"));
	assert_int_equal(hg_rpid_now(r, HG_RPID_ACTIVITIES, T10 - 1),
		act("vacation") | act("in-transit") | act("away"));
	assert_int_equal(hg_rpid_now(r, HG_RPID_ACTIVITIES, T10 - HOUR),
		act("vacation") | act("in-transit") | act("away"));
	assert_int_equal(hg_rpid_now(r, HG_RPID_ACTIVITIES, T10 - HOUR - 1),
		act("vacation") | act("in-transit"));
	assert_int_equal(r->list[HG_RPID_MOOD].v->set,
		hg_rpid_bit(HG_RPID_MOOD, "angry") | hg_rpid_bit(HG_RPID_MOOD, "in-awe"));
	assert_str(hg_bytes_str(r->list[HG_RPID_MOOD].v->other), "zen");
	assert_string_equal(
		hg_rpid_place_is_name(HG_RPID_AUDIO, r->place_is.is[HG_RPID_AUDIO]), "noisy");
	assert_string_equal(
		hg_rpid_place_is_name(HG_RPID_VIDEO, r->place_is.is[HG_RPID_VIDEO]), "dark");
	assert_string_equal(
		hg_rpid_place_is_name(HG_RPID_TEXT, r->place_is.is[HG_RPID_TEXT]), "ok");
	assert_int_equal(
		r->list[HG_RPID_PLACE_TYPE].v->set, hg_rpid_bit(HG_RPID_PLACE_TYPE, "office"));
	assert_int_equal(r->list[HG_RPID_PRIVACY].v->set,
		hg_rpid_bit(HG_RPID_PRIVACY, "audio") | hg_rpid_bit(HG_RPID_PRIVACY, "text"));
	assert_str(hg_bytes_str(r->sphere), "work");
	assert_str(hg_bytes_str(r->class), "calendar");
	assert_str(hg_bytes_str(r->status_icon), "http://corp.example/mail.png");
	assert_true(r->has_offset);
	assert_int_equal(r->offset, -240);
	assert_int_equal(r->input, HG_INPUT_ACTIVE);
	assert_int_equal(r->last_input, T10 - HOUR / 2); /* IW T26: `since` */
	assert_str(hg_notes_first(&who->cipid.display_name), "Some One");
	assert_str(hg_bytes_str(who->cipid.uri[HG_CIPID_SOUND]),
		"http://corp.example/~someone/sound.wav");
	assert_str(hg_notes_first(&who->notes), "Calling in sick");
	assert_string_equal(who->notes.v->lang, "en"); /* of the document */
	assert_int_equal(who->timestamp, T10 + 2000);
}

static void all_of_a_tuple(const struct hg_pidf_tuple *t)
{
	assert_str(hg_bytes_str(t->resource), "My Laptop");
	assert_int_equal(t->basic, HG_PIDF_OPEN);
	assert_int_equal(t->priority, 39);
	assert_int_equal(t->timestamp, T10 + 1250);
	assert_int_equal(t->notes.n, 2);
	assert_string_equal(t->notes.v[1].lang, "cs");
	assert_str(hg_bytes_str(t->rpid.device), "urn:device:0003ba4811e3");
	assert_int_equal(t->rpid.list[HG_RPID_RELATIONSHIP].v->set,
		hg_rpid_bit(HG_RPID_RELATIONSHIP, "self"));
	assert_int_equal(t->rpid.list[HG_RPID_SERVICE_CLASS].v->set,
		hg_rpid_bit(HG_RPID_SERVICE_CLASS, "electronic"));
	assert_int_equal(t->ntimed, 1);
	assert_int_equal(t->timed->from, T10 + 22 * HOUR);
	assert_int_equal(t->timed->until, T10 + 30 * HOUR);
	assert_int_equal(t->timed->basic, HG_PIDF_CLOSED);
	assert_str(hg_notes_first(&t->timed->notes), "Offsite");
	assert_int_equal(t->timed->rpid.list[HG_RPID_ACTIVITIES].v->set, act("appointment"));
}

static void everything_in_any_order(void **state)
{
	struct hg_pidf p = pidf_of_golden("in-rich.xml");

	assert_int_equal(p.ntuples, 1); /* not that of an unknown element */
	assert_int_equal(p.npersons, 1);
	assert_int_equal(p.ndevices, 1);
	all_of_a_person(p.person);
	all_of_a_tuple(p.tuple);
	assert_str(hg_bytes_str(p.device->id), "pc122");
	assert_str(hg_bytes_str(p.device->rpid.device), "urn:device:0003ba4811e3");
	assert_int_equal(p.device->rpid.input, HG_INPUT_IDLE);
	assert_int_equal(p.device->rpid.idle_threshold, 600);
	assert_int_equal(p.device->rpid.last_input, T10 - HOUR);
	assert_int_equal(p.device->timestamp, T10 - HOUR + 3000);
	assert_string_equal(p.notes.v->lang, "de");
	hg_pidf_done(&p);
}

/* RFC 3863 4.2.7 */
static void what_must_be_understood(void **state)
{
	static const struct {
		const char *name, *must, *inside;
		bool there;
	} line[] = {
		{ "busy", "1", "", true },
		{ "busy", "true", "", true },
		{ "dance", "1", "", false },
		{ "dance", "true", "", false },
		{ "dance", "0", "", true },
		{ "busy", "0", "<x p:mustUnderstand='1' xmlns='urn:x'/>", false },
	};

	for (size_t i = 0; i < sizeof(line) / sizeof(*line); i++) {
		struct hg_buf b = { 0 };

		hg_buf_addf(&b,
			TUPLE_OF("<status><basic>open</basic><r:activities "
				 "xmlns:r='urn:ietf:params:xml:ns:pidf:rpid' "
				 "xmlns:p='urn:ietf:params:xml:ns:pidf'><r:away/><r:%s "
				 "p:mustUnderstand='%s'>%s</r:%s></r:activities><never "
				 "xmlns='urn:x'><heard p:mustUnderstand='1' "
				 "xmlns:p='urn:ietf:params:xml:ns:pidf'/></never></status>"),
			line[i].name, line[i].must, line[i].inside, line[i].name);
		struct hg_pidf p = pidf_of(hg_buf_str(&b));
		assert_int_equal(p.tuple->basic, HG_PIDF_OPEN); /* the document is not ignored */
		assert_int_equal(p.tuple->rpid.list[HG_RPID_ACTIVITIES].n, line[i].there);
		hg_pidf_done(&p);
		hg_buf_done(&b);
	}
}

static void words_that_are_none(void **state)
{
	struct hg_pidf p = pidf_of(HG_STR(TUPLE_OF(
		"<status><basic>ajar</basic><show xmlns='jabber:client'>busy</show></status>"
		"<contact priority='1.001'>sip:a@b</contact>")));

	assert_int_equal(p.tuple->basic, HG_PIDF_UNSPECIFIED);
	assert_int_equal(p.tuple->show, HG_PIDF_SHOW_NONE);
	assert_int_equal(p.tuple->priority, -1);
	hg_pidf_done(&p);
	p = pidf_of(HG_STR("<presence/>"));
	assert_null(p.entity);
	hg_pidf_done(&p);
	p = pidf_of(HG_STR("<presence xmlns='urn:ietf:params:xml:ns:pidf' entity='tel:+1'/>"));
	assert_int_equal(p.ntuples, 0); /* which is valid */
	hg_pidf_done(&p);
}

static void languages_of_the_message(void **state)
{
	struct hg_pidf p = pidf_of(
		HG_STR(TUPLE_OF("<status/><note>a</note><note xml:lang='de'>b</note><note "
				"xml:lang='not a language'>c</note>")));

	hg_pidf_set_language(&p, HG_STR("cs, en")); /* several: of which each is, nobody knows */
	assert_string_equal(p.tuple->notes.v[0].lang, "");
	hg_pidf_set_language(&p, HG_STR("cs"));
	assert_string_equal(p.tuple->notes.v[0].lang, "cs");
	assert_string_equal(p.tuple->notes.v[1].lang, "de");
	assert_string_equal(p.tuple->notes.v[2].lang, "cs");
	hg_pidf_done(&p);
}

static void refused(const char *body, int rc, const char *why)
{
	struct hg_doc_err err = { "" };
	struct hg_pidf p;

	assert_int_equal(hg_pidf_read(hg_str(body), &p, &err), rc);
	assert_string_equal(err.text, why);
	hg_pidf_done(&p);
}

static void faults_are_named(void **state)
{
	refused("<presence xmlns='urn:x'/>", -EINVAL,
		"document is 'presence' of 'urn:x', not 'presence'");
	refused(TUPLE_OF("<timestamp>yesterday</timestamp>"), -EINVAL,
		"timestamp: 'yesterday' is not a dateTime");
	refused(TUPLE_OF("<timed-status xmlns='urn:ietf:params:xml:ns:pidf:timed-status'/>"),
		-EINVAL, "timed-status: attribute 'from' is missing");
	refused(TUPLE_OF("<user-input idle-threshold='long'>idle</user-input>"), -EINVAL,
		"user-input: attribute 'idle-threshold' is 'long', not a number up to 4294967295");
}

/* `n` times `each` within `head` and `tail`. */
static void too_much(
	const char *head, const char *each, size_t n, const char *tail, const char *why)
{
	struct hg_doc_err err = { "" };
	struct hg_buf b = { 0 };
	struct hg_pidf p;

	for (size_t extra = 0; extra < 2; extra++) {
		hg_buf_reset(&b);
		hg_buf_adds(&b, head);
		for (size_t i = 0; i < n + extra; i++)
			hg_buf_adds(&b, each);
		hg_buf_adds(&b, tail);
		assert_int_equal(hg_pidf_read(hg_buf_str(&b), &p, &err), extra ? -E2BIG : 0);
		hg_pidf_done(&p);
	}
	assert_string_equal(err.text, why);
	hg_buf_done(&b);
}

static void limits(void **state)
{
	static const char head[] = "<presence entity='a' xmlns='urn:ietf:params:xml:ns:pidf' "
				   "xmlns:ts='urn:ietf:params:xml:ns:pidf:timed-status'>";

	too_much(
		head, "<tuple id='a'/>", HG_PIDF_TUPLES_MAX, "</presence>", "more than 128 tuples");
	too_much(head, "<person/>", HG_PIDF_PERSONS_MAX, "</presence>", "more than 64 persons");
	too_much(head, "<device/>", HG_PIDF_DEVICES_MAX, "</presence>", "more than 64 devices");
	too_much(head, "<note/>", HG_NOTES_MAX, "</presence>",
		"presence: more than 32 'note' elements");
}

static void more_limits(void **state)
{
	too_much("<presence entity='a'><person>", "<mood/>", HG_RPID_SPANS_MAX,
		"</person></presence>", "person: more than 16 'mood' elements");
	too_much("<presence entity='a' xmlns:ts='urn:ietf:params:xml:ns:pidf:timed-status'>"
		 "<tuple id='a'>",
		"<ts:timed-status from='2026-11-21T10:00:00Z'/>", HG_PIDF_TIMED_MAX,
		"</tuple></presence>", "tuple: more than 128 'timed-status' elements");
	too_much("<presence entity='a'><note>", "x", HG_NOTE_TEXT_MAX, "</note></presence>",
		"note: longer than 4096 bytes");
	too_much("<presence entity='a'><tuple id='a'><contact>", "x", HG_PIDF_URI_MAX,
		"</contact></tuple></presence>", "contact: longer than 2048 bytes");
	too_much("<presence entity='a'><tuple id='", "x", HG_PIDF_ID_MAX, "'/></presence>",
		"tuple: attribute 'id' is longer than 3072 bytes");
	too_much("<presence entity='", "x", HG_PIDF_URI_MAX, "'/>",
		"presence: attribute 'entity' is longer than 2048 bytes");
	too_much("<presence entity='a'><person><activities><other>", "x", HG_RPID_TEXT_MAX,
		"</other></activities></person></presence>", "other: longer than 1024 bytes");
	too_much("<presence entity='a'><tuple id='a'><status><digium_presence type='", "x",
		HG_PIDF_WORD_MAX, "'/></status></tuple></presence>",
		"digium_presence: attribute 'type' is longer than 256 bytes");
}

static void truncated(void **state)
{
	struct hg_buf whole = { 0 };
	struct hg_doc_err err;
	struct hg_pidf p;

	read_golden("in-rich.xml", &whole);
	struct hg_str text = hg_str_trim(hg_buf_str(&whole));
	for (size_t n = 0; n < text.n; n++) {
		char *cut = malloc(n + !n);

		memcpy(cut, text.p, n);
		assert_int_equal(hg_pidf_read((struct hg_str){ cut, n }, &p, &err), -EINVAL);
		hg_pidf_done(&p);
		free(cut);
	}
	hg_buf_done(&whole);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_in_any_order),
		cmocka_unit_test(what_must_be_understood),
		cmocka_unit_test(words_that_are_none),
		cmocka_unit_test(languages_of_the_message),
		cmocka_unit_test(faults_are_named),
		cmocka_unit_test(limits),
		cmocka_unit_test(more_limits),
		cmocka_unit_test(truncated),
	};

	return cmocka_run_group_tests_name("PIDF: reading", tests, NULL, NULL);
}
