/* SPDX-License-Identifier: Apache-2.0 */
/* Which rules are never reached, and what no rule is there for. */
#include "bridge/mapping/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool hg_axes_next(struct hg_axis *axis, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (++axis[i].at < axis[i].n)
			return true;
		axis[i].at = 0;
	}
	return false;
}

bool hg_axes_ok(const struct hg_axis *axis, size_t n, const struct hg_cover *cover)
{
	size_t cases = 1;

	for (size_t i = 0; i < n && cases <= HG_CASES_MAX; i++)
		cases *= axis[i].n;
	if (cases <= HG_CASES_MAX)
		return true;
	hg_cover_too_many(cover);
	return false;
}

void hg_cover_too_many(const struct hg_cover *cover)
{
	hg_fault(cover->errs, cover->table, NULL, 0,
		"let the rules look at fewer fields and ranges",
		"%s the rules tell more than %d cases apart; they cannot be checked", cover->way,
		HG_CASES_MAX);
}

bool hg_cover_case(struct hg_cover *cover, const struct hg_rows *rows)
{
	const struct hg_table *t = cover->table;
	size_t first = hg_rows_first(rows);

	if (first >= t->nrows)
		return false;
	cover->reached[first] = true;
	for (size_t i = first + 1; i < t->nrows; i++)
		if (!cover->taker[i] && hg_rows_has(rows, i))
			cover->taker[i] = &t->row[first];
	return true;
}

enum { PLACE_TEXT = 200 };

static void write_place(const struct hg_row *row, bool other_file, char ret[PLACE_TEXT])
{
	if (other_file)
		snprintf(ret, PLACE_TEXT, "%.150s:%d", row->file, row->line);
	else
		snprintf(ret, PLACE_TEXT, "line %d", row->line);
}

static void report_unreached(const struct hg_cover *cover, bool in)
{
	const struct hg_table *t = cover->table;
	char hint[320], where[PLACE_TEXT];

	for (size_t i = 0; i < t->nrows; i++) {
		const struct hg_row *row = &t->row[i], *taker = cover->taker[i];

		if (row->bad || cover->reached[i] || !(in ? row->in : row->out) || !taker)
			continue;
		write_place(taker, strcmp(taker->file, row->file) != 0, where);
		snprintf(hint, sizeof(hint),
			"put it before rule '%.60s' (%.120s), %s, or remove it", taker->name, where,
			row->in && row->out ? "let it go one way" : "ask for something else");
		hg_fault(cover->errs, t, row, 0, hint,
			"never reached %s: rules before it take all that it matches", cover->way);
	}
}

void hg_table_cover(const struct hg_table *t, bool gaps, struct hg_errs *errs)
{
	bool in = false;

	/* what a faulty rule is meant for is not known, so it is not known to be missing */
	for (size_t i = 0; i < t->nrows; i++) {
		gaps &= !t->row[i].bad;
		in |= t->row[i].in;
	}
	for (int way = 0; way < 2; way++) {
		struct hg_cover cover = {
			.table = t, .errs = errs, .way = way == 0 ? "inward" : "outward"
		};

		cover.reached = hg_alloc(t->nrows * sizeof(*cover.reached));
		cover.taker = hg_alloc(t->nrows * sizeof(*cover.taker));
		/* a vocabulary that is only written needs no rule inward */
		if (way == 0)
			hg_cover_in(&cover, gaps && in);
		else
			hg_cover_out(&cover, gaps);
		report_unreached(&cover, way == 0);
		free(cover.reached);
		free(cover.taker);
	}
}
