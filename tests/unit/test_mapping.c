/* SPDX-License-Identifier: Apache-2.0 */
/* Mapping tables made in C: matching, what is written, texts, faults. The shipped ones:
 * test_mapping_files.c. */
#include "bridge/mapping/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/support.h"

enum { MODE, WHERE, SAYS, RANK, SINCE };

static const char *const modes[] = { "on", "off", "quiet", NULL };
static const char *const wheres[] = { "desk", "road", NULL };
static const struct hg_field_def fields[] = {
	{ .name = "mode", .kind = HG_FIELD_TOKEN, .tokens = modes },
	{ .name = "where", .kind = HG_FIELD_TOKEN, .tokens = wheres },
	{ .name = "says", .kind = HG_FIELD_TEXT },
	{ .name = "rank", .kind = HG_FIELD_INTEGER, .min = -10, .max = 10 },
	{ .name = "since", .kind = HG_FIELD_TIME },
};
static const struct hg_vocabulary toy = { .name = "toy", .field = fields, .nfields = 5 };

static const struct hg_binding bindings[] = {
	{ .field = "says", .carries = "note", .line = 1 },
	{ .field = "rank", .carries = "priority", .write = "3", .line = 2 },
	{ .field = "since", .carries = "idle", .line = 3 },
};

#define AVAILABILITY(...) HG_TERM("availability", __VA_ARGS__)
#define STATE(state) HG_TERM("state", state)

static const struct hg_rule rules[] = {
	{ .name = "off",
		.native = { HG_TERM("mode", "off") },
		.canonical = { STATE("none"), AVAILABILITY("offline", "unknown") },
		.write = { HG_TERM("says", "absent"), HG_TERM("rank", "absent"),
			HG_TERM("since", "absent") },
		.line = 10 },
	{ .name = "call",
		.direction = HG_OUT_ONLY,
		.native = { HG_TERM("mode", "quiet"), HG_TERM("says", "On the phone. {note}") },
		.canonical = { HG_TERM("activity", "on-the-phone", "in-a-conference"),
			AVAILABILITY("6500..8999", "9000") },
		.line = 11 },
	{ .name = "quiet",
		.native = { HG_TERM("mode", "quiet") },
		.canonical = { STATE("user"), AVAILABILITY("busy", "busy-idle", "dnd") },
		.line = 12 },
	{ .name = "background",
		.direction = HG_IN_ONLY,
		.native = { HG_TERM("rank", "-10..-5", "-3"), HG_TERM("where", "absent") },
		.canonical = { STATE("machine"), AVAILABILITY("brb") },
		.line = 13 },
	{ .name = "road",
		.native = { HG_TERM("where", "road"), HG_TERM("mode", "on", "absent") },
		.canonical = { STATE("machine"), AVAILABILITY("15700", "away", "brb"),
			HG_TERM("note", "yes") },
		.line = 14 },
	{ .name = "idle",
		.native = { HG_TERM("since", "present"), HG_TERM("where", "desk") },
		.canonical = { STATE("machine"),
			AVAILABILITY("available-idle", "available", "away"),
			HG_TERM("idle", "yes") },
		.line = 15 },
	{ .name = "rest",
		.native = { HG_TERM("mode", "on", "absent"), HG_TERM("where", "any") },
		.canonical = { STATE("machine"),
			AVAILABILITY("available", "available-idle", "away", "brb") },
		.line = 16 },
};

static const struct hg_table_source source = { .vocabulary = &toy,
	.file = "toy.yaml",
	.binding = bindings,
	.nbindings = 3,
	.rule = rules,
	.nrules = sizeof(rules) / sizeof(rules[0]) };

static void print_errs(const struct hg_errs *errs, struct hg_buf *b)
{
	for (size_t i = 0; i < errs->n; i++) {
		hg_err_write(&errs->e[i], b);
		hg_buf_addc(b, '\n');
	}
}

static struct hg_table *make(const struct hg_table_source *from)
{
	struct hg_errs errs = { 0 };
	struct hg_buf b = { 0 };
	struct hg_table *t = hg_table_new(from, &errs);

	print_errs(&errs, &b);
	if (!t)
		fail_msg("%s", b.p);
	assert_int_equal(errs.n, 0);
	hg_buf_done(&b);
	hg_errs_done(&errs);
	return t;
}

