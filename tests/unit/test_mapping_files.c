/* SPDX-License-Identifier: Apache-2.0 */
/* The shipped table of XMPP: it loads without a fault and says what it should; and faults of files. */
#include "bridge/conf/mapping_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/support.h"

/* As the XMPP adapter declares it. */
enum { TYPE, SHOW, STATUS, PRIORITY, IDLE };

static const char *const types[] = { "available", "unavailable", NULL };
static const char *const shows[] = { "away", "chat", "dnd", "xa", NULL };
static const struct hg_field_def fields[] = {
	{ .name = "type", .kind = HG_FIELD_TOKEN, .tokens = types },
	{ .name = "show", .kind = HG_FIELD_TOKEN, .tokens = shows },
	{ .name = "status", .kind = HG_FIELD_TEXT },
	{ .name = "priority", .kind = HG_FIELD_INTEGER, .min = -128, .max = 127 },
	{ .name = "idle", .kind = HG_FIELD_TIME },
};
static const struct hg_vocabulary xmpp = { .name = "xmpp", .field = fields, .nfields = 5 };

static struct hg_tables tables;
static struct hg_table *table;

static void print_errs(const struct hg_errs *errs, struct hg_buf *b)
{
	hg_buf_adds(b, "");
	for (size_t i = 0; i < errs->n; i++) {
		hg_err_write(&errs->e[i], b);
		hg_buf_addc(b, '\n');
	}
}

static int setup(void **state)
{
	struct hg_errs errs = { 0 };
	struct hg_buf b = { 0 };

	hg_mapping_load(HG_SOURCE_DIR "/mappings/xmpp.yaml", &xmpp, NULL, &tables, &errs);
	print_errs(&errs, &b);
	assert_string_equal(b.p, "");
	assert_int_equal(tables.n, 1);
	table = tables.v[0];
	hg_buf_done(&b);
	hg_errs_done(&errs);
	return 0;
}

static int teardown(void **state)
{
	hg_tables_done(&tables);
	return 0;
}

/* ---- inward ---- */

static struct hg_statement said(const char *type, const char *show, const char *status,
	const char *priority, const char *idle)
{
	const char *text[] = { type, show, status, priority, idle };
	struct hg_value v[5];
	struct hg_statement s;
	struct hg_record *r;
	size_t n = 0;

	memset(v, 0, sizeof(v));
	for (uint16_t i = 0; i < 5; i++) {
		if (!text[i])
			continue;
		v[n].field = i;
		v[n++].text = hg_str(text[i]);
	}
	r = hg_record_new(v, n);
	hg_table_in(table, r, &s);
	hg_record_unref(r);
	return s;
}

#define SINCE "2026-11-21T19:42:54Z"

