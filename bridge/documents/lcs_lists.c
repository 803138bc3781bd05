/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of clients from before categories: whom they watch, who waits for them, whom they block (EP 4.2.2, 4.4.12). */
#include "bridge/documents/categories.h"
#include "bridge/documents/lcs.h"
#include "bridge/documents/write.h"
#include "bridge/documents/xml.h"

#include <errno.h>

static int read_list(const xmlNode *root, struct hg_batch *ret, struct hg_doc_err *err)
{
	struct hg_batch_action *action = ret->action = hg_alloc(sizeof(*ret->action));
	char *uri = hg_xml_attr(root, "uri");
	xmlNode *create;
	size_t cap = 0;

	ret->nactions = 1;
	ret->uri = uri ? uri : hg_str_dup(HG_STR(""));
	int rc = hg_xml_need(root, "create", HG_NS_LCS_LIST, &create, err);
	if (rc)
		return rc;
	HG_XML_EACH(node, create, "resource", HG_NS_LCS_LIST)
	{
		if (action->nresources == HG_BATCH_RESOURCES_MAX)
			return hg_doc_fail(
				err, -E2BIG, "more than %d resources", HG_BATCH_RESOURCES_MAX);
		hg_grow(&action->resource, &cap, action->nresources, sizeof(*action->resource));
		rc = hg_xml_need_attr(
			node, "uri", SIZE_MAX, &action->resource[action->nresources++].uri, err);
		if (rc)
			return rc;
	}
	return 0;
}

int hg_lcs_list_read(struct hg_str body, struct hg_batch *ret, struct hg_doc_err *err)
{
	struct hg_xml xml;

	*ret = (struct hg_batch){ 0 };
	int rc = hg_xml_parse(body, "adhoclist", HG_NS_LCS_LIST, &xml, err);
	if (!rc)
		rc = read_list(xml.root, ret, err);
	hg_xml_done(&xml);
	return rc;
}

void hg_lcs_watchers_write(struct hg_buf *out, const struct hg_view *view)
{
	hg_buf_adds(out, "<watchers>");
	for (size_t i = 0; i < view->self->nwaiting; i++) {
		hg_buf_adds(out, "<watcher");
		hg_write_sip_attr(out, "uri", view->self->waiting[i].user);
		hg_waiting_name_write(out, &view->self->waiting[i]);
		hg_buf_adds(out, "/>");
	}
	hg_buf_adds(out, "</watchers>");
}

/* [MS-SIP] 2.2.3: the first letter is the right to see, the second the right to speak. */
static void add_blocked(struct hg_buf *out, const struct hg_container *container)
{
	for (size_t i = 0; i < container->n; i++) {
		if (container->member[i].type != HG_MEMBER_USER)
			continue;
		hg_buf_adds(out, "<ace type=\"USER\"");
		hg_write_sip_attr(out, "mask", hg_bytes_str(container->member[i].value));
		hg_buf_adds(out, " rights=\"BD\"/>");
	}
}

void hg_lcs_acl_write(struct hg_buf *out, const struct hg_view *view)
{
	const struct hg_container *blocked = NULL;

	for (size_t i = 0; i < view->self->ncontainers; i++) {
		if (view->self->container[i].id == HG_C_BLOCKED)
			blocked = &view->self->container[i];
	}
	hg_buf_addf(out, "<ACLlist deltaNum=\"%u\"><userACL>",
		blocked && blocked->version ? (unsigned)blocked->version : 1u);
	if (blocked)
		add_blocked(out, blocked);
	hg_buf_adds(out, "</userACL></ACLlist>");
}

void hg_lcs_provisioning_write(struct hg_buf *out)
{
	hg_buf_adds(out, "<provisioning/>");
}
