/* SPDX-License-Identifier: Apache-2.0 */
/* `provisioning:` of the `sip:` section: what is made of it, and each thing that it can hold and must not. */
#include "bridge/conf/settings.h"
#include "bridge/documents/provision.h"
#include "plugins/sip/sip.h"
#include "tests/support/support.h"

#include <errno.h>
#include <string.h>

#define FRAME \
	"domains: [{ sip: corp.example, home: sip }]\n" \
	"users: { provision: open }\n" \
	"sip:\n" \
	"  auth: none\n" \
	"  listen: [{ transport: tcp, port: 0 }]\n"

static const struct hg_section section = { .name = "sip", .schema = &hg_sip_schema };

/* The first error of the file, or of what the adapter reads of it; "" none. */
static void read_text(const char *text, struct hg_sip *ret, struct hg_buf *ret_error)
{
	struct hg_settings settings;
	struct hg_errs errs = { 0 };
	struct hg_err err = { 0 };
	struct hg_buf file = { 0 };

	hg_buf_adds(&file, FRAME);
	hg_buf_adds(&file, text);
	*ret = (struct hg_sip){ 0 };
	hg_buf_adds(ret_error, "");
	if (hg_settings_load_text("h.yaml", hg_buf_str(&file), &section, 1, &settings, &errs) < 0) {
		hg_err_write(&errs.e[0], ret_error);
	} else {
		const struct hg_conf *sip = hg_conf_get(settings.conf, "sip");

		if (hg_sip_provisioning_read(ret, hg_conf_get(sip, "provisioning"), &err))
			hg_err_write(&err, ret_error);
		hg_settings_done(&settings);
	}
	hg_errs_done(&errs);
	hg_buf_done(&file);
}

static void bad(const char *text, const char *expected)
{
	struct hg_buf error = { 0 };
	struct hg_sip sip;

	read_text(text, &sip, &error);
	assert_str(hg_buf_str(&error), expected);
	hg_sip_provisioning_done(&sip);
	hg_buf_done(&error);
}

/* "group: name=value name=value;..." */
static void good(const char *text, const char *expected)
{
	struct hg_buf error = { 0 }, said = { 0 };
	struct hg_sip sip;

	read_text(text, &sip, &error);
	assert_int_equal(error.n, 0);
	for (size_t g = 0; g < sip.ngroups; g++) {
		hg_buf_addf(&said, "%s:", sip.group[g].name);
		for (size_t i = 0; i < sip.group[g].n; i++)
			hg_buf_addf(&said, " %s=%s", sip.group[g].property[i].name,
				sip.group[g].property[i].value);
		hg_buf_addc(&said, '\n');
	}
	assert_str(hg_buf_str(&said), expected);
	hg_sip_provisioning_done(&sip);
	hg_buf_done(&error);
	hg_buf_done(&said);
}

static void without_a_word(void **state)
{
	good("",
		"presencePolicyV2: EnablePrivacyMode=false EnableLocationPrompt=false"
		" AutoInitiateContacts=false PublishLocationDataDefault=true"
		" DisplayPublishedPhotoDefault=true PersonalNoteHistoryDepth=3\n"
		"persistentChatConfiguration: EnablePersistentChat=false\n");
}

static void as_it_stands_there(void **state)
{
	good("  provisioning:\n"
	     "    ucPolicy: { AllowCallForwarding: yes, Empty: '' }\n"
	     "    meetingPolicy:\n"
	     "    presencePolicyV2: { EnablePrivacyMode: Yes, PersonalNoteHistoryDepth: 0x0 }\n"
	     "    persistentChatConfiguration: { more: on, EnablePersistentChat: on }\n"
	     "    endpointConfiguration: { CustomStateURL: 'http://h/s.xml' }\n"
	     "    our own: { colour: green }\n",
		"ucPolicy: AllowCallForwarding=yes Empty=\n"
		"meetingPolicy:\n"
		"presencePolicyV2: EnablePrivacyMode=true PersonalNoteHistoryDepth=0"
		" EnableLocationPrompt=false AutoInitiateContacts=false"
		" PublishLocationDataDefault=true DisplayPublishedPhotoDefault=true\n"
		"persistentChatConfiguration: more=on EnablePersistentChat=true\n"
		"endpointConfiguration: CustomStateURL=http://h/s.xml\n"
		"our own: colour=green\n");
}

