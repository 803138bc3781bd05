/* SPDX-License-Identifier: Apache-2.0 */
/* Stanzas as they are written, the room that is told, and the waits between attempts. No
 * connection is made. */
#include "plugins/xmpp/iq.h"

#include "tests/contract/xmpp_host.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

struct fixture {
	struct hg_core core;
	struct hg_xmpp *xmpp;
	struct hg_xmpp_stream *s;
	unsigned lines; /* of the log */
	char line[1024];
};

static void on_log(void *arg, enum hg_level level, const char *line)
{
	struct fixture *f = arg;

	f->lines++;
	snprintf(f->line, sizeof(f->line), "%s", line);
}

static int set_up(void **state)
{
	struct fixture *f = hg_alloc(sizeof(*f));
	struct hg_xmpp_component c = { HG_STR("corp.example"), HG_STR("127.0.0.1"),
		HG_STR("sesame"), 5347, NULL };
	struct hg_err err = { 0 };

	fake_core = &f->core;
	hg_log_sink(on_log, f);
	f->xmpp = hg_xmpp_new(&fake_host, &f->core);
	f->xmpp->times = (struct hg_xmpp_times){ 60000, 20000, 200, 30000 };
	assert_int_equal(hg_xmpp_add(f->xmpp, &c, "", &err), 0);
	f->s = f->xmpp->stream[0];
	f->s->lane = 1;
	f->s->state = HG_XMPP_UP;
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	hg_xmpp_adapter.destroy(f->xmpp);
	fake_done(&f->core);
	hg_log_sink(NULL, NULL);
	free(f);
	return 0;
}

static void wrote(struct fixture *f, const char *want)
{
	assert_string_equal(f->s->out.n ? f->s->out.p : "", want);
	hg_buf_reset(&f->s->out);
}

/* ---- fragments ---- */

static void renders(enum hg_standing standing, const struct hg_value *v, size_t n, const char *want)
{
	struct hg_view view = { .standing = standing };
	struct hg_record *r = hg_record_new(v, n);
	struct hg_buf b = { 0 };

	hg_buf_adds(&b, "");
	hg_xmpp_render(NULL, 0, &view, r, &b);
	assert_string_equal(b.p, want);
	hg_buf_done(&b);
	hg_record_unref(r);
}

/* Available: with that content, and entity capabilities behind it. */
static void renders_available(const struct hg_value *v, size_t n, const char *content)
{
	struct hg_buf want = { 0 };

	hg_buf_addf(&want, ">%s", content);
	hg_xmpp_add_caps(&want);
	hg_buf_adds(&want, "</presence>");
	renders(HG_KNOWN, v, n, want.p);
	hg_buf_done(&want);
}

static void fragments(void **state)
{
	struct hg_value away[] = { { HG_XMPP_TYPE, HG_STR("available"), "" },
		{ HG_XMPP_SHOW, HG_STR("away"), "" }, { HG_XMPP_STATUS, HG_STR("<'&\x01>"), "" },
		{ HG_XMPP_STATUS, HG_STR("x"), "de" }, { HG_XMPP_PRIORITY, HG_STR("0"), "" },
		{ HG_XMPP_IDLE, HG_STR("2026-11-21T10:00:00.000Z"), "" } };
	struct hg_value off[] = { { HG_XMPP_TYPE, HG_STR("unavailable"), "" },
		{ HG_XMPP_SHOW, HG_STR("away"), "" }, { HG_XMPP_STATUS, HG_STR("bye"), "" },
		{ HG_XMPP_PRIORITY, HG_STR("0"), "" },
		{ HG_XMPP_IDLE, HG_STR("2026-11-21T10:00:00.000Z"), "" } };

	renders_available(NULL, 0, "");
	renders_available(away, 1, "");
	renders_available(away, 6,
		"<show>away</show><status>&lt;&apos;&amp;&gt;</status><status xml:lang='de'>x</status>"
		"<priority>0</priority>"
		"<idle xmlns='urn:xmpp:idle:1' since='2026-11-21T10:00:00.000Z'/>");
	/* RFC 6121 4.7.2.1, 4.7.2.3: neither show nor priority */
	renders(HG_KNOWN, off, 5,
		" type='unavailable'><status>bye</status>"
		"<delay xmlns='urn:xmpp:delay' stamp='2026-11-21T10:00:00.000Z'/></presence>");
	renders(HG_KNOWN, off, 1, " type='unavailable'/>");
	/* Whatever a table made of it: what is not known is not shown. */
	renders(HG_UNKNOWN, away, 6, " type='unavailable'/>");
	renders(HG_REFUSED, away, 6, " type='unavailable'/>");
}