static struct hg_table *the_table;

static int setup(void **state)
{
	the_table = make(&source);
	return 0;
}

static int teardown(void **state)
{
	hg_table_free(the_table);
	return 0;
}

/* ---- records ---- */

static void records_are_compared_by_content(void **state)
{
	struct hg_value v[] = { { MODE, HG_STR("on"), "" }, { SAYS, HG_STR("hi"), "en" } };
	struct hg_record *a = hg_record_new(v, 2), *b = hg_record_new(v, 2), *c, *d;

	memcpy(v[1].lang, "de", 3);
	c = hg_record_new(v, 2);
	d = hg_record_new(v, 1);
	assert_true(hg_record_eq(a, b));
	assert_false(hg_record_eq(a, c));
	assert_false(hg_record_eq(c, d));
	assert_false(hg_record_eq(a, NULL));
	assert_true(hg_record_eq(NULL, NULL));
	assert_true(hg_str_is(hg_record_get(a, SAYS)->text, "hi"));
	assert_null(hg_record_get(d, SAYS));
	hg_record_unref(hg_record_ref(a));
	hg_record_unref(a);
	hg_record_unref(b);
	hg_record_unref(c);
	hg_record_unref(d);
}

/* ---- inward ---- */

struct heard {
	const char *mode, *where, *says, *rank, *since;
};

static struct hg_statement said(struct heard h)
{
	const char *text[] = { h.mode, h.where, h.says, h.rank, h.since };
	struct hg_value v[5];
	struct hg_statement s;
	struct hg_record *r;
	size_t n = 0;

	memset(v, 0, sizeof(v));
	for (uint16_t i = 0; i < 5; i++) {
		if (!text[i])
			continue;
		v[n].field = i;
		v[n].text = hg_str(text[i]);
		if (i == SAYS)
			memcpy(v[n].lang, "fr", 3);
		n++;
	}
	r = hg_record_new(v, n);
	hg_table_in(the_table, r, &s);
	hg_record_unref(r);
	return s;
}

static void inward_the_first_rule_that_matches_speaks(void **state)
{
	struct hg_statement s = said((struct heard){ .mode = "quiet", .where = "road" });

	assert_int_equal(s.user, 6500);
	assert_int_equal(s.machine, 0);
	s = said((struct heard){ .mode = "on", .where = "road" });
	assert_int_equal(s.machine, 15700);
	assert_int_equal(s.user, 0);
	s = said((struct heard){ .mode = "on" });
	assert_int_equal(s.machine, 3500);
	s = said((struct heard){ .where = "desk", .since = "2026-11-21T19:42:54Z" });
	assert_int_equal(s.machine, 5000);
}

static void inward_ranges_have_edges(void **state)
{
	assert_int_equal(said((struct heard){ .rank = "-10" }).machine, 12500);
	assert_int_equal(said((struct heard){ .rank = "-5" }).machine, 12500);
	assert_int_equal(said((struct heard){ .rank = "-4" }).machine, 3500);
	assert_int_equal(said((struct heard){ .rank = "-3" }).machine, 12500);
	assert_int_equal(said((struct heard){ .rank = "-2" }).machine, 3500);
	assert_int_equal(said((struct heard){ .rank = "-5", .where = "desk" }).machine, 3500);
}

static void inward_columns_carry(void **state)
{
	struct hg_statement s = said((struct heard){ .mode = "quiet",
		.says = " caf\xc3\xa9 ",
		.rank = "-7",
		.since = "1970-01-01T00:00:01Z" });

	assert_int_equal(s.user, 6500);
	assert_int_equal(s.priority, -7);
	assert_int_equal(s.idle_since, 1000);
	assert_true(hg_str_is(hg_bytes_str(s.note.text), "caf\xc3\xa9"));
	assert_string_equal(s.note.lang, "fr");
	hg_statement_done(&s);
}

static void inward_none_says_nothing_at_all(void **state)
{
	static const struct hg_statement nothing;
	struct hg_statement s = said((struct heard){ .mode = "off", .says = "bye", .rank = "5" });

	assert_int_equal(s.machine, nothing.machine);
	assert_int_equal(s.user, nothing.user);
	assert_int_equal(s.priority, 0);
	assert_null(s.note.text);
}

