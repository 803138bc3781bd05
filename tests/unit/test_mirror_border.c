/* SPDX-License-Identifier: Apache-2.0 */
/* The halves of a watch across the border, edge by edge: docs/border-edges.md in code. Every state meets every event. */
#include "tests/unit/mirror_rig.h"

struct stage {
	struct rig *r;
	struct client alice;
	uint32_t delta; /* of her contact list */
};

struct event {
	const char *name;
	void (*happens)(struct stage *);
};

/* Numbers of enum hg_auth, as `fact watch` writes them: 0 none, 1 pending, 2 granted, 3 refused. */
struct row {
	const char *id, *from, *event, *to;
	const char *log;
};

struct half {
	const char *watcher, *presentity;
	void (*reach)(struct stage *, const char *state);
	const struct event *event;
	size_t nevents;
	const struct row *row;
	size_t nrows;
};

/* "2/2": the halves of the watch, "-" if there is none. */
static void halves(struct stage *s, const struct half *h, char ret[8])
{
	static const char *const names[] = { "none", "pending", "granted", "refused" };
	struct hg_buf b = { 0 };
	char wanted[128], *at;
	int half[2] = { 2,
		2 }; /* the half of an end that is at home counts as granted, and is not shown */

	strcpy(ret, "-");
	if (hg_core_show(s->r->core, rig_addr(s->r, h->watcher), &b) == 0) {
		snprintf(wanted, sizeof(wanted), "{\"presentity\":\"%s.example\"", h->presentity);
		at = strstr(b.p, wanted);
		for (int i = 0; at && i < 2; i++) {
			const char *key = i ? "\"in\":\"" : "\"out\":\"", *v = strstr(at, key);
			const char *end = strstr(at, "\"standing\"");

			for (int k = 0; v && v < end && k < 4; k++)
				if (strncmp(v + strlen(key), names[k], strlen(names[k])) == 0)
					half[i] = k;
		}
		if (at)
			snprintf(ret, 8, "%d/%d", half[0], half[1]);
	}
	hg_buf_done(&b);
}

static struct stage *stage_new(void)
{
	struct stage *s = hg_alloc(sizeof(*s));

	s->r = rig_new_linked();
	s->alice = rig_sign_on(s->r, "alice@h", "desk");
	s->delta = 1;
	rig_machine(&s->alice, 0, 3500);
	hg_buf_reset(&s->r->log);
	return s;
}

static void check_row(const struct half *h, const struct row *row)
{
	struct stage *s = stage_new();
	char now[8];
	size_t e = 0;

	while (e < h->nevents && strcmp(h->event[e].name, row->event) != 0)
		e++;
	assert_true(e < h->nevents);
	h->reach(s, row->from);
	halves(s, h, now);
	assert_string_equal(now, row->from);
	hg_buf_reset(&s->r->log);
	s->r->facts = true;
	h->event[e].happens(s);
	halves(s, h, now);
	if (strcmp(now, row->to) != 0 || !hg_str_is(hg_buf_str(&s->r->log), row->log))
		print_error("%s: %s, %s -> %s:\n%s", row->id, row->from, row->event, now,
			s->r->log.n ? s->r->log.p : "");
	rig_expect(s->r, row->log);
	assert_string_equal(now, row->to);
	rig_free(s->r);
	free(s);
}

/* No state without a row for every event. */
static void check_half(const struct half *h)
{
	for (size_t i = 0; i < h->nrows; i++)
		check_row(h, &h->row[i]);
	for (size_t i = 0; i < h->nrows; i++) {
		for (size_t e = 0; e < h->nevents; e++) {
			size_t k = 0;

			while (k < h->nrows &&
				(strcmp(h->row[k].from, h->row[i].from) != 0 ||
					strcmp(h->row[k].event, h->event[e].name) != 0))
				k++;
			assert_true(k < h->nrows);
		}
	}
}

/* ---- out: alice, at home, watches romeo ---- */

static void set_contact(struct stage *s)
{
	rig_contact(&s->alice, HG_SET_CONTACT, "romeo@x", true, s->delta++);
}

