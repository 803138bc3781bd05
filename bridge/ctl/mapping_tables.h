/* SPDX-License-Identifier: Apache-2.0 */
/* Which tables a command about mapping means: the folder's, or with a site's own files, those of its configuration. */
#pragma once

#include "bridge/ctl/command.h"
#include "bridge/ctl/site.h"

/* Options that such commands share, as items of their own list. */
enum { HG_TABLES_MAPPINGS, HG_TABLES_FOR, HG_TABLES_OPTIONS };
#define HG_TABLES_OWN \
	[HG_TABLES_MAPPINGS] = { "mappings", "a folder", NULL }, \
	[HG_TABLES_FOR] = { "for", "an address or a domain", NULL }
#define HG_TABLES_HELP \
	"  --mappings FOLDER  of the tables; default: the ones that come with this program\n" \
	"  --config FILE      the tables of this configuration, with the site's own rules\n" \
	"  --for WHO          then those for the presence of WHO, an address or a domain\n"

/* HG_DONE, `ret` to be ended with hg_site_done; or HG_WRONG after all that is wrong was said. */
int hg_tables_open(const struct hg_command *, const struct hg_options *,
	const struct hg_option *own, struct hg_site *ret);
/* Of these, for whom it was asked. */
const struct hg_table *hg_tables_asked(
	const struct hg_site *, const struct hg_tables *, const struct hg_option *own);
/* By the name of a vocabulary; NULL after it was said which there are. */
const struct hg_tables *hg_tables_named(
	const struct hg_command *, const struct hg_site *, const char *vocabulary);
