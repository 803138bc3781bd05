/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A publication's payload is kept as the bytes that its publisher wrote: extensions in it travel as
 * they came. When it uses a namespace that was declared further out, the declaration is written
 * into its start tag, the rest stays.
 */
#include "bridge/documents/xml.h"

#include <string.h>

static bool declares(const xmlNode *node, const xmlChar *prefix)
{
	for (const xmlNs *ns = node->nsDef; ns; ns = ns->next) {
		if (xmlStrEqual(ns->prefix, prefix))
			return true;
	}
	return false;
}

/* The innermost declaration around the payload wins. */
static bool shadowed(const xmlNode *payload, const xmlNode *outer, const xmlChar *prefix)
{
	for (const xmlNode *n = payload; n != outer; n = n->parent) {
		if (declares(n, prefix))
			return true;
	}
	return false;
}

/* Prefixes also stand in values (xsi:type="p:name"), so the bytes decide. A chance match costs a
 * declaration. */
static bool uses_prefix(struct hg_str bytes, const xmlChar *prefix)
{
	size_t n = strlen((const char *)prefix);
	const char *at;

	while ((at = memmem(bytes.p, bytes.n, prefix, n))) {
		size_t behind = (size_t)(at - bytes.p) + n;

		if (behind < bytes.n && bytes.p[behind] == ':')
			return true;
		bytes.p += behind;
		bytes.n -= behind;
	}
	return false;
}

/* libxml2 2.9 leaves an "&" of a namespace's name as "&#38;". */
static void add_name(struct hg_buf *out, const char *name)
{
	const char *at;

	for (; (at = strstr(name, "&#38;")); name = at + strlen("&#38;")) {
		hg_buf_add_xml(out, (struct hg_str){ name, (size_t)(at - name) });
		hg_buf_adds(out, "&amp;");
	}
	hg_buf_add_xml(out, hg_str(name));
}

static void add_declaration(struct hg_buf *out, const xmlNs *ns)
{
	hg_buf_adds(out, ns->prefix ? " xmlns:" : " xmlns");
	hg_buf_adds(out, (const char *)ns->prefix);
	hg_buf_adds(out, "=\"");
	add_name(out, (const char *)ns->href);
	hg_buf_addc(out, '"');
}

/* Whether an element in it has neither a prefix nor a default namespace declared within the
 * payload. */
static bool uses_default(const xmlNode *node)
{
	if (declares(node, NULL))
		return false;
	if (!node->ns || !node->ns->prefix)
		return true;
	for (const xmlNode *n = hg_xml_element(node); n; n = hg_xml_element_after(n)) {
		if (uses_default(n))
			return true;
	}
	return false;
}

static void add_inherited(struct hg_buf *out, const xmlNode *payload, struct hg_str bytes)
{
	bool need_default = uses_default(payload);

	for (const xmlNode *n = payload->parent; n && n->type == XML_ELEMENT_NODE; n = n->parent) {
		for (const xmlNs *ns = n->nsDef; ns; ns = ns->next) {
			bool used = ns->prefix ? uses_prefix(bytes, ns->prefix) : need_default;
			if (!used || shadowed(payload, n, ns->prefix))
				continue;
			add_declaration(out, ns);
			need_default = need_default && ns->prefix;
		}
	}
	/* Without any, it must not fall into that of the elements which it will be put into. */
	if (need_default)
		hg_buf_adds(out, " xmlns=\"\"");
}

struct hg_bytes *hg_xml_payload(const struct hg_xml *xml, const xmlNode *payload)
{
	const struct hg_xml_span *span = &xml->span[(uintptr_t)payload->_private];
	struct hg_str bytes = { xml->body.p + span->from, span->to - span->from };
	size_t name = 1; /* "<" */
	struct hg_buf out = { 0 };

	while (!strchr(" \t\r\n/>", bytes.p[name]))
		name++;
	hg_buf_add(&out, (struct hg_str){ bytes.p, name });
	add_inherited(&out, payload, bytes);
	hg_buf_add(&out, (struct hg_str){ bytes.p + name, bytes.n - name });

	struct hg_bytes *ret = hg_buf_bytes(&out);
	hg_buf_done(&out);
	return ret;
}
