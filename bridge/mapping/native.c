/* SPDX-License-Identifier: Apache-2.0 */
/* The native side of a rule: inward what a record must hold, outward what is written. */
#include "bridge/mapping/internal.h"

#include <stdio.h>
#include <string.h>

static bool is(const char *value, const char *word)
{
	return strcmp(value, word) == 0;
}

static void take(struct hg_condition *c, size_t at)
{
	c->bits.w[at / 64] |= UINT64_C(1) << at % 64;
}

static void take_present(struct hg_condition *c, const struct hg_field_def *def)
{
	take(c, 1);
	for (size_t i = 0; def->kind == HG_FIELD_TOKEN && def->tokens[i]; i++)
		take(c, 1 + i);
}

static bool ask_integer(struct hg_table *t, const struct hg_row *row,
	const struct hg_field_def *def, struct hg_condition *c, const char *value, int line,
	struct hg_errs *errs)
{
	struct hg_range range;
	char hint[100];

	take(c, 1);
	if (hg_range_read(hg_str(value), &range) && range.low <= range.high &&
		range.low >= def->min && range.high <= def->max) {
		hg_range_add(t, range);
		c->nranges++;
		return true;
	}
	snprintf(hint, sizeof(hint), "a number from %d to %d, LOW..HIGH, absent, present or any",
		def->min, def->max);
	hg_fault(errs, t, row, line, hint, "field '%s' is never '%s'", def->name, value);
	return false;
}

/* One value of a condition. */
static bool ask(struct hg_table *t, const struct hg_row *row, struct hg_condition *c,
	const char *value, int line, struct hg_errs *errs)
{
	const struct hg_field_def *def = &t->vocabulary->field[c->field];
	uint16_t at;

	if (is(value, "absent") || is(value, "any"))
		take(c, 0);
	if (is(value, "present") || is(value, "any")) {
		take_present(c, def);
		if (def->kind == HG_FIELD_INTEGER) {
			hg_range_add(t, (struct hg_range){ def->min, def->max });
			c->nranges++;
		}
		return true;
	}
	if (is(value, "absent"))
		return true;
	switch (def->kind) {
	case HG_FIELD_TOKEN:
		at = hg_token_find(t, row, c->field, value, line, errs);
		if (at)
			take(c, at);
		return at != 0;
	case HG_FIELD_INTEGER:
		return ask_integer(t, row, def, c, value, line, errs);
	case HG_FIELD_TEXT:
	case HG_FIELD_TIME:
		break;
	}
	hg_fault(errs, t, row, line,
		"ask for absent, present or any; what is to be written goes under write:",
		"field '%s' cannot be compared with '%s'", def->name, value);
	return false;
}

static bool add_condition(struct hg_table *t, struct hg_row *row, uint16_t field,
	const struct hg_term *term, struct hg_errs *errs)
{
	struct hg_condition c = { .field = field, .range = t->nranges };
	bool ok = true;

	for (size_t i = 0; term->value[i]; i++)
		ok &= ask(t, row, &c, term->value[i], term->line, errs);
	row->condition[row->nconditions++] = c;
	return ok;
}

/* The first value is what is written; one that names no value leaves it to the column. */
static bool add_emission(struct hg_table *t, struct hg_row *row, uint16_t field,
	const struct hg_term *term, struct hg_errs *errs)
{
	const char *value = term->value[0];

	if (is(value, "any") || is(value, "present"))
		return true;
	if (row->in && strstr(value, "..") &&
		t->vocabulary->field[field].kind == HG_FIELD_INTEGER) {
		hg_fault(errs, t, row, term->line, "put one number first, or say direction: in",
			"'%s' of field '%s' cannot be written outward", value, term->key);
		return false;
	}
	return hg_emit_compile(t, row, field, value, term->line, &row->emit[field], errs);
}

/* Whether the term has values and its field has not been seen yet. */
static bool term_ok(const struct hg_table *t, const struct hg_row *row, const struct hg_term *term,
	uint16_t field, uint32_t *seen, struct hg_errs *errs)
{
	if (field == HG_NO_FIELD)
		return false;
	if (*seen & 1u << field) {
		hg_fault(errs, t, row, term->line, "put its values into one list",
			"field '%s' stands there twice", term->key);
		return false;
	}
	*seen |= 1u << field;
	if (term->value[0])
		return true;
	hg_fault(errs, t, row, term->line, "give it one, or leave the field out",
		"field '%s' has no value", term->key);
	return false;
}

bool hg_native_compile(
	struct hg_table *t, struct hg_row *row, const struct hg_term *term, struct hg_errs *errs)
{
	uint32_t seen = 0;
	bool ok = true;

	for (size_t i = 0; i < HG_FIELDS_MAX && term[i].key; i++) {
		uint16_t field = hg_field_find(t, row, term[i].key, term[i].line, errs);

		if (!term_ok(t, row, &term[i], field, &seen, errs)) {
			ok = false;
			continue;
		}
		/* What cannot be asked for cannot be written either: one fault is enough. Of a show all values may be written. */
		if ((row->in || field == t->show) && !add_condition(t, row, field, &term[i], errs))
			ok = false;
		else if (row->out)
			ok &= add_emission(t, row, field, &term[i], errs);
	}
	return ok;
}

bool hg_write_compile(
	struct hg_table *t, struct hg_row *row, const struct hg_term *term, struct hg_errs *errs)
{
	uint32_t seen = 0;
	bool ok = true;

	if (term[0].key && !row->out) {
		hg_fault(errs, t, row, term[0].line, "leave it out, or let the rule go both ways",
			"nothing is written by a rule with direction: in");
		return false;
	}
	for (size_t i = 0; i < HG_FIELDS_MAX && term[i].key; i++) {
		uint16_t field = hg_field_find(t, row, term[i].key, term[i].line, errs);

		if (!term_ok(t, row, &term[i], field, &seen, errs))
			ok = false;
		else
			ok &= hg_emit_compile(t, row, field, term[i].value[0], term[i].line,
				&row->emit[field], errs);
	}
	return ok;
}

static bool add_phrase(
	struct hg_table *t, struct hg_row *row, const struct hg_wording *w, struct hg_errs *errs)
{
	uint16_t field = hg_field_find(t, row, w->field, w->line, errs);
	struct hg_phrase phrase = { .field = field };
	struct hg_emit emit;

	if (field == HG_NO_FIELD)
		return false;
	if (!hg_lang_valid(hg_str(w->lang))) {
		hg_fault(errs, t, row, w->line, "like de or pt-BR", "'%s' is no language", w->lang);
		return false;
	}
	if (row->emit[field].kind != HG_EMIT_TEXT) {
		hg_fault(errs, t, row, w->line, "say what it writes for all others, under write:",
			"field '%s' has no text that could be said in '%s'", w->field, w->lang);
		return false;
	}
	if (!hg_emit_compile(t, row, field, w->text, w->line, &emit, errs))
		return false;
	memcpy(phrase.lang, w->lang, strlen(w->lang));
	phrase.text = emit.text;
	hg_grow(&t->phrase, &t->phrase_cap, t->nphrases, sizeof(*t->phrase));
	t->phrase[t->nphrases++] = phrase;
	row->nphrases++;
	return true;
}

bool hg_wordings_compile(
	struct hg_table *t, struct hg_row *row, const struct hg_wording *w, struct hg_errs *errs)
{
	bool ok = true;

	row->phrase = t->nphrases;
	for (size_t i = 0; i < HG_WORDINGS_MAX && w[i].lang; i++)
		ok &= add_phrase(t, row, &w[i], errs);
	return ok;
}
