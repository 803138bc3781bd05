/* SPDX-License-Identifier: Apache-2.0 */
/* Dialog information. */
#include "tests/unit/test_pidf.h"

#include "bridge/documents/dialog_info.h"

#include <errno.h>

static struct hg_dialog_info info_of(struct hg_str text)
{
	struct hg_doc_err why = { "" };
	struct hg_dialog_info info;

	if (hg_dialog_info_read(text, &info, &why))
		fail_msg("%s", why.text);
	return info;
}

static struct hg_dialog_info info_of_golden(const char *name)
{
	struct hg_buf b = { 0 };

	read_golden(name, &b);
	struct hg_dialog_info info = info_of(hg_buf_str(&b));
	hg_buf_done(&b);
	return info;
}

/* IW T12 */
static void asterisk(void **state)
{
	struct hg_dialog_info i = info_of_golden("in-dialog-asterisk.xml");
	struct hg_dialog_sum sum = hg_dialog_info_sum(&i);

	assert_true(i.full);
	assert_int_equal(i.version, 7);
	assert_str(hg_bytes_str(i.entity), "sip:1001@pbx.example");
	assert_str(hg_bytes_str(i.dialog->id), "1001");
	assert_str(hg_bytes_str(i.dialog->local.display), "Nora");
	assert_true(i.dialog->local.mute);
	assert_int_equal(sum.state, HG_DIALOG_CONFIRMED);
	assert_true(sum.held);
	hg_dialog_info_done(&i);
}

/* IW T11 */
static void the_shapes_of_rfc_4235(void **state)
{
	struct hg_dialog_info i = info_of_golden("in-dialog-rfc4235.xml");
	struct hg_dialog_sum sum = hg_dialog_info_sum(&i);

	assert_false(i.full);
	assert_null(i.entity);
	assert_int_equal(i.n, 3);
	assert_str(hg_bytes_str(i.dialog[0].call_id), "a84b4c76e66710");
	assert_str(hg_bytes_str(i.dialog[0].local_tag), "1928301774");
	assert_str(hg_bytes_str(i.dialog[0].remote_tag), "456887766");
	assert_int_equal(i.dialog[0].direction, HG_DIALOG_INITIATOR);
	assert_int_equal(i.dialog[0].event, HG_DIALOG_REJECTED);
	assert_int_equal(i.dialog[0].code, 486);
	assert_int_equal(i.dialog[0].duration, 145);
	assert_int_equal(i.dialog[1].state, HG_DIALOG_EARLY);
	assert_str(hg_bytes_str(i.dialog[1].remote.identity), "sip:cjones@far.example");
	assert_true(i.dialog[2].local.focus);
	assert_false(i.dialog[2].remote.mute);
	assert_int_equal(sum.confirmed, 1);
	assert_int_equal(sum.conferences, 1);
	assert_true(sum.ringing);
	assert_false(sum.held);
	hg_dialog_info_done(&i);
}

static void held_if_all_are(void **state)
{
#define TARGET(pval) \
	"<local><target uri='a'><param pname='sip.rendering' pval='" pval "'/></target></local>"
	static const struct {
		const char *dialogs;
		bool held;
		size_t confirmed;
	} line[] = {
		{ "<dialog id='1' direction='recipient'><state>confirmed</state>" TARGET(
			  "no") "</dialog>",
			true, 1 },
		{ "<dialog id='1'><state>confirmed</state>" TARGET(
			  "no") "</dialog><dialog id='2'><state>confirmed</state>" TARGET("yes") "</dialog>",
			false, 2 },
		{ "<dialog id='1'><state>confirmed</state>" TARGET(
			  "no") "</dialog><dialog id='2'><state>early</state></dialog>",
			true, 1 },
		{ "<dialog id='1'><state>early</state>" TARGET("no") "</dialog>", false, 0 },
		{ "", false, 0 },
	};

	for (size_t k = 0; k < sizeof(line) / sizeof(*line); k++) {
		struct hg_buf b = { 0 };

		hg_buf_addf(&b, "<dialog-info version='0' state='full'>%s</dialog-info>",
			line[k].dialogs);
		struct hg_dialog_info i = info_of(hg_buf_str(&b));
		struct hg_dialog_sum sum = hg_dialog_info_sum(&i);
		assert_false(sum.ringing); /* not any more, or not him */
		assert_int_equal(sum.held, line[k].held);
		assert_int_equal(sum.confirmed, line[k].confirmed);
		hg_dialog_info_done(&i);
		hg_buf_done(&b);
	}
}

