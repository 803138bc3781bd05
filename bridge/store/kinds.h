/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one table that says how each kind of fact is kept: its relation, its columns, which of them
 * are the key. Every statement on facts is written from it, so there is one path for all kinds and
 * a new kind is one more row.
 */
#pragma once

#include "bridge/store/store.h"

enum hg_column_type { HG_COLUMN_TEXT, HG_COLUMN_U32, HG_COLUMN_TIME };

struct hg_column {
	const char *name;
	enum hg_column_type type;
	bool key;
	size_t offset; /* in struct hg_fact: a struct hg_str, uint32_t or int64_t, by type */
};

#define HG_COLUMNS_MAX 10

/* Every relation has the column `owner` besides, first of the key. */
struct hg_kind {
	const char *relation;
	struct hg_column column[HG_COLUMNS_MAX]; /* ends with name NULL */
};

extern const struct hg_kind hg_kinds[HG_FACT_KINDS]; /* by enum hg_fact_kind; 0 is empty */

enum hg_verb {
	HG_VERB_CREATE, /* the relation */
	HG_VERB_PUT,    /* a fact, for the one with its key; parameters: owner, columns in order */
	HG_VERB_DROP,   /* the fact with a key; parameters: owner, key columns in order */
	HG_VERB_PURGE,  /* all of an owner; parameter: owner */
	HG_VERB_LOAD,   /* all, by key; results: owner, columns in order */
	HG_VERBS
};

void hg_kind_sql(enum hg_fact_kind, enum hg_verb, struct hg_buf *);
