/* SPDX-License-Identifier: Apache-2.0 */
/* Everything that an installation says: heliograph.yaml, the mapping tables, the grammar. Loaded
 * whole, or not at all. */
#pragma once

#include "bridge/conf/mapping_file.h"
#include "bridge/conf/settings.h"
#include "bridge/plugin/registry.h"
#include "bridge/presence/grammar.h"

struct hg_site {
	char *config; /* the file; NULL for tables alone */
	struct hg_settings settings;
	struct hg_registry registry;
	struct hg_grammar grammar;
	struct hg_tables *tables; /* of each vocabulary */
	size_t ntables, cap;
	char *mappings; /* the folder */
	char **passed; /* files there that are for no vocabulary that is known, and were not read as tables */
	size_t npassed, passed_cap;
};

/* 0, or a negative errno, and `errs` lists all that is wrong: with the configuration, or, if that
 * is good, with the tables. */
int hg_site_load(const char *config, struct hg_site *ret, struct hg_errs *errs);
/* The same once more while it runs. Nothing is loaded into the process: the registry is a copy, and what stands in the
 * section of an adapter that was added to the list passes. */
int hg_site_reload(const struct hg_site *running, struct hg_site *ret, struct hg_errs *errs);
/* heliograph.yaml alone: who only wants to ask the daemon need not care whether the tables are
 * good, and does not let code from outside into his process. So adapters are not loaded, and their
 * sections not looked into. */
int hg_site_load_settings(const char *config, struct hg_site *ret, struct hg_errs *errs);
void hg_site_done(struct hg_site *);
/* What their configurations say differently: hg_conf_diff. */
void hg_site_diff(const struct hg_site *, const struct hg_site *,
	void (*each)(void *arg, const char *path, const struct hg_key *), void *arg);

/* Where the program itself lies; "" if that cannot be found out. */
void hg_site_own_folder(char ret[4096]);
/* The folder with the tables when the configuration names none: beside the sources for a binary
 * that was built there, else the installed one. free() it. */
char *hg_site_mappings(void);
/* Loads the grammar and the tables that the registry's adapters need from one folder. `where` and `hint` are for the case that it
 * cannot be opened: who named it, and what to do. */
int hg_site_load_mappings(const char *folder, const char *where, const char *hint, struct hg_site *,
	struct hg_errs *errs);

/* All errors to standard error, one line each, and how many there are if that is not seen at once;
 * `what` is wrong. Returns 2, the exit status for them. */
int hg_site_complain(const char *what, struct hg_errs *errs);
