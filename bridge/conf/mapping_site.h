/* SPDX-License-Identifier: Apache-2.0 */
/* Files of a site's own rules, and what becomes of a table by them. Private to this folder. */
#pragma once

#include "bridge/conf/mapping_file.h"
#include "bridge/conf/mapping_rules.h"

struct site_file {
	struct hg_conf *root;
	bool taken;    /* there is a table that it is for */
	bool for_some; /* the rest: it is for everybody */
	char **who;    /* as in struct hg_table_of */
	size_t nwho, who_cap;
};

struct hg_site_files {
	struct site_file v[HG_SITE_FILES_MAX];
	size_t n;
	const char *table[HG_SITE_FILES_MAX]; /* names that were asked for, for suggestions */
	size_t ntables;
};

/* Those that are for the vocabulary, one bit each; they are checked. -EINVAL: `errs`. */
int site_files_take(struct hg_site_files *, const struct hg_vocabulary *,
	const struct mapping_schemas *, uint32_t *ret, struct hg_errs *errs);
/* Of these: those for everybody; those for somebody. */
uint32_t site_files_general(const struct hg_site_files *, uint32_t of);
uint32_t site_files_for(const struct hg_site_files *, uint32_t of, const char *who);

/* Rules in the making. */
struct rule_list {
	struct hg_rule *v;
	size_t n, cap;
};

/* Does to the rules what a file says; false: faults were listed. */
bool site_file_edit(const struct site_file *, const struct mapping_schemas *, struct rule_list *,
	struct hg_errs *errs);
