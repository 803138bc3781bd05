/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/ctl/view_json.h"

#include "bridge/documents/categories.h"

#include <stdlib.h>

static void text(struct hg_buf *b, const char *key, struct hg_str value)
{
	hg_buf_addf(b, ",\"%s\":", key);
	hg_buf_add_json(b, value);
}

static void write_presence(const struct hg_view *v, bool notes, struct hg_buf *b)
{
	const struct hg_presence *shown = &v->person;

	hg_buf_addf(b, "\"standing\":\"%s\",\"availability\":%u", hg_standing_name(v->standing),
		shown->availability);
	text(b, "band", hg_str(hg_band_name(hg_band_of(shown->availability))));
	if (shown->activity.token[0])
		text(b, "activity", hg_str(shown->activity.token));
	if (shown->last_active) {
		char t[HG_UTC_TEXT];

		hg_utc_write(shown->last_active, t);
		text(b, "lastActive", hg_str(t));
	}
	hg_buf_addf(b, ",\"note\":%s", shown->note.text ? "true" : "false");
	if (notes && shown->note.text)
		text(b, "noteText", hg_bytes_str(shown->note.text));
}

static void write_publication(
	const struct hg_view *v, const struct hg_pub *p, struct hg_buf *b)
{
	struct hg_buf payload = { 0 };
	char at[HG_UTC_TEXT];

	hg_publication_write(&payload, v, p);
	hg_buf_addf(b, "{\"instance\":%u", p->key.instance);
	if (p->published) {
		hg_utc_write(p->published, at);
		text(b, "published", hg_str(at));
	}
	text(b, "payload", hg_buf_str(&payload));
	hg_buf_addc(b, '}');
	hg_buf_done(&payload);
}

void hg_view_json(const struct hg_view *v, bool notes, struct hg_buf *b)
{
	const struct hg_pub **pub;

	if (v->part == HG_PART_WHOLE) {
		write_presence(v, notes, b);
		return;
	}
	pub = hg_publications_by_time(v);
	hg_buf_addf(b, "\"%s\":[", hg_category_name(v->part));
	for (size_t i = 0; i < v->npubs; i++) {
		if (i)
			hg_buf_addc(b, ',');
		write_publication(v, pub[i], b);
	}
	hg_buf_addc(b, ']');
	free(pub);
}

size_t hg_view_parts(const char *names, hg_part ret[HG_VIEW_PARTS], struct hg_str *ret_wrong)
{
	struct hg_str rest = hg_str(names);
	bool wanted[HG_CAT_COUNT] = { false }, all = hg_str_is(rest, "all");
	size_t n = 0;

	while (!all && hg_str_token(&rest, ',', ret_wrong)) {
		hg_part category = hg_category_find(*ret_wrong);

		if (category == HG_CAT_NONE)
			return 0;
		wanted[category] = true;
	}
	ret[n++] = HG_PART_WHOLE;
	for (hg_part i = HG_CAT_NONE + 1; i < HG_CAT_COUNT; i++)
		if (wanted[i] || (all && *hg_category_name(i)))
			ret[n++] = i;
	return n;
}
