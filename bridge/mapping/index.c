/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which rules take which value, so that finding the first one that takes everything costs one look-up for each thing that
 * rules look at, and not one for each rule. Numbers are found among the places where some rule begins or ends to take
 * them, words in a hash table.
 */
#include "bridge/mapping/internal.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static void set_row(struct hg_rows *rows, size_t i)
{
	rows->w[i / 64] |= UINT64_C(1) << i % 64;
}

void hg_rows_and(struct hg_rows *rows, const struct hg_rows *with)
{
	for (size_t i = 0; i < HG_ROWS_WORDS; i++)
		rows->w[i] &= with->w[i];
}

size_t hg_rows_first(const struct hg_rows *rows)
{
	for (size_t i = 0; i < HG_ROWS_WORDS; i++)
		if (rows->w[i])
			return i * 64 + (size_t)__builtin_ctzll(rows->w[i]);
	return HG_RULES_MAX;
}

bool hg_rows_has(const struct hg_rows *rows, size_t i)
{
	return rows->w[i / 64] >> i % 64 & 1;
}

/* ---- numbers ---- */

static int by_number(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static void sort_distinct(struct hg_column *c)
{
	size_t kept = 0;

	qsort(c->from, c->n, sizeof(*c->from), by_number);
	for (size_t i = 0; i < c->n; i++)
		if (!kept || c->from[i] != c->from[kept - 1])
			c->from[kept++] = c->from[i];
	c->n = kept;
}

size_t hg_column_value(const struct hg_column *c, int64_t number)
{
	size_t low = 0, high = c->n; /* it lies in [low, high) */

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (c->from[middle] <= number)
			low = middle;
		else
			high = middle;
	}
	return low;
}

static void add_edges(struct hg_column *c, const struct hg_table *t, size_t first, size_t n,
	int64_t min, int64_t max)
{
	for (size_t i = first; i < first + n; i++) {
		if (t->range[i].low > min && t->range[i].low <= max)
			c->from[c->n++] = t->range[i].low;
		if (t->range[i].high >= min && t->range[i].high < max)
			c->from[c->n++] = t->range[i].high + 1;
	}
}

/* Where bands begin, and where ranges of rules begin and end. */
static void split_availability(const struct hg_table *t, struct hg_column *c)
{
	c->from = hg_alloc((HG_BAND_COUNT + 2 * t->nranges) * sizeof(*c->from));
	c->from[c->n++] = 0;
	for (uint32_t v = 1; v <= hg_band_canonical(HG_BAND_OFFLINE); v++)
		if (hg_band_of(v) != hg_band_of(v - 1))
			c->from[c->n++] = v;
	for (size_t r = 0; r < t->nrows; r++)
		add_edges(c, t, t->row[r].range, t->row[r].nranges, 0, UINT32_MAX);
	sort_distinct(c);
}

/* Value 0 is that it is absent: smaller than any number. */
static void split_integer(const struct hg_table *t, uint16_t field, struct hg_column *c)
{
	const struct hg_field_def *def = &t->vocabulary->field[field];

	c->from = hg_alloc((2 + 2 * t->nranges) * sizeof(*c->from));
	c->from[c->n++] = INT64_MIN;
	c->from[c->n++] = def->min;
	for (size_t r = 0; r < t->nrows; r++)
		for (size_t i = 0; i < t->row[r].nconditions; i++) {
			const struct hg_condition *cond = &t->row[r].condition[i];

			if (cond->field == field)
				add_edges(c, t, cond->range, cond->nranges, def->min, def->max);
		}
	sort_distinct(c);
}

/* ---- words ---- */

static size_t hash_of(struct hg_str s)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (uint32_t)tolower((unsigned char)s.p[i])) * 16777619u;
	return h;
}

/* Of a token that rules ask for; where it stands, or would. */
static size_t slot_of(const struct hg_index *x, struct hg_str token)
{
	size_t at = hash_of(token) % x->nslots;

	while (x->slot[at] && !hg_str_ieq(token, hg_str(x->token[x->slot[at]])))
		at = (at + 1) % x->nslots;
	return at;
}

size_t hg_activity_value(const struct hg_index *x, struct hg_str token)
{
	return token.n && token.n < HG_TOKEN_MAX ? x->slot[slot_of(x, token)] : 0;
}

static void split_activity(const struct hg_table *t, struct hg_index *x)
{
	size_t most = 1;

	for (size_t r = 0; r < t->nrows; r++)
		most += t->row[r].nactivities;
	x->token = hg_alloc(most * sizeof(*x->token));
	x->nslots = 2 * most; /* at most half full, so a search is short */
	x->slot = hg_alloc(x->nslots * sizeof(*x->slot));
	x->token[0] = "";
	x->activity.n = 1;
	for (size_t r = 0; r < t->nrows; r++)
		for (size_t i = 0; i < t->row[r].nactivities; i++) {
			const char *token = t->string[t->row[r].activity + i];
			size_t at = slot_of(x, hg_str(token));

			if (x->slot[at])
				continue;
			x->slot[at] = (uint16_t)x->activity.n;
			x->token[x->activity.n++] = token;
		}
}

