/* SPDX-License-Identifier: Apache-2.0 */
/* A rule's own words in several languages, beside notes in several. */
#include "tests/unit/mapping_toy.h"

#include "bridge/base/lcid.h"
#include "bridge/conf/mapping_file.h"

#include <errno.h>
#include <stdio.h>

#define RULES \
	"fields: { says: { carries: note } }\n" \
	"rules:\n" \
	"  - name: off\n" \
	"    native: { mode: off }\n" \
	"    canonical: { state: none, availability: [offline, unknown] }\n" \
	"    write: { says: absent }\n" \
	"  - name: call\n" \
	"    direction: out\n" \
	"    native: { mode: quiet }\n" \
	"    canonical: { activity: on-the-phone, availability: busy }\n" \
	"    write: { says: \"On the phone. {text}\\n{note}\" }\n" \
	"    languages:\n" \
	"      de: { says: \"Am Telefon. {text}\\n{note}\" }\n" \
	"%s" \
	"  - name: rest\n" \
	"    native: { mode: any }\n" \
	"    canonical: { state: machine, availability: [available, available-idle, busy, busy-idle, dnd, brb, away] }\n"

static int load(const char *more, struct hg_tables *ret, struct hg_errs *errs)
{
	struct hg_buf text = { 0 };
	int rc;

	hg_buf_addf(&text, "vocabulary: toy\n" RULES, more);
	rc = hg_mapping_load_text("toy.yaml", hg_buf_str(&text), &toy, NULL, ret, errs);
	hg_buf_done(&text);
	return rc;
}

static void add(struct hg_text *v, size_t *n, const char *lang, const char *text)
{
	if (!text)
		return;
	v[*n] = (struct hg_text){ .lcid = hg_lcid_of(hg_str(lang)),
		.text = hg_bytes_new(hg_str(text)) };
	snprintf(v[(*n)++].lang, sizeof(v->lang), "%s", lang);
}

/* Takes over what is in `p`. "LANGUAGE=text" for each that is said of him. */
static void assert_shown(const struct hg_table *t, struct hg_presence *p, const char *expected)
{
	struct hg_buf said = { 0 };
	struct hg_record *r = hg_table_out(t, p);

	for (size_t i = 0; i < r->n; i++)
		if (r->value[i].field == SAYS)
			hg_buf_addf(&said, "%s=%s\n", r->value[i].lang, r->value[i].text.p);
	assert_str(hg_buf_str(&said), expected);
	hg_buf_done(&said);
	hg_record_unref(r);
	hg_presence_done(p);
}

static struct hg_presence on_the_phone(
	const char *lang, const char *note, const char *also_lang, const char *also)
{
	struct hg_presence p = { .availability = 6500,
		.activity = { .token = "on-the-phone", .max = UINT32_MAX },
		.note.text = note ? hg_bytes_new(hg_str(note)) : NULL };
	struct hg_text more;
	size_t n = 0;

	snprintf(p.note.lang, sizeof(p.note.lang), "%s", lang);
	add(&more, &n, also_lang ? also_lang : "", also);
	p.note.also = hg_texts_new(&more, n);
	if (n)
		hg_bytes_unref(more.text);
	return p;
}

static void assert_said(const struct hg_table *t, const char *lang, const char *note,
	const char *also_lang, const char *also, const char *expected)
{
	struct hg_presence p = on_the_phone(lang, note, also_lang, also);

	assert_shown(t, &p, expected);
}

static void in_the_language_of_the_note(void **state)
{
	struct hg_errs errs = { 0 };
	struct hg_tables tables;

	(void)state;
	assert_int_equal(load("", &tables, &errs), 0);
	assert_said(tables.v[0], "", NULL, NULL, NULL, "=On the phone.\nde=Am Telefon.\n");
	assert_said(tables.v[0], "", "lab", NULL, NULL, "=On the phone. lab\nde=Am Telefon. lab\n");
	assert_said(tables.v[0], "de", "Labor", NULL, NULL, "de=Am Telefon. Labor\n");
	assert_said(tables.v[0], "en", "lab", "de", "Labor",
		"en=On the phone. lab\nde=Am Telefon. Labor\n");
	assert_said(tables.v[0], "en", "lab", "cs", "dilna",
		"en=On the phone. lab\ncs=On the phone. dilna\nde=Am Telefon. lab\n");
	hg_tables_done(&tables);
	hg_errs_done(&errs);
}

