/* SPDX-License-Identifier: Apache-2.0 */
/* States as they are read and told apart: numbers, tokens, kinds, documents. */
#include "bridge/documents/facets.h"
#include "bridge/documents/publish.h"
#include "bridge/presence/aggregate.h"
#include "bridge/presence/grammar.h"
#include "tests/support/support.h"

#include <stdio.h>
#include <string.h>

#define NOW INT64_C(1800000000000)
#define XSI "xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'"
#define STATE_NS "http://schemas.microsoft.com/2006/09/sip/state"

static struct hg_doc_err err;

/* A request that publishes one state; needs its done. */
static struct hg_publish published(uint32_t instance, const char *state)
{
	struct hg_publish p;
	char text[1024];

	snprintf(text, sizeof(text),
		"<publish><publications uri='sip:a@b'><publication categoryName='state' instance='%u' "
		"container='2' version='0' expireType='endpoint'>%s</publication></publications></publish>",
		(unsigned)instance, state);
	assert_int_equal(hg_publish_read(hg_str(text), &p, &err), 0);
	assert_int_equal(p.n, 1);
	return p;
}

/* What a machine and one more state come to. */
static struct hg_aggregate with_machine(const struct hg_state *s)
{
	static const struct hg_state machine = { .kind = HG_STATE_MACHINE, .availability = 3500 };
	struct hg_aggregate_in in[] = { { &machine, NOW - 2 }, { s, NOW - 1 } };

	return hg_aggregate(in, 2, NOW);
}

/* TV-01: the last number before a band and its first one; nobody says a number: offline. Below
 * them nothing is known (IW T18). */
static void bands(void **state)
{
	static const struct {
		uint32_t number;
		enum hg_band band;
	} vector[] = {
		{ 0, HG_BAND_UNKNOWN },
		{ 2999, HG_BAND_UNKNOWN },
		{ 3000, HG_BAND_AVAILABLE },
		{ 4499, HG_BAND_AVAILABLE },
		{ 4500, HG_BAND_AVAILABLE_IDLE },
		{ 5999, HG_BAND_AVAILABLE_IDLE },
		{ 6000, HG_BAND_BUSY },
		{ 7499, HG_BAND_BUSY },
		{ 7500, HG_BAND_BUSY_IDLE },
		{ 8999, HG_BAND_BUSY_IDLE },
		{ 9000, HG_BAND_DND },
		{ 11999, HG_BAND_DND },
		{ 12000, HG_BAND_BRB },
		{ 14999, HG_BAND_BRB },
		{ 15000, HG_BAND_AWAY },
		{ 17999, HG_BAND_AWAY },
		{ 18000, HG_BAND_OFFLINE },
		{ UINT32_MAX, HG_BAND_OFFLINE },
	};
	struct hg_publish none = published(
		1, "<state xmlns='" STATE_NS "' " XSI " xsi:type='machineState'/>");
	struct hg_aggregate_in in = { &none.change[0].state, NOW };

	for (size_t i = 0; i < sizeof(vector) / sizeof(vector[0]); i++)
		assert_int_equal(hg_band_of(vector[i].number), vector[i].band);
	assert_int_equal(hg_band_of(hg_aggregate(&in, 1, NOW).availability), HG_BAND_OFFLINE);
	hg_publish_done(&none);
}

/* TV-04, as IW T22 corrects it: tokens are known in any case, and written as clients know them. */
static void tokens(void **state)
{
	struct hg_publish p = published(1,
		"<state xmlns='" STATE_NS "' " XSI " xsi:type='userState'><availability>6500"
		"</availability><activity token='In-A-Meeting' minAvailability='6500'/></state>");
	const struct hg_state *s = &p.change[0].state;
	struct hg_buf out = { 0 };

	assert_int_equal(s->availability, 6500);
	assert_string_equal(s->token, "in-a-meeting");
	hg_state_write(&out, s);
	assert_non_null(strstr(out.p, "token=\"in-a-meeting\""));
	hg_buf_done(&out);
	hg_publish_done(&p);
}

/* TV-09: a number of its own within Busy, with the token that holds there. */
static void urgent_is_busy(void **state)
{
	struct hg_state s = { .kind = HG_STATE_USER,
		.availability = 6950,
		.token = "urgent-interruptions-only",
		.min = 6900,
		.max = 8999 };
	struct hg_aggregate a = with_machine(&s);

	assert_int_equal(hg_band_of(6950), HG_BAND_BUSY);
	assert_int_equal(a.availability, 6950);
	assert_int_equal(a.activity, 1);
	s.availability = 6899;
	assert_int_equal(with_machine(&s).activity, -1);
}

/* TV-34: what is published for those who name no instance has the kind in the first of its eight digits; of what clients
 * publish the type alone says the kind. */
