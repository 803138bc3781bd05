/* SPDX-License-Identifier: Apache-2.0 */
/* What clients are sent, byte for byte as tests/golden/documents holds it. */
#include "tests/unit/test_documents.h"

#include "bridge/documents/categories.h"
#include "bridge/documents/rlmi.h"

#include <string.h>

#define T0 INT64_C(1795290174000) /* 2026-11-21T19:42:54Z */

/* ---- publications to show ---- */

static struct hg_pub state_pub(uint16_t container, uint32_t instance, uint32_t availability)
{
	return (struct hg_pub){
		.key = { HG_CAT_STATE, container, instance },
		.version = 3,
		.expiry = HG_USER,
		.published = T0,
		.state = { .kind = HG_STATE_AGGREGATE,
			.availability = availability,
			.max = UINT32_MAX },
	};
}

static struct hg_pub note_pub(uint16_t container, const char *text)
{
	return (struct hg_pub){
		.key = { HG_CAT_NOTE, container, 0 },
		.version = 1,
		.expiry = HG_STATIC,
		.published = T0 + 1,
		.note.text = text ? hg_bytes_new(hg_str(text)) : NULL,
	};
}

static struct hg_pub payload_pub(uint16_t container, uint32_t instance, const char *payload)
{
	struct hg_pub pub = state_pub(container, instance, 0);

	pub.expiry = HG_ENDPOINT;
	pub.payload = hg_bytes_new(hg_str(payload));
	return pub;
}

static void drop_pub(struct hg_pub *pub)
{
	hg_bytes_unref(pub->payload);
	hg_state_done(&pub->state);
	hg_note_done(&pub->note);
}

typedef void writer(struct hg_buf *, const struct hg_view *);

/* A fragment of up to three publications of one category. */
static struct hg_frag frag_of(writer *write, hg_part part, const struct hg_pub *a,
	const struct hg_pub *b, const struct hg_pub *c)
{
	const struct hg_pub *pub[] = { a, b, c };
	struct hg_view view = { .part = part, .pub = pub, .npubs = (size_t)(!!a + !!b + !!c) };
	struct hg_buf b_out = { 0 };

	write(&b_out, &view);
	struct hg_frag frag = { .part = part, .bytes = hg_buf_bytes(&b_out) };
	hg_buf_done(&b_out);
	return frag;
}

/* ---- category documents ---- */

static void watchers_document(void **state)
{
	struct hg_pub busy = state_pub(2, 1, 6500),
		      note = note_pub(200, "In the office <today> & tomorrow");
	struct hg_pub card = {
		.key = { HG_CAT_CONTACT_CARD, 0, 0 },
		.published = T0,
		.payload = hg_bytes_new(HG_STR(
			"<contactCard xmlns=\"http://schemas.microsoft.com/2006/09/sip/contactcard\"><identity><name>"
			"<displayName>Bob</displayName></name></identity></contactCard>")),
	};
	strcpy(busy.state.token, "on-the-phone");
	struct hg_frag frag[] = {
		frag_of(hg_category_write, HG_CAT_CONTACT_CARD, &card, NULL, NULL),
		frag_of(hg_category_write, HG_CAT_STATE, &busy, NULL, NULL),
		frag_of(hg_category_write, HG_CAT_NOTE, &note, NULL, NULL),
		frag_of(hg_category_write, HG_CAT_CALENDAR_DATA, NULL, NULL, NULL),
	};
	const struct hg_frag *list[] = { &frag[0], &frag[1], &frag[2], &frag[3] };

	hg_categories_write(&out, HG_STR("bob@example.com"), list, 4);
	assert_golden(&out, "out-categories.xml");
	for (size_t i = 0; i < 4; i++)
		hg_bytes_unref(frag[i].bytes);
	drop_pub(&busy);
	drop_pub(&note);
	drop_pub(&card);
}

