/* SPDX-License-Identifier: Apache-2.0 */
/* heliograph user import: users from a table. */

#include "bridge/ctl/command_card.h"
#include "bridge/ctl/csv.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct import {
	struct hg_ask ask;
	const char *file;
	unsigned line, done;
	json_t *failed; /* lines */
	bool json, begun;
	char separator; /* of a table whose header names fields */
	/* What each column holds, HG_CARD_FIELDS: nothing of the record. A header that names no field is a mere heading. */
	enum hg_card_field column[HG_CSV_MAX];
	int ncolumns, address;
};

static void fail(struct import *i, const char *what)
{
	json_array_append_new(
		i->failed, json_pack("{s:i, s:s}", "line", (int)i->line, "error", what));
	if (!i->json)
		fprintf(stderr, "%s:%u: %s\n", i->file, i->line, what);
}

static bool is_address(const char *name)
{
	return strcmp(name, "address") == 0;
}

/* false: a column is of nothing that we know. */
static bool read_header(struct import *i, char *const *field, int n)
{
	const char *unknown = NULL;
	bool any = false;

	for (int k = 0; k < n; k++) {
		i->column[k] = hg_card_field_find(hg_str(field[k]));
		any |= i->column[k] != HG_CARD_FIELDS;
		if (is_address(field[k]))
			i->address = k;
		else if (k > 0 && i->column[k] == HG_CARD_FIELDS && !unknown)
			unknown = field[k];
	}
	i->ncolumns = any ? n : 0;
	if (any && unknown) {
		char what[320];

		snprintf(what, sizeof(what),
			"there is no field '%.64s' (a column is called 'address' or as the options of "
			"'heliograph user set --help'; nothing was done)",
			unknown);
		fail(i, what);
	}
	return !any || !unknown;
}

/* NULL: a value is not UTF-8. */
static json_t *card_of(const struct import *i, char *const *field, int n)
{
	json_t *card = json_object();

	for (int k = 0; k < n && k < i->ncolumns; k++) {
		if (k == i->address || i->column[k] == HG_CARD_FIELDS)
			continue;
		if (json_object_set_new(
			    card, hg_card_field_name(i->column[k]), json_string(field[k])) == 0)
			continue;
		json_decref(card);
		return NULL;
	}
	return card;
}

/* false: it makes no sense to go on. */
static bool import_user(struct import *i, char *const *field, int n)
{
	json_t *request = hg_card_request(
		"user add", field[i->address], card_of(i, field, n), false);
	char *text;
	int rc;

	if (!request) {
		fail(i, "it is not UTF-8 (save the table as UTF-8)");
		return true;
	}
	rc = hg_ask(&i->ask, request, &text);
	text[strcspn(text, "\n")] = '\0';
	if (rc == HG_DONE)
		i->done++;
	else
		fail(i, text);
	free(text);
	return rc >= 0;
}

/* Of a table that is none: the first word, without quotes. */
static char *first_field(char *line)
{
	char *field = line + strspn(line, " \t\"");

	field[strcspn(field, "\",;\t\r\n ")] = '\0';
	return field;
}

static bool is_header(const struct import *i, const char *line)
{
	return !i->begun && !memchr(line, '@', strcspn(line, ",;\t"));
}

static bool import_row(struct import *i, char *line, bool header)
{
	char *field[HG_CSV_MAX];
	const char *reason;
	int n;

	if (header)
		i->separator = hg_csv_separator(hg_str(line));
	n = hg_csv_split(line, i->separator, field, &reason);
	if (n < 0) {
		fail(i, reason);
		return !header;
	}
	if (header)
		return read_header(i, field, n);
	if (n != i->ncolumns) {
		fail(i, "it does not have as many columns as the header (quote values that hold a separator)");
		return true;
	}
	return !field[i->address][0] || import_user(i, field, n);
}

/* false: it makes no sense to go on. */
static bool import_line(struct import *i, char *line)
{
	struct hg_str s = hg_str_trim(hg_str(line));
	bool header = is_header(i, line);
	char *only;

	i->line++;
	if (!s.n || s.p[0] == '#')
		return true;
	i->begun = true;
	if (header || i->ncolumns)
		return import_row(i, line, header);
	only = first_field(line);
	return !only[0] || import_user(i, &only, 1);
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
		"Makes a user of the first field of each line, as 'user add' does. A first line without an @ is a header; when\n"
		"it calls columns as the options of 'user add' are called (display-name, mail, title, phone-work ...), they are\n"
		"the user's record, an empty one takes its field away, and the address is in the column 'address', else in the\n"
		"first. Empty lines and those that begin with # are passed over. Lines in error are listed, and do not keep\n"
		"the others from being done; it may be run again.\n\n"
		"  FILE.csv        fields are separated by commas, semicolons or tabs; those with a separator in them stand\n"
		"                  in double quotes\n" HG_CONFIG_HELP
		"  --json          for programs\n\n"
		"Exit status: 0 all are users now, 1 some lines were in error, 2 wrong usage.\n\n"
		"Example:\n"
		"  heliograph user import staff.csv\n",
	.words = 1,
	.run = import,
};
