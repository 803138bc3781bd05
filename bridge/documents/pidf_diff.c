/* SPDX-License-Identifier: Apache-2.0 */
/* Changes of a document (RFC 5261 4). They are made in a tree; what is kept is the text that it becomes, so that each document
 * has passed the limits of all. */
#include "bridge/documents/pidf_diff.h"
#include "bridge/documents/pidf_private.h"
#include "bridge/documents/xml_select.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- <add> ---- */

/* sel="person" type="@id" */
static int add_attribute(
	const xmlNode *op, const char *type, xmlNode *target, struct hg_doc_err *err)
{
	struct hg_str local;
	const char *href;

	if (type[0] != '@' || !hg_xml_resolve(op, hg_str(type + 1), false, &local, &href))
		return hg_doc_fail_at(err, -EINVAL, op, "type '%.40s' is not served", type);
	char *name = hg_str_dup(local), *value = hg_xml_text(op);
	xmlNs *ns = href ? xmlSearchNsByHref(target->doc, target, (const xmlChar *)href) : NULL;
	int rc = 0;

	if (xmlValidateNCName((const xmlChar *)name, 0) != 0 || (href && !(ns && ns->prefix)))
		rc = hg_doc_fail_at(err, -EINVAL, op, "'%.40s' cannot be an attribute there", type);
	else if (xmlHasNsProp(target, (const xmlChar *)name, (const xmlChar *)href))
		rc = hg_doc_fail_at(err, -EINVAL, op, "'%.40s' is there already", type);
	else
		xmlSetNsProp(target, ns, (const xmlChar *)name, (const xmlChar *)value);
	free(name);
	free(value);
	return rc;
}

static bool is_content(const xmlNode *node)
{
	return node->type == XML_ELEMENT_NODE || node->type == XML_TEXT_NODE ||
		node->type == XML_CDATA_SECTION_NODE;
}

/* `before` NULL: as the last children of `parent`. */
static void add_content(const xmlNode *op, xmlNode *parent, xmlNode *before)
{
	for (xmlNode *n = op->children; n; n = n->next) {
		if (!is_content(n))
			continue;
		xmlNode *copy = xmlDocCopyNode(n, parent->doc, 1);
		if (!copy)
			abort(); /* docs/decisions/0001-out-of-memory.md */
		if (before)
			xmlAddPrevSibling(before, copy);
		else
			xmlAddChild(parent, copy);
	}
}

static int add_at(const xmlNode *op, const char *pos, xmlNode *target, struct hg_doc_err *err)
{
	bool beside = !hg_str_is(hg_str(pos), "prepend");

	if (beside && !hg_str_is(hg_str(pos), "before") && !hg_str_is(hg_str(pos), "after"))
		return hg_doc_fail_at(err, -EINVAL, op, "pos is '%.20s'", pos);
	if (beside && target->parent->type != XML_ELEMENT_NODE)
		return hg_doc_fail_at(err, -EINVAL, op, "there is nothing beside the root");
	if (!beside)
		add_content(op, target, target->children);
	else
		add_content(op, target->parent,
			hg_str_is(hg_str(pos), "before") ? target : target->next);
	return 0;
}

static int add(const xmlNode *op, const struct hg_selected *at, struct hg_doc_err *err)
{
	char *type = hg_xml_attr(op, "type"), *pos = hg_xml_attr(op, "pos");
	int rc = 0;

	if (at->attr || at->node->type != XML_ELEMENT_NODE)
		rc = hg_doc_fail_at(err, -EINVAL, op, "only an element can be added to");
	else if (type)
		rc = add_attribute(op, type, at->node, err);
	else if (pos)
		rc = add_at(op, pos, at->node, err);
	else
		add_content(op, at->node, NULL);
	free(type);
	free(pos);
	return rc;
}

/* ---- <replace> and <remove> ---- */

static int replace_element(const xmlNode *op, xmlNode *target, struct hg_doc_err *err)
{
	xmlNode *with = hg_xml_element(op);

	if (!with || hg_xml_element_after(with))
		return hg_doc_fail_at(err, -EINVAL, op, "an element is replaced by one element");
	xmlNode *copy = xmlDocCopyNode(with, target->doc, 1);
	if (!copy)
		abort(); /* docs/decisions/0001-out-of-memory.md */
	xmlReplaceNode(target, copy);
	xmlFreeNode(target);
	return 0;
}

static int replace(const xmlNode *op, const struct hg_selected *at, struct hg_doc_err *err)
{
	if (!at->attr && at->node->type == XML_ELEMENT_NODE)
		return replace_element(op, at->node, err);
	char *text = hg_xml_text(op);
	if (at->attr)
		xmlSetNsProp(at->node, at->attr->ns, at->attr->name, (const xmlChar *)text);
	else
		xmlNodeSetContent(at->node, (const xmlChar *)text);
	free(text);
	return 0;
}

static void drop_blank(xmlNode *node)
{
	if (!node || !xmlIsBlankNode(node))
		return;
	xmlUnlinkNode(node);
	xmlFreeNode(node);
}

