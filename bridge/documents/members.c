/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/documents/members.h"
#include "bridge/documents/xml.h"

#include <errno.h>
#include <stdlib.h>

static int read_type(const xmlNode *node, enum hg_member_type *ret, struct hg_doc_err *err)
{
	char *type;
	int rc = hg_xml_need_attr(node, "type", SIZE_MAX, &type, err);

	if (!rc) {
		*ret = hg_member_type_find(hg_str(type));
		if (!*ret)
			rc = hg_doc_fail_at(err, -EINVAL, node, "type '%.24s' is not known", type);
	}
	free(type);
	return rc;
}

/* Only a user or a domain has a name; what the classes carry there says nothing. */
static int read_value(const xmlNode *node, struct hg_member *member, struct hg_doc_err *err)
{
	char *value;

	if (member->type != HG_MEMBER_USER && member->type != HG_MEMBER_DOMAIN)
		return 0;
	int rc = hg_xml_need_attr(node, "value", HG_MEMBER_MAX, &value, err);
	if (!rc)
		member->value = hg_bytes_new(hg_str(value));
	free(value);
	return rc;
}

static int read_member(const xmlNode *node, struct hg_member_edit *edit, struct hg_doc_err *err)
{
	int rc = hg_xml_need_action(node, &edit->remove, err);

	if (!rc)
		rc = read_type(node, &edit->member.type, err);
	return rc ? rc : read_value(node, &edit->member, err);
}

/* Members of container 0 cannot be changed: whoever is nowhere else is in it (EP 3.2.2, 3.3). */
static int read_container(
	const xmlNode *node, uint16_t *ret_id, uint32_t *ret_version, struct hg_doc_err *err)
{
	uint32_t id = 0;
	int rc = hg_xml_need_u32(node, "id", HG_C_MAX, &id, err);

	if (!rc && id == HG_C_DEFAULT)
		rc = hg_doc_fail_at(err, -EINVAL, node, "members of container 0 cannot be changed");
	*ret_id = (uint16_t)id;
	return rc ? rc : hg_xml_need_u32(node, "version", UINT32_MAX, ret_version, err);
}

static int read_edits(
	const xmlNode *container, struct hg_members *ret, size_t *cap, struct hg_doc_err *err)
{
	uint32_t version = 0;
	uint16_t id;
	int rc = read_container(container, &id, &version, err);

	if (rc)
		return rc;
	HG_XML_EACH(node, container, "member", HG_NS_CONTAINERS)
	{
		if (ret->n == HG_MEMBERS_MAX)
			return hg_doc_fail(err, -E2BIG, "more than %d members", HG_MEMBERS_MAX);
		hg_grow(&ret->edit, cap, ret->n, sizeof(*ret->edit));
		struct hg_member_edit *edit = &ret->edit[ret->n++];
		edit->container = id;
		edit->version = version;
		rc = read_member(node, edit, err);
		if (rc)
			return rc;
	}
	return 0;
}

static int read_containers(const xmlNode *root, struct hg_members *ret, struct hg_doc_err *err)
{
	size_t cap = 0;

	HG_XML_EACH(container, root, "container", HG_NS_CONTAINERS)
	{
		int rc = read_edits(container, ret, &cap, err);
		if (rc)
			return rc;
	}
	return ret->n ? 0
		      : hg_doc_fail_at(err, -EINVAL, root,
				"element 'container' with a 'member' is missing");
}

int hg_members_read(struct hg_str body, struct hg_members *ret, struct hg_doc_err *err)
{
	struct hg_xml xml;

	*ret = (struct hg_members){ 0 };
	int rc = hg_xml_parse(body, "setContainerMembers", HG_NS_CONTAINERS, &xml, err);
	if (!rc)
		rc = read_containers(xml.root, ret, err);
	hg_xml_done(&xml);
	return rc;
}

void hg_members_done(struct hg_members *members)
{
	for (size_t i = 0; i < members->n; i++)
		hg_bytes_unref(members->edit[i].member.value);
	free(members->edit);
	*members = (struct hg_members){ 0 };
}

/* Exactly one, [MS-PRES] (EP 4.2.1). */
static int read_subscriber(const xmlNode *root, struct hg_subscriber *ret, struct hg_doc_err *err)
{
	xmlNode *node;
	int rc = hg_xml_need(root, "subscriber", HG_NS_SUBSCRIBERS, &node, err);

	if (!rc && hg_xml_sibling(node, "subscriber", HG_NS_SUBSCRIBERS))
		rc = hg_doc_fail_at(err, -EINVAL, root, "more than one subscriber");
	if (!rc)
		rc = hg_xml_need_attr(node, "user", HG_MEMBER_MAX, &ret->user, err);
	if (!rc && !xmlHasNsProp(node, (const xmlChar *)"acknowledged", NULL))
		rc = hg_doc_fail_at(err, -EINVAL, node, "attribute 'acknowledged' is missing");
	return rc ? rc : hg_xml_bool(node, "acknowledged", &ret->acknowledged, err);
}

int hg_subscriber_read(struct hg_str body, struct hg_subscriber *ret, struct hg_doc_err *err)
{
	struct hg_xml xml;

	*ret = (struct hg_subscriber){ 0 };
	int rc = hg_xml_parse(body, "setSubscribers", HG_NS_SUBSCRIBERS, &xml, err);
	if (!rc)
		rc = read_subscriber(xml.root, ret, err);
	hg_xml_done(&xml);
	return rc;
}

void hg_subscriber_done(struct hg_subscriber *subscriber)
{
	free(subscriber->user);
	*subscriber = (struct hg_subscriber){ 0 };
}
