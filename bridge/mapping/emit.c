/* SPDX-License-Identifier: Apache-2.0 */
/* Outward: the fields that a table writes of a presence, and its texts in their languages. */
#include "bridge/mapping/internal.h"
#include "bridge/mapping/text.h"

#include "bridge/base/lcid.h"

#include <stdio.h>
#include <string.h>

/* Languages of one text; what a person says in more of them few will miss. */
enum { LANGUAGES = 8 };

/* Values and the memory of their texts while a record is being put together. */
struct draft {
	struct hg_value value[HG_FIELDS_MAX * LANGUAGES];
	size_t n;
	struct hg_bytes *text[HG_FIELDS_MAX * LANGUAGES];
	size_t ntexts;
	char idle[HG_UTC_TEXT], priority[8];
};

static bool has_mark(struct hg_str s, struct hg_str mark)
{
	return memmem(s.p, s.n, mark.p, mark.n) != NULL;
}

/* de-DE is of de as well (RFC 4647 3.3.1). */
static bool is_of(const char *lang, const char *range)
{
	size_t n = strlen(range);

	return n ? strncasecmp(lang, range, n) == 0 && (!lang[n] || lang[n] == '-') : !*lang;
}

static bool has_language(const struct draft *d, uint16_t field, const char *lang)
{
	for (size_t i = 0; i < d->n; i++)
		if (d->value[i].field == field && strcmp(d->value[i].lang, lang) == 0)
			return true;
	return false;
}

/* This one, or one that is of it. */
static bool has_language_of(const struct draft *d, uint16_t field, const char *range)
{
	for (size_t i = 0; i < d->n; i++)
		if (d->value[i].field == field && is_of(d->value[i].lang, range))
			return true;
	return false;
}

static void add_text(struct draft *d, uint16_t field, struct hg_bytes *take, const char *lang)
{
	struct hg_value v = { .field = field, .text = hg_bytes_str(take) };
	size_t said = 0;

	for (size_t i = 0; i < d->n; i++)
		said += d->value[i].field == field;
	if (!take || said == LANGUAGES) {
		hg_bytes_unref(take);
		return;
	}
	d->text[d->ntexts++] = take;
	snprintf(v.lang, sizeof(v.lang), "%s", lang);
	d->value[d->n++] = v;
}

/* In this very language, else in the one that it is of, else in the note's own. */
static struct hg_str note_in(const struct hg_presence *p, const char *lang)
{
	const struct hg_texts *also = strcmp(p->note.lang, lang) ? p->note.also : NULL;
	struct hg_str near = hg_bytes_str(p->note.text);

	for (size_t i = 0; also && i < also->n; i++) {
		if (strcmp(also->v[i].lang, lang) == 0)
			return hg_bytes_str(also->v[i].text);
		if (is_of(lang, also->v[i].lang))
			near = hg_bytes_str(also->v[i].text);
	}
	return near;
}

/* Where a text goes, and what into it. */
struct place {
	struct draft *draft;
	const struct hg_table *table;
	const struct hg_row *row;
	uint16_t field;
	const struct hg_presence *p;
};

/* What the rule writes there in one language; what it writes for all, if it has no words of that one. */
static struct hg_str format_in(const struct place *at, const char *lang)
{
	struct hg_str near = at->row->emit[at->field].text;

	for (size_t i = 0; i < at->row->nphrases; i++) {
		const struct hg_phrase *phrase = &at->table->phrase[at->row->phrase + i];

		if (phrase->field != at->field)
			continue;
		if (strcmp(phrase->lang, lang) == 0)
			return phrase->text;
		if (is_of(lang, phrase->lang))
			near = phrase->text;
	}
	return near;
}

/* The rule's words and the note are in that language too, as far as there are any. */
static void emit_in(const struct place *at, const char *lang, struct hg_str text)
{
	if (!has_language(at->draft, at->field, lang))
		add_text(at->draft, at->field,
			hg_text_fill(format_in(at, lang), text, note_in(at->p, lang)), lang);
}

