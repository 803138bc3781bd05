/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What does not come back as it went out: every state that can be told apart here is written with a table, and what was
 * written is read with it. States that come back alike are told together.
 */
#pragma once

#include "bridge/mapping/table.h"

/* States that are alike but for what is in the masks, and what comes back of each of them. */
struct hg_loss {
	enum hg_band band;
	const char *token; /* "" none; of the table, as is the one that comes back */
	unsigned notes;    /* bits: none, personal, out of office */
	unsigned manual;   /* bits: no, yes */
	unsigned idle;     /* bits: it is not known since when, it is */
	unsigned circles;  /* bit of each enum hg_circle */
	enum hg_band back_band;
	const char *back_token;
	int back_note; /* 0 none, 1 personal, 2 out of office; -1 as it was */
	bool back_manual;
	int back_idle; /* 0 not known, 1 known; -1 as it was */
};

/* Activities are the standard ones and those that rules know. In the order of what comes back. free() `ret`. Of how many states, and how many of them come back otherwise. */
size_t hg_table_loss(
	const struct hg_table *, struct hg_loss **ret, size_t *ret_states, size_t *ret_lost);
/* There are rules that read. */
bool hg_table_reads(const struct hg_table *);
