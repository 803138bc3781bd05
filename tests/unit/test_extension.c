/* SPDX-License-Identifier: Apache-2.0 */
/* The extension that makes a round trip lossless. */
#include "tests/unit/test_pidf.h"

#include <stdlib.h>

#define STATES 5000

/* ---- random states, the same in every run ---- */

static uint64_t seed = 1;

static uint32_t draw(uint32_t below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(seed >> 33) % below;
}

static uint32_t draw_number(void)
{
	static const uint32_t edges[] = { 0, 1, 2999, 3500, 6500, 9500, 18500, UINT32_MAX - 1,
		UINT32_MAX };

	return draw(2) ? draw(20000) : edges[draw(sizeof(edges) / sizeof(*edges))];
}

static void draw_word(char *ret, size_t size, const char *const *parts, uint32_t n)
{
	size_t most = draw((uint32_t)size);

	for (;;) {
		const char *part = parts[draw(n)];

		if (strlen(ret) + strlen(part) > most)
			return;
		strcat(ret, part);
	}
}

static const char *const anything[] = { "a", "on-the-phone", "é", "<", "&", "\"", "'", " ", "\t",
	"\xf0\x9f\x98\x80", "\xd7\xa9" };
static const char *const host[] = { "gw", ".", "-", "7", "example" };

static struct hg_extension draw_state(void)
{
	struct hg_extension e = { .availability = 3000 + draw(15000), /* somebody who is there */
		.min = draw_number(),
		.max = draw_number(),
		.manual = draw(2),
		.last_active = draw(2) ? 0 : INT64_C(1795255200000) + draw(100000000),
		.hops = draw(6) };

	draw_word(e.token, sizeof(e.token), anything, 11);
	draw_word(e.device, sizeof(e.device), anything, 11);
	draw_word(e.origin, sizeof(e.origin), host, 5);
	return e;
}

static bool same(const struct hg_extension *a, const struct hg_extension *b)
{
	return a->availability == b->availability && a->min == b->min && a->max == b->max &&
		a->manual == b->manual && a->last_active == b->last_active && a->note == b->note &&
		a->note_at == b->note_at && a->note_size == b->note_size &&
		a->hops == b->hops && strcmp(a->token, b->token) == 0 &&
		strcmp(a->device, b->device) == 0 && strcmp(a->origin, b->origin) == 0;
}

/* ---- in PIDF ---- */

static struct hg_pidf draw_document(struct hg_extension *ret)
{
	struct hg_pidf p = { .entity = hg_bytes_new(HG_STR("sip:a@b")) };
	struct hg_pidf_tuple *t = hg_pidf_add_tuple(&p, HG_STR("r"));
	char text[40] = "";

	draw_word(text, sizeof(text), anything, 11);
	t->basic = HG_PIDF_OPEN;
	t->show = draw(HG_PIDF_SHOWS);
	if (draw(2))
		t->contact = hg_bytes_new(HG_STR("sip:a@b"));
	t->priority = hg_pidf_thousandths((int)draw(256) - 128);
	if (draw(2))
		hg_notes_add(&t->notes, HG_STR("en"), hg_str(text));
	if (draw(2))
		hg_notes_add(&t->notes, HG_STR_NONE, HG_STR("second"));
	t->has_extension = true;
	t->extension = *ret = draw_state();
	return p;
}

static void random_states_come_back(void **state)
{
	struct hg_buf b = { 0 };

	for (int i = 0; i < STATES; i++) {
		struct hg_extension sent;
		struct hg_pidf p = draw_document(&sent);

		hg_buf_reset(&b);
		hg_pidf_write(&b, &p);
		hg_pidf_done(&p);
		p = pidf_of(hg_buf_str(&b));
		assert_true(p.tuple->has_extension);
		assert_true(same(&p.tuple->extension, &sent));
		hg_pidf_done(&p);
	}
	hg_buf_done(&b);
}

/* ---- in a stanza, whose parser gives attributes ---- */

/* `text` is what hg_extension_write wrote: values without entities, for the test's sake. */
static size_t split(char *text, struct hg_attr *attr)
{
	size_t n = 0;
	char *rest = strchr(text, ' ');

	while (rest && *rest == ' ') {
		char *name = rest + 1, *value = strchr(name, '=') + 2, *end = strchr(value, '"');

		attr[n].name = (struct hg_str){ name, (size_t)(value - 2 - name) };
		attr[n++].value = (struct hg_str){ value, (size_t)(end - value) };
		rest = end + 1;
	}
	return n;
}