static void base64(void **state)
{
	/* RFC 4648 10 */
	static const char *const vectors[][2] = { { "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" },
		{ "foo", "Zm9v" }, { "foob", "Zm9vYg==" }, { "fooba", "Zm9vYmE=" },
		{ "foobar", "Zm9vYmFy" }, { "\xff\xfe\xfd", "//79" } };
	char got[16];

	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		hg_xmpp_base64(hg_str(vectors[i][0]), got);
		assert_string_equal(got, vectors[i][1]);
	}
}

static void capabilities(void **state)
{
	char ver[HG_XMPP_VER_MAX];

	/* XEP-0115 5.2 */
	hg_xmpp_ver(HG_STR("client/pc//Exodus 0.9.1<http://jabber.org/protocol/caps<"
			   "http://jabber.org/protocol/disco#info<"
			   "http://jabber.org/protocol/disco#items<http://jabber.org/protocol/muc<"),
		ver);
	assert_string_equal(ver, "QgayPKawpkPSDYmwT/WM94uAlu0=");
}

static void a_stanza_stays_short(void **state)
{
	char text[5000];
	struct hg_value v[HG_XMPP_LANGS_MAX];
	struct hg_view view = { .standing = HG_KNOWN };
	struct hg_buf b = { 0 };

	memset(text, '"', sizeof(text));
	for (size_t i = 0; i < HG_XMPP_LANGS_MAX; i++) {
		v[i] = (struct hg_value){ .field = HG_XMPP_STATUS, .text = { text, sizeof(text) } };
		snprintf(v[i].lang, HG_LANG_MAX, "x-%zu", i);
	}

	struct hg_record *r = hg_record_new(v, HG_XMPP_LANGS_MAX);

	hg_xmpp_render(NULL, 0, &view, r, &b);
	assert_in_range(b.n, 3000, HG_XMPP_TEXTS_MAX + 300);
	hg_record_unref(r);
	hg_buf_done(&b);
}

/* ---- edges ---- */

static void edge(struct fixture *f, enum hg_edge e, const char *watcher, const char *presentity)
{
	struct hg_pair p = { .wire_watcher = hg_str(watcher),
		.wire_presentity = hg_str(presentity) };

	p.watcher = fake_intern(&f->core, p.wire_watcher);
	p.presentity = fake_intern(&f->core, p.wire_presentity);
	hg_xmpp_adapter.edge(f->xmpp, 1, &p, e);
}

static void edges_have_the_right_ends(void **state)
{
	struct fixture *f = *state;
	static const char *const by_watcher[] = {
		[HG_SUBSCRIBE] = "subscribe", [HG_UNSUBSCRIBE] = "unsubscribe", [HG_PROBE] = "probe"
	};
	char want[256];

	for (enum hg_edge e = HG_SUBSCRIBE; e <= HG_PROBE; e++) {
		bool out = e == HG_SUBSCRIBE || e == HG_UNSUBSCRIBE || e == HG_PROBE;

		edge(f, e, out ? "Alice@corp.example" : "romeo@xmpp.example",
			out ? "romeo@xmpp.example" : "Alice@corp.example");
		/* What was shown does not outlive the permission to see it (RFC 6121 3.2.2). */
		snprintf(want, sizeof(want),
			"%s<presence type='%s' from='Alice@corp.example' to='romeo@xmpp.example'/>",
			e != HG_UNSUBSCRIBED ? ""
					     : "<presence type='unavailable' "
					       "from='Alice@corp.example/heliograph' to='romeo@xmpp.example'/>",
			out                          ? by_watcher[e]
				: e == HG_SUBSCRIBED ? "subscribed"
						     : "unsubscribed");
		wrote(f, want);
	}
}

static void wire_identifiers_are_escaped(void **state)
{
	edge(*state, HG_PROBE, "o'hara@corp.example", "a&b@xmpp.example");
	wrote(*state,
		"<presence type='probe' from='o&apos;hara@corp.example' "
		"to='a&amp;b@xmpp.example'/>");
}

/* A SIP side wrote it: what goes on the wire is the canonical JID. */
static void what_is_no_jid_is_written_anew(void **state)
{
	struct fixture *f = *state;
	struct hg_pair p = { fake_intern(&f->core, HG_STR("alice@corp.example")),
		fake_intern(&f->core, HG_STR("romeo@xmpp.example")),
		HG_STR("sip:alice@corp.example"), HG_STR_NONE };

	hg_xmpp_adapter.edge(f->xmpp, 1, &p, HG_SUBSCRIBE);
	wrote(f, "<presence type='subscribe' from='alice@corp.example' to='romeo@xmpp.example'/>");
}