static void self_document(void **state)
{
	static const struct hg_roaming all = { true, true, true, false };
	struct hg_pub aggregate = state_pub(2, 1, 3500), note = note_pub(400, "caf\xc3\xa9");
	struct hg_pub machine2 = payload_pub(2, 1022409101,
		"<state xmlns=\"http://schemas.microsoft.com/2006/09/sip/state\" manual=\"false\" "
		"xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"machineState\">"
		"<availability>3500</availability><endpointLocation/></state>");
	struct hg_pub machine3 = machine2;
	machine3.key.container = 3;
	machine3.payload = hg_bytes_ref(machine2.payload);
	struct hg_member federated = { .type = HG_MEMBER_FEDERATED };
	struct hg_member bob = { .type = HG_MEMBER_USER,
		.value = hg_bytes_new(HG_STR("bob@example.com")) };
	struct hg_container containers[] = {
		{ .id = 100, .version = 1, .member = &federated, .n = 1 },
		{ .id = 200, .version = 4 },
		{ .id = 400, .version = 2, .member = &bob, .n = 1 },
	};
	struct hg_self self = { .container = containers, .ncontainers = 3 };
	struct hg_view view = { .part = HG_PART_CONTAINERS, .self = &self };
	struct hg_buf b = { 0 };

	hg_containers_write(&b, &view);
	struct hg_frag frag[] = {
		{ .part = HG_PART_CONTAINERS, .bytes = hg_buf_bytes(&b) },
		frag_of(hg_category_write_self, HG_CAT_STATE, &machine3, &machine2, &aggregate),
		frag_of(hg_category_write_self, HG_CAT_NOTE, &note, NULL, NULL),
		frag_of(hg_category_write_self, HG_CAT_DEVICE, NULL, NULL, NULL),
	};
	const struct hg_frag *list[] = { &frag[0], &frag[1], &frag[2], &frag[3] };

	hg_roaming_write(&out, HG_STR("sip:alice@example.com"), &all, list, 4);
	assert_golden(&out, "out-roaming.xml");
	for (size_t i = 0; i < 4; i++)
		hg_bytes_unref(frag[i].bytes);
	hg_bytes_unref(bob.value);
	hg_buf_done(&b);
	drop_pub(&aggregate);
	drop_pub(&note);
	drop_pub(&machine2);
	drop_pub(&machine3);
}

static void containers_only(void **state)
{
	struct hg_member federated = { .type = HG_MEMBER_FEDERATED },
			 own = { .type = HG_MEMBER_SAME_ENTERPRISE };
	struct hg_container containers[] = {
		{ .id = 100, .version = 1, .member = &federated, .n = 1 },
		{ .id = 200, .version = 1, .member = &own, .n = 1 },
	};
	struct hg_self self = { .container = containers, .ncontainers = 2 };
	struct hg_view view = { .part = HG_PART_CONTAINERS, .self = &self };
	struct hg_buf b = { 0 };

	hg_containers_write(&b, &view);
	struct hg_frag frag = { .part = HG_PART_CONTAINERS, .bytes = hg_buf_bytes(&b) };
	const struct hg_frag *list = &frag;
	hg_roaming_write(&out, HG_STR("alice@example.com"), NULL, &list, 1);
	assert_golden(&out, "out-roaming-containers.xml");
	hg_bytes_unref(frag.bytes);
	hg_buf_done(&b);
}

static void empty_account(void **state)
{
	static const struct hg_roaming all = { true, true, true, false };

	hg_roaming_write(&out, HG_STR("alice@example.com"), &all, NULL, 0);
	assert_str(hg_buf_str(&out),
		"<roamingData xmlns=\"http://schemas.microsoft.com/2006/09/sip/roaming-self\">"
		"<categories xmlns=\"http://schemas.microsoft.com/2006/09/sip/categories\" uri=\"sip:alice@example.com\">"
		"</categories>"
		"<containers xmlns=\"http://schemas.microsoft.com/2006/09/sip/container-management\"></containers>"
		"<subscribers xmlns=\"http://schemas.microsoft.com/2006/09/sip/presence-subscribers\"></subscribers>"
		"</roamingData>");
	hg_buf_reset(&out);
	hg_roaming_write(&out, HG_STR("alice@example.com"), NULL, NULL, 0);
	assert_str(hg_buf_str(&out),
		"<roamingData xmlns=\"http://schemas.microsoft.com/2006/09/sip/roaming-self\"></roamingData>");
}

/* No state is a number all the same: without one clients keep what they had. */
static void nothing_there(void **state)
{
	static const struct {
		enum hg_standing standing;
		const char *availability;
	} shown[] = {
		{ HG_KNOWN, ">18500<" },
		{ HG_REFUSED, ">18500<" },
		{ HG_NOBODY, ">18500<" },
		{ HG_UNKNOWN, ">0<" },
		{ HG_PENDING, ">0<" },
	};

	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
		struct hg_view view = { .part = HG_CAT_STATE, .standing = shown[i].standing };
		hg_buf_reset(&out);
		hg_category_write(&out, &view);
		assert_non_null(strstr(out.p, shown[i].availability));
		assert_non_null(strstr(out.p, "xsi:type=\"aggregateState\"><availability>"));
	}
	hg_buf_reset(&out);
	hg_category_write_self(&out, &(struct hg_view){ .part = HG_CAT_STATE });
	hg_category_write_self(&out, &(struct hg_view){ .part = HG_CAT_NOTE });
	hg_category_write(&out, &(struct hg_view){ .part = HG_CAT_NOTE });
	assert_str(hg_buf_str(&out),
		"<category name=\"state\"/><category name=\"note\"/>"
		"<category name=\"note\" instance=\"0\"></category>");
}

