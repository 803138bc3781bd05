/* SPDX-License-Identifier: Apache-2.0 */
/* A document, its persons and devices, contact information and timed status, as they come. */
#include "bridge/documents/pidf_private.h"

#include <errno.h>
#include <string.h>

/* ---- contact information, RFC 4482 ---- */

static const char *const cipid[HG_CIPID_URIS] = { [HG_CIPID_CARD] = "card",
	[HG_CIPID_HOMEPAGE] = "homepage",
	[HG_CIPID_ICON] = "icon",
	[HG_CIPID_MAP] = "map",
	[HG_CIPID_SOUND] = "sound" };

int hg_cipid_read(
	const xmlNode *node, struct hg_cipid *ret, bool *ret_known, struct hg_doc_err *err)
{
	*ret_known = hg_in_ns(node, HG_NS_CIPID);
	if (!*ret_known)
		return 0;
	if (hg_named(node, "display-name"))
		return hg_note_add(node, &ret->display_name, err);
	for (int i = 0; i < HG_CIPID_URIS; i++) {
		if (hg_named(node, cipid[i]))
			return hg_word_read(node, HG_PIDF_URI_MAX, &ret->uri[i], err);
	}
	return 0;
}

void hg_cipid_write(struct hg_buf *out, const struct hg_cipid *c)
{
	static const char *const names[HG_CIPID_URIS] = { [HG_CIPID_CARD] = "ci:card",
		[HG_CIPID_HOMEPAGE] = "ci:homepage",
		[HG_CIPID_ICON] = "ci:icon",
		[HG_CIPID_MAP] = "ci:map",
		[HG_CIPID_SOUND] = "ci:sound" };

	hg_write_text(out, names[HG_CIPID_CARD], c->uri[HG_CIPID_CARD]);
	hg_notes_write(out, "ci:display-name", &c->display_name);
	for (int i = HG_CIPID_CARD + 1; i < HG_CIPID_URIS; i++)
		hg_write_text(out, names[i], c->uri[i]);
}

/* ---- timed status, RFC 4481 ---- */

static int read_timed_child(
	const xmlNode *node, struct hg_pidf_timed *timed, struct hg_doc_err *err)
{
	bool known;

	if (hg_xml_is(node, "basic", HG_NS_TIMED))
		return hg_status_read_basic(node, &timed->basic), 0;
	if (hg_xml_is(node, "note", HG_NS_TIMED))
		return hg_note_add(node, &timed->notes, err);
	return hg_rpid_read(node, &timed->rpid, &known, err);
}

int hg_timed_read(const xmlNode *node, struct hg_pidf_tuple *tuple, struct hg_doc_err *err)
{
	if (tuple->ntimed == HG_PIDF_TIMED_MAX)
		return hg_doc_fail_at(err, -E2BIG, node->parent,
			"more than %d 'timed-status' elements", HG_PIDF_TIMED_MAX);
	tuple->timed = hg_realloc(tuple->timed, (tuple->ntimed + 1) * sizeof(*tuple->timed));
	struct hg_pidf_timed *timed = &tuple->timed[tuple->ntimed++];
	*timed = (struct hg_pidf_timed){ 0 };
	if (!xmlHasNsProp((xmlNode *)node, (const xmlChar *)"from", NULL))
		return hg_doc_fail_at(err, -EINVAL, node, "attribute 'from' is missing");
	int rc = hg_xml_time(node, "from", &timed->from, err);
	if (!rc)
		rc = hg_xml_time(node, "until", &timed->until, err);
	for (const xmlNode *n = hg_xml_element(node); n && !rc; n = hg_xml_element_after(n))
		rc = read_timed_child(n, timed, err);
	return rc;
}

/* ---- persons and devices, RFC 4479 ---- */

/* Kamailio has persons in PIDF's namespace, Asterisk in one of a draft. */
static bool in_model(const xmlNode *node)
{
	return hg_in_rpid(node) || hg_in_ns(node, HG_NS_DATA_MODEL) ||
		hg_in_ns(node, HG_NS_PIDF ":person");
}

/* What persons and devices have in common. */
struct component {
	int64_t *timestamp;
	struct hg_notes *notes;
	struct hg_rpid *rpid;
	struct hg_cipid *cipid; /* NULL: has none */
};

static int read_children(const xmlNode *node, const struct component *c, struct hg_doc_err *err);

