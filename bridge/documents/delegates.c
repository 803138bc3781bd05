/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge/documents/delegates.h"
#include "bridge/documents/members.h"
#include "bridge/documents/write.h"
#include "bridge/documents/xml.h"

#include <errno.h>
#include <stdlib.h>

/* The namespace of a request is not known for sure: that of its root is taken, whatever it is. */
static const char *space_of(const xmlNode *root)
{
	return root->ns && root->ns->href ? (const char *)root->ns->href : HG_NS_DELEGATES;
}

/* <publishOperation authorization="allow"/> */
static int read_right(const xmlNode *node, const char *name, bool *ret, struct hg_doc_err *err)
{
	const xmlNode *right = hg_xml_child(node, name, space_of(node));
	char *word;

	if (!right)
		return 0;
	int rc = hg_xml_need_attr(right, "authorization", SIZE_MAX, &word, err);
	if (!rc) {
		*ret = hg_str_is(hg_str(word), "allow");
		if (!*ret && !hg_str_is(hg_str(word), "deny"))
			rc = hg_doc_fail_at(err, -EINVAL, right,
				"authorization '%.24s' is not allow or deny", word);
	}
	free(word);
	return rc;
}

static int read_delegate(const xmlNode *node, struct hg_set_delegate *ret, struct hg_doc_err *err)
{
	int rc = hg_xml_need_attr(node, "uri", HG_MEMBER_MAX, &ret->uri, err);

	if (!rc)
		rc = hg_xml_need_action(node, &ret->edit.remove, err);
	if (!rc && !ret->edit.remove && !hg_xml_child(node, "publishOperation", space_of(node)))
		rc = hg_doc_fail_at(err, -EINVAL, node, "element 'publishOperation' is missing");
	if (!rc)
		rc = read_right(node, "publishOperation", &ret->edit.publish, err);
	return rc ? rc : read_right(node, "redelegateOperation", &ret->edit.redelegate, err);
}

static int read_root(const xmlNode *root, struct hg_set_delegate *ret, struct hg_doc_err *err)
{
	xmlNode *node;
	int rc = hg_xml_need_u32(root, "version", UINT32_MAX, &ret->edit.version, err);

	if (!rc)
		rc = hg_xml_need(root, "delegate", space_of(root), &node, err);
	if (!rc && hg_xml_sibling(node, "delegate", space_of(root)))
		rc = hg_doc_fail_at(err, -EINVAL, root, "more than one delegate");
	return rc ? rc : read_delegate(node, ret, err);
}

int hg_set_delegate_read(struct hg_str body, struct hg_set_delegate *ret, struct hg_doc_err *err)
{
	struct hg_xml xml;

	*ret = (struct hg_set_delegate){ 0 };
	int rc = hg_xml_parse_any(body, &xml, err);
	if (!rc && !hg_xml_is(xml.root, "setDelegate", space_of(xml.root)))
		rc = hg_doc_fail(err, -EINVAL, "the root is not 'setDelegate'");
	if (!rc)
		rc = read_root(xml.root, ret, err);
	hg_xml_done(&xml);
	return rc;
}

void hg_set_delegate_done(struct hg_set_delegate *set)
{
	free(set->uri);
	*set = (struct hg_set_delegate){ 0 };
}

static void add_bool(struct hg_buf *out, const char *name, bool value)
{
	hg_write_attr(out, name, value ? HG_STR("true") : HG_STR("false"));
}

void hg_delegates_write(struct hg_buf *out, const struct hg_view *view)
{
	const struct hg_self *self = view->self;

	hg_buf_addf(out, "<delegates xmlns=\"" HG_NS_DELEGATES "\" version=\"%u\">",
		(unsigned)self->delegates_version);
	for (size_t i = 0; i < self->ndelegates; i++) {
		hg_buf_adds(out, "<delegate");
		hg_write_attr(out, "uri", hg_bytes_str(self->delegate[i].uri));
		add_bool(out, "publish", self->delegate[i].publish);
		add_bool(out, "redelegate", self->delegate[i].redelegate);
		hg_buf_adds(out, "/>");
	}
	hg_buf_adds(out, "</delegates>");
}
