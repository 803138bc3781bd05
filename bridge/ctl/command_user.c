/* SPDX-License-Identifier: Apache-2.0 */
/* heliograph user list, del. */

#include "bridge/ctl/command.h"

static int list(int argc, char **argv, const struct hg_command *cmd)
{
	struct hg_options o;
	int rc = hg_options_read(argc, argv, "cj", cmd, &o);

	if (rc != HG_DONE || o.help)
		return rc;
	return hg_command_ask(
		cmd, o.config, json_pack("{s:s, s:b}", "verb", "user list", "json", o.json));
}

const struct hg_command hg_command_user_list = {
	.name = "user list",
	.summary = "list everybody whose home is here",
	.help = "Usage: heliograph user list [--config FILE] [--json]\n\n"
		"Lists the users, with their state, on how many endpoints they are signed in, and their names; with --json all\n"
		"that is said of them.\n\n" HG_CONFIG_HELP "  --json          for programs\n\n"
		"Exit status: 0 listed, 1 no daemon answers, 2 wrong usage.\n\n"
		"Examples:\n"
		"  heliograph user list\n"
		"  heliograph user list --json | jq -r '.[].person'\n",
	.run = list,
};

static int del(int argc, char **argv, const struct hg_command *cmd)
{
	struct hg_options o;
	int rc = hg_options_read(argc, argv, "cj", cmd, &o);

	if (rc != HG_DONE || o.help)
		return rc;
	if (o.first == argc)
		return hg_misuse(cmd, "whom? Name a person, as user@domain", "");
	return hg_command_ask(cmd, o.config,
		json_pack("{s:s, s:s, s:b}", "verb", cmd->name, "person", argv[o.first], "json",
			o.json));
}

const struct hg_command hg_command_user_del = {
	.name = "user del",
	.summary = "delete a user and all that is his",
	.help = "Usage: heliograph user del [--config FILE] [--json] ADDRESS\n\n"
		"Deletes a user: what he published, his contacts and relationships, and who may see him. He is signed out.\n"
		"Watchers elsewhere are told that they are not subscribed any more. This cannot be undone.\n\n"
		"  ADDRESS         user@domain\n" HG_CONFIG_HELP
		"  --json          for programs\n\n"
		"Exit status: 0 deleted, 1 no such user or not done, 2 wrong usage.\n\n"
		"Example:\n"
		"  heliograph user del alice@corp.example\n",
	.words = 1,
	.run = del,
};