/* ---- all of it ---- */

static size_t words_of(const struct hg_field_def *def)
{
	size_t n = 0;

	while (def->kind == HG_FIELD_TOKEN && def->tokens[n])
		n++;
	return def->kind == HG_FIELD_TOKEN ? n + 1 : 2;
}

static void fill_field(const struct hg_table *t, uint16_t field, struct hg_column *c)
{
	bool number = t->vocabulary->field[field].kind == HG_FIELD_INTEGER;

	if (number)
		split_integer(t, field, c);
	else
		c->n = words_of(&t->vocabulary->field[field]);
	c->rows = hg_alloc(c->n * sizeof(*c->rows));
	for (size_t v = 0; v < c->n; v++) {
		struct hg_heard_value heard = { .at = (uint16_t)(number ? v > 0 : v),
			.number = number ? c->from[v] : 0 };

		for (size_t r = 0; r < t->nrows; r++)
			if (hg_row_takes_field(t, &t->row[r], field, &heard))
				set_row(&c->rows[v], r);
	}
}

static void fill_outward(const struct hg_table *t, struct hg_index *x)
{
	split_availability(t, &x->availability);
	split_activity(t, x);
	x->availability.rows = hg_alloc(x->availability.n * sizeof(*x->availability.rows));
	x->activity.rows = hg_alloc(x->activity.n * sizeof(*x->activity.rows));
	for (size_t r = 0; r < t->nrows; r++) {
		const struct hg_row *row = &t->row[r];

		for (size_t v = 0; v < x->availability.n; v++)
			if (hg_row_takes_availability(t, row, (uint32_t)x->availability.from[v]))
				set_row(&x->availability.rows[v], r);
		for (size_t v = 0; v < x->activity.n; v++)
			if (hg_row_takes_activity(t, row, hg_str(x->token[v])))
				set_row(&x->activity.rows[v], r);
	}
	for (int f = 0; f < HG_FACTS; f++) {
		struct hg_column *c = &x->fact[f];

		c->n = hg_fact_values((enum hg_fact)f);
		c->rows = hg_alloc(c->n * sizeof(*c->rows));
		for (size_t v = 0; v < c->n; v++)
			for (size_t r = 0; r < t->nrows; r++)
				if (t->row[r].fact[f] >> v & 1)
					set_row(&c->rows[v], r);
	}
}

void hg_index_build(struct hg_table *t)
{
	struct hg_index *x = &t->index;

	for (size_t r = 0; r < t->nrows; r++) {
		if (t->row[r].in && !t->row[r].bad)
			set_row(&x->in, r);
		if (t->row[r].out && !t->row[r].bad)
			set_row(&x->out, r);
	}
	for (uint16_t f = 0; f < t->vocabulary->nfields; f++)
		fill_field(t, f, &x->field[f]);
	fill_outward(t, x);
}

static void column_done(struct hg_column *c)
{
	free(c->from);
	free(c->rows);
}

void hg_index_done(struct hg_index *x)
{
	for (size_t f = 0; f < HG_FIELDS_MAX; f++)
		column_done(&x->field[f]);
	for (int f = 0; f < HG_FACTS; f++)
		column_done(&x->fact[f]);
	column_done(&x->availability);
	column_done(&x->activity);
	free(x->token);
	free(x->slot);
}

static const struct hg_row *row_at(const struct hg_table *t, const struct hg_rows *rows)
{
	size_t first = hg_rows_first(rows);

	return first < t->nrows ? &t->row[first] : NULL;
}

const struct hg_row *hg_row_in(const struct hg_table *t, const struct hg_heard *heard)
{
	const struct hg_index *x = &t->index;
	struct hg_rows rows = x->in;

	for (size_t f = 0; f < t->vocabulary->nfields; f++) {
		const struct hg_heard_value *h = &heard->value[f];
		const struct hg_column *c = &x->field[f];

		hg_rows_and(
			&rows, &c->rows[c->from && h->at ? hg_column_value(c, h->number) : h->at]);
	}
	return row_at(t, &rows);
}

const struct hg_row *hg_row_out(const struct hg_table *t, const struct hg_shown *shown)
{
	const struct hg_index *x = &t->index;
	struct hg_rows rows = x->out;

	hg_rows_and(&rows,
		&x->availability.rows[hg_column_value(&x->availability, shown->availability)]);
	hg_rows_and(&rows, &x->activity.rows[hg_activity_value(x, shown->activity)]);
	for (int f = 0; f < HG_FACTS; f++)
		hg_rows_and(&rows, &x->fact[f].rows[shown->fact[f]]);
	return row_at(t, &rows);
}
