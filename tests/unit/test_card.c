/* SPDX-License-Identifier: Apache-2.0 */
/* What may stand in a user record, its documents, and tables of users. */
#include "tests/support/support.h"

#include "bridge/ctl/csv.h"
#include "bridge/documents/card.h"
#include "bridge/presence/card.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ALL UINT32_MAX

static void names_are_found(void **state)
{
	for (int i = 0; i < HG_CARD_FIELDS; i++)
		assert_int_equal(hg_card_field_find(hg_str(hg_card_field_name(i))), i);
	assert_int_equal(hg_card_field_find(HG_STR("name")), HG_CARD_FIELDS);
}

static void good_values(void **state)
{
	static const struct {
		enum hg_card_field field;
		const char *value;
	} good[] = {
		{ HG_CARD_DISPLAY_NAME, "\xd0\x90\xd0\xbd\xd0\xbd\xd0\xb0 <&> \"O'Hara\"" },
		{ HG_CARD_MAIL, "a.b@c.example" },
		{ HG_CARD_PHONE_WORK, "tel:+14255550100;ext=12222" },
		{ HG_CARD_PHONE_HOME, "TEL:+49-30-(0)123.4" },
		{ HG_CARD_PHONE_OTHER, "tel:112;phone-context=+49" },
		{ HG_CARD_COUNTRY, "de" },
		{ HG_CARD_PHOTO_URL, "https://corp.example/a.png?x=1&y=2" },
		{ HG_CARD_PHOTO_HASH, "0a1b" },
	};

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_int_equal(hg_card_check(good[i].field, hg_str(good[i].value), NULL), 0);
}

static void refused(enum hg_card_field field, const char *value, const char *expected)
{
	struct hg_err err = { 0 };
	struct hg_buf b = { 0 };

	assert_true(hg_card_check(field, hg_str(value), &err) < 0);
	hg_err_write(&err, &b);
	assert_str(hg_buf_str(&b), expected);
	hg_buf_done(&b);
}

static void bad_values(void **state)
{
	char longer[130];

	memset(longer, 'x', sizeof(longer));
	longer[129] = '\0';
	refused(HG_CARD_TITLE, longer,
		"title: 129 bytes are too many, 128 is the most (shorten it)");
	longer[128] = '\0';
	assert_int_equal(hg_card_check(HG_CARD_TITLE, hg_str(longer), NULL), 0);
	refused(HG_CARD_DISPLAY_NAME, "a\nb",
		"display-name: it has a control character, or is not UTF-8 (write it as one line of UTF-8)");
	refused(HG_CARD_DISPLAY_NAME, "\xff",
		"display-name: it has a control character, or is not UTF-8 (write it as one line of UTF-8)");
	for (const char *const *v =
			(const char *const[]){ "a", "@b", "a@", "a b@c", "a@b@c", NULL };
		*v; v++)
		assert_true(hg_card_check(HG_CARD_MAIL, hg_str(*v), NULL) < 0);
	refused(HG_CARD_PHONE_WORK, "+49 30 1",
		"phone-work: '+49 30 1' cannot be that (write it as a tel: URI, such as "
		"tel:+493012345678;ext=12)");
	for (const char *const *v = (const char *const[]){ "tel:", "tel:+", "tel:;ext=1",
		     "tel:+49x", "tel:1 2", "sip:a@b", NULL };
		*v; v++)
		assert_true(hg_card_check(HG_CARD_PHONE_WORK, hg_str(*v), NULL) < 0);
	refused(HG_CARD_COUNTRY, "Germany",
		"country: 'Germany' cannot be that (two letters, ISO 3166, such as DE)");
	assert_true(hg_card_check(HG_CARD_PHOTO_URL, HG_STR("javascript:x"), NULL) < 0);
	assert_true(hg_card_check(HG_CARD_PHOTO_HASH, HG_STR("a b"), NULL) < 0);
}

/* ---- documents ---- */

static void fill(struct hg_card *card)
{
	for (int i = 0; i < HG_CARD_FIELDS; i++) {
		char text[64];
		bool phone = i >= HG_CARD_PHONE_WORK && i <= HG_CARD_PHONE_OTHER;

		snprintf(text, sizeof(text), "%s%s<&", phone ? "tel:" : "",
			hg_card_field_name((enum hg_card_field)i));
		card->field[i] = hg_bytes_new(hg_str(text));
	}
}

