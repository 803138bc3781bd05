/* SPDX-License-Identifier: Apache-2.0 */
/* A table at work: records in, records out. */
#include "bridge/mapping/internal.h"
#include "bridge/mapping/text.h"

#include "bridge/base/lcid.h"

#include <stdio.h>
#include <string.h>

static bool in_ranges(const struct hg_range *range, size_t n, int64_t number)
{
	for (size_t i = 0; i < n; i++) {
		if (number >= range[i].low && number <= range[i].high)
			return true;
	}
	return false;
}

const char *hg_row_deaf(
	const struct hg_table *t, const struct hg_row *row, const struct hg_heard *heard)
{
	for (size_t i = 0; i < row->nconditions; i++) {
		const struct hg_condition *c = &row->condition[i];
		uint64_t bits = heard->bits[c->field];
		bool right = bits & c->bits;

		if (right && c->nranges && bits != HG_BIT_ABSENT)
			right = in_ranges(t->range + c->range, c->nranges, heard->number[c->field]);
		if (!right)
			return t->vocabulary->field[c->field].name;
	}
	return NULL;
}

static bool asked(enum hg_asked asked, bool is)
{
	return asked == HG_EITHER || (asked == HG_YES) == is;
}

const char *hg_row_blind(
	const struct hg_table *t, const struct hg_row *row, const struct hg_shown *shown)
{
	bool token = !row->nactivities;

	if (!(row->bands & 1u << hg_band_of(shown->availability)) &&
		!(row->nranges &&
			in_ranges(t->range + row->range, row->nranges, shown->availability)))
		return "availability";
	for (size_t i = 0; i < row->nactivities && !token; i++)
		token = hg_str_ieq(shown->activity, hg_str(t->string[row->activity + i]));
	if (!token)
		return "activity";
	if (!asked(row->idle, shown->idle))
		return "idle";
	if (!asked(row->text, shown->text))
		return "text";
	return asked(row->note, shown->note) ? NULL : "note";
}

/* ---- inward ---- */

/* What is no value of its field counts as absent: a peer must not steer which rule matches by
 * writing nonsense. */
static void hear(
	const struct hg_field_def *def, struct hg_str text, uint64_t *ret_bits, int64_t *ret_number)
{
	*ret_bits = HG_BIT_ABSENT;
	switch (def->kind) {
	case HG_FIELD_TOKEN:
		for (size_t i = 0; def->tokens[i]; i++) {
			if (hg_str_is(text, def->tokens[i]))
				*ret_bits = HG_BIT_PRESENT << i;
		}
		break;
	case HG_FIELD_INTEGER:
		if (hg_str_i64(text, ret_number) && *ret_number >= def->min &&
			*ret_number <= def->max)
			*ret_bits = HG_BIT_PRESENT;
		break;
	case HG_FIELD_TEXT:
		if (hg_str_trim(text).n)
			*ret_bits = HG_BIT_PRESENT;
		break;
	case HG_FIELD_TIME:
		if (hg_utc_read(text, ret_number) && *ret_number > 0)
			*ret_bits = HG_BIT_PRESENT;
		break;
	}
}

void hg_hear(const struct hg_vocabulary *v, const struct hg_record *r, struct hg_heard *ret)
{
	for (size_t i = 0; i < v->nfields; i++) {
		const struct hg_value *value = hg_record_get(r, (uint16_t)i);

		ret->bits[i] = HG_BIT_ABSENT;
		ret->number[i] = 0;
		if (value)
			hear(&v->field[i], value->text, &ret->bits[i], &ret->number[i]);
	}
}

/* What the columns carry, whichever rule matched. */
static void carry(const struct hg_table *t, const struct hg_record *r, const struct hg_heard *heard,
	struct hg_statement *ret)
{
	const struct hg_value *note = t->note != HG_NO_FIELD ? hg_record_get(r, t->note) : NULL;

	if (t->priority != HG_NO_FIELD && heard->bits[t->priority] & HG_BIT_PRESENT)
		ret->priority = (int)heard->number[t->priority];
	if (t->idle != HG_NO_FIELD && heard->bits[t->idle] & HG_BIT_PRESENT)
		ret->idle_since = heard->number[t->idle];
	if (note)
		ret->note.text = hg_text_clean(note->text);
	if (ret->note.text)
		memcpy(ret->note.lang, note->lang, sizeof(ret->note.lang));
}

void hg_table_in(const struct hg_table *t, const struct hg_record *r, struct hg_statement *ret)
{
	struct hg_heard heard;

	*ret = (struct hg_statement){ 0 };
	hg_hear(t->vocabulary, r, &heard);
	for (size_t i = 0; i < t->nrows; i++) {
		const struct hg_row *row = &t->row[i];

		if (!row->in || hg_row_deaf(t, row, &heard))
			continue;
		if (row->state == HG_SAID_NONE)
			return;
		if (row->state == HG_SAID_MACHINE)
			ret->machine = row->availability;
		else
			ret->user = row->availability;
		carry(t, r, &heard, ret);
		return;
	}
}

