/* SPDX-License-Identifier: Apache-2.0 */
/* A record of a vocabulary, or a view's contact cards, as a fragment. */
#include "plugins/xmpp/iq.h"

#include "bridge/documents/card.h"

static const char *const types[] = { "available", "unavailable", NULL };
static const char *const shows[] = { "away", "chat", "dnd", "xa", NULL }; /* RFC 6121 4.7.2.1 */

static const struct hg_field_def fields[HG_XMPP_FIELDS] = {
	[HG_XMPP_TYPE] = { .name = "type", .kind = HG_FIELD_TOKEN, .tokens = types },
	[HG_XMPP_SHOW] = { .name = "show", .kind = HG_FIELD_TOKEN, .tokens = shows },
	[HG_XMPP_STATUS] = { .name = "status", .kind = HG_FIELD_TEXT },
	[HG_XMPP_PRIORITY] = { .name = "priority",
		.kind = HG_FIELD_INTEGER,
		.min = -128,
		.max = 127 },
	[HG_XMPP_IDLE] = { .name = "idle", .kind = HG_FIELD_TIME },
};

const struct hg_vocabulary hg_xmpp_vocabulary = { "xmpp", fields, HG_XMPP_FIELDS };

static void add_element(struct hg_buf *b, const char *name, struct hg_str text)
{
	hg_buf_addf(b, "<%s>", name);
	hg_buf_add_xml(b, text);
	hg_buf_addf(b, "</%s>", name);
}

/* Escaping can make a text six times as long, and several languages add up: what does not fit is
 * cut shorter still, since a stanza beyond the server's limit would cost the whole stream. */
size_t hg_xmpp_add_text(struct hg_buf *b, const char *name, const struct hg_value *v, size_t most)
{
	size_t before = b->n, max = HG_XMPP_STATUS_MAX;

	for (size_t n = hg_xmpp_cut(v->text, max); n; n = hg_xmpp_cut(v->text, max /= 2)) {
		hg_buf_addf(b, "<%s", name);
		if (v->lang[0])
			hg_xmpp_attr(b, "xml:lang", hg_str(v->lang));
		hg_buf_addc(b, '>');
		hg_buf_add_xml(b, (struct hg_str){ v->text.p, n });
		hg_buf_addf(b, "</%s>", name);
		if (b->n <= most)
			return n;
		b->n = before;
	}
	return 0;
}

/* What is being written: its core is what the extension is for. */
struct stanza {
	struct hg_buf *to;
	bool available;
	size_t most; /* how long it may be with its texts */
	struct hg_extension_core core;
};

static void add_status(struct stanza *s, const struct hg_value *v)
{
	size_t n = hg_xmpp_add_text(s->to, "status", v, s->most);

	if (!s->core.text.n)
		s->core.text = (struct hg_str){ v->text.p, n };
}

static void add_priority(struct stanza *s, struct hg_str text)
{
	int64_t number;

	add_element(s->to, "priority", text);
	if (hg_str_i64(text, &number))
		s->core.priority = (int)number;
}

/* RFC 6121 4.7.2: an unavailable presence has neither show nor priority. Since when it is so is a
 * delay there (XEP-0203; RFC 6121 4.3.2), while an available one says it by XEP-0319. */
static void add_value(struct stanza *s, const struct hg_value *v)
{
	switch (v->field) {
	case HG_XMPP_SHOW:
		if (s->available) {
			add_element(s->to, "show", v->text);
			s->core.show = v->text;
		}
		break;
	case HG_XMPP_PRIORITY:
		if (s->available)
			add_priority(s, v->text);
		break;
	case HG_XMPP_STATUS:
		add_status(s, v);
		break;
	case HG_XMPP_IDLE:
		hg_buf_adds(s->to,
			s->available ? "<idle xmlns='urn:xmpp:idle:1'"
				     : "<delay xmlns='urn:xmpp:delay'");
		hg_xmpp_attr(s->to, s->available ? "since" : "stamp", v->text);
		hg_buf_adds(s->to, "/>");
		break;
	default:
		break;
	}
}

static void add_extension(const struct stanza *s, const struct hg_view *view)
{
	struct hg_extension e;

	if (hg_extension_of(&view->person, hg_extension_domain(view->presentity), &s->core, &e))
		hg_extension_write(s->to, &e, &s->core);
}

/* XEP-0153: the SHA-1 of the picture that this view shows, or that it shows none. */
static void add_photo(struct hg_buf *b, struct hg_xmpp *x, const struct hg_view *view)
{
	const struct hg_xmpp_photo *photo;
	struct hg_card card;

	if (!x || x->photo_folder < 0)
		return;
	hg_card_read(view, &card);
	photo = hg_xmpp_photo_of(x, &card);
	hg_buf_adds(b, "<x xmlns='vcard-temp:x:update'>");
	if (photo)
		add_element(b, "photo", hg_str(photo->id));
	else
		hg_buf_adds(b, "<photo/>");
	hg_buf_adds(b, "</x>");
	hg_card_done(&card);
}

void hg_xmpp_render(void *self, uint16_t format, const struct hg_view *view,
	const struct hg_record *r, struct hg_buf *b)
{
	const struct hg_value *type = r ? hg_record_get(r, HG_XMPP_TYPE) : NULL;
	struct hg_xmpp *x = self;
	bool available = view->standing == HG_KNOWN && r &&
		(!type || hg_str_is(type->text, "available"));

	if (view->part == HG_CAT_CONTACT_CARD) {
		hg_xmpp_render_cards(x, view, b);
		return;
	}
	if (format == HG_XMPP_FORMAT_ACTIVITY) {
		hg_xmpp_render_aspect(r, b);
		return;
	}
	if (!available)
		hg_buf_adds(b, " type='unavailable'");

	size_t empty = b->n;
	struct stanza s = { .to = b,
		.available = available,
		.most = empty + HG_XMPP_TEXTS_MAX,
		.core.type = available ? HG_CORE_AVAILABLE : HG_CORE_UNAVAILABLE };

	hg_buf_addc(b, '>');
	if (view->standing == HG_KNOWN && r) {
		for (uint32_t i = 0; i < r->n; i++)
			add_value(&s, &r->value[i]);
	}
	if (available) {
		hg_xmpp_add_caps(b);
		add_photo(b, x, view);
		if (x && x->extension)
			add_extension(&s, view);
	}
	if (b->n > empty + 1) {
		hg_buf_adds(b, "</presence>");
		return;
	}
	b->n = empty;
	hg_buf_adds(b, "/>");
}
