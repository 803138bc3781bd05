/* SPDX-License-Identifier: Apache-2.0 */
/* Fields of a vocabulary: finding them, what may stand in them, what they carry whichever rule
 * matches. */
#include "bridge/mapping/internal.h"
#include "bridge/mapping/suggest.h"
#include "bridge/mapping/text.h"

#include <stdio.h>
#include <string.h>

uint16_t hg_field_find(const struct hg_table *t, const struct hg_row *row, const char *name,
	int line, struct hg_errs *errs)
{
	const struct hg_vocabulary *v = t->vocabulary;
	const char *names[HG_FIELDS_MAX];
	char hint[HG_SUGGESTION];

	for (size_t i = 0; i < v->nfields; i++) {
		names[i] = v->field[i].name;
		if (strcmp(names[i], name) == 0)
			return (uint16_t)i;
	}
	hg_suggest(hg_str(name), names, v->nfields, hint);
	hg_fault(errs, t, row, line, hint, "vocabulary '%s' has no field '%s'", v->name, name);
	return HG_NO_FIELD;
}

uint16_t hg_token_find(const struct hg_table *t, const struct hg_row *row, uint16_t field,
	const char *value, int line, struct hg_errs *errs)
{
	const struct hg_field_def *def = &t->vocabulary->field[field];
	char hint[HG_SUGGESTION];
	size_t n;

	for (n = 0; def->tokens[n]; n++) {
		if (strcmp(def->tokens[n], value) == 0)
			return (uint16_t)(1 + n);
	}
	hg_suggest(hg_str(value), def->tokens, n, hint);
	hg_fault(errs, t, row, line, hint, "field '%s' is never '%s'", def->name, value);
	return 0;
}

bool hg_range_read(struct hg_str s, struct hg_range *ret)
{
	const char *dots = s.n ? memmem(s.p, s.n, "..", 2) : NULL;
	struct hg_str low = s, high = s;

	if (dots) {
		low.n = (size_t)(dots - s.p);
		high = (struct hg_str){ dots + 2, s.n - low.n - 2 };
	}
	return hg_str_i64(hg_str_trim(low), &ret->low) && hg_str_i64(hg_str_trim(high), &ret->high);
}

void hg_range_add(struct hg_table *t, struct hg_range range)
{
	hg_grow(&t->range, &t->range_cap, t->nranges, sizeof(*t->range));
	t->range[t->nranges++] = range;
}

/* ---- what is written ---- */

static bool emit_text(struct hg_table *t, const struct hg_row *row, const struct hg_field_def *def,
	const char *value, int line, struct hg_emit *ret, struct hg_errs *errs)
{
	for (const char *p = strchr(value, '{'); p; p = strchr(p + 1, '{')) {
		if (hg_str_starts(hg_str(p), HG_NOTE_MARK) ||
			hg_str_starts(hg_str(p), HG_TEXT_MARK))
			continue;
		hg_fault(errs, t, row, line, "there are {note} and {text}",
			"field '%s': nothing is known to put in place of '%.20s'", def->name, p);
		return false;
	}
	if (!hg_utf8_valid(hg_str(value))) {
		hg_fault(errs, t, row, line, "save the file as UTF-8",
			"field '%s': the text is not UTF-8", def->name);
		return false;
	}
	*ret = (struct hg_emit){ HG_EMIT_TEXT, hg_str(hg_table_string(t, value)) };
	return true;
}

static bool emit_integer(struct hg_table *t, const struct hg_row *row,
	const struct hg_field_def *def, const char *value, int line, struct hg_emit *ret,
	struct hg_errs *errs)
{
	int64_t number;
	char hint[80];

	if (strcmp(value, "{priority}") == 0) {
		ret->kind = HG_EMIT_PRIORITY;
		return true;
	}
	if (hg_str_i64(hg_str(value), &number) && number >= def->min && number <= def->max) {
		*ret = (struct hg_emit){ HG_EMIT_LITERAL, hg_str(hg_table_string(t, value)) };
		return true;
	}
	snprintf(hint, sizeof(hint), "one number from %d to %d, {priority} or absent", def->min,
		def->max);
	hg_fault(errs, t, row, line, hint, "'%s' cannot be written into field '%s'", value,
		def->name);
	return false;
}

