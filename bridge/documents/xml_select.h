/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a change is to be made: the part of XPath that RFC 5261 needs for presence, with bounds; private to this folder.
 *
 *     ["/"] step *("/" step) ["/" ("@" name / "text()")]
 *     step:       ("*" / name) *predicate
 *     predicate:  "[" (number / ("@" name / name / ".") "=" quoted) "]"
 *
 * Prefixes are those of the document that the selector stands in; without one, elements are of its default namespace. The first
 * step is the root, by "*" or any name.
 */
#pragma once

#include "bridge/documents/xml.h"

#define HG_SELECTOR_MAX 1024 /* bytes */
#define HG_SELECTOR_STEPS_MAX 16
#define HG_SELECTOR_PREDICATES_MAX 4 /* of one step */

struct hg_selected {
	xmlNode *node; /* an element, or a text */
	xmlAttr *attr; /* of that element; NULL: not an attribute */
};

/* What attribute `sel` of `op` selects below `root`: exactly one thing, else -EINVAL. */
int hg_xml_select(xmlNode *root, const xmlNode *op, struct hg_selected *ret, struct hg_doc_err *);
/* "prefix:name" as it stands in `op`: its local name, and *ret_ns (NULL none). `element`: without a prefix the default
 * namespace. false: not a name, or an unknown prefix. */
bool hg_xml_resolve(const xmlNode *op, struct hg_str qname, bool element, struct hg_str *ret_local,
	const char **ret_ns);
