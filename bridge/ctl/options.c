/* SPDX-License-Identifier: Apache-2.0 */

#include "bridge/ctl/command.h"

#include <stdio.h>
#include <string.h>

static int misuse(const struct hg_command *cmd, const char *what)
{
	fprintf(stderr, "heliograph %s: %s\nTry 'heliograph %s --help'.\n", cmd->name, what, cmd->name);
	return HG_WRONG;
}

int hg_options_read(int argc, char **argv, const char *allowed, const struct hg_command *cmd, struct hg_options *ret)
{
	static const struct option known[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	int letter;

	*ret = (struct hg_options){ .config = HG_DEFAULT_CONFIG };
	optind = 0;
	opterr = 0;
	while ((letter = getopt_long(argc, argv, ":c:jh", known, NULL)) != -1) {
		if (letter == 'h') {
			fputs(cmd->help, stdout);
			ret->help = true;
			return HG_DONE;
		}
		if (letter == ':')
			return misuse(cmd, "--config needs the name of a file");
		if (letter == '?' || !strchr(allowed, letter))
			return misuse(cmd, "no such option");
		if (letter == 'c')
			ret->config = optarg;
		else
			ret->json = true;
	}
	ret->first = optind;
	return HG_DONE;
}
