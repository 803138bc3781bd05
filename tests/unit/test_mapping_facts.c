/* SPDX-License-Identifier: Apache-2.0 */
/* What rules ask for beside availability and activity, and what people say beside these. */
#include "tests/unit/mapping_toy.h"

/* A rule before the others that asks for this much more. */
static struct hg_table *with_rule(const struct hg_rule *rule)
{
	struct hg_rule all[1 + sizeof(rules) / sizeof(rules[0])];
	struct hg_table_source from = source;

	all[0] = *rule;
	memcpy(all + 1, rules, sizeof(rules));
	from.rule = all;
	from.nrules = 1 + source.nrules;
	return make(&from);
}

static struct hg_rule asking(const char *key, const char *first, const char *second)
{
	return (struct hg_rule){ .name = "asked",
		.direction = HG_OUT_ONLY,
		.native = { HG_TERM("where", "road") },
		.canonical = { AVAILABILITY("busy", "busy-idle"), { .key = key, .value = { first, second } } } };
}

static bool takes(const struct hg_table *t, const struct hg_presence *p)
{
	struct hg_record *r = hg_table_out(t, p);
	bool is = hg_record_get(r, WHERE) != NULL;

	hg_record_unref(r);
	return is;
}

static void every_fact_is_asked_for(void **state)
{
	struct hg_bytes *text = hg_bytes_new(HG_STR("back at 5"));
	const struct {
		const char *key, *first, *second;
		struct hg_presence yes, no;
	} cases[] = {
#define BUSY .availability = 6500
#define NOTE(oof_) .note = { .text = text, .oof = oof_ }
		{ "manual", "yes", NULL, { BUSY, .manual = true }, { BUSY } },
		{ "manual", "off", NULL, { BUSY }, { BUSY, .manual = true } },
		{ "idle", "true", NULL, { .availability = 7500, .last_active = 1 },
			{ .availability = 7500 } },
		/* at his device, whenever he was active */
		{ "idle", "no", NULL, { BUSY, .last_active = 1 },
			{ .availability = 7500, .last_active = 1 } },
		{ "note", "personal", NULL, { BUSY, NOTE(false) }, { BUSY, NOTE(true) } },
		{ "note", "oof", NULL, { BUSY, NOTE(true) }, { BUSY } },
		{ "note", "yes", NULL, { BUSY, NOTE(true) }, { BUSY } },
		{ "note", "no", "oof", { BUSY, NOTE(true) }, { BUSY, NOTE(false) } },
		{ "calendar", "free", "tentative", { BUSY, .busy = HG_BUSY_TENTATIVE },
			{ BUSY, .busy = HG_BUSY_BUSY } },
		{ "calendar", "no", NULL, { BUSY }, { BUSY, .busy = HG_BUSY_FREE } },
		{ "device", "mobile", "web", { BUSY, .device = HG_DEVICE_WEB },
			{ BUSY, .device = HG_DEVICE_COMPUTER } },
		{ "device", "yes", NULL, { BUSY, .device = HG_DEVICE_OTHER }, { BUSY } },
		{ "container", "workgroup", "friends", { BUSY, .circle = HG_CIRCLE_FRIENDS },
			{ BUSY, .circle = HG_CIRCLE_EXTERNAL } },
		{ "container", "no", NULL, { BUSY }, { BUSY, .circle = HG_CIRCLE_CUSTOM } },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct hg_rule rule = asking(cases[i].key, cases[i].first, cases[i].second);
		struct hg_table *t = with_rule(&rule);

		assert_true(takes(t, &cases[i].yes));
		assert_false(takes(t, &cases[i].no));
		hg_table_free(t);
	}
	hg_bytes_unref(text);
}

static void every_word_of_a_fact(void **state)
{
	struct hg_rule r = asking("device", "tablet", NULL);
	struct hg_table_source from = source;

	from.rule = &r;
	from.nrules = 1;
	faults(&from,
		"toy.yaml: rule 'asked': device is never 'tablet' (one of: computer, deskphone, mobile, web, other, yes, no)\n");
	r = asking("container", "workgruop", NULL);
	faults(&from,
		"toy.yaml: rule 'asked': container is never 'workgruop' (did you mean 'workgroup'?)\n");
}

/* ---- inward: what people say beside their availability ---- */

