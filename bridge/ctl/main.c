/* SPDX-License-Identifier: Apache-2.0 */
/* heliograph: the daemon and its commands. */

#include "bridge/compat/compat.h"
#include "bridge/ctl/command.h"
#include "bridge/mapping/suggest.h"

#include <stdio.h>
#include <string.h>

static const struct hg_command *const commands[] = {
	&hg_command_run,
	&hg_command_check,
	&hg_command_mapping_check,
	&hg_command_mapping_explain,
	&hg_command_mapping_loss,
	&hg_command_show,
	&hg_command_reload,
	&hg_command_view,
	&hg_command_relationship,
	&hg_command_container,
	&hg_command_contact_list,
	&hg_command_contact_add,
	&hg_command_contact_del,
	&hg_command_link,
	&hg_command_delegate,
	&hg_command_publish,
	&hg_command_user_list,
	&hg_command_user_add,
	&hg_command_user_set,
	&hg_command_user_import,
	&hg_command_user_del,
	&hg_command_watch,
};

enum { NCOMMANDS = sizeof(commands) / sizeof(commands[0]) };

static void list(FILE *to, const struct hg_command *c)
{
	fprintf(to, "  %-16s %s\n", c->name, c->summary);
}

static void usage(FILE *to)
{
	fprintf(to,
		"Usage: heliograph COMMAND [OPTION]...\n"
		"A presence gateway between Lync / Skype for Business enhanced presence and XMPP.\n\n"
		"Commands:\n");
	for (int i = 0; i < NCOMMANDS; i++)
		list(to, commands[i]);
	fprintf(to,
		"\n  --version        print the version\n"
		"  --help           print this; after a command: how to use it\n");
}

/* The word is the first of a command of two. */
static bool begins(const char *name, const char *word)
{
	size_t n = strcspn(name, " ");

	return name[n] && strlen(word) == n && strncmp(name, word, n) == 0;
}

/* How many of the words name the command; 0: they do not. */
static int matches(const char *name, int argc, char **argv)
{
	if (strcmp(argv[0], name) == 0)
		return 1;
	return argc > 1 && begins(name, argv[0]) && strcmp(argv[1], strchr(name, ' ') + 1) == 0 ? 2
												: 0;
}

/* `heliograph mapping --help`: which commands there are of that first word. Whether there are any. */
static bool family_help(int argc, char **argv)
{
	bool any = false;

	if (argc != 2 || (strcmp(argv[1], "--help") != 0 && strcmp(argv[1], "-h") != 0))
		return false;
	for (int i = 0; i < NCOMMANDS; i++) {
		if (!begins(commands[i]->name, argv[0]))
			continue;
		if (!any)
			printf("Usage: heliograph %s COMMAND [OPTION]...\n\nCommands:\n", argv[0]);
		any = true;
		list(stdout, commands[i]);
	}
	if (any)
		puts("\n  --help           after a command: how to use it");
	return any;
}

static int unknown(int argc, char **argv)
{
	const char *name[NCOMMANDS], *second = NULL;
	char hint[HG_SUGGESTION];
	struct hg_buf said = { 0 };

	for (int i = 0; i < NCOMMANDS; i++) {
		name[i] = commands[i]->name;
		if (argc > 1 && begins(name[i], argv[0]))
			second = argv[1];
	}
	hg_buf_addf(&said, "%s%s%s", argv[0], second ? " " : "", second ? second : "");
	hg_suggest(hg_buf_str(&said), name, NCOMMANDS, hint);
	fprintf(stderr, "heliograph: there is no command '%s' (%s)\nTry 'heliograph --help'.\n",
		said.p, hint);
	hg_buf_done(&said);
	return HG_WRONG;
}

int main(int argc, char **argv)
{
	hg_compat_init();
	if (argc < 2) {
		usage(stderr);
		return HG_WRONG;
	}
	if (strcmp(argv[1], "--version") == 0) {
		puts("heliograph " HG_VERSION);
		return HG_DONE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
		usage(stdout);
		return HG_DONE;
	}
	for (int i = 0; i < NCOMMANDS; i++) {
		int words = matches(commands[i]->name, argc - 1, argv + 1);

		if (words)
			return commands[i]->run(argc - words, argv + words, commands[i]);
	}
	return family_help(argc - 1, argv + 1) ? HG_DONE : unknown(argc - 1, argv + 1);
}
