/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is told in personal eventing (XEP-0163): a nickname (XEP-0172), an avatar (XEP-0084), a vCard (XEP-0292), what somebody
 * does (XEP-0108) and how he feels (XEP-0107).
 * Nothing of it is stored anywhere: who asks is answered from what he is shown at that moment.
 */
#include "plugins/xmpp/iq.h"

#include "bridge/documents/card.h"

#include <string.h>

#define NS_METADATA "urn:xmpp:avatar:metadata"
#define NS_DATA "urn:xmpp:avatar:data"

/* What an item is made of. */
struct source {
	struct hg_xmpp *xmpp;
	const struct hg_card *card;
	const struct hg_xmpp_photo *photo; /* NULL none */
	const struct hg_record *does;      /* NULL nothing */
	struct hg_str jid;
};

/* The payload of the one item of a node, and its id; "" if there is none. */
typedef const char *(*payload)(const struct source *, struct hg_buf *);

static const char *nick(const struct source *src, struct hg_buf *b)
{
	struct hg_str name = hg_bytes_str(src->card->field[HG_CARD_DISPLAY_NAME]);

	if (!name.n)
		return "";
	hg_buf_adds(b, "<nick xmlns='" HG_XMPP_NS_NICK "'>");
	hg_buf_add_xml(b, name);
	hg_buf_adds(b, "</nick>");
	return "current";
}

static const char *metadata(const struct source *src, struct hg_buf *b)
{
	if (!src->photo)
		return "";
	hg_buf_addf(b,
		"<metadata xmlns='" NS_METADATA
		"'><info bytes='%zu' id='%s' type='%s'/></metadata>",
		src->photo->size, src->photo->id, src->photo->type);
	return src->photo->id;
}

static const char *data(const struct source *src, struct hg_buf *b)
{
	size_t before = b->n;

	hg_buf_adds(b, "<data xmlns='" NS_DATA "'>");
	if (!src->photo || !hg_xmpp_photo_add(src->xmpp, src->photo, b)) {
		b->n = before;
		return "";
	}
	hg_buf_adds(b, "</data>");
	return src->photo->id;
}

static const char *vcard4(const struct source *src, struct hg_buf *b)
{
	if (!hg_card_has(src->card))
		return "";
	hg_xmpp_write_vcard4(b, src->card, src->jid);
	return "current";
}

static const char *activity(const struct source *src, struct hg_buf *b)
{
	return src->does && hg_xmpp_write_activity(b, src->does) ? "current" : "";
}

static const char *mood(const struct source *src, struct hg_buf *b)
{
	return src->does && hg_xmpp_write_mood(b, src->does) ? "current" : "";
}

#define RETRACTED "<retract id='current'/>"

static const struct {
	const char *node;
	payload write;
	const char *gone; /* in <items/>: there is none any more */
} nodes[] = {
	[HG_XMPP_NODE_NICK] = { HG_XMPP_NS_NICK, nick, RETRACTED },
	/* XEP-0084 4.2.2, XEP-0108 3.2, XEP-0107 3.2: an empty one, where others only take the item back. */
	[HG_XMPP_NODE_AVATAR] = { NS_METADATA, metadata,
		"<item id='current'><metadata xmlns='" NS_METADATA "'/></item>" },
	[HG_XMPP_NODE_VCARD] = { "urn:xmpp:vcard4", vcard4, RETRACTED },
	[HG_XMPP_NODE_ACTIVITY] = { HG_XMPP_NS_ACTIVITY, activity,
		"<item id='current'><activity xmlns='" HG_XMPP_NS_ACTIVITY "'/></item>" },
	[HG_XMPP_NODE_MOOD] = { HG_XMPP_NS_MOOD, mood,
		"<item id='current'><mood xmlns='" HG_XMPP_NS_MOOD "'/></item>" },
	/* for who asks; told to nobody */
	[HG_XMPP_NODES] = { NS_DATA, data, "" },
};

/* <items/> with the one item; `only`: if it has this id. false, and nothing is written: there is none. */
static bool write_items(const struct source *src, size_t node, struct hg_str only, struct hg_buf *b)
{
	struct hg_buf content = { 0 };
	const char *id = nodes[node].write(src, &content);
	bool any = *id && (!only.n || hg_str_is(only, id));

	if (any) {
		hg_buf_addf(b, "<items node='%s'><item id='%s'>", nodes[node].node, id);
		hg_buf_add(b, hg_buf_str(&content));
		hg_buf_adds(b, "</item></items>");
	}
	hg_buf_done(&content);
	return any;
}

