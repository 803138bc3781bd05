/* SPDX-License-Identifier: Apache-2.0 */
/* A site's own file, applied to a table of XMPP. */
#include "tests/fuzz/fuzz.h"

#include "bridge/conf/mapping_file.h"
#include "bridge/conf/settings.h"
#include "plugins/xmpp/xmpp.h"

#include <stdio.h>

static struct hg_settings settings;

static const char base[] =
	"vocabulary: xmpp\n"
	"fields: { type: { write: available }, status: { carries: note } }\n"
	"rules:\n"
	"  - { name: unavailable, native: { type: unavailable },\n"
	"      canonical: { state: none, availability: [offline, unknown] }, write: { status: absent } }\n"
	"  - { name: call, direction: out, native: { show: dnd }, canonical: { activity: on-the-phone, availability: busy } }\n"
	"  - { name: urgent, direction: out, native: { show: dnd }, canonical: { activity: urgent, availability: busy } }\n"
	"  - { name: away, native: { show: [away, xa] }, canonical: { state: machine, availability: [away, brb] } }\n"
	"  - { name: rest, native: { show: any },\n"
	"      canonical: { state: machine, availability: [available, 0..4294967295] } }\n";

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static const struct hg_section section = { .name = "xmpp" };
	struct hg_errs errs = { 0 };
	struct hg_buf b = { 0 };

	hg_buf_addf(&b,
		"domains: [{ sip: h.example }]\nxmpp: {}\nmappings: { site: [%s] }\n"
		"groups: { sales: [a@h.example, b@x.example], none: [] }\n",
		fuzz_file((const uint8_t *)"", 0));
	FUZZ_REQUIRE(hg_settings_load_text(
			     "h.yaml", hg_buf_str(&b), &section, 1, &settings, &errs) == 0);
	hg_buf_done(&b);
	return 0;
}

static void check(const struct hg_table *table)
{
	for (uint32_t availability = 0; availability < 20000; availability += 250) {
		struct hg_presence p = { .availability = availability };
		struct hg_record *r = hg_table_out(table, &p);
		struct hg_statement s;

		fuzz_require_legal(r, &hg_xmpp_vocabulary);
		hg_table_in(table, r, &s);
		hg_statement_done(&s);
		hg_record_unref(r);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hg_site_files *files;
	struct hg_tables tables = { 0 };
	struct hg_errs errs = { 0 };
	int rc;

	fuzz_file(data, size);
	rc = hg_site_files_read(
		settings.site_files, settings.groups, settings.domains, &files, &errs);
	if (rc == 0)
		rc = hg_mapping_load_text(
			"xmpp.yaml", hg_str(base), &hg_xmpp_vocabulary, files, &tables, &errs);
	if (rc == 0)
		rc = hg_site_files_check(files, &errs);
	for (size_t i = 0; rc == 0 && i < tables.n; i++)
		check(tables.v[i]);
	for (size_t i = 0; rc == 0 && i < tables.nof; i++)
		FUZZ_REQUIRE(
			hg_tables_find(&tables, tables.of[i].who) == tables.v[tables.of[i].table]);
	hg_tables_done(&tables);
	hg_site_files_done(files);
	fuzz_require_faults(rc, &errs);
	return 0;
}
