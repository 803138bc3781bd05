/* SPDX-License-Identifier: Apache-2.0 */
/* What lists of RPID say of somebody, in words: for everybody whose protocol has no such list. */
#include "bridge/documents/pidf_private.h"

/* Whether he can be had, and that nothing is said, are no words for what he does. */
static bool says_nothing(struct hg_str name)
{
	static const char *const names[] = { "away", "busy", "permanent-absence", "unknown" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (hg_str_is(name, names[i]))
			return true;
	return false;
}

static void add_name(struct hg_buf *words, struct hg_str name)
{
	struct hg_buf b = { 0 };

	if (!says_nothing(name))
		hg_buf_add_name(&b, name);
	hg_buf_add_also(words, hg_buf_str(&b));
	hg_buf_done(&b);
}

static void add_list(
	struct hg_buf *words, const struct hg_rpid *r, enum hg_rpid_list list, int64_t utc_ms)
{
	uint64_t set = hg_rpid_now(r, list, utc_ms);
	const char *name;

	for (unsigned bit = 0; bit < 64 && (name = hg_rpid_name(list, bit)); bit++)
		if (set >> bit & 1)
			add_name(words, hg_str(name));
}

/* What is not in the list, and why it is so. What he does in words of his own is among the notes. */
static void add_own(
	struct hg_buf *words, const struct hg_rpid *r, enum hg_rpid_list list, int64_t utc_ms)
{
	const struct hg_rpid_spans *s = &r->list[list];

	for (size_t i = 0; i < s->n; i++) {
		if (!hg_rpid_holds(&s->v[i], utc_ms))
			continue;
		hg_buf_add_also(words, hg_bytes_str(s->v[i].other));
		hg_buf_add_also(words, hg_notes_first(&s->v[i].notes));
	}
}

static void add_rpid(struct hg_buf *words, const struct hg_rpid *r, int64_t utc_ms)
{
	add_list(words, r, HG_RPID_ACTIVITIES, utc_ms);
	add_list(words, r, HG_RPID_PLACE_TYPE, utc_ms);
	add_own(words, r, HG_RPID_PLACE_TYPE, utc_ms);
	add_list(words, r, HG_RPID_MOOD, utc_ms);
	add_own(words, r, HG_RPID_MOOD, utc_ms);
}

void hg_pidf_words(const struct hg_pidf *d, const struct hg_pidf_tuple *t, int64_t utc_ms,
	struct hg_buf *words)
{
	for (size_t i = 0; i < d->npersons; i++)
		add_rpid(words, &d->person[i].rpid, utc_ms);
	if (t)
		add_rpid(words, &t->rpid, utc_ms);
}
