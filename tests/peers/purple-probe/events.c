/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

static FILE *events;

void events_open(void)
{
	events = fdopen(dup(STDOUT_FILENO), "w");
	setvbuf(events, NULL, _IOLBF, 0);
	dup2(STDERR_FILENO, STDOUT_FILENO);
}

/* The bytes that g_strescape() is to leave alone, so that UTF-8 survives. */
static const char *high_bytes(void)
{
	static char bytes[129];

	for (int i = 0; i < 128; i++)
		bytes[i] = (char)(0x80 + i);
	return bytes;
}

void emit(const char *event, ...)
{
	GString *line = g_string_new(event);
	const char *key;
	va_list args;

	va_start(args, event);
	while ((key = va_arg(args, const char *))) {
		const char *value = va_arg(args, const char *);
		gchar *escaped;

		if (!value)
			continue;
		escaped = g_strescape(value, high_bytes());
		g_string_append_printf(line, " %s=\"%s\"", key, escaped);
		g_free(escaped);
	}
	va_end(args);
	fprintf(events, "%s\n", line->str);
	g_string_free(line, TRUE);
}

const char *yes_no(gboolean condition)
{
	return condition ? "yes" : "no";
}
