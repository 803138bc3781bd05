/* SPDX-License-Identifier: Apache-2.0 */
/* A tuple as it comes. */
#include "bridge/address/tuple_id.h"
#include "bridge/documents/pidf_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- what must be understood ---- */

static bool must_understand(const xmlNode *node)
{
	xmlChar *text = xmlGetNsProp(
		(xmlNode *)node, (const xmlChar *)"mustUnderstand", (const xmlChar *)HG_NS_PIDF);
	bool must = false;

	if (text)
		hg_xml_read_bool(hg_str((const char *)text), &must);
	xmlFree(text);
	return must;
}

/* Of what can stand in the extensions that we read: values of RPID's lists. */
static bool understood(const xmlNode *node)
{
	for (int list = 0; hg_in_rpid(node) && list < HG_RPID_LISTS; list++) {
		if (hg_named(node->parent, hg_rpid_element[list]) &&
			hg_rpid_find(list, hg_str((const char *)node->name)) >= 0)
			return true;
	}
	return hg_in_rpid(node) &&
		(hg_named(node, "other") || hg_named(node, "note") || hg_named(node, "activity"));
}

bool hg_must_ignore(const xmlNode *extension)
{
	for (const xmlNode *n = hg_xml_element(extension); n; n = hg_xml_element_after(n)) {
		if ((must_understand(n) && !understood(n)) || hg_must_ignore(n))
			return true;
	}
	return false;
}

/* ---- <status> ---- */

void hg_status_read_basic(const xmlNode *node, enum hg_pidf_basic *ret)
{
	char *text = hg_xml_text(node);
	struct hg_str word = hg_str_trim(hg_str(text));

	if (hg_str_ieq(word, HG_STR("open")))
		*ret = HG_PIDF_OPEN;
	else if (hg_str_ieq(word, HG_STR("closed")))
		*ret = HG_PIDF_CLOSED;
	free(text);
}

static void read_show(const xmlNode *node, struct hg_pidf_tuple *tuple)
{
	char *text = hg_xml_text(node);

	if (!tuple->show)
		tuple->show = hg_pidf_show_find(hg_str_trim(hg_str(text)));
	free(text);
}

static int read_digium(const xmlNode *node, struct hg_pidf_tuple *tuple, struct hg_doc_err *err)
{
	struct hg_pidf_digium *d = &tuple->digium;
	int rc = hg_attr_read(node, "type", HG_PIDF_WORD_MAX, &d->type, err);

	if (!rc)
		rc = hg_attr_read(node, "subtype", HG_PIDF_WORD_MAX, &d->subtype, err);
	return rc ? rc : hg_text_read(node, HG_NOTE_TEXT_MAX, &d->message, err);
}

/* `*ret_extension` is looked at when all of the core is known. */
static int read_status(const xmlNode *status, struct hg_pidf_tuple *tuple,
	const xmlNode **ret_extension, struct hg_doc_err *err)
{
	bool known;
	int rc = 0;

	for (const xmlNode *n = hg_xml_element(status); n && !rc; n = hg_xml_element_after(n)) {
		if (hg_xml_is(n, "basic", HG_NS_PIDF))
			hg_status_read_basic(n, &tuple->basic);
		else if (hg_xml_is(n, "note", HG_NS_PIDF)) /* old phones */
			rc = hg_note_add(n, &tuple->notes, err);
		else if (hg_must_ignore(n))
			continue;
		else if (hg_named(n, "show") && hg_in_ns(n, HG_NS_JABBER))
			read_show(n, tuple);
		else if (hg_named(n, HG_EXTENSION_NAME) && hg_in_ns(n, HG_NS_EXTENSION))
			*ret_extension = *ret_extension ? *ret_extension : n;
		else if (hg_xml_is(n, "digium_presence", HG_NS_PIDF))
			rc = read_digium(n, tuple, err);
		else
			rc = hg_rpid_read(n, &tuple->rpid, &known, err);
	}
	return rc;
}

static void read_extension(const xmlNode *node, struct hg_pidf_tuple *tuple)
{
	const struct hg_extension_core core = hg_tuple_core(tuple);
	struct hg_attr attr[HG_EXTENSION_ATTRS_MAX];
	char *value[HG_EXTENSION_ATTRS_MAX];
	size_t n = 0;

	for (const xmlAttr *a = node->properties; a && n < HG_EXTENSION_ATTRS_MAX; a = a->next) {
		if (a->ns)
			continue;
		value[n] = hg_xml_attr(node, (const char *)a->name);
		attr[n] = (struct hg_attr){ hg_str((const char *)a->name), hg_str(value[n]) };
		n++;
	}
	tuple->has_extension = hg_extension_read(attr, n, &core, &tuple->extension);
	if (!tuple->has_extension)
		tuple->extension = (struct hg_extension){ 0 };
	while (n)
		free(value[--n]);
}

/* ---- the others ---- */

static int read_contact(const xmlNode *node, struct hg_pidf_tuple *tuple, struct hg_doc_err *err)
{
	char *priority = hg_xml_attr(node, "priority");

	if (priority && !tuple->contact)
		tuple->priority = hg_pidf_priority_read(hg_str(priority));
	free(priority);
	return hg_word_read(node, HG_PIDF_URI_MAX, &tuple->contact, err);
}

static int read_child(const xmlNode *node, struct hg_pidf_tuple *tuple,
	const xmlNode **ret_extension, struct hg_doc_err *err)
{
	bool known;

	if (hg_xml_is(node, "status", HG_NS_PIDF))
		return read_status(node, tuple, ret_extension, err);
	if (hg_xml_is(node, "contact", HG_NS_PIDF))
		return read_contact(node, tuple, err);
	if (hg_xml_is(node, "note", HG_NS_PIDF))
		return hg_note_add(node, &tuple->notes, err);
	if (hg_xml_is(node, "timestamp", HG_NS_PIDF))
		return hg_timestamp_read(node, &tuple->timestamp, err);
	if (hg_named(node, "timed-status") && hg_in_ns(node, HG_NS_TIMED))
		return hg_timed_read(node, tuple, err);
	int rc = hg_rpid_read(node, &tuple->rpid, &known, err);
	return rc || known ? rc : hg_cipid_read(node, &tuple->cipid, &known, err);
}

/* Kamailio's have none: such a one is named by its place. */
static int read_id(
	const xmlNode *node, size_t at, struct hg_pidf_tuple *tuple, struct hg_doc_err *err)
{
	struct hg_buf b = { 0 };
	int rc = hg_attr_read(node, "id", HG_PIDF_ID_MAX, &tuple->id, err);

	if (!rc && (!tuple->id || !tuple->id->n)) {
		hg_bytes_unref(tuple->id);
		hg_buf_addf(&b, "tuple-%zu", at + 1);
		tuple->id = hg_buf_bytes(&b);
	}
	if (!rc) {
		hg_tuple_id_read(hg_bytes_str(tuple->id), &b);
		tuple->resource = hg_buf_bytes(&b);
	}
	hg_buf_done(&b);
	return rc;
}

int hg_tuple_read(
	const xmlNode *node, size_t at, struct hg_pidf_tuple *tuple, struct hg_doc_err *err)
{
	const xmlNode *extension = NULL;
	int rc = read_id(node, at, tuple, err);

	tuple->priority = -1;
	for (const xmlNode *n = hg_xml_element(node); n && !rc; n = hg_xml_element_after(n))
		rc = read_child(n, tuple, &extension, err);
	if (!rc && extension)
		read_extension(extension, tuple);
	return rc;
}