static const struct hg_extension in_a_call = { .availability = 6500,
	.token = "on-the-phone",
	.min = 6500,
	.max = 8999,
	.manual = true,
	.device = "mobile",
	.last_active = INT64_C(1795255200000),
	.note = HG_EXTENSION_OOF,
	.note_at = 3,
	.note_size = 8,
	.hops = 1,
	.origin = "gw1.corp.example" };

static const struct hg_extension_core dnd = { HG_CORE_AVAILABLE, HG_STR("dnd"), 5,
	HG_STR("Na schůzce"), NULL };

static void the_words_of_it(void **state)
{
	struct hg_attr attr[HG_EXTENSION_ATTRS_MAX];
	struct hg_extension back;
	struct hg_buf b = { 0 };

	hg_extension_write(&b, &in_a_call, &dnd);
	assert_str(hg_buf_str(&b),
		"<lp xmlns=\"urn:uuid:35d73933-47dc-43eb-a41c-5307dbdf0b91\" av=\"6500\" "
		"tok=\"on-the-phone\" min=\"6500\" max=\"8999\" man=\"1\" dev=\"mobile\" "
		"la=\"2026-11-21T10:00:00.000Z\" note=\"oof\" at=\"3\" len=\"8\" h=\"1\" o=\"gw1.corp.example\" "
		"ck=\"2357c4ef\"/>");
	size_t n = split(b.p, attr);
	assert_int_equal(n, 14);
	assert_true(hg_extension_read(attr, n, &dnd, &back));
	assert_true(same(&back, &in_a_call));
	/* docs/extension.md has these two */
	const struct hg_extension_core bare = { .type = HG_CORE_AVAILABLE };
	hg_buf_reset(&b);
	hg_extension_write(
		&b, &(struct hg_extension){ .availability = 3500, .max = UINT32_MAX }, &bare);
	assert_str(
		hg_buf_str(&b), "<lp xmlns=\"" HG_NS_EXTENSION "\" av=\"3500\" ck=\"c1506d6a\"/>");
	hg_buf_reset(&b);
	hg_extension_write(&b, &in_a_call, &dnd);
	/* what a later version adds, and an order that no writer of ours has */
	n = split(b.p, attr);
	attr[0] = (struct hg_attr){ HG_STR("new"), HG_STR("thing") };
	struct hg_attr last = attr[n - 1];
	attr[n - 1] = attr[1];
	attr[1] = last;
	assert_true(hg_extension_read(attr, n, &dnd, &back));
	assert_true(same(&back, &in_a_call));
	hg_buf_done(&b);
}

static void a_changed_core_wins(void **state)
{
	static const struct hg_extension_core changed[] = {
		{ HG_CORE_UNAVAILABLE, HG_STR("dnd"), 5, HG_STR("Na schůzce"), NULL },
		{ HG_CORE_UNKNOWN, HG_STR("dnd"), 5, HG_STR("Na schůzce"), NULL },
		{ HG_CORE_AVAILABLE, HG_STR("away"), 5, HG_STR("Na schůzce"), NULL },
		{ HG_CORE_AVAILABLE, HG_STR_NONE, 5, HG_STR("Na schůzce"), NULL },
		{ HG_CORE_AVAILABLE, HG_STR("dnd"), -5, HG_STR("Na schůzce"), NULL },
		{ HG_CORE_AVAILABLE, HG_STR("dnd"), 5, HG_STR("Na schůzce."), NULL },
		{ HG_CORE_AVAILABLE, HG_STR("dnd"), 5, HG_STR_NONE, NULL },
		{ HG_CORE_AVAILABLE, HG_STR("dn"), 5, HG_STR("dNa schůzce"), NULL },
	};
	struct hg_attr attr[HG_EXTENSION_ATTRS_MAX];
	struct hg_extension back;
	struct hg_buf b = { 0 };

	hg_extension_write(&b, &in_a_call, &dnd);
	size_t n = split(b.p, attr);
	for (size_t i = 0; i < sizeof(changed) / sizeof(*changed); i++)
		assert_false(hg_extension_read(attr, n, &changed[i], &back));
	hg_buf_done(&b);
}

