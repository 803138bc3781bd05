/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The reading side that the codecs share; private to this folder.
 *
 * Everything that comes from a peer goes through hg_xml_parse(), which holds the limits of doc.h
 * and takes no document type declaration. A codec then walks the tree with the functions below.
 */
#pragma once

#include "bridge/documents/doc.h"

#include <libxml/tree.h>

#define HG_NS_STATE "http://schemas.microsoft.com/2006/09/sip/state"
#define HG_NS_COMMON "http://schemas.microsoft.com/2006/09/sip/commontypes"
#define HG_NS_NOTE "http://schemas.microsoft.com/2006/09/sip/note"
#define HG_NS_DEVICE "http://schemas.microsoft.com/2006/09/sip/device"
#define HG_NS_CALENDAR "http://schemas.microsoft.com/2006/09/sip/calendarData"
#define HG_NS_SERVICE "http://schemas.microsoft.com/2006/09/sip/service"
#define HG_NS_XSI "http://www.w3.org/2001/XMLSchema-instance"
#define HG_NS_PUBLISH "http://schemas.microsoft.com/2006/09/sip/rich-presence"
#define HG_NS_CATEGORIES "http://schemas.microsoft.com/2006/09/sip/categories"
#define HG_NS_CATEGORY_LIST "http://schemas.microsoft.com/2006/09/sip/categorylist"
#define HG_NS_BATCH "http://schemas.microsoft.com/2006/01/sip/batch-subscribe"
#define HG_NS_ROAMING "http://schemas.microsoft.com/2006/09/sip/roaming-self"
#define HG_NS_CONTAINERS "http://schemas.microsoft.com/2006/09/sip/container-management"
#define HG_NS_SUBSCRIBERS "http://schemas.microsoft.com/2006/09/sip/presence-subscribers"
#define HG_NS_DELEGATES "http://schemas.microsoft.com/2007/09/sip/delegates"
#define HG_NS_ROAMING_MORE "http://schemas.microsoft.com/2007/09/sip/roaming-self-ex"
#define HG_NS_FAULT "http://schemas.microsoft.com/2006/09/sip/fault"
#define HG_NS_PROVISION_ASK "http://schemas.microsoft.com/2006/09/sip/provisioninggrouplist"
#define HG_NS_PROVISION "http://schemas.microsoft.com/2006/09/sip/provisiongrouplist-notification"
#define HG_NS_CONTAINER_MANIFEST "http://schemas.microsoft.com/2008/09/sip/ContainerManifest"
#define HG_NS_CATEGORY_MANIFEST "http://schemas.microsoft.com/2008/09/sip/categoryPublicationManifest"
#define HG_NS_CUSTOM_STATES "http://schemas.microsoft.com/09/2009/communicator/customStates"
#define HG_NS_SOAP "http://schemas.xmlsoap.org/soap/envelope/"
#define HG_NS_WINRTC "http://schemas.microsoft.com/winrtc/2002/11/sip"
#define HG_NS_LCS_LIST "urn:ietf:params:xml:ns:adrl"
#define HG_NS_LCS_PRESENCE "http://schemas.microsoft.com/2002/09/sip/presence"
#define HG_NS_RLMI "urn:ietf:params:xml:ns:rlmi"

/* ---- errors: sanitised, cut to size; return `rc` ---- */

int hg_doc_fail(struct hg_doc_err *, int rc, const char *fmt, ...) HG_PRINTF(3, 4);
/* The same with the element in front: "container[2]/member[1]: ..." */
int hg_doc_fail_at(struct hg_doc_err *, int rc, const xmlNode *, const char *fmt, ...)
	HG_PRINTF(4, 5);

/* ---- documents ---- */

struct hg_xml_span {
	uint32_t from, to; /* bytes of the body */
};

struct hg_xml {
	struct hg_str body; /* borrowed */
	xmlDoc *doc;
	xmlNode *root;
	/* of each element, in document order; node->_private is its index */
	struct hg_xml_span *span;
	size_t nspans, cap;
};

/* `ret` needs hg_xml_done also after a failure, and `body` must outlive it. The root must be
 * <name>. */
int hg_xml_parse(struct hg_str body, const char *name, const char *ns, struct hg_xml *ret,
	struct hg_doc_err *);
/* Whatever the root is. */
int hg_xml_parse_any(struct hg_str body, struct hg_xml *ret, struct hg_doc_err *);
void hg_xml_done(struct hg_xml *);

/* Refuses, before the parser meets it, what would take it long: it compares all attributes of a tag
 * with each other, 2.5 s for 256 KB of them. */
int hg_xml_scan(struct hg_str body, struct hg_doc_err *);

/* The bytes of one element, from its "<" to its last ">", with the namespace declarations added to
 * its start tag that it takes from around it: a document of its own that means the same. */
struct hg_bytes *hg_xml_payload(const struct hg_xml *, const xmlNode *);

/* ---- elements: a NULL node has none; those not in `ns` or in no namespace are passed over ---- */

bool hg_xml_is(const xmlNode *, const char *name, const char *ns);
/* The first and the next one; NULL when there is none. */
xmlNode *hg_xml_child(const xmlNode *parent, const char *name, const char *ns);
xmlNode *hg_xml_sibling(const xmlNode *before, const char *name, const char *ns);
/* The same of any name and namespace. */
xmlNode *hg_xml_element(const xmlNode *parent);
xmlNode *hg_xml_element_after(const xmlNode *before);

#define HG_XML_EACH(node, parent, name, ns) \
	for (xmlNode *node = hg_xml_child(parent, name, ns); node; \
		node = hg_xml_sibling(node, name, ns))

/* The first child of that name; an error when there is none. */
int hg_xml_need(const xmlNode *parent, const char *name, const char *ns, xmlNode **ret,
	struct hg_doc_err *);

/* ---- values: copies for free(), also after a failure; never NULL after success ---- */

/* All text in it, "" none. */
char *hg_xml_text(const xmlNode *);
/* Of an attribute without a namespace; NULL: not there. */
char *hg_xml_attr(const xmlNode *, const char *name);
/* There, not empty, and no longer than `max` bytes. */
int hg_xml_need_attr(
	const xmlNode *, const char *name, size_t max, char **ret, struct hg_doc_err *);
/* There and a number up to `max`. */
int hg_xml_need_u32(
	const xmlNode *, const char *name, uint32_t max, uint32_t *ret, struct hg_doc_err *);
/* "action": add or remove. */
int hg_xml_need_action(const xmlNode *, bool *ret_remove, struct hg_doc_err *);
/* These leave *ret alone when the attribute is not there. */
int hg_xml_u32(const xmlNode *, const char *name, uint32_t max, uint32_t *ret, struct hg_doc_err *);
int hg_xml_bool(const xmlNode *, const char *name, bool *ret, struct hg_doc_err *);
int hg_xml_time(const xmlNode *, const char *name, int64_t *ret_utc_ms, struct hg_doc_err *);

bool hg_xml_read_bool(struct hg_str, bool *ret); /* xs:boolean */
