/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What has to be true of every mapping table, of every state that can be told apart:
 *
 *	ROUND_TRIP  written and read again it is the same, or what mappings/loss/TABLE.json declares, and all that is declared occurs
 *	EXTENSION   with the extension beside it, it is the same always
 *	MONOTONE    nobody comes back more available than he went out
 *	STABLE      who comes back is written as he was: nothing drifts, however often it goes to and fro
 *
 * States are the product of numbers (canonical ones, edges of the bands, others between), activities (the standard ones, others
 * that tables know, one that nobody knows), notes, who chose it, idle or not, and access levels.
 */
#pragma once

#include "bridge/documents/extension.h"
#include "bridge/documents/xml.h"
#include "bridge/presence/faces.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/mapping_state.h"

/* ---- there and back ---- */

static uint32_t law_said(const struct hg_statement *said)
{
	uint32_t availability = said->user ? said->user
		: said->phone              ? said->phone
		: said->calendar           ? said->calendar
		: said->machine            ? said->machine
					   : hg_band_canonical(HG_BAND_OFFLINE);

	/* EP 2.4: who is busy and idle */
	return hg_band_of(availability) == HG_BAND_BUSY && said->idle_since ? 7500 : availability;
}

static void law_round_trip(
	struct law_case *c, const struct state *s, const struct hg_statement *said)
{
	const char *token = loss_token(c->loss, law_token(s));
	struct loss_back back = { .band = hg_band_of(law_said(said)),
		.token = loss_token(c->loss, said->token),
		.note = !said->note.text ? 0
			: said->note.oof ? 2
					 : 1,
		.manual = said->user && !said->automatic,
		.idle = said->idle_since != 0 };
	struct loss_back want = loss_find(c->loss, hg_band_of(s->availability), token, s->note,
		s->manual, s->idle, s->circle);

	if (back.band != want.band || back.token != want.token || back.note != want.note ||
		back.manual != want.manual || back.idle != want.idle)
		law_broken(c, LAW_ROUND_TRIP, s,
			"%s '%s' note=%s manual=%d idle=%d comes back, not %s '%s' note=%s manual=%d "
			"idle=%d",
			hg_band_name(back.band), back.token, law_notes[back.note], back.manual,
			back.idle, hg_band_name(want.band), want.token, law_notes[want.note],
			want.manual, want.idle);
}

/* ---- more available than before ---- */

static void law_monotone(struct law_case *c, const struct state *s, uint32_t back)
{
	if (law_reach(hg_band_of(back)) & ~law_reach(hg_band_of(s->availability)))
		law_broken(c, LAW_MONOTONE, s, "comes back as %u", back);
}

/* ---- written again ---- */

static struct hg_record *law_again(
	struct law_case *c, const struct hg_record *r, struct hg_presence *ret)
{
	struct hg_statement said;
	struct hg_said face = { &said, 1 };
	struct hg_record *again = NULL;

	hg_table_in(c->table, r, &said);
	hg_faces_presence(c->grammar, &face, 1, LAW_SINCE, ret);
	if (hg_statement_says(&said))
		again = hg_table_out(c->table, ret);
	hg_statement_done(&said);
	return again;
}

/*
 * What is read as less than it was written as, and written again as that; nothing else drifts, and these no farther.
 *
 * Who does not want to be disturbed has a telephone that is busy; whose telephone is busy is on the phone.
 * A conference is a meeting with a text in XMPP, and a meeting here, whatever its text.
 */
static const struct law_drift {
	const char *table, *field, *from, *to;
} law_drifts[] = {
	{ "asterisk-device", "device", "BUSY", "INUSE" },
	{ "xmpp-activity", "text", "In a conference", "" },
};
enum { LAW_DRIFTS = sizeof(law_drifts) / sizeof(law_drifts[0]) };

static bool law_is_drift(const struct law_drift *d, const struct hg_table *t,
	const struct hg_record *a, const struct hg_record *b)
{
	const struct hg_vocabulary *v = hg_table_vocabulary(t);

	if (strcmp(v->name, d->table) != 0)
		return false;
	for (uint16_t i = 0; i < v->nfields; i++) {
		struct hg_str from = law_get(t, a, v->field[i].name, ""),
			      to = law_get(t, b, v->field[i].name, "");
		bool drifts = !strcmp(v->field[i].name, d->field);

		if (drifts ? !hg_str_is(from, d->from) || !hg_str_is(to, d->to)
			   : !hg_str_eq(from, to))
			return false;
	}
	return true;
}

