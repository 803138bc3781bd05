/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Somebody's categories as they are, for those who want more than a presence says: each an item of one node, its document as
 * the Lync clients of that circle get it. Made for who asks, of what he may see at that moment; nothing of it is kept anywhere,
 * and no id says what circle that is.
 */
#include "plugins/xmpp/iq.h"

#include "bridge/documents/categories.h"

static bool is_there(const struct hg_xmpp_iq *q, const struct hg_pair *pair)
{
	struct hg_xmpp *x = q->s->xmpp;
	struct hg_view view;

	if (!x->host->look(x->core, q->s->lane, pair, HG_PART_WHOLE, &view))
		return false;
	return hg_band_of(view.person.availability) != HG_BAND_UNKNOWN &&
		hg_band_of(view.person.availability) != HG_BAND_OFFLINE;
}

/* Of one category; nothing, if he is shown nothing of it. */
static void write_document(
	const struct hg_xmpp_iq *q, const struct hg_pair *pair, hg_part category, struct hg_buf *b)
{
	struct hg_xmpp *x = q->s->xmpp;
	struct hg_frag frag = { .part = category };
	const struct hg_frag *const frags[] = { &frag };
	struct hg_buf fragment = { 0 };
	struct hg_view view;

	if (!x->host->look(x->core, q->s->lane, pair, category, &view))
		return;
	if (!view.npubs && category != HG_CAT_STATE)
		return;
	hg_category_write(&fragment, &view);
	frag.bytes = hg_buf_bytes(&fragment);
	hg_categories_write(b, view.presentity, frags, 1);
	hg_bytes_unref(frag.bytes);
	hg_buf_done(&fragment);
}

static void write_item(
	const struct hg_xmpp_iq *q, const struct hg_pair *pair, hg_part category, struct hg_buf *b)
{
	struct hg_buf document = { 0 };

	write_document(q, pair, category, &document);
	if (document.n && b->n + document.n <= HG_XMPP_ITEMS_MAX) {
		hg_buf_adds(b, "<item");
		hg_xmpp_attr(b, "id", hg_str(hg_category_name(category)));
		hg_buf_addc(b, '>');
		hg_buf_add(b, hg_buf_str(&document));
		hg_buf_adds(b, "</item>");
	}
	hg_buf_done(&document);
}

void hg_xmpp_write_categories(const struct hg_xmpp_iq *q, const struct hg_pair *pair,
	struct hg_str only, struct hg_buf *b)
{
	struct hg_buf items = { 0 };
	bool there;

	if (!q->s->xmpp->extension)
		return;
	/* What his devices published tells whether he has left or but appears so. */
	there = is_there(q, pair);
	for (hg_part part = HG_CAT_NONE + 1; part < HG_CAT_COUNT; part++)
		if ((there || part == HG_CAT_CONTACT_CARD) &&
			(!only.n || hg_str_is(only, hg_category_name(part))))
			write_item(q, pair, part, &items);
	if (items.n) {
		hg_buf_adds(b, "<items node='" HG_XMPP_NODE_CATEGORIES "'>");
		hg_buf_add(b, hg_buf_str(&items));
		hg_buf_adds(b, "</items>");
	}
	hg_buf_done(&items);
}
