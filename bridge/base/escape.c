/* SPDX-License-Identifier: Apache-2.0 */
/* Text of others on its way into XML and JSON. */
#include "bridge/base/utf8.h"

#define REPLACEMENT HG_STR("\xef\xbf\xbd") /* U+FFFD */

/* XML 1.0 2.2: what a document cannot carry, not even as a character reference. */
static bool xml_forbidden(uint32_t c)
{
	return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0xfffe || c == 0xffff;
}

/* XML 1.0 2.11, 3.3.3: a literal carriage return becomes a line feed, and a tab or line feed in an
 * attribute value a blank. References survive in both places. */
static const char *xml_reference(uint32_t c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&apos;";
	case '\t':
		return "&#9;";
	case '\n':
		return "&#10;";
	case '\r':
		return "&#13;";
	default:
		return NULL;
	}
}

static void add_between(struct hg_buf *b, const char *from, const char *to)
{
	hg_buf_add(b, (struct hg_str){ from, (size_t)(to - from) });
}

/* Stands for itself, by its looks alone. Nearly all of an address does. */
static bool xml_plain(char c)
{
	return c >= 0x20 && c != '&' && c != '<' && c != '>' && c != '"' && c != '\'' &&
		(unsigned char)c < 0x80;
}

static void add_legal(struct hg_buf *b, struct hg_str s, bool escaped)
{
	const char *plain = s.p; /* from here on nothing needed a change, and is not copied yet */

	while (s.n) {
		uint32_t c = 0;
		if (xml_plain(*s.p)) {
			s.p++;
			s.n--;
			continue;
		}
		size_t n = hg_utf8_first(s, &c);
		const char *reference = n && escaped ? xml_reference(c) : NULL;

		if (!n || reference || xml_forbidden(c)) {
			add_between(b, plain, s.p);
			if (!n)
				hg_buf_add(b, REPLACEMENT);
			else if (reference)
				hg_buf_adds(b, reference);
			n = n ? n : 1;
			plain = s.p + n;
		}
		s.p += n;
		s.n -= n;
	}
	add_between(b, plain, s.p);
}

void hg_buf_add_xml(struct hg_buf *b, struct hg_str s)
{
	add_legal(b, s, true);
}

void hg_buf_add_legal(struct hg_buf *b, struct hg_str s)
{
	add_legal(b, s, false);
}

/* RFC 8259 7 */
static void add_json_char(struct hg_buf *b, uint32_t c)
{
	switch (c) {
	case '"':
		hg_buf_adds(b, "\\\"");
		break;
	case '\\':
		hg_buf_adds(b, "\\\\");
		break;
	case '\n':
		hg_buf_adds(b, "\\n");
		break;
	case '\r':
		hg_buf_adds(b, "\\r");
		break;
	case '\t':
		hg_buf_adds(b, "\\t");
		break;
	default:
		hg_buf_addf(b, "\\u%04x", (unsigned)c);
	}
}

void hg_buf_add_json(struct hg_buf *b, struct hg_str s)
{
	const char *plain = s.p;

	hg_buf_addc(b, '"');
	while (s.n) {
		uint32_t c = 0;
		size_t n = hg_utf8_first(s, &c);

		if (!n || c < 0x20 || c == 0x7f || c == '"' || c == '\\') {
			add_between(b, plain, s.p);
			if (!n)
				hg_buf_add(b, REPLACEMENT);
			else
				add_json_char(b, c);
			n = n ? n : 1;
			plain = s.p + n;
		}
		s.p += n;
		s.n -= n;
	}
	add_between(b, plain, s.p);
	hg_buf_addc(b, '"');
}
