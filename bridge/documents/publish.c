/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/documents/publish.h"
#include "bridge/documents/facets_private.h"

#include <errno.h>
#include <stdlib.h>

static int read_category(const xmlNode *node, hg_part *ret, struct hg_doc_err *err)
{
	char *name;
	int rc = hg_xml_need_attr(node, "categoryName", SIZE_MAX, &name, err);

	if (!rc) {
		*ret = hg_category_find(hg_str(name));
		if (*ret == HG_CAT_NONE)
			rc = hg_doc_fail_at(
				err, -EINVAL, node, "category '%.40s' is not known", name);
	}
	free(name);
	return rc;
}

static int read_key(const xmlNode *node, struct hg_pubkey *key, struct hg_doc_err *err)
{
	uint32_t container = 0;
	int rc = read_category(node, &key->category, err);

	if (!rc)
		rc = hg_xml_need_u32(node, "instance", UINT32_MAX, &key->instance, err);
	if (!rc)
		rc = hg_xml_need_u32(node, "container", HG_C_MAX, &container, err);
	key->container = (uint16_t)container;
	return rc;
}

/* A deletion's expireType means nothing: clients send any (EP 1.2.3). */
static int read_expiry(const xmlNode *node, struct hg_change *change, struct hg_doc_err *err)
{
	uint32_t expires = UINT32_MAX; /* more than it may say: not said */
	char *type;

	int rc = hg_xml_u32(node, "expires", INT32_MAX, &expires, err);
	change->expires = expires == UINT32_MAX ? -1 : (int64_t)expires;
	if (rc || !change->expires)
		return rc;

	rc = hg_xml_need_attr(node, "expireType", SIZE_MAX, &type, err);
	if (!rc && !hg_expiry_find(hg_str(type), &change->expiry))
		rc = hg_doc_fail_at(err, -EINVAL, node, "expireType '%.24s' is not known", type);
	free(type);
	if (!rc && change->expiry == HG_TIME && change->expires < 0)
		rc = hg_doc_fail_at(err, -EINVAL, node, "attribute 'expires' is missing");
	return rc;
}

/* `at` is blamed for it. */
static int read_content(const struct hg_xml *xml, const xmlNode *payload, const xmlNode *at,
	struct hg_change *change, struct hg_doc_err *err)
{
	change->payload = hg_xml_payload(xml, payload);
	if (change->payload->n > HG_DOC_PAYLOAD_MAX)
		return hg_doc_fail_at(
			err, -E2BIG, at, "payload is larger than %d bytes", HG_DOC_PAYLOAD_MAX);
	return hg_facet_read(payload, at, change, err);
}

static int read_payload(const struct hg_xml *xml, const xmlNode *node, struct hg_change *change,
	struct hg_doc_err *err)
{
	const xmlNode *payload = hg_xml_element(node);

	if (!payload)
		return hg_doc_fail_at(err, -EINVAL, node, "no payload");
	if (hg_xml_element_after(payload))
		return hg_doc_fail_at(err, -EINVAL, node, "more than one element as payload");
	return read_content(xml, payload, node, change, err);
}

static int read_publication(const struct hg_xml *xml, const xmlNode *node, struct hg_change *change,
	struct hg_doc_err *err)
{
	int rc = read_key(node, &change->key, err);

	if (!rc)
		rc = hg_xml_need_u32(node, "version", UINT32_MAX, &change->version, err);
	if (!rc)
		rc = read_expiry(node, change, err);
	if (!rc && change->expires != 0)
		rc = read_payload(xml, node, change, err);
	return rc;
}

static int read_publications(
	const struct hg_xml *xml, struct hg_publish *ret, struct hg_doc_err *err)
{
	xmlNode *list;
	size_t cap = 0;
	int rc = hg_xml_need(xml->root, "publications", HG_NS_PUBLISH, &list, err);

	if (!rc)
		rc = hg_xml_need_attr(list, "uri", SIZE_MAX, &ret->uri, err);
	if (rc)
		return rc;
	HG_XML_EACH(node, list, "publication", HG_NS_PUBLISH)
	{
		if (ret->n == HG_PUBLISH_MAX)
			return hg_doc_fail_at(
				err, -E2BIG, list, "more than %d publications", HG_PUBLISH_MAX);
		hg_grow(&ret->change, &cap, ret->n, sizeof(*ret->change));
		rc = read_publication(xml, node, &ret->change[ret->n++], err);
		if (rc)
			return rc;
	}
	return ret->n ? 0 : hg_doc_fail_at(err, -EINVAL, list, "element 'publication' is missing");
}

int hg_publish_read(struct hg_str body, struct hg_publish *ret, struct hg_doc_err *err)
{
	struct hg_xml xml;

	*ret = (struct hg_publish){ 0 };
	int rc = hg_xml_parse(body, "publish", HG_NS_PUBLISH, &xml, err);
	if (!rc)
		rc = read_publications(&xml, ret, err);
	hg_xml_done(&xml);
	return rc;
}

int hg_publish_content(struct hg_str element, struct hg_change *change, struct hg_doc_err *err)
{
	struct hg_xml xml;

	int rc = hg_xml_parse_any(element, &xml, err);
	if (!rc)
		rc = read_content(&xml, xml.root, xml.root, change, err);
	hg_xml_done(&xml);
	return rc;
}

void hg_publish_done(struct hg_publish *publish)
{
	for (size_t i = 0; i < publish->n; i++)
		hg_change_done(&publish->change[i]);
	free(publish->change);
	free(publish->uri);
	*publish = (struct hg_publish){ 0 };
}

static void add_fault_code(struct hg_buf *out, const char *code)
{
	hg_buf_addf(out, "<Fault xmlns=\"" HG_NS_FAULT "\"><Faultcode>%s</Faultcode>", code);
}

void hg_fault_code_write(struct hg_buf *out, const char *code)
{
	add_fault_code(out, code);
	hg_buf_adds(out, "</Fault>");
}

void hg_fault_write(struct hg_buf *out, const struct hg_conflict *conflict, size_t n)
{
	add_fault_code(out, "Client.BadCall.WrongDelta");
	hg_buf_adds(out, "<details>");
	for (size_t i = 0; i < n; i++)
		hg_buf_addf(out, "<operation index=\"%u\" version=\"%u\" curVersion=\"%u\"/>",
			(unsigned)conflict[i].index, (unsigned)conflict[i].version,
			(unsigned)conflict[i].current);
	hg_buf_adds(out, "</details></Fault>");
}
