/* SPDX-License-Identifier: Apache-2.0 */
/* Documents of clients from before categories. */
#include "tests/unit/test_documents.h"

#include "bridge/documents/contacts.h"
#include "bridge/documents/lcs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define T0 INT64_C(1795290174000) /* 2026-11-21T19:42:54Z */

static struct hg_doc_err why;

READER(soap)

static int read_list(struct hg_str body, struct hg_doc_err *bad)
{
	struct hg_batch result;
	int rc = hg_lcs_list_read(body, &result, bad);

	hg_batch_done(&result);
	return rc;
}

/* ---- what they are shown ---- */

static struct hg_pub state_pub(
	hg_part category, uint16_t container, enum hg_state_kind kind, uint32_t availability)
{
	return (struct hg_pub){ .key = { category, container, 1 },
		.published = T0,
		.state = { .kind = kind, .availability = availability, .max = UINT32_MAX } };
}

static void shows(const struct hg_pub *pub, bool own, const char *expected)
{
	static const struct hg_self self;
	struct hg_view view = {
		.part = pub->key.category, .pub = &pub, .npubs = 1, .self = own ? &self : NULL
	};
	struct hg_buf b = { 0 };

	hg_lcs_part_write(&b, &view);
	assert_str(hg_buf_str(&b), expected);
	hg_buf_done(&b);
}

#define NUMBERS(availability, activity) \
	"<availability aggregate=\"" #availability "\" description=\"\"/><activity " \
	"aggregate=\"" #activity "\" description=\"\"/>"

static void numbers_of_every_band(void **state)
{
	static const char *const expected[HG_BAND_COUNT] = { [HG_BAND_UNKNOWN] = NUMBERS(0, 0),
		[HG_BAND_AVAILABLE] = NUMBERS(300, 400),
		[HG_BAND_AVAILABLE_IDLE] = NUMBERS(300, 200),
		[HG_BAND_BUSY] = NUMBERS(300, 600),
		[HG_BAND_BUSY_IDLE] = NUMBERS(300, 600),
		[HG_BAND_DND] = NUMBERS(300, 600),
		[HG_BAND_BRB] = NUMBERS(300, 300),
		[HG_BAND_AWAY] = NUMBERS(300, 100),
		[HG_BAND_OFFLINE] = NUMBERS(0, 100) };

	for (enum hg_band band = 0; band < HG_BAND_COUNT; band++) {
		struct hg_pub pub = state_pub(
			HG_CAT_LEGACY_INTEROP, 200, HG_STATE_AGGREGATE, hg_band_canonical(band));

		shows(&pub, false, expected[band]);
	}
	struct hg_pub call = state_pub(HG_CAT_LEGACY_INTEROP, 200, HG_STATE_AGGREGATE, 6500);
	strcpy(call.state.token, "on-the-phone");
	shows(&call, false, NUMBERS(300, 500));
	shows(&call, true, NUMBERS(300, 500));
	call.key.container = 300; /* of herself, what others are shown */
	shows(&call, true, NUMBERS(0, 0));
}

#define STATES(avail) \
	"<states xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><state avail=\"" #avail \
	"\" since=\"2026-11-21T19:42:54.000Z\" validWith=\"any-device\" set=\"manual\" " \
	"xsi:type=\"userState\"/></states>"

/* The owner's is what she chose: her client publishes it again. */
static void the_choice_is_the_owners(void **state)
{
	struct hg_pub pub = state_pub(HG_CAT_STATE, 200, HG_STATE_AGGREGATE, 9500);

	shows(&pub, false, STATES(9500));
	shows(&pub, true, "");
	pub = state_pub(HG_CAT_STATE, 2, HG_STATE_AGGREGATE, 9500);
	shows(&pub, true, "");
	pub = state_pub(HG_CAT_STATE, 2, HG_STATE_USER, 18500);
	shows(&pub, true, ""); /* by one of her devices alone: with that it goes */
	pub.key.instance = HG_LCS_CHOICE;
	strcpy(pub.state.token,
		"off-work"); /* without the word: with another number it would be wrong */
	shows(&pub, true, STATES(18500));
	shows(&pub, false, "");
	pub = state_pub(HG_CAT_STATE, 200, HG_STATE_AGGREGATE, 6500);
	pub.published = 0; /* a client that is told no time complains */
	shows(&pub, false, "");
}