/* The declared one that it is; LAW_DRIFTS: none. */
static size_t law_drift_of(
	const struct hg_table *t, const struct hg_record *a, const struct hg_record *b)
{
	size_t i = 0;

	while (i < LAW_DRIFTS && !law_is_drift(&law_drifts[i], t, a, b))
		i++;
	return i;
}

static void law_stable(struct law_case *c, const struct state *s, const struct hg_record *r)
{
	struct hg_record *twice, *thrice = NULL;
	struct hg_presence p;
	size_t drift;

	twice = law_again(c, r, &p);
	law_monotone(c, s, p.availability);
	hg_presence_done(&p);
	if (!twice)
		return;
	drift = law_drift_of(c->table, r, twice);
	if (drift < LAW_DRIFTS) {
		c->drifts |= 1u << drift;
		thrice = law_again(c, twice, &p);
		hg_presence_done(&p);
	}
	if (!hg_record_eq(thrice ? thrice : r, twice))
		law_broken(c, LAW_STABLE, s, "%.*s is written as %.*s",
			HG_STR_ARG(r->value[r->n - 1].text),
			HG_STR_ARG(twice->value[twice->n - 1].text));
	hg_record_unref(twice);
	if (thrice)
		hg_record_unref(thrice);
}

/* ---- with the extension ---- */

/* What stands in the stanza or the tuple. */
static struct hg_extension_core law_core(const struct hg_table *t, const struct hg_record *r)
{
	struct hg_str type = law_get(t, r, "type", "basic"),
		      priority = law_get(t, r, "priority", "");
	int64_t number = 0;

	hg_str_i64(priority, &number);
	return (struct hg_extension_core){
		.type = hg_str_is(type, "available") || hg_str_is(type, "open") ? HG_CORE_AVAILABLE
			: type.n ? HG_CORE_UNAVAILABLE
				 : HG_CORE_UNKNOWN,
		.show = law_get(t, r, "show", "show"),
		.priority = (int)number,
		.text = law_get(t, r, "status", "note"),
	};
}

/* On the wire and off it. */
static bool law_carry(const struct law_case *c, const struct hg_extension *e,
	const struct hg_extension_core *core, struct hg_extension *ret)
{
	struct hg_attr attr[HG_EXTENSION_ATTRS_MAX];
	struct hg_doc_err err;
	struct hg_buf b = { 0 };
	struct hg_xml xml;
	size_t n = 0;
	bool read;

	hg_extension_write(&b, e, core);
	read = hg_xml_parse(hg_buf_str(&b), HG_EXTENSION_NAME, HG_NS_EXTENSION, &xml, &err) == 0;
	for (const xmlAttr *a = read ? xml.root->properties : NULL; a; a = a->next) {
		attr[n].name = hg_str((const char *)a->name);
		attr[n++].value = hg_str(a->children ? (const char *)a->children->content : "");
		if (c->tamper && hg_str_is(attr[n - 1].name, "tok"))
			attr[n - 1].value.n--;
	}
	read = read && hg_extension_read(attr, n, core, ret);
	hg_xml_done(&xml);
	hg_buf_done(&b);
	return read;
}

static bool law_same(const struct hg_presence *a, const struct hg_presence *b)
{
	uint32_t max = a->activity.max ? a->activity.max : UINT32_MAX;

	return a->availability == b->availability && a->activity.min == b->activity.min &&
		max == b->activity.max && strcmp(a->activity.token, b->activity.token) == 0 &&
		a->manual == b->manual && a->device == b->device &&
		a->last_active == b->last_active && a->note.oof == b->note.oof &&
		!a->note.text == !b->note.text &&
		hg_str_eq(hg_bytes_str(a->note.text), hg_bytes_str(b->note.text));
}

