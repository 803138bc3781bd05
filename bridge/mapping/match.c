/* SPDX-License-Identifier: Apache-2.0 */
/* Inward: what a table reads of a record, and which row matches, either way. */
#include "bridge/mapping/internal.h"
#include "bridge/mapping/text.h"

#include <stdio.h>
#include <string.h>

static const char *const shows[] = {
	[HG_SHOW_AWAY] = "away", [HG_SHOW_CHAT] = "chat", [HG_SHOW_DND] = "dnd", [HG_SHOW_XA] = "xa"
};

uint16_t hg_show_token(const struct hg_field_def *def, enum hg_show show)
{
	for (uint16_t i = 0; show && def->tokens[i]; i++)
		if (strcmp(def->tokens[i], shows[show]) == 0)
			return 1 + i;
	return 0;
}

enum hg_show hg_show_of(const struct hg_field_def *def, uint16_t at)
{
	for (size_t i = 1; at && i < sizeof(shows) / sizeof(shows[0]); i++)
		if (strcmp(def->tokens[at - 1], shows[i]) == 0)
			return (enum hg_show)i;
	return HG_SHOW_NONE;
}

static bool in_ranges(const struct hg_range *range, size_t n, int64_t number)
{
	for (size_t i = 0; i < n; i++) {
		if (number >= range[i].low && number <= range[i].high)
			return true;
	}
	return false;
}

static bool takes(
	const struct hg_table *t, const struct hg_condition *c, const struct hg_heard_value *heard)
{
	if (!(c->bits.w[heard->at / 64] >> heard->at % 64 & 1))
		return false;
	return !c->nranges || !heard->at ||
		in_ranges(t->range + c->range, c->nranges, heard->number);
}

bool hg_row_takes_field(const struct hg_table *t, const struct hg_row *row, uint16_t field,
	const struct hg_heard_value *heard)
{
	for (size_t i = 0; i < row->nconditions; i++)
		if (row->condition[i].field == field && !takes(t, &row->condition[i], heard))
			return false;
	return true;
}

bool hg_row_takes_availability(
	const struct hg_table *t, const struct hg_row *row, uint32_t availability)
{
	if (row->bands & 1u << hg_band_of(availability))
		return true;
	return row->nranges && in_ranges(t->range + row->range, row->nranges, availability);
}

bool hg_row_takes_activity(const struct hg_table *t, const struct hg_row *row, struct hg_str token)
{
	bool is = !row->nactivities;

	for (size_t i = 0; i < row->nactivities && !is; i++)
		is = hg_str_ieq(token, hg_str(t->string[row->activity + i]));
	return is;
}

const char *hg_row_deaf(
	const struct hg_table *t, const struct hg_row *row, const struct hg_heard *heard)
{
	for (size_t i = 0; i < row->nconditions; i++) {
		const struct hg_condition *c = &row->condition[i];

		if (!takes(t, c, &heard->value[c->field]))
			return t->vocabulary->field[c->field].name;
	}
	return NULL;
}

const char *hg_row_blind(
	const struct hg_table *t, const struct hg_row *row, const struct hg_shown *shown)
{
	if (!hg_row_takes_availability(t, row, shown->availability))
		return "availability";
	if (!hg_row_takes_activity(t, row, shown->activity))
		return "activity";
	for (int f = 0; f < HG_FACTS; f++)
		if (!(row->fact[f] >> shown->fact[f] & 1))
			return hg_fact_name((enum hg_fact)f);
	return NULL;
}

/* ---- inward ---- */

/* What is no value of its field counts as absent: a peer must not steer which rule matches by
 * writing nonsense. */