static void params_in_every_spelling(void **state)
{
	static const struct {
		const char *param;
		bool mute, focus;
	} line[] = {
		{ "pname='sip.rendering' pval='no'", true, false },
		{ "pname='+sip.rendering' pval='no'", true, false },
		{ "pname='+SIP.rendering' pvalue='NO'", true, false },
		{ "pname='sip.rendering' pval='yes' pvalue='no'", false, false },
		{ "pname='sip.rendering'", false, false },
		{ "pname='isfocus'", false, true },
		{ "pname='isfocus' pval='false'", false, false },
		{ "pval='no'", false, false },
	};

	for (size_t k = 0; k < sizeof(line) / sizeof(*line); k++) {
		struct hg_buf b = { 0 };

		hg_buf_addf(&b,
			"<dialog-info version='0' state='full'><dialog id='1'><state>confirmed"
			"</state><local><target uri='a'><param %s/></target></local></dialog>"
			"</dialog-info>",
			line[k].param);
		struct hg_dialog_info i = info_of(hg_buf_str(&b));
		assert_int_equal(i.dialog->local.mute, line[k].mute);
		assert_int_equal(i.dialog->local.focus, line[k].focus);
		hg_dialog_info_done(&i);
		hg_buf_done(&b);
	}
}

#define HEAD \
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<dialog-info " \
	"xmlns=\"urn:ietf:params:xml:ns:dialog-info\" version=\"4\" state=\"full\" " \
	"entity=\"sip:a&amp;b@c\"><dialog id=\"1\""

/* What is written says no more than the sum, and reads back as it. */
static void written(struct hg_dialog_sum sum, const char *expected)
{
	struct hg_buf b = { 0 };

	hg_dialog_info_write(&b, HG_STR("sip:a&b@c"), 4, &sum);
	assert_str(hg_buf_str(&b), expected);
	struct hg_dialog_info i = info_of(hg_buf_str(&b));
	struct hg_dialog_sum back = hg_dialog_info_sum(&i);
	assert_int_equal(back.state, sum.state);
	assert_int_equal(back.held, sum.held);
	assert_int_equal(back.ringing, sum.ringing);
	assert_str(hg_bytes_str(i.entity), "sip:a&b@c");
	hg_dialog_info_done(&i);
	hg_buf_done(&b);
}

static void one_virtual_dialog(void **state)
{
	written((struct hg_dialog_sum){ 0 },
		HEAD "><state>terminated</state></dialog></dialog-info>");
	written((struct hg_dialog_sum){ .state = HG_DIALOG_CONFIRMED, .confirmed = 3 },
		HEAD "><state>confirmed</state></dialog></dialog-info>");
	written((struct hg_dialog_sum){ .state = HG_DIALOG_EARLY, .ringing = true },
		HEAD " direction=\"recipient\"><state>early</state></dialog></dialog-info>");
	written((struct hg_dialog_sum){ .state = HG_DIALOG_CONFIRMED, .held = true },
		HEAD "><state>confirmed</state><local><target uri=\"sip:a&amp;b@c\">"
		     "<param pname=\"+sip.rendering\" pval=\"no\"/></target></local></dialog>"
		     "</dialog-info>");
}

#define DOC(version, state, dialogs) \
	"<dialog-info version='" version "' state='" state "' entity='sip:a@b'>" dialogs \
	"</dialog-info>"
#define CALL(id, state) "<dialog id='" id "'><state>" state "</state></dialog>"

static enum hg_coherent take(struct hg_dialog_table *table, const char *text)
{
	struct hg_dialog_info doc = info_of(hg_str(text));
	enum hg_coherent ret;

	assert_int_equal(hg_dialog_info_take(table, &doc, &ret), 0);
	hg_dialog_info_done(&doc);
	return ret;
}

static void knows(const struct hg_dialog_table *table, const char *expected)
{
	struct hg_buf b = { 0 };

	hg_buf_adds(&b, "");
	for (size_t i = 0; i < table->known.n; i++)
		hg_buf_addf(&b, "%s=%d ", table->known.dialog[i].id->p,
			(int)table->known.dialog[i].state);
	assert_str(hg_buf_str(&b), expected);
	hg_buf_done(&b);
}

