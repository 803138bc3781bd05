/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/documents/search.h"

#include "bridge/documents/search_private.h"
#include "bridge/documents/write.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The directory's attributes and the fields of records. A first and a last name are words of the display name. */
static const struct {
	const char *attribute;
	int field;
} attributes[] = {
	{ "givenName", HG_CARD_DISPLAY_NAME },
	{ "sn", HG_CARD_DISPLAY_NAME },
	{ "displayName", HG_CARD_DISPLAY_NAME },
	{ "mail", HG_CARD_MAIL },
	{ "msRTCSIP-PrimaryUserAddress", HG_SEARCH_ADDRESS },
	{ "company", HG_CARD_COMPANY },
	{ "department", HG_CARD_DEPARTMENT },
	{ "title", HG_CARD_TITLE },
	{ "physicalDeliveryOfficeName", HG_CARD_OFFICE },
	{ "l", HG_CARD_CITY },
	{ "c", HG_CARD_COUNTRY },
};

static int field_of(const char *attribute)
{
	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++)
		if (strcmp(attributes[i].attribute, attribute) == 0)
			return attributes[i].field;
	return HG_SEARCH_UNKNOWN;
}

/* In the namespace of its element, as clients write it, or in none. NULL: not there. */
static char *attribute_of(const xmlNode *node, const char *name)
{
	xmlChar *said = xmlGetNsProp(
		(xmlNode *)node, (const xmlChar *)name, (const xmlChar *)HG_NS_WINRTC);
	char *ret = said ? hg_str_dup(hg_str((const char *)said)) : hg_xml_attr(node, name);

	xmlFree(said);
	return ret;
}

static void add_term(struct hg_search *s, int field, struct hg_str value)
{
	struct hg_search_term *term;

	value = hg_str_trim(value);
	if (field == HG_SEARCH_ADDRESS && hg_str_istarts(value, HG_STR("sip:"))) {
		value.p += 4;
		value.n -= 4;
	}
	if (!value.n)
		return; /* a row that was left blank says nothing */
	term = hg_realloc((void *)s->term, (s->n + 1) * sizeof(*term));
	term[s->n++] = (struct hg_search_term){ field, { hg_str_dup(value), value.n } };
	s->term = term;
}

static int read_row(const xmlNode *row, struct hg_search *ret, struct hg_doc_err *err)
{
	char *attribute = attribute_of(row, "attrib"), *value = attribute_of(row, "value");
	int rc = 0;

	if (!attribute || !value)
		rc = hg_doc_fail_at(err, -EINVAL, row, "attribute '%s' is missing",
			attribute ? "value" : "attrib");
	else if (strlen(value) > HG_SEARCH_VALUE_MAX)
		rc = hg_doc_fail_at(err, -E2BIG, row, "longer than %d bytes", HG_SEARCH_VALUE_MAX);
	else if (ret->n == HG_SEARCH_TERMS_MAX)
		rc = hg_doc_fail_at(err, -E2BIG, row, "too many rows");
	else
		add_term(ret, field_of(attribute), hg_str(value));
	free(attribute);
	free(value);
	return rc;
}

static int read_max(const xmlNode *method, struct hg_search *ret, struct hg_doc_err *err)
{
	const xmlNode *node = hg_xml_child(method, "maxResults", HG_NS_WINRTC);
	int rc = 0;

	ret->max = HG_SEARCH_FOUND_MAX;
	if (!node)
		return 0;
	char *text = hg_xml_text(node);
	if (!hg_str_u32(hg_str_trim(hg_str(text)), &ret->max))
		rc = hg_doc_fail_at(err, -EINVAL, node, "'%.24s' is not a number", text);
	free(text);
	return rc;
}

/* The rows stand in the method; beside it is taken, too. */
int hg_search_read(const xmlNode *soap_body, const xmlNode *method, struct hg_search *ret,
	struct hg_doc_err *err)
{
	const xmlNode *array = hg_xml_child(method, "Array", HG_NS_WINRTC);
	int rc = read_max(method, ret, err);

	if (!array)
		array = hg_xml_child(soap_body, "Array", HG_NS_WINRTC);
	HG_XML_EACH(row, array, "row", HG_NS_WINRTC)
	{
		if (!rc)
			rc = read_row(row, ret, err);
	}
	return rc;
}

void hg_search_done(struct hg_search *s)
{
	for (size_t i = 0; i < s->n; i++)
		free((char *)s->term[i].value.p);
	free((void *)s->term);
	*s = (struct hg_search){ 0 };
}

/* ---- what was found ---- */

/* Without them a client shows nothing, or worse: whoever has no name goes by his address (EP 4.6). */
static void add_row(struct hg_buf *out, const struct hg_found *f)
{
	static const struct {
		const char *name;
		enum hg_card_field field;
	} cells[] = {
		{ "title", HG_CARD_TITLE },
		{ "office", HG_CARD_OFFICE },
		{ "phone", HG_CARD_PHONE_WORK },
		{ "company", HG_CARD_COMPANY },
		{ "city", HG_CARD_CITY },
		{ "state", HG_CARD_STATE },
		{ "country", HG_CARD_COUNTRY },
		{ "email", HG_CARD_MAIL },
	};
	const struct hg_bytes *name = f->card.field[HG_CARD_DISPLAY_NAME];

	hg_buf_adds(out, "<m:row");
	hg_write_sip_attr(out, "uri", hg_bytes_str(f->address));
	hg_write_attr(out, "displayName", hg_bytes_str(name ? name : f->address));
	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++)
		if (f->card.field[cells[i].field])
			hg_write_attr(
				out, cells[i].name, hg_bytes_str(f->card.field[cells[i].field]));
	hg_buf_adds(out, "/>");
}

void hg_search_write(struct hg_buf *out, const struct hg_found *found, size_t n, bool more)
{
	hg_buf_addf(out,
		"<s:Envelope xmlns:s=\"" HG_NS_SOAP "\" xmlns:m=\"" HG_NS_WINRTC "\"><s:Body>"
		"<m:directorySearch><m:moreAvailable>%s</m:moreAvailable><m:returned>%zu</m:returned>"
		"<m:value m:href=\"#rows\"/></m:directorySearch><m:Array m:id=\"rows\">",
		more ? "true" : "false", n);
	for (size_t i = 0; i < n; i++)
		add_row(out, &found[i]);
	hg_buf_adds(out, "</m:Array></s:Body></s:Envelope>");
}
