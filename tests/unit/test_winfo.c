/* SPDX-License-Identifier: Apache-2.0 */
/* Watcher information. */
#include "tests/unit/test_pidf.h"

#include "bridge/documents/winfo.h"

#include <errno.h>
#include <string.h>

static struct hg_winfo winfo_of(struct hg_str text)
{
	struct hg_doc_err why = { "" };
	struct hg_winfo winfo;

	if (hg_winfo_read(text, &winfo, &why))
		fail_msg("%s", why.text);
	return winfo;
}

/* ---- documents ---- */

static void the_shape_of_rfc_3858(void **state)
{
	struct hg_buf b = { 0 };

	read_golden("in-winfo.xml", &b);
	struct hg_winfo w = winfo_of(hg_buf_str(&b));
	assert_true(w.full);
	assert_int_equal(w.n, 1);
	assert_str(hg_bytes_str(w.list->resource), "sip:alice@corp.example");
	assert_str(hg_bytes_str(w.list->package), "presence");
	assert_int_equal(w.list->n, 4);
	assert_int_equal(w.list->watcher[0].status, HG_WATCHER_ACTIVE);
	assert_int_equal(w.list->watcher[0].event, HG_WATCHER_APPROVED);
	assert_int_equal(w.list->watcher[0].duration, 509);
	assert_true(w.list->watcher[0].has_expiration);
	assert_false(w.list->watcher[1].has_expiration);
	assert_str(hg_bytes_str(w.list->watcher[1].name), "Romeo <3");
	assert_str(hg_bytes_str(w.list->watcher[2].uri), "sip:carol@far.example");
	assert_int_equal(w.list->watcher[3].status, HG_WATCHER_TERMINATED);
	hg_buf_reset(&b);
	hg_winfo_write(&b, &w);
	assert_golden(&b, "out-winfo.xml");
	hg_winfo_done(&w);
	w = winfo_of(hg_buf_str(&b));
	struct hg_buf again = { 0 };
	hg_winfo_write(&again, &w);
	assert_str(hg_buf_str(&again), b.p);
	hg_winfo_done(&w);
	hg_buf_done(&b);
	hg_buf_done(&again);
}

static void faults_are_named(void **state)
{
	static const struct {
		const char *body, *why;
	} line[] = {
		{ "<watcherinfo state='full'/>", "watcherinfo: attribute 'version' is missing" },
		{ "<watcherinfo version='0'/>", "watcherinfo: attribute 'state' is missing" },
		{ "<watcherinfo version='0' state='half'/>",
			"watcherinfo: attribute 'state' is 'half'" },
		{ "<watcherinfo version='4294967296' state='full'/>",
			"watcherinfo: attribute 'version' is '4294967296', not a number up to "
			"4294967295" },
		{ "<watcherinfo version='0' state='full'><watcher-list "
		  "resource='a'/></watcherinfo>",
			"watcher-list: attribute 'package' is missing" },
		{ "<watcherinfo version='0' state='full'><watcher-list resource='a' "
		  "package='presence'><watcher id='1' status='active' "
		  "event='wedding'>a</watcher></watcher-list></watcherinfo>",
			"watcher: attribute 'event' is 'wedding'" },
	};

	for (size_t i = 0; i < sizeof(line) / sizeof(*line); i++) {
		struct hg_doc_err err = { "" };
		struct hg_winfo w;

		assert_int_equal(hg_winfo_read(hg_str(line[i].body), &w, &err), -EINVAL);
		assert_string_equal(err.text, line[i].why);
		hg_winfo_done(&w);
	}
}

/* ---- the table ---- */

#define DOC(version, state, watchers) \
	"<watcherinfo xmlns='urn:ietf:params:xml:ns:watcherinfo' version='" version \
	"' state='" state "'><watcher-list resource='sip:a@b' package='presence'>" watchers \
	"</watcher-list></watcherinfo>"
#define WHO(id, status) \
	"<watcher id='" id "' status='" status "' event='subscribe'>sip:" id "@b</watcher>"

static enum hg_coherent take(struct hg_winfo_table *table, const char *text)
{
	struct hg_winfo doc = winfo_of(hg_str(text));
	enum hg_coherent ret;

	assert_int_equal(hg_winfo_take(table, &doc, &ret), 0);
	hg_winfo_done(&doc);
	return ret;
}

