/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/mapping/text.h"

#include "bridge/base/lcid.h"
#include "bridge/base/utf8.h"
#include "bridge/mapping/table.h"

#include <string.h>

/* XML 1.0 2.2 Char; hg_utf8_first has refused surrogates already. */
static bool xml_char(uint32_t c)
{
	return c >= 0x20 ? c != 0xfffe && c != 0xffff : c == '\t' || c == '\n' || c == '\r';
}

struct hg_bytes *hg_text_clean(struct hg_str text)
{
	char clean[HG_NOTE_MAX];
	size_t n = 0;

	text = hg_str_trim(text);
	while (text.n) {
		uint32_t c;
		size_t len = hg_utf8_first(text, &c);

		if (len && xml_char(c)) {
			if (n + len > sizeof(clean))
				break;
			memcpy(clean + n, text.p, len);
			n += len;
		}
		if (!len)
			len = 1;
		text.p += len;
		text.n -= len;
	}
	text = hg_str_trim((struct hg_str){ clean, n });
	return text.n ? hg_bytes_new(text) : NULL;
}

struct hg_texts *hg_words_of(const struct hg_value *value, size_t n, uint16_t field)
{
	struct hg_text v[HG_TEXTS_MAX] = { 0 };
	struct hg_texts *words;
	size_t k = 0;

	for (size_t i = 0; i < n && k < HG_TEXTS_MAX; i++) {
		uint32_t lcid = hg_lcid_of(hg_str(value[i].lang));

		v[k].lcid = lcid ? lcid : HG_LCID_ENGLISH;
		if ((field != HG_FIELD_ANY && value[i].field != field) ||
			hg_texts_have(v, k, v[k].lcid))
			continue;
		v[k].text = hg_text_clean(value[i].text);
		k += v[k].text != NULL;
	}
	words = hg_texts_new(v, k);
	while (k)
		hg_bytes_unref(v[--k].text);
	return words;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\n';
}

static void skip(struct hg_str *s, size_t n)
{
	s->p += n;
	s->n -= n;
}

struct hg_bytes *hg_text_fill(struct hg_str format, struct hg_str text, struct hg_str note)
{
	const struct {
		struct hg_str mark, value;
	} part[] = { { HG_TEXT_MARK, text }, { HG_NOTE_MARK, note } };
	struct hg_buf b = { 0 };
	struct hg_bytes *ret;

	while (format.n) {
		size_t i = 0;

		while (i < 2 && !hg_str_starts(format, part[i].mark))
			i++;
		if (i < 2)
			hg_buf_add(&b, part[i].value);
		else
			hg_buf_addc(&b, *format.p);
		skip(&format, i < 2 ? part[i].mark.n : 1);
		if (i < 2 && !part[i].value.n && format.n && is_blank(*format.p))
			skip(&format, 1);
	}
	ret = hg_text_clean(hg_buf_str(&b));
	hg_buf_done(&b);
	return ret;
}