static void kinds_and_instances(void **state)
{
	static const struct {
		uint32_t instance;
		const char *type;
		enum hg_state_kind kind;
	} sample[] = {
		{ 945175315, "machineState", HG_STATE_MACHINE },
		{ 0x898e1beb, "phoneState", HG_STATE_PHONE },
		{ 536870912, "userState", HG_STATE_USER },
		{ 603979776, "userState", HG_STATE_USER },
		{ 268435456, "aggregateMachineState", HG_STATE_AGGREGATE_MACHINE },
		{ 945175315, "userState", HG_STATE_USER },
	};
	static const struct hg_grammar_rule rule[] = {
		{ HG_CAT_STATE, HG_STATE_MACHINE, 1 << HG_SOURCE_LINKED, { 2 }, 1,
			HG_INSTANCE_ENDPOINT, 0x30000000, HG_ENDPOINT, HG_TRANSFORM_COPY },
		{ HG_CAT_STATE, HG_STATE_USER, 1 << HG_SOURCE_LINKED, { 2 }, 1,
			HG_INSTANCE_ENDPOINT, 0x20000000, HG_ENDPOINT, HG_TRANSFORM_COPY },
	};
	struct hg_statement said = { .machine = 3500, .user = 6500 };
	struct hg_change made[HG_GRAMMAR_CHANGES];
	struct hg_grammar g = { 0 };
	char text[256];

	for (size_t i = 0; i < sizeof(sample) / sizeof(sample[0]); i++) {
		struct hg_publish p;

		snprintf(text, sizeof(text), "<state xmlns='" STATE_NS "' " XSI " xsi:type='%s'/>",
			sample[i].type);
		p = published(sample[i].instance, text);
		assert_int_equal(p.change[0].key.instance, sample[i].instance);
		assert_int_equal(p.change[0].state.kind, sample[i].kind);
		hg_publish_done(&p);
	}
	assert_null(hg_grammar_add(&g, &rule[0]));
	assert_null(hg_grammar_add(&g, &rule[1]));
	assert_int_equal(hg_grammar_expand(&g, HG_SOURCE_LINKED, &said, 0xabcdef12, made), 2);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(
			made[i].key.instance >> 28, made[i].state.kind == HG_STATE_MACHINE ? 3 : 2);
		hg_change_done(&made[i]);
	}
	hg_grammar_done(&g);
}

/* TV-79: no word of `manual` is a no; a text of the user's own, with its language. */
static void not_manual_unless_said(void **state)
{
	struct hg_publish p = published(1,
		"<state xmlns='" STATE_NS "' " XSI " xsi:type='userState'><availability>3500"
		"</availability><activity><custom LCID='1033'>Meeting at 7/1234</custom></activity></state>");
	const struct hg_state *s = &p.change[0].state;
	struct hg_aggregate a = with_machine(s);
	struct hg_buf out = { 0 };

	assert_false(s->manual);
	assert_int_equal(a.availability, 3500);
	assert_int_equal(a.activity, 1);
	hg_state_write(&out, s);
	assert_non_null(strstr(out.p, "<custom LCID=\"1033\">Meeting at 7/1234</custom>"));
	hg_buf_done(&out);
	hg_publish_done(&p);
}

/* TV-81: one state twice in a request. Where the namespaces are declared, under which prefixes, and in which order the
 * attributes stand is no matter. */
static void the_same_written_differently(void **state)
{
	struct hg_publish p;

	assert_int_equal(
		hg_publish_read(
			HG_STR("<publish xmlns='http://schemas.microsoft.com/2006/09/sip/rich-presence'>"
			       "<publications uri='sip:alice@b'><publication categoryName='state' "
			       "instance='945175315' container='2' version='1' expireType='endpoint'>"
			       "<state xmlns='" STATE_NS "' manual='false' " XSI
			       " xsi:type='machineState'><availability>5000</availability>"
			       "<delimiter xmlns='http://schemas.microsoft.com/2006/09/sip/commontypes'/>"
			       "<end xmlns='http://schemas.microsoft.com/2006/09/sip/state'/></state>"
			       "</publication><publication expireType='endpoint' version='1' "
			       "container='3' instance='945175315' categoryName='state'>"
			       "<x:state auto-ns2:type='machineState' "
			       "xmlns:auto-ns2='http://www.w3.org/2001/XMLSchema-instance' manual='false' "
			       "xmlns:x='" STATE_NS "'><x:availability>5000</x:availability>"
			       "<auto-ns1:delimiter "
			       "xmlns:auto-ns1='http://schemas.microsoft.com/2006/09/sip/commontypes'/>"
			       "<auto-ns1:end xmlns:auto-ns1='http://schemas.microsoft.com/2006/09/sip/"
			       "state'/></x:state></publication></publications></publish>"),
			&p, &err),
		0);
	assert_int_equal(p.n, 2);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(p.change[i].key.instance, 945175315);
		assert_int_equal(p.change[i].key.container, 2 + i);
		assert_int_equal(p.change[i].version, 1);
		assert_int_equal(p.change[i].expiry, HG_ENDPOINT);
	}
	assert_int_equal(p.change[0].state.kind, HG_STATE_MACHINE);
	assert_int_equal(p.change[0].state.availability, 5000);
	assert_true(hg_state_eq(&p.change[0].state, &p.change[1].state));
	hg_publish_done(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bands),
		cmocka_unit_test(tokens),
		cmocka_unit_test(urgent_is_busy),
		cmocka_unit_test(kinds_and_instances),
		cmocka_unit_test(not_manual_unless_said),
		cmocka_unit_test(the_same_written_differently),
	};

	return cmocka_run_group_tests_name("states", tests, NULL, NULL);
}