/* The same view gives the same bytes, in whatever order its publications are listed. */
static void order_does_not_matter(void **state)
{
	struct hg_pub a = state_pub(2, 1, 3500), b = state_pub(2, 7, 6500),
		      c = state_pub(3, 1, 9500);
	const struct hg_pub *all[] = { &a, &b, &c };
	static const int order[][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 }, { 1, 2, 0 },
		{ 2, 0, 1 }, { 2, 1, 0 } };
	writer *writers[] = { hg_category_write, hg_category_write_self };

	a.published = T0 + 5; /* the newest comes last */
	for (size_t w = 0; w < 2; w++) {
		struct hg_frag first = frag_of(writers[w], HG_CAT_STATE, &a, &b, &c);
		for (size_t i = 0; i < 6; i++) {
			const int *o = order[i];
			struct hg_frag frag = frag_of(
				writers[w], HG_CAT_STATE, all[o[0]], all[o[1]], all[o[2]]);
			assert_true(hg_bytes_eq(first.bytes, frag.bytes));
			hg_bytes_unref(frag.bytes);
		}
		if (writers[w] == hg_category_write)
			assert_true(strstr(first.bytes->p, ">3500<") >
				strstr(first.bytes->p, ">9500<"));
		hg_bytes_unref(first.bytes);
	}
}

/* ---- multipart ---- */

static void multipart(void **state)
{
	struct hg_pub away = state_pub(2, 1, 15500);
	struct hg_frag frag = frag_of(hg_category_write, HG_CAT_STATE, &away, NULL, NULL);
	const struct hg_frag *list = &frag;
	const struct hg_rlmi_resource resource[] = {
		{ HG_STR("sip:bob@example.com"), HG_KNOWN, &list, 1, NULL },
		{ HG_STR("nobody@example.com"), HG_NOBODY, NULL, 0, NULL },
		{ HG_STR("sip:new@xmpp.example"), HG_PENDING, NULL, 0, NULL },
		{ HG_STR("sip:cross@xmpp.example"), HG_REFUSED, &list, 1, NULL },
	};
	struct hg_rlmi rlmi = { HG_STR("alice@example.com"), 0, true, resource, 4,
		HG_TYPE_CATEGORIES, hg_categories_write, false };

	hg_multipart_write(&out, &rlmi, HG_STR("237ae2c53fdc69d3"));
	assert_golden(&out, "out-multipart.txt");
	hg_buf_reset(&out);
	hg_multipart_write_type(&out, &rlmi, HG_STR("237ae2c53fdc69d3"));
	assert_str(hg_buf_str(&out),
		"multipart/related;type=\"application/rlmi+xml\";start=resourceList;boundary=237ae2c53fdc69d3");
	hg_bytes_unref(frag.bytes);
}

/* Before each delimiter but the first an empty line, and at the end a line end. */
static void multipart_lines(void **state)
{
	const struct hg_rlmi_resource resource = { HG_STR("sip:bob@example.com"), HG_KNOWN, NULL, 0,
		NULL };
	struct hg_rlmi rlmi = { HG_STR("sip:alice@example.com"), 0, true, &resource, 1,
		HG_TYPE_CATEGORIES, hg_categories_write, false };
	size_t delimiters = 0;

	hg_multipart_write(&out, &rlmi, HG_STR("BOUNDARY"));
	for (const char *at = out.p; (at = strstr(at, "--BOUNDARY")); at++, delimiters++)
		assert_true(at == out.p || memcmp(at - 5, ">\r\n\r\n", 5) == 0);
	assert_int_equal(delimiters, 3);
	assert_string_equal(out.p + out.n - 4, "--\r\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(watchers_document, clear_out),
		cmocka_unit_test_setup(self_document, clear_out),
		cmocka_unit_test_setup(containers_only, clear_out),
		cmocka_unit_test_setup(empty_account, clear_out),
		cmocka_unit_test_setup(nothing_there, clear_out),
		cmocka_unit_test_setup(order_does_not_matter, clear_out),
		cmocka_unit_test_setup(multipart, clear_out),
		cmocka_unit_test_setup(multipart_lines, clear_out),
	};

	return cmocka_run_group_tests_name("documents: what is sent", tests, NULL, drop_out);
}
