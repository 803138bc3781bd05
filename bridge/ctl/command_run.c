/* SPDX-License-Identifier: Apache-2.0 */
/* heliograph run: the daemon, in the foreground. */

#include "bridge/ctl/command.h"
#include "bridge/ctl/daemon.h"

#include <stdio.h>

static int run(int argc, char **argv, const struct hg_command *cmd)
{
	struct hg_options o;
	struct hg_errs errs = { 0 };
	struct hg_site site;
	int rc = hg_options_read(argc, argv, "c", cmd, &o);

	if (rc != HG_DONE || o.help)
		return rc;
	if (hg_site_load(o.config, &site, &errs) < 0)
		return hg_site_complain(o.config, &errs);
	hg_errs_done(&errs);
	hg_log_level(site.settings.log_level);
	rc = hg_daemon_run(&site);
	hg_site_done(&site);
	return rc;
}

const struct hg_command hg_command_run = {
	.name = "run",
	.summary = "run the gateway in the foreground",
	.help = "Usage: heliograph run [--config FILE]\n\n"
		"Runs until SIGTERM or SIGINT; then everybody is told that those we stand for have gone, and it ends.\n"
		"Log lines go to standard error.\n\n"
		"  --config FILE   the configuration; default " HG_DEFAULT_CONFIG "\n\n"
		"Exit status: 0 ended by a signal, 2 the configuration is wrong or it could not start.\n\n"
		"Example:\n  heliograph run --config docs/heliograph.example.yaml\n",
	.run = run,
};
