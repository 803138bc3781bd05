/* SPDX-License-Identifier: Apache-2.0 */
/* Mapping tables: one that loads has an answer to everything, both ways, in words that exist. */
#include "tests/fuzz/fuzz.h"

#include "bridge/conf/mapping_file.h"
#include "plugins/xmpp/xmpp.h"

#include <stdio.h>

#define NOW INT64_C(1795298574123)

static struct hg_bytes *note;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	note = hg_bytes_new(HG_STR("gone <fishing>"));
	return 0;
}

static void check_in(const struct hg_table *table, const struct hg_value *v, size_t n)
{
	struct hg_record *r = hg_record_new(v, n);
	struct hg_statement s;

	hg_table_in(table, r, &s);
	FUZZ_REQUIRE(s.priority >= -128 && s.priority <= 127);
	hg_statement_done(&s);
	hg_record_unref(r);
}

/* `bits` says which fields there are. */
static void check_record(
	const struct hg_table *table, const char *type, const char *show, unsigned bits)
{
	struct hg_value v[HG_XMPP_FIELDS] = { { .field = HG_XMPP_TYPE, .text = hg_str(type) } };
	size_t n = 1;

	if (show)
		v[n++] = (struct hg_value){ .field = HG_XMPP_SHOW, .text = hg_str(show) };
	if (bits & 1)
		v[n++] = (struct hg_value){ .field = HG_XMPP_STATUS, .text = HG_STR("away") };
	if (bits & 2)
		v[n++] = (struct hg_value){ .field = HG_XMPP_PRIORITY, .text = HG_STR("-1") };
	if (bits & 4)
		v[n++] = (struct hg_value){ .field = HG_XMPP_IDLE,
			.text = HG_STR("2026-11-21T19:42:54.123Z") };
	check_in(table, v, n);
}

static void check_all_in(const struct hg_table *table)
{
	const struct hg_field_def *field = hg_xmpp_vocabulary.field;

	check_in(table, NULL, 0);
	for (const char *const *type = field[HG_XMPP_TYPE].tokens; *type; type++) {
		for (unsigned bits = 0; bits < 8; bits++) {
			const char *const *show = field[HG_XMPP_SHOW].tokens;

			do
				check_record(table, *type, *show, bits);
			while (*show++);
		}
	}
}

static void check_out(const struct hg_table *table, uint32_t availability, unsigned bits)
{
	struct hg_presence p = { .availability = availability,
		.activity = { .max = UINT32_MAX },
		.last_active = bits & 1 ? NOW : 0,
		.note.text = bits & 2 ? note : NULL,
		.manual = bits & 1,
		.busy = (enum hg_busy)(bits % (HG_BUSY_OOF + 1)),
		.device = (enum hg_device_kind)(bits % (HG_DEVICE_OTHER + 1)),
		.circle = (enum hg_circle)(bits % (HG_CIRCLE_CUSTOM + 1)) };

	if (bits & 4)
		snprintf(p.activity.token, sizeof(p.activity.token), "on-the-phone");
	struct hg_record *r = hg_table_out(table, &p);
	FUZZ_REQUIRE(r != NULL);
	fuzz_require_legal(r, &hg_xmpp_vocabulary);
	check_in(table, r->value, r->n);
	hg_record_unref(r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hg_errs errs = { 0 };
	struct hg_tables tables;
	int rc = hg_mapping_load_text(
		"fuzz.yaml", fuzz_text(data, size), &hg_xmpp_vocabulary, NULL, &tables, &errs);
	struct hg_table *table = rc == 0 ? tables.v[0] : NULL;

	if (rc == 0) {
		check_all_in(table);
		for (uint32_t availability = 0; availability < 20000; availability += 250) {
			for (unsigned bits = 0; bits < 8; bits++)
				check_out(table, availability, bits);
		}
		hg_tables_done(&tables);
	}
	fuzz_require_faults(rc, &errs);
	return 0;
}
