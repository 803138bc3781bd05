/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/address/tuple_id.h"

#include <string.h>

#include "bridge/address/escape.h"

static const char prefix[] = "ID-";
static const char kept[] = ".-";
static const char hex[] = "0123456789ABCDEF";

void hg_tuple_id_write(struct hg_str resource, struct hg_buf *ret)
{
	hg_buf_adds(ret, prefix);
	for (size_t i = 0; i < resource.n; i++) {
		unsigned char c = (unsigned char)resource.p[i];

		if (hg_is_alnum_or(c, kept)) {
			hg_buf_addc(ret, (char)c);
		} else {
			hg_buf_addc(ret, '_');
			hg_buf_addc(ret, hex[c >> 4]);
			hg_buf_addc(ret, hex[c & 15]);
		}
	}
}

/* -1: no upper-case hex digit */
static int digit(char c)
{
	const char *at = c ? strchr(hex, c) : NULL;

	return at ? (int)(at - hex) : -1;
}

/* The octet at text->p, advancing; -1 if the writer would not have written it so. */
static int take_octet(struct hg_str *text)
{
	int c = (unsigned char)text->p[0], size = 1;

	if (c == '_') {
		int high = text->n < 3 ? -1 : digit(text->p[1]),
		    low = text->n < 3 ? -1 : digit(text->p[2]);

		if (high < 0 || low < 0)
			return -1;
		c = high << 4 | low;
		size = 3;
	}
	if (hg_is_alnum_or((unsigned char)c, kept) != (size == 1))
		return -1;
	text->p += size;
	text->n -= (size_t)size;
	return c;
}

bool hg_tuple_id_read(struct hg_str id, struct hg_buf *ret)
{
	const size_t skip = strlen(prefix);
	struct hg_buf plain = { 0 };
	struct hg_str rest = HG_STR_NONE;
	bool ours = id.n > skip && hg_str_starts(id, hg_str(prefix));

	if (ours)
		rest = (struct hg_str){ id.p + skip, id.n - skip };
	while (ours && rest.n) {
		int c = take_octet(&rest);

		ours = c > 0;
		if (ours)
			hg_buf_addc(&plain, (char)c);
	}
	ours = ours && hg_utf8_valid(hg_buf_str(&plain));
	hg_buf_add(ret, ours ? hg_buf_str(&plain) : id);
	hg_buf_done(&plain);
	return ours;
}
