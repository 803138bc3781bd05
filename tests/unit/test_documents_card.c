/* SPDX-License-Identifier: Apache-2.0 */
/* What the contact cards of a view say together. */
#include "bridge/documents/card.h"

#include "tests/support/support.h"

#include <stdio.h>
#include <string.h>

#define CARD(content) \
	"<contactCard xmlns=\"http://schemas.microsoft.com/2006/09/sip/contactcard\">" content \
	"</contactCard>"

enum { PUBS_MAX = 4 };

struct view {
	struct hg_pub pub[PUBS_MAX];
	const struct hg_pub *all[PUBS_MAX];
	struct hg_view v;
};

static void publish(struct view *w, uint16_t container, int64_t published, const char *payload)
{
	size_t n = w->v.npubs++;

	w->pub[n] = (struct hg_pub){ .key = { HG_CAT_CONTACT_CARD, container, (uint32_t)n },
		.live = true,
		.published = published,
		.payload = hg_bytes_new(hg_str(payload)) };
	w->all[n] = &w->pub[n];
	w->v.pub = w->all;
	w->v.part = HG_CAT_CONTACT_CARD;
}

/* "display-name=Alice title=Editor" */
static void says(struct view *w, const char *want)
{
	struct hg_card card;
	struct hg_buf b = { 0 };

	hg_buf_adds(&b, "");
	hg_card_read(&w->v, &card);
	for (int i = 0; i < HG_CARD_FIELDS; i++)
		if (card.field[i])
			hg_buf_addf(&b, "%s%s=%s", b.n ? " " : "",
				hg_card_field_name((enum hg_card_field)i), card.field[i]->p);
	assert_string_equal(b.p, want);
	hg_card_done(&card);
	hg_buf_done(&b);
	for (size_t i = 0; i < w->v.npubs; i++)
		hg_bytes_unref(w->pub[i].payload);
	*w = (struct view){ 0 };
}

static void all_fields(void **state)
{
	struct view w = { 0 };

	publish(&w, 200, 1,
		CARD("<identity><name><displayName> Alice &amp; co </displayName></name><email>a@b</email>"
		     "</identity><address type=\"work\"><street>S</street><city>C</city><state>T</state>"
		     "<zipcode>1</zipcode><countryCode>IT</countryCode></address>"
		     "<company>K</company><department>D</department><title>E</title><office>O</office>"
		     "<phone type=\"work\"><uri>tel:+1</uri></phone><phone type=\"Mobile\"><uri>tel:+2</uri>"
		     "</phone><phone type=\"home\"><uri>tel:+3</uri></phone><phone type=\"other\">"
		     "<uri>tel:+4</uri></phone><photo type=\"enterprise\"><uri>https://x/y</uri>"
		     "<hash>h</hash></photo>"));
	says(&w,
		"display-name=Alice & co mail=a@b title=E company=K department=D office=O "
		"phone-work=tel:+1 phone-mobile=tel:+2 phone-home=tel:+3 phone-other=tel:+4 "
		"street=S city=C state=T postal-code=1 country=IT photo-url=https://x/y photo-hash=h");
}

static void what_says_nothing(void **state)
{
	static const char *const payloads[] = { CARD(""), "<contactCard", "<other/>",
		CARD("<title> </title><identity/><phone type=\"fax\"><uri>tel:+1</uri></phone>"),
		CARD("<address type=\"home\"><city>C</city></address>"),
		CARD("<photo type=\"default\"><hash>h</hash></photo>") };
	struct view w = { 0 };

	for (size_t i = 0; i < sizeof(payloads) / sizeof(payloads[0]); i++) {
		publish(&w, 200, 1, payloads[i]);
		says(&w, "");
	}
}

/* EP TV-80: instances are one card; the newest word for a field counts, and an empty one is none. */
static void cards_are_one(void **state)
{
	struct hg_card record = { .field[HG_CARD_TITLE] = hg_bytes_new(HG_STR("Writer")),
		.field[HG_CARD_OFFICE] = hg_bytes_new(HG_STR("B 12")),
		.field[HG_CARD_MAIL] = hg_bytes_new(HG_STR("a@b")) };
	struct view w = { 0 };

	publish(&w, 200, 5, CARD("<title>Editor</title><office/>"));
	publish(&w, 200, 3, CARD("<title>Typist</title><company>K</company>"));
	w.pub[w.v.npubs] = (struct hg_pub){ .key = { HG_CAT_CONTACT_CARD, 200, 9 },
		.published = 1,
		.card = &record,
		.card_fields = HG_CARD_BIT(HG_CARD_TITLE) | HG_CARD_BIT(HG_CARD_OFFICE) };
	w.all[w.v.npubs] = &w.pub[w.v.npubs];
	w.v.npubs++;
	says(&w, "title=Editor company=K office=B 12");
	hg_card_done(&record);
}

static void the_blocked_are_told_nothing(void **state)
{
	struct view w = { 0 };

	publish(&w, HG_C_BLOCKED, 1, CARD("<title>Editor</title>"));
	says(&w, "");
}

static void too_long_is_nothing(void **state)
{
	char text[1500], payload[2000];
	struct view w = { 0 };

	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	snprintf(payload, sizeof(payload), CARD("<title>%s</title><office>B</office>"), text);
	publish(&w, 200, 1, payload);
	says(&w, "office=B");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_fields),
		cmocka_unit_test(what_says_nothing),
		cmocka_unit_test(cards_are_one),
		cmocka_unit_test(the_blocked_are_told_nothing),
		cmocka_unit_test(too_long_is_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
