/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Contact cards for those who ask: vcard-temp (XEP-0054) and vCard4 (XEP-0292), of what the asker's own view of that
 * person shows. To whom nothing is shown, of whatever reason, the answer is that of a user of whom nothing is said.
 */
#include "plugins/xmpp/iq.h"

#include "bridge/documents/card.h"

#include <stdlib.h>

bool hg_xmpp_look(struct hg_xmpp_stream *s, const struct hg_pair *pair, struct hg_card *ret)
{
	struct hg_xmpp *x = s->xmpp;
	struct hg_view view;

	*ret = (struct hg_card){ 0 };
	if (!x->host->look(x->core, s->lane, pair, HG_CAT_CONTACT_CARD, &view))
		return false;
	hg_card_read(&view, ret);
	return hg_card_has(ret) != 0;
}

static struct hg_str field(const struct hg_card *card, enum hg_card_field f)
{
	return hg_bytes_str(card->field[f]);
}

static bool has(const struct hg_card *card, uint32_t fields)
{
	return hg_card_has(card) & fields;
}

/* ---- both: a field as an element, and nothing of one that is not said ---- */

static void add(struct hg_buf *b, const char *open, struct hg_str text, const char *close)
{
	if (!text.n)
		return;
	hg_buf_adds(b, open);
	hg_buf_add_xml(b, text);
	hg_buf_adds(b, close);
}

static const uint32_t address_fields = HG_CARD_BIT(HG_CARD_OFFICE) | HG_CARD_BIT(HG_CARD_STREET) |
	HG_CARD_BIT(HG_CARD_CITY) | HG_CARD_BIT(HG_CARD_STATE) | HG_CARD_BIT(HG_CARD_POSTAL_CODE) |
	HG_CARD_BIT(HG_CARD_COUNTRY);
static const uint32_t organisation_fields = HG_CARD_BIT(HG_CARD_COMPANY) |
	HG_CARD_BIT(HG_CARD_DEPARTMENT);

/* The room is what both call an extended address. In the order of RFC 6351. */
static const struct {
	enum hg_card_field field;
	const char *temp, *four;
} address_parts[] = {
	{ HG_CARD_OFFICE, "EXTADD", "ext" },
	{ HG_CARD_STREET, "STREET", "street" },
	{ HG_CARD_CITY, "LOCALITY", "locality" },
	{ HG_CARD_STATE, "REGION", "region" },
	{ HG_CARD_POSTAL_CODE, "PCODE", "code" },
	{ HG_CARD_COUNTRY, "CTRY", "country" },
};

static const struct {
	enum hg_card_field field;
	const char *temp, *four;
} phones[] = {
	{ HG_CARD_PHONE_WORK, "<WORK/><VOICE/>", "<text>work</text><text>voice</text>" },
	{ HG_CARD_PHONE_MOBILE, "<CELL/><VOICE/>", "<text>cell</text><text>voice</text>" },
	{ HG_CARD_PHONE_HOME, "<HOME/><VOICE/>", "<text>home</text><text>voice</text>" },
	{ HG_CARD_PHONE_OTHER, "<VOICE/>", "<text>voice</text>" },
};

/* ---- vcard-temp ---- */

/* What people read of a tel: URI. */
static struct hg_str number_of(struct hg_str uri)
{
	return hg_str_istarts(uri, HG_STR("tel:")) ? (struct hg_str){ uri.p + 4, uri.n - 4 } : uri;
}

static void add_temp_address(struct hg_buf *b, const struct hg_card *card)
{
	if (!has(card, address_fields))
		return;
	hg_buf_adds(b, "<ADR><WORK/>");
	for (size_t i = 0; i < sizeof(address_parts) / sizeof(address_parts[0]); i++) {
		const char *name = address_parts[i].temp;
		struct hg_str text = field(card, address_parts[i].field);

		if (!text.n)
			continue;
		hg_buf_addf(b, "<%s>", name);
		hg_buf_add_xml(b, text);
		hg_buf_addf(b, "</%s>", name);
	}
	hg_buf_adds(b, "</ADR>");
}

static void write_temp(struct hg_buf *b, const struct hg_card *card, struct hg_str jid)
{
	add(b, "<FN>", field(card, HG_CARD_DISPLAY_NAME), "</FN>");
	add_temp_address(b, card);
	for (size_t i = 0; i < sizeof(phones) / sizeof(phones[0]); i++) {
		if (!has(card, HG_CARD_BIT(phones[i].field)))
			continue;
		hg_buf_addf(b, "<TEL>%s", phones[i].temp);
		add(b, "<NUMBER>", number_of(field(card, phones[i].field)), "</NUMBER></TEL>");
	}
	add(b, "<EMAIL><WORK/><INTERNET/><USERID>", field(card, HG_CARD_MAIL), "</USERID></EMAIL>");
	add(b, "<JABBERID>", jid, "</JABBERID>");
	add(b, "<TITLE>", field(card, HG_CARD_TITLE), "</TITLE>");
	if (has(card, organisation_fields)) {
		hg_buf_adds(b, "<ORG>");
		add(b, "<ORGNAME>", field(card, HG_CARD_COMPANY), "</ORGNAME>");
		add(b, "<ORGUNIT>", field(card, HG_CARD_DEPARTMENT), "</ORGUNIT>");
		hg_buf_adds(b, "</ORG>");
	}
}

