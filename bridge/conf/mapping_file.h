/* SPDX-License-Identifier: Apache-2.0 */
/* mappings/NAME.yaml and mappings/grammar.yaml: files to tables (mappings/README.md). */
#pragma once

#include <heliograph/err.h>

#include "bridge/mapping/table.h"
#include "bridge/presence/grammar.h"

/* 0 and the table, to be ended with hg_table_free; or a negative errno, and `errs` lists all that
 * is wrong with the file. */
int hg_mapping_load(const char *path, const struct hg_vocabulary *, struct hg_table **ret,
	struct hg_errs *errs);
int hg_mapping_load_text(const char *name, struct hg_str text, const struct hg_vocabulary *,
	struct hg_table **ret, struct hg_errs *errs);

/* 0, `ret` to be ended with hg_grammar_done; or a negative errno, and `errs` lists all that is
 * wrong. */
int hg_grammar_load(const char *path, struct hg_grammar *ret, struct hg_errs *errs);
int hg_grammar_load_text(
	const char *name, struct hg_str text, struct hg_grammar *ret, struct hg_errs *errs);
