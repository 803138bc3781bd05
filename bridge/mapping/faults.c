/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/mapping/internal.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

void hg_fault(struct hg_errs *errs, const struct hg_table *t, const struct hg_row *row, int line,
	const char *hint, const char *fmt, ...)
{
	struct hg_err *err = hg_errs_add(errs);
	char where[sizeof(err->where)], what[sizeof(err->what)];
	va_list args;
	int n = 0;

	if (!line && row)
		line = row->line;
	if (line)
		snprintf(where, sizeof(where), "%s:%d", row ? row->file : t->file, line);
	else
		snprintf(where, sizeof(where), "%s", t->file);
	if (row && row->name[0])
		n = snprintf(what, sizeof(what), "rule '%.100s': ", row->name);
	va_start(args, fmt);
	vsnprintf(what + n, sizeof(what) - (size_t)n, fmt, args);
	va_end(args);
	hg_err_set(err, -EINVAL, where, hint, "%s", what);
}