/* The note is found in what a table wrote around it; what is not written is not said. */
static void the_note_of_a_presence(void **state)
{
	static const struct {
		const char *note, *text, *back;
	} rows[] = {
		{ "back at 5", "On the phone. back at 5", "back at 5" },
		{ " phone ", "On the phone. phone", "phone" },
		{ "busy", "busy (busy), says the table", "busy" },
		{ "back at 5", "On the phone.", "" },
		{ "", "On the phone.", "" },
		{ "back at 5", "", "" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct hg_extension_core core = { HG_CORE_AVAILABLE, HG_STR("dnd"), 0,
			hg_str(rows[i].text), NULL };
		struct hg_presence p = { .availability = 6501,
			.device = HG_DEVICE_OTHER,
			.note = { .oof = true, .text = hg_bytes_new(hg_str(rows[i].note)) } },
				   back;
		struct hg_extension e;

		assert_true(hg_extension_of(&p, HG_STR("corp.example"), &core, &e));
		hg_extension_presence(&e, &core, &back);
		assert_str(hg_bytes_str(back.note.text), rows[i].back);
		assert_int_equal(back.note.oof, rows[i].back[0] != '\0');
		assert_int_equal(back.availability, 6501);
		assert_int_equal(back.device, HG_DEVICE_OTHER);
		hg_presence_done(&p);
		hg_presence_done(&back);
	}
}

/* What XML cannot carry is not in what arrives. */
static void control_characters_do_not_count(void **state)
{
	struct hg_extension_core sent = dnd, arrived = dnd;
	struct hg_extension plain = in_a_call;
	struct hg_attr attr[HG_EXTENSION_ATTRS_MAX];
	struct hg_extension back;
	struct hg_buf b = { 0 };

	sent.text = HG_STR("bell\a");
	arrived.text = HG_STR("bell");
	plain.note = HG_EXTENSION_NO_NOTE;
	plain.note_at = plain.note_size = 0;
	hg_extension_write(&b, &plain, &sent);
	assert_true(hg_extension_read(attr, split(b.p, attr), &arrived, &back));
	hg_buf_done(&b);
}

static bool with(const char *name, const char *value)
{
	struct hg_attr attr[HG_EXTENSION_ATTRS_MAX];
	struct hg_extension back;
	struct hg_buf b = { 0 };

	hg_extension_write(&b, &in_a_call, &dnd);
	size_t n = split(b.p, attr);
	for (size_t i = 0; i < n; i++) {
		if (!hg_str_is(attr[i].name, name))
			continue;
		if (value)
			attr[i].value = hg_str(value);
		else
			attr[i] = attr[--n];
	}
	bool read = hg_extension_read(attr, n, &dnd, &back);
	hg_buf_done(&b);
	return read;
}

static void one_that_is_broken_is_none(void **state)
{
	static const char *const bad[][2] = { { "av", "" }, { "av", "-1" }, { "av", "4294967296" },
		{ "av", "0" }, { "av", "18500" }, { "av", NULL }, { "ck", NULL }, { "ck", "" },
		{ "ck", "00000000" }, { "tok", "123456789012345678901234567890123456789012345678" },
		{ "min", "x" }, { "max", "" }, { "man", "yes" }, { "dev", "1234567890123456" },
		{ "la", "now" }, { "h", "-" }, { "note", "" }, { "note", NULL },
		{ "at", "11" }, { "at", "x" }, { "at", "8" }, { "at", "4294967295" },
		{ "len", "0" }, { "len", NULL }, { "len", "9" }, { "len", "4" },
		{ "len", "4294967295" }, { "o", "gw 1" }, { "o", "gw\n" },
		{ "o", "12345678901234567890123456789012345678901234567890123456789012345" } };
	static const char *const good[][2] = { { "av", "9500" }, { "man", "0" }, { "tok", "" },
		{ "tok", "12345678901234567890123456789012345678901234567" }, { "tok", NULL },
		{ "dev", "123456789012345" }, { "o", "" }, { "h", NULL }, { "la", NULL },
		{ "note", "personal" }, { "at", NULL }, { "len", "5" } };

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		if (with(bad[i][0], bad[i][1]))
			fail_msg("%s='%s' was read", bad[i][0], bad[i][1] ? bad[i][1] : "");
	}
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		if (!with(good[i][0], good[i][1]))
			fail_msg("%s was not read", good[i][0]);
	}
}