static void every_rule_inward(void **state)
{
	static const struct {
		const char *type, *show, *idle;
		uint32_t machine, user;
	} cases[] = {
		{ "available", NULL, NULL, 3500, 0 },
		{ "available", "chat", NULL, 3500, 0 },
		{ "available", "away", NULL, 15500, 0 },
		{ "available", "xa", NULL, 15500, 0 },
		{ "available", "dnd", NULL, 0, 6500 },
		{ "available", NULL, SINCE, 5000, 0 },
		{ "available", "chat", SINCE, 5000, 0 },
		{ "available", "away", SINCE, 15500, 0 },
		{ "available", "xa", SINCE, 15500, 0 },
		{ "available", "dnd", SINCE, 0, 6500 },
		{ "unavailable", NULL, NULL, 0, 0 },
		{ "unavailable", "dnd", SINCE, 0, 0 },
		{ NULL, NULL, NULL, 3500, 0 },
		/* RFC 6121 4.7.2.1: another show is none */
		{ "available", "lunch", NULL, 3500, 0 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct hg_statement s = said(
			cases[i].type, cases[i].show, NULL, NULL, cases[i].idle);

		assert_int_equal(s.machine, cases[i].machine);
		assert_int_equal(s.user, cases[i].user);
	}
}

static void columns_inward(void **state)
{
	struct hg_statement s = said(
		"available", "away", "d\xc3\xa9j\xc3\xa0 \xe6\xbc\xa2", "-5", SINCE);

	assert_str(hg_bytes_str(s.note.text), "d\xc3\xa9j\xc3\xa0 \xe6\xbc\xa2");
	assert_int_equal(s.priority, -5);
	assert_int_equal(s.idle_since, INT64_C(1795290174000));
	hg_statement_done(&s);
	s = said("unavailable", NULL, "bye", "-5", SINCE);
	assert_str(hg_bytes_str(s.note.text), "bye");
	assert_int_equal(s.priority, 0);
	assert_int_equal(s.idle_since, 0);
	hg_statement_done(&s);
}

/* ---- outward ---- */

static char *written(
	uint32_t availability, const char *token, const char *note, int64_t last_active)
{
	static char text[1400];
	struct hg_presence p = { .availability = availability, .last_active = last_active };
	struct hg_record *r;
	struct hg_buf b = { 0 };

	memcpy(p.activity.token, token, strlen(token) + 1);
	if (note)
		p.note.text = hg_bytes_new(hg_str(note));
	r = hg_table_out(table, &p);
	for (uint32_t i = 0; i < r->n; i++)
		hg_buf_addf(&b, "%s%s=%.*s", i ? " " : "", fields[r->value[i].field].name,
			HG_STR_ARG(r->value[i].text));
	assert_true(b.n < sizeof(text));
	memcpy(text, b.p, b.n + 1);
	hg_buf_done(&b);
	hg_record_unref(r);
	hg_presence_done(&p);
	return text;
}

static void every_rule_outward(void **state)
{
	static const struct {
		uint32_t from, to;
		const char *record;
	} bands[] = {
		{ 0, 2999, "type=unavailable" },
		{ 3000, 4499, "type=available priority=0" },
		{ 4500, 5999, "type=available show=away priority=0" },
		{ 6000, 11999, "type=available show=dnd priority=0" },
		{ 12000, 14999, "type=available show=away status=Be right back. priority=0" },
		{ 15000, 17999, "type=available show=away priority=0" },
		{ 18000, 20000, "type=unavailable" },
	};

	/* plain states have no text of their own, but for one that XMPP has no word for, nor have activities that are not listed */
	for (size_t i = 0; i < sizeof(bands) / sizeof(bands[0]); i++) {
		for (uint32_t a = bands[i].from; a <= bands[i].to; a += 7) {
			assert_string_equal(written(a, "", NULL, 0), bands[i].record);
			assert_string_equal(written(a, "thinking", NULL, 0), bands[i].record);
		}
		assert_string_equal(written(bands[i].to, "", NULL, 0), bands[i].record);
	}
}

/* What one does is said by text, where it can be meant: nobody is offline, or free, on the phone. */
static void activities_outward(void **state)
{
	static const struct {
		const char *token, *show, *said;
		uint32_t from, to;
	} cases[] = {
		{ "on-the-phone", "dnd", "On the phone.", 6000, 8999 },
		{ "in-a-conference", "dnd", "In a conference.", 6000, 8999 },
		{ "in-a-meeting", "dnd", "In a meeting.", 6000, 8999 },
		{ "urgent-interruptions-only", "dnd", "Urgent interruptions only.", 6000, 8999 },
		{ "in-presentation", "dnd", "Presenting.", 9000, 11999 },
		{ "out-of-office", "xa", "Out of office.", 12000, 17999 },
		{ "off-work", "xa", "Off work.", 15000, 17999 },
	};
	char record[128];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (uint32_t a = 0; a <= 20000; a += 500) {
			bool said = a >= cases[i].from && a <= cases[i].to;

			snprintf(record, sizeof(record),
				"type=available show=%s status=%s priority=0", cases[i].show,
				cases[i].said);
			assert_int_equal(
				strcmp(written(a, cases[i].token, NULL, 0), record) == 0, said);
			assert_int_equal(
				strstr(written(a, cases[i].token, NULL, 0), cases[i].said) != NULL,
				said);
		}
		snprintf(record, sizeof(record),
			"type=available show=%s status=%s lunch priority=0", cases[i].show,
			cases[i].said);
		assert_string_equal(written(cases[i].from, cases[i].token, "lunch", 0), record);
	}
}

