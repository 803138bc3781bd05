/* SPDX-License-Identifier: Apache-2.0 */
/* What contact cards say together: those that the server makes of a user record, and those that somebody published. */
#include "bridge/documents/card.h"
#include "bridge/documents/categories.h"
#include "bridge/documents/xml.h"

#include <stdlib.h>

enum { TEXT_MAX = 1024 }; /* bytes of one field */

/* Nothing is said by an empty element, and nobody's name is that long. */
static void say(struct hg_card *card, enum hg_card_field field, const xmlNode *node)
{
	char *owned = node ? hg_xml_text(node) : NULL;
	struct hg_str text = hg_str_trim(hg_str(owned));

	if (text.n && text.n <= TEXT_MAX) {
		hg_bytes_unref(card->field[field]);
		card->field[field] = hg_bytes_new(text);
	}
	free(owned);
}

static xmlNode *child(const xmlNode *parent, const char *name)
{
	return hg_xml_child(parent, name, HG_NS_CARD);
}

static bool is_of_type(const xmlNode *node, const char *type)
{
	char *its = hg_xml_attr(node, "type");
	bool is = its && hg_str_ieq(hg_str(its), hg_str(type));

	free(its);
	return is;
}

static void read_phones(struct hg_card *card, const xmlNode *root)
{
	static const struct {
		const char *type;
		enum hg_card_field field;
	} types[] = {
		{ "work", HG_CARD_PHONE_WORK },
		{ "mobile", HG_CARD_PHONE_MOBILE },
		{ "home", HG_CARD_PHONE_HOME },
		{ "other", HG_CARD_PHONE_OTHER },
	};

	HG_XML_EACH(phone, root, "phone", HG_NS_CARD)
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (is_of_type(phone, types[i].type))
			say(card, types[i].field, child(phone, "uri"));
}

static void read_address(struct hg_card *card, const xmlNode *root)
{
	HG_XML_EACH(address, root, "address", HG_NS_CARD)
	{
		if (!is_of_type(address, "work"))
			continue;
		say(card, HG_CARD_STREET, child(address, "street"));
		say(card, HG_CARD_CITY, child(address, "city"));
		say(card, HG_CARD_STATE, child(address, "state"));
		say(card, HG_CARD_POSTAL_CODE, child(address, "zipcode"));
		say(card, HG_CARD_COUNTRY, child(address, "countryCode"));
	}
}

/* Address and hash belong together (EP 1.6). */
static void read_photo(struct hg_card *card, const xmlNode *root)
{
	const xmlNode *photo = child(root, "photo");

	if (!child(photo, "uri") || !child(photo, "hash"))
		return;
	say(card, HG_CARD_PHOTO_URL, child(photo, "uri"));
	say(card, HG_CARD_PHOTO_HASH, child(photo, "hash"));
}

static void read_root(struct hg_card *card, const xmlNode *root)
{
	const xmlNode *identity = child(root, "identity");

	say(card, HG_CARD_DISPLAY_NAME, child(child(identity, "name"), "displayName"));
	say(card, HG_CARD_MAIL, child(identity, "email"));
	say(card, HG_CARD_COMPANY, child(root, "company"));
	say(card, HG_CARD_DEPARTMENT, child(root, "department"));
	say(card, HG_CARD_TITLE, child(root, "title"));
	say(card, HG_CARD_OFFICE, child(root, "office"));
	read_address(card, root);
	read_phones(card, root);
	read_photo(card, root);
}

/* Its publisher's bytes are kept as they came; what makes no sense says nothing. */
static void read_payload(struct hg_card *card, const struct hg_bytes *payload)
{
	struct hg_doc_err err;
	struct hg_xml xml;

	if (!hg_xml_parse(hg_bytes_str(payload), "contactCard", HG_NS_CARD, &xml, &err))
		read_root(card, xml.root);
	hg_xml_done(&xml);
}

static void read_record(struct hg_card *card, const struct hg_pub *pub)
{
	for (int i = 0; i < HG_CARD_FIELDS; i++) {
		if (!(pub->card_fields & HG_CARD_BIT(i)) || !pub->card->field[i])
			continue;
		hg_bytes_unref(card->field[i]);
		card->field[i] = hg_bytes_ref(pub->card->field[i]);
	}
}

void hg_card_read(const struct hg_view *view, struct hg_card *ret)
{
	const struct hg_pub **pub = hg_publications_by_time(view);

	*ret = (struct hg_card){ 0 };
	for (size_t i = 0; i < view->npubs; i++) {
		if (pub[i]->key.container == HG_C_BLOCKED)
			continue;
		if (pub[i]->payload)
			read_payload(ret, pub[i]->payload);
		else if (pub[i]->card)
			read_record(ret, pub[i]);
	}
	free(pub);
}
