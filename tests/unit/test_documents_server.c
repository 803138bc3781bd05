/* SPDX-License-Identifier: Apache-2.0 */
/* Categories of the server's own: what is read of a device, and what is written of aggregates. */
#include "tests/unit/test_documents.h"

#include "bridge/documents/categories.h"
#include "bridge/documents/facets.h"

#include <errno.h>
#include <string.h>

static struct hg_doc_err err;

static void shows(const struct hg_pub *pub, const char *expected)
{
	struct hg_view view = {
		.part = pub->key.category,
		.presentity = HG_STR("alice@corp.example"),
		.pub = &pub,
		.npubs = 1,
	};
	struct hg_buf b = { 0 };

	hg_category_write(&b, &view);
	assert_str(hg_buf_str(&b), expected);
	hg_buf_done(&b);
}

static struct hg_change device(const char *payload)
{
	return (struct hg_change){ .key.category = HG_CAT_DEVICE,
		.payload = hg_bytes_new(hg_str(payload)) };
}

static void reads_what_a_device_can_do(void **state)
{
	struct hg_change ch = device(
		"<device xmlns='http://schemas.microsoft.com/2006/09/sip/device' endpointId='458D2A22-9EC7'>"
		"<capabilities preferred='false' uri='sip:a@b'><text capture='true' render='true' publish='false'/>"
		"<x:later xmlns:x='urn:x' render='maybe'/><voice render='1'/><video/></capabilities>"
		"<machineName>HOST</machineName></device>");

	assert_int_equal(hg_facet_decode(&ch, &err), 0);
	assert_str(hg_bytes_str(ch.device->id), "458d2a22-9ec7");
	assert_int_equal(
		ch.device->named, 1u << HG_CAN_TEXT | 1u << HG_CAN_VOICE | 1u << HG_CAN_VIDEO);
	assert_int_equal(ch.device->render, 1u << HG_CAN_TEXT | 1u << HG_CAN_VOICE);
	assert_int_equal(ch.device->capture, 1u << HG_CAN_TEXT);
	assert_int_equal(ch.device->publish, 0);
	hg_change_done(&ch);
}

static void refuses_a_flag_that_is_none(void **state)
{
	struct hg_change ch = device(
		"<device><capabilities><voice render='maybe'/></capabilities></device>");

	assert_int_equal(hg_facet_decode(&ch, &err), -EINVAL);
	assert_non_null(strstr(err.text, "voice: attribute 'render'"));
	hg_change_done(&ch);
}

static struct hg_services services(void)
{
	struct hg_services s = { .render = 1u << HG_CAN_TEXT,
		.capture = 1u << HG_CAN_TEXT,
		.publish = 1u << HG_CAN_TEXT,
		.named = 1u << HG_CAN_TEXT | 1u << HG_CAN_CALENDAR };

	s.availability[HG_CAN_TEXT] = 3500;
	s.availability[HG_CAN_CALENDAR] = 15500;
	return s;
}

/* EP 1.9: of some things, and of how it is done, only the owner is told. */
static void writes_services_for_watchers_and_owner(void **state)
{
	struct hg_services s = services();
	struct hg_pub pub = { .key = { HG_CAT_SERVICES, 200, 0 }, .services = &s };

	shows(&pub,
		"<category name=\"services\" instance=\"0\">"
		"<services xmlns=\"http://schemas.microsoft.com/2006/09/sip/service\">"
		"<service uri=\"sip:alice@corp.example\"><capabilities>"
		"<text capture=\"true\" render=\"true\" deviceAvailability=\"3500\"/>"
		"</capabilities></service></services></category>");
	pub.key.container = HG_C_AGGREGATION;
	shows(&pub,
		"<category name=\"services\" instance=\"0\">"
		"<services xmlns=\"http://schemas.microsoft.com/2006/09/sip/service\">"
		"<service uri=\"sip:alice@corp.example\"><capabilities>"
		"<calendar capture=\"false\" render=\"false\" publish=\"false\" deviceAvailability=\"15500\"/>"
		"<text capture=\"true\" render=\"true\" publish=\"true\" deviceAvailability=\"3500\"/>"
		"</capabilities></service></services></category>");
}

static void writes_legacy_interop(void **state)
{
	struct hg_pub pub = { .key = { HG_CAT_LEGACY_INTEROP, 300, 1 },
		.state = { .availability = 6900, .token = "urgent-interruptions-only" } };

	shows(&pub,
		"<category name=\"legacyInterop\" instance=\"1\">"
		"<legacyInterop xmlns=\"http://schemas.microsoft.com/2006/09/sip/categories\" "
		"availability=\"6900\" token=\"urgent-interruptions-only\"/></category>");
}

/* The elements of a later schema stand between markers, in the same namespace (EP 1.3.3, 1.4.2). */
static void writes_where_a_device_stands(void **state)
{
	static const char written[] =
		"<state xmlns=\"http://schemas.microsoft.com/2006/09/sip/state\" "
		"xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" manual=\"false\" "
		"xsi:type=\"machineState\"><availability>3500</availability>"
		"<endpointLocation>31/East &lt;Wing&gt;</endpointLocation>"
		"<meetingSubject>Planning</meetingSubject><meetingLocation>Room 4</meetingLocation>"
		"<delimiter xmlns=\"http://schemas.microsoft.com/2006/09/sip/commontypes\"/>"
		"<timeZoneBias>-330</timeZoneBias><timeZoneName>India Standard Time</timeZoneName>"
		"<timeZoneAbbreviation>IST</timeZoneAbbreviation><device>computer</device>"
		"<end xmlns=\"http://schemas.microsoft.com/2006/09/sip/commontypes\"/></state>";
	struct hg_change ch = { .key.category = HG_CAT_STATE,
		.payload = hg_bytes_new(hg_str(written)) };
	struct hg_buf b = { 0 };

	assert_int_equal(hg_facet_decode(&ch, &err), 0);
	assert_int_equal(ch.state.details->zone_bias, -330);
	assert_string_equal(ch.state.details->device, "computer");
	hg_state_write(&b, &ch.state);
	assert_str(hg_buf_str(&b), written);
	hg_buf_done(&b);
	hg_change_done(&ch);
}

/* pidgin-sipe writes empty elements: that is nothing. */
static void empty_details_are_none(void **state)
{
	struct hg_change ch = {
		.key.category = HG_CAT_STATE,
		.payload = hg_bytes_new(HG_STR(
			"<state><availability>3500</availability><endpointLocation/>"
			"<meetingSubject></meetingSubject><timeZoneBias>60</timeZoneBias></state>"))
	};

	assert_int_equal(hg_facet_decode(&ch, &err), 0);
	assert_null(ch.state.details);
	hg_change_done(&ch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_a_device_can_do),
		cmocka_unit_test(refuses_a_flag_that_is_none),
		cmocka_unit_test(writes_services_for_watchers_and_owner),
		cmocka_unit_test(writes_legacy_interop),
		cmocka_unit_test(writes_where_a_device_stands),
		cmocka_unit_test(empty_details_are_none),
	};

	return cmocka_run_group_tests_name("documents: the server's own", tests, NULL, NULL);
}
