/* SPDX-License-Identifier: Apache-2.0 */
/* Moods that are known as words, told as moods (XEP-0107): through the shipped table and as XMPP clients are told of them. */
#include "plugins/xmpp/iq.h"

#include "bridge/base/lcid.h"
#include "tests/unit/mapping_shipped.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define NS "http://jabber.org/protocol/"
#define DOT " \xc2\xb7 "

/* What somebody does and says of it, and all that clients are told, between the marks that every payload has. */
static const struct told {
	const char *token, *en, *de;
	const char *activity, *mood;
} tells[] = {
	{ "", "Happy", NULL, "", "<happy/>" },
	{ "", "in LOVE", NULL, "", "<in_love/>" },
	{ "", "In love: he & me", NULL, "", "<in_love/><text xml:lang='en-US'>he &amp; me</text>" },
	{ "", "Happy: sun", "Happy: Sonne", "",
		"<happy/><text xml:lang='en-US'>sun</text><text xml:lang='de-DE'>Sonne</text>" },
	/* XEP-0107 1: one at a time, so the others stay words */
	{ "", "Happy: sun", "Sad: Regen",
		"<undefined><other/></undefined><text xml:lang='de-DE'>Sad: Regen</text>",
		"<happy/><text xml:lang='en-US'>sun</text>" },
	{ "", "Happy" DOT "Sad: so", NULL,
		"<undefined><other/></undefined><text xml:lang='en-US'>Sad: so</text>",
		"<happy/>" },
	{ "", "Reading" DOT "Verona" DOT "Happy", NULL,
		"<undefined><other/></undefined><text xml:lang='en-US'>Reading" DOT "Verona</text>",
		"<happy/>" },
	{ "sleeping", "Sleeping" DOT "Happy", NULL, "<inactive><sleeping/></inactive>",
		"<happy/>" },
	{ "", "Happily", NULL,
		"<undefined><other/></undefined><text xml:lang='en-US'>Happily</text>", "" },
	{ "", "Happ", NULL, "<undefined><other/></undefined><text xml:lang='en-US'>Happ</text>",
		"" },
	{ "", "Undefined", NULL,
		"<undefined><other/></undefined><text xml:lang='en-US'>Undefined</text>", "" },
	{ "", ": sun", NULL, "<undefined><other/></undefined><text xml:lang='en-US'>: sun</text>",
		"" },
	{ "", NULL, NULL, "", "" },
	{ "on-the-phone", NULL, NULL, "<talking><on_the_phone/></talking>", "" },
};

static void add(struct hg_text *v, size_t *n, const char *lang, const char *text)
{
	if (text)
		v[(*n)++] = (struct hg_text){ .lcid = hg_lcid_of(hg_str(lang)),
			.text = hg_bytes_new(hg_str(text)) };
}

static struct hg_presence person(const struct told *t, uint32_t availability)
{
	struct hg_presence p = { .availability = availability, .activity.max = UINT32_MAX };
	struct hg_text v[2];
	size_t n = 0;

	add(v, &n, "en-US", t->en);
	add(v, &n, "de-DE", t->de);
	p.activity.custom = hg_texts_new(v, n);
	while (n)
		hg_bytes_unref(v[--n].text);
	strcpy(p.activity.token, t->token);
	return p;
}

static void assert_item(struct hg_str *rest, const char *kind, const char *content)
{
	struct hg_buf want = { 0 };
	struct hg_str item = HG_STR_NONE;

	if (content[0])
		hg_buf_addf(&want,
			"<items node='" NS "%s'><item id='current'><%s xmlns='" NS
			"%s'>%s</%s></item></items>",
			kind, kind, kind, content, kind);
	assert_true(hg_str_token(rest, '\0', &item));
	assert_str(item, want.n ? want.p : "");
	hg_buf_done(&want);
}

static void assert_items(const struct hg_record *r, const char *activity, const char *mood)
{
	struct hg_view view = { .part = HG_PART_ASPECT };
	struct hg_buf b = { 0 };
	struct hg_str rest;

	hg_xmpp_render(NULL, HG_XMPP_FORMAT_ACTIVITY, &view, r, &b);
	rest = hg_buf_str(&b);
	assert_item(&rest, "activity", activity);
	assert_item(&rest, "mood", mood);
	assert_int_equal(rest.n, 0);
	hg_buf_done(&b);
}

static void assert_told(
	const struct hg_table *t, const struct told *told, uint32_t availability, bool anything)
{
	struct hg_presence p = person(told, availability);
	struct hg_record *r = hg_table_out(t, &p);

	assert_items(r, anything ? told->activity : "", anything ? told->mood : "");
	hg_record_unref(r);
	hg_presence_done(&p);
}

static void moods_have_names(void **state)
{
	struct hg_tables tables = shipped_load(
		"xmpp-activity", HG_SOURCE_DIR "/mappings/xmpp-activity.yaml");

	for (size_t i = 0; i < sizeof(tells) / sizeof(tells[0]); i++) {
		uint32_t here = !strcmp(tells[i].token, "sleeping") ? 15500 : 6500;

		assert_told(tables.v[0], &tells[i], here, true);
		assert_told(
			tables.v[0], &tells[i], 18500, false); /* who is not there tells nothing */
	}
	hg_tables_done(&tables);
}

/* One that writes no mood has it as an activity, as any other words. */
static void a_table_decides(void **state)
{
	const struct hg_value v[] = { { HG_XMPP_GENERAL, HG_STR("undefined"), "" },
		{ HG_XMPP_SPECIFIC, HG_STR("other"), "" },
		{ HG_XMPP_ACTIVITY_TEXT, HG_STR("Happy"), "en" } };
	struct hg_record *r = hg_record_new(v, 3);

	assert_items(r, "<undefined><other/></undefined><text xml:lang='en'>Happy</text>", "");
	hg_record_unref(r);
}

/* Each that can be told is read as the same words. */
static void moods_come_back(void **state)
{
	static const char *const some[] = { "afraid", "in_awe", "in_love", "sick", "worried" };

	for (size_t i = 0; i < sizeof(some) / sizeof(some[0]); i++) {
		const struct hg_value v[] = { { HG_XMPP_MOOD, hg_str(some[i]), "" },
			{ HG_XMPP_MOOD_TEXT, HG_STR("so: it is"), "de" } };
		struct hg_record *r = hg_record_new(v, 2);
		struct hg_xmpp_words words = { .n = 0 };
		struct hg_str reason;

		hg_xmpp_mood_words(r, &words);
		assert_int_equal(words.n, 1);
		assert_string_equal(hg_xmpp_mood_of(hg_buf_str(&words.text[0]), &reason), some[i]);
		assert_str(reason, "so: it is");
		hg_xmpp_words_done(&words);
		hg_record_unref(r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(moods_have_names),
		cmocka_unit_test(a_table_decides),
		cmocka_unit_test(moods_come_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