/* Of somebody who is there. */
static void law_extension(struct law_case *c, const struct state *s, const struct hg_presence *p,
	const struct hg_record *r)
{
	struct hg_extension_core core = law_core(c->table, r);
	struct hg_presence back;
	struct hg_extension sent, arrived;
	bool there = core.type == HG_CORE_AVAILABLE;

	if (hg_extension_of(p, HG_STR("corp.example"), &core, &sent) != there)
		law_broken(c, LAW_EXTENSION, s, "of somebody who is%s there", there ? "" : " not");
	if (!there)
		return;
	if (!law_carry(c, &sent, &core, &arrived)) {
		law_broken(c, LAW_EXTENSION, s, "the extension is not read");
		return;
	}
	hg_extension_presence(&arrived, &core, &back);
	if (!law_same(p, &back))
		law_broken(c, LAW_EXTENSION, s, "%u '%s' note='%.*s' comes back", back.availability,
			back.activity.token, HG_STR_ARG(hg_bytes_str(back.note.text)));
	hg_presence_done(&back);
}

/* ---- every state ---- */

static void law_look(struct law_case *c, const struct state *s)
{
	struct hg_presence p = law_presence(s);
	struct hg_record *r = hg_table_out(c->table, &p);
	struct hg_statement said;

	c->states++;
	hg_table_in(c->table, r, &said);
	law_monotone(c, s, law_said(&said));
	if (!s->own_words)
		law_round_trip(c, s, &said);
	hg_statement_done(&said);
	law_stable(c, s, r);
	if (!s->own_words && law_field(c->table, "type", "basic") != UINT16_MAX &&
		law_field(c->table, "show", "show") != UINT16_MAX)
		law_extension(c, s, &p, r);
	hg_record_unref(r);
	hg_presence_done(&p);
}

/* Who may know no more than an availability is shown no more (EP 3.1); and who is at his device is not idle. */
static bool law_may_be(const struct state *s)
{
	enum hg_band band = hg_band_of(s->availability);
	if (s->idle && (band == HG_BAND_AVAILABLE || band == HG_BAND_BUSY))
		return false;
	bool bare = !s->note && !s->manual && !s->idle && !s->token[0] && !s->own_words;

	if (s->circle == HG_CIRCLE_BLOCKED)
		return bare && hg_band_of(s->availability) == HG_BAND_OFFLINE;
	return bare || s->circle != HG_CIRCLE_EXTERNAL;
}

static void law_beside(
	struct law_case *c, uint32_t availability, const char *token, const char *own_words)
{
	enum { CIRCLES = HG_CIRCLE_CUSTOM + 1 };

	for (int i = 0; i < 3 * 2 * 2 * CIRCLES; i++) {
		struct state s = { .availability = availability,
			.token = token,
			.note = i / (2 * 2 * CIRCLES),
			.manual = i / (2 * CIRCLES) % 2,
			.idle = i / CIRCLES % 2,
			.circle = (enum hg_circle)(i % CIRCLES),
			.own_words = own_words };

		if (law_may_be(&s))
			law_look(c, &s);
	}
}

/* What does not hold is looked at where it counts: at the numbers that are published. */
static bool law_skips(uint32_t availability, const char *token, const char *own_words)
{
	struct state s = { .availability = availability, .token = token };
	bool canonical = hg_band_canonical(hg_band_of(availability)) == availability;
	uint32_t min, max;

	hg_token_bounds(hg_str(token), &min, &max);
	return !canonical &&
		(own_words || (token[0] && (!law_token(&s)[0] || (!min && max == UINT32_MAX))));
}

static void law_numbers(struct law_case *c, const char *token, const char *own_words)
{
	static const uint32_t number[] = { 0, 1, 1500, 2999, 3000, 3500, 4499, 4500, 5000, 5999,
		6000, 6499, 6500, 6899, 6900, 6999, 7000, 7499, 7500, 8000, 8999, 9000, 9500, 11999,
		12000, 12500, 14999, 15000, 15500, 17999, 18000, 18500, UINT32_MAX };

	for (size_t i = 0; i < sizeof(number) / sizeof(number[0]); i++)
		if (!(c->until && c->broken[*c->until]) && !law_skips(number[i], token, own_words))
			law_beside(c, number[i], token, own_words);
}

static void law_look_at_all(struct law_case *c)
{
	static const char *const others[] = { "out-to-lunch", "breakfast", "dinner", "meal",
		"in-transit", "steering", "travel", "sleeping", "Im Labor <&\"\xc3\xbc\">" };

	law_numbers(c, "", NULL);
	law_numbers(c, "", "in the lab");
	for (size_t i = 0; hg_token_standard(i); i++)
		law_numbers(c, hg_token_standard(i), NULL);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		law_numbers(c, others[i], NULL);
}
