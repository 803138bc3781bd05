/* SPDX-License-Identifier: Apache-2.0 */
/* What clients are given when they sign in: properties of groups, the grammar, the file of custom states. */
#include "tests/unit/test_documents.h"

#include "bridge/conf/mapping_file.h"
#include "bridge/documents/custom_states.h"
#include "bridge/documents/manifest.h"
#include "bridge/documents/provision.h"

#include <string.h>

static void holds(const char *part)
{
	if (!strstr(out.p, part))
		fail_msg("no %s in %s", part, out.p);
}

static void holds_not(const char *part)
{
	if (strstr(out.p, part))
		fail_msg("%s in %s", part, out.p);
}

/* ---- groups ---- */

#define P(name, value) \
	{ \
		(char *)(name), (char *)(value) \
	}
#define GROUP(name_, list) \
	{ \
		.name = (char *)(name_), .property = (list), .n = sizeof(list) / sizeof((list)[0]) \
	}

static struct hg_property server[] = { P("focusFactoryUri", "sip:f@corp.example"),
	P("mrasUri", "a<b>&\"c\"") };
static struct hg_property uc[] = { P("AllowCallForwarding", "true"), P("a<b", "") };
static struct hg_property policy[] = { P("EnablePrivacyMode", "true"),
	P("PersonalNoteHistoryDepth", "0") };
static struct hg_property user[] = { P("disableFileTransfer", "true") };
static struct hg_property own[] = { P("colour", "green") };
static const struct hg_provision_group groups[] = { GROUP("ServerConfiguration", server),
	GROUP("ucPolicy", uc), GROUP("presencePolicyV2", policy), GROUP("userSetting", user),
	GROUP("ourOwn", own), { .name = (char *)"meetingPolicy" } };
static const struct hg_provision_offer offer = { .group = groups, .ngroups = 6 };

static void asked(const char *const *name, size_t n)
{
	hg_provision_write(&out, &(struct hg_provision){ (char **)(uintptr_t)name, n }, &offer);
}

/* The forms of EP 4.7.2; TV-76: a privacy policy is told as it was set. */
static void each_in_its_form(void **state)
{
	static const char *const name[] = { "ServerConfiguration", "ucPolicy", "presencePolicyV2",
		"userSetting", "ourOwn" };

	asked(name, 5);
	assert_str(hg_buf_str(&out),
		"<provisionGroupList xmlns=\"http://schemas.microsoft.com/2006/09/sip/provisiongrouplist-notification\">"
		"<provisionGroup name=\"ServerConfiguration\">"
		"<focusFactoryUri>sip:f@corp.example</focusFactoryUri>"
		"<mrasUri>a&lt;b&gt;&amp;&quot;c&quot;</mrasUri></provisionGroup>"
		"<provisionGroup name=\"ucPolicy\"><instance>"
		"<property name=\"AllowCallForwarding\">true</property>"
		"<property name=\"a&lt;b\"></property></instance></provisionGroup>"
		"<provisionGroup name=\"presencePolicyV2\"><propertyEntryList>"
		"<property name=\"EnablePrivacyMode\">true</property>"
		"<property name=\"PersonalNoteHistoryDepth\">0</property>"
		"</propertyEntryList></provisionGroup>"
		"<provisionGroup name=\"userSetting\"><disableFileTransfer>true</disableFileTransfer></provisionGroup>"
		"<provisionGroup name=\"ourOwn\"><propertyEntryList>"
		"<property name=\"colour\">green</property></propertyEntryList></provisionGroup>"
		"</provisionGroupList>");
}

static void nothing_to_tell(void **state)
{
	static const char *const name[] = { "meetingPolicy", "a<b>&\"c\"", "a<b>&\"c\"",
		"ucpolicy" };

	asked(name, 4);
	assert_str(hg_buf_str(&out),
		"<provisionGroupList xmlns=\"http://schemas.microsoft.com/2006/09/sip/provisiongrouplist-notification\">"
		"<provisionGroup name=\"meetingPolicy\"></provisionGroup>"
		"<provisionGroup name=\"a&lt;b&gt;&amp;&quot;c&quot;\"></provisionGroup>"
		"<provisionGroup name=\"ucpolicy\"></provisionGroup></provisionGroupList>");
}

/* ---- the grammar ---- */

static const struct hg_grammar_rule machine = { .category = HG_CAT_STATE,
	.kind = HG_STATE_MACHINE,
	.sources = 1u << HG_SOURCE_LINKED,
	.container = { 3, 2 },
	.ncontainers = 2 };
static const struct hg_grammar_rule urgent = { .category = HG_CAT_STATE,
	.kind = HG_STATE_USER,
	.sources = 1u << HG_SOURCE_LINKED,
	.container = { 3 },
	.ncontainers = 1,
	.transform = HG_TRANSFORM_URGENT };