/* As "id=status" by number, of all lists. */
static void knows(const struct hg_winfo_table *table, const char *expected)
{
	struct hg_buf b = { 0 };

	hg_buf_adds(&b, "");
	for (size_t i = 0; i < table->known.n; i++) {
		for (size_t k = 0; k < table->known.list[i].n; k++) {
			const struct hg_watcher *w = &table->known.list[i].watcher[k];

			hg_buf_addf(&b, "%s=%d ", w->id->p, (int)w->status);
		}
	}
	assert_str(hg_buf_str(&b), expected);
	hg_buf_done(&b);
}

static void what_a_subscriber_knows(void **state)
{
	struct hg_winfo_table t = { 0 };

	assert_int_equal(
		take(&t,
			DOC("3", "full",
				WHO("x", "pending") WHO("y", "active") WHO("gone", "terminated"))),
		HG_COHERENT_APPLY);
	knows(&t, "x=0 y=1 ");
	assert_int_equal(take(&t, DOC("4", "partial", WHO("x", "active") WHO("z", "waiting"))),
		HG_COHERENT_APPLY);
	knows(&t, "x=1 y=1 z=2 ");
	assert_int_equal(take(&t, DOC("4", "partial", WHO("x", "pending"))), HG_COHERENT_DISCARD);
	assert_int_equal(take(&t, DOC("2", "full", "")), HG_COHERENT_DISCARD);
	knows(&t, "x=1 y=1 z=2 ");
	assert_int_equal(
		take(&t, DOC("6", "partial", WHO("x", "terminated") WHO("never", "terminated"))),
		HG_COHERENT_APPLY_ASK);
	knows(&t, "z=2 y=1 ");
	assert_int_equal(take(&t, DOC("9", "full", WHO("w", "active"))), HG_COHERENT_APPLY);
	knows(&t, "w=1 ");
	assert_int_equal(t.known.version, 9);
	hg_winfo_done(&t.known);
}

static struct hg_winfo many(uint32_t version, bool full, unsigned from, unsigned n)
{
	struct hg_buf b = { 0 };

	hg_buf_addf(&b,
		"<watcherinfo version='%u' state='%s'><watcher-list resource='a' package='p'>",
		(unsigned)version, full ? "full" : "partial");
	for (unsigned i = from; i < from + n; i++)
		hg_buf_addf(
			&b, "<watcher id='%u' status='active' event='subscribe'>a</watcher>", i);
	hg_buf_adds(&b, "</watcher-list></watcherinfo>");
	struct hg_winfo w = winfo_of(hg_buf_str(&b));
	hg_buf_done(&b);
	return w;
}

static void the_table_has_an_end(void **state)
{
	struct hg_winfo_table t = { 0 };
	struct hg_winfo doc = many(0, true, 0, HG_WINFO_WATCHERS_MAX);
	enum hg_coherent ret;

	assert_int_equal(hg_winfo_take(&t, &doc, &ret), 0);
	hg_winfo_done(&doc);
	doc = many(1, false, 5, 10); /* who are there */
	assert_int_equal(hg_winfo_take(&t, &doc, &ret), 0);
	hg_winfo_done(&doc);
	doc = many(2, false, HG_WINFO_WATCHERS_MAX, 1);
	assert_int_equal(hg_winfo_take(&t, &doc, &ret), -E2BIG);
	assert_int_equal(t.seen.version, 1);
	assert_int_equal(t.known.list->n, HG_WINFO_WATCHERS_MAX);
	hg_winfo_done(&doc);
	hg_winfo_done(&t.known);
}

static void a_document_has_an_end(void **state)
{
	struct hg_doc_err err = { "" };
	struct hg_buf b = { 0 };
	struct hg_winfo w;

	hg_buf_adds(&b,
		"<watcherinfo version='0' state='full'><watcher-list resource='a' package='p'>");
	for (int i = 0; i <= HG_WINFO_WATCHERS_MAX; i++)
		hg_buf_adds(&b, "<watcher id='1' status='active' event='subscribe'>a</watcher>");
	hg_buf_adds(&b, "</watcher-list></watcherinfo>");
	assert_int_equal(hg_winfo_read(hg_buf_str(&b), &w, &err), -E2BIG);
	assert_string_equal(err.text, "more than 2048 watchers");
	hg_winfo_done(&w);
	hg_buf_reset(&b);
	hg_buf_adds(&b, "<watcherinfo version='0' state='full'>");
	for (int i = 0; i <= HG_WINFO_LISTS_MAX; i++)
		hg_buf_adds(&b, "<watcher-list resource='a' package='p'/>");
	hg_buf_adds(&b, "</watcherinfo>");
	assert_int_equal(hg_winfo_read(hg_buf_str(&b), &w, &err), -E2BIG);
	assert_string_equal(err.text, "more than 64 lists of watchers");
	hg_winfo_done(&w);
	hg_buf_done(&b);
}

