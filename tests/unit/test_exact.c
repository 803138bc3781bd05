/* SPDX-License-Identifier: Apache-2.0 */
/*
 * There and back with the extension, through all that lies between two gateways: the shipped table, the adapter's writer, XML,
 * the adapter's reader, the table again, and what is put together of it. Who is there comes back as he was.
 */
#include "bridge/conf/mapping_file.h"
#include "bridge/documents/pidf_record.h"
#include "bridge/mapping/table.h"
#include "bridge/presence/faces.h"
#include "plugins/xmpp/xmpp.h"

#include "tests/contract/xmpp_host.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define NOW INT64_C(1785000000000)

static struct hg_core core;
static struct hg_xmpp *xmpp;
static xmpp_ctx_t *ctx;
static struct hg_tables xmpp_tables, pidf_tables;

static void load(const char *name, const struct hg_vocabulary *v, struct hg_tables *ret)
{
	struct hg_errs errs = { 0 };
	char path[512];

	snprintf(path, sizeof(path), HG_SOURCE_DIR "/mappings/%s.yaml", name);
	assert_int_equal(hg_mapping_load(path, v, NULL, ret, &errs), 0);
	hg_errs_done(&errs);
}

/* ---- the two ways ---- */

struct way {
	const char *name;
	const struct hg_tables *tables;
	void (*write)(const struct hg_view *, const struct hg_record *, struct hg_buf *);
	struct hg_record *(*read)(struct hg_str, const char *own); /* NULL: there is nobody */
};

static void write_stanza(const struct hg_view *v, const struct hg_record *r, struct hg_buf *b)
{
	hg_buf_adds(b, "<presence xmlns='jabber:component:accept'");
	hg_xmpp_render(xmpp, 0, v, r, b);
}

static struct hg_record *read_stanza(struct hg_str text, const char *own)
{
	xmpp_stanza_t *stanza = xmpp_stanza_new_from_string(ctx, text.p);
	struct hg_xmpp_losses losses = { 0 };
	struct hg_record *r = NULL;

	assert_non_null(stanza);
	if (!xmpp_stanza_get_type(stanza))
		r = hg_xmpp_record(stanza, hg_str(own), NOW, &losses);
	xmpp_stanza_release(stanza);
	return r;
}

static void write_pidf(const struct hg_view *v, const struct hg_record *r, struct hg_buf *b)
{
	struct hg_pidf doc;

	hg_pidf_of_record(r, HG_STR("heliograph"), &doc);
	doc.entity = hg_bytes_new(HG_STR("sip:alice@corp.example"));
	hg_pidf_set_extension(doc.tuple, &v->person, hg_extension_domain(v->presentity));
	hg_pidf_write(b, &doc);
	hg_pidf_done(&doc);
}

static struct hg_record *read_pidf(struct hg_str text, const char *own)
{
	struct hg_record *r = NULL;
	struct hg_doc_err err;
	struct hg_pidf doc;

	assert_int_equal(hg_pidf_read(text, &doc, &err), 0);
	if (doc.tuple->basic == HG_PIDF_OPEN)
		r = hg_pidf_record(&doc, doc.tuple, hg_str(own), NOW);
	hg_pidf_done(&doc);
	return r;
}

static const struct way ways[] = { { "xmpp", &xmpp_tables, write_stanza, read_stanza },
	{ "pidf", &pidf_tables, write_pidf, read_pidf } };
enum { WAYS = sizeof(ways) / sizeof(ways[0]) };

/* ---- what travels ---- */

/* As it stands on the wire; ends with hg_buf_done. */
static struct hg_buf sent(const struct way *w, const struct hg_presence *p)
{
	struct hg_view v = { .part = HG_PART_WHOLE,
		.standing = HG_KNOWN,
		.presentity = HG_STR("alice@corp.example"),
		.person = *p };
	struct hg_record *r = hg_table_out(w->tables->v[0], p);
	struct hg_buf b = { 0 };

	w->write(&v, r, &b);
	hg_record_unref(r);
	return b;
}

/* What a watcher in `own` is shown of it. */
static void arrived(
	const struct way *w, struct hg_str text, const char *own, struct hg_presence *ret)
{
	struct hg_record *r = w->read(text, own);
	const struct hg_grammar none = { 0 };
	struct hg_statement s;

	*ret = (struct hg_presence){ 0 };
	if (!r)
		return;
	hg_table_in(w->tables->v[0], r, &s);
	hg_faces_presence(&none, &(struct hg_said){ &s, NOW }, 1, NOW, ret);
	hg_statement_done(&s);
	hg_record_unref(r);
}

