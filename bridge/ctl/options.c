/* SPDX-License-Identifier: Apache-2.0 */

#include "bridge/ctl/command.h"

#include <stdio.h>
#include <string.h>

static int misuse(const struct hg_command *cmd, const char *what, const char *word)
{
	fprintf(stderr, "heliograph %s: %s%s\nTry 'heliograph %s --help'.\n", cmd->name, what, word,
		cmd->name);
	return HG_WRONG;
}

/* The option that getopt_long did not like, as it was written. */
static const char *rejected(char **argv, const struct option *known)
{
	static char letter[] = "-?";

	for (; known->name; known++)
		if (optopt == known->val)
			return argv[optind - 1];
	if (!optopt)
		return argv[optind - 1];
	letter[1] = (char)optopt;
	return letter;
}

int hg_options_read(int argc, char **argv, const char *allowed, const struct hg_command *cmd,
	struct hg_options *ret)
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
			return misuse(cmd, "--config needs the name of a file", "");
		if (letter == '?')
			return misuse(cmd, "there is no option ", rejected(argv, known));
		if (!strchr(allowed, letter))
			return misuse(cmd, "it takes no ", letter == 'c' ? "--config" : "--json");
		if (letter == 'c')
			ret->config = optarg;
		else
			ret->json = true;
	}
	if (argc - optind > cmd->words)
		return misuse(cmd, "too many words, from here on: ", argv[optind + cmd->words]);
	ret->first = optind;
	return HG_DONE;
}
