/* SPDX-License-Identifier: Apache-2.0 */
/* heliograph reload. */

#include "bridge/ctl/command.h"

static int run(int argc, char **argv, const struct hg_command *cmd)
{
	struct hg_options o;
	int rc = hg_options_read(argc, argv, "cj", cmd, &o);

	if (rc != HG_DONE || o.help)
		return rc;
	return hg_command_ask(
		cmd, o.config, json_pack("{s:s, s:b}", "verb", "reload", "json", o.json));
}

const struct hg_command hg_command_reload = {
	.name = "reload",
	.summary = "have the daemon read its configuration again",
	.help = "Usage: heliograph reload [--config FILE] [--json]\n\n"
		"Has the running daemon read the configuration that it was started with, and the mapping tables, again: all\n"
		"of it or, if anything is wrong, nothing; then every error is listed. What has changed is in force at once,\n"
		"and whoever is shown something else by it is sent that. Keys that wait for a restart are listed;\n"
		"heliograph.yaml(5) marks the ones that do not. SIGHUP does the same, and tells the log.\n\n"
		"  --config FILE   the configuration of the daemon; default " HG_DEFAULT_CONFIG "\n"
		"  --json          what changed, for programs\n\n"
		"Exit status: 0 read, 1 no daemon answers, 2 something is wrong and nothing was changed.\n\n"
		"Example:\n"
		"  heliograph reload\n",
	.run = run,
};
