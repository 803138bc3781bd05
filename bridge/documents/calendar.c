/* SPDX-License-Identifier: Apache-2.0 */
/* Category `calendarData` (EP 1.7): when its owner is free. Working hours, and what cannot be read, are kept as they came. */
#include "bridge/documents/facets_private.h"

#include <stdlib.h>
#include <string.h>

enum { QUARTER = 15 * 60 * 1000 };

static int digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* RFC 4648 4; blanks between. false: it is something else. */
static bool read_base64(struct hg_str s, struct hg_buf *ret)
{
	uint32_t bits = 0;
	int n = 0;

	s = hg_str_trim(s);
	while (s.n && s.p[s.n - 1] == '=')
		s.n--;
	for (size_t i = 0; i < s.n; i++) {
		int d = digit(s.p[i]);

		if (s.p[i] == ' ' || s.p[i] == '\n' || s.p[i] == '\r' || s.p[i] == '\t')
			continue;
		if (d < 0)
			return false;
		bits = bits << 6 | (uint32_t)d;
		n += 6;
		if (n >= 8) {
			n -= 8;
			hg_buf_addc(ret, (char)(bits >> n & 0xff));
		}
	}
	return true;
}

static bool attr_is(const xmlNode *node, const char *name, const char *value)
{
	char *text = hg_xml_attr(node, name);
	bool is = text && strcmp(text, value) == 0;

	free(text);
	return is;
}

/* Clients read nothing but quarters of an hour, in this one encoding. */
static bool read_start(const xmlNode *node, int64_t *ret)
{
	char *start = hg_xml_attr(node, "startTime");
	bool ok = start && hg_utc_read(hg_str(start), ret) &&
		attr_is(node, "granularity", "PT15M") && attr_is(node, "encodingVersion", "1");

	free(start);
	return ok;
}

int hg_calendar_read(const xmlNode *node, struct hg_calendar **ret)
{
	const xmlNode *free_busy = hg_xml_child(node, "freeBusy", HG_NS_CALENDAR);
	struct hg_calendar c = { .slot = QUARTER };
	struct hg_buf codes = { 0 };

	if (!free_busy || !read_start(free_busy, &c.start))
		return 0;
	char *text = hg_xml_text(free_busy);
	if (read_base64(hg_str(text), &codes) && codes.n)
		c.codes = hg_bytes_new(hg_buf_str(&codes));
	free(text);
	*ret = hg_calendar_new(&c);
	hg_bytes_unref(c.codes);
	hg_buf_done(&codes);
	return 0;
}
