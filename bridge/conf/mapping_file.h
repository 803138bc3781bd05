/* SPDX-License-Identifier: Apache-2.0 */
/* mappings/NAME.yaml, files of a site's own rules, mappings/grammar.yaml: files to tables (mappings/README.md). */
#pragma once

#include <heliograph/err.h>

#include "bridge/address/domains.h"
#include "bridge/conf/conf.h"
#include "bridge/mapping/table.h"
#include "bridge/presence/grammar.h"

/* The tables of one vocabulary: the general one, and those of people whom a site's file names. */
struct hg_table_of {
	char *who; /* "user@domain", or "domain" for everybody there; as hg_address_key writes it */
	size_t table;
};

struct hg_tables {
	struct hg_vocabulary *own; /* that the file declares; NULL: an adapter does */
	struct hg_table **v;       /* [0] the general one */
	size_t n;
	struct hg_table_of *of;
	size_t nof;
};

void hg_tables_done(struct hg_tables *);
/* Who it is for. */
const struct hg_table *hg_tables_find(const struct hg_tables *, const char *who);

#define HG_SITE_FILES_MAX 32

/* The files of a site's own, read. */
struct hg_site_files;

/* `paths` and `groups` are as in struct hg_settings. 0, or -EINVAL and `errs` says what is wrong; to be ended in either
 * case. */
int hg_site_files_read(const struct hg_conf *paths, const struct hg_conf *groups,
	const struct hg_domains *, struct hg_site_files **ret, struct hg_errs *errs);
/* After all tables were loaded: a file for none of them is a fault. */
int hg_site_files_check(const struct hg_site_files *, struct hg_errs *errs);
void hg_site_files_done(struct hg_site_files *);

/* 0 and the tables, to be ended with hg_tables_done; or a negative errno, and `errs` lists all that
 * is wrong with the file, and with those of the site's own that are for it. `site` NULL: none. */
int hg_mapping_load(const char *path, const struct hg_vocabulary *, struct hg_site_files *site,
	struct hg_tables *ret, struct hg_errs *errs);
/* A table that no adapter has a vocabulary for, and that declares one itself. 1: it declares none. */
int hg_mapping_load_own(
	const char *path, struct hg_site_files *site, struct hg_tables *ret, struct hg_errs *errs);
int hg_mapping_load_text(const char *name, struct hg_str text, const struct hg_vocabulary *,
	struct hg_site_files *site, struct hg_tables *ret, struct hg_errs *errs);

/* 0, `ret` to be ended with hg_grammar_done; or a negative errno, and `errs` lists all that is
 * wrong. */
int hg_grammar_load(const char *path, struct hg_grammar *ret, struct hg_errs *errs);
int hg_grammar_load_text(
	const char *name, struct hg_str text, struct hg_grammar *ret, struct hg_errs *errs);