static void notes(void **state)
{
	struct hg_pub pub = { .key = { HG_CAT_NOTE, 200, 0 },
		.note.text = hg_bytes_new(HG_STR("a < b")) };

	shows(&pub, true, "<note>a &lt; b</note>");
	pub.note.oof = true;
	shows(&pub, false, "<note>a &lt; b</note><oof/>");
	pub.key.container = 400; /* where the grammar has put it */
	shows(&pub, true, "<note>a &lt; b</note><oof/>");
	pub.key.instance = 0x40000000; /* her calendar's */
	shows(&pub, true, "");
	hg_note_done(&pub.note);
	shows(&pub, false, "");
}

static void names(void **state)
{
	struct hg_card card = { .field = {
					[HG_CARD_DISPLAY_NAME] = hg_bytes_new(HG_STR("Bob \"B\"")),
					[HG_CARD_MAIL] = hg_bytes_new(HG_STR("bob@m.example")) } };
	struct hg_pub pub = { .key = { HG_CAT_CONTACT_CARD, 200, 0 },
		.card = &card,
		.card_fields = HG_CARD_BIT(HG_CARD_DISPLAY_NAME) };

	shows(&pub, false, "<displayName displayName=\"Bob &quot;B&quot;\"/>");
	pub.card_fields |= HG_CARD_BIT(HG_CARD_MAIL);
	shows(&pub, true,
		"<displayName displayName=\"Bob &quot;B&quot;\"/><email email=\"bob@m.example\"/>");
	pub.card_fields = 0;
	shows(&pub, false, "");
	hg_card_done(&card);
}

/* In the order of the schema, whatever the fragments came in. */
static void a_whole_document(void **state)
{
	static const char *const text[HG_LCS_PARTS] = { NUMBERS(300, 600),
		"<displayName displayName=\"Bob\"/>", STATES(9500), "<note>in a review</note>" };
	struct hg_frag frag[HG_LCS_PARTS] = { 0 };
	const struct hg_frag *ptr[HG_LCS_PARTS];
	struct hg_buf b = { 0 };

	for (size_t i = 0; i < HG_LCS_PARTS; i++) {
		frag[i] = (struct hg_frag){ .part = hg_lcs_part[i],
			.bytes = hg_bytes_new(hg_str(text[i])) };
		ptr[HG_LCS_PARTS - 1 - i] = &frag[i];
	}
	hg_lcs_presentity_write(&b, HG_STR("sip:bob@corp.example"), ptr, HG_LCS_PARTS);
	assert_golden(&b, "out-lcs-presentity.xml");
	hg_buf_reset(&b);
	hg_lcs_presentity_write(&b, HG_STR("o'b@corp.example"), ptr, 0);
	assert_str(hg_buf_str(&b),
		"<presentity uri=\"o&apos;b@corp.example\"><userInfo "
		"xmlns=\"http://schemas.microsoft.com/2002/09/sip/presence\"></userInfo></presentity>");
	for (size_t i = 0; i < HG_LCS_PARTS; i++)
		hg_bytes_unref(frag[i].bytes);
	hg_buf_done(&b);
}

static void who_waits_and_who_is_blocked(void **state)
{
	const struct hg_waiting waiting[] = { { HG_STR("romeo@xmpp.example"), HG_FEDERATED,
						      HG_STR("Romeo") },
		{ HG_STR("o'b&b@far.example"), HG_TRUST_NONE, HG_STR_NONE } };
	struct hg_member member[] = { { .type = HG_MEMBER_PUBLIC_CLOUD },
		{ HG_MEMBER_USER, hg_bytes_new(HG_STR("carol@corp.example")), 7 } };
	struct hg_container container[] = { { .id = 200, .version = 9, .member = member, .n = 2 },
		{ .id = 32000, .version = 4, .member = member, .n = 2 } };
	struct hg_self self = {
		.waiting = waiting, .nwaiting = 2, .container = container, .ncontainers = 2
	};
	struct hg_view view = { .self = &self };
	struct hg_buf b = { 0 };

	hg_lcs_watchers_write(&b, &view);
	assert_str(hg_buf_str(&b),
		"<watchers><watcher uri=\"sip:romeo@xmpp.example\" "
		"displayName=\"Romeo\"/>"
		"<watcher uri=\"sip:o&apos;b&amp;b@far.example\"/></watchers>");
	hg_buf_reset(&b);
	hg_lcs_acl_write(&b, &view);
	assert_str(hg_buf_str(&b),
		"<ACLlist deltaNum=\"4\"><userACL><ace type=\"USER\" mask=\"sip:carol@corp.example\" "
		"rights=\"BD\"/></userACL></ACLlist>");
	hg_buf_reset(&b);
	self.ncontainers = 0; /* the number must not be 0 */
	hg_lcs_acl_write(&b, &view);
	assert_str(hg_buf_str(&b), "<ACLlist deltaNum=\"1\"><userACL></userACL></ACLlist>");
	hg_bytes_unref(member[1].value);
	hg_buf_done(&b);
}

