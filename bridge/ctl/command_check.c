/* SPDX-License-Identifier: Apache-2.0 */
/* heliograph check, heliograph mapping check: everything that is wrong, before anybody is started
 * with it. */

#include "bridge/ctl/command.h"
#include "bridge/ctl/daemon.h"

#include <stdio.h>
#include <stdlib.h>

static int check(int argc, char **argv, const struct hg_command *cmd)
{
	struct hg_options o;
	struct hg_errs errs = { 0 };
	struct hg_site site;
	int rc = hg_options_read(argc, argv, "c", cmd, &o);

	if (rc != HG_DONE || o.help)
		return rc;
	if (hg_site_load(o.config, &site, &errs) < 0)
		return hg_site_complain(o.config, &errs);
	if (hg_daemon_check(&site, &errs) < 0)
		rc = hg_site_complain(o.config, &errs);
	else
		printf("%s: no errors, nor in the mapping tables in %s\n", o.config, site.mappings);
	hg_site_done(&site);
	hg_errs_done(&errs);
	return rc;
}

const struct hg_command hg_command_check = {
	.name = "check",
	.summary = "check the configuration and the mapping tables",
	.help = "Usage: heliograph check [--config FILE]\n\n"
		"Reads the configuration and the mapping tables as `run` would, and lists everything that is wrong\n"
		"with them, each with file, line and remedy. Nothing is started, nothing is changed.\n\n"
		"  --config FILE   the configuration; default " HG_DEFAULT_CONFIG "\n\n"
		"Exit status: 0 no errors, 2 errors.\n\n"
		"Example:\n  heliograph check --config docs/heliograph.example.yaml\n",
	.run = check,
};

static int mapping_check(int argc, char **argv, const struct hg_command *cmd)
{
	struct hg_options o;
	struct hg_errs errs = { 0 };
	struct hg_site site = { 0 };
	char *folder;
	int rc = hg_options_read(argc, argv, "", cmd, &o);

	if (rc != HG_DONE || o.help)
		return rc;
	hg_registry_init(&site.registry);
	folder = o.first < argc ? hg_str_dup(hg_str(argv[o.first])) : hg_site_mappings();
	if (hg_site_load_mappings(folder, "heliograph mapping check",
		    "name the one with grammar.yaml and xmpp.yaml", &site, &errs) < 0)
		rc = hg_site_complain(folder, &errs);
	else
		printf("%s: no errors in the mapping tables and the grammar\n", folder);
	hg_site_done(&site);
	hg_errs_done(&errs);
	free(folder);
	return rc;
}

const struct hg_command hg_command_mapping_check = {
	.name = "mapping check",
	.summary = "check mapping tables on their own",
	.help = "Usage: heliograph mapping check [FOLDER]\n\n"
		"Checks the mapping tables and the grammar in a folder (default: the ones that come with this program):\n"
		"words that are not in the vocabulary, values out of range, rules that can never match, availabilities\n"
		"and native values without a rule. Every fault is listed with file, line, rule and remedy.\n"
		"The tables of adapters from outside are checked by `heliograph check`, which loads those.\n\n"
		"Exit status: 0 no errors, 2 errors.\n\n"
		"Example:\n  heliograph mapping check ./mappings\n",
	.words = 1,
	.run = mapping_check,
};
