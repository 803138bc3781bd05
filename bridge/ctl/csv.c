/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/ctl/csv.h"

#include <string.h>

char hg_csv_separator(struct hg_str line)
{
	bool quoted = false;

	for (size_t i = 0; i < line.n; i++) {
		quoted ^= line.p[i] == '"';
		if (!quoted && line.p[i] && strchr(",;\t", line.p[i]))
			return line.p[i];
	}
	return 0;
}

static bool is_blank(char c, char separator)
{
	return c != separator && (c == ' ' || c == '\t' || c == '\r' || c == '\n');
}

/* From the opening quote to behind the closing one; two of them are one of the text. NULL: it is not closed. */
static char *take_quoted(char *at, char **ret_field)
{
	char *to = *ret_field = ++at;

	for (; *at; at++) {
		if (*at == '"' && at[1] != '"') {
			*to = '\0';
			return at + 1;
		}
		at += *at == '"';
		*to++ = *at;
	}
	return NULL;
}

static char *take_plain(char *at, char separator, char **ret_field)
{
	char *end = at;

	*ret_field = at;
	while (*end && *end != separator)
		end++;
	at = end;
	while (end > *ret_field && is_blank(end[-1], separator))
		end--;
	if (end < at)
		*end = '\0';
	return at;
}

int hg_csv_split(char *line, char separator, char *ret_field[HG_CSV_MAX], const char **ret_reason)
{
	char *at = line, *end;
	int n = 0;

	for (;;) {
		while (is_blank(*at, separator))
			at++;
		if (n == HG_CSV_MAX) {
			*ret_reason = "too many fields";
			return -1;
		}
		end = *at == '"' ? take_quoted(at, &ret_field[n])
				 : take_plain(at, separator, &ret_field[n]);
		n++;
		while (end && is_blank(*end, separator))
			end++;
		if (!end || (*end && *end != separator)) {
			*ret_reason = end ? "there is text behind a closing quote"
					  : "a quote is not closed in this line";
			return -1;
		}
		if (!*end)
			return n;
		*end = '\0';
		at = end + 1;
	}
}