/* ---- outward ---- */

/* An activity counts only while the availability lies between its bounds (EP 1.4). */
static bool activity_holds(const struct hg_presence *p)
{
	uint32_t max = p->activity.max ? p->activity.max : UINT32_MAX;

	return p->availability >= p->activity.min && p->availability <= max;
}

struct hg_shown hg_shown_of(const struct hg_presence *p)
{
	return (struct hg_shown){ .availability = p->availability,
		.activity = activity_holds(p) ? hg_str(p->activity.token) : HG_STR_NONE,
		.idle = p->last_active > 0,
		.text = activity_holds(p) && p->activity.custom,
		.note = hg_str_trim(hg_bytes_str(p->note.text)).n > 0 };
}

static const struct hg_row *row_for(const struct hg_table *t, const struct hg_presence *p)
{
	struct hg_shown shown = hg_shown_of(p);

	for (size_t i = 0; i < t->nrows; i++) {
		if (t->row[i].out && !hg_row_blind(t, &t->row[i], &shown))
			return &t->row[i];
	}
	return NULL;
}

/* Languages of one text; what a person says in more of them few will miss. */
enum { LANGUAGES = 8 };

/* Values and the memory of their texts while a record is being put together. */
struct draft {
	struct hg_value value[HG_FIELDS_MAX * LANGUAGES];
	size_t n;
	struct hg_bytes *text[HG_FIELDS_MAX * LANGUAGES];
	size_t ntexts;
	char idle[HG_UTC_TEXT];
};

static bool has_mark(struct hg_str s, struct hg_str mark)
{
	return memmem(s.p, s.n, mark.p, mark.n) != NULL;
}

static bool has_language(const struct draft *d, uint16_t field, const char *lang)
{
	for (size_t i = 0; i < d->n; i++)
		if (d->value[i].field == field && strcmp(d->value[i].lang, lang) == 0)
			return true;
	return false;
}

static void add_text(struct draft *d, uint16_t field, struct hg_bytes *take, const char *lang)
{
	struct hg_value v = { .field = field, .text = hg_bytes_str(take) };

	if (!take)
		return;
	d->text[d->ntexts++] = take;
	snprintf(v.lang, sizeof(v.lang), "%s", lang);
	d->value[d->n++] = v;
}

/* Once in each language that he has said it in; what a reader has is for his client to find out. */
static void emit_texts(
	struct draft *d, uint16_t field, struct hg_str format, const struct hg_presence *p)
{
	const struct hg_texts *texts = p->activity.custom;
	struct hg_str note = hg_bytes_str(p->note.text);
	size_t said = 0;

	for (size_t i = 0; i < texts->n && said < LANGUAGES; i++) {
		const char *lang = hg_lcid_lang(texts->v[i].lcid);

		if (has_language(d, field, lang ? lang : ""))
			continue;
		add_text(d, field, hg_text_fill(format, hg_bytes_str(texts->v[i].text), note),
			lang ? lang : "");
		said++;
	}
}

static void emit_note(
	struct draft *d, uint16_t field, struct hg_str format, const struct hg_presence *p)
{
	/* the language is the note's only if there is nothing but the note in it */
	add_text(d, field, hg_text_fill(format, HG_STR_NONE, hg_bytes_str(p->note.text)),
		hg_str_eq(format, HG_NOTE_MARK) ? p->note.lang : "");
}

static void emit(
	struct draft *d, uint16_t field, const struct hg_emit *e, const struct hg_presence *p)
{
	struct hg_value v = { .field = field };

	switch (e->kind) {
	case HG_EMIT_NOTHING:
		return;
	case HG_EMIT_LITERAL:
		v.text = e->text;
		break;
	case HG_EMIT_TEXT:
		if (has_mark(e->text, HG_TEXT_MARK) && p->activity.custom)
			emit_texts(d, field, e->text, p);
		else
			emit_note(d, field, e->text, p);
		return;
	case HG_EMIT_IDLE:
		if (p->last_active <= 0)
			return;
		hg_utc_write(p->last_active, d->idle);
		v.text = hg_str(d->idle);
		break;
	}
	d->value[d->n++] = v;
}

struct hg_record *hg_table_out(const struct hg_table *t, const struct hg_presence *p)
{
	const struct hg_row *row = row_for(t, p);
	struct draft d = { .n = 0 };
	struct hg_record *r;

	for (size_t i = 0; row && i < t->vocabulary->nfields; i++)
		emit(&d, (uint16_t)i, &row->emit[i], p);
	r = hg_record_new(d.value, d.n);
	for (size_t i = 0; i < d.ntexts; i++)
		hg_bytes_unref(d.text[i]);
	return r;
}