/* ---- what they say ---- */

static struct hg_soap said(const char *file)
{
	struct hg_buf b = { 0 };
	struct hg_soap s;

	read_golden(file, &b);
	assert_int_equal(hg_soap_read(hg_buf_str(&b), &s, &why), 0);
	hg_buf_done(&b);
	return s;
}

/* As pidgin-sipe wrote it at its sign-on, and after its user had chosen. */
static void presence_of_pidgin_sipe(void **state)
{
	struct hg_soap s = said("in-lcs-presence.xml");

	assert_int_equal(s.kind, HG_SOAP_PRESENCE);
	assert_string_equal(s.presence.uri, "sip:alice@example.com");
	assert_int_equal(s.presence.availability, 300);
	assert_int_equal(s.presence.activity, 400);
	assert_false(s.presence.idle);
	assert_int_equal(s.presence.choice.availability, 0);
	assert_str(hg_bytes_str(s.presence.note.text), "hello");
	hg_soap_done(&s);

	s = said("in-lcs-presence-chosen.xml");
	assert_int_equal(s.presence.choice.availability, 9500);
	assert_string_equal(s.presence.choice.token, ""); /* it would speak at every number */
	assert_true(s.presence.choice.manual);
	assert_int_equal(s.presence.choice.kind, HG_STATE_USER);
	assert_true(s.presence.idle);
	assert_true(s.presence.note.oof);
	hg_soap_done(&s);
}

static void a_device_is_read_by_band(void **state)
{
	static const struct {
		uint32_t availability, activity, choice;
		bool idle;
		uint32_t machine;
	} line[] = {
		{ 300, 400, 0, false, 3500 },
		{ 300, 200, 0, false, 5000 },
		{ 300, 400, 0, true, 5000 },
		{ 300, 100, 0, true, 15500 },
		{ 300, 100, 0, false, 15500 },
		{ 300, 100, 15500, false, 3500 }, /* she is away by her own word */
		{ 300, 100, 6500, true, 15500 },
		{ 300, 300, 0, false,
			3500 }, /* these are the person's, and she says so in her choice */
		{ 300, 500, 0, false, 3500 },
		{ 300, 600, 0, false, 3500 },
		{ 300, 700, 0, false, 15500 },
		{ 300, 800, 0, false, 3500 },
		{ 300, 600, 9500, false, 3500 },
		{ 0, 600, 0, false, 18500 },
		{ 0, 100, 18500, false, 18500 },
	};

	for (size_t i = 0; i < sizeof(line) / sizeof(line[0]); i++) {
		struct hg_lcs_presence p = { .availability = line[i].availability,
			.activity = line[i].activity,
			.idle = line[i].idle,
			.choice.availability = line[i].choice };

		assert_int_equal(hg_lcs_machine(&p), line[i].machine);
	}
}

#define SOAP(body) \
	HG_STR("<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/' " \
	       "xmlns:m='http://schemas.microsoft.com/winrtc/2002/11/sip'><s:Body>" body \
	       "</s:Body></s:Envelope>")
#define PRESENCE(inner) \
	SOAP("<m:setPresence><m:presentity m:uri='a@b'>" inner "</m:presentity></m:setPresence>")
#define BOTH "<m:availability aggregate='300'/><m:activity m:aggregate='400'/>"
#define INFO(inner) \
	"<userInfo xmlns='http://schemas.microsoft.com/2002/09/sip/presence'>" inner "</userInfo>"