static bool same(const struct hg_presence *a, const struct hg_presence *b)
{
	uint32_t max = a->activity.max ? a->activity.max : UINT32_MAX;

	return a->availability == b->availability && a->activity.min == b->activity.min &&
		max == b->activity.max && !strcmp(a->activity.token, b->activity.token) &&
		a->manual == b->manual && a->device == b->device &&
		a->last_active == b->last_active && a->note.oof == b->note.oof &&
		hg_str_eq(hg_bytes_str(a->note.text), hg_bytes_str(b->note.text));
}

static bool is_there(uint32_t availability)
{
	enum hg_band band = hg_band_of(availability);

	return band != HG_BAND_UNKNOWN && band != HG_BAND_OFFLINE;
}

static void travels(const struct way *w, const struct hg_presence *p)
{
	struct hg_buf text = sent(w, p);
	struct hg_presence back;
	bool has = strstr(text.p, HG_NS_EXTENSION) != NULL;

	if (has != is_there(p->availability))
		fail_msg("%s: %u: %s", w->name, p->availability, text.p);
	arrived(w, hg_buf_str(&text), "other.example", &back);
	if (has && !same(p, &back))
		fail_msg("%s: %u %s comes back as %u %s: %s", w->name, p->availability,
			p->activity.token, back.availability, back.activity.token, text.p);
	if (has && back.hops != p->hops + 1)
		fail_msg("%s: %d hops", w->name, back.hops);
	hg_presence_done(&back);
	hg_buf_done(&text);
}

static void whoever_is_there_comes_back_as_he_was(void **state)
{
	static const uint32_t numbers[] = { 0, 2999, 3000, 3500, 4499, 4500, 5000, 6000, 6500, 6501,
		6900, 7000, 7500, 8999, 9000, 9500, 12000, 12500, 15000, 15500, 17999, 18000,
		UINT32_MAX };
	static const char *const tokens[] = { "", "on-the-phone", "in-a-meeting", "in-a-conference",
		"in-presentation", "urgent-interruptions-only", "out-of-office", "off-work",
		"in the lab <&\xc3\xbc>" };
	static const char *const notes[] = { "", "back at 5", "5 < 6 & \"so\" \xf0\x9f\x98\x80" };
	size_t n = 0;

	for (size_t i = 0; i < 23 * 9 * 3 * 8; i++) {
		const char *note = notes[i / 8 % 3];
		struct hg_presence p = { .availability = numbers[i / (8 * 3 * 9)],
			.manual = i & 1,
			.device = i & 2 ? HG_DEVICE_MOBILE : HG_DEVICE_UNKNOWN,
			.last_active = i & 4 ? NOW - 3600000 : 0,
			.circle = HG_CIRCLE_COLLEAGUES };

		snprintf(p.activity.token, HG_TOKEN_MAX, "%s", tokens[i / (8 * 3) % 9]);
		hg_token_bounds(hg_str(p.activity.token), &p.activity.min, &p.activity.max);
		if (*note)
			p.note = (struct hg_note){ .oof = i % 5 == 0,
				.text = hg_bytes_new(hg_str(note)) };
		for (size_t k = 0; k < WAYS; k++, n++)
			travels(&ways[k], &p);
		hg_presence_done(&p);
	}
	assert_int_equal(n, 23 * 9 * 3 * 8 * WAYS);
}

/* ---- when it does not count ---- */

/* Which number arrives of somebody who is to be disturbed by nobody, in a text in which `from` has become `to`. */
static uint32_t changed(const struct way *w, const char *from, const char *to, const char *own)
{
	struct hg_presence p = { .availability = 9500, .manual = true }, back;
	struct hg_buf text = sent(w, &p), b = { 0 };
	const char *at = strstr(text.p, from);

	assert_non_null(at);
	hg_buf_add(&b, (struct hg_str){ text.p, (size_t)(at - text.p) });
	hg_buf_adds(&b, to);
	hg_buf_adds(&b, at + strlen(from));
	arrived(w, hg_buf_str(&b), own, &back);
	uint32_t availability = back.availability;
	hg_presence_done(&back);
	hg_buf_done(&text);
	hg_buf_done(&b);
	return availability;
}

enum { WORDS = 18500 }; /* with an empty grammar nothing is made of words alone */

