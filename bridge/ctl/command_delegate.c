/* SPDX-License-Identifier: Apache-2.0 */
/* heliograph delegate. */

#include "bridge/ctl/command.h"

#include <string.h>

enum { NO_PUBLISH, REDELEGATE };

static int change(const struct hg_command *cmd, const struct hg_options *o,
	const struct hg_option *own, const char *verb, const char *person, const char *address)
{
	return hg_command_ask(cmd, o->config,
		json_pack("{s:s, s:s, s:s, s:b, s:b, s:b}", "verb", verb, "person", person,
			"address", address, "publish", !own[NO_PUBLISH].value, "redelegate",
			own[REDELEGATE].value != NULL, "json", o->json));
}

static int run(int argc, char **argv, const struct hg_command *cmd)
{
	struct hg_option own[] = { [NO_PUBLISH] = { "no-publish", NULL, NULL },
		[REDELEGATE] = { "redelegate", NULL, NULL },
		{ NULL, NULL, NULL } };
	struct hg_options o;
	int rc = hg_options_read_own(argc, argv, "cj", cmd, &o, own);
	char **word = argv + o.first;
	int words = argc - o.first;
	bool add = words > 1 && strcmp(word[1], "add") == 0;
	bool del = words > 1 && strcmp(word[1], "del") == 0;

	if (rc != HG_DONE || o.help)
		return rc;
	if (!words)
		return hg_misuse(cmd, "whose? Name a user, as user@domain", "");
	if (!add && (own[NO_PUBLISH].value || own[REDELEGATE].value))
		return hg_misuse(cmd, "--no-publish and --redelegate go with add", "");
	if ((add || del) && words < 3)
		return hg_misuse(cmd, "whom? Name the delegate, as user@domain", "");
	if (add || del)
		return change(
			cmd, &o, own, add ? "delegate add" : "delegate del", word[0], word[2]);
	if (words > 2 || (words == 2 && strcmp(word[1], "list") != 0))
		return hg_misuse(cmd, "one of list, add, del; not ", word[1]);
	return hg_command_ask(cmd, o.config,
		json_pack("{s:s, s:s, s:b}", "verb", "delegate list", "person", word[0], "json",
			o.json));
}

const struct hg_command hg_command_delegate = {
	.name = "delegate",
	.summary = "who may act in somebody's name",
	.help = "Usage: heliograph delegate [--config FILE] [--json] PERSON [list]\n"
		"       heliograph delegate [--config FILE] [--json] [--no-publish] [--redelegate] PERSON add ADDRESS\n"
		"       heliograph delegate [--config FILE] [--json] PERSON del ADDRESS\n\n"
		"Lists the delegates of a user, after a change too. A delegate may publish in the user's name; to add one who is\n"
		"there says anew what he may do. What is bound to his devices ends when he is none any more.\n\n"
		"  PERSON          a user: user@domain\n"
		"  ADDRESS         another user: user@domain\n"
		"  --no-publish    he may not publish\n"
		"  --redelegate    he may change the list himself\n" HG_CONFIG_HELP
		"  --json          for programs\n\n"
		"Exit status: 0 done, 1 no such user or delegate, or not done, 2 wrong usage.\n\n"
		"Examples:\n"
		"  heliograph delegate alice@corp.example add bob@corp.example\n"
		"  heliograph delegate alice@corp.example\n",
	.words = 3,
	.run = run,
};