static void what_a_subscriber_knows(void **state)
{
	struct hg_dialog_table t = { 0 };

	assert_int_equal(take(&t, DOC("0", "full", CALL("x", "early") CALL("y", "confirmed"))),
		HG_COHERENT_APPLY);
	knows(&t, "x=3 y=4 ");
	assert_int_equal(take(&t, DOC("1", "partial", CALL("x", "confirmed"))), HG_COHERENT_APPLY);
	knows(&t, "x=4 y=4 ");
	assert_int_equal(
		take(&t, DOC("1", "partial", CALL("x", "terminated"))), HG_COHERENT_DISCARD);
	assert_int_equal(
		take(&t, DOC("3", "partial", CALL("x", "terminated"))), HG_COHERENT_APPLY_ASK);
	knows(&t, "y=4 ");
	assert_int_equal(take(&t, DOC("7", "full", CALL("z", "trying"))), HG_COHERENT_APPLY);
	knows(&t, "z=1 ");
	assert_int_equal(hg_dialog_info_sum(&t.known).state, HG_DIALOG_TRYING);
	hg_dialog_info_done(&t.known);
}

static struct hg_dialog_info many(unsigned version, bool full, unsigned from, unsigned n)
{
	struct hg_buf b = { 0 };

	hg_buf_addf(
		&b, "<dialog-info version='%u' state='%s'>", version, full ? "full" : "partial");
	for (unsigned i = from; i < from + n; i++)
		hg_buf_addf(&b, "<dialog id='%u'><state>early</state></dialog>", i);
	hg_buf_adds(&b, "</dialog-info>");
	struct hg_dialog_info info = info_of(hg_buf_str(&b));
	hg_buf_done(&b);
	return info;
}

static void the_table_has_an_end(void **state)
{
	struct hg_dialog_table t = { 0 };
	struct hg_dialog_info doc = many(0, true, 0, HG_DIALOGS_MAX);
	enum hg_coherent ret;

	assert_int_equal(hg_dialog_info_take(&t, &doc, &ret), 0);
	hg_dialog_info_done(&doc);
	doc = many(1, false, HG_DIALOGS_MAX, 1);
	assert_int_equal(hg_dialog_info_take(&t, &doc, &ret), -E2BIG);
	assert_int_equal(t.known.n, HG_DIALOGS_MAX);
	assert_int_equal(t.seen.version, 0);
	hg_dialog_info_done(&doc);
	hg_dialog_info_done(&t.known);
}

static void faults_are_named(void **state)
{
	static const struct {
		const char *body, *why;
	} line[] = {
		{ "<dialog-info state='full'/>", "dialog-info: attribute 'version' is missing" },
		{ DOC("0", "full", "<dialog><state>early</state></dialog>"),
			"dialog: attribute 'id' is missing" },
		{ DOC("0", "full", "<dialog id='1'/>"), "dialog: element 'state' is missing" },
		{ DOC("0", "full", CALL("1", "early") CALL("2", "moved")),
			"dialog[2]/state: 'moved' is no state of a dialog" },
	};
	struct hg_doc_err err = { "" };
	struct hg_dialog_info i;

	for (size_t k = 0; k < sizeof(line) / sizeof(*line); k++) {
		assert_int_equal(hg_dialog_info_read(hg_str(line[k].body), &i, &err), -EINVAL);
		assert_string_equal(err.text, line[k].why);
		hg_dialog_info_done(&i);
	}
	struct hg_buf b = { 0 };
	hg_buf_adds(&b, "<dialog-info version='0' state='full'>");
	for (int k = 0; k <= HG_DIALOGS_MAX; k++)
		hg_buf_adds(&b, CALL("1", "early"));
	hg_buf_adds(&b, "</dialog-info>");
	assert_int_equal(hg_dialog_info_read(hg_buf_str(&b), &i, &err), -E2BIG);
	assert_string_equal(err.text, "more than 512 dialogs");
	hg_dialog_info_done(&i);
	hg_buf_done(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(asterisk),
		cmocka_unit_test(the_shapes_of_rfc_4235),
		cmocka_unit_test(held_if_all_are),
		cmocka_unit_test(params_in_every_spelling),
		cmocka_unit_test(one_virtual_dialog),
		cmocka_unit_test(what_a_subscriber_knows),
		cmocka_unit_test(the_table_has_an_end),
		cmocka_unit_test(faults_are_named),
	};

	return cmocka_run_group_tests_name("dialog information", tests, NULL, NULL);
}