static void foreign_ones_are_not_ours(void **state)
{
	static const char *const inside[] = { "<lp xmlns='urn:x' av='6500' ck='x'/>",
		"<lp av='6500'/>", "<lp xmlns='" HG_NS_EXTENSION "' av='6500' ck='00000000'/>",
		"<LP xmlns='" HG_NS_EXTENSION "' av='6500'/>" };

	for (size_t i = 0; i < sizeof(inside) / sizeof(*inside); i++) {
		struct hg_buf b = { 0 };

		hg_buf_addf(&b, TUPLE_OF("<status><basic>open</basic>%s</status>"), inside[i]);
		struct hg_pidf p = pidf_of(hg_buf_str(&b));
		assert_int_equal(p.tuple->basic, HG_PIDF_OPEN);
		assert_false(p.tuple->has_extension);
		hg_pidf_done(&p);
		hg_buf_done(&b);
	}
}

/* How somebody is not there, whom he has blocked, whether he chose it: nobody may tell it from any other way of not being there. */
static void who_is_not_there_has_none(void **state)
{
	struct hg_extension_core core = { .type = HG_CORE_UNAVAILABLE };
	struct hg_presence p = { .availability = 18500, .manual = true };
	struct hg_attr attr[HG_EXTENSION_ATTRS_MAX];
	struct hg_extension e = in_a_call;
	struct hg_buf b = { 0 };

	assert_false(hg_extension_of(&p, HG_STR("corp.example"), &core, &e));
	core.type = HG_CORE_UNKNOWN;
	assert_false(hg_extension_of(&p, HG_STR("corp.example"), &core, &e));
	/* and from others none is believed */
	e = in_a_call;
	core = dnd;
	core.type = HG_CORE_UNAVAILABLE;
	hg_extension_write(&b, &e, &core);
	assert_false(hg_extension_read(attr, split(b.p, attr), &core, &e));
	hg_buf_done(&b);
}

static void it_says_where_it_comes_from(void **state)
{
	struct hg_presence p = { .availability = 9500, .hops = 3 }, back;
	struct hg_extension e;

	assert_true(hg_extension_of(&p, HG_STR("corp.example"), &dnd, &e));
	assert_string_equal(e.origin, "corp.example");
	assert_int_equal(e.hops, 3);
	hg_extension_presence(&e, &dnd, &back);
	assert_int_equal(back.hops, 4); /* it may be shown, and is not passed on as it is */
	assert_true(hg_extension_of(&back, HG_STR("corp.example"), &dnd, &e));
	assert_false(hg_extension_may_pass(&e, HG_STR("elsewhere.example")));
	back.hops = 5;
	assert_false(hg_extension_of(&back, HG_STR("corp.example"), &dnd, &e));
	/* a name that cannot stand there is not said */
	assert_true(hg_extension_of(&p, HG_STR("[::1]"), &dnd, &e));
	assert_string_equal(e.origin, "");
	assert_str(hg_extension_domain(HG_STR("sip:a%40b@corp.example")), "corp.example");
	assert_str(hg_extension_domain(HG_STR("corp.example")), "");
	assert_str(hg_extension_domain(HG_STR("")), "");
}

static void it_does_not_go_round(void **state)
{
	struct hg_extension e = in_a_call;

	assert_true(hg_extension_may_pass(&e, HG_STR("gw2.corp.example")));
	assert_false(hg_extension_may_pass(&e, HG_STR("gw1.corp.example")));
	e.hops = 4;
	assert_false(hg_extension_may_pass(&e, HG_STR("gw2.corp.example")));
	e.hops = 3;
	assert_true(hg_extension_may_pass(&e, HG_STR("gw2.corp.example")));
	assert_false(hg_extension_may_pass(&e, HG_STR("GW1.corp.example")));
	e.origin[0] = '\0';
	assert_true(hg_extension_may_pass(&e, HG_STR_NONE));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_states_come_back),
		cmocka_unit_test(the_words_of_it),
		cmocka_unit_test(a_changed_core_wins),
		cmocka_unit_test(the_note_of_a_presence),
		cmocka_unit_test(who_is_not_there_has_none),
		cmocka_unit_test(it_says_where_it_comes_from),
		cmocka_unit_test(control_characters_do_not_count),
		cmocka_unit_test(one_that_is_broken_is_none),
		cmocka_unit_test(foreign_ones_are_not_ours),
		cmocka_unit_test(it_does_not_go_round),
	};

	return cmocka_run_group_tests_name("lossless extension", tests, NULL, NULL);
}
