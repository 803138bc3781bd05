/* SPDX-License-Identifier: Apache-2.0 */
/* Contact list edits, [MS-SIP] (EP 4.5.4). */
#include "bridge/documents/contacts.h"
#include "bridge/documents/lcs_private.h"
#include "bridge/documents/search_private.h"
#include "bridge/documents/xml.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define GROUP_MAX 64
#define GROUPS_TEXT_MAX 256 /* bytes: all 64 ids and blanks between */

enum own { OWN_URI, OWN_NAME, OWN_GROUPS, OWN_EXTERNAL };

static const char *const methods[] = {
	[HG_SET_CONTACT] = "setContact",
	[HG_DELETE_CONTACT] = "deleteContact",
	[HG_ADD_GROUP] = "addGroup",
	[HG_MODIFY_GROUP] = "modifyGroup",
	[HG_DELETE_GROUP] = "deleteGroup",
};

static const char *const lcs_methods[] = {
	[HG_SOAP_PRESENCE] = "setPresence",
	[HG_SOAP_ACE] = "setACE",
};

/* Trimmed text of a child into `soap->own[slot]`; "" when it is not there. */
static int read_text(const xmlNode *method, const char *name, size_t max, struct hg_soap *soap,
	enum own slot, struct hg_str *ret, struct hg_doc_err *err)
{
	const xmlNode *child = hg_xml_child(method, name, HG_NS_WINRTC);

	soap->own[slot] = child ? hg_xml_text(child) : hg_str_dup(HG_STR(""));
	*ret = hg_str_trim(hg_str(soap->own[slot]));
	if (ret->n > max)
		return hg_doc_fail_at(err, -E2BIG, child, "longer than %zu bytes", max);
	return 0;
}

static int need_text(const xmlNode *method, const char *name, size_t max, struct hg_soap *soap,
	enum own slot, struct hg_str *ret, struct hg_doc_err *err)
{
	int rc = read_text(method, name, max, soap, slot, ret, err);

	if (!rc && !ret->n)
		rc = hg_doc_fail_at(err, -EINVAL, method, "element '%s' is missing or empty", name);
	return rc;
}

static int need_number(const xmlNode *method, const char *name, uint32_t min, uint32_t max,
	uint32_t *ret, struct hg_doc_err *err)
{
	xmlNode *child;
	int rc = hg_xml_need(method, name, HG_NS_WINRTC, &child, err);

	if (rc)
		return rc;
	char *text = hg_xml_text(child);
	if (!hg_str_u32(hg_str_trim(hg_str(text)), ret) || *ret < min || *ret > max)
		rc = hg_doc_fail_at(err, -EINVAL, child, "'%.24s' is not a number from %u to %u",
			text, (unsigned)min, (unsigned)max);
	free(text);
	return rc;
}

static int need_group(const xmlNode *method, struct hg_contact_edit *edit, struct hg_doc_err *err)
{
	return need_number(method, "groupID", 1, GROUP_MAX, &edit->group, err);
}

static int read_groups(const xmlNode *method, struct hg_soap *soap, struct hg_doc_err *err)
{
	struct hg_str rest, id;
	uint32_t n;
	int rc = read_text(
		method, "groups", GROUPS_TEXT_MAX, soap, OWN_GROUPS, &soap->edit.groups, err);

	rest = soap->edit.groups;
	while (!rc && hg_str_token(&rest, ' ', &id)) {
		if (id.n && (!hg_str_u32(id, &n) || n < 1 || n > GROUP_MAX))
			rc = hg_doc_fail_at(err, -EINVAL, method,
				"group '%.*s' is not a number from 1 to %d",
				id.n > 24 ? 24 : (int)id.n, id.p, GROUP_MAX);
	}
	return rc;
}

/* Not said is subscribed: a contact is there to be seen. */
static int read_subscribed(
	const xmlNode *method, struct hg_contact_edit *edit, struct hg_doc_err *err)
{
	const xmlNode *child = hg_xml_child(method, "subscribed", HG_NS_WINRTC);
	int rc = 0;

	edit->subscribed = true;
	if (!child)
		return 0;
	char *text = hg_xml_text(child);
	if (!hg_xml_read_bool(hg_str(text), &edit->subscribed))
		rc = hg_doc_fail_at(err, -EINVAL, child, "'%.24s' is not true or false", text);
	free(text);
	return rc;
}

static int read_uri(const xmlNode *method, struct hg_soap *soap, struct hg_doc_err *err)
{
	return need_text(method, "URI", HG_CONTACT_URI_MAX, soap, OWN_URI, &soap->edit.uri, err);
}

static int read_external(const xmlNode *method, struct hg_soap *soap, struct hg_doc_err *err)
{
	return read_text(method, "externalURI", HG_CONTACT_EXTERNAL_MAX, soap, OWN_EXTERNAL,
		&soap->edit.external, err);
}