/* Once in each language that he has said in it what he does; what a reader has is for his client to find out. Else first in
 * the note's language, then in the others that it has, and in those that only the rule has. */
static void emit_text(const struct place *at)
{
	const struct hg_presence *p = at->p;
	struct hg_str format = at->row->emit[at->field].text;
	const struct hg_texts *texts = has_mark(format, HG_TEXT_MARK) ? p->activity.custom : NULL;
	const struct hg_texts *also = p->note.also;
	bool has_note = p->note.text && has_mark(format, HG_NOTE_MARK);

	for (size_t i = 0; texts && i < texts->n; i++) {
		const char *lang = hg_lcid_lang(texts->v[i].lcid);
		emit_in(at, lang ? lang : "", hg_bytes_str(texts->v[i].text));
	}
	if (texts)
		return;
	emit_in(at, has_note ? p->note.lang : "", HG_STR_NONE);
	for (size_t i = 0; has_note && also && i < also->n; i++)
		emit_in(at, also->v[i].lang, HG_STR_NONE);
	for (size_t i = 0; i < at->row->nphrases; i++) {
		const struct hg_phrase *phrase = &at->table->phrase[at->row->phrase + i];
		if (phrase->field == at->field &&
			!has_language_of(at->draft, at->field, phrase->lang))
			emit_in(at, phrase->lang, HG_STR_NONE);
	}
}

static void emit(struct draft *d, const struct hg_table *t, const struct hg_row *row,
	uint16_t field, const struct hg_presence *p)
{
	const struct hg_emit *e = &row->emit[field];
	struct hg_value v = { .field = field };

	switch (e->kind) {
	case HG_EMIT_NOTHING:
		return;
	case HG_EMIT_LITERAL:
		v.text = e->text;
		break;
	case HG_EMIT_TEXT:
		emit_text(&(struct place){ d, t, row, field, p });
		return;
	case HG_EMIT_IDLE:
		if (hg_idle_of(p) <= 0)
			return;
		hg_utc_write(hg_idle_of(p), d->idle);
		v.text = hg_str(d->idle);
		break;
	case HG_EMIT_PRIORITY:
		snprintf(d->priority, sizeof(d->priority), "%d", p->priority);
		v.text = hg_str(d->priority);
		break;
	}
	d->value[d->n++] = v;
}

/* The peer's own word, where the rule takes it for the same: what is written else is the first of those. */
static bool emit_show(struct draft *d, const struct hg_table *t, const struct hg_row *row,
	const struct hg_presence *p)
{
	const struct hg_field_def *def = &t->vocabulary->field[t->show];
	uint16_t at = hg_show_token(def, p->show);

	for (size_t i = 0; at && i < row->nconditions; i++) {
		const struct hg_condition *c = &row->condition[i];

		if (c->field != t->show || !(c->bits.w[at / 64] >> at % 64 & 1))
			continue;
		d->value[d->n++] = (struct hg_value){ .field = t->show,
			.text = hg_str(def->tokens[at - 1]) };
		return true;
	}
	return false;
}

struct hg_record *hg_table_out(const struct hg_table *t, const struct hg_presence *p)
{
	struct hg_shown shown = hg_shown_of(p);
	const struct hg_row *row = hg_row_out(t, &shown);
	struct draft d; /* large: what is not used is not cleared */
	struct hg_record *r;

	d.n = d.ntexts = 0;
	for (size_t i = 0; row && i < t->vocabulary->nfields; i++)
		if (i != t->show || !emit_show(&d, t, row, p))
			emit(&d, t, row, (uint16_t)i, p);
	r = hg_record_new(d.value, d.n);
	for (size_t i = 0; i < d.ntexts; i++)
		hg_bytes_unref(d.text[i]);
	return r;
}
