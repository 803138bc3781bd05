/* SPDX-License-Identifier: Apache-2.0 */
/* heliograph user list, add, import, del. */

#include "bridge/ctl/command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t *request(const char *verb, const char *person, bool json)
{
	return json_pack("{s:s, s:s, s:b}", "verb", verb, "person", person, "json", json);
}

static int list(int argc, char **argv, const struct hg_command *cmd)
{
	struct hg_options o;
	int rc = hg_options_read(argc, argv, "cj", cmd, &o);

	if (rc != HG_DONE || o.help)
		return rc;
	return hg_command_ask(
		cmd, o.config, json_pack("{s:s, s:b}", "verb", "user list", "json", o.json));
}

const struct hg_command hg_command_user_list = {
	.name = "user list",
	.summary = "list everybody whose home is here",
	.help = "Usage: heliograph user list [--config FILE] [--json]\n\n"
		"Lists the users, with their state and on how many endpoints they are signed in.\n\n" HG_CONFIG_HELP
		"  --json          for programs\n\n"
		"Exit status: 0 listed, 1 no daemon answers, 2 wrong usage.\n\n"
		"Examples:\n"
		"  heliograph user list\n"
		"  heliograph user list --json | jq -r '.[].person'\n",
	.run = list,
};

static int one(int argc, char **argv, const struct hg_command *cmd)
{
	struct hg_options o;
	int rc = hg_options_read(argc, argv, "cj", cmd, &o);

	if (rc != HG_DONE || o.help)
		return rc;
	if (o.first == argc)
		return hg_misuse(cmd, "whom? Name a person, as user@domain", "");
	return hg_command_ask(cmd, o.config, request(cmd->name, argv[o.first], o.json));
}

const struct hg_command hg_command_user_add = {
	.name = "user add",
	.summary = "make a user of an address",
	.help = "Usage: heliograph user add [--config FILE] [--json] ADDRESS\n\n"
		"Makes a user of an address of a home domain; with 'users: provision: listed' nobody else can sign in.\n\n"
		"  ADDRESS         user@domain\n" HG_CONFIG_HELP "  --json          for programs\n\n"
		"Exit status: 0 is a user now or was one already, 1 not done, 2 wrong usage.\n\n"
		"Example:\n"
		"  heliograph user add alice@corp.example\n",
	.words = 1,
	.run = one,
};

const struct hg_command hg_command_user_del = {
	.name = "user del",
	.summary = "delete a user and all that is his",
	.help = "Usage: heliograph user del [--config FILE] [--json] ADDRESS\n\n"
		"Deletes a user: what he published, his contacts and relationships, and who may see him. He is signed out.\n"
		"Watchers elsewhere are told that they are not subscribed any more. This cannot be undone.\n\n"
		"  ADDRESS         user@domain\n" HG_CONFIG_HELP "  --json          for programs\n\n"
		"Exit status: 0 deleted, 1 no such user or not done, 2 wrong usage.\n\n"
		"Example:\n"
		"  heliograph user del alice@corp.example\n",
	.words = 1,
	.run = one,
};

/* ---- import ---- */

struct import {
	struct hg_ask ask;
	const char *file;
	unsigned line, done;
	json_t *failed; /* lines */
	bool json;
};

/* The first field of a line, without quotes. */
static char *first_field(char *line)
{
	char *field = line + strspn(line, " \t\"");

	field[strcspn(field, "\",;\t\r\n ")] = '\0';
	return field;
}

/* false: it makes no sense to go on. */
static bool import_line(struct import *i, char *line)
{
	char *address = first_field(line), *text;
	int rc;

	i->line++;
	if (!address[0] || address[0] == '#' || (i->line == 1 && !strchr(address, '@')))
		return true; /* empty, a comment, or the header */
	rc = hg_ask(&i->ask, request("user add", address, false), &text);
	if (rc == HG_DONE) {
		i->done++;
	} else {
		text[strcspn(text, "\n")] = '\0';
		json_array_append_new(
			i->failed, json_pack("{s:i, s:s}", "line", (int)i->line, "error", text));
		if (!i->json)
			fprintf(stderr, "%s:%u: %s\n", i->file, i->line, text);
	}
	free(text);
	return rc >= 0;
}

static void import_lines(struct import *i, FILE *in)
{
	char *line = NULL;
	size_t cap = 0;

	while (getline(&line, &cap, in) > 0)
		if (!import_line(i,
			    i->line == 0 && strncmp(line, "\xef\xbb\xbf", 3) == 0 ? line + 3
										  : line))
			break;
	free(line);
}

static int report(const struct import *i)
{
	size_t failed = json_array_size(i->failed);
	json_t *o = json_pack("{s:i, s:o}", "users", (int)i->done, "failed", i->failed);

	if (i->json) {
		json_dumpf(o, stdout, JSON_COMPACT);
		putchar('\n');
	} else {
		printf("%s: %u users, %zu lines in error\n", i->file, i->done, failed);
	}
	json_decref(o);
	return failed ? HG_NOT_DONE : HG_DONE;
}

static int import(int argc, char **argv, const struct hg_command *cmd)
{
	struct import i = { 0 };
	struct hg_options o;
	int rc = hg_options_read(argc, argv, "cj", cmd, &o);
	FILE *in;

	if (rc != HG_DONE || o.help)
		return rc;
	if (o.first == argc)
		return hg_misuse(cmd, "from which file?", "");
	i.file = argv[o.first];
	in = fopen(i.file, "r");
	if (!in)
		return hg_misuse(cmd, "cannot read the file: ", strerror(errno));
	rc = hg_ask_open(cmd, o.config, &i.ask);
	if (rc == HG_DONE) {
		i.failed = json_array();
		i.json = o.json;
		import_lines(&i, in);
		rc = report(&i);
		hg_ask_close(&i.ask);
	}
	fclose(in);
	return rc;
}

const struct hg_command hg_command_user_import = {
	.name = "user import",
	.summary = "make users of all addresses in a file",
	.help = "Usage: heliograph user import [--config FILE] [--json] FILE.csv\n\n"
		"Makes a user of the first field of each line, as 'user add' does. A first line without an @ is a header;\n"
		"empty lines and those that begin with # are passed over. Lines in error are listed, and do not keep the\n"
		"others from being done; it may be run again.\n\n"
		"  FILE.csv        fields are separated by commas, semicolons or tabs\n" HG_CONFIG_HELP
		"  --json          for programs\n\n"
		"Exit status: 0 all are users now, 1 some lines were in error, 2 wrong usage.\n\n"
		"Example:\n"
		"  heliograph user import staff.csv\n",
	.words = 1,
	.run = import,
};
