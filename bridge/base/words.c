/* SPDX-License-Identifier: Apache-2.0 */
/* Words for people to read, where one protocol has a name and the other has none. */
#include <heliograph/base.h>

#include <string.h>

#define BETWEEN " \xc2\xb7 "

void hg_buf_add_name(struct hg_buf *b, struct hg_str name)
{
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];

		if (c == '_' || c == '-')
			c = ' ';
		else if (!i && c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		hg_buf_addc(b, c);
	}
}

bool hg_words_next(struct hg_str *rest, struct hg_str *ret)
{
	const size_t between = sizeof(BETWEEN) - 1;
	const char *end = rest->n ? memmem(rest->p, rest->n, BETWEEN, between) : NULL;

	if (!rest->n)
		return false;
	*ret = (struct hg_str){ rest->p, end ? (size_t)(end - rest->p) : rest->n };
	*rest = end ? (struct hg_str){ end + between, rest->n - ret->n - between } : HG_STR_NONE;
	return true;
}

static bool is_said(const struct hg_buf *b, struct hg_str words)
{
	struct hg_str said = hg_buf_str(b), one;

	while (hg_words_next(&said, &one))
		if (hg_str_eq(one, words))
			return true;
	return false;
}

void hg_buf_add_also(struct hg_buf *b, struct hg_str words)
{
	words = hg_str_trim(words);
	if (!words.n || is_said(b, words))
		return;
	if (b->n)
		hg_buf_adds(b, BETWEEN);
	hg_buf_add(b, words);
}
