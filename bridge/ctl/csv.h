/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of fields between separators (RFC 4180, but that a field does not go on in the next line). */
#pragma once

#include <heliograph/base.h>

#define HG_CSV_MAX 64 /* fields of a line */

/* Comma, semicolon or tab, whichever comes first outside of quotes; 0: there is none. */
char hg_csv_separator(struct hg_str line);
/*
 * Takes a line apart, in its own memory: fields end with a NUL, have no blanks around and no quotes. Returns how many there
 * are, or -1 with a reason.
 */
int hg_csv_split(char *line, char separator, char *ret_field[HG_CSV_MAX], const char **ret_reason);