static int read_child(const xmlNode *node, const struct component *c, struct hg_doc_err *err)
{
	bool known;

	if (in_model(node) && hg_named(node, "note"))
		return hg_note_add(node, c->notes, err);
	if (in_model(node) && hg_named(node, "timestamp"))
		return hg_timestamp_read(node, c->timestamp, err);
	/* drafts: <status><activities/></status> */
	if (in_model(node) && hg_named(node, "status") && !hg_named(node->parent, "status"))
		return read_children(node, c, err);
	int rc = hg_rpid_read(node, c->rpid, &known, err);
	return rc || known || !c->cipid ? rc : hg_cipid_read(node, c->cipid, &known, err);
}

static int read_children(const xmlNode *node, const struct component *c, struct hg_doc_err *err)
{
	int rc = 0;

	for (const xmlNode *n = hg_xml_element(node); n && !rc; n = hg_xml_element_after(n))
		rc = read_child(n, c, err);
	return rc;
}

static int read_person(const xmlNode *node, struct hg_pidf *ret, struct hg_doc_err *err)
{
	if (ret->npersons == HG_PIDF_PERSONS_MAX)
		return hg_doc_fail(err, -E2BIG, "more than %d persons", HG_PIDF_PERSONS_MAX);
	ret->person = hg_realloc(ret->person, (ret->npersons + 1) * sizeof(*ret->person));
	struct hg_pidf_person *person = &ret->person[ret->npersons++];
	*person = (struct hg_pidf_person){ 0 };
	const struct component c = { &person->timestamp, &person->notes, &person->rpid,
		&person->cipid };
	int rc = hg_attr_read(node, "id", HG_PIDF_ID_MAX, &person->id, err);
	return rc ? rc : read_children(node, &c, err);
}

static int read_device(const xmlNode *node, struct hg_pidf *ret, struct hg_doc_err *err)
{
	if (ret->ndevices == HG_PIDF_DEVICES_MAX)
		return hg_doc_fail(err, -E2BIG, "more than %d devices", HG_PIDF_DEVICES_MAX);
	ret->device = hg_realloc(ret->device, (ret->ndevices + 1) * sizeof(*ret->device));
	struct hg_pidf_device *device = &ret->device[ret->ndevices++];
	*device = (struct hg_pidf_device){ 0 };
	const struct component c = { &device->timestamp, &device->notes, &device->rpid, NULL };
	int rc = hg_attr_read(node, "id", HG_PIDF_ID_MAX, &device->id, err);
	return rc ? rc : read_children(node, &c, err);
}

/* ---- the document ---- */

static int read_tuple(const xmlNode *node, struct hg_pidf *ret, struct hg_doc_err *err)
{
	if (ret->ntuples == HG_PIDF_TUPLES_MAX)
		return hg_doc_fail(err, -E2BIG, "more than %d tuples", HG_PIDF_TUPLES_MAX);
	ret->tuple = hg_realloc(ret->tuple, (ret->ntuples + 1) * sizeof(*ret->tuple));
	struct hg_pidf_tuple *tuple = &ret->tuple[ret->ntuples++];
	*tuple = (struct hg_pidf_tuple){ 0 };
	return hg_tuple_read(node, ret->ntuples - 1, tuple, err);
}

static int read_part(const xmlNode *node, struct hg_pidf *ret, struct hg_doc_err *err)
{
	if (hg_xml_is(node, "tuple", HG_NS_PIDF))
		return read_tuple(node, ret, err);
	if (hg_xml_is(node, "note", HG_NS_PIDF))
		return hg_note_add(node, &ret->notes, err);
	if (in_model(node) && hg_named(node, "person"))
		return read_person(node, ret, err);
	if (in_model(node) && hg_named(node, "device"))
		return read_device(node, ret, err);
	return 0;
}

static int read_root(const xmlNode *root, struct hg_pidf *ret, struct hg_doc_err *err)
{
	if (!hg_xml_is(root, "presence", HG_NS_PIDF) &&
		!hg_xml_is(root, "pidf-full", HG_NS_PIDF_DIFF))
		return hg_doc_fail(err, -EINVAL, "document is '%.40s' of '%.60s', not 'presence'",
			(const char *)root->name, root->ns ? (const char *)root->ns->href : "");
	int rc = hg_attr_read(root, "entity", HG_PIDF_URI_MAX, &ret->entity, err);
	for (const xmlNode *n = hg_xml_element(root); n && !rc; n = hg_xml_element_after(n))
		rc = read_part(n, ret, err);
	return rc;
}

int hg_pidf_read(struct hg_str body, struct hg_pidf *ret, struct hg_doc_err *err)
{
	struct hg_buf room = { 0 };
	struct hg_xml xml;

	*ret = (struct hg_pidf){ 0 };
	int rc = hg_xml_parse_any(hg_simple_body(body, &room), &xml, err);
	if (!rc)
		rc = read_root(xml.root, ret, err);
	hg_xml_done(&xml);
	hg_buf_done(&room);
	return rc;
}