static void others_words_win(void **state)
{
	assert_int_equal(changed(&ways[0], "", "", "other.example"), 9500);
	assert_int_equal(changed(&ways[0], ">dnd<", ">away<", "other.example"), WORDS);
	assert_int_equal(changed(&ways[0], "av=\"9500\"", "av=\"9501\"", "other.example"), 9501);
	assert_int_equal(changed(&ways[0], "av=\"9500\"", "av=\"18500\"", "other.example"), WORDS);
	assert_int_equal(
		changed(&ways[0], "</presence>", "<status>x</status></presence>", "other.example"),
		WORDS);
	assert_int_equal(changed(&ways[1], "", "", "other.example"), 9500);
	assert_int_equal(changed(&ways[1], ">open<", ">closed<", "other.example"), 0);
	assert_int_equal(changed(&ways[1], ">dnd<", ">away<", "other.example"), WORDS);
}

static void it_counts_for_others_alone(void **state)
{
	for (size_t k = 0; k < WAYS; k++) {
		assert_int_equal(changed(&ways[k], "", "", "corp.example"), WORDS); /* come back */
		assert_int_equal(changed(&ways[k], "", "", ""), WORDS); /* switched off */
		assert_int_equal(changed(&ways[k], " ck=", " h=\"4\" ck=", "other.example"), WORDS);
		assert_int_equal(changed(&ways[k], " ck=", " h=\"3\" ck=", "other.example"), 9500);
	}
}

/* What somebody does in his own words is a text for those who do not know them, and remains one. */
static void own_words(void **state)
{
	const struct hg_text words = { .lcid = 1033, .text = hg_bytes_new(HG_STR("In the lab")) };
	struct hg_presence p = { .availability = 6501, .activity.max = UINT32_MAX }, back;

	p.activity.custom = hg_texts_new(&words, 1);
	for (size_t k = 0; k < WAYS; k++) {
		struct hg_buf b = sent(&ways[k], &p);

		arrived(&ways[k], hg_buf_str(&b), "other.example", &back);
		assert_int_equal(back.availability, 6501);
		assert_string_equal(back.note.text ? back.note.text->p : "", "In the lab");
		assert_string_equal(back.note.lang, "en-US");
		hg_presence_done(&back);
		hg_buf_done(&b);
	}
	hg_presence_done(&p);
	hg_bytes_unref(words.text);
}

/* A text in three languages; with the extension, which speaks of the first alone, and without. */
static void languages(void **state)
{
	const struct hg_text more[] = { { .lang = "cs",
						.text = hg_bytes_new(HG_STR("na sch\xc5\xafzce")) },
		{ .lang = "de", .text = hg_bytes_new(HG_STR("in einer Besprechung")) } };
	struct hg_presence p = { .availability = 6501,
		.note = { .text = hg_bytes_new(HG_STR("in a meeting")),
			.lang = "en",
			.also = hg_texts_new(more, 2) } };

	for (size_t k = 0; k < 2 * WAYS; k++) {
		const struct way *w = &ways[k / 2];
		struct hg_buf b = sent(w, &p);
		struct hg_record *r = w->read(hg_buf_str(&b), k % 2 ? "other.example" : "");
		struct hg_statement s;

		hg_table_in(w->tables->v[0], r, &s);
		assert_int_equal(s.exact != NULL, k % 2);
		assert_string_equal(s.note.text->p, "in a meeting");
		assert_string_equal(s.note.lang, "en");
		assert_true(s.note.also && s.note.also->hash == p.note.also->hash);
		assert_true(hg_note_eq(&s.note, &p.note));
		hg_statement_done(&s);
		hg_record_unref(r);
		hg_buf_done(&b);
	}
	hg_bytes_unref(more[0].text);
	hg_bytes_unref(more[1].text);
	hg_presence_done(&p);
}

/* As far as it is there it is a note still. */
static void a_note_that_was_too_long(void **state)
{
	char text[2 * HG_XMPP_STATUS_MAX];
	struct hg_presence p = { .availability = 6501, .note.oof = true }, back;

	for (size_t i = 0; i < sizeof(text); i += 2)
		memcpy(text + i, "\xc3\xbc", 2);
	text[0] = text[1] = 'x';
	for (size_t n = HG_XMPP_STATUS_MAX - 2; n <= sizeof(text); n += 2) {
		p.note.text = hg_bytes_new((struct hg_str){ text, n });
		for (size_t k = 0; k < WAYS; k++) {
			struct hg_buf b = sent(&ways[k], &p);

			arrived(&ways[k], hg_buf_str(&b), "other.example", &back);
			assert_int_equal(back.availability, 6501);
			assert_true(back.note.oof);
			assert_true(hg_str_starts(
				hg_bytes_str(p.note.text), hg_bytes_str(back.note.text)));
			assert_true(back.note.text->n >= HG_XMPP_STATUS_MAX - 2);
			hg_presence_done(&back);
			hg_buf_done(&b);
		}
		hg_bytes_unref(p.note.text);
	}
}

