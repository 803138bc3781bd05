/* SPDX-License-Identifier: Apache-2.0 */
/* Remedies for misspelt words. */
#pragma once

#include <heliograph/base.h>

#define HG_SUGGESTION 320 /* as long as hg_err.hint */

/* "did you mean 'show'?" if one of the names is near; else "one of: type, show, ..."; "" without
 * names. */
void hg_suggest(struct hg_str word, const char *const *name, size_t n, char ret[HG_SUGGESTION]);
