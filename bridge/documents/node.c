/* SPDX-License-Identifier: Apache-2.0 */
/* Walking a tree and reading its values. */
#include "bridge/documents/xml.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool hg_xml_is(const xmlNode *node, const char *name, const char *ns)
{
	return node && node->type == XML_ELEMENT_NODE &&
		strcmp((const char *)node->name, name) == 0 &&
		(!node->ns || strcmp((const char *)node->ns->href, ns) == 0);
}

static xmlNode *first_of(xmlNode *from, const char *name, const char *ns)
{
	while (from && !hg_xml_is(from, name, ns))
		from = from->next;
	return from;
}

static xmlNode *first_element(xmlNode *from)
{
	while (from && from->type != XML_ELEMENT_NODE)
		from = from->next;
	return from;
}

xmlNode *hg_xml_child(const xmlNode *parent, const char *name, const char *ns)
{
	return parent ? first_of(parent->children, name, ns) : NULL;
}

xmlNode *hg_xml_sibling(const xmlNode *before, const char *name, const char *ns)
{
	return first_of(before->next, name, ns);
}

xmlNode *hg_xml_element(const xmlNode *parent)
{
	return parent ? first_element(parent->children) : NULL;
}

xmlNode *hg_xml_element_after(const xmlNode *before)
{
	return first_element(before->next);
}

int hg_xml_need(const xmlNode *parent, const char *name, const char *ns, xmlNode **ret,
	struct hg_doc_err *err)
{
	*ret = hg_xml_child(parent, name, ns);
	return *ret ? 0 : hg_doc_fail_at(err, -EINVAL, parent, "element '%s' is missing", name);
}

static char *take(xmlChar *text)
{
	char *copy = hg_str_dup(hg_str(text ? (const char *)text : ""));

	xmlFree(text);
	return copy;
}

char *hg_xml_text(const xmlNode *node)
{
	return take(xmlNodeGetContent(node));
}

char *hg_xml_attr(const xmlNode *node, const char *name)
{
	xmlChar *value = xmlGetNoNsProp(node, (const xmlChar *)name);

	return value ? take(value) : NULL;
}

int hg_xml_need_attr(
	const xmlNode *node, const char *name, size_t max, char **ret, struct hg_doc_err *err)
{
	*ret = hg_xml_attr(node, name);
	if (!*ret)
		return hg_doc_fail_at(err, -EINVAL, node, "attribute '%s' is missing", name);
	if (!**ret)
		return hg_doc_fail_at(err, -EINVAL, node, "attribute '%s' is empty", name);
	if (strlen(*ret) > max)
		return hg_doc_fail_at(
			err, -E2BIG, node, "attribute '%s' is longer than %zu bytes", name, max);
	return 0;
}

int hg_xml_u32(
	const xmlNode *node, const char *name, uint32_t max, uint32_t *ret, struct hg_doc_err *err)
{
	char *text = hg_xml_attr(node, name);
	uint32_t value;
	int rc = 0;

	if (!text)
		return 0;
	if (!hg_str_u32(hg_str_trim(hg_str(text)), &value) || value > max)
		rc = hg_doc_fail_at(err, -EINVAL, node,
			"attribute '%s' is '%.24s', not a number up to %u", name, text,
			(unsigned)max);
	else
		*ret = value;
	free(text);
	return rc;
}

int hg_xml_need_u32(
	const xmlNode *node, const char *name, uint32_t max, uint32_t *ret, struct hg_doc_err *err)
{
	if (!xmlHasNsProp(node, (const xmlChar *)name, NULL))
		return hg_doc_fail_at(err, -EINVAL, node, "attribute '%s' is missing", name);
	return hg_xml_u32(node, name, max, ret, err);
}

bool hg_xml_read_bool(struct hg_str text, bool *ret)
{
	text = hg_str_trim(text);
	*ret = hg_str_is(text, "true") || hg_str_is(text, "1");
	return *ret || hg_str_is(text, "false") || hg_str_is(text, "0");
}

int hg_xml_bool(const xmlNode *node, const char *name, bool *ret, struct hg_doc_err *err)
{
	char *text = hg_xml_attr(node, name);
	int rc = 0;

	if (!text)
		return 0;
	if (!hg_xml_read_bool(hg_str(text), ret))
		rc = hg_doc_fail_at(err, -EINVAL, node,
			"attribute '%s' is '%.24s', not true or false", name, text);
	free(text);
	return rc;
}

int hg_xml_time(const xmlNode *node, const char *name, int64_t *ret_utc_ms, struct hg_doc_err *err)
{
	char *text = hg_xml_attr(node, name);
	int rc = 0;

	if (!text)
		return 0;
	if (!hg_utc_read(hg_str(text), ret_utc_ms))
		rc = hg_doc_fail_at(err, -EINVAL, node, "attribute '%s' is '%.40s', not a dateTime",
			name, text);
	free(text);
	return rc;
}

int hg_xml_need_action(const xmlNode *node, bool *ret_remove, struct hg_doc_err *err)
{
	char *action;
	int rc = hg_xml_need_attr(node, "action", SIZE_MAX, &action, err);

	if (!rc) {
		*ret_remove = hg_str_is(hg_str(action), "remove");
		if (!*ret_remove && !hg_str_is(hg_str(action), "add"))
			rc = hg_doc_fail_at(
				err, -EINVAL, node, "action '%.24s' is not add or remove", action);
	}
	free(action);
	return rc;
}