static void a_card_has_its_elements_in_order(void **state)
{
	struct hg_card card = { 0 };
	struct hg_buf out = { 0 };

	fill(&card);
	hg_card_write(&out, &card, ALL);
	assert_str(hg_buf_str(&out),
		"<contactCard xmlns=\"http://schemas.microsoft.com/2006/09/sip/contactcard\">"
		"<identity><name><displayName>display-name&lt;&amp;</displayName></name>"
		"<email>mail&lt;&amp;</email></identity>"
		"<address type=\"work\"><street>street&lt;&amp;</street><city>city&lt;&amp;</city>"
		"<state>state&lt;&amp;</state><zipcode>postal-code&lt;&amp;</zipcode>"
		"<countryCode>country&lt;&amp;</countryCode></address>"
		"<company>company&lt;&amp;</company><department>department&lt;&amp;</department>"
		"<title>title&lt;&amp;</title><office>office&lt;&amp;</office>"
		"<phone type=\"work\"><uri>tel:phone-work&lt;&amp;</uri>"
		"<displayString>phone-work&lt;&amp;</displayString></phone>"
		"<phone type=\"mobile\"><uri>tel:phone-mobile&lt;&amp;</uri>"
		"<displayString>phone-mobile&lt;&amp;</displayString></phone>"
		"<phone type=\"home\"><uri>tel:phone-home&lt;&amp;</uri>"
		"<displayString>phone-home&lt;&amp;</displayString></phone>"
		"<phone type=\"other\"><uri>tel:phone-other&lt;&amp;</uri>"
		"<displayString>phone-other&lt;&amp;</displayString></phone>"
		"<delimiter xmlns=\"http://schemas.microsoft.com/2006/09/sip/commontypes\"></delimiter>"
		"<photo type=\"enterprise\"><uri>photo-url&lt;&amp;</uri><hash>photo-hash&lt;&amp;</hash></photo>"
		"<end xmlns=\"http://schemas.microsoft.com/2006/09/sip/commontypes\"></end>"
		"</contactCard>");
	hg_buf_reset(&out);
	hg_card_write(&out, &card, HG_CARD_BIT(HG_CARD_MAIL) | HG_CARD_BIT(HG_CARD_PHOTO_URL));
	assert_str(hg_buf_str(&out),
		"<contactCard xmlns=\"http://schemas.microsoft.com/2006/09/sip/contactcard\">"
		"<identity><email>mail&lt;&amp;</email></identity></contactCard>");
	hg_card_done(&card);
	hg_buf_done(&out);
}

static void user_properties(void **state)
{
	struct hg_card card = { 0 };
	struct hg_buf out = { 0 };

	fill(&card);
	hg_user_properties_write(&out, &card, ALL);
	assert_str(hg_buf_str(&out),
		"<userProperties xmlns=\"http://schemas.microsoft.com/2006/09/sip/categories\">"
		"<lines><line lineType=\"Uc\">tel:phone-work&lt;&amp;</line></lines>"
		"<telephonyMode>None</telephonyMode><streetAddress>street&lt;&amp;</streetAddress>"
		"<l>city&lt;&amp;</l><st>state&lt;&amp;</st><countryCode>country&lt;&amp;</countryCode>"
		"<postalCode>postal-code&lt;&amp;</postalCode></userProperties>");
	hg_card_done(&card);
	hg_buf_done(&out);
}

/* ---- tables ---- */

static void splits(const char *line, char separator, const char *expected)
{
	char copy[256], *field[HG_CSV_MAX];
	struct hg_buf b = { 0 };
	const char *reason = "";
	int n;

	assert_int_equal(hg_csv_separator(hg_str(line)), separator);
	strcpy(copy, line);
	n = hg_csv_split(copy, separator, field, &reason);
	for (int i = 0; i < n; i++)
		hg_buf_addf(&b, "[%s]", field[i]);
	hg_buf_adds(&b, n < 0 ? reason : "");
	assert_str(hg_buf_str(&b), expected);
	hg_buf_done(&b);
}

static void lines_are_taken_apart(void **state)
{
	splits("a@b,Alice , \"Adams, Alice\" ,\n", ',', "[a@b][Alice][Adams, Alice][]");
	splits("a@b;\"say \"\"hi\"\"\";x,y\r\n", ';', "[a@b][say \"hi\"][x,y]");
	splits("a@b\t\tx y\n", '\t', "[a@b][][x y]");
	splits("\"a;b\",c", ',', "[a;b][c]");
	splits("a@b", 0, "[a@b]");
	splits("", 0, "[]");
	splits("a,\"b", ',', "a quote is not closed in this line");
	splits("a,\"b\" c", ',', "there is text behind a closing quote");
}

static void too_many_fields(void **state)
{
	char line[HG_CSV_MAX + 1], *field[HG_CSV_MAX];
	const char *reason = "";

	memset(line, ',', HG_CSV_MAX - 1);
	line[HG_CSV_MAX - 1] = '\0';
	assert_int_equal(hg_csv_split(line, ',', field, &reason), HG_CSV_MAX);
	memset(line, ',', HG_CSV_MAX);
	line[HG_CSV_MAX] = '\0';
	assert_int_equal(hg_csv_split(line, ',', field, &reason), -1);
	assert_string_equal(reason, "too many fields");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_found),
		cmocka_unit_test(good_values),
		cmocka_unit_test(bad_values),
		cmocka_unit_test(a_card_has_its_elements_in_order),
		cmocka_unit_test(user_properties),
		cmocka_unit_test(lines_are_taken_apart),
		cmocka_unit_test(too_many_fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
