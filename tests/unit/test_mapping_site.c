/* SPDX-License-Identifier: Apache-2.0 */
/* A site's own files: single rules replaced, added, removed; for everybody or for some. */
#include "bridge/conf/mapping_file.h"
#include "bridge/conf/settings.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/support.h"

static const char *const words[] = { "on", "off", NULL };
static const struct hg_field_def fields[] = {
	{ .name = "word", .kind = HG_FIELD_TOKEN, .tokens = words },
	{ .name = "says", .kind = HG_FIELD_TEXT },
};
static const struct hg_vocabulary toy = { .name = "toy", .field = fields, .nfields = 2 };

static const char base[] =
	"vocabulary: toy\n"
	"fields:\n"
	"  says: { carries: note }\n"
	"rules:\n"
	"  - name: off\n"
	"    native: { word: off }\n"
	"    canonical: { state: none, availability: [offline, unknown] }\n"
	"  - name: on\n"
	"    native: { word: [on, absent] }\n"
	"    canonical: { state: machine, availability: [available, 3000..17999] }\n";

static char folder[64];

static int setup(void **state)
{
	strcpy(folder, "/tmp/hg-site-XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static int teardown(void **state)
{
	return chdir("/") || rmdir(folder);
}

struct given {
	const char *groups;
	const char *file[4];
};

static char *path_of(size_t i)
{
	struct hg_buf b = { 0 };

	hg_buf_addf(&b, "%s/%c.yaml", folder, (char)('a' + i));
	return b.p;
}

static void write_files(const struct given *g)
{
	for (size_t i = 0; i < 4 && g->file[i]; i++) {
		char *path = path_of(i);
		FILE *f = fopen(path, "w");

		assert_non_null(f);
		fputs(g->file[i], f);
		fclose(f);
		free(path);
	}
}

static void drop_files(const struct given *g)
{
	for (size_t i = 0; i < 4 && g->file[i]; i++) {
		char *path = path_of(i);

		unlink(path);
		free(path);
	}
}

/* As heliograph.yaml names them. */
static struct hg_settings settings_of(const struct given *g)
{
	static const struct hg_section section = { .name = "sip" };
	struct hg_buf text = { 0 };
	struct hg_errs errs = { 0 };
	struct hg_settings s;

	hg_buf_adds(&text,
		"domains: [{ sip: corp.example, home: sip }]\nusers: { provision: open }\nsip: {}\n"
		"mappings: { site: [");
	for (size_t i = 0; i < 4 && g->file[i]; i++) {
		char *path = path_of(i);

		hg_buf_addf(&text, "%s%s", i ? ", " : "", path);
		free(path);
	}
	hg_buf_addf(&text, "] }\n%s\n", g->groups ? g->groups : "");
	if (hg_settings_load_text("h.yaml", hg_buf_str(&text), &section, 1, &s, &errs) < 0)
		fail_msg("%s: %s", errs.e[0].where, errs.e[0].what);
	hg_buf_done(&text);
	return s;
}

static int load(const struct given *g, struct hg_tables *ret, struct hg_errs *errs)
{
	struct hg_settings s = settings_of(g);
	struct hg_site_files *files;
	int rc;

	write_files(g);
	rc = hg_site_files_read(s.site_files, s.groups, s.domains, &files, errs);
	if (rc == 0)
		rc = hg_mapping_load_text("toy.yaml", hg_str(base), &toy, files, ret, errs);
	else
		*ret = (struct hg_tables){ 0 };
	if (rc == 0)
		rc = hg_site_files_check(files, errs);
	hg_site_files_done(files);
	drop_files(g);
	hg_settings_done(&s);
	return rc;
}

/* It has another name each time. */
static void drop_folder(char *text)
{
	char *at = strstr(text, folder);

	if (at)
		memmove(at, at + strlen(folder) + 1, strlen(at + strlen(folder)));
}

static void print_errs(struct hg_errs *errs, struct hg_buf *b)
{
	hg_buf_adds(b, "");
	for (size_t i = 0; i < errs->n; i++) {
		drop_folder(errs->e[i].where);
		drop_folder(errs->e[i].hint);
		hg_err_write(&errs->e[i], b);
		hg_buf_addc(b, '\n');
	}
	hg_errs_done(errs);
}

static struct hg_tables good(struct given g)
{
	struct hg_errs errs = { 0 };
	struct hg_buf b = { 0 };
	struct hg_tables t;
	int rc = load(&g, &t, &errs);

	print_errs(&errs, &b);
	assert_string_equal(b.p, "");
	assert_int_equal(rc, 0);
	hg_buf_done(&b);
	return t;
}

static void faults(struct given g, const char *expected)
{
	struct hg_errs errs = { 0 };
	struct hg_buf b = { 0 };
	struct hg_tables t;

	assert_int_not_equal(load(&g, &t, &errs), 0);
	hg_tables_done(&t);
	print_errs(&errs, &b);
	assert_string_equal(b.p, expected);
	hg_buf_done(&b);
}

/* What is written of somebody who is busy, with the table that is for him. */
static const char *busy(const struct hg_tables *t, const char *who)
{
	static char text[64];
	struct hg_presence p = { .availability = 6500 };
	struct hg_record *r = hg_table_out(hg_tables_find(t, who), &p);

	text[0] = '\0';
	for (uint32_t i = 0; i < r->n; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%.*s", i ? " " : "",
			HG_STR_ARG(r->value[i].text));
	hg_record_unref(r);
	return text;
}

#define BUSY(text) \
	"rules:\n  - name: busy\n    before: on\n    direction: out\n    native: { word: off }\n" \
	"    canonical: { availability: busy }\n    write: { says: " text " }\n"

static void for_everybody(void **state)
{
	struct hg_tables t = good((struct given){ .file = { "table: toy\n" BUSY("Busy") } });

	assert_int_equal(t.n, 1);
	assert_string_equal(busy(&t, "alice@corp.example"), "off Busy");
	hg_tables_done(&t);
	/* the later file holds; what it does not mention stays */
	t = good((struct given){
		.file = { "table: toy\n" BUSY("Busy"),
			"table: toy\nrules:\n  - name: busy\n    direction: out\n"
			"    native: { word: on }\n    canonical: { availability: [busy, dnd] }\n" } });
	assert_string_equal(busy(&t, "alice@corp.example"), "on");
	hg_tables_done(&t);
	/* removed, and one in its place after another */
	t = good((struct given){
		.file = { "table: toy\n" BUSY("Busy"),
			"table: toy\nremove: [busy]\nrules:\n  - name: loud\n    after: off\n"
			"    direction: out\n    native: { word: on }\n"
			"    canonical: { availability: busy }\n    write: { says: Loud }\n" } });
	assert_string_equal(busy(&t, "alice@corp.example"), "on Loud");
	hg_tables_done(&t);
}

static void for_some(void **state)
{
	struct hg_tables t = good((struct given){
		.groups = "groups: { sales: [bob@corp.example, Carol@corp.example], all: [] }",
		.file = { "table: toy\nfor: { domains: [corp.example] }\n" BUSY("Domain"),
			"table: toy\nfor: { groups: [sales, all] }\n" BUSY("Sales"),
			"table: toy\nfor: { people: [carol@corp.example, dave@else.example] }\n" BUSY(
				"Person") } });

	assert_string_equal(busy(&t, "alice@corp.example"), "off Domain");
	assert_string_equal(busy(&t, "bob@corp.example"), "off Sales");
	assert_string_equal(busy(&t, "carol@corp.example"), "off Person");
	assert_string_equal(busy(&t, "dave@else.example"), "off Person");
	assert_string_equal(busy(&t, "eve@else.example"), "on");
	/* one for each set of files, and the general one: nobody, domain, +sales, +both, person alone */
	assert_int_equal(t.n, 5);
	assert_ptr_equal(hg_tables_find(&t, "eve@else.example"), t.v[0]);
	hg_tables_done(&t);
}

static void faults_name_file_and_line(void **state)
{
	faults(
		(struct given){
			.file = { "table: toy\nrules:\n  - name: new\n    native: { word: off }\n"
				  "    canonical: { state: none }\n" } },
		"a.yaml:3: rule 'new': where does it go? (say before: NAME or after: NAME, or give it the name of the rule "
		"whose place it takes)\n");
	faults((struct given){ .file = { "table: toy\nremove: [onn, gone]\n" } },
		"a.yaml:2: there is no rule 'onn' (did you mean 'on'?)\n"
		"a.yaml:2: there is no rule 'gone' (one of: off, on)\n");
	faults(
		(struct given){
			.file = { "table: toy\nrules:\n  - name: x\n    before: offf\n    after: on\n"
				  "  - name: x\n    before: offf\n" } },
		"a.yaml:5: it says both before and after (keep one of them)\n"
		"a.yaml:6: rule 'x': there is a rule of that name already, in line 3 (give one of them another name)\n");
	faults(
		(struct given){
			.file = { "table: toy\n",
				"table: toy\nfor: { people: [a@b.example] }\nrules:\n"
				"  - name: on\n    native: { wrod: on }\n"
				"    canonical: { state: machine, availability: [available, 3000..17999] }\n" } },
		"b.yaml:5: rule 'on': unknown key 'wrod' (did you mean 'word'?)\n");
	faults((struct given){ .file = { "table: toi\n", "rules: []\n" } },
		"a.yaml:1: there is no table 'toi' (did you mean 'toy'?)\n"
		"b.yaml:1: 'table' is missing (add it: table: NAME, of the table that it changes)\n");
}

static void faults_of_people(void **state)
{
	faults((struct given){ .groups = "groups: { sales: [a@corp.example] }",
		       .file = { "table: toy\nfor:\n  domains: ['b@d']\n  people: [corp.example]\n  groups: [slaes]\n" } },
		"a.yaml:3: 'b@d' is no domain (domain is not a host name)\n"
		"a.yaml:4: 'corp.example' is no address (write it as user@domain)\n"
		"a.yaml:5: there is no group 'slaes' (did you mean 'sales'?)\n");
}

/* A rule that is good by itself may leave something open, or hide what stands behind it: for all that it is in, once. */
static void faults_of_what_comes_of_it(void **state)
{
	const char *some =
		"table: toy\nfor: { people: [a@b.example, c@d.example], domains: [b.example] }\n";
	struct hg_buf b = { 0 };

	hg_buf_addf(&b,
		"%srules:\n  - name: on\n    native: { word: on }\n"
		"    canonical: { state: machine, availability: [available, 3000..17999] }\n",
		some);
	faults((struct given){ .file = { b.p } },
		"toy.yaml with a.yaml: no rule inward for word: absent (add a rule; with state: none if it says nothing)\n");
	hg_buf_reset(&b);
	hg_buf_addf(&b,
		"%srules:\n  - name: all\n    before: on\n    direction: in\n"
		"    canonical: { state: machine, availability: away }\n",
		some);
	faults((struct given){ .file = { b.p } },
		"toy.yaml:8: rule 'on': never reached inward: rules before it take all that it matches (put it before rule "
		"'all' (a.yaml:4), let it go one way, or remove it)\n");
	hg_buf_done(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(for_everybody),
		cmocka_unit_test(for_some),
		cmocka_unit_test(faults_name_file_and_line),
		cmocka_unit_test(faults_of_people),
		cmocka_unit_test(faults_of_what_comes_of_it),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
