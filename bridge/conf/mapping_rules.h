/* SPDX-License-Identifier: Apache-2.0 */
/* Rules of a mapping table as they stand in a file. Private to this folder. */
#pragma once

#include "bridge/conf/tree.h"
#include "bridge/mapping/table.h"

/* Made of the vocabulary, so that fields are keys like any other. */
struct mapping_schemas {
	struct hg_key column_key[HG_FIELDS_MAX + 1], native_key[HG_FIELDS_MAX + 1],
		write_key[HG_FIELDS_MAX + 1], canonical_key[HG_CANONICAL_MAX + 1];
	struct hg_schema columns, native, write, canonical, languages;
	struct hg_key language_key[2];
	struct hg_key rule_key[9], top_key[4], site_key[6];
	struct hg_schema rule, site_rule; /* the latter also says where it is added */
	struct hg_schema top, site;       /* of a table's file, of a site's file */
};

void mapping_schemas_make(const struct hg_vocabulary *, struct mapping_schemas *ret);
/* What an item of `rules:` says, as far as it is good; borrows from the tree. */
void mapping_fill_rule(const struct hg_conf *item, const struct mapping_schemas *,
	struct hg_rule *ret, struct hg_errs *);
/* How many columns there are in `fields:`. */
size_t mapping_fill_columns(const struct hg_conf *map, const struct hg_vocabulary *,
	struct hg_binding ret[HG_FIELDS_MAX]);
/* What the reader found, from `first` on, knows no rules: their names are put in front. */
void mapping_name_rules(const struct hg_conf *rules, struct hg_errs *, size_t first);
