/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/address/escape.h"

#include <errno.h>
#include <string.h>

static const char hex_lower[] = "0123456789abcdef";
static const char hex_upper[] = "0123456789ABCDEF";

static const char *const jid_special[] = {
	[HG_XEP0106] = " \"&'/:<>@\\", /* all ten, the backslash itself among them */
	[HG_RFC7247] = "&'/",
};

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static int hex_pair(const char *p)
{
	int high = hex_value(p[0]), low = hex_value(p[1]);

	return high < 0 || low < 0 ? -1 : high << 4 | low;
}

/* The character that the sequence at `p` stands for, 0 if none begins there. */
static char jid_sequence(const char *p, size_t n, enum hg_escaping how)
{
	int c;

	if (n < 3 || p[0] != '\\')
		return 0;
	c = hex_pair(p + 1);
	return c > 0 && strchr(jid_special[how], c) ? (char)c : 0;
}

size_t hg_jid_escape(struct hg_str text, enum hg_escaping how, char *ret)
{
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];
		bool special = c && strchr(jid_special[how], c);

		/* a backslash that begins no sequence is itself, XEP-0106 */
		if (c == '\\' && !jid_sequence(text.p + i, text.n - i, how))
			special = false;
		if (!special) {
			ret[n++] = (char)c;
			continue;
		}
		ret[n++] = '\\';
		ret[n++] = hex_lower[c >> 4];
		ret[n++] = hex_lower[c & 15];
	}
	ret[n] = '\0';
	return n;
}

void hg_jid_unescape(char *text, enum hg_escaping how)
{
	size_t size = strlen(text);
	char *to = text;

	for (size_t i = 0; i < size;) {
		char c = jid_sequence(text + i, size - i, how);

		*to++ = c ? c : text[i];
		i += c ? 3 : 1;
	}
	*to = '\0';
}

/* Moves `text` on to its next backslash; false if there is none. */
static bool find_backslash(struct hg_str *text)
{
	const char *at = text->n ? memchr(text->p, '\\', text->n) : NULL;

	if (!at)
		return false;
	text->n -= (size_t)(at - text->p);
	text->p = at;
	return true;
}

bool hg_jid_same_escapes(struct hg_str a, struct hg_str b, enum hg_escaping how)
{
	for (;;) {
		bool more = find_backslash(&a);

		if (find_backslash(&b) != more)
			return false;
		if (!more)
			return true;
		if (jid_sequence(a.p, a.n, how) != jid_sequence(b.p, b.n, how))
			return false;
		a = (struct hg_str){ a.p + 1, a.n - 1 };
		b = (struct hg_str){ b.p + 1, b.n - 1 };
	}
}

bool hg_jid_ambiguous(struct hg_str text, enum hg_escaping how)
{
	if (strchr(jid_special[how], '\\'))
		return false;
	while (find_backslash(&text)) {
		if (jid_sequence(text.p, text.n, how))
			return true;
		text = (struct hg_str){ text.p + 1, text.n - 1 };
	}
	return false;
}

int hg_percent_decode(struct hg_str text, char *ret, size_t *ret_n)
{
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		int c = (unsigned char)text.p[i];

		if (c == '%') {
			c = text.n - i < 3 ? -1 : hex_pair(text.p + i + 1);
			if (c < 0)
				return -EINVAL;
			i += 2;
		}
		ret[n++] = (char)c;
	}
	ret[n] = '\0';
	*ret_n = n;
	return 0;
}

void hg_percent_encode(struct hg_str text, const char *keep, struct hg_buf *ret)
{
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if (hg_is_alnum_or(c, keep)) {
			hg_buf_addc(ret, (char)c);
		} else {
			hg_buf_addc(ret, '%');
			hg_buf_addc(ret, hex_upper[c >> 4]);
			hg_buf_addc(ret, hex_upper[c & 15]);
		}
	}
}

size_t hg_percent_encoded_size(struct hg_str text, const char *keep)
{
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++)
		n += hg_is_alnum_or((unsigned char)text.p[i], keep) ? 1 : 3;
	return n;
}

bool hg_is_alnum_or(unsigned char c, const char *others)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		(c && strchr(others, c));
}
