/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bodies of SIP/SIMPLE as they come. Asterisk declares ISO-8859-1 and sends what it was given, which is UTF-8 nearly
 * everywhere: so what is UTF-8 is taken as that, and the declaration is asked only about what is not.
 */
#include "bridge/documents/pidf_private.h"

#include <string.h>

/* "<?xml ... ?>" in front of it; HG_STR_NONE: there is none. */
static struct hg_str declaration(struct hg_str body)
{
	const char *end = hg_str_starts(body, HG_STR("<?xml ")) ? memmem(body.p, body.n, "?>", 2)
								: NULL;

	return end ? (struct hg_str){ body.p, (size_t)(end - body.p) + 2 } : HG_STR_NONE;
}

static bool is_latin(struct hg_str says)
{
	static const char *const names[] = { "ISO-8859-1", "iso-8859-1", "latin1", "Latin-1" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (says.n && memmem(says.p, says.n, names[i], strlen(names[i])))
			return true;
	}
	return false;
}

/* The first 256 characters of Unicode are those of ISO-8859-1. */
static void add_latin(struct hg_buf *out, struct hg_str text)
{
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if (c >= 0x80)
			hg_buf_addc(out, (char)(0xc0 | c >> 6));
		hg_buf_addc(out, (char)(c >= 0x80 ? 0x80 | (c & 0x3f) : c));
	}
}

struct hg_str hg_simple_body(struct hg_str body, struct hg_buf *room)
{
	body = hg_str_trim(body);
	struct hg_str says = declaration(body);

	if (!says.n)
		return body;
	struct hg_str rest = { body.p + says.n, body.n - says.n };
	if (rest.n > HG_DOC_MAX || hg_utf8_valid(rest) || !is_latin(says))
		return rest;
	add_latin(room, rest);
	return hg_buf_str(room);
}