static void inward_what_is_no_value_is_absent(void **state)
{
	struct hg_statement s = said((struct heard){
		.mode = "OFF", .where = "", .says = " \n", .rank = "11", .since = "yesterday" });

	assert_int_equal(s.machine, 3500);
	assert_int_equal(s.priority, 0);
	assert_int_equal(s.idle_since, 0);
	assert_null(s.note.text);
}

/* ---- outward ---- */

struct shown {
	uint32_t availability;
	const char *token, *note;
	uint32_t min, max;
	int64_t last_active;
};

/* "mode=on rank=3" */
static char *written(struct shown p)
{
	static char text[2048];
	struct hg_presence presence = { .availability = p.availability,
		.last_active = p.last_active };
	struct hg_record *r;
	struct hg_buf b = { 0 };

	presence.activity.min = p.min;
	presence.activity.max = p.max;
	if (p.token)
		memcpy(presence.activity.token, p.token, strlen(p.token) + 1);
	if (p.note) {
		presence.note.text = hg_bytes_new(hg_str(p.note));
		memcpy(presence.note.lang, "el", 3);
	}
	r = hg_table_out(the_table, &presence);
	for (uint32_t i = 0; i < r->n; i++) {
		const struct hg_value *v = &r->value[i];

		hg_buf_addf(&b, "%s%s%s%s=%.*s", i ? " " : "", fields[v->field].name,
			v->lang[0] ? "/" : "", v->lang, HG_STR_ARG(v->text));
	}
	assert_true(b.n < sizeof(text));
	memcpy(text, b.n ? b.p : "", b.n + 1);
	hg_buf_done(&b);
	hg_record_unref(r);
	hg_presence_done(&presence);
	return text;
}

static void outward_the_first_rule_that_matches_writes(void **state)
{
	assert_string_equal(written((struct shown){ .availability = 3500 }), "mode=on rank=3");
	assert_string_equal(written((struct shown){ .availability = 9500 }), "mode=quiet rank=3");
	assert_string_equal(
		written((struct shown){ .availability = 0, .note = "x", .last_active = 1 }),
		"mode=off");
	assert_string_equal(written((struct shown){ .availability = 2999 }), "mode=off");
	assert_string_equal(written((struct shown){ .availability = 18000 }), "mode=off");
	assert_string_equal(written((struct shown){ .availability = 15500 }), "mode=on rank=3");
	assert_string_equal(written((struct shown){ .availability = 15500, .note = "out" }),
		"mode=on where=road says/el=out rank=3");
	assert_string_equal(written((struct shown){ .availability = 5000, .last_active = 1500 }),
		"where=desk rank=3 since=1970-01-01T00:00:01.500Z");
}

static void outward_activities_hold_within_their_bounds(void **state)
{
	const char *phone = "mode=quiet says=On the phone. rank=3";

	assert_string_equal(
		written((struct shown){ .availability = 6500, .token = "on-the-phone" }), phone);
	assert_string_equal(written((struct shown){ .availability = 8999,
				    .token = "In-A-Conference",
				    .min = 6500,
				    .max = 8999 }),
		phone);
	assert_string_equal(
		written((struct shown){ .availability = 9000, .token = "on-the-phone" }), phone);
	assert_string_equal(
		written((struct shown){ .availability = 9001, .token = "on-the-phone" }),
		"mode=quiet rank=3");
	assert_string_equal(
		written((struct shown){
			.availability = 9000, .token = "on-the-phone", .min = 6500, .max = 8999 }),
		"mode=quiet rank=3");
	assert_string_equal(written((struct shown){
				    .availability = 6500, .token = "on-the-phone", .min = 6501 }),
		"mode=quiet rank=3");
	assert_string_equal(written((struct shown){ .availability = 6500, .token = "lunch" }),
		"mode=quiet rank=3");
	assert_string_equal(
		written((struct shown){
			.availability = 6500, .token = "on-the-phone", .note = "back at 5" }),
		"mode=quiet says=On the phone. back at 5 rank=3");
}