/* The shipped one, as a client gets it; TV-83 is what it makes of a note. */
static void the_shipped_grammar(void **state)
{
	struct hg_grammar grammar;
	struct hg_errs errs = { 0 };
	const char *name[] = { "publicationGrammar" };

	assert_int_equal(hg_grammar_load("mappings/grammar.yaml", &grammar, &errs), 0);
	struct hg_provision_offer all = { .rule = grammar.rule, .nrules = grammar.nrules };
	hg_provision_write(&out, &(struct hg_provision){ (char **)name, 1 }, &all);
	assert_golden(&out, "out-provisioning-grammar.xml");
	hg_buf_reset(&out);

	/* Privacy mode publishes nothing by itself. */
	name[0] = "privacyPublicationGrammar";
	hg_provision_write(&out, &(struct hg_provision){ (char **)name, 1 }, &all);
	holds("<containerManifestList ");
	holds_not("categoryPublicationManifest");
	hg_grammar_done(&grammar);
	hg_errs_done(&errs);
}

static void one_rule_for_all_kinds_of_state(void **state)
{
	const struct hg_grammar_rule rule[] = { urgent, machine };

	hg_category_manifest_write(&out, rule, 2);
	const char *second = strstr(out.p,
		"categoryName=\"state\" containerId=\"2\" preferredSelfConsumption=\"true\"/>");
	const char *third = strstr(
		out.p, "categoryName=\"state\" containerId=\"3\"><categoryData>");

	assert_true(second && third && second < third);
	assert_null(strstr(third + 1, "<publicationRule"));
	holds(">6900<");
	holds_not("<xsl:copy/>");
}

static void who_says_less_counts(void **state)
{
	struct hg_grammar_rule rule[3] = {
		{ .category = HG_CAT_NOTE,
			.sources = 1u << HG_SOURCE_SIMPLE,
			.container = { 400, 150, 32000 },
			.ncontainers = 3 },
		{ .category = HG_CAT_NOTE,
			.sources = 1u << HG_SOURCE_LINKED,
			.container = { 400 },
			.ncontainers = 1,
			.transform = HG_TRANSFORM_EMPTY },
		{ .category = HG_CAT_NOTE,
			.sources = 1u << HG_SOURCE_REMOTE,
			.container = { 200 },
			.ncontainers = 1 },
	};

	hg_category_manifest_write(&out, rule, 3);
	holds("containerId=\"400\"><categoryData>");
	holds("containerId=\"150\" preferredSelfConsumption=\"true\"/>");
	holds("containerId=\"32000\"/>");
	holds_not("containerId=\"200\"");
	hg_buf_reset(&out);

	hg_container_manifest_write(&out, rule, 3);
	holds("<container id=\"100\"><visible>true</visible>"
	      "<avoidRedundantMembers>true</avoidRedundantMembers></container>"
	      "<container id=\"150\"><visible>false</visible>"
	      "<avoidRedundantMembers>false</avoidRedundantMembers></container>"
	      "<container id=\"200\">");
	hg_buf_reset(&out);
	hg_container_manifest_write(&out, &machine, 1);
	holds_not("<container id=\"2\">");
	hg_buf_reset(&out);
	hg_category_manifest_write(&out, NULL, 0);
	holds("<publicationList></publicationList>");
}

/* ---- custom states ---- */

/* TV-75, what the server has of it: the file. */
static void custom_states(void **state)
{
	struct hg_custom_text home[] = { { 1033, HG_STR("Working <from> home") } },
			      shop[] = { { 1033, HG_STR("In a workshop") },
				      { 1031, HG_STR("In der Werkstätte") } };
	const struct hg_custom_state all[] = {
		{ .availability = HG_CUSTOM_ONLINE, .text = home, .n = 1 },
		{ .availability = HG_CUSTOM_BUSY, .text = shop, .n = 2 },
		{ .availability = HG_CUSTOM_DO_NOT_DISTURB, .text = home, .n = 1 },
		{ .availability = HG_CUSTOM_BUSY, .text = home, .n = 1 },
	};

	hg_custom_states_write(&out, all, 4);
	assert_str(hg_buf_str(&out),
		"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
		"<customStates xmlns=\"http://schemas.microsoft.com/09/2009/communicator/customStates\">"
		"<customState ID=\"1\" availability=\"Online\">"
		"<activity LCID=\"1033\">Working &lt;from&gt; home</activity></customState>"
		"<customState ID=\"2\" availability=\"Busy\"><activity LCID=\"1033\">In a workshop</activity>"
		"<activity LCID=\"1031\">In der Werkstätte</activity></customState>"
		"<customState ID=\"3\" availability=\"Do-Not-Disturb\">"
		"<activity LCID=\"1033\">Working &lt;from&gt; home</activity></customState>"
		"<customState ID=\"4\" availability=\"Busy\">"
		"<activity LCID=\"1033\">Working &lt;from&gt; home</activity></customState>"
		"</customStates>\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(each_in_its_form, clear_out),
		cmocka_unit_test_setup(nothing_to_tell, clear_out),
		cmocka_unit_test_setup(the_shipped_grammar, clear_out),
		cmocka_unit_test_setup(one_rule_for_all_kinds_of_state, clear_out),
		cmocka_unit_test_setup(who_says_less_counts, clear_out),
		cmocka_unit_test_setup(custom_states, clear_out),
	};

	return cmocka_run_group_tests_name("documents: provisioning", tests, NULL, drop_out);
}