/* Each of those that he has said it in, with the rule's words and the note in that language, as far as there are any. */
static void in_the_languages_of_his_words(void **state)
{
	struct hg_errs errs = { 0 };
	struct hg_tables tables;
	struct hg_text v[2];
	struct hg_presence p;
	size_t n = 0;

	(void)state;
	assert_int_equal(load("", &tables, &errs), 0);
	p = on_the_phone("en", "back at 3", "de",
		"um 3 zur\xc3\xbc"
		"ck");
	add(v, &n, "de-DE", "Kundin");
	add(v, &n, "en-US", "a customer");
	p.activity.custom = hg_texts_new(v, n);
	assert_shown(tables.v[0], &p,
		"de-DE=Am Telefon. Kundin\num 3 zur\xc3\xbc"
		"ck\n"
		"en-US=On the phone. a customer\nback at 3\n");
	while (n)
		hg_bytes_unref(v[--n].text);
	/* de is said when de-DE is */
	assert_said(tables.v[0], "de-DE", "Labor", NULL, NULL, "de-DE=Am Telefon. Labor\n");
	/* but who has both has both */
	assert_said(tables.v[0], "de-DE", "Labor", "de", "im Labor",
		"de-DE=Am Telefon. Labor\nde=Am Telefon. im Labor\n");
	assert_said(tables.v[0], "en", "lab", "en-GB", "laboratory",
		"en=On the phone. lab\nen-GB=On the phone. laboratory\nde=Am Telefon. lab\n");
	hg_tables_done(&tables);
	hg_errs_done(&errs);
}

static void what_a_table_says_counts(void **state)
{
	struct hg_errs errs = { 0 };
	struct hg_tables one, same, other;

	(void)state;
	assert_int_equal(load("", &one, &errs), 0);
	assert_int_equal(load("", &same, &errs), 0);
	assert_int_equal(load("      cs: { says: Na telefonu. }\n", &other, &errs), 0);
	assert_true(hg_table_eq(one.v[0], same.v[0]));
	assert_false(hg_table_eq(one.v[0], other.v[0]));
	hg_tables_done(&one);
	hg_tables_done(&same);
	hg_tables_done(&other);
	hg_errs_done(&errs);
}

static void faults_of_languages(void **state)
{
	static const struct {
		const char *more, *said;
	} cases[] = {
		{ "      d_e: { says: hm }\n",
			"toy.yaml:15: rule 'call': 'd_e' is no language (like de or pt-BR)\n" },
		{ "      cs: { mode: quiet }\n",
			"toy.yaml:15: rule 'call': field 'mode' has no text that could be said in 'cs' "
			"(say what it writes for all others, under write:)\n" },
		{ "      cs: { says: \"{nota}\" }\n",
			"toy.yaml:15: rule 'call': field 'says': nothing is known to put in place of '{nota}' "
			"(there are {note} and {text})\n" },
		{ "      cs: { shouts: hm }\n",
			"toy.yaml:15: rule 'call': unknown key 'shouts' (one of: mode, where, says, rank, since)\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct hg_errs errs = { 0 };
		struct hg_buf b = { 0 };
		struct hg_tables t;

		assert_int_equal(load(cases[i].more, &t, &errs), -EINVAL);
		print_errs(&errs, &b);
		assert_str(hg_buf_str(&b), cases[i].said);
		hg_buf_done(&b);
		hg_errs_done(&errs);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_the_language_of_the_note),
		cmocka_unit_test(in_the_languages_of_his_words),
		cmocka_unit_test(what_a_table_says_counts),
		cmocka_unit_test(faults_of_languages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
