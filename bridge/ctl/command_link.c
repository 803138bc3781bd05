/* SPDX-License-Identifier: Apache-2.0 */
/* heliograph link. */

#include "bridge/ctl/command.h"

static int run(int argc, char **argv, const struct hg_command *cmd)
{
	struct hg_option own[] = { { "remove", NULL, NULL }, { NULL, NULL, NULL } };
	struct hg_options o;
	int rc = hg_options_read_own(argc, argv, "cj", cmd, &o, own);

	if (rc != HG_DONE || o.help)
		return rc;
	if (o.first == argc)
		return hg_misuse(cmd, "whose account? Name a user, as user@domain", "");
	if (o.first + 1 == argc && own[0].value)
		return hg_misuse(cmd, "which account? Name PERSON and ADDRESS", "");
	if (o.first + 1 == argc)
		return hg_command_ask(cmd, o.config,
			json_pack("{s:s, s:s, s:b}", "verb", "link list", "person", argv[o.first],
				"json", o.json));
	return hg_command_ask(cmd, o.config,
		json_pack("{s:s, s:s, s:s, s:b, s:b}", "verb", "link", "person", argv[o.first],
			"account", argv[o.first + 1], "remove", own[0].value != NULL, "json",
			o.json));
}

const struct hg_command hg_command_link = {
	.name = "link",
	.summary = "an account elsewhere that is the same person",
	.help = "Usage: heliograph link [--config FILE] [--json] [--remove] PERSON [ADDRESS]\n\n"
		"Says that an account behind a route is this user's own. Its resources then count as devices of the user:\n"
		"busy on one of them is busy, and the away of a phone left behind does not hide that somebody is at work.\n"
		"When a resource ends, nothing of it remains. The account is asked for its presence, and must accept.\n"
		"Linking again asks again one that had refused. Without ADDRESS, lists the accounts.\n\n"
		"  PERSON          a user: user@domain\n"
		"  ADDRESS         the account: user@domain\n"
		"  --remove        they are not the same person any more\n"
		"  --config FILE   the configuration of the daemon; default " HG_DEFAULT_CONFIG "\n"
		"  --json          for programs\n\n"
		"Exit status: 0 done, 1 no such user or link, or not done, 2 wrong usage.\n\n"
		"Examples:\n"
		"  heliograph link alice@corp.example alice@xmpp.example\n"
		"  heliograph link alice@corp.example\n"
		"  heliograph link --remove alice@corp.example alice@xmpp.example\n",
	.words = 2,
	.run = run,
};