static void hear(const struct hg_field_def *def, struct hg_str text, struct hg_heard_value *ret)
{
	switch (def->kind) {
	case HG_FIELD_TOKEN:
		for (uint16_t i = 0; def->tokens[i] && !ret->at; i++)
			ret->at = hg_str_is(text, def->tokens[i]) ? 1 + i : 0;
		break;
	case HG_FIELD_INTEGER:
		ret->at = hg_str_i64(text, &ret->number) && ret->number >= def->min &&
			ret->number <= def->max;
		break;
	case HG_FIELD_TEXT:
		ret->at = hg_str_trim(text).n > 0;
		break;
	case HG_FIELD_TIME:
		ret->at = hg_utc_read(text, &ret->number) && ret->number > 0;
		break;
	}
}

void hg_hear(const struct hg_vocabulary *v, const struct hg_record *r, struct hg_heard *ret)
{
	*ret = (struct hg_heard){ 0 };
	for (size_t i = 0; i < v->nfields; i++) {
		const struct hg_value *value = hg_record_get(r, (uint16_t)i);

		if (value)
			hear(&v->field[i], value->text, &ret->value[i]);
	}
}

/* The first text is the note, and those behind it in other languages are that note as well. */
static void carry_translations(const struct hg_record *r, uint16_t field, struct hg_note *note)
{
	struct hg_text v[HG_TRANSLATIONS_MAX] = { 0 };
	size_t n = 0;

	for (uint32_t i = 0; i < r->n && n < HG_TRANSLATIONS_MAX; i++) {
		const struct hg_value *value = &r->value[i];

		if (value->field != field || !value->lang[0] || !strcmp(value->lang, note->lang))
			continue;
		v[n].text = hg_text_clean(value->text);
		memcpy(v[n].lang, value->lang, sizeof(v[n].lang));
		n += v[n].text != NULL;
	}
	note->also = hg_texts_new(v, n);
	while (n)
		hg_bytes_unref(v[--n].text);
}

static void carry_note(
	const struct hg_table *t, const struct hg_record *r, struct hg_statement *ret)
{
	const struct hg_value *note = t->note != HG_NO_FIELD ? hg_record_get(r, t->note) : NULL;

	if (note)
		ret->note.text = hg_text_clean(note->text);
	if (!ret->note.text)
		return;
	memcpy(ret->note.lang, note->lang, sizeof(ret->note.lang));
	carry_translations(r, t->note, &ret->note);
}

/* What the columns carry, whichever rule matched. */
static void carry(const struct hg_table *t, const struct hg_record *r, const struct hg_heard *heard,
	struct hg_statement *ret)
{
	if (t->priority != HG_NO_FIELD && heard->value[t->priority].at)
		ret->priority = (int)heard->value[t->priority].number;
	if (t->show != HG_NO_FIELD)
		ret->show = hg_show_of(&t->vocabulary->field[t->show], heard->value[t->show].at);
	if (t->idle != HG_NO_FIELD && heard->value[t->idle].at)
		ret->idle_since = heard->value[t->idle].number;
	if (t->words != HG_NO_FIELD)
		ret->words = hg_words_of(r->value, r->n, t->words);
	carry_note(t, r, ret);
}

static uint32_t *availability_of(struct hg_statement *s, enum hg_said state)
{
	switch (state) {
	case HG_SAID_USER:
		return &s->user;
	case HG_SAID_PHONE:
		return &s->phone;
	case HG_SAID_CALENDAR:
		return &s->calendar;
	default:
		return &s->machine;
	}
}

void hg_table_in(const struct hg_table *t, const struct hg_record *r, struct hg_statement *ret)
{
	const struct hg_row *row;
	struct hg_heard heard;

	*ret = (struct hg_statement){ 0 };
	hg_hear(t->vocabulary, r, &heard);
	row = hg_row_in(t, &heard);
	if (!row)
		return;
	if (row->state == HG_SAID_NONE) {
		carry_note(t, r, ret); /* last words */
		return;
	}
	carry(t, r, &heard, ret);
	if (r->exact) {
		hg_statement_exact(r->exact, ret);
		return;
	}
	*availability_of(ret, row->state) = row->availability;
	ret->automatic = row->automatic;
	if (row->token)
		snprintf(ret->token, sizeof(ret->token), "%s", row->token);
}
