/* SPDX-License-Identifier: Apache-2.0 */
/* Vocabularies that tables declare themselves: what is wrong with them. */
#include "bridge/conf/mapping_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/support.h"

static void faults(const char *text, const char *expected)
{
	char path[] = "/tmp/hg-own-XXXXXX";
	struct hg_errs errs = { 0 };
	struct hg_buf b = { 0 };
	struct hg_tables t;
	FILE *f = fdopen(mkstemp(path), "w");
	int rc;

	fputs(text, f);
	fclose(f);
	rc = hg_mapping_load_own(path, NULL, &t, &errs);
	remove(path);
	for (size_t i = 0; i < errs.n; i++)
		hg_buf_addf(&b, "%s: %s (%s)\n", strrchr(errs.e[i].where, ':') + 1, errs.e[i].what,
			errs.e[i].hint);
	hg_buf_adds(&b, "");
	assert_string_equal(b.p, expected);
	assert_int_equal(rc < 0, expected[0] != '\0');
	hg_tables_done(&t);
	hg_errs_done(&errs);
	hg_buf_done(&b);
}

static void vocabularies_of_files(void **state)
{
	faults("vocabulary: xmpp\nrules: []\n",
		""); /* an adapter's, which is not there: not looked at */
	faults("vocabulary: { name: x, fields: { a: [on, off, on], b: 5..3, c: text, d: time } }\nrules: []\n",
		"1: 'on' stands there already (let every word stand there once)\n"
		"1: '5..3' is no range (like -128..127)\n");
	faults("vocabulary: { name: x, fields: {} }\nrules: []\n",
		"1: a vocabulary without fields (like fields: { state: [on, off], note: text })\n");
	faults("vocabulary: { name: x, fields: { a: [on, off] } }\nrules:\n"
	       "  - { name: on, native: { a: onn }, canonical: { state: none } }\n"
	       "  - { name: rest, canonical: { state: none, availability: 0..4294967295 } }\n",
		"3: rule 'on': field 'a' is never 'onn' (did you mean 'on'?)\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vocabularies_of_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
