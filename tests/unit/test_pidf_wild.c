/* SPDX-License-Identifier: Apache-2.0 */
/* PIDF as phones and servers write it. */
#include "tests/unit/test_pidf.h"

#include <errno.h>

static void the_shape_of_rfc_8048(void **state)
{
	struct hg_pidf p = pidf_of_golden("in-rfc8048.xml");

	assert_str(hg_bytes_str(p.entity), "pres:romeo@example.net");
	assert_int_equal(p.ntuples, 1);
	assert_str(hg_bytes_str(p.tuple->id), "ID-dr4hcr0st3lup4c");
	assert_str(hg_bytes_str(p.tuple->resource), "dr4hcr0st3lup4c");
	assert_int_equal(p.tuple->basic, HG_PIDF_OPEN);
	assert_int_equal(p.tuple->show, HG_PIDF_SHOW_AWAY);
	assert_int_equal(p.tuple->priority, -1);
	assert_null(p.tuple->contact);
	hg_pidf_done(&p);
}

/* IW T23 */
static void kamailio(void **state)
{
	struct hg_pidf p = pidf_of_golden("in-kamailio.xml");

	assert_int_equal(p.npersons, 1);
	assert_str(hg_bytes_str(p.tuple->resource), "tuple-1");
	assert_str(hg_notes_first(&p.tuple->notes), "Busy (DND)");
	hg_pidf_done(&p);
	p = pidf_of(HG_STR("<presence xmlns='urn:ietf:params:xml:ns:pidf' entity='a'><tuple/>"
			   "<tuple id=''><status><note>old</note></status></tuple><person>"
			   "<activities><busy/></activities><note>why</note></person></presence>"));
	assert_int_equal(doing(&p.person->rpid), act("busy"));
	assert_str(hg_notes_first(&p.person->notes), "why");
	assert_str(hg_bytes_str(p.tuple[1].id), "tuple-2");
	assert_str(hg_notes_first(&p.tuple[1].notes), "old");
	hg_pidf_done(&p);
}

/* IW T24 */
static void asterisk(void **state)
{
	struct hg_pidf p = pidf_of_golden("in-asterisk.xml");

	assert_int_equal(p.ntuples, 2);
	assert_int_equal(p.tuple[0].basic, HG_PIDF_OPEN);
	assert_int_equal(p.tuple[0].priority, 1000);
	assert_null(p.tuple[0].digium.type);
	assert_int_equal(p.tuple[1].basic, HG_PIDF_UNSPECIFIED);
	assert_str(hg_bytes_str(p.tuple[1].digium.type), "dnd");
	assert_str(hg_bytes_str(p.tuple[1].digium.subtype), "meeting");
	assert_str(hg_bytes_str(p.tuple[1].digium.message), "Týdenní porada");
	assert_str(hg_notes_first(&p.notes), "On the phone");
	assert_int_equal(p.npersons, 1);
	assert_int_equal(doing(&p.person->rpid), act("busy"));
	hg_pidf_done(&p);
}

static void drafts(void **state)
{
	struct hg_pidf p = pidf_of_golden("in-polycom.xml");

	assert_int_equal(doing(&p.tuple->rpid), act("on-the-phone"));
	assert_int_equal(p.tuple->priority, 800);
	hg_pidf_done(&p);
}

/* IW T10 */
static void linphone(void **state)
{
	struct hg_pidf p = pidf_of_golden("in-linphone.xml");

	assert_int_equal(doing(&p.person->rpid), act("lunch"));
	assert_str(hg_bytes_str(p.person->rpid.list[HG_RPID_ACTIVITIES].v->other), "Sushi & tea");
	assert_string_equal(p.person->notes.v->lang, "fr");
	assert_str(hg_notes_first(&p.person->notes), "À table");
	assert_int_equal(p.tuple->basic, HG_PIDF_OPEN);
	assert_int_equal(p.tuple->timestamp - p.person->timestamp, 1000);
	hg_pidf_done(&p);
}

/* IW T13 among it: it is passed over, whichever way it is spelt. */
static void cisco(void **state)
{
	struct hg_pidf p = pidf_of_golden("in-cisco.xml");

	assert_int_equal(p.tuple->basic, HG_PIDF_CLOSED);
	assert_int_equal(doing(&p.tuple->rpid), act("on-the-phone") | act("meeting") | act("busy"));
	assert_str(hg_bytes_str(p.tuple->rpid.device), "mac:8asd7d7d70");
	assert_int_equal(doing(&p.person->rpid), act("on-the-phone"));
	assert_str(hg_bytes_str(p.person->rpid.list[HG_RPID_ACTIVITIES].v->other), "dnd");
	hg_pidf_done(&p);
	p = pidf_of_golden("in-cisco-web.xml");
	assert_str(hg_bytes_str(p.entity), "nora@cups.example");
	assert_int_equal(doing(&p.person->rpid), act("away"));
	assert_int_equal(p.tuple->basic, HG_PIDF_OPEN);
	assert_int_equal(p.tuple->rpid.input, HG_INPUT_IDLE);
	assert_int_equal(p.tuple->notes.n, 1);
	assert_int_equal(hg_notes_first(&p.tuple->notes).n, 0);
	hg_pidf_done(&p);
}

/* Asterisk's declaration says one thing, its bytes another. */
static void encodings(void **state)
{
#define SAYS(encoding, text) \
	"<?xml version='1.0' encoding='" encoding "'?>\r\n<presence entity='a'><note>" text \
	"</note></presence>"
	static const struct {
		const char *body, *text; /* NULL: refused */
	} line[] = {
		{ SAYS("UTF-8", "é"), "é" },
		{ SAYS("ISO-8859-1", "é"), "é" },
		{ SAYS("ISO-8859-1", "\xe9\xff\x80"), "éÿ\xc2\x80" },
		{ SAYS("iso-8859-1", "\xa0"), "\xc2\xa0" },
		{ SAYS("UTF-16", "é"), "é" },
		{ SAYS("UTF-8", "\xe9"), NULL },
		{ SAYS("windows-1252", "\xe9"), NULL },
		{ "<presence entity='a'><note>\xe9</note></presence>", NULL },
		{ "<?xml version='1.0' encoding='ISO-8859-1'?><presence entity='a'><note>\xe9",
			NULL },
		{ "<?xml version='1.0' encoding='ISO-8859-1'", NULL },
		{ "<?xml version='1.0' encoding='ISO-8859-1'?>", NULL },
	};

	for (size_t i = 0; i < sizeof(line) / sizeof(*line); i++) {
		struct hg_doc_err err = { "" };
		struct hg_pidf p;

		assert_int_equal(
			hg_pidf_read(hg_str(line[i].body), &p, &err), line[i].text ? 0 : -EINVAL);
		if (line[i].text)
			assert_str(hg_notes_first(&p.notes), line[i].text);
		hg_pidf_done(&p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_shape_of_rfc_8048),
		cmocka_unit_test(kamailio),
		cmocka_unit_test(asterisk),
		cmocka_unit_test(drafts),
		cmocka_unit_test(linphone),
		cmocka_unit_test(cisco),
		cmocka_unit_test(encodings),
	};

	return cmocka_run_group_tests_name("PIDF: of others", tests, NULL, NULL);
}