static void texts_are_cut_and_cleaned(void **state)
{
	char note[3000], expected[64 + HG_NOTE_MAX];
	size_t n = 0;

	assert_string_equal(written((struct shown){ .availability = 3500,
				    .note = "a\x01\x0b"
					    "b\xff\xc3(\xed\xa0\x80\xef\xbf\xbf\tc" }),
		"mode=on says/el=ab(\tc rank=3");
	assert_string_equal(written((struct shown){ .availability = 3500, .note = " \x02\n" }),
		"mode=on rank=3");
	/* 341 times three octets are 1023: the next character would not fit whole */
	while (n < 2000) {
		memcpy(note + n, "\xe6\xbc\xa2", 3);
		n += 3;
	}
	note[n] = '\0';
	snprintf(expected, sizeof(expected), "mode=on says/el=%.*s rank=3", 1023, note);
	assert_string_equal(
		written((struct shown){ .availability = 3500, .note = note }), expected);
}

/* ---- facts ---- */

static void faults(const struct hg_table_source *from, const char *expected)
{
	struct hg_errs errs = { 0 };
	struct hg_buf b = { 0 };

	assert_null(hg_table_new(from, &errs));
	print_errs(&errs, &b);
	assert_string_equal(b.p, expected);
	hg_buf_done(&b);
	hg_errs_done(&errs);
}

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
		.canonical = { AVAILABILITY("busy"),
			{ .key = key, .value = { first, second } } } };
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
		{ "idle", "true", NULL, { BUSY, .last_active = 1 }, { BUSY } },
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

static void tables_have_ids(void **state)
{
	struct hg_table *other = make(&source);

	assert_int_not_equal(hg_table_id(the_table), 0);
	assert_int_not_equal(hg_table_id(the_table), hg_table_id(other));
	assert_ptr_equal(hg_table_vocabulary(other), &toy);
	hg_table_free(other);
	hg_table_free(NULL);
}

/* ---- chance ---- */

static const char *any(unsigned *seed, const char *const *of, size_t n)
{
	return of[(size_t)rand_r(seed) % n];
}

static void chance_never_breaks_it(void **state)
{
	static const char *const texts[] = { "", "on", "off", "quiet", "desk", "road", "-10", "10",
		"99999999999999999999", "2026-11-21T19:42:54Z", "\xff\xfe", "{note}",
		"\xf0\x9f\x98\x80", " ", "%s%n", "]]>" };
	static const char *const tokens[] = { "", "on-the-phone", "IN-A-CONFERENCE", "other" };
	unsigned seed = 7;

	for (int i = 0; i < 20000; i++) {
		struct hg_value v[8];
		struct hg_statement s;
		struct hg_record *r;
		size_t n = (size_t)rand_r(&seed) % 8;

		memset(v, 0, sizeof(v));
		for (size_t k = 0; k < n; k++) {
			v[k].field = (uint16_t)(rand_r(&seed) % 7); /* 5 and 6 are no fields */
			v[k].text = hg_str(any(&seed, texts, 16));
		}
		r = hg_record_new(v, n);
		hg_table_in(the_table, r, &s);
		assert_true(!s.machine || !s.user);
		assert_true(s.priority >= -10 && s.priority <= 10);
		hg_statement_done(&s);
		hg_record_unref(r);
		char *out = written(
			(struct shown){ (uint32_t)rand_r(&seed) % 20000, any(&seed, tokens, 4),
				any(&seed, texts, 16), 0, 0, rand_r(&seed) % 3 - 1 });
		assert_string_not_equal(out, "");
	}
}

/* ---- faults ---- */

/* The faults of the good table with rule `i` replaced. */
static void faults_with(size_t i, struct hg_rule rule, const char *expected)
{
	struct hg_rule all[sizeof(rules) / sizeof(rules[0])];
	struct hg_table_source from = source;

	memcpy(all, rules, sizeof(rules));
	all[i] = rule;
	from.rule = all;
	faults(&from, expected);
}

enum { OFF, CALL, QUIET, BACKGROUND, ROAD, IDLE, REST };

