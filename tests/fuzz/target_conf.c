/* SPDX-License-Identifier: Apache-2.0 */
/* heliograph.yaml: is taken, or told what is wrong with it. */
#include "tests/fuzz/fuzz.h"

#include "bridge/conf/settings.h"
#include "plugins/sip/sip.h"
#include "plugins/xmpp/xmpp.h"

/* What the schema leaves to the adapter. */
static void read_provisioning(const struct hg_conf *section)
{
	struct hg_sip sip = { 0 };
	struct hg_err err = { 0 };
	int rc = hg_sip_provisioning_read(&sip, hg_conf_get(section, "provisioning"), &err);

	FUZZ_REQUIRE(!rc == !err.what[0]);
	FUZZ_REQUIRE(!rc == !err.where[0]);
	hg_sip_provisioning_done(&sip);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct hg_section sections[] = { { .name = "sip", .schema = &hg_sip_schema },
		{ .name = "xmpp", .schema = &hg_xmpp_schema } };
	struct hg_settings settings = { 0 };
	struct hg_errs errs = { 0 };
	int rc = hg_settings_load_text(
		"fuzz.yaml", fuzz_text(data, size), sections, 2, &settings, &errs);

	FUZZ_REQUIRE(!rc == !!settings.conf);
	fuzz_require_faults(rc, &errs);
	if (!rc)
		read_provisioning(hg_conf_get(settings.conf, "sip"));
	hg_settings_done(&settings);
	return 0;
}
