/* SPDX-License-Identifier: Apache-2.0 */
#include <heliograph/log.h>

#include "bridge/base/utf8.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LINE_MOST 2048 /* octets; a longer line is cut */
#define TEXT_MOST 120
#define TEXT_SLOTS 8

static const char *const level_names[] = { "error", "warn", "info", "debug" };

/* The store's worker thread logs too. Sink and counter are set before it starts. */
static _Atomic int most_level = HG_INFO;
static void (*log_sink)(void *arg, enum hg_level, const char *line);
static void *sink_arg;
static void (*log_counter)(void *arg, enum hg_level, const char *event);
static void *counter_arg;

void hg_log_level(enum hg_level most)
{
	atomic_store(&most_level, (int)most);
}

bool hg_log_enabled(enum hg_level level)
{
	return (int)level <= atomic_load_explicit(&most_level, memory_order_relaxed);
}

void hg_log_sink(void (*sink)(void *arg, enum hg_level, const char *line), void *arg)
{
	log_sink = sink;
	sink_arg = arg;
}

void hg_log_counter(void (*count)(void *arg, enum hg_level, const char *event), void *arg)
{
	log_counter = count;
	counter_arg = arg;
}

/* One write() a line, so that lines of two threads or processes do not mix. */
static void write_line(const char *line, size_t n)
{
	while (n) {
		ssize_t done = write(STDERR_FILENO, line, n);
		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return;
		line += done;
		n -= (size_t)done;
	}
}

/* One line stays one line, whatever a caller put into a field. */
static size_t without_controls(char *line, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
			line[i] = '?';
	}
	return n;
}

/* No allocation in here: it reports the lack of memory too. */
void hg_log(enum hg_level level, const char *event, const char *fmt, ...)
{
	char line[LINE_MOST], when[HG_UTC_TEXT];
	int saved_errno = errno;
	struct timespec now;
	va_list args;

	if (log_counter)
		log_counter(counter_arg, level, event);
	if (!hg_log_enabled(level))
		return;
	clock_gettime(CLOCK_REALTIME, &now);
	hg_utc_write(now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000, when);

	const size_t room = sizeof(line) - 1; /* and one for the line feed */
	int n = snprintf(line, room, "%s %s %s", when, level_names[level], event);
	if (fmt[0] && n > 0 && (size_t)n < room - 1) {
		line[n++] = ' ';
		errno = saved_errno; /* for %m */
		va_start(args, fmt);
		int more = vsnprintf(line + n, room - (size_t)n, fmt, args);
		va_end(args);
		n += more > 0 ? more : 0;
	}
	size_t length = strnlen(line, room - 1);
	if ((size_t)n > length)
		length = hg_utf8_cut((struct hg_str){ line, length }, length - 1).n;
	length = without_controls(line, length);
	if (log_sink) {
		line[length] = '\0';
		log_sink(sink_arg, level, line);
	} else {
		line[length] = '\n';
		write_line(line, length + 1);
	}
	errno = saved_errno;
}

/* Controls, and what makes a terminal show another text than is there (line and direction marks).
 */
static bool misleading(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x61c || c == 0x200e || c == 0x200f ||
		(c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

const char *hg_log_text(struct hg_str s)
{
	/* At worst an octet becomes "\x01", and the quotes and "..." come on top. */
	static _Thread_local char slots[TEXT_SLOTS][TEXT_MOST * 4 + 8];
	static _Thread_local unsigned next;
	char *slot = slots[next++ % TEXT_SLOTS];
	struct hg_str rest = hg_utf8_cut(s, TEXT_MOST);
	bool cut = rest.n < s.n;
	char *to = slot;

	*to++ = '"';
	while (rest.n) {
		uint32_t c = 0;
		size_t n = hg_utf8_first(rest, &c);

		if (!n)
			to += sprintf(to, "\\x%02x", (unsigned char)rest.p[0]);
		else if (misleading(c))
			to += sprintf(to, c < 0x80 ? "\\x%02x" : "\\u%04x", (unsigned)c);
		else if (c == '"' || c == '\\')
			to += sprintf(to, "\\%c", (char)c);
		else
			to = mempcpy(to, rest.p, n);
		n = n ? n : 1;
		rest.p += n;
		rest.n -= n;
	}
	strcpy(to, cut ? "\"..." : "\"");
	return slot;
}
