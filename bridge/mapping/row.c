/* SPDX-License-Identifier: Apache-2.0 */
/* One rule, made ready. */
#include "bridge/mapping/internal.h"

#include <string.h>

void hg_row_compile(
	struct hg_table *t, struct hg_row *row, const struct hg_rule *rule, struct hg_errs *errs)
{
	bool ok;

	row->name = hg_table_string(t, rule->name ? rule->name : "");
	row->file = rule->file ? hg_table_string(t, rule->file) : t->file;
	row->line = rule->line;
	row->in = rule->direction != HG_OUT_ONLY;
	row->out = rule->direction != HG_IN_ONLY;
	memcpy(row->emit, t->emit, sizeof(row->emit));
	ok = hg_native_compile(t, row, rule->native, errs);
	ok &= hg_write_compile(t, row, rule->write, errs);
	ok &= hg_wordings_compile(t, row, rule->wording, errs);
	ok &= hg_canonical_compile(t, row, rule, errs);
	row->bad = !ok || rule->faulty;
}