static int remove_it(const xmlNode *op, const struct hg_selected *at, struct hg_doc_err *err)
{
	char *ws = hg_xml_attr(op, "ws");
	bool both = hg_str_is(hg_str(ws), "both");

	if (at->attr) {
		xmlRemoveProp(at->attr);
	} else {
		if (both || hg_str_is(hg_str(ws), "before"))
			drop_blank(at->node->prev);
		if (both || hg_str_is(hg_str(ws), "after"))
			drop_blank(at->node->next);
		xmlUnlinkNode(at->node);
		xmlFreeNode(at->node);
	}
	free(ws);
	return 0;
}

/* ---- all of them ---- */

static int change(const xmlNode *op, xmlNode *root, struct hg_doc_err *err)
{
	struct hg_selected at;
	int rc = hg_xml_select(root, op, &at, err);

	if (rc)
		return rc;
	if (hg_named(op, "add"))
		return add(op, &at, err);
	if (!at.attr && at.node == root)
		return hg_doc_fail_at(err, -EINVAL, op, "the root stays");
	return hg_named(op, "replace") ? replace(op, &at, err) : remove_it(op, &at, err);
}

static int apply(const xmlNode *diff, xmlNode *root, struct hg_doc_err *err)
{
	size_t n = 0;
	int rc = 0;

	for (const xmlNode *op = hg_xml_element(diff); op && !rc; op = hg_xml_element_after(op)) {
		if (!hg_in_ns(op, HG_NS_PIDF_DIFF) ||
			!(hg_named(op, "add") || hg_named(op, "replace") || hg_named(op, "remove")))
			rc = hg_doc_fail_at(err, -EINVAL, op, "is no change of a document");
		else if (++n > HG_PIDF_CHANGES_MAX)
			rc = hg_doc_fail(err, -E2BIG, "more than %d changes", HG_PIDF_CHANGES_MAX);
		else
			rc = change(op, root, err);
	}
	return rc;
}

static struct hg_bytes *text_of(xmlDoc *doc)
{
	xmlChar *text = NULL;
	int n = 0;

	xmlDocDumpMemoryEnc(doc, &text, &n, "UTF-8");
	if (!text)
		abort(); /* docs/decisions/0001-out-of-memory.md */
	struct hg_bytes *bytes = hg_bytes_new((struct hg_str){ (const char *)text, (size_t)n });
	xmlFree(text);
	return bytes;
}

/* *ret NULL after an error. */
static int patch(const struct hg_bytes *known, const xmlNode *diff, struct hg_bytes **ret,
	struct hg_doc_err *err)
{
	struct hg_xml xml;
	int rc = hg_xml_parse_any(hg_bytes_str(known), &xml, err);

	if (!rc)
		rc = apply(diff, xml.root, err);
	*ret = rc ? NULL : text_of(xml.doc);
	hg_xml_done(&xml);
	return rc;
}

/* The next document as text; NULL: its turn has not come. */
static int next(const struct hg_pidf_partial *p, const struct hg_xml *xml,
	struct hg_coherence *seen, enum hg_coherent *ret, struct hg_bytes **ret_text,
	struct hg_doc_err *err)
{
	bool full = hg_xml_is(xml->root, "pidf-full", HG_NS_PIDF_DIFF);
	uint32_t version = 0;

	if (!full && !hg_xml_is(xml->root, "pidf-diff", HG_NS_PIDF_DIFF))
		return hg_doc_fail(err, -EINVAL,
			"document is '%.40s', not 'pidf-full' or 'pidf-diff'",
			(const char *)xml->root->name);
	int rc = hg_xml_need_u32(xml->root, "version", UINT32_MAX, &version, err);
	if (rc)
		return rc;
	*ret = hg_coherence_take(seen, full ? HG_WHOLE : HG_PATCH, version);
	if (*ret == HG_COHERENT_DISCARD || *ret == HG_COHERENT_ASK)
		return 0;
	if (!full)
		return patch(p->document, xml->root, ret_text, err);
	*ret_text = hg_bytes_new(xml->body);
	return 0;
}

int hg_pidf_partial_take(struct hg_pidf_partial *p, struct hg_str body, enum hg_coherent *ret,
	struct hg_pidf *ret_pidf, struct hg_doc_err *err)
{
	struct hg_coherence seen = p->seen;
	struct hg_bytes *text = NULL;
	struct hg_buf room = { 0 };
	struct hg_xml xml;
	int rc = hg_xml_parse_any(hg_simple_body(body, &room), &xml, err);

	*ret_pidf = (struct hg_pidf){ 0 };
	if (!rc)
		rc = next(p, &xml, &seen, ret, &text, err);
	hg_xml_done(&xml);
	hg_buf_done(&room);
	if (!rc && text)
		rc = hg_pidf_read(hg_bytes_str(text), ret_pidf, err);
	if (rc) {
		*ret = HG_COHERENT_ASK;
		hg_bytes_unref(text);
	} else if (text) {
		hg_bytes_unref(p->document);
		p->document = text;
		p->seen = seen;
	}
	return rc;
}

void hg_pidf_partial_done(struct hg_pidf_partial *p)
{
	hg_bytes_unref(p->document);
	*p = (struct hg_pidf_partial){ 0 };
}
