/* SPDX-License-Identifier: Apache-2.0 */
/* States that go through mapping tables, and what is noted of them (mapping_law.h). */
#pragma once

#include <heliograph/mapping.h>

#include <stdio.h>
#include <string.h>

#include "tests/support/support.h"
#include "tests/unit/mapping_loss.h"

enum law { LAW_ROUND_TRIP, LAW_EXTENSION, LAW_MONOTONE, LAW_STABLE, LAWS };

struct state {
	uint32_t availability;
	const char *token;
	int note; /* 0 none, 1 personal, 2 out of office */
	bool manual, idle;
	enum hg_circle circle;
	const char *own_words; /* NULL none */
};

struct law_case {
	const struct hg_table *table;
	struct loss *loss;
	const struct hg_grammar *grammar;
	bool tamper;           /* somebody changes the extension's activity on its way */
	const enum law *until; /* no more states once this one is broken; NULL: all of them */
	size_t states, broken[LAWS];
	unsigned drifts;       /* of law_drifts, those that occurred */
	char first[LAWS][512]; /* of what is broken */
};

#define LAW_SINCE INT64_C(1795255200000)
#define LAW_NOTE \
	"zur\xc3\xbc" \
	"ck & \"<um>\" 5"

static const char *const law_notes[] = { "none", "personal", "oof" };

HG_PRINTF(4, 5)
static void law_broken(
	struct law_case *c, enum law law, const struct state *s, const char *fmt, ...)
{
	char what[256];
	va_list args;

	if (c->broken[law]++)
		return;
	va_start(args, fmt);
	vsnprintf(what, sizeof(what), fmt, args);
	va_end(args);
	snprintf(c->first[law], sizeof(c->first[law]),
		"%s: %u '%s' note=%s manual=%d idle=%d circle=%d: %s",
		hg_table_vocabulary(c->table)->name, s->availability, s->token, law_notes[s->note],
		s->manual, s->idle, s->circle, what);
}

/* ---- a state as a presence ---- */

static struct hg_presence law_presence(const struct state *s)
{
	struct hg_presence p = { .availability = s->availability,
		.manual = s->manual,
		.circle = s->circle,
		.device = s->circle > HG_CIRCLE_EXTERNAL ? HG_DEVICE_MOBILE : HG_DEVICE_UNKNOWN,
		.last_active = s->idle ? LAW_SINCE : 0 };

	snprintf(p.activity.token, sizeof(p.activity.token), "%s", s->token);
	hg_token_bounds(hg_str(s->token), &p.activity.min, &p.activity.max);
	if (s->note)
		p.note = (struct hg_note){ .oof = s->note == 2,
			.text = hg_bytes_new(HG_STR(LAW_NOTE)) };
	if (s->own_words) {
		struct hg_text words = { .lcid = 1033, .text = hg_bytes_new(hg_str(s->own_words)) };

		p.activity.custom = hg_texts_new(&words, 1);
		hg_bytes_unref(words.text);
	}
	return p;
}

/* The activity, if it holds at this availability. */
static const char *law_token(const struct state *s)
{
	uint32_t min, max;

	hg_token_bounds(hg_str(s->token), &min, &max);
	return s->availability >= min && s->availability <= max ? s->token : "";
}

/* ---- fields of a table's vocabulary, by either of two names ---- */

static uint16_t law_field(const struct hg_table *t, const char *name, const char *or_name)
{
	const struct hg_vocabulary *v = hg_table_vocabulary(t);

	for (uint16_t i = 0; i < v->nfields; i++)
		if (!strcmp(v->field[i].name, name) || !strcmp(v->field[i].name, or_name))
			return i;
	return UINT16_MAX;
}

static struct hg_str law_get(
	const struct hg_table *t, const struct hg_record *r, const char *name, const char *or_name)
{
	const struct hg_value *v = hg_record_get(r, law_field(t, name, or_name));

	return v ? v->text : HG_STR_NONE;
}

/* ---- IW 4.1: who is there, willing and able. What is not said is not so. ---- */

static unsigned law_reach(enum hg_band band)
{
	enum { THERE = 1, WILLING = 2, ABLE = 4 };
	static const unsigned reach[HG_BAND_COUNT] = { [HG_BAND_UNKNOWN] = 0,
		[HG_BAND_AVAILABLE] = THERE | WILLING | ABLE,
		[HG_BAND_AVAILABLE_IDLE] = THERE | WILLING,
		[HG_BAND_BUSY] = THERE | ABLE,
		[HG_BAND_BUSY_IDLE] = THERE | ABLE,
		[HG_BAND_DND] = THERE | ABLE,
		[HG_BAND_BRB] = THERE | WILLING,
		[HG_BAND_AWAY] = THERE,
		[HG_BAND_OFFLINE] = 0 };

	return reach[band];
}
