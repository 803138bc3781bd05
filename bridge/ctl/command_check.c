/* SPDX-License-Identifier: Apache-2.0 */
/* heliograph check, heliograph mapping check: everything that is wrong, before anybody is started
 * with it. */

#include "bridge/ctl/command.h"
#include "bridge/ctl/daemon.h"

#include <stdio.h>
#include <stdlib.h>

/* Which tables were read: one that is not among them was not checked. */
static json_t *tables_read(const struct hg_site *site)
{
	json_t *list = json_array();

	for (size_t i = 0; i < site->ntables; i++)
		json_array_append_new(
			list, json_string(hg_table_vocabulary(site->tables[i].v[0])->name));
	return list;
}

static json_t *tables_passed(const struct hg_site *site)
{
	json_t *list = json_array();

	for (size_t i = 0; i < site->npassed; i++)
		json_array_append_new(list, json_string(site->passed[i]));
	return list;
}

static void print_names(const char *before, json_t *take_list)
{
	json_t *name;
	size_t i;

	json_array_foreach (take_list, i, name)
		printf("%s%s", i ? ", " : before, json_string_value(name));
	if (i)
		putchar('\n');
	json_decref(take_list);
}

static void print_tables(const struct hg_site *site)
{
	print_names("read: ", tables_read(site));
	print_names("passed over, for no adapter that is loaded and without fields of their own: ",
		tables_passed(site));
}

/* Also of none, for programs. */
static int complain(const char *what, const struct hg_site *site, struct hg_errs *errs, bool json)
{
	json_t *list;
	int rc = errs->n ? HG_WRONG : HG_DONE;

	if (!json)
		return hg_site_complain(what, errs);
	list = json_array();
	for (size_t i = 0; i < errs->n; i++)
		json_array_append_new(list,
			json_pack("{s:s, s:s, s:s}", "where", errs->e[i].where, "what",
				errs->e[i].what, "hint", errs->e[i].hint));
	list = json_pack("{s:o, s:I, s:o, s:o}", "errors", list, "more", (json_int_t)errs->dropped,
		"tables", tables_read(site), "passed", tables_passed(site));
	json_dumpf(list, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(list);
	hg_errs_done(errs);
	return rc;
}

static int check(int argc, char **argv, const struct hg_command *cmd)
{
	struct hg_options o;
	struct hg_errs errs = { 0 };
	struct hg_site site;
	int rc = hg_options_read(argc, argv, "cj", cmd, &o);

	if (rc != HG_DONE || o.help)
		return rc;
	if (hg_site_load(o.config, &site, &errs) < 0)
		return complain(o.config, &site, &errs, o.json);
	if (hg_daemon_check(&site, &errs) < 0 || o.json)
		rc = complain(o.config, &site, &errs, o.json);
	else {
		printf("%s: no errors, nor in the mapping tables in %s\n", o.config, site.mappings);
		print_tables(&site);
	}
	hg_site_done(&site);
	hg_errs_done(&errs);
	return rc;
}

const struct hg_command hg_command_check = {
	.name = "check",
	.summary = "check the configuration and the mapping tables",
	.help = "Usage: heliograph check [--config FILE] [--json]\n\n"
		"Reads the configuration and the mapping tables as `run` would, and lists everything that is wrong\n"
		"with them, each with file, line and remedy; if nothing is, which tables were read, and which files in their\n"
		"folder were not. Nothing is started, nothing is changed.\n\n"
		"  --config FILE   the configuration; default " HG_DEFAULT_CONFIG "\n"
		"  --json          the errors and the tables, for programs\n\n"
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
	int rc = hg_options_read(argc, argv, "j", cmd, &o);

	if (rc != HG_DONE || o.help)
		return rc;
	hg_registry_init(&site.registry);
	folder = o.first < argc ? hg_str_dup(hg_str(argv[o.first])) : hg_site_mappings();
	if (hg_site_load_mappings(folder, "heliograph mapping check",
		    "name the one with grammar.yaml and xmpp.yaml", &site, &errs) < 0 ||
		o.json)
		rc = complain(folder, &site, &errs, o.json);
	else {
		printf("%s: no errors in the mapping tables and the grammar\n", folder);
		print_tables(&site);
	}
	hg_site_done(&site);
	hg_errs_done(&errs);
	free(folder);
	return rc;
}

const struct hg_command hg_command_mapping_check = {
	.name = "mapping check",
	.summary = "check mapping tables on their own",
	.help = "Usage: heliograph mapping check [--json] [FOLDER]\n\n"
		"Checks the mapping tables and the grammar in a folder (default: the ones that come with this program):\n"
		"words that are not in the vocabulary, values out of range, rules that can never match, availabilities\n"
		"and native values without a rule. Every fault is listed with file, line, rule and remedy.\n"
		"If there is none, the tables that were read are named, and files in the folder that were passed over.\n"
		"The tables of adapters from outside are checked by `heliograph check`, which loads those.\n\n"
		"  --json          the errors and the tables, for programs\n\n"
		"Exit status: 0 no errors, 2 errors.\n\n"
		"Example:\n  heliograph mapping check ./mappings\n",
	.words = 1,
	.run = mapping_check,
};
