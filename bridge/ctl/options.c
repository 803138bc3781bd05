/* SPDX-License-Identifier: Apache-2.0 */

#include "bridge/ctl/command.h"

#include "bridge/mapping/suggest.h"

#include <stdio.h>
#include <string.h>

int hg_misuse(const struct hg_command *cmd, const char *what, const char *word)
{
	fprintf(stderr, "heliograph %s: %s%s\nTry 'heliograph %s --help'.\n", cmd->name, what, word,
		cmd->name);
	return HG_WRONG;
}

int hg_misuse_word(const struct hg_command *cmd, const char *what, const char *word,
	const char *const *name, size_t n)
{
	char hint[HG_SUGGESTION];
	struct hg_buf quoted = { 0 };

	hg_suggest(hg_str(word), name, n, hint);
	hg_buf_addf(&quoted, "'%s'", word);
	if (hint[0])
		hg_buf_addf(&quoted, " (%s)", hint);
	hg_misuse(cmd, what, quoted.p);
	hg_buf_done(&quoted);
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

enum { OWN = 256, KNOWN = 3, OWN_MOST = 24 };

static const struct option shared[KNOWN] = {
	{ "config", required_argument, NULL, 'c' },
	{ "json", no_argument, NULL, 'j' },
	{ "help", no_argument, NULL, 'h' },
};

static void list_known(const struct hg_option *own, struct option known[KNOWN + OWN_MOST + 1])
{
	int n = KNOWN;

	memcpy(known, shared, sizeof(shared));
	for (int i = 0; own && own[i].name && i < OWN_MOST; i++)
		known[n++] = (struct option){ own[i].name,
			own[i].needs ? required_argument : no_argument, NULL, OWN + i };
	known[n] = (struct option){ 0 };
}

static int value_missing(const struct hg_command *cmd, const struct hg_option *own)
{
	char what[128];

	if (optopt < OWN)
		return hg_misuse(cmd, "--config needs the name of a file", "");
	snprintf(what, sizeof(what), "--%s needs %s", own[optopt - OWN].name,
		own[optopt - OWN].needs);
	return hg_misuse(cmd, what, "");
}

/* One that was understood. HG_DONE, or after a message HG_WRONG. */
static int take(int letter, const char *allowed, const struct hg_command *cmd,
	struct hg_options *ret, struct hg_option *own)
{
	if (letter >= OWN)
		own[letter - OWN].value = optarg ? optarg : "";
	else if (!strchr(allowed, letter))
		return hg_misuse(cmd, "it takes no ", letter == 'c' ? "--config" : "--json");
	else if (letter == 'c')
		ret->config = optarg, ret->configured = true;
	else
		ret->json = true;
	return HG_DONE;
}

int hg_options_read_own(int argc, char **argv, const char *allowed, const struct hg_command *cmd,
	struct hg_options *ret, struct hg_option *own)
{
	struct option known[KNOWN + OWN_MOST + 1];
	int letter;

	list_known(own, known);
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
			return value_missing(cmd, own);
		if (letter == '?')
			return hg_misuse(cmd, "there is no option ", rejected(argv, known));
		if (take(letter, allowed, cmd, ret, own) != HG_DONE)
			return HG_WRONG;
	}
	if (argc - optind > cmd->words)
		return hg_misuse(cmd, "too many words, from here on: ", argv[optind + cmd->words]);
	ret->first = optind;
	return HG_DONE;
}

int hg_options_read(int argc, char **argv, const char *allowed, const struct hg_command *cmd,
	struct hg_options *ret)
{
	return hg_options_read_own(argc, argv, allowed, cmd, ret, NULL);
}