static void a_foreign_sender_is_not_written(void **state)
{
	struct fixture *f = *state;

	edge(f, HG_PROBE, "alice@other.example", "romeo@xmpp.example");
	wrote(f, "");
	assert_non_null(strstr(f->line, "component-foreign-from"));
	edge(f, HG_SUBSCRIBED, "romeo@xmpp.example", "romeo@xmpp.example");
	wrote(f, "");
}

static void nothing_is_written_while_down(void **state)
{
	struct fixture *f = *state;

	f->s->state = HG_XMPP_OPENING;
	edge(f, HG_PROBE, "alice@corp.example", "romeo@xmpp.example");
	wrote(f, "");
	f->s->state = HG_XMPP_UP;
}

/* ---- parcels ---- */

static struct hg_frag *frag_new(const char *text)
{
	struct hg_frag *frag = hg_alloc(sizeof(*frag));

	frag->part = HG_PART_WHOLE;
	frag->bytes = hg_bytes_new(hg_str(text));
	return frag;
}

static void frag_free(struct hg_frag *frag)
{
	hg_bytes_unref(frag->bytes);
	free(frag);
}

static void parcels(void **state)
{
	struct fixture *f = *state;
	struct hg_frag *frag = frag_new("><show>dnd</show></presence>");
	const struct hg_frag *frags[] = { frag };
	struct hg_parcel p[2] = {
		{ .pair = { .wire_watcher = HG_STR("r'o@xmpp.example"),
			  .wire_presentity = HG_STR("alice@CORP.example") },
			.frag = frags,
			.nfrags = 1 },
		{ .pair = { .wire_watcher = HG_STR("b@xmpp.example"),
			  .wire_presentity = HG_STR("carol@corp.example") },
			.frag = frags,
			.nfrags = 1 },
	};

	assert_int_equal(hg_xmpp_adapter.deliver(f->xmpp, 1, p, 2), 2);
	wrote(f,
		"<presence from='alice@CORP.example/heliograph' to='r&apos;o@xmpp.example'>"
		"<show>dnd</show></presence>"
		"<presence from='carol@corp.example/heliograph' to='b@xmpp.example'>"
		"<show>dnd</show></presence>");
	/* XEP-0203 */
	p[0].since = INT64_C(1795298574123);
	assert_int_equal(hg_xmpp_adapter.deliver(f->xmpp, 1, p, 1), 1);
	wrote(f,
		"<presence from='alice@CORP.example/heliograph' to='r&apos;o@xmpp.example'>"
		"<show>dnd</show><delay xmlns='urn:xmpp:delay' stamp='2026-11-21T22:02:54.123Z'/></presence>");
	assert_int_equal(hg_xmpp_adapter.deliver(f->xmpp, 7, p, 2), 0);
	f->s->state = HG_XMPP_DOWN;
	assert_int_equal(hg_xmpp_adapter.deliver(f->xmpp, 1, p, 2), 0);
	frag_free(frag);
}

/* RFC 6121 4.3.2: then he was there last; once, whoever says it. */
static void who_is_not_there_was_there_then(void **state)
{
	struct fixture *f = *state;
	static const char *const off[] = { "/>", "><status>bye</status></presence>",
		"><delay xmlns='urn:xmpp:delay' stamp='2026-11-21T22:02:54.123Z'/></presence>" };
	static const char *const status[] = { "", "<status>bye</status>", "" };
	struct hg_buf b = { 0 };

	for (size_t i = 0; i < 3; i++) {
		hg_buf_reset(&b);
		hg_buf_addf(&b, " type='unavailable'%s", off[i]);

		struct hg_frag *frag = frag_new(b.p);
		const struct hg_frag *frags[] = { frag };
		struct hg_parcel p = { .pair = { .wire_watcher = HG_STR("r@xmpp.example"),
					       .wire_presentity = HG_STR("a@corp.example") },
			.frag = frags,
			.nfrags = 1,
			.since = INT64_C(1795298574123) };

		assert_int_equal(hg_xmpp_adapter.deliver(f->xmpp, 1, &p, 1), 1);
		hg_buf_reset(&b);
		hg_buf_addf(&b,
			"<presence from='a@corp.example/heliograph' to='r@xmpp.example' type='unavailable'>%s"
			"<delay xmlns='urn:xmpp:delay' stamp='2026-11-21T22:02:54.123Z'/></presence>",
			status[i]);
		wrote(f, b.p);
		frag_free(frag);
	}
	hg_buf_done(&b);
}

