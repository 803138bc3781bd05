/* SPDX-License-Identifier: Apache-2.0 */
/* What a <presence/> says: legal things kept, bounded; everything else left out and counted. */
#include "plugins/xmpp/xmpp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NOW INT64_C(1795298574123) /* 2026-11-21T22:02:54.123Z */

static xmpp_ctx_t *ctx;
static struct hg_xmpp_losses losses;

static int set_up(void **state)
{
	xmpp_initialize();
	ctx = xmpp_ctx_new(NULL, NULL);
	return 0;
}

static int tear_down(void **state)
{
	xmpp_ctx_free(ctx);
	xmpp_shutdown();
	return 0;
}

/* "0=available 1=dnd 2:de=Text", of a presence with that content. */
static char *read(const char *attributes, const char *content)
{
	struct hg_buf b = { 0 };

	hg_buf_addf(&b, "<presence xmlns='jabber:component:accept'%s>%s</presence>", attributes,
		content);

	xmpp_stanza_t *stanza = xmpp_stanza_new_from_string(ctx, b.p);

	assert_non_null(stanza);
	losses = (struct hg_xmpp_losses){ 0 };

	struct hg_record *r = hg_xmpp_record(stanza, HG_STR("corp.example"), NOW, &losses);

	hg_buf_reset(&b);
	for (uint32_t i = 0; i < r->n; i++)
		hg_buf_addf(&b, "%s%u%s%s=%.*s", i ? " " : "", r->value[i].field,
			r->value[i].lang[0] ? ":" : "", r->value[i].lang,
			HG_STR_ARG(r->value[i].text));
	hg_record_unref(r);
	xmpp_stanza_release(stanza);
	return b.p;
}

static void expect(const char *attributes, const char *content, const char *want)
{
	char *got = read(attributes, content);

	assert_string_equal(got, want);
	free(got);
}

static void says_what_is_there(void **state)
{
	expect("", "", "0=available");
	expect("", "<show>dnd</show>", "0=available 1=dnd");
	expect("", "<show> xa\n</show><priority> -5 </priority>", "0=available 1=xa 3=-5");
	expect("", "<priority>+7</priority>", "0=available 3=7");
	expect("", "<status>a &amp; b</status>", "0=available 2=a & b");
	expect("", "<status/><status> </status>", "0=available");
	assert_int_equal(losses.status_dropped, 0);
}

static void order_of_children_does_not_matter(void **state)
{
	const char *want = "0=available 1=away 2=x 2:de=y 3=1 4=2026-11-21T10:00:00.000Z";
	const char *idle = "<idle xmlns='urn:xmpp:idle:1' since='2026-11-21T10:00:00Z'/>";
	struct hg_buf b = { 0 };

	hg_buf_addf(&b,
		"%s<priority>1</priority><status>x</status><show>away</show>"
		"<status xml:lang='de'>y</status>",
		idle);
	expect("", b.p, want);
	hg_buf_reset(&b);
	hg_buf_addf(&b,
		"<show>away</show><status>x</status><status xml:lang='de'>y</status>"
		"<priority>1</priority>%s",
		idle);
	expect("", b.p, want);
	hg_buf_done(&b);
}

static void illegal_is_left_out_and_counted(void **state)
{
	expect("", "<show>busy</show><priority>128</priority><priority>x</priority>",
		"0=available");
	assert_int_equal(losses.show, 1);
	assert_int_equal(losses.priority, 2);
	expect("", "<show>DND</show>", "0=available");
	expect("", "<show>dnd</show><show>xa</show>", "0=available 1=dnd");
	assert_int_equal(losses.show, 1);
	expect("", "<show xmlns='urn:other'>dnd</show>", "0=available");
	expect("", "<show><b>dnd</b></show>", "0=available");
	expect("", "<idle xmlns='urn:xmpp:idle:1' since='yesterday'/>", "0=available");
	assert_int_equal(losses.idle, 1);
	expect("", "<idle xmlns='urn:xmpp:idle:1'/><query xmlns='jabber:iq:last' seconds='-1'/>",
		"0=available");
	assert_int_equal(losses.idle, 2);
}