static struct hg_statement heard_by(const struct hg_rule *rule)
{
	struct hg_value v = { .field = MODE, .text = HG_STR("quiet") };
	struct hg_record *r = hg_record_new(&v, 1);
	struct hg_table *t = with_rule(rule);
	struct hg_statement s;

	hg_table_in(t, r, &s);
	hg_record_unref(r);
	hg_table_free(t);
	return s;
}

static void inward_a_call_and_a_meeting(void **state)
{
	struct hg_rule r = { .name = "call-in",
		.direction = HG_IN_ONLY,
		.native = { HG_TERM("mode", "quiet"), HG_TERM("where", "absent") },
		.canonical = { STATE("phone"), AVAILABILITY("busy"),
			HG_TERM("activity", "on-the-phone") } };
	struct hg_statement s = heard_by(&r);

	assert_int_equal(s.phone, 6500);
	assert_string_equal(s.token, "on-the-phone");
	assert_int_equal(s.user + s.machine + s.calendar, 0);
	r.canonical[0].value[0] = "calendar";
	r.canonical[2].value[0] = "in-a-meeting";
	s = heard_by(&r);
	assert_int_equal(s.calendar, 6500);
	assert_string_equal(s.token, "in-a-meeting");
}

static void inward_a_program_chose_it(void **state)
{
	struct hg_rule r = { .name = "program",
		.direction = HG_IN_ONLY,
		.native = { HG_TERM("mode", "quiet"), HG_TERM("where", "absent") },
		.canonical = { STATE("user"), AVAILABILITY("dnd"), HG_TERM("manual", "no") } };
	struct hg_statement s = heard_by(&r);

	assert_int_equal(s.user, 9500);
	assert_true(s.automatic);
	r.canonical[2].value[0] = "yes";
	assert_false(heard_by(&r).automatic);
	r.canonical[2].key = NULL;
	assert_false(heard_by(&r).automatic);
}

/* What somebody says he is doing goes out in each language that he has said it in, with his note behind it. */
static void own_words_in_their_languages(void **state)
{
	struct hg_text said[] = { { .lcid = 1031, .text = hg_bytes_new(HG_STR("Im Labor")) },
		{ .lcid = 4711, .text = hg_bytes_new(HG_STR("in the lab, says nobody knows who")) },
		{ .lcid = 4712, .text = hg_bytes_new(HG_STR("nor who says this")) },
		{ .lcid = 1033, .text = hg_bytes_new(HG_STR("In the lab")) } };
	struct hg_rule r[sizeof(rules) / sizeof(rules[0])];
	struct hg_table_source from = source;
	struct hg_presence p = { .availability = 6500, .activity.max = UINT32_MAX };
	struct hg_table *t;
	struct hg_record *out;

	(void)state;
	memcpy(r, rules, sizeof(r));
	r[CALL] = (struct hg_rule){ .name = "words",
		.direction = HG_OUT_ONLY,
		.native = { HG_TERM("mode", "quiet"), HG_TERM("says", "{text}: {note}") },
		.canonical = { HG_TERM("text", "yes"), AVAILABILITY("busy") },
		.line = 11 };
	from.rule = r;
	t = make(&from);
	p.note.text = hg_bytes_new(HG_STR("until 3"));
	strcpy(p.note.lang, "fr");
	p.activity.custom = hg_texts_new(said, 4);
	out = hg_table_out(t, &p);
	assert_int_equal(out->n, 5); /* with mode and rank */
	assert_str(out->value[1].text, "Im Labor: until 3");
	assert_string_equal(out->value[1].lang, "de-DE");
	assert_string_equal(out->value[2].lang, ""); /* of two that nobody knows, one */
	assert_str(out->value[3].text, "In the lab: until 3");
	assert_string_equal(out->value[3].lang, "en-US");
	hg_record_unref(out);
	p.activity.min = 7000; /* does not hold now */
	out = hg_table_out(t, &p);
	assert_str(hg_record_get(out, SAYS)->text, "until 3");
	hg_record_unref(out);
	hg_presence_done(&p);
	for (int i = 0; i < 4; i++)
		hg_bytes_unref(said[i].text);
	hg_table_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_fact_is_asked_for),
		cmocka_unit_test(every_word_of_a_fact),
		cmocka_unit_test(inward_a_call_and_a_meeting),
		cmocka_unit_test(inward_a_program_chose_it),
		cmocka_unit_test(own_words_in_their_languages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