static void set_unsubscribed(struct stage *s)
{
	rig_contact(&s->alice, HG_SET_CONTACT, "romeo@x", false, s->delta++);
}

static void delete_contact(struct stage *s)
{
	rig_contact(&s->alice, HG_DELETE_CONTACT, "romeo@x", false, s->delta++);
}

static void context(struct stage *s)
{
	rig_wish(&s->alice, "romeo@x");
	rig_turn(s->r);
}

static void peer_subscribed(struct stage *s)
{
	rig_peer(s->r, 1, "alice@h", "romeo@x", HG_SUBSCRIBED);
}

static void peer_unsubscribed(struct stage *s)
{
	rig_peer(s->r, 1, "alice@h", "romeo@x", HG_UNSUBSCRIBED);
}

static void peer_presence(struct stage *s)
{
	rig_face(s->r, 1, "alice@h", "romeo@x", "r1", "busy", NULL, NULL);
}

static void sign_off(struct stage *s)
{
	rig_register(&s->alice, 0);
}

static void connection_lost(struct stage *s)
{
	rig_drop(&s->alice);
	rig_pass(s->r, 3600000);
}

static void link_bounce(struct stage *s)
{
	rig_link(s->r, 1, false);
	rig_pass(s->r, 1000);
	rig_link(s->r, 1, true);
	rig_pass(s->r, 1000);
}

static void restart(struct stage *s)
{
	rig_restart(s->r);
	rig_open_route(s->r, 1);
	rig_open_route(s->r, 2);
	rig_link(s->r, 1, true);
	rig_link(s->r, 2, true);
	rig_pass(s->r, 1000);
}

static void reach_out(struct stage *s, const char *state)
{
	if (strcmp(state, "-") != 0)
		set_contact(s);
	if (strcmp(state, "2/2") == 0) {
		peer_subscribed(s);
		rig_face(s->r, 1, "alice@h", "romeo@x", "r1", "on", NULL, NULL);
	}
	if (strcmp(state, "3/2") == 0)
		peer_unsubscribed(s);
	if (strcmp(state, "-") != 0)
		rig_watch_state(&s->alice, "romeo@x", 5);
}

static const struct event out_events[] = {
	{ "setContact", set_contact },
	{ "setContact, subscribed=false", set_unsubscribed },
	{ "deleteContact", delete_contact },
	{ "context", context },
	{ "subscribed", peer_subscribed },
	{ "unsubscribed", peer_unsubscribed },
	{ "presence", peer_presence },
	{ "sign-off", sign_off },
	{ "connection lost", connection_lost },
	{ "link bounce", link_bounce },
	{ "restart", restart },
};

