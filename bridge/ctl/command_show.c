/* SPDX-License-Identifier: Apache-2.0 */
/* heliograph show: asks the running daemon for the mirror of one person. */

#include "bridge/ctl/command.h"

static int show(int argc, char **argv, const struct hg_command *cmd)
{
	struct hg_options o;
	int rc = hg_options_read(argc, argv, "cj", cmd, &o);

	if (rc != HG_DONE || o.help)
		return rc;
	if (o.first == argc)
		return hg_misuse(cmd, "whom? Name a person, as user@domain", "");
	return hg_command_ask(cmd, o.config,
		json_pack("{s:s, s:s, s:b}", "verb", "show", "person", argv[o.first], "json",
			o.json));
}

const struct hg_command hg_command_show = {
	.name = "show",
	.summary = "show the whole mirror of one person",
	.help = "Usage: heliograph show [--config FILE] [--json] PERSON\n\n"
		"Asks the running daemon what it holds of a person: aggregated state, endpoints, publications, containers\n"
		"and members, contacts, whom he sees and who sees him, and where that is shown. Texts of notes are not shown.\n\n"
		"  PERSON          an address: user@domain\n"
		"  --config FILE   the configuration of the daemon; default " HG_DEFAULT_CONFIG "\n"
		"  --json          for programs\n\n"
		"Exit status: 0 shown, 1 nothing is known of him or no daemon answers, 2 wrong usage.\n\n"
		"Examples:\n"
		"  heliograph show alice@corp.example\n"
		"  heliograph show --json alice@corp.example | jq '.watchers[] | {watcher, container}'\n",
	.words = 1,
	.run = show,
};
