/* SPDX-License-Identifier: Apache-2.0 */
/* heliograph contact list, add, del. */

#include "bridge/ctl/command.h"

static int list(int argc, char **argv, const struct hg_command *cmd)
{
	struct hg_options o;
	int rc = hg_options_read(argc, argv, "cj", cmd, &o);

	if (rc != HG_DONE || o.help)
		return rc;
	if (o.first == argc)
		return hg_misuse(cmd, "whose? Name a user, as user@domain", "");
	return hg_command_ask(cmd, o.config,
		json_pack("{s:s, s:s, s:b}", "verb", cmd->name, "owner", argv[o.first], "json",
			o.json));
}

const struct hg_command hg_command_contact_list = {
	.name = "contact list",
	.summary = "list somebody's contacts",
	.help = "Usage: heliograph contact list [--config FILE] [--json] OWNER\n\n"
		"Lists the contacts of a user, with their groups and names.\n\n"
		"  OWNER           a user: user@domain\n" HG_CONFIG_HELP
		"  --json          for programs\n\n"
		"Exit status: 0 listed, 1 no such user or no daemon answers, 2 wrong usage.\n\n"
		"Example:\n"
		"  heliograph contact list alice@corp.example\n",
	.words = 1,
	.run = list,
};

static int change(int argc, char **argv, const struct hg_command *cmd, struct hg_option *own)
{
	struct hg_options o;
	int rc = hg_options_read_own(argc, argv, "cj", cmd, &o, own);
	json_t *request;

	if (rc != HG_DONE || o.help)
		return rc;
	if (argc - o.first < 2)
		return hg_misuse(cmd, "whose contact, and who? Name OWNER and ADDRESS", "");
	request = json_pack("{s:s, s:s, s:s, s:b}", "verb", cmd->name, "owner", argv[o.first],
		"person", argv[o.first + 1], "json", o.json);
	for (; request && own->name; own++)
		if (own->value &&
			json_object_set_new(request, own->name, json_string(own->value))) {
			json_decref(request);
			request = NULL;
		}
	return hg_command_ask(cmd, o.config, request);
}

static int add(int argc, char **argv, const struct hg_command *cmd)
{
	struct hg_option own[] = { { "name", "the name to show", NULL },
		{ "group", "the name of a group", NULL }, { NULL, NULL, NULL } };

	return change(argc, argv, cmd, own);
}

static int del(int argc, char **argv, const struct hg_command *cmd)
{
	struct hg_option own[] = { { NULL, NULL, NULL } };

	return change(argc, argv, cmd, own);
}

const struct hg_command hg_command_contact_add = {
	.name = "contact add",
	.summary = "add somebody to a user's contacts",
	.help = "Usage: heliograph contact add [--config FILE] [--json] [--name NAME] [--group GROUP] OWNER ADDRESS\n\n"
		"Adds a contact as the owner's client would: his clients show it at once, and somebody elsewhere is asked\n"
		"whether he may be seen. Of one who is there already, name and group are changed if said.\n\n"
		"  OWNER           a user: user@domain\n"
		"  ADDRESS         whom to add: user@domain\n"
		"  --name NAME     shown instead of the address\n"
		"  --group GROUP   made if the owner does not have it\n" HG_CONFIG_HELP
		"  --json          for programs\n\n"
		"Exit status: 0 added, 1 no such user or not done, 2 wrong usage.\n\n"
		"Example:\n"
		"  heliograph contact add --name Romeo --group Friends alice@corp.example romeo@xmpp.example\n",
	.words = 2,
	.run = add,
};

const struct hg_command hg_command_contact_del = {
	.name = "contact del",
	.summary = "remove somebody from a user's contacts",
	.help = "Usage: heliograph contact del [--config FILE] [--json] OWNER ADDRESS\n\n"
		"Removes a contact as the owner's client would; somebody elsewhere is told that he is not watched any more.\n\n"
		"  OWNER           a user: user@domain\n"
		"  ADDRESS         whom to remove: user@domain\n" HG_CONFIG_HELP
		"  --json          for programs\n\n"
		"Exit status: 0 removed, 1 no such user or contact, or not done, 2 wrong usage.\n\n"
		"Example:\n"
		"  heliograph contact del alice@corp.example romeo@xmpp.example\n",
	.words = 2,
	.run = del,
};
