/* SPDX-License-Identifier: Apache-2.0 */
/* Free and busy (EP 1.7): what is read of calendarData, and what it says of a moment. */
#include "bridge/documents/facets.h"

#include <string.h>

#include "tests/support/support.h"

#define DATA(inside) \
	"<calendarData xmlns=\"http://schemas.microsoft.com/2006/09/sip/calendarData\" mailboxID=\"bob@corp.example\">" inside \
	"</calendarData>"
#define FREE_BUSY_AS(granularity, version, codes) \
	DATA("<freeBusy startTime=\"2009-11-18T08:00:00Z\" granularity=\"" granularity \
	     "\" encodingVersion=\"" version "\">" codes "</freeBusy>")
#define FREE_BUSY(codes) FREE_BUSY_AS("PT15M", "1", codes)

enum { QUARTER = 15 * 60 * 1000 };
#define START INT64_C(1258531200000)

static struct hg_calendar *read(const char *payload)
{
	struct hg_change ch = { .key = { HG_CAT_CALENDAR_DATA, 200, 1 } };
	struct hg_calendar *c;

	ch.payload = hg_bytes_new(hg_str(payload));
	assert_int_equal(hg_facet_decode(&ch, NULL), 0);
	c = hg_calendar_ref(ch.calendar);
	hg_change_done(&ch);
	return c;
}

/* TV-35 */
static void slots(void **state)
{
	static const struct {
		enum hg_busy is;
		int slots;
	} expected[] = { { HG_BUSY_BUSY, 4 }, { HG_BUSY_FREE, 5 }, { HG_BUSY_TENTATIVE, 4 },
		{ HG_BUSY_OOF, 4 }, { HG_BUSY_FREE, 3 } };
	struct hg_calendar *c = read(FREE_BUSY(" qgBU\n/QM= "));
	int64_t at = START;

	(void)state;
	assert_int_equal(hg_calendar_at(c, START - 1), HG_BUSY_UNKNOWN);
	assert_int_equal(hg_calendar_next(c, START - 1), START);
	for (size_t i = 0; i < 5; i++) {
		int64_t end = at + expected[i].slots * QUARTER;

		assert_int_equal(hg_calendar_next(c, at), end);
		assert_int_equal(hg_calendar_next(c, end - 1), end);
		assert_int_equal(hg_calendar_since(c, at), at);
		assert_int_equal(hg_calendar_since(c, end - 1), at);
		for (; at < end; at += QUARTER) {
			assert_int_equal(hg_calendar_at(c, at), expected[i].is);
			assert_int_equal(hg_calendar_at(c, at + QUARTER - 1), expected[i].is);
		}
	}
	assert_int_equal(hg_calendar_at(c, at), HG_BUSY_UNKNOWN);
	assert_int_equal(hg_calendar_next(c, at), 0);
	assert_int_equal(hg_calendar_since(c, at + QUARTER), at);
	assert_int_equal(hg_calendar_since(c, START - 1), 0);
	hg_calendar_unref(c);
	assert_int_equal(hg_calendar_at(NULL, START), HG_BUSY_UNKNOWN);
	assert_int_equal(hg_calendar_next(NULL, START), 0);
}

static enum hg_busy at_slot(const char *payload, int slot)
{
	struct hg_calendar *c = read(payload);
	enum hg_busy is = hg_calendar_at(c, START + slot * QUARTER);

	hg_calendar_unref(c);
	return is;
}

/* TV-36, IW T20: the lowest bits first. */
static void half_hours(void **state)
{
	for (int slot = 0; slot < 4; slot++)
		assert_int_equal(
			at_slot(FREE_BUSY("oA=="), slot), slot < 2 ? HG_BUSY_FREE : HG_BUSY_BUSY);
}

/* TV-39 */
static void whole_bytes(void **state)
{
	for (int slot = 0; slot < 4; slot++) {
		assert_int_equal(at_slot(FREE_BUSY("VQ=="), slot), HG_BUSY_TENTATIVE);
		assert_int_equal(at_slot(FREE_BUSY("qg=="), slot), HG_BUSY_BUSY);
		assert_int_equal(at_slot(FREE_BUSY("/w=="), slot), HG_BUSY_OOF);
	}
	assert_int_equal(at_slot(FREE_BUSY("/w=="), 4), HG_BUSY_UNKNOWN);
}

/* TV-40 */
static void other_granularities(void **state)
{
	assert_null(read(FREE_BUSY_AS("PT30M", "1", "qgBU/QM=")));
	assert_null(read(FREE_BUSY_AS("PT15M", "2", "qgBU/QM=")));
}

/* Kept as it came, and nothing is known of it. */
static void not_readable(void **state)
{
	(void)state;
	assert_null(read(DATA("")));
	assert_null(read(DATA(
		"<WorkingHours xmlns=\"http://schemas.microsoft.com/exchange/services/2006/types\"/>")));
	assert_null(read(FREE_BUSY("")));
	assert_null(read(FREE_BUSY("q")));
	assert_null(read(FREE_BUSY("qgB*/QM=")));
	assert_null(read("<other/>"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slots),
		cmocka_unit_test(half_hours),
		cmocka_unit_test(whole_bytes),
		cmocka_unit_test(other_granularities),
		cmocka_unit_test(not_readable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