static void a_choice_taken_back(void **state)
{
	struct hg_soap s;

	assert_int_equal(
		hg_soap_read(PRESENCE(BOTH INFO("<states><state nil='true'/></states><note/>")), &s,
			&why),
		0);
	assert_int_equal(s.presence.choice.availability, 0);
	assert_null(s.presence.note.text);
	hg_soap_done(&s);
}

static void wrong_presence(void **state)
{
	refused(read_soap, SOAP("<m:setPresence/>"), -EINVAL,
		"setPresence: element 'presentity' is missing");
	refused(read_soap, SOAP("<m:setPresence><m:presentity/></m:setPresence>"), -EINVAL,
		"presentity: attribute 'uri' is missing");
	refused(read_soap, PRESENCE("<m:availability m:aggregate='x'/>"), -EINVAL,
		"availability: attribute 'aggregate' is no number");
	refused(read_soap, PRESENCE("<m:availability m:aggregate='1'/><m:activity/>"), -EINVAL,
		"activity: attribute 'aggregate' is no number");
	refused(read_soap, PRESENCE(BOTH INFO("<states><state avail='7'/></states>")), -EINVAL,
		"state: attribute 'avail' is below 3000");
	refused(read_soap, PRESENCE(BOTH INFO("<states><state/></states>")), -EINVAL,
		"state: attribute 'avail' is missing");
}

static void aces(void **state)
{
	struct hg_soap s;

	assert_int_equal(
		hg_soap_read(
			SOAP("<m:setACE><m:type>USER</m:type><m:mask>sip:bob@corp.example</m:mask>"
			     "<m:rights>BD</m:rights><m:deltaNum>1</m:deltaNum></m:setACE>"),
			&s, &why),
		0);
	assert_int_equal(s.kind, HG_SOAP_ACE);
	assert_string_equal(s.ace.mask, "sip:bob@corp.example");
	assert_true(s.ace.block);
	hg_soap_done(&s);
	refused(read_soap, SOAP("<m:setACE><m:type>ALL</m:type></m:setACE>"), -EINVAL,
		"setACE: type 'ALL' is not served, but USER");
	refused(read_soap, SOAP("<m:setACE><m:type>USER</m:type></m:setACE>"), -EINVAL,
		"setACE: element 'mask' is missing or empty");
	refused(read_soap,
		SOAP("<m:setACE><m:type>USER</m:type><m:mask>a@b</m:mask><m:rights>PA</m:rights>"
		     "</m:setACE>"),
		-EINVAL, "setACE: rights 'PA' are not served, but AA to allow and BD to block");
}

static void lists(void **state)
{
	struct hg_buf b = { 0 };
	struct hg_batch batch;

	read_golden("in-lcs-list.xml", &b);
	assert_int_equal(hg_lcs_list_read(hg_buf_str(&b), &batch, &why), 0);
	assert_string_equal(batch.uri, "sip:alice@example.com");
	assert_int_equal(batch.nactions, 1);
	assert_int_equal(batch.action[0].nresources, 2);
	assert_string_equal(batch.action[0].resource[1].uri, "sip:alice@example.com");
	hg_batch_done(&batch);
	hg_buf_done(&b);
	refused(read_list, HG_STR("<adhoclist/>"), -EINVAL,
		"adhoclist: element 'create' is missing");
	refused(read_list, HG_STR("<adhoclist><create><resource/></create></adhoclist>"), -EINVAL,
		"resource: attribute 'uri' is missing");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_of_every_band),
		cmocka_unit_test(the_choice_is_the_owners),
		cmocka_unit_test(notes),
		cmocka_unit_test(names),
		cmocka_unit_test(a_whole_document),
		cmocka_unit_test(who_waits_and_who_is_blocked),
		cmocka_unit_test(presence_of_pidgin_sipe),
		cmocka_unit_test(a_device_is_read_by_band),
		cmocka_unit_test(a_choice_taken_back),
		cmocka_unit_test(wrong_presence),
		cmocka_unit_test(aces),
		cmocka_unit_test(lists),
	};

	return cmocka_run_group_tests_name("documents: from before categories", tests, NULL, NULL);
}
