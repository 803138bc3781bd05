/* SPDX-License-Identifier: Apache-2.0 */
/* Card and calendar of somebody who is at home here, in a PIDF document (RFC 4482, RFC 4481). */
#include "bridge/documents/pidf_record.h"

#include "tests/support/support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define QUARTER INT64_C(900000)
#define START INT64_C(1785000600000) /* 2026-07-25T17:30:00Z */

static struct hg_pidf begin(void)
{
	struct hg_pidf doc;

	hg_pidf_of_record(NULL, HG_STR("heliograph"), &doc);
	doc.tuple->basic = HG_PIDF_OPEN;
	doc.entity = hg_bytes_new(HG_STR("sip:a@b"));
	return doc;
}

/* Ends the document. */
static void writes(struct hg_pidf *doc, const char *want)
{
	struct hg_buf b = { 0 };

	hg_pidf_write(&b, doc);
	if (!strstr(b.p, want))
		fail_msg("no %s in %s", want, b.p);
	hg_buf_done(&b);
	hg_pidf_done(doc);
}

static void a_card(void **state)
{
	struct hg_card card = { .field = { [HG_CARD_DISPLAY_NAME] = hg_bytes_new(HG_STR("A & B")),
					[HG_CARD_TITLE] = hg_bytes_new(HG_STR("Editor")),
					[HG_CARD_PHOTO_URL] = hg_bytes_new(
						HG_STR("https://x.example/a.png")) } };
	struct hg_pidf doc = begin();

	hg_pidf_set_card(&doc, &card);
	writes(&doc,
		"<dm:person id=\"person-1\"><ci:display-name>A &amp; B</ci:display-name>"
		"<ci:icon>https://x.example/a.png</ci:icon></dm:person>");
	hg_card_done(&card);
}

static void no_card(void **state)
{
	struct hg_card card = { .field = { [HG_CARD_PHOTO_URL] = hg_bytes_new(
						   HG_STR("file:///etc/passwd")) } };
	struct hg_pidf doc = begin();

	hg_pidf_set_card(&doc, &card);
	assert_int_equal(doc.npersons, 0);
	hg_pidf_done(&doc);
	hg_card_done(&card);
}

/* `codes`: of each slot, by its letter. */
static struct hg_calendar *calendar_of(const char *codes)
{
	static const char letters[] = "-tbo";
	size_t n = strlen(codes) / 4;
	char octets[64] = { 0 };

	for (size_t i = 0; i < 4 * n; i++)
		octets[i / 4] |= (char)((strchr(letters, codes[i]) - letters) << 2 * (i % 4));
	struct hg_calendar like = {
		.start = START, .slot = QUARTER, .codes = hg_bytes_new((struct hg_str){ octets, n })
	};
	struct hg_calendar *c = hg_calendar_new(&like);
	hg_bytes_unref(like.codes);
	return c;
}

/* "1-3b 4-5o": what is said of which slots, in the slot `now` */
static void looks_ahead(const char *codes, int now, const char *want)
{
	struct hg_calendar *c = calendar_of(codes);
	int64_t at = START + now * QUARTER + 60000;
	struct hg_pidf doc = begin();
	struct hg_buf b = { 0 };

	hg_buf_adds(&b, "");
	hg_pidf_set_calendar(doc.tuple, c, hg_calendar_since(c, at));
	for (size_t i = 0; i < doc.tuple->ntimed; i++) {
		const struct hg_pidf_timed *t = &doc.tuple->timed[i];

		assert_true(t->from > at); /* RFC 4481 3: not what is now */
		hg_buf_addf(&b, "%s%d-%d%c", i ? " " : "", (int)((t->from - START) / QUARTER),
			(int)((t->until - START) / QUARTER),
			t->basic == HG_PIDF_CLOSED ? 'o' : 'b');
	}
	assert_string_equal(b.p, want);
	hg_buf_done(&b);
	hg_pidf_done(&doc);
	hg_calendar_unref(c);
}

static void what_comes(void **state)
{
	looks_ahead("--bb-oo-", 0, "2-4b 5-7o");
	looks_ahead("--bb-oo-", 1, "2-4b 5-7o");
	looks_ahead("--bb-oo-", 2, "5-7o"); /* what is now is no more to come */
	looks_ahead("--bb-oo-", 3, "5-7o");
	looks_ahead("--bboo--", 3, "4-6o");
	looks_ahead("--bb-oo-", 7, "");
	looks_ahead("--bb-oo-", 8, "");
	looks_ahead("--bb-oo-", 100, "");
	looks_ahead("--bb-oo-", -5, "2-4b 5-7o");
	looks_ahead("bb--bb--", -5, "0-2b 4-6b");
	looks_ahead("-t-b-t-b", 0, "3-4b 7-8b"); /* what is tentative is not told */
	looks_ahead("-b-b-b-b-b-b", 0, "1-2b 3-4b 5-6b 7-8b");
}

static void in_the_document(void **state)
{
	struct hg_calendar *c = calendar_of("-b-o");
	struct hg_pidf doc = begin();

	hg_pidf_set_calendar(doc.tuple, c, hg_calendar_since(c, START));
	writes(&doc,
		"<ts:timed-status from=\"2026-07-25T17:45:00.000Z\" until=\"2026-07-25T18:00:00.000Z\">"
		"<ts:basic>open</ts:basic><rpid:activities><rpid:appointment/><rpid:busy/></rpid:activities>"
		"</ts:timed-status><ts:timed-status from=\"2026-07-25T18:15:00.000Z\""
		" until=\"2026-07-25T18:30:00.000Z\"><ts:basic>closed</ts:basic><rpid:activities>"
		"<rpid:vacation/></rpid:activities></ts:timed-status>");
	hg_calendar_unref(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_card),
		cmocka_unit_test(no_card),
		cmocka_unit_test(what_comes),
		cmocka_unit_test(in_the_document),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
