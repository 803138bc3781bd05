/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/base/utf8.h"

size_t hg_utf8_first(struct hg_str s, uint32_t *ret_char)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char lead = (unsigned char)s.p[0];
	uint32_t c;
	size_t n;

	if (lead < 0x80) {
		*ret_char = lead;
		return 1;
	}
	if (lead >= 0xc2 && lead <= 0xdf) {
		n = 2;
		c = lead & 0x1fu;
	} else if (lead >= 0xe0 && lead <= 0xef) {
		n = 3;
		c = lead & 0x0fu;
	} else if (lead >= 0xf0 && lead <= 0xf4) {
		n = 4;
		c = lead & 0x07u;
	} else {
		return 0;
	}
	if (s.n < n)
		return 0;
	for (size_t i = 1; i < n; i++) {
		unsigned char next = (unsigned char)s.p[i];
		if ((next & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (next & 0x3fu);
	}
	if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*ret_char = c;
	return n;
}

bool hg_utf8_valid(struct hg_str s)
{
	while (s.n) {
		uint32_t c;
		size_t n = (unsigned char)*s.p < 0x80 ? 1 : hg_utf8_first(s, &c);
		if (!n)
			return false;
		s.p += n;
		s.n -= n;
	}
	return true;
}

struct hg_str hg_utf8_cut(struct hg_str s, size_t most)
{
	if (s.n <= most)
		return s;
	/* A character has at most three octets after its lead: further back is not UTF-8 anyway. */
	size_t n = most;
	while (n && most - n < 3 && ((unsigned char)s.p[n] & 0xc0) == 0x80)
		n--;
	return (struct hg_str){ s.p, n };
}
