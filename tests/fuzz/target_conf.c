/* SPDX-License-Identifier: Apache-2.0 */
/* heliograph.yaml: is taken, or told what is wrong with it. */
#include "tests/fuzz/fuzz.h"

#include "bridge/conf/settings.h"
#include "plugins/sip/sip.h"
#include "plugins/xmpp/xmpp.h"

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
	hg_settings_done(&settings);
	return 0;
}