static void faults_of_native_fields(void **state)
{
	struct hg_rule r = rules[QUIET];

	r.native[0].key = "moed";
	faults_with(QUIET, r,
		"toy.yaml:12: rule 'quiet': vocabulary 'toy' has no field 'moed' (did you mean 'mode'?)\n");
	r = rules[QUIET];
	r.native[0].value[0] = "quit";
	faults_with(QUIET, r,
		"toy.yaml:12: rule 'quiet': field 'mode' is never 'quit' (did you mean 'quiet'?)\n");
	r.native[0].value[0] = "elsewhere";
	r.native[0].line = 99;
	faults_with(QUIET, r,
		"toy.yaml:99: rule 'quiet': field 'mode' is never 'elsewhere' (one of: on, off, quiet)\n");
	r.native[0].value[0] = NULL;
	faults_with(QUIET, r,
		"toy.yaml:99: rule 'quiet': field 'mode' has no value (give it one, or leave the field out)\n");
	r = rules[QUIET];
	r.native[1] = r.native[0];
	faults_with(QUIET, r,
		"toy.yaml:12: rule 'quiet': field 'mode' stands there twice (put its values into one list)\n");
	r = rules[QUIET];
	r.native[1] = (struct hg_term)HG_TERM("says", "shh");
	faults_with(QUIET, r,
		"toy.yaml:12: rule 'quiet': field 'says' cannot be compared with 'shh' (ask for absent, present or "
		"any; what is to be written goes under write:)\n");
	r.native[1] = (struct hg_term)HG_TERM("rank", "-11..3");
	faults_with(QUIET, r,
		"toy.yaml:12: rule 'quiet': field 'rank' is never '-11..3' (a number from -10 to 10, LOW..HIGH, absent, "
		"present or any)\n");
	r.native[1] = (struct hg_term)HG_TERM("rank", "-1..3");
	faults_with(QUIET, r,
		"toy.yaml:12: rule 'quiet': '-1..3' of field 'rank' cannot be written outward (put one number first, or say "
		"direction: in)\n");
}

