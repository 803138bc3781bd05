/* SPDX-License-Identifier: Apache-2.0 */
/* The command line: one small file a command (command_*.c), found by the table in main.c. */
#pragma once

#include <heliograph/base.h>

#include <getopt.h>

#define HG_DEFAULT_CONFIG "/etc/heliograph/heliograph.yaml"

struct hg_command {
	const char *name;    /* "run"; "mapping check" */
	const char *summary; /* one line for --help */
	const char *help;    /* what `heliograph NAME --help` prints */
	int words;           /* that may stand beside the options, at most */
	int (*run)(int argc, char **argv,
		const struct hg_command *); /* argv[0] is the name; the exit status */
};

extern const struct hg_command hg_command_run, hg_command_check, hg_command_mapping_check,
	hg_command_show;

/* Exit status: 0 done, 1 not done, 2 wrong usage or configuration. */
enum { HG_DONE, HG_NOT_DONE, HG_WRONG };

/* Options that commands share. */
struct hg_options {
	const char *config;
	bool json;
	bool help;
	int first; /* index of the first word that is no option */
};

/* Reads `--config FILE`, `--json` where `allowed` has the letter (c, j), and `--help`, and counts
 * the words. HG_DONE, or HG_WRONG after a message. When `help` is set the help has been printed. */
int hg_options_read(int argc, char **argv, const char *allowed, const struct hg_command *,
	struct hg_options *ret);