static void languages(void **state)
{
	expect(" xml:lang='en'", "<status>a</status><status xml:lang='de-AT'>b</status>",
		"0=available 2:en=a 2:de-AT=b");
	expect("", "<status xml:lang='en'>a</status><status xml:lang='EN'>b</status>",
		"0=available 2:en=a");
	assert_int_equal(losses.status_dropped, 1);
	expect(" xml:lang='&lt;x&gt;'", "<status>a</status>", "0=available 2=a");
	expect("",
		"<status xml:lang='aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'>a"
		"</status>",
		"0=available 2=a");
}

static void too_many_languages(void **state)
{
	struct hg_buf b = { 0 };

	for (int i = 0; i < HG_XMPP_LANGS_MAX + 3; i++)
		hg_buf_addf(&b, "<status xml:lang='x-%d'>s</status>", i);
	hg_buf_adds(&b, "<priority>1</priority><show>dnd</show>");

	char *got = read("", b.p);

	assert_non_null(strstr(got, " 2:x-7=s 3=1"));
	assert_null(strstr(got, "x-8"));
	assert_int_equal(losses.status_dropped, 3);
	free(got);
	hg_buf_done(&b);
}

static void a_long_status_is_cut_between_characters(void **state)
{
	struct hg_buf b = { 0 }, want = { 0 };

	hg_buf_adds(&b, "<status>x");
	hg_buf_adds(&want, "0=available 2=x");
	for (int i = 0; i < 1000; i++) {
		hg_buf_adds(&b, "漢");
		if (1 + 3 * (i + 1) <= HG_XMPP_STATUS_MAX)
			hg_buf_adds(&want, "漢");
	}
	hg_buf_adds(&b, "</status>");
	expect("", b.p, want.p);
	assert_int_equal(losses.status_cut, 1);
	hg_buf_done(&b);
	hg_buf_done(&want);
}

static void cutting(void **state)
{
	assert_int_equal(hg_xmpp_cut(HG_STR("abc"), 3), 3);
	assert_int_equal(hg_xmpp_cut(HG_STR("abc"), 2), 2);
	assert_int_equal(hg_xmpp_cut(HG_STR("a\xc3\xa9"), 2), 1);
	assert_int_equal(hg_xmpp_cut(HG_STR("a\xc3\xa9"), 3), 3);
	assert_int_equal(hg_xmpp_cut(HG_STR("\xf0\x9f\x98\x80z"), 3), 0);
	assert_int_equal(hg_xmpp_cut(HG_STR_NONE, 3), 0);
}

static void idle(void **state)
{
	expect("", "<idle xmlns='urn:xmpp:idle:1' since='2026-11-21T12:00:00+02:00'/>",
		"0=available 4=2026-11-21T10:00:00.000Z");
	/* XEP-0256, and what wins when a client says both */
	expect("", "<query xmlns='jabber:iq:last' seconds='60'/>",
		"0=available 4=2026-11-21T22:01:54.123Z");
	expect("",
		"<idle xmlns='urn:xmpp:idle:1' since='2026-11-21T10:00:00Z'/>"
		"<query xmlns='jabber:iq:last' seconds='60'/>",
		"0=available 4=2026-11-21T10:00:00.000Z");
	/* A clock that runs ahead of ours. */
	expect("", "<idle xmlns='urn:xmpp:idle:1' since='2030-01-01T00:00:00Z'/>",
		"0=available 4=2026-11-21T22:02:54.123Z");
	expect("", "<delay xmlns='urn:xmpp:delay' stamp='2026-11-21T10:00:00Z'/>", "0=available");
}

static void addresses(void **state)
{
	assert_true(hg_str_is(hg_xmpp_bare(HG_STR("a@b/c/d")), "a@b"));
	assert_true(hg_str_is(hg_xmpp_resource(HG_STR("a@b/c/d")), "c/d"));
	assert_int_equal(hg_xmpp_resource(HG_STR("a@b")).n, 0);
	assert_int_equal(hg_xmpp_resource(HG_STR("a@b/")).n, 0);
	assert_int_equal(hg_xmpp_bare(HG_STR_NONE).n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_what_is_there),
		cmocka_unit_test(order_of_children_does_not_matter),
		cmocka_unit_test(illegal_is_left_out_and_counted),
		cmocka_unit_test(languages),
		cmocka_unit_test(too_many_languages),
		cmocka_unit_test(a_long_status_is_cut_between_characters),
		cmocka_unit_test(cutting),
		cmocka_unit_test(idle),
		cmocka_unit_test(addresses),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