static void of_no_sense(void **state)
{
	bad("  provisioning: on\n",
		"h.yaml:6: 'provisioning' takes keys of its own (like provisioning: { presencePolicyV2: ... })");
	bad("  provisioning:\n    ucPolicy: on\n",
		"h.yaml:7: 'ucPolicy' takes keys of its own (like ucPolicy: { KEY: ... })");
	bad("  provisioning:\n    ucPolicy: { a: [b] }\n",
		"h.yaml:7: 'a' takes one value (like a: VALUE)");
	bad("  provisioning:\n    ucPolicy: { a: b, a: c }\n",
		"h.yaml:7: key 'a' stands in line 7 already (remove one of them)");
	bad("  provisioning:\n    ucPolicy: { a: }\n",
		"h.yaml:7: 'a' has no value (write one, or remove the key)");
	bad("  provisioning:\n    presencePolicyV2: { EnablePrivacy: on }\n",
		"h.yaml:7: unknown key 'EnablePrivacy' (did you mean 'EnablePrivacyMode'?)");
	bad("  provisioning:\n    presencePolicyV2: { EnablePrivacyMode: maybe }\n",
		"h.yaml:7: EnablePrivacyMode: 'maybe' makes no sense (on or off, yes or no)");
	bad("  provisioning:\n    presencePolicyV2: { PersonalNoteHistoryDepth: -1 }\n",
		"h.yaml:7: PersonalNoteHistoryDepth: -1 is out of bounds (a whole number, from 0 to 100)");
}

static void names(void **state)
{
	char text[400] = "  provisioning:\n    ";

	bad("  provisioning:\n    publicationGrammar: { a: b }\n",
		"h.yaml:7: provisioning: publicationGrammar is written from the grammar"
		" (remove it, and change mappings/grammar.yaml instead)");
	bad("  provisioning:\n    ucpolicy: { a: b }\n",
		"h.yaml:7: provisioning: no client asks for 'ucpolicy' (write ucPolicy)");
	bad("  provisioning:\n    ServerConfiguration: { ok: b, a b: c }\n",
		"h.yaml:7: ServerConfiguration: 'a b' cannot be the name of an XML element"
		" (use letters, digits, '-', '_' and '.', and begin with a letter)");
	bad("  provisioning:\n    userSetting: { 1a: c }\n",
		"h.yaml:7: userSetting: '1a' cannot be the name of an XML element"
		" (use letters, digits, '-', '_' and '.', and begin with a letter)");
	bad("  provisioning:\n    ucPolicy: { \"a\\tb\": c }\n",
		"h.yaml:7: ucPolicy: the name of a property is empty, has a control character or more than 128 octets"
		" (write it as clients do, like AllowCallForwarding)");
	bad("  provisioning:\n    \"\": { a: c }\n",
		"h.yaml:7: provisioning: the name of a group is empty, has a control character or more than 128 octets"
		" (write it as clients do, like ucPolicy)");
	memset(text + strlen(text), 'g', 129);
	strcat(text, ": { a: c }\n");
	bad(text,
		"h.yaml:7: provisioning: the name of a group is empty, has a control character or more than 128 octets"
		" (write it as clients do, like ucPolicy)");
}

static void values(void **state)
{
	struct hg_buf text = { 0 };

	bad("  provisioning:\n    ucPolicy: { a: \"b\\tc\" }\n",
		"h.yaml:7: ucPolicy: a control character in a (write it in one line)");
	for (size_t i = 0; i < 3; i++) {
		static const char *const url[] = { "corp.example/s.xml", "https://a b/s.xml",
			"https://" };
		char expected[300];

		hg_buf_reset(&text);
		hg_buf_addf(&text,
			"  provisioning:\n    endpointConfiguration: { CustomStateURL: '%s' }\n",
			url[i]);
		snprintf(expected, sizeof(expected),
			"h.yaml:7: endpointConfiguration: CustomStateURL: '%s' is no address of a file"
			" (write it like https://corp.example/custom-states.xml; http: and file: are possible too)",
			url[i]);
		bad(text.p, expected);
	}
	hg_buf_reset(&text);
	hg_buf_adds(&text, "  provisioning:\n    ucPolicy: { a: ");
	for (size_t i = 0; i < 4097; i++)
		hg_buf_addc(&text, 'x');
	hg_buf_adds(&text, " }\n");
	bad(text.p, "h.yaml:7: ucPolicy: a has 4097 octets; 4096 are the most (shorten it)");
	hg_buf_done(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_word),
		cmocka_unit_test(as_it_stands_there),
		cmocka_unit_test(of_no_sense),
		cmocka_unit_test(names),
		cmocka_unit_test(values),
	};

	return cmocka_run_group_tests_name("sip: provisioning", tests, NULL, NULL);
}