/* What somebody says he is doing goes out in each language that he has said it in, with his note behind it. */
static void own_words_in_their_languages(void **state)
{
	struct hg_text said[] = { { 1031, hg_bytes_new(HG_STR("Im Labor")) },
		{ 4711, hg_bytes_new(HG_STR("in the lab, says nobody knows who")) },
		{ 4712, hg_bytes_new(HG_STR("nor who says this")) },
		{ 1033, hg_bytes_new(HG_STR("In the lab")) } };
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

static void faults_of_what_is_written(void **state)
{
	struct hg_rule r = rules[CALL];

	r.native[1].value[0] = "{nota}";
	faults_with(CALL, r,
		"toy.yaml:11: rule 'call': field 'says': nothing is known to put in place of '{nota}' (there are {note} "
		"and {text})\n");
	r = rules[CALL];
	r.write[0] = (struct hg_term)HG_TERM("rank", "11");
	r.write[1] = (struct hg_term)HG_TERM("since", "now");
	r.write[2] = (struct hg_term)HG_TERM("where", "deks");
	faults_with(CALL, r,
		"toy.yaml:11: rule 'call': '11' cannot be written into field 'rank' (one number from -10 to 10, or absent)\n"
		"toy.yaml:11: rule 'call': 'now' cannot be written into field 'since' ('{idle}' or absent)\n"
		"toy.yaml:11: rule 'call': field 'where' is never 'deks' (did you mean 'desk'?)\n");
	r = rules[BACKGROUND];
	r.write[0] = (struct hg_term)HG_TERM("rank", "1");
	faults_with(BACKGROUND, r,
		"toy.yaml:13: rule 'background': nothing is written by a rule with direction: in (leave it out, or let the "
		"rule go both ways)\n");
}

static void faults_of_the_canonical_side(void **state)
{
	struct hg_rule r = rules[QUIET];

	r.canonical[1].value[1] = "bussy";
	faults_with(QUIET, r,
		"toy.yaml:12: rule 'quiet': availability is never 'bussy' (did you mean 'busy'?)\n");
	r.canonical[1].value[1] = "9..3";
	faults_with(QUIET, r,
		"toy.yaml:12: rule 'quiet': availability is never '9..3' (one of: unknown, available, available-idle, busy, "
		"busy-idle, dnd, brb, away, offline)\n");
	r = rules[QUIET];
	r.canonical[0].value[0] = "machin";
	r.canonical[2] = (struct hg_term)HG_TERM("idel", "yes");
	faults_with(QUIET, r,
		"toy.yaml:12: rule 'quiet': unknown key 'idel' (did you mean 'idle'?)\n"
		"toy.yaml:12: rule 'quiet': state is never 'machin' (did you mean 'machine'?)\n");
	r = rules[QUIET];
	r.canonical[2] = (struct hg_term)HG_TERM("note", "maybe");
	faults_with(
		QUIET, r, "toy.yaml:12: rule 'quiet': note is never 'maybe' (one of: personal, oof, yes, no)\n");
	r = rules[QUIET];
	r.canonical[1].value[0] = "unknown";
	faults_with(QUIET, r,
		"toy.yaml:12: rule 'quiet': availability 'unknown' cannot be said inward (say state: none, or put another "
		"availability first)\n");
	r.canonical[1].value[0] = "6000..7000";
	faults_with(QUIET, r,
		"toy.yaml:12: rule 'quiet': availability '6000..7000' cannot be said inward (put a name or one number first, "
		"or say direction: out)\n");
	r.canonical[1].key = NULL;
	faults_with(QUIET, r,
		"toy.yaml:12: rule 'quiet': it does not say which availability it makes (add availability: ... under "
		"canonical:)\n");
	r.canonical[0].key = NULL;
	faults_with(QUIET, r,
		"toy.yaml:12: rule 'quiet': it does not say which state it makes (add state: machine, user, phone, calendar or none under "
		"canonical:)\n");
}

static void faults_of_direction(void **state)
{
	struct hg_rule r = rules[CALL];

	r.canonical[0] = (struct hg_term)STATE("user");
	faults_with(CALL, r,
		"toy.yaml:11: rule 'call': a state is only said inward (leave it out, or let the rule go both ways)\n");
	r = rules[BACKGROUND];
	r.canonical[1].value[1] = "away";
	r.canonical[2] = (struct hg_term)HG_TERM("idle", "yes");
	faults_with(BACKGROUND, r,
		"toy.yaml:13: rule 'background': a rule with direction: in says one availability (leave one)\n"
		"toy.yaml:13: rule 'background': idle is only asked for outward (leave it out, or let the rule go both "
		"ways)\n");
}

static void faults_of_names(void **state)
{
	struct hg_rule r = rules[QUIET];

	r.name = "off";
	faults_with(QUIET, r,
		"toy.yaml:12: rule 'off': there is a rule of that name already, in line 10 (give one of them another "
		"name)\n");
	r.name = NULL;
	faults_with(QUIET, r, "toy.yaml:12: a rule has no name (give it one: name: ...)\n");
}

static void faults_of_bindings(void **state)
{
	static const struct hg_binding bad[] = {
		{ .field = "sais", .carries = "note", .line = 1 },
		{ .field = "mode", .carries = "note", .line = 2 },
		{ .field = "says", .carries = "noet", .line = 3 },
		{ .field = "since", .carries = "idle", .line = 4 },
		{ .field = "since", .carries = "idle", .line = 5 },
		{ .field = "rank", .write = "many", .line = 6 },
	};
	struct hg_table_source from = source;

	from.binding = bad;
	from.nbindings = 6;
	faults(&from,
		"toy.yaml:1: vocabulary 'toy' has no field 'sais' (did you mean 'says'?)\n"
		"toy.yaml:2: field 'mode' cannot carry the note: it is no text (choose another field)\n"
		"toy.yaml:3: field 'says' cannot carry 'noet' (did you mean 'note'?)\n"
		"toy.yaml:5: the idle is carried by fields 'since' and 'since' (take it away from one of them)\n"
		"toy.yaml:6: 'many' cannot be written into field 'rank' (one number from -10 to 10, or absent)\n");
}

static void rules_that_nothing_reaches(void **state)
{
	struct hg_rule swapped[7];
	struct hg_table_source from = source;

	memcpy(swapped, rules, sizeof(rules));
	swapped[IDLE] = rules[REST];
	swapped[REST] = rules[IDLE];
	from.rule = swapped;
	faults(&from,
		"toy.yaml:15: rule 'idle': never reached inward: rules before it take all that it matches (put it before "
		"rule 'rest' (line 16), let it go one way, or remove it)\n"
		"toy.yaml:15: rule 'idle': never reached outward: rules before it take all that it matches (put it before "
		"rule 'rest' (line 16), let it go one way, or remove it)\n");
}

static void gaps(void **state)
{
	struct hg_rule r = rules[QUIET];
	struct hg_table_source from = source;

	r.canonical[1].value[1] = NULL;
	faults_with(QUIET, r,
		"toy.yaml: no rule outward for availability 'busy-idle' at 7500 with activity 'none', idle: no, note: no "
		"(add it to a rule, or add a rule with direction: out)\n"
		"toy.yaml: no rule outward for availability 'dnd' at 9000 with activity 'none', idle: no, note: no "
		"(add it to a rule, or add a rule with direction: out)\n");
	r = rules[OFF];
	r.direction = HG_OUT_ONLY;
	r.canonical[0] = r.canonical[1];
	r.canonical[1].key = NULL;
	faults_with(OFF, r,
		"toy.yaml: no rule inward for mode: off, where: absent, rank: absent (add a rule; with state: none if it says nothing)\n"
		"toy.yaml: no rule inward for mode: off, where: desk, since: absent (add a rule; with state: none if it says nothing)\n"
		"toy.yaml: no rule inward for mode: off, where: road (add a rule; with state: none if it says nothing)\n"
		"toy.yaml: no rule inward for mode: off, where: absent, rank: -4 (add a rule; with state: none if it says nothing)\n"
		"toy.yaml: no rule inward for mode: off, where: absent, rank: -2..10 (add a rule; with state: none if it says nothing)\n");
	from.nrules = 2;
	faults(&from,
		"toy.yaml: no rule inward for mode: absent (add a rule; with state: none if it says nothing)\n"
		"toy.yaml: no rule inward for mode: on (add a rule; with state: none if it says nothing)\n"
		"toy.yaml: no rule inward for mode: quiet (add a rule; with state: none if it says nothing)\n"
		"toy.yaml: no rule outward for availability 'available' (add it to a rule, or add a rule with direction: out)\n"
		"toy.yaml: no rule outward for availability 'available-idle' (add it to a rule, or add a rule with direction: out)\n"
		"toy.yaml: no rule outward for availability 'busy' at 6000 with activity 'none' (add it to a rule, or add a rule with direction: out)\n"
		"toy.yaml: no rule outward for availability 'busy-idle' at 7500 with activity 'none' (add it to a rule, or add a rule with direction: out)\n"
		"toy.yaml: no rule outward for availability 'dnd' at 9000 with activity 'none' (add it to a rule, or add a rule with direction: out)\n"
		"toy.yaml: no rule outward for availability 'brb' (add it to a rule, or add a rule with direction: out)\n"
		"toy.yaml: no rule outward for availability 'away' (add it to a rule, or add a rule with direction: out)\n");
}

static void too_many_rules(void **state)
{
	static struct hg_rule many[HG_RULES_MAX + 1];
	struct hg_table_source from = source;

	for (size_t i = 0; i <= HG_RULES_MAX; i++)
		many[i] = rules[REST];
	from.rule = many;
	from.nrules = HG_RULES_MAX + 1;
	faults(&from, "toy.yaml:16: 257 rules; 256 are the most (merge some of them)\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_are_compared_by_content),
		cmocka_unit_test(inward_the_first_rule_that_matches_speaks),
		cmocka_unit_test(inward_ranges_have_edges),
		cmocka_unit_test(inward_columns_carry),
		cmocka_unit_test(inward_none_says_nothing_at_all),
		cmocka_unit_test(inward_what_is_no_value_is_absent),
		cmocka_unit_test(outward_the_first_rule_that_matches_writes),
		cmocka_unit_test(outward_activities_hold_within_their_bounds),
		cmocka_unit_test(texts_are_cut_and_cleaned),
		cmocka_unit_test(every_fact_is_asked_for),
		cmocka_unit_test(every_word_of_a_fact),
		cmocka_unit_test(inward_a_call_and_a_meeting),
		cmocka_unit_test(inward_a_program_chose_it),
		cmocka_unit_test(tables_have_ids),
		cmocka_unit_test(chance_never_breaks_it),
		cmocka_unit_test(faults_of_native_fields),
		cmocka_unit_test(own_words_in_their_languages),
		cmocka_unit_test(faults_of_what_is_written),
		cmocka_unit_test(faults_of_the_canonical_side),
		cmocka_unit_test(faults_of_direction),
		cmocka_unit_test(faults_of_names),
		cmocka_unit_test(faults_of_bindings),
		cmocka_unit_test(rules_that_nothing_reaches),
		cmocka_unit_test(gaps),
		cmocka_unit_test(too_many_rules),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