/* ---- as a notifier makes it ---- */

static struct hg_winfo at(const struct hg_watched_by *by, size_t n)
{
	struct hg_self self = { .by = by, .nby = n };
	struct hg_view view = { .part = HG_PART_WATCHERS, .self = &self };
	struct hg_buf b = { 0 };

	hg_winfo_write_watchers(&b, &view, HG_STR("sip:alice@corp.example"));
	struct hg_winfo ret = winfo_of(hg_buf_str(&b));
	assert_true(ret.full);
	hg_buf_done(&b);
	return ret;
}

/* "w1:1/0 ..." by status and event */
static void assert_watchers(const struct hg_winfo *w, const char *wanted)
{
	struct hg_buf b = { 0 };

	hg_buf_adds(&b, "");
	for (size_t i = 0; w->n && i < w->list[0].n; i++)
		hg_buf_addf(&b, "%s%s:%d/%d", i ? " " : "", w->list[0].watcher[i].id->p,
			w->list[0].watcher[i].status, w->list[0].watcher[i].event);
	assert_str(hg_buf_str(&b), wanted);
	hg_buf_done(&b);
}

/* What led to a state is remembered as long as he is in it; who has gone is told of once. */
static void what_led_there(void **state)
{
	static const struct hg_watched_by first[] = {
		{ 1, HG_STR_NONE, HG_STR_NONE, HG_WATCH_PENDING },
		{ 2, HG_STR_NONE, HG_STR_NONE, HG_WATCH_ACTIVE },
		{ 3, HG_STR_NONE, HG_STR_NONE, HG_WATCH_PENDING } };
	static const struct hg_watched_by second[] = {
		{ 1, HG_STR_NONE, HG_STR_NONE, HG_WATCH_ACTIVE },
		{ 3, HG_STR_NONE, HG_STR_NONE, HG_WATCH_WAITING },
		{ 4, HG_STR_NONE, HG_STR_NONE, HG_WATCH_ACTIVE } };
	struct hg_winfo none = { 0 }, a = at(first, 3), b = at(second, 3), c = at(second, 3), d;

	hg_winfo_changes(&none, &a, &d);
	assert_watchers(&d, "w1:0/0 w2:1/0 w3:0/0");
	hg_winfo_done(&d);
	hg_winfo_changes(&a, &b, &d);
	assert_watchers(&d, "w1:1/1 w2:3/5 w3:2/5 w4:1/0");
	hg_winfo_done(&d);
	hg_winfo_changes(&b, &c, &d);
	assert_int_equal(d.n, 0);
	assert_watchers(&c, "w1:1/1 w3:2/5 w4:1/0");
	hg_winfo_done(&a);
	hg_winfo_done(&b);
	hg_winfo_done(&c);
}

static void what_is_too_long_is_cut(void **state)
{
	static struct hg_watched_by many[HG_WINFO_WATCHERS_MAX];
	static char name[2000];

	memset(name, '<', sizeof(name));
	for (size_t i = 0; i < HG_WINFO_WATCHERS_MAX; i++)
		many[i] = (struct hg_watched_by){ .id = (uint32_t)i, .user = { name, sizeof(name) - 300 } };
	struct hg_winfo w = at(many, HG_WINFO_WATCHERS_MAX);
	assert_true(w.list[0].n && w.list[0].n < HG_WINFO_WATCHERS_MAX);
	hg_winfo_done(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_shape_of_rfc_3858),
		cmocka_unit_test(faults_are_named),
		cmocka_unit_test(what_a_subscriber_knows),
		cmocka_unit_test(the_table_has_an_end),
		cmocka_unit_test(a_document_has_an_end),
		cmocka_unit_test(what_led_there),
		cmocka_unit_test(what_is_too_long_is_cut),
	};

	return cmocka_run_group_tests_name("watcher information", tests, NULL, NULL);
}
