/* SPDX-License-Identifier: Apache-2.0 */
/* Private to the judge. */
#pragma once

#include "tests/sim/sim.h"

void judge_kept_fact(struct sim *, const struct hg_fact *); /* judge_keep.c */
struct hg_bytes *judge_in_order(struct hg_str text);        /* one reference */
void judge_own(struct sim *, int p, hg_part, struct hg_bytes *);
void judge_list(struct sim *, int p, const struct hg_bytes *);
/* Did a link break or come back so lately that nobody behind it may be said to have left? */
bool judge_unsettled(const struct sim *, int route);
bool judge_held(const struct sim *, int about);
bool judge_says_away(const struct hg_bytes *text);
bool judge_lapse(const struct sim *, int about, bool seen_away, bool is_away);