void hg_xmpp_render_cards(struct hg_xmpp *x, const struct hg_view *view, struct hg_buf *b)
{
	struct hg_card card;
	struct source src = { .xmpp = x, .card = &card, .jid = view->presentity };

	hg_card_read(view, &card);
	src.photo = hg_xmpp_photo_of(x, &card);
	for (size_t i = 0; i < HG_XMPP_CARD_NODES; i++) {
		write_items(&src, i, HG_STR_NONE, b);
		hg_buf_addc(b, '\0');
	}
	hg_card_done(&card);
}

void hg_xmpp_render_aspect(const struct hg_record *r, struct hg_buf *b)
{
	struct source src = { .does = r };

	for (size_t i = HG_XMPP_CARD_NODES; i < HG_XMPP_NODES; i++) {
		write_items(&src, i, HG_STR_NONE, b);
		hg_buf_addc(b, '\0');
	}
}

void hg_xmpp_withdraw_item(struct hg_buf *b, size_t node)
{
	hg_buf_addf(b, "<items node='%s'>%s</items>", nodes[node].node, nodes[node].gone);
}

void hg_xmpp_write_event(struct hg_buf *b, const struct hg_parcel *parcel, struct hg_str resource,
	struct hg_str items)
{
	hg_buf_adds(b, "<message type='headline'");
	hg_xmpp_attr(b, "from", parcel->pair.wire_presentity);
	hg_buf_adds(b, " to='");
	hg_buf_add_xml(b, parcel->pair.wire_watcher);
	hg_buf_addc(b, '/');
	hg_buf_add_xml(b, resource);
	hg_buf_adds(b, "'><event xmlns='http://jabber.org/protocol/pubsub#event'>");
	hg_buf_add(b, items);
	hg_buf_adds(b, "</event></message>");
}

unsigned hg_xmpp_wanted(struct hg_str feature)
{
	const struct hg_str tail = HG_STR("+notify");

	for (size_t i = 0; i < HG_XMPP_NODES; i++) {
		struct hg_str node = hg_str(nodes[i].node);

		if (feature.n == node.n + tail.n && hg_str_starts(feature, node) &&
			memcmp(feature.p + node.n, tail.p, tail.n) == 0)
			return 1u << i;
	}
	return 0;
}

/* ---- who asks: XEP-0060 6.5 ---- */

/* The id that is asked for; HG_STR_NONE any. */
static struct hg_str asked_id(xmpp_stanza_t *items)
{
	xmpp_stanza_t *item = xmpp_stanza_get_child_by_name(items, "item");

	return item ? hg_xmpp_attribute(item, "id") : HG_STR_NONE;
}

/* What the asker is shown that the person does and feels; NULL: nothing. */
static struct hg_record *look_at_aspect(struct hg_xmpp_stream *s, const struct hg_pair *pair)
{
	struct hg_xmpp *x = s->xmpp;
	struct hg_view view;

	if (!x->host->look(x->core, s->lane, pair, HG_PART_ASPECT, &view))
		return NULL;
	return x->host->record(
		x->core, &hg_xmpp_activity_vocabulary, pair->presentity, &view.person);
}

void hg_xmpp_items(const struct hg_xmpp_iq *q)
{
	xmpp_stanza_t *items = xmpp_stanza_get_child_by_name(q->child, "items");
	struct hg_str node = items ? hg_xmpp_attribute(items, "node") : HG_STR_NONE;
	struct hg_pair pair = hg_xmpp_pair(q->ends, true);
	struct hg_buf found = { 0 };
	struct hg_card card;
	struct source src = { .xmpp = q->s->xmpp, .card = &card, .jid = pair.wire_presentity };
	struct hg_record *does;

	if (!items) {
		hg_xmpp_deny(q, HG_COND_FEATURE_NOT_IMPLEMENTED);
		return;
	}
	src.does = does = look_at_aspect(q->s, &pair);
	if (hg_xmpp_look(q->s, &pair, &card))
		src.photo = hg_xmpp_photo_of(q->s->xmpp, &card);
	for (size_t i = 0; i <= HG_XMPP_NODES; i++)
		if (hg_str_is(node, nodes[i].node))
			write_items(&src, i, asked_id(items), &found);
	if (hg_str_is(node, HG_XMPP_NODE_CATEGORIES))
		hg_xmpp_write_categories(q, &pair, asked_id(items), &found);
	/* No such node, no such item, nobody, nobody for him: all the same. */
	if (found.n) {
		hg_xmpp_reply_open(q);
		hg_buf_adds(&q->s->out, "<pubsub xmlns='" HG_XMPP_NS_PUBSUB "'>");
		hg_buf_add(&q->s->out, hg_buf_str(&found));
		hg_buf_adds(&q->s->out, "</pubsub>");
		hg_xmpp_reply_close(q);
	} else {
		hg_xmpp_deny(q, HG_COND_ITEM_NOT_FOUND);
	}
	hg_buf_done(&found);
	hg_card_done(&card);
	hg_record_unref(does);
}
