/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one door for documents of peers. The tree is libxml2's; its SAX calls are taken on their way
 * to the tree builder to hold the limits while they can still be held, and to note which bytes each
 * element came from.
 */
#include "bridge/documents/xml.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <libxml/SAX2.h>
#include <libxml/parser.h>

/* The one that is at work: ctxt->_private. */
struct reading {
	struct hg_xml *xml;
	struct hg_doc_err *err;
	int rc;
};

static void HG_PRINTF(3, 4) stop(xmlParserCtxt *ctxt, int rc, const char *fmt, ...)
{
	struct reading *r = ctxt->_private;
	char text[sizeof(r->err->text)];
	va_list args;

	if (r->rc)
		return;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	r->rc = hg_doc_fail(r->err, rc, "%s", text);
	xmlStopParser(ctxt);
}

/* How much of the body is consumed. Right while the input is not converted, and UTF-8 is not. */
static size_t position(const xmlParserCtxt *ctxt)
{
	return ctxt->input->consumed + (size_t)(ctxt->input->cur - ctxt->input->base);
}

/* Called behind the last attribute. Attribute values cannot hold "<", so the one before is where
 * the tag began. */
static size_t start_of_tag(const struct hg_xml *xml, size_t behind)
{
	const char *at = behind <= xml->body.n ? memrchr(xml->body.p, '<', behind) : NULL;

	return at ? (size_t)(at - xml->body.p) : 0;
}

static void start_element(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
	int nnamespaces, const xmlChar **namespaces, int nattributes, int ndefaulted,
	const xmlChar **attributes)
{
	xmlParserCtxt *ctxt = ctx;
	struct reading *r = ctxt->_private;
	struct hg_xml *xml = r->xml;

	if (ctxt->nodeNr >= HG_DOC_DEPTH_MAX) {
		stop(ctxt, -E2BIG, "elements are nested deeper than %d", HG_DOC_DEPTH_MAX);
		return;
	}
	if (xml->nspans >= HG_DOC_ELEMENTS_MAX) {
		stop(ctxt, -E2BIG, "more than %d elements", HG_DOC_ELEMENTS_MAX);
		return;
	}
	if (nattributes > HG_DOC_ATTRIBUTES_MAX) {
		stop(ctxt, -E2BIG, "%s: more than %d attributes", (const char *)name,
			HG_DOC_ATTRIBUTES_MAX);
		return;
	}
	/* Two entries each. Every name in the document is looked up in all of them. */
	if (ctxt->nsNr > 2 * HG_DOC_NAMESPACES_MAX) {
		stop(ctxt, -E2BIG, "%s: more than %d namespaces", (const char *)name,
			HG_DOC_NAMESPACES_MAX);
		return;
	}
	xmlSAX2StartElementNs(ctx, name, prefix, uri, nnamespaces, namespaces, nattributes,
		ndefaulted, attributes);
	hg_grow(&xml->span, &xml->cap, xml->nspans, sizeof(*xml->span));
	xml->span[xml->nspans].from = (uint32_t)start_of_tag(xml, position(ctxt));
	if (ctxt->node)
		ctxt->node->_private = (void *)(uintptr_t)xml->nspans;
	xml->nspans++;
}

static void end_element(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	xmlParserCtxt *ctxt = ctx;
	struct reading *r = ctxt->_private;

	if (ctxt->node)
		r->xml->span[(uintptr_t)ctxt->node->_private].to = (uint32_t)position(ctxt);
	xmlSAX2EndElementNs(ctx, name, prefix, uri);
}

/* Entities are declared in nothing else, so this keeps all of them out. */
static void doctype(void *ctx, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
	stop(ctx, -EINVAL, "document type declarations (DOCTYPE, ENTITY) are not taken");
}

static int explain(const xmlParserCtxt *ctxt, struct hg_doc_err *err)
{
	const char *message = ctxt->lastError.message ? ctxt->lastError.message : "unknown reason";

	if (ctxt->errNo == XML_ERR_NO_MEMORY)
		abort(); /* docs/decisions/0001-out-of-memory.md */
	return hg_doc_fail(err, -EINVAL, "not well-formed XML: line %d: %.*s", ctxt->lastError.line,
		(int)strcspn(message, "\n"), message);
}

static int check_body(struct hg_str body, struct hg_doc_err *err)
{
	if (body.n > HG_DOC_MAX)
		return hg_doc_fail(err, -E2BIG, "document is larger than %d bytes", HG_DOC_MAX);
	if (!body.n)
		return hg_doc_fail(err, -EINVAL, "document is empty");
	if (!hg_utf8_valid(body) || memchr(body.p, '\0', body.n))
		return hg_doc_fail(err, -EINVAL, "document is not UTF-8");
	return hg_xml_scan(body, err);
}

static int check_document(struct hg_xml *xml, struct hg_doc_err *err)
{
	const char *encoding = (const char *)xml->doc->encoding;

	/* Any other would have been converted, and position() been wrong. */
	if (encoding && strcasecmp(encoding, "UTF-8") != 0)
		return hg_doc_fail(
			err, -EINVAL, "document is declared as '%.40s', not UTF-8", encoding);
	xml->root = xmlDocGetRootElement(xml->doc);
	return 0;
}

int hg_xml_parse_any(struct hg_str body, struct hg_xml *ret, struct hg_doc_err *err)
{
	struct reading r = { .xml = ret, .err = err };

	*ret = (struct hg_xml){ .body = hg_str_trim(body) };
	int rc = check_body(ret->body, err);
	if (rc)
		return rc;

	xmlParserCtxt *ctxt = xmlNewParserCtxt();
	if (!ctxt)
		abort();
	ctxt->_private = &r;
	ctxt->sax->startElementNs = start_element;
	ctxt->sax->endElementNs = end_element;
	ctxt->sax->internalSubset = doctype;
	ret->doc = xmlCtxtReadMemory(ctxt, ret->body.p, (int)ret->body.n, NULL, NULL,
		XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	rc = r.rc;
	if (!rc && (!ret->doc || !ctxt->wellFormed || !ctxt->nsWellFormed))
		rc = explain(ctxt, err);
	xmlFreeParserCtxt(ctxt);
	return rc ? rc : check_document(ret, err);
}

int hg_xml_parse(struct hg_str body, const char *name, const char *ns, struct hg_xml *ret,
	struct hg_doc_err *err)
{
	int rc = hg_xml_parse_any(body, ret, err);

	if (rc || hg_xml_is(ret->root, name, ns))
		return rc;
	return hg_doc_fail(err, -EINVAL, "document is '%.40s' of '%.60s', not '%s'",
		(const char *)ret->root->name,
		ret->root->ns ? (const char *)ret->root->ns->href : "", name);
}

void hg_xml_done(struct hg_xml *xml)
{
	xmlFreeDoc(xml->doc);
	free(xml->span);
	*xml = (struct hg_xml){ 0 };
}
