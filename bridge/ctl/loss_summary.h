/* SPDX-License-Identifier: Apache-2.0 */
/* What a table loses, told in a few lines: by the things that a state consists of, and what becomes of each. */
#pragma once

#include "bridge/mapping/loss.h"

/* `l` is the whole list of `n` that hg_table_loss has made. */
void hg_loss_summary_print(const struct hg_loss *l, size_t n);
