/* SPDX-License-Identifier: Apache-2.0 */
/* text/xml+msrtc.pidf, [MS-SIP] 2.2.1, as pidgin-sipe reads it. */
#include "bridge/documents/lcs.h"
#include "bridge/documents/write.h"
#include "bridge/documents/xml.h"

const hg_part hg_lcs_part[HG_LCS_PARTS] = { HG_CAT_LEGACY_INTEROP, HG_CAT_CONTACT_CARD,
	HG_CAT_STATE, HG_CAT_NOTE };

/* ---- which publication of a view speaks ---- */

static bool is_shown(const struct hg_view *view, const struct hg_pub *pub)
{
	return !view->self || pub->key.container == HG_C_COLLEAGUES;
}

/* In whichever container the grammar has put it. */
static bool is_note(const struct hg_view *view, const struct hg_pub *pub)
{
	return !view->self || pub->key.instance == HG_LCS_NOTE;
}

static bool is_choice(const struct hg_view *view, const struct hg_pub *pub)
{
	if (!view->self)
		return true;
	return pub->key.container == HG_C_AGGREGATION && pub->key.instance == HG_LCS_CHOICE;
}

/* NULL: none */
static const struct hg_pub *newest(
	const struct hg_view *view, bool (*counts)(const struct hg_view *, const struct hg_pub *))
{
	const struct hg_pub *best = NULL;

	for (size_t i = 0; i < view->npubs; i++) {
		if (counts(view, view->pub[i]) &&
			(!best || view->pub[i]->published >= best->published))
			best = view->pub[i];
	}
	return best;
}

/* ---- the parts ---- */

/* [MS-SIP] 2.2.1: availability 0 unreachable, 300 there; activity 100 away, 200 idle, 300 right back, 400 active, 500 on the
 * phone, 600 busy. There is no number for unknown: it is not reachable, as far as anybody knows. */
static void write_numbers(struct hg_buf *out, const struct hg_view *view)
{
	static const uint16_t activity_of[HG_BAND_COUNT] = { [HG_BAND_UNKNOWN] = 0,
		[HG_BAND_AVAILABLE] = 400,
		[HG_BAND_AVAILABLE_IDLE] = 200,
		[HG_BAND_BUSY] = 600,
		[HG_BAND_BUSY_IDLE] = 600,
		[HG_BAND_DND] = 600,
		[HG_BAND_BRB] = 300,
		[HG_BAND_AWAY] = 100,
		[HG_BAND_OFFLINE] = 100 };
	const struct hg_pub *pub = newest(view, is_shown);
	enum hg_band band = pub ? hg_band_of(pub->state.availability) : HG_BAND_UNKNOWN;
	bool there = band != HG_BAND_UNKNOWN && band != HG_BAND_OFFLINE;
	unsigned activity = activity_of[band];

	if (activity == 600 && hg_str_ieq(hg_str(pub->state.token), HG_STR("on-the-phone")))
		activity = 500;
	hg_buf_addf(out,
		"<availability aggregate=\"%u\" description=\"\"/><activity aggregate=\"%u\" "
		"description=\"\"/>",
		there ? 300u : 0u, activity);
}

/* By the numbers above nobody can tell Do Not Disturb from Busy. A time that is missing is an error to pidgin-sipe. */
static void write_state(struct hg_buf *out, const struct hg_view *view)
{
	const struct hg_pub *pub = newest(view, is_choice);
	enum hg_band band = pub ? hg_band_of(pub->state.availability) : HG_BAND_UNKNOWN;

	if (band == HG_BAND_UNKNOWN || !pub->published || (!view->self && band == HG_BAND_OFFLINE))
		return;
	hg_buf_adds(out, "<states xmlns:xsi=\"" HG_NS_XSI "\"><state");
	hg_write_number_attr(out, "avail", pub->state.availability);
	hg_write_time_attr(out, "since", pub->published);
	hg_buf_adds(
		out, " validWith=\"any-device\" set=\"manual\" xsi:type=\"userState\"/></states>");
}

static void write_note(struct hg_buf *out, const struct hg_view *view)
{
	const struct hg_pub *pub = newest(view, is_note);

	if (!pub || !pub->note.text || !pub->note.text->n)
		return;
	hg_buf_adds(out, "<note>");
	hg_buf_add_xml(out, hg_bytes_str(pub->note.text));
	hg_buf_adds(out, pub->note.oof ? "</note><oof/>" : "</note>");
}

static bool names_him(const struct hg_view *view, const struct hg_pub *pub)
{
	return is_shown(view, pub) && pub->card &&
		pub->card_fields & HG_CARD_BIT(HG_CARD_DISPLAY_NAME) &&
		pub->card->field[HG_CARD_DISPLAY_NAME];
}

static void write_name(struct hg_buf *out, const struct hg_view *view)
{
	const struct hg_pub *pub = newest(view, names_him);
	const struct hg_bytes *mail = pub ? pub->card->field[HG_CARD_MAIL] : NULL;

	if (!pub)
		return;
	hg_buf_adds(out, "<displayName");
	hg_write_attr(out, "displayName", hg_bytes_str(pub->card->field[HG_CARD_DISPLAY_NAME]));
	hg_buf_adds(out, "/>");
	if (!mail || !(pub->card_fields & HG_CARD_BIT(HG_CARD_MAIL)))
		return;
	hg_buf_adds(out, "<email");
	hg_write_attr(out, "email", hg_bytes_str(mail));
	hg_buf_adds(out, "/>");
}

void hg_lcs_part_write(struct hg_buf *out, const struct hg_view *view)
{
	switch (view->part) {
	case HG_CAT_LEGACY_INTEROP:
		write_numbers(out, view);
		break;
	case HG_CAT_CONTACT_CARD:
		write_name(out, view);
		break;
	case HG_CAT_STATE:
		write_state(out, view);
		break;
	default:
		write_note(out, view);
	}
}

/* ---- the document ---- */

static void add_part(struct hg_buf *out, hg_part part, const struct hg_frag *const *frag, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (frag[i]->part == part)
			hg_buf_add(out, hg_bytes_str(frag[i]->bytes));
	}
}

void hg_lcs_presentity_write(
	struct hg_buf *out, struct hg_str uri, const struct hg_frag *const *frag, size_t n)
{
	const struct hg_str scheme = HG_STR("sip:");

	if (hg_str_istarts(uri, scheme))
		uri = (struct hg_str){ uri.p + scheme.n, uri.n - scheme.n };
	hg_buf_adds(out, "<presentity");
	hg_write_attr(out, "uri", uri);
	hg_buf_addc(out, '>');
	add_part(out, HG_CAT_LEGACY_INTEROP, frag, n);
	add_part(out, HG_CAT_CONTACT_CARD, frag, n);
	hg_buf_adds(out, "<userInfo xmlns=\"" HG_NS_LCS_PRESENCE "\">");
	add_part(out, HG_CAT_STATE, frag, n);
	add_part(out, HG_CAT_NOTE, frag, n);
	hg_buf_adds(out, "</userInfo></presentity>");
}
