/* SPDX-License-Identifier: Apache-2.0 */
/* Reading: words, publications, and what a resource says. */

#include "plugins/loopback/text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const char hex[] = "0123456789abcdef";

static bool must_escape(char ch)
{
	return (unsigned char)ch <= ' ' || ch == '%';
}

void loopback_add_word(struct hg_buf *b, struct hg_str s)
{
	hg_buf_addc(b, ' ');
	if (s.n == 0 || hg_str_is(s, "-")) {
		hg_buf_adds(b, s.n ? "%2d" : "-");
		return;
	}
	for (size_t i = 0; i < s.n; i++) {
		if (must_escape(s.p[i]))
			hg_buf_addf(b, "%%%02x", (unsigned char)s.p[i]);
		else
			hg_buf_addc(b, s.p[i]);
	}
}

static char unescape(struct hg_str s, size_t *i)
{
	const char *high = NULL, *low = NULL;

	if (s.p[*i] == '%' && *i + 2 < s.n) {
		high = memchr(hex, s.p[*i + 1], 16);
		low = memchr(hex, s.p[*i + 2], 16);
	}
	if (!high || !low)
		return s.p[*i];
	*i += 2;
	return (char)((high - hex) << 4 | (low - hex));
}

bool hg_loopback_word(struct hg_str *rest, char *ret, size_t size)
{
	struct hg_str word;
	size_t n = 0;

	ret[0] = '\0';
	if (!hg_str_token(rest, ' ', &word))
		return false;
	if (!hg_str_is(word, "-"))
		for (size_t i = 0; i < word.n && n + 1 < size; i++)
			ret[n++] = unescape(word, &i);
	ret[n] = '\0';
	return true;
}

static enum hg_state_kind kind_of(const char *word)
{
	if (strcmp(word, "machine") == 0)
		return HG_STATE_MACHINE;
	if (strcmp(word, "user") == 0)
		return HG_STATE_USER;
	return HG_STATE_OTHER;
}

int hg_loopback_read(struct hg_str content, struct hg_change *ret)
{
	struct hg_str rest = content;
	char word[HG_TOKEN_MAX], number[16], text[1024];

	if (!hg_loopback_word(&rest, word, sizeof(word)))
		return -EINVAL;
	if (strcmp(word, "note") == 0) {
		hg_loopback_word(&rest, text, sizeof(text));
		ret->key.category = HG_CAT_NOTE;
		ret->note = (struct hg_note){ .text = text[0] ? hg_bytes_new(hg_str(text)) : NULL };
	} else {
		ret->key.category = HG_CAT_STATE;
		ret->state = (struct hg_state){ .kind = kind_of(word), .max = UINT32_MAX };
		if (ret->state.kind == HG_STATE_OTHER ||
			!hg_loopback_word(&rest, number, sizeof(number)) ||
			!hg_str_u32(hg_str(number), &ret->state.availability))
			return -EINVAL;
		ret->state.manual = ret->state.kind == HG_STATE_USER;
		ret->state.min = ret->state.availability;
		hg_loopback_word(&rest, ret->state.token, sizeof(ret->state.token));
	}
	ret->payload = hg_bytes_new(content);
	return 0;
}

/* ---- what resources say ---- */

static const char *const shows[] = { "online", "away", "dnd", "gone", NULL };

static const struct hg_field_def fields[] = {
	[HG_LOOPBACK_SHOW] = { "show", HG_FIELD_TOKEN, shows, 0, 0 },
	[HG_LOOPBACK_STATUS] = { "status", HG_FIELD_TEXT, NULL, 0, 0 },
	[HG_LOOPBACK_PRIORITY] = { "priority", HG_FIELD_INTEGER, NULL, -128, 127 },
	[HG_LOOPBACK_IDLE] = { "idle", HG_FIELD_TIME, NULL, 0, 0 },
};

const struct hg_vocabulary hg_loopback_vocabulary = { "loopback", fields,
	sizeof(fields) / sizeof(fields[0]) };

/* A number that no word stands for; the note is the status. */
static struct hg_record *with_exact(const struct hg_value *value, uint16_t n, uint32_t availability)
{
	struct hg_presence p = { .availability = availability, .activity.max = UINT32_MAX };
	struct hg_record *r;

	for (uint16_t i = 0; i < n; i++)
		if (value[i].field == HG_LOOPBACK_STATUS && value[i].text.n && !p.note.text)
			p.note.text = hg_bytes_new(value[i].text);
	r = hg_record_new_exact(value, n, &p);
	hg_presence_done(&p);
	return r;
}

/* Unknown fields are left out: a peer may be newer than we are. */
struct hg_record *loopback_record(struct hg_str lines)
{
	struct hg_value value[HG_FIELDS_MAX] = { 0 };
	char text[HG_FIELDS_MAX][256], name[32];
	struct hg_str line;
	uint32_t exact = 0;
	uint16_t n = 0;

	while (n < HG_FIELDS_MAX && hg_str_token(&lines, '\n', &line)) {
		if (!hg_loopback_word(&line, name, sizeof(name)) ||
			!hg_loopback_word(&line, text[n], sizeof(text[n])))
			continue;
		if (strcmp(name, "exact") == 0)
			hg_str_u32(hg_str(text[n]), &exact);
		for (uint16_t i = 0; i < hg_loopback_vocabulary.nfields; i++) {
			if (strcmp(fields[i].name, name) != 0)
				continue;
			value[n] = (struct hg_value){ .field = i, .text = hg_str(text[n]) };
			n++;
			break;
		}
	}
	return exact ? with_exact(value, n, exact) : hg_record_new(value, n);
}
