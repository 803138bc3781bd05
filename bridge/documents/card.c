/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/documents/card.h"
#include "bridge/documents/write.h"
#include "bridge/documents/xml.h"

struct writer {
	struct hg_buf *out;
	const struct hg_card *card;
	uint32_t fields;
};

static bool has(const struct writer *w, enum hg_card_field field)
{
	return w->fields & HG_CARD_BIT(field) && w->card->field[field];
}

/* <name>text</name>; nothing when there is none. */
static void add(const struct writer *w, const char *name, enum hg_card_field field)
{
	if (!has(w, field))
		return;
	hg_buf_addf(w->out, "<%s>", name);
	hg_buf_add_xml(w->out, hg_bytes_str(w->card->field[field]));
	hg_buf_addf(w->out, "</%s>", name);
}

static void add_identity(const struct writer *w)
{
	if (!has(w, HG_CARD_DISPLAY_NAME) && !has(w, HG_CARD_MAIL))
		return;
	hg_buf_adds(w->out, "<identity>");
	if (has(w, HG_CARD_DISPLAY_NAME)) {
		hg_buf_adds(w->out, "<name>");
		add(w, "displayName", HG_CARD_DISPLAY_NAME);
		hg_buf_adds(w->out, "</name>");
	}
	add(w, "email", HG_CARD_MAIL);
	hg_buf_adds(w->out, "</identity>");
}

static void add_address(const struct writer *w)
{
	static const struct {
		enum hg_card_field field;
		const char *name;
	} parts[] = {
		{ HG_CARD_STREET, "street" },
		{ HG_CARD_CITY, "city" },
		{ HG_CARD_STATE, "state" },
		{ HG_CARD_POSTAL_CODE, "zipcode" },
		{ HG_CARD_COUNTRY, "countryCode" },
	};
	bool any = false;

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		any |= has(w, parts[i].field);
	if (!any)
		return;
	hg_buf_adds(w->out, "<address type=\"work\">");
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		add(w, parts[i].name, parts[i].field);
	hg_buf_adds(w->out, "</address>");
}

/* What people read of a tel: URI. */
static struct hg_str number_of(struct hg_str uri)
{
	return (struct hg_str){ uri.p + 4, uri.n - 4 };
}

static void add_phone(const struct writer *w, const char *type, enum hg_card_field field)
{
	if (!has(w, field))
		return;
	hg_buf_addf(w->out, "<phone type=\"%s\">", type);
	add(w, "uri", field);
	hg_buf_adds(w->out, "<displayString>");
	hg_buf_add_xml(w->out, number_of(hg_bytes_str(w->card->field[field])));
	hg_buf_adds(w->out, "</displayString></phone>");
}

/* Newer than the rest, so behind the delimiter (EP 1.3.3). */
static void add_photo(const struct writer *w)
{
	if (!has(w, HG_CARD_PHOTO_URL) || !has(w, HG_CARD_PHOTO_HASH))
		return;
	hg_buf_adds(w->out,
		"<delimiter xmlns=\"" HG_NS_COMMON "\"></delimiter><photo type=\"enterprise\">");
	add(w, "uri", HG_CARD_PHOTO_URL);
	add(w, "hash", HG_CARD_PHOTO_HASH);
	hg_buf_adds(w->out, "</photo><end xmlns=\"" HG_NS_COMMON "\"></end>");
}

void hg_card_write(struct hg_buf *out, const struct hg_card *card, uint32_t fields)
{
	struct writer w = { out, card, fields };

	hg_buf_adds(out, "<contactCard xmlns=\"" HG_NS_CARD "\">");
	add_identity(&w);
	add_address(&w);
	add(&w, "company", HG_CARD_COMPANY);
	add(&w, "department", HG_CARD_DEPARTMENT);
	add(&w, "title", HG_CARD_TITLE);
	add(&w, "office", HG_CARD_OFFICE);
	add_phone(&w, "work", HG_CARD_PHONE_WORK);
	add_phone(&w, "mobile", HG_CARD_PHONE_MOBILE);
	add_phone(&w, "home", HG_CARD_PHONE_HOME);
	add_phone(&w, "other", HG_CARD_PHONE_OTHER);
	add_photo(&w);
	hg_buf_adds(out, "</contactCard>");
}

void hg_user_properties_write(struct hg_buf *out, const struct hg_card *card, uint32_t fields)
{
	struct writer w = { out, card, fields };

	hg_buf_adds(out, "<userProperties xmlns=\"" HG_NS_CATEGORIES "\">");
	if (has(&w, HG_CARD_PHONE_WORK)) {
		hg_buf_adds(out, "<lines><line lineType=\"Uc\">");
		hg_buf_add_xml(out, hg_bytes_str(card->field[HG_CARD_PHONE_WORK]));
		hg_buf_adds(out, "</line></lines>");
	}
	/* The number is known; that calls to it come here is not. */
	hg_buf_adds(out, "<telephonyMode>None</telephonyMode>");
	add(&w, "streetAddress", HG_CARD_STREET);
	add(&w, "l", HG_CARD_CITY);
	add(&w, "st", HG_CARD_STATE);
	add(&w, "countryCode", HG_CARD_COUNTRY);
	add(&w, "postalCode", HG_CARD_POSTAL_CODE);
	hg_buf_adds(out, "</userProperties>");
}