bool hg_emit_compile(struct hg_table *t, const struct hg_row *row, uint16_t field,
	const char *value, int line, struct hg_emit *ret, struct hg_errs *errs)
{
	const struct hg_field_def *def = &t->vocabulary->field[field];

	*ret = (struct hg_emit){ HG_EMIT_NOTHING, HG_STR_NONE };
	if (strcmp(value, "absent") == 0)
		return true;
	switch (def->kind) {
	case HG_FIELD_TOKEN:
		*ret = (struct hg_emit){ HG_EMIT_LITERAL, hg_str(hg_table_string(t, value)) };
		return hg_token_find(t, row, field, value, line, errs) != 0;
	case HG_FIELD_INTEGER:
		return emit_integer(t, row, def, value, line, ret, errs);
	case HG_FIELD_TEXT:
		return emit_text(t, row, def, value, line, ret, errs);
	case HG_FIELD_TIME:
		ret->kind = HG_EMIT_IDLE;
		if (strcmp(value, "{idle}") == 0)
			return true;
		break;
	}
	hg_fault(errs, t, row, line, "'{idle}' or absent", "'%s' cannot be written into field '%s'",
		value, def->name);
	return false;
}

/* ---- what a column carries ---- */

static const struct carried {
	const char *name;
	enum hg_field_kind kind;
	const char *of_kind;
	size_t slot; /* of the field's index in struct hg_table */
	const char *write;
} carried[] = {
	{ "note", HG_FIELD_TEXT, "text", offsetof(struct hg_table, note), "{note}" },
	{ "priority", HG_FIELD_INTEGER, "integer", offsetof(struct hg_table, priority), "absent" },
	{ "show", HG_FIELD_TOKEN, "token", offsetof(struct hg_table, show), "absent" },
	{ "idle", HG_FIELD_TIME, "time", offsetof(struct hg_table, idle), "{idle}" },
	{ "words", HG_FIELD_TEXT, "text", offsetof(struct hg_table, words), "absent" },
};

#define NCARRIED (sizeof(carried) / sizeof(carried[0]))

static const struct carried *carried_find(
	const struct hg_table *t, const struct hg_binding *b, struct hg_errs *errs)
{
	const char *names[NCARRIED];
	char hint[HG_SUGGESTION];

	for (size_t i = 0; i < NCARRIED; i++) {
		names[i] = carried[i].name;
		if (strcmp(names[i], b->carries) == 0)
			return &carried[i];
	}
	hg_suggest(hg_str(b->carries), names, NCARRIED, hint);
	hg_fault(
		errs, t, NULL, b->line, hint, "field '%s' cannot carry '%s'", b->field, b->carries);
	return NULL;
}

/* Returns what is written into it by default, NULL after a fault. */
static const char *bind_carried(
	struct hg_table *t, const struct hg_binding *b, uint16_t field, struct hg_errs *errs)
{
	const struct carried *c = carried_find(t, b, errs);
	uint16_t *slot;

	if (!c)
		return NULL;
	if (t->vocabulary->field[field].kind != c->kind) {
		hg_fault(errs, t, NULL, b->line, "choose another field",
			"field '%s' cannot carry the %s: it is no %s", b->field, c->name,
			c->of_kind);
		return NULL;
	}
	slot = (uint16_t *)((char *)t + c->slot);
	if (*slot != HG_NO_FIELD) {
		hg_fault(errs, t, NULL, b->line, "take it away from one of them",
			"the %s is carried by fields '%s' and '%s'", c->name,
			t->vocabulary->field[*slot].name, b->field);
		return NULL;
	}
	*slot = field;
	return c->write;
}

void hg_bindings_compile(
	struct hg_table *t, const struct hg_table_source *source, struct hg_errs *errs)
{
	t->note = t->priority = t->idle = t->show = t->words = HG_NO_FIELD;
	for (size_t i = 0; i < source->nbindings; i++) {
		const struct hg_binding *b = &source->binding[i];
		uint16_t field = hg_field_find(t, NULL, b->field, b->line, errs);
		const char *write = "absent";

		if (field == HG_NO_FIELD)
			continue;
		if (b->carries)
			write = bind_carried(t, b, field, errs);
		if (b->write)
			write = b->write;
		if (write)
			hg_emit_compile(t, NULL, field, write, b->line, &t->emit[field], errs);
	}
}