static const struct row out_rows[] = {
	{ "O1", "-", "setContact", "1/2",
		"fact contact alice@h romeo@x 1.0.0\n"
		"fact watch alice@h romeo@x 1/2\n"
		"fact list alice@h 2.0.0\n"
		"edge subscribe alice@h>romeo@x\n"
		"answer 3 ok\n" },
	{ "O2", "-", "setContact, subscribed=false", "-",
		"fact contact alice@h romeo@x 0.0.0\n"
		"fact list alice@h 2.0.0\n"
		"answer 3 ok\n" },
	{ "O3", "-", "deleteContact", "-",
		"fact list alice@h 2.0.0\n"
		"answer 3 ok\n" },
	{ "O4", "-", "context", "1/2",
		"fact watch alice@h romeo@x 1/2\n"
		"edge subscribe alice@h>romeo@x\n"
		"answer 3 ok\n" },
	{ "O5", "-", "subscribed", "-", "" },
	{ "O6", "-", "unsubscribed", "-", "" },
	{ "O7", "-", "presence", "-", "" },
	{ "O8", "-", "sign-off", "-", "answer 3 ok\n" },
	{ "O9", "-", "connection lost", "-", "" },
	{ "O10", "-", "link bounce", "-", "" },
	{ "O11", "-", "restart", "-", "" },
	{ "O12", "1/2", "setContact", "1/2",
		"fact contact alice@h romeo@x 1.0.0\n"
		"fact list alice@h 3.0.0\n"
		"answer 4 ok\n" },
	{ "O13", "1/2", "setContact, subscribed=false", "-",
		"fact contact alice@h romeo@x 0.0.0\n"
		"fact -watch alice@h romeo@x\n"
		"fact list alice@h 3.0.0\n"
		"edge unsubscribe alice@h>romeo@x\n"
		"ended 5\n"
		"answer 4 ok\n" },
	{ "O14", "1/2", "deleteContact", "-",
		"fact -contact alice@h romeo@x 0.0.0\n"
		"fact -watch alice@h romeo@x\n"
		"fact list alice@h 3.0.0\n"
		"edge unsubscribe alice@h>romeo@x\n"
		"ended 5\n"
		"answer 4 ok\n" },
	{ "O15", "1/2", "context", "1/2", "answer 4 ok\n" },
	{ "O16", "1/2", "subscribed", "2/2",
		"fact watch alice@h romeo@x 2/2\n"
		"edge probe alice@h>romeo@x\n" },
	{ "O17", "1/2", "unsubscribed", "3/2",
		"fact watch alice@h romeo@x 3/2\n"
		"show #5 refused romeo@x state{18500}\n" },
	{ "O18", "1/2", "presence", "1/2", "" },
	{ "O19", "1/2", "sign-off", "1/2",
		"ended 5\n"
		"answer 4 ok\n" },
	{ "O20", "1/2", "connection lost", "1/2", "" },
	{ "O21", "1/2", "link bounce", "1/2", "edge subscribe alice@h>romeo@x\n" },
	{ "O22", "1/2", "restart", "1/2", "edge subscribe alice@h>romeo@x\n" },
	{ "O23", "2/2", "setContact", "2/2",
		"fact contact alice@h romeo@x 1.0.0\n"
		"fact list alice@h 3.0.0\n"
		"answer 4 ok\n" },
	{ "O24", "2/2", "setContact, subscribed=false", "-",
		"fact contact alice@h romeo@x 0.0.0\n"
		"fact -watch alice@h romeo@x\n"
		"fact list alice@h 3.0.0\n"
		"edge unsubscribe alice@h>romeo@x\n"
		"ended 5\n"
		"answer 4 ok\n" },
	{ "O25", "2/2", "deleteContact", "-",
		"fact -contact alice@h romeo@x 0.0.0\n"
		"fact -watch alice@h romeo@x\n"
		"fact list alice@h 3.0.0\n"
		"edge unsubscribe alice@h>romeo@x\n"
		"ended 5\n"
		"answer 4 ok\n" },
	{ "O26", "2/2", "context", "2/2", "answer 4 ok\n" },
	{ "O27", "2/2", "subscribed", "2/2", "" },
	{ "O28", "2/2", "unsubscribed", "3/2",
		"fact watch alice@h romeo@x 3/2\n"
		"show #5 refused romeo@x state{18500}\n" },
	{ "O29", "2/2", "presence", "2/2", "show #5 known romeo@x state{6500}\n" },
	{ "O30", "2/2", "sign-off", "2/2",
		"ended 5\n"
		"answer 4 ok\n" },
	{ "O31", "2/2", "connection lost", "2/2", "" },
	{ "O32", "2/2", "link bounce", "2/2", "edge probe alice@h>romeo@x\n" },
	{ "O33", "2/2", "restart", "2/2", "edge probe alice@h>romeo@x\n" },
	{ "O34", "3/2", "setContact", "3/2",
		"fact contact alice@h romeo@x 1.0.0\n"
		"fact list alice@h 3.0.0\n"
		"answer 4 ok\n" },
	{ "O35", "3/2", "setContact, subscribed=false", "-",
		"fact contact alice@h romeo@x 0.0.0\n"
		"fact -watch alice@h romeo@x\n"
		"fact list alice@h 3.0.0\n"
		"ended 5\n"
		"answer 4 ok\n" },
	{ "O36", "3/2", "deleteContact", "-",
		"fact -contact alice@h romeo@x 0.0.0\n"
		"fact -watch alice@h romeo@x\n"
		"fact list alice@h 3.0.0\n"
		"ended 5\n"
		"answer 4 ok\n" },
	{ "O37", "3/2", "context", "3/2", "answer 4 ok\n" },
	{ "O38", "3/2", "subscribed", "3/2", "" },
	{ "O39", "3/2", "unsubscribed", "3/2", "" },
	{ "O40", "3/2", "presence", "3/2", "" },
	{ "O41", "3/2", "sign-off", "3/2",
		"ended 5\n"
		"answer 4 ok\n" },
	{ "O42", "3/2", "connection lost", "3/2", "" },
	{ "O43", "3/2", "link bounce", "3/2", "" },
	{ "O44", "3/2", "restart", "3/2", "" },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void out_half(void **state)
{
	static const struct half h = { "alice@h", "romeo@x", reach_out, out_events,
		COUNT(out_events), out_rows, COUNT(out_rows) };

	check_half(&h);
}

/* ---- in: romeo watches alice, who is at home ---- */

static void watcher_subscribe(struct stage *s)
{
	rig_peer(s->r, 1, "romeo@x", "alice@h", HG_SUBSCRIBE);
}

static void watcher_unsubscribe(struct stage *s)
{
	rig_peer(s->r, 1, "romeo@x", "alice@h", HG_UNSUBSCRIBE);
}

static void watcher_probe(struct stage *s)
{
	rig_peer(s->r, 1, "romeo@x", "alice@h", HG_PROBE);
}

static void block(struct stage *s)
{
	struct hg_member_edit e = rig_member(&s->alice, HG_C_BLOCKED, 1, false, "romeo@x");

	rig_members(&s->alice, &e, 1);
	rig_turn(s->r);
}

static void reach_in(struct stage *s, const char *state)
{
	/* A home presentity agrees at once, so that pending comes only from a store that was written under another rule. */
	if (strcmp(state, "2/1") == 0)
		assert_int_equal(hg_core_load(s->r->core,
					 &(struct hg_fact){ .kind = HG_FACT_WATCH,
						 .owner = HG_STR("romeo@x.example"),
						 .name = HG_STR("alice@h.example"),
						 .value = HG_STR("romeo@x.example"),
						 .extra = HG_STR("alice@h.example"),
						 .number = { 2, 1 } }),
			0);
	if (strcmp(state, "2/2") == 0)
		watcher_subscribe(s);
}

static const struct event in_events[] = {
	{ "subscribe", watcher_subscribe },
	{ "unsubscribe", watcher_unsubscribe },
	{ "probe", watcher_probe },
	{ "setContact", set_contact },
	{ "deleteContact", delete_contact },
	{ "block", block },
	{ "sign-off", sign_off },
	{ "link bounce", link_bounce },
};

static const struct row in_rows[] = {
	{ "I1", "-", "subscribe", "2/2",
		"fact watch romeo@x alice@h 2/2\n"
		"edge subscribed romeo@x>alice@h\n"
		"show romeo@x<alice@h is=on\n" },
	{ "I2", "-", "unsubscribe", "-", "" },
	{ "I3", "-", "probe", "-", "edge unsubscribed romeo@x>alice@h\n" },
	{ "I4", "-", "setContact", "-",
		"fact contact alice@h romeo@x 1.0.0\n"
		"fact watch alice@h romeo@x 1/2\n"
		"fact list alice@h 2.0.0\n"
		"edge subscribe alice@h>romeo@x\n"
		"answer 3 ok\n" },
	{ "I5", "-", "deleteContact", "-",
		"fact list alice@h 2.0.0\n"
		"answer 3 ok\n" },
	{ "I6", "-", "block", "-",
		"fact container alice@h 32000.2.0\n"
		"fact member alice@h 32000.3.0\n"
		"fact member alice@h romeo@x 32000.6.0\n"
		"answer 3 ok\n" },
	{ "I7", "-", "sign-off", "-", "answer 3 ok\n" },
	{ "I8", "-", "link bounce", "-", "" },
	{ "I9", "2/1", "subscribe", "2/2",
		"fact watch romeo@x alice@h 2/2\n"
		"edge subscribed romeo@x>alice@h\n"
		"show romeo@x<alice@h is=on\n" },
	{ "I10", "2/1", "unsubscribe", "-", "fact -watch romeo@x alice@h\n" },
	{ "I11", "2/1", "probe", "2/1", "" },
	{ "I12", "2/1", "setContact", "2/2",
		"fact contact alice@h romeo@x 1.0.0\n"
		"fact watch romeo@x alice@h 2/2\n"
		"fact watch alice@h romeo@x 1/2\n"
		"fact list alice@h 2.0.0\n"
		"edge subscribed romeo@x>alice@h\n"
		"edge subscribe alice@h>romeo@x\n"
		"answer 3 ok\n"
		"show romeo@x<alice@h is=on\n" },
	{ "I13", "2/1", "deleteContact", "2/1",
		"fact list alice@h 2.0.0\n"
		"answer 3 ok\n" },
	{ "I14", "2/1", "block", "2/2",
		"fact container alice@h 32000.2.0\n"
		"fact member alice@h 32000.3.0\n"
		"fact member alice@h romeo@x 32000.6.0\n"
		"fact watch romeo@x alice@h 2/2\n"
		"edge subscribed romeo@x>alice@h\n"
		"answer 3 ok\n"
		"show romeo@x<alice@h is=gone\n" },
	{ "I15", "2/1", "sign-off", "2/1", "answer 3 ok\n" },
	{ "I16", "2/1", "link bounce", "2/1", "" },
	{ "I17", "2/2", "subscribe", "2/2",
		"edge subscribed romeo@x>alice@h\n"
		"show romeo@x<alice@h is=on\n" },
	{ "I18", "2/2", "unsubscribe", "-", "fact -watch romeo@x alice@h\n" },
	{ "I19", "2/2", "probe", "2/2", "show romeo@x<alice@h is=on\n" },
	{ "I20", "2/2", "setContact", "2/2",
		"fact contact alice@h romeo@x 1.0.0\n"
		"fact watch alice@h romeo@x 1/2\n"
		"fact list alice@h 2.0.0\n"
		"edge subscribe alice@h>romeo@x\n"
		"answer 3 ok\n" },
	{ "I21", "2/2", "deleteContact", "2/2",
		"fact list alice@h 2.0.0\n"
		"answer 3 ok\n" },
	{ "I22", "2/2", "block", "2/2",
		"fact container alice@h 32000.2.0\n"
		"fact member alice@h 32000.3.0\n"
		"fact member alice@h romeo@x 32000.6.0\n"
		"answer 3 ok\n"
		"show romeo@x<alice@h is=gone\n" },
	{ "I23", "2/2", "sign-off", "2/2",
		"answer 3 ok\n"
		"show romeo@x<alice@h is=gone\n" },
	{ "I24", "2/2", "link bounce", "2/2", "show romeo@x<alice@h is=on\n" },
};

static void in_half(void **state)
{
	static const struct half h = { "romeo@x", "alice@h", reach_in, in_events, COUNT(in_events),
		in_rows, COUNT(in_rows) };

	check_half(&h);
}

/* ---- transit: romeo, behind one route, watches yorick behind the other ---- */

static void transit_subscribe(struct stage *s)
{
	rig_peer(s->r, 1, "romeo@x", "yorick@y", HG_SUBSCRIBE);
}

static void transit_unsubscribe(struct stage *s)
{
	rig_peer(s->r, 1, "romeo@x", "yorick@y", HG_UNSUBSCRIBE);
}

static void transit_probe(struct stage *s)
{
	rig_peer(s->r, 1, "romeo@x", "yorick@y", HG_PROBE);
}

static void transit_subscribed(struct stage *s)
{
	rig_peer(s->r, 2, "romeo@x", "yorick@y", HG_SUBSCRIBED);
}

static void transit_unsubscribed(struct stage *s)
{
	rig_peer(s->r, 2, "romeo@x", "yorick@y", HG_UNSUBSCRIBED);
}

static void transit_presence(struct stage *s)
{
	rig_face(s->r, 2, "romeo@x", "yorick@y", "r1", "busy", NULL, NULL);
}

static void far_link_bounce(struct stage *s)
{
	rig_link(s->r, 2, false);
	rig_pass(s->r, 1000);
	rig_link(s->r, 2, true);
	rig_pass(s->r, 1000);
}

static void reach_transit(struct stage *s, const char *state)
{
	if (strcmp(state, "-") != 0)
		transit_subscribe(s);
	if (strcmp(state, "2/2") == 0) {
		transit_subscribed(s);
		rig_face(s->r, 2, "romeo@x", "yorick@y", "r1", "on", NULL, NULL);
	}
}

static const struct event transit_events[] = {
	{ "subscribe", transit_subscribe },
	{ "unsubscribe", transit_unsubscribe },
	{ "probe", transit_probe },
	{ "subscribed", transit_subscribed },
	{ "unsubscribed", transit_unsubscribed },
	{ "presence", transit_presence },
	{ "watcher's link bounce", link_bounce },
	{ "presentity's link bounce", far_link_bounce },
	{ "restart", restart },
};

static const struct row transit_rows[] = {
	{ "T1", "-", "subscribe", "1/1",
		"fact watch romeo@x yorick@y 1/1\n"
		"edge subscribe romeo@x>yorick@y\n" },
	{ "T2", "-", "unsubscribe", "-", "" },
	{ "T3", "-", "probe", "-", "edge unsubscribed romeo@x>yorick@y\n" },
	{ "T4", "-", "subscribed", "-", "" },
	{ "T5", "-", "unsubscribed", "-", "" },
	{ "T6", "-", "presence", "-", "" },
	{ "T7", "-", "watcher's link bounce", "-", "" },
	{ "T8", "-", "presentity's link bounce", "-", "" },
	{ "T9", "-", "restart", "-", "" },
	{ "T10", "1/1", "subscribe", "1/1", "" },
	{ "T11", "1/1", "unsubscribe", "-",
		"fact -watch romeo@x yorick@y\n"
		"edge unsubscribe romeo@x>yorick@y\n" },
	{ "T12", "1/1", "probe", "1/1", "" },
	{ "T13", "1/1", "subscribed", "2/2",
		"fact watch romeo@x yorick@y 2/2\n"
		"edge probe romeo@x>yorick@y\n"
		"edge subscribed romeo@x>yorick@y\n" },
	{ "T14", "1/1", "unsubscribed", "-",
		"fact -watch romeo@x yorick@y\n"
		"edge unsubscribed romeo@x>yorick@y\n" },
	{ "T15", "1/1", "presence", "1/1", "" },
	{ "T16", "1/1", "watcher's link bounce", "1/1", "" },
	{ "T17", "1/1", "presentity's link bounce", "1/1", "edge subscribe romeo@x>yorick@y\n" },
	{ "T18", "1/1", "restart", "1/1", "edge subscribe romeo@x>yorick@y\n" },
	{ "T19", "2/2", "subscribe", "2/2",
		"edge subscribed romeo@x>yorick@y\n"
		"show romeo@x<yorick@y is=on\n" },
	{ "T20", "2/2", "unsubscribe", "-",
		"fact -watch romeo@x yorick@y\n"
		"edge unsubscribe romeo@x>yorick@y\n" },
	{ "T21", "2/2", "probe", "2/2", "show romeo@x<yorick@y is=on\n" },
	{ "T22", "2/2", "subscribed", "2/2", "" },
	{ "T23", "2/2", "unsubscribed", "-",
		"fact -watch romeo@x yorick@y\n"
		"edge unsubscribed romeo@x>yorick@y\n" },
	{ "T24", "2/2", "presence", "2/2", "show romeo@x<yorick@y is=busy\n" },
	{ "T25", "2/2", "watcher's link bounce", "2/2", "show romeo@x<yorick@y is=on\n" },
	{ "T26", "2/2", "presentity's link bounce", "2/2", "edge probe romeo@x>yorick@y\n" },
	{ "T27", "2/2", "restart", "2/2", "edge probe romeo@x>yorick@y\n" },
};

static void transit(void **state)
{
	static const struct half h = { "romeo@x", "yorick@y", reach_transit, transit_events,
		COUNT(transit_events), transit_rows, COUNT(transit_rows) };

	check_half(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(out_half),
		cmocka_unit_test(in_half),
		cmocka_unit_test(transit),
	};

	return cmocka_run_group_tests_name("border", tests, NULL, NULL);
}