static void room_is_bounded(void **state)
{
	struct fixture *f = *state;
	struct hg_frag *frag = frag_new("/>");
	const struct hg_frag *frags[] = { frag };
	struct hg_parcel p = { .pair = { .wire_watcher = HG_STR("r@xmpp.example"),
				       .wire_presentity = HG_STR("a@corp.example") },
		.frag = frags,
		.nfrags = 1 };
	size_t n = 0;

	hg_xmpp_tell_room(f->s);
	assert_int_equal(f->core.room, HG_XMPP_WINDOW / HG_XMPP_PARCEL);
	while (hg_xmpp_adapter.deliver(f->xmpp, 1, &p, 1))
		n++;
	assert_true(n > f->core.room);
	assert_in_range(hg_xmpp_outstanding(f->s), HG_XMPP_WINDOW, HG_XMPP_WINDOW + 200);
	hg_xmpp_tell_room(f->s);
	assert_int_equal(f->core.room, 0);
	hg_xmpp_forget_output(f->s);
	hg_xmpp_tell_room(f->s);
	assert_int_equal(f->core.room, HG_XMPP_WINDOW / HG_XMPP_PARCEL);
	frag_free(frag);
}

/* ---- outages ---- */

static void waits_grow_to_a_bound(void **state)
{
	struct fixture *f = *state;
	int64_t most = 200;

	for (int i = 0; i < 40; i++) {
		int64_t wait = hg_xmpp_backoff(f->s, HG_XMPP_UNREACHED, (uint32_t)rand());

		assert_in_range(wait, most / 2, most);
		most = most * 2 < 30000 ? most * 2 : 30000;
	}
	f->s->attempts = 0;
	assert_in_range(hg_xmpp_backoff(f->s, HG_XMPP_CONFLICT, 0), 1000, 2000);
	f->s->attempts = 100;
	assert_in_range(hg_xmpp_backoff(f->s, HG_XMPP_SECRET, UINT32_MAX), 150000, 300000);
}

static void waits_differ(void **state)
{
	struct fixture *f = *state;

	f->s->attempts = 0;
	int64_t shortest = hg_xmpp_backoff(f->s, HG_XMPP_CLOSED, 0);
	f->s->attempts = 0;
	assert_int_not_equal(hg_xmpp_backoff(f->s, HG_XMPP_CLOSED, 100), shortest);
}

static void one_line_for_one_outage(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < 5; i++)
		hg_xmpp_outage_log(f->s, HG_XMPP_SECRET, 2000);
	assert_int_equal(f->lines, 1);
	assert_non_null(strstr(f->line, "reason=not-authorized"));
	assert_non_null(strstr(f->line, "component_secret"));
	assert_null(strstr(f->line, "sesame"));
	hg_xmpp_outage_log(f->s, HG_XMPP_CONFLICT, 2000);
	assert_int_equal(f->lines, 2);
	assert_non_null(strstr(f->line, "kick_old"));
}

static void domains_are_checked(void **state)
{
	struct fixture *f = *state;
	static const char *const bad[] = { "corp.example", "CORP.example", "alice@corp.example",
		"corp.example/x", "", "a b" };
	struct hg_err err = { 0 };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct hg_xmpp_component c = { hg_str(bad[i]), HG_STR("127.0.0.1"), HG_STR("s"), 1,
			NULL };

		assert_int_equal(hg_xmpp_add(f->xmpp, &c, "x.yaml:3", &err), -EINVAL);
		assert_string_equal(err.where, "x.yaml:3");
		assert_true(err.what[0] && err.hint[0]);
	}
	assert_int_equal(f->xmpp->nstreams, 1);
	assert_true(hg_xmpp_is_literal("127.0.0.1") && hg_xmpp_is_literal("::1"));
	assert_false(hg_xmpp_is_literal("localhost") || hg_xmpp_is_literal(""));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(fragments),
		TEST(base64),
		TEST(capabilities),
		TEST(a_stanza_stays_short),
		TEST(edges_have_the_right_ends),
		TEST(wire_identifiers_are_escaped),
		TEST(what_is_no_jid_is_written_anew),
		TEST(a_foreign_sender_is_not_written),
		TEST(nothing_is_written_while_down),
		TEST(parcels),
		TEST(who_is_not_there_was_there_then),
		TEST(room_is_bounded),
		TEST(waits_grow_to_a_bound),
		TEST(waits_differ),
		TEST(one_line_for_one_outage),
		TEST(domains_are_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