static int read_contact(const xmlNode *method, struct hg_soap *soap, struct hg_doc_err *err)
{
	struct hg_contact_edit *edit = &soap->edit;
	int rc = read_uri(method, soap, err);

	if (!rc)
		rc = read_text(method, "displayName", HG_CONTACT_URI_MAX, soap, OWN_NAME,
			&edit->name, err);
	/* pidgin-sipe, adding to an old group, has no better name than that. */
	if (!rc && hg_str_eq(edit->name, edit->uri))
		edit->name = HG_STR_NONE;
	if (!rc && edit->name.n > HG_CONTACT_NAME_MAX)
		rc = hg_doc_fail_at(err, -E2BIG, method, "displayName is longer than %d bytes",
			HG_CONTACT_NAME_MAX);
	if (!rc)
		rc = read_groups(method, soap, err);
	if (!rc)
		rc = read_subscribed(method, edit, err);
	return rc ? rc : read_external(method, soap, err);
}

static int read_group(const xmlNode *method, struct hg_soap *soap, struct hg_doc_err *err)
{
	int rc = need_text(
		method, "name", HG_CONTACT_NAME_MAX, soap, OWN_NAME, &soap->edit.name, err);

	return rc ? rc : read_external(method, soap, err);
}

static int read_edit(const xmlNode *method, struct hg_soap *soap, struct hg_doc_err *err)
{
	struct hg_contact_edit *edit = &soap->edit;
	int rc = need_number(method, "deltaNum", 0, UINT32_MAX, &edit->delta, err);

	if (!rc && (edit->op == HG_MODIFY_GROUP || edit->op == HG_DELETE_GROUP))
		rc = need_group(method, edit, err);
	if (rc)
		return rc;
	switch (edit->op) {
	case HG_SET_CONTACT:
		return read_contact(method, soap, err);
	case HG_DELETE_CONTACT:
		return read_uri(method, soap, err);
	case HG_ADD_GROUP:
	case HG_MODIFY_GROUP:
		return read_group(method, soap, err);
	case HG_DELETE_GROUP:
		break;
	}
	return 0;
}

static int read_method(const xmlNode *root, struct hg_soap *ret, struct hg_doc_err *err)
{
	xmlNode *body;
	int rc = hg_xml_need(root, "Body", HG_NS_SOAP, &body, err);

	if (rc)
		return rc;
	const xmlNode *method = hg_xml_element(body);
	if (!method)
		return hg_doc_fail_at(err, -EINVAL, body, "no method");
	if (hg_xml_is(method, "directorySearch", HG_NS_WINRTC)) {
		ret->kind = HG_SOAP_SEARCH;
		return hg_search_read(body, method, &ret->find, err);
	}
	if (hg_xml_is(method, lcs_methods[HG_SOAP_PRESENCE], HG_NS_WINRTC)) {
		ret->kind = HG_SOAP_PRESENCE;
		return hg_lcs_presence_read(method, &ret->presence, err);
	}
	if (hg_xml_is(method, lcs_methods[HG_SOAP_ACE], HG_NS_WINRTC)) {
		ret->kind = HG_SOAP_ACE;
		return hg_lcs_ace_read(method, &ret->ace, err);
	}
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		if (hg_xml_is(method, methods[i], HG_NS_WINRTC)) {
			ret->edit.op = (enum hg_contact_op)i;
			return read_edit(method, ret, err);
		}
	}
	return hg_doc_fail_at(
		err, -EINVAL, body, "method '%.40s' is not known", (const char *)method->name);
}

int hg_soap_read(struct hg_str body, struct hg_soap *ret, struct hg_doc_err *err)
{
	struct hg_xml xml;

	*ret = (struct hg_soap){ 0 };
	int rc = hg_xml_parse(body, "Envelope", HG_NS_SOAP, &xml, err);
	if (!rc)
		rc = read_method(xml.root, ret, err);
	hg_xml_done(&xml);
	return rc;
}

void hg_soap_done(struct hg_soap *soap)
{
	for (size_t i = 0; i < sizeof(soap->own) / sizeof(soap->own[0]); i++)
		free(soap->own[i]);
	hg_search_done(&soap->find);
	hg_lcs_presence_done(&soap->presence);
	free(soap->ace.mask);
	*soap = (struct hg_soap){ 0 };
}

#define ENVELOPE "<s:Envelope xmlns:s=\"" HG_NS_SOAP "\" xmlns:m=\"" HG_NS_WINRTC "\"><s:Body>"

void hg_soap_write(struct hg_buf *out, enum hg_contact_op op, uint32_t group, uint32_t delta)
{
	hg_buf_adds(out, ENVELOPE);
	hg_buf_addf(out, "<m:%s>", methods[op]);
	if (op == HG_ADD_GROUP)
		hg_buf_addf(out, "<m:groupID>%u</m:groupID>", (unsigned)group);
	hg_buf_addf(out, "<m:deltaNum>%u</m:deltaNum></m:%s></s:Body></s:Envelope>",
		(unsigned)delta, methods[op]);
}

void hg_soap_write_lcs(struct hg_buf *out, enum hg_soap_kind kind, uint32_t delta)
{
	hg_buf_addf(out, ENVELOPE "<m:%s>", lcs_methods[kind]);
	if (kind == HG_SOAP_ACE)
		hg_buf_addf(out, "<m:deltaNum>%u</m:deltaNum>", (unsigned)delta);
	hg_buf_addf(out, "</m:%s></s:Body></s:Envelope>", lcs_methods[kind]);
}