/* The picture itself if we have it: XEP-0153 hashes that, and not where it is. */
static void write_temp_photo(struct hg_xmpp *x, struct hg_buf *b, const struct hg_card *card)
{
	const struct hg_xmpp_photo *photo = hg_xmpp_photo_of(x, card);
	size_t before = b->n;

	if (photo) {
		hg_buf_addf(b, "<PHOTO><TYPE>%s</TYPE><BINVAL>", photo->type);
		if (hg_xmpp_photo_add(x, photo, b)) {
			hg_buf_adds(b, "</BINVAL></PHOTO>");
			return;
		}
		b->n = before;
	}
	if (has(card, HG_CARD_BIT(HG_CARD_PHOTO_URL)))
		add(b, "<PHOTO><EXTVAL>", field(card, HG_CARD_PHOTO_URL), "</EXTVAL></PHOTO>");
}

/* ---- vCard4 ---- */

static void add_four_address(struct hg_buf *b, const struct hg_card *card)
{
	if (!has(card, address_fields))
		return;
	/* RFC 6351 wants all parts, empty ones too. */
	hg_buf_adds(b, "<adr><parameters><type><text>work</text></type></parameters><pobox/>");
	for (size_t i = 0; i < sizeof(address_parts) / sizeof(address_parts[0]); i++) {
		hg_buf_addf(b, "<%s>", address_parts[i].four);
		hg_buf_add_xml(b, field(card, address_parts[i].field));
		hg_buf_addf(b, "</%s>", address_parts[i].four);
	}
	hg_buf_adds(b, "</adr>");
}

static void write_four(struct hg_buf *b, const struct hg_card *card, struct hg_str jid)
{
	struct hg_str name = field(card, HG_CARD_DISPLAY_NAME);

	/* RFC 6350 6.2.1: there must be one. */
	add(b, "<fn><text>", name.n ? name : jid, "</text></fn>");
	add_four_address(b, card);
	for (size_t i = 0; i < sizeof(phones) / sizeof(phones[0]); i++) {
		if (!has(card, HG_CARD_BIT(phones[i].field)))
			continue;
		hg_buf_addf(b, "<tel><parameters><type>%s</type></parameters>", phones[i].four);
		add(b, "<uri>", field(card, phones[i].field), "</uri></tel>");
	}
	add(b, "<email><text>", field(card, HG_CARD_MAIL), "</text></email>");
	add(b, "<impp><uri>xmpp:", jid, "</uri></impp>");
	add(b, "<title><text>", field(card, HG_CARD_TITLE), "</text></title>");
	if (has(card, organisation_fields)) {
		/* RFC 6350 6.6.4: the units stand behind a name, though that be empty. */
		hg_buf_adds(b, "<org><text>");
		hg_buf_add_xml(b, field(card, HG_CARD_COMPANY));
		hg_buf_adds(b, "</text>");
		add(b, "<text>", field(card, HG_CARD_DEPARTMENT), "</text>");
		hg_buf_adds(b, "</org>");
	}
	if (has(card, HG_CARD_BIT(HG_CARD_PHOTO_URL)))
		add(b, "<photo><uri>", field(card, HG_CARD_PHOTO_URL), "</uri></photo>");
}

void hg_xmpp_write_vcard4(struct hg_buf *b, const struct hg_card *card, struct hg_str jid)
{
	hg_buf_adds(b, "<vcard xmlns='" HG_XMPP_NS_VCARD4 "'>");
	if (hg_card_has(card))
		write_four(b, card, jid);
	hg_buf_adds(b, "</vcard>");
}

/* ---- who asks ---- */

void hg_xmpp_vcard_temp(const struct hg_xmpp_iq *q)
{
	struct hg_pair pair = hg_xmpp_pair(q->ends, true);
	struct hg_card card;
	bool any = hg_xmpp_look(q->s, &pair, &card);

	hg_xmpp_reply_open(q);
	hg_buf_adds(&q->s->out, "<vCard xmlns='vcard-temp'>");
	if (any) {
		write_temp(&q->s->out, &card, pair.wire_presentity);
		write_temp_photo(q->s->xmpp, &q->s->out, &card);
	}
	hg_buf_adds(&q->s->out, "</vCard>");
	hg_xmpp_reply_close(q);
	hg_card_done(&card);
}

void hg_xmpp_vcard4(const struct hg_xmpp_iq *q)
{
	struct hg_pair pair = hg_xmpp_pair(q->ends, true);
	struct hg_card card;

	hg_xmpp_look(q->s, &pair, &card);
	hg_xmpp_reply_open(q);
	hg_xmpp_write_vcard4(&q->s->out, &card, pair.wire_presentity);
	hg_xmpp_reply_close(q);
	hg_card_done(&card);
}