static void columns_outward(void **state)
{
	assert_string_equal(written(5000, "", "caf\xc3\xa9", 1795290174000),
		"type=available show=away status=caf\xc3\xa9 priority=0 idle=2026-11-21T19:42:54.000Z");
	assert_string_equal(written(7500, "", NULL, 1795290174000),
		"type=available show=dnd priority=0 idle=2026-11-21T19:42:54.000Z");
	assert_string_equal(
		written(9500, "", "quiet", 0), "type=available show=dnd status=quiet priority=0");
	/* nothing but that he is not there, and his last words */
	assert_string_equal(
		written(18500, "", "gone", 1795290174000), "type=unavailable status=gone");
	assert_string_equal(written(0, "", NULL, 1795290174000), "type=unavailable");
}

static void chance_never_breaks_it(void **state)
{
	static const char *const texts[] = { "", "available", "unavailable", "away", "chat", "dnd",
		"xa", "-129", "127", SINCE, "\xff", "{note}", "{idle}", "absent", "0x10", "\x01" };
	unsigned seed = 3;

	for (int i = 0; i < 20000; i++) {
		const char *v[5];
		struct hg_statement s;

		for (int k = 0; k < 5; k++)
			v[k] = rand_r(&seed) % 4 ? texts[rand_r(&seed) % 16] : NULL;
		s = said(v[0], v[1], v[2], v[3], v[4]);
		assert_true(!s.machine || !s.user);
		assert_true(s.priority >= -128 && s.priority <= 127);
		hg_statement_done(&s);
		assert_int_equal(
			strncmp(written((uint32_t)rand_r(&seed) % 20000, texts[rand_r(&seed) % 8],
					texts[rand_r(&seed) % 16], rand_r(&seed) % 3 - 1),
				"type=", 5),
			0);
	}
}

/* ---- faults of a table ---- */

static void faults_of_a_table(void **state)
{
	struct hg_buf text = { 0 }, golden = { 0 }, b = { 0 };
	struct hg_errs errs = { 0 };
	struct hg_tables t;

	test_read_file("tests/golden/conf-mapping.yaml", &text);
	test_read_file("tests/golden/conf-mapping.txt", &golden);
	assert_int_equal(hg_mapping_load_text(
				 "conf-mapping.yaml", hg_buf_str(&text), &xmpp, NULL, &t, &errs),
		-EINVAL);
	assert_int_equal(t.n, 0);
	print_errs(&errs, &b);
	assert_str(hg_buf_str(&b), golden.p);
	hg_buf_done(&text);
	hg_buf_done(&golden);
	hg_buf_done(&b);
	hg_errs_done(&errs);
}

static void a_file_that_is_not_there(void **state)
{
	struct hg_errs errs = { 0 };
	struct hg_buf b = { 0 };
	struct hg_tables t;

	assert_int_equal(hg_mapping_load("/nowhere/xmpp.yaml", &xmpp, NULL, &t, &errs), -ENOENT);
	print_errs(&errs, &b);
	assert_string_equal(b.p,
		"/nowhere/xmpp.yaml: it cannot be read: No such file or directory (check the path, and who may read the "
		"file)\n");
	hg_buf_done(&b);
	hg_errs_done(&errs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_rule_inward),
		cmocka_unit_test(columns_inward),
		cmocka_unit_test(every_rule_outward),
		cmocka_unit_test(activities_outward),
		cmocka_unit_test(columns_outward),
		cmocka_unit_test(chance_never_breaks_it),
		cmocka_unit_test(faults_of_a_table),
		cmocka_unit_test(a_file_that_is_not_there),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
