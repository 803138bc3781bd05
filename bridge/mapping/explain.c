/* SPDX-License-Identifier: Apache-2.0 */
/* Which rule a table takes, and why not the ones before it. */
#include "bridge/mapping/internal.h"

void hg_table_explain_in(const struct hg_table *t, const struct hg_record *r,
	void (*each)(void *arg, const struct hg_explained *), void *arg)
{
	struct hg_heard heard;

	hg_hear(t->vocabulary, r, &heard);
	for (size_t i = 0; i < t->nrows; i++) {
		const struct hg_row *row = &t->row[i];
		struct hg_explained e = { row->name, row->file, row->line,
			hg_row_deaf(t, row, &heard) };

		if (!row->in)
			continue;
		each(arg, &e);
		if (!e.because)
			return;
	}
}

void hg_table_explain_out(const struct hg_table *t, const struct hg_presence *p,
	void (*each)(void *arg, const struct hg_explained *), void *arg)
{
	struct hg_shown shown = hg_shown_of(p);

	for (size_t i = 0; i < t->nrows; i++) {
		const struct hg_row *row = &t->row[i];
		struct hg_explained e = { row->name, row->file, row->line,
			hg_row_blind(t, row, &shown) };

		if (!row->out)
			continue;
		each(arg, &e);
		if (!e.because)
			return;
	}
}

bool hg_value_counts(const struct hg_vocabulary *v, const struct hg_value *value)
{
	struct hg_record *r = hg_record_new(value, 1);
	struct hg_heard heard;

	hg_hear(v, r, &heard);
	hg_record_unref(r);
	return heard.value[value->field].at != 0;
}
