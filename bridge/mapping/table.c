/* SPDX-License-Identifier: Apache-2.0 */
/* The life of a table. */
#include "bridge/mapping/internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static uint32_t last_id;

const char *hg_table_string(struct hg_table *t, const char *s)
{
	hg_grow(&t->string, &t->string_cap, t->nstrings, sizeof(*t->string));
	t->string[t->nstrings] = hg_str_dup(hg_str(s));
	return t->string[t->nstrings++];
}

static void check_names(const struct hg_table *t, struct hg_errs *errs)
{
	for (size_t i = 0; i < t->nrows; i++) {
		const struct hg_row *row = &t->row[i];

		if (!row->name[0])
			hg_fault(errs, t, row, 0, "give it one: name: ...", "a rule has no name");
		for (size_t j = 0; row->name[0] && j < i; j++) {
			if (strcmp(t->row[j].name, row->name) != 0)
				continue;
			hg_fault(errs, t, row, 0, "give one of them another name",
				"there is a rule of that name already, in line %d", t->row[j].line);
			break;
		}
	}
}

/* A vocabulary is part of a program: what is wrong with it is no fault of the table. */
static void check_vocabulary(const struct hg_vocabulary *v)
{
	assert(v->nfields <= HG_FIELDS_MAX);
	for (size_t i = 0; i < v->nfields; i++) {
		size_t n = 0;

		while (v->field[i].kind == HG_FIELD_TOKEN && v->field[i].tokens[n])
			n++;
		assert(n <= HG_TOKENS_MAX);
	}
}

static void digest_text(struct hg_buf *b, const char *s)
{
	if (s)
		hg_buf_adds(b, s);
	hg_buf_addc(b, '\0');
}

static void digest_terms(struct hg_buf *b, const struct hg_term *t, size_t most)
{
	for (size_t i = 0; i < most && t[i].key; i++) {
		digest_text(b, t[i].key);
		for (size_t k = 0; t[i].value[k]; k++)
			digest_text(b, t[i].value[k]);
		hg_buf_addc(b, '\n');
	}
	hg_buf_addc(b, '\f');
}

static uint64_t digest(const struct hg_table_source *source)
{
	struct hg_buf b = { 0 };
	uint64_t h;

	for (size_t i = 0; i < source->nbindings; i++) {
		digest_text(&b, source->binding[i].field);
		digest_text(&b, source->binding[i].carries);
		digest_text(&b, source->binding[i].write);
	}
	for (size_t i = 0; i < source->nrules; i++) {
		const struct hg_rule *r = &source->rule[i];

		digest_text(&b, r->name);
		hg_buf_addf(&b, "%d", r->direction);
		digest_terms(&b, r->native, HG_FIELDS_MAX);
		digest_terms(&b, r->canonical, HG_CANONICAL_MAX);
		digest_terms(&b, r->write, HG_FIELDS_MAX);
		for (size_t k = 0; k < HG_WORDINGS_MAX && r->wording[k].lang; k++) {
			digest_text(&b, r->wording[k].lang);
			digest_text(&b, r->wording[k].field);
			digest_text(&b, r->wording[k].text);
		}
	}
	h = hg_str_hash(hg_buf_str(&b));
	hg_buf_done(&b);
	return h;
}

bool hg_table_eq(const struct hg_table *a, const struct hg_table *b)
{
	return a->vocabulary == b->vocabulary && a->digest == b->digest;
}

struct hg_table *hg_table_new(const struct hg_table_source *source, struct hg_errs *errs)
{
	struct hg_table *t = hg_alloc(sizeof(*t));
	size_t before = errs->n + errs->dropped;

	check_vocabulary(source->vocabulary);
	t->vocabulary = source->vocabulary;
	t->id = ++last_id;
	t->digest = digest(source);
	t->file = hg_str_dup(hg_str(source->file ? source->file : source->vocabulary->name));
	if (source->nrules > HG_RULES_MAX) {
		hg_fault(errs, t, NULL, source->rule[HG_RULES_MAX].line, "merge some of them",
			"%zu rules; %d are the most", source->nrules, HG_RULES_MAX);
		hg_table_free(t);
		return NULL;
	}
	t->row = hg_alloc(source->nrules * sizeof(*t->row));
	hg_bindings_compile(t, source, errs);
	for (size_t i = 0; i < source->nrules; i++) {
		hg_row_compile(t, &t->row[i], &source->rule[i], errs);
		t->nrows++;
	}
	check_names(t, errs);
	hg_index_build(t);
	hg_table_cover(t, !source->faulty, errs);
	if (source->faulty || errs->n + errs->dropped > before) {
		hg_table_free(t);
		return NULL;
	}
	return t;
}

void hg_table_free(struct hg_table *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->nstrings; i++)
		free(t->string[i]);
	free(t->string);
	hg_index_done(&t->index);
	free(t->range);
	free(t->phrase);
	free(t->row);
	free(t->file);
	free(t);
}

const struct hg_vocabulary *hg_table_vocabulary(const struct hg_table *t)
{
	return t->vocabulary;
}

const char *hg_table_file(const struct hg_table *t)
{
	return t->file;
}

uint32_t hg_table_id(const struct hg_table *t)
{
	return t->id;
}