static void it_can_be_switched_off(void **state)
{
	struct hg_presence p = { .availability = 6500 };

	xmpp->extension = false;
	struct hg_buf b = sent(&ways[0], &p);
	xmpp->extension = true;
	assert_null(strstr(b.p, HG_NS_EXTENSION));
	hg_buf_done(&b);
}

/* ---- records and what is made of several ---- */

static void the_state_is_part_of_a_record(void **state)
{
	struct hg_presence busy = { .availability = 6500 }, other = { .availability = 6501 };
	struct hg_value v = { .field = HG_XMPP_SHOW, .text = HG_STR("dnd") };
	struct hg_record *plain = hg_record_new(&v, 1), *a = hg_record_new_exact(&v, 1, &busy),
			 *b = hg_record_new_exact(&v, 1, &other),
			 *again = hg_record_new_exact(&v, 1, &busy);

	assert_false(hg_record_eq(plain, a));
	assert_false(hg_record_eq(a, plain));
	assert_false(hg_record_eq(a, b));
	assert_true(hg_record_eq(a, again));
	hg_record_unref(plain);
	hg_record_unref(a);
	hg_record_unref(b);
	hg_record_unref(again);
}

/* What a state said whole is, when others speak too: what his device saw, or what he, his telephone or his calendar said. */
static void places(void **state)
{
	static const struct {
		uint32_t availability;
		const char *token;
		bool manual;
		const char *want; /* machine, user, phone, calendar */
	} rows[] = {
		{ 3500, "", false, "3500 0 0 0" },
		{ 3500, "", true, "0 3500 0 0" },
		{ 5000, "", false, "5000 0 0 0" },
		{ 15500, "", false, "15500 0 0 0" },
		{ 15500, "off-work", true, "0 15500 0 0" },
		{ 6500, "", false, "0 6500 0 0 automatic" },
		{ 9500, "", false, "0 9500 0 0 automatic" },
		{ 12500, "", false, "0 12500 0 0 automatic" },
		{ 6500, "On-the-Phone", false, "0 0 6500 0" },
		{ 9000, "in-presentation", false, "0 0 9000 0" },
		{ 6500, "in-a-meeting", false, "0 0 0 6500" },
		{ 15500, "out-of-office", false, "0 0 0 15500" },
		{ 6500, "in-a-meeting", true, "0 6500 0 0" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct hg_presence p = { .availability = rows[i].availability,
			.manual = rows[i].manual };
		struct hg_value v = { .field = HG_XMPP_TYPE, .text = HG_STR("available") };
		struct hg_buf b = { 0 };
		struct hg_statement s;

		snprintf(p.activity.token, HG_TOKEN_MAX, "%s", rows[i].token);
		struct hg_record *r = hg_record_new_exact(&v, 1, &p);
		hg_table_in(xmpp_tables.v[0], r, &s);
		hg_buf_addf(&b, "%u %u %u %u%s", s.machine, s.user, s.phone, s.calendar,
			s.automatic ? " automatic" : "");
		assert_string_equal(b.p, rows[i].want);
		assert_string_equal(s.token, rows[i].token);
		hg_buf_done(&b);
		hg_statement_done(&s);
		hg_record_unref(r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whoever_is_there_comes_back_as_he_was),
		cmocka_unit_test(others_words_win),
		cmocka_unit_test(it_counts_for_others_alone),
		cmocka_unit_test(own_words),
		cmocka_unit_test(languages),
		cmocka_unit_test(a_note_that_was_too_long),
		cmocka_unit_test(it_can_be_switched_off),
		cmocka_unit_test(the_state_is_part_of_a_record),
		cmocka_unit_test(places),
	};
	int failed;

	fake_core = &core;
	xmpp = hg_xmpp_new(&fake_host, &core);
	xmpp->extension = true;
	ctx = xmpp_ctx_new(NULL, NULL);
	load("xmpp", &hg_xmpp_vocabulary, &xmpp_tables);
	load("pidf", &hg_pidf_vocabulary, &pidf_tables);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	hg_tables_done(&xmpp_tables);
	hg_tables_done(&pidf_tables);
	xmpp_ctx_free(ctx);
	hg_xmpp_adapter.destroy(xmpp);
	fake_done(&core);
	return failed;
}
