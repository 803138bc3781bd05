/* SPDX-License-Identifier: Apache-2.0 */
/* The command line: one small file a command (command_*.c), found by the table in main.c. */
#pragma once

#include <heliograph/base.h>

#include <getopt.h>
#include <jansson.h>

#define HG_DEFAULT_CONFIG "/etc/heliograph/heliograph.yaml"
/* Of commands that ask the daemon. */
#define HG_CONFIG_HELP \
	"  --config FILE   the configuration of the daemon; default " HG_DEFAULT_CONFIG "\n"

struct hg_site;

struct hg_command {
	const char *name;    /* "run"; "mapping check" */
	const char *summary; /* one line for --help */
	const char *help;    /* what `heliograph NAME --help` prints */
	int words;           /* that may stand beside the options, at most */
	int (*run)(int argc, char **argv,
		const struct hg_command *); /* argv[0] is the name; the exit status */
};

extern const struct hg_command hg_command_run, hg_command_check, hg_command_mapping_check,
	hg_command_mapping_explain, hg_command_mapping_loss, hg_command_show, hg_command_user_list, hg_command_user_add, hg_command_user_set,
	hg_command_user_del, hg_command_user_import, hg_command_contact_list,
	hg_command_contact_add, hg_command_contact_del, hg_command_link, hg_command_relationship,
	hg_command_view, hg_command_publish, hg_command_reload, hg_command_watch,
	hg_command_container, hg_command_delegate;

/* Exit status: 0 done, 1 not done, 2 wrong usage or configuration. */
enum { HG_DONE, HG_NOT_DONE, HG_WRONG };

/* Options that commands share. */
struct hg_options {
	const char *config;
	bool configured; /* it was named */
	bool json;
	bool help;
	int first; /* index of the first word that is no option */
};

/* One that a command has of its own. */
struct hg_option {
	const char *name;
	const char *needs; /* "--x needs ..."; NULL: it takes no value */
	const char *value; /* what was given, "" without a value; NULL: it was not */
};

/* Reads `--config FILE`, `--json` where `allowed` has the letter (c, j), and `--help`, and counts
 * the words. HG_DONE, or HG_WRONG after a message. When `help` is set the help has been printed. */
int hg_options_read(int argc, char **argv, const char *allowed, const struct hg_command *,
	struct hg_options *ret);
/* Likewise with options of its own; the last one has no name. */
int hg_options_read_own(int argc, char **argv, const char *allowed, const struct hg_command *,
	struct hg_options *ret, struct hg_option *own);
/* HG_WRONG after "heliograph NAME: what" and where to read on. */
int hg_misuse(const struct hg_command *, const char *what, const char *word);
/* Likewise of one that is none of these names: "WHAT'WORD' (did you mean ...)". */
int hg_misuse_word(const struct hg_command *, const char *what, const char *word,
	const char *const *name, size_t n);

/* command_ask.c: what the daemon of this configuration says to it; errors go to standard error.
 * The exit status. */
int hg_command_ask(const struct hg_command *, const char *config, json_t *take_request);
/* The same as often as one likes. */
struct hg_ask {
	const struct hg_command *command;
	struct hg_site *site;
};
int hg_ask_open(const struct hg_command *, const char *config, struct hg_ask *ret);
/* *ret_text is what it says or what is wrong, to be freed. Negative: there was no answer. */
int hg_ask(const struct hg_ask *, json_t *take_request, char **ret_text);
void hg_ask_close(struct hg_ask *);
